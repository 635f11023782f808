/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/course.h"

/**
 * chs_course_session_to_json:
 * @row: a session of a course, and the newest call after it
 * @out: inside of an object, members are appended: patient_id, session_id, therapy, pain_* and fatigue_* (before, after,
 *   call; 0..10), call, how, note, not_reached (entries)
 *
 * Times and whether a call is due are not among them: each reader has its own way to tell them.
 *
 * Absent: a text that was not entered and a score that was not asked are null
 * Thread: any
 */
void chs_course_session_to_json (const ChsCourseSession *row, GString *out);

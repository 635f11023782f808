/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session-checks.h"

/* The course: start, hold, observe, close; scores before and after; a break for the
 * sensors. Closing and a start against the checklist take two touches. */

#define CHS_TYPE_SESSION_RUN (chs_session_run_get_type ())
G_DECLARE_FINAL_TYPE (ChsSessionRun, chs_session_run, CHS, SESSION_RUN, ChsSessionStep)

/**
 * chs_session_run_set_checks:
 * @self: the course
 * @checks: the checklist of the same session; not owned, and there as long as @self
 *
 * From then on a start against the list takes two touches.
 */
void chs_session_run_set_checks (ChsSessionRun *self, ChsSessionChecks *checks);

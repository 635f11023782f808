/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/report-sheet.h"

/* The parts of a report that are files of their own; each puts its heading and what stands below it. The others, and the
 * order of all, are in report-pages.c. */

void chs_report_put_title (ChsSheet *self);    /* report-head.c: what this is, whether it is a demonstration */
void chs_report_put_identity (ChsSheet *self); /* patient, session, chair, whether the recording is whole */
void chs_report_put_therapy (ChsSheet *self);  /* contents, order, baseline, checks */
void chs_report_put_doses (ChsSheet *self);    /* report-doses.c: given, highest rate, limits of each pump */
void chs_report_put_vitals (ChsSheet *self);   /* report-measured.c: vital signs and scores */
void chs_report_put_outcome (ChsSheet *self);  /* report-course.c: pain and fatigue before and after */
void chs_report_put_course (ChsSheet *self);   /* the sessions of this patient; nothing when there is no course */

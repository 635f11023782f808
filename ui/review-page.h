/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* What happened, newest first: alarms, symptoms, marks, phases. What a person entered can be corrected here: taken back with a
 * reason, or set to the time at which it really was (app/correction.h). Nothing is erased: it stays in the list, struck out,
 * or with the time that it had before. Target: number of the event to correct at once (t), or none. */

#define CHS_TYPE_REVIEW_PAGE (chs_review_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsReviewPage, chs_review_page, CHS, REVIEW_PAGE, ChsPage)

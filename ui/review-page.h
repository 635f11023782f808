/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* What happened, newest first: alarms, symptoms, marks, phases. An alarm leads to its explanation. */

#define CHS_TYPE_REVIEW_PAGE (chs_review_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsReviewPage, chs_review_page, CHS, REVIEW_PAGE, ChsPage)

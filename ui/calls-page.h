/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* Telephone calls 24 to 48 h after a session (app/course.h): whom, since when; a touch opens a form with pain, fatigue, how the
 * patient is and a note, or "not reached", "wants no call". Those that were made stand below and are corrected in the same way.
 * The monitor reads the recordings and keeps the answers. */

#define CHS_TYPE_CALLS_PAGE (chs_calls_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsCallsPage, chs_calls_page, CHS, CALLS_PAGE, ChsPage)

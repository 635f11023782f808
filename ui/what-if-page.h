/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/work-page.h"

/* What if a limit, a delay or a value of the therapy had been another: rows made from the profile and from the session,
 * one slider, the alarms before and after drawn while the finger moves, counts by rule, back to the recorded values,
 * save as a profile. The rules run in a thread; the newest value is always the next one asked (app/what-if.h). */

#define CHS_TYPE_WHAT_IF_PAGE (chs_what_if_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsWhatIfPage, chs_what_if_page, CHS, WHAT_IF_PAGE, ChsWorkPage)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* The alarm limits in force, one row a vital sign: the limits with keys to step and to
 * type them, between them the safe ranges, the profile's own limits and the value now.
 * A limit outside its safe range is refused with the reason; one that would end a
 * standing alarm takes a second touch. Each change is an event of the session and is
 * listed under the rows. */

#define CHS_TYPE_LIMITS_PAGE (chs_limits_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsLimitsPage, chs_limits_page, CHS, LIMITS_PAGE, ChsPage)

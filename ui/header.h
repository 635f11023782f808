/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* The line at the top: who sits here and what she gets; no alarms (or "REPLAY");
 * each link in one word, sound, clock. Always there, on every page. */

#define CHS_TYPE_HEADER (chs_header_get_type ())
G_DECLARE_FINAL_TYPE (ChsHeader, chs_header, CHS, HEADER, ChsView)

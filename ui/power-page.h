/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* The way to switch the chair's computer off: refused while somebody sits in the chair, with
 * the reason; otherwise by two touches. */

#define CHS_TYPE_POWER_PAGE (chs_power_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsPowerPage, chs_power_page, CHS, POWER_PAGE, ChsPage)

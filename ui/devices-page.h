/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* For the technician: one part for each link, with its state in one word, what came over it, the newest bytes beside
 * what was made of them, and where to look first when something is wrong. Asks the monitor once a second while it
 * is seen. A recording has no links. */

#define CHS_TYPE_DEVICES_PAGE (chs_devices_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsDevicesPage, chs_devices_page, CHS, DEVICES_PAGE, ChsPage)

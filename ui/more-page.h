/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* "More": a key for each page of the registry (ui/pages.h) that has none of its own
 * on the screen; the nurse's above, the technician's below. */

#define CHS_TYPE_MORE_PAGE (chs_more_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsMorePage, chs_more_page, CHS, MORE_PAGE, ChsPage)

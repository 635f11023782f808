/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/work-page.h"

/* The bytes of a link at the place of the replay: frames on the left, bytes on the right, the events of the chosen frame
 * below. A touch on either side shows the other. Follows the replay (app/raw-view.h). */

#define CHS_TYPE_BYTES_PAGE (chs_bytes_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsBytesPage, chs_bytes_page, CHS, BYTES_PAGE, ChsWorkPage)

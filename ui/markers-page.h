/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/work-page.h"

/* The technician's markers on a recording: named, gone to, renamed, removed. Kept beside the recording, never in it
 * (app/markers.h). Opened with target "new" it asks at once for the name of one at the present place. */

#define CHS_TYPE_MARKERS_PAGE (chs_markers_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsMarkersPage, chs_markers_page, CHS, MARKERS_PAGE, ChsWorkPage)

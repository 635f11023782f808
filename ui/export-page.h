/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/work-page.h"

/* The opened recording goes out: a key for each format of app/exporters.h, the report among them, into a folder that
 * is shown and can be changed. Runs in a thread with progress and cancel. A picture is of the place of the replay. */

#define CHS_TYPE_EXPORT_PAGE (chs_export_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsExportPage, chs_export_page, CHS, EXPORT_PAGE, ChsWorkPage)

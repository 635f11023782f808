/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw.h"
#include "data/export.h"

/* The report of a session: A4 pages that a physician can read and sign, drawn with
 * cairo. It tells what was recorded: alarms as they were raised then, not as today's
 * rules would; a value that nobody entered is told as "not recorded". The words are
 * translated, the data is not. */

typedef struct _ChsReport ChsReport;

#define CHS_REPORT_WIDTH_MM 210.0 /* A4 */
#define CHS_REPORT_HEIGHT_MM 297.0

/**
 * chs_report_new:
 * @export: gives the recording
 * @theme: for the words
 * @error: return location
 *
 * Reads the whole recording once.
 *
 * Returns: (transfer full) (nullable): what the pages tell
 */
ChsReport *chs_report_new (ChsExport *export, const ChsTheme *theme, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void       chs_report_free (ChsReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsReport, chs_report_free)

/**
 * chs_report_draw:
 * @self: a report
 * @cr: context whose units @theme->px_mm knows; nothing is drawn when there is no such page
 * @theme: look PAPER
 * @page: 0, 1 ...
 *
 * Returns: how many pages there are
 */
guint chs_report_draw (const ChsReport *self, cairo_t *cr, const ChsTheme *theme, guint page);

/* Exporters; options: tr */
gboolean chs_report_export_pdf (ChsExport *export, GError **error); /* the pages of a report */

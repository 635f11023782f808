/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/export.h"

/**
 * chs_exporters:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): every format a recording can go out in
 */
const ChsExporter *chs_exporters (guint *n);

/**
 * chs_exporter_find:
 * @id: "csv", "pdf" ...
 *
 * Returns: (nullable): its row; NULL when there is none of that name
 */
const ChsExporter *chs_exporter_find (const char *id);

/**
 * chs_export_to_file:
 * @exporter: how
 * @path: a recording
 * @out_path: file to write, mode 0600; one that is there is replaced only when all went well
 * @options: (nullable): as in chs_export_run()
 * @progress: (nullable): as in chs_export_run()
 * @user_data: for @progress
 * @cancellable: (nullable): as in chs_export_run()
 * @missing: (out) (transfer full) (nullable): as in chs_export_run()
 * @error: return location
 *
 * Returns: whether the file was written
 */
gboolean chs_export_to_file (const ChsExporter      *exporter,
                             const char             *path,
                             const char             *out_path,
                             const ChsExportOptions *options,
                             ChsExportProgressFunc   progress,
                             gpointer                user_data,
                             GCancellable           *cancellable,
                             char                  **missing,
                             GError                **error);

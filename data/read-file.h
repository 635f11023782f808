/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Reading small files whose place or content is not trusted: a configuration, what
 * lies on a USB stick. Never waits (a FIFO), never follows what it should not, never
 * reads more than was agreed. */

/**
 * chs_read_file:
 * @path: a regular file; symbolic links are followed
 * @max: most bytes that are taken
 * @n: (out): bytes
 * @error: return location, G_IO_ERROR: NOT_REGULAR_FILE, MESSAGE_TOO_LARGE, or the system's
 *
 * Returns: (transfer full) (nullable): its bytes and a NUL behind them
 */
char *chs_read_file (const char *path, gsize max, gsize *n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_read_file_below:
 * @folder: where to begin
 * @name: path below it, of plain names with "/" between; ".", ".." and empty names are refused
 * @max: most bytes that are taken
 * @n: (out): bytes
 * @error: return location, G_IO_ERROR: as chs_read_file(); TOO_MANY_LINKS for a symbolic link below @folder
 *
 * Opens step by step from @folder and follows no symbolic link on the way, so that what is read lies there and nowhere else.
 *
 * Returns: (transfer full) (nullable): its bytes and a NUL behind them
 */
char *chs_read_file_below (const char *folder, const char *name, gsize max, gsize *n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>

/* Folders that a test made for itself (g_dir_make_tmp()). */

/* A file or a folder with all that is in it; a link goes, not what it leads to. Nothing there: nothing to do. */
static inline void
scratch_remove (const char *path)
{
  gboolean is_folder = !g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autoptr (GDir) dir = is_folder ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inside = g_build_filename (path, name, NULL);

    scratch_remove (inside);
  }
  g_remove (path);
}

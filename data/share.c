/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/share.h"

#include "data/source-share.h"

#include <string.h>

char *
chs_share_dup_path (const char *folder, const char *name)
{
  const char *const roots[] = { g_getenv ("CHAIRSIDE_SHARE"), CHS_SOURCE_SHARE, CHS_DATADIR };

  if (name[0] == '\0' || strchr (name, G_DIR_SEPARATOR) != NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (roots); i++)
    if (roots[i] != NULL && roots[i][0] != '\0') {
      g_autofree char *path = g_build_filename (roots[i], folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

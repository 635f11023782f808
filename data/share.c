/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/share.h"

#include "data/source-share.h"

#include <glib/gstdio.h>

#include <string.h>
#include <unistd.h>

#define CLINIC_FOLDER "/etc/chairside"

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

char *
chs_share_dup_clinic_folder (const char *variable, const char *name, gboolean to_write)
{
  const char *told = g_getenv (variable);
  g_autofree char *usual = g_build_filename (CLINIC_FOLDER, name, NULL);

  if (told != NULL && told[0] != '\0')
    return g_strdup (told);
  if (!to_write || g_access (usual, W_OK) == 0)
    return g_steal_pointer (&usual);
  return g_build_filename (g_get_user_data_dir (), "chairside", name, NULL);
}

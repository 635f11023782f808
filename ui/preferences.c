/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/preferences.h"

#include <string.h>

#define GROUP "screen"

static const char *const look_ids[] = { [CHS_LOOK_DAY] = "day", [CHS_LOOK_NIGHT] = "night", [CHS_LOOK_CONTRAST] = "contrast" };

const char *
chs_look_id (ChsLook look)
{
  return look < G_N_ELEMENTS (look_ids) ? look_ids[look] : "";
}

int
chs_look_from_id (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (look_ids); i++)
    if (g_strcmp0 (look_ids[i], id) == 0)
      return (int) i;

  return -1;
}

char *
chs_preferences_dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "chairside", "screen.ini", NULL);
}

/* 0 when it is not there or not in its range. */
static double
read_number (GKeyFile *file, const char *key, double least, double most)
{
  double value = g_key_file_get_double (file, GROUP, key, NULL);

  return value >= least && value <= most ? value : 0.0;
}

void
chs_preferences_load (ChsPreferences *self, const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char     *look = NULL, *language = NULL;

  g_return_if_fail (self && path);

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  look = g_key_file_get_string (file, GROUP, "look", NULL);
  language = g_key_file_get_string (file, GROUP, "language", NULL);
  *self = (ChsPreferences){ .look = chs_look_from_id (look) };
  self->text_scale = read_number (file, "text_scale", CHS_TEXT_SCALE_MIN, CHS_TEXT_SCALE_MAX);
  self->diagonal_in = read_number (file, "diagonal_in", CHS_DIAGONAL_MIN_IN, CHS_DIAGONAL_MAX_IN);
  if (language)
    g_strlcpy (self->language, language, sizeof self->language);
}

ChsPreferences
chs_preferences_merge (const ChsPreferences *first, const ChsPreferences *then)
{
  ChsPreferences merged = *first;

  if (merged.look < 0)
    merged.look = then->look;
  if (!(merged.text_scale > 0.0))
    merged.text_scale = then->text_scale;
  if (!(merged.diagonal_in > 0.0))
    merged.diagonal_in = then->diagonal_in;
  if (merged.language[0] == '\0')
    g_strlcpy (merged.language, then->language, sizeof merged.language);

  return merged;
}

gboolean
chs_preferences_save (const ChsPreferences *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char     *folder = g_path_get_dirname (path);

  if (self->look >= 0)
    g_key_file_set_string (file, GROUP, "look", chs_look_id ((ChsLook) self->look));
  if (self->text_scale > 0.0)
    g_key_file_set_double (file, GROUP, "text_scale", self->text_scale);
  if (self->language[0])
    g_key_file_set_string (file, GROUP, "language", self->language);
  if (self->diagonal_in > 0.0)
    g_key_file_set_double (file, GROUP, "diagonal_in", self->diagonal_in);
  g_mkdir_with_parents (folder, 0700);

  return g_key_file_save_to_file (file, path, error);
}

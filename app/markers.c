/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/markers.h"

#include "data/event.h"
#include "data/ini.h"

#include <string.h>

#define KEY_PREFIX "at_"

struct _ChsMarkers {
  char   *path;
  GArray *rows; /* of ChsMarker, by time */
};

static int
by_time (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const ChsMarker *) a)->t_us, y = ((const ChsMarker *) b)->t_us;

  return (x > y) - (x < y);
}

/* [markers]  at_2702000000 = name */
static gboolean
on_line (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  ChsMarkers *self = user_data;
  ChsMarker   marker = { 0 };
  guint64     t_us;

  if (key == NULL)
    return TRUE;
  if (!g_str_has_prefix (key, KEY_PREFIX) ||
      !g_ascii_string_to_unsigned (key + strlen (KEY_PREFIX), 10, 0, G_MAXINT64, &t_us, NULL)) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_KEY, "\"%s\" is no marker; expected at_MICROSECONDS = name", key);
    return FALSE;
  }
  if (self->rows->len >= CHS_MARKERS_MAX)
    return TRUE;
  marker.t_us = (gint64) t_us;
  chs_text_copy (marker.name, sizeof marker.name, value);
  g_array_append_val (self->rows, marker);

  return TRUE;
}

ChsMarkers *
chs_markers_load (const char *recording, GError **error)
{
  g_autoptr (ChsMarkers) self = g_new0 (ChsMarkers, 1);

  self->path = g_strconcat (recording, CHS_MARKERS_SUFFIX, NULL);
  self->rows = g_array_new (FALSE, FALSE, sizeof (ChsMarker));
  if (g_file_test (self->path, G_FILE_TEST_EXISTS) && !chs_ini_load (self->path, on_line, self, error))
    return NULL;
  g_array_sort (self->rows, by_time);

  return g_steal_pointer (&self);
}

void
chs_markers_free (ChsMarkers *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_array_unref (self->rows);
  g_free (self);
}

const ChsMarker *
chs_markers_get (const ChsMarkers *self, guint *n)
{
  *n = self->rows->len;

  return (const ChsMarker *) (gpointer) self->rows->data;
}

static gboolean
save (const ChsMarkers *self, const GArray *rows, GError **error)
{
  g_autoptr (GString) text = g_string_new ("# Markers of the recording of this name: session time in microseconds = name.\n[markers]\n");

  for (guint i = 0; i < rows->len; i++) {
    const ChsMarker *marker = &g_array_index (rows, ChsMarker, i);

    g_string_append_printf (text, KEY_PREFIX "%" G_GINT64_FORMAT " = %s\n", marker->t_us, marker->name);
  }

  return g_file_set_contents_full (self->path, text->str, (gssize) text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static void
remove_at (GArray *rows, gint64 t_us)
{
  for (guint i = rows->len; i > 0; i--)
    if (g_array_index (rows, ChsMarker, i - 1).t_us == t_us)
      g_array_remove_index (rows, i - 1);
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, why);

  return FALSE;
}

gboolean
chs_markers_set (ChsMarkers *self, gint64 t_us, const char *name, GError **error)
{
  g_autoptr (GArray) rows = g_array_copy (self->rows);
  ChsMarker          marker = { .t_us = t_us };

  g_return_val_if_fail (t_us >= 0, FALSE);

  remove_at (rows, t_us);
  if (name != NULL) {
    g_autofree char *trimmed = g_strstrip (g_strdup (name));

    chs_text_copy (marker.name, sizeof marker.name, trimmed);
    if (marker.name[0] == '\0')
      return refuse (error, "a marker needs a name");
    if (rows->len >= CHS_MARKERS_MAX)
      return refuse (error, "there are too many markers on this recording");
    g_array_append_val (rows, marker);
    g_array_sort (rows, by_time);
  }
  if (!save (self, rows, error))
    return FALSE;
  g_array_unref (self->rows);
  self->rows = g_steal_pointer (&rows);

  return TRUE;
}

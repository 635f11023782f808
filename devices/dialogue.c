/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/dialogue.h"

#include "devices/transport.h"

#include <string.h>

#define FILE_MAX (16 * 1024 * 1024)
#define WAIT_MAX_MS (24 * 3600 * 1000) /* a day: longer is a slip of the pen */

static gboolean
refuse (GError **error, guint line, const char *why)
{
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN, "line %u: %s", line, why);
  return FALSE;
}

static gboolean
parse_hex (ChsDialogue *self, const char *text, ChsDialogueStep *step, GError **error)
{
  step->start = self->bytes->len;
  while (*(text += strspn (text, " \t\r")) != '\0') {
    int high = g_ascii_xdigit_value (text[0]);
    int low = high < 0 ? -1 : g_ascii_xdigit_value (text[1]);
    guint8 byte = (guint8) (high * 16 + low);

    if (low < 0)
      return refuse (error, step->line, "bytes are written as two hexadecimal digits each");
    g_byte_array_append (self->bytes, &byte, 1);
    text += 2;
  }
  step->n = self->bytes->len - step->start;
  return step->n > 0 || refuse (error, step->line, "no bytes");
}

static gboolean
parse_wait (const char *text, ChsDialogueStep *step, GError **error)
{
  guint64 ms = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 0, WAIT_MAX_MS, &ms, NULL))
    return refuse (error, step->line, "a pause is written as + and milliseconds");
  step->wait_ms = (guint) ms;
  return TRUE;
}

static void
parse_header (ChsDialogue *self, const char *text)
{
  const char *colon = strchr (text, ':');

  if (colon != NULL)
    g_hash_table_replace (self->headers, g_strstrip (g_strndup (text, (gsize) (colon - text))),
                          g_strstrip (g_strdup (colon + 1)));
}

/* @line is ours to cut. */
static gboolean
parse_line (ChsDialogue *self, char *line, guint number, GError **error)
{
  ChsDialogueStep step = { .line = number };
  char *comment = strchr (line, '#');
  gboolean good;

  if (comment == line && self->steps->len == 0)
    parse_header (self, comment + 1);
  if (comment != NULL)
    *comment = '\0';
  g_strstrip (line);
  switch (line[0]) {
  case '\0':
    return TRUE;
  case '<':
    step.kind = CHS_DIALOGUE_FROM_DEVICE;
    good = parse_hex (self, line + 1, &step, error);
    break;
  case '>':
    step.kind = CHS_DIALOGUE_FROM_HOST;
    good = parse_hex (self, line + 1, &step, error);
    break;
  case '+':
    step.kind = CHS_DIALOGUE_WAIT;
    good = parse_wait (line + 1, &step, error);
    break;
  default:
    return refuse (error, number, "a line begins with <, >, + or #");
  }
  if (good)
    g_array_append_val (self->steps, step);
  return good;
}

ChsDialogue *
chs_dialogue_parse (const char *text, gsize n, GError **error)
{
  g_autoptr (ChsDialogue) self = g_new0 (ChsDialogue, 1);
  g_autofree char *copy = g_strndup (text, n);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);

  self->steps = g_array_new (FALSE, FALSE, sizeof (ChsDialogueStep));
  self->bytes = g_byte_array_new ();
  self->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; lines[i] != NULL; i++)
    if (!parse_line (self, lines[i], i + 1, error))
      return NULL;
  return g_steal_pointer (&self);
}

ChsDialogue *
chs_dialogue_load (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, error);
  g_autofree char *text = NULL;
  ChsDialogue *self;
  gsize n = 0;

  if (info == NULL)
    return NULL;
  if (g_file_info_get_size (info) > FILE_MAX) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN, "%s: larger than %d MiB", path, FILE_MAX / 1024 / 1024);
    return NULL;
  }
  if (!g_file_get_contents (path, &text, &n, error))
    return NULL;
  self = chs_dialogue_parse (text, n, error);
  if (self == NULL)
    g_prefix_error (error, "%s: ", path);
  return self;
}

void
chs_dialogue_free (ChsDialogue *self)
{
  g_clear_pointer (&self->steps, g_array_unref);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_free (self);
}

const char *
chs_dialogue_get_header (const ChsDialogue *self, const char *key)
{
  return g_hash_table_lookup (self->headers, key);
}

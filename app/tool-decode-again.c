/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/decode-again.h"
#include "app/event-json.h"

#include <stdio.h>

typedef struct {
  gboolean json;
  GString *line;
  guint64  n;
} Printer;

/* The event as `decode` prints it, as a member of a line. */
static void
add_event (GString *line, const char *key, const ChsEvent *event)
{
  chs_json_key (line, key);
  if (event == NULL) {
    g_string_append (line, "null");
    return;
  }
  chs_event_to_json (event, line);
  if (line->len > 0 && line->str[line->len - 1] == '\n')
    g_string_truncate (line, line->len - 1);
}

static void
on_difference (ChsDecodeDifference difference, const ChsEvent *then, const ChsEvent *now, gpointer user_data)
{
  Printer *self = user_data;
  const ChsEvent *any = then != NULL ? then : now;

  self->n++;
  g_string_assign (self->line, "{\"type\":\"difference\"");
  chs_json_text (self->line, "kind", chs_decode_difference_id (difference));
  chs_json_number (self->line, "t_ms", (double) any->t_us / 1000);
  chs_json_number (self->line, "source", any->source);
  add_event (self->line, "then", then);
  add_event (self->line, "now", now);
  g_string_append_c (self->line, '}');
  if (self->json) {
    puts (self->line->str);
    return;
  }
  printf ("%.3f s, %s:\n", (double) any->t_us / 1e6, chs_decode_difference_id (difference));
  for (guint i = 0; i < 2; i++) {
    const ChsEvent *event = i == 0 ? then : now;

    g_string_truncate (self->line, 0);
    if (event != NULL)
      chs_event_to_json (event, self->line);
    else
      g_string_append (self->line, "nothing\n");
    printf ("  %s %s", i == 0 ? "then" : "now ", self->line->str);
  }
}

static void
print_source (Printer *self, const ChsDecodeSource *source)
{
  if (!self->json) {
    printf ("%s (%s): %" G_GUINT64_FORMAT " bytes; %" G_GUINT64_FORMAT " events then by %s, %" G_GUINT64_FORMAT " now by %s; %"
            G_GUINT64_FORMAT " the same, %" G_GUINT64_FORMAT " changed, %" G_GUINT64_FORMAT " lost, %" G_GUINT64_FORMAT " gained%s%s\n",
            source->source.name, source->source.driver, source->bytes, source->events,
            source->source.version[0] != '\0' ? source->source.version : "a version that is not told", source->decoded,
            source->version[0] != '\0' ? source->version : "nobody", source->same, source->changed, source->lost, source->gained,
            source->trouble[0] != '\0' ? ": " : "", source->trouble);
    return;
  }
  g_string_assign (self->line, "{\"type\":\"source\"");
  chs_json_text (self->line, "name", source->source.name);
  chs_json_text (self->line, "driver", source->source.driver);
  chs_json_text (self->line, "version_then", source->source.version);
  chs_json_text (self->line, "version_now", source->version);
  chs_json_number (self->line, "bytes", (double) source->bytes);
  chs_json_number (self->line, "events_then", (double) source->events);
  chs_json_number (self->line, "events_now", (double) source->decoded);
  chs_json_number (self->line, "same", (double) source->same);
  chs_json_number (self->line, "changed", (double) source->changed);
  chs_json_number (self->line, "lost", (double) source->lost);
  chs_json_number (self->line, "gained", (double) source->gained);
  chs_json_text (self->line, "trouble", source->trouble);
  puts (g_string_append_c (self->line, '}')->str);
}

int
chs_tool_decode_again (int argc, char **argv)
{
  gboolean json = FALSE, whole, trouble = FALSE;
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_JSON (&json),
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ChsStoreReader) reader = NULL;
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GArray) sources = NULL;
  g_autoptr (GError) error = NULL;
  Printer printer = { .line = line };
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  printer.json = json;
  reader = chs_store_reader_new (argv[1], &error);
  if (reader == NULL)
    return chs_tool_refuse (argv[0], error);
  whole = chs_decode_again (reader, on_difference, &printer, &sources, &error);
  for (guint i = 0; i < sources->len; i++) {
    const ChsDecodeSource *source = &g_array_index (sources, ChsDecodeSource, i);

    print_source (&printer, source);
    trouble |= source->trouble[0] != '\0';
  }
  if (!whole)
    fprintf (stderr, "chairside-tool decode-again: %s\n", error->message);
  if (sources->len == 0)
    fprintf (stderr, "chairside-tool decode-again: %s holds no raw bytes\n", argv[1]);
  if (sources->len == 0)
    return CHS_TOOL_REFUSED;
  return whole && !trouble && printer.n == 0 ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
}

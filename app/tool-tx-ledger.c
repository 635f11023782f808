/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/event-json.h"
#include "data/store.h"
#include "devices/described.h"

#include <stdio.h>
#include <string.h>

/* All that can ever be sent: the very tables that devices/tx-guard.c matches against.
 * And what was sent in a session: the bytes that went out, as the recording has them. */

/* Protocols of letters are shown as letters, the others as pairs of digits. */
static gboolean
is_text (const ChsQuery *query)
{
  guint n_text = 0, n_other = 0;

  for (guint i = 0; i < CHS_QUERY_PARTS && query->parts[i].kind != CHS_PART_END; i++)
    for (guint k = 0; query->parts[i].kind == CHS_PART_BYTES && k < query->parts[i].n; k++)
      if (g_ascii_isprint (query->parts[i].bytes[k]))
        n_text++;
      else
        n_other++;
  return n_text >= n_other;
}

static void
append_byte (GString *text, guint8 byte, gboolean as_text)
{
  if (!as_text)
    g_string_append_printf (text, "%s%02X", text->len > 0 ? " " : "", byte);
  else if (g_ascii_isprint (byte) && byte != '<' && byte != '>' && byte != '\\')
    g_string_append_c (text, (char) byte);
  else
    g_string_append_printf (text, "\\x%02X", byte);
}

static void
append_span (GString *text, const ChsPart *part, const char *what)
{
  if (part->n == part->max)
    g_string_append_printf (text, "<%u %s", part->n, what);
  else
    g_string_append_printf (text, "<%u to %u %s", part->n, part->max, what);
}

static void
append_part (GString *text, const ChsPart *part, gboolean as_text)
{
  if (!as_text && part->kind != CHS_PART_BYTES && text->len > 0)
    g_string_append_c (text, ' ');
  switch (part->kind) {
  case CHS_PART_BYTES:
    for (guint i = 0; i < part->n; i++)
      append_byte (text, (guint8) part->bytes[i], as_text);
    break;
  case CHS_PART_DIGITS:
    append_span (text, part, "digits>");
    break;
  case CHS_PART_TEXT:
    append_span (text, part, "of \"");
    for (const char *c = part->bytes; *c != '\0'; c++)
      append_byte (text, (guint8) *c, TRUE);
    g_string_append (text, "\">");
    break;
  case CHS_PART_RANGE:
    g_string_append_printf (text, "<one byte %02X to %02X>", part->n, part->max);
    break;
  case CHS_PART_ANY:
    g_string_append_printf (text, "<%u bytes>", part->n);
    break;
  case CHS_PART_END:
  default:
    break;
  }
}

/* ---- what can be sent ---- */

static char *
dup_pattern (const ChsQuery *query)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < CHS_QUERY_PARTS && query->parts[i].kind != CHS_PART_END; i++)
    append_part (text, &query->parts[i], is_text (query));
  return g_string_free (text, FALSE);
}

static void
print_query (const ChsDriver *driver, const ChsQuery *query, gboolean json)
{
  g_autofree char *pattern = dup_pattern (query);
  g_autoptr (GString) line = g_string_new ("{");

  if (!json) {
    printf ("  %s\n    bytes  %s\n    why    %s\n", query->name, pattern, query->note);
    return;
  }
  chs_json_text (line, "driver", driver->id);
  chs_json_text (line, "query", query->name);
  chs_json_text (line, "pattern", pattern);
  chs_json_text (line, "note", query->note);
  puts (g_string_append_c (line, '}')->str);
}

/* A driver that sends nothing is a line too: nothing left out is nothing hidden. */
static void
print_driver (const ChsDriver *driver, gboolean json)
{
  g_autoptr (GString) line = g_string_new ("{");

  if (!json)
    printf ("%s%s\n", driver->id, driver->n_queries > 0 ? "" : ": nothing is ever sent");
  for (guint i = 0; i < driver->n_queries; i++)
    print_query (driver, &driver->queries[i], json);
  if (!json || driver->n_queries > 0)
    return;
  chs_json_text (line, "driver", driver->id);
  chs_json_text (line, "query", NULL);
  puts (g_string_append_c (line, '}')->str);
}

static void
print_drivers (const char *id, gboolean json)
{
  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++)
    if (id == NULL || strcmp ((*driver)->id, id) == 0)
      print_driver (*driver, json);
}

/* A key file: its bytes in hex, and what the configuration confirms them by. */
static int
print_described (const char *name, const char *id, gboolean json)
{
  g_autoptr (GError) error = NULL;
  const ChsDriver *driver = chs_driver_resolve (id, &error);
  const char *sha256;

  if (driver == NULL)
    return chs_tool_refuse (name, error);
  print_driver (driver, json);
  sha256 = chs_described_get_sha256 (chs_described_of (driver));
  for (guint i = 0; !json && i < driver->n_queries; i++) {
    const ChsPart *part = &driver->queries[i].parts[0];

    printf ("  hex   ");
    for (guint k = 0; k < part->n; k++)
      printf (" %02X", (guint8) part->bytes[k]);
    printf ("\n");
  }
  if (json)
    printf ("{\"driver\":\"%s\",\"sha256\":\"%s\"}\n", driver->id, sha256);
  else if (driver->n_queries > 0)
    printf ("\nTo let these bytes out, write into the link's group of the chair's configuration:\noption.confirmed = %s\n", sha256);
  return CHS_TOOL_DONE;
}

/* ---- what was sent ---- */

typedef struct {
  const ChsStoreSource *sources;
  guint                 n_sources;
  gboolean              json;
  guint64               n_sends, n_bytes;
} Session;

static const ChsStoreSource *
find_source (const Session *self, guint8 number)
{
  static const ChsStoreSource unknown;

  for (guint i = 0; i < self->n_sources; i++)
    if (self->sources[i].source == number)
      return &self->sources[i];
  return &unknown;
}

static void
print_sent (const Session *self, const ChsEvent *event)
{
  const ChsStoreSource *source = find_source (self, event->source);
  g_autoptr (GString) hex = g_string_new (NULL);
  g_autoptr (GString) line = g_string_new ("{");

  for (guint i = 0; i < event->raw.n; i++)
    g_string_append_printf (hex, "%s%02X", i > 0 ? " " : "", event->raw.bytes[i]);
  if (!self->json) {
    printf ("%10.1f s  %-12s %-20s %s\n", (double) event->t_us / G_USEC_PER_SEC, source->name, source->driver, hex->str);
    return;
  }
  chs_json_number (line, "t_ms", (double) (event->t_us / 1000));
  chs_json_text (line, "type", "sent");
  chs_json_text (line, "source", source->name);
  chs_json_text (line, "driver", source->driver);
  chs_json_text (line, "bytes", hex->str);
  puts (g_string_append_c (line, '}')->str);
}

static gboolean
on_stored (const ChsEvent *event, gpointer user_data)
{
  Session *self = user_data;

  if (event->type != CHS_EVENT_RAW || !event->raw.from_host)
    return TRUE;
  self->n_sends++;
  self->n_bytes += event->raw.n;
  print_sent (self, event);
  return TRUE;
}

static void
print_sum (const Session *self)
{
  g_autoptr (GString) line = g_string_new ("{");

  if (!self->json) {
    printf ("%" G_GUINT64_FORMAT " requests, %" G_GUINT64_FORMAT " bytes were sent\n", self->n_sends, self->n_bytes);
    return;
  }
  chs_json_text (line, "type", "summary");
  chs_json_number (line, "sent", (double) self->n_sends);
  chs_json_number (line, "bytes", (double) self->n_bytes);
  puts (g_string_append_c (line, '}')->str);
}

static int
print_session (const char *name, const char *path, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, &error);
  Session self = { .json = json };
  gboolean whole;

  if (reader == NULL)
    return chs_tool_refuse (name, error);
  self.sources = chs_store_reader_get_sources (reader, &self.n_sources);
  whole = chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_RAW, on_stored, &self, &error);
  print_sum (&self);
  if (whole)
    return CHS_TOOL_DONE;
  fprintf (stderr, "chairside-tool %s: %s\n", name, error->message);
  return CHS_TOOL_FINDINGS;
}

int
chs_tool_tx_ledger (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_JSON (&json),
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 1, &status))
    return status;
  if (argc > 1 && g_str_has_prefix (argv[1], CHS_DESCRIBED_PREFIX))
    return print_described (argv[0], argv[1], json);
  if (argc > 1 && chs_driver_find (argv[1]) == NULL) {
    if (g_file_test (argv[1], G_FILE_TEST_EXISTS))
      return print_session (argv[0], argv[1], json);
    return chs_tool_usage (argv[0], "\"%s\" is neither a driver (see chairside-tool drivers) nor a recording", argv[1]);
  }
  print_drivers (argc > 1 ? argv[1] : NULL, json);
  return CHS_TOOL_DONE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/event-json.h"
#include "devices/described.h"
#include "devices/transport.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Raw bytes carry no time. They are played at the speed of the instrument's line, without pauses,
 * in pieces of at most this long, so that an event is stamped as early as it could have been known. */
#define PIECE_US 10000
#define TICK_US 100000
#define CHUNK_BYTES 65536

typedef struct {
  ChsSink          sink;
  const ChsDriver *driver;
  gpointer         state;
  GString         *line;
  gint64           ns_per_byte;
  guint64          n_bytes;
  gint64           now_us;
  gint64           ticked_us;
} Decoding;

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  Decoding *self = sink->user;
  ChsEvent stamped = *event;

  stamped.t_us = self->now_us;
  stamped.source = 1;
  g_string_truncate (self->line, 0);
  chs_event_to_json (&stamped, self->line);
  fputs (self->line->str, stdout);
}

static void
on_no_event (ChsSink *sink, const ChsEvent *event)
{
}

/* Nobody is there to be asked. */
static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
}

static gint64
ns_per_byte (const ChsDriver *driver)
{
  ChsLine line;

  if (!chs_line_parse (driver->line, &line, NULL))
    g_error ("driver %s: line \"%s\"", driver->id, driver->line);
  return chs_line_ns_per_byte (&line);
}

static void
feed (Decoding *self, const guint8 *bytes, gsize n)
{
  gsize piece = (gsize) MAX (1, PIECE_US * 1000 / self->ns_per_byte);

  for (gsize done = 0; done < n; done += piece) {
    gsize now = MIN (piece, n - done);

    self->n_bytes += now;
    self->now_us = (gint64) self->n_bytes * self->ns_per_byte / 1000;
    self->driver->feed (self->state, bytes + done, now, self->now_us, &self->sink);
    if (self->driver->tick != NULL && self->now_us - self->ticked_us >= TICK_US) {
      self->driver->tick (self->state, self->now_us, &self->sink);
      self->ticked_us = self->now_us;
    }
  }
}

static gboolean
feed_file (Decoding *self, const char *path, GError **error)
{
  g_autofree guint8 *chunk = g_malloc (CHUNK_BYTES);
  FILE *file = strcmp (path, "-") == 0 ? stdin : g_fopen (path, "rb");
  gboolean ok;
  gsize n;

  if (file == NULL) {
    g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "cannot open %s: %s", path, g_strerror (errno));
    return FALSE;
  }
  while ((n = fread (chunk, 1, CHUNK_BYTES, file)) > 0)
    feed (self, chunk, n);
  ok = !ferror (file);
  if (!ok)
    g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno), "cannot read %s: %s", path, g_strerror (errno));
  if (file != stdin)
    fclose (file);
  return ok;
}

/* ---- captures made elsewhere: without the framing of the line ---- */

/* Text of nothing but hexadecimal digits, a message a line; "#" begins a comment. */
static gboolean
is_hex_text (const char *text, gsize n)
{
  gboolean comment = FALSE, any = FALSE;

  for (gsize i = 0; i < n; i++) {
    if (text[i] == '#')
      comment = TRUE;
    else if (text[i] == '\n')
      comment = FALSE;
    else if (comment || g_ascii_isspace (text[i]))
      continue;
    else if (g_ascii_isxdigit (text[i]))
      any = TRUE;
    else
      return FALSE;
  }
  return any;
}

static gboolean
feed_message (Decoding *self, const guint8 *bytes, gsize n)
{
  self->n_bytes += n;
  self->now_us = (gint64) self->n_bytes * self->ns_per_byte / 1000;
  return self->driver->message (self->state, bytes, n, self->now_us, &self->sink);
}

static void
feed_hex (Decoding *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    int high = -1;

    for (const char *c = *line; *c != '\0' && *c != '#'; c++) {
      int digit = g_ascii_xdigit_value (*c);

      if (digit < 0)
        continue;
      if (high >= 0) {
        guint8 byte = (guint8) (high << 4 | digit);

        g_byte_array_append (bytes, &byte, 1);
      }
      high = high >= 0 ? -1 : digit;
    }
    if (bytes->len > 0)
      feed_message (self, bytes->data, bytes->len);
  }
}

/* Files that hold messages and not the line's bytes: recognised by their content. Returns whether it was one. */
static gboolean
feed_messages (Decoding *self, const char *path)
{
  g_autofree char *text = NULL;
  g_autofree gpointer trial = NULL;
  ChsSink nobody = { .event = on_no_event, .request = on_request };
  gsize n;

  if (self->driver->message == NULL || strcmp (path, "-") == 0 || !g_file_get_contents (path, &text, &n, NULL))
    return FALSE;
  if (is_hex_text (text, n)) {
    feed_hex (self, text);
    return TRUE;
  }
  trial = g_malloc0 (self->driver->state_size);
  if (self->driver->bind != NULL)
    self->driver->bind (trial, self->driver);
  self->driver->opened (trial, 0, &nobody);
  self->driver->feed (trial, (const guint8 *) text, n, 0, &nobody);
  if (self->driver->counters (trial)->frames_ok > 0 || !self->driver->message (trial, (const guint8 *) text, n, 0, &nobody))
    return FALSE;
  feed_message (self, (const guint8 *) text, n);
  return TRUE;
}

static void
print_summary (Decoding *self)
{
  const ChsCounters *counters = self->driver->counters (self->state);

  g_string_assign (self->line, "{");
  chs_json_text (self->line, "type", "summary");
  chs_json_text (self->line, "driver", self->driver->id);
  chs_json_number (self->line, "bytes", (double) self->n_bytes);
  chs_json_number (self->line, "frames_ok", (double) counters->frames_ok);
  chs_json_number (self->line, "frames_bad", (double) counters->frames_bad);
  chs_json_number (self->line, "bytes_skipped", (double) counters->bytes_skipped);
  chs_json_number (self->line, "resyncs", (double) counters->resyncs);
  chs_json_number (self->line, "unknown", (double) counters->unknown);
  puts (g_string_append_c (self->line, '}')->str);
}

static gboolean
set_options (Decoding *self, char **options, GError **error)
{
  for (char **option = options; option != NULL && *option != NULL; option++) {
    g_auto (GStrv) pair = g_strsplit (*option, "=", 2);

    if (self->driver->option == NULL || g_strv_length (pair) != 2 || !self->driver->option (self->state, pair[0], pair[1])) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "driver %s does not know the option \"%s\"",
                   self->driver->id, *option);
      return FALSE;
    }
  }
  return TRUE;
}

int
chs_tool_decode (int argc, char **argv)
{
  g_autofree char *id = NULL;
  g_auto (GStrv) options = NULL;
  const GOptionEntry entries[] = {
    { "driver", 0, 0, G_OPTION_ARG_STRING, &id, "Instrument that sent the bytes; see chairside-tool drivers", "ID" },
    { "option", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options, "Option of the driver, as in the chair's configuration", "KEY=VALUE" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree gpointer state = NULL;
  Decoding self = { .sink = { .event = on_event, .request = on_request, .user = &self }, .line = line };
  gboolean complete;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  if (id == NULL)
    return chs_tool_usage (argv[0], "--driver=ID is missing");
  self.driver = chs_driver_resolve (id, &error);
  if (self.driver == NULL)
    return chs_tool_usage (argv[0], "%s; see chairside-tool drivers", error->message);
  self.state = state = g_malloc0 (self.driver->state_size);
  if (self.driver->bind != NULL)
    self.driver->bind (self.state, self.driver);
  if (!set_options (&self, options, &error))
    return chs_tool_usage (argv[0], "%s", error->message);
  self.ns_per_byte = ns_per_byte (self.driver);
  if (self.driver->opened != NULL)
    self.driver->opened (self.state, 0, &self.sink);
  complete = feed_messages (&self, argv[1]) || feed_file (&self, argv[1], &error);
  if (!complete && self.n_bytes == 0)
    return chs_tool_refuse (argv[0], error);
  if (self.driver->closing != NULL)
    self.driver->closing (self.state, self.now_us, &self.sink); /* what waits for more bytes waits no longer */
  print_summary (&self);
  if (!complete)
    chs_tool_refuse (argv[0], error);
  return complete ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
}

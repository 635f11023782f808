/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/import-formats.h"

#include "devices/datex-s5-codec.h"
#include "devices/discover.h"
#include "devices/driver.h"
#include "devices/transport.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* Bytes of a line as somebody else captured them: the driver that knows them decodes them again. They carry no time of
 * their own, except that a Datex record tells the monitor's clock; else they are taken at the pace of the line. */

#define CHUNK_BYTES 512u
#define TICK_US 100000
#define DATE_MIN_S 315532800u /* 1980-01-01: the monitor's clock before it is an unset one */
#define JUMP_S 86400u         /* a step of the monitor's clock by more is no pause: the date was set, or the record is bad */

typedef struct {
  ChsSink          sink;
  ChsImport       *import;
  const ChsDriver *driver;
  gpointer         state;
  gint64           ns_per_byte;
  gint64           now_us, ticked_us;
  gint64           wall_us; /* at now_us = 0 */
  guint8           source;
  ChsS5Framer      framer;   /* for the clock of a Datex monitor */
  guint32          device_s; /* last time it told; 0 = no such monitor */
} Capture;

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  Capture *self = sink->user;
  ChsEvent copy = *event;

  copy.wall_us = self->wall_us + self->now_us;
  copy.source = self->source;
  if (copy.type == CHS_EVENT_NUMERIC && copy.numeric.meas_us != CHS_TIME_NONE)
    copy.numeric.meas_us += self->wall_us;
  chs_import_event (self->import, &copy);
}

/* Nobody is there to be asked. */
static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
}

static const ChsDriver *
driver_of (const guint8 *bytes, gsize n)
{
  ChsDiscovery found;

  return chs_discover_rank (bytes, n, &found, 1) > 0 && found.score >= CHS_DISCOVER_SURE ? found.driver : NULL;
}

/* ---- time ---- */

/* The monitor's clock in the first or last record that ends in these bytes; 0 when none does. */
static guint32
device_time (ChsS5Framer *framer, const guint8 *bytes, gsize n, gboolean first)
{
  guint32 device_s = 0;

  while (n > 0) {
    const guint8 *data;
    ChsS5Record record;
    size_t used, length;

    if (chs_s5_framer_feed (framer, bytes, n, &used, &data, &length) == CHS_FEED_FRAME && chs_s5_record_read (data, length, &record) &&
        record.time_s >= DATE_MIN_S && !(first && device_s != 0))
      device_s = record.time_s;
    bytes += used;
    n -= used;
  }
  return device_s;
}

/* Time goes on by the monitor's clock where it tells it, else by the length of the bytes. */
static void
pass_time (Capture *self, const guint8 *bytes, gsize n)
{
  guint32 device_s;

  if (self->device_s == 0) {
    self->now_us += (gint64) n * self->ns_per_byte / 1000;
    return;
  }
  device_s = device_time (&self->framer, bytes, n, FALSE);
  if (device_s > self->device_s && device_s - self->device_s <= JUMP_S) {
    self->now_us += (gint64) (device_s - self->device_s) * G_USEC_PER_SEC;
    self->device_s = device_s;
  } else if (device_s != 0 && device_s != self->device_s)
    chs_import_note (self->import, "the monitor's clock steps from %u to %u s after 1970: the step is left out", self->device_s, device_s);
}

/* ---- bytes ---- */

/* Personal data is no more kept than from a line. */
static void
keep_bytes (Capture *self, const guint8 *bytes, gsize n)
{
  guint8 masked[CHS_MASK_ROOM (CHUNK_BYTES)];
  gsize n_kept = self->driver->mask != NULL ? self->driver->mask (self->state, bytes, n, masked) : n;
  ChsEvent raw = { .type = CHS_EVENT_RAW, .raw = { .n = (guint32) n_kept, .bytes = self->driver->mask != NULL ? masked : bytes } };

  if (n_kept > 0)
    on_event (&self->sink, &raw);
}

static void
take_bytes (Capture *self, const guint8 *bytes, gsize n)
{
  pass_time (self, bytes, n);
  keep_bytes (self, bytes, n);
  self->driver->feed (self->state, bytes, n, self->now_us, &self->sink);
  if (self->driver->tick != NULL && self->now_us - self->ticked_us >= TICK_US) {
    self->driver->tick (self->state, self->now_us, &self->sink);
    self->ticked_us = self->now_us;
  }
}

static void
begin (Capture *self, const guint8 *head, gsize n)
{
  ChsS5Framer framer = { 0 };
  ChsLine line;

  self->ns_per_byte = chs_line_parse (self->driver->line, &line, NULL) ? chs_line_ns_per_byte (&line) : 0;
  if (strcmp (self->driver->id, "datex-s5") == 0)
    self->device_s = device_time (&framer, head, n, TRUE);
  self->wall_us = (gint64) self->device_s * G_USEC_PER_SEC;
  if (self->device_s == 0)
    chs_import_set_undated (self->import);
  self->source = chs_import_add_source (self->import, self->driver->id, (guint8) self->driver->kind, (gint64) self->driver->silence_ms * 1000);
  if (self->driver->opened != NULL)
    self->driver->opened (self->state, 0, &self->sink);
}

static void
end (Capture *self)
{
  const ChsCounters *counters;

  if (self->driver->closing != NULL)
    self->driver->closing (self->state, self->now_us, &self->sink); /* what waits for more bytes waits no longer */
  keep_bytes (self, NULL, 0);
  counters = self->driver->counters (self->state);
  if (counters->frames_bad > 0 || counters->bytes_skipped > 0)
    chs_import_note (self->import, "%s: of %" G_GUINT64_FORMAT " messages %" G_GUINT64_FORMAT " are damaged; %" G_GUINT64_FORMAT
                     " bytes belong to no message. All bytes are kept%s", self->driver->id,
                     counters->frames_ok + counters->frames_bad, counters->frames_bad, counters->bytes_skipped,
                     self->driver->mask != NULL ? ", without personal data" : " as they were");
}

static gboolean
take_file (Capture *self, FILE *file, guint64 size, GError **error)
{
  g_autofree guint8 *head = g_malloc (CHS_IMPORT_HEAD);
  gsize n = fread (head, 1, CHS_IMPORT_HEAD, file);
  guint64 done = 0;

  self->driver = driver_of (head, n);
  if (self->driver == NULL) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_FORMAT, "%s: no instrument that we know speaks like this", chs_import_get_path (self->import));
    return FALSE;
  }
  self->state = g_malloc0 (self->driver->state_size);
  begin (self, head, n);
  for (; n > 0; n = fread (head, 1, CHS_IMPORT_HEAD, file)) {
    for (gsize at = 0; at < n; at += CHUNK_BYTES)
      take_bytes (self, head + at, MIN (CHUNK_BYTES, n - at));
    done += n;
    if (!chs_import_step (self->import, done, size, error))
      return FALSE;
  }
  end (self);
  return TRUE;
}

static gboolean
run (ChsImport *import, GError **error)
{
  Capture self = { .sink = { .event = on_event, .request = on_request, .user = &self }, .import = import };
  const char *path = chs_import_get_path (import);
  GStatBuf info;
  FILE *file = chs_import_open (import, path, error);
  gboolean done = file != NULL && take_file (&self, file, g_stat (path, &info) == 0 ? (guint64) info.st_size : 0, error);

  g_free (self.state);
  chs_import_close (import, path, file);
  return done;
}

static gboolean
probe (const guint8 *head, gsize n)
{
  return driver_of (head, n) != NULL;
}

const ChsImporter chs_import_capture = {
  .id = "capture",
  .label = "Captured bytes of an instrument",
  .probe = probe,
  .run = run,
};

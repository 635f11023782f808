/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/raw-view.h"

#include "app/event-words.h"
#include "devices/described.h"
#include "devices/driver.h"

#include <string.h>

/* When a piece of the bytes was received. */
typedef struct {
  gint64 t_us;
  guint  end; /* bytes held up to and with it */
} Piece;

struct _ChsRawView {
  GByteArray *bytes;
  GArray     *pieces; /* of Piece */
  GArray     *frames; /* of ChsRawFrame */
  GArray     *events; /* of ChsRawEvent */
  guint64     offset;
  guint8      source;
  gint64      from_us;
};

typedef struct {
  ChsRawView      *view;
  const ChsDriver *driver;
  gpointer         state;
  ChsSink          sink;
  guint64          ok, bad; /* counters as they were */
  guint            begun;   /* first byte that is in no frame yet */
  guint            n_frame; /* bytes of the frame that the driver just named; 0 = it did not */
  guint            first_event;
  char             words[64];
} Decoding;

/* ---- reading ---- */

static gboolean
on_raw (const ChsEvent *event, gpointer user_data)
{
  ChsRawView *self = user_data;
  Piece       piece = { .t_us = event->t_us };

  if (event->type != CHS_EVENT_RAW || event->source != self->source || event->raw.from_host)
    return TRUE;
  if (event->t_us < self->from_us) {
    self->offset += event->raw.n;
    return TRUE;
  }
  g_byte_array_append (self->bytes, event->raw.bytes, event->raw.n);
  piece.end = self->bytes->len;
  g_array_append_val (self->pieces, piece);

  return TRUE;
}

/* Whole pieces from the front, so that the times of the others stay true. */
static void
leave_out_oldest (ChsRawView *self)
{
  guint n = 0, bytes;

  if (self->bytes->len <= CHS_RAW_BYTES)
    return;
  while (n < self->pieces->len && self->bytes->len - g_array_index (self->pieces, Piece, n).end > CHS_RAW_BYTES)
    n++;
  bytes = g_array_index (self->pieces, Piece, n).end;
  g_byte_array_remove_range (self->bytes, 0, bytes);
  g_array_remove_range (self->pieces, 0, n + 1);
  for (guint i = 0; i < self->pieces->len; i++)
    g_array_index (self->pieces, Piece, i).end -= bytes;
  self->offset += bytes;
}

/* ---- decoding ---- */

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  Decoding   *self = sink->user;
  ChsRawEvent row = { .is_wave = event->type == CHS_EVENT_WAVE };

  chs_event_words (event, row.words, sizeof row.words);
  g_array_append_val (self->view->events, row);
}

static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  /* what the driver would ask the instrument: there is none */
}

static void
on_frame (ChsSink *sink, const uint8_t *bytes, size_t n, const char *words)
{
  Decoding *self = sink->user;

  self->n_frame = (guint) MIN (n, G_MAXUINT16);
  chs_text_copy (self->words, sizeof self->words, words);
}

static void
add_frame (Decoding *self, gint64 t_us, guint at, guint end, gboolean is_good, const char *words)
{
  ChsRawFrame frame = { .t_us = t_us, .at = at, .n = end - at, .is_good = is_good, .first_event = self->first_event };

  if (end <= at)
    return;
  frame.n_events = is_good ? self->view->events->len - self->first_event : 0;
  chs_text_copy (frame.words, sizeof frame.words, words);
  if (is_good)
    self->first_event = self->view->events->len;
  g_array_append_val (self->view->frames, frame);
}

/* A byte was fed: did it complete a frame, or have one refused? */
static void
look (Decoding *self, gint64 t_us, guint end)
{
  const ChsCounters *counters = self->driver->counters (self->state);
  gboolean           is_good = counters->frames_ok != self->ok || self->view->events->len > self->first_event;
  guint              at = self->begun;

  if (!is_good && counters->frames_bad == self->bad)
    return;
  if (is_good && self->n_frame > 0 && self->n_frame < end - self->begun)
    at = end - self->n_frame;
  add_frame (self, t_us, self->begun, at, FALSE, "");
  add_frame (self, t_us, at, end, is_good, self->words);
  self->begun = end;
  self->ok = counters->frames_ok;
  self->bad = counters->frames_bad;
  self->n_frame = 0;
  self->words[0] = '\0';
}

static void
feed_piece (Decoding *self, guint from, const Piece *piece)
{
  if (self->driver->tick != NULL) {
    self->driver->tick (self->state, piece->t_us, &self->sink);
    self->first_event = self->view->events->len; /* of no frame: told by time alone */
  }
  for (guint i = from; i < piece->end; i++) {
    self->driver->feed (self->state, self->view->bytes->data + i, 1, piece->t_us, &self->sink);
    look (self, piece->t_us, i + 1);
  }
}

static void
decode (ChsRawView *self, const ChsDriver *driver)
{
  Decoding decoding = { .view = self, .driver = driver,
                        .sink = { .event = on_event, .request = on_request, .frame = on_frame, .user = &decoding } };
  g_autofree gpointer state = g_malloc0 (driver->state_size);
  guint               from = 0;

  decoding.state = state;
  if (driver->bind != NULL)
    driver->bind (state, driver);
  if (driver->opened != NULL)
    driver->opened (state, self->from_us, &decoding.sink);
  for (guint i = 0; i < self->pieces->len; i++) {
    const Piece *piece = &g_array_index (self->pieces, Piece, i);

    feed_piece (&decoding, from, piece);
    from = piece->end;
  }
}

/* ---- the view ---- */

static const ChsDriver *
driver_of (ChsStoreReader *reader, guint8 source, GError **error)
{
  guint                 n;
  const ChsStoreSource *sources = chs_store_reader_get_sources (reader, &n);

  for (guint i = 0; i < n; i++)
    if (sources[i].source == source)
      return chs_driver_resolve (sources[i].driver, error);
  g_set_error (error, CHS_STORE_ERROR, CHS_STORE_ERROR_FORMAT, "the recording has no link %u", source);

  return NULL;
}

ChsRawView *
chs_raw_view_load (const char *path, guint8 source, gint64 around_us, GError **error)
{
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, error);
  g_autoptr (ChsRawView)     self = g_new0 (ChsRawView, 1);
  g_autoptr (GError)         damage = NULL;
  const ChsDriver           *driver = reader != NULL ? driver_of (reader, source, error) : NULL;

  self->bytes = g_byte_array_new ();
  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  self->frames = g_array_new (FALSE, FALSE, sizeof (ChsRawFrame));
  self->events = g_array_new (FALSE, FALSE, sizeof (ChsRawEvent));
  self->source = source;
  self->from_us = around_us - CHS_RAW_BEFORE_US;
  if (driver == NULL)
    return NULL;
  /* From the start, for the offset. What is damaged is a hole; the rest is shown. */
  if (!chs_store_reader_foreach (reader, CHS_TIME_NONE, around_us + CHS_RAW_AFTER_US, CHS_READ_RAW, on_raw, self, &damage))
    g_message ("%s", damage->message);
  leave_out_oldest (self);
  decode (self, driver);

  return g_steal_pointer (&self);
}

void
chs_raw_view_free (ChsRawView *self)
{
  if (self == NULL)
    return;
  g_byte_array_unref (self->bytes);
  g_array_unref (self->pieces);
  g_array_unref (self->frames);
  g_array_unref (self->events);
  g_free (self);
}

const guint8 *
chs_raw_view_get_bytes (const ChsRawView *self, guint *n)
{
  *n = self->bytes->len;

  return self->bytes->data;
}

const ChsRawFrame *
chs_raw_view_get_frames (const ChsRawView *self, guint *n)
{
  *n = self->frames->len;

  return (const ChsRawFrame *) (gpointer) self->frames->data;
}

const ChsRawEvent *
chs_raw_view_get_events (const ChsRawView *self, guint *n)
{
  *n = self->events->len;

  return (const ChsRawEvent *) (gpointer) self->events->data;
}

guint64
chs_raw_view_get_offset (const ChsRawView *self)
{
  return self->offset;
}

guint
chs_raw_view_frame_at (const ChsRawView *self, gint64 t_us)
{
  guint i = self->frames->len;

  while (i > 0 && g_array_index (self->frames, ChsRawFrame, i - 1).t_us > t_us)
    i--;

  return i > 0 ? i - 1 : 0;
}

gboolean
chs_raw_view_frame_of (const ChsRawView *self, guint at, guint *frame)
{
  for (guint i = 0; i < self->frames->len; i++) {
    const ChsRawFrame *row = &g_array_index (self->frames, ChsRawFrame, i);

    if (at >= row->at && at < row->at + row->n) {
      *frame = i;
      return TRUE;
    }
  }

  return FALSE;
}

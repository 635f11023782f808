/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "data/event-codec.h"
#include "devices/event-check.h"
#include "devices/simulator.h"
#include "devices/tx-guard.h"

#include <math.h>
#include <string.h>

/* Any driver against any bytes.
 *
 * The first 8 bytes of an input say how the others are fed:
 *   0     FUZZ_HOW_*
 *   1..4  lengths of the pieces, in turn; 0 = 256
 *   5..7  what comes before each piece, in turn: 20 ms each and a tick; 255 = the port is opened again
 * so that an insertion or a deletion further on leaves the rest of the stream as it was.
 *
 * What must hold:
 * - a frame or a reason: bytes never go in for long without a counter moving;
 * - counters only count up while the link is open, and no more bytes are skipped than came;
 * - every event passes chs_event_check() and can be packed;
 * - every request is in the table and makes a frame; no call makes many;
 * - the time of one call standing still, any split gives the same events and counters;
 * - bytes without personal data (ChsDriver.mask) fit the room that was promised, each time and in all, and are no better
 *   than they were: read again they give no frame that the line did not give;
 * - nothing outside: the state is of exactly state_size bytes, a piece of exactly its own (ASan looks). */

#define STEP_US 20000
#define REOPEN 255
/* No frame of any protocol is longer; what waits for its end behind that is a leak. */
#define SILENT_BYTES_MAX 8192
#define REQUESTS_MAX 8 /* of one call, and one more for each byte of it: an answer may bring the next question */
#define TALK_STEPS 300
#define TALK_STEP_US 50000

static const char *const options[][2] = {
  { NULL, NULL },       { "waves", "on" },     { "waves", "off" }, { "stuffing", "on" }, { "stuffing", "off" },
  { "stuffing", "auto" }, { "poll_s", "1" }, { "base", "on" },   { "base", "off" },
};

typedef struct {
  ChsSink          sink;
  const ChsDriver *driver;
  gpointer         state;
  gint64           now_us;
  ChsCounters      last;    /* of the driver, at the last look */
  guint64          fed;     /* bytes since the link was opened */
  guint64          silent;  /* bytes since a counter moved */
  gsize            requests, requests_max; /* of this call */
  GByteArray      *sent;    /* what went out and was not heard yet; NULL: nobody listens */
  guint64          seq;
  guint64          digest;  /* of all events, in order */
  GByteArray      *masked;  /* what would be recorded, where the driver masks; NULL: nothing is recorded */
} Fuzz;

static guint64
digest (guint64 sum, const guint8 *bytes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sum = (sum ^ bytes[i]) * G_GUINT64_CONSTANT (0x100000001b3); /* FNV-1a */
  return sum;
}

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  Fuzz *self = sink->user;
  static guint8 packed[64 * 1024];
  ChsPackState pack = { 0 };
  ChsEvent copy = *event;
  gsize n;

  FUZZ_HOLDS (chs_event_check (&copy), "an event of type %u that makes no sense", event->type);
  copy.source = 1;
  copy.t_us = self->now_us;
  copy.seq = ++self->seq;
  n = chs_event_pack (&pack, &copy, packed, sizeof packed);
  FUZZ_HOLDS (n > 0, "an event of type %u that cannot be recorded", event->type);
  self->digest = digest (self->digest, packed, n);
}

static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  Fuzz *self = sink->user;
  guint8 frame[CHS_TX_FRAME_MAX];

  FUZZ_HOLDS (query < self->driver->n_queries, "row %u", query);
  FUZZ_HOLDS (n <= CHS_TX_PAYLOAD_MAX && chs_tx_guard_match (&self->driver->queries[query], payload, n), "row %u", query);
  FUZZ_HOLDS (++self->requests <= self->requests_max, "requests without end");
  if (self->driver->wrap != NULL)
    n = self->driver->wrap (self->state, payload, n, frame, sizeof frame);
  else
    memcpy (frame, payload, n);
  FUZZ_HOLDS (n > 0 && n <= sizeof frame, "row %u", query);
  if (self->sent != NULL)
    g_byte_array_append (self->sent, frame, (guint) n);
}

static void
on_frame (ChsSink *sink, const uint8_t *bytes, size_t n, const char *words)
{
  G_GNUC_UNUSED volatile guint8 last = 0;

  /* Words are for a person, and no part of what any split gives alike; they must be there, and end. */
  FUZZ_HOLDS (words != NULL && strlen (words) < 4096, "words");
  for (gsize i = 0; i < n; i++)
    last ^= bytes[i];
}

static void
begin_call (Fuzz *self, gsize n)
{
  self->requests = 0;
  self->requests_max = REQUESTS_MAX + n;
}

static void
look_at_counters (Fuzz *self, gsize fed)
{
  ChsCounters now = *self->driver->counters (self->state);

  FUZZ_HOLDS (now.frames_ok >= self->last.frames_ok && now.frames_bad >= self->last.frames_bad
                  && now.bytes_skipped >= self->last.bytes_skipped && now.resyncs >= self->last.resyncs
                  && now.unknown >= self->last.unknown,
              "a counter went back");
  self->fed += fed;
  self->silent = memcmp (&now, &self->last, sizeof now) == 0 ? self->silent + fed : 0;
  FUZZ_HOLDS (self->silent <= SILENT_BYTES_MAX, "%" G_GUINT64_FORMAT " bytes, and neither a frame nor a reason", self->silent);
  self->last = now;
  begin_call (self, 0);
}

static void
open_port (Fuzz *self)
{
  begin_call (self, 0);
  self->driver->opened (self->state, self->now_us, &self->sink);
  self->last = *self->driver->counters (self->state); /* they may begin anew */
  begin_call (self, 0);
  self->silent = 0;
}

static void
begin (Fuzz *self, const ChsDriver *driver, guint8 how)
{
  const char *const *option = options[(how & FUZZ_HOW_OPTION) % G_N_ELEMENTS (options)];

  *self = (Fuzz) { .sink = { .event = on_event, .request = on_request, .frame = on_frame }, .driver = driver };
  self->sink.user = self;
  self->state = g_malloc0 (MAX (driver->state_size, 1));
  if (driver->bind != NULL)
    driver->bind (self->state, driver);
  if (driver->option != NULL && option[0] != NULL)
    (void) driver->option (self->state, option[0], option[1]);
  open_port (self);
}

static void
end (Fuzz *self)
{
  if (self->driver->closing != NULL)
    self->driver->closing (self->state, self->now_us, &self->sink);
  look_at_counters (self, 0);
  g_free (self->state);
}

static void
tick (Fuzz *self)
{
  if (self->driver->tick != NULL)
    self->driver->tick (self->state, self->now_us, &self->sink);
  look_at_counters (self, 0);
}

/* In memory of exactly its size; never NULL. */
static guint8 *
dup_exactly (const guint8 *bytes, gsize n)
{
  guint8 *copy = g_malloc (MAX (n, 1));

  memcpy (copy, bytes, n);
  return copy;
}

/* As a link does: first what is recorded of the bytes, then the bytes. */
static void
record (Fuzz *self, const guint8 *bytes, gsize n)
{
  guint8 *out;
  gsize n_out;

  if (self->driver->mask == NULL || self->masked == NULL)
    return;
  out = g_malloc (CHS_MASK_ROOM (n));
  n_out = self->driver->mask (self->state, bytes, n, out);
  FUZZ_HOLDS (n_out <= CHS_MASK_ROOM (n), "%zu bytes for %zu", n_out, n);
  g_byte_array_append (self->masked, out, (guint) n_out);
  g_free (out);
}

static void
feed (Fuzz *self, const guint8 *bytes, gsize n)
{
  guint8 *piece = dup_exactly (bytes, n);

  record (self, piece, n);
  begin_call (self, n);
  self->driver->feed (self->state, piece, n, self->now_us, &self->sink);
  look_at_counters (self, n);
  g_free (piece);
}

static void
wait_or_reopen (Fuzz *self, guint8 what)
{
  if (what == REOPEN) {
    open_port (self);
    return;
  }
  self->now_us += what * STEP_US;
  if (what > 0)
    tick (self);
}

static void
feed_in_pieces (Fuzz *self, const guint8 *head, const guint8 *bytes, gsize n)
{
  for (gsize done = 0, i = 0; done < n; i++) {
    gsize piece = head[1 + i % 4] == 0 ? 256 : head[1 + i % 4];

    piece = MIN (piece, n - done);
    wait_or_reopen (self, head[5 + i % 3]);
    feed (self, bytes + done, piece);
    done += piece;
  }
}

static void
probe (const ChsDriver *driver, const guint8 *bytes, gsize n)
{
  guint8 *copy = dup_exactly (bytes, n);
  int score = driver->probe != NULL ? driver->probe (copy, n) : 0;

  FUZZ_HOLDS (score >= 0 && score <= 100, "score %d", score);
  g_free (copy);
}

static void
check_splits (const ChsDriver *driver, const guint8 *head, const guint8 *bytes, gsize n)
{
  Fuzz pieces, whole;

  begin (&pieces, driver, head[0]);
  feed_in_pieces (&pieces, head, bytes, n);
  end (&pieces);
  begin (&whole, driver, head[0]);
  feed (&whole, bytes, n);
  end (&whole);
  FUZZ_HOLDS (pieces.digest == whole.digest && pieces.seq == whole.seq, "events depend on the split");
  FUZZ_HOLDS (memcmp (&pieces.last, &whole.last, sizeof whole.last) == 0, "counters depend on the split");
}

/* The recording of what was fed is decoded. */
static void
check_masked (const ChsDriver *driver, const guint8 *head, const guint8 *bytes, gsize n)
{
  Fuzz line, again;

  if (driver->mask == NULL)
    return;
  begin (&line, driver, head[0]);
  line.masked = g_byte_array_new ();
  feed_in_pieces (&line, head, bytes, n);
  record (&line, NULL, 0);
  FUZZ_HOLDS (line.masked->len <= CHS_MASK_ROOM (n), "%u bytes of %zu", line.masked->len, n);
  begin (&again, driver, head[0]);
  if (line.masked->len > 0)
    feed (&again, line.masked->data, line.masked->len);
  FUZZ_HOLDS (again.last.frames_ok <= line.last.frames_ok, "masking has mended a frame");
  end (&again);
  end (&line);
  g_byte_array_unref (line.masked);
}

/* ---- driver and simulator, and a bad line between them ---- */

typedef struct {
  Fuzz         *fuzz;
  const guint8 *script; /* pairs: bytes that pass, then what the next one is flipped by; 0 = it is lost */
  gsize         n_script, at;
  guint         good;   /* bytes that pass before the next fault */
} Line;

static void
take_fault (Line *self)
{
  self->good = self->at + 1 < self->n_script ? self->script[self->at] : G_MAXUINT;
}

/* What arrives of @bytes. */
static GByteArray *
pass (Line *self, const guint8 *bytes, gsize n)
{
  GByteArray *out = g_byte_array_sized_new ((guint) n);

  for (gsize i = 0; i < n; i++) {
    guint8 byte = bytes[i];

    if (self->good > 0) {
      self->good -= self->good != G_MAXUINT;
      g_byte_array_append (out, &byte, 1);
      continue;
    }
    byte ^= self->script[self->at + 1];
    if (self->script[self->at + 1] != 0)
      g_byte_array_append (out, &byte, 1);
    self->at += 2;
    take_fault (self);
  }
  return out;
}

static void
on_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  Line *self = out->user;
  g_autoptr (GByteArray) arrived = pass (self, bytes, n);

  if (arrived->len > 0)
    feed (self->fuzz, arrived->data, arrived->len);
}

static void
hear (Line *line, const ChsSimulator *simulator, gpointer sim, const ChsSimPatient *patient, ChsSimOut *out)
{
  Fuzz *fuzz = line->fuzz;
  g_autoptr (GByteArray) sent = fuzz->sent;
  g_autoptr (GByteArray) arrived = pass (line, sent->data, sent->len);

  fuzz->sent = g_byte_array_new ();
  if (simulator->feed != NULL && arrived->len > 0)
    simulator->feed (sim, patient, arrived->data, arrived->len, fuzz->now_us, out);
}

/* One cuff reading, one of its failures, two pumps: what the instruments have something to say about. */
static void
move_patient (ChsSimPatient *patient, guint step)
{
  patient->nibp_inflating = step % 100 > 60 && step % 100 < 90;
  if (step % 100 == 90) {
    patient->nibp_count++;
    patient->nibp_failed = step > 200;
    patient->nibp_sys = patient->nibp_failed ? (double) NAN : 118;
    patient->nibp_dia = patient->nibp_failed ? (double) NAN : 74;
    patient->nibp_mean = patient->nibp_failed ? (double) NAN : 89;
  }
  patient->pumps[0].present = patient->pumps[1].present = true;
  patient->pumps[0].state = step > 30 ? CHS_PUMP_INFUSING : CHS_PUMP_READY;
  patient->pumps[0].rate_ml_h = 250;
  patient->pumps[0].volume_ml += 0.01;
  patient->pumps[1].state = CHS_PUMP_ALARM;
  patient->pumps[1].alarms = 1u << (step / 20 % CHS_N_PUMP_ALARMS);
}

static void
talk (const ChsDriver *driver, const guint8 *head, const guint8 *bytes, gsize n)
{
  const ChsSimulator *simulator = chs_simulator_find (driver->id);
  gpointer sim = g_malloc0 (simulator->state_size);
  Fuzz fuzz;
  Line line = { .fuzz = &fuzz, .script = bytes, .n_script = n };
  ChsSimOut out = { .write = on_write, .user = &line };
  ChsSimPatient patient;

  take_fault (&line);
  chs_sim_patient_init (&patient);
  begin (&fuzz, driver, head[0]);
  fuzz.sent = g_byte_array_new ();
  simulator->start (sim, &patient, head[1], 0);
  for (guint step = 0; step < TALK_STEPS; step++) {
    move_patient (&patient, step);
    fuzz.now_us += TALK_STEP_US;
    tick (&fuzz);
    hear (&line, simulator, sim, &patient, &out);
    simulator->tick (sim, &patient, fuzz.now_us, &out);
  }
  end (&fuzz);
  g_byte_array_unref (fuzz.sent);
  g_free (sim);
}

void
fuzz_driver (const char *id, const guint8 *bytes, gsize n)
{
  const ChsDriver *driver = chs_driver_find (id);
  const guint8 *body = bytes + FUZZ_HEAD;
  Fuzz fuzz;

  if (n < FUZZ_HEAD)
    return;
  n -= FUZZ_HEAD;
  probe (driver, body, n);
  if ((bytes[0] & FUZZ_HOW_TALK) != 0) {
    talk (driver, bytes, body, n);
    return;
  }
  if (bytes[5] == 0 && bytes[6] == 0 && bytes[7] == 0 && (bytes[0] & FUZZ_HOW_MESSAGE) == 0) {
    check_splits (driver, bytes, body, n);
    check_masked (driver, bytes, body, n);
    return;
  }
  begin (&fuzz, driver, bytes[0]);
  fuzz.masked = g_byte_array_new ();
  if ((bytes[0] & FUZZ_HOW_MESSAGE) != 0 && driver->message != NULL)
    driver->message (fuzz.state, body, n, fuzz.now_us, &fuzz.sink);
  else
    feed_in_pieces (&fuzz, bytes, body, n);
  record (&fuzz, NULL, 0);
  FUZZ_HOLDS (fuzz.masked->len <= CHS_MASK_ROOM (n), "%u bytes of %zu", fuzz.masked->len, n);
  end (&fuzz);
  g_byte_array_unref (fuzz.masked);
}

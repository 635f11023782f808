/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/driver-check.h"

/* Properties that every framed protocol is held to, on streams that the test makes. */

/* Makes frame number @i of a stream. */
typedef GByteArray *(*CodecCheckMake) (guint i);

static inline GByteArray *
codec_check_stream (CodecCheckMake make, guint n)
{
  GByteArray *stream = g_byte_array_new ();

  for (guint i = 0; i < n; i++) {
    g_autoptr (GByteArray) frame = make (i);

    g_byte_array_append (stream, frame->data, frame->len);
  }
  return stream;
}

/* 1000 frames, 40 bytes cut out at each tenth: every intact frame is decoded, and no other. @missing and @torn are how
 * many may be wrong all the same, where the protocol leaves no way to know; the test says why. */
static inline void
codec_check_cuts (const ChsDriver *driver, CodecCheckMake make, guint missing, guint torn)
{
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint intact = 0;
  gsize cut_end = 0, total = 0;
  ChsCounters counters;
  g_autofree char *events = NULL;

  for (guint i = 0; i < 1000; i++) {
    g_autoptr (GByteArray) frame = make (i);
    gsize start = total, end = total + frame->len, from = MAX (start, cut_end), keep_end = end;

    total = end;
    if (i % 10 == 5) {
      keep_end = start + (gsize) g_rand_int_range (rand, 0, (gint32) frame->len);
      cut_end = keep_end + 40;
      if (keep_end > from)
        g_byte_array_append (stream, frame->data + (from - start), (guint) (keep_end - from));
      from = MAX (from, cut_end);
      keep_end = end;
    } else if (from == start) {
      intact++;
    }
    if (from < keep_end)
      g_byte_array_append (stream, frame->data + (from - start), (guint) (keep_end - from));
  }
  events = driver_check_dup_events (driver, stream->data, stream->len, stream->len, &counters);
  ck_assert_msg (counters.frames_ok + missing >= intact, "%s: %" G_GUINT64_FORMAT " of %u intact frames", driver->id,
                 counters.frames_ok, intact);
  ck_assert_msg (counters.frames_ok <= intact + torn, "%s: %" G_GUINT64_FORMAT " frames of %u intact", driver->id,
                 counters.frames_ok, intact);
}

/* What comes out of @stream with byte @at dropped (@mask 0) or changed. */
static inline char *
codec_check_dup_damaged (const ChsDriver *driver, const GByteArray *stream, gsize at, guint8 mask, ChsCounters *counters)
{
  g_autofree guint8 *bytes = g_memdup2 (stream->data, stream->len);
  gsize n = stream->len;

  if (mask != 0)
    bytes[at] ^= mask;
  else
    memmove (bytes + at, bytes + at + 1, --n - at);
  return driver_check_dup_events (driver, bytes, n, n, counters);
}

/* A protocol with a checksum: one byte of frame 1 of @n dropped or one bit flipped costs frames, and makes none. A flip
 * that leaves the number of frames as it was must leave the events as they were. */
static inline void
codec_check_damage (const ChsDriver *driver, CodecCheckMake make, guint n)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, n), first = make (0), second = make (1);
  ChsCounters counters;
  g_autofree char *whole = driver_check_dup_events (driver, stream->data, stream->len, stream->len, &counters);
  guint64 want = counters.frames_ok;

  ck_assert_uint_gt (want, 0);
  for (gsize at = first->len; at < first->len + second->len; at++) {
    for (guint8 bit = 0; bit <= 8; bit++) {
      g_autofree char *events
          = codec_check_dup_damaged (driver, stream, at, bit == 8 ? 0 : (guint8) (1u << bit), &counters);

      ck_assert_msg (counters.frames_ok <= want, "%s: byte %zu, bit %u: %" G_GUINT64_FORMAT " frames", driver->id, at, bit,
                     counters.frames_ok);
      ck_assert_msg (counters.frames_ok < want || strcmp (events, whole) == 0, "%s: byte %zu, bit %u: another frame", driver->id,
                     at, bit);
    }
  }
}

/* Bytes at random. Returns how many frames were found in them. */
static inline guint64
codec_check_noise (const ChsDriver *driver, guint32 seed, gsize n)
{
  g_autofree guint8 *bytes = g_malloc (n);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  ChsCounters counters;
  g_autofree char *events = NULL;

  for (gsize i = 0; i < n; i++)
    bytes[i] = (guint8) g_rand_int (rand);
  events = driver_check_dup_events (driver, bytes, n, 997, &counters);
  return counters.frames_ok;
}

/* ---- a simulated instrument on the other end ---- */

typedef struct {
  DriverCheck check;
  const ChsSimulator *simulator;
  gpointer sim;
  ChsSimPatient patient;
} SimCheck;

static inline void
sim_check_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  driver_check_feed (out->user, bytes, n, n);
}

static inline void
sim_check_open (SimCheck *self, const ChsDriver *driver)
{
  self->simulator = chs_simulator_find (driver->id);
  ck_assert_msg (self->simulator != NULL && chs_driver_find (driver->id) == driver, "%s is not in the tables", driver->id);
  self->sim = g_malloc0 (self->simulator->state_size);
  chs_sim_patient_init (&self->patient);
  self->simulator->start (self->sim, &self->patient, 1, 0);
  driver_check_open (&self->check, driver);
}

/* Both sides for @seconds: what the driver asked goes to the instrument, at once. */
static inline void
sim_check_run (SimCheck *self, double seconds)
{
  DriverCheck *check = &self->check;
  ChsSimOut out = { .write = sim_check_write, .user = check };

  for (gint64 end_us = check->now_us + (gint64) (seconds * 1e6); check->now_us < end_us; check->now_us += 5000) {
    if (check->driver->tick != NULL)
      check->driver->tick (check->state, check->now_us, &check->sink);
    if (check->sent->len > 0 && self->simulator->feed != NULL) {
      g_autoptr (GByteArray) sent = check->sent;

      check->sent = g_byte_array_new ();
      self->simulator->feed (self->sim, &self->patient, sent->data, sent->len, check->now_us, &out);
    }
    self->simulator->tick (self->sim, &self->patient, check->now_us, &out);
  }
}

static inline guint
sim_check_count (const SimCheck *self, const char *what)
{
  return driver_check_count (self->check.events->str, what);
}

/* Events so far are forgotten. */
static inline void
sim_check_forget (SimCheck *self)
{
  g_string_truncate (self->check.events, 0);
}

static inline void
sim_check_close (SimCheck *self)
{
  driver_check_close (&self->check);
  g_free (self->sim);
}

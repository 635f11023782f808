/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/driver-check.h"

#include <math.h>

/* What a simulated instrument says to its driver in the course of a restless afternoon, cut at the
 * bytes with which the driver counted a good frame. The same for every instrument of the table. */

#define STREAM_STEP_US 20000 /* ChsSimulator.tick */
#define STREAM_MAX_S 20000   /* of simulated time; the slowest says something every 60 s */

typedef struct {
  const ChsDriver *driver;
  GByteArray *bytes;
  GArray     *ends;   /* gsize: behind the last byte of each frame */
} Stream;

typedef struct {
  DriverCheck   check;
  ChsSimPatient patient;
  Stream       *stream;
  gsize         piece;
} StreamTalk;

static inline guint64
stream_frames_ok (const DriverCheck *check)
{
  return check->driver->counters (check->state)->frames_ok;
}

/* Byte by byte, so that it is known which one completed a frame. */
static inline void
stream_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  StreamTalk *talk = out->user;

  for (size_t i = 0; i < n; i++) {
    guint64 before = stream_frames_ok (&talk->check);
    gsize end;

    g_byte_array_append (talk->stream->bytes, bytes + i, 1);
    driver_check_feed (&talk->check, bytes + i, 1, 1);
    end = talk->stream->bytes->len;
    if (stream_frames_ok (&talk->check) != before)
      g_array_append_val (talk->stream->ends, end);
  }
}

/* Values that move, sensors that fall off, pumps that run, stop and alarm: own choice, so that frames differ. */
static inline void
stream_move_patient (ChsSimPatient *patient, double t_s)
{
  ChsSimPump *pump = &patient->pumps[0];
  guint phase = (guint) (t_s / 40) % 5;

  patient->hr = patient->pr = 70 + floor (30 * sin (t_s / 17));
  patient->spo2 = phase == 3 ? (double) NAN : 95 + floor (4 * sin (t_s / 11));
  patient->pi = 3 + sin (t_s / 5);
  patient->rr = 14 + floor (4 * sin (t_s / 23));
  patient->etco2_mmhg = phase == 4 ? (double) NAN : 36 + floor (4 * sin (t_s / 19));
  patient->abp_sys = 120 + floor (20 * sin (t_s / 13));
  patient->abp_dia = patient->abp_sys - 45;
  patient->abp_mean = patient->abp_dia + 15;
  patient->nibp_inflating = fmod (t_s, 60) < 25;
  if ((guint32) (t_s / 60) > patient->nibp_count) {
    patient->nibp_count = (guint32) (t_s / 60);
    patient->nibp_sys = patient->abp_sys, patient->nibp_dia = patient->abp_dia, patient->nibp_mean = patient->abp_mean;
  }
  pump->present = true;
  pump->state = phase == 2 ? CHS_PUMP_ALARM : phase == 1 ? CHS_PUMP_PAUSED : CHS_PUMP_INFUSING;
  pump->alarms = phase == 2 ? CHS_PUMP_ALARM_OCCLUSION : 0;
  pump->rate_ml_h = 100 + 10 * floor (t_s / 30);
  pump->rate_ml_h = 100 + fmod (pump->rate_ml_h, 400);
  pump->volume_ml += pump->state == CHS_PUMP_INFUSING ? pump->rate_ml_h * STREAM_STEP_US / 3.6e9 : 0;
  pump->vtbi_ml = 9000;
  patient->pumps[1] = *pump;
  g_strlcpy (pump->drug, "Magnesium", sizeof pump->drug);
}

/* What is never driven speaks when others command it: here, a SunTech module that is told to measure, every 40 s. */
static inline void
stream_command (StreamTalk *talk, const ChsSimulator *simulator, gpointer sim, ChsSimOut *out)
{
  static const guint8 measure_adult[] = { 0x3A, 0x20, 0xA6 };

  if (talk->check.now_us % (40 * G_USEC_PER_SEC) == 0)
    simulator->feed (sim, &talk->patient, measure_adult, sizeof measure_adult, talk->check.now_us, out);
}

/* The first @n_frames frames of @driver's simulator, or as many as it says in STREAM_MAX_S. */
static inline void
stream_make (Stream *stream, const ChsDriver *driver, guint n_frames)
{
  const ChsSimulator *simulator = chs_simulator_find (driver->id);
  StreamTalk talk = { .stream = stream };
  ChsSimOut out = { .write = stream_write, .user = &talk };
  g_autofree gpointer sim = NULL;

  ck_assert_msg (simulator != NULL, "%s has no simulator", driver->id);
  *stream = (Stream) { .driver = driver, .bytes = g_byte_array_new (), .ends = g_array_new (FALSE, FALSE, sizeof (gsize)) };
  sim = g_malloc0 (simulator->state_size);
  chs_sim_patient_init (&talk.patient);
  stream_move_patient (&talk.patient, 0);
  simulator->start (sim, &talk.patient, 1, 0);
  driver_check_open (&talk.check, driver);
  for (; stream->ends->len < n_frames && talk.check.now_us < (gint64) STREAM_MAX_S * G_USEC_PER_SEC; talk.check.now_us += STREAM_STEP_US) {
    g_autoptr (GByteArray) sent = talk.check.sent;

    stream_move_patient (&talk.patient, (double) talk.check.now_us / 1e6);
    talk.check.sent = g_byte_array_new ();
    if (driver->access == CHS_ACCESS_NEVER)
      stream_command (&talk, simulator, sim, &out);
    if (sent->len > 0 && simulator->feed != NULL)
      simulator->feed (sim, &talk.patient, sent->data, sent->len, talk.check.now_us, &out);
    simulator->tick (sim, &talk.patient, talk.check.now_us, &out);
    if (driver->tick != NULL)
      driver->tick (talk.check.state, talk.check.now_us, &talk.check.sink);
    g_string_truncate (talk.check.events, 0);
  }
  driver_check_close (&talk.check);
}

static inline void
stream_clear (Stream *stream)
{
  g_byte_array_unref (stream->bytes);
  g_array_unref (stream->ends);
}

static inline gsize
stream_end (const Stream *stream, guint frame)
{
  return g_array_index (stream->ends, gsize, frame);
}

static inline gsize
stream_start (const Stream *stream, guint frame)
{
  return frame == 0 ? 0 : stream_end (stream, frame - 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/driver-check.h"

/* What every pump driver must stand, whatever its protocol. */

/* No damage to one byte of a good frame makes another one of it: the events are the same, or there are none. */
static inline void
pump_check_damage (const ChsDriver *driver, const guint8 *frame, gsize n)
{
  g_autofree char *want = driver_check_dup_events (driver, frame, n, n, NULL);

  for (gsize at = 0; at < n; at++)
    for (guint bit = 0; bit <= 8; bit++) {
      g_autofree guint8 *bytes = g_memdup2 (frame, n);
      g_autofree char *events = NULL;
      gsize length = n;

      if (bit < 8)
        bytes[at] ^= (guint8) (1u << bit);
      else
        memmove (bytes + at, bytes + at + 1, --length - at);
      events = driver_check_dup_events (driver, bytes, length, length, NULL);
      ck_assert_msg (events[0] == '\0' || strcmp (events, want) == 0, "%s: byte %zu, bit %u", driver->id, at, bit);
    }
}

/* Of 1000 frames with a piece cut out of every tenth, the other 900 come through. */
static inline void
pump_check_resync (const ChsDriver *driver, const guint8 *frame, gsize n)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *events = NULL;
  gsize hole = MIN (40, n / 2);
  ChsCounters counters;

  for (guint i = 0; i < 1000; i++) {
    gsize at = (i * 37) % (n - hole);

    g_byte_array_append (bytes, frame, (guint) (i % 10 != 9 ? n : at));
    if (i % 10 == 9)
      g_byte_array_append (bytes, frame + at + hole, (guint) (n - at - hole));
  }
  events = driver_check_dup_events (driver, bytes->data, bytes->len, 4096, &counters);
  ck_assert_msg (counters.frames_ok == 900, "%s: %" G_GUINT64_FORMAT, driver->id, counters.frames_ok);
  driver_check_splits (driver, bytes->data, 20 * n);
}

static inline void
pump_check_noise (const ChsDriver *driver)
{
  guint8 noise[30000];
  guint32 x = 4711;
  g_autofree char *events = NULL;

  for (gsize i = 0; i < sizeof noise; i++) {
    x = x * 1664525u + 1013904223u;
    noise[i] = (guint8) (x >> 24);
  }
  events = driver_check_dup_events (driver, noise, sizeof noise, 13, NULL);
  ck_assert_msg (events[0] == '\0', "%s: %s", driver->id, events);
}

static inline void
pump_check_tells (DriverTalk *talk, double seconds, const char *what)
{
  g_autofree char *events = NULL;

  g_free (driver_talk_dup_new_events (talk));
  driver_talk_run (talk, seconds);
  events = driver_talk_dup_new_events (talk);
  ck_assert_msg (strstr (events, what) != NULL, "%s does not tell %s; last: %.600s", talk->check.driver->id, what, events);
}

/* Ready, infusing, turned up, occluded, held, silent, back. */
static inline void
pump_check_story (const ChsDriver *driver, const char *const *options, gint64 ns_per_byte)
{
  DriverTalk talk;
  ChsSimPump *pump = &talk.patient.pumps[0];
  g_autofree char *events = NULL;

  driver_talk_open (&talk, driver, options, NULL, ns_per_byte);
  pump->rate_ml_h = 12.5;
  pump->vtbi_ml = 50;
  pump_check_tells (&talk, 6, "\"state\":\"ready\"");
  pump->state = CHS_PUMP_INFUSING;
  pump->volume_ml = 3.2;
  pump_check_tells (&talk, 4, "\"state\":\"infusing\",\"rate_ml_h\":12.5,");
  pump->rate_ml_h = 100;
  pump_check_tells (&talk, 4, "\"flow_ml_h\":100,\"volume_ml\":3.2,\"vtbi_ml\":50,");
  pump->state = CHS_PUMP_ALARM;
  pump->alarms = CHS_PUMP_ALARM_OCCLUSION;
  pump_check_tells (&talk, 4, "\"state\":\"alarm\"");
  pump_check_tells (&talk, 4, "\"alarms\":[\"occlusion\"]");
  pump->state = CHS_PUMP_PAUSED;
  pump->alarms = 0;
  pump_check_tells (&talk, 4, "\"state\":\"paused\"");
  talk.patient.pump_on = false;
  driver_talk_run (&talk, 5);
  g_free (driver_talk_dup_new_events (&talk));
  driver_talk_run (&talk, 20);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_msg (events[0] == '\0', "%s makes up %s", driver->id, events);
  talk.patient.pump_on = true;
  pump_check_tells (&talk, 15, "\"state\":\"paused\"");
  driver_talk_close (&talk);
}

/* On a bad line it takes longer, and what is told is true. */
static inline void
pump_check_bad_line (const ChsDriver *driver, const char *const *options, const char *faults, gint64 ns_per_byte, guint least)
{
  DriverTalk talk;
  g_autofree char *events = NULL;
  guint n;

  driver_talk_open (&talk, driver, options, faults, ns_per_byte);
  talk.patient.pumps[0].state = CHS_PUMP_INFUSING;
  talk.patient.pumps[0].rate_ml_h = 75;
  talk.patient.pumps[0].volume_ml = 7;
  driver_talk_run (&talk, 120);
  events = driver_talk_dup_new_events (&talk);
  n = driver_check_count (events, "\"state\":\"infusing\",\"rate_ml_h\":75,");
  ck_assert_msg (n >= least, "%s with %s: %u statuses", driver->id, faults != NULL ? faults : options[0], n);
  for (const char *pump = strstr (events, "\"type\":\"pump\""); pump != NULL; pump = strstr (pump + 1, "\"type\":\"pump\"")) {
    g_autofree char *line = g_strndup (pump, strcspn (pump, "\n"));

    ck_assert_msg (strstr (line, "\"state\":\"infusing\",\"rate_ml_h\":75,") != NULL || strstr (line, "\"state\":\"unknown\",\"rate_ml_h\":null") != NULL,
                   "%s with %s: %s", driver->id, faults != NULL ? faults : options[0], line);
  }
  driver_talk_close (&talk);
}

/* None of these is in the table, whatever the row. */
static inline void
pump_check_forbidden (const ChsDriver *driver, const char *bytes, gsize n)
{
  for (guint query = 0; query < driver->n_queries; query++)
    ck_assert_msg (!chs_tx_guard_match (&driver->queries[query], (const guint8 *) bytes, n), "%s may send \"%s\" as %s", driver->id, bytes,
                   driver->queries[query].name);
}

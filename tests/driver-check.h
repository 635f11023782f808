/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/event-json.h"
#include "devices/driver.h"
#include "devices/sim-line.h"
#include "devices/simulator.h"
#include "devices/tx-guard.h"

#include <check.h>
#include <string.h>

/* What every test of a driver needs: its memory, a sink that prints the events as
 * JSON lines, a simulated instrument at the other end of a line in memory, and a
 * time that only the test moves. */

typedef struct {
  ChsSink          sink;
  const ChsDriver *driver;
  gpointer         state;
  GString         *events;  /* JSON lines, in order */
  GByteArray      *sent;    /* frames towards the instrument that were not taken yet */
  guint            n_sent;  /* requests so far */
  gint64           now_us;
} DriverCheck;

static inline void
driver_check_event (ChsSink *sink, const ChsEvent *event)
{
  DriverCheck *self = sink->user;
  ChsEvent stamped = *event;

  stamped.t_us = self->now_us;
  stamped.source = 1;
  chs_event_to_json (&stamped, self->events);
}

static inline void
driver_check_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  DriverCheck *self = sink->user;
  guint8 frame[4096];

  self->n_sent++;
  ck_assert_uint_lt (query, self->driver->n_queries);
  ck_assert_msg (chs_tx_guard_match (&self->driver->queries[query], payload, n), "%s: a request that is not in the table",
                 self->driver->id);
  if (self->driver->wrap != NULL)
    n = self->driver->wrap (self->state, payload, n, frame, sizeof frame);
  else
    memcpy (frame, payload, n);
  ck_assert_uint_gt (n, 0);
  g_byte_array_append (self->sent, frame, (guint) n);
}

static inline void
driver_check_open (DriverCheck *self, const ChsDriver *driver)
{
  *self = (DriverCheck) {
    .sink = { .event = driver_check_event, .request = driver_check_request, .user = self },
    .driver = driver,
    .state = g_malloc0 (driver->state_size),
    .events = g_string_new (NULL),
    .sent = g_byte_array_new (),
  };
  self->sink.user = self;
  if (driver->bind != NULL)
    driver->bind (self->state, driver);
  if (driver->opened != NULL)
    driver->opened (self->state, 0, &self->sink);
}

static inline void
driver_check_close (DriverCheck *self)
{
  g_free (self->state);
  g_string_free (self->events, TRUE);
  g_byte_array_unref (self->sent);
}

/* Feeds @bytes in pieces, all at the present time. */
static inline void
driver_check_feed (DriverCheck *self, const void *bytes, gsize n, gsize piece)
{
  for (gsize done = 0; done < n; done += piece)
    self->driver->feed (self->state, (const guint8 *) bytes + done, MIN (piece, n - done), self->now_us, &self->sink);
}

/* Decodes one stream by itself. */
static inline char *
driver_check_dup_events (const ChsDriver *driver, const void *bytes, gsize n, gsize piece, ChsCounters *counters)
{
  DriverCheck check;
  char *events;

  driver_check_open (&check, driver);
  driver_check_feed (&check, bytes, n, piece);
  if (driver->closing != NULL)
    driver->closing (check.state, check.now_us, &check.sink);
  events = g_strdup (check.events->str);
  if (counters != NULL)
    *counters = *driver->counters (check.state);
  driver_check_close (&check);
  return events;
}

static const gsize driver_check_pieces[] = { 1, 2, 3, 7, 64, 100000 };

/* Any split gives the same events and the same counters. */
static inline void
driver_check_splits (const ChsDriver *driver, const void *bytes, gsize n)
{
  ChsCounters want, got;
  g_autofree char *whole = driver_check_dup_events (driver, bytes, n, n, &want);

  for (gsize i = 0; i < G_N_ELEMENTS (driver_check_pieces); i++) {
    g_autofree char *events = driver_check_dup_events (driver, bytes, n, driver_check_pieces[i], &got);

    ck_assert_msg (strcmp (events, whole) == 0, "%s in pieces of %zu", driver->id, driver_check_pieces[i]);
    ck_assert_msg (memcmp (&want, &got, sizeof want) == 0, "%s in pieces of %zu: counters", driver->id, driver_check_pieces[i]);
  }
}

/* ---- a dialogue in memory: driver, line, simulated instrument ---- */

typedef struct {
  DriverCheck         check;
  const ChsSimulator *simulator;
  gpointer            sim;
  ChsSimLine         *line;
  ChsSimPatient       patient;
  gint64              last_rx_us; /* when the host last received something */
  void (*on_sent) (DriverCheck *check, const guint8 *bytes, gsize n, gint64 since_rx_us); /* may be NULL */
} DriverTalk;

static inline void
driver_talk_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  DriverTalk *self = out->user;

  chs_sim_line_push (self->line, bytes, n, self->check.now_us);
}

/* @options: of the simulator, "key=value", NULL-terminated; @faults: as of chairside-sim, or NULL. */
static inline void
driver_talk_open (DriverTalk *self, const ChsDriver *driver, const char *const *options, const char *faults, gint64 ns_per_byte)
{
  ChsSimFaults parsed;

  chs_sim_faults_init (&parsed);
  if (faults != NULL)
    ck_assert (chs_sim_faults_parse (faults, &parsed, NULL));
  self->simulator = chs_simulator_find (driver->id);
  self->sim = g_malloc0 (self->simulator->state_size);
  self->line = chs_sim_line_new (ns_per_byte, &parsed, 1);
  self->last_rx_us = 0;
  self->on_sent = NULL;
  chs_sim_patient_init (&self->patient);
  for (guint i = 0; options != NULL && options[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (options[i], "=", 2);

    ck_assert_msg (self->simulator->option (self->sim, pair[0], pair[1]), "%s", options[i]);
  }
  self->simulator->start (self->sim, &self->patient, 1, 0);
  driver_check_open (&self->check, driver);
}

static inline void
driver_talk_close (DriverTalk *self)
{
  driver_check_close (&self->check);
  chs_sim_line_free (self->line);
  g_free (self->sim);
}

/* Moves the time by @seconds in steps of 10 ms. */
static inline void
driver_talk_run (DriverTalk *self, double seconds)
{
  DriverCheck *check = &self->check;
  ChsSimOut out = { .write = driver_talk_write, .user = self };

  for (gint64 end_us = check->now_us + (gint64) (seconds * 1e6); check->now_us < end_us; check->now_us += 10000) {
    guint8 bytes[256];
    gsize n;

    if (check->sent->len > 0) {
      if (self->on_sent != NULL)
        self->on_sent (check, check->sent->data, check->sent->len, check->now_us - self->last_rx_us);
      n = chs_sim_line_spoil (self->line, check->sent->data, check->sent->len, check->now_us);
      if (self->simulator->feed != NULL)
        self->simulator->feed (self->sim, &self->patient, check->sent->data, n, check->now_us, &out);
      g_byte_array_set_size (check->sent, 0);
    }
    self->simulator->tick (self->sim, &self->patient, check->now_us, &out);
    while ((n = chs_sim_line_pop (self->line, bytes, sizeof bytes, check->now_us)) > 0) {
      self->last_rx_us = check->now_us;
      driver_check_feed (check, bytes, n, n);
    }
    if (check->driver->tick != NULL)
      check->driver->tick (check->state, check->now_us, &check->sink);
  }
}

/* What came out since the last call. */
static inline char *
driver_talk_dup_new_events (DriverTalk *self)
{
  char *events = g_strdup (self->check.events->str);

  g_string_truncate (self->check.events, 0);
  return events;
}

/* How often @what stands in the events. */
static inline guint
driver_check_count (const char *events, const char *what)
{
  guint n = 0;

  for (const char *p = strstr (events, what); p != NULL; p = strstr (p + 1, what))
    n++;
  return n;
}

/* The recorded bytes of the shared folder; NULL with a word about it where they are not there. */
static inline guint8 *
driver_check_dup_case (const char *path, gsize *n)
{
  const char *folder = g_getenv ("CHS_TEST_CASES");
  g_autofree char *file = folder != NULL ? g_build_filename (folder, path, NULL) : NULL;
  char *bytes = NULL;

  if (file == NULL || !g_file_get_contents (file, &bytes, n, NULL)) {
    g_printerr ("skipped: no %s\n", path);
    return NULL;
  }
  return (guint8 *) bytes;
}

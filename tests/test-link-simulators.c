/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/link.h"
#include "devices/simulator.h"
#include "tests/pty-peer.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* Every driver against its simulator, over a pty and the real transport, all at once: each
 * must come up, be lost when the cable is pulled, come up again, and send nothing that its
 * table does not have. An instrument is under this test by having a simulator. */

#define UP_S 25.0    /* the slowest: an instrument that waits for its old session to time out first */
#define LOSS_S 2.0   /* promised */
#define TICK_MS 20   /* ChsSimulator.tick */

typedef struct {
  const ChsSimulator *simulator;
  gpointer            state;
  ChsSimOut           out;
  PtyPeer             peer;
  ChsLink            *link;
  guint               values; /* numerics and pump statuses with a number in them */
  guint               unexpected; /* bytes that a listener sent */
  GByteArray         *raw;    /* what would be recorded of what it heard */
} Chair;

static ChsSystemClock the_clock;
static ChsSimPatient patient;
static Chair chairs[64];
static unsigned n_chairs;

static void
on_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  Chair *self = out->user;

  /* A real line does not wait for anybody who does not read. */
  if (self->peer.master >= 0 && write (self->peer.master, bytes, n) < 0)
    ck_assert_msg (errno == EAGAIN || errno == EIO, "%s", g_strerror (errno));
}

static void
on_event (ChsLink *link, const ChsEvent *event, gpointer user_data)
{
  Chair *self = user_data;

  (void) link;
  if (event->type == CHS_EVENT_RAW && !event->raw.from_host)
    g_byte_array_append (self->raw, event->raw.bytes, event->raw.n);
  else if (event->type == CHS_EVENT_NUMERIC)
    self->values += !isnan (event->numeric.value);
  else if (event->type == CHS_EVENT_PUMP)
    self->values += !isnan (event->pump.rate_ml_h) || !isnan (event->pump.volume_ml);
}

static void
tick_simulator (Chair *self, gint64 now_us)
{
  guint8 bytes[512];
  gssize n = self->peer.master >= 0 ? read (self->peer.master, bytes, sizeof bytes) : 0;

  if (n > 0 && chs_link_get_driver (self->link)->access == CHS_ACCESS_LISTEN)
    self->unexpected += (guint) n;
  if (n > 0 && self->simulator->feed != NULL)
    self->simulator->feed (self->state, &patient, bytes, (size_t) n, now_us, &self->out);
  self->simulator->tick (self->state, &patient, now_us, &self->out);
}

static gboolean
on_tick (gpointer user_data)
{
  gint64 now_us = the_clock.clock.now_us (&the_clock.clock);

  (void) user_data;
  for (unsigned i = 0; i < n_chairs; i++)
    tick_simulator (&chairs[i], now_us);
  return G_SOURCE_CONTINUE;
}

static void
start_chair (Chair *self, const ChsSimulator *simulator)
{
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  ChsLinkConfig config = { .name = simulator->driver_id, .driver = simulator->driver_id };

  pty_peer_init (&self->peer);
  self->raw = g_byte_array_new ();
  self->simulator = simulator;
  self->state = g_malloc0 (simulator->state_size);
  self->out = (ChsSimOut) { .write = on_write, .user = self };
  simulator->start (self->state, &patient, 1, 0);
  config.address = address = g_strconcat ("tty:", self->peer.link, NULL);
  self->link = chs_link_new (&config, (guint8) (1 + self - chairs), &the_clock.clock, NULL, on_event, self, &error);
  g_assert_no_error (error);
  chs_link_start (self->link);
}

static void
set_up (void)
{
  chs_system_clock_init (&the_clock, g_get_monotonic_time ());
  chs_sim_patient_init (&patient);
  patient.pumps[0].present = TRUE;
  patient.pumps[0].state = CHS_PUMP_INFUSING;
  patient.pumps[0].rate_ml_h = 150.0;
  patient.pumps[0].volume_ml = 12.5;
  n_chairs = 0;
  for (const ChsSimulator *const *s = chs_simulators (NULL); *s != NULL; s++) {
    const ChsDriver *driver = chs_driver_find ((*s)->driver_id);

    ck_assert_msg (driver != NULL, "simulator of no driver: %s", (*s)->driver_id);
    if (driver->access != CHS_ACCESS_NEVER && n_chairs < G_N_ELEMENTS (chairs))
      start_chair (&chairs[n_chairs++], *s);
  }
  g_timeout_add (TICK_MS, on_tick, NULL);
}

static void
tear_down (void)
{
  for (unsigned i = 0; i < n_chairs; i++) {
    chs_link_stop (chairs[i].link);
    g_object_unref (chairs[i].link);
    g_free (chairs[i].state);
    g_byte_array_unref (chairs[i].raw);
    pty_peer_clear (&chairs[i].peer);
  }
}

/* Runs until all are in @state; names those that are not after @seconds. */
static void
wait_for_all (ChsLinkState state, double seconds, const char *when)
{
  gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  g_autoptr (GString) late = g_string_new (NULL);

  do {
    g_main_context_iteration (NULL, TRUE);
    g_string_truncate (late, 0);
    for (unsigned i = 0; i < n_chairs; i++)
      if (chs_link_get_state (chairs[i].link) != state)
        g_string_append_printf (late, " %s (%s)", chairs[i].simulator->driver_id,
                                chs_link_state_id (chs_link_get_state (chairs[i].link)));
  } while (late->len > 0 && g_get_monotonic_time () < end);
  ck_assert_msg (late->len == 0, "%s, after %.0f s:%s", when, seconds, late->str);
}

static gboolean
holds (const GByteArray *bytes, const char *words)
{
  return memmem (bytes->data, bytes->len, words, strlen (words)) != NULL;
}

static void
check_chair (Chair *self)
{
  const char *id = self->simulator->driver_id;
  ChsLinkView view;

  ck_assert_msg (!holds (self->raw, CHS_SIM_PATIENT_ID) && !holds (self->raw, CHS_SIM_NURSE_ID), "%s: personal data is recorded", id);
  chs_link_get_view (self->link, &view);
  ck_assert_msg (self->unexpected == 0, "%s listens only, and sent %u bytes", id, self->unexpected);
  ck_assert_msg (view.tx_refused == 0, "%s: requests refused", id);
  ck_assert_msg (view.events_refused == 0, "%s: events refused", id);
  ck_assert_msg (view.counters.frames_bad <= 2, "%s: %u bad frames on a clean line", id, (guint) view.counters.frames_bad);
  ck_assert_msg (view.reconnects >= 1, "%s: not counted as reconnected", id);
}

START_TEST (every_driver_hears_its_simulator)
{
  wait_for_all (CHS_LINK_UP, UP_S, "not up");
  for (unsigned i = 0; i < n_chairs; i++)
    pty_peer_unplug (&chairs[i].peer);
  wait_for_all (CHS_LINK_LOST, LOSS_S, "loss not seen");
  for (unsigned i = 0; i < n_chairs; i++)
    pty_peer_plug (&chairs[i].peer);
  wait_for_all (CHS_LINK_UP, UP_S, "not up again");
  for (unsigned i = 0; i < n_chairs; i++)
    check_chair (&chairs[i]);
}
END_TEST

START_TEST (every_driver_gives_numbers)
{
  gint64 end = g_get_monotonic_time () + (gint64) (UP_S * G_USEC_PER_SEC);
  g_autoptr (GString) late = g_string_new (NULL);

  do {
    g_main_context_iteration (NULL, TRUE);
    g_string_truncate (late, 0);
    for (unsigned i = 0; i < n_chairs; i++)
      if (chairs[i].values == 0)
        g_string_append_printf (late, " %s", chairs[i].simulator->driver_id);
  } while (late->len > 0 && g_get_monotonic_time () < end);
  ck_assert_msg (late->len == 0, "no number of:%s", late->str);
}
END_TEST

static Suite *
link_simulators_suite (void)
{
  Suite *suite = suite_create ("link-simulators");
  TCase *tc = tcase_create ("pty");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_set_timeout (tc, 90);
  tcase_add_test (tc, every_driver_hears_its_simulator);
  tcase_add_test (tc, every_driver_gives_numbers);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (link_simulators_suite)

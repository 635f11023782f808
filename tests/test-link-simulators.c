/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/link.h"
#include "devices/simulator.h"
#include "tests/pty-serial.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* Every driver against its simulator, over a pty and the real transport, all at once: each
 * must come up, be lost when the cable is pulled, come up again, and send nothing that its
 * table does not have. An instrument is under this test by having a simulator. The same through libserialport, by the
 * answers of pty-serial.c: there a pty refuses even parity, so that drivers of such lines are told to leave it out. */

#define UP_S 25.0    /* the slowest: an instrument that waits for its old session to time out first */
#define LOSS_S 2.0   /* promised */
#define REFUSED_S 1    /* long enough for several tries */
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

static char *
dup_tty_address (const PtyPeer *peer, const ChsDriver *driver)
{
  (void) driver;
  return g_strconcat ("tty:", peer->link, NULL);
}

/* What tcsetattr() gives EINVAL for on a pty. (Odd parity passes: PARODD sticks, and PARENB is left out in silence.) */
static gboolean
is_refused_by_ptys (const ChsDriver *driver)
{
  ChsLine line;

  g_assert_true (chs_line_parse (driver->line, &line, NULL));
  return line.parity == CHS_PARITY_EVEN || line.data_bits != 8;
}

static char *
dup_serial_address (const PtyPeer *peer, const ChsDriver *driver)
{
  return pty_serial_dup_address (peer, is_refused_by_ptys (driver) ? "19200/8n1" : NULL);
}

static char *
dup_serial_address_as_it_should_be (const PtyPeer *peer, const ChsDriver *driver)
{
  (void) driver;
  return pty_serial_dup_address (peer, NULL);
}

typedef char *(*DupAddress) (const PtyPeer *peer, const ChsDriver *driver);

static void
start_chair (Chair *self, const ChsSimulator *simulator, DupAddress dup_address)
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
  config.address = address = dup_address (&self->peer, chs_driver_find (simulator->driver_id));
  self->link = chs_link_new (&config, (guint8) (1 + self - chairs), &the_clock.clock, NULL, on_event, self, &error);
  g_assert_no_error (error);
  chs_link_start (self->link);
}

static void
start_chairs (DupAddress dup_address)
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
      start_chair (&chairs[n_chairs++], *s, dup_address);
  }
  g_timeout_add (TICK_MS, on_tick, NULL);
}

static void
set_up (void)
{
  start_chairs (dup_tty_address);
}

static void
set_up_serial (void)
{
  start_chairs (dup_serial_address);
}

static void
set_up_refused (void)
{
  start_chairs (dup_serial_address_as_it_should_be);
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
check_chair (Chair *self, guint least_reconnects)
{
  const char *id = self->simulator->driver_id;
  ChsLinkView view;

  ck_assert_msg (!holds (self->raw, CHS_SIM_PATIENT_ID) && !holds (self->raw, CHS_SIM_NURSE_ID), "%s: personal data is recorded", id);
  chs_link_get_view (self->link, &view);
  ck_assert_msg (self->unexpected == 0, "%s listens only, and sent %u bytes", id, self->unexpected);
  ck_assert_msg (view.tx_refused == 0, "%s: requests refused", id);
  ck_assert_msg (view.events_refused == 0, "%s: events refused", id);
  ck_assert_msg (view.counters.frames_bad <= 2, "%s: %u bad frames on a clean line", id, (guint) view.counters.frames_bad);
  ck_assert_msg (view.reconnects >= least_reconnects, "%s: not counted as reconnected", id);
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
    check_chair (&chairs[i], 1);
}
END_TEST

static void
wait_for_numbers (void)
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

START_TEST (every_driver_gives_numbers)
{
  wait_for_numbers ();
}
END_TEST

/* Which pty comes after the loss is not known, so that nothing is plugged in again. */
START_TEST (every_driver_hears_its_simulator_through_libserialport)
{
  wait_for_all (CHS_LINK_UP, UP_S, "not up");
  wait_for_numbers ();
  for (unsigned i = 0; i < n_chairs; i++)
    check_chair (&chairs[i], 0);
  for (unsigned i = 0; i < n_chairs; i++)
    pty_peer_unplug (&chairs[i].peer);
  wait_for_all (CHS_LINK_LOST, LOSS_S, "loss not seen");
}
END_TEST

/* A line at the wrong parity or width would be read wrongly: it is not read at all, and the technician is told why. */
START_TEST (a_line_that_a_port_refuses_is_told_and_nothing_is_heard)
{
  gint64 end = g_get_monotonic_time () + REFUSED_S * G_USEC_PER_SEC;
  unsigned n_refused = 0;

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  for (unsigned i = 0; i < n_chairs; i++) {
    ChsLinkView view;

    chs_link_get_view (chairs[i].link, &view);
    if (!is_refused_by_ptys (chs_link_get_driver (chairs[i].link))) {
      ck_assert_str_eq (view.last_error, "");
      continue;
    }
    n_refused++;
    ck_assert_msg (g_str_has_suffix (view.last_error, "refused: Invalid argument"), "%s: \"%s\"", chairs[i].simulator->driver_id, view.last_error);
    ck_assert_int_ne (view.state, CHS_LINK_UP);
    ck_assert_uint_eq (view.bytes_rx + view.bytes_tx, 0);
  }
  ck_assert_uint_ge (n_refused, 2);
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
  tc = tcase_create ("libserialport");
  tcase_add_checked_fixture (tc, set_up_serial, tear_down);
  tcase_set_timeout (tc, 90);
  tcase_add_test (tc, every_driver_hears_its_simulator_through_libserialport);
  suite_add_tcase (suite, tc);
  tc = tcase_create ("libserialport: refused");
  tcase_add_checked_fixture (tc, set_up_refused, tear_down);
  tcase_set_timeout (tc, 30);
  tcase_add_test (tc, a_line_that_a_port_refuses_is_told_and_nothing_is_heard);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (link_simulators_suite)

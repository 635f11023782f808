/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/discover.h"
#include "devices/link.h"
#include "devices/simulator.h"
#include "tests/line-driver.h"
#include "tests/pty-peer.h"

#include <gio/gio.h>

/* What the simulated Ivy 450C says in a few seconds. */
static GByteArray *said;
static PtyPeer peer;
static ChsSystemClock the_clock;

static void
on_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  (void) out;
  g_byte_array_append (said, bytes, (guint) n);
}

static void
set_up (void)
{
  const ChsSimulator *simulator = chs_simulator_find ("ivy-450c");
  g_autofree gpointer state = g_malloc0 (simulator->state_size);
  ChsSimOut out = { .write = on_write };
  ChsSimPatient patient;

  said = g_byte_array_new ();
  chs_sim_patient_init (&patient);
  simulator->start (state, &patient, 1, 0);
  for (int64_t t = 0; t < 8000000; t += 20000)
    simulator->tick (state, &patient, t, &out);
  pty_peer_init (&peer);
  chs_system_clock_init (&the_clock, g_get_monotonic_time ());
}

static void
tear_down (void)
{
  g_byte_array_unref (said);
  pty_peer_clear (&peer);
}

static GArray *
listen_for (guint ms, gsize *n_heard)
{
  g_autofree char *address = g_strconcat ("tty:", peer.link, "?9600/8n1", NULL);
  g_autoptr (GError) error = NULL;
  GArray *found = chs_discover_listen (address, ms, &the_clock.clock, NULL, n_heard, &error);

  g_assert_no_error (error);
  return found;
}

/* A pty keeps what was said before anybody listens, 4000 bytes of it. */
static void
say (gsize from, gsize n)
{
  ck_assert_uint_le (from + n, said->len);
  ck_assert_int_eq (write (peer.master, said->data + from, n), (gssize) n);
}

START_TEST (an_instrument_that_talks_is_recognised)
{
  g_autoptr (GArray) found = NULL;
  const ChsDiscovery *best;
  char sent[8];
  gsize n;

  say (0, 4000);
  found = listen_for (300, &n);
  ck_assert_uint_gt (n, 0);
  ck_assert_uint_ge (found->len, 1);
  best = &g_array_index (found, ChsDiscovery, 0);
  ck_assert_str_eq (best->driver->id, "ivy-450c");
  ck_assert_int_ge (best->score, CHS_DISCOVER_SURE);
  ck_assert_str_eq (best->line, "9600/8n1");
  ck_assert_uint_eq (pty_peer_hear (&peer, sent, sizeof sent), 0);
}
END_TEST

START_TEST (silence_is_nobody)
{
  gsize n;
  g_autoptr (GArray) found = listen_for (100, &n);

  ck_assert_uint_eq (n, 0);
  ck_assert_uint_eq (found->len, 0);
}
END_TEST

START_TEST (noise_is_nobody)
{
  ChsDiscovery found[8];
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint8 noise[4096];

  for (guint i = 0; i < sizeof noise; i++)
    noise[i] = (guint8) g_rand_int (random);
  for (guint i = 0, n = chs_discover_rank (noise, sizeof noise, found, 8); i < n; i++)
    ck_assert_msg (found[i].score < CHS_DISCOVER_SURE, "%s takes noise for itself", found[i].driver->id);
  ck_assert_uint_eq (chs_discover_rank (noise, 0, found, 8), 0);
}
END_TEST

START_TEST (a_port_that_is_not_there_is_an_error)
{
  g_autoptr (GError) error = NULL;
  gsize n;

  ck_assert_ptr_null (chs_discover_listen ("tty:/nonexistent", 100, &the_clock.clock, NULL, &n, &error));
  ck_assert_ptr_nonnull (error);
}
END_TEST

static void
on_event (ChsLink *link, const ChsEvent *event, gpointer user_data)
{
  (void) link;
  if (event->type == CHS_EVENT_LINK && event->link.state == CHS_LINK_SILENT)
    g_strlcpy (user_data, event->link.reason, sizeof event->link.reason);
}

/* The adapters of monitor and pump were swapped: the pump's link hears the monitor, and says so. */
START_TEST (a_link_names_the_stranger_that_answers)
{
  g_autofree char *address = g_strconcat ("tty:", peer.link, NULL);
  ChsLinkConfig config = { .name = "pump1", .address = address, .driver = "line-listen" };
  char reason[sizeof ((ChsLinkStatus *) 0)->reason] = "";
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsLink) link
      = chs_link_new_for_driver (&config, &line_driver_listen, 1, &the_clock.clock, NULL, on_event, reason, &error);
  gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  g_assert_no_error (error);
  chs_link_start (link);
  while (chs_link_get_state (link) != CHS_LINK_CONNECTING)
    g_main_context_iteration (NULL, TRUE);
  say (0, 2000);
  for (gsize at = 2000; reason[0] == '\0' && g_get_monotonic_time () < end; at += 10) {
    say (at, 10);
    g_usleep (20000);
    while (g_main_context_iteration (NULL, FALSE))
      ;
  }
  ck_assert_msg (strstr (reason, "ivy-450c") != NULL && strstr (reason, "swapped") != NULL, "\"%s\"", reason);
  chs_link_stop (link);
}
END_TEST

static Suite *
discover_suite (void)
{
  Suite *suite = suite_create ("discover");
  TCase *tc = tcase_create ("listen");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_set_timeout (tc, 30);
  tcase_add_test (tc, an_instrument_that_talks_is_recognised);
  tcase_add_test (tc, silence_is_nobody);
  tcase_add_test (tc, noise_is_nobody);
  tcase_add_test (tc, a_port_that_is_not_there_is_an_error);
  tcase_add_test (tc, a_link_names_the_stranger_that_answers);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (discover_suite)

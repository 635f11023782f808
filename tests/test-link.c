/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/link.h"
#include "tests/line-driver.h"
#include "tests/pty-peer.h"

#include <gio/gio.h>

/* A link on a pty, in a context of its own; its events kept as one line of text each. */
typedef struct {
  PtyPeer        peer;
  ChsSystemClock clock;
  ChsStepClock   step;
  GMainContext  *context;
  ChsLink       *link;
  GPtrArray     *lines;
  gint64         began_us;
  guint64        raw_rx, raw_events;
  gboolean       stop_at_event;
} Fixture;

static Fixture f;

static char *
describe (const ChsEvent *event)
{
  g_autofree char *bytes = NULL;

  switch ((int) event->type) {
  case CHS_EVENT_LINK:
    return g_strdup_printf ("link %s", chs_link_state_id ((ChsLinkState) event->link.state));
  case CHS_EVENT_NUMERIC:
    return g_strdup_printf ("HR %g", event->numeric.value);
  case CHS_EVENT_RAW:
    bytes = g_strndup ((const char *) event->raw.bytes, event->raw.n);
    return g_strdup_printf ("%c %s", event->raw.from_host ? '>' : '<', g_strdelimit (bytes, "\n", '.'));
  case CHS_EVENT_DEVICE:
    return g_strdup_printf ("device %zu", strlen (event->device.text));
  default:
    return g_strdup_printf ("type %d", event->type);
  }
}

static void
on_event (ChsLink *link, const ChsEvent *event, gpointer user_data G_GNUC_UNUSED)
{
  ck_assert_int_eq (event->source, 7);
  ck_assert_int_eq (event->seq, 0);
  if (event->type == CHS_EVENT_RAW) {
    f.raw_events++;
    f.raw_rx += event->raw.from_host ? 0 : event->raw.n;
  }
  if (f.raw_events < 1000)
    g_ptr_array_add (f.lines, describe (event));
  if (f.stop_at_event && event->type == CHS_EVENT_RAW)
    chs_link_stop (link);
}

static void
set_up (void)
{
  f = (Fixture) { .context = g_main_context_new (), .lines = g_ptr_array_new_with_free_func (g_free) };
  pty_peer_init (&f.peer);
  chs_system_clock_init (&f.clock, g_get_monotonic_time ());
  chs_step_clock_init (&f.step, 0, 0);
}

static void
tear_down (void)
{
  if (f.link != NULL)
    chs_link_stop (f.link);
  g_clear_object (&f.link);
  g_main_context_unref (f.context);
  g_ptr_array_unref (f.lines);
  pty_peer_clear (&f.peer);
}

static void
start_at (const ChsDriver *driver, const char *address, ChsClock *clock)
{
  ChsLinkConfig config = { .name = "monitor", .address = address, .driver = driver->id };
  g_autoptr (GError) error = NULL;

  f.link = chs_link_new_for_driver (&config, driver, 7, clock, f.context, on_event, NULL, &error);
  g_assert_no_error (error);
  chs_link_start (f.link);
}

static void
start (const ChsDriver *driver, ChsClock *clock)
{
  g_autofree char *address = g_strconcat ("tty:", f.peer.link, NULL);

  start_at (driver, address, clock);
}

static gboolean
on_wake (gpointer user_data G_GNUC_UNUSED)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the context until the link is in @state; how long it took in real milliseconds, 10000 = never. */
static gint64
wait_for (ChsLinkState state)
{
  g_autoptr (GSource) wake = g_timeout_source_new (10);
  gint64 began = g_get_monotonic_time (), took;

  g_source_set_callback (wake, on_wake, NULL, NULL);
  g_source_attach (wake, f.context);
  while ((took = (g_get_monotonic_time () - began) / 1000) < 10000 && chs_link_get_state (f.link) != state)
    g_main_context_iteration (f.context, TRUE);
  g_source_destroy (wake);
  return took;
}

static void
run_for (gint64 ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end) {
    g_main_context_iteration (f.context, FALSE);
    g_usleep (2000);
  }
}

static void
assert_lines (const char *want)
{
  g_autofree char *got = NULL;

  g_ptr_array_add (f.lines, NULL);
  got = g_strjoinv ("|", (char **) f.lines->pdata);
  ck_assert_str_eq (got, want);
  g_ptr_array_set_size (f.lines, 0);
}

#define CLOCK (&f.clock.clock)
#define STEP (&f.step.clock)

START_TEST (bytes_leave_before_what_was_decoded)
{
  start (&line_driver_query, CLOCK);
  ck_assert_int_lt (wait_for (CHS_LINK_CONNECTING), 1000);
  pty_peer_say (&f.peer, "H72\nH73\n");
  ck_assert_int_lt (wait_for (CHS_LINK_UP), 1000);
  assert_lines ("link connecting|< H72.H73.|HR 72|HR 73|link up");
}
END_TEST

START_TEST (a_closed_pty_is_lost_and_found_again)
{
  start (&line_driver_query, CLOCK);
  wait_for (CHS_LINK_CONNECTING);
  pty_peer_say (&f.peer, "H72\n");
  wait_for (CHS_LINK_UP);
  pty_peer_unplug (&f.peer);
  ck_assert_int_lt (wait_for (CHS_LINK_LOST), 2000);
  pty_peer_plug (&f.peer);
  ck_assert_int_lt (wait_for (CHS_LINK_CONNECTING), 2000);
  pty_peer_say (&f.peer, "H74\n");
  ck_assert_int_lt (wait_for (CHS_LINK_UP), 2000);
  assert_lines ("link connecting|< H72.|HR 72|link up|link lost|link connecting|< H74.|HR 74|link up");
}
END_TEST

START_TEST (only_what_the_table_has_goes_out)
{
  char heard[32];
  ChsLinkView view;

  start (&line_driver_query, CLOCK);
  wait_for (CHS_LINK_CONNECTING);
  pty_peer_say (&f.peer, "Q7\nZ\n");
  wait_for (CHS_LINK_UP);
  run_for (50);
  pty_peer_hear (&f.peer, heard, sizeof heard);
  ck_assert_str_eq (heard, "GET 7\n");
  assert_lines ("link connecting|< Q7.Z.|> GET 7.|link up");
  chs_link_get_view (f.link, &view);
  ck_assert_uint_eq (view.tx_refused, 1);
  ck_assert_uint_eq (view.bytes_tx, 6);
  chs_link_stop (f.link);
  pty_peer_hear (&f.peer, heard, sizeof heard);
  ck_assert_str_eq (heard, "GET 0\n");
  assert_lines ("> GET 0.|link closed");
}
END_TEST

static Suite *
link_suite (void)
{
  Suite *suite = suite_create ("link");
  TCase *tc = tcase_create ("pty");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_set_timeout (tc, 30);
  tcase_add_test (tc, bytes_leave_before_what_was_decoded);
  tcase_add_test (tc, a_closed_pty_is_lost_and_found_again);
  tcase_add_test (tc, only_what_the_table_has_goes_out);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (link_suite)

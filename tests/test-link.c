/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/link.h"
#include "tests/line-driver.h"
#include "tests/pty-peer.h"

#include <gio/gio.h>
#include <glib-unix.h>

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

/* ---- loss in every form, in real time: two seconds are the promise ---- */

static void
lose_peer (void)
{
  pty_peer_unplug (&f.peer);
}

static void
lose_other_end_only (void)
{
  close (f.peer.master);
  f.peer.master = -1;
}

static void
lose_node_only (void)
{
  g_unlink (f.peer.link);
}

/* The first one stays open: only its name leads elsewhere now. */
static void
lose_to_another_device (void)
{
  pty_peer_plug (&f.peer);
}

static const struct {
  const char *name;
  void (*lose) (void);
} losses[] = {
  { "unplugged", lose_peer },
  { "closed by the other end", lose_other_end_only },
  { "node vanished, descriptor quiet", lose_node_only },
  { "another device at the same name", lose_to_another_device },
};

START_TEST (loss_is_seen_within_two_seconds)
{
  gint64 took;

  start (&line_driver_listen, CLOCK);
  wait_for (CHS_LINK_CONNECTING);
  pty_peer_say (&f.peer, "H72\n");
  wait_for (CHS_LINK_UP);
  losses[_i].lose ();
  took = wait_for (CHS_LINK_LOST);
  ck_assert_msg (took < 2000, "%s: seen after %d ms", losses[_i].name, (int) took);
}
END_TEST

START_TEST (a_silent_device_is_told_and_heard_again)
{
  start (&line_driver_listen, CLOCK);
  wait_for (CHS_LINK_CONNECTING);
  pty_peer_say (&f.peer, "H72\n");
  wait_for (CHS_LINK_UP);
  ck_assert_int_lt (wait_for (CHS_LINK_SILENT), 1000 + 300); /* the driver's silence_ms */
  pty_peer_say (&f.peer, "H73\n");
  ck_assert_int_lt (wait_for (CHS_LINK_UP), 500);
  assert_lines ("link connecting|< H72.|HR 72|link up|link silent|< H73.|HR 73|link up");
}
END_TEST

/* ---- on a clock that is moved by hand ---- */

/* Lets the link see the clock. */
static void
step_to (gint64 ms)
{
  f.step.t_us = ms * 1000;
  run_for (130);
}

START_TEST (bytes_without_frames_are_silence_of_another_kind)
{
  ChsLinkView view;

  start (&line_driver_listen, STEP);
  step_to (0);
  ck_assert_int_eq (chs_link_get_state (f.link), CHS_LINK_CONNECTING);
  step_to (900);
  pty_peer_say (&f.peer, "????\n");
  run_for (50);
  ck_assert_int_eq (chs_link_get_state (f.link), CHS_LINK_CONNECTING);
  step_to (1000);
  ck_assert_int_eq (chs_link_get_state (f.link), CHS_LINK_SILENT);
  chs_link_get_view (f.link, &view);
  ck_assert_ptr_nonnull (strstr (view.reason, "wrong line settings"));
  ck_assert_uint_eq (view.counters.frames_bad, 1);
}
END_TEST

START_TEST (tries_are_spaced_250_ms_doubling_to_5_s)
{
  static const gint64 tries_ms[] = { 0, 250, 750, 1750, 3750, 7750, 12750, 17750 };
  g_autofree char *missing = g_build_filename (f.peer.dir, "absent", NULL);
  g_autofree char *address = g_strconcat ("tty:", missing, NULL);
  ChsLinkView view;

  start_at (&line_driver_listen, address, STEP);
  for (guint i = 0; i < G_N_ELEMENTS (tries_ms); i++) {
    if (tries_ms[i] > 0) {
      step_to (tries_ms[i] - 1);
      chs_link_get_view (f.link, &view);
      ck_assert_uint_eq (view.tries, i);
    }
    step_to (tries_ms[i]);
    chs_link_get_view (f.link, &view);
    ck_assert_uint_eq (view.tries, i + 1);
  }
  ck_assert_int_eq (chs_link_get_state (f.link), CHS_LINK_FAILED);
  assert_lines ("link failed");
}
END_TEST

START_TEST (what_appears_is_tried_at_once)
{
  start (&line_driver_listen, STEP);
  step_to (0);
  pty_peer_unplug (&f.peer);
  for (gint64 t = 0; t <= 12000; t += 4000)
    step_to (t);
  ck_assert_int_eq (chs_link_get_state (f.link), CHS_LINK_LOST);
  pty_peer_plug (&f.peer);
  run_for (250); /* the clock stands: the back-off is not over */
  ck_assert_int_eq (chs_link_get_state (f.link), CHS_LINK_CONNECTING);
}
END_TEST

START_TEST (events_carry_the_time_of_reception)
{
  ChsLinkView view;

  start (&line_driver_query, STEP);
  step_to (0);
  step_to (400);
  pty_peer_say (&f.peer, "Q1\n");
  run_for (30);
  f.step.t_us = 430000;
  pty_peer_say (&f.peer, "H70\n");
  run_for (30);
  chs_link_get_view (f.link, &view);
  ck_assert_int_eq (view.last_frame_us, 430000);
  ck_assert_int_eq (view.rtt_us, 30000);
  f.step.t_us = 500000;
  pty_peer_say (&f.peer, "Q2\n");
  run_for (30);
  f.step.t_us = 546000;
  pty_peer_say (&f.peer, "H70\n");
  run_for (30);
  chs_link_get_view (f.link, &view);
  ck_assert_int_eq (view.rtt_us, 46000);
  ck_assert_int_eq (view.rtt_jitter_us, 1000); /* 16 ms of difference, a sixteenth of it */
  ck_assert_int_eq (view.poll_us, 100000);
}
END_TEST

/* ---- hostile devices and drivers ---- */

START_TEST (any_split_of_the_bytes_gives_the_same)
{
  const char *said = "H72\nXX?\nH73\nQ9\nH74\n";
  const gsize pieces[] = { 1, 2, 3, 7, 100 };
  g_autoptr (GString) values = g_string_new (NULL);

  start (&line_driver_query, CLOCK);
  wait_for (CHS_LINK_CONNECTING);
  for (gsize at = 0; at < strlen (said); at += pieces[_i]) {
    g_autofree char *piece = g_strndup (said + at, pieces[_i]);

    pty_peer_say (&f.peer, piece);
    run_for (5);
  }
  run_for (20);
  for (guint i = 0; i < f.lines->len; i++)
    if (g_str_has_prefix (f.lines->pdata[i], "HR") || g_str_has_prefix (f.lines->pdata[i], ">"))
      g_string_append_printf (values, "%s,", (char *) f.lines->pdata[i]);
  ck_assert_str_eq (values->str, "HR 72,HR nan,HR 73,> GET 9.,HR 74,");
}
END_TEST

START_TEST (nonsense_of_a_driver_stays_in_the_link)
{
  ChsLinkView view;

  start (&line_driver_query, CLOCK);
  wait_for (CHS_LINK_CONNECTING);
  pty_peer_say (&f.peer, "X\n");
  wait_for (CHS_LINK_UP);
  assert_lines ("link connecting|< X.|HR nan|device 95|link up");
  chs_link_get_view (f.link, &view);
  ck_assert_uint_eq (view.events_refused, 3);
}
END_TEST

static gboolean
on_flood (gint fd, GIOCondition condition G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
  static const char noise[4096] = "noise without end";

  return write (fd, noise, sizeof noise) != 0;
}

static gboolean
on_beat (gpointer user_data)
{
  (*(guint *) user_data)++;
  return G_SOURCE_CONTINUE;
}

/* A device that never stops talking is held back, and everybody else goes on. */
START_TEST (a_flood_starves_nobody)
{
  g_autoptr (GSource) flood = g_unix_fd_source_new (f.peer.master, G_IO_OUT);
  g_autoptr (GSource) beat = g_timeout_source_new (10);
  gint64 began = g_get_monotonic_time ();
  ChsLinkView view;
  guint beats = 0;

  g_source_set_callback (flood, G_SOURCE_FUNC (on_flood), NULL, NULL);
  g_source_set_callback (beat, on_beat, &beats, NULL);
  start (&line_driver_listen, CLOCK);
  wait_for (CHS_LINK_CONNECTING);
  g_source_attach (flood, f.context);
  g_source_attach (beat, f.context);
  while (g_get_monotonic_time () - began < G_USEC_PER_SEC)
    g_main_context_iteration (f.context, TRUE);
  g_source_destroy (flood);
  g_source_destroy (beat);
  chs_link_get_view (f.link, &view);
  ck_assert_uint_gt (view.floods, 2);
  ck_assert_msg (view.bytes_rx <= 14 * 32 * 1024, "%d bytes taken", (int) view.bytes_rx);
  ck_assert_uint_gt (beats, 50);
  ck_assert_uint_eq (view.bytes_rx, f.raw_rx);
}
END_TEST

START_TEST (stopping_inside_an_event_is_allowed)
{
  f.stop_at_event = TRUE;
  start (&line_driver_query, CLOCK);
  wait_for (CHS_LINK_CONNECTING);
  pty_peer_say (&f.peer, "H72\n");
  run_for (50);
  /* The polite goodbye is a RAW event too, and stopping a second time is nothing. */
  assert_lines ("link connecting|< H72.|> GET 0.|link closed");
}
END_TEST

START_TEST (the_technician_sees_the_last_bytes)
{
  ChsLinkView view;
  char want[64];

  start (&line_driver_listen, CLOCK);
  wait_for (CHS_LINK_CONNECTING);
  for (guint i = 0; i < 30; i++) {
    pty_peer_say (&f.peer, "H10\n");
    run_for (3);
  }
  pty_peer_say (&f.peer, "H155\n");
  run_for (30);
  chs_link_get_view (f.link, &view);
  ck_assert_uint_eq (view.n_last_bytes, 64);
  for (guint i = 0; i < 16; i++)
    memcpy (want + 4 * i, "H10\n", 4);
  ck_assert_mem_eq (view.last_bytes, want + 1, 59);
  ck_assert_mem_eq (view.last_bytes + 59, "H155\n", 5);
  ck_assert_str_eq (view.last_frame, "H155");
  ck_assert_uint_eq (view.counters.frames_ok, 31);
  ck_assert_uint_eq (view.bytes_rx, 125);
  ck_assert_uint_eq (view.opened, 1);
}
END_TEST

/* ---- refused before anything is opened ---- */

static const struct {
  const char *name, *driver, *address, *option, *says;
  ChsLinkError code;
} refusals[] = {
  { "driver", "no-such", "tty:/x", NULL, "no-such", CHS_LINK_ERROR_CONFIG },
  { "prefix", NULL, "ttz:/x", NULL, "serial: ", CHS_LINK_ERROR_ADDRESS },
  { "line", NULL, "tty:/x?9600", NULL, "9600/8n1", CHS_LINK_ERROR_ADDRESS },
  { "line of a network", NULL, "tcp:h:1?9600/8n1", NULL, "leave", CHS_LINK_ERROR_ADDRESS },
  { "nowhere", NULL, "tty:", NULL, "names no port", CHS_LINK_ERROR_ADDRESS },
  { "option", NULL, "tty:/x", "colour=red", "colour=red", CHS_LINK_ERROR_CONFIG },
  { "option value", NULL, "tty:/x", "case=lower", "case=lower", CHS_LINK_ERROR_CONFIG },
  { "option without value", NULL, "tty:/x", "case", "\"case\"", CHS_LINK_ERROR_CONFIG },
  { "never driven", "never", "tty:/x", NULL, "only listens", CHS_LINK_ERROR_CONFIG },
};

START_TEST (a_bad_configuration_is_refused)
{
  const char *options[] = { refusals[_i].option, NULL };
  ChsLinkConfig config = { .name = "pump1", .address = refusals[_i].address, .driver = refusals[_i].driver, .options = options };
  ChsDriver never = line_driver_query;
  g_autoptr (GError) error = NULL;
  ChsLink *link;

  never.access = CHS_ACCESS_NEVER;
  if (g_strcmp0 (refusals[_i].driver, "no-such") == 0)
    link = chs_link_new (&config, 7, CLOCK, NULL, on_event, NULL, &error);
  else
    link = chs_link_new_for_driver (&config, refusals[_i].driver != NULL ? &never : &line_driver_query, 7, CLOCK, NULL, on_event,
                                    NULL, &error);
  ck_assert_ptr_null (link);
  ck_assert_msg (g_error_matches (error, CHS_LINK_ERROR, (int) refusals[_i].code), "%s: %s", refusals[_i].name, error->message);
  ck_assert_msg (strstr (error->message, refusals[_i].says) != NULL, "%s: %s", refusals[_i].name, error->message);
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
  tcase_add_loop_test (tc, loss_is_seen_within_two_seconds, 0, G_N_ELEMENTS (losses));
  tcase_add_test (tc, a_silent_device_is_told_and_heard_again);
  tcase_add_test (tc, bytes_without_frames_are_silence_of_another_kind);
  tcase_add_test (tc, tries_are_spaced_250_ms_doubling_to_5_s);
  tcase_add_test (tc, what_appears_is_tried_at_once);
  tcase_add_test (tc, events_carry_the_time_of_reception);
  tcase_add_loop_test (tc, any_split_of_the_bytes_gives_the_same, 0, 5);
  tcase_add_test (tc, nonsense_of_a_driver_stays_in_the_link);
  tcase_add_test (tc, a_flood_starves_nobody);
  tcase_add_test (tc, stopping_inside_an_event_is_allowed);
  tcase_add_test (tc, the_technician_sees_the_last_bytes);
  tcase_add_loop_test (tc, a_bad_configuration_is_refused, 0, G_N_ELEMENTS (refusals));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (link_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/store.h"
#include "tests/event-maker.h"
#include "tests/fault-vfs.h"

#include <glib/gstdio.h>
#include <string.h>

#define POWER_CUTS 50

static char *dir, *path;
static guint n_bad, n_good; /* what the state function told */

static const ChsStoreMeta facts = { .chair = (char *) "chair", .boot_id = (char *) "boot", .program = (char *) "test" };

static void
empty_dir (void)
{
  g_autoptr (GDir) d = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (d)) != NULL) {
    g_autofree char *file = g_build_filename (dir, name, NULL);

    g_remove (file);
  }
}

static void
setup (void)
{
  dir = g_dir_make_tmp ("chs-fault-XXXXXX", NULL);
  path = g_build_filename (dir, "a.chairside", NULL);
  chs_fault_install ();
}

static void
teardown (void)
{
  empty_dir ();
  g_rmdir (dir);
  g_clear_pointer (&dir, g_free);
  g_clear_pointer (&path, g_free);
}

static void
on_state (const GError *error, gpointer data)
{
  if (error != NULL)
    n_bad++;
  else
    n_good++;
}

static void
write_events (ChsStoreWriter *writer, ChsEventMaker *maker, guint n)
{
  for (guint i = 0; i < n; i++) {
    ChsEvent event;

    chs_event_maker_next (maker, CHS_EVENT_NONE, &event);
    chs_store_writer_append (writer, &event);
  }
}

/* ---- what must be in the file ---- */

typedef struct {
  ChsEventMaker maker;
  guint64 last;
} Expect;

static gboolean
expect_event (const ChsEvent *event, gpointer data)
{
  Expect *self = data;
  ChsEvent want;

  chs_event_maker_next (&self->maker, CHS_EVENT_NONE, &want);
  ck_assert_msg (chs_events_equal (event, &want), "event %d differs from %d", (int) event->seq, (int) want.seq);
  self->last = event->seq;
  return TRUE;
}

/* Everything up to at least @acknowledged, in order, as it was made; nothing else. */
static guint64
check_content (const char *file, guint32 seed, guint64 acknowledged, const char *when)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (file, &error);
  Expect expect = { .last = 0 };

  if (reader == NULL) {
    ck_assert_msg (acknowledged == 0, "%s: %s", when, error->message);
    return 0;
  }
  chs_event_maker_init (&expect.maker, seed);
  ck_assert_msg (chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, expect_event, &expect, &error),
                 "%s: %s", when, error != NULL ? error->message : "");
  ck_assert_msg (expect.last >= acknowledged, "%s: event %d was acknowledged, %d is the last", when, (int) acknowledged,
                 (int) expect.last);
  chs_event_maker_clear (&expect.maker);
  return expect.last;
}

/* The recording can be gone on with, and is whole then. */
static void
check_resume (const char *file, guint64 last, const char *when)
{
  g_autoptr (GError) error = NULL;
  ChsStoreWriter *writer = chs_store_writer_new (file, &facts, NULL, NULL, NULL, &error);
  ChsEvent tick = { .type = CHS_EVENT_TICK };
  ChsStoreCheck check;

  ck_assert_msg (writer != NULL, "%s: %s", when, error != NULL ? error->message : "");
  tick.seq = chs_store_writer_get_next_seq (writer);
  ck_assert_msg (tick.seq == last + 1, "%s: goes on with %d after %d", when, (int) tick.seq, (int) last);
  tick.t_us = tick.wall_us = chs_store_writer_get_start_us (writer);
  chs_store_writer_append (writer, &tick);
  ck_assert_msg (chs_store_writer_close (writer, TRUE, &error), "%s: %s", when, error != NULL ? error->message : "");
  ck_assert_msg (chs_store_check (file, &check, &error), "%s: %s", when, error != NULL ? error->message : check.account);
  chs_store_check_clear (&check);
}

/* ---- the n-th call fails ---- */

static const struct {
  const char *name;
  ChsFault fault;
} faults[] = {
  { "write", CHS_FAULT_WRITE }, { "sync", CHS_FAULT_SYNC }, { "open", CHS_FAULT_OPEN },
  { "read", CHS_FAULT_READ },   { "truncate", CHS_FAULT_TRUNCATE },
};

/* One session with the @nth call failing @times; returns whether it was ever reached. */
static gboolean
faulty_session (guint row, guint nth, guint times)
{
  g_autofree char *when = g_strdup_printf ("%s %u failing %u times", faults[row].name, nth, times);
  ChsStoreWriter *writer;
  ChsEventMaker maker;
  guint64 acknowledged = 0, last;
  gboolean closed = FALSE, hit;

  empty_dir ();
  chs_fault_heal ();
  chs_fault_arm (faults[row].fault, nth, times);
  chs_event_maker_init (&maker, 21);
  writer = chs_store_writer_new (path, &facts, NULL, NULL, NULL, NULL);
  for (guint i = 0; i < 5 && writer != NULL; i++) {
    write_events (writer, &maker, 60);
    if (chs_store_writer_flush (writer, NULL))
      acknowledged = maker.seq;
    ck_assert_uint_ge (chs_store_writer_get_committed_seq (writer), acknowledged);
  }
  if (writer != NULL)
    closed = chs_store_writer_close (writer, TRUE, NULL);
  hit = chs_fault_get_hits () > 0;
  chs_fault_heal ();
  last = check_content (path, 21, acknowledged, when);
  if (closed)
    ck_assert_msg (last == maker.seq, "%s: closed well with %d of %d", when, (int) last, (int) maker.seq);
  check_resume (path, last, when);
  chs_event_maker_clear (&maker);
  return hit;
}

START_TEST (the_nth_call_fails_once)
{
  guint n = 1;

  while (faulty_session ((guint) _i, n, 1))
    n++;
  g_test_message ("%s: %u calls", faults[_i].name, n - 1);
  ck_assert_msg (n > 1, "%s was never called", faults[_i].name);
}
END_TEST

/* Each of these waits for the writer's last tries, so only CHS_TEST_LONG takes small steps. */
START_TEST (the_nth_call_and_all_after_fail)
{
  gboolean long_form = g_getenv ("CHS_TEST_LONG") != NULL;
  guint n = 1;

  while (faulty_session ((guint) _i, n, G_MAXINT))
    n += long_form ? 1 + n / 8 : 4 * n;
  g_test_message ("%s: %u calls", faults[_i].name, n - 1);
  ck_assert_msg (n > 1, "%s was never called", faults[_i].name);
}
END_TEST

#define CALLS_OF_CLOSING 12

/* A disk that dies while a closed recording is made one plain file leaves a journal; whoever reads undoes that step. */
START_TEST (a_disk_that_dies_at_the_close_loses_nothing)
{
  g_autofree char *when = g_strdup_printf ("%s %d of closing and all after", faults[_i % 2].name, _i / 2 + 1);
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);
  ChsStoreWriter *writer = chs_store_writer_new (path, &facts, NULL, NULL, NULL, NULL);
  ChsEventMaker maker;
  guint64 last;

  chs_event_maker_init (&maker, 22);
  write_events (writer, &maker, 60);
  ck_assert (chs_store_writer_flush (writer, NULL));
  chs_fault_arm (faults[_i % 2].fault, (guint) _i / 2 + 1, G_MAXINT);
  (void) chs_store_writer_close (writer, TRUE, NULL);
  chs_fault_heal ();
  g_test_message ("%s: %s", when, g_file_test (journal, G_FILE_TEST_EXISTS) ? "left a journal" : "left none");
  last = check_content (path, 22, maker.seq, when);
  check_resume (path, last, when);
  chs_event_maker_clear (&maker);
}
END_TEST

/* ---- trouble is told, and over when it is over ---- */

static gboolean
on_deadline (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_until (const guint *counter, guint wanted)
{
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (20, on_deadline, &late);

  while (*counter < wanted && !late)
    g_main_context_iteration (NULL, TRUE);
  ck_assert_msg (!late, "not told in time");
  g_source_remove (id);
}

#define HANG_STEP_US 50000
#define HANG_STEPS 400 /* 20 s: the writer tells after 5 */

static void
hurt (int how)
{
  if (how == 0)
    chs_fault_set_space (0);
  else
    chs_fault_arm (CHS_FAULT_WRITE, 1, G_MAXINT);
}

START_TEST (clause_6_12_a_full_disk_is_told_and_everything_kept)
{
  ChsStoreWriter *writer = chs_store_writer_new (path, &facts, NULL, on_state, NULL, NULL);
  ChsEventMaker maker;
  guint64 before;

  chs_event_maker_init (&maker, 22);
  write_events (writer, &maker, 500);
  ck_assert (chs_store_writer_flush (writer, NULL));
  before = maker.seq;
  hurt (_i);
  write_events (writer, &maker, 500);
  wait_until (&n_bad, 1);
  check_content (path, 22, before, "while the disk is full"); /* nothing already written is harmed */
  write_events (writer, &maker, 500);
  chs_fault_heal ();
  wait_until (&n_good, 1);
  write_events (writer, &maker, 500);
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  ck_assert_uint_eq (check_content (path, 22, maker.seq, "afterwards"), maker.seq);
  check_resume (path, maker.seq, "afterwards");
  chs_event_maker_clear (&maker);
}
END_TEST

START_TEST (a_disk_that_stays_full_is_an_error_at_the_end)
{
  g_autoptr (GError) error = NULL;
  ChsStoreWriter *writer = chs_store_writer_new (path, &facts, NULL, on_state, NULL, NULL);
  ChsEventMaker maker;
  guint64 before;

  chs_event_maker_init (&maker, 23);
  write_events (writer, &maker, 300);
  ck_assert (chs_store_writer_flush (writer, NULL));
  before = maker.seq;
  hurt (_i);
  write_events (writer, &maker, 300);
  ck_assert (!chs_store_writer_close (writer, TRUE, &error));
  ck_assert (g_error_matches (error, CHS_STORE_ERROR, CHS_STORE_ERROR_WRITE));
  chs_fault_heal ();
  check_resume (path, check_content (path, 23, before, "afterwards"), "afterwards");
  chs_event_maker_clear (&maker);
}
END_TEST

/* A disk that does not answer at all: the engine's thread is never held up, somebody is told, nothing is lost. */
START_TEST (a_write_that_hangs_is_told)
{
  ChsStoreWriter *writer = chs_store_writer_new (path, &facts, NULL, on_state, NULL, NULL);
  ChsEventMaker maker;
  gint64 longest_us = 0;

  chs_event_maker_init (&maker, 24);
  write_events (writer, &maker, 100);
  ck_assert (chs_store_writer_flush (writer, NULL));
  chs_fault_hang (TRUE);
  for (guint i = 0; i < HANG_STEPS && n_bad == 0; i++) {
    gint64 begin_us = g_get_monotonic_time ();

    write_events (writer, &maker, 2);
    longest_us = MAX (longest_us, g_get_monotonic_time () - begin_us);
    g_usleep (HANG_STEP_US);
    while (g_main_context_iteration (NULL, FALSE))
      continue;
  }
  ck_assert_msg (n_bad > 0, "nobody was told");
  ck_assert_msg (longest_us < G_USEC_PER_SEC, "an append took %d ms", (int) (longest_us / 1000));
  chs_fault_hang (FALSE);
  wait_until (&n_good, 1);
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  ck_assert_uint_eq (check_content (path, 24, maker.seq, "afterwards"), maker.seq);
  chs_event_maker_clear (&maker);
}
END_TEST

/* ---- power ---- */

START_TEST (a_power_cut_loses_nothing_acknowledged)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) _i);
  g_autofree char *after = g_build_filename (dir, "after.chairside", NULL);
  g_autofree char *when = g_strdup_printf ("power cut %d", _i);
  ChsStoreWriter *writer = chs_store_writer_new (path, &facts, NULL, NULL, NULL, NULL);
  ChsEventMaker maker;
  guint64 acknowledged, last;

  chs_event_maker_init (&maker, (guint32) _i);
  for (guint i = (guint) g_rand_int_range (rand, 1, 40); i > 0; i--) {
    write_events (writer, &maker, (guint) g_rand_int_range (rand, 1, 200));
    g_usleep ((gulong) g_rand_int_range (rand, 0, 3000));
  }
  acknowledged = chs_store_writer_get_committed_seq (writer);
  chs_fault_power_cut (path, after, rand);
  chs_store_writer_close (writer, TRUE, NULL);
  last = check_content (after, (guint32) _i, acknowledged, when);
  check_resume (after, last, when);
  chs_event_maker_clear (&maker);
}
END_TEST

static Suite *
store_faults_suite (void)
{
  Suite *suite = suite_create ("store-faults");
  TCase *tc = tcase_create ("faults");

  tcase_set_timeout (tc, 250);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, the_nth_call_fails_once, 0, G_N_ELEMENTS (faults));
  tcase_add_loop_test (tc, the_nth_call_and_all_after_fail, 0, G_N_ELEMENTS (faults));
  tcase_add_loop_test (tc, a_disk_that_dies_at_the_close_loses_nothing, 0, 2 * CALLS_OF_CLOSING);
  tcase_add_loop_test (tc, clause_6_12_a_full_disk_is_told_and_everything_kept, 0, 2);
  tcase_add_loop_test (tc, a_disk_that_stays_full_is_an_error_at_the_end, 0, 2);
  tcase_add_test (tc, a_write_that_hangs_is_told);
  tcase_add_loop_test (tc, a_power_cut_loses_nothing_acknowledged, 0, POWER_CUTS);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (store_faults_suite)

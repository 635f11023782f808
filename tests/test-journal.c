/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/journal.h"

#include <string.h>

typedef struct {
  ChsJournal *journal;
  GString *log;
  const char *name;
  guint echo;   /* answers the first so many events with one of its own */
  guint remove; /* id of a reader to be removed at the next event */
} Listener;

static void
listen (const ChsEvent *event, gpointer data)
{
  Listener *self = data;

  g_string_append_printf (self->log, "%s%d ", self->name, (int) event->seq);
  if (self->echo > 0) {
    ChsEvent answer = { .type = CHS_EVENT_TICK, .t_us = event->t_us };

    self->echo--;
    chs_journal_append (self->journal, &answer);
  }
  if (self->remove != 0)
    chs_journal_remove_reader (self->journal, self->remove);
}

static guint64
append (ChsJournal *journal, gint64 t_us)
{
  ChsEvent event = { .type = CHS_EVENT_TICK, .t_us = t_us, .wall_us = t_us + 100 };

  return chs_journal_append (journal, &event);
}

START_TEST (an_answer_comes_after_the_event_reached_all)
{
  g_autoptr (ChsJournal) journal = chs_journal_new (1);
  g_autoptr (GString) log = g_string_new (NULL);
  Listener a = { journal, log, "a", 2, 0 }, b = { journal, log, "b", 0, 0 };

  chs_journal_add_reader (journal, listen, &a);
  chs_journal_add_reader (journal, listen, &b);
  append (journal, 1);
  ck_assert_str_eq (log->str, "a1 b1 a2 b2 a3 b3 ");
}
END_TEST

START_TEST (a_reader_can_go_while_it_is_called)
{
  g_autoptr (ChsJournal) journal = chs_journal_new (1);
  g_autoptr (GString) log = g_string_new (NULL);
  Listener a = { journal, log, "a", 0, 0 }, b = { journal, log, "b", 0, 0 };

  a.remove = chs_journal_add_reader (journal, listen, &a);
  chs_journal_add_reader (journal, listen, &b);
  append (journal, 1);
  append (journal, 2);
  ck_assert_str_eq (log->str, "a1 b1 b2 ");
}
END_TEST

START_TEST (time_does_not_go_back)
{
  g_autoptr (ChsJournal) journal = chs_journal_new (7);
  ChsEvent late = { .type = CHS_EVENT_TICK, .t_us = 40, .wall_us = 1040 };

  ck_assert_uint_eq (append (journal, 50), 7);
  ck_assert_uint_eq (chs_journal_append (journal, &late), 8);
  ck_assert_int_eq (late.t_us, 50);
  ck_assert_int_eq (late.wall_us, 1050);
  ck_assert_uint_eq (chs_journal_get_late (journal), 1);
  ck_assert_uint_eq (chs_journal_get_next_seq (journal), 9);
}
END_TEST

static void
count (const ChsEvent *event, gpointer data)
{
  guint *n = data;

  (*n)++;
  if (event->type == CHS_EVENT_RAW) {
    g_autofree guint8 *want = g_malloc (event->raw.n);

    memset (want, (int) event->seq, event->raw.n);
    ck_assert_mem_eq (event->raw.bytes, want, event->raw.n);
  }
}

START_TEST (the_tail_is_bounded_in_events)
{
  g_autoptr (ChsJournal) journal = chs_journal_new (1);
  guint n = 0;

  for (guint i = 0; i < 10000; i++)
    append (journal, i);
  ck_assert_uint_eq (chs_journal_replay_tail (journal, 9990, count, &n), 9990);
  ck_assert_uint_eq (n, 11);
  n = 0;
  ck_assert_uint_eq (chs_journal_replay_tail (journal, 1, count, &n), 10000 - 4096 + 1);
  ck_assert_uint_eq (n, 4096);
  ck_assert_uint_eq (chs_journal_replay_tail (journal, 10001, count, &n), 10001);
}
END_TEST

START_TEST (the_tail_is_bounded_in_bytes_and_keeps_its_own)
{
  g_autoptr (ChsJournal) journal = chs_journal_new (1);
  g_autofree guint8 *bytes = g_malloc (64 * 1024);
  guint n = 0;

  for (guint i = 1; i <= 100; i++) {
    ChsEvent event = { .type = CHS_EVENT_RAW, .t_us = i, .raw = { .n = 64 * 1024, .bytes = bytes } };

    memset (bytes, (int) i, 64 * 1024);
    chs_journal_append (journal, &event);
  }
  memset (bytes, 0, 64 * 1024);
  ck_assert_uint_eq (chs_journal_replay_tail (journal, 1, count, &n), 85);
  ck_assert_uint_eq (n, 16);
}
END_TEST

static Suite *
journal_suite (void)
{
  Suite *suite = suite_create ("journal");
  TCase *tc = tcase_create ("journal");

  tcase_add_test (tc, an_answer_comes_after_the_event_reached_all);
  tcase_add_test (tc, a_reader_can_go_while_it_is_called);
  tcase_add_test (tc, time_does_not_go_back);
  tcase_add_test (tc, the_tail_is_bounded_in_events);
  tcase_add_test (tc, the_tail_is_bounded_in_bytes_and_keeps_its_own);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (journal_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/store.h"
#include "tests/event-maker.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Child processes record and are killed at random moments: 20, or 200 with
 * CHS_TEST_LONG. Each child tells through a pipe, before it appends, which
 * event that is and when; and after each flush, how far it was acknowledged. */

#define BATCH 20       /* children at a time */
#define LONG 200
#define KILL_MS 2000   /* the latest */
#define STEP_MS 10
#define PROMISE_US G_USEC_PER_SEC

typedef struct {
  guint64 appended, acknowledged; /* seq; the other is 0 */
  gint64  at_us;
} Word;

typedef struct {
  pid_t pid;
  int   fd;
  char *path;
  GArray *words;
  gint64 kill_us, killed_us;
} Child;

static const ChsStoreMeta facts = { .chair = (char *) "chair", .boot_id = (char *) "boot", .program = (char *) "test" };

static void
say (int fd, Word word)
{
  word.at_us = g_get_monotonic_time ();
  if (write (fd, &word, sizeof word) != sizeof word)
    _exit (1);
}

static G_GNUC_NORETURN void
record_until_killed (const char *path, int fd)
{
  ChsStoreWriter *writer = chs_store_writer_new (path, &facts, NULL, NULL, NULL, NULL);
  ChsEventMaker maker;
  ChsEvent event;

  chs_event_maker_init (&maker, 31);
  for (guint i = 1;; i++) {
    gboolean alarm = i % 17 == 0;

    chs_event_maker_next (&maker, alarm ? CHS_EVENT_ALARM : i % 10 == 0 ? CHS_EVENT_WAVE : i % 5 == 0 ? CHS_EVENT_RAW : CHS_EVENT_NUMERIC, &event);
    say (fd, (Word) { .appended = event.seq });
    chs_store_writer_append (writer, &event);
    if (alarm && i % 3 == 0 && chs_store_writer_flush (writer, NULL))
      say (fd, (Word) { .acknowledged = event.seq });
    g_usleep (STEP_MS * 1000);
  }
}

static void
start_child (Child *child, const char *dir, guint number, GRand *rand)
{
  g_autofree char *name = g_strdup_printf ("%u.chairside", number);
  int fds[2];

  child->path = g_build_filename (dir, name, NULL);
  child->words = g_array_new (FALSE, FALSE, sizeof (Word));
  ck_assert_int_eq (pipe (fds), 0);
  child->pid = fork ();
  if (child->pid == 0) {
    close (fds[0]);
    record_until_killed (child->path, fds[1]);
  }
  close (fds[1]);
  child->fd = fds[0];
  child->kill_us = g_get_monotonic_time () + g_rand_int_range (rand, 0, KILL_MS) * 1000;
}

static void
read_words (Child *child)
{
  Word word;

  while (read (child->fd, &word, sizeof word) == sizeof word)
    g_array_append_val (child->words, word);
}

static void
kill_in_time (Child *children, guint n)
{
  guint left = n;

  while (left > 0) {
    gint64 now = g_get_monotonic_time ();

    for (guint i = 0; i < n; i++)
      if (children[i].killed_us == 0 && now >= children[i].kill_us) {
        children[i].killed_us = now;
        kill (children[i].pid, SIGKILL);
        left--;
      }
    g_usleep (1000);
  }
  for (guint i = 0; i < n; i++) {
    waitpid (children[i].pid, NULL, 0);
    read_words (&children[i]);
  }
}

/* Pipe and machine have their own stalls: a child that was not run for a while cannot have written. */
static gint64
longest_stall (const Child *child)
{
  gint64 longest = 0;

  for (guint i = 1; i < child->words->len; i++)
    longest = MAX (longest, g_array_index (child->words, Word, i).at_us - g_array_index (child->words, Word, i - 1).at_us);
  return longest;
}

static guint64
promised (const Child *child)
{
  gint64 limit = child->killed_us - PROMISE_US - longest_stall (child);
  guint64 seq = 0;

  for (guint i = 0; i < child->words->len; i++) {
    const Word *word = &g_array_index (child->words, Word, i);

    seq = MAX (seq, word->acknowledged);
    if (word->at_us < limit)
      seq = MAX (seq, word->appended);
  }
  return seq;
}

static gboolean
count (const ChsEvent *event, gpointer data)
{
  guint64 *last = data;

  ck_assert_msg (event->seq > *last, "event %d after %d", (int) event->seq, (int) *last);
  *last = event->seq;
  return TRUE;
}

static void
check_child (Child *child)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (child->path, &error);
  guint64 want = promised (child), last = 0;
  ChsStoreWriter *writer;
  ChsStoreCheck check;

  ck_assert_msg (reader != NULL || want == 0, "%s", error != NULL ? error->message : "");
  if (reader != NULL)
    ck_assert_msg (chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, count, &last, &error), "%s", error->message);
  ck_assert_msg (last >= want, "event %d was promised, %d is the last", (int) want, (int) last);
  writer = chs_store_writer_new (child->path, &facts, NULL, NULL, NULL, &error);
  ck_assert_msg (writer != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_uint_eq (chs_store_writer_get_next_seq (writer), last + 1);
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  ck_assert_msg (chs_store_check (child->path, &check, NULL), "%s", check.account);
  chs_store_check_clear (&check);
}

START_TEST (clause_6_12_a_killed_monitor_loses_nothing_acknowledged)
{
  guint n = g_getenv ("CHS_TEST_LONG") != NULL ? LONG : BATCH;
  g_autofree char *dir = g_dir_make_tmp ("chs-kill-XXXXXX", NULL);
  g_autoptr (GRand) rand = g_rand_new ();

  for (guint done = 0; done < n; done += BATCH) {
    Child children[BATCH] = { 0 };

    for (guint i = 0; i < BATCH; i++)
      start_child (&children[i], dir, done + i, rand);
    kill_in_time (children, BATCH);
    for (guint i = 0; i < BATCH; i++) {
      check_child (&children[i]);
      g_remove (children[i].path);
      close (children[i].fd);
      g_array_unref (children[i].words);
      g_free (children[i].path);
    }
  }
  g_rmdir (dir);
}
END_TEST

static Suite *
store_kill_suite (void)
{
  Suite *suite = suite_create ("store-kill");
  TCase *tc = tcase_create ("kill");

  tcase_set_timeout (tc, 300);
  tcase_add_test (tc, clause_6_12_a_killed_monitor_loses_nothing_acknowledged);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (store_kill_suite)

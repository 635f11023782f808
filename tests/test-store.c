/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/store.h"
#include "tests/event-maker.h"
#include "tests/scratch.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

static char *dir, *path;

static void
setup (void)
{
  dir = g_dir_make_tmp ("chs-store-XXXXXX", NULL);
  path = g_build_filename (dir, "a.chairside", NULL);
}

static void
teardown (void)
{
  scratch_remove (dir);
  g_clear_pointer (&dir, g_free);
  g_clear_pointer (&path, g_free);
}

static const ChsStoreMeta facts = { .chair = (char *) "chair 3", .boot_id = (char *) "boot", .start_wall_us = 1750000000000000,
                                    .start_mono_us = 42, .program = (char *) "test" };

static ChsStoreWriter *
open_writer (void)
{
  g_autoptr (GError) error = NULL;
  ChsStoreWriter *writer = chs_store_writer_new (path, &facts, NULL, NULL, NULL, &error);

  ck_assert_msg (writer != NULL, "%s", error != NULL ? error->message : "");
  return writer;
}

static void
close_writer (ChsStoreWriter *writer)
{
  g_autoptr (GError) error = NULL;

  ck_assert_msg (chs_store_writer_close (writer, TRUE, &error), "%s", error != NULL ? error->message : "");
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

/* ---- what comes back ---- */

typedef struct {
  ChsEventMaker maker; /* makes what is expected */
  gint64 from_us, to_us;
  guint flags;
  guint left; /* events of the maker */
  guint n;
} Expect;

static gboolean
is_wanted (const Expect *self, const ChsEvent *event)
{
  guint flag = event->type == CHS_EVENT_WAVE ? CHS_READ_WAVES : event->type == CHS_EVENT_RAW ? CHS_READ_RAW : CHS_READ_NUMERICS;

  return (self->flags & flag) && event->t_us >= self->from_us && event->t_us <= self->to_us;
}

static gboolean
next_wanted (Expect *self, ChsEvent *event)
{
  while (self->left > 0) {
    self->left--;
    chs_event_maker_next (&self->maker, CHS_EVENT_NONE, event);
    if (is_wanted (self, event))
      return TRUE;
  }
  return FALSE;
}

static gboolean
expect_event (const ChsEvent *event, gpointer data)
{
  Expect *self = data;
  ChsEvent want;

  ck_assert_msg (next_wanted (self, &want), "event %d is too much", (int) event->seq);
  ck_assert_msg (chs_events_equal (event, &want), "event %d (%s) differs from %d (%s)", (int) event->seq,
                 chs_event_type_id (event->type), (int) want.seq, chs_event_type_id (want.type));
  self->n++;
  return TRUE;
}

static void
check_range (guint32 seed, guint n, gint64 from_us, gint64 to_us, guint flags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, &error);
  Expect expect = { .from_us = from_us, .to_us = to_us, .flags = flags, .left = n };
  ChsEvent none;

  ck_assert_msg (reader != NULL, "%s", error != NULL ? error->message : "");
  chs_event_maker_init (&expect.maker, seed);
  ck_assert_msg (chs_store_reader_foreach (reader, from_us, to_us, flags, expect_event, &expect, &error), "%s",
                 error != NULL ? error->message : "");
  ck_assert_msg (!next_wanted (&expect, &none), "event %d is missing", (int) none.seq);
  chs_event_maker_clear (&expect.maker);
}

START_TEST (all_comes_back_in_order)
{
  ChsStoreWriter *writer = open_writer ();
  ChsStoreSource source = { .source = 1, .name = "monitor", .driver = "ivy-450c", .address = "tty:/dev/ttyUSB0" };
  ChsEventMaker maker;
  struct stat st;
  g_autofree char *wal = g_strconcat (path, "-wal", NULL), *lock = g_strconcat (path, "-lock", NULL);

  chs_event_maker_init (&maker, 11);
  ck_assert_uint_eq (chs_store_writer_get_next_seq (writer), 1);
  chs_store_writer_add_source (writer, &source);
  write_events (writer, &maker, 3000);
  ck_assert (chs_store_writer_flush (writer, NULL));
  ck_assert_uint_eq (chs_store_writer_get_committed_seq (writer), maker.seq);
  check_range (11, 3000, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL); /* while it is open */
  ck_assert (g_file_test (wal, G_FILE_TEST_EXISTS));
  close_writer (writer);
  ck_assert_msg (!g_file_test (wal, G_FILE_TEST_EXISTS) && !g_file_test (lock, G_FILE_TEST_EXISTS), "one plain file is left");
  ck_assert_int_eq (g_stat (path, &st), 0);
  ck_assert_int_eq (st.st_mode & 0777, 0600);
  check_range (11, 3000, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL);
  chs_event_maker_clear (&maker);
}
END_TEST

START_TEST (a_setgid_folder_lets_its_group_read)
{
  g_autofree char *folder = g_path_get_dirname (path), *wal = g_strconcat (path, "-wal", NULL);
  ChsStoreWriter *writer;
  struct stat st;

  ck_assert_int_eq (g_chmod (folder, 02750), 0);
  writer = open_writer ();
  ck_assert (chs_store_writer_flush (writer, NULL));
  ck_assert_int_eq (g_stat (path, &st), 0);
  ck_assert_int_eq (st.st_mode & 0777, 0640);
  ck_assert_int_eq (g_stat (wal, &st), 0);
  ck_assert_int_eq (st.st_mode & 0777, 0640);
  close_writer (writer);
}
END_TEST

static const struct {
  double from, to; /* share of the whole time */
  guint flags;
} ranges[] = {
  { 0.0, 1.0, CHS_READ_NUMERICS }, { 0.0, 1.0, CHS_READ_WAVES }, { 0.0, 1.0, CHS_READ_RAW | CHS_READ_WAVES },
  { 0.5, 0.6, CHS_READ_ALL },      { 0.9, 2.0, CHS_READ_ALL },   { 0.0, 0.01, CHS_READ_ALL },
  { 0.3, 0.3, CHS_READ_ALL },      { 1.5, 2.0, CHS_READ_ALL },   { -2.0, -1.0, CHS_READ_ALL },
};

START_TEST (a_range_gives_exactly_the_range)
{
  ChsStoreWriter *writer = open_writer ();
  ChsEventMaker maker;
  gint64 end;

  chs_event_maker_init (&maker, 12);
  write_events (writer, &maker, 2000);
  end = maker.t_us;
  close_writer (writer);
  check_range (12, 2000, (gint64) (ranges[_i].from * (double) end), (gint64) (ranges[_i].to * (double) end), ranges[_i].flags);
  chs_event_maker_clear (&maker);
}
END_TEST

START_TEST (facts_and_sources_are_kept)
{
  ChsStoreWriter *writer = open_writer ();
  ChsStoreSource source = { .source = 2, .name = "pump1", .driver = "bcc", .address = "tcp:10.0.0.7:4001" };
  g_autoptr (ChsStoreReader) reader = NULL;
  const ChsStoreMeta *meta;
  const ChsStoreSource *sources;
  ChsEventMaker maker;
  guint n;

  chs_event_maker_init (&maker, 1);
  chs_store_writer_add_source (writer, &source);
  write_events (writer, &maker, 10);
  ck_assert (chs_store_writer_flush (writer, NULL));
  reader = chs_store_reader_new (path, NULL);
  meta = chs_store_reader_get_meta (reader);
  ck_assert (!meta->complete);
  ck_assert (g_uuid_string_is_valid (meta->session_id));
  ck_assert_str_eq (meta->chair, "chair 3");
  ck_assert_str_eq (meta->boot_id, "boot");
  ck_assert_int_eq (meta->start_wall_us, facts.start_wall_us);
  ck_assert_int_eq (meta->start_mono_us, 42);
  sources = chs_store_reader_get_sources (reader, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_str_eq (sources[0].address, source.address);
  close_writer (writer);
  chs_store_reader_refresh (reader);
  ck_assert (chs_store_reader_get_meta (reader)->complete);
  ck_assert_uint_eq (chs_store_reader_get_last_seq (reader), maker.seq);
  ck_assert_int_eq (chs_store_reader_get_last_us (reader), maker.t_us);
  chs_event_maker_clear (&maker);
}
END_TEST

START_TEST (a_second_writer_is_refused)
{
  g_autoptr (GError) error = NULL;
  ChsStoreWriter *writer = open_writer ();

  ck_assert (chs_store_writer_new (path, &facts, NULL, NULL, NULL, &error) == NULL);
  ck_assert (g_error_matches (error, CHS_STORE_ERROR, CHS_STORE_ERROR_BUSY));
  close_writer (writer);
  close_writer (open_writer ());
}
END_TEST

START_TEST (a_recording_goes_on_where_it_ended)
{
  ChsStoreWriter *writer = open_writer ();
  ChsStoreCheck check;
  ChsEventMaker maker;

  chs_event_maker_init (&maker, 13);
  for (guint i = 0; i < 4; i++) {
    write_events (writer, &maker, 300);
    ck_assert (chs_store_writer_close (writer, i % 2 == 0, NULL));
    writer = open_writer ();
    ck_assert_uint_eq (chs_store_writer_get_next_seq (writer), maker.seq + 1);
    ck_assert_int_eq (chs_store_writer_get_start_us (writer), maker.t_us);
  }
  close_writer (writer);
  check_range (13, 1200, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL);
  ck_assert_msg (chs_store_check (path, &check, NULL), "%s", check.account);
  ck_assert_uint_eq (check.events, 1200);
  chs_store_check_clear (&check);
  chs_event_maker_clear (&maker);
}
END_TEST

static gint64
query (const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *stmt;
  gint64 value;

  ck_assert_int_eq (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
  ck_assert_msg (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s", sqlite3_errmsg (db));
  sqlite3_step (stmt);
  value = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return value;
}

START_TEST (alarms_and_taps_are_plain_rows)
{
  ChsStoreWriter *writer = open_writer ();
  ChsEvent alarm = { .seq = 1, .t_us = 5000000, .type = CHS_EVENT_ALARM,
                     .alarm = { .action = CHS_ALARM_RAISE, .label = CHS_LABEL_MG_HYPOTENSION, .priority = CHS_PRIORITY_HIGH,
                                .param = CHS_PARAM_NIBP_SYS, .id = 1, .value = 86, .cause_us = CHS_TIME_NONE,
                                .evidence = "E-BP30,C-MG" } };
  ChsEvent ack = { .seq = 2, .t_us = 6000000, .type = CHS_EVENT_NURSE,
                   .nurse = { .action = CHS_NURSE_ACK, .at_us = CHS_TIME_NONE, .what = "mg_hypotension" } };

  chs_store_writer_append (writer, &alarm);
  chs_store_writer_append (writer, &ack);
  close_writer (writer);
  ck_assert_int_eq (query ("SELECT count(*) FROM alarm WHERE seq = 1 AND label = 'mg_hypotension' AND action = 'raise' AND value = 86 "
                           "AND param = 'NIBP_SYS' AND cause_us IS NULL AND evidence = 'E-BP30,C-MG'"), 1);
  ck_assert_int_eq (query ("SELECT count(*) FROM nurse WHERE seq = 2 AND action = 'ack' AND what = 'mg_hypotension' AND at_us IS NULL"), 1);
}
END_TEST

#define NEWER 3
_Static_assert (NEWER == CHS_STORE_VERSION + 1, "a version that is not there yet");

static const struct {
  const char *name, *sql;
  int code;
} foreign[] = {
  { "newer version", "PRAGMA user_version=" G_STRINGIFY (NEWER), CHS_STORE_ERROR_FORMAT },
  { "older version", "PRAGMA user_version=1", CHS_STORE_ERROR_FORMAT },
  { "other program", "PRAGMA application_id=1", CHS_STORE_ERROR_FORMAT },
  { "other table", "ALTER TABLE raw ADD COLUMN x", CHS_STORE_ERROR_FORMAT },
  { "view for a table", "DROP TABLE raw; ", CHS_STORE_ERROR_FORMAT },
};

START_TEST (what_is_not_ours_is_refused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) write_error = NULL;

  close_writer (open_writer ());
  query (foreign[_i].sql);
  ck_assert_msg (chs_store_reader_new (path, &error) == NULL, "%s", foreign[_i].name);
  ck_assert_msg (g_error_matches (error, CHS_STORE_ERROR, foreign[_i].code), "%s: %s", foreign[_i].name, error->message);
  ck_assert (chs_store_writer_new (path, &facts, NULL, NULL, NULL, &write_error) == NULL);
  ck_assert_msg (g_error_matches (write_error, CHS_STORE_ERROR, foreign[_i].code), "%s: %s", foreign[_i].name, write_error->message);
}
END_TEST

/* ---- damage ---- */

/* Without the sync that g_file_set_contents() makes. */
static gboolean
put_file (const char *bytes, gsize n)
{
  return g_file_set_contents_full (path, bytes, (gssize) n, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

static gboolean
count_event (const ChsEvent *event, gpointer data)
{
  guint *n = data;

  (*n)++;
  return TRUE;
}

static guint
count_readable (GError **error)
{
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, NULL);
  guint n = 0;

  ck_assert (reader != NULL);
  chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, count_event, &n, error);
  return n;
}

static void
make_session (guint32 seed, guint n)
{
  ChsStoreWriter *writer = open_writer ();
  ChsEventMaker maker;

  chs_event_maker_init (&maker, seed);
  write_events (writer, &maker, n);
  chs_event_maker_clear (&maker);
  close_writer (writer);
}

START_TEST (a_damaged_block_is_told_after_the_whole_ones)
{
  g_autoptr (GError) error = NULL;
  ChsStoreCheck check;
  gint64 lost;

  make_session (14, 2000);
  query ("UPDATE journal SET data = zeroblob(length(data)) WHERE seq = (SELECT seq FROM journal ORDER BY seq LIMIT 1 OFFSET 7)");
  lost = query ("SELECT events FROM journal ORDER BY seq LIMIT 1 OFFSET 7");
  ck_assert_uint_eq (count_readable (&error), 2000 - (guint) lost);
  ck_assert (g_error_matches (error, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED));
  ck_assert (!chs_store_check (path, &check, NULL));
  ck_assert_uint_eq (check.blocks_bad, 1);
  ck_assert_uint_eq (check.events, 2000 - (guint) lost);
  chs_store_check_clear (&check);
}
END_TEST

START_TEST (clause_6_12_a_missing_block_breaks_the_chain)
{
  ChsStoreCheck check;

  make_session (15, 2000);
  query ("DELETE FROM journal WHERE seq = (SELECT seq FROM journal ORDER BY seq LIMIT 1 OFFSET 3)");
  ck_assert (!chs_store_check (path, &check, NULL));
  ck_assert_msg (strstr (check.account, "chain of hashes is broken") != NULL, "%s", check.account);
  ck_assert_uint_eq (check.first_bad_seq, (guint64) query ("SELECT seq FROM journal ORDER BY seq LIMIT 1 OFFSET 3"));
  chs_store_check_clear (&check);
}
END_TEST

START_TEST (a_missing_end_is_told)
{
  ChsStoreCheck check;
  gint64 last;

  make_session (15, 2000);
  query ("DELETE FROM journal WHERE seq > (SELECT seq FROM journal ORDER BY seq DESC LIMIT 1 OFFSET 2)");
  query ("DELETE FROM wave WHERE last_seq > (SELECT max(last_seq) FROM journal)");
  query ("DELETE FROM raw WHERE last_seq > (SELECT max(last_seq) FROM journal)");
  last = query ("SELECT max(s) FROM (SELECT max(last_seq) s FROM journal UNION SELECT max(last_seq) FROM wave UNION SELECT max(last_seq) FROM raw)");
  ck_assert (!chs_store_check (path, &check, NULL));
  ck_assert_msg (strstr (check.account, "its end was taken away") != NULL, "%s", check.account);
  ck_assert_uint_eq (check.first_bad_seq, (guint64) last + 1);
  chs_store_check_clear (&check);
}
END_TEST

/* What instruments and tracks are called is in the journal, too. */
START_TEST (lost_names_are_made_anew)
{
  static const char text[] = "1\t0\tHR\tInfinity/HR\t/min\n1\t1\tOTHER\tInfinity/ST II\tmm\n";
  static const ChsStoreTrack tracks[] = { { .source = 1, .param = CHS_PARAM_HR, .name = "Infinity/HR", .unit = "/min" },
                                          { .source = 1, .channel = 1, .param = CHS_PARAM_OTHER, .name = "Infinity/ST II", .unit = "mm" } };
  g_autofree char *out = g_build_filename (dir, "b.chairside", NULL);
  g_autoptr (ChsStoreReader) reader = NULL;
  ChsStoreWriter *writer = open_writer ();
  ChsStoreSource source = { .source = 1, .name = "Infinity", .driver = "vital" };
  ChsEvent config = { .seq = 1, .type = CHS_EVENT_CONFIG, .config = { .name = CHS_STORE_TRACKS_CONFIG, .text = text, .n = sizeof text - 1 } };
  ChsEvent link = { .seq = 2, .type = CHS_EVENT_LINK, .source = 1, .link = { .state = CHS_LINK_UP, .name = "Infinity", .driver = "vital" } };
  const ChsStoreTrack *got;
  ChsStoreCheck check;
  guint n;

  chs_store_writer_add_source (writer, &source);
  for (guint i = 0; i < G_N_ELEMENTS (tracks); i++)
    chs_store_writer_add_track (writer, &tracks[i]);
  chs_store_writer_append (writer, &config);
  chs_store_writer_append (writer, &link);
  close_writer (writer);
  ck_assert_msg (chs_store_check (path, &check, NULL), "%s", check.account);
  chs_store_check_clear (&check);
  query ("DELETE FROM source");
  query (_i == 0 ? "DELETE FROM track" : "DELETE FROM track WHERE param = 'HR'");
  ck_assert (!chs_store_check (path, &check, NULL));
  ck_assert_msg (strstr (check.account, "Infinity/HR") != NULL, "%s", check.account);
  chs_store_check_clear (&check);
  ck_assert (chs_store_recover (path, out, &check, NULL));
  chs_store_check_clear (&check);
  g_free (path);
  path = g_steal_pointer (&out);
  reader = chs_store_reader_new (path, NULL);
  got = chs_store_reader_get_tracks (reader, &n);
  ck_assert_uint_eq (n, 2);
  ck_assert_str_eq (got[1].name, "Infinity/ST II");
  ck_assert_str_eq (got[1].unit, "mm");
  ck_assert_str_eq (chs_store_reader_get_sources (reader, &n)->name, "Infinity");
  ck_assert_uint_eq (n, 1);
}
END_TEST

/* Overwrites every page of the file in turn: never a crash, and most events stay readable. */
START_TEST (a_damaged_page_costs_little)
{
  g_autofree char *bytes = NULL;
  gsize n;

  make_session (16, 2000);
  ck_assert (g_file_get_contents (path, &bytes, &n, NULL));
  for (gsize page = 1; page * 4096 < n; page++) {
    g_autofree char *copy = g_memdup2 (bytes, n);
    g_autoptr (GError) error = NULL;
    g_autoptr (ChsStoreReader) reader = NULL;
    ChsStoreCheck check = { 0 };
    guint got = 0;

    memset (copy + page * 4096, page % 2 == 0 ? 0xFF : 0x0D, 4096);
    ck_assert (put_file (copy, n));
    reader = chs_store_reader_new (path, NULL);
    if (reader == NULL)
      continue;
    chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, count_event, &got, &error);
    ck_assert_msg (got == 2000 || error != NULL, "page %zu: %u events and no word", page, got);
    chs_store_check (path, &check, NULL);
    chs_store_check_clear (&check);
  }
}
END_TEST

/* A few bytes anywhere, now and then a whole run of them; every way in must end with events or a reason. */
static void
spoil (GRand *rand, char *bytes, gsize n)
{
  for (gint i = g_rand_int_range (rand, 1, 12); i > 0; i--) {
    gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) n);
    gsize run = g_rand_int_range (rand, 0, 4) == 0 ? (gsize) g_rand_int_range (rand, 1, 300) : 1;

    if (g_rand_int_range (rand, 0, 3) == 0) /* headers of pages and of the file are where it hurts */
      at = at / 4096 * 4096 + (gsize) g_rand_int_range (rand, 0, 120);
    for (gsize k = at; k < at + run && k < n; k++)
      bytes[k] = (char) g_rand_int (rand);
  }
}

START_TEST (fuzzed_files_are_survived)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1000u + (guint32) _i);
  g_autofree char *out = g_build_filename (dir, "out.chairside", NULL);
  g_autofree char *bytes = NULL;
  guint rounds = g_getenv ("CHS_TEST_LONG") != NULL ? 200 : 12;
  gsize n;

  make_session (19, 1500);
  ck_assert (g_file_get_contents (path, &bytes, &n, NULL));
  for (guint round = 0; round < rounds; round++) {
    g_autofree char *copy = g_memdup2 (bytes, n);
    g_autoptr (ChsStoreReader) reader = NULL;
    g_autoptr (GError) error = NULL;
    ChsStoreCheck check = { 0 }, saved = { 0 };
    ChsStoreWriter *writer;
    guint got = 0;

    spoil (rand, copy, n);
    ck_assert (put_file (copy, n));
    reader = chs_store_reader_new (path, NULL);
    if (reader != NULL) {
      chs_store_reader_foreach (reader, 1000000, G_MAXINT64, CHS_READ_ALL, count_event, &got, NULL);
      ck_assert_uint_le (got, 1500);
    }
    chs_store_check (path, &check, NULL);
    chs_store_check_clear (&check);
    chs_store_recover (path, out, &saved, NULL);
    ck_assert_uint_le (saved.events, 1500);
    chs_store_check_clear (&saved);
    g_remove (out);
    if (round % 8 != 0) /* a writer tries for a while before it gives up a file */
      continue;
    writer = chs_store_writer_new (path, &facts, NULL, NULL, NULL, &error);
    ck_assert (writer != NULL || error != NULL);
    if (writer != NULL)
      chs_store_writer_close (writer, TRUE, NULL);
  }
}
END_TEST

START_TEST (what_is_whole_is_recovered)
{
  g_autofree char *out = g_build_filename (dir, "b.chairside", NULL);
  ChsStoreCheck check;
  guint n;

  make_session (17, 2000);
  query ("UPDATE journal SET data = zeroblob(length(data)) WHERE seq = (SELECT seq FROM journal ORDER BY seq LIMIT 1 OFFSET 5)");
  n = count_readable (NULL);
  ck_assert (chs_store_recover (path, out, &check, NULL));
  ck_assert_uint_eq (check.events, n);
  ck_assert_uint_eq (check.blocks_bad, 1);
  chs_store_check_clear (&check);
  g_free (path);
  path = g_steal_pointer (&out);
  ck_assert_uint_eq (count_readable (NULL), n);
}
END_TEST

static const struct {
  const char *name;
  gsize from, n; /* bytes of the file that are lost */
} losses[] = {
  { "the first page", 0, 4096 },
  { "the schema", 100, 3996 },
  { "the header", 0, 100 },
};

/* What no table leads to any more is found page by page: here everything. */
START_TEST (lost_tables_do_not_lose_blocks)
{
  g_autofree char *out = g_build_filename (dir, "b.chairside", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  ChsStoreCheck check = { 0 };
  gsize n;

  make_session (20, 2000);
  ck_assert (g_file_get_contents (path, &bytes, &n, NULL));
  memset (bytes + losses[_i].from, 0, losses[_i].n);
  ck_assert (put_file (bytes, n));
  ck_assert (chs_store_reader_new (path, NULL) == NULL);
  ck_assert_msg (chs_store_recover (path, out, &check, &error), "%s: %s", losses[_i].name, error != NULL ? error->message : "");
  ck_assert_msg (check.events == 2000, "%s: %d events\n%s", losses[_i].name, (int) check.events, check.account);
  chs_store_check_clear (&check);
  g_free (path);
  path = g_steal_pointer (&out);
  check_range (20, 2000, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL);
}
END_TEST

START_TEST (a_recording_of_another_version_is_not_recovered)
{
  g_autofree char *out = g_build_filename (dir, "b.chairside", NULL);
  g_autoptr (GError) error = NULL;
  ChsStoreCheck check = { 0 };

  make_session (21, 200);
  query (_i == 0 ? "PRAGMA user_version=" G_STRINGIFY (NEWER) : "PRAGMA user_version=1");
  ck_assert (!chs_store_recover (path, out, &check, &error));
  ck_assert (g_error_matches (error, CHS_STORE_ERROR, CHS_STORE_ERROR_FORMAT));
  ck_assert (!g_file_test (out, G_FILE_TEST_EXISTS));
  chs_store_check_clear (&check);
}
END_TEST

START_TEST (a_damaged_tail_is_moved_aside)
{
  ChsStoreWriter *writer;
  ChsEvent tick = { .type = CHS_EVENT_TICK };
  gint64 last;

  make_session (18, 1000);
  last = query ("SELECT max(s) FROM (SELECT max(last_seq) s FROM journal UNION SELECT max(last_seq) FROM wave UNION SELECT max(last_seq) FROM raw)");
  query ("UPDATE journal SET data = zeroblob(length(data)) WHERE seq = (SELECT max(seq) FROM journal)");
  writer = open_writer ();
  tick.seq = chs_store_writer_get_next_seq (writer);
  tick.t_us = chs_store_writer_get_start_us (writer) + 1;
  ck_assert_int_eq ((gint64) tick.seq, last + 1);
  chs_store_writer_append (writer, &tick);
  close_writer (writer);
  ck_assert_int_eq (query ("SELECT count(*) FROM aside WHERE stream = 'journal' AND length(data) > 0"), 1);
  ck_assert_int_eq (query ("SELECT max(last_seq) FROM journal"), last + 1);
}
END_TEST

static Suite *
store_suite (void)
{
  Suite *suite = suite_create ("store");
  TCase *tc = tcase_create ("store");

  tcase_set_timeout (tc, 250);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, all_comes_back_in_order);
  tcase_add_test (tc, a_setgid_folder_lets_its_group_read);
  tcase_add_loop_test (tc, a_range_gives_exactly_the_range, 0, G_N_ELEMENTS (ranges));
  tcase_add_test (tc, facts_and_sources_are_kept);
  tcase_add_test (tc, a_second_writer_is_refused);
  tcase_add_test (tc, a_recording_goes_on_where_it_ended);
  tcase_add_test (tc, alarms_and_taps_are_plain_rows);
  tcase_add_loop_test (tc, what_is_not_ours_is_refused, 0, G_N_ELEMENTS (foreign));
  tcase_add_test (tc, a_damaged_block_is_told_after_the_whole_ones);
  tcase_add_test (tc, clause_6_12_a_missing_block_breaks_the_chain);
  tcase_add_test (tc, a_missing_end_is_told);
  tcase_add_loop_test (tc, lost_names_are_made_anew, 0, 2);
  tcase_add_test (tc, a_damaged_page_costs_little);
  tcase_add_loop_test (tc, fuzzed_files_are_survived, 0, 8);
  tcase_add_test (tc, what_is_whole_is_recovered);
  tcase_add_loop_test (tc, lost_tables_do_not_lose_blocks, 0, G_N_ELEMENTS (losses));
  tcase_add_loop_test (tc, a_recording_of_another_version_is_not_recovered, 0, 2);
  tcase_add_test (tc, a_damaged_tail_is_moved_aside);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (store_suite)

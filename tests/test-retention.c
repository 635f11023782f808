/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/retention.h"

#include "app/audit.h"
#include "app/markers.h"
#include "data/ini.h"
#include "data/store.h"
#include "tests/check-main.h"
#include "tests/scratch.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define NOW_US G_GINT64_CONSTANT (1767621600000000) /* 2026-01-05T14:00:00Z */
#define MIB (1024 * 1024)

static char *dir;

static char *
path_of (const char *name)
{
  return g_build_filename (dir, name, NULL);
}

/* A session of a second that ended @days ago, with a technician's marker. */
static void
write_session (const char *name, double days)
{
  g_autofree char *path = path_of (name);
  g_autoptr (ChsMarkers) markers = chs_markers_load (path, NULL);
  ChsStoreMeta meta = { .session_id = (char *) name, .chair = (char *) "chair", .program = (char *) "test",
                        .start_wall_us = NOW_US - (gint64) (days * (double) DAY_US) };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  ChsEvent tick = { .type = CHS_EVENT_TICK, .seq = 1, .wall_us = meta.start_wall_us };

  ck_assert_ptr_nonnull (writer);
  chs_store_writer_append (writer, &tick);
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  ck_assert (chs_markers_set (markers, 0, "pale here", NULL));
}

static void
mark_exported (const char *name)
{
  g_autofree char *path = path_of (name);

  ck_assert (chs_retention_note_export (path, NOW_US, "test", "edf", "/media/stick/a.edf", NULL));
}

static gboolean
is_there (const char *name)
{
  g_autofree char *path = path_of (name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
setup (void)
{
  dir = g_dir_make_tmp ("chs-retention-XXXXXX", NULL);
  ck_assert (chs_audit_append (dir, NOW_US, "test", "start", "chair", NULL, NULL));
  write_session ("a400.chairside", 400);
  write_session ("b100.chairside", 100);
  write_session ("c40.chairside", 40);
  write_session ("d2.chairside", 2);
  write_session ("e0.chairside", 0.5);
}

static void
teardown (void)
{
  scratch_remove (dir);
  g_clear_pointer (&dir, g_free);
}

/* ---- the policy ---- */

static const struct {
  const char  *name;
  ChsRetention policy;
  const char  *exported; /* those that were, separated by blanks */
  guint        free_mib;
  const char  *left;     /* first letters of what is left */
} rows[] = {
  { "nothing is wanted", { 0, 0, TRUE }, "a400 b100 c40 d2 e0", 0, "abcde" },
  { "age", { 90, 0, TRUE }, "a400 b100 c40 d2 e0", 0, "cde" },
  { "age, not exported", { 90, 0, TRUE }, "b100", 0, "acde" },
  { "age, exported or not", { 90, 0, FALSE }, "", 0, "cde" },
  { "age of a day keeps what may be gone on with", { 1, 0, FALSE }, "", 0, "e" },
  { "room enough", { 0, 100, TRUE }, "a400 b100 c40 d2 e0", 100, "abcde" },
  { "no room: oldest first", { 0, 102, TRUE }, "a400 b100 c40 d2 e0", 100, "cde" },
  { "no room: oldest exported first", { 0, 102, TRUE }, "b100 d2", 100, "ace" },
  { "no room, nothing exported", { 0, 1000, TRUE }, "", 100, "abcde" },
  { "no room at all keeps what may be gone on with", { 0, 1000, FALSE }, "", 0, "e" },
};

/* Each recording that goes frees a mebibyte. */
static guint64
count_room (const char *folder, gpointer data)
{
  guint64 bytes = *(const guint *) data * (guint64) MIB;
  static const char *const names[] = { "a400.chairside", "b100.chairside", "c40.chairside", "d2.chairside", "e0.chairside" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    bytes += is_there (names[i]) ? 0 : MIB;
  return bytes;
}

static void
mark_all (const char *words)
{
  g_auto (GStrv) names = g_strsplit (words, " ", -1);

  for (char **name = names; *name != NULL && **name != '\0'; name++) {
    g_autofree char *file = g_strconcat (*name, ".chairside", NULL);

    mark_exported (file);
  }
}

typedef struct {
  guint removed;
  GString *names;
} Log;

static gboolean
count_removals (const ChsAuditLine *line, gpointer data)
{
  Log *log = data;

  if (strcmp (line->action, "remove") == 0) {
    log->removed++;
    g_string_append_c (log->names, line->what[0]);
  }
  return TRUE;
}

static void
check_left (const char *name, const char *left)
{
  static const char *const names[] = { "a400.chairside", "b100.chairside", "c40.chairside", "d2.chairside", "e0.chairside" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *markers = g_strconcat (names[i], CHS_MARKERS_SUFFIX, NULL);
    gboolean is_left = strchr (left, names[i][0]) != NULL;

    ck_assert_msg (is_there (names[i]) == is_left, "%s: %s", name, names[i]);
    ck_assert_msg (is_there (markers) == is_left, "%s: %s", name, markers); /* what was noted goes and stays with it */
  }
}

START_TEST (the_policy_decides)
{
  g_auto (ChsRetentionResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  Log log = { 0, g_string_new (NULL) };
  guint free_mib = rows[_i].free_mib;

  mark_all (rows[_i].exported);
  ck_assert_msg (chs_retention_run (&rows[_i].policy, dir, NOW_US, FALSE, count_room, &free_mib, &result, &error), "%s: %s",
                 rows[_i].name, error != NULL ? error->message : "");
  check_left (rows[_i].name, rows[_i].left);
  ck_assert_uint_eq (result.items->len, 5);
  ck_assert_uint_eq (result.n_removed, 5 - strlen (rows[_i].left));
  ck_assert (chs_audit_foreach (dir, count_removals, &log, NULL));
  ck_assert_uint_eq (log.removed, result.n_removed);
  for (guint i = 1; i < log.names->len; i++)
    ck_assert_msg (log.names->str[i - 1] < log.names->str[i], "%s: the oldest first", rows[_i].name);
  g_string_free (log.names, TRUE);
}
END_TEST

START_TEST (a_dry_run_only_tells)
{
  const ChsRetention policy = { 90, 0, FALSE };
  g_auto (ChsRetentionResult) result = { 0 };
  guint free_mib = 0;

  ck_assert (chs_retention_run (&policy, dir, NOW_US, TRUE, count_room, &free_mib, &result, NULL));
  ck_assert_uint_eq (result.n_removed, 2);
  check_left ("dry", "abcde");
}
END_TEST

START_TEST (what_is_being_recorded_stays)
{
  const ChsRetention policy = { 1, 0, FALSE };
  g_auto (ChsRetentionResult) result = { 0 };
  g_autofree char *path = path_of ("a400.chairside");
  ChsStoreMeta meta = { .chair = (char *) "chair" };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);

  ck_assert (chs_retention_run (&policy, dir, NOW_US, FALSE, NULL, NULL, &result, NULL));
  check_left ("recording", "ae");
  ck_assert_int_eq (((ChsRetentionItem *) result.items->pdata[0])->fate, CHS_RETENTION_KEPT_RUNNING);
  chs_store_writer_close (writer, TRUE, NULL);
}
END_TEST

START_TEST (what_cannot_be_read_stays)
{
  const ChsRetention policy = { 1, 0, FALSE };
  g_auto (ChsRetentionResult) result = { 0 };
  g_autofree char *path = path_of ("broken.chairside");

  ck_assert (g_file_set_contents (path, "nothing", -1, NULL));
  ck_assert (chs_retention_run (&policy, dir, NOW_US, FALSE, NULL, NULL, &result, NULL));
  ck_assert (is_there ("broken.chairside"));
  ck_assert_uint_eq (result.items->len, 6);
}
END_TEST

START_TEST (what_cannot_be_logged_is_not_removed)
{
  const ChsRetention policy = { 90, 0, FALSE };
  g_auto (ChsRetentionResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *log = path_of (CHS_AUDIT_NAME), *other = path_of ("elsewhere");

  ck_assert_int_eq (g_rename (log, other), 0);
  ck_assert_int_eq (symlink (other, log), 0); /* the log is never written through a link */
  ck_assert (!chs_retention_run (&policy, dir, NOW_US, FALSE, NULL, NULL, &result, &error));
  ck_assert (g_error_matches (error, CHS_AUDIT_ERROR, CHS_AUDIT_ERROR_WRITE));
  check_left ("no log", "abcde");
}
END_TEST

START_TEST (a_clock_that_was_never_set_removes_nothing)
{
  const ChsRetention policy = { 1, 0, FALSE };
  g_auto (ChsRetentionResult) result = { 0 };

  ck_assert (chs_retention_run (&policy, dir, 0, FALSE, NULL, NULL, &result, NULL));
  check_left ("1970", "abcde");
}
END_TEST

START_TEST (days_ahead_are_told)
{
  const ChsRetention policy = { 0, 100, TRUE };
  g_auto (ChsRetentionResult) result = { 0 };
  guint free_mib = 101;

  ck_assert (chs_retention_run (&policy, dir, NOW_US, FALSE, count_room, &free_mib, &result, NULL));
  ck_assert (result.bytes_day > 0);
  ck_assert (fabs (result.days_left - MIB / result.bytes_day) < 0.1);
}
END_TEST

static const struct {
  const char *key, *value;
  int code; /* -1 = taken */
} keys[] = {
  { "keep_days", "30", -1 }, { "keep_days", "", CHS_INI_ERROR_VALUE }, { "keep_days", "-1", CHS_INI_ERROR_VALUE },
  { "min_free_mib", "2000", -1 }, { "min_free_mib", "1e9", CHS_INI_ERROR_VALUE }, { "keep_unexported", "no", -1 },
  { "keep_unexported", "maybe", CHS_INI_ERROR_VALUE }, { "keepdays", "3", CHS_INI_ERROR_KEY },
};

START_TEST (keys_are_checked)
{
  ChsRetention policy = CHS_RETENTION_DEFAULT;
  g_autoptr (GError) error = NULL;

  ck_assert_int_eq (chs_retention_set (&policy, keys[_i].key, keys[_i].value, &error), keys[_i].code < 0);
  if (keys[_i].code >= 0)
    ck_assert_msg (g_error_matches (error, CHS_INI_ERROR, keys[_i].code), "%s = %s", keys[_i].key, keys[_i].value);
}
END_TEST

static Suite *
retention_suite (void)
{
  Suite *suite = suite_create ("retention");
  TCase *tc = tcase_create ("retention");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, the_policy_decides, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, a_dry_run_only_tells);
  tcase_add_test (tc, what_is_being_recorded_stays);
  tcase_add_test (tc, what_cannot_be_read_stays);
  tcase_add_test (tc, what_cannot_be_logged_is_not_removed);
  tcase_add_test (tc, a_clock_that_was_never_set_removes_nothing);
  tcase_add_test (tc, days_ahead_are_told);
  tcase_add_loop_test (tc, keys_are_checked, 0, G_N_ELEMENTS (keys));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (retention_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/audit.h"
#include "tests/check-main.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOON_US G_GINT64_CONSTANT (1767621600000000) /* 2026-01-05T14:00:00Z */

static char *dir, *path;

static void
setup (void)
{
  dir = g_dir_make_tmp ("chs-audit-XXXXXX", NULL);
  path = g_build_filename (dir, CHS_AUDIT_NAME, NULL);
}

static void
teardown (void)
{
  g_unlink (path);
  g_rmdir (dir);
  g_clear_pointer (&path, g_free);
  g_clear_pointer (&dir, g_free);
}

static void
say (const char *what)
{
  g_autoptr (GError) error = NULL;

  ck_assert_msg (chs_audit_append (dir, NOON_US, "test", "remove", what, "because", &error), "%s", error != NULL ? error->message : "");
}

static gboolean
collect (const ChsAuditLine *line, gpointer data)
{
  g_string_append_printf (data, "%u %s %s %s %s %s|", line->line, line->time, line->who, line->action, line->what, line->why);
  return TRUE;
}

START_TEST (what_is_said_is_there)
{
  g_autoptr (GString) all = g_string_new (NULL);
  struct stat st;

  say ("one");
  say ("two \"quoted\"\n");
  ck_assert (chs_audit_foreach (dir, collect, all, NULL));
  ck_assert_str_eq (all->str, "1 2026-01-05T14:00:00.000Z test remove one because|"
                              "2 2026-01-05T14:00:00.000Z test remove two \"quoted\"\n because|");
  ck_assert_int_eq (stat (path, &st), 0);
  ck_assert_int_eq (st.st_mode & 0777, 0600);
}
END_TEST

START_TEST (no_log_is_whole)
{
  ck_assert (chs_audit_foreach (dir, NULL, NULL, NULL));
}
END_TEST

/* ---- a log that somebody worked on ---- */

static void
change_a_letter (GString *log)
{
  *strstr (log->str, "two") = 'T';
}

static void
take_a_line_out (GString *log)
{
  char *first = strchr (log->str, '\n') + 1;

  g_string_erase (log, first - log->str, strchr (first, '\n') + 1 - first);
}

static void
put_a_line_in (GString *log)
{
  char *first = strchr (log->str, '\n') + 1;
  g_autofree char *copy = g_strndup (log->str, (gsize) (first - log->str));

  g_string_insert (log, first - log->str, copy);
}

static void
put_garbage_in (GString *log)
{
  g_string_insert (log, strchr (log->str, '\n') + 1 - log->str, "garbage\n");
}

static const struct {
  const char *name;
  void (*harm) (GString *log);
} harms[] = {
  { "a letter changed", change_a_letter },
  { "a line taken out", take_a_line_out },
  { "a line put in", put_a_line_in },
  { "garbage", put_garbage_in },
};

START_TEST (harm_is_told_with_its_line)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  say ("one");
  say ("two");
  say ("three");
  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  g_string_assign (log, text);
  harms[_i].harm (log);
  ck_assert (g_file_set_contents (path, log->str, -1, NULL));
  ck_assert_msg (!chs_audit_foreach (dir, NULL, NULL, &error), "%s", harms[_i].name);
  ck_assert (g_error_matches (error, CHS_AUDIT_ERROR, CHS_AUDIT_ERROR_CHAIN));
  ck_assert_msg (strstr (error->message, "line 2") != NULL, "%s: %s", harms[_i].name, error->message);
}
END_TEST

START_TEST (a_half_line_of_a_power_cut_is_no_break)
{
  FILE *file;

  say ("one");
  file = fopen (path, "a");
  fputs ("{\"time\":\"20", file);
  fclose (file);
  ck_assert (chs_audit_foreach (dir, NULL, NULL, NULL));
  say ("two");
  ck_assert (chs_audit_foreach (dir, NULL, NULL, NULL));
}
END_TEST

START_TEST (what_cannot_be_written_is_an_error)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *nowhere = g_build_filename (dir, "nowhere", NULL);

  ck_assert (!chs_audit_append (nowhere, NOON_US, "test", "remove", "x", NULL, &error));
  ck_assert (g_error_matches (error, CHS_AUDIT_ERROR, CHS_AUDIT_ERROR_WRITE));
}
END_TEST

START_TEST (long_texts_are_cut)
{
  g_autofree char *text = g_strnfill (100000, 'x');

  say (text);
  say ("short");
  ck_assert (chs_audit_foreach (dir, NULL, NULL, NULL));
}
END_TEST

static gboolean
count (const ChsAuditLine *line, gpointer data)
{
  ++*(guint *) data;
  return TRUE;
}

START_TEST (two_processes_share_it)
{
  pid_t child = fork ();
  guint n = 0;

  for (guint i = 0; i < 20; i++)
    say ("x");
  if (child == 0)
    _exit (0);
  waitpid (child, NULL, 0);
  ck_assert (chs_audit_foreach (dir, count, &n, NULL));
  ck_assert_uint_eq (n, 40);
}
END_TEST

static Suite *
audit_suite (void)
{
  Suite *suite = suite_create ("audit");
  TCase *tc = tcase_create ("audit");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, what_is_said_is_there);
  tcase_add_test (tc, no_log_is_whole);
  tcase_add_loop_test (tc, harm_is_told_with_its_line, 0, G_N_ELEMENTS (harms));
  tcase_add_test (tc, a_half_line_of_a_power_cut_is_no_break);
  tcase_add_test (tc, what_cannot_be_written_is_an_error);
  tcase_add_test (tc, long_texts_are_cut);
  tcase_add_test (tc, two_processes_share_it);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (audit_suite)

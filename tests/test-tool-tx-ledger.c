/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/store.h"
#include "devices/driver.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* The command as a technician types it. */

static int
run (const char *arguments, char **out)
{
  g_autofree char *line = g_strdup_printf ("%s/app/chairside-tool tx-ledger %s", g_getenv ("CHS_TEST_BUILD"), arguments);
  g_auto (GStrv) argv = NULL;
  int status;

  ck_assert (g_shell_parse_argv (line, NULL, &argv, NULL));
  ck_assert (g_spawn_sync (NULL, argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, out, NULL, &status, NULL));
  ck_assert (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  while ((text = strstr (text, what)) != NULL) {
    text += strlen (what);
    n++;
  }
  return n;
}

START_TEST (every_driver_and_every_request_has_a_line)
{
  g_autofree char *out = NULL;
  guint n_lines = 0;

  ck_assert_int_eq (run ("--json", &out), 0);
  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++) {
    g_autofree char *key = g_strdup_printf ("\"driver\":\"%s\"", (*driver)->id);
    guint want = MAX (1, (*driver)->n_queries);

    ck_assert_msg (count (out, key) == want, "%s", (*driver)->id);
    n_lines += want;
  }
  ck_assert_uint_eq (count (out, "\n"), n_lines);
}
END_TEST

START_TEST (one_driver_alone)
{
  g_autofree char *out = NULL;

  ck_assert_int_eq (run ("ivy-450c", &out), 0);
  ck_assert_str_eq (out, "ivy-450c: nothing is ever sent\n");
}
END_TEST

START_TEST (neither_driver_nor_recording)
{
  g_autofree char *out = NULL;

  ck_assert_int_eq (run ("no-such-thing", &out), 2);
  g_clear_pointer (&out, g_free);
  ck_assert_int_eq (run ("/dev/null", &out), 3);
  ck_assert_str_eq (out, "");
}
END_TEST

/* A recording with three RAW events, two of them ours. */
static char *
make_session (const char *dir)
{
  static const guint8 ask[] = { 0x02, 0x41 }, answer[] = { 0x06 };
  char *path = g_build_filename (dir, "a.chairside", NULL);
  const ChsStoreMeta meta = { .session_id = (char *) "1", .program = (char *) "test" };
  ChsStoreSource source = { .source = 1, .name = "pump1", .driver = "bbraun-bcc", .address = "tty:/x" };
  g_autoptr (GError) error = NULL;
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, &error);
  const ChsRaw raws[] = { { 1, 2, ask }, { 0, 1, answer }, { 1, 2, ask } };

  g_assert_no_error (error);
  chs_store_writer_add_source (writer, &source);
  for (guint i = 0; i < 3; i++) {
    ChsEvent event = { .seq = i + 1, .t_us = (gint64) i * 1500000, .type = CHS_EVENT_RAW, .source = 1, .raw = raws[i] };

    chs_store_writer_append (writer, &event);
  }
  chs_store_writer_close (writer, TRUE, &error);
  g_assert_no_error (error);
  return path;
}

START_TEST (what_was_sent_in_a_session)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-ledger-XXXXXX", NULL), *path = make_session (dir), *out = NULL;
  g_autofree char *arguments = g_strdup_printf ("--json %s", path);

  ck_assert_int_eq (run (arguments, &out), 0);
  ck_assert_str_eq (out, "{\"t_ms\":0,\"type\":\"sent\",\"source\":\"pump1\",\"driver\":\"bbraun-bcc\",\"bytes\":\"02 41\"}\n"
                         "{\"t_ms\":3000,\"type\":\"sent\",\"source\":\"pump1\",\"driver\":\"bbraun-bcc\",\"bytes\":\"02 41\"}\n"
                         "{\"type\":\"summary\",\"sent\":2,\"bytes\":4}\n");
  g_unlink (path);
  g_rmdir (dir);
}
END_TEST

static Suite *
tool_tx_ledger_suite (void)
{
  Suite *suite = suite_create ("tool-tx-ledger");
  TCase *tc = tcase_create ("command");

  tcase_add_test (tc, every_driver_and_every_request_has_a_line);
  tcase_add_test (tc, one_driver_alone);
  tcase_add_test (tc, neither_driver_nor_recording);
  tcase_add_test (tc, what_was_sent_in_a_session);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (tool_tx_ledger_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "tests/small-session.h"

#include <glib/gstdio.h>
#include <string.h>

/* chairside-tool export as a technician types it. */

static char *dir;

static void
setup (void)
{
  g_autofree char *path = NULL;

  dir = g_dir_make_tmp ("chs-tool-XXXXXX", NULL);
  path = g_build_filename (dir, "a.chairside", NULL);
  small_session_write (path);
}

static void
teardown (void)
{
  static const char *const names[] = { "a.chairside", "out" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (dir, names[i], NULL);

    g_unlink (path);
  }
  g_rmdir (dir);
  g_clear_pointer (&dir, g_free);
}

static const struct {
  const char *name, *arguments;
  int         status;
  const char *begins; /* of the file; NULL = there is none */
  gsize       n;
} rows[] = {
  { "csv", "--format=csv a.chairside --out=out", 0, "time,source,", 12 },
  { "csv-wide", "--format=csv-wide a.chairside --out=out", 0, "time,HR [MDC", 12 },
  { "edf", "--format=edf a.chairside --out=out", 0, "0       P-0042 F", 16 },
  { "vital", "--format=vital a.chairside --out=out", 0, "\x1f\x8b\x08", 3 },
  { "fhir", "--format=fhir a.chairside --out=out", 0, "{\"resourceType\":\"Bundle\"", 24 },
  { "hl7", "--format=hl7 a.chairside --out=out", 0, "MSH|^~\\&|CHAIRSIDE^", 19 },
  { "pdf", "--format=pdf a.chairside --out=out", 0, "%PDF-", 5 },
  { "png of an instant", "--format=png --at=515 a.chairside --out=out", 0, "\x89PNG", 4 },
  { "svg", "--format=svg a.chairside --out=out", 0, "<?xml", 5 },
  { "deidentified", "--format=csv --deidentify a.chairside --out=out", 0, "time,source,", 12 },
  { "a key for nothing", "--format=csv --key=k a.chairside --out=out", 2, NULL, 0 },
  { "no format", "a.chairside --out=out", 2, NULL, 0 },
  { "unknown format", "--format=doc a.chairside --out=out", 2, NULL, 0 },
  { "no place", "--format=csv a.chairside", 2, NULL, 0 },
  { "two places", "--format=hl7 --mllp=127.0.0.1:1 a.chairside --out=out", 2, NULL, 0 },
  { "no such recording", "--format=csv b.chairside --out=out", 3, NULL, 0 },
  { "the recording itself", "--format=csv a.chairside --out=a.chairside", 3, NULL, 0 },
  { "no file", "--format=csv a.chairside --out=.", 3, NULL, 0 },
  { "no such folder", "--format=csv a.chairside --out=b/out", 3, NULL, 0 },
  { "nobody listens", "--format=hl7 --mllp=127.0.0.1:1 a.chairside", 1, NULL, 0 },
};

START_TEST (a_command_line)
{
  g_autofree char *line = g_strdup_printf ("%s/app/chairside-tool export %s", g_getenv ("CHS_TEST_BUILD"), rows[_i].arguments);
  g_autofree char *out = g_build_filename (dir, "out", NULL), *text = NULL, *told = NULL;
  g_auto (GStrv) argv = NULL;
  gsize n = 0;
  int status;

  ck_assert (g_shell_parse_argv (line, NULL, &argv, NULL));
  ck_assert (g_spawn_sync (dir, argv, NULL, 0, NULL, NULL, NULL, &told, &status, NULL));
  ck_assert_msg (WIFEXITED (status) && WEXITSTATUS (status) == rows[_i].status, "%s: status %d, %s", rows[_i].name, WEXITSTATUS (status), told);
  ck_assert_msg (strstr (told, "P-0042") == NULL, "a patient in the log: %s", told);
  ck_assert_msg (g_file_get_contents (out, &text, &n, NULL) == (rows[_i].begins != NULL), "%s", rows[_i].name);
  if (rows[_i].begins != NULL)
    ck_assert_msg (n >= rows[_i].n && memcmp (text, rows[_i].begins, rows[_i].n) == 0, "%s begins with %.20s", rows[_i].name, text);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("tool-export");
  TCase *tcase = tcase_create ("export");

  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_set_timeout (tcase, 30);
  tcase_add_loop_test (tcase, a_command_line, 0, G_N_ELEMENTS (rows));
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

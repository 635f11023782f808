/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/sound-analysis.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* The command as a technician types it: exit status, and the file measured. */
static char *dir, *path;

static void
setup (void)
{
  dir = g_dir_make_tmp ("chairside-tool-XXXXXX", NULL);
  path = g_build_filename (dir, "a.wav", NULL);
}

static void
teardown (void)
{
  g_unlink (path);
  g_rmdir (dir);
  g_free (path);
  g_free (dir);
}

static int
run (const char *arguments)
{
  g_autofree char *line = g_strdup_printf ("%s/app/chairside-tool sound %s", g_getenv ("CHS_TEST_BUILD"), arguments);
  g_auto (GStrv) argv = NULL;
  int status;

  ck_assert (g_shell_parse_argv (line, NULL, &argv, NULL));
  ck_assert (g_spawn_sync (NULL, argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, NULL));
  ck_assert (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static const struct {
  const char *arguments;
  double      period_hz;
  unsigned    pulses;
  double      seconds;
} files[] = {
  { "--priority=high", 261.63, 10, 3.573 },
  { "--priority=medium --melody=oxygenation", 493.88, 3, 1.097 },
  { "--priority=low --bursts=2", 261.63, 4, 26.394 },
  { "--priority=reminder --volume=-10", 261.63, 1, 0.297 },
};

START_TEST (a_file_holds_what_was_asked_for)
{
  g_autofree char *arguments = g_strdup_printf ("%s --out=%s", files[_i].arguments, path), *wav = NULL;
  SoundPulse p[SOUND_PULSES];
  guint32 data;
  gsize n;

  ck_assert_int_eq (run (arguments), 0);
  ck_assert (g_file_get_contents (path, &wav, &n, NULL));
  ck_assert (memcmp (wav, "RIFF", 4) == 0 && memcmp (wav + 8, "WAVEfmt ", 8) == 0);
  memcpy (&data, wav + 40, sizeof data);
  ck_assert_uint_eq (GUINT32_FROM_LE (data), n - 44);
  ck_assert_double_eq_tol ((double) (n - 44) / 2 / SOUND_RATE_HZ, files[_i].seconds, 0.01);
  ck_assert_uint_eq (sound_pulses ((const gint16 *) (wav + 44), (n - 44) / 2, files[_i].period_hz, p), files[_i].pulses);
}
END_TEST

static const struct {
  const char *arguments;
  int         status;
} lines[] = {
  { "--priority=loud", 2 },
  { "--melody=waltz", 2 },
  { "--volume=3", 2 },
  { "--bursts=0", 2 },
  { "--priority=self-test --bursts=2", 2 },
  { "word", 2 },
  { "--out=/nonexistent/a.wav", 3 },
  { "--device=no-such-device", 3 },
  { "--device=null --priority=reminder", 1 }, /* played, and nobody heard it */
  { "--help", 0 },
};

START_TEST (what_makes_no_sense_is_refused)
{
  int status = run (lines[_i].arguments);

  ck_assert_msg (status == lines[_i].status, "%s: status %d", lines[_i].arguments, status);
}
END_TEST

static Suite *
tool_sound_suite (void)
{
  Suite *suite = suite_create ("tool-sound");
  TCase *tc = tcase_create ("command");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, a_file_holds_what_was_asked_for, 0, G_N_ELEMENTS (files));
  tcase_add_loop_test (tc, what_makes_no_sense_is_refused, 0, G_N_ELEMENTS (lines));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (tool_sound_suite)

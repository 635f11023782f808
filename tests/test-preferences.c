/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "ui/preferences.h"

#include <glib/gstdio.h>
#include <math.h>

static char *folder, *path;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("chairside-test-XXXXXX", NULL);
  path = g_build_filename (folder, "deeper", "screen.ini", NULL);
}

static void
tear_down (void)
{
  g_autofree char *deeper = g_path_get_dirname (path);

  g_remove (path);
  g_rmdir (deeper);
  g_rmdir (folder);
  g_clear_pointer (&path, g_free);
  g_clear_pointer (&folder, g_free);
}

START_TEST (without_a_file_nothing_is_chosen)
{
  ChsPreferences read;

  chs_preferences_load (&read, path);
  ck_assert_int_eq (read.look, -1);
  ck_assert_double_eq (read.text_scale, 0.0);
  ck_assert_str_eq (read.language, "");
  ck_assert_double_eq (read.diagonal_in, 0.0);
}
END_TEST

START_TEST (what_is_kept_is_read_again)
{
  const ChsPreferences kept = { CHS_LOOK_NIGHT, 1.15, "pt_BR", 15.6 };
  ChsPreferences       read;

  ck_assert (chs_preferences_save (&kept, path, NULL));
  chs_preferences_load (&read, path);
  ck_assert_int_eq (read.look, CHS_LOOK_NIGHT);
  ck_assert_double_eq_tol (read.text_scale, 1.15, 1e-9);
  ck_assert_str_eq (read.language, "pt_BR");
  ck_assert_double_eq_tol (read.diagonal_in, 15.6, 1e-9);
}
END_TEST

START_TEST (nonsense_is_not_chosen)
{
  ChsPreferences read;

  ck_assert (chs_preferences_save (&(ChsPreferences){ -1, 0, "", 10.1 }, path, NULL));
  ck_assert (g_file_set_contents (path, "[screen]\nlook=purple\ntext_scale=9\ndiagonal_in=-3\n", -1, NULL));
  chs_preferences_load (&read, path);
  ck_assert_int_eq (read.look, -1);
  ck_assert_double_eq (read.text_scale, 0.0);
  ck_assert_double_eq (read.diagonal_in, 0.0);
}
END_TEST

/* The command line, this screen's own, the chair's: the first that says something. */
START_TEST (the_nearest_that_chose_counts)
{
  const ChsPreferences none = { -1, 0, "", 0 }, asked = { -1, 0, "", 21.5 }, own = { -1, 1.15, "", 15.6 },
                       chair = { -1, 1.3, "ar", 10.1 };
  const ChsPreferences here = chs_preferences_merge (&asked, &own), all = chs_preferences_merge (&here, &chair),
                       by_chair = chs_preferences_merge (&none, &chair), nothing = chs_preferences_merge (&none, &none);

  ck_assert_double_eq (all.diagonal_in, 21.5);
  ck_assert_double_eq (all.text_scale, 1.15);
  ck_assert_str_eq (all.language, "ar");
  ck_assert_int_eq (all.look, -1);
  ck_assert_double_eq (by_chair.diagonal_in, 10.1);
  ck_assert_double_eq (by_chair.text_scale, 1.3);
  ck_assert_double_eq (nothing.text_scale, 0.0);
  ck_assert_str_eq (nothing.language, "");
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("preferences");
  TCase *tcase = tcase_create ("file");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, without_a_file_nothing_is_chosen);
  tcase_add_test (tcase, what_is_kept_is_read_again);
  tcase_add_test (tcase, nonsense_is_not_chosen);
  tcase_add_test (tcase, the_nearest_that_chose_counts);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

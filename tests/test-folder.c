/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/folder.h"

#include <glib/gstdio.h>

static const struct {
  const char *name;
  int mode;
  gboolean want;
} rows[] = {
  { "own user", 0700, FALSE },
  { "group may look, nothing says that new files are its", 0750, FALSE },
  { "setgid", 02750, TRUE },
  { "setgid, but the group cannot enter", 02700, FALSE },
};

START_TEST (a_folder_with_setgid_is_shared)
{
  g_autofree char *folder = g_dir_make_tmp ("chs-folder-XXXXXX", NULL);

  ck_assert_int_eq (g_chmod (folder, rows[_i].mode), 0);
  ck_assert_msg (chs_folder_is_shared (folder) == rows[_i].want, "%s", rows[_i].name);
  g_rmdir (folder);
}
END_TEST

START_TEST (what_is_no_folder_is_not_shared)
{
  ck_assert (!chs_folder_is_shared ("/dev/null"));
  ck_assert (!chs_folder_is_shared ("/nonexistent/folder"));
}
END_TEST

static Suite *
folder_suite (void)
{
  Suite *suite = suite_create ("folder");
  TCase *tcase = tcase_create ("folder");

  tcase_add_loop_test (tcase, a_folder_with_setgid_is_shared, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tcase, what_is_no_folder_is_not_shared);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (folder_suite)

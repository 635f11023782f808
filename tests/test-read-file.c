/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/read-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_BYTES 64

static char *folder;

static char *
at (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* stick/a.ini is good; the rest is what a stick may hold instead. */
static void
set_up (void)
{
  g_autofree char *big = g_strnfill (MAX_BYTES + 1, 'x');
  g_autofree char *stick = NULL;

  folder = g_dir_make_tmp ("chs-read-XXXXXX", NULL);
  stick = at ("stick");
  ck_assert_int_eq (g_mkdir (stick, 0700), 0);
  ck_assert_int_eq (chdir (folder), 0);
  ck_assert (g_file_set_contents ("stick/a.ini", "good", -1, NULL) && g_file_set_contents ("outside", "secret", -1, NULL)
             && g_file_set_contents ("stick/big", big, -1, NULL) && g_file_set_contents ("stick/empty", "", -1, NULL));
  ck_assert_int_eq (symlink ("../outside", "stick/link"), 0);
  ck_assert_int_eq (symlink ("loop", "stick/loop"), 0);
  ck_assert_int_eq (symlink ("..", "stick/up"), 0);
  ck_assert_int_eq (mkfifo ("stick/fifo", 0600), 0);
  ck_assert_int_eq (g_mkdir ("stick/folder", 0700), 0);
}

static void
tear_down (void)
{
  static const char *const files[] = { "stick/a.ini", "outside", "stick/big", "stick/empty", "stick/link", "stick/loop",
                                       "stick/up", "stick/fifo", "stick/folder", "stick" };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    g_remove (files[i]);
  ck_assert_int_eq (chdir ("/"), 0);
  g_rmdir (folder);
  g_free (folder);
}

static const struct {
  const char *name;
  const char *want; /* NULL: refused */
  int code;         /* of G_IO_ERROR; -1: any */
} rows[] = {
  { "a.ini", "good" },
  { "empty", "" },
  { "big", NULL, G_IO_ERROR_MESSAGE_TOO_LARGE },
  { "link", NULL, G_IO_ERROR_TOO_MANY_LINKS },
  { "loop", NULL, G_IO_ERROR_TOO_MANY_LINKS },
  { "up/outside", NULL, G_IO_ERROR_TOO_MANY_LINKS },
  { "fifo", NULL, G_IO_ERROR_NOT_REGULAR_FILE },
  { "folder", NULL, G_IO_ERROR_NOT_REGULAR_FILE },
  { "../outside", NULL, G_IO_ERROR_INVALID_ARGUMENT },
  { "folder/../a.ini", NULL, G_IO_ERROR_INVALID_ARGUMENT },
  { "./a.ini", NULL, G_IO_ERROR_INVALID_ARGUMENT },
  { "/etc/passwd", NULL, G_IO_ERROR_INVALID_ARGUMENT },
  { "", NULL, G_IO_ERROR_INVALID_ARGUMENT },
  { "absent", NULL, G_IO_ERROR_NOT_FOUND },
};

START_TEST (only_what_lies_there_is_read)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *stick = at ("stick");
  gsize n;
  g_autofree char *bytes = chs_read_file_below (stick, rows[_i].name, MAX_BYTES, &n, &error);

  if (rows[_i].want != NULL) {
    ck_assert_str_eq (bytes, rows[_i].want);
    ck_assert_uint_eq (n, strlen (rows[_i].want));
    return;
  }
  ck_assert_ptr_null (bytes);
  ck_assert_msg (g_error_matches (error, G_IO_ERROR, rows[_i].code), "%s: %s", rows[_i].name, error->message);
}
END_TEST

START_TEST (a_named_file_may_be_a_link)
{
  gsize n;
  g_autofree char *link = at ("stick/link"), *bytes = chs_read_file (link, MAX_BYTES, &n, NULL);

  ck_assert_str_eq (bytes, "secret");
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("read-file");
  TCase *tcase = tcase_create ("read-file");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase, only_what_lies_there_is_read, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tcase, a_named_file_may_be_a_link);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

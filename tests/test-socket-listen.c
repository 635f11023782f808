/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/socket-listen.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder, *path, *lock_path;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("chs-socket-XXXXXX", NULL);
  path = g_build_filename (folder, "monitor.sock", NULL);
  lock_path = g_strconcat (path, ".lock", NULL);
}

static void
tear_down (void)
{
  g_unlink (path);
  g_unlink (lock_path);
  g_rmdir (folder);
  g_clear_pointer (&path, g_free);
  g_clear_pointer (&lock_path, g_free);
  g_clear_pointer (&folder, g_free);
}

START_TEST (only_the_owner_can_connect)
{
  g_autoptr (GError) error = NULL;
  ChsSocketListen *listen = chs_socket_listen_new (path, &error);
  GStatBuf st;

  ck_assert_msg (listen != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_int_eq (g_stat (path, &st), 0);
  ck_assert (S_ISSOCK (st.st_mode));
  ck_assert_uint_eq (st.st_mode & 0777, 0600);
  ck_assert (!chs_socket_listen_is_shared (listen));
  chs_socket_listen_free (listen);
  ck_assert_msg (!g_file_test (path, G_FILE_TEST_EXISTS), "the socket was left behind");
}
END_TEST

START_TEST (a_setgid_folder_lets_its_group_in)
{
  ChsSocketListen *listen;
  GStatBuf st;

  ck_assert_int_eq (g_chmod (folder, 02750), 0);
  listen = chs_socket_listen_new (path, NULL);
  ck_assert_ptr_nonnull (listen);
  ck_assert (chs_socket_listen_is_shared (listen));
  ck_assert_int_eq (g_stat (path, &st), 0);
  ck_assert_uint_eq (st.st_mode & 0777, 0660);
  chs_socket_listen_free (listen);
}
END_TEST

/* A lock is of an open file: one taken through another descriptor stands for another process. */
START_TEST (a_second_one_is_refused_with_the_pid)
{
  g_autoptr (GError) error = NULL;
  int fd = open (lock_path, O_RDWR | O_CREAT, 0600);

  ck_assert_int_eq (flock (fd, LOCK_EX), 0);
  ck_assert_int_eq (write (fd, "4711\n", 5), 5);
  ck_assert_ptr_null (chs_socket_listen_new (path, &error));
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE));
  ck_assert_msg (strstr (error->message, "pid 4711") != NULL, "%s", error->message);
  close (fd);
}
END_TEST

START_TEST (what_a_killed_one_left_is_removed)
{
  g_autoptr (GError) error = NULL;
  ChsSocketListen *listen = chs_socket_listen_new (path, NULL);
  g_autofree char *kept = g_strconcat (path, ".kept", NULL);

  ck_assert_int_eq (link (path, kept), 0);
  chs_socket_listen_free (listen);
  ck_assert_int_eq (rename (kept, path), 0);
  listen = chs_socket_listen_new (path, &error);
  ck_assert_msg (listen != NULL, "%s", error != NULL ? error->message : "");
  chs_socket_listen_free (listen);
}
END_TEST

START_TEST (a_file_is_never_removed)
{
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_set_contents (path, "precious", -1, NULL));
  ck_assert_ptr_null (chs_socket_listen_new (path, &error));
  ck_assert_msg (strstr (error->message, path) != NULL, "%s", error->message);
  ck_assert (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}
END_TEST

START_TEST (a_long_path_is_refused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strnfill (200, 'x');
  g_autofree char *long_path = g_build_filename (folder, name, NULL);

  ck_assert_ptr_null (chs_socket_listen_new (long_path, &error));
  ck_assert_msg (strstr (error->message, long_path) != NULL, "%s", error->message);
}
END_TEST

static Suite *
socket_listen_suite (void)
{
  Suite *suite = suite_create ("socket-listen");
  TCase *tc = tcase_create ("socket");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, only_the_owner_can_connect);
  tcase_add_test (tc, a_setgid_folder_lets_its_group_in);
  tcase_add_test (tc, a_second_one_is_refused_with_the_pid);
  tcase_add_test (tc, what_a_killed_one_left_is_removed);
  tcase_add_test (tc, a_file_is_never_removed);
  tcase_add_test (tc, a_long_path_is_refused);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (socket_listen_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/sim-port.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PATIENCE_US (2 * G_USEC_PER_SEC)

static GString *heard;

static void
on_host (ChsSimPort *port, guint8 *bytes, gsize n, gpointer user_data)
{
  g_string_append_len (heard, (const char *) bytes, (gssize) n);
}

static void
hear (const char *what)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  while (strcmp (heard->str, what) != 0 && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, FALSE);
  ck_assert_str_eq (heard->str, what);
}

/* Reads from the host's end what is there within a second. */
static gssize
read_some (int fd, char *bytes, gsize size)
{
  struct pollfd wait = { .fd = fd, .events = POLLIN };

  return poll (&wait, 1, 1000) > 0 ? read (fd, bytes, size) : 0;
}

static int
open_raw (const char *path)
{
  int fd = open (path, O_RDWR | O_NOCTTY | O_NONBLOCK);

  ck_assert_msg (fd >= 0, "%s: %s", path, g_strerror (errno));
  return fd;
}

START_TEST (a_pty_carries_both_ways_and_hangs_up)
{
  g_autofree char *folder = g_dir_make_tmp ("sim-port-XXXXXX", NULL);
  g_autofree char *link = g_build_filename (folder, "pump", NULL);
  g_autofree char *want = g_strconcat ("tty:", link, NULL);
  g_autoptr (GError) error = NULL;
  ChsSimPort *port = chs_sim_port_new_pty (link, on_host, NULL, &error);
  char bytes[16];
  int fd;

  heard = g_string_new (NULL);
  ck_assert_msg (port != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_str_eq (chs_sim_port_get_address (port), want);
  fd = open_raw (link);
  chs_sim_port_write (port, (const guint8 *) "\x01\n\xFF", 3);
  ck_assert_int_eq (read_some (fd, bytes, sizeof bytes), 3);
  ck_assert_int_eq (memcmp (bytes, "\x01\n\xFF", 3), 0);
  ck_assert_int_eq (write (fd, "ask\r", 4), 4);
  hear ("ask\r");

  ck_assert (chs_sim_port_set_plugged (port, FALSE, NULL));
  ck_assert (!g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  ck_assert_int_le (read_some (fd, bytes, sizeof bytes), 0);
  close (fd);
  ck_assert (chs_sim_port_set_plugged (port, TRUE, NULL));
  fd = open_raw (link);
  chs_sim_port_write (port, (const guint8 *) "x", 1);
  ck_assert_int_eq (read_some (fd, bytes, sizeof bytes), 1);
  close (fd);
  chs_sim_port_free (port);
  ck_assert_int_eq (g_rmdir (folder), 0); /* the link is gone */
  g_string_free (heard, TRUE);
}
END_TEST

START_TEST (old_bytes_do_not_wait_for_a_host)
{
  g_autofree char *folder = g_dir_make_tmp ("sim-port-XXXXXX", NULL);
  g_autofree char *link = g_build_filename (folder, "monitor", NULL);
  g_autoptr (ChsSimPort) port = chs_sim_port_new_pty (link, on_host, NULL, NULL);
  char bytes[16];
  int fd;

  chs_sim_port_write (port, (const guint8 *) "old", 3);
  g_usleep (400000);
  chs_sim_port_write (port, (const guint8 *) "new", 3);
  fd = open_raw (link);
  ck_assert_int_eq (read_some (fd, bytes, sizeof bytes), 3);
  ck_assert_int_eq (memcmp (bytes, "new", 3), 0);
  close (fd);
  g_clear_pointer (&port, chs_sim_port_free);
  g_rmdir (folder);
}
END_TEST

START_TEST (only_a_link_is_replaced)
{
  g_autofree char *folder = g_dir_make_tmp ("sim-port-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "precious", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  ChsSimPort *port;

  ck_assert (g_file_set_contents (file, "keep", -1, NULL));
  ck_assert_ptr_null (chs_sim_port_new_pty (file, on_host, NULL, &error));
  ck_assert_ptr_nonnull (strstr (error->message, file));
  ck_assert (g_file_get_contents (file, &text, NULL, NULL));
  ck_assert_str_eq (text, "keep");
  g_unlink (file);
  ck_assert_int_eq (symlink ("/nowhere", file), 0); /* left behind by a crash */
  port = chs_sim_port_new_pty (file, on_host, NULL, NULL);
  ck_assert_ptr_nonnull (port);
  chs_sim_port_free (port);
  ck_assert_int_eq (g_rmdir (folder), 0);
}
END_TEST

START_TEST (tcp_carries_both_ways)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsSimPort) port = chs_sim_port_new_tcp (0, on_host, NULL, &error);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  guint number;
  char bytes[16];
  int fd;

  heard = g_string_new (NULL);
  ck_assert_msg (port != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_int_eq (sscanf (chs_sim_port_get_address (port), "tcp:127.0.0.1:%u", &number), 1);
  chs_sim_port_write (port, (const guint8 *) "nobody", 6); /* hears this */
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) number, NULL, &error);
  ck_assert_msg (connection != NULL, "%s", error != NULL ? error->message : "");
  fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  ck_assert_int_eq (write (fd, "ask\r", 4), 4);
  hear ("ask\r");
  chs_sim_port_write (port, (const guint8 *) "told", 4);
  ck_assert_int_eq (read_some (fd, bytes, sizeof bytes), 4);
  ck_assert (chs_sim_port_set_plugged (port, FALSE, NULL));
  ck_assert_int_eq (read_some (fd, bytes, sizeof bytes), 0);
  ck_assert (chs_sim_port_set_plugged (port, TRUE, NULL)); /* on the same port */
  ck_assert_int_eq (sscanf (chs_sim_port_get_address (port), "tcp:127.0.0.1:%u", &number), 1);
  g_string_free (heard, TRUE);
}
END_TEST

/* ---- the program ---- */

static const struct {
  const char *arguments; /* ' ' between them */
  int         status;
  const char *says;
} lines[] = {
  { "", 2, "--driver=ID is missing" },
  { "--driver=nothing", 2, "no simulator for \"nothing\"" },
  { "--pty-link=/tmp/x", 2, "before the first --driver" },
  { "--driver=ivy-450c --fault=melt", 2, "not a fault" },
  { "--driver=ivy-450c --speed=0", 2, "--speed" },
  { "--driver=ivy-450c --tcp=99999", 2, "" },
  { "--driver=ivy-450c more", 2, "too much" },
  { "--driver=ivy-450c --set key=value", 3, "does not know \"key=value\"" },
  { "--driver=ivy-450c --scenario=nowhere", 3, "nowhere" },
  { "--driver=ivy-450c --duration=0.2", 0, "" },
  { "--list", 0, "" },
};

START_TEST (the_command_line_is_read_strictly)
{
  g_autofree char *program = g_build_filename (g_getenv ("CHS_TEST_BUILD"), "app", "chairside-sim", NULL);
  g_auto (GStrv) words = g_strsplit (lines[_i].arguments, " ", -1);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *err = NULL;

  g_ptr_array_add (argv, program);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, words[i]);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL);
  ck_assert_ptr_nonnull (process);
  ck_assert (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &err, NULL));
  ck_assert_msg (g_subprocess_get_exit_status (process) == lines[_i].status, "%s: %d", lines[_i].arguments,
                 g_subprocess_get_exit_status (process));
  ck_assert_msg (strstr (err, lines[_i].says) != NULL, "%s: %s", lines[_i].arguments, err);
}
END_TEST

static Suite *
sim_port_suite (void)
{
  Suite *suite = suite_create ("sim-port");
  TCase *tc = tcase_create ("port");

  tcase_add_test (tc, a_pty_carries_both_ways_and_hangs_up);
  tcase_add_test (tc, old_bytes_do_not_wait_for_a_host);
  tcase_add_test (tc, only_a_link_is_replaced);
  tcase_add_test (tc, tcp_carries_both_ways);
  tcase_add_loop_test (tc, the_command_line_is_read_strictly, 0, G_N_ELEMENTS (lines));
  tcase_set_timeout (tc, 30);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (sim_port_suite)

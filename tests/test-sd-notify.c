/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/sd-notify.h"

#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Binds a datagram socket as systemd does; @name with a leading "@" is abstract. */
static int
bind_socket (const char *name)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gsize n = strlen (name);

  memcpy (address.sun_path, name, n);
  if (name[0] == '@')
    address.sun_path[0] = '\0';
  ck_assert_int_eq (bind (fd, (struct sockaddr *) &address, (socklen_t) (offsetof (struct sockaddr_un, sun_path) + n)),
                    0);
  return fd;
}

static void
check_told (const char *name)
{
  int fd = bind_socket (name);
  char buf[64] = { 0 };

  g_setenv ("NOTIFY_SOCKET", name, TRUE);
  chs_sd_notify ("READY=1");
  ck_assert_int_eq (recv (fd, buf, sizeof buf - 1, MSG_DONTWAIT), 7);
  ck_assert_str_eq (buf, "READY=1");
  close (fd);
}

START_TEST (systemd_is_told)
{
  g_autofree char *folder = g_dir_make_tmp ("chs-notify-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "notify", NULL);
  g_autofree char *abstract = g_strdup_printf ("@chs-notify-%d", (int) getpid ());

  check_told (path);
  check_told (abstract);
  g_unlink (path);
  g_rmdir (folder);
}
END_TEST

static const char *const useless[] = { "", "relative", "/", "/nonexistent/socket" };

START_TEST (nobody_there_is_no_trouble)
{
  g_setenv ("NOTIFY_SOCKET", useless[_i], TRUE);
  chs_sd_notify ("READY=1");
}
END_TEST

static const struct {
  const char *usec, *pid; /* NULL = not set; "self" = our own */
  guint64 want;
} watchdogs[] = {
  { NULL, NULL, 0 },     { "4000000", NULL, 2000000 }, { "4000000", "self", 2000000 },
  { "4000000", "1", 0 }, { "rubbish", NULL, 0 },
};

START_TEST (watchdog_is_due_at_half_time)
{
  g_autofree char *self = g_strdup_printf ("%d", (int) getpid ());

  g_unsetenv ("WATCHDOG_USEC");
  g_unsetenv ("WATCHDOG_PID");
  if (watchdogs[_i].usec != NULL)
    g_setenv ("WATCHDOG_USEC", watchdogs[_i].usec, TRUE);
  if (watchdogs[_i].pid != NULL)
    g_setenv ("WATCHDOG_PID", strcmp (watchdogs[_i].pid, "self") == 0 ? self : watchdogs[_i].pid, TRUE);
  ck_assert_uint_eq (chs_sd_watchdog_us (), watchdogs[_i].want);
}
END_TEST

static Suite *
sd_notify_suite (void)
{
  Suite *suite = suite_create ("sd-notify");
  TCase *tc = tcase_create ("notify");

  tcase_add_test (tc, systemd_is_told);
  tcase_add_loop_test (tc, nobody_there_is_no_trouble, 0, G_N_ELEMENTS (useless));
  tcase_add_loop_test (tc, watchdog_is_due_at_half_time, 0, G_N_ELEMENTS (watchdogs));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (sd_notify_suite)

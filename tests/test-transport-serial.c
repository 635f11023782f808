/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/transport.h"
#include "tests/pty-peer.h"

#include <errno.h>
#include <gio/gio.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>

/* libserialport refuses a pty: it wants to find the port in sysfs and to read its modem
 * lines (shared/design.md). This program answers for both in place of the C library, so
 * that the real libserialport runs on a pty. What goes through is the library's own
 * open, line settings, read and write. */

static int modem_lines;
static gboolean modem_is_dead; /* as after an unplug */

static const char sysfs[] = "/sys/class/tty/pts/";

static gboolean
is_of_pty (const char *path)
{
  return g_str_has_prefix (path, sysfs);
}

/* lstat() of the C library that Debian 12's libserialport was built for. */
int __lxstat (int version, const char *path, struct stat *st);

int
__lxstat (int version G_GNUC_UNUSED, const char *path, struct stat *st)
{
  if (is_of_pty (path)) {
    memset (st, 0, sizeof *st);
    st->st_mode = S_IFLNK | 0777;
    return 0;
  }
  return fstatat (AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

ssize_t
readlink (const char *path, char *target, size_t size)
{
  static const char device[] = "../../devices/platform/pts/tty/pts";

  if (is_of_pty (path)) {
    memcpy (target, device, MIN (size, sizeof device - 1));
    return (ssize_t) MIN (size, sizeof device - 1);
  }
  return readlinkat (AT_FDCWD, path, target, size);
}

/* The rest of the arguments are read before it is known whether they are needed: on a pty they do no harm. */
int
ioctl (int fd, unsigned long request, ...)
{
  va_list args;
  int *value;

  va_start (args, request);
  value = va_arg (args, int *);
  va_end (args);
  switch (request) {
  case TIOCMGET:
    *value = modem_lines;
    break;
  case TIOCMSET:
    modem_lines = *value;
    break;
  case TIOCMBIS:
    modem_lines |= *value;
    break;
  case TIOCMBIC:
    modem_lines &= ~*value;
    break;
  default:
    return (int) syscall (SYS_ioctl, fd, request, value);
  }
  errno = EIO;
  return modem_is_dead ? -1 : 0;
}

/* ---- the tests ---- */

static PtyPeer peer;
static char *address;

static void
set_up (void)
{
  g_autofree char *device = NULL;

  pty_peer_init (&peer);
  device = g_file_read_link (peer.link, NULL);
  address = g_strconcat ("serial:", device, NULL);
  modem_lines = TIOCM_RTS | TIOCM_DTR | TIOCM_CTS;
  modem_is_dead = FALSE;
}

static void
tear_down (void)
{
  pty_peer_clear (&peer);
  g_free (address);
}

static ChsTransport *
open_serial (const char *line, gboolean read_only)
{
  g_autoptr (GError) error = NULL;
  ChsTransport *serial = chs_transport_open (address, line, read_only, &error);

  g_assert_no_error (error);
  return serial;
}

START_TEST (bytes_and_line_settings_go_through)
{
  ChsTransport *serial = open_serial ("19200/8n1/rts=0/dtr=1", FALSE);
  const guint8 said[] = { 0x00, 0x03, 0x0D, 0x0A, 0x11, 0x13, 0x1A, 0x7F, 0xFF };
  g_autoptr (GError) error = NULL;
  struct termios t;
  guint8 heard[32];

  ck_assert_int_eq (tcgetattr (serial->klass->fd (serial), &t), 0);
  ck_assert_uint_eq (cfgetospeed (&t), B19200);
  ck_assert_int_eq (t.c_cflag & (CSTOPB | CRTSCTS), 0);
  ck_assert_int_eq (t.c_iflag & (IXON | IXOFF | ICRNL), 0);
  ck_assert_int_eq (modem_lines & (TIOCM_RTS | TIOCM_DTR), TIOCM_DTR);
  ck_assert_int_eq (write (peer.master, said, sizeof said), sizeof said);
  ck_assert_int_eq (serial->klass->read (serial, heard, sizeof heard, &error), sizeof said);
  ck_assert_mem_eq (heard, said, sizeof said);
  ck_assert_int_eq (serial->klass->read (serial, heard, sizeof heard, &error), 0);
  ck_assert_int_eq (serial->klass->write (serial, said, sizeof said, &error), sizeof said);
  ck_assert_int_eq (read (peer.master, heard, sizeof heard), sizeof said);
  g_assert_no_error (error);
  chs_transport_close (serial);
}
END_TEST

START_TEST (two_stop_bits_go_through)
{
  ChsTransport *serial = open_serial ("1200/8n2", FALSE);
  struct termios t;

  ck_assert_int_eq (tcgetattr (serial->klass->fd (serial), &t), 0);
  ck_assert_uint_eq (cfgetospeed (&t), B1200);
  ck_assert_uint_ne (t.c_cflag & CSTOPB, 0);
  chs_transport_close (serial);
}
END_TEST

START_TEST (the_kernel_refuses_to_write_for_a_listener)
{
  ChsTransport *serial = open_serial ("9600/8n1", TRUE);
  g_autoptr (GError) error = NULL;
  char heard[8];

  ck_assert_int_eq (fcntl (serial->klass->fd (serial), F_GETFL) & O_ACCMODE, O_RDONLY);
  ck_assert_int_eq (serial->klass->write (serial, (const guint8 *) "x", 1, &error), -1);
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_TX));
  ck_assert_uint_eq (pty_peer_hear (&peer, heard, sizeof heard), 0);
  chs_transport_close (serial);
}
END_TEST

START_TEST (a_setting_that_the_port_cannot_do_is_refused)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (chs_transport_open (address, "9600/8e1", FALSE, &error));
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LINE));
  ck_assert_ptr_nonnull (strstr (error->message, "parity"));
}
END_TEST

START_TEST (a_port_is_opened_once)
{
  ChsTransport *serial = open_serial ("9600/8n1", TRUE);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (chs_transport_open (address, "9600/8n1", TRUE, &error));
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN));
  chs_transport_close (serial);
  serial = open_serial ("9600/8n1", TRUE);
  chs_transport_close (serial);
}
END_TEST

START_TEST (a_hang_up_is_a_loss)
{
  ChsTransport *serial = open_serial ("9600/8n1", TRUE);
  g_autoptr (GError) error = NULL;
  guint8 heard[8];

  close (peer.master);
  peer.master = -1;
  ck_assert_int_eq (serial->klass->read (serial, heard, sizeof heard, &error), -1);
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST));
  chs_transport_close (serial);
}
END_TEST

START_TEST (dead_modem_lines_are_a_loss_though_reads_tell_nothing)
{
  ChsTransport *serial = open_serial ("9600/8n1", TRUE);
  g_autoptr (GError) error = NULL;
  guint8 heard[8];

  ck_assert (serial->klass->alive (serial, 0, &error));
  modem_is_dead = TRUE;
  ck_assert_int_eq (serial->klass->read (serial, heard, sizeof heard, &error), 0);
  ck_assert (!serial->klass->alive (serial, G_USEC_PER_SEC, &error));
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST));
  chs_transport_close (serial);
}
END_TEST

START_TEST (a_vanished_node_is_a_loss)
{
  ChsTransport *serial = open_serial ("9600/8n1", TRUE);
  g_autoptr (GError) error = NULL;

  ck_assert (serial->klass->alive (serial, 0, &error));
  close (peer.master);
  peer.master = -1;
  ck_assert (!serial->klass->alive (serial, G_USEC_PER_SEC, &error));
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST));
  chs_transport_close (serial);
}
END_TEST

static Suite *
transport_serial_suite (void)
{
  Suite *suite = suite_create ("transport-serial");
  TCase *tc = tcase_create ("libserialport");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, bytes_and_line_settings_go_through);
  tcase_add_test (tc, two_stop_bits_go_through);
  tcase_add_test (tc, the_kernel_refuses_to_write_for_a_listener);
  tcase_add_test (tc, a_setting_that_the_port_cannot_do_is_refused);
  tcase_add_test (tc, a_port_is_opened_once);
  tcase_add_test (tc, a_hang_up_is_a_loss);
  tcase_add_test (tc, dead_modem_lines_are_a_loss_though_reads_tell_nothing);
  tcase_add_test (tc, a_vanished_node_is_a_loss);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (transport_serial_suite)

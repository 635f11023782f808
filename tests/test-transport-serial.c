/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/transport.h"
#include "tests/pty-serial.h"

#include <gio/gio.h>
#include <sys/ioctl.h>
#include <termios.h>

static PtyPeer peer;
static char *address;

static void
set_up (void)
{
  pty_peer_init (&peer);
  address = pty_serial_dup_address (&peer, NULL);
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
  ck_assert_int_eq (pty_serial_modem_lines & (TIOCM_RTS | TIOCM_DTR), TIOCM_DTR);
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
  pty_serial_modem_is_dead = TRUE;
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

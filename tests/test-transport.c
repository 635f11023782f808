/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/transport.h"
#include "tests/pty-peer.h"

#include <gio/gio.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>

#define LINE "9600/8n1"

/* ---- line settings ---- */

static const struct {
  const char *text;
  gboolean    good;
  ChsLine     want;
} settings[] = {
  { "9600/8n1", TRUE, { 9600, 8, CHS_PARITY_NONE, 1, -1, -1 } },
  { "19200/8e1/rts=1", TRUE, { 19200, 8, CHS_PARITY_EVEN, 1, 1, -1 } },
  { "1200/7O2/rts=0/dtr=1", TRUE, { 1200, 7, CHS_PARITY_ODD, 2, 0, 1 } },
  { "115200/8N1/dtr=0/rts=1", TRUE, { 115200, 8, CHS_PARITY_NONE, 1, 1, 0 } },
  { "", FALSE, { 0 } },
  { "9600", FALSE, { 0 } },
  { "9600/", FALSE, { 0 } },
  { "9600/8n", FALSE, { 0 } },
  { "9600/8n11", FALSE, { 0 } },
  { "9600/6n1", FALSE, { 0 } },
  { "9600/8n3", FALSE, { 0 } },
  { "9600/8x1", FALSE, { 0 } },
  { "9600/8n1/", FALSE, { 0 } },
  { "9600/8n1/rts", FALSE, { 0 } },
  { "9600/8n1/rts=2", FALSE, { 0 } },
  { "9600/8n1/cts=1", FALSE, { 0 } },
  { "-9600/8n1", FALSE, { 0 } },
  { "0/8n1", FALSE, { 0 } },
  { "99999999999999999999/8n1", FALSE, { 0 } },
  { " 9600/8n1", FALSE, { 0 } },
};

START_TEST (line_settings)
{
  g_autoptr (GError) error = NULL;
  ChsLine line = { 0 };

  ck_assert_msg (chs_line_parse (settings[_i].text, &line, &error) == settings[_i].good, "\"%s\"", settings[_i].text);
  ck_assert_msg (memcmp (&line, &settings[_i].want, sizeof line) == 0, "\"%s\"", settings[_i].text);
  ck_assert_msg (settings[_i].good || g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_ADDRESS), "\"%s\"", settings[_i].text);
}
END_TEST

/* ---- tty ---- */

static PtyPeer peer;

static void
set_up (void)
{
  pty_peer_init (&peer);
}

static void
tear_down (void)
{
  pty_peer_clear (&peer);
}

static ChsTransport *
open_tty (const char *line, gboolean read_only, GError **error)
{
  g_autofree char *address = g_strconcat ("tty:", peer.link, NULL);

  return chs_transport_open (address, line, read_only, error);
}

/* As a terminal is that nobody has used yet. */
static void
make_cooked (int fd)
{
  struct termios t;

  ck_assert_int_eq (tcgetattr (fd, &t), 0);
  t.c_iflag |= ICRNL | IXON;
  t.c_oflag |= OPOST | ONLCR;
  t.c_lflag |= ICANON | ECHO | ISIG;
  ck_assert_int_eq (tcsetattr (fd, TCSANOW, &t), 0);
}

START_TEST (a_tty_is_raw_and_has_its_speed)
{
  g_autoptr (GError) error = NULL;
  ChsTransport *tty;
  const guint8 said[] = { 0x00, 0x03, 0x0D, 0x0A, 0x11, 0x13, 0x1A, 0x7F, 0xFF };
  guint8 heard[32];
  struct termios t;

  make_cooked (peer.master);
  tty = open_tty ("19200/8n1", FALSE, &error);
  g_assert_no_error (error);
  ck_assert_int_eq (tcgetattr (tty->klass->fd (tty), &t), 0);
  ck_assert_uint_eq (cfgetispeed (&t), B19200);
  ck_assert_int_eq (write (peer.master, said, sizeof said), sizeof said);
  ck_assert_int_eq (tty->klass->read (tty, heard, sizeof heard, &error), sizeof said);
  ck_assert_mem_eq (heard, said, sizeof said);
  ck_assert_int_eq (tty->klass->read (tty, heard, sizeof heard, &error), 0);
  ck_assert_int_eq (tty->klass->write (tty, said, sizeof said, &error), sizeof said);
  ck_assert_int_eq (read (peer.master, heard, sizeof heard), sizeof said);
  ck_assert_mem_eq (heard, said, sizeof said);
  chs_transport_close (tty);
}
END_TEST

START_TEST (the_kernel_refuses_to_write_for_a_listener)
{
  g_autoptr (GError) error = NULL;
  ChsTransport *tty = open_tty (LINE, TRUE, &error);
  char heard[8];

  g_assert_no_error (error);
  ck_assert_int_eq (fcntl (tty->klass->fd (tty), F_GETFL) & O_ACCMODE, O_RDONLY);
  ck_assert_int_eq (tty->klass->write (tty, (const guint8 *) "x", 1, &error), -1);
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_TX));
  ck_assert_uint_eq (pty_peer_hear (&peer, heard, sizeof heard), 0);
  chs_transport_close (tty);
}
END_TEST

START_TEST (a_port_is_opened_once)
{
  g_autoptr (GError) error = NULL;
  ChsTransport *first = open_tty (LINE, TRUE, &error);

  g_assert_no_error (error);
  ck_assert_ptr_null (open_tty (LINE, TRUE, &error));
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN));
  ck_assert_ptr_nonnull (strstr (error->message, "in use"));
  chs_transport_close (first);
  g_clear_error (&error);
  first = open_tty (LINE, TRUE, &error);
  g_assert_no_error (error);
  chs_transport_close (first);
}
END_TEST

/* A pty has no wire: drivers of other parities run against their simulators on it all the same. */
START_TEST (a_pty_takes_any_parity)
{
  g_autoptr (GError) error = NULL;
  ChsTransport *tty = open_tty ("19200/8e1/rts=1/dtr=1", FALSE, &error);

  g_assert_no_error (error);
  chs_transport_close (tty);
}
END_TEST

START_TEST (an_odd_speed_is_refused_plainly)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (open_tty ("12345/8n1", FALSE, &error));
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LINE));
}
END_TEST

static const struct {
  const char  *address;
  ChsLinkError code;
} impossible[] = {
  { "tty:/nonexistent/port", CHS_LINK_ERROR_OPEN },
  { "tty:/dev/null", CHS_LINK_ERROR_LINE },
  { "tty:/etc/passwd", CHS_LINK_ERROR_OPEN },
  { "serial:/nonexistent/port", CHS_LINK_ERROR_OPEN },
  { "serial:/dev/null", CHS_LINK_ERROR_OPEN },
  { "dialogue:/nonexistent/file", CHS_LINK_ERROR_OPEN },
  { "tcp:127.0.0.1", CHS_LINK_ERROR_ADDRESS },
  { "tcp:127.0.0.1:x", CHS_LINK_ERROR_ADDRESS },
  { "tcp:[::1:80", CHS_LINK_ERROR_ADDRESS },
};

START_TEST (what_cannot_be_opened_says_why)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (chs_transport_open (impossible[_i].address, LINE, TRUE, &error));
  ck_assert_msg (g_error_matches (error, CHS_LINK_ERROR, (int) impossible[_i].code), "%s: %s", impossible[_i].address,
                 error->message);
}
END_TEST

/* ---- tcp, on the loopback ---- */

/* Listens; *port is where. */
static GSocket *
listen_on_loopback (int backlog, guint16 *port)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  GSocket *listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) bound = NULL;

  g_socket_set_listen_backlog (listener, backlog);
  g_assert_true (g_socket_bind (listener, any, FALSE, NULL));
  g_assert_true (g_socket_listen (listener, NULL));
  bound = g_socket_get_local_address (listener, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  return listener;
}

static ChsTransport *
open_tcp (guint16 port, gboolean read_only)
{
  g_autofree char *address = g_strdup_printf ("tcp:127.0.0.1:%u", port);
  g_autoptr (GError) error = NULL;
  ChsTransport *tcp = chs_transport_open (address, LINE, read_only, &error);

  g_assert_no_error (error);
  return tcp;
}

/* Looks every 10 ms until it is open, or alive() fails, in at most 4 s. */
static gboolean
settle (ChsTransport *tcp, GError **error)
{
  for (int i = 0; i < 400; i++) {
    if (!tcp->klass->alive (tcp, g_get_monotonic_time (), error))
      return FALSE;
    if (chs_transport_is_open (tcp))
      return TRUE;
    g_main_context_iteration (NULL, FALSE);
    g_usleep (10000);
  }
  return FALSE;
}

START_TEST (tcp_carries_bytes_both_ways_and_sees_the_end)
{
  guint16 port;
  g_autoptr (GSocket) listener = listen_on_loopback (5, &port);
  ChsTransport *tcp = open_tcp (port, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) server = NULL;
  guint8 bytes[8];

  ck_assert (settle (tcp, &error));
  server = g_socket_accept (listener, NULL, NULL);
  ck_assert_int_eq (tcp->klass->read (tcp, bytes, sizeof bytes, &error), 0);
  ck_assert_int_eq (tcp->klass->write (tcp, (const guint8 *) "abc", 3, &error), 3);
  ck_assert_int_eq (g_socket_receive (server, (char *) bytes, sizeof bytes, NULL, NULL), 3);
  ck_assert_int_eq (g_socket_send (server, "defg", 4, NULL, NULL), 4);
  g_usleep (10000);
  ck_assert_int_eq (tcp->klass->read (tcp, bytes, sizeof bytes, &error), 4);
  g_socket_close (server, NULL);
  g_usleep (10000);
  ck_assert_int_eq (tcp->klass->read (tcp, bytes, sizeof bytes, &error), -1);
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST));
  chs_transport_close (tcp);
}
END_TEST

START_TEST (tcp_refuses_to_write_for_a_listener)
{
  guint16 port;
  G_GNUC_UNUSED g_autoptr (GSocket) listener = listen_on_loopback (5, &port);
  ChsTransport *tcp = open_tcp (port, TRUE);
  g_autoptr (GError) error = NULL;

  ck_assert (settle (tcp, &error));
  ck_assert_int_eq (tcp->klass->write (tcp, (const guint8 *) "abc", 3, &error), -1);
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_TX));
  chs_transport_close (tcp);
}
END_TEST

START_TEST (a_refused_connection_is_told_at_once)
{
  guint16 port;
  GSocket *listener = listen_on_loopback (5, &port);
  gint64 began = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  ChsTransport *tcp;

  g_object_unref (listener);
  tcp = open_tcp (port, TRUE);
  ck_assert (!settle (tcp, &error));
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN));
  ck_assert_int_lt (g_get_monotonic_time () - began, G_USEC_PER_SEC);
  chs_transport_close (tcp);
}
END_TEST

/* A server whose queue is full lets the request for a connection fall: to us it does not answer at all. */
START_TEST (an_unanswered_connection_is_given_up_after_two_seconds)
{
  guint16 port;
  G_GNUC_UNUSED g_autoptr (GSocket) listener = listen_on_loopback (0, &port);
  ChsTransport *fill = open_tcp (port, TRUE);
  g_autoptr (GError) error = NULL;
  ChsTransport *tcp;
  gint64 now_us = 0;

  ck_assert (settle (fill, &error));
  tcp = open_tcp (port, TRUE);
  for (; now_us < 2 * G_USEC_PER_SEC; now_us += 100000)
    ck_assert (tcp->klass->alive (tcp, now_us, &error));
  ck_assert (!chs_transport_is_open (tcp));
  ck_assert (!tcp->klass->alive (tcp, now_us, &error));
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN));
  chs_transport_close (tcp);
  chs_transport_close (fill);
}
END_TEST

static gboolean
set_loopback (gboolean up)
{
  struct ifreq request = { .ifr_name = "lo" };
  int fd = socket (AF_INET, SOCK_DGRAM, 0);
  gboolean good;

  request.ifr_flags = up ? IFF_UP | IFF_RUNNING : 0;
  good = ioctl (fd, SIOCSIFFLAGS, &request) == 0;
  close (fd);
  return good;
}

/* The peer goes without a word, as when the plug of a device server is pulled: a network of our own, whose only
 * wire is cut. Check runs each test in a process of its own, so that nobody else loses his network. */
START_TEST (a_peer_that_vanishes_is_lost_within_two_seconds)
{
  guint16 port;
  g_autoptr (GSocket) listener = NULL;
  g_autoptr (GSocket) server = NULL;
  g_autoptr (GError) error = NULL;
  ChsTransport *tcp;
  guint8 bytes[8];
  gint64 cut;

  if ((unshare (CLONE_NEWNET) < 0 && unshare (CLONE_NEWUSER | CLONE_NEWNET) < 0) || !set_loopback (TRUE)) {
    g_printerr ("skipped: no network of our own allowed here\n");
    return;
  }
  listener = listen_on_loopback (5, &port);
  tcp = open_tcp (port, TRUE);
  ck_assert (settle (tcp, &error));
  server = g_socket_accept (listener, NULL, NULL);
  ck_assert_int_eq (g_socket_send (server, "x", 1, NULL, NULL), 1);
  g_usleep (50000);
  ck_assert_int_eq (tcp->klass->read (tcp, bytes, sizeof bytes, &error), 1);
  ck_assert (set_loopback (FALSE));
  cut = g_get_monotonic_time ();
  while (tcp->klass->read (tcp, bytes, sizeof bytes, &error) == 0 && g_get_monotonic_time () - cut < 10 * G_USEC_PER_SEC)
    g_usleep (10000);
  ck_assert (g_error_matches (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST));
  ck_assert_int_lt ((g_get_monotonic_time () - cut) / 1000, 2300); /* 2 s, and what a busy machine adds */
  chs_transport_close (tcp);
}
END_TEST

START_TEST (closing_while_a_name_is_looked_up_is_allowed)
{
  g_autoptr (GError) error = NULL;
  ChsTransport *tcp = chs_transport_open ("tcp:localhost:9", LINE, TRUE, &error);

  g_assert_no_error (error);
  ck_assert (tcp->klass->alive (tcp, 0, &error));
  chs_transport_close (tcp);
  for (int i = 0; i < 20; i++) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}
END_TEST

START_TEST (a_name_is_looked_up)
{
  guint16 port;
  G_GNUC_UNUSED g_autoptr (GSocket) listener = listen_on_loopback (5, &port);
  g_autofree char *address = g_strdup_printf ("tcp:localhost:%u", port);
  g_autoptr (GError) error = NULL;
  ChsTransport *tcp = chs_transport_open (address, LINE, TRUE, &error);

  g_assert_no_error (error);
  ck_assert (settle (tcp, &error));
  chs_transport_close (tcp);
}
END_TEST

static Suite *
transport_suite (void)
{
  Suite *suite = suite_create ("transport");
  TCase *tc = tcase_create ("line");

  tcase_add_loop_test (tc, line_settings, 0, G_N_ELEMENTS (settings));
  tcase_add_loop_test (tc, what_cannot_be_opened_says_why, 0, G_N_ELEMENTS (impossible));
  suite_add_tcase (suite, tc);
  tc = tcase_create ("tty");
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, a_tty_is_raw_and_has_its_speed);
  tcase_add_test (tc, the_kernel_refuses_to_write_for_a_listener);
  tcase_add_test (tc, a_port_is_opened_once);
  tcase_add_test (tc, a_pty_takes_any_parity);
  tcase_add_test (tc, an_odd_speed_is_refused_plainly);
  suite_add_tcase (suite, tc);
  tc = tcase_create ("tcp");
  tcase_set_timeout (tc, 20);
  tcase_add_test (tc, tcp_carries_bytes_both_ways_and_sees_the_end);
  tcase_add_test (tc, tcp_refuses_to_write_for_a_listener);
  tcase_add_test (tc, a_refused_connection_is_told_at_once);
  tcase_add_test (tc, an_unanswered_connection_is_given_up_after_two_seconds);
  tcase_add_test (tc, a_peer_that_vanishes_is_lost_within_two_seconds);
  tcase_add_test (tc, closing_while_a_name_is_looked_up_is_allowed);
  tcase_add_test (tc, a_name_is_looked_up);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (transport_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/mllp.h"

#include <string.h>

/* A receiver on the loopback that answers as a row says. */

#define MESSAGES "MSH|^~\\&|A||||1||ORU^R01|ID1|P|2.6\rPID|1\rMSH|^~\\&|A||||1||ORU^R01|ID2|P|2.6\rPID|2\r"

/* One letter an answer: A accept, R reject, C close without a word, X acknowledge another message, G garbage without end. */
static const struct {
  const char *name, *answers;
  gboolean    done;
  guint       accepted, rejected;
} rows[] = {
  { "accepted", "AA", TRUE, 2, 0 },
  { "rejected, and goes on", "RA", TRUE, 1, 1 },
  { "sent again after a loss", "CAA", TRUE, 2, 0 },
  { "lost twice", "CC", FALSE, 0, 0 },
  { "another's acknowledgement", "XX", FALSE, 0, 0 },
  { "garbage", "GG", FALSE, 0, 0 },
};

typedef struct {
  GSocketListener *listener;
  const char      *answers;
  GString         *ids; /* MSH-10 of what came, blank-separated */
} Receiver;

static gboolean
read_message (GInputStream *in, char *id)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) fields = NULL;
  char c;

  while (g_input_stream_read (in, &c, 1, NULL, NULL) == 1) {
    g_string_append_c (text, c);
    if (!g_str_has_suffix (text->str, "\x1c\r"))
      continue;
    ck_assert (text->str[0] == 0x0b);
    fields = g_strsplit (text->str + 1, "|", -1);
    g_strlcpy (id, fields[9], 8);
    return TRUE;
  }
  return FALSE;
}

/* Returns whether the connection stays. */
static gboolean
answer (GOutputStream *out, char how, const char *id)
{
  g_autofree char *ack = g_strdup_printf ("\x0bMSH|^~\\&|B|||||ACK^R01^ACK|B1|P|2.6\rMSA|%s|%s\r\x1c\r", how == 'R' ? "CR" : "CA", how == 'X' ? "ID9" : id);

  if (how == 'C')
    return FALSE;
  if (how == 'G') {
    g_autofree char *garbage = g_strnfill (100000, '|');

    g_output_stream_write_all (out, garbage, 100000, NULL, NULL, NULL);
    return FALSE;
  }
  return g_output_stream_write_all (out, ack, strlen (ack), NULL, NULL, NULL) && how != 'X';
}

static gpointer
receive (gpointer data)
{
  Receiver *self = data;
  const char *next = self->answers;

  while (*next != '\0') {
    g_autoptr (GSocketConnection) connection = g_socket_listener_accept (self->listener, NULL, NULL, NULL);
    gboolean goes_on = connection != NULL;
    char id[8];

    while (goes_on && *next != '\0' && read_message (g_io_stream_get_input_stream (G_IO_STREAM (connection)), id)) {
      g_string_append_printf (self->ids, "%s ", id);
      goes_on = answer (g_io_stream_get_output_stream (G_IO_STREAM (connection)), *next++, id);
    }
  }
  return NULL;
}

START_TEST (a_receiver_answers)
{
  Receiver receiver = { .listener = g_socket_listener_new (), .answers = rows[_i].answers, .ids = g_string_new (NULL) };
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0), bound = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  ChsMllpResult result;
  GThread *thread;
  gboolean done;

  ck_assert (g_socket_listener_add_address (receiver.listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  address = g_strdup_printf ("127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  thread = g_thread_new ("receiver", receive, &receiver);
  done = chs_mllp_send (address, MESSAGES, strlen (MESSAGES), 5, &result, NULL, &error);
  g_thread_join (thread);
  ck_assert_msg (done == rows[_i].done, "%s: %s", rows[_i].name, error != NULL ? error->message : "");
  ck_assert_uint_eq (result.accepted, rows[_i].accepted);
  ck_assert_uint_eq (result.rejected, rows[_i].rejected);
  if (rows[_i].answers[0] == 'C')
    ck_assert_msg (g_str_has_prefix (receiver.ids->str, "ID1 ID1 "), "the same message again: %s", receiver.ids->str);
  g_string_free (receiver.ids, TRUE);
  g_object_unref (receiver.listener);
}
END_TEST

START_TEST (nobody_listens)
{
  g_autoptr (GError) error = NULL;
  ChsMllpResult result;

  ck_assert (!chs_mllp_send ("127.0.0.1:1", MESSAGES, strlen (MESSAGES), 1, &result, NULL, &error));
  ck_assert_msg (strstr (error->message, "127.0.0.1:1") != NULL, "%s", error->message);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("mllp");
  TCase *tcase = tcase_create ("mllp");

  tcase_add_loop_test (tcase, a_receiver_answers, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tcase, nobody_listens);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

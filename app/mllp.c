/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/mllp.h"

#include <string.h>

#define PORT 2575
#define MAX_ACK 65536 /* of a hostile receiver */
#define START "\x0b"
#define END "\x1c\r"
#define TRIES 2

typedef struct {
  const char        *address;
  guint              timeout_s;
  GSocketConnection *connection; /* (nullable) */
  GCancellable      *cancellable;
} Sender;

static gboolean
connect_to (Sender *self, GError **error)
{
  g_autoptr (GSocketClient) client = NULL;

  if (self->connection != NULL)
    return TRUE;
  client = g_socket_client_new ();
  g_socket_client_set_timeout (client, self->timeout_s);
  self->connection = g_socket_client_connect_to_host (client, self->address, PORT, self->cancellable, error);
  return self->connection != NULL;
}

/* Reads one framed message; bounded. */
static char *
read_frame (Sender *self, GError **error)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));
  g_autoptr (GString) text = g_string_new (NULL);
  char buf[1024];

  while (text->len < MAX_ACK) {
    gssize n = g_input_stream_read (in, buf, sizeof buf, self->cancellable, error);
    const char *end;

    if (n < 0)
      return NULL;
    if (n == 0)
      break;
    g_string_append_len (text, buf, n);
    end = g_strstr_len (text->str, (gssize) text->len, END);
    if (end != NULL)
      return g_strndup (text->str, (gsize) (end - text->str));
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "no whole acknowledgement came");
  return NULL;
}

/* Field @index of a segment that begins at @segment, MSH counted as HL7 does. Owned by the caller. */
static char *
dup_field (const char *segment, gsize length, guint index)
{
  g_autofree char *text = g_strndup (segment, length);
  g_auto (GStrv) fields = g_strsplit (text, "|", -1);
  guint at = g_str_has_prefix (text, "MSH") ? index - 1 : index;

  return g_strdup (at < g_strv_length (fields) ? fields[at] : "");
}

static char *
dup_control_id (const char *message, gsize n)
{
  const char *end = memchr (message, '\r', n);

  return dup_field (message, end != NULL ? (gsize) (end - message) : n, 10);
}

/* What an acknowledgement says of a message: TRUE accepted, FALSE rejected; @error when it is none of ours. */
static gboolean
judge (const char *ack, const char *control_id, GError **error)
{
  g_auto (GStrv) segments = g_strsplit_set (ack, "\r\n", -1);

  for (char **segment = segments; *segment != NULL; segment++) {
    g_autofree char *code = NULL, *id = NULL;

    if (!g_str_has_prefix (*segment, "MSA|"))
      continue;
    code = dup_field (*segment, strlen (*segment), 1);
    id = dup_field (*segment, strlen (*segment), 2);
    if (strcmp (id, control_id) == 0)
      return g_str_equal (code, "CA") || g_str_equal (code, "AA");
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "the answer does not acknowledge message %s", control_id);
  return FALSE;
}

static gboolean
send_once (Sender *self, const char *message, gsize n, gboolean *accepted, GError **error)
{
  g_autoptr (GString) frame = g_string_new (START);
  g_autofree char *id = dup_control_id (message, n), *ack = NULL;
  g_autoptr (GError) strange = NULL;

  if (!connect_to (self, error))
    return FALSE;
  g_string_append_len (frame, message, (gssize) n);
  g_string_append (frame, END);
  if (!g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)), frame->str, frame->len, NULL,
                                  self->cancellable, error))
    return FALSE;
  ack = read_frame (self, error);
  if (ack == NULL)
    return FALSE;
  *accepted = judge (ack, id, &strange);
  if (strange == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&strange));
  return FALSE;
}

static gboolean
send_message (Sender *self, const char *message, gsize n, ChsMllpResult *result, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean accepted = FALSE;

  for (guint i = 0; i < TRIES; i++) {
    g_clear_error (&failure);
    if (send_once (self, message, n, &accepted, &failure)) {
      *(accepted ? &result->accepted : &result->rejected) += 1;
      return TRUE;
    }
    g_clear_object (&self->connection);
    if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      break;
  }
  g_propagate_error (error, g_steal_pointer (&failure));
  g_prefix_error (error, "%s: ", self->address);
  return FALSE;
}

/* Where the next message begins, else the end. */
static const char *
find_next (const char *from, const char *end)
{
  const char *next = g_strstr_len (from, end - from, "\rMSH|");

  return next != NULL ? next + 1 : end;
}

gboolean
chs_mllp_send (const char    *address,
               const char    *messages,
               gsize          n,
               guint          timeout_s,
               ChsMllpResult *result,
               GCancellable  *cancellable,
               GError       **error)
{
  Sender self = { .address = address, .timeout_s = CLAMP (timeout_s, 1, 30), .cancellable = cancellable };
  const char *end = messages + n, *at = messages;
  gboolean done = TRUE;

  *result = (ChsMllpResult) { 0 };
  while (done && at < end) {
    const char *next = find_next (at, end);

    done = send_message (&self, at, (gsize) (next - at), result, error);
    at = next;
  }
  g_clear_object (&self.connection);
  return done;
}

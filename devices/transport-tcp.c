/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/transport-classes.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

/* Serial device servers. The name is looked up and the connection made without
 * blocking; a peer that vanished without a word is found by keep-alive. A socket has
 * no read-only mode (closing our half would make many servers hang up), so here the
 * transport itself refuses to write for a driver that only listens. */

#define CONNECT_TIMEOUT_US (2 * G_USEC_PER_SEC) /* own choice: half-open is to be seen within 2 s */

/* First probe after 1 s of silence, the next 1 s later; unanswered by then = gone. Own choice, as above. */
#define KEEP_IDLE_S 1
#define KEEP_INTERVAL_S 1
#define KEEP_TIMEOUT_MS 1500

typedef struct {
  ChsTransport   transport;
  char          *where;
  gboolean       read_only;
  guint16        port;
  GCancellable  *cancellable;
  GList         *addresses; /* GInetAddress still to be tried */
  GSocket       *socket;    /* connecting or connected; NULL = none now */
  gboolean       is_open;
  gint64         deadline_us; /* of the present step; 0 = not set yet */
  GError        *failure;     /* of the last address or the name, told by alive */
} Tcp;

/* The peer's silence is measured by the kernel; options that it does not know are no reason to refuse. */
static void
set_options (GSocket *socket)
{
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL_S, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, KEEP_TIMEOUT_MS, NULL);
}

static void
keep_failure (Tcp *self, GError *failure)
{
  g_clear_error (&self->failure);
  self->failure = failure;
}

/* Begins with the next address; FALSE when there is none left. */
static gboolean
connect_next (Tcp *self)
{
  while (self->addresses != NULL) {
    g_autoptr (GInetAddress) address = self->addresses->data;
    g_autoptr (GSocketAddress) peer = g_inet_socket_address_new (address, self->port);
    GError *failure = NULL;

    self->addresses = g_list_delete_link (self->addresses, self->addresses);
    g_clear_object (&self->socket);
    self->deadline_us = 0;
    self->socket = g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &failure);
    if (self->socket != NULL)
      set_options (self->socket);
    if (self->socket != NULL && (g_socket_connect (self->socket, peer, NULL, &failure)
                                 || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_PENDING))) {
      g_clear_error (&failure);
      return TRUE;
    }
    keep_failure (self, failure);
  }
  g_clear_object (&self->socket);
  return FALSE;
}

static void
on_lookup_ready (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *failure = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &failure);
  Tcp *self = user_data;

  /* Cancelled means that the transport is closed and freed. */
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_error_free (failure);
    return;
  }
  if (failure != NULL)
    keep_failure (self, failure);
  self->addresses = addresses;
  connect_next (self);
}

static void
tcp_close (ChsTransport *transport)
{
  Tcp *self = (Tcp *) transport;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_list_free_full (self->addresses, g_object_unref);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  g_clear_error (&self->failure);
  g_free (self->where);
  g_free (self);
}

static void
start (Tcp *self, const char *host)
{
  GInetAddress *literal = g_inet_address_new_from_string (host);

  if (literal != NULL) {
    self->addresses = g_list_append (NULL, literal);
    connect_next (self);
  } else {
    g_autoptr (GResolver) resolver = g_resolver_get_default ();

    g_resolver_lookup_by_name_async (resolver, host, self->cancellable, on_lookup_ready, self);
  }
}

static ChsTransport *
tcp_open (const char *where, const ChsLine *line G_GNUC_UNUSED, gboolean read_only, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (GSocketConnectable) address = g_network_address_parse (where, 0, &reason);
  Tcp *self;

  if (address == NULL || g_network_address_get_port (G_NETWORK_ADDRESS (address)) == 0) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_ADDRESS, "tcp:%s: write it as tcp:host:port or tcp:[::1]:port%s%s", where,
                 reason != NULL ? ": " : "", reason != NULL ? reason->message : "");
    return NULL;
  }
  self = g_new0 (Tcp, 1);
  self->transport.klass = &chs_transport_tcp;
  self->where = g_strdup (where);
  self->read_only = read_only;
  self->port = g_network_address_get_port (G_NETWORK_ADDRESS (address));
  self->cancellable = g_cancellable_new ();
  start (self, g_network_address_get_hostname (G_NETWORK_ADDRESS (address)));
  return &self->transport;
}

static gboolean
tcp_is_open (ChsTransport *transport)
{
  return ((Tcp *) transport)->is_open;
}

static int
tcp_fd (ChsTransport *transport)
{
  return g_socket_get_fd (((Tcp *) transport)->socket);
}

/* Turns a result of GSocket into one of ours: would-block is 0, everything else a loss. */
static gssize
settle (Tcp *self, gssize n, GError *reason, GError **error)
{
  g_autoptr (GError) owned = reason;

  if (n >= 0)
    return n;
  if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return 0;
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST, "tcp:%s: %s", self->where, owned->message);
  return -1;
}

static gssize
tcp_read (ChsTransport *transport, guint8 *bytes, gsize size, GError **error)
{
  Tcp *self = (Tcp *) transport;
  GError *reason = NULL;
  gssize n = g_socket_receive (self->socket, (char *) bytes, size, NULL, &reason);

  if (n != 0)
    return settle (self, n, reason, error);
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST, "tcp:%s: closed by the other end", self->where);
  return -1;
}

static gssize
tcp_write (ChsTransport *transport, const guint8 *bytes, gsize n, GError **error)
{
  Tcp *self = (Tcp *) transport;
  GError *reason = NULL;
  gssize taken;

  if (self->read_only) {
    g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_TX, "tcp:%s: opened for listening only", self->where);
    return -1;
  }
  taken = g_socket_send (self->socket, (const char *) bytes, n, NULL, &reason);
  return settle (self, taken, reason, error);
}

/* One look at a connection being made. */
static void
check_connecting (Tcp *self, gint64 now_us)
{
  GError *failure = NULL;

  if (self->deadline_us == 0)
    self->deadline_us = now_us + CONNECT_TIMEOUT_US;
  if (self->socket != NULL && g_socket_condition_check (self->socket, G_IO_OUT | G_IO_ERR | G_IO_HUP) != 0) {
    self->is_open = g_socket_check_connect_result (self->socket, &failure);
    if (self->is_open)
      return;
  } else if (now_us >= self->deadline_us) {
    g_set_error (&failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no answer within %d s",
                 (int) (CONNECT_TIMEOUT_US / G_USEC_PER_SEC));
  }
  if (failure != NULL) {
    keep_failure (self, failure);
    connect_next (self);
  }
}

static gboolean
tcp_alive (ChsTransport *transport, gint64 now_us, GError **error)
{
  Tcp *self = (Tcp *) transport;

  if (self->is_open)
    return TRUE; /* keep-alive tells the socket, and the socket the next read */
  check_connecting (self, now_us);
  if (self->is_open || self->socket != NULL || self->failure == NULL)
    return TRUE;
  g_set_error (error, CHS_LINK_ERROR, CHS_LINK_ERROR_OPEN, "tcp:%s: cannot connect: %s", self->where, self->failure->message);
  return FALSE;
}

const ChsTransportClass chs_transport_tcp = {
  .prefix = "tcp:",
  .open = tcp_open,
  .is_open = tcp_is_open,
  .fd = tcp_fd,
  .read = tcp_read,
  .write = tcp_write,
  .alive = tcp_alive,
  .close = tcp_close,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/monitor-service.h"

#include "app/client.h"
#include "app/event-batch.h"
#include "app/socket-listen.h"
#include "chs-monitor-dbus.h"

#include <string.h>
#include <unistd.h>

#define OBJECT_PATH "/org/chairside/Monitor1"
#define BATCH_MS 40          /* longest that an event waits for company */
#define AUTHENTICATE_MS 3000 /* to get through the D-Bus handshake */
#define SCREEN_SILENT_US (5 * G_USEC_PER_SEC)
#define PEER_SILENT_US (10 * G_USEC_PER_SEC)
#define GOODBYE_US (G_USEC_PER_SEC / 5) /* to send the last events in */
#define WATCH_MS 500                    /* how often silence and full queues are looked at */

struct _ChsMonitorService {
  ChsMonitor *monitor;
  ChsAdmin *admin; /* NULL: none is offered */
  ChsSocketListen *listen;
  GSocketService *incoming;
  char *guid;
  GPtrArray *peers;    /* Peer */
  ChsEventBatch batch; /* live events, the same for all that are subscribed */
  GSource *batch_source;
  GSource *watch_source;
  GMainContext *context;
};

typedef struct {
  ChsMonitorService *service;
  GCancellable *cancellable;   /* of the handshake */
  GSource *timeout;            /* of the handshake; NULL afterwards */
  GDBusConnection *connection; /* NULL during the handshake */
  ChsDbusMonitor1 *object;
  ChsAdminPeer *admin;
  char *name;       /* as it calls itself, for messages */
  gboolean greeted; /* Hello with our version */
  gboolean subscribed;
  gboolean is_screen;
  gint64 alive_us;  /* when it was last heard */
  guint64 sent_seq; /* last event sent to it */
  guint64 mark_seq; /* sent_seq when it was last heard */
  gsize unheard;    /* bytes sent up to @mark_seq that it has not confirmed */
  gsize since_mark; /* bytes sent behind @mark_seq */
} Peer;

static gint64
now_us (void)
{
  return g_get_monotonic_time ();
}

static GSource *
add_timeout (ChsMonitorService *self, guint ms, GSourceFunc func, gpointer user_data)
{
  GSource *source = g_timeout_source_new (ms);

  g_source_set_callback (source, func, user_data, NULL);
  g_source_attach (source, self->context);
  return source;
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* ---- peers: sending ---- */

static void
send_block (Peer *peer, GBytes *block, guint64 last_seq)
{
  chs_dbus_monitor1_emit_events (peer->object, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, block, TRUE));
  peer->sent_seq = last_seq;
  peer->since_mark += g_bytes_get_size (block);
}

static void
on_live_block (GBytes *block, guint64 last_seq, gpointer user_data)
{
  ChsMonitorService *self = user_data;

  for (guint i = 0; i < self->peers->len; i++) {
    Peer *peer = self->peers->pdata[i];

    if (peer->subscribed)
      send_block (peer, block, last_seq);
  }
}

/* The peer has received everything up to @last_seq. */
static void
confirm (Peer *peer, guint64 last_seq)
{
  if (last_seq < peer->mark_seq)
    return;
  peer->unheard = peer->since_mark;
  peer->since_mark = 0;
  peer->mark_seq = peer->sent_seq;
}

/* ---- peers: coming and going ---- */

static void
unexport (Peer *peer)
{
  GDBusInterfaceSkeleton *skeleton = G_DBUS_INTERFACE_SKELETON (peer->object);

  if (g_dbus_interface_skeleton_get_connection (skeleton) != NULL)
    g_dbus_interface_skeleton_unexport (skeleton);
}

static void
peer_free (gpointer data)
{
  Peer *peer = data;

  clear_source (&peer->timeout);
  g_clear_pointer (&peer->admin, chs_admin_detach);
  g_cancellable_cancel (peer->cancellable);
  g_clear_object (&peer->cancellable);
  if (peer->object != NULL) {
    unexport (peer);
    g_signal_handlers_disconnect_by_data (peer->object, peer);
    g_clear_object (&peer->object);
  }
  if (peer->connection != NULL) {
    g_signal_handlers_disconnect_by_data (peer->connection, peer);
    g_clear_object (&peer->connection);
  }
  g_free (peer->name);
  g_free (peer);
}

/* The chair's screen is there when one of those that call themselves so is heard. */
static void
look_at_screens (ChsMonitorService *self, const char *why)
{
  gboolean has_screen = FALSE, is_there = FALSE;

  for (guint i = 0; i < self->peers->len; i++) {
    const Peer *peer = self->peers->pdata[i];

    if (!peer->is_screen)
      continue;
    has_screen = TRUE;
    is_there |= now_us () - peer->alive_us < SCREEN_SILENT_US;
  }
  if (is_there)
    chs_monitor_set_screen (self->monitor, TRUE, NULL);
  else if (has_screen || why != NULL)
    chs_monitor_set_screen (self->monitor, FALSE, why != NULL ? why : "the screen has not been heard for 5 s");
}

/* A close alone would wait for a write that never ends. */
static void
hang_up (Peer *peer)
{
  GIOStream *stream = g_dbus_connection_get_stream (peer->connection);

  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)), TRUE, TRUE, NULL);
}

static void
drop_peer (Peer *peer, const char *why)
{
  ChsMonitorService *self = peer->service;
  gboolean was_screen = peer->is_screen;

  if (peer->connection != NULL) {
    hang_up (peer);
    g_dbus_connection_close (peer->connection, NULL, NULL, NULL);
    g_info ("client %s: %s", peer->name != NULL ? peer->name : "without a name", why);
  }
  g_ptr_array_remove (self->peers, peer);
  if (was_screen)
    look_at_screens (self, "the screen's connection ended");
}

static void
on_closed (GDBusConnection *connection G_GNUC_UNUSED,
           gboolean remote_vanished G_GNUC_UNUSED,
           GError *error,
           gpointer user_data)
{
  drop_peer (user_data, error != NULL ? error->message : "left");
}

/* ---- the interface ---- */

static gboolean
check_greeted (Peer *peer, GDBusMethodInvocation *invocation)
{
  peer->alive_us = now_us ();
  if (peer->greeted)
    return TRUE;
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED,
                                         "say Hello with protocol version %d first", CHS_PROTOCOL_VERSION);
  return FALSE;
}

static gboolean
on_hello (ChsDbusMonitor1 *object, GDBusMethodInvocation *invocation, guint version, const char *client, Peer *peer)
{
  ChsMonitor *monitor = peer->service->monitor;

  peer->greeted = version == CHS_PROTOCOL_VERSION;
  g_free (peer->name);
  peer->name = g_utf8_make_valid (client, (gssize) MIN (strlen (client), 64));
  g_strdelimit (peer->name, "\n\r", ' ');
  if (!peer->greeted)
    g_message ("client %s speaks protocol %u, not %d", peer->name, version, CHS_PROTOCOL_VERSION);
  chs_dbus_monitor1_complete_hello (object, invocation, CHS_PROTOCOL_VERSION, "chairside " CHS_VERSION,
                                    chs_monitor_get_recording (monitor),
                                    chs_journal_get_next_seq (chs_monitor_get_journal (monitor)),
                                    chs_monitor_get_now_us (monitor), chs_monitor_get_wall_us (monitor));
  return TRUE;
}

static gboolean
is_for_clients (const ChsEvent *event)
{
  return event->type != CHS_EVENT_RAW;
}

/* Asks only how far the tail reaches back. */
static void
on_skipped_event (const ChsEvent *event G_GNUC_UNUSED, gpointer user_data G_GNUC_UNUSED)
{
}

static void
on_tail_event (const ChsEvent *event, gpointer user_data)
{
  if (is_for_clients (event))
    chs_event_batch_add (user_data, event);
}

static void
on_tail_block (GBytes *block, guint64 last_seq, gpointer user_data)
{
  send_block (user_data, block, last_seq);
}

static gboolean
on_subscribe (
    ChsDbusMonitor1 *object, GDBusMethodInvocation *invocation, guint64 from_seq, gboolean is_screen, Peer *peer)
{
  ChsMonitorService *self = peer->service;
  ChsJournal *journal = chs_monitor_get_journal (self->monitor);
  ChsEventBatch tail;
  guint64 first_seq;

  if (!check_greeted (peer, invocation))
    return TRUE;
  first_seq = chs_journal_replay_tail (journal, from_seq, on_skipped_event, NULL);
  chs_dbus_monitor1_complete_subscribe (object, invocation, first_seq);
  if (first_seq > from_seq)
    return TRUE;
  /* What waits in the batch is in the tail too: the others must have it before the new one joins them. */
  peer->subscribed = FALSE;
  chs_event_batch_flush (&self->batch);
  chs_event_batch_init (&tail, on_tail_block, peer);
  chs_journal_replay_tail (journal, from_seq, on_tail_event, &tail);
  chs_event_batch_flush (&tail);
  chs_event_batch_clear (&tail);
  peer->subscribed = TRUE;
  peer->is_screen = is_screen;
  look_at_screens (self, NULL);
  return TRUE;
}

static gboolean
on_nurse (ChsDbusMonitor1 *object,
          GDBusMethodInvocation *invocation,
          guchar action,
          const char *what,
          double value,
          const char *text,
          const char *who,
          gint64 at_us,
          Peer *peer)
{
  ChsNurse nurse = { .action = action, .value = value, .at_us = at_us };
  GError *error = NULL;
  guint64 seq;

  if (!check_greeted (peer, invocation))
    return TRUE;
  if (!chs_text_copy (nurse.what, sizeof nurse.what, what) || !chs_text_copy (nurse.who, sizeof nurse.who, who)) {
    g_dbus_method_invocation_return_error (invocation, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED,
                                           "what or who is too long");
    return TRUE;
  }
  chs_text_copy (nurse.text, sizeof nurse.text, text); /* a note is cut, not refused */
  seq = chs_monitor_nurse (peer->service->monitor, &nurse, &error);
  if (seq == 0)
    g_dbus_method_invocation_take_error (invocation, error);
  else
    chs_dbus_monitor1_complete_nurse (object, invocation, seq);
  return TRUE;
}

#define MAX_SETUP_KEYS 256

/* Returns the keys as an array of ChsSetup. */
static GArray *
read_setup (GVariant *keys, GError **error)
{
  g_autoptr (GArray) setup = g_array_new (FALSE, TRUE, sizeof (ChsSetup));
  GVariantIter iter;
  const char *key, *value;

  if (g_variant_n_children (keys) > MAX_SETUP_KEYS) {
    g_set_error (error, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, "more than %d keys at once", MAX_SETUP_KEYS);
    return NULL;
  }
  g_variant_iter_init (&iter, keys);
  while (g_variant_iter_next (&iter, "(&s&s)", &key, &value)) {
    ChsSetup one = { 0 };

    if (!chs_text_copy (one.key, sizeof one.key, key) || !chs_text_copy (one.value, sizeof one.value, value)) {
      g_set_error (error, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, "\"%s\" is too long", one.key);
      return NULL;
    }
    g_array_append_val (setup, one);
  }
  return g_steal_pointer (&setup);
}

static gboolean
on_setup (ChsDbusMonitor1 *object, GDBusMethodInvocation *invocation, GVariant *keys, Peer *peer)
{
  g_autoptr (GArray) setup = NULL;
  GError *error = NULL;
  guint64 seq = 0;

  if (!check_greeted (peer, invocation))
    return TRUE;
  setup = read_setup (keys, &error);
  if (setup != NULL)
    seq = chs_monitor_setup (peer->service->monitor, (const ChsSetup *) (gpointer) setup->data, setup->len, &error);
  if (error != NULL)
    g_dbus_method_invocation_take_error (invocation, error);
  else
    chs_dbus_monitor1_complete_setup (object, invocation, seq);
  return TRUE;
}

static gboolean
on_new_session (ChsDbusMonitor1 *object, GDBusMethodInvocation *invocation, Peer *peer)
{
  if (!check_greeted (peer, invocation))
    return TRUE;
  chs_monitor_new_session (peer->service->monitor);
  chs_dbus_monitor1_complete_new_session (object, invocation, chs_monitor_get_recording (peer->service->monitor));
  return TRUE;
}

static gboolean
on_links (ChsDbusMonitor1 *object, GDBusMethodInvocation *invocation, Peer *peer)
{
  g_autoptr (GString) json = g_string_new (NULL);

  if (!check_greeted (peer, invocation))
    return TRUE;
  chs_monitor_links_to_json (peer->service->monitor, json);
  chs_dbus_monitor1_complete_links (object, invocation, json->str);
  return TRUE;
}

static gboolean
on_alive (ChsDbusMonitor1 *object, GDBusMethodInvocation *invocation, guint64 last_seq, Peer *peer)
{
  if (!check_greeted (peer, invocation))
    return TRUE;
  confirm (peer, last_seq);
  chs_dbus_monitor1_complete_alive (object, invocation);
  if (peer->is_screen)
    look_at_screens (peer->service, NULL);
  return TRUE;
}

static const struct {
  const char *signal;
  GCallback callback;
} methods[] = {
  { "handle-hello", G_CALLBACK (on_hello) },
  { "handle-subscribe", G_CALLBACK (on_subscribe) },
  { "handle-nurse", G_CALLBACK (on_nurse) },
  { "handle-setup", G_CALLBACK (on_setup) },
  { "handle-new-session", G_CALLBACK (on_new_session) },
  { "handle-links", G_CALLBACK (on_links) },
  { "handle-alive", G_CALLBACK (on_alive) },
};

/* ---- accepting ---- */

static gboolean
on_allow_mechanism (GDBusAuthObserver *observer G_GNUC_UNUSED, const char *mechanism, gpointer user_data G_GNUC_UNUSED)
{
  return strcmp (mechanism, "EXTERNAL") == 0;
}

static void
on_connection_ready (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_finish (result, &error);
  Peer *peer = user_data;

  if (connection == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the peer is freed */
  clear_source (&peer->timeout);
  if (connection == NULL) {
    g_message ("a caller was sent away: %s", error->message);
    drop_peer (peer, "no handshake");
    return;
  }
  peer->connection = g_steal_pointer (&connection);
  peer->object = chs_dbus_monitor1_skeleton_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect (peer->object, methods[i].signal, methods[i].callback, peer);
  g_signal_connect (peer->connection, "closed", G_CALLBACK (on_closed), peer);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (peer->object), peer->connection, OBJECT_PATH, &error);
  if (error == NULL && peer->service->admin != NULL)
    peer->admin = chs_admin_attach (peer->service->admin, peer->connection, OBJECT_PATH, &error);
  /* It may have ended before the signal was connected. */
  if (error != NULL || g_dbus_connection_is_closed (peer->connection)) {
    drop_peer (peer, error != NULL ? error->message : "left");
    return;
  }
  g_dbus_connection_start_message_processing (peer->connection);
}

static gboolean
on_handshake_late (gpointer user_data)
{
  Peer *peer = user_data;

  g_message ("a caller was sent away: no handshake within %d s", AUTHENTICATE_MS / 1000);
  drop_peer (peer, "no handshake");
  return G_SOURCE_REMOVE;
}

/* The kernel says who calls; and whom it lets connect to a socket that is shared, the administrator has put into its
 * group. */
static gboolean
is_welcome (ChsMonitorService *self, GSocketConnection *stream)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCredentials) credentials = g_socket_get_credentials (g_socket_connection_get_socket (stream), &error);
  uid_t uid = credentials != NULL ? g_credentials_get_unix_user (credentials, &error) : (uid_t) -1;

  if (uid != getuid () && uid != 0 && !chs_socket_listen_is_shared (self->listen)) {
    g_message ("a caller was sent away: user %d is not allowed", (int) uid);
    return FALSE;
  }
  if (self->peers->len >= CHS_SERVICE_MAX_PEERS) {
    g_message ("a caller was sent away: %d are here already", CHS_SERVICE_MAX_PEERS);
    return FALSE;
  }
  return TRUE;
}

static gboolean
on_incoming (GSocketService *incoming G_GNUC_UNUSED,
             GSocketConnection *stream,
             GObject *source G_GNUC_UNUSED,
             gpointer user_data)
{
  ChsMonitorService *self = user_data;
  g_autoptr (GDBusAuthObserver) observer = NULL;
  Peer *peer;

  if (!is_welcome (self, stream))
    return TRUE;
  peer = g_new0 (Peer, 1);
  peer->service = self;
  peer->cancellable = g_cancellable_new ();
  peer->alive_us = now_us ();
  peer->timeout = add_timeout (self, AUTHENTICATE_MS, on_handshake_late, peer);
  g_ptr_array_add (self->peers, peer);
  observer = g_dbus_auth_observer_new ();
  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (on_allow_mechanism), NULL);
  g_dbus_connection_new (G_IO_STREAM (stream), self->guid,
                         G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER
                             | G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING,
                         observer, peer->cancellable, on_connection_ready, peer);
  return TRUE;
}

/* ---- the journal ---- */

static gboolean
on_batch_due (gpointer user_data)
{
  ChsMonitorService *self = user_data;

  clear_source (&self->batch_source);
  chs_event_batch_flush (&self->batch);
  return G_SOURCE_REMOVE;
}

static void
on_event (const ChsEvent *event, gpointer user_data)
{
  ChsMonitorService *self = user_data;

  if (!is_for_clients (event))
    return;
  chs_event_batch_add (&self->batch, event);
  if (event->type == CHS_EVENT_ALARM || event->type == CHS_EVENT_NURSE)
    chs_event_batch_flush (&self->batch);
  else if (self->batch_source == NULL)
    self->batch_source = add_timeout (self, BATCH_MS, on_batch_due, self);
}

static void
on_session_changed (const char *recording, gpointer user_data)
{
  ChsMonitorService *self = user_data;

  chs_event_batch_flush (&self->batch);
  for (guint i = 0; i < self->peers->len; i++) {
    Peer *peer = self->peers->pdata[i];

    peer->sent_seq = peer->mark_seq = 0; /* numbers begin anew */
    if (peer->subscribed)
      chs_dbus_monitor1_emit_session_changed (peer->object, recording);
  }
}

static const ChsMonitorObserver observer = { on_event, on_session_changed };

/* ---- watching the peers ---- */

static gboolean
does_not_read (const Peer *peer)
{
  return peer->unheard + peer->since_mark > CHS_SERVICE_MAX_QUEUE || now_us () - peer->alive_us > PEER_SILENT_US;
}

static gboolean
on_watch (gpointer user_data)
{
  ChsMonitorService *self = user_data;

  for (guint i = self->peers->len; i > 0; i--) {
    Peer *peer = self->peers->pdata[i - 1];

    if (peer->connection == NULL || !does_not_read (peer))
      continue;
    g_message ("client %s does not read or answer: dropped with %" G_GSIZE_FORMAT " bytes waiting",
               peer->name != NULL ? peer->name : "without a name", peer->unheard + peer->since_mark);
    drop_peer (peer, "does not read");
  }
  look_at_screens (self, NULL);
  return G_SOURCE_CONTINUE;
}

ChsMonitorService *
chs_monitor_service_new (ChsMonitor *monitor, const char *path, GError **error)
{
  g_autoptr (ChsSocketListen) listen = chs_socket_listen_new (path, error);
  ChsMonitorService *self;

  if (listen == NULL)
    return NULL;
  self = g_new0 (ChsMonitorService, 1);
  self->monitor = monitor;
  self->listen = g_steal_pointer (&listen);
  self->guid = g_dbus_generate_guid ();
  self->peers = g_ptr_array_new_with_free_func (peer_free);
  self->context = g_main_context_ref_thread_default ();
  chs_event_batch_init (&self->batch, on_live_block, self);
  self->incoming = g_socket_service_new ();
  g_signal_connect (self->incoming, "incoming", G_CALLBACK (on_incoming), self);
  if (!g_socket_listener_add_socket (G_SOCKET_LISTENER (self->incoming), chs_socket_listen_get_socket (self->listen),
                                     NULL, error)) {
    chs_monitor_service_free (self);
    return NULL;
  }
  g_socket_service_start (self->incoming);
  self->watch_source = add_timeout (self, WATCH_MS, on_watch, self);
  chs_monitor_observe (monitor, &observer, self);
  return self;
}

void
chs_monitor_service_set_admin (ChsMonitorService *self, ChsAdmin *admin)
{
  self->admin = admin;
}

static void
on_flushed (GObject *connection G_GNUC_UNUSED, GAsyncResult *result G_GNUC_UNUSED, gpointer user_data)
{
  guint *n_pending = user_data;

  (*n_pending)--;
}

/* The last words of a monitor that is stopped, for those that read them. */
static void
send_last_words (ChsMonitorService *self)
{
  gint64 end_us = now_us () + GOODBYE_US;
  guint n_pending = 0;

  chs_event_batch_flush (&self->batch);
  for (guint i = 0; i < self->peers->len; i++) {
    Peer *peer = self->peers->pdata[i];

    if (peer->connection == NULL)
      continue;
    unexport (peer);
    g_signal_handlers_disconnect_by_data (peer->connection, peer);
    g_dbus_connection_flush (peer->connection, NULL, on_flushed, &n_pending);
    n_pending++;
  }
  while (n_pending > 0 && now_us () < end_us)
    if (!g_main_context_iteration (self->context, FALSE))
      g_usleep (1000);
  for (guint i = 0; i < self->peers->len; i++)
    if (((Peer *) self->peers->pdata[i])->connection != NULL)
      hang_up (self->peers->pdata[i]); /* ends the wait for those that do not read */
  while (n_pending > 0)
    g_main_context_iteration (self->context, TRUE);
}

void
chs_monitor_service_free (ChsMonitorService *self)
{
  if (self == NULL)
    return;
  clear_source (&self->batch_source);
  clear_source (&self->watch_source);
  g_socket_service_stop (self->incoming);
  g_signal_handlers_disconnect_by_data (self->incoming, self);
  g_clear_object (&self->incoming);
  chs_monitor_unobserve (self->monitor, self);
  send_last_words (self);
  g_ptr_array_unref (self->peers);
  chs_event_batch_clear (&self->batch);
  chs_socket_listen_free (self->listen);
  g_main_context_unref (self->context);
  g_free (self->guid);
  g_free (self);
}

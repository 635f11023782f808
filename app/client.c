/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/client.h"

#include "chs-monitor-dbus.h"
#include "data/event-codec.h"
#include "data/store.h"

#define OBJECT_PATH "/org/chairside/Monitor1"
#define TICK_MS 1000                      /* Alive, and the next try to connect */
#define SILENT_US (3 * G_USEC_PER_SEC)    /* without an event: the monitor is lost */
#define HANDSHAKE_US (3 * G_USEC_PER_SEC) /* from connecting to the answer of Subscribe */
#define ADMIN_MS 30000                    /* a slow stick, a hash */
#define HISTORY_TRIES 3                   /* to read the recording up to where the journal's tail begins */

/* Where the connection is; the state that the user sees follows from it. */
typedef enum {
  STEP_IDLE,
  STEP_CONNECTING, /* up to the answer of Subscribe */
  STEP_SUBSCRIBED,
} Step;

struct _ChsClient {
  GObject parent_instance;
  char *path;
  ChsClientEventFunc func;
  gpointer user_data;
  gboolean is_screen;
  gboolean is_asking_links;
  ChsClientState state;
  char *message;
  char *recording;
  Step step;
  gint64 step_us;            /* when the step began */
  GCancellable *cancellable; /* of everything that belongs to this connection */
  GDBusConnection *connection;
  ChsDbusMonitor1 *proxy;
  int history_tries;
  guint64 last_seq; /* newest event given to @func in this session */
  gint64 heard_us;  /* when the last block came */
  gint64 born_us;
  gint64 offset_us; /* session time minus our monotonic time, the largest seen */
  GMainContext *context;
  GSource *tick;
};

G_DEFINE_FINAL_TYPE (ChsClient, chs_client, G_TYPE_OBJECT)

enum { PROP_STATE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { SIGNAL_REFUSED, SIGNAL_LINKS, N_SIGNALS };
static guint signals[N_SIGNALS];

static void subscribe (ChsClient *self);

static void
set_state (ChsClient *self, ChsClientState state, const char *message)
{
  g_free (self->message);
  self->message = g_strdup (message);
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* ---- leaving ---- */

static void
disconnect_now (ChsClient *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->proxy != NULL)
    g_signal_handlers_disconnect_by_data (self->proxy, self);
  g_clear_object (&self->proxy);
  if (self->connection != NULL) {
    g_signal_handlers_disconnect_by_data (self->connection, self);
    g_dbus_connection_close (self->connection, NULL, NULL, NULL);
  }
  g_clear_object (&self->connection);
  self->step = STEP_IDLE;
}

/* A monitor that is being started together with its screen may take a moment. */
static void
lose (ChsClient *self, const char *why)
{
  gboolean is_starting = self->state == CHS_CLIENT_CONNECTING && g_get_monotonic_time () - self->born_us < SILENT_US;

  disconnect_now (self);
  set_state (self, is_starting ? CHS_CLIENT_CONNECTING : CHS_CLIENT_LOST, why);
}

/* A cancelled call belongs to a connection that is gone already, and @self may be too. */
static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
fail_to_connect (ChsClient *self, const char *what, const GError *error)
{
  g_autofree char *why = g_strdup_printf ("%s %s: %s", what, self->path, error->message);

  lose (self, why);
}

static void
on_closed (GDBusConnection *connection G_GNUC_UNUSED,
           gboolean remote_vanished G_GNUC_UNUSED,
           GError *error G_GNUC_UNUSED,
           ChsClient *self)
{
  lose (self, "the monitor has stopped or closed the connection");
}

/* ---- events ---- */

static void
give (ChsClient *self, const ChsEvent *event)
{
  if (event->seq <= self->last_seq)
    return;
  self->last_seq = event->seq;
  self->func (self, event, self->user_data);
}

static void
learn_time (ChsClient *self, gint64 t_us)
{
  self->offset_us = MAX (self->offset_us, t_us - g_get_monotonic_time ());
}

static gboolean
take_block (ChsClient *self, const guint8 *bytes, gsize n)
{
  int16_t samples[4096]; /* largest wave of a block, data/event-codec.h */
  g_autofree ChsPackState *state = g_new0 (ChsPackState, 1);
  const guint8 *end = bytes + n;
  ChsUnpack what;
  ChsEvent event;

  while ((what = chs_event_unpack (state, &bytes, end, &event, samples, G_N_ELEMENTS (samples))) == CHS_UNPACK_EVENT) {
    learn_time (self, event.t_us);
    give (self, &event);
  }
  return what == CHS_UNPACK_END;
}

static void
on_events (ChsDbusMonitor1 *proxy G_GNUC_UNUSED, GVariant *block, ChsClient *self)
{
  G_GNUC_UNUSED g_autoptr (ChsClient) keep = g_object_ref (self); /* @func may drop it */
  const guint8 *bytes;
  gsize n;

  bytes = g_variant_get_fixed_array (block, &n, 1);
  self->heard_us = g_get_monotonic_time ();
  if (!take_block (self, bytes, n))
    lose (self, "the monitor sent something that cannot be read");
  else if (self->step == STEP_SUBSCRIBED)
    set_state (self, CHS_CLIENT_LIVE, "");
}

static void
on_session_changed (ChsDbusMonitor1 *proxy G_GNUC_UNUSED, const char *recording, ChsClient *self)
{
  g_free (self->recording);
  self->recording = recording[0] != '\0' ? g_strdup (recording) : NULL;
  self->last_seq = 0;
  self->offset_us = G_MININT64;
}

static gboolean
on_history_event (const ChsEvent *event, gpointer user_data)
{
  give (user_data, event);
  return TRUE;
}

/* Gives what the recording has and was not given yet. What cannot be read is missing from the history and nothing else. */
static void
read_history (ChsClient *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = self->recording != NULL ? chs_store_reader_new (self->recording, &error) : NULL;

  if (reader != NULL)
    chs_store_reader_foreach (reader, CHS_TIME_NONE, INT64_MAX, CHS_READ_NUMERICS, on_history_event, self, &error);
  if (error != NULL)
    g_message ("history is not complete: %s", error->message);
}

/* ---- connecting ---- */

static void
on_subscribed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChsClient *self = user_data;
  g_autoptr (GError) error = NULL;
  guint64 first_seq;

  if (!chs_dbus_monitor1_call_subscribe_finish (CHS_DBUS_MONITOR1 (source), &first_seq, result, &error)) {
    if (!is_cancelled (error))
      fail_to_connect (self, "cannot subscribe at", error);
    return;
  }
  if (first_seq > self->last_seq + 1) {
    /* The tail no longer reaches back to what was read: read on. Without a recording there is nothing to read. */
    if (self->recording == NULL || self->history_tries >= HISTORY_TRIES) {
      g_message ("history has a hole up to event %" G_GUINT64_FORMAT, first_seq);
      self->last_seq = first_seq - 1;
    }
    subscribe (self);
    return;
  }
  self->step = STEP_SUBSCRIBED;
  self->heard_us = g_get_monotonic_time ();
  set_state (self, CHS_CLIENT_LIVE, "");
}

static void
subscribe (ChsClient *self)
{
  self->history_tries++;
  read_history (self);
  chs_dbus_monitor1_call_subscribe (self->proxy, self->last_seq + 1, self->is_screen, self->cancellable, on_subscribed,
                                    self);
}

static void
on_hello (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ChsClient *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = NULL, *recording = NULL, *why = NULL;
  guint version;
  guint64 next_seq;
  gint64 t_us, wall_us;

  if (!chs_dbus_monitor1_call_hello_finish (CHS_DBUS_MONITOR1 (source), &version, &program, &recording, &next_seq,
                                            &t_us, &wall_us, result, &error)) {
    if (!is_cancelled (error))
      fail_to_connect (self, "no answer at", error);
    return;
  }
  if (version != CHS_PROTOCOL_VERSION) {
    why = g_strdup_printf ("%s speaks protocol %u, this program %d: update the older one", program, version,
                           CHS_PROTOCOL_VERSION);
    lose (self, why);
    return;
  }
  self->last_seq = 0;
  self->history_tries = 0;
  self->offset_us = t_us - g_get_monotonic_time ();
  on_session_changed (self->proxy, recording, self);
  subscribe (self);
}

static void
on_connected (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  ChsClient *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_for_address_finish (result, &error);

  if (connection == NULL) {
    if (!is_cancelled (error))
      fail_to_connect (self, "cannot reach the monitor at", error);
    return;
  }
  /* Loads nothing: does not wait. */
  self->proxy = chs_dbus_monitor1_proxy_new_sync (
      connection, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NULL, OBJECT_PATH,
      NULL, &error);
  self->connection = g_steal_pointer (&connection);
  if (self->proxy == NULL) {
    fail_to_connect (self, "cannot reach the monitor at", error);
    return;
  }
  g_signal_connect (self->connection, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (self->proxy, "events", G_CALLBACK (on_events), self);
  g_signal_connect (self->proxy, "session-changed", G_CALLBACK (on_session_changed), self);
  chs_dbus_monitor1_call_hello (self->proxy, CHS_PROTOCOL_VERSION, g_get_prgname (), self->cancellable, on_hello, self);
}

static void
connect_now (ChsClient *self)
{
  g_autofree char *escaped = g_dbus_address_escape_value (self->path);
  g_autofree char *address = g_strconcat ("unix:path=", escaped, NULL);

  self->step = STEP_CONNECTING;
  self->step_us = g_get_monotonic_time ();
  self->cancellable = g_cancellable_new ();
  g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, self->cancellable,
                                     on_connected, self);
}

static gboolean
on_tick (gpointer user_data)
{
  ChsClient *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  switch (self->step) {
  case STEP_IDLE:
    connect_now (self);
    break;
  case STEP_CONNECTING:
    if (now_us - self->step_us > HANDSHAKE_US)
      lose (self, "the monitor does not answer");
    break;
  case STEP_SUBSCRIBED:
    chs_dbus_monitor1_call_alive (self->proxy, self->last_seq, NULL, NULL, NULL);
    if (now_us - self->heard_us > SILENT_US)
      set_state (self, CHS_CLIENT_LOST, "the monitor has not been heard for 3 s");
    break;
  }
  return G_SOURCE_CONTINUE;
}

/* ---- commands ---- */

static void
report (ChsClient *self, GError *error)
{
  if (error == NULL || is_cancelled (error))
    return;
  g_dbus_error_strip_remote_error (error);
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, error->message);
}

static void
on_nurse_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChsClient) self = user_data;
  g_autoptr (GError) error = NULL;

  chs_dbus_monitor1_call_nurse_finish (CHS_DBUS_MONITOR1 (source), NULL, result, &error);
  report (self, error);
}

gboolean
chs_client_nurse (ChsClient *self, const ChsNurse *nurse)
{
  if (self->step != STEP_SUBSCRIBED)
    return FALSE;
  chs_dbus_monitor1_call_nurse (self->proxy, nurse->action, nurse->what, nurse->value, nurse->text, nurse->who,
                                nurse->at_us, self->cancellable, on_nurse_done, g_object_ref (self));
  return TRUE;
}

typedef struct {
  ChsClientAnswer answer;
  gpointer user_data;
} Asked;

static void
on_admin_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Asked *asked = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (error != NULL)
    g_dbus_error_strip_remote_error (error);
  asked->answer (answer, error != NULL ? error->message : NULL, asked->user_data);
}

gboolean
chs_client_ask_admin (ChsClient *self, const char *method, GVariant *args, ChsClientAnswer answer, gpointer user_data)
{
  Asked *asked;

  if (self->step != STEP_SUBSCRIBED)
    return FALSE;
  asked = g_new (Asked, 1);
  *asked = (Asked){ answer, user_data };
  g_dbus_connection_call (self->connection, NULL, OBJECT_PATH, "org.chairside.Admin1", method, args, NULL, G_DBUS_CALL_FLAGS_NONE,
                          ADMIN_MS, NULL, on_admin_done, asked);
  return TRUE;
}

static void
on_setup_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChsClient) self = user_data;
  g_autoptr (GError) error = NULL;

  chs_dbus_monitor1_call_setup_finish (CHS_DBUS_MONITOR1 (source), NULL, result, &error);
  report (self, error);
}

gboolean
chs_client_setup_all (ChsClient *self, const ChsSetup *keys, gsize n)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));

  if (self->step != STEP_SUBSCRIBED)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    g_variant_builder_add (&builder, "(ss)", keys[i].key, keys[i].value);
  chs_dbus_monitor1_call_setup (self->proxy, g_variant_builder_end (&builder), self->cancellable, on_setup_done,
                                g_object_ref (self));
  return TRUE;
}

gboolean
chs_client_setup (ChsClient *self, const char *key, const char *value)
{
  ChsSetup setup = { 0 };

  if (!chs_text_copy (setup.key, sizeof setup.key, key) || !chs_text_copy (setup.value, sizeof setup.value, value))
    return FALSE;
  return chs_client_setup_all (self, &setup, 1);
}

static void
on_new_session_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChsClient) self = user_data;
  g_autoptr (GError) error = NULL;

  chs_dbus_monitor1_call_new_session_finish (CHS_DBUS_MONITOR1 (source), NULL, result, &error);
  report (self, error);
}

gboolean
chs_client_new_session (ChsClient *self)
{
  if (self->step != STEP_SUBSCRIBED)
    return FALSE;
  chs_dbus_monitor1_call_new_session (self->proxy, self->cancellable, on_new_session_done, g_object_ref (self));
  return TRUE;
}

/* ---- questions ---- */

static void
on_links_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ChsClient) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;

  self->is_asking_links = FALSE;
  if (chs_dbus_monitor1_call_links_finish (CHS_DBUS_MONITOR1 (source), &json, result, &error))
    g_signal_emit (self, signals[SIGNAL_LINKS], 0, json);
}

gboolean
chs_client_ask_links (ChsClient *self)
{
  if (self->step != STEP_SUBSCRIBED)
    return FALSE;
  if (!self->is_asking_links)
    chs_dbus_monitor1_call_links (self->proxy, self->cancellable, on_links_done, g_object_ref (self));
  self->is_asking_links = TRUE;
  return TRUE;
}

/* ---- the object ---- */

ChsClientState
chs_client_get_state (ChsClient *self)
{
  return self->state;
}

const char *
chs_client_get_message (ChsClient *self)
{
  return self->message;
}

const char *
chs_client_get_recording (ChsClient *self)
{
  return self->recording;
}

gint64
chs_client_get_now_us (ChsClient *self)
{
  return self->offset_us == G_MININT64 ? 0 : g_get_monotonic_time () + self->offset_us;
}

static void
chs_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_uint (value, CHS_CLIENT (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
chs_client_dispose (GObject *object)
{
  ChsClient *self = CHS_CLIENT (object);

  if (self->tick != NULL)
    g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
  disconnect_now (self);
  G_OBJECT_CLASS (chs_client_parent_class)->dispose (object);
}

static void
chs_client_finalize (GObject *object)
{
  ChsClient *self = CHS_CLIENT (object);

  g_free (self->path);
  g_free (self->message);
  g_free (self->recording);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (chs_client_parent_class)->finalize (object);
}

static void
chs_client_class_init (ChsClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = chs_client_get_property;
  object_class->dispose = chs_client_dispose;
  object_class->finalize = chs_client_finalize;
  props[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, CHS_CLIENT_CONNECTING, CHS_CLIENT_LOST,
                                         CHS_CLIENT_CONNECTING, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", CHS_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_LINKS] = g_signal_new ("links", CHS_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                        G_TYPE_STRING);
}

static void
chs_client_init (ChsClient *self)
{
  self->message = g_strdup ("");
  self->offset_us = G_MININT64;
  self->born_us = g_get_monotonic_time ();
  self->context = g_main_context_ref_thread_default ();
}

static ChsClient *
client_new (const char *socket_path, gboolean is_screen, ChsClientEventFunc func, gpointer user_data)
{
  ChsClient *self = g_object_new (CHS_TYPE_CLIENT, NULL);

  self->path = socket_path != NULL ? g_strdup (socket_path) : chs_socket_dup_path ();
  self->is_screen = is_screen;
  self->func = func;
  self->user_data = user_data;
  self->tick = g_timeout_source_new (TICK_MS);
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, self->context);
  connect_now (self);
  return self;
}

ChsClient *
chs_client_new (const char *socket_path, ChsClientEventFunc func, gpointer user_data)
{
  return client_new (socket_path, TRUE, func, user_data);
}

ChsClient *
chs_client_new_observer (const char *socket_path, ChsClientEventFunc func, gpointer user_data)
{
  return client_new (socket_path, FALSE, func, user_data);
}

/* Where the monitor of the chair itself listens (chairsided.service). */
#define SYSTEM_SOCKET "/run/chairside/monitor.socket"

/* A desk's own monitor; or, where none has ever run, the chair's. */
static char *
dup_session_path (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *own = NULL;

  if (runtime == NULL || runtime[0] == '\0')
    return g_strdup (SYSTEM_SOCKET);
  own = g_build_filename (runtime, "chairside/monitor.socket", NULL);
  if (!g_file_test (own, G_FILE_TEST_EXISTS) && g_file_test (SYSTEM_SOCKET, G_FILE_TEST_EXISTS))
    return g_strdup (SYSTEM_SOCKET);
  return g_steal_pointer (&own);
}

char *
chs_socket_dup_path (void)
{
  const char *named = g_getenv ("CHAIRSIDE_SOCKET");
  const char *service = g_getenv ("RUNTIME_DIRECTORY"); /* set by systemd for RuntimeDirectory= */

  if (named != NULL && named[0] != '\0')
    return g_strdup (named);
  if (service != NULL && service[0] != '\0')
    return g_build_filename (service, "monitor.socket", NULL);
  return dup_session_path ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/admin.h"

#include "app/admin-private.h"
#include "app/audit.h"
#include "app/event-json.h"
#include "app/health.h"

#include <math.h>

/* Answers of PowerOff. */
#define WHY_SESSION "session"

/* ---- health ---- */

static gboolean
on_health (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  ChsAdmin *self = peer->admin;
  g_autoptr (GString) links = g_string_new (NULL);
  ChsMonitorView view;
  ChsHealth health;
  g_autofree char *json = NULL;

  chs_monitor_get_view (self->monitor, &view);
  chs_monitor_links_to_json (self->monitor, links);
  health = (ChsHealth){ .chair = self->config->name,
                        .phase = chs_phase_id ((ChsPhase) chs_engine_get_session (chs_monitor_get_engine (self->monitor))->phase),
                        .recording = chs_monitor_get_recording (self->monitor),
                        .has_sound = view.has_sound,
                        .has_storage = view.has_storage,
                        .has_screen = view.has_screen,
                        .has_pin = chs_admin_has_pin (self->config),
                        .sound_why = view.sound_why,
                        .started_us = self->started_us,
                        .uptime_s = (g_get_monotonic_time () - self->born_us) / G_USEC_PER_SEC,
                        .n_starts = self->starts.n_starts,
                        .n_unclean = self->starts.n_unclean,
                        .bytes_day = self->bytes_day,
                        .days_left = self->days_left,
                        .temperature_c = chs_health_get_temperature ("/sys/class/thermal"),
                        .wall_us = g_get_real_time (),
                        .sync = chs_health_get_sync ("/run/systemd/timesync"),
                        .test_due = self->test_due,
                        .test_heard = self->test_heard,
                        .test_us = self->test_us,
                        .links = links->str,
                        .links_down = view.links_down };
  chs_health_get_disk (self->sessions, &health.free_bytes, &health.total_bytes);
  json = chs_health_to_json (&health);
  chs_dbus_admin1_complete_health (object, invocation, json);
  return TRUE;
}

static gboolean
on_sound_test (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  if (chs_monitor_is_busy (peer->admin->monitor)) {
    chs_admin_refuse (invocation, "a session is running: a test tone could be taken for an alarm");
    return TRUE;
  }
  chs_monitor_play (peer->admin->monitor, CHS_TONE_SELF_TEST);
  chs_dbus_admin1_complete_sound_test (object, invocation);
  return TRUE;
}

/* ---- power ---- */

static char *
dup_power_json (gboolean done, const char *why, const char *message)
{
  GString *out = g_string_new (done ? "{\"done\":true" : "{\"done\":false");

  chs_json_text (out, "why", why);
  chs_json_text (out, "message", message);
  return g_string_free (g_string_append_c (out, '}'), FALSE);
}

/* A monitor started by hand asks nothing of its machine. */
static gboolean
is_service (void)
{
  return g_getenv ("INVOCATION_ID") != NULL;
}

/* The monitor may do nothing to the machine but ask: chairside-poweroff.path sees this file, which only its user can
 * make. */
static void
work_power (ChsAdminJob *job)
{
  const char *service = g_getenv ("RUNTIME_DIRECTORY");
  g_autofree char *request = g_build_filename (service != NULL ? service : "/run/chairside", "poweroff", NULL);
  g_autoptr (GError) error = NULL;

  if (!is_service ()) {
    g_autofree char *message = g_strdup_printf ("would make %s", request);

    job->json = dup_power_json (FALSE, "dry_run", message);
    return;
  }
  chs_admin_audit (job, "power_off", "chair", NULL, NULL);
  if (g_file_set_contents (request, "", 0, &error))
    job->json = dup_power_json (TRUE, "", "");
  else
    job->json = dup_power_json (FALSE, "refused", error->message);
}

static void
answer_power (ChsAdminJob *job)
{
  chs_dbus_admin1_complete_power_off (job->object, job->invocation, job->json);
}

static gboolean
on_power_off (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, gboolean really, ChsAdminPeer *peer)
{
  g_autofree char *json = NULL;
  ChsAdminJob *job;

  if (chs_monitor_is_busy (peer->admin->monitor))
    json = dup_power_json (FALSE, WHY_SESSION, "a session is running: end it first");
  else if (!really)
    json = dup_power_json (FALSE, "confirm", "");
  if (json != NULL) {
    chs_dbus_admin1_complete_power_off (object, invocation, json);
    return TRUE;
  }
  job = chs_admin_new_job_for (peer, invocation, work_power, answer_power);
  if (job != NULL)
    chs_admin_start_job (job);
  return TRUE;
}

/* ---- callers ---- */

static const struct {
  const char *signal;
  GCallback callback;
} methods[] = {
  { "handle-unlock", G_CALLBACK (chs_admin_on_unlock) },
  { "handle-lock", G_CALLBACK (chs_admin_on_lock) },
  { "handle-settings", G_CALLBACK (chs_admin_on_settings) },
  { "handle-set", G_CALLBACK (chs_admin_on_set) },
  { "handle-health", G_CALLBACK (on_health) },
  { "handle-sound-test", G_CALLBACK (on_sound_test) },
  { "handle-provision-look", G_CALLBACK (chs_admin_on_provision_look) },
  { "handle-provision-take", G_CALLBACK (chs_admin_on_provision_take) },
  { "handle-provision-out", G_CALLBACK (chs_admin_on_provision_out) },
  { "handle-calls", G_CALLBACK (chs_admin_on_calls) },
  { "handle-add-call", G_CALLBACK (chs_admin_on_add_call) },
  { "handle-power-off", G_CALLBACK (on_power_off) },
};

ChsAdminPeer *
chs_admin_attach (ChsAdmin *self, GDBusConnection *connection, const char *path, GError **error)
{
  ChsAdminPeer *peer = g_new0 (ChsAdminPeer, 1);

  peer->admin = self;
  peer->object = chs_dbus_admin1_skeleton_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect (peer->object, methods[i].signal, methods[i].callback, peer);
  if (g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (peer->object), connection, path, error))
    return peer;
  chs_admin_detach (peer);
  return NULL;
}

void
chs_admin_detach (ChsAdminPeer *peer)
{
  GDBusInterfaceSkeleton *skeleton;

  if (peer == NULL)
    return;
  skeleton = G_DBUS_INTERFACE_SKELETON (peer->object);
  if (g_dbus_interface_skeleton_get_connection (skeleton) != NULL)
    g_dbus_interface_skeleton_unexport (skeleton);
  g_signal_handlers_disconnect_by_data (peer->object, peer);
  g_object_unref (peer->object);
  g_free (peer);
}

/* ---- the admin ---- */

void
chs_admin_unref (ChsAdmin *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  chs_pin_gate_clear (&self->gate);
  g_free (self->state);
  g_free (self->sessions);
  g_main_context_unref (self->context);
  g_free (self);
}

/* So that a file that was changed by hand shows, too. */
static void
log_start (ChsAdmin *self)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->config->text, -1);
  g_autofree char *why = g_strdup_printf ("configuration %.16s, serial %u", digest, self->config->serial);
  g_autoptr (GError) error = NULL;

  if (!chs_audit_append (self->sessions, self->started_us, "chairsided " CHS_VERSION, "start", self->config->name, why, &error))
    g_message ("%s", error->message);
}

ChsAdmin *
chs_admin_new (ChsMonitor *monitor, ChsChairConfig *config, void (*restart) (gpointer user_data), gpointer user_data)
{
  ChsAdmin *self = g_new0 (ChsAdmin, 1);

  g_atomic_ref_count_init (&self->refs);
  self->monitor = monitor;
  self->config = config;
  self->sessions = g_strdup (chs_monitor_get_folder (monitor));
  self->state = g_strdup (config->state != NULL ? config->state : self->sessions);
  self->restart = restart;
  self->user_data = user_data;
  self->context = g_main_context_ref_thread_default ();
  self->born_us = g_get_monotonic_time ();
  self->started_us = g_get_real_time ();
  self->days_left = INFINITY;
  self->room = CHS_ROOM_GOOD;
  self->last_minute = -1;
  self->test_due = !config->demonstration;
  self->starts = chs_starts_begin (self->state);
  chs_pin_gate_init (&self->gate, self->state, self->born_us);
  log_start (self);
  chs_monitor_observe (monitor, &chs_admin_observer, self);
  self->tick = g_timeout_source_new (CHS_ADMIN_LOOK_MS);
  g_source_set_callback (self->tick, chs_admin_on_tick, self, NULL);
  g_source_attach (self->tick, self->context);
  chs_admin_on_tick (self);
  return self;
}

void
chs_admin_free (ChsAdmin *self)
{
  if (self == NULL)
    return;
  g_source_destroy (self->tick);
  g_source_unref (self->tick);
  chs_monitor_unobserve (self->monitor, self);
  chs_starts_end (self->state, &self->starts);
  self->is_over = TRUE;
  chs_admin_unref (self);
}

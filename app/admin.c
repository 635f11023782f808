/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/admin.h"

#include "app/audit.h"
#include "app/course.h"
#include "app/event-json.h"
#include "app/health.h"
#include "app/pin.h"
#include "app/provision.h"
#include "chs-admin-dbus.h"
#include "data/ini.h"
#include "data/read-file.h"

#include <math.h>
#include <string.h>

/* Marks a string for xgettext; the screen translates what it is refused with. */
#define N_(s) (s)

#define OPEN_US (5 * 60 * G_USEC_PER_SEC) /* a technician who went away is locked out */
#define LOOK_MS 30000                     /* how often shifts and the clock are looked at */
#define RETENTION_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/* Answers of PowerOff. */
#define WHY_SESSION "session"

struct _ChsAdmin {
  gatomicrefcount refs; /* the owner, and what is being done */
  gboolean is_over;     /* the owner is gone */
  ChsMonitor *monitor;
  ChsChairConfig *config;
  char *state;    /* folder */
  char *sessions; /* folder of recordings and audit log */
  void (*restart) (gpointer user_data);
  gpointer user_data;
  GMainContext *context;
  GSource *tick;
  gboolean is_busy;
  gboolean is_calling; /* calls of patients are read or written: nothing else of the machine waits for that */

  ChsPinGate gate;
  ChsStarts starts;
  gint64 started_us, born_us; /* wall, monotonic */
  gint64 retention_due_us; /* monotonic */
  double bytes_day, days_left;
  ChsRoom room; /* as it was told last */

  gboolean test_due, test_heard;
  gint64 test_us;  /* wall */
  int last_minute; /* of the day, that shifts were looked at; -1 = never */
};

struct _ChsAdminPeer {
  ChsAdmin *admin;
  ChsDbusAdmin1 *object;
  gint64 open_until_us; /* monotonic */
};

static void
admin_unref (ChsAdmin *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  chs_pin_gate_clear (&self->gate);
  g_free (self->state);
  g_free (self->sessions);
  g_main_context_unref (self->context);
  g_free (self);
}

/* ---- things that take time ---- */

typedef struct _Job Job;
struct _Job {
  ChsAdmin *admin;
  ChsDbusAdmin1 *object;
  GDBusMethodInvocation *invocation; /* NULL: nobody waits */
  ChsAdminPeer *peer;                /* only looked at while the admin is not over */
  gboolean *is_busy;                 /* of the admin: while it is being done, another of its kind is refused */
  void (*work) (Job *job);           /* in a thread: nothing of the monitor is touched */
  void (*answer) (Job *job);         /* in our context */
  char *key, *value;                 /* what was asked */
  char *config_path, *keys, *medium; /* copies */
  ChsRetention policy;
  ChsRetentionResult retention;
  GError *error;
  char *json;
  gboolean is_right;
  ChsCourseCall call;
  ChsChairConfig *config; /* a new one, when there is one */
};

static void
job_free (Job *job)
{
  g_clear_object (&job->object);
  g_free (job->key);
  g_free (job->value);
  g_free (job->config_path);
  g_free (job->keys);
  g_free (job->medium);
  chs_retention_result_clear (&job->retention);
  g_clear_error (&job->error);
  g_free (job->json);
  chs_chair_config_free (job->config);
  admin_unref (job->admin);
  g_free (job);
}

static void
run_job (GTask *task, gpointer source G_GNUC_UNUSED, gpointer data, GCancellable *cancellable G_GNUC_UNUSED)
{
  Job *job = data;

  job->work (job);
  g_task_return_boolean (task, TRUE);
}

static void
on_job_done (GObject *source G_GNUC_UNUSED, GAsyncResult *result G_GNUC_UNUSED, gpointer data)
{
  Job *job = data;

  *job->is_busy = FALSE;
  if (job->invocation != NULL && job->admin->is_over)
    g_dbus_method_invocation_return_error_literal (job->invocation, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, "the monitor ends");
  else if (job->invocation != NULL && job->error != NULL)
    g_dbus_method_invocation_return_gerror (job->invocation, job->error);
  else if (!job->admin->is_over)
    job->answer (job);
  job_free (job);
}

static Job *
new_job (ChsAdmin *self, void (*work) (Job *job), void (*answer) (Job *job))
{
  Job *job = g_new0 (Job, 1);

  g_atomic_ref_count_inc (&self->refs);
  job->admin = self;
  job->is_busy = &self->is_busy;
  job->work = work;
  job->answer = answer;
  job->config_path = g_canonicalize_filename (self->config->path, NULL);
  job->keys = g_strdup (self->config->keys);
  job->medium = g_strdup (self->config->medium);
  return job;
}

static void
start_job (Job *job)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_job_done, job);

  *job->is_busy = TRUE;
  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, run_job);
}

static void
refuse (GDBusMethodInvocation *invocation, const char *message)
{
  g_dbus_method_invocation_return_error_literal (invocation, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, message);
}

/* For a caller: one thing of a kind at a time. */
static Job *
new_job_of (ChsAdminPeer *peer, gboolean *is_busy, GDBusMethodInvocation *invocation, void (*work) (Job *job), void (*answer) (Job *job))
{
  Job *job;

  if (*is_busy) {
    refuse (invocation, N_ ("another thing is being done; try again"));
    return NULL;
  }
  job = new_job (peer->admin, work, answer);
  job->is_busy = is_busy;
  job->object = g_object_ref (peer->object);
  job->invocation = invocation;
  job->peer = peer;
  return job;
}

static Job *
new_job_for (ChsAdminPeer *peer, GDBusMethodInvocation *invocation, void (*work) (Job *job), void (*answer) (Job *job))
{
  return new_job_of (peer, &peer->admin->is_busy, invocation, work, answer);
}

static void
audit (Job *job, const char *action, const char *what, const char *why, GError **error)
{
  chs_audit_append (job->admin->sessions, g_get_real_time (), "technician at the chair", action, what, why, error);
}

/* ---- the PIN ---- */

static gboolean
is_open (ChsAdminPeer *peer, GDBusMethodInvocation *invocation)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us < peer->open_until_us) {
    peer->open_until_us = now_us + OPEN_US;
    return TRUE;
  }
  refuse (invocation, N_ ("this needs the technician's PIN"));
  return FALSE;
}

static void
work_unlock (Job *job)
{
  ChsAdmin *self = job->admin;

  if (!chs_pin_gate_begin (&self->gate, g_get_monotonic_time (), &job->error))
    return;
  job->is_right = chs_pin_matches (job->value, job->key);
  chs_pin_gate_end (&self->gate, job->is_right, g_get_monotonic_time ());
  explicit_bzero (job->value, strlen (job->value));
  audit (job, job->is_right ? "pin_right" : "pin_wrong", "screen", NULL, NULL);
}

static gboolean
is_still_here (const Job *job)
{
  /* A peer that left took its object with it. */
  return g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (job->object)) != NULL;
}

static void
answer_unlock (Job *job)
{
  guint wait_s = chs_pin_gate_wait_s (&job->admin->gate, g_get_monotonic_time ());

  if (job->is_right && is_still_here (job))
    job->peer->open_until_us = g_get_monotonic_time () + OPEN_US;
  chs_dbus_admin1_complete_unlock (job->object, job->invocation, job->is_right, wait_s, job->is_right ? "" : "wrong PIN");
}

static gboolean
on_unlock (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, const char *pin, ChsAdminPeer *peer)
{
  ChsAdmin *self = peer->admin;
  guint wait_s = self->is_busy ? 0 : chs_pin_gate_wait_s (&self->gate, g_get_monotonic_time ());
  Job *job;

  if (self->config->pin_hash == NULL || strcmp (self->config->pin_hash, CHS_CHAIR_PIN_KEEP) == 0) {
    refuse (invocation, "no PIN is set; see chairside-tool pin");
    return TRUE;
  }
  if (wait_s > 0) {
    chs_dbus_admin1_complete_unlock (object, invocation, FALSE, wait_s, "too many wrong PINs");
    return TRUE;
  }
  job = new_job_for (peer, invocation, work_unlock, answer_unlock);
  if (job == NULL)
    return TRUE;
  job->key = g_strdup (self->config->pin_hash);
  job->value = g_strndup (pin, CHS_PIN_MAX + 1); /* one more than can be right */
  start_job (job);
  return TRUE;
}

static gboolean
on_lock (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  peer->open_until_us = 0;
  chs_dbus_admin1_complete_lock (object, invocation);
  return TRUE;
}

/* ---- settings ---- */

/* What a technician may change at the chair. Everything else is in the file. */
static const char *const settable[] = { "screen.language",  "screen.look",    "screen.night_from", "screen.night_to",
                                        "screen.text_scale", "screen.dim_min", "screen.diagonal_in", "sound.volume_db", NULL };

static void
put_words (GString *out, const char *key, char **words)
{
  chs_json_key (out, key);
  g_string_append (out, words != NULL ? "[" : "null");
  for (guint i = 0; words != NULL && words[i] != NULL; i++) {
    g_string_append (out, i > 0 ? "," : "");
    chs_json_quote (out, words[i]);
  }
  g_string_append (out, words != NULL ? "]" : "");
}

static gboolean
has_pin (const ChsChairConfig *config)
{
  return config->pin_hash != NULL && strcmp (config->pin_hash, CHS_CHAIR_PIN_KEEP) != 0;
}

static char *
dup_settings (const ChsChairConfig *config)
{
  GString *out = g_string_new ("{\"type\":\"settings\"");

  chs_json_text (out, "chair", config->name);
  chs_json_text (out, "language", config->screen.language);
  chs_json_text (out, "look", config->screen.look);
  chs_json_number (out, "night_from", config->screen.night_from);
  chs_json_number (out, "night_to", config->screen.night_to);
  chs_json_number (out, "diagonal_in", config->screen.diagonal_in);
  chs_json_number (out, "text_scale", config->screen.text_scale);
  chs_json_number (out, "dim_min", config->screen.dim_min);
  chs_json_number (out, "volume_db", config->sound.volume_db);
  chs_json_number (out, "floor_db", config->sound.floor_db);
  chs_json_text (out, "medium", config->medium);
  chs_json_number (out, "serial", config->serial);
  put_words (out, "therapies", config->therapies);
  g_string_append_printf (out, ",\"pin_set\":%s}", has_pin (config) ? "true" : "false");
  return g_string_free (out, FALSE);
}

static gboolean
on_settings (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  g_autofree char *json = dup_settings (peer->admin->config);

  chs_dbus_admin1_complete_settings (object, invocation, json);
  return TRUE;
}

static char *
read_config (const char *path, GError **error)
{
  gsize n;

  return chs_read_file (path, CHS_CHAIR_MAX_BYTES, &n, error);
}

static void
work_set (Job *job)
{
  g_auto (GStrv) names = g_strsplit (job->key, ".", 2);
  g_autofree char *text = read_config (job->config_path, &job->error), *next = NULL;

  if (text == NULL)
    return;
  next = chs_ini_dup_set (text, names[0], names[1], job->value);
  job->config = chs_chair_config_parse (next, strlen (next), job->config_path, &job->error);
  if (job->config == NULL)
    return;
  audit (job, "setting", job->key, job->value, &job->error);
  if (job->error == NULL)
    chs_config_write (job->config_path, next, &job->error);
}

static void
swap_text (char **a, char **b)
{
  char *kept = *a;

  *a = *b;
  *b = kept;
}

/* The screen asks again; a new volume is heard at once. */
static void
answer_set (Job *job)
{
  ChsChairConfig *config = job->admin->config, *new = job->config;
  ChsChairScreen screen = config->screen;

  config->screen = new->screen;
  new->screen = screen;
  swap_text (&config->text, &new->text);
  if (config->sound.volume_db < new->sound.volume_db || config->sound.volume_db > new->sound.volume_db) {
    config->sound = new->sound;
    chs_monitor_renew_sound (job->admin->monitor);
  }
  chs_dbus_admin1_complete_set (job->object, job->invocation);
}

static gboolean
on_set (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, const char *key, const char *value, ChsAdminPeer *peer)
{
  GError *error = NULL;
  Job *job;

  if (!is_open (peer, invocation))
    return TRUE;
  if (!g_strv_contains (settable, key)) {
    chs_ini_unknown (&error, "setting", key, settable);
    g_dbus_method_invocation_take_error (invocation, error);
    return TRUE;
  }
  if (strlen (value) > 64 || strpbrk (value, "\r\n") != NULL) {
    refuse (invocation, "a value is one line of at most 64 bytes");
    return TRUE;
  }
  job = new_job_for (peer, invocation, work_set, answer_set);
  if (job == NULL)
    return TRUE;
  job->key = g_strdup (key);
  job->value = g_strdup (value);
  start_job (job);
  return TRUE;
}

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
                        .has_pin = has_pin (self->config),
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
    refuse (invocation, "a session is running: a test tone could be taken for an alarm");
    return TRUE;
  }
  chs_monitor_play (peer->admin->monitor, CHS_TONE_SELF_TEST);
  chs_dbus_admin1_complete_sound_test (object, invocation);
  return TRUE;
}

/* ---- provisioning ---- */

static char *
dup_look_json (const ChsProvision *provision)
{
  GString *out = g_string_new ("{\"type\":\"provision\"");

  chs_json_text (out, "digest", provision->digest);
  chs_json_text (out, "key", provision->key_id);
  chs_json_number (out, "serial", provision->config->serial);
  g_string_append (out, ",\"changes\":[");
  for (guint i = 0; i < provision->changes->len; i++) {
    const ChsProvisionChange *change = provision->changes->pdata[i];

    g_string_append (out, i > 0 ? ",{\"key\":" : "{\"key\":");
    chs_json_quote (out, change->key);
    chs_json_text (out, "before", change->before);
    chs_json_text (out, "after", change->after);
    g_string_append_c (out, '}');
  }
  return g_string_free (g_string_append (out, "]}"), FALSE);
}

/* The chair as it is on the disk: it may have been set since. */
static ChsProvision *
look (Job *job, GError **error)
{
  g_autoptr (ChsChairConfig) present = chs_chair_config_load (job->config_path, error);

  if (present == NULL)
    return NULL;
  if (!chs_medium_is_there (job->medium)) {
    g_set_error (error, CHS_PROVISION_ERROR, CHS_PROVISION_ERROR_NO_FILE, "there is no stick at %s", job->medium);
    return NULL;
  }
  return chs_provision_look (present, job->config_path, job->keys, job->medium, error);
}

static char *
dup_refusal (const char *message)
{
  GString *out = g_string_new ("{\"type\":\"provision\"");

  chs_json_text (out, "refused", message);
  return g_string_free (g_string_append_c (out, '}'), FALSE);
}

static void
work_look (Job *job)
{
  g_autoptr (GError) refused = NULL;
  g_autoptr (ChsProvision) provision = look (job, &refused);

  if (provision == NULL)
    audit (job, "provision_refused", job->medium, refused->message, NULL);
  job->json = provision != NULL ? dup_look_json (provision) : dup_refusal (refused->message);
}

static void
answer_look (Job *job)
{
  chs_dbus_admin1_complete_provision_look (job->object, job->invocation, job->json);
}

static gboolean
on_provision_look (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  Job *job = is_open (peer, invocation) ? new_job_for (peer, invocation, work_look, answer_look) : NULL;

  if (job != NULL)
    start_job (job);
  return TRUE;
}

/* The stick may have been changed since it was looked at. */
static void
work_take (Job *job)
{
  g_autoptr (ChsProvision) provision = look (job, &job->error);

  if (provision != NULL && strcmp (provision->digest, job->value) != 0)
    g_set_error_literal (&job->error, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, "the stick is not the one that was looked at");
  if (job->error != NULL) {
    audit (job, "provision_refused", job->medium, job->error->message, NULL);
    return;
  }
  chs_provision_take (provision, job->config_path, job->admin->sessions, g_get_real_time (), "technician at the chair", &job->error);
}

static void
answer_take (Job *job)
{
  chs_dbus_admin1_complete_provision_take (job->object, job->invocation);
  job->admin->restart (job->admin->user_data);
}

static gboolean
on_provision_take (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, const char *digest, ChsAdminPeer *peer)
{
  Job *job;

  if (!is_open (peer, invocation))
    return TRUE;
  if (chs_monitor_is_busy (peer->admin->monitor)) {
    refuse (invocation, "a session is running; take it when the chair is free");
    return TRUE;
  }
  job = new_job_for (peer, invocation, work_take, answer_take);
  if (job == NULL)
    return TRUE;
  job->value = g_strndup (digest, 64);
  start_job (job);
  return TRUE;
}

static void
work_out (Job *job)
{
  g_autofree char *text = read_config (job->config_path, &job->error), *public = NULL;

  if (text == NULL)
    return;
  if (!chs_medium_is_there (job->medium)) {
    g_set_error (&job->error, CHS_PROVISION_ERROR, CHS_PROVISION_ERROR_NO_FILE, "there is no stick at %s", job->medium);
    return;
  }
  public = chs_chair_config_dup_public_text (text);
  audit (job, "provision_out", job->medium, NULL, &job->error);
  if (job->error == NULL)
    chs_provision_put (public, NULL, job->medium, &job->error);
}

static void
answer_out (Job *job)
{
  g_autofree char *path = g_build_filename (job->medium, CHS_PROVISION_FILE, NULL);

  chs_dbus_admin1_complete_provision_out (job->object, job->invocation, path);
}

static gboolean
on_provision_out (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  Job *job = is_open (peer, invocation) ? new_job_for (peer, invocation, work_out, answer_out) : NULL;

  if (job != NULL)
    start_job (job);
  return TRUE;
}

/* ---- calls after a session ---- */

static void
put_scores (GString *out, const char *when, const ChsCourseScores *scores)
{
  g_autofree char *pain = g_strconcat ("pain_", when, NULL), *fatigue = g_strconcat ("fatigue_", when, NULL);

  chs_json_number (out, pain, scores->pain);
  chs_json_number (out, fatigue, scores->fatigue);
}

static void
put_call (GString *out, const ChsCourseSession *row, gint64 now_us)
{
  chs_json_text (out, "patient_id", row->patient_id);
  chs_json_text (out, "session_id", row->session_id);
  chs_json_text (out, "therapy", row->therapy);
  chs_json_number (out, "end_s", (double) (row->end_wall_us / G_USEC_PER_SEC));
  put_scores (out, "before", &row->before);
  put_scores (out, "after", &row->after);
  put_scores (out, "call", &row->call);
  chs_json_text (out, "call", chs_call_outcome_id (row->call_outcome));
  chs_json_text (out, "how", chs_call_how_id (row->call_how));
  chs_json_text (out, "note", row->call_note);
  chs_json_number (out, "not_reached", row->call_tries);
  g_string_append_printf (out, ",\"due\":%s,\"overdue\":%s", chs_course_is_due (row) ? "true" : "false",
                          chs_course_is_overdue (row, now_us) ? "true" : "false");
}

static void
work_calls (Job *job)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr (GArray) recent = chs_course_recent (job->admin->sessions, now_us, &job->error);
  g_autoptr (GString) out = g_string_new ("{\"calls\":[");

  for (guint i = 0; recent != NULL && i < recent->len; i++) {
    g_string_append (out, i > 0 ? ",{" : "{");
    put_call (out, &g_array_index (recent, ChsCourseSession, i), now_us);
    g_string_append_c (out, '}');
  }
  job->json = g_strconcat (out->str, "]}", NULL);
}

static void
answer_calls (Job *job)
{
  chs_dbus_admin1_complete_calls (job->object, job->invocation, job->json);
}

static gboolean
on_calls (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  Job *job = new_job_of (peer, &peer->admin->is_calling, invocation, work_calls, answer_calls);

  if (job != NULL)
    start_job (job);
  return TRUE;
}

static void
work_add_call (Job *job)
{
  chs_course_add_call (job->admin->sessions, job->key, job->value, &job->call, NULL, g_get_real_time (), &job->error);
}

static void
answer_add_call (Job *job)
{
  chs_dbus_admin1_complete_add_call (job->object, job->invocation);
}

static gboolean
on_add_call (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, const char *patient_id, const char *session_id,
             const char *outcome, double pain, double fatigue, const char *how, const char *note, ChsAdminPeer *peer)
{
  Job *job = new_job_of (peer, &peer->admin->is_calling, invocation, work_add_call, answer_add_call);

  if (job == NULL)
    return TRUE;
  job->key = g_strdup (patient_id);
  job->value = g_strdup (session_id);
  job->call = (ChsCourseCall){ .scores = { pain, fatigue }, .outcome = chs_call_outcome_from_id (outcome), .how = chs_call_how_from_id (how) };
  chs_text_copy (job->call.note, sizeof job->call.note, note);
  start_job (job);
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
work_power (Job *job)
{
  const char *service = g_getenv ("RUNTIME_DIRECTORY");
  g_autofree char *request = g_build_filename (service != NULL ? service : "/run/chairside", "poweroff", NULL);
  g_autoptr (GError) error = NULL;

  if (!is_service ()) {
    g_autofree char *message = g_strdup_printf ("would make %s", request);

    job->json = dup_power_json (FALSE, "dry_run", message);
    return;
  }
  audit (job, "power_off", "chair", NULL, NULL);
  if (g_file_set_contents (request, "", 0, &error))
    job->json = dup_power_json (TRUE, "", "");
  else
    job->json = dup_power_json (FALSE, "refused", error->message);
}

static void
answer_power (Job *job)
{
  chs_dbus_admin1_complete_power_off (job->object, job->invocation, job->json);
}

static gboolean
on_power_off (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, gboolean really, ChsAdminPeer *peer)
{
  g_autofree char *json = NULL;
  Job *job;

  if (chs_monitor_is_busy (peer->admin->monitor))
    json = dup_power_json (FALSE, WHY_SESSION, "a session is running: end it first");
  else if (!really)
    json = dup_power_json (FALSE, "confirm", "");
  if (json != NULL) {
    chs_dbus_admin1_complete_power_off (object, invocation, json);
    return TRUE;
  }
  job = new_job_for (peer, invocation, work_power, answer_power);
  if (job != NULL)
    start_job (job);
  return TRUE;
}

/* ---- callers ---- */

static const struct {
  const char *signal;
  GCallback callback;
} methods[] = {
  { "handle-unlock", G_CALLBACK (on_unlock) },
  { "handle-lock", G_CALLBACK (on_lock) },
  { "handle-settings", G_CALLBACK (on_settings) },
  { "handle-set", G_CALLBACK (on_set) },
  { "handle-health", G_CALLBACK (on_health) },
  { "handle-sound-test", G_CALLBACK (on_sound_test) },
  { "handle-provision-look", G_CALLBACK (on_provision_look) },
  { "handle-provision-take", G_CALLBACK (on_provision_take) },
  { "handle-provision-out", G_CALLBACK (on_provision_out) },
  { "handle-calls", G_CALLBACK (on_calls) },
  { "handle-add-call", G_CALLBACK (on_add_call) },
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

/* ---- by itself ---- */

static void
work_retention (Job *job)
{
  chs_retention_run (&job->policy, job->admin->sessions, g_get_real_time (), FALSE, NULL, NULL, &job->retention, &job->error);
}

static void
answer_retention (Job *job)
{
  ChsAdmin *self = job->admin;

  self->bytes_day = job->retention.bytes_day;
  self->days_left = job->retention.days_left;
  if (job->error != NULL)
    g_message ("retention: %s", job->error->message);
  if (job->retention.n_removed > 0)
    g_message ("retention: %u recordings removed", job->retention.n_removed);
}

static void
look_at_storage (ChsAdmin *self, gint64 now_us)
{
  Job *job;

  if (self->is_busy || now_us < self->retention_due_us)
    return;
  self->retention_due_us = now_us + RETENTION_US;
  job = new_job (self, work_retention, answer_retention);
  job->policy = self->config->retention;
  start_job (job);
}

/* Whether a shift began behind @from up to @to, minutes of the day. */
static gboolean
has_begun (const ChsChairTimes *shifts, int from, int to)
{
  for (guint i = 0; i < shifts->n; i++) {
    int t = shifts->minutes[i];

    if (from <= to ? t > from && t <= to : t > from || t <= to)
      return TRUE;
  }
  return FALSE;
}

static void
look_at_shifts (ChsAdmin *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  int minute = g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now);

  if (self->last_minute >= 0 && has_begun (&self->config->shifts, self->last_minute, minute))
    self->test_due = TRUE;
  self->last_minute = minute;
}

/* Room for recordings and the clock: alarms of the chair, so that nobody needs to open a page to know. */
static void
tell_machine (ChsAdmin *self)
{
  ChsHealth health = { .days_left = self->days_left };
  g_autofree char *left = NULL;

  chs_health_get_disk (self->sessions, &health.free_bytes, &health.total_bytes);
  self->room = chs_health_get_room (&health, self->room);
  left = isfinite (self->days_left)
             ? g_strdup_printf ("%.0f days of recordings, %" G_GUINT64_FORMAT " MiB free", self->days_left, health.free_bytes >> 20)
             : g_strdup_printf ("%" G_GUINT64_FORMAT " MiB free", health.free_bytes >> 20);
  chs_monitor_tell_state (self->monitor, CHS_STATE_ROOM, self->room, left);
  chs_monitor_tell_state (self->monitor, CHS_STATE_CLOCK, chs_health_has_clock (g_get_real_time ()), NULL);
}

static gboolean
on_tick (gpointer user_data)
{
  ChsAdmin *self = user_data;

  tell_machine (self);
  look_at_shifts (self);
  look_at_storage (self, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static void
on_event (const ChsEvent *event, gpointer user_data)
{
  ChsAdmin *self = user_data;

  if (event->type != CHS_EVENT_NURSE || event->nurse.action != CHS_NURSE_SELF_TEST)
    return;
  self->test_heard = event->nurse.value > 0;
  self->test_us = g_get_real_time ();
  self->test_due = FALSE;
}

static const ChsMonitorObserver observer = { on_event, NULL };

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
  chs_monitor_observe (monitor, &observer, self);
  self->tick = g_timeout_source_new (LOOK_MS);
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, self->context);
  on_tick (self);
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
  admin_unref (self);
}

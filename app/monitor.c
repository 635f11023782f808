/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/monitor.h"

#include "app/link-json.h"
#include "app/monitor-private.h"
#include "app/setup-expand.h"

G_DEFINE_QUARK (chs - monitor - error - quark, chs_monitor_error)

/* ---- who listens ---- */

void
chs_monitor_tell_observers (ChsMonitor *self)
{
  for (guint i = 0; i < self->observers->len; i++) {
    const ChsMonitorSeat *o = &g_array_index (self->observers, ChsMonitorSeat, i);

    if (o->observer->session_changed != NULL)
      o->observer->session_changed (self->path, o->user_data);
  }
}

void
chs_monitor_observe (ChsMonitor *self, const ChsMonitorObserver *observer, gpointer user_data)
{
  const ChsMonitorSeat o = { observer, user_data };

  g_array_append_val (self->observers, o);
}

void
chs_monitor_unobserve (ChsMonitor *self, gpointer user_data)
{
  for (guint i = self->observers->len; i > 0; i--)
    if (g_array_index (self->observers, ChsMonitorSeat, i - 1).user_data == user_data)
      g_array_remove_index (self->observers, i - 1);
}

/* ---- questions ---- */

gboolean
chs_monitor_is_busy (ChsMonitor *self)
{
  guint phase = chs_engine_get_session (self->engine)->phase;

  return phase != CHS_PHASE_IDLE && phase != CHS_PHASE_CLOSED;
}

void
chs_monitor_play (ChsMonitor *self, ChsTone tone)
{
  if (self->annunciator != NULL)
    chs_annunciator_play (self->annunciator, tone);
}

void
chs_monitor_get_view (ChsMonitor *self, ChsMonitorView *view)
{
  *view = (ChsMonitorView){ .has_sound = self->sound == 1,
                            .has_storage = self->storage != 0 && self->path[0] != '\0',
                            .has_screen = self->screen == 1,
                            .sound_why = self->sound == 1 ? NULL : self->sound_why };
  for (guint i = 0; i < self->links->len; i++)
    view->links_down += chs_link_get_state (self->links->pdata[i]) != CHS_LINK_UP;
}

const char *
chs_monitor_get_folder (ChsMonitor *self)
{
  return self->folder;
}

void
chs_monitor_links_to_json (ChsMonitor *self, GString *out)
{
  for (guint i = 0; i < self->links->len; i++)
    chs_link_to_json (self->links->pdata[i], out);
}

ChsJournal *
chs_monitor_get_journal (ChsMonitor *self)
{
  return self->journal;
}

const ChsEngine *
chs_monitor_get_engine (ChsMonitor *self)
{
  return self->engine;
}

const ChsProfile *
chs_monitor_get_profile (ChsMonitor *self)
{
  return self->session_profile;
}

const char *
chs_monitor_get_recording (ChsMonitor *self)
{
  return self->path;
}

gint64
chs_monitor_get_now_us (ChsMonitor *self)
{
  return self->clock.clock.now_us (&self->clock.clock);
}

gint64
chs_monitor_get_wall_us (ChsMonitor *self)
{
  return self->clock.clock.wall_us (&self->clock.clock);
}

/* ---- making ---- */

/* A broken or missing file must not keep the instruments from being watched: the built-in profile is in force then, and a
 * technical alarm says so. */
static void
load_profile (ChsMonitor *self)
{
  g_autofree char *path = self->config->profile != NULL ? g_strdup (self->config->profile) : chs_profile_dup_default_path ();
  g_autoptr (GError) error = NULL;

  self->profile = chs_profile_load (path, &error);
  if (self->profile != NULL)
    return;
  self->profile_why = g_strdup (error->message);
  self->profile = chs_profile_new_builtin ();
}

/* A link that cannot be made is to be known before a session begins. */
static gboolean
check_links (ChsMonitor *self, GError **error)
{
  for (guint i = 0; i < self->config->links->len; i++) {
    g_autoptr (ChsLink) link = chs_monitor_make_link (self, self->config->links->pdata[i], 1, error);

    if (link == NULL)
      return FALSE;
  }
  return TRUE;
}

/* Loading the configuration has checked all but the therapies. */
static gboolean
check_therapies (ChsMonitor *self, GError **error)
{
  ChsSession session;

  chs_session_init (&session);
  for (guint i = 0; i < self->config->setup->len; i++) {
    const ChsChairSetup *setup = self->config->setup->pdata[i];
    g_autoptr (GArray) key = g_array_new (FALSE, TRUE, sizeof (ChsSetup));
    g_autoptr (GArray) all = NULL;

    chs_monitor_add_key (key, setup->key, setup->value);
    all = chs_setup_expand (self->library, self->checks, &session, NULL, (const ChsSetup *) (gpointer) key->data, 1, error);
    if (all == NULL) {
      g_prefix_error (error, "%s:%u: ", self->config->path, setup->line);
      return FALSE;
    }
  }
  return TRUE;
}

/* Likewise: without the library no therapy can be chosen. */
static void
load_library (ChsMonitor *self)
{
  g_autoptr (GError) error = NULL;

  self->library = chs_therapy_library_load_default (&error);
  if (self->library != NULL) {
    chs_therapy_library_offer (self->library, (const char *const *) self->config->therapies);
    return;
  }
  self->library_why = g_strdup (error->message);
  self->library = chs_therapy_library_new ();
}

static ChsChecklist *
load_checks (void)
{
  g_autoptr (GError) error = NULL;
  ChsChecklist *checks = chs_checklist_load ("prechecks", &error);

  if (checks == NULL)
    g_warning ("pre-checks are not watched: %s", error->message);
  return checks;
}

ChsMonitor *
chs_monitor_new (ChsChairConfig *config, const ChsMonitorOptions *options, GMainContext *context, GError **error)
{
  g_autoptr (ChsMonitor) self = g_new0 (ChsMonitor, 1);
  const ChsMonitorOptions none = { 0 };
  const ChsMonitorOptions *o = options != NULL ? options : &none;

  self->config = config;
  self->folder = g_strdup (o->recordings != NULL ? o->recordings : config->recordings);
  self->no_sound = o->no_sound;
  self->new_session = o->new_session;
  self->context = context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default ();
  self->zone = g_time_zone_new_local ();
  self->observers = g_array_new (FALSE, TRUE, sizeof (ChsMonitorSeat));
  self->links = g_ptr_array_new_with_free_func (g_object_unref);
  chs_system_clock_init (&self->system, 0);
  chs_pin_gate_init (&self->pin_gate, config->state != NULL ? config->state : self->folder, g_get_monotonic_time ());
  load_library (self);
  self->checks = load_checks ();
  self->items[0] = chs_checklist_load (CHS_CHECK_DISCHARGE, NULL);
  self->items[1] = chs_checklist_load ("reaction", NULL);
  load_profile (self);
  if (!check_links (self, error) || !check_therapies (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
chs_monitor_free (ChsMonitor *self)
{
  if (self == NULL)
    return;
  chs_monitor_stop (self);
  g_ptr_array_unref (self->links);
  g_array_unref (self->observers);
  g_clear_pointer (&self->library, chs_therapy_library_free);
  g_clear_pointer (&self->checks, chs_checklist_free);
  for (guint i = 0; i < G_N_ELEMENTS (self->items); i++)
    g_clear_pointer (&self->items[i], chs_checklist_free);
  g_clear_pointer (&self->profile, chs_profile_free);
  chs_pin_gate_clear (&self->pin_gate);
  g_free (self->profile_why);
  g_free (self->library_why);
  g_time_zone_unref (self->zone);
  g_main_context_unref (self->context);
  g_free (self->folder);
  g_free (self);
}

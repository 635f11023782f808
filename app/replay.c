/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/replay.h"

#include "app/scenario-csv.h"
#include "app/therapy.h"
#include "data/store.h"

#include <math.h>
#include <string.h>

typedef struct {
  ChsReplayOptions options;
  ChsEngineFunc    func;
  gpointer         user_data;
  GCancellable    *cancellable;
  ChsProfile      *profile; /* in force once there is an engine */
  ChsEngine       *engine;
  gint64           started_us, first_us;
  guint64          seq;
  GError          *error;
} Replay;

/* ---- the engine is made when the first event comes that it would look at ---- */

static gboolean
take_profile (Replay *self, ChsProfile *profile)
{
  if (profile == NULL)
    return FALSE;
  g_clear_pointer (&self->profile, chs_profile_free);
  self->profile = profile;
  return TRUE;
}

static gboolean
use_recorded_profile (Replay *self, const ChsEvent *event)
{
  if (self->engine != NULL || self->options.profile_path != NULL || strcmp (event->config.name, "profile") != 0)
    return TRUE;
  return take_profile (self, chs_profile_parse_recorded (event->config.text, event->config.n, "profile in the recording", &self->error));
}

static gboolean
make_engine (Replay *self)
{
  g_autofree char *path = self->options.profile_path != NULL ? g_strdup (self->options.profile_path) : chs_profile_dup_default_path ();

  if (self->profile == NULL && !take_profile (self, chs_profile_load (path, &self->error)))
    return FALSE;
  self->engine = chs_engine_new (self->profile);
  if (self->options.profile != NULL)
    *self->options.profile = self->profile;
  return TRUE;
}

/* ---- pace ---- */

static void
keep_pace (Replay *self, const ChsEvent *event)
{
  gint64 due_us;

  if (!(self->options.speed > 0))
    return;
  if (self->started_us == 0) {
    self->started_us = g_get_monotonic_time ();
    self->first_us = event->t_us;
  }
  due_us = self->started_us + (gint64) ((double) (event->t_us - self->first_us) / self->options.speed);
  if (due_us > g_get_monotonic_time ())
    g_usleep ((gulong) (due_us - g_get_monotonic_time ()));
}

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  Replay *self = user_data;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, &self->error))
    return FALSE;
  if (event->type == CHS_EVENT_ALARM)
    return TRUE; /* recorded then; the engine says them anew */
  if (event->type == CHS_EVENT_CONFIG && !use_recorded_profile (self, event))
    return FALSE;
  if (event->type != CHS_EVENT_CONFIG && self->engine == NULL && !make_engine (self))
    return FALSE;
  keep_pace (self, event);
  self->func (event, self->user_data);
  if (self->engine != NULL)
    chs_engine_feed (self->engine, event, self->func, self->user_data);
  return TRUE;
}

/* ---- another therapy over a recording ---- */

typedef struct {
  Replay         *replay;
  const ChsEvent *before;
  gboolean        good;
} Overlay;

static void
on_therapy_key (const char *key, const char *value, gpointer user_data)
{
  Overlay *self = user_data;
  ChsEvent event = { .type = CHS_EVENT_SETUP, .source = CHS_SOURCE_NURSE, .seq = self->before->seq, .t_us = self->before->t_us,
                     .wall_us = self->before->wall_us };
  g_autofree char *full = g_strconcat ("therapy.", key, NULL);

  chs_text_copy (event.setup.key, sizeof event.setup.key, full);
  chs_text_copy (event.setup.value, sizeof event.setup.value, value);
  self->good = self->good && on_event (&event, self->replay);
}

static gboolean
lay_over (Replay *self, const ChsEvent *event, double weight_kg)
{
  g_autoptr (ChsTherapyLibrary) library = chs_therapy_library_load_default (&self->error);
  const ChsTherapyEntry *entry = library != NULL ? chs_therapy_library_find (library, self->options.therapy_id) : NULL;
  Overlay overlay = { .replay = self, .before = event, .good = TRUE };

  if (library == NULL)
    return FALSE;
  if (entry == NULL) {
    g_set_error (&self->error, CHS_THERAPY_ERROR, CHS_THERAPY_ERROR_UNKNOWN_KEY, "there is no therapy \"%s\" in the library",
                 self->options.therapy_id);
    return FALSE;
  }
  chs_therapy_entry_setup (entry, weight_kg, on_therapy_key, &overlay);
  return overlay.good;
}

static gboolean
on_recorded_event (const ChsEvent *event, gpointer user_data)
{
  Replay *self = user_data;

  if (self->options.therapy_id == NULL || event->type != CHS_EVENT_SETUP)
    return on_event (event, self);
  if (g_str_has_prefix (event->setup.key, "therapy."))
    return strcmp (event->setup.key, "therapy.id") != 0 || lay_over (self, event, (double) NAN);
  if (!on_event (event, self))
    return FALSE;
  if (strcmp (event->setup.key, "patient.weight_kg") == 0)
    return lay_over (self, event, event->setup.value[0] != '\0' ? g_ascii_strtod (event->setup.value, NULL) : (double) NAN);
  return TRUE;
}

static gboolean
replay_recording (Replay *self, const char *path, GError **error)
{
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, error);

  return reader != NULL &&
         chs_store_reader_foreach (reader, CHS_TIME_NONE, INT64_MAX, CHS_READ_NUMERICS, on_recorded_event, self, error);
}

gboolean
chs_replay_run (const char             *path,
                const ChsReplayOptions *options,
                ChsEngineFunc           func,
                gpointer                user_data,
                GCancellable           *cancellable,
                GError                **error)
{
  Replay self = { .func = func, .user_data = user_data, .cancellable = cancellable };
  gboolean good;

  if (options != NULL)
    self.options = *options;
  if (g_str_has_suffix (path, ".csv"))
    good = chs_scenario_play (path, self.options.therapy_id, on_event, &self, error);
  else
    good = replay_recording (&self, path, error);
  g_clear_pointer (&self.engine, chs_engine_free);
  g_clear_pointer (&self.profile, chs_profile_free);
  if (self.error != NULL && good)
    g_propagate_error (error, g_steal_pointer (&self.error));
  else if (self.error != NULL)
    g_error_free (self.error);
  else
    return good;
  return FALSE;
}

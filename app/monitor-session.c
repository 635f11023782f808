/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/monitor-private.h"

#include "app/resume.h"

#include <math.h>
#include <string.h>

#define SOUND_GUARD_US (5 * G_USEC_PER_SEC)   /* the sound thread guards this one (hazard H18) */
#define SCREEN_GRACE_US (10 * G_USEC_PER_SEC) /* for the screen of an interrupted session to come back */

/* ---- instruments ---- */

/* A monitor repeats its last cuff reading for hours. When a session begins, the one of unknown time is that of the patient
 * before: it is kept in the journal, but nobody is shown it as a value of this one. */
static void
hold_back_old_cuff (ChsMonitor *self, ChsEvent *event)
{
  static const ChsParam cuff[] = { CHS_PARAM_NIBP_SYS, CHS_PARAM_NIBP_DIA, CHS_PARAM_NIBP_MEAN, CHS_PARAM_NIBP_PR };
  ChsNumeric *numeric = &event->numeric;
  gboolean is_cuff = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (cuff) && event->type == CHS_EVENT_NUMERIC; i++)
    is_cuff |= numeric->param == cuff[i];
  if (!is_cuff)
    return;
  if (numeric->time_mark != CHS_TIME_MARK_UNKNOWN)
    self->has_cuff = TRUE;
  else if (!self->has_cuff && numeric->quality < CHS_QUALITY_INVALID)
    numeric->quality = CHS_QUALITY_INVALID;
}

static void
on_link_event (ChsLink *link G_GNUC_UNUSED, const ChsEvent *event, gpointer user_data)
{
  ChsEvent copy = *event;

  hold_back_old_cuff (user_data, &copy);
  chs_monitor_append (user_data, &copy);
}

ChsLink *
chs_monitor_make_link (ChsMonitor *self, const ChsChairLink *chair_link, guint8 source, GError **error)
{
  const ChsLinkConfig config = { .name = chair_link->name,
                                 .address = chair_link->address,
                                 .driver = chair_link->driver,
                                 .options = (const char *const *) chair_link->options };
  ChsLink *link = chs_link_new (&config, source, &self->clock.clock, self->context, on_link_event, self, error);

  if (link == NULL)
    g_prefix_error (error, "%s:%u: link \"%s\": ", self->config->path, chair_link->line, chair_link->name);
  return link;
}

/* An instrument of a resumed session keeps its number; a new one gets the next that is free. */
static guint8
source_number (const char *name, GArray *known)
{
  guint8 highest = 0;

  for (guint i = 0; i < known->len; i++) {
    const ChsStoreSource *source = &g_array_index (known, ChsStoreSource, i);

    if (strcmp (source->name, name) == 0)
      return source->source;
    highest = MAX (highest, source->source);
  }
  return highest + 1;
}

static void
start_links (ChsMonitor *self, GArray *known)
{
  for (guint i = 0; i < self->config->links->len; i++) {
    const ChsChairLink *chair_link = self->config->links->pdata[i];
    ChsStoreSource source = { .source = source_number (chair_link->name, known) };
    g_autoptr (GError) error = NULL;
    ChsLink *link = chs_monitor_make_link (self, chair_link, source.source, &error);

    chs_text_copy (source.name, sizeof source.name, chair_link->name);
    g_array_append_val (known, source);
    if (link == NULL) {
      g_warning ("%s", error->message); /* was good when the monitor was made */
      continue;
    }
    g_ptr_array_add (self->links, link);
    chs_monitor_add_source (self, link);
  }
  for (guint i = 0; i < self->links->len; i++)
    chs_link_start (self->links->pdata[i]);
}

static void
stop_links (ChsMonitor *self)
{
  for (guint i = 0; i < self->links->len; i++)
    chs_link_stop (self->links->pdata[i]);
  g_ptr_array_set_size (self->links, 0);
}

/* ---- sound ---- */

static void
start_sound (ChsMonitor *self)
{
  if (self->no_sound) {
    chs_monitor_tell_sound (self, FALSE, "switched off at the start of the monitor");
    return;
  }
  self->annunciator = chs_annunciator_new (&self->config->sound, &chs_player_alsa, &self->clock.clock, self->context,
                                           chs_monitor_on_sound_changed, self);
  chs_annunciator_set (self->annunciator, chs_engine_get_annunciation (self->engine));
  chs_annunciator_watch (self->annunciator, SOUND_GUARD_US);
}

void
chs_monitor_renew_sound (ChsMonitor *self)
{
  g_clear_object (&self->annunciator);
  start_sound (self);
}

/* ---- sessions ---- */

static void
append_first_events (ChsMonitor *self, const char *session_id)
{
  g_autoptr (GArray) keys = chs_monitor_configured_keys (self->config);
  g_autoptr (GArray) all = NULL;

  chs_monitor_append_configs (self);
  chs_monitor_append_clock (self, &(ChsClockSeam){ .code = CHS_CLOCK_ZONE, .utc_offset_min = self->clock.utc_offset_min });
  chs_monitor_add_key (keys, "session.id", session_id);
  all = chs_monitor_check_keys (self, chs_engine_get_session (self->engine), (const ChsSetup *) (gpointer) keys->data, keys->len,
                    NULL); /* was good when the monitor was made */
  if (all != NULL)
    chs_monitor_append_keys (self, CHS_SOURCE_MONITOR, all);
}

static void
begin_new_session (ChsMonitor *self)
{
  g_autofree char *session_id = g_uuid_string_random ();
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_recording;

  self->has_cuff = FALSE;
  self->session_profile = chs_profile_copy (self->profile);
  self->engine = chs_engine_new (self->session_profile);
  chs_seam_clock_init (&self->clock, &self->system.clock, self->zone, g_get_monotonic_time ());
  chs_monitor_begin_journal (self, 1);
  path = chs_recording_dup_new_path (self->folder, self->config->name, self->clock.offset_us);
  is_recording = chs_monitor_open_writer (self, path, session_id, &error);
  chs_monitor_tell_observers (self);
  append_first_events (self, session_id);
  if (!is_recording)
    chs_monitor_tell_storage (self, FALSE, error->message);
  g_message ("new session, recording %s", self->path[0] != '\0' ? self->path : "nothing");
}

/* Returns whether the recording could be gone on with. */
static gboolean
begin_resumed_session (ChsMonitor *self, ChsResume *resume)
{
  ChsEvent seam;
  g_autoptr (GError) error = NULL;

  self->has_cuff = TRUE; /* the same patient as before the restart */
  self->session_profile = g_steal_pointer (&resume->profile);
  self->engine = g_steal_pointer (&resume->engine);
  chs_seam_clock_init (&self->clock, &self->system.clock, self->zone, g_get_monotonic_time () - resume->now_us);
  if (!chs_monitor_open_writer (self, resume->path, NULL, &error)) {
    g_message ("%s cannot be gone on with: %s", resume->path, error->message);
    return FALSE;
  }
  /* The file may hold raw bytes behind the last event that was read. */
  chs_monitor_begin_journal (self, MAX (resume->last_seq + 1, chs_store_writer_get_next_seq (self->writer)));
  chs_monitor_tell_observers (self);
  for (guint i = 0; i < resume->unwritten->len; i++)
    chs_monitor_append (self, &g_array_index (resume->unwritten, ChsEvent, i));
  /* the hole ends where this event stands, however long it took to come here: all of it is drawn */
  seam = chs_monitor_new_event (self, CHS_EVENT_CLOCK);
  seam.clock = (ChsClockSeam){ .code = CHS_CLOCK_RESUME, .utc_offset_min = self->clock.utc_offset_min };
  seam.clock.step_us = seam.t_us - MAX (resume->last_us, chs_store_writer_get_start_us (self->writer));
  chs_monitor_append (self, &seam);
  if (resume->had_screen)
    self->screen_due_us = resume->now_us + SCREEN_GRACE_US;
  g_message ("session resumed after %.1f s, recording %s", (double) seam.clock.step_us / G_USEC_PER_SEC, self->path);
  return TRUE;
}

static void
clear_session (ChsMonitor *self)
{
  g_clear_object (&self->annunciator);
  g_clear_pointer (&self->journal, chs_journal_free);
  g_clear_pointer (&self->engine, chs_engine_free);
  g_clear_pointer (&self->session_profile, chs_profile_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->sound_why, g_free);
  chs_seam_clock_clear (&self->clock);
}

static void
end_session (ChsMonitor *self)
{
  ChsStoreWriter *writer;
  g_autoptr (GError) error = NULL;

  if (self->tick != NULL)
    g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
  stop_links (self);
  writer = g_steal_pointer (&self->writer);
  if (writer != NULL && !chs_store_writer_close (writer, TRUE, &error))
    g_warning ("the recording could not be closed properly: %s", error->message);
  clear_session (self);
}

static ChsResume *
find_resumable (ChsMonitor *self)
{
  g_autofree char *boot_id = chs_monitor_dup_boot_id ();
  const ChsResumeNow now
      = { .mono_us = g_get_monotonic_time (), .wall_us = g_get_real_time (), .boot_id = boot_id, .zone = self->zone };

  return self->new_session ? NULL : chs_resume_find (self->folder, self->config->name, &now, CHS_MONITOR_RESUME_S);
}

static void
begin_session (ChsMonitor *self, ChsResume *resume)
{
  g_autoptr (GArray) known = g_array_new (FALSE, TRUE, sizeof (ChsStoreSource));

  gboolean is_resumed = resume != NULL && begin_resumed_session (self, resume);

  if (is_resumed) {
    g_array_append_vals (known, resume->sources->data, resume->sources->len);
  } else {
    clear_session (self);
    begin_new_session (self);
  }
  chs_monitor_tell_settings (self, is_resumed);
  start_sound (self);
  start_links (self, known);
  chs_monitor_start_tick (self);
}

void
chs_monitor_start (ChsMonitor *self)
{
  g_autoptr (ChsResume) resume = find_resumable (self);

  begin_session (self, resume);
}

void
chs_monitor_stop (ChsMonitor *self)
{
  if (self->journal != NULL)
    end_session (self);
}

void
chs_monitor_new_session (ChsMonitor *self)
{
  guint phase = chs_engine_get_session (self->engine)->phase;
  ChsNurse closed = { .action = CHS_NURSE_PHASE, .value = NAN, .at_us = CHS_TIME_NONE };

  chs_text_copy (closed.what, sizeof closed.what, chs_phase_id (CHS_PHASE_CLOSED));
  if (phase != CHS_PHASE_IDLE && phase != CHS_PHASE_CLOSED)
    chs_monitor_nurse (self, &closed, NULL);
  end_session (self);
  begin_session (self, NULL);
}

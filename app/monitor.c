/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/monitor.h"

#include "app/checklist.h"

#include "app/annunciator.h"
#include "app/command-check.h"
#include "app/correction.h"
#include "app/link-json.h"
#include "app/pin.h"
#include "app/resume.h"
#include "app/seam-clock.h"
#include "app/setup-expand.h"
#include "data/store.h"
#include "devices/described.h"
#include "devices/link.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK (chs - monitor - error - quark, chs_monitor_error)

#define SECOND_US G_USEC_PER_SEC
#define LAG_US (2 * SECOND_US)           /* a tick so late is told (hazard H40) ... */
#define LAG_OVER_US (SECOND_US / 2)      /* ... until one comes in time */
#define STORAGE_RETRY_S 10               /* between tries to begin a recording that could not be begun */
#define SOUND_GUARD_US (5 * SECOND_US)   /* the sound thread guards this one (hazard H18) */
#define SCREEN_GRACE_US (10 * SECOND_US) /* for the screen of an interrupted session to come back */

typedef struct {
  const ChsMonitorObserver *observer;
  gpointer user_data;
} Observer;

struct _ChsMonitor {
  ChsChairConfig *config;
  char *folder; /* of the recordings */
  gboolean no_sound;
  gboolean new_session;
  GMainContext *context;
  ChsProfile *profile; /* of sessions that begin from now on */
  ChsTherapyLibrary *library;
  char *profile_why, *library_why; /* NULL, or why the file of the configuration was refused */
  ChsPinGate pin_gate;
  ChsChecklist *checks; /* NULL = cannot be read, told once */
  ChsChecklist *items[2]; /* lists whose words are told beside those: before going home, in a reaction; NULL likewise */
  ChsSystemClock system;
  GTimeZone *zone;
  GArray *observers;

  /* ---- of the running session ---- */
  ChsSeamClock clock;
  ChsProfile *session_profile;
  ChsEngine *engine;
  ChsJournal *journal;
  ChsStoreWriter *writer; /* NULL while no recording can be begun */
  char *path;             /* "" likewise */
  ChsAnnunciator *annunciator;
  GPtrArray *links; /* ChsLink */
  GSource *tick;
  gint64 due_us; /* session time of the next tick */
  gboolean is_lagging;
  int sound, storage, screen; /* last told, 1 good, 0 not; -1 nothing told yet */
  int told[CHS_STATE_CLOCK + 1]; /* likewise, by code: chs_monitor_tell_state() */
  char *sound_why;
  gint64 screen_due_us; /* CHS_TIME_NONE, or when a screen should be back */
  gint64 retry_us;      /* session time of the next try to record */
};

/* ---- the journal ---- */

static ChsEvent
new_event (ChsMonitor *self, ChsEventType type)
{
  ChsClock *clock = &self->clock.clock;

  return (ChsEvent){ .type = (uint8_t) type,
                     .source = CHS_SOURCE_MONITOR,
                     .t_us = clock->now_us (clock),
                     .wall_us = clock->wall_us (clock) };
}

static guint64
append (ChsMonitor *self, ChsEvent *event)
{
  return chs_journal_append (self->journal, event);
}

static void
on_output (const ChsEvent *output, gpointer user_data)
{
  ChsEvent copy = *output;

  append (user_data, &copy);
}

/* For the machine's log: no values, no patient. */
static void
log_alarm (const ChsAlarm *alarm)
{
  g_message ("alarm %u %s: %s, priority %s", alarm->id, chs_alarm_action_id (alarm->action),
             chs_label_id (alarm->label), chs_priority_id (alarm->priority));
}

static void
on_journal (const ChsEvent *event, gpointer user_data)
{
  ChsMonitor *self = user_data;

  if (event->type == CHS_EVENT_ALARM)
    log_alarm (&event->alarm);
  else
    chs_engine_feed (self->engine, event, on_output, self);
  if (self->annunciator != NULL && event->type != CHS_EVENT_RAW && event->type != CHS_EVENT_WAVE)
    chs_annunciator_set (self->annunciator, chs_engine_get_annunciation (self->engine));
  if (self->writer != NULL)
    chs_store_writer_append (self->writer, event);
  for (guint i = 0; i < self->observers->len; i++) {
    const Observer *o = &g_array_index (self->observers, Observer, i);

    if (o->observer->event != NULL)
      o->observer->event (event, o->user_data);
  }
}

static void
append_state (ChsMonitor *self, ChsStateCode code, double value, const char *text)
{
  ChsEvent event = new_event (self, CHS_EVENT_STATE);

  event.state = (ChsMonitorState){ .code = (uint8_t) code, .value = value };
  chs_text_copy (event.state.text, sizeof event.state.text, text);
  append (self, &event);
}

static void
append_config (ChsMonitor *self, const char *name, const char *text, gsize n)
{
  ChsEvent event = new_event (self, CHS_EVENT_CONFIG);

  chs_text_copy (event.config.name, sizeof event.config.name, name);
  event.config.text = text;
  event.config.n = (uint32_t) n;
  append (self, &event);
}

static guint64
append_setup (ChsMonitor *self, guint8 source, const ChsSetup *setup)
{
  ChsEvent event = new_event (self, CHS_EVENT_SETUP);

  event.source = source;
  event.setup = *setup;
  return append (self, &event);
}

static void
append_clock (ChsMonitor *self, const ChsClockSeam *seam)
{
  ChsEvent event = new_event (self, CHS_EVENT_CLOCK);

  event.clock = *seam;
  append (self, &event);
}

/* A key file may be changed or gone when its bytes are decoded again. */
static void
append_key_files (ChsMonitor *self)
{
  for (guint i = 0; i < self->config->links->len; i++) {
    const ChsChairLink *link = self->config->links->pdata[i];
    const ChsDriver *driver = chs_driver_resolve (link->driver, NULL);
    const ChsDescribed *described = driver != NULL ? chs_described_of (driver) : NULL;
    const char *text;
    gsize n;

    if (described == NULL)
      continue;
    text = chs_described_get_text (described, &n);
    append_config (self, driver->id, text, n);
  }
}

/* What a recording needs to be understood by itself. */
static void
append_configs (ChsMonitor *self)
{
  gsize n;
  const char *text = chs_profile_get_text (self->session_profile, &n);

  append_config (self, "profile", text, n);
  append_config (self, "chair", self->config->text, strlen (self->config->text));
  append_key_files (self);
}

/* ---- conditions of the monitor itself ---- */

static void
tell_storage (ChsMonitor *self, gboolean is_good, const char *why)
{
  if (self->storage == is_good)
    return;
  self->storage = is_good;
  if (!is_good)
    g_warning ("recording fails: %s", why);
  append_state (self, CHS_STATE_STORAGE, is_good, why);
}

static void
on_storage_changed (const GError *error, gpointer user_data)
{
  tell_storage (user_data, error == NULL, error != NULL ? error->message : NULL);
}

static void
tell_sound (ChsMonitor *self, gboolean is_usable, const char *why)
{
  if (self->sound == is_usable && g_strcmp0 (self->sound_why, why) == 0)
    return;
  self->sound = is_usable;
  g_free (self->sound_why);
  self->sound_why = g_strdup (why);
  if (!is_usable)
    g_warning ("no alarm sound: %s", why);
  append_state (self, CHS_STATE_SOUND, is_usable, why);
}

static void
on_sound_changed (ChsAnnunciator *annunciator G_GNUC_UNUSED, gboolean usable, const char *why, gpointer user_data)
{
  tell_sound (user_data, usable, why);
}

/* A resumed session may remember a file that has been mended meanwhile. */
static void
tell_settings (ChsMonitor *self, gboolean is_resumed)
{
  const struct {
    ChsStateCode code;
    const char *what, *why;
  } files[] = {
    { CHS_STATE_PROFILE, "the built-in alarm profile is in force", self->profile_why },
    { CHS_STATE_LIBRARY, "no therapy can be chosen", self->library_why },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    if (files[i].why != NULL)
      g_warning ("%s: %s", files[i].what, files[i].why);
    if (files[i].why != NULL || is_resumed)
      append_state (self, files[i].code, files[i].why == NULL, files[i].why);
  }
}

void
chs_monitor_set_screen (ChsMonitor *self, gboolean is_there, const char *why)
{
  self->screen_due_us = CHS_TIME_NONE;
  if (self->screen == is_there)
    return;
  self->screen = is_there;
  g_message ("screen %s", is_there ? "attached" : why);
  append_state (self, CHS_STATE_SCREEN, is_there, why);
}

void
chs_monitor_tell_state (ChsMonitor *self, ChsStateCode code, double value, const char *why)
{
  g_return_if_fail (code == CHS_STATE_ROOM || code == CHS_STATE_CLOCK);

  if (self->told[code] == (int) value)
    return;
  self->told[code] = (int) value;
  append_state (self, code, value, why);
}

/* ---- the recording ---- */

static char *
dup_boot_id (void)
{
  char *boot_id = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot_id, NULL, NULL))
    return g_strdup ("");
  return g_strstrip (boot_id);
}

static gboolean
open_writer (ChsMonitor *self, const char *path, const char *session_id, GError **error)
{
  ChsClock *clock = &self->clock.clock;
  g_autofree char *boot_id = dup_boot_id ();
  const ChsStoreMeta meta = { .session_id = (char *) session_id,
                              .chair = self->config->name,
                              .boot_id = boot_id,
                              .start_wall_us = self->clock.offset_us,
                              .start_mono_us = self->clock.epoch_us,
                              .program = (char *) "chairside " CHS_VERSION };

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    g_debug ("cannot make %s", self->folder); /* the writer says why */
  self->writer = chs_store_writer_new (path, &meta, self->context, on_storage_changed, self, error);
  g_free (self->path);
  self->path = g_strdup (self->writer != NULL ? path : "");
  self->retry_us = clock->now_us (clock) + STORAGE_RETRY_S * SECOND_US;
  return self->writer != NULL;
}

static void
add_source (ChsMonitor *self, ChsLink *link)
{
  ChsStoreSource source = { .source = chs_link_get_source (link) };

  if (self->writer == NULL)
    return;
  chs_text_copy (source.name, sizeof source.name, chs_link_get_name (link));
  chs_text_copy (source.driver, sizeof source.driver, chs_link_get_driver (link)->id);
  chs_text_copy (source.address, sizeof source.address, chs_link_get_address (link));
  chs_driver_version (chs_link_get_driver (link), source.version, sizeof source.version);
  chs_store_writer_add_source (self->writer, &source);
}

static void
on_kept_event (const ChsEvent *event, gpointer user_data)
{
  chs_store_writer_append (user_data, event);
}

/* A recording that could not be begun is begun late, with what is still in memory. */
static void
retry_recording (ChsMonitor *self, gint64 now_us)
{
  const ChsSession *session = chs_engine_get_session (self->engine);
  g_autofree char *path = NULL;

  if (self->writer != NULL || now_us < self->retry_us)
    return;
  path = chs_recording_dup_new_path (self->folder, self->config->name, self->clock.clock.wall_us (&self->clock.clock));
  if (!open_writer (self, path, session->id, NULL))
    return;
  for (guint i = 0; i < self->links->len; i++)
    add_source (self, self->links->pdata[i]);
  chs_journal_replay_tail (self->journal, 1, on_kept_event, self->writer);
  append_configs (self);
  tell_storage (self, TRUE, NULL);
}

/* ---- the tick ---- */

static void
look_at_lag (ChsMonitor *self, gint64 late_us)
{
  if (late_us > LAG_US)
    append_state (self, CHS_STATE_LAG, (double) late_us / SECOND_US, NULL);
  else if (self->is_lagging && late_us < LAG_OVER_US)
    append_state (self, CHS_STATE_LAG, 0, NULL);
  else
    return;
  self->is_lagging = late_us > LAG_US;
}

static void
look_at_clock (ChsMonitor *self)
{
  ChsClockSeam seam;

  while (chs_seam_clock_check (&self->clock, &seam)) {
    g_message ("wall clock: step of %" G_GINT64_FORMAT " us, %d min from UTC", seam.step_us, seam.utc_offset_min);
    append_clock (self, &seam);
  }
}

static gboolean
on_tick (gpointer user_data)
{
  ChsMonitor *self = user_data;
  gint64 now_us = self->clock.clock.now_us (&self->clock.clock);
  ChsEvent event;

  look_at_lag (self, now_us - self->due_us);
  look_at_clock (self);
  retry_recording (self, now_us);
  if (self->screen_due_us != CHS_TIME_NONE && now_us >= self->screen_due_us)
    chs_monitor_set_screen (self, FALSE, "the screen did not come back after the monitor's restart");
  event = new_event (self, CHS_EVENT_TICK);
  append (self, &event);
  self->due_us = (event.t_us / SECOND_US + 1) * SECOND_US;
  g_source_set_ready_time (self->tick, self->clock.epoch_us + self->due_us);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_tick (GSource *source G_GNUC_UNUSED, GSourceFunc func, gpointer user_data)
{
  return func (user_data);
}

static void
start_tick (ChsMonitor *self)
{
  static GSourceFuncs funcs = { .dispatch = dispatch_tick };
  gint64 now_us = self->clock.clock.now_us (&self->clock.clock);

  self->due_us = (now_us / SECOND_US + 1) * SECOND_US;
  self->tick = g_source_new (&funcs, sizeof (GSource));
  g_source_set_name (self->tick, "tick");
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_set_ready_time (self->tick, self->clock.epoch_us + self->due_us);
  g_source_attach (self->tick, self->context);
}

/* ---- instruments ---- */

static void
on_link_event (ChsLink *link G_GNUC_UNUSED, const ChsEvent *event, gpointer user_data)
{
  ChsEvent copy = *event;

  append (user_data, &copy);
}

static ChsLink *
make_link (ChsMonitor *self, const ChsChairLink *chair_link, guint8 source, GError **error)
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
    ChsLink *link = make_link (self, chair_link, source.source, &error);

    chs_text_copy (source.name, sizeof source.name, chair_link->name);
    g_array_append_val (known, source);
    if (link == NULL) {
      g_warning ("%s", error->message); /* was good when the monitor was made */
      continue;
    }
    g_ptr_array_add (self->links, link);
    add_source (self, link);
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

/* ---- sessions ---- */

static void
start_sound (ChsMonitor *self)
{
  if (self->no_sound) {
    tell_sound (self, FALSE, "switched off at the start of the monitor");
    return;
  }
  self->annunciator = chs_annunciator_new (&self->config->sound, &chs_player_alsa, &self->clock.clock, self->context,
                                           on_sound_changed, self);
  chs_annunciator_set (self->annunciator, chs_engine_get_annunciation (self->engine));
  chs_annunciator_watch (self->annunciator, SOUND_GUARD_US);
}

void
chs_monitor_renew_sound (ChsMonitor *self)
{
  g_clear_object (&self->annunciator);
  start_sound (self);
}

static void
add_key (GArray *keys, const char *key, const char *value)
{
  ChsSetup setup = { 0 };

  chs_text_copy (setup.key, sizeof setup.key, key);
  chs_text_copy (setup.value, sizeof setup.value, value);
  g_array_append_val (keys, setup);
}

/* What the configuration says of every session: element-type ChsSetup. */
static GArray *
configured_keys (const ChsChairConfig *config)
{
  GArray *keys = g_array_new (FALSE, TRUE, sizeof (ChsSetup));

  add_key (keys, "session.chair", config->name);
  for (guint i = 0; i < config->setup->len; i++) {
    const ChsChairSetup *setup = config->setup->pdata[i];

    add_key (keys, setup->key, setup->value);
  }
  return keys;
}

/* Returns the keys to journal, or NULL when one of them cannot be. */
static GArray *
check_keys (ChsMonitor *self, const ChsSession *session, const ChsSetup *keys, gsize n, GError **error)
{
  if (!chs_command_check_setup (session, self->session_profile, keys, n, error))
    return NULL;
  return chs_setup_expand (self->library, self->checks, session, self->engine, keys, n, error);
}

static guint64
append_keys (ChsMonitor *self, guint8 source, const GArray *keys)
{
  guint64 seq = 0;

  for (guint i = 0; i < keys->len; i++)
    seq = append_setup (self, source, &g_array_index (keys, ChsSetup, i));
  return seq;
}

static void
append_first_events (ChsMonitor *self, const char *session_id)
{
  g_autoptr (GArray) keys = configured_keys (self->config);
  g_autoptr (GArray) all = NULL;

  append_configs (self);
  append_clock (self, &(ChsClockSeam){ .code = CHS_CLOCK_ZONE, .utc_offset_min = self->clock.utc_offset_min });
  add_key (keys, "session.id", session_id);
  all = check_keys (self, chs_engine_get_session (self->engine), (const ChsSetup *) (gpointer) keys->data, keys->len,
                    NULL); /* was good when the monitor was made */
  if (all != NULL)
    append_keys (self, CHS_SOURCE_MONITOR, all);
}

static void
begin_journal (ChsMonitor *self, guint64 first_seq)
{
  self->journal = chs_journal_new (first_seq);
  chs_journal_add_reader (self->journal, on_journal, self);
  self->sound = self->storage = self->screen = -1;
  for (gsize i = 0; i < G_N_ELEMENTS (self->told); i++)
    self->told[i] = -1;
  self->screen_due_us = CHS_TIME_NONE;
  self->is_lagging = FALSE;
}

static void
tell_observers (ChsMonitor *self)
{
  for (guint i = 0; i < self->observers->len; i++) {
    const Observer *o = &g_array_index (self->observers, Observer, i);

    if (o->observer->session_changed != NULL)
      o->observer->session_changed (self->path, o->user_data);
  }
}

static void
begin_new_session (ChsMonitor *self)
{
  g_autofree char *session_id = g_uuid_string_random ();
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_recording;

  self->session_profile = chs_profile_copy (self->profile);
  self->engine = chs_engine_new (self->session_profile);
  chs_seam_clock_init (&self->clock, &self->system.clock, self->zone, g_get_monotonic_time ());
  begin_journal (self, 1);
  path = chs_recording_dup_new_path (self->folder, self->config->name, self->clock.offset_us);
  is_recording = open_writer (self, path, session_id, &error);
  tell_observers (self);
  append_first_events (self, session_id);
  if (!is_recording)
    tell_storage (self, FALSE, error->message);
  g_message ("new session, recording %s", self->path[0] != '\0' ? self->path : "nothing");
}

/* Returns whether the recording could be gone on with. */
static gboolean
begin_resumed_session (ChsMonitor *self, ChsResume *resume)
{
  ChsEvent seam;
  g_autoptr (GError) error = NULL;

  self->session_profile = g_steal_pointer (&resume->profile);
  self->engine = g_steal_pointer (&resume->engine);
  chs_seam_clock_init (&self->clock, &self->system.clock, self->zone, g_get_monotonic_time () - resume->now_us);
  if (!open_writer (self, resume->path, NULL, &error)) {
    g_message ("%s cannot be gone on with: %s", resume->path, error->message);
    return FALSE;
  }
  /* The file may hold raw bytes behind the last event that was read. */
  begin_journal (self, MAX (resume->last_seq + 1, chs_store_writer_get_next_seq (self->writer)));
  tell_observers (self);
  for (guint i = 0; i < resume->unwritten->len; i++)
    append (self, &g_array_index (resume->unwritten, ChsEvent, i));
  /* the hole ends where this event stands, however long it took to come here: all of it is drawn */
  seam = new_event (self, CHS_EVENT_CLOCK);
  seam.clock = (ChsClockSeam){ .code = CHS_CLOCK_RESUME, .utc_offset_min = self->clock.utc_offset_min };
  seam.clock.step_us = seam.t_us - MAX (resume->last_us, chs_store_writer_get_start_us (self->writer));
  append (self, &seam);
  if (resume->had_screen)
    self->screen_due_us = resume->now_us + SCREEN_GRACE_US;
  g_message ("session resumed after %.1f s, recording %s", (double) seam.clock.step_us / SECOND_US, self->path);
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
  g_autofree char *boot_id = dup_boot_id ();
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
  tell_settings (self, is_resumed);
  start_sound (self);
  start_links (self, known);
  start_tick (self);
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

/* ---- commands ---- */

void
chs_monitor_observe (ChsMonitor *self, const ChsMonitorObserver *observer, gpointer user_data)
{
  const Observer o = { observer, user_data };

  g_array_append_val (self->observers, o);
}

void
chs_monitor_unobserve (ChsMonitor *self, gpointer user_data)
{
  for (guint i = self->observers->len; i > 0; i--)
    if (g_array_index (self->observers, Observer, i - 1).user_data == user_data)
      g_array_remove_index (self->observers, i - 1);
}

/* The comparison takes some 0.1 s of this thread; the gate lets two through and then one in half a minute. */
static gboolean
check_pin (ChsMonitor *self, const ChsNurse *nurse, GError **error)
{
  const char *action = chs_nurse_action_id (nurse->action), *hash = self->config->pin_hash;
  gboolean is_right;

  if (hash == NULL) {
    g_set_error (error, CHS_PIN_ERROR, CHS_PIN_ERROR_NONE_SET,
                 "%s asks for the technician's PIN, and the chair's configuration has none: see chairside-tool pin", action);
    return FALSE;
  }
  if (!chs_pin_gate_begin (&self->pin_gate, g_get_monotonic_time (), error)) {
    g_prefix_error (error, "%s: ", action);
    return FALSE;
  }
  is_right = chs_pin_matches (nurse->text, hash);
  chs_pin_gate_end (&self->pin_gate, is_right, g_get_monotonic_time ());
  if (!is_right)
    g_set_error (error, CHS_PIN_ERROR, CHS_PIN_ERROR_WRONG, "%s: that is not the technician's PIN", action);
  return is_right;
}

static gboolean
check_silence (ChsMonitor *self, const ChsNurse *nurse, GError **error)
{
  return chs_command_check_silence (nurse, self->session_profile, self->engine, error)
         && (!chs_command_needs_pin (nurse) || check_pin (self, nurse, error));
}

static gboolean
check_correction (ChsMonitor *self, const ChsNurse *nurse, GError **error)
{
  const char *why = NULL;

  if (nurse->action != CHS_NURSE_CORRECTION || chs_correction_check (self->engine, nurse, &why))
    return TRUE;
  g_set_error_literal (error, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, why); /* whole sentences: the screen translates them */
  return FALSE;
}

/* A script or the demonstration tells an item by its id alone: whoever reads the recording gets its words. */
static void
tell_item (ChsMonitor *self, ChsNurse *nurse)
{
  const ChsCheck *item = NULL;

  if (nurse->action != CHS_NURSE_DONE || nurse->text[0] != '\0')
    return;
  if (self->checks != NULL)
    item = chs_checklist_find_item (self->checks, nurse->what);
  for (guint i = 0; i < G_N_ELEMENTS (self->items) && item == NULL; i++)
    item = self->items[i] != NULL ? chs_checklist_find_item (self->items[i], nurse->what) : NULL;
  if (item != NULL)
    chs_text_copy (nurse->text, sizeof nurse->text, item->text);
}

guint64
chs_monitor_nurse (ChsMonitor *self, const ChsNurse *nurse, GError **error)
{
  ChsEvent event = new_event (self, CHS_EVENT_NURSE);

  if (!chs_command_check_nurse (nurse, event.t_us, error) || !check_silence (self, nurse, error) || !check_correction (self, nurse, error))
    return 0;
  event.source = CHS_SOURCE_NURSE;
  event.nurse = *nurse;
  tell_item (self, &event.nurse);
  if (chs_command_needs_pin (nurse))
    memset (event.nurse.text, 0, sizeof event.nurse.text);
  return append (self, &event);
}

guint64
chs_monitor_setup (ChsMonitor *self, const ChsSetup *keys, gsize n, GError **error)
{
  g_autoptr (GArray) all = check_keys (self, chs_engine_get_session (self->engine), keys, n, error);

  return all != NULL ? append_keys (self, CHS_SOURCE_NURSE, all) : 0;
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
    g_autoptr (ChsLink) link = make_link (self, self->config->links->pdata[i], 1, error);

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

    add_key (key, setup->key, setup->value);
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
  self->observers = g_array_new (FALSE, TRUE, sizeof (Observer));
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

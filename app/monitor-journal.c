/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/monitor-private.h"

#include "devices/described.h"

#include <string.h>

ChsEvent
chs_monitor_new_event (ChsMonitor *self, ChsEventType type)
{
  ChsClock *clock = &self->clock.clock;

  return (ChsEvent){ .type = (uint8_t) type,
                     .source = CHS_SOURCE_MONITOR,
                     .t_us = clock->now_us (clock),
                     .wall_us = clock->wall_us (clock) };
}

guint64
chs_monitor_append (ChsMonitor *self, ChsEvent *event)
{
  return chs_journal_append (self->journal, event);
}

static void
on_output (const ChsEvent *output, gpointer user_data)
{
  ChsEvent copy = *output;

  chs_monitor_append (user_data, &copy);
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
    const ChsMonitorSeat *o = &g_array_index (self->observers, ChsMonitorSeat, i);

    if (o->observer->event != NULL)
      o->observer->event (event, o->user_data);
  }
}

void
chs_monitor_append_state (ChsMonitor *self, ChsStateCode code, double value, const char *text)
{
  ChsEvent event = chs_monitor_new_event (self, CHS_EVENT_STATE);

  event.state = (ChsMonitorState){ .code = (uint8_t) code, .value = value };
  chs_text_copy (event.state.text, sizeof event.state.text, text);
  chs_monitor_append (self, &event);
}

static void
append_config (ChsMonitor *self, const char *name, const char *text, gsize n)
{
  ChsEvent event = chs_monitor_new_event (self, CHS_EVENT_CONFIG);

  chs_text_copy (event.config.name, sizeof event.config.name, name);
  event.config.text = text;
  event.config.n = (uint32_t) n;
  chs_monitor_append (self, &event);
}

guint64
chs_monitor_append_setup (ChsMonitor *self, guint8 source, const ChsSetup *setup)
{
  ChsEvent event = chs_monitor_new_event (self, CHS_EVENT_SETUP);

  event.source = source;
  event.setup = *setup;
  return chs_monitor_append (self, &event);
}

void
chs_monitor_append_clock (ChsMonitor *self, const ChsClockSeam *seam)
{
  ChsEvent event = chs_monitor_new_event (self, CHS_EVENT_CLOCK);

  event.clock = *seam;
  chs_monitor_append (self, &event);
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
void
chs_monitor_append_configs (ChsMonitor *self)
{
  gsize n;
  const char *text = chs_profile_get_text (self->session_profile, &n);

  append_config (self, "profile", text, n);
  append_config (self, "chair", self->config->text, strlen (self->config->text));
  append_key_files (self);
}

void
chs_monitor_begin_journal (ChsMonitor *self, guint64 first_seq)
{
  self->journal = chs_journal_new (first_seq);
  chs_journal_add_reader (self->journal, on_journal, self);
  self->sound = self->storage = self->screen = -1;
  for (gsize i = 0; i < G_N_ELEMENTS (self->told); i++)
    self->told[i] = -1;
  self->screen_due_us = CHS_TIME_NONE;
  self->is_lagging = FALSE;
}

/* ---- conditions of the monitor itself ---- */

void
chs_monitor_tell_storage (ChsMonitor *self, gboolean is_good, const char *why)
{
  if (self->storage == is_good)
    return;
  self->storage = is_good;
  if (!is_good)
    g_warning ("recording fails: %s", why);
  chs_monitor_append_state (self, CHS_STATE_STORAGE, is_good, why);
}

void
chs_monitor_on_storage_changed (const GError *error, gpointer user_data)
{
  chs_monitor_tell_storage (user_data, error == NULL, error != NULL ? error->message : NULL);
}

void
chs_monitor_tell_sound (ChsMonitor *self, gboolean is_usable, const char *why)
{
  if (self->sound == is_usable && g_strcmp0 (self->sound_why, why) == 0)
    return;
  self->sound = is_usable;
  g_free (self->sound_why);
  self->sound_why = g_strdup (why);
  if (!is_usable)
    g_warning ("no alarm sound: %s", why);
  chs_monitor_append_state (self, CHS_STATE_SOUND, is_usable, why);
}

void
chs_monitor_on_sound_changed (ChsAnnunciator *annunciator G_GNUC_UNUSED, gboolean usable, const char *why, gpointer user_data)
{
  chs_monitor_tell_sound (user_data, usable, why);
}

/* A resumed session may remember a file that has been mended meanwhile. */
void
chs_monitor_tell_settings (ChsMonitor *self, gboolean is_resumed)
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
      chs_monitor_append_state (self, files[i].code, files[i].why == NULL, files[i].why);
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
  chs_monitor_append_state (self, CHS_STATE_SCREEN, is_there, why);
}

void
chs_monitor_tell_state (ChsMonitor *self, ChsStateCode code, double value, const char *why)
{
  g_return_if_fail (code == CHS_STATE_ROOM || code == CHS_STATE_CLOCK);

  if (self->told[code] == (int) value)
    return;
  self->told[code] = (int) value;
  chs_monitor_append_state (self, code, value, why);
}

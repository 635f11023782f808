/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/annunciator.h"
#include "app/checklist.h"
#include "app/monitor.h"
#include "app/pin.h"
#include "app/seam-clock.h"
#include "app/therapy.h"
#include "data/store.h"
#include "devices/link.h"

/* The inside of the monitor, shared by its files:
 *
 *   monitor.c            making, questions, who listens
 *   monitor-session.c    a session from its beginning to its end: instruments, sound, what was interrupted
 *   monitor-journal.c    events in; what the monitor tells of itself
 *   monitor-recording.c  the file, begun late when it must be
 *   monitor-tick.c       each second
 *   monitor-commands.c   what a nurse does and sets, checked
 *
 * All in the monitor's one thread. */

typedef struct {
  const ChsMonitorObserver *observer;
  gpointer user_data;
} ChsMonitorSeat;

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
  gboolean has_cuff; /* a pressure by cuff was measured in this session */
  gint64 screen_due_us; /* CHS_TIME_NONE, or when a screen should be back */
  gint64 retry_us;      /* session time of the next try to record */
};

/* ---- the journal ---- */

void     chs_monitor_begin_journal (ChsMonitor *self, guint64 first_seq); /* nothing of the monitor is told yet */
ChsEvent chs_monitor_new_event (ChsMonitor *self, ChsEventType type);     /* of the monitor, now */
guint64  chs_monitor_append (ChsMonitor *self, ChsEvent *event);          /* Returns: its number */
void     chs_monitor_append_state (ChsMonitor *self, ChsStateCode code, double value, const char *text);
guint64  chs_monitor_append_setup (ChsMonitor *self, guint8 source, const ChsSetup *setup);
void     chs_monitor_append_clock (ChsMonitor *self, const ChsClockSeam *seam);
void     chs_monitor_append_configs (ChsMonitor *self); /* what a recording needs to be understood by itself */

/* What was told last is not told again. */
void chs_monitor_tell_storage (ChsMonitor *self, gboolean is_good, const char *why);
void chs_monitor_tell_sound (ChsMonitor *self, gboolean is_usable, const char *why);
void chs_monitor_tell_settings (ChsMonitor *self, gboolean is_resumed); /* files of the configuration that were refused */
void chs_monitor_on_storage_changed (const GError *error, gpointer user_data); /* of the store's writer */
void chs_monitor_on_sound_changed (ChsAnnunciator *annunciator, gboolean usable, const char *why, gpointer user_data);

/* ---- the recording ---- */

char *chs_monitor_dup_boot_id (void); /* (transfer full): "" where the kernel tells none */

/* @session_id: NULL = the recording at @path is gone on with. */
gboolean chs_monitor_open_writer (ChsMonitor *self, const char *path, const char *session_id, GError **error);
void     chs_monitor_add_source (ChsMonitor *self, ChsLink *link);

/* A recording that could not be begun is begun late, with what is still in memory. */
void chs_monitor_retry_recording (ChsMonitor *self, gint64 now_us);

/* ---- sessions, the tick, who listens ---- */

ChsLink *chs_monitor_make_link (ChsMonitor *self, const ChsChairLink *chair_link, guint8 source, GError **error); /* (transfer full) (nullable) */
void     chs_monitor_start_tick (ChsMonitor *self); /* until the session ends */
void     chs_monitor_tell_observers (ChsMonitor *self); /* that another recording is written */

/* ---- keys of the set-up; arrays of ChsSetup ---- */

void    chs_monitor_add_key (GArray *keys, const char *key, const char *value);
GArray *chs_monitor_configured_keys (const ChsChairConfig *config); /* (transfer full): what it says of every session */

/* Returns: (transfer full) (nullable): the keys to journal, or NULL when one of them cannot be */
GArray *chs_monitor_check_keys (ChsMonitor *self, const ChsSession *session, const ChsSetup *keys, gsize n, GError **error);
guint64 chs_monitor_append_keys (ChsMonitor *self, guint8 source, const GArray *keys); /* Returns: number of the last event */

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/chair-config.h"
#include "app/engine.h"
#include "app/tone.h"
#include "data/event.h"
#include "data/journal.h"

#include <gio/gio.h>

/* The monitor of one chair: instruments, journal, engine, alarm sound, recording,
 * in one piece and without a socket. chairsided serves it (app/monitor-service.h),
 * `chairside-tool record` runs it by itself.
 *
 *   link, nurse, tick ──► journal ──► engine ──► ALARM events ──► journal
 *                            ├──► recording      └──► annunciator
 *                            └──► observers
 *
 * Resuming. A recording of the same chair that was not closed properly (crash, power
 * cut) and was begun or written to on this day is resumed: its journal is fed through
 * the engine again, so that the alarms are as they were, and a CLOCK RESUME event says
 * how long the hole is. One that was closed properly in the middle of a treatment is
 * resumed within CHS_MONITOR_RESUME_S (a restarted service), shared/alarm-standard.md
 * row 15. The profile of a session is the one it was begun with, until it ends.
 *
 * A failing disk or sound card does not stop the monitor: it becomes a STATE event and
 * with it a technical alarm, and is tried again.
 *
 * Thread:  all calls and callbacks in the context given to chs_monitor_new(). */

#define CHS_MONITOR_RESUME_S 30 /* alarm-standard.md row 15 (IEC 60601-1-8, 6.5.4) */

#define CHS_MONITOR_ERROR (chs_monitor_error_quark ())
GQuark chs_monitor_error_quark (void);

typedef enum {
  CHS_MONITOR_ERROR_START,   /* profile, therapy or link of the configuration cannot be used */
  CHS_MONITOR_ERROR_REFUSED, /* an action, key or value that cannot be; the message names it */
} ChsMonitorError;

typedef struct {
  const char *recordings;  /* (nullable): instead of the configuration's folder */
  gboolean    no_sound;    /* open no sound device; counts as NO ALARM SOUND */
  gboolean    new_session; /* do not resume */
} ChsMonitorOptions;

typedef struct _ChsMonitor ChsMonitor;

/* What happens. Each may be NULL. */
typedef struct {
  void (*event) (const ChsEvent *event, gpointer user_data);              /* each event of the journal */
  void (*session_changed) (const char *recording, gpointer user_data);    /* the next event is of a new recording */
} ChsMonitorObserver;

/**
 * chs_monitor_new:
 * @config: (transfer none): the chair; must outlive the monitor
 * @options: (nullable): copied
 * @context: (nullable): context all work happens in
 * @error: return location; a profile, therapy or link that cannot be used
 *
 * Returns: (transfer full) (nullable): a monitor that does nothing yet
 */
ChsMonitor *chs_monitor_new (ChsChairConfig          *config,
                             const ChsMonitorOptions *options,
                             GMainContext            *context,
                             GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_monitor_start:
 * @self: a monitor
 *
 * Begins or resumes a session, opens the instruments.
 */
void chs_monitor_start (ChsMonitor *self);

/**
 * chs_monitor_stop:
 * @self: a monitor
 *
 * Closes the instruments and the recording, properly. Observers still see the last events.
 */
void chs_monitor_stop (ChsMonitor *self);

/**
 * chs_monitor_free:
 * @self: (nullable) (transfer full): a monitor
 *
 * Stops it, if that was not done.
 */
void chs_monitor_free (ChsMonitor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsMonitor, chs_monitor_free)

/**
 * chs_monitor_observe:
 * @self: a monitor
 * @observer: (transfer none): callbacks, until chs_monitor_unobserve()
 * @user_data: for them
 */
void chs_monitor_observe (ChsMonitor *self, const ChsMonitorObserver *observer, gpointer user_data);

/**
 * chs_monitor_unobserve:
 * @self: a monitor
 * @user_data: as given to chs_monitor_observe()
 */
void chs_monitor_unobserve (ChsMonitor *self, gpointer user_data);

/**
 * chs_monitor_nurse:
 * @self: a monitor
 * @nurse: what was done
 * @error: return location: an action or a value that cannot be
 *
 * Returns: its number in the journal, 0 when it is refused
 */
guint64 chs_monitor_nurse (ChsMonitor *self, const ChsNurse *nurse, GError **error);

/**
 * chs_monitor_setup:
 * @self: a monitor
 * @keys: (array length=n): keys and values
 * @n: how many
 * @error: return location: the first one that cannot be, by name
 *
 * All are taken, or none.
 *
 * Returns: number of the last one in the journal, 0 when they are refused
 */
guint64 chs_monitor_setup (ChsMonitor *self, const ChsSetup *keys, gsize n, GError **error);

/**
 * chs_monitor_new_session:
 * @self: a monitor
 *
 * Ends the session, closes its recording properly, begins another one. The instruments are opened anew, so that each
 * recording tells from its start who they are.
 */
void chs_monitor_new_session (ChsMonitor *self);

/**
 * chs_monitor_set_screen:
 * @self: a monitor
 * @is_there: whether a screen is attached and answers
 * @why: (nullable): why not, in English
 *
 * Journals a change.
 */
void chs_monitor_set_screen (ChsMonitor *self, gboolean is_there, const char *why);

/**
 * chs_monitor_is_busy:
 * @self: a started monitor
 *
 * Returns: whether somebody sits in the chair: from "prepared" until the session is closed
 */
gboolean chs_monitor_is_busy (ChsMonitor *self);

/**
 * chs_monitor_play:
 * @self: a started monitor
 * @tone: %CHS_TONE_SELF_TEST or %CHS_TONE_COMMISSIONING, once; NONE ends it. An alarm that sounds goes first
 */
void chs_monitor_play (ChsMonitor *self, ChsTone tone);

/**
 * chs_monitor_tell_state:
 * @self: a monitor
 * @code: %CHS_STATE_ROOM or %CHS_STATE_CLOCK: what the machine is watched for by others
 * @value: as in data/event.h
 * @why: (nullable): for the event
 *
 * Journalled when it is another value than what this recording was told last.
 */
void chs_monitor_tell_state (ChsMonitor *self, ChsStateCode code, double value, const char *why);

/**
 * chs_monitor_renew_sound:
 * @self: a started monitor
 *
 * Begins the sound anew with the settings of the configuration, as they are now. What should sound goes on.
 */
void chs_monitor_renew_sound (ChsMonitor *self);

/* Conditions of the monitor itself, as last told. */
typedef struct {
  gboolean    has_sound, has_storage, has_screen;
  const char *sound_why;  /* (nullable): why there is no sound */
  guint       links_down; /* instruments that are not heard */
} ChsMonitorView;

void chs_monitor_get_view (ChsMonitor *self, ChsMonitorView *view); /* texts are valid until the next turn of the context */

/**
 * chs_monitor_links_to_json:
 * @self: a monitor
 * @out: one line a link is appended
 *
 * The technician's view.
 */
void chs_monitor_links_to_json (ChsMonitor *self, GString *out);

ChsJournal       *chs_monitor_get_journal (ChsMonitor *self);   /* of the running session */
const ChsEngine  *chs_monitor_get_engine (ChsMonitor *self);    /* of the running session */
const ChsProfile *chs_monitor_get_profile (ChsMonitor *self);   /* of the running session */
const char       *chs_monitor_get_folder (ChsMonitor *self);    /* of the recordings and the audit log */
const char       *chs_monitor_get_recording (ChsMonitor *self); /* its path; "" while nothing can be recorded */
gint64            chs_monitor_get_now_us (ChsMonitor *self);    /* session time */
gint64            chs_monitor_get_wall_us (ChsMonitor *self);   /* UTC, as events carry it */

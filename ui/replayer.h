/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/markers.h"
#include "ui/scene.h"

#include <gio/gio.h>

/* Plays a recording or a scenario into a scene. The whole journal is held packed
 * (data/event-codec.h) in blocks, with copies of the chair model in between, so
 * that a jump costs the same wherever it goes: a copy and a few thousand events.
 * Waves are read from the recording around the place that is shown.
 * It opens no port, makes no sound, and sends nothing anywhere.
 *
 * Signals: "changed" position, speed or play state. Thread: main; loading has its own. */

#define CHS_TYPE_REPLAYER (chs_replayer_get_type ())
G_DECLARE_FINAL_TYPE (ChsReplayer, chs_replayer, CHS, REPLAYER, GObject)

#define CHS_REPLAY_MAX 0.0 /* speed: as fast as it goes */

/**
 * chs_replayer_load_async:
 * @path: a recording *.chairside or a scenario ID.csv
 * @cancellable: (nullable): stops it
 * @callback: then chs_replayer_load_finish()
 * @user_data: for @callback
 */
void chs_replayer_load_async (const char         *path,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data);

/**
 * chs_replayer_load_finish:
 * @result: as given to the callback
 * @error: return location
 *
 * A damaged recording is loaded as far as it is whole; chs_replayer_get_damage() then says what is missing.
 *
 * Returns: (transfer full) (nullable): a replayer that stands at the start
 */
ChsReplayer *chs_replayer_load_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same at once, for tests. */
ChsReplayer *chs_replayer_load (const char *path, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char       *chs_replayer_get_damage (ChsReplayer *self);  /* (nullable): why the end is missing */
const ChsProfile *chs_replayer_get_profile (ChsReplayer *self); /* that of the recording, or the default one */

/**
 * chs_replayer_set_scene:
 * @self: a replayer
 * @scene: (nullable): a replay scene; gets the model at the present position
 */
void chs_replayer_set_scene (ChsReplayer *self, ChsScene *scene);

/* The chair at the end of it all: marks and gaps of the whole recording, for the timeline. */
const ChsChairModel *chs_replayer_get_overview (ChsReplayer *self);

int64_t  chs_replayer_get_position_us (ChsReplayer *self); /* session time shown; 0 = the start */
int64_t  chs_replayer_get_end_us (ChsReplayer *self);      /* session time of the last event */
gboolean chs_replayer_is_playing (ChsReplayer *self);
double   chs_replayer_get_speed (ChsReplayer *self);       /* times real time; CHS_REPLAY_MAX = as fast as it goes */

/**
 * chs_replayer_seek:
 * @self: a replayer with a scene; without one nothing happens
 * @t_us: session time; taken into 0 .. chs_replayer_get_end_us()
 *
 * The scene shows the chair at that moment when this returns.
 *
 * Thread:  main; a copy of a model and at most a few thousand events, whatever the way
 */
void chs_replayer_seek (ChsReplayer *self, int64_t t_us);

/**
 * chs_replayer_set_playing:
 * @self: a replayer
 * @playing: goes on with each frame; at the end it stands by itself
 */
void chs_replayer_set_playing (ChsReplayer *self, gboolean playing);

/**
 * chs_replayer_set_speed:
 * @self: a replayer
 * @speed: 0.25 .. 256 times, or %CHS_REPLAY_MAX
 */
void chs_replayer_set_speed (ChsReplayer *self, double speed);

/* One step faster (1) or slower (-1) in the row 1/4 1/2 1 2 4 8 16 32 64 128 256 max. */
void chs_replayer_change_speed (ChsReplayer *self, int direction);

/**
 * chs_replayer_seek_alarm:
 * @self: a replayer
 * @direction: 1 next, -1 previous
 *
 * Returns: whether there was one
 */
gboolean chs_replayer_seek_alarm (ChsReplayer *self, int direction);

/**
 * chs_replayer_step:
 * @self: a replayer
 * @direction: 1 to the next event, -1 to the one before
 * @event: (out): the event that it stands on now; what it borrows is not valid
 *
 * Event by event: values, pump states, link states, the nurse's actions. Ticks of the clock are passed over.
 *
 * Returns: whether there was one
 */
gboolean chs_replayer_step (ChsReplayer *self, int direction, ChsEvent *event);

/**
 * chs_replayer_set_loop:
 * @self: a replayer
 * @from_us: A: where playing goes on
 * @to_us: B: when it comes there; %CHS_TIME_NONE for either = no loop
 */
void    chs_replayer_set_loop (ChsReplayer *self, int64_t from_us, int64_t to_us);
int64_t chs_replayer_get_loop_from_us (ChsReplayer *self); /* CHS_TIME_NONE = none */
int64_t chs_replayer_get_loop_to_us (ChsReplayer *self);   /* likewise */

/* The file that is shown. (transfer none) */
const char *chs_replayer_get_path (ChsReplayer *self);

/* Returns FALSE to stop. What @event borrows is valid during the call. */
typedef gboolean (*ChsReplayFunc) (const ChsEvent *event, gpointer user_data);

/**
 * chs_replayer_foreach:
 * @self: a replayer
 * @func: called with each event of the journal, without waves, raw bytes and alarms
 * @user_data: for @func
 *
 * Thread:  any; the journal does not change after loading
 */
void chs_replayer_foreach (ChsReplayer *self, ChsReplayFunc func, gpointer user_data);

/**
 * chs_replayer_get_markers:
 * @self: a replayer
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): the technician's markers, by time; valid until the next change
 */
const ChsMarker *chs_replayer_get_markers (ChsReplayer *self, guint *n);

/**
 * chs_replayer_set_marker:
 * @self: a replayer
 * @t_us: session time
 * @name: (nullable): its name; NULL: no longer there
 * @error: return location: it cannot be written beside the recording
 *
 * Returns: whether it is written
 */
gboolean chs_replayer_set_marker (ChsReplayer *self, int64_t t_us, const char *name, GError **error);

/**
 * chs_replayer_advance:
 * @self: a replayer
 * @dt_us: real time that passed
 *
 * Plays on by @dt_us at the speed. Called by the transport once a frame while it plays.
 */
void chs_replayer_advance (ChsReplayer *self, int64_t dt_us);

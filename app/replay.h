/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"

#include <gio/gio.h>

/* Replaying: feeding a recording or a scenario through the engine. */

typedef struct {
  const char *profile_path; /* NULL: the profile in the recording, or the default one */
  const char *therapy_id;   /* NULL: as recorded */
  double      speed;        /* 0 = as fast as it goes, 1 = real time ... */
  const ChsProfile **profile; /* (out) (optional): the profile in force, set before the first ALARM, valid during the run */
} ChsReplayOptions;

/**
 * chs_replay_run:
 * @path: a recording *.chairside, or a scenario ID.csv with its ID.ini beside it
 * @options: (nullable): how
 * @func: called for each event of the journal and each ALARM of the engine, in order; the recorded ALARM events are
 *   left out
 * @user_data: for @func
 * @cancellable: (nullable): stops it
 * @error: return location
 *
 * Returns: whether it reached the end
 */
gboolean chs_replay_run (const char             *path,
                         const ChsReplayOptions *options,
                         ChsEngineFunc           func,
                         gpointer                user_data,
                         GCancellable           *cancellable,
                         GError                **error);

/**
 * chs_alarm_to_json:
 * @profile: texts
 * @event: an ALARM event
 * @out: one line is appended, with its newline, in the form of shared/design.md
 *
 * The one place that prints an alarm: live log and replay are compared byte for byte.
 */
void chs_alarm_to_json (const ChsProfile *profile, const ChsEvent *event, GString *out);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <glib.h>

/* The alarms of a session as stretches of time: from the raise to the clear, with what was done about each. A fold
 * over ALARM events, whoever made them: the recording, a replay, a what-if. For drawing a track, counting per hour,
 * and the share that was acknowledged in time. Thread: the caller's. */

typedef struct {
  int64_t  from_us, to_us; /* raise and clear; @to_us = CHS_TIME_NONE while it lasts */
  int64_t  ack_us;         /* first acknowledgement; CHS_TIME_NONE = none */
  int64_t  since_us[4];    /* by ChsPriority: since when at least that; CHS_TIME_NONE = never */
  uint32_t id;             /* of the condition */
  uint8_t  label;          /* ChsLabel, of the raise */
  uint8_t  priority;       /* ChsPriority, the highest that it reached */
  char     rule[24];       /* that raised it */
} ChsAlarmSpan;

typedef struct {
  GArray *spans;     /* of ChsAlarmSpan, by their raise */
  int64_t end_us;    /* end of the session: a span that lasts ends here */
  guint   n_by_priority[4]; /* spans, by ChsPriority */
  guint   first_open; /* spans before this one are over */
} ChsAlarmTrack;

ChsAlarmTrack *chs_alarm_track_new (void) G_GNUC_WARN_UNUSED_RESULT; /* an empty track */
void           chs_alarm_track_free (ChsAlarmTrack *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsAlarmTrack, chs_alarm_track_free)

/**
 * chs_alarm_track_feed:
 * @self: a track
 * @event: the next event; all but ALARM events only move the end of the session
 */
void chs_alarm_track_feed (ChsAlarmTrack *self, const ChsEvent *event);

/**
 * chs_alarm_track_per_hour:
 * @self: a track
 * @n: how many
 *
 * Returns: @n for each hour of the session; 0 for a session without length
 */
double chs_alarm_track_per_hour (const ChsAlarmTrack *self, guint n);

/**
 * chs_alarm_track_n_acknowledged:
 * @self: a track
 * @within_us: how soon
 *
 * Returns: how many were acknowledged within so long of their raise
 */
guint chs_alarm_track_n_acknowledged (const ChsAlarmTrack *self, int64_t within_us);

/* How often one rule raised. */
typedef struct {
  char  rule[24];
  guint before, after;
} ChsRuleCount;

/**
 * chs_alarm_track_compare:
 * @before: a track
 * @after: (nullable): another one over the same session
 *
 * Returns: (transfer full): of ChsRuleCount, every rule that raised in one of them, most frequent before first
 */
GArray *chs_alarm_track_compare (const ChsAlarmTrack *before, const ChsAlarmTrack *after) G_GNUC_WARN_UNUSED_RESULT;

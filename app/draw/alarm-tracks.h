/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/alarm-track.h"
#include "app/draw/draw.h"

/**
 * chs_draw_alarm_tracks:
 * @cr: context
 * @rect: two lanes over one another
 * @before: (nullable): alarms as they were; NULL: not known yet
 * @after: (nullable): alarms as they would have been
 * @position_us: session time that is shown; CHS_TIME_NONE = none
 * @theme: a theme
 *
 * Priority is colour and height: HIGH fills its lane, MEDIUM two thirds, LOW one third. Beside each lane how many there
 * were and how many an hour. Time runs left to right.
 */
void chs_draw_alarm_tracks (cairo_t             *cr,
                            const ChsRect       *rect,
                            const ChsAlarmTrack *before,
                            const ChsAlarmTrack *after,
                            int64_t              position_us,
                            const ChsTheme      *theme);

/* The session time under a finger at @x in a drawing of @rect, for a session that ends at @end_us. */
int64_t chs_alarm_tracks_t (const ChsRect *rect, int64_t end_us, const ChsTheme *theme, double x);

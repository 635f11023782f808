/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw.h"

/* Which stretch of time the charts show, and where the cursors stand. While it
 * follows, the right edge is now; a finger that pans or zooms stops that, and
 * chs_time_view_follow() ("back to live") starts it again.
 *
 * A plain value; times are session microseconds. */

typedef struct {
  int64_t span_us;  /* width asked for; 0 = the whole session */
  int64_t to_us;    /* right edge while not following */
  bool    is_following;
  bool    is_growing; /* as at the start: a young session gets a narrower window than span_us */
  int64_t cursor_us, cursor2_us; /* CHS_TIME_NONE = none */
} ChsTimeView;

void chs_time_view_init (ChsTimeView *self); /* the usual 30 minutes, growing with a young session, following, no cursors */

/**
 * chs_time_view_set_span:
 * @self: a view
 * @span_us: 15, 30, 60 minutes ...; 0 = the whole session
 *
 * Also goes back to following.
 */
void chs_time_view_set_span (ChsTimeView *self, int64_t span_us);

void chs_time_view_follow (ChsTimeView *self); /* the right edge is now again; cursors stay */

/**
 * chs_time_view_pan:
 * @self: a view
 * @delta_us: how far the content moves to the right; positive shows older things
 * @now_us: newest time there is
 *
 * The view stays between the session's start and @now_us. Reaching @now_us starts to follow again.
 */
void chs_time_view_pan (ChsTimeView *self, int64_t delta_us, int64_t now_us);

/**
 * chs_time_view_zoom:
 * @self: a view
 * @factor: new span / old span; below 1 shows less time
 * @at_us: the time that stays where it is
 * @now_us: newest time there is
 *
 * Range:   the span stays between 1 minute and the whole session
 */
void chs_time_view_zoom (ChsTimeView *self, double factor, int64_t at_us, int64_t now_us);

/**
 * chs_time_view_show:
 * @self: a view
 * @t_us: a moment: comes to the middle, as far as there is something to show, with the cursor on it
 * @now_us: newest time there is
 */
void chs_time_view_show (ChsTimeView *self, int64_t t_us, int64_t now_us);

/**
 * chs_time_view_touch:
 * @self: a view
 * @t_us: time under the finger
 *
 * First touch sets a cursor, the second another one for the difference, a third begins anew.
 */
void chs_time_view_touch (ChsTimeView *self, int64_t t_us);
void chs_time_view_clear_cursors (ChsTimeView *self);

/**
 * chs_time_view_window:
 * @self: a view
 * @now_us: newest time there is
 *
 * Returns: what the drawing functions take
 */
ChsTimeWindow chs_time_view_window (const ChsTimeView *self, int64_t now_us);

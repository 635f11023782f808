/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/time-view.h"

#include <glib.h>

#define MINUTE_US ((int64_t) 60 * G_USEC_PER_SEC)
#define DEFAULT_SPAN_US (30 * MINUTE_US)
#define MIN_SPAN_US MINUTE_US

/* A young session is drawn into the first of these that holds it: its first minutes neither race across the screen
 * nor hide in a corner of it. */
static const int64_t growing_spans_us[] = {
  5 * MINUTE_US,  10 * MINUTE_US,  15 * MINUTE_US,  30 * MINUTE_US,  60 * MINUTE_US,
  90 * MINUTE_US, 120 * MINUTE_US, 180 * MINUTE_US, 240 * MINUTE_US, 360 * MINUTE_US,
};

/* Room kept free at the right of the newest value while following, as part of the span. */
#define LEAD 0.02

void
chs_time_view_init (ChsTimeView *self)
{
  *self = (ChsTimeView){
    .span_us = DEFAULT_SPAN_US,
    .is_growing = true,
    .is_following = true,
    .cursor_us = CHS_TIME_NONE,
    .cursor2_us = CHS_TIME_NONE,
  };
}

static int64_t
with_lead (int64_t t_us)
{
  return t_us + (int64_t) ((double) MAX (t_us, 0) * LEAD);
}

static int64_t
whole_span (int64_t now_us)
{
  for (guint i = 0; i < G_N_ELEMENTS (growing_spans_us); i++)
    if (growing_spans_us[i] >= with_lead (now_us))
      return growing_spans_us[i];

  return with_lead (now_us);
}

static int64_t
effective_span (const ChsTimeView *self, int64_t now_us)
{
  if (self->span_us == 0)
    return whole_span (now_us);

  return self->is_growing ? MIN (self->span_us, whole_span (now_us)) : self->span_us;
}

static int64_t
live_edge (int64_t span_us, int64_t now_us)
{
  /* The session fills the chart from the left before it begins to scroll. */
  return MAX (span_us, now_us + (int64_t) ((double) span_us * LEAD));
}

void
chs_time_view_set_span (ChsTimeView *self, int64_t span_us)
{
  self->span_us = span_us > 0 ? MAX (span_us, MIN_SPAN_US) : 0;
  self->is_growing = false;
  self->is_following = true;
}

void
chs_time_view_follow (ChsTimeView *self)
{
  self->is_following = true;
}

static void
settle (ChsTimeView *self, int64_t to_us, int64_t now_us)
{
  int64_t span = effective_span (self, now_us);
  int64_t edge = live_edge (span, now_us);

  self->is_following = to_us >= edge;
  self->to_us = CLAMP (to_us, span, edge);
}

void
chs_time_view_pan (ChsTimeView *self, int64_t delta_us, int64_t now_us)
{
  settle (self, chs_time_view_window (self, now_us).to_us - delta_us, now_us);
}

void
chs_time_view_zoom (ChsTimeView *self, double factor, int64_t at_us, int64_t now_us)
{
  ChsTimeWindow was = chs_time_view_window (self, now_us);
  int64_t       span = was.to_us - was.from_us;
  int64_t       most = MAX (span, whole_span (now_us));
  int64_t       wanted = CLAMP ((int64_t) ((double) span * factor), MIN_SPAN_US, most);
  double        ratio = (double) wanted / (double) span;

  self->span_us = wanted;
  self->is_growing = false;

  if (!self->is_following)
    settle (self, at_us + (int64_t) ((double) (was.to_us - at_us) * ratio), now_us);
}

void
chs_time_view_show (ChsTimeView *self, int64_t t_us, int64_t now_us)
{
  settle (self, t_us + effective_span (self, now_us) / 2, now_us);
  self->cursor_us = t_us;
  self->cursor2_us = CHS_TIME_NONE;
}

void
chs_time_view_touch (ChsTimeView *self, int64_t t_us)
{
  if (self->cursor_us == CHS_TIME_NONE) {
    self->cursor_us = t_us;
  } else if (self->cursor2_us == CHS_TIME_NONE) {
    self->cursor2_us = t_us;
  } else {
    self->cursor_us = t_us;
    self->cursor2_us = CHS_TIME_NONE;
  }
}

void
chs_time_view_clear_cursors (ChsTimeView *self)
{
  self->cursor_us = self->cursor2_us = CHS_TIME_NONE;
}

ChsTimeWindow
chs_time_view_window (const ChsTimeView *self, int64_t now_us)
{
  int64_t span = effective_span (self, now_us);
  int64_t to = self->is_following ? live_edge (span, now_us) : self->to_us;

  return (ChsTimeWindow){
    .from_us = to - span,
    .to_us = to,
    .now_us = now_us,
    .cursor_us = self->cursor_us,
    .cursor2_us = self->cursor2_us,
  };
}

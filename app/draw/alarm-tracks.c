/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/alarm-tracks.h"

#include "app/draw/draw-private.h"

#define NAME_MM 27.0
#define COUNT_MM 36.0
#define LEAST_MM 0.7 /* a short alarm is seen, too */
#define GAP_MM 1.5

static ChsRect
time_part (const ChsRect *rect, const ChsTheme *theme)
{
  return (ChsRect){ rect->x + chs_mm (theme, NAME_MM), rect->y, rect->w - chs_mm (theme, NAME_MM + COUNT_MM), rect->h };
}

static double
x_of (const ChsRect *part, int64_t end_us, int64_t t_us)
{
  return part->x + part->w * (double) CLAMP (t_us, 0, end_us) / (double) MAX (1, end_us);
}

int64_t
chs_alarm_tracks_t (const ChsRect *rect, int64_t end_us, const ChsTheme *theme, double x)
{
  ChsRect part = time_part (rect, theme);

  return (int64_t) (CLAMP ((x - part.x) / MAX (1.0, part.w), 0.0, 1.0) * (double) end_us);
}

static void
draw_spans (cairo_t *cr, const ChsRect *lane, const ChsAlarmTrack *track, ChsPriority priority, const ChsTheme *theme)
{
  /* each priority from when it was reached: the higher ones are drawn over the lower ones */
  double height = lane->h * (double) priority / CHS_PRIORITY_HIGH;

  chs_colour (cr, theme->palette.alarm_fill[priority], 1.0);
  for (guint i = 0; i < track->spans->len; i++) {
    const ChsAlarmSpan *span = &g_array_index (track->spans, ChsAlarmSpan, i);
    int64_t             to_us = span->to_us == CHS_TIME_NONE ? track->end_us : span->to_us;
    double              x = x_of (lane, track->end_us, span->since_us[priority]);

    if (span->since_us[priority] != CHS_TIME_NONE)
      cairo_rectangle (cr, x, lane->y + lane->h - height, MAX (chs_mm (theme, LEAST_MM), x_of (lane, track->end_us, to_us) - x),
                       height);
  }
  cairo_fill (cr);
}

static void
draw_count (cairo_t *cr, const ChsRect *box, const ChsAlarmTrack *track, const ChsTheme *theme)
{
  const ChsFont    big = { CHS_EM_ADVICE, TRUE, theme->palette.text }, small = { CHS_EM_AXIS, FALSE, theme->palette.label };
  guint            n = track->spans->len;
  g_autofree char *rate = chs_words_number (chs_alarm_track_per_hour (track, n), 1);
  /* Translators: number of alarms, and how many an hour */
  g_autofree char *text = g_strdup_printf (chs_tr (theme, N_ ("%u · %s/h")), n, rate);
  g_autofree char *parts = g_strdup_printf ("!!! %u   !! %u   ! %u", track->n_by_priority[CHS_PRIORITY_HIGH],
                                            track->n_by_priority[CHS_PRIORITY_MEDIUM], track->n_by_priority[CHS_PRIORITY_LOW]);
  ChsRect          upper = { box->x, box->y, box->w, box->h * 0.55 }, lower = { box->x, box->y + box->h * 0.55, box->w, box->h * 0.45 };

  chs_text (cr, theme, &big, text, &upper, CHS_ALIGN_LEFT);
  chs_text (cr, theme, &small, parts, &lower, CHS_ALIGN_LEFT);
}

static void
draw_lane (cairo_t *cr, ChsRect row, const char *name, const ChsAlarmTrack *track, const ChsTheme *theme)
{
  const ChsFont font = { CHS_EM_NOTE, TRUE, theme->palette.text };
  ChsRect       name_box = { row.x, row.y, chs_mm (theme, NAME_MM - 2.0), row.h };
  ChsRect       lane = time_part (&row, theme);
  ChsRect       count = { lane.x + lane.w + chs_mm (theme, 2.0), row.y, chs_mm (theme, COUNT_MM - 2.0), row.h };

  chs_text (cr, theme, &font, name, &name_box, theme->rtl ? CHS_ALIGN_RIGHT : CHS_ALIGN_LEFT);
  chs_colour (cr, theme->palette.panel, 1.0);
  cairo_rectangle (cr, lane.x, lane.y, lane.w, lane.h);
  cairo_fill (cr);
  if (track == NULL)
    return;
  for (int priority = CHS_PRIORITY_LOW; priority <= CHS_PRIORITY_HIGH; priority++)
    draw_spans (cr, &lane, track, (ChsPriority) priority, theme);
  draw_count (cr, &count, track, theme);
}

void
chs_draw_alarm_tracks (cairo_t             *cr,
                       const ChsRect       *rect,
                       const ChsAlarmTrack *before,
                       const ChsAlarmTrack *after,
                       int64_t              position_us,
                       const ChsTheme      *theme)
{
  double  height = (rect->h - chs_mm (theme, GAP_MM)) / 2.0;
  ChsRect upper = { rect->x, rect->y, rect->w, height }, lower = upper, part = time_part (rect, theme);

  lower.y += height + chs_mm (theme, GAP_MM);
  draw_lane (cr, upper, chs_tr (theme, N_ ("As it was")), before, theme);
  draw_lane (cr, lower, chs_tr (theme, N_ ("Changed")), after, theme);
  if (before == NULL || position_us == CHS_TIME_NONE)
    return;
  chs_colour (cr, theme->palette.text, 1.0);
  cairo_rectangle (cr, x_of (&part, before->end_us, position_us) - 1.0, rect->y, 2.0, rect->h);
  cairo_fill (cr);
}

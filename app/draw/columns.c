/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include <math.h>

/* Dense series come to the screen as the lowest and highest value of each pixel column, filled as rectangles:
 * measured about forty times as fast as an antialiased line through every point (shared/design.md). */

/* A value stands for the time up to the next one, but not longer: data at 1 Hz with a second missing is no hole. */
#define REACH_US (2 * CHS_US_PER_S + CHS_US_PER_S / 2)

static guint
first_at (const ChsPoint *points, guint n, int64_t t_us)
{
  guint low = 0, high = n;

  while (low < high) {
    guint mid = (low + high) / 2;

    if (points[mid].t_us < t_us)
      low = mid + 1;
    else
      high = mid;
  }
  return low;
}

ChsColumn *
chs_columns_new (const ChsChairModel *model, ChsParam param, const ChsTimeWindow *window, double width, guint *n_columns)
{
  guint n, count = (guint) MAX (1.0, floor (width));
  const ChsPoint *points = chs_chair_model_get_trend (model, param, &n);
  ChsColumn *columns = g_new (ChsColumn, count);
  double px_us = width / (double) MAX (1, window->to_us - window->from_us);

  for (guint i = 0; i < count; i++)
    columns[i] = (ChsColumn) { NAN, NAN, false };
  for (guint i = first_at (points, n, window->from_us - REACH_US); i < n && points[i].t_us <= window->to_us; i++) {
    int64_t until_us = points[i].t_us + REACH_US;
    double first, last;

    if (isnan (points[i].value))
      continue;
    if (i + 1 < n) /* a long step between thinned points is bridged; a gap has a point of its own */
      until_us = points[i + 1].t_us;
    else
      until_us = MIN (until_us, window->now_us);
    first = MAX (0.0, floor ((double) (points[i].t_us - window->from_us) * px_us));
    last = MAX (first, ceil ((double) (until_us - window->from_us) * px_us) - 1.0);
    for (guint k = (guint) first; k <= (guint) MIN (last, count - 1.0) && k < count; k++) {
      columns[k].low = fminf (columns[k].low, points[i].value);
      columns[k].high = fmaxf (columns[k].high, points[i].value);
      columns[k].is_doubtful |= points[i].quality == CHS_QUALITY_QUESTIONABLE;
    }
  }
  *n_columns = count;
  return columns;
}

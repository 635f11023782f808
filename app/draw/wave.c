/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include <math.h>

#define ERASE_MM 3.0 /* the bar between new and old */
#define LINE_MM 0.3

typedef struct {
  double first;     /* sample at the left edge of the running sweep */
  double per_sweep; /* samples from edge to edge */
  double px_sample;
  double head;      /* where the sweep is */
} Sweep;

static Sweep
sweep_of (const ChsRect *rect, const ChsWaveView *wave, double shown, double mm_s, const ChsTheme *theme)
{
  Sweep sweep = { .per_sweep = MAX (2.0, rect->w / (mm_s * theme->px_mm) * (double) wave->rate_hz) };

  sweep.first = floor (shown / sweep.per_sweep) * sweep.per_sweep;
  sweep.px_sample = rect->w / sweep.per_sweep;
  sweep.head = (shown - sweep.first) * sweep.px_sample;
  return sweep;
}

static int16_t
sample_at (const ChsWaveView *wave, int64_t index)
{
  if (index < 0 || index >= (int64_t) wave->n || index < (int64_t) wave->n - (int64_t) wave->size)
    return CHS_WAVE_ABSENT;
  return wave->samples[(guint64) index % wave->size];
}

/* The samples between two columns of the sweep that begins with sample @first. */
static void
stroke (cairo_t *cr, const ChsRect *rect, const ChsWaveView *wave, double first, double px_sample, double x0, double x1,
        double last, double low, double high)
{
  int64_t from = (int64_t) floor (first + x0 / px_sample) - 1, to = (int64_t) fmin (ceil (first + x1 / px_sample) + 1.0, last);
  bool is_down = false;

  if (x1 <= x0)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, rect->x + x0, rect->y, x1 - x0, rect->h);
  cairo_clip (cr);
  for (int64_t i = from; i <= to; i++) {
    int16_t sample = sample_at (wave, i);
    double value = (double) wave->offset + (double) wave->scale * sample;
    double x = rect->x + ((double) i - first) * px_sample, y = rect->y + rect->h * (1.0 - (value - low) / (high - low));

    if (sample == CHS_WAVE_ABSENT)
      is_down = false;
    else if (is_down)
      cairo_line_to (cr, x, y);
    else {
      cairo_move_to (cr, x, y);
      is_down = true;
    }
  }
  cairo_stroke (cr);
  cairo_restore (cr);
}

void
chs_draw_wave (cairo_t           *cr,
               const ChsRect     *rect,
               const ChsWaveView *wave,
               double             shown,
               double             mm_s,
               double             low,
               double             high,
               double             x0,
               double             x1,
               const ChsTheme    *theme)
{
  Sweep sweep = sweep_of (rect, wave, shown, mm_s, theme);
  double behind = sweep.head + chs_mm (theme, ERASE_MM);

  if (!(wave->rate_hz > 0.0f) || !(high > low))
    return;
  chs_colour (cr, chs_param_colour (theme, (ChsParam) wave->param), 1.0);
  cairo_set_line_width (cr, MAX (1.0, chs_mm (theme, LINE_MM)));
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  stroke (cr, rect, wave, sweep.first, sweep.px_sample, x0, MIN (x1, sweep.head), shown, low, high);
  stroke (cr, rect, wave, sweep.first - sweep.per_sweep, sweep.px_sample, MAX (x0, behind), x1, sweep.first, low, high);
}

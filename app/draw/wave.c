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
sweep_of (const ChsRect *rect, const ChsWaveView *wave, double origin, double shown, double mm_s, const ChsTheme *theme)
{
  Sweep sweep = { .per_sweep = MAX (2.0, rect->w / (mm_s * theme->px_mm) * (double) wave->rate_hz) };

  sweep.first = origin + floor ((shown - origin) / sweep.per_sweep) * sweep.per_sweep;
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

/* A trace is many short steps, several to a pixel, sixty times a second: cairo's stroker takes most of a frame for what is a few
 * columns. So each column says itself from where to where the line covers it, in four parts from left to right (smooth flanks) and exactly
 * from top to bottom. */
#define PARTS 4

typedef struct {
  double  x0;           /* left edge of the first part */
  double  step;         /* width of a part */
  int     n;            /* parts */
  double *top, *bottom; /* of the line in each part; top > bottom: it is not there */
} Cover;

/* Where the edge of a line of radius @r around the step from (@ax, @ay) along (@ux, @uy) to (@bx, @by) passes @x: the upper edge for a
 * @side of 1, the lower for -1; NAN beside its round ends. */
static double
edge_y (double ax, double ay, double bx, double by, double ux, double uy, double r, double x, double side)
{
  double foot = x - side * r * uy, end_x = foot < ax ? ax : bx, end_y = foot < ax ? ay : by;

  if (foot >= ax && foot <= bx && ux > 0.0)
    return ay + (foot - ax) * uy / ux - side * r * ux;
  return end_y - side * sqrt (r * r - (x - end_x) * (x - end_x));
}

static void
cover_step (Cover *cover, double ax, double ay, double bx, double by, double r)
{
  double length = hypot (bx - ax, by - ay), ux = length > 0.0 ? (bx - ax) / length : 1.0, uy = length > 0.0 ? (by - ay) / length : 0.0;
  int from = (int) fmax (0.0, floor ((ax - r - cover->x0) / cover->step));
  int to = (int) fmin (cover->n, ceil ((bx + r - cover->x0) / cover->step));

  for (int i = from; i < to; i++) {
    double x = cover->x0 + (i + 0.5) * cover->step;

    /* fmin() and fmax() pass over NAN */
    cover->top[i] = fmin (cover->top[i], edge_y (ax, ay, bx, by, ux, uy, r, x, 1.0));
    cover->bottom[i] = fmax (cover->bottom[i], edge_y (ax, ay, bx, by, ux, uy, r, x, -1.0));
  }
}

static void
fill_part (guint8 *column, int stride, int height, double top, double bottom)
{
  int to = (int) fmin (height, ceil (bottom));

  for (int y = (int) fmax (0.0, floor (top)); y < to; y++) {
    double part = fmin (bottom, y + 1.0) - fmax (top, y);

    column[y * stride] = (guint8) fmin (255.0, column[y * stride] + part * 255.0 / PARTS + 0.5);
  }
}

/* Paints what is covered, @width x @height device pixels, at (@x, @y) with the source of @cr. */
static void
paint_cover (cairo_t *cr, const Cover *cover, double x, double y, int width, int height, double scale)
{
  cairo_surface_t *mask = cairo_image_surface_create (CAIRO_FORMAT_A8, width, height);
  guint8 *data = cairo_image_surface_get_data (mask);
  int stride = cairo_image_surface_get_stride (mask);

  for (int i = 0; i < cover->n && data != NULL; i++)
    if (cover->top[i] < cover->bottom[i])
      fill_part (data + i / PARTS, stride, height, cover->top[i], cover->bottom[i]);
  cairo_surface_mark_dirty (mask);
  cairo_surface_set_device_scale (mask, scale, scale);
  cairo_mask_surface (cr, mask, x, y);
  cairo_surface_destroy (mask);
}

/* The samples between two columns of the sweep that begins with sample @first, and those beside them whose line reaches in:
 * columns that are drawn one after the other look as if they were drawn at once. */
static void
trace (cairo_t *cr, const ChsRect *rect, const ChsWaveView *wave, double first, double px_sample, double x0, double x1, double last,
       double low, double high)
{
  double scale = 1.0, r = cairo_get_line_width (cr) / 2.0, was_x = 0.0, was_y = 0.0, left;
  int64_t from = (int64_t) floor (first + (x0 - r) / px_sample) - 1, to = (int64_t) fmin (ceil (first + (x1 + r) / px_sample) + 1.0, last);
  bool is_down = false;
  Cover cover;

  if (x1 <= x0)
    return;
  cairo_surface_get_device_scale (cairo_get_target (cr), &scale, NULL);
  left = floor (x0 * scale);
  cover = (Cover) { .x0 = left, .step = 1.0 / PARTS, .n = (int) ceil ((x1 * scale - left) * PARTS) };
  cover.top = g_new (double, 2 * (gsize) cover.n);
  cover.bottom = cover.top + cover.n;
  for (int i = 0; i < cover.n; i++) {
    cover.top[i] = HUGE_VAL;
    cover.bottom[i] = -HUGE_VAL;
  }
  for (int64_t i = from; i <= to; i++) {
    int16_t sample = sample_at (wave, i);
    double value = (double) wave->offset + (double) wave->scale * sample;
    double x = ((double) i - first) * px_sample * scale, y = rect->h * scale * (1.0 - (value - low) / (high - low));

    if (sample != CHS_WAVE_ABSENT && is_down)
      cover_step (&cover, was_x, was_y, x, y, r * scale);
    is_down = sample != CHS_WAVE_ABSENT;
    was_x = x;
    was_y = y;
  }
  for (int i = 0; i < cover.n && left + i * cover.step < x0 * scale; i++)
    cover.bottom[i] = -HUGE_VAL;
  paint_cover (cr, &cover, rect->x + left / scale, rect->y, (cover.n + PARTS - 1) / PARTS, (int) ceil (rect->h * scale), scale);
  g_free (cover.top);
}

void
chs_draw_wave (cairo_t           *cr,
               const ChsRect     *rect,
               const ChsWaveView *wave,
               double             origin,
               double             shown,
               double             mm_s,
               double             low,
               double             high,
               double             x0,
               double             x1,
               const ChsTheme    *theme)
{
  Sweep sweep = sweep_of (rect, wave, origin, shown, mm_s, theme);
  double behind = sweep.head + chs_mm (theme, ERASE_MM);

  if (!(wave->rate_hz > 0.0f) || !(high > low))
    return;
  chs_colour (cr, chs_param_colour (theme, (ChsParam) wave->param), 1.0);
  cairo_set_line_width (cr, MAX (1.0, chs_mm (theme, LINE_MM)));
  trace (cr, rect, wave, sweep.first, sweep.px_sample, x0, MIN (x1, sweep.head), shown, low, high);
  trace (cr, rect, wave, sweep.first - sweep.per_sweep, sweep.px_sample, MAX (x0, behind), x1, sweep.first, low, high);
}

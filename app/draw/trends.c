/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include "devices/driver.h"

#include <math.h>

/* A strip keeps so much beside the lanes of the scores: one number of its scale. */
#define LEAST_STRIP_MM 5.0

/* Strips of the streams under the chart, on its time axis. Each has a scale that stands still unless a value leaves
 * it; then it grows by whole steps and says so with its numbers. */

static const struct {
  ChsParam param, instead; /* @instead: shown while nobody delivers @param */
  double low, high, grow;
} strips[] = {
  { CHS_PARAM_HR, CHS_PARAM_PR, 40, 140, 20 },
  { CHS_PARAM_SPO2, CHS_PARAM_NONE, 85, 100, 5 },
  { CHS_PARAM_RR, CHS_PARAM_CO2_RR, 5, 30, 5 },
};

typedef struct {
  ChsParam   param;
  double     low, high;
  ChsColumn *columns;
  guint      n;
  ChsRect    plot;
} Strip;

static double
strip_y (const Strip *strip, double value)
{
  return strip->plot.y + strip->plot.h * (1.0 - (CLAMP (value, strip->low, strip->high) - strip->low) / (strip->high - strip->low));
}

static void
span (Strip *strip, double grow)
{
  for (guint i = 0; i < strip->n; i++) {
    while ((double) strip->columns[i].high > strip->high && strip->high < 300.0)
      strip->high += grow;
    while ((double) strip->columns[i].low < strip->low && strip->low > 0.0)
      strip->low = MAX (0.0, strip->low - grow);
  }
  if (strip->param == CHS_PARAM_SPO2)
    strip->high = MIN (strip->high, 100.0);
}

static void
draw_limit (cairo_t *cr, const Strip *strip, double limit, const ChsTheme *theme)
{
  const double dots[] = { 1.5, 4.0 };

  if (isnan (limit) || limit <= strip->low || limit >= strip->high)
    return;
  cairo_save (cr);
  cairo_set_dash (cr, dots, 2, 0.0);
  cairo_set_line_width (cr, 1.0);
  chs_colour (cr, theme->palette.label, 0.8);
  cairo_move_to (cr, strip->plot.x, chs_snap (strip_y (strip, limit)) + 0.5);
  cairo_line_to (cr, strip->plot.x + strip->plot.w, chs_snap (strip_y (strip, limit)) + 0.5);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_gaps (cairo_t *cr, const Strip *strip, const ChsRect *rect, const ChsChairModel *model, const ChsTimeWindow *window,
           const ChsTheme *theme)
{
  guint n;
  const ChsGap *gaps = chs_chair_model_get_gaps (model, &n);

  for (guint i = 0; i < n; i++) {
    int64_t to_us = gaps[i].to_us != CHS_TIME_NONE ? gaps[i].to_us : window->now_us;
    bool is_ours = gaps[i].param == CHS_PARAM_NONE ? gaps[i].kind != CHS_KIND_PUMP : gaps[i].param == strip->param;
    double x0, x1;

    if (!is_ours || to_us < window->from_us || gaps[i].from_us > window->to_us)
      continue;
    x0 = MAX (strip->plot.x, chs_chart_x (rect, window, theme, gaps[i].from_us));
    x1 = MIN (strip->plot.x + strip->plot.w, chs_chart_x (rect, window, theme, to_us));
    chs_hatch (cr, &(ChsRect) { x0, strip->plot.y, MAX (2.0, x1 - x0), strip->plot.h }, theme, theme->palette.stale);
  }
}

/* Neighbouring columns are made to touch, so that a steep change is a line and not a row of dots. */
static void
draw_line (cairo_t *cr, const Strip *strip, const ChsTheme *theme)
{
  double thick = MAX (1.6, chs_mm (theme, 0.32));

  for (int doubtful = 0; doubtful < 2; doubtful++) {
    for (guint i = 0; i < strip->n; i++) {
      const ChsColumn *c = &strip->columns[i], *before = i > 0 ? &strip->columns[i - 1] : c;
      double low = (double) c->low, high = (double) c->high, top;

      if (isnan (c->low) || c->is_doubtful != (doubtful == 1))
        continue;
      if (!isnan (before->low)) {
        low = fmin (low, (double) before->high);
        high = fmax (high, (double) before->low);
      }
      top = strip_y (strip, high) - thick / 2.0;
      cairo_rectangle (cr, strip->plot.x + i, top, 1.0, strip_y (strip, low) + thick / 2.0 - top);
    }
    chs_colour (cr, doubtful ? theme->palette.label : chs_param_colour (theme, strip->param), 1.0);
    cairo_fill (cr);
  }
}

static void
draw_scale (cairo_t *cr, const Strip *strip, const ChsLimits *limits, const ChsRect *row, const ChsRect *rect, const ChsTheme *theme)
{
  const ChsFont name = { CHS_EM_NOTE, true, chs_param_colour (theme, strip->param) }, font = { CHS_EM_AXIS * 0.9, false, theme->palette.label };
  /* limits first; the ends of the scale where there is room for them */
  const double values[] = { limits->high, limits->low, strip->high, strip->low };
  double line = chs_em (theme, CHS_EM_AXIS) * 0.95, pad = chs_mm (theme, 0.8), x = strip->plot.x + strip->plot.w + pad;
  double taken[G_N_ELEMENTS (values)];
  guint n_taken = 0;
  const char *label = chs_tr (theme, chs_param_info (strip->param)->label);

  chs_text (cr, theme, &name, label, &(ChsRect) { rect->x + pad, row->y, strip->plot.x - rect->x - 1.6 * pad, row->h }, CHS_ALIGN_LEFT);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    double y = CLAMP (strip_y (strip, values[i]), strip->plot.y + line * 0.4, strip->plot.y + strip->plot.h - line * 0.4);
    bool is_free = !isnan (values[i]) && values[i] >= strip->low && values[i] <= strip->high;
    g_autofree char *digits = NULL;

    for (guint k = 0; k < n_taken; k++)
      is_free &= fabs (taken[k] - y) >= line;
    if (!is_free)
      continue;
    digits = chs_words_number (values[i], 0);
    chs_text (cr, theme, &font, digits, &(ChsRect) { x, y - line / 2.0, rect->x + rect->w - x - pad, line }, CHS_ALIGN_LEFT);
    taken[n_taken++] = y;
  }
}

static void
draw_strip (cairo_t *cr, guint i, const ChsRect *row, const ChsRect *rect, const ChsChairModel *model, const ChsTimeWindow *window,
            const ChsTheme *theme)
{
  bool has_first = chs_chair_model_is_present (model, strips[i].param) || !chs_chair_model_is_present (model, strips[i].instead);
  Strip strip = { .param = has_first ? strips[i].param : strips[i].instead, .low = strips[i].low, .high = strips[i].high };
  double x0 = chs_chart_x (rect, window, theme, window->from_us), x1 = chs_chart_x (rect, window, theme, window->to_us);
  double air = chs_mm (theme, 0.8);
  ChsLimits limits = chs_engine_get_limits (chs_chair_model_get_engine (model), strip.param);
  ChsTimeWindow shown = *window;

  strip.plot = (ChsRect) { chs_snap (x0), row->y + air, x1 - x0, row->h - 2.0 * air };
  strip.columns = chs_columns_new (model, strip.param, &shown, strip.plot.w, &strip.n);
  span (&strip, strips[i].grow);
  draw_gaps (cr, &strip, rect, model, window, theme);
  draw_limit (cr, &strip, limits.low, theme);
  draw_limit (cr, &strip, limits.high, theme);
  draw_line (cr, &strip, theme);
  draw_scale (cr, &strip, &limits, row, rect, theme);
  g_free (strip.columns);
}

#define EDGE_MM 0.6 /* over and under all strips */

double
chs_trends_least_height (const ChsChairModel *model, const ChsTheme *theme)
{
  return G_N_ELEMENTS (strips) * chs_em (theme, LEAST_STRIP_MM) + chs_score_lanes_height (model, theme) + 2.0 * chs_mm (theme, EDGE_MM);
}

void
chs_draw_trends (cairo_t             *cr,
                 const ChsRect       *rect,
                 const ChsChairModel *model,
                 const ChsTimeWindow *window,
                 const ChsTheme      *theme)
{
  ChsRect rest = *rect;
  double lanes_h, row_h;

  chs_panel (cr, rect, theme);
  chs_cut_top (&rest, chs_mm (theme, EDGE_MM));
  chs_cut_bottom (&rest, chs_mm (theme, EDGE_MM));
  lanes_h = chs_score_lanes_height (model, theme);
  if (rest.h - lanes_h < G_N_ELEMENTS (strips) * chs_em (theme, LEAST_STRIP_MM))
    lanes_h = 0.0;
  row_h = (rest.h - lanes_h) / G_N_ELEMENTS (strips);
  if (row_h < chs_mm (theme, 4.0) || window->to_us <= window->from_us)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (strips); i++) {
    ChsRect row = chs_cut_top (&rest, row_h);

    if (i > 0)
      chs_lane_edge (cr, rect, row.y, theme);
    draw_strip (cr, i, &row, rect, model, window, theme);
  }
  if (lanes_h > 0.0)
    chs_draw_score_lanes (cr, &rest, rect, model, window, theme);
}

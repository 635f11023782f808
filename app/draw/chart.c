/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/chart-private.h"

#include "devices/driver.h"

#include <math.h>

/* The frame of the chart: where its parts lie, the axes, what is drawn in which order. */

/* Hazard H25: the pressure axis stands still, so that a fall looks like a fall. */
#define P_LOW 40.0
#define P_HIGH 220.0
#define P_GROW 20.0 /* an axis that must grow does so by this */

/* Steps of the time axis, minutes. */
static const int time_steps[] = { 1, 2, 5, 10, 15, 30, 60, 120, 240 };

/* The gutters depend on nothing that is measured: a touch finds the time without a context. */
static double
left_gutter (const ChsTheme *theme)
{
  return chs_em (theme, CHS_EM_AXIS) * 2.1 + chs_mm (theme, 2.2);
}

static double
right_gutter (const ChsTheme *theme)
{
  return chs_em (theme, CHS_EM_AXIS) * 4.9 + chs_mm (theme, 1.6);
}

double
chs_chart_x (const ChsRect *rect, const ChsTimeWindow *window, const ChsTheme *theme, int64_t t_us)
{
  double x0 = rect->x + left_gutter (theme), x1 = rect->x + rect->w - right_gutter (theme);
  double span = (double) MAX (1, window->to_us - window->from_us);

  return x0 + (x1 - x0) * (double) (t_us - window->from_us) / span;
}

int64_t
chs_chart_t (const ChsRect *rect, const ChsTimeWindow *window, const ChsTheme *theme, double x)
{
  double x0 = rect->x + left_gutter (theme), x1 = rect->x + rect->w - right_gutter (theme);

  return window->from_us + (int64_t) ((x - x0) / MAX (1.0, x1 - x0) * (double) (window->to_us - window->from_us));
}

double
chs_chart_px (const ChsChart *chart, int64_t t_us)
{
  double x = chs_chart_x (&chart->rect, chart->window, chart->theme, t_us);

  return CLAMP (x, chart->pressure.x, chart->pressure.x + chart->pressure.w);
}

double
chs_pressure_y (const ChsChart *chart, double mmhg)
{
  double v = CLAMP (mmhg, chart->p_low, chart->p_high);

  return chart->pressure.y + chart->pressure.h * (1.0 - (v - chart->p_low) / (chart->p_high - chart->p_low));
}

double
chs_rate_y (const ChsChart *chart, double ml_h)
{
  return chart->rate.y + chart->rate.h * (1.0 - CLAMP (ml_h, 0.0, chart->r_high) / chart->r_high);
}

bool
chs_is_shown (const ChsChart *chart, int64_t from_us, int64_t to_us)
{
  return to_us >= chart->window->from_us && from_us <= chart->window->to_us;
}

double
chs_nice_step (double span, int most)
{
  double raw = span / MAX (1, most), power = pow (10.0, floor (log10 (raw)));

  for (double step = power;; step *= 10.0) {
    if (step >= raw * 0.999)
      return step;
    if (2.0 * step >= raw * 0.999)
      return 2.0 * step;
    if (5.0 * step >= raw * 0.999)
      return 5.0 * step;
  }
}

/* ---- layout ---- */

static void
lay_out (ChsChart *chart)
{
  const ChsTheme *theme = chart->theme;
  double line = chs_line (theme, CHS_EM_AXIS), lane = line * CHS_LANE;
  ChsRect rest = chart->rect;
  int lanes;

  rest.x += left_gutter (theme);
  rest.w -= left_gutter (theme) + right_gutter (theme);
  chs_cut_top (&rest, chs_mm (theme, 0.6));
  chart->title = chs_cut_top (&rest, line * 1.05);
  chart->times = chs_cut_bottom (&rest, line * 1.15);
  /* two lanes of flags where the chart is low, up to six where it is tall; the last one has the lower title in it */
  lanes = (int) CLAMP (rest.h * 0.22 / lane, 2.0, 6.0);
  chart->pressure = chs_cut_top (&rest, chs_snap ((rest.h - lanes * lane) * 0.66));
  chs_cut_top (&rest, chs_mm (theme, 0.5));
  chart->lanes = chs_cut_top (&rest, lanes * lane);
  chart->rate_title = (ChsRect) { chart->lanes.x, chart->lanes.y + (lanes - 1) * lane, chart->lanes.w, lane };
  chart->rate = rest;
}

static void
grow_axis (ChsChart *chart, double value)
{
  if (isnan (value))
    return;
  while (value > chart->p_high && chart->p_high < 400.0)
    chart->p_high += P_GROW;
  while (value < chart->p_low && chart->p_low > 0.0)
    chart->p_low -= P_GROW;
}

static void
span_pressures (ChsChart *chart)
{
  guint n;
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (chart->model, &n);

  chart->p_low = P_LOW;
  chart->p_high = P_HIGH;
  for (guint i = 0; i < n; i++)
    if (!cuffs[i].failed && chs_is_shown (chart, cuffs[i].t_us, cuffs[i].t_us)) {
      grow_axis (chart, cuffs[i].sys);
      grow_axis (chart, cuffs[i].dia);
    }
  for (guint k = 0; k < 2; k++) {
    const ChsPoint *points = chs_chair_model_get_trend (chart->model, k == 0 ? CHS_PARAM_ABP_SYS : CHS_PARAM_ABP_DIA, &n);

    for (guint i = 0; i < n; i++)
      if (chs_is_shown (chart, points[i].t_us, points[i].t_us))
        grow_axis (chart, points[i].value);
  }
  chart->is_rescaled = chart->p_low < P_LOW || chart->p_high > P_HIGH;
}

/* ---- axes ---- */

static void
draw_grid_line (ChsChart *chart, const ChsRect *half, double y, double value)
{
  const ChsFont font = { CHS_EM_AXIS, false, chart->theme->palette.label };
  double line = chs_line (chart->theme, CHS_EM_AXIS);
  g_autofree char *digits = chs_words_number (value, value < 10.0 && fabs (value - round (value)) > 0.01 ? 1 : 0);
  /* the first and the last label move inwards: beyond them are a title and the times */
  double centre = CLAMP (y, half->y + line * 0.45, half->y + half->h - line * 0.4);
  ChsRect box = { chart->rect.x + chs_mm (chart->theme, 0.5), centre - line / 2.0,
                  chart->pressure.x - chart->rect.x - chs_mm (chart->theme, 1.5), line };

  chs_colour (chart->cr, chart->theme->palette.grid, 1.0);
  cairo_rectangle (chart->cr, chart->pressure.x, chs_snap (y), chart->pressure.w, 1.0);
  cairo_fill (chart->cr);
  chs_text (chart->cr, chart->theme, &font, digits, &box, CHS_ALIGN_RIGHT);
}

static void
draw_value_axes (ChsChart *chart)
{
  double line = chs_line (chart->theme, CHS_EM_AXIS);
  double step = MAX (20.0, chs_nice_step (chart->p_high - chart->p_low, (int) MAX (1.0, chart->pressure.h / (1.5 * line))));

  if (fabs (step - 50.0) < 0.1)
    step = 60.0; /* 60, 120, 180: where the eye looks for pressures */
  for (double v = ceil (chart->p_low / step) * step; v <= chart->p_high; v += step)
    draw_grid_line (chart, &chart->pressure, chs_pressure_y (chart, v), v);
  for (double v = 0.0; v <= chart->r_high * 1.001; v += chart->r_step)
    draw_grid_line (chart, &chart->rate, chs_rate_y (chart, v), v);
}

static int
pick_time_step (ChsChart *chart, double label_width)
{
  double px_min = chart->pressure.w / ((double) (chart->window->to_us - chart->window->from_us) / (double) CHS_US_PER_MIN);
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (time_steps) && time_steps[i] * px_min < 1.9 * label_width)
    i++;
  return time_steps[i];
}

/* Labels at round minutes of the wall clock, "now" at the newest edge. */
static void
draw_time_axis (ChsChart *chart)
{
  const ChsPalette *p = &chart->theme->palette;
  const ChsFont font = { CHS_EM_AXIS, false, p->label }, strong = { CHS_EM_AXIS, true, p->text };
  const char *now = chs_tr (chart->theme, N_ ("now"));
  double width = chs_text_width (chart->cr, chart->theme, &font, "00:00");
  double now_width = chs_text_width (chart->cr, chart->theme, &strong, now), now_x = INFINITY, x;
  int64_t step_us = pick_time_step (chart, width) * CHS_US_PER_MIN;
  int64_t offset_us = chs_chair_model_get_wall_offset_us (chart->model)
                      + chs_chair_model_get_utc_offset_min (chart->model) * CHS_US_PER_MIN;
  int64_t wall_us = (chart->window->from_us + offset_us) / step_us * step_us;

  if (chs_is_shown (chart, chart->window->now_us, chart->window->now_us)) {
    now_x = chs_chart_px (chart, chart->window->now_us);
    chs_text (chart->cr, chart->theme, &strong, now,
              &(ChsRect) { now_x - now_width, chart->times.y, 2.0 * now_width, chart->times.h }, CHS_ALIGN_CENTRE);
    chs_colour (chart->cr, p->label, 0.8);
    cairo_rectangle (chart->cr, chs_snap (now_x), chart->pressure.y, 1.0, chart->times.y - chart->pressure.y);
    cairo_fill (chart->cr);
  }
  for (; wall_us - offset_us <= chart->window->to_us; wall_us += step_us) {
    g_autofree char *clock = chs_words_clock (chart->model, wall_us - offset_us);

    if (wall_us - offset_us < chart->window->from_us)
      continue;
    x = chs_chart_px (chart, wall_us - offset_us);
    chs_colour (chart->cr, p->grid, 1.0);
    cairo_rectangle (chart->cr, chs_snap (x), chart->pressure.y, 1.0, chart->pressure.h);
    cairo_rectangle (chart->cr, chs_snap (x), chart->rate.y, 1.0, chart->rate.h + chs_mm (chart->theme, 0.6));
    cairo_fill (chart->cr);
    if (fabs (x - now_x) > (width + now_width) * 0.62)
      chs_text (chart->cr, chart->theme, &font, clock,
                &(ChsRect) { x - width, chart->times.y, 2.0 * width, chart->times.h }, CHS_ALIGN_CENTRE);
  }
}

/* The screen lays a key over the corner that says how long the window is: nothing else is written there. */
#define CORNER_MM 17.0

static void
draw_titles (ChsChart *chart)
{
  const ChsPalette *p = &chart->theme->palette;
  const ChsFont font = { CHS_EM_AXIS, true, p->text }, soft = { CHS_EM_AXIS, false, p->label };
  ChsRect row = { chart->rect.x + chs_mm (chart->theme, CHS_PAD), chart->title.y,
                  chart->rect.w - 2.0 * chs_mm (chart->theme, CHS_PAD), chart->title.h };
  int minutes = (int) ((chart->window->to_us - chart->window->from_us) / CHS_US_PER_MIN);
  g_autofree char *length = minutes < 120 ? g_strdup_printf (chs_tr (chart->theme, N_ ("%d min")), minutes)
                                          : chs_words_age (chart->theme, minutes * CHS_US_PER_MIN);
  const char *title = chs_tr (chart->theme, N_ ("Blood pressure"));
  const char *unit = chs_tr (chart->theme, chs_unit_info (CHS_UNIT_MMHG)->label);
  ChsRect part = chs_cut_start (&row, chs_text_width (chart->cr, chart->theme, &font, title) + 1.0, chart->theme);

  chs_text (chart->cr, chart->theme, &font, title, &part, CHS_ALIGN_START);
  chs_cut_start (&row, chs_mm (chart->theme, 1.2), chart->theme);
  part = chs_cut_start (&row, chs_text_width (chart->cr, chart->theme, &soft, unit) + 1.0, chart->theme);
  chs_text (chart->cr, chart->theme, &soft, unit, &part, CHS_ALIGN_START);
  part = chs_cut_end (&row, MAX (chs_text_width (chart->cr, chart->theme, &soft, length) + 1.0, chs_em (chart->theme, CORNER_MM)),
                      chart->theme);
  chs_text (chart->cr, chart->theme, &soft, length, &part, CHS_ALIGN_END);
  if (chart->is_rescaled) {
    g_autofree char *text = g_strdup_printf (chs_tr (chart->theme, N_ ("scale changed: %d to %d")), (int) chart->p_low,
                                             (int) chart->p_high);

    chs_cut_end (&row, chs_mm (chart->theme, CHS_PAD), chart->theme);
    part = chs_cut_end (&row, MIN (row.w, chs_text_width (chart->cr, chart->theme, &font, text) + chs_mm (chart->theme, 3.0)),
                        chart->theme);
    chs_badge (chart->cr, &part, chart->theme, text, p->text);
  }
}

/* ---- gutter ---- */

static void
gutter_label_clear (gpointer data)
{
  g_free (((ChsGutterLabel *) data)->text);
}

GArray *
chs_gutter_new (void)
{
  GArray *labels = g_array_new (FALSE, FALSE, sizeof (ChsGutterLabel));

  g_array_set_clear_func (labels, gutter_label_clear);
  return labels;
}

void
chs_gutter_add (GArray *labels, double y, ChsColour colour, bool is_bold, char *text)
{
  ChsGutterLabel label = { y, text, colour, is_bold };

  g_array_append_val (labels, label);
}

static int
by_height (gconstpointer a, gconstpointer b)
{
  double d = ((const ChsGutterLabel *) a)->y - ((const ChsGutterLabel *) b)->y;

  return d < 0.0 ? -1 : d > 0.0;
}

/* The screen's key for the time window: its foot below the chart's top, and the lowest chart that has it (ui/chair-page). */
#define KEY_FOOT_MM 9.5
#define KEY_FROM_MM 45.0

void
chs_gutter_draw (const ChsChart *chart, const ChsRect *half, GArray *labels)
{
  double line = chs_em (chart->theme, CHS_EM_AXIS) * 1.08, next = half->y + half->h;
  double x = half->x + half->w + chs_mm (chart->theme, 0.8), top = half->y;
  double width = chart->rect.x + chart->rect.w - chs_mm (chart->theme, 0.8) - x;
  g_autofree double *y = g_new (double, labels->len + 1);

  g_array_sort (labels, by_height);
  if (chart->rect.h >= chs_mm (chart->theme, KEY_FROM_MM)) /* nothing is written under the key in the corner */
    top = MAX (top, chart->rect.y + chs_mm (chart->theme, KEY_FOOT_MM) + line / 2.0);
  y[0] = half->y;
  for (guint i = 0; i < labels->len; i++) { /* down from the top ... */
    double want = MAX (top, g_array_index (labels, ChsGutterLabel, i).y);

    y[i] = i > 0 ? MAX (want, y[i - 1] + line) : want;
  }
  for (guint i = labels->len; i > 0; i--) { /* ... and back up from the foot */
    y[i - 1] = MIN (y[i - 1], next - line * (i == labels->len ? 0.5 : 1.0));
    next = y[i - 1];
  }
  for (guint i = 0; i < labels->len; i++) {
    const ChsGutterLabel *label = &g_array_index (labels, ChsGutterLabel, i);
    const ChsFont font = { CHS_EM_AXIS, label->is_bold, label->colour };

    chs_text (chart->cr, chart->theme, &font, label->text, &(ChsRect) { x, y[i] - line / 2.0, width, line }, CHS_ALIGN_LEFT);
  }
}

/* ---- gaps ---- */

void
chs_chart_draw_gaps (ChsChart *chart, guint kind, const ChsRect *half)
{
  guint n;
  const ChsGap *gaps = chs_chair_model_get_gaps (chart->model, &n);
  const ChsFont font = { CHS_EM_AXIS, false, chart->theme->palette.label };

  for (guint i = 0; i < n; i++) {
    int64_t to_us = gaps[i].to_us != CHS_TIME_NONE ? gaps[i].to_us : chart->window->now_us;
    const char *why = chs_tr (chart->theme, gaps[i].why);
    double line = chs_line (chart->theme, CHS_EM_AXIS), x0, x1;

    if ((gaps[i].kind != kind && gaps[i].kind != CHS_GAP_BOTH) || !chs_is_shown (chart, gaps[i].from_us, to_us))
      continue;
    if (gaps[i].param != CHS_PARAM_NONE && !chs_is_pressure (gaps[i].param))
      continue;
    x0 = chs_chart_px (chart, gaps[i].from_us);
    x1 = MAX (x0 + 2.0, chs_chart_px (chart, to_us));
    chs_hatch (chart->cr, &(ChsRect) { x0, half->y, x1 - x0, half->h }, chart->theme, chart->theme->palette.stale);
    if (x1 - x0 >= chs_text_width (chart->cr, chart->theme, &font, why) + chs_mm (chart->theme, 1.0))
      chs_text (chart->cr, chart->theme, &font, why, &(ChsRect) { x0, half->y, x1 - x0, line }, CHS_ALIGN_CENTRE);
  }
}

/* ---- the whole ---- */

void
chs_draw_chart (cairo_t             *cr,
                const ChsRect       *rect,
                const ChsChairModel *model,
                const ChsTimeWindow *window,
                const ChsTheme      *theme)
{
  ChsChart chart = { .cr = cr, .model = model, .window = window, .theme = theme, .rect = *rect };

  chs_panel (cr, rect, theme);
  lay_out (&chart);
  if (chart.rate.h < chs_mm (theme, 4.0) || chart.pressure.w < chs_mm (theme, 10.0) || window->to_us <= window->from_us)
    return; /* nothing readable fits: the frame says so */
  span_pressures (&chart);
  chs_chart_span_rates (&chart);
  draw_value_axes (&chart);
  draw_time_axis (&chart);
  draw_titles (&chart);
  chs_chart_draw_gaps (&chart, CHS_KIND_MONITOR, &chart.pressure);
  chs_chart_draw_gaps (&chart, CHS_KIND_PUMP, &chart.rate);
  chs_chart_draw_rates (&chart);
  chs_chart_draw_pressure (&chart);
  chs_chart_draw_flags (&chart);
  chs_chart_draw_cursors (&chart);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/chart-private.h"

#include <math.h>

/* The cursor: what was known at a time, read from the data and never in between; the second one shows what changed. */

#define N_LINES 8

typedef struct {
  char *lines[N_LINES];
  guint n;
} ReadOut;

static void
say (ReadOut *out, char *line)
{
  if (out->n < N_LINES)
    out->lines[out->n++] = line;
  else
    g_free (line);
}

/* The newest reading at or before a time, NULL = none. */
static const ChsCuffReading *
cuff_before (const ChsChart *chart, int64_t t_us)
{
  guint n;
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (chart->model, &n);

  for (guint i = n; i > 0; i--)
    if (cuffs[i - 1].t_us <= t_us && !cuffs[i - 1].failed && !isnan (cuffs[i - 1].sys))
      return &cuffs[i - 1];
  return NULL;
}

/* The newest point at or before a time and not older than two pixels or 2 s, NAN = none. */
static double
trend_at (const ChsChart *chart, ChsParam param, int64_t t_us)
{
  guint n, low = 0, high;
  const ChsPoint *points = chs_chair_model_get_trend (chart->model, param, &n);
  int64_t px_us = (int64_t) ((double) (chart->window->to_us - chart->window->from_us) / MAX (1.0, chart->pressure.w));

  for (high = n; low < high;) {
    guint mid = (low + high) / 2;

    if (points[mid].t_us <= t_us)
      low = mid + 1;
    else
      high = mid;
  }
  return low > 0 && t_us - points[low - 1].t_us <= MAX (2 * px_us, 2 * CHS_US_PER_S) ? (double) points[low - 1].value : (double) NAN;
}

static double
flow_at (const ChsPumpView *pump, int64_t t_us)
{
  double flow = NAN;

  for (guint k = 0; k < pump->n_steps && pump->steps[k].t_us <= t_us; k++)
    flow = (double) pump->steps[k].flow_ml_h;
  return flow;
}

static const ChsParam trends[] = { CHS_PARAM_HR, CHS_PARAM_SPO2, CHS_PARAM_RR };

static void
say_values (const ChsChart *chart, int64_t t_us, ReadOut *out)
{
  const ChsTheme *theme = chart->theme;
  const ChsCuffReading *cuff = cuff_before (chart, t_us);
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chart->model, &n);

  say (out, chs_words_clock (chart->model, t_us));
  if (cuff != NULL) {
    g_autofree char *age = chs_words_age (theme, t_us - cuff->t_us);

    say (out, g_strdup_printf ("%s %.0f/%.0f · %s", chs_tr (theme, N_ ("NIBP")), (double) cuff->sys, (double) cuff->dia, age));
  }
  for (guint i = 0; i < G_N_ELEMENTS (trends); i++) {
    double value = trend_at (chart, trends[i], t_us);

    if (!isnan (value))
      say (out, g_strdup_printf ("%s %.0f", chs_tr (theme, chs_param_info (trends[i])->label), value));
  }
  for (guint i = 0; i < n && i < 3; i++) {
    double flow = flow_at (&pumps[i], t_us);
    g_autofree char *text = chs_words_dose (flow);

    say (out, g_strdup_printf ("%s %s", text, chs_tr (theme, chs_unit_info (CHS_UNIT_ML_H)->label)));
  }
}

static char *
difference (double from, double to)
{
  g_autofree char *digits = chs_words_number (to - from, 0);

  return g_strconcat (to > from ? "+" : "", digits, NULL);
}

static void
say_differences (const ChsChart *chart, int64_t from_us, int64_t to_us, ReadOut *out)
{
  const ChsTheme *theme = chart->theme;
  const ChsCuffReading *a = cuff_before (chart, from_us), *b = cuff_before (chart, to_us);
  g_autofree char *length = chs_words_age (theme, to_us - from_us);
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chart->model, &n);

  say (out, g_strdup_printf ("Δ %s", length));
  if (a != NULL && b != NULL && a != b) {
    g_autofree char *sys = difference ((double) a->sys, (double) b->sys), *dia = difference ((double) a->dia, (double) b->dia);

    say (out, g_strdup_printf ("%s %s/%s", chs_tr (theme, N_ ("NIBP")), sys, dia));
  }
  for (guint i = 0; i < G_N_ELEMENTS (trends); i++) {
    double from = trend_at (chart, trends[i], from_us), to = trend_at (chart, trends[i], to_us);
    g_autofree char *text = difference (from, to);

    if (!isnan (from) && !isnan (to))
      say (out, g_strdup_printf ("%s %s", chs_tr (theme, chs_param_info (trends[i])->label), text));
  }
  for (guint i = 0; i < n && i < 3; i++) {
    double from = flow_at (&pumps[i], from_us), to = flow_at (&pumps[i], to_us);
    g_autofree char *text = difference (from, to);

    if (!isnan (from) && !isnan (to))
      say (out, g_strdup_printf ("%s %s", text, chs_tr (theme, chs_unit_info (CHS_UNIT_ML_H)->label)));
  }
}

static void
draw_line_at (ChsChart *chart, int64_t t_us)
{
  chs_colour (chart->cr, chart->theme->palette.text, 0.9);
  cairo_rectangle (chart->cr, chs_snap (chs_chart_px (chart, t_us)) - 0.5, chart->pressure.y, 2.0,
                   chart->rate.y + chart->rate.h - chart->pressure.y);
  cairo_fill (chart->cr);
}

/* In rows over the highest pressures, where there is seldom a reading, and beside its line where there is room. */
static void
draw_read_out (ChsChart *chart, int64_t t_us, ReadOut *out)
{
  const ChsTheme *theme = chart->theme;
  const ChsFont first = { CHS_EM_NOTE, true, theme->palette.text }, font = { CHS_EM_NOTE, false, theme->palette.text };
  double line = chs_line (theme, CHS_EM_NOTE) * 0.95, pad = chs_mm (theme, 1.2), gap = chs_mm (theme, 2.5);
  double most = chart->pressure.w * 0.66, x = 0.0, wide = 0.0, at = chs_chart_px (chart, t_us);
  ChsRect places[N_LINES], box;
  int row = 0;

  for (guint i = 0; i < out->n; i++) {
    double width = chs_text_width (chart->cr, theme, i == 0 ? &first : &font, out->lines[i]) + 1.0;

    if (x > 0.0 && x + width > most) {
      row++;
      x = 0.0;
    }
    places[i] = (ChsRect) { x, row * line, MIN (width, most), line };
    wide = MAX (wide, x + places[i].w);
    x += width + gap;
  }
  box = (ChsRect) { at + pad, chart->pressure.y + chs_mm (theme, 0.5), wide + 2.0 * pad, (row + 1) * line + pad };
  if (box.x + box.w > chart->pressure.x + chart->pressure.w)
    box.x = MAX (at - pad - box.w, chart->pressure.x);
  chs_rounded (chart->cr, &box, pad);
  chs_colour (chart->cr, theme->palette.background, 0.92);
  cairo_fill_preserve (chart->cr);
  chs_colour (chart->cr, theme->palette.text, 0.9);
  cairo_set_line_width (chart->cr, 1.0);
  cairo_stroke (chart->cr);
  for (guint i = 0; i < out->n; i++) {
    places[i].x += box.x + pad;
    places[i].y += box.y + pad / 2.0;
    chs_text (chart->cr, theme, i == 0 ? &first : &font, out->lines[i], &places[i], CHS_ALIGN_LEFT);
    g_free (out->lines[i]);
  }
}

void
chs_chart_draw_cursors (ChsChart *chart)
{
  int64_t a = chart->window->cursor_us, b = chart->window->cursor2_us;
  ReadOut out = { 0 };

  if (a == CHS_TIME_NONE || !chs_is_shown (chart, a, a))
    return;
  draw_line_at (chart, a);
  if (b == CHS_TIME_NONE || !chs_is_shown (chart, b, b) || a == b) {
    say_values (chart, a, &out);
    draw_read_out (chart, a, &out);
    return;
  }
  draw_line_at (chart, b);
  say_differences (chart, MIN (a, b), MAX (a, b), &out);
  draw_read_out (chart, MAX (a, b), &out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing: what each function costs on an image surface at 1920x1080 sizes, and the chart of a whole 4 h session with
 * an arterial line against the chart of its last 15 min in the same run: decimation to columns should make the data
 * cheap beside the text. The polyline through the same points is what it replaces. */
#include "tests/draw-cases.h"
#include "tests/fake-engine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define HOUR_S 3600
#define CHART_W 1380
#define CHART_H 600
#define N_FRAMES 40

static double
now_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return 1e3 * (double) t.tv_sec + 1e-6 * (double) t.tv_nsec;
}

static ChsChairModel *
long_session (void)
{
  ChsProfile *profile = fake_profile_new ();
  ChsChairModel *model = chs_chair_model_new (profile);
  ChsEvent pump = { .type = CHS_EVENT_PUMP, .source = 2 };

  chs_profile_free (profile);
  fake_engine_reset ();
  chs_pump_status_init (&pump.pump);
  pump.pump.state = CHS_PUMP_INFUSING;
  for (int64_t s = 0; s < 4 * HOUR_S; s++) {
    const struct {
      ChsParam param;
      double value;
    } values[] = {
      { CHS_PARAM_HR, 74 + s % 7 }, { CHS_PARAM_SPO2, 97 + s % 2 }, { CHS_PARAM_RR, 14 + s % 3 },
      { CHS_PARAM_ABP_SYS, 122 + s % 11 }, { CHS_PARAM_ABP_DIA, 74 + s % 5 }, { CHS_PARAM_ABP_MEAN, 92 + s % 6 },
      { CHS_PARAM_NIBP_SYS, 121 + s % 9 }, { CHS_PARAM_NIBP_DIA, 76 + s % 4 },
    };

    for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
      ChsEvent event = chs_numeric (values[i].param, values[i].value);

      event.t_us = s * CASE_S;
      event.source = 1;
      if (values[i].param < CHS_PARAM_NIBP_SYS || values[i].param > CHS_PARAM_NIBP_MEAN || s % 180 == 0)
        chs_chair_model_feed (model, &event);
    }
    pump.t_us = s * CASE_S;
    pump.pump.rate_ml_h = 150 + 25 * (s / 1200 % 4);
    if (s % 2 == 0)
      chs_chair_model_feed (model, &pump);
  }
  return model;
}

typedef void (*DrawFunc) (cairo_t *cr, const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme);

static void
draw_chart (cairo_t *cr, const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme)
{
  chs_draw_chart (cr, &(ChsRect) { 0, 0, CHART_W, CHART_H }, model, window, theme);
}

static void
draw_trends (cairo_t *cr, const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme)
{
  chs_draw_trends (cr, &(ChsRect) { 0, 0, CHART_W, 270 }, model, window, theme);
}

static void
draw_tile (cairo_t *cr, const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme)
{
  chs_draw_tile (cr, &(ChsRect) { 0, 0, 500, 290 }, model, CHS_PARAM_NIBP_SYS, window->now_us, theme);
}

static void
draw_pump (cairo_t *cr, const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme)
{
  chs_draw_pump (cr, &(ChsRect) { 0, 0, 500, 220 }, model, 0, window->now_us, theme);
}

static void
draw_polylines (cairo_t *cr, const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme)
{
  static const ChsParam params[] = { CHS_PARAM_HR, CHS_PARAM_SPO2, CHS_PARAM_RR };
  ChsRect rect = { 0, 0, CHART_W, 270 };

  for (guint i = 0; i < G_N_ELEMENTS (params); i++) {
    guint n;
    const ChsPoint *points = chs_chair_model_get_trend (model, params[i], &n);

    for (guint k = 0; k < n; k++)
      cairo_line_to (cr, chs_chart_x (&rect, window, theme, points[k].t_us), 90.0 * i + 90.0 - (double) points[k].value / 2.0);
    cairo_set_source_rgb (cr, 1, 1, 1);
    cairo_stroke (cr);
  }
}

static double
time_of (DrawFunc func, const ChsChairModel *model, const ChsTimeWindow *window)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, CHART_W, CHART_H);
  cairo_t *cr = cairo_create (surface);
  ChsTheme theme;
  double best = INFINITY;

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.0);
  for (int i = 0; i < N_FRAMES; i++) {
    double begin = now_ms ();

    func (cr, model, window, &theme);
    cairo_surface_flush (surface);
    best = fmin (best, now_ms () - begin);
  }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return best;
}

int
main (void)
{
  double begin = now_ms (), fed_ms, whole, short_one, trends, lines;
  g_autoptr (ChsChairModel) model = long_session ();
  int64_t now_us = chs_chair_model_get_now_us (model);
  ChsTimeWindow all = { 0, now_us, now_us, CHS_TIME_NONE, CHS_TIME_NONE }, quarter = all;

  fed_ms = now_ms () - begin;
  draw_case_use_fonts ();
  quarter.from_us = now_us - 15 * CASE_MIN;
  whole = time_of (draw_chart, model, &all);
  short_one = time_of (draw_chart, model, &quarter);
  trends = time_of (draw_trends, model, &all);
  lines = time_of (draw_polylines, model, &all);
  printf ("model: 4 h fed in %.1f ms, without an engine\n", fed_ms);
  printf ("chart: 4 h %.2f ms, its last 15 min %.2f ms, ratio %.2f\n", whole, short_one, whole / short_one);
  printf ("trends: 4 h %.2f ms, polylines through every point %.2f ms, ratio %.2f\n", trends, lines, trends / lines);
  printf ("tile: %.2f ms, of the chart %.2f\n", time_of (draw_tile, model, &all), time_of (draw_tile, model, &all) / whole);
  printf ("pump: %.2f ms\n", time_of (draw_pump, model, &all));
  return EXIT_SUCCESS;
}

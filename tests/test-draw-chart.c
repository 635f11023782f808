/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/draw/chart-private.h"
#include "tests/draw-cases.h"

#include <math.h>
#include <string.h>

static const struct {
  double span;
  int    most;
  double want;
} steps[] = { { 180, 4, 50 }, { 180, 9, 20 }, { 375, 4, 100 }, { 412, 3, 200 }, { 1200, 6, 200 }, { 3, 3, 1 }, { 0.6, 3, 0.2 }, { 90, 1, 100 } };

START_TEST (steps_are_nice)
{
  ck_assert_double_eq_tol (chs_nice_step (steps[_i].span, steps[_i].most), steps[_i].want, 1e-9);
}
END_TEST

/* A touch finds the time that is drawn there. */
START_TEST (time_and_place_are_inverse)
{
  ChsTimeWindow window = draw_case_window (60);
  ChsRect rect = { 13, 7, 680, 430 };
  ChsTheme theme;

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  for (int64_t t_us = window.from_us; t_us <= window.to_us; t_us += 7 * CASE_S) {
    double x = chs_chart_x (&rect, &window, &theme, t_us);

    ck_assert (x > rect.x && x < rect.x + rect.w);
    ck_assert_int_le (llabs (chs_chart_t (&rect, &window, &theme, x) - t_us), CASE_S / 100);
  }
}
END_TEST

/* Left to right in every layout. */
START_TEST (time_runs_left_to_right)
{
  ChsTimeWindow window = draw_case_window (60);
  ChsRect rect = { 0, 0, 680, 430 };
  ChsTheme theme;

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  theme.rtl = true;
  ck_assert_double_lt (chs_chart_x (&rect, &window, &theme, window.from_us), chs_chart_x (&rect, &window, &theme, window.to_us));
}
END_TEST

/* A thousand flags thrown at two lanes: those that find a place neither touch nor leave the lanes. */
START_TEST (flags_never_overlap)
{
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (ChsRect));
  ChsRect lanes = { 50, 200, 600, 50 }, flag;
  guint placed = 0, state = 99;

  for (int i = 0; i < 1000; i++) {
    double x, width;

    state = state * 1664525u + 1013904223u;
    x = 50.0 + (state >> 8) % 600;
    width = 30.0 + (state >> 20) % 90;
    placed += chs_place_flag (taken, &lanes, 25.0, x, width, &flag);
  }
  ck_assert_uint_gt (placed, 6);
  ck_assert_uint_eq (placed, taken->len);
  for (guint i = 0; i < taken->len; i++) {
    const ChsRect *a = &g_array_index (taken, ChsRect, i);

    ck_assert (a->x >= 49.0 && a->x + a->w <= 651.0 && a->y >= 199.0 && a->y + a->h <= 251.0);
    for (guint k = i + 1; k < taken->len; k++) {
      const ChsRect *b = &g_array_index (taken, ChsRect, k);

      ck_assert (a->x + a->w <= b->x + 1.0 || b->x + b->w <= a->x + 1.0 || a->y + a->h <= b->y + 1.0 || b->y + b->h <= a->y + 1.0);
    }
  }
}
END_TEST

/* Every size that a window can have, also none: nothing crashes, and what does not fit is left out. */
START_TEST (any_size_is_survived)
{
  static const double sizes[][2] = { { 0, 0 }, { 1, 1 }, { 30, 400 }, { 400, 30 }, { 120, 90 }, { 300, 160 }, { 2500, 1400 } };
  g_autoptr (ChsChairModel) model = draw_case_new (draw_cases[_i].name);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 8, 8);
  cairo_t *cr = cairo_create (surface);
  ChsTimeWindow window = draw_case_window (60), nothing = draw_case_window (0);
  ChsTheme theme;

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    ChsRect rect = { 0, 0, sizes[i][0], sizes[i][1] };

    chs_draw_chart (cr, &rect, model, &window, &theme);
    chs_draw_chart (cr, &rect, model, &nothing, &theme);
    chs_draw_trends (cr, &rect, model, &window, &theme);
    chs_draw_tile (cr, &rect, model, CHS_PARAM_NIBP_SYS, CASE_NOW, &theme);
    chs_draw_tile (cr, &rect, model, CHS_PARAM_HR, CASE_NOW, &theme);
    chs_draw_pump (cr, &rect, model, 0, CASE_NOW, &theme);
    chs_draw_alarm_bar (cr, &rect, model, CASE_NOW, true, &theme);
    ck_assert_int_eq (cairo_status (cr), CAIRO_STATUS_SUCCESS);
  }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}
END_TEST

/* The newest score up to the edge of the window, with what was missing by name; nothing known is nothing said. */
START_TEST (scores_are_told_in_words)
{
  static const struct {
    const char *name;
    int64_t     until_us;
    const char *text;
  } cases[] = {
    { "quiet", CASE_NOW, "" },
    { "scores", 13 * CASE_MIN, "" },
    { "scores", 25 * CASE_MIN, "NEWS2 1, shock index 0.60" },
    { "scores", 40 * CASE_MIN, "NEWS2 at least 8 (not known: air or oxygen, consciousness)" },
    { "scores", CASE_NOW, "NEWS2 at least 9 (not known: air or oxygen, consciousness), shock index 1.24" },
  };
  ChsTheme theme;

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (ChsChairModel) model = draw_case_new (cases[i].name);
    g_autofree char *text = chs_scores_text (model, cases[i].until_us, &theme);

    ck_assert_str_eq (text, cases[i].text);
  }
}
END_TEST

/* ---- columns ---- */

START_TEST (columns_keep_gaps_and_extremes)
{
  g_autoptr (ChsChairModel) model = draw_case_new ("link-lost");
  ChsTimeWindow window = draw_case_window (45);
  guint n;
  g_autofree ChsColumn *columns = chs_columns_new (model, CHS_PARAM_HR, &window, 450.0, &n);

  ck_assert_uint_eq (n, 450);
  for (guint i = 0; i < 399; i++)
    ck_assert_msg (!isnan (columns[i].low) && columns[i].low <= columns[i].high, "column %u", i);
  for (guint i = 402; i < 450; i++) /* the link was lost at minute 40 */
    ck_assert_msg (isnan (columns[i].low), "column %u", i);
}
END_TEST

static Suite *
chart_suite (void)
{
  Suite *suite = suite_create ("draw-chart");
  TCase *tc = tcase_create ("chart");

  draw_case_use_fonts ();
  tcase_add_loop_test (tc, steps_are_nice, 0, G_N_ELEMENTS (steps));
  tcase_add_test (tc, time_and_place_are_inverse);
  tcase_add_test (tc, time_runs_left_to_right);
  tcase_add_test (tc, flags_never_overlap);
  tcase_add_loop_test (tc, any_size_is_survived, 0, (int) n_draw_cases);
  tcase_add_test (tc, scores_are_told_in_words);
  tcase_add_test (tc, columns_keep_gaps_and_extremes);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (chart_suite)

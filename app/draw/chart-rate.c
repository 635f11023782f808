/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/chart-private.h"

#include <math.h>
#include <string.h>

/* The lower half: what flows, as filled steps, one colour a pump. */

static int64_t
step_end (const ChsPumpView *pump, guint i, const ChsTimeWindow *window)
{
  return i + 1 < pump->n_steps ? pump->steps[i + 1].t_us : window->now_us;
}

/* The rate at which a bag's drug reaches its hard limit, NAN = not known. The dose rate is proportional to the flow. */
static double
hard_rate (const ChsDose *dose)
{
  const double pairs[][2] = {
    { dose->mg_mmol_min, dose->mg_hard },
    { dose->ketamine_mg_kg_h, dose->ketamine_hard },
    { dose->lidocaine_mg_kg_h, dose->lidocaine_hard },
  };
  double least = NAN;

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (dose->flow_ml_h > 0.0 && pairs[i][0] > 0.0 && pairs[i][1] > 0.0)
      least = fmin (least, dose->flow_ml_h * pairs[i][1] / pairs[i][0]);
  return least;
}

static double
hard_rate_of (const ChsChairModel *model, const ChsPumpView *pump)
{
  const ChsDose *dose = chs_chair_model_find_dose (model, pump->source, pump->channel);

  return dose != NULL ? hard_rate (dose) : (double) NAN;
}

/* What is planned to flow at this pump; NULL without steps. */
static const ChsTherapy *
plan_of (const ChsChairModel *model, const ChsPumpView *pump)
{
  const ChsDose *dose = chs_chair_model_find_dose (model, pump->source, pump->channel);

  return dose != NULL && dose->therapy->n_steps > 0 ? dose->therapy : NULL;
}

void
chs_chart_span_rates (ChsChart *chart)
{
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chart->model, &n);
  double most = 0.0, line = chs_line (chart->theme, CHS_EM_AXIS);

  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < pumps[i].n_steps; k++)
      if (chs_is_shown (chart, pumps[i].steps[k].t_us, step_end (&pumps[i], k, chart->window)))
        most = fmax (most, (double) pumps[i].steps[k].flow_ml_h);
  most = most > 0.0 ? most : 100.0;
  /* the hard limit belongs on the axis when it is near enough to matter */
  for (guint i = 0; i < n; i++) {
    double hard = hard_rate_of (chart->model, &pumps[i]);

    if (hard < 1.6 * most)
      most = fmax (most, hard);
    if (plan_of (chart->model, &pumps[i]) != NULL)
      most = fmax (most, chs_therapy_highest_ml_h (plan_of (chart->model, &pumps[i])));
  }
  chart->r_step = chs_nice_step (most * 1.05, (int) CLAMP (chart->rate.h / (1.2 * line), 1.0, 6.0));
  chart->r_high = most * 1.12;
}

static void
draw_steps (ChsChart *chart, const ChsPumpView *pump, guint index, guint n_pumps)
{
  ChsColour colour = chs_pump_colour (chart->theme, index);
  double thick = MAX (2.0, chs_mm (chart->theme, 0.45)), foot = chart->rate.y + chart->rate.h;

  for (guint k = 0; k < pump->n_steps; k++) {
    double flow = (double) pump->steps[k].flow_ml_h, x0, x1, y;
    int64_t to_us = step_end (pump, k, chart->window);

    if (isnan (flow) || !chs_is_shown (chart, pump->steps[k].t_us, to_us))
      continue;
    x0 = chs_chart_px (chart, pump->steps[k].t_us);
    x1 = chs_chart_px (chart, to_us);
    y = chs_rate_y (chart, flow);
    chs_colour (chart->cr, colour, n_pumps > 1 ? 0.22 : 0.32);
    cairo_rectangle (chart->cr, x0, y, x1 - x0, foot - y);
    cairo_fill (chart->cr);
    chs_colour (chart->cr, colour, 1.0);
    cairo_rectangle (chart->cr, x0, MIN (y - thick / 2.0, foot - thick), MAX (1.0, x1 - x0), thick);
    if (k > 0 && !isnan (pump->steps[k - 1].flow_ml_h)) { /* the riser */
      double before = chs_rate_y (chart, (double) pump->steps[k - 1].flow_ml_h);

      cairo_rectangle (chart->cr, x0 - thick / 2.0, MIN (y, before), thick, fabs (before - y));
    }
    cairo_fill (chart->cr);
  }
}

/* ---- what is planned ---- */

/* The planned rate over a stretch in which the pump runs, as a dashed line; steps go by the minutes it has run. */
static void
draw_plan_piece (ChsChart *chart, const ChsTherapy *plan, int64_t from_us, int64_t to_us, int64_t ran_us)
{
  for (guint i = 0; i < plan->n_steps; i++) {
    bool is_last = i + 1u == plan->n_steps;
    int64_t begin = from_us + (int64_t) ((double) plan->steps[i].from_min * 60e6) - ran_us;
    int64_t end = is_last ? to_us : MIN (to_us, from_us + (int64_t) ((double) plan->steps[i + 1].from_min * 60e6) - ran_us);
    double y = chs_snap (chs_rate_y (chart, (double) plan->steps[i].rate_ml_h)) + 0.5;

    begin = MAX (begin, from_us);
    if (begin >= end || !chs_is_shown (chart, begin, end))
      continue;
    if (i > 0 && begin > from_us)
      cairo_line_to (chart->cr, chs_chart_px (chart, begin), y);
    else
      cairo_move_to (chart->cr, chs_chart_px (chart, begin), y);
    cairo_line_to (chart->cr, chs_chart_px (chart, end), y);
  }
}

/* Where the next step will be, its rate is written over it. */
static void
name_next_step (ChsChart *chart, const ChsDose *dose, ChsColour colour)
{
  double next_min, rate;
  int64_t at_us;
  g_autofree char *words = NULL;
  ChsRect box;

  chs_therapy_planned_ml_h (dose->therapy, (double) dose->run_us / 60e6, &next_min);
  if (isnan (next_min) || !(dose->flow_ml_h > 0))
    return;
  at_us = chart->window->now_us + (int64_t) (next_min * 60e6) - dose->run_us;
  if (at_us >= chart->window->to_us)
    return;
  rate = chs_therapy_planned_ml_h (dose->therapy, next_min, NULL);
  words = chs_words_rate (rate);
  box = (ChsRect) { chs_chart_px (chart, at_us) + chs_mm (chart->theme, 0.8), chs_rate_y (chart, rate) + chs_mm (chart->theme, 0.4),
                    4.0 * chs_em (chart->theme, CHS_EM_AXIS), chs_line (chart->theme, CHS_EM_AXIS) };
  box.w = MIN (box.w, chart->rate.x + chart->rate.w - box.x);
  if (box.w > chs_em (chart->theme, CHS_EM_AXIS) && box.y + box.h < chart->rate.y + chart->rate.h)
    chs_text (chart->cr, chart->theme, &(ChsFont) { CHS_EM_AXIS, false, colour }, words, &box, CHS_ALIGN_LEFT);
}

static void
draw_plan (ChsChart *chart, const ChsPumpView *pump, guint index)
{
  const double dashes[] = { 5.0, 4.0 };
  const ChsDose *dose = chs_chair_model_find_dose (chart->model, pump->source, pump->channel);
  ChsColour colour = chs_pump_colour (chart->theme, index);
  int64_t ran_us = 0;

  if (dose == NULL || dose->therapy->n_steps == 0)
    return;
  cairo_save (chart->cr);
  cairo_new_path (chart->cr);
  for (guint k = 0; k < pump->n_steps; k++) {
    int64_t to_us = step_end (pump, k, chart->window);
    bool runs_on = k + 1 == pump->n_steps && pump->steps[k].flow_ml_h > 0;

    if (!(pump->steps[k].flow_ml_h > 0))
      continue;
    draw_plan_piece (chart, dose->therapy, pump->steps[k].t_us, runs_on ? chart->window->to_us : to_us, ran_us);
    ran_us += to_us - pump->steps[k].t_us;
  }
  cairo_set_dash (chart->cr, dashes, 2, 0.0);
  cairo_set_line_width (chart->cr, MAX (1.0, chs_mm (chart->theme, 0.25)));
  chs_colour (chart->cr, colour, 1.0);
  cairo_stroke (chart->cr);
  cairo_restore (chart->cr);
  name_next_step (chart, dose, colour);
}

/* A stretch in which nobody knows what flows. */
static void
draw_unknown (ChsChart *chart, const ChsPumpView *pump, guint index)
{
  for (guint k = 0; k < pump->n_steps; k++) {
    int64_t to_us = step_end (pump, k, chart->window);
    double x0, x1;

    if (!isnan (pump->steps[k].flow_ml_h) || !chs_is_shown (chart, pump->steps[k].t_us, to_us))
      continue;
    x0 = chs_chart_px (chart, pump->steps[k].t_us);
    x1 = chs_chart_px (chart, to_us);
    chs_hatch (chart->cr, &(ChsRect) { x0, chart->rate.y, x1 - x0, chart->rate.h }, chart->theme, chs_pump_colour (chart->theme, index));
  }
}

static void
draw_hard_limit (ChsChart *chart, const ChsPumpView *pump, guint index, GArray *labels)
{
  const double dots[] = { 1.5, 4.0 };
  double hard = hard_rate_of (chart->model, pump), y;

  if (isnan (hard) || hard > chart->r_high)
    return;
  y = chs_snap (chs_rate_y (chart, hard)) + 0.5;
  cairo_save (chart->cr);
  cairo_set_dash (chart->cr, dots, 2, 0.0);
  cairo_set_line_width (chart->cr, MAX (1.0, chs_mm (chart->theme, 0.25)));
  chs_colour (chart->cr, chs_pump_colour (chart->theme, index), 1.0);
  cairo_move_to (chart->cr, chart->rate.x, y);
  cairo_line_to (chart->cr, chart->rate.x + chart->rate.w, y);
  cairo_stroke (chart->cr);
  cairo_restore (chart->cr);
  chs_gutter_add (labels, y, chart->theme->palette.label, false, g_strdup_printf (chs_tr (chart->theme, N_ ("limit %.0f")), hard));
}

/* Whose rates are no medical device's: said where they are drawn. */
static void
draw_bench (ChsChart *chart, const ChsPumpView *pumps, guint n)
{
  ChsRect box = { chart->rate.x + chs_mm (chart->theme, 1.0), chart->rate.y + chs_mm (chart->theme, 1.0),
                  chs_em (chart->theme, CHS_EM_AXIS) * 4.0, chs_line (chart->theme, CHS_EM_AXIS) };

  for (guint i = 0; i < n; i++)
    if (chs_chair_model_is_bench (chart->model, pumps[i].source)) {
      chs_badge (chart->cr, &box, chart->theme, chs_tr (chart->theme, N_ ("LAB")), chs_pump_colour (chart->theme, i));
      box.x += box.w + chs_mm (chart->theme, 1.0);
    }
}

void
chs_chart_draw_rates (ChsChart *chart)
{
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chart->model, &n);
  g_autoptr (GArray) labels = chs_gutter_new ();

  for (guint i = n; i > 0; i--) { /* the first pump lies on top */
    draw_unknown (chart, &pumps[i - 1], i - 1);
    draw_steps (chart, &pumps[i - 1], i - 1, n);
  }
  for (guint i = 0; i < n; i++) {
    double now = pumps[i].n_steps > 0 ? (double) pumps[i].steps[pumps[i].n_steps - 1].flow_ml_h : (double) NAN;

    draw_hard_limit (chart, &pumps[i], i, labels);
    draw_plan (chart, &pumps[i], i);
    if (!isnan (now) && chs_is_shown (chart, chart->window->now_us, chart->window->now_us))
      chs_gutter_add (labels, chs_rate_y (chart, now), chs_pump_colour (chart->theme, i), true, chs_words_rate (now));
  }
  chs_gutter_draw (chart, &chart->rate, labels);
  draw_bench (chart, pumps, n);
}

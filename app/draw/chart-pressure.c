/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/chart-private.h"

#include <math.h>
#include <string.h>

/* The upper half: cuff readings as I-beams, an arterial line as a band, baseline and limits. */

/* An alarm belongs to the newest reading at its time; the reading's values arrive within this. */
#define ALARM_SLACK_US (3 * CHS_US_PER_S)
#define ALARM_REACH_US (20 * CHS_US_PER_MIN) /* an older reading is not what alarmed; own choice */

/* ---- baseline and limits ---- */

static void
draw_level (ChsChart *chart, double mmhg, ChsColour colour, const double *dashes, int n_dashes)
{
  double y = chs_snap (chs_pressure_y (chart, mmhg)) + 0.5;

  cairo_save (chart->cr);
  cairo_set_dash (chart->cr, dashes, n_dashes, 0.0);
  cairo_set_line_width (chart->cr, MAX (1.0, chs_mm (chart->theme, 0.22)));
  chs_colour (chart->cr, colour, 0.9);
  cairo_move_to (chart->cr, chart->pressure.x, y);
  cairo_line_to (chart->cr, chart->pressure.x + chart->pressure.w, y);
  cairo_stroke (chart->cr);
  cairo_restore (chart->cr);
}

static void
draw_references (ChsChart *chart)
{
  const ChsPalette *p = &chart->theme->palette;
  const double dots[] = { 1.5, 4.0 }, dashes[] = { 9.0, 6.0 };
  ChsLimits limits = chs_engine_get_limits (chs_chair_model_get_engine (chart->model), CHS_PARAM_NIBP_SYS);
  double baseline = chs_baseline_of (chart->model, CHS_PARAM_NIBP_SYS);
  g_autoptr (GArray) labels = chs_gutter_new ();

  if (!isnan (limits.high)) {
    draw_level (chart, limits.high, p->label, dots, 2);
    chs_gutter_add (labels, chs_pressure_y (chart, limits.high), p->label, false,
                    g_strdup_printf (chs_tr (chart->theme, N_ ("high %.0f")), limits.high));
  }
  if (!isnan (limits.low)) {
    draw_level (chart, limits.low, p->label, dots, 2);
    chs_gutter_add (labels, chs_pressure_y (chart, limits.low), p->label, false,
                    g_strdup_printf (chs_tr (chart->theme, N_ ("low %.0f")), limits.low));
  }
  if (!isnan (baseline)) {
    draw_level (chart, baseline, p->text, dashes, 2);
    chs_gutter_add (labels, chs_pressure_y (chart, baseline), p->text, true,
                    g_strdup_printf (chs_tr (chart->theme, N_ ("base %.0f")), baseline));
  }
  chs_gutter_draw (chart, &chart->pressure, labels);
}

/* ---- an arterial line ---- */

static void
draw_band (ChsChart *chart)
{
  double thick = MAX (1.5, chs_mm (chart->theme, 0.3)), width = chart->pressure.w;
  guint n;
  g_autofree ChsColumn *sys = chs_columns_new (chart->model, CHS_PARAM_ABP_SYS, chart->window, width, &n);
  g_autofree ChsColumn *dia = chs_columns_new (chart->model, CHS_PARAM_ABP_DIA, chart->window, width, &n);
  g_autofree ChsColumn *mean = chs_columns_new (chart->model, CHS_PARAM_ABP_MEAN, chart->window, width, &n);
  ChsColour colour = chart->theme->palette.nibp;

  for (int layer = 0; layer < 3; layer++) {
    for (guint i = 0; i < n; i++) {
      double x = chart->pressure.x + i, top = chs_pressure_y (chart, sys[i].high), foot = chs_pressure_y (chart, dia[i].low);

      if (layer == 0 && !isnan (sys[i].high) && !isnan (dia[i].low))
        cairo_rectangle (chart->cr, x, top, 1.0, foot - top);
      else if (layer == 1 && !isnan (sys[i].high) && !isnan (dia[i].low)) {
        cairo_rectangle (chart->cr, x, top, 1.0, thick);
        cairo_rectangle (chart->cr, x, foot - thick, 1.0, thick);
      } else if (layer == 2 && !isnan (mean[i].low)) {
        double y = chs_pressure_y (chart, (double) (mean[i].low + mean[i].high) / 2.0);

        cairo_rectangle (chart->cr, x, y - thick * 0.75, 1.0, thick * 1.5);
      }
    }
    chs_colour (chart->cr, colour, layer == 0 ? 0.22 : layer == 1 ? 0.75 : 1.0);
    cairo_fill (chart->cr);
  }
}

/* ---- cuff readings ---- */

/* How wide a beam may be so that neighbours do not touch: by the mean distance, so that one repeated reading does not
 * make all of them thin. */
static double
beam_half_width (ChsChart *chart, const ChsCuffReading *cuffs, guint n)
{
  double first = NAN, last = NAN;
  guint count = 0;

  for (guint i = 0; i < n; i++)
    if (!cuffs[i].failed && chs_is_shown (chart, cuffs[i].t_us, cuffs[i].t_us)) {
      last = chs_chart_px (chart, cuffs[i].t_us);
      first = count++ == 0 ? last : first;
    }
  if (count < 2)
    return chs_mm (chart->theme, 1.1);
  return CLAMP ((last - first) / (count - 1) * 0.36, 1.0, chs_mm (chart->theme, 1.1));
}

static bool
is_doubtful (const ChsCuffReading *cuff)
{
  return cuff->quality == CHS_QUALITY_QUESTIONABLE || (cuff->flags & CHS_FLAG_ESTIMATED) != 0;
}

/* Solid: to be believed. Hollow and dashed: the device doubts it, or the time is not known. */
static void
draw_beam (ChsChart *chart, const ChsCuffReading *cuff, double half)
{
  double x = chs_chart_px (chart, cuff->t_us), y_sys = chs_pressure_y (chart, cuff->sys), y_dia = chs_pressure_y (chart, cuff->dia);
  double thick = CLAMP (half * 0.45, 1.0, chs_mm (chart->theme, 0.42));
  const double dashes[] = { thick * 1.5, thick * 1.5 };
  bool is_soft = is_doubtful (cuff) || cuff->time_mark == CHS_TIME_MARK_UNKNOWN || (cuff->flags & CHS_FLAG_DEMO);
  ChsColour colour = is_soft ? chart->theme->palette.label : chart->theme->palette.nibp;

  chs_colour (chart->cr, colour, 1.0);
  if (isnan (cuff->sys) || isnan (cuff->dia)) { /* one half of a reading: its dash alone */
    double y = isnan (cuff->sys) ? y_dia : y_sys;

    if (!isnan (y))
      cairo_rectangle (chart->cr, x - half, y - thick / 2.0, 2.0 * half, thick);
    cairo_fill (chart->cr);
    return;
  }
  cairo_rectangle (chart->cr, x - half, y_sys - thick / 2.0, 2.0 * half, thick);
  cairo_rectangle (chart->cr, x - half, y_dia - thick / 2.0, 2.0 * half, thick);
  cairo_fill (chart->cr);
  cairo_save (chart->cr);
  cairo_set_line_width (chart->cr, thick);
  if (is_soft)
    cairo_set_dash (chart->cr, dashes, 2, 0.0);
  cairo_move_to (chart->cr, x, y_sys);
  cairo_line_to (chart->cr, x, y_dia);
  cairo_stroke (chart->cr);
  cairo_restore (chart->cr);
  if (!isnan (cuff->mean)) {
    double y = chs_pressure_y (chart, cuff->mean), r = half * 0.55;

    cairo_rectangle (chart->cr, x - r, y - r, 2.0 * r, 2.0 * r);
    if (is_soft) {
      chs_colour (chart->cr, chart->theme->palette.panel, 1.0);
      cairo_fill_preserve (chart->cr);
      chs_colour (chart->cr, colour, 1.0);
      cairo_set_line_width (chart->cr, MAX (1.0, thick * 0.6));
      cairo_stroke (chart->cr);
    } else
      cairo_fill (chart->cr);
  }
}

/* A word over a beam that must not be read as an ordinary one. */
static void
draw_beam_word (ChsChart *chart, const ChsCuffReading *cuff, double half)
{
  const ChsFont font = { CHS_EM_AXIS, true, chart->theme->palette.label };
  double line = chs_line (chart->theme, CHS_EM_AXIS) * 0.9, x = chs_chart_px (chart, cuff->t_us);
  const char *word = is_doubtful (cuff) || cuff->time_mark == CHS_TIME_MARK_UNKNOWN ? "?" : "";

  if (word[0] == '\0' || half < chs_mm (chart->theme, 0.6) || isnan (cuff->sys))
    return;
  chs_text (chart->cr, chart->theme, &font, word,
            &(ChsRect) { x - line / 2.0, MAX (chart->pressure.y, chs_pressure_y (chart, cuff->sys) - line), line, line }, CHS_ALIGN_CENTRE);
}

/* A measurement that gave nothing: a cross at the foot, where there is never a value. */
static void
draw_failed (ChsChart *chart, const ChsCuffReading *cuff, double half)
{
  double x = chs_chart_px (chart, cuff->t_us), r = CLAMP (half * 0.8, chs_mm (chart->theme, 0.5), chs_mm (chart->theme, 0.8));
  double y = chart->pressure.y + chart->pressure.h - r * 1.8;

  chs_colour (chart->cr, chart->theme->palette.label, 1.0);
  cairo_set_line_width (chart->cr, MAX (1.0, chs_mm (chart->theme, 0.3)));
  cairo_move_to (chart->cr, x - r, y - r);
  cairo_line_to (chart->cr, x + r, y + r);
  cairo_move_to (chart->cr, x - r, y + r);
  cairo_line_to (chart->cr, x + r, y - r);
  cairo_stroke (chart->cr);
}

/* The priority that a reading carried, NONE when it raised no alarm. */
static ChsPriority
priority_of (ChsChart *chart, const ChsCuffReading *cuffs, guint n, guint i)
{
  guint n_marks;
  const ChsMark *marks = chs_chair_model_get_marks (chart->model, &n_marks);
  int64_t from_us = cuffs[i].t_us - ALARM_SLACK_US;
  int64_t to_us = cuffs[i].t_us + ALARM_REACH_US;
  ChsPriority priority = CHS_PRIORITY_NONE;

  for (guint k = i + 1; k < n; k++)
    if (!cuffs[k].failed) {
      to_us = MIN (to_us, cuffs[k].t_us - ALARM_SLACK_US);
      break;
    }
  for (guint k = 0; k < n_marks; k++)
    if (marks[k].kind == CHS_MARK_ALARM && chs_is_pressure (marks[k].param) && marks[k].t_us >= from_us && marks[k].t_us < to_us)
      priority = MAX (priority, (ChsPriority) marks[k].priority);
  return priority;
}

static void
draw_outline (ChsChart *chart, const ChsCuffReading *cuff, double half, ChsPriority priority)
{
  ChsColour colour = chart->theme->palette.alarm_fill[priority];
  const ChsFont font = { CHS_EM_AXIS, true, colour };
  double x = chs_chart_px (chart, cuff->t_us), pad = chs_mm (chart->theme, 0.7), line = chs_line (chart->theme, CHS_EM_AXIS);
  double top = chs_pressure_y (chart, cuff->sys) - pad, foot = chs_pressure_y (chart, cuff->dia) + pad;
  double wide = MAX (half, 2.0) + pad * 0.8;
  ChsRect frame = { x - wide, top, 2.0 * wide, foot - top };
  ChsRect word = { x - line, top - line, 2.0 * line, line };
  ChsFont readable = font;

  if (word.y < chart->pressure.y)
    word.y = foot;
  /* deep red letters on a dark ground cannot be read: the shape stands on its colour */
  readable.colour = chart->theme->palette.alarm_text[priority];
  chs_rounded (chart->cr, &frame, pad);
  chs_colour (chart->cr, colour, 1.0);
  cairo_set_line_width (chart->cr, MAX (2.0, chs_mm (chart->theme, 0.45)));
  cairo_stroke (chart->cr);
  word = (ChsRect) { x - line * 0.55, word.y + line * 0.04, line * 1.1, line * 0.9 };
  chs_rounded (chart->cr, &word, pad * 0.7);
  chs_colour (chart->cr, colour, 1.0);
  cairo_fill (chart->cr);
  chs_text (chart->cr, chart->theme, &readable, chs_words_priority (priority), &word, CHS_ALIGN_CENTRE);
}

static void
draw_cuffs (ChsChart *chart)
{
  guint n;
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (chart->model, &n);
  double half = beam_half_width (chart, cuffs, n);

  for (guint i = 0; i < n; i++) {
    ChsPriority priority;

    if (!chs_is_shown (chart, cuffs[i].t_us, cuffs[i].t_us))
      continue;
    if (cuffs[i].failed) {
      draw_failed (chart, &cuffs[i], half);
      continue;
    }
    draw_beam (chart, &cuffs[i], half);
    draw_beam_word (chart, &cuffs[i], half);
    priority = priority_of (chart, cuffs, n, i);
    if (priority != CHS_PRIORITY_NONE && !isnan (cuffs[i].sys) && !isnan (cuffs[i].dia))
      draw_outline (chart, &cuffs[i], half, priority);
  }
}

/* An empty half must not look like a quiet one. */
static void
draw_emptiness (ChsChart *chart)
{
  const ChsFont font = { CHS_EM_NOTE, false, chart->theme->palette.label };
  guint n_cuffs, n_points, seen = 0;
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (chart->model, &n_cuffs);
  const ChsPoint *points = chs_chair_model_get_trend (chart->model, CHS_PARAM_ABP_SYS, &n_points);

  for (guint i = 0; i < n_cuffs && seen == 0; i++)
    seen += chs_is_shown (chart, cuffs[i].t_us, cuffs[i].t_us);
  for (guint i = 0; i < n_points && seen == 0; i++)
    seen += chs_is_shown (chart, points[i].t_us, points[i].t_us);
  if (seen == 0)
    chs_text (chart->cr, chart->theme, &font, chs_tr (chart->theme, N_ ("No pressure reading in this window")), &chart->pressure,
              CHS_ALIGN_CENTRE);
}

static bool
is_demo (const ChsChairModel *model)
{
  guint n;
  const ChsLinkInfo *links = chs_chair_model_get_links (model, &n);

  for (guint i = 0; i < n; i++)
    if (links[i].demo)
      return true;
  return false;
}

void
chs_chart_draw_pressure (ChsChart *chart)
{
  guint n;

  draw_references (chart);
  chs_chair_model_get_trend (chart->model, CHS_PARAM_ABP_SYS, &n);
  if (n > 0)
    draw_band (chart);
  draw_cuffs (chart);
  draw_emptiness (chart);
  if (is_demo (chart->model)) {
    double line = chs_line (chart->theme, CHS_EM_AXIS);
    ChsRect box = { chart->pressure.x + chs_mm (chart->theme, 1.0), chart->pressure.y + chs_mm (chart->theme, 1.0),
                    chs_em (chart->theme, CHS_EM_AXIS) * 4.0, line };

    chs_badge (chart->cr, &box, chart->theme, chs_tr (chart->theme, N_ ("DEMO")), chart->theme->palette.text);
  }
}

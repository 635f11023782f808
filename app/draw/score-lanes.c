/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include <math.h>

/* NEWS2 and shock index under the trends: compact lanes, since a score is a hint and no measurement. A score with parts
 * missing is a hollow dot, and its figure says "at least". */

#define LANE_MM 4.4 /* a figure of CHS_EM_AXIS and air */
#define DOT_MM 0.8

typedef struct {
  const char *label;
  double      low, high, grow; /* the scale stands still unless a value leaves it upwards */
  const char *limit;           /* key of the profile: a dotted line */
} Lane;

static const Lane lanes[] = {
  { "NEWS", 0.0, 10.0, 5.0, "news2.low" }, /* for its "2" there is no room */
  /* Translators: shock index (pulse / systolic pressure), at most four letters */
  { N_ ("SI"), 0.4, 1.2, 0.4, NULL },
};

static double
value_of (guint lane, const ChsScores *row)
{
  return lane == 0 ? (double) row->news2.total : row->shock_index;
}

static bool
is_partial (guint lane, const ChsScores *row)
{
  return lane == 0 && row->news2.known < CHS_N_NEWS2;
}

static const ChsScores *
newest_until (const ChsChairModel *model, int64_t until_us)
{
  guint n;
  const ChsScores *rows = chs_chair_model_get_scores (model, &n);

  while (n > 0 && rows[n - 1].t_us > until_us)
    n--;
  return n > 0 ? &rows[n - 1] : NULL;
}

double
chs_score_lanes_height (const ChsChairModel *model, const ChsTheme *theme)
{
  guint n;

  chs_chair_model_get_scores (model, &n);
  return n > 0 ? G_N_ELEMENTS (lanes) * chs_em (theme, LANE_MM) : 0.0;
}

void
chs_lane_edge (cairo_t *cr, const ChsRect *rect, double y, const ChsTheme *theme)
{
  chs_colour (cr, theme->palette.grid, 1.0);
  cairo_rectangle (cr, rect->x + chs_mm (theme, CHS_PAD), chs_snap (y), rect->w - 2.0 * chs_mm (theme, CHS_PAD), 1.0);
  cairo_fill (cr);
}

/* ---- drawing ---- */

typedef struct {
  cairo_t             *cr;
  const ChsChairModel *model;
  const ChsTimeWindow *window;
  const ChsTheme      *theme;
  const ChsRect       *rect; /* of the trends */
  ChsRect              plot;
  guint                lane;
  double               high; /* of the scale */
} Picture;

static double
lane_y (const Picture *picture, double value)
{
  double low = lanes[picture->lane].low, part = (CLAMP (value, low, picture->high) - low) / (picture->high - low);

  return picture->plot.y + picture->plot.h * (1.0 - part);
}

static void
draw_limit (const Picture *picture)
{
  const double dots[] = { 1.5, 4.0 };
  const char *key = lanes[picture->lane].limit;
  double limit = key != NULL ? chs_profile_get (chs_chair_model_get_profile (picture->model), key) : (double) NAN;

  if (isnan (limit))
    return;
  cairo_save (picture->cr);
  cairo_set_dash (picture->cr, dots, 2, 0.0);
  cairo_set_line_width (picture->cr, 1.0);
  chs_colour (picture->cr, picture->theme->palette.label, 0.8);
  cairo_move_to (picture->cr, picture->plot.x, chs_snap (lane_y (picture, limit)) + 0.5);
  cairo_line_to (picture->cr, picture->plot.x + picture->plot.w, chs_snap (lane_y (picture, limit)) + 0.5);
  cairo_stroke (picture->cr);
  cairo_restore (picture->cr);
}

static void
draw_dot (const Picture *picture, double x, double y, bool is_hollow)
{
  const ChsPalette *p = &picture->theme->palette;
  double r = chs_mm (picture->theme, DOT_MM), line = chs_mm (picture->theme, 0.3);

  cairo_new_sub_path (picture->cr);
  cairo_arc (picture->cr, x, y, r - line / 2.0, 0.0, 2.0 * G_PI);
  chs_colour (picture->cr, is_hollow ? p->panel : p->text, 1.0);
  cairo_fill_preserve (picture->cr);
  chs_colour (picture->cr, p->text, 1.0);
  cairo_set_line_width (picture->cr, line);
  cairo_stroke (picture->cr);
}

/* @dots: the dots, or the line that leads the eye from one to the next. */
static void
draw_rows (const Picture *picture, bool dots)
{
  guint n;
  const ChsScores *rows = chs_chair_model_get_scores (picture->model, &n);
  bool has_before = false;

  cairo_new_path (picture->cr);
  for (guint i = 0; i < n; i++) {
    double value = value_of (picture->lane, &rows[i]), x = chs_chart_x (picture->rect, picture->window, picture->theme, rows[i].t_us);
    bool is_shown = !isnan (value) && rows[i].t_us >= picture->window->from_us && rows[i].t_us <= picture->window->to_us;

    if (is_shown && dots)
      draw_dot (picture, x, lane_y (picture, value), is_partial (picture->lane, &rows[i]));
    else if (is_shown && has_before)
      cairo_line_to (picture->cr, x, lane_y (picture, value));
    else if (is_shown)
      cairo_move_to (picture->cr, x, lane_y (picture, value));
    has_before = is_shown;
  }
  if (dots)
    return;
  chs_colour (picture->cr, picture->theme->palette.label, 0.6);
  cairo_set_line_width (picture->cr, 1.0);
  cairo_stroke (picture->cr);
}

static double
scale_high (const ChsChairModel *model, guint lane)
{
  guint n;
  const ChsScores *rows = chs_chair_model_get_scores (model, &n);
  double high = lanes[lane].high;

  for (guint i = 0; i < n; i++)
    while (value_of (lane, &rows[i]) > high && high < 20.0) /* NAN is above nothing; NEWS2 ends at 20 */
      high += lanes[lane].grow;
  return high;
}

static char *
dup_figure (guint lane, const ChsScores *row)
{
  return lane == 0 ? chs_words_news2 (&row->news2) : chs_words_number (row->shock_index, 2);
}

static void
draw_names (const Picture *picture, const ChsRect *row)
{
  const ChsFont name = { CHS_EM_AXIS, true, picture->theme->palette.text };
  const ChsScores *newest = newest_until (picture->model, picture->window->to_us);
  const ChsRect *rect = picture->rect, *plot = &picture->plot;
  double pad = chs_mm (picture->theme, 0.8), x = plot->x + plot->w + pad;
  g_autofree char *figure = newest != NULL && !isnan (value_of (picture->lane, newest)) ? dup_figure (picture->lane, newest) : NULL;

  chs_text (picture->cr, picture->theme, &name, chs_tr (picture->theme, lanes[picture->lane].label),
            &(ChsRect) { rect->x + pad, row->y, plot->x - rect->x - 1.6 * pad, row->h }, CHS_ALIGN_LEFT);
  if (figure != NULL)
    chs_text (picture->cr, picture->theme, &name, figure, &(ChsRect) { x, row->y, rect->x + rect->w - x - pad, row->h }, CHS_ALIGN_LEFT);
}

void
chs_draw_score_lanes (cairo_t             *cr,
                      const ChsRect       *rest,
                      const ChsRect       *rect,
                      const ChsChairModel *model,
                      const ChsTimeWindow *window,
                      const ChsTheme      *theme)
{
  double x0 = chs_chart_x (rect, window, theme, window->from_us), x1 = chs_chart_x (rect, window, theme, window->to_us);
  double air = chs_mm (theme, DOT_MM) + 1.0;
  ChsRect room = *rest;

  for (guint i = 0; i < G_N_ELEMENTS (lanes); i++) {
    ChsRect row = chs_cut_top (&room, rest->h / G_N_ELEMENTS (lanes));
    Picture picture = { cr, model, window, theme, rect, { chs_snap (x0), row.y + air, x1 - x0, row.h - 2.0 * air }, i, scale_high (model, i) };

    chs_lane_edge (cr, rect, row.y, theme);
    draw_limit (&picture);
    draw_rows (&picture, false);
    draw_rows (&picture, true);
    draw_names (&picture, &row);
  }
}

/* ---- words ---- */

char *
chs_words_news2 (const ChsNews2 *news2)
{
  return g_strdup_printf (news2->known < CHS_N_NEWS2 ? "≥%u" : "%u", news2->total);
}

static char *
dup_missing (const ChsNews2 *news2, const ChsTheme *theme)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < CHS_N_NEWS2; i++)
    if (news2->points[i] < 0)
      g_string_append_printf (ids, "%s%s", ids->len > 0 ? "," : "", chs_news2_part_id ((ChsNews2Part) i));
  return chs_words_missing (ids->str, theme);
}

char *
chs_scores_text (const ChsChairModel *model, int64_t until_us, const ChsTheme *theme)
{
  const ChsScores *row = newest_until (model, until_us);
  GString *text = g_string_new (NULL);
  g_autofree char *missing = row != NULL ? dup_missing (&row->news2, theme) : NULL;
  g_autofree char *index = row != NULL && !isnan (row->shock_index) ? chs_words_number (row->shock_index, 2) : NULL;

  if (row == NULL)
    return g_string_free (text, FALSE);
  if (row->news2.known == CHS_N_NEWS2)
    g_string_append_printf (text, chs_tr (theme, N_ ("NEWS2 %u")), row->news2.total);
  else /* Translators: an early warning score, of which parts were not measured: they are listed */
    g_string_append_printf (text, chs_tr (theme, N_ ("NEWS2 at least %u (not known: %s)")), row->news2.total, missing);
  if (index != NULL) {
    g_string_append (text, chs_words_comma (theme));
    g_string_append_printf (text, chs_tr (theme, N_ ("shock index %s")), index);
  }
  return g_string_free (text, FALSE);
}

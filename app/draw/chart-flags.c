/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/chart-private.h"

#include "devices/driver.h"

#include <math.h>
#include <string.h>

/* What happened, as flags between the halves: symptoms, alarms, phases, nurse's marks, short gaps, and rate changes,
 * whose dashed line ties both halves. Flags never overlap: the more important is placed first, then the newer; one
 * that finds no place becomes a dot on its time. */

#define MAX_FLAGS 400 /* more than a wide screen can show; the rest are old and unimportant */

/* Who is placed first. Own choice: what the nurse must relate to the pressure now. */
enum {
  RANK_UNDONE = 0,
  RANK_CLOCK,
  RANK_PHASE,
  RANK_GAP,
  RANK_NURSE,
  RANK_ALARM_LOW,
  RANK_SYMPTOM,
  RANK_ALARM_MEDIUM,
  RANK_RATE, /* the cause; the alarm's words stand in the bar as well */
  RANK_ALARM_HIGH,
  RANK_REACTION,
};

typedef struct {
  int64_t   t_us;
  int       rank;
  char     *text;
  ChsColour ground, ink;
  bool      is_framed; /* frame instead of fill */
  bool      is_rate;
  bool      is_struck;
} Flag;

static void
flag_clear (gpointer data)
{
  g_free (((Flag *) data)->text);
}

static int
by_rank (gconstpointer a, gconstpointer b)
{
  const Flag *fa = a, *fb = b;

  if (fa->rank != fb->rank)
    return fb->rank - fa->rank;
  return fa->t_us < fb->t_us ? 1 : fa->t_us > fb->t_us ? -1 : 0;
}

static int
rank_of (const ChsMark *mark)
{
  if (mark->undone)
    return RANK_UNDONE;
  switch ((ChsMarkKind) mark->kind) {
  case CHS_MARK_ALARM:
    return mark->priority == CHS_PRIORITY_HIGH     ? RANK_ALARM_HIGH
           : mark->priority == CHS_PRIORITY_MEDIUM ? RANK_ALARM_MEDIUM
                                                   : RANK_ALARM_LOW;
  case CHS_MARK_SYMPTOM:
    return RANK_SYMPTOM;
  case CHS_MARK_REACTION:
    return RANK_REACTION;
  case CHS_MARK_PHASE:
    return RANK_PHASE;
  case CHS_MARK_CLOCK:
    return RANK_CLOCK;
  case CHS_MARK_NURSE:
  default:
    return RANK_NURSE;
  }
}

static void
dress (Flag *flag, const ChsMark *mark, const ChsTheme *theme)
{
  const ChsPalette *p = &theme->palette;
  guint priority = MIN (mark->priority, CHS_PRIORITY_HIGH);

  flag->ground = p->flag;
  flag->ink = p->text;
  flag->is_struck = mark->undone;
  if (mark->kind == CHS_MARK_ALARM && priority > CHS_PRIORITY_NONE) {
    flag->ground = p->alarm_fill[priority];
    flag->ink = p->alarm_text[priority];
  } else if (mark->kind == CHS_MARK_REACTION) {
    flag->ground = p->text;
    flag->ink = p->background;
  } else if (mark->kind != CHS_MARK_SYMPTOM) {
    flag->is_framed = true;
    flag->ink = p->label;
  }
}

static void
collect_marks (ChsChart *chart, GArray *flags)
{
  guint n;
  const ChsMark *marks = chs_chair_model_get_marks (chart->model, &n);

  for (guint i = n; i > 0 && flags->len < MAX_FLAGS; i--) {
    const ChsMark *mark = &marks[i - 1];
    Flag flag = { .t_us = mark->t_us, .rank = rank_of (mark) };
    g_autofree char *words = NULL;

    if (!chs_is_shown (chart, mark->t_us, mark->t_us))
      continue;
    words = chs_words_mark (chart->model, mark, chart->theme);
    flag.text = mark->kind == CHS_MARK_ALARM
                  ? g_strconcat (chs_words_priority ((ChsPriority) mark->priority), " ", words, NULL)
                  : g_steal_pointer (&words);
    dress (&flag, mark, chart->theme);
    g_array_append_val (flags, flag);
  }
}

static char *
rate_words (const ChsChart *chart, const ChsPumpView *pump, guint k)
{
  const char *unit = chs_tr (chart->theme, chs_unit_info (CHS_UNIT_ML_H)->label);
  g_autofree char *to = chs_words_rate ((double) pump->steps[k].flow_ml_h), *from = NULL;

  if (k == 0 || isnan (pump->steps[k - 1].flow_ml_h))
    return g_strdup_printf ("%s %s", to, unit);
  from = chs_words_rate ((double) pump->steps[k - 1].flow_ml_h);
  return g_strdup_printf ("%s → %s %s", from, to, unit);
}

static void
collect_rates (ChsChart *chart, GArray *flags)
{
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chart->model, &n);

  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < pumps[i].n_steps && flags->len < MAX_FLAGS; k++) {
      const ChsFlowStep *step = &pumps[i].steps[k];
      Flag flag = { .t_us = step->t_us, .rank = RANK_RATE, .is_rate = true, .ink = chs_pump_colour (chart->theme, i) };
      bool is_first_stand = step->flow_ml_h <= 0.0f && (k == 0 || isnan (pumps[i].steps[k - 1].flow_ml_h));

      if (isnan (step->flow_ml_h) || is_first_stand || !chs_is_shown (chart, step->t_us, step->t_us))
        continue;
      flag.text = rate_words (chart, &pumps[i], k);
      g_array_append_val (flags, flag);
    }
}

/* Gaps too narrow for their cause get a flag; the wide ones carry it inside. */
static void
collect_gaps (ChsChart *chart, GArray *flags)
{
  guint n;
  const ChsGap *gaps = chs_chair_model_get_gaps (chart->model, &n);
  const ChsFont font = { CHS_EM_AXIS, false, chart->theme->palette.label };

  for (guint i = n; i > 0 && flags->len < MAX_FLAGS; i--) {
    const ChsGap *gap = &gaps[i - 1];
    int64_t to_us = gap->to_us != CHS_TIME_NONE ? gap->to_us : chart->window->now_us;
    const char *why = chs_tr (chart->theme, gap->why);
    Flag flag = { .t_us = gap->from_us, .rank = RANK_GAP, .ink = chart->theme->palette.label, .is_framed = true };

    if (gap->param != CHS_PARAM_NONE || !chs_is_shown (chart, gap->from_us, gap->from_us))
      continue;
    if (chs_chart_px (chart, to_us) - chs_chart_px (chart, gap->from_us)
        >= chs_text_width (chart->cr, chart->theme, &font, why) + chs_mm (chart->theme, 1.0))
      continue;
    flag.text = g_strdup (why);
    g_array_append_val (flags, flag);
  }
}

/* ---- places ---- */

static bool
is_free (const GArray *taken, const ChsRect *rect)
{
  for (guint i = 0; i < taken->len; i++) {
    const ChsRect *t = &g_array_index (taken, ChsRect, i);

    if (rect->x < t->x + t->w - 0.5 && t->x < rect->x + rect->w - 0.5 && rect->y < t->y + t->h - 0.5
        && t->y < rect->y + rect->h - 0.5)
      return false;
  }
  return true;
}

bool
chs_place_flag (GArray *taken, const ChsRect *lanes, double lane_h, double x, double width, ChsRect *flag)
{
  for (double y = lanes->y; y + lane_h <= lanes->y + lanes->h + 0.5; y += lane_h)
    for (int side = 0; side < 2; side++) {
      *flag = (ChsRect) { side == 0 ? x : x - width, y, width, lane_h };
      if (flag->x >= lanes->x - 0.5 && flag->x + width <= lanes->x + lanes->w + 0.5 && is_free (taken, flag)) {
        g_array_append_val (taken, *flag);
        return true;
      }
    }
  return false;
}

static bool
place (ChsChart *chart, GArray *taken, const Flag *flag, ChsRect *out)
{
  const ChsFont font = { CHS_EM_AXIS, flag->rank >= RANK_ALARM_LOW, flag->ink };
  double pad = chs_mm (chart->theme, flag->is_rate ? 1.0 : 2.0), em = chs_em (chart->theme, CHS_EM_AXIS);
  double lane_h = chs_line (chart->theme, CHS_EM_AXIS) * CHS_LANE;
  double full = chs_text_width (chart->cr, chart->theme, &font, flag->text) + pad;
  double widths[] = { MIN (full, chart->lanes.w * 0.48), MIN (full, em * 7.0) };
  double x = chs_chart_px (chart, flag->t_us);

  if (flag->is_rate) /* beside the title of their half if they can */
    return chs_place_flag (taken, &chart->rate_title, lane_h, x, full, out)
           || chs_place_flag (taken, &chart->lanes, lane_h, x, full, out);
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    if (chs_place_flag (taken, &chart->lanes, lane_h, x, widths[i], out))
      return true;
  return false;
}

/* ---- the picture ---- */

/* The poles of rates run through both halves, but not through the words of the title. */
static void
draw_pole (ChsChart *chart, const Flag *flag, const ChsRect *place_of, const ChsRect *title)
{
  double x = chs_snap (chs_chart_px (chart, flag->t_us));
  const double dashes[] = { 4.0, 4.0 };

  chs_colour (chart->cr, flag->is_framed || flag->is_rate ? flag->ink : flag->ground, flag->is_rate ? 0.9 : 0.8);
  if (flag->is_rate) {
    cairo_save (chart->cr);
    cairo_set_dash (chart->cr, dashes, 2, 0.0);
    cairo_set_line_width (chart->cr, MAX (1.0, chs_mm (chart->theme, 0.28)));
    cairo_move_to (chart->cr, x + 0.5, chart->pressure.y);
    if (x > title->x && x < title->x + title->w) {
      cairo_line_to (chart->cr, x + 0.5, title->y);
      cairo_move_to (chart->cr, x + 0.5, title->y + title->h);
    }
    cairo_line_to (chart->cr, x + 0.5, chart->rate.y + chart->rate.h);
    cairo_stroke (chart->cr);
    cairo_restore (chart->cr);
    return;
  }
  cairo_rectangle (chart->cr, x - 0.5, chart->pressure.y + chart->pressure.h - chs_mm (chart->theme, 1.6), 2.0,
                   place_of->y - chart->pressure.y - chart->pressure.h + chs_mm (chart->theme, 1.8));
  cairo_fill (chart->cr);
}

static void
draw_flag (ChsChart *chart, const Flag *flag, const ChsRect *place_of)
{
  const ChsFont font = { CHS_EM_AXIS, flag->rank >= RANK_ALARM_LOW, flag->ink };
  ChsRect body = { place_of->x + 0.5, place_of->y + 1.0, place_of->w - 2.0, place_of->h - 2.0 };
  ChsRect inner = { body.x + chs_mm (chart->theme, 0.7), body.y, body.w - chs_mm (chart->theme, 1.2), body.h };
  double width;

  if (flag->is_rate) { /* a pause in the dashed line, so that the numbers can be read */
    chs_colour (chart->cr, chart->theme->palette.panel, 0.85);
    cairo_rectangle (chart->cr, body.x, body.y, body.w, body.h);
    cairo_fill (chart->cr);
  } else {
    chs_rounded (chart->cr, &body, chs_mm (chart->theme, 0.6));
    chs_colour (chart->cr, flag->is_framed ? chart->theme->palette.panel : flag->ground, 1.0);
    cairo_fill_preserve (chart->cr);
    chs_colour (chart->cr, flag->is_framed ? chart->theme->palette.panel_edge : flag->ground, 1.0);
    cairo_set_line_width (chart->cr, 1.0);
    cairo_stroke (chart->cr);
  }
  width = chs_text (chart->cr, chart->theme, &font, flag->text, &inner, CHS_ALIGN_LEFT);
  if (flag->is_struck) {
    chs_colour (chart->cr, flag->ink, 1.0);
    cairo_rectangle (chart->cr, inner.x, chs_snap (inner.y + inner.h / 2.0), width, 1.0);
    cairo_fill (chart->cr);
  }
}

static void
draw_dot (ChsChart *chart, const Flag *flag)
{
  double r = chs_mm (chart->theme, 0.6);
  bool is_loud = !flag->is_framed && flag->rank != RANK_SYMPTOM && flag->rank != RANK_UNDONE;

  chs_colour (chart->cr, is_loud ? flag->ground : flag->ink, 1.0);
  cairo_arc (chart->cr, chs_chart_px (chart, flag->t_us), chart->pressure.y + chart->pressure.h - r, r, 0.0, 2.0 * G_PI);
  cairo_fill (chart->cr);
}

/* The title of the lower half, and whose colour is whose. Returns: what it takes, which is not free for a flag. */
static ChsRect
draw_rate_title (ChsChart *chart)
{
  const ChsPalette *p = &chart->theme->palette;
  const ChsFont font = { CHS_EM_AXIS, true, p->text }, soft = { CHS_EM_AXIS, false, p->label };
  ChsRect row = { chart->rect.x + chs_mm (chart->theme, CHS_PAD), chart->rate_title.y,
                  chart->rect.w - 2.0 * chs_mm (chart->theme, CHS_PAD), chart->rate_title.h };
  const char *title = chs_tr (chart->theme, N_ ("Infusion rate"));
  const char *unit = chs_tr (chart->theme, chs_unit_info (CHS_UNIT_ML_H)->label);
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chart->model, &n);
  ChsRect whole, part;

  if (chart->theme->rtl) /* the figures of the limits stand at this side */
    row.w = chart->rate.x + chart->rate.w - chs_mm (chart->theme, CHS_PAD) - row.x;
  whole = row;
  part = chs_cut_start (&row, chs_text_width (chart->cr, chart->theme, &font, title) + 1.0, chart->theme);
  chs_text (chart->cr, chart->theme, &font, title, &part, CHS_ALIGN_START);
  chs_cut_start (&row, chs_mm (chart->theme, 1.2), chart->theme);
  part = chs_cut_start (&row, chs_text_width (chart->cr, chart->theme, &soft, unit) + 1.0, chart->theme);
  chs_text (chart->cr, chart->theme, &soft, unit, &part, CHS_ALIGN_START);
  for (guint i = 0; n > 1 && i < n; i++) {
    const ChsFont name = { CHS_EM_AXIS, true, chs_pump_colour (chart->theme, i) };
    g_autofree char *pump = chs_words_pump (chart->model, &pumps[i], chart->theme);
    const char *drug = chs_words_drug (chart->model, &pumps[i], chart->theme), *text = drug[0] != '\0' ? drug : pump;
    double width = MIN (chs_text_width (chart->cr, chart->theme, &name, text), whole.w * 0.16);

    if (row.w < whole.w * 0.12) /* the rest of the row is for what changed */
      break;
    chs_cut_start (&row, chs_mm (chart->theme, CHS_PAD), chart->theme);
    part = chs_cut_start (&row, width + 1.0, chart->theme);
    chs_text (chart->cr, chart->theme, &name, text, &part, CHS_ALIGN_START);
  }
  whole.w -= row.w - chs_mm (chart->theme, 1.5);
  if (chart->theme->rtl)
    whole.x = row.x + row.w - chs_mm (chart->theme, 1.5);
  return whole;
}

void
chs_chart_draw_flags (ChsChart *chart)
{
  g_autoptr (GArray) flags = g_array_new (FALSE, FALSE, sizeof (Flag));
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (ChsRect));
  g_autofree ChsRect *places = NULL;
  ChsRect title;

  g_array_set_clear_func (flags, flag_clear);
  collect_marks (chart, flags);
  collect_rates (chart, flags);
  collect_gaps (chart, flags);
  g_array_sort (flags, by_rank);
  title = draw_rate_title (chart);
  g_array_append_val (taken, title);
  places = g_new0 (ChsRect, flags->len + 1);
  for (guint i = 0; i < flags->len; i++)
    if (!place (chart, taken, &g_array_index (flags, Flag, i), &places[i]))
      places[i] = (ChsRect) { 0 };
  for (guint i = 0; i < flags->len; i++) {
    const Flag *flag = &g_array_index (flags, Flag, i);

    if (places[i].w > 0.0 || flag->is_rate)
      draw_pole (chart, flag, &places[i], &title);
    else
      draw_dot (chart, flag);
  }
  for (guint i = 0; i < flags->len; i++)
    if (places[i].w > 0.0)
      draw_flag (chart, &g_array_index (flags, Flag, i), &places[i]);
}

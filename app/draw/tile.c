/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include <math.h>

/* A tile of one parameter. What it says is gathered first (Facts), so that the picture and the words of
 * chs_tile_text() cannot differ. */

/* Ends of the range bar: what such a value can reasonably be. Not limits; own choice for drawing only. */
static const struct {
  ChsParam param;
  double low, high;
} scales[] = {
  { CHS_PARAM_HR, 30, 170 },       { CHS_PARAM_PR, 30, 170 },      { CHS_PARAM_SPO2, 80, 100 },
  { CHS_PARAM_RR, 0, 40 },         { CHS_PARAM_CO2_RR, 0, 40 },    { CHS_PARAM_TEMP, 34, 41 },
  { CHS_PARAM_NIBP_SYS, 40, 220 }, { CHS_PARAM_ABP_SYS, 40, 220 }, { CHS_PARAM_NIBP_MEAN, 30, 160 },
  { CHS_PARAM_ABP_MEAN, 30, 160 }, { CHS_PARAM_ETCO2, 0, 80 },
};

typedef struct {
  const char *label, *unit;
  char *number;    /* "122/78", "– –" */
  char *mean;      /* "93", NULL = not of this tile */
  char *deviation; /* "−31 %", NULL = no baseline */
  char *note;      /* validity and age, "" = nothing to say */
  char *brief;     /* the more important of the two, for a low tile */
  int   direction; /* of the deviation: -1, 0, 1 */
  bool  is_demo, is_doubtful;
  bool  has_number;
  ChsTileValue value;
  ChsLimits    limits;
  const ChsActiveAlarm *alarm;
} Facts;

static void
facts_clear (Facts *facts)
{
  g_free (facts->number);
  g_free (facts->mean);
  g_free (facts->deviation);
  g_free (facts->note);
  g_free (facts->brief);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Facts, facts_clear)

static bool
is_systolic (ChsParam param)
{
  return param == CHS_PARAM_NIBP_SYS || param == CHS_PARAM_ABP_SYS;
}

static bool
is_cuff (ChsParam param)
{
  return chs_is_pressure (param) && param < CHS_PARAM_ABP_SYS;
}

/* Dashes when nothing may be read from it any more. */
static double
shown_value (const ChsTileValue *value)
{
  return value->freshness >= CHS_FRESH_GONE ? (double) NAN : value->value;
}

static char *
number_words (const ChsChairModel *model, ChsParam param, int64_t now_us, double value)
{
  g_autofree char *first = chs_words_number (value, chs_param_info (param)->decimals), *second = NULL;
  ChsTileValue dia;

  if (!is_systolic (param) || isnan (value))
    return g_steal_pointer (&first);
  dia = chs_chair_model_get_value (model, param == CHS_PARAM_NIBP_SYS ? CHS_PARAM_NIBP_DIA : CHS_PARAM_ABP_DIA, now_us);
  second = isnan (shown_value (&dia)) ? g_strdup ("–") : chs_words_number (shown_value (&dia), 0);
  return g_strdup_printf ("%s/%s", first, second);
}

static char *
mean_words (const ChsChairModel *model, ChsParam param, int64_t now_us)
{
  ChsTileValue mean;

  if (!is_systolic (param))
    return NULL;
  mean = chs_chair_model_get_value (model, param == CHS_PARAM_NIBP_SYS ? CHS_PARAM_NIBP_MEAN : CHS_PARAM_ABP_MEAN, now_us);
  return isnan (shown_value (&mean)) ? NULL : chs_words_number (shown_value (&mean), 0);
}

/* Pressure in percent as the rules reason, the others in their own unit. */
static void
find_deviation (Facts *facts, const ChsChairModel *model, ChsParam param, double value, const ChsTheme *theme)
{
  double baseline = chs_baseline_of (model, param), by, rounded;
  g_autofree char *digits = NULL;
  bool is_percent = chs_is_pressure (param);
  int decimals = is_percent ? 0 : chs_param_info (param)->decimals;

  if (isnan (baseline) || isnan (value) || (is_percent && !(baseline > 0.0)))
    return;
  by = is_percent ? 100.0 * (value - baseline) / baseline : value - baseline;
  rounded = decimals > 0 ? round (by * 10.0) / 10.0 : round (by);
  facts->direction = rounded > 0.05 ? 1 : rounded < -0.05 ? -1 : 0;
  digits = chs_words_number (by, decimals);
  facts->deviation = chs_words_isolate (theme, g_strconcat (facts->direction > 0 ? "+" : "", facts->direction == 0 ? "0" : digits,
                                                            is_percent ? " %" : "", NULL));
}

static const char *
validity_words (const ChsTileValue *value)
{
  if (value->freshness == CHS_FRESH_NEVER)
    return N_ ("no value yet");
  if (value->freshness == CHS_FRESH_GONE)
    return N_ ("no data");
  if (value->quality == CHS_QUALITY_ABSENT)
    return N_ ("no signal");
  if (value->quality == CHS_QUALITY_INVALID)
    return N_ ("not valid");
  if (value->flags & CHS_FLAG_CALIBRATING)
    return N_ ("calibrating");
  if (value->quality == CHS_QUALITY_QUESTIONABLE)
    return value->flags & CHS_FLAG_LOW_SIGNAL ? N_ ("weak signal")
           : value->flags & CHS_FLAG_MOTION   ? N_ ("motion")
                                              : N_ ("doubtful");
  if (value->flags & CHS_FLAG_ESTIMATED)
    return N_ ("estimated");
  return "";
}

static char *
age_words (const ChsChairModel *model, ChsParam param, const ChsTileValue *value, int64_t now_us, const ChsTheme *theme)
{
  g_autofree char *age = NULL, *ago = NULL, *clock = NULL;

  if (value->freshness == CHS_FRESH_NEVER || (value->freshness == CHS_FRESH && !is_cuff (param)))
    return g_strdup ("");
  if (value->time_mark == CHS_TIME_MARK_UNKNOWN)
    return g_strdup (chs_tr (theme, N_ ("time unknown")));
  age = chs_words_age (theme, now_us - value->t_us);
  ago = g_strdup_printf (chs_tr (theme, N_ ("%s ago")), age);
  if (!is_systolic (param) || !is_cuff (param))
    return g_steal_pointer (&ago);
  clock = chs_words_clock (model, value->t_us);
  return g_strdup_printf ("%s · %s%s", ago, value->time_mark == CHS_TIME_MARK_ESTIMATED ? "≈" : "", clock);
}

/* At the parameter, all the time (IEC 60601-1-8, 6.8.5). */
static void
mark_off (Facts *facts, const char *marking)
{
  char *note = g_strconcat (marking, facts->note[0] != '\0' ? " · " : "", facts->note, NULL);

  g_free (facts->note);
  facts->note = note;
  g_free (facts->brief);
  facts->brief = g_strdup (marking);
}

static void
find_facts (Facts *facts, const ChsChairModel *model, ChsParam param, int64_t now_us, const ChsTheme *theme)
{
  const ChsParamInfo *info = chs_param_info (param);
  ChsTileValue value = chs_chair_model_get_value (model, param, now_us);
  double shown = shown_value (&value);
  const char *validity = chs_tr (theme, validity_words (&value));
  g_autofree char *age = age_words (model, param, &value, now_us, theme);

  *facts = (Facts) {
    .label = chs_tr (theme, info->label),
    .unit = chs_tr (theme, chs_unit_info (info->unit)->label),
    .value = value,
    .limits = chs_engine_get_limits (chs_chair_model_get_engine (model), param),
    .alarm = chs_alarm_of_param (model, param),
    .is_demo = (value.flags & CHS_FLAG_DEMO) != 0,
    .has_number = !isnan (shown),
    .is_doubtful = !isnan (shown) && value.quality == CHS_QUALITY_QUESTIONABLE,
  };
  facts->number = number_words (model, param, now_us, shown);
  facts->mean = mean_words (model, param, now_us);
  facts->note = g_strconcat (validity, validity[0] != '\0' && age[0] != '\0' ? " · " : "", age, NULL);
  facts->brief = g_strdup (age[0] != '\0' ? age : validity);
  if (chs_engine_is_alarm_off (chs_chair_model_get_engine (model), param))
    mark_off (facts, chs_tr (theme, N_ ("ALARM OFF")));
  find_deviation (facts, model, param, shown, theme);
}

/* ---- the picture ---- */

#define READABLE_MM 17.5 /* digits, from three metres: shared/design.md, "Sizes" */
#define BAR_MM 2.6       /* room of the range bar */
#define BAR_GAP_MM 2.2   /* its mark must not look like a minus behind the number */
#define BAR_LEAST_MM 13.0 /* shorter, it is little but that mark: before a number that is written from the right, a minus */
#define CAP 0.727        /* height of a digit, of its em (Inter) */

typedef struct {
  ChsColour ground, number, text, label, edge;
  bool      is_filled; /* in its alarm's colour */
  bool      is_framed; /* acknowledged: the frame stays */
} Skin;

static Skin
skin_of (const Facts *facts, ChsParam param, const ChsTheme *theme)
{
  const ChsPalette *p = &theme->palette;
  Skin skin = { p->panel, chs_param_colour (theme, param), p->text, p->label, p->panel_edge, false, false };
  guint priority = facts->alarm != NULL ? facts->alarm->alarm.priority : CHS_PRIORITY_NONE;

  if (facts->value.freshness == CHS_FRESH_DIM || !facts->has_number)
    skin.number = p->stale;
  else if (facts->is_doubtful)
    skin.number = p->label;
  if (priority == CHS_PRIORITY_NONE || priority > CHS_PRIORITY_HIGH)
    return skin;
  if (facts->alarm->state == CHS_ALARM_STATE_ACKNOWLEDGED) {
    skin.is_framed = true;
    skin.edge = p->alarm_fill[priority];
    return skin;
  }
  return (Skin) { p->alarm_tile[priority], p->alarm_text[priority], p->alarm_text[priority], p->alarm_text[priority],
                  p->alarm_fill[priority], true, true };
}

static void
draw_ground (cairo_t *cr, const ChsRect *rect, const Skin *skin, const ChsTheme *theme)
{
  double width = skin->is_framed ? chs_mm (theme, 0.9) : 1.0;
  ChsRect edge = chs_inset (rect, width / 2.0);

  chs_rounded (cr, &edge, chs_mm (theme, 1.2));
  chs_colour (cr, skin->ground, 1.0);
  cairo_fill_preserve (cr);
  chs_colour (cr, skin->edge, 1.0);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

/* Up, down, or level: drawn, so that it needs no glyph. */
static void
draw_arrow (cairo_t *cr, const ChsRect *box, int direction, ChsColour colour)
{
  double size = MIN (box->w, box->h), cx = box->x + box->w / 2.0, cy = box->y + box->h / 2.0, r = size * 0.36;

  chs_colour (cr, colour, 1.0);
  if (direction == 0)
    cairo_rectangle (cr, cx - r, cy - r * 0.3, 2.0 * r, r * 0.6);
  else {
    cairo_move_to (cr, cx, cy - direction * r);
    cairo_line_to (cr, cx + r, cy + direction * r * 0.8);
    cairo_line_to (cr, cx - r, cy + direction * r * 0.8);
    cairo_close_path (cr);
  }
  cairo_fill (cr);
}

static void
draw_range_bar (cairo_t *cr, const ChsRect *bar, const Facts *facts, ChsParam param, const Skin *skin, const ChsTheme *theme)
{
  double low = NAN, high = NAN, y_low, y_high, y;
  ChsColour track = skin->is_filled ? chs_mix (skin->ground, skin->text, 0.35) : theme->palette.panel_edge;
  ChsColour inside = skin->is_filled ? chs_mix (skin->ground, skin->text, 0.75) : chs_mix (theme->palette.panel, skin->label, 0.55);

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    if (scales[i].param == param)
      low = scales[i].low, high = scales[i].high;
  if (isnan (low) || bar->h < chs_mm (theme, 4.0) || (isnan (facts->limits.low) && isnan (facts->limits.high)))
    return;
#define BAR_Y(v) (bar->y + bar->h * (1.0 - (CLAMP ((v), low, high) - low) / (high - low)))
  y_low = isnan (facts->limits.low) ? bar->y + bar->h : BAR_Y (facts->limits.low);
  y_high = isnan (facts->limits.high) ? bar->y : BAR_Y (facts->limits.high);
  chs_rounded (cr, bar, bar->w / 2.0);
  chs_colour (cr, track, 1.0);
  cairo_fill (cr);
  chs_colour (cr, inside, 1.0);
  cairo_rectangle (cr, bar->x, y_high, bar->w, MAX (0.0, y_low - y_high));
  cairo_fill (cr);
  if (facts->has_number) {
    y = BAR_Y (facts->value.value);
    chs_colour (cr, skin->number, 1.0);
    cairo_rectangle (cr, bar->x - bar->w * 0.8, y - chs_mm (theme, 0.5), bar->w * 2.6, chs_mm (theme, 1.0));
    cairo_fill (cr);
  }
#undef BAR_Y
}

/* The limits stand above and below the bar. */
static void
draw_limit_number (cairo_t *cr, ChsRect *row, double limit, const Skin *skin, const ChsTheme *theme)
{
  const ChsFont font = { CHS_EM_AXIS, false, skin->label };
  g_autofree char *digits = NULL;
  ChsRect part;

  if (isnan (limit))
    return;
  digits = chs_words_number (limit, fabs (limit - round (limit)) > 0.05 ? 1 : 0);
  part = chs_cut_end (row, chs_text_width (cr, theme, &font, digits) + 1.0, theme);
  chs_text (cr, theme, &font, digits, &part, CHS_ALIGN_END);
  chs_cut_end (row, chs_mm (theme, CHS_PAD), theme);
}

static void
draw_badge (cairo_t *cr, ChsRect *row, const char *word, double ems, const Skin *skin, const ChsTheme *theme)
{
  ChsRect part = chs_cut_end (row, chs_em (theme, CHS_EM_AXIS) * ems, theme);

  part = (ChsRect) { part.x, part.y + part.h * 0.12, part.w, part.h * 0.76 };
  chs_badge (cr, &part, theme, word, skin->text);
  chs_cut_end (row, chs_mm (theme, 1.2), theme);
}

static void
draw_header (cairo_t *cr, ChsRect row, const Facts *facts, const Skin *skin, const ChsTheme *theme)
{
  const ChsFont label = { CHS_EM_LABEL, true, skin->is_filled ? skin->text : skin->number };
  const ChsFont unit = { CHS_EM_AXIS, false, skin->label };
  const ChsFont mean = { CHS_EM_LABEL * 1.2, true, skin->is_filled ? skin->text : skin->number };
  double gap = chs_mm (theme, 1.2);
  ChsRect part;

  draw_limit_number (cr, &row, facts->limits.high, skin, theme);
  part = chs_cut_start (&row, MIN (row.w, chs_text_width (cr, theme, &label, facts->label) + 1.0), theme);
  chs_text (cr, theme, &label, facts->label, &part, CHS_ALIGN_START);
  chs_cut_start (&row, gap, theme);
  part = chs_cut_start (&row, MIN (row.w, chs_text_width (cr, theme, &unit, facts->unit) + 1.0), theme);
  chs_text (cr, theme, &unit, facts->unit, &part, CHS_ALIGN_START);
  chs_cut_start (&row, gap, theme);
  if (facts->alarm != NULL) {
    const ChsFont shape = { CHS_EM_LABEL * 1.2, true, skin->is_filled ? skin->text : skin->edge };
    const char *mark = chs_words_priority (facts->alarm->alarm.priority);

    part = chs_cut_end (&row, chs_text_width (cr, theme, &shape, mark) + 1.0, theme);
    chs_text (cr, theme, &shape, mark, &part, CHS_ALIGN_END);
    chs_cut_end (&row, gap, theme);
  }
  if (facts->mean != NULL) {
    g_autofree char *text = g_strdup_printf ("(%s)", facts->mean);

    part = chs_cut_end (&row, chs_text_width (cr, theme, &mean, text) + 1.0, theme);
    chs_text (cr, theme, &mean, text, &part, CHS_ALIGN_END);
    chs_cut_end (&row, gap, theme);
  }
  if (facts->is_demo)
    draw_badge (cr, &row, chs_tr (theme, N_ ("DEMO")), 4.0, skin, theme);
  if (facts->is_doubtful)
    draw_badge (cr, &row, "?", 1.6, skin, theme);
}

static void
draw_footer (cairo_t *cr, ChsRect row, const Facts *facts, ChsParam param, const Skin *skin, const ChsTheme *theme)
{
  const ChsFont font = { CHS_EM_NOTE, false, skin->label };
  double note_width = chs_text_width (cr, theme, &font, facts->note);
  ChsRect part;

  draw_limit_number (cr, &row, facts->limits.low, skin, theme);
  if (facts->deviation != NULL) {
    g_autofree char *full = g_strdup_printf (chs_tr (theme, N_ ("%s from baseline")), facts->deviation);
    double arrow = chs_em (theme, CHS_EM_NOTE), room = row.w - arrow - note_width - chs_mm (theme, CHS_PAD);
    bool has_room = chs_is_pressure (param) && chs_text_width (cr, theme, &font, full) <= room;
    const char *text = has_room ? full : facts->deviation;

    part = chs_cut_start (&row, arrow * 1.25, theme);
    draw_arrow (cr, &(ChsRect) { part.x, part.y, arrow, part.h }, facts->direction, skin->label);
    part = chs_cut_start (&row, MIN (row.w, chs_text_width (cr, theme, &font, text) + 1.0), theme);
    chs_text (cr, theme, &font, text, &part, CHS_ALIGN_START);
    chs_cut_start (&row, chs_mm (theme, CHS_PAD), theme);
  }
  chs_text (cr, theme, &font, facts->note, &row, CHS_ALIGN_END);
}

static void
draw_tall (cairo_t *cr, ChsRect rect, const Facts *facts, ChsParam param, const Skin *skin, const ChsTheme *theme)
{
  const ChsFont number = { CHS_EM_NUMBER_MOST, true, skin->number };
  double row = chs_line (theme, CHS_EM_LABEL);
  ChsRect header, footer, bar;

  header = chs_cut_top (&rect, row);
  footer = chs_cut_bottom (&rect, chs_line (theme, CHS_EM_NOTE));
  bar = chs_cut_end (&rect, chs_mm (theme, BAR_MM), theme);
  bar = (ChsRect) { bar.x + bar.w / 2.0 - chs_mm (theme, 0.5), bar.y + chs_mm (theme, 0.6), chs_mm (theme, 1.0),
                    bar.h - chs_mm (theme, 1.2) };
  draw_header (cr, header, facts, skin, theme);
  draw_footer (cr, footer, facts, param, skin, theme);
  draw_range_bar (cr, &bar, facts, param, skin, theme);
  rect = (ChsRect) { rect.x, rect.y + chs_mm (theme, 1.2), rect.w, rect.h - chs_mm (theme, 2.4) };
  chs_number (cr, theme, &number, facts->number, &rect, CHS_ALIGN_CENTRE);
}

#define SIDE_NAMES 0.36 /* of the width, for what stands beside the number */

/* Label, and the unit where it finds room beside it. Returns whether it did. */
static bool
draw_name (cairo_t *cr, ChsRect row, const Facts *facts, const Skin *skin, const ChsTheme *theme)
{
  const ChsFont label = { CHS_EM_LABEL, true, skin->is_filled ? skin->text : skin->number };
  const ChsFont unit = { CHS_EM_AXIS, false, skin->label };
  ChsRect part = chs_cut_start (&row, MIN (row.w, chs_text_width (cr, theme, &label, facts->label) + 1.0), theme);
  bool has_room;

  chs_text (cr, theme, &label, facts->label, &part, CHS_ALIGN_START);
  chs_cut_start (&row, chs_mm (theme, 1.2), theme);
  has_room = chs_text_width (cr, theme, &unit, facts->unit) <= row.w;
  if (has_room)
    chs_text (cr, theme, &unit, facts->unit, &row, CHS_ALIGN_START);
  return has_room;
}

static void
draw_deviation (cairo_t *cr, ChsRect row, const Facts *facts, const Skin *skin, const ChsTheme *theme)
{
  const ChsFont font = { CHS_EM_NOTE, false, skin->label };
  double arrow = chs_em (theme, CHS_EM_NOTE);
  ChsRect part = chs_cut_start (&row, arrow * 1.25, theme);

  draw_arrow (cr, &(ChsRect) { part.x, part.y, arrow, part.h }, facts->direction, skin->label);
  chs_text (cr, theme, &font, facts->deviation, &row, CHS_ALIGN_START);
}

/* "1 min ago · 10:44", or as much of it as fits whole. */
static void
draw_brief (cairo_t *cr, const ChsRect *part, const char *word, const ChsFont *font, const ChsTheme *theme)
{
  const char *rest = strstr (word, " · ");
  g_autofree char *age = rest != NULL ? g_strndup (word, (gsize) (rest - word)) : NULL;
  bool is_cut = age != NULL && chs_text_width (cr, theme, font, word) * CHS_LEAST_SHRINK > part->w;

  chs_text (cr, theme, font, is_cut ? age : word, part, CHS_ALIGN_START);
}

/* Beside the number, as many lines as the height has room for: the name, then what else is known, the age last. */
static void
draw_names (cairo_t *cr, ChsRect names, const Facts *facts, const Skin *skin, const ChsTheme *theme)
{
  const ChsFont axis = { CHS_EM_AXIS, false, skin->label };
  const ChsFont strong = { CHS_EM_LABEL, true, skin->is_filled ? skin->text : skin->number };
  double line = chs_line (theme, CHS_EM_LABEL), small = chs_line (theme, CHS_EM_AXIS);
  const char *word = facts->is_demo ? chs_tr (theme, N_ ("DEMO")) : facts->brief[0] != '\0' ? facts->brief : NULL;
  bool has_two = names.h >= line + small * 0.9, has_unit;
  ChsRect top = has_two ? chs_cut_top (&names, MAX (line, MIN (names.h * 0.54, line * 1.1))) : names, part;

  has_unit = draw_name (cr, top, facts, skin, theme);
  if (!has_two)
    return;
  if (word != NULL) {
    part = chs_cut_bottom (&names, small);
    draw_brief (cr, &part, word, &axis, theme);
  }
  if (!has_unit && names.h >= small * 0.9) {
    part = chs_cut_top (&names, small);
    chs_text (cr, theme, &axis, facts->unit, &part, CHS_ALIGN_START);
  }
  if (facts->mean != NULL && names.h >= line) {
    g_autofree char *text = g_strdup_printf ("(%s)", facts->mean);

    part = chs_cut_top (&names, line);
    chs_text (cr, theme, &strong, text, &part, CHS_ALIGN_START);
  }
  if (facts->deviation != NULL && names.h >= chs_line (theme, CHS_EM_NOTE))
    draw_deviation (cr, chs_cut_bottom (&names, chs_line (theme, CHS_EM_NOTE)), facts, skin, theme);
}

static void
draw_side (cairo_t *cr, ChsRect rect, const Facts *facts, ChsParam param, const Skin *skin, const ChsTheme *theme)
{
  const ChsFont label = { CHS_EM_LABEL, true, skin->is_filled ? skin->text : skin->number };
  const ChsFont number = { CHS_EM_NUMBER_MOST, true, skin->number };

  if (rect.h >= chs_mm (theme, BAR_LEAST_MM)) {
    ChsRect bar = chs_cut_end (&rect, chs_mm (theme, BAR_MM), theme);

    draw_range_bar (cr, &(ChsRect) { bar.x + bar.w / 2.0 - chs_mm (theme, 0.5), bar.y + chs_mm (theme, 0.6), chs_mm (theme, 1.0),
                                     bar.h - chs_mm (theme, 1.2) }, facts, param, skin, theme);
    chs_cut_end (&rect, chs_mm (theme, BAR_GAP_MM), theme);
  }
  draw_names (cr, chs_cut_start (&rect, rect.w * SIDE_NAMES, theme), facts, skin, theme);
  if (facts->alarm != NULL) {
    const char *mark = chs_words_priority (facts->alarm->alarm.priority);
    ChsRect     part = chs_cut_start (&rect, chs_text_width (cr, theme, &label, mark) + 1.0, theme);

    chs_text (cr, theme, &label, mark, &part, CHS_ALIGN_CENTRE);
    chs_cut_start (&rect, chs_mm (theme, 1.2), theme);
  }
  rect = (ChsRect) { rect.x, rect.y + rect.h * 0.06, rect.w, rect.h * 0.88 };
  chs_number (cr, theme, &number, facts->number, &rect, CHS_ALIGN_END);
}

/* How high the digits become in a box. */
static double
digits_mm (cairo_t *cr, const ChsTheme *theme, const char *number, double w, double h)
{
  const ChsFont font = { 10.0, true, theme->palette.text };
  double width = chs_text_width (cr, theme, &font, number);

  return MIN (h, chs_em (theme, font.em_mm) * CAP * w / MAX (width, 1.0)) / theme->px_mm;
}

/* Over and under the number is the better place, as long as the number can be read from three metres (shared/design.md). */
static bool
is_side (cairo_t *cr, const ChsRect *rect, const Facts *facts, const ChsTheme *theme)
{
  double rows = chs_line (theme, CHS_EM_LABEL) + chs_line (theme, CHS_EM_NOTE), tall, side;

  if (rect->h < rows + chs_mm (theme, 8.0))
    return true;
  tall = digits_mm (cr, theme, facts->number, rect->w - chs_mm (theme, BAR_MM), rect->h - rows - chs_mm (theme, 2.4));
  side = digits_mm (cr, theme, facts->number, (rect->w - chs_mm (theme, BAR_MM + BAR_GAP_MM)) * (1.0 - SIDE_NAMES) - (facts->alarm != NULL ? chs_em (theme, CHS_EM_LABEL) : 0.0),
                    rect->h * 0.88);
  return tall < READABLE_MM && side > 1.15 * tall;
}

void
chs_draw_tile (cairo_t             *cr,
               const ChsRect       *rect,
               const ChsChairModel *model,
               ChsParam             param,
               int64_t              now_us,
               const ChsTheme      *theme)
{
  g_auto (Facts) facts = { 0 };
  ChsRect inner = { rect->x + chs_mm (theme, CHS_PAD), rect->y + chs_mm (theme, 0.8),
                    rect->w - 2.0 * chs_mm (theme, CHS_PAD), rect->h - 2.0 * chs_mm (theme, 0.8) };
  Skin skin;

  find_facts (&facts, model, param, now_us, theme);
  skin = skin_of (&facts, param, theme);
  draw_ground (cr, rect, &skin, theme);
  if (is_side (cr, &inner, &facts, theme))
    draw_side (cr, inner, &facts, param, &skin, theme);
  else
    draw_tall (cr, inner, &facts, param, &skin, theme);
}

/* ---- the words ---- */

char *
chs_tile_text (const ChsChairModel *model, ChsParam param, int64_t now_us, const ChsTheme *theme)
{
  static const char *const alarms[] = { "", N_ ("low priority alarm"), N_ ("medium priority alarm"), N_ ("high priority alarm") };
  g_auto (Facts) facts = { 0 };
  GString *text;

  find_facts (&facts, model, param, now_us, theme);
  text = g_string_new (facts.label);
  if (facts.has_number)
    g_string_append_printf (text, " %s %s", facts.number, facts.unit);
  else
    g_string_append_printf (text, " %s", chs_tr (theme, N_ ("no value")));
  if (facts.mean != NULL) {
    g_string_append (text, chs_words_comma (theme));
    g_string_append_printf (text, chs_tr (theme, N_ ("mean %s")), facts.mean);
  }
  if (facts.note[0] != '\0')
    g_string_append_printf (text, "%s%s", chs_words_comma (theme), facts.note);
  if (facts.deviation != NULL) {
    g_string_append (text, chs_words_comma (theme));
    g_string_append_printf (text, chs_tr (theme, N_ ("%s from baseline")), facts.deviation);
  }
  if (facts.is_demo)
    g_string_append_printf (text, ", %s", chs_tr (theme, N_ ("demonstration data")));
  if (facts.alarm != NULL)
    g_string_append_printf (text, ", %s", chs_tr (theme, alarms[MIN (facts.alarm->alarm.priority, CHS_PRIORITY_HIGH)]));
  return g_string_free (text, FALSE);
}

char *
chs_tile_limits_text (const ChsChairModel *model, ChsParam param, const ChsTheme *theme)
{
  const int decimals = chs_param_info (param)->decimals;
  const ChsLimits limits = chs_engine_get_limits (chs_chair_model_get_engine (model), param);
  g_autofree char *low = chs_words_number (limits.low, decimals), *high = chs_words_number (limits.high, decimals);

  if (isnan (limits.low) && isnan (limits.high))
    return g_strdup ("");
  if (isnan (limits.high))
    return g_strdup_printf (chs_tr (theme, N_ ("lower limit %s")), low);
  if (isnan (limits.low))
    return g_strdup_printf (chs_tr (theme, N_ ("upper limit %s")), high);
  /* Translators: alarm limits of a vital sign: "limits 50 to 120" */
  return g_strdup_printf (chs_tr (theme, N_ ("limits %s to %s")), low, high);
}

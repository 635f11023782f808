/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report-private.h"

#include "app/draw/draw-private.h"

#include <math.h>
#include <string.h>

/* The pages of a report. Everything is laid out each time; only the wanted page reaches the context, the others a
 * surface of no size, so that a page, its number and the count of pages come from one pass. */

#define MARGIN 15.0
#define TOP 14.0
#define BOTTOM (CHS_REPORT_HEIGHT_MM - 17.0)
#define WIDTH (CHS_REPORT_WIDTH_MM - 2.0 * MARGIN)
#define EM_TITLE 5.4
#define EM_HEADING 3.2
#define EM_BODY 2.75 /* 7.8 pt */
#define EM_SMALL 2.35
#define LINE 1.38
#define ROW (EM_BODY * LINE + 0.6)
#define CHART_HEIGHT 84.0
#define TRENDS_HEIGHT 34.0
#define CHART_TEXT 0.78 /* of the screen's: paper is held closer */

typedef struct {
  const ChsReport *report;
  const ChsTheme  *theme;
  cairo_t         *cr, *nowhere;
  guint            wanted, page, n_pages;
  double           y; /* mm */
} Pages;

static const char *
tr (const Pages *self, const char *msgid)
{
  return chs_tr (self->theme, msgid);
}

static cairo_t *
now_on (const Pages *self)
{
  return self->page == self->wanted ? self->cr : self->nowhere;
}

/* Places are told as on a page that is read from the left; one that is read from the right is its mirror image. */
static ChsRect
to_rect (const Pages *self, double x, double y, double w, double h)
{
  double k = self->theme->px_mm;

  if (self->theme->rtl)
    x = CHS_REPORT_WIDTH_MM - x - w;
  return (ChsRect) { x * k, y * k, w * k, h * k };
}

static ChsFont
font_of (const Pages *self, double em, bool bold, bool soft)
{
  return (ChsFont) { em, bold, soft ? self->theme->palette.label : self->theme->palette.text };
}

static void
put_line (const Pages *self, double x, double y, double w, const ChsFont *font, const char *text, ChsAlign align)
{
  ChsRect box = to_rect (self, x, y, w, font->em_mm * LINE);

  chs_text (now_on (self), self->theme, font, text, &box, align);
}

static void
put_rule (const Pages *self, double x, double y, double w, double thickness)
{
  ChsRect r = to_rect (self, x, y, w, thickness);

  chs_colour (now_on (self), self->theme->palette.panel_edge, 1.0);
  cairo_rectangle (now_on (self), r.x, r.y, r.w, r.h);
  cairo_fill (now_on (self));
}

/* A text that is broken into lines; returns its height in mm. */
static double
put_block (const Pages *self, cairo_t *cr, double x, double y, double w, const ChsFont *font, const char *text)
{
  ChsRect box = to_rect (self, x, y, w, CHS_REPORT_HEIGHT_MM);

  return chs_text_block (cr, self->theme, font, text, &box) / self->theme->px_mm;
}

/* ---- pages ---- */

static void
put_footer (const Pages *self)
{
  const ChsFont soft = font_of (self, EM_SMALL, false, true);
  g_autofree char *number = NULL;

  put_rule (self, MARGIN, BOTTOM + 3.0, WIDTH, 0.2);
  put_line (self, MARGIN, BOTTOM + 4.0, WIDTH - 30.0, &soft,
            tr (self, N_ ("Made by Chairside from a recording. Chairside is not a certified medical device; the instruments' own "
                          "displays count.")),
            CHS_ALIGN_START);
  if (self->n_pages > 0) {
    /* Translators: page number and count of pages */
    number = g_strdup_printf (tr (self, N_ ("Page %u of %u")), self->page + 1, self->n_pages);
    put_line (self, MARGIN + WIDTH - 30.0, BOTTOM + 4.0, 30.0, &soft, number, CHS_ALIGN_END);
  }
  if (self->report->session_id != NULL)
    put_line (self, MARGIN, BOTTOM + 7.2, WIDTH, &soft, self->report->session_id, CHS_ALIGN_START);
}

static void
new_page (Pages *self)
{
  put_footer (self);
  self->page++;
  self->y = TOP;
}

static void
need (Pages *self, double height)
{
  if (self->y + height > BOTTOM)
    new_page (self);
}

static void
put_heading (Pages *self, const char *text, double with)
{
  const ChsFont font = font_of (self, EM_HEADING, true, false);

  self->y += 3.0;
  need (self, EM_HEADING * LINE + 2.0 + with);
  put_line (self, MARGIN, self->y, WIDTH, &font, text, CHS_ALIGN_START);
  put_rule (self, MARGIN, self->y + EM_HEADING * LINE + 0.4, WIDTH, 0.25);
  self->y += EM_HEADING * LINE + 1.6;
}

/* ---- tables ---- */

#define MAX_COLUMNS 7

typedef struct {
  const char *title;
  double      width; /* of the whole, 0..1 */
} Column;

/* Returns the height of the row. */
static double
put_cells (const Pages *self, cairo_t *cr, const Column *columns, guint n, char *const *cells, const ChsFont *font)
{
  double x = MARGIN, height = font->em_mm * LINE;

  for (guint i = 0; i < n; i++) {
    double w = columns[i].width * WIDTH;

    double h = put_block (self, cr, x, self->y, w - 2.0, font, cells[i] != NULL ? cells[i] : "");

    height = MAX (height, h);
    x += w;
  }
  return height;
}

static void
put_titles (Pages *self, const Column *columns, guint n)
{
  const ChsFont font = font_of (self, EM_SMALL, false, true);
  char *titles[MAX_COLUMNS];

  for (guint i = 0; i < n; i++)
    titles[i] = (char *) tr (self, columns[i].title);
  self->y += put_cells (self, now_on (self), columns, n, titles, &font) + 0.5;
}

static void
put_row (Pages *self, const Column *columns, guint n, char *const *cells, bool soft)
{
  const ChsFont font = font_of (self, EM_BODY, false, soft);
  double height = put_cells (self, self->nowhere, columns, n, cells, &font);

  if (self->y + height > BOTTOM) {
    new_page (self);
    put_titles (self, columns, n);
  }
  put_cells (self, now_on (self), columns, n, cells, &font);
  self->y += height + 0.5;
}

static void
put_none (Pages *self, const char *text)
{
  const ChsFont font = font_of (self, EM_BODY, false, true);

  put_line (self, MARGIN, self->y, WIDTH, &font, text, CHS_ALIGN_START);
  self->y += EM_BODY * LINE + 0.5;
}

/* ---- facts: name and value in two columns ---- */

typedef struct {
  const char *name;
  char       *value; /* owned; NULL = nobody entered it */
} Fact;

static double
put_fact (const Pages *self, double x, double y, double w, const Fact *fact)
{
  const ChsFont soft = font_of (self, EM_BODY, false, true), font = font_of (self, EM_BODY, false, fact->value == NULL);
  const char *value = fact->value != NULL ? fact->value : tr (self, N_ ("not recorded"));
  double height;

  put_line (self, x, y, w * 0.30, &soft, tr (self, fact->name), CHS_ALIGN_START);
  height = put_block (self, now_on (self), x + w * 0.32, y + 0.1, w * 0.68 - 2.0, &font, value);
  return MAX (EM_BODY * LINE, height);
}

static void
put_facts (Pages *self, Fact *left, guint n_left, Fact *right, guint n_right)
{
  double half = WIDTH / 2.0, y[2] = { self->y, self->y };

  for (guint i = 0; i < n_left; i++)
    y[0] += put_fact (self, MARGIN, y[0], half, &left[i]) + 0.3;
  for (guint i = 0; i < n_right; i++)
    y[1] += put_fact (self, MARGIN + half, y[1], half, &right[i]) + 0.3;
  for (guint i = 0; i < n_left; i++)
    g_free (left[i].value);
  for (guint i = 0; i < n_right; i++)
    g_free (right[i].value);
  self->y = MAX (y[0], y[1]);
}

static char *
dup_setup (const Pages *self, const char *key)
{
  const char *value = g_hash_table_lookup (self->report->setup, key);

  return value != NULL && value[0] != '\0' ? g_strdup (value) : NULL;
}

static char *
dup_quantity (const Pages *self, const char *key, ChsUnit unit)
{
  const char *stored = g_hash_table_lookup (self->report->setup, key);
  double value = stored != NULL && stored[0] != '\0' ? g_ascii_strtod (stored, NULL) : (double) NAN;
  g_autofree char *digits = isfinite (value) ? chs_words_limit (value) : NULL;

  return digits != NULL ? g_strdup_printf ("%s %s", digits, tr (self, chs_unit_info (unit)->label)) : NULL;
}

static char *
dup_clock (const Pages *self, int64_t t_us)
{
  return t_us != CHS_TIME_NONE ? chs_words_clock (self->report->model, t_us) : g_strdup ("–");
}

static char *
dup_value (double value, ChsParam param)
{
  return isnan (value) ? g_strdup ("–") : chs_words_number (value, chs_param_info (param)->decimals);
}

static char *
dup_date (const Pages *self)
{
  int64_t local_us = self->report->start_wall_us + chs_chair_model_get_utc_offset_min (self->report->model) * CHS_US_PER_MIN;
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (local_us / CHS_US_PER_S);

  return date != NULL ? g_date_time_format (date, "%Y-%m-%d") : NULL;
}

static char *
dup_zone (const Pages *self)
{
  int offset = chs_chair_model_get_utc_offset_min (self->report->model);

  return offset == 0 ? g_strdup ("UTC") : g_strdup_printf ("UTC%c%02d:%02d", offset < 0 ? '-' : '+', ABS (offset) / 60, ABS (offset) % 60);
}

static char *
dup_span (const Pages *self)
{
  g_autofree char *from = dup_clock (self, 0), *to = dup_clock (self, self->report->last_us), *zone = dup_zone (self);
  g_autofree char *age = chs_words_age (self->theme, self->report->last_us);

  return g_strdup_printf ("%s – %s %s (%s)", from, to, zone, age);
}

static char *
dup_flags (const Pages *self)
{
  g_autofree char *flags = dup_setup (self, "patient.flags");
  g_auto (GStrv) parts = NULL;

  if (flags == NULL || strcmp (flags, "unknown") == 0)
    return NULL;
  g_strdelimit (flags, "_", ' ');
  parts = g_strsplit (flags, ",", -1);
  for (char **part = parts; *part != NULL; part++) {
    char *translated = g_strdup (tr (self, g_strstrip (*part)));

    g_free (*part);
    *part = translated;
  }
  return g_strjoinv (chs_words_comma (self->theme), parts);
}

static char *
dup_whole (const Pages *self)
{
  guint n;
  const ChsGap *gaps = chs_chair_model_get_gaps (self->report->model, &n);
  int64_t missing_us = 0;
  g_autofree char *age = NULL, *gap_words = NULL;
  const char *words = self->report->is_damaged ? N_ ("damaged, a part is missing")
                      : self->report->is_complete ? N_ ("whole") : N_ ("not closed properly");

  for (guint i = 0; i < n; i++)
    missing_us += (gaps[i].to_us != CHS_TIME_NONE ? gaps[i].to_us : self->report->last_us) - gaps[i].from_us;
  if (n == 0)
    return g_strdup (tr (self, words));
  age = chs_words_age (self->theme, missing_us);
  /* Translators: how often the data of an instrument stopped, and for how long in all */
  gap_words = g_strdup_printf (tr (self, N_ ("gaps in the instruments' data: %u, in all %s")), n, age);
  return g_strdup_printf ("%s; %s", tr (self, words), gap_words);
}

/* ---- sections ---- */

static void
put_title (Pages *self)
{
  const ChsFont title = font_of (self, EM_TITLE, true, false), soft = font_of (self, EM_BODY, false, true);
  const ChsFont strong = font_of (self, EM_HEADING, true, false);
  g_autofree char *date = dup_date (self);
  g_autofree char *right = g_strdup_printf ("%s   %s", date != NULL ? date : "", self->report->chair != NULL ? self->report->chair : "");

  put_line (self, MARGIN, self->y, WIDTH * 0.6, &title, tr (self, N_ ("Infusion session report")), CHS_ALIGN_START);
  put_line (self, MARGIN + WIDTH * 0.6, self->y + 1.6, WIDTH * 0.4, &soft, right, CHS_ALIGN_END);
  self->y += EM_TITLE * LINE;
  if (self->report->has_demo) {
    put_line (self, MARGIN, self->y, WIDTH, &strong, tr (self, N_ ("Contains demonstration data: not of a patient.")), CHS_ALIGN_START);
    self->y += EM_HEADING * LINE;
  }
}

static void
put_identity (Pages *self)
{
  g_autofree char *weight = dup_quantity (self, "patient.weight_kg", CHS_UNIT_KG);
  g_autofree char *height = dup_quantity (self, "patient.height_cm", CHS_UNIT_CM);
  g_autofree char *age = dup_setup (self, "patient.age"), *sex = dup_setup (self, "patient.sex");
  Fact left[] = {
    { N_ ("Patient ID"), dup_setup (self, "patient.id") },
    { N_ ("Name, born"), g_strdup ("……………………………………………………") }, /* by hand: recordings hold neither */
    { N_ ("Age, sex"), age != NULL || sex != NULL ? g_strdup_printf ("%s, %s", age != NULL ? age : "–", sex != NULL ? sex : "–") : NULL },
    { N_ ("Weight, height"), weight != NULL || height != NULL
        ? g_strdup_printf ("%s, %s", weight != NULL ? weight : "–", height != NULL ? height : "–") : NULL },
    { N_ ("Risks"), dup_flags (self) },
  };
  Fact right[] = {
    { N_ ("Date"), dup_date (self) },
    { N_ ("Session"), dup_span (self) },
    { N_ ("Chair"), g_strdup (self->report->chair) },
    { N_ ("Recording"), dup_whole (self) },
    { N_ ("Recorded by"), g_strdup (self->report->program) },
  };

  put_heading (self, tr (self, N_ ("Patient and session")), 12.0);
  put_facts (self, left, G_N_ELEMENTS (left), right, G_N_ELEMENTS (right));
}

static char *
dup_contents (const Pages *self)
{
  static const struct {
    const char *name, *key;
    ChsUnit     unit;
  } table[] = {
    { N_ ("magnesium"), "therapy.mg_mmol_per_ml", CHS_UNIT_MMOL_ML },
    { N_ ("ketamine"), "therapy.ketamine_mg_per_ml", CHS_UNIT_MG_ML },
    { N_ ("lidocaine"), "therapy.lidocaine_mg_per_ml", CHS_UNIT_MG_ML },
    { N_ ("vitamin C"), "therapy.vitc_mg_per_ml", CHS_UNIT_MG_ML },
    { N_ ("glutathione"), "therapy.glutathione_mg_per_ml", CHS_UNIT_MG_ML },
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    const char *stored = g_hash_table_lookup (self->report->setup, table[i].key);
    double value = stored != NULL ? g_ascii_strtod (stored, NULL) : 0.0;
    g_autofree char *digits = chs_words_limit (value);

    if (value > 0.0)
      g_string_append_printf (text, "%s%s %s %s", text->len > 0 ? ", " : "", tr (self, table[i].name), digits,
                              tr (self, chs_unit_info (table[i].unit)->label));
  }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

static char *
dup_baseline (const Pages *self)
{
  const ChsBaseline *b = chs_engine_get_baseline (chs_chair_model_get_engine (self->report->model));
  g_autofree char *time = dup_clock (self, b->taken_us), *sys = dup_value (b->sbp, CHS_PARAM_NIBP_SYS);
  g_autofree char *dia = dup_value (b->dbp, CHS_PARAM_NIBP_DIA);
  const char *how = b->confirmed ? N_ ("confirmed") : b->quality == CHS_BASELINE_GOOD ? N_ ("not confirmed") : N_ ("provisional");

  if (b->quality == CHS_BASELINE_NONE)
    return NULL;
  return g_strdup_printf ("%s/%s %s, %s, %s", sys, dia, tr (self, chs_unit_info (CHS_UNIT_MMHG)->label), time, tr (self, how));
}

static char *
dup_checks (const Pages *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->report->entries->len; i++) {
    const ChsReportEntry *row = &g_array_index (self->report->entries, ChsReportEntry, i);
    g_autofree char *time = dup_clock (self, row->t_us);

    if (row->kind == CHS_REPORT_CHECK && !row->undone)
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? "; " : "", time, row->words);
  }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

static void
put_therapy (Pages *self)
{
  g_autofree char *name = dup_setup (self, "therapy.name"), *id = dup_setup (self, "therapy.id");
  Fact left[] = {
    { N_ ("Infusion"), name != NULL ? g_strdup (name) : g_strdup (id) },
    { N_ ("Contents"), dup_contents (self) },
    { N_ ("Bag"), dup_quantity (self, "therapy.bag_volume_ml", CHS_UNIT_ML) },
    { N_ ("Ordered rate"), dup_quantity (self, "therapy.ordered_rate_ml_h", CHS_UNIT_ML_H) },
  };
  Fact right[] = {
    { N_ ("Baseline"), dup_baseline (self) },
    { N_ ("Checks"), dup_checks (self) },
  };

  put_heading (self, tr (self, N_ ("Therapy and checks")), 12.0);
  put_facts (self, left, G_N_ELEMENTS (left), right, G_N_ELEMENTS (right));
}

static void
put_chart (Pages *self)
{
  const ChsReport *report = self->report;
  ChsTheme theme = *self->theme;
  int64_t end_us = MAX (report->last_us, CHS_US_PER_MIN);
  ChsTimeWindow window = { 0, end_us, end_us + 1, CHS_TIME_NONE, CHS_TIME_NONE };
  ChsRect rect;

  theme.text_scale = CHART_TEXT;
  put_heading (self, tr (self, N_ ("Pressure, infusion rate and vital signs")), CHART_HEIGHT + TRENDS_HEIGHT + 1.0);
  rect = to_rect (self, MARGIN, self->y, WIDTH, CHART_HEIGHT);
  chs_draw_chart (now_on (self), &rect, report->model, &window, &theme);
  self->y += CHART_HEIGHT + 1.0;
  rect = to_rect (self, MARGIN, self->y, WIDTH, TRENDS_HEIGHT);
  chs_draw_trends (now_on (self), &rect, report->model, &window, &theme);
  self->y += TRENDS_HEIGHT;
}

static char *
dup_value_at (const Pages *self, const ChsReportVital *row, double value, int64_t t_us)
{
  g_autofree char *digits = dup_value (value, row->param), *time = dup_clock (self, t_us);

  return g_strdup_printf ("%s  (%s)", digits, time);
}

static void
put_vital (Pages *self, const Column *columns, guint n, const ChsReportVital *row)
{
  const ChsParamInfo *info = chs_param_info (row->param);
  g_autofree char *name = g_strdup_printf ("%s%s, %s", tr (self, info->label), row->param == CHS_PARAM_NIBP_SYS || row->param == CHS_PARAM_ABP_SYS ? " sys" : "",
                                           tr (self, chs_unit_info (info->unit)->label));
  g_autofree char *count = g_strdup_printf ("%u", row->n), *first = dup_value (row->first, row->param);
  g_autofree char *low = dup_value_at (self, row, row->low, row->low_us), *high = dup_value_at (self, row, row->high, row->high_us);
  g_autofree char *last = dup_value (row->last, row->param);
  char *cells[] = { name, first, low, high, last, count };

  put_row (self, columns, n, cells, false);
}

/* NEWS2, or the shock index: one figure and its time. */
static char *
dup_score (const ChsScores *row, bool is_news2)
{
  return is_news2 ? chs_words_news2 (&row->news2) : chs_words_number (row->shock_index, 2);
}

static char *
dup_score_at (const Pages *self, const ChsScores *row, bool is_news2)
{
  g_autofree char *digits = dup_score (row, is_news2), *time = dup_clock (self, row->t_us);

  return g_strdup_printf ("%s  (%s)", digits, time);
}

static double
score_value (const ChsScores *row, bool is_news2)
{
  return is_news2 ? (double) row->news2.total : row->shock_index;
}

/* Returns: whether some of them are "at least" */
static bool
put_score (Pages *self, const Column *columns, guint n_columns, const char *title, bool is_news2)
{
  guint n_rows, n = 0;
  const ChsScores *rows = chs_chair_model_get_scores (self->report->model, &n_rows), *first = NULL, *low = NULL, *high = NULL, *last = NULL;
  bool has_partial = false;

  for (guint i = 0; i < n_rows; i++) {
    double value = score_value (&rows[i], is_news2);

    if (isnan (value))
      continue;
    n++;
    last = &rows[i];
    first = first != NULL ? first : last;
    low = low == NULL || value < score_value (low, is_news2) ? last : low;
    high = high == NULL || value > score_value (high, is_news2) ? last : high;
    has_partial |= is_news2 && rows[i].news2.known < CHS_N_NEWS2;
  }
  if (n > 0) {
    g_autofree char *name = g_strdup (tr (self, title)), *count = g_strdup_printf ("%u", n);
    g_autofree char *begin = dup_score (first, is_news2), *least = dup_score_at (self, low, is_news2);
    g_autofree char *most = dup_score_at (self, high, is_news2), *end = dup_score (last, is_news2);
    char *cells[] = { name, begin, least, most, end, count };

    put_row (self, columns, n_columns, cells, false);
  }
  return has_partial;
}

static void
put_scores (Pages *self, const Column *columns, guint n_columns)
{
  bool has_partial = put_score (self, columns, n_columns, "NEWS2", true);

  put_score (self, columns, n_columns, N_ ("Shock index"), false);
  if (has_partial)
    put_none (self, tr (self, N_ ("≥: not all parts of NEWS2 were known; it is at least so many points.")));
}

static void
put_vitals (Pages *self)
{
  static const Column columns[] = { { N_ ("Parameter"), 0.25 }, { N_ ("First"), 0.12 }, { N_ ("Lowest"), 0.19 },
                                    { N_ ("Highest"), 0.19 },   { N_ ("Last"), 0.12 },  { N_ ("Readings"), 0.13 } };
  const GArray *rows = self->report->vitals;
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    n += g_array_index (rows, ChsReportVital, i).n > 0;
  put_heading (self, tr (self, N_ ("Measured")), (n + 5) * ROW); /* never more than fourteen rows and a note: kept together */
  if (n == 0) {
    put_none (self, tr (self, N_ ("No vital sign was recorded.")));
    return;
  }
  put_titles (self, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, ChsReportVital, i).n > 0)
      put_vital (self, columns, G_N_ELEMENTS (columns), &g_array_index (rows, ChsReportVital, i));
  put_scores (self, columns, G_N_ELEMENTS (columns));
  put_none (self, tr (self, N_ ("As the instruments gave them; values that they marked invalid are left out.")));
}

/* One line of a dose: what was given, how fast at most, and what the limits are. */
typedef struct {
  const char *name;
  double      total;
  ChsUnit     total_unit;
  double      peak;
  ChsUnit     rate_unit;
  double      soft, hard; /* of the rate */
} DoseLine;

static char *
dup_amount (const Pages *self, double value, ChsUnit unit)
{
  g_autofree char *digits = isnan (value) ? NULL : chs_words_dose (value);

  return digits != NULL ? g_strdup_printf ("%s %s", digits, tr (self, chs_unit_info (unit)->label)) : g_strdup ("–");
}

/* With the digits of a limit: 0.203 against 0.2 is above, 0.20 would look like equal. */
static char *
dup_rate (const Pages *self, const DoseLine *line)
{
  g_autofree char *digits = isnan (line->peak) ? NULL : chs_words_limit (line->peak);

  return digits != NULL ? g_strdup_printf ("%s %s", digits, tr (self, chs_unit_info (line->rate_unit)->label)) : g_strdup ("–");
}

static char *
dup_limits (const Pages *self, const DoseLine *line)
{
  g_autofree char *soft = isnan (line->soft) ? g_strdup ("–") : chs_words_limit (line->soft);
  g_autofree char *hard = isnan (line->hard) ? g_strdup ("–") : chs_words_limit (line->hard);

  if (isnan (line->soft) && isnan (line->hard))
    return g_strdup ("–");
  return g_strdup_printf ("%s / %s %s", soft, hard, tr (self, chs_unit_info (line->rate_unit)->label));
}

static const char *
judge (const Pages *self, const DoseLine *line)
{
  if (isnan (line->peak) || (isnan (line->soft) && isnan (line->hard)))
    return "";
  if (!isnan (line->hard) && line->peak > line->hard)
    return tr (self, N_ ("above the hard limit"));
  if (!isnan (line->soft) && line->peak > line->soft)
    return tr (self, N_ ("above the soft limit"));
  return tr (self, N_ ("within limits"));
}

static void
put_dose (Pages *self, const Column *columns, guint n, const char *pump, const DoseLine *line)
{
  g_autofree char *total = dup_amount (self, line->total, line->total_unit), *peak = dup_rate (self, line);
  g_autofree char *limits = dup_limits (self, line);
  char *cells[] = { (char *) pump, (char *) tr (self, line->name), total, peak, limits, (char *) judge (self, line) };

  if (!isnan (line->total) || !isnan (line->peak))
    put_row (self, columns, n, cells, false);
}

static void
put_pump_doses (Pages *self, const Column *columns, guint n, const ChsDose *dose, const ChsReportPeak *peak)
{
  const ChsTherapy *therapy = &chs_engine_get_session (chs_chair_model_get_engine (self->report->model))->therapy;
  guint n_pumps;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (self->report->model, &n_pumps);
  g_autofree char *name = NULL;
  const DoseLine lines[] = {
    { N_ ("volume"), dose->infused_ml, CHS_UNIT_ML, peak->flow_ml_h, CHS_UNIT_ML_H, therapy->rate_soft_ml_h, therapy->rate_hard_ml_h },
    { N_ ("magnesium"), dose->mg_mmol_total, CHS_UNIT_MMOL, peak->mg_mmol_min, CHS_UNIT_MMOL_MIN, dose->mg_soft, dose->mg_hard },
    { N_ ("ketamine"), dose->ketamine_mg_total, CHS_UNIT_MG, peak->ketamine_mg_kg_h, CHS_UNIT_MG_KG_H, dose->ketamine_soft, dose->ketamine_hard },
    { N_ ("lidocaine"), dose->lidocaine_mg_total, CHS_UNIT_MG, peak->lidocaine_mg_kg_h, CHS_UNIT_MG_KG_H, dose->lidocaine_soft, dose->lidocaine_hard },
    { N_ ("fluid by weight"), dose->fluid_ml_kg_total, CHS_UNIT_ML_KG, peak->fluid_ml_kg_h, CHS_UNIT_ML_KG_H, dose->fluid_soft_ml_kg_h, dose->fluid_hard_ml_kg_h },
  };

  for (guint i = 0; i < n_pumps; i++)
    if (pumps[i].source == dose->source && pumps[i].channel == dose->channel)
      name = chs_words_pump (self->report->model, &pumps[i], self->theme);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    put_dose (self, columns, n, i == 0 && name != NULL ? name : "", &lines[i]);
}

static void
put_doses (Pages *self)
{
  static const Column columns[] = { { N_ ("Pump"), 0.12 },         { N_ ("Of"), 0.15 },     { N_ ("Given"), 0.15 },
                                    { N_ ("Highest rate"), 0.18 }, { N_ ("Limits, soft / hard"), 0.22 }, { "", 0.18 } };
  guint n;
  const ChsDose *doses = chs_engine_get_doses (chs_chair_model_get_engine (self->report->model), &n);
  bool estimated = false;

  put_heading (self, tr (self, N_ ("Doses against limits")), 14.0);
  if (n == 0) {
    put_none (self, tr (self, N_ ("No pump was heard.")));
    return;
  }
  put_titles (self, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < MIN (n, CHS_REPORT_PUMPS); i++) {
    put_pump_doses (self, columns, G_N_ELEMENTS (columns), &doses[i], &self->report->peaks[i]);
    estimated |= doses[i].estimated;
  }
  put_none (self, tr (self, estimated ? N_ ("Computed from the pumps' reported rates; estimated where a pump could not be heard.")
                                      : N_ ("Computed from the pumps' reported rates.")));
}

static char *
dup_response (const Pages *self, const ChsReportAlarm *row)
{
  return row->ack_us == CHS_TIME_NONE ? g_strdup (tr (self, N_ ("not acknowledged"))) : chs_words_age (self->theme, row->ack_us - row->raised_us);
}

static const char *
words_of_priority (const Pages *self, guint8 priority)
{
  static const char *const words[] = { "", N_ ("low"), N_ ("medium"), N_ ("high") };

  return tr (self, words[MIN (priority, CHS_PRIORITY_HIGH)]);
}

static void
put_alarm (Pages *self, const Column *columns, guint n, const ChsReportAlarm *row)
{
  g_autofree char *time = dup_clock (self, row->raised_us);
  g_autofree char *risen = row->risen_us != CHS_TIME_NONE ? dup_clock (self, row->risen_us) : NULL;
  /* Translators: time of day at which an alarm reached its priority */
  g_autofree char *from = risen != NULL ? g_strdup_printf (tr (self, N_ ("from %s")), risen) : NULL;
  g_autofree char *priority = g_strdup_printf ("%s %s%s%s", chs_words_priority ((ChsPriority) row->priority),
                                               words_of_priority (self, row->priority), from != NULL ? "\n" : "", from != NULL ? from : "");
  g_autofree char *response = dup_response (self, row);
  g_autofree char *length = row->end_us != CHS_TIME_NONE ? chs_words_age (self->theme, row->end_us - row->raised_us)
                                                         : g_strdup (tr (self, N_ ("to the end")));
  g_autofree char *why = row->is_demo ? g_strdup_printf ("%s (%s)", row->why, tr (self, N_ ("demonstration"))) : g_strdup (row->why);
  char *cells[] = { time, priority, row->what, why, response, length };

  put_row (self, columns, n, cells, false);
}

/* An import has no alarms of its own, but the chart has those of its engine: that is said. */
static gboolean
has_alarm_marks (const ChsChairModel *model)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (model, &n);

  for (guint i = 0; i < n; i++)
    if (marks[i].kind == CHS_MARK_ALARM)
      return TRUE;

  return FALSE;
}

static void
put_alarms (Pages *self)
{
  static const Column columns[] = { { N_ ("Time"), 0.08 },          { N_ ("Priority"), 0.14 },   { N_ ("Alarm"), 0.23 },
                                    { N_ ("Seen, and cause"), 0.29 }, { N_ ("Response"), 0.155 }, { N_ ("Lasted"), 0.105 } };
  const GArray *rows = self->report->alarms;

  put_heading (self, tr (self, N_ ("Alarms")), 12.0);
  if (rows->len == 0) {
    put_none (self, tr (self, N_ ("No alarm was recorded.")));
    if (has_alarm_marks (self->report->model))
      put_none (self, tr (self, N_ ("The chart marks what the present rules find in this recording; nothing sounded then.")));
    return;
  }
  put_titles (self, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < rows->len; i++)
    put_alarm (self, columns, G_N_ELEMENTS (columns), &g_array_index (rows, ChsReportAlarm, i));
}

static char *
dup_detail (const Pages *self, const ChsReportEntry *row)
{
  g_autofree char *time = NULL;

  if (row->undone)
    return g_strdup (tr (self, N_ ("taken back")));
  if (row->was_us != CHS_TIME_NONE) {
    time = dup_clock (self, row->was_us);
    /* Translators: of an entry whose time was corrected, with the time of day that it had before */
    return g_strdup_printf (tr (self, N_ ("corrected, was %s")), time);
  }
  if (row->kind == CHS_REPORT_SCORE)
    return isnan (row->value) ? g_strdup ("–") : chs_words_limit (row->value);
  if (row->kind != CHS_REPORT_SYMPTOM)
    return g_strdup ("");
  if (row->end_us == CHS_TIME_NONE)
    return g_strdup (tr (self, N_ ("no end entered")));
  time = dup_clock (self, row->end_us);
  /* Translators: of a symptom, with the time of day */
  return g_strdup_printf (tr (self, N_ ("gone at %s")), time);
}

static void
put_entries (Pages *self, ChsReportKind kind, const char *heading, const char *none)
{
  static const Column columns[] = { { N_ ("Time"), 0.08 }, { N_ ("What"), 0.52 }, { "", 0.25 }, { N_ ("By"), 0.15 } };
  const GArray *rows = self->report->entries;
  guint n = 0;

  put_heading (self, tr (self, heading), 10.0);
  for (guint i = 0; i < rows->len; i++) {
    const ChsReportEntry *row = &g_array_index (rows, ChsReportEntry, i);
    g_autofree char *time = dup_clock (self, row->t_us), *detail = dup_detail (self, row);
    char *cells[] = { time, row->words, detail, (char *) row->who };

    if (row->kind != kind)
      continue;
    if (n++ == 0)
      put_titles (self, columns, G_N_ELEMENTS (columns));
    put_row (self, columns, G_N_ELEMENTS (columns), cells, row->undone);
  }
  if (n == 0)
    put_none (self, tr (self, none));
}

/* ---- before and after ---- */

static void
put_outcome_row (Pages *self, const Column *columns, guint n, const char *name, double before, double after, double call)
{
  g_autofree char *first = isnan (before) ? g_strdup ("–") : chs_words_limit (before), *second = isnan (after) ? g_strdup ("–") : chs_words_limit (after);
  g_autofree char *last = isnan (call) ? g_strdup ("–") : chs_words_limit (call);
  g_autofree char *change = isnan (after - before) ? g_strdup ("–") : chs_words_isolate (self->theme, g_strdup_printf (after < before ? "−%g" : "+%g", fabs (after - before)));
  char *cells[] = { (char *) tr (self, name), first, second, change, last };

  put_row (self, columns, n, cells, false);
}

/* Side by side, and what the telephone call said where there was one. */
static void
put_outcome (Pages *self)
{
  static const Column columns[] = { { "", 0.28 }, { N_ ("Before"), 0.16 }, { N_ ("After"), 0.16 }, { N_ ("Change"), 0.16 }, { N_ ("At the call"), 0.24 } };
  const ChsOutcome outcome = chs_chair_model_get_outcome (self->report->model);
  const ChsCourse *course = self->report->course;
  const ChsCourseSession *row = course != NULL && course->sessions->len > 0
                                  ? &g_array_index (course->sessions, ChsCourseSession, course->sessions->len - 1) : NULL;

  put_heading (self, tr (self, N_ ("Pain and fatigue, 0 to 10")), 4 * ROW);
  put_titles (self, columns, G_N_ELEMENTS (columns));
  put_outcome_row (self, columns, G_N_ELEMENTS (columns), N_ ("Pain"), outcome.pain_before, outcome.pain_after, row != NULL ? row->call.pain : (double) NAN);
  put_outcome_row (self, columns, G_N_ELEMENTS (columns), N_ ("Fatigue"), outcome.fatigue_before, outcome.fatigue_after,
                   row != NULL ? row->call.fatigue : (double) NAN);
}

/* ---- the course ---- */

#define COURSE_HEIGHT 34.0
#define COURSE_MOST 10.0 /* of pain and fatigue */

/* Before as a hollow ring, after filled, at the call a diamond; one line for each patient's word: pain, fatigue. */
static void
put_course_point (cairo_t *cr, double x, double y, guint kind, const ChsTheme *theme)
{
  const double r = 0.9;

  if (kind == 2) {
    cairo_move_to (cr, x, y - 1.3 * r);
    cairo_line_to (cr, x + 1.3 * r, y);
    cairo_line_to (cr, x, y + 1.3 * r);
    cairo_line_to (cr, x - 1.3 * r, y);
    cairo_close_path (cr);
  } else {
    cairo_new_sub_path (cr);
    cairo_arc (cr, x, y, r, 0.0, 2.0 * G_PI);
  }
  cairo_set_line_width (cr, 0.3);
  chs_colour (cr, kind == 0 ? theme->palette.panel : theme->palette.text, 1.0);
  cairo_fill_preserve (cr);
  chs_colour (cr, theme->palette.text, 1.0);
  cairo_stroke (cr);
}

static void
put_course_plot (Pages *self, const GArray *rows, guint n, double x0, double width, gboolean is_pain)
{
  const ChsFont soft = font_of (self, EM_SMALL, false, true);
  double top = self->y + 5.0, height = COURSE_HEIGHT - 11.0, left = x0 + 6.0, step = (width - 10.0) / MAX (n, 1u);
  cairo_t *cr = now_on (self);

  put_line (self, x0, self->y, width, &soft, tr (self, is_pain ? N_ ("Pain, 0 to 10") : N_ ("Fatigue, 0 to 10")), CHS_ALIGN_START);
  for (guint i = 0; i <= 2; i++) {
    double y = top + height * i / 2.0;
    g_autofree char *mark = chs_words_number (COURSE_MOST - COURSE_MOST * i / 2.0, 0);

    put_rule (self, left, y, width - 8.0, 0.1);
    put_line (self, x0, y - EM_SMALL * 0.7, 5.0, &soft, mark, CHS_ALIGN_END);
  }
  for (guint i = 0; i < rows->len; i++) {
    const ChsCourseSession *row = &g_array_index (rows, ChsCourseSession, i);
    const double values[] = { is_pain ? row->before.pain : row->before.fatigue, is_pain ? row->after.pain : row->after.fatigue,
                              is_pain ? row->call.pain : row->call.fatigue };
    g_autofree char *number = g_strdup_printf ("%u", i + 1);

    put_line (self, left + step * i, top + height + 0.6, step, &soft, number, CHS_ALIGN_CENTRE);
    for (guint k = 0; k < G_N_ELEMENTS (values); k++)
      if (!isnan (values[k]))
        put_course_point (cr, left + step * (i + 0.25 + 0.25 * k), top + height * (1.0 - values[k] / COURSE_MOST), k, self->theme);
  }
}

/* What was said at the call after this session; NULL while nobody has called. */
static char *
dup_call (const Pages *self, const ChsCourseSession *row)
{
  static const char *const hows[] = { [CHS_CALL_BETTER] = N_ ("Better"), [CHS_CALL_SAME] = N_ ("Same"), [CHS_CALL_WORSE] = N_ ("Worse") };
  g_autofree char *pain = isnan (row->call.pain) ? g_strdup ("–") : chs_words_limit (row->call.pain);
  g_autofree char *fatigue = isnan (row->call.fatigue) ? g_strdup ("–") : chs_words_limit (row->call.fatigue);
  g_autofree char *said = NULL;

  switch (row->call_outcome) {
  case CHS_CALL_REACHED:
    said = g_strdup_printf (tr (self, N_ ("pain %1$s, fatigue %2$s")), pain, fatigue);
    return g_strdup_printf ("%s%s%s%s%s", row->call_how != CHS_CALL_HOW_NONE ? tr (self, hows[row->call_how]) : "",
                            row->call_how != CHS_CALL_HOW_NONE ? " · " : "", said, row->call_note[0] != '\0' ? " · " : "", row->call_note);
  case CHS_CALL_NOT_REACHED:
    return g_strdup (tr (self, N_ ("Not reached")));
  case CHS_CALL_DECLINED:
    return g_strdup (tr (self, N_ ("Wants no call")));
  case CHS_CALL_NONE:
  case CHS_N_CALL_OUTCOMES:
  default:
    return NULL;
  }
}

static char *
dup_call_line (const Pages *self, const ChsCourseSession *row)
{
  g_autofree char *said = dup_call (self, row);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (row->call_wall_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) time = utc != NULL ? g_date_time_add_minutes (utc, chs_chair_model_get_utc_offset_min (self->report->model)) : NULL;
  g_autofree char *date = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("–");

  if (said == NULL)
    return g_strdup (tr (self, N_ ("No telephone call was entered yet.")));
  /* Translators: 1 date and time, 2 what was said */
  return g_strdup_printf (tr (self, N_ ("Telephone call of %1$s: %2$s")), date, said);
}

static void
put_course (Pages *self)
{
  const ChsCourse *course = self->report->course;
  const ChsFont font = font_of (self, EM_BODY, false, false);
  g_autofree char *words = NULL, *call = NULL;
  guint k, n;

  if (course == NULL || course->sessions->len == 0)
    return;
  k = course->sessions->len;
  n = MAX (course->planned, k);
  put_heading (self, tr (self, N_ ("Course of treatment")), COURSE_HEIGHT + EM_BODY * LINE + 7.0);
  words = course->planned > 0 ? g_strdup_printf (tr (self, N_ ("Session %u of %u. Ring: before, dot: after, diamond: at the call a day or two later.")), k, n)
                              : g_strdup_printf (tr (self, N_ ("Session %u. Ring: before, dot: after, diamond: at the call a day or two later.")), k);
  put_line (self, MARGIN, self->y, WIDTH, &font, words, CHS_ALIGN_START);
  self->y += EM_BODY * LINE + 1.0;
  put_course_plot (self, course->sessions, n, MARGIN, WIDTH * 0.48, TRUE);
  put_course_plot (self, course->sessions, n, MARGIN + WIDTH * 0.52, WIDTH * 0.48, FALSE);
  self->y += COURSE_HEIGHT;
  call = dup_call_line (self, &g_array_index (course->sessions, ChsCourseSession, course->sessions->len - 1));
  put_line (self, MARGIN, self->y, WIDTH, &font, call, CHS_ALIGN_START);
  self->y += EM_BODY * LINE + 1.0;
}

#define SIGNATURE_HEIGHT 24.0

static void
put_signatures (Pages *self)
{
  static const char *const who[] = { N_ ("Nurse: name, signature, date and time"), N_ ("Physician: name, signature, date and time") };
  const ChsFont soft = font_of (self, EM_SMALL, false, true), font = font_of (self, EM_BODY, false, false);

  need (self, SIGNATURE_HEIGHT);
  self->y = BOTTOM - SIGNATURE_HEIGHT + 4.0;
  put_line (self, MARGIN, self->y, WIDTH, &font, tr (self, N_ ("I have reviewed this session.")), CHS_ALIGN_START);
  for (guint i = 0; i < G_N_ELEMENTS (who); i++) {
    double x = MARGIN + i * WIDTH * 0.52;

    put_rule (self, x, BOTTOM - 5.0, WIDTH * 0.48, 0.3);
    put_line (self, x, BOTTOM - 4.2, WIDTH * 0.48, &soft, tr (self, who[i]), CHS_ALIGN_START);
  }
}

static void
lay_out (Pages *self)
{
  self->page = 0;
  self->y = TOP;
  put_title (self);
  put_identity (self);
  put_therapy (self);
  put_chart (self);
  put_doses (self);
  put_alarms (self);
  put_vitals (self);
  put_entries (self, CHS_REPORT_SYMPTOM, N_ ("Symptoms"), N_ ("No symptom was entered."));
  put_outcome (self);
  put_entries (self, CHS_REPORT_SCORE, N_ ("Scores"), N_ ("No score was entered."));
  put_course (self);
  put_entries (self, CHS_REPORT_DISCHARGE, N_ ("Before going home"), N_ ("No discharge check was entered."));
  put_entries (self, CHS_REPORT_ACTION, N_ ("Actions and notes"), N_ ("Nothing was entered."));
  put_signatures (self);
  put_footer (self);
}

guint
chs_report_draw (const ChsReport *self, cairo_t *cr, const ChsTheme *theme, guint page)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, &(cairo_rectangle_t) { 0, 0, 1, 1 });
  Pages pages = { .report = self, .theme = theme, .cr = cr, .nowhere = cairo_create (surface), .wanted = G_MAXUINT };

  lay_out (&pages); /* counts */
  pages.n_pages = pages.page + 1;
  pages.wanted = page;
  lay_out (&pages);
  cairo_destroy (pages.nowhere);
  cairo_surface_destroy (surface);
  return pages.n_pages;
}

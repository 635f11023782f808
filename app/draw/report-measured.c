/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/report-sections.h"

#include <math.h>

static char *
dup_value_at (const ChsSheet *self, const ChsReportVital *row, double value, int64_t t_us)
{
  g_autofree char *digits = chs_sheet_dup_value (value, row->param), *time = chs_sheet_dup_clock (self, t_us);

  return g_strdup_printf ("%s  (%s)", digits, time);
}

static void
put_vital (ChsSheet *self, const ChsSheetColumn *columns, guint n, const ChsReportVital *row)
{
  const ChsParamInfo *info = chs_param_info (row->param);
  const char *sys = row->param == CHS_PARAM_NIBP_SYS || row->param == CHS_PARAM_ABP_SYS ? " sys" : "";
  g_autofree char *name = g_strdup_printf ("%s%s, %s", chs_sheet_tr (self, info->label), sys, chs_sheet_tr (self, chs_unit_info (info->unit)->label));
  g_autofree char *count = g_strdup_printf ("%u", row->n), *first = chs_sheet_dup_value (row->first, row->param);
  g_autofree char *low = dup_value_at (self, row, row->low, row->low_us), *high = dup_value_at (self, row, row->high, row->high_us);
  g_autofree char *last = chs_sheet_dup_value (row->last, row->param);
  char *cells[] = { name, first, low, high, last, count };

  chs_sheet_row (self, columns, n, cells, false);
}

/* NEWS2, or the shock index: one figure and its time. */
static char *
dup_score (const ChsScores *row, bool is_news2)
{
  return is_news2 ? chs_words_news2 (&row->news2) : chs_words_number (row->shock_index, 2);
}

static char *
dup_score_at (const ChsSheet *self, const ChsScores *row, bool is_news2)
{
  g_autofree char *digits = dup_score (row, is_news2), *time = chs_sheet_dup_clock (self, row->t_us);

  return g_strdup_printf ("%s  (%s)", digits, time);
}

static double
score_value (const ChsScores *row, bool is_news2)
{
  return is_news2 ? (double) row->news2.total : row->shock_index;
}

/* Returns: whether some of them are "at least" */
static bool
put_score (ChsSheet *self, const ChsSheetColumn *columns, guint n_columns, const char *title, bool is_news2)
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
    g_autofree char *name = g_strdup (chs_sheet_tr (self, title)), *count = g_strdup_printf ("%u", n);
    g_autofree char *begin = dup_score (first, is_news2), *least = dup_score_at (self, low, is_news2);
    g_autofree char *most = dup_score_at (self, high, is_news2), *end = dup_score (last, is_news2);
    char *cells[] = { name, begin, least, most, end, count };

    chs_sheet_row (self, columns, n_columns, cells, false);
  }
  return has_partial;
}

static void
put_scores (ChsSheet *self, const ChsSheetColumn *columns, guint n_columns)
{
  bool has_partial = put_score (self, columns, n_columns, "NEWS2", true);

  put_score (self, columns, n_columns, N_ ("Shock index"), false);
  if (has_partial)
    chs_sheet_note (self, chs_sheet_tr (self, N_ ("≥: not all parts of NEWS2 were known; it is at least so many points.")));
}

void
chs_report_put_vitals (ChsSheet *self)
{
  static const ChsSheetColumn columns[] = { { N_ ("Parameter"), 0.25 }, { N_ ("First"), 0.12 }, { N_ ("Lowest"), 0.19 },
                                    { N_ ("Highest"), 0.19 },   { N_ ("Last"), 0.12 },  { N_ ("Readings"), 0.13 } };
  const GArray *rows = self->report->vitals;
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    n += g_array_index (rows, ChsReportVital, i).n > 0;
  /* never more than fourteen rows and a note: kept together */
  chs_sheet_heading (self, chs_sheet_tr (self, N_ ("Measured")), (n + 5) * CHS_SHEET_ROW);
  if (n == 0) {
    chs_sheet_note (self, chs_sheet_tr (self, N_ ("No vital sign was recorded.")));
    return;
  }
  chs_sheet_titles (self, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < rows->len; i++)
    if (g_array_index (rows, ChsReportVital, i).n > 0)
      put_vital (self, columns, G_N_ELEMENTS (columns), &g_array_index (rows, ChsReportVital, i));
  put_scores (self, columns, G_N_ELEMENTS (columns));
  chs_sheet_note (self, chs_sheet_tr (self, N_ ("As the instruments gave them; values that they marked invalid are left out.")));
}

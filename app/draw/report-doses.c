/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/report-sections.h"

#include <math.h>

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
dup_amount (const ChsSheet *self, double value, ChsUnit unit)
{
  g_autofree char *digits = isnan (value) ? NULL : chs_words_dose (value);

  return digits != NULL ? g_strdup_printf ("%s %s", digits, chs_sheet_tr (self, chs_unit_info (unit)->label)) : g_strdup ("–");
}

/* With the digits of a limit: 0.203 against 0.2 is above, 0.20 would look like equal. */
static char *
dup_rate (const ChsSheet *self, const DoseLine *line)
{
  g_autofree char *digits = isnan (line->peak) ? NULL : chs_words_limit (line->peak);

  return digits != NULL ? g_strdup_printf ("%s %s", digits, chs_sheet_tr (self, chs_unit_info (line->rate_unit)->label)) : g_strdup ("–");
}

static char *
dup_limits (const ChsSheet *self, const DoseLine *line)
{
  g_autofree char *soft = isnan (line->soft) ? g_strdup ("–") : chs_words_limit (line->soft);
  g_autofree char *hard = isnan (line->hard) ? g_strdup ("–") : chs_words_limit (line->hard);

  if (isnan (line->soft) && isnan (line->hard))
    return g_strdup ("–");
  return g_strdup_printf ("%s / %s %s", soft, hard, chs_sheet_tr (self, chs_unit_info (line->rate_unit)->label));
}

static const char *
judge (const ChsSheet *self, const DoseLine *line)
{
  if (isnan (line->peak) || (isnan (line->soft) && isnan (line->hard)))
    return "";
  if (!isnan (line->hard) && line->peak > line->hard)
    return chs_sheet_tr (self, N_ ("above the hard limit"));
  if (!isnan (line->soft) && line->peak > line->soft)
    return chs_sheet_tr (self, N_ ("above the soft limit"));
  return chs_sheet_tr (self, N_ ("within limits"));
}

static void
put_dose (ChsSheet *self, const ChsSheetColumn *columns, guint n, const char *pump, const DoseLine *line)
{
  g_autofree char *total = dup_amount (self, line->total, line->total_unit), *peak = dup_rate (self, line);
  g_autofree char *limits = dup_limits (self, line);
  char *cells[] = { (char *) pump, (char *) chs_sheet_tr (self, line->name), total, peak, limits, (char *) judge (self, line) };

  if (!isnan (line->total) || !isnan (line->peak))
    chs_sheet_row (self, columns, n, cells, false);
}

static void
put_pump_doses (ChsSheet *self, const ChsSheetColumn *columns, guint n, const ChsDose *dose, const ChsReportPeak *peak)
{
  const ChsTherapy *therapy = &chs_engine_get_session (chs_chair_model_get_engine (self->report->model))->therapy;
  guint n_pumps;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (self->report->model, &n_pumps);
  g_autofree char *name = NULL;
  const DoseLine lines[] = {
    { N_ ("volume"), dose->infused_ml, CHS_UNIT_ML, peak->flow_ml_h, CHS_UNIT_ML_H, therapy->rate_soft_ml_h, therapy->rate_hard_ml_h },
    { N_ ("magnesium"), dose->mg_mmol_total, CHS_UNIT_MMOL, peak->mg_mmol_min, CHS_UNIT_MMOL_MIN, dose->mg_soft, dose->mg_hard },
    { N_ ("ketamine"), dose->ketamine_mg_total, CHS_UNIT_MG, peak->ketamine_mg_kg_h, CHS_UNIT_MG_KG_H, dose->ketamine_soft, dose->ketamine_hard },
    { N_ ("lidocaine"), dose->lidocaine_mg_total, CHS_UNIT_MG, peak->lidocaine_mg_kg_h, CHS_UNIT_MG_KG_H,
      dose->lidocaine_soft, dose->lidocaine_hard },
    { N_ ("fluid by weight"), dose->fluid_ml_kg_total, CHS_UNIT_ML_KG, peak->fluid_ml_kg_h, CHS_UNIT_ML_KG_H,
      dose->fluid_soft_ml_kg_h, dose->fluid_hard_ml_kg_h },
  };

  for (guint i = 0; i < n_pumps; i++)
    if (pumps[i].source == dose->source && pumps[i].channel == dose->channel)
      name = chs_words_pump (self->report->model, &pumps[i], self->theme);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    put_dose (self, columns, n, i == 0 && name != NULL ? name : "", &lines[i]);
}

void
chs_report_put_doses (ChsSheet *self)
{
  static const ChsSheetColumn columns[] = { { N_ ("Pump"), 0.12 },         { N_ ("Of"), 0.15 },     { N_ ("Given"), 0.15 },
                                    { N_ ("Highest rate"), 0.18 }, { N_ ("Limits, soft / hard"), 0.22 }, { "", 0.18 } };
  guint n;
  const ChsDose *doses = chs_engine_get_doses (chs_chair_model_get_engine (self->report->model), &n);
  bool estimated = false;

  chs_sheet_heading (self, chs_sheet_tr (self, N_ ("Doses against limits")), 14.0);
  if (n == 0) {
    chs_sheet_note (self, chs_sheet_tr (self, N_ ("No pump was heard.")));
    return;
  }
  chs_sheet_titles (self, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < MIN (n, CHS_REPORT_PUMPS); i++) {
    put_pump_doses (self, columns, G_N_ELEMENTS (columns), &doses[i], &self->report->peaks[i]);
    estimated |= doses[i].estimated;
  }
  chs_sheet_note (self, chs_sheet_tr (self, estimated ? N_ ("Computed from the pumps' reported rates; estimated where a pump could not be heard.")
                                      : N_ ("Computed from the pumps' reported rates.")));
}

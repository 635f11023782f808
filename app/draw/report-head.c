/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/report-sections.h"

#include <math.h>
#include <string.h>

static char *
dup_setup (const ChsSheet *self, const char *key)
{
  const char *value = g_hash_table_lookup (self->report->setup, key);

  return value != NULL && value[0] != '\0' ? g_strdup (value) : NULL;
}

static char *
dup_quantity (const ChsSheet *self, const char *key, ChsUnit unit)
{
  const char *stored = g_hash_table_lookup (self->report->setup, key);
  double value = stored != NULL && stored[0] != '\0' ? g_ascii_strtod (stored, NULL) : (double) NAN;
  g_autofree char *digits = isfinite (value) ? chs_words_limit (value) : NULL;

  return digits != NULL ? g_strdup_printf ("%s %s", digits, chs_sheet_tr (self, chs_unit_info (unit)->label)) : NULL;
}

static char *
dup_date (const ChsSheet *self)
{
  int64_t local_us = self->report->start_wall_us + chs_chair_model_get_utc_offset_min (self->report->model) * CHS_US_PER_MIN;
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (local_us / CHS_US_PER_S);

  return date != NULL ? g_date_time_format (date, "%Y-%m-%d") : NULL;
}

static char *
dup_zone (const ChsSheet *self)
{
  int offset = chs_chair_model_get_utc_offset_min (self->report->model);

  return offset == 0 ? g_strdup ("UTC") : g_strdup_printf ("UTC%c%02d:%02d", offset < 0 ? '-' : '+', ABS (offset) / 60, ABS (offset) % 60);
}

static char *
dup_span (const ChsSheet *self)
{
  g_autofree char *from = chs_sheet_dup_clock (self, 0), *to = chs_sheet_dup_clock (self, self->report->last_us), *zone = dup_zone (self);
  g_autofree char *age = chs_words_age (self->theme, self->report->last_us);

  return g_strdup_printf ("%s – %s %s (%s)", from, to, zone, age);
}

static char *
dup_flags (const ChsSheet *self)
{
  g_autofree char *flags = dup_setup (self, "patient.flags");
  g_auto (GStrv) parts = NULL;

  if (flags == NULL || strcmp (flags, "unknown") == 0)
    return NULL;
  g_strdelimit (flags, "_", ' ');
  parts = g_strsplit (flags, ",", -1);
  for (char **part = parts; *part != NULL; part++) {
    char *translated = g_strdup (chs_sheet_tr (self, g_strstrip (*part)));

    g_free (*part);
    *part = translated;
  }
  return g_strjoinv (chs_words_comma (self->theme), parts);
}

static char *
dup_whole (const ChsSheet *self)
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
    return g_strdup (chs_sheet_tr (self, words));
  age = chs_words_age (self->theme, missing_us);
  /* Translators: how often the data of an instrument stopped, and for how long in all */
  gap_words = g_strdup_printf (chs_sheet_tr (self, N_ ("gaps in the instruments' data: %u, in all %s")), n, age);
  return g_strdup_printf ("%s; %s", chs_sheet_tr (self, words), gap_words);
}

void
chs_report_put_title (ChsSheet *self)
{
  const ChsFont title = chs_sheet_font (self, CHS_SHEET_EM_TITLE, true, false), soft = chs_sheet_font (self, CHS_SHEET_EM_BODY, false, true);
  const ChsFont strong = chs_sheet_font (self, CHS_SHEET_EM_HEADING, true, false);
  g_autofree char *date = dup_date (self);
  g_autofree char *right = g_strdup_printf ("%s   %s", date != NULL ? date : "", self->report->chair != NULL ? self->report->chair : "");

  chs_sheet_line (self, CHS_SHEET_MARGIN, self->y, CHS_SHEET_WIDTH * 0.6, &title, chs_sheet_tr (self, N_ ("Infusion session report")),
                  CHS_ALIGN_START);
  chs_sheet_line (self, CHS_SHEET_MARGIN + CHS_SHEET_WIDTH * 0.6, self->y + 1.6, CHS_SHEET_WIDTH * 0.4, &soft, right, CHS_ALIGN_END);
  self->y += CHS_SHEET_EM_TITLE * CHS_SHEET_LINE;
  if (self->report->has_demo) {
    chs_sheet_line (self, CHS_SHEET_MARGIN, self->y, CHS_SHEET_WIDTH, &strong,
                    chs_sheet_tr (self, N_ ("Contains demonstration data: not of a patient.")), CHS_ALIGN_START);
    self->y += CHS_SHEET_EM_HEADING * CHS_SHEET_LINE;
  }
}

void
chs_report_put_identity (ChsSheet *self)
{
  g_autofree char *weight = dup_quantity (self, "patient.weight_kg", CHS_UNIT_KG);
  g_autofree char *height = dup_quantity (self, "patient.height_cm", CHS_UNIT_CM);
  g_autofree char *age = dup_setup (self, "patient.age"), *sex = dup_setup (self, "patient.sex");
  ChsSheetFact left[] = {
    { N_ ("Patient ID"), dup_setup (self, "patient.id") },
    { N_ ("Name, born"), g_strdup ("……………………………………………………") }, /* by hand: recordings hold neither */
    { N_ ("Age, sex"), age != NULL || sex != NULL ? g_strdup_printf ("%s, %s", age != NULL ? age : "–", sex != NULL ? sex : "–") : NULL },
    { N_ ("Weight, height"), weight != NULL || height != NULL
        ? g_strdup_printf ("%s, %s", weight != NULL ? weight : "–", height != NULL ? height : "–") : NULL },
    { N_ ("Risks"), dup_flags (self) },
  };
  ChsSheetFact right[] = {
    { N_ ("Date"), dup_date (self) },
    { N_ ("Session"), dup_span (self) },
    { N_ ("Chair"), g_strdup (self->report->chair) },
    { N_ ("Recording"), dup_whole (self) },
    { N_ ("Recorded by"), g_strdup (self->report->program) },
  };

  chs_sheet_heading (self, chs_sheet_tr (self, N_ ("Patient and session")), 12.0);
  chs_sheet_facts (self, left, G_N_ELEMENTS (left), right, G_N_ELEMENTS (right));
}

static char *
dup_contents (const ChsSheet *self)
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
      g_string_append_printf (text, "%s%s %s %s", text->len > 0 ? ", " : "", chs_sheet_tr (self, table[i].name), digits,
                              chs_sheet_tr (self, chs_unit_info (table[i].unit)->label));
  }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

static char *
dup_baseline (const ChsSheet *self)
{
  const ChsBaseline *b = chs_engine_get_baseline (chs_chair_model_get_engine (self->report->model));
  g_autofree char *time = chs_sheet_dup_clock (self, b->taken_us), *sys = chs_sheet_dup_value (b->sbp, CHS_PARAM_NIBP_SYS);
  g_autofree char *dia = chs_sheet_dup_value (b->dbp, CHS_PARAM_NIBP_DIA);
  const char *how = b->confirmed ? N_ ("confirmed") : b->quality == CHS_BASELINE_GOOD ? N_ ("not confirmed") : N_ ("provisional");

  if (b->quality == CHS_BASELINE_NONE)
    return NULL;
  return g_strdup_printf ("%s/%s %s, %s, %s", sys, dia, chs_sheet_tr (self, chs_unit_info (CHS_UNIT_MMHG)->label), time, chs_sheet_tr (self, how));
}

static char *
dup_checks (const ChsSheet *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->report->entries->len; i++) {
    const ChsReportEntry *row = &g_array_index (self->report->entries, ChsReportEntry, i);
    g_autofree char *time = chs_sheet_dup_clock (self, row->t_us);

    if (row->kind == CHS_REPORT_CHECK && !row->undone)
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? "; " : "", time, row->words);
  }
  return text->len > 0 ? g_strdup (text->str) : NULL;
}

void
chs_report_put_therapy (ChsSheet *self)
{
  g_autofree char *name = dup_setup (self, "therapy.name"), *id = dup_setup (self, "therapy.id");
  ChsSheetFact left[] = {
    { N_ ("Infusion"), name != NULL ? g_strdup (name) : g_strdup (id) },
    { N_ ("Contents"), dup_contents (self) },
    { N_ ("Bag"), dup_quantity (self, "therapy.bag_volume_ml", CHS_UNIT_ML) },
    { N_ ("Ordered rate"), dup_quantity (self, "therapy.ordered_rate_ml_h", CHS_UNIT_ML_H) },
  };
  ChsSheetFact right[] = {
    { N_ ("Baseline"), dup_baseline (self) },
    { N_ ("Checks"), dup_checks (self) },
  };

  chs_sheet_heading (self, chs_sheet_tr (self, N_ ("Therapy and checks")), 12.0);
  chs_sheet_facts (self, left, G_N_ELEMENTS (left), right, G_N_ELEMENTS (right));
}

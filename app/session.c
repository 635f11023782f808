/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session.h"

#include <glib.h>

#include <math.h>
#include <stddef.h>
#include <string.h>

#define RISK_UNASKED "unknown"
#define RISK_NONE "none" /* asked, and there is none */
#define ALLERGY_PREFIX "allergy:"

/* Devine 1974: 50 kg (women 45.5 kg) and 2.3 kg for each inch over 60. A formula, not a limit. */
#define DEVINE_MEN_KG 50.0
#define DEVINE_WOMEN_KG 45.5
#define DEVINE_KG_PER_INCH 2.3
#define DEVINE_INCHES 60.0
#define CM_PER_INCH 2.54

static const char *const phase_ids[CHS_N_PHASES] = {
  "idle", "prepared", "baseline", "infusing", "held", "observe", "closed",
};

static const struct {
  const char *id;
  uint32_t    risk;
} risks[] = {
  { "heart_failure", CHS_RISK_HEART_FAILURE }, { "renal", CHS_RISK_RENAL },
  { "hepatic", CHS_RISK_HEPATIC },             { "hypertension", CHS_RISK_HYPERTENSION },
  { "beta_blocker", CHS_RISK_BETA_BLOCKER },   { "digoxin", CHS_RISK_DIGOXIN },
  { "copd", CHS_RISK_COPD },                   { "asthma", CHS_RISK_ASTHMA },
  { "osa", CHS_RISK_OSA },                     { "af", CHS_RISK_AF },
  { "pacemaker", CHS_RISK_PACEMAKER },         { "diabetes", CHS_RISK_DIABETES },
  { "g6pd", CHS_RISK_G6PD },                   { "pregnancy", CHS_RISK_PREGNANCY },
  { "seizure", CHS_RISK_SEIZURE },             { "glaucoma_icp", CHS_RISK_GLAUCOMA_ICP },
  { "psychosis", CHS_RISK_PSYCHOSIS },         { "anticoagulant", CHS_RISK_ANTICOAGULANT },
  { "sensitive", CHS_RISK_SENSITIVE },         { RISK_UNASKED, CHS_RISK_UNKNOWN },
};

typedef enum { FIELD_TEXT, FIELD_NUMBER, FIELD_FLAG } FieldKind;

/* One key that is one field. @least and @most only keep out what cannot be a value at all. */
typedef struct {
  const char *key;
  FieldKind   kind;
  size_t      offset, size;
  double      least, most;
} Field;

#define TEXT(type, name, field) { name, FIELD_TEXT, offsetof (type, field), sizeof (((type *) 0)->field), 0, 0 }
#define NUMBER(type, name, field, min, max) { name, FIELD_NUMBER, offsetof (type, field), sizeof (double), min, max }
#define FLAG(type, name, field) { name, FIELD_FLAG, offsetof (type, field), sizeof (int8_t), 0, 1 }
#define DOSE(field) NUMBER (ChsTherapy, #field, field, 0, 100000)

static const Field therapy_fields[] = {
  TEXT (ChsTherapy, "id", id),
  TEXT (ChsTherapy, "name", name),
  DOSE (bag_volume_ml),
  DOSE (ordered_rate_ml_h),
  DOSE (mg_mmol_per_ml),
  DOSE (ketamine_mg_per_ml),
  DOSE (lidocaine_mg_per_ml),
  DOSE (vitc_mg_per_ml),
  DOSE (glutathione_mg_per_ml),
  DOSE (osm_mosm_l),
  DOSE (planned_min),
  DOSE (cuff_interval_s),
  DOSE (observe_min),
  DOSE (mg_soft_mmol_min),
  DOSE (mg_hard_mmol_min),
  DOSE (ketamine_soft_mg_kg_h),
  DOSE (ketamine_hard_mg_kg_h),
  DOSE (lidocaine_soft_mg_kg_h),
  DOSE (lidocaine_hard_mg_kg_h),
  DOSE (vitc_soft_g_min),
  DOSE (vitc_hard_g_min),
  DOSE (glutathione_soft_mg_min),
  DOSE (glutathione_hard_mg_min),
  DOSE (rate_soft_ml_h),
  DOSE (rate_hard_ml_h),
  DOSE (ketamine_max_mg_kg),
  DOSE (lidocaine_max_mg_kg),
  DOSE (lidocaine_max_mg),
  DOSE (lidocaine_loading_mg_kg),
  DOSE (lidocaine_max_mg_h),
  FLAG (ChsTherapy, "ideal_weight", ideal_weight),
  FLAG (ChsTherapy, "irritant", irritant),
  FLAG (ChsTherapy, "unchecked", unchecked),
};

static const Field session_fields[] = {
  TEXT (ChsSession, "session.id", id),
  TEXT (ChsSession, "session.chair", chair),
  TEXT (ChsSession, "session.checks", checks),
  NUMBER (ChsSession, "session.cuff_interval_s", cuff_interval_s, 30, 7200),
  TEXT (ChsSession, "patient.id", patient_id),
  NUMBER (ChsSession, "patient.age", age, 0, 130),
  NUMBER (ChsSession, "patient.weight_kg", weight_kg, 20, 350),
  NUMBER (ChsSession, "patient.height_cm", height_cm, 80, 250),
  NUMBER (ChsSession, "patient.course_planned", course_planned, 1, 200),
  FLAG (ChsSession, "patient.oxygen", on_oxygen),
  FLAG (ChsSession, "sensors.ecg", has_ecg),
  FLAG (ChsSession, "sensors.abp", has_abp),
};

static bool
parse_number (const char *value, double least, double most, double *out)
{
  char *end;
  double number;

  if (value[0] == '\0') {
    *out = (double) NAN;
    return true;
  }
  number = g_ascii_strtod (value, &end);
  if (end == value || *end != '\0' || !(number >= least && number <= most))
    return false;
  *out = number;
  return true;
}

static bool
set_field (const Field *field, void *object, const char *value)
{
  void *at = (char *) object + field->offset;
  double number;

  switch (field->kind) {
  case FIELD_TEXT:
    chs_text_copy (at, field->size, value);
    return true;
  case FIELD_NUMBER:
    if (!parse_number (value, field->least, field->most, &number))
      return false;
    memcpy (at, &number, sizeof number);
    return true;
  case FIELD_FLAG:
    if (value[0] != '\0' && strcmp (value, "0") != 0 && strcmp (value, "1") != 0)
      return false;
    *(int8_t *) at = value[0] == '\0' ? -1 : (int8_t) (value[0] - '0');
    return true;
  }
  return false;
}

static const Field *
find_field (const Field *fields, size_t n, const char *key)
{
  for (size_t i = 0; i < n; i++)
    if (strcmp (fields[i].key, key) == 0)
      return &fields[i];
  return NULL;
}

static bool
parse_steps (ChsTherapy *self, const char *value)
{
  ChsTherapy parsed = *self;

  parsed.n_steps = 0;
  while (*value != '\0') {
    char *end;
    double from_min = g_ascii_strtod (value, &end), rate;

    if (end == value || parsed.n_steps == CHS_THERAPY_STEPS || !(from_min >= 0 && from_min <= 100000))
      return false;
    value = end;
    rate = g_ascii_strtod (value, &end);
    if (end == value || !(rate >= 0 && rate <= 100000))
      return false;
    if (parsed.n_steps > 0 && from_min <= (double) parsed.steps[parsed.n_steps - 1].from_min)
      return false;
    parsed.steps[parsed.n_steps].from_min = (float) from_min;
    parsed.steps[parsed.n_steps++].rate_ml_h = (float) rate;
    value = end;
    while (*value == ' ' || *value == ';')
      value++;
  }
  *self = parsed;
  return true;
}

void
chs_therapy_clear (ChsTherapy *self)
{
  memset (self, 0, sizeof *self);
  for (size_t i = 0; i < G_N_ELEMENTS (therapy_fields); i++)
    set_field (&therapy_fields[i], self, "");
}

bool
chs_therapy_setup (ChsTherapy *self, const char *key, const char *value)
{
  const Field *field = find_field (therapy_fields, G_N_ELEMENTS (therapy_fields), key);

  if (strcmp (key, "steps") == 0)
    return parse_steps (self, value);
  return field != NULL && set_field (field, self, value);
}

double
chs_therapy_planned_ml_h (const ChsTherapy *self, double minutes, double *next_min)
{
  double rate = (double) NAN, next = (double) NAN;

  for (unsigned i = self->n_steps; i-- > 0;) {
    if (minutes >= (double) self->steps[i].from_min) {
      rate = (double) self->steps[i].rate_ml_h;
      break;
    }
    next = (double) self->steps[i].from_min;
  }
  if (next_min != NULL)
    *next_min = next;
  return rate;
}

double
chs_therapy_highest_ml_h (const ChsTherapy *self)
{
  double highest = self->ordered_rate_ml_h;

  for (unsigned i = 0; i < self->n_steps; i++)
    highest = fmax (highest, (double) self->steps[i].rate_ml_h); /* fmax leaves a NAN aside */
  return highest;
}

double
chs_therapy_minutes (const ChsTherapy *self)
{
  double left_ml = self->bag_volume_ml;

  for (unsigned i = 0; i < self->n_steps; i++) {
    double from = (double) self->steps[i].from_min, rate = (double) self->steps[i].rate_ml_h;
    double to = i + 1u < self->n_steps ? (double) self->steps[i + 1].from_min : (double) INFINITY;

    if (rate > 0 && left_ml <= rate / 60.0 * (to - from))
      return from + left_ml / rate * 60.0;
    left_ml -= rate > 0 ? rate / 60.0 * (to - from) : 0.0;
  }
  return self->n_steps == 0 && self->ordered_rate_ml_h > 0 ? left_ml / self->ordered_rate_ml_h * 60.0 : (double) NAN;
}

uint32_t
chs_risk_from_id (const char *id)
{
  if (strncmp (id, ALLERGY_PREFIX, strlen (ALLERGY_PREFIX)) == 0)
    return CHS_RISK_ALLERGY;
  for (size_t i = 0; i < G_N_ELEMENTS (risks); i++)
    if (strcmp (risks[i].id, id) == 0)
      return risks[i].risk;
  return 0;
}

static bool
parse_flags (ChsSession *self, const char *value)
{
  uint32_t all = value[0] == '\0' ? (uint32_t) CHS_RISK_UNKNOWN : 0;

  if (strcmp (value, RISK_NONE) == 0)
    value = "";
  while (*value != '\0') {
    size_t n = strcspn (value, ",");
    char id[40];
    size_t used = 0;

    for (size_t i = 0; i < n && used < sizeof id - 1; i++)
      if (value[i] != ' ')
        id[used++] = value[i];
    id[used] = '\0';
    if (used > 0 && chs_risk_from_id (id) == 0)
      return false;
    all |= chs_risk_from_id (id);
    value += value[n] == ',' ? n + 1 : n;
  }
  self->risks = all;
  return true;
}

static bool
parse_choice (const char *value, const char *const *choices, int *out)
{
  *out = -1;
  if (value[0] == '\0')
    return true;
  for (int i = 0; choices[i] != NULL; i++)
    if (strcmp (choices[i], value) == 0)
      *out = i;
  return *out >= 0;
}

static bool
parse_arm (char *arm, const char *value)
{
  static const char *const arms[] = { "left", "right", NULL };
  int choice;

  if (!parse_choice (value, arms, &choice))
    return false;
  *arm = choice < 0 ? '\0' : arms[choice][0];
  return true;
}

static bool
parse_sex (ChsSession *self, const char *value)
{
  if (value[0] != '\0' && (strchr ("FMX", value[0]) == NULL || value[1] != '\0'))
    return false;
  self->sex = value[0];
  return true;
}

static bool
parse_temp (ChsSession *self, const char *value)
{
  static const char *const kinds[] = { "spot", "cont", NULL };
  int choice;

  if (!parse_choice (value, kinds, &choice))
    return false;
  self->temp_continuous = (int8_t) choice;
  return true;
}

void
chs_session_init (ChsSession *self)
{
  memset (self, 0, sizeof *self);
  for (size_t i = 0; i < G_N_ELEMENTS (session_fields); i++)
    set_field (&session_fields[i], self, "");
  self->risks = CHS_RISK_UNKNOWN;
  self->temp_continuous = -1;
  self->phase = CHS_PHASE_IDLE;
  chs_therapy_clear (&self->therapy);
}

bool
chs_session_setup (ChsSession *self, const char *key, const char *value)
{
  const Field *field = find_field (session_fields, G_N_ELEMENTS (session_fields), key);

  if (field != NULL)
    return set_field (field, self, value);
  if (g_str_has_prefix (key, "therapy."))
    return chs_therapy_setup (&self->therapy, key + strlen ("therapy."), value);
  if (strcmp (key, "patient.flags") == 0)
    return parse_flags (self, value);
  if (strcmp (key, "patient.sex") == 0)
    return parse_sex (self, value);
  if (strcmp (key, "sensors.temp") == 0)
    return parse_temp (self, value);
  if (strcmp (key, "sensors.cuff_arm") == 0)
    return parse_arm (&self->cuff_arm, value);
  if (strcmp (key, "sensors.spo2_arm") == 0)
    return parse_arm (&self->spo2_arm, value);
  if (strcmp (key, "sensors.iv_arm") == 0)
    return parse_arm (&self->iv_arm, value);
  return false;
}

double
chs_session_weight_kg (const ChsSession *self, const ChsTherapy *therapy)
{
  double base = self->sex == 'M' ? DEVINE_MEN_KG : DEVINE_WOMEN_KG;
  double ideal;

  if (therapy == NULL || therapy->ideal_weight != 1 || isnan (self->height_cm) || self->sex == '\0')
    return self->weight_kg;
  ideal = base + DEVINE_KG_PER_INCH * fmax (self->height_cm / CM_PER_INCH - DEVINE_INCHES, 0.0);
  return fmin (ideal, self->weight_kg);
}

const char *
chs_phase_id (ChsPhase phase)
{
  return phase_ids[(unsigned) phase < CHS_N_PHASES ? phase : CHS_PHASE_IDLE];
}

ChsPhase
chs_phase_from_id (const char *id)
{
  for (unsigned i = 0; i < CHS_N_PHASES; i++)
    if (strcmp (phase_ids[i], id) == 0)
      return (ChsPhase) i;
  return CHS_N_PHASES;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/scenario.h"

#include "data/ini.h"
#include "data/share.h"
#include "devices/scenario-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_US G_USEC_PER_SEC
#define MAX_SECONDS (24 * 3600)
#define MAX_ACTIONS 10000
#define CUFF_S 25.0          /* a determination takes about so long */
#define CUFF_INTERVAL_S 300.0
#define CUFF_FIRST_S 5.0
#define MEAN_SHARE 0.36      /* where the oscillometric mean lies in the pulse pressure; shared/clinical.md section 2.1 */
#define PRESSURE_BASE 18.0   /* line pressure of an open vein, mmHg, and its rise per mL/h: own choice within clinical.md H8 */
#define PRESSURE_PER_ML_H 0.06

typedef enum {
  VITAL_HR,
  VITAL_PR,
  VITAL_SPO2,
  VITAL_PI,
  VITAL_RR,
  VITAL_TEMP,
  VITAL_ETCO2,
  VITAL_SYS,
  VITAL_DIA,
  N_VITALS
} Vital;

/* Noise is a slow wander of this standard deviation: own choice, small enough to trigger nothing. */
static const struct {
  const char *key;
  double      low, high, initial, noise;
} vitals[N_VITALS] = {
  [VITAL_HR] = { "hr", 0, 300, 72, 0.8 },
  [VITAL_PR] = { "pr", 0, 300, (double) NAN, 0.5 }, /* off = as the heart rate */
  [VITAL_SPO2] = { "spo2", 0, 100, 98, 0.3 },
  [VITAL_PI] = { "pi", 0, 20, 3, 0.15 },
  [VITAL_RR] = { "rr", 0, 80, 14, 0.5 },
  [VITAL_TEMP] = { "temp_c", 20, 45, 36.7, 0.02 },
  [VITAL_ETCO2] = { "etco2_mmhg", 0, 100, (double) NAN, 0.4 },
  [VITAL_SYS] = { "sys", 20, 300, 120, 1.5 },
  [VITAL_DIA] = { "dia", 10, 250, 76, 1.0 },
};

typedef enum {
  PUMP_RATE,
  PUMP_VTBI,
  PUMP_PRESSURE,
  N_PUMP_NUMBERS
} PumpNumber;

static const struct {
  const char *key;
  double      low, high;
} pump_numbers[N_PUMP_NUMBERS] = {
  [PUMP_RATE] = { "rate_ml_h", 0, 1200 },
  [PUMP_VTBI] = { "vtbi_ml", 0, 9999 },
  [PUMP_PRESSURE] = { "pressure_mmhg", 0, 1500 }, /* off = from the rate */
};

typedef enum {
  ACT_VITAL,
  ACT_PUMP_NUMBER,
  ACT_PUMP_STATE,
  ACT_PUMP_ALARM,
  ACT_PUMP_DRUG,
  ACT_PUMP_PRESENT,
  ACT_CUFF,
  ACT_CUFF_INTERVAL,
  ACT_CUFF_DURATION,
  ACT_ARTERIAL_LINE,
  ACT_MONITOR,
  ACT_PUMP_LINK,
  ACT_DEMO,
  ACT_NOISE,
  ACT_MONITOR_ALARM,
  ACT_SAY,
  ACT_NURSE,
} ActKind;

typedef enum {
  ARG_NUMBER,
  ARG_ON_OFF,
  ARG_TEXT,
  ARG_PUMP_STATE,
  ARG_PUMP_ALARMS,
  ARG_CUFF,
} ArgKind;

static const struct {
  const char *key;
  ActKind     kind;
  ArgKind     arg;
  double      low, high;
} plain_keys[] = {
  { "cuff", ACT_CUFF, ARG_CUFF, 0, 0 },
  { "cuff_interval_s", ACT_CUFF_INTERVAL, ARG_NUMBER, 0, 7200 },
  { "cuff_duration_s", ACT_CUFF_DURATION, ARG_NUMBER, 1, 120 },
  { "arterial_line", ACT_ARTERIAL_LINE, ARG_ON_OFF, 0, 0 },
  { "monitor", ACT_MONITOR, ARG_ON_OFF, 0, 0 },
  { "pump_link", ACT_PUMP_LINK, ARG_ON_OFF, 0, 0 },
  { "demo", ACT_DEMO, ARG_ON_OFF, 0, 0 },
  { "noise", ACT_NOISE, ARG_NUMBER, 0, 10 },
  { "monitor_alarm", ACT_MONITOR_ALARM, ARG_TEXT, 0, 0 },
  { "say", ACT_SAY, ARG_TEXT, 0, 0 },
  { "nurse", ACT_NURSE, ARG_TEXT, 0, 0 },
};

static const struct {
  const char *key;
  ActKind     kind;
  ArgKind     arg;
} pump_keys[] = {
  { "state", ACT_PUMP_STATE, ARG_PUMP_STATE },
  { "alarm", ACT_PUMP_ALARM, ARG_PUMP_ALARMS },
  { "drug", ACT_PUMP_DRUG, ARG_TEXT },
  { "present", ACT_PUMP_PRESENT, ARG_ON_OFF },
};

typedef enum {
  CUFF_START,
  CUFF_OK,
  CUFF_MOTION,
  CUFF_WEAK,
} CuffWord;

static const char *const cuff_words[] = { [CUFF_START] = "start", [CUFF_OK] = "ok", [CUFF_MOTION] = "motion", [CUFF_WEAK] = "weak", NULL };

/* Alarms that stop a pump; the others are warnings. */
#define STOPPING                                                                                                        \
  (CHS_PUMP_ALARM_OCCLUSION | CHS_PUMP_ALARM_UPSTREAM | CHS_PUMP_ALARM_AIR | CHS_PUMP_ALARM_DROP                        \
   | CHS_PUMP_ALARM_FREE_FLOW | CHS_PUMP_ALARM_DOOR | CHS_PUMP_ALARM_SYRINGE | CHS_PUMP_ALARM_EMPTY                     \
   | CHS_PUMP_ALARM_END_VTBI | CHS_PUMP_ALARM_END_TIME | CHS_PUMP_ALARM_KVO_END | CHS_PUMP_ALARM_BATTERY_EMPTY          \
   | CHS_PUMP_ALARM_FAULT)

typedef struct {
  gint64  t_us;
  guint   order; /* in the file; keeps what happens at the same time in its order */
  ActKind kind;
  guint   index; /* vital, or pump number */
  guint   pump;
  double  value; /* number, 0/1, word, alarm bits; NAN = off */
  gint64  over_us;
  char   *text;
} Action;

typedef struct {
  double from, to; /* NAN = off */
  gint64 start_us, end_us;
} Ramp;

struct _ChsScenario {
  ChsSimPatient    patient;
  ChsScenarioRows *rows;    /* the CSV form; NULL: keyframes */
  GArray          *actions; /* Action, by time */
  guint            next_action;
  GPtrArray       *session; /* "key=value" */
  gint64           t_us;    /* of the next step */
  gint64           duration_us;
  Ramp             vital[N_VITALS];
  Ramp             pump[CHS_SIM_PUMPS][N_PUMP_NUMBERS];
  double           wander[N_VITALS];
  double           noise; /* factor */
  guint32          random;
  gint64           cuff_due_us; /* G_MAXINT64 = not by itself */
  gint64           cuff_end_us; /* while inflating */
  gint64           cuff_interval_us, cuff_duration_us;
  CuffWord         cuff_result;
  gboolean         arterial_line;
};

/* ---- reading the ini form ---- */

typedef struct {
  ChsScenario *scenario;
  gint64       at_us; /* of the group, -1 = not a time */
} Reader;

static void
clear_action (gpointer data)
{
  g_free (((Action *) data)->text);
}

static gboolean
refuse_value (GError **error, const char *key, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, "%s: %s", key, why);
  return FALSE;
}

static gboolean
read_double (const char *text, double low, double high, double *value)
{
  char *end;

  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *value >= low && *value <= high;
}

/* "92", "92 over 45", "off". */
static gboolean
read_ramp (const char *key, const char *text, double low, double high, Action *action, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, " over ", 2);
  double over_s = 0.0;

  if (strcmp (text, "off") == 0) {
    action->value = (double) NAN;
    return TRUE;
  }
  if (parts[0] == NULL || !read_double (g_strstrip (parts[0]), low, high, &action->value))
    return refuse_value (error, key, "\"%s\" is not a number from %g to %g, nor \"off\"", text, low, high);
  if (parts[1] != NULL && !read_double (g_strstrip (parts[1]), 0.0, MAX_SECONDS, &over_s))
    return refuse_value (error, key, "\"%s\" is not a number of seconds", parts[1]);
  action->over_us = (gint64) (over_s * SECOND_US);
  return TRUE;
}

static gboolean
read_on_off (const char *key, const char *text, Action *action, GError **error)
{
  if (strcmp (text, "on") != 0 && strcmp (text, "off") != 0)
    return refuse_value (error, key, "\"%s\" is neither \"on\" nor \"off\"", text);
  action->value = text[1] == 'n' ? 1.0 : 0.0;
  return TRUE;
}

static gboolean
read_pump_state (const char *key, const char *text, Action *action, GError **error)
{
  for (guint state = CHS_PUMP_UNKNOWN + 1; state < CHS_N_PUMP_STATES; state++)
    if (strcmp (text, chs_pump_state_id (state)) == 0) {
      action->value = state;
      return TRUE;
    }
  return refuse_value (error, key, "\"%s\" is not a state of a pump (infusing, paused, ready, standby, kvo, bolus ...)", text);
}

static gboolean
read_pump_alarms (const char *key, const char *text, Action *action, GError **error)
{
  g_auto (GStrv) ids = g_strsplit (text, ",", -1);
  guint32 alarms = 0;

  for (guint i = 0; strcmp (text, "none") != 0 && ids[i] != NULL; i++) {
    guint bit = 0;

    while (bit < CHS_N_PUMP_ALARMS && strcmp (g_strstrip (ids[i]), chs_pump_alarm_id (bit)) != 0)
      bit++;
    if (bit == CHS_N_PUMP_ALARMS)
      return refuse_value (error, key, "\"%s\" is not an alarm of a pump, nor \"none\"", ids[i]);
    alarms |= 1u << bit;
  }
  action->value = alarms;
  return TRUE;
}

static gboolean
read_cuff (const char *key, const char *text, Action *action, GError **error)
{
  for (guint i = 0; cuff_words[i] != NULL; i++)
    if (strcmp (text, cuff_words[i]) == 0) {
      action->value = i;
      return TRUE;
    }
  return refuse_value (error, key, "\"%s\" is none of start, ok, motion, weak", text);
}

static gboolean
read_argument (const char *key, ArgKind arg, double low, double high, const char *text, Action *action, GError **error)
{
  switch (arg) {
  case ARG_ON_OFF:
    return read_on_off (key, text, action, error);
  case ARG_PUMP_STATE:
    return read_pump_state (key, text, action, error);
  case ARG_PUMP_ALARMS:
    return read_pump_alarms (key, text, action, error);
  case ARG_CUFF:
    return read_cuff (key, text, action, error);
  case ARG_NUMBER:
    return read_double (text, low, high, &action->value)
               ? TRUE
               : refuse_value (error, key, "\"%s\" is not a number from %g to %g", text, low, high);
  case ARG_TEXT:
  default:
    action->text = g_strdup (text);
    return TRUE;
  }
}

static gboolean
unknown_key (const char *key, GError **error)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  for (guint i = 0; i < N_VITALS; i++)
    g_ptr_array_add (known, (gpointer) vitals[i].key);
  for (guint i = 0; i < G_N_ELEMENTS (plain_keys); i++)
    g_ptr_array_add (known, (gpointer) plain_keys[i].key);
  g_ptr_array_add (known, NULL);
  return chs_ini_unknown (error, "key", key, (const char *const *) known->pdata);
}

/* "pump1.rate_ml_h" */
static gboolean
read_pump_key (const char *key, const char *value, Action *action, GError **error)
{
  const char *name = key + strlen ("pump1.");

  action->pump = (guint) (key[4] - '1');
  for (guint i = 0; i < N_PUMP_NUMBERS; i++)
    if (strcmp (name, pump_numbers[i].key) == 0) {
      action->kind = ACT_PUMP_NUMBER;
      action->index = i;
      return read_ramp (key, value, pump_numbers[i].low, pump_numbers[i].high, action, error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (pump_keys); i++)
    if (strcmp (name, pump_keys[i].key) == 0) {
      action->kind = pump_keys[i].kind;
      return read_argument (key, pump_keys[i].arg, 0, 0, value, action, error);
    }
  g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_KEY,
               "unknown key \"%s\"; a pump has rate_ml_h, vtbi_ml, pressure_mmhg, state, alarm, drug, present", key);
  return FALSE;
}

static gboolean
is_pump_key (const char *key)
{
  return strlen (key) > strlen ("pump1.") && strncmp (key, "pump", 4) == 0 && key[4] >= '1' && key[4] < '1' + CHS_SIM_PUMPS
         && key[5] == '.';
}

static gboolean
read_action (const char *key, const char *value, Action *action, GError **error)
{
  if (is_pump_key (key))
    return read_pump_key (key, value, action, error);
  for (guint i = 0; i < N_VITALS; i++)
    if (strcmp (key, vitals[i].key) == 0) {
      action->kind = ACT_VITAL;
      action->index = i;
      return read_ramp (key, value, vitals[i].low, vitals[i].high, action, error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (plain_keys); i++)
    if (strcmp (key, plain_keys[i].key) == 0) {
      action->kind = plain_keys[i].kind;
      return read_argument (key, plain_keys[i].arg, plain_keys[i].low, plain_keys[i].high, value, action, error);
    }
  return unknown_key (key, error);
}

/* "[at 38]" */
static gboolean
read_group (Reader *reader, const char *group, GError **error)
{
  double at_s;

  reader->at_us = -1;
  if (strcmp (group, "initial") == 0) {
    reader->at_us = 0;
    return TRUE;
  }
  if (strcmp (group, "scenario") == 0 || strcmp (group, "session") == 0)
    return TRUE;
  if (!g_str_has_prefix (group, "at ") || !read_double (group + 3, 0.0, MAX_SECONDS, &at_s)) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_KEY,
                 "unknown group [%s]; there are [scenario], [session], [initial] and [at SECONDS]", group);
    return FALSE;
  }
  reader->at_us = (gint64) (at_s * SECOND_US);
  return TRUE;
}

static gboolean
read_scenario_key (ChsScenario *self, const char *key, const char *value, GError **error)
{
  static const char *const known[] = { "title", "note", "duration_s", NULL };
  double duration_s;

  if (strcmp (key, "duration_s") == 0) {
    if (!read_double (value, 1.0, MAX_SECONDS, &duration_s))
      return refuse_value (error, key, "\"%s\" is not a number of seconds up to a day", value);
    self->duration_us = (gint64) (duration_s * SECOND_US);
    return TRUE;
  }
  /* Words for people who read the file. */
  return g_strv_contains (known, key) ? TRUE : chs_ini_unknown (error, "key", key, known);
}

static gboolean
on_ini (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  Reader *reader = user_data;
  ChsScenario *self = reader->scenario;
  Action action = { .t_us = reader->at_us, .order = self->actions->len };

  if (key == NULL)
    return read_group (reader, group, error);
  if (strcmp (group, "scenario") == 0)
    return read_scenario_key (self, key, value, error);
  if (strcmp (group, "session") == 0) {
    g_ptr_array_insert (self->session, (int) self->session->len - 1, g_strdup_printf ("%s=%s", key, value));
    return TRUE;
  }
  if (group[0] == '\0' || self->actions->len >= MAX_ACTIONS) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_SYNTAX,
                 group[0] == '\0' ? "a key before the first group" : "more than %d things happen", MAX_ACTIONS);
    return FALSE;
  }
  if (!read_action (key, value, &action, error)) {
    clear_action (&action);
    return FALSE;
  }
  g_array_append_val (self->actions, action);
  return TRUE;
}

static int
compare_actions (gconstpointer a, gconstpointer b)
{
  const Action *left = a, *right = b;

  if (left->t_us != right->t_us)
    return left->t_us < right->t_us ? -1 : 1;
  return left->order < right->order ? -1 : 1;
}

/* ---- moving ---- */

/* -1..1, evenly; the same on every machine. */
static double
random_unit (ChsScenario *self)
{
  self->random = self->random * 1664525u + 1013904223u;
  return (double) (self->random >> 8) / (double) (1u << 23) - 1.0;
}

static void
wander (ChsScenario *self)
{
  for (guint i = 0; i < N_VITALS; i++) /* keeps 0.8 of itself each second: variance 1 with this gain on an even draw */
    self->wander[i] = 0.8 * self->wander[i] + 1.04 * random_unit (self);
}

static double
ramp_value (const Ramp *ramp, gint64 t_us)
{
  double share;

  if (t_us >= ramp->end_us || isnan (ramp->from) || isnan (ramp->to))
    return ramp->to;
  share = (double) (t_us - ramp->start_us) / (double) (ramp->end_us - ramp->start_us);
  return ramp->from + (ramp->to - ramp->from) * share;
}

static void
ramp_to (Ramp *ramp, gint64 t_us, double value, gint64 over_us)
{
  *ramp = (Ramp) { .from = ramp_value (ramp, t_us), .to = value, .start_us = t_us, .end_us = t_us + over_us };
}

static double
vital_value (const ChsScenario *self, Vital vital, gint64 t_us)
{
  double value = ramp_value (&self->vital[vital], t_us) + self->noise * vitals[vital].noise * self->wander[vital];

  return isnan (value) ? value : CLAMP (value, vitals[vital].low, vitals[vital].high);
}

static void
set_pump_alarms (ChsSimPump *pump, guint32 alarms)
{
  pump->alarms = alarms;
  if ((alarms & STOPPING) != 0)
    pump->state = CHS_PUMP_ALARM;
  else if (pump->state == CHS_PUMP_ALARM)
    pump->state = CHS_PUMP_PAUSED;
}

static void
set_cuff (ChsScenario *self, CuffWord word, gint64 t_us)
{
  if (word == CUFF_START)
    self->cuff_due_us = t_us;
  else
    self->cuff_result = word;
}

static void
set_cuff_interval (ChsScenario *self, double interval_s, gint64 t_us)
{
  self->cuff_interval_us = (gint64) (interval_s * SECOND_US);
  self->cuff_due_us = self->cuff_interval_us > 0 ? t_us + self->cuff_interval_us : G_MAXINT64;
}

static void
run_action (ChsScenario *self, const Action *action, ChsScenarioCueFunc func, gpointer user_data)
{
  ChsSimPatient *patient = &self->patient;
  ChsSimPump *pump = &patient->pumps[action->pump];
  gboolean on = action->value > 0.5;

  switch (action->kind) {
  case ACT_VITAL:
    ramp_to (&self->vital[action->index], action->t_us, action->value, action->over_us);
    break;
  case ACT_PUMP_NUMBER:
    ramp_to (&self->pump[action->pump][action->index], action->t_us, action->value, action->over_us);
    break;
  case ACT_PUMP_STATE:
    pump->state = (guint8) action->value;
    break;
  case ACT_PUMP_ALARM:
    set_pump_alarms (pump, (guint32) action->value);
    break;
  case ACT_PUMP_DRUG:
    chs_text_copy (pump->drug, sizeof pump->drug, action->text);
    break;
  case ACT_PUMP_PRESENT:
    pump->present = on;
    break;
  case ACT_CUFF:
    set_cuff (self, (CuffWord) action->value, action->t_us);
    break;
  case ACT_CUFF_INTERVAL:
    set_cuff_interval (self, action->value, action->t_us);
    break;
  case ACT_CUFF_DURATION:
    self->cuff_duration_us = (gint64) (action->value * SECOND_US);
    break;
  case ACT_ARTERIAL_LINE:
    self->arterial_line = on;
    break;
  case ACT_MONITOR:
    patient->monitor_on = on;
    break;
  case ACT_PUMP_LINK:
    patient->pump_on = on;
    break;
  case ACT_DEMO:
    patient->demo = on;
    break;
  case ACT_NOISE:
    self->noise = action->value;
    break;
  case ACT_MONITOR_ALARM:
    chs_text_copy (patient->monitor_alarm, sizeof patient->monitor_alarm, strcmp (action->text, "none") == 0 ? "" : action->text);
    break;
  case ACT_SAY:
  case ACT_NURSE:
    if (func != NULL)
      func (action->t_us, action->kind == ACT_SAY ? "say" : "nurse", action->text, user_data);
    break;
  }
}

static void
step_vitals (ChsScenario *self, gint64 t_us)
{
  ChsSimPatient *patient = &self->patient;
  double pr = vital_value (self, VITAL_PR, t_us);

  patient->hr = vital_value (self, VITAL_HR, t_us);
  patient->spo2 = vital_value (self, VITAL_SPO2, t_us);
  patient->pi = isnan (patient->spo2) ? (double) NAN : vital_value (self, VITAL_PI, t_us);
  patient->pr = isnan (patient->spo2) ? (double) NAN : isnan (pr) ? patient->hr : pr;
  patient->rr = vital_value (self, VITAL_RR, t_us);
  patient->temp_c = vital_value (self, VITAL_TEMP, t_us);
  patient->etco2_mmhg = vital_value (self, VITAL_ETCO2, t_us);
  patient->abp_sys = self->arterial_line ? vital_value (self, VITAL_SYS, t_us) : (double) NAN;
  patient->abp_dia = self->arterial_line ? fmin (vital_value (self, VITAL_DIA, t_us), patient->abp_sys - 5.0) : (double) NAN;
  patient->abp_mean = patient->abp_dia + MEAN_SHARE * (patient->abp_sys - patient->abp_dia);
}

static void
finish_cuff (ChsScenario *self, gint64 t_us)
{
  ChsSimPatient *patient = &self->patient;

  patient->nibp_inflating = false;
  patient->nibp_count++;
  patient->nibp_failed = self->cuff_result != CUFF_OK;
  if (patient->nibp_failed)
    return;
  patient->nibp_sys = round (vital_value (self, VITAL_SYS, t_us));
  patient->nibp_dia = round (fmin (vital_value (self, VITAL_DIA, t_us), patient->nibp_sys - 5.0));
  patient->nibp_mean = round (patient->nibp_dia + MEAN_SHARE * (patient->nibp_sys - patient->nibp_dia));
}

static void
step_cuff (ChsScenario *self, gint64 t_us)
{
  if (self->patient.nibp_inflating && t_us >= self->cuff_end_us)
    finish_cuff (self, t_us);
  if (t_us < self->cuff_due_us || self->patient.nibp_inflating)
    return;
  self->patient.nibp_inflating = true;
  self->cuff_end_us = t_us + self->cuff_duration_us;
  self->cuff_due_us = self->cuff_interval_us > 0 ? t_us + self->cuff_interval_us : G_MAXINT64;
}

static gboolean
is_flowing (const ChsSimPump *pump)
{
  return pump->state == CHS_PUMP_INFUSING || pump->state == CHS_PUMP_BOLUS || pump->state == CHS_PUMP_KVO;
}

static void
step_pump (ChsScenario *self, guint i, gint64 t_us)
{
  ChsSimPump *pump = &self->patient.pumps[i];
  double pressure = ramp_value (&self->pump[i][PUMP_PRESSURE], t_us);

  pump->rate_ml_h = ramp_value (&self->pump[i][PUMP_RATE], t_us);
  if (isnan (pump->rate_ml_h))
    pump->rate_ml_h = 0.0;
  pump->vtbi_ml = ramp_value (&self->pump[i][PUMP_VTBI], t_us);
  if (is_flowing (pump))
    pump->volume_ml += pump->rate_ml_h * (double) CHS_SCENARIO_STEP_US / (3600.0 * SECOND_US);
  pump->pressure_mmhg = !isnan (pressure)     ? pressure
                        : is_flowing (pump) ? PRESSURE_BASE + PRESSURE_PER_ML_H * pump->rate_ml_h
                                            : PRESSURE_BASE;
  if (is_flowing (pump) && pump->volume_ml >= pump->vtbi_ml) {
    pump->state = CHS_PUMP_COMPLETE;
    pump->alarms |= CHS_PUMP_ALARM_END_VTBI;
  }
}

static void
step_keyframes (ChsScenario *self, gint64 t_us, ChsScenarioCueFunc func, gpointer user_data)
{
  for (; self->next_action < self->actions->len; self->next_action++) {
    const Action *action = &g_array_index (self->actions, Action, self->next_action);

    if (action->t_us > t_us)
      break;
    run_action (self, action, func, user_data);
  }
  if (t_us % SECOND_US == 0)
    wander (self);
  step_vitals (self, t_us);
  step_cuff (self, t_us);
  for (guint i = 0; i < CHS_SIM_PUMPS; i++)
    step_pump (self, i, t_us);
}

static void
step_rows (ChsScenario *self, gint64 t_us, ChsScenarioCueFunc func, gpointer user_data)
{
  const char *events;

  if (t_us % SECOND_US != 0 || t_us >= self->duration_us)
    return;
  events = chs_scenario_rows_apply (self->rows, (guint) (t_us / SECOND_US), &self->patient);
  if (events != NULL && func != NULL) {
    g_auto (GStrv) list = g_strsplit (events, ";", -1);

    for (guint i = 0; list[i] != NULL; i++)
      func (t_us, "nurse", list[i], user_data);
  }
}

void
chs_scenario_advance (ChsScenario *self, gint64 t_us, ChsScenarioCueFunc func, gpointer user_data)
{
  for (; self->t_us <= t_us; self->t_us += CHS_SCENARIO_STEP_US)
    if (self->rows != NULL)
      step_rows (self, self->t_us, func, user_data);
    else
      step_keyframes (self, self->t_us, func, user_data);
}

/* ---- beginning and end ---- */

ChsScenario *
chs_scenario_new (guint32 seed)
{
  ChsScenario *self = g_new0 (ChsScenario, 1);

  chs_sim_patient_init (&self->patient);
  self->actions = g_array_new (FALSE, FALSE, sizeof (Action));
  g_array_set_clear_func (self->actions, clear_action);
  self->session = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->session, NULL);
  self->duration_us = G_MAXINT64;
  self->noise = 1.0;
  self->random = seed * 2654435761u + 1u;
  self->cuff_due_us = (gint64) (CUFF_FIRST_S * SECOND_US);
  self->cuff_interval_us = (gint64) (CUFF_INTERVAL_S * SECOND_US);
  self->cuff_duration_us = (gint64) (CUFF_S * SECOND_US);
  self->cuff_result = CUFF_OK;
  for (guint i = 0; i < N_VITALS; i++)
    self->vital[i].from = self->vital[i].to = vitals[i].initial;
  for (guint i = 0; i < CHS_SIM_PUMPS; i++)
    self->pump[i][PUMP_VTBI].to = self->pump[i][PUMP_PRESSURE].to = (double) NAN;
  return self;
}

static gboolean
load_text (ChsScenario *self, const char *text, gsize n, const char *path, GError **error)
{
  Reader reader = { .scenario = self, .at_us = -1 };

  if (g_str_has_prefix (text, "t_s,")) {
    if (strlen (text) != n) {
      g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_SYNTAX, "%s: a NUL byte, at %" G_GSIZE_FORMAT, path, strlen (text));
      return FALSE;
    }
    self->rows = chs_scenario_rows_parse (text, path, error);
    if (self->rows == NULL)
      return FALSE;
    self->duration_us = (gint64) chs_scenario_rows_count (self->rows) * SECOND_US;
    return TRUE;
  }
  if (!chs_ini_parse (text, n, path, on_ini, &reader, error))
    return FALSE;
  g_array_sort (self->actions, compare_actions);
  return TRUE;
}

ChsScenario *
chs_scenario_load (const char *name, guint32 seed, GError **error)
{
  g_autoptr (ChsScenario) self = chs_scenario_new (seed);
  g_autofree char *file = g_strconcat (name, ".ini", NULL);
  g_autofree char *shipped = chs_share_dup_path ("scenarios", file);
  const char *path = shipped != NULL && !g_file_test (name, G_FILE_TEST_EXISTS) ? shipped : name;
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;
  gsize n;

  if (!g_file_get_contents (path, &text, &n, &local)) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_READ, "cannot read the scenario \"%s\": %s", name, local->message);
    return NULL;
  }
  return load_text (self, text, n, path, error) ? g_steal_pointer (&self) : NULL;
}

void
chs_scenario_free (ChsScenario *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->rows, chs_scenario_rows_free);
  g_array_unref (self->actions);
  g_ptr_array_unref (self->session);
  g_free (self);
}

const ChsSimPatient *
chs_scenario_get_patient (const ChsScenario *self)
{
  return &self->patient;
}

gint64
chs_scenario_get_duration_us (const ChsScenario *self)
{
  return self->duration_us;
}

const char *const *
chs_scenario_get_session (const ChsScenario *self)
{
  return (const char *const *) self->session->pdata;
}

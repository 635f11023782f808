/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/scenario-private.h"

#include "data/ini.h"

#include <math.h>
#include <string.h>

/* A session as a table, one row a second: what the instruments showed. An empty
 * field is no value. Form: the README of the shared example sessions. */

#define MAX_ROWS (24 * 3600)

typedef enum {
  COL_T,
  COL_HR,
  COL_PR,
  COL_SPO2,
  COL_PI,
  COL_RR,
  COL_TEMP,
  COL_NIBP_SYS,
  COL_NIBP_DIA,
  COL_NIBP_MEAN,
  COL_ABP_SYS,
  COL_ABP_DIA,
  COL_ABP_MEAN,
  COL_PUMP_RATE,
  COL_PUMP_VOLUME,
  COL_PUMP_PRESSURE,
  COL_MONITOR_LINK,
  COL_PUMP_LINK,
  N_NUMBERS,
  COL_NIBP_STATUS = N_NUMBERS, /* from here on words */
  COL_PUMP_STATE,
  COL_EVENT,
  N_COLUMNS
} Column;

static const char *const columns[] = {
  [COL_T] = "t_s",
  [COL_HR] = "hr_bpm",
  [COL_PR] = "pr_bpm",
  [COL_SPO2] = "spo2_pct",
  [COL_PI] = "pi_pct",
  [COL_RR] = "rr_bpm",
  [COL_TEMP] = "temp_c",
  [COL_NIBP_SYS] = "nibp_sys",
  [COL_NIBP_DIA] = "nibp_dia",
  [COL_NIBP_MEAN] = "nibp_map",
  [COL_ABP_SYS] = "abp_sys",
  [COL_ABP_DIA] = "abp_dia",
  [COL_ABP_MEAN] = "abp_map",
  [COL_PUMP_RATE] = "pump_rate_ml_h",
  [COL_PUMP_VOLUME] = "pump_vol_ml",
  [COL_PUMP_PRESSURE] = "pump_press_mmhg",
  [COL_MONITOR_LINK] = "mon_link",
  [COL_PUMP_LINK] = "pump_link",
  [COL_NIBP_STATUS] = "nibp_status",
  [COL_PUMP_STATE] = "pump_state",
  [COL_EVENT] = "event",
  [N_COLUMNS] = NULL,
};

typedef enum {
  NIBP_NOTHING,
  NIBP_INFLATING,
  NIBP_OK,
  NIBP_FAIL_MOTION,
  NIBP_FAIL_WEAK,
} NibpStatus;

static const char *const nibp_words[] = {
  [NIBP_NOTHING] = "",
  [NIBP_INFLATING] = "inflating",
  [NIBP_OK] = "ok",
  [NIBP_FAIL_MOTION] = "fail_motion",
  [NIBP_FAIL_WEAK] = "fail_weak",
  NULL,
};

static const struct {
  const char  *word;
  ChsPumpState state;
} pump_words[] = {
  { "", CHS_PUMP_UNKNOWN }, /* no frames */
  { "idle", CHS_PUMP_READY },
  { "run", CHS_PUMP_INFUSING },
  { "pause", CHS_PUMP_PAUSED },
  { "alarm", CHS_PUMP_ALARM },
  { "done", CHS_PUMP_COMPLETE },
};

typedef struct {
  double number[N_NUMBERS];
  guint8 nibp;
  guint8 pump_state;
  char  *events; /* NULL = none */
} Row;

struct _ChsScenarioRows {
  GArray *rows; /* Row */
};

static void
clear_row (gpointer data)
{
  g_free (((Row *) data)->events);
}

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (CHS_INI_ERROR, CHS_INI_ERROR_VALUE, format, args);
  va_end (args);
  return FALSE;
}

/* Where each of our columns stands in the file. */
static gboolean
read_header (char **fields, int place[N_COLUMNS], GError **error)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    place[i] = -1;
  for (int at = 0; fields[at] != NULL; at++) {
    guint i = 0;

    while (i < N_COLUMNS && strcmp (columns[i], fields[at]) != 0)
      i++;
    if (i == N_COLUMNS)
      return chs_ini_unknown (error, "column", fields[at], columns);
    if (place[i] >= 0)
      return refuse (error, "column \"%s\" stands twice", fields[at]);
    place[i] = at;
  }
  return TRUE;
}

static gboolean
read_number (const char *text, const char *column, double *value, GError **error)
{
  char *end;

  *value = (double) NAN;
  if (text[0] == '\0')
    return TRUE;
  *value = g_ascii_strtod (text, &end);
  if (*end != '\0' || !isfinite (*value))
    return refuse (error, "%s: \"%s\" is not a number", column, text);
  return TRUE;
}

static gboolean
read_words (char **fields, const int place[N_COLUMNS], Row *row, GError **error)
{
  const char *nibp = place[COL_NIBP_STATUS] >= 0 ? fields[place[COL_NIBP_STATUS]] : "";
  const char *pump = place[COL_PUMP_STATE] >= 0 ? fields[place[COL_PUMP_STATE]] : "";
  const char *events = place[COL_EVENT] >= 0 ? fields[place[COL_EVENT]] : "";

  while (nibp_words[row->nibp] != NULL && strcmp (nibp_words[row->nibp], nibp) != 0)
    row->nibp++;
  if (nibp_words[row->nibp] == NULL)
    return refuse (error, "nibp_status: \"%s\" is none of inflating, ok, fail_motion, fail_weak", nibp);
  for (guint i = 0; i < G_N_ELEMENTS (pump_words); i++)
    if (strcmp (pump_words[i].word, pump) == 0) {
      row->pump_state = (guint8) pump_words[i].state;
      row->events = events[0] != '\0' ? g_strdup (events) : NULL;
      return TRUE;
    }
  return refuse (error, "pump_state: \"%s\" is none of idle, run, pause, alarm, done", pump);
}

static gboolean
read_row (ChsScenarioRows *self, char **fields, const int place[N_COLUMNS], guint n_fields, GError **error)
{
  Row row = { 0 };

  if (g_strv_length (fields) != n_fields)
    return refuse (error, "%u fields, the first line names %u", g_strv_length (fields), n_fields);
  for (guint i = 0; i < N_NUMBERS; i++)
    if (!read_number (place[i] >= 0 ? fields[place[i]] : "", columns[i], &row.number[i], error))
      return FALSE;
  if (islessgreater (row.number[COL_T], (double) self->rows->len) || isnan (row.number[COL_T]))
    return refuse (error, "t_s is \"%s\"; expected %u: one row a second, from 0", fields[place[COL_T]], self->rows->len);
  if (self->rows->len >= MAX_ROWS)
    return refuse (error, "longer than a day");
  if (!read_words (fields, place, &row, error))
    return FALSE;
  g_array_append_val (self->rows, row);
  return TRUE;
}

ChsScenarioRows *
chs_scenario_rows_parse (const char *text, const char *name, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  ChsScenarioRows *self = g_new0 (ChsScenarioRows, 1);
  int place[N_COLUMNS];
  guint n_fields = 0;

  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, clear_row);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) fields = g_strsplit (g_strchomp (lines[i]), ",", -1);
    gboolean good = TRUE;

    if (!g_utf8_validate (lines[i], -1, NULL))
      good = refuse (error, "not UTF-8 text");
    else if (i == 0) {
      n_fields = g_strv_length (fields);
      good = read_header (fields, place, error);
    } else if (lines[i][0] != '\0')
      good = read_row (self, fields, place, n_fields, error);
    if (!good) {
      g_prefix_error (error, "%s:%u: ", name, i + 1);
      chs_scenario_rows_free (self);
      return NULL;
    }
  }
  if (self->rows->len == 0) {
    refuse (error, "%s: no rows", name);
    chs_scenario_rows_free (self);
    return NULL;
  }
  return self;
}

void
chs_scenario_rows_free (ChsScenarioRows *self)
{
  g_array_unref (self->rows);
  g_free (self);
}

guint
chs_scenario_rows_count (const ChsScenarioRows *self)
{
  return self->rows->len;
}

static void
apply_cuff (const Row *row, ChsSimPatient *patient)
{
  patient->nibp_inflating = row->nibp == NIBP_INFLATING;
  if (row->nibp == NIBP_NOTHING || row->nibp == NIBP_INFLATING)
    return;
  patient->nibp_count++;
  patient->nibp_failed = row->nibp != NIBP_OK;
  if (patient->nibp_failed)
    return;
  patient->nibp_sys = row->number[COL_NIBP_SYS];
  patient->nibp_dia = row->number[COL_NIBP_DIA];
  patient->nibp_mean = row->number[COL_NIBP_MEAN];
}

static void
apply_pump (const Row *row, ChsSimPump *pump)
{
  if (row->pump_state == CHS_PUMP_UNKNOWN)
    return;
  pump->state = row->pump_state;
  pump->rate_ml_h = isnan (row->number[COL_PUMP_RATE]) ? 0.0 : row->number[COL_PUMP_RATE];
  if (!isnan (row->number[COL_PUMP_VOLUME]))
    pump->volume_ml = row->number[COL_PUMP_VOLUME];
  pump->pressure_mmhg = row->number[COL_PUMP_PRESSURE];
  if (pump->state != CHS_PUMP_ALARM)
    pump->alarms = pump->state == CHS_PUMP_COMPLETE ? CHS_PUMP_ALARM_END_VTBI : 0;
  else if (row->events != NULL && strstr (row->events, "pump:alarm=occlusion") != NULL)
    pump->alarms |= CHS_PUMP_ALARM_OCCLUSION;
  else if (pump->alarms == 0)
    pump->alarms = CHS_PUMP_ALARM_OTHER;
}

const char *
chs_scenario_rows_apply (const ChsScenarioRows *self, guint second, ChsSimPatient *patient)
{
  const Row *row = &g_array_index (self->rows, Row, MIN (second, self->rows->len - 1));
  const double *number = row->number;

  patient->hr = number[COL_HR];
  patient->pr = number[COL_PR];
  patient->spo2 = number[COL_SPO2];
  patient->pi = number[COL_PI];
  patient->rr = number[COL_RR];
  patient->temp_c = number[COL_TEMP];
  patient->abp_sys = number[COL_ABP_SYS];
  patient->abp_dia = number[COL_ABP_DIA];
  patient->abp_mean = number[COL_ABP_MEAN];
  patient->monitor_on = !(number[COL_MONITOR_LINK] < 0.5); /* no such column: on */
  patient->pump_on = !(number[COL_PUMP_LINK] < 0.5);
  apply_cuff (row, patient);
  apply_pump (row, &patient->pumps[0]);
  return row->events;
}

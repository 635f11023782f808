/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/scenario-private.h"

#include "devices/scenario-cells.h"

#include <math.h>
#include <string.h>

/* A session as a table, one row a second. */

#define MAX_ROWS (24 * 3600)

typedef struct {
  ChsScenarioRow cells; /* without what it borrows */
  char          *events; /* NULL = none */
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
    *error = g_error_new_valist (CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_ROW, format, args);
  va_end (args);
  return FALSE;
}

static gboolean
read_row (ChsScenarioRows *self, const ChsScenarioHeader *header, char **fields, GError **error)
{
  Row row = { .events = NULL };

  if (g_strv_length (fields) != header->n)
    return refuse (error, "%u fields, the first line names %u", g_strv_length (fields), header->n);
  if (!chs_scenario_row_read (header, fields, &row.cells, error))
    return FALSE;
  if (islessgreater (row.cells.t_s, (double) self->rows->len))
    return refuse (error, "t_s is %g; expected %u: one row a second, from 0", row.cells.t_s, self->rows->len);
  if (self->rows->len >= MAX_ROWS)
    return refuse (error, "longer than a day");
  row.events = row.cells.events[0] != '\0' ? g_strdup (row.cells.events) : NULL;
  row.cells.events = row.cells.cuff_word = NULL;
  g_array_append_val (self->rows, row);
  return TRUE;
}

ChsScenarioRows *
chs_scenario_rows_parse (const char *text, const char *name, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  ChsScenarioRows *self = g_new0 (ChsScenarioRows, 1);
  ChsScenarioHeader header = { 0 };

  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, clear_row);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) fields = g_strsplit (g_strchomp (lines[i]), ",", -1);
    gboolean good = TRUE;

    if (!g_utf8_validate (lines[i], -1, NULL))
      good = refuse (error, "not UTF-8 text");
    else if (i == 0)
      good = chs_scenario_header_read (&header, fields, error);
    else if (lines[i][0] != '\0')
      good = read_row (self, &header, fields, error);
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
  patient->nibp_inflating = row->cells.cuff == CHS_SCENARIO_CUFF_INFLATING;
  if (row->cells.cuff == CHS_SCENARIO_CUFF_NOTHING || row->cells.cuff == CHS_SCENARIO_CUFF_INFLATING)
    return;
  patient->nibp_count++;
  patient->nibp_failed = row->cells.cuff != CHS_SCENARIO_CUFF_OK;
  if (patient->nibp_failed)
    return;
  patient->nibp_sys = row->cells.value[CHS_PARAM_NIBP_SYS];
  patient->nibp_dia = row->cells.value[CHS_PARAM_NIBP_DIA];
  patient->nibp_mean = row->cells.value[CHS_PARAM_NIBP_MEAN];
}

static void
apply_pump (const Row *row, ChsSimPump *pump)
{
  if (row->cells.pump_state == CHS_PUMP_UNKNOWN)
    return;
  pump->state = (guint8) row->cells.pump_state;
  pump->rate_ml_h = isnan (row->cells.value[CHS_PARAM_PUMP_RATE]) ? 0.0 : row->cells.value[CHS_PARAM_PUMP_RATE];
  if (!isnan (row->cells.value[CHS_PARAM_PUMP_VOLUME]))
    pump->volume_ml = row->cells.value[CHS_PARAM_PUMP_VOLUME];
  pump->pressure_mmhg = row->cells.value[CHS_PARAM_PUMP_PRESSURE];
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
  const double *value = row->cells.value;

  patient->hr = value[CHS_PARAM_HR];
  patient->pr = value[CHS_PARAM_PR];
  patient->spo2 = value[CHS_PARAM_SPO2];
  patient->pi = value[CHS_PARAM_PI];
  patient->rr = value[CHS_PARAM_RR];
  patient->temp_c = value[CHS_PARAM_TEMP];
  patient->abp_sys = value[CHS_PARAM_ABP_SYS];
  patient->abp_dia = value[CHS_PARAM_ABP_DIA];
  patient->abp_mean = value[CHS_PARAM_ABP_MEAN];
  patient->monitor_on = row->cells.has_monitor;
  patient->pump_on = row->cells.has_pump;
  apply_cuff (row, patient);
  apply_pump (row, &patient->pumps[0]);
  return row->events;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/scenario-cells.h"

#include "data/ini.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK (chs-scenario-error-quark, chs_scenario_error)

#define MAX_T_S 1e7 /* four months: times in microseconds stay whole */

typedef enum {
  KIND_TIME,
  KIND_VALUE,
  KIND_MONITOR_LINK,
  KIND_PUMP_LINK,
  KIND_CUFF,
  KIND_PUMP_STATE,
  KIND_EVENTS,
} Kind;

static const struct {
  const char *name;
  Kind        kind;
  ChsParam    param;
} columns[] = {
  { "t_s", KIND_TIME, 0 },
  { "hr_bpm", KIND_VALUE, CHS_PARAM_HR },
  { "pr_bpm", KIND_VALUE, CHS_PARAM_PR },
  { "spo2_pct", KIND_VALUE, CHS_PARAM_SPO2 },
  { "pi_pct", KIND_VALUE, CHS_PARAM_PI },
  { "rr_bpm", KIND_VALUE, CHS_PARAM_RR },
  { "temp_c", KIND_VALUE, CHS_PARAM_TEMP },
  { "nibp_status", KIND_CUFF, 0 },
  { "nibp_sys", KIND_VALUE, CHS_PARAM_NIBP_SYS },
  { "nibp_dia", KIND_VALUE, CHS_PARAM_NIBP_DIA },
  { "nibp_map", KIND_VALUE, CHS_PARAM_NIBP_MEAN },
  { "abp_sys", KIND_VALUE, CHS_PARAM_ABP_SYS },
  { "abp_dia", KIND_VALUE, CHS_PARAM_ABP_DIA },
  { "abp_map", KIND_VALUE, CHS_PARAM_ABP_MEAN },
  { "pump_state", KIND_PUMP_STATE, 0 },
  { "pump_rate_ml_h", KIND_VALUE, CHS_PARAM_PUMP_RATE },
  { "pump_vol_ml", KIND_VALUE, CHS_PARAM_PUMP_VOLUME },
  { "pump_press_mmhg", KIND_VALUE, CHS_PARAM_PUMP_PRESSURE },
  { "mon_link", KIND_MONITOR_LINK, 0 },
  { "pump_link", KIND_PUMP_LINK, 0 },
  { "event", KIND_EVENTS, 0 },
};

static const char *const cuff_words[] = {
  [CHS_SCENARIO_CUFF_NOTHING] = "",
  [CHS_SCENARIO_CUFF_INFLATING] = "inflating",
  [CHS_SCENARIO_CUFF_OK] = "ok",
  [CHS_SCENARIO_CUFF_FAIL_MOTION] = "fail_motion",
  [CHS_SCENARIO_CUFF_FAIL_WEAK] = "fail_weak",
};

static const struct {
  const char  *word;
  ChsPumpState state;
} pump_words[] = {
  { "", CHS_PUMP_UNKNOWN },      { "idle", CHS_PUMP_READY }, { "run", CHS_PUMP_INFUSING },
  { "pause", CHS_PUMP_PAUSED }, { "alarm", CHS_PUMP_ALARM }, { "done", CHS_PUMP_COMPLETE },
};

/* ---- the first line ---- */

static gboolean
refuse_column (const char *name, GError **error)
{
  const char *names[G_N_ELEMENTS (columns) + 1] = { NULL };
  const char *near;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    names[i] = columns[i].name;
  near = chs_ini_suggest (name, names);
  g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_COLUMN, "unknown column \"%s\"%s%s%s", name,
               near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
  return FALSE;
}

gboolean
chs_scenario_header_read (ChsScenarioHeader *self, char *const *cells, GError **error)
{
  bool is_there[G_N_ELEMENTS (columns)] = { false };

  for (self->n = 0; cells[self->n] != NULL; self->n++) {
    guint8 i = 0;

    while (i < G_N_ELEMENTS (columns) && strcmp (columns[i].name, cells[self->n]) != 0)
      i++;
    if (i == G_N_ELEMENTS (columns))
      return refuse_column (cells[self->n], error);
    if (is_there[i]) {
      g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_COLUMN, "column \"%s\" stands twice", columns[i].name);
      return FALSE;
    }
    is_there[i] = true;
    self->column[self->n] = i; /* at most as many as there are: none stands twice */
  }
  if (!is_there[0])
    g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_COLUMN, "column %s is missing", columns[0].name);
  return is_there[0];
}

G_STATIC_ASSERT (G_N_ELEMENTS (columns) <= CHS_SCENARIO_MAX_COLUMNS);

/* ---- a row ---- */

static gboolean
refuse (GError **error, const char *column, const char *what, const char *cell)
{
  g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_ROW, "%s: %s: \"%s\"", column, what, cell);
  return FALSE;
}

static gboolean
read_cuff (ChsScenarioRow *row, const char *cell, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (cuff_words); i++)
    if (strcmp (cuff_words[i], cell) == 0) {
      row->cuff = (ChsScenarioCuff) i;
      row->cuff_word = cell;
      return TRUE;
    }
  return refuse (error, "nibp_status", "none of inflating, ok, fail_motion, fail_weak", cell);
}

static gboolean
read_pump_state (ChsScenarioRow *row, const char *cell, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (pump_words); i++)
    if (strcmp (pump_words[i].word, cell) == 0) {
      row->pump_state = pump_words[i].state;
      return TRUE;
    }
  return refuse (error, "pump_state", "none of idle, run, pause, alarm, done", cell);
}

static gboolean
read_number (ChsScenarioRow *row, guint column, const char *cell, GError **error)
{
  char *end = NULL;
  double value = cell[0] != '\0' ? g_ascii_strtod (cell, &end) : (double) NAN;

  if (end != NULL && (*end != '\0' || !isfinite (value)))
    return refuse (error, columns[column].name, "not a number", cell);
  if (columns[column].kind == KIND_TIME && !(value >= 0 && value < MAX_T_S))
    return refuse (error, columns[column].name, "no time", cell);
  if (columns[column].kind == KIND_TIME)
    row->t_s = value;
  else if (columns[column].kind == KIND_MONITOR_LINK)
    row->has_monitor = !(value <= 0);
  else if (columns[column].kind == KIND_PUMP_LINK)
    row->has_pump = !(value <= 0);
  else
    row->value[columns[column].param] = value;
  return TRUE;
}

static gboolean
read_cell (ChsScenarioRow *row, guint column, const char *cell, GError **error)
{
  switch (columns[column].kind) {
  case KIND_CUFF:
    return read_cuff (row, cell, error);
  case KIND_PUMP_STATE:
    return read_pump_state (row, cell, error);
  case KIND_EVENTS:
    row->events = cell;
    return TRUE;
  case KIND_TIME:
  case KIND_VALUE:
  case KIND_MONITOR_LINK:
  case KIND_PUMP_LINK:
  default:
    return read_number (row, column, cell, error);
  }
}

gboolean
chs_scenario_row_read (const ChsScenarioHeader *self, char *const *cells, ChsScenarioRow *row, GError **error)
{
  bool has_time = false;

  *row = (ChsScenarioRow) { .has_monitor = true, .has_pump = true, .cuff_word = "", .events = "" };
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    row->value[i] = NAN;
  for (guint i = 0; cells[i] != NULL; i++) {
    if (i >= self->n) {
      g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_ROW, "more cells than columns: \"%s\"", cells[i]);
      return FALSE;
    }
    if (!read_cell (row, self->column[i], cells[i], error))
      return FALSE;
    has_time |= columns[self->column[i]].kind == KIND_TIME;
  }
  return has_time || refuse (error, "t_s", "no time", "");
}

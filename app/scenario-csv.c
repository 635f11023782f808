/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/scenario-csv.h"

#include "app/therapy.h"
#include "data/ini.h"
#include "devices/driver.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK (chs-scenario-error-quark, chs_scenario_error)

/* Scenarios carry no date; a fixed one keeps replays alike. */
#define WALL_START_US (G_GINT64_CONSTANT (1767225600) * 1000000) /* 2026-01-01T00:00:00Z */
#define SILENT_US (G_GINT64_CONSTANT (5) * 1000000)             /* a driver calls its link silent after so long */
#define MAX_COLUMNS 48

typedef enum {
  COLUMN_TIME,
  COLUMN_NUMERIC,
  COLUMN_NIBP_STATUS,
  COLUMN_NIBP,
  COLUMN_PUMP_STATE,
  COLUMN_PUMP_NUMBER,
  COLUMN_LINK,
  COLUMN_EVENT,
} ColumnKind;

typedef struct {
  const char *name;
  ColumnKind  kind;
  int         what; /* ChsParam, or source of a link */
} Column;

static const Column columns[] = {
  { "t_s", COLUMN_TIME, 0 },
  { "hr_bpm", COLUMN_NUMERIC, CHS_PARAM_HR },
  { "pr_bpm", COLUMN_NUMERIC, CHS_PARAM_PR },
  { "spo2_pct", COLUMN_NUMERIC, CHS_PARAM_SPO2 },
  { "pi_pct", COLUMN_NUMERIC, CHS_PARAM_PI },
  { "rr_bpm", COLUMN_NUMERIC, CHS_PARAM_RR },
  { "temp_c", COLUMN_NUMERIC, CHS_PARAM_TEMP },
  { "nibp_status", COLUMN_NIBP_STATUS, 0 },
  { "nibp_sys", COLUMN_NIBP, CHS_PARAM_NIBP_SYS },
  { "nibp_dia", COLUMN_NIBP, CHS_PARAM_NIBP_DIA },
  { "nibp_map", COLUMN_NIBP, CHS_PARAM_NIBP_MEAN },
  { "abp_sys", COLUMN_NUMERIC, CHS_PARAM_ABP_SYS },
  { "abp_dia", COLUMN_NUMERIC, CHS_PARAM_ABP_DIA },
  { "abp_map", COLUMN_NUMERIC, CHS_PARAM_ABP_MEAN },
  { "pump_state", COLUMN_PUMP_STATE, 0 },
  { "pump_rate_ml_h", COLUMN_PUMP_NUMBER, CHS_PARAM_PUMP_RATE },
  { "pump_vol_ml", COLUMN_PUMP_NUMBER, CHS_PARAM_PUMP_VOLUME },
  { "pump_press_mmhg", COLUMN_PUMP_NUMBER, CHS_PARAM_PUMP_PRESSURE },
  { "mon_link", COLUMN_LINK, CHS_SCENARIO_MONITOR },
  { "pump_link", COLUMN_LINK, CHS_SCENARIO_PUMP },
  { "event", COLUMN_EVENT, 0 },
};

typedef struct {
  const char     *path;
  ChsScenarioFunc func;
  gpointer        user_data;
  guint           line;
  gboolean        stopped;
  guint64         seq;
  gint64          t_us;
  const Column   *column[MAX_COLUMNS];
  guint           n_columns;
  /* what the chair looked like a second ago */
  gboolean        present[CHS_N_PARAMS]; /* ever */
  gint64          dark_us[3];   /* since when a link has been silent, by source; CHS_TIME_NONE = it talks */
  gboolean        told_dark[3];
  gboolean        inflating;
  guint32         pump_alarms;
} Player;

/* ---- events out ---- */

static void
send (Player *self, ChsEvent *event, guint8 source)
{
  if (self->stopped)
    return;
  event->seq = ++self->seq;
  event->t_us = self->t_us;
  event->wall_us = WALL_START_US + self->t_us;
  event->source = source;
  self->stopped = !self->func (event, self->user_data);
}

static void
send_setup (Player *self, const char *key, const char *value)
{
  ChsEvent event = { .type = CHS_EVENT_SETUP };

  chs_text_copy (event.setup.key, sizeof event.setup.key, key);
  chs_text_copy (event.setup.value, sizeof event.setup.value, value);
  send (self, &event, CHS_SOURCE_NURSE);
}

static void
send_nurse (Player *self, ChsNurseAction action, const char *what, double value)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE };

  event.nurse.action = (uint8_t) action;
  event.nurse.at_us = CHS_TIME_NONE;
  event.nurse.value = value;
  chs_text_copy (event.nurse.what, sizeof event.nurse.what, what);
  send (self, &event, CHS_SOURCE_NURSE);
}

static void
send_link (Player *self, guint8 source, ChsLinkState state, const char *reason)
{
  ChsEvent event = { .type = CHS_EVENT_LINK };

  event.link.state = (uint8_t) state;
  event.link.kind = source == CHS_SCENARIO_MONITOR ? CHS_KIND_MONITOR : CHS_KIND_PUMP;
  chs_text_copy (event.link.name, sizeof event.link.name, source == CHS_SCENARIO_MONITOR ? "monitor" : "pump1");
  chs_text_copy (event.link.driver, sizeof event.link.driver, "scenario");
  chs_text_copy (event.link.reason, sizeof event.link.reason, reason);
  send (self, &event, source);
}

static void
send_device (Player *self, ChsDeviceCode code, const char *text)
{
  ChsEvent event = { .type = CHS_EVENT_DEVICE };

  event.device.code = (uint8_t) code;
  event.device.value = NAN;
  chs_text_copy (event.device.text, sizeof event.device.text, text);
  send (self, &event, CHS_SCENARIO_MONITOR);
}

static void
send_plain (Player *self, ChsEventType type)
{
  ChsEvent event = { .type = (uint8_t) type };

  send (self, &event, CHS_SOURCE_MONITOR);
}

/* ---- the ini: what was entered before ---- */

static const struct {
  const char *group, *key, *setup;
} settings[] = {
  { "session", "id", "session.id" },
  { "session", "cuff_interval_s", "session.cuff_interval_s" },
  { "patient", "age", "patient.age" },
  { "patient", "sex", "patient.sex" },
  { "patient", "weight_kg", "patient.weight_kg" },
  { "patient", "height_cm", "patient.height_cm" },
  { "patient", "flags", "patient.flags" },
  { "therapy", "name", "therapy.name" },
  { "therapy", "bag_volume_ml", "therapy.bag_volume_ml" },
  { "therapy", "ordered_rate_ml_h", "therapy.ordered_rate_ml_h" },
  { "therapy", "mg_mmol_per_ml", "therapy.mg_mmol_per_ml" },
  { "therapy", "ketamine_mg_per_ml", "therapy.ketamine_mg_per_ml" },
  { "therapy", "lidocaine_mg_per_ml", "therapy.lidocaine_mg_per_ml" },
  { "sensors", "ecg", "sensors.ecg" },
  { "sensors", "abp", "sensors.abp" },
  { "sensors", "temp", "sensors.temp" },
  { "sensors", "cuff_arm", "sensors.cuff_arm" },
  { "sensors", "spo2_arm", "sensors.spo2_arm" },
  { "sensors", "iv_arm", "sensors.iv_arm" },
};

typedef struct {
  Player     *player;
  GHashTable *values; /* "group.key" to value */
} Ini;

static gboolean
on_ini (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  Ini *self = user_data;

  if (key != NULL)
    g_hash_table_insert (self->values, g_strconcat (group, ".", key, NULL), g_strdup (value));
  return TRUE;
}

static double
value_of (Ini *ini, const char *name)
{
  const char *value = g_hash_table_lookup (ini->values, name);

  return value != NULL && value[0] != '\0' ? g_ascii_strtod (value, NULL) : (double) NAN;
}

static void
on_therapy_key (const char *key, const char *value, gpointer user_data)
{
  g_autofree char *full = g_strconcat ("therapy.", key, NULL);

  send_setup (user_data, full, value);
}

/* The library entry gives the limits; what the ini says of this bag comes over it. */
static gboolean
apply_therapy (Ini *ini, const char *therapy_id, GError **error)
{
  const char *id = therapy_id != NULL ? therapy_id : g_hash_table_lookup (ini->values, "therapy.id");
  g_autoptr (ChsTherapyLibrary) library = NULL;
  const ChsTherapyEntry *entry;

  if (id == NULL || id[0] == '\0')
    return TRUE;
  library = chs_therapy_library_load_default (error);
  if (library == NULL)
    return FALSE;
  entry = chs_therapy_library_find (library, id);
  if (entry != NULL)
    chs_therapy_entry_setup (entry, value_of (ini, "patient.weight_kg"), on_therapy_key, ini->player);
  else
    send_setup (ini->player, "therapy.id", id);
  return TRUE;
}

static void
apply_settings (Ini *ini, gboolean keep_therapy)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++) {
    g_autofree char *name = g_strconcat (settings[i].group, ".", settings[i].key, NULL);
    const char *value = g_hash_table_lookup (ini->values, name);

    if (value == NULL || (keep_therapy && strcmp (settings[i].group, "therapy") == 0))
      continue;
    if (strcmp (settings[i].key, "flags") == 0 && value[0] == '\0')
      value = "none"; /* a scenario's nurse has asked */
    send_setup (ini->player, settings[i].setup, value);
  }
}

static gboolean
play_ini (Player *self, const char *therapy_id, GError **error)
{
  g_autofree char *base = g_str_has_suffix (self->path, ".csv") ? g_strndup (self->path, strlen (self->path) - 4) : g_strdup (self->path);
  g_autofree char *path = g_strconcat (base, ".ini", NULL);
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Ini ini = { .player = self, .values = values };

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE; /* nothing was entered: the monitor still watches */
  if (!chs_ini_load (path, on_ini, &ini, error) || !apply_therapy (&ini, therapy_id, error))
    return FALSE;
  apply_settings (&ini, therapy_id != NULL);
  send_nurse (self, CHS_NURSE_PHASE, "baseline", NAN);
  return TRUE;
}

/* ---- one row ---- */

static gboolean
refuse (Player *self, GError **error, const char *what, const char *cell)
{
  g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_ROW, "%s:%u: %s: \"%s\"", self->path, self->line, what, cell);
  return FALSE;
}

static gboolean
parse_cell (const char *cell, double *value)
{
  char *end;

  *value = NAN;
  if (cell[0] == '\0')
    return TRUE;
  *value = g_ascii_strtod (cell, &end);
  return *end == '\0' && isfinite (*value);
}

/* A row as values: by parameter, and the words of its text columns. */
typedef struct {
  double      value[CHS_N_PARAMS];
  double      link[3];
  const char *nibp_status, *pump_state, *event;
} Row;

static gboolean
read_row (Player *self, char **cells, Row *row, GError **error)
{
  *row = (Row) { .nibp_status = "", .pump_state = "", .event = "", .link = { 1, 1, 1 } };
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    row->value[i] = NAN;
  for (guint i = 0; cells[i] != NULL; i++) {
    const Column *column = i < self->n_columns ? self->column[i] : NULL;
    double value = NAN;

    if (column == NULL)
      return refuse (self, error, "more cells than columns", cells[i]);
    if (column->kind == COLUMN_NIBP_STATUS)
      row->nibp_status = cells[i];
    else if (column->kind == COLUMN_PUMP_STATE)
      row->pump_state = cells[i];
    else if (column->kind == COLUMN_EVENT)
      row->event = cells[i];
    else if (!parse_cell (cells[i], &value))
      return refuse (self, error, "not a number", cells[i]);
    else if (column->kind == COLUMN_TIME && !(value >= 0 && value < 1e7))
      return refuse (self, error, "no time", cells[i]);
    else if (column->kind == COLUMN_TIME && (gint64) (value * 1e6) < self->t_us)
      return refuse (self, error, "time goes back", cells[i]);
    else if (column->kind == COLUMN_TIME)
      self->t_us = (gint64) (value * 1e6);
    else if (column->kind == COLUMN_LINK)
      row->link[column->what] = isnan (value) ? 1 : value;
    else
      row->value[column->what] = value;
  }
  return TRUE;
}

/* Nothing comes from a dark link; after a while its driver says so. */
static gboolean
play_link (Player *self, guint8 source, gboolean is_up)
{
  if (is_up) {
    if (self->told_dark[source])
      send_link (self, source, CHS_LINK_UP, "");
    self->told_dark[source] = FALSE;
    self->dark_us[source] = CHS_TIME_NONE;
    return TRUE;
  }
  if (self->dark_us[source] == CHS_TIME_NONE)
    self->dark_us[source] = self->t_us;
  if (!self->told_dark[source] && self->t_us - self->dark_us[source] >= SILENT_US) {
    self->told_dark[source] = TRUE;
    send_link (self, source, CHS_LINK_SILENT, "no frames");
  }
  return FALSE;
}

static void
play_numerics (Player *self, const Row *row)
{
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++) {
    int param = columns[i].what;
    ChsEvent event;

    /* An instrument goes on telling that a sensor which it had gives nothing; a spot thermometer is not one. */
    if (columns[i].kind != COLUMN_NUMERIC || (isnan (row->value[param]) && (!self->present[param] || param == CHS_PARAM_TEMP)))
      continue;
    self->present[param] = TRUE;
    event = chs_numeric ((ChsParam) param, row->value[param]);
    event.numeric.meas_us = CHS_TIME_NONE;
    send (self, &event, CHS_SCENARIO_MONITOR);
  }
}

static void
play_cuff (Player *self, const Row *row)
{
  static const ChsParam parts[] = { CHS_PARAM_NIBP_SYS, CHS_PARAM_NIBP_DIA, CHS_PARAM_NIBP_MEAN };
  gboolean inflating = strcmp (row->nibp_status, "inflating") == 0;

  if (inflating && !self->inflating)
    send_device (self, CHS_DEVICE_NIBP_START, "");
  self->inflating = inflating;
  if (g_str_has_prefix (row->nibp_status, "fail"))
    send_device (self, CHS_DEVICE_NIBP_FAILED, row->nibp_status);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    ChsEvent event = chs_numeric (parts[i], row->value[parts[i]]);

    if (isnan (row->value[parts[i]]))
      continue;
    event.numeric.time_mark = CHS_TIME_MARK_EXACT;
    event.numeric.meas_us = self->t_us;
    send (self, &event, CHS_SCENARIO_MONITOR);
  }
}

static ChsPumpState
pump_state_of (const char *word)
{
  static const struct {
    const char  *word;
    ChsPumpState state;
  } states[] = {
    { "idle", CHS_PUMP_READY },   { "run", CHS_PUMP_INFUSING },  { "pause", CHS_PUMP_PAUSED },
    { "alarm", CHS_PUMP_ALARM }, { "done", CHS_PUMP_COMPLETE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (states[i].word, word) == 0)
      return states[i].state;
  return CHS_PUMP_UNKNOWN;
}

static void
play_pump (Player *self, const Row *row)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };

  if (row->pump_state[0] == '\0')
    return;
  chs_pump_status_init (&event.pump);
  event.pump.state = (uint8_t) pump_state_of (row->pump_state);
  if (event.pump.state != CHS_PUMP_ALARM)
    self->pump_alarms = 0;
  event.pump.alarms = self->pump_alarms;
  event.pump.rate_ml_h = row->value[CHS_PARAM_PUMP_RATE];
  event.pump.volume_ml = row->value[CHS_PARAM_PUMP_VOLUME];
  event.pump.pressure = row->value[CHS_PARAM_PUMP_PRESSURE];
  event.pump.pressure_unit = CHS_UNIT_MMHG;
  send (self, &event, CHS_SCENARIO_PUMP);
}

static void
play_word (Player *self, const char *word)
{
  if (g_str_has_prefix (word, "symptom:"))
    send_nurse (self, CHS_NURSE_SYMPTOM, word + strlen ("symptom:"), NAN);
  else if (strcmp (word, "nurse:toilet_break") == 0)
    send_nurse (self, CHS_NURSE_BREAK, "", 1);
  else if (g_str_has_prefix (word, "nurse:"))
    send_nurse (self, CHS_NURSE_DONE, word + strlen ("nurse:"), NAN);
  else if (strcmp (word, "pump:start") == 0)
    send_nurse (self, CHS_NURSE_PHASE, "infusing", NAN);
  else if (strcmp (word, "pump:done") == 0)
    send_nurse (self, CHS_NURSE_PHASE, "observe", NAN);
}

/* "pump:alarm=occlusion" is seen in the pump's own status of the same second. */
static void
note_pump_alarm (Player *self, const char *events)
{
  const char *alarm = strstr (events, "pump:alarm=");
  gsize n;

  if (alarm == NULL)
    return;
  alarm += strlen ("pump:alarm=");
  n = strcspn (alarm, ";");
  for (guint bit = 0; bit < CHS_N_PUMP_ALARMS; bit++)
    if (strlen (chs_pump_alarm_id (bit)) == n && strncmp (chs_pump_alarm_id (bit), alarm, n) == 0)
      self->pump_alarms |= 1u << bit;
  if (self->pump_alarms == 0)
    self->pump_alarms = CHS_PUMP_ALARM_OTHER;
}

static gboolean
play_row (Player *self, char **cells, GError **error)
{
  g_auto (GStrv) words = NULL;
  Row row;

  if (!read_row (self, cells, &row, error))
    return FALSE;
  if (play_link (self, CHS_SCENARIO_MONITOR, row.link[CHS_SCENARIO_MONITOR] > 0)) {
    play_numerics (self, &row);
    play_cuff (self, &row);
  }
  note_pump_alarm (self, row.event);
  if (play_link (self, CHS_SCENARIO_PUMP, row.link[CHS_SCENARIO_PUMP] > 0))
    play_pump (self, &row);
  words = g_strsplit (row.event, ";", -1);
  for (char **word = words; *word != NULL; word++)
    play_word (self, *word);
  send_plain (self, CHS_EVENT_TICK);
  return TRUE;
}

/* ---- the file ---- */

static gboolean
read_header (Player *self, char **cells, GError **error)
{
  gboolean has_time = FALSE;

  for (guint i = 0; cells[i] != NULL; i++) {
    const Column *column = NULL;

    for (gsize k = 0; k < G_N_ELEMENTS (columns); k++)
      if (strcmp (columns[k].name, cells[i]) == 0)
        column = &columns[k];
    if (column == NULL || i == MAX_COLUMNS) {
      g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_COLUMN, "%s:1: unknown column \"%s\"", self->path, cells[i]);
      return FALSE;
    }
    has_time |= column->kind == COLUMN_TIME;
    self->column[self->n_columns++] = column;
  }
  if (!has_time)
    g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_COLUMN, "%s:1: column t_s is missing", self->path);
  return has_time;
}

gboolean
chs_scenario_play (const char *path, const char *therapy_id, ChsScenarioFunc func, gpointer user_data, GError **error)
{
  Player self = { .path = path, .func = func, .user_data = user_data, .line = 1 };
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) bytes = g_file_read (file, NULL, error);
  g_autoptr (GDataInputStream) lines = NULL;
  gboolean good = TRUE;
  gsize n;
  char *text;

  if (bytes == NULL)
    return FALSE;
  lines = g_data_input_stream_new (G_INPUT_STREAM (bytes));
  g_data_input_stream_set_newline_type (lines, G_DATA_STREAM_NEWLINE_TYPE_ANY);
  for (guint i = 0; i < G_N_ELEMENTS (self.dark_us); i++)
    self.dark_us[i] = CHS_TIME_NONE;
  while (good && !self.stopped && (text = g_data_input_stream_read_line (lines, &n, NULL, error)) != NULL) {
    gboolean is_text = g_utf8_validate (text, (gssize) n, NULL);
    g_auto (GStrv) cells = g_strsplit (g_strchomp (text), ",", -1);

    if (!is_text) {
      good = refuse (&self, error, "not UTF-8 text", "?");
    } else if (self.line == 1) {
      good = read_header (&self, cells, error) && play_ini (&self, therapy_id, error);
      send_link (&self, CHS_SCENARIO_MONITOR, CHS_LINK_UP, "");
      send_link (&self, CHS_SCENARIO_PUMP, CHS_LINK_UP, "");
    } else if (text[0] != '\0') {
      good = play_row (&self, cells, error);
    }
    self.line++;
    g_free (text);
  }
  return good && (error == NULL || *error == NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/scenario-csv.h"

#include "app/therapy.h"
#include "data/ini.h"
#include "devices/driver.h"

#include <math.h>
#include <string.h>

/* Scenarios carry no date; a fixed one keeps replays alike. */
#define WALL_START_US (G_GINT64_CONSTANT (1767225600) * 1000000) /* 2026-01-01T00:00:00Z */
#define SILENT_US (G_GINT64_CONSTANT (5) * 1000000)             /* a driver calls its link silent after so long */

typedef struct {
  const char     *path;
  ChsScenarioFunc func;
  gpointer        user_data;
  guint           line;
  gboolean        stopped;
  guint64         seq;
  gint64          t_us;
  ChsScenarioHeader header;
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
read_row (Player *self, char **cells, ChsScenarioRow *row, GError **error)
{
  if (!chs_scenario_row_read (&self->header, cells, row, error)) {
    g_prefix_error (error, "%s:%u: ", self->path, self->line);
    return FALSE;
  }
  if ((gint64) (row->t_s * 1e6) < self->t_us) {
    g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_ROW, "%s:%u: time goes back: \"%g\"", self->path, self->line, row->t_s);
    return FALSE;
  }
  self->t_us = (gint64) (row->t_s * 1e6);
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
play_numerics (Player *self, const ChsScenarioRow *row)
{
  static const ChsParam params[] = { CHS_PARAM_HR,   CHS_PARAM_PR,      CHS_PARAM_SPO2,    CHS_PARAM_PI,      CHS_PARAM_RR,
                                     CHS_PARAM_TEMP, CHS_PARAM_ABP_SYS, CHS_PARAM_ABP_DIA, CHS_PARAM_ABP_MEAN };

  for (gsize i = 0; i < G_N_ELEMENTS (params); i++) {
    ChsParam param = params[i];
    ChsEvent event;

    /* An instrument goes on telling that a sensor which it had gives nothing; a spot thermometer is not one. */
    if (isnan (row->value[param]) && (!self->present[param] || param == CHS_PARAM_TEMP))
      continue;
    self->present[param] = TRUE;
    event = chs_numeric (param, row->value[param]);
    event.numeric.meas_us = CHS_TIME_NONE;
    send (self, &event, CHS_SCENARIO_MONITOR);
  }
}

static void
play_cuff (Player *self, const ChsScenarioRow *row)
{
  static const ChsParam parts[] = { CHS_PARAM_NIBP_SYS, CHS_PARAM_NIBP_DIA, CHS_PARAM_NIBP_MEAN };
  gboolean inflating = row->cuff == CHS_SCENARIO_CUFF_INFLATING;

  if (inflating && !self->inflating)
    send_device (self, CHS_DEVICE_NIBP_START, "");
  self->inflating = inflating;
  if (row->cuff == CHS_SCENARIO_CUFF_FAIL_MOTION || row->cuff == CHS_SCENARIO_CUFF_FAIL_WEAK)
    send_device (self, CHS_DEVICE_NIBP_FAILED, row->cuff_word);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    ChsEvent event = chs_numeric (parts[i], row->value[parts[i]]);

    if (isnan (row->value[parts[i]]))
      continue;
    event.numeric.time_mark = CHS_TIME_MARK_EXACT;
    event.numeric.meas_us = self->t_us;
    send (self, &event, CHS_SCENARIO_MONITOR);
  }
}

static void
play_pump (Player *self, const ChsScenarioRow *row)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };

  if (row->pump_state == CHS_PUMP_UNKNOWN)
    return;
  chs_pump_status_init (&event.pump);
  event.pump.state = (uint8_t) row->pump_state;
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
  ChsScenarioRow row;

  if (!read_row (self, cells, &row, error))
    return FALSE;
  if (play_link (self, CHS_SCENARIO_MONITOR, row.has_monitor)) {
    play_numerics (self, &row);
    play_cuff (self, &row);
  }
  note_pump_alarm (self, row.events);
  if (play_link (self, CHS_SCENARIO_PUMP, row.has_pump))
    play_pump (self, &row);
  words = g_strsplit (row.events, ";", -1);
  for (char **word = words; *word != NULL; word++)
    play_word (self, *word);
  send_plain (self, CHS_EVENT_TICK);
  return TRUE;
}

/* ---- the file ---- */

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
      g_set_error (error, CHS_SCENARIO_ERROR, CHS_SCENARIO_ERROR_ROW, "%s:%u: not UTF-8 text", path, self.line);
      good = FALSE;
    } else if (self.line == 1) {
      good = chs_scenario_header_read (&self.header, cells, error);
      if (!good)
        g_prefix_error (error, "%s:1: ", path);
      good = good && play_ini (&self, therapy_id, error);
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

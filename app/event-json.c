/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event-json.h"

#include <math.h>
#include <string.h>

#define US_PER_MS 1000

static const char *const time_marks[] = {
  [CHS_TIME_MARK_STREAM] = "stream",
  [CHS_TIME_MARK_EXACT] = "exact",
  [CHS_TIME_MARK_ESTIMATED] = "estimated",
  [CHS_TIME_MARK_UNKNOWN] = "unknown",
};

static const struct {
  unsigned    flag;
  const char *id;
} flag_ids[] = {
  { CHS_FLAG_DEMO, "demo" },
  { CHS_FLAG_CALIBRATING, "calibrating" },
  { CHS_FLAG_LOW_SIGNAL, "low_signal" },
  { CHS_FLAG_MOTION, "motion" },
  { CHS_FLAG_ESTIMATED, "estimated" },
};

static const char *const clock_codes[] = {
  [CHS_CLOCK_STEP] = "step",
  [CHS_CLOCK_RESUME] = "resume",
  [CHS_CLOCK_ZONE] = "zone",
};

static const char *const state_codes[] = {
  [CHS_STATE_SOUND] = "sound",
  [CHS_STATE_STORAGE] = "storage",
  [CHS_STATE_SCREEN] = "screen",
  [CHS_STATE_LAG] = "lag",
  [CHS_STATE_PROFILE] = "profile",
  [CHS_STATE_LIBRARY] = "library",
  [CHS_STATE_ROOM] = "room",
  [CHS_STATE_CLOCK] = "clock",
};

#define ID_OF(table, i) ((i) < G_N_ELEMENTS (table) && (table)[i] != NULL ? (table)[i] : "")

/* ---- members ---- */

void
chs_json_double (GString *out, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value)) {
    g_string_append (out, "null");
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    char format[] = "%.15g";

    format[3] = (char) ('0' + digits - 10);
    g_ascii_formatd (text, sizeof text, format, value + 0.0); /* + 0.0: no "-0" */
    if (!islessgreater (g_ascii_strtod (text, NULL), value))
      break;
  }
  g_string_append (out, text);
}

/* A wave's numbers are floats: their shortest text is that of the float, "0.02" and not "0.019999999552965164". */
static double
decimal_of_float (float value, char text[G_ASCII_DTOSTR_BUF_SIZE])
{
  double read = 0.0;

  for (int digits = 6; digits <= 9; digits++) {
    char format[] = "%.6g";

    format[2] = (char) ('0' + digits);
    g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, format, (double) value + 0.0);
    read = g_ascii_strtod (text, NULL);
    if (!islessgreater ((float) read, value))
      break;
  }
  return read;
}

static void
append_float (GString *out, float value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  decimal_of_float (value, text);
  g_string_append (out, text);
}

void
chs_json_quote (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *p = valid; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (out, "\\%c", *p);
    else if ((guchar) *p < 0x20)
      g_string_append_printf (out, "\\u%04x", (guchar) *p);
    else
      g_string_append_c (out, *p);
  g_string_append_c (out, '"');
}

void
chs_json_key (GString *out, const char *key)
{
  char last = out->len > 0 ? out->str[out->len - 1] : '{';

  if (last != '{' && last != '[')
    g_string_append_c (out, ',');
  g_string_append_printf (out, "\"%s\":", key);
}

void
chs_json_text (GString *out, const char *key, const char *text)
{
  chs_json_key (out, key);
  if (text == NULL || text[0] == '\0')
    g_string_append (out, "null");
  else
    chs_json_quote (out, text);
}

void
chs_json_number (GString *out, const char *key, double value)
{
  chs_json_key (out, key);
  chs_json_double (out, value);
}

static void
add_integer (GString *out, const char *key, gint64 value)
{
  chs_json_key (out, key);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

/* Milliseconds, rounded down also before 0. */
static void
add_time_ms (GString *out, const char *key, gint64 t_us)
{
  gint64 ms = t_us / US_PER_MS - (t_us % US_PER_MS < 0 ? 1 : 0);

  chs_json_key (out, key);
  if (t_us == CHS_TIME_NONE)
    g_string_append (out, "null");
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, ms);
}

static void
add_bool (GString *out, const char *key, gboolean value)
{
  chs_json_key (out, key);
  g_string_append (out, value ? "true" : "false");
}

static void
add_param (GString *out, const ChsParamInfo *info)
{
  chs_json_text (out, "param", info->name);
}

static void
add_mdc (GString *out, const ChsParamInfo *info)
{
  chs_json_number (out, "mdc", info->mdc != 0 ? (double) info->mdc : (double) NAN);
}

static void
add_flags (GString *out, unsigned flags)
{
  gboolean first = TRUE;

  chs_json_key (out, "flags");
  g_string_append_c (out, '[');
  for (gsize i = 0; i < G_N_ELEMENTS (flag_ids); i++) {
    if ((flags & flag_ids[i].flag) == 0)
      continue;
    g_string_append_printf (out, "%s\"%s\"", first ? "" : ",", flag_ids[i].id);
    first = FALSE;
  }
  g_string_append_c (out, ']');
}

/* ---- payloads ---- */

static void
add_numeric (GString *out, const ChsEvent *event)
{
  const ChsNumeric *numeric = &event->numeric;
  const ChsParamInfo *info = chs_param_info (numeric->param);

  add_param (out, info);
  chs_json_number (out, "value", numeric->value);
  chs_json_text (out, "unit", chs_unit_info (info->unit)->ucum);
  chs_json_text (out, "quality", chs_quality_id (numeric->quality));
  add_mdc (out, info);
  add_flags (out, numeric->flags);
  chs_json_text (out, "time", ID_OF (time_marks, numeric->time_mark));
  if (numeric->time_mark == CHS_TIME_MARK_UNKNOWN)
    add_time_ms (out, "meas_ms", CHS_TIME_NONE);
  else if (numeric->time_mark != CHS_TIME_MARK_STREAM)
    add_time_ms (out, "meas_ms", numeric->meas_us != CHS_TIME_NONE ? numeric->meas_us : event->t_us);
}

static void
add_wave (GString *out, const ChsEvent *event)
{
  const ChsWave *wave = &event->wave;
  const ChsParamInfo *info = chs_param_info (wave->param);
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double scale = decimal_of_float (wave->scale, text), offset = decimal_of_float (wave->offset, text);

  add_param (out, info);
  chs_json_text (out, "unit", chs_unit_info (info->unit)->ucum);
  add_mdc (out, info);
  add_flags (out, wave->flags);
  chs_json_key (out, "rate_hz");
  append_float (out, wave->rate_hz);
  chs_json_key (out, "scale");
  append_float (out, wave->scale);
  chs_json_key (out, "offset");
  append_float (out, wave->offset);
  add_integer (out, "n", wave->n);
  chs_json_key (out, "samples");
  g_string_append_c (out, '[');
  for (guint i = 0; i < wave->n; i++) {
    if (i > 0)
      g_string_append_c (out, ',');
    if (wave->samples[i] == CHS_WAVE_ABSENT)
      g_string_append (out, "null");
    else
      append_float (out, (float) (offset + scale * wave->samples[i]));
  }
  g_string_append_c (out, ']');
}

static void
add_pump_alarms (GString *out, guint32 alarms)
{
  gboolean first = TRUE;

  chs_json_key (out, "alarms");
  g_string_append_c (out, '[');
  for (guint bit = 0; bit < CHS_N_PUMP_ALARMS; bit++) {
    if ((alarms & (1u << bit)) == 0)
      continue;
    g_string_append_printf (out, "%s\"%s\"", first ? "" : ",", chs_pump_alarm_id (bit));
    first = FALSE;
  }
  g_string_append_c (out, ']');
}

static void
add_pump (GString *out, const ChsEvent *event)
{
  const ChsPumpStatus *pump = &event->pump;

  chs_json_text (out, "slot", pump->slot);
  chs_json_text (out, "model", pump->model);
  chs_json_text (out, "serial", pump->serial);
  chs_json_text (out, "state", chs_pump_state_id (pump->state));
  chs_json_number (out, "rate_ml_h", pump->rate_ml_h);
  chs_json_text (out, "rate_kind", pump->rate_kind == CHS_RATE_KIND_DELIVERED ? "delivered" : "programmed");
  chs_json_number (out, "flow_ml_h", chs_pump_flow_ml_h (pump));
  chs_json_number (out, "volume_ml", pump->volume_ml);
  chs_json_number (out, "vtbi_ml", pump->vtbi_ml);
  chs_json_number (out, "remaining_s", pump->remaining_s);
  chs_json_text (out, "remaining_kind", pump->time_kind == 0 ? "reported" : "calculated");
  chs_json_number (out, "pressure", pump->pressure);
  chs_json_text (out, "pressure_unit", chs_unit_info (pump->pressure_unit)->ucum);
  chs_json_number (out, "battery_min", pump->battery_min);
  if (pump->on_mains < 0)
    chs_json_text (out, "on_mains", NULL);
  else
    add_bool (out, "on_mains", pump->on_mains > 0);
  chs_json_text (out, "drug", pump->drug);
  add_pump_alarms (out, pump->alarms);
  chs_json_text (out, "text", pump->text);
}

static void
add_link (GString *out, const ChsEvent *event)
{
  const ChsLinkStatus *link = &event->link;

  chs_json_text (out, "state", chs_link_state_id (link->state));
  chs_json_text (out, "kind", link->kind == 0 ? "monitor" : "pump");
  chs_json_text (out, "name", link->name);
  chs_json_text (out, "driver", link->driver);
  chs_json_text (out, "reason", link->reason);
}

static void
add_device (GString *out, const ChsEvent *event)
{
  const ChsDeviceCondition *device = &event->device;

  chs_json_text (out, "code", chs_device_code_id (device->code));
  add_param (out, chs_param_info (device->param));
  chs_json_number (out, "value", device->value);
  chs_json_text (out, "priority", device->priority != CHS_PRIORITY_NONE ? chs_priority_id (device->priority) : NULL);
  chs_json_text (out, "text", device->text);
}

static void
add_nurse (GString *out, const ChsEvent *event)
{
  const ChsNurse *nurse = &event->nurse;

  chs_json_text (out, "action", chs_nurse_action_id (nurse->action));
  chs_json_text (out, "what", nurse->what);
  chs_json_number (out, "value", nurse->value);
  if (nurse->at_us != CHS_TIME_NONE || nurse->action != CHS_NURSE_CORRECTION) /* one without a time takes back */
    add_time_ms (out, "at_ms", nurse->at_us != CHS_TIME_NONE ? nurse->at_us : event->t_us);
  chs_json_text (out, "who", nurse->who);
  chs_json_text (out, "text", nurse->text);
}

static void
add_setup (GString *out, const ChsEvent *event)
{
  chs_json_text (out, "key", event->setup.key);
  chs_json_text (out, "value", event->setup.value);
}

static void
add_config (GString *out, const ChsEvent *event)
{
  g_autofree char *text = g_strndup (event->config.text != NULL ? event->config.text : "", event->config.n);

  chs_json_text (out, "name", event->config.name);
  chs_json_text (out, "text", text);
}

static void
add_clock (GString *out, const ChsEvent *event)
{
  chs_json_text (out, "code", ID_OF (clock_codes, event->clock.code));
  add_time_ms (out, "step_ms", event->clock.step_us);
  add_integer (out, "utc_offset_min", event->clock.utc_offset_min);
}

static void
add_raw (GString *out, const ChsEvent *event)
{
  add_bool (out, "from_host", event->raw.from_host != 0);
  add_integer (out, "n", event->raw.n);
  chs_json_key (out, "hex");
  g_string_append_c (out, '"');
  for (guint32 i = 0; i < event->raw.n; i++)
    g_string_append_printf (out, "%02x", event->raw.bytes[i]);
  g_string_append_c (out, '"');
}

static void
add_state (GString *out, const ChsEvent *event)
{
  chs_json_text (out, "code", ID_OF (state_codes, event->state.code));
  chs_json_number (out, "value", event->state.value);
  chs_json_text (out, "text", event->state.text);
}

static void (*const payloads[CHS_N_EVENTS]) (GString *out, const ChsEvent *event) = {
  [CHS_EVENT_NUMERIC] = add_numeric,
  [CHS_EVENT_WAVE] = add_wave,
  [CHS_EVENT_PUMP] = add_pump,
  [CHS_EVENT_LINK] = add_link,
  [CHS_EVENT_DEVICE] = add_device,
  [CHS_EVENT_NURSE] = add_nurse,
  [CHS_EVENT_SETUP] = add_setup,
  [CHS_EVENT_CONFIG] = add_config,
  [CHS_EVENT_CLOCK] = add_clock,
  [CHS_EVENT_RAW] = add_raw,
  [CHS_EVENT_STATE] = add_state,
};

void
chs_event_to_json (const ChsEvent *event, GString *out)
{
  g_return_if_fail (event->type < CHS_N_EVENTS && event->type != CHS_EVENT_ALARM);

  g_string_append_c (out, '{');
  add_time_ms (out, "t_ms", event->t_us);
  chs_json_text (out, "type", chs_event_type_id (event->type));
  if (event->seq != 0)
    add_integer (out, "seq", (gint64) event->seq);
  if (event->wall_us != 0)
    add_time_ms (out, "wall_ms", event->wall_us);
  add_integer (out, "source", event->source);
  add_integer (out, "channel", event->channel);
  if (payloads[event->type] != NULL)
    payloads[event->type] (out, event);
  g_string_append (out, "}\n");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/export.h"

#include <math.h>
#include <string.h>

#define HELD_BYTES (64 * 1024)
#define EVENTS_BETWEEN_LOOKS 1024 /* at the cancellable and the progress */

struct _ChsExport {
  ChsStoreReader  *reader;
  ChsExportOptions options;
  GOutputStream   *out;
  ChsExportProgressFunc progress;
  gpointer         progress_data;
  GCancellable    *cancellable;
  GString         *text;
  char            *missing;
  GError          *error; /* what stopped the reading from inside */
  ChsStoreFunc     func;  /* of the reading that goes on */
  gpointer         func_data;
  guint            n_events;
};

gboolean
chs_export_run (const ChsExporter      *exporter,
                ChsStoreReader         *reader,
                const ChsExportOptions *options,
                GOutputStream          *out,
                ChsExportProgressFunc   progress,
                gpointer                user_data,
                GCancellable           *cancellable,
                char                  **missing,
                GError                **error)
{
  static const ChsExportOptions plain = { .at_us = CHS_TIME_NONE };
  ChsExport self = { .reader = reader, .options = options != NULL ? *options : plain, .out = out, .progress = progress,
                     .progress_data = user_data, .cancellable = cancellable, .text = g_string_new (NULL) };
  gboolean done = FALSE;

  if (exporter->needs_date && chs_store_reader_get_meta (reader)->start_wall_us <= 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s needs dates, and this recording has none (its file told none when it was imported)",
                 exporter->id);
  else
    done = exporter->run (&self, error) && chs_export_flush (&self, error);
  g_string_free (self.text, TRUE);
  if (missing != NULL)
    *missing = g_steal_pointer (&self.missing);
  g_free (self.missing);
  return done;
}

ChsStoreReader *
chs_export_get_reader (ChsExport *self)
{
  return self->reader;
}

const ChsExportOptions *
chs_export_get_options (ChsExport *self)
{
  return &self->options;
}

GString *
chs_export_text (ChsExport *self)
{
  return self->text;
}

gboolean
chs_export_flush (ChsExport *self, GError **error)
{
  gboolean done = g_output_stream_write_all (self->out, self->text->str, self->text->len, NULL, self->cancellable, error);

  g_string_truncate (self->text, 0);
  return done;
}

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  ChsExport *self = user_data;
  gint64 last_us = chs_store_reader_get_last_us (self->reader);

  if (!self->func (event, self->func_data))
    return FALSE;
  if (self->n_events++ % EVENTS_BETWEEN_LOOKS == 0) {
    if (self->progress != NULL && last_us > 0)
      self->progress (CLAMP ((double) event->t_us / (double) last_us, 0.0, 1.0), self->progress_data);
    if (g_cancellable_set_error_if_cancelled (self->cancellable, &self->error))
      return FALSE;
  }
  return self->text->len < HELD_BYTES || chs_export_flush (self, &self->error);
}

gboolean
chs_export_foreach (ChsExport *self, ChsReadFlags flags, ChsStoreFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GError) unread = NULL;
  gboolean whole;

  self->func = func;
  self->func_data = user_data;
  whole = chs_store_reader_foreach (self->reader, CHS_TIME_NONE, G_MAXINT64, flags, on_event, self, &unread);
  if (self->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&self->error));
    return FALSE;
  }
  if (whole)
    return TRUE;
  if (!g_error_matches (unread, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED)) {
    g_propagate_error (error, g_steal_pointer (&unread));
    return FALSE;
  }
  g_free (self->missing);
  self->missing = g_strdup (unread->message);
  return TRUE;
}

gboolean
chs_export_is_damaged (ChsExport *self)
{
  return self->missing != NULL;
}

void
chs_export_number (GString *out, double value)
{
  char buf[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return;
  for (int digits = 6; digits <= 17; digits++) {
    char format[8];

    g_snprintf (format, sizeof format, "%%.%dg", digits);
    g_ascii_formatd (buf, sizeof buf, format, value);
    if (digits == 17 || memcmp (&(double){ g_ascii_strtod (buf, NULL) }, &value, sizeof value) == 0)
      break;
  }
  g_string_append (out, buf);
}

void
chs_export_time (GString *out, gint64 wall_us)
{
  gint64 seconds = wall_us / G_USEC_PER_SEC, rest = wall_us % G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;

  if (rest < 0) {
    rest += G_USEC_PER_SEC;
    seconds--;
  }
  time = g_date_time_new_from_unix_utc (seconds);
  if (time == NULL) /* outside the calendar: a damaged header */
    return;
  text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  g_string_append_printf (out, "%s.%03dZ", text, (int) (rest / 1000));
}

void
chs_export_source_name (ChsExport *self, guint8 source, guint8 channel, char *out, gsize size)
{
  guint n;
  const ChsStoreSource *sources = chs_store_reader_get_sources (self->reader, &n);
  g_autofree char *name = NULL;

  if (source == CHS_SOURCE_MONITOR)
    name = g_strdup ("chairside");
  else if (source == CHS_SOURCE_NURSE)
    name = g_strdup ("nurse");
  for (guint i = 0; i < n && name == NULL; i++)
    if (sources[i].source == source)
      name = channel == 0 ? g_strdup (sources[i].name) : g_strdup_printf ("%s/%u", sources[i].name, channel);
  if (name == NULL)
    name = channel == 0 ? g_strdup_printf ("source%u", source) : g_strdup_printf ("source%u/%u", source, channel);
  chs_text_copy (out, size, name);
}

const ChsStoreTrack *
chs_export_find_track (ChsExport *self, guint8 source, guint8 channel, ChsParam param)
{
  guint n;
  const ChsStoreTrack *tracks = chs_store_reader_get_tracks (self->reader, &n);

  for (guint i = 0; i < n; i++)
    if (tracks[i].source == source && tracks[i].channel == channel && tracks[i].param == param)
      return &tracks[i];
  return NULL;
}

static void
add_value (ChsExportValue *values, guint *n, ChsParam param, double value, ChsUnit unit)
{
  if (!isnan (value))
    values[(*n)++] = (ChsExportValue) { param, value, chs_unit_info (unit)->ucum };
}

static guint
pump_values (const ChsPumpStatus *pump, ChsExportValue *values)
{
  guint n = 0;

  add_value (values, &n, CHS_PARAM_PUMP_RATE, pump->rate_ml_h, CHS_UNIT_ML_H);
  add_value (values, &n, CHS_PARAM_PUMP_VOLUME, pump->volume_ml, CHS_UNIT_ML);
  add_value (values, &n, CHS_PARAM_PUMP_VTBI, pump->vtbi_ml, CHS_UNIT_ML);
  add_value (values, &n, CHS_PARAM_PUMP_TIME_LEFT, pump->remaining_s, CHS_UNIT_S);
  add_value (values, &n, CHS_PARAM_PUMP_PRESSURE, pump->pressure, (ChsUnit) pump->pressure_unit);
  return n;
}

guint
chs_export_values (ChsExport *self, const ChsEvent *event, ChsExportValue *values)
{
  const ChsStoreTrack *track;
  ChsParam param;

  if (event->type == CHS_EVENT_PUMP)
    return pump_values (&event->pump, values);
  if (event->type != CHS_EVENT_NUMERIC)
    return 0;
  param = (ChsParam) event->numeric.param;
  values[0] = (ChsExportValue) { param, event->numeric.quality == CHS_QUALITY_ABSENT ? (double) NAN : event->numeric.value,
                                 chs_unit_info (chs_param_info (param)->unit)->ucum };
  track = param == CHS_PARAM_OTHER ? chs_export_find_track (self, event->source, event->channel, param) : NULL;
  if (track != NULL)
    values[0].unit = track->unit;
  return 1;
}

/* ---- events in words ---- */

static void
add_words (GString *out, const char *separator, const char *words)
{
  if (words[0] != '\0')
    g_string_append_printf (out, "%s%s", separator, words);
}

static void
add_named (GString *out, const char *name, double value)
{
  if (isnan (value))
    return;
  g_string_append (out, name);
  chs_export_number (out, value);
}

static void
alarm_words (const ChsAlarm *alarm, GString *out)
{
  const ChsParamInfo *info = chs_param_info ((ChsParam) alarm->param);

  g_string_append_printf (out, "alarm %s %s %s", chs_alarm_action_id ((ChsAlarmAction) alarm->action),
                          chs_label_id ((ChsLabel) alarm->label), chs_priority_id ((ChsPriority) alarm->priority));
  if (alarm->param != CHS_PARAM_NONE && !isnan (alarm->value)) {
    g_string_append_printf (out, ", %s ", info->name);
    chs_export_number (out, alarm->value);
    add_words (out, " ", chs_unit_info (info->unit)->ucum);
  }
  add_named (out, ", baseline ", alarm->baseline);
  add_named (out, ", limit ", alarm->limit);
  add_words (out, ", because ", alarm->evidence);
  add_words (out, ", unknown ", alarm->missing);
  if (alarm->demo)
    g_string_append (out, ", demonstration data");
}

static void
nurse_words (const ChsNurse *nurse, GString *out)
{
  g_string_append (out, chs_nurse_action_id ((ChsNurseAction) nurse->action));
  add_words (out, " ", nurse->what);
  add_named (out, " ", nurse->value);
  add_words (out, ": ", nurse->text);
  add_words (out, " by ", nurse->who);
}

static void
device_words (const ChsDeviceCondition *device, GString *out)
{
  g_string_append (out, chs_device_code_id ((ChsDeviceCode) device->code));
  add_words (out, " ", chs_param_info ((ChsParam) device->param)->name);
  add_named (out, " ", device->value);
  add_words (out, ": ", device->text);
}

static void
pump_words (const ChsPumpStatus *pump, GString *out)
{
  g_string_append_printf (out, "pump %s", chs_pump_state_id ((ChsPumpState) pump->state));
  for (unsigned bit = 0; bit < CHS_N_PUMP_ALARMS; bit++)
    if ((pump->alarms & (1u << bit)) != 0)
      add_words (out, ", alarm ", chs_pump_alarm_id (bit));
  add_words (out, ", ", pump->drug);
  add_words (out, ": ", pump->text);
}

static void
clock_words (const ChsClockSeam *seam, GString *out)
{
  static const char *const what[] = { "clock", "clock step", "monitor restarted", "time zone" };

  g_string_append_printf (out, "%s, ", what[seam->code < G_N_ELEMENTS (what) ? seam->code : 0]);
  chs_export_number (out, (double) seam->step_us / G_USEC_PER_SEC);
  g_string_append_printf (out, " s, UTC%+d min", seam->utc_offset_min);
}

gboolean
chs_export_event_words (const ChsEvent *event, GString *out)
{
  static const char *const states[] = { "state", "sound", "storage", "screen", "lag" };

  switch ((int) event->type) {
  case CHS_EVENT_ALARM:
    alarm_words (&event->alarm, out);
    return TRUE;
  case CHS_EVENT_NURSE:
    nurse_words (&event->nurse, out);
    return TRUE;
  case CHS_EVENT_DEVICE:
    device_words (&event->device, out);
    return TRUE;
  case CHS_EVENT_PUMP:
    pump_words (&event->pump, out);
    return TRUE;
  case CHS_EVENT_LINK:
    g_string_append_printf (out, "link %s", chs_link_state_id ((ChsLinkState) event->link.state));
    add_words (out, ": ", event->link.reason);
    return TRUE;
  case CHS_EVENT_SETUP:
    g_string_append_printf (out, "%s=%s", event->setup.key, event->setup.value);
    return TRUE;
  case CHS_EVENT_CLOCK:
    clock_words (&event->clock, out);
    return TRUE;
  case CHS_EVENT_STATE:
    g_string_append (out, states[event->state.code < G_N_ELEMENTS (states) ? event->state.code : 0]);
    add_named (out, " ", event->state.value);
    add_words (out, ": ", event->state.text);
    return TRUE;
  default:
    return FALSE;
  }
}

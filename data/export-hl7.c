/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/export.h"

#include <math.h>
#include <string.h>

/* HL7 v2.6: an IHE PCD-01 message a minute with what was measured in it, and a PCD-04 message for each transition of an
 * alarm. Segments end with CR, messages follow each other. Facts: shared/formats/hl7v2-pcd01.md. */

#define MINUTE_US (60 * G_USEC_PER_SEC)
#define MAX_ROWS 64 /* metrics that a minute can hold */

#define MONITOR_MDS "69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC"
#define PUMP_MDS "70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC"

typedef struct {
  guint8      source, channel;
  guint8      type;  /* ChsEventType */
  ChsParam    param;
  double      value; /* NAN = none */
  const char *unit;
  guint8      quality, flags;
  gint64      t_us;
} Row;

typedef struct {
  ChsExport *export;
  GString   *out;
  gint64     start_wall_us;
  gint64     minute;
  char       eui[24];
  char       session[12];
  char       patient_id[64], sex;
  guint      n_messages;
  guint      n_obx;
  Row        rows[MAX_ROWS];
  guint      n_rows;
} Hl7;

/* ---- small pieces ---- */

static void
put_escaped (GString *out, const char *text)
{
  static const struct {
    char        c;
    const char *escape;
  } table[] = { { '|', "\\F\\" }, { '^', "\\S\\" }, { '&', "\\T\\" }, { '~', "\\R\\" }, { '\\', "\\E\\" }, { '\r', "\\X0D\\" }, { '\n', "\\X0A\\" } };

  for (; *text != '\0'; text++) {
    const char *escape = NULL;

    for (guint i = 0; i < G_N_ELEMENTS (table); i++)
      if (table[i].c == *text)
        escape = table[i].escape;
    if (escape != NULL)
      g_string_append (out, escape);
    else
      g_string_append_c (out, *text);
  }
}

/* "20260105140500.123+0000" */
static void
put_time (Hl7 *self, gint64 t_us)
{
  gint64 wall_us = self->start_wall_us + t_us;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y%m%d%H%M%S") : NULL;

  if (text != NULL)
    g_string_append_printf (self->out, "%s.%03d+0000", text, (int) (wall_us % G_USEC_PER_SEC / 1000));
}

/* The monitor has no EUI-64 of its own: a locally administered one, the same for each export of a session. */
static void
make_ids (Hl7 *self)
{
  const ChsStoreMeta *meta = chs_store_reader_get_meta (chs_export_get_reader (self->export));
  g_autofree char *name = g_strdup_printf ("%s:%" G_GINT64_FORMAT, meta->session_id != NULL ? meta->session_id : "", meta->start_wall_us);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
  g_autofree char *upper = g_ascii_strup (hash, 16);

  g_snprintf (self->eui, sizeof self->eui, "02%.14s", upper);
  g_snprintf (self->session, sizeof self->session, "%.8s", upper);
}

static void
put_head (Hl7 *self, const char *type, const char *profile, gint64 t_us)
{
  const ChsStoreMeta *meta = chs_store_reader_get_meta (chs_export_get_reader (self->export));

  self->n_messages++;
  self->n_obx = 0;
  g_string_append_printf (self->out, "MSH|^~\\&|CHAIRSIDE^%s^EUI-64||||", self->eui);
  put_time (self, t_us);
  g_string_append_printf (self->out, "||%s|CS%s%06u|P|2.6|||AL|NE||UNICODE UTF-8|||%s\r", type, self->session, self->n_messages, profile);
  g_string_append (self->out, "PID|||");
  put_escaped (self->out, self->patient_id[0] != '\0' ? self->patient_id : self->session);
  g_string_append_printf (self->out, "^^^CHAIRSIDE^PI||^^^^^^U|||%c\r", strchr ("FM", self->sex) != NULL && self->sex != '\0' ? self->sex : 'U');
  g_string_append (self->out, "PV1||O|INFUSION^^");
  put_escaped (self->out, meta->chair != NULL ? meta->chair : "");
  g_string_append_c (self->out, '\r');
}

static void
put_order (Hl7 *self, const char *service, gint64 t_us)
{
  g_string_append_printf (self->out, "OBR|1||CS%s%06u^CHAIRSIDE^%s^EUI-64|%s|||", self->session, self->n_messages, self->eui, service);
  put_time (self, t_us);
}

/* ---- PCD-01 ---- */

static void
put_flags (Hl7 *self, const Row *row)
{
  static const char *const qualities[] = { "", "QUES", "INV", "NAV" };
  const char *separator = "";
  const struct {
    gboolean    is_set;
    const char *flag;
  } flags[] = { { row->quality != CHS_QUALITY_OK, qualities[MIN (row->quality, CHS_QUALITY_ABSENT)] },
                { (row->flags & CHS_FLAG_CALIBRATING) != 0, "CAL" },
                { (row->flags & CHS_FLAG_DEMO) != 0, "DEMO" } };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (flags[i].is_set) {
      g_string_append_printf (self->out, "%s%s", separator, flags[i].flag);
      separator = "~";
    }
}

static void
put_metric (Hl7 *self, const Row *row, guint mds, guint metric)
{
  const ChsParamInfo *info = chs_param_info (row->param);
  gboolean has_value = isfinite (row->value) && row->quality < CHS_QUALITY_ABSENT;

  g_string_append_printf (self->out, "OBX|%u|%s|%u^%s^MDC|%u.0.0.%u|", ++self->n_obx, has_value ? "NM" : "", info->mdc, info->mdc_name, mds, metric);
  if (has_value)
    chs_export_number (self->out, row->value);
  g_string_append_printf (self->out, "|%s^%s^UCUM||", row->unit, row->unit);
  put_flags (self, row);
  g_string_append_printf (self->out, "|||%c|||", row->quality >= CHS_QUALITY_INVALID ? 'X' : 'R');
  put_time (self, row->t_us);
  g_string_append_c (self->out, '\r');
}

static void
put_device (Hl7 *self, const Row *row, guint mds)
{
  char name[40];

  chs_export_source_name (self->export, row->source, row->channel, name, sizeof name);
  g_string_append_printf (self->out, "OBX|%u||%s|%u.0.0.0|||||||X|||||||", ++self->n_obx,
                          row->type == CHS_EVENT_PUMP ? PUMP_MDS : MONITOR_MDS, mds);
  put_escaped (self->out, name);
  g_string_append (self->out, "\r");
}

static gboolean
is_same_device (const Row *a, const Row *b)
{
  return a->source == b->source && a->channel == b->channel;
}

/* Rows of one device follow each other behind the row of the device. */
static void
put_devices (Hl7 *self)
{
  guint mds = 0;

  for (guint i = 0; i < self->n_rows; i++) {
    gboolean is_first = TRUE;
    guint metric = 0;

    for (guint k = 0; k < i; k++)
      is_first = is_first && !is_same_device (&self->rows[k], &self->rows[i]);
    if (!is_first)
      continue;
    put_device (self, &self->rows[i], ++mds);
    for (guint k = i; k < self->n_rows; k++)
      if (is_same_device (&self->rows[k], &self->rows[i]))
        put_metric (self, &self->rows[k], mds, ++metric);
  }
}

static void
flush_minute (Hl7 *self)
{
  gint64 t_us = self->n_rows > 0 ? self->rows[self->n_rows - 1].t_us : 0;

  if (self->n_rows == 0)
    return;
  for (guint i = 0; i < self->n_rows; i++)
    t_us = MAX (t_us, self->rows[i].t_us);
  put_head (self, "ORU^R01^ORU_R01", "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO", t_us);
  put_order (self, "182777000^monitoring of patient^SCT", t_us);
  g_string_append_c (self->out, '\r');
  put_devices (self);
  self->n_rows = 0;
}

/* A later value of the minute takes the place of an earlier one; each cuff reading stays. */
static void
take_row (Hl7 *self, const Row *row)
{
  for (guint i = 0; i < self->n_rows; i++)
    if (is_same_device (&self->rows[i], row) && self->rows[i].param == row->param
        && (row->param < CHS_PARAM_NIBP_SYS || row->param > CHS_PARAM_NIBP_PR || self->rows[i].t_us == row->t_us)) {
      self->rows[i] = *row;
      return;
    }
  if (self->n_rows == MAX_ROWS)
    flush_minute (self);
  self->rows[self->n_rows++] = *row;
}

static void
take_values (Hl7 *self, const ChsEvent *event)
{
  ChsExportValue values[CHS_EXPORT_VALUES];
  guint n = chs_export_values (self->export, event, values);
  gboolean is_numeric = event->type == CHS_EVENT_NUMERIC;

  if (n > 0 && event->t_us / MINUTE_US != self->minute)
    flush_minute (self);
  if (n > 0)
    self->minute = event->t_us / MINUTE_US;
  for (guint i = 0; i < n; i++) {
    Row row = { event->source, event->channel, event->type, values[i].param, values[i].value, values[i].unit,
                is_numeric ? event->numeric.quality : CHS_QUALITY_OK, is_numeric ? event->numeric.flags : 0, event->t_us };

    if (is_numeric && event->numeric.meas_us != CHS_TIME_NONE)
      row.t_us = event->numeric.meas_us;
    if (chs_param_info (row.param)->mdc != 0)
      take_row (self, &row);
  }
}

/* ---- PCD-04 ---- */

/* Labels that the framework has an event for; every other is 196616 with its id as text. */
static const struct {
  ChsLabel    label;
  const char *event;
} alarm_events[] = {
  { CHS_LABEL_HYPOTENSION, "196670^MDC_EVT_LO^MDC" },
  { CHS_LABEL_MG_HYPOTENSION, "196670^MDC_EVT_LO^MDC" },
  { CHS_LABEL_HYPERTENSION, "196648^MDC_EVT_HI^MDC" },
  { CHS_LABEL_KETAMINE_HYPERTENSION, "196648^MDC_EVT_HI^MDC" },
  { CHS_LABEL_TACHYCARDIA, "196648^MDC_EVT_HI^MDC" },
  { CHS_LABEL_BRADYCARDIA, "196670^MDC_EVT_LO^MDC" },
  { CHS_LABEL_DESATURATION, "196670^MDC_EVT_LO^MDC" },
  { CHS_LABEL_RESP_RATE_LOW, "196670^MDC_EVT_LO^MDC" },
  { CHS_LABEL_RESP_RATE_HIGH, "196648^MDC_EVT_HI^MDC" },
  { CHS_LABEL_TEMP_HIGH, "196648^MDC_EVT_HI^MDC" },
  { CHS_LABEL_TEMP_LOW, "196670^MDC_EVT_LO^MDC" },
  { CHS_LABEL_OCCLUSION, "196688^MDC_EVT_OCCL^MDC" },
  { CHS_LABEL_SENSOR_OFF_SPO2, "196880^MDC_EVT_LEAD_OFF^MDC" },
  { CHS_LABEL_ECG_OFF, "196880^MDC_EVT_LEAD_OFF^MDC" },
  { CHS_LABEL_RR_OFF, "196880^MDC_EVT_LEAD_OFF^MDC" },
  { CHS_LABEL_NIBP_FAILED, "196920^MDC_EVT_SENSOR_PROB^MDC" },
  { CHS_LABEL_LINK_MONITOR, "196630^MDC_EVT_DISCONN^MDC" },
  { CHS_LABEL_LINK_PUMP, "196630^MDC_EVT_DISCONN^MDC" },
};

static const char *
event_of (guint8 label)
{
  for (guint i = 0; i < G_N_ELEMENTS (alarm_events); i++)
    if (alarm_events[i].label == (ChsLabel) label)
      return alarm_events[i].event;
  return "196616^MDC_EVT_ALARM^MDC";
}

static const struct {
  const char *phase, *state, *inactivation;
} phases[] = {
  [CHS_ALARM_RAISE] = { "start", "active", "enabled" },
  [CHS_ALARM_ESCALATE] = { "escalate", "active", "enabled" },
  [CHS_ALARM_DEESCALATE] = { "deescalate", "active", "enabled" },
  [CHS_ALARM_ACK] = { "acknowledged", "active", "alert-acknowledged" },
  [CHS_ALARM_ACK_EXPIRED] = { "continue", "active", "enabled" },
  [CHS_ALARM_LATCH] = { "continue", "latched", "enabled" },
  [CHS_ALARM_CLEAR] = { "end", "inactive", "enabled" },
  [CHS_ALARM_SUSPEND] = { "end", "inactive", "alert-paused" },
};

static void
put_facet (Hl7 *self, guint facet, const char *type, const char *code, const char *value)
{
  g_string_append_printf (self->out, "OBX|%u|%s|%s|1.0.0.0.%u|", ++self->n_obx, type, code, facet);
  put_escaped (self->out, value);
}

static void
end_facet (Hl7 *self)
{
  g_string_append (self->out, "||||||F\r");
}

static void
put_source (Hl7 *self, const ChsAlarm *alarm)
{
  const ChsParamInfo *info = chs_param_info ((ChsParam) alarm->param);
  const char *ucum = chs_unit_info (info->unit)->ucum;

  if (info->mdc == 0 || !isfinite (alarm->value)) {
    g_string_append_printf (self->out, "OBX|%u|CWE|68480^MDC_ATTR_ALERT_SOURCE^MDC|1.0.0.0.2|" MONITOR_MDS, ++self->n_obx);
    end_facet (self);
    return;
  }
  g_string_append_printf (self->out, "OBX|%u|NM|%u^%s^MDC|1.0.0.0.2|", ++self->n_obx, info->mdc, info->mdc_name);
  chs_export_number (self->out, alarm->value);
  g_string_append_printf (self->out, "|%s^%s^UCUM|", ucum, ucum);
  if (isfinite (alarm->limit)) {
    g_string_append_c (self->out, alarm->value < alarm->limit ? '>' : '<');
    chs_export_number (self->out, alarm->limit);
  }
  g_string_append (self->out, "||||F\r");
}

static const char *
type_of (guint8 label)
{
  if (label >= CHS_LABEL_SENSOR_OFF_SPO2)
    return "ST";
  return label >= CHS_LABEL_CHECK_PULSE ? "SA" : "SP";
}

static void
take_alarm (Hl7 *self, const ChsEvent *event)
{
  static const char *const priorities[] = { "PN", "PL", "PM", "PH" };
  const ChsAlarm *alarm = &event->alarm;
  guint action = alarm->action < G_N_ELEMENTS (phases) && phases[alarm->action].phase != NULL ? alarm->action : CHS_ALARM_RAISE;
  const struct {
    const char *code, *value;
  } facets[] = { { "68481^MDC_ATTR_EVENT_PHASE^MDC", phases[action].phase },
                 { "68482^MDC_ATTR_ALARM_STATE^MDC", phases[action].state },
                 { "68483^MDC_ATTR_ALARM_INACTIVATION_STATE^MDC", phases[action].inactivation },
                 { "68484^MDC_ATTR_ALARM_PRIORITY^MDC", priorities[MIN (alarm->priority, CHS_PRIORITY_HIGH)] },
                 { "68485^MDC_ATTR_ALERT_TYPE^MDC", type_of (alarm->label) } };

  put_head (self, "ORU^R40^ORU_R40", "IHE_PCD_ACM_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.4.1^ISO", event->t_us);
  put_order (self, "196616^MDC_EVT_ALARM^MDC", event->t_us);
  /* OBR-29, 22 fields further on: the alarm's own id, the same through its life */
  g_string_append_printf (self->out, "||||||||||||||||||||||^CS%sA%u&CHAIRSIDE&%s&EUI-64\r", self->session, alarm->id, self->eui);
  put_facet (self, 1, "ST", event_of (alarm->label), chs_label_id ((ChsLabel) alarm->label));
  end_facet (self);
  put_source (self, alarm);
  for (guint i = 0; i < G_N_ELEMENTS (facets); i++) {
    put_facet (self, i + 3, "ST", facets[i].code, facets[i].value);
    end_facet (self);
  }
}

/* ---- the run ---- */

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  Hl7 *self = user_data;

  if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.id") == 0)
    chs_text_copy (self->patient_id, sizeof self->patient_id, event->setup.value);
  else if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.sex") == 0)
    self->sex = event->setup.value[0];
  else if (event->type == CHS_EVENT_ALARM)
    take_alarm (self, event);
  else
    take_values (self, event);
  return TRUE;
}

gboolean
chs_export_hl7 (ChsExport *export, GError **error)
{
  g_autofree Hl7 *self = g_new0 (Hl7, 1);

  self->export = export;
  self->out = chs_export_text (export);
  self->start_wall_us = chs_store_reader_get_meta (chs_export_get_reader (export))->start_wall_us;
  make_ids (self);
  if (!chs_export_foreach (export, CHS_READ_NUMERICS, on_event, self, error))
    return FALSE;
  flush_minute (self);
  return TRUE;
}

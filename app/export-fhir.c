/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/export-fhir.h"

#include "app/event-json.h"
#include "app/symptom.h"

#include <math.h>
#include <string.h>

/* The bundle is written while the recording is read, resource by resource. What must be known before (who, how
 * long) is read in a pass of its own. */

#define LOINC "http://loinc.org"
#define MDC "urn:iso:std:iso:11073:10101"
#define UCUM "http://unitsofmeasure.org"
#define HL7_TERMS "http://terminology.hl7.org/CodeSystem/"
#define PROFILES "http://hl7.org/fhir/StructureDefinition/"
#define OWN_TERMS "urn:chairside:"

#define MINUTE_US (60 * G_USEC_PER_SEC)
#define MAX_PUMPS 16

/* A stream gives one Observation a minute: the last value of the minute, as it was measured. */
typedef struct {
  ChsParam    param;
  const char *profile;    /* NULL: none of R4 fits */
  const char *also_loinc; /* a code that the profile asks for beside ours */
} Vital;

static const Vital vitals[] = {
  { CHS_PARAM_HR, "heartrate", NULL },    { CHS_PARAM_PR, NULL, NULL },    { CHS_PARAM_SPO2, "oxygensat", "2708-6" },
  { CHS_PARAM_RR, "resprate", NULL },     { CHS_PARAM_CO2_RR, "resprate", NULL }, { CHS_PARAM_TEMP, "bodytemp", NULL },
  { CHS_PARAM_TEMP2, "bodytemp", NULL },  { CHS_PARAM_ETCO2, NULL, NULL },
};

typedef struct {
  gboolean is_filled, is_absent;
  guint8   source;
  gint64   minute, t_us;
  double   value;
} Pending;

typedef struct {
  gboolean runs;
  guint8   source, channel;
  gint64   from_us;
  double   rate_ml_h, from_ml, now_ml;
  char     drug[64];
  char    *uuid; /* of the segment that runs, else of the last one */
} Segment;

typedef struct {
  guint32  id;
  ChsAlarm alarm; /* as raised, with the highest priority */
  gint64   from_us, ack_us;
  char    *cause_uuid; /* what was running */
  char    *seen_uuid;  /* the reading before it */
} Issue;

typedef struct {
  ChsExport *export;
  GString   *out;
  gint64     start_wall_us;
  gint64     last_us;
  guint      n_entries;
  guint      n_ids;
  char       patient_id[64], sex, therapy[120];
  double     weight_kg;
  gboolean   used[256];      /* sources that have a Device */
  char      *patient, *encounter, *procedure, *program;
  char      *devices[256];
  char      *last_bp;
  Pending    pending[G_N_ELEMENTS (vitals)];
  double     cuff[3]; /* sys, dia, mean of the reading that is being gathered; NAN */
  gint64     cuff_us; /* CHS_TIME_NONE = none */
  guint8     cuff_source;
  Segment    segments[MAX_PUMPS];
  guint      n_segments;
  GArray    *issues;
} Fhir;

/* ---- small pieces ---- */

/* A name-based UUID (RFC 4122 version 5 in form) from the session's own id. */
static char *
new_uuid (Fhir *self)
{
  const ChsStoreMeta *meta = chs_store_reader_get_meta (chs_export_get_reader (self->export));
  g_autofree char *name = g_strdup_printf ("chairside:%s:%" G_GINT64_FORMAT ":%u", meta->session_id != NULL ? meta->session_id : "",
                                           meta->start_wall_us, self->n_ids++);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA1, name, -1);

  return g_strdup_printf ("%.8s-%.4s-5%.3s-a%.3s-%.12s", hash, hash + 8, hash + 13, hash + 17, hash + 20);
}

static void
open_entry (Fhir *self, const char *uuid, const char *type)
{
  g_string_append_printf (self->out, "%s\n{\"fullUrl\":\"urn:uuid:%s\",\"resource\":{\"resourceType\":\"%s\",\"id\":\"%s\"",
                          self->n_entries++ > 0 ? "," : "", uuid, type, uuid);
}

static void
close_entry (Fhir *self)
{
  g_string_append (self->out, "}}");
}

static void
put_ref (Fhir *self, const char *key, const char *uuid)
{
  chs_json_key (self->out, key);
  g_string_append_printf (self->out, "{\"reference\":\"urn:uuid:%s\"}", uuid);
}

static void
put_time (Fhir *self, const char *key, gint64 t_us)
{
  chs_json_key (self->out, key);
  g_string_append_c (self->out, '"');
  chs_export_time (self->out, self->start_wall_us + t_us);
  g_string_append_c (self->out, '"');
}

static void
put_period (Fhir *self, const char *key, gint64 from_us, gint64 to_us)
{
  chs_json_key (self->out, key);
  g_string_append_c (self->out, '{');
  put_time (self, "start", from_us);
  if (to_us != CHS_TIME_NONE)
    put_time (self, "end", to_us);
  g_string_append_c (self->out, '}');
}

static void
put_coding (Fhir *self, const char *system, const char *code, const char *display)
{
  if (g_str_has_suffix (self->out->str, "}"))
    g_string_append_c (self->out, ',');
  g_string_append_c (self->out, '{');
  chs_json_text (self->out, "system", system);
  chs_json_text (self->out, "code", code);
  if (display != NULL)
    chs_json_text (self->out, "display", display);
  g_string_append_c (self->out, '}');
}

/* A code of FHIR has no blanks at its ends and no two of them together. */
static gboolean
is_code (const char *text)
{
  return g_regex_match_simple ("^\\S+(\\s\\S+)*$", text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* A CodeableConcept with one coding and words; of a free text that cannot be a code, with the words alone. */
static void
put_concept (Fhir *self, const char *key, const char *system, const char *code, const char *text)
{
  chs_json_key (self->out, key);
  if (!is_code (code)) {
    g_string_append_c (self->out, '{');
    chs_json_text (self->out, "text", text != NULL ? text : code);
    g_string_append_c (self->out, '}');
    return;
  }
  g_string_append (self->out, "{\"coding\":[");
  put_coding (self, system, code, NULL);
  g_string_append_c (self->out, ']');
  if (text != NULL)
    chs_json_text (self->out, "text", text);
  g_string_append_c (self->out, '}');
}

static void
put_category (Fhir *self, const char *code)
{
  g_string_append (self->out, ",\"category\":[{\"coding\":[");
  put_coding (self, HL7_TERMS "observation-category", code, NULL);
  g_string_append (self->out, "]}]");
}

static void
put_quantity (Fhir *self, const char *key, double value, ChsUnit unit)
{
  const ChsUnitInfo *info = chs_unit_info (unit);

  chs_json_key (self->out, key);
  g_string_append_c (self->out, '{');
  chs_json_number (self->out, "value", value);
  chs_json_text (self->out, "unit", info->label[0] != '\0' ? info->label : info->ucum);
  chs_json_text (self->out, "system", UCUM);
  chs_json_text (self->out, "code", info->ucum);
  g_string_append_c (self->out, '}');
}

static void
put_code (Fhir *self, const char *also_loinc, const ChsParamInfo *info)
{
  char mdc[16];

  chs_json_key (self->out, "code");
  g_string_append (self->out, "{\"coding\":[");
  put_coding (self, LOINC, info->loinc, NULL);
  if (also_loinc != NULL)
    put_coding (self, LOINC, also_loinc, NULL);
  g_snprintf (mdc, sizeof mdc, "%u", info->mdc);
  if (info->mdc != 0)
    put_coding (self, MDC, mdc, info->mdc_name);
  g_string_append_c (self->out, ']');
  chs_json_text (self->out, "text", info->name);
  g_string_append_c (self->out, '}');
}

/* ---- people and things ---- */

static const char *
gender_of (char sex)
{
  return sex == 'F' ? "female" : sex == 'M' ? "male" : sex == 'X' ? "other" : "unknown";
}

static void
put_patient (Fhir *self)
{
  open_entry (self, self->patient, "Patient");
  if (self->patient_id[0] != '\0') {
    g_string_append (self->out, ",\"identifier\":[{");
    chs_json_text (self->out, "system", OWN_TERMS "patient");
    chs_json_text (self->out, "value", self->patient_id);
    g_string_append (self->out, "}]");
  }
  chs_json_text (self->out, "gender", gender_of (self->sex));
  close_entry (self);
}

static void
put_encounter (Fhir *self)
{
  const ChsStoreMeta *meta = chs_store_reader_get_meta (chs_export_get_reader (self->export));

  open_entry (self, self->encounter, "Encounter");
  chs_json_text (self->out, "status", meta->complete ? "finished" : "unknown");
  chs_json_key (self->out, "class");
  put_coding (self, HL7_TERMS "v3-ActCode", "AMB", "ambulatory");
  put_ref (self, "subject", self->patient);
  put_period (self, "period", 0, self->last_us);
  close_entry (self);
}

static void
put_procedure (Fhir *self)
{
  const ChsStoreMeta *meta = chs_store_reader_get_meta (chs_export_get_reader (self->export));

  open_entry (self, self->procedure, "Procedure");
  chs_json_text (self->out, "status", meta->complete ? "completed" : "unknown");
  chs_json_key (self->out, "code");
  g_string_append_c (self->out, '{');
  chs_json_text (self->out, "text", self->therapy[0] != '\0' ? self->therapy : "Infusion");
  g_string_append_c (self->out, '}');
  put_ref (self, "subject", self->patient);
  put_ref (self, "encounter", self->encounter);
  put_period (self, "performedPeriod", 0, self->last_us);
  close_entry (self);
}

static void
put_device (Fhir *self, const char *uuid, const char *name, const char *version)
{
  open_entry (self, uuid, "Device");
  g_string_append (self->out, ",\"deviceName\":[{");
  chs_json_text (self->out, "name", name);
  chs_json_text (self->out, "type", "user-friendly-name");
  g_string_append (self->out, "}]");
  if (version != NULL && version[0] != '\0') {
    g_string_append (self->out, ",\"version\":[{");
    chs_json_text (self->out, "value", version);
    g_string_append (self->out, "}]");
  }
  close_entry (self);
}

static void
put_devices (Fhir *self)
{
  put_device (self, self->program, "Chairside", chs_store_reader_get_meta (chs_export_get_reader (self->export))->program);
  for (guint i = 0; i < G_N_ELEMENTS (self->used); i++)
    if (self->used[i]) {
      char name[40];

      chs_export_source_name (self->export, (guint8) i, 0, name, sizeof name);
      self->devices[i] = new_uuid (self);
      put_device (self, self->devices[i], name, NULL);
    }
}

/* ---- observations ---- */

/* Returns: (transfer full): its id */
static char *
open_observation (Fhir *self, const char *profile, const char *category)
{
  char *uuid = new_uuid (self);

  open_entry (self, uuid, "Observation");
  if (profile != NULL) /* names of profiles are plain ASCII */
    g_string_append_printf (self->out, ",\"meta\":{\"profile\":[\"" PROFILES "%s\"]}", profile);
  chs_json_text (self->out, "status", "final");
  put_category (self, category);
  return uuid;
}

static void
put_of_patient (Fhir *self, gint64 t_us)
{
  put_ref (self, "subject", self->patient);
  put_ref (self, "encounter", self->encounter);
  put_time (self, "effectiveDateTime", t_us);
}

static void
put_absent (Fhir *self)
{
  put_concept (self, "dataAbsentReason", HL7_TERMS "data-absent-reason", "unknown", NULL);
}

static void
flush_pending (Fhir *self, guint i)
{
  Pending *pending = &self->pending[i];
  const ChsParamInfo *info = chs_param_info (vitals[i].param);
  g_autofree char *uuid = NULL;

  if (!pending->is_filled)
    return;
  uuid = open_observation (self, vitals[i].profile, "vital-signs");
  put_code (self, vitals[i].also_loinc, info);
  put_of_patient (self, pending->t_us);
  put_ref (self, "device", self->devices[pending->source]);
  if (pending->is_absent)
    put_absent (self);
  else
    put_quantity (self, "valueQuantity", pending->value, info->unit);
  close_entry (self);
  pending->is_filled = FALSE;
}

static void
take_stream (Fhir *self, guint i, const ChsEvent *event)
{
  Pending *pending = &self->pending[i];
  gint64 minute = event->t_us / MINUTE_US;
  gboolean is_absent = event->numeric.quality >= CHS_QUALITY_INVALID || !isfinite (event->numeric.value);

  if (pending->is_filled && (pending->minute != minute || pending->source != event->source))
    flush_pending (self, i);
  if (pending->is_filled && is_absent) /* a value of this minute stands before an absence in it */
    return;
  *pending = (Pending) { TRUE, is_absent, event->source, minute, event->t_us, event->numeric.value };
}

static void
put_component (Fhir *self, ChsParam param, double value)
{
  if (g_str_has_suffix (self->out->str, "}"))
    g_string_append_c (self->out, ',');
  g_string_append_c (self->out, '{');
  put_code (self, NULL, chs_param_info (param));
  if (isnan (value))
    put_absent (self);
  else
    put_quantity (self, "valueQuantity", value, CHS_UNIT_MMHG);
  g_string_append_c (self->out, '}');
}

/* One Observation a cuff reading, at the time at which it was measured. */
static void
flush_cuff (Fhir *self)
{
  if (self->cuff_us == CHS_TIME_NONE)
    return;
  g_free (self->last_bp);
  self->last_bp = open_observation (self, "bp", "vital-signs");
  put_concept (self, "code", LOINC, "85354-9", "Blood pressure");
  put_of_patient (self, self->cuff_us);
  put_ref (self, "device", self->devices[self->cuff_source]);
  g_string_append (self->out, ",\"component\":[");
  put_component (self, CHS_PARAM_NIBP_SYS, self->cuff[0]);
  put_component (self, CHS_PARAM_NIBP_DIA, self->cuff[1]);
  if (!isnan (self->cuff[2]))
    put_component (self, CHS_PARAM_NIBP_MEAN, self->cuff[2]);
  g_string_append_c (self->out, ']');
  close_entry (self);
  self->cuff_us = CHS_TIME_NONE;
}

static void
take_cuff (Fhir *self, const ChsEvent *event)
{
  const ChsNumeric *numeric = &event->numeric;
  gint64 t_us = numeric->meas_us != CHS_TIME_NONE ? numeric->meas_us : event->t_us;

  if (self->cuff_us != t_us || self->cuff_source != event->source) {
    flush_cuff (self);
    self->cuff[0] = self->cuff[1] = self->cuff[2] = (double) NAN;
  }
  self->cuff_us = t_us;
  self->cuff_source = event->source;
  self->cuff[numeric->param - CHS_PARAM_NIBP_SYS] = numeric->quality >= CHS_QUALITY_INVALID || !isfinite (numeric->value) ? (double) NAN : numeric->value;
}

static void
take_numeric (Fhir *self, const ChsEvent *event)
{
  const ChsNumeric *numeric = &event->numeric;

  if ((numeric->flags & CHS_FLAG_DEMO) != 0)
    return;
  if (numeric->param >= CHS_PARAM_NIBP_SYS && numeric->param <= CHS_PARAM_NIBP_MEAN) {
    take_cuff (self, event);
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (vitals); i++)
    if (vitals[i].param == (ChsParam) numeric->param)
      take_stream (self, i, event);
}

static void
put_weight (Fhir *self)
{
  g_autofree char *uuid = NULL;

  if (!isfinite (self->weight_kg) || self->weight_kg <= 0.0)
    return;
  uuid = open_observation (self, "bodyweight", "vital-signs");
  put_concept (self, "code", LOINC, "29463-7", "Body weight");
  put_of_patient (self, 0);
  put_quantity (self, "valueQuantity", self->weight_kg, CHS_UNIT_KG);
  close_entry (self);
}

/* ---- infusions ---- */

static void
end_segment (Fhir *self, Segment *segment, gint64 t_us)
{
  double ml = segment->now_ml - segment->from_ml;

  if (!segment->runs)
    return;
  open_entry (self, segment->uuid, "MedicationAdministration");
  put_ref (self, "context", self->encounter);
  g_string_append_printf (self->out, ",\"partOf\":[{\"reference\":\"urn:uuid:%s\"}]", self->procedure);
  chs_json_text (self->out, "status", t_us != CHS_TIME_NONE ? "completed" : "unknown"); /* nobody saw its end */
  g_string_append (self->out, ",\"medicationCodeableConcept\":{");
  chs_json_text (self->out, "text", segment->drug);
  g_string_append_c (self->out, '}');
  put_ref (self, "subject", self->patient);
  put_period (self, "effectivePeriod", segment->from_us, t_us);
  g_string_append_printf (self->out, ",\"device\":[{\"reference\":\"urn:uuid:%s\"}],\"dosage\":{", self->devices[segment->source]);
  chs_json_text (self->out, "text", "as reported by the pump");
  if (isfinite (ml) && ml >= 0.0)
    put_quantity (self, "dose", ml, CHS_UNIT_ML);
  put_quantity (self, "rateQuantity", segment->rate_ml_h, CHS_UNIT_ML_H);
  g_string_append_c (self->out, '}');
  close_entry (self);
  segment->runs = FALSE;
}

static Segment *
find_segment (Fhir *self, const ChsEvent *event)
{
  for (guint i = 0; i < self->n_segments; i++)
    if (self->segments[i].source == event->source && self->segments[i].channel == event->channel)
      return &self->segments[i];
  if (self->n_segments == MAX_PUMPS)
    return NULL;
  self->segments[self->n_segments] = (Segment) { .source = event->source, .channel = event->channel };
  return &self->segments[self->n_segments++];
}

static void
take_pump (Fhir *self, const ChsEvent *event)
{
  Segment *segment = find_segment (self, event);
  double flow = chs_pump_flow_ml_h (&event->pump);
  const char *drug = self->therapy[0] != '\0' ? self->therapy : event->pump.drug;

  if (segment == NULL)
    return;
  if (segment->runs && !isnan (event->pump.volume_ml))
    segment->now_ml = event->pump.volume_ml;
  if (segment->runs && fabs (segment->rate_ml_h - flow) < 1e-9)
    return;
  end_segment (self, segment, event->t_us);
  if (!isfinite (flow) || flow <= 0.0)
    return;
  segment->runs = TRUE;
  segment->from_us = event->t_us;
  segment->rate_ml_h = flow;
  segment->from_ml = segment->now_ml = event->pump.volume_ml;
  chs_text_copy (segment->drug, sizeof segment->drug, drug[0] != '\0' ? drug : "not told");
  g_free (segment->uuid);
  segment->uuid = new_uuid (self);
}

/* ---- alarms, symptoms, scores ---- */

static const char *
severity_of (guint8 priority)
{
  return priority >= CHS_PRIORITY_HIGH ? "high" : priority == CHS_PRIORITY_MEDIUM ? "moderate" : "low";
}

static void
put_issue_words (Fhir *self, const Issue *issue)
{
  const ChsEvent event = { .type = CHS_EVENT_ALARM, .alarm = issue->alarm };
  g_autoptr (GString) words = g_string_new (NULL);

  chs_export_event_words (&event, words);
  chs_json_text (self->out, "detail", words->str);
}

static void
put_implicated (Fhir *self, const Issue *issue)
{
  const char *uuids[] = { issue->seen_uuid, issue->cause_uuid };
  gboolean is_first = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (uuids); i++)
    if (uuids[i] != NULL) {
      g_string_append_printf (self->out, "%s{\"reference\":\"urn:uuid:%s\"}", is_first ? ",\"implicated\":[" : ",", uuids[i]);
      is_first = FALSE;
    }
  if (!is_first)
    g_string_append_c (self->out, ']');
}

static void
end_issue (Fhir *self, Issue *issue, gint64 t_us)
{
  g_autofree char *uuid = new_uuid (self);

  open_entry (self, uuid, "DetectedIssue");
  chs_json_text (self->out, "status", "final");
  put_concept (self, "code", OWN_TERMS "alarm", chs_label_id ((ChsLabel) issue->alarm.label), NULL);
  chs_json_text (self->out, "severity", severity_of (issue->alarm.priority));
  put_ref (self, "patient", self->patient);
  put_period (self, "identifiedPeriod", issue->from_us, t_us);
  put_ref (self, "author", self->program);
  put_implicated (self, issue);
  put_issue_words (self, issue);
  if (issue->ack_us != CHS_TIME_NONE) {
    g_string_append (self->out, ",\"mitigation\":[{\"action\":{\"text\":\"acknowledged by the nurse\"}");
    put_time (self, "date", issue->ack_us);
    g_string_append (self->out, "}]");
  }
  close_entry (self);
}

static void
begin_issue (Fhir *self, const ChsEvent *event)
{
  Issue issue = { .id = event->alarm.id, .alarm = event->alarm, .from_us = event->t_us, .ack_us = CHS_TIME_NONE };

  for (guint i = 0; i < self->n_segments; i++)
    if (event->alarm.cause_us != CHS_TIME_NONE && self->segments[i].source == event->alarm.cause_source
        && self->segments[i].channel == event->alarm.cause_channel)
      issue.cause_uuid = g_strdup (self->segments[i].uuid);
  if (event->alarm.param >= CHS_PARAM_NIBP_SYS && event->alarm.param <= CHS_PARAM_NIBP_MEAN)
    issue.seen_uuid = g_strdup (self->last_bp);
  g_array_append_val (self->issues, issue);
}

static void
clear_issue (gpointer issue)
{
  g_free (((Issue *) issue)->cause_uuid);
  g_free (((Issue *) issue)->seen_uuid);
}

static void
take_alarm (Fhir *self, const ChsEvent *event)
{
  flush_cuff (self); /* what the alarm refers to */
  for (guint i = 0; i < self->issues->len; i++) {
    Issue *issue = &g_array_index (self->issues, Issue, i);

    if (issue->id != event->alarm.id)
      continue;
    issue->alarm.priority = MAX (issue->alarm.priority, event->alarm.priority);
    if (event->alarm.action == CHS_ALARM_ACK && issue->ack_us == CHS_TIME_NONE)
      issue->ack_us = event->t_us;
    if (event->alarm.action == CHS_ALARM_CLEAR || event->alarm.action == CHS_ALARM_SUSPEND) {
      end_issue (self, issue, event->t_us);
      g_array_remove_index (self->issues, i);
    }
    return;
  }
  if (event->alarm.action == CHS_ALARM_RAISE && !event->alarm.demo)
    begin_issue (self, event);
}

static void
take_nurse (Fhir *self, const ChsEvent *event)
{
  const ChsNurse *nurse = &event->nurse;
  gboolean is_score = nurse->action == CHS_NURSE_SCORE && isfinite (nurse->value);
  const ChsSymptom *symptom = chs_symptom_find (nurse->what);
  g_autofree char *uuid = NULL;

  if (nurse->what[strspn (nurse->what, " ")] == '\0' || (!is_score && nurse->action != CHS_NURSE_SYMPTOM))
    return;
  uuid = open_observation (self, NULL, is_score ? "survey" : "exam");
  put_concept (self, "code", is_score ? OWN_TERMS "score" : OWN_TERMS "symptom", nurse->what, symptom != NULL ? symptom->label : NULL);
  put_of_patient (self, nurse->at_us != CHS_TIME_NONE ? nurse->at_us : event->t_us);
  if (is_score)
    put_quantity (self, "valueQuantity", nurse->value, CHS_UNIT_ONE);
  else
    g_string_append (self->out, ",\"valueBoolean\":true");
  close_entry (self);
}

/* ---- passes ---- */

static void
learn_setup (Fhir *self, const ChsSetup *setup)
{
  if (strcmp (setup->key, "patient.id") == 0)
    chs_text_copy (self->patient_id, sizeof self->patient_id, setup->value);
  else if (strcmp (setup->key, "patient.sex") == 0)
    self->sex = setup->value[0];
  else if (strcmp (setup->key, "patient.weight_kg") == 0)
    self->weight_kg = setup->value[0] != '\0' ? g_ascii_strtod (setup->value, NULL) : (double) NAN;
  else if (strcmp (setup->key, "therapy.name") == 0)
    chs_text_copy (self->therapy, sizeof self->therapy, setup->value);
}

static gboolean
learn_event (const ChsEvent *event, gpointer user_data)
{
  Fhir *self = user_data;

  self->last_us = MAX (self->last_us, event->t_us);
  if (event->type == CHS_EVENT_SETUP)
    learn_setup (self, &event->setup);
  if (event->type == CHS_EVENT_NUMERIC || event->type == CHS_EVENT_PUMP)
    self->used[event->source] = TRUE;
  return TRUE;
}

static gboolean
write_event (const ChsEvent *event, gpointer user_data)
{
  Fhir *self = user_data;

  switch ((int) event->type) {
  case CHS_EVENT_NUMERIC:
    take_numeric (self, event);
    break;
  case CHS_EVENT_PUMP:
    take_pump (self, event);
    break;
  case CHS_EVENT_ALARM:
    take_alarm (self, event);
    break;
  case CHS_EVENT_NURSE:
    take_nurse (self, event);
    break;
  default:
    break;
  }
  return TRUE;
}

static void
begin (Fhir *self)
{
  self->patient = new_uuid (self);
  self->encounter = new_uuid (self);
  self->procedure = new_uuid (self);
  self->program = new_uuid (self);
  g_string_append (self->out, "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[");
  put_patient (self);
  put_encounter (self);
  put_procedure (self);
  put_devices (self);
  put_weight (self);
}

static void
finish (Fhir *self)
{
  flush_cuff (self);
  for (guint i = 0; i < G_N_ELEMENTS (vitals); i++)
    flush_pending (self, i);
  for (guint i = 0; i < self->n_segments; i++)
    end_segment (self, &self->segments[i], CHS_TIME_NONE);
  for (guint i = 0; i < self->issues->len; i++)
    end_issue (self, &g_array_index (self->issues, Issue, i), CHS_TIME_NONE);
  g_string_append (self->out, "\n]}\n");
}

static void
clear (Fhir *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->devices); i++)
    g_free (self->devices[i]);
  for (guint i = 0; i < self->n_segments; i++)
    g_free (self->segments[i].uuid);
  g_free (self->patient);
  g_free (self->encounter);
  g_free (self->procedure);
  g_free (self->program);
  g_free (self->last_bp);
  g_array_unref (self->issues);
}

gboolean
chs_export_fhir (ChsExport *export, GError **error)
{
  g_autofree Fhir *self = g_new0 (Fhir, 1);
  gboolean done;

  self->export = export;
  self->out = chs_export_text (export);
  self->start_wall_us = chs_store_reader_get_meta (chs_export_get_reader (export))->start_wall_us;
  self->weight_kg = (double) NAN;
  self->cuff_us = CHS_TIME_NONE;
  self->issues = g_array_new (FALSE, FALSE, sizeof (Issue));
  g_array_set_clear_func (self->issues, clear_issue);
  done = chs_export_foreach (export, CHS_READ_NUMERICS, learn_event, self, error);
  if (done) {
    begin (self);
    done = chs_export_foreach (export, CHS_READ_NUMERICS, write_event, self, error);
  }
  if (done)
    finish (self);
  clear (self);
  return done;
}

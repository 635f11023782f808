/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/report.h"

#include "app/checklist.h"
#include "app/correction.h"
#include "app/draw/draw-private.h"
#include "app/report-private.h"
#include "app/symptom.h"

#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#define POINTS_MM (72.0 / 25.4)

static const ChsParam vitals[] = {
  CHS_PARAM_NIBP_SYS, CHS_PARAM_NIBP_DIA, CHS_PARAM_NIBP_MEAN, CHS_PARAM_ABP_SYS, CHS_PARAM_ABP_DIA, CHS_PARAM_ABP_MEAN,
  CHS_PARAM_HR,       CHS_PARAM_PR,       CHS_PARAM_SPO2,      CHS_PARAM_RR,      CHS_PARAM_ETCO2,   CHS_PARAM_TEMP,
};

/* ---- the profile in force ---- */

typedef struct {
  ChsProfile *profile;
  GError     *error;
} Search;

static gboolean
on_early_event (const ChsEvent *event, gpointer user_data)
{
  Search *search = user_data;

  if (event->type == CHS_EVENT_CONFIG && strcmp (event->config.name, "profile") == 0)
    search->profile = chs_profile_parse_recorded (event->config.text, event->config.n, "profile in the recording", &search->error);
  return search->profile == NULL && search->error == NULL
         && (event->type == CHS_EVENT_CONFIG || event->type == CHS_EVENT_CLOCK || event->type == CHS_EVENT_SETUP);
}

ChsProfile *
chs_report_find_profile (ChsStoreReader *reader, GError **error)
{
  Search search = { 0 };
  g_autofree char *path = NULL;

  /* a recording whose very beginning is damaged is met again, and told, when it is read as a whole */
  chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_NUMERICS, on_early_event, &search, NULL);
  if (search.error != NULL) {
    g_propagate_error (error, search.error);
    return NULL;
  }
  if (search.profile != NULL)
    return search.profile;
  path = chs_profile_dup_default_path ();
  return chs_profile_load (path, error);
}

/* ---- gathering ---- */

typedef struct {
  ChsReport      *report;
  const ChsTheme *theme;
} Gathering;

static void
take_numeric (ChsReport *self, const ChsEvent *event)
{
  const ChsNumeric *numeric = &event->numeric;
  int64_t t_us = numeric->meas_us != CHS_TIME_NONE ? numeric->meas_us : event->t_us;

  self->has_demo |= (numeric->flags & CHS_FLAG_DEMO) != 0;
  if (numeric->quality >= CHS_QUALITY_INVALID || isnan (numeric->value))
    return;
  for (guint i = 0; i < self->vitals->len; i++) {
    ChsReportVital *row = &g_array_index (self->vitals, ChsReportVital, i);

    if (row->param != numeric->param)
      continue;
    if (row->n++ == 0) {
      row->first = row->low = row->high = numeric->value;
      row->low_us = row->high_us = t_us;
    }
    if (numeric->value < row->low) {
      row->low = numeric->value;
      row->low_us = t_us;
    }
    if (numeric->value > row->high) {
      row->high = numeric->value;
      row->high_us = t_us;
    }
    row->last = numeric->value;
  }
}

static ChsReportAlarm *
find_alarm (ChsReport *self, uint32_t id)
{
  for (guint i = self->alarms->len; i > 0; i--)
    if (g_array_index (self->alarms, ChsReportAlarm, i - 1).id == id)
      return &g_array_index (self->alarms, ChsReportAlarm, i - 1);
  return NULL;
}

/* An alarm of a symptom or a link has no number to show; on the screen its age stands there. */
static gboolean
has_numbers (const ChsAlarm *alarm)
{
  return (alarm->param != CHS_PARAM_NONE && !isnan (alarm->value))
         || (alarm->cause_us != CHS_TIME_NONE && !isnan (alarm->cause_to_ml_h));
}

/* The words are made at the moment of the alarm, when the model knows what was seen then. */
static void
set_words (ChsReport *self, ChsReportAlarm *row, const ChsEvent *event, const ChsTheme *theme)
{
  ChsActiveAlarm active = { .alarm = event->alarm, .state = CHS_ALARM_STATE_ACTIVE, .raised_us = event->t_us };
  g_autofree char *advice = NULL;

  g_free (row->what);
  g_free (row->why);
  chs_alarm_words (self->model, &active, event->t_us, theme, &row->what, &row->why, &advice);
  if (!has_numbers (&event->alarm)) {
    g_free (row->why);
    row->why = g_strdup ("–");
  }
}

static void
raise_alarm (ChsReport *self, const ChsEvent *event, const ChsTheme *theme)
{
  ChsReportAlarm row = { .id = event->alarm.id, .priority = event->alarm.priority, .is_demo = event->alarm.demo != 0,
                         .raised_us = event->t_us, .risen_us = CHS_TIME_NONE, .ack_us = CHS_TIME_NONE, .end_us = CHS_TIME_NONE };

  set_words (self, &row, event, theme);
  g_array_append_val (self->alarms, row);
}

static void
take_alarm (ChsReport *self, const ChsEvent *event, const ChsTheme *theme)
{
  ChsReportAlarm *row = find_alarm (self, event->alarm.id);

  if (event->alarm.action == CHS_ALARM_RAISE || row == NULL) {
    if (event->alarm.action == CHS_ALARM_RAISE || event->alarm.action == CHS_ALARM_ESCALATE)
      raise_alarm (self, event, theme);
    return;
  }
  if (event->alarm.priority > row->priority) {
    row->priority = event->alarm.priority;
    row->risen_us = event->t_us;
    set_words (self, row, event, theme);
  }
  if (event->alarm.action == CHS_ALARM_ACK && row->ack_us == CHS_TIME_NONE)
    row->ack_us = event->t_us;
  if (event->alarm.action == CHS_ALARM_LATCH || event->alarm.action == CHS_ALARM_CLEAR ||
      event->alarm.action == CHS_ALARM_SUSPEND)
    row->end_us = row->end_us == CHS_TIME_NONE ? event->t_us : row->end_us;
}

/* "legs_raised" -> "legs raised" in the reader's language, as on the screen */
static char *
words_of_id (const ChsTheme *theme, const char *id)
{
  const ChsSymptom *symptom = chs_symptom_find (id);
  g_autofree char *plain = g_strdelimit (g_strdup (id), "_", ' ');

  return g_strdup (chs_tr (theme, symptom != NULL ? symptom->label : plain));
}

static void
end_symptom (ChsReport *self, const ChsNurse *nurse, int64_t t_us)
{
  for (guint i = self->entries->len; i > 0; i--) {
    ChsReportEntry *row = &g_array_index (self->entries, ChsReportEntry, i - 1);

    if (row->kind != CHS_REPORT_SYMPTOM || strcmp (row->id, nurse->what) != 0 || row->end_us != CHS_TIME_NONE)
      continue;
    row->undone |= nurse->action == CHS_NURSE_SYMPTOM_UNDO;
    row->end_us = t_us;
    return;
  }
}

/* Returns: (nullable): the entry that was corrected */
static const ChsReportEntry *
correct_entry (ChsReport *self, const ChsNurse *nurse)
{
  const uint64_t seq = nurse->value >= 1 ? (uint64_t) nurse->value : 0;

  for (guint i = 0; i < self->entries->len; i++) {
    ChsReportEntry *row = &g_array_index (self->entries, ChsReportEntry, i);

    if (row->seq != seq)
      continue;
    if (nurse->at_us == CHS_TIME_NONE) {
      row->undone = TRUE;
    } else {
      row->was_us = row->was_us == CHS_TIME_NONE ? row->t_us : row->was_us;
      row->t_us = nurse->at_us;
    }
    return row;
  }
  return NULL;
}

/* What each action is called; those without a row are told by what they did (acknowledged alarms, silence). */
static const struct {
  ChsNurseAction action;
  ChsReportKind  kind;
  const char    *words; /* "%s" = what; NULL = the id in words alone */
} actions[] = {
  { CHS_NURSE_SYMPTOM, CHS_REPORT_SYMPTOM, NULL },
  { CHS_NURSE_SCORE, CHS_REPORT_SCORE, NULL },
  { CHS_NURSE_SITE_CHECK, CHS_REPORT_CHECK, N_ ("Infusion site: %s") },
  { CHS_NURSE_BASELINE, CHS_REPORT_CHECK, N_ ("Baseline confirmed") },
  { CHS_NURSE_SELF_TEST, CHS_REPORT_CHECK, N_ ("Alarm sound tested") },
  { CHS_NURSE_DONE, CHS_REPORT_ACTION, NULL },
  { CHS_NURSE_PHASE, CHS_REPORT_ACTION, N_ ("Phase: %s") },
  { CHS_NURSE_REACTION, CHS_REPORT_ACTION, N_ ("Reaction called") },
  { CHS_NURSE_MARK, CHS_REPORT_ACTION, N_ ("Mark") },
  { CHS_NURSE_NOTE, CHS_REPORT_ACTION, N_ ("Note") },
  { CHS_NURSE_CORRECTION, CHS_REPORT_ACTION, N_ ("Correction") },
  { CHS_NURSE_BREAK, CHS_REPORT_ACTION, N_ ("Break") },
  { CHS_NURSE_AUDIO_OFF, CHS_REPORT_ACTION, N_ ("Alarm sound switched off") },
  { CHS_NURSE_ALARM_PAUSE, CHS_REPORT_ACTION, N_ ("Alarms paused") },
  { CHS_NURSE_ALARM_OFF, CHS_REPORT_ACTION, N_ ("Alarms switched off: %s") },
};

static const char *
outcome_of (const ChsNurse *nurse, const ChsTheme *theme)
{
  gboolean is_yes = nurse->value > 0.5;

  if (isnan (nurse->value))
    return NULL;
  switch ((int) nurse->action) {
  case CHS_NURSE_SELF_TEST:
    return chs_tr (theme, is_yes ? N_ ("heard") : N_ ("not heard"));
  case CHS_NURSE_REACTION:
  case CHS_NURSE_BREAK:
  case CHS_NURSE_AUDIO_OFF:
  case CHS_NURSE_ALARM_PAUSE:
  case CHS_NURSE_ALARM_OFF:
    return chs_tr (theme, is_yes ? N_ ("begins") : N_ ("ends"));
  default:
    return NULL;
  }
}

static char *
words_of_nurse (const ChsNurse *nurse, const char *pattern, const ChsTheme *theme)
{
  g_autofree char *what = words_of_id (theme, nurse->what);
  GString *words = g_string_new (NULL);
  const char *outcome = outcome_of (nurse, theme);
  gboolean is_item = nurse->action == CHS_NURSE_DONE && nurse->text[0] != '\0'; /* of a checklist, with its own words */

  if (is_item)
    g_string_append (words, chs_tr (theme, nurse->text));
  else if (pattern == NULL)
    g_string_append (words, what);
  else if (strstr (pattern, "%s") != NULL)
    g_string_append_printf (words, chs_tr (theme, pattern), what);
  else
    g_string_append (words, chs_tr (theme, pattern));
  if (outcome != NULL)
    g_string_append_printf (words, ": %s", outcome);
  if (nurse->text[0] != '\0' && !is_item)
    g_string_append_printf (words, ": %s", nurse->text);
  return g_string_free (words, FALSE);
}

/* "Correction: Phase: session closed: touched by mistake" */
static char *
words_of_correction (const ChsNurse *nurse, const ChsReportEntry *corrected, const ChsTheme *theme)
{
  GString *words = g_string_new (chs_tr (theme, N_ ("Correction")));

  if (corrected != NULL)
    g_string_append_printf (words, ": %s", corrected->words);
  if (nurse->what[0] != '\0')
    g_string_append_printf (words, ": %s", chs_tr (theme, chs_reason_label (nurse->what)));
  if (nurse->text[0] != '\0')
    g_string_append_printf (words, ": %s", nurse->text);
  return g_string_free (words, FALSE);
}

static void
take_nurse (ChsReport *self, const ChsEvent *event, const ChsTheme *theme)
{
  const ChsNurse *nurse = &event->nurse;
  gboolean is_correction = nurse->action == CHS_NURSE_CORRECTION;
  int64_t t_us = nurse->at_us != CHS_TIME_NONE && !is_correction ? nurse->at_us : event->t_us;
  const ChsReportEntry *corrected = is_correction ? correct_entry (self, nurse) : NULL;

  if (nurse->action == CHS_NURSE_SYMPTOM_CLEAR || nurse->action == CHS_NURSE_SYMPTOM_UNDO)
    end_symptom (self, nurse, t_us);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++) {
    ChsReportEntry row = { .seq = event->seq, .kind = (guint8) actions[i].kind, .t_us = t_us, .end_us = CHS_TIME_NONE, .was_us = CHS_TIME_NONE,
                           .value = nurse->value };

    if (actions[i].action != (ChsNurseAction) nurse->action)
      continue;
    if (nurse->action == CHS_NURSE_DONE && g_str_has_prefix (nurse->what, CHS_CHECK_DISCHARGE_PREFIX))
      row.kind = CHS_REPORT_DISCHARGE;
    chs_text_copy (row.id, sizeof row.id, nurse->what);
    chs_text_copy (row.who, sizeof row.who, nurse->who);
    row.words = is_correction ? words_of_correction (nurse, corrected, theme) : words_of_nurse (nurse, actions[i].words, theme);
    g_array_append_val (self->entries, row);
  }
}

static void
raise_peak (double *peak, double value)
{
  if (!isnan (value) && (isnan (*peak) || value > *peak))
    *peak = value;
}

static void
note_peaks (ChsReport *self)
{
  guint n;
  const ChsDose *doses = chs_engine_get_doses (chs_chair_model_get_engine (self->model), &n);

  for (guint i = 0; i < MIN (n, CHS_REPORT_PUMPS); i++) {
    raise_peak (&self->peaks[i].flow_ml_h, doses[i].flow_ml_h);
    raise_peak (&self->peaks[i].mg_mmol_min, doses[i].mg_mmol_min);
    raise_peak (&self->peaks[i].ketamine_mg_kg_h, doses[i].ketamine_mg_kg_h);
    raise_peak (&self->peaks[i].lidocaine_mg_kg_h, doses[i].lidocaine_mg_kg_h);
    raise_peak (&self->peaks[i].fluid_ml_kg_h, doses[i].fluid_ml_kg_h);
  }
}

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  Gathering *gathering = user_data;
  ChsReport *self = gathering->report;

  chs_chair_model_feed (self->model, event);
  self->last_us = MAX (self->last_us, event->t_us);
  switch ((int) event->type) {
  case CHS_EVENT_NUMERIC:
    take_numeric (self, event);
    break;
  case CHS_EVENT_ALARM:
    take_alarm (self, event, gathering->theme);
    break;
  case CHS_EVENT_NURSE:
    take_nurse (self, event, gathering->theme);
    break;
  case CHS_EVENT_SETUP:
    g_hash_table_replace (self->setup, g_strdup (event->setup.key), g_strdup (event->setup.value));
    break;
  default:
    break;
  }
  if (event->type == CHS_EVENT_PUMP || event->type == CHS_EVENT_TICK)
    note_peaks (self);
  return TRUE;
}

static void
clear_alarm (gpointer row)
{
  g_free (((ChsReportAlarm *) row)->what);
  g_free (((ChsReportAlarm *) row)->why);
}

static void
clear_entry (gpointer row)
{
  g_free (((ChsReportEntry *) row)->words);
}

static ChsReport *
new_empty (const ChsProfile *profile, const ChsStoreMeta *meta)
{
  ChsReport *self = g_new0 (ChsReport, 1);

  self->model = chs_chair_model_new (profile);
  self->session_id = g_strdup (meta->session_id);
  self->chair = g_strdup (meta->chair);
  self->program = g_strdup (meta->program);
  self->start_wall_us = meta->start_wall_us;
  self->is_complete = meta->complete;
  self->vitals = g_array_new (FALSE, FALSE, sizeof (ChsReportVital));
  self->alarms = g_array_new (FALSE, FALSE, sizeof (ChsReportAlarm));
  self->entries = g_array_new (FALSE, FALSE, sizeof (ChsReportEntry));
  g_array_set_clear_func (self->alarms, clear_alarm);
  g_array_set_clear_func (self->entries, clear_entry);
  self->setup = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < G_N_ELEMENTS (vitals); i++)
    g_array_append_val (self->vitals, ((ChsReportVital) { .param = vitals[i] }));
  for (guint i = 0; i < CHS_REPORT_PUMPS; i++)
    self->peaks[i] = (ChsReportPeak) { NAN, NAN, NAN, NAN, NAN };
  return self;
}

/* The earlier sessions where they are at hand: a report without them is a report, too. */
static void
take_course (ChsReport *self, const char *path)
{
  const char *id = g_hash_table_lookup (self->setup, "patient.id");
  g_autofree char *folder = g_path_get_dirname (path);

  if (id == NULL || id[0] == '\0')
    return;
  self->course = chs_course_read (folder, id, NULL);
  while (self->course != NULL && self->course->sessions->len > 0 &&
         g_array_index (self->course->sessions, ChsCourseSession, self->course->sessions->len - 1).start_wall_us > self->start_wall_us + self->last_us)
    g_array_set_size (self->course->sessions, self->course->sessions->len - 1); /* later ones are not of this report */
}

ChsReport *
chs_report_new (ChsExport *export, const ChsTheme *theme, GError **error)
{
  ChsStoreReader *reader = chs_export_get_reader (export);
  g_autoptr (ChsProfile) profile = chs_report_find_profile (reader, error);
  g_autoptr (ChsReport) self = NULL;
  Gathering gathering = { .theme = theme };

  if (profile == NULL)
    return NULL;
  gathering.report = self = new_empty (profile, chs_store_reader_get_meta (reader));
  if (!chs_export_foreach (export, CHS_READ_NUMERICS, on_event, &gathering, error))
    return NULL;
  self->is_damaged = chs_export_is_damaged (export);
  take_course (self, chs_store_reader_get_path (reader));
  return g_steal_pointer (&self);
}

void
chs_report_free (ChsReport *self)
{
  if (self == NULL)
    return;
  chs_chair_model_free (self->model);
  g_free (self->session_id);
  g_free (self->chair);
  g_free (self->program);
  g_array_unref (self->vitals);
  g_array_unref (self->alarms);
  g_array_unref (self->entries);
  g_hash_table_unref (self->setup);
  chs_course_free (self->course);
  g_free (self);
}

/* ---- the file ---- */

static cairo_status_t
on_pdf_bytes (void *closure, const unsigned char *bytes, unsigned n)
{
  g_string_append_len (closure, (const char *) bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

gboolean
chs_report_export_pdf (ChsExport *export, GError **error)
{
  g_autoptr (ChsReport) report = NULL;
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;
  ChsTheme theme;
  guint n = 1;

  chs_theme_init (&theme, CHS_LOOK_PAPER, POINTS_MM);
  chs_theme_set_words (&theme, chs_export_get_options (export)->tr);
  report = chs_report_new (export, &theme, error);
  if (report == NULL)
    return FALSE;
  surface = cairo_pdf_surface_create_for_stream (on_pdf_bytes, chs_export_text (export), CHS_REPORT_WIDTH_MM * POINTS_MM,
                                                 CHS_REPORT_HEIGHT_MM * POINTS_MM);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, chs_tr (&theme, N_ ("Infusion session report")));
  cr = cairo_create (surface);
  for (guint page = 0; page < n; page++) {
    n = chs_report_draw (report, cr, &theme, page);
    cairo_show_page (cr);
  }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the report could not be drawn: %s", cairo_status_to_string (status));
  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/export.h"
#include "data/summary.h"

#include <math.h>
#include <string.h>

/* EDF+C: numerics as signals of one sample a second, waves at their own rate, events as annotations. EDF knows no missing
 * value and no irregular sampling: a value is held for as long as it counts as of now, else the signal is at its digital
 * minimum, which the prefilter field says. Facts and this convention: shared/formats/edf.md.
 *
 * Two passes: the first finds what the header must tell (ranges, annotations and their room), the second fills a window
 * of records, since a block of a wave ends at the time of its event. */

#define RECORD_S 10
#define RECORD_US (RECORD_S * G_USEC_PER_SEC)
#define WINDOW 8          /* records that may still be written to; waves are told at most some seconds late */
#define MAX_SIGNALS 256
#define MAX_SAMPLES 4000000 /* of all signals in a record: 8 MB, readers take 10 */
#define MAX_DAYS 60         /* an EDF has no gaps: hours of data spread over years would fill the disk with "no value" */
#define MAX_TEXT 480      /* bytes of an annotation; readers take 512 */
#define MAX_TIME_BYTES 32 /* "+1234567.123456" and separators */
#define DIGITAL_MAX 32767
#define DIGITAL_ROOM 32000.0

/* How long a value stands for the present, seconds; shared/formats/edf.md. */
#define HOLD_STREAM_S 10
#define HOLD_CUFF_S 900
#define HOLD_PUMP_S 60

static const struct {
  ChsParam    param;
  const char *label;
} labels[] = {
  { CHS_PARAM_SPO2, "SpO2" },        { CHS_PARAM_NIBP_MEAN, "NIBP_MAP" }, { CHS_PARAM_ABP_SYS, "ART_SYS" },
  { CHS_PARAM_ABP_DIA, "ART_DIA" },  { CHS_PARAM_ABP_MEAN, "ART_MAP" },   { CHS_PARAM_ECG_WAVE, "ECG" },
  { CHS_PARAM_PLETH_WAVE, "PLETH" }, { CHS_PARAM_RESP_WAVE, "RESP" },     { CHS_PARAM_ABP_WAVE, "ART" },
};

static const struct {
  const char *ucum, *edf; /* 8 ASCII characters */
} units[] = { { "mm[Hg]", "mmHg" }, { "/min", "1/min" }, { "Cel", "degC" }, { "%{limit}", "%" } };

typedef struct {
  const ChsTrack *track;
  guint           samples;    /* in a record */
  double          steps;      /* digital = physical * steps */
  int             none;       /* digital minimum: no value */
  gint64          held_until; /* second up to which @held stands, exclusive */
  int             held;
  gint64          next;       /* first second that has not been filled */
} Signal;

typedef struct {
  gint64 onset_us;
  char  *text;
} Annotation;

typedef struct {
  ChsExport *export;
  gint64     start_wall_us;
  gint64     fraction_us; /* of the start's second: shown in the records' onsets */
  Signal     signals[MAX_SIGNALS];
  guint      n_signals;
  GArray    *annotations; /* of Annotation */
  guint      next_annotation;
  guint      note_bytes;  /* of the annotation signal in a record, even */
  gint64     n_records;
  gint64     first;       /* record at the start of the window */
  gint16    *window[MAX_SIGNALS]; /* WINDOW records of @samples each */
  char       patient_id[40], sex;
} Edf;

/* ---- the first pass ---- */

static void
add_annotation (Edf *self, gint64 t_us, const char *text)
{
  char cut[MAX_TEXT];
  Annotation row = { .onset_us = t_us };

  chs_text_copy (cut, sizeof cut, text); /* without control characters: they are the format's separators */
  row.text = g_strdup (cut);
  g_array_append_val (self->annotations, row);
}

static void
annotate_cuff (Edf *self, const ChsEvent *event)
{
  const ChsNumeric *numeric = &event->numeric;
  g_autoptr (GString) text = g_string_new (NULL);

  if (numeric->param < CHS_PARAM_NIBP_SYS || numeric->param > CHS_PARAM_NIBP_MEAN || isnan (numeric->value))
    return;
  g_string_append_printf (text, "%s ", chs_param_info ((ChsParam) numeric->param)->name);
  chs_export_number (text, numeric->value);
  g_string_append_printf (text, " mmHg%s%s", numeric->quality != CHS_QUALITY_OK ? " " : "",
                          numeric->quality != CHS_QUALITY_OK ? chs_quality_id ((ChsQuality) numeric->quality) : "");
  add_annotation (self, numeric->meas_us != CHS_TIME_NONE ? numeric->meas_us : event->t_us, text->str);
}

static gboolean
learn_event (const ChsEvent *event, gpointer user_data)
{
  Edf *self = user_data;
  g_autoptr (GString) words = g_string_new (NULL);

  if (event->type == CHS_EVENT_NUMERIC)
    annotate_cuff (self, event);
  else if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.id") == 0)
    chs_text_copy (self->patient_id, sizeof self->patient_id, event->setup.value);
  else if (event->type == CHS_EVENT_SETUP && strcmp (event->setup.key, "patient.sex") == 0)
    self->sex = event->setup.value[0];
  else if ((event->type == CHS_EVENT_ALARM || event->type == CHS_EVENT_NURSE || event->type == CHS_EVENT_LINK || event->type == CHS_EVENT_CLOCK)
           && chs_export_event_words (event, words))
    add_annotation (self, event->t_us, words->str);
  return TRUE;
}

static int
by_onset (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const Annotation *) a)->onset_us, y = ((const Annotation *) b)->onset_us;

  return (x > y) - (x < y);
}

/* As fine a step as the range allows: a power of ten, so that what was measured comes back exactly. */
static void
scale_signal (Signal *signal)
{
  double low = isnan (signal->track->min) ? 0.0 : signal->track->min, high = isnan (signal->track->max) ? 1.0 : signal->track->max;
  double most = MAX (fabs (low), fabs (high));

  signal->steps = 1000.0;
  while (most * signal->steps > DIGITAL_ROOM && signal->steps > 1e-6)
    signal->steps /= 10.0;
  /* one physical unit below all values: -1 where none is negative */
  signal->none = (int) MAX (-32768.0, floor (MIN (0.0, low) * signal->steps) - MAX (1.0, signal->steps));
}

static void
choose_signals (Edf *self, const ChsTrack *tracks, guint n)
{
  double all = 0.0;

  for (guint i = 0; i < n && self->n_signals < MAX_SIGNALS; i++) {
    Signal *signal = &self->signals[self->n_signals];
    double samples = tracks[i].kind == CHS_TRACK_WAVE ? tracks[i].rate_hz * RECORD_S : RECORD_S;

    /* a wave whose rate changes, or does not fill a record with whole samples, cannot be told in EDF */
    if (tracks[i].kind == CHS_TRACK_TEXT || !(samples >= 1.0) || all + samples > MAX_SAMPLES || fabs (samples - round (samples)) > 1e-3)
      continue;
    *signal = (Signal) { .track = &tracks[i], .samples = (guint) lround (samples) };
    scale_signal (signal);
    all += samples;
    self->n_signals++;
  }
}

/* Room for the longest annotation in each record and for all of them together. */
static void
size_annotations (Edf *self)
{
  gsize longest = 0, total = 0;

  g_array_sort (self->annotations, by_onset);
  for (guint i = 0; i < self->annotations->len; i++) {
    gsize bytes = strlen (g_array_index (self->annotations, Annotation, i).text) + MAX_TIME_BYTES;

    longest = MAX (longest, bytes);
    total += bytes;
  }
  self->note_bytes = (guint) (MAX_TIME_BYTES + longest + total / (gsize) self->n_records + 2) & ~1u;
}

/* ---- header ---- */

static void
put_field (GString *out, guint width, const char *text)
{
  guint n = 0;

  for (; text[n] != '\0' && n < width; n++)
    g_string_append_c (out, text[n] >= ' ' && text[n] < 127 ? text[n] : '?');
  for (; n < width; n++)
    g_string_append_c (out, ' ');
}

static void
put_number (GString *out, guint width, double value)
{
  g_autoptr (GString) text = g_string_new (NULL);

  chs_export_number (text, value);
  put_field (out, width, text->str);
}

static void
put_start (Edf *self, GString *out)
{
  static const char *const months[] = { "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC" };
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_utc (self->start_wall_us / G_USEC_PER_SEC);
  g_autofree char *patient = NULL, *recording = NULL, *date = NULL;
  char sex = self->sex == 'F' || self->sex == 'M' ? self->sex : 'X';

  g_strdelimit (self->patient_id, " ", '_');
  patient = g_strdup_printf ("%s %c X X", self->patient_id[0] != '\0' ? self->patient_id : "X", sex);
  put_field (out, 80, patient);
  if (start == NULL)
    start = g_date_time_new_from_unix_utc (0);
  recording = g_strdup_printf ("Startdate %02d-%s-%04d X X Chairside", g_date_time_get_day_of_month (start),
                               months[g_date_time_get_month (start) - 1], g_date_time_get_year (start));
  put_field (out, 80, recording);
  date = g_date_time_format (start, "%d.%m.%y%H.%M.%S");
  put_field (out, 16, date);
}

static char *
dup_label (const Edf *self, guint index)
{
  const ChsTrack *track = self->signals[index].track;
  const char *label = chs_param_info ((ChsParam) track->param)->name;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (labels[i].param == (ChsParam) track->param)
      label = labels[i].label;
  if (track->param == CHS_PARAM_OTHER || track->param == CHS_PARAM_OTHER_WAVE)
    return g_strdup (track->name);
  return track->channel == 0 ? g_strdup (label) : g_strdup_printf ("%s %u", label, track->channel);
}

static const char *
unit_of (const Signal *signal)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (units[i].ucum, signal->track->unit) == 0)
      return units[i].edf;
  return signal->track->unit;
}

static void
put_signal_field (Edf *self, GString *out, guint field, guint index)
{
  const Signal *signal = &self->signals[index];
  g_autofree char *label = NULL, *none = NULL;
  char source[40];

  switch (field) {
  case 0:
    label = dup_label (self, index);
    put_field (out, 16, label);
    break;
  case 1:
    chs_export_source_name (self->export, signal->track->source, signal->track->channel, source, sizeof source);
    put_field (out, 80, source);
    break;
  case 2:
    put_field (out, 8, unit_of (signal));
    break;
  case 3:
    put_number (out, 8, signal->none / signal->steps);
    break;
  case 4:
    put_number (out, 8, DIGITAL_MAX / signal->steps);
    break;
  case 5:
    put_number (out, 8, signal->none);
    break;
  case 6:
    put_number (out, 8, DIGITAL_MAX);
    break;
  case 7:
    none = g_strdup_printf ("%g=no value", signal->none / signal->steps);
    put_field (out, 80, none);
    break;
  case 8:
    put_number (out, 8, signal->samples);
    break;
  default:
    put_field (out, 32, "");
  }
}

static void
put_header (Edf *self, GString *out)
{
  static const struct {
    guint       width;
    const char *notes; /* of the annotation signal; NULL: samples in a record */
  } fields[] = { { 16, "EDF Annotations" }, { 80, "" }, { 8, "" }, { 8, "-1" }, { 8, "1" }, { 8, "-32768" }, { 8, "32767" }, { 80, "" }, { 8, NULL }, { 32, "" } };

  put_field (out, 8, "0");
  put_start (self, out);
  put_number (out, 8, 256.0 * (self->n_signals + 2));
  put_field (out, 44, "EDF+C");
  put_number (out, 8, (double) self->n_records);
  put_number (out, 8, RECORD_S);
  put_number (out, 4, self->n_signals + 1);
  for (guint field = 0; field < G_N_ELEMENTS (fields); field++) {
    for (guint i = 0; i < self->n_signals; i++)
      put_signal_field (self, out, field, i);
    if (fields[field].notes != NULL)
      put_field (out, fields[field].width, fields[field].notes);
    else
      put_number (out, fields[field].width, self->note_bytes / 2);
  }
}

/* ---- records ---- */

static void
put_onset (GString *out, gint64 t_us)
{
  g_string_append_c (out, t_us < 0 ? '-' : '+');
  g_string_append_printf (out, "%" G_GINT64_FORMAT, ABS (t_us) / G_USEC_PER_SEC);
  if (t_us % G_USEC_PER_SEC != 0)
    g_string_append_printf (out, ".%06d", (int) (ABS (t_us) % G_USEC_PER_SEC));
}

static void
put_annotations (Edf *self, GString *out, gint64 record)
{
  gsize end = out->len + self->note_bytes;

  put_onset (out, record * RECORD_US + self->fraction_us);
  g_string_append_len (out, "\x14\x14\0", 3);
  while (self->next_annotation < self->annotations->len) {
    const Annotation *row = &g_array_index (self->annotations, Annotation, self->next_annotation);

    if (out->len + strlen (row->text) + MAX_TIME_BYTES > end)
      break;
    put_onset (out, row->onset_us + self->fraction_us);
    g_string_append_printf (out, "\x14%s\x14", row->text);
    g_string_append_c (out, '\0');
    self->next_annotation++;
  }
  while (out->len < end)
    g_string_append_c (out, '\0');
}

static gint16 *
get_samples (Edf *self, guint signal, gint64 record)
{
  return self->window[signal] + (gsize) (record % WINDOW) * self->signals[signal].samples;
}

static void
fill_seconds (Edf *self, guint index, gint64 until)
{
  Signal *signal = &self->signals[index];

  for (; signal->next < until; signal->next++)
    if (signal->next / RECORD_S >= self->first && signal->next / RECORD_S < self->first + WINDOW)
      get_samples (self, index, signal->next / RECORD_S)[signal->next % RECORD_S]
        = (gint16) (signal->next < signal->held_until ? signal->held : signal->none);
}

static void
write_record (Edf *self)
{
  GString *out = chs_export_text (self->export);

  for (guint i = 0; i < self->n_signals; i++) {
    Signal *signal = &self->signals[i];
    gint16 *samples = get_samples (self, i, self->first);

    if (signal->track->kind == CHS_TRACK_NUMERIC)
      fill_seconds (self, i, (self->first + 1) * RECORD_S);
    for (guint k = 0; k < signal->samples; k++) {
      g_string_append_c (out, (char) (samples[k] & 0xff));
      g_string_append_c (out, (char) (samples[k] >> 8 & 0xff));
      samples[k] = (gint16) signal->none; /* the place is used again */
    }
  }
  put_annotations (self, out, self->first);
  self->first++;
}

static int
to_digital (const Signal *signal, double value)
{
  return (int) CLAMP (round (value * signal->steps), (double) signal->none + 1.0, (double) DIGITAL_MAX);
}

static guint
find_signal (const Edf *self, const ChsEvent *event, guint8 param)
{
  for (guint i = 0; i < self->n_signals; i++)
    if (self->signals[i].track->source == event->source && self->signals[i].track->channel == event->channel && self->signals[i].track->param == param)
      return i;
  return G_MAXUINT;
}

static void
take_value (Edf *self, const ChsEvent *event, const ChsExportValue *value)
{
  guint index = find_signal (self, event, (guint8) value->param);
  gboolean is_cuff = value->param >= CHS_PARAM_NIBP_SYS && value->param <= CHS_PARAM_NIBP_PR;
  gboolean is_good = isfinite (value->value) && (event->type != CHS_EVENT_NUMERIC || event->numeric.quality < CHS_QUALITY_INVALID);
  gint64 second = event->t_us / G_USEC_PER_SEC;
  Signal *signal;

  if (index == G_MAXUINT)
    return;
  signal = &self->signals[index];
  fill_seconds (self, index, second);
  signal->held = is_good ? to_digital (signal, value->value) : signal->none;
  signal->held_until = second + (event->type == CHS_EVENT_PUMP ? HOLD_PUMP_S : is_cuff ? HOLD_CUFF_S : HOLD_STREAM_S);
}

static void
take_wave (Edf *self, const ChsEvent *event)
{
  const ChsWave *wave = &event->wave;
  guint index = find_signal (self, event, wave->param);
  double rate = index != G_MAXUINT ? (double) self->signals[index].samples / RECORD_S : 0.0;
  gint64 last;

  if (index == G_MAXUINT)
    return;
  last = llround ((double) event->t_us / G_USEC_PER_SEC * rate);
  for (guint i = 0; i < wave->n; i++) {
    gint64 at = last - (wave->n - 1) + i, record = at / self->signals[index].samples;

    if (at >= 0 && record >= self->first && record < self->first + WINDOW && wave->samples[i] != CHS_WAVE_ABSENT)
      get_samples (self, index, record)[at % self->signals[index].samples]
        = (gint16) to_digital (&self->signals[index], (double) wave->offset + (double) wave->scale * wave->samples[i]);
  }
}

/* What a lost instrument said last is not of now. */
static void
drop_held (Edf *self, const ChsEvent *event)
{
  for (guint i = 0; i < self->n_signals; i++)
    if (self->signals[i].track->source == event->source && self->signals[i].track->kind == CHS_TRACK_NUMERIC) {
      fill_seconds (self, i, event->t_us / G_USEC_PER_SEC);
      self->signals[i].held_until = 0;
    }
}

static gboolean
write_event (const ChsEvent *event, gpointer user_data)
{
  Edf *self = user_data;
  ChsExportValue values[CHS_EXPORT_VALUES];
  guint n;

  while (event->t_us / RECORD_US > self->first + WINDOW / 2 && self->first < self->n_records)
    write_record (self);
  if (event->type == CHS_EVENT_WAVE)
    take_wave (self, event);
  if (event->type == CHS_EVENT_LINK && event->link.state != CHS_LINK_UP)
    drop_held (self, event);
  n = chs_export_values (self->export, event, values);
  for (guint i = 0; i < n; i++)
    take_value (self, event, &values[i]);
  return TRUE;
}

/* ---- the run ---- */

static void
clear_annotation (gpointer row)
{
  g_free (((Annotation *) row)->text);
}

static void
make_window (Edf *self)
{
  for (guint i = 0; i < self->n_signals; i++) {
    gsize n = (gsize) WINDOW * self->signals[i].samples;

    self->window[i] = g_new (gint16, n);
    for (gsize k = 0; k < n; k++)
      self->window[i][k] = (gint16) self->signals[i].none;
  }
}

static gboolean
write_file (Edf *self, const ChsSummary *summary, GError **error)
{
  guint n;
  const ChsTrack *tracks = chs_track_table_get (summary->tracks, &n);

  if (!chs_export_foreach (self->export, CHS_READ_NUMERICS, learn_event, self, error))
    return FALSE;
  if (summary->duration_us > MAX_DAYS * G_TIME_SPAN_DAY) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "the recording spans more than %d days, which an EDF cannot hold with its gaps", MAX_DAYS);
    return FALSE;
  }
  self->n_records = summary->duration_us / RECORD_US + 1;
  choose_signals (self, tracks, n);
  size_annotations (self);
  make_window (self);
  put_header (self, chs_export_text (self->export));
  if (!chs_export_foreach (self->export, CHS_READ_NUMERICS | CHS_READ_WAVES, write_event, self, error))
    return FALSE;
  while (self->first < self->n_records)
    write_record (self);
  return TRUE;
}

gboolean
chs_export_edf (ChsExport *export, GError **error)
{
  ChsStoreReader *reader = chs_export_get_reader (export);
  g_auto (ChsSummary) summary = { 0 };
  g_autofree Edf *self = g_new0 (Edf, 1);
  gboolean done;

  chs_summary_read (&summary, reader, NULL); /* what is damaged is met again below, and told */
  self->export = export;
  self->start_wall_us = chs_store_reader_get_meta (reader)->start_wall_us;
  self->fraction_us = self->start_wall_us % G_USEC_PER_SEC;
  self->annotations = g_array_new (FALSE, FALSE, sizeof (Annotation));
  g_array_set_clear_func (self->annotations, clear_annotation);
  done = write_file (self, &summary, error);
  for (guint i = 0; i < self->n_signals; i++)
    g_free (self->window[i]);
  g_array_unref (self->annotations);
  return done;
}

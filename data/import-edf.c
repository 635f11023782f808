/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/import.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* EDF and EDF+ (shared/formats/edf.md): an ASCII header, then records of 16-bit samples, signal after signal. Read here
 * and not through EDFlib, which refuses files with pauses (EDF+D), cut ones and many that are slightly off. */

#define HEADER_BYTES 256u
#define SIGNALS_MAX 640
#define RECORD_MAX (16u * 1024 * 1024) /* bytes; EDFlib's own limit is 10 MB */
#define NUMERICS_HZ 1.0 /* own choice: at most one sample a second are numbers, not waves */
#define SILENT_US (10 * G_USEC_PER_SEC)
#define NO_VALUE "=no value" /* in the prefilter field, behind the physical minimum: how Chairside writes what is not there */
#define OURS "Chairside"     /* at the end of the recording field: the transducer is then the name of the instrument */

typedef struct {
  char   name[17], unit[9];
  char   source[24]; /* of a file of ours: the instrument; "" = not told */
  gboolean flows;    /* mL/h of a pump */
  double gain, offset;
  gint16 low;       /* least digital value: "no value" where the file says so */
  gboolean sparse;
  gboolean is_text; /* annotations */
  guint  n;         /* samples a record */
  guint  track;
} Signal;

typedef struct {
  ChsImport *import;
  FILE      *file;
  GArray    *signals; /* of Signal */
  gboolean   is_ours;
  gint64     start_us;
  double     record_s;
  gint64     n_records; /* -1 = not told */
  gsize      record_bytes;
  guint8    *record;
  double    *samples;
} Edf;

/* ---- header ---- */

/* A field of the header: ASCII, blank-padded. */
static char *
dup_field (const guint8 *at, gsize n)
{
  return g_strstrip (g_strndup ((const char *) at, n));
}

static gboolean
read_number (const guint8 *at, gsize n, double *value)
{
  g_autofree char *text = dup_field (at, n);
  char *end;

  *value = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && isfinite (*value);
}

/* dd.mm.yy and hh.mm.ss; the year in full stands in the recording field of EDF+. */
static gboolean
read_start (const guint8 *head, gint64 *start_us)
{
  static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  g_autofree char *date = dup_field (head + 168, 8), *time = dup_field (head + 176, 8), *recording = dup_field (head + 88, 80);
  g_autoptr (GDateTime) start = NULL;
  int day, month, year, hour, minute, second, full_year, full_day;
  char name[4];

  if (sscanf (date, "%d.%d.%d", &day, &month, &year) != 3 || sscanf (time, "%d.%d.%d", &hour, &minute, &second) != 3)
    return FALSE;
  year += year >= 85 ? 1900 : 2000;
  if (sscanf (recording, "Startdate %d-%3[A-Z]-%d", &full_day, name, &full_year) == 3 && strstr (months, name) != NULL)
    year = full_year;
  start = g_date_time_new_utc (year, month, day, hour, minute, second);
  if (start != NULL)
    *start_us = g_date_time_to_unix (start) * G_USEC_PER_SEC;
  return start != NULL;
}

static gboolean
refuse (Edf *self, GError **error, const char *what)
{
  g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_FORMAT, "%s: the EDF header makes no sense: %s", chs_import_get_path (self->import), what);
  return FALSE;
}

/* All signals field by field: labels, transducers, units ... */
static gboolean
read_signal (Edf *self, const guint8 *head, guint ns, guint i)
{
  g_autofree char *label = dup_field (head + 16 * i, 16), *unit = dup_field (head + 96 * ns + 8 * i, 8);
  g_autofree char *transducer = dup_field (head + 16 * ns + 80 * i, 80);
  g_autofree char *filter = dup_field (head + 136 * ns + 80 * i, 80);
  double low, high, digital_low, digital_high, n;
  Signal signal = { .track = CHS_IMPORT_NO_TRACK, .is_text = strcmp (label, "EDF Annotations") == 0 };

  if (!read_number (head + 216 * ns + 8 * i, 8, &n) || !(n >= 0 && n <= RECORD_MAX / 2))
    return FALSE;
  signal.n = (guint) n;
  if (!signal.is_text) {
    if (!read_number (head + 104 * ns + 8 * i, 8, &low) || !read_number (head + 112 * ns + 8 * i, 8, &high) ||
        !read_number (head + 120 * ns + 8 * i, 8, &digital_low) || !read_number (head + 128 * ns + 8 * i, 8, &digital_high) ||
        !(fabs (digital_high - digital_low) > 0) || fabs (digital_low) > 32768)
      return FALSE;
    signal.gain = (high - low) / (digital_high - digital_low);
    signal.offset = low - digital_low * signal.gain;
    signal.low = (gint16) CLAMP (digital_low, INT16_MIN, INT16_MAX);
    signal.sparse = strstr (filter, NO_VALUE) != NULL;
  }
  chs_text_copy (signal.name, sizeof signal.name, label);
  chs_text_copy (signal.source, sizeof signal.source, self->is_ours ? transducer : "");
  chs_text_copy (signal.unit, sizeof signal.unit, unit);
  self->record_bytes += signal.n * 2;
  g_array_append_val (self->signals, signal);
  return self->record_bytes <= RECORD_MAX;
}

static gboolean
read_header (Edf *self, GError **error)
{
  guint8 head[HEADER_BYTES];
  g_autofree guint8 *rest = NULL;
  g_autofree char *recording = NULL;
  double ns, records;

  if (fread (head, 1, sizeof head, self->file) != sizeof head)
    return refuse (self, error, "it is cut");
  if (!read_number (head + 252, 4, &ns) || !(ns >= 1 && ns <= SIGNALS_MAX))
    return refuse (self, error, "number of signals");
  if (!read_number (head + 236, 8, &records) || !read_number (head + 244, 8, &self->record_s) || !(self->record_s >= 0 && self->record_s < 1e5))
    return refuse (self, error, "number or duration of records");
  self->n_records = records >= 0 ? (gint64) records : -1;
  if (!read_start (head, &self->start_us)) {
    self->start_us = 0;
    chs_import_set_undated (self->import);
  }
  recording = dup_field (head + 88, 80);
  self->is_ours = g_str_has_suffix (recording, OURS);
  rest = g_malloc (HEADER_BYTES * (gsize) ns);
  if (fread (rest, 1, HEADER_BYTES * (gsize) ns, self->file) != HEADER_BYTES * (gsize) ns)
    return refuse (self, error, "it is cut");
  for (guint i = 0; i < (guint) ns; i++)
    if (!read_signal (self, rest, (guint) ns, i))
      return refuse (self, error, "a signal's range or samples");
  return self->record_bytes > 0 || refuse (self, error, "records are empty");
}

/* "PUMP_RATE 1" is that of channel 1, which stands in the name of the source, too. */
static ChsParam
param_of (const Edf *self, const Signal *signal, gboolean is_wave)
{
  g_autofree char *name = g_strdup (signal->name);
  char *blank = strrchr (name, ' ');

  if (self->is_ours && blank != NULL && blank[1] != '\0' && strspn (blank + 1, "0123456789") == strlen (blank + 1))
    *blank = '\0';
  return chs_import_param (name, signal->unit, is_wave);
}

static guint8
source_of (Edf *self, GHashTable *sources, const Signal *signal)
{
  const char *name = signal->source[0] != '\0' ? signal->source : "edf";
  guint source = GPOINTER_TO_UINT (g_hash_table_lookup (sources, name));

  if (source == 0) {
    source = chs_import_add_source (self->import, name, 0, SILENT_US);
    g_hash_table_insert (sources, (gpointer) name, GUINT_TO_POINTER (source));
  }
  return (guint8) source;
}

static void
add_tracks (Edf *self)
{
  g_autoptr (GHashTable) sources = g_hash_table_new (g_str_hash, g_str_equal); /* names are those of the signals */

  for (guint i = 0; i < self->signals->len; i++) {
    Signal *signal = &g_array_index (self->signals, Signal, i);
    gboolean is_wave = self->record_s > 0 && signal->n / self->record_s > NUMERICS_HZ;

    ChsParam param = signal->is_text ? CHS_PARAM_NONE : param_of (self, signal, is_wave);

    signal->flows = self->is_ours && param == CHS_PARAM_PUMP_RATE;
    signal->track = chs_import_add_track (self->import, source_of (self, sources, signal), param, CHS_IMPORT_HELD, signal->name, signal->unit);
  }
}

/* ---- annotations: +onset[\x15duration]\x14text\x14...\0 ---- */

/* One list of texts of one time; the first of a record, without a text, is the record's own start. */
static void
take_list (Edf *self, const Signal *signal, const char *list, gint64 *record_us)
{
  char *text;
  double onset = g_ascii_strtod (list, &text);
  gint64 wall_us;

  if ((list[0] != '+' && list[0] != '-') || text == list || !(fabs (onset) < 1e9))
    return;
  wall_us = self->start_us + (gint64) llround (onset * G_USEC_PER_SEC);
  text += *text == '\x15' ? strcspn (text, "\x14") : 0;
  if (text[0] == '\x14' && (text[1] == '\x14' || text[1] == '\0') && *record_us == CHS_TIME_NONE)
    *record_us = wall_us;
  while (*text == '\x14') {
    gsize n = strcspn (++text, "\x14");
    g_autofree char *one = g_strndup (text, n);

    if (n > 0)
      chs_import_text (self->import, signal->track, wall_us, one);
    text += n;
  }
}

static void
take_annotations (Edf *self, const Signal *signal, const guint8 *bytes, gint64 *record_us)
{
  gsize size = (gsize) signal->n * 2;

  for (gsize at = 0; at < size;) {
    gsize n = strnlen ((const char *) bytes + at, size - at);
    g_autofree char *list = g_strndup ((const char *) bytes + at, n);

    take_list (self, signal, list, record_us);
    at += n + 1;
  }
}

/* ---- samples ---- */

static void
take_signal (Edf *self, const Signal *signal, const guint8 *bytes, gint64 wall_us)
{
  double rate_hz = signal->n / self->record_s;

  for (guint i = 0; i < signal->n; i++) {
    gint16 sample = (gint16) (bytes[2 * i] | bytes[2 * i + 1] << 8);

    self->samples[i] = signal->sparse && sample == signal->low ? (double) NAN : sample;
  }
  if (rate_hz > NUMERICS_HZ) {
    chs_import_wave (self->import, signal->track, wall_us, rate_hz, signal->gain, signal->offset, self->samples, signal->n);
    return;
  }
  for (guint i = 0; i < signal->n; i++) {
    gint64 at_us = wall_us + (gint64) (i / rate_hz * G_USEC_PER_SEC);
    double value = signal->offset + signal->gain * self->samples[i];

    chs_import_numeric (self->import, signal->track, at_us, value);
    if (signal->flows && !isnan (value))
      chs_import_infusion (self->import, signal->source, at_us, value);
  }
}

static void
take_record (Edf *self, gint64 number)
{
  gint64 record_us = CHS_TIME_NONE;
  const guint8 *at = self->record;

  for (guint i = 0; i < self->signals->len; i++) {
    const Signal *signal = &g_array_index (self->signals, Signal, i);

    if (signal->is_text)
      take_annotations (self, signal, at, &record_us);
    at += signal->n * 2;
  }
  if (record_us == CHS_TIME_NONE)
    record_us = self->start_us + (gint64) llround ((double) number * self->record_s * G_USEC_PER_SEC);
  at = self->record;
  for (guint i = 0; i < self->signals->len; i++) {
    const Signal *signal = &g_array_index (self->signals, Signal, i);

    if (!signal->is_text && self->record_s > 0)
      take_signal (self, signal, at, record_us);
    at += signal->n * 2;
  }
}

static gboolean
take_records (Edf *self, GError **error)
{
  gint64 number = 0;
  gsize n;

  while ((n = fread (self->record, 1, self->record_bytes, self->file)) == self->record_bytes && (self->n_records < 0 || number < self->n_records)) {
    take_record (self, number++);
    if (!chs_import_step (self->import, (guint64) number, (guint64) MAX (self->n_records, 0), error))
      return FALSE;
  }
  if (self->n_records >= 0 && number < self->n_records)
    chs_import_note (self->import, "the file ends after %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " records: the rest is missing", number, self->n_records);
  else if (self->n_records < 0 && n > 0)
    chs_import_note (self->import, "the file ends within record %" G_GINT64_FORMAT ": what is there of it is left out", number + 1);
  return TRUE;
}

static gboolean
run (ChsImport *import, GError **error)
{
  Edf self = { .import = import, .signals = g_array_new (FALSE, FALSE, sizeof (Signal)) };
  gboolean done = FALSE;

  self.file = chs_import_open (import, chs_import_get_path (import), error);
  if (self.file != NULL && read_header (&self, error)) {
    self.record = g_malloc (self.record_bytes);
    self.samples = g_new (double, self.record_bytes / 2);
    add_tracks (&self);
    done = take_records (&self, error);
  }
  chs_import_close (import, chs_import_get_path (import), self.file);
  g_free (self.record);
  g_free (self.samples);
  g_array_unref (self.signals);
  return done;
}

/* "0" and blanks, and at the end of the fixed part a number of signals that agrees with the header's own length. */
static gboolean
probe (const guint8 *head, gsize n)
{
  double bytes, ns;

  return n > HEADER_BYTES && memcmp (head, "0       ", 8) == 0 && read_number (head + 184, 8, &bytes) && read_number (head + 252, 4, &ns) &&
         fabs (bytes - HEADER_BYTES * (ns + 1)) < 0.5;
}

const ChsImporter chs_import_edf = {
  .id = "edf",
  .label = "EDF, EDF+",
  .probe = probe,
  .run = run,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/import.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Records of PhysioNet (shared/formats/wfdb.md): a text header NAME.hea and signal files beside it. */

#define HEADER_BYTES_MAX (4u * 1024 * 1024)
#define SIGNALS_MAX 256
#define SEGMENTS_MAX 100000
#define PER_FRAME_MAX 1000
#define CHUNK_FRAMES 512u
#define RATE_MIN_HZ 1e-6
#define TIME_MAX_US 1e17 /* own choice: 3000 years; the import drops what is later */
#define NUMERICS_HZ 1.0 /* own choice: a record of at most one sample a second holds numbers, not waves */
#define SILENT_US (10 * G_USEC_PER_SEC)
#define SILENT_MAX_S 3600.0 /* whatever a rate near 0 says; the import takes less */
#define DEFAULT_GAIN 200.0 /* of the format, for signals that were never calibrated */

typedef struct {
  char   file[256];
  int    format;
  guint  per_frame, skew;
  guint64 at; /* bytes before the first sample */
  double gain, baseline;
  char   unit[16], name[64];
  double init;
  int    checksum; /* -1 = not told */
  /* while it is read */
  guint  track, fine_track;
  gint64 last; /* of differences */
  guint16 sum;
  double *raw; /* CHUNK_FRAMES * per_frame */
} Signal;

typedef struct {
  char    name[256];
  guint64 n;
} Segment;

typedef struct {
  double  rate_hz;
  guint64 n; /* frames; 0 = not told */
  gint64  start_us;
  gboolean is_dated;
  GArray *signals;  /* of Signal */
  GArray *segments; /* of Segment; empty = a plain record */
  gboolean is_layout;
} Record;

typedef struct {
  FILE *file;
  int   format;
  gint64 queue[3]; /* samples that were packed together; last first */
  guint n_queue;
} Samples;

typedef struct {
  ChsImport  *import;
  guint8      source;
  GHashTable *tracks; /* name and unit : track + 1 */
} Wfdb;

static void
record_clear (Record *self)
{
  for (guint i = 0; self->signals != NULL && i < self->signals->len; i++)
    g_free (g_array_index (self->signals, Signal, i).raw);
  g_clear_pointer (&self->signals, g_array_unref);
  g_clear_pointer (&self->segments, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Record, record_clear)

/* ---- header ---- */

static gboolean
is_file_name (const char *text)
{
  return text[0] != '\0' && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.") == strlen (text);
}

/* "8:26:04", "31:25.894": what leads may lack. */
static double
seconds_of (const char *text)
{
  double seconds = 0;

  for (char *end; ; text = end + 1) {
    seconds = seconds * 60 + g_ascii_strtod (text, &end);
    if (*end != ':')
      return seconds;
  }
}

static gboolean
read_date (const char *text, const char *time, gint64 *start_us)
{
  int day, month, year;
  g_autoptr (GDateTime) date = NULL;

  if (sscanf (text, "%d/%d/%d", &day, &month, &year) != 3)
    return FALSE;
  date = g_date_time_new_utc (year, month, day, 0, 0, 0);
  if (date == NULL)
    return FALSE;
  *start_us = g_date_time_to_unix (date) * G_USEC_PER_SEC + (gint64) llround (seconds_of (time) * G_USEC_PER_SEC);
  return TRUE;
}

/* name[/segments] signals [rate[/counter] [samples [time [date]]]]; returns the counts through @n_signals, @n_segments. */
static gboolean
read_record_line (Record *self, char **words, guint n, long *n_signals, long *n_segments)
{
  const char *slash = n >= 2 ? strchr (words[0], '/') : NULL;

  if (n < 2)
    return FALSE;
  *n_segments = slash != NULL ? strtol (slash + 1, NULL, 10) : 0;
  *n_signals = strtol (words[1], NULL, 10);
  self->rate_hz = n > 2 ? g_ascii_strtod (words[2], NULL) : 250;
  self->n = n > 3 ? g_ascii_strtoull (words[3], NULL, 10) : 0;
  self->is_dated = n > 5 && read_date (words[5], words[4], &self->start_us);
  return *n_signals >= 0 && *n_signals <= SIGNALS_MAX && *n_segments >= 0 && *n_segments <= SEGMENTS_MAX && self->rate_hz >= RATE_MIN_HZ &&
         self->rate_hz < 1e6;
}

/* format[xN][:SKEW][+OFFSET] */
static void
read_format (Signal *signal, const char *text)
{
  char *end;

  signal->format = (int) strtol (text, &end, 10);
  signal->per_frame = 1;
  while (*end != '\0') {
    char what = *end;
    guint64 value = g_ascii_strtoull (end + 1, &end, 10);

    if (what == 'x')
      signal->per_frame = (guint) MIN (value, PER_FRAME_MAX + 1);
    else if (what == ':')
      signal->skew = (guint) MIN (value, G_MAXINT);
    else if (what == '+')
      signal->at = value;
    else
      return;
  }
}

/* gain[(baseline)][/unit] */
static void
read_gain (Signal *signal, const char *text, gboolean *has_baseline)
{
  char *end;

  signal->gain = g_ascii_strtod (text, &end);
  if (*end == '(') {
    signal->baseline = g_ascii_strtod (end + 1, &end);
    *has_baseline = TRUE;
    end += *end == ')';
  }
  if (*end == '/')
    chs_text_copy (signal->unit, sizeof signal->unit, end + 1);
}

static gboolean
read_signal_line (Record *self, char **words, guint n)
{
  Signal signal = { .checksum = -1, .unit = "mV", .track = CHS_IMPORT_NO_TRACK, .fine_track = CHS_IMPORT_NO_TRACK };
  gboolean has_baseline = FALSE;

  if (n < 2)
    return FALSE;
  g_strlcpy (signal.file, words[0], sizeof signal.file);
  read_format (&signal, words[1]);
  if (n > 2)
    read_gain (&signal, words[2], &has_baseline);
  if (!(fabs (signal.gain) > 0) || !isfinite (signal.gain))
    signal.gain = DEFAULT_GAIN;
  if (!has_baseline && n > 4)
    signal.baseline = g_ascii_strtod (words[4], NULL);
  signal.init = n > 5 ? g_ascii_strtod (words[5], NULL) : n > 4 ? g_ascii_strtod (words[4], NULL) : 0;
  if (n > 6)
    signal.checksum = (guint16) strtol (words[6], NULL, 10);
  if (n > 8) {
    g_autofree char *name = g_strjoinv (" ", words + 8);

    chs_text_copy (signal.name, sizeof signal.name, g_strstrip (name));
  }
  if (signal.name[0] == '\0')
    g_snprintf (signal.name, sizeof signal.name, "signal %u", self->signals->len + 1);
  if (signal.per_frame == 0 || signal.per_frame > PER_FRAME_MAX || (strcmp (signal.file, "~") != 0 && !is_file_name (signal.file)))
    return FALSE;
  self->is_layout = self->is_layout || strcmp (signal.file, "~") == 0;
  g_array_append_val (self->signals, signal);
  return TRUE;
}

/* Words of a line, however many blanks are between them. */
static char **
dup_words (const char *line, guint *n)
{
  g_auto (GStrv) parts = g_strsplit_set (line, " \t\r", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (char **part = parts; *part != NULL; part++)
    if ((*part)[0] != '\0')
      g_ptr_array_add (words, g_strdup (*part));
  *n = words->len;
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_steal (words, NULL);
}

static gboolean
read_segment_line (Record *self, char **words, guint n)
{
  Segment segment = { .n = n > 1 ? g_ascii_strtoull (words[1], NULL, 10) : 0 };

  if (n < 2 || (strcmp (words[0], "~") != 0 && !is_file_name (words[0])))
    return FALSE;
  g_strlcpy (segment.name, words[0], sizeof segment.name);
  g_array_append_val (self->segments, segment);
  return TRUE;
}

/* Returns 0, or the number of the line that makes no sense. */
static guint
read_header (Record *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  long n_signals = -1, n_segments = 0, got = 0;

  *self = (Record) { .signals = g_array_new (FALSE, FALSE, sizeof (Signal)), .segments = g_array_new (FALSE, FALSE, sizeof (Segment)) };
  for (guint i = 0; lines[i] != NULL; i++) {
    guint n;
    g_auto (GStrv) words = dup_words (lines[i], &n);
    gboolean good;

    if (n == 0 || words[0][0] == '#')
      continue;
    if (n_signals >= 0 && got >= (n_segments > 0 ? n_segments : n_signals))
      break;
    if (n_signals < 0)
      good = read_record_line (self, words, n, &n_signals, &n_segments);
    else {
      good = n_segments > 0 ? read_segment_line (self, words, n) : read_signal_line (self, words, n);
      got++;
    }
    if (!good)
      return i + 1;
  }
  return n_signals < 0 || got < (n_segments > 0 ? n_segments : n_signals) ? g_strv_length (lines) : 0;
}

/* ---- samples ---- */

static gint64
extend (guint64 value, guint bits)
{
  guint64 sign = (guint64) 1 << (bits - 1);

  return (gint64) ((value & (2 * sign - 1)) ^ sign) - (gint64) sign;
}

static gboolean
get_bytes (Samples *self, guint8 *bytes, guint n)
{
  return fread (bytes, 1, n, self->file) == n;
}

/* Formats that pack several samples into one group: fills the queue, the last sample first. */
static gboolean
next_group (Samples *self)
{
  guint8 b[4] = { 0 };
  gsize n = fread (b, 1, self->format == 212 ? 3 : 4, self->file);

  if (self->format == 212) {
    if (n < 2)
      return FALSE;
    self->queue[1] = extend ((guint64) (b[1] & 0x0f) << 8 | b[0], 12);
    self->queue[0] = extend ((guint64) (b[1] & 0xf0) << 4 | b[2], 12);
    self->n_queue = 2;
    if (n == 2) { /* an odd last sample */
      self->queue[0] = self->queue[1];
      self->n_queue = 1;
    }
    return TRUE;
  }
  if (n < 2)
    return FALSE;
  if (self->format == 310) {
    guint w0 = (guint) (b[0] | b[1] << 8), w1 = (guint) (b[2] | b[3] << 8);

    self->queue[2] = extend (w0 >> 1, 10);
    self->queue[1] = extend (w1 >> 1, 10);
    self->queue[0] = extend ((guint64) (w0 >> 11) + ((guint64) (w1 >> 11) << 5), 10);
  } else {
    guint32 d = (guint32) b[0] | (guint32) b[1] << 8 | (guint32) b[2] << 16 | (guint32) b[3] << 24;

    self->queue[2] = extend (d, 10);
    self->queue[1] = extend (d >> 10, 10);
    self->queue[0] = extend (d >> 20, 10);
  }
  self->n_queue = 3;
  return TRUE;
}

static gboolean
next_sample (Samples *self, Signal *signal, gint64 *value)
{
  guint8 b[4] = { 0 };

  switch (self->format) {
  case 8:
    if (!get_bytes (self, b, 1))
      return FALSE;
    signal->last += (gint8) b[0];
    *value = signal->last;
    return TRUE;
  case 16:
  case 61:
  case 160:
    if (!get_bytes (self, b, 2))
      return FALSE;
    *value = self->format == 61 ? extend ((guint64) b[0] << 8 | b[1], 16) : extend ((guint64) b[1] << 8 | b[0], 16);
    if (self->format == 160)
      *value = (gint64) (b[1] << 8 | b[0]) - 32768;
    return TRUE;
  case 24:
    *value = get_bytes (self, b, 3) ? extend ((guint64) b[2] << 16 | (guint64) b[1] << 8 | b[0], 24) : 0;
    return !feof (self->file);
  case 32:
    *value = get_bytes (self, b, 4) ? extend ((guint64) b[3] << 24 | (guint64) b[2] << 16 | (guint64) b[1] << 8 | b[0], 32) : 0;
    return !feof (self->file);
  case 80:
    *value = get_bytes (self, b, 1) ? (gint64) b[0] - 128 : 0;
    return !feof (self->file);
  default:
    if (self->n_queue == 0 && !next_group (self))
      return FALSE;
    *value = self->queue[--self->n_queue];
    return TRUE;
  }
}

/* Formats that can be read, and the sample that stands for "no value"; 0: there is none. */
static const struct {
  int    format;
  gint64 missing;
} formats[] = {
  { 8, 0 },      { 16, -32768 }, { 24, -8388608 }, { 32, INT32_MIN }, { 61, -32768 },
  { 80, -128 },  { 160, -32768 }, { 212, -2048 },  { 310, -512 },     { 311, -512 },
};

static gint64
missing_of (int format, gboolean *known)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].format == format) {
      *known = TRUE;
      return formats[i].missing;
    }
  *known = FALSE;
  return 0;
}

/* ---- into tracks ---- */

static guint
track_of (Wfdb *self, const char *name, const char *unit, gboolean is_wave, gboolean is_plain)
{
  g_autofree char *key = g_strdup_printf ("%s\n%s", name, unit);
  guint track = GPOINTER_TO_UINT (g_hash_table_lookup (self->tracks, key));
  ChsParam param = is_plain ? chs_import_param (name, unit, is_wave) : CHS_PARAM_OTHER_WAVE;

  if (track == 0) {
    track = chs_import_add_track (self->import, self->source, param, CHS_IMPORT_HELD, name, unit) + 1;
    g_hash_table_insert (self->tracks, g_steal_pointer (&key), GUINT_TO_POINTER (track));
  }
  return track - 1;
}

/* A signal with several samples a frame is kept as it is, and under its own name as the mean of each frame, which is
 * how other readers show it beside the rest. */
static void
begin_signal (Wfdb *self, const Record *record, Signal *signal)
{
  gboolean is_wave = record->rate_hz > NUMERICS_HZ;

  signal->raw = g_new (double, (gsize) CHUNK_FRAMES * signal->per_frame);
  signal->last = (gint64) signal->init;
  signal->track = track_of (self, signal->name, signal->unit, is_wave, signal->per_frame == 1);
  if (signal->per_frame > 1 && is_wave) {
    g_autofree char *name = g_strdup_printf ("%.40s (%g Hz)", signal->name, record->rate_hz * signal->per_frame);

    signal->fine_track = track_of (self, name, signal->unit, TRUE, FALSE);
  }
}

static gint64
time_of (const Record *record, guint64 frame)
{
  return record->start_us + (gint64) llround (fmin ((double) frame / record->rate_hz * G_USEC_PER_SEC, TIME_MAX_US));
}

/* In whole units of the converter, as the reference programs of PhysioNet do, over the samples that are there. */
static void
mean_of_frames (const Signal *signal, guint n, double *mean)
{
  for (guint i = 0; i < n; i++) {
    double sum = 0;
    guint there = 0;

    for (guint k = 0; k < signal->per_frame; k++) {
      double sample = signal->raw[i * signal->per_frame + k];

      sum += isnan (sample) ? 0 : sample;
      there += !isnan (sample);
    }
    mean[i] = there > 0 ? trunc (sum / there) : (double) NAN;
  }
}

static void
flush_signal (Wfdb *self, const Record *record, Signal *signal, guint64 frame, guint n)
{
  double gain = 1 / signal->gain, offset = -signal->baseline / signal->gain;
  double mean[CHUNK_FRAMES];
  guint from = frame >= signal->skew ? 0 : (guint) MIN (n, signal->skew - frame);
  guint64 at = frame + from - MIN (signal->skew, frame + from);

  if (from == n)
    return; /* what precedes the record's beginning */
  mean_of_frames (signal, n, mean);
  if (record->rate_hz > NUMERICS_HZ) {
    chs_import_wave (self->import, signal->track, time_of (record, at), record->rate_hz, gain, offset, mean + from, n - from);
    chs_import_wave (self->import, signal->fine_track, time_of (record, at), record->rate_hz * signal->per_frame, gain, offset,
                     signal->raw + from * signal->per_frame, (gsize) (n - from) * signal->per_frame);
    return;
  }
  for (guint i = from; i < n; i++)
    chs_import_numeric (self->import, signal->track, time_of (record, at + i - from), offset + gain * mean[i]);
}

/* Numbers of one time together: a reading of the cuff is three signals. */
static void
flush_group (Wfdb *self, const Record *record, Signal *group, guint n_group, guint64 frame, guint n)
{
  for (guint i = 0; i < n_group; i++)
    flush_signal (self, record, &group[i], frame, n);
}

static gboolean
read_frame (Samples *samples, Signal *group, guint n_group, guint at, gint64 missing)
{
  for (guint i = 0; i < n_group; i++)
    for (guint k = 0; k < group[i].per_frame; k++) {
      gint64 value;

      if (!next_sample (samples, &group[i], &value))
        return FALSE;
      group[i].sum = (guint16) (group[i].sum + (guint16) value);
      group[i].raw[at * group[i].per_frame + k] = missing != 0 && value == missing ? (double) NAN : (double) value;
    }
  return TRUE;
}

static void
check_sums (Wfdb *self, const Signal *group, guint n_group)
{
  for (guint i = 0; i < n_group; i++)
    if (group[i].checksum >= 0 && group[i].sum != group[i].checksum)
      chs_import_note (self->import, "signal %s of %s: its checksum is not that of the header: some samples are not what they were", group[i].name,
                       group[i].file);
}

/* All signals of one file. */
static gboolean
read_group (Wfdb *self, const Record *record, Signal *group, guint n_group, FILE *file, GError **error)
{
  Samples samples = { .file = file, .format = group[0].format };
  guint chunk = record->rate_hz > NUMERICS_HZ ? CHUNK_FRAMES : 1;
  gboolean known, more = TRUE;
  gint64 missing = missing_of (group[0].format, &known);
  guint64 frame = 0;

  while (more && (record->n == 0 || frame < record->n)) {
    guint n = 0, want = (guint) (record->n == 0 ? chunk : MIN (chunk, record->n - frame));

    while (n < want && (more = read_frame (&samples, group, n_group, n, missing)))
      n++;
    flush_group (self, record, group, n_group, frame, n);
    frame += n;
    if (!chs_import_step (self->import, frame, record->n, error))
      return FALSE;
  }
  if (frame < record->n)
    chs_import_note (self->import, "%s ends after %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " samples: the rest is missing", group[0].file, frame,
                     record->n);
  else if (record->n > 0)
    check_sums (self, group, n_group);
  return TRUE;
}

static gboolean
read_file (Wfdb *self, const Record *record, Signal *group, guint n_group, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, group[0].file, NULL);
  gboolean known, done;
  FILE *file;

  missing_of (group[0].format, &known);
  if (!known) {
    chs_import_note (self->import, "%s is in format %d, which cannot be read%s: its %u signals are missing", group[0].file, group[0].format,
                     group[0].format > 500 ? " (compressed with FLAC)" : "", n_group);
    return TRUE;
  }
  file = g_fopen (path, "rb");
  if (file == NULL || fseeko (file, (off_t) MIN (group[0].at, G_MAXINT64), SEEK_SET) != 0) {
    chs_import_note (self->import, "cannot open %s: %s; its %u signals are missing", path, g_strerror (errno), n_group);
    g_clear_pointer (&file, fclose);
    return TRUE;
  }
  for (guint i = 0; i < n_group; i++)
    begin_signal (self, record, &group[i]);
  done = read_group (self, record, group, n_group, file, error);
  chs_import_close (self->import, path, file);
  return done;
}

static gboolean
read_signals (Wfdb *self, Record *record, const char *folder, GError **error)
{
  Signal *signals = (Signal *) (gpointer) record->signals->data;
  guint n = record->signals->len;

  for (guint i = 0, next; i < n; i = next) {
    for (next = i + 1; next < n && strcmp (signals[next].file, signals[i].file) == 0 && signals[next].format == signals[i].format;)
      next++;
    if (!read_file (self, record, &signals[i], next - i, folder, error))
      return FALSE;
  }
  return TRUE;
}

/* ---- the record ---- */

static gboolean
load_header (const char *path, Record *record, GError **error)
{
  g_autofree char *text = NULL;
  GStatBuf info;
  guint line;

  if (g_stat (path, &info) == 0 && info.st_size > HEADER_BYTES_MAX) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_FORMAT, "%s: a header of more than 4 MB is none", path);
    return FALSE;
  }
  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  line = read_header (record, text);
  if (line > 0)
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_FORMAT, "%s:%u: this line of a WFDB header makes no sense, or lines are missing", path, line);
  return line == 0;
}

/* Time runs on through a segment that cannot be read. */
static gboolean
read_segment (Wfdb *self, const Record *whole, const Segment *segment, guint64 frame, const char *folder, GError **error)
{
  g_autofree char *name = g_strconcat (segment->name, ".hea", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_auto (Record) record = { 0 };
  g_autoptr (GError) why = NULL;

  if (strcmp (segment->name, "~") == 0 || segment->n == 0)
    return TRUE; /* a gap, or the list of signals before a variable layout */
  if (!load_header (path, &record, &why) || record.segments->len > 0) {
    chs_import_note (self->import, "segment %s is missing: %s", segment->name, why != NULL ? why->message : "it has segments of its own");
    return TRUE;
  }
  record.start_us = time_of (whole, frame);
  record.rate_hz = whole->rate_hz;
  if (record.n == 0 || record.n > segment->n)
    record.n = segment->n;
  return read_signals (self, &record, folder, error);
}

static gboolean
read_record (Wfdb *self, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_auto (Record) record = { 0 };
  guint64 frame = 0;

  if (!load_header (path, &record, error))
    return FALSE;
  if (!record.is_dated)
    chs_import_set_undated (self->import);
  self->source = chs_import_add_source (self->import, "wfdb", 0, MAX (SILENT_US, (gint64) (MIN (3 / record.rate_hz, SILENT_MAX_S) * G_USEC_PER_SEC)));
  if (record.segments->len == 0)
    return read_signals (self, &record, folder, error);
  for (guint i = 0; i < record.segments->len; i++) {
    const Segment *segment = &g_array_index (record.segments, Segment, i);

    if (!read_segment (self, &record, segment, frame, folder, error))
      return FALSE;
    frame += MIN (segment->n, (guint64) G_MAXINT64 / SEGMENTS_MAX / 2);
  }
  return TRUE;
}

static gboolean
run (ChsImport *import, GError **error)
{
  Wfdb self = { .import = import, .tracks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  gboolean done = read_record (&self, chs_import_get_path (import), error);

  g_hash_table_unref (self.tracks);
  return done;
}

/* A header is text whose lines hold together. */
static gboolean
probe (const guint8 *head, gsize n)
{
  g_auto (Record) record = { 0 };
  guint n_words;
  g_auto (GStrv) words = NULL;

  if (n == 0 || memchr (head, '\0', n) != NULL || memchr (head, ',', strcspn ((const char *) head, "\n")) != NULL)
    return FALSE;
  words = dup_words ((const char *) head, &n_words);
  if (n_words < 4 || words[1][strspn (words[1], "0123456789")] != '\0')
    return FALSE;
  return (read_header (&record, (const char *) head) == 0 || n == CHS_IMPORT_HEAD) && record.signals->len + record.segments->len > 0;
}

const ChsImporter chs_import_wfdb = {
  .id = "wfdb",
  .label = "WFDB record of PhysioNet (.hea)",
  .probe = probe,
  .run = run,
};

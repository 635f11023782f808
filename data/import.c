/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/import.h"

#include "data/event-codec.h"
#include "data/import-spool.h"
#include "data/ini.h"
#include "data/share.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NOTES_MAX 100u
#define TRACKS_MAX 20000u              /* of a hostile file */
#define SOURCES_MAX 250u
#define CUFF_US G_USEC_PER_SEC         /* values of one reading stand closer than this: rows of one a second are apart; own choice */
#define TICKS_US (120 * (gint64) G_USEC_PER_SEC) /* ticks go on so long after the last event: all that can fall silent has */
#define WAVE_BLOCK 1024u               /* samples */
#define WAVE_BLOCK_US (4 * (gint64) G_USEC_PER_SEC)
#define STEPS 65534.0                  /* from -32767 to 32767; -32768 is "absent" */
#define FLOAT_SLACK 1.2e-7             /* half a step of a float, and of the product */
#define HUGE_VALUE 1e30                /* no instrument's; a float can hold it with its scale */
#define WALL_MAX_US (G_GINT64_CONSTANT (400000) * 86400 * G_USEC_PER_SEC) /* the year 3065: MIMIC moves its dates there */
#define INFUSION_SILENT_US (60 * (gint64) G_USEC_PER_SEC) /* as an exporter holds a pump's value: shared/formats/edf.md */
#define TRACK_LINE_MAX 64u /* numbers, name of the parameter and tabs */
#define ROOM_EVERY 256u
#define RATE_MIN_HZ 1e-6 /* of a wave: so that times stay in range, whatever a file says */
#define RATE_MAX_HZ 1e6

typedef struct {
  ChsStoreSource store;
  guint8  kind;
  gint64  silent_us;
  gint64  heard_us; /* key of its last value; CHS_TIME_NONE = none yet */
  gboolean is_up;
} Source;

/* A number that is part of a pressure reading waits for the others. */
typedef struct {
  gint64  wall_us; /* CHS_TIME_NONE = nothing waits */
  guint   track[3]; /* SYS, DIA, MEAN; NO_TRACK = does not wait */
  gint64  at_us[3];
  double  value[3];
  double  shown[3]; /* the reading before */
  guint8  quality[3]; /* ChsQuality */
  gint64  meas_us;  /* when it was taken; CHS_TIME_NONE = not known */
  gboolean was_seen;
} Cuff;

typedef struct {
  ChsStoreTrack store;
  ChsImportTiming timing;
  gboolean cut; /* a text was too long; told */
  double *raw;  /* waves: samples that wait for more */
  guint   n;
  gint64  first_us;
  double  rate_hz, gain, offset;
} Track;

typedef struct {
  double low, high;
} Range;

struct _ChsImport {
  const ChsImporter *importer;
  const char        *path;
  ChsImportProgress  progress;
  gpointer           user_data;
  GCancellable      *cancellable;
  GString           *account;
  guint              n_notes;
  ChsSpool          *spool;
  guint64            n_dropped;
  gint64             first_us; /* earliest time of a value; INT64_MAX = none */
  gboolean           undated, live;
  GArray            *sources; /* of Source */
  GArray            *tracks;  /* of Track */
  GHashTable        *channels; /* source << 8 | param : channels in use */
  GHashTable        *pumps;    /* name : source; of chs_import_infusion() */
  GHashTable        *cuffs;   /* source << 1 | arterial : Cuff */
  Range              range[CHS_N_PARAMS]; /* NAN = any */
};

G_DEFINE_QUARK (chs-import-error-quark, chs_import_error)

void
chs_import_result_clear (ChsImportResult *result)
{
  g_clear_pointer (&result->account, g_free);
}

/* ---- recognising ---- */

const ChsImporter *
chs_import_find (const ChsImporter *const *importers, guint n, const char *path, GError **error)
{
  g_autofree guint8 *head = g_malloc0 (CHS_IMPORT_HEAD + 1);
  FILE *file = g_fopen (path, "rb");
  gsize n_head;
  int failed;

  if (file == NULL) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_READ, "cannot open %s: %s", path, g_strerror (errno));
    return NULL;
  }
  n_head = fread (head, 1, CHS_IMPORT_HEAD, file);
  failed = ferror (file) ? errno : 0;
  fclose (file);
  if (failed != 0) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_READ, "cannot read %s: %s", path, g_strerror (failed));
    return NULL;
  }
  for (guint i = 0; i < n; i++)
    if (importers[i]->probe (head, n_head))
      return importers[i];
  g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_FORMAT, "%s: the content is of no format that can be imported", path);
  return NULL;
}

/* ---- what importers ask and tell ---- */

FILE *
chs_import_open (ChsImport *self, const char *path, GError **error)
{
  FILE *file = g_fopen (path, "rb");

  if (file == NULL)
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_READ, "cannot open %s: %s", path, g_strerror (errno));
  return file;
}

void
chs_import_close (ChsImport *self, const char *path, FILE *file)
{
  if (file == NULL)
    return;
  if (ferror (file))
    chs_import_note (self, "%s could not be read to its end (was the medium taken out?): what followed is missing", path);
  fclose (file);
}

const char *
chs_import_get_path (ChsImport *self)
{
  return self->path;
}

gboolean
chs_import_step (ChsImport *self, guint64 done, guint64 total, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (self->progress != NULL && total > 0)
    self->progress (MIN (1.0, (double) done / (double) total), self->user_data);
  return TRUE;
}

void
chs_import_note (ChsImport *self, const char *format, ...)
{
  va_list args;

  if (++self->n_notes > NOTES_MAX)
    return;
  va_start (args, format);
  g_string_append_vprintf (self->account, format, args);
  va_end (args);
  g_string_append_c (self->account, '\n');
}

void
chs_import_set_undated (ChsImport *self)
{
  self->undated = TRUE;
}

void
chs_import_set_live (ChsImport *self)
{
  self->live = TRUE;
}

static gboolean
is_taken (ChsImport *self, const char *name)
{
  for (guint i = 0; i < self->sources->len; i++)
    if (strcmp (g_array_index (self->sources, Source, i).store.name, name) == 0)
      return TRUE;
  return FALSE;
}

guint8
chs_import_add_source (ChsImport *self, const char *name, guint8 kind, gint64 silent_us)
{
  Source source = { .kind = kind, .silent_us = MIN (silent_us, TICKS_US), .heard_us = CHS_TIME_NONE };
  char base[sizeof source.store.name];

  if (self->sources->len >= SOURCES_MAX) {
    chs_import_note (self, "instrument \"%s\" and its values are left out: a recording holds at most %u instruments", name, SOURCES_MAX);
    return 0;
  }
  source.store.source = (guint8) (self->sources->len + 1);
  chs_text_copy (base, sizeof base, name[0] != '\0' ? name : self->importer->id);
  chs_text_copy (source.store.name, sizeof source.store.name, base);
  for (guint i = 2; is_taken (self, source.store.name); i++) {
    char numbered[sizeof base + 16];

    base[sizeof base - 5] = '\0'; /* room for " 250" */
    g_snprintf (numbered, sizeof numbered, "%s %u", base, i);
    chs_text_copy (source.store.name, sizeof source.store.name, numbered);
  }
  g_strlcpy (source.store.driver, self->importer->id, sizeof source.store.driver);
  g_strlcpy (source.store.version, CHS_VERSION, sizeof source.store.version);
  g_array_append_val (self->sources, source);
  return source.store.source;
}

guint
chs_import_add_track (ChsImport *self, guint8 source, ChsParam param, ChsImportTiming timing, const char *name, const char *unit)
{
  Track track = { .store = { .source = source, .param = (guint8) param }, .timing = timing };
  gpointer key = GUINT_TO_POINTER ((guint) source << 8 | (guint) param);
  guint channel = GPOINTER_TO_UINT (g_hash_table_lookup (self->channels, key));

  if (source == 0)
    return CHS_IMPORT_NO_TRACK;
  if (channel > G_MAXUINT8 || self->tracks->len >= TRACKS_MAX) {
    chs_import_note (self, "track \"%s\" is left out: an instrument of a recording has room for 256 of its kind", name);
    return CHS_IMPORT_NO_TRACK;
  }
  g_hash_table_insert (self->channels, key, GUINT_TO_POINTER (channel + 1));
  track.store.channel = (guint8) channel;
  if (param < CHS_PARAM_NIBP_SYS || param > CHS_PARAM_NIBP_MEAN)
    track.timing = CHS_IMPORT_STREAM;
  chs_text_copy (track.store.name, sizeof track.store.name, name);
  chs_text_copy (track.store.unit, sizeof track.store.unit, unit);
  g_array_append_val (self->tracks, track);
  return self->tracks->len - 1;
}

/* ---- values ---- */

static void
add (ChsImport *self, ChsEvent *event, gint64 first_us)
{
  if (!(event->wall_us > -WALL_MAX_US && event->wall_us < WALL_MAX_US && first_us > -WALL_MAX_US) || !chs_spool_add (self->spool, event)) {
    self->n_dropped++;
    return;
  }
  self->first_us = MIN (self->first_us, first_us);
}

void
chs_import_event (ChsImport *self, const ChsEvent *event)
{
  ChsEvent copy = *event;

  add (self, &copy, copy.wall_us);
}

static ChsEvent
event_of (const Track *track, ChsEventType type, gint64 wall_us)
{
  return (ChsEvent) { .type = (guint8) type, .source = track->store.source, .channel = track->store.channel, .wall_us = wall_us };
}

static ChsEvent
numeric_of (ChsImport *self, const Track *track, gint64 wall_us, double value, guint8 quality)
{
  const Range *range = &self->range[track->store.param];
  ChsEvent event = chs_numeric (track->store.param, isfinite (value) ? value : (double) NAN);

  event.source = track->store.source;
  event.channel = track->store.channel;
  event.wall_us = wall_us;
  event.numeric.quality = MAX (event.numeric.quality, quality);
  if (value < range->low || value > range->high) /* never true of NAN */
    event.numeric.quality = CHS_QUALITY_INVALID;
  return event;
}

/* SYS, DIA, MEAN of a pressure, in that order; -1: none of them. */
static int
place_in_cuff (guint8 param)
{
  if (param >= CHS_PARAM_NIBP_SYS && param <= CHS_PARAM_NIBP_MEAN)
    return param - CHS_PARAM_NIBP_SYS;
  return param >= CHS_PARAM_ABP_SYS && param <= CHS_PARAM_ABP_MEAN ? param - CHS_PARAM_ABP_SYS : -1;
}

static gboolean
is_new_reading (const Cuff *cuff)
{
  for (guint i = 0; i < 3; i++)
    if (cuff->track[i] != CHS_IMPORT_NO_TRACK && !isnan (cuff->value[i]) &&
        (isnan (cuff->shown[i]) || fabs (cuff->value[i] - cuff->shown[i]) > 0))
      return TRUE;
  return FALSE;
}

/* A cuff's last reading stands in the file until the next one: it was taken when it changed. The first one was there
 * before anybody looked. */
static ChsTimeMark
mark_of (Cuff *cuff, ChsImportTiming timing)
{
  gboolean was_seen = cuff->was_seen;

  cuff->was_seen = TRUE;
  if (timing == CHS_IMPORT_STREAM)
    return CHS_TIME_MARK_STREAM;
  if (timing == CHS_IMPORT_SPOT || (was_seen && is_new_reading (cuff)))
    cuff->meas_us = cuff->wall_us;
  if (timing == CHS_IMPORT_SPOT)
    return CHS_TIME_MARK_EXACT;
  return cuff->meas_us != CHS_TIME_NONE ? CHS_TIME_MARK_ESTIMATED : CHS_TIME_MARK_UNKNOWN;
}

/* The engine wants a reading whole and in order, and not before all of it is known. */
static void
settle_cuff (ChsImport *self, Cuff *cuff)
{
  ChsTimeMark mark = CHS_TIME_MARK_STREAM;
  gboolean is_first = TRUE;
  gint64 last_us = CHS_TIME_NONE;

  if (cuff->wall_us == CHS_TIME_NONE)
    return;
  for (guint i = 0; i < 3; i++) {
    if (cuff->track[i] == CHS_IMPORT_NO_TRACK)
      continue;
    if (is_first)
      mark = mark_of (cuff, g_array_index (self->tracks, Track, cuff->track[i]).timing);
    is_first = FALSE;
    last_us = MAX (last_us, cuff->at_us[i]);
  }
  for (guint i = 0; i < 3; i++) {
    ChsEvent event;

    if (cuff->track[i] == CHS_IMPORT_NO_TRACK)
      continue;
    event = numeric_of (self, &g_array_index (self->tracks, Track, cuff->track[i]), last_us, cuff->value[i], cuff->quality[i]);
    event.numeric.time_mark = (guint8) mark;
    event.numeric.meas_us = mark == CHS_TIME_MARK_STREAM ? CHS_TIME_NONE : cuff->meas_us; /* on the wall clock until it is written */
    add (self, &event, cuff->wall_us);
    cuff->shown[i] = cuff->value[i];
    cuff->track[i] = CHS_IMPORT_NO_TRACK;
  }
  cuff->wall_us = CHS_TIME_NONE;
}

static Cuff *
find_cuff (ChsImport *self, const Track *track)
{
  gpointer key = GUINT_TO_POINTER ((guint) track->store.channel << 9 | (guint) track->store.source << 1 |
                                   (track->store.param >= CHS_PARAM_ABP_SYS));
  Cuff *cuff = g_hash_table_lookup (self->cuffs, key);

  if (cuff == NULL) {
    cuff = g_new (Cuff, 1);
    *cuff = (Cuff) { .wall_us = CHS_TIME_NONE, .meas_us = CHS_TIME_NONE, .shown = { NAN, NAN, NAN },
                     .track = { CHS_IMPORT_NO_TRACK, CHS_IMPORT_NO_TRACK, CHS_IMPORT_NO_TRACK } };
    g_hash_table_insert (self->cuffs, key, cuff);
  }
  return cuff;
}

void
chs_import_numeric (ChsImport *self, guint track, gint64 wall_us, double value)
{
  chs_import_doubtful (self, track, wall_us, value, CHS_QUALITY_OK);
}

void
chs_import_doubtful (ChsImport *self, guint track, gint64 wall_us, double value, ChsQuality quality)
{
  const Track *t;
  ChsEvent event;
  Cuff *cuff;
  int place;

  if (track == CHS_IMPORT_NO_TRACK)
    return;
  t = &g_array_index (self->tracks, Track, track);
  place = place_in_cuff (t->store.param);
  if (place < 0) {
    event = numeric_of (self, t, wall_us, value, (guint8) quality);
    add (self, &event, wall_us);
    return;
  }
  cuff = find_cuff (self, t);
  if (cuff->wall_us != CHS_TIME_NONE && (cuff->track[place] != CHS_IMPORT_NO_TRACK || ABS (wall_us - cuff->wall_us) >= CUFF_US))
    settle_cuff (self, cuff);
  cuff->wall_us = cuff->wall_us == CHS_TIME_NONE ? wall_us : MIN (cuff->wall_us, wall_us);
  cuff->track[place] = track;
  cuff->at_us[place] = wall_us;
  cuff->quality[place] = (guint8) quality;
  cuff->value[place] = isfinite (value) ? value : (double) NAN;
}

void
chs_import_text (ChsImport *self, guint track, gint64 wall_us, const char *text)
{
  ChsEvent event;
  Track *t;

  if (track == CHS_IMPORT_NO_TRACK)
    return;
  t = &g_array_index (self->tracks, Track, track);
  event = event_of (t, CHS_EVENT_DEVICE, wall_us);
  event.device = (ChsDeviceCondition) { .code = CHS_DEVICE_TEXT, .value = NAN };
  if (!chs_text_copy (event.device.text, sizeof event.device.text, text) && !t->cut) {
    chs_import_note (self, "track \"%s\": texts of more than %zu bytes are cut", t->store.name, sizeof event.device.text - 1);
    t->cut = TRUE;
  }
  add (self, &event, wall_us);
}

void
chs_import_pump (ChsImport *self, guint8 source, guint8 channel, gint64 wall_us, double rate_ml_h, double volume_ml, const char *drug)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP, .source = source, .channel = channel, .wall_us = wall_us };

  if (source == 0)
    return;
  chs_pump_status_init (&event.pump);
  event.pump.rate_ml_h = rate_ml_h;
  event.pump.volume_ml = volume_ml;
  if (!isnan (rate_ml_h))
    event.pump.state = rate_ml_h > 0 ? CHS_PUMP_INFUSING : CHS_PUMP_PAUSED;
  chs_text_copy (event.pump.drug, sizeof event.pump.drug, drug);
  add (self, &event, wall_us);
}

void
chs_import_infusion (ChsImport *self, const char *name, gint64 wall_us, double rate_ml_h)
{
  guint8 pump = (guint8) GPOINTER_TO_UINT (g_hash_table_lookup (self->pumps, name));

  if (pump == 0 && g_hash_table_size (self->pumps) < SOURCES_MAX) {
    g_autofree char *called = g_strdup_printf ("%.18s pump", name);

    pump = chs_import_add_source (self, called, 1, INFUSION_SILENT_US);
    g_hash_table_insert (self->pumps, g_strdup (name), GUINT_TO_POINTER (pump));
  }
  chs_import_pump (self, pump, 0, wall_us, rate_ml_h, (double) NAN, NULL);
}

/* ---- waves ---- */

/* Span of the samples, and whether they are whole numbers. */
static gboolean
look_over (const double *raw, guint n, double *low, double *high)
{
  gboolean whole = TRUE;

  *low = INFINITY;
  *high = -INFINITY;
  for (guint i = 0; i < n; i++) {
    if (isnan (raw[i]))
      continue;
    *low = MIN (*low, raw[i]);
    *high = MAX (*high, raw[i]);
    whole = whole && !(fabs (raw[i] - rint (raw[i])) > 0);
  }
  return whole;
}

/* Whether all samples are multiples of @step, as exactly as a float tells. */
static gboolean
is_multiple (const double *raw, guint n, double step)
{
  for (guint i = 0; i < n; i++)
    if (fabs (raw[i] - rint (raw[i] / step) * step) > FLOAT_SLACK * fabs (raw[i])) /* never true of NAN */
      return FALSE;
  return TRUE;
}

/* Most instruments count in tenths, eighths of a thousandth and the like before they write a float: then nothing is
 * lost. Otherwise the finest step that the span allows. */
static double
step_of (const Track *track, double span)
{
  static const double parts[] = { 1, 0.5, 0.25, 0.125 };
  double step = 1;

  for (guint power = 0; power < 8; power++, step /= 10)
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
      if (span <= STEPS * step * parts[i] && is_multiple (track->raw, track->n, step * parts[i]))
        return step * parts[i];
  return 0;
}

static void
settle_wave (ChsImport *self, Track *track)
{
  ChsEvent event = event_of (track, CHS_EVENT_WAVE, track->first_us);
  gint16 samples[WAVE_BLOCK];
  double low, high, base = 0, step = 1;

  if (track->n == 0)
    return;
  if (!look_over (track->raw, track->n, &low, &high) || high - low > STEPS)
    step = step_of (track, high - low);
  if (!(step > 0)) {
    step = (high - low) / STEPS;
    base = low + (high - low) / 2;
  } else if (low < -INT16_MAX * step || high > INT16_MAX * step)
    base = rint ((low + (high - low) / 2) / step) * step;
  for (guint i = 0; i < track->n; i++) {
    double sample = rint ((track->raw[i] - base) / step);

    samples[i] = isnan (sample) ? CHS_WAVE_ABSENT : (gint16) CLAMP (sample, -INT16_MAX, INT16_MAX);
  }
  event.wall_us += (gint64) llround ((track->n - 1) / track->rate_hz * G_USEC_PER_SEC);
  event.wave = (ChsWave) { .param = track->store.param, .n = (guint16) track->n, .rate_hz = (float) track->rate_hz,
                           .scale = (float) (step * track->gain), .offset = (float) (track->offset + base * track->gain), .samples = samples };
  add (self, &event, track->first_us);
  track->n = 0;
}

static gboolean
follows (const Track *track, gint64 first_us, double rate_hz, double gain, double offset)
{
  gint64 due_us = track->first_us + (gint64) (track->n / track->rate_hz * G_USEC_PER_SEC);

  return !(fabs (rate_hz - track->rate_hz) > 0) && !(fabs (gain - track->gain) > 0) && !(fabs (offset - track->offset) > 0) &&
         ABS (first_us - due_us) <= (gint64) (0.5 / rate_hz * G_USEC_PER_SEC) && due_us - track->first_us < WAVE_BLOCK_US;
}

void
chs_import_wave (ChsImport *self, guint track, gint64 first_us, double rate_hz, double gain, double offset, const double *raw, gsize n)
{
  Track *t;

  if (track == CHS_IMPORT_NO_TRACK || n == 0 || !(rate_hz >= RATE_MIN_HZ && rate_hz < RATE_MAX_HZ))
    return;
  t = &g_array_index (self->tracks, Track, track);
  if (t->raw == NULL)
    t->raw = g_new (double, WAVE_BLOCK);
  if (t->n > 0 && !follows (t, first_us, rate_hz, gain, offset))
    settle_wave (self, t);
  for (gsize done = 0; done < n;) {
    gsize now;

    if (t->n == 0) {
      t->first_us = first_us + (gint64) llround ((double) done / rate_hz * G_USEC_PER_SEC);
      t->rate_hz = rate_hz;
      t->gain = gain;
      t->offset = offset;
    }
    now = MIN (n - done, WAVE_BLOCK - t->n);
    for (gsize i = 0; i < now; i++)
      t->raw[t->n + i] = fabs (offset + gain * raw[done + i]) < HUGE_VALUE ? raw[done + i] : (double) NAN;
    t->n += (guint) now;
    done += now;
    if (t->n == WAVE_BLOCK)
      settle_wave (self, t);
  }
}

static void
settle_all (ChsImport *self)
{
  GHashTableIter iter;
  gpointer cuff;

  for (guint i = 0; i < self->tracks->len; i++)
    settle_wave (self, &g_array_index (self->tracks, Track, i));
  g_hash_table_iter_init (&iter, self->cuffs);
  while (g_hash_table_iter_next (&iter, NULL, &cuff))
    settle_cuff (self, cuff);
}

/* ---- writing ---- */

typedef struct {
  ChsImport      *import;
  ChsStoreWriter *writer;
  guint64         seq;
  gint64          start_wall_us;
  gint64          tick_us; /* the next one */
  gint64          last_us; /* of the last event */
} Writing;

static void
append (Writing *self, ChsEvent *event, gint64 t_us)
{
  event->seq = self->seq++;
  event->t_us = t_us;
  event->wall_us = self->start_wall_us + t_us;
  chs_store_writer_append (self->writer, event);
}

static void
append_link (Writing *self, Source *source, ChsLinkState state, gint64 t_us)
{
  ChsEvent event = { .type = CHS_EVENT_LINK, .source = source->store.source, .link = { .state = (guint8) state, .kind = source->kind } };

  memcpy (event.link.name, source->store.name, sizeof event.link.name);
  memcpy (event.link.driver, source->store.driver, sizeof event.link.driver);
  if (state == CHS_LINK_SILENT)
    g_strlcpy (event.link.reason, "no values in the imported file", sizeof event.link.reason);
  source->is_up = state == CHS_LINK_UP;
  append (self, &event, t_us);
}

/* Seconds pass as at a chair; over a long hole without any value they do not. */
static void
pass_time (Writing *self, gint64 to_us)
{
  GArray *sources = self->import->sources;
  gint64 end_us = MIN (to_us, self->last_us + TICKS_US);

  for (; self->tick_us <= end_us; self->tick_us += G_USEC_PER_SEC) {
    ChsEvent tick = { .type = CHS_EVENT_TICK };

    for (guint i = 0; i < sources->len; i++) {
      Source *source = &g_array_index (sources, Source, i);

      if (source->is_up && source->silent_us > 0 && self->tick_us - source->heard_us >= source->silent_us)
        append_link (self, source, CHS_LINK_SILENT, self->tick_us);
    }
    append (self, &tick, self->tick_us);
  }
  if (self->tick_us <= to_us)
    self->tick_us = (to_us / G_USEC_PER_SEC + 1) * G_USEC_PER_SEC;
}

static void
hear (Writing *self, guint8 number, gint64 t_us)
{
  Source *source;

  if (number == 0 || number > self->import->sources->len)
    return;
  source = &g_array_index (self->import->sources, Source, number - 1);
  source->heard_us = t_us;
  if (!source->is_up)
    append_link (self, source, CHS_LINK_UP, t_us);
}

static void
write_event (Writing *self, ChsEvent *event)
{
  gint64 t_us = event->wall_us - self->import->first_us;

  if (!self->import->live) {
    pass_time (self, t_us);
    hear (self, event->source, t_us);
  }
  if (event->type == CHS_EVENT_NUMERIC && event->numeric.meas_us != CHS_TIME_NONE)
    event->numeric.meas_us -= self->import->first_us;
  append (self, event, t_us);
  self->last_us = t_us;
}

/* What the tracks are called is in the journal, too, under its chain of hashes. */
static void
append_tracks (Writing *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  ChsEvent event = { .type = CHS_EVENT_CONFIG, .config = { .name = CHS_STORE_TRACKS_CONFIG } };

  for (guint i = 0; i < self->import->tracks->len; i++) {
    const ChsStoreTrack *track = &g_array_index (self->import->tracks, Track, i).store;

    if (text->len + sizeof *track + TRACK_LINE_MAX > CHS_BYTES_MAX)
      break;
    g_string_append_printf (text, "%u\t%u\t%s\t%s\t%s\n", track->source, track->channel, chs_param_info (track->param)->name, track->name,
                            track->unit);
  }
  event.config.text = text->str;
  event.config.n = (guint32) text->len;
  if (text->len > 0)
    append (self, &event, 0);
}

static gboolean
write_all (Writing *self, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    ChsEvent event;

    if (i % ROOM_EVERY == 0 &&
        (g_cancellable_set_error_if_cancelled (self->import->cancellable, error) || !chs_store_writer_wait_room (self->writer)))
      return FALSE;
    chs_spool_get (self->import->spool, i, &event);
    write_event (self, &event);
  }
  return TRUE;
}

static gboolean
write_recording (ChsImport *self, const char *out, gsize n, guint64 *n_events, GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  ChsStoreMeta meta = { .session_id = id, .chair = (char *) "", .program = (char *) "chairside import",
                        .start_wall_us = self->undated ? 0 : self->first_us };
  Writing writing = { .import = self, .seq = 1, .start_wall_us = meta.start_wall_us };
  g_autofree char *part = g_strconcat (out, ".part", NULL);
  gboolean done;

  chs_store_remove (part, NULL); /* of an import that died */
  writing.writer = chs_store_writer_new_bulk (part, &meta, error);
  if (writing.writer == NULL)
    return FALSE;
  for (guint i = 0; i < self->sources->len; i++)
    chs_store_writer_add_source (writing.writer, &g_array_index (self->sources, Source, i).store);
  for (guint i = 0; i < self->tracks->len; i++)
    chs_store_writer_add_track (writing.writer, &g_array_index (self->tracks, Track, i).store);
  append_tracks (&writing);
  done = write_all (&writing, n, error);
  *n_events = writing.seq - 1;
  done = chs_store_writer_close (writing.writer, TRUE, done || *error == NULL ? error : NULL) && done;
  if (done && g_rename (part, out) != 0) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_WRITE, "cannot write %s: %s", out, g_strerror (errno));
    done = FALSE;
  }
  if (!done)
    chs_store_remove (part, NULL);
  return done;
}

/* ---- the whole ---- */

static gboolean
take_range (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error)
{
  ChsImport *self = user_data;
  ChsParam param = key != NULL ? chs_param_from_name (key) : CHS_PARAM_NONE;
  char *end;
  Range range;

  if (key == NULL)
    return TRUE;
  range.low = g_ascii_strtod (value, &end);
  range.high = g_ascii_strtod (end, &end);
  if (param == CHS_PARAM_NONE || *end != '\0' || !(range.low < range.high)) {
    g_set_error (error, CHS_INI_ERROR, CHS_INI_ERROR_VALUE, "\"%s = %s\" is not a parameter with its lowest and highest value", key, value);
    return FALSE;
  }
  self->range[param] = range;
  return TRUE;
}

static void
load_ranges (ChsImport *self)
{
  g_autofree char *path = chs_share_dup_path ("import", "ranges.ini");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < CHS_N_PARAMS; i++)
    self->range[i] = (Range) { NAN, NAN };
  if (path == NULL)
    chs_import_note (self, "import/ranges.ini is not installed: impossible values are not marked");
  else if (!chs_ini_load (path, take_range, self, &error))
    chs_import_note (self, "%s: impossible values are not all marked", error->message);
}

static void
clear_track (gpointer data)
{
  g_free (((Track *) data)->raw);
}

static ChsImport *
import_new (void)
{
  ChsImport *self = g_new0 (ChsImport, 1);

  self->account = g_string_new (NULL);
  self->sources = g_array_new (FALSE, FALSE, sizeof (Source));
  self->tracks = g_array_new (FALSE, FALSE, sizeof (Track));
  g_array_set_clear_func (self->tracks, clear_track);
  self->channels = g_hash_table_new (NULL, NULL);
  self->pumps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cuffs = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->first_us = INT64_MAX;
  load_ranges (self);
  return self;
}

static void
import_free (ChsImport *self)
{
  g_string_free (self->account, TRUE);
  g_array_unref (self->sources);
  g_array_unref (self->tracks);
  g_hash_table_unref (self->channels);
  g_hash_table_unref (self->pumps);
  g_hash_table_unref (self->cuffs);
  chs_spool_free (self->spool);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsImport, import_free)

/* Reads all, then writes all: only then is it known what comes first. */
static gboolean
read_and_write (ChsImport *self, const char *out, guint64 *n_events, GError **error)
{
  gsize n;

  self->spool = chs_spool_new (out, error);
  if (self->spool == NULL || !self->importer->run (self, error))
    return FALSE;
  settle_all (self);
  n = chs_spool_sort (self->spool, error);
  if (n == 0) {
    if (error != NULL && *error == NULL)
      g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_EMPTY, "%s: there is no value in it%s%s", self->path,
                   self->account->len > 0 ? "; " : "", self->account->str);
    return FALSE;
  }
  if (self->n_dropped > 0)
    chs_import_note (self, "%" G_GUINT64_FORMAT " values are left out: a time that cannot be, or more than an import can hold", self->n_dropped);
  return write_recording (self, out, n, n_events, error);
}

gboolean
chs_import_run (const ChsImporter *importer,
                const char        *path,
                const char        *out,
                ChsImportProgress  progress,
                gpointer           user_data,
                GCancellable      *cancellable,
                ChsImportResult   *result,
                GError           **error)
{
  g_autoptr (ChsImport) self = NULL;
  g_autoptr (GError) failure = NULL;
  guint64 n_events = 0;

  *result = (ChsImportResult) { 0 };
  if (g_file_test (out, G_FILE_TEST_EXISTS)) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_EXISTS, "%s is there already; choose another name", out);
    return FALSE;
  }
  self = import_new ();
  self->importer = importer;
  self->path = path;
  self->progress = progress;
  self->user_data = user_data;
  self->cancellable = cancellable;
  if (!read_and_write (self, out, &n_events, &failure)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  if (self->n_notes > NOTES_MAX)
    g_string_append_printf (self->account, "and %u more\n", self->n_notes - NOTES_MAX);
  *result = (ChsImportResult) { n_events, self->n_notes, g_strdup (self->account->str) };
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/import.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* Files of Vital Recorder, "*.vital" (shared/formats/vital-file.md): gzip of a header and packets, little-endian. */

#define NEVER_US (G_MAXINT64 / 4) /* a time that cannot be: the import drops it; sums with it stay in range */
#define RATE_MIN_HZ 1e-6
#define MAGIC "VITA"
#define HEADER_MIN 10u
#define CHUNK_BYTES 65536u            /* of the file, read at once */
#define WINDOW_BYTES (1024u * 1024u)  /* of the content; a longer packet of samples goes through in pieces */
#define BAD_MAX 1000u                 /* packets that make no sense, after which the file is no .vital any more */
#define STEP_EVERY 4096u              /* packets between looks at the cancellable */
#define SILENT_US (10 * G_USEC_PER_SEC) /* own choice: devices write every 1 to 5 s */
#define VOLUME_US (10 * G_USEC_PER_SEC) /* a volume told so long ago is not of this rate */

enum { PACKET_TRACK = 0, PACKET_RECORD = 1, PACKET_COMMAND = 6, PACKET_DEVICE = 9, PACKET_BYTES = 10 };
enum { RECORD_WAVE = 1, RECORD_NUMBER = 2, RECORD_TEXT = 5 };
enum { FLOW_RATE = 45, FLUID_TOTAL = 46 };

/* Bytes of a sample format, and what stands for "missing" in a packed file. */
static const struct {
  guint8 size;
  double missing;
} formats[] = {
  [1] = { 4, NAN }, [2] = { 8, NAN }, [3] = { 1, INT8_MIN }, [4] = { 1, UINT8_MAX }, [5] = { 2, INT16_MIN },
  [6] = { 2, UINT16_MAX }, [7] = { 4, INT32_MIN }, [8] = { 4, UINT32_MAX },
};

/* Vital Recorder's own list of what is measured, as far as it is in ours. */
static const guint8 monitor_types[] = {
  [1] = CHS_PARAM_ECG_WAVE,   [2] = CHS_PARAM_HR,        [4] = CHS_PARAM_ABP_WAVE,  [5] = CHS_PARAM_ABP_SYS,
  [6] = CHS_PARAM_ABP_DIA,    [7] = CHS_PARAM_ABP_MEAN,  [8] = CHS_PARAM_PLETH_WAVE, [9] = CHS_PARAM_PR,
  [10] = CHS_PARAM_SPO2,      [11] = CHS_PARAM_RESP_WAVE, [12] = CHS_PARAM_RR,      [13] = CHS_PARAM_CO2_WAVE,
  [14] = CHS_PARAM_CO2_RR,    [16] = CHS_PARAM_NIBP_SYS, [17] = CHS_PARAM_NIBP_DIA, [18] = CHS_PARAM_NIBP_MEAN,
  [19] = CHS_PARAM_TEMP,
};

typedef struct {
  char   name[24];
  guint8 source; /* 0 = no track of it yet */
  guint8 pump;   /* likewise, of its infusion */
  double volume_ml;
  gint64 volume_us;
} Device;

typedef struct {
  Device *device;
  guint   track;
  char    name[96];
  guint8  type, format, monitor_type;
  double  rate_hz, gain, offset;
  double  to_ml_h; /* of a rate of infusion; NAN = it is none */
  double  to_ml;   /* likewise of a volume */
} VitalTrack;

typedef struct {
  ChsImport  *import;
  FILE       *file;
  z_stream    inflate;
  guint8     *in, *window;
  gsize       start, end;  /* of what is not used yet in @window */
  guint64     used;        /* bytes of the content before @start */
  guint64     file_bytes;
  gboolean    in_over;     /* the file has been read to its end */
  gboolean    whole;       /* gzip's own end was seen */
  gboolean    spoiled;     /* gzip found an error */
  gboolean    packed;
  guint       n_bad;
  double     *samples;     /* room for a window of them */
  GHashTable *devices;     /* devid : Device */
  GPtrArray  *all_devices;
  VitalTrack *tracks[65536];
} Vital;

/* ---- bytes ---- */

/* Reads little-endian fields; once behind the end everything is 0 and @bad is set. */
typedef struct {
  const guint8 *p, *end;
  gboolean      bad;
} Fields;

static guint64
get_uint (Fields *f, guint n)
{
  guint64 value = 0;

  if ((gsize) (f->end - f->p) < n) {
    f->bad = TRUE;
    return 0;
  }
  for (guint i = 0; i < n; i++)
    value |= (guint64) f->p[i] << (8 * i);
  f->p += n;
  return value;
}

static double
get_double (Fields *f)
{
  guint64 bits = get_uint (f, 8);
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static double
get_float (Fields *f)
{
  guint32 bits = (guint32) get_uint (f, 4);
  float value;

  memcpy (&value, &bits, sizeof value);
  return (double) value;
}

static char *
dup_string (Fields *f)
{
  gsize n = (gsize) get_uint (f, 4);
  char *text;

  if (f->bad || n > (gsize) (f->end - f->p)) {
    f->bad = TRUE;
    return g_strdup ("");
  }
  text = g_strndup ((const char *) f->p, n);
  f->p += n;
  return text;
}

static gboolean
has_more (const Fields *f)
{
  return !f->bad && f->p < f->end;
}

/* ---- the content of the gzip stream, as far as it goes ---- */

static void
refill (Vital *self)
{
  int result;

  if (self->inflate.avail_in == 0) {
    self->inflate.next_in = self->in;
    self->inflate.avail_in = (uInt) fread (self->in, 1, CHUNK_BYTES, self->file);
    self->file_bytes += self->inflate.avail_in;
    self->in_over = self->inflate.avail_in == 0;
    if (self->in_over)
      return;
  }
  self->inflate.next_out = self->window + self->end;
  self->inflate.avail_out = (uInt) (WINDOW_BYTES - self->end);
  result = inflate (&self->inflate, Z_NO_FLUSH);
  self->end = WINDOW_BYTES - self->inflate.avail_out;
  self->whole = result == Z_STREAM_END;
  self->spoiled = result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR;
}

/* Sees to it that @n bytes lie ready, at most a window. Returns how many do. */
static gsize
fill (Vital *self, gsize n)
{
  if (self->end - self->start >= n)
    return n;
  memmove (self->window, self->window + self->start, self->end - self->start);
  self->end -= self->start;
  self->start = 0;
  while (self->end < n && !self->whole && !self->spoiled && !self->in_over)
    refill (self);
  return MIN (n, self->end);
}

static void
use (Vital *self, gsize n)
{
  self->start += n;
  self->used += n;
}

static gboolean
skip (Vital *self, guint64 n)
{
  while (n > 0) {
    gsize now = fill (self, (gsize) MIN (n, WINDOW_BYTES));

    if (now == 0)
      return FALSE;
    use (self, now);
    n -= now;
  }
  return TRUE;
}

/* ---- devices and tracks ---- */

static Device *
add_device (Vital *self, guint32 id, const char *name)
{
  Device *device = g_new0 (Device, 1);

  chs_text_copy (device->name, sizeof device->name, name);
  device->volume_us = CHS_TIME_NONE;
  g_ptr_array_add (self->all_devices, device);
  g_hash_table_insert (self->devices, GUINT_TO_POINTER (id), device);
  return device;
}

static gboolean
take_device (Vital *self, Fields *f)
{
  guint32 id = (guint32) get_uint (f, 4);
  g_autofree char *type = dup_string (f);
  g_autofree char *name = has_more (f) ? dup_string (f) : g_strdup ("");

  if (f->bad || self->all_devices->len >= G_MAXUINT16)
    return FALSE;
  add_device (self, id, name[0] != '\0' ? name : type);
  return TRUE;
}

static ChsParam
param_of (const VitalTrack *track, const char *name, const char *unit, gboolean is_wave)
{
  ChsParam param = track->monitor_type < G_N_ELEMENTS (monitor_types) ? monitor_types[track->monitor_type] : CHS_PARAM_NONE;

  if (param != CHS_PARAM_NONE && chs_param_info (param)->is_wave == is_wave) {
    /* What the unit is of decides whether it is ours. */
    ChsUnit ours = chs_param_info (param)->unit;

    return unit[0] == '\0' || ours == CHS_UNIT_ONE || chs_import_unit (unit) == ours ? param
           : is_wave                                                                 ? CHS_PARAM_OTHER_WAVE
                                                                                     : CHS_PARAM_OTHER;
  }
  return chs_import_param (name, unit, is_wave);
}

static gboolean
is_of_infusion (const VitalTrack *track, const char *name, guint8 monitor_type, const char *ending)
{
  return track->type == RECORD_NUMBER && (track->monitor_type == monitor_type || (track->monitor_type == 0 && g_str_has_suffix (name, ending)));
}

static void
look_for_infusion (VitalTrack *track, const char *name, const char *unit)
{
  gboolean per_minute = g_ascii_strcasecmp (unit, "mL/min") == 0;

  track->to_ml_h = track->to_ml = NAN;
  if (is_of_infusion (track, name, FLOW_RATE, "_RATE") && (per_minute || g_ascii_strcasecmp (unit, "mL/h") == 0))
    track->to_ml_h = per_minute ? 60 : 1;
  else if (is_of_infusion (track, name, FLUID_TOTAL, "_VOL") && g_ascii_strcasecmp (unit, "mL") == 0)
    track->to_ml = 1;
}

/* The devices' numbers are of one run of the recorder; 0 is the recorder itself. */
static Device *
device_of (Vital *self, guint32 id)
{
  Device *device = g_hash_table_lookup (self->devices, GUINT_TO_POINTER (id));

  if (device == NULL)
    device = add_device (self, id, id == 0 ? "" : "unnamed");
  if (device->source == 0)
    device->source = chs_import_add_source (self->import, id == 0 ? "recorder" : device->name, 0, id == 0 ? 0 : SILENT_US);
  return device;
}

static gboolean
take_track (Vital *self, Fields *f)
{
  guint16 id = (guint16) get_uint (f, 2);
  guint8 type = (guint8) get_uint (f, 1), format = (guint8) get_uint (f, 1);
  VitalTrack track = { .type = type, .format = format, .gain = 1 };
  g_autofree char *name = dup_string (f);
  g_autofree char *unit = has_more (f) ? dup_string (f) : g_strdup ("");
  ChsParam param = CHS_PARAM_NONE;
  Device *device;
  guint32 device_id = 0;

  if (has_more (f)) {
    get_uint (f, 8); /* range of display */
    get_uint (f, 4); /* colour */
  }
  track.rate_hz = has_more (f) ? get_float (f) : 0;
  if (!(track.rate_hz >= RATE_MIN_HZ))
    track.rate_hz = 0;
  if (has_more (f)) {
    track.gain = get_double (f);
    track.offset = get_double (f);
  }
  track.monitor_type = has_more (f) ? (guint8) get_uint (f, 1) : 0;
  device_id = has_more (f) ? (guint32) get_uint (f, 4) : 0;
  if (f->bad || (track.type != RECORD_TEXT && (track.format == 0 || track.format >= G_N_ELEMENTS (formats))))
    return FALSE;
  if (track.format <= 2 && track.type == RECORD_WAVE)
    track.gain = 1, track.offset = 0; /* only whole numbers are scaled */
  if (!(fabs (track.gain) > 0) || !isfinite (track.gain) || !isfinite (track.offset))
    track.gain = 1, track.offset = 0;
  device = device_of (self, device_id);
  track.device = device;
  g_snprintf (track.name, sizeof track.name, "%s%s%s", device->name, device->name[0] != '\0' ? "/" : "", name);
  if (track.type != RECORD_TEXT)
    param = param_of (&track, name, unit, track.type == RECORD_WAVE);
  look_for_infusion (&track, name, unit);
  /* The same track told again goes on. */
  if (self->tracks[id] != NULL && self->tracks[id]->device == device && strcmp (self->tracks[id]->name, track.name) == 0 &&
      self->tracks[id]->type == track.type) {
    track.track = self->tracks[id]->track;
  } else
    track.track = chs_import_add_track (self->import, device->source, param, CHS_IMPORT_HELD, track.name, unit);
  if (self->tracks[id] == NULL)
    self->tracks[id] = g_new (VitalTrack, 1);
  *self->tracks[id] = track;
  return TRUE;
}

/* ---- records ---- */

#define CONVERT(type)                            \
  for (gsize i = 0; i < n; i++) {                \
    type value;                                  \
    memcpy (&value, bytes + i * sizeof value, sizeof value); \
    out[i] = (double) value;                     \
  }

/* The host is little-endian, as every machine of a bedside; data/meson.build asks. */
static void
convert (guint8 format, const guint8 *bytes, gsize n, gboolean packed, double *out)
{
  switch (format) {
  case 1:
    CONVERT (float);
    break;
  case 2:
    CONVERT (double);
    break;
  case 3:
    CONVERT (gint8);
    break;
  case 4:
    CONVERT (guint8);
    break;
  case 5:
    CONVERT (gint16);
    break;
  case 6:
    CONVERT (guint16);
    break;
  case 7:
    CONVERT (gint32);
    break;
  default:
    CONVERT (guint32);
    break;
  }
  for (gsize i = 0; packed && format > 2 && i < n; i++)
    if (!(fabs (out[i] - formats[format].missing) > 0))
      out[i] = NAN;
}

static gint64
to_us (double seconds)
{
  return fabs (seconds) < 1e12 ? (gint64) llround (seconds * G_USEC_PER_SEC) : NEVER_US;
}

static void
note_infusion (Vital *self, VitalTrack *track, gint64 wall_us, double value)
{
  Device *device = track->device;

  if (!isnan (track->to_ml)) {
    device->volume_ml = value * track->to_ml;
    device->volume_us = wall_us;
    return;
  }
  if (device->pump == 0) {
    g_autofree char *name = g_strdup_printf ("%.18s pump", device->name);

    device->pump = chs_import_add_source (self->import, name, 1, SILENT_US);
  }
  chs_import_pump (self->import, device->pump, 0, wall_us, value * track->to_ml_h,
                   device->volume_us != CHS_TIME_NONE && ABS (wall_us - device->volume_us) <= VOLUME_US ? device->volume_ml : (double) NAN, NULL);
}

static gboolean
take_number (Vital *self, VitalTrack *track, gint64 wall_us, Fields *f)
{
  double value;

  if ((gsize) (f->end - f->p) < formats[track->format].size)
    return FALSE;
  convert (track->format, f->p, 1, FALSE, &value);
  value = track->offset + track->gain * value;
  chs_import_numeric (self->import, track->track, wall_us, value);
  if (!isnan (track->to_ml_h) || !isnan (track->to_ml))
    note_infusion (self, track, wall_us, value);
  return TRUE;
}

static gboolean
take_text (Vital *self, VitalTrack *track, gint64 wall_us, Fields *f)
{
  g_autofree char *text = NULL;

  get_uint (f, 4);
  text = dup_string (f);
  if (!f->bad)
    chs_import_text (self->import, track->track, wall_us, text);
  return !f->bad;
}

static void
take_samples (Vital *self, const VitalTrack *track, gint64 wall_us, const guint8 *bytes, gsize n)
{
  convert (track->format, bytes, n, self->packed, self->samples);
  chs_import_wave (self->import, track->track, wall_us, track->rate_hz, track->gain, track->offset, self->samples, n);
}

/* The head of a record: its track, NULL when it has none, and its time. */
static VitalTrack *
read_record_head (Vital *self, Fields *f, gint64 *wall_us)
{
  gsize n = (gsize) get_uint (f, 2);
  Fields info = { f->p, f->p + MIN (n, (gsize) (f->end - f->p)), f->bad };
  double seconds = get_double (&info);
  guint16 id = (guint16) get_uint (&info, 2);

  f->bad |= info.bad || n > (gsize) (f->end - f->p);
  if (f->bad)
    return NULL;
  f->p += n;
  *wall_us = to_us (seconds);
  return self->tracks[id];
}

static gboolean
take_record (Vital *self, Fields *f)
{
  gint64 wall_us = 0;
  VitalTrack *track = read_record_head (self, f, &wall_us);
  gsize n;

  if (track == NULL)
    return FALSE;
  if (track->type == RECORD_NUMBER)
    return take_number (self, track, wall_us, f);
  if (track->type != RECORD_WAVE)
    return take_text (self, track, wall_us, f);
  n = (gsize) get_uint (f, 4);
  if (f->bad || n > (gsize) (f->end - f->p) / formats[track->format].size || !(track->rate_hz > 0))
    return FALSE;
  take_samples (self, track, wall_us, f->p, n);
  return TRUE;
}

/* A record of samples that is longer than the window, in pieces. */
static gboolean
take_long_record (Vital *self, guint64 n_packet)
{
  gsize n_head = fill (self, WINDOW_BYTES);
  Fields f = { self->window + self->start, self->window + self->start + n_head, FALSE };
  gint64 wall_us = 0;
  VitalTrack *track = read_record_head (self, &f, &wall_us);
  guint64 n, done = 0;
  gsize size;

  n = get_uint (&f, 4);
  if (track == NULL || track->type != RECORD_WAVE || f.bad || !(track->rate_hz > 0))
    return FALSE;
  size = formats[track->format].size;
  n_head = (gsize) (f.p - (self->window + self->start));
  if (n > (n_packet - n_head) / size)
    return FALSE;
  use (self, n_head);
  while (done < n) {
    gsize now = fill (self, (gsize) MIN ((n - done) * size, WINDOW_BYTES / 8 * 8)) / size;

    if (now == 0)
      break;
    take_samples (self, track, wall_us + (gint64) llround ((double) done / track->rate_hz * G_USEC_PER_SEC), self->window + self->start, now);
    use (self, now * size);
    done += now;
  }
  if (done < n)
    chs_import_note (self->import, "the last record of %s is cut: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " samples are there",
                     track->name, done, n);
  return skip (self, n_packet - n_head - n * size) || TRUE;
}

/* Bytes of the line between recorder and instrument. */
static gboolean
take_bytes (Vital *self, Fields *f)
{
  ChsEvent event = { .type = CHS_EVENT_RAW, .wall_us = to_us (get_double (f)) };
  gsize n;

  g_free (dup_string (f)); /* the name of the port */
  event.raw.from_host = (guint8) (get_uint (f, 1) != 0);
  n = (gsize) get_uint (f, 4);
  if (f->bad || n > (gsize) (f->end - f->p))
    return FALSE;
  event.raw.n = (guint32) n;
  event.raw.bytes = f->p;
  event.source = device_of (self, 0)->source;
  chs_import_event (self->import, &event);
  return TRUE;
}

static gboolean
take_packet (Vital *self, guint8 type, const guint8 *bytes, gsize n)
{
  Fields f = { bytes, bytes + n, FALSE };

  switch (type) {
  case PACKET_TRACK:
    return take_track (self, &f);
  case PACKET_RECORD:
    return take_record (self, &f);
  case PACKET_DEVICE:
    return take_device (self, &f);
  case PACKET_BYTES:
    return take_bytes (self, &f);
  default:
    return TRUE; /* order of display, and what is newer than we know */
  }
}

/* ---- the file ---- */

static gboolean
note_bad (Vital *self, guint8 type, guint64 at, guint64 n)
{
  chs_import_note (self->import, "the packet of type %u at byte %" G_GUINT64_FORMAT " of the content, %" G_GUINT64_FORMAT
                   " bytes, makes no sense, or its track was never announced: it is left out", type, at, n);
  return ++self->n_bad <= BAD_MAX;
}

/* One packet. Returns FALSE at the end. */
static gboolean
next_packet (Vital *self)
{
  guint64 at = self->used;
  gsize n_head = fill (self, 5);
  Fields f = { self->window + self->start, self->window + self->start + n_head, FALSE };
  guint8 type = (guint8) get_uint (&f, 1);
  guint64 n = get_uint (&f, 4);
  gsize there;

  if (n_head < 5) {
    if (n_head > 0)
      chs_import_note (self->import, "the file ends within a packet: its last %zu bytes are left out", n_head);
    return FALSE;
  }
  use (self, 5);
  if (n > WINDOW_BYTES)
    return (type == PACKET_RECORD && take_long_record (self, n)) || (note_bad (self, type, at, n) && skip (self, n - (self->used - at - 5)));
  there = fill (self, (gsize) n);
  if (there < n) {
    chs_import_note (self->import, "the file ends within a packet of %" G_GUINT64_FORMAT " bytes: its %zu last bytes are left out", n, there + 5);
    return FALSE;
  }
  if (!take_packet (self, type, self->window + self->start, (gsize) n) && !note_bad (self, type, at, n)) {
    chs_import_note (self->import, "too many packets make no sense: the rest from byte %" G_GUINT64_FORMAT " on is left out", at);
    return FALSE;
  }
  use (self, (gsize) n);
  return TRUE;
}

static gboolean
read_header (Vital *self, GError **error)
{
  gsize n = fill (self, HEADER_MIN + 27);
  Fields f = { self->window, self->window + n, FALSE };
  gsize n_more;

  if (n < HEADER_MIN || memcmp (f.p, MAGIC, 4) != 0) {
    g_set_error (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_FORMAT, "%s: this is not a file of Vital Recorder, or its beginning is damaged",
                 chs_import_get_path (self->import));
    return FALSE;
  }
  f.p += 8;
  n_more = (gsize) get_uint (&f, 2);
  self->packed = n_more >= 27 && n >= HEADER_MIN + 27 && self->window[36] == 1;
  skip (self, HEADER_MIN + n_more);
  return TRUE;
}

static gboolean
read_all (Vital *self, GError **error)
{
  GStatBuf info;
  guint64 total = g_stat (chs_import_get_path (self->import), &info) == 0 ? (guint64) info.st_size : 0;

  if (!read_header (self, error))
    return FALSE;
  for (guint64 i = 0; next_packet (self); i++)
    if (i % STEP_EVERY == 0 && !chs_import_step (self->import, self->file_bytes, total, error))
      return FALSE;
  if (self->spoiled)
    chs_import_note (self->import, "the compressed data is damaged near byte %" G_GUINT64_FORMAT " of the file: what follows is missing",
                     self->file_bytes - self->inflate.avail_in);
  else if (!self->whole && self->in_over)
    chs_import_note (self->import, "the file is cut at byte %" G_GUINT64_FORMAT ": the recorder was stopped while it wrote, or the copy "
                     "is incomplete; what followed is missing", self->file_bytes);
  return TRUE;
}

static gboolean
run (ChsImport *import, GError **error)
{
  Vital *self = g_new0 (Vital, 1);
  gboolean done = FALSE;

  self->import = import;
  self->in = g_malloc (CHUNK_BYTES);
  self->window = g_malloc (WINDOW_BYTES);
  self->samples = g_new (double, WINDOW_BYTES);
  self->devices = g_hash_table_new (NULL, NULL);
  self->all_devices = g_ptr_array_new_with_free_func (g_free);
  self->file = chs_import_open (import, chs_import_get_path (import), error);
  if (self->file != NULL && inflateInit2 (&self->inflate, 15 + 16) == Z_OK) {
    done = read_all (self, error);
    inflateEnd (&self->inflate);
  }
  chs_import_close (import, chs_import_get_path (import), self->file);
  for (guint i = 0; i < G_N_ELEMENTS (self->tracks); i++)
    g_free (self->tracks[i]);
  g_ptr_array_unref (self->all_devices);
  g_hash_table_unref (self->devices);
  g_free (self->samples);
  g_free (self->window);
  g_free (self->in);
  g_free (self);
  return done;
}

static gboolean
probe (const guint8 *head, gsize n)
{
  z_stream stream = { .next_in = (Bytef *) (gpointer) head, .avail_in = (uInt) n };
  guint8 start[4] = { 0 };

  if (n < 18 || head[0] != 0x1f || head[1] != 0x8b || inflateInit2 (&stream, 15 + 16) != Z_OK)
    return FALSE;
  stream.next_out = start;
  stream.avail_out = sizeof start;
  inflate (&stream, Z_SYNC_FLUSH);
  inflateEnd (&stream);
  return memcmp (start, MAGIC, sizeof start) == 0;
}

const ChsImporter chs_import_vital = {
  .id = "vital",
  .label = "Vital Recorder (.vital)",
  .probe = probe,
  .run = run,
};

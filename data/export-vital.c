/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/export.h"
#include "data/summary.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

/* .vital of Vital Recorder: one gzip member of packets, little-endian. Facts: shared/formats/vital-file.md. Numbers are
 * floats, as there: about seven digits. Absent and invalid values are left out, since the format has no mark for them. */

#define VERSION 3
#define HEADER_BYTES 26
#define PROGRAM 0x000100 /* 0.1.0 */
#define REC_TIME_BYTES 10

#define ORDER_COMMAND 5

enum { PACKET_TRACK = 0, PACKET_REC = 1, PACKET_COMMAND = 6, PACKET_DEVICE = 9 };
enum { TRACK_WAVE = 1, TRACK_NUMBER = 2, TRACK_TEXT = 5 };
enum { FORMAT_NONE = 0, FORMAT_FLOAT = 1 };

#define ALARM_TRACK 1u /* texts have the first two ids */
#define EVENT_TRACK 2u
#define FIRST_TRACK 3u

/* What Vital Recorder calls our parameters, and its monitor type, which tells readers what a track means. */
static const struct {
  const char *name;
  guint8      montype;
} names[CHS_N_PARAMS] = {
  [CHS_PARAM_HR] = { "HR", 2 },           [CHS_PARAM_PR] = { "PLETH_HR", 9 },     [CHS_PARAM_SPO2] = { "PLETH_SPO2", 10 },
  [CHS_PARAM_NIBP_SYS] = { "NIBP_SBP", 16 }, [CHS_PARAM_NIBP_DIA] = { "NIBP_DBP", 17 }, [CHS_PARAM_NIBP_MEAN] = { "NIBP_MBP", 18 },
  [CHS_PARAM_ABP_SYS] = { "ART_SBP", 5 }, [CHS_PARAM_ABP_DIA] = { "ART_DBP", 6 }, [CHS_PARAM_ABP_MEAN] = { "ART_MBP", 7 },
  [CHS_PARAM_RR] = { "RR", 12 },          [CHS_PARAM_CO2_RR] = { "CO2_RR", 14 },  [CHS_PARAM_ETCO2] = { "ETCO2", 15 },
  [CHS_PARAM_TEMP] = { "BT", 19 },        [CHS_PARAM_PVI] = { "PVI", 71 },        [CHS_PARAM_SPHB] = { "SPHB", 72 },
  [CHS_PARAM_ECG_WAVE] = { "ECG_WAV", 1 }, [CHS_PARAM_PLETH_WAVE] = { "PLETH_WAV", 8 }, [CHS_PARAM_RESP_WAVE] = { "RESP_WAV", 11 },
  [CHS_PARAM_ABP_WAVE] = { "ART_WAV", 4 }, [CHS_PARAM_CO2_WAVE] = { "CO2_WAV", 13 },
  [CHS_PARAM_PUMP_RATE] = { "FLOW_RATE", 45 }, [CHS_PARAM_PUMP_VOLUME] = { "TOTAL_VOL", 46 },
};

typedef struct {
  ChsExport      *export;
  z_stream        z;
  GByteArray     *packet;
  double          start_s; /* session time 0 in seconds since 1970 */
  const ChsTrack *tracks;
  guint           n_tracks;
  gboolean        known[256]; /* sources that have been announced */
} Vital;

/* ---- bytes ---- */

static void
squeeze (Vital *self, gconstpointer bytes, gsize n, int flush)
{
  guint8 buf[16384];

  self->z.next_in = (Bytef *) bytes;
  self->z.avail_in = (uInt) n;
  do {
    self->z.next_out = buf;
    self->z.avail_out = sizeof buf;
    deflate (&self->z, flush);
    g_string_append_len (chs_export_text (self->export), (const char *) buf, (gssize) (sizeof buf - self->z.avail_out));
  } while (self->z.avail_out == 0);
}

static void
put_int (Vital *self, guint64 value, guint bytes)
{
  for (guint i = 0; i < bytes; i++) {
    guint8 byte = (guint8) (value >> (8 * i));

    g_byte_array_append (self->packet, &byte, 1);
  }
}

static void
put_float (Vital *self, double value)
{
  union {
    float   f;
    guint32 u;
  } bits = { .f = (float) value };

  put_int (self, bits.u, 4);
}

static void
put_double (Vital *self, double value)
{
  union {
    double  d;
    guint64 u;
  } bits = { .d = value };

  put_int (self, bits.u, 8);
}

static void
put_string (Vital *self, const char *text)
{
  put_int (self, strlen (text), 4);
  g_byte_array_append (self->packet, (const guint8 *) text, (guint) strlen (text));
}

static void
end_packet (Vital *self, guint8 type)
{
  guint8 head[5] = { type };

  for (guint i = 0; i < 4; i++)
    head[1 + i] = (guint8) (self->packet->len >> (8 * i));
  squeeze (self, head, sizeof head, Z_NO_FLUSH);
  squeeze (self, self->packet->data, self->packet->len, Z_NO_FLUSH);
  g_byte_array_set_size (self->packet, 0);
}

/* ---- header, devices, tracks ---- */

static void
put_header (Vital *self, gint64 duration_us)
{
  g_byte_array_append (self->packet, (const guint8 *) "VITA", 4);
  put_int (self, VERSION, 4);
  put_int (self, HEADER_BYTES, 2);
  put_int (self, 0, 2); /* minutes from UTC to the recorder's zone: times are UTC */
  put_int (self, 1, 4);
  put_int (self, PROGRAM, 4);
  put_double (self, self->start_s);
  put_double (self, self->start_s + (double) duration_us / G_USEC_PER_SEC);
  squeeze (self, self->packet->data, self->packet->len, Z_NO_FLUSH);
  g_byte_array_set_size (self->packet, 0);
}

/* Device ids: source and channel, since a rack's channels deliver tracks of the same name. */
static guint32
device_of (guint8 source, guint8 channel)
{
  return (guint32) source << 8 | channel;
}

static void
put_device (Vital *self, guint8 source, guint8 channel)
{
  char name[40];

  chs_export_source_name (self->export, source, channel, name, sizeof name);
  put_int (self, device_of (source, channel), 4);
  put_string (self, name);
  put_string (self, name);
  put_string (self, "");
  end_packet (self, PACKET_DEVICE);
}

static void
put_track_head (Vital *self, guint id, guint8 type, guint8 format, const char *name, const char *unit)
{
  put_int (self, id, 2);
  put_int (self, type, 1);
  put_int (self, format, 1);
  put_string (self, name);
  put_string (self, unit);
}

static void
put_track_tail (Vital *self, double low, double high, double rate_hz, double gain, double offset, guint8 montype, guint32 device)
{
  put_float (self, low);
  put_float (self, high);
  put_int (self, 0xff808080u, 4);
  put_float (self, rate_hz);
  put_double (self, gain);
  put_double (self, offset);
  put_int (self, montype, 1);
  put_int (self, device, 4);
  put_int (self, 0, 4); /* length of the records: they are interleaved */
  end_packet (self, PACKET_TRACK);
}

static const char *
unit_of (const ChsTrack *track)
{
  if (strcmp (track->unit, "mm[Hg]") == 0)
    return "mmHg";
  return strcmp (track->unit, "Cel") == 0 ? "C" : track->unit;
}

/* Waves go out as floats: scale and offset can change from block to block. */
static void
put_track (Vital *self, guint index)
{
  const ChsTrack *track = &self->tracks[index];
  gboolean is_wave = track->kind == CHS_TRACK_WAVE, is_other = track->param == CHS_PARAM_OTHER || track->param == CHS_PARAM_OTHER_WAVE;
  const char *name = names[track->param].name != NULL ? names[track->param].name : chs_param_info ((ChsParam) track->param)->name;

  put_track_head (self, FIRST_TRACK + index, is_wave ? TRACK_WAVE : TRACK_NUMBER, FORMAT_FLOAT, is_other ? track->name : name, unit_of (track));
  put_track_tail (self, isnan (track->min) ? 0.0 : track->min, isnan (track->max) ? 1.0 : track->max, is_wave ? track->rate_hz : 0.0, 1.0, 0.0,
                  names[track->param].montype, device_of (track->source, track->channel));
}

static gboolean
is_written (const ChsTrack *track)
{
  return track->kind == CHS_TRACK_NUMERIC || (track->kind == CHS_TRACK_WAVE && isfinite (track->rate_hz));
}

static void
put_tracks (Vital *self)
{
  for (guint i = 0; i < self->n_tracks; i++) {
    gboolean is_new = is_written (&self->tracks[i]);

    for (guint k = 0; k < i; k++)
      is_new = is_new && !(is_written (&self->tracks[k]) && self->tracks[k].source == self->tracks[i].source
                           && self->tracks[k].channel == self->tracks[i].channel);
    if (is_new)
      put_device (self, self->tracks[i].source, self->tracks[i].channel);
  }
  put_track_head (self, ALARM_TRACK, TRACK_TEXT, FORMAT_NONE, "ALARM", "");
  put_track_tail (self, 0.0, 1.0, 0.0, 1.0, 0.0, 0, 0);
  put_track_head (self, EVENT_TRACK, TRACK_TEXT, FORMAT_NONE, "EVENT", "");
  put_track_tail (self, 0.0, 1.0, 0.0, 1.0, 0.0, 0, 0);
  for (guint i = 0; i < self->n_tracks; i++)
    if (is_written (&self->tracks[i]))
      put_track (self, i);
}

/* In which order a viewer shows the tracks: ours. */
static void
put_order (Vital *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_tracks; i++)
    n += is_written (&self->tracks[i]);
  put_int (self, ORDER_COMMAND, 1);
  put_int (self, n + 2, 2);
  for (guint i = 0; i < self->n_tracks; i++)
    if (is_written (&self->tracks[i]))
      put_int (self, FIRST_TRACK + i, 2);
  put_int (self, ALARM_TRACK, 2);
  put_int (self, EVENT_TRACK, 2);
  end_packet (self, PACKET_COMMAND);
}

/* ---- records ---- */

static void
put_rec_head (Vital *self, guint id, gint64 t_us)
{
  put_int (self, REC_TIME_BYTES, 2);
  put_double (self, self->start_s + (double) t_us / G_USEC_PER_SEC);
  put_int (self, id, 2);
}

static guint
find_track (const Vital *self, const ChsEvent *event, guint8 param, guint8 kind)
{
  for (guint i = 0; i < self->n_tracks; i++)
    if (self->tracks[i].source == event->source && self->tracks[i].channel == event->channel && self->tracks[i].param == param
        && self->tracks[i].kind == kind && is_written (&self->tracks[i]))
      return i;
  return G_MAXUINT;
}

static void
put_values (Vital *self, const ChsEvent *event)
{
  ChsExportValue values[CHS_EXPORT_VALUES];
  guint n = chs_export_values (self->export, event, values);
  gint64 t_us = event->type == CHS_EVENT_NUMERIC && event->numeric.meas_us != CHS_TIME_NONE ? event->numeric.meas_us : event->t_us;

  if (event->type == CHS_EVENT_NUMERIC && event->numeric.quality >= CHS_QUALITY_INVALID)
    return;
  for (guint i = 0; i < n; i++) {
    guint track = find_track (self, event, (guint8) values[i].param, CHS_TRACK_NUMERIC);

    if (track == G_MAXUINT || isnan (values[i].value))
      continue;
    put_rec_head (self, FIRST_TRACK + track, t_us);
    put_float (self, values[i].value);
    end_packet (self, PACKET_REC);
  }
}

static void
put_wave (Vital *self, const ChsEvent *event)
{
  const ChsWave *wave = &event->wave;
  guint track = find_track (self, event, wave->param, CHS_TRACK_WAVE);

  if (track == G_MAXUINT || wave->n == 0 || !(wave->rate_hz > 0.0f))
    return;
  put_rec_head (self, FIRST_TRACK + track, event->t_us - (gint64) ((wave->n - 1) * (double) G_USEC_PER_SEC / (double) wave->rate_hz));
  put_int (self, wave->n, 4);
  for (guint i = 0; i < wave->n; i++)
    put_float (self, wave->samples[i] == CHS_WAVE_ABSENT ? (double) NAN : (double) wave->offset + (double) wave->scale * wave->samples[i]);
  end_packet (self, PACKET_REC);
}

static void
put_words (Vital *self, const ChsEvent *event)
{
  g_autoptr (GString) words = g_string_new (NULL);

  if (!chs_export_event_words (event, words))
    return;
  put_rec_head (self, event->type == CHS_EVENT_ALARM ? ALARM_TRACK : EVENT_TRACK, event->t_us);
  put_int (self, 0, 4);
  put_string (self, words->str);
  end_packet (self, PACKET_REC);
}

static gboolean
on_event (const ChsEvent *event, gpointer user_data)
{
  Vital *self = user_data;

  if (event->type == CHS_EVENT_NUMERIC || event->type == CHS_EVENT_PUMP)
    put_values (self, event);
  else if (event->type == CHS_EVENT_WAVE)
    put_wave (self, event);
  else if (event->type == CHS_EVENT_ALARM || event->type == CHS_EVENT_NURSE || event->type == CHS_EVENT_LINK || event->type == CHS_EVENT_CLOCK)
    put_words (self, event);
  return TRUE;
}

gboolean
chs_export_vital (ChsExport *export, GError **error)
{
  ChsStoreReader *reader = chs_export_get_reader (export);
  g_auto (ChsSummary) summary = { 0 };
  g_autoptr (GByteArray) packet = g_byte_array_new ();
  Vital self = { .export = export, .packet = packet };
  gboolean done;

  chs_summary_read (&summary, reader, NULL); /* what is damaged is met again below, and told */
  self.tracks = chs_track_table_get (summary.tracks, &self.n_tracks);
  self.n_tracks = MIN (self.n_tracks, G_MAXUINT16 - FIRST_TRACK);
  self.start_s = (double) chs_store_reader_get_meta (reader)->start_wall_us / G_USEC_PER_SEC;
  if (deflateInit2 (&self.z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "zlib has no memory");
    return FALSE;
  }
  put_header (&self, summary.duration_us);
  put_tracks (&self);
  done = chs_export_foreach (export, CHS_READ_NUMERICS | CHS_READ_WAVES, on_event, &self, error);
  if (done) {
    put_order (&self);
    squeeze (&self, NULL, 0, Z_FINISH);
  }
  deflateEnd (&self.z);
  return done;
}

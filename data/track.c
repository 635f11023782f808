/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/track.h"

#include <math.h>

struct _ChsTrackTable {
  GArray     *tracks; /* of ChsTrack; @mean holds the sum until it is asked for */
  GHashTable *index;  /* key of (source, channel, param) : place in @tracks + 1 */
  gboolean    closed; /* sums have become means */
};

static const char *const kind_ids[CHS_N_TRACK_KINDS] = { "numeric", "wave", "text" };

/* The fields of a pump's status that are tracks. */
static const struct {
  guint8 param;
  gsize  at;
} pump_tracks[] = {
  { CHS_PARAM_PUMP_RATE, offsetof (ChsPumpStatus, rate_ml_h) },
  { CHS_PARAM_PUMP_VOLUME, offsetof (ChsPumpStatus, volume_ml) },
  { CHS_PARAM_PUMP_VTBI, offsetof (ChsPumpStatus, vtbi_ml) },
  { CHS_PARAM_PUMP_TIME_LEFT, offsetof (ChsPumpStatus, remaining_s) },
  { CHS_PARAM_PUMP_PRESSURE, offsetof (ChsPumpStatus, pressure) },
};

const char *
chs_track_kind_id (ChsTrackKind kind)
{
  return (guint) kind < CHS_N_TRACK_KINDS ? kind_ids[kind] : "";
}

ChsTrackTable *
chs_track_table_new (void)
{
  ChsTrackTable *self = g_new0 (ChsTrackTable, 1);

  self->tracks = g_array_new (FALSE, TRUE, sizeof (ChsTrack));
  self->index = g_hash_table_new (NULL, NULL);
  return self;
}

void
chs_track_table_free (ChsTrackTable *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->tracks);
  g_hash_table_unref (self->index);
  g_free (self);
}

static ChsTrack *
find (ChsTrackTable *self, const ChsEvent *event, ChsParam param, ChsTrackKind kind)
{
  gpointer key = GUINT_TO_POINTER ((guint) event->source << 16 | (guint) event->channel << 8 | param);
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, key));
  ChsTrack track = { .source = event->source, .channel = event->channel, .param = (guint8) param, .kind = (guint8) kind,
                     .rate_hz = NAN, .min = NAN, .max = NAN, .first_us = CHS_TIME_NONE, .last_us = CHS_TIME_NONE };

  if (place == 0) {
    g_strlcpy (track.unit, chs_unit_info (chs_param_info (param)->unit)->ucum, sizeof track.unit);
    g_array_append_val (self->tracks, track);
    place = self->tracks->len;
    g_hash_table_insert (self->index, key, GUINT_TO_POINTER (place));
  }
  return &g_array_index (self->tracks, ChsTrack, place - 1);
}

static void
add_value (ChsTrack *track, double value, gint64 t_us)
{
  if (isnan (value)) {
    track->absent++;
    return;
  }
  track->min = track->count == 0 ? value : MIN (track->min, value);
  track->max = track->count == 0 ? value : MAX (track->max, value);
  track->mean += value;
  track->count++;
  if (track->first_us == CHS_TIME_NONE)
    track->first_us = t_us;
  track->last_us = t_us;
}

static void
add_wave (ChsTrackTable *self, const ChsEvent *event)
{
  const ChsWave *wave = &event->wave;
  ChsTrack *track = find (self, event, wave->param, CHS_TRACK_WAVE);
  double step_us = wave->rate_hz > 0 ? G_USEC_PER_SEC / (double) wave->rate_hz : 0;

  if (track->count + track->absent == 0)
    track->rate_hz = (double) wave->rate_hz;
  else if (fabs (track->rate_hz - (double) wave->rate_hz) > 1e-6)
    track->rate_hz = NAN;
  for (guint i = 0; i < wave->n; i++) {
    double value = wave->samples[i] == CHS_WAVE_ABSENT ? (double) NAN : (double) wave->offset + (double) wave->scale * wave->samples[i];

    add_value (track, value, event->t_us - (gint64) llround ((wave->n - 1 - i) * step_us));
  }
}

static void
add_pump (ChsTrackTable *self, const ChsEvent *event)
{
  for (guint i = 0; i < G_N_ELEMENTS (pump_tracks); i++) {
    double value = *(const double *) ((const char *) &event->pump + pump_tracks[i].at);
    ChsTrack *track;

    if (isnan (value))
      continue; /* many pumps never tell many fields: no track for those */
    track = find (self, event, pump_tracks[i].param, CHS_TRACK_NUMERIC);
    if (pump_tracks[i].param == CHS_PARAM_PUMP_PRESSURE)
      g_strlcpy (track->unit, chs_unit_info (event->pump.pressure_unit)->ucum, sizeof track->unit);
    add_value (track, value, event->t_us);
  }
}

void
chs_track_table_add (ChsTrackTable *self, const ChsEvent *event)
{
  ChsTrack *track;

  g_return_if_fail (!self->closed);
  if (event->type == CHS_EVENT_NUMERIC)
    add_value (find (self, event, event->numeric.param, CHS_TRACK_NUMERIC), event->numeric.value, event->t_us);
  else if (event->type == CHS_EVENT_WAVE)
    add_wave (self, event);
  else if (event->type == CHS_EVENT_PUMP)
    add_pump (self, event);
  else if (event->type == CHS_EVENT_DEVICE && event->device.code == CHS_DEVICE_TEXT) {
    track = find (self, event, CHS_PARAM_NONE, CHS_TRACK_TEXT);
    track->count++;
    track->first_us = track->first_us == CHS_TIME_NONE ? event->t_us : track->first_us;
    track->last_us = event->t_us;
  }
}

static const char *
source_name (const ChsStoreSource *sources, guint n, guint8 source)
{
  for (guint i = 0; i < n; i++)
    if (sources[i].source == source)
      return sources[i].name;
  return "";
}

static void
name_track (ChsTrack *track, const ChsStoreSource *sources, guint n)
{
  const char *source = source_name (sources, n, track->source);
  const char *what = track->kind == CHS_TRACK_TEXT ? "TEXT" : chs_param_info (track->param)->name;
  char channel[8] = "";

  if (track->channel > 0)
    g_snprintf (channel, sizeof channel, " %u", track->channel);
  if (source[0] != '\0')
    g_snprintf (track->name, sizeof track->name, "%s/%s%s", source, what, channel);
  else
    g_snprintf (track->name, sizeof track->name, "%u/%s%s", track->source, what, channel);
}

void
chs_track_table_name (ChsTrackTable *self, ChsStoreReader *reader)
{
  guint n_sources, n_tracks;
  const ChsStoreSource *sources = chs_store_reader_get_sources (reader, &n_sources);
  const ChsStoreTrack *origin = chs_store_reader_get_tracks (reader, &n_tracks);

  for (guint i = 0; i < self->tracks->len; i++)
    name_track (&g_array_index (self->tracks, ChsTrack, i), sources, n_sources);
  for (guint i = 0; i < n_tracks; i++) {
    guint key = (guint) origin[i].source << 16 | (guint) origin[i].channel << 8 | origin[i].param;
    guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->index, GUINT_TO_POINTER (key)));

    if (place == 0)
      continue;
    g_strlcpy (g_array_index (self->tracks, ChsTrack, place - 1).name, origin[i].name, sizeof ((ChsTrack *) 0)->name);
    if (origin[i].unit[0] != '\0')
      g_strlcpy (g_array_index (self->tracks, ChsTrack, place - 1).unit, origin[i].unit, sizeof ((ChsTrack *) 0)->unit);
  }
}

const ChsTrack *
chs_track_table_get (ChsTrackTable *self, guint *n)
{
  if (!self->closed)
    for (guint i = 0; i < self->tracks->len; i++) {
      ChsTrack *track = &g_array_index (self->tracks, ChsTrack, i);

      track->mean = track->count > 0 && track->kind != CHS_TRACK_TEXT ? track->mean / (double) track->count : (double) NAN;
    }
  self->closed = TRUE;
  *n = self->tracks->len;
  return (const ChsTrack *) (gpointer) self->tracks->data;
}

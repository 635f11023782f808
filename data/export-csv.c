/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/export.h"
#include "data/summary.h"

#include <math.h>
#include <string.h>

/* RFC 4180, UTF-8 without BOM, LF, decimal point whatever the user's locale. A cell of text
 * that a spreadsheet would run (= + - @, tab, CR at its beginning) gets an apostrophe in front. */

static void
put_cell (GString *out, const char *text)
{
  if (text[0] != '\0' && strchr ("=+-@\t\r", text[0]) != NULL) {
    g_autofree char *safe = g_strconcat ("'", text, NULL);

    put_cell (out, safe);
    return;
  }
  if (strpbrk (text, ",\"\r\n") == NULL) {
    g_string_append (out, text);
    return;
  }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++) {
    if (*text == '"')
      g_string_append_c (out, '"');
    g_string_append_c (out, *text);
  }
  g_string_append_c (out, '"');
}

/* What a neutral CSV calls our parameters where it is not the name in lower case; shared/formats/csv.md. */
static const char *const channel_names[CHS_N_PARAMS] = {
  [CHS_PARAM_NIBP_MEAN] = "nibp_map",
  [CHS_PARAM_ABP_SYS] = "art_sys",
  [CHS_PARAM_ABP_DIA] = "art_dia",
  [CHS_PARAM_ABP_MEAN] = "art_map",
  [CHS_PARAM_PUMP_RATE] = "infusion_rate",
  [CHS_PARAM_PUMP_VOLUME] = "volume_total",
};

static char *
dup_channel (ChsExport *export, const ChsEvent *event, ChsParam param)
{
  const ChsStoreTrack *track = param == CHS_PARAM_OTHER ? chs_export_find_track (export, event->source, event->channel, param) : NULL;

  if (track != NULL)
    return g_strdup (track->name);
  return channel_names[param] != NULL ? g_strdup (channel_names[param]) : g_ascii_strdown (chs_param_info (param)->name, -1);
}

/* "questionable motion low_signal" */
static void
put_quality (GString *out, const ChsNumeric *numeric)
{
  static const struct {
    guint8      flag;
    const char *id;
  } flags[] = {
    { CHS_FLAG_DEMO, " demo" },     { CHS_FLAG_CALIBRATING, " calibrating" }, { CHS_FLAG_LOW_SIGNAL, " low_signal" },
    { CHS_FLAG_MOTION, " motion" }, { CHS_FLAG_ESTIMATED, " estimated" },
  };

  g_string_append (out, chs_quality_id ((ChsQuality) numeric->quality));
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if ((numeric->flags & flags[i].flag) != 0)
      g_string_append (out, flags[i].id);
}

static void
put_start (GString *out, ChsExport *export, const ChsEvent *event)
{
  char source[40];

  chs_export_time (out, chs_store_reader_get_meta (chs_export_get_reader (export))->start_wall_us + event->t_us);
  g_string_append_c (out, ',');
  chs_export_source_name (export, event->source, event->channel, source, sizeof source);
  put_cell (out, source);
  g_string_append_c (out, ',');
}

static void
put_value_row (ChsExport *export, const ChsEvent *event, const ChsExportValue *value)
{
  GString *out = chs_export_text (export);
  g_autofree char *channel = dup_channel (export, event, value->param);
  const ChsParamInfo *info = chs_param_info (value->param);

  put_start (out, export, event);
  put_cell (out, channel);
  g_string_append_c (out, ',');
  chs_export_number (out, value->value);
  g_string_append_c (out, ',');
  put_cell (out, value->unit);
  g_string_append_c (out, ',');
  if (event->type == CHS_EVENT_NUMERIC)
    put_quality (out, &event->numeric);
  g_string_append_c (out, ',');
  if (info->mdc != 0)
    g_string_append_printf (out, "%u^%s", info->mdc, info->mdc_name);
  g_string_append_c (out, ',');
  if (event->type == CHS_EVENT_NUMERIC && event->numeric.meas_us != CHS_TIME_NONE && event->numeric.meas_us != event->t_us) {
    g_string_append (out, "measured ");
    chs_export_time (out, chs_store_reader_get_meta (chs_export_get_reader (export))->start_wall_us + event->numeric.meas_us);
  }
  g_string_append_c (out, '\n');
}

static void
put_words_row (ChsExport *export, const ChsEvent *event)
{
  GString *out = chs_export_text (export);
  g_autoptr (GString) words = g_string_new (NULL);

  if (!chs_export_event_words (event, words))
    return;
  put_start (out, export, event);
  g_string_append (out, event->type == CHS_EVENT_ALARM ? "alarm,,,,," : "event,,,,,");
  put_cell (out, words->str);
  g_string_append_c (out, '\n');
}

/* A pump tells its status each second; its words are an event only when they change. */
typedef struct {
  ChsExport  *export;
  GHashTable *pumps; /* source and channel -> words last told */
} Words;

static gboolean
is_news (Words *self, const ChsEvent *event)
{
  gpointer key = GUINT_TO_POINTER (event->source << 8 | event->channel);
  g_autoptr (GString) words = NULL;

  if (event->type != CHS_EVENT_PUMP)
    return TRUE;
  words = g_string_new (NULL);
  chs_export_event_words (event, words);
  if (g_strcmp0 (g_hash_table_lookup (self->pumps, key), words->str) == 0)
    return FALSE;
  g_hash_table_insert (self->pumps, key, g_strdup (words->str));
  return TRUE;
}

static gboolean
on_long_event (const ChsEvent *event, gpointer user_data)
{
  Words *self = user_data;
  ChsExportValue values[CHS_EXPORT_VALUES];
  guint n = chs_export_values (self->export, event, values);

  for (guint i = 0; i < n; i++)
    put_value_row (self->export, event, &values[i]);
  if (is_news (self, event))
    put_words_row (self->export, event);
  return TRUE;
}

gboolean
chs_export_csv_long (ChsExport *self, GError **error)
{
  g_autoptr (GHashTable) pumps = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  Words words = { self, pumps };

  g_string_append (chs_export_text (self), "time,source,channel,value,unit,quality,mdc,note\n");
  return chs_export_foreach (self, CHS_READ_NUMERICS, on_long_event, &words, error);
}

/* ---- wide ---- */

typedef struct {
  Words           words;
  const ChsTrack *tracks; /* columns */
  guint           n_tracks;
  double         *values; /* of the second that is being gathered; NAN = none */
  GString        *doubts; /* columns whose value is not plainly good */
  GString        *notes;
  gint64          second;
  gboolean        is_begun;
} Wide;

static gboolean
has_column (const ChsTrack *track)
{
  return track->kind == CHS_TRACK_NUMERIC;
}

static gboolean
is_lone (const Wide *self, guint8 param)
{
  guint n = 0;

  for (guint i = 0; i < self->n_tracks; i++)
    n += has_column (&self->tracks[i]) && self->tracks[i].param == param;
  return n == 1;
}

/* "HR [MDC 147842] (/min)"; with the name of the source where two of them measure the same. */
static char *
dup_title (const Wide *self, const ChsTrack *track)
{
  const ChsParamInfo *info = chs_param_info ((ChsParam) track->param);
  gboolean is_ours = track->param != CHS_PARAM_OTHER && is_lone (self, track->param);
  g_autoptr (GString) title = g_string_new (is_ours ? info->name : track->name);

  if (info->mdc != 0)
    g_string_append_printf (title, " [MDC %u]", info->mdc);
  if (track->unit[0] != '\0')
    g_string_append_printf (title, " (%s)", track->unit);
  return g_strdup (title->str);
}

static void
put_wide_header (const Wide *self)
{
  GString *out = chs_export_text (self->words.export);

  g_string_append (out, "time");
  for (guint i = 0; i < self->n_tracks; i++) {
    g_autofree char *title = has_column (&self->tracks[i]) ? dup_title (self, &self->tracks[i]) : NULL;

    if (title == NULL)
      continue;
    g_string_append_c (out, ',');
    put_cell (out, title);
  }
  g_string_append (out, ",quality,events\n");
}

static void
put_second (Wide *self)
{
  GString *out = chs_export_text (self->words.export);
  const ChsStoreMeta *meta = chs_store_reader_get_meta (chs_export_get_reader (self->words.export));

  if (!self->is_begun)
    return;
  chs_export_time (out, meta->start_wall_us + self->second * G_USEC_PER_SEC);
  for (guint i = 0; i < self->n_tracks; i++) {
    if (!has_column (&self->tracks[i]))
      continue;
    g_string_append_c (out, ',');
    chs_export_number (out, self->values[i]);
    self->values[i] = (double) NAN;
  }
  g_string_append_c (out, ',');
  put_cell (out, self->doubts->str);
  g_string_append_c (out, ',');
  put_cell (out, self->notes->str);
  g_string_append_c (out, '\n');
  g_string_truncate (self->doubts, 0);
  g_string_truncate (self->notes, 0);
  self->is_begun = FALSE;
}

/* Invalid values are named, never shown as measured. */
static void
take_value (Wide *self, const ChsEvent *event, const ChsExportValue *value)
{
  gboolean is_numeric = event->type == CHS_EVENT_NUMERIC;

  for (guint i = 0; i < self->n_tracks; i++) {
    const ChsTrack *track = &self->tracks[i];

    if (track->source != event->source || track->channel != event->channel || track->param != value->param || !has_column (track))
      continue;
    self->values[i] = is_numeric && event->numeric.quality >= CHS_QUALITY_INVALID ? (double) NAN : value->value;
    if (is_numeric && (event->numeric.quality != CHS_QUALITY_OK || event->numeric.flags != 0)) {
      g_string_append_printf (self->doubts, "%s%s ", self->doubts->len > 0 ? "; " : "", chs_param_info (value->param)->name);
      put_quality (self->doubts, &event->numeric);
    }
  }
}

static gboolean
on_wide_event (const ChsEvent *event, gpointer user_data)
{
  Wide *self = user_data;
  ChsExportValue values[CHS_EXPORT_VALUES];
  guint n = chs_export_values (self->words.export, event, values);
  gint64 second = event->t_us / G_USEC_PER_SEC;
  g_autoptr (GString) words = g_string_new (NULL);
  gboolean has_words = is_news (&self->words, event) && chs_export_event_words (event, words);

  if (second != self->second)
    put_second (self);
  self->second = second;
  if (n > 0 || has_words)
    self->is_begun = TRUE;
  for (guint i = 0; i < n; i++)
    take_value (self, event, &values[i]);
  if (has_words)
    g_string_append_printf (self->notes, "%s%s", self->notes->len > 0 ? "; " : "", words->str);
  return TRUE;
}

gboolean
chs_export_csv_wide (ChsExport *self, GError **error)
{
  g_autoptr (GHashTable) pumps = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_autoptr (GString) doubts = g_string_new (NULL);
  g_autoptr (GString) notes = g_string_new (NULL);
  g_autofree double *values = NULL;
  g_auto (ChsSummary) summary = { 0 };
  Wide wide = { .words = { self, pumps }, .doubts = doubts, .notes = notes };

  chs_summary_read (&summary, chs_export_get_reader (self), NULL); /* what is damaged is met again below, and told */
  wide.tracks = chs_track_table_get (summary.tracks, &wide.n_tracks);
  wide.values = values = g_new (double, MAX (1, wide.n_tracks));
  for (guint i = 0; i < wide.n_tracks; i++)
    values[i] = (double) NAN;
  put_wide_header (&wide);
  if (!chs_export_foreach (self, CHS_READ_NUMERICS, on_wide_event, &wide, error))
    return FALSE;
  put_second (&wide);
  return TRUE;
}

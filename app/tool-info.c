/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/event-json.h"
#include "data/summary.h"

#include <math.h>
#include <stdio.h>

#define US_PER_MS 1000.0

static char *
dup_wall (gint64 wall_us)
{
  g_autoptr (GDateTime) start = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  g_autofree char *seconds = start != NULL ? g_date_time_format (start, "%Y-%m-%dT%H:%M:%S") : NULL;

  return seconds != NULL ? g_strdup_printf ("%s.%03dZ", seconds, (int) (wall_us % G_USEC_PER_SEC / 1000)) : NULL;
}

static double
to_ms (gint64 t_us)
{
  return t_us == CHS_TIME_NONE ? (double) NAN : (double) t_us / US_PER_MS;
}

static void
append_bool (GString *line, const char *key, gboolean value)
{
  chs_json_key (line, key);
  g_string_append (line, value ? "true" : "false");
}

static void
append_track (GString *line, const ChsTrack *track)
{
  g_string_append_c (line, '{');
  chs_json_number (line, "source", track->source);
  chs_json_number (line, "channel", track->channel);
  chs_json_text (line, "name", track->name);
  chs_json_text (line, "param", chs_param_info (track->param)->name);
  chs_json_text (line, "kind", chs_track_kind_id (track->kind));
  chs_json_text (line, "unit", track->unit);
  chs_json_number (line, "rate_hz", track->rate_hz);
  chs_json_number (line, "count", (double) track->count);
  chs_json_number (line, "absent", (double) track->absent);
  chs_json_number (line, "min", track->min);
  chs_json_number (line, "mean", track->mean);
  chs_json_number (line, "max", track->max);
  chs_json_number (line, "first_ms", to_ms (track->first_us));
  chs_json_number (line, "last_ms", to_ms (track->last_us));
  g_string_append_c (line, '}');
}

static void
append_gap (GString *line, const ChsGap *gap)
{
  g_string_append_c (line, '{');
  chs_json_number (line, "source", gap->source);
  chs_json_number (line, "from_ms", to_ms (gap->from_us));
  chs_json_number (line, "to_ms", to_ms (gap->to_us));
  chs_json_text (line, "reason", gap->reason);
  g_string_append_c (line, '}');
}

static void
print_json (const ChsStoreMeta *meta, const ChsSummary *summary, gboolean whole)
{
  g_autoptr (GString) line = g_string_new ("{");
  g_autofree char *start = dup_wall (meta->start_wall_us);
  guint n;
  const ChsTrack *tracks = chs_track_table_get (summary->tracks, &n);

  chs_json_text (line, "start", start);
  chs_json_number (line, "duration_ms", to_ms (summary->duration_us));
  chs_json_text (line, "patient_id", summary->patient_id);
  chs_json_text (line, "therapy", summary->therapy);
  append_bool (line, "complete", meta->complete);
  append_bool (line, "damaged", !whole);
  chs_json_text (line, "session_id", meta->session_id);
  chs_json_text (line, "chair", meta->chair);
  chs_json_text (line, "program", meta->program);
  chs_json_number (line, "events", (double) summary->n_events);
  chs_json_key (line, "tracks");
  for (guint i = 0; i < n; i++) {
    g_string_append_c (line, i == 0 ? '[' : ',');
    append_track (line, &tracks[i]);
  }
  g_string_append (line, n == 0 ? "[]" : "]");
  chs_json_number (line, "gaps", summary->gaps->len);
  chs_json_key (line, "gap_list");
  for (guint i = 0; i < summary->gaps->len; i++) {
    g_string_append_c (line, i == 0 ? '[' : ',');
    append_gap (line, &g_array_index (summary->gaps, ChsGap, i));
  }
  g_string_append (line, summary->gaps->len == 0 ? "[]" : "]");
  chs_json_number (line, "alarms", (double) summary->n_alarms);
  chs_json_number (line, "nurse_actions", (double) summary->n_nurse);
  puts (g_string_append_c (line, '}')->str);
}

static void
print_words (const ChsStoreMeta *meta, const ChsSummary *summary)
{
  g_autofree char *start = dup_wall (meta->start_wall_us);
  guint n;
  const ChsTrack *tracks = chs_track_table_get (summary->tracks, &n);

  printf ("start     %s\n", start != NULL ? start : "unknown");
  printf ("duration  %d:%02d:%02d\n", (int) (summary->duration_us / G_TIME_SPAN_HOUR),
          (int) (summary->duration_us / G_TIME_SPAN_MINUTE % 60), (int) (summary->duration_us / G_TIME_SPAN_SECOND % 60));
  printf ("chair     %s\n", meta->chair != NULL ? meta->chair : "");
  printf ("patient   %s\n", summary->patient_id[0] != '\0' ? summary->patient_id : "not told");
  printf ("therapy   %s\n", summary->therapy[0] != '\0' ? summary->therapy : "none chosen");
  printf ("complete  %s\n", meta->complete ? "yes" : "no: still open, or the monitor was cut off");
  printf ("alarms    %" G_GUINT64_FORMAT ", nurse's actions %" G_GUINT64_FORMAT ", gaps %u\n", summary->n_alarms,
          summary->n_nurse, summary->gaps->len);
  printf ("\n%-36s %-8s %-10s %10s %10s %10s %10s\n", "track", "kind", "unit", "count", "min", "mean", "max");
  for (guint i = 0; i < n; i++)
    printf ("%-36s %-8s %-10s %10" G_GUINT64_FORMAT " %10.4g %10.4g %10.4g\n", tracks[i].name,
            chs_track_kind_id (tracks[i].kind), tracks[i].unit, tracks[i].count, tracks[i].min, tracks[i].mean, tracks[i].max);
}

int
chs_tool_info (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON object", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ChsStoreReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (ChsSummary) summary = { 0 };
  gboolean whole;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  reader = chs_store_reader_new (argv[1], &error);
  if (reader == NULL)
    return chs_tool_refuse ("info", error);
  whole = chs_summary_read (&summary, reader, &error);
  if (json)
    print_json (chs_store_reader_get_meta (reader), &summary, whole);
  else
    print_words (chs_store_reader_get_meta (reader), &summary);
  if (!whole)
    fprintf (stderr, "chairside-tool info: %s\n", error->message);
  return whole ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
}

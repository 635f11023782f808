/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/summary.h"

#include <string.h>

#define GAPS_MAX 10000 /* of a hostile file */

typedef struct {
  ChsSummary *summary;
  gint64      down_us[256]; /* since when a link gives nothing; CHS_TIME_NONE = it gives */
  char        reason[256][96];
  gboolean    has_therapy_id;
} Reading;

void
chs_summary_clear (ChsSummary *self)
{
  g_clear_pointer (&self->gaps, g_array_unref);
  g_clear_pointer (&self->tracks, chs_track_table_free);
}

static void
add_gap (ChsSummary *self, guint8 source, gint64 from_us, gint64 to_us, const char *reason)
{
  ChsGap gap = { .source = source, .from_us = from_us, .to_us = to_us };

  if (self->gaps->len >= GAPS_MAX)
    return;
  chs_text_copy (gap.reason, sizeof gap.reason, reason);
  g_array_append_val (self->gaps, gap);
}

/* A link that was up once and then is not leaves a gap; one that never came up does not. */
static void
note_link (Reading *self, const ChsEvent *event)
{
  guint8 source = event->source;
  gboolean is_down = event->link.state == CHS_LINK_SILENT || event->link.state == CHS_LINK_LOST || event->link.state == CHS_LINK_FAILED;

  if (event->link.state == CHS_LINK_UP && self->down_us[source] != CHS_TIME_NONE) {
    add_gap (self->summary, source, self->down_us[source], event->t_us, self->reason[source]);
    self->down_us[source] = CHS_TIME_NONE;
  } else if (is_down && self->down_us[source] == CHS_TIME_NONE) {
    self->down_us[source] = event->t_us;
    chs_text_copy (self->reason[source], sizeof self->reason[source],
                   event->link.reason[0] != '\0' ? event->link.reason : chs_link_state_id (event->link.state));
  }
}

static void
note_setup (Reading *self, const ChsSetup *setup)
{
  ChsSummary *summary = self->summary;

  if (strcmp (setup->key, "patient.id") == 0)
    chs_text_copy (summary->patient_id, sizeof summary->patient_id, setup->value);
  else if (strcmp (setup->key, "therapy.id") == 0) {
    chs_text_copy (summary->therapy, sizeof summary->therapy, setup->value);
    self->has_therapy_id = setup->value[0] != '\0';
  } else if (strcmp (setup->key, "therapy.name") == 0 && !self->has_therapy_id)
    chs_text_copy (summary->therapy, sizeof summary->therapy, setup->value);
}

static gboolean
note_event (const ChsEvent *event, gpointer user_data)
{
  Reading *self = user_data;
  ChsSummary *summary = self->summary;

  summary->n_events++;
  summary->duration_us = MAX (summary->duration_us, event->t_us);
  chs_track_table_add (summary->tracks, event);
  if (event->type == CHS_EVENT_LINK)
    note_link (self, event);
  else if (event->type == CHS_EVENT_SETUP)
    note_setup (self, &event->setup);
  else if (event->type == CHS_EVENT_ALARM)
    summary->n_alarms += event->alarm.action == CHS_ALARM_RAISE;
  else if (event->type == CHS_EVENT_NURSE)
    summary->n_nurse++;
  else if (event->type == CHS_EVENT_CLOCK && event->clock.code == CHS_CLOCK_RESUME)
    add_gap (summary, 0, event->t_us - event->clock.step_us, event->t_us, "the monitor was not running");
  return TRUE;
}

static int
by_beginning (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const ChsGap *) a)->from_us, y = ((const ChsGap *) b)->from_us;

  return (x > y) - (x < y);
}

gboolean
chs_summary_read (ChsSummary *self, ChsStoreReader *reader, GError **error)
{
  g_autofree Reading *reading = g_new0 (Reading, 1);
  gboolean whole;

  *self = (ChsSummary) { .gaps = g_array_new (FALSE, FALSE, sizeof (ChsGap)), .tracks = chs_track_table_new () };
  reading->summary = self;
  for (guint i = 0; i < G_N_ELEMENTS (reading->down_us); i++)
    reading->down_us[i] = CHS_TIME_NONE;
  whole = chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, note_event, reading, error);
  for (guint i = 0; i < G_N_ELEMENTS (reading->down_us); i++)
    if (reading->down_us[i] != CHS_TIME_NONE)
      add_gap (self, (guint8) i, reading->down_us[i], self->duration_us, reading->reason[i]);
  g_array_sort (self->gaps, by_beginning);
  chs_track_table_name (self->tracks, reader);
  return whole;
}

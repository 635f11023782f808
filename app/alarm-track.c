/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/alarm-track.h"

#include <string.h>

ChsAlarmTrack *
chs_alarm_track_new (void)
{
  ChsAlarmTrack *self = g_new0 (ChsAlarmTrack, 1);

  self->spans = g_array_new (FALSE, FALSE, sizeof (ChsAlarmSpan));

  return self;
}

void
chs_alarm_track_free (ChsAlarmTrack *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->spans);
  g_free (self);
}

static ChsAlarmSpan *
span_at (const ChsAlarmTrack *self, guint i)
{
  return &g_array_index (self->spans, ChsAlarmSpan, i);
}

/* Only what lasts can change: the few spans behind the first open one. */
static ChsAlarmSpan *
find_open (ChsAlarmTrack *self, uint32_t id)
{
  while (self->first_open < self->spans->len && span_at (self, self->first_open)->to_us != CHS_TIME_NONE)
    self->first_open++;
  for (guint i = self->spans->len; i > self->first_open; i--)
    if (span_at (self, i - 1)->id == id && span_at (self, i - 1)->to_us == CHS_TIME_NONE)
      return span_at (self, i - 1);

  return NULL;
}

static guint *
count_of (ChsAlarmTrack *self, uint8_t priority)
{
  return &self->n_by_priority[MIN (priority, CHS_PRIORITY_HIGH)];
}

static void
begin_span (ChsAlarmTrack *self, const ChsEvent *event)
{
  ChsAlarmSpan span = { .from_us = event->t_us, .to_us = CHS_TIME_NONE, .ack_us = CHS_TIME_NONE, .id = event->alarm.id,
                        .label = event->alarm.label, .priority = event->alarm.priority };

  for (guint i = 0; i < G_N_ELEMENTS (span.since_us); i++)
    span.since_us[i] = i <= span.priority ? event->t_us : CHS_TIME_NONE;
  chs_text_copy (span.rule, sizeof span.rule, event->alarm.rule);
  g_array_append_val (self->spans, span);
  ++*count_of (self, span.priority);
}

static void
raise_priority (ChsAlarmTrack *self, ChsAlarmSpan *span, int64_t t_us, uint8_t priority)
{
  if (priority <= span->priority)
    return;
  for (guint i = span->priority + 1u; i <= MIN (priority, CHS_PRIORITY_HIGH); i++)
    span->since_us[i] = t_us;
  --*count_of (self, span->priority);
  span->priority = priority;
  ++*count_of (self, span->priority);
}

static void
feed_alarm (ChsAlarmTrack *self, const ChsEvent *event)
{
  ChsAlarmSpan *span = find_open (self, event->alarm.id);

  if (event->alarm.action == CHS_ALARM_RAISE && span == NULL)
    begin_span (self, event);
  else if (span != NULL && event->alarm.action == CHS_ALARM_ESCALATE)
    raise_priority (self, span, event->t_us, event->alarm.priority);
  else if (span != NULL && event->alarm.action == CHS_ALARM_ACK && span->ack_us == CHS_TIME_NONE)
    span->ack_us = event->t_us;
  else if (span != NULL && event->alarm.action == CHS_ALARM_CLEAR)
    span->to_us = event->t_us;
}

void
chs_alarm_track_feed (ChsAlarmTrack *self, const ChsEvent *event)
{
  self->end_us = MAX (self->end_us, event->t_us);
  if (event->type == CHS_EVENT_ALARM)
    feed_alarm (self, event);
}

double
chs_alarm_track_per_hour (const ChsAlarmTrack *self, guint n)
{
  return self->end_us > 0 ? n / ((double) self->end_us / 3600e6) : 0.0;
}

guint
chs_alarm_track_n_acknowledged (const ChsAlarmTrack *self, int64_t within_us)
{
  guint n = 0;

  for (guint i = 0; i < self->spans->len; i++)
    n += span_at (self, i)->ack_us != CHS_TIME_NONE && span_at (self, i)->ack_us - span_at (self, i)->from_us <= within_us;

  return n;
}

static void
count_rules (GArray *counts, const ChsAlarmTrack *track, gsize member)
{
  for (guint i = 0; i < track->spans->len; i++) {
    const ChsAlarmSpan *span = span_at (track, i);
    ChsRuleCount        fresh = { 0 };
    guint               k = 0;

    while (k < counts->len && strcmp (g_array_index (counts, ChsRuleCount, k).rule, span->rule) != 0)
      k++;
    chs_text_copy (fresh.rule, sizeof fresh.rule, span->rule);
    if (k == counts->len)
      g_array_append_val (counts, fresh);
    ++*(guint *) (gpointer) ((char *) &g_array_index (counts, ChsRuleCount, k) + member);
  }
}

static int
most_frequent_first (gconstpointer a, gconstpointer b)
{
  const ChsRuleCount *x = a, *y = b;

  if (x->before != y->before)
    return x->before < y->before ? 1 : -1;
  if (x->after != y->after)
    return x->after < y->after ? 1 : -1;

  return strcmp (x->rule, y->rule);
}

GArray *
chs_alarm_track_compare (const ChsAlarmTrack *before, const ChsAlarmTrack *after)
{
  GArray *counts = g_array_new (FALSE, FALSE, sizeof (ChsRuleCount));

  count_rules (counts, before, G_STRUCT_OFFSET (ChsRuleCount, before));
  if (after != NULL)
    count_rules (counts, after, G_STRUCT_OFFSET (ChsRuleCount, after));
  g_array_sort (counts, most_frequent_first);

  return counts;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/burden.h"

#include "app/event-json.h"

#include <math.h>
#include <string.h>

typedef struct {
  guint alarms, compared; /* conditions raised */
  guint by_priority[4];
  guint acknowledged; /* within CHS_BURDEN_ACK_US */
} Count;

struct _ChsBurden {
  GTree   *rules; /* char* to Count */
  Count    priorities[4], all;
  double   hours;
  gboolean is_compared;
};

static int
compare_text (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return strcmp (a, b);
}

ChsBurden *
chs_burden_new (void)
{
  ChsBurden *self = g_new0 (ChsBurden, 1);

  self->rules = g_tree_new_full (compare_text, NULL, g_free, g_free);

  return self;
}

void
chs_burden_free (ChsBurden *self)
{
  if (self == NULL)
    return;
  g_tree_unref (self->rules);
  g_free (self);
}

static Count *
rule_of (ChsBurden *self, const char *rule)
{
  Count *count = g_tree_lookup (self->rules, rule);

  if (count == NULL) {
    count = g_new0 (Count, 1);
    g_tree_insert (self->rules, g_strdup (rule), count);
  }

  return count;
}

static void
add_span (Count *count, const ChsAlarmSpan *span)
{
  count->alarms++;
  count->by_priority[MIN (span->priority, CHS_PRIORITY_HIGH)]++;
  count->acknowledged += span->ack_us != CHS_TIME_NONE && span->ack_us - span->from_us <= CHS_BURDEN_ACK_US;
}

static void
add_track (ChsBurden *self, const ChsAlarmTrack *track)
{
  for (guint i = 0; i < track->spans->len; i++) {
    const ChsAlarmSpan *span = &g_array_index (track->spans, ChsAlarmSpan, i);

    add_span (rule_of (self, span->rule), span);
    add_span (&self->priorities[MIN (span->priority, CHS_PRIORITY_HIGH)], span);
    add_span (&self->all, span);
  }
}

static void
add_compared (ChsBurden *self, const ChsAlarmTrack *track)
{
  for (guint i = 0; i < track->spans->len; i++) {
    const ChsAlarmSpan *span = &g_array_index (track->spans, ChsAlarmSpan, i);

    rule_of (self, span->rule)->compared++;
    self->priorities[MIN (span->priority, CHS_PRIORITY_HIGH)].compared++;
    self->all.compared++;
  }
}

void
chs_burden_add (ChsBurden *self, const ChsAlarmTrack *track, const ChsAlarmTrack *compared)
{
  self->hours += (double) track->end_us / 3600e6;
  add_track (self, track);
  self->is_compared = compared != NULL;
  if (compared != NULL)
    add_compared (self, compared);
}

/* Three digits are more than a count of alarms can bear. */
static double
per_hour (const ChsBurden *self, guint n)
{
  return self->hours > 0 ? round (n / self->hours * 1000) / 1000 : (double) NAN;
}

static void
add_count (const ChsBurden *self, GString *out, const Count *count)
{
  chs_json_number (out, "alarms", count->alarms);
  chs_json_number (out, "per_h", per_hour (self, count->alarms));
  if (!self->is_compared)
    return;
  chs_json_number (out, "compared", count->compared);
  chs_json_number (out, "compared_per_h", per_hour (self, count->compared));
}

typedef struct {
  const ChsBurden *self;
  GString         *out;
} Printing;

static gboolean
print_rule (gpointer key, gpointer value, gpointer user_data)
{
  Printing    *printing = user_data;
  const Count *count = value;

  g_string_append_c (printing->out, '{');
  chs_json_text (printing->out, "type", "burden");
  chs_json_text (printing->out, "rule", key);
  add_count (printing->self, printing->out, count);
  for (int priority = CHS_PRIORITY_HIGH; priority >= CHS_PRIORITY_LOW; priority--)
    chs_json_number (printing->out, chs_priority_id ((ChsPriority) priority), count->by_priority[priority]);
  g_string_append (printing->out, "}\n");

  return FALSE;
}

static void
print_priority (const ChsBurden *self, GString *out, const char *name, const Count *count)
{
  g_string_append_c (out, '{');
  chs_json_text (out, "type", "burden");
  chs_json_text (out, "priority", name);
  add_count (self, out, count);
  chs_json_number (out, "acknowledged_30s", count->alarms > 0 ? (double) count->acknowledged / count->alarms : (double) NAN);
  g_string_append (out, "}\n");
}

void
chs_burden_print (const ChsBurden *self, GString *out)
{
  Printing printing = { self, out };

  g_tree_foreach (self->rules, print_rule, &printing);
  for (int priority = CHS_PRIORITY_HIGH; priority >= CHS_PRIORITY_LOW; priority--)
    print_priority (self, out, chs_priority_id ((ChsPriority) priority), &self->priorities[priority]);
  print_priority (self, out, "all", &self->all);
}

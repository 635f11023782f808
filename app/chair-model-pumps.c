/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-model-private.h"

#include <math.h>

void
chs_chair_model_append_step (ChsChairModel *self, guint index, int64_t t_us, double flow_ml_h)
{
  ChsPumpView *pump = &g_array_index (self->pumps, ChsPumpView, index);
  GArray *steps = self->steps[index];
  const ChsFlowStep *last = steps->len > 0 ? &g_array_index (steps, ChsFlowStep, steps->len - 1) : NULL;
  ChsFlowStep step = { t_us, (float) flow_ml_h };

  if (last != NULL && (isnan (last->flow_ml_h) ? isnan (flow_ml_h) : fabs ((double) last->flow_ml_h - flow_ml_h) < 0.005))
    return;
  chs_chair_rows_append (steps, &step, CHS_CHAIR_MAX_ROWS);
  pump->steps = &g_array_index (steps, ChsFlowStep, 0);
  pump->n_steps = steps->len;
}

/* The name of the link, and the slot where one link carries several pumps. */
void
chs_chair_model_name_pumps (ChsChairModel *self, uint8_t source)
{
  const ChsLinkInfo *link = chs_chair_model_find_link (self, source);
  guint n = 0;

  for (guint i = 0; i < self->pumps->len; i++)
    n += g_array_index (self->pumps, ChsPumpView, i).source == source;
  for (guint i = 0; i < self->pumps->len; i++) {
    ChsPumpView *pump = &g_array_index (self->pumps, ChsPumpView, i);
    const char *name = link != NULL ? link->status.name : "";
    g_autofree char *full = NULL;

    if (pump->source != source)
      continue;
    full = n > 1 && pump->status.slot[0] != '\0' ? g_strdup_printf ("%s %s", name, pump->status.slot) : g_strdup (name);
    chs_text_copy (pump->name, sizeof pump->name, full);
  }
}

static guint
place_of (guint8 source, guint8 channel)
{
  return 256u * source + channel;
}

/* Pumps stand as they are configured, not as they happened to speak first: pump 1 is the first tile at each start. */
static guint
find_place (const ChsChairModel *self, const ChsEvent *event)
{
  guint index = 0;

  while (index < self->pumps->len && place_of (g_array_index (self->pumps, ChsPumpView, index).source,
                                               g_array_index (self->pumps, ChsPumpView, index).channel)
                                         < place_of (event->source, event->channel))
    index++;
  return index;
}

static void
insert_pump (ChsChairModel *self, guint index, const ChsEvent *event)
{
  ChsPumpView fresh = { .source = event->source, .channel = event->channel };

  g_array_insert_val (self->pumps, index, fresh);
  for (guint i = self->pumps->len - 1; i > index; i--)
    self->steps[i] = self->steps[i - 1];
  self->steps[index] = g_array_new (FALSE, FALSE, sizeof (ChsFlowStep));
}

void
chs_chair_model_feed_pump (ChsChairModel *self, const ChsEvent *event)
{
  guint index = find_place (self, event);
  ChsPumpView *pump = index < self->pumps->len ? &g_array_index (self->pumps, ChsPumpView, index) : NULL;
  gboolean is_new = pump == NULL || pump->source != event->source || pump->channel != event->channel;

  chs_chair_model_ensure_link (self, event, CHS_KIND_PUMP);
  if (is_new && self->pumps->len == CHS_CHAIR_MAX_PUMPS)
    return;
  if (is_new)
    insert_pump (self, index, event);
  pump = &g_array_index (self->pumps, ChsPumpView, index);
  pump->status = event->pump;
  pump->t_us = event->t_us;
  chs_chair_model_name_pumps (self, event->source);
  chs_chair_model_append_step (self, index, event->t_us, chs_pump_flow_ml_h (&event->pump));
}

/* Nothing is known of a pump's flow from the last word it gave. */
void
chs_chair_model_lose_flows (ChsChairModel *self, uint8_t source, int64_t t_us)
{
  for (guint i = 0; i < self->pumps->len; i++)
    if (g_array_index (self->pumps, ChsPumpView, i).source == source)
      chs_chair_model_append_step (self, i, MAX (t_us, g_array_index (self->pumps, ChsPumpView, i).t_us), NAN);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-model.h"

#include "app/chair-model-private.h"

#include <math.h>

/* Marks a string for xgettext; the screen translates it when it draws. */
#define N_(s) (s)

/* Adds a row; the oldest quarter goes when the array is full. */
gpointer
chs_chair_rows_append (GArray *rows, gconstpointer row, guint max)
{
  if (rows->len >= max)
    g_array_remove_range (rows, 0, max / 4);
  g_array_append_vals (rows, row, 1);
  return rows->data + (gsize) (rows->len - 1) * g_array_get_element_size (rows);
}

static void
feed_clock (ChsChairModel *self, const ChsEvent *event)
{
  ChsMark mark = { .t_us = event->t_us, .seq = event->seq, .kind = CHS_MARK_CLOCK, .action = event->clock.code, .was_us = CHS_TIME_NONE };
  ChsGap gap = { .to_us = event->t_us, .kind = CHS_GAP_BOTH };

  self->utc_offset_min = event->clock.utc_offset_min;
  if (!self->has_begun) /* a recording opens with its offset: no seam */
    return;
  chs_chair_model_add_mark (self, &mark);
  if (event->clock.code != CHS_CLOCK_RESUME)
    return;
  gap.from_us = MAX (0, event->t_us - event->clock.step_us);
  chs_text_copy (gap.why, sizeof gap.why, N_ ("monitor restarted"));
  chs_chair_rows_append (self->gaps, &gap, CHS_CHAIR_MAX_ROWS);
  for (guint i = 0; i < self->pumps->len; i++)
    chs_chair_model_append_step (self, i, MAX (gap.from_us, g_array_index (self->pumps, ChsPumpView, i).t_us), NAN);
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    chs_chair_model_begin_trend_gap (self, (ChsParam) i);
}

static void
feed_setup (ChsChairModel *self, const ChsEvent *event)
{
  const ChsSetupEntry entry = { .t_us = event->t_us, .source = event->source, .setup = event->setup };

  chs_chair_rows_append (self->setups, &entry, CHS_CHAIR_MAX_ENTRIES);
}

static void
keep_scores (ChsChairModel *self)
{
  const ChsScores *now = chs_engine_get_scores (self->engine);
  const ChsScores *last = self->scores->len > 0 ? &g_array_index (self->scores, ChsScores, self->scores->len - 1) : NULL;

  if (now->t_us != CHS_TIME_NONE && (last == NULL || now->t_us > last->t_us))
    chs_chair_rows_append (self->scores, now, CHS_CHAIR_MAX_ROWS);
}

/* ---- the fold ---- */

/* Alarms are those of the model's own engine; nothing else leaves a trace of its own. */
static void (*const feeds[CHS_N_EVENTS]) (ChsChairModel *self, const ChsEvent *event) = {
  [CHS_EVENT_NUMERIC] = chs_chair_model_feed_numeric, [CHS_EVENT_WAVE] = chs_chair_model_feed_wave,
  [CHS_EVENT_PUMP] = chs_chair_model_feed_pump,       [CHS_EVENT_LINK] = chs_chair_model_feed_link,
  [CHS_EVENT_DEVICE] = chs_chair_model_feed_device,   [CHS_EVENT_NURSE] = chs_chair_model_feed_nurse,
  [CHS_EVENT_CLOCK] = feed_clock,                     [CHS_EVENT_SETUP] = feed_setup,
  [CHS_EVENT_CONFIG] = chs_chair_model_feed_config,
};

void
chs_chair_model_feed (ChsChairModel *self, const ChsEvent *event)
{
  g_return_if_fail (self != NULL && event != NULL);

  if (event->type == CHS_EVENT_RAW || event->type == CHS_EVENT_NONE || event->type >= CHS_N_EVENTS)
    return;
  self->now_us = MAX (self->now_us, event->t_us);
  if (event->wall_us != 0)
    self->wall_offset_us = event->wall_us - event->t_us;

  if (feeds[event->type] != NULL)
    feeds[event->type] (self, event);
  if (event->type == CHS_EVENT_NUMERIC || event->type == CHS_EVENT_PUMP || event->type == CHS_EVENT_WAVE)
    self->last_data_us[event->source] = event->t_us;
  if (event->type != CHS_EVENT_CLOCK && event->type != CHS_EVENT_SETUP && event->type != CHS_EVENT_CONFIG)
    self->has_begun = true;
  self->feeding_seq = event->seq;
  chs_engine_feed (self->engine, event, chs_chair_model_on_output, self);
  keep_scores (self);
  if (event->type != CHS_EVENT_WAVE) /* a sweep asks for its own frames */
    self->serial++;
}

static void
clear (ChsChairModel *self)
{
  g_clear_pointer (&self->engine, chs_engine_free);
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    g_clear_pointer (&self->trends[i], g_array_unref);
  for (guint i = 0; i < CHS_CHAIR_MAX_PUMPS; i++)
    g_clear_pointer (&self->steps[i], g_array_unref);
  for (guint i = 0; i < CHS_CHAIR_MAX_WAVES; i++)
    g_clear_pointer (&self->waves[i].ring, g_free);
  g_clear_pointer (&self->cuffs, g_array_unref);
  g_clear_pointer (&self->scores, g_array_unref);
  g_clear_pointer (&self->pumps, g_array_unref);
  g_clear_pointer (&self->marks, g_array_unref);
  g_clear_pointer (&self->alarm_log, g_array_unref);
  g_clear_pointer (&self->setups, g_array_unref);
  g_clear_pointer (&self->gaps, g_array_unref);
  g_clear_pointer (&self->links, g_array_unref);
  g_clear_pointer (&self->labels, g_array_unref);
}

static void
start (ChsChairModel *self, ChsProfile *profile, uint64_t serial)
{
  *self = (ChsChairModel) { .profile = profile, .serial = serial, .outcome = { NAN, NAN, NAN, NAN } };
  self->engine = chs_engine_new (profile);
  chs_chair_model_take_staleness (self);
  self->cuffs = g_array_new (FALSE, FALSE, sizeof (ChsCuffReading));
  self->scores = g_array_new (FALSE, FALSE, sizeof (ChsScores));
  self->pumps = g_array_new (FALSE, FALSE, sizeof (ChsPumpView));
  self->marks = g_array_new (FALSE, FALSE, sizeof (ChsMark));
  self->alarm_log = g_array_new (FALSE, FALSE, sizeof (ChsAlarmEntry));
  self->setups = g_array_new (FALSE, FALSE, sizeof (ChsSetupEntry));
  self->gaps = g_array_new (FALSE, FALSE, sizeof (ChsGap));
  self->links = g_array_new (FALSE, FALSE, sizeof (ChsLinkInfo));
  self->labels = g_array_new (FALSE, FALSE, sizeof (ChsLinkLabel));
  for (guint i = 0; i < G_N_ELEMENTS (self->last_data_us); i++)
    self->last_data_us[i] = CHS_TIME_NONE;
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    self->latest[i].t_us = CHS_TIME_NONE;
}

ChsChairModel *
chs_chair_model_new (const ChsProfile *profile)
{
  ChsChairModel *self = g_new (ChsChairModel, 1);

  start (self, chs_profile_copy (profile), 0);
  return self;
}

static void
copy_engine (ChsChairModel *copy, const ChsChairModel *self)
{
  g_autofree gpointer state = g_malloc (chs_engine_state_size ());

  copy->engine = chs_engine_new (copy->profile);
  chs_engine_save (self->engine, state);
  chs_engine_restore (copy->engine, state);
}

static GArray *
copy_rows (GArray *rows)
{
  return rows != NULL ? g_array_copy (rows) : NULL;
}

ChsChairModel *
chs_chair_model_copy (const ChsChairModel *self)
{
  ChsChairModel *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (ChsChairModel, 1);
  *copy = *self;
  copy->profile = chs_profile_copy (self->profile);
  copy_engine (copy, self);
  for (guint i = 0; i < CHS_N_PARAMS; i++)
    copy->trends[i] = copy_rows (self->trends[i]);
  copy->cuffs = copy_rows (self->cuffs);
  copy->scores = copy_rows (self->scores);
  copy->pumps = copy_rows (self->pumps);
  copy->marks = copy_rows (self->marks);
  copy->alarm_log = copy_rows (self->alarm_log);
  copy->setups = copy_rows (self->setups);
  copy->gaps = copy_rows (self->gaps);
  copy->links = copy_rows (self->links);
  copy->labels = copy_rows (self->labels);
  for (guint i = 0; i < CHS_CHAIR_MAX_PUMPS; i++)
    copy->steps[i] = copy_rows (self->steps[i]);
  for (guint i = 0; i < copy->pumps->len; i++)
    if (copy->steps[i] != NULL)
      g_array_index (copy->pumps, ChsPumpView, i).steps = (const ChsFlowStep *) copy->steps[i]->data;
  for (guint i = 0; i < CHS_CHAIR_MAX_WAVES; i++) {
    chs_wave_ring_copy (&self->waves[i], &copy->waves[i]);
    copy->wave_views[i] = copy->waves[i].view;
  }
  return copy;
}

void
chs_chair_model_reset (ChsChairModel *self)
{
  g_return_if_fail (self != NULL);

  clear (self);
  start (self, self->profile, self->serial + 1);
}

void
chs_chair_model_free (ChsChairModel *self)
{
  if (self == NULL)
    return;
  clear (self);
  chs_profile_free (self->profile);
  g_free (self);
}

/* ---- what drawing asks ---- */

/* While its instrument cannot be heard a value is not of now, however young it is. */
static bool
is_heard (const ChsChairModel *self, uint8_t source)
{
  const ChsLinkInfo *link = chs_chair_model_find_link (self, source);

  return link == NULL || link->status.state == CHS_LINK_UP;
}

ChsTileValue
chs_chair_model_get_value (const ChsChairModel *self, ChsParam param, int64_t now_us)
{
  const ChsLatest *latest = &self->latest[(guint) param < CHS_N_PARAMS ? param : CHS_PARAM_NONE];
  ChsTileValue value = { .value = NAN, .quality = CHS_QUALITY_ABSENT, .freshness = CHS_FRESH_NEVER, .t_us = CHS_TIME_NONE };
  int64_t age_us;

  if (latest->t_us == CHS_TIME_NONE)
    return value;
  age_us = MAX (0, now_us - latest->t_us);
  value = (ChsTileValue) {
    .value = latest->numeric.quality >= CHS_QUALITY_INVALID ? (double) NAN : latest->numeric.value,
    .quality = latest->numeric.quality,
    .flags = latest->numeric.flags,
    .time_mark = latest->numeric.time_mark,
    .freshness = age_us > self->gone_us[param]                                ? CHS_FRESH_GONE
                 : age_us > self->dim_us[param] || !is_heard (self, latest->source) ? CHS_FRESH_DIM
                                                                              : CHS_FRESH,
    .t_us = latest->t_us,
    .source = latest->source,
  };
  return value;
}

gboolean
chs_chair_model_is_present (const ChsChairModel *self, ChsParam param)
{
  return (guint) param < CHS_N_PARAMS && self->latest[param].is_present;
}

const ChsScores *
chs_chair_model_get_scores (const ChsChairModel *self, guint *n)
{
  *n = self->scores->len;
  return (const ChsScores *) (gconstpointer) self->scores->data;
}

const ChsPoint *
chs_chair_model_get_trend (const ChsChairModel *self, ChsParam param, guint *n)
{
  GArray *points = (guint) param < CHS_N_PARAMS ? self->trends[param] : NULL;

  *n = points != NULL ? points->len : 0;
  return *n > 0 ? (const ChsPoint *) (gconstpointer) points->data : NULL;
}

const ChsCuffReading *
chs_chair_model_get_cuffs (const ChsChairModel *self, guint *n)
{
  *n = self->cuffs->len;
  return (const ChsCuffReading *) (gconstpointer) self->cuffs->data;
}

const ChsPumpView *
chs_chair_model_get_pumps (const ChsChairModel *self, guint *n)
{
  *n = self->pumps->len;
  return (const ChsPumpView *) (gconstpointer) self->pumps->data;
}

const ChsDose *
chs_chair_model_find_dose (const ChsChairModel *self, uint8_t source, uint8_t channel)
{
  guint n;
  const ChsDose *doses = chs_engine_get_doses (self->engine, &n);

  for (guint i = 0; i < n; i++)
    if (doses[i].source == source && doses[i].channel == channel)
      return &doses[i];
  return NULL;
}

const ChsSetupEntry *
chs_chair_model_get_setups (const ChsChairModel *self, guint *n)
{
  *n = self->setups->len;
  return (const ChsSetupEntry *) (gconstpointer) self->setups->data;
}

const ChsAlarmEntry *
chs_chair_model_get_alarm_log (const ChsChairModel *self, guint *n)
{
  *n = self->alarm_log->len;
  return (const ChsAlarmEntry *) (gconstpointer) self->alarm_log->data;
}

const ChsMark *
chs_chair_model_get_marks (const ChsChairModel *self, guint *n)
{
  *n = self->marks->len;
  return (const ChsMark *) (gconstpointer) self->marks->data;
}

const ChsGap *
chs_chair_model_get_gaps (const ChsChairModel *self, guint *n)
{
  *n = self->gaps->len;
  return (const ChsGap *) (gconstpointer) self->gaps->data;
}

const ChsLinkInfo *
chs_chair_model_get_links (const ChsChairModel *self, guint *n)
{
  *n = self->links->len;
  return (const ChsLinkInfo *) (gconstpointer) self->links->data;
}

const ChsWaveView *
chs_chair_model_get_waves (const ChsChairModel *self, guint *n)
{
  *n = self->n_waves;
  return self->wave_views;
}

ChsOutcome
chs_chair_model_get_outcome (const ChsChairModel *self)
{
  return self->outcome;
}

const ChsEngine *
chs_chair_model_get_engine (const ChsChairModel *self)
{
  return self->engine;
}

const ChsProfile *
chs_chair_model_get_profile (const ChsChairModel *self)
{
  return self->profile;
}

int64_t
chs_chair_model_get_now_us (const ChsChairModel *self)
{
  return self->now_us;
}

int64_t
chs_chair_model_get_wall_offset_us (const ChsChairModel *self)
{
  return self->wall_offset_us;
}

int
chs_chair_model_get_utc_offset_min (const ChsChairModel *self)
{
  return self->utc_offset_min;
}

uint64_t
chs_chair_model_get_serial (const ChsChairModel *self)
{
  return self->serial;
}

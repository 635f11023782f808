/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-private.h"

#include <math.h>
#include <string.h>

/* Pumps: what flows, what has flowed (by our own integral of the rate), and what
 * the line pressure says. The pump's own volume counter is only compared: it may
 * be reset, run backwards or belong to the patient before. */

#define ESTIMATED_US (5 * CHS_SECOND) /* older than this the flow is only assumed to go on */
#define MG_BUCKET_US (20 * CHS_SECOND)
#define P60_US (60 * CHS_SECOND)
#define P60_EVERY_US (10 * CHS_SECOND)
#define P60_LEAST 20                  /* values */
#define CUFF_AFTER_US (5 * CHS_SECOND) /* shared/clinical.md 2.2 */
#define PEAK_CLEAR_US (CHS_SECOND / 2)

ChsPump *
chs_engine_pump_find (ChsEngine *self, uint8_t source, uint8_t channel)
{
  ChsState *s = &self->state;
  ChsPump *pump;

  for (unsigned i = 0; i < s->n_pumps; i++)
    if (s->pumps[i].source == source && s->pumps[i].channel == channel)
      return &s->pumps[i];
  if (s->n_pumps == CHS_MAX_PUMPS)
    return NULL;
  pump = &s->pumps[s->n_pumps++];
  memset (pump, 0, sizeof *pump);
  pump->source = source;
  pump->channel = channel;
  chs_pump_status_init (&pump->status);
  pump->status_us = pump->paused_us = pump->first_us = pump->compare_us = pump->mismatch_us = CHS_TIME_NONE;
  pump->change.t_us = pump->rise.t_us = pump->p60_us = pump->learn_until_us = pump->peak_since_us = CHS_TIME_NONE;
  pump->totals_us = pump->rate_us = s->now_us;
  pump->flow_ml_h = pump->ran_ml_h = pump->p60 = pump->reference = pump->p60_before = pump->flow_before = NAN;
  for (unsigned i = 0; i < CHS_PEAKS; i++)
    pump->peak_us[i] = CHS_TIME_NONE;
  return pump;
}

const ChsTherapy *
chs_engine_pump_therapy (const ChsEngine *self, const ChsPump *pump)
{
  return pump->has_therapy ? &pump->therapy : &self->state.session.therapy;
}

double
chs_engine_weight_kg (const ChsEngine *self, const ChsTherapy *therapy, bool *is_assumed)
{
  double kg = chs_session_weight_kg (&self->state.session, therapy);

  *is_assumed = isnan (kg);
  return isnan (kg) ? K (FLUID_WEIGHT_UNKNOWN) : kg;
}

bool
chs_engine_has_risk (const ChsEngine *self)
{
  const ChsSession *session = &self->state.session;

  return (session->risks & (CHS_RISK_HEART_FAILURE | CHS_RISK_RENAL | CHS_RISK_UNKNOWN)) != 0 || session->age >= K (FLUID_RISK_AGE);
}

void
chs_engine_pump_new_bag (ChsEngine *self)
{
  for (unsigned i = 0; i < self->state.n_pumps; i++)
    self->state.pumps[i].bag_used_ml = 0;
}

/* ---- totals ---- */

static double
some (double value)
{
  return isnan (value) ? 0.0 : value;
}

static void
note_magnesium (ChsState *s, double mmol_min)
{
  int64_t bucket = s->now_us / MG_BUCKET_US;
  int64_t last = s->mg_bucket_us == CHS_TIME_NONE ? bucket : s->mg_bucket_us;

  for (int64_t i = MAX (last + 1, bucket - CHS_RATE_BUCKETS + 1); i <= bucket; i++)
    s->mg_buckets[i % CHS_RATE_BUCKETS] = 0;
  s->mg_bucket_us = bucket;
  s->mg_buckets[bucket % CHS_RATE_BUCKETS] = fmax (s->mg_buckets[bucket % CHS_RATE_BUCKETS], mmol_min);
}

double
chs_engine_mg_max (const ChsEngine *self)
{
  const ChsState *s = &self->state;
  int64_t bucket = s->now_us / MG_BUCKET_US, window = MIN (K_MIN (MAGNESIUM_WINDOW) / MG_BUCKET_US + 1, CHS_RATE_BUCKETS);
  double most = 0;

  if (s->mg_bucket_us == CHS_TIME_NONE)
    return 0;
  for (int64_t i = MAX (bucket - window + 1, s->mg_bucket_us - CHS_RATE_BUCKETS + 1); i <= s->mg_bucket_us; i++)
    if (i >= 0)
      most = fmax (most, s->mg_buckets[i % CHS_RATE_BUCKETS]);
  return most;
}

static void
note_drugs (ChsEngine *self, const ChsPump *pump, const ChsTherapy *therapy)
{
  ChsState *s = &self->state;

  if (some (therapy->mg_mmol_per_ml) > 0) {
    s->mg_us = s->now_us;
    if (s->now_us - pump->rate_us >= K_S (GATE_RATE_PERSIST))
      note_magnesium (s, pump->flow_ml_h / 60.0 * therapy->mg_mmol_per_ml);
  }
  if (some (therapy->ketamine_mg_per_ml) > 0)
    s->ketamine_us = s->now_us;
  if (some (therapy->lidocaine_mg_per_ml) > 0)
    s->lidocaine_us = s->now_us;
}

static void
count_pump (ChsEngine *self, ChsPump *pump)
{
  ChsState *s = &self->state;
  const ChsTherapy *therapy = chs_engine_pump_therapy (self, pump);
  int64_t span_us = s->now_us - pump->totals_us;
  double ml = pump->flow_ml_h * (double) span_us / 3.6e9;

  pump->totals_us = s->now_us;
  if (!(pump->flow_ml_h > 0))
    return;
  if (!chs_within (s->now_us, pump->status_us, ESTIMATED_US)) {
    pump->estimated = true;
    if (!isnan (therapy->bag_volume_ml))
      ml = CLAMP (ml, 0, fmax (therapy->bag_volume_ml - pump->bag_used_ml, 0));
    pump->estimated_ml += ml;
  }
  pump->run_us += span_us;
  pump->infused_ml += ml;
  pump->bag_used_ml += ml;
  s->infused_ml += ml;
  pump->mg_mmol += ml * some (therapy->mg_mmol_per_ml);
  pump->ketamine_mg += ml * some (therapy->ketamine_mg_per_ml);
  pump->lidocaine_mg += ml * some (therapy->lidocaine_mg_per_ml);
  s->last_run_us = s->now_us;
  note_drugs (self, pump, therapy);
}

void
chs_engine_pump_totals (ChsEngine *self)
{
  for (unsigned i = 0; i < self->state.n_pumps; i++)
    count_pump (self, &self->state.pumps[i]);
}

/* ---- changes of the flow ---- */

static void
begin_infusion (ChsEngine *self)
{
  ChsState *s = &self->state;

  s->ran = true;
  s->first_run_us = s->now_us;
  if (s->frozen)
    return;
  s->baseline_us = CHS_TIME_NONE;
  chs_engine_baseline_roll (self);
  s->frozen = true;
}

static void
note_change (ChsEngine *self, ChsPump *pump, double before, double now)
{
  ChsState *s = &self->state;
  double from = some (before);

  if (fabs (now - from) * 100.0 < K (ALARM_CAUSE_CHANGE) * fmax (from, now))
    return;
  pump->change = (ChsChange) { .t_us = s->now_us, .from_ml_h = from, .to_ml_h = now };
  if (now > from)
    pump->rise = pump->change;
}

static void
change_flow (ChsEngine *self, ChsPump *pump, double flow)
{
  ChsState *s = &self->state;
  double before = pump->flow_ml_h;

  pump->flow_ml_h = flow;
  if (isnan (flow))
    return;
  if (!isnan (before) && fabs (flow - before) < 0.05)
    return;
  note_change (self, pump, before, flow);
  if (before > 0)
    pump->ran_ml_h = before;
  pump->rate_us = s->now_us;
  pump->p60_before = pump->p60;
  pump->flow_before = some (before);
  pump->p60 = NAN;
  pump->n_press = 0;
  pump->resist_done = false;
  if (!(flow > 0))
    return;
  s->rate_max_ml_h = fmax (s->rate_max_ml_h, flow);
  if (!pump->ran)
    pump->first_us = s->now_us;
  if (!pump->ran && isnan (pump->reference))
    pump->learn_until_us = s->now_us + K_MIN (SITE_REFERENCE);
  pump->ran = true;
  if (!s->ran)
    begin_infusion (self);
}

/* ---- line pressure ---- */

static double
p60_of (const ChsPump *pump, int64_t now_us)
{
  float values[CHS_PRESS_SIZE];
  unsigned kept = MIN (pump->n_press, CHS_PRESS_SIZE), n = 0;

  for (uint32_t i = pump->n_press - kept; i < pump->n_press; i++)
    if (chs_within (now_us, pump->press_us[i % CHS_PRESS_SIZE], P60_US))
      values[n++] = pump->press[i % CHS_PRESS_SIZE];
  return n < P60_LEAST ? (double) NAN : chs_median (values, n);
}

static void
learn_reference (ChsEngine *self, ChsPump *pump)
{
  int64_t now_us = self->state.now_us;

  if (pump->learn_until_us == CHS_TIME_NONE || isnan (pump->p60) || !(pump->flow_ml_h > 0))
    return;
  if (now_us > pump->learn_until_us && !isnan (pump->reference))
    return;
  if (isnan (pump->reference) || fabs (pump->reference_ml_h - pump->flow_ml_h) > 0.05 || pump->p60 < pump->reference) {
    pump->reference = pump->p60;
    pump->reference_ml_h = pump->flow_ml_h;
  }
}

/* Resistance at a rate change (Scott 1996), once a change, when the pressure has settled. */
static void
measure_resistance (ChsEngine *self, ChsPump *pump)
{
  double change = pump->flow_ml_h - pump->flow_before;

  if (pump->resist_done || isnan (pump->p60) || self->state.now_us - pump->rate_us < K_S (SITE_SETTLE))
    return;
  pump->resist_done = true;
  pump->resist_high = !isnan (pump->p60_before) && fabs (change) >= K (SITE_RATE_CHANGE) &&
                      1000.0 * (pump->p60 - pump->p60_before) / change > K (SITE_RESISTANCE);
}

/* A bent arm: a peak that returns by itself. */
static void
watch_peaks (ChsEngine *self, ChsPump *pump, double pressure)
{
  int64_t now_us = self->state.now_us;
  /* It has returned when half of it is gone: noise at the edge is not a second peak. */
  double edge = pump->peak_since_us == CHS_TIME_NONE ? K (SITE_PEAK) : K (SITE_PEAK) / 2;
  bool high = !isnan (pump->reference) && pressure > pump->reference + edge;

  if (high && pump->peak_since_us == CHS_TIME_NONE)
    pump->peak_since_us = now_us;
  if (high || pump->peak_since_us == CHS_TIME_NONE)
    return;
  if (now_us - pump->peak_since_us <= K_S (SITE_PEAK_MAX)) {
    pump->peak_us[pump->n_peaks++ % CHS_PEAKS] = now_us;
    self->state.dirty |= CHS_DIRTY_CONTEXT;
  }
  pump->peak_since_us = CHS_TIME_NONE;
}

static void
take_pressure (ChsEngine *self, ChsPump *pump, double pressure)
{
  ChsState *s = &self->state;

  if (s->inflate_us != CHS_TIME_NONE || chs_within (s->now_us, s->deflate_us, CUFF_AFTER_US))
    return;
  if (pump->n_press > 0 && s->now_us - pump->press_us[(pump->n_press - 1) % CHS_PRESS_SIZE] < CHS_SERIES_SPACING_US)
    return;
  pump->press_us[pump->n_press % CHS_PRESS_SIZE] = s->now_us;
  pump->press[pump->n_press++ % CHS_PRESS_SIZE] = (float) pressure;
  watch_peaks (self, pump, pressure);
  if (chs_within (s->now_us, pump->p60_us, P60_EVERY_US - PEAK_CLEAR_US))
    return;
  s->dirty |= CHS_DIRTY_CONTEXT;
  pump->p60_us = s->now_us;
  pump->p60 = p60_of (pump, s->now_us);
  learn_reference (self, pump);
  measure_resistance (self, pump);
}

/* ---- the pump's own counter ---- */

static void
restart_compare (ChsPump *pump, int64_t now_us)
{
  pump->compare_us = now_us;
  pump->compare_volume_ml = pump->status.volume_ml;
  pump->compare_infused_ml = pump->infused_ml;
}

static void
compare_volume (ChsEngine *self, ChsPump *pump)
{
  int64_t now_us = self->state.now_us;
  double told, ours;

  if (isnan (pump->status.volume_ml))
    return;
  if (pump->compare_us == CHS_TIME_NONE || pump->status.volume_ml < pump->compare_volume_ml - 0.01) {
    restart_compare (pump, now_us);
    return;
  }
  if (now_us - pump->compare_us < K_MIN (STALE_MISMATCH_WINDOW))
    return;
  told = pump->status.volume_ml - pump->compare_volume_ml;
  ours = pump->infused_ml - pump->compare_infused_ml;
  if (fabs (told - ours) <= fmax (K (STALE_MISMATCH_ML), K (STALE_MISMATCH_SHARE) / 100.0 * ours))
    pump->mismatch_us = CHS_TIME_NONE;
  else if (!pump->estimated)
    pump->mismatch_us = now_us;
  restart_compare (pump, now_us);
  self->state.dirty |= CHS_DIRTY_CONTEXT;
}

/* ---- a status ---- */

static bool
is_same_number (double a, double b)
{
  return (isnan (a) && isnan (b)) || (a <= b && a >= b);
}

/* Does it say what it said before? Then only the amounts have grown, and those are looked at on each tick. */
static bool
is_same_status (const ChsPump *pump, const ChsPumpStatus *status, double flow)
{
  return pump->status.state == status->state && pump->status.alarms == status->alarms && is_same_number (pump->flow_ml_h, flow);
}

static void
note_pause (ChsPump *pump, int64_t now_us)
{
  bool stands = pump->ran && (pump->status.state == CHS_PUMP_PAUSED || pump->status.state == CHS_PUMP_STANDBY);

  if (!stands)
    pump->paused_us = CHS_TIME_NONE;
  else if (pump->paused_us == CHS_TIME_NONE)
    pump->paused_us = now_us;
}

void
chs_engine_pump (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;
  ChsPump *pump = chs_engine_pump_find (self, event->source, event->channel);
  double flow;

  if (pump == NULL)
    return;
  count_pump (self, pump);
  flow = chs_pump_flow_ml_h (&event->pump);
  if (!(flow >= 0 && flow <= K (GATE_RATE_MAX)))
    flow = (double) NAN;
  if (!is_same_status (pump, &event->pump, flow))
    s->dirty |= CHS_DIRTY_CONTEXT;
  pump->status = event->pump;
  pump->status_us = s->now_us;
  change_flow (self, pump, flow);
  note_pause (pump, s->now_us);
  if (pump->status.pressure_unit == CHS_UNIT_MMHG && !isnan (pump->status.pressure))
    take_pressure (self, pump, pump->status.pressure);
  compare_volume (self, pump);
}

/* ---- the dose watch as a view ---- */

static double
first_known (double a, double b)
{
  return isnan (a) ? b : a;
}

static double
of_drug (double per_ml, double value)
{
  return some (per_ml) > 0 ? value : (double) NAN;
}

static double
per_kg (double value, double kg)
{
  return value / kg; /* NAN stays NAN */
}

/* What will have been given when the bag is empty. */
static void
project (const ChsTherapy *t, double kg, double actual_kg, const ChsPump *pump, ChsDose *dose)
{
  double left = dose->bag_left_ml;

  dose->projected_ml = pump->infused_ml + left;
  dose->mg_mmol_projected = of_drug (t->mg_mmol_per_ml, pump->mg_mmol + left * t->mg_mmol_per_ml);
  dose->ketamine_mg_kg_projected = of_drug (t->ketamine_mg_per_ml, per_kg (pump->ketamine_mg + left * t->ketamine_mg_per_ml, kg));
  dose->lidocaine_mg_kg_projected = of_drug (t->lidocaine_mg_per_ml, per_kg (pump->lidocaine_mg + left * t->lidocaine_mg_per_ml, kg));
  dose->fluid_ml_kg_projected = per_kg (dose->projected_ml, actual_kg);
}

void
chs_engine_dose (const ChsEngine *self, const ChsPump *pump, ChsDose *dose)
{
  const ChsTherapy *t = chs_engine_pump_therapy (self, pump);
  double kg = chs_session_weight_kg (&self->state.session, t), actual_kg = self->state.session.weight_kg;
  double flow = pump->flow_ml_h;
  bool risk = chs_engine_has_risk (self);

  *dose = (ChsDose) {
    .source = pump->source,
    .channel = pump->channel,
    .known = t->id[0] != '\0',
    .estimated = pump->estimated,
    .flow_ml_h = flow,
    .infused_ml = pump->infused_ml,
    .run_us = pump->run_us,
    .estimated_ml = pump->estimated_ml,
    .osm_mosm_l = t->osm_mosm_l,
    .osm_watch = t->osm_mosm_l < K (OSM_WATCH_LOW) || t->osm_mosm_l > K (OSM_WATCH_HIGH),
    .unchecked = t->unchecked > 0,
    .own_therapy = pump->has_therapy,
    .therapy = t,
    .bag_left_ml = fmax (t->bag_volume_ml - pump->bag_used_ml, isnan (t->bag_volume_ml) ? (double) NAN : 0.0),
    .end_us = CHS_TIME_NONE,
    .mg_mmol_min = of_drug (t->mg_mmol_per_ml, flow / 60.0 * t->mg_mmol_per_ml),
    .mg_mg_min = of_drug (t->mg_mmol_per_ml, flow / 60.0 * t->mg_mmol_per_ml * K (DOSE_SULFATE)),
    .mg_mmol_total = of_drug (t->mg_mmol_per_ml, pump->mg_mmol),
    .mg_soft = of_drug (t->mg_mmol_per_ml, first_known (t->mg_soft_mmol_min, K (MAGNESIUM_SOFT_RATE))),
    .mg_hard = of_drug (t->mg_mmol_per_ml, first_known (t->mg_hard_mmol_min, K (MAGNESIUM_HARD_RATE))),
    .ketamine_mg_kg_h = of_drug (t->ketamine_mg_per_ml, per_kg (flow * t->ketamine_mg_per_ml, kg)),
    .ketamine_mg_total = of_drug (t->ketamine_mg_per_ml, pump->ketamine_mg),
    .ketamine_mg_kg_total = of_drug (t->ketamine_mg_per_ml, per_kg (pump->ketamine_mg, kg)),
    .ketamine_soft = of_drug (t->ketamine_mg_per_ml, first_known (t->ketamine_soft_mg_kg_h, K (KETAMINE_SOFT_RATE))),
    .ketamine_hard = of_drug (t->ketamine_mg_per_ml, first_known (t->ketamine_hard_mg_kg_h, K (KETAMINE_HARD_RATE))),
    .lidocaine_mg_kg_h = of_drug (t->lidocaine_mg_per_ml, per_kg (flow * t->lidocaine_mg_per_ml, kg)),
    .lidocaine_mg_total = of_drug (t->lidocaine_mg_per_ml, pump->lidocaine_mg),
    .lidocaine_mg_kg_total = of_drug (t->lidocaine_mg_per_ml, per_kg (pump->lidocaine_mg, kg)),
    .lidocaine_soft = of_drug (t->lidocaine_mg_per_ml, first_known (t->lidocaine_soft_mg_kg_h, K (LIDOCAINE_SOFT_RATE))),
    .lidocaine_hard = of_drug (t->lidocaine_mg_per_ml, first_known (t->lidocaine_hard_mg_kg_h, K (LIDOCAINE_HARD_RATE))),
    .fluid_ml_kg_h = per_kg (flow, actual_kg),
    .fluid_ml_kg_total = per_kg (pump->infused_ml, actual_kg),
    .fluid_soft_ml_kg_h = risk ? K (FLUID_RISK_SOFT_RATE) : K (FLUID_SOFT_RATE),
    .fluid_hard_ml_kg_h = risk ? K (FLUID_RISK_HARD_RATE) : K (FLUID_HARD_RATE),
    .fluid_soft_ml_kg = risk ? K (FLUID_RISK_SOFT_VOLUME) : K (FLUID_SOFT_VOLUME),
    .fluid_hard_ml_kg = risk ? K (FLUID_RISK_HARD_VOLUME) : K (FLUID_HARD_VOLUME),
    .change_us = pump->change.t_us,
    .change_from_ml_h = pump->change.from_ml_h,
    .change_to_ml_h = pump->change.to_ml_h,
  };
  project (t, kg, actual_kg, pump, dose);
  if (flow > 0 && !isnan (dose->bag_left_ml))
    dose->end_us = self->state.now_us + (int64_t) (dose->bag_left_ml / flow * 3.6e9);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/draw-cases.h"

#include "devices/driver.h"
#include "tests/fake-engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WALL_0 G_GINT64_CONSTANT (1793700000000000) /* 2026-11-03 10:00:00 UTC */

enum { SOURCE_MONITOR = 1, SOURCE_PUMP = 2 };

static guint64 seq;
static guint32 alarm_id;
static guint32 noise_state;

/* -1 .. 1, the same in every run */
static double
noise (void)
{
  noise_state = noise_state * 1664525u + 1013904223u;
  return (double) (noise_state >> 8) / 8388608.0 - 1.0;
}

static void
feed (ChsChairModel *model, ChsEvent event, guint8 source, int64_t t_us)
{
  event.seq = ++seq;
  event.t_us = t_us;
  event.wall_us = WALL_0 + t_us;
  event.source = source;
  chs_chair_model_feed (model, &event);
}

static void
feed_numeric (ChsChairModel *model, ChsParam param, double value, int64_t t_us, guint8 quality, guint8 flags)
{
  ChsEvent event = chs_numeric (param, value);

  if (event.numeric.quality == CHS_QUALITY_OK)
    event.numeric.quality = quality;
  event.numeric.flags = flags;
  feed (model, event, SOURCE_MONITOR, t_us);
}

static void
feed_cuff (ChsChairModel *model, double sys, double dia, int64_t t_us, guint8 quality, guint8 flags, guint8 mark)
{
  const ChsParam params[] = { CHS_PARAM_NIBP_SYS, CHS_PARAM_NIBP_DIA, CHS_PARAM_NIBP_MEAN };
  const double values[] = { sys, dia, round (dia + 0.36 * (sys - dia)) };

  for (guint i = 0; i < 3; i++) {
    ChsEvent event = chs_numeric (params[i], values[i]);

    event.numeric.meas_us = t_us;
    event.numeric.time_mark = mark;
    event.numeric.quality = quality;
    event.numeric.flags = flags;
    feed (model, event, SOURCE_MONITOR, t_us);
  }
}

static void
feed_link (ChsChairModel *model, guint8 source, guint8 kind, guint8 state, const char *name, int64_t t_us)
{
  ChsEvent event = { .type = CHS_EVENT_LINK, .link = { .state = state, .kind = kind } };

  g_strlcpy (event.link.name, name, sizeof event.link.name);
  feed (model, event, source, t_us);
}

static void
feed_pump (ChsChairModel *model, guint8 channel, guint8 state, double rate, double volume, const char *drug, int64_t t_us)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP, .channel = channel };

  chs_pump_status_init (&event.pump);
  event.pump.state = state;
  event.pump.rate_ml_h = rate;
  event.pump.volume_ml = volume;
  event.pump.vtbi_ml = 250.0;
  g_strlcpy (event.pump.model, "Infusomat Space", sizeof event.pump.model);
  g_strlcpy (event.pump.drug, drug, sizeof event.pump.drug);
  g_snprintf (event.pump.slot, sizeof event.pump.slot, "1/%d", channel + 1);
  feed (model, event, SOURCE_PUMP, t_us);
}

static void
feed_nurse (ChsChairModel *model, guint8 action, const char *what, const char *text, int64_t t_us)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE, .nurse = { .action = action, .at_us = CHS_TIME_NONE, .value = 1.0 } };

  g_strlcpy (event.nurse.what, what, sizeof event.nurse.what);
  g_strlcpy (event.nurse.text, text, sizeof event.nurse.text);
  feed (model, event, CHS_SOURCE_NURSE, t_us);
}

/* An alarm, raised in the journal and still standing in the engine. */
static ChsActiveAlarm *
raise_alarm (ChsChairModel *model, ChsLabel label, ChsPriority priority, ChsParam param, double value, int64_t t_us)
{
  ChsEvent event = { .type = CHS_EVENT_ALARM };
  ChsActiveAlarm *active = &fake_engine.alarms[fake_engine.n_alarms++];

  event.alarm = (ChsAlarm) { .action = CHS_ALARM_RAISE, .id = ++alarm_id, .label = (guint8) label, .priority = (guint8) priority,
                             .param = (guint8) param, .value = value, .baseline = NAN, .limit = NAN, .onset_us = t_us,
                             .cause_us = CHS_TIME_NONE, .cause_from_ml_h = NAN, .cause_to_ml_h = NAN };
  feed (model, event, CHS_SOURCE_MONITOR, t_us);
  *active = (ChsActiveAlarm) { event.alarm, CHS_ALARM_STATE_ACTIVE, false, t_us, t_us, false, priority == CHS_PRIORITY_HIGH ? 60 : 15 };
  return active;
}

static void
set_facts (void)
{
  fake_engine_reset ();
  seq = 0;
  alarm_id = 0;
  noise_state = 7;
  fake_engine.baseline = (ChsBaseline) { .quality = CHS_BASELINE_GOOD, .confirmed = true, .taken_us = 7 * CASE_MIN, .n_cuffs = 3,
                                         .sbp = 124, .dbp = 79, .map = 95, .pp = 45, .hr = 74, .rr = 15, .spo2 = 98, .temp_c = 36.7 };
  fake_engine.limits[CHS_PARAM_NIBP_SYS] = (ChsLimits) { 90, 160, false };
  fake_engine.limits[CHS_PARAM_HR] = (ChsLimits) { 50, 120, false };
  fake_engine.limits[CHS_PARAM_SPO2] = (ChsLimits) { 90, NAN, false };
  fake_engine.limits[CHS_PARAM_RR] = (ChsLimits) { 8, 30, false };
  fake_engine.limits[CHS_PARAM_TEMP] = (ChsLimits) { 35.5, 38.0, false };
  fake_engine.session.therapy = (ChsTherapy) { .cuff_interval_s = NAN, .ordered_rate_ml_h = NAN, .name = "Myers' cocktail in 250 mL", .bag_volume_ml = 250, .mg_mmol_per_ml = 0.0649, .mg_soft_mmol_min = 0.30, .mg_hard_mmol_min = 0.609, .osm_mosm_l = 480 };
  g_strlcpy (fake_engine.session.therapy.id, "myers_bag", sizeof fake_engine.session.therapy.id);
  fake_engine.session.cuff_interval_s = 180;
  g_strlcpy (fake_engine.session.patient_id, "4711", sizeof fake_engine.session.patient_id);
  fake_engine.session.age = 46;
  fake_engine.session.weight_kg = 62;
  fake_engine.session.height_cm = 168;
  fake_engine.session.sex = 'F';
  fake_engine.session.phase = CHS_PHASE_INFUSING;
  fake_engine.session.phase_us = 8 * CASE_MIN;
}

static void
set_dose (guint8 channel, double flow, double infused)
{
  fake_engine.doses[fake_engine.n_doses++] = (ChsDose) {
    .therapy = &fake_engine.session.therapy,
    .source = SOURCE_PUMP, .channel = channel, .known = true, .flow_ml_h = flow, .infused_ml = infused, .bag_left_ml = 250 - infused,
    .end_us = flow > 0 ? CASE_NOW + (int64_t) ((250 - infused) / flow * 3600e6) : CHS_TIME_NONE,
    .mg_mmol_min = flow * 0.0649 / 60.0, .mg_mmol_total = infused * 0.0649, .mg_soft = 0.30, .mg_hard = 0.609,
    .ketamine_mg_kg_h = NAN, .ketamine_mg_total = NAN, .ketamine_mg_kg_total = NAN, .ketamine_soft = NAN, .ketamine_hard = NAN,
    .lidocaine_mg_kg_h = NAN, .lidocaine_mg_total = NAN, .lidocaine_mg_kg_total = NAN, .lidocaine_soft = NAN, .lidocaine_hard = NAN,
    .fluid_ml_kg_h = flow / 62.0, .fluid_ml_kg_total = infused / 62.0, .fluid_soft_ml_kg_h = 10, .fluid_hard_ml_kg_h = 20,
    .fluid_soft_ml_kg = 20, .fluid_hard_ml_kg = 30, .change_us = CHS_TIME_NONE,
  };
}

typedef struct {
  double  fall;         /* how far the pressure falls after the rate goes up, mmHg */
  double  hr_rise;
  int64_t streams_until_us, pump_until_us;
  guint8  quality, flags;
  double  second_rate;  /* mL/h from minute 28 */
} Plan;

static const Plan calm = { 0, 0, CASE_NOW, CASE_NOW, CHS_QUALITY_OK, 0, 150 };

/* 45 minutes second by second: cuff every 3 min, streams, one pump started at minute 8. */
static void
run (ChsChairModel *model, const Plan *plan)
{
  double volume = 0.0;

  feed (model, (ChsEvent) { .type = CHS_EVENT_CLOCK, .clock = { .code = CHS_CLOCK_ZONE, .utc_offset_min = 0 } }, 0, 0);
  feed_link (model, SOURCE_MONITOR, CHS_KIND_MONITOR, CHS_LINK_UP, "monitor", 0);
  feed_link (model, SOURCE_PUMP, CHS_KIND_PUMP, CHS_LINK_UP, "pump 1", 0);
  for (int64_t s = 0; s <= CASE_NOW / CASE_S; s++) {
    int64_t t_us = s * CASE_S;
    double minute = (double) s / 60.0, effect = minute > 29 ? fmin (1.0, (minute - 29) / 13.0) : 0.0;
    double rate = minute < 8 ? 0.0 : minute < 28 ? 150.0 : plan->second_rate;

    if (t_us <= plan->streams_until_us) {
      double wander = 2.0 * sin (minute / 2.3) + noise ();

      feed_numeric (model, CHS_PARAM_HR, round (75 + wander + plan->hr_rise * effect), t_us, plan->quality, plan->flags);
      feed_numeric (model, CHS_PARAM_SPO2, round (98 - 0.6 * fabs (noise ())), t_us, plan->quality, plan->flags);
      feed_numeric (model, CHS_PARAM_RR, round (15 + 0.7 * wander), t_us, plan->quality, plan->flags);
      if (s % 10 == 0)
        feed_numeric (model, CHS_PARAM_TEMP, 36.7, t_us, plan->quality, plan->flags);
      if (s % 180 == 120)
        feed_cuff (model, round (123 + 3 * noise () - plan->fall * effect), round (78 + 3 * noise () - plan->fall * 0.9 * effect),
                   t_us, plan->quality, plan->flags, CHS_TIME_MARK_EXACT);
    }
    volume += rate / 3600.0;
    if (t_us <= plan->pump_until_us && s % 2 == 0)
      feed_pump (model, 0, rate > 0 ? CHS_PUMP_INFUSING : CHS_PUMP_READY, rate > 0 ? rate : 0.0, volume, "Magnesium", t_us);
    if (s == 7 * 60 + 30)
      feed_nurse (model, CHS_NURSE_BASELINE, "", "", t_us);
    if (s == 8 * 60)
      feed_nurse (model, CHS_NURSE_PHASE, "infusing", "", t_us);
  }
}

static void
set_up_quiet (ChsChairModel *model)
{
  run (model, &calm);
  set_dose (0, 150, 92.5);
}

static void
fall (ChsChairModel *model, double depth, double hr_rise)
{
  Plan plan = calm;

  plan.fall = depth;
  plan.hr_rise = hr_rise;
  plan.second_rate = 375;
  run (model, &plan);
  feed_nurse (model, CHS_NURSE_SYMPTOM, "heat", "", 34 * CASE_MIN);
  set_dose (0, 375, 145);
  fake_engine.doses[0].change_us = 28 * CASE_MIN;
  fake_engine.doses[0].change_from_ml_h = 150;
  fake_engine.doses[0].change_to_ml_h = 375;
}

static void
with_cause (ChsActiveAlarm *active)
{
  active->alarm.cause_us = 28 * CASE_MIN;
  active->alarm.cause_from_ml_h = 150;
  active->alarm.cause_to_ml_h = 375;
  active->alarm.cause_source = SOURCE_PUMP;
}

static void
set_up_medium (ChsChairModel *model)
{
  ChsActiveAlarm *active;

  fall (model, 38, 7);
  active = raise_alarm (model, CHS_LABEL_MG_HYPOTENSION, CHS_PRIORITY_MEDIUM, CHS_PARAM_NIBP_SYS,
                        chs_chair_model_get_value (model, CHS_PARAM_NIBP_SYS, CASE_NOW).value, 44 * CASE_MIN + 2 * CASE_S);
  with_cause (active);
  active->alarm.baseline = 124;
}

static void
set_up_high (ChsChairModel *model)
{
  ChsActiveAlarm *active;

  fall (model, 52, 46);
  feed_nurse (model, CHS_NURSE_SYMPTOM, "itching", "", 38 * CASE_MIN);
  feed_nurse (model, CHS_NURSE_SYMPTOM, "throat_tight", "", 43 * CASE_MIN);
  active = raise_alarm (model, CHS_LABEL_INFUSION_REACTION, CHS_PRIORITY_HIGH, CHS_PARAM_NIBP_SYS,
                        chs_chair_model_get_value (model, CHS_PARAM_NIBP_SYS, CASE_NOW).value, 44 * CASE_MIN + 2 * CASE_S);
  with_cause (active);
  active->alarm.baseline = 124;
  g_strlcpy (active->alarm.missing, "TEMP", sizeof active->alarm.missing);
  raise_alarm (model, CHS_LABEL_TACHYCARDIA, CHS_PRIORITY_MEDIUM, CHS_PARAM_HR, 121, 43 * CASE_MIN);
  raise_alarm (model, CHS_LABEL_MG_RATE, CHS_PRIORITY_MEDIUM, CHS_PARAM_PUMP_RATE, 375, 28 * CASE_MIN + 10 * CASE_S)->state =
    CHS_ALARM_STATE_ACKNOWLEDGED;
  fake_engine.alarms[2].silenced = true;
  fake_engine.alarms[2].alarm.cause_source = SOURCE_PUMP;
  raise_alarm (model, CHS_LABEL_NO_ALARM_SOUND, CHS_PRIORITY_LOW, CHS_PARAM_NONE, NAN, 5 * CASE_MIN);
  fake_engine.annunciation.n_silenced = 1;
}

static void
set_up_low (ChsChairModel *model)
{
  Plan plan = calm;

  plan.pump_until_us = 38 * CASE_MIN;
  run (model, &plan);
  feed_link (model, SOURCE_PUMP, CHS_KIND_PUMP, CHS_LINK_LOST, "pump 1", 38 * CASE_MIN + 4 * CASE_S);
  set_dose (0, NAN, 75);
  fake_engine.doses[0].estimated = true;
  raise_alarm (model, CHS_LABEL_LINK_PUMP, CHS_PRIORITY_LOW, CHS_PARAM_NONE, NAN, 38 * CASE_MIN + 15 * CASE_S);
  fake_engine.annunciation.audio = CHS_AUDIO_PAUSED;
  fake_engine.annunciation.paused_until_us = CASE_NOW + 92 * CASE_S;
}

static void
set_up_stale (ChsChairModel *model)
{
  Plan plan = calm;

  plan.streams_until_us = CASE_NOW - 10 * CASE_S;
  run (model, &plan);
  set_dose (0, 150, 92.5);
}

static void
set_up_link_lost (ChsChairModel *model)
{
  Plan plan = calm;

  plan.streams_until_us = 40 * CASE_MIN;
  run (model, &plan);
  feed_link (model, SOURCE_MONITOR, CHS_KIND_MONITOR, CHS_LINK_LOST, "monitor", 40 * CASE_MIN + 2 * CASE_S);
  set_dose (0, 150, 92.5);
  raise_alarm (model, CHS_LABEL_LINK_MONITOR, CHS_PRIORITY_MEDIUM, CHS_PARAM_NONE, NAN, 40 * CASE_MIN + 15 * CASE_S);
}

static void
set_up_demo (ChsChairModel *model)
{
  Plan plan = calm;

  plan.flags = CHS_FLAG_DEMO;
  run (model, &plan);
  feed (model, (ChsEvent) { .type = CHS_EVENT_DEVICE, .device = { .code = CHS_DEVICE_DEMO, .value = 1.0 } }, SOURCE_MONITOR, CASE_NOW);
  set_dose (0, 150, 92.5);
}

static void
set_up_nothing (ChsChairModel *model)
{
  fake_engine.baseline.quality = CHS_BASELINE_NONE;
  chs_session_init (&fake_engine.session);
  feed (model, (ChsEvent) { .type = CHS_EVENT_TICK }, 0, CASE_NOW);
}

/* Doubtful readings, a failed cuff, an hour-old first reading. */
static void
set_up_doubtful (ChsChairModel *model)
{
  Plan plan = calm;

  plan.quality = CHS_QUALITY_QUESTIONABLE;
  plan.flags = CHS_FLAG_LOW_SIGNAL;
  run (model, &plan);
  feed (model, (ChsEvent) { .type = CHS_EVENT_DEVICE, .device = { .code = CHS_DEVICE_NIBP_FAILED, .text = "motion" } }, SOURCE_MONITOR,
        44 * CASE_MIN + 30 * CASE_S);
  set_dose (0, 150, 92.5);
}

static void
set_up_pumps (ChsChairModel *model)
{
  run (model, &calm);
  feed_pump (model, 1, CHS_PUMP_INFUSING, 40, 20, "Ketamine", 15 * CASE_MIN);
  feed_pump (model, 1, CHS_PUMP_INFUSING, 80, 40, "Ketamine", 25 * CASE_MIN);
  feed_pump (model, 2, CHS_PUMP_INFUSING, 250, 10, "Saline", 20 * CASE_MIN);
  feed_pump (model, 2, CHS_PUMP_PAUSED, 250, 60, "Saline", 32 * CASE_MIN);
  feed_pump (model, 2, CHS_PUMP_INFUSING, 200, 60, "Saline", 33 * CASE_MIN);
  feed_pump (model, 3, CHS_PUMP_INFUSING, 60, 60, "Glutathione", 40 * CASE_MIN);
  set_dose (0, 150, 92.5);
  set_dose (1, 80, 40);
  set_dose (2, 200, 60);
  set_dose (3, 60, 6);
}

/* More marks than have room, gaps, a step of the clock, a corrected symptom. */
static void
set_up_busy (ChsChairModel *model)
{
  static const char *const symptoms[] = { "heat", "lightheaded", "nausea", "itching", "cold_arm", "tingling", "headache" };

  fall (model, 30, 10);
  for (guint i = 0; i < 14; i++)
    feed_nurse (model, CHS_NURSE_SYMPTOM, symptoms[i % G_N_ELEMENTS (symptoms)], "", (16 + 2 * (int64_t) i) * CASE_MIN);
  feed_nurse (model, CHS_NURSE_SYMPTOM_UNDO, "nausea", "", 40 * CASE_MIN);
  feed_nurse (model, CHS_NURSE_MARK, "", "moved to the other arm, family called", 20 * CASE_MIN);
  feed_nurse (model, CHS_NURSE_DONE, "legs_raised", "Flat, legs up. Breathless: sit up", 43 * CASE_MIN);
  feed_nurse (model, CHS_NURSE_REACTION, "", "", 42 * CASE_MIN);
  feed (model, (ChsEvent) { .type = CHS_EVENT_CLOCK, .clock = { .code = CHS_CLOCK_RESUME, .step_us = 20 * CASE_S } }, 0, CASE_NOW);
  raise_alarm (model, CHS_LABEL_MG_RATE, CHS_PRIORITY_MEDIUM, CHS_PARAM_PUMP_RATE, 375, 29 * CASE_MIN);
}

/* The same as medium, and the nurse has seen it. */
static void
set_up_seen (ChsChairModel *model)
{
  set_up_medium (model);
  fake_engine.alarms[0].state = CHS_ALARM_STATE_ACKNOWLEDGED;
  fake_engine.alarms[0].silenced = true;
}

/* One that asks, over three that were seen. */
static void
set_up_many_seen (ChsChairModel *model)
{
  set_up_high (model);
  for (guint i = 1; i < fake_engine.n_alarms; i++) {
    fake_engine.alarms[i].state = CHS_ALARM_STATE_ACKNOWLEDGED;
    fake_engine.alarms[i].silenced = true;
  }
  fake_engine.annunciation.n_silenced = (uint16_t) (fake_engine.n_alarms - 1);
}

/* The rate alone is too high, nothing has happened yet. */
static void
set_up_rate (ChsChairModel *model)
{
  Plan plan = calm;

  plan.second_rate = 700;
  run (model, &plan);
  set_dose (0, 700, 220);
  raise_alarm (model, CHS_LABEL_MG_RATE, CHS_PRIORITY_MEDIUM, CHS_PARAM_PUMP_RATE, 700, 28 * CASE_MIN + 10 * CASE_S)->alarm.cause_source = SOURCE_PUMP;
}

/* An arterial line that is flushed and falls, beside the cuff. */
static void
set_up_arterial (ChsChairModel *model)
{
  Plan plan = calm;

  plan.fall = 30;
  plan.second_rate = 375;
  run (model, &plan);
  for (int64_t s = 600; s <= CASE_NOW / CASE_S; s++) {
    double effect = s > 1740 ? fmin (1.0, (double) (s - 1740) / 780.0) : 0.0, wave = 4.0 * sin ((double) s / 40.0) + 2.0 * noise ();
    bool is_flushed = s > 1200 && s < 1290;

    feed_numeric (model, CHS_PARAM_ABP_SYS, is_flushed ? (double) NAN : round (126 + wave - 30 * effect), s * CASE_S, CHS_QUALITY_OK, 0);
    feed_numeric (model, CHS_PARAM_ABP_DIA, is_flushed ? (double) NAN : round (74 + wave * 0.6 - 25 * effect), s * CASE_S, CHS_QUALITY_OK, 0);
    feed_numeric (model, CHS_PARAM_ABP_MEAN, is_flushed ? (double) NAN : round (93 + wave * 0.7 - 27 * effect), s * CASE_S, CHS_QUALITY_OK, 0);
  }
  set_dose (0, 375, 145);
}

/* Twelve seconds of a pulse wave with a hole of one. */
static void
set_up_wave (ChsChairModel *model)
{
  int16_t samples[100];

  for (int64_t s = 0; s < 12; s++) {
    ChsEvent event = { .type = CHS_EVENT_WAVE };

    for (guint i = 0; i < G_N_ELEMENTS (samples); i++) {
      double phase = fmod ((double) s + i / 100.0, 0.82) / 0.82;

      samples[i] = s == 9 ? CHS_WAVE_ABSENT
                          : (int16_t) (1800.0 * exp (-30.0 * pow (phase - 0.22, 2.0)) + 500.0 * exp (-60.0 * pow (phase - 0.55, 2.0)) - 900.0);
    }
    event.wave = (ChsWave) { .param = CHS_PARAM_PLETH_WAVE, .n = G_N_ELEMENTS (samples), .rate_hz = 100.0f, .scale = 1.0f, .samples = samples };
    feed (model, event, SOURCE_MONITOR, CASE_NOW - (12 - s) * CASE_S);
  }
}

static void
change_alarm (ChsChairModel *model, const ChsActiveAlarm *active, guint8 action, int64_t t_us)
{
  ChsEvent event = { .type = CHS_EVENT_ALARM, .alarm = active->alarm };

  event.alarm.action = action;
  feed (model, event, CHS_SOURCE_MONITOR, t_us);
}

/* Alarms of all kinds, of which one still stands: seen late, ended by itself, gone before anybody looked. */
static void
set_up_history (ChsChairModel *model)
{
  static const struct {
    ChsLabel    label;
    ChsPriority priority;
    ChsParam    param;
    double      value, limit;
    int         raised_s, seen_s, gone_s, over_s; /* session seconds, 0 = never */
  } past[] = {
    { CHS_LABEL_LINK_PUMP, CHS_PRIORITY_LOW, CHS_PARAM_NONE, NAN, NAN, 310, 0, 0, 372 },
    { CHS_LABEL_TACHYCARDIA, CHS_PRIORITY_MEDIUM, CHS_PARAM_HR, 128, 120, 700, 719, 0, 905 },
    { CHS_LABEL_DESATURATION, CHS_PRIORITY_HIGH, CHS_PARAM_SPO2, 84, 90, 1210, 1297, 1240, 1297 },
    { CHS_LABEL_MG_RATE, CHS_PRIORITY_MEDIUM, CHS_PARAM_PUMP_RATE, 375, 270, 1690, 1702, 0, 2160 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (past); i++) {
    ChsActiveAlarm *active =
      raise_alarm (model, past[i].label, past[i].priority, past[i].param, past[i].value, past[i].raised_s * CASE_S);

    active->alarm.limit = past[i].limit;
    if (past[i].seen_s)
      change_alarm (model, active, CHS_ALARM_ACK, past[i].seen_s * CASE_S);
    if (past[i].gone_s)
      change_alarm (model, active, CHS_ALARM_LATCH, past[i].gone_s * CASE_S);
    change_alarm (model, active, CHS_ALARM_CLEAR, past[i].over_s * CASE_S);
  }
  fake_engine.n_alarms = 0;
  set_up_medium (model);
}

/* Scores at each reading while the pressure falls: some with parts missing, the last one whole. */
static void
feed_scores (ChsChairModel *model)
{
  static const struct {
    uint8_t total, known;
    double  shock_index;
  } rows[] = { { 0, 5, 0.61 }, { 1, 5, 0.63 }, { 1, 7, 0.6 }, { 3, 7, 0.72 }, { 5, 5, 0.88 }, { 8, 5, NAN }, { 9, 5, 1.24 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    ChsScores *scores = &fake_engine.scores;

    *scores = (ChsScores) { .t_us = (14 + 5 * (int64_t) i) * CASE_MIN, .shock_index = rows[i].shock_index };
    scores->news2.total = rows[i].total;
    scores->news2.known = rows[i].known;
    if (rows[i].known < CHS_N_NEWS2)
      scores->news2.points[CHS_NEWS2_OXYGEN] = scores->news2.points[CHS_NEWS2_CONSCIOUS] = -1;
    feed (model, (ChsEvent) { .type = CHS_EVENT_TICK }, 0, CASE_NOW);
  }
}

static void
set_up_scores (ChsChairModel *model)
{
  set_up_high (model);
  feed_scores (model);
}

/* The same where nothing else is to be told: the lanes of a small panel. */
static void
set_up_scored (ChsChairModel *model)
{
  set_up_quiet (model);
  feed_scores (model);
}

/* A mix that a small vein does not take without thought. */
static void
set_up_strong (ChsChairModel *model)
{
  set_up_quiet (model);
  fake_engine.doses[0].osm_mosm_l = 650;
  fake_engine.doses[0].osm_watch = true;
}

const DrawCase draw_cases[] = {
  { "quiet", set_up_quiet },   { "high", set_up_high },           { "medium", set_up_medium }, { "low", set_up_low },
  { "stale", set_up_stale },   { "link-lost", set_up_link_lost }, { "demo", set_up_demo },     { "nothing", set_up_nothing },
  { "doubtful", set_up_doubtful }, { "pumps", set_up_pumps },     { "busy", set_up_busy },
  { "seen", set_up_seen },     { "rate", set_up_rate },           { "arterial", set_up_arterial }, { "wave", set_up_wave },
  { "scores", set_up_scores }, { "scored", set_up_scored }, { "history", set_up_history },   { "many-seen", set_up_many_seen },
  { "strong", set_up_strong },
};
const guint n_draw_cases = G_N_ELEMENTS (draw_cases);

ChsChairModel *
draw_case_new (const char *name)
{
  ChsProfile *profile = fake_profile_new ();
  ChsChairModel *model = chs_chair_model_new (profile);

  chs_profile_free (profile);
  set_facts ();
  for (guint i = 0; i < n_draw_cases; i++)
    if (strcmp (draw_cases[i].name, name) == 0) {
      draw_cases[i].set_up (model);
      return model;
    }
  g_error ("no case %s", name);
}

ChsTimeWindow
draw_case_window (int minutes)
{
  return (ChsTimeWindow) { CASE_NOW - minutes * CASE_MIN, CASE_NOW, CASE_NOW, CHS_TIME_NONE, CHS_TIME_NONE };
}

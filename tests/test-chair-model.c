/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/chair-model.h"
#include "devices/driver.h"
#include "tests/fake-engine.h"

#include <math.h>
#include <string.h>

#define S G_GINT64_CONSTANT (1000000)
#define MIN_US (60 * S)

static ChsChairModel *model;
static guint64 seq;

static void
set_up (void)
{
  ChsProfile *profile = fake_profile_new ();

  fake_engine_reset ();
  seq = 0;
  model = chs_chair_model_new (profile);
  chs_profile_free (profile);
}

static void
tear_down (void)
{
  g_clear_pointer (&model, chs_chair_model_free);
}

static void
feed (ChsEvent event, guint8 source, int64_t t_us)
{
  event.seq = ++seq;
  event.t_us = t_us;
  event.wall_us = 1793700000 * S + t_us;
  event.source = source;
  chs_chair_model_feed (model, &event);
}

static void
feed_value (ChsParam param, double value, int64_t t_us)
{
  feed (chs_numeric (param, value), 1, t_us);
}

static void
feed_spot (ChsParam param, double value, int64_t meas_us, int64_t t_us)
{
  ChsEvent event = chs_numeric (param, value);

  event.numeric.meas_us = meas_us;
  event.numeric.time_mark = CHS_TIME_MARK_EXACT;
  feed (event, 1, t_us);
}

static void
feed_link (guint8 state, guint8 kind, guint8 source, int64_t t_us)
{
  ChsEvent event = { .type = CHS_EVENT_LINK, .link = { .state = state, .kind = kind, .name = "a link" } };

  feed (event, source, t_us);
}

static void
feed_pump (guint8 state, double rate, int64_t t_us)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };

  chs_pump_status_init (&event.pump);
  event.pump.state = state;
  event.pump.rate_ml_h = rate;
  feed (event, 2, t_us);
}

static void
feed_nurse (guint8 action, const char *what, int64_t at_us, double value, int64_t t_us)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE, .nurse = { .action = action, .at_us = at_us, .value = value } };

  g_strlcpy (event.nurse.what, what, sizeof event.nurse.what);
  feed (event, CHS_SOURCE_NURSE, t_us);
}

/* ---- values ---- */

START_TEST (nothing_is_never_a_number)
{
  ChsTileValue value = chs_chair_model_get_value (model, CHS_PARAM_HR, 5 * S);

  ck_assert_int_eq (value.freshness, CHS_FRESH_NEVER);
  ck_assert (isnan (value.value));
  ck_assert (!chs_chair_model_is_present (model, CHS_PARAM_HR));
}
END_TEST

/* The fake profile: dim after 5 s, gone after 15 s. */
static const struct {
  int64_t age_s;
  ChsFreshness want;
} ages[] = { { 0, CHS_FRESH }, { 5, CHS_FRESH }, { 6, CHS_FRESH_DIM }, { 15, CHS_FRESH_DIM }, { 16, CHS_FRESH_GONE } };

START_TEST (clause_6_4_2_a_value_ages)
{
  feed_value (CHS_PARAM_HR, 72, 10 * S);
  ck_assert_int_eq (chs_chair_model_get_value (model, CHS_PARAM_HR, (10 + ages[_i].age_s) * S).freshness, ages[_i].want);
}
END_TEST

START_TEST (a_value_of_a_lost_link_is_not_fresh)
{
  feed_link (CHS_LINK_UP, CHS_KIND_MONITOR, 1, 0);
  feed_value (CHS_PARAM_HR, 72, 10 * S);
  feed_link (CHS_LINK_LOST, CHS_KIND_MONITOR, 1, 11 * S);
  ck_assert_int_eq (chs_chair_model_get_value (model, CHS_PARAM_HR, 11 * S).freshness, CHS_FRESH_DIM);
}
END_TEST

START_TEST (invalid_is_kept_from_the_eye)
{
  ChsEvent event = chs_numeric (CHS_PARAM_SPO2, 42);

  event.numeric.quality = CHS_QUALITY_INVALID;
  feed (event, 1, S);
  ck_assert (isnan (chs_chair_model_get_value (model, CHS_PARAM_SPO2, S).value));
}
END_TEST

/* ---- cuffs ---- */

START_TEST (three_numbers_are_one_reading)
{
  guint n;
  const ChsCuffReading *cuffs;

  feed_spot (CHS_PARAM_NIBP_SYS, 122, 60 * S, 62 * S);
  feed_spot (CHS_PARAM_NIBP_DIA, 78, 60 * S, 62 * S);
  feed_spot (CHS_PARAM_NIBP_MEAN, 93, 60 * S, 63 * S);
  feed_spot (CHS_PARAM_NIBP_SYS, 122, 60 * S, 90 * S); /* told again after a reconnect */
  feed_spot (CHS_PARAM_NIBP_SYS, 118, 240 * S, 241 * S);
  cuffs = chs_chair_model_get_cuffs (model, &n);
  ck_assert_uint_eq (n, 2);
  ck_assert_double_eq ((double) cuffs[0].sys, 122);
  ck_assert_double_eq ((double) cuffs[0].dia, 78);
  ck_assert_double_eq ((double) cuffs[0].mean, 93);
  ck_assert_int_eq (cuffs[0].t_us, 60 * S);
  ck_assert (isnan (cuffs[1].dia));
}
END_TEST

START_TEST (an_absent_cuff_value_keeps_the_reading)
{
  feed_spot (CHS_PARAM_NIBP_SYS, 122, 60 * S, 60 * S);
  feed_value (CHS_PARAM_NIBP_SYS, NAN, 90 * S);
  ck_assert_double_eq (chs_chair_model_get_value (model, CHS_PARAM_NIBP_SYS, 90 * S).value, 122);
}
END_TEST

START_TEST (a_failed_measurement_is_seen)
{
  guint n;
  const ChsCuffReading *cuffs;

  feed ((ChsEvent) { .type = CHS_EVENT_DEVICE, .device = { .code = CHS_DEVICE_NIBP_FAILED } }, 1, 60 * S);
  cuffs = chs_chair_model_get_cuffs (model, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert (cuffs[0].failed && isnan (cuffs[0].sys));
}
END_TEST

/* ---- trends and gaps ---- */

START_TEST (a_gap_is_a_gap)
{
  guint n;
  const ChsPoint *points;

  feed_value (CHS_PARAM_HR, 70, 1 * S);
  feed_value (CHS_PARAM_HR, 71, 2 * S);
  feed_value (CHS_PARAM_HR, 72, 30 * S); /* longer than T1 without a word */
  feed_value (CHS_PARAM_HR, NAN, 31 * S);
  feed_value (CHS_PARAM_HR, NAN, 32 * S);
  points = chs_chair_model_get_trend (model, CHS_PARAM_HR, &n);
  ck_assert_uint_eq (n, 5);
  ck_assert (isnan (points[2].value) && points[2].t_us == 2 * S);
  ck_assert_double_eq ((double) points[3].value, 72);
  ck_assert (isnan (points[4].value) && points[4].t_us == 31 * S);
}
END_TEST

START_TEST (one_point_a_second)
{
  guint n;
  const ChsPoint *points;

  for (int i = 0; i < 10; i++)
    feed_value (CHS_PARAM_HR, 70 + i, i * S / 4);
  points = chs_chair_model_get_trend (model, CHS_PARAM_HR, &n);
  ck_assert_uint_eq (n, 3);
  ck_assert_double_eq ((double) points[0].value, 73); /* the last of the second */
}
END_TEST

/* Two days at one a second: bounded, in order, and neither the spike nor the hole of the first hour is lost. */
START_TEST (memory_is_bounded)
{
  guint n, n_gaps = 0;
  const ChsPoint *points;
  bool has_spike = false;

  for (int i = 0; i < 2 * 86400; i++)
    feed_value (CHS_PARAM_HR, i == 1800 ? 199 : i == 2000 ? (double) NAN : 70 + i % 3, i * S);
  points = chs_chair_model_get_trend (model, CHS_PARAM_HR, &n);
  ck_assert_uint_le (n, 40000);
  for (guint i = 0; i < n; i++) {
    has_spike |= points[i].value > 198.0f && points[i].t_us == 1800 * S;
    n_gaps += isnan (points[i].value);
    ck_assert (i == 0 || points[i].t_us >= points[i - 1].t_us);
  }
  ck_assert (has_spike);
  ck_assert_uint_eq (n_gaps, 1);
}
END_TEST

START_TEST (a_lost_link_leaves_a_gap_with_its_cause)
{
  guint n;
  const ChsGap *gaps;

  feed_link (CHS_LINK_UP, CHS_KIND_MONITOR, 1, 0);
  feed_value (CHS_PARAM_HR, 70, 10 * S);
  feed_link (CHS_LINK_SILENT, CHS_KIND_MONITOR, 1, 15 * S);
  feed_link (CHS_LINK_LOST, CHS_KIND_MONITOR, 1, 16 * S);
  gaps = chs_chair_model_get_gaps (model, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_int_eq (gaps[0].from_us, 10 * S); /* since the last word, not since we noticed */
  ck_assert_int_eq (gaps[0].to_us, CHS_TIME_NONE);
  ck_assert_str_eq (gaps[0].why, "link lost");
  feed_link (CHS_LINK_CONNECTING, CHS_KIND_MONITOR, 1, 20 * S);
  feed_link (CHS_LINK_UP, CHS_KIND_MONITOR, 1, 21 * S);
  gaps = chs_chair_model_get_gaps (model, &n);
  ck_assert_int_eq (gaps[0].to_us, 21 * S);
}
END_TEST

START_TEST (a_sensor_that_is_off_is_a_gap_of_its_own)
{
  guint n;
  const ChsGap *gaps;
  ChsEvent event = { .type = CHS_EVENT_DEVICE, .device = { .code = CHS_DEVICE_SENSOR_OFF, .param = CHS_PARAM_SPO2, .value = 1 } };

  feed (event, 1, 5 * S); /* it was never on: nothing is missing */
  chs_chair_model_get_gaps (model, &n);
  ck_assert_uint_eq (n, 0);

  feed (chs_numeric (CHS_PARAM_SPO2, 97), 1, 8 * S);
  feed (event, 1, 10 * S);
  event.device.value = 0;
  feed (event, 1, 14 * S);
  gaps = chs_chair_model_get_gaps (model, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_int_eq (gaps[0].param, CHS_PARAM_SPO2);
  ck_assert_int_eq (gaps[0].to_us - gaps[0].from_us, 4 * S);
}
END_TEST

/* ---- pumps ---- */

START_TEST (each_change_of_flow_is_a_step)
{
  guint n;
  const ChsPumpView *pumps;
  static const double want[] = { 0, 150, 375, 0 };

  feed_pump (CHS_PUMP_READY, 150, 1 * S); /* set, but nothing flows */
  feed_pump (CHS_PUMP_INFUSING, 150, 2 * S);
  feed_pump (CHS_PUMP_INFUSING, 150, 4 * S);
  feed_pump (CHS_PUMP_INFUSING, 375, 6 * S);
  feed_pump (CHS_PUMP_PAUSED, 375, 8 * S);
  pumps = chs_chair_model_get_pumps (model, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_uint_eq (pumps[0].n_steps, G_N_ELEMENTS (want));
  for (guint i = 0; i < G_N_ELEMENTS (want); i++)
    ck_assert_double_eq ((double) pumps[0].steps[i].flow_ml_h, want[i]);
}
END_TEST

START_TEST (the_configuration_tells_what_a_link_is_called)
{
  static const char text[] = "[chair]\nname = X\n[link.a link]\nlabel = Ketamine pump\ndriver = x\n[link.other]\nlabel = No\n", none[] = "[chair]\n[[";
  ChsEvent event = { .type = CHS_EVENT_CONFIG, .config = { .name = "chair", .text = text, .n = sizeof text - 1 } };
  guint n;

  feed (event, 0, 0);
  feed_link (CHS_LINK_UP, CHS_KIND_PUMP, 2, 0);
  ck_assert_str_eq (chs_chair_model_get_links (model, &n)[0].label, "Ketamine pump");
  event.config.text = none; /* a broken one takes nothing away */
  event.config.n = sizeof none - 1;
  feed (event, 0, 1 * S);
  ck_assert_str_eq (chs_chair_model_get_links (model, &n)[0].label, "Ketamine pump");
}
END_TEST

START_TEST (a_lost_pump_flows_nobody_knows_what)
{
  guint n;
  const ChsPumpView *pumps;

  feed_link (CHS_LINK_UP, CHS_KIND_PUMP, 2, 0);
  feed_pump (CHS_PUMP_INFUSING, 150, 2 * S);
  feed_pump (CHS_PUMP_INFUSING, 150, 9 * S);
  feed_link (CHS_LINK_LOST, CHS_KIND_PUMP, 2, 12 * S);
  pumps = chs_chair_model_get_pumps (model, &n);
  ck_assert_uint_eq (pumps[0].n_steps, 2);
  ck_assert (isnan (pumps[0].steps[1].flow_ml_h));
  ck_assert_int_eq (pumps[0].steps[1].t_us, 9 * S);
  ck_assert_str_eq (pumps[0].name, "a link");
}
END_TEST

/* ---- marks ---- */

START_TEST (a_dated_back_symptom_stands_in_its_place)
{
  guint n;
  const ChsMark *marks;

  feed_nurse (CHS_NURSE_MARK, "", CHS_TIME_NONE, NAN, 5 * MIN_US);
  feed_nurse (CHS_NURSE_SYMPTOM, "itching", 3 * MIN_US, NAN, 6 * MIN_US);
  marks = chs_chair_model_get_marks (model, &n);
  ck_assert_uint_eq (n, 2);
  ck_assert_int_eq (marks[0].kind, CHS_MARK_SYMPTOM);
  ck_assert_str_eq (marks[0].what, "itching");
  ck_assert_int_eq (marks[1].kind, CHS_MARK_NURSE);
}
END_TEST

START_TEST (undone_is_struck_not_erased)
{
  guint n;
  const ChsMark *marks;

  feed_nurse (CHS_NURSE_SYMPTOM, "nausea", CHS_TIME_NONE, NAN, 1 * MIN_US);
  feed_nurse (CHS_NURSE_SYMPTOM, "itching", CHS_TIME_NONE, NAN, 2 * MIN_US);
  feed_nurse (CHS_NURSE_SYMPTOM_UNDO, "nausea", CHS_TIME_NONE, NAN, 3 * MIN_US);
  feed_nurse (CHS_NURSE_CORRECTION, "", CHS_TIME_NONE, 2, 4 * MIN_US);
  marks = chs_chair_model_get_marks (model, &n);
  ck_assert_uint_eq (n, 2);
  ck_assert (marks[0].undone && marks[1].undone);
}
END_TEST

START_TEST (a_corrected_time_stands_in_its_place)
{
  guint n;
  const ChsMark *marks;

  feed_nurse (CHS_NURSE_MARK, "", CHS_TIME_NONE, NAN, 4 * MIN_US);
  feed_nurse (CHS_NURSE_SYMPTOM, "itching", CHS_TIME_NONE, NAN, 5 * MIN_US);
  feed_nurse (CHS_NURSE_CORRECTION, "time", 3 * MIN_US, 2, 6 * MIN_US);
  feed_nurse (CHS_NURSE_CORRECTION, "time", 2 * MIN_US, 2, 7 * MIN_US);
  marks = chs_chair_model_get_marks (model, &n);
  ck_assert_uint_eq (n, 2);
  ck_assert_str_eq (marks[0].what, "itching");
  ck_assert_int_eq (marks[0].t_us, 2 * MIN_US);
  ck_assert_int_eq (marks[0].was_us, 5 * MIN_US); /* as it was entered, however often it was corrected */
  ck_assert_str_eq (marks[0].why, "time");
  ck_assert (!marks[0].undone && marks[1].was_us == CHS_TIME_NONE);
}
END_TEST

START_TEST (the_model_marks_the_alarms_of_its_own_engine)
{
  guint n;
  const ChsMark *marks;
  ChsEvent event = { .type = CHS_EVENT_ALARM, .alarm = { .action = CHS_ALARM_RAISE, .label = CHS_LABEL_MG_HYPOTENSION,
                                                         .priority = CHS_PRIORITY_MEDIUM, .param = CHS_PARAM_NIBP_SYS } };

  feed (event, 0, 5 * S);
  event.alarm.action = CHS_ALARM_ACK;
  feed (event, 0, 6 * S);
  marks = chs_chair_model_get_marks (model, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_int_eq (marks[0].priority, CHS_PRIORITY_MEDIUM);
  ck_assert_int_eq (marks[0].param, CHS_PARAM_NIBP_SYS);
}
END_TEST

START_TEST (an_alarm_is_logged_from_raise_to_end)
{
  static const struct {
    guint8  action, priority;
    int64_t t_us;
  } steps[] = {
    { CHS_ALARM_RAISE, CHS_PRIORITY_MEDIUM, 5 * S }, { CHS_ALARM_ACK, CHS_PRIORITY_MEDIUM, 9 * S },
    { CHS_ALARM_ESCALATE, CHS_PRIORITY_HIGH, 20 * S }, { CHS_ALARM_ACK, CHS_PRIORITY_HIGH, 31 * S },
    { CHS_ALARM_LATCH, CHS_PRIORITY_HIGH, 40 * S }, { CHS_ALARM_CLEAR, CHS_PRIORITY_HIGH, 50 * S },
  };
  guint n;
  const ChsAlarmEntry *log;
  ChsEvent event = { .type = CHS_EVENT_ALARM, .alarm = { .label = CHS_LABEL_MG_HYPOTENSION, .id = 7 } };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    event.alarm.action = steps[i].action;
    event.alarm.priority = steps[i].priority;
    feed (event, 0, steps[i].t_us);
  }
  log = chs_chair_model_get_alarm_log (model, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_uint_eq (log[0].alarm.priority, CHS_PRIORITY_HIGH);
  ck_assert_int_eq (log[0].raised_us, 5 * S);
  ck_assert_int_eq (log[0].escalated_us, 20 * S);
  ck_assert_int_eq (log[0].seen_us, 9 * S);
  ck_assert_int_eq (log[0].gone_us, 40 * S);
  ck_assert_int_eq (log[0].over_us, 50 * S);
}
END_TEST

START_TEST (a_restart_of_the_monitor_is_a_hole_in_both_halves)
{
  guint n;
  const ChsGap *gaps;
  ChsEvent event = { .type = CHS_EVENT_CLOCK, .clock = { .code = CHS_CLOCK_RESUME, .step_us = 8 * S, .utc_offset_min = 60 } };

  feed_value (CHS_PARAM_HR, 70, 10 * S);
  feed (event, 0, 20 * S);
  gaps = chs_chair_model_get_gaps (model, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_int_eq (gaps[0].kind, CHS_GAP_BOTH);
  ck_assert_int_eq (gaps[0].from_us, 12 * S);
  ck_assert_int_eq (chs_chair_model_get_utc_offset_min (model), 60);
  chs_chair_model_get_marks (model, &n);
  ck_assert_uint_eq (n, 1);
}
END_TEST

START_TEST (the_first_word_of_the_clock_is_no_seam)
{
  guint n;

  feed ((ChsEvent) { .type = CHS_EVENT_CLOCK, .clock = { .code = CHS_CLOCK_ZONE, .utc_offset_min = -300 } }, 0, 0);
  chs_chair_model_get_marks (model, &n);
  ck_assert_uint_eq (n, 0);
  ck_assert_int_eq (chs_chair_model_get_utc_offset_min (model), -300);
}
END_TEST

/* ---- waves ---- */

static void
feed_wave (int16_t first, guint16 n, int64_t t_us)
{
  int16_t samples[256];
  ChsEvent event = { .type = CHS_EVENT_WAVE };

  for (guint i = 0; i < n; i++)
    samples[i] = (int16_t) (first + i);
  event.wave = (ChsWave) { .param = CHS_PARAM_PLETH_WAVE, .n = n, .rate_hz = 100.0f, .scale = 1.0f, .samples = samples };
  feed (event, 1, t_us);
}

START_TEST (the_newest_sample_is_the_last)
{
  guint n;
  const ChsWaveView *waves;

  feed_wave (0, 100, 1 * S);
  feed_wave (100, 100, 2 * S);
  waves = chs_chair_model_get_waves (model, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_uint_eq (waves[0].n, 200);
  ck_assert_int_eq (waves[0].samples[(waves[0].n - 1) % waves[0].size], 199);
  for (int i = 3; i < 100; i++)
    feed_wave ((int16_t) (i * 100), 100, i * S);
  waves = chs_chair_model_get_waves (model, &n);
  ck_assert_uint_le (waves[0].size, 16384);
}
END_TEST

START_TEST (a_hole_in_a_wave_stays_a_hole)
{
  guint n;
  const ChsWaveView *waves;

  feed_wave (0, 100, 1 * S);
  feed_wave (100, 100, 4 * S); /* two seconds missing */
  waves = chs_chair_model_get_waves (model, &n);
  ck_assert_uint_ge (waves[0].n, 398); /* 2 per mille of time may be the device's clock */
  ck_assert_uint_le (waves[0].n, 400);
  ck_assert_int_eq (waves[0].samples[150], CHS_WAVE_ABSENT);
  ck_assert_int_eq (waves[0].samples[waves[0].n - 100], 100);
}
END_TEST

static guint
count_absent (const ChsWaveView *wave)
{
  guint n = 0;

  for (guint64 i = 0; i < wave->n; i++)
    n += wave->samples[i % wave->size] == CHS_WAVE_ABSENT;
  return n;
}

/* A busy computer hands over a block late and the next at once after it. */
START_TEST (a_late_block_of_a_wave_is_no_hole)
{
  static const double at_s[] = { 1.0, 2.0, 3.9, 4.0, 5.0, 6.7, 7.0, 8.0 };
  guint n;
  const ChsWaveView *waves;

  for (guint i = 0; i < G_N_ELEMENTS (at_s); i++)
    feed_wave ((int16_t) (100 * i), 100, (int64_t) (at_s[i] * S));
  waves = chs_chair_model_get_waves (model, &n);
  ck_assert_uint_eq (waves[0].n, 800);
  ck_assert_uint_eq (count_absent (&waves[0]), 0);
}
END_TEST

START_TEST (a_lost_block_of_a_wave_is_a_hole_where_it_was)
{
  guint n;
  const ChsWaveView *waves;

  for (int i = 0; i < 8; i++)
    if (i != 2)
      feed_wave ((int16_t) (100 * i), 100, (i + 1) * S);
  waves = chs_chair_model_get_waves (model, &n);
  ck_assert_uint_eq (waves[0].n, 800);
  ck_assert_uint_eq (count_absent (&waves[0]), 100);
  ck_assert_int_eq (waves[0].samples[199], 199);
  ck_assert_int_eq (waves[0].samples[250], CHS_WAVE_ABSENT);
  ck_assert_int_eq (waves[0].samples[300], 300);
}
END_TEST

START_TEST (a_slow_clock_of_a_device_makes_no_hole)
{
  guint n;
  const ChsWaveView *waves;

  /* 1 per mille slow, for an hour */
  for (int i = 0; i < 3600; i++)
    feed_wave (7, 100, (int64_t) (1.001 * (i + 1) * S));
  waves = chs_chair_model_get_waves (model, &n);
  ck_assert_uint_eq (waves[0].n, 360000);
}
END_TEST

/* ---- the whole ---- */

START_TEST (after_a_reset_nothing_is_left)
{
  guint n;
  uint64_t serial;

  feed_value (CHS_PARAM_HR, 70, 10 * S);
  feed_spot (CHS_PARAM_NIBP_SYS, 122, 60 * S, 60 * S);
  feed_pump (CHS_PUMP_INFUSING, 150, 61 * S);
  feed_wave (0, 100, 62 * S);
  serial = chs_chair_model_get_serial (model);
  chs_chair_model_reset (model);
  ck_assert_uint_gt (chs_chair_model_get_serial (model), serial);
  ck_assert_int_eq (chs_chair_model_get_value (model, CHS_PARAM_HR, 0).freshness, CHS_FRESH_NEVER);
  chs_chair_model_get_cuffs (model, &n);
  ck_assert_uint_eq (n, 0);
  chs_chair_model_get_pumps (model, &n);
  ck_assert_uint_eq (n, 0);
  chs_chair_model_get_waves (model, &n);
  ck_assert_uint_eq (n, 0);
}
END_TEST

START_TEST (raw_bytes_change_nothing)
{
  uint64_t serial = chs_chair_model_get_serial (model);

  feed ((ChsEvent) { .type = CHS_EVENT_RAW }, 1, S);
  ck_assert_uint_eq (chs_chair_model_get_serial (model), serial);
}
END_TEST

/* Events with every byte at random: nothing crashes, nothing grows without bound. */
START_TEST (nonsense_does_no_harm)
{
  guint32 state = 12345;

  for (int i = 0; i < 20000; i++) {
    ChsEvent event;

    for (guint k = 0; k < sizeof event; k++) {
      state = state * 1664525u + 1013904223u;
      ((guint8 *) &event)[k] = (guint8) (state >> 24);
    }
    event.type = (uint8_t) (event.type % (CHS_N_EVENTS + 2));
    event.t_us = i * S;
    if (event.type == CHS_EVENT_WAVE)
      event.wave.samples = NULL;
    if (event.type == CHS_EVENT_NURSE)
      event.nurse.what[31] = event.nurse.text[95] = '\0';
    if (event.type == CHS_EVENT_LINK)
      event.link.name[23] = '\0';
    if (event.type == CHS_EVENT_DEVICE)
      event.device.text[95] = '\0';
    if (event.type == CHS_EVENT_PUMP)
      event.pump.slot[7] = event.pump.drug[39] = '\0';
    if (event.type == CHS_EVENT_CLOCK)
      event.clock.step_us %= MIN_US;
    if (event.type == CHS_EVENT_NUMERIC && event.numeric.meas_us != CHS_TIME_NONE)
      event.numeric.meas_us = event.t_us;
    event.wall_us = 0;
    chs_chair_model_feed (model, &event);
  }
  ck_assert_int_ge (chs_chair_model_get_now_us (model), 0);
}
END_TEST

static Suite *
chair_model_suite (void)
{
  const struct {
    const char *name;
    const TTest *test;
  } tests[] = {
    { "never", nothing_is_never_a_number }, { "lost is not fresh", a_value_of_a_lost_link_is_not_fresh },
    { "invalid", invalid_is_kept_from_the_eye }, { "one reading", three_numbers_are_one_reading },
    { "absent cuff", an_absent_cuff_value_keeps_the_reading }, { "failed", a_failed_measurement_is_seen },
    { "gap", a_gap_is_a_gap }, { "second", one_point_a_second }, { "bounded", memory_is_bounded },
    { "cause", a_lost_link_leaves_a_gap_with_its_cause }, { "sensor", a_sensor_that_is_off_is_a_gap_of_its_own },
    { "steps", each_change_of_flow_is_a_step }, { "lost pump", a_lost_pump_flows_nobody_knows_what },
    { "labels", the_configuration_tells_what_a_link_is_called },
    { "dated back", a_dated_back_symptom_stands_in_its_place }, { "undone", undone_is_struck_not_erased },
    { "corrected", a_corrected_time_stands_in_its_place },
    { "alarms", the_model_marks_the_alarms_of_its_own_engine }, { "alarm log", an_alarm_is_logged_from_raise_to_end },
    { "restart", a_restart_of_the_monitor_is_a_hole_in_both_halves },
    { "clock", the_first_word_of_the_clock_is_no_seam }, { "wave", the_newest_sample_is_the_last },
    { "wave hole", a_hole_in_a_wave_stays_a_hole }, { "wave late", a_late_block_of_a_wave_is_no_hole },
    { "wave lost", a_lost_block_of_a_wave_is_a_hole_where_it_was }, { "wave slow", a_slow_clock_of_a_device_makes_no_hole },
    { "reset", after_a_reset_nothing_is_left },
    { "raw", raw_bytes_change_nothing }, { "nonsense", nonsense_does_no_harm },
  };
  Suite *suite = suite_create ("chair-model");
  TCase *tc;

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    tc = tcase_create (tests[i].name);
    tcase_add_checked_fixture (tc, set_up, tear_down);
    tcase_add_test (tc, tests[i].test);
    suite_add_tcase (suite, tc);
  }
  tc = tcase_create ("age");
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (tc, clause_6_4_2_a_value_ages, 0, G_N_ELEMENTS (ages));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (chair_model_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/burst.h"

#include <stdlib.h>

/* The schedule on a clock of its own: time is the number of samples asked for. */

#define MS(n) ((size_t) (n) * CHS_TONE_RATE_HZ / 1000)
#define MAX_TONES 64

typedef struct {
  ChsBurst burst;
  ChsAnnunciation target;
  size_t   now;     /* samples since the start */
  unsigned n_tones; /* begun */
  struct {
    ChsTone tone;
    double  at_s, end_s;
  } tones[MAX_TONES];
} Fixture;

static int64_t
us (const Fixture *f)
{
  return (int64_t) f->now * 1000000 / CHS_TONE_RATE_HZ;
}

static void
start (Fixture *f, ChsBurstSettings settings)
{
  *f = (Fixture) { .target = { .paused_until_us = CHS_TIME_NONE } };
  chs_burst_init (&f->burst, &settings);
}

/* Runs for @seconds in pieces of 10 ms and notes each tone. */
static void
run (Fixture *f, double seconds)
{
  int16_t out[480];
  int64_t next_us;
  size_t end = f->now + (size_t) (seconds * CHS_TONE_RATE_HZ);

  while (f->now < end) {
    uint64_t before = f->burst.n_played;
    size_t n = chs_burst_fill (&f->burst, us (f), out, 480, &next_us);
    double at_s = (double) f->now / CHS_TONE_RATE_HZ;

    if (f->burst.n_played != before && f->n_tones < MAX_TONES) {
      f->tones[f->n_tones].tone = (ChsTone) f->burst.tone;
      f->tones[f->n_tones++].at_s = at_s;
    }
    if (n > 0 && f->n_tones > 0)
      f->tones[f->n_tones - 1].end_s = at_s + (double) n / CHS_TONE_RATE_HZ;
    f->now += 480;
  }
}

static void
sound (Fixture *f, ChsPriority priority, uint32_t newest_id, bool urgent)
{
  f->target.priority = (uint8_t) priority;
  f->target.newest_id = newest_id;
  f->target.urgent = urgent;
  chs_burst_target (&f->burst, &f->target, false, us (f));
}

static double
interval (const Fixture *f, unsigned i)
{
  return f->tones[i].at_s - f->tones[i - 1].end_s;
}

static const struct {
  ChsPriority priority;
  bool        urgent;
  double      interval_s;
} intervals[] = {
  { CHS_PRIORITY_HIGH, false, 4.0 },
  { CHS_PRIORITY_HIGH, true, 2.5 },
  { CHS_PRIORITY_MEDIUM, false, 10.0 },
  { CHS_PRIORITY_MEDIUM, true, 5.0 },
  { CHS_PRIORITY_LOW, false, 25.0 },
};

START_TEST (bursts_are_repeated_in_their_interval)
{
  Fixture f;

  start (&f, (ChsBurstSettings) { .low_bursts = 3 });
  sound (&f, intervals[_i].priority, 1, intervals[_i].urgent);
  run (&f, 70);
  ck_assert_double_eq (f.tones[0].at_s, 0);
  ck_assert_uint_ge (f.n_tones, 3);
  for (unsigned i = 1; i < f.n_tones; i++)
    ck_assert_double_eq_tol (interval (&f, i), intervals[_i].interval_s, 0.011);
}
END_TEST

START_TEST (low_sounds_as_often_as_set_then_is_visual)
{
  Fixture f;

  start (&f, (ChsBurstSettings) { .low_bursts = (uint8_t) _i });
  sound (&f, CHS_PRIORITY_LOW, 1, false);
  run (&f, 200);
  ck_assert_uint_eq (f.n_tones, (unsigned) (_i > CHS_BURST_LOW_MAX ? CHS_BURST_LOW_MAX : _i));
  sound (&f, CHS_PRIORITY_LOW, 2, false); /* another one: its own bursts */
  run (&f, 200);
  ck_assert_uint_eq (f.n_tones, 2 * (unsigned) (_i > CHS_BURST_LOW_MAX ? CHS_BURST_LOW_MAX : _i));
}
END_TEST

START_TEST (higher_interrupts_at_once)
{
  Fixture f;

  start (&f, (ChsBurstSettings) { 0 });
  sound (&f, CHS_PRIORITY_MEDIUM, 1, false);
  run (&f, 0.5);
  sound (&f, CHS_PRIORITY_HIGH, 2, false);
  run (&f, 1);
  ck_assert_uint_eq (f.n_tones, 2);
  ck_assert_int_eq (f.tones[1].tone, CHS_TONE_HIGH);
  ck_assert_double_le (f.tones[1].at_s - 0.5, 0.050);
}
END_TEST

START_TEST (lower_waits_the_least_interval)
{
  Fixture f;

  start (&f, (ChsBurstSettings) { 0 });
  sound (&f, CHS_PRIORITY_HIGH, 2, false);
  run (&f, 1);
  sound (&f, CHS_PRIORITY_MEDIUM, 1, false);
  run (&f, 5);
  ck_assert_uint_eq (f.n_tones, 2);
  ck_assert_int_eq (f.tones[1].tone, CHS_TONE_MEDIUM);
  ck_assert_double_le (f.tones[0].end_s, 1.020);
  ck_assert_double_eq_tol (f.tones[1].at_s, 3.5, 0.011);
}
END_TEST

START_TEST (a_second_condition_of_the_same_priority_sounds_soon)
{
  Fixture f;

  start (&f, (ChsBurstSettings) { 0 });
  sound (&f, CHS_PRIORITY_MEDIUM, 1, false);
  run (&f, 6);
  sound (&f, CHS_PRIORITY_MEDIUM, 2, false);
  run (&f, 1);
  ck_assert_uint_eq (f.n_tones, 2);
  ck_assert_double_eq_tol (f.tones[1].at_s, 6, 0.011);
  sound (&f, CHS_PRIORITY_MEDIUM, 3, false); /* while that one plays: the least interval, no overlap */
  run (&f, 6);
  ck_assert_double_eq_tol (interval (&f, 2), 2.5, 0.011);
  sound (&f, CHS_PRIORITY_MEDIUM, 1, false); /* one of them ends: no reason to sound */
  run (&f, 2);
  ck_assert_uint_eq (f.n_tones, 3);
}
END_TEST

/* Ends within 20 ms, without a step, and stays silent; the next alarm sounds at once. */
START_TEST (a_pause_stops_within_the_pulse)
{
  static int16_t out[MS (1000)];
  Fixture f;
  int64_t next_us;
  size_t n;
  int step = 0;

  start (&f, (ChsBurstSettings) { 0 });
  sound (&f, CHS_PRIORITY_HIGH, 1, false);
  run (&f, 0.10 + 0.01 * _i);
  sound (&f, CHS_PRIORITY_NONE, 0, false);
  n = chs_burst_fill (&f.burst, us (&f), out, MS (1000), &next_us);
  ck_assert_uint_le (n, MS (20));
  ck_assert (next_us == INT64_MAX);
  for (size_t i = n > 60 ? n - 60 : 1; i < n; i++)
    step = abs (out[i] - out[i - 1]) > step ? abs (out[i] - out[i - 1]) : step;
  ck_assert_msg (step < 1000 && (n == 0 || abs (out[n - 1]) < 200), "click: step %d, last %d", step, n > 0 ? out[n - 1] : 0);
  run (&f, 30);
  ck_assert_uint_eq (f.n_tones, 1);
  sound (&f, CHS_PRIORITY_HIGH, 2, false);
  run (&f, 0.1);
  ck_assert_uint_eq (f.n_tones, 2);
}
END_TEST

START_TEST (a_reminder_is_one_pulse_when_it_is_due)
{
  Fixture f;

  start (&f, (ChsBurstSettings) { 0 });
  f.target.reminder = true;
  f.target.reminder_us = 2000000;
  sound (&f, CHS_PRIORITY_NONE, 0, false);
  run (&f, 10);
  ck_assert_uint_eq (f.n_tones, 1);
  ck_assert_int_eq (f.tones[0].tone, CHS_TONE_REMINDER);
  ck_assert_double_eq_tol (f.tones[0].at_s, 2, 0.011);
  f.target.reminder_us = 12000000;
  sound (&f, CHS_PRIORITY_MEDIUM, 1, false); /* sounds already: no reminder on top */
  run (&f, 5);
  ck_assert_uint_eq (f.n_tones, 2);
  ck_assert_int_eq (f.tones[1].tone, CHS_TONE_MEDIUM);
}
END_TEST

START_TEST (one_shot_tones_give_way)
{
  Fixture f;

  start (&f, (ChsBurstSettings) { 0 });
  chs_burst_once (&f.burst, CHS_TONE_COMMISSIONING);
  run (&f, 3);
  sound (&f, CHS_PRIORITY_MEDIUM, 1, false);
  run (&f, 3);
  ck_assert_uint_eq (f.n_tones, 2);
  ck_assert_double_le (f.tones[1].at_s, 3.02);
  chs_burst_once (&f.burst, CHS_TONE_SELF_TEST); /* waits for silence */
  run (&f, 2);
  ck_assert_uint_eq (f.n_tones, 2);
  sound (&f, CHS_PRIORITY_NONE, 0, false);
  run (&f, 5);
  ck_assert_uint_eq (f.n_tones, 3);
  ck_assert_int_eq (f.tones[2].tone, CHS_TONE_SELF_TEST);
  chs_burst_once (&f.burst, CHS_TONE_COMMISSIONING);
  run (&f, 1);
  chs_burst_once (&f.burst, CHS_TONE_NONE);
  run (&f, 1);
  ck_assert_double_le (f.tones[3].end_s - f.tones[3].at_s, 1.02);
}
END_TEST

START_TEST (a_lost_alarm_system_outranks_all)
{
  Fixture f;

  start (&f, (ChsBurstSettings) { 0 });
  sound (&f, CHS_PRIORITY_HIGH, 1, false);
  run (&f, 1);
  chs_burst_target (&f.burst, &f.target, true, us (&f));
  run (&f, 20);
  ck_assert_int_eq (f.tones[1].tone, CHS_TONE_MONITOR_LOST);
  ck_assert_double_le (f.tones[1].at_s, 1.03);
  ck_assert_double_eq_tol (interval (&f, 2), 4.0, 0.011);
}
END_TEST

START_TEST (a_new_device_sounds_at_once)
{
  Fixture f;

  start (&f, (ChsBurstSettings) { 0 });
  sound (&f, CHS_PRIORITY_MEDIUM, 1, false);
  run (&f, 3);
  chs_burst_restart (&f.burst);
  run (&f, 1);
  ck_assert_uint_eq (f.n_tones, 2);
  ck_assert_double_eq_tol (f.tones[1].at_s, 3, 0.011);
}
END_TEST

/* Any order of targets: an unpaused HIGH or MEDIUM is never silent for longer than its interval. */
START_TEST (no_order_of_targets_silences_an_alarm)
{
  Fixture f;
  unsigned seed = (unsigned) _i + 1;

  start (&f, (ChsBurstSettings) { .low_bursts = 3 });
  for (unsigned i = 0; i < 60; i++) {
    sound (&f, (ChsPriority) (rand_r (&seed) % 4), (uint32_t) (rand_r (&seed) % 5), rand_r (&seed) % 2);
    run (&f, (rand_r (&seed) % 40) / 10.0);
  }
  f.n_tones = 0;
  sound (&f, _i % 2 ? CHS_PRIORITY_HIGH : CHS_PRIORITY_MEDIUM, 9, false);
  run (&f, 11);
  ck_assert_uint_ge (f.n_tones, 1);
}
END_TEST

static Suite *
burst_suite (void)
{
  Suite *suite = suite_create ("burst");
  TCase *tc = tcase_create ("schedule");

  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, bursts_are_repeated_in_their_interval, 0, (int) (sizeof intervals / sizeof intervals[0]));
  tcase_add_loop_test (tc, low_sounds_as_often_as_set_then_is_visual, 0, 5);
  tcase_add_test (tc, higher_interrupts_at_once);
  tcase_add_test (tc, lower_waits_the_least_interval);
  tcase_add_test (tc, a_second_condition_of_the_same_priority_sounds_soon);
  tcase_add_loop_test (tc, a_pause_stops_within_the_pulse, 0, 20);
  tcase_add_test (tc, a_reminder_is_one_pulse_when_it_is_due);
  tcase_add_test (tc, one_shot_tones_give_way);
  tcase_add_test (tc, a_lost_alarm_system_outranks_all);
  tcase_add_test (tc, a_new_device_sounds_at_once);
  tcase_add_loop_test (tc, no_order_of_targets_silences_an_alarm, 0, 16);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (burst_suite)

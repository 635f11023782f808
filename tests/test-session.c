/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/series.h"
#include "app/session.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const struct {
  const char *key, *value;
  bool        taken;
} keys[] = {
  { "patient.weight_kg", "70", true },
  { "patient.weight_kg", "", true },
  { "patient.weight_kg", "70,5", false },
  { "patient.weight_kg", "154 lb", false },
  { "patient.weight_kg", "0", false },
  { "patient.weight_kg", "nan", false },
  { "patient.weight_kg", "7000", false },
  { "patient.age", "45", true },
  { "patient.age", "-1", false },
  { "patient.sex", "F", true },
  { "patient.sex", "female", false },
  { "patient.flags", "heart_failure,renal", true },
  { "patient.flags", "none", true },
  { "patient.flags", "", true },
  { "patient.flags", "allergy:latex, beta_blocker", true },
  { "patient.flags", "tired", false },
  { "sensors.ecg", "1", true },
  { "sensors.ecg", "2", false },
  { "sensors.temp", "cont", true },
  { "sensors.temp", "ear", false },
  { "sensors.cuff_arm", "left", true },
  { "sensors.cuff_arm", "leg", false },
  { "session.cuff_interval_s", "150", true },
  { "session.cuff_interval_s", "1", false },
  { "therapy.mg_mmol_per_ml", "0.08", true },
  { "therapy.mg_mmol_per_ml", "-0.08", false },
  { "therapy.nothing", "1", false },
  { "therapy.steps", "0 100; 15 200", true },
  { "nothing", "1", false },
  { "limit.HR.high", "120", false }, /* the engine's */
};

START_TEST (keys_are_taken_or_nothing_changes)
{
  ChsSession session, before;

  chs_session_init (&session);
  before = session;
  ck_assert_msg (chs_session_setup (&session, keys[_i].key, keys[_i].value) == keys[_i].taken, "%s = \"%s\"", keys[_i].key, keys[_i].value);
  if (!keys[_i].taken)
    ck_assert_int_eq (memcmp (&session, &before, sizeof session), 0);
}
END_TEST

START_TEST (nothing_told_is_unknown)
{
  ChsSession session;

  chs_session_init (&session);
  ck_assert (isnan (session.weight_kg));
  ck_assert_uint_eq (session.risks, (uint32_t) CHS_RISK_UNKNOWN);
  chs_session_setup (&session, "patient.flags", "none");
  ck_assert_uint_eq (session.risks, 0);
  chs_session_setup (&session, "patient.flags", "");
  ck_assert_uint_eq (session.risks, (uint32_t) CHS_RISK_UNKNOWN);
  ck_assert_int_eq (session.phase, CHS_PHASE_IDLE);
}
END_TEST

START_TEST (ideal_weight_where_it_is_asked_for)
{
  ChsSession session;

  chs_session_init (&session);
  chs_session_setup (&session, "patient.weight_kg", "95");
  chs_session_setup (&session, "patient.sex", "F");
  chs_session_setup (&session, "patient.height_cm", "165");
  ck_assert_double_eq_tol (chs_session_weight_kg (&session, NULL), 95, 1e-9);
  session.therapy.ideal_weight = 1;
  ck_assert_double_eq_tol (chs_session_weight_kg (&session, &session.therapy), 56.9, 0.05); /* 45.5 + 2.3 x 4.96 */
  chs_session_setup (&session, "patient.height_cm", "");
  ck_assert_double_eq_tol (chs_session_weight_kg (&session, &session.therapy), 95, 1e-9);
}
END_TEST

START_TEST (phases_have_ids)
{
  ck_assert_int_eq (chs_phase_from_id (chs_phase_id ((ChsPhase) _i)), _i);
  ck_assert_int_eq (chs_phase_from_id ("asleep"), CHS_N_PHASES);
}
END_TEST

/* ---- medians over windows, against the plain way ---- */

static int
compare (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static double
plain_median (const ChsSeries *series, int64_t from_us, int64_t to_us)
{
  float values[CHS_SERIES_SIZE];
  unsigned n = 0;

  for (uint32_t i = series->n > CHS_SERIES_SIZE ? series->n - CHS_SERIES_SIZE : 0; i < series->n; i++)
    if (series->t_us[i % CHS_SERIES_SIZE] >= from_us && series->t_us[i % CHS_SERIES_SIZE] <= to_us)
      values[n++] = series->value[i % CHS_SERIES_SIZE];
  qsort (values, n, sizeof *values, compare);
  return n == 0 ? (double) NAN : ((double) values[(n - 1) / 2] + (double) values[n / 2]) / 2;
}

START_TEST (windows_give_the_plain_median)
{
  ChsSeries series = { .n = 0 };
  ChsWindow near = { .n = 0 }, far = { .n = 0 };
  guint32 dice = (guint32) _i + 1;
  int64_t t_us = 0;

  for (int i = 0; i < 3000; i++) {
    unsigned n;
    double want;

    dice = dice * 1664525u + 1013904223u;
    t_us += 200000 + dice % 2000000; /* 0.2 to 2.2 s apart */
    chs_series_add (&series, t_us, (float) (dice >> 16 & 63));
    chs_window_move (&near, &series, t_us - 15000000, t_us);
    chs_window_move (&far, &series, t_us - 330000000, t_us - 75000000);
    want = plain_median (&series, t_us - 15000000, t_us);
    ck_assert_double_eq (chs_window_quantile (&near, 0.5), want);
    ck_assert_double_eq (chs_series_median (&series, t_us - 15000000, t_us, &n), want);
    want = plain_median (&series, t_us - 330000000, t_us - 75000000);
    ck_assert (isnan (want) ? far.n == 0 : fabs (chs_window_quantile (&far, 0.5) - want) < 1e-6);
  }
}
END_TEST

START_TEST (a_series_takes_one_value_in_three_quarters_of_a_second)
{
  ChsSeries series = { .n = 0 };

  ck_assert (chs_series_add (&series, 0, 1));
  ck_assert (!chs_series_add (&series, 749999, 2));
  ck_assert (chs_series_add (&series, 750000, 3));
  ck_assert_uint_eq (series.n, 2);
}
END_TEST

static Suite *
session_suite (void)
{
  Suite *suite = suite_create ("session");
  TCase *tc = tcase_create ("session");

  tcase_add_loop_test (tc, keys_are_taken_or_nothing_changes, 0, G_N_ELEMENTS (keys));
  tcase_add_test (tc, nothing_told_is_unknown);
  tcase_add_test (tc, ideal_weight_where_it_is_asked_for);
  tcase_add_loop_test (tc, phases_have_ids, 0, CHS_N_PHASES);
  tcase_add_loop_test (tc, windows_give_the_plain_median, 0, 5);
  tcase_add_test (tc, a_series_takes_one_value_in_three_quarters_of_a_second);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (session_suite)

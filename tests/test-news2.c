/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "tests/engine-maker.h"

/* The table of the Royal College of Physicians (2017), written down a second time: every row at both of its edges. */

static const ChsNews2Input nothing = { NAN, NAN, NAN, NAN, NAN, -1, -1, false };

static const struct {
  ChsNews2Part part;
  double       value;
  int          points;
  bool         scale_2;
  int          oxygen;
} edges[] = {
  { CHS_NEWS2_RR, 8, 3, false, -1 },          { CHS_NEWS2_RR, 9, 1, false, -1 },          { CHS_NEWS2_RR, 11, 1, false, -1 },
  { CHS_NEWS2_RR, 12, 0, false, -1 },         { CHS_NEWS2_RR, 20, 0, false, -1 },         { CHS_NEWS2_RR, 21, 2, false, -1 },
  { CHS_NEWS2_RR, 24, 2, false, -1 },         { CHS_NEWS2_RR, 25, 3, false, -1 },         { CHS_NEWS2_RR, 20.4, 0, false, -1 },
  { CHS_NEWS2_SPO2, 91, 3, false, -1 },       { CHS_NEWS2_SPO2, 92, 2, false, -1 },       { CHS_NEWS2_SPO2, 93, 2, false, -1 },
  { CHS_NEWS2_SPO2, 94, 1, false, -1 },       { CHS_NEWS2_SPO2, 95, 1, false, -1 },       { CHS_NEWS2_SPO2, 96, 0, false, -1 },
  { CHS_NEWS2_SPO2, 83, 3, true, 0 },         { CHS_NEWS2_SPO2, 84, 2, true, 0 },         { CHS_NEWS2_SPO2, 85, 2, true, 0 },
  { CHS_NEWS2_SPO2, 86, 1, true, 0 },         { CHS_NEWS2_SPO2, 87, 1, true, 0 },         { CHS_NEWS2_SPO2, 88, 0, true, 0 },
  { CHS_NEWS2_SPO2, 92, 0, true, 1 },         { CHS_NEWS2_SPO2, 93, 1, true, 1 },         { CHS_NEWS2_SPO2, 94, 1, true, 1 },
  { CHS_NEWS2_SPO2, 95, 2, true, 1 },         { CHS_NEWS2_SPO2, 96, 2, true, 1 },         { CHS_NEWS2_SPO2, 97, 3, true, 1 },
  { CHS_NEWS2_SPO2, 93, 0, true, 0 },         { CHS_NEWS2_SPO2, 99, 0, true, 0 },         { CHS_NEWS2_SPO2, 93, -1, true, -1 },
  { CHS_NEWS2_SPO2, 92, 0, true, -1 },        { CHS_NEWS2_SBP, 90, 3, false, -1 },        { CHS_NEWS2_SBP, 91, 2, false, -1 },
  { CHS_NEWS2_SBP, 100, 2, false, -1 },       { CHS_NEWS2_SBP, 101, 1, false, -1 },       { CHS_NEWS2_SBP, 110, 1, false, -1 },
  { CHS_NEWS2_SBP, 111, 0, false, -1 },       { CHS_NEWS2_SBP, 219, 0, false, -1 },       { CHS_NEWS2_SBP, 220, 3, false, -1 },
  { CHS_NEWS2_PULSE, 40, 3, false, -1 },      { CHS_NEWS2_PULSE, 41, 1, false, -1 },      { CHS_NEWS2_PULSE, 50, 1, false, -1 },
  { CHS_NEWS2_PULSE, 51, 0, false, -1 },      { CHS_NEWS2_PULSE, 90, 0, false, -1 },      { CHS_NEWS2_PULSE, 91, 1, false, -1 },
  { CHS_NEWS2_PULSE, 110, 1, false, -1 },     { CHS_NEWS2_PULSE, 111, 2, false, -1 },     { CHS_NEWS2_PULSE, 130, 2, false, -1 },
  { CHS_NEWS2_PULSE, 131, 3, false, -1 },     { CHS_NEWS2_TEMP, 35.0, 3, false, -1 },     { CHS_NEWS2_TEMP, 35.1, 1, false, -1 },
  { CHS_NEWS2_TEMP, 36.0, 1, false, -1 },     { CHS_NEWS2_TEMP, 36.1, 0, false, -1 },     { CHS_NEWS2_TEMP, 38.0, 0, false, -1 },
  { CHS_NEWS2_TEMP, 38.1, 1, false, -1 },     { CHS_NEWS2_TEMP, 39.0, 1, false, -1 },     { CHS_NEWS2_TEMP, 39.1, 2, false, -1 },
  { CHS_NEWS2_OXYGEN, 1, 2, false, 1 },       { CHS_NEWS2_OXYGEN, 0, 0, false, 0 },       { CHS_NEWS2_CONSCIOUS, 1, 0, false, -1 },
  { CHS_NEWS2_CONSCIOUS, 0, 3, false, -1 },
};

static ChsNews2Input
input_of (int i)
{
  ChsNews2Input in = nothing;

  in.scale_2 = edges[i].scale_2;
  in.oxygen = edges[i].oxygen;
  if (edges[i].part == CHS_NEWS2_RR)
    in.rr = edges[i].value;
  else if (edges[i].part == CHS_NEWS2_SPO2)
    in.spo2 = edges[i].value;
  else if (edges[i].part == CHS_NEWS2_SBP)
    in.sbp = edges[i].value;
  else if (edges[i].part == CHS_NEWS2_PULSE)
    in.pulse = edges[i].value;
  else if (edges[i].part == CHS_NEWS2_TEMP)
    in.temp_c = edges[i].value;
  else if (edges[i].part == CHS_NEWS2_CONSCIOUS)
    in.alert = (int) edges[i].value;
  return in;
}

START_TEST (every_row_at_its_edges)
{
  g_autoptr (ChsProfile) profile = maker_profile ();
  ChsNews2Input in = input_of (_i);
  ChsNews2 score;
  int wanted_known = (edges[_i].points >= 0) + (edges[_i].oxygen >= 0 && edges[_i].part != CHS_NEWS2_OXYGEN);

  chs_news2_score (profile, &in, &score);
  ck_assert_msg (score.points[edges[_i].part] == edges[_i].points, "%s at %g: %d, not %d", chs_news2_part_id (edges[_i].part), edges[_i].value,
                 score.points[edges[_i].part], edges[_i].points);
  ck_assert_int_eq (score.known, wanted_known);
}
END_TEST

START_TEST (a_missing_part_is_named_and_not_normal)
{
  g_autoptr (ChsProfile) profile = maker_profile ();
  ChsNews2Input whole = { 22, 95, 105, 95, 38.5, 1, 0, false }; /* 2 + 1 + 1 + 1 + 1 + 2 + 3 */
  ChsNews2 score;

  chs_news2_score (profile, &whole, &score);
  ck_assert_int_eq (score.total, 11);
  ck_assert_int_eq (score.known, CHS_N_NEWS2);
  ck_assert (score.has_three);
  whole.rr = NAN;
  whole.alert = -1;
  chs_news2_score (profile, &whole, &score);
  ck_assert_int_eq (score.total, 6);
  ck_assert_int_eq (score.known, 5);
  ck_assert_int_eq (score.points[CHS_NEWS2_RR], -1);
  ck_assert_int_eq (score.points[CHS_NEWS2_CONSCIOUS], -1);
  ck_assert (!score.has_three);
  chs_news2_score (profile, &nothing, &score);
  ck_assert_int_eq (score.known, 0);
}
END_TEST

/* In the engine: at each reading, with the shock index; alarmed at 5 or a single 3 (LOW) and at 7 (MEDIUM), not below. */
static const struct {
  const char *name;
  double      hr, rr, spo2, sbp;
  int         total, known;
  ChsPriority want;
} chairs[] = {
  { "calm: 0", 75, 14, 98, 120, 0, 5, CHS_PRIORITY_NONE },
  { "4 points", 95, 14, 94, 100, 4, 5, CHS_PRIORITY_NONE },
  { "5 points", 95, 21, 95, 105, 5, 5, CHS_PRIORITY_LOW },
  { "a single 3", 75, 25, 98, 120, 3, 5, CHS_PRIORITY_LOW },
  { "6 points", 95, 21, 95, 100, 6, 5, CHS_PRIORITY_LOW },
  { "7 points", 95, 24, 93, 100, 7, 5, CHS_PRIORITY_MEDIUM },
};

START_TEST (the_chair_scores_at_each_reading)
{
  Maker maker;
  const ChsScores *scores;

  maker_init_running (&maker, NULL, NULL);
  maker.hr = maker.pr = chairs[_i].hr;
  maker.rr = chairs[_i].rr;
  maker.spo2 = chairs[_i].spo2;
  maker_run (&maker, 70); /* windows are full, no hazard has been told yet by all of them */
  maker_cuff (&maker, chairs[_i].sbp);
  scores = chs_engine_get_scores (maker.engine);
  ck_assert_msg (scores->news2.total == chairs[_i].total, "%s: %d", chairs[_i].name, scores->news2.total);
  ck_assert_int_eq (scores->news2.known, chairs[_i].known); /* nobody told of oxygen and consciousness */
  ck_assert_int_eq (scores->news2.points[CHS_NEWS2_OXYGEN], -1);
  ck_assert_double_eq_tol (scores->shock_index, chairs[_i].hr / chairs[_i].sbp, 1e-9);
  ck_assert (maker_has (&maker, CHS_E_NEWSLOW) == (chairs[_i].want >= CHS_PRIORITY_LOW));
  ck_assert (maker_has (&maker, CHS_E_NEWSMED) == (chairs[_i].want >= CHS_PRIORITY_MEDIUM));
  maker_clear (&maker);
}
END_TEST

START_TEST (what_the_nurse_tells_makes_it_whole)
{
  Maker maker;
  const ChsScores *scores;

  maker_init_running (&maker, NULL, NULL);
  maker_setup (&maker, "patient.oxygen", "1");
  maker_nurse (&maker, CHS_NURSE_SCORE, "sedation", 0);
  maker_cuff (&maker, 118);
  scores = chs_engine_get_scores (maker.engine);
  ck_assert_int_eq (scores->news2.known, CHS_N_NEWS2);
  ck_assert_int_eq (scores->news2.total, 2);
  maker_run (&maker, 60);
  maker_nurse (&maker, CHS_NURSE_SCORE, "sedation", 2);
  maker_cuff (&maker, 117);
  ck_assert_int_eq (scores->news2.total, 5);
  maker_run (&maker, 3601);
  maker_cuff (&maker, 116);
  ck_assert_int_eq (scores->news2.known, CHS_N_NEWS2 - 1);
  maker_clear (&maker);
}
END_TEST

static Suite *
news2_suite (void)
{
  Suite *suite = suite_create ("news2");
  TCase *tc = tcase_create ("news2");

  tcase_add_loop_test (tc, every_row_at_its_edges, 0, G_N_ELEMENTS (edges));
  tcase_add_test (tc, a_missing_part_is_named_and_not_normal);
  tcase_add_loop_test (tc, the_chair_scores_at_each_reading, 0, G_N_ELEMENTS (chairs));
  tcase_add_test (tc, what_the_nurse_tells_makes_it_whole);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (news2_suite)

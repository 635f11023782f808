/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/due.h"
#include "tests/engine-maker.h"

/* What is due at a chair, from the events alone: the maker's chair, folded as a screen does it. */

#define MIN_US (60 * CHS_SECOND)

static Maker chair, *const maker = &chair;
static ChsChairModel *model;
static guint fed;

static void
set_up (void)
{
  maker_init (maker);
  maker->pump_talks = true;
  maker->hr = 75;
  maker->kept = g_array_new (FALSE, FALSE, sizeof (ChsEvent));
  model = chs_chair_model_new (maker->profile);
  fed = 0;
}

static void
tear_down (void)
{
  g_clear_pointer (&model, chs_chair_model_free);
  g_clear_pointer (&maker->kept, g_array_unref);
  maker_clear (maker);
}

/* Lets @minutes pass, and the screen see them. */
static void
pass (double minutes)
{
  maker_run (maker, (int) (minutes * 60.0));
  for (; fed < maker->kept->len; fed++) {
    ChsEvent event = g_array_index (maker->kept, ChsEvent, fed);

    event.seq = fed + 1;
    chs_chair_model_feed (model, &event);
  }
}

static int64_t
now_us (void)
{
  return maker->t_s * CHS_SECOND;
}

/* In seconds from now; NAN: nothing of this kind is due. */
static double
due_s (ChsDueKind kind)
{
  ChsDue due;

  return chs_due_get (model, kind, now_us (), &due) ? (double) (due.at_us - now_us ()) / 1e6 : (double) NAN;
}

static void
begin (const char *interval_s)
{
  maker_setup (maker, "therapy.id", "mg_addon");
  maker_setup (maker, "therapy.cuff_interval_s", interval_s);
  maker->rate_ml_h = 0;
  pass (1);
  maker_nurse (maker, CHS_NURSE_PHASE, "infusing", NAN);
  maker->rate_ml_h = 150;
  maker->pump_state = CHS_PUMP_INFUSING;
  pass (0.1);
}

static void
read_cuff (void)
{
  maker_cuff (maker, 120);
  pass (2.0 / 60.0);
}

START_TEST (nothing_is_due_before_the_infusion)
{
  maker->rate_ml_h = 0;
  pass (30);
  for (int kind = 0; kind < CHS_N_DUES; kind++)
    ck_assert_msg (isnan (due_s ((ChsDueKind) kind)), "kind %d", kind);
}
END_TEST

/* therapy's interval s, "" = not told; minutes since the start; due in so many seconds after a reading */
static const struct {
  const char *therapy;
  const char *session; /* what the nurse said; NULL = nothing */
  double minutes, want_s;
} cuffs[] = {
  { "300", NULL, 1, 180 },   /* the first 15 min are watched more closely */
  { "150", NULL, 1, 150 },   /* or as the therapy says when that is shorter */
  { "300", NULL, 20, 300 },
  { "", NULL, 20, 300 },     /* the profile's */
  { "150", NULL, 20, 150 },
  { "300", "120", 20, 120 }, /* the nurse's word is the last */
};

START_TEST (the_cuff_is_due_by_the_protocol)
{
  begin (cuffs[_i].therapy);
  if (cuffs[_i].session != NULL)
    maker_setup (maker, "session.cuff_interval_s", cuffs[_i].session);
  pass (cuffs[_i].minutes);
  read_cuff ();
  ck_assert_msg (fabs (due_s (CHS_DUE_CUFF) - cuffs[_i].want_s) < 5, "row %d: %g s", _i, due_s (CHS_DUE_CUFF));
}
END_TEST

START_TEST (a_cuff_never_taken_is_overdue)
{
  begin ("300");
  pass (3);
  ck_assert_double_lt (due_s (CHS_DUE_CUFF), -170);
}
END_TEST

START_TEST (the_site_is_looked_at_when_it_begins_after_ten_minutes_and_then_every_half_hour)
{
  begin ("300");
  ck_assert_double_le (due_s (CHS_DUE_SITE), 0); /* at once */
  maker_nurse (maker, CHS_NURSE_SITE_CHECK, "ok", NAN);
  pass (1);
  ck_assert_msg (fabs (due_s (CHS_DUE_SITE) - 9 * 60) < 20, "%g s", due_s (CHS_DUE_SITE));
  pass (9.5);
  ck_assert_double_lt (due_s (CHS_DUE_SITE), 0);
  maker_nurse (maker, CHS_NURSE_SITE_CHECK, "ok", NAN);
  pass (1);
  ck_assert_msg (fabs (due_s (CHS_DUE_SITE) - 29 * 60) < 5, "%g s", due_s (CHS_DUE_SITE));
}
END_TEST

START_TEST (sedation_is_scored_while_ketamine_is_given)
{
  begin ("300");
  pass (1);
  ck_assert (isnan (due_s (CHS_DUE_SEDATION)));
  maker_setup (maker, "therapy.ketamine_mg_per_ml", "0.5");
  maker_setup (maker, "patient.weight_kg", "70");
  pass (1);
  ck_assert_msg (fabs (due_s (CHS_DUE_SEDATION) - 13 * 60) < 20, "%g s", due_s (CHS_DUE_SEDATION));
  maker_nurse (maker, CHS_NURSE_SCORE, "sedation", 1);
  pass (0.1);
  ck_assert_msg (fabs (due_s (CHS_DUE_SEDATION) - 15 * 60) < 10, "%g s", due_s (CHS_DUE_SEDATION));
}
END_TEST

START_TEST (a_planned_step_is_due_by_the_minutes_that_the_pump_ran)
{
  ChsDue due;

  maker_setup (maker, "therapy.steps", "0 150; 15 250");
  begin ("300");
  pass (5);
  ck_assert (chs_due_get (model, CHS_DUE_STEP, now_us (), &due));
  ck_assert_double_eq_tol (due.rate_ml_h, 250, 0.01);
  ck_assert_msg (fabs (due_s (CHS_DUE_STEP) - 10 * 60) < 15, "%g s", due_s (CHS_DUE_STEP));

  maker->rate_ml_h = 0; /* a pause puts it off, and while it lasts nothing is due */
  maker->pump_state = CHS_PUMP_PAUSED;
  pass (3);
  ck_assert (isnan (due_s (CHS_DUE_STEP)));
  maker->rate_ml_h = 150;
  maker->pump_state = CHS_PUMP_INFUSING;
  pass (1);
  ck_assert_msg (fabs (due_s (CHS_DUE_STEP) - 9 * 60) < 15, "%g s", due_s (CHS_DUE_STEP));

  pass (12); /* nobody turned it up */
  ck_assert_msg (fabs (due_s (CHS_DUE_STEP) + 3 * 60) < 15, "%g s", due_s (CHS_DUE_STEP));
  maker->rate_ml_h = 250;
  pass (0.2);
  ck_assert (isnan (due_s (CHS_DUE_STEP)));
}
END_TEST

static const struct {
  const char *name;
  ChsNurseAction action;
  const char *what;
} trouble[] = {
  { "reaction", CHS_NURSE_REACTION, "begin" },
  { "held", CHS_NURSE_PHASE, "held" },
  { "alarm", CHS_NURSE_SYMPTOM, "chest_pain" },
};

START_TEST (nobody_is_told_to_turn_a_pump_up_in_trouble)
{
  maker_setup (maker, "therapy.steps", "0 150; 15 250");
  begin ("300");
  maker_nurse (maker, CHS_NURSE_PHASE, "infusing", NAN);
  pass (16);
  ck_assert_double_lt (due_s (CHS_DUE_STEP), 0);
  maker_nurse (maker, trouble[_i].action, trouble[_i].what, 1);
  pass (0.5);
  ck_assert_msg (isnan (due_s (CHS_DUE_STEP)), "%s", trouble[_i].name);
}
END_TEST

START_TEST (after_a_reaction_steps_are_due_again)
{
  maker_setup (maker, "therapy.steps", "0 150; 15 250");
  begin ("300");
  pass (16);
  maker_nurse (maker, CHS_NURSE_REACTION, "begin", 1);
  maker_nurse (maker, CHS_NURSE_REACTION, "end", 0);
  pass (0.5);
  ck_assert_double_lt (due_s (CHS_DUE_STEP), 0);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("due");
  TCase *tcase = tcase_create ("due");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, nothing_is_due_before_the_infusion);
  tcase_add_loop_test (tcase, the_cuff_is_due_by_the_protocol, 0, G_N_ELEMENTS (cuffs));
  tcase_add_test (tcase, a_cuff_never_taken_is_overdue);
  tcase_add_test (tcase, the_site_is_looked_at_when_it_begins_after_ten_minutes_and_then_every_half_hour);
  tcase_add_test (tcase, sedation_is_scored_while_ketamine_is_given);
  tcase_add_test (tcase, a_planned_step_is_due_by_the_minutes_that_the_pump_ran);
  tcase_add_loop_test (tcase, nobody_is_told_to_turn_a_pump_up_in_trouble, 0, G_N_ELEMENTS (trouble));
  tcase_add_test (tcase, after_a_reaction_steps_are_due_again);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

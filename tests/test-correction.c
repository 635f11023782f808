/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/engine-maker.h"

#include "app/correction.h"

#include <math.h>

/* Sends an action with a number, at the maker's time. */
static void
enter (Maker *maker, uint64_t seq, ChsNurseAction action, const char *what)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE, .seq = seq };

  event.nurse = (ChsNurse) { .action = (uint8_t) action, .at_us = CHS_TIME_NONE, .value = NAN };
  chs_text_copy (event.nurse.what, sizeof event.nurse.what, what);
  maker_feed (maker, &event, CHS_SOURCE_NURSE);
}

static void
correct (Maker *maker, uint64_t seq, int64_t at_s)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE };

  event.nurse = (ChsNurse) { .action = CHS_NURSE_CORRECTION, .at_us = at_s < 0 ? CHS_TIME_NONE : at_s * CHS_SECOND, .value = (double) seq };
  maker_feed (maker, &event, CHS_SOURCE_NURSE);
}

static const ChsSession *
session_of (const Maker *maker)
{
  return chs_engine_get_session (maker->engine);
}

/* Phases by number: 10 s apart from second 100 on; then corrections; and what is left. */
static const struct {
  const char *name;
  const char *phases[4];
  struct {
    uint64_t seq;  /* 1 = the first of @phases */
    int64_t  at_s; /* -1 = taken back */
  } corrections[3];
  ChsPhase phase;
  int64_t  since_s;
} phase_rows[] = {
  { "started by mistake", { "prepared", "infusing" }, { { 2, -1 } }, CHS_PHASE_PREPARED, 100 },
  { "closed by mistake", { "prepared", "infusing", "observe", "closed" }, { { 4, -1 } }, CHS_PHASE_OBSERVE, 120 },
  { "two steps back", { "prepared", "infusing", "observe" }, { { 3, -1 }, { 2, -1 } }, CHS_PHASE_PREPARED, 100 },
  { "not the newest", { "prepared", "infusing", "observe" }, { { 2, -1 } }, CHS_PHASE_OBSERVE, 120 },
  { "unknown number", { "prepared", "infusing" }, { { 9, -1 } }, CHS_PHASE_INFUSING, 110 },
  { "began earlier", { "prepared", "infusing" }, { { 2, 104 } }, CHS_PHASE_INFUSING, 104 },
  { "not before the one before", { "prepared", "infusing" }, { { 2, 50 } }, CHS_PHASE_INFUSING, 100 },
  { "moved, then taken back", { "prepared", "infusing" }, { { 2, 104 }, { 2, -1 } }, CHS_PHASE_PREPARED, 100 },
};

START_TEST (a_phase_goes_back_to_what_was)
{
  Maker maker;

  maker_init (&maker);
  maker.t_s = 90;
  maker_setup (&maker, "patient.weight_kg", "70");
  for (uint64_t i = 0; i < 4 && phase_rows[_i].phases[i] != NULL; i++) {
    maker.t_s = 100 + 10 * (int64_t) i;
    enter (&maker, i + 1, CHS_NURSE_PHASE, phase_rows[_i].phases[i]);
  }
  maker.t_s = 200;
  for (unsigned i = 0; i < 3 && phase_rows[_i].corrections[i].seq != 0; i++)
    correct (&maker, phase_rows[_i].corrections[i].seq, phase_rows[_i].corrections[i].at_s);
  ck_assert_msg (session_of (&maker)->phase == phase_rows[_i].phase, "%s: phase %d", phase_rows[_i].name, session_of (&maker)->phase);
  ck_assert_msg (session_of (&maker)->phase_us == phase_rows[_i].since_s * CHS_SECOND, "%s: since %d", phase_rows[_i].name,
                 (int) (session_of (&maker)->phase_us / CHS_SECOND));
  ck_assert_double_eq (session_of (&maker)->weight_kg, 70); /* the patient is still the same */
  maker_clear (&maker);
}
END_TEST

START_TEST (another_patient_has_nothing_to_go_back_to)
{
  Maker maker;
  ChsPhaseStep step;
  bool is_last;

  maker_init (&maker);
  maker.t_s = 100;
  enter (&maker, 1, CHS_NURSE_PHASE, "infusing");
  enter (&maker, 2, CHS_NURSE_PHASE, "closed");
  enter (&maker, 3, CHS_NURSE_PHASE, "prepared");
  for (uint64_t seq = 1; seq <= 3; seq++)
    ck_assert (!chs_engine_find_phase_step (maker.engine, seq, &step, &is_last));
  correct (&maker, 2, -1);
  ck_assert_int_eq (session_of (&maker)->phase, CHS_PHASE_PREPARED);
  maker_clear (&maker);
}
END_TEST

START_TEST (many_phases_are_kept_in_bounds)
{
  Maker maker;

  maker_init (&maker);
  maker.t_s = 100;
  for (uint64_t seq = 1; seq <= 100; seq++)
    enter (&maker, seq, CHS_NURSE_PHASE, seq % 2 == 1 ? "infusing" : "held");
  for (uint64_t seq = 100; seq >= 1; seq--)
    correct (&maker, seq, -1);
  ck_assert_int_eq (session_of (&maker)->phase, CHS_PHASE_HELD); /* sixteen steps back: to the 84th */
  maker_clear (&maker);
}
END_TEST

/* A symptom of second 100 counts for E-SKIN from there on for its window; corrections at second 160. */
static const struct {
  const char    *name;
  ChsNurseAction then; /* at second 150, as number 2; 0 = nothing */
  uint64_t       seq;
  int64_t        at_s;
  gboolean       is_there;
} symptom_rows[] = {
  { "taken back", 0, 1, -1, FALSE },
  { "earlier", 0, 1, 80, TRUE },
  { "so early that it no longer counts", 0, 1, 0, FALSE },
  { "its end is taken back", CHS_NURSE_SYMPTOM_CLEAR, 2, -1, TRUE },
  { "its end is of another time", CHS_NURSE_SYMPTOM_CLEAR, 2, 140, FALSE },
  { "another number", 0, 7, -1, TRUE },
};

START_TEST (a_symptom_is_taken_back_or_moved)
{
  Maker maker;

  maker_init (&maker);
  maker_setup (&maker, "patient.weight_kg", "70");
  maker.t_s = 6000;
  enter (&maker, 1, CHS_NURSE_SYMPTOM, "itching");
  maker.t_s = 6050;
  if (symptom_rows[_i].then != 0)
    enter (&maker, 2, symptom_rows[_i].then, "itching");
  maker.t_s = 6060;
  correct (&maker, symptom_rows[_i].seq, symptom_rows[_i].at_s <= 0 ? symptom_rows[_i].at_s : 5900 + symptom_rows[_i].at_s);
  maker_run (&maker, 2);
  ck_assert_msg (maker_has (&maker, CHS_E_SKIN) == symptom_rows[_i].is_there, "%s", symptom_rows[_i].name);
  maker_clear (&maker);
}
END_TEST

/* After "prepared" (1) at 100 s and "infusing" (2) at 110 s. */
static const struct {
  const char *what;
  double      seq;
  int64_t     at_s;
  const char *why; /* part of it; NULL = taken */
} checks[] = {
  { "mistake", 2, -1, NULL },
  { "", 2, 105, NULL },
  { "time", 2, 90, "before the one that it followed" },
  { "early", 1, -1, "newest change of phase" },
  { "early", 1, 105, "newest change of phase" },
  { "because", 2, -1, "no such reason" },
  { "other", 77, -1, NULL }, /* a mark, a note: whatever it was */
};

START_TEST (a_wrong_correction_is_refused)
{
  ChsNurse nurse = { .action = CHS_NURSE_CORRECTION, .value = checks[_i].seq,
                     .at_us = checks[_i].at_s < 0 ? CHS_TIME_NONE : checks[_i].at_s * CHS_SECOND };
  Maker maker;
  const char *why;

  maker_init (&maker);
  maker.t_s = 100;
  enter (&maker, 1, CHS_NURSE_PHASE, "prepared");
  maker.t_s = 110;
  enter (&maker, 2, CHS_NURSE_PHASE, "infusing");
  chs_text_copy (nurse.what, sizeof nurse.what, checks[_i].what);
  ck_assert (chs_correction_check (maker.engine, &nurse, &why) == (checks[_i].why == NULL));
  if (checks[_i].why != NULL)
    ck_assert_msg (strstr (why, checks[_i].why) != NULL, "%s", why);
  maker_clear (&maker);
}
END_TEST

START_TEST (every_reason_has_words)
{
  unsigned n;
  const ChsReason *reasons = chs_reasons (&n);

  ck_assert_uint_gt (n, 0);
  for (unsigned i = 0; i < n; i++)
    ck_assert_str_eq (chs_reason_label (reasons[i].id), reasons[i].label);
  ck_assert_str_eq (chs_reason_label ("typed by somebody"), "typed by somebody");
}
END_TEST

static Suite *
correction_suite (void)
{
  Suite *suite = suite_create ("correction");
  TCase *tc = tcase_create ("correction");

  tcase_add_loop_test (tc, a_phase_goes_back_to_what_was, 0, G_N_ELEMENTS (phase_rows));
  tcase_add_test (tc, another_patient_has_nothing_to_go_back_to);
  tcase_add_test (tc, many_phases_are_kept_in_bounds);
  tcase_add_loop_test (tc, a_symptom_is_taken_back_or_moved, 0, G_N_ELEMENTS (symptom_rows));
  tcase_add_loop_test (tc, a_wrong_correction_is_refused, 0, G_N_ELEMENTS (checks));
  tcase_add_test (tc, every_reason_has_words);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (correction_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/command-check.h"
#include "app/alarm-limits.h"
#include "tests/engine-maker.h"

/* Limits that the nurse sets: the safe range is kept by the command and by the engine, the reason names what can be. */

#define NUDGE 0.5

START_TEST (clause_6_6_both_edges_of_every_safe_range)
{
  G_GNUC_UNUSED g_autoptr (ChsProfile) profile = maker_profile ();
  unsigned n;
  const ChsLimitInfo *info = &chs_limit_infos (&n)[_i];
  double least, most, number, bound;
  char text[32];

  chs_limit_range (info, &least, &most);
  ck_assert (least < most);
  g_ascii_formatd (text, sizeof text, "%.3f", least - NUDGE);
  ck_assert_int_eq (chs_limit_judge (NULL, info->key, text, &number, &bound), CHS_LIMIT_TOO_LOW);
  ck_assert_double_eq (bound, least);
  g_ascii_formatd (text, sizeof text, "%.3f", most + NUDGE);
  ck_assert_int_eq (chs_limit_judge (NULL, info->key, text, &number, &bound), CHS_LIMIT_TOO_HIGH);
  ck_assert_double_eq (bound, most);
  for (int end = 0; end < 2; end++) {
    g_ascii_formatd (text, sizeof text, "%.3f", end ? most : least);
    ck_assert_int_eq (chs_limit_judge (NULL, info->key, text, &number, &bound), CHS_LIMIT_GOOD);
    ck_assert_double_eq (number, end ? most : least);
  }
}
END_TEST

/* Low and high of one parameter cannot meet whatever is set: their safe ranges are apart. */
START_TEST (clause_6_6_low_is_always_below_high)
{
  unsigned n;
  const ChsLimitInfo *infos = chs_limit_infos (&n);
  double low[2], high[2];

  for (unsigned i = 0; i < n; i++)
    for (unsigned k = 0; k < n; k++)
      if (infos[i].param == infos[k].param && !infos[i].is_high && infos[k].is_high) {
        chs_limit_range (&infos[i], &low[0], &low[1]);
        chs_limit_range (&infos[k], &high[0], &high[1]);
        ck_assert_msg (low[1] < high[0], "%s %s", infos[i].key, infos[k].key);
      }
}
END_TEST

static const struct {
  const char *key, *value;
  ChsLimitVerdict want;
  const char *says;
} rows[] = {
  { "limit.HR.high", "580", CHS_LIMIT_TOO_HIGH, "limit.HR.high cannot be 580 /min: outside the safe range 100 to 160 /min" },
  { "limit.HR.high", "inf", CHS_LIMIT_TOO_HIGH, "outside the safe range" },
  { "limit.HR.low", "-1", CHS_LIMIT_TOO_LOW, "outside the safe range 35 to 55 /min" },
  { "limit.HR.low", "35", CHS_LIMIT_CROSSED, "beyond the extreme limit of 36 /min, which stays" },
  { "limit.HR.low", "36", CHS_LIMIT_GOOD, NULL },
  { "limit.HR.low", "nan", CHS_LIMIT_NO_NUMBER, "not a number; give 35 to 55 /min" },
  { "limit.HR.low", "50 ", CHS_LIMIT_NO_NUMBER, "not a number" },
  { "limit.HR.low", "50,5", CHS_LIMIT_NO_NUMBER, "not a number" },
  { "limit.HR.low", "", CHS_LIMIT_GOOD, NULL },
  { "limit.SPO2.low", "84", CHS_LIMIT_TOO_LOW, "outside the safe range 85 to 95 %" },
  { "limit.SPO2.high", "99", CHS_LIMIT_UNKNOWN, "there is no \"limit.SPO2.high\"" },
  { "limit.", "1", CHS_LIMIT_UNKNOWN, "there is no \"limit.\"" },
};

START_TEST (clause_6_6_a_refusal_says_what_can_be)
{
  g_autoptr (ChsProfile) profile = maker_profile ();
  g_autofree char *reason = NULL;
  double number = -1, bound;
  ChsLimitVerdict verdict = chs_limit_judge (profile, rows[_i].key, rows[_i].value, &number, &bound);

  ck_assert_msg (verdict == rows[_i].want, "%s=%s: %d", rows[_i].key, rows[_i].value, verdict);
  if (verdict == CHS_LIMIT_GOOD)
    return;
  ck_assert_msg (number < 0, "a refused number is not given out");
  reason = chs_limit_dup_reason (rows[_i].key, rows[_i].value, verdict, bound);
  ck_assert_msg (strstr (reason, rows[_i].says) != NULL, "%s", reason);
}
END_TEST

/* A recording made by hand cannot switch an alarm off: the engine keeps the range too. */
START_TEST (clause_6_6_the_engine_refuses_too)
{
  Maker maker;

  maker_init (&maker);
  maker_setup (&maker, "limit.HR.high", "580");
  ck_assert (!chs_engine_get_limits (maker.engine, CHS_PARAM_HR).changed);
  maker_setup (&maker, "limit.HR.high", "140");
  ck_assert_double_eq (chs_engine_get_limits (maker.engine, CHS_PARAM_HR).high, 140);
  maker_setup (&maker, "limit.HR.high", "20");
  ck_assert_double_eq (chs_engine_get_limits (maker.engine, CHS_PARAM_HR).high, 140);
  maker_setup (&maker, "limit.HR.high", "");
  ck_assert (!chs_engine_get_limits (maker.engine, CHS_PARAM_HR).changed);
  maker_clear (&maker);
}
END_TEST

START_TEST (clause_6_6_a_limit_is_not_for_the_next_patient)
{
  Maker maker;

  maker_init (&maker);
  maker_setup (&maker, "patient.id", "A");
  maker_setup (&maker, "limit.HR.high", "140");
  maker_setup (&maker, "patient.id", "B");
  ck_assert (!chs_engine_get_limits (maker.engine, CHS_PARAM_HR).changed);
  maker_clear (&maker);
}
END_TEST

/* Row 17 of the table: a new limit does not hide a condition unnoticed. */
START_TEST (clause_6_6_a_limit_that_ends_an_alarm_is_told_before)
{
  ChsLabel labels[4];
  Maker maker;

  maker_init (&maker);
  maker.hr = maker.pr = 128;
  maker_run (&maker, 120);
  ck_assert_uint_ge (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_RAISE), 1);
  ck_assert_uint_eq (chs_engine_ask_limit (maker.engine, "limit.HR.high", "150", labels, G_N_ELEMENTS (labels)), 1);
  ck_assert_int_eq (labels[0], CHS_LABEL_TACHYCARDIA);
  ck_assert_uint_eq (chs_engine_ask_limit (maker.engine, "limit.HR.high", "110", labels, G_N_ELEMENTS (labels)), 0);
  ck_assert_uint_eq (chs_engine_ask_limit (maker.engine, "limit.HR.high", "580", labels, G_N_ELEMENTS (labels)), 0);
  ck_assert (!chs_engine_get_limits (maker.engine, CHS_PARAM_HR).changed);
  maker_clear (&maker);
}
END_TEST

/* Each limit of a session at its edge. Where @is_reached, the limit itself alarms (fever, high pressure: shared/clinical.md
 * 4); else it is the last value that does not. */
static const struct {
  const char *name;
  ChsEvidence evidence;
  double      inside, outside;
  bool        is_reached;
} edges[] = {
  { "limit.HR.low", CHS_E_HRLO, 50, 49 },          { "limit.HR.high", CHS_E_HRHI, 130, 131 },
  { "limit.SPO2.low", CHS_E_SPO2LIM, 91, 90 },     { "limit.RR.low", CHS_E_RRLO, 9, 8 },
  { "limit.RR.high", CHS_E_RRHI, 28, 29 },         { "limit.NIBP_SYS.low", CHS_E_BPABS, 95, 94 },
  { "limit.NIBP_SYS.high", CHS_E_BPHI, 169, 170, true }, { "limit.NIBP_DIA.high", CHS_E_BPHI, 104, 105, true },
  { "limit.NIBP_MEAN.low", CHS_E_BP20, 66, 65 },
  { "limit.TEMP.low", CHS_E_TEMPLO, 35.0, 34.9 },  { "limit.TEMP.high", CHS_E_TEMP, 38.1, 38.2, true },
};

static void
show (Maker *maker, const ChsLimitInfo *info, double value)
{
  if (maker_set (maker, info->param, value)) {
    maker_run (maker, 120);
    return;
  }
  for (int i = 0; i < 2; i++) { /* two readings: one alone is not believed */
    maker_run (maker, 60);
    if (info->param == CHS_PARAM_NIBP_DIA)
      maker_cuff3 (maker, 150, value, value + 15);
    else if (info->param == CHS_PARAM_NIBP_MEAN)
      maker_cuff3 (maker, 118, 37, value);
    else
      maker_cuff (maker, value);
  }
  maker_run (maker, 3);
}

START_TEST (clause_6_6_each_limit_at_its_edge)
{
  const ChsLimitInfo *info = chs_limit_find (edges[_i].name);
  g_autofree char *text = g_strdup_printf ("%.1f", edges[_i].is_reached ? edges[_i].outside : edges[_i].inside);
  Maker maker;

  ck_assert_ptr_nonnull (info);
  maker_init_running (&maker, NULL, NULL);
  maker_setup (&maker, edges[_i].name, text);
  show (&maker, info, edges[_i].inside);
  ck_assert_msg (!maker_has (&maker, edges[_i].evidence), "%s: %g is inside", edges[_i].name, edges[_i].inside);
  show (&maker, info, edges[_i].outside);
  ck_assert_msg (maker_has (&maker, edges[_i].evidence), "%s: %g is out", edges[_i].name, edges[_i].outside);
  maker_clear (&maker);
}
END_TEST

static Suite *
limits_suite (void)
{
  Suite *suite = suite_create ("limits");
  TCase *tcase = tcase_create ("limits");
  unsigned n;

  chs_limit_infos (&n);
  tcase_add_loop_test (tcase, clause_6_6_both_edges_of_every_safe_range, 0, (int) n);
  tcase_add_test (tcase, clause_6_6_low_is_always_below_high);
  tcase_add_loop_test (tcase, clause_6_6_a_refusal_says_what_can_be, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tcase, clause_6_6_the_engine_refuses_too);
  tcase_add_loop_test (tcase, clause_6_6_each_limit_at_its_edge, 0, G_N_ELEMENTS (edges));
  tcase_add_test (tcase, clause_6_6_a_limit_is_not_for_the_next_patient);
  tcase_add_test (tcase, clause_6_6_a_limit_that_ends_an_alarm_is_told_before);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (limits_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/event.h"

#include <math.h>
#include <string.h>

static const struct {
  const char *name, *in, *want;
  size_t size;
  bool fits;
} texts[] = {
  { "fits", "abc", "abc", 4, true },
  { "cut", "abcd", "abc", 4, false },
  { "cut before a character", "ab\xC3\xA9", "ab", 4, false },
  { "whole character", "a\xC3\xA9", "a\xC3\xA9", 4, true },
  { "bad bytes", "a\xFF" "b", "a?b", 8, true },
  { "overlong", "\xC0\x80", "??", 8, true },
  { "control", "a\tb\n", "a b ", 8, true },
  { "torn at the end", "a\xE2\x82", "a??", 8, true },
  { "nothing", NULL, "", 1, true },
};

START_TEST (text_copy_cuts_and_cleans)
{
  char buf[16];

  ck_assert_msg (chs_text_copy (buf, texts[_i].size, texts[_i].in) == texts[_i].fits, "%s", texts[_i].name);
  ck_assert_msg (strcmp (buf, texts[_i].want) == 0, "%s: got \"%s\"", texts[_i].name, buf);
}
END_TEST

START_TEST (every_parameter_has_a_row)
{
  const ChsParamInfo *info = chs_param_info ((ChsParam) _i);

  ck_assert_msg (info->name != NULL && info->name[0] != '\0', "parameter %d", _i);
  ck_assert_int_eq (chs_param_from_name (info->name), _i);
  if (_i != CHS_PARAM_OTHER && _i != CHS_PARAM_OTHER_WAVE)
    ck_assert_msg (info->unit != CHS_UNIT_NONE, "%s has a unit", info->name);
}
END_TEST

START_TEST (every_unit_has_a_code)
{
  const ChsUnitInfo *info = chs_unit_info ((ChsUnit) _i);

  ck_assert_msg (info->ucum != NULL && info->ucum[0] != '\0', "unit %d", _i);
  ck_assert_int_eq (chs_unit_from_ucum (info->ucum), _i);
}
END_TEST

START_TEST (every_label_has_an_id)
{
  const char *id = chs_label_id ((ChsLabel) _i);

  ck_assert_msg (id != NULL && id[0] != '\0', "label %d", _i);
  ck_assert_int_eq (chs_label_from_id (id), _i);
}
END_TEST

START_TEST (flow_is_zero_only_when_the_pump_says_so)
{
  ChsPumpStatus status;

  chs_pump_status_init (&status);
  ck_assert (isnan (chs_pump_flow_ml_h (&status)));
  status.state = CHS_PUMP_INFUSING;
  ck_assert (isnan (chs_pump_flow_ml_h (&status)));
  status.rate_ml_h = 125.0;
  ck_assert_double_eq (chs_pump_flow_ml_h (&status), 125.0);
  status.state = CHS_PUMP_PAUSED;
  ck_assert_double_eq (chs_pump_flow_ml_h (&status), 0.0);
}
END_TEST

START_TEST (an_absent_numeric_says_so)
{
  ck_assert_int_eq (chs_numeric (CHS_PARAM_HR, NAN).numeric.quality, CHS_QUALITY_ABSENT);
  ck_assert_int_eq (chs_numeric (CHS_PARAM_HR, 72).numeric.quality, CHS_QUALITY_OK);
}
END_TEST

static Suite *
event_suite (void)
{
  Suite *suite = suite_create ("event");
  TCase *tc = tcase_create ("vocabulary");

  tcase_add_loop_test (tc, text_copy_cuts_and_cleans, 0, (int) (sizeof texts / sizeof texts[0]));
  tcase_add_loop_test (tc, every_parameter_has_a_row, CHS_PARAM_NONE + 1, CHS_N_PARAMS);
  tcase_add_loop_test (tc, every_unit_has_a_code, CHS_UNIT_NONE + 1, CHS_N_UNITS);
  tcase_add_loop_test (tc, every_label_has_an_id, CHS_LABEL_NONE + 1, CHS_N_LABELS);
  tcase_add_test (tc, flow_is_zero_only_when_the_pump_says_so);
  tcase_add_test (tc, an_absent_numeric_says_so);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (event_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "tests/draw-shots.h"
#include "tests/fake-engine.h"

#include <string.h>

static const struct {
  const char *chair;
  ChsParam    param;
  const char *language;
  const char *want;
} rows[] = {
  { "quiet", CHS_PARAM_NIBP_SYS, NULL, "NIBP 121/75 mmHg, mean 92, 1 min ago · 10:44, −2 % from baseline" },
  { "quiet", CHS_PARAM_HR, NULL, "HR 76 /min, +2 from baseline" },
  { "quiet", CHS_PARAM_SPO2, NULL, "SpO₂ 98 %, 0 from baseline" },
  { "quiet", CHS_PARAM_TEMP, NULL, "Temp 36.7 °C, 0 from baseline" },
  { "quiet", CHS_PARAM_NIBP_MEAN, NULL, "MAP 92 mmHg, 1 min ago, −3 % from baseline" },
  { "medium", CHS_PARAM_NIBP_SYS, NULL, "NIBP 83/41 mmHg, mean 56, 1 min ago · 10:44, −33 % from baseline, medium priority alarm" },
  { "high", CHS_PARAM_NIBP_SYS, NULL, "NIBP 69/28 mmHg, mean 43, 1 min ago · 10:44, −44 % from baseline, high priority alarm" },
  { "stale", CHS_PARAM_HR, NULL, "HR 77 /min, 10 s ago, +3 from baseline" },
  { "link-lost", CHS_PARAM_HR, NULL, "HR no value, no data · 5 min ago" },
  { "link-lost", CHS_PARAM_NIBP_SYS, NULL, "NIBP 125/76 mmHg, mean 94, 7 min ago · 10:38, +1 % from baseline" },
  { "nothing", CHS_PARAM_HR, NULL, "HR no value, no value yet" },
  { "doubtful", CHS_PARAM_SPO2, NULL, "SpO₂ 98 %, weak signal, 0 from baseline" },
  { "demo", CHS_PARAM_HR, NULL, "HR 76 /min, +2 from baseline, demonstration data" },
  { "medium", CHS_PARAM_HR, "de", "HR 83 /min, +9 vom Ausgangswert" },
};

START_TEST (says_what_it_shows)
{
  g_autoptr (ChsChairModel) model = draw_case_new (rows[_i].chair);
  DrawShot shot = { .language = rows[_i].language };
  g_autofree char *text = NULL;
  ChsTheme theme;

  draw_shot_theme (&shot, &theme);
  text = chs_tile_text (model, rows[_i].param, CASE_NOW, &theme);
  ck_assert_msg (strcmp (text, rows[_i].want) == 0, "%s: got \"%s\"", rows[_i].chair, text);
}
END_TEST

static const struct {
  ChsParam    param;
  const char *language, *want;
} limits[] = {
  { CHS_PARAM_HR, NULL, "limits 50 to 120" },  { CHS_PARAM_SPO2, NULL, "lower limit 90" },
  { CHS_PARAM_TEMP, NULL, "limits 35.5 to 38.0" }, { CHS_PARAM_PI, NULL, "" },
  { CHS_PARAM_HR, "de", "Grenzen 50 bis 120" },
};

START_TEST (a_tile_tells_its_limits)
{
  g_autoptr (ChsChairModel) model = draw_case_new ("quiet");
  DrawShot shot = { .language = limits[_i].language };
  g_autofree char *text = NULL;
  ChsTheme theme;

  draw_shot_theme (&shot, &theme);
  text = chs_tile_limits_text (model, limits[_i].param, &theme);
  ck_assert_str_eq (text, limits[_i].want);
}
END_TEST

/* Switched off: said at the parameter, and only there. */
START_TEST (clause_6_8_5_alarm_off_is_marked_at_its_parameter)
{
  g_autoptr (ChsChairModel) model = draw_case_new ("quiet");
  g_autofree char *off = NULL, *other = NULL;
  ChsTheme theme;

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  fake_engine.alarm_off = CHS_PARAM_HR;
  off = chs_tile_text (model, CHS_PARAM_HR, CASE_NOW, &theme);
  other = chs_tile_text (model, CHS_PARAM_SPO2, CASE_NOW, &theme);
  fake_engine.alarm_off = CHS_PARAM_NONE;
  ck_assert_msg (strstr (off, "ALARM OFF") != NULL, "%s", off);
  ck_assert_msg (strstr (other, "ALARM OFF") == NULL, "%s", other);
}
END_TEST

static const struct {
  const char *chair;
  guint       index;
  const char *want;
} pumps[] = {
  { "quiet", 0, "Magnesium pump 1, running, 150 mL/h, Magnesium 0.16 mmol/min (soft 0.3, hard 0.609), 92 of 250 mL · ends 11:48, 6.00 mmol given" },
  { "low", 0, "Magnesium pump 1, no data, – – mL/h, ≈75 of 250 mL, 150 mL/h, 7 min ago" },
  { "strong", 0, "Magnesium pump 1, running, 150 mL/h, Magnesium 0.16 mmol/min (soft 0.3, hard 0.609), 92 of 250 mL · ends 11:48, 6.00 mmol given, "
                 "Osmolarity 650 mOsm/L: large vein, look at the site often" },
  { "quiet", 7, "" },
};

static const struct {
  const char *name, *label, *want;
} link_names[] = {
  { "pump1", "", "pump 1" }, { "pump12", "", "pump 12" }, { "pump1", "Ketamine pump", "Ketamine pump" },
  { "monitor", "", "monitor" }, { "pumpe", "", "pumpe" }, { "monitor", "Bedside", "Bedside" },
};

START_TEST (a_link_is_called_what_people_call_it)
{
  ChsLinkInfo link = { .source = 1 };
  g_autofree char *words = NULL;
  ChsTheme theme;

  chs_text_copy (link.status.name, sizeof link.status.name, link_names[_i].name);
  chs_text_copy (link.label, sizeof link.label, link_names[_i].label);
  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  words = chs_words_instrument (&link, &theme);
  ck_assert_str_eq (words, link_names[_i].want);
}
END_TEST


START_TEST (a_pump_says_what_it_shows)
{
  g_autoptr (ChsChairModel) model = draw_case_new (pumps[_i].chair);
  g_autofree char *text = NULL;
  ChsTheme theme;

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  text = chs_pump_text (model, pumps[_i].index, CASE_NOW, &theme);
  ck_assert_msg (strcmp (text, pumps[_i].want) == 0, "%s: got \"%s\"", pumps[_i].chair, text);
}
END_TEST

START_TEST (clause_60601_2_49_an_alarm_says_what_why_and_what_to_do)
{
  g_autoptr (ChsChairModel) model = draw_case_new ("medium");
  g_autofree char *what = NULL, *why = NULL, *advice = NULL;
  ChsTheme theme;
  guint n;

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  chs_alarm_words (model, chs_engine_get_alarms (chs_chair_model_get_engine (model), &n), CASE_NOW, &theme, &what, &why, &advice);
  ck_assert_str_eq (what, "Pressure falling with magnesium");
  ck_assert_str_eq (why, "83/41, −33 % from baseline, 16 min after pump 1 went 150 → 375 mL/h");
  ck_assert_str_eq (advice, "Slow or stop the magnesium. Lay flat. Cuff again in 2 min. Calcium at hand per plan.");
}
END_TEST

START_TEST (an_alarm_names_what_it_could_not_see)
{
  g_autoptr (ChsChairModel) model = draw_case_new ("high");
  g_autofree char *what = NULL, *why = NULL, *advice = NULL;
  ChsTheme theme;
  guint n;
  ChsActiveAlarm active = chs_engine_get_alarms (chs_chair_model_get_engine (model), &n)[0];

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  strcpy (active.alarm.missing, "SPO2,WEIGHT");
  strcpy (active.alarm.also, "mg_hypotension");
  chs_alarm_words (model, &active, CASE_NOW, &theme, &what, &why, &advice);
  ck_assert_msg (g_str_has_suffix (advice, " Keep the vein. Also consider: Pressure falling with magnesium. Not known: oxygen saturation, body weight."), "%s", advice);
}
END_TEST

static Suite *
tile_suite (void)
{
  Suite *suite = suite_create ("draw-tile");
  TCase *tc = tcase_create ("words");

  tcase_add_loop_test (tc, says_what_it_shows, 0, G_N_ELEMENTS (rows));
  tcase_add_loop_test (tc, a_tile_tells_its_limits, 0, G_N_ELEMENTS (limits));
  tcase_add_test (tc, clause_6_8_5_alarm_off_is_marked_at_its_parameter);
  tcase_add_loop_test (tc, a_pump_says_what_it_shows, 0, G_N_ELEMENTS (pumps));
  tcase_add_loop_test (tc, a_link_is_called_what_people_call_it, 0, G_N_ELEMENTS (link_names));
  tcase_add_test (tc, clause_60601_2_49_an_alarm_says_what_why_and_what_to_do);
  tcase_add_test (tc, an_alarm_names_what_it_could_not_see);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (tile_suite)

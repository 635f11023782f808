/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/ini.h"
#include "devices/scenario.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define CSV_HEAD "t_s,hr_bpm,spo2_pct,nibp_status,nibp_sys,nibp_dia,nibp_map,pump_state,pump_rate_ml_h,pump_vol_ml,mon_link,pump_link,event\n"

/* A file of @text, gone when the test ends. */
static char *
dup_file (const char *text)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("scenario-XXXXXX.ini", &path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, text, -1, NULL));
  return g_steal_pointer (&path);
}

static ChsScenario *
load (const char *text, GError **error)
{
  g_autofree char *path = dup_file (text);
  ChsScenario *scenario = chs_scenario_load (path, 1, error);

  g_unlink (path);
  return scenario;
}

static ChsScenario *
load_good (const char *text)
{
  g_autoptr (GError) error = NULL;
  ChsScenario *scenario = load (text, &error);

  ck_assert_msg (scenario != NULL, "%s", error != NULL ? error->message : "");
  return scenario;
}

/* ---- bad input names line and reason ---- */

static const struct {
  const char *name, *text, *line, *reason;
} bad[] = {
  { "unknown key", "[initial]\nhr = 70\nspo3 = 98\n", ":3:", "spo2" },
  { "unknown group", "[initial]\nhr = 70\n[after 3]\nhr = 80\n", ":3:", "[at SECONDS]" },
  { "time that is none", "[at soon]\nhr = 80\n", ":1:", "[at SECONDS]" },
  { "time below 0", "[at -3]\nhr = 80\n", ":1:", "[at SECONDS]" },
  { "number out of range", "[initial]\nhr = 7000\n", ":2:", "0 to 300" },
  { "no number", "[initial]\nsys = high\n", ":2:", "\"off\"" },
  { "bad ramp", "[initial]\nsys = 90 over long\n", ":2:", "seconds" },
  { "switch", "[initial]\nmonitor = yes\n", ":2:", "neither" },
  { "pump state", "[initial]\npump1.state = running\n", ":2:", "infusing" },
  { "pump alarm", "[initial]\npump1.alarm = occlusion,bubble\n", ":2:", "bubble" },
  { "pump key", "[initial]\npump1.speed = 3\n", ":2:", "rate_ml_h" },
  { "fifth pump", "[initial]\npump5.rate_ml_h = 3\n", ":2:", "unknown key" },
  { "cuff word", "[initial]\ncuff = go\n", ":2:", "start, ok, motion, weak" },
  { "key before a group", "hr = 70\n", ":1:", "before the first group" },
  { "length", "[scenario]\nduration_s = 0\n", ":2:", "seconds" },
  { "neither key nor group", "[initial]\nnonsense\n", ":2:", "" },
  { "CSV: unknown column", "t_s,pulse\n0,3\n", ":1:", "pulse" },
  { "CSV: column twice", "t_s,hr_bpm,hr_bpm\n", ":1:", "twice" },
  { "CSV: a field too few", "t_s,hr_bpm\n0,70\n1\n", ":3:", "fields" },
  { "CSV: a second is missing", "t_s,hr_bpm\n0,70\n2,70\n", ":3:", "expected 1" },
  { "CSV: no number", "t_s,hr_bpm\n0,fast\n", ":2:", "hr_bpm" },
  { "CSV: infinite", "t_s,hr_bpm\n0,inf\n", ":2:", "hr_bpm" },
  { "CSV: cuff word", "t_s,nibp_status\n0,good\n", ":2:", "inflating" },
  { "CSV: pump word", "t_s,pump_state\n0,running\n", ":2:", "idle" },
  { "CSV: not UTF-8", "t_s,hr_bpm\n0,70\n1,\xff\n", ":3:", "UTF-8" },
  { "CSV: nothing", "t_s,hr_bpm\n", ".ini:", "no rows" },
};

START_TEST (bad_input_is_refused_with_line_and_reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsScenario) scenario = load (bad[_i].text, &error);

  ck_assert_msg (scenario == NULL, "%s", bad[_i].name);
  ck_assert_msg (error != NULL && strstr (error->message, bad[_i].line) != NULL && strstr (error->message, bad[_i].reason) != NULL,
                 "%s: %s", bad[_i].name, error != NULL ? error->message : "no error");
}
END_TEST

START_TEST (a_missing_file_is_named)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (chs_scenario_load ("/nonexistent/x.ini", 1, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "/nonexistent/x.ini"));
}
END_TEST

/* ---- keyframes ---- */

START_TEST (values_jump_ramp_and_go)
{
  g_autoptr (ChsScenario) scenario = load_good ("[initial]\nnoise = 0\nhr = 70\nspo2 = 98\n"
                                                "[at 10]\nhr = 90 over 20\n[at 12]\nspo2 = off\n[at 40]\nspo2 = 95\n");
  const ChsSimPatient *patient = chs_scenario_get_patient (scenario);

  chs_scenario_advance (scenario, 10 * SECOND, NULL, NULL);
  ck_assert_double_eq_tol (patient->hr, 70, 0.01);
  chs_scenario_advance (scenario, 20 * SECOND, NULL, NULL);
  ck_assert_double_eq_tol (patient->hr, 80, 0.01);
  ck_assert (isnan (patient->spo2) && isnan (patient->pr) && isnan (patient->pi));
  chs_scenario_advance (scenario, 60 * SECOND, NULL, NULL);
  ck_assert_double_eq_tol (patient->hr, 90, 0.01);
  ck_assert_double_eq_tol (patient->spo2, 95, 0.01);
  ck_assert_double_eq_tol (patient->pr, 90, 0.01);
}
END_TEST

START_TEST (the_cuff_inflates_and_then_tells)
{
  g_autoptr (ChsScenario) scenario = load_good ("[initial]\nnoise = 0\nsys = 120\ndia = 70\ncuff_interval_s = 0\n"
                                                "[at 10]\ncuff = start\n[at 20]\nsys = 100\n[at 50]\ncuff = motion\n[at 51]\ncuff = start\n");
  const ChsSimPatient *patient = chs_scenario_get_patient (scenario);

  chs_scenario_advance (scenario, 9 * SECOND, NULL, NULL);
  ck_assert (!patient->nibp_inflating);
  chs_scenario_advance (scenario, 34 * SECOND, NULL, NULL);
  ck_assert (patient->nibp_inflating);
  ck_assert_uint_eq (patient->nibp_count, 0);
  chs_scenario_advance (scenario, 36 * SECOND, NULL, NULL);
  ck_assert_uint_eq (patient->nibp_count, 1);
  ck_assert_double_eq_tol (patient->nibp_sys, 100, 0.01);
  ck_assert_double_eq_tol (patient->nibp_mean, 81, 0.01);
  chs_scenario_advance (scenario, 100 * SECOND, NULL, NULL);
  ck_assert_uint_eq (patient->nibp_count, 2);
  ck_assert (patient->nibp_failed);
}
END_TEST

START_TEST (the_cuff_keeps_its_interval)
{
  g_autoptr (ChsScenario) scenario = load_good ("[initial]\ncuff_interval_s = 60\n");

  chs_scenario_advance (scenario, 600 * SECOND, NULL, NULL);
  ck_assert_uint_eq (chs_scenario_get_patient (scenario)->nibp_count, 9);
}
END_TEST

START_TEST (volume_is_the_integral_of_the_rate)
{
  g_autoptr (ChsScenario) scenario = load_good ("[initial]\npump1.rate_ml_h = 100\npump1.vtbi_ml = 60\n[at 100]\npump1.state = infusing\n"
                                                "[at 1900]\npump1.rate_ml_h = 200\n[at 2260]\npump1.state = paused\n[at 2600]\npump1.state = infusing\n"
                                                "[at 2700]\npump1.alarm = occlusion\n[at 2800]\npump1.alarm = none\n");
  const ChsSimPump *pump = &chs_scenario_get_patient (scenario)->pumps[0];

  chs_scenario_advance (scenario, 1900 * SECOND - 1, NULL, NULL);
  ck_assert_double_eq_tol (pump->volume_ml, 50, 0.01);
  chs_scenario_advance (scenario, 2065 * SECOND, NULL, NULL);
  ck_assert_double_eq_tol (pump->volume_ml, 50 + 200 * 165 / 3600.0, 0.02);
  ck_assert_uint_eq (pump->state, CHS_PUMP_INFUSING);
  chs_scenario_advance (scenario, 2200 * SECOND, NULL, NULL);
  ck_assert_double_eq_tol (pump->volume_ml, 60, 0.02);
  ck_assert_uint_eq (pump->state, CHS_PUMP_COMPLETE);
  ck_assert_uint_eq (pump->alarms, CHS_PUMP_ALARM_END_VTBI);
  chs_scenario_advance (scenario, 2750 * SECOND, NULL, NULL);
  ck_assert_uint_eq (pump->state, CHS_PUMP_ALARM);
  ck_assert_uint_eq (pump->alarms, CHS_PUMP_ALARM_OCCLUSION);
  chs_scenario_advance (scenario, 2850 * SECOND, NULL, NULL);
  ck_assert_uint_eq (pump->state, CHS_PUMP_PAUSED);
}
END_TEST

START_TEST (one_seed_one_story)
{
  g_autoptr (ChsScenario) a = chs_scenario_new (7), b = chs_scenario_new (7), c = chs_scenario_new (8);
  gboolean differs = FALSE;

  for (gint64 t = 0; t < 120 * SECOND; t += 20000)
    chs_scenario_advance (a, t, NULL, NULL);
  for (gint64 t = 0; t < 120 * SECOND; t += 7 * SECOND) {
    chs_scenario_advance (b, t, NULL, NULL);
    chs_scenario_advance (c, t, NULL, NULL);
    differs = differs || islessgreater (chs_scenario_get_patient (b)->hr, chs_scenario_get_patient (c)->hr);
    ck_assert_double_eq_tol (chs_scenario_get_patient (b)->hr, 72, 6);
  }
  chs_scenario_advance (b, 120 * SECOND - 20000, NULL, NULL);
  ck_assert_int_eq (memcmp (chs_scenario_get_patient (a), chs_scenario_get_patient (b), sizeof (ChsSimPatient)), 0);
  ck_assert (differs);
}
END_TEST

static void
on_cue (gint64 t_us, const char *kind, const char *text, gpointer user_data)
{
  g_string_append_printf (user_data, "%d %s %s\n", (int) (t_us / SECOND), kind, text);
}

START_TEST (cues_come_in_order)
{
  g_autoptr (ChsScenario) scenario = load_good ("[at 5]\nsay = five\n[at 3]\nnurse = symptom:heat\nsay = three\n[session]\npatient.age = 50\n");
  g_autoptr (GString) cues = g_string_new (NULL);

  chs_scenario_advance (scenario, 10 * SECOND, on_cue, cues);
  ck_assert_str_eq (cues->str, "3 nurse symptom:heat\n3 say three\n5 say five\n");
  ck_assert_str_eq (chs_scenario_get_session (scenario)[0], "patient.age=50");
  ck_assert_ptr_null (chs_scenario_get_session (scenario)[1]);
}
END_TEST

/* ---- rows ---- */

START_TEST (a_table_plays_second_by_second)
{
  g_autoptr (ChsScenario) scenario = load_good (CSV_HEAD "0,70,98,,,,,idle,0,0,1,1,\n"
                                                         "1,71,,inflating,,,,run,100,0.5,1,1,symptom:heat;nurse:observe\n"
                                                         "2,72,97,ok,118,76,90,run,100,0.6,1,1,\n"
                                                         "3,,,fail_weak,,,,alarm,0,0.6,1,1,pump:alarm=occlusion\n"
                                                         "4,,,,,,,,,,0,0,\n");
  const ChsSimPatient *patient = chs_scenario_get_patient (scenario);
  g_autoptr (GString) cues = g_string_new (NULL);

  chs_scenario_advance (scenario, 0, on_cue, cues);
  ck_assert_double_eq_tol (patient->hr, 70, 0.01);
  ck_assert_uint_eq (patient->pumps[0].state, CHS_PUMP_READY);
  chs_scenario_advance (scenario, 1 * SECOND, on_cue, cues);
  ck_assert (patient->nibp_inflating && isnan (patient->spo2));
  chs_scenario_advance (scenario, 2 * SECOND, on_cue, cues);
  ck_assert_uint_eq (patient->nibp_count, 1);
  ck_assert_double_eq_tol (patient->nibp_sys, 118, 0.01);
  ck_assert_double_eq_tol (patient->pumps[0].volume_ml, 0.6, 0.001);
  chs_scenario_advance (scenario, 3 * SECOND, on_cue, cues);
  ck_assert (patient->nibp_failed);
  ck_assert_uint_eq (patient->pumps[0].alarms, CHS_PUMP_ALARM_OCCLUSION);
  chs_scenario_advance (scenario, 99 * SECOND, on_cue, cues);
  ck_assert (!patient->monitor_on && !patient->pump_on);
  ck_assert_uint_eq (patient->nibp_count, 2);
  ck_assert_int_eq (chs_scenario_get_duration_us (scenario), 5 * SECOND);
  ck_assert_str_eq (cues->str, "1 nurse symptom:heat\n1 nurse nurse:observe\n3 nurse pump:alarm=occlusion\n");
}
END_TEST

START_TEST (every_shipped_scenario_loads)
{
  g_autofree char *folder = g_build_filename (g_getenv ("CHS_TEST_SHARE"), "scenarios", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  ck_assert_ptr_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".ini")) {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (ChsScenario) scenario = chs_scenario_load (path, 1, &error);

      ck_assert_msg (scenario != NULL, "%s", error != NULL ? error->message : name);
      n++;
    }
  ck_assert_uint_ge (n, 1);
}
END_TEST

/* What the demonstration promises to whoever watches it for two minutes. */
START_TEST (the_demonstration_tells_its_story)
{
  g_autoptr (ChsScenario) scenario = chs_scenario_load ("demo-magnesium", 1, NULL);
  const ChsSimPatient *patient;

  ck_assert_ptr_nonnull (scenario);
  patient = chs_scenario_get_patient (scenario);
  chs_scenario_advance (scenario, 25 * SECOND, NULL, NULL);
  ck_assert_uint_eq (patient->nibp_count, 2);
  ck_assert_double_eq_tol (patient->nibp_sys, 122, 5);
  ck_assert_uint_eq (patient->pumps[0].state, CHS_PUMP_READY);
  chs_scenario_advance (scenario, 40 * SECOND, NULL, NULL);
  ck_assert_double_eq_tol (patient->pumps[0].rate_ml_h, 600, 0.1);
  chs_scenario_advance (scenario, 96 * SECOND, NULL, NULL);
  ck_assert_double_lt (patient->nibp_sys, 86); /* 30 % below the baseline */
  chs_scenario_advance (scenario, 260 * SECOND, NULL, NULL);
  ck_assert_double_gt (patient->nibp_sys, 112);
}
END_TEST

static Suite *
scenario_suite (void)
{
  Suite *suite = suite_create ("scenario");
  TCase *tc = tcase_create ("scenario");

  tcase_add_loop_test (tc, bad_input_is_refused_with_line_and_reason, 0, G_N_ELEMENTS (bad));
  tcase_add_test (tc, a_missing_file_is_named);
  tcase_add_test (tc, values_jump_ramp_and_go);
  tcase_add_test (tc, the_cuff_inflates_and_then_tells);
  tcase_add_test (tc, the_cuff_keeps_its_interval);
  tcase_add_test (tc, volume_is_the_integral_of_the_rate);
  tcase_add_test (tc, one_seed_one_story);
  tcase_add_test (tc, cues_come_in_order);
  tcase_add_test (tc, a_table_plays_second_by_second);
  tcase_add_test (tc, every_shipped_scenario_loads);
  tcase_add_test (tc, the_demonstration_tells_its_story);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (scenario_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/codec-check.h"

extern const ChsDriver chs_driver_accutorr_3;

static const struct {
  const char *name, *line;
  guint       ok;
  const char *want;
} lines[] = {
  { "documented order", "P:97,85,120, 85, 70,000,010,000, 5", 1, "\"NIBP_MEAN\",\"value\":85," },
  { "documented order, diastolic", "P:97,85,120, 85, 70,000,010,000, 5", 1, "\"NIBP_DIA\",\"value\":70," },
  { "printed example: only the other order can be", "P:--,85,120, 45, 80,000,010,000, 5", 1, "\"NIBP_MEAN\",\"value\":80," },
  { "which is told", "P:--,85,120, 45, 80,000,010,000, 5", 1, "inferred" },
  { "age", "P:97,85,120, 85, 70,000,010,000, 5", 1, "\"time\":\"estimated\"" },
  { "age beyond the count", "P:97,85,120, 85, 70,000,010,000,99", 1, "\"time\":\"unknown\"" },
  { "saturation", "P:97,85,120, 85, 70,000,010,000, 5", 1, "\"SPO2\",\"value\":97," },
  { "no saturation", "P:--,85,120, 85, 70,000,010,000, 5", 1, "\"SPO2\",\"value\":null," },
  { "nothing", "P:--,--,--,--,--,000,010,000,--", 1, "\"sensor_off\"" },
  { "behind a prompt", ">P:97,85,120, 85, 70,000,010,000, 5", 1, "\"NIBP_SYS\",\"value\":120," },
  { "a field too few", "P:97,85,120, 85, 70,000,010,000", 0, NULL },
  { "a field too many", "P:97,85,120, 85, 70,000,010,000, 5, 5", 0, NULL },
  { "four digits", "P:97,85,1200, 85, 70,000,010,000, 5", 0, NULL },
  { "a letter", "P:97,8S,120, 85, 70,000,010,000, 5", 0, NULL },
  { "saturation above 100", "P:197,85,120, 85, 70,000,010,000, 5", 0, NULL },
  { "limits", "L:100,90,120,50,160,90,110,60,90,40", 0, NULL },
  { "power-on", "ACCUTORR PC Interface is ready", 0, NULL },
};

START_TEST (a_reply_is_whole_or_refused)
{
  g_autofree char *text = g_strdup_printf ("%s\r\n>%s\r\n>", lines[_i].line, lines[_i].line);
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_accutorr_3, text, strlen (text), 1, &counters);

  ck_assert_msg (counters.frames_ok == 2 * lines[_i].ok, "%s", lines[_i].name);
  ck_assert_msg ((lines[_i].want == NULL) == (events[0] == '\0'), "%s: %s", lines[_i].name, events);
  ck_assert_msg (lines[_i].want == NULL || strstr (events, lines[_i].want) != NULL, "%s: %s", lines[_i].name, events);
  driver_check_splits (&chs_driver_accutorr_3, text, strlen (text));
}
END_TEST

static const struct {
  const char *name, *line;
} impossible[] = {
  { "mean above systolic in both orders", "P:97,85, 80,120,120,000,010,000, 5" },
  { "all alike", "P:97,85,120,120,120,000,010,000, 5" },
  { "one missing", "P:97,85,120,--, 70,000,010,000, 5" },
};

START_TEST (impossible_pressures_are_no_reading)
{
  g_autofree char *text = g_strdup_printf ("%s\r\n>%s\r\n>", impossible[_i].line, impossible[_i].line);
  g_autofree char *events = driver_check_dup_events (&chs_driver_accutorr_3, text, strlen (text), 1, NULL);

  ck_assert_msg (strstr (events, "NIBP") == NULL, "%s: %s", impossible[_i].name, events);
}
END_TEST

START_TEST (a_single_different_reply_is_no_reading)
{
  static const char text[] = "P:97,85,120, 85, 70,000,010,000, 5\r\nP:97,85,120, 85, 70,000,010,000, 5\r\n"
                             "P:97,85, 20, 15, 10,000,010,000, 5\r\nP:97,85,120, 85, 70,000,010,000, 6\r\n"
                             "P:97,85,120, 85, 70,000,010,000, 6\r\n";
  g_autofree char *events = driver_check_dup_events (&chs_driver_accutorr_3, text, sizeof text - 1, 1, NULL);

  ck_assert_uint_eq (driver_check_count (events, "\"NIBP_SYS\""), 1);
}
END_TEST

START_TEST (the_simulator_is_understood)
{
  SimCheck s;

  sim_check_open (&s, &chs_driver_accutorr_3);
  ck_assert (s.simulator->option (s.sim, "order", _i == 0 ? "documented" : "swapped"));
  sim_check_run (&s, 20);
  ck_assert_uint_eq (sim_check_count (&s, "NIBP"), 0);
  ck_assert_uint_ge (sim_check_count (&s, "\"SPO2\",\"value\":98,"), 4);
  s.patient.nibp_count++;
  s.patient.nibp_sys = 118;
  s.patient.nibp_dia = 71;
  s.patient.nibp_mean = 86;
  sim_check_run (&s, 600);
  ck_assert_uint_eq (sim_check_count (&s, "\"NIBP_SYS\",\"value\":118,"), 1);
  ck_assert_uint_eq (sim_check_count (&s, "\"NIBP_MEAN\",\"value\":86,"), 1);
  ck_assert_uint_eq (sim_check_count (&s, "\"NIBP_DIA\",\"value\":71,"), 1);
  ck_assert_uint_eq (sim_check_count (&s, "inferred"), (guint) _i);
  s.patient.nibp_count++; /* the same numbers again: a new reading all the same */
  sim_check_run (&s, 20);
  ck_assert_uint_eq (sim_check_count (&s, "\"NIBP_SYS\",\"value\":118,"), 2);
  s.patient.monitor_on = false;
  sim_check_run (&s, 10);
  sim_check_forget (&s);
  s.patient.monitor_on = true;
  sim_check_run (&s, 20);
  ck_assert_uint_ge (sim_check_count (&s, "\"SPO2\",\"value\":98,"), 3);
  sim_check_close (&s);
}
END_TEST

/* On the port of another instrument "P" could be a command: it follows only on a prompt, which follows only on Ctrl-C. */
START_TEST (nothing_is_asked_before_the_prompt)
{
  static const char chatter[] = "OK\r\nP:1\r\n?\r\n";
  DriverCheck check;

  driver_check_open (&check, &chs_driver_accutorr_3);
  for (; check.now_us < 60000000; check.now_us += 100000) {
    check.driver->tick (check.state, check.now_us, &check.sink);
    driver_check_feed (&check, chatter, sizeof chatter - 1, 1);
  }
  for (guint i = 0; i < check.sent->len; i++)
    ck_assert_int_eq (check.sent->data[i], 3);
  driver_check_feed (&check, ">", 1, 1);
  ck_assert_int_eq (check.sent->data[check.sent->len - 1], 'P');
  driver_check_feed (&check, ">>>", 3, 1); /* once */
  ck_assert_int_eq (check.sent->data[check.sent->len - 2], 3);
  driver_check_close (&check);
}
END_TEST

START_TEST (noise_is_no_reply)
{
  ck_assert_uint_eq (codec_check_noise (&chs_driver_accutorr_3, 1, 50000), 0);
  ck_assert_int_ge (chs_driver_accutorr_3.probe ((const uint8_t *) "ACCUTORR PC Interface is ready\r\n>", 33), 90);
}
END_TEST

static Suite *
accutorr_suite (void)
{
  Suite *suite = suite_create ("accutorr");
  TCase *tc = tcase_create ("accutorr");

  tcase_add_loop_test (tc, a_reply_is_whole_or_refused, 0, G_N_ELEMENTS (lines));
  tcase_add_loop_test (tc, impossible_pressures_are_no_reading, 0, G_N_ELEMENTS (impossible));
  tcase_add_test (tc, a_single_different_reply_is_no_reading);
  tcase_add_loop_test (tc, the_simulator_is_understood, 0, 2);
  tcase_add_test (tc, nothing_is_asked_before_the_prompt);
  tcase_add_test (tc, noise_is_no_reply);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (accutorr_suite)

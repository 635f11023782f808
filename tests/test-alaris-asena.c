/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "tests/pump-check.h"

extern const ChsDriver chs_driver_alaris_asena;

#define BYTE_NS 260417 /* 38400/8n1 */
#define REAL_ALARM "!INF^8002-51733^A^HLD^0.00^ml/h^^0.969^ml^530.15^mmHg^00:04:09^EVENT^214725|DB9D\r"
#define RUNNING "!INF^8002-51733^-^INF^125.00^ml/h^^12.345^ml^62.10^mmHg^01:48:00^EVENT^214726|BFCE\r"

/* Replies of the protocol note; the checksums are theirs. */
static const struct {
  const char *name, *bytes, *wants[4];
} replies[] = {
  { "serial number", "!INST_SERIALNO^8002-51740|050B\r", { "\"code\":\"identity\"", "Alaris Asena 8002-51740" } },
  { "protocol", "!COMMS_PROTOCOL^Asena Rev 2.1.5|661A\r", { "COMMS_PROTOCOL Asena Rev 2.1.5" } },
  { "response", "!COMMS_RESPONSE_MAX^4000^ms|DFDF\r", { "COMMS_RESPONSE_MAX 4000 ms" } },
  { "syringe", "!SYRINGE_STATUS^BD PLASTIPAK^ 50^CONF|1CF8\r", { "SYRINGE_STATUS BD PLASTIPAK 50 CONF" } },
  { "rate", "!INF_RATE^0.10^ml/h|D407\r", { "\"rate_ml_h\":0.1," } },
  { "in alarm", REAL_ALARM,
    { "\"state\":\"alarm\",\"rate_ml_h\":0,", "\"volume_ml\":0.969,", "\"pressure\":530.15,\"pressure_unit\":\"mm[Hg]\"", "\"remaining_s\":249," } },
  { "quiescent", "!INF^8002-51740^-^SET^0.10^ml/h^^0.000^ml^17.91^mmHg^24+^EVENT^127904|57D6\r",
    { "\"state\":\"ready\",\"rate_ml_h\":0.1,\"rate_kind\":\"programmed\",\"flow_ml_h\":0,", "\"remaining_s\":null", "\"alarms\":[]" } },
  { "running", RUNNING, { "\"state\":\"infusing\",\"rate_ml_h\":125,\"rate_kind\":\"delivered\",\"flow_ml_h\":125,", "\"remaining_s\":6480," } },
  { "checksum in lower case", "!INF^8002-51733^-^INF^125.00^ml/h^^12.345^ml^62.10^mmHg^01:48:00^EVENT^214726|bfce\r", { "\"rate_ml_h\":125," } },
  { "no alarm", REAL_ALARM "!ALARM^AL_NOALM^ ^ |C73B\r", { "\"alarms\":[]" } },
};

START_TEST (a_reply_is_understood)
{
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_alaris_asena, replies[_i].bytes, strlen (replies[_i].bytes), 3, &counters);

  ck_assert_uint_eq (counters.frames_bad, 0);
  for (guint i = 0; i < 4 && replies[_i].wants[i] != NULL; i++)
    ck_assert_msg (strstr (events, replies[_i].wants[i]) != NULL, "%s: %s in %.500s", replies[_i].name, replies[_i].wants[i], events);
}
END_TEST

START_TEST (frames_stand_damage)
{
  pump_check_damage (&chs_driver_alaris_asena, (const guint8 *) REAL_ALARM, strlen (REAL_ALARM));
  pump_check_resync (&chs_driver_alaris_asena, (const guint8 *) RUNNING, strlen (RUNNING));
  pump_check_noise (&chs_driver_alaris_asena);
}
END_TEST

START_TEST (the_pump_tells_its_story)
{
  static const char *const options[][2] = { { NULL }, { "lower=on" }, { "extra=on" }, { "slow=on" } };

  pump_check_story (&chs_driver_alaris_asena, options[_i], BYTE_NS);
}
END_TEST

START_TEST (a_bad_line_tells_nothing_false)
{
  static const struct {
    const char *options[2], *faults;
  } lines[] = {
    { { "checksum=5" }, NULL }, { { "esc=4" }, NULL }, { { NULL }, "drop:0.001" }, { { NULL }, "flip:0.001" }, { { NULL }, "tear" }, { { NULL }, "delay:300" },
  };

  pump_check_bad_line (&chs_driver_alaris_asena, lines[_i].options, lines[_i].faults, BYTE_NS, 20);
}
END_TEST

START_TEST (refused_telemetry_is_told_once)
{
  static const char *const options[] = { "telemetry=refused", NULL };
  g_autofree char *events = NULL;
  DriverTalk talk;

  driver_talk_open (&talk, &chs_driver_alaris_asena, options, NULL, BYTE_NS);
  driver_talk_run (&talk, 60);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_uint_eq (driver_check_count (events, "telemetry refused"), 1);
  ck_assert_uint_eq (driver_check_count (events, "\"type\":\"pump\""), 0);
  driver_talk_close (&talk);
}
END_TEST

/* Everything that the note lists as control, and near misses of the questions. */
static const char *const forbidden[] = {
  "!INF_START|38F3\r", "!INF_STOP|CD57\r", "!INF_VI_CLEAR|A706\r", "!INF_RATE^125.00^ml/h|0000\r", "!INF_VTBI^50|0000\r", "!INF_BOLUS|0000\r",
  "!REMOTE_CTRL^ENABLED|0000\r", "!REMOTE_CFG|0000\r", "!REMQUERY|0000\r", "!INF|4961", "!INF|4962\r", "!INF^|4961\r", "INF|4961\r",
  "!INF|4961\r\r", "!INF_VTBI|8456\r!INF_START|38F3\r", "", "\r", "!",
};

START_TEST (nothing_else_may_be_sent)
{
  pump_check_forbidden (&chs_driver_alaris_asena, forbidden[_i], strlen (forbidden[_i]));
}
END_TEST

START_TEST (the_recorded_replies_are_understood)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("pumps/alaris_asena_replies_a.bin", &n);
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_alaris_asena, bytes, n, n, &counters);
  ck_assert_uint_eq (counters.frames_ok, 5);
  ck_assert_uint_eq (counters.frames_bad, 0);
  ck_assert_ptr_nonnull (strstr (events, "Alaris Asena 8002-51740"));
  ck_assert_ptr_nonnull (strstr (events, "\"serial\":\"8002-51740\""));
  ck_assert_ptr_nonnull (strstr (events, "BD PLASTIPAK 50 CONF"));
  ck_assert_ptr_nonnull (strstr (events, "\"rate_ml_h\":0.1,"));
}
END_TEST

static Suite *
alaris_asena_suite (void)
{
  Suite *suite = suite_create ("alaris-asena");
  TCase *tc = tcase_create ("alaris-asena");

  tcase_add_loop_test (tc, a_reply_is_understood, 0, G_N_ELEMENTS (replies));
  tcase_add_test (tc, frames_stand_damage);
  tcase_add_loop_test (tc, the_pump_tells_its_story, 0, 4);
  tcase_add_loop_test (tc, a_bad_line_tells_nothing_false, 0, 6);
  tcase_add_test (tc, refused_telemetry_is_told_once);
  tcase_add_loop_test (tc, nothing_else_may_be_sent, 0, G_N_ELEMENTS (forbidden));
  tcase_add_test (tc, the_recorded_replies_are_understood);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (alaris_asena_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/codec-check.h"

extern const ChsDriver chs_driver_nellcor_ascii;

static const struct {
  const char *name, *line;
  guint       ok, bad;
  const char *want; /* in the events; NULL = there are none */
} lines[] = {
  { "values", "20-Nov-26 10:00:00   098     072      88", 1, 0, "\"SPO2\",\"value\":98,\"unit\":\"%\",\"quality\":\"ok\"" },
  { "capitals, one blank", "20-NOV-26 10:00:00 100 120 50", 1, 0, "\"PR\",\"value\":120," },
  { "alarm off is nothing", "20-Nov-26 10:00:00   100     105      88                   AO", 1, 0, "\"quality\":\"ok\"" },
  { "outside its limit", "20-Nov-26 10:00:00   88*     105      88     SL", 1, 0, "saturation low at the oximeter" },
  { "motion", "20-Nov-26 10:00:00   100     102      36    MO             AO", 1, 0, "\"quality\":\"questionable\"" },
  { "dashes", "20-Nov-26 10:00:00   ---     ---      ---   PS", 1, 0, "\"quality\":\"absent\"" },
  { "sensor off beats digits", "20-Nov-26 10:00:00   097     070      0   SO", 1, 0, "\"value\":97,\"unit\":\"%\",\"quality\":\"invalid\"" },
  { "disconnected", "20-Nov-26 10:00:00   ---     ---      ---   SD", 1, 0, "sensor disconnected" },
  { "pulse lost beats digits", "20-Nov-26 10:00:00   097     070      0   LP", 1, 0, "\"quality\":\"invalid\"" },
  { "heading", "N-560    VERSION 1.61.00    CRC:XXXX  SpO2 Limit: 95-100%    PR Limit: 59-148BPM", 1, 0,
    "its limits: SpO2 95-100 %, pulse 59-148 /min" },
  { "second heading", "TIME                 %SpO2   BPM     PA     Status", 0, 0, NULL },
  { "menu", "1) Dump Instrument Info", 0, 0, NULL },
  { "above 100", "20-Nov-26 10:00:00   109     072      88", 0, 1, NULL },
  { "a column too few", "20-Nov-26 10:00:00   098     072", 0, 1, NULL },
  { "a column too many", "20-Nov-26 10:00:00   098     072      88   12", 0, 1, NULL },
  { "unknown code", "20-Nov-26 10:00:00   098     072      88   XX", 0, 1, NULL },
  { "torn before the date", "ov-26 10:00:00   098     072      88", 0, 1, NULL },
  { "two lines in one", "20-Nov-26 10:00:00   098     07220-Nov-26 10:00:02   098     072      88", 0, 1, NULL },
  { "limits turned round", "N-560    VERSION 1.61.00    CRC:XXXX  SpO2 Limit: 100-95%    PR Limit: 59-148BPM", 0, 0, NULL },
};

START_TEST (a_line_is_whole_or_refused)
{
  g_autofree char *text = g_strdup_printf ("%s\r\n", lines[_i].line);
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_nellcor_ascii, text, strlen (text), 1, &counters);

  ck_assert_msg (counters.frames_ok == lines[_i].ok && counters.frames_bad == lines[_i].bad, "%s", lines[_i].name);
  ck_assert_msg ((lines[_i].want == NULL) == (events[0] == '\0'), "%s: %s", lines[_i].name, events);
  ck_assert_msg (lines[_i].want == NULL || strstr (events, lines[_i].want) != NULL, "%s: %s", lines[_i].name, events);
}
END_TEST

static GByteArray *
make (guint i)
{
  GByteArray *frame = g_byte_array_new ();
  g_autofree char *text = g_strdup_printf ("20-Nov-26 10:%02u:%02u   %3u     %3u      %2u                     AO\r\n", i / 30 % 60,
                                           i * 2 % 60, 90 + i % 10, 60 + i % 40, 80 + i % 10);

  g_byte_array_append (frame, (const guint8 *) text, (guint) strlen (text));
  return frame;
}

START_TEST (any_split_gives_the_same)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, 20);

  driver_check_splits (&chs_driver_nellcor_ascii, stream->data, stream->len);
}
END_TEST

START_TEST (intact_lines_survive_cuts)
{
  codec_check_cuts (&chs_driver_nellcor_ascii, make, 5, 30); /* the line end may be what was cut out, or blanks */
}
END_TEST

START_TEST (noise_is_no_line)
{
  ck_assert_uint_eq (codec_check_noise (&chs_driver_nellcor_ascii, (guint32) _i, 50000), 0);
}
END_TEST

START_TEST (the_simulator_is_understood)
{
  SimCheck s;

  sim_check_open (&s, &chs_driver_nellcor_ascii);
  sim_check_run (&s, 120);
  ck_assert_uint_ge (chs_driver_nellcor_ascii.counters (s.check.state)->frames_ok, 60);
  ck_assert_uint_eq (sim_check_count (&s, "\"quality\":\"ok\""), 2 * 59);
  ck_assert_uint_eq (sim_check_count (&s, "its limits"), 1);
  ck_assert_uint_eq (sim_check_count (&s, "Nellcor N-560 1.61.00"), 1);
  sim_check_forget (&s);
  s.patient.spo2 = 85;
  sim_check_run (&s, 4);
  ck_assert_uint_eq (sim_check_count (&s, "\"alarm\",\"param\":\"SPO2\",\"value\":1"), 1);
  sim_check_forget (&s);
  s.patient.spo2 = s.patient.pr = (double) NAN;
  sim_check_run (&s, 30);
  ck_assert_uint_eq (sim_check_count (&s, "\"quality\":\"ok\""), 0);
  ck_assert_uint_eq (sim_check_count (&s, "\"quality\":\"invalid\""), 2);
  ck_assert_uint_eq (sim_check_count (&s, "\"sensor_off\",\"param\":\"SPO2\",\"value\":1"), 1);
  ck_assert_uint_eq (sim_check_count (&s, "\"alarm\",\"param\":\"SPO2\",\"value\":0"), 1);
  sim_check_close (&s);
}
END_TEST

START_TEST (it_is_recognised)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, 3);

  ck_assert_int_ge (chs_driver_nellcor_ascii.probe (stream->data, stream->len), 90);
  ck_assert_int_eq (chs_driver_nellcor_ascii.probe ((const uint8_t *) "SPO2=098 HR=072\r\n", 17), 0);
}
END_TEST

static Suite *
nellcor_suite (void)
{
  Suite *suite = suite_create ("nellcor");
  TCase *tc = tcase_create ("nellcor");

  tcase_add_loop_test (tc, a_line_is_whole_or_refused, 0, G_N_ELEMENTS (lines));
  tcase_add_test (tc, any_split_gives_the_same);
  tcase_add_test (tc, intact_lines_survive_cuts);
  tcase_add_loop_test (tc, noise_is_no_line, 0, 4);
  tcase_add_test (tc, the_simulator_is_understood);
  tcase_add_test (tc, it_is_recognised);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (nellcor_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/codec-check.h"

extern const ChsDriver chs_driver_masimo_ascii;

#define HEAD "11/20/26 10:00:00 SN=0000012345 "

static const struct {
  const char *name, *line;
  guint       ok;
  const char *want; /* in the events */
} lines[] = {
  { "Rad-8", HEAD "SPO2=097% BPM=072 PI=03.60% SPCO=--.-% SPMET=--.-% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800", 1,
    "\"SPO2\",\"value\":97,\"unit\":\"%\",\"quality\":\"ok\"" },
  { "serial", HEAD "SPO2=097% BPM=072 PI=03.60% ALARM=0000 EXC=000800", 1, "Masimo 0000012345" },
  { "rate", HEAD "SPO2=097% BPM=142 PI=03.60% ALARM=0000 EXC=000800", 1, "\"PR\",\"value\":142," },
  { "perfusion", HEAD "SPO2=097% BPM=072 PI=03.60% ALARM=0000 EXC=000800", 1, "\"PI\",\"value\":3.6," },
  { "Radical-7, perfusion without percent", "11/20/26 10:00:00 SN=---------- SPO2=098% BPM=123 PI=00.55 SPCO=--% SPMET=--.-% "
    "SPHB=--.- SPOC=-- RESVD=--- DESAT=-- PIDELTA=+-- PVI=--- ALARM=000000 EXC=0000C00 EXC1=00000000", 1,
    "\"quality\":\"questionable\"" },
  { "Radical-5, no serial, short words", "11/20/26 10:00:00 SPO2=097% BPM=064 PI=11.82% ALARM=20 EXC=800", 1, "\"PI\",\"value\":11.82," },
  { "haemoglobin", HEAD "SPO2=097% BPM=072 SPHB=12.4 PVI=014 ALARM=0000 EXC=000800", 1, "\"SPHB\",\"value\":12.4," },
  { "dashes, rate with percent", HEAD "SPO2=---% BPM=---% ALARM=0000 EXC=000001", 1, "\"quality\":\"absent\"" },
  { "no sensor", HEAD "SPO2=---% BPM=---% ALARM=0000 EXC=000001", 1, "no sensor" },
  { "sensor off beats digits", HEAD "SPO2=098% BPM=101 PI=--.--% ALARM=0010 EXC=000824", 1,
    "\"SPO2\",\"value\":98,\"unit\":\"%\",\"quality\":\"invalid\"" },
  { "search beats digits", HEAD "SPO2=098% BPM=101 ALARM=0000 EXC=000808", 1, "\"quality\":\"invalid\"" },
  { "low perfusion", HEAD "SPO2=098% BPM=101 ALARM=0000 EXC=000804", 1, "low_signal" },
  { "alarm", HEAD "SPO2=088% BPM=101 ALARM=0012 EXC=000800", 1, "alarm at the oximeter (0012)" },
  { "a new key", HEAD "SPO2=098% BPM=101 ORI=0.40 ALARM=0000 EXC=000800", 1, "\"SPO2\"" },
  { "NUL and blanks before", "\t  " HEAD "SPO2=098% BPM=101 ALARM=0000 EXC=000800", 1, "\"SPO2\"" },
  { "two digits", HEAD "SPO2=98% BPM=072 ALARM=0000 EXC=000800", 0, NULL },
  { "four digits", HEAD "SPO2=0987% BPM=072 ALARM=0000 EXC=000800", 0, NULL },
  { "a digit and dashes", HEAD "SPO2=-98% BPM=072 ALARM=0000 EXC=000800", 0, NULL },
  { "above 100", HEAD "SPO2=107% BPM=072 ALARM=0000 EXC=000800", 0, NULL },
  { "rate of 999", HEAD "SPO2=098% BPM=999 ALARM=0000 EXC=000800", 0, NULL },
  { "no EXC", HEAD "SPO2=098% BPM=072 ALARM=0000", 0, NULL },
  { "no ALARM", HEAD "SPO2=098% BPM=072 EXC=000800", 0, NULL },
  { "no BPM", HEAD "SPO2=098% ALARM=0000 EXC=000800", 0, NULL },
  { "no date", "SPO2=098% BPM=072 ALARM=0000 EXC=000800", 0, NULL },
  { "EXC of one digit", HEAD "SPO2=098% BPM=072 ALARM=0000 EXC=8", 0, NULL },
  { "EXC not hexadecimal", HEAD "SPO2=098% BPM=072 ALARM=0000 EXC=0008G0", 0, NULL },
  { "two lines in one", HEAD "SPO2=098% BPM=072 SPO2=097% BPM=071 ALARM=0000 EXC=000800", 0, NULL },
  { "a word without a value", HEAD "SPO2=098% BPM ALARM=0000 EXC=000800", 0, NULL },
  { "an empty value", HEAD "SPO2=098% BPM= ALARM=0000 EXC=000800", 0, NULL },
  { "trend dump", "09/21/08 09:56:12 SpO2=097 PR=069 PI=04.69 EXC=800:SET", 0, NULL },
};

START_TEST (a_line_is_whole_or_refused)
{
  g_autofree char *text = g_strdup_printf ("%s\r\n", lines[_i].line);
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_masimo_ascii, text, strlen (text), 1, &counters);

  ck_assert_msg (counters.frames_ok == lines[_i].ok && counters.frames_bad == 1 - lines[_i].ok, "%s", lines[_i].name);
  ck_assert_msg (lines[_i].ok == 1 || events[0] == '\0', "%s: %s", lines[_i].name, events);
  ck_assert_msg (lines[_i].want == NULL || strstr (events, lines[_i].want) != NULL, "%s: %s", lines[_i].name, events);
}
END_TEST

static GByteArray *
make (guint i)
{
  GByteArray *frame = g_byte_array_new ();
  g_autofree char *text = g_strdup_printf ("11/20/26 10:%02u:%02u SN=0000012345 SPO2=%03u%% BPM=%03u PI=03.60%% SPCO=--.-%% "
                                           "SPMET=--.-%% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\r\n",
                                           i / 60 % 60, i % 60, 90 + i % 10, 60 + i % 40);

  g_byte_array_append (frame, (const guint8 *) text, (guint) strlen (text));
  return frame;
}

START_TEST (any_split_gives_the_same)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, 20);

  driver_check_splits (&chs_driver_masimo_ascii, stream->data, stream->len);
}
END_TEST

START_TEST (intact_lines_survive_cuts)
{
  codec_check_cuts (&chs_driver_masimo_ascii, make, 0, 10); /* what was cut out may be of no value */
}
END_TEST

/* No checksum: but a byte that is missing is noticed, or was of no value. */
START_TEST (a_dropped_byte_makes_no_value)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, 3), first = make (0), second = make (1);

  for (gsize at = first->len; at < first->len + second->len; at++) {
    ChsCounters counters;
    g_autofree char *events = codec_check_dup_damaged (&chs_driver_masimo_ascii, stream, at, 0, &counters);

    ck_assert_uint_ge (counters.frames_ok, 1);
    ck_assert_msg (strstr (events, "sensor_off") == NULL && strstr (events, "alarm at") == NULL, "byte %zu", at);
    for (const char *p = strstr (events, "\"SPO2\",\"value\":"); p != NULL; p = strstr (p + 1, "\"SPO2\",\"value\":"))
      ck_assert_msg (p[15] == '9' && p[16] >= '0' && p[16] <= '2' && p[17] == ',', "byte %zu: %.20s", at, p);
    for (const char *p = strstr (events, "\"PR\",\"value\":"); p != NULL; p = strstr (p + 1, "\"PR\",\"value\":"))
      ck_assert_msg (p[13] == '6' && p[14] >= '0' && p[14] <= '2' && p[15] == ',', "byte %zu: %.20s", at, p);
  }
}
END_TEST

START_TEST (noise_is_no_line)
{
  ck_assert_uint_eq (codec_check_noise (&chs_driver_masimo_ascii, (guint32) _i, 50000), 0);
}
END_TEST

START_TEST (the_simulator_is_understood)
{
  SimCheck s;

  sim_check_open (&s, &chs_driver_masimo_ascii);
  sim_check_run (&s, 120);
  ck_assert_uint_ge (chs_driver_masimo_ascii.counters (s.check.state)->frames_ok, 118);
  ck_assert_uint_eq (chs_driver_masimo_ascii.counters (s.check.state)->frames_bad, 1); /* the torn first line */
  ck_assert_uint_ge (sim_check_count (&s, "\"SPO2\",\"value\":98,\"unit\":\"%\",\"quality\":\"ok\""), 118);
  sim_check_forget (&s);
  s.patient.spo2 = s.patient.pr = (double) NAN;
  sim_check_run (&s, 2); /* digits are still there */
  ck_assert_uint_ge (sim_check_count (&s, "\"quality\":\"invalid\""), 2);
  ck_assert_uint_eq (sim_check_count (&s, "\"quality\":\"ok\""), 0);
  ck_assert_uint_eq (sim_check_count (&s, "\"sensor_off\",\"param\":\"SPO2\",\"value\":1"), 1);
  sim_check_run (&s, 20);
  ck_assert_uint_ge (sim_check_count (&s, "\"quality\":\"absent\""), 20);
  ck_assert_uint_eq (sim_check_count (&s, "\"sensor_off\""), 1);
  s.patient.spo2 = 97;
  s.patient.pr = 70;
  sim_check_run (&s, 5);
  ck_assert_uint_eq (sim_check_count (&s, "\"sensor_off\",\"param\":\"SPO2\",\"value\":0"), 1);
  ck_assert (s.simulator->option (s.sim, "frozen", "yes"));
  sim_check_run (&s, 10);
  ck_assert_uint_eq (sim_check_count (&s, "\"frozen\""), 1);
  ck_assert (s.simulator->option (s.sim, "frozen", "no"));
  ck_assert (!s.simulator->option (s.sim, "frozen", "maybe"));
  sim_check_run (&s, 3);
  ck_assert_uint_eq (sim_check_count (&s, "\"frozen\""), 2);
  sim_check_close (&s);
}
END_TEST

START_TEST (the_printed_lines_give_their_values)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("monitors/masimo_rad8_yahnatan.txt", &n);
  static const char *const pi[] = { "3.6,", "3.95,", "4.25,", "3.19,", "2.41," };
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_masimo_ascii, bytes, n, n, &counters);
  ck_assert_uint_eq (counters.frames_ok, 5);
  ck_assert_uint_eq (counters.frames_bad, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (pi); i++) {
    g_autofree char *want = g_strdup_printf ("\"PI\",\"value\":%s", pi[i]);

    ck_assert_uint_eq (driver_check_count (events, want), 1);
  }
  ck_assert_uint_eq (driver_check_count (events, "\"SPO2\",\"value\":98,"), 5);
  ck_assert_uint_eq (driver_check_count (events, "\"PR\",\"value\":97,"), 2);
  ck_assert_uint_eq (driver_check_count (events, "\"PR\",\"value\":96,"), 3);
  ck_assert_uint_eq (driver_check_count (events, "\"device\""), 1); /* its serial number, and no alarm */
  driver_check_splits (&chs_driver_masimo_ascii, bytes, n);
}
END_TEST

START_TEST (it_is_recognised)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, 2);

  ck_assert_int_ge (chs_driver_masimo_ascii.probe (stream->data, stream->len), 90);
  ck_assert_int_eq (chs_driver_masimo_ascii.probe ((const uint8_t *) "SPO2=098 HR=072", 15), 0);
}
END_TEST

static Suite *
masimo_suite (void)
{
  Suite *suite = suite_create ("masimo");
  TCase *tc = tcase_create ("masimo");

  tcase_add_loop_test (tc, a_line_is_whole_or_refused, 0, G_N_ELEMENTS (lines));
  tcase_add_test (tc, any_split_gives_the_same);
  tcase_add_test (tc, intact_lines_survive_cuts);
  tcase_add_test (tc, a_dropped_byte_makes_no_value);
  tcase_add_loop_test (tc, noise_is_no_line, 0, 4);
  tcase_add_test (tc, the_simulator_is_understood);
  tcase_add_test (tc, the_printed_lines_give_their_values);
  tcase_add_test (tc, it_is_recognised);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (masimo_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/ivy-450c-codec.h"
#include "tests/driver-check.h"

#include <math.h>

extern const ChsDriver chs_driver_ivy_450c;

#define N_MESSAGES 40

/* ---- streams of our own ---- */

/* FF, heading, 400 wave bytes of a ramp, @lines, FE. Written by hand, not by the encoder. */
static GByteArray *
message_of (const char *lines)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) "\xFF" "ANSAR-B ", 9);
  for (guint i = 0; i < 400; i++) {
    guint8 byte = (guint8) (i < 350 ? 100 + i % 50 : CHS_IVY_WAVE_OFF);

    g_byte_array_append (bytes, &byte, 1);
  }
  g_byte_array_append (bytes, (const guint8 *) lines, (guint) strlen (lines));
  g_byte_array_append (bytes, (const guint8 *) "\xFE", 1);
  return bytes;
}

#define LINES "HR=1;72;ECG-II-DIAG;\rRR=1;14;;\rSPO2=1;98;PR=71 ;\rNIBP=4;118;76;90;71;;\rT1=1;36.6;;\r"

static GByteArray *
stream_of (const char *lines, guint times)
{
  g_autoptr (GByteArray) message = message_of (lines);
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < times; i++)
    g_byte_array_append (bytes, message->data, message->len);
  return bytes;
}

/* ---- what is accepted, what is refused ---- */

static const struct {
  const char *name, *lines;
  guint       ok;
} contents[] = {
  { "as it should be", LINES, 1 },
  { "least that is needed", "HR=1;;;\rSPO2=1;;PR= ;\rNIBP=4;;;;;;\r", 1 },
  { "a line of an unknown name", "XY=9;1;2;3\r" LINES, 1 },
  { "blanks around numbers", "HR=1; 72 ;;\rSPO2=1; 98;PR= 71;;\rNIBP=4;;;;;;\r", 0 },
  { "blanks around numbers, right number of fields", "HR=1; 72 ;;\rSPO2=1; 98;PR= 71;\rNIBP=4;;;;;;\r", 1 },
  { "no HR line", "RR=1;14;;\rSPO2=1;98;PR=71 ;\rNIBP=4;118;76;90;71;;\r", 0 },
  { "no NIBP line", "HR=1;72;;\rSPO2=1;98;PR=71 ;\r", 0 },
  { "a letter in a number", "HR=1;7Z;;\rSPO2=1;98;PR=71 ;\rNIBP=4;118;76;90;71;;\r", 0 },
  { "rate beyond the gate", "HR=1;720;;\rSPO2=1;98;PR=71 ;\rNIBP=4;118;76;90;71;;\r", 0 },
  { "saturation above 100", "HR=1;72;;\rSPO2=1;980;PR=71 ;\rNIBP=4;118;76;90;71;;\r", 0 },
  { "diastolic above systolic", "HR=1;72;;\rSPO2=1;98;PR=71 ;\rNIBP=4;76;118;90;71;;\r", 0 },
  { "mean above systolic", "HR=1;72;;\rSPO2=1;98;PR=71 ;\rNIBP=4;118;76;190;71;;\r", 0 },
  { "a field too few", "HR=1;72;\rSPO2=1;98;PR=71 ;\rNIBP=4;118;76;90;71;;\r", 0 },
  { "a line twice", LINES "HR=1;73;;\r", 0 },
  { "a line that is not ended", LINES "P1=3;111;73;88;;", 0 },
  { "two lines in one", "HR=1;72;;SPO2=1;98;PR=71 ;\rNIBP=4;118;76;90;71;;\r", 0 },
  { "a text with a control character", "HR=1;72;\x01;\rSPO2=1;98;PR=71 ;\rNIBP=4;118;76;90;71;;\r", 0 },
  { "no text at all", "", 0 },
};

START_TEST (a_message_is_whole_or_refused)
{
  g_autoptr (GByteArray) bytes = message_of (contents[_i].lines);
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_ivy_450c, bytes->data, bytes->len, bytes->len, &counters);

  ck_assert_msg (counters.frames_ok == contents[_i].ok, "%s", contents[_i].name);
  ck_assert_msg (counters.frames_bad == 1 - contents[_i].ok, "%s", contents[_i].name);
  ck_assert_msg (contents[_i].ok > 0 || events[0] == '\0', "%s", contents[_i].name);
}
END_TEST

START_TEST (a_message_becomes_events)
{
  static const char *const wants[] = {
    "\"param\":\"HR\",\"value\":72,",
    "\"param\":\"RR\",\"value\":14,",
    "\"param\":\"SPO2\",\"value\":98,",
    "\"param\":\"PR\",\"value\":71,",
    "\"param\":\"NIBP_SYS\",\"value\":118,",
    "\"param\":\"NIBP_DIA\",\"value\":76,",
    "\"param\":\"NIBP_MEAN\",\"value\":90,",
    "\"param\":\"NIBP_PR\",\"value\":71,",
    "\"param\":\"TEMP\",\"value\":36.6,",
    "\"param\":\"ECG_WAVE\",\"unit\":\"mV\",\"mdc\":null,\"flags\":[],\"rate_hz\":200,\"scale\":0.02,\"offset\":-2,\"n\":200,\"samples\":[0,0.02,",
    "\"param\":\"ABP_WAVE\",\"unit\":\"mm[Hg]\",\"mdc\":150036,\"flags\":[],\"rate_hz\":50,\"scale\":1,\"offset\":0,\"n\":50,\"samples\":[100,101,",
  };
  g_autoptr (GByteArray) bytes = stream_of (LINES, 2);
  g_autofree char *events = driver_check_dup_events (&chs_driver_ivy_450c, bytes->data, bytes->len, bytes->len, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (wants); i++)
    ck_assert_msg (strstr (events, wants[i]) != NULL, "%s", wants[i]);
  ck_assert_msg (strstr (events, "IBP2") == NULL, "a channel that is off has no samples");
  ck_assert_msg (strstr (events, "ETCO2") == NULL, "what is not fitted is not mentioned");
}
END_TEST

/* ---- a line without a checksum ---- */

/* Values that came out although they are not among those that were sent, and not within the gates. */
static void
check_gates (const char *events, const char *what)
{
  const struct {
    const char *param;
    double      low, high;
  } gates[] = { { "\"HR\"", 0, 350 }, { "\"SPO2\"", 0, 100 }, { "\"NIBP_SYS\"", 0, 350 }, { "\"TEMP\"", 0, 50 } };

  for (gsize i = 0; i < G_N_ELEMENTS (gates); i++)
    for (const char *p = strstr (events, gates[i].param); p != NULL; p = strstr (p + 1, gates[i].param)) {
      const char *value = strstr (p, "\"value\":");

      ck_assert_msg (value != NULL, "%s", what);
      if (value[8] != 'n' && strncmp (p + strlen (gates[i].param), ",\"value\"", 8) == 0) {
        double number = g_ascii_strtod (value + 8, NULL);

        ck_assert_msg (number >= gates[i].low && number <= gates[i].high, "%s: %s", what, p);
      }
    }
}

/* One byte is damaged in the second message of four: the others come through, and no cuff reading is made up. */
static void
check_damage (const GByteArray *bytes, const char *what, guint at)
{
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_ivy_450c, bytes->data, bytes->len, bytes->len, &counters);
  g_autofree char *name = g_strdup_printf ("%s at %u", what, at);

  ck_assert_msg (counters.frames_ok >= 3 && counters.frames_ok <= 4, "%s: %" G_GUINT64_FORMAT " messages", name, counters.frames_ok);
  ck_assert_msg (driver_check_count (events, "\"NIBP_SYS\",\"value\":118,") == 1, "%s", name);
  ck_assert_msg (driver_check_count (events, "\"type\":\"numeric\",\"source\":1,\"channel\":0,\"param\":\"NIBP_SYS\"") == 1, "%s", name);
  check_gates (events, name);
}

START_TEST (a_dropped_byte_costs_one_message)
{
  g_autoptr (GByteArray) message = message_of (LINES);

  for (guint at = 0; at < message->len; at++) {
    g_autoptr (GByteArray) bytes = stream_of (LINES, 4);

    g_byte_array_remove_index (bytes, message->len + at);
    check_damage (bytes, "dropped", at);
  }
}
END_TEST

START_TEST (a_flipped_bit_costs_one_message)
{
  g_autoptr (GByteArray) message = message_of (LINES);

  for (guint at = 0; at < message->len; at++) {
    g_autoptr (GByteArray) bytes = stream_of (LINES, 4);

    bytes->data[message->len + at] ^= (guint8) (1u << (at + (guint) _i) % 8);
    check_damage (bytes, "flipped", at);
  }
}
END_TEST

START_TEST (any_split_gives_the_same)
{
  g_autoptr (GByteArray) bytes = stream_of (LINES, 3);

  g_byte_array_remove_range (bytes, 0, 100);  /* torn head */
  g_byte_array_remove_range (bytes, 700, 30); /* and a hole */
  driver_check_splits (&chs_driver_ivy_450c, bytes->data, bytes->len);
}
END_TEST

START_TEST (of_1000_messages_900_survive)
{
  g_autoptr (GByteArray) message = message_of (LINES);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  ChsCounters counters;
  g_autofree char *events = NULL;

  for (guint i = 0; i < 1000; i++) {
    guint at = (i * 37) % (message->len - 40); /* anywhere, also over the heading */

    if (i % 10 != 9) {
      g_byte_array_append (bytes, message->data, message->len);
      continue;
    }
    g_byte_array_append (bytes, message->data, at);
    g_byte_array_append (bytes, message->data + at + 40, message->len - at - 40);
  }
  events = driver_check_dup_events (&chs_driver_ivy_450c, bytes->data, bytes->len, 4096, &counters);
  ck_assert_uint_eq (counters.frames_ok, 900);
}
END_TEST

START_TEST (noise_is_not_a_message)
{
  guint8 noise[20000];
  ChsCounters counters;
  g_autofree char *events = NULL;
  guint32 x = 12345;

  for (gsize i = 0; i < sizeof noise; i++) {
    x = x * 1664525u + 1013904223u;
    noise[i] = (guint8) (x >> 24);
  }
  events = driver_check_dup_events (&chs_driver_ivy_450c, noise, sizeof noise, 7, &counters);
  ck_assert_str_eq (events, "");
  ck_assert_uint_eq (counters.frames_ok, 0);
  ck_assert_int_eq (chs_driver_ivy_450c.probe (noise, sizeof noise), 0);
}
END_TEST

/* ---- the cuff ---- */

typedef struct {
  const char *nibp; /* fields of the line */
  gint64      at_s;
  guint       count; /* readings so far */
} CuffStep;

static void
run_cuff (DriverCheck *check, const CuffStep *steps, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *lines = g_strdup_printf ("HR=1;72;;\rSPO2=1;98;PR=71 ;\rNIBP=4;%s\r", steps[i].nibp);
    g_autoptr (GByteArray) bytes = message_of (lines);

    check->now_us = steps[i].at_s * G_USEC_PER_SEC;
    driver_check_feed (check, bytes->data, bytes->len, bytes->len);
    ck_assert_msg (driver_check_count (check->events->str, "\"param\":\"NIBP_SYS\",\"value\":1") -
                       driver_check_count (check->events->str, "\"NIBP_SYS\",\"value\":1,") == steps[i].count,
                   "step %u: %s", i, check->events->str);
  }
}

START_TEST (a_cuff_reading_is_told_once)
{
  static const CuffStep steps[] = {
    { "118;76;90;71;;", 1, 0 }, { "118;76;90;71;;", 2, 1 }, { "118;76;90;71;;", 3, 1 }, { "124;76;90;71;;", 4, 1 },
    { "118;76;90;71;;", 5, 1 }, /* one message alone said otherwise */
    { "121;75;92;70;;", 6, 1 }, { "121;75;92;70;;", 7, 2 }, { ";;;;;MOTION", 8, 2 },
    { "121;75;92;70;;", 9, 2 }, { "121;75;92;70;;", 10, 3 }, /* cleared in between: a new one that is the same */
    { "130;75;92;70;;", 60, 3 }, { "130;75;92;70;;", 61, 4 },
  };
  static const char *const wants[] = {
    "\"value\":118,\"unit\":\"mm[Hg]\",\"quality\":\"ok\",\"mdc\":150021,\"flags\":[],\"time\":\"unknown\",\"meas_ms\":null",
    "\"value\":121,\"unit\":\"mm[Hg]\",\"quality\":\"ok\",\"mdc\":150021,\"flags\":[],\"time\":\"estimated\",\"meas_ms\":6000",
    "\"value\":130,\"unit\":\"mm[Hg]\",\"quality\":\"ok\",\"mdc\":150021,\"flags\":[],\"time\":\"unknown\",\"meas_ms\":null",
  };
  DriverCheck check;

  driver_check_open (&check, &chs_driver_ivy_450c);
  run_cuff (&check, steps, G_N_ELEMENTS (steps));
  for (gsize i = 0; i < G_N_ELEMENTS (wants); i++)
    ck_assert_msg (strstr (check.events->str, wants[i]) != NULL, "%s", wants[i]);
  ck_assert_uint_eq (driver_check_count (check.events->str, "\"code\":\"nibp_failed\""), 1);
  driver_check_close (&check);
}
END_TEST

START_TEST (a_reconnect_does_not_repeat_the_reading)
{
  DriverCheck check;

  driver_check_open (&check, &chs_driver_ivy_450c);
  run_cuff (&check, (const CuffStep[]) { { "118;76;90;71;;", 1, 0 }, { "118;76;90;71;;", 2, 1 } }, 2);
  chs_driver_ivy_450c.opened (check.state, 5 * G_USEC_PER_SEC, &check.sink);
  run_cuff (&check, (const CuffStep[]) { { "118;76;90;71;;", 6, 1 }, { "118;76;90;71;;", 7, 1 } }, 2);
  driver_check_close (&check);
}
END_TEST

START_TEST (sensors_and_alarms_are_told_on_change)
{
  static const char *const steps[] = {
    "HR=1;72;;\rSPO2=1;98;PR=71 ;\rNIBP=4;;;;;;\rP2=3;;;;NO TRANSDUCER;\r",
    "HR=1;72;;\rSPO2=1;98;PR=71 ;\rNIBP=4;;;;;;\rP2=3;;;;NO TRANSDUCER;\r",
    "HR=1;150;;HIGH RATE\rSPO2=1;;PR= ;SENSOR OFF\rNIBP=4;;;;;;\rP2=3;;;;NO TRANSDUCER;\r",
    "HR=1;150;;HIGH RATE\rSPO2=1;;PR= ;SENSOR OFF\rNIBP=4;;;;;;\rP2=3;;;;NO TRANSDUCER;\r",
    "HR=1;80;;\rSPO2=1;97;PR=80 ;\rNIBP=4;;;;;;\rP2=3;;;;NO TRANSDUCER;\r",
  };
  static const char *const wants[] = {
    "\"code\":\"sensor_off\",\"param\":\"IBP2_SYS\",\"value\":1,\"priority\":null,\"text\":\"NO TRANSDUCER\"",
    "\"code\":\"sensor_off\",\"param\":\"SPO2\",\"value\":1,\"priority\":null,\"text\":\"SENSOR OFF\"",
    "\"code\":\"sensor_off\",\"param\":\"SPO2\",\"value\":0,",
    "\"code\":\"alarm\",\"param\":\"HR\",\"value\":1,\"priority\":null,\"text\":\"HIGH RATE\"",
    "\"code\":\"alarm\",\"param\":\"HR\",\"value\":0,\"priority\":null,\"text\":\"HIGH RATE\"",
  };
  DriverCheck check;

  driver_check_open (&check, &chs_driver_ivy_450c);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GByteArray) bytes = message_of (steps[i]);

    driver_check_feed (&check, bytes->data, bytes->len, bytes->len);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (wants); i++)
    ck_assert_uint_eq (driver_check_count (check.events->str, wants[i]), 1);
  ck_assert_uint_eq (chs_driver_ivy_450c.counters (check.state)->frames_bad, 0);
  driver_check_close (&check);
}
END_TEST

/* ---- the encoder and the simulator ---- */

START_TEST (what_is_encoded_is_decoded)
{
  ChsIvyMessage in = { 0 }, out;
  ChsIvy ivy = { 0 };
  guint8 bytes[CHS_IVY_MAX_BYTES];
  gsize n, used;

  for (guint id = 0; id < CHS_N_IVY_LINES; id++) {
    in.line[id].present = true;
    for (guint i = 0; i < CHS_IVY_VALUES; i++)
      in.line[id].value[i] = (double) NAN;
  }
  memset (in.ecg, 130, sizeof in.ecg);
  in.line[CHS_IVY_T1].value[0] = 36.7;
  in.line[CHS_IVY_SPO2].value[0] = 97;
  in.line[CHS_IVY_SPO2].value[1] = 88;
  in.line[CHS_IVY_P1].value[0] = 111;
  in.line[CHS_IVY_P1].value[1] = -4;
  n = chs_ivy_encode (&in, bytes, sizeof bytes);
  ck_assert_uint_gt (n, 420);
  ck_assert_uint_eq (chs_ivy_encode (&in, bytes, n - 1), 0);
  ck_assert_int_eq (chs_ivy_feed (&ivy, bytes, n, &used, &out), CHS_FEED_FRAME);
  ck_assert_uint_eq (used, n);
  ck_assert_int_eq (memcmp (in.ecg, out.ecg, sizeof in.ecg), 0);
  ck_assert_double_eq_tol (out.line[CHS_IVY_T1].value[0], 36.7, 1e-9);
  ck_assert_double_eq_tol (out.line[CHS_IVY_SPO2].value[1], 88, 1e-9);
  ck_assert_double_eq_tol (out.line[CHS_IVY_P1].value[1], -4, 1e-9);
  ck_assert (isnan (out.line[CHS_IVY_P1].value[2]));
}
END_TEST

static void
on_simulated (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  driver_check_feed (out->user, bytes, n, n);
}

static void
run_simulator (DriverCheck *check, gpointer sim, const ChsSimPatient *patient, double seconds)
{
  const ChsSimulator *simulator = chs_simulator_find ("ivy-450c");
  ChsSimOut out = { .write = on_simulated, .user = check };

  for (gint64 end_us = check->now_us + (gint64) (seconds * 1e6); check->now_us < end_us; check->now_us += 20000)
    simulator->tick (sim, patient, check->now_us, &out);
}

START_TEST (the_simulator_is_understood)
{
  const ChsSimulator *simulator = chs_simulator_find ("ivy-450c");
  g_autofree gpointer sim = g_malloc0 (simulator->state_size);
  ChsSimPatient patient;
  DriverCheck check;
  ChsCounters counters;

  chs_sim_patient_init (&patient);
  driver_check_open (&check, &chs_driver_ivy_450c);
  simulator->start (sim, &patient, 1, 0);
  run_simulator (&check, sim, &patient, 10);
  counters = *chs_driver_ivy_450c.counters (check.state);
  ck_assert_uint_ge (counters.frames_ok, 8);
  ck_assert_uint_le (counters.frames_ok, 10);
  ck_assert_uint_eq (counters.frames_bad, 0);
  ck_assert_uint_gt (counters.bytes_skipped, 0); /* the torn first message */
  ck_assert_uint_eq (driver_check_count (check.events->str, "\"NIBP_SYS\",\"value\":1"), 0);

  patient.nibp_count++;
  patient.nibp_sys = 118.4;
  patient.nibp_dia = 76;
  patient.nibp_mean = 90;
  patient.spo2 = patient.pr = (double) NAN;
  run_simulator (&check, sim, &patient, 4);
  ck_assert_uint_eq (driver_check_count (check.events->str, "\"NIBP_SYS\",\"value\":118,"), 1);
  ck_assert_uint_eq (driver_check_count (check.events->str, "\"code\":\"sensor_off\",\"param\":\"SPO2\",\"value\":1"), 1);

  patient.monitor_on = false;
  counters = *chs_driver_ivy_450c.counters (check.state);
  run_simulator (&check, sim, &patient, 5);
  ck_assert_uint_le (chs_driver_ivy_450c.counters (check.state)->frames_ok, counters.frames_ok + 1);
  ck_assert_uint_eq (chs_driver_ivy_450c.counters (check.state)->frames_bad, 0);
  driver_check_close (&check);
}
END_TEST

START_TEST (the_recording_gives_its_13_messages)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("monitors/ivy450c_ansarb_part1.bin", &n);
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_ivy_450c, bytes, n, n, &counters);
  ck_assert_uint_eq (counters.frames_ok, 13);
  ck_assert_uint_eq (counters.bytes_skipped, 252);
  ck_assert_uint_eq (driver_check_count (events, "\"HR\",\"value\":80,"), 13);
  ck_assert_uint_eq (driver_check_count (events, "\"RR\",\"value\":35,"), 13);
  ck_assert_uint_eq (driver_check_count (events, "\"SPO2\",\"value\":100,"), 13);
  ck_assert_uint_eq (driver_check_count (events, "\"PR\",\"value\":80,"), 13);
  ck_assert_uint_eq (driver_check_count (events, "\"ABP_SYS\",\"value\":11"), 13);
  ck_assert_uint_eq (driver_check_count (events, "\"ABP_DIA\",\"value\":73,"), 13);
  ck_assert_uint_eq (driver_check_count (events, "\"NIBP_SYS\",\"value\":121,"), 1);
  ck_assert_uint_eq (driver_check_count (events, "NO TRANSDUCER"), 1);
  driver_check_splits (&chs_driver_ivy_450c, bytes, n);
}
END_TEST

static Suite *
ivy_450c_suite (void)
{
  Suite *suite = suite_create ("ivy-450c");
  TCase *tc = tcase_create ("ivy-450c");

  tcase_add_loop_test (tc, a_message_is_whole_or_refused, 0, G_N_ELEMENTS (contents));
  tcase_add_test (tc, a_message_becomes_events);
  tcase_add_test (tc, a_dropped_byte_costs_one_message);
  tcase_add_loop_test (tc, a_flipped_bit_costs_one_message, 0, 3);
  tcase_add_test (tc, any_split_gives_the_same);
  tcase_add_test (tc, of_1000_messages_900_survive);
  tcase_add_test (tc, noise_is_not_a_message);
  tcase_add_test (tc, a_cuff_reading_is_told_once);
  tcase_add_test (tc, a_reconnect_does_not_repeat_the_reading);
  tcase_add_test (tc, sensors_and_alarms_are_told_on_change);
  tcase_add_test (tc, what_is_encoded_is_decoded);
  tcase_add_test (tc, the_simulator_is_understood);
  tcase_add_test (tc, the_recording_gives_its_13_messages);
  tcase_set_timeout (tc, 60);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (ivy_450c_suite)

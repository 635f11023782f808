/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/codec-check.h"

#include "devices/capnostream-codec.h"

extern const ChsDriver chs_driver_capnostream_20;

/* A frame by hand: code and payload in, escapes and checksum added. */
static GByteArray *
frame_of (const guint8 *body, guint n)
{
  GByteArray *frame = g_byte_array_new ();
  guint8 plain[300], sum = (guint8) n;

  plain[0] = (guint8) n;
  for (guint i = 0; i < n; i++) {
    plain[1 + i] = body[i];
    sum ^= body[i];
  }
  plain[1 + n] = sum;
  g_byte_array_append (frame, (const guint8 *) "\x85", 1);
  for (guint i = 0; i < n + 2; i++) {
    guint8 low = plain[i] & 0x7F;

    if (plain[i] == 0x80 || plain[i] == 0x85)
      g_byte_array_append (frame, (const guint8 *) "\x80", 1);
    g_byte_array_append (frame, plain[i] == 0x80 || plain[i] == 0x85 ? &low : &plain[i], 1);
  }
  return frame;
}

typedef struct {
  guint8 etco2, rr, spo2, pulse, co2_alarms, spo2_alarms, unit, extended;
} Values;

static GByteArray *
numerics_of (Values v)
{
  guint8 body[28] = { 1 };

  body[5] = v.etco2;
  body[7] = v.rr;
  body[8] = v.spo2;
  body[9] = v.pulse;
  body[14] = v.co2_alarms;
  body[15] = v.spo2_alarms;
  body[26] = v.unit;
  body[27] = v.extended;
  return frame_of (body, sizeof body);
}

static const struct {
  const char *name;
  Values      values;
  const char *want;
} numerics[] = {
  { "etCO2", { 38, 14, 97, 72, 0, 0, 1, 0 }, "\"ETCO2\",\"value\":38,\"unit\":\"mm[Hg]\",\"quality\":\"ok\"" },
  { "rate", { 38, 14, 97, 72, 0, 0, 1, 0 }, "\"CO2_RR\",\"value\":14," },
  { "saturation", { 38, 14, 97, 72, 0, 0, 1, 0 }, "\"SPO2\",\"value\":97,\"unit\":\"%\",\"quality\":\"ok\"" },
  { "none", { 255, 255, 255, 255, 0, 0, 1, 0 }, "\"ETCO2\",\"value\":null," },
  { "values that need escapes", { 0x80, 14, 85, 0x85, 0, 0, 1, 0 }, "\"PR\",\"value\":133," },
  { "kPa", { 50, 14, 97, 72, 0, 0, 2, 0 }, "\"ETCO2\",\"value\":37.50" },
  { "kPa is presumed", { 50, 14, 97, 72, 0, 0, 2, 0 }, "\"quality\":\"questionable\"" },
  { "percent is told, not converted", { 5, 14, 97, 72, 0, 0, 3, 0 }, "set it to mmHg" },
  { "no breath", { 0, 0, 97, 72, 1, 0, 1, 0 }, "\"priority\":\"high\",\"text\":\"NO BREATH\"" },
  { "sensor off beats digits", { 38, 14, 97, 72, 0, 0x20, 1, 0 }, "\"value\":97,\"unit\":\"%\",\"quality\":\"invalid\"" },
  { "pump off beats digits", { 38, 14, 97, 72, 0, 0, 1, 4 }, "\"value\":38,\"unit\":\"mm[Hg]\",\"quality\":\"invalid\"" },
  { "battery", { 38, 14, 97, 72, 0, 0, 1, 0x80 }, "BATTERY LOW" },
};

START_TEST (numerics_become_events)
{
  g_autoptr (GByteArray) frame = numerics_of (numerics[_i].values);
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_capnostream_20, frame->data, frame->len, 1, &counters);

  ck_assert_uint_eq (counters.frames_ok, 1);
  ck_assert_msg (strstr (events, numerics[_i].want) != NULL, "%s: %s", numerics[_i].name, events);
}
END_TEST

static GByteArray *
make (guint i)
{
  return numerics_of ((Values) { (guint8) (30 + i % 10), (guint8) (10 + i % 8), (guint8) (90 + i % 8), (guint8) (110 + i % 60), 0, 0, 1, 0 });
}

START_TEST (frames_keep_their_properties)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, 12);

  driver_check_splits (&chs_driver_capnostream_20, stream->data, stream->len);
  codec_check_cuts (&chs_driver_capnostream_20, make, 0, 2); /* a checksum of 8 bits */
  codec_check_damage (&chs_driver_capnostream_20, make, 4);
  ck_assert_uint_le (codec_check_noise (&chs_driver_capnostream_20, 3, 100000), 30); /* by chance: 8 bits again */
  ck_assert_int_ge (chs_driver_capnostream_20.probe (stream->data, stream->len), 90);
}
END_TEST

/* OpenICE saw the rate in the place of the saturation, with a good checksum. */
START_TEST (shifted_numerics_are_dropped)
{
  g_autoptr (GByteArray) stream = numerics_of ((Values) { 38, 14, 97, 72, 0, 0, 1, 0 }),
                         shifted = numerics_of ((Values) { 38, 38, 14, 97, 0, 0, 1, 0 });
  ChsCounters counters;
  g_autofree char *events = NULL;

  g_byte_array_append (stream, shifted->data, shifted->len);
  events = driver_check_dup_events (&chs_driver_capnostream_20, stream->data, stream->len, 1, &counters);
  ck_assert_uint_eq (counters.frames_ok, 1);
  ck_assert_uint_eq (counters.frames_bad, 1);
  ck_assert_uint_eq (driver_check_count (events, "\"SPO2\""), 1);
}
END_TEST

START_TEST (what_is_sent_is_what_the_note_says)
{
  static const guint8 want[] = { 0x85, 1, 1, 0, 0x85, 1, 5, 4, 0x85, 1, 2, 3 };
  DriverCheck check;

  driver_check_open (&check, &chs_driver_capnostream_20);
  check.driver->closing (check.state, 0, &check.sink);
  ck_assert_uint_eq (check.sent->len, sizeof want);
  ck_assert_mem_eq (check.sent->data, want, sizeof want);
  driver_check_close (&check);
}
END_TEST

START_TEST (the_simulator_is_understood)
{
  SimCheck s;

  sim_check_open (&s, &chs_driver_capnostream_20);
  s.patient.etco2_mmhg = 38;
  s.patient.rr = 12;
  sim_check_run (&s, 30);
  ck_assert_uint_eq (chs_driver_capnostream_20.counters (s.check.state)->frames_bad, 0);
  ck_assert_uint_eq (sim_check_count (&s, "V45.67 02/24/2008 B300000042"), 1);
  ck_assert_uint_ge (sim_check_count (&s, "\"ETCO2\",\"value\":38,\"unit\":\"mm[Hg]\",\"quality\":\"invalid\""), 3); /* initialising */
  ck_assert_uint_ge (sim_check_count (&s, "\"ETCO2\",\"value\":38,\"unit\":\"mm[Hg]\",\"quality\":\"ok\""), 20);
  ck_assert_uint_ge (sim_check_count (&s, "CO2_WAVE"), 45);
  sim_check_forget (&s);
  s.patient.rr = 0;
  sim_check_run (&s, 3);
  ck_assert_uint_eq (sim_check_count (&s, "NO BREATH"), 1);
  s.patient.etco2_mmhg = (double) NAN;
  sim_check_run (&s, 3);
  ck_assert_uint_eq (sim_check_count (&s, "NO BREATH"), 2);
  ck_assert_uint_eq (sim_check_count (&s, "FilterLine not connected"), 1);
  sim_check_forget (&s);
  s.patient.monitor_on = false;
  sim_check_run (&s, 20);
  ck_assert_uint_eq (sim_check_count (&s, "\"SPO2\""), 0);
  s.patient.monitor_on = true;
  sim_check_run (&s, 10); /* asked anew */
  ck_assert_uint_ge (sim_check_count (&s, "\"SPO2\",\"value\":98,"), 3);
  sim_check_close (&s);
}
END_TEST

static Suite *
capnostream_suite (void)
{
  Suite *suite = suite_create ("capnostream");
  TCase *tc = tcase_create ("capnostream");

  tcase_add_loop_test (tc, numerics_become_events, 0, G_N_ELEMENTS (numerics));
  tcase_add_test (tc, frames_keep_their_properties);
  tcase_add_test (tc, shifted_numerics_are_dropped);
  tcase_add_test (tc, what_is_sent_is_what_the_note_says);
  tcase_add_test (tc, the_simulator_is_understood);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (capnostream_suite)

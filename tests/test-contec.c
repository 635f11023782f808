/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/codec-check.h"

#include "devices/contec-codec.h"

extern const ChsDriver chs_driver_contec_cms50;

static const struct {
  const char *name;
  guint8      bytes[9];
  const char *want;
} packages[] = {
  { "values", { 0x01, 0xA8, 0xC8, 0xAD, 0x96, 0x8C, 0xE1, 0xFA, 0x80 }, "\"SPO2\",\"value\":97,\"unit\":\"%\",\"quality\":\"ok\"" },
  { "rate above 127", { 0x01, 0xA8, 0xC8, 0xAD, 0x96, 0x8C, 0xE1, 0xFA, 0x80 }, "\"PR\",\"value\":140," },
  { "perfusion", { 0x01, 0xA8, 0xC8, 0xAD, 0x86, 0x8C, 0xE1, 0xFA, 0x80 }, "\"PI\",\"value\":2.5," },
  { "probe error", { 0x01, 0xEB, 0x80, 0x80, 0x80, 0xFF, 0xFF, 0xFF, 0xFF }, "no finger" },
  { "probe error beats digits", { 0x01, 0xA9, 0xC8, 0xAD, 0x96, 0x8C, 0xE1, 0xFA, 0x80 }, "\"value\":97,\"unit\":\"%\",\"quality\":\"invalid\"" },
  { "search beats digits", { 0x01, 0xAA, 0xC8, 0xAD, 0x96, 0x8C, 0xE1, 0xFA, 0x80 }, "\"quality\":\"invalid\"" },
};

START_TEST (packages_become_events)
{
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  ChsCounters counters;
  g_autofree char *events = NULL;

  for (guint i = 0; i < 60; i++)
    g_byte_array_append (stream, packages[_i].bytes, 9);
  events = driver_check_dup_events (&chs_driver_contec_cms50, stream->data, stream->len, 7, &counters);
  ck_assert_uint_eq (counters.frames_ok, 60);
  ck_assert_msg (strstr (events, packages[_i].want) != NULL, "%s: %s", packages[_i].name, events);
  ck_assert_msg (strstr (events, "\"PI\"") == NULL || _i == 2, "%s: perfusion is not valid", packages[_i].name);
  driver_check_splits (&chs_driver_contec_cms50, stream->data, stream->len);
}
END_TEST

static GByteArray *
make (guint i)
{
  GByteArray *package = g_byte_array_new ();
  const guint8 bytes[] = { 0x01, 0xA8, 0xC8, (guint8) (0x80 | i % 100), 0x96, 0x8C, 0xE1, 0xFA, 0x80 };

  g_byte_array_append (package, bytes, sizeof bytes);
  return package;
}

START_TEST (one_damaged_byte_makes_no_number)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, 20);

  for (gsize at = 90; at < 99; at++)
    for (guint8 bit = 0; bit <= 8; bit++) {
      g_autofree char *events
          = codec_check_dup_damaged (&chs_driver_contec_cms50, stream, at, bit == 8 ? 0 : (guint8) (1u << bit), NULL);

      ck_assert_uint_eq (driver_check_count (events, "\"SPO2\",\"value\":97,"), 1);
      ck_assert_uint_eq (driver_check_count (events, "\"SPO2\""), 1);
      ck_assert_uint_eq (driver_check_count (events, "\"PR\""), 1);
    }
  codec_check_cuts (&chs_driver_contec_cms50, make, 0, 60); /* the head of one and the tail of another make nine bytes */
}
END_TEST

/* A type that is not in the table, and foreign bytes. */
START_TEST (unknown_packages_are_counted)
{
  const guint8 bytes[] = { 0x03, 0x80, 0x80, 0x0C, 0x80, 0x0D, 0x80, 0x81, 0xFF, 0xFF };
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_contec_cms50, bytes, sizeof bytes, 1, &counters);

  ck_assert_uint_eq (counters.frames_ok, 2);
  ck_assert_uint_eq (counters.unknown, 1);
  ck_assert_uint_eq (counters.bytes_skipped, 5);
  ck_assert_msg (strstr (events, "shuts down") != NULL, "%s", events);
}
END_TEST

START_TEST (what_is_sent_is_what_the_vendor_prints)
{
  DriverCheck check;

  driver_check_open (&check, &chs_driver_contec_cms50);
  ck_assert_uint_eq (check.sent->len, 9);
  ck_assert_mem_eq (check.sent->data, "\x7D\x81\xA1\x80\x80\x80\x80\x80\x80", 9);
  check.driver->closing (check.state, 0, &check.sink);
  ck_assert_mem_eq (check.sent->data + 9, "\x7D\x81\xA2\x80\x80\x80\x80\x80\x80", 9);
  driver_check_close (&check);
}
END_TEST

START_TEST (the_simulator_is_understood)
{
  SimCheck s;
  guint64 frames;

  sim_check_open (&s, &chs_driver_contec_cms50);
  s.patient.pr = 140;
  sim_check_run (&s, 30); /* longer than it waits for a sign of life */
  frames = chs_driver_contec_cms50.counters (s.check.state)->frames_ok;
  ck_assert_uint_ge (frames, 29 * 60);
  ck_assert_uint_le (frames, 30 * 60);
  ck_assert_uint_eq (sim_check_count (&s, "shuts down"), 0);
  ck_assert_uint_ge (sim_check_count (&s, "\"PR\",\"value\":140,\"unit\":\"/min\",\"quality\":\"ok\""), 28);
  ck_assert_uint_ge (sim_check_count (&s, "\"PI\""), 28);
  ck_assert_uint_le (s.check.n_sent, 1 + 8);
  sim_check_forget (&s);
  s.patient.monitor_on = false;
  sim_check_run (&s, 5);
  s.patient.monitor_on = true;
  sim_check_run (&s, 5); /* asked again within 2 s */
  ck_assert_uint_ge (sim_check_count (&s, "\"PR\",\"value\":140,"), 2);
  sim_check_close (&s);
}
END_TEST

START_TEST (the_recording_gives_its_values)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("monitors/contec_cms50e_realtime_part1.bin", &n);
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_contec_cms50, bytes, n, n, &counters);
  ck_assert_uint_eq (counters.frames_ok, 60);
  ck_assert_uint_eq (counters.bytes_skipped, 0);
  ck_assert_uint_ge (driver_check_count (events, "\"SPO2\",\"value\":99,"), 1);
  ck_assert_uint_ge (driver_check_count (events, "\"PR\",\"value\":60,"), 1);
  ck_assert_uint_eq (driver_check_count (events, "\"PI\""), 0);
  ck_assert_msg (strstr (events, "\"samples\":[19,19,18,18,18,17,") != NULL, "%s", events);
  driver_check_splits (&chs_driver_contec_cms50, bytes, n);
  ck_assert_int_ge (chs_driver_contec_cms50.probe (bytes, n), 80);
}
END_TEST

static Suite *
contec_suite (void)
{
  Suite *suite = suite_create ("contec");
  TCase *tc = tcase_create ("contec");

  tcase_add_loop_test (tc, packages_become_events, 0, G_N_ELEMENTS (packages));
  tcase_add_test (tc, one_damaged_byte_makes_no_number);
  tcase_add_test (tc, unknown_packages_are_counted);
  tcase_add_test (tc, what_is_sent_is_what_the_vendor_prints);
  tcase_add_test (tc, the_simulator_is_understood);
  tcase_add_test (tc, the_recording_gives_its_values);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (contec_suite)

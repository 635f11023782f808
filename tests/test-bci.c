/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/codec-check.h"

extern const ChsDriver chs_driver_berry_bci, chs_driver_contec_cms50_old;

static const struct {
  const char *name;
  gboolean    is_berry;
  guint8      bytes[5];
  const char *want;
} packages[] = {
  { "values", TRUE, { 0x86, 0x32, 0x05, 0x48, 0x62 }, "\"SPO2\",\"value\":98,\"unit\":\"%\",\"quality\":\"ok\"" },
  { "rate above 127", TRUE, { 0xC6, 0x50, 0x45, 0x0C, 0x62 }, "\"PR\",\"value\":140," },
  { "no finger", TRUE, { 0x90, 0x00, 0x50, 0x7F, 0x7F }, "\"quality\":\"absent\"" },
  { "no finger beats digits", TRUE, { 0x86, 0x32, 0x15, 0x48, 0x62 }, "\"value\":98,\"unit\":\"%\",\"quality\":\"invalid\"" },
  { "unplugged beats digits", TRUE, { 0xA6, 0x32, 0x05, 0x48, 0x62 }, "probe unplugged" },
  { "search beats digits", TRUE, { 0x86, 0x32, 0x25, 0x48, 0x62 }, "\"quality\":\"invalid\"" },
  { "no signal beats digits", TRUE, { 0x96, 0x32, 0x05, 0x48, 0x62 }, "\"quality\":\"invalid\"" },
  { "zero is no saturation", TRUE, { 0x86, 0x32, 0x05, 0x48, 0x00 }, "\"quality\":\"absent\"" },
  { "old Contec", FALSE, { 0x86, 0x32, 0x05, 0x48, 0x62 }, "\"SPO2\",\"value\":98,\"unit\":\"%\",\"quality\":\"ok\"" },
  { "old Contec, falling is no fault", FALSE, { 0xA6, 0x32, 0x05, 0x48, 0x62 }, "\"quality\":\"ok\"" },
  { "old Contec, probe error", FALSE, { 0x86, 0x40, 0x15, 0x48, 0x62 }, "no finger" },
};

static const ChsDriver *
driver_of (gboolean is_berry)
{
  return is_berry ? &chs_driver_berry_bci : &chs_driver_contec_cms50_old;
}

START_TEST (packages_become_events)
{
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  ChsCounters counters;
  g_autofree char *events = NULL;

  for (guint i = 0; i < 100; i++)
    g_byte_array_append (stream, packages[_i].bytes, 5);
  events = driver_check_dup_events (driver_of (packages[_i].is_berry), stream->data, stream->len, 7, &counters);
  ck_assert_uint_eq (counters.frames_ok, 100);
  ck_assert_msg (strstr (events, packages[_i].want) != NULL, "%s: %s", packages[_i].name, events);
  ck_assert_msg ((strstr (events, "sensor_off") == NULL) == (strstr (events, "PLETH_WAVE") != NULL), "%s: %s", packages[_i].name, events);
  driver_check_splits (driver_of (packages[_i].is_berry), stream->data, stream->len);
}
END_TEST

static GByteArray *
make (guint i)
{
  GByteArray *package = g_byte_array_new ();
  const guint8 bytes[] = { 0x86, (guint8) (20 + i % 80), 0x45, 0x0C, 0x62 };

  g_byte_array_append (package, bytes, sizeof bytes);
  return package;
}

/* No checksum, but numbers that are told must come twice: one damaged byte makes none. */
START_TEST (one_damaged_byte_makes_no_number)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, 60); /* room for twenty whole ones behind the damage */

  for (gsize at = 50; at < 55; at++)
    for (guint8 bit = 0; bit <= 8; bit++) {
      g_autofree char *events
          = codec_check_dup_damaged (&chs_driver_berry_bci, stream, at, bit == 8 ? 0 : (guint8) (1u << bit), NULL);

      ck_assert_uint_eq (driver_check_count (events, "\"SPO2\",\"value\":98,"), 1);
      ck_assert_uint_eq (driver_check_count (events, "\"SPO2\""), 1);
      ck_assert_uint_eq (driver_check_count (events, "\"PR\",\"value\":140,"), 1);
      ck_assert_uint_eq (driver_check_count (events, "\"PR\""), 1);
    }
  codec_check_cuts (&chs_driver_berry_bci, make, 0, 100); /* eight packages cut out leave no trace */
  ck_assert_int_eq (chs_driver_berry_bci.probe (stream->data, stream->len), 60);
}
END_TEST

START_TEST (the_simulator_is_understood)
{
  const ChsDriver *driver = driver_of (_i == 0);
  SimCheck s;

  sim_check_open (&s, driver);
  s.patient.pr = 140;
  sim_check_run (&s, 10);
  ck_assert_uint_ge (sim_check_count (&s, "\"PR\",\"value\":140,\"unit\":\"/min\",\"quality\":\"ok\""), 9);
  ck_assert_uint_ge (sim_check_count (&s, "PLETH_WAVE"), 18);
  ck_assert_uint_eq (driver->counters (s.check.state)->frames_bad, 0);
  sim_check_forget (&s);
  s.patient.spo2 = s.patient.pr = (double) NAN;
  sim_check_run (&s, 5);
  ck_assert_uint_eq (sim_check_count (&s, "\"quality\":\"ok\""), 0);
  ck_assert_uint_eq (sim_check_count (&s, "\"sensor_off\""), 1);
  sim_check_forget (&s);
  s.patient.spo2 = 97;
  s.patient.pr = 80;
  sim_check_run (&s, 2); /* searching */
  ck_assert_uint_eq (sim_check_count (&s, "\"quality\":\"ok\""), 0);
  sim_check_run (&s, 5);
  ck_assert_uint_ge (sim_check_count (&s, "\"SPO2\",\"value\":97,\"unit\":\"%\",\"quality\":\"ok\""), 3);
  sim_check_close (&s);
}
END_TEST

static Suite *
bci_suite (void)
{
  Suite *suite = suite_create ("bci");
  TCase *tc = tcase_create ("bci");

  tcase_add_loop_test (tc, packages_become_events, 0, G_N_ELEMENTS (packages));
  tcase_add_test (tc, one_damaged_byte_makes_no_number);
  tcase_add_loop_test (tc, the_simulator_is_understood, 0, 2);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (bci_suite)

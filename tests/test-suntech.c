/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/codec-check.h"

extern const ChsDriver chs_driver_suntech_nibp;

static const struct {
  const char *name;
  guint8      bytes[24];
  gsize       n;
  const char *want; /* NULL = no events */
} packets[] = {
  { "received", { 0x3E, 0x04, 0x4F, 0x6F }, 4, NULL },
  { "done", { 0x3E, 0x04, 0x4B, 0x73 }, 4, NULL },
  { "cuff", { 0x3E, 0x05, 0xA0, 0x00, 0x1D }, 5, "\"NIBP_CUFF\",\"value\":160," },
  { "cuff inflates", { 0x3E, 0x05, 0xA0, 0x00, 0x1D }, 5, "nibp_start" },
  { "no pressure", { 0x3E, 0x05, 0xFF, 0xFF, 0xBF }, 5, "\"NIBP_CUFF\",\"value\":null," },
  { "result", { 0x3E, 0x18, 0x78, 0x00, 0x46, 0x00, 0x1E, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0x48, 0x00, 0x57, 0x00, 0, 0, 0, 0x2E }, 24,
    "\"NIBP_SYS\",\"value\":120," },
  { "result with 3E inside", { 0x3E, 0x18, 0x3E, 0x00, 0x20, 0x00, 0x1E, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0x48, 0x00, 0x30, 0x00, 0, 0, 0, 0xB5 }, 24,
    "\"NIBP_SYS\",\"value\":62," },
  { "error 87", { 0x3E, 0x18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x57, 0, 0, 0x53 }, 24, "leak or loose cuff" },
  { "error 87 written as hexadecimal", { 0x3E, 0x18, 0x78, 0, 0x46, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x57, 0, 0x87, 0, 0, 0x0E }, 24,
    "leak or loose cuff" },
  { "diastolic above systolic", { 0x3E, 0x18, 0x46, 0, 0x78, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x57, 0, 0, 0, 0, 0x95 }, 24,
    "pressures that cannot be" },
};

START_TEST (packets_become_events)
{
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_suntech_nibp, packets[_i].bytes, packets[_i].n, 1, &counters);

  ck_assert_msg (counters.frames_ok == 1 && counters.bytes_skipped == 0, "%s", packets[_i].name);
  ck_assert_msg ((packets[_i].want == NULL) == (events[0] == '\0'), "%s: %s", packets[_i].name, events);
  ck_assert_msg (packets[_i].want == NULL || strstr (events, packets[_i].want) != NULL, "%s: %s", packets[_i].name, events);
  ck_assert_msg (strstr (packets[_i].name, "error") == NULL || strstr (events, "NIBP_SYS\",\"value\":1") == NULL, "%s", packets[_i].name);
}
END_TEST

static GByteArray *
make (guint i)
{
  GByteArray *packet = g_byte_array_new ();
  guint8 bytes[24], sum = 0;

  memcpy (bytes, packets[6].bytes, sizeof bytes);
  bytes[16] = (guint8) (60 + i % 60);
  for (guint k = 0; k < 23; k++)
    sum = (guint8) (sum + bytes[k]);
  bytes[23] = (guint8) -sum;
  g_byte_array_append (packet, bytes, sizeof bytes);
  return packet;
}

START_TEST (packets_keep_their_properties)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make, 12);

  driver_check_splits (&chs_driver_suntech_nibp, stream->data, stream->len);
  codec_check_cuts (&chs_driver_suntech_nibp, make, 3, 3); /* a sum of 8 bits over foreign halves fits by chance */
  codec_check_damage (&chs_driver_suntech_nibp, make, 4);
}
END_TEST

START_TEST (a_result_is_told_once)
{
  static const guint8 done[] = { 0x3E, 0x04, 0x4B, 0x73 };
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  g_autofree char *events = NULL;

  for (guint i = 0; i < 5; i++)
    g_byte_array_append (stream, packets[5].bytes, 24);
  g_byte_array_append (stream, done, sizeof done); /* another measurement, the same result */
  g_byte_array_append (stream, packets[5].bytes, 24);
  events = driver_check_dup_events (&chs_driver_suntech_nibp, stream->data, stream->len, 1, NULL);
  ck_assert_uint_eq (driver_check_count (events, "\"NIBP_SYS\""), 2);
  ck_assert_uint_eq (driver_check_count (events, "\"time\":\"unknown\""), 4); /* the first: nobody saw it begin */
}
END_TEST

/* Its host is played by the test: the driver has nothing that it could send. */
START_TEST (the_simulator_is_understood)
{
  static const guint8 start[] = { 0x3A, 0x20, 0xA6 }, cuff[] = { 0x3A, 0x79, 0x05, 0x00, 0x48 }, data[] = { 0x3A, 0x79, 0x03, 0x00, 0x4A };
  SimCheck s;
  ChsSimOut out = { .write = sim_check_write, .user = &s.check };

  sim_check_open (&s, &chs_driver_suntech_nibp);
  s.patient.nibp_sys = 118;
  s.patient.nibp_dia = 71;
  s.patient.nibp_mean = 86;
  s.simulator->feed (s.sim, &s.patient, start, sizeof start, 0, &out);
  for (guint i = 0; i < 40; i++) {
    sim_check_run (&s, 1);
    s.simulator->feed (s.sim, &s.patient, cuff, sizeof cuff, s.check.now_us, &out);
    s.simulator->feed (s.sim, &s.patient, data, sizeof data, s.check.now_us, &out);
  }
  ck_assert_uint_eq (sim_check_count (&s, "nibp_start"), 1);
  ck_assert_uint_ge (sim_check_count (&s, "NIBP_CUFF"), 30);
  ck_assert_uint_eq (sim_check_count (&s, "\"NIBP_SYS\",\"value\":118,"), 1);
  ck_assert_uint_eq (s.check.n_sent, 0);
  ck_assert (s.simulator->option (s.sim, "error", "87"));
  s.simulator->feed (s.sim, &s.patient, start, sizeof start, s.check.now_us, &out);
  sim_check_run (&s, 40);
  s.simulator->feed (s.sim, &s.patient, data, sizeof data, s.check.now_us, &out);
  ck_assert_uint_eq (sim_check_count (&s, "leak or loose cuff"), 1);
  sim_check_close (&s);
}
END_TEST

START_TEST (it_is_never_driven)
{
  ck_assert_int_eq (chs_driver_suntech_nibp.access, CHS_ACCESS_NEVER);
  ck_assert_ptr_null (chs_driver_suntech_nibp.queries);
  ck_assert_uint_eq (chs_driver_suntech_nibp.n_queries, 0);
}
END_TEST

START_TEST (the_fixture_is_decoded)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("monitors/suntech_nibp_responses_demoappfx.bin", &n);
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_suntech_nibp, bytes, n, 3, &counters);
  ck_assert_uint_eq (counters.frames_ok, 2);
  ck_assert_uint_eq (driver_check_count (events, "\"NIBP_CUFF\",\"value\":258,"), 1);
  ck_assert_uint_eq (driver_check_count (events, "\"NIBP_SYS\",\"value\":115,"), 1);
  ck_assert_uint_eq (driver_check_count (events, "\"NIBP_DIA\",\"value\":74,"), 1);
  ck_assert_uint_eq (driver_check_count (events, "\"NIBP_MEAN\",\"value\":88,"), 1);
  ck_assert_uint_eq (driver_check_count (events, "\"NIBP_PR\",\"value\":85,"), 1);
}
END_TEST

static Suite *
suntech_suite (void)
{
  Suite *suite = suite_create ("suntech");
  TCase *tc = tcase_create ("suntech");

  tcase_add_loop_test (tc, packets_become_events, 0, G_N_ELEMENTS (packets));
  tcase_add_test (tc, packets_keep_their_properties);
  tcase_add_test (tc, a_result_is_told_once);
  tcase_add_test (tc, the_simulator_is_understood);
  tcase_add_test (tc, it_is_never_driven);
  tcase_add_test (tc, the_fixture_is_decoded);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (suntech_suite)

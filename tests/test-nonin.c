/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/codec-check.h"

#include "devices/nonin-codec.h"

extern const ChsDriver chs_driver_nonin_2, chs_driver_nonin_8, chs_driver_nonin_13, chs_driver_nonin_ascii;

/* ---- #2 and #7 ---- */

/* Frames by hand, from the table of the vendor's document; 25 of them. */
static GByteArray *
packet_of (guint i, gboolean is_format7, guint hr, guint spo2, guint status)
{
  GByteArray *packet = g_byte_array_new ();

  for (guint k = 0; k < 25; k++) {
    guint8 g[5] = { 1, (guint8) (0x80 | status | (k == 0)), (guint8) (k * 8), 0, 0 };

    if (is_format7) {
      g[0] = g[1];
      g[1] = (guint8) (k + 1);
    }
    if (k == 0 || k == 13)
      g[3] = (guint8) (hr >> 7);
    if (k == 1 || k == 14)
      g[3] = hr & 127;
    if (k == 2 || k == 15)
      g[3] = (guint8) spo2;
    if (k == 3)
      g[3] = 48;
    if (k == 5)
      g[3] = i >> 7 & 127;
    if (k == 6)
      g[3] = i & 127;
    if (k == 8)
      g[3] = 99; /* held for display: never to be used */
    g[4] = (guint8) (g[0] + g[1] + g[2] + g[3]);
    g_byte_array_append (packet, g, 5);
  }
  return packet;
}

static GByteArray *
make_2 (guint i)
{
  return packet_of (i, FALSE, 60 + i % 100, 90 + i % 8, 0);
}

static GByteArray *
make_7 (guint i)
{
  return packet_of (i, TRUE, 60 + i % 100, 90 + i % 8, 0);
}

static const struct {
  const char *name;
  guint       hr, spo2, status;
  const char *want;
} packets[] = {
  { "values", 72, 97, 0, "\"SPO2\",\"value\":97,\"unit\":\"%\",\"quality\":\"ok\"" },
  { "rate above 127", 140, 97, 0, "\"PR\",\"value\":140," },
  { "rate above 255", 260, 97, 0, "\"PR\",\"value\":260," },
  { "no value", 511, 127, 0, "\"SPO2\",\"value\":null,\"unit\":\"%\",\"quality\":\"absent\"" },
  { "finger off beats values", 72, 97, CHS_NONIN_SENSOR_ALARM, "\"SPO2\",\"value\":97,\"unit\":\"%\",\"quality\":\"invalid\"" },
  { "finger off", 511, 127, CHS_NONIN_SENSOR_ALARM, "finger off" },
  { "disconnected", 511, 127, CHS_NONIN_DISCONNECTED, "sensor disconnected" },
  { "out of track", 72, 97, CHS_NONIN_OUT_OF_TRACK, "\"quality\":\"questionable\"" },
  { "artifact", 72, 97, CHS_NONIN_ARTIFACT, "\"motion\"" },
  { "red pulse", 72, 97, CHS_NONIN_RED, "\"low_signal\"" },
  { "green pulse", 72, 97, CHS_NONIN_GREEN, "\"flags\":[]" },
  { "firmware", 72, 97, 0, "Nonin, firmware 48" },
};

START_TEST (a_packet_becomes_events)
{
  for (guint format7 = 0; format7 < 2; format7++) {
    g_autoptr (GByteArray) p = packet_of (5, format7, packets[_i].hr, packets[_i].spo2, packets[_i].status);
    ChsCounters counters;
    g_autofree char *events = driver_check_dup_events (&chs_driver_nonin_2, p->data, p->len, 1, &counters);
    gboolean is_off = (packets[_i].status & (CHS_NONIN_SENSOR_ALARM | CHS_NONIN_DISCONNECTED)) != 0;

    ck_assert_uint_eq (counters.frames_ok, 1);
    ck_assert_msg (strstr (events, packets[_i].want) != NULL, "%s: %s", packets[_i].name, events);
    ck_assert_msg ((strstr (events, "PLETH_WAVE") == NULL) == is_off, "%s: a wave without a finger", packets[_i].name);
  }
}
END_TEST

START_TEST (packets_keep_their_properties)
{
  const CodecCheckMake make = _i == 0 ? make_2 : make_7;
  g_autoptr (GByteArray) stream = codec_check_stream (make, 12);

  driver_check_splits (&chs_driver_nonin_2, stream->data, stream->len);
  codec_check_damage (&chs_driver_nonin_2, make, 4);
  /* cut at the very first byte, eight frames long: looks like one packet patched together from two */
  codec_check_cuts (&chs_driver_nonin_2, make, 3, 0);
  ck_assert_uint_eq (codec_check_noise (&chs_driver_nonin_2, 3, 200000), 0);
  ck_assert_int_ge (chs_driver_nonin_2.probe (stream->data, 400), 90);
}
END_TEST

START_TEST (a_pleth_of_16_bits_is_whole)
{
  g_autoptr (GByteArray) p = packet_of (5, TRUE, 72, 97, 0);
  g_autofree char *events = driver_check_dup_events (&chs_driver_nonin_2, p->data, p->len, p->len, NULL);

  ck_assert_msg (strstr (events, "\"rate_hz\":75,\"scale\":1,\"offset\":32768,\"n\":25,\"samples\":[256,520,784,") != NULL, "%s", events);
}
END_TEST

START_TEST (a_frozen_timer_is_told)
{
  DriverCheck check;

  driver_check_open (&check, &chs_driver_nonin_2);
  for (guint i = 0; i < 40; i++) {
    g_autoptr (GByteArray) p = packet_of (i < 20 ? i : 20, FALSE, 72, 97, 0);

    driver_check_feed (&check, p->data, p->len, p->len);
  }
  ck_assert_uint_eq (driver_check_count (check.events->str, "\"frozen\""), 1);
  driver_check_close (&check);
}
END_TEST

START_TEST (the_fixture_is_decoded)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("monitors/nonin_format2_packet_pufferfish.bin", &n);
  ChsCounters counters;
  g_autofree char *events = NULL;

  if (bytes == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_nonin_2, bytes, n, 3, &counters);
  ck_assert_uint_eq (counters.frames_ok, 1);
  ck_assert_uint_eq (counters.bytes_skipped, 0);
  ck_assert_uint_eq (driver_check_count (events, "\"SPO2\",\"value\":97,"), 1);
  ck_assert_uint_eq (driver_check_count (events, "\"PR\",\"value\":72,"), 1);
  ck_assert_uint_eq (driver_check_count (events, "firmware 48"), 1);
}
END_TEST

START_TEST (a_simulated_packet_stream_is_understood)
{
  SimCheck s;

  sim_check_open (&s, &chs_driver_nonin_2);
  ck_assert (s.simulator->option (s.sim, "format", _i == 0 ? "2" : "7"));
  s.patient.pr = 140;
  sim_check_run (&s, 10);
  ck_assert_uint_ge (chs_driver_nonin_2.counters (s.check.state)->frames_ok, 28);
  ck_assert_uint_eq (chs_driver_nonin_2.counters (s.check.state)->frames_bad, 0);
  ck_assert_uint_ge (sim_check_count (&s, "\"PR\",\"value\":140,\"unit\":\"/min\",\"quality\":\"ok\""), 9);
  sim_check_run (&s, 0.5);
  sim_check_forget (&s);
  s.patient.spo2 = s.patient.pr = (double) NAN;
  sim_check_run (&s, 0.4); /* the packet on its way */
  sim_check_forget (&s);
  sim_check_run (&s, 15); /* held for display for 10 s of it: not one number */
  ck_assert_uint_eq (sim_check_count (&s, "\"quality\":\"ok\""), 0);
  ck_assert_uint_eq (sim_check_count (&s, "PLETH_WAVE"), 0);
  ck_assert_uint_ge (sim_check_count (&s, "\"quality\":\"absent\""), 28);
  sim_check_close (&s);
}
END_TEST

/* ---- #1 and #8 ---- */

static const guint8 group_72_97[] = { 0x80, 0x48, 0x61, 0x00 }, group_off[] = { 0x83, 0x7F, 0x7F, 0x08 },
                    group1_140_95[] = { 0x81, 0x0C, 0x5F }, group1_off[] = { 0xC0, 0x48, 0x61 };

static const struct {
  const char   *name;
  const guint8 *bytes;
  gsize         n;
  const char   *want;
} groups[] = {
  { "#8", group_72_97, 4, "\"SPO2\",\"value\":97,\"unit\":\"%\",\"quality\":\"ok\"" },
  { "#8 missing", group_off, 4, "finger off" },
  { "#1", group1_140_95, 3, "\"PR\",\"value\":140," },
  { "#1 disconnected beats values", group1_off, 3, "\"value\":97,\"unit\":\"%\",\"quality\":\"invalid\"" },
};

START_TEST (groups_become_events)
{
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  ChsCounters counters;
  g_autofree char *events = NULL;

  for (guint i = 0; i < 6; i++)
    g_byte_array_append (stream, groups[_i].bytes, (guint) groups[_i].n);
  events = driver_check_dup_events (&chs_driver_nonin_8, stream->data, stream->len, 1, &counters);
  ck_assert_msg (counters.frames_ok == 4, "%s: %" G_GUINT64_FORMAT, groups[_i].name, counters.frames_ok);
  ck_assert_msg (strstr (events, groups[_i].want) != NULL, "%s: %s", groups[_i].name, events);
  driver_check_splits (&chs_driver_nonin_8, stream->data, stream->len);
}
END_TEST

static GByteArray *
make_8 (guint i)
{
  GByteArray *group = g_byte_array_new ();
  const guint8 bytes[] = { 0x80, (guint8) (60 + i % 60), (guint8) (90 + i % 10), 0x20 };

  g_byte_array_append (group, bytes, sizeof bytes);
  return group;
}

START_TEST (torn_groups_are_refused)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make_8, 30);

  codec_check_cuts (&chs_driver_nonin_8, make_8, 12, 100); /* 40 bytes are ten whole groups: no trace is left */
  for (gsize at = 40; at < 44; at++) {
    ChsCounters counters;
    G_GNUC_UNUSED g_autofree char *events = codec_check_dup_damaged (&chs_driver_nonin_8, stream, at, 0, &counters);

    ck_assert_uint_ge (counters.frames_ok, 24);
    ck_assert_uint_le (counters.frames_ok, 27);
    ck_assert_uint_ge (counters.frames_bad, 1);
  }
}
END_TEST

START_TEST (simulated_groups_are_understood)
{
  SimCheck s;

  sim_check_open (&s, &chs_driver_nonin_8);
  ck_assert (s.simulator->option (s.sim, "format", _i == 0 ? "8" : "1"));
  sim_check_run (&s, 10);
  ck_assert_uint_ge (sim_check_count (&s, "\"SPO2\",\"value\":98,\"unit\":\"%\",\"quality\":\"ok\""), 7);
  sim_check_forget (&s);
  s.patient.spo2 = (double) NAN;
  sim_check_run (&s, 20);
  ck_assert_uint_eq (sim_check_count (&s, "\"quality\":\"ok\""), 0);
  ck_assert_uint_ge (sim_check_count (&s, "\"quality\":\"invalid\""), 10);
  ck_assert_uint_ge (sim_check_count (&s, "\"quality\":\"absent\""), 10);
  sim_check_close (&s);
}
END_TEST

/* ---- #13 ---- */

static const guint8 spot_example[] = { 0x00, 0x02, 0x00, 0x0D, 0x00, 0x0E, 0x20, 0x26, 0x11, 0x20, 0x14,
                                       0x45, 0x07, 0x00, 0x02, 0x00, 0x00, 0x48, 0x00, 0x61, 0x82, 0x03 };

static GByteArray *
make_13 (guint i)
{
  GByteArray *spot = g_byte_array_new ();
  guint8 bytes[sizeof spot_example], sum = 0;

  memcpy (bytes, spot_example, sizeof bytes);
  bytes[17] = (guint8) (60 + i % 100);
  for (guint k = 6; k < 20; k++)
    sum = (guint8) (sum + bytes[k]);
  bytes[20] = sum;
  g_byte_array_append (spot, bytes, sizeof bytes);
  return spot;
}

START_TEST (a_spot_becomes_events)
{
  g_autofree char *events = driver_check_dup_events (&chs_driver_nonin_13, spot_example, sizeof spot_example, 1, NULL);

  ck_assert_msg (strstr (events, "2026-11-20 14:45:07") != NULL, "%s", events);
  ck_assert_msg (strstr (events, "\"SPO2\",\"value\":97,") != NULL, "%s", events);
  ck_assert_msg (strstr (events, "\"PR\",\"value\":72,") != NULL, "%s", events);
  ck_assert_msg (strstr (events, "\"time\":\"estimated\"") != NULL, "%s", events);
}
END_TEST

START_TEST (spots_keep_their_properties)
{
  g_autoptr (GByteArray) stream = codec_check_stream (make_13, 12);

  driver_check_splits (&chs_driver_nonin_13, stream->data, stream->len);
  codec_check_cuts (&chs_driver_nonin_13, make_13, 0, 5); /* what is left of one heading may replace that of the next */
  codec_check_damage (&chs_driver_nonin_13, make_13, 4);
  ck_assert_uint_eq (codec_check_noise (&chs_driver_nonin_13, 5, 200000), 0);
}
END_TEST

/* A frame that claims to be long swallows a good one: it is given back. */
START_TEST (a_false_length_gives_back_what_it_swallowed)
{
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  guint8 pad[40] = { 0 };
  ChsCounters counters;
  g_autofree char *events = NULL;

  g_byte_array_append (stream, (const guint8 *) "\x00\x02\x00\x0D\x00\x36", 6);
  g_byte_array_append (stream, spot_example, sizeof spot_example);
  g_byte_array_append (stream, pad, sizeof pad);
  events = driver_check_dup_events (&chs_driver_nonin_13, stream->data, stream->len, stream->len, &counters);
  ck_assert_uint_eq (counters.frames_ok, 1);
  ck_assert_uint_eq (counters.frames_bad, 1);
}
END_TEST

START_TEST (simulated_spots_are_understood)
{
  SimCheck s;

  sim_check_open (&s, &chs_driver_nonin_13);
  sim_check_run (&s, 100);
  ck_assert_uint_eq (chs_driver_nonin_13.counters (s.check.state)->frames_ok, 10);
  ck_assert_uint_eq (sim_check_count (&s, "\"time\":\"unknown\""), 2); /* from memory */
  ck_assert_uint_eq (sim_check_count (&s, "\"time\":\"estimated\""), 18);
  sim_check_close (&s);
}
END_TEST

/* ---- printed line ---- */

static const struct {
  const char *line;
  guint       ok;
  const char *want;
} lines[] = {
  { "SPO2=098 HR=072", 1, "\"SPO2\",\"value\":98," },
  { "10:00:01 SPO2=098 HR=172", 1, "\"PR\",\"value\":172," },
  { "SPO2=100 HR=072 F", 1, "\"SPO2\",\"value\":100," },
  { "SPO2= 98  HR= 72 *", 1, "\"PR\",\"value\":72," },
  { "SPO2=--- HR=---", 1, "\"quality\":\"absent\"" },
  { "SPO2=108 HR=072", 0, NULL },
  { "SPO2=098 HR=0720", 0, NULL },
  { "SPO2=098 HR=", 0, NULL },
  { "SPO2=098", 0, NULL },
  { "O2=098 HR=072", 0, NULL },
  { "SPO2=098 HR=072 x", 0, NULL },
  { "NONIN 9847 20-NOV-26", 0, NULL },
};

START_TEST (a_printed_line_is_whole_or_refused)
{
  g_autofree char *text = g_strdup_printf ("%s\r\n", lines[_i].line);
  ChsCounters counters;
  g_autofree char *events = driver_check_dup_events (&chs_driver_nonin_ascii, text, strlen (text), 1, &counters);

  ck_assert_msg (counters.frames_ok == lines[_i].ok, "%s", lines[_i].line);
  ck_assert_msg ((lines[_i].want == NULL) == (events[0] == '\0'), "%s: %s", lines[_i].line, events);
  ck_assert_msg (lines[_i].want == NULL || strstr (events, lines[_i].want) != NULL, "%s: %s", lines[_i].line, events);
}
END_TEST

START_TEST (simulated_lines_are_understood)
{
  SimCheck s;

  sim_check_open (&s, &chs_driver_nonin_ascii);
  sim_check_run (&s, 10);
  ck_assert_uint_eq (chs_driver_nonin_ascii.counters (s.check.state)->frames_ok, 9); /* the first is torn */
  s.patient.spo2 = (double) NAN;
  sim_check_run (&s, 2);
  ck_assert_uint_eq (sim_check_count (&s, "\"quality\":\"absent\""), 4);
  ck_assert_uint_eq (codec_check_noise (&chs_driver_nonin_ascii, 1, 50000), 0);
  sim_check_close (&s);
}
END_TEST

static Suite *
nonin_suite (void)
{
  Suite *suite = suite_create ("nonin");
  TCase *tc = tcase_create ("nonin");

  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, a_packet_becomes_events, 0, G_N_ELEMENTS (packets));
  tcase_add_loop_test (tc, packets_keep_their_properties, 0, 2);
  tcase_add_test (tc, a_pleth_of_16_bits_is_whole);
  tcase_add_test (tc, a_frozen_timer_is_told);
  tcase_add_test (tc, the_fixture_is_decoded);
  tcase_add_loop_test (tc, a_simulated_packet_stream_is_understood, 0, 2);
  tcase_add_loop_test (tc, groups_become_events, 0, G_N_ELEMENTS (groups));
  tcase_add_test (tc, torn_groups_are_refused);
  tcase_add_loop_test (tc, simulated_groups_are_understood, 0, 2);
  tcase_add_test (tc, a_spot_becomes_events);
  tcase_add_test (tc, spots_keep_their_properties);
  tcase_add_test (tc, a_false_length_gives_back_what_it_swallowed);
  tcase_add_test (tc, simulated_spots_are_understood);
  tcase_add_loop_test (tc, a_printed_line_is_whole_or_refused, 0, G_N_ELEMENTS (lines));
  tcase_add_test (tc, simulated_lines_are_understood);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (nonin_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/datex-s5-codec.h"
#include "devices/tx-guard.h"
#include "tests/driver-check.h"
#include "tests/sim-line.h"

#include <math.h>

extern const ChsDriver chs_driver_datex_s5;
extern const ChsSimulator chs_simulator_datex_s5;

/* ---- frames ---- */

typedef struct {
  GByteArray *wire;
  GArray     *ends;
} Stream;

static Stream
random_stream (GRand *rand, guint n_frames)
{
  Stream s = { g_byte_array_new (), g_array_new (FALSE, FALSE, sizeof (gsize)) };

  for (guint i = 0; i < n_frames; i++) {
    guint8 record[300], frame[700];
    gsize n = (gsize) g_rand_int_range (rand, CHS_S5_HEADER + 1, 300), length;

    for (gsize k = 0; k < n; k++)
      record[k] = g_rand_boolean (rand) ? (guint8) g_rand_int (rand) : (guint8) "\x7E\x7D\x5E\x5D"[g_rand_int_range (rand, 0, 4)];
    record[0] = (guint8) n;
    record[1] = (guint8) (n >> 8);
    length = chs_s5_frame_write (record, n, frame, sizeof frame);
    ck_assert_uint_gt (length, 0);
    g_byte_array_append (s.wire, frame, (guint) length);
    length = s.wire->len;
    g_array_append_val (s.ends, length);
  }
  return s;
}

static void
stream_clear (Stream *s)
{
  g_byte_array_unref (s->wire);
  g_array_unref (s->ends);
}

static guint
count_frames (const guint8 *p, gsize n, gsize piece)
{
  ChsS5Framer framer = { 0 };
  guint frames = 0;

  for (gsize done = 0; done < n;) {
    const guint8 *record;
    gsize used, length, now = MIN (piece, n - done);

    frames += chs_s5_framer_feed (&framer, p + done, now, &used, &record, &length) == CHS_FEED_FRAME;
    done += used;
  }
  return frames;
}

START_TEST (any_split_gives_the_same_frames)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  Stream s = random_stream (rand, 200);

  for (guint i = 0; i < G_N_ELEMENTS (driver_check_pieces); i++)
    ck_assert_uint_eq (count_frames (s.wire->data, s.wire->len, driver_check_pieces[i]), 200);
  stream_clear (&s);
}
END_TEST

START_TEST (cut_frames_cost_themselves_alone)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  Stream s = random_stream (rand, 1000);
  g_autoptr (GByteArray) cut = g_byte_array_new ();
  gsize start = 0;

  for (guint i = 0; i < s.ends->len; i++) {
    gsize end = g_array_index (s.ends, gsize, i), n = end - start, lost = i % 10 == 9 ? 40 : 0;
    /* Inside the frame: between its flags. */
    gsize at = lost > 0 ? (gsize) g_rand_int_range (rand, 1, (gint32) (n - lost)) : 0;

    g_byte_array_append (cut, s.wire->data + start, (guint) at);
    g_byte_array_append (cut, s.wire->data + start + at + lost, (guint) (n - at - lost));
    start = end;
  }
  ck_assert_uint_eq (count_frames (cut->data, cut->len, cut->len), 900);
  stream_clear (&s);
}
END_TEST

/* A plain sum sees every single flipped bit and every dropped byte that is not zero. */
START_TEST (a_flipped_or_dropped_byte_never_makes_a_false_frame)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  Stream s = random_stream (rand, 1);
  gsize n = s.wire->len;

  for (gsize i = 0; i < n; i++) {
    g_autofree guint8 *copy = g_memdup2 (s.wire->data, n);

    for (guint bit = 0; bit < 8; bit++) {
      guint frames;

      copy[i] ^= (guint8) (1u << bit);
      frames = count_frames (copy, n, n);
      copy[i] ^= (guint8) (1u << bit);
      /* After an escape bit 5 means nothing: flipped or not, it is the same byte. */
      if (i > 0 && s.wire->data[i - 1] == 0x7D && bit == 5)
        continue;
      ck_assert_msg (frames == 0, "byte %zu, bit %u", i, bit);
    }
    memmove (copy + i, copy + i + 1, n - i - 1);
    ck_assert_msg (i == 0 || count_frames (copy, n - 1, n) == 0, "byte %zu dropped", i);
  }
  stream_clear (&s);
}
END_TEST

/* What goes out is, byte for byte, what the vendor's document prints (section 4 of the protocol note). */
static const struct {
  guint       query;
  const char *wire;
} requests[] = {
  { 0, "7e310000000000000000000000000000000000000000ff0000000000000000000000000000000000000105000e0000000000447e" },
  { 1, "7e310000000000000000000000000000000000000000ff000000000000000000000000000000000000040a000000000000003e7e" },
  { 3, "7e340000000000000000000000000004000000000000ff000000000000000000000000000000000000020000000000000000000000397e" },
  { 4, "7e480000000000000000000000000001000000000000ff00000000000000000000000000000000000001000000ff0000000000000000000000000000"
       "00000000000000000000000000487e" },
  { 5, "7e340000000000000000000000000004000000000000ff0000000000000000000000000000000000000300000000000000000000003a7e" },
  { 6, "7e310000000000000000000000000000000000000000ff000000000000000000000000000000000000010000000000000000317e" },
};

START_TEST (requests_are_those_of_the_document)
{
  const ChsPart *part = chs_driver_datex_s5.queries[requests[_i].query].parts;
  guint8 frame[256];
  gsize n = chs_driver_datex_s5.wrap (NULL, (const guint8 *) part->bytes, part->n, frame, sizeof frame);
  g_autoptr (GString) hex = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (hex, "%02x", frame[i]);
  ck_assert_str_eq (hex->str, requests[_i].wire);
  ck_assert (chs_tx_guard_match (&chs_driver_datex_s5.queries[requests[_i].query], (const guint8 *) part->bytes, part->n));
}
END_TEST

START_TEST (random_records_are_read_inside_their_bounds)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) _i);
  DriverCheck check;

  driver_check_open (&check, &chs_driver_datex_s5);
  for (guint round = 0; round < 3000; round++) {
    gsize n = (gsize) g_rand_int_range (rand, 20, 400);
    g_autofree guint8 *data = g_malloc (n);

    for (gsize i = 0; i < n; i++)
      data[i] = g_rand_int_range (rand, 0, 3) == 0 ? (guint8) g_rand_int (rand) : (guint8) g_rand_int_range (rand, 0, 4);
    data[0] = (guint8) n;
    data[1] = (guint8) (n >> 8);
    data[14] = (guint8) "\x00\x01\x04"[round % 3];
    data[15] = 0;
    (void) chs_driver_datex_s5.message (check.state, data, n, 0, &check.sink);
  }
  driver_check_close (&check);
}
END_TEST

/* ---- driver and simulator ---- */

START_TEST (a_session_gives_numerics_and_waves)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_datex_s5, &chs_simulator_datex_s5, NULL);
  line.patient.hr = 125; /* 7D and 7E need their escapes */
  line.patient.pr = 126;
  line.patient.etco2_mmhg = 38;
  sim_line_run (&line, 22);
  ck_assert_uint_ge (sim_line_count (&line, "\"HR\",\"value\":125"), 4);
  ck_assert_uint_ge (sim_line_count (&line, "\"PR\",\"value\":126"), 4);
  ck_assert_uint_ge (sim_line_count (&line, "\"SPO2\",\"value\":98"), 4);
  ck_assert_uint_ge (sim_line_count (&line, "\"ETCO2\",\"value\":38"), 4);
  ck_assert_uint_ge (sim_line_count (&line, "\"ECG_WAVE\""), 90);
  ck_assert_uint_eq (sim_line_count (&line, "\"identity\""), 1);
  sim_line_close (&line);
}
END_TEST

/* With and without the auxiliary record, with old values or none while the cuff works: one reading, told once. */
static const struct {
  const char *options[5];
  const char *mark;
} cuffs[] = {
  { { NULL }, "\"estimated\"" },
  { { "cuff", "blank", NULL }, "\"estimated\"" },
  { { "auxiliary", "off", NULL }, "\"estimated\"" },
  { { "auxiliary", "off", "cuff", "blank", NULL }, "\"estimated\"" },
};

START_TEST (each_cuff_reading_is_told_once)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_datex_s5, &chs_simulator_datex_s5, cuffs[_i].options);
  sim_line_run (&line, 12);
  for (guint reading = 1; reading <= 3; reading++) {
    line.patient.nibp_inflating = true;
    sim_line_run (&line, 30);
    line.patient.nibp_inflating = false;
    line.patient.nibp_count = reading;
    line.patient.nibp_sys = 118; /* the same numbers each time */
    line.patient.nibp_dia = 76;
    line.patient.nibp_mean = 90;
    sim_line_run (&line, 100);
    ck_assert_uint_eq (sim_line_count (&line, "\"NIBP_SYS\",\"value\":118"), reading);
  }
  ck_assert_uint_eq (sim_line_count (&line, "\"nibp_start\""), 3);
  ck_assert_uint_ge (sim_line_count (&line, cuffs[_i].mark), 9);
  sim_line_close (&line);
}
END_TEST

START_TEST (a_reading_older_than_the_connection_is_dated_by_the_auxiliary_record)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_datex_s5, &chs_simulator_datex_s5, NULL);
  line.patient.monitor_on = false;
  line.patient.nibp_count = 1;
  line.patient.nibp_sys = 121;
  line.patient.nibp_dia = 75;
  line.patient.nibp_mean = 92;
  sim_line_run (&line, 300);
  line.patient.monitor_on = true;
  sim_line_run (&line, 40);
  ck_assert_uint_eq (sim_line_count (&line, "\"NIBP_SYS\",\"value\":121"), 1);
  ck_assert_uint_eq (sim_line_count (&line, "\"exact\""), 4);
  sim_line_close (&line);
}
END_TEST

START_TEST (a_lost_flag_costs_two_records_and_no_more)
{
  static const char *const options[] = { "flag", "off", NULL };
  SimLine line;

  sim_line_open (&line, &chs_driver_datex_s5, &chs_simulator_datex_s5, options);
  sim_line_run (&line, 60);
  ck_assert_uint_gt (chs_driver_datex_s5.counters (line.check.state)->frames_ok, 180);
  ck_assert_uint_eq (chs_driver_datex_s5.counters (line.check.state)->unknown % 3, 0); /* the other classes only */
  sim_line_close (&line);
}
END_TEST

START_TEST (an_alarm_of_the_monitor_begins_and_ends_once)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_datex_s5, &chs_simulator_datex_s5, NULL);
  sim_line_run (&line, 6);
  g_strlcpy (line.patient.monitor_alarm, "HF hoch", sizeof line.patient.monitor_alarm);
  sim_line_run (&line, 6);
  ck_assert_uint_eq (sim_line_count (&line, "HF hoch"), 1);
  line.patient.monitor_alarm[0] = '\0';
  sim_line_run (&line, 6);
  ck_assert_uint_eq (sim_line_count (&line, "HF hoch"), 2);
  sim_line_close (&line);
}
END_TEST

START_TEST (a_monitor_switched_off_and_on_is_asked_again)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_datex_s5, &chs_simulator_datex_s5, NULL);
  sim_line_run (&line, 12);
  line.patient.monitor_on = false;
  sim_line_run (&line, 30);
  line.patient.monitor_on = true;
  g_string_truncate (line.check.events, 0);
  sim_line_run (&line, 30);
  ck_assert_uint_ge (sim_line_count (&line, "\"HR\",\"value\":72"), 2);
  sim_line_close (&line);
}
END_TEST

/* ---- recorded bytes ---- */

START_TEST (a_recorded_record_is_understood)
{
  gsize n;
  g_autofree guint8 *bytes = driver_check_dup_case ("monitors/datex_s5_trends_record.bin", &n);
  DriverCheck check;

  if (bytes == NULL)
    return;
  driver_check_open (&check, &chs_driver_datex_s5);
  ck_assert (chs_driver_datex_s5.message (check.state, bytes, n, 0, &check.sink));
  ck_assert_uint_eq (driver_check_count (check.events->str, "\"ABP_SYS\",\"value\":9,"), 1);
  ck_assert_uint_eq (driver_check_count (check.events->str, "\"ABP_MEAN\",\"value\":4.86"), 1);
  ck_assert_uint_eq (driver_check_count (check.events->str, "\"TEMP\",\"value\":18,"), 1);
  ck_assert_uint_eq (driver_check_count (check.events->str, "\"SPO2\",\"value\":null"), 1);
  ck_assert_uint_eq (driver_check_count (check.events->str, "plug 35588"), 1);
  ck_assert_uint_eq (driver_check_count (check.events->str, "NIBP"), 0);
  driver_check_close (&check);
}
END_TEST

static Suite *
datex_s5_suite (void)
{
  Suite *suite = suite_create ("datex-s5");
  TCase *tc = tcase_create ("codec");

  tcase_set_timeout (tc, 60);
  tcase_add_test (tc, any_split_gives_the_same_frames);
  tcase_add_test (tc, cut_frames_cost_themselves_alone);
  tcase_add_test (tc, a_flipped_or_dropped_byte_never_makes_a_false_frame);
  tcase_add_loop_test (tc, requests_are_those_of_the_document, 0, G_N_ELEMENTS (requests));
  tcase_add_loop_test (tc, random_records_are_read_inside_their_bounds, 0, 10);
  suite_add_tcase (suite, tc);
  tc = tcase_create ("dialogue");
  tcase_set_timeout (tc, 60);
  tcase_add_test (tc, a_session_gives_numerics_and_waves);
  tcase_add_loop_test (tc, each_cuff_reading_is_told_once, 0, G_N_ELEMENTS (cuffs));
  tcase_add_test (tc, a_reading_older_than_the_connection_is_dated_by_the_auxiliary_record);
  tcase_add_test (tc, a_lost_flag_costs_two_records_and_no_more);
  tcase_add_test (tc, an_alarm_of_the_monitor_begins_and_ends_once);
  tcase_add_test (tc, a_monitor_switched_off_and_on_is_asked_again);
  suite_add_tcase (suite, tc);
  tc = tcase_create ("recorded");
  tcase_add_test (tc, a_recorded_record_is_understood);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (datex_s5_suite)

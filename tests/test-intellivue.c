/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/intellivue-codec.h"
#include "devices/tx-guard.h"
#include "tests/driver-check.h"
#include "tests/sim-line.h"

#include <math.h>

extern const ChsDriver chs_driver_intellivue;
extern const ChsSimulator chs_simulator_intellivue;

#define S_US G_GINT64_CONSTANT (1000000)

/* ---- values ---- */

static const struct {
  guint32 wire;
  double  want;
} floats[] = {
  { 0xFF0003B6, 95.0 },   { 0x0000003C, 60.0 },  { 0xFEFFF000, -40.96 }, { 0xFD009FFB, 40.955 }, { 0x00000000, 0.0 },
  { 0x007FFFFF, NAN },    { 0x00800000, NAN },   { 0x007FFFFE, INFINITY }, { 0x00800002, -INFINITY }, { 0x02000003, 300.0 },
  { 0xFFFFFFFF, -0.1 },
};

START_TEST (a_float_is_read_as_the_wire_says)
{
  double got = chs_iv_float (floats[_i].wire);

  if (isfinite (floats[_i].want))
    ck_assert_msg (fabs (got - floats[_i].want) < 1e-12, "%08X: %g", floats[_i].wire, got);
  else
    ck_assert_msg (isnan (got) == isnan (floats[_i].want) && (isnan (got) || signbit (got) == signbit (floats[_i].want)), "%08X: %g",
                   floats[_i].wire, got);
}
END_TEST

static const struct {
  const char *name;
  guint8      bcd[8];
  gboolean    good;
  gint64      want_s;
} times[] = {
  { "a real one", { 0x20, 0x17, 0x11, 0x04, 0x14, 0x45, 0x59, 0x00 }, TRUE, 1509806759 },
  { "a leap day", { 0x20, 0x24, 0x02, 0x29, 0x00, 0x00, 0x00, 0x00 }, TRUE, 1709164800 },
  { "not available", { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, FALSE, 0 },
  { "no such month", { 0x20, 0x17, 0x13, 0x04, 0x14, 0x45, 0x59, 0x00 }, FALSE, 0 },
  { "not decimal", { 0x20, 0x1A, 0x11, 0x04, 0x14, 0x45, 0x59, 0x00 }, FALSE, 0 },
};

START_TEST (an_absolute_time_is_a_time_or_nothing)
{
  gint64 us = 0;

  ck_assert_msg (chs_iv_abs_time (times[_i].bcd, &us) == times[_i].good, "%s", times[_i].name);
  ck_assert_msg (us == times[_i].want_s * S_US, "%s: %" G_GINT64_FORMAT, times[_i].name, us);
}
END_TEST

/* ---- frames ---- */

/* Worked examples of the note, section 2: data, FCS low byte first. */
START_TEST (the_frame_check_sequence_is_that_of_ppp)
{
  static const guint8 good[][4] = { { 0x3A, 0x71, 0x9B, 0x26 }, { 0x3A, 0x91, 0x95, 0xC1 } };
  ChsIvFramer framer;

  chs_iv_framer_init (&framer);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    ck_assert_uint_eq (chs_iv_fcs (&framer, good[i], 4), 0xF0B8);
}
END_TEST

/* Section 14: what a client's keep-alive looks like on the wire, byte for byte. */
START_TEST (a_frame_is_written_as_the_monitor_expects_it)
{
  static const guint8 data[] = {
    0xE1, 0x00, 0x00, 0x02, 0x00, 0x01, 0x00, 0x1C, 0x00, 0x01, 0x00, 0x07, 0x00, 0x16, 0x00, 0x21, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0C, 0x16, 0x00, 0x08, 0x00, 0x01, 0x00, 0x01, 0x00, 0x36, 0x08, 0x11,
  };
  guint8 frame[96];
  gsize n = chs_iv_frame_write (data, sizeof data, frame, sizeof frame);

  ck_assert_uint_eq (n, sizeof data + 8);
  ck_assert_mem_eq (frame, "\xC0\x11\x01\x00\x24", 5);
  ck_assert_mem_eq (frame + n - 3, "\xA0\x8E\xC1", 3);
  ck_assert_uint_eq (chs_iv_frame_write (data, sizeof data, frame, n - 1), 0);
}
END_TEST

typedef struct {
  GByteArray *wire;
  GArray     *ends; /* gsize: first byte behind each frame */
} Stream;

static Stream
random_stream (GRand *rand, guint n_frames)
{
  Stream s = { g_byte_array_new (), g_array_new (FALSE, FALSE, sizeof (gsize)) };

  for (guint i = 0; i < n_frames; i++) {
    guint8 data[300], frame[700];
    gsize n = (gsize) g_rand_int_range (rand, 1, 300), length;

    for (gsize k = 0; k < n; k++) /* the special bytes come often */
      data[k] = g_rand_boolean (rand) ? (guint8) g_rand_int (rand) : (guint8) "\xC0\xC1\x7D\x00"[g_rand_int_range (rand, 0, 4)];
    length = chs_iv_frame_write (data, n, frame, sizeof frame);
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
  ChsIvFramer framer;
  guint frames = 0;

  chs_iv_framer_init (&framer);
  for (gsize done = 0; done < n;) {
    const guint8 *data;
    gsize used, length, now = MIN (piece, n - done);

    frames += chs_iv_framer_feed (&framer, p + done, now, &used, &data, &length) == CHS_FEED_FRAME;
    done += used;
  }
  ck_assert_uint_eq (frames, framer.frames_ok);
  return frames;
}

/* At the edge of what a frame may hold, and beyond it, with and without an escape there: counted the same in any split,
 * and the frame after it is whole. */
START_TEST (a_frame_too_long_is_dropped_and_counted)
{
  static const gsize pieces[] = { 1, 2, 3, 7, 64, 8192 };
  gsize n_bytes = CHS_IV_FRAME_MAX - 9 + (gsize) _i; /* of plain bytes between C0 and C1 */
  g_autoptr (GByteArray) wire = g_byte_array_new ();
  guint8 frame[64];
  gsize n = chs_iv_frame_write ((const guint8 *) "\xE1 good", 6, frame, sizeof frame);

  g_byte_array_append (wire, (const guint8 *) "\xC0", 1);
  for (gsize i = 0; i < n_bytes; i++)
    g_byte_array_append (wire, (const guint8 *) (i == CHS_IV_FRAME_MAX - 3 ? "\x7D\x5D" : "\x55"), i == CHS_IV_FRAME_MAX - 3 ? 2 : 1);
  g_byte_array_append (wire, (const guint8 *) "\xC1", 1);
  g_byte_array_append (wire, frame, (guint) n);
  for (guint k = 0; k < G_N_ELEMENTS (pieces); k++) {
    ChsIvFramer framer;
    const guint8 *data;
    gsize used, length;

    chs_iv_framer_init (&framer);
    for (gsize done = 0; done < wire->len; done += used)
      (void) chs_iv_framer_feed (&framer, wire->data + done, MIN (pieces[k], wire->len - done), &used, &data, &length);
    ck_assert_uint_eq (framer.frames_ok, 1);
    ck_assert_uint_eq (framer.frames_bad, 1);
    ck_assert_uint_eq (framer.bytes_skipped, n_bytes);
  }
}
END_TEST

START_TEST (any_split_gives_the_same_frames)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  Stream s = random_stream (rand, 200);

  for (guint i = 0; i < G_N_ELEMENTS (driver_check_pieces); i++)
    ck_assert_uint_eq (count_frames (s.wire->data, s.wire->len, driver_check_pieces[i]), 200);
  stream_clear (&s);
}
END_TEST

/* Of 1000 frames with 40 bytes cut out of every 10th, 900 are left. */
START_TEST (cut_frames_cost_themselves_alone)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  Stream s = random_stream (rand, 1000);
  g_autoptr (GByteArray) cut = g_byte_array_new ();
  gsize start = 0;
  guint intact = 0;

  for (guint i = 0; i < s.ends->len; i++) {
    gsize end = g_array_index (s.ends, gsize, i), n = end - start;
    gsize lost = i % 10 == 9 ? MIN (40, n) : 0;
    gsize at = lost > 0 ? (gsize) g_rand_int_range (rand, 0, (gint32) (n - lost + 1)) : 0;

    intact += lost == 0;
    g_byte_array_append (cut, s.wire->data + start, (guint) at);
    g_byte_array_append (cut, s.wire->data + start + at + lost, (guint) (n - at - lost));
    start = end;
  }
  ck_assert_uint_eq (intact, 900);
  ck_assert_uint_eq (count_frames (cut->data, cut->len, cut->len), 900);
  stream_clear (&s);
}
END_TEST

/* Random byte errors and dropped chunks: every frame that was left alone is decoded, and no other. */
START_TEST (every_intact_frame_survives_noise)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (100 + (guint32) _i);
  Stream s = random_stream (rand, 300);
  g_autoptr (GByteArray) noisy = g_byte_array_new ();
  gsize start = 0;
  guint intact = 0;

  for (guint i = 0; i < s.ends->len; i++) {
    gsize end = g_array_index (s.ends, gsize, i);
    gboolean touched = FALSE;

    for (gsize k = start; k < end; k++) {
      guint8 byte = s.wire->data[k];

      if (g_rand_int_range (rand, 0, 2000) == 0) {
        byte ^= (guint8) g_rand_int_range (rand, 1, 256);
        touched = TRUE;
      } else if (g_rand_int_range (rand, 0, 4000) == 0) {
        touched = TRUE;
        continue;
      }
      g_byte_array_append (noisy, &byte, 1);
    }
    intact += !touched;
    start = end;
  }
  ck_assert_uint_lt (intact, 300);
  ck_assert_uint_eq (count_frames (noisy->data, noisy->len, 7), intact);
  stream_clear (&s);
}
END_TEST

START_TEST (a_flipped_or_dropped_byte_never_makes_a_false_frame)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  Stream s = random_stream (rand, 1);
  gsize n = s.wire->len;

  for (gsize i = 0; i < n; i++) {
    g_autofree guint8 *copy = g_memdup2 (s.wire->data, n);

    for (guint bit = 0; bit < 8; bit++) {
      copy[i] ^= (guint8) (1u << bit);
      ck_assert_msg (count_frames (copy, n, n) == 0, "byte %zu, bit %u", i, bit);
      copy[i] ^= (guint8) (1u << bit);
    }
    memmove (copy + i, copy + i + 1, n - i - 1);
    ck_assert_msg (count_frames (copy, n - 1, n) == 0, "byte %zu dropped", i);
  }
  stream_clear (&s);
}
END_TEST

/* A reader that trusts no length: random bytes behind every kind of head. */
START_TEST (random_messages_are_read_inside_their_bounds)
{
  static const guint8 heads[][10] = {
    { 0xE1, 0, 0, 2, 0, 2, 1, 0, 0, 1 }, { 0xE1, 0, 0, 2, 0, 5, 1, 0, 1, 1 }, { 0xE1, 0, 0, 2, 0, 1, 1, 0, 0, 1 },
    { 0x0E, 0xCE, 0xBE, 0x80, 0x28, 0x80, 0x81, 0x82, 0xFF, 0xFF },
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) _i);
  DriverCheck check;

  driver_check_open (&check, &chs_driver_intellivue);
  for (guint round = 0; round < 3000; round++) {
    gsize n = (gsize) g_rand_int_range (rand, 1, 200);
    g_autofree guint8 *data = g_malloc (n); /* exactly so long: the sanitizer sees a step beyond */

    for (gsize i = 0; i < n; i++)
      data[i] = g_rand_int_range (rand, 0, 3) == 0 ? (guint8) g_rand_int (rand) : (guint8) g_rand_int_range (rand, 0, 8);
    memcpy (data, heads[round % 4], MIN (n, 10));
    (void) chs_driver_intellivue.message (check.state, data, n, 0, &check.sink);
  }
  driver_check_close (&check);
}
END_TEST

/* ---- driver and simulator ---- */

START_TEST (a_session_runs_from_association_to_waves)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, NULL);
  sim_line_run (&line, 8);
  ck_assert_uint_eq (sim_line_count (&line, "\"identity\""), 1);
  ck_assert_uint_ge (sim_line_count (&line, "\"HR\",\"value\":72"), 3);
  ck_assert_uint_ge (sim_line_count (&line, "\"SPO2\",\"value\":98"), 3);
  ck_assert_uint_ge (sim_line_count (&line, "\"ECG_WAVE\""), 8);
  ck_assert_uint_ge (sim_line_count (&line, "\"PLETH_WAVE\""), 8);
  ck_assert_uint_eq (sim_line_count (&line, "\"NIBP_SYS\""), 0);
  sim_line_close (&line);
}
END_TEST

START_TEST (a_cuff_reading_comes_once_with_its_time)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, NULL);
  sim_line_run (&line, 5);
  line.patient.nibp_count = 1;
  line.patient.nibp_sys = 118;
  line.patient.nibp_dia = 76;
  line.patient.nibp_mean = 90;
  sim_line_run (&line, 30);
  ck_assert_uint_eq (sim_line_count (&line, "\"NIBP_SYS\",\"value\":118"), 1);
  ck_assert_uint_eq (sim_line_count (&line, "\"NIBP_SYS\""), 1);
  ck_assert_uint_eq (sim_line_count (&line, "\"exact\""), 3);
  line.patient.nibp_count = 2; /* the same numbers again are a new reading */
  sim_line_run (&line, 5);
  ck_assert_uint_eq (sim_line_count (&line, "\"NIBP_SYS\",\"value\":118"), 2);
  sim_line_close (&line);
}
END_TEST

static const char *const absent_ways[][3] = { { "absent", "state", NULL }, { "absent", "omit", NULL } };

START_TEST (a_sensor_that_is_off_is_absent_not_zero)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, absent_ways[_i]);
  sim_line_run (&line, 5);
  ck_assert_uint_eq (sim_line_count (&line, "\"SPO2\",\"value\":null"), 0);
  line.patient.spo2 = NAN;
  g_string_truncate (line.check.events, 0);
  sim_line_run (&line, 4);
  ck_assert_uint_ge (sim_line_count (&line, "\"SPO2\",\"value\":null"), 2);
  ck_assert_uint_eq (sim_line_count (&line, "\"SPO2\",\"value\":0"), 0);
  sim_line_close (&line);
}
END_TEST

START_TEST (kilopascals_become_millimetres)
{
  static const char *const options[] = { "pressure", "kPa", "linked", "on", NULL };
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, options);
  line.patient.abp_sys = 120;
  line.patient.abp_dia = 80;
  line.patient.abp_mean = 93;
  sim_line_run (&line, 6);
  ck_assert_uint_ge (sim_line_count (&line, "\"ABP_SYS\",\"value\":120.00992"), 2); /* 16.0 kPa */
  ck_assert_uint_ge (sim_line_count (&line, "\"SPO2\",\"value\":98"), 2);          /* in the second linked part */
  sim_line_close (&line);
}
END_TEST

START_TEST (demonstration_data_say_so_until_they_are_real)
{
  static const char *const options[] = { "demo", "off", NULL };
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, NULL);
  sim_line_run (&line, 5);
  ck_assert_uint_gt (sim_line_count (&line, "demo"), 0);
  sim_line_close (&line);
  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, options);
  sim_line_run (&line, 5);
  ck_assert_uint_eq (sim_line_count (&line, "\"flags\":[\"demo\"]"), 0);
  sim_line_close (&line);
}
END_TEST

START_TEST (another_client_is_told_of)
{
  static const char *const options[] = { "busy", "on", NULL };
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, options);
  sim_line_run (&line, 20);
  ck_assert_uint_ge (sim_line_count (&line, "another client is connected"), 2);
  ck_assert_uint_eq (sim_line_count (&line, "\"HR\""), 0);
  sim_line_close (&line);
}
END_TEST

START_TEST (silence_is_told_with_what_to_look_at)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, NULL);
  line.patient.monitor_on = false;
  sim_line_run (&line, 25);
  ck_assert_uint_eq (sim_line_count (&line, "fixed baud rate"), 1);
  sim_line_close (&line);
}
END_TEST

START_TEST (a_monitor_switched_off_and_on_is_associated_again)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, NULL);
  sim_line_run (&line, 5);
  line.patient.monitor_on = false;
  sim_line_run (&line, 20);
  line.patient.monitor_on = true;
  g_string_truncate (line.check.events, 0);
  sim_line_run (&line, 8);
  ck_assert_uint_ge (sim_line_count (&line, "\"HR\",\"value\":72"), 2);
  sim_line_close (&line);
}
END_TEST

START_TEST (an_alarm_of_the_monitor_begins_and_ends_once)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, NULL);
  sim_line_run (&line, 4);
  g_strlcpy (line.patient.monitor_alarm, "** HR HIGH", sizeof line.patient.monitor_alarm);
  sim_line_run (&line, 6);
  ck_assert_uint_eq (sim_line_count (&line, "** HR HIGH"), 1);
  line.patient.monitor_alarm[0] = '\0';
  sim_line_run (&line, 4);
  ck_assert_uint_eq (sim_line_count (&line, "** HR HIGH"), 2);
  sim_line_close (&line);
}
END_TEST

/* Half an hour: polls are renewed, the association is kept alive, nothing is asked that is not in the table. */
static guint n_refused;

static void
guarded_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  n_refused += !chs_tx_guard_match (&chs_driver_intellivue.queries[query], payload, n);
  driver_check_request (sink, query, payload, n);
}

START_TEST (half_an_hour_is_kept_alive_within_the_table)
{
  SimLine line;

  sim_line_open (&line, &chs_driver_intellivue, &chs_simulator_intellivue, NULL);
  line.check.sink.request = guarded_request;
  n_refused = 0;
  sim_line_run (&line, 1800);
  ck_assert_uint_ge (sim_line_count (&line, "\"HR\",\"value\":72"), 1740);
  ck_assert_uint_eq (sim_line_count (&line, "ended the association"), 0);
  ck_assert_uint_gt (line.check.n_sent, 180);
  ck_assert_uint_eq (n_refused, 0);
  sim_line_close (&line);
}
END_TEST

/* Nothing that sets or starts something at the bedside can be formed: settings other than our own wave list, actions
 * other than polls, and the same requests aimed at another object. */
static const struct {
  const char *name;
  gsize       at;
  guint8      byte;
} forgeries[] = {
  { "a set of another attribute", 33, 0x3B }, { "an event report", 11, 0x01 }, { "another object class", 15, 0x22 },
  { "another operation", 5, 0x02 },
};

START_TEST (nothing_else_can_be_sent)
{
  guint8 payload[256];
  const ChsQuery *list = &chs_driver_intellivue.queries[6]; /* the only set */
  gsize n = 0;

  for (const ChsPart *part = list->parts; part->kind != CHS_PART_END; part++) {
    if (part->kind == CHS_PART_BYTES)
      memcpy (payload + n, part->bytes, part->n);
    else
      memset (payload + n, 0, part->n);
    n += part->n;
  }
  ck_assert (chs_tx_guard_match (list, payload, n));
  payload[forgeries[_i].at] = forgeries[_i].byte;
  for (guint q = 0; q < chs_driver_intellivue.n_queries; q++)
    ck_assert_msg (!chs_tx_guard_match (&chs_driver_intellivue.queries[q], payload, n), "%s", forgeries[_i].name);
}
END_TEST

/* ---- recorded bytes ---- */

static char *
decode_hex_case (const char *path)
{
  gsize n;
  g_autofree char *text = (char *) driver_check_dup_case (path, &n);
  DriverCheck check;
  char *events;

  if (text == NULL)
    return NULL;
  driver_check_open (&check, &chs_driver_intellivue);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++) {
    gsize length = strlen (g_strstrip (*line)) / 2;
    g_autofree guint8 *bytes = g_malloc (length + 1);

    if (**line == '#' || length == 0)
      continue;
    for (gsize i = 0; i < length; i++)
      bytes[i] = (guint8) (g_ascii_xdigit_value ((*line)[2 * i]) << 4 | g_ascii_xdigit_value ((*line)[2 * i + 1]));
    ck_assert (chs_driver_intellivue.message (check.state, bytes, length, 0, &check.sink));
  }
  events = g_strdup (check.events->str);
  driver_check_close (&check);
  return events;
}

START_TEST (a_recorded_enumeration_is_understood)
{
  g_autofree char *events = decode_hex_case ("monitors/intellivue_m8000_session_excerpt.hex");

  if (events == NULL)
    return;
  ck_assert_uint_eq (driver_check_count (events, "Philips M8000"), 1);
  ck_assert_uint_ge (driver_check_count (events, "\"HR\",\"value\":60"), 1);
  ck_assert_uint_ge (driver_check_count (events, "\"ABP_SYS\",\"value\":120"), 1);
  ck_assert_uint_ge (driver_check_count (events, "\"NIBP_MEAN\",\"value\":90"), 1);
}
END_TEST

START_TEST (recorded_demographics_are_understood_and_not_kept)
{
  g_autofree char *events = decode_hex_case ("monitors/intellivue_m8000_ptdemog_reply.hex");

  if (events != NULL)
    ck_assert_str_eq (events, "");
}
END_TEST

START_TEST (a_recorded_serial_frame_holds)
{
  ChsCounters counters;
  gsize n, n_plain;
  g_autofree guint8 *wire = driver_check_dup_case ("monitors/intellivue_mx800_serial_frame_wire.bin", &n);
  g_autofree guint8 *plain = driver_check_dup_case ("monitors/intellivue_mx800_serial_frame_unstuffed.bin", &n_plain);
  g_autofree char *events = NULL;
  DriverCheck check;

  if (wire == NULL || plain == NULL)
    return;
  events = driver_check_dup_events (&chs_driver_intellivue, wire, n, 7, &counters);
  ck_assert_uint_eq (counters.frames_ok, 1);
  ck_assert_uint_eq (counters.frames_bad, 0);
  driver_check_open (&check, &chs_driver_intellivue);
  ck_assert (chs_driver_intellivue.message (check.state, plain, n_plain, 0, &check.sink));
  driver_check_close (&check);
}
END_TEST

static Suite *
intellivue_suite (void)
{
  Suite *suite = suite_create ("intellivue");
  TCase *tc = tcase_create ("codec");

  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, a_float_is_read_as_the_wire_says, 0, G_N_ELEMENTS (floats));
  tcase_add_loop_test (tc, an_absolute_time_is_a_time_or_nothing, 0, G_N_ELEMENTS (times));
  tcase_add_test (tc, the_frame_check_sequence_is_that_of_ppp);
  tcase_add_test (tc, a_frame_is_written_as_the_monitor_expects_it);
  tcase_add_loop_test (tc, a_frame_too_long_is_dropped_and_counted, 0, 24);
  tcase_add_test (tc, any_split_gives_the_same_frames);
  tcase_add_test (tc, cut_frames_cost_themselves_alone);
  tcase_add_loop_test (tc, every_intact_frame_survives_noise, 0, 20);
  tcase_add_test (tc, a_flipped_or_dropped_byte_never_makes_a_false_frame);
  tcase_add_loop_test (tc, random_messages_are_read_inside_their_bounds, 0, 10);
  suite_add_tcase (suite, tc);
  tc = tcase_create ("dialogue");
  tcase_set_timeout (tc, 60);
  tcase_add_test (tc, a_session_runs_from_association_to_waves);
  tcase_add_test (tc, a_cuff_reading_comes_once_with_its_time);
  tcase_add_loop_test (tc, a_sensor_that_is_off_is_absent_not_zero, 0, G_N_ELEMENTS (absent_ways));
  tcase_add_test (tc, kilopascals_become_millimetres);
  tcase_add_test (tc, demonstration_data_say_so_until_they_are_real);
  tcase_add_test (tc, another_client_is_told_of);
  tcase_add_test (tc, silence_is_told_with_what_to_look_at);
  tcase_add_test (tc, a_monitor_switched_off_and_on_is_associated_again);
  tcase_add_test (tc, an_alarm_of_the_monitor_begins_and_ends_once);
  tcase_add_test (tc, half_an_hour_is_kept_alive_within_the_table);
  tcase_add_loop_test (tc, nothing_else_can_be_sent, 0, G_N_ELEMENTS (forgeries));
  suite_add_tcase (suite, tc);
  tc = tcase_create ("recorded");
  tcase_add_test (tc, a_recorded_enumeration_is_understood);
  tcase_add_test (tc, recorded_demographics_are_understood_and_not_kept);
  tcase_add_test (tc, a_recorded_serial_frame_holds);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (intellivue_suite)

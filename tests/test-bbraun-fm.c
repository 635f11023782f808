/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/bbraun-fm-codec.h"
#include "tests/pump-check.h"

#include <math.h>

extern const ChsDriver chs_driver_bbraun_fm;

#define BYTE_NS 1041667

/* The computed frames of the protocol note. */
static const struct {
  const char *name, *hex;
  guint       address, segment;
  gsize       n; /* of the data */
} frames[] = {
  { "request IDENT, no address", "7E00010D2E7E", 0, 1, 0 },
  { "request STATUS, address A", "7E4102 03B07E", 'A', 2, 0 },
  { "request ISTWERT", "7E410313917E", 'A', 3, 0 },
  { "request SOLLWERT", "7E410463767E", 'A', 4, 0 },
  { "refused: wrong mode", "7E410215099F277E", 'A', 2, 2 },
  { "STATUS: running", "7E41020600 00000000 000000D2 000030D4 000009C4 0078 290B7E", 'A', 2, 20 },
  { "STATUS: pressure alarm", "7E41020600 00000008 00007DA012 000030D4 000009C4 0078 69907E", 'A', 2, 20 },
  { "ISTWERT", "7E410306 23 00000139 000F FFFF 00F0 0000 0032 FFFF FFFF 0000 4B767E", 'A', 3, 22 },
  { "SOLLWERT", "7E410406 000030D4 00001388 00F0 0001387DA0 0000 05 0000 4D672D53756C666174 2020202020202020202020 09857E", 'A', 4, 40 },
};
enum { RUNNING = 5, OCCLUDED, ACTUAL, SET };

static GByteArray *
bytes_of (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (const char *p = hex; *p != '\0'; p++)
    if (*p != ' ') {
      guint8 byte = (guint8) (g_ascii_xdigit_value (p[0]) << 4 | g_ascii_xdigit_value (p[1]));

      g_byte_array_append (bytes, &byte, 1);
      p++;
    }
  return bytes;
}

START_TEST (a_frame_reads_and_writes)
{
  g_autoptr (GByteArray) bytes = bytes_of (frames[_i].hex);
  g_autofree ChsFm *fm = g_new0 (ChsFm, 1);
  ChsFmFrame frame;
  guint8 payload[128], written[300];
  gsize n = 0, used = 0;

  ck_assert_int_eq (chs_fm_feed (fm, bytes->data, bytes->len, &used, &frame), CHS_FEED_FRAME);
  ck_assert_uint_eq (used, bytes->len);
  ck_assert_uint_eq (frame.address, frames[_i].address);
  ck_assert_uint_eq (frame.segment, frames[_i].segment);
  ck_assert_msg (frame.n == frames[_i].n, "%s: %zu", frames[_i].name, frame.n);
  payload[n++] = frame.address;
  payload[n++] = frame.segment;
  memcpy (payload + n, frame.data, frame.n);
  n = chs_fm_wrap (payload, n + frame.n, written, sizeof written);
  ck_assert_uint_eq (n, bytes->len);
  ck_assert_msg (memcmp (written, bytes->data, n) == 0, "%s", frames[_i].name);
}
END_TEST

START_TEST (layouts_are_read)
{
  ChsFmStatus status;
  ChsFmActual actual;
  ChsFmSet set;
  g_autoptr (GByteArray) running = bytes_of ("00 00000000 000000D2 000030D4 000009C4 0078");
  g_autoptr (GByteArray) now = bytes_of ("23 00000139 000F FFFF 00F0 0000 0032 FFFF FFFF 0000");
  g_autoptr (GByteArray) chosen = bytes_of ("000030D4 00001388 00F0 00013880 0000 05 0000 4D672D53756C666174 2020202020202020202020");
  g_autoptr (GByteArray) nothing = bytes_of ("FF FFFFFFFF FFFF FFFF FFFF FFFF");

  ck_assert (chs_fm_read_status (running->data, running->len, &status));
  ck_assert_double_eq_tol (status.rate_ml_h, 125.0, 1e-9);
  ck_assert_double_eq_tol (status.left_ml, 250.0, 1e-9);
  ck_assert_double_eq_tol (status.left_s, 7200.0, 1e-9);
  ck_assert (!chs_fm_read_status (running->data, running->len - 1, &status));
  ck_assert (chs_fm_read_actual (now->data, now->len, &actual));
  ck_assert_double_eq_tol (actual.pressure_pct, 35.0, 1e-9);
  ck_assert_double_eq_tol (actual.volume_ml, 31.3, 1e-9);
  ck_assert_double_eq_tol (actual.battery_min, 240.0, 1e-9);
  ck_assert (chs_fm_read_actual (nothing->data, nothing->len, &actual));
  ck_assert (isnan (actual.pressure_pct) && isnan (actual.volume_ml) && isnan (actual.battery_min));
  ck_assert (chs_fm_read_set (chosen->data, chosen->len, &set));
  ck_assert_double_eq_tol (set.vtbi_ml, 500.0, 1e-9);
  ck_assert_str_eq (set.drug, "Mg-Sulfat");
}
END_TEST

START_TEST (frames_stand_damage)
{
  g_autoptr (GByteArray) bytes = bytes_of (frames[SET].hex);
  g_autofree ChsFm *fm = g_new0 (ChsFm, 1);

  /* Without a dialogue no frame is an answer: look at the decoder itself. */
  for (gsize at = 1; at + 1 < bytes->len; at++)
    for (guint bit = 0; bit < 8; bit++) {
      g_autofree guint8 *damaged = g_memdup2 (bytes->data, bytes->len);
      ChsFmFrame frame;
      gsize used, n = bytes->len;

      damaged[at] ^= (guint8) (1u << bit);
      chs_fm_reset (fm);
      for (const guint8 *p = damaged; n > 0; p += used, n -= used)
        ck_assert_msg (chs_fm_feed (fm, p, n, &used, &frame) != CHS_FEED_FRAME, "byte %zu, bit %u", at, bit);
    }
  pump_check_resync (&chs_driver_bbraun_fm, bytes->data, bytes->len);
  pump_check_noise (&chs_driver_bbraun_fm);
}
END_TEST

START_TEST (an_endless_frame_is_bounded)
{
  g_autofree ChsFm *fm = g_new0 (ChsFm, 1);
  g_autoptr (GByteArray) good = bytes_of (frames[0].hex);
  ChsFmFrame frame;
  gsize used;
  guint8 byte = 'x';
  guint bad = 0;

  for (guint i = 0; i < 5000; i++)
    bad += chs_fm_feed (fm, &byte, 1, &used, &frame) == CHS_FEED_BAD;
  ck_assert_uint_eq (bad, 9);
  ck_assert_int_eq (chs_fm_feed (fm, good->data, good->len, &used, &frame), CHS_FEED_BAD);
  ck_assert_int_eq (chs_fm_feed (fm, good->data + used, good->len - used, &used, &frame), CHS_FEED_FRAME);
}
END_TEST

START_TEST (the_pump_tells_its_story)
{
  pump_check_story (&chs_driver_bbraun_fm, NULL, BYTE_NS);
}
END_TEST

START_TEST (a_bad_line_tells_nothing_false)
{
  static const struct {
    const char *options[2], *faults;
  } lines[] = { { { "checksum=4" }, NULL }, { { NULL }, "drop:0.001" }, { { NULL }, "flip:0.001" }, { { NULL }, "tear" }, { { NULL }, "delay:300" } };

  pump_check_bad_line (&chs_driver_bbraun_fm, lines[_i].options, lines[_i].faults, BYTE_NS, 20);
}
END_TEST

START_TEST (a_session_is_never_opened)
{
  static const char *const options[] = { "session=needed", NULL };
  g_autofree char *events = NULL;
  DriverTalk talk;

  driver_talk_open (&talk, &chs_driver_bbraun_fm, options, NULL, BYTE_NS);
  driver_talk_run (&talk, 60);
  events = driver_talk_dup_new_events (&talk);
  ck_assert_uint_eq (driver_check_count (events, "documentation-mode session"), 1);
  ck_assert_uint_eq (driver_check_count (events, "\"type\":\"pump\""), 0);
  ck_assert_ptr_nonnull (strstr (events, "B. Braun Infusomat fmS 51234"));
  driver_talk_close (&talk);
}
END_TEST

/* Every segment that writes, and reads with something behind them. */
START_TEST (nothing_else_may_be_sent)
{
  for (guint segment = 0; segment < 256; segment++) {
    const char payload[] = { 0, (char) segment, 0 };

    if (segment < CHS_FM_IDENT || segment > CHS_FM_SET)
      pump_check_forbidden (&chs_driver_bbraun_fm, payload, 2);
    pump_check_forbidden (&chs_driver_bbraun_fm, payload, 3);
  }
  pump_check_forbidden (&chs_driver_bbraun_fm, "[\x01", 2);
  pump_check_forbidden (&chs_driver_bbraun_fm, "\x01", 1);
  pump_check_forbidden (&chs_driver_bbraun_fm, "", 0);
}
END_TEST

static Suite *
bbraun_fm_suite (void)
{
  Suite *suite = suite_create ("bbraun-fm");
  TCase *tc = tcase_create ("bbraun-fm");

  tcase_add_loop_test (tc, a_frame_reads_and_writes, 0, G_N_ELEMENTS (frames));
  tcase_add_test (tc, layouts_are_read);
  tcase_add_test (tc, frames_stand_damage);
  tcase_add_test (tc, an_endless_frame_is_bounded);
  tcase_add_test (tc, the_pump_tells_its_story);
  tcase_add_loop_test (tc, a_bad_line_tells_nothing_false, 0, 5);
  tcase_add_test (tc, a_session_is_never_opened);
  tcase_add_test (tc, nothing_else_may_be_sent);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (bbraun_fm_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/sim-line.h"

#include <string.h>

#define BYTE_NS 1041667 /* 9600/8n1 */
#define SECOND ((gint64) G_USEC_PER_SEC)

static const struct {
  const char *text;
  gboolean    ok;
} faults[] = {
  { "drop:0.01", TRUE }, { "drop:0.01,flip:0.5,tear,delay:200,silence:3-5,silence:7-9,hangup:60-65", TRUE }, { "hangup:60", TRUE },
  { "silence:5", TRUE }, { "", FALSE }, { "drop", FALSE }, { "drop:2", FALSE }, { "drop:-1", FALSE }, { "tear:1", FALSE },
  { "delay:abc", FALSE }, { "parity", TRUE }, { "no-parity", TRUE }, { "no-parity:1", FALSE }, { "parity:even", FALSE }, { "melt", FALSE }, { "silence:5-3", FALSE }, { "melt:1", FALSE }, { "drop:0.1,", FALSE },
};

START_TEST (faults_are_read_strictly)
{
  ChsSimFaults parsed;

  chs_sim_faults_init (&parsed);
  ck_assert_msg (chs_sim_faults_parse (faults[_i].text, &parsed, NULL) == faults[_i].ok, "\"%s\"", faults[_i].text);
}
END_TEST

static ChsSimLine *
line_of (const char *text)
{
  ChsSimFaults parsed;

  chs_sim_faults_init (&parsed);
  if (text != NULL)
    ck_assert (chs_sim_faults_parse (text, &parsed, NULL));
  return chs_sim_line_new (BYTE_NS, &parsed, 1);
}

/* Pushes @n bytes at time 0; returns what came through by the end of @seconds, looked at every 20 ms. */
static GByteArray *
through (const char *text, guint n, gint64 seconds)
{
  g_autoptr (ChsSimLine) line = line_of (text);
  GByteArray *got = g_byte_array_new ();
  guint8 bytes[4096];

  for (guint i = 0; i < n; i++)
    bytes[i] = (guint8) i;
  chs_sim_line_push (line, bytes, n, 0);
  for (gint64 now = 0; now <= seconds * SECOND; now += 20000) {
    guint8 out[100];

    g_byte_array_append (got, out, (guint) chs_sim_line_pop (line, out, sizeof out, now));
  }
  return got;
}

START_TEST (a_good_line_takes_its_time)
{
  g_autoptr (ChsSimLine) line = line_of (NULL);
  guint8 bytes[960] = { 0 }, out[960];

  chs_sim_line_push (line, bytes, sizeof bytes, 0);
  ck_assert_uint_eq (chs_sim_line_pop (line, out, sizeof out, 0), 0);
  ck_assert_uint_eq (chs_sim_line_pop (line, out, sizeof out, SECOND / 2), 480);
  ck_assert_uint_eq (chs_sim_line_pop (line, out, sizeof out, SECOND + 1000), 480);
}
END_TEST

/* An odd number of ones: the parity bit is a 1 and passes for a stop bit. An even number, and rest behind it: the 0 begins
 * a byte of ones that was never sent. Without rest the next byte is lost in it. */
START_TEST (wrong_parity_is_heard_as_a_chip_hears_it)
{
  static const guint8 odd[] = { 0x01, 0x80, 0x07 }, even[] = { 0x03 };
  g_autoptr (ChsSimLine) line = line_of ("parity");
  guint8 heard[8];

  chs_sim_line_push (line, odd, sizeof odd, 0);
  ck_assert_uint_eq (chs_sim_line_pop (line, heard, sizeof heard, SECOND), sizeof odd);
  ck_assert_mem_eq (heard, odd, sizeof odd);
  chs_sim_line_push (line, even, sizeof even, SECOND);
  chs_sim_line_push (line, odd, 1, 2 * SECOND);
  ck_assert_uint_eq (chs_sim_line_pop (line, heard, sizeof heard, 3 * SECOND), 3);
  ck_assert_uint_eq (heard[0], 0x03);
  ck_assert_uint_eq (heard[1], 0xFF);
  ck_assert_uint_eq (heard[2], 0x01);
}
END_TEST

/* The other way round: the stop bit passes for a parity bit, and with rest behind it nothing is lost. Without rest the next
 * start bit is where the stop bit should be; what begins there is lost up to the next 1 in it, and the rest is another byte. */
START_TEST (a_parity_bit_that_nobody_sends)
{
  static const guint8 two[] = { 0x41, 0xFF };
  g_autoptr (ChsSimLine) line = line_of ("no-parity");
  guint8 heard[8];

  for (guint i = 0; i < 3; i++) {
    chs_sim_line_push (line, &two[i % 2], 1, i * SECOND);
    ck_assert_uint_eq (chs_sim_line_pop (line, heard, sizeof heard, i * SECOND + SECOND / 2), i == 0 ? 0 : 1);
  }
  chs_sim_line_push (line, two, sizeof two, 3 * SECOND);
  chs_sim_line_push (line, two, 1, 5 * SECOND);
  ck_assert_uint_eq (chs_sim_line_pop (line, heard, sizeof heard, 6 * SECOND), 2);
  ck_assert_uint_eq (heard[0], 0x41);
  ck_assert_uint_eq (heard[1], 0x41); /* of FF nothing is left: it is all rest */
}
END_TEST

START_TEST (what_goes_wrong_goes_wrong)
{
  g_autoptr (GByteArray) good = through (NULL, 2000, 4), same = through ("tear,delay:300", 2000, 60);
  g_autoptr (GByteArray) dropped = through ("drop:0.1", 2000, 4), flipped = through ("flip:0.1", 2000, 4);
  guint changed = 0;

  ck_assert_uint_eq (good->len, 2000);
  ck_assert_uint_eq (same->len, 2000);
  ck_assert_int_eq (memcmp (good->data, same->data, 2000), 0);
  ck_assert_uint_gt (dropped->len, 1700);
  ck_assert_uint_lt (dropped->len, 1900);
  ck_assert_uint_eq (flipped->len, 2000);
  for (guint i = 0; i < 2000; i++)
    changed += good->data[i] != flipped->data[i];
  ck_assert_uint_gt (changed, 140);
  ck_assert_uint_lt (changed, 260);
}
END_TEST

START_TEST (silence_and_hangup_swallow)
{
  g_autoptr (ChsSimLine) line = line_of ("silence:3-5,hangup:10-12");
  const gint64 seconds[] = { 2, 4, 6, 11, 13 };
  const gboolean through_at[] = { TRUE, FALSE, TRUE, FALSE, TRUE };
  guint8 byte = 'x', out;

  for (gsize i = 0; i < G_N_ELEMENTS (seconds); i++) {
    gint64 now = seconds[i] * SECOND;

    chs_sim_line_push (line, &byte, 1, now);
    ck_assert_uint_eq (chs_sim_line_pop (line, &out, 1, now + 500000), through_at[i] ? 1 : 0);
    ck_assert_uint_eq (chs_sim_line_spoil (line, &byte, 1, now), through_at[i] ? 1 : 0);
    ck_assert_int_eq (chs_sim_line_is_hung_up (line, now), seconds[i] == 11);
  }
}
END_TEST

static Suite *
sim_line_suite (void)
{
  Suite *suite = suite_create ("sim-line");
  TCase *tc = tcase_create ("line");

  tcase_add_loop_test (tc, faults_are_read_strictly, 0, G_N_ELEMENTS (faults));
  tcase_add_test (tc, a_good_line_takes_its_time);
  tcase_add_test (tc, what_goes_wrong_goes_wrong);
  tcase_add_test (tc, wrong_parity_is_heard_as_a_chip_hears_it);
  tcase_add_test (tc, a_parity_bit_that_nobody_sends);
  tcase_add_test (tc, silence_and_hangup_swallow);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (sim_line_suite)

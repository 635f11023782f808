/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/tx-guard.h"
#include "tests/line-driver.h"

#include <glib.h>

#define B(text) { CHS_PART_BYTES, text, sizeof text - 1, 0 }

static const ChsQuery get = { "GET", "", { B ("GET "), { CHS_PART_DIGITS, NULL, 1, 3 }, B ("\n") } };
/* Digits that may end where fixed digits begin: only trying every share finds it. */
static const ChsQuery tail = { "TAIL", "", { { CHS_PART_DIGITS, NULL, 0, 4 }, B ("12"), { CHS_PART_DIGITS, NULL, 0, 4 }, B ("5") } };
static const ChsQuery words = { "WORDS", "", { { CHS_PART_TEXT, "AB", 1, 3 }, { CHS_PART_TEXT, "BC", 2, 2 }, B ("C") } };
static const ChsQuery slot = { "SLOT", "", { B ("R"), { CHS_PART_RANGE, NULL, 0x31, 0x33 }, { CHS_PART_ANY, NULL, 2, 0 }, B ("\0") } };
static const ChsQuery full = { "FULL", "", { B ("a"), B ("b"), B ("c"), B ("d"), B ("e"), B ("f"), B ("g"), B ("h"), B ("i"),
                                             B ("j"), B ("k"), B ("l") } };
static const ChsQuery nothing = { "NOTHING", "", { { CHS_PART_END } } };

static const struct {
  const char     *name;
  const ChsQuery *query;
  const char     *payload;
  size_t          n;
  bool            want;
} rows[] = {
  { "one digit", &get, "GET 1\n", 6, true },
  { "three digits", &get, "GET 999\n", 8, true },
  { "no digit", &get, "GET \n", 5, false },
  { "four digits", &get, "GET 1234\n", 9, false },
  { "sign", &get, "GET -1\n", 7, false },
  { "another word", &get, "SET 1\n", 6, false },
  { "lower case", &get, "get 1\n", 6, false },
  { "one byte more before", &get, " GET 1\n", 7, false },
  { "one byte more behind", &get, "GET 1\n\n", 7, false },
  { "second command behind", &get, "GET 1\nSET 1\n", 12, false },
  { "torn", &get, "GET 1", 5, false },
  { "nothing", &get, "", 0, false },
  { "letter in the digits", &get, "GET 1a\n", 7, false },
  { "digit of another script", &get, "GET \xB2\n", 6, false },
  { "shared: all fixed", &tail, "125", 3, true },
  { "shared: digits before", &tail, "9912125", 7, true },
  { "shared: digits both sides", &tail, "12125", 5, true },
  { "shared: fixed part repeated", &tail, "1212125", 7, true },
  { "shared: fixed part missing", &tail, "99995", 5, false },
  { "shared: too many behind", &tail, "12999995", 8, false },
  { "text: shortest", &words, "ABBC", 4, true },
  { "text: overlap", &words, "ABBCC", 5, true },
  { "text: longest", &words, "ABABBC", 6, true },
  { "text: character outside", &words, "ADBBC", 5, false },
  { "text: NUL is in no set", &words, "A\0BBC", 5, false },
  { "text: too long", &words, "AAAABBC", 7, false },
  { "range: first", &slot, "R1xy\0", 5, true },
  { "range: last", &slot, "R3\xFF\0\0", 5, true },
  { "range: below", &slot, "R0xy\0", 5, false },
  { "range: above", &slot, "R4xy\0", 5, false },
  { "any: one short", &slot, "R1x\0", 4, false },
  { "any: one long", &slot, "R1xyz\0", 6, false },
  { "all twelve parts", &full, "abcdefghijkl", 12, true },
  { "twelve parts and more", &full, "abcdefghijklm", 13, false },
  { "empty pattern, empty payload", &nothing, "", 0, false },
  { "empty pattern", &nothing, "a", 1, false },
};

START_TEST (only_instances_of_the_pattern_match)
{
  ck_assert_msg (chs_tx_guard_match (rows[_i].query, (const uint8_t *) rows[_i].payload, rows[_i].n) == rows[_i].want, "%s",
                 rows[_i].name);
}
END_TEST

/* Every byte of a permitted request changed to every other value: what still passes must be one of the table's. */
START_TEST (no_flipped_byte_passes)
{
  uint8_t payload[] = "GET 42\n";

  for (size_t at = 0; at < sizeof payload - 1; at++) {
    uint8_t kept = payload[at];

    for (unsigned value = 0; value < 256; value++) {
      bool is_digit_place = at == 4 || at == 5;
      bool want = value == kept || (is_digit_place && value >= '0' && value <= '9');

      payload[at] = (uint8_t) value;
      ck_assert_msg (chs_tx_guard_match (&get, payload, sizeof payload - 1) == want, "byte %zu = %u", at, value);
    }
    payload[at] = kept;
  }
}
END_TEST

START_TEST (a_pattern_that_could_explode_ends_at_once)
{
  ChsQuery evil = { "EVIL", "", { { CHS_PART_END } } };
  uint8_t payload[CHS_TX_PAYLOAD_MAX + 1];

  for (unsigned i = 0; i < CHS_QUERY_PARTS; i++)
    evil.parts[i] = (ChsPart) { CHS_PART_DIGITS, NULL, 0, UINT16_MAX };
  memset (payload, '1', sizeof payload);
  payload[CHS_TX_PAYLOAD_MAX - 1] = 'x';
  ck_assert (!chs_tx_guard_match (&evil, payload, CHS_TX_PAYLOAD_MAX));
  payload[CHS_TX_PAYLOAD_MAX - 1] = '1';
  ck_assert (chs_tx_guard_match (&evil, payload, CHS_TX_PAYLOAD_MAX));
  ck_assert (!chs_tx_guard_match (&evil, payload, CHS_TX_PAYLOAD_MAX + 1));
}
END_TEST

/* ---- a port that takes a few bytes at a time ---- */

typedef struct {
  ChsTransport transport;
  gsize        takes; /* at each call */
  gboolean     is_gone;
  GString     *taken;
} SlowPort;

static gssize
slow_write (ChsTransport *transport, const guint8 *bytes, gsize n, GError **error)
{
  SlowPort *self = (SlowPort *) transport;

  if (self->is_gone) {
    g_set_error_literal (error, CHS_LINK_ERROR, CHS_LINK_ERROR_LOST, "gone");
    return -1;
  }
  n = MIN (n, self->takes);
  g_string_append_len (self->taken, (const char *) bytes, (gssize) n);
  return (gssize) n;
}

static const ChsTransportClass slow_class = { .prefix = "slow:", .write = slow_write };

typedef struct {
  SlowPort    port;
  ChsTxGuard *guard;
} Fixture;

static Fixture f;

static void
set_up (void)
{
  f = (Fixture) { .port = { { &slow_class }, G_MAXSIZE, FALSE, g_string_new (NULL) } };
  f.guard = chs_tx_guard_new (&line_driver_query);
}

static void
tear_down (void)
{
  g_string_free (f.port.taken, TRUE);
  chs_tx_guard_free (f.guard);
}

/* Sends; the number of bytes that went, negative with the error's code when refused. */
static int
send_text (unsigned query, const char *text)
{
  g_autoptr (GError) error = NULL;
  const guint8 *bytes;
  gsize sent;

  if (!chs_tx_guard_send (f.guard, NULL, query, (const guint8 *) text, strlen (text), &f.port.transport, &bytes, &sent, &error))
    return -error->code;
  return (int) sent;
}

static int
flush (void)
{
  g_autoptr (GError) error = NULL;
  const guint8 *bytes;
  gsize sent;

  return chs_tx_guard_flush (f.guard, &f.port.transport, &bytes, &sent, &error) ? (int) sent : -error->code;
}

START_TEST (what_is_not_in_the_table_is_refused_and_counted)
{
  /* Warned of once, not each time: the second would end this test, were it to come. */
  g_test_expect_message ("chairside", G_LOG_LEVEL_WARNING, "*line-query*refused, not sent");
  ck_assert_int_eq (send_text (0, "SET 1\n"), -CHS_LINK_ERROR_TX);
  g_test_assert_expected_messages ();
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_WARNING);
  ck_assert_int_eq (send_text (0, "SET 2\n"), -CHS_LINK_ERROR_TX);
  ck_assert_int_eq (send_text (1, "GET 1\n"), -CHS_LINK_ERROR_TX); /* row that is not there */
  ck_assert_uint_eq (chs_tx_guard_get_refused (f.guard), 3);
  ck_assert_str_eq (f.port.taken->str, "");
  ck_assert_int_eq (send_text (0, "GET 1\n"), 6);
  ck_assert_str_eq (f.port.taken->str, "GET 1\n");
}
END_TEST

START_TEST (a_listener_has_no_table_at_all)
{
  ChsDriver listener = line_driver_query;

  listener.access = CHS_ACCESS_LISTEN;
  chs_tx_guard_free (f.guard);
  f.guard = chs_tx_guard_new (&listener);
  g_test_expect_message ("chairside", G_LOG_LEVEL_WARNING, "*refused, not sent");
  ck_assert_int_eq (send_text (0, "GET 1\n"), -CHS_LINK_ERROR_TX);
  ck_assert_str_eq (f.port.taken->str, "");
}
END_TEST

START_TEST (a_slow_port_gets_the_whole_frame_in_order)
{
  f.port.takes = 4;
  ck_assert_int_eq (send_text (0, "GET 1\n"), 4);
  ck_assert_int_eq (send_text (0, "GET 2\n"), 4);
  ck_assert_int_eq (flush (), 4);
  ck_assert_int_eq (flush (), 0);
  ck_assert_str_eq (f.port.taken->str, "GET 1\nGET 2\n");
}
END_TEST

START_TEST (a_port_that_takes_nothing_is_not_fed_for_ever)
{
  int refused = 0;

  f.port.takes = 0;
  for (int i = 0; i < 1000; i++)
    refused += send_text (0, "GET 1\n") < 0;
  ck_assert_int_eq (refused, 1000 - CHS_TX_FRAME_MAX / 6);
  ck_assert_uint_eq (chs_tx_guard_get_refused (f.guard), 0);
  chs_tx_guard_reset (f.guard);
  f.port.takes = 100;
  ck_assert_int_eq (flush (), 0);
  ck_assert_str_eq (f.port.taken->str, "");
}
END_TEST

START_TEST (a_lost_port_says_so_and_keeps_nothing)
{
  f.port.is_gone = TRUE;
  ck_assert_int_eq (send_text (0, "GET 1\n"), -CHS_LINK_ERROR_LOST);
  f.port.is_gone = FALSE;
  ck_assert_int_eq (flush (), 0);
}
END_TEST

static size_t
wrap_in_brackets (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  (void) state;
  if (n + 2 > size || payload[4] == '0')
    return 0;
  frame[0] = '[';
  memcpy (frame + 1, payload, n);
  frame[n + 1] = ']';
  return n + 2;
}

START_TEST (the_payload_is_matched_and_the_frame_is_sent)
{
  ChsDriver wrapped = line_driver_query;

  wrapped.wrap = wrap_in_brackets;
  chs_tx_guard_free (f.guard);
  f.guard = chs_tx_guard_new (&wrapped);
  ck_assert_int_eq (send_text (0, "GET 1\n"), 8);
  ck_assert_str_eq (f.port.taken->str, "[GET 1\n]");
  ck_assert_int_eq (send_text (0, "GET 0\n"), -CHS_LINK_ERROR_TX); /* does not fit a frame */
}
END_TEST

static Suite *
tx_guard_suite (void)
{
  Suite *suite = suite_create ("tx-guard");
  TCase *tc = tcase_create ("match");

  tcase_add_loop_test (tc, only_instances_of_the_pattern_match, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, no_flipped_byte_passes);
  tcase_add_test (tc, a_pattern_that_could_explode_ends_at_once);
  suite_add_tcase (suite, tc);
  tc = tcase_create ("send");
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, what_is_not_in_the_table_is_refused_and_counted);
  tcase_add_test (tc, a_listener_has_no_table_at_all);
  tcase_add_test (tc, a_slow_port_gets_the_whole_frame_in_order);
  tcase_add_test (tc, a_port_that_takes_nothing_is_not_fed_for_ever);
  tcase_add_test (tc, a_lost_port_says_so_and_keeps_nothing);
  tcase_add_test (tc, the_payload_is_matched_and_the_frame_is_sent);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (tx_guard_suite)

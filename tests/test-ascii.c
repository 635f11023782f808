/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "devices/ascii.h"

#include <string.h>

#define N(table) ((int) (sizeof (table) / sizeof (table)[0]))

static const struct {
  const char *in;
  bool        ok;
  double      want;
} numbers[] = {
  { "0", true, 0 },       { "12", true, 12 },      { "-3", true, -3 },     { "0.50", true, 0.5 },
  { ".5", true, 0.5 },    { "7.", true, 7 },       { "36.6", true, 36.6 }, { "999999999999999", true, 999999999999999.0 },
  { "", false, 0 },       { "-", false, 0 },       { ".", false, 0 },      { "1.2.3", false, 0 },
  { " 1", false, 0 },     { "1 ", false, 0 },      { "1e3", false, 0 },    { "0x10", false, 0 },
  { "nan", false, 0 },    { "inf", false, 0 },     { "+1", false, 0 },     { "--1", false, 0 },
  { "1,5", false, 0 },    { "_NV", false, 0 },     { "1234567890123456", false, 0 },
};

START_TEST (a_number_is_read_strictly)
{
  double value = 4711.0;

  ck_assert_msg (chs_ascii_number (numbers[_i].in, strlen (numbers[_i].in), &value) == numbers[_i].ok, "%s", numbers[_i].in);
  ck_assert_double_eq_tol (value, numbers[_i].ok ? numbers[_i].want : 4711.0, 1e-12);
}
END_TEST

static const struct {
  const char *in;
  bool        ok;
  uint32_t    want;
} hexes[] = {
  { "0", true, 0 }, { "fF", true, 255 }, { "FFFFFFFF", true, 0xFFFFFFFFu }, { "", false, 0 }, { "100000000", false, 0 },
  { "G", false, 0 }, { "0x1", false, 0 },
};

START_TEST (hexadecimal_is_read_strictly)
{
  uint32_t value = 4711;

  ck_assert_msg (chs_ascii_hex (hexes[_i].in, strlen (hexes[_i].in), &value) == hexes[_i].ok, "%s", hexes[_i].in);
  ck_assert_uint_eq (value, hexes[_i].ok ? hexes[_i].want : 4711);
}
END_TEST

START_TEST (digits_alone_make_an_unsigned)
{
  uint32_t value = 0;

  ck_assert (chs_ascii_unsigned ("00042", 5, &value));
  ck_assert_uint_eq (value, 42);
  ck_assert (!chs_ascii_unsigned ("", 0, &value));
  ck_assert (!chs_ascii_unsigned ("4a", 2, &value));
  ck_assert (!chs_ascii_unsigned ("-4", 2, &value));
  ck_assert (!chs_ascii_unsigned ("1234567890", 10, &value));
}
END_TEST

static const struct {
  double      value;
  unsigned    decimals;
  const char *want;
} fixed[] = {
  { 0, 0, "0" }, { 125, 2, "125.00" }, { 31.25, 1, "31.3" }, { -4, 0, "-4" }, { -0.04, 1, "0.0" }, { 36.7, 1, "36.7" },
  { 0.05, 2, "0.05" }, { 9.996, 2, "10.00" }, { 0.001, 3, "0.001" },
};

START_TEST (a_number_is_written)
{
  uint8_t bytes[32];
  ChsBytesOut out = chs_bytes_out (bytes, sizeof bytes);

  chs_ascii_put_fixed (&out, fixed[_i].value, fixed[_i].decimals);
  ck_assert_uint_eq (chs_bytes_out_used (&out), strlen (fixed[_i].want));
  ck_assert_msg (memcmp (bytes, fixed[_i].want, strlen (fixed[_i].want)) == 0, "%s", fixed[_i].want);
}
END_TEST

static Suite *
ascii_suite (void)
{
  Suite *suite = suite_create ("ascii");
  TCase *tc = tcase_create ("ascii");

  tcase_add_loop_test (tc, a_number_is_read_strictly, 0, N (numbers));
  tcase_add_loop_test (tc, hexadecimal_is_read_strictly, 0, N (hexes));
  tcase_add_test (tc, digits_alone_make_an_unsigned);
  tcase_add_loop_test (tc, a_number_is_written, 0, N (fixed));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (ascii_suite)

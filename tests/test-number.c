/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "ui/number.h"

#include <glib.h>

static const struct {
  const char *text;
  bool        is_number;
  double      want;
} rows[] = {
  { "62", true, 62 },        { "62.5", true, 62.5 },  { "62,5", true, 62.5 },  { " 62,5 ", true, 62.5 },
  { "0,25", true, 0.25 },    { ".5", true, 0.5 },     { "5.", true, 5 },       { "٦٢٫٥", true, 62.5 },
  { "1,234", false, 0 },     { "12.500", false, 0 },    { "0,125", true, 0.125 },   { ".125", true, 0.125 },
  { "1٬234", false, 0 },     { "۱۲", true, 12 },        { "1 234", false, 0 },     { "12,50", true, 12.5 },
   { "", false, 0 },        { ".", false, 0 },       { ",", false, 0 },
  { "1.2.3", false, 0 },     { "1,2,3", false, 0 },   { "-5", false, 0 },      { "+5", false, 0 },
  { "1e3", false, 0 },       { "0x10", false, 0 },    { "nan", false, 0 },     { "6 2", false, 0 },
  { "62 kg", false, 0 },     { "1234567890123", false, 0 },
};

START_TEST (typed_numbers)
{
  double value = -1.0;

  ck_assert_msg (chs_number_parse (rows[_i].text, &value) == rows[_i].is_number, "\"%s\"", rows[_i].text);
  ck_assert_double_eq (value, rows[_i].is_number ? rows[_i].want : -1.0);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("number");
  TCase *tcase = tcase_create ("typed");

  tcase_add_loop_test (tcase, typed_numbers, 0, G_N_ELEMENTS (rows));
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

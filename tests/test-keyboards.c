/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "ui/keyboards.h"

#include <string.h>

/* A row must fit the narrowest panel: 194 mm, keys of 11 mm and gaps of 2 mm, and one key more that leads on. */
#define MOST_KEYS 13

static gboolean
has_letter (const ChsKeyboard *board, const char *letter)
{
  for (guint i = 0; i < CHS_KEYBOARD_ROWS; i++)
    if (strstr (board->rows[i], letter))
      return TRUE;

  return FALSE;
}

static gboolean
can_type (const char *letter)
{
  ChsKeyboard boards[CHS_KEYBOARDS];
  gboolean    any = FALSE;

  chs_keyboards (boards);
  for (guint i = 0; i < CHS_KEYBOARDS; i++)
    any |= has_letter (&boards[i], letter);

  return any;
}

START_TEST (every_board_erases_and_has_a_blank)
{
  ChsKeyboard boards[CHS_KEYBOARDS];

  chs_keyboards (boards);
  for (guint i = 0; i < CHS_KEYBOARDS; i++) {
    ck_assert_msg (has_letter (&boards[i], CHS_KEY_ERASE) && has_letter (&boards[i], CHS_KEY_SPACE), "%s", boards[i].id);
    for (guint k = 0; k < CHS_KEYBOARD_ROWS; k++)
      ck_assert_msg (g_utf8_validate (boards[i].rows[k], -1, NULL) && g_utf8_strlen (boards[i].rows[k], -1) <= MOST_KEYS,
                     "%s: %s", boards[i].id, boards[i].rows[k]);
  }
}
END_TEST

static const char *const letters[] = { "A", "Z", "7", "Ä", "Ö", "Ü", "ß", "Ñ", "É", "È", "Ç", "Ã", "Õ", "Ê", "ا", "ب", "ي", "ة", "أ", "ء" };

START_TEST (names_of_each_language_can_be_typed)
{
  ck_assert_msg (can_type (letters[_i]), "%s", letters[_i]);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("keyboards");
  TCase *tcase = tcase_create ("boards");

  tcase_add_test (tcase, every_board_erases_and_has_a_blank);
  tcase_add_loop_test (tcase, names_of_each_language_can_be_typed, 0, G_N_ELEMENTS (letters));
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/text-view.h"
#include "tests/draw-cases.h"
#include "tests/golden.h"

#include <string.h>

static const struct {
  const char *name, *chair;
  int width, height;
  gboolean colour;
} rows[] = {
  { "text-quiet", "quiet", 100, 30, FALSE },  { "text-high", "high", 100, 30, FALSE },
  { "text-narrow", "medium", 60, 24, FALSE }, { "text-link-lost", "link-lost", 80, 24, FALSE },
  { "text-nothing", "nothing", 80, 24, FALSE }, { "text-pumps", "pumps", 80, 20, FALSE },
  { "text-colour", "high", 80, 24, TRUE },
};

START_TEST (is_as_it_was)
{
  g_autoptr (ChsChairModel) model = draw_case_new (rows[_i].chair);
  g_autofree char *text = chs_text_view_render (model, rows[_i].width, rows[_i].height, CASE_NOW, rows[_i].colour);

  ck_assert_msg (golden_check_text (text, rows[_i].name), "%s", rows[_i].name);
}
END_TEST

static int
cells_of (const char *line)
{
  int n = 0;

  for (const char *c = line; *c != '\0'; c = g_utf8_next_char (c)) {
    if (*c == '\033') {
      c = strchr (c, 'm');
      ck_assert_ptr_nonnull (c);
    } else
      n++;
  }
  return n;
}

/* Whatever the size, every line fits and there are as many as asked for. */
START_TEST (fits_the_terminal)
{
  static const int sizes[][2] = { { 10, 3 }, { 40, 12 }, { 80, 24 }, { 132, 50 }, { 200, 13 } };
  g_autoptr (ChsChairModel) model = draw_case_new (draw_cases[_i].name);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int colour = 0; colour < 2; colour++) {
      g_autofree char *text = chs_text_view_render (model, sizes[i][0], sizes[i][1], CASE_NOW, colour);
      g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

      ck_assert_msg (g_strv_length (lines) == (guint) MAX (12, sizes[i][1]), "%s: %u lines of %d", draw_cases[_i].name,
                     g_strv_length (lines), sizes[i][1]);
      for (guint k = 0; lines[k] != NULL; k++)
        ck_assert_msg (cells_of (lines[k]) <= MAX (40, sizes[i][0]), "%s: line %u is \"%s\"", draw_cases[_i].name, k, lines[k]);
    }
}
END_TEST

START_TEST (plain_text_has_no_escapes)
{
  g_autoptr (ChsChairModel) model = draw_case_new ("high");
  g_autofree char *text = chs_text_view_render (model, 80, 24, CASE_NOW, FALSE);

  ck_assert_ptr_null (strchr (text, '\033'));
  ck_assert_ptr_nonnull (strstr (text, "!!! Possible severe reaction"));
}
END_TEST

static Suite *
text_view_suite (void)
{
  Suite *suite = suite_create ("text-view");
  TCase *tc = tcase_create ("terminal");

  tcase_add_loop_test (tc, is_as_it_was, 0, G_N_ELEMENTS (rows));
  tcase_add_loop_test (tc, fits_the_terminal, 0, (int) n_draw_cases);
  tcase_add_test (tc, plain_text_has_no_escapes);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (text_view_suite)

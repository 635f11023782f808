/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "tests/draw-shots.h"

#include <math.h>
#include <string.h>

/* No text leaves its picture, none lies on another, and none is cut where it has to be read whole: measured from what
 * the drawing functions place, in every shot, and once more with text at 130 % in each language. */

typedef struct {
  char   *text;
  ChsRect ink;
  double  scale;
  bool    is_cut;
} Placed;

static GArray *placed;

static void
on_text (const char *text, const ChsRect *ink, double scale, bool is_cut, gpointer user_data G_GNUC_UNUSED)
{
  Placed p = { g_strdup (text), *ink, scale, is_cut };

  g_array_append_val (placed, p);
}

static void
free_placed (gpointer data)
{
  g_free (((Placed *) data)->text);
}

static void
measure (const DrawShot *shot)
{
  g_autoptr (ChsChairModel) model = draw_case_new (shot->chair);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, shot->width, shot->height);
  cairo_t *cr = cairo_create (surface);
  ChsTheme theme;

  placed = g_array_new (FALSE, FALSE, sizeof (Placed));
  g_array_set_clear_func (placed, free_placed);
  draw_shot_theme (shot, &theme);
  chs_draw_watch_text (cr, on_text, NULL);
  draw_shot (cr, shot, model, &theme);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static bool
overlaps (const ChsRect *a, const ChsRect *b)
{
  const double slack = 1.0;

  return a->x + slack < b->x + b->w && b->x + slack < a->x + a->w && a->y + slack < b->y + b->h && b->y + slack < a->y + a->h;
}

/* The words of a flag may be cut: the list of marks has them whole. So may the advice of a bar that is not high enough. */
static bool
may_be_cut (const DrawShot *shot)
{
  return shot->kind == SHOT_CHART || shot->kind == SHOT_BAR;
}

static void
check (const DrawShot *shot, const char *how)
{
  measure (shot);
  for (guint i = 0; i < placed->len; i++) {
    const Placed *p = &g_array_index (placed, Placed, i);

    ck_assert_msg (p->ink.x >= -1.0 && p->ink.y >= -1.0 && p->ink.x + p->ink.w <= shot->width + 1.0
                     && p->ink.y + p->ink.h <= shot->height + 1.0,
                   "%s%s: \"%s\" leaves the picture: %.0f,%.0f %.0fx%.0f", shot->name, how, p->text, p->ink.x, p->ink.y, p->ink.w, p->ink.h);
    ck_assert_msg (!p->is_cut || may_be_cut (shot), "%s%s: \"%s\" is cut", shot->name, how, p->text);
    /* the read-out of a cursor lies over what it explains */
    for (guint k = i + 1; k < placed->len && shot->cursor == 0; k++) {
      const Placed *q = &g_array_index (placed, Placed, k);

      ck_assert_msg (!overlaps (&p->ink, &q->ink), "%s%s: \"%s\" (%.0f,%.0f %.0fx%.0f) lies on \"%s\" (%.0f,%.0f %.0fx%.0f)", shot->name, how,
                     p->text, p->ink.x, p->ink.y, p->ink.w, p->ink.h, q->text, q->ink.x, q->ink.y, q->ink.w, q->ink.h);
    }
  }
  g_array_unref (placed);
}

START_TEST (texts_keep_their_places)
{
  check (&draw_shots[_i], "");
}
END_TEST

START_TEST (texts_keep_their_places_enlarged)
{
  static const char *const languages[] = { NULL, "de", "ar" };

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++) {
    DrawShot shot = draw_shots[_i];

    if (shot.kind == SHOT_BAR)
      shot.height = shot.height * 13 / 10 + 2;
    shot.text_scale = 1.3;
    shot.language = languages[i];
    check (&shot, i == 0 ? " at 130 %" : i == 1 ? " at 130 % in German" : " at 130 % in Arabic");
  }
}
END_TEST

/* Primary digits: 17.5 mm on the design panel for a common pressure, as tall as the width allows for a wide one. */
START_TEST (clause_6_3_2_2_primary_digits_are_tall_enough)
{
  DrawShot shot = { "nibp", "medium", .kind = SHOT_TILE, .what = CHS_PARAM_NIBP_SYS, .width = 583, .height = 210 };
  double tallest = 0.0;

  measure (&shot);
  for (guint i = 0; i < placed->len; i++)
    tallest = fmax (tallest, g_array_index (placed, Placed, i).ink.h);
  g_array_unref (placed);
  ck_assert_double_ge (tallest / 5.83, 17.5);
}
END_TEST

static Suite *
text_suite (void)
{
  Suite *suite = suite_create ("draw-text");
  TCase *tc = tcase_create ("places");

  draw_case_use_fonts ();
  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, texts_keep_their_places, 0, (int) n_draw_shots);
  tcase_add_loop_test (tc, texts_keep_their_places_enlarged, 0, (int) n_draw_shots);
  tcase_add_test (tc, clause_6_3_2_2_primary_digits_are_tall_enough);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (text_suite)

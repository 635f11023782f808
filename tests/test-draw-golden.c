/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "tests/draw-shots.h"
#include "tests/golden.h"

#include <math.h>
#include <string.h>

static cairo_surface_t *
take (const DrawShot *shot)
{
  g_autoptr (ChsChairModel) model = draw_case_new (shot->chair);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, shot->width, shot->height);
  cairo_t *cr = cairo_create (surface);
  ChsTheme theme;

  draw_shot_theme (shot, &theme);
  draw_shot (cr, shot, model, &theme);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

START_TEST (looks_as_it_was_found_right)
{
  cairo_surface_t *surface = take (&draw_shots[_i]);
  g_autofree char *name = g_strconcat ("draw-", draw_shots[_i].name, NULL);

  ck_assert_msg (golden_check_picture (surface, name), "%s", draw_shots[_i].name);
  cairo_surface_destroy (surface);
}
END_TEST

/* A pixel that the eye could take for an alarm. */
static bool
is_alarm_pixel (guint32 pixel, const ChsPalette *p)
{
  for (int priority = CHS_PRIORITY_LOW; priority <= CHS_PRIORITY_HIGH; priority++) {
    ChsColour a = p->alarm_fill[priority];
    double dr = (pixel >> 16 & 0xFF) / 255.0 - a.r, dg = (pixel >> 8 & 0xFF) / 255.0 - a.g, db = (pixel & 0xFF) / 255.0 - a.b;

    if (sqrt (dr * dr + dg * dg + db * db) < 0.18)
      return true;
  }
  return false;
}

static bool
has_alarm (const char *chair)
{
  static const char *const alarmed[] = { "high", "medium", "low", "link-lost", "busy", "seen", "rate" };

  for (guint i = 0; i < G_N_ELEMENTS (alarmed); i++)
    if (strcmp (alarmed[i], chair) == 0)
      return true;
  return false;
}

START_TEST (quiet_pictures_wear_no_alarm_colour)
{
  const DrawShot *shot = &draw_shots[_i];
  cairo_surface_t *surface;
  const unsigned char *data;
  long found = 0;
  ChsTheme theme;

  if (has_alarm (shot->chair))
    return;
  surface = take (shot);
  data = cairo_image_surface_get_data (surface);
  draw_shot_theme (shot, &theme);
  for (int y = 0; y < shot->height; y++)
    for (int x = 0; x < shot->width; x++) {
      guint32 pixel;

      memcpy (&pixel, data + y * cairo_image_surface_get_stride (surface) + 4 * x, 4);
      found += is_alarm_pixel (pixel, &theme.palette);
    }
  ck_assert_msg (found == 0, "%s: %ld pixels like an alarm", shot->name, found);
  cairo_surface_destroy (surface);
}
END_TEST

static Suite *
golden_suite (void)
{
  Suite *suite = suite_create ("draw-golden");
  TCase *tc = tcase_create ("pictures");

  draw_case_use_fonts ();
  tcase_add_loop_test (tc, looks_as_it_was_found_right, 0, (int) n_draw_shots);
  tcase_add_loop_test (tc, quiet_pictures_wear_no_alarm_colour, 0, (int) n_draw_shots);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (golden_suite)

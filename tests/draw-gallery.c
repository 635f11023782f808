/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/draw-cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whole chairs composed from the drawing functions, to look at: draw-gallery DIR [CASE]. Not a test; the screen
 * program arranges its widgets itself. */

typedef struct {
  const char *suffix;
  int width, height;
  double px_mm;
  ChsLook look;
  double text_scale;
  bool rtl;
} Sheet;

static const Sheet sheets[] = {
  { "1280", 1280, 800, 5.83, CHS_LOOK_DAY, 1.0, false },
  { "1920", 1920, 1080, 5.0, CHS_LOOK_DAY, 1.0, false },
  { "night", 1280, 800, 5.83, CHS_LOOK_NIGHT, 1.0, false },
  { "large", 1280, 800, 5.83, CHS_LOOK_DAY, 1.3, false },
  { "contrast", 1280, 800, 5.83, CHS_LOOK_CONTRAST, 1.0, true },
};

static void
compose (cairo_t *cr, const Sheet *sheet, const ChsChairModel *model, const ChsTheme *theme)
{
  ChsTimeWindow window = draw_case_window (60);
  double w = sheet->width, h = sheet->height, gap = 8, keys = 15 * theme->px_mm + 2 * gap;
  double bar = MAX (chs_alarm_bar_height (model, w, theme), 8 * theme->px_mm), top = bar + gap, height = h - keys - top;
  double right = floor (MIN (100 * theme->px_mm, w * 0.45)), x = w - right - gap, left = x - 2 * gap;
  ChsParam small[] = { CHS_PARAM_RR, CHS_PARAM_TEMP };
  guint n_pumps, n_shown;
  double nibp, mid, low, pump, y;

  chs_chair_model_get_pumps (model, &n_pumps);
  n_shown = CLAMP (n_pumps, 1, 2);
  cairo_set_source_rgb (cr, theme->palette.background.r, theme->palette.background.g, theme->palette.background.b);
  cairo_paint (cr);
  chs_draw_alarm_bar (cr, &(ChsRect) { 0, 0, w, bar }, model, CASE_NOW, true, theme);
  chs_draw_chart (cr, &(ChsRect) { gap, top, left, height * 0.68 - gap }, model, &window, theme);
  chs_draw_trends (cr, &(ChsRect) { gap, top + height * 0.68, left, height * 0.32 }, model, &window, theme);
  pump = height * 0.26;
  low = 11 * theme->px_mm;
  nibp = (height - pump - low - 3 * gap) * 0.55;
  mid = height - pump - low - 3 * gap - nibp;
  chs_draw_tile (cr, &(ChsRect) { x, top, right, nibp }, model, CHS_PARAM_NIBP_SYS, CASE_NOW, theme);
  y = top + nibp + gap;
  chs_draw_tile (cr, &(ChsRect) { x, y, (right - gap) / 2, mid }, model, CHS_PARAM_HR, CASE_NOW, theme);
  chs_draw_tile (cr, &(ChsRect) { x + (right + gap) / 2, y, (right - gap) / 2, mid }, model, CHS_PARAM_SPO2, CASE_NOW, theme);
  y += mid + gap;
  for (guint i = 0; i < 2; i++)
    chs_draw_tile (cr, &(ChsRect) { x + i * (right + gap) / 2, y, (right - gap) / 2, low }, model, small[i], CASE_NOW, theme);
  y += low + gap;
  for (guint i = 0; i < n_shown; i++)
    chs_draw_pump (cr, &(ChsRect) { x, y + i * (pump + gap) / n_shown, right, (pump - (n_shown - 1) * gap) / n_shown }, model, i,
                   CASE_NOW, theme);
}

int
main (int argc, char **argv)
{
  const char *dir = argc > 1 ? argv[1] : ".";

  draw_case_use_fonts ();
  for (guint i = 0; i < n_draw_cases; i++)
    for (guint k = 0; k < G_N_ELEMENTS (sheets); k++) {
      g_autoptr (ChsChairModel) model = NULL;
      g_autofree char *path = g_strdup_printf ("%s/%s-%s.png", dir, draw_cases[i].name, sheets[k].suffix);
      cairo_surface_t *surface;
      cairo_t *cr;
      ChsTheme theme;

      if (argc > 2 && strcmp (argv[2], draw_cases[i].name) != 0)
        continue;
      model = draw_case_new (draw_cases[i].name);
      surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, sheets[k].width, sheets[k].height);
      cr = cairo_create (surface);
      chs_theme_init (&theme, sheets[k].look, sheets[k].px_mm);
      theme.text_scale = sheets[k].text_scale;
      theme.rtl = sheets[k].rtl;
      compose (cr, &sheets[k], model, &theme);
      cairo_destroy (cr);
      if (cairo_surface_write_to_png (surface, path) != CAIRO_STATUS_SUCCESS)
        g_printerr ("draw-gallery: cannot write %s\n", path);
      cairo_surface_destroy (surface);
    }
  return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include <math.h>

/* Millimetres; own choice. */
#define BAND 3.0
#define STROKE 1.0
#define THIN 0.3
#define DOT 1.5

/* Room at both ends, as part of the whole. */
#define MARGIN 0.08

typedef struct {
  cairo_t           *cr;
  const ChsTheme    *theme;
  const ChsLimitBar *bar;
  ChsRect            rect;
  double             from, to; /* values at the ends */
  double             middle;   /* y of the line */
} Picture;

/* ---- scale ---- */

static void
widen (double value, double *from, double *to)
{
  if (isnan (value))
    return;
  *from = isnan (*from) ? value : fmin (*from, value);
  *to = isnan (*to) ? value : fmax (*to, value);
}

static void
find_scale (Picture *picture)
{
  const ChsLimitBar *bar = picture->bar;
  const double values[] = { bar->low_least, bar->low_most, bar->high_least, bar->high_most,
                            bar->usual_low, bar->usual_high, bar->low, bar->high, bar->value };
  double room;

  picture->from = picture->to = NAN;
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    widen (values[i], &picture->from, &picture->to);
  room = (picture->to - picture->from) * MARGIN;
  picture->from -= room;
  picture->to += room;
}

static double
x_of (const Picture *picture, double value)
{
  return picture->rect.x + picture->rect.w * (value - picture->from) / (picture->to - picture->from);
}

/* ---- parts ---- */

static void
fill_box (const Picture *picture, double from_x, double to_x, double height_mm, ChsColour colour)
{
  double height = chs_mm (picture->theme, height_mm);

  chs_colour (picture->cr, colour, 1.0);
  cairo_rectangle (picture->cr, from_x, picture->middle - height / 2.0, to_x - from_x, height);
  cairo_fill (picture->cr);
}

/* "80–100" under its band, as near to it as the other band's figures let it. */
static void
draw_figures (const Picture *picture, double least, double most, double from_x, double to_x)
{
  const ChsFont font = { CHS_EM_AXIS, false, picture->theme->palette.label };
  g_autofree char *from = chs_words_number (least, picture->bar->decimals), *to = chs_words_number (most, picture->bar->decimals);
  g_autofree char *text = g_strdup_printf ("\u2066%s–%s\u2069", from, to);
  double width = chs_text_width (picture->cr, picture->theme, &font, text) + 1.0;
  double centre_x = (x_of (picture, least) + x_of (picture, most)) / 2.0;
  ChsRect box = { fmin (fmax (centre_x - width / 2.0, from_x), fmax (to_x - width, from_x)),
                  picture->middle + chs_mm (picture->theme, BAND / 2.0 + 0.6), width, chs_line (picture->theme, CHS_EM_AXIS) };

  chs_text (picture->cr, picture->theme, &font, text, &box, CHS_ALIGN_LEFT);
}

static void
draw_band (const Picture *picture, double least, double most, double from_x, double to_x)
{
  if (isnan (least) || isnan (most))
    return;
  fill_box (picture, x_of (picture, least), x_of (picture, most), BAND,
            chs_mix (picture->theme->palette.panel, picture->theme->palette.text, 0.32));
  draw_figures (picture, least, most, from_x, to_x);
}

/* Through the band and @over_mm above it: below it are figures. */
static void
draw_stroke (const Picture *picture, double value, double width_mm, double over_mm, ChsColour colour)
{
  double width = chs_mm (picture->theme, width_mm), height = chs_mm (picture->theme, BAND + over_mm);

  if (isnan (value))
    return;
  chs_colour (picture->cr, colour, 1.0);
  cairo_rectangle (picture->cr, x_of (picture, value) - width / 2.0,
                   picture->middle + chs_mm (picture->theme, BAND / 2.0) - height, width, height);
  cairo_fill (picture->cr);
}

static void
draw_value (const Picture *picture)
{
  double radius = chs_mm (picture->theme, DOT);

  if (isnan (picture->bar->value))
    return;
  cairo_arc (picture->cr, x_of (picture, picture->bar->value), picture->middle, radius, 0.0, 2.0 * G_PI);
  chs_colour (picture->cr, picture->bar->colour, 1.0);
  cairo_fill_preserve (picture->cr);
  chs_colour (picture->cr, picture->theme->palette.background, 1.0);
  cairo_set_line_width (picture->cr, chs_mm (picture->theme, THIN));
  cairo_stroke (picture->cr);
}

void
chs_draw_limit_bar (cairo_t *cr, const ChsRect *rect, const ChsLimitBar *bar, const ChsTheme *theme)
{
  Picture picture = { cr, theme, bar, *rect, NAN, NAN, 0.0 };
  ChsColour text = theme->palette.text, label = theme->palette.label;
  double end_x = rect->x + rect->w, middle_x = rect->x + rect->w / 2.0;

  find_scale (&picture);
  if (isnan (picture.from) || picture.to <= picture.from)
    return;

  picture.middle = chs_snap (rect->y + (rect->h - chs_line (theme, CHS_EM_AXIS)) / 2.0);
  fill_box (&picture, rect->x, rect->x + rect->w, THIN, label);
  draw_band (&picture, bar->low_least, bar->low_most, rect->x, isnan (bar->high_least) ? end_x : middle_x);
  draw_band (&picture, bar->high_least, bar->high_most, isnan (bar->low_least) ? rect->x : middle_x, end_x);
  draw_stroke (&picture, bar->usual_low, THIN, 1.8, label);
  draw_stroke (&picture, bar->usual_high, THIN, 1.8, label);
  draw_stroke (&picture, bar->low, STROKE, 2.4, text);
  draw_stroke (&picture, bar->high, STROKE, 2.4, text);
  draw_value (&picture);
}

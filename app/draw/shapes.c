/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include <math.h>

void
chs_colour (cairo_t *cr, ChsColour colour, double alpha)
{
  cairo_set_source_rgba (cr, colour.r, colour.g, colour.b, alpha);
}

ChsColour
chs_mix (ChsColour a, ChsColour b, double t)
{
  return (ChsColour) { a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t };
}

void
chs_rounded (cairo_t *cr, const ChsRect *rect, double radius)
{
  double r = MIN (radius, MIN (rect->w, rect->h) / 2.0);

  cairo_new_sub_path (cr);
  cairo_arc (cr, rect->x + rect->w - r, rect->y + r, r, -G_PI_2, 0);
  cairo_arc (cr, rect->x + rect->w - r, rect->y + rect->h - r, r, 0, G_PI_2);
  cairo_arc (cr, rect->x + r, rect->y + rect->h - r, r, G_PI_2, G_PI);
  cairo_arc (cr, rect->x + r, rect->y + r, r, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

void
chs_panel (cairo_t *cr, const ChsRect *rect, const ChsTheme *theme)
{
  ChsRect edge = chs_inset (rect, 0.5);

  chs_rounded (cr, &edge, chs_mm (theme, 1.2));
  chs_colour (cr, theme->palette.panel, 1.0);
  cairo_fill_preserve (cr);
  chs_colour (cr, theme->palette.panel_edge, 1.0);
  cairo_set_line_width (cr, 1.0);
  cairo_stroke (cr);
}

void
chs_hatch (cairo_t *cr, const ChsRect *rect, const ChsTheme *theme, ChsColour colour)
{
  const double step = MAX (5.0, chs_mm (theme, 1.4));

  if (rect->w <= 0.0 || rect->h <= 0.0)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, rect->x, rect->y, rect->w, rect->h);
  cairo_clip (cr);
  chs_colour (cr, colour, 0.10);
  cairo_paint (cr);
  chs_colour (cr, colour, 0.38);
  cairo_set_line_width (cr, 1.0);
  for (double x = floor ((rect->x - rect->h) / step) * step; x < rect->x + rect->w; x += step) {
    cairo_move_to (cr, x, rect->y + rect->h);
    cairo_line_to (cr, x + rect->h, rect->y);
  }
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* A small framed word such as DEMO: never in an alarm's colour. */
void
chs_badge (cairo_t *cr, const ChsRect *box, const ChsTheme *theme, const char *text, ChsColour colour)
{
  const ChsFont font = { CHS_EM_AXIS, true, colour };
  ChsRect frame = chs_inset (box, 0.75), inner = chs_inset (box, chs_mm (theme, 0.5));

  chs_rounded (cr, &frame, chs_mm (theme, 0.8));
  chs_colour (cr, colour, 1.0);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
  chs_text (cr, theme, &font, text, &inner, CHS_ALIGN_CENTRE);
}

ChsRect
chs_inset (const ChsRect *rect, double by)
{
  return (ChsRect) { rect->x + by, rect->y + by, MAX (0.0, rect->w - 2.0 * by), MAX (0.0, rect->h - 2.0 * by) };
}

static ChsRect
cut_left (ChsRect *rect, double width)
{
  ChsRect part = { rect->x, rect->y, CLAMP (width, 0.0, rect->w), rect->h };

  rect->x += part.w;
  rect->w -= part.w;
  return part;
}

static ChsRect
cut_right (ChsRect *rect, double width)
{
  double w = CLAMP (width, 0.0, rect->w);

  rect->w -= w;
  return (ChsRect) { rect->x + rect->w, rect->y, w, rect->h };
}

ChsRect
chs_cut_start (ChsRect *rect, double width, const ChsTheme *theme)
{
  return theme->rtl ? cut_right (rect, width) : cut_left (rect, width);
}

ChsRect
chs_cut_end (ChsRect *rect, double width, const ChsTheme *theme)
{
  return theme->rtl ? cut_left (rect, width) : cut_right (rect, width);
}

ChsRect
chs_cut_top (ChsRect *rect, double height)
{
  ChsRect part = { rect->x, rect->y, rect->w, CLAMP (height, 0.0, rect->h) };

  rect->y += part.h;
  rect->h -= part.h;
  return part;
}

ChsRect
chs_cut_bottom (ChsRect *rect, double height)
{
  double h = CLAMP (height, 0.0, rect->h);

  rect->h -= h;
  return (ChsRect) { rect->x, rect->y + rect->h, rect->w, h };
}

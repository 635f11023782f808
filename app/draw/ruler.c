/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

/* Millimetres. The card: ISO/IEC 7810, ID-1. */
#define BAR_MM 50.0
#define BAR_Y 5.0
#define TICK_MM 5.0
#define CARD_W 85.6
#define CARD_H 53.98
#define CARD_Y 14.0
#define CARD_CORNER 3.2
#define LINE 0.4

static void
draw_bar (cairo_t *cr, const ChsRect *rect, double px_mm, const ChsTheme *theme)
{
  double y = rect->y + BAR_Y * px_mm;

  chs_colour (cr, theme->palette.text, 1.0);
  cairo_rectangle (cr, rect->x, y - 0.5 * px_mm, BAR_MM * px_mm, px_mm);
  for (double mm = 0.0; mm <= BAR_MM + 0.1; mm += TICK_MM) {
    double height = mm < 0.1 || mm > BAR_MM - 0.1 ? 6.0 : 3.0, x = rect->x + mm * px_mm - (mm > 0.1 ? LINE * px_mm : 0.0);

    cairo_rectangle (cr, x, y - height / 2.0 * px_mm, LINE * px_mm, height * px_mm);
  }
  cairo_fill (cr);
}

static void
write_beside (cairo_t *cr, const ChsTheme *theme, const char *text, double x, double y, double width)
{
  const ChsFont font = { CHS_EM_NOTE, false, theme->palette.label };
  ChsRect box = { x, y, width, chs_line (theme, CHS_EM_NOTE) };

  chs_text (cr, theme, &font, text, &box, CHS_ALIGN_LEFT);
}

void
chs_draw_ruler (cairo_t *cr, const ChsRect *rect, double px_mm, const ChsTheme *theme)
{
  ChsRect card = { rect->x + LINE / 2.0 * px_mm, rect->y + CARD_Y * px_mm, CARD_W * px_mm, CARD_H * px_mm };

  draw_bar (cr, rect, px_mm, theme);
  write_beside (cr, theme, "50 mm", rect->x + (BAR_MM + 3.0) * px_mm, rect->y + 2.5 * px_mm, 30.0 * px_mm);
  chs_rounded (cr, &card, CARD_CORNER * px_mm);
  chs_colour (cr, theme->palette.text, 1.0);
  cairo_set_line_width (cr, LINE * px_mm);
  cairo_stroke (cr);
  write_beside (cr, theme, "85.6 × 54 mm", card.x + 4.0 * px_mm, card.y + card.h - 9.0 * px_mm, card.w - 8.0 * px_mm);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/panel.h"

#include <math.h>

#define MM_PER_INCH 25.4

/* Panels are made between these densities: a 24" 1280x800 wall panel and a 5.5" full HD handheld. A report outside
 * is a projector's, a virtual machine's, or an EDID that carries an aspect ratio where the size should be. */
#define MIN_PX_MM 2.4
#define MAX_PX_MM 17.0

/* The reported sides may differ from square pixels by this much before we doubt them. */
#define MAX_SQUARE_ERROR 0.12

/* Usual diagonals: the design panel, and what full HD bedside panels come in (shared/design.md, "Sizes"). */
#define SMALL_PANEL_IN 10.1
#define LARGE_PANEL_IN 15.6
#define SMALL_PANEL_MAX_PX 1366

/* The least room that the layouts need, in millimetres: short and long side. */
#define MIN_SHORT_MM 132.0
#define MIN_LONG_MM 212.0

static double
px_mm_of_diagonal (const ChsMonitorReport *report, double diagonal_in)
{
  return hypot (report->width_px, report->height_px) / (diagonal_in * MM_PER_INCH);
}

static gboolean
report_is_credible (const ChsMonitorReport *report)
{
  double x, y;

  if (report->width_mm <= 0 || report->height_mm <= 0)
    return FALSE;

  x = (double) report->width_px / report->width_mm;
  y = (double) report->height_px / report->height_mm;

  return x >= MIN_PX_MM && x <= MAX_PX_MM && fabs (x / y - 1.0) <= MAX_SQUARE_ERROR;
}

static double
guessed_diagonal_in (const ChsMonitorReport *report)
{
  return MAX (report->width_px, report->height_px) <= SMALL_PANEL_MAX_PX ? SMALL_PANEL_IN : LARGE_PANEL_IN;
}

void
chs_panel_init (ChsPanel *self, const ChsMonitorReport *report, int width_px, int height_px)
{
  double room;

  g_return_if_fail (width_px > 0 && height_px > 0);

  if (report->diagonal_in > 0.0) {
    self->origin = CHS_PANEL_FROM_ADMIN;
    self->px_mm = px_mm_of_diagonal (report, report->diagonal_in);
  } else if (report_is_credible (report)) {
    self->origin = CHS_PANEL_FROM_MONITOR;
    self->px_mm = (double) report->width_px / report->width_mm;
  } else {
    self->origin = CHS_PANEL_GUESSED;
    self->px_mm = px_mm_of_diagonal (report, guessed_diagonal_in (report));
  }

  self->screen_diagonal_px = hypot (report->width_px, report->height_px);
  self->width_px = width_px;
  self->height_px = height_px;
  self->layout = height_px > width_px ? CHS_LAYOUT_TALL : CHS_LAYOUT_WIDE;

  room = MIN (MIN (width_px, height_px) / MIN_SHORT_MM, MAX (width_px, height_px) / MIN_LONG_MM);
  self->drawn_px_mm = MIN (self->px_mm, room);
}

double
chs_panel_dpi (const ChsPanel *self)
{
  return self->drawn_px_mm * MM_PER_INCH;
}

double
chs_panel_width_mm (const ChsPanel *self)
{
  return self->width_px / self->drawn_px_mm;
}

double
chs_panel_height_mm (const ChsPanel *self)
{
  return self->height_px / self->drawn_px_mm;
}

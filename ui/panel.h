/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Size of the panel in millimetres, and what follows from it.
 *
 * All sizes on the screen are in millimetres (a gloved finger has no resolution).
 * The size comes, in this order, from the administrator (--diagonal), from the
 * monitor's own report unless that is absurd, or from the usual diagonal of such a
 * panel. Style sheets write mm and rem; chs_panel_dpi() is what makes GTK's mm true.
 *
 * Pure functions, no GTK. */

typedef enum {
  CHS_LAYOUT_WIDE, /* chart beside the tiles */
  CHS_LAYOUT_TALL, /* portrait: tiles over the chart */
} ChsLayout;

typedef enum {
  CHS_PANEL_FROM_ADMIN,   /* --diagonal */
  CHS_PANEL_FROM_MONITOR, /* as the monitor reports */
  CHS_PANEL_GUESSED,      /* the report is missing or absurd: usual diagonal of such a panel */
} ChsPanelOrigin;

/* What is known about the monitor. */
typedef struct {
  int    width_px, height_px; /* of the whole monitor, logical pixels */
  int    width_mm, height_mm; /* as reported; 0 = not told */
  double diagonal_in;         /* by the administrator, inches; 0 = not told */
} ChsMonitorReport;

typedef struct {
  double         px_mm;     /* pixels a millimetre of the panel, true as far as known */
  double         drawn_px_mm; /* pixels that are drawn for a millimetre: smaller than px_mm only where the window is too
                                 small for the design; the ruler page says so */
  double         screen_diagonal_px; /* of the whole screen, which the window may not fill */
  ChsPanelOrigin origin;
  ChsLayout      layout;
  int            width_px, height_px; /* of the window */
} ChsPanel;

/**
 * chs_panel_init:
 * @self: (out): filled
 * @report: what is known about the monitor
 * @width_px: of the window
 * @height_px: of the window
 *
 * Source:  sizes of the smallest supported panel from shared/design.md, "Sizes" (10.1", 1280x800 = 217 x 136 mm)
 */
void chs_panel_init (ChsPanel *self, const ChsMonitorReport *report, int width_px, int height_px);

/* Dots an inch to hand to GTK, so that "mm" in a style sheet is a drawn millimetre. */
double chs_panel_dpi (const ChsPanel *self);

/* Width of the window in drawn millimetres. */
double chs_panel_width_mm (const ChsPanel *self);
double chs_panel_height_mm (const ChsPanel *self);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pane.h"

/* A pane for a drawing that only one page has: the page brings the drawing function and says when it changed
 * (chs_pane_redraw()). Signals: "touched" (double x, double y) where a finger is, at the touch and while it moves. */

#define CHS_TYPE_CANVAS (chs_canvas_get_type ())
G_DECLARE_FINAL_TYPE (ChsCanvas, chs_canvas, CHS, CANVAS, ChsPane)

/* Draws into the whole widget. */
typedef void (*ChsCanvasFunc) (cairo_t *cr, const ChsRect *rect, const ChsTheme *theme, gpointer user_data);

/**
 * chs_canvas_new:
 * @draw: draws
 * @user_data: for @draw; must outlive the canvas
 * @height_mm: least height; 0 = whatever is left
 *
 * Returns: (transfer floating): a canvas; give it its scene
 */
GtkWidget *chs_canvas_new (ChsCanvasFunc draw, gpointer user_data, double height_mm) G_GNUC_WARN_UNUSED_RESULT;

void chs_canvas_set_text (ChsCanvas *self, const char *text); /* what it shows, in words, for screen readers */

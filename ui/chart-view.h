/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pane.h"

/* Pressure over infusion rate on one time axis (chs_draw_chart). A touch sets a
 * cursor, a second one measures the difference; a drag pans, two fingers or the
 * wheel zoom; the arrow keys do the same. Emits "touched" when any of that was
 * used, so that the window can show the chart's keys. */

#define CHS_TYPE_CHART_VIEW (chs_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (ChsChartView, chs_chart_view, CHS, CHART_VIEW, ChsPane)

/**
 * chs_chart_view_new:
 *
 * Thread:  main
 *
 * Returns: (transfer floating): a chart; empty until it has a scene
 */
GtkWidget *chs_chart_view_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_time_fingerprint:
 * @scene: a scene
 * @width_px: of the drawing
 *
 * Returns: a number that differs when a drawing of the scene's time window differs: by a pixel of time, by a new
 *   reading, step, mark or gap, by a cursor
 */
guint64 chs_time_fingerprint (ChsScene *scene, int width_px);


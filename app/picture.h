/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw.h"
#include "data/export.h"

/* A picture of the chair at one instant of a recording: alarm bar, chart, trends, tiles and pumps as the screen would
 * have shown them, black on white. It names the chair and the time, never the patient: pictures travel. */

/**
 * chs_picture_draw:
 * @cr: context
 * @rect: room
 * @model: fed up to the instant
 * @title: first line
 * @window: what the chart shows
 * @theme: look PAPER
 */
void chs_picture_draw (cairo_t             *cr,
                       const ChsRect       *rect,
                       const ChsChairModel *model,
                       const char          *title,
                       const ChsTimeWindow *window,
                       const ChsTheme      *theme);

/* Exporters; options: at_us, tr, width_px, height_px */
gboolean chs_picture_export_png (ChsExport *export, GError **error); /* pixels */
gboolean chs_picture_export_svg (ChsExport *export, GError **error); /* vectors */

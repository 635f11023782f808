/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw.h"
#include "app/raw-view.h"

/* The bytes of a link and the frames that they are, side by side, for a technician. Left to right in every language. */

/**
 * chs_draw_frames:
 * @cr: context
 * @rect: a column of rows of 9 mm
 * @view: bytes and frames
 * @chosen: the frame that stands out; the rows around it are shown
 * @model: for the time of day
 * @theme: a theme
 */
void chs_draw_frames (cairo_t             *cr,
                      const ChsRect       *rect,
                      const ChsRawView    *view,
                      guint                chosen,
                      const ChsChairModel *model,
                      const ChsTheme      *theme);

/* The frame under a finger at @y, drawn with the same arguments. Returns whether there is one. */
gboolean chs_frames_pick (const ChsRect *rect, const ChsRawView *view, guint chosen, const ChsTheme *theme, double y, guint *frame);

/* Sixteen bytes a row with their place in the link's stream, as digits and as letters; those of @chosen stand out. */
void chs_draw_bytes (cairo_t *cr, const ChsRect *rect, const ChsRawView *view, guint chosen, const ChsTheme *theme);

/* The frame of the byte under a finger, drawn with the same arguments. Returns whether there is one. */
gboolean chs_bytes_pick (const ChsRect    *rect,
                         const ChsRawView *view,
                         guint             chosen,
                         const ChsTheme   *theme,
                         double            x,
                         double            y,
                         guint            *frame);

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

/**
 * chs_frames_pick:
 * @rect: as given to chs_draw_frames(), as are @view, @chosen and @theme
 * @y: of the finger, in the units of @rect
 * @frame: (out): the frame under it; untouched where there is none
 *
 * Returns: whether there is one
 */
gboolean chs_frames_pick (const ChsRect *rect, const ChsRawView *view, guint chosen, const ChsTheme *theme, double y, guint *frame);

/**
 * chs_draw_bytes:
 * @cr: context
 * @rect: room
 * @view: bytes and frames
 * @chosen: the frame whose bytes stand out; the rows around them are shown
 * @theme: a theme
 *
 * Sixteen bytes a row with their place in the link's stream, as digits and as letters.
 */
void chs_draw_bytes (cairo_t *cr, const ChsRect *rect, const ChsRawView *view, guint chosen, const ChsTheme *theme);

/**
 * chs_bytes_pick:
 * @rect: as given to chs_draw_bytes(), as are @view, @chosen and @theme
 * @x: of the finger, in the units of @rect; on the digits or on the letters
 * @y: likewise
 * @frame: (out): the frame of the byte under it; untouched where there is none
 *
 * Returns: whether there is one
 */
gboolean chs_bytes_pick (const ChsRect    *rect,
                         const ChsRawView *view,
                         guint             chosen,
                         const ChsTheme   *theme,
                         double            x,
                         double            y,
                         guint            *frame);

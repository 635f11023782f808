/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/chair-model.h"

/* The chair in a terminal: for `chairside-tool watch` and for the demonstration on a machine without a display. */

/**
 * chs_text_view_render:
 * @model: a model
 * @width: columns of the terminal; below 40 it is cut as if 40
 * @height: lines of the terminal; below 12 as if 12
 * @now_us: session time
 * @colour: whether to use ANSI colours (256) and reverse video
 *
 * The alarm bar, values with their ages, pumps, pressure over rate as a braille chart of the last 30 min, links, keys.
 * In English: it is for technicians and logs.
 *
 * Returns: (transfer full): exactly @height lines, each at most @width cells wide, each ended by "\n" but the last
 */
char *chs_text_view_render (const ChsChairModel *model, int width, int height, int64_t now_us, gboolean colour);

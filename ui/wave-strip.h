/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* Sweeping waves with an erase bar. Each wave is a row of pictures, 64 px wide, each
 * with its render node; in a frame only the columns that the sweep passed are drawn,
 * and only their node is built anew: the others are appended again by pointer, so
 * that a frame damages a few pixels (shared/design.md, "Drawing"). Waves of one paper
 * speed sweep side by side. It asks for frames only while waves come in and it can
 * be seen. */

#define CHS_TYPE_WAVE_STRIP (chs_wave_strip_get_type ())
G_DECLARE_FINAL_TYPE (ChsWaveStrip, chs_wave_strip, CHS, WAVE_STRIP, ChsView)

/**
 * chs_wave_strip_has_waves:
 * @self: a strip
 *
 * Returns: whether a wave came in within the last seconds: without one the strip takes no room
 */
gboolean chs_wave_strip_has_waves (ChsWaveStrip *self);

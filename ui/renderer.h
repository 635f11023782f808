/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/**
 * chs_renderer_choose:
 *
 * Sets GSK_RENDERER=cairo, unless it is set, where no GPU is at hand: GL on the processor costs a whole core where
 * cairo costs a fifteenth (shared/design.md, "Drawing"). Before gtk_init().
 */
void chs_renderer_choose (void);

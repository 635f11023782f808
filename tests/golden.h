/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <stdbool.h>

/* Golden pictures and texts: tests/golden/NAME.png or .txt is what somebody looked at and found right.
 *
 * A difference leaves NAME.err.png (what came out beside what was wanted beside where they differ) or NAME.err.txt
 * next to the report, in meson-logs of the build. CHS_GOLDEN_UPDATE=1 writes the goldens anew: look at each before
 * committing it. */

/**
 * golden_check_picture:
 * @surface: an RGB24 image
 * @name: of the golden, without suffix
 *
 * Tolerance: a channel may differ by 24 of 255, and one pixel in two thousand by more.
 *
 * Returns: whether it is as it was
 */
bool golden_check_picture (cairo_surface_t *surface, const char *name);

bool golden_check_text (const char *text, const char *name);

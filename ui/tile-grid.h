/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* The tiles of what this chair delivers: pressure first and largest, heart rate
 * and saturation beside each other, then what else comes, then the pumps. Tiles of
 * parameters that nobody delivers are not there; the three vital ones always are,
 * so that an empty chair shows dashes and not a hole. */

#define CHS_TYPE_TILE_GRID (chs_tile_grid_get_type ())
G_DECLARE_FINAL_TYPE (ChsTileGrid, chs_tile_grid, CHS, TILE_GRID, ChsView)

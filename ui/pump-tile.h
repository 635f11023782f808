/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pane.h"

/* One pump: drug, state, rate, dose rate against its limits, infused, left, end (chs_draw_pump). */

#define CHS_TYPE_PUMP_TILE (chs_pump_tile_get_type ())
G_DECLARE_FINAL_TYPE (ChsPumpTile, chs_pump_tile, CHS, PUMP_TILE, ChsPane)

/**
 * chs_pump_tile_new:
 * @index: which row of chs_chair_model_get_pumps()
 *
 * Returns: (transfer floating): a tile
 */
GtkWidget *chs_pump_tile_new (guint index) G_GNUC_WARN_UNUSED_RESULT;

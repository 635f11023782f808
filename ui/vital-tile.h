/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pane.h"

/* One parameter: value, unit, age, limits, deviation from baseline (chs_draw_tile). */

#define CHS_TYPE_VITAL_TILE (chs_vital_tile_get_type ())
G_DECLARE_FINAL_TYPE (ChsVitalTile, chs_vital_tile, CHS, VITAL_TILE, ChsPane)

/**
 * chs_vital_tile_new:
 * @param: what it shows, all its life
 *
 * Thread:  main
 *
 * Returns: (transfer floating): a tile; empty until it has a scene
 */
GtkWidget *chs_vital_tile_new (ChsParam param) G_GNUC_WARN_UNUSED_RESULT;
ChsParam   chs_vital_tile_get_param (ChsVitalTile *self); /* as made */

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"
#include "devices/scenario-cells.h"

#include <gio/gio.h>

/* Scenarios: ID.csv with ID.ini beside it (shared/cases/scenarios/README.md), turned
 * into the journal that a live chair would have given. ID.truth.ini is for judges
 * and is never opened here. */

/* Links of a scenario chair. */
#define CHS_SCENARIO_MONITOR 1
#define CHS_SCENARIO_PUMP 2

typedef gboolean (*ChsScenarioFunc) (const ChsEvent *event, gpointer user_data); /* FALSE: stop */

/**
 * chs_scenario_play:
 * @path: ID.csv
 * @therapy_id: (nullable): entry of the therapy library to use instead of the one in ID.ini
 * @func: called for each event, in order, with seq, t_us and wall_us set
 * @user_data: for @func
 * @error: return location, of %CHS_SCENARIO_ERROR or of the file; message is "FILE:LINE: what, why"
 *
 * Absent: an empty cell is no value; a value that was there is told as ABSENT while it is away, as an instrument would
 * Range:  cells that are no number are refused; whether a value is plausible is for the engine
 *
 * Returns: whether it reached the end or was stopped
 */
gboolean chs_scenario_play (const char *path, const char *therapy_id, ChsScenarioFunc func, gpointer user_data, GError **error);

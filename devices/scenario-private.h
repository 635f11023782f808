/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/scenario.h"

#define CHS_SCENARIO_STEP_US 100000

typedef struct _ChsScenarioRows ChsScenarioRows;

/**
 * chs_scenario_rows_parse:
 * @text: a CSV in the form of one row a second
 * @name: of the file, for messages
 * @error: return location
 *
 * Returns: (transfer full): its rows
 */
ChsScenarioRows *chs_scenario_rows_parse (const char *text, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void             chs_scenario_rows_free (ChsScenarioRows *rows);

/**
 * chs_scenario_rows_apply:
 * @rows: rows
 * @second: which one; behind the last the last one stays
 * @patient: (inout): becomes as the row says
 *
 * Returns: (nullable) (transfer none): the events of the row, ';'-separated
 */
const char *chs_scenario_rows_apply (const ChsScenarioRows *rows, guint second, ChsSimPatient *patient);

guint chs_scenario_rows_count (const ChsScenarioRows *rows); /* seconds that it lasts */

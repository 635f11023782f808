/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <glib.h>

/* The CSV of recorded and judged sessions: a first line that names the columns, then a row an instant: what the instruments
 * showed. Read here for both who take it: the simulated patient (devices/scenario.h), one row a second, and the journal of
 * a scenario (app/scenario-csv.h), at any times. An empty cell is no value. */

#define CHS_SCENARIO_ERROR (chs_scenario_error_quark ())
GQuark chs_scenario_error_quark (void);

typedef enum {
  CHS_SCENARIO_ERROR_READ,   /* a file cannot be read */
  CHS_SCENARIO_ERROR_COLUMN, /* a column is unknown or stands twice, or t_s is missing */
  CHS_SCENARIO_ERROR_ROW,    /* a row that makes no sense */
} ChsScenarioError;

#define CHS_SCENARIO_MAX_COLUMNS 32

/* Which of the known columns each cell of a row is. */
typedef struct {
  guint  n;
  guint8 column[CHS_SCENARIO_MAX_COLUMNS];
} ChsScenarioHeader;

typedef enum {
  CHS_SCENARIO_CUFF_NOTHING,
  CHS_SCENARIO_CUFF_INFLATING,
  CHS_SCENARIO_CUFF_OK,
  CHS_SCENARIO_CUFF_FAIL_MOTION,
  CHS_SCENARIO_CUFF_FAIL_WEAK,
} ChsScenarioCuff;

typedef struct {
  double          t_s;                /* seconds of the session; never absent, 0 or more */
  double          value[CHS_N_PARAMS]; /* in the parameter's unit; a pump's line pressure in mmHg; NAN = none */
  bool            has_monitor, has_pump; /* whether the link talks; true where no column tells */
  ChsScenarioCuff cuff;
  const char     *cuff_word;          /* as it stands in the file; "" = nothing */
  ChsPumpState    pump_state;         /* CHS_PUMP_UNKNOWN: no frames */
  const char     *events;             /* ';'-separated, in the row's cells; "" = none */
} ChsScenarioRow;

/**
 * chs_scenario_header_read:
 * @self: (out): becomes what the first line says
 * @cells: (array zero-terminated=1): of the first line
 * @error: return location
 *
 * Returns: whether each column is known and stands once, and t_s is among them
 */
gboolean chs_scenario_header_read (ChsScenarioHeader *self, char *const *cells, GError **error);

/**
 * chs_scenario_row_read:
 * @self: a header
 * @cells: (array zero-terminated=1): of one line; those that are missing at its end are empty
 * @row: (out): its values; borrows from @cells
 * @error: return location; what is wrong, without file and line
 *
 * Range: cells that are no finite number are refused, and words that are none of theirs; whether a value is plausible is
 *   not judged
 *
 * Returns: whether the row makes sense
 */
gboolean chs_scenario_row_read (const ChsScenarioHeader *self, char *const *cells, ChsScenarioRow *row, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdint.h>

/* Units of measure. Stored and exported as UCUM, never translated; the screen
 * prints the short form. One table, data/unit.c, is the only place where a unit
 * is spelled. MDC codes and UCUM: shared/protocols/nomenclature.md, section 6
 * (IEEE 11073-10101, partition 4). */

typedef enum {
  CHS_UNIT_NONE = 0, /* a number without a unit was never given one: not "1" */
  CHS_UNIT_ONE,      /* dimensionless */
  CHS_UNIT_PERCENT,
  CHS_UNIT_PER_MIN, /* beats or breaths a minute */
  CHS_UNIT_MMHG,
  CHS_UNIT_KPA,
  CHS_UNIT_CEL,
  CHS_UNIT_MV,
  CHS_UNIT_ML,
  CHS_UNIT_ML_H,
  CHS_UNIT_ML_KG,
  CHS_UNIT_ML_KG_H,
  CHS_UNIT_MG,
  CHS_UNIT_MG_ML,
  CHS_UNIT_MG_MIN,
  CHS_UNIT_MG_H,
  CHS_UNIT_MG_KG,
  CHS_UNIT_MG_KG_H,
  CHS_UNIT_UG_KG_MIN,
  CHS_UNIT_G_MIN,
  CHS_UNIT_MMOL,
  CHS_UNIT_MMOL_ML,
  CHS_UNIT_MMOL_MIN,
  CHS_UNIT_MMOL_L,
  CHS_UNIT_MOSM_L,
  CHS_UNIT_KG,
  CHS_UNIT_CM,
  CHS_UNIT_S,
  CHS_UNIT_MIN,
  CHS_UNIT_H,
  CHS_UNIT_PERCENT_LIMIT, /* line pressure as percent of the pump's alarm limit; UCUM "%{limit}" */
  CHS_UNIT_STEP,          /* a device's own coarse steps (pressure in quarters, battery bars); UCUM "{step}" */
  CHS_N_UNITS
} ChsUnit;

typedef struct {
  const char *ucum;  /* "mm[Hg]"; what files and JSON carry */
  const char *label; /* "mmHg"; what the screen shows, before translation */
  uint32_t    mdc;   /* 32-bit MDC unit code; 0 where none is known */
} ChsUnitInfo;

/**
 * chs_unit_info:
 * @unit: a unit
 *
 * Returns: (transfer none): its row; for a value outside the enum the row of %CHS_UNIT_NONE
 */
const ChsUnitInfo *chs_unit_info (ChsUnit unit);

/**
 * chs_unit_from_ucum:
 * @ucum: a UCUM code, case-sensitive
 *
 * Returns: the unit, or %CHS_UNIT_NONE when the code is not in the table
 */
ChsUnit chs_unit_from_ucum (const char *ucum);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/unit.h"

#include <string.h>

#define N_(s) (s)

static const ChsUnitInfo units[CHS_N_UNITS] = {
  [CHS_UNIT_NONE] = { "", "", 0 },
  [CHS_UNIT_ONE] = { "1", "", 262656 },
  [CHS_UNIT_PERCENT] = { "%", "%", 262688 },
  [CHS_UNIT_PER_MIN] = { "/min", "/min", 264864 },
  [CHS_UNIT_MMHG] = { "mm[Hg]", "mmHg", 266016 },
  [CHS_UNIT_KPA] = { "kPa", "kPa", 265987 },
  [CHS_UNIT_CEL] = { "Cel", "°C", 268192 },
  [CHS_UNIT_MV] = { "mV", "mV", 0 },
  [CHS_UNIT_ML] = { "mL", "mL", 263762 },
  [CHS_UNIT_ML_H] = { "mL/h", "mL/h", 265266 },
  [CHS_UNIT_ML_KG] = { "mL/kg", "mL/kg", 0 },
  [CHS_UNIT_ML_KG_H] = { "mL/kg/h", "mL/kg/h", 0 },
  [CHS_UNIT_MG] = { "mg", "mg", 263890 },
  [CHS_UNIT_MG_ML] = { "mg/mL", "mg/mL", 264306 },
  [CHS_UNIT_MG_MIN] = { "mg/min", "mg/min", 265490 },
  [CHS_UNIT_MG_H] = { "mg/h", "mg/h", 265522 },
  [CHS_UNIT_MG_KG] = { "mg/kg", "mg/kg", 0 },
  [CHS_UNIT_MG_KG_H] = { "mg/kg/h", "mg/kg/h", 265650 },
  [CHS_UNIT_UG_KG_MIN] = { "ug/kg/min", "µg/kg/min", 265619 },
  [CHS_UNIT_G_MIN] = { "g/min", "g/min", 0 },
  [CHS_UNIT_MMOL] = { "mmol", "mmol", 0 },
  [CHS_UNIT_MMOL_ML] = { "mmol/mL", "mmol/mL", 0 },
  [CHS_UNIT_MMOL_MIN] = { "mmol/min", "mmol/min", 0 },
  [CHS_UNIT_MMOL_L] = { "mmol/L", "mmol/L", 0 },
  [CHS_UNIT_MOSM_L] = { "mosm/L", "mOsm/L", 0 },
  [CHS_UNIT_KG] = { "kg", "kg", 263875 },
  [CHS_UNIT_CM] = { "cm", "cm", 0 },
  [CHS_UNIT_S] = { "s", "s", 264320 },
  [CHS_UNIT_MIN] = { "min", "min", 264352 },
  [CHS_UNIT_H] = { "h", "h", 264384 },
  /* xgettext:no-c-format */
  [CHS_UNIT_PERCENT_LIMIT] = { "%{limit}", N_ ("% of limit"), 262688 },
  [CHS_UNIT_STEP] = { "{step}", N_ ("step"), 0 },
};

const ChsUnitInfo *
chs_unit_info (ChsUnit unit)
{
  return &units[(unsigned) unit < CHS_N_UNITS ? unit : CHS_UNIT_NONE];
}

ChsUnit
chs_unit_from_ucum (const char *ucum)
{
  for (unsigned i = CHS_UNIT_NONE + 1; i < CHS_N_UNITS; i++)
    if (strcmp (units[i].ucum, ucum) == 0)
      return (ChsUnit) i;
  return CHS_UNIT_NONE;
}

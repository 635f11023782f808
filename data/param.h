/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/unit.h"

#include <stdbool.h>
#include <stdint.h>

/* Parameters: what is measured. Names are stable: they stand in recordings,
 * scripts and exports (shared/design.md, "Contracts of the command line"). Numbers
 * are stable, too: they are in the packed events. New ones go to the end.
 * MDC and LOINC codes: shared/protocols/nomenclature.md, section 1. */

typedef enum {
  CHS_PARAM_NONE = 0,
  /* numerics */
  CHS_PARAM_HR,   /* heart rate from ECG */
  CHS_PARAM_PR,   /* pulse rate from the oximeter */
  CHS_PARAM_SPO2, /* arterial oxygen saturation by pulse oximetry */
  CHS_PARAM_PI,   /* perfusion index */
  CHS_PARAM_NIBP_SYS,
  CHS_PARAM_NIBP_DIA,
  CHS_PARAM_NIBP_MEAN,
  CHS_PARAM_NIBP_PR,   /* pulse rate counted by the cuff */
  CHS_PARAM_NIBP_CUFF, /* cuff pressure while measuring */
  CHS_PARAM_ABP_SYS,   /* arterial line */
  CHS_PARAM_ABP_DIA,
  CHS_PARAM_ABP_MEAN,
  CHS_PARAM_IBP2_SYS, /* second invasive pressure, of unknown site */
  CHS_PARAM_IBP2_DIA,
  CHS_PARAM_IBP2_MEAN,
  CHS_PARAM_RR,     /* respiration rate, impedance or unspecified */
  CHS_PARAM_CO2_RR, /* respiration rate from capnography */
  CHS_PARAM_ETCO2,
  CHS_PARAM_FICO2,
  CHS_PARAM_TEMP,
  CHS_PARAM_TEMP2,
  CHS_PARAM_SPCO,
  CHS_PARAM_SPMET,
  CHS_PARAM_SPHB,
  CHS_PARAM_PVI,
  /* waves */
  CHS_PARAM_ECG_WAVE,
  CHS_PARAM_ECG2_WAVE,
  CHS_PARAM_PLETH_WAVE,
  CHS_PARAM_RESP_WAVE,
  CHS_PARAM_ABP_WAVE,
  CHS_PARAM_IBP2_WAVE,
  CHS_PARAM_CO2_WAVE,
  /* pump: these are fields of ChsPumpStatus; the names serve tracks, limits and exports */
  CHS_PARAM_PUMP_RATE,
  CHS_PARAM_PUMP_VOLUME,
  CHS_PARAM_PUMP_VTBI,
  CHS_PARAM_PUMP_TIME_LEFT,
  CHS_PARAM_PUMP_PRESSURE,
  /* imported tracks that we have no name for; their name and unit are in the recording's list of tracks */
  CHS_PARAM_OTHER,
  CHS_PARAM_OTHER_WAVE,
  CHS_N_PARAMS
} ChsParam;

typedef struct {
  const char *name;     /* stable id, "NIBP_SYS" */
  const char *label;    /* short clinical label for a tile, "NIBP"; marked for translation */
  ChsUnit     unit;     /* the unit in which it is stored; drivers convert to it */
  uint32_t    mdc;      /* 32-bit MDC code; 0 where none is known */
  const char *mdc_name; /* "MDC_PRESS_BLD_NONINV_SYS"; NULL where none is known */
  const char *loinc;    /* "8480-6"; NULL where none is known */
  uint8_t     decimals; /* digits after the point on a tile */
  bool        is_wave;
} ChsParamInfo;

/**
 * chs_param_info:
 * @param: a parameter
 *
 * Returns: (transfer none): its row; for a value outside the enum the row of %CHS_PARAM_NONE
 */
const ChsParamInfo *chs_param_info (ChsParam param);

/**
 * chs_param_from_name:
 * @name: a stable id such as "NIBP_SYS", case-sensitive
 *
 * Returns: the parameter, or %CHS_PARAM_NONE when there is none of that name
 */
ChsParam chs_param_from_name (const char *name);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/param.h"

#include <string.h>

/* Marks a string for xgettext without pulling gettext into the ground floor. */
#define N_(s) (s)

static const ChsParamInfo params[CHS_N_PARAMS] = {
  [CHS_PARAM_NONE] = { "", "", CHS_UNIT_NONE, 0, NULL, NULL, 0, false },
  [CHS_PARAM_HR] = { "HR", N_ ("HR"), CHS_UNIT_PER_MIN, 147842, "MDC_ECG_HEART_RATE", "8867-4", 0, false },
  [CHS_PARAM_PR] = { "PR", N_ ("PR"), CHS_UNIT_PER_MIN, 149530, "MDC_PULS_OXIM_PULS_RATE", "8889-8", 0, false },
  [CHS_PARAM_SPO2] = { "SPO2", N_ ("SpO₂"), CHS_UNIT_PERCENT, 150456, "MDC_PULS_OXIM_SAT_O2", "59408-5", 0, false },
  [CHS_PARAM_PI] = { "PI", N_ ("PI"), CHS_UNIT_PERCENT, 0, NULL, NULL, 1, false },
  [CHS_PARAM_NIBP_SYS] = { "NIBP_SYS", N_ ("NIBP"), CHS_UNIT_MMHG, 150021, "MDC_PRESS_BLD_NONINV_SYS", "8480-6", 0, false },
  [CHS_PARAM_NIBP_DIA] = { "NIBP_DIA", N_ ("NIBP dia"), CHS_UNIT_MMHG, 150022, "MDC_PRESS_BLD_NONINV_DIA", "8462-4", 0, false },
  [CHS_PARAM_NIBP_MEAN] = { "NIBP_MEAN", N_ ("MAP"), CHS_UNIT_MMHG, 150023, "MDC_PRESS_BLD_NONINV_MEAN", "8478-0", 0, false },
  [CHS_PARAM_NIBP_PR] = { "NIBP_PR", N_ ("Cuff pulse"), CHS_UNIT_PER_MIN, 149546, "MDC_PULS_RATE_NON_INV", "8867-4", 0, false },
  [CHS_PARAM_NIBP_CUFF] = { "NIBP_CUFF", N_ ("Cuff"), CHS_UNIT_MMHG, 0, NULL, NULL, 0, false },
  [CHS_PARAM_ABP_SYS] = { "ABP_SYS", N_ ("ABP"), CHS_UNIT_MMHG, 150037, "MDC_PRESS_BLD_ART_ABP_SYS", "8480-6", 0, false },
  [CHS_PARAM_ABP_DIA] = { "ABP_DIA", N_ ("ABP dia"), CHS_UNIT_MMHG, 150038, "MDC_PRESS_BLD_ART_ABP_DIA", "8462-4", 0, false },
  [CHS_PARAM_ABP_MEAN] = { "ABP_MEAN", N_ ("ABP mean"), CHS_UNIT_MMHG, 150039, "MDC_PRESS_BLD_ART_ABP_MEAN", "8478-0", 0, false },
  [CHS_PARAM_IBP2_SYS] = { "IBP2_SYS", N_ ("IBP2"), CHS_UNIT_MMHG, 0, NULL, NULL, 0, false },
  [CHS_PARAM_IBP2_DIA] = { "IBP2_DIA", N_ ("IBP2 dia"), CHS_UNIT_MMHG, 0, NULL, NULL, 0, false },
  [CHS_PARAM_IBP2_MEAN] = { "IBP2_MEAN", N_ ("IBP2 mean"), CHS_UNIT_MMHG, 0, NULL, NULL, 0, false },
  [CHS_PARAM_RR] = { "RR", N_ ("RR"), CHS_UNIT_PER_MIN, 151562, "MDC_RESP_RATE", "9279-1", 0, false },
  [CHS_PARAM_CO2_RR] = { "CO2_RR", N_ ("RR CO₂"), CHS_UNIT_PER_MIN, 151570, "MDC_AWAY_RESP_RATE", "9279-1", 0, false },
  [CHS_PARAM_ETCO2] = { "ETCO2", N_ ("etCO₂"), CHS_UNIT_MMHG, 151708, "MDC_AWAY_CO2_ET", "19889-5", 0, false },
  [CHS_PARAM_FICO2] = { "FICO2", N_ ("FiCO₂"), CHS_UNIT_MMHG, 0, NULL, NULL, 0, false },
  [CHS_PARAM_TEMP] = { "TEMP", N_ ("Temp"), CHS_UNIT_CEL, 150344, "MDC_TEMP", "8310-5", 1, false },
  [CHS_PARAM_TEMP2] = { "TEMP2", N_ ("Temp 2"), CHS_UNIT_CEL, 150344, "MDC_TEMP", "8310-5", 1, false },
  [CHS_PARAM_SPCO] = { "SPCO", N_ ("SpCO"), CHS_UNIT_PERCENT, 0, NULL, NULL, 0, false },
  [CHS_PARAM_SPMET] = { "SPMET", N_ ("SpMet"), CHS_UNIT_PERCENT, 0, NULL, NULL, 1, false },
  [CHS_PARAM_SPHB] = { "SPHB", N_ ("SpHb"), CHS_UNIT_ONE, 0, NULL, NULL, 1, false },
  [CHS_PARAM_PVI] = { "PVI", N_ ("PVI"), CHS_UNIT_PERCENT, 0, NULL, NULL, 0, false },
  [CHS_PARAM_ECG_WAVE] = { "ECG_WAVE", N_ ("ECG"), CHS_UNIT_MV, 0, NULL, NULL, 2, true },
  [CHS_PARAM_ECG2_WAVE] = { "ECG2_WAVE", N_ ("ECG 2"), CHS_UNIT_MV, 0, NULL, NULL, 2, true },
  [CHS_PARAM_PLETH_WAVE] = { "PLETH_WAVE", N_ ("Pleth"), CHS_UNIT_ONE, 0, NULL, NULL, 0, true },
  [CHS_PARAM_RESP_WAVE] = { "RESP_WAVE", N_ ("Resp"), CHS_UNIT_ONE, 0, NULL, NULL, 0, true },
  [CHS_PARAM_ABP_WAVE] = { "ABP_WAVE", N_ ("ABP"), CHS_UNIT_MMHG, 150036, "MDC_PRESS_BLD_ART_ABP", NULL, 0, true },
  [CHS_PARAM_IBP2_WAVE] = { "IBP2_WAVE", N_ ("IBP2"), CHS_UNIT_MMHG, 0, NULL, NULL, 0, true },
  [CHS_PARAM_CO2_WAVE] = { "CO2_WAVE", N_ ("CO₂"), CHS_UNIT_MMHG, 0, NULL, NULL, 0, true },
  [CHS_PARAM_PUMP_RATE] = { "PUMP_RATE", N_ ("Rate"), CHS_UNIT_ML_H, 157784, "MDC_FLOW_FLUID_PUMP", NULL, 1, false },
  [CHS_PARAM_PUMP_VOLUME] = { "PUMP_VOLUME", N_ ("Infused"), CHS_UNIT_ML, 157864, "MDC_VOL_FLUID_DELIV", NULL, 1, false },
  [CHS_PARAM_PUMP_VTBI] = { "PUMP_VTBI", N_ ("VTBI"), CHS_UNIT_ML, 157884, "MDC_VOL_FLUID_TBI", NULL, 1, false },
  [CHS_PARAM_PUMP_TIME_LEFT] = { "PUMP_TIME_LEFT", N_ ("Time left"), CHS_UNIT_S, 157916, "MDC_TIME_PD_REMAIN", NULL, 0, false },
  [CHS_PARAM_PUMP_PRESSURE] = { "PUMP_PRESSURE", N_ ("Line pressure"), CHS_UNIT_MMHG, 0, NULL, NULL, 0, false },
  [CHS_PARAM_OTHER] = { "OTHER", N_ ("Other"), CHS_UNIT_NONE, 0, NULL, NULL, 2, false },
  [CHS_PARAM_OTHER_WAVE] = { "OTHER_WAVE", N_ ("Other"), CHS_UNIT_NONE, 0, NULL, NULL, 2, true },
};

const ChsParamInfo *
chs_param_info (ChsParam param)
{
  return &params[(unsigned) param < CHS_N_PARAMS ? param : CHS_PARAM_NONE];
}

ChsParam
chs_param_from_name (const char *name)
{
  for (unsigned i = CHS_PARAM_NONE + 1; i < CHS_N_PARAMS; i++)
    if (strcmp (params[i].name, name) == 0)
      return (ChsParam) i;
  return CHS_PARAM_NONE;
}

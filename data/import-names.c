/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/import.h"

#include <string.h>

/* How files of other makes spell what we have a name for. Sources: shared/formats/vital-file.md, wfdb.md, csv.md. */

static const struct {
  const char *text;
  ChsUnit     unit;
} units[] = {
  { "mmHg", CHS_UNIT_MMHG },  { "/min", CHS_UNIT_PER_MIN }, { "bpm", CHS_UNIT_PER_MIN },  { "pm", CHS_UNIT_PER_MIN },
  { "1/min", CHS_UNIT_PER_MIN }, { "C", CHS_UNIT_CEL },     { "degC", CHS_UNIT_CEL },     { "°C", CHS_UNIT_CEL },
  { "mV", CHS_UNIT_MV },      { "ml/hr", CHS_UNIT_ML_H },   { "ml/h", CHS_UNIT_ML_H },    { "kPa", CHS_UNIT_KPA },
  { "NU", CHS_UNIT_ONE },     { "%", CHS_UNIT_PERCENT },
};

static const struct {
  const char *name;
  guint8      param;
} names[] = {
  { "HR", CHS_PARAM_HR },
  { "ECG_HR", CHS_PARAM_HR },
  { "Heart Rate", CHS_PARAM_HR },
  { "NOM_ECG_CARD_BEAT_RATE", CHS_PARAM_HR },
  { "PR", CHS_PARAM_PR },
  { "PULSE", CHS_PARAM_PR },
  { "PLETH_HR", CHS_PARAM_PR },
  { "SpO2_Pulse", CHS_PARAM_PR },
  { "SpO2_PR", CHS_PARAM_PR },
  { "NOM_PLETH_PULS_RATE", CHS_PARAM_PR },
  { "SPO2", CHS_PARAM_SPO2 },
  { "PLETH_SPO2", CHS_PARAM_SPO2 },
  { "SpO2_Sat", CHS_PARAM_SPO2 },
  { "NOM_PULS_OXIM_SAT_O2", CHS_PARAM_SPO2 },
  { "Perf", CHS_PARAM_PI },
  { "NOM_PULS_OXIM_PERF_REL", CHS_PARAM_PI },
  { "NIBP_SYS", CHS_PARAM_NIBP_SYS },
  { "NIBP_DIA", CHS_PARAM_NIBP_DIA },
  { "NIBP_MAP", CHS_PARAM_NIBP_MEAN },
  { "NIBP_SBP", CHS_PARAM_NIBP_SYS },
  { "NIBP_DBP", CHS_PARAM_NIBP_DIA },
  { "NIBP_MBP", CHS_PARAM_NIBP_MEAN },
  { "NBPSys", CHS_PARAM_NIBP_SYS },
  { "NBPDias", CHS_PARAM_NIBP_DIA },
  { "NBPMean", CHS_PARAM_NIBP_MEAN },
  { "NBP (Sys)", CHS_PARAM_NIBP_SYS },
  { "NBP (Dia)", CHS_PARAM_NIBP_DIA },
  { "NBP (Mean)", CHS_PARAM_NIBP_MEAN },
  { "Systolic BP", CHS_PARAM_NIBP_SYS }, /* VSCapture's, of the cuff */
  { "Diastolic BP", CHS_PARAM_NIBP_DIA },
  { "Mean BP", CHS_PARAM_NIBP_MEAN },
  { "NIBP_Systolic", CHS_PARAM_NIBP_SYS },
  { "NIBP_Diastolic", CHS_PARAM_NIBP_DIA },
  { "NIBP_Mean", CHS_PARAM_NIBP_MEAN },
  { "NOM_PRESS_BLD_NONINV_SYS", CHS_PARAM_NIBP_SYS },
  { "NOM_PRESS_BLD_NONINV_DIA", CHS_PARAM_NIBP_DIA },
  { "NOM_PRESS_BLD_NONINV_MEAN", CHS_PARAM_NIBP_MEAN },
  { "ABPSys", CHS_PARAM_ABP_SYS },
  { "ABPDias", CHS_PARAM_ABP_DIA },
  { "ABPMean", CHS_PARAM_ABP_MEAN },
  { "ART_SYS", CHS_PARAM_ABP_SYS },
  { "ART_DIA", CHS_PARAM_ABP_DIA },
  { "ART_MAP", CHS_PARAM_ABP_MEAN },
  { "ART_SBP", CHS_PARAM_ABP_SYS },
  { "ART_DBP", CHS_PARAM_ABP_DIA },
  { "ART_MBP", CHS_PARAM_ABP_MEAN },
  { "RR", CHS_PARAM_RR },
  { "RESP", CHS_PARAM_RR },
  { "NOM_RESP_RATE", CHS_PARAM_RR },
  { "CO2_RR", CHS_PARAM_CO2_RR },
  { "awRR", CHS_PARAM_CO2_RR },
  { "ETCO2", CHS_PARAM_ETCO2 },
  { "TEMP", CHS_PARAM_TEMP },
  { "BT", CHS_PARAM_TEMP },
  { "T1_Temp", CHS_PARAM_TEMP },
  { "T2_Temp", CHS_PARAM_TEMP2 },
  { "infusion_rate", CHS_PARAM_PUMP_RATE },
  { "FLOW_RATE", CHS_PARAM_PUMP_RATE },
  { "volume_total", CHS_PARAM_PUMP_VOLUME },
  { "TOTAL_VOL", CHS_PARAM_PUMP_VOLUME },
  { "ECG", CHS_PARAM_ECG_WAVE },
  { "I", CHS_PARAM_ECG_WAVE },
  { "II", CHS_PARAM_ECG_WAVE },
  { "III", CHS_PARAM_ECG_WAVE },
  { "V", CHS_PARAM_ECG_WAVE },
  { "AVR", CHS_PARAM_ECG_WAVE },
  { "MCL1", CHS_PARAM_ECG_WAVE },
  { "PLETH", CHS_PARAM_PLETH_WAVE },
  { "NOM_PLETH", CHS_PARAM_PLETH_WAVE },
  { "RESP", CHS_PARAM_RESP_WAVE },
  { "ABP", CHS_PARAM_ABP_WAVE },
  { "ART", CHS_PARAM_ABP_WAVE },
  { "CO2", CHS_PARAM_CO2_WAVE },
};

ChsUnit
chs_import_unit (const char *text)
{
  ChsUnit unit = chs_unit_from_ucum (text);

  for (guint i = 0; unit == CHS_UNIT_NONE && i < G_N_ELEMENTS (units); i++)
    if (g_ascii_strcasecmp (units[i].text, text) == 0)
      unit = units[i].unit;
  return unit;
}

/* What has no dimension in our table may be called anything. */
static gboolean
fits (ChsParam param, const char *unit)
{
  ChsUnit ours = chs_param_info (param)->unit;

  return unit[0] == '\0' || ours == CHS_UNIT_ONE || chs_import_unit (unit) == ours;
}

ChsParam
chs_import_param (const char *name, const char *unit, gboolean is_wave)
{
  const char *slash = strrchr (name, '/');
  const char *last = slash != NULL ? slash + 1 : name;
  g_autofree char *upper = g_ascii_strup (last, -1); /* as we call it ourselves */
  ChsParam ours;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i].name, last) == 0 && chs_param_info (names[i].param)->is_wave == is_wave && fits (names[i].param, unit))
      return names[i].param;
  ours = chs_param_from_name (upper);
  if (ours != CHS_PARAM_NONE && chs_param_info (ours)->is_wave == is_wave && fits (ours, unit))
    return ours;
  return is_wave ? CHS_PARAM_OTHER_WAVE : CHS_PARAM_OTHER;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/alarm.h"

#include <string.h>

static const char *const label_ids[CHS_N_LABELS] = {
  [CHS_LABEL_NONE] = "",
  [CHS_LABEL_INFUSION_REACTION] = "infusion_reaction",
  [CHS_LABEL_FEBRILE_REACTION] = "febrile_reaction",
  [CHS_LABEL_FEBRILE_CHECK] = "febrile_check",
  [CHS_LABEL_FLUID_OVERLOAD] = "fluid_overload",
  [CHS_LABEL_MG_HYPOTENSION] = "mg_hypotension",
  [CHS_LABEL_HYPERMAGNESAEMIA] = "hypermagnesaemia",
  [CHS_LABEL_MG_RATE] = "mg_rate",
  [CHS_LABEL_RATE_LIMIT] = "rate_limit",
  [CHS_LABEL_VOLUME_LIMIT] = "volume_limit",
  [CHS_LABEL_DOSE_LIMIT] = "dose_limit",
  [CHS_LABEL_KETAMINE_HYPERTENSION] = "ketamine_hypertension",
  [CHS_LABEL_KETAMINE_SEDATION] = "ketamine_sedation",
  [CHS_LABEL_KETAMINE_AGITATION] = "ketamine_agitation",
  [CHS_LABEL_LIDOCAINE_TOXICITY] = "lidocaine_toxicity",
  [CHS_LABEL_VASOVAGAL] = "vasovagal",
  [CHS_LABEL_INFILTRATION] = "infiltration",
  [CHS_LABEL_OCCLUSION] = "occlusion",
  [CHS_LABEL_HYPOTENSION] = "hypotension",
  [CHS_LABEL_HYPERTENSION] = "hypertension",
  [CHS_LABEL_TACHYCARDIA] = "tachycardia",
  [CHS_LABEL_BRADYCARDIA] = "bradycardia",
  [CHS_LABEL_ARRHYTHMIA] = "arrhythmia",
  [CHS_LABEL_DESATURATION] = "desaturation",
  [CHS_LABEL_RESP_RATE_LOW] = "resp_rate_low",
  [CHS_LABEL_RESP_RATE_HIGH] = "resp_rate_high",
  [CHS_LABEL_TEMP_HIGH] = "temp_high",
  [CHS_LABEL_TEMP_LOW] = "temp_low",
  [CHS_LABEL_CHECK_PULSE] = "check_pulse",
  [CHS_LABEL_CHECK_PATIENT] = "check_patient",
  [CHS_LABEL_DYSPNOEA] = "dyspnoea",
  [CHS_LABEL_ANXIETY] = "anxiety",
  [CHS_LABEL_FLUSH] = "flush",
  [CHS_LABEL_GLUCOSE_CHECK] = "glucose_check",
  [CHS_LABEL_PRECHECK] = "precheck",
  [CHS_LABEL_NO_BASELINE] = "no_baseline",
  [CHS_LABEL_SENSOR_OFF_SPO2] = "sensor_off_spo2",
  [CHS_LABEL_ECG_OFF] = "ecg_off",
  [CHS_LABEL_RR_OFF] = "rr_off",
  [CHS_LABEL_NIBP_FAILED] = "nibp_failed",
  [CHS_LABEL_NIBP_OVERDUE] = "nibp_overdue",
  [CHS_LABEL_LINK_MONITOR] = "link_monitor",
  [CHS_LABEL_LINK_PUMP] = "link_pump",
  [CHS_LABEL_FROZEN_DATA] = "frozen_data",
  [CHS_LABEL_ARTEFACT] = "artefact",
  [CHS_LABEL_INFUSION_DONE] = "infusion_done",
  [CHS_LABEL_PUMP_ALARM] = "pump_alarm",
  [CHS_LABEL_PUMP_PAUSED] = "pump_paused",
  [CHS_LABEL_PUMP_MISMATCH] = "pump_mismatch",
  [CHS_LABEL_MONITOR_ALARM] = "monitor_alarm",
  [CHS_LABEL_DEVICE_CHANGED] = "device_changed",
  [CHS_LABEL_NO_ALARM_SOUND] = "no_alarm_sound",
  [CHS_LABEL_SCREEN_LOST] = "screen_lost",
  [CHS_LABEL_RECORDING_FAILED] = "recording_failed",
  [CHS_LABEL_ENGINE_LAG] = "engine_lag",
  [CHS_LABEL_CLOCK_STEP] = "clock_step",
  [CHS_LABEL_SETTINGS_REFUSED] = "settings_refused",
  [CHS_LABEL_OSMOLARITY] = "osmolarity",
  [CHS_LABEL_NEWS2] = "news2",
  [CHS_LABEL_STORAGE_LOW] = "storage_low",
  [CHS_LABEL_STORAGE_FULL] = "storage_full",
  [CHS_LABEL_CLOCK_NOT_SET] = "clock_not_set",
};

static const char *const priority_ids[] = {
  [CHS_PRIORITY_NONE] = "none",
  [CHS_PRIORITY_LOW] = "low",
  [CHS_PRIORITY_MEDIUM] = "medium",
  [CHS_PRIORITY_HIGH] = "high",
};

static const char *const action_ids[] = {
  [0] = "",
  [CHS_ALARM_RAISE] = "raise",
  [CHS_ALARM_ESCALATE] = "escalate",
  [CHS_ALARM_DEESCALATE] = "deescalate",
  [CHS_ALARM_ACK] = "ack",
  [CHS_ALARM_ACK_EXPIRED] = "ack_expired",
  [CHS_ALARM_LATCH] = "latch",
  [CHS_ALARM_CLEAR] = "clear",
  [CHS_ALARM_SUSPEND] = "suspend",
};

const char *
chs_label_id (ChsLabel label)
{
  return label_ids[(unsigned) label < CHS_N_LABELS ? label : CHS_LABEL_NONE];
}

ChsLabel
chs_label_from_id (const char *id)
{
  for (unsigned i = CHS_LABEL_NONE + 1; i < CHS_N_LABELS; i++)
    if (strcmp (label_ids[i], id) == 0)
      return (ChsLabel) i;
  return CHS_LABEL_NONE;
}

const char *
chs_priority_id (ChsPriority priority)
{
  return priority_ids[(unsigned) priority <= CHS_PRIORITY_HIGH ? priority : CHS_PRIORITY_NONE];
}

const char *
chs_alarm_action_id (ChsAlarmAction action)
{
  return action_ids[(unsigned) action <= CHS_ALARM_SUSPEND ? action : 0];
}

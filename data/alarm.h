/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/* Vocabulary of alarm conditions: labels, priorities, transitions. The rules that
 * raise them are in app/; this is what recordings, exports and screens share.
 * Label ids: shared/clinical.md section 10-11 and shared/cases/scenarios/README.md. */

typedef enum {
  CHS_PRIORITY_NONE = 0,
  CHS_PRIORITY_LOW,
  CHS_PRIORITY_MEDIUM,
  CHS_PRIORITY_HIGH,
} ChsPriority;

typedef enum {
  CHS_ALARM_RAISE = 1,   /* condition determined; signals begin */
  CHS_ALARM_ESCALATE,    /* same condition, higher priority */
  CHS_ALARM_DEESCALATE,  /* same condition, lower priority; never out of HIGH (latching) */
  CHS_ALARM_ACK,         /* nurse has acknowledged; sound off for this condition */
  CHS_ALARM_ACK_EXPIRED, /* still true long after the acknowledgement: sounds again */
  CHS_ALARM_LATCH,       /* condition gone, signals stay until acknowledged */
  CHS_ALARM_CLEAR,       /* over */
  CHS_ALARM_SUSPEND,     /* ALARM PAUSED or ALARM OFF: no signals from here on, the condition may be there still */
} ChsAlarmAction;

typedef enum {
  CHS_LABEL_NONE = 0,
  /* hazards */
  CHS_LABEL_INFUSION_REACTION,
  CHS_LABEL_FEBRILE_REACTION,
  CHS_LABEL_FEBRILE_CHECK,
  CHS_LABEL_FLUID_OVERLOAD,
  CHS_LABEL_MG_HYPOTENSION,
  CHS_LABEL_HYPERMAGNESAEMIA,
  CHS_LABEL_MG_RATE,
  CHS_LABEL_RATE_LIMIT,
  CHS_LABEL_VOLUME_LIMIT,
  CHS_LABEL_DOSE_LIMIT,
  CHS_LABEL_KETAMINE_HYPERTENSION,
  CHS_LABEL_KETAMINE_SEDATION,
  CHS_LABEL_KETAMINE_AGITATION,
  CHS_LABEL_LIDOCAINE_TOXICITY,
  CHS_LABEL_VASOVAGAL,
  CHS_LABEL_INFILTRATION,
  CHS_LABEL_OCCLUSION,
  /* plain limits and prompts */
  CHS_LABEL_HYPOTENSION,
  CHS_LABEL_HYPERTENSION,
  CHS_LABEL_TACHYCARDIA,
  CHS_LABEL_BRADYCARDIA,
  CHS_LABEL_ARRHYTHMIA,
  CHS_LABEL_DESATURATION,
  CHS_LABEL_RESP_RATE_LOW,
  CHS_LABEL_RESP_RATE_HIGH,
  CHS_LABEL_TEMP_HIGH,
  CHS_LABEL_TEMP_LOW,
  CHS_LABEL_CHECK_PULSE,
  CHS_LABEL_CHECK_PATIENT,
  CHS_LABEL_DYSPNOEA,
  CHS_LABEL_ANXIETY,
  CHS_LABEL_FLUSH,
  CHS_LABEL_GLUCOSE_CHECK,
  CHS_LABEL_PRECHECK,
  CHS_LABEL_NO_BASELINE,
  /* technical */
  CHS_LABEL_SENSOR_OFF_SPO2,
  CHS_LABEL_ECG_OFF,
  CHS_LABEL_RR_OFF,
  CHS_LABEL_NIBP_FAILED,
  CHS_LABEL_NIBP_OVERDUE,
  CHS_LABEL_LINK_MONITOR,
  CHS_LABEL_LINK_PUMP,
  CHS_LABEL_FROZEN_DATA,
  CHS_LABEL_ARTEFACT,
  CHS_LABEL_INFUSION_DONE,
  CHS_LABEL_PUMP_ALARM,    /* the pump's own alarm, mirrored: air, door, syringe, battery ... */
  CHS_LABEL_PUMP_PAUSED,   /* paused and forgotten */
  CHS_LABEL_PUMP_MISMATCH, /* pump volume and rate disagree */
  CHS_LABEL_MONITOR_ALARM, /* the monitor's own alarm, mirrored */
  CHS_LABEL_DEVICE_CHANGED, /* another instrument answers than the one bound to the session */
  CHS_LABEL_NO_ALARM_SOUND,
  CHS_LABEL_SCREEN_LOST,
  CHS_LABEL_RECORDING_FAILED,
  CHS_LABEL_ENGINE_LAG,
  CHS_LABEL_CLOCK_STEP,
  CHS_LABEL_SETTINGS_REFUSED, /* an alarm profile or the therapy library could not be read when the monitor started */
  CHS_LABEL_OSMOLARITY, /* the mix harms veins or blood cells */
  CHS_LABEL_NEWS2,      /* early warning score; a trend, alarmed at its published thresholds only */
  CHS_LABEL_STORAGE_LOW,   /* room for recordings comes to its end in days */
  CHS_LABEL_STORAGE_FULL,
  CHS_LABEL_CLOCK_NOT_SET, /* before this program was made: times in the recording are wrong */
  CHS_N_LABELS
} ChsLabel;

/**
 * chs_label_id:
 * @label: a label
 *
 * Returns: its stable id, "infusion_reaction"; "" outside the enum
 */
const char *chs_label_id (ChsLabel label);

/**
 * chs_label_from_id:
 * @id: a stable id
 *
 * Returns: the label, or %CHS_LABEL_NONE
 */
ChsLabel chs_label_from_id (const char *id);

/**
 * chs_priority_id:
 * @priority: a priority
 *
 * Returns: "high", "medium", "low", or "none"
 */
const char *chs_priority_id (ChsPriority priority);

/**
 * chs_alarm_action_id:
 * @action: a transition
 *
 * Returns: "raise", "escalate", "deescalate", "ack", "ack_expired", "latch", "clear" or "suspend"; "" outside the enum
 */
const char *chs_alarm_action_id (ChsAlarmAction action);

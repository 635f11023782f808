/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <stdbool.h>
#include <stdint.h>

/* What the simulated sensors and pumps see at one instant. Filled from a scenario
 * (devices/sim/scenario.h) by whoever drives the simulators; read by all of them,
 * so that monitor and pump tell the same story.
 *
 * Absent: NAN = sensor off or no value. */

#define CHS_SIM_PUMPS 4
/* What instruments that know of patients and nurses say theirs are: never to be found in a recording. */
#define CHS_SIM_PATIENT_ID "Eddie-Deed-4711"
#define CHS_SIM_NURSE_ID "Nurse-Dexter"

typedef struct {
  uint8_t  state;      /* ChsPumpState */
  uint32_t alarms;     /* CHS_PUMP_ALARM_* */
  double   rate_ml_h;  /* what the pump delivers while it runs, else what is set */
  double   volume_ml;  /* infused so far */
  double   vtbi_ml;
  double   pressure_mmhg;
  bool     present;    /* false: not in the rack */
  char     drug[40];
} ChsSimPump;

typedef struct {
  double hr;       /* beats a minute, ECG */
  double pr;       /* beats a minute, oximeter */
  double spo2;     /* percent */
  double pi;       /* percent */
  double rr;       /* breaths a minute */
  double temp_c;
  double etco2_mmhg;
  double abp_sys, abp_dia, abp_mean; /* mmHg; NAN = no line */

  /* The cuff: a counter that goes up with each finished determination, its result, and whether it inflates now. */
  uint32_t nibp_count;
  double   nibp_sys, nibp_dia, nibp_mean; /* of the last finished one; NAN = it failed, or none yet */
  bool     nibp_inflating;
  bool     nibp_failed; /* the last one failed */

  bool     demo;        /* instrument in demonstration mode */
  bool     monitor_on;  /* false: the monitor sends nothing (unplugged, switched off) */
  bool     pump_on;     /* false: the rack sends nothing */
  char     monitor_alarm[40]; /* the monitor's own alarm text, "" = none */
  ChsSimPump pumps[CHS_SIM_PUMPS];
} ChsSimPatient;

/**
 * chs_sim_patient_init:
 * @patient: (out): to be filled
 *
 * A calm adult: HR 72, SpO2 98, RR 14, 36.7 degrees, no arterial line, no cuff reading yet, one idle pump.
 */
void chs_sim_patient_init (ChsSimPatient *patient);

/**
 * chs_sim_ecg_mv:
 * @patient: the patient; its heart rate sets the beat
 * @phase: 0..1, place in the beat
 *
 * A plain sum-of-bells P-QRS-T beat. Own choice; it is there to be seen moving, not to be diagnosed.
 *
 * Returns: millivolt, about -0.2..1.2; 0 when there is no ECG
 */
double chs_sim_ecg_mv (const ChsSimPatient *patient, double phase);

/**
 * chs_sim_pleth:
 * @patient: the patient
 * @phase: 0..1, place in the beat
 *
 * Returns: 0..1, a pulse with a dicrotic notch; 0 when the oximeter is off
 */
double chs_sim_pleth (const ChsSimPatient *patient, double phase);

/**
 * chs_sim_resp:
 * @patient: the patient
 * @phase: 0..1, place in the breath
 *
 * Returns: -1..1
 */
double chs_sim_resp (const ChsSimPatient *patient, double phase);

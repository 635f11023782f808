/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/sim/patient.h"

#include <math.h>
#include <string.h>

void
chs_sim_patient_init (ChsSimPatient *patient)
{
  memset (patient, 0, sizeof *patient);
  patient->hr = 72.0;
  patient->pr = 72.0;
  patient->spo2 = 98.0;
  patient->pi = 3.0;
  patient->rr = 14.0;
  patient->temp_c = 36.7;
  patient->etco2_mmhg = (double) NAN;
  patient->abp_sys = patient->abp_dia = patient->abp_mean = (double) NAN;
  patient->nibp_sys = patient->nibp_dia = patient->nibp_mean = (double) NAN;
  patient->monitor_on = true;
  patient->pump_on = true;
  for (unsigned i = 0; i < CHS_SIM_PUMPS; i++) {
    patient->pumps[i].state = CHS_PUMP_READY;
    patient->pumps[i].vtbi_ml = (double) NAN;
    patient->pumps[i].present = i == 0;
  }
}

typedef struct {
  double at, width, height;
} Bell;

static double
bells (const Bell *bell, unsigned n, double phase)
{
  double sum = 0.0;

  for (unsigned i = 0; i < n; i++) {
    double x = (phase - bell[i].at) / bell[i].width;

    sum += bell[i].height * exp (-0.5 * x * x);
  }
  return sum;
}

double
chs_sim_ecg_mv (const ChsSimPatient *patient, double phase)
{
  static const Bell beat[] = {
    { 0.18, 0.022, 0.12 },  /* P */
    { 0.285, 0.009, -0.10 }, /* Q */
    { 0.31, 0.011, 1.05 },  /* R */
    { 0.335, 0.010, -0.20 }, /* S */
    { 0.56, 0.045, 0.26 },  /* T */
  };

  return isnan (patient->hr) ? 0.0 : bells (beat, sizeof beat / sizeof beat[0], phase);
}

double
chs_sim_pleth (const ChsSimPatient *patient, double phase)
{
  static const Bell pulse[] = {
    { 0.32, 0.085, 0.90 },
    { 0.58, 0.090, 0.38 }, /* behind the dicrotic notch */
  };

  if (isnan (patient->spo2))
    return 0.0;
  return fmin (1.0, bells (pulse, sizeof pulse / sizeof pulse[0], phase));
}

double
chs_sim_resp (const ChsSimPatient *patient, double phase)
{
  return isnan (patient->rr) ? 0.0 : sin (2.0 * M_PI * phase);
}

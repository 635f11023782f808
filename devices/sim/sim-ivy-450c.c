/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ivy-450c-codec.h"
#include "devices/simulator.h"

#include <math.h>
#include <string.h>

#define PERIOD_US 1000000
#define BYTE_US 1042 /* 9600 baud, ten bits a byte: the message takes 0.59 s of each second, as on the real line */
#define TORN_BYTES 300 /* of the first message that is missing, because the listener came in the middle */

typedef struct {
  int64_t  due_us;   /* start of the next message */
  int64_t  start_us; /* of the message on its way */
  uint32_t seen_nibp; /* count of the reading on display */
  double   beat, breath; /* phase 0..1 */
  double   nibp[4];
  char     nibp_alarm[CHS_IVY_TEXT];
  size_t   n, sent;
  uint8_t  bytes[CHS_IVY_MAX_BYTES];
} State;

/* FE and FF delimit, 251 means off: a wave stops at 250, as in the recording. */
static uint8_t
wave_byte (double value)
{
  return (uint8_t) lround (fmin (250.0, fmax (0.0, value)));
}

static double
pressure_wave (const ChsSimPatient *patient, double phase)
{
  return patient->abp_dia + (patient->abp_sys - patient->abp_dia) * chs_sim_pleth (patient, phase);
}

/* Continues where the last message ended. */
static void
fill_waves (State *self, const ChsSimPatient *patient, ChsIvyMessage *message)
{
  double beat_step = isnan (patient->hr) ? 0.0 : patient->hr / 60.0 / CHS_IVY_ECG_N;
  double breath_step = isnan (patient->rr) ? 0.0 : patient->rr / 60.0 / CHS_IVY_SLOW_N;

  for (unsigned i = 0; i < CHS_IVY_ECG_N; i++) {
    unsigned k = i / (CHS_IVY_ECG_N / CHS_IVY_SLOW_N);

    message->ecg[i] = isnan (patient->hr) ? CHS_IVY_WAVE_OFF : wave_byte (100.0 + chs_sim_ecg_mv (patient, self->beat) / 0.02);
    message->pleth[k] = isnan (patient->spo2) ? CHS_IVY_WAVE_OFF : wave_byte (110.0 + 60.0 * chs_sim_pleth (patient, self->beat));
    message->p1[k] = isnan (patient->abp_sys) ? CHS_IVY_WAVE_OFF : wave_byte (pressure_wave (patient, self->beat));
    message->p2[k] = CHS_IVY_WAVE_OFF;
    self->beat = fmod (self->beat + beat_step, 1.0);
  }
  for (unsigned k = 0; k < CHS_IVY_SLOW_N; k++) {
    message->resp[k] = isnan (patient->rr) ? CHS_IVY_WAVE_OFF : wave_byte (125.0 + 115.0 * chs_sim_resp (patient, self->breath));
    self->breath = fmod (self->breath + breath_step, 1.0);
  }
}

static void
fill_line (ChsIvyMessage *message, ChsIvyLineId id, const double value[CHS_IVY_VALUES], const char *label, const char *off)
{
  ChsIvyLine *line = &message->line[id];
  bool any = false;

  line->present = true;
  for (unsigned i = 0; i < CHS_IVY_VALUES; i++) {
    line->value[i] = isnan (value[i]) ? value[i] : round (value[i] * 10.0) / 10.0;
    any = any || !isnan (value[i]);
  }
  chs_text_copy (line->label, sizeof line->label, any ? label : off);
}

static void
follow_cuff (State *self, const ChsSimPatient *patient)
{
  if (patient->nibp_count == self->seen_nibp)
    return;
  self->seen_nibp = patient->nibp_count;
  self->nibp[0] = patient->nibp_failed ? (double) NAN : patient->nibp_sys;
  self->nibp[1] = patient->nibp_failed ? (double) NAN : patient->nibp_dia;
  self->nibp[2] = patient->nibp_failed ? (double) NAN : patient->nibp_mean;
  self->nibp[3] = patient->nibp_failed ? (double) NAN : patient->pr;
  chs_text_copy (self->nibp_alarm, sizeof self->nibp_alarm, patient->nibp_failed ? "UNABLE TO MEASURE" : "");
}

static void
fill_lines (State *self, const ChsSimPatient *patient, ChsIvyMessage *message)
{
  const double none = (double) NAN;
  const double hr[] = { patient->hr, none, none, none };
  const double rr[] = { patient->rr, none, none, none };
  const double co2[] = { patient->etco2_mmhg, none, none, none };
  const double spo2[] = { patient->spo2, isnan (patient->spo2) ? none : patient->pr, none, none };
  const double p1[] = { patient->abp_sys, patient->abp_dia, patient->abp_mean, none };
  const double off[] = { none, none, none, none };
  const double temp[] = { patient->temp_c, none, none, none };

  fill_line (message, CHS_IVY_HR, hr, "ECG-II-DIAG", "CHECK LEADS");
  fill_line (message, CHS_IVY_RR, rr, "APNEA: 20 SEC", "CHECK LEADS");
  fill_line (message, CHS_IVY_ETCO2, co2, "", "");
  fill_line (message, CHS_IVY_SPO2, spo2, "", "");
  fill_line (message, CHS_IVY_NIBP, self->nibp, "", "");
  fill_line (message, CHS_IVY_P1, p1, "", "NO TRANSDUCER");
  fill_line (message, CHS_IVY_P2, off, "", "NO TRANSDUCER");
  fill_line (message, CHS_IVY_T1, temp, "", "");
  fill_line (message, CHS_IVY_T2, off, "", "");
  chs_text_copy (message->line[CHS_IVY_NIBP].alarm, CHS_IVY_TEXT, self->nibp_alarm);
  chs_text_copy (message->line[CHS_IVY_HR].alarm, CHS_IVY_TEXT, patient->monitor_alarm);
  if (isnan (patient->spo2))
    chs_text_copy (message->line[CHS_IVY_SPO2].alarm, CHS_IVY_TEXT, "SENSOR OFF");
}

static void
ivy_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  State *self = state;

  for (unsigned i = 0; i < 4; i++)
    self->nibp[i] = (double) NAN;
  self->due_us = now_us;
}

static void
begin_message (State *self, const ChsSimPatient *patient)
{
  ChsIvyMessage message = { 0 };
  bool first = self->n == 0;

  follow_cuff (self, patient);
  fill_waves (self, patient, &message);
  fill_lines (self, patient, &message);
  self->n = chs_ivy_encode (&message, self->bytes, sizeof self->bytes);
  self->sent = first ? TORN_BYTES : 0;
  self->start_us = self->due_us - (int64_t) self->sent * BYTE_US;
  self->due_us += PERIOD_US;
}

static void
send_due (State *self, int64_t now_us, ChsSimOut *out)
{
  size_t due = now_us <= self->start_us ? 0 : (size_t) ((now_us - self->start_us) / BYTE_US);

  if (due > self->n)
    due = self->n;
  if (due > self->sent)
    out->write (out, self->bytes + self->sent, due - self->sent);
  self->sent = due > self->sent ? due : self->sent;
}

static void
ivy_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  send_due (self, now_us, out);
  while (self->due_us <= now_us) {
    if (!patient->monitor_on) {
      self->due_us += PERIOD_US;
      continue;
    }
    begin_message (self, patient);
    send_due (self, now_us, out);
  }
}

const ChsSimulator chs_simulator_ivy_450c = {
  .driver_id = "ivy-450c",
  .label = "Ivy 450C monitor",
  .state_size = sizeof (State),
  .start = ivy_start,
  .tick = ivy_tick,
};

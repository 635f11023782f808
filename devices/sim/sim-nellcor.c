/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/nellcor-codec.h"
#include "devices/simulator.h"

#include <math.h>
#include <stdio.h>

#define PERIOD_US 2000000
#define HEADING_EVERY 25
#define TORN_BYTES 20 /* of the first line that are missing */
#define SPO2_LOW 90
#define SPO2_HIGH 100
#define PR_LOW 50
#define PR_HIGH 120

typedef struct {
  int64_t  due_us;
  uint32_t count;     /* lines so far */
  uint32_t off_count; /* lines since the sensor is off */
} State;

static void
nellcor_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  ((State *) state)->due_us = now_us;
}

static uint32_t
limits_broken (double spo2, double pr)
{
  return (spo2 < SPO2_LOW ? CHS_NELLCOR_SL : 0) | (pr < PR_LOW ? CHS_NELLCOR_PL : 0) | (pr > PR_HIGH ? CHS_NELLCOR_PH : 0);
}

/* Off: first digits beside the code, then dashes; later the cable is out. */
static void
fill (State *self, const ChsSimPatient *patient, ChsNellcorLine *line)
{
  bool off = isnan (patient->spo2);
  uint32_t s = self->count * 2;

  *line = (ChsNellcorLine) { .kind = CHS_NELLCOR_DATA, .spo2 = (double) NAN, .pr = (double) NAN, .amplitude = (double) NAN };
  snprintf (line->clock, sizeof line->clock, "12-NOV-97 %02u:%02u:%02u", s / 3600 % 24, s / 60 % 60, s % 60);
  self->off_count = off ? self->off_count + 1 : 0;
  if (off)
    line->status = self->off_count > 10 ? CHS_NELLCOR_SD : CHS_NELLCOR_SO;
  if (self->off_count > 1)
    return;
  line->spo2 = off ? 97 : round (fmin (100, fmax (0, patient->spo2)));
  line->pr = off ? 70 : round (fmin (300, fmax (0, patient->pr)));
  line->amplitude = off ? 0 : round (fmin (255, fmax (0, patient->pi * 40)));
  if (!off)
    line->status |= limits_broken (line->spo2, line->pr);
}

static void
print (State *self, const ChsNellcorLine *line, ChsSimOut *out)
{
  uint8_t bytes[400];
  size_t n = chs_nellcor_encode (line, bytes, sizeof bytes), torn = self->count == 0 && line->kind == CHS_NELLCOR_DATA ? TORN_BYTES : 0;

  out->write (out, bytes + torn, n - torn);
}

static void
nellcor_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  static const ChsNellcorLine heading = {
    .kind = CHS_NELLCOR_HEADING, .model = "N-560 1.61.00",
    .spo2_low = SPO2_LOW, .spo2_high = SPO2_HIGH, .pr_low = PR_LOW, .pr_high = PR_HIGH,
  };
  State *self = state;
  ChsNellcorLine line;

  for (; self->due_us <= now_us; self->due_us += PERIOD_US) {
    if (!patient->monitor_on)
      continue;
    if (self->count % HEADING_EVERY == 1)
      print (self, &heading, out);
    fill (self, patient, &line);
    print (self, &line, out);
    self->count++;
  }
}

const ChsSimulator chs_simulator_nellcor_ascii = {
  .driver_id = "nellcor-ascii",
  .label = "Nellcor N-560",
  .state_size = sizeof (State),
  .start = nellcor_start,
  .tick = nellcor_tick,
};

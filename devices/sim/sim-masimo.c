/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/masimo-codec.h"
#include "devices/simulator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PERIOD_US 1000000
#define TORN_BYTES 40 /* of the first line that are missing, because the listener came in the middle */
#define BLANK_EVERY 97 /* lines; now and then an empty one, or a NUL before one */

typedef struct {
  int64_t  due_us;
  uint32_t count;    /* lines so far, and seconds of the clock, which was never set */
  uint32_t off_count; /* lines since the sensor is off */
  bool     is_frozen;
} State;

static bool
masimo_option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "frozen") != 0 || (strcmp (value, "yes") != 0 && strcmp (value, "no") != 0))
    return false;
  self->is_frozen = value[0] == 'y';
  return true;
}

static void
masimo_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  ((State *) state)->due_us = now_us;
}

/* Off: for a few seconds the last digits stay although the bits say so, then dashes; later the cable is out. */
static void
fill (State *self, const ChsSimPatient *patient, ChsMasimoLine *line)
{
  bool off = isnan (patient->spo2);
  uint32_t s = self->is_frozen ? 0 : self->count;

  *line = (ChsMasimoLine) { .serial = "0000012345", .exceptions = CHS_MASIMO_SET };
  snprintf (line->clock, sizeof line->clock, "01/02/03 %02u:%02u:%02u", s / 3600 % 24, s / 60 % 60, s % 60);
  for (unsigned i = 0; i < CHS_N_MASIMO_VALUES; i++)
    line->value[i] = (double) NAN;
  self->off_count = off ? self->off_count + 1 : 0;
  if (self->off_count > 10)
    line->exceptions = CHS_MASIMO_NO_SENSOR;
  else if (off)
    line->exceptions |= CHS_MASIMO_SENSOR_OFF;
  line->alarm = off || patient->monitor_alarm[0] != '\0' ? 0x10 : 0;
  if (self->off_count > 2)
    return;
  line->value[CHS_MASIMO_SPO2] = off ? 98 : fmin (100, fmax (0, patient->spo2));
  line->value[CHS_MASIMO_BPM] = off ? 101 : isnan (patient->pr) ? patient->pr : fmin (300, fmax (0, patient->pr));
  line->value[CHS_MASIMO_PI] = off ? (double) NAN : fmin (20, fmax (0, patient->pi));
  if (!off && patient->pi < 0.5)
    line->exceptions |= CHS_MASIMO_LOW_PERFUSION;
}

static void
masimo_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;
  ChsMasimoLine line;
  uint8_t bytes[CHS_TEXT_LINE_MAX];
  size_t n, torn;

  for (; self->due_us <= now_us; self->due_us += PERIOD_US) {
    if (!patient->monitor_on)
      continue;
    fill (self, patient, &line);
    n = chs_masimo_encode (&line, bytes, sizeof bytes);
    torn = self->count == 0 ? TORN_BYTES : 0;
    if (self->count % BLANK_EVERY == BLANK_EVERY - 1)
      out->write (out, (const uint8_t *) "\r\n\0", 3);
    out->write (out, bytes + torn, n - torn);
    self->count++;
  }
}

const ChsSimulator chs_simulator_masimo_ascii = {
  .driver_id = "masimo-ascii",
  .label = "Masimo Rad-8 (ASCII 1)",
  .state_size = sizeof (State),
  .option = masimo_option,
  .start = masimo_start,
  .tick = masimo_tick,
};

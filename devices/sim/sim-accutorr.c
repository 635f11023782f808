/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/accutorr-codec.h"
#include "devices/simulator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define GARBAGE_EVERY 41 /* replies; then one is torn, or without its line feed */

typedef struct {
  bool     is_on, has_prompt, is_swapped;
  uint32_t seen_count; /* of the reading on display */
  int64_t  taken_us;   /* when it was taken */
  double   sys, dia, mean;
  uint32_t n_replies;
} State;

static bool
accutorr_option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "order") != 0 || (strcmp (value, "documented") != 0 && strcmp (value, "swapped") != 0))
    return false;
  self->is_swapped = value[0] == 's';
  return true;
}

static void
accutorr_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  State *self = state;

  self->sys = self->dia = self->mean = (double) NAN;
  self->seen_count = patient->nibp_count;
}

static void
put_field (char **at, double value, char end)
{
  *at += isnan (value) ? sprintf (*at, "--%c", end) : sprintf (*at, "%3.0f%c", fmin (999, value), end);
}

static void
reply (State *self, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  char text[80] = "P:", *at = text + 2;
  bool is_torn = ++self->n_replies % GARBAGE_EVERY == 0;

  put_field (&at, round (patient->spo2), ',');
  put_field (&at, round (patient->pr), ',');
  put_field (&at, round (self->sys), ',');
  put_field (&at, round (self->is_swapped ? self->dia : self->mean), ',');
  put_field (&at, round (self->is_swapped ? self->mean : self->dia), ',');
  at += sprintf (at, "000,010,000,");
  put_field (&at, isnan (self->sys) ? self->sys : fmin (CHS_ACCUTORR_NEVER_MIN, floor ((double) (now_us - self->taken_us) / 6e7)), '\r');
  out->write (out, (const uint8_t *) text, (size_t) (at - text) - (is_torn ? 6 : 0));
  out->write (out, (const uint8_t *) "\r\n>", is_torn ? 1 : 3);
  self->has_prompt = !is_torn;
}

static void
accutorr_feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  for (size_t i = 0; i < n && self->is_on; i++) {
    if (bytes[i] == 3) {
      self->has_prompt = true;
      out->write (out, (const uint8_t *) "\r\n>", 3);
    } else if (bytes[i] == 'P' && self->has_prompt) {
      reply (self, patient, now_us, out);
    }
  }
}

static void
accutorr_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  static const char hello[] = "ACCUTORR PC Interface is ready\r\n>";
  State *self = state;

  if (patient->monitor_on && !self->is_on) {
    out->write (out, (const uint8_t *) hello, sizeof hello - 1);
    self->has_prompt = true;
  }
  self->is_on = patient->monitor_on;
  if (patient->nibp_count == self->seen_count)
    return;
  self->seen_count = patient->nibp_count;
  self->taken_us = now_us;
  self->sys = patient->nibp_failed ? (double) NAN : patient->nibp_sys;
  self->dia = patient->nibp_failed ? (double) NAN : patient->nibp_dia;
  self->mean = patient->nibp_failed ? (double) NAN : patient->nibp_mean;
}

const ChsSimulator chs_simulator_accutorr_3 = {
  .driver_id = "accutorr-3",
  .label = "Datascope Accutorr 3",
  .state_size = sizeof (State),
  .option = accutorr_option,
  .start = accutorr_start,
  .tick = accutorr_tick,
  .feed = accutorr_feed,
};

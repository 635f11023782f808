/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/simulator.h"
#include "devices/suntech-codec.h"

#include <math.h>
#include <string.h>

/* A module under the commands of a host that is not Chairside: for tests of the decoder, and to show on the bench what
 * such a module says. */

#define RISE_US 8000000 /* 0 to the target */
#define TARGET_MMHG 160
#define FALL_MMHG_S 5

typedef struct {
  int64_t  start_us; /* of the measurement; CHS_TIME_NONE = none runs */
  ChsSuntechPacket result;
  uint8_t  error;    /* option: code of each result, 0 = good */
  size_t   n;
  uint8_t  command[8];
} State;

static bool
suntech_option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "error") != 0 || (strcmp (value, "0") != 0 && strcmp (value, "2") != 0 && strcmp (value, "87") != 0))
    return false;
  self->error = strcmp (value, "87") == 0 ? 87 : (uint8_t) (value[0] - '0');
  return true;
}

static void
suntech_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  State *self = state;

  self->start_us = CHS_TIME_NONE;
  self->result = (ChsSuntechPacket) { .length = CHS_SUNTECH_RESULT, .error = 4 };
}

static void
answer (const ChsSuntechPacket *packet, ChsSimOut *out)
{
  uint8_t bytes[CHS_SUNTECH_MAX_BYTES];

  out->write (out, bytes, chs_suntech_encode (packet, bytes));
}

static void
answer_status (char status, ChsSimOut *out)
{
  const ChsSuntechPacket packet = { .length = CHS_SUNTECH_STATUS, .status = status };

  answer (&packet, out);
}

static double
cuff_mmhg (const State *self, int64_t now_us)
{
  double us = (double) (now_us - self->start_us);

  if (self->start_us == CHS_TIME_NONE)
    return 0;
  return us < RISE_US ? TARGET_MMHG * us / RISE_US : fmax (0, TARGET_MMHG - FALL_MMHG_S * (us - RISE_US) / 1e6);
}

static void
finish (State *self, const ChsSimPatient *patient, ChsSimOut *out)
{
  self->start_us = CHS_TIME_NONE;
  self->result = (ChsSuntechPacket) { .length = CHS_SUNTECH_RESULT, .error = self->error };
  if (patient->nibp_failed || isnan (patient->nibp_sys)) {
    self->result.error = self->result.error != 0 ? self->result.error : 1;
  } else if (self->result.error == 0) {
    self->result.sys = (uint16_t) lround (patient->nibp_sys);
    self->result.dia = (uint16_t) lround (patient->nibp_dia);
    self->result.mean = (uint16_t) lround (patient->nibp_mean);
    self->result.rate = isnan (patient->pr) ? 0 : (uint8_t) lround (fmin (255, patient->pr));
    self->result.beats = 30;
  }
  answer_status ('K', out);
}

/* 3A 20 start · 3A 79 01 00 abort · 3A 79 03 00 result · 3A 79 05 00 cuff pressure */
static void
obey (State *self, int64_t now_us, ChsSimOut *out)
{
  const ChsSuntechPacket pressure = { .length = CHS_SUNTECH_PRESSURE, .pressure = (uint16_t) lround (cuff_mmhg (self, now_us)) };
  bool is_query = self->command[1] == 0x79;

  if (self->command[1] == 0x20 && self->start_us == CHS_TIME_NONE) {
    self->start_us = now_us;
    answer_status ('O', out);
  } else if (is_query && self->command[2] == 0x01) {
    self->start_us = CHS_TIME_NONE;
    answer_status ('A', out);
  } else if (is_query && self->command[2] == 0x05) {
    answer (&pressure, out);
  } else if (is_query && self->command[2] == 0x03 && self->start_us == CHS_TIME_NONE) {
    answer (&self->result, out);
  } else {
    answer_status (self->start_us != CHS_TIME_NONE ? 'B' : 'N', out);
  }
}

static void
suntech_feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  for (size_t i = 0; i < n; i++) {
    size_t want;

    if (self->n == 0 && bytes[i] != 0x3A)
      continue;
    self->command[self->n++] = bytes[i];
    want = self->n > 1 && self->command[1] == 0x79 ? 5 : 3;
    if (self->n < want)
      continue;
    self->n = 0;
    if (patient->monitor_on)
      obey (self, now_us, out);
  }
}

static void
suntech_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  if (self->start_us != CHS_TIME_NONE && now_us - self->start_us > RISE_US && cuff_mmhg (self, now_us) < 40)
    finish (self, patient, out);
}

const ChsSimulator chs_simulator_suntech_nibp = {
  .driver_id = "suntech-nibp",
  .label = "SunTech cuff module, commanded by its own host",
  .state_size = sizeof (State),
  .option = suntech_option,
  .start = suntech_start,
  .tick = suntech_tick,
  .feed = suntech_feed,
};

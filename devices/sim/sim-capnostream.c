/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/capnostream-codec.h"
#include "devices/simulator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WAVE_HZ 20
#define TIMEOUT_US 10000000 /* without ALIVE; the real time-out is not known, only that it is above 5 s */
#define INITIALISING_S 5

typedef struct {
  uint8_t  last[4]; /* newest bytes of the host */
  bool     is_enabled, is_running;
  uint8_t  unit;  /* 0 = mmHg */
  int64_t  start_us, alive_us;
  uint64_t n;     /* samples of this stream */
  double   breath;
} State;

static bool
capno_option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "unit") != 0)
    return false;
  self->unit = strcmp (value, "mmHg") == 0 ? 1 : strcmp (value, "kPa") == 0 ? 2 : strcmp (value, "percent") == 0 ? 3 : 0;
  return self->unit != 0;
}

static void
capno_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
}

static void
send_message (const ChsCapnoMessage *message, ChsSimOut *out)
{
  uint8_t frame[CHS_CAPNO_MAX_FRAME];

  out->write (out, frame, chs_capno_encode (message, frame, sizeof frame));
}

static void
obey (State *self, uint8_t code, int64_t now_us, ChsSimOut *out)
{
  const ChsCapnoMessage id = { .code = CHS_CAPNO_DEVICE_ID, .text = "V45.67 02/24/2008 B300000042  " };

  self->alive_us = now_us;
  if (code == CHS_CAPNO_ENABLE) {
    self->is_enabled = true;
    send_message (&id, out);
    send_message (&(ChsCapnoMessage) { .code = CHS_CAPNO_PATIENT_ID, .text = CHS_SIM_PATIENT_ID }, out);
  } else if (code == CHS_CAPNO_START && self->is_enabled && !self->is_running) {
    self->is_running = true;
    self->start_us = now_us;
    self->n = 0;
  } else if (code == CHS_CAPNO_STOP || code == CHS_CAPNO_DISABLE) {
    self->is_running = false;
    self->is_enabled = self->is_enabled && code != CHS_CAPNO_DISABLE;
  }
}

/* The host's commands have no payload: 85 01 code checksum. */
static void
capno_feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;
  uint8_t *last = self->last;

  for (size_t i = 0; i < n; i++) {
    memmove (last, last + 1, sizeof self->last - 1);
    last[sizeof self->last - 1] = bytes[i];
    if (last[0] == 0x85 && last[1] == 1 && last[3] == (1 ^ last[2]) && patient->monitor_on)
      obey (self, last[2], now_us, out);
  }
}

static double
in_unit (const State *self, double mmhg)
{
  return self->unit == 2 ? mmhg / 7.50062 : self->unit == 3 ? mmhg / 7.13 : mmhg;
}

static uint8_t
byte_of (double value)
{
  return isnan (value) ? CHS_CAPNO_NONE : (uint8_t) lround (fmin (254, fmax (0, value)));
}

static uint8_t
fast_status (const State *self, const ChsSimPatient *patient)
{
  if (isnan (patient->etco2_mmhg))
    return CHS_CAPNO_NO_FILTERLINE | CHS_CAPNO_INVALID;
  return self->n < INITIALISING_S * WAVE_HZ ? CHS_CAPNO_INITIALISING : 0;
}

/* A plateau of breath out, nothing on breath in. */
static void
send_wave (State *self, const ChsSimPatient *patient, ChsSimOut *out)
{
  double rr = isnan (patient->rr) ? 0 : patient->rr, peak = isnan (patient->etco2_mmhg) ? 0 : patient->etco2_mmhg;
  double rise = fmin (1, fmax (0, (self->breath - 0.4) * 10)), fall = fmin (1, fmax (0, (0.98 - self->breath) * 20));
  const ChsCapnoMessage message = {
    .code = CHS_CAPNO_WAVE,
    .wave = { .number = (uint8_t) self->n, .co2 = in_unit (self, rr > 0 ? peak * rise * fall : 0), .status = fast_status (self, patient) },
  };

  self->breath = fmod (self->breath + rr / 60 / WAVE_HZ, 1);
  send_message (&message, out);
}

static void
send_numerics (State *self, const ChsSimPatient *patient, ChsSimOut *out)
{
  bool is_co2_off = isnan (patient->etco2_mmhg), is_spo2_off = isnan (patient->spo2);
  bool no_breath = !is_co2_off && (isnan (patient->rr) || patient->rr < 1);
  const ChsCapnoMessage message = {
    .code = CHS_CAPNO_NUMERICS,
    .numerics = {
      .etco2 = byte_of (in_unit (self, patient->etco2_mmhg) * (self->unit == 2 ? 10 : 1)),
      .fico2 = is_co2_off ? CHS_CAPNO_NONE : 0,
      .rr = is_co2_off ? CHS_CAPNO_NONE : byte_of (patient->rr),
      .spo2 = byte_of (patient->spo2),
      .pulse = is_spo2_off ? CHS_CAPNO_NONE : byte_of (patient->pr),
      .slow_status = no_breath ? 0x08 : 0,
      .co2_alarms = no_breath ? 0x01 : 0,
      .spo2_alarms = is_spo2_off ? 0x20 : patient->spo2 < 85 ? 0x04 : 0,
      .unit = self->unit == 0 ? 1 : self->unit,
    },
  };

  send_message (&message, out);
}

static void
capno_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;
  uint64_t due;

  if (!patient->monitor_on || now_us - self->alive_us > TIMEOUT_US)
    self->is_running = self->is_enabled = false; /* has to be asked anew */
  if (!self->is_running)
    return;
  for (due = (uint64_t) (now_us - self->start_us) * WAVE_HZ / 1000000; self->n < due; self->n++) {
    send_wave (self, patient, out);
    if (self->n % WAVE_HZ == WAVE_HZ - 1)
      send_numerics (self, patient, out);
  }
}

const ChsSimulator chs_simulator_capnostream_20 = {
  .driver_id = "capnostream-20",
  .label = "Capnostream 20",
  .state_size = sizeof (State),
  .option = capno_option,
  .start = capno_start,
  .tick = capno_tick,
  .feed = capno_feed,
};

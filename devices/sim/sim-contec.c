/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/contec-codec.h"
#include "devices/simulator.h"

#include <math.h>
#include <string.h>

#define RATE_HZ 60
#define TIMEOUT_US 8000000 /* without ALIVE; the vendor names only the sending interval of 5 s */
#define BEEP_SHARE 0.1

typedef struct {
  bool     is_running;
  int64_t  start_us; /* of the stream */
  int64_t  alive_us; /* host heard last */
  uint64_t n;        /* packages of this stream */
  double   beat;
  size_t   n_request;
  uint8_t  request[CHS_CONTEC_REQUEST_BYTES];
} State;

static void
contec_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
}

static void
send_answer (uint8_t type, uint8_t data, ChsSimOut *out)
{
  const ChsContecPackage package = { .type = type, .data = { data } };
  uint8_t bytes[CHS_CONTEC_MAX_BYTES];

  out->write (out, bytes, chs_contec_encode (&package, bytes));
}

static void
obey (State *self, int64_t now_us, ChsSimOut *out)
{
  uint8_t command = (uint8_t) ((self->request[2] & 0x7F) | (self->request[1] & 1) << 7);

  self->alive_us = now_us;
  if (command == CHS_CONTEC_START && !self->is_running) {
    self->is_running = true;
    self->start_us = now_us;
    self->n = 0;
  } else if (command == CHS_CONTEC_STOP) {
    self->is_running = false;
    send_answer (CHS_CONTEC_FREE, 0, out);
  }
}

static void
contec_feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  for (size_t i = 0; i < n; i++) {
    if (bytes[i] == 0x7D)
      self->n_request = 0;
    if (self->n_request == sizeof self->request || (self->n_request == 0 && bytes[i] != 0x7D))
      continue;
    self->request[self->n_request++] = bytes[i];
    if (self->n_request == sizeof self->request && patient->monitor_on)
      obey (self, now_us, out);
  }
}

static ChsContecPackage
make_package (State *self, const ChsSimPatient *patient)
{
  if (isnan (patient->spo2) || isnan (patient->pr))
    return (ChsContecPackage) {
      .type = CHS_CONTEC_REALTIME, .is_off = true, .pleth = 64, .rate = 255, .spo2 = 127, .pi = 0xFFFF
    };
  self->beat = fmod (self->beat + patient->pr / 60 / RATE_HZ, 1);
  return (ChsContecPackage) {
    .type = CHS_CONTEC_REALTIME,
    .signal = 6,
    .beep = self->beat < BEEP_SHARE,
    .pleth = (uint8_t) lround (10 + 100 * chs_sim_pleth (patient, self->beat)),
    .bar = (uint8_t) lround (15 * chs_sim_pleth (patient, self->beat)),
    .rate = (uint8_t) lround (fmin (254, fmax (1, patient->pr))),
    .spo2 = (uint8_t) lround (fmin (100, fmax (1, patient->spo2))),
    .has_pi = !isnan (patient->pi),
    .pi = isnan (patient->pi) ? 0xFFFF : (uint16_t) lround (fmin (22, fmax (0, patient->pi)) * 100),
  };
}

static void
contec_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;
  uint64_t due;

  self->is_running = self->is_running && patient->monitor_on; /* switched off: has to be asked anew */
  if (self->is_running && now_us - self->alive_us > TIMEOUT_US) {
    self->is_running = false;
    send_answer (CHS_CONTEC_REASON, CHS_CONTEC_REASON_SHUT_DOWN, out);
  }
  if (!self->is_running)
    return;
  for (due = (uint64_t) (now_us - self->start_us) * RATE_HZ / 1000000; self->n < due; self->n++) {
    ChsContecPackage package = make_package (self, patient);
    uint8_t bytes[CHS_CONTEC_MAX_BYTES];

    out->write (out, bytes, chs_contec_encode (&package, bytes));
  }
}

const ChsSimulator chs_simulator_contec_cms50 = {
  .driver_id = "contec-cms50",
  .label = "Contec CMS50E (V7.0)",
  .state_size = sizeof (State),
  .start = contec_start,
  .tick = contec_tick,
  .feed = contec_feed,
};

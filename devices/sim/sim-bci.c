/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/bci-codec.h"
#include "devices/simulator.h"

#include <math.h>

#define CONTEC_HZ 60
#define BERRY_HZ 100
#define BEEP_SHARE 0.1 /* of a beat */
#define SEARCH_S 3     /* after the finger is back */

typedef struct {
  int64_t  start_us;
  uint64_t n;      /* packages since the start */
  uint64_t n_on;   /* packages since the finger is in */
  double   beat;
} State;

static void
bci_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  ((State *) state)->start_us = now_us;
}

static ChsBciPackage
finger_in (State *self, const ChsSimPatient *patient, unsigned rate_hz)
{
  bool is_searching = self->n > SEARCH_S * rate_hz && self->n_on < SEARCH_S * rate_hz;
  uint8_t pleth = (uint8_t) lround (1 + 98 * chs_sim_pleth (patient, self->beat));

  self->n_on++;
  self->beat = fmod (self->beat + patient->pr / 60 / rate_hz, 1);
  return (ChsBciPackage) {
    .signal = (uint8_t) lround (fmin (8, fmax (0, patient->pi * 2))),
    .beep = self->beat < BEEP_SHARE,
    .pleth = pleth,
    .bar = pleth / 8,
    .is_searching = is_searching,
    .rate = is_searching ? CHS_BCI_NO_RATE : (uint8_t) lround (fmin (254, fmax (1, patient->pr))),
    .spo2 = is_searching ? CHS_BCI_NO_SPO2 : (uint8_t) lround (fmin (100, fmax (1, patient->spo2))),
  };
}

static ChsBciPackage
finger_out (State *self, bool is_berry)
{
  self->n_on = 0;
  return (ChsBciPackage) {
    .bit4 = is_berry, .pleth = is_berry ? 0 : 64, .is_off = true, .rate = CHS_BCI_NO_RATE, .spo2 = CHS_BCI_NO_SPO2
  };
}

static void
tick (State *self, const ChsSimPatient *patient, int64_t now_us, unsigned rate_hz, bool is_berry, ChsSimOut *out)
{
  uint64_t due = (uint64_t) (now_us - self->start_us) * rate_hz / 1000000;
  bool is_in = !isnan (patient->spo2) && !isnan (patient->pr);

  for (; self->n < due; self->n++) {
    ChsBciPackage package = is_in ? finger_in (self, patient, rate_hz) : finger_out (self, is_berry);
    uint8_t bytes[CHS_BCI_BYTES];
    size_t torn = self->n == 0 ? 2 : 0; /* the listener comes in the middle */

    chs_bci_encode (&package, bytes);
    if (patient->monitor_on)
      out->write (out, bytes + torn, sizeof bytes - torn);
  }
}

static void
berry_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  tick (state, patient, now_us, BERRY_HZ, true, out);
}

static void
contec_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  tick (state, patient, now_us, CONTEC_HZ, false, out);
}

const ChsSimulator chs_simulator_berry_bci = {
  .driver_id = "berry-bci",
  .label = "Berry BM1000",
  .state_size = sizeof (State),
  .start = bci_start,
  .tick = berry_tick,
};

const ChsSimulator chs_simulator_contec_cms50_old = {
  .driver_id = "contec-cms50-old",
  .label = "Contec CMS50D+ (old)",
  .state_size = sizeof (State),
  .start = bci_start,
  .tick = contec_tick,
};

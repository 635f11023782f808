/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/crc16.h"
#include "devices/sim/sim-text.h"

/* Baxter AS50: shared/protocols/baxter-as50.md. The two bytes of the CRC are raw and may be any, also brackets. */

typedef struct {
  ChsSimText text;
  uint8_t    tail; /* CRC bytes of the request still to come */
} State;

static void
start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
}

static void
answer (State *self, const ChsSimPump *pump, int64_t now_us)
{
  char text[64];
  uint16_t crc;
  int n;

  if (strcmp (self->text.request, "[PRIRATE?") == 0)
    n = snprintf (text, sizeof text, "[PRIRATE=%.1f]", pump->rate_ml_h);
  else if (strcmp (self->text.request, "[DEV?") == 0)
    n = snprintf (text, sizeof text, "[DEV=AS50]");
  else if (strcmp (self->text.request, "[STATUS?") == 0)
    n = snprintf (text, sizeof text, "[STATUS=%s]", chs_pump_state_id (pump->state));
  else if (strcmp (self->text.request, "[BOLRAT?") == 0)
    n = snprintf (text, sizeof text, "[BOLRAT=0]");
  else
    n = snprintf (text, sizeof text, "[REJECT]");
  crc = chs_crc16_xmodem ((const uint8_t *) text, (size_t) n);
  text[n++] = (char) (crc >> 8);
  text[n++] = (char) crc;
  chs_sim_text_answer (&self->text, text, (size_t) n, now_us, 80);
}

static void
feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  for (size_t i = 0; i < n; i++)
    if (self->tail > 0) {
      if (--self->tail == 0 && patient->pump_on)
        answer (self, &patient->pumps[0], now_us);
    } else if (chs_sim_text_collect (&self->text, bytes[i], ']') > 0)
      self->tail = 2;
}

static void
tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  chs_sim_text_tick (&((State *) state)->text, now_us, out);
}

const ChsSimulator chs_simulator_baxter_as50 = {
  .driver_id = "baxter-as50",
  .label = "Baxter AS50",
  .state_size = sizeof (State),
  .start = start,
  .tick = tick,
  .feed = feed,
};

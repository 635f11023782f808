/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/sim/sim-text.h"

#include <math.h>

/* New Era NE-1000, basic mode: shared/protocols/new-era-ne1000.md, section 7. The first answer after power-up is the
 * alarm "A?R"; any answer that carries an alarm clears it, as on the real pump. */

typedef struct {
  ChsSimText text;
  bool       told_reset;
  uint32_t   told_alarms;
} State;

static void
start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
}

static char
letter (const ChsSimPump *pump)
{
  switch ((ChsPumpState) pump->state) {
  case CHS_PUMP_INFUSING:
  case CHS_PUMP_BOLUS:
  case CHS_PUMP_KVO:
    return 'I';
  case CHS_PUMP_PAUSED:
    return 'P';
  case CHS_PUMP_PRIMING:
    return 'X';
  case CHS_PUMP_UNKNOWN:
  case CHS_PUMP_OFF:
  case CHS_PUMP_READY:
  case CHS_PUMP_STANDBY:
  case CHS_PUMP_COMPLETE:
  case CHS_PUMP_ALARM:
  case CHS_PUMP_REMOVED:
  case CHS_N_PUMP_STATES:
    break;
  }
  return 'S';
}

static void
answer (State *self, const ChsSimPump *pump, int64_t now_us)
{
  const char *request = self->text.request;
  uint32_t new_alarms = pump->alarms & ~self->told_alarms;
  char text[64];
  int n;

  self->told_alarms = pump->alarms;
  if (!self->told_reset) {
    self->told_reset = true;
    n = snprintf (text, sizeof text, "\x02" "00A?R\x03");
  } else if (new_alarms & CHS_PUMP_ALARM_OCCLUSION)
    n = snprintf (text, sizeof text, "\x02" "00A?S\x03");
  else if (strcmp (request, "VER") == 0)
    n = snprintf (text, sizeof text, "\x02" "00%cNE1000V3.92\x03", letter (pump));
  else if (strcmp (request, "RAT") == 0)
    n = snprintf (text, sizeof text, "\x02" "00%c%.1fMH\x03", letter (pump), pump->rate_ml_h);
  else if (strcmp (request, "VOL") == 0)
    n = snprintf (text, sizeof text, "\x02" "00%c%.1fML\x03", letter (pump), isnan (pump->vtbi_ml) ? 0.0 : pump->vtbi_ml);
  else if (strcmp (request, "DIS") == 0)
    n = snprintf (text, sizeof text, "\x02" "00%cI%.3fW0.000ML\x03", letter (pump), pump->volume_ml);
  else
    n = snprintf (text, sizeof text, "\x02" "00%c?\x03", letter (pump));
  chs_sim_text_answer (&self->text, text, (size_t) n, now_us, 30);
}

static void
feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  for (size_t i = 0; i < n; i++)
    if (chs_sim_text_collect (&self->text, bytes[i], '\r') >= 0 && patient->pump_on)
      answer (self, &patient->pumps[0], now_us);
}

static void
tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  chs_sim_text_tick (&((State *) state)->text, now_us, out);
}

const ChsSimulator chs_simulator_new_era_ne1000 = {
  .driver_id = "new-era-ne1000",
  .label = "New Era NE-1000",
  .state_size = sizeof (State),
  .start = start,
  .tick = tick,
  .feed = feed,
};

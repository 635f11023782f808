/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/sim/sim-text.h"

#include <math.h>

/* Graseby 3400: shared/protocols/graseby-3400.md, section 5. Option start-key=yes: a nurse has pressed START at the pump,
 * which switches its serial interface off while it runs. */

typedef struct {
  ChsSimText text;
  bool       start_key;
} State;

static bool
option (void *state, const char *key, const char *value)
{
  State *self = state;

  self->start_key = strcmp (value, "yes") == 0;
  return strcmp (key, "start-key") == 0 && (self->start_key || strcmp (value, "no") == 0);
}

static void
start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
}

static unsigned
sum8 (const char *text)
{
  unsigned sum = 0;

  while (*text != '\0')
    sum += (uint8_t) *text++;
  return sum & 0xFF;
}

static void
answer (State *self, const ChsSimPump *pump, int64_t now_us)
{
  const char *state = pump->state == CHS_PUMP_ALARM ? "ALRM" : pump->state == CHS_PUMP_INFUSING ? "INFS" : "STBY";
  char command[5] = "", frame[48], text[40];
  unsigned sum;
  int n;

  /* "<CCCC[n]>SS" */
  if (sscanf (self->text.request, "<%4[A-Z]>%2X", command, &sum) != 2)
    return;
  snprintf (text, sizeof text, "<%s>", command);
  if (sum != sum8 (text))
    return;
  if (strcmp (command, "CHCK") == 0)
    snprintf (text, sizeof text, "<OKCHCK%s>", state);
  else if (strcmp (command, "GETR") == 0)
    snprintf (text, sizeof text, "<OKGETR%s%ld>", state, lround (pump->rate_ml_h * 10));
  else if (strcmp (command, "TOTL") == 0)
    snprintf (text, sizeof text, "<OKTOTL%s%ld>", state, lround (pump->volume_ml * 10));
  else
    snprintf (text, sizeof text, "<CE%s%s>", command, state);
  n = snprintf (frame, sizeof frame, "%s%02X\r", text, sum8 (text));
  chs_sim_text_answer (&self->text, frame, (size_t) n, now_us, 60);
}

static void
feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  for (size_t i = 0; i < n; i++)
    if (chs_sim_text_collect (&self->text, bytes[i], '\r') > 0 && patient->pump_on
        && !(self->start_key && patient->pumps[0].state == CHS_PUMP_INFUSING))
      answer (self, &patient->pumps[0], now_us);
}

static void
tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  chs_sim_text_tick (&((State *) state)->text, now_us, out);
}

const ChsSimulator chs_simulator_graseby_3400 = {
  .driver_id = "graseby-3400",
  .label = "Graseby 3400",
  .state_size = sizeof (State),
  .option = option,
  .start = start,
  .tick = tick,
  .feed = feed,
};

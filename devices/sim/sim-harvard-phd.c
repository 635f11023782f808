/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/sim/sim-text.h"

#include <math.h>

/* Harvard 11 Elite and its kin, family C of shared/protocols/harvard-phd.md. Options: xon=yes (the pump was set to
 * "poll on"), address=02 (prompts carry it). */

typedef struct {
  ChsSimText text;
  bool       xon;
  char       address[3];
  int64_t    start_us;
} State;

static bool
option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "address") == 0 && strlen (value) == 2 && strspn (value, "0123456789") == 2) {
    memcpy (self->address, value, 3);
    return true;
  }
  self->xon = strcmp (value, "yes") == 0;
  return strcmp (key, "xon") == 0 && (self->xon || strcmp (value, "no") == 0);
}

static void
start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  ((State *) state)->start_us = now_us;
}

static void
answer (State *self, const ChsSimPump *pump, int64_t now_us)
{
  bool runs = pump->state == CHS_PUMP_INFUSING, stalls = (pump->alarms & CHS_PUMP_ALARM_OCCLUSION) != 0;
  bool done = pump->state == CHS_PUMP_COMPLETE;
  const char *prompt = stalls ? "*" : done ? "T*" : runs ? ">" : ":", *request = self->text.request;
  char text[256] = "", colon[4] = "";
  int n;

  if (self->address[0] != '\0')
    snprintf (colon, sizeof colon, "%s:", self->address);
  if (strcmp (request, "status") == 0)
    snprintf (text, sizeof text, "\n%s%lld %lld %lld %c.%c.I%c\r", colon, llround (pump->rate_ml_h / 3600 * 1e12),
              (long long) (now_us - self->start_us) * 56, llround (pump->volume_ml * 1e12), runs ? 'I' : 'i', stalls ? 'S' : '.',
              done ? 'T' : '.');
  else if (strcmp (request, "version") == 0)
    snprintf (text, sizeof text, "\nFirmware:      v3.0.6\r\nPump address:  0\r\nSerial number: D900001\r");
  else if (request[0] != '\0')
    snprintf (text, sizeof text, "\nCommand error: %s\r\n   Unknown command\r", request);
  {
    char whole[300];

    n = snprintf (whole, sizeof whole, "%s\n%s%s%s", text, self->address, prompt, self->xon ? "\x11" : "");
    chs_sim_text_answer (&self->text, whole, (size_t) n, now_us, 30);
  }
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

const ChsSimulator chs_simulator_harvard_phd = {
  .driver_id = "harvard-phd",
  .label = "Harvard 11 Elite, PHD Ultra",
  .state_size = sizeof (State),
  .option = option,
  .start = start,
  .tick = tick,
  .feed = feed,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/sim/sim-text.h"

/* NeuroWave AP-4000: shared/protocols/neurowave-ap4000.md. Two requests, a constant number of fields, alarm count -1. */

#define ID "900-00-00-001"
#define N_FIELDS 98

typedef struct {
  ChsSimText text;
} State;

static void
start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
}

static void
send_text (State *self, const char *text, int64_t now_us)
{
  char frame[CHS_SIM_TEXT_MAX];
  unsigned sum = '!' + '|';
  int n;

  for (const char *c = text; *c != '\0'; c++)
    sum += (uint8_t) *c;
  n = snprintf (frame, sizeof frame, "!%s|%04X\r\n", text, sum & 0xFFFF);
  chs_sim_text_answer (&self->text, frame, (size_t) n, now_us, 40);
}

static void
put_field (char *text, size_t size, unsigned field, const ChsSimPatient *patient)
{
  unsigned channel = field >= 67 ? 1 : 0, at = field - 33 * channel;
  const ChsSimPump *pump = &patient->pumps[channel];
  size_t n = strlen (text);
  bool is_channel = field >= 34 && pump->present;

  if (field == 1)
    snprintf (text + n, size - n, "^0.1");
  else if (field == 2)
    snprintf (text + n, size - n, "^%s", ID);
  else if (field == 12)
    snprintf (text + n, size - n, "^%d", patient->pumps[0].alarms != 0 ? 1 : -1);
  else if (field == 14 && patient->pumps[0].alarms != 0)
    snprintf (text + n, size - n, "^PA.02");
  else if (is_channel && at == 34)
    snprintf (text + n, size - n, "^SN%u", channel + 1);
  else if (is_channel && at == 37)
    snprintf (text + n, size - n, "^%s", pump->drug);
  else if (is_channel && at == 42)
    snprintf (text + n, size - n, "^%.1f", pump->vtbi_ml);
  else if (is_channel && at == 56)
    snprintf (text + n, size - n, "^%.2f", pump->volume_ml);
  else if (is_channel && at == 61)
    snprintf (text + n, size - n, "^%.1f", pump->state == CHS_PUMP_INFUSING ? pump->rate_ml_h : 0.0);
  else
    snprintf (text + n, size - n, "^");
}

static void
answer (State *self, const ChsSimPatient *patient, int64_t now_us)
{
  const char *request = self->text.request;
  char text[400] = "STATREQ";

  if (strncmp (request, "!CONNREQ|", 9) == 0)
    send_text (self, "CONNREQ^0.1^" ID "^2026-01-05^08:00:00.000", now_us);
  else if (strncmp (request, "!STATREQ^" ID "|", 10 + strlen (ID)) == 0) {
    for (unsigned field = 1; field < N_FIELDS; field++)
      put_field (text, sizeof text, field, patient);
    send_text (self, text, now_us);
  }
}

static void
feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  for (size_t i = 0; i < n; i++)
    if (bytes[i] != '\n' && chs_sim_text_collect (&self->text, bytes[i], '\r') > 0 && patient->pump_on)
      answer (self, patient, now_us);
}

static void
tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  chs_sim_text_tick (&((State *) state)->text, now_us, out);
}

const ChsSimulator chs_simulator_neurowave_ap4000 = {
  .driver_id = "neurowave-ap4000",
  .label = "NeuroWave AP-4000",
  .state_size = sizeof (State),
  .start = start,
  .tick = tick,
  .feed = feed,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/sim/sim-text.h"

#include <math.h>

/* Fresenius Orchestra: shared/protocols/fresenius-orchestra.md, section 5. The rack asks every 5 s whether the host is
 * alive and closes its sessions when no answer comes in 3 s; everything that would command is refused with I;02.
 * Options: base=on|off; counter=glitch (section 6: each byte FF of a volume is said as 46, so that the counter falls and
 * comes back), counter=good. */

#define ENQ_EVERY_US 5000000
#define ENQ_WAIT_US 3000000

typedef struct {
  ChsSimText text;
  bool       stands_alone, is_glitching;
  bool       in_frame;
  bool       session[6];
  int64_t    enq_us, enq_wait_us; /* next question; until when an answer is awaited, 0 = none is */
} State;

static bool
option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "counter") == 0) {
    self->is_glitching = strcmp (value, "glitch") == 0;
    return self->is_glitching || strcmp (value, "good") == 0;
  }
  self->stands_alone = strcmp (value, "off") == 0;
  return strcmp (key, "base") == 0 && (self->stands_alone || strcmp (value, "on") == 0);
}

static void
start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  ((State *) state)->enq_us = now_us + ENQ_EVERY_US;
}

static void
answer_text (State *self, const char *text, int64_t now_us)
{
  char frame[96];
  unsigned sum = 0;
  int n;

  for (const char *c = text; *c != '\0'; c++)
    sum += (uint8_t) *c;
  n = snprintf (frame, sizeof frame, "\x06\x02%s%02X\x03", text, (0xFF - (sum & 0xFF)) & 0xFF);
  chs_sim_text_answer (&self->text, frame, (size_t) n, now_us, 40);
}

static unsigned
module_map (const ChsSimPatient *patient)
{
  unsigned map = 0;

  for (unsigned i = 0; i < CHS_SIM_PUMPS; i++)
    map |= patient->pumps[i].present ? 1u << i : 0;
  return map;
}

static uint32_t
volume_of (const State *self, const ChsSimPump *pump)
{
  uint32_t said = (uint32_t) lround (pump->volume_ml * 1000);

  for (unsigned shift = 0; self->is_glitching && shift < 32; shift += 8)
    if ((said >> shift & 0xFF) == 0xFF)
      said ^= (uint32_t) (0xFF ^ 0x46) << shift;
  return said;
}

static void
answer (State *self, const ChsSimPatient *patient, int64_t now_us)
{
  const char *text = self->text.request + 1; /* behind STX */
  size_t length = strlen (text);
  char address[2] = "", message[80];
  unsigned module = 0;
  const ChsSimPump *pump;

  if (length < 3)
    return;
  self->text.request[length - 1] = '\0'; /* two digits of the checksum; checked by the driver's own tests */
  if (!self->stands_alone && text[0] >= '0' && text[0] <= '5') {
    address[0] = text[0];
    module = (unsigned) (*text++ - '0');
  }
  pump = &patient->pumps[module > 0 && module <= CHS_SIM_PUMPS ? module - 1 : 0];
  if (module > 0 && (module > CHS_SIM_PUMPS || !pump->present))
    snprintf (message, sizeof message, "%sI;0E", address);
  else if (module > 0 && !self->session[0])
    snprintf (message, sizeof message, "%sI;0D", address);
  else if (strcmp (text, "DC") == 0 || strcmp (text, "FC") == 0) {
    self->session[module] = text[0] == 'D';
    snprintf (message, sizeof message, "%sC", address);
  } else if (!self->session[module])
    snprintf (message, sizeof message, "%sI;1E", address);
  else if (strcmp (text, "LE;b") == 0)
    snprintf (message, sizeof message, "%sC;b%02X", address, module_map (patient));
  else if (strcmp (text, "LF;b") == 0)
    snprintf (message, sizeof message, "%sC;bDPS", address);
  else if (strcmp (text, "LE;dram") == 0)
    snprintf (message, sizeof message, "%sC;d%04lX;r%08X;a%02X;m01", address,
              (unsigned long) (chs_pump_is_delivering (&(ChsPumpStatus) { .state = pump->state }) ? lround (pump->rate_ml_h * 10) : 0),
              volume_of (self, pump), pump->alarms != 0 ? 0x12u : 0u);
  else
    snprintf (message, sizeof message, "%sI;02", address);
  answer_text (self, message, now_us);
}

static void
feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  for (size_t i = 0; i < n; i++) {
    if (bytes[i] == 0x14)
      self->enq_wait_us = 0;
    if (bytes[i] == 0x02) {
      self->in_frame = true;
      self->text.n = 0;
    }
    if (!self->in_frame)
      continue;
    if (chs_sim_text_collect (&self->text, bytes[i], 0x03) > 0) {
      self->in_frame = false;
      if (patient->pump_on)
        answer (self, patient, now_us);
    }
  }
}

static void
tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  chs_sim_text_tick (&self->text, now_us, out);
  if (!patient->pump_on)
    return;
  if (self->enq_wait_us != 0 && now_us >= self->enq_wait_us) {
    self->enq_wait_us = 0;
    memset (self->session, 0, sizeof self->session);
  }
  if (now_us >= self->enq_us) {
    self->enq_us = now_us + ENQ_EVERY_US;
    self->enq_wait_us = now_us + ENQ_WAIT_US;
    out->write (out, (const uint8_t *) "\x05", 1);
  }
}

const ChsSimulator chs_simulator_orchestra = {
  .driver_id = "orchestra",
  .label = "Fresenius Orchestra",
  .state_size = sizeof (State),
  .option = option,
  .start = start,
  .tick = tick,
  .feed = feed,
};

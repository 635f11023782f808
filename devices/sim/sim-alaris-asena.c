/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/crc16.h"
#include "devices/sim/sim-text.h"

#include <math.h>

/* Alaris Asena GH: shared/protocols/alaris-asena.md, section 7. Options (--set):
 *
 *   telemetry=refused   answers who it is, and INF not: it wants to be controlled first
 *   checksum=N          every N-th reply has a wrong checksum
 *   esc=N               every N-th reply is broken off with ESC
 *   lower=on            the checksum in lower case
 *   slow=on             replies after 600 ms
 *   extra=on            one more field at the end of INF */

#define SERIAL "8002-51740"
#define SYRINGE_ML 50.0
#define REPLY_MS 40
#define SLOW_MS 600
#define ESC 0x1B

typedef struct {
  ChsSimText text;
  bool       refused, lower, slow, extra;
  uint32_t   bad_checksum, broken, replies;
  uint32_t   entry; /* of the pump's log */
  uint8_t    state;
} State;

static const struct {
  uint32_t    alarm;
  const char *code;
} codes[] = {
  { CHS_PUMP_ALARM_OCCLUSION, "AL_OCCLU" },    { CHS_PUMP_ALARM_BATTERY_EMPTY, "AL_EMBAT" }, { CHS_PUMP_ALARM_END_VTBI, "AL_VTBIS" },
  { CHS_PUMP_ALARM_SYRINGE, "AL_SYRCO" },      { CHS_PUMP_ALARM_FAULT, "AL_FAULT" },         { CHS_PUMP_ALARM_NEAR_END, "AL_NEOIN" },
  { CHS_PUMP_ALARM_BATTERY_LOW, "AL_LWBAT" },
};

static bool
asena_option (void *state, const char *key, const char *value)
{
  State *self = state;
  const struct {
    const char *key, *on;
    bool       *value;
  } switches[] = {
    { "telemetry", "refused", &self->refused }, { "lower", "on", &self->lower }, { "slow", "on", &self->slow }, { "extra", "on", &self->extra },
  };

  for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++)
    if (strcmp (key, switches[i].key) == 0)
      return *switches[i].value = strcmp (value, switches[i].on) == 0;
  if (strcmp (key, "checksum") == 0)
    return chs_ascii_unsigned (value, strlen (value), &self->bad_checksum);
  return strcmp (key, "esc") == 0 && chs_ascii_unsigned (value, strlen (value), &self->broken);
}

static void
asena_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  ((State *) state)->entry = 127904;
}

static bool
is_running (const ChsSimPump *pump)
{
  return pump->state == CHS_PUMP_INFUSING || pump->state == CHS_PUMP_BOLUS || pump->state == CHS_PUMP_KVO;
}

static void
put_time (ChsBytesOut *out, const ChsSimPump *pump)
{
  double end_ml = isnan (pump->vtbi_ml) ? SYRINGE_ML : pump->vtbi_ml;
  double left_s = pump->rate_ml_h > 0.0 ? fmax (0.0, end_ml - pump->volume_ml) / pump->rate_ml_h * 3600.0 : 1e9;
  uint64_t seconds = (uint64_t) left_s;

  if (seconds >= 24 * 3600) {
    chs_ascii_put (out, "24+");
    return;
  }
  chs_ascii_put_digits (out, seconds / 3600, 2);
  chs_bytes_put_u8 (out, ':');
  chs_ascii_put_digits (out, seconds / 60 % 60, 2);
  chs_bytes_put_u8 (out, ':');
  chs_ascii_put_digits (out, seconds % 60, 2);
}

static void
put_inf (State *self, const ChsSimPump *pump, ChsBytesOut *out)
{
  bool quiet = pump->state == CHS_PUMP_READY;

  chs_ascii_put (out, "INF^" SERIAL "^");
  chs_ascii_put (out, pump->alarms != 0 ? "A^" : "-^");
  chs_ascii_put (out, is_running (pump) ? "INF^" : quiet ? "SET^" : "HLD^");
  chs_ascii_put_fixed (out, is_running (pump) || quiet ? pump->rate_ml_h : 0.0, 2);
  chs_ascii_put (out, "^ml/h^");
  chs_ascii_put (out, pump->drug);
  chs_bytes_put_u8 (out, '^');
  chs_ascii_put_fixed (out, pump->volume_ml, 3);
  chs_ascii_put (out, "^ml^");
  chs_ascii_put_fixed (out, pump->pressure_mmhg, 2);
  chs_ascii_put (out, "^mmHg^");
  put_time (out, pump);
  chs_ascii_put (out, "^EVENT^");
  chs_ascii_put_digits (out, self->entry, 1);
  if (self->extra)
    chs_ascii_put (out, "^more");
}

static void
put_alarm (const ChsSimPump *pump, ChsBytesOut *out)
{
  const char *code = pump->alarms != 0 ? "AL_CALLB" : "AL_NOALM";

  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
    if ((pump->alarms & codes[i].alarm) != 0) {
      code = codes[i].code;
      break;
    }
  chs_ascii_put (out, "ALARM^");
  chs_ascii_put (out, code);
  chs_ascii_put (out, "^ ^ ");
}

/* Puts the body of the reply. False: the pump says nothing, as to everything that would command it. */
static bool
put_body (State *self, const ChsSimPump *pump, const char *request, ChsBytesOut *out)
{
  static const struct {
    const char *request, *reply;
  } constants[] = {
    { "!INST_SERIALNO|457D", "INST_SERIALNO^" SERIAL },
    { "!COMMS_PROTOCOL|E8DA", "COMMS_PROTOCOL^Asena Rev 2.1.5" },
    { "!COMMS_RESPONSE_MAX|7E29", "COMMS_RESPONSE_MAX^4000^ms" },
    { "!SYRINGE_STATUS|4102", "SYRINGE_STATUS^BD PLASTIPAK^ 50^CONF" },
    { "!INF_RATE_MAX_SYRINGE|8F30", "INF_RATE_MAX_SYRINGE^1200.00^ml/h" },
  };

  for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++)
    if (strcmp (request, constants[i].request) == 0) {
      chs_ascii_put (out, constants[i].reply);
      return true;
    }
  if (self->refused)
    return false;
  if (strcmp (request, "!INF|4961") == 0)
    put_inf (self, pump, out);
  else if (strcmp (request, "!ALARM|50B2") == 0)
    put_alarm (pump, out);
  else if (strcmp (request, "!INF_VTBI|8456") == 0) {
    chs_ascii_put (out, "INF_VTBI^ON^");
    if (!isnan (pump->vtbi_ml))
      chs_ascii_put_fixed (out, pump->vtbi_ml, 1);
    chs_ascii_put (out, "^ml");
  } else
    return false;
  return true;
}

static void
answer (State *self, const ChsSimPump *pump, int64_t now_us)
{
  uint8_t frame[CHS_SIM_TEXT_MAX];
  ChsBytesOut out = chs_bytes_out (frame, sizeof frame);
  char tail[8];
  size_t n;

  chs_bytes_put_u8 (&out, '!');
  if (!put_body (self, pump, self->text.request, &out))
    return;
  n = chs_bytes_out_used (&out);
  self->replies++;
  snprintf (tail, sizeof tail, self->lower ? "|%04x\r" : "|%04X\r",
            (unsigned) (chs_crc16 (frame + 1, n - 1, 0x1021, 0xFFFF) ^ (self->bad_checksum > 0 && self->replies % self->bad_checksum == 0)));
  chs_ascii_put (&out, tail);
  n = chs_bytes_out_used (&out);
  if (self->broken > 0 && self->replies % self->broken == 0) {
    n /= 2;
    frame[n - 1] = ESC;
  }
  chs_sim_text_answer (&self->text, frame, n, now_us, self->slow ? SLOW_MS : REPLY_MS);
}

static void
asena_feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;
  const ChsSimPump *pump = &patient->pumps[0];

  for (size_t i = 0; i < n; i++)
    if (chs_sim_text_collect (&self->text, bytes[i], '\r') > 0 && patient->pump_on && pump->present)
      answer (self, pump, now_us);
}

static void
asena_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  if (self->state != patient->pumps[0].state)
    self->entry++;
  self->state = patient->pumps[0].state;
  chs_sim_text_tick (&self->text, now_us, out);
}

const ChsSimulator chs_simulator_alaris_asena = {
  .driver_id = "alaris-asena",
  .label = "Alaris Asena GH syringe pump",
  .state_size = sizeof (State),
  .option = asena_option,
  .start = asena_start,
  .tick = asena_tick,
  .feed = asena_feed,
};

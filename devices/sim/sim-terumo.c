/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/simulator.h"
#include "devices/terumo-codec.h"

#include <math.h>
#include <string.h>

/* A Terufusion syringe pump. Options (--set):
 *
 *   id=HEX       000100700000001201000001
 *   seq=zero     does not echo the number of the request, as in the manual's example; else "echo"
 *   checksum=N   every N-th reply has a wrong checksum */

#define ID "000100700000001201000001"
#define UNKNOWN_COMMAND 0x11

typedef struct {
  ChsTerumo codec;
  char      id[CHS_TERUMO_ID];
  bool      seq_zero;
  uint32_t  bad_checksum, replies;
} State;

static const struct {
  uint32_t alarm;
  uint8_t  bit;
} alarm_bits[] = {
  { CHS_PUMP_ALARM_COMMUNICATION, 1 }, { CHS_PUMP_ALARM_END_VTBI, 2 }, { CHS_PUMP_ALARM_OCCLUSION, 3 }, { CHS_PUMP_ALARM_SYRINGE, 4 },
  { CHS_PUMP_ALARM_NEAR_END, 8 },      { CHS_PUMP_ALARM_FAULT, 13 },   { CHS_PUMP_ALARM_BATTERY_LOW, 19 },
};

static uint8_t
state_of (const ChsSimPump *pump)
{
  switch (pump->state) {
  case CHS_PUMP_INFUSING:
  case CHS_PUMP_KVO:
    return CHS_TERUMO_INFUSING;
  case CHS_PUMP_BOLUS:
    return CHS_TERUMO_BOLUS_HANDS_FREE;
  case CHS_PUMP_PRIMING:
    return CHS_TERUMO_PURGE;
  case CHS_PUMP_STANDBY:
    return CHS_TERUMO_STANDBY;
  default:
    return CHS_TERUMO_STOPPED;
  }
}

static ChsTerumoStatus
status_of (const ChsSimPump *pump)
{
  ChsTerumoStatus status = {
    .state = state_of (pump),
    .on_mains = true,
    .occlusion = (uint8_t) fmin (3.0, fmax (0.0, pump->pressure_mmhg) / 150.0),
    .rate_ml_h = pump->rate_ml_h,
    .volume_ml = pump->volume_ml,
    .vtbi_ml = pump->vtbi_ml,
  };

  for (size_t i = 0; i < sizeof alarm_bits / sizeof alarm_bits[0]; i++)
    if ((pump->alarms & alarm_bits[i].alarm) != 0)
      status.alarms |= 1u << alarm_bits[i].bit;
  if ((pump->alarms & CHS_PUMP_ALARM_OCCLUSION) != 0)
    status.occlusion = 3;
  return status;
}

static void
reply (State *self, ChsTerumoMessage *message, ChsSimOut *out)
{
  uint8_t frame[CHS_TERUMO_TEXT_MAX + 8];
  size_t n;

  memcpy (message->id, self->id, sizeof message->id);
  n = chs_terumo_encode (message, frame, sizeof frame);
  if (self->bad_checksum > 0 && ++self->replies % self->bad_checksum == 0)
    frame[n - 2] ^= 1;
  out->write (out, frame, n);
}

static void
on_request (State *self, const ChsSimPatient *patient, const ChsTerumoMessage *request, ChsSimOut *out)
{
  ChsTerumoMessage message = { .is_reply = true };
  ChsTerumoStatus status = status_of (&patient->pumps[0]);

  if (request->is_reply || (request->id[0] != '\0' && strcmp (request->id, self->id) != 0))
    return; /* not for this pump: silent */
  if (request->has_command && request->n >= 4 && memcmp (request->data + 1, "\x01\0\0", 3) == 0)
    chs_terumo_write_status (&status, self->seq_zero ? 0 : request->data[0], &message);
  else if (request->has_command) {
    message.has_command = true;
    message.n = 5;
    memcpy (message.data, request->data, 4);
    message.data[4] = UNKNOWN_COMMAND;
  }
  reply (self, &message, out);
}

static bool
terumo_option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "checksum") == 0)
    return chs_ascii_unsigned (value, strlen (value), &self->bad_checksum);
  if (strcmp (key, "seq") == 0) {
    self->seq_zero = strcmp (value, "zero") == 0;
    return self->seq_zero || strcmp (value, "echo") == 0;
  }
  return strcmp (key, "id") == 0 && strlen (value) == sizeof ID - 1 && chs_text_copy (self->id, sizeof self->id, value);
}

static void
terumo_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  State *self = state;

  if (self->id[0] == '\0')
    chs_text_copy (self->id, sizeof self->id, ID);
}

static void
terumo_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
}

static void
terumo_feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;
  ChsTerumoMessage request;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_terumo_feed (&self->codec, bytes, n, &used, &request) == CHS_FEED_FRAME && patient->pump_on && patient->pumps[0].present)
      on_request (self, patient, &request, out);
}

const ChsSimulator chs_simulator_terumo = {
  .driver_id = "terumo",
  .label = "Terumo Terufusion syringe pump",
  .state_size = sizeof (State),
  .option = terumo_option,
  .start = terumo_start,
  .tick = terumo_tick,
  .feed = terumo_feed,
};

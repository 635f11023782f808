/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/terumo-codec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_(s) (s)

/* Own choices, proposed by shared/protocols/terumo-terufusion.md section 4: the manual gives no times. */
#define ID_POLL_US 2000000
#define STATUS_POLL_US 1000000
#define REPLY_US 1000000
#define MISSES 5

#define REQUEST_HEAD "<?xml version=\"1.0\"?><REQ><DEVID>"
#define ID_TAIL "</DEVID></REQ>"
#define STATUS_TAIL "</DEVID><CMD>AQEAAA==</CMD></REQ>" /* number 01, command 01 0000: basic status */
#define ID_N 24

enum {
  QUERY_ID,
  QUERY_STATUS,
};

static const ChsQuery queries[] = {
  [QUERY_ID] = { "ID", "asks who is there; a request without a command", { { CHS_PART_BYTES, REQUEST_HEAD ID_TAIL, sizeof REQUEST_HEAD ID_TAIL - 1, 0 } } },
  [QUERY_STATUS] = { "basic status", "reads the status of the pump of this id; the only command of the manual, and it only reads",
                     { { CHS_PART_BYTES, REQUEST_HEAD, sizeof REQUEST_HEAD - 1, 0 },
                       { CHS_PART_TEXT, "0123456789ABCDEFabcdef", ID_N, ID_N },
                       { CHS_PART_BYTES, STATUS_TAIL, sizeof STATUS_TAIL - 1, 0 } } },
};

typedef struct {
  ChsTerumo        codec;
  ChsTerumoMessage message;
  char             id[CHS_TERUMO_ID]; /* "" = not known yet */
  char             told_id[CHS_TERUMO_ID];
  int64_t          asked_us, due_us;
  bool             waiting;
  unsigned         misses;
} State;

/* Bits of the status; a stopped pump with one of the stopping ones is in alarm. */
static const struct {
  uint8_t  bit;
  bool     stops;
  uint32_t alarm;
} alarm_bits[] = {
  { 0, false, CHS_PUMP_ALARM_OTHER },          { 1, false, CHS_PUMP_ALARM_COMMUNICATION },
  { 2, false, CHS_PUMP_ALARM_END_VTBI },       { 3, true, CHS_PUMP_ALARM_OCCLUSION },
  { 4, true, CHS_PUMP_ALARM_SYRINGE },         { 5, true, CHS_PUMP_ALARM_SYRINGE },
  { 6, true, CHS_PUMP_ALARM_SYRINGE },         { 7, true, CHS_PUMP_ALARM_SYRINGE },
  { 8, false, CHS_PUMP_ALARM_NEAR_END },       { 13, true, CHS_PUMP_ALARM_FAULT },
  { 19, false, CHS_PUMP_ALARM_BATTERY_LOW },
};
#define N_WIRE_ALARMS 24

static uint32_t
alarms_of (uint32_t word, bool *stops, char *text, size_t size)
{
  uint32_t alarms = 0;

  for (unsigned bit = 0; bit < N_WIRE_ALARMS; bit++) {
    unsigned i = 0;

    if ((word >> bit & 1) == 0)
      continue;
    while (i < sizeof alarm_bits / sizeof alarm_bits[0] && alarm_bits[i].bit != bit)
      i++;
    if (i < sizeof alarm_bits / sizeof alarm_bits[0]) {
      alarms |= alarm_bits[i].alarm;
      *stops = *stops || alarm_bits[i].stops;
    } else {
      alarms |= CHS_PUMP_ALARM_OTHER;
      snprintf (text, size, "alarm bit %u", bit);
    }
  }
  return alarms;
}

static ChsPumpState
state_of (const ChsTerumoStatus *status, uint32_t alarms, bool stops)
{
  switch (status->state) {
  case CHS_TERUMO_INFUSING:
    return CHS_PUMP_INFUSING;
  case CHS_TERUMO_STANDBY:
    return CHS_PUMP_STANDBY;
  case CHS_TERUMO_PURGE:
    return CHS_PUMP_PRIMING;
  case CHS_TERUMO_BOLUS_HANDS_ON:
  case CHS_TERUMO_BOLUS_HANDS_FREE:
    return CHS_PUMP_BOLUS;
  case CHS_TERUMO_STOPPED:
    break;
  default:
    return CHS_PUMP_UNKNOWN;
  }
  if (stops)
    return CHS_PUMP_ALARM;
  if ((alarms & CHS_PUMP_ALARM_END_VTBI) != 0)
    return CHS_PUMP_COMPLETE;
  return status->volume_ml > 0.0 ? CHS_PUMP_PAUSED : CHS_PUMP_READY;
}

/* Not transmitted. Whether VTBI and volume count from the same zero is not stated: it is marked as calculated. */
static double
remaining_s (const ChsPumpStatus *pump)
{
  double left_ml = pump->vtbi_ml - pump->volume_ml;

  return pump->state == CHS_PUMP_INFUSING && pump->rate_ml_h > 0.0 && left_ml > 0.0 ? left_ml / pump->rate_ml_h * 3600.0 : (double) NAN;
}

static void
emit_status (State *self, const ChsTerumoStatus *status, ChsSink *sink)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };
  ChsPumpStatus *pump = &event.pump;
  bool stops = false;
  size_t n = strlen (self->id);

  chs_pump_status_init (pump);
  pump->alarms = alarms_of (status->alarms, &stops, pump->text, sizeof pump->text);
  pump->state = (uint8_t) state_of (status, pump->alarms, stops);
  pump->rate_kind = CHS_RATE_KIND_PROGRAMMED; /* stays as set while stopped */
  pump->rate_ml_h = status->rate_ml_h;
  pump->volume_ml = status->volume_ml;
  pump->vtbi_ml = status->vtbi_ml;
  pump->time_kind = 1;
  pump->remaining_s = remaining_s (pump);
  pump->pressure = status->occlusion;
  pump->pressure_unit = CHS_UNIT_STEP;
  pump->on_mains = status->on_mains;
  chs_text_copy (pump->model, sizeof pump->model, "Terufusion");
  /* The end of the id is what differs between two pumps. */
  chs_text_copy (pump->serial, sizeof pump->serial, self->id + (n >= sizeof pump->serial ? n - sizeof pump->serial + 1 : 0));
  sink->event (sink, &event);
}

static void
learn_id (State *self, const char *id, ChsSink *sink)
{
  char text[64];

  memcpy (self->id, id, sizeof self->id);
  if (strcmp (self->told_id, id) == 0)
    return;
  memcpy (self->told_id, id, sizeof self->told_id);
  snprintf (text, sizeof text, "Terumo Terufusion %s", id);
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, text);
}

static void
on_message (State *self, int64_t now_us, ChsSink *sink)
{
  const ChsTerumoMessage *message = &self->message;
  ChsTerumoStatus status;

  if (!message->is_reply)
    return; /* our own words, come back by a loop in the cable */
  if (strlen (message->id) != ID_N || (self->id[0] != '\0' && strcmp (self->id, message->id) != 0)) {
    self->codec.counters.unknown++; /* another pump on the same line */
    return;
  }
  learn_id (self, message->id, sink);
  self->waiting = false;
  self->misses = 0;
  self->due_us = message->has_command ? self->asked_us + STATUS_POLL_US : now_us;
  if (!message->has_command)
    return;
  if (chs_terumo_read_status (message, &status))
    emit_status (self, &status, sink);
  else
    self->codec.counters.unknown++;
}

/* ---- hooks ---- */

static void
terumo_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_terumo_reset (&self->codec);
  self->id[0] = '\0'; /* another pump may be there now */
  self->waiting = false;
  self->misses = 0;
  self->due_us = now_us;
}

static void
terumo_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  size_t used;

  for (; n > 0; bytes += used, n -= used) {
    if (chs_terumo_feed (&self->codec, bytes, n, &used, &self->message) != CHS_FEED_FRAME)
      continue;
    if (sink->frame != NULL)
      sink->frame (sink, self->codec.frame, self->codec.frame_n, self->message.has_command ? "basic status" : "id");
    on_message (self, now_us, sink);
  }
}

static void
ask (State *self, ChsSink *sink)
{
  uint8_t payload[160];
  ChsBytesOut out = chs_bytes_out (payload, sizeof payload);
  bool knows = self->id[0] != '\0';

  chs_ascii_put (&out, REQUEST_HEAD);
  chs_ascii_put (&out, knows ? self->id : "");
  chs_ascii_put (&out, knows ? STATUS_TAIL : ID_TAIL);
  sink->request (sink, knows ? QUERY_STATUS : QUERY_ID, payload, chs_bytes_out_used (&out));
}

static void
terumo_tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (now_us < self->due_us)
    return;
  if (self->waiting && ++self->misses >= MISSES) {
    self->id[0] = '\0';
    self->misses = 0;
  }
  ask (self, sink);
  self->waiting = true;
  self->asked_us = now_us;
  self->due_us = now_us + (self->id[0] != '\0' ? REPLY_US : ID_POLL_US);
}

static const ChsCounters *
terumo_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

static size_t
terumo_wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  return chs_terumo_wrap (payload, n, frame, size);
}

const ChsDriver chs_driver_terumo = {
  .id = "terumo",
  .label = N_ ("Terumo Terufusion pump"),
  .kind = CHS_KIND_PUMP,
  .line = "9600/8n1", /* the page with the real settings was not found: set them in the address */
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_DOCUMENT,
  .gives = "rate, volume, VTBI, state, alarms, line pressure in quarters, mains",
  .source = "Terumo instruction manuals TE-SS830(P) and TE-SS730, external communication",
  .queries = queries,
  .n_queries = sizeof queries / sizeof queries[0],
  .silence_ms = 5000,
  .state_size = sizeof (State),
  .opened = terumo_opened,
  .feed = terumo_feed,
  .tick = terumo_tick,
  .counters = terumo_counters,
  .wrap = terumo_wrap,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/bbraun-fm-codec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_(s) (s)

/* Own choices within the times of shared/protocols/bbraun-fm.md, section 4. */
#define ROUND_US 1000000
#define REPLY_US 1000000
#define PAUSE_US 50000
#define SET_ROUNDS 10    /* set values are read again after so many rounds, and when the pump says that they changed */
#define REFUSED_US 5000000 /* "needs a session": asked again so seldom */
#define MISSES 5

#define ADDRESS_NONE 0x00

enum {
  QUERY_IDENT,
  QUERY_STATUS,
  QUERY_ACTUAL,
  QUERY_SET,
};

/* Reads alone. To give the pump an address, or to begin a session, something would have to be written: that is not in
 * this table, and a pump that insists on it is reported and left alone. */
#define READ(segment) { { CHS_PART_RANGE, NULL, 0, 'Z' }, { CHS_PART_BYTES, segment, 1, 0 } }

static const ChsQuery queries[] = {
  [QUERY_IDENT] = { "IDENT", "reads type and serial number; address (00 or A..Z) and segment", READ ("\x01") },
  [QUERY_STATUS] = { "STATUS", "reads state, alarms and rate", READ ("\x02") },
  [QUERY_ACTUAL] = { "ISTWERT", "reads pressure, volume and battery", READ ("\x03") },
  [QUERY_SET] = { "SOLLWERT", "reads set rate, volume and drug; the write of this name is another segment", READ ("\x04") },
};

typedef struct {
  ChsFm     codec;
  uint8_t   address;
  int       waiting; /* query; -1 = none */
  unsigned  next;    /* query */
  unsigned  misses, rounds;
  bool      set_changed, knows_ident, needs_session;
  int64_t   due_us, round_us;
  ChsFmIdent  ident;
  ChsFmStatus status;
  ChsFmActual actual;
  ChsFmSet    set;
  bool      has_status, has_actual, has_set;
  char      identity[64];
} State;

static const struct {
  uint32_t    type;
  const char *model;
} models[] = {
  { 202, "Infusomat fmS" }, { 203, "Infusomat P" }, { 1019, "Perfusor fm" }, { 1200, "Perfusor compact" }, { 1201, "Perfusor compact S" },
};

/* In the order of the bits. Warnings do not stop the pump. */
static const struct {
  uint32_t alarm;
  bool     warning;
} alarm_bits[] = {
  { CHS_PUMP_ALARM_SYRINGE, false },       { CHS_PUMP_ALARM_NEAR_END, true },      { CHS_PUMP_ALARM_EMPTY, false },
  { CHS_PUMP_ALARM_OCCLUSION, false },     { CHS_PUMP_ALARM_AIR, false },          { CHS_PUMP_ALARM_DROP, false },
  { CHS_PUMP_ALARM_BATTERY_EMPTY, false }, { CHS_PUMP_ALARM_BATTERY_LOW, true },   { CHS_PUMP_ALARM_DOOR, false },
  { CHS_PUMP_ALARM_OTHER, false },         { CHS_PUMP_ALARM_OTHER, true },         { CHS_PUMP_ALARM_STANDBY_END, false },
  { CHS_PUMP_ALARM_END_VTBI, false },      { CHS_PUMP_ALARM_END_TIME, false },     { CHS_PUMP_ALARM_COMMUNICATION, true },
  { CHS_PUMP_ALARM_KVO_END, false },       { CHS_PUMP_ALARM_COMMUNICATION, true }, { CHS_PUMP_ALARM_NEAR_END, true },
  { CHS_PUMP_ALARM_OTHER, false },         { CHS_PUMP_ALARM_OTHER, true },         { CHS_PUMP_ALARM_OTHER, true },
};

enum {
  STATE_MAINS = 1u << 4,
  STATE_STANDBY = 1u << 5,
  STATE_RUNNING = 1u << 7,
  STATE_BOLUS = 1u << 9 | 1u << 10 | 1u << 12,
  STATE_KVO = 1u << 13,
  STATE_DRIVE = 1u << 19 | 1u << 20, /* fast forward, drive back: purging or changing the syringe */
};

#define ENDS ((uint32_t) (CHS_PUMP_ALARM_END_VTBI | CHS_PUMP_ALARM_END_TIME))

static ChsPumpState
state_of (const State *self, uint32_t stopping)
{
  uint32_t bits = self->status.state;

  if ((bits & STATE_DRIVE) != 0)
    return CHS_PUMP_PRIMING;
  if ((bits & STATE_BOLUS) != 0)
    return CHS_PUMP_BOLUS;
  if ((bits & STATE_KVO) != 0)
    return CHS_PUMP_KVO;
  if ((bits & STATE_RUNNING) != 0)
    return CHS_PUMP_INFUSING;
  if ((stopping & ~ENDS) != 0)
    return CHS_PUMP_ALARM;
  if (stopping != 0)
    return CHS_PUMP_COMPLETE;
  if ((bits & STATE_STANDBY) != 0)
    return CHS_PUMP_STANDBY;
  return self->has_actual && self->actual.volume_ml > 0.0 ? CHS_PUMP_PAUSED : CHS_PUMP_READY;
}

static const char *
model_of (uint32_t type)
{
  for (size_t i = 0; i < sizeof models / sizeof models[0]; i++)
    if (models[i].type == type)
      return models[i].model;
  return "fm";
}

static void
emit_status (const State *self, ChsSink *sink)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };
  ChsPumpStatus *pump = &event.pump;
  uint32_t stopping = 0;

  chs_pump_status_init (pump);
  for (unsigned bit = 0; bit < sizeof alarm_bits / sizeof alarm_bits[0]; bit++) {
    if ((self->status.alarms >> bit & 1) == 0)
      continue;
    pump->alarms |= alarm_bits[bit].alarm;
    stopping |= alarm_bits[bit].warning ? 0 : alarm_bits[bit].alarm;
  }
  if (self->status.alarms != 0)
    snprintf (pump->text, sizeof pump->text, "alarm bits %08X", (unsigned) self->status.alarms);
  pump->state = (uint8_t) state_of (self, stopping);
  pump->rate_kind = CHS_RATE_KIND_PROGRAMMED; /* stays as set in an alarm */
  pump->rate_ml_h = self->status.rate_ml_h;
  pump->remaining_s = self->status.left_s;
  pump->on_mains = (self->status.state & STATE_MAINS) != 0;
  if (self->has_actual) {
    pump->volume_ml = self->actual.volume_ml;
    pump->pressure = self->actual.pressure_pct;
    pump->pressure_unit = CHS_UNIT_PERCENT_LIMIT;
    pump->battery_min = self->actual.battery_min;
  }
  if (self->has_set) {
    pump->vtbi_ml = self->set.vtbi_ml;
    chs_text_copy (pump->drug, sizeof pump->drug, self->set.drug);
  }
  if (self->knows_ident) {
    chs_text_copy (pump->model, sizeof pump->model, model_of (self->ident.type));
    snprintf (pump->serial, sizeof pump->serial, "%u", (unsigned) self->ident.serial);
  }
  sink->event (sink, &event);
}

static void
on_ident (State *self, ChsSink *sink)
{
  char identity[sizeof self->identity];

  self->knows_ident = true;
  snprintf (identity, sizeof identity, "B. Braun %s %u", model_of (self->ident.type), (unsigned) self->ident.serial);
  if (strcmp (identity, self->identity) == 0)
    return;
  memcpy (self->identity, identity, sizeof identity);
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, identity);
}

/* ---- the round: STATUS, ISTWERT, now and then SOLLWERT ---- */

static void
end_round (State *self, int64_t now_us, ChsSink *sink)
{
  if (self->has_status)
    emit_status (self, sink);
  self->has_status = false;
  self->rounds++;
  self->next = QUERY_STATUS;
  self->due_us = self->round_us + ROUND_US > now_us + PAUSE_US ? self->round_us + ROUND_US : now_us + PAUSE_US;
}

/* Query @done was answered, refused or given up. */
static void
go_on (State *self, unsigned done, int64_t now_us, ChsSink *sink)
{
  bool wants_set = self->set_changed || !self->has_set || self->rounds % SET_ROUNDS == 0;

  self->waiting = -1;
  self->due_us = now_us + PAUSE_US;
  if (done == QUERY_SET || (done == QUERY_ACTUAL && !wants_set))
    end_round (self, now_us, sink);
  else
    self->next = done + 1;
}

static void
on_refusal (State *self, uint8_t reason, int64_t now_us, ChsSink *sink)
{
  unsigned query = (unsigned) self->waiting;

  if (query == QUERY_STATUS && (reason == CHS_FM_ERROR_ADDRESS || reason == CHS_FM_ERROR_MODE)) {
    if (!self->needs_session)
      chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, reason,
                       "pump identified, values refused: it needs a documentation-mode session, which Chairside never opens");
    self->needs_session = true;
    self->waiting = -1;
    self->next = QUERY_IDENT;
    self->due_us = now_us + REFUSED_US;
    return;
  }
  go_on (self, query, now_us, sink);
}

static bool
take_reply (State *self, unsigned query, const uint8_t *data, size_t n, ChsSink *sink)
{
  switch (query) {
  case QUERY_IDENT:
    if (!chs_fm_read_ident (data, n, &self->ident))
      return false;
    on_ident (self, sink);
    return true;
  case QUERY_STATUS:
    self->has_status = chs_fm_read_status (data, n, &self->status);
    self->set_changed = self->has_status && (self->status.request & 1) != 0;
    self->needs_session = false;
    return self->has_status;
  case QUERY_ACTUAL:
    return self->has_actual = chs_fm_read_actual (data, n, &self->actual);
  default:
    return self->has_set = chs_fm_read_set (data, n, &self->set);
  }
}

static void
on_frame (State *self, const ChsFmFrame *frame, int64_t now_us, ChsSink *sink)
{
  unsigned query = (unsigned) self->waiting;

  /* A reply has a code; what has none is our own request, come back by a loop in the cable. Late replies, replies of
   * another pump and segments that nobody asked for are not the answer that is waited for. */
  if (frame->n == 0 || self->waiting < 0 || frame->address != self->address || frame->segment != query + CHS_FM_IDENT) {
    self->codec.counters.unknown++;
    return;
  }
  self->misses = 0;
  if (frame->data[0] == CHS_FM_NAK)
    on_refusal (self, frame->n > 1 ? frame->data[1] : 0, now_us, sink);
  else if (frame->data[0] == CHS_FM_ACK && take_reply (self, query, frame->data + 1, frame->n - 1, sink))
    go_on (self, query, now_us, sink);
  else
    self->codec.counters.unknown++;
}

/* ---- hooks ---- */

static bool
fm_option (void *state, const char *key, const char *value)
{
  State *self = state;

  /* An address that another system has given to the pump. */
  if (strcmp (key, "address") != 0 || value[0] < 'A' || value[0] > 'Z' || value[1] != '\0')
    return false;
  self->address = (uint8_t) value[0];
  return true;
}

static void
fm_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_fm_reset (&self->codec);
  self->waiting = -1;
  self->next = QUERY_IDENT;
  self->misses = self->rounds = 0;
  self->has_status = self->has_actual = self->has_set = self->needs_session = false;
  self->due_us = now_us;
}

static void
fm_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  ChsFmFrame frame;
  size_t used;

  for (; n > 0; bytes += used, n -= used) {
    if (chs_fm_feed (&self->codec, bytes, n, &used, &frame) != CHS_FEED_FRAME)
      continue;
    if (sink->frame != NULL)
      sink->frame (sink, self->codec.bytes, self->codec.frame_n, "segment");
    on_frame (self, &frame, now_us, sink);
  }
}

/* No answer: the round goes on without it; after too many of them the pump is asked anew who it is. */
static void
on_time_out (State *self, int64_t now_us, ChsSink *sink)
{
  unsigned query = (unsigned) self->waiting;

  chs_fm_reset (&self->codec);
  if (++self->misses >= MISSES || query == QUERY_IDENT) {
    fm_opened (self, now_us, sink);
    return;
  }
  if (query == QUERY_ACTUAL)
    self->has_actual = false; /* old figures are not new ones */
  go_on (self, query, now_us, sink);
}

static void
fm_tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  uint8_t payload[2];

  if (now_us < self->due_us)
    return;
  if (self->waiting >= 0) {
    on_time_out (self, now_us, sink);
    return;
  }
  if (self->next == QUERY_STATUS)
    self->round_us = now_us;
  payload[0] = self->address;
  payload[1] = (uint8_t) (self->next + CHS_FM_IDENT);
  self->waiting = (int) self->next;
  self->due_us = now_us + REPLY_US;
  sink->request (sink, self->next, payload, sizeof payload);
}

static const ChsCounters *
fm_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

static size_t
fm_wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  return chs_fm_wrap (payload, n, frame, size);
}

const ChsDriver chs_driver_bbraun_fm = {
  .id = "bbraun-fm",
  .label = N_ ("B. Braun fm, Perfusor or Infusomat compact"),
  .kind = CHS_KIND_PUMP,
  .line = "9600/8n1", /* some are set to 1200 */
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_IMPLEMENTATION,
  .gives = "rate, volume, VTBI, time left, pressure in % of limit, drug, state, alarms, battery",
  .source = "one public program that speaks it (DianetStar); layouts recomputed, never tried on a pump",
  .queries = queries,
  .n_queries = sizeof queries / sizeof queries[0],
  .silence_ms = 6000,
  .state_size = sizeof (State),
  .option = fm_option,
  .opened = fm_opened,
  .feed = fm_feed,
  .tick = fm_tick,
  .counters = fm_counters,
  .wrap = fm_wrap,
};

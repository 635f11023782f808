/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/bbraun-bcc-codec.h"
#include "devices/bbraun-bcc-mask.h"
#include "devices/bbraun-bcc-pump.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_(s) (s)

/* Times of shared/protocols/bbraun-space.md, section 3. */
#define ACK_PAUSE_US 120000      /* at least 0.1 s before an ACK */
#define GET_PAUSE_US 500000      /* at least 0.5 s before a new MEM:GET */
#define POLL_US 2000000          /* own choice; "poll_s" changes it */
#define REPLY_US 3000000         /* reply time-out: proposed by the note */
#define CYCLIC_SILENCE_US 15000000 /* cyclic sending has stopped: one ACK, then ALIVE */
#define CYCLIC_GONE_US 20000000  /* a pump not in any package for so long: four periods of 5 s */
#define MISSES 3                 /* so many replies missing: begin anew with ALIVE */
#define NAKS 3                   /* so many bad blocks in a row: begin the cycle anew */
#define UNASKED 2                /* so many messages that nobody asked for: the rack sends cyclically */

#define REFUSED_PAUSE_US 1000000 /* before beginning anew after an error */

#define MAX_PUMPS 24 /* in one rack */

/* GNERR */
enum {
  ERROR_NO_PUMPS = 11,
  ERROR_REMOVED = 39,
  ERROR_SYNTAX = 68, /* also a wrong checksum or bed name */
};

enum {
  QUERY_ALIVE,
  QUERY_VERSION,
  QUERY_GET,
  QUERY_ACK,
  QUERY_NAK,
};

/* All that is ever sent. There is no command to a pump in this protocol. */
static const ChsQuery queries[] = {
  [QUERY_ALIVE] = { "ADMIN:ALIVE", "begins the session; the rack answers with its bed name",
                    { { CHS_PART_BYTES, "ADMIN:ALIVE", 11, 0 } } },
  [QUERY_VERSION] = { "ADMIN:VERSION", "reads the version of the interface",
                      { { CHS_PART_BYTES, "ADMIN:VERSION", 13, 0 } } },
  [QUERY_GET] = { "MEM:GET", "reads the values of all pumps", { { CHS_PART_BYTES, "MEM:GET", 7, 0 } } },
  [QUERY_ACK] = { "ACK", "the block was good, the next one please", { { CHS_PART_BYTES, "\x06", 1, 0 } } },
  [QUERY_NAK] = { "NAK", "the block was bad, the same again please", { { CHS_PART_BYTES, "\x15", 1, 0 } } },
};

typedef enum {
  STEP_ALIVE,        /* send ADMIN:ALIVE when due */
  STEP_WAIT_ALIVE,   /* due: time-out */
  STEP_ACK_ALIVE,    /* send ACK when due */
  STEP_VERSION,
  STEP_WAIT_VERSION,
  STEP_ACK_VERSION,
  STEP_GET,
  STEP_WAIT_BLOCK,
  STEP_ACK_BLOCK,
  STEP_NAK,          /* send NAK when due */
  /* From here on without asking. */
  STEP_CYCLIC,       /* the rack sends by itself; due: it has stopped */
  STEP_CYCLIC_ACK,
  STEP_CYCLIC_WAKE,  /* an ACK was sent to wake it; due: it did not help */
} Step;

typedef struct {
  uint8_t      pillar, slot; /* 0 = this place is free */
  uint8_t      channel;
  bool         present;      /* was in the last complete cycle */
  uint32_t     cycle;        /* of the values in @fields */
  bool         complete;     /* @fields were emitted */
  int64_t      seen_us;
  ChsBccFields fields;
  char         identity[64]; /* as told last */
} Pump;

typedef struct {
  ChsBcc   codec;
  ChsBccMask mask;
  ChsBccStuffing send_stuffing; /* tried while nobody answers */
  int64_t  poll_us;
  Step     step;
  Step     wait;       /* what STEP_NAK goes back to */
  int64_t  due_us;
  int64_t  asked_us;   /* of the last MEM:GET */
  unsigned misses, naks, unasked;
  bool     refused;    /* the rack did not understand what it was asked */
  uint32_t error;      /* as told last; 0 = none */
  bool     last_block; /* the block to be acknowledged was the last */
  bool     clean;      /* nothing went wrong since the cycle began: what is missing in it is gone */
  uint32_t cycle;
  uint32_t time_s;     /* the rack's own clock */
  bool     has_time;
  Pump    *current;    /* whose quadruples come now */
  char     bed[CHS_BCC_BED];
  char     version[24];
  Pump     pumps[MAX_PUMPS];
} State;

/* ---- pumps ---- */

static Pump *
find_pump (State *self, const ChsBccQuad *quad)
{
  Pump *empty = NULL;

  for (unsigned i = 0; i < MAX_PUMPS; i++) {
    Pump *pump = &self->pumps[i];

    if (pump->slot == quad->slot && pump->pillar == quad->pillar)
      return pump;
    if (pump->slot == 0 && empty == NULL)
      empty = pump;
  }
  if (empty == NULL)
    return NULL;
  empty->pillar = quad->pillar;
  empty->slot = quad->slot;
  empty->channel = (uint8_t) ((quad->pillar - 1) * CHS_BCC_SLOTS + quad->slot - 1);
  chs_bcc_fields_init (&empty->fields);
  return empty;
}

static void
emit_status (const Pump *pump, const ChsPumpStatus *status, ChsSink *sink)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP, .channel = pump->channel, .pump = *status };

  sink->event (sink, &event);
}

static void
emit_condition (const Pump *pump, ChsDeviceCode code, const char *text, ChsSink *sink)
{
  ChsEvent event = {
    .type = CHS_EVENT_DEVICE,
    .channel = pump->channel,
    .device = { .code = (uint8_t) code, .value = (double) NAN },
  };

  chs_text_copy (event.device.text, sizeof event.device.text, text);
  sink->event (sink, &event);
}

/* Another pump in the same place is another instrument. */
static void
follow_identity (Pump *pump, ChsSink *sink)
{
  char identity[sizeof pump->identity];

  if (pump->fields.serial[0] == '\0')
    return;
  snprintf (identity, sizeof identity, "B. Braun %s%s%s", pump->fields.model, pump->fields.model[0] != '\0' ? " " : "",
            pump->fields.serial);
  if (strcmp (identity, pump->identity) == 0)
    return;
  memcpy (pump->identity, identity, sizeof identity);
  emit_condition (pump, CHS_DEVICE_IDENTITY, identity, sink);
}

static void
complete_pump (Pump *pump, ChsSink *sink)
{
  ChsPumpStatus status;

  if (pump == NULL || pump->complete)
    return;
  follow_identity (pump, sink);
  chs_bcc_fields_status (&pump->fields, pump->pillar, pump->slot, &status);
  emit_status (pump, &status, sink);
  pump->complete = true;
  pump->present = true;
}

static void
bare_status (const Pump *pump, ChsPumpState state, ChsPumpStatus *status)
{
  chs_pump_status_init (status);
  status->state = (uint8_t) state;
  snprintf (status->slot, sizeof status->slot, "%u/%u", pump->pillar % 10, pump->slot % 100);
  chs_text_copy (status->model, sizeof status->model, pump->fields.model);
  chs_text_copy (status->serial, sizeof status->serial, pump->fields.serial);
}

static void
remove_pump (Pump *pump, ChsSink *sink)
{
  ChsPumpStatus status;

  if (!pump->present)
    return;
  pump->present = false;
  bare_status (pump, CHS_PUMP_REMOVED, &status);
  emit_status (pump, &status, sink);
  emit_condition (pump, CHS_DEVICE_REMOVED, status.slot, sink);
}

/* The rack cannot reach the pump now: nothing is known of it. */
static void
lose_pump (Pump *pump, uint32_t code, ChsSink *sink)
{
  ChsPumpStatus status;

  bare_status (pump, CHS_PUMP_UNKNOWN, &status);
  status.alarms = CHS_PUMP_ALARM_COMMUNICATION;
  snprintf (status.text, sizeof status.text, "GNERR %u", (unsigned) code);
  emit_status (pump, &status, sink);
  pump->present = true;
  pump->complete = true;
}

static void
take_pump_quad (State *self, const ChsBccQuad *quad, int64_t now_us, ChsSink *sink)
{
  Pump *pump = find_pump (self, quad);

  if (pump == NULL) {
    self->codec.counters.unknown++; /* more pumps than a rack has places */
    return;
  }
  if (pump != self->current)
    complete_pump (self->current, sink);
  self->current = pump;
  if (pump->cycle != self->cycle)
    chs_bcc_fields_init (&pump->fields);
  pump->cycle = self->cycle;
  pump->complete = false;
  pump->seen_us = now_us;
  if (!chs_bcc_fields_take (&pump->fields, quad))
    self->codec.counters.unknown++;
}

static void
take_pump_error (State *self, const ChsBccQuad *quad, uint32_t code, int64_t now_us, ChsSink *sink)
{
  Pump *pump = find_pump (self, quad);

  if (pump == NULL)
    return;
  complete_pump (self->current, sink);
  self->current = NULL;
  pump->cycle = self->cycle;
  pump->seen_us = now_us;
  if (code == ERROR_REMOVED)
    remove_pump (pump, sink);
  else
    lose_pump (pump, code, sink);
}

/* ---- the rack ---- */

static void
follow_clock (State *self, uint32_t time_s, ChsSink *sink)
{
  if (self->has_time && time_s < self->time_s)
    chs_sink_device (sink, CHS_DEVICE_RESTART, CHS_PARAM_NONE, (double) NAN, "the rack was switched on again");
  self->time_s = time_s;
  self->has_time = true;
}

static void
take_rack_error (State *self, uint32_t code, ChsSink *sink)
{
  char text[48];

  if (code == ERROR_NO_PUMPS)
    return; /* the cycle is over, and nothing was in it */
  self->clean = false;
  self->refused = code == ERROR_SYNTAX;
  if (code == self->error)
    return;
  self->error = code;
  snprintf (text, sizeof text, "rack reports error %u", (unsigned) code);
  chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, code, text);
}

static void
take_version (State *self, const ChsBccQuad *quad, ChsSink *sink)
{
  char version[sizeof self->version], text[64];

  chs_bcc_text (version, sizeof version, quad->value, quad->n_value);
  if (strcmp (version, self->version) == 0)
    return;
  memcpy (self->version, version, sizeof version);
  snprintf (text, sizeof text, "rack at bed %s, BCC %s", self->bed, version);
  chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN, text);
}

static void
take_quad (State *self, const ChsBccQuad *quad, int64_t now_us, ChsSink *sink)
{
  uint32_t code;

  if (quad->name == NULL) {
    self->codec.counters.unknown++;
    return;
  }
  follow_clock (self, quad->time_s, sink);
  if (chs_bcc_is (quad, "GNERR")) {
    if (!chs_ascii_unsigned (quad->value, quad->n_value, &code))
      self->codec.counters.unknown++;
    else if (quad->slot != 0)
      take_pump_error (self, quad, code, now_us, sink);
    else
      take_rack_error (self, code, sink);
  } else if (quad->slot != 0)
    take_pump_quad (self, quad, now_us, sink);
  else if (quad->n_name == 0)
    take_version (self, quad, sink);
}

/* What is in no package any more was taken away, even if the rack's word of it was lost. */
static void
sweep (State *self, int64_t now_us, ChsSink *sink)
{
  bool cyclic = self->step >= STEP_CYCLIC;

  for (unsigned i = 0; i < MAX_PUMPS; i++) {
    Pump *pump = &self->pumps[i];

    if (pump->present && (cyclic ? now_us - pump->seen_us > CYCLIC_GONE_US : self->clean && pump->cycle != self->cycle))
      remove_pump (pump, sink);
  }
}

/* ---- the dialogue ---- */

static void
go (State *self, Step step, int64_t due_us)
{
  self->step = step;
  self->due_us = due_us;
}

static void
ask (State *self, unsigned query, ChsSink *sink)
{
  sink->request (sink, query, (const uint8_t *) queries[query].parts[0].bytes, queries[query].parts[0].n);
}

/* Nobody answers: perhaps because the rack expects the other way of stuffing. */
static void
try_other_stuffing (State *self)
{
  if (self->codec.stuffing == CHS_BCC_STUFFING_AUTO)
    self->send_stuffing = self->send_stuffing == CHS_BCC_STUFFING_ON ? CHS_BCC_STUFFING_OFF : CHS_BCC_STUFFING_ON;
}

static void
begin_session (State *self, int64_t now_us)
{
  self->misses = self->naks = self->unasked = 0;
  self->clean = false;
  chs_text_copy (self->bed, sizeof self->bed, "1"); /* until the rack tells its name */
  go (self, STEP_ALIVE, now_us);
}

static void
on_time_out (State *self, int64_t now_us)
{
  self->clean = false;
  chs_bcc_reset (&self->codec);
  if (self->step == STEP_WAIT_ALIVE) {
    try_other_stuffing (self);
    begin_session (self, now_us);
  } else if (++self->misses >= MISSES)
    begin_session (self, now_us);
  else
    go (self, self->step == STEP_WAIT_VERSION ? STEP_VERSION : STEP_GET, now_us);
}

static void
begin_cycle (State *self, int64_t now_us)
{
  self->cycle++;
  self->current = NULL;
  self->clean = self->misses == 0;
  self->asked_us = now_us;
}

static void
end_cycle (State *self, int64_t now_us, ChsSink *sink)
{
  complete_pump (self->current, sink);
  self->current = NULL;
  sweep (self, now_us, sink);
  self->misses = self->naks = 0;
  self->error = self->clean ? 0 : self->error;
}

static void
after_block (State *self, int64_t now_us)
{
  int64_t next_us = self->asked_us + self->poll_us;

  if (!self->last_block)
    go (self, STEP_WAIT_BLOCK, now_us + REPLY_US);
  else
    go (self, STEP_GET, next_us > now_us + GET_PAUSE_US ? next_us : now_us + GET_PAUSE_US);
}

/* The step is due. */
static void
run_step (State *self, int64_t now_us, ChsSink *sink)
{
  switch (self->step) {
  case STEP_ALIVE:
    ask (self, QUERY_ALIVE, sink);
    go (self, STEP_WAIT_ALIVE, now_us + REPLY_US);
    break;
  case STEP_ACK_ALIVE:
    ask (self, QUERY_ACK, sink);
    go (self, STEP_VERSION, now_us + ACK_PAUSE_US);
    break;
  case STEP_VERSION:
    ask (self, QUERY_VERSION, sink);
    go (self, STEP_WAIT_VERSION, now_us + REPLY_US);
    break;
  case STEP_ACK_VERSION:
    ask (self, QUERY_ACK, sink);
    go (self, STEP_GET, now_us + GET_PAUSE_US);
    break;
  case STEP_GET:
    begin_cycle (self, now_us);
    ask (self, QUERY_GET, sink);
    go (self, STEP_WAIT_BLOCK, now_us + REPLY_US);
    break;
  case STEP_ACK_BLOCK:
    ask (self, QUERY_ACK, sink);
    after_block (self, now_us);
    break;
  case STEP_NAK:
    ask (self, QUERY_NAK, sink);
    go (self, self->wait, now_us + REPLY_US);
    break;
  case STEP_CYCLIC_ACK:
    ask (self, QUERY_ACK, sink);
    go (self, STEP_CYCLIC, now_us + CYCLIC_SILENCE_US);
    break;
  case STEP_CYCLIC:
    ask (self, QUERY_ACK, sink);
    go (self, STEP_CYCLIC_WAKE, now_us + REPLY_US);
    break;
  case STEP_CYCLIC_WAKE:
    begin_session (self, now_us);
    break;
  case STEP_WAIT_ALIVE:
  case STEP_WAIT_VERSION:
  case STEP_WAIT_BLOCK:
  default:
    on_time_out (self, now_us);
    break;
  }
}

static bool
is_waiting (const State *self)
{
  return self->step == STEP_WAIT_ALIVE || self->step == STEP_WAIT_VERSION || self->step == STEP_WAIT_BLOCK;
}

/* A good message was taken; what is to be said to it. */
static void
answer (State *self, bool last, bool has_pumps, int64_t now_us)
{
  int64_t ack_us = now_us + ACK_PAUSE_US;

  self->naks = 0;
  self->last_block = last;
  if (self->refused) {
    try_other_stuffing (self);
    begin_session (self, now_us + REFUSED_PAUSE_US);
  } else if (self->step == STEP_WAIT_ALIVE && !has_pumps)
    go (self, STEP_ACK_ALIVE, ack_us);
  else if (self->step == STEP_WAIT_VERSION && !has_pumps)
    go (self, STEP_ACK_VERSION, ack_us);
  else if (self->step == STEP_WAIT_BLOCK)
    go (self, STEP_ACK_BLOCK, ack_us);
  else if (self->step >= STEP_CYCLIC || (has_pumps && ++self->unasked >= UNASKED))
    go (self, STEP_CYCLIC_ACK, ack_us);
}

static void
on_frame (State *self, const ChsBccFrame *frame, int64_t now_us, ChsSink *sink)
{
  const char *info = frame->info;
  size_t n = frame->n;
  ChsBccQuad quad;
  bool has_pumps = false;

  if (self->step != STEP_WAIT_BLOCK && self->current == NULL)
    self->cycle++; /* unasked: a package of its own */
  self->refused = false;
  if (frame->bed[0] != '\0')
    memcpy (self->bed, frame->bed, sizeof self->bed);
  while (chs_bcc_next (&info, &n, &quad)) {
    has_pumps = has_pumps || quad.slot != 0;
    take_quad (self, &quad, now_us, sink);
  }
  answer (self, frame->last, has_pumps, now_us);
  if (frame->last && (has_pumps || self->step == STEP_ACK_BLOCK))
    end_cycle (self, now_us, sink);
  if (sink->frame != NULL)
    sink->frame (sink, self->codec.wire, self->codec.frame_n, frame->last ? "last block" : "block, more follow");
}

static void
on_bad (State *self, int64_t now_us)
{
  self->clean = false;
  if (!is_waiting (self) || ++self->naks > NAKS)
    return;
  self->wait = self->step;
  go (self, STEP_NAK, now_us + ACK_PAUSE_US);
}

/* A message is on its way: a long one on a slow line is not a missing one, and nobody is interrupted. */
static void
wait_for_rest (State *self, int64_t now_us)
{
  int64_t due_us = now_us + (is_waiting (self) ? REPLY_US : ACK_PAUSE_US);

  self->due_us = due_us > self->due_us ? due_us : self->due_us;
}

/* ---- hooks ---- */

static bool
bcc_option (void *state, const char *key, const char *value)
{
  State *self = state;
  uint32_t seconds;

  if (strcmp (key, "poll_s") == 0) {
    if (!chs_ascii_unsigned (value, strlen (value), &seconds) || seconds < 1 || seconds > 60)
      return false;
    self->poll_us = (int64_t) seconds * 1000000;
    return true;
  }
  if (strcmp (key, "stuffing") != 0)
    return false;
  self->codec.fixed = strcmp (value, "auto") != 0;
  self->codec.stuffing = strcmp (value, "on") == 0    ? CHS_BCC_STUFFING_ON
                         : strcmp (value, "off") == 0 ? CHS_BCC_STUFFING_OFF
                                                      : CHS_BCC_STUFFING_AUTO;
  return !self->codec.fixed || self->codec.stuffing != CHS_BCC_STUFFING_AUTO;
}

static void
bcc_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (self->poll_us == 0)
    self->poll_us = POLL_US;
  chs_bcc_reset (&self->codec);
  self->mask = (ChsBccMask) { 0 };
  self->current = NULL;
  begin_session (self, now_us);
}

static void
bcc_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  ChsBccFrame frame;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    switch (chs_bcc_feed (&self->codec, bytes, n, &used, &frame)) {
    case CHS_FEED_FRAME:
      on_frame (self, &frame, now_us, sink);
      break;
    case CHS_FEED_BAD:
      on_bad (self, now_us);
      break;
    case CHS_FEED_MORE:
    default:
      if (self->codec.n > 0)
        wait_for_rest (self, now_us);
      break;
    }
}

static size_t
bcc_mask (void *state, const uint8_t *bytes, size_t n, uint8_t *out)
{
  State *self = state;

  return chs_bcc_mask (&self->mask, self->codec.stuffing, bytes, n, out);
}

static void
bcc_tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (now_us >= self->due_us)
    run_step (self, now_us, sink);
}

/* Nothing to be said: the rack keeps no session. What was received of an unfinished cycle is not lost. */
static void
bcc_closing (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  complete_pump (self->current, sink);
  self->current = NULL;
}

static const ChsCounters *
bcc_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

/* A rack that sends by itself shows whole messages; one that waits to be asked is silent and cannot be known. */
static int
bcc_probe (const uint8_t *bytes, size_t n)
{
  for (size_t i = 0; i + 7 < n; i++) {
    uint32_t length;

    if (bytes[i] == CHS_BCC_SOH && bytes[i + 6] == CHS_BCC_STX && chs_ascii_unsigned ((const char *) bytes + i + 1, 5, &length))
      return memmem (bytes + i, n - i, "/1/1>", 5) != NULL ? 90 : 50;
  }
  return 0;
}

static size_t
bcc_wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  const State *self = state;
  ChsBccStuffing stuffing = self->codec.stuffing != CHS_BCC_STUFFING_AUTO ? self->codec.stuffing : self->send_stuffing;

  if (n == 1 && size >= 1) {
    frame[0] = payload[0];
    return 1;
  }
  return chs_bcc_encode (self->bed[0] != '\0' ? self->bed : "1", (const char *) payload, n, true,
                         stuffing == CHS_BCC_STUFFING_ON, frame, size);
}

const ChsDriver chs_driver_bbraun_bcc = {
  .id = "bbraun-bcc",
  .label = N_ ("B. Braun Space or compactplus rack (BCC)"),
  .kind = CHS_KIND_PUMP,
  .line = "9600/8n1",
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_DOCUMENT,
  .gives = "rate, volume, VTBI, time left, pressure in % of limit, drug, state, alarms, battery of up to 24 pumps",
  .source = "B. Braun technical interface specification BCC, I0022_000030 v4.0 (2019)",
  .queries = queries,
  .n_queries = sizeof queries / sizeof queries[0],
  .silence_ms = 10000, /* three replies missed */
  .state_size = sizeof (State),
  .option = bcc_option,
  .opened = bcc_opened,
  .feed = bcc_feed,
  .mask = bcc_mask,
  .tick = bcc_tick,
  .closing = bcc_closing,
  .counters = bcc_counters,
  .probe = bcc_probe,
  .wrap = bcc_wrap,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/text-pump.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Fresenius Vial Orchestra, Pilote: shared/protocols/fresenius-orchestra.md.
 *
 * A rack (base) with up to five modules, or one pump by itself: option base=on|off (default on). Sessions are opened to
 * be allowed to read; nothing else is asked for. What alarm and mode bytes mean is not public: they are shown as codes. */

enum { STX = 0x02, ETX = 0x03, ENQ = 0x05, ACK = 0x06, DC4 = 0x14, NAK = 0x15 };

enum {
  QUERY_OPEN,
  QUERY_MODULES,
  QUERY_TYPE,
  QUERY_READ,
  QUERY_CLOSE,
  QUERY_ALIVE,
  QUERY_ACK,
  QUERY_NAK,
  QUERY_EVENT,
  QUERY_ADJUSTMENT,
  N_QUERIES
};

#define ADDRESS { CHS_PART_TEXT, "012345", 0, 1 } /* none: the pump stands alone; 0: the base */
#define WORD(s) { CHS_PART_BYTES, s, sizeof s - 1, 0 }

static const ChsQuery queries[N_QUERIES] = {
  [QUERY_OPEN] = { "DC", "opens a session, without which nothing can be read; section 3", { ADDRESS, WORD ("DC") } },
  [QUERY_MODULES] = { "LE;b", "reads which modules are in the rack; section 3", { WORD ("0LE;b") } },
  [QUERY_TYPE] = { "LF;b", "reads the kind of device; section 3", { ADDRESS, WORD ("LF;b") } },
  [QUERY_READ] = { "LE;dram", "reads rate, volume, alarm and mode; section 3", { ADDRESS, WORD ("LE;dram") } },
  [QUERY_CLOSE] = { "FC", "closes our own session; section 3", { ADDRESS, WORD ("FC") } },
  [QUERY_ALIVE] = { "DC4", "answers the pump's question whether we are alive; section 2", { WORD ("\x14") } },
  [QUERY_ACK] = { "ACK", "says that a frame came whole; section 2", { WORD ("\x06") } },
  [QUERY_NAK] = { "NAK", "says that a frame came damaged; section 2", { WORD ("\x15" "2") } },
  [QUERY_EVENT] = { "E", "answers a spontaneous value; section 3", { ADDRESS, WORD ("E") } },
  [QUERY_ADJUSTMENT] = { "M", "answers a spontaneous adjustment; section 3", { ADDRESS, WORD ("M") } },
};

#define ANSWER_US 1000000  /* section 3: then once again */
#define ROUND_US 1000000   /* section 4 */
#define N_MODULES 6        /* 0 is the base, or the pump that stands alone */

typedef struct {
  bool present, has_session, is_typed;
  char model[24];
} Module;

typedef struct {
  ChsTextFramer framer;
  ChsCounters   counters;
  bool          stands_alone; /* option base=off */
  bool          is_open, knows_modules;
  Module        modules[N_MODULES];
  int           waiting; /* query, -1 = none */
  unsigned      module;  /* it was put to this one */
  unsigned      tries;
  unsigned      next;    /* module whose turn it is */
  int64_t       asked_us, round_us, quiet_us;
} State;

static const ChsTextFraming framing = { .start = STX, .end = ETX, .tail = 0, .between = "\x05\x06\x15" };

static bool
option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "base") != 0 || (strcmp (value, "on") != 0 && strcmp (value, "off") != 0))
    return false;
  self->stands_alone = strcmp (value, "off") == 0;
  return true;
}

/* ---- frames ---- */

static uint8_t
sum_of (const uint8_t *p, size_t n)
{
  uint8_t sum = 0;

  while (n-- > 0)
    sum = (uint8_t) (sum + *p++);
  return (uint8_t) (0xFF - sum);
}

static bool
check (const uint8_t *frame, size_t n)
{
  uint32_t sum;

  return n >= 5 && chs_ascii_hex ((const char *) frame + n - 3, 2, &sum) && sum == sum_of (frame + 1, n - 4);
}

static size_t
wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  static const char digits[] = "0123456789ABCDEF";
  ChsBytesOut out = chs_bytes_out (frame, size);
  uint8_t sum = sum_of (payload, n);

  if (n > 0 && payload[0] < 0x20) /* link control stands outside frames */
    chs_bytes_put (&out, payload, n);
  else {
    chs_bytes_put_u8 (&out, STX);
    chs_bytes_put (&out, payload, n);
    chs_bytes_put_u8 (&out, (uint8_t) digits[sum >> 4]);
    chs_bytes_put_u8 (&out, (uint8_t) digits[sum & 15]);
    chs_bytes_put_u8 (&out, ETX);
  }
  return chs_bytes_out_used (&out);
}

/* ---- asking ---- */

static void
put_question (State *self, unsigned query, unsigned module, ChsSink *sink)
{
  static const char *const words[] = {
    [QUERY_OPEN] = "DC", [QUERY_MODULES] = "LE;b", [QUERY_TYPE] = "LF;b", [QUERY_READ] = "LE;dram", [QUERY_CLOSE] = "FC",
  };
  char text[16];
  int n = self->stands_alone ? snprintf (text, sizeof text, "%s", words[query])
                             : snprintf (text, sizeof text, "%u%s", module, words[query]);

  sink->request (sink, query, (const uint8_t *) text, (size_t) n);
}

static void
ask (State *self, unsigned query, unsigned module, int64_t now_us, ChsSink *sink)
{
  self->waiting = (int) query;
  self->module = module;
  self->asked_us = now_us;
  self->tries = 0;
  put_question (self, query, module, sink);
}

static void
control (unsigned query, const char *bytes, size_t n, ChsSink *sink)
{
  sink->request (sink, query, (const uint8_t *) bytes, n);
}

static void
opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  self->framer = (ChsTextFramer) { .n = 0 };
  memset (self->modules, 0, sizeof self->modules);
  self->modules[0].present = true;
  self->knows_modules = self->stands_alone;
  self->is_open = true;
  self->waiting = -1;
  self->next = 0;
  self->quiet_us = self->round_us = now_us;
}

static void
closing (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  for (unsigned i = N_MODULES; i-- > 0;)
    if (self->modules[i].has_session)
      put_question (self, QUERY_CLOSE, i, sink);
  self->is_open = false;
}

/* The next thing to be known, in the order of section 4. */
static void
go_on (State *self, int64_t now_us, ChsSink *sink)
{
  unsigned first = self->stands_alone ? 0 : 1;

  if (!self->modules[0].has_session) {
    ask (self, QUERY_OPEN, 0, now_us, sink);
    return;
  }
  if (!self->knows_modules) {
    ask (self, QUERY_MODULES, 0, now_us, sink);
    return;
  }
  for (; self->next < N_MODULES; self->next++) {
    Module *module = &self->modules[self->next];

    if (!module->present || self->next < first)
      continue;
    if (!module->has_session)
      ask (self, QUERY_OPEN, self->next, now_us, sink);
    else if (!module->is_typed)
      ask (self, QUERY_TYPE, self->next, now_us, sink);
    else
      ask (self, QUERY_READ, self->next++, now_us, sink);
    return;
  }
  if (now_us - self->round_us < ROUND_US)
    return;
  /* Once a round the rack is asked again: modules come and go. */
  self->round_us = now_us;
  self->next = first;
  if (!self->stands_alone)
    ask (self, QUERY_MODULES, 0, now_us, sink);
}

static void
tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (!self->is_open)
    return;
  if (self->waiting >= 0) {
    if (now_us - self->asked_us < ANSWER_US)
      return;
    if (self->tries++ == 0) {
      self->asked_us = now_us;
      put_question (self, (unsigned) self->waiting, self->module, sink);
      return;
    }
    /* Twice without an answer: the session is begun anew. */
    self->waiting = -1;
    self->modules[self->module].has_session = false;
    self->quiet_us = now_us + ANSWER_US;
  }
  if (now_us >= self->quiet_us)
    go_on (self, now_us, sink);
}

/* ---- answers ---- */

static void
take_modules (State *self, uint32_t map, ChsSink *sink)
{
  for (unsigned i = 1; i < N_MODULES; i++) {
    bool present = (map >> (i - 1) & 1) != 0;

    if (self->modules[i].present && !present) {
      char slot[8];

      snprintf (slot, sizeof slot, "%u", i);
      chs_sink_device (sink, CHS_DEVICE_REMOVED, CHS_PARAM_NONE, (double) NAN, slot);
    }
    if (self->modules[i].present != present)
      self->modules[i] = (Module) { .present = present };
  }
  self->knows_modules = true;
}

/* One variable: a letter and hexadecimal digits. */
static bool
take_variable (ChsPumpStatus *status, const char *text, size_t n, uint32_t *modules)
{
  uint32_t value;

  if (n < 2 || !chs_ascii_hex (text + 1, n - 1, &value))
    return false;
  switch (text[0]) {
  case 'd':
    status->rate_ml_h = value / 10.0;
    status->state = value > 0 ? CHS_PUMP_INFUSING : CHS_PUMP_READY;
    break;
  case 'r':
    status->volume_ml = value / 1000.0;
    break;
  case 'a':
    if (value != 0) {
      status->alarms = CHS_PUMP_ALARM_OTHER;
      snprintf (status->text, sizeof status->text, "pump alarm (code %X)", value);
    }
    break;
  case 'b':
    *modules = value;
    break;
  default: /* mode, errors, counts: nothing that can be shown */
    break;
  }
  return true;
}

static bool
take_data (State *self, unsigned module, const char *text, const char *end, ChsSink *sink)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP, .channel = (uint8_t) module };
  uint32_t modules = UINT32_MAX;

  chs_pump_status_init (&event.pump);
  while (text < end) {
    const char *stop = memchr (text, ';', (size_t) (end - text));

    stop = stop != NULL ? stop : end;
    if (!take_variable (&event.pump, text, (size_t) (stop - text), &modules))
      return false;
    text = stop + 1;
  }
  if (modules != UINT32_MAX)
    take_modules (self, modules, sink);
  if (isnan (event.pump.rate_ml_h) && isnan (event.pump.volume_ml))
    return true;
  snprintf (event.pump.slot, sizeof event.pump.slot, "%u", module);
  memcpy (event.pump.model, self->modules[module].model, sizeof event.pump.model);
  sink->event (sink, &event);
  return true;
}

static void
take_type (Module *module, const char *text, size_t n, ChsSink *sink)
{
  char words[64];

  module->is_typed = true;
  snprintf (words, sizeof words, "%.*s", (int) (n < 23 ? n : 23), text);
  chs_text_copy (module->model, sizeof module->model, words);
  snprintf (words, sizeof words, "Orchestra module %s", module->model);
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, words);
}

static void
take_error (State *self, unsigned module, const char *text, size_t n, ChsSink *sink)
{
  uint32_t code = 0;

  (void) chs_ascii_hex (text, n < 8 ? n : 8, &code);
  if (code == 0x0D) /* session with the base not open */
    self->modules[0].has_session = false;
  else if (code == 0x1E || code == 0x0E)
    self->modules[module].has_session = false;
  else if (code == 0x20)
    chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) code, "the port of the rack is not authorised");
  else if (self->waiting == QUERY_TYPE)
    self->modules[module].is_typed = true; /* it does not tell; reading goes on without */
}

/* Frame without its ends and checksum: [address] status [';' data]. */
static bool
take_message (State *self, const char *text, const char *end, ChsSink *sink)
{
  unsigned module = text < end && *text >= '0' && *text <= '5' ? (unsigned) (*text++ - '0') : 0;
  char status = text < end ? *text++ : '\0';
  int query = self->waiting >= 0 && self->module == module ? self->waiting : -1;
  const char *data = text < end && *text == ';' ? text + 1 : text;

  switch (status) {
  case 'C':
    if (query == QUERY_OPEN)
      self->modules[module].has_session = true;
    else if (query == QUERY_TYPE)
      take_type (&self->modules[module], data, (size_t) (end - data), sink);
    else if (!take_data (self, module, data, end, sink))
      return false;
    break;
  case 'I':
    take_error (self, module, data, (size_t) (end - data), sink);
    break;
  case 'E':
  case 'M': {
    char answer[3];
    int n = self->stands_alone ? snprintf (answer, sizeof answer, "%c", status)
                               : snprintf (answer, sizeof answer, "%u%c", module, status);

    if (!take_data (self, module, data, end, sink))
      return false;
    sink->request (sink, status == 'E' ? QUERY_EVENT : QUERY_ADJUSTMENT, (const uint8_t *) answer, (size_t) n);
    return true;
  }
  default:
    return false;
  }
  if (query >= 0)
    self->waiting = -1;
  return true;
}

static void
take_frame (State *self, int64_t now_us, ChsSink *sink)
{
  const char *text = (const char *) self->framer.frame + 1, *end = text + self->framer.n - 4;
  char words[100];

  if (sink->frame != NULL) {
    snprintf (words, sizeof words, "%.*s", (int) (end - text < 90 ? end - text : 90), text);
    sink->frame (sink, self->framer.frame, self->framer.n, words);
  }
  control (QUERY_ACK, "\x06", 1, sink);
  self->counters.frames_ok++;
  if (!take_message (self, text, end, sink))
    self->counters.unknown++;
  if (self->is_open && self->waiting < 0)
    go_on (self, now_us, sink);
}

static void
feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  for (size_t i = 0; i < n; i++) {
    uint8_t c = bytes[i] & 0x7F; /* seven data bits, whatever the port makes of the eighth */
    size_t used;

    if (c == ENQ && (self->framer.n == 0 || self->framer.is_done))
      control (QUERY_ALIVE, "\x14", 1, sink);
    switch (chs_text_framer_feed (&self->framer, &framing, check, &c, 1, &used, &self->counters.bytes_skipped)) {
    case CHS_FEED_FRAME:
      take_frame (self, now_us, sink);
      break;
    case CHS_FEED_BAD:
      self->counters.frames_bad++;
      self->counters.resyncs++;
      control (QUERY_NAK, "\x15" "2", 2, sink);
      break;
    case CHS_FEED_MORE:
      break;
    }
  }
}

static const ChsCounters *
counters (const void *state)
{
  return &((const State *) state)->counters;
}

const ChsDriver chs_driver_orchestra = {
  .id = "orchestra",
  .label = "Fresenius Orchestra, Pilote",
  .kind = CHS_KIND_PUMP,
  .line = "19200/7e1",
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_IMPLEMENTATION,
  .gives = "rate, volume, alarm code, modules of a rack",
  .source = "infupy, source code; checksums recomputed",
  .queries = queries,
  .n_queries = N_QUERIES,
  .silence_ms = 5000,
  .state_size = sizeof (State),
  .option = option,
  .opened = opened,
  .feed = feed,
  .tick = tick,
  .closing = closing,
  .counters = counters,
  .wrap = wrap,
};

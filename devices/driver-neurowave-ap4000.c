/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/text-pump.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* NeuroWave AP-4000, two channels: shared/protocols/neurowave-ap4000.md. Fields about the patient are never looked at. */

enum { QUERY_CONNECT, QUERY_STATUS, N_QUERIES };

static const ChsQuery queries[N_QUERIES] = {
  [QUERY_CONNECT] = { "CONNREQ", "reads the system's identity", { { CHS_PART_BYTES, "CONNREQ", 7, 0 } } },
  [QUERY_STATUS] = { "STATREQ", "reads the status; with the identity the pump told",
                     { { CHS_PART_BYTES, "STATREQ^", 8, 0 }, { CHS_PART_TEXT, "0123456789-", 1, 23 } } },
};

#define STATUS_US 3000000
#define ANSWER_US 2000000
#define N_CHANNELS 2
#define N_FIELDS 128

/* Fields of a status answer, counted from 0 = the command. */
enum {
  FIELD_ALARM_COUNT = 12,
  FIELD_ALARM_CODE = 14,
  FIELD_SERIAL = 34,
  FIELD_DRUG = 37,
  FIELD_VTBI = 42,
  FIELD_INFUSED = 56,
  FIELD_RATE = 61,
  FIELDS_OF_CHANNEL = 33,
};

typedef struct {
  ChsTextFramer framer;
  ChsCounters   counters;
  bool          is_open;
  char          id[24]; /* "" = not told yet */
  bool          waits;
  int64_t       asked_us;
} State;

static const ChsTextFraming framing = { .start = '!', .end = '|', .tail = 4, .between = "\r\n" };

static uint16_t
sum16 (const uint8_t *p, size_t n)
{
  uint16_t sum = 0;

  while (n-- > 0)
    sum = (uint16_t) (sum + *p++);
  return sum;
}

static bool
check (const uint8_t *frame, size_t n)
{
  uint32_t sum;

  return n > 5 && chs_ascii_hex ((const char *) frame + n - 4, 4, &sum) && sum == sum16 (frame, n - 4);
}

static size_t
wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  char sum[8];

  if (n + 9 > size)
    return 0;
  frame[0] = '!';
  memcpy (frame + 1, payload, n);
  frame[n + 1] = '|';
  snprintf (sum, sizeof sum, "%04X\r\n", sum16 (frame, n + 2));
  memcpy (frame + n + 2, sum, 6);
  return n + 8;
}

static void
opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  self->framer = (ChsTextFramer) { .n = 0 };
  self->is_open = true;
  self->id[0] = '\0';
  self->waits = false;
  self->asked_us = now_us - STATUS_US;
}

static void
tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  char text[40];
  int n;

  if (self->waits && now_us - self->asked_us >= ANSWER_US) {
    self->waits = false;
    self->id[0] = '\0'; /* perhaps another pump is there now */
  }
  if (!self->is_open || self->waits || now_us - self->asked_us < STATUS_US)
    return;
  self->waits = true;
  self->asked_us = now_us;
  n = self->id[0] != '\0' ? snprintf (text, sizeof text, "STATREQ^%s", self->id) : snprintf (text, sizeof text, "CONNREQ");
  sink->request (sink, self->id[0] != '\0' ? QUERY_STATUS : QUERY_CONNECT, (const uint8_t *) text, (size_t) n);
}

typedef struct {
  const char *text;
  size_t      n;
} Field;

static unsigned
split (const char *text, const char *end, Field fields[N_FIELDS])
{
  unsigned n = 0;

  while (n < N_FIELDS) {
    const char *stop = memchr (text, '^', (size_t) (end - text));

    fields[n++] = (Field) { text, (size_t) ((stop != NULL ? stop : end) - text) };
    if (stop == NULL)
      break;
    text = stop + 1;
  }
  return n;
}

static double
number (const Field *field)
{
  double value;

  return chs_ascii_number (field->text, field->n, &value) ? value : (double) NAN;
}

static void
copy (char *out, size_t size, const Field *field)
{
  char text[48];

  snprintf (text, sizeof text, "%.*s", (int) (field->n < 40 ? field->n : 40), field->text);
  chs_text_copy (out, size, text);
}

static bool
take_connect (State *self, const Field *fields, unsigned n, ChsSink *sink)
{
  char words[64];

  if (n < 4 || fields[2].n == 0 || fields[2].n >= sizeof self->id || strspn (fields[2].text, "0123456789-") < fields[2].n)
    return false;
  memcpy (self->id, fields[2].text, fields[2].n);
  self->id[fields[2].n] = '\0';
  snprintf (words, sizeof words, "NeuroWave AP-4000 %s protocol %.*s", self->id, (int) (fields[1].n < 8 ? fields[1].n : 8),
            fields[1].text);
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, words);
  return true;
}

static bool
take_status (const Field *fields, unsigned n, ChsSink *sink)
{
  double alarms = n > FIELD_ALARM_CODE ? number (&fields[FIELD_ALARM_COUNT]) : (double) NAN;

  if (n <= FIELD_RATE)
    return false;
  for (unsigned channel = 0; channel < N_CHANNELS; channel++) {
    unsigned at = channel * FIELDS_OF_CHANNEL;
    ChsEvent event = { .type = CHS_EVENT_PUMP, .channel = (uint8_t) channel };

    if (n <= FIELD_RATE + at || isnan (number (&fields[FIELD_RATE + at])))
      continue; /* no such channel, or nothing in it */
    chs_pump_status_init (&event.pump);
    event.pump.rate_ml_h = number (&fields[FIELD_RATE + at]);
    event.pump.volume_ml = number (&fields[FIELD_INFUSED + at]);
    event.pump.vtbi_ml = number (&fields[FIELD_VTBI + at]);
    event.pump.state = event.pump.rate_ml_h > 0 ? CHS_PUMP_INFUSING : CHS_PUMP_READY;
    copy (event.pump.serial, sizeof event.pump.serial, &fields[FIELD_SERIAL + at]);
    copy (event.pump.drug, sizeof event.pump.drug, &fields[FIELD_DRUG + at]);
    snprintf (event.pump.slot, sizeof event.pump.slot, "%u", channel + 1);
    snprintf (event.pump.model, sizeof event.pump.model, "AP-4000");
    if (alarms > 0) { /* which channel it is of is in words only */
      event.pump.alarms = CHS_PUMP_ALARM_OTHER;
      copy (event.pump.text, sizeof event.pump.text, &fields[FIELD_ALARM_CODE]);
    }
    sink->event (sink, &event);
  }
  return true;
}

static void
take_frame (State *self, ChsSink *sink)
{
  const char *text = (const char *) self->framer.frame + 1, *end = (const char *) self->framer.frame + self->framer.n - 5;
  Field fields[N_FIELDS];
  unsigned n = split (text, end, fields);
  bool good = false;

  if (sink->frame != NULL) /* the command alone: the rest may name a patient */
    sink->frame (sink, self->framer.frame, fields[0].n + 1, fields[0].n == 7 ? "answer" : "?");
  if (fields[0].n == 7 && memcmp (fields[0].text, "CONNREQ", 7) == 0)
    good = take_connect (self, fields, n, sink);
  else if (fields[0].n == 7 && memcmp (fields[0].text, "STATREQ", 7) == 0)
    good = take_status (fields, n, sink);
  else
    self->counters.unknown++;
  self->counters.frames_ok += good;
  self->counters.frames_bad += !good;
  self->waits = false;
}

static void
feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  while (n > 0) {
    size_t used;

    switch (chs_text_framer_feed (&self->framer, &framing, check, bytes, n, &used, &self->counters.bytes_skipped)) {
    case CHS_FEED_FRAME:
      take_frame (self, sink);
      break;
    case CHS_FEED_BAD:
      self->counters.frames_bad++;
      self->counters.resyncs++;
      break;
    case CHS_FEED_MORE:
      break;
    }
    bytes += used;
    n -= used;
  }
}

static const ChsCounters *
counters (const void *state)
{
  return &((const State *) state)->counters;
}

const ChsDriver chs_driver_neurowave_ap4000 = {
  .id = "neurowave-ap4000",
  .label = "NeuroWave AP-4000",
  .kind = CHS_KIND_PUMP,
  .line = "115200/8n1",
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_RECORDING,
  .gives = "rate, volume, VTBI, drug, alarm text of two channels",
  .source = "OpenICE fork, source code; two connection answers of a real pump",
  .queries = queries,
  .n_queries = N_QUERIES,
  .silence_ms = 10000,
  .state_size = sizeof (State),
  .opened = opened,
  .feed = feed,
  .tick = tick,
  .counters = counters,
  .wrap = wrap,
};

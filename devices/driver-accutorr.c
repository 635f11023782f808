/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/accutorr-codec.h"
#include "devices/oximeter.h"

#include <math.h>
#include <string.h>

#define N_(s) (s)

#define PERIOD_US 5000000 /* between two questions */
#define WAIT_US 2000000   /* for a prompt, for a reply */
#define MINUTE_US 60000000

enum { QUERY_PROMPT, QUERY_DATA };

typedef enum {
  STEP_REST,   /* until the next question */
  STEP_PROMPT, /* asked for a prompt */
  STEP_REPLY,  /* asked for data */
} Step;

typedef struct {
  ChsAccutorr codec;
  ChsOximeter oximeter;
  Step        step;
  int64_t     due_us;   /* REST: next question; else: end of the wait */
  ChsAccutorrReply last; /* no checksum: a reading counts when two replies in a row say the same */
  ChsAccutorrReply told; /* the reading as told */
  bool        has_last, has_told, order_told;
} State;

/* ---- dialogue ---- */

static void
ask_for_prompt (State *self, int64_t now_us, ChsSink *sink)
{
  self->step = STEP_PROMPT;
  self->due_us = now_us + WAIT_US;
  sink->request (sink, QUERY_PROMPT, (const uint8_t *) "\x03", 1);
}

static void
on_prompt (State *self, int64_t now_us, ChsSink *sink)
{
  if (self->step != STEP_PROMPT)
    return;
  self->step = STEP_REPLY;
  self->due_us = now_us + WAIT_US;
  sink->request (sink, QUERY_DATA, (const uint8_t *) "P", 1);
}

static void
accutorr_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_text_line_reset (&self->codec.line);
  self->has_last = false;
  ask_for_prompt (self, now_us, sink);
}

static void
accutorr_tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (now_us >= self->due_us)
    ask_for_prompt (self, now_us, sink);
}

/* ---- values ---- */

static bool
same_value (double a, double b)
{
  return isnan (a) ? isnan (b) : !isnan (b) && !islessgreater (a, b);
}

static bool
same_reading (const ChsAccutorrReply *a, const ChsAccutorrReply *b)
{
  return same_value (a->sys, b->sys) && same_value (a->mean, b->mean) && same_value (a->dia, b->dia);
}

static void
tell_order (State *self, const ChsAccutorrReply *reply, ChsSink *sink)
{
  if (!reply->is_swapped || self->order_told)
    return;
  self->order_told = true;
  chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NIBP_MEAN, (double) NAN,
                   "order of mean and diastolic inferred from the numbers: compare with its screen");
}

/* It tells the age of a reading in whole minutes. A new one shows by other numbers, or by an age that fell. */
static void
follow_cuff (State *self, const ChsAccutorrReply *reply, int64_t now_us, ChsSink *sink)
{
  bool is_known = reply->minutes < CHS_ACCUTORR_NEVER_MIN; /* false with NAN */
  bool is_new = !self->has_told || !same_reading (reply, &self->told) || reply->minutes < self->told.minutes;

  if (isnan (reply->sys) || !self->has_last || !same_reading (reply, &self->last))
    return;
  self->told.minutes = reply->minutes;
  if (!is_new)
    return;
  tell_order (self, reply, sink);
  chs_sink_nibp (sink, reply->sys, reply->dia, reply->mean, (double) NAN, CHS_QUALITY_OK, 0,
                 is_known ? CHS_TIME_MARK_ESTIMATED : CHS_TIME_MARK_UNKNOWN,
                 is_known ? now_us - (int64_t) (reply->minutes * MINUTE_US) : CHS_TIME_NONE);
  self->told = *reply;
  self->has_told = true;
}

static void
on_reply (State *self, const ChsAccutorrReply *reply, int64_t now_us, ChsSink *sink)
{
  const ChsOximeterReading reading = {
    .spo2 = reply->spo2, .pr = reply->pulse, .quality = CHS_QUALITY_OK, .is_off = isnan (reply->spo2) && isnan (reply->pulse),
    .why = "no reading",
  };

  chs_oximeter_read (&self->oximeter, &reading, 1, sink);
  follow_cuff (self, reply, now_us, sink);
  self->last = *reply;
  self->has_last = true;
  self->step = STEP_REST;
  self->due_us = now_us + PERIOD_US;
  if (sink->frame != NULL)
    sink->frame (sink, (const uint8_t *) self->codec.line.text, self->codec.line.n, "patient data");
}

static void
accutorr_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  ChsAccutorrReply reply;
  size_t used;

  for (; n > 0; bytes += used, n -= used) {
    ChsAccutorrFeed result = chs_accutorr_feed (&self->codec, bytes, n, &used, &reply);

    if (result == CHS_ACCUTORR_READY)
      on_prompt (self, now_us, sink);
    else if (result == CHS_ACCUTORR_DATA)
      on_reply (self, &reply, now_us, sink);
  }
}

static const ChsCounters *
accutorr_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

static int
accutorr_probe (const uint8_t *bytes, size_t n)
{
  return memmem (bytes, n, "ACCUTORR PC Interface", 21) != NULL ? 95 : 0;
}

static const ChsQuery queries[] = {
  [QUERY_PROMPT] = { "PROMPT", "Ctrl-C: asks for a prompt (service manual 1-52)", { { CHS_PART_BYTES, "\x03", 1, 0 } } },
  [QUERY_DATA] = { "DATA", "P: asks for the patient data on display; starts no measurement (1-53)", { { CHS_PART_BYTES, "P", 1, 0 } } },
};

const ChsDriver chs_driver_accutorr_3 = {
  .id = "accutorr-3",
  .label = N_ ("Datascope Accutorr 3 (PC interface)"),
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1", /* set in its own menu: 9600, 4800, 2400 or 1200 */
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_DOCUMENT,
  .gives = "NIBP PR SPO2",
  .source = "Accutorr 3 service manual (1990), pages 1-37, 1-52, 1-53; the meaning of its status bytes is not public",
  .queries = queries,
  .n_queries = sizeof queries / sizeof queries[0],
  .silence_ms = 15000, /* three questions without an answer */
  .state_size = sizeof (State),
  .opened = accutorr_opened,
  .feed = accutorr_feed,
  .tick = accutorr_tick,
  .counters = accutorr_counters,
  .probe = accutorr_probe,
};

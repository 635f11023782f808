/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/contec-codec.h"
#include "devices/oximeter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_(s) (s)

#define RATE_HZ 60
#define ALIVE_US 4000000 /* the vendor asks for every 5 s */
#define START_US 2000000 /* no package for so long: ask again */

enum { QUERY_START, QUERY_ALIVE, QUERY_STOP };

typedef struct {
  ChsContec   codec;
  ChsOximeter oximeter;
  ChsContecPackage last; /* no checksum: numbers count when two packages in a row say the same */
  int64_t     package_us; /* of the last real-time package, or of the last request to start */
  int64_t     alive_us;   /* when ALIVE was sent last */
} State;

static void
request (unsigned query, uint8_t command, ChsSink *sink)
{
  uint8_t bytes[CHS_CONTEC_REQUEST_BYTES];

  chs_contec_request (command, bytes);
  sink->request (sink, query, bytes, sizeof bytes);
}

static void
start (State *self, int64_t now_us, ChsSink *sink)
{
  self->package_us = self->alive_us = now_us;
  request (QUERY_START, CHS_CONTEC_START, sink);
}

static bool
same_numbers (const ChsContecPackage *a, const ChsContecPackage *b)
{
  return a->rate == b->rate && a->spo2 == b->spo2 && a->pi == b->pi && a->has_pi == b->has_pi && a->is_off == b->is_off
         && a->is_searching == b->is_searching && a->is_searching_long == b->is_searching_long;
}

static void
emit_numbers (State *self, const ChsContecPackage *p, ChsSink *sink)
{
  const ChsOximeterReading reading = {
    .spo2 = p->spo2 > 100 || p->spo2 == 0 ? (double) NAN : p->spo2,
    .pr = p->rate == 255 || p->rate == 0 ? (double) NAN : p->rate,
    .quality = p->is_searching || p->is_searching_long ? CHS_QUALITY_INVALID : CHS_QUALITY_OK,
    .is_off = p->is_off,
    .why = "no finger",
  };

  if (chs_oximeter_read (&self->oximeter, &reading, RATE_HZ, sink) && p->has_pi && p->pi != 0xFFFF && !p->is_off)
    chs_sink_numeric (sink, 0, CHS_PARAM_PI, p->pi / 100.0, reading.quality, 0);
}

static void
on_realtime (State *self, const ChsContecPackage *p, int64_t now_us, ChsSink *sink)
{
  self->package_us = now_us;
  chs_oximeter_wave (&self->oximeter, p->is_off ? CHS_WAVE_ABSENT : p->pleth, RATE_HZ, RATE_HZ / 2, sink);
  if (same_numbers (p, &self->last))
    emit_numbers (self, p, sink);
  self->last = *p;
}

static void
on_package (State *self, const ChsContecPackage *p, int64_t now_us, ChsSink *sink)
{
  if (p->type == CHS_CONTEC_REALTIME)
    on_realtime (self, p, now_us, sink);
  else if (p->type == CHS_CONTEC_REASON && p->data[0] == CHS_CONTEC_REASON_SHUT_DOWN)
    chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN, "the oximeter shuts down");
  if (sink->frame != NULL)
    sink->frame (sink, self->codec.bytes, self->codec.frame_n, p->type == CHS_CONTEC_REALTIME ? "real-time package" : "answer");
}

static void
contec_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  self->codec.n = 0;
  chs_oximeter_lost (&self->oximeter);
  start (self, now_us, sink);
}

static void
contec_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  ChsContecPackage p;
  size_t used;

  for (; n > 0; bytes += used, n -= used) {
    ChsFeed result = chs_contec_feed (&self->codec, bytes, n, &used, &p);

    if (result == CHS_FEED_BAD)
      chs_oximeter_lost (&self->oximeter);
    else if (result == CHS_FEED_FRAME)
      on_package (self, &p, now_us, sink);
  }
}

static void
contec_tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (now_us - self->package_us >= START_US) {
    start (self, now_us, sink);
  } else if (now_us - self->alive_us >= ALIVE_US) {
    self->alive_us = now_us;
    request (QUERY_ALIVE, CHS_CONTEC_ALIVE, sink);
  }
}

static void
contec_closing (void *state, int64_t now_us, ChsSink *sink)
{
  request (QUERY_STOP, CHS_CONTEC_STOP, sink);
}

static const ChsCounters *
contec_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

/* Silent until it is asked; but one that was left running is known by its packages. */
static int
contec_probe (const uint8_t *bytes, size_t n)
{
  ChsContec codec = { 0 };
  ChsContecPackage p;
  unsigned realtime = 0;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_contec_feed (&codec, bytes, n, &used, &p) == CHS_FEED_FRAME)
      realtime += p.type == CHS_CONTEC_REALTIME;
  return realtime >= 20 && codec.counters.frames_bad <= 1 ? 85 : 0;
}

static const ChsQuery queries[] = {
  [QUERY_START] = { "START", "asks for the running values; measures no differently (vendor's document V7.0, section A1)",
                    { { CHS_PART_BYTES, "\x7D\x81\xA1\x80\x80\x80\x80\x80\x80", 9, 0 } } },
  [QUERY_ALIVE] = { "ALIVE", "tells that we are still there, or it stops sending (AF)",
                    { { CHS_PART_BYTES, "\x7D\x81\xAF\x80\x80\x80\x80\x80\x80", 9, 0 } } },
  [QUERY_STOP] = { "STOP", "ends the running values when the link is closed (A2)",
                   { { CHS_PART_BYTES, "\x7D\x81\xA2\x80\x80\x80\x80\x80\x80", 9, 0 } } },
};

const ChsDriver chs_driver_contec_cms50 = {
  .id = "contec-cms50",
  .label = N_ ("Contec CMS50D+, CMS50E, CMS50F, CMS60 (V7.0)"),
  .kind = CHS_KIND_MONITOR,
  .line = "115200/8n1",
  .access = CHS_ACCESS_QUERY, /* silent until it is asked */
  .proof = CHS_PROOF_RECORDING,
  .gives = "SPO2 PR PI; wave PLETH",
  .source = "Contec, communication protocol of pulse oximeter V7.0; a real CMS50E stream. A home device: not for alarms of a licensed monitor",
  .queries = queries,
  .n_queries = sizeof queries / sizeof queries[0],
  .silence_ms = 2000,
  .state_size = sizeof (State),
  .opened = contec_opened,
  .feed = contec_feed,
  .tick = contec_tick,
  .closing = contec_closing,
  .counters = contec_counters,
  .probe = contec_probe,
};

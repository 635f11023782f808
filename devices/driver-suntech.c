/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/suntech-codec.h"

#include <math.h>
#include <string.h>

#define N_(s) (s)

/* This module does nothing unless it is commanded: a start inflates the cuff. Chairside only listens, so it is never
 * driven; the decoder reads what was recorded between a module and its own host. */

typedef struct {
  ChsSuntech codec;
  ChsSuntechPacket result; /* as told */
  bool       has_result;
  bool       is_fresh;     /* a measurement was seen to begin since the last result */
  bool       is_inflated;  /* cuff pressure was told */
} State;

static bool
same_result (const ChsSuntechPacket *a, const ChsSuntechPacket *b)
{
  return a->sys == b->sys && a->dia == b->dia && a->mean == b->mean && a->rate == b->rate && a->beats == b->beats
         && a->error == b->error;
}

static bool
is_plausible (const ChsSuntechPacket *p)
{
  return p->sys > p->mean && p->mean > p->dia && p->dia > 0 && p->sys <= 300;
}

/* The same result is given as often as it is asked for; it is a new one when a measurement went before or it differs. */
static void
on_result (State *self, const ChsSuntechPacket *p, ChsSink *sink)
{
  ChsTimeMark mark = self->is_fresh ? CHS_TIME_MARK_ESTIMATED : CHS_TIME_MARK_UNKNOWN;

  if (self->has_result && !self->is_fresh && same_result (p, &self->result))
    return;
  self->result = *p;
  self->has_result = true;
  self->is_fresh = false;
  if (p->error != 0 || !is_plausible (p))
    chs_sink_device (sink, CHS_DEVICE_NIBP_FAILED, CHS_PARAM_NIBP_SYS, (double) NAN,
                     p->error != 0 ? chs_suntech_error_words (p->error) : "pressures that cannot be");
  else
    chs_sink_nibp (sink, p->sys, p->dia, p->mean, p->rate == 0 ? (double) NAN : p->rate, CHS_QUALITY_OK, 0, mark, CHS_TIME_NONE);
}

static void
on_pressure (State *self, const ChsSuntechPacket *p, ChsSink *sink)
{
  bool is_inflated = p->pressure != CHS_SUNTECH_NO_PRESSURE && p->pressure > 20; /* rest pressure of a cuff */

  if (is_inflated && !self->is_inflated)
    chs_sink_device (sink, CHS_DEVICE_NIBP_START, CHS_PARAM_NIBP_SYS, (double) NAN, "");
  self->is_fresh = self->is_fresh || is_inflated;
  self->is_inflated = is_inflated;
  chs_sink_numeric (sink, 0, CHS_PARAM_NIBP_CUFF, p->pressure == CHS_SUNTECH_NO_PRESSURE ? (double) NAN : p->pressure,
                    CHS_QUALITY_OK, 0);
}

static void
on_packet (State *self, const ChsSuntechPacket *p, ChsSink *sink)
{
  if (p->length == CHS_SUNTECH_RESULT)
    on_result (self, p, sink);
  else if (p->length == CHS_SUNTECH_PRESSURE)
    on_pressure (self, p, sink);
  else if (p->length == CHS_SUNTECH_STATUS && p->status == 'K')
    self->is_fresh = true;
  if (sink->frame != NULL)
    sink->frame (sink, NULL, 0, p->length == CHS_SUNTECH_RESULT ? "result" : p->length == CHS_SUNTECH_PRESSURE ? "cuff pressure" : "answer");
}

static void
suntech_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  self->codec.n = 0;
}

static void
suntech_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  ChsSuntechPacket packet;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_suntech_feed (&self->codec, bytes, n, &used, &packet) == CHS_FEED_FRAME)
      on_packet (self, &packet, sink);
}

static const ChsCounters *
suntech_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

const ChsDriver chs_driver_suntech_nibp = {
  .id = "suntech-nibp",
  .label = N_ ("SunTech OEM cuff module (recordings only)"),
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",
  .access = CHS_ACCESS_NEVER, /* it has to be commanded */
  .proof = CHS_PROOF_IMPLEMENTATION,
  .gives = "NIBP",
  .source = "two public implementations that agree; 29 bytes of a test fixture",
  .silence_ms = 3600000, /* it speaks when its host asks */
  .state_size = sizeof (State),
  .opened = suntech_opened,
  .feed = suntech_feed,
  .counters = suntech_counters,
};

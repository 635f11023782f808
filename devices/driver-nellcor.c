/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/nellcor-codec.h"
#include "devices/oximeter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_(s) (s)

#define FROZEN_LINES 5 /* a clock that stands still for so many lines */

typedef struct {
  ChsNellcor  codec;
  ChsOximeter oximeter;
  char        limits[64]; /* as told */
  char        clock[19];  /* of the last line */
  unsigned    n_same;     /* lines since it moved */
} State;

#define OFF (CHS_NELLCOR_SD | CHS_NELLCOR_SO)
#define UNUSABLE (OFF | CHS_NELLCOR_LP | CHS_NELLCOR_LM | CHS_NELLCOR_PS)

/* Its own alarms, worst first. */
static const struct {
  uint32_t    bit;
  const char *words;
} alarms[] = {
  { CHS_NELLCOR_SL, "saturation low at the oximeter" }, { CHS_NELLCOR_LP, "loss of pulse at the oximeter" },
  { CHS_NELLCOR_PL, "pulse low at the oximeter" },      { CHS_NELLCOR_PH, "pulse high at the oximeter" },
  { CHS_NELLCOR_SH, "saturation high at the oximeter" }, { CHS_NELLCOR_LB, "oximeter battery low" },
};

static const char *
alarm_words (uint32_t status)
{
  for (unsigned i = 0; i < sizeof alarms / sizeof alarms[0]; i++)
    if ((status & alarms[i].bit) != 0)
      return alarms[i].words;
  return "";
}

static void
follow_clock (State *self, const ChsNellcorLine *line, ChsSink *sink)
{
  bool was_frozen = self->n_same >= FROZEN_LINES;

  self->n_same = strcmp (self->clock, line->clock) == 0 ? self->n_same + 1 : 0;
  memcpy (self->clock, line->clock, sizeof self->clock);
  if (was_frozen != (self->n_same >= FROZEN_LINES))
    chs_sink_device (sink, CHS_DEVICE_FROZEN, CHS_PARAM_NONE, was_frozen ? 0.0 : 1.0, "its clock stands still");
}

static void
on_data (State *self, const ChsNellcorLine *line, ChsSink *sink)
{
  const ChsOximeterReading reading = {
    .spo2 = line->spo2,
    .pr = line->pr,
    .quality = (line->status & UNUSABLE) != 0 ? CHS_QUALITY_INVALID
               : (line->status & CHS_NELLCOR_MO) != 0 ? CHS_QUALITY_QUESTIONABLE : CHS_QUALITY_OK,
    .flags = (line->status & (CHS_NELLCOR_MO | CHS_NELLCOR_LM)) != 0 ? CHS_FLAG_MOTION : 0,
    .is_off = (line->status & OFF) != 0,
    .why = (line->status & CHS_NELLCOR_SD) != 0 ? "sensor disconnected" : "sensor off",
  };

  follow_clock (self, line, sink);
  chs_oximeter_read (&self->oximeter, &reading, 1, sink);
  chs_oximeter_alarm (&self->oximeter, alarm_words (line->status), sink);
}

/* The instrument's own limits are worth showing; they come again every 50 s. */
static void
on_heading (State *self, const ChsNellcorLine *line, ChsSink *sink)
{
  char limits[64], identity[48];

  snprintf (identity, sizeof identity, "Nellcor %s", line->model);
  chs_oximeter_identity (&self->oximeter, identity, sink);
  snprintf (limits, sizeof limits, "its limits: SpO2 %u-%u %%, pulse %u-%u /min", line->spo2_low, line->spo2_high,
            line->pr_low, line->pr_high);
  if (strcmp (limits, self->limits) == 0)
    return;
  memcpy (self->limits, limits, sizeof self->limits);
  chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_SPO2, (double) NAN, limits);
}

static void
on_line (State *self, const ChsNellcorLine *line, ChsSink *sink)
{
  if (line->kind == CHS_NELLCOR_DATA)
    on_data (self, line, sink);
  else if (line->kind == CHS_NELLCOR_HEADING)
    on_heading (self, line, sink);
  if (sink->frame != NULL && line->kind != CHS_NELLCOR_OTHER)
    sink->frame (sink, (const uint8_t *) self->codec.line.text, self->codec.line.n,
                 line->kind == CHS_NELLCOR_DATA ? "line of values" : "heading");
}

static void
nellcor_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_text_line_reset (&self->codec.line);
}

static void
nellcor_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  ChsNellcorLine line;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_nellcor_feed (&self->codec, bytes, n, &used, &line) == CHS_FEED_FRAME)
      on_line (self, &line, sink);
}

static const ChsCounters *
nellcor_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

static int
nellcor_probe (const uint8_t *bytes, size_t n)
{
  ChsNellcor codec = { 0 };
  ChsNellcorLine line;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    (void) chs_nellcor_feed (&codec, bytes, n, &used, &line);
  return codec.counters.frames_ok >= 2 ? 90 : codec.counters.frames_ok > 0 ? 60 : 0;
}

const ChsDriver chs_driver_nellcor_ascii = {
  .id = "nellcor-ascii",
  .label = N_ ("Nellcor NPB-290/295, N-560, N-595"),
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",
  .access = CHS_ACCESS_LISTEN, /* prints on mains power; XON restarts a stopped output, which we leave to people */
  .proof = CHS_PROOF_DOCUMENT,
  .gives = "SPO2 PR",
  .source = "Nellcor NPB-290/295 operator's manual; a few lines of an N-560 in a public note; OpenICE for the codes",
  .silence_ms = 5000, /* a line every 2 s */
  .state_size = sizeof (State),
  .opened = nellcor_opened,
  .feed = nellcor_feed,
  .counters = nellcor_counters,
  .probe = nellcor_probe,
};

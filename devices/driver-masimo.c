/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/masimo-codec.h"
#include "devices/oximeter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_(s) (s)

/* A clock that stands still for so many lines: the instrument repeats itself, its data are not of now. */
#define FROZEN_LINES 5

typedef struct {
  ChsMasimo   codec;
  ChsOximeter oximeter;
  uint32_t    seen;      /* bit a value: had one since the link was made */
  char        clock[18]; /* of the last line */
  unsigned    n_same;    /* lines since it moved */
} State;

static const struct {
  ChsMasimoValue value;
  ChsParam       param;
} extras[] = {
  { CHS_MASIMO_PI, CHS_PARAM_PI },       { CHS_MASIMO_SPCO, CHS_PARAM_SPCO }, { CHS_MASIMO_SPMET, CHS_PARAM_SPMET },
  { CHS_MASIMO_SPHB, CHS_PARAM_SPHB },   { CHS_MASIMO_PVI, CHS_PARAM_PVI },
};

#define OFF (CHS_MASIMO_NO_SENSOR | CHS_MASIMO_DEFECTIVE_SENSOR | CHS_MASIMO_SENSOR_OFF | CHS_MASIMO_UNKNOWN_SENSOR)
#define UNUSABLE (OFF | CHS_MASIMO_PULSE_SEARCH | CHS_MASIMO_AMBIENT_LIGHT)
#define DOUBTFUL (CHS_MASIMO_LOW_PERFUSION | CHS_MASIMO_INTERFERENCE | CHS_MASIMO_LOW_SIGNAL_IQ)
#define SILENCED 0x20u

/* The first that fits is told. */
static const struct {
  uint32_t    bit;
  const char *words;
} reasons[] = {
  { CHS_MASIMO_NO_SENSOR, "no sensor" },
  { CHS_MASIMO_DEFECTIVE_SENSOR, "defective sensor" },
  { CHS_MASIMO_UNKNOWN_SENSOR, "unrecognised sensor" },
  { CHS_MASIMO_SENSOR_OFF, "sensor off" },
};

static const char *
reason (uint32_t exceptions)
{
  for (unsigned i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if ((exceptions & reasons[i].bit) != 0)
      return reasons[i].words;
  return "";
}

/* Bits beat digits: a Rad-8 prints "SPO2=098%" with the sensor on the floor. */
static ChsQuality
quality (uint32_t exceptions)
{
  if ((exceptions & UNUSABLE) != 0)
    return CHS_QUALITY_INVALID;
  return (exceptions & DOUBTFUL) != 0 ? CHS_QUALITY_QUESTIONABLE : CHS_QUALITY_OK;
}

static unsigned
flags (uint32_t exceptions)
{
  return (exceptions & (CHS_MASIMO_LOW_PERFUSION | CHS_MASIMO_LOW_SIGNAL_IQ)) != 0 ? CHS_FLAG_LOW_SIGNAL : 0;
}

static void
follow_clock (State *self, const ChsMasimoLine *line, ChsSink *sink)
{
  bool was_frozen = self->n_same >= FROZEN_LINES;

  self->n_same = strcmp (self->clock, line->clock) == 0 ? self->n_same + 1 : 0;
  memcpy (self->clock, line->clock, sizeof self->clock);
  if (was_frozen != (self->n_same >= FROZEN_LINES))
    chs_sink_device (sink, CHS_DEVICE_FROZEN, CHS_PARAM_NONE, was_frozen ? 0.0 : 1.0, "its clock stands still");
}

static void
follow_alarm (State *self, const ChsMasimoLine *line, ChsSink *sink)
{
  char text[40] = "";

  if ((line->alarm & ~SILENCED) != 0)
    snprintf (text, sizeof text, "alarm at the oximeter (%04X)", (unsigned) (line->alarm & 0xFFFF & ~SILENCED));
  chs_oximeter_alarm (&self->oximeter, text, sink);
}

/* What never had a value is not fitted: nothing is said about it. */
static void
emit_extras (State *self, const ChsMasimoLine *line, ChsSink *sink)
{
  for (unsigned i = 0; i < sizeof extras / sizeof extras[0]; i++) {
    double value = line->value[extras[i].value];

    if (!isnan (value))
      self->seen |= 1u << extras[i].value;
    if ((self->seen & 1u << extras[i].value) != 0)
      chs_sink_numeric (sink, 0, extras[i].param, value, quality (line->exceptions), flags (line->exceptions));
  }
}

static void
on_line (State *self, const ChsMasimoLine *line, ChsSink *sink)
{
  const ChsOximeterReading reading = {
    .spo2 = line->value[CHS_MASIMO_SPO2],
    .pr = line->value[CHS_MASIMO_BPM],
    .quality = quality (line->exceptions),
    .flags = flags (line->exceptions),
    .is_off = (line->exceptions & OFF) != 0,
    .why = reason (line->exceptions),
  };
  char identity[40];

  if (line->serial[0] != '\0') {
    snprintf (identity, sizeof identity, "Masimo %s", line->serial);
    chs_oximeter_identity (&self->oximeter, identity, sink);
  }
  follow_clock (self, line, sink);
  chs_oximeter_read (&self->oximeter, &reading, 1, sink);
  emit_extras (self, line, sink);
  follow_alarm (self, line, sink);
  if (sink->frame != NULL)
    sink->frame (sink, (const uint8_t *) self->codec.line.text, self->codec.line.n, "line of values");
}

static void
masimo_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_text_line_reset (&self->codec.line);
}

static void
masimo_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  ChsMasimoLine line;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_masimo_feed (&self->codec, bytes, n, &used, &line) == CHS_FEED_FRAME)
      on_line (self, &line, sink);
}

static const ChsCounters *
masimo_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

static int
masimo_probe (const uint8_t *bytes, size_t n)
{
  return memmem (bytes, n, " SPO2=", 6) != NULL && memmem (bytes, n, "% BPM=", 6) != NULL ? 95 : 0;
}

const ChsDriver chs_driver_masimo_ascii = {
  .id = "masimo-ascii",
  .label = N_ ("Masimo Rad-8, Rad-87, Radical (ASCII 1)"),
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",
  .access = CHS_ACCESS_LISTEN, /* set its output to "ASCII 1"; it leaves the factory in ASCII 2, which stays silent */
  .proof = CHS_PROOF_RECORDING,
  .gives = "SPO2 PR PI SPCO SPMET SPHB PVI",
  .source = "Masimo Rad-8 operator's manual; lines printed by real Rad-8, Rad-7, Radical-5",
  .silence_ms = 3000, /* three lines missed */
  .state_size = sizeof (State),
  .opened = masimo_opened,
  .feed = masimo_feed,
  .counters = masimo_counters,
  .probe = masimo_probe,
};

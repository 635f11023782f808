/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/capnostream-codec.h"
#include "devices/capnostream-mask.h"
#include "devices/oximeter.h"

#include <math.h>
#include <string.h>

#define N_(s) (s)

#define RETRY_US 2000000
#define ALIVE_US 4000000   /* the device wants it every 5 s */
#define SILENCE_US 5000000 /* then from the beginning */
#define WAVE_HZ 20
#define WAVE_BLOCK 10
#define WAVE_SCALE 0.01
#define MMHG_PER_KPA 7.50062

/* CO2 counts for nothing with any of these. */
#define CO2_UNUSABLE \
  (CHS_CAPNO_INVALID | CHS_CAPNO_INITIALISING | CHS_CAPNO_OCCLUSION | CHS_CAPNO_PURGING | CHS_CAPNO_NO_FILTERLINE | CHS_CAPNO_MALFUNCTION)

enum { UNIT_MMHG = 1, UNIT_KPA = 2 };
enum { EXTENDED_CHECK = 0x03, EXTENDED_PUMP_OFF = 0x04, EXTENDED_BATTERY_LOW = 0x80 };
enum { SPO2_NO_PULSE = 0x01, SPO2_OFF = 0x20, SPO2_DISCONNECTED = 0x40 };
enum { QUERY_ENABLE, QUERY_START, QUERY_ALIVE, QUERY_STOP, QUERY_DISABLE };

typedef enum { STEP_ENABLE, STEP_START, STEP_RUN } Step;

typedef struct {
  ChsCapno    codec;
  ChsCapnoMask mask;
  ChsOximeter oximeter;
  Step        step;
  int64_t     asked_us;   /* last request of this step */
  int64_t     alive_us;   /* last ALIVE */
  int64_t     heard_us;   /* last message */
  uint8_t     previous_rr; /* of the last numerics; CHS_CAPNO_NONE */
  uint8_t     unit;       /* of the last numerics; 0 = none so far */
  uint8_t     fast_status; /* of the last sample */
  uint8_t     wave_number;
  bool        filterline_off; /* as told */
  bool        unit_told;
  const char *alarm;      /* as told; NULL = none */
  unsigned    n_samples;
  int16_t     samples[WAVE_BLOCK];
} State;

/* ---- dialogue ---- */

static void
ask (State *self, unsigned query, ChsCapnoCommand command, int64_t now_us, ChsSink *sink)
{
  const uint8_t payload = (uint8_t) command;

  self->asked_us = now_us;
  sink->request (sink, query, &payload, 1);
}

static void
enable (State *self, int64_t now_us, ChsSink *sink)
{
  self->step = STEP_ENABLE;
  self->heard_us = now_us;
  ask (self, QUERY_ENABLE, CHS_CAPNO_ENABLE, now_us, sink);
}

static void
start (State *self, int64_t now_us, ChsSink *sink)
{
  self->step = STEP_START;
  self->alive_us = now_us;
  ask (self, QUERY_START, CHS_CAPNO_START, now_us, sink);
}

static void
capno_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  self->codec.is_begun = self->codec.is_escaped = false;
  self->codec.n = 0;
  self->mask = (ChsCapnoMask) { 0 };
  self->n_samples = 0;
  self->previous_rr = CHS_CAPNO_NONE;
  enable (self, now_us, sink);
}

static void
capno_tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (self->step != STEP_ENABLE && now_us - self->alive_us >= ALIVE_US) {
    const uint8_t alive = CHS_CAPNO_ALIVE;

    self->alive_us = now_us;
    sink->request (sink, QUERY_ALIVE, &alive, 1);
  }
  if (self->step == STEP_RUN && now_us - self->heard_us < SILENCE_US)
    return;
  if (now_us - self->heard_us >= SILENCE_US)
    enable (self, now_us, sink);
  else if (now_us - self->asked_us >= RETRY_US)
    self->step == STEP_ENABLE ? enable (self, now_us, sink) : start (self, now_us, sink);
}

static void
capno_closing (void *state, int64_t now_us, ChsSink *sink)
{
  ask (state, QUERY_STOP, CHS_CAPNO_STOP, now_us, sink);
  ask (state, QUERY_DISABLE, CHS_CAPNO_DISABLE, now_us, sink);
}

/* ---- values ---- */

/* mmHg; NAN where the unit cannot be turned into it: percent by volume needs the barometer. */
static double
co2_mmhg (uint8_t unit, double value)
{
  if (unit == UNIT_MMHG)
    return value;
  return unit == UNIT_KPA ? value / 10.0 * MMHG_PER_KPA : (double) NAN;
}

static ChsQuality
co2_quality (const State *self, const ChsCapnoNumerics *v)
{
  if ((self->fast_status & CO2_UNUSABLE) != 0 || (v->extended & EXTENDED_PUMP_OFF) != 0)
    return CHS_QUALITY_INVALID;
  /* The factor of kPa is presumed, not known. */
  return (v->extended & EXTENDED_CHECK) != 0 || v->unit == UNIT_KPA ? CHS_QUALITY_QUESTIONABLE : CHS_QUALITY_OK;
}

static double
byte_value (uint8_t value)
{
  return value == CHS_CAPNO_NONE ? (double) NAN : value;
}

static void
tell_unit (State *self, const ChsCapnoNumerics *v, ChsSink *sink)
{
  self->unit = v->unit;
  if (v->unit == UNIT_MMHG || self->unit_told)
    return;
  self->unit_told = true;
  chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_ETCO2, (double) NAN,
                   v->unit == UNIT_KPA ? "it shows CO2 in kPa: converted, please compare with its screen"
                                       : "it shows CO2 in percent: set it to mmHg");
}

static void
emit_co2 (State *self, const ChsCapnoNumerics *v, ChsSink *sink)
{
  ChsQuality quality = co2_quality (self, v);

  tell_unit (self, v, sink);
  chs_sink_numeric (sink, 0, CHS_PARAM_ETCO2, co2_mmhg (v->unit, byte_value (v->etco2)), quality, 0);
  chs_sink_numeric (sink, 0, CHS_PARAM_FICO2, co2_mmhg (v->unit, byte_value (v->fico2)), quality, 0);
  chs_sink_numeric (sink, 0, CHS_PARAM_CO2_RR, byte_value (v->rr), quality, 0);
}

static void
emit_oximetry (State *self, const ChsCapnoNumerics *v, ChsSink *sink)
{
  const ChsOximeterReading reading = {
    .spo2 = v->spo2 > 100 ? (double) NAN : v->spo2,
    .pr = byte_value (v->pulse),
    .quality = (v->spo2_alarms & SPO2_NO_PULSE) != 0 ? CHS_QUALITY_INVALID : CHS_QUALITY_OK,
    .is_off = (v->spo2_alarms & (SPO2_OFF | SPO2_DISCONNECTED)) != 0,
    .why = (v->spo2_alarms & SPO2_DISCONNECTED) != 0 ? "sensor disconnected" : "sensor off",
  };

  chs_oximeter_read (&self->oximeter, &reading, 1, sink);
}

/* Its own alarms, worst first. */
static const struct {
  size_t      at; /* in ChsCapnoNumerics */
  uint8_t     bit;
  ChsPriority priority;
  ChsParam    param;
  const char *words;
} alarms[] = {
  { offsetof (ChsCapnoNumerics, co2_alarms), 0x01, CHS_PRIORITY_HIGH, CHS_PARAM_CO2_RR, "NO BREATH" },
  { offsetof (ChsCapnoNumerics, spo2_alarms), 0x04, CHS_PRIORITY_HIGH, CHS_PARAM_SPO2, "SpO2 LOW" },
  { offsetof (ChsCapnoNumerics, co2_alarms), 0x10, CHS_PRIORITY_NONE, CHS_PARAM_CO2_RR, "RR LOW" },
  { offsetof (ChsCapnoNumerics, co2_alarms), 0x08, CHS_PRIORITY_NONE, CHS_PARAM_CO2_RR, "RR HIGH" },
  { offsetof (ChsCapnoNumerics, co2_alarms), 0x02, CHS_PRIORITY_NONE, CHS_PARAM_ETCO2, "etCO2 HIGH" },
  { offsetof (ChsCapnoNumerics, co2_alarms), 0x04, CHS_PRIORITY_NONE, CHS_PARAM_ETCO2, "etCO2 LOW" },
  { offsetof (ChsCapnoNumerics, co2_alarms), 0x20, CHS_PRIORITY_NONE, CHS_PARAM_FICO2, "FiCO2 HIGH" },
  { offsetof (ChsCapnoNumerics, spo2_alarms), 0x10, CHS_PRIORITY_NONE, CHS_PARAM_PR, "PULSE LOW" },
  { offsetof (ChsCapnoNumerics, spo2_alarms), 0x08, CHS_PRIORITY_NONE, CHS_PARAM_PR, "PULSE HIGH" },
  { offsetof (ChsCapnoNumerics, spo2_alarms), 0x02, CHS_PRIORITY_NONE, CHS_PARAM_SPO2, "SpO2 HIGH" },
  { offsetof (ChsCapnoNumerics, extended), EXTENDED_BATTERY_LOW, CHS_PRIORITY_LOW, CHS_PARAM_NONE, "BATTERY LOW" },
};

static void
emit_alarm (unsigned i, bool begins, ChsSink *sink)
{
  ChsEvent event = {
    .type = CHS_EVENT_DEVICE,
    .device = { .code = CHS_DEVICE_ALARM, .param = (uint8_t) alarms[i].param, .priority = (uint8_t) alarms[i].priority,
                .value = begins ? 1 : 0 },
  };

  chs_text_copy (event.device.text, sizeof event.device.text, alarms[i].words);
  sink->event (sink, &event);
}

static void
follow_alarms (State *self, const ChsCapnoNumerics *v, ChsSink *sink)
{
  const unsigned n = sizeof alarms / sizeof alarms[0];
  unsigned worst = 0;

  while (worst < n && (((const uint8_t *) v)[alarms[worst].at] & alarms[worst].bit) == 0)
    worst++;
  if (self->alarm == (worst < n ? alarms[worst].words : NULL))
    return;
  for (unsigned i = 0; i < n; i++)
    if (alarms[i].words == self->alarm)
      emit_alarm (i, false, sink);
  self->alarm = worst < n ? alarms[worst].words : NULL;
  if (worst < n)
    emit_alarm (worst, true, sink);
}

/* Now and then a unit sends its numerics shifted by one byte, with a good checksum (seen by OpenICE): then the rate stands
 * in the place of the saturation. */
static bool
is_shifted (const State *self, const ChsCapnoNumerics *v)
{
  return self->previous_rr != CHS_CAPNO_NONE && v->spo2 == self->previous_rr;
}

static void
on_numerics (State *self, const ChsCapnoNumerics *v, ChsSink *sink)
{
  if (is_shifted (self, v)) {
    self->codec.counters.frames_ok--;
    self->codec.counters.frames_bad++;
    return;
  }
  self->previous_rr = v->rr;
  emit_co2 (self, v, sink);
  emit_oximetry (self, v, sink);
  follow_alarms (self, v, sink);
}

/* ---- wave ---- */

static void
emit_wave (State *self, ChsSink *sink)
{
  const ChsEvent event = {
    .type = CHS_EVENT_WAVE,
    .wave = { .param = CHS_PARAM_CO2_WAVE, .n = WAVE_BLOCK, .rate_hz = WAVE_HZ, .scale = (float) WAVE_SCALE,
              .samples = self->samples },
  };
  bool any = false;

  for (unsigned i = 0; i < WAVE_BLOCK; i++)
    any = any || self->samples[i] != CHS_WAVE_ABSENT;
  if (any)
    sink->event (sink, &event);
  self->n_samples = 0;
}

static void
on_wave (State *self, const ChsCapnoWave *wave, ChsSink *sink)
{
  bool off = (wave->status & CHS_CAPNO_NO_FILTERLINE) != 0;
  double mmhg = co2_mmhg (self->unit, wave->co2 * (self->unit == UNIT_KPA ? 10 : 1));

  if (wave->number != (uint8_t) (self->wave_number + 1))
    self->n_samples = 0; /* samples are missing: those before cannot be placed in time */
  self->wave_number = wave->number;
  self->fast_status = wave->status;
  if (off != self->filterline_off)
    chs_sink_device (sink, CHS_DEVICE_SENSOR_OFF, CHS_PARAM_ETCO2, off ? 1.0 : 0.0, "FilterLine not connected");
  self->filterline_off = off;
  self->samples[self->n_samples++] = (wave->status & CO2_UNUSABLE) != 0 || isnan (mmhg) ? CHS_WAVE_ABSENT
                                                                                         : (int16_t) lround (mmhg / WAVE_SCALE);
  if (self->n_samples == WAVE_BLOCK)
    emit_wave (self, sink);
}

/* ---- driver ---- */

static void
on_message (State *self, const ChsCapnoMessage *message, int64_t now_us, ChsSink *sink)
{
  self->heard_us = now_us;
  if (message->code == CHS_CAPNO_DEVICE_ID) {
    chs_oximeter_identity (&self->oximeter, message->text, sink);
    if (self->step == STEP_ENABLE)
      start (self, now_us, sink);
  } else if (message->code == CHS_CAPNO_NUMERICS || message->code == CHS_CAPNO_WAVE) {
    self->step = STEP_RUN;
  }
  if (message->code == CHS_CAPNO_NUMERICS)
    on_numerics (self, &message->numerics, sink);
  else if (message->code == CHS_CAPNO_WAVE)
    on_wave (self, &message->wave, sink);
  if (sink->frame != NULL)
    sink->frame (sink, self->codec.bytes, (size_t) self->codec.bytes[0] + 2,
                 message->code == CHS_CAPNO_NUMERICS ? "numerics" : message->code == CHS_CAPNO_WAVE ? "CO2 sample" : "message");
}

static void
capno_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  ChsCapnoMessage message;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_capno_feed (&self->codec, bytes, n, &used, &message) == CHS_FEED_FRAME)
      on_message (self, &message, now_us, sink);
}

static size_t
capno_mask (void *state, const uint8_t *bytes, size_t n, uint8_t *out)
{
  return chs_capno_mask (&((State *) state)->mask, bytes, n, out);
}

static size_t
capno_wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  return chs_capno_frame (payload, n, frame, size);
}

static const ChsCounters *
capno_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

static int
capno_probe (const uint8_t *bytes, size_t n)
{
  ChsCapno codec = { 0 };
  ChsCapnoMessage message;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    (void) chs_capno_feed (&codec, bytes, n, &used, &message);
  return codec.counters.frames_ok >= 5 ? 90 : 0;
}

static const ChsQuery queries[] = {
  [QUERY_ENABLE] = { "ENABLE", "opens the conversation; the device answers who it is", { { CHS_PART_BYTES, "\x01", 1, 0 } } },
  [QUERY_START] = { "START", "asks for running values and the CO2 wave", { { CHS_PART_BYTES, "\x04", 1, 0 } } },
  [QUERY_ALIVE] = { "ALIVE", "tells every 4 s that we are still there, or it stops sending", { { CHS_PART_BYTES, "\x06", 1, 0 } } },
  [QUERY_STOP] = { "STOP", "ends the running values when the link is closed", { { CHS_PART_BYTES, "\x05", 1, 0 } } },
  [QUERY_DISABLE] = { "DISABLE", "closes the conversation", { { CHS_PART_BYTES, "\x02", 1, 0 } } },
};

const ChsDriver chs_driver_capnostream_20 = {
  .id = "capnostream-20",
  .label = N_ ("Capnostream 20, 20p"),
  .kind = CHS_KIND_MONITOR,
  .line = "115200/8n1",
  .access = CHS_ACCESS_QUERY, /* silent until it is asked; its setup command (60) is not in the table */
  .proof = CHS_PROOF_IMPLEMENTATION,
  .gives = "ETCO2 FICO2 CO2_RR SPO2 PR; wave CO2",
  .source = "OpenICE, tried there on a real unit; the vendor's paper is not public",
  .queries = queries,
  .n_queries = sizeof queries / sizeof queries[0],
  .silence_ms = 5000,
  .state_size = sizeof (State),
  .opened = capno_opened,
  .feed = capno_feed,
  .mask = capno_mask,
  .tick = capno_tick,
  .closing = capno_closing,
  .counters = capno_counters,
  .probe = capno_probe,
  .wrap = capno_wrap,
};

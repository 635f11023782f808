/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ivy-450c-codec.h"

#include <math.h>
#include <string.h>

#define N_(s) (s)

/* A cuff reading that changed while we listened was taken at about now; after a longer hole nobody knows. */
#define HOLE_US 10000000

typedef struct {
  ChsIvy        codec;
  ChsIvyMessage message;
  int64_t       last_us;              /* of the last good message */
  uint32_t      seen;                 /* bit a line: it had a value since the link was made */
  uint32_t      off;                  /* bit a line: reported as without sensor */
  char          alarm[CHS_N_IVY_LINES][CHS_IVY_TEXT];
  double        nibp[CHS_IVY_VALUES];    /* as last emitted */
  double        pending[CHS_IVY_VALUES]; /* seen once */
  int64_t       pending_us;              /* when */
  bool          any;                     /* a good message came before */
  bool          has_nibp, has_pending, pending_unknown;
} State;

static const struct {
  ChsIvyLineId line;
  uint8_t      value;
  ChsParam     param;
} map[] = {
  { CHS_IVY_HR, 0, CHS_PARAM_HR },        { CHS_IVY_RR, 0, CHS_PARAM_RR },
  { CHS_IVY_ETCO2, 0, CHS_PARAM_ETCO2 },  { CHS_IVY_SPO2, 0, CHS_PARAM_SPO2 },
  { CHS_IVY_SPO2, 1, CHS_PARAM_PR },      { CHS_IVY_P1, 0, CHS_PARAM_ABP_SYS },
  { CHS_IVY_P1, 1, CHS_PARAM_ABP_DIA },   { CHS_IVY_P1, 2, CHS_PARAM_ABP_MEAN },
  { CHS_IVY_P2, 0, CHS_PARAM_IBP2_SYS },  { CHS_IVY_P2, 1, CHS_PARAM_IBP2_DIA },
  { CHS_IVY_P2, 2, CHS_PARAM_IBP2_MEAN }, { CHS_IVY_T1, 0, CHS_PARAM_TEMP },
  { CHS_IVY_T2, 0, CHS_PARAM_TEMP2 },
};

/* What a condition of a line is about. */
static const ChsParam subjects[CHS_N_IVY_LINES] = {
  [CHS_IVY_HR] = CHS_PARAM_HR,         [CHS_IVY_RR] = CHS_PARAM_RR,      [CHS_IVY_ETCO2] = CHS_PARAM_ETCO2,
  [CHS_IVY_SPO2] = CHS_PARAM_SPO2,     [CHS_IVY_NIBP] = CHS_PARAM_NIBP_SYS, [CHS_IVY_P1] = CHS_PARAM_ABP_SYS,
  [CHS_IVY_P2] = CHS_PARAM_IBP2_SYS,   [CHS_IVY_T1] = CHS_PARAM_TEMP,    [CHS_IVY_T2] = CHS_PARAM_TEMP2,
};

/* ECG and its zero: shared/protocols/ivy-450c-ansarb.md. Pressures: in the recording the bytes of P1 span 73..111
 * while its numerics say 111/73, so a byte is one mmHg. Resp and pleth have no unit; resp is made -1..1. */
static const struct {
  ChsParam param;
  size_t   at; /* in ChsIvyMessage */
  uint16_t n;
  float    rate_hz, scale, offset;
} waves[] = {
  { CHS_PARAM_ECG_WAVE, offsetof (ChsIvyMessage, ecg), CHS_IVY_ECG_N, 200, 0.02f, -2.0f },
  { CHS_PARAM_RESP_WAVE, offsetof (ChsIvyMessage, resp), CHS_IVY_SLOW_N, 50, 0.008f, -1.0f },
  { CHS_PARAM_PLETH_WAVE, offsetof (ChsIvyMessage, pleth), CHS_IVY_SLOW_N, 50, 1.0f, -86.0f },
  { CHS_PARAM_ABP_WAVE, offsetof (ChsIvyMessage, p1), CHS_IVY_SLOW_N, 50, 1.0f, 0.0f },
  { CHS_PARAM_IBP2_WAVE, offsetof (ChsIvyMessage, p2), CHS_IVY_SLOW_N, 50, 1.0f, 0.0f },
};

/* A channel that is off sends 251 throughout: then there is no block, which is a gap. */
static void
emit_wave (const ChsIvyMessage *message, unsigned i, ChsSink *sink)
{
  const uint8_t *bytes = (const uint8_t *) message + waves[i].at;
  int16_t samples[CHS_IVY_ECG_N];
  bool any = false;
  ChsEvent event = {
    .type = CHS_EVENT_WAVE,
    .wave = { .param = (uint8_t) waves[i].param, .n = waves[i].n, .rate_hz = waves[i].rate_hz,
              .scale = waves[i].scale, .offset = waves[i].offset, .samples = samples },
  };

  for (unsigned k = 0; k < waves[i].n; k++) {
    samples[k] = bytes[k] == CHS_IVY_WAVE_OFF ? CHS_WAVE_ABSENT : bytes[k];
    any = any || bytes[k] != CHS_IVY_WAVE_OFF;
  }
  if (any)
    sink->event (sink, &event);
}

/* A parameter that never had a value is not fitted: nothing is said about it. One that had is absent now. */
static void
emit_numerics (State *self, ChsSink *sink)
{
  for (unsigned i = 0; i < sizeof map / sizeof map[0]; i++) {
    double value = self->message.line[map[i].line].value[map[i].value];

    if (!self->message.line[map[i].line].present)
      continue;
    if (!isnan (value))
      self->seen |= 1u << map[i].line;
    if ((self->seen & (1u << map[i].line)) != 0)
      chs_sink_numeric (sink, 0, map[i].param, value, CHS_QUALITY_OK, 0);
  }
}

static bool
same_reading (const double a[CHS_IVY_VALUES], const double b[CHS_IVY_VALUES])
{
  for (unsigned i = 0; i < CHS_IVY_VALUES; i++)
    if (isnan (a[i]) != isnan (b[i]) || islessgreater (a[i], b[i]))
      return false;
  return true;
}

static bool
is_reading (const double nibp[CHS_IVY_VALUES])
{
  return !isnan (nibp[0]) || !isnan (nibp[2]);
}

static void
emit_nibp (State *self, ChsSink *sink)
{
  const double *nibp = self->pending;

  chs_sink_nibp (sink, nibp[0], nibp[1], nibp[2], nibp[3], CHS_QUALITY_OK, 0,
                 self->pending_unknown ? CHS_TIME_MARK_UNKNOWN : CHS_TIME_MARK_ESTIMATED,
                 self->pending_unknown ? CHS_TIME_NONE : self->pending_us);
  memcpy (self->nibp, self->pending, sizeof self->nibp);
  self->has_nibp = true;
  self->has_pending = false;
}

/* The same reading is repeated for hours; only a change tells of a new one. There is no checksum, and a reading
 * stays on the screen for minutes: so a change counts when a second message says the same. */
static void
follow_nibp (State *self, int64_t now_us, ChsSink *sink)
{
  const double *nibp = self->message.line[CHS_IVY_NIBP].value;

  if (!is_reading (nibp)) {
    /* Cleared: whatever comes next is new, even if it is the same. */
    self->has_nibp = self->has_pending = false;
    return;
  }
  if (self->has_nibp && same_reading (nibp, self->nibp)) {
    self->has_pending = false;
    return;
  }
  if (self->has_pending && same_reading (nibp, self->pending)) {
    emit_nibp (self, sink);
    return;
  }
  self->has_pending = true;
  self->pending_us = now_us;
  self->pending_unknown = !self->any || now_us - self->last_us > HOLE_US;
  memcpy (self->pending, nibp, sizeof self->pending);
}

static bool
has_value (const ChsIvyLine *line)
{
  for (unsigned i = 0; i < CHS_IVY_VALUES; i++)
    if (!isnan (line->value[i]))
      return true;
  return false;
}

/* "NO TRANSDUCER" stands where the label stands. A line that is empty and silent from the start is not fitted. */
static void
follow_sensor (State *self, ChsIvyLineId id, ChsSink *sink)
{
  const ChsIvyLine *line = &self->message.line[id];
  uint32_t bit = 1u << id;
  bool off = !has_value (line) && ((self->seen & bit) != 0 || line->label[0] != '\0');

  if (off == ((self->off & bit) != 0))
    return;
  self->off ^= bit;
  chs_sink_device (sink, CHS_DEVICE_SENSOR_OFF, subjects[id], off ? 1.0 : 0.0,
                   line->alarm[0] != '\0' ? line->alarm : line->label);
}

static void
follow_alarm (State *self, ChsIvyLineId id, ChsSink *sink)
{
  const ChsIvyLine *line = &self->message.line[id];
  char *last = self->alarm[id];

  if (strcmp (last, line->alarm) == 0)
    return;
  if (last[0] != '\0')
    chs_sink_device (sink, CHS_DEVICE_ALARM, subjects[id], 0.0, last);
  if (line->alarm[0] != '\0') {
    chs_sink_device (sink, CHS_DEVICE_ALARM, subjects[id], 1.0, line->alarm);
    if (id == CHS_IVY_NIBP && !has_value (line))
      chs_sink_device (sink, CHS_DEVICE_NIBP_FAILED, subjects[id], (double) NAN, line->alarm);
  }
  memcpy (last, line->alarm, CHS_IVY_TEXT);
}

static void
on_message (State *self, int64_t now_us, ChsSink *sink)
{
  for (unsigned i = 0; i < sizeof waves / sizeof waves[0]; i++)
    emit_wave (&self->message, i, sink);
  emit_numerics (self, sink);
  follow_nibp (self, now_us, sink);
  for (unsigned id = 0; id < CHS_N_IVY_LINES; id++) {
    if (!self->message.line[id].present)
      continue;
    if (id != CHS_IVY_NIBP) /* no reading is not a sensor that fell off */
      follow_sensor (self, (ChsIvyLineId) id, sink);
    follow_alarm (self, (ChsIvyLineId) id, sink);
  }
  if (sink->frame != NULL)
    sink->frame (sink, self->codec.bytes, self->codec.frame_n, "message with waves and numerics");
  self->last_us = now_us;
  self->any = true;
}

static void
ivy_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_ivy_reset (&self->codec);
  self->has_pending = false;
}

static void
ivy_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    if (chs_ivy_feed (&self->codec, bytes, n, &used, &self->message) == CHS_FEED_FRAME)
      on_message (self, now_us, sink);
}

static const ChsCounters *
ivy_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

static int
ivy_probe (const uint8_t *bytes, size_t n)
{
  return memmem (bytes, n, "\xFF" "ANSAR-B ", 9) != NULL ? 95 : 0;
}

const ChsDriver chs_driver_ivy_450c = {
  .id = "ivy-450c",
  .label = N_ ("Ivy 450C monitor"),
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",
  .access = CHS_ACCESS_LISTEN, /* sends one message a second, unasked */
  .proof = CHS_PROOF_RECORDING,
  .gives = "HR RR SPO2 PR NIBP ABP IBP2 TEMP ETCO2; waves ECG RESP PLETH ABP IBP2",
  .source = "27 s recorded from a real monitor (OpenICE); no vendor document is public",
  .silence_ms = 3000, /* three messages missed */
  .state_size = sizeof (State),
  .opened = ivy_opened,
  .feed = ivy_feed,
  .counters = ivy_counters,
  .probe = ivy_probe,
};

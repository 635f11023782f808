/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/intellivue-waves.h"

#include <math.h>

/* A block of samples covers 256 ms, whatever the wave: so its rate is known before the monitor tells it. */
#define BLOCK_TICKS 2048

/* Section 10. The scale stands in until the monitor has told its own, which takes one beat a wave. */
static const struct {
  uint16_t physio;
  uint8_t  param;
  double   lower, upper;
  uint16_t raw_lower, raw_upper;
} waves[] = {
  { 0x0102, CHS_PARAM_ECG_WAVE, -40.96, 40.955, 0, 0x3FFF },
  { 0x4BB4, CHS_PARAM_PLETH_WAVE, (double) NAN, (double) NAN, 0, 0x0FFF },
  { 0x4A14, CHS_PARAM_ABP_WAVE, -40.0, 520.0, 0x00A0, 0x23A0 },
  { 0x4A10, CHS_PARAM_ABP_WAVE, -40.0, 520.0, 0x00A0, 0x23A0 },
  { 0x5000, CHS_PARAM_RESP_WAVE, -0.6, 1.9, 0, 0x0FFF },
  { 0x50AC, CHS_PARAM_CO2_WAVE, 0.0, 0.0, 0, 0 }, /* no stand-in is known: nothing is shown before the scale */
};

static ChsIvWave *
wave_context (ChsIvWaves *self, const ChsIvObject *object)
{
  for (unsigned i = 0; i < self->n_waves; i++)
    if (self->waves[i].id == object->id)
      return &self->waves[i];
  if (self->n_waves == CHS_IV_WAVES)
    return NULL;
  self->waves[self->n_waves] = (ChsIvWave) { .id = object->id, .mask = 0x7FFF };
  return &self->waves[self->n_waves++];
}

static void
learn_spec (ChsIvWave *wave, ChsBytes *b)
{
  uint8_t significant;

  chs_bytes_skip (b, 3); /* array size, sample size */
  significant = chs_bytes_u8 (b);
  if (b->bad || significant < 1 || significant > 16)
    return;
  wave->mask = (uint16_t) ((1u << significant) - 1);
  wave->has_spec = true;
}

static void
learn_scale (ChsIvWave *wave, ChsBytes *b)
{
  double lower = chs_iv_float (chs_bytes_u32be (b)), upper = chs_iv_float (chs_bytes_u32be (b));
  uint16_t raw_lower = chs_bytes_u16be (b), raw_upper = chs_bytes_u16be (b);

  if (b->bad || raw_upper <= raw_lower)
    return;
  wave->lower = lower;
  wave->upper = upper;
  wave->raw_lower = raw_lower;
  wave->raw_upper = raw_upper;
  wave->has_scale = true;
}

static void
learn_wave (ChsIvWave *wave, const ChsIvAttribute *a)
{
  ChsBytes b = chs_bytes (a->value, a->n);

  switch (a->id) {
  case CHS_IV_ATTR_SA_SPEC:
    learn_spec (wave, &b);
    break;
  case CHS_IV_ATTR_SA_PERIOD: {
    uint32_t ticks = chs_bytes_u32be (&b);

    if (!b.bad && ticks >= 1 && ticks <= 0xFFFF)
      wave->period_ticks = (uint16_t) ticks;
    break;
  }
  case CHS_IV_ATTR_SA_SCALE:
    learn_scale (wave, &b);
    break;
  case CHS_IV_ATTR_SA_FIXED:
    chs_bytes_skip (&b, 4);
    while (chs_bytes_left (&b) >= 4) {
      uint16_t id = chs_bytes_u16be (&b), value = chs_bytes_u16be (&b);

      if (id == 1)
        wave->invalid = value;
    }
    break;
  default:
    break;
  }
}

/* Sixteen significant bits do not fit a signed sample: then the last one is given up. */
static unsigned
shift_of (const ChsIvWave *wave)
{
  return wave->mask > 0x7FFF && wave->has_spec ? 1 : 0;
}

/* What the monitor told of the wave, else what is usual for its kind. Returns: whether there is a scale at all */
static bool
scale_of (const ChsIvWave *wave, unsigned k, ChsWave *out)
{
  double lower = wave->has_scale ? wave->lower : waves[k].lower, upper = wave->has_scale ? wave->upper : waves[k].upper, scale;
  unsigned raw_lower = wave->has_scale ? wave->raw_lower : waves[k].raw_lower;
  unsigned raw_upper = wave->has_scale ? wave->raw_upper : waves[k].raw_upper;

  if (raw_upper <= raw_lower)
    return false;
  if (isnan (lower) || isnan (upper)) { /* no physical unit: shown from 0 to 1 */
    lower = 0.0;
    upper = 1.0;
  }
  scale = (upper - lower) / (raw_upper - raw_lower);
  out->scale = (float) (scale * (1u << shift_of (wave)));
  out->offset = (float) (lower - scale * raw_lower);
  return true;
}

/* Returns: how many samples, at most @most */
static uint16_t
take_samples (const ChsIvWave *wave, uint16_t state, ChsBytes *b, int16_t *out, uint16_t most)
{
  uint16_t n = 0;

  while (chs_bytes_left (b) >= 2 && n < most) {
    unsigned raw = chs_bytes_u16be (b);
    bool invalid = (wave->invalid != 0 && (raw & wave->invalid) == wave->invalid)
                   || state & (CHS_IV_STATE_INVALID | CHS_IV_STATE_UNAVAILABLE);

    out[n++] = invalid ? CHS_WAVE_ABSENT : (int16_t) ((int) (raw & wave->mask) >> shift_of (wave));
  }
  return n;
}

static void
wave_block (const ChsIvWave *wave, ChsBytes *b, ChsCounters *counters, ChsSink *sink)
{
  uint16_t physio = chs_bytes_u16be (b), state = chs_bytes_u16be (b);
  ChsBytes samples = chs_bytes_sub (b, chs_bytes_u16be (b));
  int16_t out[512];
  ChsEvent event = { .type = CHS_EVENT_WAVE };
  unsigned k = 0;
  float ticks;

  while (k < sizeof waves / sizeof waves[0] && waves[k].physio != physio)
    k++;
  if (b->bad || k == sizeof waves / sizeof waves[0]) {
    counters->unknown++;
    return;
  }
  if (!scale_of (wave, k, &event.wave))
    return;
  event.wave.n = take_samples (wave, state, &samples, out, sizeof out / sizeof out[0]);
  if (event.wave.n == 0)
    return;
  event.wave.param = waves[k].param;
  event.wave.flags = state & CHS_IV_STATE_DEMO ? CHS_FLAG_DEMO : 0;
  ticks = wave->period_ticks != 0 ? (float) wave->period_ticks : (float) BLOCK_TICKS / (float) event.wave.n;
  event.wave.rate_hz = (float) CHS_IV_TICKS_S / ticks;
  event.wave.samples = out;
  sink->event (sink, &event);
}

void
chs_iv_waves_object (ChsIvWaves *self, const ChsIvObject *object, ChsCounters *counters, ChsSink *sink)
{
  ChsIvWave *wave = wave_context (self, object);
  ChsBytes attributes = object->attributes;
  ChsIvAttribute a;

  if (wave == NULL)
    return;
  while (chs_iv_attribute_next (&attributes, &a))
    learn_wave (wave, &a);
  attributes = object->attributes;
  while (chs_iv_attribute_next (&attributes, &a)) {
    ChsBytes value = chs_bytes (a.value, a.n);

    if (a.id == CHS_IV_ATTR_SA_VALUE)
      wave_block (wave, &value, counters, sink);
    else if (a.id == CHS_IV_ATTR_SA_COMPOUND) {
      chs_bytes_skip (&value, 4);
      while (chs_bytes_left (&value) >= 6)
        wave_block (wave, &value, counters, sink);
    }
  }
}

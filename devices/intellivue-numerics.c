/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/intellivue-numerics.h"

#include <math.h>
#include <string.h>

#define S_US INT64_C (1000000)

/* Sections 8 and 10. Several temperature sites share TEMP: the first one seen keeps it, another becomes TEMP2. */
static const struct {
  uint16_t physio;
  uint8_t  param;
} numerics[] = {
  { 0x4182, CHS_PARAM_HR },       { 0x4BB8, CHS_PARAM_SPO2 },      { 0x4822, CHS_PARAM_PR },
  { 0x4BB0, CHS_PARAM_PI },       { 0x4A05, CHS_PARAM_NIBP_SYS },  { 0x4A06, CHS_PARAM_NIBP_DIA },
  { 0x4A07, CHS_PARAM_NIBP_MEAN }, { 0xF0E5, CHS_PARAM_NIBP_PR },  { 0x4A15, CHS_PARAM_ABP_SYS },
  { 0x4A16, CHS_PARAM_ABP_DIA },  { 0x4A17, CHS_PARAM_ABP_MEAN },  { 0x4A11, CHS_PARAM_ABP_SYS },
  { 0x4A12, CHS_PARAM_ABP_DIA },  { 0x4A13, CHS_PARAM_ABP_MEAN },  { 0x500A, CHS_PARAM_RR },
  { 0x5012, CHS_PARAM_CO2_RR },   { 0x50B0, CHS_PARAM_ETCO2 },     { 0x4B48, CHS_PARAM_TEMP },
  { 0x4B60, CHS_PARAM_TEMP },     { 0x4B78, CHS_PARAM_TEMP },      { 0xE004, CHS_PARAM_TEMP },
  { 0xF108, CHS_PARAM_TEMP },     { 0xF10C, CHS_PARAM_TEMP },      { 0x4B74, CHS_PARAM_TEMP2 },
};

static void
quality_of (uint16_t state, ChsQuality *quality, unsigned *flags)
{
  *flags = 0;
  *quality = CHS_QUALITY_OK;
  if (state & CHS_IV_STATE_DEMO)
    *flags |= CHS_FLAG_DEMO;
  if (state & CHS_IV_STATE_CALIBRATING) {
    *flags |= CHS_FLAG_CALIBRATING;
    *quality = CHS_QUALITY_QUESTIONABLE;
  }
  if (state & CHS_IV_STATE_QUESTIONABLE)
    *quality = CHS_QUALITY_QUESTIONABLE;
  if (state & (CHS_IV_STATE_INVALID | CHS_IV_STATE_TEST))
    *quality = CHS_QUALITY_INVALID;
  if (state & CHS_IV_STATE_UNAVAILABLE)
    *quality = CHS_QUALITY_ABSENT;
}

/* Units on the wire (MDC, partition 4) and the way into ours. */
static const struct {
  uint8_t  unit; /* ChsUnit of the parameter */
  uint16_t wire;
  double   scale, offset;
} wire_units[] = {
  { CHS_UNIT_PER_MIN, 0x0AA0, 1, 0 },
  { CHS_UNIT_PER_MIN, 0x0AE0, 1, 0 },
  { CHS_UNIT_PERCENT, 0x0220, 1, 0 },
  { CHS_UNIT_PERCENT, 0x0200, 1, 0 }, /* the perfusion index comes without a dimension */
  { CHS_UNIT_MMHG, 0x0F20, 1, 0 },
  { CHS_UNIT_MMHG, 0x0F03, 7.50062, 0 }, /* kPa, a setting of the monitor */
  { CHS_UNIT_CEL, 0x17A0, 1, 0 },
  { CHS_UNIT_CEL, 0x1140, 1 / 1.8, -32 / 1.8 }, /* Fahrenheit */
};

ChsParam
chs_iv_param (uint16_t physio)
{
  for (unsigned i = 0; i < sizeof numerics / sizeof numerics[0]; i++)
    if (numerics[i].physio == physio)
      return (ChsParam) numerics[i].param;
  return CHS_PARAM_NONE;
}

static ChsParam
param_of (ChsIvNumerics *self, uint16_t physio)
{
  ChsParam param = chs_iv_param (physio);

  if (param != CHS_PARAM_TEMP)
    return param;
  if (self->temp_physio == 0)
    self->temp_physio = physio;
  return self->temp_physio == physio ? CHS_PARAM_TEMP : CHS_PARAM_TEMP2;
}

/* NAN where the unit is none that the parameter can have: a number in an unknown unit is no number. */
static ChsIvReading
reading_of (ChsIvNumerics *self, uint16_t physio, uint16_t unit)
{
  ChsIvReading reading = { .physio = physio, .unit = unit, .param = (uint8_t) param_of (self, physio), .scale = (double) NAN };

  for (unsigned i = 0; i < sizeof wire_units / sizeof wire_units[0]; i++)
    if (wire_units[i].wire == unit && wire_units[i].unit == chs_param_info ((ChsParam) reading.param)->unit) {
      reading.scale = wire_units[i].scale;
      reading.offset = wire_units[i].offset;
    }
  return reading;
}

static const ChsIvReading *
find_reading (ChsIvNumerics *self, ChsIvSeen *seen, uint16_t physio, uint16_t unit)
{
  unsigned k = 0;

  while (k < CHS_IV_READINGS && seen->readings[k].physio != 0 && (seen->readings[k].physio != physio || seen->readings[k].unit != unit))
    k++;
  if (k == CHS_IV_READINGS || seen->readings[k].physio == 0)
    seen->readings[k %= CHS_IV_READINGS] = reading_of (self, physio, unit);
  return &seen->readings[k];
}

/* Always an object: when there are more than we keep, the last place is used again. */
static ChsIvSeen *
seen_object (ChsIvNumerics *self, const ChsIvObject *object)
{
  unsigned i = self->next_seen < self->n_seen ? self->next_seen : 0;

  for (unsigned tried = 0; tried < self->n_seen; tried++, i = i + 1 < self->n_seen ? i + 1 : 0)
    if (self->seen[i].id == object->id) {
      self->next_seen = i + 1;
      return &self->seen[i];
    }
  if (self->n_seen < CHS_IV_SEEN)
    self->n_seen++;
  self->seen[self->n_seen - 1] = (ChsIvSeen) { .id = object->id };
  return &self->seen[self->n_seen - 1];
}

/* The cuff reading of one object. It is repeated in every poll for hours: it is new when its own time is new, or,
 * where the monitor tells none, when a number changed. */
static void
nibp (ChsIvNumerics *self, const double value[4], ChsQuality quality, unsigned flags, const uint8_t *bcd, uint32_t rel_time,
      int64_t now_us, ChsSink *sink)
{
  int64_t at = 0, meas_us = CHS_TIME_NONE;
  ChsTimeMark mark = CHS_TIME_MARK_UNKNOWN;

  if (bcd != NULL && chs_iv_abs_time (bcd, &at)) {
    if (at == self->nibp_at)
      return;
    if (self->has_clock) {
      /* Only differences of the monitor's clock are trusted. A reading of the future is one whose clock was set. */
      int64_t monitor_now = self->clock_us + (int64_t) (int32_t) (rel_time - self->clock_ticks) * S_US / CHS_IV_TICKS_S;
      int64_t age = monitor_now - at;

      if (age >= -2 * S_US && age < 24 * 3600 * S_US) {
        meas_us = now_us - (age > 0 ? age : 0);
        mark = CHS_TIME_MARK_EXACT;
      }
    }
    if (mark == CHS_TIME_MARK_UNKNOWN && self->nibp_at != 0)
      mark = CHS_TIME_MARK_ESTIMATED;
    self->nibp_at = at;
  } else {
    if (memcmp (value, self->nibp_last, sizeof self->nibp_last) == 0)
      return;
    mark = self->nibp_last[0] > 0 ? CHS_TIME_MARK_ESTIMATED : CHS_TIME_MARK_UNKNOWN;
  }
  memcpy (self->nibp_last, value, sizeof self->nibp_last);
  chs_sink_nibp (sink, value[0], value[1], value[2], value[3], quality, flags, mark, meas_us);
}

static void
nibp_value (ChsIvPoll *poll, ChsParam param, double value, ChsQuality quality, unsigned flags, const uint8_t *bcd)
{
  poll->nibp[param - CHS_PARAM_NIBP_SYS] = value;
  if (param == CHS_PARAM_NIBP_PR)
    return;
  poll->has_nibp = true;
  poll->nibp_quality = quality;
  poll->nibp_flags = flags;
  if (bcd != NULL) {
    memcpy (poll->nibp_bcd, bcd, sizeof poll->nibp_bcd);
    poll->has_bcd = true;
  }
}

static void
observed (ChsIvNumerics *self, ChsIvPoll *poll, ChsIvSeen *seen, ChsBytes *value, const uint8_t *bcd, ChsCounters *counters, ChsSink *sink)
{
  const ChsIvReading *reading;
  ChsIvNumeric nu;
  ChsQuality quality;
  unsigned flags;
  double converted;

  if (!chs_iv_numeric_read (value, &nu))
    return;
  reading = find_reading (self, seen, nu.physio, nu.unit);
  if (reading->param == CHS_PARAM_NONE) {
    counters->unknown++;
    return;
  }
  quality_of (nu.state, &quality, &flags);
  if (isnan (reading->scale))
    counters->unknown++;
  converted = isfinite (nu.value) && quality != CHS_QUALITY_ABSENT ? nu.value * reading->scale + reading->offset : (double) NAN;
  seen->params |= UINT64_C (1) << reading->param;
  if (reading->param >= CHS_PARAM_NIBP_SYS && reading->param <= CHS_PARAM_NIBP_PR) {
    if (!isnan (converted))
      nibp_value (poll, (ChsParam) reading->param, converted, quality, flags, bcd);
    return;
  }
  chs_sink_numeric (sink, 0, (ChsParam) reading->param, converted, quality, flags);
}

/* An object that comes without its value has none now: every parameter it used to give is absent. A cuff reading that
 * left the monitor's screen stays what it was. */
static void
absent (const ChsIvSeen *seen, ChsSink *sink)
{
  for (unsigned p = 1; p < CHS_N_PARAMS && p < 64; p++)
    if (seen->params & UINT64_C (1) << p && !(p >= CHS_PARAM_NIBP_SYS && p <= CHS_PARAM_NIBP_PR))
      chs_sink_numeric (sink, 0, (ChsParam) p, (double) NAN, CHS_QUALITY_ABSENT, 0);
}

void
chs_iv_numerics_object (ChsIvNumerics *self, ChsIvPoll *poll, ChsIvObject *object, ChsCounters *counters, ChsSink *sink)
{
  ChsIvSeen *seen = seen_object (self, object);
  const uint8_t *bcd = NULL;
  ChsIvAttribute a;
  bool any = false;

  while (chs_iv_attribute_next (&object->attributes, &a)) {
    ChsBytes value = chs_bytes (a.value, a.n);

    if (a.id == CHS_IV_ATTR_TIME_ABS && a.n >= 8)
      bcd = a.value;
    else if (a.id == CHS_IV_ATTR_NU_VALUE) {
      any = true;
      observed (self, poll, seen, &value, bcd, counters, sink);
    } else if (a.id == CHS_IV_ATTR_NU_COMPOUND) {
      any = true;
      chs_bytes_skip (&value, 4);
      while (chs_bytes_left (&value) >= 10)
        observed (self, poll, seen, &value, bcd, counters, sink);
    }
  }
  if (!any)
    absent (seen, sink);
}

void
chs_iv_poll_init (ChsIvPoll *poll)
{
  *poll = (ChsIvPoll) { .nibp = { (double) NAN, (double) NAN, (double) NAN, (double) NAN } };
}

void
chs_iv_numerics_end (ChsIvNumerics *self, const ChsIvPoll *poll, uint32_t rel_time, int64_t now_us, ChsSink *sink)
{
  if (poll->has_nibp)
    nibp (self, poll->nibp, poll->nibp_quality, poll->nibp_flags, poll->has_bcd ? poll->nibp_bcd : NULL, rel_time, now_us, sink);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/oximeter.h"

#include <math.h>
#include <string.h>

static bool
same_value (double a, double b)
{
  return isnan (a) ? isnan (b) : !islessgreater (a, b) && !isnan (b);
}

static bool
same_reading (const ChsOximeterReading *a, const ChsOximeterReading *b)
{
  return same_value (a->spo2, b->spo2) && same_value (a->pr, b->pr) && a->quality == b->quality && a->flags == b->flags;
}

static void
tell_off (ChsOximeter *self, const ChsOximeterReading *reading, ChsSink *sink)
{
  if (reading->is_off == self->was_off)
    return;
  self->was_off = reading->is_off;
  chs_sink_device (sink, CHS_DEVICE_SENSOR_OFF, CHS_PARAM_SPO2, reading->is_off ? 1.0 : 0.0, reading->why);
}

bool
chs_oximeter_read (ChsOximeter *self, const ChsOximeterReading *reading, unsigned every, ChsSink *sink)
{
  ChsOximeterReading now = *reading;

  if (now.is_off)
    now.quality = CHS_QUALITY_INVALID;
  tell_off (self, &now, sink);
  if (self->has_last && same_reading (&now, &self->last) && ++self->n_untold < every)
    return false;
  self->has_last = true;
  self->last = now;
  self->last.why = NULL;
  self->n_untold = 0;
  chs_sink_numeric (sink, 0, CHS_PARAM_SPO2, now.spo2, now.quality, now.flags);
  chs_sink_numeric (sink, 0, CHS_PARAM_PR, now.pr, now.quality, now.flags);
  return true;
}

static bool
any_sample (const ChsOximeter *self)
{
  for (unsigned i = 0; i < self->n_samples; i++)
    if (self->samples[i] != CHS_WAVE_ABSENT)
      return true;
  return false;
}

void
chs_oximeter_wave (ChsOximeter *self, int16_t sample, double rate_hz, unsigned block, ChsSink *sink)
{
  ChsEvent event = {
    .type = CHS_EVENT_WAVE,
    .wave = { .param = CHS_PARAM_PLETH_WAVE, .rate_hz = (float) rate_hz, .scale = 1, .samples = self->samples },
  };

  self->samples[self->n_samples++] = sample;
  if (self->n_samples < block)
    return;
  event.wave.n = self->n_samples;
  if (any_sample (self))
    sink->event (sink, &event);
  self->n_samples = 0;
}

void
chs_oximeter_lost (ChsOximeter *self)
{
  self->n_samples = 0;
}

void
chs_oximeter_alarm (ChsOximeter *self, const char *text, ChsSink *sink)
{
  if (strcmp (self->alarm, text) == 0)
    return;
  if (self->alarm[0] != '\0')
    chs_sink_device (sink, CHS_DEVICE_ALARM, CHS_PARAM_SPO2, 0.0, self->alarm);
  chs_text_copy (self->alarm, sizeof self->alarm, text);
  if (self->alarm[0] != '\0')
    chs_sink_device (sink, CHS_DEVICE_ALARM, CHS_PARAM_SPO2, 1.0, self->alarm);
}

void
chs_oximeter_identity (ChsOximeter *self, const char *text, ChsSink *sink)
{
  if (strcmp (self->identity, text) == 0)
    return;
  chs_text_copy (self->identity, sizeof self->identity, text);
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, self->identity);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/driver.h"

#include <math.h>

void
chs_sink_numeric (ChsSink   *sink,
                  uint8_t    channel,
                  ChsParam   param,
                  double     value,
                  ChsQuality quality,
                  unsigned   flags)
{
  ChsEvent *event = &sink->numeric;

  event->type = CHS_EVENT_NUMERIC;
  event->channel = channel;
  event->numeric.param = (uint8_t) param;
  event->numeric.quality = isnan (value) ? CHS_QUALITY_ABSENT : (uint8_t) quality;
  event->numeric.flags = (uint8_t) flags;
  event->numeric.value = value;
  event->numeric.meas_us = CHS_TIME_NONE;
  sink->event (sink, event);
}

void
chs_sink_nibp (ChsSink    *sink,
               double      sys,
               double      dia,
               double      mean,
               double      pulse,
               ChsQuality  quality,
               unsigned    flags,
               ChsTimeMark mark,
               int64_t     meas_us)
{
  const struct {
    ChsParam param;
    double   value;
  } parts[] = {
    { CHS_PARAM_NIBP_SYS, sys },
    { CHS_PARAM_NIBP_DIA, dia },
    { CHS_PARAM_NIBP_MEAN, mean },
    { CHS_PARAM_NIBP_PR, pulse },
  };

  for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    ChsEvent event = chs_numeric (parts[i].param, parts[i].value);

    if (parts[i].param == CHS_PARAM_NIBP_PR && isnan (pulse))
      continue;
    if (!isnan (parts[i].value))
      event.numeric.quality = (uint8_t) quality;
    event.numeric.flags = (uint8_t) flags;
    event.numeric.time_mark = (uint8_t) mark;
    event.numeric.meas_us = meas_us;
    sink->event (sink, &event);
  }
}

void
chs_sink_device (ChsSink       *sink,
                 ChsDeviceCode  code,
                 ChsParam       param,
                 double         value,
                 const char    *text)
{
  ChsEvent event = {
    .type = CHS_EVENT_DEVICE,
    .device = { .code = (uint8_t) code, .param = (uint8_t) param, .value = value },
  };

  chs_text_copy (event.device.text, sizeof event.device.text, text);
  sink->event (sink, &event);
}

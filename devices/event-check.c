/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/event-check.h"

#include <math.h>
#include <string.h>

/* Ends a text and takes what is neither UTF-8 nor printable out of it. */
static void
clean (char *text, size_t size)
{
  char copy[sizeof ((ChsDeviceCondition *) 0)->text];

  text[size - 1] = '\0';
  memcpy (copy, text, size);
  chs_text_copy (text, size, copy);
}

static bool
check_numeric (ChsNumeric *numeric)
{
  if (numeric->param == CHS_PARAM_NONE || numeric->param >= CHS_N_PARAMS || numeric->quality > CHS_QUALITY_ABSENT
      || numeric->time_mark > CHS_TIME_MARK_UNKNOWN)
    return false;
  if (!isfinite (numeric->value) || numeric->quality == CHS_QUALITY_ABSENT) {
    numeric->value = NAN;
    numeric->quality = CHS_QUALITY_ABSENT;
  }
  return true;
}

static bool
check_wave (const ChsWave *wave)
{
  return wave->param != CHS_PARAM_NONE && wave->param < CHS_N_PARAMS && wave->n > 0 && wave->n <= CHS_EVENT_CHECK_WAVE_MAX
         && wave->samples != NULL && isfinite (wave->rate_hz) && wave->rate_hz > 0.0f && isfinite (wave->scale)
         && isfinite (wave->offset);
}

/* What a pump cannot deliver is not known, rather than a number that a dose is computed from. */
static void
check_amount (double *value)
{
  if (!isfinite (*value) || *value < 0.0)
    *value = NAN;
}

static bool
check_pump (ChsPumpStatus *pump)
{
  if (pump->state >= CHS_N_PUMP_STATES || pump->rate_kind > CHS_RATE_KIND_PROGRAMMED || pump->time_kind > 1
      || pump->pressure_unit >= CHS_N_UNITS || pump->on_mains < -1 || pump->on_mains > 1)
    return false;
  check_amount (&pump->rate_ml_h);
  check_amount (&pump->volume_ml);
  check_amount (&pump->vtbi_ml);
  check_amount (&pump->remaining_s);
  check_amount (&pump->battery_min);
  if (!isfinite (pump->pressure))
    pump->pressure = NAN;
  clean (pump->slot, sizeof pump->slot);
  clean (pump->model, sizeof pump->model);
  clean (pump->serial, sizeof pump->serial);
  clean (pump->drug, sizeof pump->drug);
  clean (pump->text, sizeof pump->text);
  return true;
}

static bool
check_device (ChsDeviceCondition *device)
{
  if (device->code < CHS_DEVICE_IDENTITY || device->code > CHS_DEVICE_BENCH || device->param >= CHS_N_PARAMS
      || device->priority > CHS_PRIORITY_HIGH)
    return false;
  if (!isfinite (device->value))
    device->value = NAN;
  clean (device->text, sizeof device->text);
  return true;
}

bool
chs_event_check (ChsEvent *event)
{
  switch ((ChsEventType) event->type) {
  case CHS_EVENT_NUMERIC:
    return check_numeric (&event->numeric);
  case CHS_EVENT_WAVE:
    return check_wave (&event->wave);
  case CHS_EVENT_PUMP:
    return check_pump (&event->pump);
  case CHS_EVENT_DEVICE:
    return check_device (&event->device);
  case CHS_EVENT_NONE:
  case CHS_EVENT_LINK:
  case CHS_EVENT_NURSE:
  case CHS_EVENT_SETUP:
  case CHS_EVENT_CONFIG:
  case CHS_EVENT_ALARM:
  case CHS_EVENT_TICK:
  case CHS_EVENT_CLOCK:
  case CHS_EVENT_RAW:
  case CHS_EVENT_STATE:
  case CHS_N_EVENTS:
  default:
    return false; /* not a driver's to say */
  }
}

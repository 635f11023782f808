/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"

/* What pulse oximeters have in common: saturation, pulse, a sensor that falls off, a
 * pleth wave. Their drivers decode; here it becomes events, conditions on change only.
 * A plain value, part of a driver's state; zeroed at first. C library only. */

#define CHS_OXIMETER_BLOCK 50 /* most samples of a wave in one event */

typedef struct {
  double      spo2, pr; /* percent, beats a minute; NAN = no value */
  ChsQuality  quality;  /* of both, where there is a value */
  unsigned    flags;    /* CHS_FLAG_* */
  bool        is_off;   /* sensor off, disconnected or defective: digits count for nothing */
  const char *why;      /* words for that, "" = none */
} ChsOximeterReading;

typedef struct {
  bool     was_off;
  bool     has_last;
  ChsOximeterReading last; /* @why is not kept */
  unsigned n_untold; /* readings since the values were told */
  uint16_t n_samples;
  int16_t  samples[CHS_OXIMETER_BLOCK];
  char     alarm[40]; /* the device's own alarm as told; "" = none */
  char     identity[48]; /* as told */
} ChsOximeter;

/**
 * chs_oximeter_read:
 * @self: an oximeter
 * @reading: what it says now
 * @every: readings a second, for instruments that repeat the same numbers many times a second; else 1
 * @sink: where
 *
 * Emits SPO2 and PR when something changed, else with each @every-th reading; SENSOR_OFF on change. With @is_off a value
 * is told as INVALID, however good it looks.
 *
 * Returns: whether the values were told
 */
bool chs_oximeter_read (ChsOximeter *self, const ChsOximeterReading *reading, unsigned every, ChsSink *sink);

/**
 * chs_oximeter_wave:
 * @self: an oximeter
 * @sample: next sample of the pleth; %CHS_WAVE_ABSENT = none
 * @rate_hz: samples a second
 * @block: samples an event, 1..%CHS_OXIMETER_BLOCK
 * @sink: where
 *
 * Gathers samples and emits a block when it is full. A block without any sample is not emitted: that is a gap.
 */
void chs_oximeter_wave (ChsOximeter *self, int16_t sample, double rate_hz, unsigned block, ChsSink *sink);

/**
 * chs_oximeter_lost:
 * @self: an oximeter
 *
 * Bytes were lost: samples gathered so far cannot be placed in time any more and are dropped.
 */
void chs_oximeter_lost (ChsOximeter *self);

/**
 * chs_oximeter_alarm:
 * @self: an oximeter
 * @text: the device's own alarm, "" = none
 * @sink: where
 *
 * Tells beginning and end, on change.
 */
void chs_oximeter_alarm (ChsOximeter *self, const char *text, ChsSink *sink);

/**
 * chs_oximeter_identity:
 * @self: an oximeter
 * @text: what the device calls itself
 * @sink: where
 *
 * Tells it when it is new or another.
 */
void chs_oximeter_identity (ChsOximeter *self, const char *text, ChsSink *sink);

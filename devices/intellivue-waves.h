/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/intellivue-codec.h"

/* The waves of an IntelliVue: blocks of samples with the scale that their object has told, and until then with one that
 * stands in (section 10 of shared/protocols/intellivue-mib.md). */

#define CHS_IV_WAVES 16

typedef struct {
  uint32_t id;           /* of the ChsIvObject */
  uint16_t period_ticks; /* 0 = not told */
  uint16_t mask;         /* significant bits; 15 until told */
  bool     has_spec;
  uint16_t invalid;      /* bits that mark an invalid sample */
  bool     has_scale;
  double   lower, upper;
  uint16_t raw_lower, raw_upper;
} ChsIvWave;

typedef struct {
  ChsIvWave waves[CHS_IV_WAVES];
  unsigned  n_waves;
} ChsIvWaves; /* zeroed at first, and when the monitor introduces itself again */

/**
 * chs_iv_waves_object:
 * @self: what is known of the monitor's waves
 * @object: an object
 * @counters: (inout): of the driver; a wave that is not one of ours is counted as unknown
 * @sink: where blocks of samples go
 */
void chs_iv_waves_object (ChsIvWaves *self, const ChsIvObject *object, ChsCounters *counters, ChsSink *sink);

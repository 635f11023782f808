/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/intellivue-codec.h"

/* The numerics of an IntelliVue: from observed objects to values, each in the unit of its parameter, absent when its object
 * comes without it, and a cuff reading once. Section numbers are those of shared/protocols/intellivue-mib.md. */

#define CHS_IV_SEEN 64
#define CHS_IV_READINGS 4

/* How one value of an object was read last time; monitors send the same objects in the same order for hours. */
typedef struct {
  uint16_t physio, unit;
  uint8_t  param; /* ChsParam; NONE = not one of ours */
  double   scale, offset; /* NAN: a unit that the parameter never has */
} ChsIvReading;

typedef struct {
  uint32_t     id;     /* of the ChsIvObject */
  uint64_t     params; /* bit set of the ChsParam this object gave: absent when it comes without a value */
  ChsIvReading readings[CHS_IV_READINGS];
} ChsIvSeen;

typedef struct {
  bool      has_clock;    /* the pair of section 6 */
  int64_t   clock_us;     /* monitor's local time ... */
  uint32_t  clock_ticks;  /* ... at this relative time */
  uint16_t  temp_physio;  /* who owns TEMP */
  int64_t   nibp_at;      /* the monitor's time of the last cuff reading; 0 = none yet */
  double    nibp_last[4]; /* where no time is told, a change tells */
  ChsIvSeen seen[CHS_IV_SEEN];
  unsigned  n_seen, next_seen; /* the object that is likely to come next */
} ChsIvNumerics; /* zeroed at first */

/* What one poll result has told of the cuff. */
typedef struct {
  double     nibp[4]; /* sys, dia, mean, pulse; NAN = not told */
  bool       has_nibp;
  ChsQuality nibp_quality;
  unsigned   nibp_flags;
  uint8_t    nibp_bcd[8];
  bool       has_bcd;
} ChsIvPoll;

/**
 * chs_iv_param:
 * @physio: what is measured, MDC partition 2
 *
 * Returns: the parameter, %CHS_PARAM_NONE for what is not one of ours; of a temperature TEMP, whichever site
 */
ChsParam chs_iv_param (uint16_t physio);

void chs_iv_poll_init (ChsIvPoll *poll); /* nothing told yet */

/**
 * chs_iv_numerics_object:
 * @self: what is known of the monitor's numerics
 * @poll: (inout): the poll result that the object is in
 * @object: an object; used up
 * @counters: (inout): of the driver; what is no number of ours is counted as unknown
 * @sink: where values go, but for the cuff's
 */
void chs_iv_numerics_object (ChsIvNumerics *self, ChsIvPoll *poll, ChsIvObject *object, ChsCounters *counters, ChsSink *sink);

/**
 * chs_iv_numerics_end:
 * @self: what is known of the monitor's numerics
 * @poll: the poll result, all its objects read
 * @rel_time: of the poll result, in ticks of 1/8 ms
 * @now_us: session time
 * @sink: where a cuff reading goes, if it is a new one
 */
void chs_iv_numerics_end (ChsIvNumerics *self, const ChsIvPoll *poll, uint32_t rel_time, int64_t now_us, ChsSink *sink);

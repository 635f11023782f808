/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/clock.h"
#include "data/event.h"

/* The session's clock. Its wall time is session time plus an offset that only
 * changes at a seam, so that between two CLOCK events the difference of an event's
 * two times is constant: an NTP step or a DST change makes a seam in the journal,
 * and never a gap, a stretched graph or a longer silence.
 *
 * A slew of the system's clock gathers until it is a step of CHS_SEAM_STEP_US. */

/* Times that people read may be wrong by so much before a seam is made. Own choice: one second is what is shown. */
#define CHS_SEAM_STEP_US G_GINT64_CONSTANT (1000000)

typedef struct {
  ChsClock   clock;
  ChsClock  *system;    /* monotonic and UTC of the machine */
  GTimeZone *zone;      /* of the people at the chair */
  gint64     epoch_us;  /* the machine's monotonic time at session time 0 */
  gint64     offset_us; /* wall time minus session time */
  gint16     utc_offset_min;
} ChsSeamClock;

/**
 * chs_seam_clock_init:
 * @self: (out): a clock
 * @system: (transfer none): must outlive @self
 * @zone: local time zone; a reference is taken
 * @epoch_us: @system's monotonic time at session time 0
 *
 * Ties the two clocks as they are now.
 */
void chs_seam_clock_init (ChsSeamClock *self, ChsClock *system, GTimeZone *zone, gint64 epoch_us);
void chs_seam_clock_clear (ChsSeamClock *self);

/**
 * chs_seam_clock_check:
 * @self: a clock
 * @seam: (out): what changed: a step of wall time, or the offset from UTC
 *
 * To be asked every second. After a step @self gives the new wall time.
 *
 * Returns: whether there is a seam; call again, there may be another one
 */
gboolean chs_seam_clock_check (ChsSeamClock *self, ChsClockSeam *seam);

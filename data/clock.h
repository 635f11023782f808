/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The two clocks, given to everything that needs one. Nothing below ui asks the
 * system for the time except through this; tests bring their own. */

typedef struct _ChsClock ChsClock;
struct _ChsClock {
  gint64 (*now_us) (ChsClock *self);  /* session monotonic time, microseconds */
  gint64 (*wall_us) (ChsClock *self); /* UTC, microseconds since 1970 */
};

/* The system's clocks. Session time = CLOCK_MONOTONIC - @epoch_us. */
typedef struct {
  ChsClock clock;
  gint64   epoch_us;
} ChsSystemClock;

/**
 * chs_system_clock_init:
 * @self: (out): a clock
 * @epoch_us: CLOCK_MONOTONIC at session time 0
 */
void chs_system_clock_init (ChsSystemClock *self, gint64 epoch_us);

/* A clock that stands until it is moved. */
typedef struct {
  ChsClock clock;
  gint64   t_us;
  gint64   offset_us; /* wall_us = t_us + offset_us */
} ChsStepClock;

void chs_step_clock_init (ChsStepClock *self, gint64 t_us, gint64 offset_us); /* stands at @t_us; wall time = @t_us + @offset_us */

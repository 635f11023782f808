/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/clock.h"

static gint64
system_now (ChsClock *clock)
{
  return g_get_monotonic_time () - ((ChsSystemClock *) clock)->epoch_us;
}

static gint64
system_wall (ChsClock *clock G_GNUC_UNUSED)
{
  return g_get_real_time ();
}

void
chs_system_clock_init (ChsSystemClock *self, gint64 epoch_us)
{
  *self = (ChsSystemClock) { .clock = { system_now, system_wall }, .epoch_us = epoch_us };
}

static gint64
step_now (ChsClock *clock)
{
  return ((ChsStepClock *) clock)->t_us;
}

static gint64
step_wall (ChsClock *clock)
{
  ChsStepClock *self = (ChsStepClock *) clock;

  return self->t_us + self->offset_us;
}

void
chs_step_clock_init (ChsStepClock *self, gint64 t_us, gint64 offset_us)
{
  *self = (ChsStepClock) { .clock = { step_now, step_wall }, .t_us = t_us, .offset_us = offset_us };
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/seam-clock.h"

static gint64
seam_now (ChsClock *clock)
{
  ChsSeamClock *self = (ChsSeamClock *) clock;

  return self->system->now_us (self->system) - self->epoch_us;
}

static gint64
seam_wall (ChsClock *clock)
{
  return seam_now (clock) + ((ChsSeamClock *) clock)->offset_us;
}

static gint16
utc_offset_min (GTimeZone *zone, gint64 wall_us)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, wall_us / G_USEC_PER_SEC);

  return interval < 0 ? 0 : (gint16) (g_time_zone_get_offset (zone, interval) / 60);
}

void
chs_seam_clock_init (ChsSeamClock *self, ChsClock *system, GTimeZone *zone, gint64 epoch_us)
{
  gint64 wall_us = system->wall_us (system);

  *self = (ChsSeamClock){
    .clock = { seam_now, seam_wall },
    .system = system,
    .zone = g_time_zone_ref (zone),
    .epoch_us = epoch_us,
    .offset_us = wall_us - (system->now_us (system) - epoch_us),
    .utc_offset_min = utc_offset_min (zone, wall_us),
  };
}

void
chs_seam_clock_clear (ChsSeamClock *self)
{
  g_clear_pointer (&self->zone, g_time_zone_unref);
}

gboolean
chs_seam_clock_check (ChsSeamClock *self, ChsClockSeam *seam)
{
  gint64 wall_us = self->system->wall_us (self->system);
  gint64 step_us = wall_us - seam_wall (&self->clock);
  gint16 offset_min = utc_offset_min (self->zone, wall_us);

  *seam = (ChsClockSeam){ .code = CHS_CLOCK_STEP, .utc_offset_min = offset_min, .step_us = step_us };
  if (ABS (step_us) >= CHS_SEAM_STEP_US) {
    self->offset_us += step_us;
    self->utc_offset_min = offset_min;
    return TRUE;
  }
  if (offset_min == self->utc_offset_min)
    return FALSE;
  self->utc_offset_min = offset_min;
  *seam = (ChsClockSeam){ .code = CHS_CLOCK_ZONE, .utc_offset_min = offset_min };
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/monitor-private.h"

#define LAG_US (2 * G_USEC_PER_SEC)      /* a tick so late is told (hazard H40) ... */
#define LAG_OVER_US (G_USEC_PER_SEC / 2) /* ... until one comes in time */

static void
look_at_lag (ChsMonitor *self, gint64 late_us)
{
  if (late_us > LAG_US)
    chs_monitor_append_state (self, CHS_STATE_LAG, (double) late_us / G_USEC_PER_SEC, NULL);
  else if (self->is_lagging && late_us < LAG_OVER_US)
    chs_monitor_append_state (self, CHS_STATE_LAG, 0, NULL);
  else
    return;
  self->is_lagging = late_us > LAG_US;
}

static void
look_at_clock (ChsMonitor *self)
{
  ChsClockSeam seam;

  while (chs_seam_clock_check (&self->clock, &seam)) {
    g_message ("wall clock: step of %" G_GINT64_FORMAT " us, %d min from UTC", seam.step_us, seam.utc_offset_min);
    chs_monitor_append_clock (self, &seam);
  }
}

static gboolean
on_tick (gpointer user_data)
{
  ChsMonitor *self = user_data;
  gint64 now_us = self->clock.clock.now_us (&self->clock.clock);
  ChsEvent event;

  look_at_lag (self, now_us - self->due_us);
  look_at_clock (self);
  chs_monitor_retry_recording (self, now_us);
  if (self->screen_due_us != CHS_TIME_NONE && now_us >= self->screen_due_us)
    chs_monitor_set_screen (self, FALSE, "the screen did not come back after the monitor's restart");
  event = chs_monitor_new_event (self, CHS_EVENT_TICK);
  chs_monitor_append (self, &event);
  self->due_us = (event.t_us / G_USEC_PER_SEC + 1) * G_USEC_PER_SEC;
  g_source_set_ready_time (self->tick, self->clock.epoch_us + self->due_us);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_tick (GSource *source G_GNUC_UNUSED, GSourceFunc func, gpointer user_data)
{
  return func (user_data);
}

void
chs_monitor_start_tick (ChsMonitor *self)
{
  static GSourceFuncs funcs = { .dispatch = dispatch_tick };
  gint64 now_us = self->clock.clock.now_us (&self->clock.clock);

  self->due_us = (now_us / G_USEC_PER_SEC + 1) * G_USEC_PER_SEC;
  self->tick = g_source_new (&funcs, sizeof (GSource));
  g_source_set_name (self->tick, "tick");
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_set_ready_time (self->tick, self->clock.epoch_us + self->due_us);
  g_source_attach (self->tick, self->context);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/admin-private.h"

#include <math.h>

#define RETENTION_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static void
work_retention (ChsAdminJob *job)
{
  chs_retention_run (&job->policy, job->admin->sessions, g_get_real_time (), FALSE, NULL, NULL, &job->retention, &job->error);
}

static void
answer_retention (ChsAdminJob *job)
{
  ChsAdmin *self = job->admin;

  self->bytes_day = job->retention.bytes_day;
  self->days_left = job->retention.days_left;
  if (job->error != NULL)
    g_message ("retention: %s", job->error->message);
  if (job->retention.n_removed > 0)
    g_message ("retention: %u recordings removed", job->retention.n_removed);
}

static void
look_at_storage (ChsAdmin *self, gint64 now_us)
{
  ChsAdminJob *job;

  if (self->is_busy || now_us < self->retention_due_us)
    return;
  self->retention_due_us = now_us + RETENTION_US;
  job = chs_admin_new_job (self, work_retention, answer_retention);
  job->policy = self->config->retention;
  chs_admin_start_job (job);
}

/* Whether a shift began behind @from up to @to, minutes of the day. */
static gboolean
has_begun (const ChsChairTimes *shifts, int from, int to)
{
  for (guint i = 0; i < shifts->n; i++) {
    int t = shifts->minutes[i];

    if (from <= to ? t > from && t <= to : t > from || t <= to)
      return TRUE;
  }
  return FALSE;
}

static void
look_at_shifts (ChsAdmin *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  int minute = g_date_time_get_hour (now) * 60 + g_date_time_get_minute (now);

  if (self->last_minute >= 0 && has_begun (&self->config->shifts, self->last_minute, minute))
    self->test_due = TRUE;
  self->last_minute = minute;
}

/* Room for recordings and the clock: alarms of the chair, so that nobody needs to open a page to know. */
static void
tell_machine (ChsAdmin *self)
{
  ChsHealth health = { .days_left = self->days_left };
  g_autofree char *left = NULL;

  chs_health_get_disk (self->sessions, &health.free_bytes, &health.total_bytes);
  self->room = chs_health_get_room (&health, self->room);
  left = isfinite (self->days_left)
             ? g_strdup_printf ("%.0f days of recordings, %" G_GUINT64_FORMAT " MiB free", self->days_left, health.free_bytes >> 20)
             : g_strdup_printf ("%" G_GUINT64_FORMAT " MiB free", health.free_bytes >> 20);
  chs_monitor_tell_state (self->monitor, CHS_STATE_ROOM, self->room, left);
  chs_monitor_tell_state (self->monitor, CHS_STATE_CLOCK, chs_health_has_clock (g_get_real_time ()), NULL);
}

gboolean
chs_admin_on_tick (gpointer admin)
{
  ChsAdmin *self = admin;

  tell_machine (self);
  look_at_shifts (self);
  look_at_storage (self, g_get_monotonic_time ());
  return G_SOURCE_CONTINUE;
}

static void
on_event (const ChsEvent *event, gpointer user_data)
{
  ChsAdmin *self = user_data;

  if (event->type != CHS_EVENT_NURSE || event->nurse.action != CHS_NURSE_SELF_TEST)
    return;
  self->test_heard = event->nurse.value > 0;
  self->test_us = g_get_real_time ();
  self->test_due = FALSE;
}

const ChsMonitorObserver chs_admin_observer = { on_event, NULL };

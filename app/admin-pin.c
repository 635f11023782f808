/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/admin-private.h"

#include "app/pin.h"

#include <string.h>

#define OPEN_US (5 * 60 * G_USEC_PER_SEC) /* a technician who went away is locked out */

gboolean
chs_admin_has_pin (const ChsChairConfig *config)
{
  return config->pin_hash != NULL && strcmp (config->pin_hash, CHS_CHAIR_PIN_KEEP) != 0;
}

gboolean
chs_admin_is_open (ChsAdminPeer *peer, GDBusMethodInvocation *invocation)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us < peer->open_until_us) {
    peer->open_until_us = now_us + OPEN_US;
    return TRUE;
  }
  chs_admin_refuse (invocation, N_ ("this needs the technician's PIN"));
  return FALSE;
}

static void
work_unlock (ChsAdminJob *job)
{
  ChsAdmin *self = job->admin;

  if (!chs_pin_gate_begin (&self->gate, g_get_monotonic_time (), &job->error))
    return;
  job->is_right = chs_pin_matches (job->value, job->key);
  chs_pin_gate_end (&self->gate, job->is_right, g_get_monotonic_time ());
  explicit_bzero (job->value, strlen (job->value));
  chs_admin_audit (job, job->is_right ? "pin_right" : "pin_wrong", "screen", NULL, NULL);
}

static gboolean
is_still_here (const ChsAdminJob *job)
{
  /* A peer that left took its object with it. */
  return g_dbus_interface_skeleton_get_connection (G_DBUS_INTERFACE_SKELETON (job->object)) != NULL;
}

static void
answer_unlock (ChsAdminJob *job)
{
  guint wait_s = chs_pin_gate_wait_s (&job->admin->gate, g_get_monotonic_time ());

  if (job->is_right && is_still_here (job))
    job->peer->open_until_us = g_get_monotonic_time () + OPEN_US;
  chs_dbus_admin1_complete_unlock (job->object, job->invocation, job->is_right, wait_s, job->is_right ? "" : "wrong PIN");
}

gboolean
chs_admin_on_unlock (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, const char *pin, ChsAdminPeer *peer)
{
  ChsAdmin *self = peer->admin;
  guint wait_s = self->is_busy ? 0 : chs_pin_gate_wait_s (&self->gate, g_get_monotonic_time ());
  ChsAdminJob *job;

  if (self->config->pin_hash == NULL || strcmp (self->config->pin_hash, CHS_CHAIR_PIN_KEEP) == 0) {
    chs_admin_refuse (invocation, "no PIN is set; see chairside-tool pin");
    return TRUE;
  }
  if (wait_s > 0) {
    chs_dbus_admin1_complete_unlock (object, invocation, FALSE, wait_s, "too many wrong PINs");
    return TRUE;
  }
  job = chs_admin_new_job_for (peer, invocation, work_unlock, answer_unlock);
  if (job == NULL)
    return TRUE;
  job->key = g_strdup (self->config->pin_hash);
  job->value = g_strndup (pin, CHS_PIN_MAX + 1); /* one more than can be right */
  chs_admin_start_job (job);
  return TRUE;
}

gboolean
chs_admin_on_lock (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  peer->open_until_us = 0;
  chs_dbus_admin1_complete_lock (object, invocation);
  return TRUE;
}

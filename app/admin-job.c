/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/admin-private.h"

#include "app/audit.h"

static void
job_free (ChsAdminJob *job)
{
  g_clear_object (&job->object);
  g_free (job->key);
  g_free (job->value);
  g_free (job->config_path);
  g_free (job->keys);
  g_free (job->medium);
  chs_retention_result_clear (&job->retention);
  g_clear_error (&job->error);
  g_free (job->json);
  chs_chair_config_free (job->config);
  chs_admin_unref (job->admin);
  g_free (job);
}

static void
run_job (GTask *task, gpointer source G_GNUC_UNUSED, gpointer data, GCancellable *cancellable G_GNUC_UNUSED)
{
  ChsAdminJob *job = data;

  job->work (job);
  g_task_return_boolean (task, TRUE);
}

static void
on_job_done (GObject *source G_GNUC_UNUSED, GAsyncResult *result G_GNUC_UNUSED, gpointer data)
{
  ChsAdminJob *job = data;

  *job->is_busy = FALSE;
  if (job->invocation != NULL && job->admin->is_over)
    g_dbus_method_invocation_return_error_literal (job->invocation, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, "the monitor ends");
  else if (job->invocation != NULL && job->error != NULL)
    g_dbus_method_invocation_return_gerror (job->invocation, job->error);
  else if (!job->admin->is_over)
    job->answer (job);
  job_free (job);
}

ChsAdminJob *
chs_admin_new_job (ChsAdmin *self, void (*work) (ChsAdminJob *job), void (*answer) (ChsAdminJob *job))
{
  ChsAdminJob *job = g_new0 (ChsAdminJob, 1);

  g_atomic_ref_count_inc (&self->refs);
  job->admin = self;
  job->is_busy = &self->is_busy;
  job->work = work;
  job->answer = answer;
  job->config_path = g_canonicalize_filename (self->config->path, NULL);
  job->keys = g_strdup (self->config->keys);
  job->medium = g_strdup (self->config->medium);
  return job;
}

void
chs_admin_start_job (ChsAdminJob *job)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_job_done, job);

  *job->is_busy = TRUE;
  g_task_set_task_data (task, job, NULL);
  g_task_run_in_thread (task, run_job);
}

void
chs_admin_refuse (GDBusMethodInvocation *invocation, const char *message)
{
  g_dbus_method_invocation_return_error_literal (invocation, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, message);
}

/* For a caller: one thing of a kind at a time. */
ChsAdminJob *
chs_admin_new_job_of (ChsAdminPeer *peer, gboolean *is_busy, GDBusMethodInvocation *invocation, void (*work) (ChsAdminJob *job), void (*answer) (ChsAdminJob *job))
{
  ChsAdminJob *job;

  if (*is_busy) {
    chs_admin_refuse (invocation, N_ ("another thing is being done; try again"));
    return NULL;
  }
  job = chs_admin_new_job (peer->admin, work, answer);
  job->is_busy = is_busy;
  job->object = g_object_ref (peer->object);
  job->invocation = invocation;
  job->peer = peer;
  return job;
}

ChsAdminJob *
chs_admin_new_job_for (ChsAdminPeer *peer, GDBusMethodInvocation *invocation, void (*work) (ChsAdminJob *job), void (*answer) (ChsAdminJob *job))
{
  return chs_admin_new_job_of (peer, &peer->admin->is_busy, invocation, work, answer);
}

void
chs_admin_audit (ChsAdminJob *job, const char *action, const char *what, const char *why, GError **error)
{
  chs_audit_append (job->admin->sessions, g_get_real_time (), "technician at the chair", action, what, why, error);
}

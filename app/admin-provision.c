/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/admin-private.h"

#include "app/event-json.h"
#include "app/provision.h"

#include <string.h>

static char *
dup_look_json (const ChsProvision *provision)
{
  GString *out = g_string_new ("{\"type\":\"provision\"");

  chs_json_text (out, "digest", provision->digest);
  chs_json_text (out, "key", provision->key_id);
  chs_json_number (out, "serial", provision->config->serial);
  g_string_append (out, ",\"changes\":[");
  for (guint i = 0; i < provision->changes->len; i++) {
    const ChsProvisionChange *change = provision->changes->pdata[i];

    g_string_append (out, i > 0 ? ",{\"key\":" : "{\"key\":");
    chs_json_quote (out, change->key);
    chs_json_text (out, "before", change->before);
    chs_json_text (out, "after", change->after);
    g_string_append_c (out, '}');
  }
  return g_string_free (g_string_append (out, "]}"), FALSE);
}

/* The chair as it is on the disk: it may have been set since. */
static ChsProvision *
look (ChsAdminJob *job, GError **error)
{
  g_autoptr (ChsChairConfig) present = chs_chair_config_load (job->config_path, error);

  if (present == NULL)
    return NULL;
  if (!chs_medium_is_there (job->medium)) {
    g_set_error (error, CHS_PROVISION_ERROR, CHS_PROVISION_ERROR_NO_FILE, "there is no stick at %s", job->medium);
    return NULL;
  }
  return chs_provision_look (present, job->config_path, job->keys, job->medium, error);
}

static char *
dup_refusal (const char *message)
{
  GString *out = g_string_new ("{\"type\":\"provision\"");

  chs_json_text (out, "refused", message);
  return g_string_free (g_string_append_c (out, '}'), FALSE);
}

static void
work_look (ChsAdminJob *job)
{
  g_autoptr (GError) refused = NULL;
  g_autoptr (ChsProvision) provision = look (job, &refused);

  if (provision == NULL)
    chs_admin_audit (job, "provision_refused", job->medium, refused->message, NULL);
  job->json = provision != NULL ? dup_look_json (provision) : dup_refusal (refused->message);
}

static void
answer_look (ChsAdminJob *job)
{
  chs_dbus_admin1_complete_provision_look (job->object, job->invocation, job->json);
}

gboolean
chs_admin_on_provision_look (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  ChsAdminJob *job = chs_admin_is_open (peer, invocation) ? chs_admin_new_job_for (peer, invocation, work_look, answer_look) : NULL;

  if (job != NULL)
    chs_admin_start_job (job);
  return TRUE;
}

/* The stick may have been changed since it was looked at. */
static void
work_take (ChsAdminJob *job)
{
  g_autoptr (ChsProvision) provision = look (job, &job->error);

  if (provision != NULL && strcmp (provision->digest, job->value) != 0)
    g_set_error_literal (&job->error, CHS_MONITOR_ERROR, CHS_MONITOR_ERROR_REFUSED, "the stick is not the one that was looked at");
  if (job->error != NULL) {
    chs_admin_audit (job, "provision_refused", job->medium, job->error->message, NULL);
    return;
  }
  chs_provision_take (provision, job->config_path, job->admin->sessions, g_get_real_time (), "technician at the chair", &job->error);
}

static void
answer_take (ChsAdminJob *job)
{
  chs_dbus_admin1_complete_provision_take (job->object, job->invocation);
  job->admin->restart (job->admin->user_data);
}

gboolean
chs_admin_on_provision_take (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, const char *digest, ChsAdminPeer *peer)
{
  ChsAdminJob *job;

  if (!chs_admin_is_open (peer, invocation))
    return TRUE;
  if (chs_monitor_is_busy (peer->admin->monitor)) {
    chs_admin_refuse (invocation, "a session is running; take it when the chair is free");
    return TRUE;
  }
  job = chs_admin_new_job_for (peer, invocation, work_take, answer_take);
  if (job == NULL)
    return TRUE;
  job->value = g_strndup (digest, 64);
  chs_admin_start_job (job);
  return TRUE;
}

static void
work_out (ChsAdminJob *job)
{
  g_autofree char *text = chs_admin_read_config (job->config_path, &job->error), *public = NULL;

  if (text == NULL)
    return;
  if (!chs_medium_is_there (job->medium)) {
    g_set_error (&job->error, CHS_PROVISION_ERROR, CHS_PROVISION_ERROR_NO_FILE, "there is no stick at %s", job->medium);
    return;
  }
  public = chs_chair_config_dup_public_text (text);
  chs_admin_audit (job, "provision_out", job->medium, NULL, &job->error);
  if (job->error == NULL)
    chs_provision_put (public, NULL, job->medium, &job->error);
}

static void
answer_out (ChsAdminJob *job)
{
  g_autofree char *path = g_build_filename (job->medium, CHS_PROVISION_FILE, NULL);

  chs_dbus_admin1_complete_provision_out (job->object, job->invocation, path);
}

gboolean
chs_admin_on_provision_out (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  ChsAdminJob *job = chs_admin_is_open (peer, invocation) ? chs_admin_new_job_for (peer, invocation, work_out, answer_out) : NULL;

  if (job != NULL)
    chs_admin_start_job (job);
  return TRUE;
}

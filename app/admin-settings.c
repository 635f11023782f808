/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/admin-private.h"

#include "app/event-json.h"
#include "app/provision.h"
#include "data/ini.h"
#include "data/read-file.h"

#include <string.h>

/* What a technician may change at the chair. Everything else is in the file. */
static const char *const settable[] = { "screen.language",  "screen.look",    "screen.night_from", "screen.night_to",
                                        "screen.text_scale", "screen.dim_min", "screen.diagonal_in", "sound.volume_db", NULL };

static void
put_words (GString *out, const char *key, char **words)
{
  chs_json_key (out, key);
  g_string_append (out, words != NULL ? "[" : "null");
  for (guint i = 0; words != NULL && words[i] != NULL; i++) {
    g_string_append (out, i > 0 ? "," : "");
    chs_json_quote (out, words[i]);
  }
  g_string_append (out, words != NULL ? "]" : "");
}

static char *
dup_settings (const ChsChairConfig *config)
{
  GString *out = g_string_new ("{\"type\":\"settings\"");

  chs_json_text (out, "chair", config->name);
  chs_json_text (out, "language", config->screen.language);
  chs_json_text (out, "look", config->screen.look);
  chs_json_number (out, "night_from", config->screen.night_from);
  chs_json_number (out, "night_to", config->screen.night_to);
  chs_json_number (out, "diagonal_in", config->screen.diagonal_in);
  chs_json_number (out, "text_scale", config->screen.text_scale);
  chs_json_number (out, "dim_min", config->screen.dim_min);
  chs_json_number (out, "volume_db", config->sound.volume_db);
  chs_json_number (out, "floor_db", config->sound.floor_db);
  chs_json_text (out, "medium", config->medium);
  chs_json_number (out, "serial", config->serial);
  put_words (out, "therapies", config->therapies);
  g_string_append_printf (out, ",\"pin_set\":%s}", chs_admin_has_pin (config) ? "true" : "false");
  return g_string_free (out, FALSE);
}

gboolean
chs_admin_on_settings (ChsDbusAdmin1 *object, GDBusMethodInvocation *invocation, ChsAdminPeer *peer)
{
  g_autofree char *json = dup_settings (peer->admin->config);

  chs_dbus_admin1_complete_settings (object, invocation, json);
  return TRUE;
}

char *
chs_admin_read_config (const char *path, GError **error)
{
  gsize n;

  return chs_read_file (path, CHS_CHAIR_MAX_BYTES, &n, error);
}

static void
work_set (ChsAdminJob *job)
{
  g_auto (GStrv) names = g_strsplit (job->key, ".", 2);
  g_autofree char *text = chs_admin_read_config (job->config_path, &job->error), *next = NULL;

  if (text == NULL)
    return;
  next = chs_ini_dup_set (text, names[0], names[1], job->value);
  job->config = chs_chair_config_parse (next, strlen (next), job->config_path, &job->error);
  if (job->config == NULL)
    return;
  chs_admin_audit (job, "setting", job->key, job->value, &job->error);
  if (job->error == NULL)
    chs_config_write (job->config_path, next, &job->error);
}

static void
swap_text (char **a, char **b)
{
  char *kept = *a;

  *a = *b;
  *b = kept;
}

/* The screen asks again; a new volume is heard at once. */
static void
answer_set (ChsAdminJob *job)
{
  ChsChairConfig *config = job->admin->config, *new = job->config;
  ChsChairScreen screen = config->screen;

  config->screen = new->screen;
  new->screen = screen;
  swap_text (&config->text, &new->text);
  if (config->sound.volume_db < new->sound.volume_db || config->sound.volume_db > new->sound.volume_db) {
    config->sound = new->sound;
    chs_monitor_renew_sound (job->admin->monitor);
  }
  chs_dbus_admin1_complete_set (job->object, job->invocation);
}

gboolean
chs_admin_on_set (ChsDbusAdmin1 *object G_GNUC_UNUSED, GDBusMethodInvocation *invocation, const char *key, const char *value, ChsAdminPeer *peer)
{
  GError *error = NULL;
  ChsAdminJob *job;

  if (!chs_admin_is_open (peer, invocation))
    return TRUE;
  if (!g_strv_contains (settable, key)) {
    chs_ini_unknown (&error, "setting", key, settable);
    g_dbus_method_invocation_take_error (invocation, error);
    return TRUE;
  }
  if (strlen (value) > 64 || strpbrk (value, "\r\n") != NULL) {
    chs_admin_refuse (invocation, "a value is one line of at most 64 bytes");
    return TRUE;
  }
  job = chs_admin_new_job_for (peer, invocation, work_set, answer_set);
  if (job == NULL)
    return TRUE;
  job->key = g_strdup (key);
  job->value = g_strdup (value);
  chs_admin_start_job (job);
  return TRUE;
}

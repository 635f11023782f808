/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/chair-config.h"
#include "app/event-json.h"
#include "data/export.h"

#include <stdio.h>

static void
print_json (const ChsRetentionResult *result)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < result->items->len; i++) {
    const ChsRetentionItem *item = result->items->pdata[i];

    g_string_append (out, "{\"type\":\"recording\"");
    chs_json_text (out, "file", item->name);
    chs_json_text (out, "session_id", item->session_id);
    g_string_append (out, ",\"end\":");
    if (item->session_id != NULL) {
      g_string_append_c (out, '"');
      chs_export_time (out, item->end_us);
      g_string_append_c (out, '"');
    } else
      g_string_append (out, "null");
    chs_json_number (out, "bytes", (double) item->bytes);
    g_string_append_printf (out, ",\"exported\":%s", item->exported ? "true" : "false");
    chs_json_text (out, "fate", chs_retention_fate_id (item->fate));
    chs_json_text (out, "message", item->message);
    g_string_append (out, "}\n");
  }
  g_string_append_printf (out, "{\"type\":\"summary\",\"removed\":%u", result->n_removed);
  chs_json_number (out, "bytes_removed", (double) result->bytes_removed);
  chs_json_number (out, "bytes_free", (double) result->bytes_free);
  chs_json_number (out, "bytes_day", result->bytes_day);
  chs_json_number (out, "days_left", result->days_left);
  g_string_append (out, "}\n");
  fputs (out->str, stdout);
}

static void
print_words (const ChsRetentionResult *result, gboolean dry)
{
  for (guint i = 0; i < result->items->len; i++) {
    const ChsRetentionItem *item = result->items->pdata[i];

    printf ("%-14s %s%s%s\n", chs_retention_fate_id (item->fate), item->name, item->message[0] != '\0' ? ": " : "", item->message);
  }
  printf ("%u recordings %s, %.1f MB; %.0f MB are free\n", result->n_removed, dry ? "would be removed" : "removed",
          (double) result->bytes_removed / 1e6, (double) result->bytes_free / 1e6);
}

/* What the command line says comes after the configuration. */
static gboolean
take_words (ChsRetention *policy, const char *keep_days, const char *min_free, gboolean remove_unexported, GError **error)
{
  if (remove_unexported)
    policy->keep_unexported = FALSE;
  return (keep_days == NULL || chs_retention_set (policy, "keep_days", keep_days, error)) &&
         (min_free == NULL || chs_retention_set (policy, "min_free_mib", min_free, error));
}

int
chs_tool_retain (int argc, char **argv)
{
  g_autofree char *config_path = NULL, *keep_days = NULL, *min_free = NULL;
  gboolean dry = FALSE, json = FALSE, remove_unexported = FALSE, done;
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &config_path, "Policy and folder of this chair", "FILE" },
    { "keep-days", 0, 0, G_OPTION_ARG_STRING, &keep_days, "Sessions that ended longer ago go", "N" },
    { "min-free-mib", 0, 0, G_OPTION_ARG_STRING, &min_free, "The oldest go until so much is free", "N" },
    { "remove-unexported", 0, 0, G_OPTION_ARG_NONE, &remove_unexported, "Also what was never exported", NULL },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &dry, "Only tell what would go", NULL },
    CHS_TOOL_OPTION_JSON (&json),
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ChsChairConfig) config = NULL;
  g_auto (ChsRetentionResult) result = { 0 };
  ChsRetention policy = CHS_RETENTION_DEFAULT;
  g_autoptr (GError) error = NULL;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 1, &status))
    return status;
  if ((config_path == NULL) == (argc < 2))
    return chs_tool_usage ("retain", "either a folder or --config is wanted");
  if (config_path != NULL && (config = chs_chair_config_load (config_path, &error)) == NULL)
    return chs_tool_refuse ("retain", error);
  if (config != NULL)
    policy = config->retention;
  if (!take_words (&policy, keep_days, min_free, remove_unexported, &error))
    return chs_tool_usage ("retain", "%s", error->message);
  done = chs_retention_run (&policy, config != NULL ? config->recordings : argv[1], g_get_real_time (), dry, NULL, NULL, &result, &error);
  if (!done && result.items->len == 0)
    return chs_tool_refuse ("retain", error);
  if (json)
    print_json (&result);
  else
    print_words (&result, dry);
  if (!done)
    fprintf (stderr, "chairside-tool retain: %s\n", error->message);
  return done ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
}

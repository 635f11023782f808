/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/audit.h"
#include "app/chair-config.h"
#include "app/event-json.h"

#include <stdio.h>

/* The audit log of a chair, read and checked. */

static gboolean
print_line (const ChsAuditLine *line, gpointer json)
{
  g_autoptr (GString) out = g_string_new ("{");

  if (!GPOINTER_TO_INT (json)) {
    printf ("%s  %s  %s  %s%s%s\n", line->time, line->who, line->action, line->what, line->why != NULL && line->why[0] != '\0' ? ": " : "",
            line->why != NULL ? line->why : "");
    return TRUE;
  }
  chs_json_number (out, "line", line->line);
  chs_json_text (out, "time", line->time);
  chs_json_text (out, "who", line->who);
  chs_json_text (out, "action", line->action);
  chs_json_text (out, "what", line->what);
  chs_json_text (out, "why", line->why);
  puts (g_string_append_c (out, '}')->str);
  return TRUE;
}

int
chs_tool_audit (int argc, char **argv)
{
  g_autofree char *config_path = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &config_path, "The log of this chair", "FILE" },
    CHS_TOOL_OPTION_JSON (&json),
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ChsChairConfig) config = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 1, &status))
    return status;
  if ((argc == 2) == (config_path != NULL))
    return chs_tool_usage ("audit", "name a folder of recordings, or --config=FILE");
  if (config_path != NULL && (config = chs_chair_config_load (config_path, &error)) == NULL)
    return chs_tool_refuse ("audit", error);
  if (chs_audit_foreach (config != NULL ? config->recordings : argv[1], print_line, GINT_TO_POINTER (json), &error))
    return CHS_TOOL_DONE;
  fprintf (stderr, "chairside-tool audit: %s\n", error->message);
  return g_error_matches (error, CHS_AUDIT_ERROR, CHS_AUDIT_ERROR_CHAIN) ? CHS_TOOL_FINDINGS : CHS_TOOL_REFUSED;
}

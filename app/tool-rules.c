/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/rules-text.h"

#include <stdio.h>
#include <string.h>

int
chs_tool_rules (int argc, char **argv)
{
  g_autofree char *format = NULL, *path = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "markdown (the default) or json", "FORMAT" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &path, "Alarm profile whose numbers are told", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsProfile) profile = NULL;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status))
    return status;
  if (path == NULL)
    path = chs_profile_dup_default_path ();
  profile = chs_profile_load (path, &error);
  if (profile == NULL)
    return chs_tool_refuse (argv[0], error);
  if (format == NULL || strcmp (format, "markdown") == 0)
    chs_rules_to_markdown (profile, out);
  else if (strcmp (format, "json") == 0)
    chs_rules_to_json (profile, out);
  else
    return chs_tool_usage (argv[0], "--format=%s is neither markdown nor json", format);
  fputs (out->str, stdout);
  return CHS_TOOL_DONE;
}

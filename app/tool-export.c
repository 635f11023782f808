/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/exporters.h"

#include <stdio.h>

static const ChsExporter *
find_exporter (const char *format, int *status)
{
  const ChsExporter *found = format != NULL ? chs_exporter_find (format) : NULL;
  g_autoptr (GString) known = g_string_new (NULL);
  guint n;
  const ChsExporter *all = chs_exporters (&n);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", all[i].id);
  if (found == NULL && format != NULL)
    *status = chs_tool_usage ("export", "there is no format \"%s\"; known are %s", format, known->str);
  else if (found == NULL)
    *status = chs_tool_usage ("export", "--format is missing; known are %s", known->str);
  return found;
}

int
chs_tool_export (int argc, char **argv)
{
  g_autofree char *format = NULL, *out = NULL, *missing = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, "csv, csv-wide, ...", "FORMAT" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "File to write; one that is there is replaced", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  const ChsExportOptions options = { .at_us = CHS_TIME_NONE };
  const ChsExporter *exporter;
  g_autoptr (GError) error = NULL;
  int status = CHS_TOOL_USAGE;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  exporter = find_exporter (format, &status);
  if (exporter == NULL)
    return status;
  if (out == NULL)
    return chs_tool_usage ("export", "--out is missing");
  if (!chs_export_to_file (exporter, argv[1], out, &options, NULL, NULL, NULL, &missing, &error))
    return chs_tool_refuse ("export", error);
  if (missing != NULL)
    fprintf (stderr, "chairside-tool export: only a part was exported: %s\n", missing);
  return missing != NULL ? CHS_TOOL_FINDINGS : CHS_TOOL_DONE;
}

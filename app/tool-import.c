/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/event-json.h"
#include "app/import-formats.h"

#include <stdio.h>
#include <unistd.h>

static void
on_progress (double share, gpointer user_data)
{
  int *shown = user_data;

  if ((int) (share * 100) == *shown)
    return;
  *shown = (int) (share * 100);
  fprintf (stderr, "\r%3d %%", *shown);
}

static void
print_json (const ChsImporter *importer, const ChsImportResult *result)
{
  g_autoptr (GString) line = g_string_new ("{");

  chs_json_text (line, "type", "import");
  chs_json_text (line, "format", importer->id);
  chs_json_number (line, "events", (double) result->events);
  chs_json_number (line, "notes", result->n_notes);
  chs_json_text (line, "account", result->account);
  puts (g_string_append_c (line, '}')->str);
}

int
chs_tool_import (int argc, char **argv)
{
  g_autofree char *out = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Recording to create; it must not be there", "SESSION.chairside" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One JSON object on stdout", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_auto (ChsImportResult) result = { 0 };
  const ChsImporter *const *formats;
  const ChsImporter *importer;
  int status, shown = -1;
  guint n;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  if (out == NULL)
    return chs_tool_usage (argv[0], "--out is missing");
  formats = chs_import_formats (&n);
  importer = chs_import_find (formats, n, argv[1], &error);
  if (importer == NULL || !chs_import_run (importer, argv[1], out, isatty (STDERR_FILENO) ? on_progress : NULL, &shown, NULL, &result, &error))
    return chs_tool_refuse (argv[0], error);
  if (shown >= 0)
    fputs ("\r      \r", stderr);
  if (as_json)
    print_json (importer, &result);
  fprintf (stderr, "%s%s: %s, %" G_GUINT64_FORMAT " events%s\n", result.account, argv[1], importer->label, result.events,
           result.n_notes > 0 ? "; not all of the file could be kept" : "");
  return result.n_notes > 0 ? CHS_TOOL_FINDINGS : CHS_TOOL_DONE;
}

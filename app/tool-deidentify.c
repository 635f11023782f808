/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/deidentify.h"

#include <stdio.h>

int
chs_tool_deidentify (int argc, char **argv)
{
  g_autofree char *out = NULL, *key = NULL, *account = NULL;
  gboolean keep_notes = FALSE, keep_raw = FALSE, whole;
  const GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Recording to create; it must not be there", "SESSION" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "The same file gives a patient the same name and shift in every run; made when it is not there", "FILE" },
    { "keep-notes", 0, 0, G_OPTION_ARG_NONE, &keep_notes, "Free texts stay: notes, words of instruments and pumps, names of links, tracks, markers", NULL },
    { "keep-raw", 0, 0, G_OPTION_ARG_NONE, &keep_raw, "Raw bytes of the lines stay", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (ChsStoreReader) reader = NULL;
  g_autoptr (GError) error = NULL, no_markers = NULL;
  guint n_markers = 0;
  ChsDeidentify how;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  if (out == NULL)
    return chs_tool_usage (argv[0], "--out is missing");
  reader = chs_store_reader_new (argv[1], &error);
  if (reader == NULL || !chs_deidentify_init (&how, key, &error))
    return chs_tool_refuse (argv[0], error);
  how.keep_notes = keep_notes;
  how.keep_raw = keep_raw;
  whole = chs_deidentify_run (&how, reader, out, &account, &error);
  if (!whole && !g_error_matches (error, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED))
    return chs_tool_refuse (argv[0], error);
  fprintf (stderr, "%s", account);
  if (!chs_deidentify_markers (&how, argv[1], out, &n_markers, &no_markers)) {
    fprintf (stderr, "chairside-tool deidentify: without the markers: %s\n", no_markers->message);
    return CHS_TOOL_FINDINGS;
  }
  if (n_markers > 0)
    fprintf (stderr, "markers: %u, %s their names\n", n_markers, keep_notes ? "with" : "without");
  if (!whole)
    fprintf (stderr, "chairside-tool deidentify: only a part: %s\n", error->message);
  return whole ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
}

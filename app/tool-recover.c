/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "data/store.h"

#include <stdio.h>

int
chs_tool_recover (int argc, char **argv)
{
  g_autofree char *out = NULL;
  const GOptionEntry entries[] = {
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "File to create; it must not be there", "SESSION" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  ChsStoreCheck check = { 0 };
  gboolean whole;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  if (out == NULL)
    return chs_tool_usage ("recover", "--out is missing");
  if (!chs_store_recover (argv[1], out, &check, &error))
    return chs_tool_refuse ("recover", error);
  whole = check.account[0] == '\0';
  fprintf (stderr, "%s", check.account);
  fprintf (stderr, "%s: %" G_GUINT64_FORMAT " events in %" G_GUINT64_FORMAT " blocks saved, %" G_GUINT64_FORMAT " blocks lost\n", out,
           check.events, check.blocks_ok, check.blocks_bad);
  chs_store_check_clear (&check);
  return whole ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
}

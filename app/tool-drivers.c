/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/event-json.h"
#include "devices/driver.h"

#include <stdio.h>

static const char *const kinds[] = { [CHS_KIND_MONITOR] = "monitor", [CHS_KIND_PUMP] = "pump" };

static const char *const accesses[] = {
  [CHS_ACCESS_LISTEN] = "listen",
  [CHS_ACCESS_QUERY] = "query",
  [CHS_ACCESS_NEVER] = "never",
};

static const char *const proofs[] = {
  [CHS_PROOF_RECORDING] = "recording",
  [CHS_PROOF_DOCUMENT] = "document",
  [CHS_PROOF_IMPLEMENTATION] = "implementation",
};

static const char *const proof_words[] = {
  [CHS_PROOF_RECORDING] = "bytes recorded from a real instrument",
  [CHS_PROOF_DOCUMENT] = "the manufacturer's document",
  [CHS_PROOF_IMPLEMENTATION] = "other programs only",
};

static char *
dup_sends (const ChsDriver *driver)
{
  GString *sends = g_string_new (NULL);

  for (unsigned i = 0; i < driver->n_queries; i++)
    g_string_append_printf (sends, "%s%s", i == 0 ? "" : ", ", driver->queries[i].name);
  return g_string_free (sends, FALSE);
}

static void
print_json (const ChsDriver *driver)
{
  g_autoptr (GString) line = g_string_new ("{");

  chs_json_text (line, "id", driver->id);
  chs_json_text (line, "label", driver->label);
  chs_json_text (line, "kind", kinds[driver->kind]);
  chs_json_text (line, "gives", driver->gives);
  chs_json_text (line, "access", accesses[driver->access]);
  chs_json_text (line, "line", driver->line);
  chs_json_key (line, "sends");
  g_string_append_c (line, '[');
  for (unsigned i = 0; i < driver->n_queries; i++) {
    if (i > 0)
      g_string_append_c (line, ',');
    chs_json_quote (line, driver->queries[i].name);
  }
  g_string_append_c (line, ']');
  chs_json_text (line, "proof", proofs[driver->proof]);
  chs_json_text (line, "source", driver->source);
  chs_json_number (line, "silence_ms", driver->silence_ms);
  puts (g_string_append_c (line, '}')->str);
}

static void
print_words (const ChsDriver *driver)
{
  g_autofree char *sends = dup_sends (driver);

  printf ("%s  %s\n", driver->id, driver->label);
  printf ("  gives   %s\n", driver->gives);
  printf ("  line    %s\n", driver->line);
  if (driver->access == CHS_ACCESS_LISTEN)
    printf ("  sends   nothing; the port is opened read-only\n");
  else if (driver->access == CHS_ACCESS_NEVER)
    printf ("  sends   nothing; decoder only, because the instrument works on command and Chairside never commands\n");
  else
    printf ("  sends   %s (chairside-tool tx-ledger %s shows the bytes)\n", sends, driver->id);
  printf ("  proven  by %s: %s\n\n", proof_words[driver->proof], driver->source);
}

int
chs_tool_drivers (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_JSON (&json),
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status))
    return status;
  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++)
    if (json)
      print_json (*driver);
    else
      print_words (*driver);
  return CHS_TOOL_DONE;
}

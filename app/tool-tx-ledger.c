/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/event-json.h"
#include "devices/driver.h"

#include <stdio.h>
#include <string.h>

/* All that can ever be sent: the very tables that devices/tx-guard.c matches against. */

static void
append_byte (GString *text, guint8 byte)
{
  if (g_ascii_isprint (byte) && byte != '<' && byte != '>' && byte != '\\')
    g_string_append_c (text, (char) byte);
  else
    g_string_append_printf (text, "\\x%02X", byte);
}

static void
append_span (GString *text, const ChsPart *part, const char *what)
{
  if (part->n == part->max)
    g_string_append_printf (text, "<%u %s", part->n, what);
  else
    g_string_append_printf (text, "<%u to %u %s", part->n, part->max, what);
}

static void
append_part (GString *text, const ChsPart *part)
{
  switch (part->kind) {
  case CHS_PART_BYTES:
    for (guint i = 0; i < part->n; i++)
      append_byte (text, (guint8) part->bytes[i]);
    break;
  case CHS_PART_DIGITS:
    append_span (text, part, "digits>");
    break;
  case CHS_PART_TEXT:
    append_span (text, part, "of \"");
    for (const char *c = part->bytes; *c != '\0'; c++)
      append_byte (text, (guint8) *c);
    g_string_append (text, "\">");
    break;
  case CHS_PART_RANGE:
    g_string_append_printf (text, "<one byte %02X to %02X>", part->n, part->max);
    break;
  case CHS_PART_ANY:
    g_string_append_printf (text, "<%u bytes>", part->n);
    break;
  case CHS_PART_END:
  default:
    break;
  }
}

static char *
dup_pattern (const ChsQuery *query)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < CHS_QUERY_PARTS && query->parts[i].kind != CHS_PART_END; i++)
    append_part (text, &query->parts[i]);
  return g_string_free (text, FALSE);
}

static void
print_query (const ChsDriver *driver, const ChsQuery *query, gboolean json)
{
  g_autofree char *pattern = dup_pattern (query);
  g_autoptr (GString) line = g_string_new ("{");

  if (!json) {
    printf ("  %-16s %s\n  %-16s %s\n", query->name, pattern, "", query->note);
    return;
  }
  chs_json_text (line, "driver", driver->id);
  chs_json_text (line, "query", query->name);
  chs_json_text (line, "pattern", pattern);
  chs_json_text (line, "note", query->note);
  puts (g_string_append_c (line, '}')->str);
}

/* A driver that sends nothing is a line too: nothing left out is nothing hidden. */
static void
print_driver (const ChsDriver *driver, gboolean json)
{
  g_autoptr (GString) line = g_string_new ("{");

  if (!json)
    printf ("%s%s\n", driver->id, driver->n_queries > 0 ? "" : ": nothing is ever sent");
  for (guint i = 0; i < driver->n_queries; i++)
    print_query (driver, &driver->queries[i], json);
  if (!json || driver->n_queries > 0)
    return;
  chs_json_text (line, "driver", driver->id);
  chs_json_text (line, "query", NULL);
  puts (g_string_append_c (line, '}')->str);
}

int
chs_tool_tx_ledger (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON object a line", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 1, &status))
    return status;
  if (argc > 1 && chs_driver_find (argv[1]) == NULL)
    return chs_tool_usage (argv[0], "there is no driver \"%s\"; see chairside-tool drivers", argv[1]);
  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++)
    if (argc < 2 || strcmp ((*driver)->id, argv[1]) == 0)
      print_driver (*driver, json);
  return CHS_TOOL_DONE;
}

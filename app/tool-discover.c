/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/event-json.h"
#include "devices/discover.h"

#include <stdio.h>

#define SECONDS_DEFAULT 4 /* most instruments that talk unasked do so every 1 or 2 s */
#define SECONDS_MAX 3600

static void
print_json (const ChsDiscovery *found)
{
  g_autoptr (GString) line = g_string_new ("{");

  chs_json_text (line, "driver", found->driver->id);
  chs_json_number (line, "score", found->score);
  chs_json_text (line, "line", found->line);
  chs_json_text (line, "label", found->driver->label);
  puts (g_string_append_c (line, '}')->str);
}

static void
print_nothing (const char *address, gsize n_heard)
{
  if (n_heard == 0)
    fprintf (stderr,
             "chairside-tool discover: nothing was heard at %s. An instrument that speaks only when asked cannot be found by "
             "listening; else check that it is on, that its output is switched on in its menu, and the cable (straight or "
             "crossed).\n",
             address);
  else
    fprintf (stderr,
             "chairside-tool discover: %" G_GSIZE_FORMAT " bytes were heard at %s, of no instrument that is known. Wrong line "
             "settings give such noise: try another with ?9600/8n1 and the like behind the address.\n",
             n_heard, address);
}

int
chs_tool_discover (int argc, char **argv)
{
  gboolean json = FALSE;
  int seconds = SECONDS_DEFAULT;
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_JSON (&json),
    { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long to listen at each line setting", "S" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GArray) found = NULL;
  g_autoptr (GError) error = NULL;
  ChsSystemClock clock;
  gsize n_heard;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 1, 1, &status))
    return status;
  if (seconds < 1 || seconds > SECONDS_MAX)
    return chs_tool_usage (argv[0], "--seconds must be 1 to %d", SECONDS_MAX);
  chs_system_clock_init (&clock, g_get_monotonic_time ());
  found = chs_discover_listen (argv[1], (guint) seconds * 1000, &clock.clock, NULL, &n_heard, &error);
  if (found == NULL)
    return chs_tool_refuse (argv[0], error);
  for (guint i = 0; i < found->len; i++) {
    const ChsDiscovery *one = &g_array_index (found, ChsDiscovery, i);

    if (json)
      print_json (one);
    else
      printf ("%3d %%  %-20s %-16s %s\n", one->score, one->driver->id, one->line, one->driver->label);
  }
  if (found->len == 0)
    print_nothing (argv[1], n_heard);
  return found->len > 0 ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
}

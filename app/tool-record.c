/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/monitor.h"
#include "app/replay.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

/* The alarm log of a live run, in the words of the replay: the two can be compared byte for byte. */
static void
on_event (const ChsEvent *event, gpointer user_data)
{
  ChsMonitor *monitor = user_data;
  g_autoptr (GString) line = g_string_new (NULL);

  if (event->type != CHS_EVENT_ALARM)
    return;
  chs_alarm_to_json (chs_monitor_get_profile (monitor), event, line);
  fputs (line->str, stdout);
  fflush (stdout);
}

static const ChsMonitorObserver observer = { .event = on_event };

static gboolean
on_end (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
run (double duration_s)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_unix_signal_add (SIGTERM, on_end, loop);
  g_unix_signal_add (SIGINT, on_end, loop);
  if (duration_s > 0)
    g_timeout_add ((guint) (duration_s * 1000), on_end, loop);
  g_main_loop_run (loop);
}

int
chs_tool_record (int argc, char **argv)
{
  g_autofree char *config_path = NULL, *out = NULL;
  double duration_s = 0;
  gboolean no_sound = FALSE;
  const GOptionEntry entries[] = {
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &config_path, "The chair's configuration", "FILE" },
    { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Folder for the recording", "DIR" },
    { "duration", 0, 0, G_OPTION_ARG_DOUBLE, &duration_s, "End after so many seconds; otherwise with Ctrl-C", "S" },
    { "no-sound", 0, 0, G_OPTION_ARG_NONE, &no_sound, "Open no sound device", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsChairConfig) config = NULL;
  g_autoptr (ChsMonitor) monitor = NULL;
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status))
    return status;
  if (config_path == NULL || out == NULL)
    return chs_tool_usage (argv[0], "--config and --out are needed");
  config = chs_chair_config_load (config_path, &error);
  if (config == NULL || !chs_chair_config_check_ports (config, &error))
    return chs_tool_refuse (argv[0], error);
  monitor = chs_monitor_new (
      config, &(ChsMonitorOptions){ .recordings = out, .no_sound = no_sound, .new_session = TRUE }, NULL, &error);
  if (monitor == NULL)
    return chs_tool_refuse (argv[0], error);
  chs_monitor_observe (monitor, &observer, monitor);
  chs_monitor_start (monitor);
  fprintf (stderr, "recording %s\n", chs_monitor_get_recording (monitor));
  run (duration_s);
  return chs_monitor_get_recording (monitor)[0] != '\0' ? CHS_TOOL_DONE : CHS_TOOL_FINDINGS;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-config.h"
#include "app/client.h"
#include "app/monitor-service.h"
#include "app/sd-notify.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

/* chairsided: the monitor of one chair. Exit status as chairside-tool: 2 usage, 3 configuration refused. */

#define EXIT_USAGE 2
#define EXIT_REFUSED 3

static char *config_path, *socket_path, *recordings;
static gboolean no_sound, new_session, show_version;

static const GOptionEntry entries[] = {
  { "config", 0, 0, G_OPTION_ARG_FILENAME, &config_path, "The chair's configuration", "FILE" },
  { "socket", 0, 0, G_OPTION_ARG_FILENAME, &socket_path, "Listen here for screens", "PATH" },
  { "recordings", 0, 0, G_OPTION_ARG_FILENAME, &recordings, "Folder of the recordings", "DIR" },
  { "no-sound", 0, 0, G_OPTION_ARG_NONE, &no_sound, "Open no sound device (a technical alarm says so)", NULL },
  { "new-session", 0, 0, G_OPTION_ARG_NONE, &new_session, "Do not go on with an interrupted session", NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, &show_version, "Print the version", NULL },
  G_OPTION_ENTRY_NULL,
};

static gboolean
on_stop_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

/* From the context that the engine works in: when it stands still, systemd restarts us and the session is resumed. */
static gboolean
on_watchdog (gpointer user_data G_GNUC_UNUSED)
{
  chs_sd_notify ("WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

static void
run (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint64 watchdog_us = chs_sd_watchdog_us ();

  g_unix_signal_add (SIGTERM, on_stop_signal, loop);
  g_unix_signal_add (SIGINT, on_stop_signal, loop);
  g_unix_signal_add (SIGHUP, on_stop_signal, loop);
  if (watchdog_us > 0)
    g_timeout_add ((guint) (watchdog_us / 1000), on_watchdog, NULL);
  chs_sd_notify ("READY=1\nSTATUS=Watching");
  g_main_loop_run (loop);
  chs_sd_notify ("STOPPING=1");
}

static int
refuse (const GError *error)
{
  fprintf (stderr, "chairsided: %s\n", error->message);
  return EXIT_REFUSED;
}

static int
serve (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsChairConfig) config = chs_chair_config_load (config_path, &error);
  g_autoptr (ChsMonitor) monitor = NULL;
  g_autoptr (ChsMonitorService) service = NULL;
  const ChsMonitorOptions options = { .recordings = recordings, .no_sound = no_sound, .new_session = new_session };
  g_autofree char *path = NULL;

  if (config == NULL)
    return refuse (error);
  if (!chs_chair_config_check_ports (config, &error))
    g_warning ("%s", error->message);
  g_clear_error (&error);
  monitor = chs_monitor_new (config, &options, NULL, &error);
  if (monitor == NULL)
    return refuse (error);
  path = socket_path != NULL      ? g_strdup (socket_path)
         : config->socket != NULL ? g_strdup (config->socket)
                                  : chs_socket_dup_path ();
  /* Before the instruments are opened: a second monitor of a chair must not touch them. */
  service = chs_monitor_service_new (monitor, path, &error);
  if (service == NULL)
    return refuse (error);
  chs_monitor_start (monitor);
  run ();
  chs_monitor_stop (monitor);
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- the monitor of one infusion chair");
  g_autoptr (GError) error = NULL;

  setlocale (LC_CTYPE, "");
  g_log_writer_default_set_use_stderr (TRUE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    fprintf (stderr, "chairsided: %s\n", error->message);
    return EXIT_USAGE;
  }
  if (show_version) {
    puts ("chairsided " CHS_VERSION);
    return EXIT_SUCCESS;
  }
  if (config_path == NULL || argc > 1) {
    fputs ("usage: chairsided --config=FILE [--socket=PATH] [--recordings=DIR] [--no-sound] [--new-session]\n", stderr);
    return EXIT_USAGE;
  }
  return serve ();
}

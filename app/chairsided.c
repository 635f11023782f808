/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-config.h"
#include "app/client.h"
#include "app/lockdown.h"
#include "app/monitor-service.h"
#include "app/sd-notify.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
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

typedef struct {
  GMainLoop *loop;
  gboolean begins_anew; /* a new configuration was taken */
} Life;

static gboolean
on_stop_signal (gpointer user_data)
{
  g_main_loop_quit (((Life *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

/* From the context that the engine works in: when it stands still, systemd restarts us and the session is resumed. */
static gboolean
on_watchdog (gpointer user_data G_GNUC_UNUSED)
{
  chs_sd_notify ("WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

static gboolean
begin_anew (gpointer user_data)
{
  Life *life = user_data;

  life->begins_anew = TRUE;
  g_main_loop_quit (life->loop);
  return G_SOURCE_REMOVE;
}

/* Not at once: the answer to whoever asked for it goes out first. */
static void
on_restart (gpointer user_data)
{
  g_timeout_add (200, begin_anew, user_data);
}

static int
refuse (const GError *error)
{
  fprintf (stderr, "chairsided: %s\n", error->message);
  return EXIT_REFUSED;
}

static char *
dup_socket_path (const ChsChairConfig *config)
{
  if (socket_path != NULL)
    return g_strdup (socket_path);
  return config->socket != NULL ? g_strdup (config->socket) : chs_socket_dup_path ();
}

/* One configuration, until the end or until there is another one. */
static int
serve (Life *life)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsChairConfig) config = chs_chair_config_load (config_path, &error);
  const ChsMonitorOptions options = { .recordings = recordings, .no_sound = no_sound, .new_session = new_session };
  g_autoptr (ChsMonitor) monitor = NULL;
  g_autoptr (ChsAdmin) admin = NULL;
  g_autoptr (ChsMonitorService) service = NULL;
  g_autofree char *path = NULL;

  if (config == NULL)
    return refuse (error);
  if (!chs_chair_config_check_ports (config, &error))
    g_warning ("%s", error->message);
  g_clear_error (&error);
  monitor = chs_monitor_new (config, &options, NULL, &error);
  if (monitor == NULL)
    return refuse (error);
  path = dup_socket_path (config);
  /* Before the instruments are opened: a second monitor of a chair must not touch them. */
  service = chs_monitor_service_new (monitor, path, &error);
  if (service == NULL)
    return refuse (error);
  chs_monitor_start (monitor);
  admin = chs_admin_new (monitor, config, on_restart, life);
  chs_monitor_service_set_admin (service, admin);
  chs_sd_notify ("READY=1\nSTATUS=Watching");
  g_main_loop_run (life->loop);
  chs_monitor_stop (monitor);
  /* Callers first, then what they call. */
  g_clear_pointer (&service, chs_monitor_service_free);
  return EXIT_SUCCESS;
}

/* A new configuration that was taken but cannot be served gives way to the one before: a chair that does not start is
 * worse than one that was not changed. */
static gboolean
put_back (void)
{
  g_autofree char *kept = g_strconcat (config_path, ".before", NULL);

  if (g_rename (kept, config_path) != 0)
    return FALSE;
  g_warning ("the new configuration cannot be served: the one before is back");
  return TRUE;
}

static int
run (void)
{
  Life life = { .loop = g_main_loop_new (NULL, FALSE) };
  guint64 watchdog_us = chs_sd_watchdog_us ();
  int status = EXIT_SUCCESS;
  gboolean was_taken;

  g_unix_signal_add (SIGTERM, on_stop_signal, &life);
  g_unix_signal_add (SIGINT, on_stop_signal, &life);
  g_unix_signal_add (SIGHUP, on_stop_signal, &life);
  if (watchdog_us > 0)
    g_timeout_add ((guint) (watchdog_us / 1000), on_watchdog, NULL);
  do {
    was_taken = life.begins_anew;
    life.begins_anew = FALSE;
    status = serve (&life);
    life.begins_anew |= status == EXIT_REFUSED && was_taken && put_back ();
  } while (life.begins_anew);
  chs_sd_notify ("STOPPING=1");
  g_main_loop_unref (life.loop);
  return status;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- the monitor of one infusion chair");
  g_autoptr (GError) error = NULL;

  chs_lockdown_process ();
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
  return run ();
}

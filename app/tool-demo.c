/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/demo.h"

#include <glib-unix.h>

#include <stdio.h>

typedef struct {
  GMainLoop *loop;
  gboolean   has_view; /* the view has the terminal: nothing else is printed */
  int        status;
} Demo;

static void
on_say (const char *text, gpointer user_data)
{
  Demo *self = user_data;

  if (self->has_view)
    return;
  printf ("» %s\n", text);
  fflush (stdout);
}

static void
on_ended (const char *program, gpointer user_data)
{
  Demo *self = user_data;

  g_printerr ("chairside-tool: demo: %s has ended\n", program);
  self->status = CHS_TOOL_FINDINGS;
  g_main_loop_quit (self->loop);
}

static gboolean
on_quit (gpointer user_data)
{
  g_main_loop_quit (((Demo *) user_data)->loop);
  return G_SOURCE_CONTINUE;
}

static void
on_view_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Demo *self = user_data;

  if (g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, NULL) == FALSE)
    self->status = CHS_TOOL_FINDINGS;
  g_main_loop_quit (self->loop);
}

/* The screen, or the view of the terminal. */
static GSubprocess *
start_view (const ChsDemo *demo, gboolean screen, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_INHERIT);
  g_autofree char *program = chs_program_dup_path (screen ? "chairside" : "chairside-tool");
  const char *argv[] = { program, screen ? NULL : "watch", NULL };

  g_subprocess_launcher_setenv (launcher, "CHAIRSIDE_SOCKET", chs_demo_get_socket (demo), TRUE);
  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

int
chs_tool_demo (int argc, char **argv)
{
  g_autofree char *scenario = NULL;
  gboolean screen = FALSE, bare = FALSE;
  int seconds = 0, status;
  const GOptionEntry entries[] = {
    { "scenario", 0, 0, G_OPTION_ARG_STRING, &scenario, "Scenario to show (demo-magnesium)", "NAME|FILE" },
    { "screen", 0, 0, G_OPTION_ARG_NONE, &screen, "Show it on the screen program instead of the terminal", NULL },
    { "bare", 0, 0, G_OPTION_ARG_NONE, &bare, "Show nothing; print the socket and what happens", NULL },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "End after so many seconds", "N" },
    G_OPTION_ENTRY_NULL,
  };
  Demo self = { .status = CHS_TOOL_DONE };
  g_autoptr (ChsDemo) demo = NULL;
  g_autoptr (GSubprocess) view = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (GError) error = NULL;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status))
    return status;
  self.loop = loop = g_main_loop_new (NULL, FALSE);
  self.has_view = !bare;
  demo = chs_demo_new (scenario, on_say, on_ended, &self, &error);
  if (demo == NULL)
    return chs_tool_refuse (argv[0], error);
  if (bare) {
    printf ("socket %s\n", chs_demo_get_socket (demo));
    fflush (stdout);
  } else {
    view = start_view (demo, screen, &error);
    if (view == NULL)
      return chs_tool_refuse (argv[0], error);
    g_subprocess_wait_async (view, NULL, on_view_ended, &self);
  }
  g_unix_signal_add (SIGTERM, on_quit, &self);
  g_unix_signal_add (SIGINT, on_quit, &self);
  g_unix_signal_add (SIGHUP, on_quit, &self);
  if (seconds > 0)
    g_timeout_add_seconds ((guint) seconds, on_quit, &self);
  g_main_loop_run (loop);
  if (view != NULL)
    g_subprocess_send_signal (view, SIGTERM);
  return self.status;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tool.h"

#include "app/chair-model.h"
#include "app/client.h"
#include "app/event-json.h"
#include "app/replay.h"
#include "app/terminal.h"
#include "app/text-view.h"

#include <glib-unix.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Attaches to a running monitor and shows what it journals: as the chair in the
 * terminal, or as JSON. */

#define FRAME_MS 1000       /* between frames in a terminal; an alarm is shown at once */
#define PLAIN_FRAME_MS 5000 /* and in a pipe */

typedef struct {
  GMainLoop *loop;
  ChsClient *client;
  ChsProfile *profile;   /* of the session, for the texts of alarms */
  ChsChairModel *model;  /* NULL with JSON, or before the session's profile is known */
  ChsTerminal *terminal; /* NULL with JSON */
  gboolean json;
  gboolean once;
  gint64 until_us; /* with @once: session time up to which events are wanted; CHS_TIME_NONE = not live yet */
  int status;
} Watch;

/* ---- showing ---- */

static char *
render (const Watch *watch)
{
  const char *message = chs_client_get_message (watch->client);
  int width, height;

  if (chs_client_get_state (watch->client) == CHS_CLIENT_LOST)
    return g_strdup_printf ("MONITOR STOPPED\n\n%s\n\nWatch the instruments themselves.", message);
  if (watch->model == NULL)
    return g_strdup_printf ("Waiting for the monitor.\n%s", message);
  chs_terminal_get_size (watch->terminal, &width, &height);
  return chs_text_view_render (watch->model, width, height, chs_client_get_now_us (watch->client),
                               chs_terminal_is_live (watch->terminal));
}

static void
show (Watch *watch)
{
  g_autofree char *frame = watch->terminal != NULL ? render (watch) : NULL;

  if (frame != NULL)
    chs_terminal_show (watch->terminal, frame);
}

static gboolean
on_frame (gpointer user_data)
{
  show (user_data);
  return G_SOURCE_CONTINUE;
}

static void
print_json (const Watch *watch, const ChsEvent *event)
{
  g_autoptr (GString) line = g_string_new (NULL);

  if (event->type != CHS_EVENT_ALARM)
    chs_event_to_json (event, line);
  else if (watch->profile != NULL)
    chs_alarm_to_json (watch->profile, event, line);
  fputs (line->str, stdout);
  fflush (stdout);
}

/* ---- the journal ---- */

/* The profile of a session is its first event: here a session begins. */
static void
begin_session (Watch *watch, const ChsConfigText *config)
{
  g_autoptr (GError) error = NULL;
  ChsProfile *profile = chs_profile_parse_recorded (config->text, config->n, "profile of the session", &error);

  if (profile == NULL) {
    fprintf (stderr, "chairside-tool watch: %s\n", error->message);
    return;
  }
  g_clear_pointer (&watch->profile, chs_profile_free);
  watch->profile = profile;
  if (watch->json)
    return;
  g_clear_pointer (&watch->model, chs_chair_model_free);
  watch->model = chs_chair_model_new (profile);
}

static void
on_event (ChsClient *client G_GNUC_UNUSED, const ChsEvent *event, gpointer user_data)
{
  Watch *watch = user_data;

  if (event->type == CHS_EVENT_CONFIG && strcmp (event->config.name, "profile") == 0)
    begin_session (watch, &event->config);
  if (watch->json)
    print_json (watch, event);
  if (watch->model != NULL)
    chs_chair_model_feed (watch->model, event);
  if (watch->until_us == CHS_TIME_NONE)
    return;
  if (watch->once && event->t_us >= watch->until_us) {
    show (watch);
    g_main_loop_quit (watch->loop);
  } else if (event->type == CHS_EVENT_ALARM && !watch->once) {
    show (watch);
  }
}

static void
on_state_changed (ChsClient *client, GParamSpec *pspec G_GNUC_UNUSED, Watch *watch)
{
  ChsClientState state = chs_client_get_state (client);

  if (state == CHS_CLIENT_LIVE)
    watch->until_us = chs_client_get_now_us (client);
  if (!watch->once)
    show (watch);
  if (state != CHS_CLIENT_LOST)
    return;
  if (watch->json || watch->once)
    fprintf (stderr, "chairside-tool watch: %s\n", chs_client_get_message (client));
  if (watch->once) {
    watch->status = CHS_TOOL_REFUSED;
    g_main_loop_quit (watch->loop);
  }
}

/* ---- keys ---- */

static const struct {
  char key;
  guint8 action;
  const char *value; /* key of the profile that the value is of; NULL = none */
} keys[] = {
  { 'a', CHS_NURSE_ACK, NULL },
  { 'p', CHS_NURSE_AUDIO_PAUSE, "alarm.audio_pause" },
  { 's', CHS_NURSE_AUDIO_PAUSE, "alarm.audio_pause" },
  { 'm', CHS_NURSE_MARK, NULL },
};

static void
on_key (char key, gpointer user_data)
{
  Watch *watch = user_data;

  if (key == 'q')
    g_main_loop_quit (watch->loop);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    ChsNurse nurse = { .action = keys[i].action, .value = NAN, .at_us = CHS_TIME_NONE };

    if (keys[i].key != key || watch->profile == NULL)
      continue;
    if (keys[i].value != NULL)
      nurse.value = chs_profile_get (watch->profile, keys[i].value);
    chs_client_nurse (watch->client, &nurse);
  }
}

static gboolean
on_end (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
start_frames (Watch *watch)
{
  if (watch->json)
    return;
  watch->terminal = chs_terminal_new (on_key, watch);
  if (!watch->once)
    g_timeout_add (chs_terminal_is_live (watch->terminal) ? FRAME_MS : PLAIN_FRAME_MS, on_frame, watch);
}

static void
clear (Watch *watch)
{
  g_clear_object (&watch->client);
  g_clear_pointer (&watch->terminal, chs_terminal_free);
  g_clear_pointer (&watch->model, chs_chair_model_free);
  g_clear_pointer (&watch->profile, chs_profile_free);
  g_clear_pointer (&watch->loop, g_main_loop_unref);
}

int
chs_tool_watch (int argc, char **argv)
{
  g_autofree char *socket_path = NULL;
  gboolean is_screen = FALSE;
  Watch watch = { .until_us = CHS_TIME_NONE, .status = CHS_TOOL_DONE };
  const GOptionEntry entries[] = {
    CHS_TOOL_OPTION_SOCKET (&socket_path),
    { "once", 0, 0, G_OPTION_ARG_NONE, &watch.once, "Up to now, then end", NULL },
    { "screen", 0, 0, G_OPTION_ARG_NONE, &is_screen, "This is the chair's screen: its loss is an alarm", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &watch.json, "Every event as a JSON object, one a line", NULL },
    G_OPTION_ENTRY_NULL,
  };
  int status;

  if (!chs_tool_parse (&argc, &argv, entries, 0, 0, &status))
    return status;
  watch.loop = g_main_loop_new (NULL, FALSE);
  watch.client = is_screen ? chs_client_new (socket_path, on_event, &watch)
                           : chs_client_new_observer (socket_path, on_event, &watch);
  g_signal_connect (watch.client, "notify::state", G_CALLBACK (on_state_changed), &watch);
  start_frames (&watch);
  g_unix_signal_add (SIGTERM, on_end, watch.loop);
  g_unix_signal_add (SIGINT, on_end, watch.loop);
  g_main_loop_run (watch.loop);
  clear (&watch);
  return watch.status;
}

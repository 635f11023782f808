/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/live.h"

#include "app/annunciator.h"
#include "app/client.h"
#include "data/clock.h"
#include "ui/monitor-child.h"
#include "ui/say.h"

#include <glib/gi18n.h>

/* A monitor that is just being started may take so long; after that its absence is an alarm
 * (shared/alarm-standard.md 4.5: each shows the loss of the other within 5 s). The client itself waits 3 s. */
#define FIRST_CONNECT_MS 4000

#define MACHINE_S 10 /* settings and health are asked for so often */

struct _ChsLive {
  ChsScene  *scene;
  ChsWindow *window;
  ChsClient *client;

  ChsSystemClock  clock;
  ChsAnnunciator *annunciator; /* only while the monitor is lost */
  guint           patience_id;
  guint           machine_id;
  gboolean        was_live;
};

/* ---- up ---- */

static gboolean
send_nurse (gpointer user_data, const ChsNurse *nurse)
{
  return chs_client_nurse (((ChsLive *) user_data)->client, nurse);
}

static gboolean
send_setup (gpointer user_data, const ChsSetup *keys, gsize n)
{
  return chs_client_setup_all (((ChsLive *) user_data)->client, keys, n);
}

static gboolean
send_new_session (gpointer user_data)
{
  return chs_client_new_session (((ChsLive *) user_data)->client);
}

static gboolean
ask_admin (gpointer user_data, const char *method, GVariant *args, ChsSceneAnswer answer, gpointer answer_data)
{
  return chs_client_ask_admin (((ChsLive *) user_data)->client, method, args, answer, answer_data);
}

static gboolean
ask_links (gpointer user_data)
{
  return chs_client_ask_links (((ChsLive *) user_data)->client);
}

static int64_t
get_now_us (gpointer user_data)
{
  return chs_client_get_now_us (((ChsLive *) user_data)->client);
}

static const ChsSceneActions actions = {
  .nurse = send_nurse,
  .setup = send_setup,
  .new_session = send_new_session,
  .links = ask_links,
  .admin = ask_admin,
  .now_us = get_now_us,
};

static void
on_refused (ChsLive *self, const char *message)
{
  g_autofree char *why = chs_say_reason (message);
  /* Translators: the monitor did not accept what was entered; its reason follows */
  g_autofree char *text = g_strdup_printf (_("Not entered: %s"), why);

  chs_window_tell (self->window, text);
}

/* ---- down ---- */

static void
on_event (ChsClient *client, const ChsEvent *event, gpointer user_data)
{
  ChsLive *self = user_data;

  if (event->seq == 1)
    chs_scene_renew (self->scene);
  chs_scene_feed (self->scene, event);
}

/* ---- lost and found ---- */

static void
sound_loss (ChsLive *self, gboolean is_lost)
{
  ChsSoundSettings settings;

  if (!is_lost) {
    g_clear_object (&self->annunciator);
    return;
  }
  if (self->annunciator)
    return;

  chs_sound_settings_init (&settings);
  self->annunciator = chs_annunciator_new (&settings, &chs_player_alsa, &self->clock.clock, NULL, NULL, NULL);
  chs_annunciator_set_lost (self->annunciator, TRUE);
}

/* What a technician needs to know; for the nurse the red page says enough. */
static char *
loss_words (ChsLive *self)
{
  g_autofree char *config = chs_monitor_child_find_config ();

  if (self->was_live || config)
    return chs_say_reason (chs_client_get_message (self->client));

  return g_strdup_printf (_("No monitor runs here, and no configuration of a chair was found in %s. For a chair with "
                            "simulated instruments start: chairside --demo"), "/etc/chairside/chair.ini");
}

static gboolean on_ask_machine (gpointer user_data);

static void
show_loss (ChsLive *self)
{
  gboolean         is_live = chs_client_get_state (self->client) == CHS_CLIENT_LIVE;
  g_autofree char *why = loss_words (self);

  self->was_live |= is_live;

  g_clear_handle_id (&self->patience_id, g_source_remove);
  chs_scene_set_actions (self->scene, is_live ? &actions : NULL, self);
  chs_window_set_stopped (self->window, is_live ? NULL : why);
  sound_loss (self, !is_live);
  if (is_live)
    on_ask_machine (self);
}

static gboolean
on_patience_over (gpointer user_data)
{
  ChsLive *self = user_data;

  self->patience_id = 0;
  show_loss (self);

  return G_SOURCE_REMOVE;
}

static void
on_state (ChsLive *self)
{
  switch (chs_client_get_state (self->client)) {
  case CHS_CLIENT_LIVE:
  case CHS_CLIENT_LOST:
    show_loss (self);
    break;
  case CHS_CLIENT_CONNECTING:
  default:
    break;
  }
}

/* ---- the chair as a machine ---- */

/* Answers hold the scene and nothing else: they may come after the end. */
static void
on_settings (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsScene) scene = user_data;
  const char          *json;

  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(s)")))
    return;
  g_variant_get (answer, "(&s)", &json);
  chs_scene_take_settings (scene, json);
}

static void
on_health (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsScene) scene = user_data;
  const char          *json;

  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(s)")))
    return;
  g_variant_get (answer, "(&s)", &json);
  chs_scene_take_health (scene, json);
}

static gboolean
on_ask_machine (gpointer user_data)
{
  ChsLive *self = user_data;

  if (chs_client_get_state (self->client) == CHS_CLIENT_LIVE) {
    chs_scene_ask_admin (self->scene, "Settings", NULL, on_settings, g_object_ref (self->scene));
    chs_scene_ask_admin (self->scene, "Health", NULL, on_health, g_object_ref (self->scene));
  }

  return G_SOURCE_CONTINUE;
}

/* ---- life ---- */

ChsLive *
chs_live_new (ChsScene *scene, ChsWindow *window, const char *socket_path)
{
  ChsLive *self = g_new0 (ChsLive, 1);

  self->scene = g_object_ref (scene);
  self->window = window;
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &self->window);
  chs_system_clock_init (&self->clock, 0);
  self->client = chs_client_new (socket_path, on_event, self);
  g_signal_connect_swapped (self->client, "notify::state", G_CALLBACK (on_state), self);
  g_signal_connect_swapped (self->client, "refused", G_CALLBACK (on_refused), self);
  g_signal_connect_object (self->client, "links", G_CALLBACK (chs_scene_take_links), scene, G_CONNECT_SWAPPED);
  self->patience_id = g_timeout_add (FIRST_CONNECT_MS, on_patience_over, self);
  self->machine_id = g_timeout_add_seconds (MACHINE_S, on_ask_machine, self);
  on_state (self);

  return self;
}

void
chs_live_set_window (ChsLive *self, ChsWindow *window)
{
  if (self->window)
    g_object_remove_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  self->window = window;
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &self->window);
  on_state (self);
}

void
chs_live_free (ChsLive *self)
{
  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_handle_id (&self->machine_id, g_source_remove);
  chs_scene_set_actions (self->scene, NULL, NULL);
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_object_unref (self->client);
  g_clear_object (&self->annunciator);
  if (self->window)
    g_object_remove_weak_pointer (G_OBJECT (self->window), (gpointer *) &self->window);
  g_object_unref (self->scene);
  g_free (self);
}

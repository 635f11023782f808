/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/transport.h"

#include "ui/key.h"
#include "ui/say.h"
#include "ui/scrub-bar.h"

#include <glib/gi18n.h>

#define STEP_US G_USEC_PER_SEC

struct _ChsTransport {
  ChsView parent_instance;

  ChsReplayer *replayer;
  GtkWidget   *scrub;
  GtkWidget   *keys;
  ChsKey      *play;
  ChsKey      *speed;

  guint  tick_id;
  gint64 frame_us;
};

G_DEFINE_FINAL_TYPE (ChsTransport, chs_transport, CHS_TYPE_VIEW)

/* ---- playing ---- */

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  ChsTransport *self = CHS_TRANSPORT (widget);
  gint64        now_us = gdk_frame_clock_get_frame_time (clock);
  gint64        dt_us = self->frame_us ? now_us - self->frame_us : 0;

  self->frame_us = now_us;
  chs_replayer_advance (self->replayer, dt_us);

  return G_SOURCE_CONTINUE;
}

static void
follow_frames (ChsTransport *self, gboolean follow)
{
  if (follow && self->tick_id == 0) {
    self->frame_us = 0;
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, NULL, NULL);
  } else if (!follow && self->tick_id != 0) {
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
    self->tick_id = 0;
  }
}

static char *
speed_words (double speed)
{
  if (speed <= CHS_REPLAY_MAX)
    /* Translators: speed of a replay: as fast as it goes */
    return g_strdup (_("max"));
  if (speed < 0.4)
    return g_strdup ("×¼");
  if (speed < 0.9)
    return g_strdup ("×½");

  return g_strdup_printf ("×%.0f", speed);
}

static void
on_changed (ChsTransport *self)
{
  gboolean         is_playing = chs_replayer_is_playing (self->replayer);
  g_autofree char *speed = speed_words (chs_replayer_get_speed (self->replayer));

  chs_key_set_title (self->play, is_playing ? "❚❚" : "▶");
  chs_key_set_hint (self->play, is_playing ? _("Pause") : _("Play"));
  chs_key_set_title (self->speed, speed);
  follow_frames (self, is_playing);
}

/* ---- keys ---- */

static void
on_start (ChsTransport *self)
{
  chs_replayer_seek (self->replayer, 0);
}

static void
on_previous_alarm (ChsTransport *self)
{
  chs_replayer_set_playing (self->replayer, FALSE);
  chs_replayer_seek_alarm (self->replayer, -1);
}

static void
on_next_alarm (ChsTransport *self)
{
  chs_replayer_set_playing (self->replayer, FALSE);
  chs_replayer_seek_alarm (self->replayer, 1);
}

static void
step (ChsTransport *self, int64_t by_us)
{
  chs_replayer_set_playing (self->replayer, FALSE);
  chs_replayer_seek (self->replayer, chs_replayer_get_position_us (self->replayer) + by_us);
}

static void
on_step_back (ChsTransport *self)
{
  step (self, -(int64_t) STEP_US);
}

static void
on_step (ChsTransport *self)
{
  step (self, STEP_US);
}

static void
on_play (ChsTransport *self)
{
  chs_replayer_set_playing (self->replayer, !chs_replayer_is_playing (self->replayer));
}

static void
on_slower (ChsTransport *self)
{
  chs_replayer_change_speed (self->replayer, -1);
}

static void
on_faster (ChsTransport *self)
{
  chs_replayer_change_speed (self->replayer, 1);
}

static void
on_max (ChsTransport *self)
{
  chs_replayer_set_speed (self->replayer, CHS_REPLAY_MAX);
}

static void
on_normal (ChsTransport *self)
{
  chs_replayer_set_speed (self->replayer, 1.0);
}

static gboolean
on_key (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  on_play (CHS_TRANSPORT (widget));

  return GDK_EVENT_STOP;
}

static ChsKey *
add_key (ChsTransport *self, const char *title, const char *hint, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  chs_key_set_hint (CHS_KEY (key), hint);
  gtk_widget_set_hexpand (key, TRUE);
  g_signal_connect_swapped (key, "clicked", callback, self);
  gtk_box_append (GTK_BOX (self->keys), key);

  return CHS_KEY (key);
}

static void
chs_transport_dispose (GObject *object)
{
  ChsTransport *self = CHS_TRANSPORT (object);

  follow_frames (self, FALSE);
  g_clear_object (&self->replayer);
  G_OBJECT_CLASS (chs_transport_parent_class)->dispose (object);
}

static void
chs_transport_class_init (ChsTransportClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chs_transport_dispose;
  gtk_widget_class_set_css_name (widget_class, "transport");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TOOLBAR);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_p, 0, on_key, NULL);
}

static void
chs_transport_init (ChsTransport *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  /* A timeline and the keys that move along it run left to right in every language. */
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
}

static void
add_keys (ChsTransport *self)
{
  self->keys = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_direction (self->keys, GTK_TEXT_DIR_LTR);
  gtk_box_set_homogeneous (GTK_BOX (self->keys), TRUE);
  gtk_widget_add_css_class (self->keys, "key-row");
  gtk_widget_set_parent (self->keys, GTK_WIDGET (self));

  /* Translators: keys of a replay, under a symbol; one short word each */
  add_key (self, "|◀", _("Start"), G_CALLBACK (on_start));
  add_key (self, "◀ !", _("Alarm before"), G_CALLBACK (on_previous_alarm));
  add_key (self, "◀", _("1 s back"), G_CALLBACK (on_step_back));
  self->play = add_key (self, "▶", _("Play"), G_CALLBACK (on_play));
  add_key (self, "▶", _("1 s on"), G_CALLBACK (on_step));
  add_key (self, "! ▶", _("Next alarm"), G_CALLBACK (on_next_alarm));
  add_key (self, "−", _("Slower"), G_CALLBACK (on_slower));
  self->speed = add_key (self, "×1", _("Speed"), G_CALLBACK (on_normal));
  add_key (self, "+", _("Faster"), G_CALLBACK (on_faster));
  add_key (self, "»", _("Full speed"), G_CALLBACK (on_max));
  gtk_widget_add_css_class (GTK_WIDGET (self->play), "primary");
}

GtkWidget *
chs_transport_new (ChsReplayer *replayer, ChsScene *scene)
{
  ChsTransport *self = g_object_new (CHS_TYPE_TRANSPORT, NULL);

  self->replayer = g_object_ref (replayer);
  self->scrub = chs_scrub_bar_new (replayer);
  gtk_widget_set_parent (self->scrub, GTK_WIDGET (self));
  add_keys (self);
  chs_view_set_scene (self, scene);
  chs_view_set_scene (self->scrub, scene);
  g_signal_connect_object (replayer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);

  return GTK_WIDGET (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/transport.h"

#include "app/event-words.h"
#include "ui/key.h"
#include "ui/say.h"
#include "ui/scrub-bar.h"
#include "ui/window.h"

#include <glib/gi18n.h>

/* Pages of the workbench, by name. */
static const struct {
  const char *page, *title;
} tools[] = {
  { "markers", N_("Markers") },
  { "what-if", N_("What if") },
  { "bytes", N_("Bytes") },
  { "review", N_("Review") },
  { "export", N_("Report, export") },
  { "sessions", N_("Recordings") },
};
#define TOOLS_BESIDE_LOOP 2 /* of them in the first half */
#define LARGE_TEXT 1.2      /* from here on the words of ten keys need a smaller letter to stand in a row */

struct _ChsTransport {
  ChsView parent_instance;

  ChsReplayer *replayer;
  GtkWidget   *scrub;
  GtkWidget   *keys, *tools;
  GtkWidget   *event; /* what the last step stands on, in words */
  ChsKey      *loop, *more;
  gboolean     has_tools; /* they are asked for */
  ChsTransportRows rows;
  ChsKey      *play;
  ChsKey      *speed;

  guint   tick_id;
  gint64  frame_us;
  int64_t stepped_us; /* position of the last step; CHS_TIME_NONE = none */
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

/* What the next touch does. */
static void
show_loop (ChsTransport *self)
{
  gboolean has_a = chs_replayer_get_loop_from_us (self->replayer) != CHS_TIME_NONE;
  gboolean has_b = chs_replayer_get_loop_to_us (self->replayer) != CHS_TIME_NONE;

  /* Translators: a stretch from A to B is played again and again: what the next touch sets */
  chs_key_set_hint (self->loop, has_b ? _("Loop off") : has_a ? _("Set B") : _("Set A"));
  chs_key_set_active (self->loop, has_a);
}

static void
on_changed (ChsTransport *self)
{
  gboolean         is_playing = chs_replayer_is_playing (self->replayer);
  g_autofree char *speed = speed_words (chs_replayer_get_speed (self->replayer));

  chs_key_set_title (self->play, is_playing ? "‖" : "▶");
  chs_key_set_hint (self->play, is_playing ? _("Pause") : _("Play"));
  chs_key_set_title (self->speed, speed);
  show_loop (self);
  if (chs_replayer_get_position_us (self->replayer) != self->stepped_us)
    gtk_widget_set_visible (self->event, FALSE);
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
step (ChsTransport *self, int direction)
{
  ChsEvent         event;
  char             words[160];
  g_autofree char *clock = NULL, *text = NULL;

  chs_replayer_set_playing (self->replayer, FALSE);
  if (!chs_replayer_step (self->replayer, direction, &event))
    return;
  chs_event_words (&event, words, sizeof words);
  clock = chs_scene_dup_clock (chs_view_get_scene (self), event.t_us, TRUE);
  /* not translated: what a technician finds in the recording; left to right */
  text = g_strdup_printf ("%s.%03d   #%" G_GUINT64_FORMAT "   %s", clock, (int) (event.t_us / 1000 % 1000), event.seq, words);
  gtk_label_set_label (GTK_LABEL (self->event), text);
  gtk_widget_set_visible (self->event, self->rows < CHS_TRANSPORT_LINE);
  self->stepped_us = chs_replayer_get_position_us (self->replayer);
}

static void
on_step_back (ChsTransport *self)
{
  step (self, -1);
}

static void
on_step (ChsTransport *self)
{
  step (self, 1);
}

/* First touch A, second B, third none. */
static void
on_loop (ChsTransport *self)
{
  int64_t from_us = chs_replayer_get_loop_from_us (self->replayer), now_us = chs_replayer_get_position_us (self->replayer);

  if (from_us == CHS_TIME_NONE)
    chs_replayer_set_loop (self->replayer, now_us, CHS_TIME_NONE);
  else if (chs_replayer_get_loop_to_us (self->replayer) == CHS_TIME_NONE)
    chs_replayer_set_loop (self->replayer, from_us, now_us);
  else
    chs_replayer_set_loop (self->replayer, CHS_TIME_NONE, CHS_TIME_NONE);
}

static void
show_tools (ChsTransport *self)
{
  gtk_widget_set_visible (self->tools, self->has_tools && self->rows == CHS_TRANSPORT_ALL);
  chs_key_set_active (self->more, self->has_tools);
}

/* From a page that hides them, they are what the touch asks for. */
static void
on_tools (ChsTransport *self)
{
  self->has_tools = self->rows != CHS_TRANSPORT_ALL || !self->has_tools;
  self->rows = CHS_TRANSPORT_ALL;
  show_tools (self);
}

static void
on_marker (ChsTransport *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (CHS_IS_WINDOW (root))
    chs_window_open_page (CHS_WINDOW (root), "markers", g_variant_new_string ("new"));
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

/* "|◀" and "×2" are not to be turned round where words run right to left; words find their own direction. */
static void
keep_left_to_right (GtkWidget *widget)
{
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    keep_left_to_right (child);
}

static ChsKey *
add_key_to (ChsTransport *self, GtkWidget *row, const char *title, const char *hint, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  chs_key_set_hint (CHS_KEY (key), hint);
  gtk_widget_set_hexpand (key, TRUE);
  keep_left_to_right (gtk_button_get_child (GTK_BUTTON (key)));
  g_signal_connect_swapped (key, "clicked", callback, self);
  gtk_box_append (GTK_BOX (row), key);

  return CHS_KEY (key);
}

static ChsKey *
add_key (ChsTransport *self, const char *title, const char *hint, GCallback callback)
{
  return add_key_to (self, self->keys, title, hint, callback);
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
chs_transport_restyled (ChsView *view)
{
  ChsTransport *self = CHS_TRANSPORT (view);
  ChsScene     *scene = chs_view_get_scene (view);
  gboolean      is_tall = chs_scene_get_panel (scene)->layout == CHS_LAYOUT_TALL;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->tools), is_tall ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  if (chs_scene_get_theme (scene)->text_scale >= LARGE_TEXT)
    gtk_widget_add_css_class (GTK_WIDGET (self), "tight");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "tight");
}

static void
chs_transport_class_init (ChsTransportClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CHS_VIEW_CLASS (klass)->restyled = chs_transport_restyled;
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

static GtkWidget *
add_row (ChsTransport *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_direction (row, GTK_TEXT_DIR_LTR);
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "key-row");
  gtk_widget_set_parent (row, GTK_WIDGET (self));

  return row;
}

static void
add_keys (ChsTransport *self)
{
  self->keys = add_row (self);
  /* Translators: keys of a replay, under a symbol; one short word each */
  add_key (self, "|◀", _("Start"), G_CALLBACK (on_start));
  add_key (self, "◀ !", _("Alarm before"), G_CALLBACK (on_previous_alarm));
  add_key (self, "◀·", _("Event before"), G_CALLBACK (on_step_back));
  self->play = add_key (self, "▶", _("Play"), G_CALLBACK (on_play));
  add_key (self, "·▶", _("Next event"), G_CALLBACK (on_step));
  add_key (self, "! ▶", _("Next alarm"), G_CALLBACK (on_next_alarm));
  add_key (self, "−", _("Slower"), G_CALLBACK (on_slower));
  self->speed = add_key (self, "×1", _("Speed"), G_CALLBACK (on_normal));
  add_key (self, "+", _("Faster"), G_CALLBACK (on_faster));
  /* Translators: shows the keys for loop, markers, what if, bytes, export */
  self->more = add_key (self, "•••", _("Tools"), G_CALLBACK (on_tools));
  gtk_widget_add_css_class (GTK_WIDGET (self->play), "primary");
}

/* Two halves: beside each other, or one under the other on a panel that stands upright. */
static void
add_tools (ChsTransport *self)
{
  GtkWidget *halves[2];

  self->tools = add_row (self);
  for (guint i = 0; i < G_N_ELEMENTS (halves); i++) {
    halves[i] = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_set_direction (halves[i], GTK_TEXT_DIR_LTR);
    gtk_widget_set_hexpand (halves[i], TRUE);
    gtk_widget_add_css_class (halves[i], "tools-half");
    gtk_box_append (GTK_BOX (self->tools), halves[i]);
  }
  self->loop = add_key_to (self, halves[0], "A–B", _("Set A"), G_CALLBACK (on_loop));
  add_key_to (self, halves[0], _("Mark"), _("here"), G_CALLBACK (on_marker));
  for (guint i = 0; i < G_N_ELEMENTS (tools); i++) {
    g_autofree char *action = g_strdup_printf ("win.page::%s", tools[i].page);
    GtkWidget       *key = chs_key_new (_(tools[i].title), action);

    gtk_widget_set_hexpand (key, TRUE);
    gtk_box_append (GTK_BOX (halves[i < TOOLS_BESIDE_LOOP ? 0 : 1]), key);
  }
  gtk_box_set_homogeneous (GTK_BOX (self->tools), FALSE);
  gtk_widget_add_css_class (self->tools, "tools");
  gtk_widget_set_visible (self->tools, FALSE);
}

void
chs_transport_set_rows (ChsTransport *self, ChsTransportRows rows)
{
  g_return_if_fail (CHS_IS_TRANSPORT (self));

  self->rows = rows;
  gtk_widget_set_visible (self->keys, rows <= CHS_TRANSPORT_KEYS);
  gtk_widget_set_visible (self->event, FALSE);
  show_tools (self);
}

GtkWidget *
chs_transport_new (ChsReplayer *replayer, ChsScene *scene)
{
  ChsTransport *self = g_object_new (CHS_TYPE_TRANSPORT, NULL);

  self->replayer = g_object_ref (replayer);
  self->scrub = chs_scrub_bar_new (replayer);
  gtk_widget_set_parent (self->scrub, GTK_WIDGET (self));
  self->event = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->event), 0.0f);
  gtk_label_set_ellipsize (GTK_LABEL (self->event), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->event, "step-event");
  gtk_widget_set_visible (self->event, FALSE);
  gtk_widget_set_parent (self->event, GTK_WIDGET (self));
  self->stepped_us = CHS_TIME_NONE;
  add_keys (self);
  add_tools (self);
  chs_view_set_scene (self, scene);
  chs_view_set_scene (self->scrub, scene);
  g_signal_connect_object (replayer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);

  return GTK_WIDGET (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/rest.h"

#include <glib/gi18n.h>

struct _ChsRest {
  ChsView parent_instance;

  GtkWidget *words;
  GtkLabel  *chair, *clock;
  int        minute;   /* of the day, that was shown */
  gboolean   follows;  /* the hours of the configuration: nobody chose a look of this screen */
  int        was_dark; /* what the hours said last: 1 night, 0 day, -1 nothing yet */
  char       look[12]; /* of the settings, that was applied */
};

G_DEFINE_FINAL_TYPE (ChsRest, chs_rest, CHS_TYPE_VIEW)

static gboolean
is_idle (ChsScene *scene)
{
  const ChsEngine *engine = chs_scene_get_engine (scene);
  guint            phase = chs_engine_get_session (engine)->phase, n_alarms;

  chs_engine_get_alarms (engine, &n_alarms);

  return chs_scene_get_mode (scene) == CHS_SCENE_LIVE && n_alarms == 0 && (phase == CHS_PHASE_IDLE || phase == CHS_PHASE_CLOSED);
}

/* ---- day and night ---- */

static ChsLook
look_of (const char *name, gboolean is_night)
{
  if (g_str_equal (name, "contrast"))
    return CHS_LOOK_CONTRAST;
  if (g_str_equal (name, "night"))
    return CHS_LOOK_NIGHT;

  return is_night && g_str_equal (name, "auto") ? CHS_LOOK_NIGHT : CHS_LOOK_DAY;
}

/* Only at a change: what somebody chose with a key stays until then. */
static void
follow_hours (ChsRest *self, const ChsMachine *machine, int minute)
{
  int is_dark = chs_machine_is_night (machine, minute);

  if (!self->follows || !machine->is_known || (is_dark == self->was_dark && g_str_equal (self->look, machine->look)))
    return;

  chs_scene_set_look (chs_view_get_scene (self), look_of (machine->look, is_dark));
  self->was_dark = is_dark;
  g_strlcpy (self->look, machine->look, sizeof self->look);
}

/* ---- the cover ---- */

/* Each minute at another of nine places, and never twice at one in a row. */
static void
wander (ChsRest *self, int minute)
{
  static const GtkAlign places[] = { GTK_ALIGN_START, GTK_ALIGN_CENTER, GTK_ALIGN_END };
  g_autofree char      *clock = g_strdup_printf ("%02d:%02d", minute / 60, minute % 60);

  gtk_label_set_label (self->clock, clock);
  gtk_widget_set_halign (self->words, places[minute % 3]);
  gtk_widget_set_valign (self->words, places[minute / 3 % 3]);
}

static void
cover (ChsRest *self, ChsScene *scene, int minute)
{
  const char *chair = chs_engine_get_session (chs_scene_get_engine (scene))->chair;

  if (gtk_widget_get_visible (GTK_WIDGET (self)) && self->minute == minute)
    return;
  self->minute = minute;
  gtk_label_set_label (self->chair, *chair ? chair : _("Chair"));
  wander (self, minute);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
chs_rest_look (ChsRest *self, gint64 untouched_s, int minute)
{
  ChsScene         *scene = chs_view_get_scene (self);
  const ChsMachine *machine = chs_scene_get_machine (scene);

  g_return_if_fail (CHS_IS_REST (self));

  follow_hours (self, machine, minute);
  if (machine->dim_min > 0 && untouched_s >= (gint64) machine->dim_min * 60 && is_idle (scene))
    cover (self, scene, minute);
  else
    gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* At once, and not at the next second. */
static void
chs_rest_refresh (ChsView *view)
{
  if (gtk_widget_get_visible (GTK_WIDGET (view)) && !is_idle (chs_view_get_scene (view)))
    gtk_widget_set_visible (GTK_WIDGET (view), FALSE);
}

void
chs_rest_follow_hours (ChsRest *self, gboolean follow)
{
  g_return_if_fail (CHS_IS_REST (self));

  self->follows = follow;
}

static void
on_touched (GtkGestureClick *gesture, int n, double x, double y, gpointer self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_set_visible (self, FALSE);
}

static void
chs_rest_class_init (ChsRestClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CHS_VIEW_CLASS (klass)->refresh = chs_rest_refresh;
  gtk_widget_class_set_css_name (widget_class, "rest");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
chs_rest_init (ChsRest *self)
{
  GtkGesture *touch = gtk_gesture_click_new ();

  self->was_dark = -1;
  self->minute = -1;
  self->words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->chair = GTK_LABEL (gtk_label_new (NULL));
  self->clock = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->chair), "rest-chair");
  gtk_widget_add_css_class (GTK_WIDGET (self->clock), "rest-clock");
  gtk_box_append (GTK_BOX (self->words), GTK_WIDGET (self->clock));
  gtk_box_append (GTK_BOX (self->words), GTK_WIDGET (self->chair));
  /* Translators: on the dark screen of a free chair */
  gtk_box_append (GTK_BOX (self->words), gtk_label_new (_("free · touch to wake")));
  gtk_widget_set_parent (self->words, GTK_WIDGET (self));
  g_signal_connect (touch, "pressed", G_CALLBACK (on_touched), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (touch));
}

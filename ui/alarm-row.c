/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/alarm-row.h"

#include "ui/focus.h"
#include "ui/key.h"
#include "ui/pane.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <string.h>

/* Seconds that go by are no news: the name has them as they were when something else changed, or this long ago. */
#define RENAME_US (60 * G_USEC_PER_SEC)

struct _ChsAlarmRow {
  ChsView parent_instance;

  GtkLabel *shape;
  GtkLabel *what;
  GtkLabel *cause;
  GtkLabel *advice;
  ChsKey   *why;
  ChsKey   *seen;

  guint32 id; /* of the alarm shown */
  guint8 priority;
  guint8 state;

  guint64 named;    /* fingerprint of what the accessible name tells */
  gint64  named_us; /* session time at which it was told */
};

G_DEFINE_FINAL_TYPE (ChsAlarmRow, chs_alarm_row, CHS_TYPE_VIEW)

static const char *const priority_classes[] = { "none", "low", "medium", "high" };
static const char *const shapes[] = { "", "!", "!!", "!!!" };

static void
set_class (gpointer widget, const char *css_class, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (GTK_WIDGET (widget), css_class);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (widget), css_class);
}

static void
name_key (ChsKey *key, const char *what)
{
  g_autofree char *name = g_strdup_printf ("%s: %s", chs_key_get_title (key), what);

  chs_key_set_spoken (key, name);
}

static void
name_for_readers (ChsAlarmRow *self, const ChsActiveAlarm *alarm, const char *what, const char *advice)
{
  ChsScene        *scene = chs_view_get_scene (self);
  const guint8     states[] = { self->priority, self->state };
  guint64          print = chs_fingerprint (chs_fingerprint (0, states, sizeof states), what, strlen (what));
  g_autofree char *name = NULL;

  print = chs_fingerprint (print, advice, strlen (advice));
  if (print == self->named && chs_scene_get_now_us (scene) - self->named_us < RENAME_US)
    return;
  self->named = print;
  self->named_us = chs_scene_get_now_us (scene);
  name = chs_say_alarm (scene, alarm);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  name_key (self->why, what);
  name_key (self->seen, what);
}

/* GTK gives the focus of a key that goes to the next one: that is another alarm's, or "+2 more". */
static void
show_seen (ChsAlarmRow *self, gboolean is_shown)
{
  if (!is_shown && gtk_widget_has_focus (GTK_WIDGET (self->seen)))
    chs_focus_lend (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self->seen), is_shown);
}

void
chs_alarm_row_show (ChsAlarmRow *self, const ChsActiveAlarm *alarm, gboolean is_first)
{
  ChsScene        *scene = chs_view_get_scene (self);
  g_autofree char *what = NULL, *why = NULL, *advice = NULL;

  g_return_if_fail (CHS_IS_ALARM_ROW (self) && alarm && scene);

  chs_alarm_words (chs_scene_get_model (scene), alarm, chs_scene_get_now_us (scene), chs_scene_get_theme (scene), &what,
                   &why, &advice);
  if (self->id != alarm->alarm.id)
    chs_focus_lend (GTK_WIDGET (self)); /* a Return that was meant for the other alarm must not be for this one */
  self->id = alarm->alarm.id;
  self->priority = MIN (alarm->alarm.priority, CHS_PRIORITY_HIGH);
  self->state = alarm->state;
  for (guint i = 0; i < G_N_ELEMENTS (priority_classes); i++)
    set_class (self, priority_classes[i], i == self->priority);
  set_class (self, "first", is_first);
  if (g_strcmp0 (what, gtk_label_get_label (self->what)) != 0)
    set_class (self, "long", FALSE); /* until it is laid out: chs_alarm_row_fit() */
  set_class (self, "seen", alarm->state == CHS_ALARM_STATE_ACKNOWLEDGED);

  gtk_label_set_label (self->shape, shapes[self->priority]);
  gtk_label_set_label (self->what, what);
  gtk_label_set_label (self->cause, why);
  gtk_label_set_label (self->advice, advice);
  gtk_widget_set_visible (GTK_WIDGET (self->cause), *why != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->advice), is_first || *why == '\0');
  name_for_readers (self, alarm, what, advice);

  /* Target before name: an action with a target and without its parameter is an error for a moment. */
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->why), "u", alarm->alarm.id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->why), "win.why");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->seen), "s", chs_label_id (alarm->alarm.label));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->seen), "win.ack");
  show_seen (self, chs_scene_get_mode (scene) == CHS_SCENE_LIVE && alarm->state != CHS_ALARM_STATE_ACKNOWLEDGED);
}

gboolean
chs_alarm_row_fit (ChsAlarmRow *self)
{
  g_return_val_if_fail (CHS_IS_ALARM_ROW (self), FALSE);

  if (gtk_widget_has_css_class (GTK_WIDGET (self), "long") || pango_layout_get_line_count (gtk_label_get_layout (self->what)) < 2)
    return FALSE;
  gtk_widget_add_css_class (GTK_WIDGET (self), "long");

  return TRUE;
}

gboolean
chs_alarm_row_flash (ChsAlarmRow *self, gint64 now_us)
{
  gboolean flashes = self->state == CHS_ALARM_STATE_ACTIVE && self->priority >= CHS_PRIORITY_MEDIUM;

  set_class (self, "dim", flashes && !chs_flash_is_on (self->priority, now_us));

  return flashes;
}

static void
chs_alarm_row_class_init (ChsAlarmRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (CHS_TYPE_KEY);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/chairside/Chairside/alarm-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ChsAlarmRow, shape);
  gtk_widget_class_bind_template_child (widget_class, ChsAlarmRow, what);
  gtk_widget_class_bind_template_child (widget_class, ChsAlarmRow, cause);
  gtk_widget_class_bind_template_child (widget_class, ChsAlarmRow, advice);
  gtk_widget_class_bind_template_child (widget_class, ChsAlarmRow, why);
  gtk_widget_class_bind_template_child (widget_class, ChsAlarmRow, seen);
  gtk_widget_class_set_css_name (widget_class, "alarmrow");
}

static void
chs_alarm_row_init (ChsAlarmRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
chs_alarm_row_new (void)
{
  return g_object_new (CHS_TYPE_ALARM_ROW, NULL);
}

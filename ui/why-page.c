/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/why-page.h"

#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>

struct _ChsWhyPage {
  ChsPage parent_instance;

  GtkLabel  *advice;
  GtkWidget *facts; /* grid: name, value */
  int        n_facts;
  guint32    id;    /* of the alarm shown */
  ChsActiveAlarm shown; /* as last seen: the page stays readable when the alarm has gone */
};

G_DEFINE_FINAL_TYPE (ChsWhyPage, chs_why_page, CHS_TYPE_PAGE)

static void
add_fact (ChsWhyPage *self, const char *name, const char *value)
{
  GtkWidget *left = gtk_label_new (name);
  GtkWidget *right = gtk_label_new (value);

  if (*value == '\0') {
    g_object_unref (g_object_ref_sink (left));
    g_object_unref (g_object_ref_sink (right));
    return;
  }

  gtk_label_set_xalign (GTK_LABEL (left), 0.0f);
  gtk_label_set_yalign (GTK_LABEL (left), 0.0f);
  gtk_widget_add_css_class (left, "fact-name");
  gtk_label_set_xalign (GTK_LABEL (right), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (right), TRUE);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_widget_add_css_class (right, "fact");
  gtk_grid_attach (GTK_GRID (self->facts), left, 0, self->n_facts, 1, 1);
  gtk_grid_attach (GTK_GRID (self->facts), right, 1, self->n_facts++, 1, 1);
}

static void
add_owned (ChsWhyPage *self, const char *name, char *value)
{
  add_fact (self, name, value);
  g_free (value);
}

static void
clear_facts (ChsWhyPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->facts)))
    gtk_grid_remove (GTK_GRID (self->facts), child);
  self->n_facts = 0;
}

static char *
since_words (ChsScene *scene, const ChsAlarm *alarm)
{
  g_autofree char *clock = chs_scene_dup_clock (scene, alarm->onset_us, TRUE);
  g_autofree char *age = chs_say_age (chs_scene_get_now_us (scene) - alarm->onset_us);

  /* Translators: when the condition began and how long ago: "10:41:07, 3 min ago" */
  return g_strdup_printf (_("%s, %s ago"), clock, age);
}

static void
show (ChsWhyPage *self)
{
  ChsScene        *scene = chs_view_get_scene (self);
  const ChsAlarm  *alarm = &self->shown.alarm;
  g_autofree char *what = NULL, *why = NULL, *advice = NULL, *title = NULL;

  chs_alarm_words (chs_scene_get_model (scene), &self->shown, chs_scene_get_now_us (scene),
                   chs_scene_get_theme (scene), &what, &why, &advice);
  title = g_strdup_printf ("%s · %s", what, chs_say_priority (alarm->priority));
  chs_page_set_title (CHS_PAGE (self), title);
  gtk_label_set_label (self->advice, advice);

  clear_facts (self);
  add_fact (self, _("In short"), why);
  add_owned (self, _("Since"), since_words (scene, alarm));
  add_owned (self, _("Value"), chs_say_alarm_value (alarm, alarm->value));
  add_owned (self, _("Baseline"), chs_say_alarm_value (alarm, alarm->baseline));
  add_owned (self, _("Limit"), chs_say_alarm_value (alarm, alarm->limit));
  add_owned (self, _("Evidence"), chs_say_evidence (alarm->evidence));
  add_owned (self, _("Not known"), chs_words_missing (alarm->missing, chs_scene_get_theme (scene)));
  add_owned (self, _("Also consider"), chs_words_labels (chs_scene_get_model (scene), alarm->also, chs_scene_get_theme (scene)));
  add_owned (self, _("Ends when"), chs_say_clearing (alarm, self->shown.state));
  add_fact (self, _("Rule"), alarm->rule);
}

static gboolean
find (ChsWhyPage *self, guint32 id)
{
  guint                 n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_scene_get_engine (chs_view_get_scene (self)), &n);

  for (guint i = 0; i < n; i++)
    if (alarms[i].alarm.id == id) {
      self->shown = alarms[i];
      return TRUE;
    }

  return FALSE;
}

static void
chs_why_page_opened (ChsPage *page, GVariant *target)
{
  ChsWhyPage *self = CHS_WHY_PAGE (page);

  if (target == NULL || !find (self, g_variant_get_uint32 (target)))
    return;

  self->id = g_variant_get_uint32 (target);
  show (self);
}

static void
chs_why_page_refresh (ChsView *view)
{
  ChsWhyPage *self = CHS_WHY_PAGE (view);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || self->id == 0)
    return;

  if (!find (self, self->id))
    self->shown.state = CHS_ALARM_STATE_IDLE;
  show (self);
}

static void
chs_why_page_renewed (ChsView *view)
{
  CHS_WHY_PAGE (view)->id = 0;
  clear_facts (CHS_WHY_PAGE (view));
}

static void
chs_why_page_class_init (ChsWhyPageClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_why_page_refresh;
  CHS_VIEW_CLASS (klass)->renewed = chs_why_page_renewed;
  CHS_PAGE_CLASS (klass)->opened = chs_why_page_opened;
}

static void
chs_why_page_init (ChsWhyPage *self)
{
  GtkWidget *body = chs_page_get_body (CHS_PAGE (self));
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->advice = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->advice, 0.0f);
  gtk_label_set_wrap (self->advice, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->advice), "advice");
  gtk_box_append (GTK_BOX (body), GTK_WIDGET (self->advice));

  self->facts = gtk_grid_new ();
  gtk_widget_add_css_class (self->facts, "facts");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->facts);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (body), scroller);
}

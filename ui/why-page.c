/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/why-page.h"

#include "ui/say.h"
#include "ui/scroller.h"

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

/* How long it had to be true before it became an alarm. */
static char *
persistence_words (ChsScene *scene, const ChsActiveAlarm *active)
{
  g_autofree char *clock = chs_scene_dup_clock (scene, active->raised_us, TRUE);
  g_autofree char *held = chs_say_age (active->raised_us - active->alarm.onset_us);

  if (active->raised_us - active->alarm.onset_us < G_USEC_PER_SEC)
    /* Translators: time of day at which the alarm came */
    return g_strdup_printf (_("%s, at once"), clock);

  /* Translators: time of day at which the alarm came, and how long the condition had lasted by then */
  return g_strdup_printf (_("%s, after %s without a break"), clock, held);
}

static char *
now_words (ChsScene *scene, const ChsAlarm *alarm)
{
  ChsTileValue     now = chs_chair_model_get_value (chs_scene_get_model (scene), (ChsParam) alarm->param,
                                                    chs_scene_get_now_us (scene));
  g_autofree char *age = chs_say_age (chs_scene_get_now_us (scene) - now.t_us), *value = NULL;

  if (alarm->param == CHS_PARAM_NONE || alarm->param >= CHS_PARAM_PUMP_RATE || now.t_us == CHS_TIME_NONE)
    return g_strdup ("");
  if (isnan (now.value))
    return g_strdup (_("unknown"));
  value = chs_say_alarm_value (alarm, now.value);

  /* Translators: a value, and how old it is: "96 mmHg, 2 min ago" */
  return g_strdup_printf (_("%s, %s ago"), value, age);
}

static char *
baseline_words (ChsScene *scene, const ChsAlarm *alarm)
{
  const ChsBaseline *baseline = chs_engine_get_baseline (chs_scene_get_engine (scene));
  g_autofree char   *value = chs_say_alarm_value (alarm, alarm->baseline);

  if (*value == '\0')
    return g_strdup ("");
  if (baseline->quality == CHS_BASELINE_NONE)
    /* Translators: nothing was measured before: a number of the general population is compared with */
    return g_strdup_printf (_("%s, of most people"), value);

  return g_strdup_printf (baseline->confirmed ? _("%s, confirmed") : _("%s, not confirmed"), value);
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
  add_owned (self, _("Value"), chs_say_alarm_value (alarm, alarm->value));
  add_owned (self, _("Value now"), now_words (scene, alarm));
  add_owned (self, _("Baseline"), baseline_words (scene, alarm));
  add_owned (self, _("Limit"), chs_say_alarm_value (alarm, alarm->limit));
  add_owned (self, _("Since"), since_words (scene, alarm));
  add_owned (self, _("Alarm"), persistence_words (scene, &self->shown));
  add_owned (self, _("Evidence"), chs_say_evidence (alarm->evidence));
  add_owned (self, _("Not known"), chs_words_missing (alarm->missing, chs_scene_get_theme (scene)));
  add_owned (self, _("Also consider"), chs_words_labels (chs_scene_get_model (scene), alarm->also, chs_scene_get_theme (scene)));
  add_owned (self, _("Ends when"), chs_say_clearing (scene, &self->shown));
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

/* One of the past: as it was when it was at its worst. */
static gboolean
find_past (ChsWhyPage *self, guint32 id)
{
  guint                n;
  const ChsAlarmEntry *log = chs_chair_model_get_alarm_log (chs_scene_get_model (chs_view_get_scene (self)), &n);

  for (guint i = n; i > 0; i--)
    if (log[i - 1].alarm.id == id) {
      self->shown = (ChsActiveAlarm){ .alarm = log[i - 1].alarm, .state = CHS_ALARM_STATE_IDLE,
                                      .raised_us = log[i - 1].raised_us, .changed_us = log[i - 1].over_us };
      return TRUE;
    }

  return FALSE;
}

static void
chs_why_page_opened (ChsPage *page, GVariant *target)
{
  ChsWhyPage *self = CHS_WHY_PAGE (page);

  if (target == NULL)
    return;

  self->id = g_variant_get_uint32 (target);
  if (!find (self, self->id) && !find_past (self, self->id))
    return;

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

  self->advice = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->advice, 0.0f);
  gtk_label_set_wrap (self->advice, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->advice), "advice");
  gtk_box_append (GTK_BOX (body), GTK_WIDGET (self->advice));

  self->facts = gtk_grid_new ();
  gtk_widget_add_css_class (self->facts, "facts");
  gtk_box_append (GTK_BOX (body), chs_scroller_new (self->facts));
}

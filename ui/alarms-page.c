/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/alarms-page.h"

#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/pane.h"
#include "ui/say.h"

#include <glib/gi18n.h>

/* As many as a nurse scrolls through; all of them are in the recording. */
#define MAX_ROWS 200

enum { FILTER_ALL, FILTER_HIGH, FILTER_MEDIUM, FILTER_LOW, N_FILTERS };

static const guint8 priority_of[N_FILTERS] = { CHS_PRIORITY_NONE, CHS_PRIORITY_HIGH, CHS_PRIORITY_MEDIUM, CHS_PRIORITY_LOW };

struct _ChsAlarmsPage {
  ChsPage parent_instance;

  GtkWidget *keys[N_FILTERS];
  GtkWidget *list;
  GtkWidget *scroller;
  guint      filter;
  guint64    shown; /* fingerprint of the log and the filter */
};

G_DEFINE_FINAL_TYPE (ChsAlarmsPage, chs_alarms_page, CHS_TYPE_PAGE)

static const char *const priority_classes[] = { "none", "low", "medium", "high" };
static const char *const shapes[] = { "·", "!", "!!", "!!!" };

/* ---- words ---- */

static void
append_part (GString *text, char *part)
{
  g_string_append_printf (text, "%s%s", text->len ? " · " : "", part);
  g_free (part);
}

static char *
dup_answer (ChsScene *scene, const ChsAlarmEntry *entry)
{
  g_autofree char *clock = chs_scene_dup_clock (scene, entry->seen_us, TRUE);
  g_autofree char *after = chs_say_countdown (entry->seen_us - entry->raised_us);

  /* Translators: an alarm was acknowledged at a time of day, so long after it came (minutes:seconds) */
  return g_strdup_printf (_("seen %s, after %s"), clock, after);
}

static char *
dup_end (ChsScene *scene, const ChsAlarmEntry *entry)
{
  g_autofree char *clock = chs_scene_dup_clock (scene, entry->over_us, TRUE);

  /* Translators: an alarm ended at a time of day */
  return g_strdup_printf (_("over %s"), clock);
}

/* "worse 10:44:10 · seen 10:45:00, after 0:50 · over 10:52:11" */
static char *
dup_course (ChsScene *scene, const ChsAlarmEntry *entry)
{
  GString *text = g_string_new (NULL);

  if (entry->escalated_us != CHS_TIME_NONE) {
    g_autofree char *clock = chs_scene_dup_clock (scene, entry->escalated_us, TRUE);

    /* Translators: an alarm became more urgent at a time of day */
    append_part (text, g_strdup_printf (_("worse %s"), clock));
  }
  if (entry->seen_us != CHS_TIME_NONE)
    append_part (text, dup_answer (scene, entry));
  else if (entry->over_us != CHS_TIME_NONE)
    /* Translators: nobody acknowledged the alarm before it ended by itself */
    append_part (text, g_strdup (_("not seen by anybody")));
  if (entry->over_us != CHS_TIME_NONE)
    append_part (text, dup_end (scene, entry));
  else
    append_part (text, g_strdup (entry->gone_us != CHS_TIME_NONE ? _("gone, not yet seen") : _("still there")));

  return g_string_free (text, FALSE);
}

/* ---- rows ---- */

static GtkWidget *
add_line (GtkWidget *box, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);

  return label;
}

static void
on_chart (GtkButton *key, gpointer user_data)
{
  ChsScene *scene = chs_view_get_scene (user_data);
  int64_t   t_us = *(const int64_t *) g_object_get_data (G_OBJECT (key), "t_us");

  chs_time_view_show (chs_scene_get_time_view (scene), t_us, chs_scene_get_now_us (scene));
  chs_scene_touch (scene);
  gtk_widget_activate_action (GTK_WIDGET (key), "win.back", NULL);
}

static GtkWidget *
make_chart_key (ChsAlarmsPage *self, const ChsAlarmEntry *entry, const char *what)
{
  GtkWidget       *key = chs_key_new (_("On the chart"), NULL);
  g_autofree char *name = g_strdup_printf ("%s: %s", _("On the chart"), what);

  g_object_set_data_full (G_OBJECT (key), "t_us", g_memdup2 (&entry->raised_us, sizeof entry->raised_us), g_free);
  g_signal_connect (key, "clicked", G_CALLBACK (on_chart), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (key), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return key;
}

static GtkWidget *
make_why_key (const ChsAlarmEntry *entry, const char *what)
{
  g_autofree char *action = g_strdup_printf ("win.why(uint32 %u)", entry->alarm.id);
  g_autofree char *name = g_strdup_printf ("%s: %s", _("Why?"), what);
  GtkWidget       *key = chs_key_new (_("Why?"), action);

  gtk_accessible_update_property (GTK_ACCESSIBLE (key), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return key;
}

static GtkWidget *
make_words (ChsScene *scene, const ChsAlarmEntry *entry, const char *what, const char *why)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *clock = chs_scene_dup_clock (scene, entry->raised_us, TRUE);
  g_autofree char *head = g_strdup_printf ("%s · %s", clock, what);
  g_autofree char *course = dup_course (scene, entry);

  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  add_line (box, head, "alarm-what");
  if (*why)
    add_line (box, why, "alarm-why");
  add_line (box, course, "review-note");

  return box;
}

/* Filled while the alarm stands, a frame when it is over: the past does not shout. */
static GtkWidget *
make_shape (guint8 priority, gboolean is_over)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class (box, is_over ? "over" : "stands");
  gtk_widget_add_css_class (box, "alarm-shape");
  gtk_widget_add_css_class (box, "review-shape");
  gtk_widget_add_css_class (box, priority_classes[MIN (priority, CHS_PRIORITY_HIGH)]);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), gtk_label_new (shapes[MIN (priority, CHS_PRIORITY_HIGH)]));
  gtk_box_append (GTK_BOX (box), gtk_label_new (chs_say_priority_word (priority)));

  return box;
}

static GtkWidget *
make_row (ChsAlarmsPage *self, const ChsAlarmEntry *entry)
{
  ChsScene            *scene = chs_view_get_scene (self);
  const ChsActiveAlarm as_then = { .alarm = entry->alarm, .state = CHS_ALARM_STATE_IDLE, .raised_us = entry->raised_us };
  GtkWidget           *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  int64_t              end_us = entry->over_us != CHS_TIME_NONE ? entry->over_us : chs_scene_get_now_us (scene);
  g_autofree char     *what = NULL, *why = NULL, *advice = NULL;

  chs_alarm_words (chs_scene_get_model (scene), &as_then, end_us, chs_scene_get_theme (scene), &what, &why, &advice);
  gtk_widget_add_css_class (row, "review-row");
  gtk_box_append (GTK_BOX (row), make_shape (entry->alarm.priority, entry->over_us != CHS_TIME_NONE));
  gtk_box_append (GTK_BOX (row), make_words (scene, entry, what, why));
  gtk_box_append (GTK_BOX (row), make_chart_key (self, entry, what));
  gtk_box_append (GTK_BOX (row), make_why_key (entry, what));

  return row;
}

/* ---- the list ---- */

static gboolean
passes (ChsAlarmsPage *self, const ChsAlarmEntry *entry)
{
  return self->filter == FILTER_ALL || entry->alarm.priority == priority_of[self->filter];
}

static guint64
fingerprint (ChsAlarmsPage *self, const ChsAlarmEntry *log, guint n)
{
  guint64 print = chs_fingerprint (0, &self->filter, sizeof self->filter);

  for (guint i = 0; i < n; i++) {
    print = chs_fingerprint (print, &log[i].alarm.id, sizeof log[i].alarm.id);
    print = chs_fingerprint (print, &log[i].raised_us, 5 * sizeof log[i].raised_us);
  }

  return chs_fingerprint (print, &n, sizeof n);
}

static void
show_filters (ChsAlarmsPage *self, const ChsAlarmEntry *log, guint n)
{
  guint counts[CHS_PRIORITY_HIGH + 1] = { n };

  for (guint i = 0; i < n; i++)
    if (log[i].alarm.priority > CHS_PRIORITY_NONE && log[i].alarm.priority <= CHS_PRIORITY_HIGH)
      counts[log[i].alarm.priority]++;
  for (guint i = 0; i < N_FILTERS; i++) {
    g_autofree char *count = g_strdup_printf ("%u", counts[priority_of[i]]);

    chs_key_set_hint (CHS_KEY (self->keys[i]), count);
    chs_key_set_active (self->keys[i], i == self->filter);
  }
}

static void
show (ChsAlarmsPage *self)
{
  guint                n, n_rows = 0;
  const ChsAlarmEntry *log = chs_chair_model_get_alarm_log (chs_scene_get_model (chs_view_get_scene (self)), &n);
  guint64              print = fingerprint (self, log, n);
  GtkWidget           *child;

  if (print == self->shown)
    return;

  self->shown = print;
  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_box_remove (GTK_BOX (self->list), child);
  for (guint i = n; i > 0 && n_rows < MAX_ROWS; i--)
    if (passes (self, &log[i - 1])) {
      gtk_box_append (GTK_BOX (self->list), make_row (self, &log[i - 1]));
      n_rows++;
    }
  if (n_rows == 0)
    add_line (self->list, n == 0 ? _("There was no alarm in this session.") : _("There was no alarm of this priority."),
              "review-what");
  show_filters (self, log, n);
}

static void
on_filter (GtkButton *key, gpointer user_data)
{
  ChsAlarmsPage *self = CHS_ALARMS_PAGE (user_data);

  for (guint i = 0; i < N_FILTERS; i++)
    if (self->keys[i] == GTK_WIDGET (key))
      self->filter = i;
  show (self);
}

static void
chs_alarms_page_opened (ChsPage *page, GVariant *target)
{
  ChsAlarmsPage *self = CHS_ALARMS_PAGE (page);

  chs_scroller_rewind (CHS_SCROLLER (self->scroller));
  show (self);
}

static void
chs_alarms_page_refresh (ChsView *view)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (view)))
    show (CHS_ALARMS_PAGE (view));
}

static void
chs_alarms_page_class_init (ChsAlarmsPageClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_alarms_page_refresh;
  CHS_PAGE_CLASS (klass)->opened = chs_alarms_page_opened;
}

static void
chs_alarms_page_init (ChsAlarmsPage *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  chs_page_set_title (CHS_PAGE (self), _("Alarms so far"));
  gtk_widget_add_css_class (row, "key-row");
  for (guint i = 0; i < N_FILTERS; i++) {
    self->keys[i] = chs_key_new (i == FILTER_ALL ? C_("alarms", "All") : chs_say_priority_word (priority_of[i]), NULL);
    gtk_widget_add_css_class (self->keys[i], "filter");
    g_signal_connect (self->keys[i], "clicked", G_CALLBACK (on_filter), self);
    gtk_box_append (GTK_BOX (row), self->keys[i]);
  }
  chs_page_add_key (CHS_PAGE (self), row);

  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->scroller = chs_scroller_new (self->list);
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), self->scroller);
}

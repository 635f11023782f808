/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session-checks.h"

#include "app/checklist.h"
#include "app/therapy.h"
#include "ui/key.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define COLUMNS 2
#define MAX_CHECKS 64

struct _ChsSessionChecks {
  ChsSessionStep parent_instance;

  ChsChecklist      *lists;
  ChsTherapyLibrary *library;
  GtkWidget         *grid;

  const ChsCheck *checks[MAX_CHECKS]; /* of the session's therapy, in the lists */
  GtkWidget      *keys[MAX_CHECKS];
  guint           n;
  char            therapy[32]; /* id that they are of */
  gboolean        is_built;
};

G_DEFINE_FINAL_TYPE (ChsSessionChecks, chs_session_checks, CHS_TYPE_SESSION_STEP)

/* ---- ticks ---- */

/* The entry that ticked an item, NULL while it is not ticked. */
static const ChsMark *
find_tick (ChsSessionChecks *self, const char *id)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (chs_view_get_scene (self)), &n);

  while (n-- > 0)
    if (marks[n].kind == CHS_MARK_NURSE && marks[n].action == CHS_NURSE_DONE && !marks[n].undone &&
        strcmp (marks[n].what, id) == 0)
      return &marks[n];

  return NULL;
}

static const char *
text_of (ChsSessionChecks *self, const char *id)
{
  for (guint i = 0; i < self->n; i++)
    if (strcmp (self->checks[i]->id, id) == 0)
      return self->checks[i]->text;

  return "";
}

static void
on_check (GtkButton *key, gpointer user_data)
{
  ChsSessionChecks *self = CHS_SESSION_CHECKS (user_data);
  ChsScene         *scene = chs_view_get_scene (self);
  const char       *id = gtk_widget_get_name (GTK_WIDGET (key));
  const ChsMark    *tick = find_tick (self, id);
  ChsNurse          undo = { .action = CHS_NURSE_CORRECTION, .at_us = CHS_TIME_NONE };

  if (tick == NULL) {
    chs_scene_done (scene, id, text_of (self, id));
    return;
  }
  undo.value = (double) tick->seq;
  chs_scene_nurse_full (scene, &undo);
}

char *
chs_session_checks_dup_missing (ChsSessionChecks *self)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < self->n; i++)
    if (self->checks[i]->is_stop && find_tick (self, self->checks[i]->id) == NULL)
      g_string_append_printf (names, "%s%s", names->len ? " · " : "", _(self->checks[i]->text));

  return g_string_free (names, names->len == 0);
}

/* ---- which items ---- */

static void
add_set (ChsSessionChecks *self, const char *id)
{
  const ChsCheckSet *set = self->lists ? chs_checklist_find (self->lists, id) : NULL;

  for (guint i = 0; set && i < set->n && self->n < MAX_CHECKS; i++) {
    gboolean is_there = FALSE;

    for (guint k = 0; k < self->n; k++)
      is_there |= strcmp (self->checks[k]->id, set->items[i].id) == 0;
    if (!is_there)
      self->checks[self->n++] = &set->items[i];
  }
}

static void
choose_items (ChsSessionChecks *self, const char *therapy)
{
  const ChsTherapyEntry *entry = self->library ? chs_therapy_library_find (self->library, therapy) : NULL;
  g_auto (GStrv)         sets = g_strsplit (entry ? entry->prechecks : "", ",", -1);

  self->n = 0;
  add_set (self, "all");
  for (guint i = 0; sets[i]; i++)
    add_set (self, g_strstrip (sets[i]));
}

static void
build (ChsSessionChecks *self, const char *therapy)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->grid)))
    gtk_grid_remove (GTK_GRID (self->grid), child);
  choose_items (self, therapy);
  g_strlcpy (self->therapy, therapy, sizeof self->therapy);
  self->is_built = TRUE;

  for (guint i = 0; i < self->n; i++) {
    self->keys[i] = chs_key_new (_(self->checks[i]->text), NULL);
    gtk_widget_set_name (self->keys[i], self->checks[i]->id);
    gtk_widget_add_css_class (self->keys[i], "check");
    gtk_widget_set_hexpand (self->keys[i], TRUE);
    g_signal_connect (self->keys[i], "clicked", G_CALLBACK (on_check), self);
    gtk_grid_attach (GTK_GRID (self->grid), self->keys[i], (int) i % COLUMNS, (int) i / COLUMNS, 1, 1);
  }
}

/* ---- showing ---- */

static void
show_key (ChsSessionChecks *self, guint i)
{
  ChsScene        *scene = chs_view_get_scene (self);
  const ChsMark   *tick = find_tick (self, self->checks[i]->id);
  g_autofree char *clock = tick ? chs_scene_dup_clock (scene, tick->t_us, FALSE) : NULL;
  g_autofree char *hint = tick ? g_strdup_printf ("✓ %s", clock) : g_strdup (_("touch to confirm"));

  chs_key_set_hint (CHS_KEY (self->keys[i]), hint);
  if (tick)
    gtk_widget_add_css_class (self->keys[i], "active");
  else
    gtk_widget_remove_css_class (self->keys[i], "active");
}

static void
chs_session_checks_refresh (ChsView *view)
{
  ChsSessionChecks *self = CHS_SESSION_CHECKS (view);
  const char       *therapy = chs_session_step_get_session (self)->therapy.id;

  if (!self->is_built || strcmp (self->therapy, therapy) != 0)
    build (self, therapy);
  for (guint i = 0; i < self->n; i++)
    show_key (self, i);
}

static char *
chs_session_checks_summary (ChsSessionStep *step)
{
  ChsSessionChecks *self = CHS_SESSION_CHECKS (step);
  guint             n_done = 0;

  for (guint i = 0; i < self->n; i++)
    n_done += find_tick (self, self->checks[i]->id) != NULL;

  /* Translators: items of a checklist that are ticked, and how many there are */
  return g_strdup_printf (_("%u of %u"), n_done, self->n);
}

static void
chs_session_checks_finalize (GObject *object)
{
  ChsSessionChecks *self = CHS_SESSION_CHECKS (object);

  g_clear_pointer (&self->lists, chs_checklist_free);
  g_clear_pointer (&self->library, chs_therapy_library_free);
  G_OBJECT_CLASS (chs_session_checks_parent_class)->finalize (object);
}

static void
chs_session_checks_class_init (ChsSessionChecksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chs_session_checks_finalize;
  CHS_VIEW_CLASS (klass)->refresh = chs_session_checks_refresh;
  CHS_SESSION_STEP_CLASS (klass)->summary = chs_session_checks_summary;
}

static void
chs_session_checks_init (ChsSessionChecks *self)
{
  GtkWidget         *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autoptr (GError) error = NULL;

  gtk_widget_add_css_class (box, "column");
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_parent (box, GTK_WIDGET (self));
  self->grid = chs_session_step_add_grid (box);
  self->library = chs_therapy_library_load_default (NULL);
  self->lists = chs_checklist_load ("prechecks", &error);
  if (self->lists == NULL)
    chs_session_step_add_heading (box, error->message);
}

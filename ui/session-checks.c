/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session-checks.h"

#include "app/checklist.h"
#include "app/therapy.h"
#include "ui/key.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Three rows of them stand beside the tabs on the design panel under an alarm. */
#define COLUMNS 4
#define MOST_IN_COLUMNS 12
#define MAX_CHECKS 64

#define VITALS_ID "dc_vitals" /* data/share/checklists/README.md */

/* One of the two lists, with the items that the session's therapy asks for. */
typedef struct {
  ChsChecklist   *lists;
  GtkWidget      *tab, *grid, *page;
  const ChsCheck *checks[MAX_CHECKS];
  GtkWidget      *keys[MAX_CHECKS];
  guint           n;
} List;

struct _ChsSessionChecks {
  ChsSessionStep parent_instance;

  List               all[CHS_N_CHECKS];
  ChsTherapyLibrary *library;
  GtkStack          *stack;
  char               therapy[32]; /* id that the items are of */
  gboolean           is_built;
  int                shown_for;   /* phase for which the list was chosen; -1 = none yet */
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
  for (guint which = 0; which < CHS_N_CHECKS; which++)
    for (guint i = 0; i < self->all[which].n; i++)
      if (strcmp (self->all[which].checks[i]->id, id) == 0)
        return self->all[which].checks[i]->text;

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
chs_session_checks_dup_missing (ChsSessionChecks *self, ChsChecks which)
{
  const List *list = &self->all[which];
  GString    *names = g_string_new (NULL);

  for (guint i = 0; i < list->n; i++)
    if (list->checks[i]->is_stop && find_tick (self, list->checks[i]->id) == NULL)
      g_string_append_printf (names, "%s%s", names->len ? " · " : "", _(list->checks[i]->text));

  return g_string_free (names, names->len == 0);
}

/* ---- which items ---- */

static void
add_set (List *list, const char *id)
{
  const ChsCheckSet *set = list->lists ? chs_checklist_find (list->lists, id) : NULL;

  for (guint i = 0; set && i < set->n && list->n < MAX_CHECKS; i++) {
    gboolean is_there = FALSE;

    for (guint k = 0; k < list->n; k++)
      is_there |= strcmp (list->checks[k]->id, set->items[i].id) == 0;
    if (!is_there)
      list->checks[list->n++] = &set->items[i];
  }
}

static void
build_list (ChsSessionChecks *self, List *list, const char *wanted)
{
  g_auto (GStrv) sets = g_strsplit (wanted, ",", -1);
  GtkWidget     *child;
  guint          n_columns;

  while ((child = gtk_widget_get_first_child (list->grid)))
    gtk_grid_remove (GTK_GRID (list->grid), child);
  list->n = 0;
  add_set (list, "all");
  for (guint i = 0; sets[i]; i++)
    add_set (list, g_strstrip (sets[i]));

  n_columns = list->n > MOST_IN_COLUMNS ? COLUMNS + 1 : COLUMNS;
  for (guint i = 0; i < list->n; i++) {
    list->keys[i] = chs_key_new (_(list->checks[i]->text), NULL);
    gtk_widget_set_name (list->keys[i], list->checks[i]->id);
    gtk_widget_add_css_class (list->keys[i], "risk");
    gtk_widget_set_hexpand (list->keys[i], TRUE);
    gtk_widget_set_vexpand (list->keys[i], TRUE);
    g_signal_connect (list->keys[i], "clicked", G_CALLBACK (on_check), self);
    gtk_grid_attach (GTK_GRID (list->grid), list->keys[i], (int) (i % n_columns), (int) (i / n_columns), 1, 1);
  }
}

static void
build (ChsSessionChecks *self, const char *therapy)
{
  const ChsTherapyEntry *entry = self->library ? chs_therapy_library_find (self->library, therapy) : NULL;

  build_list (self, &self->all[CHS_CHECKS_BEFORE], entry ? entry->prechecks : "");
  build_list (self, &self->all[CHS_CHECKS_DISCHARGE], entry ? entry->discharge : "");
  g_strlcpy (self->therapy, therapy, sizeof self->therapy);
  self->is_built = TRUE;
}

/* ---- showing ---- */

/* "118/76 · own normal 124/79": what there is to compare with. Returns: (transfer full) (nullable) */
static char *
dup_vitals (ChsSessionChecks *self)
{
  ChsScene            *scene = chs_view_get_scene (self);
  const ChsChairModel *model = chs_scene_get_model (scene);
  const ChsBaseline   *b = chs_engine_get_baseline (chs_scene_get_engine (scene));
  ChsTileValue         sys = chs_chair_model_get_value (model, CHS_PARAM_NIBP_SYS, chs_scene_get_now_us (scene));
  ChsTileValue         dia = chs_chair_model_get_value (model, CHS_PARAM_NIBP_DIA, chs_scene_get_now_us (scene));
  g_autofree char     *now = NULL, *normal = NULL;

  if (isnan (sys.value) || isnan (dia.value) || sys.freshness > CHS_FRESH_DIM || b->quality == CHS_BASELINE_NONE || isnan (b->sbp))
    return NULL;
  now = g_strdup_printf ("%.0f/%.0f", sys.value, dia.value);
  normal = g_strdup_printf ("%.0f/%.0f", b->sbp, b->dbp);

  /* Translators: blood pressure now, and the patient's baseline */
  return g_strdup_printf (_("%1$s now · own normal %2$s"), now, normal);
}

static void
show_key (ChsSessionChecks *self, const List *list, guint i)
{
  ChsScene        *scene = chs_view_get_scene (self);
  const ChsMark   *tick = find_tick (self, list->checks[i]->id);
  g_autofree char *clock = tick ? chs_scene_dup_clock (scene, tick->t_us, FALSE) : NULL;
  g_autofree char *hint = tick                                                   ? g_strdup_printf ("✓ %s", clock)
                          : strcmp (list->checks[i]->id, VITALS_ID) == 0 ? dup_vitals (self)
                                                                         : NULL;

  chs_key_set_hint (CHS_KEY (list->keys[i]), hint);
  chs_key_set_active (list->keys[i], tick != NULL);
}

static char *
dup_count (ChsSessionChecks *self, const List *list)
{
  guint n_done = 0;

  for (guint i = 0; i < list->n; i++)
    n_done += find_tick (self, list->checks[i]->id) != NULL;

  /* Translators: items of a checklist that are ticked, and how many there are */
  return g_strdup_printf (_("%u of %u"), n_done, list->n);
}

static void
show_list (ChsSessionChecks *self, ChsChecks which)
{
  gtk_stack_set_visible_child (self->stack, self->all[which].page);
  for (guint i = 0; i < CHS_N_CHECKS; i++)
    chs_key_set_active (self->all[i].tab, i == which);
}

static void
on_tab (GtkWidget *tab, ChsSessionChecks *self)
{
  show_list (self, tab == self->all[CHS_CHECKS_BEFORE].tab ? CHS_CHECKS_BEFORE : CHS_CHECKS_DISCHARGE);
}

static ChsChecks
due_now (ChsSessionChecks *self)
{
  return chs_session_step_get_session (self)->phase >= CHS_PHASE_OBSERVE ? CHS_CHECKS_DISCHARGE : CHS_CHECKS_BEFORE;
}

static void
chs_session_checks_refresh (ChsView *view)
{
  ChsSessionChecks *self = CHS_SESSION_CHECKS (view);
  const ChsSession *session = chs_session_step_get_session (self);

  if (!self->is_built || strcmp (self->therapy, session->therapy.id) != 0)
    build (self, session->therapy.id);
  if (self->shown_for != session->phase)
    show_list (self, due_now (self));
  self->shown_for = session->phase;
  for (guint which = 0; which < CHS_N_CHECKS; which++) {
    g_autofree char *count = dup_count (self, &self->all[which]);

    chs_key_set_hint (CHS_KEY (self->all[which].tab), count);
    for (guint i = 0; i < self->all[which].n; i++)
      show_key (self, &self->all[which], i);
  }
}

static char *
chs_session_checks_summary (ChsSessionStep *step)
{
  ChsSessionChecks *self = CHS_SESSION_CHECKS (step);

  return dup_count (self, &self->all[due_now (self)]);
}

static void
chs_session_checks_finalize (GObject *object)
{
  ChsSessionChecks *self = CHS_SESSION_CHECKS (object);

  for (guint i = 0; i < CHS_N_CHECKS; i++)
    g_clear_pointer (&self->all[i].lists, chs_checklist_free);
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
add_list (ChsSessionChecks *self, GtkWidget *tabs, ChsChecks which, const char *name, const char *title)
{
  List              *list = &self->all[which];
  g_autoptr (GError) error = NULL;

  list->tab = chs_key_new (title, NULL);
  gtk_widget_add_css_class (list->tab, "tab");
  g_signal_connect (list->tab, "clicked", G_CALLBACK (on_tab), self);
  gtk_box_append (GTK_BOX (tabs), list->tab);
  list->page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (list->page, "column");
  list->grid = chs_session_step_add_grid (list->page);
  gtk_stack_add_child (self->stack, list->page);
  list->lists = chs_checklist_load (name, &error);
  if (list->lists == NULL)
    chs_session_step_add_heading (list->page, error->message);
}

static void
chs_session_checks_init (ChsSessionChecks *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *tabs = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->shown_for = -1;
  gtk_widget_add_css_class (box, "column");
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_parent (box, GTK_WIDGET (self));
  gtk_widget_add_css_class (tabs, "column");
  gtk_widget_add_css_class (tabs, "check-lists");
  gtk_box_append (GTK_BOX (box), tabs);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  self->library = chs_therapy_library_load_default (NULL);
  add_list (self, tabs, CHS_CHECKS_BEFORE, "prechecks", _("Before the infusion"));
  add_list (self, tabs, CHS_CHECKS_DISCHARGE, CHS_CHECK_DISCHARGE, _("Before going home"));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reaction-page.h"

#include "app/checklist.h"
#include "ui/key.h"
#include "ui/language.h"
#include "ui/scroller.h"
#include "ui/pinned-chart.h"
#include "ui/reaction.h"
#include "ui/say.h"
#include "ui/vital-tile.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MINUTE_US ((int64_t) 60 * G_USEC_PER_SEC)
#define BEFORE_US (10 * MINUTE_US) /* of the time before, pinned */
#define AFTER_US (5 * MINUTE_US)   /* room for what comes, before the chart grows */
#define COLUMNS 3
#define STEPS_PARTS 3 /* of the page's width, */
#define CHART_PARTS 2 /* and so many for the chart */
#define TALL_TILES_MM 260.0 /* a panel so wide has vital signs as high as its keys */
#define N_VITALS G_N_ELEMENTS (vitals)
#define ARMED_US (5 * G_USEC_PER_SEC)

/* What is looked at while the steps are done, and where in its row; of two in one place one is shown. */
static const struct {
  ChsParam param;
  int      column, width; /* a pressure is two numbers and their time */
} vitals[] = {
  { CHS_PARAM_ABP_SYS, 0, 5 }, { CHS_PARAM_NIBP_SYS, 0, 5 }, { CHS_PARAM_HR, 5, 3 }, { CHS_PARAM_PR, 5, 3 }, { CHS_PARAM_SPO2, 8, 4 },
};

struct _ChsReactionPage {
  ChsPage parent_instance;

  ChsChecklist *lists;
  GtkWidget    *stack; /* "now" or "report" */
  GtkLabel     *timer; /* title of "now" */
  GtkWidget    *tiles[N_VITALS];
  GtkWidget    *chart;
  GtkWidget    *keys[CHS_CHECK_ITEMS];
  guint         n;
  GtkWidget    *report;
  GtkWidget    *over;
  gint64        armed_us; /* when "over" was touched first */
  ChsReaction   shown;
  guint         n_shown; /* marks in the report */
};

G_DEFINE_FINAL_TYPE (ChsReactionPage, chs_reaction_page, CHS_TYPE_PAGE)

static const ChsCheckSet *
get_set (ChsReactionPage *self)
{
  return self->lists ? chs_checklist_find (self->lists, "reaction") : NULL;
}

/* ---- taps ---- */

static const ChsMark *
find_tap (ChsReactionPage *self, const char *id)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (chs_view_get_scene (self)), &n);

  for (guint i = 0; i < n; i++)
    if (marks[i].action == CHS_NURSE_DONE && marks[i].kind == CHS_MARK_NURSE && !marks[i].undone &&
        marks[i].t_us >= self->shown.begin_us && strcmp (marks[i].what, id) == 0)
      return &marks[i];

  return NULL;
}

static const char *
text_of (ChsReactionPage *self, const char *id)
{
  const ChsCheckSet *set = get_set (self);

  for (guint i = 0; set && i < set->n; i++)
    if (strcmp (set->items[i].id, id) == 0)
      return set->items[i].text;

  return "";
}

static void
on_item (GtkButton *key, gpointer user_data)
{
  ChsReactionPage *self = CHS_REACTION_PAGE (user_data);
  const char      *id = gtk_widget_get_name (GTK_WIDGET (key));
  const ChsMark   *tap = find_tap (self, id);
  ChsNurse         undo = { .action = CHS_NURSE_CORRECTION, .at_us = CHS_TIME_NONE };

  if (tap == NULL) {
    chs_scene_done (chs_view_get_scene (self), id, text_of (self, id));
    return;
  }
  undo.value = (double) tap->seq;
  chs_scene_nurse_full (chs_view_get_scene (self), &undo);
}

static void
on_over (ChsReactionPage *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us - self->armed_us > ARMED_US) {
    self->armed_us = now_us;
    chs_key_set_hint (CHS_KEY (self->over), _("touch again"));
    return;
  }
  self->armed_us = 0;
  chs_reaction_end (chs_view_get_scene (self));
}

/* ---- while it goes on ---- */

static char *
since_words (int64_t t_us, int64_t begin_us)
{
  g_autofree char *after = chs_say_countdown (t_us - begin_us), *signed_text = g_strconcat ("+", after, NULL);

  return chs_language_isolate (signed_text);
}

static void
show_item (ChsReactionPage *self, guint i)
{
  const ChsMark   *tap = find_tap (self, gtk_widget_get_name (self->keys[i]));
  g_autofree char *after = tap ? since_words (tap->t_us, self->shown.begin_us) : NULL;
  g_autofree char *hint = tap ? g_strconcat ("✓ ", after, NULL) : NULL;

  chs_key_set_hint (CHS_KEY (self->keys[i]), hint);
  chs_key_set_active (self->keys[i], tap != NULL);
}

/* As on the chair's own page: of two sources of one thing the better that is there; none is left out, if only as dashes. */
static gboolean
is_wanted (const ChsChairModel *model, ChsParam param)
{
  if (param == CHS_PARAM_ABP_SYS || param == CHS_PARAM_NIBP_SYS)
    return chs_chair_model_is_present (model, CHS_PARAM_ABP_SYS) == (param == CHS_PARAM_ABP_SYS);
  if (param == CHS_PARAM_HR || param == CHS_PARAM_PR)
    return (chs_chair_model_is_present (model, CHS_PARAM_PR) && !chs_chair_model_is_present (model, CHS_PARAM_HR)) == (param == CHS_PARAM_PR);

  return TRUE;
}

static void
show_vitals (ChsReactionPage *self)
{
  ChsScene *scene = chs_view_get_scene (self);
  gboolean  has_room = chs_panel_width_mm (chs_scene_get_panel (scene)) >= TALL_TILES_MM;

  for (guint i = 0; i < N_VITALS; i++) {
    gtk_widget_set_visible (self->tiles[i], is_wanted (chs_scene_get_model (scene), vitals[i].param));
    gtk_widget_set_vexpand (self->tiles[i], has_room);
  }
}

static void
show_now (ChsReactionPage *self)
{
  ChsScene        *scene = chs_view_get_scene (self);
  g_autofree char *timer = chs_say_countdown (chs_scene_get_now_us (scene) - self->shown.begin_us);
  g_autofree char *clock = chs_scene_dup_clock (scene, self->shown.begin_us, TRUE);
  /* Translators: title of the reaction page: running time, then the time of day at which it began */
  g_autofree char *title = g_strdup_printf (_("Reaction  %s  (since %s)"), timer, clock);

  chs_page_hide_top (CHS_PAGE (self), title);
  gtk_label_set_label (self->timer, title);
  show_vitals (self);
  for (guint i = 0; i < self->n; i++)
    show_item (self, i);
  if (g_get_monotonic_time () - self->armed_us > ARMED_US)
    chs_key_set_hint (CHS_KEY (self->over), NULL);
  chs_pinned_chart_set_range (CHS_PINNED_CHART (self->chart), self->shown.begin_us - BEFORE_US, BEFORE_US + AFTER_US);
}

/* ---- the report ---- */

static void
add_line (ChsReactionPage *self, const char *when, const char *what)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *left = gtk_label_new (when), *right = gtk_label_new (what);

  gtk_label_set_xalign (GTK_LABEL (left), 0.0f);
  gtk_label_set_xalign (GTK_LABEL (right), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (right), TRUE);
  gtk_widget_set_hexpand (right, TRUE);
  gtk_widget_add_css_class (left, "report-time");
  gtk_widget_add_css_class (row, "review-row");
  gtk_box_append (GTK_BOX (row), left);
  gtk_box_append (GTK_BOX (row), right);
  gtk_box_append (GTK_BOX (self->report), row);
}

static gboolean
is_inside (ChsReactionPage *self, int64_t t_us)
{
  return t_us >= self->shown.begin_us && t_us <= self->shown.end_us;
}

static void
add_mark (ChsReactionPage *self, ChsScene *scene, const ChsMark *mark)
{
  g_autofree char *when = since_words (mark->t_us, self->shown.begin_us);
  g_autofree char *words = chs_words_mark (chs_scene_get_model (scene), mark, chs_scene_get_theme (scene));

  if (is_inside (self, mark->t_us) && !mark->undone)
    add_line (self, when, words);
}

static void
add_cuff (ChsReactionPage *self, const ChsCuffReading *cuff)
{
  g_autofree char *when = since_words (cuff->t_us, self->shown.begin_us);
  g_autofree char *words = g_strdup_printf (_("Pressure %.0f/%.0f mmHg"), (double) cuff->sys, (double) cuff->dia);

  if (is_inside (self, cuff->t_us) && !cuff->failed)
    add_line (self, when, words);
}

/* What was done and what was measured, as it followed on each other. */
static void
add_lines (ChsReactionPage *self, ChsScene *scene)
{
  guint                 n_marks, n_cuffs, k = 0;
  const ChsMark        *marks = chs_chair_model_get_marks (chs_scene_get_model (scene), &n_marks);
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (chs_scene_get_model (scene), &n_cuffs);

  for (guint i = 0; i <= n_marks; i++) {
    for (; k < n_cuffs && (i == n_marks || cuffs[k].t_us < marks[i].t_us); k++)
      add_cuff (self, &cuffs[k]);
    if (i < n_marks)
      add_mark (self, scene, &marks[i]);
  }
}

static void
show_report (ChsReactionPage *self)
{
  ChsScene        *scene = chs_view_get_scene (self);
  guint            n;
  g_autofree char *begin = chs_scene_dup_clock (scene, self->shown.begin_us, TRUE);
  g_autofree char *end = chs_scene_dup_clock (scene, self->shown.end_us, TRUE);
  g_autofree char *title = g_strdup_printf (_("Reaction from %s to %s"), begin, end);
  GtkWidget       *child;

  chs_chair_model_get_marks (chs_scene_get_model (scene), &n);
  if (n == self->n_shown)
    return;

  self->n_shown = n;
  chs_page_set_title (CHS_PAGE (self), title);
  while ((child = gtk_widget_get_first_child (self->report)))
    gtk_box_remove (GTK_BOX (self->report), child);
  add_lines (self, scene);
}

static void
chs_reaction_page_refresh (ChsView *view)
{
  ChsReactionPage *self = CHS_REACTION_PAGE (view);

  self->shown = chs_reaction_find_last (chs_scene_get_model (chs_view_get_scene (self)));
  if (self->shown.begin_us == CHS_TIME_NONE)
    return;

  chs_page_set_keeps_open (CHS_PAGE (self), chs_reaction_is_on (&self->shown));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), chs_reaction_is_on (&self->shown) ? "now" : "report");
  chs_page_show_top (CHS_PAGE (self), !chs_reaction_is_on (&self->shown));
  if (chs_reaction_is_on (&self->shown))
    show_now (self);
  else
    show_report (self);
}

static void
chs_reaction_page_opened (ChsPage *page, GVariant *target)
{
  CHS_REACTION_PAGE (page)->n_shown = 0;
  chs_reaction_page_refresh (CHS_VIEW (page));
}

/* ---- life ---- */

static void
chs_reaction_page_finalize (GObject *object)
{
  g_clear_pointer (&CHS_REACTION_PAGE (object)->lists, chs_checklist_free);
  G_OBJECT_CLASS (chs_reaction_page_parent_class)->finalize (object);
}

static void
chs_reaction_page_class_init (ChsReactionPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = chs_reaction_page_finalize;
  CHS_VIEW_CLASS (klass)->refresh = chs_reaction_page_refresh;
  CHS_PAGE_CLASS (klass)->opened = chs_reaction_page_opened;
}

static GtkWidget *
make_vitals (ChsReactionPage *self)
{
  GtkWidget *row = gtk_grid_new ();

  gtk_grid_set_column_homogeneous (GTK_GRID (row), TRUE);
  gtk_widget_add_css_class (row, "reaction-vitals");
  for (guint i = 0; i < N_VITALS; i++) {
    self->tiles[i] = chs_vital_tile_new (vitals[i].param);
    g_object_bind_property (self, "scene", self->tiles[i], "scene", G_BINDING_SYNC_CREATE);
    gtk_widget_set_hexpand (self->tiles[i], TRUE);
    gtk_grid_attach (GTK_GRID (row), self->tiles[i], vitals[i].column, 0, vitals[i].width, 1);
  }

  return row;
}

static GtkWidget *
make_items (ChsReactionPage *self)
{
  const ChsCheckSet *set = get_set (self);
  GtkWidget         *grid = gtk_grid_new ();

  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_widget_add_css_class (grid, "key-grid");
  for (guint i = 0; set && i < set->n; i++) {
    GtkWidget *key = chs_key_new (_(set->items[i].text), NULL);

    gtk_widget_set_name (key, set->items[i].id);
    gtk_widget_add_css_class (key, "check");
    gtk_widget_set_hexpand (key, TRUE);
    gtk_widget_set_vexpand (key, TRUE);
    g_signal_connect (key, "clicked", G_CALLBACK (on_item), self);
    gtk_grid_attach (GTK_GRID (grid), key, (int) i % COLUMNS, (int) i / COLUMNS, 1, 1);
    self->keys[self->n++] = key;
  }
  /* Behind the last step, where there is room, else in a row of their own. */
  gtk_grid_attach (GTK_GRID (grid), make_vitals (self), self->n % COLUMNS == 1 ? 1 : 0, ((int) self->n + COLUMNS - 2) / COLUMNS,
                   self->n % COLUMNS == 1 ? COLUMNS - 1 : COLUMNS, 1);

  return grid;
}

/* Beside the steps, which have the whole height: how long it has been, the ways out, the chart. */
static GtkWidget *
make_side (ChsReactionPage *self)
{
  GtkWidget *side = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *keys = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *back = chs_key_new (_("Back"), "win.back");

  self->timer = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->timer, 0.0f);
  gtk_label_set_wrap (self->timer, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->timer), "reaction-timer");
  self->over = chs_key_new (_("Reaction is over"), NULL);
  g_signal_connect_swapped (self->over, "clicked", G_CALLBACK (on_over), self);
  gtk_widget_set_hexpand (self->over, TRUE);
  gtk_widget_set_hexpand (back, TRUE);
  gtk_widget_add_css_class (keys, "key-row");
  gtk_box_append (GTK_BOX (keys), self->over);
  gtk_box_append (GTK_BOX (keys), back);

  self->chart = g_object_new (CHS_TYPE_PINNED_CHART, NULL);
  gtk_widget_set_vexpand (self->chart, TRUE);
  g_object_bind_property (self, "scene", self->chart, "scene", G_BINDING_SYNC_CREATE);
  chs_page_set_notice_place (CHS_PAGE (self), self->chart);

  gtk_widget_set_hexpand (side, TRUE);
  gtk_widget_add_css_class (side, "reaction-side");
  gtk_box_append (GTK_BOX (side), GTK_WIDGET (self->timer));
  gtk_box_append (GTK_BOX (side), keys);
  gtk_box_append (GTK_BOX (side), self->chart);

  return side;
}

static void
chs_reaction_page_init (ChsReactionPage *self)
{
  GtkWidget *now = gtk_grid_new (), *steps;

  self->lists = chs_checklist_load ("reaction", NULL);
  steps = chs_scroller_new (make_items (self));
  gtk_widget_set_hexpand (steps, TRUE);
  gtk_widget_add_css_class (now, "reaction-now");
  gtk_grid_set_column_homogeneous (GTK_GRID (now), TRUE);
  gtk_grid_attach (GTK_GRID (now), steps, 0, 0, STEPS_PARTS, 1);
  gtk_grid_attach (GTK_GRID (now), make_side (self), STEPS_PARTS, 0, CHART_PARTS, 1);

  self->report = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), now, "now");
  gtk_stack_add_named (GTK_STACK (self->stack), chs_scroller_new (self->report), "report");
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), self->stack);
}

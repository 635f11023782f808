/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/review-page.h"

#include "app/correction.h"
#include "ui/entry-pad.h"
#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* As many as a nurse scrolls through; all of them are in the recording. */
#define MAX_ROWS 200
#define US_PER_MIN ((int64_t) 60 * G_USEC_PER_SEC)
#define MAX_MINUTES_AGO 600
#define WHY_LETTERS 60
#define TIME_REASON "time"

struct _ChsReviewPage {
  ChsPage parent_instance;

  GtkStack  *stack; /* "list", "form", "pad" */
  GtkWidget *list, *pad;
  guint      n_shown;  /* marks that the list was made from, */
  int64_t    n_fixed; /* and what had been corrected of them */

  /* ---- the entry that is being corrected ---- */
  uint64_t   seq;
  int64_t    old_us, new_us, from_us; /* its time, the one that is chosen, and the earliest that can be */
  GtkLabel  *what, *when;
  GtkWidget *save, *back_to;
};

G_DEFINE_FINAL_TYPE (ChsReviewPage, chs_review_page, CHS_TYPE_PAGE)

/* ---- what can be corrected ---- */

/* What a person entered and stands; of phases the newest. @from_us: (out): the earliest time that it can have */
static gboolean
can_correct (ChsScene *scene, const ChsMark *mark, int64_t *from_us)
{
  ChsPhaseStep step;
  bool         is_last;

  *from_us = 0;
  if (mark->undone || mark->kind == CHS_MARK_ALARM || mark->kind == CHS_MARK_CLOCK || mark->action == CHS_NURSE_BASELINE ||
      chs_scene_get_mode (scene) != CHS_SCENE_LIVE)
    return FALSE;
  if (mark->kind != CHS_MARK_PHASE)
    return TRUE;
  chs_engine_find_phase_step (chs_scene_get_engine (scene), mark->seq, &step, &is_last);
  *from_us = step.from_us;

  return is_last;
}

static const ChsMark *
find_mark (ChsScene *scene, uint64_t seq)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (scene), &n);

  while (n-- > 0)
    if (marks[n].seq == seq && marks[n].kind != CHS_MARK_ALARM)
      return &marks[n];

  return NULL;
}

/* ---- the form ---- */

static void
show_list (ChsReviewPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "list");
  chs_page_show_top (CHS_PAGE (self), TRUE);
  chs_page_set_keeps_open (CHS_PAGE (self), FALSE);
}

static void
show_form (ChsReviewPage *self)
{
  ChsScene        *scene = chs_view_get_scene (self);
  g_autofree char *old = chs_scene_dup_clock (scene, self->old_us, FALSE), *new = chs_scene_dup_clock (scene, self->new_us, FALSE);
  /* Translators: times of day: the one that an entry has, and the one that it is to have */
  g_autofree char *text = self->new_us == self->old_us ? g_strdup_printf (_("Entered as %s"), old)
                                                       : g_strdup_printf (_("Entered as %1$s, really at %2$s"), old, new);

  gtk_label_set_label (self->when, text);
  gtk_widget_set_sensitive (self->save, self->new_us != self->old_us);
  gtk_stack_set_visible_child_name (self->stack, "form");
  chs_page_show_top (CHS_PAGE (self), FALSE);
  chs_page_set_keeps_open (CHS_PAGE (self), TRUE);
}

/* Where the session would be after the newest phase was taken back. */
static void
show_back_to (ChsReviewPage *self, const ChsMark *mark)
{
  ChsScene        *scene = chs_view_get_scene (self);
  ChsPhaseStep     step;
  bool             is_last;
  g_autofree char *text = NULL;

  if (mark->kind == CHS_MARK_PHASE && chs_engine_find_phase_step (chs_scene_get_engine (scene), mark->seq, &step, &is_last))
    /* Translators: phase of the session, as "Infusing" */
    text = g_strdup_printf (_("It did not happen, back to “%s”. Why?"), chs_say_phase (step.from));
  gtk_label_set_label (GTK_LABEL (self->back_to), text ? text : _("It did not happen, take it back. Why?"));
}

static void
open_form (ChsReviewPage *self, const ChsMark *mark, int64_t from_us)
{
  ChsScene        *scene = chs_view_get_scene (self);
  g_autofree char *words = chs_words_mark (chs_scene_get_model (scene), mark, chs_scene_get_theme (scene));

  self->seq = mark->seq;
  self->old_us = self->new_us = mark->t_us;
  self->from_us = from_us;
  gtk_label_set_label (self->what, words);
  show_back_to (self, mark);
  show_form (self);
}

static void
set_time (ChsReviewPage *self, int64_t t_us)
{
  self->new_us = CLAMP (t_us, self->from_us, chs_scene_get_now_us (chs_view_get_scene (self)));
  show_form (self);
}

static void
on_step (GtkWidget *key, ChsReviewPage *self)
{
  set_time (self, self->new_us + GPOINTER_TO_INT (g_object_get_data (G_OBJECT (key), "minutes")) * US_PER_MIN);
}

static void
take_ago (const char *value, gpointer user_data)
{
  ChsReviewPage *self = CHS_REVIEW_PAGE (user_data);

  if (*value)
    self->new_us = CLAMP (chs_scene_get_now_us (chs_view_get_scene (self)) - (int64_t) (g_ascii_strtod (value, NULL) * US_PER_MIN),
                          self->from_us, chs_scene_get_now_us (chs_view_get_scene (self)));
}

static void
on_ago (ChsReviewPage *self)
{
  gtk_stack_set_visible_child (self->stack, self->pad);
  chs_entry_pad_ask_number (CHS_ENTRY_PAD (self->pad), _("How many minutes ago was it?"), _("min"), 0, MAX_MINUTES_AGO, take_ago, self);
}

/* ---- sending ---- */

static void
enter (ChsReviewPage *self, int64_t at_us, const char *reason, const char *text)
{
  ChsNurse nurse = { .action = CHS_NURSE_CORRECTION, .at_us = at_us, .value = (double) self->seq };

  chs_text_copy (nurse.what, sizeof nurse.what, reason);
  chs_text_copy (nurse.text, sizeof nurse.text, text);
  if (chs_scene_nurse_full (chs_view_get_scene (self), &nurse))
    show_list (self);
}

static void
on_save (ChsReviewPage *self)
{
  enter (self, self->new_us, TIME_REASON, "");
}

static void
take_why (const char *value, gpointer user_data)
{
  if (*value)
    enter (CHS_REVIEW_PAGE (user_data), CHS_TIME_NONE, "other", value);
}

static void
on_reason (GtkWidget *key, ChsReviewPage *self)
{
  const char *reason = gtk_widget_get_name (key);

  if (strcmp (reason, "other") != 0) {
    enter (self, CHS_TIME_NONE, reason, "");
    return;
  }
  gtk_stack_set_visible_child (self->stack, self->pad);
  chs_entry_pad_ask_text (CHS_ENTRY_PAD (self->pad), _("Why was it wrong?"), "", WHY_LETTERS, take_why, self);
}

/* After an answer and after a cancel; an answer that was sent has led to the list. */
static void
on_pad_closed (ChsReviewPage *self)
{
  if (gtk_stack_get_visible_child (self->stack) == self->pad)
    show_form (self);
}

/* ---- the list ---- */

static const char *
shape_of (const ChsMark *mark)
{
  static const char *const shapes[] = { "·", "!", "!!", "!!!" };

  return mark->kind == CHS_MARK_ALARM ? shapes[MIN (mark->priority, CHS_PRIORITY_HIGH)] : "·";
}

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_widget_add_css_class (label, css_class);

  return label;
}

/* "taken back: too early", "was 10:41". Returns: (transfer full) (nullable) */
static char *
dup_note (ChsScene *scene, const ChsMark *mark)
{
  g_autofree char *clock = NULL;

  if (mark->undone && mark->why[0])
    /* Translators: an entry that was taken back, and why; it stays in the list */
    return g_strdup_printf (_("taken back: %s"), _(chs_reason_label (mark->why)));
  if (mark->undone)
    /* Translators: an entry that was taken back; it stays in the list */
    return g_strdup (_("taken back"));
  if (mark->was_us == CHS_TIME_NONE)
    return NULL;
  clock = chs_scene_dup_clock (scene, mark->was_us, FALSE);

  /* Translators: of an entry whose time was corrected: the time of day that it had before */
  return g_strdup_printf (_("was %s"), clock);
}

static void
on_correct (GtkWidget *key, ChsReviewPage *self)
{
  ChsScene      *scene = chs_view_get_scene (self);
  const ChsMark *mark = find_mark (scene, *(uint64_t *) g_object_get_data (G_OBJECT (key), "seq"));
  int64_t        from_us;

  if (mark && can_correct (scene, mark, &from_us))
    open_form (self, mark, from_us);
}

static GtkWidget *
make_correct (ChsReviewPage *self, const ChsMark *mark, const char *words)
{
  GtkWidget       *key = chs_key_new (_("Correct"), NULL);
  g_autofree char *name = g_strdup_printf ("%s: %s", _("Correct"), words);

  g_object_set_data_full (G_OBJECT (key), "seq", g_memdup2 (&mark->seq, sizeof mark->seq), g_free);
  chs_key_set_spoken (CHS_KEY (key), name);
  gtk_widget_set_valign (key, GTK_ALIGN_CENTER);
  g_signal_connect (key, "clicked", G_CALLBACK (on_correct), self);

  return key;
}

static GtkWidget *
make_row (ChsReviewPage *self, const ChsMark *mark)
{
  static const char *const classes[] = { "none", "low", "medium", "high" };
  ChsScene                *scene = chs_view_get_scene (self);
  GtkWidget               *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char         *clock = chs_scene_dup_clock (scene, mark->t_us, TRUE), *note = dup_note (scene, mark);
  g_autofree char         *words = chs_words_mark (chs_scene_get_model (scene), mark, chs_scene_get_theme (scene));
  GtkWidget               *what = make_label (words, "review-what"), *shape = make_label (shape_of (mark), "review-shape");
  int64_t                  from_us;

  gtk_label_set_wrap (GTK_LABEL (what), TRUE);
  gtk_widget_set_hexpand (what, TRUE);
  gtk_widget_add_css_class (shape, classes[mark->kind == CHS_MARK_ALARM ? MIN (mark->priority, CHS_PRIORITY_HIGH) : 0]);
  gtk_widget_add_css_class (row, mark->undone ? "undone" : "stands");
  gtk_widget_add_css_class (row, "review-row");
  gtk_box_append (GTK_BOX (row), make_label (clock, "review-time"));
  gtk_box_append (GTK_BOX (row), shape);
  gtk_box_append (GTK_BOX (row), what);
  if (note)
    gtk_box_append (GTK_BOX (row), make_label (note, "review-note"));
  if (can_correct (scene, mark, &from_us))
    gtk_box_append (GTK_BOX (row), make_correct (self, mark, words));

  return row;
}

/* Goes up with each correction. */
static int64_t
count_fixed (const ChsMark *marks, guint n)
{
  int64_t sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (marks[i].undone ? 1 : 0) + (marks[i].was_us != CHS_TIME_NONE ? 1 + marks[i].t_us : 0);

  return sum;
}

static void
show (ChsReviewPage *self)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (chs_view_get_scene (self)), &n);
  GtkWidget     *child;

  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_box_remove (GTK_BOX (self->list), child);
  for (guint i = n; i > 0 && n - i < MAX_ROWS; i--)
    gtk_box_append (GTK_BOX (self->list), make_row (self, &marks[i - 1]));
  if (n == 0)
    gtk_box_append (GTK_BOX (self->list), make_label (_("Nothing has happened yet."), "review-what"));
  self->n_shown = n;
  self->n_fixed = count_fixed (marks, n);
}

static void
chs_review_page_opened (ChsPage *page, GVariant *target)
{
  ChsReviewPage *self = CHS_REVIEW_PAGE (page);
  ChsScene      *scene = chs_view_get_scene (self);
  const ChsMark *mark = target && g_variant_is_of_type (target, G_VARIANT_TYPE_UINT64) ? find_mark (scene, g_variant_get_uint64 (target)) : NULL;
  int64_t        from_us;

  show (self);
  show_list (self);
  if (mark && can_correct (scene, mark, &from_us))
    open_form (self, mark, from_us);
}

static void
chs_review_page_refresh (ChsView *view)
{
  ChsReviewPage *self = CHS_REVIEW_PAGE (view);
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (chs_view_get_scene (self)), &n);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && (n != self->n_shown || count_fixed (marks, n) != self->n_fixed))
    show (self);
}

static void
chs_review_page_class_init (ChsReviewPageClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_review_page_refresh;
  CHS_PAGE_CLASS (klass)->opened = chs_review_page_opened;
}

/* ---- making ---- */

static GtkWidget *
add_key_row (GtkWidget *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "key-row");
  gtk_box_append (GTK_BOX (box), row);

  return row;
}

static void
add_times (ChsReviewPage *self, GtkWidget *row)
{
  static const int minutes[] = { -10, -5, -1, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++) {
    /* Translators: key: so many minutes earlier (−) or later (+) */
    g_autofree char *title = g_strdup_printf (_("%s%d min"), minutes[i] < 0 ? "−" : "+", ABS (minutes[i]));
    GtkWidget       *key = chs_key_new (title, NULL);

    g_object_set_data (G_OBJECT (key), "minutes", GINT_TO_POINTER (minutes[i]));
    g_signal_connect (key, "clicked", G_CALLBACK (on_step), self);
    gtk_box_append (GTK_BOX (row), key);
  }
}

static void
add_reasons (ChsReviewPage *self, GtkWidget *row)
{
  unsigned         n;
  const ChsReason *reasons = chs_reasons (&n);

  for (unsigned i = 0; i < n; i++) {
    GtkWidget *key;

    if (strcmp (reasons[i].id, TIME_REASON) == 0) /* such an entry is not taken back */
      continue;
    key = chs_key_new (_(reasons[i].label), NULL);

    gtk_widget_set_name (key, reasons[i].id);
    g_signal_connect (key, "clicked", G_CALLBACK (on_reason), self);
    gtk_box_append (GTK_BOX (row), key);
  }
}

static GtkWidget *
make_form (ChsReviewPage *self)
{
  GtkWidget *form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *upper = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *row, *key;

  gtk_widget_add_css_class (form, "column");
  gtk_widget_add_css_class (upper, "column");
  self->what = GTK_LABEL (make_label (NULL, "page-title"));
  self->when = GTK_LABEL (make_label (NULL, "fact"));
  gtk_label_set_wrap (self->what, TRUE);
  gtk_box_append (GTK_BOX (upper), GTK_WIDGET (self->what));
  gtk_box_append (GTK_BOX (upper), GTK_WIDGET (self->when));
  row = add_key_row (upper);
  add_times (self, row);
  key = chs_key_new (_("Minutes ago …"), NULL);
  g_signal_connect_swapped (key, "clicked", G_CALLBACK (on_ago), self);
  gtk_box_append (GTK_BOX (row), key);
  self->back_to = make_label (NULL, "heading");
  gtk_box_append (GTK_BOX (upper), self->back_to);
  add_reasons (self, add_key_row (upper));
  gtk_box_append (GTK_BOX (form), chs_scroller_new (upper));
  row = add_key_row (form);
  key = chs_key_new (_("Back to the list"), NULL);
  g_signal_connect_swapped (key, "clicked", G_CALLBACK (show_list), self);
  gtk_box_append (GTK_BOX (row), key);
  self->save = chs_key_new (_("Save this time"), NULL);
  gtk_widget_add_css_class (self->save, "primary");
  g_signal_connect_swapped (self->save, "clicked", G_CALLBACK (on_save), self);
  gtk_box_append (GTK_BOX (row), self->save);
  for (GtkWidget *each = key; each; each = gtk_widget_get_next_sibling (each))
    gtk_widget_add_css_class (each, "large");

  return form;
}

static void
chs_review_page_init (ChsReviewPage *self)
{

  chs_page_set_title (CHS_PAGE (self), _("What happened"));
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->pad = chs_entry_pad_new ();
  g_signal_connect_swapped (self->pad, "closed", G_CALLBACK (on_pad_closed), self);
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (self->stack, FALSE);
  gtk_stack_set_vhomogeneous (self->stack, FALSE);
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_stack_add_named (self->stack, chs_scroller_new (self->list), "list");
  gtk_stack_add_named (self->stack, make_form (self), "form");
  gtk_stack_add_named (self->stack, self->pad, "pad");
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), GTK_WIDGET (self->stack));
}

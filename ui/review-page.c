/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/review-page.h"

#include "ui/say.h"

#include <glib/gi18n.h>

/* As many as a nurse scrolls through; all of them are in the recording. */
#define MAX_ROWS 200

struct _ChsReviewPage {
  ChsPage parent_instance;

  GtkWidget *list;
  guint      n_shown; /* marks that the list was made from */
};

G_DEFINE_FINAL_TYPE (ChsReviewPage, chs_review_page, CHS_TYPE_PAGE)

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

static GtkWidget *
make_row (ChsScene *scene, const ChsMark *mark)
{
  static const char *const classes[] = { "none", "low", "medium", "high" };
  GtkWidget               *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  g_autofree char         *clock = chs_scene_dup_clock (scene, mark->t_us, TRUE);
  g_autofree char         *words = chs_words_mark (chs_scene_get_model (scene), mark, chs_scene_get_theme (scene));
  GtkWidget               *what = make_label (words, "review-what");
  GtkWidget               *shape = make_label (shape_of (mark), "review-shape");

  gtk_label_set_wrap (GTK_LABEL (what), TRUE);
  gtk_widget_set_hexpand (what, TRUE);
  gtk_widget_add_css_class (shape, classes[mark->kind == CHS_MARK_ALARM ? MIN (mark->priority, CHS_PRIORITY_HIGH) : 0]);
  gtk_widget_add_css_class (row, mark->undone ? "undone" : "stands");
  gtk_widget_add_css_class (row, "review-row");
  gtk_box_append (GTK_BOX (row), make_label (clock, "review-time"));
  gtk_box_append (GTK_BOX (row), shape);
  gtk_box_append (GTK_BOX (row), what);
  if (mark->undone)
    /* Translators: an entry that was taken back; it stays in the list */
    gtk_box_append (GTK_BOX (row), make_label (_("taken back"), "review-note"));

  return row;
}

static void
show (ChsReviewPage *self)
{
  ChsScene      *scene = chs_view_get_scene (self);
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (scene), &n);
  GtkWidget     *child;

  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_box_remove (GTK_BOX (self->list), child);
  for (guint i = n; i > 0 && n - i < MAX_ROWS; i--)
    gtk_box_append (GTK_BOX (self->list), make_row (scene, &marks[i - 1]));
  if (n == 0)
    gtk_box_append (GTK_BOX (self->list), make_label (_("Nothing has happened yet."), "review-what"));
  self->n_shown = n;
}

static void
chs_review_page_opened (ChsPage *page, GVariant *target)
{
  show (CHS_REVIEW_PAGE (page));
}

static void
chs_review_page_refresh (ChsView *view)
{
  ChsReviewPage *self = CHS_REVIEW_PAGE (view);
  guint          n;

  chs_chair_model_get_marks (chs_scene_get_model (chs_view_get_scene (self)), &n);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && n != self->n_shown)
    show (self);
}

static void
chs_review_page_class_init (ChsReviewPageClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_review_page_refresh;
  CHS_PAGE_CLASS (klass)->opened = chs_review_page_opened;
}

static void
chs_review_page_init (ChsReviewPage *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  chs_page_set_title (CHS_PAGE (self), _("What happened"));
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), scroller);
}

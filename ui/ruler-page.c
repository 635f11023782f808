/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ruler-page.h"

#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/preferences.h"
#include "ui/ruler-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define STEP_IN 0.1
#define MM_PER_INCH 25.4

enum { TARGET_15, TARGET_20, N_TARGETS };

struct _ChsRulerPage {
  ChsPage parent_instance;

  GtkWidget *both;   /* ruler, and what is set: beside or under it */
  GtkWidget *ruler;
  GtkLabel  *size;   /* diagonal and where it is from */
  GtkLabel  *drawn;  /* shown when sizes on the screen are smaller than true */
  GtkWidget *targets[N_TARGETS];
  guint      hits[N_TARGETS], misses;
  GtkLabel  *score;
};

G_DEFINE_FINAL_TYPE (ChsRulerPage, chs_ruler_page, CHS_TYPE_PAGE)

/* ---- the diagonal ---- */

static double
diagonal_of (ChsRulerPage *self)
{
  const ChsPanel *panel = chs_scene_get_panel (chs_view_get_scene (self));

  return panel->screen_diagonal_px / panel->px_mm / MM_PER_INCH;
}

static void
step (ChsRulerPage *self, double by_in)
{
  double diagonal_in = round (diagonal_of (self) / STEP_IN) * STEP_IN + by_in;

  gtk_widget_activate_action (GTK_WIDGET (self), "app.diagonal", "d",
                              CLAMP (diagonal_in, CHS_DIAGONAL_MIN_IN, CHS_DIAGONAL_MAX_IN));
}

static void
on_less (ChsRulerPage *self)
{
  step (self, -STEP_IN);
}

static void
on_more (ChsRulerPage *self)
{
  step (self, STEP_IN);
}

static const char *
origin_words (ChsPanelOrigin origin)
{
  switch (origin) {
  case CHS_PANEL_FROM_ADMIN:
    /* Translators: where the size of the panel is known from */
    return _("set here or by the administrator");
  case CHS_PANEL_FROM_MONITOR:
    return _("as the panel reports itself");
  case CHS_PANEL_GUESSED:
  default:
    return _("a guess: the panel reports nothing credible");
  }
}

static void
show_size (ChsRulerPage *self)
{
  const ChsPanel  *panel = chs_scene_get_panel (chs_view_get_scene (self));
  gboolean         is_small = panel->drawn_px_mm < panel->px_mm * 0.995;
  /* Translators: diagonal of the panel in inches, pixels a millimetre, and where it is from */
  g_autofree char *size = g_strdup_printf (_("Diagonal %.1f″ · %.2f pixels a millimetre · %s"), diagonal_of (self),
                                           panel->px_mm, origin_words (panel->origin));
  /* Translators: percent */
  g_autofree char *drawn = g_strdup_printf (_("This panel is smaller than the design: keys and text are drawn at %.0f %% of their size."),
                                            100.0 * panel->drawn_px_mm / panel->px_mm);

  gtk_label_set_label (self->size, size);
  gtk_label_set_label (self->drawn, drawn);
  gtk_widget_set_visible (GTK_WIDGET (self->drawn), is_small);
}

/* ---- targets ---- */

static void
show_score (ChsRulerPage *self)
{
  /* Translators: touches on a key of 15 mm, on one of 20 mm, and beside both */
  g_autofree char *score = g_strdup_printf (_("Hit: %u of 15 mm, %u of 20 mm · beside: %u"), self->hits[TARGET_15],
                                            self->hits[TARGET_20], self->misses);

  gtk_label_set_label (self->score, score);
}

static void
on_target (GtkButton *key, gpointer user_data)
{
  ChsRulerPage *self = CHS_RULER_PAGE (user_data);

  self->hits[self->targets[TARGET_20] == GTK_WIDGET (key)]++;
  show_score (self);
}

/* Only what no key has taken comes here. */
static void
on_missed (ChsRulerPage *self)
{
  self->misses++;
  show_score (self);
}

static void
chs_ruler_page_opened (ChsPage *page, GVariant *target)
{
  ChsRulerPage *self = CHS_RULER_PAGE (page);

  self->hits[TARGET_15] = self->hits[TARGET_20] = self->misses = 0;
  show_score (self);
}

static void
chs_ruler_page_refresh (ChsView *view)
{
  ChsRulerPage *self = CHS_RULER_PAGE (view);
  gboolean      is_tall = chs_scene_get_panel (chs_view_get_scene (self))->layout == CHS_LAYOUT_TALL;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->both), is_tall ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  chs_view_set_scene (self->ruler, chs_view_get_scene (self));
  show_size (self);
}

/* ---- life ---- */

static void
chs_ruler_page_class_init (ChsRulerPageClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_ruler_page_refresh;
  CHS_PAGE_CLASS (klass)->opened = chs_ruler_page_opened;
}

static GtkLabel *
add_label (GtkWidget *box, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);

  return GTK_LABEL (label);
}

static void
add_diagonal (ChsRulerPage *self, GtkWidget *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  /* Translators: keys that change the diagonal of the panel by 0.1 inch */
  GtkWidget *less = chs_key_new (_("Smaller"), NULL), *more = chs_key_new (_("Larger"), NULL);

  gtk_widget_add_css_class (row, "key-row");
  g_signal_connect_swapped (less, "clicked", G_CALLBACK (on_less), self);
  g_signal_connect_swapped (more, "clicked", G_CALLBACK (on_more), self);
  gtk_widget_set_hexpand (less, TRUE);
  gtk_widget_set_hexpand (more, TRUE);
  gtk_box_append (GTK_BOX (row), less);
  gtk_box_append (GTK_BOX (row), more);
  gtk_box_append (GTK_BOX (box), row);
  self->size = add_label (box, NULL, "review-note");
  self->drawn = add_label (box, NULL, "fact");
}

static void
add_targets (ChsRulerPage *self, GtkWidget *box)
{
  static const char *const titles[N_TARGETS] = { "15", "20" };
  GtkWidget               *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkGesture              *missed = gtk_gesture_click_new ();

  add_label (box, _("Try with a glove:"), "heading");
  gtk_widget_add_css_class (row, "targets");
  for (guint i = 0; i < N_TARGETS; i++) {
    self->targets[i] = chs_key_new (titles[i], NULL);
    gtk_widget_set_halign (self->targets[i], GTK_ALIGN_START);
    gtk_widget_set_valign (self->targets[i], GTK_ALIGN_CENTER);
    g_signal_connect (self->targets[i], "clicked", G_CALLBACK (on_target), self);
    gtk_box_append (GTK_BOX (row), self->targets[i]);
  }
  gtk_widget_add_css_class (self->targets[TARGET_20], "large");
  gtk_widget_add_css_class (self->targets[TARGET_20], "square");
  g_signal_connect_swapped (missed, "released", G_CALLBACK (on_missed), self);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (missed));
  gtk_box_append (GTK_BOX (box), row);
  self->score = add_label (box, NULL, "review-note");
}

static void
chs_ruler_page_init (ChsRulerPage *self)
{
  GtkWidget *right = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  chs_page_set_title (CHS_PAGE (self), _("Ruler"));
  self->ruler = g_object_new (CHS_TYPE_RULER_VIEW, NULL);
  gtk_widget_set_halign (self->ruler, GTK_ALIGN_START);
  gtk_widget_set_valign (self->ruler, GTK_ALIGN_START);
  gtk_widget_add_css_class (right, "column");
  add_label (right, _("Lay a bank card on the outline. Change the diagonal until they agree."), "fact");
  add_diagonal (self, right);
  add_targets (self, right);
  gtk_widget_set_hexpand (right, TRUE);
  self->both = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->both, "column");
  gtk_box_append (GTK_BOX (self->both), self->ruler);
  gtk_box_append (GTK_BOX (self->both), right);
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), chs_scroller_new (self->both));
}

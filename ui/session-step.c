/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session-step.h"

#include "ui/key.h"
#include "ui/scroller.h"

typedef struct {
  ChsEntryPad *pad; /* of the page, which outlives us */
} ChsSessionStepPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChsSessionStep, chs_session_step, CHS_TYPE_VIEW)

enum { SIGNAL_ASK, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
chs_session_step_class_init (ChsSessionStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SIGNAL_ASK] =
    g_signal_new ("ask", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "sessionstep");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
chs_session_step_init (ChsSessionStep *self)
{
}

char *
chs_session_step_dup_summary (ChsSessionStep *self)
{
  return CHS_SESSION_STEP_GET_CLASS (self)->summary (self);
}

ChsEntryPad *
chs_session_step_ask (ChsSessionStep *self)
{
  ChsSessionStepPrivate *priv = chs_session_step_get_instance_private (self);

  g_signal_emit (self, signals[SIGNAL_ASK], 0);

  return priv->pad;
}

void
chs_session_step_set_pad (ChsSessionStep *self, ChsEntryPad *pad)
{
  ChsSessionStepPrivate *priv = chs_session_step_get_instance_private (self);

  priv->pad = pad;
}

const ChsSession *
chs_session_step_get_session (gpointer self)
{
  return chs_engine_get_session (chs_scene_get_engine (chs_view_get_scene (self)));
}

GtkWidget *
chs_session_step_add_field (gpointer self, GtkWidget *box, const char *name, GCallback clicked)
{
  GtkWidget *key = chs_key_new (name, NULL);

  gtk_widget_add_css_class (key, "field");
  gtk_widget_set_hexpand (key, TRUE);
  g_signal_connect_swapped (key, "clicked", clicked, self);
  gtk_box_append (GTK_BOX (box), key);

  return key;
}

void
chs_session_step_add_heading (GtkWidget *box, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), label);
}

GtkWidget *
chs_session_step_add_grid (GtkWidget *box)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_widget_add_css_class (grid, "key-grid");
  gtk_box_append (GTK_BOX (box), chs_scroller_new (grid));

  return grid;
}

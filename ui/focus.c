/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/focus.h"

#include "ui/view.h"

#define MAX_PLACES 6
#define KEEPER "chs-focus-keeper"

typedef struct {
  GtkWindow *window;
  GtkWidget *places[MAX_PLACES]; /* (weak): views around what had the focus, the nearest first */
  GtkWidget *lent;               /* (weak): view that has it in between */
  guint      look_id;
} Keeper;

static void
remember (Keeper *self, GtkWidget *widget)
{
  for (guint i = 0; i < MAX_PLACES; i++) {
    while (widget && !CHS_IS_VIEW (widget))
      widget = gtk_widget_get_parent (widget);
    g_set_weak_pointer (&self->places[i], widget);
    widget = widget ? gtk_widget_get_parent (widget) : NULL;
  }
}

static void
lend (Keeper *self, GtkWidget *view)
{
  g_set_weak_pointer (&self->lent, view);
  gtk_widget_set_focusable (view, TRUE);
  gtk_widget_grab_focus (view);
}

static gboolean
on_look (gpointer user_data)
{
  Keeper    *self = user_data;
  GtkWidget *focus = gtk_window_get_focus (self->window);

  self->look_id = 0;
  if (focus && gtk_widget_get_mapped (focus))
    return G_SOURCE_REMOVE;
  for (guint i = 0; i < MAX_PLACES; i++)
    if (self->places[i] && gtk_widget_get_mapped (self->places[i])) {
      lend (self, self->places[i]);
      break;
    }

  return G_SOURCE_REMOVE;
}

static void
on_focus (Keeper *self)
{
  GtkWidget *focus = gtk_window_get_focus (self->window);

  if (self->lent && focus != self->lent) { /* it is no stop of Tab */
    gtk_widget_set_focusable (self->lent, FALSE);
    g_clear_weak_pointer (&self->lent);
  }
  if (focus && focus != self->lent)
    remember (self, focus);
  else if (focus == NULL && self->look_id == 0)
    self->look_id = g_idle_add (on_look, self);
}

void
chs_focus_lend (GtkWidget *view)
{
  GtkRoot   *root = gtk_widget_get_root (view);
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;
  Keeper    *self = root ? g_object_get_data (G_OBJECT (root), KEEPER) : NULL;

  if (self && focus && focus != view && gtk_widget_is_ancestor (focus, view))
    lend (self, view);
}

static void
keeper_free (gpointer data)
{
  Keeper *self = data;

  remember (self, NULL);
  g_clear_weak_pointer (&self->lent);
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_free (self);
}

void
chs_focus_keep (GtkWindow *window)
{
  Keeper *self = g_new0 (Keeper, 1);

  self->window = window;
  g_object_set_data_full (G_OBJECT (window), KEEPER, self, keeper_free);
  g_signal_connect_swapped (window, "notify::focus-widget", G_CALLBACK (on_focus), self);
}

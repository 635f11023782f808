/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/notice.h"

#include "ui/key.h"

#include <glib/gi18n.h>

/* shared/clinical.md section 10: undone with one tap for 10 s. */
#define UNDO_S 10
#define READ_S 6

struct _ChsNotice {
  GtkWidget parent_instance;

  GtkLabel  *label;
  GtkWidget *key;
  guint      hide_id;

  ChsNoticeUndo  undo;
  gpointer       user_data;
  GDestroyNotify destroy;
};

G_DEFINE_FINAL_TYPE (ChsNotice, chs_notice, GTK_TYPE_WIDGET)

static void
forget (ChsNotice *self)
{
  g_clear_handle_id (&self->hide_id, g_source_remove);
  if (self->destroy)
    self->destroy (self->user_data);
  self->undo = NULL;
  self->user_data = NULL;
  self->destroy = NULL;
}

void
chs_notice_hide (ChsNotice *self)
{
  g_return_if_fail (CHS_IS_NOTICE (self));

  forget (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static gboolean
on_time_over (gpointer user_data)
{
  CHS_NOTICE (user_data)->hide_id = 0;
  chs_notice_hide (user_data);

  return G_SOURCE_REMOVE;
}

gboolean
chs_notice_undo (ChsNotice *self)
{
  g_return_val_if_fail (CHS_IS_NOTICE (self), FALSE);

  if (self->undo == NULL)
    return FALSE;

  self->undo (self->user_data);
  chs_notice_hide (self);

  return TRUE;
}

void
chs_notice_show (ChsNotice *self, const char *text, ChsNoticeUndo undo, gpointer user_data, GDestroyNotify destroy)
{
  g_return_if_fail (CHS_IS_NOTICE (self) && text);

  forget (self);
  self->undo = undo;
  self->user_data = user_data;
  self->destroy = destroy;
  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (self->key, undo != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  self->hide_id = g_timeout_add_seconds (undo ? UNDO_S : READ_S, on_time_over, self);
}

static void
chs_notice_dispose (GObject *object)
{
  ChsNotice *self = CHS_NOTICE (object);
  GtkWidget *child;

  forget (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (chs_notice_parent_class)->dispose (object);
}

static void
chs_notice_class_init (ChsNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chs_notice_dispose;
  gtk_widget_class_set_css_name (widget_class, "notice");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
chs_notice_init (ChsNotice *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0.0f);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->label), GTK_WIDGET (self));

  self->key = chs_key_new (_("Undo"), NULL);
  g_signal_connect_swapped (self->key, "clicked", G_CALLBACK (chs_notice_undo), self);
  gtk_widget_set_parent (self->key, GTK_WIDGET (self));

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_END);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/page.h"

#include "ui/key.h"

#include <glib/gi18n.h>

typedef struct {
  GtkLabel  *title;
  GtkWidget *top, *back;
  GtkWidget *body;
  GtkWidget *notice_place; /* (nullable) */
  gboolean   keeps_open;
} ChsPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChsPage, chs_page, CHS_TYPE_VIEW)

static void
chs_page_class_init (ChsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_css_name (widget_class, "page");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
chs_page_init (ChsPage *self)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);
  GtkWidget      *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);

  priv->title = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (priv->title, 0.0f);
  gtk_label_set_wrap (priv->title, TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (priv->title), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (priv->title), "page-title");
  gtk_box_append (GTK_BOX (top), GTK_WIDGET (priv->title));
  priv->back = chs_key_new (_("Back"), "win.back");
  gtk_box_append (GTK_BOX (top), priv->back);
  gtk_widget_add_css_class (top, "page-top");
  gtk_widget_set_parent (top, GTK_WIDGET (self));
  priv->top = top;

  priv->body = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_vexpand (priv->body, TRUE);
  gtk_widget_add_css_class (priv->body, "page-body");
  gtk_widget_set_parent (priv->body, GTK_WIDGET (self));
}

void
chs_page_set_title (ChsPage *self, const char *title)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  gtk_label_set_label (priv->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

void
chs_page_hide_top (ChsPage *self, const char *title)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  chs_page_set_title (self, title);
  gtk_widget_set_visible (priv->top, FALSE);
}

void
chs_page_hide_back (ChsPage *self)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  gtk_widget_set_visible (priv->back, FALSE);
}

void
chs_page_show_top (ChsPage *self, gboolean is_shown)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  gtk_widget_set_visible (priv->top, is_shown);
}

gboolean
chs_page_has_top (ChsPage *self)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  return gtk_widget_get_visible (priv->top);
}

void
chs_page_add_key (ChsPage *self, GtkWidget *key)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  gtk_box_insert_child_after (GTK_BOX (priv->top), key, GTK_WIDGET (priv->title));
}

GtkWidget *
chs_page_get_notice_place (ChsPage *self)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  return priv->notice_place;
}

void
chs_page_set_notice_place (ChsPage *self, GtkWidget *place)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  priv->notice_place = place;
}

GtkWidget *
chs_page_get_body (ChsPage *self)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  return priv->body;
}

void
chs_page_open (ChsPage *self, GVariant *target)
{
  if (CHS_PAGE_GET_CLASS (self)->opened)
    CHS_PAGE_GET_CLASS (self)->opened (self, target);
}

gboolean
chs_page_get_keeps_open (ChsPage *self)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  return priv->keeps_open;
}

void
chs_page_set_keeps_open (ChsPage *self, gboolean keeps_open)
{
  ChsPagePrivate *priv = chs_page_get_instance_private (self);

  priv->keeps_open = keeps_open;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/stopped-page.h"

struct _ChsStoppedPage {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel  *title;
  GtkLabel  *why;
};

G_DEFINE_FINAL_TYPE (ChsStoppedPage, chs_stopped_page, GTK_TYPE_WIDGET)

static void
chs_stopped_page_dispose (GObject *object)
{
  g_clear_pointer (&CHS_STOPPED_PAGE (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (chs_stopped_page_parent_class)->dispose (object);
}

static void
chs_stopped_page_class_init (ChsStoppedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chs_stopped_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/chairside/Chairside/stopped-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ChsStoppedPage, box);
  gtk_widget_class_bind_template_child (widget_class, ChsStoppedPage, title);
  gtk_widget_class_bind_template_child (widget_class, ChsStoppedPage, why);
  gtk_widget_class_set_css_name (widget_class, "stoppedpage");
}

static void
chs_stopped_page_init (ChsStoppedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->title), -1);
}

void
chs_stopped_page_set_why (ChsStoppedPage *self, const char *why)
{
  gtk_label_set_label (self->why, why);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/work-page.h"

#include "ui/key.h"
#include "ui/window.h"

typedef struct {
  ChsReplayer *replayer;
  GtkWidget   *stack, *content, *pad;
} ChsWorkPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChsWorkPage, chs_work_page, CHS_TYPE_PAGE)

static void
on_moved (ChsWorkPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && CHS_WORK_PAGE_GET_CLASS (self)->moved)
    CHS_WORK_PAGE_GET_CLASS (self)->moved (self);
}

static void
on_pad_closed (ChsWorkPage *self)
{
  ChsWorkPagePrivate *priv = chs_work_page_get_instance_private (self);

  gtk_stack_set_visible_child (GTK_STACK (priv->stack), priv->content);
}

static void
chs_work_page_opened (ChsPage *page, GVariant *target)
{
  on_pad_closed (CHS_WORK_PAGE (page));
}

static void
chs_work_page_dispose (GObject *object)
{
  ChsWorkPagePrivate *priv = chs_work_page_get_instance_private (CHS_WORK_PAGE (object));

  g_clear_object (&priv->replayer);
  G_OBJECT_CLASS (chs_work_page_parent_class)->dispose (object);
}

static void
chs_work_page_class_init (ChsWorkPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = chs_work_page_dispose;
  CHS_PAGE_CLASS (klass)->opened = chs_work_page_opened;
}

static void
chs_work_page_init (ChsWorkPage *self)
{
  ChsWorkPagePrivate *priv = chs_work_page_get_instance_private (self);

  priv->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  priv->stack = gtk_stack_new ();
  gtk_widget_add_css_class (priv->content, "column");
  gtk_stack_set_vhomogeneous (GTK_STACK (priv->stack), FALSE);
  gtk_stack_add_child (GTK_STACK (priv->stack), priv->content);
  gtk_widget_set_vexpand (priv->stack, TRUE);
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), priv->stack);
  chs_page_set_keeps_open (CHS_PAGE (self), TRUE);
}

ChsReplayer *
chs_work_page_get_replayer (gpointer self)
{
  ChsWorkPagePrivate *priv = chs_work_page_get_instance_private (CHS_WORK_PAGE (self));

  return priv->replayer;
}

void
chs_work_page_set_replayer (gpointer self, ChsReplayer *replayer)
{
  ChsWorkPagePrivate *priv = chs_work_page_get_instance_private (CHS_WORK_PAGE (self));

  if (g_set_object (&priv->replayer, replayer) && replayer)
    g_signal_connect_object (replayer, "changed", G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
}

GtkWidget *
chs_work_page_get_content (gpointer self)
{
  ChsWorkPagePrivate *priv = chs_work_page_get_instance_private (CHS_WORK_PAGE (self));

  return priv->content;
}

ChsEntryPad *
chs_work_page_ask (gpointer self)
{
  ChsWorkPagePrivate *priv = chs_work_page_get_instance_private (CHS_WORK_PAGE (self));

  /* a keyboard is many widgets: only where something is asked */
  if (priv->pad == NULL) {
    priv->pad = chs_entry_pad_new ();
    gtk_stack_add_child (GTK_STACK (priv->stack), priv->pad);
    g_signal_connect_object (priv->pad, "closed", G_CALLBACK (on_pad_closed), self, G_CONNECT_SWAPPED);
  }
  gtk_stack_set_visible_child (GTK_STACK (priv->stack), priv->pad);

  return CHS_ENTRY_PAD (priv->pad);
}

void
chs_work_page_tell (gpointer self, const char *text)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (CHS_IS_WINDOW (root))
    chs_window_tell (CHS_WINDOW (root), text);
}

GtkWidget *
chs_work_page_add_key (gpointer self, GtkWidget *box, const char *title, const char *hint, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  chs_key_set_hint (CHS_KEY (key), hint);
  g_signal_connect_swapped (key, "clicked", callback, self);
  gtk_box_append (GTK_BOX (box), key);

  return key;
}

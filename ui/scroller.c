/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scroller.h"

#include <glib/gi18n.h>

#define PAGE_PART 0.9 /* of what is in sight: a line of it stays */

struct _ChsScroller {
  GtkWidget parent_instance;

  GtkWidget *window;
  GtkWidget *child; /* in @window's viewport */
  GtkWidget *below, *above;
  gboolean   has_more;
};

G_DEFINE_FINAL_TYPE (ChsScroller, chs_scroller, GTK_TYPE_WIDGET)

static GtkAdjustment *
get_where (ChsScroller *self)
{
  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->window));
}

static gboolean
is_at_end (ChsScroller *self)
{
  GtkAdjustment *where = get_where (self);

  return gtk_adjustment_get_value (where) >= gtk_adjustment_get_upper (where) - gtk_adjustment_get_page_size (where) - 1.0;
}

static void
show_sign (ChsScroller *self)
{
  gtk_widget_set_child_visible (self->below, self->has_more && !is_at_end (self));
  gtk_widget_set_child_visible (self->above, self->has_more && is_at_end (self));
}

static void
chs_scroller_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                      int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (CHS_SCROLLER (widget)->window, orientation, for_size, minimum, natural, NULL, NULL);
}

static void
chs_scroller_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ChsScroller *self = CHS_SCROLLER (widget);
  int          child_h, sign_h, above_h;

  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, width, &child_h, NULL, NULL, NULL);
  gtk_widget_measure (self->below, GTK_ORIENTATION_VERTICAL, width, &sign_h, NULL, NULL, NULL);
  gtk_widget_measure (self->above, GTK_ORIENTATION_VERTICAL, width, &above_h, NULL, NULL, NULL);
  sign_h = MAX (sign_h, above_h);
  self->has_more = child_h > height && height > sign_h;

  gtk_widget_size_allocate (self->window, &(GtkAllocation){ 0, 0, width, self->has_more ? height - sign_h : height }, -1);
  if (self->has_more) {
    gtk_widget_size_allocate (self->below, &(GtkAllocation){ 0, height - sign_h, width, sign_h }, -1);
    gtk_widget_size_allocate (self->above, &(GtkAllocation){ 0, height - sign_h, width, sign_h }, -1);
  }
  show_sign (self);
}

/* As a scrolled window does: as wide as what is in it wants to be. */
static void
chs_scroller_compute_expand (GtkWidget *widget, gboolean *hexpand, gboolean *vexpand)
{
  *hexpand = gtk_widget_compute_expand (CHS_SCROLLER (widget)->window, GTK_ORIENTATION_HORIZONTAL);
  *vexpand = TRUE;
}

static void
on_moved (ChsScroller *self)
{
  show_sign (self);
}

static void
on_touched (ChsScroller *self)
{
  chs_scroller_go_on (self);
}

static GtkWidget *
add_sign (ChsScroller *self, const char *text)
{
  GtkWidget  *sign = gtk_label_new (text);
  GtkGesture *touch = gtk_gesture_click_new ();

  gtk_label_set_wrap (GTK_LABEL (sign), TRUE); /* under a narrow column */
  gtk_label_set_justify (GTK_LABEL (sign), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (sign, "more-sign");
  g_signal_connect_object (touch, "released", G_CALLBACK (on_touched), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (sign, GTK_EVENT_CONTROLLER (touch));
  gtk_widget_set_parent (sign, GTK_WIDGET (self));
  gtk_widget_set_child_visible (sign, FALSE);

  return sign;
}

static void
chs_scroller_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))))
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (chs_scroller_parent_class)->dispose (object);
}

static void
chs_scroller_class_init (ChsScrollerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chs_scroller_dispose;
  widget_class->measure = chs_scroller_measure;
  widget_class->size_allocate = chs_scroller_size_allocate;
  widget_class->compute_expand = chs_scroller_compute_expand;
  gtk_widget_class_set_css_name (widget_class, "scroller");
}

static void
chs_scroller_init (ChsScroller *self)
{
  self->window = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->window), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_parent (self->window, GTK_WIDGET (self));

  /* Translators: under a list that goes on below; a touch scrolls */
  self->below = add_sign (self, _("▼ More below"));
  /* Translators: under a list that is at its end; a touch goes back to its beginning */
  self->above = add_sign (self, _("▲ More above"));
  g_signal_connect_object (get_where (self), "value-changed", G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
}

GtkWidget *
chs_scroller_new (GtkWidget *child)
{
  ChsScroller *self = g_object_new (CHS_TYPE_SCROLLER, NULL);

  self->child = child;
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->window), child);

  return GTK_WIDGET (self);
}

void
chs_scroller_rewind (ChsScroller *self)
{
  g_return_if_fail (CHS_IS_SCROLLER (self));

  gtk_adjustment_set_value (get_where (self), 0.0);
}

void
chs_scroller_go_on (ChsScroller *self)
{
  GtkAdjustment *where;

  g_return_if_fail (CHS_IS_SCROLLER (self));

  where = get_where (self);
  gtk_adjustment_set_value (where, is_at_end (self) ? 0.0
                                                    : gtk_adjustment_get_value (where) +
                                                        gtk_adjustment_get_page_size (where) * PAGE_PART);
}

gboolean
chs_scroller_has_more (ChsScroller *self)
{
  g_return_val_if_fail (CHS_IS_SCROLLER (self), FALSE);

  return self->has_more;
}

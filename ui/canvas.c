/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/canvas.h"

struct _ChsCanvas {
  ChsPane parent_instance;

  ChsCanvasFunc draw;
  gpointer      user_data;
  double        height_mm;
};

G_DEFINE_FINAL_TYPE (ChsCanvas, chs_canvas, CHS_TYPE_PANE)

enum { SIGNAL_TOUCHED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
chs_canvas_draw (ChsPane *pane, cairo_t *cr, const ChsRect *rect)
{
  ChsCanvas *self = CHS_CANVAS (pane);

  self->draw (cr, rect, chs_scene_get_theme (chs_view_get_scene (self)), self->user_data);
}

/* Its page says when it changed. */
static guint64
chs_canvas_fingerprint (ChsPane *pane)
{
  return 1;
}

static void
chs_canvas_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
  ChsCanvas *self = CHS_CANVAS (widget);
  ChsScene  *scene = chs_view_get_scene (self);

  *minimum = *natural
    = orientation == GTK_ORIENTATION_VERTICAL && scene ? (int) (self->height_mm * chs_scene_get_theme (scene)->px_mm) : 0;
}

static void
on_drag_begin (ChsCanvas *self, double x, double y)
{
  g_signal_emit (self, signals[SIGNAL_TOUCHED], 0, x, y);
}

static void
on_drag_update (ChsCanvas *self, double dx, double dy, GtkGestureDrag *drag)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (drag, &x, &y))
    g_signal_emit (self, signals[SIGNAL_TOUCHED], 0, x + dx, y + dy);
}

static void
chs_canvas_class_init (ChsCanvasClass *klass)
{
  CHS_PANE_CLASS (klass)->draw = chs_canvas_draw;
  CHS_PANE_CLASS (klass)->fingerprint = chs_canvas_fingerprint;
  GTK_WIDGET_CLASS (klass)->measure = chs_canvas_measure;

  signals[SIGNAL_TOUCHED] = g_signal_new ("touched", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "canvas");
}

static void
chs_canvas_init (ChsCanvas *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

GtkWidget *
chs_canvas_new (ChsCanvasFunc draw, gpointer user_data, double height_mm)
{
  ChsCanvas *self = g_object_new (CHS_TYPE_CANVAS, NULL);

  self->draw = draw;
  self->user_data = user_data;
  self->height_mm = height_mm;
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);

  return GTK_WIDGET (self);
}

void
chs_canvas_set_text (ChsCanvas *self, const char *text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

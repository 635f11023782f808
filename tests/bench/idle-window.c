/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The measures of bench-screen.py: a window as large as the screen whose frame clock runs at the display's rate, and in which
 * nothing is drawn; or, with the argument "dot", a dot of 2 px at each frame, the least that can be seen moving. What they cost
 * is GTK's own; what the chair costs more is ours. Ends on SIGTERM. */
#include <gtk/gtk.h>

static void
draw_dot (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer unused)
{
  static gboolean is_on;

  is_on = !is_on;
  cairo_set_source_rgb (cr, is_on, is_on, is_on);
  cairo_paint (cr);
}

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  if (GTK_IS_DRAWING_AREA (widget))
    gtk_widget_queue_draw (widget);

  return G_SOURCE_CONTINUE;
}

static void
activate (GtkApplication *application, gpointer with_dot)
{
  GtkWidget *window = gtk_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *thing = with_dot ? gtk_drawing_area_new () : gtk_label_new ("idle");

  if (with_dot) {
    gtk_widget_set_size_request (thing, 2, 2);
    gtk_widget_set_valign (thing, GTK_ALIGN_CENTER);
    gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (thing), draw_dot, NULL, NULL);
  }
  gtk_box_append (GTK_BOX (box), thing);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1920, 1080);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_add_tick_callback (thing, on_frame, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  gboolean with_dot = argc > 1 && g_str_equal (argv[1], "dot");

  g_signal_connect (application, "activate", G_CALLBACK (activate), GINT_TO_POINTER (with_dot));

  return g_application_run (G_APPLICATION (application), 1, argv);
}

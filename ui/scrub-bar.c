/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scrub-bar.h"

#include "ui/say.h"

#include <glib/gi18n.h>

#define HEIGHT_MM 12.0
#define PAD_MM 2.0
#define TRACK_MM 6.0
#define HEAD_MM 0.8
#define ALARM_MM 1.2 /* width of an alarm's mark */
#define PIN_MM 3.0   /* width of a marker */
#define KEY_STEP_US (10 * G_USEC_PER_SEC)

struct _ChsScrubBar {
  ChsPane parent_instance;

  ChsReplayer *replayer;
  int64_t      wanted_us; /* where the finger is; CHS_TIME_NONE = no jump due */
  guint        seek_id;
};

G_DEFINE_FINAL_TYPE (ChsScrubBar, chs_scrub_bar, CHS_TYPE_PANE)

static double
mm (ChsScrubBar *self, double length_mm)
{
  return length_mm * chs_scene_get_theme (chs_view_get_scene (self))->px_mm;
}

static double
x_of (ChsScrubBar *self, const ChsRect *rect, int64_t t_us)
{
  double pad = mm (self, PAD_MM);
  double part = (double) t_us / (double) MAX (1, chs_replayer_get_end_us (self->replayer));

  return rect->x + pad + part * (rect->w - 2 * pad);
}

static int64_t
time_of (ChsScrubBar *self, double x)
{
  double pad = mm (self, PAD_MM);
  double part = (x - pad) / MAX (1.0, gtk_widget_get_width (GTK_WIDGET (self)) - 2 * pad);

  return (int64_t) (CLAMP (part, 0.0, 1.0) * (double) chs_replayer_get_end_us (self->replayer));
}

/* ---- drawing ---- */

static void
set_colour (cairo_t *cr, ChsColour c, double alpha)
{
  cairo_set_source_rgba (cr, c.r, c.g, c.b, alpha);
}

static void
draw_gaps (ChsScrubBar *self, cairo_t *cr, const ChsRect *rect, const ChsRect *track, const ChsPalette *palette)
{
  guint         n;
  const ChsGap *gaps = chs_chair_model_get_gaps (chs_replayer_get_overview (self->replayer), &n);
  int64_t       end_us = chs_replayer_get_end_us (self->replayer);

  set_colour (cr, palette->stale, 0.7);
  for (guint i = 0; i < n; i++) {
    double x0 = x_of (self, rect, gaps[i].from_us);
    double x1 = x_of (self, rect, gaps[i].to_us == CHS_TIME_NONE ? end_us : gaps[i].to_us);

    cairo_rectangle (cr, x0, track->y, MAX (1.0, x1 - x0), track->h);
    cairo_fill (cr);
  }
}

static void
draw_marks (ChsScrubBar *self, cairo_t *cr, const ChsRect *rect, const ChsRect *track, const ChsPalette *palette)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_replayer_get_overview (self->replayer), &n);

  for (guint i = 0; i < n; i++) {
    double x = x_of (self, rect, marks[i].t_us);

    if (marks[i].kind == CHS_MARK_ALARM) {
      set_colour (cr, palette->alarm_fill[MIN (marks[i].priority, CHS_PRIORITY_HIGH)], 1.0);
      cairo_rectangle (cr, x - mm (self, ALARM_MM) / 2, track->y, mm (self, ALARM_MM), track->h);
    } else {
      set_colour (cr, palette->label, 1.0);
      cairo_rectangle (cr, x, track->y + track->h, 1.0, mm (self, 1.5));
    }
    cairo_fill (cr);
  }
}

/* A technician's marker: a pin on top, in the colour of a replay. */
static void
draw_markers (ChsScrubBar *self, cairo_t *cr, const ChsRect *rect, const ChsRect *track, const ChsPalette *palette)
{
  guint            n;
  const ChsMarker *markers = chs_replayer_get_markers (self->replayer, &n);
  double           size = mm (self, PIN_MM);

  set_colour (cr, palette->replay, 1.0);
  for (guint i = 0; i < n; i++) {
    double x = x_of (self, rect, markers[i].t_us);

    cairo_move_to (cr, x, track->y + size / 2);
    cairo_line_to (cr, x - size / 2, rect->y);
    cairo_line_to (cr, x + size / 2, rect->y);
    cairo_close_path (cr);
    cairo_fill (cr);
  }
}

/* The stretch of the loop, framed; while B is not set, its A. */
static void
draw_loop (ChsScrubBar *self, cairo_t *cr, const ChsRect *rect, const ChsRect *track, const ChsPalette *palette)
{
  int64_t from_us = chs_replayer_get_loop_from_us (self->replayer), to_us = chs_replayer_get_loop_to_us (self->replayer);
  double  x0, x1;

  if (from_us == CHS_TIME_NONE)
    return;
  x0 = x_of (self, rect, from_us);
  x1 = to_us == CHS_TIME_NONE ? x0 : x_of (self, rect, to_us);
  set_colour (cr, palette->text, 1.0);
  cairo_set_line_width (cr, mm (self, 0.5));
  cairo_rectangle (cr, x0, track->y - mm (self, 0.8), MAX (1.0, x1 - x0), track->h + mm (self, 1.6));
  cairo_stroke (cr);
}

static void
chs_scrub_bar_draw (ChsPane *pane, cairo_t *cr, const ChsRect *rect)
{
  ChsScrubBar      *self = CHS_SCRUB_BAR (pane);
  const ChsPalette *palette = &chs_scene_get_theme (chs_view_get_scene (pane))->palette;
  double            pad = mm (self, PAD_MM), height = mm (self, TRACK_MM);
  ChsRect           track = { rect->x + pad, rect->y + (rect->h - height) / 2, rect->w - 2 * pad, height };
  double            x = x_of (self, rect, chs_replayer_get_position_us (self->replayer));

  set_colour (cr, palette->panel_edge, 1.0);
  cairo_rectangle (cr, track.x, track.y, track.w, track.h);
  cairo_fill (cr);
  set_colour (cr, palette->replay, 0.35);
  cairo_rectangle (cr, track.x, track.y, x - track.x, track.h);
  cairo_fill (cr);
  draw_gaps (self, cr, rect, &track, palette);
  draw_marks (self, cr, rect, &track, palette);
  draw_markers (self, cr, rect, &track, palette);
  draw_loop (self, cr, rect, &track, palette);

  set_colour (cr, palette->text, 1.0);
  cairo_rectangle (cr, x - mm (self, HEAD_MM) / 2, rect->y, mm (self, HEAD_MM), rect->h);
  cairo_fill (cr);
}

static char *
chs_scrub_bar_text (ChsPane *pane)
{
  ChsScrubBar     *self = CHS_SCRUB_BAR (pane);
  g_autofree char *position = chs_say_countdown (chs_replayer_get_position_us (self->replayer));
  g_autofree char *end = chs_say_countdown (chs_replayer_get_end_us (self->replayer));

  /* Translators: place in a recording: "0:12:30 of 1:05:00" */
  return g_strdup_printf (_("%s of %s"), position, end);
}

static guint64
chs_scrub_bar_fingerprint (ChsPane *pane)
{
  ChsScrubBar     *self = CHS_SCRUB_BAR (pane);
  ChsRect          rect = { 0, 0, gtk_widget_get_width (GTK_WIDGET (self)), 0 };
  guint            n;
  const ChsMarker *markers = chs_replayer_get_markers (self->replayer, &n);
  const int64_t    loop[] = { chs_replayer_get_loop_from_us (self->replayer), chs_replayer_get_loop_to_us (self->replayer) };
  guint64          print = chs_fingerprint (chs_fingerprint (0, loop, sizeof loop), markers, n * sizeof *markers);

  return chs_fingerprint_double (print, x_of (self, &rect, chs_replayer_get_position_us (self->replayer)), 1.0);
}

static void
on_changed (ChsScrubBar *self)
{
  chs_scene_touch (chs_view_get_scene (self));
}

/* ---- dragging: at most one jump a frame ---- */

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  ChsScrubBar *self = CHS_SCRUB_BAR (widget);

  self->seek_id = 0;
  chs_replayer_seek (self->replayer, self->wanted_us);

  return G_SOURCE_REMOVE;
}

static void
want (ChsScrubBar *self, int64_t t_us)
{
  self->wanted_us = t_us;
  if (self->seek_id == 0)
    self->seek_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, NULL, NULL);
}

static void
on_drag_begin (ChsScrubBar *self, double x, double y)
{
  want (self, time_of (self, x));
}

static void
on_drag_update (ChsScrubBar *self, double dx, double dy, GtkGestureDrag *drag)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (drag, &x, &y))
    want (self, time_of (self, x + dx));
}

static gboolean
on_step_key (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  ChsScrubBar *self = CHS_SCRUB_BAR (widget);

  want (self, chs_replayer_get_position_us (self->replayer) + g_variant_get_int64 (args));

  return GDK_EVENT_STOP;
}

static void
chs_scrub_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  ChsScrubBar *self = CHS_SCRUB_BAR (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL && chs_view_get_scene (self) ? (int) mm (self, HEIGHT_MM)
                                                                                             : 0;
}

static void
chs_scrub_bar_dispose (GObject *object)
{
  g_clear_object (&CHS_SCRUB_BAR (object)->replayer);
  G_OBJECT_CLASS (chs_scrub_bar_parent_class)->dispose (object);
}

static void
chs_scrub_bar_class_init (ChsScrubBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ChsPaneClass   *pane_class = CHS_PANE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = chs_scrub_bar_dispose;
  pane_class->draw = chs_scrub_bar_draw;
  pane_class->text = chs_scrub_bar_text;
  pane_class->fingerprint = chs_scrub_bar_fingerprint;
  widget_class->measure = chs_scrub_bar_measure;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, on_step_key, "x", -(gint64) KEY_STEP_US);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, on_step_key, "x", (gint64) KEY_STEP_US);
  gtk_widget_class_set_css_name (widget_class, "scrubbar");
}

static void
chs_scrub_bar_init (ChsScrubBar *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

GtkWidget *
chs_scrub_bar_new (ChsReplayer *replayer)
{
  ChsScrubBar *self = g_object_new (CHS_TYPE_SCRUB_BAR, NULL);

  self->replayer = g_object_ref (replayer);
  g_signal_connect_object (replayer, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

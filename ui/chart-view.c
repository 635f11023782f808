/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/chart-view.h"

#include <glib/gi18n.h>
#include <math.h>

#define WHEEL_ZOOM 1.25
#define KEY_PAN 0.1        /* of the span, for an arrow key */
#define TAP_MM 3.0         /* a finger that moves less than this has tapped */

struct _ChsChartView {
  ChsPane parent_instance;

  double drag_px;     /* how far the running drag has been applied */
  double pinch_scale; /* how far the running pinch has been applied */
};

G_DEFINE_FINAL_TYPE (ChsChartView, chs_chart_view, CHS_TYPE_PANE)

enum { SIGNAL_TOUCHED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- what is drawn ---- */

guint64
chs_time_fingerprint (ChsScene *scene, int width_px)
{
  const ChsChairModel  *model = chs_scene_get_model (scene);
  const ChsBaseline    *baseline = chs_engine_get_baseline (chs_scene_get_engine (scene));
  ChsTimeWindow         window = chs_scene_get_time_window (scene);
  int64_t               px_us = MAX (1, (window.to_us - window.from_us) / MAX (1, width_px));
  /* What only moves on with the time does so once a second, also where that is several pixels (shared/design.md, "Drawing"). */
  int64_t               step_us = chs_scene_get_time_view (scene)->is_following ? MAX (px_us, G_USEC_PER_SEC) : px_us;
  int64_t               last_gap_us = 0;
  guint                 n_cuffs, n_marks, n_gaps, n_pumps, n_steps = 0, n_undone = 0;
  const ChsMark        *marks = chs_chair_model_get_marks (model, &n_marks);
  const ChsGap         *gaps = chs_chair_model_get_gaps (model, &n_gaps);
  const ChsPumpView    *pumps = chs_chair_model_get_pumps (model, &n_pumps);

  chs_chair_model_get_cuffs (model, &n_cuffs);
  for (guint i = 0; i < n_pumps; i++)
    n_steps += pumps[i].n_steps;
  for (guint i = 0; i < n_marks; i++)
    n_undone += marks[i].undone + (marks[i].was_us != CHS_TIME_NONE ? (guint) (marks[i].t_us / G_USEC_PER_SEC) : 0); /* and where to */
  for (guint i = 0; i < n_gaps; i++)
    last_gap_us = gaps[i].to_us == CHS_TIME_NONE ? last_gap_us + 1 : last_gap_us;

  const int64_t parts[] = {
    /* Spans, not ends: three ends would pass to the next pixel at three times. */
    window.from_us / step_us, (window.to_us - window.from_us) / px_us, (window.now_us - window.from_us) / step_us, window.cursor_us,
    window.cursor2_us, px_us, n_cuffs, n_marks, n_gaps, last_gap_us, n_steps, n_undone, baseline->taken_us, baseline->confirmed,
  };

  return chs_fingerprint (0, parts, sizeof parts);
}

static void
chs_chart_view_draw (ChsPane *self, cairo_t *cr, const ChsRect *rect)
{
  ChsScene     *scene = chs_view_get_scene (self);
  ChsTimeWindow window = chs_scene_get_time_window (scene);

  chs_draw_chart (cr, rect, chs_scene_get_model (scene), &window, chs_scene_get_theme (scene));
}

static char *
chs_chart_view_text (ChsPane *self)
{
  ChsScene             *scene = chs_view_get_scene (self);
  guint                 n;
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (chs_scene_get_model (scene), &n);
  g_autofree char      *time = n ? chs_scene_dup_clock (scene, cuffs[n - 1].t_us, FALSE) : NULL;

  if (n == 0 || cuffs[n - 1].failed)
    return g_strdup (_("Chart of blood pressure and infusion rate"));

  /* Translators: read aloud by a screen reader; the last pressure and when it was taken */
  return g_strdup_printf (_("Chart of blood pressure and infusion rate; last pressure %.0f over %.0f at %s"),
                          (double) cuffs[n - 1].sys, (double) cuffs[n - 1].dia, time);
}

/* ---- what stands on it, in words ---- */

#define TOLD 4 /* newest of each kind: as many as one can keep in mind */

static void
tell_time (GString *text, ChsScene *scene, int64_t t_us)
{
  g_autofree char *clock = chs_scene_dup_clock (scene, t_us, FALSE);

  g_string_append_printf (text, "%s%s ", text->len > 0 ? "; " : "", clock);
}

static char *
dup_pressures (ChsScene *scene)
{
  GString              *text = g_string_new (NULL);
  guint                 n, n_told = 0;
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (chs_scene_get_model (scene), &n);

  while (n-- > 0 && n_told++ < TOLD) {
    tell_time (text, scene, cuffs[n].t_us);
    if (cuffs[n].failed)
      g_string_append (text, _("failed"));
    else
      g_string_append_printf (text, "%.0f/%.0f", (double) cuffs[n].sys, (double) cuffs[n].dia);
  }

  return g_string_free (text, FALSE);
}

static char *
dup_rates (ChsScene *scene, const ChsPumpView *pump)
{
  GString *text = g_string_new (NULL);
  guint    n = pump->n_steps, n_told = 0;

  while (n-- > 0 && n_told++ < TOLD) {
    tell_time (text, scene, pump->steps[n].t_us);
    if (isnan (pump->steps[n].flow_ml_h))
      g_string_append (text, _("no data"));
    else
      g_string_append_printf (text, "%g %s", (double) pump->steps[n].flow_ml_h, _(chs_unit_info (CHS_UNIT_ML_H)->label));
  }

  return g_string_free (text, FALSE);
}

static char *
dup_marks (ChsScene *scene)
{
  GString       *text = g_string_new (NULL);
  guint          n, n_told = 0;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (scene), &n);

  while (n-- > 0 && n_told < TOLD) {
    g_autofree char *words = marks[n].undone ? NULL : chs_words_mark (chs_scene_get_model (scene), &marks[n], chs_scene_get_theme (scene));

    if (words == NULL)
      continue;
    tell_time (text, scene, marks[n].t_us);
    g_string_append (text, words);
    n_told++;
  }

  return g_string_free (text, FALSE);
}

/* Takes @list; says nothing of an empty one. */
static void
append_list (GString *text, const char *name, char *list)
{
  if (*list)
    g_string_append_printf (text, "%s%s: %s.", text->len > 0 ? " " : "", name, list);
  g_free (list);
}

static char *
chs_chart_view_describe (ChsPane *self)
{
  ChsScene          *scene = chs_view_get_scene (self);
  GString           *text = g_string_new (NULL);
  guint              n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chs_scene_get_model (scene), &n);

  /* Translators: read aloud by a screen reader, of the chart: "Pressures, newest first: 10:44 121/75; 10:39 122/76." */
  append_list (text, _("Pressures, newest first"), dup_pressures (scene));
  for (guint i = 0; i < n; i++) {
    g_autofree char *pump = chs_words_link (pumps[i].name, chs_scene_get_theme (scene));
    g_autofree char *drug = g_strstrip (g_strdup_printf ("%s %s", pump, pumps[i].status.drug));
    /* Translators: read aloud by a screen reader, of the chart: a pump and its drug; its rates since when follow */
    g_autofree char *name = g_strdup_printf (_("Rate of %s, newest first"), drug);

    append_list (text, name, dup_rates (scene, &pumps[i]));
  }
  /* Translators: read aloud by a screen reader, of the chart: symptoms, alarms, entries and their times follow */
  append_list (text, _("Marks, newest first"), dup_marks (scene));

  return g_string_free (text, FALSE);
}

static guint64
chs_chart_view_fingerprint (ChsPane *self)
{
  return chs_time_fingerprint (chs_view_get_scene (self), gtk_widget_get_width (GTK_WIDGET (self)));
}

/* ---- touching ---- */

static ChsRect
whole (ChsChartView *self)
{
  return (ChsRect){ 0, 0, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)) };
}

static int64_t
time_of_x (ChsChartView *self, double x)
{
  ChsScene     *scene = chs_view_get_scene (self);
  ChsTimeWindow window = chs_scene_get_time_window (scene);
  ChsRect       rect = whole (self);

  return chs_chart_t (&rect, &window, chs_scene_get_theme (scene), x);
}

static int64_t
time_at (ChsChartView *self, double x)
{
  ChsTimeWindow window = chs_scene_get_time_window (chs_view_get_scene (self));

  return CLAMP (time_of_x (self, x), MAX (0, window.from_us), MIN (window.to_us, window.now_us));
}

static void
changed (ChsChartView *self)
{
  chs_scene_touch (chs_view_get_scene (self));
  g_signal_emit (self, signals[SIGNAL_TOUCHED], 0);
}

static void
on_drag_begin (ChsChartView *self)
{
  self->drag_px = 0.0;
}

static void
on_drag_update (ChsChartView *self, double dx, double dy)
{
  ChsScene *scene = chs_view_get_scene (self);
  double    tap_px = TAP_MM * chs_scene_get_theme (scene)->px_mm;
  int64_t   delta_us;

  if (ABS (self->drag_px) < tap_px && ABS (dx) < tap_px)
    return;

  delta_us = time_of_x (self, dx) - time_of_x (self, self->drag_px);
  self->drag_px = dx;
  chs_time_view_pan (chs_scene_get_time_view (scene), delta_us, chs_scene_get_now_us (scene));
  changed (self);
}

static void
on_drag_end (ChsChartView *self, double dx, double dy, GtkGestureDrag *drag)
{
  ChsScene *scene = chs_view_get_scene (self);
  double    tap_px = TAP_MM * chs_scene_get_theme (scene)->px_mm;
  double    x, y;

  if (ABS (self->drag_px) > 0.0 || ABS (dx) > tap_px || ABS (dy) > tap_px ||
      !gtk_gesture_drag_get_start_point (drag, &x, &y))
    return;

  chs_time_view_touch (chs_scene_get_time_view (scene), time_at (self, x));
  changed (self);
}

static void
zoom_at (ChsChartView *self, double factor, double x)
{
  ChsScene *scene = chs_view_get_scene (self);

  chs_time_view_zoom (chs_scene_get_time_view (scene), factor, time_at (self, x), chs_scene_get_now_us (scene));
  changed (self);
}

static gboolean
on_scroll (ChsChartView *self, double dx, double dy)
{
  zoom_at (self, dy > 0 ? WHEEL_ZOOM : 1.0 / WHEEL_ZOOM, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0);

  return GDK_EVENT_STOP;
}

static void
on_pinch_begin (ChsChartView *self)
{
  self->pinch_scale = 1.0;
}

static void
on_pinch (ChsChartView *self, double scale, GtkGesture *gesture)
{
  double x, y;

  if (scale <= 0.0 || !gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    return;

  zoom_at (self, self->pinch_scale / scale, x);
  self->pinch_scale = scale;
}

static void
pan_by (ChsChartView *self, double part)
{
  ChsScene     *scene = chs_view_get_scene (self);
  ChsTimeWindow window = chs_scene_get_time_window (scene);

  chs_time_view_pan (chs_scene_get_time_view (scene), (int64_t) (part * (double) (window.to_us - window.from_us)),
                     chs_scene_get_now_us (scene));
  changed (self);
}

static gboolean
on_pan_key (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  pan_by (CHS_CHART_VIEW (widget), g_variant_get_double (args));

  return GDK_EVENT_STOP;
}

static gboolean
on_zoom_key (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  zoom_at (CHS_CHART_VIEW (widget), g_variant_get_double (args), gtk_widget_get_width (widget) / 2.0);

  return GDK_EVENT_STOP;
}

static void
chs_chart_view_class_init (ChsChartViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ChsPaneClass   *pane_class = CHS_PANE_CLASS (klass);

  pane_class->draw = chs_chart_view_draw;
  pane_class->text = chs_chart_view_text;
  pane_class->describe = chs_chart_view_describe;
  pane_class->fingerprint = chs_chart_view_fingerprint;

  signals[SIGNAL_TOUCHED] =
    g_signal_new ("touched", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /* Time runs left to right in every language. */
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, on_pan_key, "d", KEY_PAN);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, on_pan_key, "d", -KEY_PAN);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_plus, 0, on_zoom_key, "d", 1.0 / WHEEL_ZOOM);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_minus, 0, on_zoom_key, "d", WHEEL_ZOOM);

  gtk_widget_class_set_css_name (widget_class, "chartview");
}

static void
add_gesture (ChsChartView *self, GtkEventController *controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
chs_chart_view_init (ChsChartView *self)
{
  GtkGesture         *drag = gtk_gesture_drag_new ();
  GtkGesture         *pinch = gtk_gesture_zoom_new ();
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL |
                                                                GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (on_pinch_begin), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (on_pinch), self);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (on_scroll), self);
  add_gesture (self, GTK_EVENT_CONTROLLER (drag));
  add_gesture (self, GTK_EVENT_CONTROLLER (pinch));
  add_gesture (self, scroll);

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

GtkWidget *
chs_chart_view_new (void)
{
  return g_object_new (CHS_TYPE_CHART_VIEW, NULL);
}

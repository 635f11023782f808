/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/chair-page.h"

#include "ui/chart-view.h"
#include "ui/key.h"
#include "ui/tile-grid.h"
#include "ui/trend-view.h"
#include "ui/wave-strip.h"

#include <glib/gi18n.h>
#include <math.h>

/* Shares of the room (shared/sketches/): the chart is the main thing on the screen. */
#define CHART_WIDTH 0.59
#define TREND_HEIGHT 0.24
#define WAVE_HEIGHT 0.30
#define TALL_TILES 0.34
#define GAP_MM 1.4

/* Under a pile of alarms the chart keeps what there is: first the waves give way, then the trends. */
#define MIN_CHART_MM 45.0

/* On a small panel the waves are lower before the chart is, and they stay as long as a lane can be read. */
#define GOOD_CHART_MM 52.0
#define MIN_WAVES_MM 14.0
#define CHIP_MM 0.5 /* distance of the window key from the chart's corner */

#define MINUTE_US ((int64_t) 60 * G_USEC_PER_SEC)

struct _ChsChairPage {
  ChsView parent_instance;

  GtkWidget *chart;
  GtkWidget *trends;
  GtkWidget *waves;
  GtkWidget *tiles;
  GtkWidget *span;  /* the time window in force; touch for the keys */
  GtkWidget *keys;
  GtkWidget *live;  /* "back to live" among them */
  int        trends_least; /* px: the scores want their lanes, once there are some */
};

G_DEFINE_FINAL_TYPE (ChsChairPage, chs_chair_page, CHS_TYPE_VIEW)

/* ---- time window ---- */

static char *
span_words (ChsTimeWindow window)
{
  int minutes = (int) ((window.to_us - window.from_us + MINUTE_US / 2) / MINUTE_US);

  if (minutes < 120)
    return g_strdup_printf (ngettext ("%d min", "%d min", minutes), minutes);

  return g_strdup_printf (_("%d h %02d min"), minutes / 60, minutes % 60);
}

static void
show_span (ChsChairPage *self)
{
  ChsScene        *scene = chs_view_get_scene (self);
  ChsTimeView     *view = chs_scene_get_time_view (scene);
  g_autofree char *words = span_words (chs_scene_get_time_window (scene));

  chs_key_set_title (CHS_KEY (self->span), words);
  /* Translators: under the width of the chart: the chart stands in the past, it does not follow what comes in */
  chs_key_set_hint (CHS_KEY (self->span), view->is_following ? NULL : _("not live"));
  gtk_widget_set_sensitive (self->live, !view->is_following);
}

static void
on_span_key (GtkButton *key, gpointer user_data)
{
  ChsChairPage *self = CHS_CHAIR_PAGE (user_data);
  ChsScene     *scene = chs_view_get_scene (self);
  int           minutes = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (key), "minutes"));

  chs_time_view_set_span (chs_scene_get_time_view (scene), minutes * MINUTE_US);
  chs_scene_touch (scene);
}

static void
on_live_key (ChsChairPage *self)
{
  ChsScene *scene = chs_view_get_scene (self);

  chs_time_view_follow (chs_scene_get_time_view (scene));
  chs_scene_touch (scene);
}

static void
on_close_key (ChsChairPage *self)
{
  ChsScene *scene = chs_view_get_scene (self);

  chs_time_view_clear_cursors (chs_scene_get_time_view (scene));
  chs_time_view_follow (chs_scene_get_time_view (scene));
  chs_chair_page_show_keys (self, FALSE);
  chs_scene_touch (scene);
}

static void
on_chart_touched (ChsChairPage *self)
{
  chs_chair_page_show_keys (self, TRUE);
}

void
chs_chair_page_show_keys (ChsChairPage *self, gboolean show)
{
  gtk_widget_set_visible (self->keys, show);
}

void
chs_chair_page_back_to_live (ChsChairPage *self)
{
  on_close_key (self);
}

gboolean
chs_chair_page_is_live (ChsChairPage *self)
{
  ChsTimeView *view = chs_scene_get_time_view (chs_view_get_scene (self));

  return view->is_following && view->cursor_us == CHS_TIME_NONE && !gtk_widget_get_visible (self->keys);
}

/* ---- places ---- */

typedef struct {
  int x, y, w, h;
} Box;

static void
put (GtkWidget *child, Box box)
{
  int least_w, least_h;

  if (!gtk_widget_should_layout (child))
    return;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least_w, NULL, NULL, NULL);
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, MAX (box.w, least_w), &least_h, NULL, NULL, NULL);
  gtk_widget_size_allocate (child, &(GtkAllocation){ box.x, box.y, MAX (box.w, least_w), MAX (box.h, least_h) }, -1);
}

static int
mm (ChsChairPage *self, double length_mm)
{
  return (int) (length_mm * chs_scene_get_theme (chs_view_get_scene (self))->px_mm);
}

/* The key over the chart is where the chart's title does not begin: in the corner that the chart leaves to it. */
static int
span_x (ChsChairPage *self, Box box, int width)
{
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    return box.x + mm (self, CHIP_MM);

  return box.x + box.w - width - mm (self, CHIP_MM);
}

static void
put_column (ChsChairPage *self, Box box)
{
  const int      gap = mm (self, GAP_MM);
  const gboolean has_waves = gtk_widget_get_visible (self->waves);
  int            trend_h = MAX ((int) (box.h * TREND_HEIGHT), self->trends_least);
  int            wave_h = has_waves ? MIN ((int) (box.h * WAVE_HEIGHT),
                                           MAX (box.h - trend_h - 2 * gap - mm (self, GOOD_CHART_MM), mm (self, MIN_WAVES_MM)))
                                    : 0;
  int            chart_h = box.h - trend_h - wave_h - 2 * gap;
  GtkRequisition chip, keys;

  if (chart_h < mm (self, MIN_CHART_MM))
    wave_h = 0;
  if (box.h - trend_h - gap < mm (self, MIN_CHART_MM))
    trend_h = 0;
  chart_h = box.h - (trend_h ? trend_h + gap : 0) - (wave_h ? wave_h + gap : 0);

  gtk_widget_set_child_visible (self->waves, wave_h > 0);
  put (self->chart, (Box){ box.x, box.y, box.w, chart_h });
  gtk_widget_set_child_visible (self->trends, trend_h > 0);
  put (self->trends, (Box){ box.x, box.y + chart_h + gap, box.w, trend_h });
  put (self->waves, (Box){ box.x, box.y + box.h - wave_h, box.w, wave_h });

  /* The time axis runs left to right in every language, so its newest end, and the key over it, is at the right. */
  gtk_widget_set_child_visible (self->span, trend_h > 0); /* a low chart needs its corner; touching it still works */
  gtk_widget_get_preferred_size (self->span, &chip, NULL);
  put (self->span, (Box){ span_x (self, box, chip.width), box.y + mm (self, CHIP_MM), chip.width, chip.height });
  gtk_widget_get_preferred_size (self->keys, &keys, NULL);
  put (self->keys, (Box){ box.x, box.y + box.h - keys.height, box.w, keys.height });
}

static void
chs_chair_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ChsChairPage  *self = CHS_CHAIR_PAGE (widget);
  const gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int            gap, chart_w, tiles_h;

  if (chs_view_get_scene (self) == NULL)
    return;

  gap = mm (self, GAP_MM);
  if (chs_scene_get_panel (chs_view_get_scene (self))->layout == CHS_LAYOUT_TALL) {
    tiles_h = (int) (height * TALL_TILES);
    put (self->tiles, (Box){ 0, 0, width, tiles_h });
    put_column (self, (Box){ 0, tiles_h + gap, width, height - tiles_h - gap });
    return;
  }

  chart_w = (int) (width * CHART_WIDTH);
  put (self->tiles, (Box){ is_rtl ? 0 : chart_w + gap, 0, width - chart_w - gap, height });
  put_column (self, (Box){ is_rtl ? width - chart_w : 0, 0, chart_w, height });
}

static void
chs_chair_page_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  ChsChairPage *self = CHS_CHAIR_PAGE (widget);

  gtk_widget_measure (self->tiles, orientation, for_size, minimum, natural, NULL, NULL);
}

static void
make_room_for_scores (ChsChairPage *self)
{
  ChsScene *scene = chs_view_get_scene (self);
  int       least = (int) ceil (chs_trends_least_height (chs_scene_get_model (scene), chs_scene_get_theme (scene)));

  if (least == self->trends_least)
    return;
  self->trends_least = least;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
chs_chair_page_refresh (ChsView *view)
{
  make_room_for_scores (CHS_CHAIR_PAGE (view));
  show_span (CHS_CHAIR_PAGE (view));
}

static void
chs_chair_page_restyled (ChsView *view)
{
  chs_chair_page_refresh (view);
  gtk_widget_queue_resize (GTK_WIDGET (view));
}

static void
chs_chair_page_class_init (ChsChairPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CHS_VIEW_CLASS (klass)->refresh = chs_chair_page_refresh;
  CHS_VIEW_CLASS (klass)->restyled = chs_chair_page_restyled;
  widget_class->measure = chs_chair_page_measure;
  widget_class->size_allocate = chs_chair_page_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "chairpage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_MAIN);
}

static GtkWidget *
add_child (ChsChairPage *self, GtkWidget *child)
{
  gtk_widget_set_parent (child, GTK_WIDGET (self));
  if (CHS_IS_VIEW (child))
    g_object_bind_property (self, "scene", child, "scene", G_BINDING_SYNC_CREATE);

  return child;
}

static void
add_span_key (ChsChairPage *self, const char *title, int minutes)
{
  GtkWidget *key = chs_key_new (title, NULL);

  g_object_set_data (G_OBJECT (key), "minutes", GINT_TO_POINTER (minutes));
  g_signal_connect (key, "clicked", G_CALLBACK (on_span_key), self);
  gtk_widget_set_hexpand (key, TRUE);
  gtk_box_append (GTK_BOX (self->keys), key);
}

static GtkWidget *
add_key (ChsChairPage *self, const char *title, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  g_signal_connect_swapped (key, "clicked", callback, self);
  gtk_widget_set_hexpand (key, TRUE);
  gtk_box_append (GTK_BOX (self->keys), key);

  return key;
}

static void
chs_chair_page_init (ChsChairPage *self)
{
  static const int spans_min[] = { 15, 30, 60 };

  self->chart = add_child (self, chs_chart_view_new ());
  self->trends = add_child (self, g_object_new (CHS_TYPE_TREND_VIEW, NULL));
  self->waves = add_child (self, g_object_new (CHS_TYPE_WAVE_STRIP, NULL));
  self->tiles = add_child (self, g_object_new (CHS_TYPE_TILE_GRID, NULL));
  g_signal_connect_swapped (self->chart, "touched", G_CALLBACK (on_chart_touched), self);

  self->span = add_child (self, chs_key_new (NULL, NULL));
  gtk_widget_add_css_class (self->span, "chip");
  g_signal_connect_swapped (self->span, "clicked", G_CALLBACK (on_chart_touched), self);

  self->keys = add_child (self, gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));
  gtk_widget_add_css_class (self->keys, "chart-keys");
  gtk_widget_set_visible (self->keys, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (spans_min); i++) {
    g_autofree char *words = g_strdup_printf (ngettext ("%d min", "%d min", spans_min[i]), spans_min[i]);

    add_span_key (self, words, spans_min[i]);
  }
  /* Translators: key: show the whole session on the chart */
  add_span_key (self, _("All"), 0);
  self->live = add_key (self, _("Back to live"), G_CALLBACK (on_live_key));
  add_key (self, _("Close"), G_CALLBACK (on_close_key));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/trend-view.h"

#include "ui/chart-view.h"

#include <glib/gi18n.h>

struct _ChsTrendView {
  ChsPane parent_instance;
};

G_DEFINE_FINAL_TYPE (ChsTrendView, chs_trend_view, CHS_TYPE_PANE)

static void
chs_trend_view_draw (ChsPane *self, cairo_t *cr, const ChsRect *rect)
{
  ChsScene     *scene = chs_view_get_scene (self);
  ChsTimeWindow window = chs_scene_get_time_window (scene);

  chs_draw_trends (cr, rect, chs_scene_get_model (scene), &window, chs_scene_get_theme (scene));
}

static char *
chs_trend_view_text (ChsPane *self)
{
  ChsScene        *scene = chs_view_get_scene (self);
  g_autofree char *scores = chs_scores_text (chs_scene_get_model (scene), chs_scene_get_time_window (scene).to_us, chs_scene_get_theme (scene));

  if (scores[0] == '\0')
    return g_strdup (_("Trends of heart rate, oxygen saturation and breathing"));

  /* Translators: read aloud by a screen reader; the newest scores follow: "NEWS2 4, shock index 0.62" */
  return g_strdup_printf (_("Trends of heart rate, oxygen saturation and breathing; %s"), scores);
}

static guint64
chs_trend_view_fingerprint (ChsPane *self)
{
  return chs_time_fingerprint (chs_view_get_scene (self), gtk_widget_get_width (GTK_WIDGET (self)));
}

static void
chs_trend_view_class_init (ChsTrendViewClass *klass)
{
  ChsPaneClass *pane_class = CHS_PANE_CLASS (klass);

  pane_class->draw = chs_trend_view_draw;
  pane_class->text = chs_trend_view_text;
  pane_class->fingerprint = chs_trend_view_fingerprint;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "trendview");
}

static void
chs_trend_view_init (ChsTrendView *self)
{
}

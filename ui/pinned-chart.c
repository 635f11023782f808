/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pinned-chart.h"

#include "ui/chart-view.h"

#include <glib/gi18n.h>

struct _ChsPinnedChart {
  ChsPane parent_instance;

  int64_t from_us, least_us;
};

G_DEFINE_FINAL_TYPE (ChsPinnedChart, chs_pinned_chart, CHS_TYPE_PANE)

static void
chs_pinned_chart_draw (ChsPane *pane, cairo_t *cr, const ChsRect *rect)
{
  ChsPinnedChart     *self = CHS_PINNED_CHART (pane);
  ChsScene           *scene = chs_view_get_scene (pane);
  int64_t             now_us = chs_scene_get_now_us (scene);
  const ChsTimeWindow window = {
    .from_us = self->from_us,
    .to_us = MAX (self->from_us + self->least_us, now_us),
    .now_us = now_us,
    .cursor_us = CHS_TIME_NONE,
    .cursor2_us = CHS_TIME_NONE,
  };

  chs_draw_chart (cr, rect, chs_scene_get_model (scene), &window, chs_scene_get_theme (scene));
}

static char *
chs_pinned_chart_text (ChsPane *pane)
{
  return g_strdup (_("Chart of the minutes before and since the reaction"));
}

static guint64
chs_pinned_chart_fingerprint (ChsPane *pane)
{
  ChsPinnedChart *self = CHS_PINNED_CHART (pane);
  guint64         print = chs_time_fingerprint (chs_view_get_scene (pane), gtk_widget_get_width (GTK_WIDGET (pane)));

  return chs_fingerprint (print, &self->from_us, sizeof self->from_us);
}

static void
chs_pinned_chart_class_init (ChsPinnedChartClass *klass)
{
  ChsPaneClass *pane_class = CHS_PANE_CLASS (klass);

  pane_class->draw = chs_pinned_chart_draw;
  pane_class->text = chs_pinned_chart_text;
  pane_class->fingerprint = chs_pinned_chart_fingerprint;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "chartview");
}

static void
chs_pinned_chart_init (ChsPinnedChart *self)
{
}

void
chs_pinned_chart_set_range (ChsPinnedChart *self, int64_t from_us, int64_t least_us)
{
  self->from_us = from_us;
  self->least_us = least_us;
}

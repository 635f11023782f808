/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ruler-view.h"

#include <glib/gi18n.h>

struct _ChsRulerView {
  ChsPane parent_instance;
};

G_DEFINE_FINAL_TYPE (ChsRulerView, chs_ruler_view, CHS_TYPE_PANE)

static void
chs_ruler_view_draw (ChsPane *pane, cairo_t *cr, const ChsRect *rect)
{
  ChsScene *scene = chs_view_get_scene (pane);

  chs_draw_ruler (cr, rect, chs_scene_get_panel (scene)->px_mm, chs_scene_get_theme (scene));
}

static char *
chs_ruler_view_text (ChsPane *pane)
{
  return g_strdup (_("A bar of 50 mm and the outline of a bank card, 85.6 by 54 mm"));
}

static guint64
chs_ruler_view_fingerprint (ChsPane *pane)
{
  return chs_fingerprint_double (0, chs_scene_get_panel (chs_view_get_scene (pane))->px_mm, 0.001);
}

static void
chs_ruler_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  ChsScene *scene = chs_view_get_scene (widget);
  double    px_mm = scene ? chs_scene_get_panel (scene)->px_mm : 0.0;

  *minimum = *natural = (int) ((orientation == GTK_ORIENTATION_HORIZONTAL ? CHS_RULER_WIDTH_MM : CHS_RULER_HEIGHT_MM) * px_mm);
}

static void
chs_ruler_view_class_init (ChsRulerViewClass *klass)
{
  ChsPaneClass *pane_class = CHS_PANE_CLASS (klass);

  GTK_WIDGET_CLASS (klass)->measure = chs_ruler_view_measure;
  pane_class->draw = chs_ruler_view_draw;
  pane_class->text = chs_ruler_view_text;
  pane_class->fingerprint = chs_ruler_view_fingerprint;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "rulerview");
}

static void
chs_ruler_view_init (ChsRulerView *self)
{
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene.h"

#include <gtk/gtk.h>

/* Base of every widget that shows a scene: holds it, follows its signals, frees
 * its children. A subclass says what to do when something changed. */

#define CHS_TYPE_VIEW (chs_view_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChsView, chs_view, CHS, VIEW, GtkWidget)

struct _ChsViewClass {
  GtkWidgetClass parent_class;

  void (*refresh) (ChsView *self);  /* the scene changed, or a second passed */
  void (*restyled) (ChsView *self); /* theme or panel changed; default: like refresh */
  void (*renewed) (ChsView *self);  /* another session: forget */
};

/**
 * chs_view_get_scene:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): its scene; NULL only before the window is complete
 */
ChsScene *chs_view_get_scene (gpointer self);
void      chs_view_set_scene (gpointer self, ChsScene *scene);

/**
 * chs_view_snapshot_still:
 * @widget: a widget
 * @child: a child of it that seldom changes
 * @snapshot: where to
 *
 * What gtk_widget_snapshot_child() does, but as one render node, which is kept until @child changes. GSK's cairo renderer visits every
 * node of the window in every frame, also where nothing was damaged, and a round corner costs its path each time: that counts beside
 * waves that sweep sixty times a second.
 */
void chs_view_snapshot_still (GtkWidget *widget, GtkWidget *child, GtkSnapshot *snapshot);

/* The same for all children: for GtkWidgetClass.snapshot. */
void chs_view_snapshot_all_still (GtkWidget *widget, GtkSnapshot *snapshot);

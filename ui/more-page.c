/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/more-page.h"

#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/pages.h"

#include <glib/gi18n.h>

#define KEY_WIDTH_MM 60.0
#define GAP_MM 3.0

struct _ChsMorePage {
  ChsPage parent_instance;

  GtkWidget *nurse, *technician; /* grids of keys */
  guint      columns;
};

G_DEFINE_FINAL_TYPE (ChsMorePage, chs_more_page, CHS_TYPE_PAGE)

static GtkWidget *
make_key (const ChsPageInfo *info)
{
  g_autofree char *action = g_strdup_printf ("win.page::%s", info->id);
  GtkWidget       *key = chs_key_new (_(info->title), action);

  chs_key_set_hint (CHS_KEY (key), _(info->hint));
  gtk_widget_add_css_class (key, "place");
  gtk_widget_set_hexpand (key, TRUE);

  return key;
}

static void
fill (GtkWidget *grid, ChsPagePlace place, guint columns)
{
  guint              n, n_placed = 0;
  const ChsPageInfo *pages = chs_pages (&n);
  GtkWidget         *child;

  while ((child = gtk_widget_get_first_child (grid)))
    gtk_grid_remove (GTK_GRID (grid), child);
  for (guint i = 0; i < n; i++)
    if (pages[i].place == place) {
      gtk_grid_attach (GTK_GRID (grid), make_key (&pages[i]), (int) (n_placed % columns), (int) (n_placed / columns), 1, 1);
      n_placed++;
    }
  gtk_widget_set_visible (grid, n_placed > 0);
  gtk_widget_set_visible (gtk_widget_get_prev_sibling (grid), n_placed > 0);
}

static void
chs_more_page_refresh (ChsView *view)
{
  ChsMorePage *self = CHS_MORE_PAGE (view);
  double       width_mm = chs_panel_width_mm (chs_scene_get_panel (chs_view_get_scene (self)));
  guint        columns = (guint) CLAMP (width_mm / (KEY_WIDTH_MM + GAP_MM), 2, 3);

  if (columns == self->columns)
    return;

  self->columns = columns;
  fill (self->nurse, CHS_PAGE_OF_NURSE, columns);
  fill (self->technician, CHS_PAGE_OF_TECHNICIAN, columns);
}

static void
chs_more_page_class_init (ChsMorePageClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_more_page_refresh;
}

static GtkWidget *
add_part (GtkWidget *box, const char *heading)
{
  GtkWidget *label = gtk_label_new (heading), *grid = gtk_grid_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_widget_add_css_class (label, "heading");
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_widget_add_css_class (grid, "key-grid");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), grid);

  return grid;
}

static void
chs_more_page_init (ChsMorePage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  /* Translators: title of the page from which all other pages are reached */
  chs_page_set_title (CHS_PAGE (self), _("More"));
  gtk_widget_add_css_class (box, "column");
  self->nurse = add_part (box, _("At the chair"));
  /* Translators: heading over keys that are for the clinic's technician */
  self->technician = add_part (box, _("For the technician"));
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), chs_scroller_new (box));
}

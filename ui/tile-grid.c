/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tile-grid.h"

#include "ui/pane.h"
#include "ui/pump-tile.h"
#include "ui/vital-tile.h"

#define MAX_ROWS 8
#define MAX_IN_ROW 4
#define GAP_MM 1.4
#define PRESSURE_SHARE 1.6 /* of a tile's width, where it stands beside others */

/* Least heights in millimetres: 17.5 mm digits with a line above and below, and what they shrink to under a pile of
 * alarms (shared/design.md, "Sizes"). */
#define PRIMARY_MM 27.0
#define SECONDARY_MM 11.0
#define PUMP_MM 22.0
#define LEAST 0.30   /* of these, before the grid asks for more room */
#define CROWDED 0.62 /* below this part of what they want the small ones give their room to the large */

typedef enum { ROW_PRIMARY, ROW_SECONDARY, ROW_PUMP } RowKind;

static const double row_mm[] = { [ROW_PRIMARY] = PRIMARY_MM, [ROW_SECONDARY] = SECONDARY_MM, [ROW_PUMP] = PUMP_MM };

typedef struct {
  RowKind    kind;
  guint      n;
  GtkWidget *tiles[MAX_IN_ROW];
} Row;

struct _ChsTileGrid {
  ChsView parent_instance;

  Row     rows[MAX_ROWS];
  guint   n_rows;
  guint64 shown; /* fingerprint of the parameters and pumps that have a tile */
};

G_DEFINE_FINAL_TYPE (ChsTileGrid, chs_tile_grid, CHS_TYPE_VIEW)

/* ---- which tiles ---- */

typedef struct {
  ChsParam pressure[2], heart, saturation, others[MAX_IN_ROW];
  guint    n_pressure, n_others, n_pumps;
} Wanted;

static gboolean
is_present (ChsTileGrid *self, ChsParam param)
{
  return chs_chair_model_is_present (chs_scene_get_model (chs_view_get_scene (self)), param);
}

static Wanted
choose (ChsTileGrid *self)
{
  static const ChsParam others[] = { CHS_PARAM_RR,    CHS_PARAM_CO2_RR, CHS_PARAM_TEMP,
                                     CHS_PARAM_ETCO2, CHS_PARAM_PI,     CHS_PARAM_TEMP2 };
  ChsScene             *scene = chs_view_get_scene (self);
  Wanted                w = { 0 };

  if (is_present (self, CHS_PARAM_ABP_SYS))
    w.pressure[w.n_pressure++] = CHS_PARAM_ABP_SYS;
  if (w.n_pressure == 0 || is_present (self, CHS_PARAM_NIBP_SYS))
    w.pressure[w.n_pressure++] = CHS_PARAM_NIBP_SYS;

  w.heart = is_present (self, CHS_PARAM_PR) && !is_present (self, CHS_PARAM_HR) ? CHS_PARAM_PR : CHS_PARAM_HR;
  w.saturation = CHS_PARAM_SPO2;

  for (guint i = 0; i < G_N_ELEMENTS (others) && w.n_others < MAX_IN_ROW - 1; i++)
    if (is_present (self, others[i]))
      w.others[w.n_others++] = others[i];

  chs_chair_model_get_pumps (chs_scene_get_model (scene), &w.n_pumps);

  return w;
}

static Row *
add_row (ChsTileGrid *self, RowKind kind)
{
  Row *row = &self->rows[self->n_rows++];

  *row = (Row){ .kind = kind };

  return row;
}

static void
add_tile (ChsTileGrid *self, Row *row, GtkWidget *tile)
{
  gtk_widget_set_parent (tile, GTK_WIDGET (self));
  chs_view_set_scene (tile, chs_view_get_scene (self));
  row->tiles[row->n++] = tile;
}

static void
build_wide (ChsTileGrid *self, const Wanted *w)
{
  Row *row = add_row (self, ROW_PRIMARY);

  for (guint i = 0; i < w->n_pressure; i++)
    add_tile (self, row, chs_vital_tile_new (w->pressure[i]));

  row = add_row (self, ROW_PRIMARY);
  add_tile (self, row, chs_vital_tile_new (w->heart));
  add_tile (self, row, chs_vital_tile_new (w->saturation));
}

static void
build_tall (ChsTileGrid *self, const Wanted *w)
{
  Row *row = add_row (self, ROW_PRIMARY);

  add_tile (self, row, chs_vital_tile_new (w->pressure[0]));
  add_tile (self, row, chs_vital_tile_new (w->heart));
  add_tile (self, row, chs_vital_tile_new (w->saturation));
}

static void
build (ChsTileGrid *self, const Wanted *w)
{
  const gboolean is_tall = chs_scene_get_panel (chs_view_get_scene (self))->layout == CHS_LAYOUT_TALL;
  const guint    pumps_in_row = is_tall || w->n_pumps > 3 ? 2 : 1;
  GtkWidget     *child;
  Row           *row = NULL;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))))
    gtk_widget_unparent (child);
  self->n_rows = 0;

  if (is_tall)
    build_tall (self, w);
  else
    build_wide (self, w);

  if (w->n_others > 0)
    row = add_row (self, ROW_SECONDARY);
  for (guint i = 0; i < w->n_others; i++)
    add_tile (self, row, chs_vital_tile_new (w->others[i]));

  for (guint i = 0; i < w->n_pumps && (i % pumps_in_row != 0 || self->n_rows < MAX_ROWS); i++) {
    if (i % pumps_in_row == 0)
      row = add_row (self, ROW_PUMP);
    add_tile (self, row, chs_pump_tile_new (i));
  }

  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
chs_tile_grid_refresh (ChsView *view)
{
  ChsTileGrid     *self = CHS_TILE_GRID (view);
  Wanted           wanted = choose (self);
  const ChsPanel  *panel = chs_scene_get_panel (chs_view_get_scene (self));
  guint64          print = chs_fingerprint (chs_fingerprint (0, &wanted, sizeof wanted), &panel->layout,
                                            sizeof panel->layout);

  if (print == self->shown)
    return;

  self->shown = print;
  build (self, &wanted);
}

/* ---- where they are ---- */

static double
gap_px (ChsTileGrid *self)
{
  return GAP_MM * chs_scene_get_theme (chs_view_get_scene (self))->px_mm;
}

static double
wanted_height (ChsTileGrid *self)
{
  double sum = 0.0;

  for (guint i = 0; i < self->n_rows; i++)
    sum += row_mm[self->rows[i].kind];

  return sum;
}

static void
chs_tile_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  ChsTileGrid *self = CHS_TILE_GRID (widget);
  double       px_mm, wanted_mm;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL || chs_view_get_scene (self) == NULL)
    return;

  wanted_mm = wanted_height (self);
  px_mm = chs_scene_get_theme (chs_view_get_scene (self))->px_mm;
  *minimum = (int) (LEAST * wanted_mm * px_mm);
  *natural = (int) (wanted_mm * px_mm + gap_px (self) * (self->n_rows - 1));
}

/* Two numbers and a stroke need more width than one. */
static double
share_of (GtkWidget *tile)
{
  ChsParam param = CHS_IS_VITAL_TILE (tile) ? chs_vital_tile_get_param (CHS_VITAL_TILE (tile)) : CHS_PARAM_NONE;

  return param == CHS_PARAM_NIBP_SYS || param == CHS_PARAM_ABP_SYS ? PRESSURE_SHARE : 1.0;
}

static void
allocate_row (ChsTileGrid *self, const Row *row, double width, double y, double height)
{
  const double   gap = gap_px (self);
  const gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  double         sum = 0.0, x = 0.0;

  for (guint i = 0; i < row->n; i++)
    sum += share_of (row->tiles[i]);

  for (guint i = 0; i < row->n; i++) {
    GtkWidget    *tile = row->tiles[is_rtl ? row->n - 1 - i : i];
    double        each = (width - gap * (row->n - 1)) * share_of (tile) / sum;
    GtkAllocation box = { (int) x, (int) y, (int) (x + each) - (int) x, (int) (y + height) - (int) y };

    gtk_widget_size_allocate (tile, &box, -1);
    x += each + gap;
  }
}

static void
show_row (const Row *row, gboolean is_shown)
{
  for (guint i = 0; i < row->n; i++)
    gtk_widget_set_child_visible (row->tiles[i], is_shown);
}

static void
allocate_rows (ChsTileGrid *self, const Row *rows, guint n_rows, int width, int height, gboolean with_small)
{
  const double gap = gap_px (self);
  double       sum = 0.0, y = 0.0;
  guint        n_shown = 0;

  for (guint i = 0; i < n_rows; i++)
    if (with_small || rows[i].kind != ROW_SECONDARY) {
      sum += row_mm[rows[i].kind];
      n_shown++;
    }

  for (guint i = 0; i < n_rows; i++) {
    const gboolean is_shown = with_small || rows[i].kind != ROW_SECONDARY;
    const double   row_height = (height - gap * (n_shown - 1)) * row_mm[rows[i].kind] / sum;

    show_row (&rows[i], is_shown);
    if (!is_shown)
      continue;
    allocate_row (self, &rows[i], width, y, row_height);
    y += row_height + gap;
  }
}

static void
chs_tile_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ChsTileGrid *self = CHS_TILE_GRID (widget);
  double       wanted_px;

  if (self->n_rows == 0)
    return;

  wanted_px = chs_scene_get_theme (chs_view_get_scene (self))->px_mm * wanted_height (self);
  allocate_rows (self, self->rows, self->n_rows, width, height, height >= CROWDED * wanted_px);
}

static void
chs_tile_grid_class_init (ChsTileGridClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CHS_VIEW_CLASS (klass)->refresh = chs_tile_grid_refresh;
  widget_class->measure = chs_tile_grid_measure;
  widget_class->size_allocate = chs_tile_grid_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "tilegrid");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
chs_tile_grid_init (ChsTileGrid *self)
{
}

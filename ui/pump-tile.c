/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pump-tile.h"

struct _ChsPumpTile {
  ChsPane parent_instance;

  guint index;
};

G_DEFINE_FINAL_TYPE (ChsPumpTile, chs_pump_tile, CHS_TYPE_PANE)

static const ChsPumpView *
get_pump (ChsPumpTile *self)
{
  guint              n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (chs_scene_get_model (chs_view_get_scene (self)), &n);

  return self->index < n ? &pumps[self->index] : NULL;
}

static void
chs_pump_tile_draw (ChsPane *pane, cairo_t *cr, const ChsRect *rect)
{
  ChsScene *scene = chs_view_get_scene (pane);

  if (get_pump (CHS_PUMP_TILE (pane)))
    chs_draw_pump (cr, rect, chs_scene_get_model (scene), CHS_PUMP_TILE (pane)->index, chs_scene_get_now_us (scene),
                   chs_scene_get_theme (scene));
}

static char *
chs_pump_tile_text (ChsPane *pane)
{
  ChsScene *scene = chs_view_get_scene (pane);

  return chs_pump_text (chs_scene_get_model (scene), CHS_PUMP_TILE (pane)->index, chs_scene_get_now_us (scene),
                        chs_scene_get_theme (scene));
}

static guint64
dose_fingerprint (const ChsDose *dose, guint64 print)
{
  const double  shown[] = { dose->flow_ml_h,     dose->infused_ml,       dose->bag_left_ml,       dose->mg_mmol_min,
                            dose->mg_mmol_total, dose->ketamine_mg_kg_h, dose->lidocaine_mg_kg_h, dose->fluid_ml_kg_h };
  const int64_t end_min = dose->end_us == CHS_TIME_NONE ? -1 : dose->end_us / (60 * G_USEC_PER_SEC);
  const guint8  states[] = { dose->known, dose->estimated };

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    print = chs_fingerprint_double (print, shown[i], 0.01);
  print = chs_fingerprint (print, &end_min, sizeof end_min);

  return chs_fingerprint (print, states, sizeof states);
}

static guint64
chs_pump_tile_fingerprint (ChsPane *pane)
{
  ChsScene          *scene = chs_view_get_scene (pane);
  const ChsPumpView *pump = get_pump (CHS_PUMP_TILE (pane));
  const ChsDose     *dose;
  guint64            print = 0;

  if (pump == NULL)
    return 0;

  print = chs_fingerprint (print, &pump->status, sizeof pump->status);
  print = chs_fingerprint (print, &pump->n_steps, sizeof pump->n_steps);
  dose = chs_chair_model_find_dose (chs_scene_get_model (scene), pump->source, pump->channel);

  return dose ? dose_fingerprint (dose, print) : print;
}

static void
chs_pump_tile_class_init (ChsPumpTileClass *klass)
{
  ChsPaneClass *pane_class = CHS_PANE_CLASS (klass);

  pane_class->draw = chs_pump_tile_draw;
  pane_class->text = chs_pump_tile_text;
  pane_class->fingerprint = chs_pump_tile_fingerprint;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "pumptile");
}

static void
chs_pump_tile_init (ChsPumpTile *self)
{
}

GtkWidget *
chs_pump_tile_new (guint index)
{
  ChsPumpTile *self = g_object_new (CHS_TYPE_PUMP_TILE, NULL);

  self->index = index;

  return GTK_WIDGET (self);
}

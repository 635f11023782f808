/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/vital-tile.h"

#include <string.h>

struct _ChsVitalTile {
  ChsPane parent_instance;

  ChsParam param;
};

G_DEFINE_FINAL_TYPE (ChsVitalTile, chs_vital_tile, CHS_TYPE_PANE)

static void
chs_vital_tile_draw (ChsPane *pane, cairo_t *cr, const ChsRect *rect)
{
  ChsScene *scene = chs_view_get_scene (pane);

  chs_draw_tile (cr, rect, chs_scene_get_model (scene), CHS_VITAL_TILE (pane)->param, chs_scene_get_now_us (scene),
                 chs_scene_get_theme (scene));
}

static char *
chs_vital_tile_text (ChsPane *pane)
{
  ChsScene        *scene = chs_view_get_scene (pane);
  const ChsParam   param = CHS_VITAL_TILE (pane)->param;
  g_autofree char *text = chs_tile_text (chs_scene_get_model (scene), param, chs_scene_get_now_us (scene), chs_scene_get_theme (scene));
  g_autofree char *limits = chs_tile_limits_text (chs_scene_get_model (scene), param, chs_scene_get_theme (scene));

  return g_strconcat (text, *limits ? ", " : "", limits, NULL);
}

/* Beside the text: what the tile draws of limits, baseline, quality and alarms. */
static guint64
chs_vital_tile_fingerprint (ChsPane *pane)
{
  ChsVitalTile         *self = CHS_VITAL_TILE (pane);
  ChsScene             *scene = chs_view_get_scene (pane);
  const ChsEngine      *engine = chs_scene_get_engine (scene);
  ChsTileValue          value = chs_chair_model_get_value (chs_scene_get_model (scene), self->param,
                                                           chs_scene_get_now_us (scene));
  ChsLimits             limits = chs_engine_get_limits (engine, self->param);
  guint                 n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (engine, &n);
  const guint8          states[] = { value.quality, value.flags, value.time_mark, value.freshness };
  guint64               print = chs_fingerprint (0, states, sizeof states);

  print = chs_fingerprint_double (print, value.value, 0.01);
  print = chs_fingerprint_double (print, limits.low, 0.1);
  print = chs_fingerprint_double (print, limits.high, 0.1);
  print = chs_fingerprint (print, &chs_engine_get_baseline (engine)->taken_us, sizeof (int64_t));
  for (guint i = 0; i < n; i++) {
    const guint8 alarm[] = { alarms[i].alarm.label, alarms[i].alarm.priority, alarms[i].alarm.param, alarms[i].state };

    print = chs_fingerprint (print, alarm, sizeof alarm);
  }

  return print;
}

static void
chs_vital_tile_class_init (ChsVitalTileClass *klass)
{
  ChsPaneClass *pane_class = CHS_PANE_CLASS (klass);

  pane_class->draw = chs_vital_tile_draw;
  pane_class->text = chs_vital_tile_text;
  pane_class->fingerprint = chs_vital_tile_fingerprint;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "vitaltile");
}

static void
chs_vital_tile_init (ChsVitalTile *self)
{
}

GtkWidget *
chs_vital_tile_new (ChsParam param)
{
  ChsVitalTile *self = g_object_new (CHS_TYPE_VITAL_TILE, NULL);

  self->param = param;

  return GTK_WIDGET (self);
}

ChsParam
chs_vital_tile_get_param (ChsVitalTile *self)
{
  return self->param;
}

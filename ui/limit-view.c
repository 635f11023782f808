/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/limit-view.h"

#include "ui/say.h"

#include <math.h>
#include <string.h>

struct _ChsLimitView {
  ChsPane parent_instance;

  ChsParam param;
};

G_DEFINE_FINAL_TYPE (ChsLimitView, chs_limit_view, CHS_TYPE_PANE)

double
chs_limit_in_force (ChsScene *scene, const ChsLimitInfo *info)
{
  ChsLimits limits = chs_engine_get_limits (chs_scene_get_engine (scene), (ChsParam) info->param);

  return info->is_high ? limits.high : limits.low;
}

const ChsSetupEntry *
chs_limit_find_change (ChsScene *scene, const char *key)
{
  guint                n;
  const ChsSetupEntry *setups = chs_chair_model_get_setups (chs_scene_get_model (scene), &n);

  while (n-- > 0)
    if (strcmp (setups[n].setup.key, key) == 0)
      return setups[n].setup.value[0] ? &setups[n] : NULL;

  return NULL;
}

static void
add_limit (ChsScene *scene, const ChsLimitInfo *info, ChsLimitBar *bar)
{
  chs_limit_range (info, info->is_high ? &bar->high_least : &bar->low_least, info->is_high ? &bar->high_most : &bar->low_most);
  *(info->is_high ? &bar->high : &bar->low) = chs_limit_in_force (scene, info);
  *(info->is_high ? &bar->usual_high : &bar->usual_low) = chs_scene_get_number (scene, info->profile_key);
}

static void
find_bar (ChsLimitView *self, ChsLimitBar *bar)
{
  ChsScene           *scene = chs_view_get_scene (self);
  ChsTileValue        now = chs_chair_model_get_value (chs_scene_get_model (scene), self->param, chs_scene_get_now_us (scene));
  unsigned            n;
  const ChsLimitInfo *infos = chs_limit_infos (&n);

  *bar = (ChsLimitBar){ .low = NAN, .high = NAN, .low_least = NAN, .low_most = NAN, .high_least = NAN, .high_most = NAN,
                        .usual_low = NAN, .usual_high = NAN, .decimals = chs_param_info (self->param)->decimals,
                        .value = now.freshness >= CHS_FRESH_GONE ? (double) NAN : now.value,
                        .colour = chs_param_colour (chs_scene_get_theme (scene), self->param) };
  for (unsigned i = 0; i < n; i++)
    if (infos[i].param == self->param)
      add_limit (scene, &infos[i], bar);
}

static void
chs_limit_view_draw (ChsPane *pane, cairo_t *cr, const ChsRect *rect)
{
  ChsLimitBar bar;

  find_bar (CHS_LIMIT_VIEW (pane), &bar);
  chs_draw_limit_bar (cr, rect, &bar, chs_scene_get_theme (chs_view_get_scene (pane)));
}

/* What a seeing nurse reads off the picture: the value. The limits are on the keys beside it. */
static char *
chs_limit_view_text (ChsPane *pane)
{
  ChsLimitView *self = CHS_LIMIT_VIEW (pane);
  ChsScene     *scene = chs_view_get_scene (pane);

  return chs_tile_text (chs_scene_get_model (scene), self->param, chs_scene_get_now_us (scene), chs_scene_get_theme (scene));
}

static guint64
chs_limit_view_fingerprint (ChsPane *pane)
{
  ChsLimitBar bar;
  guint64     print = 0;

  find_bar (CHS_LIMIT_VIEW (pane), &bar);
  print = chs_fingerprint_double (print, bar.low, 0.1);
  print = chs_fingerprint_double (print, bar.high, 0.1);

  return chs_fingerprint_double (print, bar.value, 0.1);
}

static void
chs_limit_view_class_init (ChsLimitViewClass *klass)
{
  ChsPaneClass *pane_class = CHS_PANE_CLASS (klass);

  pane_class->draw = chs_limit_view_draw;
  pane_class->text = chs_limit_view_text;
  pane_class->fingerprint = chs_limit_view_fingerprint;
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "limitview");
}

static void
chs_limit_view_init (ChsLimitView *self)
{
}

GtkWidget *
chs_limit_view_new (ChsParam param)
{
  ChsLimitView *self = g_object_new (CHS_TYPE_LIMIT_VIEW, NULL);

  self->param = param;

  return GTK_WIDGET (self);
}

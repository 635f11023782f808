/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/scene.h"

#include <glib/gi18n.h>
#include <math.h>

/* The design panel: 10.1", 1280x800 (shared/design.md, "Sizes"). */
static const ChsMonitorReport design_panel = { .width_px = 1280, .height_px = 800, .diagonal_in = 10.1 };

struct _ChsScene {
  GObject parent_instance;

  ChsSceneMode   mode;
  ChsProfile    *profile;
  ChsChairModel *model;
  ChsTheme       theme;
  ChsPanel       panel;
  ChsTimeView    time_view;
  double         text_scale;
  gboolean       is_rtl;
  gboolean       is_kiosk;
  int64_t        now_us;
  uint64_t       seen_serial; /* of the model at the last "refresh" */
  int64_t        seen_second;
  gboolean       is_touched; /* something beside the model changed */
  gboolean       is_stirred; /* "stirred" was emitted and no flush came yet */

  const ChsSceneActions *actions;
  gpointer               actions_data;
  ChsMachine             machine;
};

G_DEFINE_FINAL_TYPE (ChsScene, chs_scene, G_TYPE_OBJECT)

enum { SIGNAL_STIRRED, SIGNAL_REFRESH, SIGNAL_RESTYLED, SIGNAL_RENEWED, SIGNAL_REFUSED, SIGNAL_LINKS, SIGNAL_MACHINE, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *
translate (const char *msgid)
{
  return *msgid == '\0' ? msgid : g_dgettext (GETTEXT_PACKAGE, msgid);
}

static void
stir (ChsScene *self)
{
  if (self->is_stirred)
    return;

  self->is_stirred = TRUE;
  g_signal_emit (self, signals[SIGNAL_STIRRED], 0);
}

static void
restyle (ChsScene *self, ChsLook look)
{
  chs_theme_init (&self->theme, look, self->panel.drawn_px_mm);
  self->theme.text_scale = self->text_scale;
  self->theme.rtl = self->is_rtl;
  self->theme.tr = translate;
  g_signal_emit (self, signals[SIGNAL_RESTYLED], 0);
  chs_scene_touch (self);
}

static void
chs_scene_finalize (GObject *object)
{
  ChsScene *self = CHS_SCENE (object);

  chs_machine_clear (&self->machine);
  chs_chair_model_free (self->model);
  g_clear_pointer (&self->profile, chs_profile_free);
  G_OBJECT_CLASS (chs_scene_parent_class)->finalize (object);
}

static void
chs_scene_class_init (ChsSceneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType         type = G_TYPE_FROM_CLASS (klass);

  object_class->finalize = chs_scene_finalize;

  signals[SIGNAL_STIRRED] = g_signal_new ("stirred", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REFRESH] = g_signal_new ("refresh", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_RESTYLED] = g_signal_new ("restyled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_RENEWED] = g_signal_new ("renewed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          G_TYPE_STRING);
  signals[SIGNAL_MACHINE] = g_signal_new ("machine", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LINKS] = g_signal_new ("links", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
chs_scene_init (ChsScene *self)
{
  chs_machine_init (&self->machine);
  self->text_scale = 1.0;
  chs_panel_init (&self->panel, &design_panel, design_panel.width_px, design_panel.height_px);
  chs_time_view_init (&self->time_view);
  restyle (self, CHS_LOOK_DAY);
}

ChsScene *
chs_scene_new (const ChsProfile *profile, ChsSceneMode mode)
{
  ChsScene *self = g_object_new (CHS_TYPE_SCENE, NULL);

  self->profile = chs_profile_copy (profile);
  self->model = chs_chair_model_new (profile);
  self->mode = mode;

  return self;
}

void
chs_scene_set_actions (ChsScene *self, const ChsSceneActions *actions, gpointer user_data)
{
  g_return_if_fail (CHS_IS_SCENE (self));

  self->actions = actions;
  self->actions_data = user_data;
}

ChsSceneMode
chs_scene_get_mode (ChsScene *self)
{
  return self->mode;
}

ChsChairModel *
chs_scene_get_model (ChsScene *self)
{
  return self->model;
}

const ChsEngine *
chs_scene_get_engine (ChsScene *self)
{
  return chs_chair_model_get_engine (self->model);
}

const ChsTheme *
chs_scene_get_theme (ChsScene *self)
{
  return &self->theme;
}

const ChsPanel *
chs_scene_get_panel (ChsScene *self)
{
  return &self->panel;
}

ChsTimeView *
chs_scene_get_time_view (ChsScene *self)
{
  return &self->time_view;
}

ChsTimeWindow
chs_scene_get_time_window (ChsScene *self)
{
  return chs_time_view_window (&self->time_view, chs_scene_get_now_us (self));
}

int64_t
chs_scene_get_now_us (ChsScene *self)
{
  int64_t now_us = self->actions && self->actions->now_us ? self->actions->now_us (self->actions_data) : self->now_us;

  return MAX (now_us, chs_chair_model_get_now_us (self->model));
}

void
chs_scene_feed (ChsScene *self, const ChsEvent *event)
{
  chs_chair_model_feed (self->model, event);
  stir (self);
}

void
chs_scene_renew (ChsScene *self)
{
  g_return_if_fail (CHS_IS_SCENE (self));

  chs_chair_model_reset (self->model);
  chs_time_view_init (&self->time_view);
  self->now_us = 0;
  g_signal_emit (self, signals[SIGNAL_RENEWED], 0);
  chs_scene_touch (self);
}

void
chs_scene_take_model (ChsScene *self, ChsChairModel *model)
{
  g_return_if_fail (CHS_IS_SCENE (self) && model);

  chs_chair_model_free (self->model);
  self->model = model;
  self->now_us = 0;
  chs_scene_touch (self);
}

void
chs_scene_set_now (ChsScene *self, int64_t now_us)
{
  self->now_us = now_us;
}

void
chs_scene_touch (ChsScene *self)
{
  self->is_touched = TRUE;
  stir (self);
}

gboolean
chs_scene_flush (ChsScene *self)
{
  uint64_t serial = chs_chair_model_get_serial (self->model);
  int64_t  second = chs_scene_get_now_us (self) / G_USEC_PER_SEC;

  self->is_stirred = FALSE;
  if (!self->is_touched && serial == self->seen_serial && second == self->seen_second)
    return FALSE;

  self->is_touched = FALSE;
  self->seen_serial = serial;
  self->seen_second = second;
  g_signal_emit (self, signals[SIGNAL_REFRESH], 0);

  return TRUE;
}

void
chs_scene_set_panel (ChsScene *self, const ChsPanel *panel)
{
  g_return_if_fail (CHS_IS_SCENE (self) && panel);

  self->panel = *panel;
  restyle (self, self->theme.look);
}

void
chs_scene_set_look (ChsScene *self, ChsLook look)
{
  restyle (self, look);
}

void
chs_scene_set_text_scale (ChsScene *self, double text_scale)
{
  self->text_scale = text_scale;
  restyle (self, self->theme.look);
}

void
chs_scene_set_kiosk (ChsScene *self, gboolean is_kiosk)
{
  self->is_kiosk = is_kiosk;
}

gboolean
chs_scene_is_kiosk (ChsScene *self)
{
  return self->is_kiosk;
}

void
chs_scene_set_rtl (ChsScene *self, gboolean rtl)
{
  self->is_rtl = rtl;
  restyle (self, self->theme.look);
}

static gboolean
refuse (ChsScene *self, const char *why)
{
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, why);

  return FALSE;
}

static gboolean
can_act (ChsScene *self)
{
  if (self->mode == CHS_SCENE_REPLAY)
    return refuse (self, _("This is a recording. Nothing can be entered here."));
  if (self->actions == NULL)
    return refuse (self, _("The monitor does not answer. Nothing was entered."));

  return TRUE;
}

gboolean
chs_scene_ask_links (ChsScene *self)
{
  g_return_val_if_fail (CHS_IS_SCENE (self), FALSE);

  return self->actions && self->actions->links && self->actions->links (self->actions_data);
}

void
chs_scene_take_links (ChsScene *self, const char *json)
{
  g_return_if_fail (CHS_IS_SCENE (self) && json);

  g_signal_emit (self, signals[SIGNAL_LINKS], 0, json);
}

gboolean
chs_scene_nurse_full (ChsScene *self, const ChsNurse *nurse)
{
  g_return_val_if_fail (CHS_IS_SCENE (self) && nurse, FALSE);

  if (!can_act (self))
    return FALSE;

  return self->actions->nurse (self->actions_data, nurse) ||
         refuse (self, _("The monitor does not answer. Nothing was entered."));
}

gboolean
chs_scene_done (ChsScene *self, const char *id, const char *text)
{
  ChsNurse nurse = { .action = CHS_NURSE_DONE, .at_us = CHS_TIME_NONE, .value = (double) NAN };

  chs_text_copy (nurse.what, sizeof nurse.what, id);
  chs_text_copy (nurse.text, sizeof nurse.text, text);

  return chs_scene_nurse_full (self, &nurse);
}

gboolean
chs_scene_nurse (ChsScene *self, ChsNurseAction action, const char *what, double value)
{
  ChsNurse nurse = { .action = (uint8_t) action, .at_us = CHS_TIME_NONE, .value = value };

  g_strlcpy (nurse.what, what ? what : "", sizeof nurse.what);

  return chs_scene_nurse_full (self, &nurse);
}

gboolean
chs_scene_setup_all (ChsScene *self, const ChsSetup *keys, gsize n)
{
  g_return_val_if_fail (CHS_IS_SCENE (self) && keys, FALSE);

  return can_act (self) && (self->actions->setup (self->actions_data, keys, n) ||
                            refuse (self, _("The monitor does not answer. Nothing was entered.")));
}

gboolean
chs_scene_setup (ChsScene *self, const char *key, const char *value)
{
  ChsSetup setup;

  g_return_val_if_fail (key && value, FALSE);

  chs_text_copy (setup.key, sizeof setup.key, key);
  chs_text_copy (setup.value, sizeof setup.value, value);

  return chs_scene_setup_all (self, &setup, 1);
}

gboolean
chs_scene_new_session (ChsScene *self)
{
  g_return_val_if_fail (CHS_IS_SCENE (self), FALSE);

  return can_act (self) && (self->actions->new_session (self->actions_data) ||
                            refuse (self, _("The monitor does not answer. Nothing was entered.")));
}

double
chs_scene_get_number (ChsScene *self, const char *key)
{
  return chs_profile_get (chs_chair_model_get_profile (self->model), key);
}

char *
chs_scene_dup_clock (ChsScene *self, int64_t t_us, gboolean with_seconds)
{
  int64_t               wall_us = t_us + chs_chair_model_get_wall_offset_us (self->model);
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (chs_chair_model_get_utc_offset_min (self->model) * 60);
  g_autoptr (GDateTime) utc = NULL, local = NULL;

  if (t_us == CHS_TIME_NONE)
    return g_strdup ("--:--");

  utc = g_date_time_new_from_unix_utc (wall_us / G_USEC_PER_SEC);
  local = utc ? g_date_time_to_timezone (utc, zone) : NULL;

  return local ? g_date_time_format (local, with_seconds ? "%H:%M:%S" : "%H:%M") : g_strdup ("--:--");
}

/* ---- the chair as a machine ---- */

void
chs_scene_ask_admin (ChsScene *self, const char *method, GVariant *args, ChsSceneAnswer answer, gpointer user_data)
{
  g_autoptr (GVariant) sunk = args ? g_variant_ref_sink (args) : NULL;

  g_return_if_fail (CHS_IS_SCENE (self) && method && answer);

  if (self->actions && self->actions->admin && self->actions->admin (self->actions_data, method, sunk, answer, user_data))
    return;
  answer (NULL, _("The monitor is not there."), user_data);
}

const ChsMachine *
chs_scene_get_machine (ChsScene *self)
{
  return &self->machine;
}

void
chs_scene_take_settings (ChsScene *self, const char *json)
{
  if (chs_machine_take_settings (&self->machine, json))
    g_signal_emit (self, signals[SIGNAL_MACHINE], 0);
}

void
chs_scene_take_health (ChsScene *self, const char *json)
{
  if (chs_machine_take_health (&self->machine, json))
    g_signal_emit (self, signals[SIGNAL_MACHINE], 0);
}

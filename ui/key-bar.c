/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/key-bar.h"

#include "ui/key.h"
#include "ui/reaction.h"
#include "ui/say.h"

#include <glib/gi18n.h>

struct _ChsKeyBar {
  ChsView parent_instance;

  ChsKey *reaction;
  ChsKey *site;
  ChsKey *session;
  ChsKey *silence;
};

G_DEFINE_FINAL_TYPE (ChsKeyBar, chs_key_bar, CHS_TYPE_VIEW)

/* What this key would end, and how long that lasts still; NULL when nothing is held. Returns: (transfer full) */
static char *
dup_held (const ChsAnnunciation *heard, int64_t now_us)
{
  g_autofree char *left = NULL;

  if (heard->alarm_pause_until_us == CHS_TIME_NONE && heard->audio == CHS_AUDIO_OFF)
    return g_strdup (_("AUDIO OFF"));
  if (heard->alarm_pause_until_us == CHS_TIME_NONE && heard->audio != CHS_AUDIO_PAUSED)
    return NULL;
  left = chs_say_countdown ((heard->alarm_pause_until_us != CHS_TIME_NONE ? heard->alarm_pause_until_us : heard->paused_until_us) - now_us);
  /* Translators: under the key "Sound on", while the sound is paused; minutes and seconds left */
  return g_strdup_printf (_("paused %s"), left);
}

static void
show_silence (ChsKeyBar *self, ChsScene *scene)
{
  const ChsAnnunciation *heard = chs_engine_get_annunciation (chs_scene_get_engine (scene));
  g_autofree char       *hint = dup_held (heard, chs_scene_get_now_us (scene)), *title = NULL;

  if (!hint) {
    /* Translators: key that pauses the alarm sound for so many minutes */
    title = g_strdup_printf (_("Silence %g min"), chs_scene_get_number (scene, "alarm.audio_pause") / 60.0);
    chs_key_set_title (self->silence, title);
    chs_key_set_hint (self->silence, NULL);
    return;
  }

  /* Translators: keys that end the pause of all alarms, and of the alarm sound */
  chs_key_set_title (self->silence, heard->alarm_pause_until_us != CHS_TIME_NONE ? _("Alarms on") : _("Sound on"));
  chs_key_set_hint (self->silence, hint);
}

static const ChsMark *
last_site_check (ChsScene *scene)
{
  guint          n;
  const ChsMark *marks = chs_chair_model_get_marks (chs_scene_get_model (scene), &n);

  while (n-- > 0)
    if (marks[n].kind == CHS_MARK_NURSE && marks[n].action == CHS_NURSE_SITE_CHECK && !marks[n].undone)
      return &marks[n];

  return NULL;
}

/* While something is infused, when it is to be looked at next; else when it was last. */
static char *
dup_site_hint (ChsScene *scene)
{
  int64_t          now_us = chs_scene_get_now_us (scene);
  const ChsMark   *mark = last_site_check (scene);
  g_autofree char *clock = NULL;
  ChsDue           due;

  if (!chs_due_get (chs_scene_get_model (scene), CHS_DUE_SITE, now_us, &due)) {
    clock = mark ? chs_scene_dup_clock (scene, mark->t_us, FALSE) : NULL;
    /* Translators: when the site was looked at last, a time of day */
    return clock ? g_strdup_printf (_("last %s"), clock) : NULL;
  }
  if (due.at_us <= now_us)
    /* Translators: under the key "Site check": it is time to look at the IV site */
    return g_strdup (_("due now"));
  clock = chs_scene_dup_clock (scene, due.at_us, FALSE);
  /* Translators: when the IV site is to be looked at, a time of day */
  return g_strdup_printf (_("due %s"), clock);
}

static void
show_site (ChsKeyBar *self, ChsScene *scene)
{
  g_autofree char *hint = dup_site_hint (scene);
  ChsDue           due;

  chs_key_set_hint (self->site, hint);
  if (chs_due_get (chs_scene_get_model (scene), CHS_DUE_SITE, chs_scene_get_now_us (scene), &due) &&
      due.at_us <= chs_scene_get_now_us (scene))
    gtk_widget_add_css_class (GTK_WIDGET (self->site), "due");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->site), "due");
}

static void
show_reaction (ChsKeyBar *self, ChsScene *scene)
{
  ChsReaction      last = chs_reaction_find_last (chs_scene_get_model (scene));
  g_autofree char *timer = NULL;

  if (chs_reaction_is_on (&last))
    timer = chs_say_countdown (chs_scene_get_now_us (scene) - last.begin_us);
  /* Translators: under the key "Reaction": nothing more is asked */
  chs_key_set_hint (self->reaction, timer ? timer : _("one touch"));
}

/* While something runs, what is due next says more than the phase. */
static void
show_session (ChsKeyBar *self, ChsScene *scene)
{
  g_autofree char *due = chs_say_due (scene);

  chs_key_set_hint (self->session, due ? due : chs_say_phase (chs_engine_get_session (chs_scene_get_engine (scene))->phase));
}

static void
chs_key_bar_refresh (ChsView *view)
{
  ChsKeyBar *self = CHS_KEY_BAR (view);
  ChsScene  *scene = chs_view_get_scene (self);

  show_reaction (self, scene);
  show_silence (self, scene);
  show_site (self, scene);
  show_session (self, scene);
}

static void
chs_key_bar_class_init (ChsKeyBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CHS_VIEW_CLASS (klass)->refresh = chs_key_bar_refresh;
  widget_class->snapshot = chs_view_snapshot_all_still;
  g_type_ensure (CHS_TYPE_KEY);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/chairside/Chairside/key-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ChsKeyBar, reaction);
  gtk_widget_class_bind_template_child (widget_class, ChsKeyBar, site);
  gtk_widget_class_bind_template_child (widget_class, ChsKeyBar, session);
  gtk_widget_class_bind_template_child (widget_class, ChsKeyBar, silence);
  gtk_widget_class_set_css_name (widget_class, "keybar");
}

static void
chs_key_bar_init (ChsKeyBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

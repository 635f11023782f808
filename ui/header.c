/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/header.h"

#include "ui/pane.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>

struct _ChsHeader {
  ChsView parent_instance;

  GtkLabel  *replay;
  GtkLabel  *demo;
  GtkLabel  *chair;
  GtkLabel  *patient;
  GtkLabel  *calm;
  GtkLabel  *advice; /* about the chair as a machine, while nobody sits in it */
  GtkWidget *links;
  GtkLabel  *sound;
  GtkLabel  *clock;

  guint64 shown_links; /* fingerprint */
};

G_DEFINE_FINAL_TYPE (ChsHeader, chs_header, CHS_TYPE_VIEW)

static void
set_class (gpointer widget, const char *css_class, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (GTK_WIDGET (widget), css_class);
  else
    gtk_widget_remove_css_class (GTK_WIDGET (widget), css_class);
}

/* ---- who and what ---- */

static void
show_patient (ChsHeader *self, const ChsSession *session)
{
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  g_auto (GStrv)           list = NULL;
  g_autofree char         *text = NULL, *weight = NULL, *id = NULL;

  if (session->patient_id[0]) {
    /* Translators: the patient's short number in the clinic */
    id = g_strdup_printf (_("ID %s"), session->patient_id);
    g_strv_builder_add (parts, id);
  }
  if (!isnan (session->weight_kg)) {
    weight = g_strdup_printf (_("%.3g kg"), session->weight_kg);
    g_strv_builder_add (parts, weight);
  }
  if (session->therapy.name[0])
    g_strv_builder_add (parts, _(session->therapy.name));

  list = g_strv_builder_end (parts);
  text = g_strjoinv ("  ·  ", list);
  gtk_label_set_label (self->patient, *text ? text : _("No patient"));
  gtk_label_set_label (self->chair, session->chair[0] ? session->chair : _("Chair"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_label (self->chair), -1);
}

static gboolean
is_infusing (ChsScene *scene)
{
  guint          n;
  const ChsDose *doses = chs_engine_get_doses (chs_scene_get_engine (scene), &n);

  for (guint i = 0; i < n; i++)
    if (doses[i].flow_ml_h > 0.0)
      return TRUE;

  return FALSE;
}

/* With alarms the bar under it says what is the matter, and the patient gets the room. */
static void
show_calm (ChsHeader *self, ChsScene *scene, const ChsSession *session)
{
  gboolean is_free = session->phase == CHS_PHASE_IDLE && session->patient_id[0] == '\0' && !is_infusing (scene);
  guint    n;

  chs_engine_get_alarms (chs_scene_get_engine (scene), &n);
  gtk_widget_set_visible (GTK_WIDGET (self->calm), n == 0);
  gtk_label_set_label (self->calm, is_free ? chs_say_phase (CHS_PHASE_IDLE) : _("No alarms"));
  set_class (self->calm, "good", !is_free);
}

/* While nobody sits in the chair: during a session it would stand beside what matters. */
static void
show_advice (ChsHeader *self, ChsScene *scene, const ChsSession *session)
{
  gboolean         is_free = session->phase == CHS_PHASE_IDLE || session->phase == CHS_PHASE_CLOSED;
  g_autofree char *text = is_free ? chs_machine_dup_advice (chs_scene_get_machine (scene)) : NULL;

  gtk_label_set_label (self->advice, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->advice), text != NULL);
}

static gboolean
is_demo (const ChsLinkInfo *links, guint n)
{
  for (guint i = 0; i < n; i++)
    if (links[i].demo)
      return TRUE;

  return FALSE;
}

/* ---- links, one word each ---- */

static GtkWidget *
make_link (const ChsLinkInfo *link, const ChsTheme *theme)
{
  g_autofree char *text = chs_say_link (link, theme);
  GtkWidget       *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "link");
  gtk_widget_add_css_class (label, link->status.state == CHS_LINK_UP ? "up" : "down");

  return label;
}

static void
show_links (ChsHeader *self, const ChsLinkInfo *links, guint n)
{
  guint64    print = chs_fingerprint (0, &n, sizeof n);
  GtkWidget *child;

  for (guint i = 0; i < n; i++) {
    print = chs_fingerprint (print, links[i].status.name, sizeof links[i].status.name);
    print = chs_fingerprint (print, links[i].label, sizeof links[i].label);
    print = chs_fingerprint (print, &links[i].status.state, 1);
  }
  if (print == self->shown_links)
    return;

  self->shown_links = print;
  while ((child = gtk_widget_get_first_child (self->links)))
    gtk_box_remove (GTK_BOX (self->links), child);
  for (guint i = 0; i < n; i++)
    gtk_box_append (GTK_BOX (self->links), make_link (&links[i], chs_scene_get_theme (chs_view_get_scene (self))));
}

/* ---- sound ---- */

static char *
add_count (char *text, guint n)
{
  /* Translators: how many alarms are true and do not sound, beside the state of the sound */
  g_autofree char *count = g_strdup_printf (ngettext ("%u silenced", "%u silenced", n), n);
  char            *both = g_strdup_printf ("%s · %s", text, count);

  g_free (text);

  return both;
}

static void
show_sound (ChsHeader *self, ChsScene *scene)
{
  const ChsAnnunciation *heard = chs_engine_get_annunciation (chs_scene_get_engine (scene));
  gboolean               is_off = chs_say_has_alarm (chs_scene_get_engine (scene), CHS_LABEL_NO_ALARM_SOUND);
  g_autofree char       *text = NULL;

  if (chs_scene_get_mode (scene) == CHS_SCENE_REPLAY)
    /* Translators: a recording is shown, so nothing sounds */
    text = g_strdup (_("silent"));
  else if (is_off)
    text = g_strdup (_("NO ALARM SOUND"));
  else
    text = chs_say_audio (heard, chs_scene_get_now_us (scene));
  if (heard->n_silenced > 0)
    text = add_count (text, heard->n_silenced);

  gtk_label_set_label (self->sound, text);
  set_class (self->sound, "no-sound", is_off && chs_scene_get_mode (scene) == CHS_SCENE_LIVE);
  set_class (self->sound, "paused", heard->audio != CHS_AUDIO_ON);
}

static void
chs_header_refresh (ChsView *view)
{
  ChsHeader         *self = CHS_HEADER (view);
  ChsScene          *scene = chs_view_get_scene (view);
  const ChsSession  *session = chs_engine_get_session (chs_scene_get_engine (scene));
  gboolean           is_replay = chs_scene_get_mode (scene) == CHS_SCENE_REPLAY;
  guint              n;
  const ChsLinkInfo *links = chs_chair_model_get_links (chs_scene_get_model (scene), &n);
  g_autofree char   *clock = chs_scene_dup_clock (scene, chs_scene_get_now_us (scene), is_replay);

  gtk_widget_set_visible (GTK_WIDGET (self->replay), is_replay);
  gtk_widget_set_visible (GTK_WIDGET (self->demo), is_demo (links, n));
  show_patient (self, session);
  show_calm (self, scene, session);
  show_advice (self, scene, session);
  show_links (self, links, n);
  show_sound (self, scene);
  gtk_label_set_label (self->clock, clock);
}

static void
chs_header_class_init (ChsHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CHS_VIEW_CLASS (klass)->refresh = chs_header_refresh;
  widget_class->snapshot = chs_view_snapshot_all_still;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/chairside/Chairside/header.ui");
  gtk_widget_class_bind_template_child (widget_class, ChsHeader, replay);
  gtk_widget_class_bind_template_child (widget_class, ChsHeader, demo);
  gtk_widget_class_bind_template_child (widget_class, ChsHeader, chair);
  gtk_widget_class_bind_template_child (widget_class, ChsHeader, patient);
  gtk_widget_class_bind_template_child (widget_class, ChsHeader, calm);
  gtk_widget_class_bind_template_child (widget_class, ChsHeader, advice);
  gtk_widget_class_bind_template_child (widget_class, ChsHeader, links);
  gtk_widget_class_bind_template_child (widget_class, ChsHeader, sound);
  gtk_widget_class_bind_template_child (widget_class, ChsHeader, clock);
  gtk_widget_class_set_css_name (widget_class, "header");
}

static void
chs_header_init (ChsHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

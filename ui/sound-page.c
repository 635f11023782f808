/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sound-page.h"

#include "ui/key.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>

struct _ChsSoundPage {
  ChsPage parent_instance;

  GtkLabel  *words;
  GtkWidget *play, *answers; /* "Heard", "Not heard": once a tone was played */
};

G_DEFINE_FINAL_TYPE (ChsSoundPage, chs_sound_page, CHS_TYPE_PAGE)

static gboolean
is_busy (ChsScene *scene)
{
  guint phase = chs_engine_get_session (chs_scene_get_engine (scene))->phase;

  return phase != CHS_PHASE_IDLE && phase != CHS_PHASE_CLOSED;
}

static void
on_played (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsSoundPage) self = user_data;
  g_autofree char         *words = chs_say_outcome (answer ? NULL : refused, _("Did you hear the tone, loud enough for this room?"));

  gtk_label_set_label (self->words, words);
  gtk_widget_set_visible (self->answers, answer != NULL);
}

static void
on_play (GtkButton *key, gpointer user_data)
{
  ChsScene *scene = chs_view_get_scene (user_data);

  chs_scene_ask_admin (scene, "SoundTest", NULL, on_played, g_object_ref (user_data));
}

static void
answer (ChsSoundPage *self, double heard)
{
  if (!chs_scene_nurse (chs_view_get_scene (self), CHS_NURSE_SELF_TEST, NULL, heard))
    return;
  gtk_widget_set_visible (self->answers, FALSE);
  gtk_label_set_label (self->words, heard > 0 ? _("Noted: the alarm sound is heard.")
                                              : _("Noted: not heard. Look at the loudspeaker and its cable, and call the technician. "
                                                  "Do not rely on the alarm sound."));
}

static void
on_heard (GtkButton *key, gpointer user_data)
{
  answer (user_data, 1.0);
}

static void
on_not_heard (GtkButton *key, gpointer user_data)
{
  answer (user_data, 0.0);
}

static void
chs_sound_page_opened (ChsPage *page, GVariant *target)
{
  ChsSoundPage *self = CHS_SOUND_PAGE (page);
  gboolean      busy = is_busy (chs_view_get_scene (self));

  gtk_widget_set_visible (self->answers, FALSE);
  gtk_widget_set_sensitive (self->play, !busy);
  gtk_label_set_label (self->words, busy ? _("A session is running: the tone could be taken for an alarm. Test the sound before or after it.")
                                         : _("Touch the key and listen: the tone is as loud as the quietest alarm that must be heard."));
}

static void
chs_sound_page_class_init (ChsSoundPageClass *klass)
{
  CHS_PAGE_CLASS (klass)->opened = chs_sound_page_opened;
}

static GtkWidget *
add_key (ChsSoundPage *self, GtkWidget *box, const char *title, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  gtk_widget_add_css_class (key, "large");
  gtk_widget_set_hexpand (key, TRUE);
  g_signal_connect (key, "clicked", callback, self);
  gtk_box_append (GTK_BOX (box), key);

  return key;
}

static void
chs_sound_page_init (ChsSoundPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *words = gtk_label_new (NULL);

  chs_page_set_title (CHS_PAGE (self), _("Sound test"));
  gtk_widget_add_css_class (box, "column");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (box, TRUE);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_widget_add_css_class (words, "big-words");
  gtk_box_append (GTK_BOX (box), words);
  self->words = GTK_LABEL (words);
  self->play = add_key (self, box, _("Play the test tone"), G_CALLBACK (on_play));
  self->answers = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->answers, "key-row");
  gtk_box_set_homogeneous (GTK_BOX (self->answers), TRUE);
  add_key (self, self->answers, _("Heard"), G_CALLBACK (on_heard));
  add_key (self, self->answers, _("Not heard"), G_CALLBACK (on_not_heard));
  gtk_box_append (GTK_BOX (box), self->answers);
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), box);
}

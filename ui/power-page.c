/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/power-page.h"

#include "ui/key.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <string.h>

struct _ChsPowerPage {
  ChsPage parent_instance;

  GtkLabel  *words;
  GtkWidget *first, *second;
};

G_DEFINE_FINAL_TYPE (ChsPowerPage, chs_power_page, CHS_TYPE_PAGE)

/* What the monitor answers, in words. The whole screen must say so: a computer that does not go off is called broken. */
static const struct {
  const char *why, *words;
} reasons[] = {
  { "session", N_("A session is running: the chair cannot be switched off. End the session first.") },
  { "confirm", N_("The chair goes off: no monitoring, no alarms until it is switched on again.") },
  { "dry_run", N_("This is not the chair's own computer: it would be switched off now.") },
  { "refused", N_("The computer does not let itself be switched off. Call the technician.") },
};

static void
on_answer (GVariant *answer, const char *refused, gpointer user_data)
{
  g_autoptr (ChsPowerPage) self = user_data;
  g_autoptr (JsonParser)   parser = json_parser_new ();
  g_autofree char         *outcome = chs_say_outcome (refused, _("The chair goes off now."));
  const char              *json = NULL, *why = NULL;

  if (answer && g_variant_is_of_type (answer, G_VARIANT_TYPE ("(s)")))
    g_variant_get (answer, "(&s)", &json);
  if (json && json_parser_load_from_data (parser, json, -1, NULL) && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    why = chs_machine_get_text (json_node_get_object (json_parser_get_root (parser)), "why");

  gtk_label_set_label (self->words, outcome);
  for (guint i = 0; why && i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reasons[i].why, why))
      gtk_label_set_label (self->words, _(reasons[i].words));
  gtk_widget_set_sensitive (self->first, FALSE); /* and keeps its place: see below */
  gtk_widget_set_visible (self->second, g_strcmp0 (why, "confirm") == 0);
}

static void
ask (ChsPowerPage *self, gboolean really)
{
  chs_scene_ask_admin (chs_view_get_scene (self), "PowerOff", g_variant_new ("(b)", really), on_answer, g_object_ref (self));
}

static void
on_first (GtkButton *key, gpointer user_data)
{
  ask (user_data, FALSE);
}

static void
on_second (GtkButton *key, gpointer user_data)
{
  ask (user_data, TRUE);
}

static void
chs_power_page_opened (ChsPage *page, GVariant *target)
{
  ChsPowerPage *self = CHS_POWER_PAGE (page);

  gtk_label_set_label (self->words, _("Switching off takes two touches. Recordings are kept."));
  gtk_widget_set_sensitive (self->first, TRUE);
  gtk_widget_set_visible (self->second, FALSE);
}

static void
chs_power_page_class_init (ChsPowerPageClass *klass)
{
  CHS_PAGE_CLASS (klass)->opened = chs_power_page_opened;
}

static GtkWidget *
add_key (ChsPowerPage *self, GtkWidget *box, const char *title, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  gtk_widget_add_css_class (key, "large");
  g_signal_connect (key, "clicked", callback, self);
  gtk_box_append (GTK_BOX (box), key);

  return key;
}

static void
chs_power_page_init (ChsPowerPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *words = gtk_label_new (NULL);

  chs_page_set_title (CHS_PAGE (self), _("Switch off"));
  gtk_widget_add_css_class (box, "column");
  gtk_widget_set_valign (box, GTK_ALIGN_START); /* what comes below moves nothing above */
  gtk_widget_set_vexpand (box, TRUE);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_justify (GTK_LABEL (words), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (words, "big-words");
  gtk_box_append (GTK_BOX (box), words);
  self->words = GTK_LABEL (words);
  self->first = add_key (self, box, _("Switch the chair off"), G_CALLBACK (on_first));
  /* Not where the first one was: two quick touches on one place must not be enough. */
  self->second = add_key (self, box, _("Yes, switch it off now"), G_CALLBACK (on_second));
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), box);
}

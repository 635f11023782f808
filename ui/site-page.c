/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/site-page.h"

#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/say.h"

#include <glib/gi18n.h>
#include <math.h>

struct _ChsSitePage {
  ChsPage parent_instance;

  GtkWidget *rows;
};

G_DEFINE_FINAL_TYPE (ChsSitePage, chs_site_page, CHS_TYPE_PAGE)

static void
leave (ChsSitePage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.back", NULL);
}

static void
on_good (ChsSitePage *self)
{
  if (chs_scene_nurse (chs_view_get_scene (self), CHS_NURSE_SITE_CHECK, "ok", NAN))
    leave (self);
}

static void
on_finding (GtkButton *key, gpointer user_data)
{
  ChsSitePage *self = CHS_SITE_PAGE (user_data);
  ChsScene    *scene = chs_view_get_scene (self);
  const char  *id = gtk_widget_get_name (GTK_WIDGET (key));

  if (chs_scene_nurse (scene, CHS_NURSE_SITE_CHECK, id, NAN) && chs_scene_nurse (scene, CHS_NURSE_SYMPTOM, id, NAN)) {
    gtk_widget_activate_action (GTK_WIDGET (self), "win.entered", "s", id);
    leave (self);
  }
}

static void
on_grade (GtkButton *key, gpointer user_data)
{
  ChsSitePage *self = CHS_SITE_PAGE (user_data);
  double       grade = g_ascii_strtod (gtk_widget_get_name (GTK_WIDGET (key)), NULL);

  if (chs_scene_nurse (chs_view_get_scene (self), CHS_NURSE_SCORE, "phlebitis", grade))
    leave (self);
}

static GtkWidget *
add_row (ChsSitePage *self, const char *heading)
{
  GtkWidget *body = self->rows;
  GtkWidget *label = gtk_label_new (heading);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (body), label);
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "key-row");
  gtk_box_append (GTK_BOX (body), row);

  return row;
}

static void
add_key (ChsSitePage *self, GtkWidget *row, const char *title, const char *id, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  gtk_widget_set_name (key, id);
  gtk_widget_set_hexpand (key, TRUE);
  g_signal_connect (key, "clicked", callback, self);
  gtk_box_append (GTK_BOX (row), key);
}

static void
chs_site_page_class_init (ChsSitePageClass *klass)
{
}

static void
chs_site_page_init (ChsSitePage *self)
{
  static const char *const findings[] = { "site_burning", "site_tight", "site_swelling", "site_redness", "site_pain" };
  /* Translators: INS phlebitis scale */
  static const char *const grades[] = { N_("0 none"), N_("1 red"), N_("2 painful, red or swollen"), N_("3 streak, cord"),
                                        N_("4 long cord, pus") };
  GtkWidget *row, *good;

  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->rows, "column");
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), chs_scroller_new (self->rows));

  chs_page_set_title (CHS_PAGE (self), _("Look at the IV site"));

  row = add_row (self, _("Pumps do not notice when an infusion runs beside the vein. Look and feel."));
  good = chs_key_new (_("Looks good"), NULL);
  gtk_widget_set_hexpand (good, TRUE);
  gtk_widget_add_css_class (good, "large");
  gtk_widget_add_css_class (good, "primary");
  g_signal_connect_swapped (good, "clicked", G_CALLBACK (on_good), self);
  gtk_box_append (GTK_BOX (row), good);

  row = add_row (self, _("Found"));
  for (guint i = 0; i < G_N_ELEMENTS (findings); i++)
    add_key (self, row, chs_say_symptom (findings[i]), findings[i], G_CALLBACK (on_finding));

  row = add_row (self, _("Phlebitis grade"));
  for (guint i = 0; i < G_N_ELEMENTS (grades); i++) {
    const char id[2] = { (char) ('0' + i), '\0' };

    add_key (self, row, _(grades[i]), id, G_CALLBACK (on_grade));
  }
}

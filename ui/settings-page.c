/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/settings-page.h"

#include "ui/key.h"
#include "ui/scroller.h"
#include "ui/language.h"
#include "ui/preferences.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_LOOKS 3
#define LANGUAGES_A_ROW 4 /* "Português (Brasil)" in large letters */
#define N_SIZES 3

static const double sizes[N_SIZES] = { 1.0, 1.15, 1.3 };

struct _ChsSettingsPage {
  ChsPage parent_instance;

  GtkWidget *looks[N_LOOKS];
  GtkWidget *sizes[N_SIZES];
};

G_DEFINE_FINAL_TYPE (ChsSettingsPage, chs_settings_page, CHS_TYPE_PAGE)

static void
set_active (GtkWidget *key, gboolean on)
{
  chs_key_set_active (key, on);
}

static void
chs_settings_page_refresh (ChsView *view)
{
  ChsSettingsPage *self = CHS_SETTINGS_PAGE (view);
  const ChsTheme  *theme = chs_scene_get_theme (chs_view_get_scene (self));

  for (guint i = 0; i < N_LOOKS; i++)
    set_active (self->looks[i], theme->look == (ChsLook) i);
  for (guint i = 0; i < N_SIZES; i++)
    set_active (self->sizes[i], fabs (theme->text_scale - sizes[i]) < 0.01);
}

static void
chs_settings_page_class_init (ChsSettingsPageClass *klass)
{
  CHS_VIEW_CLASS (klass)->refresh = chs_settings_page_refresh;
}

/* ---- making it ---- */

static GtkWidget *
add_keys (GtkWidget *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (row, "key-row");
  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_box_append (GTK_BOX (box), row);

  return row;
}

static GtkWidget *
add_row (GtkWidget *box, const char *heading)
{
  GtkWidget *label = gtk_label_new (heading);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), label);

  return add_keys (box);
}

static GtkWidget *
add_key (GtkWidget *row, const char *title, const char *action)
{
  GtkWidget *key = chs_key_new (title, action);

  gtk_widget_set_hexpand (key, TRUE);
  gtk_box_append (GTK_BOX (row), key);

  return key;
}

static void
add_looks (ChsSettingsPage *self, GtkWidget *box)
{
  GtkWidget        *row = add_row (box, _("Look"));
  const char *const titles[N_LOOKS] = { [CHS_LOOK_DAY] = _("Day"), [CHS_LOOK_NIGHT] = _("Night"),
                                        [CHS_LOOK_CONTRAST] = _("High contrast") };

  for (guint i = 0; i < N_LOOKS; i++) {
    g_autofree char *action = g_strdup_printf ("app.look::%s", chs_look_id ((ChsLook) i));

    self->looks[i] = add_key (row, titles[i], action);
  }
}

static void
add_sizes (ChsSettingsPage *self, GtkWidget *box)
{
  GtkWidget *row = add_row (box, _("Size of the text"));

  for (guint i = 0; i < N_SIZES; i++) {
    char             digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *action = g_strdup_printf ("app.text-scale(%s)", g_ascii_formatd (digits, sizeof digits, "%.2f", sizes[i]));
    g_autofree char *percent = g_strdup_printf ("%.0f %%", sizes[i] * 100.0), *title = chs_language_isolate (percent);

    self->sizes[i] = add_key (row, title, action);
  }
}

/* Each in its own words: who has strayed into a foreign language finds the way home. */
static void
add_languages (GtkWidget *box)
{
  GtkWidget         *row = add_row (box, _("Language"));
  guint              n, in_row = 0;
  const ChsLanguage *languages = chs_languages (&n);

  for (guint i = 0; i < n; i++) {
    g_autofree char *action = g_strdup_printf ("app.language::%s", languages[i].id);

    if (!chs_language_is_there (languages[i].id))
      continue;
    if (in_row == LANGUAGES_A_ROW) {
      row = add_keys (box);
      in_row = 0;
    }
    set_active (add_key (row, languages[i].name, action), chs_language_is (languages[i].id));
    in_row++;
  }
}

static void
chs_settings_page_init (ChsSettingsPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  chs_page_set_title (CHS_PAGE (self), _("Settings"));
  gtk_widget_add_css_class (box, "column");
  add_looks (self, box);
  add_sizes (self, box);
  add_languages (box);
  gtk_box_append (GTK_BOX (chs_page_get_body (CHS_PAGE (self))), chs_scroller_new (box));
}

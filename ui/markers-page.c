/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/markers-page.h"

#include "ui/key.h"
#include "ui/say.h"
#include "ui/scroller.h"

#include <glib/gi18n.h>
#include <string.h>

#define NAME_LETTERS 40

struct _ChsMarkersPage {
  ChsWorkPage parent_instance;

  GtkWidget *list;
  int64_t    asked_us; /* marker whose name is asked for */
};

G_DEFINE_FINAL_TYPE (ChsMarkersPage, chs_markers_page, CHS_TYPE_WORK_PAGE)

static void show (ChsMarkersPage *self);

static void
set_marker (ChsMarkersPage *self, int64_t t_us, const char *name)
{
  g_autoptr (GError) error = NULL;

  if (!chs_replayer_set_marker (chs_work_page_get_replayer (self), t_us, name, &error)) {
    g_autofree char *why = chs_say_reason (error->message), *text = g_strdup_printf (_("Not possible: %s"), why);

    chs_work_page_tell (self, text);
  }
  show (self);
}

static void
take_name (const char *name, gpointer user_data)
{
  ChsMarkersPage *self = CHS_MARKERS_PAGE (user_data);

  if (*name)
    set_marker (self, self->asked_us, name);
}

static void
ask_name (ChsMarkersPage *self, int64_t t_us, const char *present)
{
  g_autofree char *clock = chs_scene_dup_clock (chs_view_get_scene (self), t_us, TRUE);
  /* Translators: time of day */
  g_autofree char *title = g_strdup_printf (_("Marker at %s"), clock);

  self->asked_us = t_us;
  chs_entry_pad_ask_text (chs_work_page_ask (self), title, present, NAME_LETTERS, take_name, self);
}

static void
ask_new (ChsMarkersPage *self)
{
  guint            n;
  g_autofree char *name = NULL;

  chs_replayer_get_markers (chs_work_page_get_replayer (self), &n);
  name = g_strdup_printf (_("Marker %u"), n + 1);
  ask_name (self, chs_replayer_get_position_us (chs_work_page_get_replayer (self)), name);
}

static int64_t
time_of_key (GtkWidget *key)
{
  return *(int64_t *) g_object_get_data (G_OBJECT (key), "t_us");
}

static void
on_go (GtkWidget *key, ChsMarkersPage *self)
{
  chs_replayer_set_playing (chs_work_page_get_replayer (self), FALSE);
  chs_replayer_seek (chs_work_page_get_replayer (self), time_of_key (key));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.back", NULL);
}

static void
on_rename (GtkWidget *key, ChsMarkersPage *self)
{
  guint            n;
  const ChsMarker *markers = chs_replayer_get_markers (chs_work_page_get_replayer (self), &n);

  for (guint i = 0; i < n; i++)
    if (markers[i].t_us == time_of_key (key))
      ask_name (self, markers[i].t_us, markers[i].name);
}

static void
on_remove (GtkWidget *key, ChsMarkersPage *self)
{
  set_marker (self, time_of_key (key), NULL);
}

static GtkWidget *
add_row_key (ChsMarkersPage *self, GtkWidget *row, const char *title, int64_t t_us, GCallback callback)
{
  GtkWidget *key = chs_key_new (title, NULL);

  g_object_set_data_full (G_OBJECT (key), "t_us", g_memdup2 (&t_us, sizeof t_us), g_free);
  g_signal_connect (key, "clicked", callback, self);
  gtk_box_append (GTK_BOX (row), key);

  return key;
}

static void
add_row (ChsMarkersPage *self, const ChsMarker *marker)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *go;
  g_autofree char *clock = chs_scene_dup_clock (chs_view_get_scene (self), marker->t_us, TRUE);

  gtk_widget_add_css_class (row, "key-row");
  go = add_row_key (self, row, marker->name, marker->t_us, G_CALLBACK (on_go));
  chs_key_set_hint (CHS_KEY (go), clock);
  gtk_widget_set_hexpand (go, TRUE);
  add_row_key (self, row, _("Rename"), marker->t_us, G_CALLBACK (on_rename));
  add_row_key (self, row, _("Remove"), marker->t_us, G_CALLBACK (on_remove));
  gtk_box_append (GTK_BOX (self->list), row);
}

static void
show (ChsMarkersPage *self)
{
  guint            n;
  const ChsMarker *markers = chs_replayer_get_markers (chs_work_page_get_replayer (self), &n);
  GtkWidget       *child;

  while ((child = gtk_widget_get_first_child (self->list)))
    gtk_box_remove (GTK_BOX (self->list), child);
  for (guint i = 0; i < n; i++)
    add_row (self, &markers[i]);
  if (n == 0)
    gtk_box_append (GTK_BOX (self->list), gtk_label_new (_("There are no markers yet.")));
}

static void
chs_markers_page_opened (ChsPage *page, GVariant *target)
{
  ChsMarkersPage *self = CHS_MARKERS_PAGE (page);

  CHS_PAGE_CLASS (chs_markers_page_parent_class)->opened (page, target);
  show (self);
  if (target)
    ask_new (self);
}

static void
chs_markers_page_class_init (ChsMarkersPageClass *klass)
{
  CHS_PAGE_CLASS (klass)->opened = chs_markers_page_opened;
}

static void
chs_markers_page_init (ChsMarkersPage *self)
{
  GtkWidget *key = chs_key_new (_("New marker"), NULL);

  chs_page_set_title (CHS_PAGE (self), _("Markers"));
  g_signal_connect_swapped (key, "clicked", G_CALLBACK (ask_new), self);
  chs_page_add_key (CHS_PAGE (self), key);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->list, "column");
  gtk_box_append (GTK_BOX (chs_work_page_get_content (self)), chs_scroller_new (self->list));
}

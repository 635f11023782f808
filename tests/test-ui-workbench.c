/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/small-session.h"
#include "tests/ui-test.h"
#include "ui/workbench.h"

#include <glib/gstdio.h>
#include <string.h>

/* The workbench over a recording of its own: every page, in both panels, with large text, from the right: nothing asks
 * for more room than there is, no text of a key or a title is cut, no key is smaller than a gloved finger needs. */

typedef struct {
  const char *name, *page; /* "tools": the chair with the second row of keys */
  int         width, height;
  double      diagonal_in, text_scale;
  gboolean    is_rtl;
  ChsLook     look;
} Row;

#define SMALL 1280, 800, 10.1
#define LARGE 1920, 1080, 15.6

static const Row rows[] = {
  { "chair", "chair", SMALL, 1.0 },
  { "tools", "tools", SMALL, 1.0 },
  { "tools large", "tools", LARGE, 1.0 },
  { "tools rtl", "tools", SMALL, 1.0, TRUE },
  { "what if", "what-if", SMALL, 1.0 },
  { "what if large", "what-if", LARGE, 1.0 },
  { "what if rtl", "what-if", SMALL, 1.0, TRUE },
  { "what if at night", "what-if", SMALL, 1.0, FALSE, CHS_LOOK_NIGHT },
  { "bytes", "bytes", SMALL, 1.0 },
  { "bytes large", "bytes", LARGE, 1.0 },
  { "markers", "markers", SMALL, 1.0 },
  { "export", "export", SMALL, 1.0 },
  { "export with large text", "export", SMALL, 1.3 },
  { "sessions", "sessions", SMALL, 1.0 },
  { "sessions rtl", "sessions", LARGE, 1.0, TRUE },
};

static char            *folder, *path;
static ChsReplayer     *replayer;
static ChsScene        *scene;
static ChsLookProvider *style;
static ChsWindow       *window;

static GtkWidget *
find_key (GtkWidget *widget, const char *title)
{
  if (CHS_IS_KEY (widget) && strcmp (chs_key_get_title (CHS_KEY (widget)), title) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_key (child, title);

    if (found)
      return found;
  }

  return NULL;
}

static void
on_open (const char *chosen, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean was_chosen;

static void
open_row (const Row *row)
{
  ui_test_init ();
  gtk_widget_set_default_direction (row->is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  folder = g_dir_make_tmp ("chairside-workbench-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  path = g_build_filename (folder, "a.chairside", NULL);
  small_session_write (path);
  replayer = chs_replayer_load (path, NULL, NULL);
  ck_assert_ptr_nonnull (replayer);
  scene = chs_scene_new (chs_replayer_get_profile (replayer), CHS_SCENE_REPLAY);
  chs_scene_set_rtl (scene, row->is_rtl);
  chs_scene_set_text_scale (scene, row->text_scale);
  chs_scene_set_look (scene, row->look);
  style = chs_look_provider_new (gdk_display_get_default (), scene);
  window = chs_window_new (NULL, scene, row->width, row->height, row->diagonal_in);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  chs_workbench_fill (window, replayer, NULL, on_open, &was_chosen);
  chs_replayer_set_scene (replayer, scene);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_run (100);
  if (strcmp (row->page, "tools") == 0)
    g_signal_emit_by_name (find_key (GTK_WIDGET (window), "≡"), "clicked");
  else
    chs_window_open_page (window, row->page, NULL);
  ui_test_run (400);
}

static void
close_row (void)
{
  GDir       *dir;
  const char *name;

  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_run (50);
  g_clear_pointer (&style, chs_look_provider_free);
  chs_replayer_set_scene (replayer, NULL);
  g_assert_finalize_object (scene);
  g_assert_finalize_object (replayer);
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *file = g_build_filename (folder, name, NULL);

    g_unlink (file);
  }
  g_dir_close (dir);
  g_free (path);
  g_free (folder);
}

/* The header has its own test. */
static void
check_pages (const char *name, GtkWidget *widget)
{
  if (CHS_IS_PAGE (widget) || strcmp (gtk_widget_get_css_name (widget), "transport") == 0) {
    ui_test_check_labels (name, widget);
    return;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    check_pages (name, child);
}

START_TEST (a_page_fits_its_panel)
{
  const Row *row = &rows[_i];

  open_row (row);
  ui_test_check_fit (row->name, GTK_WIDGET (window), row->width, row->height);
  check_pages (row->name, GTK_WIDGET (window));
  ui_test_check_keys (row->name, GTK_WIDGET (window), chs_scene_get_theme (scene)->px_mm);
  close_row ();
}
END_TEST

/* What every page does to the transport: it gets its room, and gives it back. */
START_TEST (the_transport_gives_room)
{
  GtkWidget *start;

  open_row (&rows[0]);
  start = find_key (GTK_WIDGET (window), "|◀");
  ck_assert (gtk_widget_get_mapped (start));
  chs_window_open_page (window, "what-if", NULL);
  ui_test_run (100);
  ck_assert (!gtk_widget_get_mapped (start));
  chs_window_open_page (window, "bytes", NULL);
  ui_test_run (100);
  ck_assert (gtk_widget_get_mapped (start));
  chs_window_open_page (window, "chair", NULL);
  ui_test_run (100);
  ck_assert (gtk_widget_get_mapped (start));
  close_row ();
}
END_TEST

static GtkWidget *
find_css (GtkWidget *widget, const char *css_class)
{
  if (gtk_widget_has_css_class (widget, css_class))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_css (child, css_class);

    if (found)
      return found;
  }

  return NULL;
}

START_TEST (a_recording_of_the_list_is_chosen)
{
  open_row (&rows[G_N_ELEMENTS (rows) - 2]);
  was_chosen = FALSE;
  g_signal_emit_by_name (find_css (GTK_WIDGET (window), "session-row"), "clicked");
  ck_assert (was_chosen);
  close_row ();
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-workbench");
  TCase *tcase = tcase_create ("workbench");

  tcase_set_timeout (tcase, 30);
  tcase_add_loop_test (tcase, a_page_fits_its_panel, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tcase, the_transport_gives_room);
  tcase_add_test (tcase, a_recording_of_the_list_is_chosen);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)

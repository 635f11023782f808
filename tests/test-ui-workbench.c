/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/long-session.h"
#include "tests/scratch.h"
#include "tests/small-session.h"
#include "tests/ui-test.h"
#include "tests/vital-maker.h"
#include "ui/alarm-row.h"
#include "ui/chart-view.h"
#include "ui/job-bar.h"
#include "ui/language.h"
#include "ui/notice.h"
#include "ui/sessions-page.h"
#include "ui/workbench.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The workbench over a recording of its own: every page, in both panels, with large text, from the right: nothing asks
 * for more room than there is, no text of a key or a title is cut, no key is smaller than a gloved finger needs. */

typedef struct {
  const char *name, *page; /* "tools": the chair with the second row of keys */
  int         width, height;
  double      diagonal_in, text_scale;
  gboolean    is_rtl;
  ChsLook     look;
  int         alarmed_s; /* > 0: over the long recording, at this time */
  const char *language;  /* NULL = as the environment has it */
} Row;

#define SMALL 1280, 800, 10.1
#define LARGE 1920, 1080, 15.6
#define TALL 1080, 1920, 0.0 /* 15.6" as well */
#define TALL_PX_MM 5.56

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

/* A HIGH alarm and a second one, and both rows of keys: the chart is what a technician came for. */
#define ALARMED_S (24 * 60 + 40)
#define CHART_MM 45.0

static const Row alarmed[] = {
  { "en", "tools", SMALL, 1.0, .alarmed_s = ALARMED_S },
  { "de", "tools", SMALL, 1.0, .alarmed_s = ALARMED_S, .language = "de" },
  { "ar", "tools", SMALL, 1.0, TRUE, .alarmed_s = ALARMED_S, .language = "ar" },
  { "large text", "tools", SMALL, 1.3, .alarmed_s = ALARMED_S },
  { "large text de", "tools", SMALL, 1.3, .alarmed_s = ALARMED_S, .language = "de" },
  { "full HD", "tools", LARGE, 1.0, .alarmed_s = ALARMED_S },
  { "full HD de", "tools", LARGE, 1.0, .alarmed_s = ALARMED_S, .language = "de" },
  { "full HD ar, large text", "tools", LARGE, 1.3, TRUE, .alarmed_s = ALARMED_S, .language = "ar" },
  { "portrait", "tools", TALL, 1.0, .alarmed_s = ALARMED_S },
  { "portrait de, large text", "tools", TALL, 1.3, .alarmed_s = ALARMED_S, .language = "de" },
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
speak (const char *language)
{
  g_autofree char *option = g_strdup_printf ("--language=%s", language);
  char            *argv[] = { (char *) "test", option, NULL };

  chs_language_init (2, argv, NULL);
}

static void
open_row (const Row *row)
{
  if (row->language)
    speak (row->language);
  ui_test_init ();
  gtk_widget_set_default_direction (row->is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  folder = g_dir_make_tmp ("chairside-workbench-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  path = g_build_filename (folder, "a.chairside", NULL);
  if (row->alarmed_s > 0)
    long_session_write (path);
  else
    small_session_write (path);
  replayer = chs_replayer_load (path, NULL, NULL);
  ck_assert_ptr_nonnull (replayer);
  scene = chs_scene_new (chs_replayer_get_profile (replayer), CHS_SCENE_REPLAY);
  chs_scene_set_rtl (scene, row->is_rtl);
  chs_scene_set_text_scale (scene, row->text_scale);
  chs_scene_set_look (scene, row->look);
  style = chs_look_provider_new (gdk_display_get_default (), scene);
  window = chs_window_new (NULL, scene, row->width, row->height,
                           row->diagonal_in > 0 ? row->diagonal_in : ui_test_diagonal (TALL_PX_MM));
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  chs_workbench_fill (window, replayer, NULL, on_open, &was_chosen);
  chs_replayer_set_scene (replayer, scene);
  if (row->alarmed_s > 0)
    chs_replayer_seek (replayer, row->alarmed_s * G_USEC_PER_SEC);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_run (100);
  if (strcmp (row->page, "tools") == 0)
    g_signal_emit_by_name (find_key (GTK_WIDGET (window), "•••"), "clicked");
  else
    chs_window_open_page (window, row->page, NULL);
  ui_test_run (400);
}

static void
close_row (void)
{
  gtk_window_destroy (GTK_WINDOW (window));
  ui_test_run (50);
  g_clear_pointer (&style, chs_look_provider_free);
  chs_replayer_set_scene (replayer, NULL);
  g_assert_finalize_object (scene);
  g_assert_finalize_object (replayer);
  scratch_remove (folder);
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

static GtkWidget *
find_type (GtkWidget *widget, GType type)
{
  GtkWidget *found;

  ck_assert_ptr_nonnull (widget);
  found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found; child = gtk_widget_get_next_sibling (child))
    found = find_type (child, type);

  return found;
}

START_TEST (the_chart_keeps_its_height)
{
  const Row *row = &alarmed[_i];
  GtkWidget *chart, *alarm;
  double     high_mm;

  open_row (row);
  chart = find_type (GTK_WIDGET (window), CHS_TYPE_CHART_VIEW);
  alarm = find_type (GTK_WIDGET (window), CHS_TYPE_ALARM_ROW);
  ck_assert (gtk_widget_get_mapped (alarm) && gtk_widget_has_css_class (alarm, "high"));
  ck_assert (!gtk_widget_has_css_class (alarm, "first"));
  ui_test_check_labels (row->name, alarm);
  high_mm = gtk_widget_get_height (chart) / chs_scene_get_theme (scene)->px_mm;
  ck_assert_msg (high_mm >= CHART_MM, "%s: the chart is %.1f mm high", row->name, high_mm);
  ui_test_check_fit (row->name, GTK_WIDGET (window), row->width, row->height);
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

/* ---- import: whatever is chosen, the nurse's PC goes on and says what became of it ---- */

#define TABLE_HEAD "t_s,source,channel,value,unit,note\n"
#define SHORT_ROWS 2000
#define LONG_ROWS 1500000 /* some seconds */

static void
make_table (const char *file, guint n)
{
  FILE *out = g_fopen (file, "wb");

  fputs (TABLE_HEAD, out);
  for (guint t = 0; t < n; t++)
    fprintf (out, "%u,monitor,hr,%u,/min,\n", t, 60 + t % 7);
  fclose (out);
}

static void
make_short (const char *file)
{
  make_table (file, SHORT_ROWS);
}

static void
make_wide (const char *file)
{
  make_table (file, 20 * SHORT_ROWS); /* more than is looked at to know it */
}

static void
make_long (const char *file)
{
  make_table (file, LONG_ROWS);
}

/* A line of a tebibyte that takes no room. */
static void
make_endless (const char *file)
{
  make_wide (file);
  ck_assert_int_eq (truncate (file, G_GINT64_CONSTANT (1) << 40), 0);
}

static void
make_cut (const char *file)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  gsize n;

  vital_header (content);
  vital_device (content, 1, "Monitor");
  vital_track (content, 1, 2, 1, "HR", "/min", 0, 1, 2, 1);
  for (guint t = 0; t < 3000; t++)
    vital_number (content, 1, 1600000000.0 + t, 60 + g_random_int_range (0, 40));
  n = vital_write (file, content, 0);
  vital_write (file, content, n / 2);
}

static void
make_folder (const char *file)
{
  g_mkdir (file, 0700);
}

static void
make_prose (const char *file)
{
  ck_assert (g_file_set_contents (file, "Dear Sir or Madam", -1, NULL));
}

static void
make_empty (const char *file)
{
  ck_assert (g_file_set_contents (file, TABLE_HEAD "noon,monitor,hr,70,/min,\n", -1, NULL));
}

static const struct {
  const char *name;
  void (*make) (const char *file);
  int         pulled_at; /* bytes after which its stick is pulled; -1 = never */
  gboolean    is_cancelled, is_twice;
  const char *want;      /* in what is told */
  guint       n_more;    /* recordings in the list */
} imports[] = {
  { "a table", make_short, -1, FALSE, FALSE, "Imported as in.chairside", 1 },
  { "twice the same", make_short, -1, FALSE, TRUE, "is in the list already", 1 },
  { "cut", make_cut, -1, FALSE, FALSE, "not all of it could be kept (2 remarks): the file ends", 1 },
  { "unreadable", make_folder, -1, FALSE, FALSE, "cannot be read. Is the stick", 0 },
  { "of no kind", make_prose, -1, FALSE, FALSE, "no recording of a kind", 0 },
  { "nothing in it", make_empty, -1, FALSE, FALSE, "nothing in this file", 0 },
  { "cancelled in the middle", make_long, -1, TRUE, FALSE, "Nothing was written", 0 },
  { "too large, cancelled", make_endless, -1, TRUE, FALSE, "Nothing was written", 0 },
  { "pulled before", make_wide, 100, FALSE, FALSE, "cannot be read. Is the stick", 0 },
  { "pulled in the middle", make_wide, 300000, FALSE, FALSE, "could not be read to its end", 1 },
};

static void
import_and_wait (const char *file, gboolean is_cancelled)
{
  GtkWidget *page = find_type (GTK_WIDGET (window), CHS_TYPE_SESSIONS_PAGE), *bar = find_type (page, CHS_TYPE_JOB_BAR);

  chs_sessions_page_import (CHS_SESSIONS_PAGE (page), file);
  ck_assert (chs_job_bar_is_busy (CHS_JOB_BAR (bar)));
  chs_sessions_page_import (CHS_SESSIONS_PAGE (page), file); /* a second touch does nothing */
  for (guint i = 0; i < 200 && chs_job_bar_is_busy (CHS_JOB_BAR (bar)); i++) {
    ui_test_run (50);
    if (i == 8 && is_cancelled) {
      ck_assert (gtk_widget_get_mapped (bar)); /* how far it is, and the key that stops it, are there to be seen */
      ui_test_check_labels ("job", bar);
      g_signal_emit_by_name (find_key (bar, "Cancel"), "clicked");
    }
  }
  ck_assert_msg (!chs_job_bar_is_busy (CHS_JOB_BAR (bar)), "it goes on");
  ui_test_run (50);
  ck_assert (!gtk_widget_get_mapped (bar));
}

static guint
count_files (const char *suffix)
{
  GDir       *dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint       n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, suffix);
  g_dir_close (dir);

  return n;
}

START_TEST (an_import_says_what_became_of_it)
{
  g_autofree char *stick = g_dir_make_tmp ("chairside-stick-XXXXXX", NULL), *file = g_build_filename (stick, "in.csv", NULL);
  g_autofree char *pulled = g_strdup_printf ("%d:%s", imports[_i].pulled_at, file);
  GtkWidget       *notice;
  const char      *told;

  imports[_i].make (file);
  open_row (&rows[G_N_ELEMENTS (rows) - 2]);
  if (imports[_i].pulled_at >= 0)
    g_setenv ("CHS_TEST_PULLED", pulled, TRUE);
  for (guint i = 0; i < (imports[_i].is_twice ? 2u : 1u); i++)
    import_and_wait (file, imports[_i].is_cancelled);
  notice = find_type (find_type (GTK_WIDGET (window), CHS_TYPE_NOTICE), GTK_TYPE_LABEL);
  told = gtk_label_get_label (GTK_LABEL (notice));
  ck_assert_msg (gtk_widget_get_mapped (notice) && strstr (told, imports[_i].want) != NULL, "%s: %s", imports[_i].name, told);
  ck_assert_uint_eq (count_files (".chairside"), 1 + imports[_i].n_more);
  ck_assert_msg (count_files (".part") + count_files ("-wal") == 0, "%s: something was left", imports[_i].name);
  ui_test_check_fit (imports[_i].name, GTK_WIDGET (window), 1280, 800);
  g_unsetenv ("CHS_TEST_PULLED");
  g_remove (file);
  g_rmdir (stick);
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
  tcase_add_loop_test (tcase, the_chart_keeps_its_height, 0, G_N_ELEMENTS (alarmed));
  tcase_add_test (tcase, the_transport_gives_room);
  tcase_add_test (tcase, a_recording_of_the_list_is_chosen);
  tcase_add_loop_test (tcase, an_import_says_what_became_of_it, 0, G_N_ELEMENTS (imports));
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)

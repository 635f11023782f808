/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/long-session.h"
#include "tests/pseudo.h"
#include "tests/ui-test.h"
#include "ui/language.h"
#include "ui/workbench.h"

#include <glib/gstdio.h>

/* As test-ui-pseudo.c, for the workbench over a recording: the real engine with the shipped profile, and what it raised. */

#define ALARM_S (24 * 60 + 40) /* pressure has fallen, an alarm stands */
#define SILENT_S (9 * 60 + 40) /* nothing comes from the monitor */

static const struct {
  const char *page; /* NULL: the chair */
  gint64      at_s;
  gboolean    has_ids; /* the page shows keys of files and frames of instruments, as they are: only how it runs is looked at */
} states[] = {
  { NULL, ALARM_S },
  { NULL, SILENT_S },
  { "markers", ALARM_S },
  { "what-if", ALARM_S, TRUE },
  { "bytes", ALARM_S, TRUE },
  { "export", ALARM_S },
  { "review", ALARM_S },
  { "alarms", ALARM_S },
  { "sessions", ALARM_S },
};

/* The therapy and the markers that somebody typed, names and kinds of files. */
#define TYPED "sulfate g Rate turned up Look again: late cuff home/technician/Chairside chair-4.chairside svg png hl7 json vital csv pdf edf"

static void
on_open (const char *chosen, gpointer user_data)
{
}

static void
remove_files (const char *folder)
{
  GDir       *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *file = g_build_filename (folder, name, NULL);

    g_unlink (file);
  }
  g_dir_close (dir);
  g_rmdir (folder);
}

START_TEST (a_replay_is_in_words_of_the_language)
{
  const char      *page = states[_i / PSEUDO_N].page;
  g_autofree char *folder = g_dir_make_tmp ("chairside-pseudo-XXXXXX", NULL), *path = g_build_filename (folder, "chair-4.chairside", NULL);
  ChsReplayer     *replayer;
  ChsScene        *scene;
  ChsLookProvider *style;
  ChsWindow       *window;

  if (states[_i / PSEUDO_N].has_ids && _i % PSEUDO_N == PSEUDO_WORDS)
    return;
  pseudo_begin (_i % PSEUDO_N);
  pseudo_allow (TYPED);
  draw_case_use_fonts ();
  ui_test_init ();
  gtk_widget_set_default_direction (chs_language_is_rtl () ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  g_setenv ("HOME", "/home/technician", TRUE); /* where exports go by default is shown */
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  long_session_write (path);
  replayer = chs_replayer_load (path, NULL, NULL);
  scene = chs_scene_new (chs_replayer_get_profile (replayer), CHS_SCENE_REPLAY);
  chs_scene_set_rtl (scene, chs_language_is_rtl ());
  style = chs_look_provider_new (gdk_display_get_default (), scene);
  window = chs_window_new (NULL, scene, 1920, 1080, 15.6);
  chs_workbench_fill (window, replayer, NULL, on_open, NULL);
  chs_replayer_set_scene (replayer, scene);
  chs_replayer_seek (replayer, states[_i / PSEUDO_N].at_s * G_USEC_PER_SEC);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_run (400);
  if (page)
    chs_window_open_page (window, page, NULL);
  ui_test_run (600);
  pseudo_look (page ? page : "replay", GTK_WIDGET (window));
  gtk_window_destroy (GTK_WINDOW (window));
  chs_look_provider_free (style);
  chs_replayer_set_scene (replayer, NULL);
  g_object_unref (scene);
  g_object_unref (replayer);
  remove_files (folder);
  pseudo_end ();
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-pseudo-replay");
  TCase *tcase = tcase_create ("replay");

  tcase_set_timeout (tcase, 60);
  tcase_add_loop_test (tcase, a_replay_is_in_words_of_the_language, 0, PSEUDO_N * G_N_ELEMENTS (states));
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)

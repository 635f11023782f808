/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui-golden.h"
#include "ui/key.h"

/* Whole windows as somebody looked at them and found them right: every state that a nurse can meet, in English, German and
 * Arabic, by day and by night, on both panels. After a change that is meant: CHS_GOLDEN_UPDATE=1, then look at each
 * (tests/golden/contact-sheet.sh puts them on a few sheets). */

typedef struct {
  const char *name, *scene, *page;
  int         tab;   /* of the session page, 1 = first; 0 = as it opens */
  gboolean    is_paused;
} State;

static const State states[] = {
  { "idle", "nothing", NULL },
  { "running", "quiet", NULL },
  { "high", "high", NULL },
  { "medium", "medium", NULL },
  { "low", "low", NULL },
  { "silenced", "medium", NULL, .is_paused = TRUE },
  { "seen", "seen", NULL },
  { "link-lost", "link-lost", NULL },
  { "stale", "stale", NULL },
  { "pumps", "pumps", NULL },
  { "reaction", "medium", "reaction" },
  { "patient", "quiet", "session", 1 },
  { "therapy", "quiet", "session", 2 },
  { "checks", "quiet", "session", 3 },
  { "baseline", "quiet", "session", 4 },
  { "course", "quiet", "session", 5 },
  { "limits", "quiet", "limits" },
  { "alarms", "history", "alarms" },
  { "why", "medium", "why" },
  { "symptoms", "medium", "symptom" },
  { "site", "quiet", "site" },
  { "review", "busy", "review" },
  { "more", "quiet", "more" },
};

#define PAUSE_US (90 * G_USEC_PER_SEC)

static void
find_tabs (GtkWidget *widget, GPtrArray *tabs)
{
  if (CHS_IS_KEY (widget) && gtk_widget_has_css_class (widget, "tab") && gtk_widget_get_mapped (widget))
    g_ptr_array_add (tabs, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    find_tabs (child, tabs);
}

static void
open_state (ChsWindow *window, const State *state)
{
  g_autoptr (GPtrArray) tabs = g_ptr_array_new ();

  if (state->page)
    chs_window_open_page (window, state->page, g_variant_new_uint32 (1));
  if (state->tab == 0)
    return;
  ui_test_run (60);
  find_tabs (GTK_WIDGET (window), tabs);
  ck_assert_int_ge ((int) tabs->len, state->tab);
  g_signal_emit_by_name (tabs->pdata[state->tab - 1], "clicked");
}

START_TEST (a_window_looks_as_it_did)
{
  const State     *state = &states[_i / UI_GOLDEN_N_SETTINGS];
  UiGoldenSetting  setting;
  ChsScene        *scene;
  ChsLookProvider *style;
  ChsWindow       *window;
  gboolean         is_same;

  ui_golden_begin ((guint) _i % UI_GOLDEN_N_SETTINGS, &setting);
  scene = ui_test_scene (state->scene, CHS_SCENE_LIVE);
  if (state->is_paused) {
    fake_engine.annunciation.audio = CHS_AUDIO_PAUSED;
    fake_engine.annunciation.paused_until_us = CASE_NOW + PAUSE_US;
  }
  style = ui_golden_dress (scene, &setting);
  window = chs_window_new (NULL, scene, setting.size.width, setting.size.height, setting.size.diagonal_in);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_present (GTK_WINDOW (window));
  open_state (window, state);
  ui_test_run (200);
  is_same = ui_golden_check (window, state->name, &setting);
  gtk_window_destroy (GTK_WINDOW (window));
  chs_look_provider_free (style);
  g_object_unref (scene);
  ck_assert_msg (is_same, "%s differs", state->name);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-golden");
  TCase *tcase = tcase_create ("windows");

  tcase_set_timeout (tcase, 30);
  tcase_add_loop_test (tcase, a_window_looks_as_it_did, 0, (int) (G_N_ELEMENTS (states) * UI_GOLDEN_N_SETTINGS));
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)

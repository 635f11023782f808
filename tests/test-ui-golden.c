/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui-golden.h"
#include "ui/key.h"

#include <glib/gi18n.h>
#include <string.h>

/* Whole windows as somebody looked at them and found them right: every state that a nurse can meet, in English, German and
 * Arabic, by day and by night, on both panels. After a change that is meant: CHS_GOLDEN_UPDATE=1, then look at each
 * (CHS_GOLDEN_WHOLE=DIR keeps them in their full size there). */

typedef struct {
  const char *name, *scene, *page;
  int         tab;   /* of the session page, 1 = first; 0 = as it opens */
  gboolean    is_paused;
  const char *touch; /* text on a button that is touched then, untranslated; NULL = none */
  const char *settings; /* (nullable): of the chair, as the monitor tells them */
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
  { "scores", "scored", NULL },
  { "reaction", "busy", "reaction" },
  { "patient", "quiet", "session", 1 },
  { "therapy", "quiet", "session", 2 },
  { "therapies", "quiet", "session", 2, .settings = "{\"therapies\":[\"vitc_15g\",\"mg_addon\",\"hydration\"]}" },
  { "checks", "quiet", "session", 3 },
  { "baseline", "quiet", "session", 4 },
  { "course", "quiet", "session", 5 },
  { "discharge", "quiet", "session", 3, .touch = "Before going home" },
  { "closing", "quiet", "session", 5, .touch = "Close session" },
  { "limits", "quiet", "limits" },
  { "alarms", "history", "alarms" },
  { "why", "medium", "why" },
  { "symptoms", "medium", "symptom" },
  { "site", "quiet", "site" },
  { "review", "busy", "review" },
  { "correct", "busy", "review", .touch = "Correct" },
  { "more", "quiet", "more" },
  { "calls", "quiet", "calls" },
  { "call", "quiet", "calls", .touch = "B-2" },
};

/* A monitor that knows of calls: one overdue, one tried, one made, one declined. */
#define CALLS                                                                                                                \
  "{\"calls\":[{\"patient_id\":\"A-17\",\"session_id\":\"s1\",\"therapy\":\"Hydration, 1 L 0.9 % saline\",\"end_s\":1795000000,\"due\":true,"        \
  "\"overdue\":true},{\"patient_id\":\"B-2\",\"session_id\":\"s2\",\"therapy\":\"Ketamine 0.5 mg/kg in 100 mL\",\"end_s\":1795090000,"           \
  "\"due\":true,\"not_reached\":2,\"pain_before\":7,\"pain_after\":4,\"fatigue_before\":8,\"fatigue_after\":6},"                    \
  "{\"patient_id\":\"C-3\",\"session_id\":\"s3\",\"therapy\":\"Hydration, 1 L 0.9 % saline\",\"end_s\":1794990000,\"due\":false,\"call\":\"reached\"," \
  "\"how\":\"better\",\"pain_call\":2,\"fatigue_call\":3},{\"patient_id\":\"D-9\",\"session_id\":\"s4\","                          \
  "\"therapy\":\"Hydration, 1 L 0.9 % saline\",\"end_s\":1794980000,\"due\":false,\"call\":\"declined\"}]}"

static gboolean
answer_admin (gpointer user_data, const char *method, GVariant *args, ChsSceneAnswer answer, gpointer answer_data)
{
  g_autoptr (GVariant) json = NULL;

  if (strcmp (method, "Calls") != 0)
    return FALSE;
  json = g_variant_ref_sink (g_variant_new ("(s)", CALLS));
  answer (json, NULL, answer_data);

  return TRUE;
}

static const ChsSceneActions actions = { .admin = answer_admin };

#define PAUSE_US (90 * G_USEC_PER_SEC)

static void
find_tabs (GtkWidget *widget, GPtrArray *tabs)
{
  if (CHS_IS_KEY (widget) && gtk_widget_has_css_class (widget, "tab") && gtk_widget_get_mapped (widget))
    g_ptr_array_add (tabs, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    find_tabs (child, tabs);
}

static GtkWidget *
find_button (GtkWidget *widget, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && strcmp (gtk_label_get_label (GTK_LABEL (widget)), text) == 0)
    found = gtk_widget_get_ancestor (widget, GTK_TYPE_BUTTON);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && found == NULL; child = gtk_widget_get_next_sibling (child))
    found = find_button (child, text);

  return found;
}

static void
open_state (ChsWindow *window, const State *state)
{
  g_autoptr (GPtrArray) tabs = g_ptr_array_new ();

  if (state->page)
    chs_window_open_page (window, state->page, g_variant_new_uint32 (1));
  ui_test_run (60);
  if (state->tab > 0) {
    find_tabs (GTK_WIDGET (window), tabs);
    ck_assert_int_ge ((int) tabs->len, state->tab);
    g_signal_emit_by_name (tabs->pdata[state->tab - 1], "clicked");
    ui_test_run (60);
  }
  if (state->touch)
    g_signal_emit_by_name (find_button (GTK_WIDGET (window), _(state->touch)), "clicked");
}

START_TEST (a_window_looks_as_it_did)
{
  const State     *state = &states[_i / UI_GOLDEN_N_SETTINGS];
  UiGoldenSetting  setting;
  ChsScene        *scene;
  ChsLookProvider *style;
  ChsWindow       *window;
  gboolean         is_same;

  if (!ui_golden_begin ((guint) _i % UI_GOLDEN_N_SETTINGS, &setting))
    return;
  scene = ui_test_scene (state->scene, CHS_SCENE_LIVE);
  if (state->is_paused) {
    fake_engine.annunciation.audio = CHS_AUDIO_PAUSED;
    fake_engine.annunciation.paused_until_us = CASE_NOW + PAUSE_US;
  }
  if (state->settings)
    chs_scene_take_settings (scene, state->settings);
  chs_scene_set_actions (scene, &actions, NULL);
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

  for (int i = 0; i < (int) G_N_ELEMENTS (states); i++) {
    TCase *tcase = tcase_create (states[i].name); /* CK_RUN_CASE=limits runs these alone */

    tcase_set_timeout (tcase, 60);
    tcase_add_loop_test (tcase, a_window_looks_as_it_did, i * UI_GOLDEN_N_SETTINGS, (i + 1) * UI_GOLDEN_N_SETTINGS);
    suite_add_tcase (suite, tcase);
  }

  return suite;
}

CHS_UI_MAIN (make_suite)

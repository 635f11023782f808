/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/long-session.h"
#include "tests/scratch.h"
#include "tests/ui-golden.h"
#include "ui/workbench.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* The technician's workbench as golden pictures (tests/ui-golden.h), over a recording that the test makes: the chair with
 * its timeline and markers, the tools, each page, and what another limit would have changed. */

typedef struct {
  const char *name, *page; /* NULL: the chair */
  const char *keys[4];     /* by title (its English), or by CSS class with a dot before it; touched in this order */
  double      slide;       /* then the page's slider is set to this; 0 = stays */
  const char *until;       /* (nullable): as a key, what is there when the work behind it is done */
} State;

static const State states[] = {
  { "replay", NULL },
  { "replay-tools", NULL, { "•••" } },
  { "replay-markers", "markers" },
  { "replay-what-if", "what-if", { "Session", "therapy.mg_soft_mmol_min" }, 0.45, ".rule-changed" },
  { "replay-bytes", "bytes" },
  { "replay-export", "export" },
  { "replay-sessions", "sessions" },
};

#define POSITION_S (24 * 60 + 40)
#define PATIENCE_MS 6000
#define LOOK_MS 50

static char            *folder, *path;
static ChsReplayer     *replayer;
static ChsScene        *scene;
static ChsLookProvider *style;
static ChsWindow       *window;

/* Once for all of a state: the tests are children of this process. Where exports go by default is shown, and the same everywhere. */
static void
write_recording (void)
{
  g_setenv ("HOME", "/home/technician", TRUE);
  g_setenv ("XDG_CONFIG_HOME", "/home/technician/.config", TRUE);
  folder = g_dir_make_tmp ("chairside-golden-XXXXXX", NULL);
  path = g_build_filename (folder, "chair-4.chairside", NULL);
  long_session_write (path);
}

static void
remove_recording (void)
{
  scratch_remove (folder);
  g_free (path);
  g_free (folder);
}

static GtkWidget *
find (GtkWidget *widget, const char *what)
{
  if (gtk_widget_get_mapped (widget) &&
      (*what == '.' ? gtk_widget_has_css_class (widget, what + 1)
                    : CHS_IS_KEY (widget) && strcmp (chs_key_get_title (CHS_KEY (widget)), _(what)) == 0))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find (child, what);

    if (found)
      return found;
  }

  return NULL;
}

static GtkWidget *
wait_for (const char *what)
{
  GtkWidget *found = NULL;

  for (int ms = 0; ms < PATIENCE_MS && found == NULL; ms += LOOK_MS) {
    ui_test_run (LOOK_MS);
    found = find (GTK_WIDGET (window), what);
  }
  ck_assert_msg (found != NULL, "there is no %s", what);

  return found;
}

static GtkWidget *
find_slider (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_SCALE (widget) && gtk_widget_get_mapped (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found; child = gtk_widget_get_next_sibling (child))
    found = find_slider (child);

  return found;
}

static void
on_open (const char *chosen, gpointer user_data)
{
}

static void
open_window (const UiGoldenSetting *setting)
{
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  replayer = chs_replayer_load (path, NULL, NULL);
  ck_assert_ptr_nonnull (replayer);
  scene = chs_scene_new (chs_replayer_get_profile (replayer), CHS_SCENE_REPLAY);
  style = ui_golden_dress (scene, setting);
  window = chs_window_new (NULL, scene, setting->size.width, setting->size.height, setting->size.diagonal_in);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  chs_workbench_fill (window, replayer, NULL, on_open, NULL);
  chs_replayer_set_scene (replayer, scene);
  chs_replayer_seek (replayer, POSITION_S * G_USEC_PER_SEC);
  gtk_window_present (GTK_WINDOW (window));
}

static void
open_state (const State *state)
{
  ui_test_run (400); /* laid out once: rows of alarms get their style then */
  if (state->page)
    chs_window_open_page (window, state->page, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (state->keys) && state->keys[i]; i++) {
    g_signal_emit_by_name (wait_for (state->keys[i]), "clicked");
    ui_test_run (200);
  }
  ui_test_run (400);
  if (state->slide > 0)
    gtk_range_set_value (GTK_RANGE (find_slider (GTK_WIDGET (window))), state->slide);
  if (state->until)
    wait_for (state->until);
}

START_TEST (a_replay_looks_as_it_did)
{
  const State    *state = &states[_i / UI_GOLDEN_N_SETTINGS];
  UiGoldenSetting setting;
  gboolean        is_same;

  if (!ui_golden_begin ((guint) _i % UI_GOLDEN_N_SETTINGS, &setting))
    return;
  open_window (&setting);
  open_state (state);
  is_same = ui_golden_check (window, state->name, &setting);
  gtk_window_destroy (GTK_WINDOW (window));
  chs_look_provider_free (style);
  chs_replayer_set_scene (replayer, NULL);
  g_object_unref (scene);
  g_object_unref (replayer);
  ck_assert_msg (is_same, "%s differs", state->name);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-golden-replay");

  for (int i = 0; i < (int) G_N_ELEMENTS (states); i++) {
    TCase *tcase = tcase_create (states[i].name); /* CK_RUN_CASE=replay-bytes runs these alone */

    tcase_set_timeout (tcase, 60);
    tcase_add_unchecked_fixture (tcase, write_recording, remove_recording);
    tcase_add_loop_test (tcase, a_replay_looks_as_it_did, i * UI_GOLDEN_N_SETTINGS, (i + 1) * UI_GOLDEN_N_SETTINGS);
    suite_add_tcase (suite, tcase);
  }

  return suite;
}

CHS_UI_MAIN (make_suite)

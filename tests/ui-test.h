/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/check-main.h"
#include "tests/draw-cases.h"
#include "tests/fake-engine.h"
#include "ui/look.h"
#include "ui/window.h"

#include <stdio.h>

/* What tests of widgets share: a display or a plain word that there is none, a scene over a case of
 * tests/draw-cases.c, a main loop that runs until nothing is left to do. */

/* As CHS_CHECK_MAIN, but without a display the suite is skipped and says so. */
#define CHS_UI_MAIN(make_suite)                                                                                         \
  int main (void)                                                                                                       \
  {                                                                                                                     \
    SRunner *runner;                                                                                                    \
    int failed;                                                                                                         \
                                                                                                                        \
    if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL) {                                         \
      printf ("1..0 # SKIP no display: install xvfb\n");                                                                \
      return EXIT_SUCCESS;                                                                                              \
    }                                                                                                                   \
    runner = srunner_create (make_suite ());                                                                            \
    srunner_run_all (runner, CK_ENV);                                                                                   \
    failed = srunner_ntests_failed (runner);                                                                            \
    srunner_free (runner);                                                                                              \
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;                                                                   \
  }

/* Check forks for each test: GTK begins in the child. */
static inline void
ui_test_init (void)
{
  ck_assert_msg (gtk_init_check (), "the display cannot be opened");
}

static inline ChsScene *
ui_test_scene (const char *name, ChsSceneMode mode)
{
  ChsProfile *profile = fake_profile_new ();
  ChsScene   *scene = chs_scene_new (profile, mode);

  chs_profile_free (profile);
  chs_scene_take_model (scene, draw_case_new (name));

  return scene;
}

static inline gboolean
ui_test_stop (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

/* Lets the main loop run for a few frames. */
static inline void
ui_test_run (guint ms)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_timeout_add (ms, ui_test_stop, loop);
  g_main_loop_run (loop);
}

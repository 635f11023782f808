/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/check-main.h"
#include "tests/draw-cases.h"
#include "tests/fake-engine.h"
#include "ui/key.h"
#include "ui/look.h"
#include "ui/window.h"

#include <math.h>
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

#define UI_TEST_FRAMES 3
#define UI_TEST_FRAMES_MS 8000

/* Lets the main loop run until @window was laid out and drawn some times: on a crowded machine the first frame takes its time, and
 * before it a key has no size yet. */
static inline void
ui_test_settle (GtkWidget *window)
{
  gint64 begun = -1;

  for (guint ms = 0; ms < UI_TEST_FRAMES_MS; ms += 20) {
    GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

    if (clock && begun < 0)
      begun = gdk_frame_clock_get_frame_counter (clock);
    if (clock && gdk_frame_clock_get_frame_counter (clock) >= begun + UI_TEST_FRAMES)
      return;
    gtk_widget_queue_draw (window);
    ui_test_run (20);
  }
  ck_abort_msg ("the window was not drawn within %d ms", UI_TEST_FRAMES_MS);
}

/* The diagonal by which the virtual display comes to a density, in pixels a millimetre. */
static inline double
ui_test_diagonal (double px_mm)
{
  g_autoptr (GdkMonitor) monitor = g_list_model_get_item (gdk_display_get_monitors (gdk_display_get_default ()), 0);
  GdkRectangle           box;

  gdk_monitor_get_geometry (monitor, &box);

  return hypot (box.width, box.height) / (px_mm * 25.4);
}

/* ---- what every window is measured by ---- */

/* Millimetres; shared/alarm-standard.md section 9: never under 9 mm. Main keys: shared/design.md, "Sizes". */
#define UI_TEST_KEY_MM 8.9
#define UI_TEST_LARGE_KEY_MM 19.8

static inline void
ui_test_check_fit (const char *name, GtkWidget *window, int width, int height)
{
  int least_w, least_h;

  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &least_w, NULL, NULL, NULL);
  gtk_widget_measure (window, GTK_ORIENTATION_VERTICAL, width, &least_h, NULL, NULL, NULL);
  ck_assert_msg (least_w <= width && least_h <= height, "%s: wants %d x %d", name, least_w, least_h);
}

/* No text that is in sight ends in dots, but in lists and in the header, where the whole of it is a touch away. */
static inline void
ui_test_check_labels (const char *name, GtkWidget *widget)
{
  static const char *const may_be_cut[] = { "patient", "review-time", "rule", "rule-changed", "session-therapy", "session-patient" };
  gboolean                 is_free = FALSE;

  if (!gtk_widget_get_mapped (widget))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (may_be_cut); i++)
    is_free |= gtk_widget_has_css_class (widget, may_be_cut[i]);
  if (GTK_IS_LABEL (widget) && gtk_widget_get_width (widget) > 0 && !is_free)
    ck_assert_msg (!pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))), "%s: \"%s\" is cut", name,
                   gtk_label_get_label (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    ui_test_check_labels (name, child);
}

static inline void
ui_test_check_keys (const char *name, GtkWidget *widget, double px_mm)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  if (CHS_IS_KEY (widget)) {
    double high_mm = gtk_widget_get_allocated_height (widget) / px_mm, wide_mm = gtk_widget_get_allocated_width (widget) / px_mm;
    double least = gtk_widget_has_css_class (widget, "large") ? UI_TEST_LARGE_KEY_MM : UI_TEST_KEY_MM;

    ck_assert_msg (high_mm >= least && wide_mm >= UI_TEST_KEY_MM, "%s: key \"%s\" is %.1f x %.1f mm", name,
                   chs_key_get_title (CHS_KEY (widget)), wide_mm, high_mm);
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    ui_test_check_keys (name, child, px_mm);
}

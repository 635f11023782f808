/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "ui/panel.h"

#include <math.h>

static const struct {
  const char      *name;
  ChsMonitorReport report;
  ChsPanelOrigin   origin;
  double           px_mm;
} rows[] = {
  { "design panel by its own word", { 1280, 800, 217, 136, 0 }, CHS_PANEL_FROM_MONITOR, 5.90 },
  { "administrator outranks the monitor", { 1280, 800, 339, 212, 10.1 }, CHS_PANEL_FROM_ADMIN, 5.88 },
  { "nothing told, small", { 1280, 800, 0, 0, 0 }, CHS_PANEL_GUESSED, 5.88 },
  { "nothing told, full HD", { 1920, 1080, 0, 0, 0 }, CHS_PANEL_GUESSED, 5.56 },
  { "an aspect ratio in the place of the size", { 1920, 1080, 16, 9, 0 }, CHS_PANEL_GUESSED, 5.56 },
  { "a projector", { 1920, 1080, 1600, 900, 0 }, CHS_PANEL_GUESSED, 5.56 },
  { "sides of another panel", { 1920, 1080, 345, 259, 0 }, CHS_PANEL_GUESSED, 5.56 },
  { "a real 15.6 inch", { 1920, 1080, 345, 194, 0 }, CHS_PANEL_FROM_MONITOR, 5.57 },
};

START_TEST (size_is_believed_unless_absurd)
{
  ChsPanel panel;

  chs_panel_init (&panel, &rows[_i].report, rows[_i].report.width_px, rows[_i].report.height_px);
  ck_assert_msg (panel.origin == rows[_i].origin, "%s: origin %d", rows[_i].name, panel.origin);
  ck_assert_msg (fabs (panel.px_mm - rows[_i].px_mm) < 0.05, "%s: %.2f px/mm", rows[_i].name, panel.px_mm);
}
END_TEST

START_TEST (portrait_is_tall)
{
  const ChsMonitorReport report = { 1080, 1920, 0, 0, 15.6 };
  ChsPanel               panel;

  chs_panel_init (&panel, &report, 1080, 1920);
  ck_assert_int_eq (panel.layout, CHS_LAYOUT_TALL);
}
END_TEST

/* A window that is too small for the design shrinks everything instead of pushing keys off the screen. */
START_TEST (a_small_window_shrinks)
{
  const ChsMonitorReport report = { 1920, 1080, 0, 0, 15.6 };
  ChsPanel               panel;

  chs_panel_init (&panel, &report, 800, 480);
  ck_assert (panel.drawn_px_mm < panel.px_mm);
  ck_assert_double_ge (chs_panel_height_mm (&panel), 131.9);
  ck_assert_double_ge (chs_panel_width_mm (&panel), 211.9);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("panel");
  TCase *tcase = tcase_create ("size");

  tcase_add_loop_test (tcase, size_is_believed_unless_absurd, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tcase, portrait_is_tall);
  tcase_add_test (tcase, a_small_window_shrinks);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

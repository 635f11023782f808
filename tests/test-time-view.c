/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "ui/time-view.h"

#define S G_GINT64_CONSTANT (1000000)
#define M (60 * S)

static ChsTimeView view;

static void
set_up (void)
{
  chs_time_view_init (&view);
}

START_TEST (a_young_session_gets_a_narrow_window)
{
  ChsTimeWindow window = chs_time_view_window (&view, 2 * M);

  ck_assert_int_eq (window.to_us - window.from_us, 5 * M);
  ck_assert_int_eq (window.from_us, 0);

  window = chs_time_view_window (&view, 12 * M);
  ck_assert_int_eq (window.to_us - window.from_us, 15 * M);
}
END_TEST

START_TEST (an_old_one_scrolls)
{
  ChsTimeWindow window = chs_time_view_window (&view, 100 * M);

  ck_assert_int_eq (window.to_us - window.from_us, 30 * M);
  ck_assert_int_gt (window.to_us, 100 * M);
  ck_assert_int_le (window.to_us, 101 * M);
}
END_TEST

START_TEST (what_was_asked_for_is_given)
{
  ChsTimeWindow window;

  chs_time_view_set_span (&view, 60 * M);
  window = chs_time_view_window (&view, 2 * M);
  ck_assert_int_eq (window.to_us - window.from_us, 60 * M);

  chs_time_view_set_span (&view, 0);
  window = chs_time_view_window (&view, 100 * M);
  ck_assert_int_eq (window.from_us, 0);
  ck_assert_int_ge (window.to_us, 100 * M);
}
END_TEST

START_TEST (a_pan_stops_following_and_the_edge_starts_it)
{
  ChsTimeWindow window;

  chs_time_view_pan (&view, 20 * M, 100 * M);
  ck_assert (!view.is_following);
  window = chs_time_view_window (&view, 100 * M);
  ck_assert_int_eq (window.to_us - window.from_us, 30 * M);
  ck_assert_int_lt (window.to_us, 82 * M);

  /* it stays there while time goes on */
  ck_assert_int_eq (chs_time_view_window (&view, 110 * M).to_us, window.to_us);

  chs_time_view_pan (&view, -200 * M, 110 * M);
  ck_assert (view.is_following);
}
END_TEST

START_TEST (a_pan_ends_at_the_beginning)
{
  chs_time_view_pan (&view, 1000 * M, 100 * M);
  ck_assert_int_eq (chs_time_view_window (&view, 100 * M).from_us, 0);
}
END_TEST

START_TEST (a_zoom_keeps_the_time_under_the_finger)
{
  ChsTimeWindow before, after;
  int64_t       at = 75 * M;
  double        place;

  chs_time_view_pan (&view, 20 * M, 100 * M);
  before = chs_time_view_window (&view, 100 * M);
  place = (double) (at - before.from_us) / (double) (before.to_us - before.from_us);
  chs_time_view_zoom (&view, 0.5, at, 100 * M);
  after = chs_time_view_window (&view, 100 * M);
  ck_assert_int_eq (after.to_us - after.from_us, 15 * M);
  ck_assert_double_eq_tol ((double) (at - after.from_us) / (double) (after.to_us - after.from_us), place, 0.01);
}
END_TEST

START_TEST (a_zoom_has_ends)
{
  ChsTimeWindow window;

  for (int i = 0; i < 40; i++)
    chs_time_view_zoom (&view, 0.5, 90 * M, 100 * M);
  window = chs_time_view_window (&view, 100 * M);
  ck_assert_int_eq (window.to_us - window.from_us, M);
  for (int i = 0; i < 40; i++)
    chs_time_view_zoom (&view, 2.0, 90 * M, 100 * M);
  window = chs_time_view_window (&view, 100 * M);
  ck_assert_int_le (window.to_us - window.from_us, 120 * M);
}
END_TEST

START_TEST (a_third_touch_begins_anew)
{
  chs_time_view_touch (&view, 1 * M);
  chs_time_view_touch (&view, 2 * M);
  ck_assert_int_eq (view.cursor_us, 1 * M);
  ck_assert_int_eq (view.cursor2_us, 2 * M);
  chs_time_view_touch (&view, 3 * M);
  ck_assert_int_eq (view.cursor_us, 3 * M);
  ck_assert_int_eq (view.cursor2_us, CHS_TIME_NONE);
}
END_TEST

START_TEST (a_moment_that_is_shown_stands_in_the_middle)
{
  ChsTimeWindow window;

  chs_time_view_set_span (&view, 20 * M);
  chs_time_view_show (&view, 50 * M, 120 * M);
  window = chs_time_view_window (&view, 120 * M);
  ck_assert_int_eq (window.from_us, 40 * M);
  ck_assert_int_eq (window.to_us, 60 * M);
  ck_assert_int_eq (window.cursor_us, 50 * M);
  ck_assert (!view.is_following);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("time-view");
  TCase *tcase = tcase_create ("window");

  tcase_add_checked_fixture (tcase, set_up, NULL);
  tcase_add_test (tcase, a_young_session_gets_a_narrow_window);
  tcase_add_test (tcase, an_old_one_scrolls);
  tcase_add_test (tcase, what_was_asked_for_is_given);
  tcase_add_test (tcase, a_pan_stops_following_and_the_edge_starts_it);
  tcase_add_test (tcase, a_pan_ends_at_the_beginning);
  tcase_add_test (tcase, a_zoom_keeps_the_time_under_the_finger);
  tcase_add_test (tcase, a_zoom_has_ends);
  tcase_add_test (tcase, a_third_touch_begins_anew);
  tcase_add_test (tcase, a_moment_that_is_shown_stands_in_the_middle);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

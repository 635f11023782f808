/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui-test.h"
#include "ui/rest.h"
#include "ui/session-therapy.h"

#include <math.h>
#include <string.h>

/* What the configuration of a chair does to its screen: the cover of a free chair, the hours of day and night, and the
 * therapies that the clinic uses. */

#define SETTINGS(more) "{\"look\":\"auto\",\"dim_min\":5,\"night_from\":1260,\"night_to\":390" more "}"
#define LONG_S (5 * 60)
#define NOON (12 * 60)
#define MIDNIGHT 0

static ChsScene *scene;
static ChsRest  *rest;

static void
open_case (const char *name, ChsSceneMode mode)
{
  ui_test_init ();
  scene = ui_test_scene (name, mode);
  chs_scene_take_settings (scene, SETTINGS (""));
  rest = g_object_ref_sink (g_object_new (CHS_TYPE_REST, NULL));
  chs_view_set_scene (rest, scene);
}

static void
close_case (void)
{
  g_assert_finalize_object (rest);
  g_assert_finalize_object (scene);
}

static gboolean
covers (gint64 untouched_s, int minute)
{
  chs_rest_look (rest, untouched_s, minute);

  return gtk_widget_get_visible (GTK_WIDGET (rest));
}

/* ---- the cover ---- */

static const struct {
  const char  *name;
  ChsSceneMode mode;
  gint64       untouched_s;
  gboolean     covers;
} rows[] = {
  { "nothing", CHS_SCENE_LIVE, LONG_S, TRUE },
  { "nothing", CHS_SCENE_LIVE, LONG_S - 1, FALSE },   /* somebody was here */
  { "nothing", CHS_SCENE_REPLAY, LONG_S, FALSE },     /* a recording that is looked at */
  { "quiet", CHS_SCENE_LIVE, 100 * LONG_S, FALSE },   /* a patient sits there */
  { "medium", CHS_SCENE_LIVE, 100 * LONG_S, FALSE },
  { "link-lost", CHS_SCENE_LIVE, 100 * LONG_S, FALSE },
};

START_TEST (only_an_idle_chair_is_covered)
{
  open_case (rows[_i].name, rows[_i].mode);
  ck_assert_msg (covers (rows[_i].untouched_s, NOON) == rows[_i].covers, "%s after %d s", rows[_i].name, (int) rows[_i].untouched_s);
  close_case ();
}
END_TEST

START_TEST (nothing_is_covered_where_the_clinic_wants_none)
{
  open_case ("nothing", CHS_SCENE_LIVE);
  chs_scene_take_settings (scene, "{\"dim_min\":0}");
  ck_assert (!covers (1000 * LONG_S, NOON));
  close_case ();
}
END_TEST

START_TEST (an_alarm_takes_the_cover_away_at_once)
{
  open_case ("nothing", CHS_SCENE_LIVE);
  ck_assert (covers (LONG_S, NOON));
  fake_engine.alarms[fake_engine.n_alarms++] = (ChsActiveAlarm){
    .alarm = { .id = 7, .label = CHS_LABEL_LINK_MONITOR, .priority = CHS_PRIORITY_MEDIUM, .value = NAN, .baseline = NAN, .limit = NAN },
    .state = CHS_ALARM_STATE_ACTIVE };
  chs_scene_touch (scene);
  chs_scene_flush (scene); /* one frame, not the next second */
  ck_assert (!gtk_widget_get_visible (GTK_WIDGET (rest)));
  close_case ();
}
END_TEST

START_TEST (a_touch_and_a_session_take_it_away)
{
  open_case ("nothing", CHS_SCENE_LIVE);
  ck_assert (covers (LONG_S, NOON));
  ck_assert (!covers (0, NOON));
  ck_assert (covers (LONG_S, NOON));
  fake_engine.session.phase = CHS_PHASE_PREPARED;
  chs_scene_touch (scene);
  chs_scene_flush (scene);
  ck_assert (!gtk_widget_get_visible (GTK_WIDGET (rest)));
  close_case ();
}
END_TEST

/* Against burn-in: never two minutes at one place. */
START_TEST (the_words_wander)
{
  GtkWidget *words;

  open_case ("nothing", CHS_SCENE_LIVE);
  words = gtk_widget_get_first_child (GTK_WIDGET (rest));
  for (int minute = NOON; minute < NOON + 30; minute++) {
    GtkAlign across = gtk_widget_get_halign (words), down = gtk_widget_get_valign (words);

    ck_assert (covers (LONG_S, minute));
    ck_assert (across != gtk_widget_get_halign (words) || down != gtk_widget_get_valign (words));
  }
  close_case ();
}
END_TEST

/* ---- day and night ---- */

static ChsLook
look_at (int minute)
{
  chs_rest_look (rest, 0, minute);

  return chs_scene_get_theme (scene)->look;
}

START_TEST (the_night_comes_by_the_hours)
{
  open_case ("quiet", CHS_SCENE_LIVE);
  ck_assert_int_eq (look_at (MIDNIGHT), CHS_LOOK_DAY); /* nobody said that this screen follows them */
  chs_rest_follow_hours (rest, TRUE);
  ck_assert_int_eq (look_at (21 * 60 - 1), CHS_LOOK_DAY);
  ck_assert_int_eq (look_at (21 * 60), CHS_LOOK_NIGHT);
  ck_assert_int_eq (look_at (MIDNIGHT), CHS_LOOK_NIGHT);
  ck_assert_int_eq (look_at (6 * 60 + 30), CHS_LOOK_DAY);
  close_case ();
}
END_TEST

START_TEST (what_somebody_chose_stays_until_the_next_change)
{
  open_case ("quiet", CHS_SCENE_LIVE);
  chs_rest_follow_hours (rest, TRUE);
  ck_assert_int_eq (look_at (MIDNIGHT), CHS_LOOK_NIGHT);
  chs_scene_set_look (scene, CHS_LOOK_DAY);
  ck_assert_int_eq (look_at (MIDNIGHT + 1), CHS_LOOK_DAY);
  ck_assert_int_eq (look_at (NOON), CHS_LOOK_DAY);
  ck_assert_int_eq (look_at (22 * 60), CHS_LOOK_NIGHT);
  close_case ();
}
END_TEST

START_TEST (a_look_of_the_configuration_knows_no_hours)
{
  open_case ("quiet", CHS_SCENE_LIVE);
  chs_rest_follow_hours (rest, TRUE);
  chs_scene_take_settings (scene, "{\"look\":\"contrast\",\"night_from\":1260,\"night_to\":390}");
  ck_assert_int_eq (look_at (MIDNIGHT), CHS_LOOK_CONTRAST);
  ck_assert_int_eq (look_at (NOON), CHS_LOOK_CONTRAST);
  close_case ();
}
END_TEST

/* ---- therapies of the clinic ---- */

static guint
count_offers (GtkWidget *widget, const char *id)
{
  guint n = CHS_IS_KEY (widget) && gtk_widget_get_visible (widget) && strcmp (gtk_widget_get_name (widget), id) == 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    n += count_offers (child, id);

  return n;
}

START_TEST (only_therapies_of_the_clinic_are_offered)
{
  GtkWidget *step;

  open_case ("quiet", CHS_SCENE_LIVE);
  step = g_object_ref_sink (g_object_new (CHS_TYPE_SESSION_THERAPY, NULL));
  chs_view_set_scene (step, scene);
  chs_scene_flush (scene);
  ck_assert_uint_eq (count_offers (step, "hydration"), 1);
  ck_assert_uint_eq (count_offers (step, "vitc_15g"), 1);
  chs_scene_take_settings (scene, SETTINGS (",\"therapies\":[\"vitc_15g\"]"));
  chs_scene_touch (scene);
  chs_scene_flush (scene);
  ck_assert_uint_eq (count_offers (step, "hydration"), 0);
  ck_assert_uint_eq (count_offers (step, "vitc_15g"), 1);
  chs_scene_take_settings (scene, SETTINGS ("")); /* none named: the whole library */
  chs_scene_touch (scene);
  chs_scene_flush (scene);
  ck_assert_uint_eq (count_offers (step, "hydration"), 1);
  g_assert_finalize_object (step);
  close_case ();
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-rest");
  TCase *tcase = tcase_create ("rest");

  tcase_set_timeout (tcase, 20);
  tcase_add_loop_test (tcase, only_an_idle_chair_is_covered, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tcase, nothing_is_covered_where_the_clinic_wants_none);
  tcase_add_test (tcase, an_alarm_takes_the_cover_away_at_once);
  tcase_add_test (tcase, a_touch_and_a_session_take_it_away);
  tcase_add_test (tcase, the_words_wander);
  tcase_add_test (tcase, the_night_comes_by_the_hours);
  tcase_add_test (tcase, what_somebody_chose_stays_until_the_next_change);
  tcase_add_test (tcase, a_look_of_the_configuration_knows_no_hours);
  tcase_add_test (tcase, only_therapies_of_the_clinic_are_offered);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)

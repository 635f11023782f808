/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui-test.h"
#include "ui/alarm-bar.h"
#include "ui/alarm-row.h"
#include "ui/announcer.h"
#include "ui/chart-view.h"
#include "ui/entry-pad.h"
#include "ui/key.h"
#include "ui/notice.h"
#include "ui/say.h"
#include "ui/symptom-page.h"
#include "ui/vital-tile.h"

#include "app/symptom.h"

#include <math.h>
#include <string.h>

static ChsScene *scene;

static void
set_up (void)
{
  ui_test_init ();
  scene = ui_test_scene ("quiet", CHS_SCENE_LIVE);
}

static void
tear_down (void)
{
  g_clear_object (&scene);
}

static void
feed_hr (double value)
{
  ChsEvent event = chs_numeric (CHS_PARAM_HR, value);

  event.seq = 1000000;
  event.t_us = CASE_NOW;
  event.source = 1;
  chs_scene_feed (scene, &event);
}

/* ---- panes ---- */

START_TEST (a_new_value_redraws_its_tile_once)
{
  ChsPane *hr = g_object_ref_sink (CHS_PANE (chs_vital_tile_new (CHS_PARAM_HR)));
  ChsPane *spo2 = g_object_ref_sink (CHS_PANE (chs_vital_tile_new (CHS_PARAM_SPO2)));
  guint    n_hr, n_spo2;

  chs_view_set_scene (hr, scene);
  chs_view_set_scene (spo2, scene);
  feed_hr (90);
  chs_scene_flush (scene);
  n_hr = chs_pane_get_n_redraws (hr);
  n_spo2 = chs_pane_get_n_redraws (spo2);

  chs_scene_touch (scene);
  ck_assert (chs_scene_flush (scene)); /* nothing new */
  ck_assert_uint_eq (chs_pane_get_n_redraws (hr), n_hr);

  feed_hr (104);
  ck_assert (chs_scene_flush (scene));
  ck_assert_uint_eq (chs_pane_get_n_redraws (hr), n_hr + 1);
  ck_assert_uint_eq (chs_pane_get_n_redraws (spo2), n_spo2);

  ck_assert (!chs_scene_flush (scene)); /* no frame without a change */
  g_assert_finalize_object (hr);
  g_assert_finalize_object (spo2);
}
END_TEST

START_TEST (a_tile_says_what_it_shows)
{
  GtkWidget *tile = g_object_ref_sink (chs_vital_tile_new (CHS_PARAM_HR));
  g_autofree char *want = NULL, *all = NULL;

  chs_view_set_scene (tile, scene);
  feed_hr (104);
  chs_scene_flush (scene);
  want = chs_tile_text (chs_scene_get_model (scene), CHS_PARAM_HR, chs_scene_get_now_us (scene), chs_scene_get_theme (scene));
  ck_assert_ptr_nonnull (strstr (want, "104"));
  ck_assert_ptr_nonnull (strstr (want, "/min"));
  all = g_strconcat (want, ", limits 50 to 120", NULL);
  gtk_test_accessible_assert_property (tile, GTK_ACCESSIBLE_PROPERTY_LABEL, all);
  g_assert_finalize_object (tile);
}
END_TEST

START_TEST (a_wave_block_redraws_no_tile)
{
  static const int16_t samples[] = { 1, 2, 3 };
  ChsPane *hr = g_object_ref_sink (CHS_PANE (chs_vital_tile_new (CHS_PARAM_HR)));
  ChsEvent event = { .type = CHS_EVENT_WAVE, .seq = 2000000, .t_us = CASE_NOW, .source = 1,
                     .wave = { .param = CHS_PARAM_ECG_WAVE, .n = 3, .rate_hz = 100, .scale = 1, .samples = samples } };

  chs_view_set_scene (hr, scene);
  chs_scene_flush (scene);
  chs_scene_feed (scene, &event);
  ck_assert (!chs_scene_flush (scene));
  g_assert_finalize_object (hr);
}
END_TEST

/* ---- keys ---- */

static guint n_clicks;

static void
on_clicked (void)
{
  n_clicks++;
}

START_TEST (a_bouncing_touch_counts_once)
{
  GtkWidget *key = g_object_ref_sink (chs_key_new ("Mark", NULL));

  g_signal_connect (key, "clicked", G_CALLBACK (on_clicked), NULL);
  g_signal_emit_by_name (key, "clicked");
  ui_test_run (30);
  g_signal_emit_by_name (key, "clicked");
  ck_assert_uint_eq (n_clicks, 1);
  ui_test_run (200);
  g_signal_emit_by_name (key, "clicked");
  ck_assert_uint_eq (n_clicks, 2);
  g_assert_finalize_object (key);
}
END_TEST

static char *
dup_accessible (GtkWidget *widget, GtkAccessibleProperty property)
{
  return gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, "?");
}

START_TEST (a_chart_tells_what_stands_on_it)
{
  static const char *const wanted[] = { "Pressures, newest first: 10:44 121/75; ", "Rate of pump 1 Magnesium, newest first: ", "150 mL/h" };
  GtkWidget       *chart = g_object_ref_sink (chs_chart_view_new ());
  g_autofree char *text = NULL;

  chs_view_set_scene (chart, scene);
  chs_scene_touch (scene);
  chs_scene_flush (scene);
  text = dup_accessible (chart, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    ck_assert_msg (strstr (text, wanted[i]) != NULL, "no \"%s\" in \"%s\"", wanted[i], text);
  g_assert_finalize_object (chart);
}
END_TEST

/* A reader speaks each change of the name of what has the focus: a countdown must not be one. */
START_TEST (a_countdown_is_silent_on_the_key_that_has_the_focus)
{
  GtkWidget *window = gtk_window_new (), *key = chs_key_new ("Session", NULL), *other = chs_key_new ("Mark", NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_append (GTK_BOX (box), key);
  gtk_box_append (GTK_BOX (box), other);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_grab_focus (key);
  ui_test_run (300);
  ck_assert (gtk_widget_has_focus (key));

  chs_key_set_hint (CHS_KEY (key), "cuff in 2:10");
  chs_key_set_hint (CHS_KEY (key), "cuff in 2:09");
  gtk_test_accessible_assert_property (key, GTK_ACCESSIBLE_PROPERTY_LABEL, "Session, cuff in 2:10");
  chs_key_set_hint (CHS_KEY (key), "cuff due 0:01 ago");
  gtk_test_accessible_assert_property (key, GTK_ACCESSIBLE_PROPERTY_LABEL, "Session, cuff due 0:01 ago");
  chs_key_set_hint (CHS_KEY (key), "cuff due 0:02 ago");
  gtk_widget_grab_focus (other);
  gtk_test_accessible_assert_property (key, GTK_ACCESSIBLE_PROPERTY_LABEL, "Session, cuff due 0:02 ago");
  gtk_window_destroy (GTK_WINDOW (window));
}
END_TEST

START_TEST (a_chosen_key_says_so)
{
  GtkWidget *key = g_object_ref_sink (chs_key_new ("Night", NULL));

  chs_key_set_active (key, TRUE);
  gtk_test_accessible_assert_property (key, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "chosen");
  gtk_test_accessible_assert_state (key, GTK_ACCESSIBLE_STATE_PRESSED, GTK_ACCESSIBLE_TRISTATE_TRUE);
  chs_key_set_active (key, FALSE);
  ck_assert (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (key), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
  g_assert_finalize_object (key);
}
END_TEST

START_TEST (a_key_has_a_name)
{
  GtkWidget *key = g_object_ref_sink (chs_key_new ("Site check", NULL));

  gtk_test_accessible_assert_property (key, GTK_ACCESSIBLE_PROPERTY_LABEL, "Site check");
  chs_key_set_hint (CHS_KEY (key), "last 10:20");
  gtk_test_accessible_assert_property (key, GTK_ACCESSIBLE_PROPERTY_LABEL, "Site check, last 10:20");
  gtk_test_accessible_assert_role (key, GTK_ACCESSIBLE_ROLE_BUTTON);
  g_assert_finalize_object (key);
}
END_TEST

/* ---- alarms ---- */

START_TEST (clause_6_3_1_an_alarm_row_says_priority_what_and_what_to_do)
{
  g_autoptr (ChsScene) alarming = ui_test_scene ("high", CHS_SCENE_LIVE);
  GtkWidget           *row = g_object_ref_sink (chs_alarm_row_new ());
  guint                n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_scene_get_engine (alarming), &n);

  ck_assert_uint_gt (n, 0);
  chs_view_set_scene (row, alarming);
  chs_alarm_row_show (CHS_ALARM_ROW (row), &alarms[0], TRUE);
  gtk_test_accessible_assert_role (row, GTK_ACCESSIBLE_ROLE_ALERT);
  ck_assert (gtk_widget_has_css_class (row, "high"));
  ck_assert (chs_alarm_row_flash (CHS_ALARM_ROW (row), 0));
  g_assert_finalize_object (row);
}
END_TEST

/* ---- read aloud ---- */

#define SPOKEN_US (20 * G_USEC_PER_SEC) /* longer than the longest sentence */

/* What was told last is the name of the window. */
static void
check_told (GtkWidget *window, const char *begins)
{
  g_autofree char *all = gtk_test_accessible_check_property (GTK_ACCESSIBLE (window), GTK_ACCESSIBLE_PROPERTY_LABEL, "?");

  ck_assert_msg (g_str_has_prefix (all, begins), "told \"%s\", wanted \"%s\"", all, begins);
}

START_TEST (a_high_alarm_is_told_at_once_and_others_take_turns)
{
  g_autoptr (ChsScene)     alarming = ui_test_scene ("high", CHS_SCENE_LIVE);
  GtkWidget               *window = gtk_window_new ();
  g_autoptr (ChsAnnouncer) announcer = chs_announcer_new (window);
  gint64                   now_us = 1;
  ChsActiveAlarm           high = fake_engine.alarms[0];

  /* the HIGH is not there yet; a reader must know the window before anything is told */
  memmove (&fake_engine.alarms[0], &fake_engine.alarms[1], --fake_engine.n_alarms * sizeof high);
  chs_announcer_look (announcer, alarming, now_us);
  check_told (window, "");
  chs_announcer_take_turns (announcer, now_us += 3 * G_USEC_PER_SEC);
  check_told (window, "medium priority: Fast heart rate");

  /* a LOW and an answer wait, the HIGH does not */
  chs_announcer_say (announcer, "Marked 10:42", CHS_URGENCY_ANSWER, now_us += 100000);
  check_told (window, "medium priority: ");
  fake_engine.alarms[fake_engine.n_alarms++] = high;
  chs_announcer_look (announcer, alarming, now_us += 100000);
  check_told (window, "high priority: ");
  chs_announcer_look (announcer, alarming, now_us += 100000);
  check_told (window, "high priority: ");
  chs_announcer_take_turns (announcer, now_us += SPOKEN_US);
  check_told (window, "low priority: "); /* the MEDIUM between them was seen: not told */
  chs_announcer_take_turns (announcer, now_us += SPOKEN_US);
  check_told (window, "low priority: "); /* the answer is stale, and no sentence is told twice */
  gtk_window_destroy (GTK_WINDOW (window));
}
END_TEST

START_TEST (each_state_of_an_alarm_is_told_once)
{
  g_autoptr (ChsScene)     alarming = ui_test_scene ("rate", CHS_SCENE_LIVE);
  GtkWidget               *window = gtk_window_new ();
  g_autoptr (ChsAnnouncer) announcer = chs_announcer_new (window);
  ChsActiveAlarm          *alarm = &fake_engine.alarms[0];
  gint64                   now_us = 1;

  gtk_widget_set_direction (window, GTK_TEXT_DIR_RTL); /* no difference */
  chs_announcer_look (announcer, alarming, now_us);
  chs_announcer_take_turns (announcer, now_us += SPOKEN_US);
  check_told (window, "medium priority: ");

  /* seen, other numbers: nothing */
  chs_announcer_say (announcer, "-", CHS_URGENCY_ANSWER, now_us += SPOKEN_US);
  alarm->state = CHS_ALARM_STATE_ACKNOWLEDGED;
  alarm->alarm.value = 720;
  chs_announcer_look (announcer, alarming, now_us += SPOKEN_US);
  check_told (window, "-");

  /* worse */
  alarm->state = CHS_ALARM_STATE_ACTIVE;
  alarm->alarm.priority = CHS_PRIORITY_HIGH;
  alarm->raised_us += CASE_MIN;
  chs_announcer_look (announcer, alarming, now_us += SPOKEN_US);
  check_told (window, "high priority: ");

  /* over, and then it comes again */
  fake_engine.n_alarms = 0;
  chs_announcer_look (announcer, alarming, now_us += SPOKEN_US);
  check_told (window, "Over: ");
  fake_engine.n_alarms = 1;
  alarm->raised_us += CASE_MIN;
  chs_announcer_look (announcer, alarming, now_us += SPOKEN_US);
  check_told (window, "high priority: ");

  /* over before anybody could be told of it: not a word */
  chs_announcer_say (announcer, "-", CHS_URGENCY_HIGH, now_us += SPOKEN_US);
  alarm->raised_us += CASE_MIN;
  chs_announcer_look (announcer, alarming, now_us += 1);
  fake_engine.n_alarms = 0;
  chs_announcer_look (announcer, alarming, now_us += 1);
  chs_announcer_take_turns (announcer, now_us += SPOKEN_US);
  check_told (window, "-");
  gtk_window_destroy (GTK_WINDOW (window));
}
END_TEST

/* 2.0 Hz and 0.6 Hz at 50 %: counted over ten seconds of a clock that is ours. Source: alarm-standard.md section 3. */
static const struct {
  const char *name;
  int         index; /* in the case "high" */
  double      hz;
} flashes[] = { { "high", 0, 2.0 }, { "medium", 1, 0.6 } };

START_TEST (the_fill_flashes_as_the_standard_says)
{
  g_autoptr (ChsScene) alarming = ui_test_scene ("high", CHS_SCENE_LIVE);
  GtkWidget           *row = g_object_ref_sink (chs_alarm_row_new ());
  guint                n, n_edges = 0, n_lit = 0;
  gboolean             was_dim = FALSE;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_scene_get_engine (alarming), &n);

  chs_view_set_scene (row, alarming);
  chs_alarm_row_show (CHS_ALARM_ROW (row), &alarms[flashes[_i].index], FALSE);
  for (int ms = 0; ms < 10000; ms += 10) {
    gboolean is_dim;

    chs_alarm_row_flash (CHS_ALARM_ROW (row), ms * 1000);
    is_dim = gtk_widget_has_css_class (row, "dim");
    n_edges += is_dim && !was_dim;
    n_lit += !is_dim;
    was_dim = is_dim;
  }
  ck_assert_msg (fabs (n_edges / 10.0 - flashes[_i].hz) <= 0.1, "%s: %u in 10 s", flashes[_i].name, n_edges);
  ck_assert_msg (n_lit >= 450 && n_lit <= 560, "%s: lit %u of 1000", flashes[_i].name, n_lit);
  g_assert_finalize_object (row);
}
END_TEST

START_TEST (what_was_seen_does_not_flash)
{
  g_autoptr (ChsScene) alarming = ui_test_scene ("high", CHS_SCENE_LIVE);
  GtkWidget           *row = g_object_ref_sink (chs_alarm_row_new ());
  ChsActiveAlarm       alarm = fake_engine.alarms[0];

  alarm.state = CHS_ALARM_STATE_ACKNOWLEDGED;
  chs_view_set_scene (row, alarming);
  chs_alarm_row_show (CHS_ALARM_ROW (row), &alarm, TRUE);
  ck_assert (!chs_alarm_row_flash (CHS_ALARM_ROW (row), 300000));
  ck_assert (!gtk_widget_has_css_class (row, "dim"));
  ck_assert (gtk_widget_has_css_class (row, "seen"));
  g_assert_finalize_object (row);
}
END_TEST

/* ---- touches ---- */

static ChsNurse sent;
static guint    n_sent;

static gboolean
take_nurse (gpointer user_data, const ChsNurse *nurse)
{
  sent = *nurse;
  n_sent++;

  return TRUE;
}

static const ChsSceneActions taking = { .nurse = take_nurse };
static guint                 n_refused;

static void
on_refused (void)
{
  n_refused++;
}

START_TEST (nothing_is_entered_in_a_replay)
{
  g_autoptr (ChsScene) replay = ui_test_scene ("quiet", CHS_SCENE_REPLAY);

  chs_scene_set_actions (replay, &taking, NULL);
  g_signal_connect (replay, "refused", G_CALLBACK (on_refused), NULL);
  ck_assert (!chs_scene_nurse (replay, CHS_NURSE_ACK, "", NAN));
  ck_assert_uint_eq (n_sent, 0);
  ck_assert_uint_eq (n_refused, 1);
}
END_TEST

START_TEST (without_a_monitor_a_touch_is_refused_aloud)
{
  g_signal_connect (scene, "refused", G_CALLBACK (on_refused), NULL);
  ck_assert (!chs_scene_nurse (scene, CHS_NURSE_MARK, NULL, NAN));
  ck_assert_uint_eq (n_refused, 1);
}
END_TEST

START_TEST (a_touch_becomes_an_event)
{
  chs_scene_set_actions (scene, &taking, NULL);
  ck_assert (chs_scene_nurse (scene, CHS_NURSE_SYMPTOM, "hives", NAN));
  ck_assert_int_eq (sent.action, CHS_NURSE_SYMPTOM);
  ck_assert_str_eq (sent.what, "hives");
  ck_assert_int_eq (sent.at_us, CHS_TIME_NONE);
}
END_TEST

static guint n_undone;

static void
on_undo (gpointer user_data)
{
  n_undone++;
}

START_TEST (an_undo_works_once)
{
  ChsNotice *notice = g_object_ref_sink (g_object_new (CHS_TYPE_NOTICE, NULL));

  ck_assert (!chs_notice_undo (notice));
  chs_notice_show (notice, "Warmth entered", on_undo, NULL, NULL);
  ck_assert (gtk_widget_get_visible (GTK_WIDGET (notice)));
  ck_assert (chs_notice_undo (notice));
  ck_assert (!chs_notice_undo (notice));
  ck_assert_uint_eq (n_undone, 1);
  ck_assert (!gtk_widget_get_visible (GTK_WIDGET (notice)));
  g_assert_finalize_object (notice);
}
END_TEST

/* ---- symptoms ---- */

static const struct {
  const char *name;
  ChsTherapy  therapy;
  const char *first;
} orders[] = {
  { "magnesium", { .mg_mmol_per_ml = 0.06 }, "heat" },
  { "lidocaine", { .lidocaine_mg_per_ml = 2 }, "perioral_numbness" },
  { "lidocaine goes before magnesium", { .lidocaine_mg_per_ml = 2, .mg_mmol_per_ml = 0.04 }, "perioral_numbness" },
  { "ketamine", { .ketamine_mg_per_ml = 1 }, "unresponsive_to_voice" },
  { "anything", { .mg_mmol_per_ml = 0 }, "itching" },
};

START_TEST (symptoms_are_in_the_order_of_the_therapy_and_complete)
{
  unsigned            n;
  const ChsSymptom   *all = chs_symptoms (&n);
  g_autofree guint   *order = g_new (guint, n);
  g_autofree gboolean *seen = g_new0 (gboolean, n);

  chs_symptom_order (&orders[_i].therapy, order, n);
  ck_assert_msg (strcmp (all[order[0]].id, orders[_i].first) == 0, "%s: %s", orders[_i].name, all[order[0]].id);
  for (guint i = 0; i < n; i++) {
    ck_assert_uint_lt (order[i], n);
    ck_assert_msg (!seen[order[i]], "%s: %s twice", orders[_i].name, all[order[i]].id);
    seen[order[i]] = TRUE;
  }
}
END_TEST

/* ---- the pad ---- */

static char *answered;

static void
on_answer (const char *value, gpointer user_data)
{
  g_free (answered);
  answered = g_strdup (value);
}

static GtkWidget *
find_child (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = find_child (child, type);

    if (found)
      return found;
  }

  return NULL;
}

static const struct {
  const char *typed, *want; /* NULL = refused */
} typed[] = { { "62,5", "62.5" }, { "62.5", "62.5" }, { "580", NULL }, { "12", NULL }, { "abc", NULL }, { "", NULL } };

START_TEST (a_number_outside_its_range_is_refused)
{
  ChsEntryPad *pad = g_object_ref_sink (CHS_ENTRY_PAD (chs_entry_pad_new ()));
  GtkWidget   *entry = find_child (GTK_WIDGET (pad), GTK_TYPE_ENTRY);

  chs_entry_pad_ask_number (pad, "Weight", "kg", 35, 250, on_answer, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), typed[_i].typed);
  g_signal_emit_by_name (entry, "activate");
  if (typed[_i].want == NULL) {
    g_autofree char *told = dup_accessible (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);

    ck_assert_msg (strcmp (told, "35 to 250 kg") != 0, "the refusal of \"%s\" is told as \"%s\"", typed[_i].typed, told);
  }
  ck_assert_msg (g_strcmp0 (answered, typed[_i].want) == 0, "\"%s\" gave \"%s\"", typed[_i].typed, answered);
  g_assert_finalize_object (pad);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-widgets");
  TCase *tcase = tcase_create ("widgets");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, a_new_value_redraws_its_tile_once);
  tcase_add_test (tcase, a_tile_says_what_it_shows);
  tcase_add_test (tcase, a_wave_block_redraws_no_tile);
  tcase_add_test (tcase, a_bouncing_touch_counts_once);
  tcase_add_test (tcase, a_key_has_a_name);
  tcase_add_test (tcase, a_chart_tells_what_stands_on_it);
  tcase_add_test (tcase, a_countdown_is_silent_on_the_key_that_has_the_focus);
  tcase_add_test (tcase, a_chosen_key_says_so);
  tcase_add_test (tcase, clause_6_3_1_an_alarm_row_says_priority_what_and_what_to_do);
  tcase_add_test (tcase, a_high_alarm_is_told_at_once_and_others_take_turns);
  tcase_add_test (tcase, each_state_of_an_alarm_is_told_once);
  tcase_add_loop_test (tcase, the_fill_flashes_as_the_standard_says, 0, G_N_ELEMENTS (flashes));
  tcase_add_test (tcase, what_was_seen_does_not_flash);
  tcase_add_test (tcase, nothing_is_entered_in_a_replay);
  tcase_add_test (tcase, without_a_monitor_a_touch_is_refused_aloud);
  tcase_add_test (tcase, a_touch_becomes_an_event);
  tcase_add_test (tcase, an_undo_works_once);
  tcase_add_loop_test (tcase, symptoms_are_in_the_order_of_the_therapy_and_complete, 0, G_N_ELEMENTS (orders));
  tcase_add_loop_test (tcase, a_number_outside_its_range_is_refused, 0, G_N_ELEMENTS (typed));
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)

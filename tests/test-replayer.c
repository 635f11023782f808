/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store.h"
#include "tests/check-main.h"
#include "ui/replayer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A recording made here: 90 minutes, a reading every 3 minutes, a fall of the pressure in the middle. */
#define S G_GINT64_CONSTANT (1000000)
#define M (60 * S)
#define END (90 * M)
#define FALL (45 * M)
#define WALL_0 G_GINT64_CONSTANT (1793700000000000)

static char *folder, *path;

typedef struct {
  ChsStoreWriter *writer;
  guint64         seq;
} Recording;

static void
append (Recording *recording, ChsEvent event, guint8 source, int64_t t_us)
{
  event.seq = ++recording->seq;
  event.t_us = t_us;
  event.wall_us = WALL_0 + t_us;
  event.source = source;
  chs_store_writer_append (recording->writer, &event);
}

static void
append_cuff (Recording *recording, int64_t t_us)
{
  const double   sys = t_us < FALL ? 124 : 78;
  const ChsParam params[] = { CHS_PARAM_NIBP_SYS, CHS_PARAM_NIBP_DIA, CHS_PARAM_NIBP_MEAN };
  const double   values[] = { sys, sys - 44, sys - 28 };

  for (guint i = 0; i < G_N_ELEMENTS (params); i++) {
    ChsEvent event = chs_numeric (params[i], values[i]);

    event.numeric.meas_us = t_us;
    event.numeric.time_mark = CHS_TIME_MARK_EXACT;
    append (recording, event, 1, t_us);
  }
}

static void
append_link (Recording *recording)
{
  ChsEvent event = { .type = CHS_EVENT_LINK, .link = { .state = CHS_LINK_UP, .name = "monitor" } };

  append (recording, event, 1, 0);
}

static void
make_recording (void)
{
  const ChsStoreMeta meta = { .session_id = (char *) "replayer", .chair = (char *) "1", .start_wall_us = WALL_0 };
  Recording          recording = { 0 };

  folder = g_dir_make_tmp ("chairside-replayer-XXXXXX", NULL);
  path = g_build_filename (folder, "session.chairside", NULL);
  recording.writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  ck_assert_ptr_nonnull (recording.writer);
  append_link (&recording);
  for (int64_t t = S; t <= END; t += S) {
    append (&recording, chs_numeric (CHS_PARAM_HR, 72 + (double) (t / S % 7)), 1, t);
    append (&recording, chs_numeric (CHS_PARAM_SPO2, 97), 1, t);
    append (&recording, chs_numeric (CHS_PARAM_RR, 14), 1, t);
    if (t % (3 * M) == 0)
      append_cuff (&recording, t);
    append (&recording, (ChsEvent){ .type = CHS_EVENT_TICK }, 0, t);
  }
  ck_assert (chs_store_writer_close (recording.writer, TRUE, NULL));
}

static ChsReplayer *replayer;
static ChsScene    *scene;

static void
set_up (void)
{
  GError *error = NULL;

  make_recording ();
  replayer = chs_replayer_load (path, NULL, &error);
  ck_assert_msg (replayer != NULL, "%s", error ? error->message : "");
  scene = chs_scene_new (chs_replayer_get_profile (replayer), CHS_SCENE_REPLAY);
  chs_replayer_set_scene (replayer, scene);
}

static void
tear_down (void)
{
  g_clear_object (&replayer);
  g_clear_object (&scene);
  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
}

/* Everything a nurse would read at this moment, as one text. */
static char *
describe (void)
{
  const ChsChairModel  *model = chs_scene_get_model (scene);
  GString              *text = g_string_new (NULL);
  guint                 n, n_cuffs, n_marks;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_scene_get_engine (scene), &n);

  chs_chair_model_get_cuffs (model, &n_cuffs);
  chs_chair_model_get_marks (model, &n_marks);
  g_string_append_printf (text, "t %" G_GINT64_FORMAT " sys %g hr %g cuffs %u marks %u\n", chs_scene_get_now_us (scene),
                          chs_chair_model_get_value (model, CHS_PARAM_NIBP_SYS, chs_scene_get_now_us (scene)).value,
                          chs_chair_model_get_value (model, CHS_PARAM_HR, chs_scene_get_now_us (scene)).value, n_cuffs, n_marks);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s %u %u\n", chs_label_id (alarms[i].alarm.label), alarms[i].alarm.priority, alarms[i].state);

  return g_string_free (text, FALSE);
}

START_TEST (it_stands_at_the_start)
{
  ck_assert_int_eq (chs_replayer_get_end_us (replayer), END);
  ck_assert_int_eq (chs_replayer_get_position_us (replayer), 0);
  ck_assert_ptr_null (chs_replayer_get_damage (replayer));
  ck_assert (!chs_replayer_is_playing (replayer));
}
END_TEST

/* Played at one second a frame, jumped to from the start, jumped to from the end: the same chair. */
static const int64_t places[] = { 0, 7 * M, 44 * M, FALL, FALL + 7 * M, 61 * M + 500000, END };

START_TEST (a_jump_shows_what_playing_shows)
{
  g_autofree char *played = NULL, *forward = NULL, *backward = NULL;

  chs_replayer_set_speed (replayer, 256);
  chs_replayer_set_playing (replayer, TRUE);
  while (chs_replayer_get_position_us (replayer) + 256 * S <= places[_i])
    chs_replayer_advance (replayer, S);
  chs_replayer_set_playing (replayer, FALSE);
  chs_replayer_seek (replayer, places[_i]);
  played = describe ();

  chs_replayer_seek (replayer, 0);
  chs_replayer_seek (replayer, places[_i]);
  forward = describe ();
  chs_replayer_seek (replayer, END);
  chs_replayer_seek (replayer, places[_i]);
  backward = describe ();

  ck_assert_str_eq (forward, played);
  ck_assert_str_eq (backward, played);
}
END_TEST

START_TEST (the_fall_is_alarmed_and_found)
{
  guint n;

  ck_assert (chs_replayer_seek_alarm (replayer, 1));
  while (chs_replayer_get_position_us (replayer) < FALL)
    ck_assert (chs_replayer_seek_alarm (replayer, 1));
  ck_assert_int_lt (chs_replayer_get_position_us (replayer), FALL + 10 * M);
  chs_engine_get_alarms (chs_scene_get_engine (scene), &n);
  ck_assert_uint_gt (n, 0);

  chs_replayer_seek (replayer, END);
  ck_assert (!chs_replayer_seek_alarm (replayer, 1));
  ck_assert (chs_replayer_seek_alarm (replayer, -1));
}
END_TEST

START_TEST (full_speed_reaches_the_end_and_stops)
{
  chs_replayer_set_speed (replayer, CHS_REPLAY_MAX);
  chs_replayer_set_playing (replayer, TRUE);
  for (int i = 0; i < 10000 && chs_replayer_is_playing (replayer); i++)
    chs_replayer_advance (replayer, 16667);
  ck_assert_int_eq (chs_replayer_get_position_us (replayer), END);
  ck_assert (!chs_replayer_is_playing (replayer));
}
END_TEST

static const struct {
  double from;
  int    direction;
  double want;
} steps[] = {
  { 1, 1, 2 }, { 1, -1, 0.5 }, { 0.25, -1, 0.25 }, { 128, 1, 256 }, { 256, 1, CHS_REPLAY_MAX }, { CHS_REPLAY_MAX, -1, 256 },
  { CHS_REPLAY_MAX, 1, CHS_REPLAY_MAX },
};

START_TEST (speed_goes_in_steps)
{
  chs_replayer_set_speed (replayer, steps[_i].from);
  chs_replayer_change_speed (replayer, steps[_i].direction);
  ck_assert_double_eq (chs_replayer_get_speed (replayer), steps[_i].want);
}
END_TEST

/* Every event there and back: each step on shows what the step back from the next one shows. */
START_TEST (steps_go_event_by_event_and_back)
{
  ChsEvent         on = { 0 }, back = { 0 };
  g_autofree char *first = NULL, *third = NULL, *again = NULL;

  chs_replayer_seek (replayer, 7 * M);
  ck_assert (chs_replayer_step (replayer, 1, &on));
  first = describe ();
  ck_assert_uint_ne (on.type, CHS_EVENT_TICK);
  for (int i = 0; i < 10; i++)
    ck_assert (chs_replayer_step (replayer, 1, &on));
  third = describe ();
  ck_assert_int_gt (chs_replayer_get_position_us (replayer), 7 * M);
  for (int i = 0; i < 10; i++)
    ck_assert (chs_replayer_step (replayer, -1, &back));
  again = describe ();
  ck_assert_str_eq (again, first);
  for (int i = 0; i < 10; i++)
    ck_assert (chs_replayer_step (replayer, 1, &back));
  g_free (again);
  again = describe ();
  ck_assert_str_eq (again, third);
  ck_assert_uint_eq (back.seq, on.seq);

  chs_replayer_seek (replayer, 0);
  ck_assert (!chs_replayer_step (replayer, -1, &back));
  chs_replayer_seek (replayer, END);
  ck_assert (!chs_replayer_step (replayer, 1, &on));
  ck_assert (chs_replayer_step (replayer, -1, &back));
}
END_TEST

START_TEST (a_loop_is_played_again_and_again)
{
  gboolean was_back = FALSE;

  chs_replayer_seek (replayer, 10 * M);
  chs_replayer_set_loop (replayer, 12 * M, 10 * M);
  ck_assert_int_eq (chs_replayer_get_loop_from_us (replayer), 10 * M);
  chs_replayer_set_speed (replayer, 16);
  chs_replayer_set_playing (replayer, TRUE);
  for (int i = 0; i < 60; i++) {
    int64_t before = chs_replayer_get_position_us (replayer);

    chs_replayer_advance (replayer, S);
    was_back |= chs_replayer_get_position_us (replayer) < before;
    ck_assert_int_ge (chs_replayer_get_position_us (replayer), 10 * M);
    ck_assert_int_lt (chs_replayer_get_position_us (replayer), 12 * M + 16 * S);
  }
  ck_assert (was_back);
  chs_replayer_set_loop (replayer, CHS_TIME_NONE, CHS_TIME_NONE);
  for (int i = 0; i < 60; i++)
    chs_replayer_advance (replayer, S);
  ck_assert_int_gt (chs_replayer_get_position_us (replayer), 13 * M);
}
END_TEST

START_TEST (markers_come_back_with_the_recording)
{
  g_autofree char  *file = g_strconcat (path, CHS_MARKERS_SUFFIX, NULL);
  ChsReplayer      *again;
  const ChsMarker  *markers;
  guint             n;

  ck_assert (chs_replayer_set_marker (replayer, 5 * M, "cuff moved", NULL));
  again = chs_replayer_load (path, NULL, NULL);
  markers = chs_replayer_get_markers (again, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_str_eq (markers[0].name, "cuff moved");
  ck_assert (chs_replayer_set_marker (again, 5 * M, NULL, NULL));
  chs_replayer_get_markers (again, &n);
  ck_assert_uint_eq (n, 0);
  g_object_unref (again);
  g_unlink (file);
}
END_TEST

static gboolean
count_event (const ChsEvent *event, gpointer n)
{
  return ++*(guint *) n < 1000000;
}

START_TEST (the_whole_journal_can_be_asked_for)
{
  guint n = 0;

  chs_replayer_foreach (replayer, count_event, &n);
  ck_assert_uint_eq (n, 90 * 60 * 4 + 30 * 3 + 1);
}
END_TEST

START_TEST (what_is_no_recording_is_refused)
{
  g_autofree char *other = g_build_filename (folder, "no.chairside", NULL);
  GError          *error = NULL;

  ck_assert (g_file_set_contents (other, "not a recording", -1, NULL));
  ck_assert_ptr_null (chs_replayer_load (other, NULL, &error));
  ck_assert_ptr_nonnull (error);
  ck_assert_ptr_nonnull (strstr (error->message, "no.chairside"));
  g_clear_error (&error);
  g_unlink (other);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("replayer");
  TCase *tcase = tcase_create ("replay");

  tcase_set_timeout (tcase, 30);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, it_stands_at_the_start);
  tcase_add_loop_test (tcase, a_jump_shows_what_playing_shows, 0, G_N_ELEMENTS (places));
  tcase_add_test (tcase, the_fall_is_alarmed_and_found);
  tcase_add_test (tcase, full_speed_reaches_the_end_and_stops);
  tcase_add_loop_test (tcase, speed_goes_in_steps, 0, G_N_ELEMENTS (steps));
  tcase_add_test (tcase, steps_go_event_by_event_and_back);
  tcase_add_test (tcase, a_loop_is_played_again_and_again);
  tcase_add_test (tcase, markers_come_back_with_the_recording);
  tcase_add_test (tcase, the_whole_journal_can_be_asked_for);
  tcase_add_test (tcase, what_is_no_recording_is_refused);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

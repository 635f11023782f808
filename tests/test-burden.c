/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/burden.h"
#include "app/evaluate.h"
#include "app/profile.h"
#include "data/store.h"
#include "tests/check-main.h"
#include "tests/scratch.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define S G_GINT64_CONSTANT (1000000)

/* ---- tracks ---- */

static void
raise_one (ChsAlarmTrack *track, guint id, gint64 t_s, const char *rule, ChsPriority priority, gint64 ack_s)
{
  ChsEvent event = { .type = CHS_EVENT_ALARM, .t_us = t_s * S };

  event.alarm = (ChsAlarm){ .id = id, .priority = (uint8_t) priority, .action = CHS_ALARM_RAISE };
  g_strlcpy (event.alarm.rule, rule, sizeof event.alarm.rule);
  chs_alarm_track_feed (track, &event);
  event.alarm.action = CHS_ALARM_ACK;
  event.t_us = ack_s * S;
  if (ack_s > 0)
    chs_alarm_track_feed (track, &event);
}

static const char *const lines[] = {
  "{\"type\":\"burden\",\"rule\":\"a.one\",\"alarms\":4,\"per_h\":2,\"compared\":2,\"compared_per_h\":1,\"high\":2,\"medium\":2,\"low\":0}",
  "{\"type\":\"burden\",\"rule\":\"b.two\",\"alarms\":2,\"per_h\":1,\"compared\":0,\"compared_per_h\":0,\"high\":0,\"medium\":0,\"low\":2}",
  "{\"type\":\"burden\",\"priority\":\"high\",\"alarms\":2,\"per_h\":1,\"compared\":2,\"compared_per_h\":1,\"acknowledged_30s\":1}",
  "{\"type\":\"burden\",\"priority\":\"all\",\"alarms\":6,\"per_h\":3,\"compared\":2,\"compared_per_h\":1,\"acknowledged_30s\":0.3333333333333333}",
};

START_TEST (alarms_are_counted_an_hour)
{
  g_autoptr (ChsAlarmTrack) track = chs_alarm_track_new (), compared = chs_alarm_track_new ();
  g_autoptr (ChsBurden)     burden = chs_burden_new ();
  g_autoptr (GString)       out = g_string_new (NULL);

  raise_one (track, 1, 100, "a.one", CHS_PRIORITY_HIGH, 130);
  raise_one (track, 2, 200, "a.one", CHS_PRIORITY_MEDIUM, 231);
  raise_one (track, 3, 3600, "b.two", CHS_PRIORITY_LOW, 0);
  raise_one (compared, 1, 100, "a.one", CHS_PRIORITY_HIGH, 130);
  chs_burden_add (burden, track, compared);
  chs_burden_add (burden, track, compared);
  chs_burden_print (burden, out);
  ck_assert_msg (strstr (out->str, lines[_i]) != NULL, "%s\nis not in\n%s", lines[_i], out->str);
}
END_TEST

/* ---- recordings ---- */

static char *folder;

static void
append (ChsStoreWriter *writer, ChsEvent event, guint8 source, gint64 t_s)
{
  static guint64 seq;

  event.seq = ++seq;
  event.t_us = event.wall_us = t_s * S;
  event.source = source;
  chs_store_writer_append (writer, &event);
}

/* Half an hour with a pulse of 180 in its last third, which a nurse acknowledges after 20 s. */
static void
make_recording (const char *name)
{
  const ChsStoreMeta meta = { .session_id = (char *) name, .chair = (char *) "1" };
  g_autofree char   *path = g_build_filename (folder, name, NULL);
  ChsStoreWriter    *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);

  for (gint64 t = 1; t <= 1800; t++) {
    ChsEvent ack = { .type = CHS_EVENT_NURSE, .nurse = { .action = CHS_NURSE_ACK, .at_us = CHS_TIME_NONE, .value = (double) NAN } };

    append (writer, chs_numeric (CHS_PARAM_HR, t > 1200 ? 180 : 72), 1, t);
    append (writer, chs_numeric (CHS_PARAM_SPO2, 98), 1, t);
    append (writer, chs_numeric (CHS_PARAM_RR, 14), 1, t);
    if (t == 1250)
      append (writer, ack, CHS_SOURCE_NURSE, t);
    append (writer, (ChsEvent){ .type = CHS_EVENT_TICK }, 0, t);
  }
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
}

static void
set_up (void)
{
  folder = g_dir_make_tmp ("chairside-burden-XXXXXX", NULL);
  make_recording ("a.chairside");
  make_recording ("b.chairside");
}

static void
tear_down (void)
{
  scratch_remove (folder);
  g_free (folder);
}

static char *
evaluate (guint jobs, const char *profile)
{
  const char *const        paths[] = { folder, NULL };
  const ChsEvaluateOptions options = { .jobs = jobs, .profile_path = profile, .compare = profile != NULL };
  GString                 *out = g_string_new (NULL);
  g_autoptr (GError)       error = NULL;

  ck_assert_msg (chs_evaluate_run (paths, &options, out, &error), "%s", error != NULL ? error->message : "");

  return g_string_free (out, FALSE);
}

static JsonObject *
find_line (const char *out, const char *type, const char *key, const char *value, JsonParser *parser)
{
  g_auto (GStrv) rows = g_strsplit (out, "\n", -1);

  for (char **row = rows; *row != NULL && **row != '\0'; row++) {
    JsonObject *object;

    ck_assert (json_parser_load_from_data (parser, *row, -1, NULL));
    object = json_node_get_object (json_parser_get_root (parser));
    if (strcmp (json_object_get_string_member (object, "type"), type) == 0 &&
        (key == NULL || g_strcmp0 (json_object_get_string_member_with_default (object, key, ""), value) == 0))
      return object;
  }
  ck_abort_msg ("no %s line in %s", type, out);

  return NULL;
}

START_TEST (recordings_have_a_burden)
{
  g_autofree char       *one = evaluate (1, NULL), *two = evaluate (2, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject            *line;

  ck_assert_str_eq (one, two);
  line = find_line (one, "summary", NULL, NULL, parser);
  ck_assert_int_eq (json_object_get_int_member (line, "sessions"), 2);
  ck_assert_int_eq (json_object_get_int_member (line, "labelled"), 0);
  line = find_line (one, "burden", "priority", "all", parser);
  ck_assert_int_ge (json_object_get_int_member (line, "alarms"), 2);
  ck_assert_double_gt (json_object_get_double_member (line, "acknowledged_30s"), 0.0);
}
END_TEST

START_TEST (another_profile_is_compared)
{
  g_autofree char       *shipped = g_build_filename (g_getenv ("CHS_TEST_SHARE"), "alarms", "adult.ini", NULL);
  g_autofree char       *path = g_build_filename (folder, "loose.ini", NULL), *text = NULL, *out = NULL;
  g_autoptr (ChsProfile) profile = chs_profile_load (shipped, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject            *line;
  gsize                  n;

  ck_assert (chs_profile_set (profile, "limit.hr_extreme", 200, NULL));
  ck_assert (chs_profile_set (profile, "limit.hr_high_hold", 60, NULL));
  text = chs_profile_dup_edited (profile, "Loose", "who: why", "test", &n);
  ck_assert (g_file_set_contents (path, text, (gssize) n, NULL));
  out = evaluate (2, path);
  line = find_line (out, "burden", "priority", "high", parser);
  ck_assert_int_ne (json_object_get_int_member (line, "alarms"), json_object_get_int_member (line, "compared"));
}
END_TEST

START_TEST (a_damaged_recording_is_told_and_the_others_count)
{
  g_autofree char       *bad = g_build_filename (folder, "c.chairside", NULL), *out = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();

  ck_assert (g_file_set_contents (bad, "garbage", -1, NULL));
  out = evaluate (2, NULL);
  ck_assert_str_eq (json_object_get_string_member (find_line (out, "damaged", NULL, NULL, parser), "session"), "c.chairside");
  ck_assert_int_eq (json_object_get_int_member (find_line (out, "summary", NULL, NULL, parser), "damaged"), 1);
  ck_assert_int_ge (json_object_get_int_member (find_line (out, "burden", "priority", "all", parser), "alarms"), 2);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("burden");
  TCase *tracks = tcase_create ("tracks"), *recordings = tcase_create ("recordings");

  tcase_add_loop_test (tracks, alarms_are_counted_an_hour, 0, G_N_ELEMENTS (lines));
  suite_add_tcase (suite, tracks);
  tcase_set_timeout (recordings, 30);
  tcase_add_checked_fixture (recordings, set_up, tear_down);
  tcase_add_test (recordings, recordings_have_a_burden);
  tcase_add_test (recordings, another_profile_is_compared);
  tcase_add_test (recordings, a_damaged_recording_is_told_and_the_others_count);
  suite_add_tcase (suite, recordings);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

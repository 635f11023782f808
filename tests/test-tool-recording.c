/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "data/store.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

/* info, check and recover as a technician types them, over a recording made here. */

static char *dir, *path;

static const ChsStoreMeta facts = { .session_id = (char *) "6f1c9d7e-0000-4000-8000-000000000001", .chair = (char *) "chair 3",
                                    .start_wall_us = G_GINT64_CONSTANT (1750000000123000), .program = (char *) "test" };

static void
append (ChsStoreWriter *writer, ChsEvent event, gint64 t_us, guint8 source)
{
  event.seq = chs_store_writer_get_next_seq (writer);
  event.t_us = t_us;
  event.wall_us = facts.start_wall_us + t_us;
  event.source = source;
  chs_store_writer_append (writer, &event);
}

static ChsEvent
link_state (ChsLinkState state, const char *reason)
{
  ChsEvent event = { .type = CHS_EVENT_LINK, .link = { .state = (guint8) state, .name = "monitor" } };

  chs_text_copy (event.link.reason, sizeof event.link.reason, reason);
  return event;
}

static ChsEvent
setup_key (const char *key, const char *value)
{
  ChsEvent event = { .type = CHS_EVENT_SETUP };

  chs_text_copy (event.setup.key, sizeof event.setup.key, key);
  chs_text_copy (event.setup.value, sizeof event.setup.value, value);
  return event;
}

static void
make_recording (void)
{
  static const gint16 samples[] = { 100, CHS_WAVE_ABSENT, -100, 300 };
  ChsStoreWriter *writer = chs_store_writer_new (path, &facts, NULL, NULL, NULL, NULL);
  ChsStoreSource monitor = { .source = 1, .name = "monitor", .driver = "ivy-450c", .address = "tty:/dev/null" };
  ChsStoreTrack foreign = { .source = 1, .channel = 4, .param = CHS_PARAM_OTHER, .name = "Infinity/BIS", .unit = "%" };
  ChsEvent other = chs_numeric (CHS_PARAM_OTHER, 41.5);
  ChsEvent wave = { .type = CHS_EVENT_WAVE, .wave = { .param = CHS_PARAM_ECG_WAVE, .n = 4, .rate_hz = 4, .scale = 0.01f, .samples = samples } };
  ChsEvent pump = { .type = CHS_EVENT_PUMP };
  ChsEvent alarm = { .type = CHS_EVENT_ALARM, .alarm = { .action = CHS_ALARM_RAISE, .label = CHS_LABEL_HYPOTENSION, .priority = CHS_PRIORITY_HIGH } };

  chs_pump_status_init (&pump.pump);
  pump.pump.rate_ml_h = 125;
  pump.pump.pressure = 40;
  pump.pump.pressure_unit = CHS_UNIT_PERCENT_LIMIT;
  other.channel = 4;
  chs_store_writer_add_source (writer, &monitor);
  chs_store_writer_add_track (writer, &foreign);
  append (writer, setup_key ("patient.id", "P-0042"), 0, CHS_SOURCE_NURSE);
  append (writer, setup_key ("therapy.id", "magnesium-2g"), 0, CHS_SOURCE_NURSE);
  append (writer, link_state (CHS_LINK_UP, ""), 500000, 1);
  append (writer, chs_numeric (CHS_PARAM_HR, 70), 1000000, 1);
  append (writer, chs_numeric (CHS_PARAM_HR, NAN), 2000000, 1);
  append (writer, chs_numeric (CHS_PARAM_HR, 74), 3000000, 1);
  append (writer, other, 3000000, 1);
  append (writer, wave, 4000000, 1);
  append (writer, pump, 4500000, 2);
  append (writer, link_state (CHS_LINK_LOST, "unplugged"), 5000000, 1);
  append (writer, alarm, 5500000, 0);
  append (writer, link_state (CHS_LINK_UP, ""), 9000000, 1);
  append (writer, chs_numeric (CHS_PARAM_HR, 66), 10000000, 1);
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
}

static void
setup (void)
{
  dir = g_dir_make_tmp ("chs-tool-XXXXXX", NULL);
  path = g_build_filename (dir, "a.chairside", NULL);
  make_recording ();
}

static void
teardown (void)
{
  g_autofree char *out = g_build_filename (dir, "out.chairside", NULL);

  g_unlink (path);
  g_unlink (out);
  g_rmdir (dir);
  g_clear_pointer (&path, g_free);
  g_clear_pointer (&dir, g_free);
}

static int
run (const char *arguments, char **out)
{
  g_autofree char *line = g_strdup_printf ("%s/app/chairside-tool %s", g_getenv ("CHS_TEST_BUILD"), arguments);
  g_auto (GStrv) argv = NULL;
  int status;

  ck_assert (g_shell_parse_argv (line, NULL, &argv, NULL));
  ck_assert (g_spawn_sync (dir, argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, out, NULL, &status, NULL));
  ck_assert (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static JsonObject *
find_track (JsonObject *info, const char *name)
{
  JsonArray *tracks = json_object_get_array_member (info, "tracks");

  for (guint i = 0; i < json_array_get_length (tracks); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (tracks, i), "name"), name))
      return json_array_get_object_element (tracks, i);
  ck_abort_msg ("no track %s", name);
}

static const struct {
  const char *name, *param, *kind, *unit;
  gint64 count;
  double rate_hz, min, mean, max, first_ms, last_ms; /* NAN: null */
} tracks[] = {
  { "monitor/HR", "HR", "numeric", "/min", 3, NAN, 66, 70, 74, 1000, 10000 },
  { "Infinity/BIS", "OTHER", "numeric", "%", 1, NAN, 41.5, 41.5, 41.5, 3000, 3000 },
  { "monitor/ECG_WAVE", "ECG_WAVE", "wave", "mV", 3, 4, -1, 1, 3, 3250, 4000 },
  { "2/PUMP_RATE", "PUMP_RATE", "numeric", "mL/h", 1, NAN, 125, 125, 125, 4500, 4500 },
  { "2/PUMP_PRESSURE", "PUMP_PRESSURE", "numeric", "%{limit}", 1, NAN, 40, 40, 40, 4500, 4500 },
};

static void
check_number (JsonObject *track, const char *key, double want)
{
  if (isnan (want))
    ck_assert_msg (json_object_get_null_member (track, key), "%s", key);
  else
    ck_assert_double_eq_tol (json_object_get_double_member (track, key), want, 1e-6);
}

START_TEST (info_tells_the_tracks)
{
  g_autofree char *out = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *track;

  ck_assert_int_eq (run ("info --json a.chairside", &out), 0);
  root = json_from_string (out, NULL);
  track = find_track (json_node_get_object (root), tracks[_i].name);
  ck_assert_str_eq (json_object_get_string_member (track, "param"), tracks[_i].param);
  ck_assert_str_eq (json_object_get_string_member (track, "kind"), tracks[_i].kind);
  ck_assert_str_eq (json_object_get_string_member (track, "unit"), tracks[_i].unit);
  ck_assert_int_eq (json_object_get_int_member (track, "count"), tracks[_i].count);
  check_number (track, "rate_hz", tracks[_i].rate_hz);
  check_number (track, "min", tracks[_i].min);
  check_number (track, "mean", tracks[_i].mean);
  check_number (track, "max", tracks[_i].max);
  check_number (track, "first_ms", tracks[_i].first_ms);
  check_number (track, "last_ms", tracks[_i].last_ms);
}
END_TEST

START_TEST (info_tells_the_session)
{
  g_autofree char *out = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *info, *gap;

  ck_assert_int_eq (run ("info --json a.chairside", &out), 0);
  root = json_from_string (out, NULL);
  info = json_node_get_object (root);
  ck_assert_str_eq (json_object_get_string_member (info, "start"), "2025-06-15T15:06:40.123Z");
  ck_assert_int_eq (json_object_get_int_member (info, "duration_ms"), 10000);
  ck_assert_str_eq (json_object_get_string_member (info, "patient_id"), "P-0042");
  ck_assert_str_eq (json_object_get_string_member (info, "therapy"), "magnesium-2g");
  ck_assert (json_object_get_boolean_member (info, "complete"));
  ck_assert_int_eq (json_object_get_int_member (info, "alarms"), 1);
  ck_assert_int_eq (json_object_get_int_member (info, "gaps"), 1);
  gap = json_array_get_object_element (json_object_get_array_member (info, "gap_list"), 0);
  ck_assert_int_eq (json_object_get_int_member (gap, "from_ms"), 5000);
  ck_assert_int_eq (json_object_get_int_member (gap, "to_ms"), 9000);
  ck_assert_str_eq (json_object_get_string_member (gap, "reason"), "unplugged");
}
END_TEST

static void
damage (void)
{
  sqlite3 *db;

  ck_assert_int_eq (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
  ck_assert_int_eq (sqlite3_exec (db, "UPDATE wave SET data = zeroblob(length(data))", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

static const struct {
  const char *arguments;
  gboolean damaged;
  int status;
} statuses[] = {
  { "info a.chairside", FALSE, 0 },
  { "info a.chairside", TRUE, 1 },
  { "info nothing.chairside", FALSE, 3 },
  { "info", FALSE, 2 },
  { "check a.chairside", FALSE, 0 },
  { "check --json a.chairside", TRUE, 1 },
  { "check /dev/null", FALSE, 3 },
  { "recover a.chairside --out=out.chairside", FALSE, 0 },
  { "recover a.chairside --out=out.chairside", TRUE, 1 },
  { "recover a.chairside --out=a.chairside", FALSE, 3 },
  { "recover a.chairside", FALSE, 2 },
};

START_TEST (status_tells_what_happened)
{
  g_autofree char *out = NULL;

  if (statuses[_i].damaged)
    damage ();
  ck_assert_msg (run (statuses[_i].arguments, &out) == statuses[_i].status, "%s", statuses[_i].arguments);
}
END_TEST

static Suite *
tool_recording_suite (void)
{
  Suite *suite = suite_create ("tool-recording");
  TCase *tc = tcase_create ("commands");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, info_tells_the_tracks, 0, G_N_ELEMENTS (tracks));
  tcase_add_test (tc, info_tells_the_session);
  tcase_add_loop_test (tc, status_tells_what_happened, 0, G_N_ELEMENTS (statuses));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (tool_recording_suite)

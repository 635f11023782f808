/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/health.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>

#define NOW_US (G_GINT64_CONSTANT (1795000000) * G_USEC_PER_SEC)
#define GIB (G_GUINT64_CONSTANT (1) << 30)

static ChsHealth
good (void)
{
  return (ChsHealth){ .chair = "Chair 3", .phase = "idle", .recording = "/x/a.chairside", .has_sound = TRUE, .has_storage = TRUE,
                      .has_screen = TRUE, .has_pin = TRUE, .free_bytes = 50 * GIB, .total_bytes = 100 * GIB, .days_left = 300,
                      .temperature_c = 50, .wall_us = NOW_US, .sync = CHS_CLOCK_SYNC_YES, .test_heard = TRUE, .test_us = NOW_US,
                      .links = "{\"name\":\"a\"}\n{\"name\":\"b\"}\n" };
}

static void no_sound (ChsHealth *h) { h->has_sound = FALSE; }
static void not_heard (ChsHealth *h) { h->test_heard = FALSE; }
static void due (ChsHealth *h) { h->test_due = TRUE; }
static void no_recording (ChsHealth *h) { h->has_storage = FALSE; }
static void days (ChsHealth *h) { h->days_left = 13.9; }
static void little (ChsHealth *h) { h->free_bytes = GIB - 1; }
static void full (ChsHealth *h) { h->free_bytes = 1; }
static void year_1970 (ChsHealth *h) { h->wall_us = 1; h->sync = CHS_CLOCK_SYNC_NO; }
static void no_sync (ChsHealth *h) { h->sync = CHS_CLOCK_SYNC_NO; }
static void no_screen (ChsHealth *h) { h->has_screen = FALSE; }
static void down (ChsHealth *h) { h->links_down = 1; }
static void hot (ChsHealth *h) { h->temperature_c = 85; }
static void no_pin (ChsHealth *h) { h->has_pin = FALSE; }
static void nothing (ChsHealth *h) { h->temperature_c = NAN; h->sync = CHS_CLOCK_SYNC_UNKNOWN; h->days_left = INFINITY; h->total_bytes = 0; }

static const struct {
  void (*change) (ChsHealth *health);
  const char *want; /* the only finding; NULL: none */
} rows[] = {
  { nothing, NULL },          { no_sound, "no_sound" },         { not_heard, "sound_not_heard" },
  { due, "sound_test_due" },  { no_recording, "recording_failed" }, { days, "storage_low" },
  { little, "storage_low" },  { full, "storage_full" },         { year_1970, "clock_not_set" },
  { no_sync, "clock_not_synchronised" }, { no_screen, "screen_lost" }, { down, "link_down" },
  { hot, "hot" },             { no_pin, "no_pin" },
};

START_TEST (each_fact_is_one_finding)
{
  ChsHealth health = good ();
  g_auto (GStrv) ids = NULL;

  rows[_i].change (&health);
  ids = chs_health_findings (&health);
  ck_assert_msg (g_strcmp0 (ids[0], rows[_i].want) == 0, "%s, not %s", ids[0] != NULL ? ids[0] : "none", rows[_i].want != NULL ? rows[_i].want : "none");
  ck_assert (ids[0] == NULL || ids[1] == NULL);
}
END_TEST

/* Up and down through the levels, in order: a quarter more than what made it so ends it. */
static const struct {
  guint64 free_bytes;
  double days;
  ChsRoom want;
} levels[] = {
  { 50 * GIB, 15, CHS_ROOM_GOOD },  { 50 * GIB, 13.9, CHS_ROOM_LOW },  { 50 * GIB, 14.1, CHS_ROOM_LOW },
  { 50 * GIB, 17.4, CHS_ROOM_LOW }, { 50 * GIB, 17.6, CHS_ROOM_GOOD }, { GIB - 1, 100, CHS_ROOM_LOW },
  { GIB + GIB / 8, 100, CHS_ROOM_LOW }, { GIB / 16, 100, CHS_ROOM_FULL }, { GIB / 9, 100, CHS_ROOM_FULL },
  { GIB / 8, 100, CHS_ROOM_LOW },   { 2 * GIB, 100, CHS_ROOM_GOOD },   { 2 * GIB, INFINITY, CHS_ROOM_GOOD },
};

START_TEST (room_does_not_flap)
{
  ChsRoom room = CHS_ROOM_GOOD;

  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++) {
    ChsHealth health = good ();

    health.free_bytes = levels[i].free_bytes;
    health.days_left = levels[i].days;
    room = chs_health_get_room (&health, room);
    ck_assert_msg (room == levels[i].want, "row %d: %d, not %d", (int) i, (int) room, (int) levels[i].want);
  }
}
END_TEST

START_TEST (json_is_one_object)
{
  ChsHealth health = good ();
  g_autofree char *json = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;

  nothing (&health);
  json = chs_health_to_json (&health);
  ck_assert (json_parser_load_from_data (parser, json, -1, NULL));
  object = json_node_get_object (json_parser_get_root (parser));
  ck_assert (json_object_get_null_member (object, "temperature_c"));
  ck_assert (json_object_get_null_member (json_object_get_object_member (object, "clock"), "synchronised"));
  ck_assert (json_object_get_null_member (json_object_get_object_member (object, "storage"), "days_left"));
  ck_assert_uint_eq (json_array_get_length (json_object_get_array_member (object, "links")), 2);
}
END_TEST

START_TEST (starts_are_counted_and_failures_too)
{
  g_autofree char *folder = g_dir_make_tmp ("chs-health-XXXXXX", NULL), *path = g_build_filename (folder, "starts", NULL);
  ChsStarts starts = chs_starts_begin (folder);

  ck_assert (starts.n_starts == 1 && starts.n_unclean == 0);
  starts = chs_starts_begin (folder); /* the first one never ended */
  ck_assert (starts.n_starts == 2 && starts.n_unclean == 1);
  chs_starts_end (folder, &starts);
  starts = chs_starts_begin (folder);
  ck_assert (starts.n_starts == 3 && starts.n_unclean == 1);
  ck_assert (g_file_set_contents (path, "rubbish", -1, NULL));
  starts = chs_starts_begin (folder);
  ck_assert (starts.n_starts == 1 && starts.n_unclean == 0);
  g_unlink (path);
  g_rmdir (folder);
}
END_TEST

START_TEST (the_hottest_zone_counts)
{
  g_autofree char *folder = g_dir_make_tmp ("chs-thermal-XXXXXX", NULL);
  static const char *const zones[][2] = { { "thermal_zone0", "41000\n" }, { "thermal_zone1", "63500\n" }, { "thermal_zone2", "rubbish" } };

  ck_assert (isnan (chs_health_get_temperature (folder)));
  for (guint i = 0; i < 3; i++) {
    g_autofree char *zone = g_build_filename (folder, zones[i][0], NULL), *temp = g_build_filename (zone, "temp", NULL);

    ck_assert_int_eq (g_mkdir (zone, 0700), 0);
    ck_assert (g_file_set_contents (temp, zones[i][1], -1, NULL));
  }
  ck_assert_double_eq_tol (chs_health_get_temperature (folder), 63.5, 1e-9);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *zone = g_build_filename (folder, zones[i][0], NULL), *temp = g_build_filename (zone, "temp", NULL);

    g_unlink (temp);
    g_rmdir (zone);
  }
  g_rmdir (folder);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("health");
  TCase *tcase = tcase_create ("health");

  tcase_add_loop_test (tcase, each_fact_is_one_finding, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tcase, room_does_not_flap);
  tcase_add_test (tcase, json_is_one_object);
  tcase_add_test (tcase, starts_are_counted_and_failures_too);
  tcase_add_test (tcase, the_hottest_zone_counts);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

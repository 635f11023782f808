/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session-list.h"
#include "data/store.h"
#include "tests/check-main.h"
#include "tests/scratch.h"

#include <string.h>

#define S G_GINT64_CONSTANT (1000000)
#define WALL_0 G_GINT64_CONSTANT (1793700000000000) /* 2026-11-03 */

static char *folder, *index_path;

static void
append (ChsStoreWriter *writer, ChsEvent event, gint64 t_us, guint64 seq)
{
  event.seq = seq;
  event.t_us = t_us;
  event.wall_us = WALL_0 + t_us;
  chs_store_writer_append (writer, &event);
}

static void
make_recording (const char *name, gint64 start_us, const char *patient, gboolean complete)
{
  const ChsStoreMeta meta = { .session_id = (char *) name, .chair = (char *) "Chair 3", .start_wall_us = start_us };
  g_autofree char   *path = g_build_filename (folder, name, NULL);
  ChsStoreWriter    *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  ChsEvent           setup = { .type = CHS_EVENT_SETUP }, alarm = { .type = CHS_EVENT_ALARM };

  g_strlcpy (setup.setup.key, "patient.id", sizeof setup.setup.key);
  g_strlcpy (setup.setup.value, patient, sizeof setup.setup.value);
  append (writer, setup, 0, 1);
  g_strlcpy (setup.setup.key, "therapy.name", sizeof setup.setup.key);
  g_strlcpy (setup.setup.value, "Magnesium 6 mmol", sizeof setup.setup.value);
  append (writer, setup, 0, 2);
  for (guint i = 0; i < 3; i++) {
    alarm.alarm = (ChsAlarm){ .action = CHS_ALARM_RAISE, .id = i + 1, .label = 1, .priority = (uint8_t) (i + 1) };
    append (writer, alarm, (i + 1) * 60 * S, 3 + i);
  }
  append (writer, (ChsEvent){ .type = CHS_EVENT_TICK }, 3600 * S, 6);
  ck_assert (chs_store_writer_close (writer, complete, NULL));
}

static void
set_up (void)
{
  folder = g_dir_make_tmp ("chairside-list-XXXXXX", NULL);
  index_path = g_build_filename (folder, "the.index", NULL);
  make_recording ("a.chairside", WALL_0, "P-17", TRUE);
  make_recording ("b.chairside", WALL_0 + 86400 * S, "P-4", FALSE);
}

static void
tear_down (void)
{
  scratch_remove (folder);
  g_free (folder);
  g_free (index_path);
}

static ChsSessionList *
open_list (void)
{
  GError         *error = NULL;
  ChsSessionList *list = chs_session_list_new (folder, index_path, &error);

  ck_assert_msg (list != NULL, "%s", error != NULL ? error->message : "");

  return list;
}

static void
read_all (ChsSessionList *list)
{
  guint n;

  chs_session_list_get (list, &n);
  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < n; k++) {
      ChsSessionRow row = chs_session_list_get (list, &n)[k];

      if (row.is_known)
        continue;
      chs_session_row_read (&row, folder);
      chs_session_list_put (list, &row);
    }
}

START_TEST (a_recording_tells_its_facts)
{
  g_autoptr (ChsSessionList) list = open_list ();
  guint                      n;
  const ChsSessionRow       *rows;

  read_all (list);
  rows = chs_session_list_get (list, &n);
  ck_assert_uint_eq (n, 2);
  ck_assert_str_eq (rows[0].name, "b.chairside");
  ck_assert (!rows[0].is_complete);
  ck_assert_str_eq (rows[1].patient_id, "P-17");
  ck_assert_str_eq (rows[1].therapy, "Magnesium 6 mmol");
  ck_assert_str_eq (rows[1].chair, "Chair 3");
  ck_assert_int_eq (rows[1].start_us, WALL_0);
  ck_assert_int_eq (rows[1].duration_us, 3600 * S);
  ck_assert_uint_eq (rows[1].n_alarms, 3);
  ck_assert_uint_eq (rows[1].n_high, 1);
  ck_assert (rows[1].is_complete);
  ck_assert_str_eq (rows[1].damage, "");
}
END_TEST

START_TEST (what_is_known_is_not_read_again)
{
  guint n;

  {
    g_autoptr (ChsSessionList) list = open_list ();

    ck_assert (!chs_session_list_get (list, &n)[0].is_known);
    read_all (list);
    ck_assert (chs_session_list_save (list, NULL));
  }
  make_recording ("c.chairside", WALL_0 + 2 * 86400 * S, "P-5", TRUE);
  {
    g_autoptr (ChsSessionList) list = open_list ();
    const ChsSessionRow       *rows = chs_session_list_get (list, &n);
    guint                      n_known = 0;

    ck_assert_uint_eq (n, 3);
    for (guint i = 0; i < n; i++)
      n_known += rows[i].is_known;
    ck_assert_uint_eq (n_known, 2);
  }
}
END_TEST

START_TEST (a_damaged_file_and_a_damaged_index_are_borne)
{
  g_autofree char *bad = g_build_filename (folder, "x.chairside", NULL);

  ck_assert (g_file_set_contents (bad, "garbage", -1, NULL));
  ck_assert (g_file_set_contents (index_path, "more garbage", -1, NULL));
  {
    g_autoptr (ChsSessionList) list = open_list ();
    guint                      n;
    const ChsSessionRow       *rows;
    gboolean                   is_told = FALSE;

    read_all (list);
    rows = chs_session_list_get (list, &n);
    ck_assert_uint_eq (n, 3);
    for (guint i = 0; i < n; i++)
      is_told |= strcmp (rows[i].name, "x.chairside") == 0 && rows[i].damage[0] != '\0';
    ck_assert (is_told);
  }
}
END_TEST

static const struct {
  const char *search;
  gboolean    found;
} searches[] = {
  { "", TRUE },        { "p-17", TRUE },           { "magnesium", TRUE }, { "2026-11", TRUE },
  { "P-17 6 MMOL", TRUE }, { "chair 3 magnes", TRUE }, { "P-18", FALSE },     { "p-17 ketamine", FALSE },
};

START_TEST (sessions_are_found_by_words)
{
  ChsSessionRow row = { .name = "a.chairside", .patient_id = "P-17", .therapy = "Magnesium 6 mmol", .chair = "Chair 3",
                        .start_us = WALL_0 };

  ck_assert_int_eq (chs_session_row_matches (&row, searches[_i].search), searches[_i].found);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("session-list");
  TCase *tcase = tcase_create ("list");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, a_recording_tells_its_facts);
  tcase_add_test (tcase, what_is_known_is_not_read_again);
  tcase_add_test (tcase, a_damaged_file_and_a_damaged_index_are_borne);
  tcase_add_loop_test (tcase, sessions_are_found_by_words, 0, G_N_ELEMENTS (searches));
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

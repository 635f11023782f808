/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/course.h"
#include "data/event.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A folder of three sessions of A, one of B, and one that changes hands from A to C. */

#define DAY_US (24 * G_TIME_SPAN_HOUR)
#define T0 G_GINT64_CONSTANT (1767621600000000) /* 2026-01-05T14:00:00Z */

static char *dir;

typedef struct {
  const char *key, *value; /* a SETUP; or */
  double      score;       /* a SCORE of what @key says, when @value is NULL */
} Entry;

static void
append (ChsStoreWriter *writer, const Entry *entry, guint64 seq, gint64 start_us)
{
  ChsEvent event = { .seq = seq, .t_us = (gint64) seq * G_TIME_SPAN_MINUTE, .wall_us = start_us + (gint64) seq * G_TIME_SPAN_MINUTE };

  if (entry->value != NULL) {
    event.type = CHS_EVENT_SETUP;
    chs_text_copy (event.setup.key, sizeof event.setup.key, entry->key);
    chs_text_copy (event.setup.value, sizeof event.setup.value, entry->value);
  } else {
    event.type = CHS_EVENT_NURSE;
    event.nurse = (ChsNurse) { .action = CHS_NURSE_SCORE, .at_us = CHS_TIME_NONE, .value = entry->score };
    chs_text_copy (event.nurse.what, sizeof event.nurse.what, entry->key);
  }
  event.source = CHS_SOURCE_NURSE;
  chs_store_writer_append (writer, &event);
}

static void
record (const char *id, gint64 start_us, const Entry *entries, guint n)
{
  g_autofree char *name = g_strconcat (id, ".chairside", NULL), *path = g_build_filename (dir, name, NULL);
  ChsStoreMeta meta = { .start_wall_us = start_us, .session_id = (char *) id, .chair = (char *) "Chair 1", .program = (char *) "test" };
  g_autoptr (GError) error = NULL;
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, &error);

  ck_assert_msg (writer != NULL, "%s", error != NULL ? error->message : "");
  for (guint i = 0; i < n; i++)
    append (writer, &entries[i], i + 1, start_us);
  ck_assert_msg (chs_store_writer_close (writer, TRUE, &error), "%s", error != NULL ? error->message : "");
}

static void
set_up (void)
{
  static const Entry second[] = { { "patient.id", "A", 0 }, { "therapy.name", "Myers", 0 }, { "pain_before", NULL, 7 },
                                  { "fatigue_before", NULL, 8 }, { "pain_after", NULL, 5 }, { "pain_after", NULL, 4 } };
  static const Entry first[] = { { "patient.id", "A", 0 }, { "patient.course_planned", "8", 0 }, { "pain_before", NULL, 8 } };
  static const Entry other[] = { { "patient.id", "B", 0 }, { "pain_before", NULL, 1 } };
  static const Entry shared[] = { { "patient.id", "A", 0 }, { "pain_before", NULL, 6 }, { "patient.id", "C", 0 }, { "pain_before", NULL, 2 },
                                  { "patient.id", "", 0 }, { "pain_after", NULL, 9 } };

  dir = g_dir_make_tmp ("chs-course-XXXXXX", NULL);
  record ("s2", T0 + 7 * DAY_US, second, G_N_ELEMENTS (second));
  record ("s1", T0, first, G_N_ELEMENTS (first));
  record ("b1", T0 + DAY_US, other, G_N_ELEMENTS (other));
  record ("s3", T0 + 14 * DAY_US, shared, G_N_ELEMENTS (shared));
}

static void
tear_down (void)
{
  g_autoptr (GDir) open = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (open)) != NULL) {
    g_autofree char *path = g_build_filename (dir, name, NULL);

    g_unlink (path);
  }
  g_rmdir (dir);
  g_clear_pointer (&dir, g_free);
}

static const ChsCourseSession *
at (const ChsCourse *course, guint i)
{
  return &g_array_index (course->sessions, ChsCourseSession, i);
}

START_TEST (sessions_are_counted_by_time)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsCourse) course = chs_course_read (dir, "A", &error);

  ck_assert_msg (course != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_uint_eq (course->sessions->len, 3);
  ck_assert_uint_eq (course->planned, 8);
  ck_assert_uint_eq (course->unreadable, 0);
  ck_assert_str_eq (at (course, 0)->session_id, "s1");
  ck_assert_str_eq (at (course, 1)->session_id, "s2");
  ck_assert_str_eq (at (course, 1)->therapy, "Myers");
  ck_assert_double_eq (at (course, 1)->before.fatigue, 8);
  ck_assert_double_eq (at (course, 1)->after.pain, 4); /* the newest entry */
  ck_assert_double_nan (at (course, 0)->after.pain);
  ck_assert_double_nan (at (course, 0)->call.pain);
}
END_TEST

START_TEST (patients_are_never_mixed)
{
  g_autoptr (ChsCourse) a = chs_course_read (dir, "A", NULL), b = chs_course_read (dir, "B", NULL), c = chs_course_read (dir, "C", NULL);
  g_autoptr (ChsCourse) nobody = chs_course_read (dir, "D", NULL);
  g_autoptr (GError) error = NULL;

  ck_assert_double_eq (at (a, 2)->before.pain, 6);
  ck_assert_double_nan (at (a, 2)->after.pain); /* entered when nobody was named */
  ck_assert_uint_eq (b->sessions->len, 1);
  ck_assert_uint_eq (c->sessions->len, 1);
  ck_assert_double_eq (at (c, 0)->before.pain, 2);
  ck_assert_double_nan (at (c, 0)->after.pain);
  ck_assert_uint_eq (nobody->sessions->len, 0);
  ck_assert_ptr_null (chs_course_read (dir, "", &error));
  ck_assert (g_error_matches (error, CHS_COURSE_ERROR, CHS_COURSE_ERROR_VALUE));
}
END_TEST

START_TEST (a_call_leaves_the_recording_alone)
{
  g_autofree char *path = g_build_filename (dir, "s1.chairside", NULL);
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsCourse) course = NULL;
  const ChsCourseScores said = { 3, NAN }, corrected = { 2, 5.5 };

  ck_assert (g_file_get_contents (path, &before, &n_before, NULL));
  ck_assert_msg (chs_course_add_call (dir, "A", "s1", &said, "Nurse Kim", T0 + DAY_US, &error), "%s", error != NULL ? error->message : "");
  ck_assert (chs_course_add_call (dir, "A", "s1", &corrected, NULL, T0 + DAY_US + 1, &error));
  ck_assert (g_file_get_contents (path, &after, &n_after, NULL));
  ck_assert_uint_eq (n_before, n_after);
  ck_assert_mem_eq (before, after, n_before);
  course = chs_course_read (dir, "A", NULL);
  ck_assert_double_eq (at (course, 0)->call.pain, 2);
  ck_assert_double_eq (at (course, 0)->call.fatigue, 5.5);
  ck_assert_int_eq (at (course, 0)->call_wall_us, T0 + DAY_US + 1);
  ck_assert_int_eq (at (course, 1)->call_wall_us, 0);
}
END_TEST

static const struct {
  const char     *name, *patient, *session;
  ChsCourseScores scores;
  const char     *by;
} wrong_calls[] = {
  { "session of another patient", "A", "b1", { 3, 3 }, NULL },
  { "no such session", "A", "s9", { 3, 3 }, NULL },
  { "no score", "A", "s1", { NAN, NAN }, NULL },
  { "too high", "A", "s1", { 11, NAN }, NULL },
  { "too low", "A", "s1", { NAN, -1 }, NULL },
  { "a line end in a name", "A", "s1", { 3, NAN }, "x\ny" },
};

START_TEST (a_wrong_call_is_refused)
{
  g_autofree char *path = g_build_filename (dir, CHS_COURSE_CALLS, NULL);
  g_autoptr (GError) error = NULL;

  ck_assert_msg (!chs_course_add_call (dir, wrong_calls[_i].patient, wrong_calls[_i].session, &wrong_calls[_i].scores, wrong_calls[_i].by, T0, &error),
                 "%s", wrong_calls[_i].name);
  ck_assert (g_error_matches (error, CHS_COURSE_ERROR, CHS_COURSE_ERROR_VALUE));
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (a_torn_last_line_is_no_call_and_a_bad_one_is_told)
{
  g_autofree char *path = g_build_filename (dir, CHS_COURSE_CALLS, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsCourse) course = NULL;

  ck_assert (g_file_set_contents (path, "1767708000000000\tA\ts1\t3\t\tKim\n1767708000000001\tA\ts1\t9", -1, NULL));
  course = chs_course_read (dir, "A", &error);
  ck_assert_double_eq (at (course, 0)->call.pain, 3);
  ck_assert (g_file_set_contents (path, "1767708000000000\tA\ts1\t3\t\tKim\nnonsense\n", -1, NULL));
  ck_assert_ptr_null (chs_course_read (dir, "A", &error));
  ck_assert (g_error_matches (error, CHS_COURSE_ERROR, CHS_COURSE_ERROR_DAMAGED));
  ck_assert_ptr_nonnull (strstr (error->message, ":2:"));
}
END_TEST

/* s1 ended 3 min after T0. */
static const struct {
  gint64 after_end_us;
  guint  n;
} dues[] = {
  { DAY_US - 1, 0 }, { DAY_US, 1 }, { 2 * DAY_US + 1, 2 /* and b1 */ }, { 15 * DAY_US, 2 /* s2 and A's part of s3; s1 and b1 are too long ago */ },
};

START_TEST (calls_are_due_after_a_day)
{
  g_autoptr (GArray) due = chs_course_due (dir, T0 + 3 * G_TIME_SPAN_MINUTE + dues[_i].after_end_us, NULL);
  const ChsCourseScores said = { 3, NAN };

  ck_assert_uint_eq (due->len, dues[_i].n);
  if (_i != 1)
    return;
  ck_assert_str_eq (g_array_index (due, ChsCourseSession, 0).session_id, "s1");
  ck_assert (chs_course_add_call (dir, "A", "s1", &said, NULL, T0 + DAY_US, NULL));
  g_array_unref (due);
  due = chs_course_due (dir, T0 + 3 * G_TIME_SPAN_MINUTE + DAY_US, NULL);
  ck_assert_uint_eq (due->len, 0);
}
END_TEST

START_TEST (a_broken_recording_is_counted)
{
  g_autofree char *path = g_build_filename (dir, "broken.chairside", NULL);
  g_autoptr (ChsCourse) course = NULL;

  ck_assert (g_file_set_contents (path, "no database", -1, NULL));
  course = chs_course_read (dir, "A", NULL);
  ck_assert_uint_eq (course->unreadable, 1);
  ck_assert_uint_eq (course->sessions->len, 3);
}
END_TEST

static Suite *
course_suite (void)
{
  Suite *suite = suite_create ("course");
  TCase *tc = tcase_create ("course");

  tcase_set_timeout (tc, 60);
  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_test (tc, sessions_are_counted_by_time);
  tcase_add_test (tc, patients_are_never_mixed);
  tcase_add_test (tc, a_call_leaves_the_recording_alone);
  tcase_add_loop_test (tc, a_wrong_call_is_refused, 0, G_N_ELEMENTS (wrong_calls));
  tcase_add_test (tc, a_torn_last_line_is_no_call_and_a_bad_one_is_told);
  tcase_add_loop_test (tc, calls_are_due_after_a_day, 0, G_N_ELEMENTS (dues));
  tcase_add_test (tc, a_broken_recording_is_counted);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (course_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/course-json.h"
#include "data/event.h"
#include "tests/scratch.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <utime.h>

/* A folder of three sessions of A, one of B, and one that changes hands from A to C. */

#define DAY_US (24 * G_TIME_SPAN_HOUR)
#define T0 G_GINT64_CONSTANT (1767621600000000) /* 2026-01-05T14:00:00Z */

static char *dir;

typedef struct {
  const char *key, *value; /* a SETUP; a PHASE when @key is "phase"; or */
  double      score;       /* a SCORE of what @key says, when @value is NULL */
} Entry;

static void
append (ChsStoreWriter *writer, const Entry *entry, guint64 seq, gint64 start_us)
{
  ChsEvent event = { .seq = seq, .t_us = (gint64) seq * G_TIME_SPAN_MINUTE, .wall_us = start_us + (gint64) seq * G_TIME_SPAN_MINUTE };

  if (g_strcmp0 (entry->key, "phase") == 0) {
    event.type = CHS_EVENT_NURSE;
    event.nurse = (ChsNurse) { .action = CHS_NURSE_PHASE, .at_us = CHS_TIME_NONE, .value = (double) NAN };
    chs_text_copy (event.nurse.what, sizeof event.nurse.what, entry->value);
  } else if (entry->value != NULL) {
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
  static const Entry second[] = { { "patient.id", "A", 0 }, { "therapy.name", "Myers", 0 }, { "phase", "infusing", 0 }, { "pain_before", NULL, 7 },
                                  { "fatigue_before", NULL, 8 }, { "pain_after", NULL, 5 }, { "pain_after", NULL, 4 } };
  static const Entry first[] = { { "patient.id", "A", 0 }, { "patient.course_planned", "8", 0 }, { "phase", "infusing", 0 },
                                  { "pain_before", NULL, 8 }, { "phase", "closed", 0 }, { "patient.oxygen", "", 0 } };
  static const Entry other[] = { { "patient.id", "B", 0 }, { "phase", "infusing", 0 }, { "pain_before", NULL, 1 } };
  static const Entry shared[] = { { "patient.id", "A", 0 }, { "phase", "infusing", 0 }, { "pain_before", NULL, 6 }, { "patient.id", "C", 0 }, { "pain_before", NULL, 2 },
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
  scratch_remove (dir);
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
  const ChsCourseCall said = { .scores = { 3, NAN }, .outcome = CHS_CALL_REACHED };
  const ChsCourseCall corrected = { .scores = { 2, 5.5 }, .outcome = CHS_CALL_REACHED, .how = CHS_CALL_BETTER, .note = "slept well" };

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
  ck_assert_int_eq (at (course, 0)->call_how, CHS_CALL_BETTER);
  ck_assert_str_eq (at (course, 0)->call_note, "slept well");
  ck_assert_int_eq (at (course, 1)->call_wall_us, 0);
}
END_TEST

static const struct {
  const char   *name, *patient, *session;
  ChsCourseCall call;
  const char   *by;
} wrong_calls[] = {
  { "session of another patient", "A", "b1", { { 3, 3 }, CHS_CALL_REACHED, 0, "" }, NULL },
  { "no such session", "A", "s9", { { 3, 3 }, CHS_CALL_REACHED, 0, "" }, NULL },
  { "no score", "A", "s1", { { NAN, NAN }, CHS_CALL_REACHED, 0, "" }, NULL },
  { "too high", "A", "s1", { { 11, NAN }, CHS_CALL_REACHED, 0, "" }, NULL },
  { "too low", "A", "s1", { { NAN, -1 }, CHS_CALL_REACHED, 0, "" }, NULL },
  { "a line end in a name", "A", "s1", { { 3, NAN }, CHS_CALL_REACHED, 0, "" }, "x\ny" },
  { "a tab in a note", "A", "s1", { { 3, NAN }, CHS_CALL_REACHED, 0, "x\ty" }, NULL },
  { "no outcome", "A", "s1", { { 3, NAN }, CHS_CALL_NONE, 0, "" }, NULL },
  { "unknown outcome", "A", "s1", { { 3, NAN }, CHS_N_CALL_OUTCOMES, 0, "" }, NULL },
  { "unknown state", "A", "s1", { { 3, NAN }, CHS_CALL_REACHED, CHS_N_CALL_HOWS, "" }, NULL },
  { "scores of nobody", "A", "s1", { { 3, NAN }, CHS_CALL_NOT_REACHED, 0, "" }, NULL },
  { "words of nobody", "A", "s1", { { NAN, NAN }, CHS_CALL_DECLINED, CHS_CALL_SAME, "" }, NULL },
};

START_TEST (a_wrong_call_is_refused)
{
  g_autofree char *path = g_build_filename (dir, CHS_COURSE_CALLS, NULL);
  g_autoptr (GError) error = NULL;

  ck_assert_msg (!chs_course_add_call (dir, wrong_calls[_i].patient, wrong_calls[_i].session, &wrong_calls[_i].call, wrong_calls[_i].by, T0, &error),
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

START_TEST (a_row_as_json_keeps_what_is_absent_null)
{
  const ChsCourseSession row = { .patient_id = "A", .session_id = "s1", .before = { 7, NAN }, .after = { NAN, NAN }, .call = { 2.5, 0 },
                                 .call_outcome = CHS_CALL_REACHED, .call_how = CHS_CALL_WORSE, .call_note = "a \"b\"", .call_tries = 2 };
  g_autoptr (GString) out = g_string_new ("{");

  chs_course_session_to_json (&row, out);
  ck_assert_str_eq (out->str, "{\"patient_id\":\"A\",\"session_id\":\"s1\",\"therapy\":null,\"pain_before\":7,\"fatigue_before\":null,"
                              "\"pain_after\":null,\"fatigue_after\":null,\"pain_call\":2.5,\"fatigue_call\":0,\"call\":\"reached\","
                              "\"how\":\"worse\",\"note\":\"a \\\"b\\\"\",\"not_reached\":2");
}
END_TEST

/* s1 was closed 5 min after T0; its recording went on. */
static const struct {
  gint64 after_end_us;
  guint  n;
} dues[] = {
  { DAY_US - 1, 0 }, { DAY_US, 1 }, { 2 * DAY_US + 1, 2 /* and b1 */ }, { 15 * DAY_US, 2 /* s2 and A's part of s3; s1 and b1 are too long ago */ },
};

static guint
count_due (gint64 now_us)
{
  g_autoptr (GArray) recent = chs_course_recent (dir, now_us, NULL);
  guint n = 0;

  for (guint i = 0; i < recent->len; i++)
    n += chs_course_is_due (&g_array_index (recent, ChsCourseSession, i));
  return n;
}

/* The files are of now, the sessions of then: what is passed over for its age needs files of that age. */
static void
make_old (const char *id, gint64 wall_us)
{
  g_autofree char *name = g_strconcat (id, ".chairside", NULL), *path = g_build_filename (dir, name, NULL);
  struct utimbuf times = { .actime = wall_us / G_USEC_PER_SEC, .modtime = wall_us / G_USEC_PER_SEC };

  ck_assert_int_eq (g_utime (path, &times), 0);
}

START_TEST (calls_are_due_after_a_day)
{
  gint64 now_us = T0 + 5 * G_TIME_SPAN_MINUTE + dues[_i].after_end_us;

  make_old ("s1", T0 + 5 * G_TIME_SPAN_MINUTE);
  ck_assert_uint_eq (count_due (now_us), dues[_i].n);
}
END_TEST

/* What was entered one after the other, and whether the call is due after the last one. */
static const struct {
  ChsCallOutcome entered[3];
  gboolean       is_due;
  guint          tries;
} outcome_rows[] = {
  { { CHS_CALL_REACHED }, FALSE, 0 },
  { { CHS_CALL_NOT_REACHED }, TRUE, 1 },
  { { CHS_CALL_NOT_REACHED, CHS_CALL_NOT_REACHED }, TRUE, 2 },
  { { CHS_CALL_NOT_REACHED, CHS_CALL_REACHED }, FALSE, 1 },
  { { CHS_CALL_DECLINED }, FALSE, 0 },
  { { CHS_CALL_DECLINED, CHS_CALL_NOT_REACHED }, TRUE, 1 },
  { { CHS_CALL_NOT_REACHED, CHS_CALL_DECLINED, CHS_CALL_REACHED }, FALSE, 1 },
};

START_TEST (the_newest_entry_counts)
{
  gint64 now_us = T0 + 5 * G_TIME_SPAN_MINUTE + DAY_US;
  g_autoptr (GArray) recent = NULL;

  for (guint i = 0; i < 3 && outcome_rows[_i].entered[i] != CHS_CALL_NONE; i++) {
    ChsCourseCall call = { .scores = { outcome_rows[_i].entered[i] == CHS_CALL_REACHED ? 3 : (double) NAN, NAN }, .outcome = outcome_rows[_i].entered[i] };

    ck_assert (chs_course_add_call (dir, "A", "s1", &call, NULL, T0 + DAY_US + i, NULL));
  }
  recent = chs_course_recent (dir, now_us, NULL);
  ck_assert_uint_eq (recent->len, 1);
  ck_assert_int_eq (chs_course_is_due (&g_array_index (recent, ChsCourseSession, 0)), outcome_rows[_i].is_due);
  ck_assert_uint_eq (g_array_index (recent, ChsCourseSession, 0).call_tries, outcome_rows[_i].tries);
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
  tcase_add_test (tc, a_row_as_json_keeps_what_is_absent_null);
  tcase_add_loop_test (tc, calls_are_due_after_a_day, 0, G_N_ELEMENTS (dues));
  tcase_add_loop_test (tc, the_newest_entry_counts, 0, G_N_ELEMENTS (outcome_rows));
  tcase_add_test (tc, a_broken_recording_is_counted);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (course_suite)

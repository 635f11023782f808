/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/resume.h"
#include "tests/scratch.h"

#include <math.h>
#include <string.h>

#define S G_GINT64_CONSTANT (1000000)
#define NOON (G_GINT64_CONSTANT (1792929600) * S) /* 2026-10-25 12:00:00 UTC */
#define MONO (5000 * S)                           /* of the machine at the start of the recording */
#define CHAIR "Chair 1"
#define RESUME_S 30

static char *folder;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("chs-resume-XXXXXX", NULL);
}

static void
tear_down (void)
{
  scratch_remove (folder);
  g_clear_pointer (&folder, g_free);
}

/* ---- a recording of some seconds ---- */

typedef struct {
  ChsStoreWriter *writer;
  ChsEngine *engine;
  guint64 seq;
  GArray *alarms; /* what the engine said to the newest event */
} Script;

static void
on_output (const ChsEvent *output, gpointer user_data)
{
  Script *script = user_data;

  g_array_append_vals (script->alarms, output, 1);
}

static void
put (Script *script, ChsEvent event, gint64 t_us)
{
  event.t_us = t_us;
  event.wall_us = NOON + t_us;
  event.seq = ++script->seq;
  chs_store_writer_append (script->writer, &event);
  if (event.type != CHS_EVENT_ALARM)
    chs_engine_feed (script->engine, &event, on_output, script);
}

/* Writes what the engine said, but for the last @n_lost. */
static void
put_alarms (Script *script, guint n_lost)
{
  for (guint i = 0; i + n_lost < script->alarms->len; i++)
    put (script, g_array_index (script->alarms, ChsEvent, i), g_array_index (script->alarms, ChsEvent, i).t_us);
}

static ChsEvent
nurse_event (ChsNurseAction action, const char *what)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE, .source = CHS_SOURCE_NURSE };

  event.nurse = (ChsNurse){ .action = (uint8_t) action, .value = NAN, .at_us = CHS_TIME_NONE };
  g_strlcpy (event.nurse.what, what, sizeof event.nurse.what);
  return event;
}

/* Ten seconds in the phase @phase, ended with a complaint of which @n_lost alarms were cut off. Returns its path. */
static char *
record (const char *chair, const char *phase, guint n_lost, gboolean complete)
{
  g_autofree char *path = chs_recording_dup_new_path (folder, chair, NOON);
  g_autofree char *profile_path = chs_profile_dup_default_path ();
  g_autoptr (ChsProfile) profile = chs_profile_load (profile_path, NULL);
  g_autoptr (GArray) alarms = g_array_new (FALSE, TRUE, sizeof (ChsEvent));
  g_autoptr (GError) error = NULL;
  ChsStoreMeta meta = { .session_id = (char *) "s",
                        .chair = (char *) chair,
                        .boot_id = (char *) "this-boot",
                        .start_wall_us = NOON,
                        .start_mono_us = MONO,
                        .program = (char *) "test" };
  Script script = { .writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, &error),
                    .engine = chs_engine_new (profile),
                    .alarms = alarms };
  ChsEvent config = { .type = CHS_EVENT_CONFIG, .config = { .name = "profile" } };
  ChsStoreSource source = { .source = 7, .name = "monitor" };
  gsize n;

  ck_assert_msg (script.writer != NULL, "%s", error != NULL ? error->message : "");
  config.config.text = chs_profile_get_text (profile, &n);
  config.config.n = (uint32_t) n;
  chs_store_writer_add_source (script.writer, &source);
  put (&script, config, 0);
  put (&script, nurse_event (CHS_NURSE_PHASE, phase), 1 * S);
  put (&script, (ChsEvent){ .type = CHS_EVENT_SETUP, .source = CHS_SOURCE_NURSE, .setup = { "limit.HR.high", "145" } }, 1 * S);
  for (int i = 2; i < 10; i++)
    put (&script, (ChsEvent){ .type = CHS_EVENT_TICK }, i * S);
  put_alarms (&script, 0);
  g_array_set_size (alarms, 0);
  put (&script, nurse_event (CHS_NURSE_SYMPTOM, "chest_pain"), 10 * S);
  ck_assert_msg (alarms->len > 0, "a complaint raises an alarm");
  put_alarms (&script, n_lost);
  ck_assert (chs_store_writer_close (script.writer, complete, NULL));
  chs_engine_free (script.engine);
  return g_steal_pointer (&path);
}

/* @later_us: time since the last event; @boot: which one it is now. */
static ChsResume *
find (const char *chair, gint64 later_us, const char *boot)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  const ChsResumeNow now = { .mono_us = (strcmp (boot, "this-boot") == 0 ? MONO : 0) + 10 * S + later_us,
                             .wall_us = NOON + 10 * S + later_us,
                             .boot_id = boot,
                             .zone = zone };

  return chs_resume_find (folder, chair, &now, RESUME_S);
}

/* ---- which one is gone on with ---- */

static const struct {
  const char *name, *phase;
  gboolean complete;
  gint64 later_s;
  const char *boot;
  gboolean want;
} rows[] = {
  { "crash, at once", "infusing", FALSE, 1, "this-boot", TRUE },
  { "crash, empty chair", "idle", FALSE, 1, "this-boot", TRUE },
  { "crash, hours later", "infusing", FALSE, 6 * 3600, "this-boot", TRUE },
  { "crash, the next day", "infusing", FALSE, 13 * 3600, "this-boot", FALSE },
  { "power cut", "infusing", FALSE, 90, "next-boot", TRUE },
  { "power cut, the next day", "infusing", FALSE, 13 * 3600, "next-boot", FALSE },
  { "restart of the service", "infusing", TRUE, 5, "this-boot", TRUE },
  { "restart, just in time", "observe", TRUE, RESUME_S, "this-boot", TRUE },
  { "restart, too late", "infusing", TRUE, RESUME_S + 1, "this-boot", FALSE },
  { "restart, empty chair", "idle", TRUE, 5, "this-boot", FALSE },
  { "restart, closed session", "closed", TRUE, 5, "this-boot", FALSE },
};

START_TEST (goes_on_with_what_was_interrupted)
{
  g_autofree char *path = record (CHAIR, rows[_i].phase, 0, rows[_i].complete);
  g_autoptr (ChsResume) resume = find (CHAIR, rows[_i].later_s * S, rows[_i].boot);

  ck_assert_msg ((resume != NULL) == rows[_i].want, "%s", rows[_i].name);
  if (resume == NULL)
    return;
  ck_assert_str_eq (resume->path, path);
  ck_assert_int_eq (resume->last_us, 10 * S);
  ck_assert_int_eq (resume->now_us, 10 * S + rows[_i].later_s * S);
  ck_assert_str_eq (chs_phase_id (chs_engine_get_session (resume->engine)->phase), rows[_i].phase);
  ck_assert_uint_eq (resume->sources->len, 1);
  ck_assert_uint_eq (g_array_index (resume->sources, ChsStoreSource, 0).source, 7);
  ck_assert_uint_eq (resume->unwritten->len, 0);
}
END_TEST

START_TEST (alarms_cut_off_by_the_crash_are_kept)
{
  G_GNUC_UNUSED g_autofree char *path = record (CHAIR, "infusing", 1, FALSE);
  g_autoptr (ChsResume) resume = find (CHAIR, S, "this-boot");
  const ChsActiveAlarm *alarms;
  guint n;

  ck_assert_ptr_nonnull (resume);
  ck_assert_uint_eq (resume->unwritten->len, 1);
  ck_assert_int_eq (g_array_index (resume->unwritten, ChsEvent, 0).alarm.action, CHS_ALARM_RAISE);
  alarms = chs_engine_get_alarms (resume->engine, &n);
  ck_assert_uint_gt (n, 0);
  ck_assert_int_eq (alarms[0].alarm.label, CHS_LABEL_CHECK_PATIENT);
}
END_TEST

/* What the nurse set lives in the recording and is in force again. */
START_TEST (clause_6_5_4_limits_of_the_session_are_kept)
{
  G_GNUC_UNUSED g_autofree char *path = record (CHAIR, "infusing", 0, FALSE);
  g_autoptr (ChsResume) resume = find (CHAIR, 90 * S, "next-boot");
  ChsLimits limits;

  ck_assert_ptr_nonnull (resume);
  limits = chs_engine_get_limits (resume->engine, CHS_PARAM_HR);
  ck_assert (limits.changed);
  ck_assert_double_eq (limits.high, 145);
}
END_TEST

START_TEST (other_chairs_and_files_are_left_alone)
{
  G_GNUC_UNUSED g_autofree char *other = record ("Chair 1-20", "infusing", 0, FALSE);
  g_autofree char *junk = g_build_filename (folder, "chair-1-20261025-130000.chairside", NULL);

  ck_assert_ptr_null (find (CHAIR, S, "this-boot"));
  ck_assert (g_file_set_contents (junk, "not a recording", -1, NULL));
  ck_assert_ptr_null (find (CHAIR, S, "this-boot"));
  ck_assert (g_file_test (junk, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (the_newest_of_one_second_is_found)
{
  g_autofree char *first = record (CHAIR, "infusing", 0, FALSE);
  g_autofree char *second = record (CHAIR, "observe", 0, FALSE);
  g_autoptr (ChsResume) resume = find (CHAIR, S, "this-boot");

  ck_assert_str_ne (first, second);
  ck_assert_ptr_nonnull (resume);
  ck_assert_str_eq (resume->path, second);
}
END_TEST

START_TEST (names_tell_chair_and_time_and_nothing_else)
{
  g_autofree char *path = chs_recording_dup_new_path ("/rec", "Chair Ä/3", NOON + 5 * S);

  ck_assert_str_eq (path, "/rec/chair----3-20261025-120005.chairside");
}
END_TEST

static Suite *
resume_suite (void)
{
  Suite *suite = suite_create ("resume");
  TCase *tc = tcase_create ("resume");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (tc, goes_on_with_what_was_interrupted, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, alarms_cut_off_by_the_crash_are_kept);
  tcase_add_test (tc, clause_6_5_4_limits_of_the_session_are_kept);
  tcase_add_test (tc, other_chairs_and_files_are_left_alone);
  tcase_add_test (tc, the_newest_of_one_second_is_found);
  tcase_add_test (tc, names_tell_chair_and_time_and_nothing_else);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (resume_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/evaluate.h"
#include "app/replay.h"
#include "app/scenario-csv.h"
#include "data/store.h"
#include "tests/scratch.h"

#include <locale.h>
#include <math.h>
#include <string.h>
#include <time.h>

/* Scenarios and recordings through the engine: the story of issue 2 made here, the eight examples where they are there. */

static char *folder;

static void
setup (void)
{
  g_setenv ("CHAIRSIDE_SHARE", g_getenv ("CHS_TEST_SHARE"), TRUE);
  folder = g_dir_make_tmp ("chs-replay-XXXXXX", NULL);
}

static void
teardown (void)
{
  scratch_remove (folder);
  g_clear_pointer (&folder, g_free);
}

static char *
write_file (const char *name, const char *text)
{
  char *path = g_build_filename (folder, name, NULL);

  ck_assert (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static const char header[] = "t_s,hr_bpm,pr_bpm,spo2_pct,pi_pct,rr_bpm,temp_c,nibp_status,nibp_sys,nibp_dia,nibp_map,abp_sys,abp_dia,abp_map,"
                             "pump_state,pump_rate_ml_h,pump_vol_ml,pump_press_mmhg,mon_link,pump_link,event\n";

/* Half an hour with 2 g magnesium: turned up from 100 to 700 mL/h at 900 s, warmth at 1030, pressure down from 1100 on. */
static char *
write_story (void)
{
  g_autoptr (GString) csv = g_string_new (header);
  double volume = 0;

  for (int t = 0; t < 1800; t++) {
    double rate = t < 480 ? 0 : t < 900 ? 100 : 700;
    int sys = t < 1100 ? 122 : 92;

    volume += rate / 3600;
    g_string_append_printf (csv, "%d,%d,%d,98,2.%d,14,,", t, 72 + t % 3, 72 + t % 2, t % 9);
    if (t % 180 == 60)
      g_string_append_printf (csv, "ok,%d,%d,%d,,,,", sys, sys - 44, sys - 28);
    else
      g_string_append_printf (csv, "%s,,,,,,,", t % 180 > 20 && t % 180 < 60 ? "inflating" : "");
    g_string_append_printf (csv, "%s,%d,%d.%02d,30,1,1,%s\n", rate > 0 ? "run" : "idle", (int) rate, (int) volume,
                            (int) (volume * 100) % 100, t == 480 ? "pump:start" : t == 1030 ? "symptom:heat" : "");
  }
  g_free (write_file ("story.ini", "[session]\nid = story\ncuff_interval_s = 180\n[patient]\nage = 50\nsex = F\nweight_kg = 70\nheight_cm = 165\nflags =\n"
                                   "[therapy]\nid = mg_addon\nbag_volume_ml = 100\nmg_mmol_per_ml = 0.0811\nketamine_mg_per_ml = 0\nlidocaine_mg_per_ml = 0\n"
                                   "[sensors]\necg = 1\nabp = 0\ntemp = spot\ncuff_arm = left\nspo2_arm = right\niv_arm = right\n"));
  return write_file ("story.csv", csv->str);
}

typedef struct {
  const ChsProfile *profile;
  GString          *json;
  guint             n_events;
} Log;

static void
on_event (const ChsEvent *event, gpointer user_data)
{
  Log *log = user_data;

  log->n_events++;
  if (event->type == CHS_EVENT_ALARM)
    chs_alarm_to_json (log->profile, event, log->json);
}

static char *
replay (const char *path)
{
  Log log = { .json = g_string_new (NULL) };
  ChsReplayOptions options = { .profile = &log.profile };
  g_autoptr (GError) error = NULL;

  ck_assert_msg (chs_replay_run (path, &options, on_event, &log, NULL, &error), "%s", error != NULL ? error->message : "");
  ck_assert_uint_gt (log.n_events, 1000);
  return g_string_free (log.json, FALSE);
}

START_TEST (the_story_is_told)
{
  g_autofree char *path = write_story (), *log = replay (path);
  const char *rate = strstr (log, "\"label\":\"rate_limit\",\"action\":\"raise\",\"priority\":\"medium\"");
  const char *fall = strstr (log, "\"label\":\"mg_hypotension\",\"action\":\"raise\",\"priority\":\"medium\"");

  ck_assert_msg (rate != NULL && fall != NULL && rate < fall, "%s", log);
  ck_assert (strstr (log, "\"t_ms\":908000,\"type\":\"alarm\",\"rule\":\"magnesium.hard_rate\"") != NULL);
  ck_assert (strstr (fall, "\"cause_ms\":900000,\"cause_from_ml_h\":100,\"cause_to_ml_h\":700,\"cause_source\":2") != NULL);
  ck_assert (strstr (fall, "min after pump 2/0 went 100 to 700 mL/h") != NULL);
}
END_TEST

/* A comma for the decimal point and another time zone change not one byte. */
START_TEST (the_log_is_the_same_everywhere)
{
  g_autofree char *path = write_story (), *here = replay (path), *there = NULL, *again = NULL;
  g_autofree char *locales = g_build_filename (folder, "locales", NULL);
  g_autofree char *make = g_strdup_printf ("mkdir -p '%s' && localedef -i de_DE -f UTF-8 '%s/de_DE.UTF-8' >/dev/null 2>&1", locales, locales);
  gboolean has_comma;

  again = replay (path);
  ck_assert_str_eq (here, again);
  has_comma = system (make) == 0;
  g_setenv ("LOCPATH", locales, TRUE);
  g_setenv ("LC_ALL", "de_DE.UTF-8", TRUE);
  g_setenv ("TZ", "Pacific/Auckland", TRUE);
  tzset ();
  has_comma = has_comma && setlocale (LC_ALL, "") != NULL && strcmp (localeconv ()->decimal_point, ",") == 0;
  there = replay (path);
  ck_assert_str_eq (here, there);
  setlocale (LC_ALL, "C");
  scratch_remove (locales);
  ck_assert_msg (has_comma || g_file_test ("/usr/share/i18n/locales/de_DE", G_FILE_TEST_EXISTS) == FALSE, "the comma was tried");
}
END_TEST

/* A recording of the same events gives the same log, and the profile stored in it is used. */
static gboolean
on_recorded (const ChsEvent *event, gpointer user_data)
{
  ChsEvent numbered = *event;

  numbered.seq++; /* behind the profile */
  chs_store_writer_append (user_data, &numbered);
  return TRUE;
}

static char *
record (const char *scenario, const char *profile_text)
{
  char *path = g_build_filename (folder, "story.chairside", NULL);
  ChsStoreMeta meta = { .session_id = (char *) "0", .chair = (char *) "1", .program = (char *) "test" };
  g_autoptr (GError) error = NULL;
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, &error);
  ChsEvent config = { .type = CHS_EVENT_CONFIG, .seq = 1 };

  ck_assert_msg (writer != NULL, "%s", error != NULL ? error->message : "");
  chs_text_copy (config.config.name, sizeof config.config.name, "profile");
  config.config.text = profile_text;
  config.config.n = (uint32_t) strlen (profile_text);
  chs_store_writer_append (writer, &config);
  ck_assert (chs_scenario_play (scenario, NULL, on_recorded, writer, &error));
  ck_assert (chs_store_writer_close (writer, TRUE, &error));
  return path;
}

START_TEST (a_recording_replays_as_it_was)
{
  g_autofree char *path = write_story (), *live = replay (path);
  g_autofree char *profile_path = g_build_filename (g_getenv ("CHS_TEST_SHARE"), "alarms", "adult.ini", NULL);
  g_autofree char *profile = NULL, *recording = NULL, *log = NULL;

  ck_assert (g_file_get_contents (profile_path, &profile, NULL, NULL));
  recording = record (path, profile);
  log = replay (recording);
  ck_assert_str_eq (log, live);
}
END_TEST

START_TEST (the_recorded_profile_is_used)
{
  g_autofree char *path = write_story (), *live = replay (path);
  g_autofree char *profile_path = g_build_filename (g_getenv ("CHS_TEST_SHARE"), "alarms", "adult.ini", NULL);
  g_autofree char *profile = NULL, *recording = NULL, *log = NULL;
  g_auto (GStrv) parts = NULL;

  ck_assert (g_file_get_contents (profile_path, &profile, NULL, NULL));
  parts = g_strsplit (profile, "title = Pressure falling with magnesium", 2);
  g_free (profile);
  profile = g_strconcat (parts[0], "title = Own words", parts[1], NULL);
  recording = record (path, profile);
  log = replay (recording);
  ck_assert (strstr (log, "Own words") != NULL);
  ck_assert (strstr (live, "Own words") == NULL);
}
END_TEST

/* ---- bad input ---- */

static const struct {
  const char *name, *csv, *says;
} broken[] = {
  { "no header", "", "" },
  { "unknown column", "t_s,heart\n0,70\n", ":1: unknown column \"heart\"" },
  { "no time", "hr_bpm\n70\n", ":1: column t_s is missing" },
  { "words for numbers", "t_s,hr_bpm\n0,70\n1,fast\n", ":3: hr_bpm: not a number: \"fast\"" },
  { "time goes back", "t_s,hr_bpm\n5,70\n4,70\n", ":3: time goes back: \"4\"" },
  { "too many cells", "t_s,hr_bpm\n0,70,3\n", ":2: more cells than columns: \"3\"" },
  { "infinite", "t_s,hr_bpm\n0,inf\n", ":2: hr_bpm: not a number: \"inf\"" },
  { "column twice", "t_s,hr_bpm,hr_bpm\n0,70,71\n", ":1: column \"hr_bpm\" stands twice" },
  { "cuff word", "t_s,nibp_status\n0,good\n", ":2: nibp_status: none of inflating" },
  { "pump word", "t_s,pump_state\n0,running\n", ":2: pump_state: none of idle" },
  { "no cell for the time", "hr_bpm,t_s\n70\n", ":2: t_s: no time" },
  { "hexadecimal time", "t_s,hr_bpm\n-1,70\n", ":2: t_s: no time: \"-1\"" },
};

static gboolean
ignore (const ChsEvent *event, gpointer user_data)
{
  return TRUE;
}

START_TEST (a_broken_scenario_is_refused)
{
  g_autofree char *path = write_file ("b.csv", broken[_i].csv);
  g_autoptr (GError) error = NULL;
  gboolean good = chs_scenario_play (path, NULL, ignore, NULL, &error);

  if (broken[_i].says[0] == '\0') {
    ck_assert (good);
    return;
  }
  ck_assert_msg (!good, "%s: refused", broken[_i].name);
  ck_assert_msg (strstr (error->message, broken[_i].says) != NULL, "%s: \"%s\"", broken[_i].name, error->message);
}
END_TEST

START_TEST (what_is_not_there_is_refused)
{
  Log log = { .json = NULL };
  ChsReplayOptions options = { .therapy_id = "snake_oil" };
  g_autofree char *path = write_story ();
  g_autoptr (GError) error = NULL;

  ck_assert (!chs_replay_run ("/nowhere.csv", NULL, on_event, &log, NULL, &error));
  g_clear_error (&error);
  ck_assert (!chs_replay_run ("/nowhere.chairside", NULL, on_event, &log, NULL, &error));
  g_clear_error (&error);
  options.profile_path = "/nowhere.ini";
  ck_assert (!chs_replay_run (path, &options, on_event, &log, NULL, &error));
  ck_assert_ptr_nonnull (error);
}
END_TEST

/* ---- judging ---- */

static char *
judge (const char *truth_text)
{
  G_GNUC_UNUSED g_autofree char *path = write_story (), *truth = write_file ("story.truth.ini", truth_text);
  const char *const paths[] = { folder, NULL };
  ChsEvaluateOptions options = { .jobs = 2, .findings = TRUE };
  g_autoptr (GError) error = NULL;
  GString *out = g_string_new (NULL);

  ck_assert_msg (chs_evaluate_run (paths, &options, out, &error), "%s", error != NULL ? error->message : "");
  return g_string_free (out, FALSE);
}

#define EVENT "[event.1]\ntype = mg_hypotension\nonset_s = 900\ncriteria_s = 910\nend_s = 1790\nlabel_best = mg_hypotension\nlabels_partial = hypotension\n"

static const struct {
  const char *name, *truth, *says;
} truths[] = {
  { "in time", EVENT "labels_ok = mg_hypotension\ndeadline_s = 1400\nmin_priority = MEDIUM\n", "\"type\":\"summary\",\"sessions\":1,\"events\":1,\"in_time\":1" },
  { "too late", EVENT "labels_ok = mg_hypotension\ndeadline_s = 1000\nmin_priority = MEDIUM\n", "\"type\":\"miss\",\"session\":\"story.csv\",\"t_s\":1000" },
  { "too low", EVENT "labels_ok = mg_hypotension\ndeadline_s = 1130\nmin_priority = HIGH\n", "\"events\":1,\"in_time\":0" },
  { "false alarms", "[truth]\nclass = uneventful\n", "\"type\":\"false\",\"session\":\"story.csv\",\"t_s\":908,\"label\":\"rate_limit\"" },
  { "allowed", "[allow.1]\nfrom_s = 0\nto_s = 1800\nlabels = rate_limit,mg_hypotension,hypotension\nmax_priority = HIGH\n", "\"false_high_medium_per_h\":0," },
};

START_TEST (sessions_are_judged)
{
  g_autofree char *log = judge (truths[_i].truth);

  ck_assert_msg (strstr (log, truths[_i].says) != NULL, "%s: %s", truths[_i].name, log);
}
END_TEST

/* The eight examples: every event in time with a right label, nothing outside what their truth allows. */
START_TEST (the_eight_examples)
{
  g_autofree char *cases = g_build_filename (g_getenv ("CHS_TEST_CASES"), "scenarios", NULL);
  const char *const paths[] = { cases, NULL };
  ChsEvaluateOptions options = { .jobs = 2, .findings = TRUE };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (!g_file_test (cases, G_FILE_TEST_IS_DIR))
    return; /* they are not part of the project */
  ck_assert (chs_evaluate_run (paths, &options, out, &error));
  ck_assert_msg (strstr (out->str, "\"type\":\"summary\",\"sessions\":8,\"events\":6,\"in_time\":6") != NULL, "%s", out->str);
  ck_assert_msg (strstr (out->str, "\"type\":\"false\"") == NULL && strstr (out->str, "\"type\":\"wrong\"") == NULL, "%s", out->str);
}
END_TEST

static Suite *
replay_suite (void)
{
  Suite *suite = suite_create ("replay");
  TCase *tc = tcase_create ("replay");

  tcase_set_timeout (tc, 60);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, the_story_is_told);
  tcase_add_test (tc, the_log_is_the_same_everywhere);
  tcase_add_test (tc, a_recording_replays_as_it_was);
  tcase_add_test (tc, the_recorded_profile_is_used);
  tcase_add_loop_test (tc, a_broken_scenario_is_refused, 0, G_N_ELEMENTS (broken));
  tcase_add_test (tc, what_is_not_there_is_refused);
  tcase_add_loop_test (tc, sessions_are_judged, 0, G_N_ELEMENTS (truths));
  tcase_add_test (tc, the_eight_examples);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (replay_suite)

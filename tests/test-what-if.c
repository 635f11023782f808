/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command-check.h"
#include "app/engine.h"
#include "app/therapy.h"
#include "app/what-if.h"
#include "tests/check-main.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* An hour in which the pulse goes up to 132 for ten minutes, with a bag of magnesium that the nurse set up. */
#define S G_GINT64_CONSTANT (1000000)
#define MINUTES 60

static ChsProfile *profile;
static ChsWhatIf  *what_if;
static GArray     *events;

static void
add (ChsEvent event, guint8 source, gint64 t_s)
{
  event.seq = events->len + 1;
  event.t_us = t_s * S;
  event.wall_us = G_GINT64_CONSTANT (1793700000000000) + event.t_us;
  event.source = source;
  g_array_append_val (events, event);
  chs_what_if_add (what_if, &event);
}

static void
add_setup (const char *key, const char *value)
{
  ChsEvent event = { .type = CHS_EVENT_SETUP };

  chs_text_copy (event.setup.key, sizeof event.setup.key, key);
  chs_text_copy (event.setup.value, sizeof event.setup.value, value);
  add (event, CHS_SOURCE_NURSE, 0);
}

static void
add_second (gint64 t)
{
  double hr = t > 1800 && t < 2400 ? 132 : 72;

  add (chs_numeric (CHS_PARAM_HR, hr), 1, t);
  add (chs_numeric (CHS_PARAM_PR, hr), 1, t);
  add (chs_numeric (CHS_PARAM_SPO2, 98), 1, t);
  add (chs_numeric (CHS_PARAM_RR, 14), 1, t);
  add ((ChsEvent){ .type = CHS_EVENT_TICK }, 0, t);
}

static void
set_up (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("CHS_TEST_SHARE"), "alarms", "adult.ini", NULL);

  profile = chs_profile_load (path, NULL);
  ck_assert_ptr_nonnull (profile);
  what_if = chs_what_if_new (profile);
  events = g_array_new (FALSE, FALSE, sizeof (ChsEvent));
  add_setup ("patient.weight_kg", "70");
  add_setup ("patient.id", "P-1");
  add_setup ("therapy.id", "mg_addon");
  add_setup ("therapy.mg_mmol_per_ml", "0.0811");
  add_setup ("therapy.mg_soft_mmol_min", "0.2");
  add_setup ("therapy.mg_hard_mmol_min", "0.4");
  add_setup ("limit.HR.high", "125");
  for (gint64 t = 1; t <= MINUTES * 60; t++)
    add_second (t);
}

static void
tear_down (void)
{
  chs_what_if_unref (what_if);
  chs_profile_free (profile);
  g_array_unref (events);
}

static ChsAlarmTrack *
run (gboolean as_recorded)
{
  g_autoptr (ChsWhatIfTask) task = chs_what_if_task_new (what_if, as_recorded);

  return chs_what_if_task_run (task, NULL);
}

static void
on_output (const ChsEvent *event, gpointer user_data)
{
  chs_alarm_track_feed (user_data, event);
}

static const ChsWhatIfRow *
row_of (const char *key)
{
  guint               n;
  const ChsWhatIfRow *rows = chs_what_if_get_rows (what_if, &n);

  for (guint i = 0; i < n; i++)
    if (strcmp (rows[i].key, key) == 0)
      return &rows[i];

  return NULL;
}

/* Packed and asked for nothing, it says what the engine says over the events themselves. */
START_TEST (unchanged_it_is_the_replay)
{
  g_autoptr (ChsAlarmTrack) packed = run (FALSE), whole = chs_alarm_track_new ();
  g_autoptr (ChsEngine)     engine = chs_engine_new (profile);

  for (guint i = 0; i < events->len; i++)
    chs_engine_feed (engine, &g_array_index (events, ChsEvent, i), on_output, whole);
  ck_assert_uint_gt (whole->spans->len, 0);
  ck_assert_uint_eq (packed->spans->len, whole->spans->len);
  ck_assert_mem_eq (packed->spans->data, whole->spans->data, whole->spans->len * sizeof (ChsAlarmSpan));
  ck_assert_int_eq (packed->end_us, MINUTES * 60 * S);
}
END_TEST

START_TEST (another_limit_gives_other_alarms)
{
  g_autoptr (ChsAlarmTrack) before = run (TRUE), after = NULL, again = NULL, recorded = NULL;

  ck_assert (chs_what_if_set (what_if, "limit.HR.high", 150, NULL));
  ck_assert (chs_what_if_set (what_if, "limit.hr_high", 150, NULL));
  ck_assert (chs_what_if_set (what_if, "hr.high_rise", 45, NULL));
  ck_assert (chs_what_if_set (what_if, "hr.high_rise_share", 1.6, NULL));
  ck_assert_uint_eq (chs_what_if_get_n_changed (what_if, FALSE), 4);
  ck_assert_uint_eq (chs_what_if_get_n_changed (what_if, TRUE), 3);
  after = run (FALSE);
  recorded = run (TRUE);
  ck_assert_uint_lt (after->spans->len, before->spans->len);
  ck_assert_uint_eq (recorded->spans->len, before->spans->len);

  chs_what_if_revert (what_if);
  ck_assert_uint_eq (chs_what_if_get_n_changed (what_if, FALSE), 0);
  again = run (FALSE);
  ck_assert_uint_eq (again->spans->len, before->spans->len);
}
END_TEST

START_TEST (rows_have_ranges_and_sources)
{
  const ChsWhatIfRow *row = row_of ("limit.hr_high");

  ck_assert_ptr_nonnull (row);
  ck_assert_str_eq (row->group, "limit");
  ck_assert_str_eq (row->unit, "/min");
  ck_assert_double_eq (row->least, 100);
  ck_assert_double_eq (row->most, 160);
  ck_assert_str_ne (row->source, "");
  ck_assert (!row->is_session);

  row = row_of ("therapy.mg_hard_mmol_min");
  ck_assert_ptr_nonnull (row);
  ck_assert (row->is_session);
  ck_assert_str_eq (row->unit, "mmol/min");
  ck_assert_double_eq (row->most, 0.609);
  ck_assert_double_eq (row->recorded, 0.4);

  row = row_of ("limit.HR.high");
  ck_assert_ptr_nonnull (row);
  ck_assert_double_eq (row->most, 160);
  ck_assert_ptr_null (row_of ("patient.id"));
}
END_TEST

static const struct {
  const char *key;
  double      value;
  const char *why;
} unsafe[] = {
  { "limit.hr_high", 40, "safe range" },
  { "limit.hr_high", NAN, "safe range" },
  { "limit.spo2_extreme", 86, "is above" }, /* over a limit of 85 is against limit.spo2_low only when that is lower */
  { "therapy.mg_soft_mmol_min", 0.5, "above the hard" },
  { "therapy.mg_hard_mmol_min", 5, "safe range" },
  { "limit.HR.high", 400, "safe range" },
  { "patient.weight_kg", 2, "safe range" },
  { "no.such_key", 1, "unknown key" },
};

START_TEST (what_is_unsafe_is_refused_with_the_reason)
{
  g_autoptr (GError) error = NULL;

  if (strcmp (unsafe[_i].key, "limit.spo2_extreme") == 0)
    ck_assert (chs_what_if_set (what_if, "limit.spo2_low", 85, NULL));
  chs_what_if_get_n_changed (what_if, FALSE);
  ck_assert_msg (!chs_what_if_set (what_if, unsafe[_i].key, unsafe[_i].value, &error), "%s", unsafe[_i].key);
  ck_assert_ptr_nonnull (error);
  ck_assert_msg (strstr (error->message, unsafe[_i].why) != NULL, "%s", error->message);
}
END_TEST

START_TEST (a_cancelled_run_gives_nothing)
{
  g_autoptr (ChsWhatIfTask) task = chs_what_if_task_new (what_if, FALSE);
  g_autoptr (GCancellable)  cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  ck_assert_ptr_null (chs_what_if_task_run (task, cancellable));
}
END_TEST

static const ChsWhatIfLabel label = { "Ward 3: calm\n[x]", "Dr\n[Who]", "too many at rest", "P-1" };
static char *folder, *sub;

static void
set_up_folder (void)
{
  set_up ();
  folder = g_dir_make_tmp ("chairside-what-if-XXXXXX", NULL);
  sub = g_build_filename (folder, "own", NULL);
  g_setenv ("CHAIRSIDE_THERAPIES", sub, TRUE);
}

static void
tear_down_folder (void)
{
  g_autofree char *file = g_build_filename (sub, "ward-3-calm-x.ini", NULL);

  g_unlink (file);
  g_rmdir (sub);
  ck_assert_int_eq (g_rmdir (folder), 0); /* there is nothing else */
  g_free (sub);
  g_free (folder);
  tear_down ();
}

START_TEST (a_saved_profile_passes_the_check)
{
  g_autofree char        *path = NULL, *text = NULL;
  g_autoptr (ChsProfile)  saved = NULL;
  g_autoptr (GError)      error = NULL;

  ck_assert (chs_what_if_set (what_if, "limit.hr_high", 135, NULL));
  ck_assert (chs_what_if_set (what_if, "patient.weight_kg", 80, NULL));
  ck_assert (chs_what_if_save_profile (what_if, sub, &label, &path, &error));
  ck_assert_msg (g_str_has_suffix (path, "/ward-3-calm-x.ini"), "%s", path);
  saved = chs_profile_load (path, &error);
  ck_assert_msg (saved != NULL, "%s", error ? error->message : "");
  ck_assert_double_eq (chs_profile_get (saved, "limit.hr_high"), 135);
  ck_assert_double_eq (chs_profile_get (saved, "limit.hr_low"), chs_profile_get (profile, "limit.hr_low"));
  ck_assert_str_eq (chs_profile_get_reviewed_by (saved), "");
  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  ck_assert_ptr_nonnull (strstr (text, "what-if over P-1, before"));
  ck_assert_ptr_nonnull (strstr (text, "# Dr [Who]: too many at rest (what-if over P-1)\n"));
}
END_TEST

START_TEST (a_saved_therapy_passes_the_check)
{
  g_autofree char              *path = NULL, *text = NULL;
  g_autoptr (ChsTherapyLibrary) library = NULL;
  const ChsTherapyEntry        *saved, *shipped;
  g_autoptr (GError)            error = NULL;

  ck_assert (chs_what_if_set (what_if, "therapy.mg_soft_mmol_min", 0.05, NULL));
  ck_assert (chs_what_if_set (what_if, "therapy.mg_mmol_per_ml", 0.1, NULL)); /* follows from the ingredients: in no entry */
  ck_assert_uint_eq (chs_what_if_get_n_changed (what_if, CHS_WHAT_IF_ALL), 2);
  ck_assert_uint_eq (chs_what_if_get_n_changed (what_if, CHS_WHAT_IF_THERAPY), 1);
  ck_assert_uint_eq (chs_what_if_get_n_changed (what_if, CHS_WHAT_IF_PROFILE), 0);
  ck_assert_msg (chs_what_if_save_therapy (what_if, sub, &label, &path, &error), "%s", error ? error->message : "");

  library = chs_therapy_library_load_default (&error);
  ck_assert_msg (library != NULL, "%s", error ? error->message : "");
  saved = chs_therapy_library_find (library, "ward_3_calm_x");
  shipped = chs_therapy_library_find (library, "mg_addon");
  ck_assert_ptr_nonnull (saved);
  ck_assert_double_eq (saved->therapy.mg_soft_mmol_min, 0.05);
  ck_assert_double_eq (saved->therapy.mg_hard_mmol_min, shipped->therapy.mg_hard_mmol_min);
  ck_assert_double_eq (saved->therapy.mg_mmol_per_ml, shipped->therapy.mg_mmol_per_ml);
  ck_assert_double_eq (saved->therapy.osm_mosm_l, shipped->therapy.osm_mosm_l);
  ck_assert_str_eq (saved->prechecks, shipped->prechecks);
  ck_assert_str_eq (saved->reviewed_by, "");
  ck_assert_msg (g_str_has_prefix (saved->source, "Dr [Who]: too many at rest; from mg_addon ("), "%s", saved->source);
  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  ck_assert_ptr_nonnull (strstr (text, "# before: mg_soft_mmol_min = "));
}
END_TEST

static const struct {
  const char    *name;
  ChsWhatIfLabel label;
  const char    *want; /* in the message */
} unsaved[] = {
  { "no name", { "", "Dr Who", "why", "P-1" }, "needs a name" },
  { "no author", { "x", "", "why", "P-1" }, "needs an author" },
  { "no reason", { "x", "Dr Who", "", "P-1" }, "needs a reason" },
  { "the name is taken", { "Ward 3 calm x", "Dr Who", "why", "P-1" }, "already" },
};

START_TEST (what_is_not_saved_says_why)
{
  g_autoptr (GError) error = NULL;

  ck_assert (chs_what_if_set (what_if, "limit.hr_high", 135, NULL));
  ck_assert (chs_what_if_set (what_if, "therapy.mg_soft_mmol_min", 0.05, NULL));
  ck_assert (chs_what_if_save_therapy (what_if, sub, &label, NULL, NULL));
  ck_assert (!chs_what_if_save_therapy (what_if, sub, &unsaved[_i].label, NULL, &error));
  ck_assert_msg (strstr (error->message, unsaved[_i].want) != NULL, "%s: %s", unsaved[_i].name, error->message);
  g_clear_error (&error);
  ck_assert (!chs_what_if_save_profile (what_if, sub, &unsaved[_i].label, NULL, &error));
  ck_assert_msg (strstr (error->message, unsaved[_i].want) != NULL, "%s: %s", unsaved[_i].name, error->message);
}
END_TEST

/* No shipped entry can be put in another's place, whatever folder it is saved to. */
START_TEST (a_shipped_therapy_is_never_replaced)
{
  const ChsWhatIfLabel shipped = { "mg addon", "Dr Who", "why", "P-1" };
  g_autoptr (GError)   error = NULL;

  ck_assert (chs_what_if_set (what_if, "therapy.mg_soft_mmol_min", 0.05, NULL));
  ck_assert (!chs_what_if_save_therapy (what_if, sub, &shipped, NULL, &error));
  ck_assert (g_error_matches (error, CHS_THERAPY_ERROR, CHS_THERAPY_ERROR_TWICE));
}
END_TEST

START_TEST (a_therapy_of_no_library_cannot_be_saved)
{
  g_autoptr (GError) error = NULL;

  add_setup ("therapy.id", "house_mix");
  ck_assert (chs_what_if_set (what_if, "therapy.mg_soft_mmol_min", 0.05, NULL));
  ck_assert (!chs_what_if_save_therapy (what_if, sub, &label, NULL, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "house_mix"));
}
END_TEST

/* Every shipped entry comes through the writer as it was. */
START_TEST (every_shipped_entry_can_be_written)
{
  g_autoptr (ChsTherapyLibrary) library = chs_therapy_library_load_default (NULL);
  const ChsTherapyEntry        *entry;

  for (guint i = 0; (entry = chs_therapy_library_get (library, i)) != NULL; i++) {
    g_autofree char              *text = chs_therapy_entry_dup_edited (entry, entry->id, entry->name, entry->source, NULL, 0);
    g_autoptr (ChsTherapyLibrary) again = chs_therapy_library_new ();
    ChsTherapyEntry               copy = *entry;
    g_autoptr (GError)            error = NULL;

    ck_assert_msg (chs_therapy_library_add_text (again, text, strlen (text), copy.file, &error), "%s", error ? error->message : "");
    copy.reviewed_by[0] = '\0';
    ck_assert_msg (memcmp (&copy, chs_therapy_library_get (again, 0), sizeof copy) == 0, "%s: %s", entry->id, text);
  }
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("what-if");
  TCase *tcase = tcase_create ("what-if");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, unchanged_it_is_the_replay);
  tcase_add_test (tcase, another_limit_gives_other_alarms);
  tcase_add_test (tcase, rows_have_ranges_and_sources);
  tcase_add_loop_test (tcase, what_is_unsafe_is_refused_with_the_reason, 0, G_N_ELEMENTS (unsafe));
  tcase_add_test (tcase, a_cancelled_run_gives_nothing);
  suite_add_tcase (suite, tcase);
  tcase = tcase_create ("saving");
  tcase_add_checked_fixture (tcase, set_up_folder, tear_down_folder);
  tcase_add_test (tcase, a_saved_profile_passes_the_check);
  tcase_add_test (tcase, a_saved_therapy_passes_the_check);
  tcase_add_loop_test (tcase, what_is_not_saved_says_why, 0, G_N_ELEMENTS (unsaved));
  tcase_add_test (tcase, a_shipped_therapy_is_never_replaced);
  tcase_add_test (tcase, a_therapy_of_no_library_cannot_be_saved);
  tcase_add_test (tcase, every_shipped_entry_can_be_written);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

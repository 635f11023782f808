/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/import-formats.h"
#include "data/summary.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

/* Real recordings against figures that other people's readers computed (shared/cases/recordings/expected.json).
 * Skipped without that folder. */

#define SLACK 1e-6 /* of the span: a float's own resolution, a few times over */

typedef struct {
  ChsSummary      summary;
  ChsImportResult result;
  ChsStoreMeta    meta;
} Imported;

static char *dir;
static JsonParser *expected;

static JsonObject *
section (const char *name)
{
  return expected != NULL ? json_object_get_object_member (json_node_get_object (json_parser_get_root (expected)), name) : NULL;
}

static char *
dup_case (const char *folder, const char *name)
{
  return g_build_filename (g_getenv ("CHS_TEST_CASES"), "recordings", folder, name, NULL);
}

static void
imported_clear (Imported *self)
{
  chs_summary_clear (&self->summary);
  chs_import_result_clear (&self->result);
}

static void
import (const char *path, Imported *self)
{
  g_autofree char *out = g_build_filename (dir, "out.chairside", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = NULL;
  const ChsImporter *const *formats;
  const ChsImporter *importer;
  guint n;

  formats = chs_import_formats (&n);
  importer = chs_import_find (formats, n, path, &error);
  ck_assert_msg (importer != NULL, "%s", error != NULL ? error->message : path);
  ck_assert_msg (chs_import_run (importer, path, out, NULL, NULL, NULL, &self->result, &error), "%s: %s", path, error != NULL ? error->message : "");
  reader = chs_store_reader_new (out, &error);
  ck_assert_msg (reader != NULL && chs_summary_read (&self->summary, reader, &error), "%s: %s", path, error != NULL ? error->message : "");
  g_unlink (out);
}

static double
number (JsonObject *object, const char *key)
{
  return json_object_has_member (object, key) && !json_object_get_null_member (object, key) ? json_object_get_double_member (object, key) : (double) NAN;
}

static void
assert_near (const char *file, const char *track, const char *what, double is, double want, double span)
{
  ck_assert_msg ((isnan (is) && isnan (want)) || fabs (is - want) <= SLACK * span, "%s, %s: %s is %.9g, not %.9g", file, track, what, is, want);
}

static void
assert_figures (const char *file, const ChsTrack *is, JsonObject *want)
{
  double low = number (want, "min"), high = number (want, "max");
  double span = fmax (high - low, fmax (fabs (low), fabs (high)));

  assert_near (file, is->name, "min", is->min, low, span);
  assert_near (file, is->name, "max", is->max, high, span);
  assert_near (file, is->name, "mean", is->mean, number (want, "mean"), span);
}

/* A track of that name, kind and number of values that was not taken for another one yet. */
static const ChsTrack *
take_track (Imported *self, gboolean *taken, const char *name, ChsTrackKind kind, guint64 count, double min)
{
  guint n;
  const ChsTrack *tracks = chs_track_table_get (self->summary.tracks, &n);

  for (guint i = 0; i < n; i++)
    if (!taken[i] && strcmp (tracks[i].name, name) == 0 && tracks[i].kind == kind && tracks[i].count == count &&
        (kind == CHS_TRACK_TEXT || count == 0 || fabs (tracks[i].min - min) < 1e-4 + SLACK * fabs (min))) {
      taken[i] = TRUE;
      return &tracks[i];
    }
  return NULL;
}

/* ---- .vital ---- */

static void
compare_vital (const char *file, JsonObject *want)
{
  g_autofree char *path = dup_case ("vital", file);
  JsonArray *tracks = json_object_get_array_member (want, "tracks");
  gboolean taken[4096] = { FALSE };
  double first_dt = number (want, "first_dt");
  Imported is;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  import (path, &is);
  ck_assert_msg ((is.result.n_notes == 0) == (json_object_get_boolean_member (want, "gzip_complete") &&
                                              json_object_get_int_member (want, "trailing_partial_packet") == 0),
                 "%s: %s", file, is.result.account);
  for (guint i = 0; i < json_array_get_length (tracks); i++) {
    JsonObject *track = json_array_get_object_element (tracks, i);
    const char *type = json_object_get_string_member (track, "type"), *name = json_object_get_string_member (track, "name");
    gboolean is_text = strcmp (type, "STR") == 0;
    ChsTrackKind kind = is_text ? CHS_TRACK_TEXT : strcmp (type, "WAV") == 0 ? CHS_TRACK_WAVE : CHS_TRACK_NUMERIC;
    guint64 count = (guint64) json_object_get_int_member (track, is_text ? "records" : "n");
    const ChsTrack *found;

    if (count == 0)
      continue;
    found = take_track (&is, taken, name, kind, count, number (track, "min"));
    ck_assert_msg (found != NULL, "%s: no track %s with %" G_GUINT64_FORMAT " values", file, name, count);
    if (!is_text)
      assert_figures (file, found, track);
    ck_assert_msg (fabs ((double) found->first_us / 1e6 - (number (track, "first_dt") - first_dt)) < 0.02, "%s, %s: first at %.6f s", file, name,
                   (double) found->first_us / 1e6);
  }
  imported_clear (&is);
}

static void
for_each_file (JsonObject *files, void (*compare) (const char *file, JsonObject *want))
{
  g_autoptr (GList) names = files != NULL ? json_object_get_members (files) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    compare (name->data, json_object_get_object_member (files, name->data));
}

START_TEST (test_vital)
{
  for_each_file (section ("vital"), compare_vital);
}
END_TEST

/* ---- WFDB ---- */

/* Where a frame of several samples lacks one, the reference averaged the mark for "missing" into it; we do not. */
static gboolean
is_misled (const char *file, const char *signal)
{
  return strcmp (signal, "I") == 0 && (strstr (file, "041s.hea") != NULL || strstr (file, "041s02.hea") != NULL);
}

static void
compare_wfdb (const char *file, JsonObject *want)
{
  g_autofree char *path = dup_case ("wfdb", file);
  JsonArray *signals = json_object_get_array_member (want, "signals");
  gboolean taken[4096] = { FALSE };
  Imported is;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  import (path, &is);
  ck_assert_msg (is.result.n_notes == 0, "%s: %s", file, is.result.account);
  for (guint i = 0; i < json_array_get_length (signals); i++) {
    JsonObject *signal = json_array_get_object_element (signals, i);
    const char *name = json_object_get_string_member (signal, "name");
    guint64 count = (guint64) json_object_get_int_member (signal, "valid");
    ChsTrackKind kind = number (want, "fs") > 1 ? CHS_TRACK_WAVE : CHS_TRACK_NUMERIC;
    const ChsTrack *found;

    if (count == 0 || is_misled (file, name))
      continue;
    found = take_track (&is, taken, name, kind, count, number (signal, "min"));
    ck_assert_msg (found != NULL, "%s: no signal %s of %" G_GUINT64_FORMAT " samples", file, name, count);
    assert_figures (file, found, signal);
  }
  imported_clear (&is);
}

START_TEST (test_wfdb)
{
  for_each_file (section ("wfdb"), compare_wfdb);
}
END_TEST

/* ---- EDF ---- */

static void
compare_edf (const char *file, JsonObject *want)
{
  g_autofree char *path = dup_case ("edf", file);
  JsonArray *channels = json_object_get_array_member (want, "channels");
  gint64 samples = json_object_get_int_member (want, "samples");
  guint n;
  const ChsTrack *tracks;
  Imported is;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  import (path, &is);
  tracks = chs_track_table_get (is.summary.tracks, &n);
  ck_assert_uint_eq (n, json_array_get_length (channels) + 1); /* and the annotations */
  ck_assert_int_eq ((gint64) tracks[0].count, json_object_get_int_member (want, "annotations"));
  for (guint i = 0; i + 1 < n; i++) {
    ck_assert_str_eq (tracks[i + 1].name, json_array_get_string_element (channels, i));
    ck_assert_int_eq ((gint64) tracks[i + 1].count, samples);
    ck_assert (fabs (tracks[i + 1].rate_hz - number (want, "sfreq")) < 1e-4);
  }
  imported_clear (&is);
}

START_TEST (test_edf)
{
  for_each_file (section ("edf"), compare_edf);
}
END_TEST

/* ---- CSV ---- */

/* All tracks of a column or channel: one for each source and unit. */
static void
compare_column (const char *file, Imported *is, const char *name, JsonObject *want)
{
  ChsTrack all = { .min = INFINITY, .max = -INFINITY };
  guint n;
  const ChsTrack *tracks = chs_track_table_get (is->summary.tracks, &n);
  guint64 numeric = (guint64) json_object_get_int_member (want, json_object_has_member (want, "numeric") ? "numeric" : "n");

  g_strlcpy (all.name, name, sizeof all.name);
  for (guint i = 0; i < n; i++)
    if (strcmp (tracks[i].name, name) == 0 && tracks[i].kind != CHS_TRACK_TEXT && tracks[i].count > 0) {
      all.min = fmin (all.min, tracks[i].min);
      all.max = fmax (all.max, tracks[i].max);
      all.mean += tracks[i].mean * (double) tracks[i].count;
      all.count += tracks[i].count;
    }
  all.mean /= (double) all.count;
  ck_assert_msg (all.count == numeric, "%s, %s: %" G_GUINT64_FORMAT " values, not %" G_GUINT64_FORMAT, file, name, all.count, numeric);
  if (numeric > 0)
    assert_figures (file, &all, want);
}

static void
compare_csv (const char *file, JsonObject *want)
{
  static const char *const kinds[] = { "cols", "channels" };
  g_autofree char *path = dup_case ("", file);
  Imported is;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  import (path, &is);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    JsonObject *columns = json_object_has_member (want, kinds[i]) ? json_object_get_object_member (want, kinds[i]) : NULL;
    g_autoptr (GList) names = columns != NULL ? json_object_get_members (columns) : NULL;

    for (GList *name = names; name != NULL; name = name->next)
      compare_column (file, &is, name->data, json_object_get_object_member (columns, name->data));
  }
  imported_clear (&is);
}

START_TEST (test_csv)
{
  for_each_file (section ("csv"), compare_csv);
}
END_TEST

/* ---- scenarios ---- */

START_TEST (test_scenarios)
{
  g_autofree char *folder = g_build_filename (g_getenv ("CHS_TEST_CASES"), "scenarios", NULL);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    Imported is;
    guint n;

    if (!g_str_has_suffix (name, ".csv") || strcmp (name, "index.csv") == 0)
      continue;
    import (path, &is);
    ck_assert_msg (is.result.n_notes == 0, "%s: %s", name, is.result.account);
    chs_track_table_get (is.summary.tracks, &n);
    ck_assert_uint_ge (n, 8);
    imported_clear (&is);
  }
}
END_TEST

/* ---- captures ---- */

static const struct {
  const char *folder, *file, *track;
  guint64     count;
  double      min, max;
} captures[] = {
  { "ge-s5", "as3_capture.raw", "datex-s5/HR", 123, 78, 78 }, /* 123 good records (SOURCES.md), HR as VSCapture decoded it */
};

START_TEST (test_captures)
{
  g_autofree char *path = dup_case (captures[_i].folder, captures[_i].file);
  gboolean taken[4096] = { FALSE };
  const ChsTrack *track;
  Imported is;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  import (path, &is);
  track = take_track (&is, taken, captures[_i].track, CHS_TRACK_NUMERIC, captures[_i].count, captures[_i].min);
  ck_assert_msg (track != NULL, "%s: no %s of %" G_GUINT64_FORMAT " values", path, captures[_i].track, captures[_i].count);
  ck_assert_double_eq (track->max, captures[_i].max);
  imported_clear (&is);
}
END_TEST

static void
setup (void)
{
  g_autofree char *path = dup_case ("", "expected.json");

  dir = g_dir_make_tmp ("chs-import-XXXXXX", NULL);
  expected = json_parser_new ();
  if (!json_parser_load_from_file (expected, path, NULL))
    g_clear_object (&expected);
}

static void
teardown (void)
{
  g_rmdir (dir);
  g_free (dir);
  g_clear_object (&expected);
}

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("import of real recordings");
  TCase *tc = tcase_create ("cases");
  g_autofree char *path = g_build_filename (g_getenv ("CHS_TEST_CASES"), "recordings", "expected.json", NULL);

  tcase_set_timeout (tc, 110);
  tcase_add_checked_fixture (tc, setup, teardown);
  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    tcase_add_test (tc, test_vital);
    tcase_add_test (tc, test_wfdb);
    tcase_add_test (tc, test_edf);
    tcase_add_test (tc, test_csv);
    tcase_add_test (tc, test_scenarios);
    tcase_add_loop_test (tc, test_captures, 0, G_N_ELEMENTS (captures));
  } else
    g_print ("# skipped: the recordings of shared/cases are not here\n");
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

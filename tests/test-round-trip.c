/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/exporters.h"
#include "app/import-formats.h"

#ifdef CHS_HAVE_EDFLIB
#include <edflib.h>
#endif
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A session goes out in a format and comes in again: every parameter, waves, two pumps, within the resolution of the
 * format. What a format cannot hold is left out by its row, which says so. */

#define START_WALL_US G_GINT64_CONSTANT (1767621600000000) /* 2026-01-05T14:00:00Z */
#define SECONDS 60
#define WAVE_HZ 50

static char *dir, *session, *file, *again;

static void
setup (void)
{
  dir = g_dir_make_tmp ("chs-trip-XXXXXX", NULL);
  session = g_build_filename (dir, "a.chairside", NULL);
  file = g_build_filename (dir, "out", NULL);
  again = g_build_filename (dir, "b.chairside", NULL);
}

static void
teardown (void)
{
  char *const paths[] = { session, file, again };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_unlink (paths[i]);
    g_free (paths[i]);
  }
  g_rmdir (dir);
  g_free (dir);
}

/* ---- the session ---- */

static gboolean
is_number (ChsParam param)
{
  return param > CHS_PARAM_NONE && param < CHS_PARAM_PUMP_RATE && !chs_param_info (param)->is_wave;
}

static gboolean
is_cuff (ChsParam param)
{
  return param >= CHS_PARAM_NIBP_SYS && param <= CHS_PARAM_NIBP_MEAN;
}

/* Plausible for all of them, with the parameter's decimals, another one each second. */
static double
value_of (ChsParam param, guint second)
{
  double base = param == CHS_PARAM_TEMP || param == CHS_PARAM_TEMP2 ? 36 : param == CHS_PARAM_SPO2 ? 90 : is_cuff (param) ? 70 : 20;
  double power = pow (10, chs_param_info (param)->decimals);

  return round ((base + (param == CHS_PARAM_SPO2 ? 5 : 0) + (double) ((second + param) % 20) / 10 * (power > 1 ? 1 : 10) / 4) * power) / power;
}

static double
sample_of (ChsParam param, guint i)
{
  return i % 97 == 13 ? (double) NAN : round (sin (i / 7.0 + param) * 500) * 0.01;
}

static void
append (ChsStoreWriter *writer, ChsEvent *event, gint64 t_us, guint8 source)
{
  event->seq = chs_store_writer_get_next_seq (writer);
  event->t_us = t_us;
  event->wall_us = START_WALL_US + t_us;
  event->source = source;
  chs_store_writer_append (writer, event);
}

static void
write_numbers (ChsStoreWriter *writer, guint second)
{
  for (ChsParam param = CHS_PARAM_NONE + 1; param < CHS_N_PARAMS; param++) {
    ChsEvent event;

    if (!is_number (param) || (is_cuff (param) && second % 20 != 0))
      continue;
    event = chs_numeric (param, value_of (param, second));
    if (is_cuff (param)) {
      event.numeric.time_mark = CHS_TIME_MARK_EXACT;
      event.numeric.meas_us = second * G_USEC_PER_SEC;
    }
    append (writer, &event, second * G_USEC_PER_SEC, 1);
  }
}

static void
write_waves (ChsStoreWriter *writer, guint second)
{
  gint16 samples[WAVE_HZ];

  for (ChsParam param = CHS_PARAM_ECG_WAVE; param <= CHS_PARAM_CO2_WAVE; param++) {
    ChsEvent event = { .type = CHS_EVENT_WAVE };

    for (guint i = 0; i < WAVE_HZ; i++) {
      double sample = sample_of (param, second * WAVE_HZ + i);

      samples[i] = isnan (sample) ? CHS_WAVE_ABSENT : (gint16) lround (sample * 100);
    }
    event.wave = (ChsWave) { .param = (guint8) param, .n = WAVE_HZ, .rate_hz = WAVE_HZ, .scale = 0.01f, .samples = samples };
    append (writer, &event, second * G_USEC_PER_SEC + (WAVE_HZ - 1) * G_USEC_PER_SEC / WAVE_HZ, 1);
  }
}

/* Of pump @channel. */
static ChsPumpStatus
status_of (guint channel, guint second)
{
  ChsPumpStatus status;

  chs_pump_status_init (&status);
  status.state = second < 50 ? CHS_PUMP_INFUSING : CHS_PUMP_PAUSED;
  status.rate_ml_h = second < 50 ? 125.5 + channel : 0;
  status.volume_ml = floor (second * 0.35 * 10) / 10;
  status.vtbi_ml = 250;
  status.remaining_s = 3600 - second;
  status.pressure = 40 + second % 3;
  status.pressure_unit = CHS_UNIT_MMHG;
  return status;
}

static void
write_session (void)
{
  static const ChsStoreSource sources[] = { { .source = 1, .name = "monitor" }, { .source = 2, .name = "pump1" }, { .source = 3, .name = "pump2" } };
  ChsStoreMeta meta = { .session_id = (char *) "trip", .start_wall_us = START_WALL_US };
  ChsStoreWriter *writer = chs_store_writer_new_bulk (session, &meta, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    chs_store_writer_add_source (writer, &sources[i]);
  for (guint second = 0; second < SECONDS; second++) {
    write_numbers (writer, second);
    for (guint pump = 0; pump < 2; pump++) {
      ChsEvent event = { .type = CHS_EVENT_PUMP, .pump = status_of (pump, second) };

      append (writer, &event, second * G_USEC_PER_SEC, (guint8) (2 + pump));
    }
    write_waves (writer, second);
  }
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
}

/* ---- and back ---- */

static void
go_round (const char *format)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *missing = NULL;
  g_auto (ChsImportResult) result = { 0 };
  const ChsImporter *importer;
  guint n;
  const ChsImporter *const *importers = chs_import_formats (&n);

  write_session ();
  ck_assert_msg (chs_export_to_file (chs_exporter_find (format), session, file, NULL, NULL, NULL, NULL, &missing, &error), "%s: %s", format,
                 error != NULL ? error->message : "");
  importer = chs_import_find (importers, n, file, &error);
  ck_assert_msg (importer != NULL, "%s: %s", format, error != NULL ? error->message : "");
  ck_assert_msg (chs_import_run (importer, file, again, NULL, NULL, NULL, &result, &error), "%s: %s", format, error != NULL ? error->message : "");
  ck_assert_msg (result.n_notes == 0, "%s: %s", format, result.account);
}

typedef struct {
  const char *format;
  double resolution; /* of a value, relative to it, besides half a step of the format */
  double step;       /* EDF: values in a range go in steps */
  gboolean waves, each; /* @each: every value comes once, at its time; else it is held for seconds */
} Row;

static const Row rows[] = {
  { "csv", 0, 1e-9, FALSE, TRUE },
  { "csv-wide", 0, 1e-9, FALSE, TRUE },
  { "vital", 1e-6, 1e-9, TRUE, TRUE }, /* floats */
  { "edf", 1e-6, 0.005, TRUE, FALSE },
};

typedef struct {
  const Row *row;
  guint n[CHS_N_PARAMS];       /* values that came */
  guint n_pump[2];
  guint n_samples[CHS_N_PARAMS];
} Seen;

static void
compare (const Row *row, ChsParam param, gint64 t_us, double got, double want)
{
  ck_assert_msg (fabs (got - want) <= row->step + row->resolution * fabs (want), "%s, %s at %.3f s: %.9g instead of %.9g", row->format,
                 chs_param_info (param)->name, (double) t_us / 1e6, got, want);
}

static double
pump_value (const ChsPumpStatus *status, ChsParam param)
{
  return param == CHS_PARAM_PUMP_RATE       ? status->rate_ml_h
         : param == CHS_PARAM_PUMP_VOLUME   ? status->volume_ml
         : param == CHS_PARAM_PUMP_VTBI     ? status->vtbi_ml
         : param == CHS_PARAM_PUMP_TIME_LEFT ? status->remaining_s
                                            : status->pressure;
}

static void
see_number (Seen *self, const ChsEvent *event)
{
  ChsParam param = (ChsParam) event->numeric.param;
  guint second = (guint) ((event->t_us + 1000) / G_USEC_PER_SEC);
  double got = event->numeric.value;

  if (isnan (got) || second >= SECONDS)
    return;
  self->n[param]++;
  if (is_cuff (param))
    compare (self->row, param, event->t_us, got, value_of (param, second / 20 * 20));
  else if (is_number (param))
    compare (self->row, param, event->t_us, got, value_of (param, second));
  else if (param >= CHS_PARAM_PUMP_RATE && param <= CHS_PARAM_PUMP_PRESSURE) {
    ChsPumpStatus first = status_of (0, second), other = status_of (1, second);
    double a = pump_value (&first, param), b = pump_value (&other, param);

    compare (self->row, param, event->t_us, got, fabs (got - a) < fabs (got - b) ? a : b);
  }
}

static void
see_pump (Seen *self, const ChsEvent *event)
{
  guint second = (guint) ((event->t_us + 1000) / G_USEC_PER_SEC);

  if (second >= SECONDS || isnan (event->pump.rate_ml_h))
    return;
  for (guint pump = 0; pump < 2; pump++) {
    ChsPumpStatus want = status_of (pump, second);

    if (fabs (event->pump.rate_ml_h - want.rate_ml_h) > 0.01)
      continue;
    self->n_pump[pump]++;
    ck_assert_int_eq (chs_pump_is_delivering (&event->pump), second < 50);
  }
}

/* In volts and the like; what the recording holds is a 16-bit sample with a scale. */
static void
see_wave (Seen *self, const ChsEvent *event)
{
  const ChsWave *wave = &event->wave;
  gint64 first_us = event->t_us - (gint64) llround ((wave->n - 1) * 1e6 / (double) wave->rate_hz);
  gint64 first = llround ((double) first_us * WAVE_HZ / 1e6);

  ck_assert (fabs ((double) wave->rate_hz - WAVE_HZ) < 1e-3);
  for (guint i = 0; i < wave->n; i++) {
    double want = sample_of ((ChsParam) wave->param, (guint) (first + i)), got = (double) wave->offset + (double) wave->scale * wave->samples[i];

    if (first + i >= SECONDS * WAVE_HZ || wave->samples[i] == CHS_WAVE_ABSENT)
      continue;
    ck_assert_msg (!isnan (want), "%s: a sample of %s that was never there", self->row->format, chs_param_info ((ChsParam) wave->param)->name);
    compare (self->row, (ChsParam) wave->param, first_us, got, want);
    self->n_samples[wave->param]++;
  }
}

static gboolean
see (const ChsEvent *event, gpointer data)
{
  if (event->type == CHS_EVENT_NUMERIC)
    see_number (data, event);
  else if (event->type == CHS_EVENT_PUMP)
    see_pump (data, event);
  else if (event->type == CHS_EVENT_WAVE)
    see_wave (data, event);
  return TRUE;
}

static void
check_counts (const Seen *seen)
{
  const Row *row = seen->row;
  guint samples = 0;

  for (guint i = 0; i < SECONDS * WAVE_HZ; i++)
    samples += !isnan (sample_of (CHS_PARAM_ECG_WAVE, i));
  for (ChsParam param = CHS_PARAM_NONE + 1; param < CHS_PARAM_OTHER; param++) {
    const char *name = chs_param_info (param)->name;

    if (is_number (param))
      ck_assert_msg (seen->n[param] == (is_cuff (param) && row->each ? SECONDS / 20 : SECONDS), "%s: %u values of %s", row->format, seen->n[param], name);
    if (chs_param_info (param)->is_wave && row->waves)
      ck_assert_msg (seen->n_samples[param] == samples, "%s: %u samples of %s", row->format, seen->n_samples[param], name);
    if (param >= CHS_PARAM_PUMP_RATE)
      ck_assert_msg (seen->n[param] == 2 * SECONDS, "%s: %u values of %s", row->format, seen->n[param], name);
  }
  for (guint pump = 0; pump < 2; pump++)
    ck_assert_msg (seen->n_pump[pump] >= 50, "%s: %u statuses of pump %u", row->format, seen->n_pump[pump], pump);
}

START_TEST (everything_comes_back)
{
  g_autoptr (ChsStoreReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  Seen seen = { .row = &rows[_i] };

  go_round (rows[_i].format);
  reader = chs_store_reader_new (again, &error);
  ck_assert_msg (reader != NULL, "%s", error != NULL ? error->message : "");
  ck_assert_int_eq (chs_store_reader_get_meta (reader)->start_wall_us, START_WALL_US);
  ck_assert (chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, see, &seen, NULL));
  check_counts (&seen);
}
END_TEST

/* Other people's readers of the same files. */

#ifdef CHS_HAVE_EDFLIB
START_TEST (edflib_reads_the_edf)
{
  struct edf_hdr_struct header;
  double samples[SECONDS];

  write_session ();
  ck_assert (chs_export_to_file (chs_exporter_find ("edf"), session, file, NULL, NULL, NULL, NULL, NULL, NULL));
  ck_assert_msg (edfopen_file_readonly (file, &header, EDFLIB_READ_ALL_ANNOTATIONS) == 0, "EDFlib: error %d", header.filetype);
  ck_assert_int_eq (header.filetype, EDFLIB_FILETYPE_EDFPLUS);
  ck_assert_int_gt (header.edfsignals, 30);
  for (int i = 0; i < header.edfsignals; i++) {
    if (!g_str_has_prefix (header.signalparam[i].label, "HR  "))
      continue;
    ck_assert_int_eq (edfread_physical_samples (header.handle, i, SECONDS, samples), SECONDS);
    for (guint second = 0; second < SECONDS; second++)
      ck_assert_msg (fabs (samples[second] - value_of (CHS_PARAM_HR, second)) < 0.01, "HR at %u s: %g", second, samples[second]);
  }
  ck_assert_int_eq (edfclose_file (header.handle), 0);
}
END_TEST
#endif

static Suite *
round_trip_suite (void)
{
  Suite *suite = suite_create ("round-trip");
  TCase *tc = tcase_create ("formats");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, everything_comes_back, 0, G_N_ELEMENTS (rows));
#ifdef CHS_HAVE_EDFLIB
  tcase_add_test (tc, edflib_reads_the_edf);
#endif
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (round_trip_suite)

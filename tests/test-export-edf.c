/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/exporters.h"
#include "tests/small-session.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* The file read again by the layout of shared/formats/edf.md alone. */

static GBytes *file;
static const char *bytes;
static guint n_signals, header_bytes;

static char *
dup_text (gsize at, gsize width)
{
  return g_strchomp (g_strndup (bytes + at, width));
}

static double
number_at (gsize at, gsize width)
{
  g_autofree char *text = dup_text (at, width);

  return g_ascii_strtod (text, NULL);
}

/* Fields of signals: offset of the block, width of one. */
enum { LABEL, UNIT, PMIN, PMAX, DMIN, DMAX, PREFILTER, SAMPLES };
static const struct {
  guint before, width;
} fields[] = { { 0, 16 }, { 96, 8 }, { 104, 8 }, { 112, 8 }, { 120, 8 }, { 128, 8 }, { 136, 80 }, { 216, 8 } };

static gsize
place (guint field, guint signal)
{
  return 256 + (gsize) fields[field].before * n_signals + (gsize) signal * fields[field].width;
}

static void
setup (void)
{
  file = small_session_export (chs_exporter_find ("edf"));
  bytes = g_bytes_get_data (file, NULL);
  n_signals = (guint) number_at (252, 4);
  header_bytes = (guint) number_at (184, 8);
}

static void
teardown (void)
{
  g_clear_pointer (&file, g_bytes_unref);
}

static guint
find_signal (const char *label)
{
  for (guint i = 0; i < n_signals; i++) {
    g_autofree char *is = dup_text (place (LABEL, i), 16);

    if (strcmp (is, label) == 0)
      return i;
  }
  ck_abort_msg ("no signal %s", label);
}

static gsize
record_bytes (guint up_to)
{
  gsize n = 0;

  for (guint i = 0; i < up_to; i++)
    n += 2 * (gsize) number_at (place (SAMPLES, i), 8);
  return n;
}

static double
value_at (guint signal, guint index)
{
  guint samples = (guint) number_at (place (SAMPLES, signal), 8);
  gsize at = header_bytes + index / samples * record_bytes (n_signals) + record_bytes (signal) + 2 * (index % samples);
  gint16 digital = (gint16) ((guint8) bytes[at] | (guint16) (guint8) bytes[at + 1] << 8);
  double pmin = number_at (place (PMIN, signal), 8), pmax = number_at (place (PMAX, signal), 8);
  double dmin = number_at (place (DMIN, signal), 8), dmax = number_at (place (DMAX, signal), 8);

  return (digital - dmin) * (pmax - pmin) / (dmax - dmin) + pmin;
}

START_TEST (the_header_is_whole)
{
  g_autofree char *patient = dup_text (8, 80), *recording = dup_text (88, 80), *start = dup_text (168, 16), *kind = dup_text (192, 44);

  ck_assert_str_eq (patient, "P-0042 F X X");
  ck_assert_str_eq (recording, "Startdate 05-JAN-2026 X X Chairside");
  ck_assert_str_eq (start, "05.01.2614.00.00");
  ck_assert_str_eq (kind, "EDF+C");
  ck_assert_uint_eq (header_bytes, 256 * (n_signals + 1));
  ck_assert_uint_eq (n_signals, 12);
  ck_assert_uint_eq (g_bytes_get_size (file) - 1, header_bytes + (gsize) number_at (236, 8) * record_bytes (n_signals));
}
END_TEST

static const struct {
  const char *label, *unit;
  guint       second;
  double      want;
} values[] = {
  { "HR", "1/min", 19, -1 },      { "HR", "1/min", 20, 70 },         { "HR", "1/min", 29, 70 },        { "HR", "1/min", 30, -1 },
  { "HR", "1/min", 680, 81 },     { "SpO2", "%", 140, 97 },          { "SpO2", "%", 200, -1 },         { "TEMP", "degC", 320, 36.7 },
  { "NIBP_SYS", "mmHg", 149, -1 }, { "NIBP_SYS", "mmHg", 150, 122 }, { "NIBP_SYS", "mmHg", 480, 122 }, { "NIBP_SYS", "mmHg", 510, 84 },
  { "NIBP_SYS", "mmHg", 619, 84 }, { "NIBP_SYS", "mmHg", 620, -1 }, /* the link is lost */
  { "PUMP_RATE", "mL/h", 160, 125 }, { "PUMP_RATE", "mL/h", 380, 375 }, { "PUMP_VOLUME", "mL", 380, 8.3 }, { "PUMP_RATE", "mL/h", 540, 0 },
};

START_TEST (a_value_comes_back)
{
  guint signal = find_signal (values[_i].label);
  g_autofree char *unit = dup_text (place (UNIT, signal), 8), *none = dup_text (place (PREFILTER, signal), 80);

  ck_assert_msg (fabs (value_at (signal, values[_i].second) - values[_i].want) < 1e-6, "%s at %u s is %.9g", values[_i].label,
                 values[_i].second, value_at (signal, values[_i].second));
  ck_assert_str_eq (unit, values[_i].unit);
  ck_assert_str_eq (none, "-1=no value");
}
END_TEST

START_TEST (a_wave_comes_back)
{
  static const double want[] = { -2, 1, -2, -1, 3, -2 }; /* from 60 s on, 4 a second; -2 = no value */
  guint signal = find_signal ("ECG");
  g_autofree char *none = dup_text (place (PREFILTER, signal), 80);

  ck_assert_str_eq (none, "-2=no value");
  ck_assert_double_eq (number_at (place (SAMPLES, signal), 8), 40.0);
  for (guint i = 0; i < G_N_ELEMENTS (want); i++)
    ck_assert_msg (fabs (value_at (signal, 240 + i) - want[i]) < 1e-6, "sample %u is %g", 240 + i, value_at (signal, 240 + i));
}
END_TEST

static const char *const texts[] = {
  "+145\x14NIBP_SYS 122 mmHg\x14", "+10\x14note: =2+3|\"quoted\", \\ & ~ ^ by RN 7\x14", "+620\x14link lost: unplugged\x14",
  ("+511\x14" "alarm raise mg_hypotension high, NIBP_SYS 84 mm[Hg], baseline 122, limit 90, because E-BP30,C-MG, unknown SPO2\x14"),
};

START_TEST (an_annotation_is_there)
{
  ck_assert_msg (memmem (bytes, g_bytes_get_size (file), texts[_i], strlen (texts[_i])) != NULL, "%s", texts[_i]);
}
END_TEST

START_TEST (records_tell_their_own_time)
{
  for (guint i = 0; i < (guint) number_at (236, 8); i++) {
    g_autofree char *want = g_strdup_printf ("+%u\x14\x14", i * 10);
    gsize at = header_bytes + i * record_bytes (n_signals) + record_bytes (n_signals - 1);

    ck_assert_int_eq (memcmp (bytes + at, want, strlen (want) + 1), 0);
  }
}
END_TEST

/* Two values, 61 days apart: a file of gaps. */
START_TEST (years_of_gaps_are_refused)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.chairside", NULL), *out = g_build_filename (dir, "a.edf", NULL);
  const ChsStoreMeta meta = { .session_id = (char *) SMALL_SESSION_ID, .start_wall_us = SMALL_SESSION_START_WALL_US };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++) {
    ChsEvent event = chs_numeric (CHS_PARAM_HR, 70);

    event.seq = i + 1;
    event.source = 1;
    event.t_us = i * 61 * G_TIME_SPAN_DAY;
    event.wall_us = SMALL_SESSION_START_WALL_US + event.t_us;
    chs_store_writer_append (writer, &event);
  }
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  ck_assert (!chs_export_to_file (chs_exporter_find ("edf"), path, out, NULL, NULL, NULL, NULL, NULL, &error));
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED));
  ck_assert (!g_file_test (out, G_FILE_TEST_EXISTS));
  g_unlink (path);
  g_rmdir (dir);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("export-edf");
  TCase *tcase = tcase_create ("edf");

  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, the_header_is_whole);
  tcase_add_loop_test (tcase, a_value_comes_back, 0, G_N_ELEMENTS (values));
  tcase_add_test (tcase, a_wave_comes_back);
  tcase_add_loop_test (tcase, an_annotation_is_there, 0, G_N_ELEMENTS (texts));
  tcase_add_test (tcase, records_tell_their_own_time);
  tcase_add_test (tcase, years_of_gaps_are_refused);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

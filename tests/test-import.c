/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/vital-maker.h"

#include "app/import-formats.h"
#include "data/summary.h"

#include <glib/gstdio.h>
#include <math.h>

/* Imports of files that are written here. */

static char *dir, *path, *out;

static gboolean
try_import (ChsImportResult *result, GError **error)
{
  const ChsImporter *const *formats;
  const ChsImporter *importer;
  guint n;

  g_unlink (out);
  formats = chs_import_formats (&n);
  importer = chs_import_find (formats, n, path, error);
  return importer != NULL && chs_import_run (importer, path, out, NULL, NULL, NULL, result, error);
}

static void
import (ChsSummary *summary, ChsImportResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = NULL;

  ck_assert_msg (try_import (result, &error), "%s", error != NULL ? error->message : "");
  reader = chs_store_reader_new (out, &error);
  ck_assert_msg (reader != NULL && chs_summary_read (summary, reader, &error), "%s", error != NULL ? error->message : "");
}

static const ChsTrack *
find_track (ChsSummary *summary, const char *name, guint nth)
{
  guint n;
  const ChsTrack *tracks = chs_track_table_get (summary->tracks, &n);

  for (guint i = 0; i < n; i++)
    if (strcmp (tracks[i].name, name) == 0 && nth-- == 0)
      return &tracks[i];
  ck_abort_msg ("no track %s", name);
  return NULL;
}

/* ---- .vital ---- */

#define T0 1600000000.0

/* A monitor that is plugged in again, a wave, a rate of infusion, a mark. */
static GByteArray *
make_vital (void)
{
  GByteArray *content = g_byte_array_new ();
  gint16 samples[100];

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = (gint16) (i * 10);
  vital_header (content);
  for (guint plug = 0; plug < 2; plug++) {
    guint base = plug * 10;

    vital_device (content, plug + 1, "Vista");
    vital_track (content, base + 1, 2, 1, "HR", "/min", 1, 1, 2, plug + 1);
    vital_track (content, base + 2, 1, 5, "ECG", "mV", 100, 0.01, 1, plug + 1);
    vital_track (content, base + 3, 2, 1, "NIBP_SBP", "mmHg", 1, 1, 16, plug + 1);
    vital_track (content, base + 4, 2, 1, "FLOW_RATE", "mL/min", 1, 1, 45, plug + 1);
    for (guint i = 0; i < 20; i++) {
      double t_s = T0 + plug * 60 + i;

      vital_number (content, base + 1, t_s, i == 5 ? 0 : 70 + i);
      vital_wave (content, base + 2, t_s, samples, G_N_ELEMENTS (samples));
      vital_number (content, base + 3, t_s, i < 10 ? 120 : 110);
      vital_number (content, base + 4, t_s, 2);
    }
  }
  vital_track (content, 30, 5, 0, "EVENT", "", 0, 1, 0, 0);
  vital_text (content, 30, T0 + 7, "flushed");
  return content;
}

START_TEST (test_vital)
{
  g_autoptr (GByteArray) content = make_vital ();
  g_auto (ChsSummary) summary = { 0 };
  g_auto (ChsImportResult) result = { 0 };

  vital_write (path, content, 0);
  import (&summary, &result);
  ck_assert_uint_eq (result.n_notes, 0);
  for (guint plug = 0; plug < 2; plug++) {
    const ChsTrack *hr = find_track (&summary, "Vista/HR", plug), *ecg = find_track (&summary, "Vista/ECG", plug);

    ck_assert_uint_eq (hr->param, CHS_PARAM_HR);
    ck_assert_uint_eq (hr->count, 20);
    ck_assert_double_eq (hr->min, 0); /* kept */
    ck_assert_int_eq (hr->first_us, plug * 60 * G_USEC_PER_SEC);
    ck_assert_uint_eq (ecg->count, 2000);
    ck_assert (fabs (ecg->max - 9.9) < 1e-5);
    ck_assert_double_eq (ecg->rate_hz, 100);
  }
  ck_assert_uint_eq (find_track (&summary, "Vista pump/PUMP_RATE", 0)->count, 20);
  ck_assert_double_eq (find_track (&summary, "Vista pump/PUMP_RATE", 0)->max, 120); /* mL/h */
  ck_assert_uint_eq (find_track (&summary, "EVENT", 0)->count, 1);
  ck_assert_uint_ge (summary.gaps->len, 1); /* the time in which nothing was plugged in */
}
END_TEST

typedef struct {
  guint n_invalid, n_unknown, n_dated;
  gint64 meas_us;
} Marks;

static gboolean
note_mark (const ChsEvent *event, gpointer user_data)
{
  Marks *marks = user_data;

  if (event->type != CHS_EVENT_NUMERIC || event->source != 1)
    return TRUE;
  marks->n_invalid += event->numeric.quality == CHS_QUALITY_INVALID;
  if (event->numeric.param == CHS_PARAM_NIBP_SYS) {
    marks->n_unknown += event->numeric.time_mark == CHS_TIME_MARK_UNKNOWN;
    marks->n_dated += event->numeric.time_mark == CHS_TIME_MARK_ESTIMATED;
    marks->meas_us = event->numeric.meas_us;
  }
  return TRUE;
}

START_TEST (test_vital_marks)
{
  g_autoptr (GByteArray) content = make_vital ();
  g_auto (ChsSummary) summary = { 0 };
  g_auto (ChsImportResult) result = { 0 };
  g_autoptr (ChsStoreReader) reader = NULL;
  Marks marks = { 0 };

  vital_write (path, content, 0);
  import (&summary, &result);
  reader = chs_store_reader_new (out, NULL);
  ck_assert (chs_store_reader_foreach (reader, CHS_TIME_NONE, INT64_MAX, CHS_READ_NUMERICS, note_mark, &marks, NULL));
  ck_assert_uint_eq (marks.n_invalid, 1); /* the heart rate of 0 */
  ck_assert_uint_eq (marks.n_unknown, 10); /* a pressure that was there before anybody looked */
  ck_assert_uint_eq (marks.n_dated, 10);
  ck_assert_int_eq (marks.meas_us, 10 * G_USEC_PER_SEC); /* when it changed */
}
END_TEST

/* A record of 3 MB goes through the window of 1 MB in pieces. */
START_TEST (test_vital_long_record)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autofree gint16 *samples = g_new (gint16, 1500000);
  g_auto (ChsSummary) summary = { 0 };
  g_auto (ChsImportResult) result = { 0 };
  const ChsTrack *track;

  for (guint i = 0; i < 1500000; i++)
    samples[i] = (gint16) (i % 1000);
  vital_header (content);
  vital_device (content, 1, "Demo");
  vital_track (content, 1, 1, 5, "ART", "mmHg", 500, 1, 4, 1);
  vital_wave (content, 1, T0, samples, 1500000);
  vital_write (path, content, 0);
  import (&summary, &result);
  track = find_track (&summary, "Demo/ART", 0);
  ck_assert_uint_eq (result.n_notes, 0);
  ck_assert_uint_eq (track->count, 1500000);
  ck_assert_double_eq (track->mean, 499.5);
  ck_assert_int_eq (track->last_us, (gint64) (1499999 / 500.0 * G_USEC_PER_SEC));
}
END_TEST

/* Cut anywhere, a file gives what is before the cut, and says so. */
START_TEST (test_vital_cut)
{
  g_autoptr (GByteArray) content = make_vital ();
  gsize n = vital_write (path, content, 0);
  guint64 last = 0;

  for (gsize cut = 40; cut < n; cut += n / 23) {
    g_auto (ChsSummary) summary = { 0 };
    g_auto (ChsImportResult) result = { 0 };
    g_autoptr (GError) error = NULL;
    g_autoptr (ChsStoreReader) reader = NULL;

    vital_write (path, content, cut);
    if (!try_import (&result, &error)) {
      ck_assert_uint_eq (last, 0);
      ck_assert (!g_file_test (out, G_FILE_TEST_EXISTS));
      continue;
    }
    reader = chs_store_reader_new (out, NULL);
    ck_assert (chs_summary_read (&summary, reader, NULL));
    ck_assert_uint_gt (result.n_notes, 0);
    ck_assert (strstr (result.account, "missing") != NULL);
    ck_assert_uint_ge (result.events, last);
    last = result.events;
  }
  ck_assert_uint_gt (last, 0);
}
END_TEST

/* Bytes are flipped in the content, where no checksum of a packet finds them. */
START_TEST (test_vital_flipped)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7 + (guint32) _i);

  for (guint round = 0; round < 8; round++) {
    g_autoptr (GByteArray) content = make_vital ();
    g_auto (ChsImportResult) result = { 0 };
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < 5; i++)
      content->data[g_rand_int_range (random, 4, (gint32) content->len)] = (guint8) g_rand_int (random);
    vital_write (path, content, 0);
    if (!try_import (&result, &error))
      ck_assert (error != NULL && error->message[0] != '\0');
  }
}
END_TEST

/* ---- WFDB ---- */

static void
write_beside (const char *name, const void *bytes, gsize n)
{
  g_autofree char *file = g_build_filename (dir, name, NULL);

  ck_assert (g_file_set_contents (file, bytes, (gssize) n, NULL));
}

static void
remove_beside (const char *name)
{
  g_autofree char *file = g_build_filename (dir, name, NULL);

  g_unlink (file);
}

/* Two segments with a gap between them; the second one is shorter than its header says. */
START_TEST (test_wfdb)
{
  static const char header[] = "rec/3 2 100 400 12:00:00 01/02/2020\nseg1 100\n~ 200\nseg2 100\n";
  static const char seg1[] = "seg1 2 100 100\na.dat 16 10(5)/mmHg 16 0 0 0 0 ABP\na.dat 16 10/mV 16 0 0 0 0 II\n";
  static const char seg2[] = "seg2 2 100 100\nb.dat 16 10(5)/mmHg 16 0 0 0 0 ABP\nb.dat 16 10/mV 16 0 0 0 0 II\n";
  gint16 samples[200];
  g_auto (ChsSummary) summary = { 0 };
  g_auto (ChsImportResult) result = { 0 };
  const ChsTrack *abp;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = i == 10 ? INT16_MIN : (gint16) i;
  ck_assert (g_file_set_contents (path, header, -1, NULL));
  write_beside ("seg1.hea", seg1, strlen (seg1));
  write_beside ("seg2.hea", seg2, strlen (seg2));
  write_beside ("a.dat", samples, sizeof samples);
  write_beside ("b.dat", samples, sizeof samples / 2);
  import (&summary, &result);
  abp = find_track (&summary, "ABP", 0);
  ck_assert_uint_eq (abp->param, CHS_PARAM_ABP_WAVE);
  ck_assert_uint_eq (abp->count, 100 + 50 - 2);
  ck_assert_uint_eq (abp->absent, 2);
  ck_assert (fabs (abp->max - 19.3) < 1e-5);
  ck_assert_int_eq (abp->last_us, 3490000); /* the gap is time */
  ck_assert (strstr (result.account, "b.dat ends after 50 of 100") != NULL);
  ck_assert (strstr (result.account, "checksum") != NULL); /* 0 is not the sum of a.dat */
  remove_beside ("seg1.hea");
  remove_beside ("seg2.hea");
  remove_beside ("a.dat");
  remove_beside ("b.dat");
}
END_TEST

static const struct {
  const char *name, *header, *account;
} bad_records[] = {
  { "leaves its folder", "rec 1 100 10\n../../etc/passwd 16 1/mV\n", "no format" },
  { "signal file is not there", "rec 1 100 10\nnone.dat 16 1/mV\n", "none.dat" },
  { "compressed", "rec 1 100 10\nnone.dat 516 1/mV\n", "FLAC" },
  { "many signals", "rec 99999999 100 10\na.dat 16 1/mV\n", "in" },
};

START_TEST (test_bad_record)
{
  g_auto (ChsImportResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_set_contents (path, bad_records[_i].header, -1, NULL));
  ck_assert_msg (!try_import (&result, &error), "%s", bad_records[_i].name);
  ck_assert_msg (strstr (error->message, bad_records[_i].account) != NULL, "%s: %s", bad_records[_i].name, error->message);
  ck_assert (!g_file_test (out, G_FILE_TEST_EXISTS));
}
END_TEST

/* ---- EDF ---- */

#define EDF_RECORD (2 * 100 + 2 * 1 + 64) /* a wave of 100 Hz, a number a second, annotations */

static void
put_field (GString *to, const char *text, guint n)
{
  g_string_append_printf (to, "%-*.*s", (int) n, (int) n, text);
}

/* Two signals and annotations, three records of 1 s with a pause before the last (EDF+D). */
static GString *
make_edf (void)
{
  static const struct {
    const char *text[3];
    guint       n;
  } fields[] = {
    { { "ECG", "HR", "EDF Annotations" }, 16 }, { { "", "", "" }, 80 }, { { "mV", "1/min", "" }, 8 }, { { "-3.2768", "-1", "-1" }, 8 },
    { { "3.2767", "300", "1" }, 8 }, { { "-32768", "-1", "-32768" }, 8 }, { { "32767", "300", "32767" }, 8 },
    { { "", "-1=no value", "" }, 80 }, { { "100", "1", "32" }, 8 }, { { "", "", "" }, 32 },
  };
  static const struct {
    const char *list;
    gint16      hr;
  } records[] = { { "+0.25\x14\x14", 70 }, { "+1.25\x14\x14", -1 }, { "+61.25\x14\x14", 72 } };
  GString *edf = g_string_new (NULL);

  put_field (edf, "0", 8);
  put_field (edf, "X X X X", 80);
  put_field (edf, "Startdate 02-JAN-2021 X X X", 80);
  put_field (edf, "02.01.21", 8);
  put_field (edf, "10.00.00", 8);
  put_field (edf, "1024", 8);
  put_field (edf, "EDF+D", 44);
  put_field (edf, "3", 8);
  put_field (edf, "1", 8);
  put_field (edf, "3", 4);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    for (guint k = 0; k < 3; k++)
      put_field (edf, fields[i].text[k], fields[i].n);
  for (guint r = 0; r < G_N_ELEMENTS (records); r++) {
    char texts[64] = { 0 };

    for (gint16 i = 0; i < 100; i++)
      g_string_append_len (edf, (const char *) &i, 2);
    g_string_append_len (edf, (const char *) &records[r].hr, 2);
    strcpy (texts, records[r].list);
    if (r == 2)
      strcpy (texts + strlen (texts) + 1, "+61.5\x15" "2\x14" "felt warm\x14");
    g_string_append_len (edf, texts, sizeof texts);
  }
  return edf;
}

static void
write_edf (const GString *edf, gsize n)
{
  ck_assert (g_file_set_contents (path, edf->str, (gssize) n, NULL));
}

START_TEST (test_edf)
{
  g_autoptr (GString) edf = make_edf ();
  g_auto (ChsSummary) summary = { 0 };
  g_auto (ChsImportResult) result = { 0 };
  const ChsTrack *ecg, *hr;

  write_edf (edf, edf->len);
  import (&summary, &result);
  ck_assert_str_eq (result.account, "");
  ecg = find_track (&summary, "ECG", 0);
  hr = find_track (&summary, "HR", 0);
  ck_assert_uint_eq (ecg->count, 300);
  ck_assert (fabs (ecg->max - 0.0099) < 1e-7);
  ck_assert_int_eq (ecg->last_us, 61990000); /* the pause is time */
  ck_assert_uint_eq (hr->param, CHS_PARAM_HR);
  ck_assert_uint_eq (hr->count, 2); /* -1 is no value */
  ck_assert_uint_eq (hr->absent, 1);
  ck_assert_double_eq (hr->max, 72);
  ck_assert_uint_eq (find_track (&summary, "EDF Annotations", 0)->count, 1);
  ck_assert_int_eq (find_track (&summary, "EDF Annotations", 0)->first_us, 61250000);
}
END_TEST

START_TEST (test_edf_cut)
{
  g_autoptr (GString) edf = make_edf ();
  g_auto (ChsSummary) summary = { 0 };
  g_auto (ChsImportResult) result = { 0 };

  write_edf (edf, edf->len - EDF_RECORD - 1);
  import (&summary, &result);
  ck_assert_uint_eq (find_track (&summary, "ECG", 0)->count, 100);
  ck_assert_str_eq (result.account, "the file ends after 1 of 3 records: the rest is missing\n");
}
END_TEST

START_TEST (test_edf_flipped)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11 + (guint32) _i);

  for (guint round = 0; round < 8; round++) {
    g_autoptr (GString) edf = make_edf ();
    g_auto (ChsImportResult) result = { 0 };
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < 8; i++)
      edf->str[g_rand_int_range (random, 168, 1024)] = (char) g_rand_int_range (random, ' ', 127);
    write_edf (edf, edf->len);
    if (!try_import (&result, &error))
      ck_assert (error != NULL && error->message[0] != '\0');
  }
}
END_TEST

/* ---- CSV ---- */

static const struct {
  const char *name, *text, *track;
  guint64     count;
  double      min, max;
  const char *start; /* of the account; NULL = nothing is missing */
} tables[] = {
  { "long", "t_s,source,channel,value,unit,note\n-5,monitor,hr,70,/min,\n0,monitor,hr,,/min,\n5,monitor,hr,90,/min,\n", "hr", 2, 70, 90, NULL },
  { "long, words", "t_s,source,channel,value,unit,note\n0,pump,infusion_rate,125,mL/h,\"NaCl, 1 l\"\n1,pump,infusion_rate,OFF,mL/h,NaCl\n",
    "infusion_rate", 1, 125, 125, NULL },
  { "long, pump for the engine", "t_s,source,channel,value,unit,note\n1,pump,infusion_rate,125,ml/hr,NaCl\n", "charted pump/PUMP_RATE", 1, 125, 125, NULL },
  { "wide", "Time [s], HR, SpO2\n0, 70, 97\n1, NaN, 98\n2, 71, 98\n", "HR", 2, 70, 71, NULL },
  { "semicolons and commas", "Time;HR\n2020-01-31 10:00:00;70,5\n2020-01-31 10:00:01;71\n", "HR", 2, 70.5, 71, NULL },
  { "titles, date apart, BOM", "\xef\xbb\xbfWritten by\nsomething\nDate,Time, HR(/min)\n15/05/2016,12:50:56,68,\n15/05/2016,12:51:01,69,\n", "HR", 2, 68, 69, NULL },
  { "dates that may be either", "Time,HR\n01/02/2020 10:00:00,70\n", "HR", 1, 70, 70, "whether the day or the month" },
  { "a word among numbers", "Time [s],HR\n0,70\n1,high\n2,72\n", "HR", 2, 70, 72, "line 3, column \"HR\"" },
  { "a header again", "Time [s],HR,SpO2\n0,70,97\nTime [s],SpO2,HR\n1,96,71\n", "HR", 2, 70, 71, NULL },
  { "back in time", "Time [s],HR\n100,70\n50,71\n", "HR", 2, 70, 71, "line 3: time goes back" },
  { "samples", "Time [s],PLETH\n0,1\n0.008,2\n0.016,3\n0.024,4\n", "PLETH", 4, 1, 4, NULL },
};

START_TEST (test_table)
{
  g_auto (ChsSummary) summary = { 0 };
  g_auto (ChsImportResult) result = { 0 };
  const ChsTrack *track;

  ck_assert (g_file_set_contents (path, tables[_i].text, -1, NULL));
  import (&summary, &result);
  track = find_track (&summary, tables[_i].track, 0);
  ck_assert_msg (track->count == tables[_i].count, "%s: %d values", tables[_i].name, (int) track->count);
  ck_assert_msg (fabs (track->min - tables[_i].min) < 1e-6 && fabs (track->max - tables[_i].max) < 1e-6, "%s: %g to %g", tables[_i].name, track->min, track->max);
  ck_assert_msg (tables[_i].start == NULL ? result.n_notes == 0 : g_str_has_prefix (result.account, tables[_i].start), "%s: %s", tables[_i].name,
                 result.account);
}
END_TEST

/* ---- refusals ---- */

static const struct {
  const char *name, *text;
} refused[] = {
  { "empty", "" },
  { "prose", "Dear colleague,\nplease find attached.\n" },
  { "gzip of nothing known", "\x1f\x8b\x08" },
};

START_TEST (test_refused)
{
  g_auto (ChsImportResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_set_contents (path, refused[_i].text, -1, NULL));
  ck_assert_msg (!try_import (&result, &error), "%s", refused[_i].name);
  ck_assert (g_error_matches (error, CHS_IMPORT_ERROR, CHS_IMPORT_ERROR_FORMAT));
  ck_assert (strstr (error->message, path) != NULL);
  ck_assert (!g_file_test (out, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (test_never_overwrites)
{
  g_autoptr (GByteArray) content = make_vital ();
  g_auto (ChsImportResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  vital_write (path, content, 0);
  ck_assert (g_file_set_contents (out, "precious", -1, NULL));
  ck_assert (!chs_import_run (&chs_import_vital, path, out, NULL, NULL, NULL, &result, &error));
  ck_assert (g_file_get_contents (out, &text, NULL, NULL));
  ck_assert_str_eq (text, "precious");
}
END_TEST

START_TEST (test_cancelled)
{
  g_autoptr (GByteArray) content = make_vital ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (ChsImportResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  vital_write (path, content, 0);
  g_cancellable_cancel (cancellable);
  ck_assert (!chs_import_run (&chs_import_vital, path, out, NULL, NULL, cancellable, &result, &error));
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  ck_assert (!g_file_test (out, G_FILE_TEST_EXISTS));
}
END_TEST

/* ---- a stick that is pulled while it is read ---- */

static void
make_vital_file (void)
{
  g_autoptr (GByteArray) content = make_vital ();

  vital_write (path, content, 0);
}

static void
make_edf_file (void)
{
  g_autoptr (GString) edf = make_edf ();

  write_edf (edf, edf->len);
}

static void
make_table_file (void)
{
  g_autoptr (GString) text = g_string_new ("t_s,source,channel,value,unit,note\n");

  for (guint t = 0; t < 2000; t++)
    g_string_append_printf (text, "%u,monitor,hr,%u,/min,\n", t, 60 + t % 7);
  ck_assert (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
}

static const struct {
  const char *name;
  void (*make) (void);
  const ChsImporter *importer; /* the file was known when the stick was there */
} pulled[] = {
  { "vital", make_vital_file, &chs_import_vital },
  { "edf", make_edf_file, &chs_import_edf },
  { "table", make_table_file, &chs_import_csv },
};

/* Nothing is taken for the end of a file that is none: what is there is kept, and that the rest is missing is told. */
START_TEST (test_pulled)
{
  GStatBuf info;
  guint n_some = 0;

  pulled[_i].make ();
  g_stat (path, &info);
  for (gint64 at = 0; at < info.st_size; at += MAX (1, info.st_size / 23)) {
    g_autofree char *how = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", at, path);
    g_auto (ChsImportResult) result = { 0 };
    g_autoptr (GError) error = NULL;

    g_setenv ("CHS_TEST_PULLED", how, TRUE);
    g_unlink (out);
    if (chs_import_run (pulled[_i].importer, path, out, NULL, NULL, NULL, &result, &error)) {
      n_some++;
      ck_assert_msg (result.account != NULL && strstr (result.account, "could not be read to its end") != NULL, "%s, pulled at byte %"
                     G_GINT64_FORMAT ": %s", pulled[_i].name, at, result.account);
    } else {
      ck_assert_msg (!g_file_test (out, G_FILE_TEST_EXISTS), "something was left");
    }
  }
  g_unsetenv ("CHS_TEST_PULLED");
  ck_assert_uint_gt (n_some, 0);
}
END_TEST

static void
setup (void)
{
  dir = g_dir_make_tmp ("chs-import-XXXXXX", NULL);
  path = g_build_filename (dir, "in", NULL);
  out = g_build_filename (dir, "out.chairside", NULL);
}

static void
teardown (void)
{
  g_unlink (path);
  g_unlink (out);
  ck_assert_int_eq (g_rmdir (dir), 0); /* nothing else is left behind */
  g_free (dir);
  g_free (path);
  g_free (out);
}

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("import");
  TCase *tc = tcase_create ("import");

  tcase_set_timeout (tc, 60);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, test_vital);
  tcase_add_test (tc, test_vital_marks);
  tcase_add_test (tc, test_vital_long_record);
  tcase_add_test (tc, test_vital_cut);
  tcase_add_loop_test (tc, test_vital_flipped, 0, 3);
  tcase_add_test (tc, test_wfdb);
  tcase_add_loop_test (tc, test_bad_record, 0, G_N_ELEMENTS (bad_records));
  tcase_add_test (tc, test_edf);
  tcase_add_test (tc, test_edf_cut);
  tcase_add_loop_test (tc, test_edf_flipped, 0, 3);
  tcase_add_loop_test (tc, test_table, 0, G_N_ELEMENTS (tables));
  tcase_add_loop_test (tc, test_refused, 0, G_N_ELEMENTS (refused));
  tcase_add_test (tc, test_never_overwrites);
  tcase_add_test (tc, test_cancelled);
  tcase_add_loop_test (tc, test_pulled, 0, G_N_ELEMENTS (pulled));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

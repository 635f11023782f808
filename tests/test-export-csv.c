/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/exporters.h"
#include "tests/small-session.h"

#include <glib/gstdio.h>
#include <string.h>

static const struct {
  const char *name, *format, *line;
} lines[] = {
  { "header", "csv", "time,source,channel,value,unit,quality,mdc,note" },
  { "value with its code", "csv", "2026-01-05T14:00:20.000Z,monitor,hr,70,/min,ok,147842^MDC_ECG_HEART_RATE," },
  { "absent is empty", "csv", "2026-01-05T14:03:20.000Z,monitor,spo2,,%,absent,150456^MDC_PULS_OXIM_SAT_O2," },
  { "doubtful", "csv", "2026-01-05T14:04:20.000Z,monitor,rr,14,/min,questionable motion,151562^MDC_RESP_RATE," },
  { "shortest decimal", "csv", "2026-01-05T14:05:20.000Z,monitor,temp,36.7,Cel,ok,150344^MDC_TEMP," },
  { "cuff", "csv",
    "2026-01-05T14:02:30.000Z,monitor,nibp_map,93,mm[Hg],ok,150023^MDC_PRESS_BLD_NONINV_MEAN,measured 2026-01-05T14:02:25.000Z" },
  { "rate", "csv", "2026-01-05T14:02:40.000Z,pump1,infusion_rate,125,mL/h,,157784^MDC_FLOW_FLUID_PUMP," },
  { "pump's state", "csv", "2026-01-05T14:08:52.000Z,pump1,event,,,,,\"pump paused, Magnesium\"" },
  { "spreadsheets run nothing", "csv", "2026-01-05T14:00:10.000Z,nurse,event,,,,,\"note: =2+3|\"\"quoted\"\", \\ & ~ ^ by RN 7\"" },
  { "gap", "csv", "2026-01-05T14:10:20.000Z,monitor,event,,,,,link lost: unplugged" },
  { "alarm", "csv",
    "2026-01-05T14:08:31.000Z,chairside,alarm,,,,,\"alarm raise mg_hypotension high, NIBP_SYS 84 mm[Hg], baseline 122, "
    "limit 90, because E-BP30,C-MG, unknown SPO2\"" },
  { "wide header", "csv-wide",
    "time,HR [MDC 147842] (/min),SPO2 [MDC 150456] (%),NIBP_SYS [MDC 150021] (mm[Hg]),NIBP_DIA [MDC 150022] (mm[Hg]),"
    "NIBP_MEAN [MDC 150023] (mm[Hg]),PUMP_RATE [MDC 157784] (mL/h),PUMP_VOLUME [MDC 157864] (mL),PUMP_VTBI [MDC 157884] (mL),"
    "RR [MDC 151562] (/min),TEMP [MDC 150344] (Cel),quality,events" },
  { "wide row", "csv-wide", "2026-01-05T14:02:20.000Z,72,97,,,,,,,,,," },
  { "wide absent", "csv-wide", "2026-01-05T14:03:20.000Z,73,,,,,,,,,,SPO2 absent," },
  { "wide doubtful", "csv-wide", "2026-01-05T14:04:20.000Z,74,97,,,,,,,14,,RR questionable motion," },
  { "wide gap", "csv-wide", "2026-01-05T14:10:50.000Z,,,,,,,,,,,,link up" },
};

START_TEST (a_line_is_there)
{
  g_autoptr (GBytes) out = small_session_export (chs_exporter_find (lines[_i].format));
  g_auto (GStrv) rows = g_strsplit (g_bytes_get_data (out, NULL), "\n", -1);

  ck_assert_msg (g_strv_contains ((const char *const *) rows, lines[_i].line), "%s: no line %s in\n%s", lines[_i].name,
                 lines[_i].line, (const char *) g_bytes_get_data (out, NULL));
}
END_TEST

/* A source's name comes from a configuration, an imported track's from a foreign file: cells of their own. */
START_TEST (a_cell_that_would_be_run_is_defused)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.chairside", NULL);
  g_autofree char *out = g_build_filename (dir, "a.csv", NULL);
  g_autofree char *text = NULL;
  const ChsStoreMeta meta = { .session_id = (char *) SMALL_SESSION_ID, .start_wall_us = SMALL_SESSION_START_WALL_US };
  ChsStoreSource source = { .source = 1, .name = "=cmd" };
  ChsStoreTrack track = { .source = 1, .param = CHS_PARAM_OTHER, .name = "@SUM(A1)", .unit = "-" };
  ChsStoreWriter *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  ChsEvent event = chs_numeric (CHS_PARAM_OTHER, -1.5);

  event.seq = event.source = 1;
  event.wall_us = meta.start_wall_us;
  chs_store_writer_add_source (writer, &source);
  chs_store_writer_add_track (writer, &track);
  chs_store_writer_append (writer, &event);
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
  ck_assert (chs_export_to_file (chs_exporter_find ("csv"), path, out, NULL, NULL, NULL, NULL, NULL, NULL));
  ck_assert (g_file_get_contents (out, &text, NULL, NULL));
  ck_assert_msg (strstr (text, "Z,'=cmd,'@SUM(A1),-1.5,'-,ok,,\n") != NULL, "%s", text);
  g_unlink (out);
  g_unlink (path);
  g_rmdir (dir);
}
END_TEST

START_TEST (a_cancelled_export_leaves_the_old_file)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.chairside", NULL);
  g_autofree char *out = g_build_filename (dir, "a.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  small_session_write (path);
  ck_assert (g_file_set_contents (out, "old", -1, NULL));
  g_cancellable_cancel (cancellable);
  ck_assert (!chs_export_to_file (chs_exporter_find ("csv"), path, out, NULL, NULL, NULL, cancellable, NULL, &error));
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  ck_assert (g_file_get_contents (out, &text, NULL, NULL));
  ck_assert_str_eq (text, "old");
  g_clear_error (&error);
  ck_assert (!chs_export_to_file (chs_exporter_find ("csv"), path, path, NULL, NULL, NULL, NULL, NULL, &error));
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS));
  g_unlink (out);
  g_unlink (path);
  g_rmdir (dir);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("export-csv");
  TCase *tcase = tcase_create ("csv");

  tcase_add_loop_test (tcase, a_line_is_there, 0, G_N_ELEMENTS (lines));
  tcase_add_test (tcase, a_cell_that_would_be_run_is_defused);
  tcase_add_test (tcase, a_cancelled_export_leaves_the_old_file);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/exporters.h"
#include "app/report.h"
#include "tests/draw-fonts.h"
#include "tests/golden.h"
#include "tests/small-session.h"

#include <string.h>

#define CHART "Pressure, infusion rate and vital signs"
#define BEHIND_CHART "Doses against limits"

/* Every text of every page in order, without those inside the chart, which has goldens of its own. */
typedef struct {
  GString *text;
  gboolean in_chart;
  guint    n_cut;
  double   bottom; /* of the lowest text, mm */
} Reading;

static Reading reading;
static const char *(*translation) (const char *msgid);

static void
on_text (const char *text, const ChsRect *ink, double scale, bool is_cut, gpointer user_data)
{
  if (strcmp (text, BEHIND_CHART) == 0)
    reading.in_chart = FALSE;
  if (!reading.in_chart) {
    g_string_append_printf (reading.text, "%s\n", text);
    reading.n_cut += is_cut;
  }
  if (strcmp (text, CHART) == 0)
    reading.in_chart = TRUE;
  reading.bottom = MAX (reading.bottom, ink->y + ink->h);
}

static gboolean
read_pages (ChsExport *export, GError **error)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR, NULL);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (ChsReport) report = NULL;
  ChsTheme theme;
  guint n = 1;

  chs_theme_init (&theme, CHS_LOOK_PAPER, 1.0);
  theme.tr = translation;
  report = chs_report_new (export, &theme, error);
  ck_assert_ptr_nonnull (report);
  chs_draw_watch_text (cr, on_text, NULL);
  for (guint page = 0; page < n; page++) {
    g_string_append_printf (reading.text, "--- page %u\n", page + 1);
    n = chs_report_draw (report, cr, &theme, page);
  }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return TRUE;
}

static const ChsExporter reader = { .id = "texts", .run = read_pages };

static void
setup (void)
{
  draw_case_use_fonts ();
  translation = NULL;
  reading = (Reading) { .text = g_string_new (NULL) };
}

static void
teardown (void)
{
  g_string_free (reading.text, TRUE);
}

START_TEST (the_pages_say_what_was_recorded)
{
  G_GNUC_UNUSED g_autoptr (GBytes) out = small_session_export (&reader);

  ck_assert (golden_check_text (reading.text->str, "report"));
  ck_assert_uint_eq (reading.n_cut, 0);
  ck_assert_double_le (reading.bottom, CHS_REPORT_HEIGHT_MM - 5.0);
}
END_TEST

/* Longer than any language: every word of the report doubled. */
static const char *
doubled (const char *msgid)
{
  g_autofree char *text = strchr (msgid, '%') != NULL ? g_strdup (msgid) : g_strdup_printf ("%s %s", msgid, msgid);

  return g_intern_string (text);
}

START_TEST (words_are_translated_and_data_is_not)
{
  g_autoptr (GBytes) out = NULL;

  translation = doubled;
  out = small_session_export (&reader);
  ck_assert_ptr_nonnull (strstr (reading.text->str, "\nMeasured Measured\n"));
  ck_assert_ptr_nonnull (strstr (reading.text->str, "\nMagnesium sulfate 2 g\n"));
  ck_assert_ptr_nonnull (strstr (reading.text->str, "\nP-0042\n"));
}
END_TEST

static const struct {
  const char *format, *start;
} files[] = { { "pdf", "%PDF-1." }, { "png", "\x89PNG\r\n" }, { "svg", "<?xml" } };

START_TEST (a_file_of_its_kind)
{
  g_autoptr (GBytes) out = small_session_export (chs_exporter_find (files[_i].format));

  ck_assert_uint_gt (g_bytes_get_size (out), 5000);
  ck_assert_msg (memcmp (g_bytes_get_data (out, NULL), files[_i].start, strlen (files[_i].start)) == 0, "%s", files[_i].format);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("report");
  TCase *tcase = tcase_create ("report");

  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_set_timeout (tcase, 30);
  tcase_add_test (tcase, the_pages_say_what_was_recorded);
  tcase_add_test (tcase, words_are_translated_and_data_is_not);
  tcase_add_loop_test (tcase, a_file_of_its_kind, 0, G_N_ELEMENTS (files));
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/markers.h"
#include "tests/check-main.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder, *recording, *file;

static void
set_up (void)
{
  folder = g_dir_make_tmp ("chairside-markers-XXXXXX", NULL);
  recording = g_build_filename (folder, "a.chairside", NULL);
  file = g_strconcat (recording, CHS_MARKERS_SUFFIX, NULL);
  ck_assert (g_file_set_contents (recording, "not touched", -1, NULL));
}

static void
tear_down (void)
{
  g_unlink (file);
  g_unlink (recording);
  g_rmdir (folder);
  g_free (folder);
  g_free (recording);
  g_free (file);
}

static char *
describe (void)
{
  g_autoptr (ChsMarkers) markers = chs_markers_load (recording, NULL);
  GString               *text = g_string_new (NULL);
  guint                  n;
  const ChsMarker       *rows = chs_markers_get (markers, &n);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%" G_GINT64_FORMAT " %s\n", rows[i].t_us, rows[i].name);

  return g_string_free (text, FALSE);
}

START_TEST (markers_are_kept_beside_the_recording)
{
  g_autoptr (ChsMarkers) markers = chs_markers_load (recording, NULL);
  g_autofree char       *first = NULL, *second = NULL, *content = NULL;

  ck_assert (chs_markers_set (markers, 2000000, "cuff slipped", NULL));
  ck_assert (chs_markers_set (markers, 1000000, "  = [x] ؛ two\nlines ", NULL));
  first = describe ();
  ck_assert_str_eq (first, "1000000 = [x] ؛ two lines\n2000000 cuff slipped\n");
  ck_assert (chs_markers_set (markers, 2000000, "cuff moved", NULL));
  ck_assert (chs_markers_set (markers, 1000000, NULL, NULL));
  second = describe ();
  ck_assert_str_eq (second, "2000000 cuff moved\n");
  ck_assert (g_file_get_contents (recording, &content, NULL, NULL));
  ck_assert_str_eq (content, "not touched");
}
END_TEST

START_TEST (a_marker_needs_a_name_and_room)
{
  g_autoptr (ChsMarkers) markers = chs_markers_load (recording, NULL);
  g_autoptr (GError)     error = NULL;

  ck_assert (!chs_markers_set (markers, 5, "  ", &error));
  ck_assert_ptr_nonnull (error);
  g_clear_error (&error);
  g_unlink (recording);
  g_rmdir (folder);
  ck_assert (!chs_markers_set (markers, 5, "no folder", &error));
  ck_assert_ptr_nonnull (error);
}
END_TEST

static const struct {
  const char *text;
  gboolean    good;
} files[] = {
  { "[markers]\nat_5 = x\n", TRUE }, { "", TRUE },          { "[markers]\nat_-5 = x\n", FALSE },
  { "[markers]\nfoo = x\n", FALSE }, { "garbage\n", FALSE }, { "[markers]\nat_99999999999999999999 = x\n", FALSE },
};

START_TEST (a_strange_file_is_refused)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (ChsMarkers) markers = NULL;

  ck_assert (g_file_set_contents (file, files[_i].text, -1, NULL));
  markers = chs_markers_load (recording, &error);
  ck_assert_int_eq (markers != NULL, files[_i].good);
  ck_assert_int_eq (error == NULL, files[_i].good);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("markers");
  TCase *tcase = tcase_create ("markers");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, markers_are_kept_beside_the_recording);
  tcase_add_test (tcase, a_marker_needs_a_name_and_room);
  tcase_add_loop_test (tcase, a_strange_file_is_refused, 0, G_N_ELEMENTS (files));
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

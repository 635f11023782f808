/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/raw-view.h"
#include "tests/check-main.h"

#include <glib/gstdio.h>
#include <string.h>

#define S G_GINT64_CONSTANT (1000000)
#define LINES "HR=1;72;ECG-II-DIAG;\rRR=1;14;;\rSPO2=1;98;PR=71 ;\rNIBP=4;118;76;90;71;;\rT1=1;36.6;;\r"
#define N_OLD 50 /* bytes of an hour before: only counted */

static char  *folder, *path;
static guint8 message[512];
static guint  n_message;

/* FF, heading, 400 wave bytes, lines, FE: test-ivy-450c.c explains it. */
static void
make_message (void)
{
  n_message = 0;
  message[n_message++] = 0xFF;
  memcpy (message + n_message, "ANSAR-B ", 8);
  n_message += 8;
  for (guint i = 0; i < 400; i++)
    message[n_message++] = (guint8) (i % 200);
  memcpy (message + n_message, LINES, strlen (LINES));
  n_message += (guint) strlen (LINES);
  message[n_message++] = 0xFE;
}

static void
append (ChsStoreWriter *writer, guint64 seq, gint64 t_us, const guint8 *bytes, guint n)
{
  ChsEvent event = { .seq = seq, .type = CHS_EVENT_RAW, .source = 1, .t_us = t_us, .wall_us = t_us,
                     .raw = { .bytes = bytes, .n = n } };

  chs_store_writer_append (writer, &event);
}

static void
set_up (void)
{
  const ChsStoreMeta   meta = { .session_id = (char *) "raw", .chair = (char *) "1" };
  const ChsStoreSource source = { .source = 1, .name = "monitor", .driver = "ivy-450c" };
  ChsStoreWriter      *writer;

  folder = g_dir_make_tmp ("chairside-raw-XXXXXX", NULL);
  path = g_build_filename (folder, "a.chairside", NULL);
  writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  chs_store_writer_add_source (writer, &source);
  make_message ();
  append (writer, 1, 0, message, N_OLD);
  append (writer, 2, 3600 * S, (const guint8 *) "noise", 5);
  append (writer, 3, 3600 * S, message, 100);
  append (writer, 4, 3601 * S, message + 100, n_message - 100);
  append (writer, 5, 3602 * S, message, n_message);
  append (writer, 6, 3603 * S, message, 10);
  ck_assert (chs_store_writer_close (writer, TRUE, NULL));
}

static void
tear_down (void)
{
  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
  g_free (folder);
}

static ChsRawView *
load (gint64 around_us)
{
  GError     *error = NULL;
  ChsRawView *view = chs_raw_view_load (path, 1, around_us, &error);

  ck_assert_msg (view != NULL, "%s", error != NULL ? error->message : "");

  return view;
}

START_TEST (bytes_are_frames_and_frames_are_events)
{
  g_autoptr (ChsRawView) view = load (3602 * S);
  guint                  n, n_bytes, n_events;
  const ChsRawFrame     *frames = chs_raw_view_get_frames (view, &n);
  const guint8          *bytes = chs_raw_view_get_bytes (view, &n_bytes);
  const ChsRawEvent     *events = chs_raw_view_get_events (view, &n_events);

  ck_assert_uint_eq (n_bytes, 5 + 2 * n_message + 10);
  ck_assert_uint_eq (chs_raw_view_get_offset (view), N_OLD);
  ck_assert_uint_eq (n, 3);
  ck_assert (!frames[0].is_good);
  ck_assert_uint_eq (frames[0].n, 5);
  for (guint i = 1; i < 3; i++) {
    ck_assert (frames[i].is_good);
    ck_assert_uint_eq (frames[i].n, n_message);
    ck_assert_mem_eq (bytes + frames[i].at, message, n_message);
    ck_assert_uint_gt (frames[i].n_events, 0);
    ck_assert_str_ne (frames[i].words, "");
  }
  ck_assert_int_eq (frames[1].t_us, 3601 * S);
  ck_assert_uint_le (frames[2].first_event + frames[2].n_events, n_events);
  ck_assert (events[frames[2].first_event].is_wave);
  ck_assert_str_eq (events[frames[2].first_event + 5].words, "HR 72 /min");
}
END_TEST

/* A byte leads to its frame; the one behind the last frame to none. */
static const struct {
  guint    at;
  gboolean found;
  guint    frame;
} touches[] = {
  { 0, TRUE, 0 }, { 4, TRUE, 0 }, { 5, TRUE, 1 }, { 497, TRUE, 1 }, { 498, TRUE, 2 }, { 991, FALSE, 0 }, { 100000, FALSE, 0 },
};

START_TEST (a_byte_leads_to_its_frame)
{
  g_autoptr (ChsRawView) view = load (3602 * S);
  guint                  frame = 0;

  ck_assert_int_eq (chs_raw_view_frame_of (view, touches[_i].at, &frame), touches[_i].found);
  ck_assert_uint_eq (frame, touches[_i].frame);
}
END_TEST

START_TEST (a_time_leads_to_its_frame)
{
  g_autoptr (ChsRawView) view = load (3602 * S);

  ck_assert_uint_eq (chs_raw_view_frame_at (view, 3600 * S), 0);
  ck_assert_uint_eq (chs_raw_view_frame_at (view, 3601 * S), 1);
  ck_assert_uint_eq (chs_raw_view_frame_at (view, 3700 * S), 2);
}
END_TEST

START_TEST (where_there_are_no_bytes_there_is_a_view_of_none)
{
  g_autoptr (ChsRawView) view = load (1800 * S);
  g_autoptr (GError)     error = NULL;
  guint                  n;

  chs_raw_view_get_bytes (view, &n);
  ck_assert_uint_eq (n, 0);
  ck_assert_uint_eq (chs_raw_view_frame_at (view, 0), 0);
  ck_assert_ptr_null (chs_raw_view_load (path, 7, 0, &error));
  ck_assert_ptr_nonnull (error);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("raw-view");
  TCase *tcase = tcase_create ("raw");

  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, bytes_are_frames_and_frames_are_events);
  tcase_add_loop_test (tcase, a_byte_leads_to_its_frame, 0, G_N_ELEMENTS (touches));
  tcase_add_test (tcase, a_time_leads_to_its_frame);
  tcase_add_test (tcase, where_there_are_no_bytes_there_is_a_view_of_none);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

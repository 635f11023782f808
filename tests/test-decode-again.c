/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode-again.h"

#include "devices/driver.h"
#include "tests/check-main.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Bytes that a simulator said (the seed of its fuzzer) are decoded by the test as a link does, recorded with or without a
 * change, and decoded again. */

#define DRIVER "ivy-450c"
#define HEAD 8u  /* of a fuzzer's input: how it is fed */
#define PIECE 50u
#define PIECE_US 100000

static char *dir, *path;
static GBytes *heard;

static void
setup (void)
{
  g_autofree char *seed = g_build_filename (g_getenv ("CHS_TEST_DATA"), "fuzz", "corpus", DRIVER, "seed-slow", NULL);
  char *bytes;
  gsize n;

  ck_assert_msg (g_file_get_contents (seed, &bytes, &n, NULL), "%s", seed);
  heard = g_bytes_new (bytes + HEAD, n - HEAD);
  g_free (bytes);
  dir = g_dir_make_tmp ("chs-again-XXXXXX", NULL);
  path = g_build_filename (dir, "a.chairside", NULL);
}

static void
teardown (void)
{
  g_unlink (path);
  g_rmdir (dir);
  g_clear_pointer (&path, g_free);
  g_clear_pointer (&dir, g_free);
  g_clear_pointer (&heard, g_bytes_unref);
}

/* ---- a session ---- */

typedef struct {
  const char *name, *driver;
  guint  change; /* number of the event that is changed, left out or doubled; 0 = none */
  enum { NOTHING, CHANGE, LEAVE_OUT, DOUBLE } how;
  guint64 changed, lost, gained;
} Row;

typedef struct {
  ChsSink  sink;
  const Row *row;
  ChsStoreWriter *writer;
  gint64   t_us;
  guint    n;
} Recorder;

static void
append (Recorder *self, const ChsEvent *event, gint64 t_us)
{
  ChsEvent copy = *event;

  copy.seq = chs_store_writer_get_next_seq (self->writer);
  copy.t_us = copy.wall_us = t_us;
  copy.source = 1;
  chs_store_writer_append (self->writer, &copy);
}

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  Recorder *self = sink->user;
  gboolean is_it = event->type == CHS_EVENT_NUMERIC && !isnan (event->numeric.value) && ++self->n == self->row->change;
  ChsEvent copy = *event;

  if (is_it && self->row->how == LEAVE_OUT)
    return;
  if (is_it && self->row->how == CHANGE)
    copy.numeric.value += 1;
  append (self, &copy, self->t_us);
  if (is_it && self->row->how == DOUBLE)
    append (self, &copy, self->t_us);
}

static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
}

static void
record (const Row *row)
{
  const ChsDriver *driver = chs_driver_find (DRIVER);
  ChsStoreMeta meta = { .chair = (char *) "chair", .program = (char *) "test" };
  ChsStoreSource source = { .source = 1, .name = "monitor", .version = "0.0.9-r0" };
  Recorder self = { .sink = { .event = on_event, .request = on_request, .user = &self }, .row = row };
  g_autofree gpointer state = g_malloc0 (driver->state_size);
  gsize n;
  const guint8 *bytes = g_bytes_get_data (heard, &n);

  g_strlcpy (source.driver, row->driver, sizeof source.driver);
  self.writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  chs_store_writer_add_source (self.writer, &source);
  if (driver->opened != NULL)
    driver->opened (state, 0, &self.sink);
  for (gsize at = 0; at < n; at += PIECE) {
    gsize now = MIN (PIECE, n - at);
    ChsEvent raw = { .type = CHS_EVENT_RAW, .raw = { .n = (guint32) now, .bytes = bytes + at } };

    append (&self, &raw, self.t_us);
    driver->feed (state, bytes + at, now, self.t_us, &self.sink);
    self.t_us += PIECE_US;
  }
  ck_assert (chs_store_writer_close (self.writer, TRUE, NULL));
}

static const Row rows[] = {
  { "as recorded", DRIVER, 0, NOTHING, 0, 0, 0 },
  { "another value then", DRIVER, 4, CHANGE, 1, 0, 0 },
  { "not seen then", DRIVER, 4, LEAVE_OUT, 0, 0, 1 },
  { "seen twice then", DRIVER, 4, DOUBLE, 0, 1, 0 },
};

static void
on_difference (ChsDecodeDifference difference, const ChsEvent *then, const ChsEvent *now, gpointer data)
{
  ++*(guint *) data;
  ck_assert ((then != NULL) == (difference != CHS_DECODE_GAINED));
  ck_assert ((now != NULL) == (difference != CHS_DECODE_LOST));
  if (difference == CHS_DECODE_CHANGED)
    ck_assert (fabs (then->numeric.value - now->numeric.value - 1) < 1e-9);
}

START_TEST (each_difference_is_found)
{
  const Row *row = &rows[_i];
  g_autoptr (ChsStoreReader) reader = NULL;
  g_autoptr (GArray) sources = NULL;
  g_autoptr (GError) error = NULL;
  const ChsDecodeSource *source;
  guint told = 0;

  record (row);
  reader = chs_store_reader_new (path, &error);
  ck_assert_msg (chs_decode_again (reader, on_difference, &told, &sources, &error), "%s", error != NULL ? error->message : "");
  ck_assert_uint_eq (sources->len, 1);
  source = &g_array_index (sources, ChsDecodeSource, 0);
  ck_assert_uint_gt (source->same, 10);
  ck_assert_msg (source->changed == row->changed && source->lost == row->lost && source->gained == row->gained,
                 "%s: %d changed, %d lost, %d gained", row->name, (int) source->changed, (int) source->lost, (int) source->gained);
  ck_assert_uint_eq (told, row->changed + row->lost + row->gained);
  ck_assert_uint_eq (source->bytes, g_bytes_get_size (heard));
  ck_assert_str_eq (source->source.version, "0.0.9-r0");
  ck_assert_str_ne (source->version, "");
}
END_TEST

START_TEST (a_driver_that_is_gone_is_told)
{
  const Row row = { "gone", "oldtimer", 0, NOTHING, 0, 0, 0 };
  g_autoptr (ChsStoreReader) reader = NULL;
  g_autoptr (GArray) sources = NULL;

  record (&row);
  reader = chs_store_reader_new (path, NULL);
  ck_assert (chs_decode_again (reader, NULL, NULL, &sources, NULL));
  ck_assert_ptr_nonnull (strstr (g_array_index (sources, ChsDecodeSource, 0).trouble, "oldtimer"));
}
END_TEST

static Suite *
decode_again_suite (void)
{
  Suite *suite = suite_create ("decode-again");
  TCase *tc = tcase_create ("sessions");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, each_difference_is_found, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, a_driver_that_is_gone_is_told);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (decode_again_suite)

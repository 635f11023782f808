/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "data/event-codec.h"
#include "devices/driver.h"
#include "devices/simulator.h"
#include "devices/tx-guard.h"
#include "app/exporters.h"
#include "tests/event-maker.h"
#include "tests/small-session.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* Makes the seeds of the corpus: what the simulators say to their drivers, undamaged. Arguments: the folder of the
 * corpus. Files that are there already are made anew; findings, which have other names, are left alone. */

#define STREAM_MAX 3000 /* bytes kept of one conversation */
#define STEP_US 20000
#define STEPS 1500
#define EVENTS 60

typedef struct {
  ChsSink          sink;
  const ChsDriver *driver;
  gpointer         state;
  GByteArray      *sent, *heard;
  gint64           now_us;
} Host;

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
}

static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
  Host *self = sink->user;
  guint8 frame[CHS_TX_FRAME_MAX];

  if (self->driver->wrap != NULL)
    n = self->driver->wrap (self->state, payload, n, frame, sizeof frame);
  else
    memcpy (frame, payload, n);
  g_byte_array_append (self->sent, frame, (guint) n);
}

static void
on_write (ChsSimOut *out, const uint8_t *bytes, size_t n)
{
  Host *self = out->user;

  g_byte_array_append (self->heard, bytes, (guint) n);
  self->driver->feed (self->state, bytes, n, self->now_us, &self->sink);
}

/* All that the simulator says in 30 s, or the beginning of it. */
static GByteArray *
converse (const ChsDriver *driver)
{
  const ChsSimulator *simulator = chs_simulator_find (driver->id);
  g_autofree gpointer sim = g_malloc0 (simulator->state_size), state = g_malloc0 (driver->state_size);
  Host host = { .sink = { .event = on_event, .request = on_request }, .driver = driver, .state = state };
  ChsSimOut out = { .write = on_write, .user = &host };
  ChsSimPatient patient;

  host.sink.user = &host;
  host.sent = g_byte_array_new ();
  host.heard = g_byte_array_new ();
  chs_sim_patient_init (&patient);
  simulator->start (sim, &patient, 1, 0);
  driver->opened (state, 0, &host.sink);
  for (guint i = 0; i < STEPS && host.heard->len < STREAM_MAX; i++, host.now_us += STEP_US) {
    if (driver->tick != NULL)
      driver->tick (state, host.now_us, &host.sink);
    if (host.sent->len > 0 && simulator->feed != NULL)
      simulator->feed (sim, &patient, host.sent->data, host.sent->len, host.now_us, &out);
    g_byte_array_set_size (host.sent, 0);
    simulator->tick (sim, &patient, host.now_us, &out);
  }
  g_byte_array_unref (host.sent);
  g_byte_array_set_size (host.heard, MIN (host.heard->len, STREAM_MAX));
  return host.heard;
}

static void
save (const char *corpus, const char *target, const char *name, const guint8 *head, const guint8 *bytes, gsize n)
{
  g_autofree char *folder = g_build_filename (corpus, target, NULL), *path = g_build_filename (folder, name, NULL);
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  if (head != NULL)
    g_byte_array_append (file, head, FUZZ_HEAD);
  g_byte_array_append (file, bytes, (guint) n);
  g_mkdir_with_parents (folder, 0777);
  if (!g_file_set_contents (path, (const char *) file->data, file->len, &error))
    g_error ("%s", error->message);
}

static void
save_driver (const char *corpus, const ChsDriver *driver)
{
  static const guint8 split[FUZZ_HEAD] = { 0, 1, 2, 3, 7 }, slow[FUZZ_HEAD] = { 0, 40, 64, 33, 80, 3, 10, 5 },
                      talk[FUZZ_HEAD] = { FUZZ_HOW_TALK, 1 }, whole[FUZZ_HEAD] = { FUZZ_HOW_MESSAGE, 1 };
  static const guint8 faults[] = { 90, 0, 200, 0x01, 30, 0x80, 255, 0x20, 7, 0, 100, 0xFF };
  g_autoptr (GByteArray) heard = converse (driver);

  save (corpus, driver->id, "seed-split", split, heard->data, heard->len);
  save (corpus, driver->id, "seed-slow", slow, heard->data, heard->len);
  save (corpus, driver->id, "seed-talk", talk, faults, sizeof faults);
  if (driver->message != NULL)
    save (corpus, driver->id, "seed-message", whole, heard->data, MIN (heard->len, 200));
}

static void
save_events (const char *corpus)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();
  static guint8 buffer[CHS_BYTES_MAX + 4096];
  ChsPackState pack = { 0 };
  ChsEventMaker maker;
  ChsEvent event;

  chs_event_maker_init (&maker, 3);
  for (guint i = 0; i < EVENTS; i++) {
    chs_event_maker_next (&maker, i % CHS_N_EVENTS, &event);
    g_byte_array_append (block, buffer, (guint) chs_event_pack (&pack, &event, buffer, sizeof buffer));
  }
  chs_event_maker_clear (&maker);
  save (corpus, "event-codec", "seed-events", NULL, block->data, MIN (block->len, STREAM_MAX));
}

/* ---- files of recordings, by our own writers ---- */

#define FILE_MAX_BYTES 30000u /* libFuzzer's inputs are no longer than 32768 */

static void
save_export (const char *corpus, const char *target, const char *name, const char *format)
{
  g_autoptr (GBytes) file = small_session_export (chs_exporter_find (format));
  gsize n;
  const guint8 *bytes = g_bytes_get_data (file, &n);

  save (corpus, target, name, NULL, bytes, MIN (n, FILE_MAX_BYTES));
}

/* The content of a .vital, as its target wants it. */
static void
save_vital (const char *corpus)
{
  g_autoptr (GBytes) file = small_session_export (chs_exporter_find ("vital"));
  g_autofree guint8 *content = g_malloc (FILE_MAX_BYTES);
  gsize n;
  z_stream z = { .next_in = (Bytef *) g_bytes_get_data (file, &n), .next_out = content, .avail_out = FILE_MAX_BYTES };

  z.avail_in = (uInt) n;
  if (inflateInit2 (&z, 15 + 16) == Z_OK)
    inflate (&z, Z_SYNC_FLUSH);
  save (corpus, "vital", "seed-session", NULL, content, FILE_MAX_BYTES - z.avail_out);
  inflateEnd (&z);
}

static void
save_store (const char *corpus)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-seeds-XXXXXX", NULL), *path = g_build_filename (dir, "a.chairside", NULL), *bytes = NULL;
  gsize n = 0;

  small_session_write (path);
  if (g_file_get_contents (path, &bytes, &n, NULL))
    save (corpus, "store", "seed-session", NULL, (const guint8 *) bytes, n);
  g_unlink (path);
  g_rmdir (dir);
}

/* Nobody writes WFDB here but this. */
static const struct {
  const char *name, *header, *segment;
} wfdb[] = {
  { "seed-16", "f 2 250 60 10:00:00 01/02/2020\nf.dat 16 200(0)/mV 16 0 0 0 0 II\nf.dat 16 50/mmHg 16 0 0 0 0 ABP\n# age 54\n", "" },
  { "seed-212", "f 2 360 80\nf.dat 212 200 11 1024 0 0 0 MLII\nf.dat 212 200 11 1024 0 0 0 V5\n", "" },
  { "seed-80-frame", "f 2 100/200 40\nf.dat 80x2 10/NU 8 0 0 0 0 PLETH\nf.dat 80 1/bpm 8 0 0 0 0 HR\n", "" },
  { "seed-311", "f 3 100 40\nf.dat 311 10 10 0 0 0 0 I\nf.dat 311 10 10 0 0 0 0 II\nf.dat 311 10 10 0 0 0 0 RESP\n", "" },
  { "seed-segments", "f/3 1 100 90\ng 30\n~ 30\ng 30\n", "g 1 100 30\nf.dat 24 200 16 0 0 0 0 ECG\n" },
  { "seed-numbers", "f 3 1 20\nf.dat 61 1/bpm 16 0 0 0 0 HR\nf.dat 160 1/% 16 0 0 0 0 SpO2\nf.dat 8 1 8 0 0 0 0 RESP\n", "" },
};

static void
save_wfdb (const char *corpus)
{
  guint8 samples[400];

  for (guint i = 0; i < sizeof samples; i++)
    samples[i] = (guint8) (i * 7 + (i % 5) * 31);
  for (guint i = 0; i < G_N_ELEMENTS (wfdb); i++) {
    g_autoptr (GByteArray) file = g_byte_array_new ();

    g_byte_array_append (file, (const guint8 *) wfdb[i].header, (guint) strlen (wfdb[i].header) + 1);
    g_byte_array_append (file, (const guint8 *) wfdb[i].segment, (guint) strlen (wfdb[i].segment) + 1);
    g_byte_array_append (file, samples, sizeof samples);
    save (corpus, "wfdb", wfdb[i].name, NULL, file->data, file->len);
  }
}

int
main (int argc, char **argv)
{
  if (argc != 2) {
    fprintf (stderr, "usage: fuzz-seeds CORPUS\n");
    return EXIT_FAILURE;
  }
  for (const ChsDriver *const *driver = chs_drivers (NULL); *driver != NULL; driver++)
    save_driver (argv[1], *driver);
  save_events (argv[1]);
  save_vital (argv[1]);
  save_export (argv[1], "vital-gzip", "seed-session", "vital");
  save_export (argv[1], "edf", "seed-session", "edf");
  save_export (argv[1], "csv", "seed-long", "csv");
  save_export (argv[1], "csv", "seed-wide", "csv-wide");
  save_store (argv[1]);
  save_wfdb (argv[1]);
  return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz-recordings.h"

#include "app/deidentify.h"
#include "data/import.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Files of other makes, and our own recordings, of any bytes: a recording that is whole, or a refusal that says why and
 * leaves nothing behind. In memory: a folder of /dev/shm for the life of the process. */

#define DEAD 0 /* between the files that are one input of WFDB */

static char *dir;

/* A damaged recording is told in the journal; here each one is. */
static void
say_nothing (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
}

static void
empty_dir (void)
{
  g_autoptr (GDir) open = g_dir_open (dir, 0, NULL);
  const char *name;

  while (open != NULL && (name = g_dir_read_name (open)) != NULL) {
    g_autofree char *path = g_build_filename (dir, name, NULL);

    g_unlink (path);
  }
}

static void
leave (void)
{
  empty_dir ();
  g_rmdir (dir);
}

static void
enter (void)
{
  if (dir == NULL) {
    dir = g_strdup_printf ("%s/chs-fuzz-%d", g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir (), (int) getpid ());
    g_mkdir (dir, 0700);
    g_log_set_handler (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, say_nothing, NULL);
    atexit (leave);
  }
  empty_dir ();
}

static char *
put_file (const char *name, const guint8 *bytes, gsize n)
{
  char *path = g_build_filename (dir, name, NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (fd < 0 || write (fd, bytes, n) != (gssize) n)
    g_error ("cannot write %s: %s", path, g_strerror (errno));
  close (fd);
  return path;
}

static gboolean
take_event (const ChsEvent *event, gpointer user_data)
{
  ++*(guint64 *) user_data;
  return TRUE;
}

/* What an import made is a recording without a fault. */
static void
check_whole (const char *path, guint64 events)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, &error);
  ChsStoreCheck check = { 0 };
  guint64 n = 0;

  FUZZ_HOLDS (reader != NULL, "the recording cannot be read: %s", error->message);
  FUZZ_HOLDS (chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, take_event, &n, &error), "%s", error->message);
  FUZZ_HOLDS (n == events, "%d events of %d", (int) n, (int) events);
  FUZZ_HOLDS (chs_store_check (path, &check, &error), "%s", check.account != NULL ? check.account : error->message);
  chs_store_check_clear (&check);
}

static void
import (const ChsImporter *importer, const char *path)
{
  g_autofree char *out = g_build_filename (dir, "out.chairside", NULL);
  g_auto (ChsImportResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean done = chs_import_run (importer, path, out, NULL, NULL, NULL, &result, &error);

  FUZZ_HOLDS (done == (error == NULL), "neither a recording nor a reason, or both");
  FUZZ_HOLDS (done == g_file_test (out, G_FILE_TEST_EXISTS), "a recording is left of what failed, or none of what did not");
  FUZZ_HOLDS (error == NULL || error->message[0] != '\0', "no reason");
  if (done)
    check_whole (out, result.events);
}

/* The content, as if it had come through gzip: the fuzzer cannot guess a checksum. */
void
fuzz_vital (const char *name, const guint8 *bytes, gsize n)
{
  gsize room = n + 1024;
  g_autofree guint8 *packed = g_malloc (room);
  g_autofree char *path = NULL;
  z_stream z = { .next_in = (Bytef *) bytes, .avail_in = (uInt) n, .next_out = packed, .avail_out = (uInt) room };

  enter ();
  if (deflateInit2 (&z, 0, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK || deflate (&z, Z_FINISH) != Z_STREAM_END)
    g_error ("zlib");
  path = put_file ("in", packed, room - z.avail_out);
  deflateEnd (&z);
  import (&chs_import_vital, path);
}

static void
fuzz_plain (const ChsImporter *importer, const guint8 *bytes, gsize n)
{
  g_autofree char *path = NULL;

  enter ();
  path = put_file ("in", bytes, n);
  import (importer, path);
}

void
fuzz_vital_gzip (const char *name, const guint8 *bytes, gsize n)
{
  fuzz_plain (&chs_import_vital, bytes, n);
}

void
fuzz_edf (const char *name, const guint8 *bytes, gsize n)
{
  fuzz_plain (&chs_import_edf, bytes, n);
}

void
fuzz_csv (const char *name, const guint8 *bytes, gsize n)
{
  fuzz_plain (&chs_import_csv, bytes, n);
}

/* Header, signals and the header of a segment, with a zero byte after each header. */
void
fuzz_wfdb (const char *name, const guint8 *bytes, gsize n)
{
  static const char *const names[] = { "f.hea", "g.hea" };
  g_autofree char *path = NULL, *data = NULL;

  enter ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const guint8 *end = memchr (bytes, DEAD, n);
    gsize size = end != NULL ? (gsize) (end - bytes) : n;
    g_autofree char *header = put_file (names[i], bytes, size);

    if (i == 0)
      path = g_steal_pointer (&header);
    bytes += end != NULL ? size + 1 : size;
    n -= end != NULL ? size + 1 : size;
  }
  data = put_file ("f.dat", bytes, n);
  import (&chs_import_wfdb, path);
}

/* What is without the person is whole, or there is nothing. */
static void
deidentify (ChsStoreReader *reader)
{
  g_autofree char *out = g_build_filename (dir, "nobody.chairside", NULL), *account = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsStoreReader) nobody = NULL;
  const ChsDeidentify how = { .keep_raw = TRUE };
  guint64 events = 0;

  if (!chs_deidentify_run (&how, reader, out, &account, &error) && !g_error_matches (error, CHS_STORE_ERROR, CHS_STORE_ERROR_DAMAGED)) {
    FUZZ_HOLDS (!g_file_test (out, G_FILE_TEST_EXISTS), "something was left");
    return;
  }
  nobody = chs_store_reader_new (out, NULL);
  FUZZ_HOLDS (nobody != NULL && chs_store_reader_foreach (nobody, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, take_event, &events, NULL),
              "what is without the person cannot be read");
}

/* A recording of ours that somebody worked on: read, checked, saved, de-identified, gone on with. */
void
fuzz_store (const char *name, const guint8 *bytes, gsize n)
{
  ChsStoreMeta meta = { .chair = (char *) "fuzz", .program = (char *) "fuzz" };
  g_autofree char *path = NULL, *out = NULL;
  g_autoptr (ChsStoreReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  ChsStoreCheck check = { 0 };
  ChsStoreWriter *writer;
  guint64 events = 0;

  enter ();
  path = put_file ("in.chairside", bytes, n);
  out = g_build_filename (dir, "out.chairside", NULL);
  reader = chs_store_reader_new (path, &error);
  FUZZ_HOLDS ((reader != NULL) == (error == NULL), "neither a reader nor a reason, or both");
  if (reader != NULL)
    chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, take_event, &events, NULL);
  if (reader != NULL)
    deidentify (reader);
  chs_store_check (path, &check, NULL);
  chs_store_check_clear (&check);
  if (chs_store_recover (path, out, &check, NULL)) {
    g_autoptr (ChsStoreReader) saved = chs_store_reader_new (out, NULL);

    FUZZ_HOLDS (saved != NULL, "what was saved cannot be read");
    FUZZ_HOLDS (chs_store_reader_foreach (saved, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, take_event, &events, NULL), "damage was saved");
  }
  chs_store_check_clear (&check);
  writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);
  if (writer != NULL)
    chs_store_writer_close (writer, TRUE, NULL);
}

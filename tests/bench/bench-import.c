/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/vital-maker.h"

#include "data/import.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/resource.h>

/* What importing costs: a .vital of 10 MB raw against `gzip -dc` of the same file, in the same run (issue 6). */

#define CONTENT_BYTES (10u * 1000 * 1000)
#define ROUNDS 5
#define WAVES 6u

/* An hour or two of a monitor: six waves of 100 samples a second, four numbers every second. */
static void
make (const char *path)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  gint16 samples[100];

  vital_header (content);
  vital_device (content, 1, "Monitor");
  for (guint i = 1; i <= WAVES; i++)
    vital_track (content, i, 1, 5, "WAVE", "mV", 100, 0.001, 0, 1);
  for (guint i = 10; i < 14; i++)
    vital_track (content, i, 2, 1, "NUMBER", "", 1, 1, 0, 1);
  for (double t_s = 1.6e9; content->len < CONTENT_BYTES; t_s++) {
    for (guint i = 1; i <= WAVES; i++) {
      for (guint k = 0; k < G_N_ELEMENTS (samples); k++)
        samples[k] = (gint16) (k * 10 + (guint) g_rand_int_range (random, 0, 20));
      vital_wave (content, i, t_s, samples, G_N_ELEMENTS (samples));
    }
    for (guint i = 10; i < 14; i++)
      vital_number (content, i, t_s, g_rand_int_range (random, 60, 90));
  }
  vital_write (path, content, 0);
}

static double
time_gzip (const char *path)
{
  const char *const argv[] = { "gzip", "-dc", path, NULL };
  gint64 start = g_get_monotonic_time ();

  g_assert (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, NULL, NULL));
  return (double) (g_get_monotonic_time () - start) / 1e3;
}

static double
time_import (const char *path, const char *out)
{
  g_auto (ChsImportResult) result = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  if (!chs_import_run (&chs_import_vital, path, out, NULL, NULL, NULL, &result, &error))
    g_error ("%s", error->message);
  start = g_get_monotonic_time () - start;
  g_unlink (out);
  return (double) start / 1e3;
}

int
main (void)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "in.vital", NULL), *out = g_build_filename (dir, "out.chairside", NULL);
  double gzip_ms = 1e9, import_ms = 1e9;
  struct rusage usage;

  make (path);
  for (guint i = 0; i < ROUNDS; i++) {
    gzip_ms = MIN (gzip_ms, time_gzip (path));
    import_ms = MIN (import_ms, time_import (path, out));
  }
  getrusage (RUSAGE_SELF, &usage);
  printf ("import of 10 MB raw: %.0f ms; gzip -dc: %.0f ms; ratio %.2f (asked: 2.5); memory at most %ld MiB with the content itself\n",
          import_ms, gzip_ms, import_ms / gzip_ms, usage.ru_maxrss / 1024);
  g_unlink (path);
  g_rmdir (dir);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/vital-maker.h"

#include "data/import.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What importing costs: a .vital of 10 and of 100 MB raw against `gzip -dc` of the same file, in the same run, and the
 * memory of the process (issue 6). */

#define MB 1000000u
#define ROUNDS 5
#define WAVES 6u

/* An hour or two of a monitor: six waves of 100 samples a second, four numbers every second. */
static void
make (const char *path, guint content_bytes)
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
  for (double t_s = 1.6e9; content->len < content_bytes; t_s++) {
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

typedef struct {
  double wall_ms, cpu_ms;
} Cost;

static Cost
cost_now (int who)
{
  struct rusage u;

  getrusage (who, &u);
  return (Cost) { (double) g_get_monotonic_time () / 1e3,
                  (double) (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 + (double) (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3 };
}

static void
keep_least (Cost *least, Cost begin, Cost end)
{
  least->wall_ms = MIN (least->wall_ms, end.wall_ms - begin.wall_ms);
  least->cpu_ms = MIN (least->cpu_ms, end.cpu_ms - begin.cpu_ms);
}

static void
run_gzip (const char *path)
{
  const char *const argv[] = { "gzip", "-dc", path, NULL };

  g_assert (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, NULL, NULL));
}

static void
run_import (const char *path, const char *out)
{
  g_auto (ChsImportResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  if (!chs_import_run (&chs_import_vital, path, out, NULL, NULL, NULL, &result, &error))
    g_error ("%s", error->message);
  g_assert (result.n_notes == 0); /* all records were kept */
  g_unlink (out);
}

/* Each in a process of its own, so that memory is that of one import. */
static void
measure (const char *path, const char *out, guint mb, guint rounds)
{
  Cost gzip = { G_MAXDOUBLE, G_MAXDOUBLE }, import = { G_MAXDOUBLE, G_MAXDOUBLE };
  struct rusage usage;

  for (guint i = 0; i < rounds; i++) {
    Cost begin = cost_now (RUSAGE_CHILDREN);

    run_gzip (path);
    keep_least (&gzip, begin, cost_now (RUSAGE_CHILDREN));
    begin = cost_now (RUSAGE_SELF);
    run_import (path, out);
    keep_least (&import, begin, cost_now (RUSAGE_SELF));
  }
  getrusage (RUSAGE_SELF, &usage);
  printf ("import of %u MB raw: %.0f ms; gzip -dc: %.0f ms; ratio %.2f (asked: 2.5), of processor time %.2f; memory at most %ld MiB\n",
          mb, import.wall_ms, gzip.wall_ms, import.wall_ms / gzip.wall_ms, import.cpu_ms / gzip.cpu_ms, usage.ru_maxrss / 1024);
}

static void
measure_alone (const char *path, const char *out, guint mb, guint rounds)
{
  pid_t child;

  fflush (stdout);
  child = fork ();
  if (child == 0) {
    make (path, mb * MB);
    _exit (0);
  }
  waitpid (child, NULL, 0);
  child = fork ();
  if (child == 0) {
    measure (path, out, mb, rounds);
    fflush (stdout);
    _exit (0);
  }
  waitpid (child, NULL, 0);
  g_unlink (path);
}

int
main (void)
{
  g_autofree char *dir = g_dir_make_tmp ("chs-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "in.vital", NULL), *out = g_build_filename (dir, "out.chairside", NULL);

  measure_alone (path, out, 10, ROUNDS);
  measure_alone (path, out, 100, 1);
  g_rmdir (dir);
  return 0;
}

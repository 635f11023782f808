/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/event-codec.h"
#include "data/store.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* What recording costs. The session of issue 6: 4 hours, 216,480 numerics, with a tick a second and a pump. Every
 * figure is printed with a ratio against something simple done in the same run. */

#define SECONDS (4 * 3600)
#define PER_SECOND 15
#define CUFF_EVERY_S 120
#define RECORD_SECONDS 3600 /* of the run that commits each second */

typedef struct {
  ChsStoreWriter *writer; /* or */
  GByteArray *packed;     /* where the events go */
  ChsPackState state;
  guint64 seq, n_numerics, n_events;
  double value[PER_SECOND];
  guint32 random;
} Session;

static gint64
now (void)
{
  return g_get_monotonic_time ();
}

static double
cpu_s (void)
{
  struct rusage u;

  getrusage (RUSAGE_SELF, &u);
  return (double) (u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double) (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static gint64
bytes_written (void)
{
  g_autofree char *text = NULL;
  const char *at;

  if (!g_file_get_contents ("/proc/self/io", &text, NULL, NULL))
    return 0;
  at = strstr (text, "wchar: ");
  return at != NULL ? g_ascii_strtoll (at + 7, NULL, 10) : 0;
}

static guint
dice (Session *self, guint n)
{
  self->random = self->random * 1664525 + 1013904223;
  return (self->random >> 8) % n;
}

static void
give (Session *self, ChsEvent *event, gint64 t_us)
{
  event->seq = ++self->seq;
  event->t_us = t_us;
  event->wall_us = t_us + G_GINT64_CONSTANT (1750000000000000);
  self->n_events++;
  self->n_numerics += event->type == CHS_EVENT_NUMERIC;
  if (self->writer != NULL)
    chs_store_writer_append (self->writer, event);
  if (self->packed != NULL) {
    guint used = self->packed->len;

    g_byte_array_set_size (self->packed, used + (guint) chs_event_pack_bound (event));
    g_byte_array_set_size (self->packed, used + (guint) chs_event_pack (&self->state, event, self->packed->data + used, self->packed->len - used));
  }
}

static void
give_cuff (Session *self, gint64 t_us)
{
  for (guint i = 0; i < 4; i++) {
    ChsEvent event = chs_numeric ((ChsParam) (CHS_PARAM_NIBP_SYS + i), 80 + dice (self, 60));

    event.source = 1;
    event.numeric.time_mark = CHS_TIME_MARK_ESTIMATED;
    event.numeric.meas_us = t_us - 3000000;
    give (self, &event, t_us);
  }
}

#define ECG_HZ 250
#define PLETH_HZ 125
#define RAW_BYTES 900 /* a second, of text that repeats itself much */

/* Waves in four blocks a second and the bytes that they came in. */
static void
give_waves (Session *self, guint second)
{
  static const struct {
    ChsParam param;
    guint hz;
  } waves[] = { { CHS_PARAM_ECG_WAVE, ECG_HZ }, { CHS_PARAM_PLETH_WAVE, PLETH_HZ }, { CHS_PARAM_RESP_WAVE, PLETH_HZ / 2 } };
  gint16 samples[ECG_HZ];
  char raw[RAW_BYTES];

  for (guint i = 0; i < sizeof raw; i++)
    raw[i] = (char) (i % 9 == 0 ? '0' + (int) dice (self, 10) : " HR=072 SpO2"[i % 12]);
  for (guint block = 0; block < 4; block++) {
    gint64 t_us = (gint64) second * 1000000 + (block + 1) * 50000;
    ChsEvent event = { .type = CHS_EVENT_RAW, .source = 1, .raw = { .n = RAW_BYTES / 4, .bytes = (const guint8 *) raw } };

    give (self, &event, t_us);
    for (guint w = 0; w < G_N_ELEMENTS (waves); w++) {
      event = (ChsEvent) { .type = CHS_EVENT_WAVE, .source = 1, .wave = { .param = waves[w].param, .n = (guint16) (waves[w].hz / 4), .rate_hz = (float) waves[w].hz, .scale = 0.01f, .samples = samples } };
      for (guint i = 0; i < event.wave.n; i++)
        samples[i] = (gint16) (400 * sin ((block * event.wave.n + i) * 7.5 / waves[w].hz) + dice (self, 9));
      give (self, &event, t_us);
    }
  }
}

/* One second: a frame of numerics at 1 Hz with some jitter, the cuff now and then, a pump, a tick. */
static void
give_second (Session *self, guint second)
{
  gint64 t_us = (gint64) second * 1000000 + 200000 + dice (self, 8000);
  ChsEvent tick = { .type = CHS_EVENT_TICK }, pump = { .type = CHS_EVENT_PUMP, .source = 2 };

  for (guint i = 0; i < PER_SECOND; i++) {
    ChsEvent event;

    if (dice (self, 4) == 0)
      self->value[i] += (double) dice (self, 5) - 2;
    event = chs_numeric ((ChsParam) (CHS_PARAM_HR + (i < 4 ? i : i + 5)), 60 + self->value[i]);
    event.source = 1;
    give (self, &event, t_us);
  }
  if (second % CUFF_EVERY_S == 0)
    give_cuff (self, t_us);
  chs_pump_status_init (&pump.pump);
  pump.pump.state = CHS_PUMP_INFUSING;
  pump.pump.rate_ml_h = 125;
  pump.pump.volume_ml = floor (second * 0.347) / 10;
  give (self, &pump, t_us + 300000);
  give (self, &tick, (gint64) second * 1000000 + 999990);
}

static char *dir, *path;

static void
open_session (Session *self)
{
  ChsStoreMeta meta = { .chair = (char *) "bench", .program = (char *) "bench" };

  g_remove (path);
  *self = (Session) { .writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL) };
  g_assert (self->writer != NULL);
}

/* As an importer: as fast as it goes. */
static void
bench_append (void)
{
  Session self;
  gint64 begin = now ();
  double seconds;
  GStatBuf st;

  open_session (&self);
  for (guint s = 0; s < SECONDS; s++) {
    give_second (&self, s);
    chs_store_writer_wait_room (self.writer);
  }
  chs_store_writer_close (self.writer, TRUE, NULL);
  seconds = (double) (now () - begin) / 1e6;
  g_assert (g_stat (path, &st) == 0);
  printf ("append: %.0f events/s (%" G_GUINT64_FORMAT " events of 4 h in %.0f ms, closed)\n", (double) self.n_events / seconds,
          self.n_events, seconds * 1e3);
  printf ("size: %.0f kB for 4 h with %" G_GUINT64_FORMAT " numerics, %.2f bytes a numeric with all else in the file\n",
          (double) st.st_size / 1e3, self.n_numerics, (double) st.st_size / (double) self.n_numerics);
  printf ("size: %.3f of the events as C structs\n", (double) st.st_size / ((double) self.n_events * sizeof (ChsEvent)));
}

static double
time_unpack (const GByteArray *packed, guint64 *n)
{
  static ChsPackState state;
  const guint8 *p = packed->data, *end = p + packed->len;
  gint64 begin = now ();
  ChsEvent event;

  state = (ChsPackState) { 0 };
  *n = 0;
  while (chs_event_unpack (&state, &p, end, &event, NULL, 0) == CHS_UNPACK_EVENT)
    *n += 1;
  return (double) (now () - begin) / 1e6;
}

static double
time_copy (guint64 n)
{
  g_autofree ChsEvent *from = g_new0 (ChsEvent, 1024);
  g_autofree ChsEvent *to = g_new0 (ChsEvent, 1024);
  gint64 begin = now ();

  for (guint64 i = 0; i < n; i++) {
    to[i % 1024] = from[i % 1024];
    __asm__ volatile ("" ::"r"(to) : "memory");
  }
  return (double) (now () - begin) / 1e6;
}

static void
bench_unpack (void)
{
  Session self = { .packed = g_byte_array_new () };
  double unpack = G_MAXDOUBLE, copy = G_MAXDOUBLE;
  guint64 n = 0;

  for (guint s = 0; s < SECONDS; s++)
    give_second (&self, s);
  for (guint round = 0; round < 5; round++) {
    unpack = MIN (unpack, time_unpack (self.packed, &n));
    copy = MIN (copy, time_copy (n));
  }
  g_assert (n == self.n_events);
  printf ("unpack: %.1f million events/s, %.1f times the time of copying the structs\n", (double) n / unpack / 1e6, unpack / copy);
  g_byte_array_unref (self.packed);
}

static gboolean
count (const ChsEvent *event, gpointer data)
{
  ++*(guint64 *) data;
  return TRUE;
}

static gboolean
stop_at_once (const ChsEvent *event, gpointer data)
{
  ++*(guint64 *) data;
  return FALSE;
}

static void
bench_read (void)
{
  g_autoptr (ChsStoreReader) reader = chs_store_reader_new (path, NULL);
  g_autofree char *bytes = NULL;
  gint64 begin = now (), all, plain, worst = 0;
  guint64 n = 0, sought = 0;
  gsize size;

  chs_store_reader_foreach (reader, CHS_TIME_NONE, G_MAXINT64, CHS_READ_ALL, count, &n, NULL);
  all = now () - begin;
  begin = now ();
  g_assert (g_file_get_contents (path, &bytes, &size, NULL));
  plain = MAX (now () - begin, 1);
  printf ("read: %.1f million events/s from the file (%.1f ms), %.1f times the time of reading its bytes\n",
          (double) n / (double) all, (double) all / 1e3, (double) all / (double) plain);
  for (guint i = 0; i < 100; i++) {
    begin = now ();
    chs_store_reader_foreach (reader, (gint64) i * SECONDS * 10000, G_MAXINT64, CHS_READ_ALL, stop_at_once, &sought, NULL);
    worst = MAX (worst, now () - begin);
  }
  g_assert (sought == 100);
  printf ("seek: %.2f ms the slowest of 100, %.3f of reading all\n", (double) worst / 1e3, (double) worst / (double) all);
}

/* One commit a second, as at the chair, without waiting for the seconds. */
static void
bench_record (const char *what, gboolean with_waves)
{
  Session self;
  double cpu = cpu_s ();
  gint64 written = bytes_written ();
  GStatBuf st;

  open_session (&self);
  for (guint s = 0; s < RECORD_SECONDS; s++) {
    if (with_waves)
      give_waves (&self, s);
    give_second (&self, s);
    chs_store_writer_flush (self.writer, NULL);
  }
  cpu = cpu_s () - cpu;
  written = bytes_written () - written;
  chs_store_writer_close (self.writer, TRUE, NULL);
  g_assert (g_stat (path, &st) == 0);
  printf ("record %s: %.2f s of CPU an hour, %.3f %% of a core; %.1f kB written a second, %.1f of what stays (%.1f MB an hour)\n", what, cpu,
          cpu / RECORD_SECONDS * 100, (double) written / RECORD_SECONDS / 1e3, (double) written / (double) st.st_size,
          (double) st.st_size / 1e6);
}

int
main (void)
{
  dir = g_dir_make_tmp ("chs-bench-XXXXXX", NULL);
  path = g_build_filename (dir, "a.chairside", NULL);
  bench_unpack ();
  bench_append ();
  bench_read ();
  bench_record ("numerics", FALSE);
  bench_record ("numerics, three waves and raw bytes", TRUE);
  g_remove (path);
  g_rmdir (dir);
  g_free (path);
  g_free (dir);
  return 0;
}

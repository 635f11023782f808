/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session-list.h"
#include "app/what-if.h"
#include "data/store.h"
#include "tests/draw-fonts.h"
#include "ui/look.h"
#include "ui/replayer.h"
#include "ui/workbench.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

/* The workbench over a session of 4 hours with 216 480 numerics (15 a second and a cuff every 90 s) and a pump:
 * opening it, jumping anywhere in it, and running every rule again, each beside what must be reached and beside a
 * copy of the unpacked events in the same run. Then the first frame of a real window over it, where there is a display,
 * and the list of a year of recordings. */

#define S G_GINT64_CONSTANT (1000000)
#define SECONDS (4 * 3600)
#define CUFF_S 90
#define JUMPS 400
#define RUNS 9
#define YEAR 1000 /* four a day and chair */

static guint32 dice = 1;
static guint64 seq, n_numerics;

static double
noise (double size)
{
  dice = dice * 1664525u + 1013904223u;
  return ((double) (dice >> 16) / 65536.0 - 0.5) * 2.0 * size;
}

static void
put (ChsStoreWriter *writer, ChsEvent event, guint8 source, int s)
{
  event.t_us = s * S;
  event.wall_us = G_GINT64_CONSTANT (1793700000000000) + event.t_us;
  event.source = source;
  event.seq = ++seq;
  n_numerics += event.type == CHS_EVENT_NUMERIC;
  chs_store_writer_append (writer, &event);
}

/* What an intensive monitor with an arterial line sends. */
static const struct {
  ChsParam param;
  double   value, spread;
} vitals[] = {
  { CHS_PARAM_HR, 74, 3 },        { CHS_PARAM_PR, 74, 3 },        { CHS_PARAM_SPO2, 97.5, 1 },   { CHS_PARAM_PI, 2.5, 0.4 },
  { CHS_PARAM_RR, 14, 2 },        { CHS_PARAM_TEMP, 36.8, 0.1 },  { CHS_PARAM_ABP_SYS, 122, 4 }, { CHS_PARAM_ABP_DIA, 76, 3 },
  { CHS_PARAM_ABP_MEAN, 92, 3 },  { CHS_PARAM_ETCO2, 38, 1 },     { CHS_PARAM_HR, 74, 3 },       { CHS_PARAM_SPO2, 97.5, 1 },
  { CHS_PARAM_RR, 14, 2 },        { CHS_PARAM_PR, 74, 3 },        { CHS_PARAM_PI, 2.5, 0.4 },
};

static void
put_cuff (ChsStoreWriter *writer, int s)
{
  static const ChsParam params[] = { CHS_PARAM_NIBP_SYS, CHS_PARAM_NIBP_DIA, CHS_PARAM_NIBP_MEAN };
  const double          fall = s % 3600 > 2700 ? 34 : 0;
  const double          values[] = { 122 - fall + noise (5), 76 - fall / 2 + noise (3), 93 - fall / 1.5 + noise (2) };

  for (guint i = 0; i < G_N_ELEMENTS (params); i++) {
    ChsEvent event = chs_numeric (params[i], round (values[i]));

    event.numeric.meas_us = s * S;
    event.numeric.time_mark = CHS_TIME_MARK_EXACT;
    put (writer, event, 1, s);
  }
}

static void
put_second (ChsStoreWriter *writer, int s)
{
  ChsEvent pump = { .type = CHS_EVENT_PUMP };

  for (guint i = 0; i < G_N_ELEMENTS (vitals); i++)
    put (writer, chs_numeric (vitals[i].param, round ((vitals[i].value + noise (vitals[i].spread)) * 10) / 10), 1, s);
  if (s % CUFF_S == 60)
    put_cuff (writer, s);
  chs_pump_status_init (&pump.pump);
  pump.pump.state = s > 600 ? CHS_PUMP_INFUSING : CHS_PUMP_READY;
  pump.pump.rate_ml_h = s > 600 ? 60 : 0;
  pump.pump.volume_ml = s > 600 ? floor ((s - 600) / 60.0) : 0;
  put (writer, pump, 2, s);
  put (writer, (ChsEvent){ .type = CHS_EVENT_TICK }, 0, s);
}

static void
make_recording (const char *path)
{
  const ChsStoreMeta meta = { .session_id = (char *) "bench", .chair = (char *) "1" };
  ChsStoreWriter    *writer = chs_store_writer_new (path, &meta, NULL, NULL, NULL, NULL);

  for (int s = 1; s <= SECONDS; s++) {
    put_second (writer, s);
    if (s % 200 == 0)
      chs_store_writer_wait_room (writer);
  }
  chs_store_writer_close (writer, TRUE, NULL);
}

/* Time that this thread worked: what others do on a shared machine is no property of the workbench. */
static gint64
work_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return now.tv_sec * S + now.tv_nsec / 1000;
}

static double
ms_since (gint64 begun_us)
{
  return (double) (work_us () - begun_us) / 1e3;
}

static int
compare_double (gconstpointer a, gconstpointer b)
{
  return (*(const double *) a > *(const double *) b) - (*(const double *) a < *(const double *) b);
}

/* ---- jumps: with the first frame of the chart behind each ---- */

static void
draw_frame (ChsScene *scene, cairo_t *cr)
{
  const ChsRect rect = { 0, 0, 1380, 600 };
  ChsTimeWindow window = chs_scene_get_time_window (scene);

  chs_draw_chart (cr, &rect, chs_scene_get_model (scene), &window, chs_scene_get_theme (scene));
}

static void
measure_jumps (ChsReplayer *replayer)
{
  double ms[JUMPS];
  double sum[2] = { 0, 0 };

  for (int i = 0; i < JUMPS; i++) {
    int64_t to_us = (int64_t) ((double) chs_replayer_get_end_us (replayer) * (0.5 + noise (0.5)));
    gint64  begun = work_us ();

    chs_replayer_seek (replayer, to_us);
    ms[i] = ms_since (begun);
    sum[to_us > chs_replayer_get_end_us (replayer) / 2] += ms[i];
  }
  printf ("  seek first half / second half: %.2f / %.2f ms a jump\n", sum[0] / (JUMPS / 2.0), sum[1] / (JUMPS / 2.0));
  qsort (ms, JUMPS, sizeof ms[0], compare_double);
  printf ("  seek p50 %.2f ms, p99 %.2f ms, most %.2f ms = %.2f of 16 ms\n", ms[JUMPS / 2], ms[JUMPS * 99 / 100], ms[JUMPS - 1],
          ms[JUMPS - 1] / 16);
}

static void
measure_opening (const char *path)
{
  g_autoptr (ChsScene) scene = NULL;
  cairo_surface_t     *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1380, 600);
  cairo_t             *cr = cairo_create (surface);
  gint64               begun = work_us ();
  ChsReplayer         *replayer = chs_replayer_load (path, NULL, NULL);
  double               load_ms = ms_since (begun), frame_ms;

  scene = chs_scene_new (chs_replayer_get_profile (replayer), CHS_SCENE_REPLAY);
  begun = work_us ();
  chs_replayer_set_scene (replayer, scene);
  draw_frame (scene, cr);
  frame_ms = ms_since (begun);
  printf ("  read, folded and indexed in %.0f ms (in a thread, before the window)\n", load_ms);
  printf ("  first chart after that %.1f ms = %.2f of 100 ms\n", frame_ms, frame_ms / 100);
  measure_jumps (replayer);
  g_object_unref (replayer);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* ---- all rules again ---- */

static gboolean
take (const ChsEvent *event, gpointer user_data)
{
  chs_what_if_add (user_data, event);

  return TRUE;
}

static double
run_once (ChsWhatIf *what_if, guint *n_spans)
{
  g_autoptr (ChsWhatIfTask) task = chs_what_if_task_new (what_if, FALSE);
  gint64                    begun = work_us ();
  g_autoptr (ChsAlarmTrack) track = chs_what_if_task_run (task, NULL);

  *n_spans = track->spans->len;

  return ms_since (begun);
}

static double
copy_once (guint n)
{
  g_autofree ChsEvent *all = g_new0 (ChsEvent, n);
  ChsEvent             one = { 0 };
  guint64              sum = 0;
  gint64               begun;

  for (guint i = 0; i < n; i++)
    all[i].seq = i;
  begun = work_us ();
  for (guint i = 0; i < n; i++) {
    one = all[i];
    sum += one.seq;
  }

  return sum > 0 ? ms_since (begun) : 0;
}

static void
measure_rules (const char *path)
{
  g_autofree char            *profile_path = chs_profile_dup_default_path ();
  g_autoptr (ChsProfile)      profile = chs_profile_load (profile_path, NULL);
  g_autoptr (ChsWhatIf)       what_if = chs_what_if_new (profile);
  g_autoptr (ChsStoreReader)  reader = chs_store_reader_new (path, NULL);
  double                      best = 1e9, copy = 1e9;
  guint                       n_spans, n;

  chs_store_reader_foreach (reader, CHS_TIME_NONE, INT64_MAX, CHS_READ_NUMERICS, take, what_if, NULL);
  n = chs_what_if_get_n_events (what_if);
  for (int i = 0; i < RUNS; i++) {
    double now = run_once (what_if, &n_spans), copied = copy_once (n);

    best = MIN (best, now);
    copy = MIN (copy, copied);
  }
  printf ("  all rules again: %.1f ms for %u events (%u alarms) = %.2f million events/s, %.2f of 50 ms, %.1f times a copy\n", best,
          n, n_spans, n / best / 1e3, best / 50, best / copy);
}

/* ---- the window ---- */

typedef struct {
  gint64 mapped_us, painted_us; /* monotonic */
  gint64 mapped_work_us, painted_work_us; /* of this thread */
  guint  n_frames;
} Painting;

static void
on_map (GtkWidget *window, Painting *painting)
{
  painting->mapped_us = g_get_monotonic_time ();
  painting->mapped_work_us = work_us ();
}

static void
on_painted (GdkFrameClock *clock, Painting *painting)
{
  if (painting->n_frames++ > 0)
    return;
  painting->painted_us = g_get_monotonic_time ();
  painting->painted_work_us = work_us ();
}

static void
on_realize (GtkWidget *window, Painting *painting)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (on_painted), painting);
}

static void
on_open (const char *path, gpointer user_data)
{
  /* nobody chooses another one here */
}

static void
measure_window (const char *path)
{
  g_autoptr (ChsReplayer) replayer = chs_replayer_load (path, NULL, NULL);
  g_autoptr (ChsScene)    scene = chs_scene_new (chs_replayer_get_profile (replayer), CHS_SCENE_REPLAY);
  ChsLookProvider        *style = chs_look_provider_new (gdk_display_get_default (), scene);
  ChsWindow              *window = chs_window_new (NULL, scene, 1280, 800, 10.1);
  Painting                painting = { 0 };

  g_signal_connect (window, "map", G_CALLBACK (on_map), &painting);
  g_signal_connect_after (window, "realize", G_CALLBACK (on_realize), &painting);
  chs_workbench_fill (window, replayer, NULL, on_open, NULL);
  chs_replayer_set_scene (replayer, scene);
  chs_replayer_seek (replayer, chs_replayer_get_end_us (replayer));
  gtk_window_present (GTK_WINDOW (window));
  while (painting.n_frames == 0)
    g_main_context_iteration (NULL, TRUE);
  printf ("  window there to its first painted frame, 4 h in it: %.1f ms of work = %.2f of 100 ms; %.1f ms on the clock\n",
          (double) (painting.painted_work_us - painting.mapped_work_us) / 1e3,
          (double) (painting.painted_work_us - painting.mapped_work_us) / 1e5,
          (double) (painting.painted_us - painting.mapped_us) / 1e3);
  gtk_window_destroy (GTK_WINDOW (window));
  chs_look_provider_free (style);
}

/* ---- a year of recordings ---- */

static void
measure_list (const char *folder, const char *path)
{
  g_autofree char *index = g_build_filename (folder, "list.index", NULL), *bytes = NULL;
  g_autoptr (ChsSessionList) list = NULL, again = NULL;
  gint64           begun;
  double           read_ms;
  ChsSessionRow    row;
  guint            n;
  gsize            n_bytes;

  g_file_get_contents (path, &bytes, &n_bytes, NULL);
  for (guint i = 0; i < YEAR; i++) {
    g_autofree char *name = g_strdup_printf ("%s/year-%04u.chairside", folder, i);

    g_file_set_contents_full (name, bytes, (gssize) n_bytes, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
  }
  list = chs_session_list_new (folder, index, NULL);
  row = chs_session_list_get (list, &n)[0];
  begun = work_us ();
  chs_session_row_read (&row, folder);
  read_ms = ms_since (begun);
  for (guint i = 0; i < n; i++) {
    ChsSessionRow known = row;

    g_strlcpy (known.name, chs_session_list_get (list, &n)[i].name, sizeof known.name);
    known.size = chs_session_list_get (list, &n)[i].size;
    known.changed_us = chs_session_list_get (list, &n)[i].changed_us;
    known.start_us = chs_session_list_get (list, &n)[i].start_us;
    chs_session_list_put (list, &known);
  }
  chs_session_list_save (list, NULL);
  begun = work_us ();
  again = chs_session_list_new (folder, index, NULL);
  printf ("  list of %u recordings: %.1f ms; a new one is read behind it in %.0f ms\n", n, ms_since (begun), read_ms);
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_build_filename (folder, chs_session_list_get (again, &n)[i].name, NULL);

    g_unlink (name);
  }
  g_unlink (index);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("chs-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "bench.chairside", NULL);

  if (argc == 3 && g_str_equal (argv[1], "--make")) { /* for bench-first-frame.py */
    make_recording (argv[2]);
    g_rmdir (folder);
    return 0;
  }
  draw_case_use_fonts ();
  make_recording (path);
  printf ("workbench: %d h, %" G_GUINT64_FORMAT " numerics, %" G_GUINT64_FORMAT " events\n", SECONDS / 3600, n_numerics, seq);
  measure_opening (path);
  measure_rules (path);
  if (gtk_init_check ())
    measure_window (path);
  measure_list (folder, path);
  g_unlink (path);
  g_rmdir (folder);
  return 0;
}

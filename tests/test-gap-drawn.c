/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-model.h"
#include "app/draw/draw.h"
#include "app/monitor.h"
#include "data/store.h"
#include "tests/check-main.h"
#include "tests/draw-fonts.h"
#include "tests/fault-vfs.h"
#include "tests/scratch.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a killed monitor and a power cut lose is drawn as a gap with its cause. A child runs the whole monitor and tells
 * through a pipe the time of each event that it has journalled; it is killed, or ends with a disk on which what was
 * not synced is gone in part. Then the monitor goes on with what is on the disk, and its recording is drawn. */

#define S G_GINT64_CONSTANT (1000000)
#define RUN_MS 2500 /* of the child: two ticks at least, and a batch that is not written yet */
#define MARK_MS 40
#define RECT_W 900
#define RECT_H 600
#define ROUNDS 3

typedef enum { LOSS_KILL, LOSS_POWER, N_LOSSES } Loss;

static char *folder, *disk; /* of the recording that runs; of what a power cut leaves */

static void
set_up (void)
{
  folder = g_dir_make_tmp ("chs-gap-XXXXXX", NULL);
  disk = g_build_filename (folder, "disk", NULL);
  g_mkdir (disk, 0700);
}

static void
tear_down (void)
{
  scratch_remove (folder);
  g_free (folder);
  g_free (disk);
}

/* ---- the monitor ---- */

/* A chair whose instrument is not there: what is told are ticks and marks. */
static ChsMonitor *
start_monitor (const char *recordings, const ChsMonitorObserver *observer, gpointer user_data)
{
  static ChsChairConfig *config;
  const ChsMonitorOptions options = { .recordings = recordings, .no_sound = TRUE };
  g_autofree char *path = g_build_filename (folder, "chair.ini", NULL);
  g_autofree char *text = g_strdup_printf ("[chair]\nname = Chair\nstate = %s\n[link.monitor]\ndriver = ivy-450c\naddress = tty:%s/none\n",
                                           folder, folder);
  g_autoptr (GError) error = NULL;
  ChsMonitor *monitor;

  config = chs_chair_config_parse (text, strlen (text), path, &error);
  ck_assert_msg (config != NULL, "%s", error != NULL ? error->message : "");
  monitor = chs_monitor_new (config, &options, NULL, &error);
  ck_assert_msg (monitor != NULL, "%s", error != NULL ? error->message : "");
  if (observer != NULL)
    chs_monitor_observe (monitor, observer, user_data);
  chs_monitor_start (monitor);
  return monitor;
}

static void
run_for (gint64 ms)
{
  gint64 end_us = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end_us) {
    g_main_context_iteration (NULL, FALSE);
    g_usleep (1000);
  }
}

static void
tell_time (const ChsEvent *event, gpointer fd)
{
  if (write (GPOINTER_TO_INT (fd), &event->t_us, sizeof event->t_us) != sizeof event->t_us)
    _exit (1);
}

static void
cut_power (const char *recordings, guint round)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (round);
  g_autoptr (GDir) dir = g_dir_open (recordings, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".chairside")) {
      g_autofree char *path = g_build_filename (recordings, name, NULL), *after = g_build_filename (disk, name, NULL);

      chs_fault_power_cut (path, after, rand);
    }
}

static G_GNUC_NORETURN void
be_monitor (const char *recordings, Loss loss, guint round, int fd)
{
  const ChsMonitorObserver observer = { .event = tell_time };
  const ChsNurse mark = { .action = CHS_NURSE_BREAK, .value = 1, .at_us = CHS_TIME_NONE };
  ChsMonitor *monitor;

  if (loss == LOSS_POWER)
    chs_fault_install ();
  monitor = start_monitor (recordings, &observer, GINT_TO_POINTER (fd));
  chs_monitor_nurse (monitor, &mark, NULL);
  run_for (RUN_MS + 170 * round);
  if (loss == LOSS_KILL)
    kill (getpid (), SIGKILL);
  cut_power (recordings, round);
  _exit (0);
}

/* Returns session time of the last event that was journalled before the loss. */
static int64_t
lose (const char *recordings, Loss loss, guint round)
{
  int64_t t_us, last_us = CHS_TIME_NONE;
  int fds[2];
  pid_t pid;

  ck_assert_int_eq (pipe (fds), 0);
  pid = fork ();
  if (pid == 0) {
    close (fds[0]);
    be_monitor (recordings, loss, round, fds[1]);
  }
  close (fds[1]);
  while (read (fds[0], &t_us, sizeof t_us) == sizeof t_us)
    last_us = MAX (last_us, t_us);
  close (fds[0]);
  waitpid (pid, NULL, 0);
  return last_us;
}

/* ---- what is drawn ---- */

typedef struct {
  ChsChairModel *all, *seamless; /* with the word of the clock, and without */
  int64_t before_us, resumed_us; /* last event before the hole; the first behind it */
} Shown;

static gboolean
show (const ChsEvent *event, gpointer data)
{
  Shown *shown = data;
  gboolean is_seam = event->type == CHS_EVENT_CLOCK && event->clock.code == CHS_CLOCK_RESUME;

  chs_chair_model_feed (shown->all, event);
  if (!is_seam)
    chs_chair_model_feed (shown->seamless, event);
  else
    shown->resumed_us = event->t_us;
  if (shown->resumed_us == CHS_TIME_NONE)
    shown->before_us = event->t_us;
  return TRUE;
}

static void
on_text (const char *text, const ChsRect *ink, double scale, bool is_cut, gpointer found)
{
  if (strcmp (text, "monitor restarted") == 0)
    *(gboolean *) found = TRUE;
}

static cairo_surface_t *
draw (const ChsChairModel *model, const ChsTimeWindow *window, const ChsTheme *theme, gboolean *has_cause)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, RECT_W, RECT_H);
  cairo_t *cr = cairo_create (surface);

  chs_draw_watch_text (cr, on_text, has_cause);
  chs_draw_chart (cr, &(ChsRect) { 0, 0, RECT_W, RECT_H }, model, window, theme);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* How many pixels of the columns from @x0 to @x1 and the rows of a half are others. */
static guint
count_others (cairo_surface_t *a, cairo_surface_t *b, int x0, int x1, int y0, int y1)
{
  const guint8 *p = cairo_image_surface_get_data (a), *q = cairo_image_surface_get_data (b);
  int stride = cairo_image_surface_get_stride (a);
  guint n = 0;

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      n += memcmp (p + y * stride + 4 * x, q + y * stride + 4 * x, 4) != 0;
  return n;
}

/* Ten minutes around it, so that the hole is narrow: the worst case for somebody who looks for it. */
static void
check_drawn (const Shown *shown)
{
  const ChsTimeWindow window = { .from_us = shown->before_us - 540 * S, .to_us = shown->before_us + 60 * S,
                                 .now_us = shown->before_us + 60 * S, .cursor_us = CHS_TIME_NONE, .cursor2_us = CHS_TIME_NONE };
  const ChsRect rect = { 0, 0, RECT_W, RECT_H };
  gboolean has_cause = FALSE, none = FALSE;
  cairo_surface_t *with, *without;
  ChsTheme theme;
  int x0, x1;

  chs_theme_init (&theme, CHS_LOOK_DAY, 5.83);
  with = draw (shown->all, &window, &theme, &has_cause);
  without = draw (shown->seamless, &window, &theme, &none);
  x0 = (int) floor (chs_chart_x (&rect, &window, &theme, shown->before_us));
  x1 = (int) ceil (fmax (chs_chart_x (&rect, &window, &theme, shown->resumed_us), x0 + 2));
  ck_assert_msg (has_cause && !none, "the cause is written");
  ck_assert_msg (count_others (with, without, x0, x1, 10, RECT_H * 4 / 10) > 10, "the pressure half has the gap");
  ck_assert_msg (count_others (with, without, x0, x1, RECT_H * 7 / 10, RECT_H - 40) > 5, "the rate half has the gap");
  ck_assert_msg (count_others (with, without, x0 - 60, x0 - 4, 10, RECT_H * 4 / 10) == 0, "before it all is as it was");
  cairo_surface_destroy (with);
  cairo_surface_destroy (without);
}

static void
check_gap (const Shown *shown, int64_t lost_us)
{
  guint n, found = 0;
  const ChsGap *gaps = chs_chair_model_get_gaps (shown->all, &n);

  ck_assert_msg (shown->resumed_us != CHS_TIME_NONE, "the monitor did not go on");
  for (guint i = 0; i < n; i++) {
    if (gaps[i].kind != CHS_GAP_BOTH)
      continue;
    found++;
    ck_assert_str_eq (gaps[i].why, "monitor restarted");
    ck_assert_int_eq (gaps[i].to_us, shown->resumed_us);
    /* all that was told and is not there lies in it */
    ck_assert_int_le (gaps[i].from_us, shown->before_us);
    ck_assert_int_ge (gaps[i].to_us, lost_us);
    ck_assert_int_le (lost_us - gaps[i].from_us, S + S / 2); /* the promise is a second; the rest is this machine's */
  }
  ck_assert_uint_eq (found, 1);
}

static const char *const names[N_LOSSES] = { "SIGKILL", "power cut" };

START_TEST (what_was_lost_is_drawn_as_a_gap)
{
  Loss loss = (Loss) (_i % N_LOSSES);
  g_autofree char *recordings = g_build_filename (folder, "live", NULL), *path = NULL;
  const char *left = loss == LOSS_KILL ? recordings : disk;
  g_autoptr (ChsProfile) profile = chs_profile_new_builtin ();
  Shown shown = { chs_chair_model_new (profile), chs_chair_model_new (profile), CHS_TIME_NONE, CHS_TIME_NONE };
  g_autoptr (ChsStoreReader) reader = NULL;
  ChsMonitor *monitor;
  int64_t lost_us;

  g_mkdir (recordings, 0700);
  lost_us = lose (recordings, loss, (guint) (_i / N_LOSSES));
  monitor = start_monitor (left, NULL, NULL);
  path = g_strdup (chs_monitor_get_recording (monitor));
  run_for (200);
  chs_monitor_stop (monitor);
  chs_monitor_free (monitor);

  reader = chs_store_reader_new (path, NULL);
  ck_assert_msg (chs_store_reader_foreach (reader, CHS_TIME_NONE, INT64_MAX, CHS_READ_NUMERICS, show, &shown, NULL), "%s", names[loss]);
  check_gap (&shown, lost_us);
  check_drawn (&shown);
  chs_chair_model_free (shown.all);
  chs_chair_model_free (shown.seamless);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("gap-drawn");
  TCase *tcase = tcase_create ("gap");

  draw_case_use_fonts ();
  tcase_set_timeout (tcase, 60);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_loop_test (tcase, what_was_lost_is_drawn_as_a_gap, 0, N_LOSSES * ROUNDS);
  suite_add_tcase (suite, tcase);
  return suite;
}

CHS_CHECK_MAIN (make_suite)

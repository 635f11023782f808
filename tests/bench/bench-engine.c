/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Events a second through the engine on one thread, over 8 hours of a chair with a cuff every 5 minutes, all vital
 * signs and one pump every second; once calm, once with a limit alarm that comes and goes.
 *
 * "hot": each event lies in the cache when it is fed, as one does that was just decoded; what is timed is the engine.
 * "cold": the events are read from a day of them in memory, 400 bytes each; what is timed is a replay.
 * Beside them a memcpy of the same events in the same run, as a yardstick. Times are of the thread's processor time. */

#define HOURS 8
#define SECONDS (HOURS * 3600)
#define PER_SECOND 7
#define CHUNK 512

static guint32 dice = 1;

/* What this thread has used: others on the machine do not count. */
static gint64
cpu_us (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (gint64) t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

static double
noise (double size)
{
  dice = dice * 1664525u + 1013904223u;
  return ((double) (dice >> 16) / 65536.0 - 0.5) * 2.0 * size;
}

static void
put (GArray *events, gint64 t_s, ChsEvent event, guint8 source)
{
  event.seq = events->len + 1;
  event.t_us = t_s * 1000000;
  event.wall_us = event.t_us;
  event.source = source;
  g_array_append_val (events, event);
}

static void
put_cuff (GArray *events, gint64 t)
{
  static const ChsParam params[] = { CHS_PARAM_NIBP_SYS, CHS_PARAM_NIBP_DIA, CHS_PARAM_NIBP_MEAN };
  const double values[] = { 122 + noise (5), 76 + noise (3), 93 + noise (2) };

  for (guint i = 0; i < G_N_ELEMENTS (params); i++) {
    ChsEvent event = chs_numeric (params[i], round (values[i]));

    event.numeric.meas_us = t * 1000000;
    event.numeric.time_mark = CHS_TIME_MARK_EXACT;
    put (events, t, event, 1);
  }
}

static GArray *
make_session (gboolean restless)
{
  GArray *events = g_array_sized_new (FALSE, FALSE, sizeof (ChsEvent), SECONDS * PER_SECOND);

  for (gint64 t = 0; t < SECONDS; t++) {
    double hr = 74 + 6 * sin ((double) t / 200) + noise (2) + (restless && t / 120 % 3 == 0 ? 62 : 0);
    ChsEvent pump = { .type = CHS_EVENT_PUMP }, tick = { .type = CHS_EVENT_TICK };

    put (events, t, chs_numeric (CHS_PARAM_HR, round (hr)), 1);
    put (events, t, chs_numeric (CHS_PARAM_PR, round (hr + noise (1))), 1);
    put (events, t, chs_numeric (CHS_PARAM_SPO2, round (97.5 + noise (1))), 1);
    put (events, t, chs_numeric (CHS_PARAM_PI, 2.5 + noise (0.4)), 1);
    put (events, t, chs_numeric (CHS_PARAM_RR, round (14 + noise (2))), 1);
    if (t % 300 == 60)
      put_cuff (events, t);
    chs_pump_status_init (&pump.pump);
    pump.pump.state = t > 600 ? CHS_PUMP_INFUSING : CHS_PUMP_READY;
    pump.pump.rate_ml_h = t > 600 ? 60 : 0;
    pump.pump.volume_ml = t > 600 ? (double) (t - 600) / 60.0 : 0;
    pump.pump.pressure = 30 + noise (3);
    pump.pump.pressure_unit = CHS_UNIT_MMHG;
    put (events, t, pump, 2);
    put (events, t, tick, 0);
  }
  return events;
}

static void
on_output (const ChsEvent *output, gpointer user_data)
{
  ++*(guint *) user_data;
}

static double
run_cold (const ChsProfile *profile, const GArray *events, guint *n_alarms)
{
  g_autoptr (ChsEngine) engine = chs_engine_new (profile);
  gint64 start = cpu_us ();

  *n_alarms = 0;
  for (guint i = 0; i < events->len; i++)
    chs_engine_feed (engine, &g_array_index (events, ChsEvent, i), on_output, n_alarms);
  return (double) (cpu_us () - start) / 1e6;
}

static double
run_hot (const ChsProfile *profile, const GArray *events, guint *n_alarms)
{
  g_autoptr (ChsEngine) engine = chs_engine_new (profile);
  g_autofree ChsEvent *chunk = g_new (ChsEvent, CHUNK);
  gint64 spent = 0;

  *n_alarms = 0;
  for (guint i = 0; i < events->len; i += CHUNK) {
    guint n = MIN (CHUNK, events->len - i);
    gint64 start;

    memcpy (chunk, &g_array_index (events, ChsEvent, i), n * sizeof *chunk);
    start = cpu_us ();
    for (guint k = 0; k < n; k++)
      chs_engine_feed (engine, &chunk[k], on_output, n_alarms);
    spent += cpu_us () - start;
  }
  return (double) spent / 1e6;
}

static double
run_copy (const GArray *events)
{
  ChsEvent kept[64];
  gint64 start = cpu_us ();
  guint64 sum = 0;

  for (guint i = 0; i < events->len; i++) {
    memcpy (&kept[i % 64], &g_array_index (events, ChsEvent, i), sizeof (ChsEvent));
    sum += kept[i % 64].seq;
  }
  return sum > 0 ? (double) (cpu_us () - start) / 1e6 : 0;
}

static void
measure (const ChsProfile *profile, const char *name, gboolean restless)
{
  g_autoptr (GArray) events = make_session (restless);
  double cold = 1e9, hot = 1e9, copy = 1e9;
  guint n_alarms;

  for (guint i = 0; i < 5; i++) {
    double cold_now = run_cold (profile, events, &n_alarms), hot_now = run_hot (profile, events, &n_alarms), copy_now = run_copy (events);

    cold = MIN (cold, cold_now);
    hot = MIN (hot, hot_now);
    copy = MIN (copy, copy_now);
  }
  printf ("engine %s: %u events of %d h, %u alarm events\n", name, events->len, HOURS, n_alarms);
  printf ("  hot  %.1f ms = %.2f million events/s\n", hot * 1e3, events->len / hot / 1e6);
  printf ("  cold %.1f ms = %.2f million events/s, %.1f times a copy of the events\n", cold * 1e3, events->len / cold / 1e6, cold / copy);
}

int
main (void)
{
  g_autofree char *path = chs_profile_dup_default_path ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsProfile) profile = chs_profile_load (path, &error);

  if (profile == NULL)
    g_error ("%s", error->message);
  printf ("engine state: %" G_GSIZE_FORMAT " bytes\n", chs_engine_state_size ());
  measure (profile, "calm", FALSE);
  measure (profile, "restless", TRUE);
  return 0;
}

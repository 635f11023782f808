/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui-test.h"

#include <malloc.h>
#include <math.h>

/* A day at the chair: 24 hours of values, cuff readings, rates and waves through the live window. What it holds is bounded, so
 * once what is bounded is full, memory stays where it is. */

#define STEP_S 20
#define HOURS 24
#define FULL_H 12 /* by then: the curves of a chair are thinned from 9 h on (app/chair-model-vitals.c) */
/* Room for what comes and goes: glyphs of new digits, a row more or less in a list. */
#define GROWTH_KIB 1024

enum { MONITOR = 1, PUMP = 2 };

static guint64 seq;

static void
feed (ChsScene *scene, ChsEvent event, guint8 source, int64_t t_us)
{
  event.seq = ++seq;
  event.t_us = t_us;
  event.wall_us = G_GINT64_CONSTANT (1793700000000000) + t_us;
  event.source = source;
  chs_scene_feed (scene, &event);
}

static void
feed_values (ChsScene *scene, int64_t t_us, guint second)
{
  static const struct {
    ChsParam param;
    double   base, swing;
  } vitals[] = { { CHS_PARAM_HR, 76, 9 }, { CHS_PARAM_SPO2, 97, 1.4 }, { CHS_PARAM_RR, 15, 3 }, { CHS_PARAM_TEMP, 36.7, 0.2 } };

  for (guint i = 0; i < G_N_ELEMENTS (vitals); i++)
    feed (scene, chs_numeric (vitals[i].param, vitals[i].base + vitals[i].swing * sin (second / (30.0 + 7 * i))), MONITOR, t_us);
  if (second % 180 == 0) {
    feed (scene, chs_numeric (CHS_PARAM_NIBP_SYS, round (121 + 8 * sin (second / 900.0))), MONITOR, t_us);
    feed (scene, chs_numeric (CHS_PARAM_NIBP_DIA, round (75 + 5 * sin (second / 700.0))), MONITOR, t_us);
    feed (scene, chs_numeric (CHS_PARAM_NIBP_MEAN, round (91 + 6 * sin (second / 800.0))), MONITOR, t_us);
  }
}

static void
feed_wave (ChsScene *scene, int64_t t_us)
{
  int16_t  samples[100];
  ChsEvent event = { .type = CHS_EVENT_WAVE };

  for (int i = 0; i < 100; i++)
    samples[i] = (int16_t) (100 * sin (i / 16.0));
  event.wave = (ChsWave) { .param = CHS_PARAM_PLETH_WAVE, .n = 100, .rate_hz = 100.0f, .scale = 1.0f, .samples = samples };
  feed (scene, event, MONITOR, t_us);
}

static void
feed_pump (ChsScene *scene, int64_t t_us, guint second)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };

  chs_pump_status_init (&event.pump);
  event.pump.state = CHS_PUMP_INFUSING;
  event.pump.rate_ml_h = 100 + 50 * (second / 1200 % 3);
  event.pump.volume_ml = second / 36.0;
  feed (scene, event, PUMP, t_us);
}

static gsize
used_kib (void)
{
  return mallinfo2 ().uordblks / 1024;
}

START_TEST (memory_is_flat_over_a_day)
{
  ChsScene        *scene;
  ChsLookProvider *style;
  ChsWindow       *window;
  gsize            full = 0, end;

  ui_test_init ();
  scene = ui_test_scene ("nothing", CHS_SCENE_LIVE);
  style = chs_look_provider_new (gdk_display_get_default (), scene);
  window = chs_window_new (NULL, scene, 1280, 800, 10.1);
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_present (GTK_WINDOW (window));

  for (guint second = 0; second < HOURS * 3600; second++) {
    int64_t t_us = CASE_NOW + (int64_t) second * G_USEC_PER_SEC;

    feed_values (scene, t_us, second);
    feed_wave (scene, t_us);
    feed_pump (scene, t_us, second);
    if (second % STEP_S == 0)
      ui_test_run (1);
    if (second == FULL_H * 3600)
      full = used_kib ();
  }
  ui_test_run (100);
  end = used_kib ();
  printf ("# after %d h %" G_GSIZE_FORMAT " KiB, after %d h %" G_GSIZE_FORMAT " KiB\n", FULL_H, full, HOURS, end);
  ck_assert_msg (end <= full + GROWTH_KIB, "%" G_GSIZE_FORMAT " KiB more", end - full);

  gtk_window_destroy (GTK_WINDOW (window));
  chs_look_provider_free (style);
  g_object_unref (scene);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("ui-day");
  TCase *tcase = tcase_create ("memory");

  tcase_set_timeout (tcase, 240);
  tcase_add_test (tcase, memory_is_flat_over_a_day);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_UI_MAIN (make_suite)

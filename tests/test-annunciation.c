/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/engine.h"

#include <math.h>
#include <string.h>

/* From the conditions to what the annunciator is told: which tone, and when a new condition joins. */

static ChsEngine *engine;
static gint64 t_s;
static guint n_raised;
static guint32 last_id;

static void
on_output (const ChsEvent *event, gpointer user_data)
{
  if (event->type != CHS_EVENT_ALARM || event->alarm.action != CHS_ALARM_RAISE)
    return;
  n_raised++;
  last_id = event->alarm.id;
}

static void
feed (ChsEvent event, guint8 source)
{
  event.t_us = event.wall_us = t_s * G_USEC_PER_SEC;
  event.source = source;
  chs_engine_feed (engine, &event, on_output, NULL);
}

static void
setup (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("CHS_TEST_SHARE"), "alarms", "adult.ini", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ChsProfile) profile = chs_profile_load (path, &error);

  g_assert_no_error (error);
  engine = chs_engine_new (profile);
  t_s = 0;
  n_raised = 0;
}

static void
teardown (void)
{
  g_clear_pointer (&engine, chs_engine_free);
}

static void
link_state (guint8 source, guint8 kind, ChsLinkState state)
{
  ChsEvent event = { .type = CHS_EVENT_LINK, .link = { .state = (uint8_t) state, .kind = kind } };

  g_strlcpy (event.link.name, kind == 0 ? "monitor" : "pump1", sizeof event.link.name);
  feed (event, source);
}

static void
nurse (ChsNurseAction action, const char *what)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE, .nurse = { .action = (uint8_t) action, .at_us = CHS_TIME_NONE, .value = (double) NAN } };

  g_strlcpy (event.nurse.what, what, sizeof event.nurse.what);
  feed (event, CHS_SOURCE_NURSE);
}

/* The pump goes on and is occluded; the monitor, while @monitor_talks, says that all is well. */
static void
pass (guint seconds, gboolean monitor_talks, guint32 pump_alarms)
{
  for (guint i = 0; i < seconds; i++, t_s++) {
    ChsEvent pump = { .type = CHS_EVENT_PUMP }, tick = { .type = CHS_EVENT_TICK };

    chs_pump_status_init (&pump.pump);
    pump.pump.state = pump_alarms != 0 ? CHS_PUMP_ALARM : CHS_PUMP_INFUSING;
    pump.pump.rate_ml_h = 100;
    pump.pump.alarms = pump_alarms;
    feed (pump, 2);
    if (monitor_talks) {
      feed (chs_numeric (CHS_PARAM_HR, 72), 1);
      feed (chs_numeric (CHS_PARAM_SPO2, 98), 1);
    }
    feed (tick, CHS_SOURCE_MONITOR);
  }
}

START_TEST (a_second_condition_of_the_same_priority_raises_the_number)
{
  const ChsAnnunciation *now = chs_engine_get_annunciation (engine);
  guint32 first;

  link_state (1, 0, CHS_LINK_UP);
  link_state (2, 1, CHS_LINK_UP);
  nurse (CHS_NURSE_PHASE, "infusing");
  pass (30, TRUE, 0); /* what is not prepared is LOW */
  ck_assert_int_eq (now->priority, CHS_PRIORITY_LOW);
  pass (30, TRUE, CHS_PUMP_ALARM_OCCLUSION);
  ck_assert_int_eq (now->priority, CHS_PRIORITY_MEDIUM);
  ck_assert_uint_eq (now->newest_id, last_id);
  first = now->newest_id;
  link_state (1, 0, CHS_LINK_LOST);
  pass (30, FALSE, CHS_PUMP_ALARM_OCCLUSION);
  ck_assert_int_eq (now->priority, CHS_PRIORITY_MEDIUM);
  ck_assert_uint_gt (now->newest_id, first);
  nurse (CHS_NURSE_ACK, "");
  ck_assert_int_eq (now->priority, CHS_PRIORITY_NONE);
  ck_assert_uint_eq (now->newest_id, 0);
}
END_TEST

static Suite *
annunciation_suite (void)
{
  Suite *suite = suite_create ("annunciation");
  TCase *tc = tcase_create ("engine");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_test (tc, a_second_condition_of_the_same_priority_raises_the_number);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (annunciation_suite)

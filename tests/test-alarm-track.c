/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/alarm-track.h"
#include "tests/check-main.h"

#define S G_GINT64_CONSTANT (1000000)

typedef struct {
  gint64         t_s;
  ChsAlarmAction action;
  guint          id;
  ChsPriority    priority;
  const char    *rule;
} Step;

static ChsAlarmTrack *
play (const Step *steps, gsize n, gint64 end_s)
{
  ChsAlarmTrack *track = chs_alarm_track_new ();
  ChsEvent       tick = { .type = CHS_EVENT_TICK, .t_us = end_s * S };

  for (gsize i = 0; i < n; i++) {
    ChsEvent event = { .type = CHS_EVENT_ALARM, .t_us = steps[i].t_s * S };

    event.alarm.action = (uint8_t) steps[i].action;
    event.alarm.id = steps[i].id;
    event.alarm.priority = (uint8_t) steps[i].priority;
    chs_text_copy (event.alarm.rule, sizeof event.alarm.rule, steps[i].rule);
    chs_alarm_track_feed (track, &event);
  }
  chs_alarm_track_feed (track, &tick);

  return track;
}

static const ChsAlarmSpan *
span (const ChsAlarmTrack *track, guint i)
{
  return &g_array_index (track->spans, ChsAlarmSpan, i);
}

static const Step story[] = {
  { 100, CHS_ALARM_RAISE, 1, CHS_PRIORITY_MEDIUM, "R1" },   { 110, CHS_ALARM_RAISE, 2, CHS_PRIORITY_LOW, "R2" },
  { 120, CHS_ALARM_ESCALATE, 1, CHS_PRIORITY_HIGH, "R1" },  { 125, CHS_ALARM_ACK, 1, CHS_PRIORITY_HIGH, "R1" },
  { 130, CHS_ALARM_ACK_EXPIRED, 1, CHS_PRIORITY_HIGH, "R1" }, { 140, CHS_ALARM_ACK, 1, CHS_PRIORITY_HIGH, "R1" },
  { 150, CHS_ALARM_CLEAR, 1, CHS_PRIORITY_NONE, "R1" },     { 160, CHS_ALARM_ACK, 2, CHS_PRIORITY_LOW, "R2" },
  { 200, CHS_ALARM_RAISE, 3, CHS_PRIORITY_LOW, "R2" },
};

START_TEST (spans_go_from_raise_to_clear)
{
  g_autoptr (ChsAlarmTrack) track = play (story, G_N_ELEMENTS (story), 1800);

  ck_assert_uint_eq (track->spans->len, 3);
  ck_assert_int_eq (span (track, 0)->from_us, 100 * S);
  ck_assert_int_eq (span (track, 0)->to_us, 150 * S);
  ck_assert_int_eq (span (track, 0)->ack_us, 125 * S);
  ck_assert_uint_eq (span (track, 0)->priority, CHS_PRIORITY_HIGH);
  ck_assert_int_eq (span (track, 0)->since_us[CHS_PRIORITY_LOW], 100 * S);
  ck_assert_int_eq (span (track, 0)->since_us[CHS_PRIORITY_HIGH], 120 * S);
  ck_assert_int_eq (span (track, 1)->since_us[CHS_PRIORITY_MEDIUM], CHS_TIME_NONE);
  ck_assert_int_eq (span (track, 1)->to_us, CHS_TIME_NONE);
  ck_assert_int_eq (track->end_us, 1800 * S);
  ck_assert_uint_eq (track->n_by_priority[CHS_PRIORITY_HIGH], 1);
  ck_assert_uint_eq (track->n_by_priority[CHS_PRIORITY_MEDIUM], 0);
  ck_assert_uint_eq (track->n_by_priority[CHS_PRIORITY_LOW], 2);
}
END_TEST

START_TEST (acknowledged_in_time_is_counted)
{
  g_autoptr (ChsAlarmTrack) track = play (story, G_N_ELEMENTS (story), 1800);

  ck_assert_uint_eq (chs_alarm_track_n_acknowledged (track, 24 * S), 0);
  ck_assert_uint_eq (chs_alarm_track_n_acknowledged (track, 25 * S), 1);
  ck_assert_uint_eq (chs_alarm_track_n_acknowledged (track, 50 * S), 2);
  ck_assert_double_eq (chs_alarm_track_per_hour (track, 3), 6.0);
}
END_TEST

START_TEST (rules_are_compared)
{
  g_autoptr (ChsAlarmTrack) before = play (story, G_N_ELEMENTS (story), 1800), after = play (story, 1, 1800);
  g_autoptr (GArray)        counts = chs_alarm_track_compare (before, after);
  const ChsRuleCount       *rows = (const ChsRuleCount *) (gpointer) counts->data;

  ck_assert_uint_eq (counts->len, 2);
  ck_assert_str_eq (rows[0].rule, "R2");
  ck_assert_uint_eq (rows[0].before, 2);
  ck_assert_uint_eq (rows[0].after, 0);
  ck_assert_uint_eq (rows[1].before, 1);
  ck_assert_uint_eq (rows[1].after, 1);
}
END_TEST

START_TEST (nothing_is_a_track_too)
{
  g_autoptr (ChsAlarmTrack) track = play (NULL, 0, 0);

  ck_assert_uint_eq (track->spans->len, 0);
  ck_assert_double_eq (chs_alarm_track_per_hour (track, 0), 0.0);
}
END_TEST

static Suite *
make_suite (void)
{
  Suite *suite = suite_create ("alarm-track");
  TCase *tcase = tcase_create ("track");

  tcase_add_test (tcase, spans_go_from_raise_to_clear);
  tcase_add_test (tcase, acknowledged_in_time_is_counted);
  tcase_add_test (tcase, rules_are_compared);
  tcase_add_test (tcase, nothing_is_a_track_too);
  suite_add_tcase (suite, tcase);

  return suite;
}

CHS_CHECK_MAIN (make_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/replay.h"
#include "tests/engine-maker.h"

#include <locale.h>
#include <stdio.h>
#include <time.h>

/* The state machine of alarms (shared/alarm-standard.md 5): every transition, every way of silence and what breaks it,
 * and what must hold whatever happens. */

static ChsAlarmState
state_of (const Maker *maker, ChsLabel label)
{
  return (ChsAlarmState) maker_condition (maker, label)->state;
}

static const ChsAnnunciation *
sound_of (const Maker *maker)
{
  return chs_engine_get_annunciation (maker->engine);
}

/* A MEDIUM that can be switched on and off: fast pulse; and a HIGH: very fast. */
static void
go_medium (Maker *maker)
{
  maker->hr = maker->pr = 140;
  maker_run (maker, 60);
}

static void
go_high (Maker *maker)
{
  maker->hr = maker->pr = 170;
  maker_run (maker, 60);
}

static void
go_calm (Maker *maker, int seconds)
{
  maker->hr = maker->pr = 75;
  maker_run (maker, seconds);
}

START_TEST (a_medium_is_raised_and_clears)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  go_medium (&maker);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACTIVE);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_MEDIUM);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_RAISE), 1);
  go_calm (&maker, 120);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_IDLE);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_CLEAR), 1);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_LATCH), 0);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_NONE);
  maker_clear (&maker);
}
END_TEST

/* MEDIUM: at least 60 s of signal, and 15 s of calm before it ends. */
START_TEST (a_medium_signals_for_a_minute)
{
  Maker maker;
  int64_t raised_s;

  maker_init_running (&maker, NULL, NULL);
  maker.hr = maker.pr = 140;
  while (!maker_heard (&maker, CHS_LABEL_TACHYCARDIA))
    maker_second (&maker);
  raised_s = maker.t_s;
  maker.hr = maker.pr = 75;
  while (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_CLEAR) == 0 && maker.t_s < raised_s + 200)
    maker_second (&maker);
  ck_assert_int_ge (maker.t_s - raised_s, 60);
  ck_assert_int_le (maker.t_s - raised_s, 63);
  maker_clear (&maker);
}
END_TEST

/* clause 6.10 (row 23), 6.9 (row 22): a HIGH latches; its reset ends signals of what is gone only. */
START_TEST (clause_6_10_a_high_latches_until_acknowledged)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  go_high (&maker);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_HIGH);
  go_calm (&maker, 180);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_LATCHED);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_HIGH);
  maker_run (&maker, 3600);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_LATCHED);
  maker_nurse (&maker, CHS_NURSE_ACK, "tachycardia", NAN);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_IDLE);
  ck_assert_int_eq (sound_of (&maker)->label, CHS_LABEL_NIBP_OVERDUE); /* an hour has gone by */
  maker_clear (&maker);
}
END_TEST

/* The second of two reactions begins small under the latched HIGH of the first, and is an alarm of its own when it is as severe. */
START_TEST (another_episode_under_a_latched_high_is_raised)
{
  Maker maker;
  guint raised;

  maker_init_running (&maker, NULL, NULL);
  go_high (&maker);
  go_calm (&maker, 900);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_LATCHED);
  raised = maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_RAISE);
  maker.hr = maker.pr = 140; /* MEDIUM: the HIGH sounds on */
  maker_run (&maker, 120);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_RAISE), raised);
  maker.hr = maker.pr = 165;
  maker_run (&maker, 60);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_RAISE), raised + 1);
  ck_assert_int_eq (maker_last (&maker, CHS_LABEL_TACHYCARDIA)->priority, CHS_PRIORITY_HIGH);
  maker_clear (&maker);
}
END_TEST

START_TEST (clause_6_9_acknowledging_does_not_end_what_is_true)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  go_high (&maker);
  maker_nurse (&maker, CHS_NURSE_ACK, "", NAN);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACKNOWLEDGED);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_NONE);
  ck_assert_uint_eq (sound_of (&maker)->n_silenced, 1);
  go_calm (&maker, 120);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_IDLE);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_LATCH), 0);
  maker_clear (&maker);
}
END_TEST

/* clause 6.8.2 (row 21): acknowledged, still true: reminded every 2 min, sounds again after 10. */
START_TEST (clause_6_8_2_reminder_and_end_of_an_acknowledgement)
{
  Maker maker;
  int64_t first_us;

  maker_init_running (&maker, NULL, NULL);
  go_high (&maker);
  maker_nurse (&maker, CHS_NURSE_ACK, "", NAN);
  maker_second (&maker);
  ck_assert (sound_of (&maker)->reminder);
  first_us = sound_of (&maker)->reminder_us;
  ck_assert_int_le (first_us - maker.t_s * CHS_SECOND, 120 * CHS_SECOND);
  maker_run (&maker, 125);
  ck_assert_int_eq (sound_of (&maker)->reminder_us, first_us + 120 * CHS_SECOND + CHS_SECOND);
  maker_run (&maker, 470);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACKNOWLEDGED);
  maker_run (&maker, 10);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACTIVE);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_ACK_EXPIRED), 1);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_HIGH);
  maker_clear (&maker);
}
END_TEST

/* ---- each way of silence, and each thing that breaks it (clause 6.8, row 19) ---- */

typedef void (*Step) (Maker *maker);

static void
by_ack (Maker *maker)
{
  maker_nurse (maker, CHS_NURSE_ACK, "tachycardia", NAN);
}

static void
by_ack_all (Maker *maker)
{
  maker_nurse (maker, CHS_NURSE_ACK, "", NAN);
}

static void
by_pause (Maker *maker)
{
  maker_nurse (maker, CHS_NURSE_AUDIO_PAUSE, "", 120);
}

static void
escalate (Maker *maker)
{
  maker->hr = maker->pr = 170;
  maker_run (maker, 45);
}

static void
new_condition (Maker *maker)
{
  maker_cuff (maker, 65);
}

static void
recur (Maker *maker)
{
  /* gone, cleared and true again; a pause would have ended by itself in so long, so it is begun anew in between */
  bool paused = sound_of (maker)->audio == CHS_AUDIO_PAUSED;

  go_calm (maker, 100);
  if (paused)
    by_pause (maker);
  maker->hr = maker->pr = 140;
  maker_run (maker, 50);
}

static const struct {
  const char *name;
  Step        silence, breakthrough;
  ChsPriority sounds;
} silences[] = {
  { "acknowledged, escalates", by_ack, escalate, CHS_PRIORITY_HIGH },
  { "acknowledged, a new condition", by_ack, new_condition, CHS_PRIORITY_HIGH },
  { "acknowledged, occurs again", by_ack, recur, CHS_PRIORITY_MEDIUM },
  { "all acknowledged, escalates", by_ack_all, escalate, CHS_PRIORITY_HIGH },
  { "all acknowledged, a new condition", by_ack_all, new_condition, CHS_PRIORITY_HIGH },
  { "paused, escalates", by_pause, escalate, CHS_PRIORITY_HIGH },
  { "paused, a new condition", by_pause, new_condition, CHS_PRIORITY_HIGH },
  { "paused, occurs again", by_pause, recur, CHS_PRIORITY_MEDIUM },
};

START_TEST (clause_6_8_every_silence_is_broken)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  go_medium (&maker);
  silences[_i].silence (&maker);
  maker_second (&maker);
  ck_assert_msg (sound_of (&maker)->priority == CHS_PRIORITY_NONE, "%s: silent", silences[_i].name);
  silences[_i].breakthrough (&maker);
  ck_assert_msg (sound_of (&maker)->priority == silences[_i].sounds, "%s: sounds as %d", silences[_i].name, sound_of (&maker)->priority);
  maker_clear (&maker);
}
END_TEST

/* A pause ends by itself, in at most 120 s whatever was asked for, or by one touch; then what is still true sounds. */
static const struct {
  const char *name;
  double      asked;
  int         silent_s, loud_s;
} pauses[] = {
  { "two minutes", 120, 119, 121 },
  { "less", 30, 29, 31 },
  { "more than allowed", 3600, 119, 121 },
  { "nonsense", NAN, 119, 121 },
  { "less than nothing", -5, 119, 121 },
};

START_TEST (clause_6_8_5_a_pause_is_timed)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  go_medium (&maker);
  maker_nurse (&maker, CHS_NURSE_AUDIO_PAUSE, "", pauses[_i].asked);
  maker_run (&maker, pauses[_i].silent_s);
  ck_assert_msg (sound_of (&maker)->priority == CHS_PRIORITY_NONE, "%s: silent after %d s", pauses[_i].name, pauses[_i].silent_s);
  ck_assert_int_eq (sound_of (&maker)->audio, CHS_AUDIO_PAUSED);
  maker_run (&maker, pauses[_i].loud_s - pauses[_i].silent_s);
  ck_assert_msg (sound_of (&maker)->priority == CHS_PRIORITY_MEDIUM, "%s: sounds after %d s", pauses[_i].name, pauses[_i].loud_s);
  ck_assert_int_eq (sound_of (&maker)->audio, CHS_AUDIO_ON);
  maker_clear (&maker);
}
END_TEST

START_TEST (clause_6_8_4_a_pause_ends_by_one_touch)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  go_medium (&maker);
  by_pause (&maker);
  maker_nurse (&maker, CHS_NURSE_AUDIO_RESUME, "", NAN);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_MEDIUM);
  maker_clear (&maker);
}
END_TEST

/* clause 6.8.1 (row 20): silencing one leaves the others alone. */
START_TEST (clause_6_8_1_one_is_silenced_the_other_sounds)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  go_medium (&maker);
  maker.rr = 34;
  maker_run (&maker, 180);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_RESP_RATE_HIGH), CHS_ALARM_STATE_ACTIVE);
  maker_nurse (&maker, CHS_NURSE_ACK, "tachycardia", NAN);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_MEDIUM);
  ck_assert_int_eq (sound_of (&maker)->label, CHS_LABEL_RESP_RATE_HIGH);
  maker_clear (&maker);
}
END_TEST

/* Missing data clears nothing (clinical 2.3; clause 6.10 "false clearing impossible"). */
START_TEST (clause_6_10_missing_data_clear_nothing)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  go_medium (&maker);
  maker.monitor_talks = false;
  maker_run (&maker, 600);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACTIVE);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_LINK_MONITOR), CHS_ALARM_STATE_ACTIVE);
  maker_clear (&maker);
}
END_TEST

START_TEST (waiting_makes_urgent)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  go_high (&maker);
  ck_assert (!sound_of (&maker)->urgent);
  maker_run (&maker, 60);
  ck_assert (sound_of (&maker)->urgent);
  maker_clear (&maker);
}
END_TEST

/* A value that swings about its limit is not a new alarm each time. */
START_TEST (flapping_is_held_down)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  for (int i = 0; i < 30; i++) {
    maker.hr = maker.pr = 130;
    maker_run (&maker, 40);
    maker.hr = maker.pr = 75;
    maker_run (&maker, 80);
  }
  ck_assert_uint_le (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_RAISE), 4);
  maker_clear (&maker);
}
END_TEST

/* What the page "Why" tells of its end: that it is over, and how long it is held when it comes and goes. */
START_TEST (an_alarm_tells_how_long_it_is_held)
{
  Maker maker;
  const ChsActiveAlarm *alarms;
  guint n;

  maker_init_running (&maker, NULL, NULL);
  for (int episode = 0; episode < 2; episode++) {
    maker.hr = maker.pr = 130;
    maker_run (&maker, 60);
    alarms = chs_engine_get_alarms (maker.engine, &n);
    ck_assert_uint_eq (n, 1);
    ck_assert (!alarms[0].is_over);
    ck_assert_double_eq (alarms[0].hold_s, episode == 0 ? 15 : 300); /* alarm.clear_hold, alarm.flap_hold */
    maker.hr = maker.pr = 75;
    maker_run (&maker, 25);
    alarms = chs_engine_get_alarms (maker.engine, &n);
    ck_assert (n == 1 && alarms[0].is_over);
    maker_run (&maker, 200);
  }
  maker_clear (&maker);
}
END_TEST

START_TEST (recurring_soon_is_the_same_condition)
{
  Maker maker;
  uint32_t id;

  maker_init_running (&maker, NULL, NULL);
  go_medium (&maker);
  id = maker_last (&maker, CHS_LABEL_TACHYCARDIA)->id;
  go_calm (&maker, 40);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_IDLE);
  go_medium (&maker);
  ck_assert_uint_eq (maker_last (&maker, CHS_LABEL_TACHYCARDIA)->id, id);
  go_calm (&maker, 500);
  go_medium (&maker);
  ck_assert_uint_ne (maker_last (&maker, CHS_LABEL_TACHYCARDIA)->id, id);
  maker_clear (&maker);
}
END_TEST

/* Another pump joins a condition that was acknowledged for one: it is heard. */
START_TEST (a_second_pump_breaks_an_acknowledgement)
{
  Maker maker;
  ChsEvent event = { .type = CHS_EVENT_PUMP };

  maker_init_running (&maker, "therapy.mg_mmol_per_ml", "0.1");
  maker.rate_ml_h = 400;
  maker_run (&maker, 12);
  maker_nurse (&maker, CHS_NURSE_ACK, "rate_limit", NAN);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_RATE_LIMIT), CHS_ALARM_STATE_ACKNOWLEDGED);
  for (int i = 0; i < 12; i++) {
    chs_pump_status_init (&event.pump);
    event.pump.state = CHS_PUMP_INFUSING;
    event.pump.rate_ml_h = 400;
    event.channel = 1;
    maker_feed (&maker, &event, MAKER_PUMP);
    maker_second (&maker);
  }
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_RATE_LIMIT), CHS_ALARM_STATE_ACTIVE);
  maker_clear (&maker);
}
END_TEST

/* ---- arbitration ---- */

START_TEST (a_reaction_outranks_and_is_named_beside)
{
  Maker maker;
  const ChsAlarm *alarm;

  maker_init_running (&maker, "therapy.mg_mmol_per_ml", "0.01");
  maker_symptom (&maker, "hives");
  ck_assert_int_eq (maker_last (&maker, CHS_LABEL_INFUSION_REACTION)->priority, CHS_PRIORITY_MEDIUM);
  maker_cuff (&maker, 80);
  alarm = maker_last (&maker, CHS_LABEL_INFUSION_REACTION);
  ck_assert_int_eq (alarm->priority, CHS_PRIORITY_HIGH);
  ck_assert_int_eq (alarm->action, CHS_ALARM_ESCALATE);
  ck_assert (!maker_heard (&maker, CHS_LABEL_MG_HYPOTENSION));
  ck_assert (!maker_heard (&maker, CHS_LABEL_HYPOTENSION));
  ck_assert (alarm->also[0] != '\0');
  maker_clear (&maker);
}
END_TEST

START_TEST (a_pressure_alarm_names_the_rate_change)
{
  Maker maker;
  const ChsAlarm *alarm;
  char line1[64], line2[512];

  maker_init_running (&maker, "therapy.mg_mmol_per_ml", "0.0811");
  maker.rate_ml_h = 240;
  maker_run (&maker, 240);
  maker_symptom (&maker, "heat");
  maker_cuff (&maker, 92);
  alarm = maker_last (&maker, CHS_LABEL_MG_HYPOTENSION);
  ck_assert_int_eq (alarm->label, CHS_LABEL_MG_HYPOTENSION);
  ck_assert_double_eq_tol (alarm->cause_from_ml_h, 100, 0.01);
  ck_assert_double_eq_tol (alarm->cause_to_ml_h, 240, 0.01);
  ck_assert_int_eq (alarm->cause_us, (maker.t_s - 239) * CHS_SECOND);
  chs_alarm_text (maker.profile, alarm, line1, sizeof line1, line2, sizeof line2);
  ck_assert_str_eq (line1, "Pressure falling with magnesium");
  ck_assert_msg (strstr (line2, "4 min after pump 2/0 went 100 to 240 mL/h") != NULL, "%s", line2);
  ck_assert_msg (strstr (line2, "NIBP_SYS 92 mmHg, baseline 120 (-23 %), limit 90") != NULL, "%s", line2);
  maker_clear (&maker);
}
END_TEST

START_TEST (missing_signals_are_named)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  maker.spo2 = maker.pi = maker.pr = NAN;
  maker_run (&maker, 90);
  maker_cuff (&maker, 80);
  ck_assert_msg (strstr (maker_last (&maker, CHS_LABEL_HYPOTENSION)->missing, "SPO2") != NULL, "\"%s\"",
                 maker_last (&maker, CHS_LABEL_HYPOTENSION)->missing);
  maker_clear (&maker);
}
END_TEST

START_TEST (a_symptom_can_be_taken_back)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  maker_symptom (&maker, "itching");
  ck_assert (maker_heard (&maker, CHS_LABEL_INFUSION_REACTION));
  maker_nurse (&maker, CHS_NURSE_SYMPTOM_UNDO, "itching", NAN);
  ck_assert (!maker_has (&maker, CHS_E_SKIN));
  maker_run (&maker, 90);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_INFUSION_REACTION), CHS_ALARM_STATE_IDLE);
  maker_clear (&maker);
}
END_TEST

START_TEST (the_moved_time_of_a_symptom_counts)
{
  Maker maker;
  ChsEvent event = { .type = CHS_EVENT_NURSE };

  maker_init_running (&maker, NULL, NULL);
  event.nurse.action = CHS_NURSE_SYMPTOM;
  event.nurse.at_us = (maker.t_s - 300) * CHS_SECOND;
  chs_text_copy (event.nurse.what, sizeof event.nurse.what, "itching");
  maker_feed (&maker, &event, CHS_SOURCE_NURSE);
  ck_assert (maker_has (&maker, CHS_E_SKIN));
  maker_run (&maker, 295);
  ck_assert (maker_has (&maker, CHS_E_SKIN));
  maker_run (&maker, 10); /* ten minutes after the moved time, five after the entry */
  ck_assert (!maker_has (&maker, CHS_E_SKIN));
  maker_clear (&maker);
}
END_TEST

/* ---- whatever happens ---- */

static guint32 dice;

static guint
roll (guint n)
{
  dice = dice * 1664525u + 1013904223u;
  return (dice >> 8) % n;
}

static const char *const some_symptoms[] = { "itching", "wheeze", "lightheaded", "chills", "heat", "site_burning", "loss_of_consciousness" };

/* One second of anything. */
static void
random_second (Maker *maker)
{
  switch (roll (40)) {
  case 0:
    maker->hr = maker->pr = 30 + roll (160);
    break;
  case 1:
    maker->spo2 = roll (3) == 0 ? (double) NAN : 75 + roll (26);
    break;
  case 2:
    maker->rr = roll (4) == 0 ? (double) NAN : 4 + roll (36);
    break;
  case 3:
    maker_cuff (maker, 50 + roll (180));
    break;
  case 4:
    maker_symptom (maker, some_symptoms[roll (G_N_ELEMENTS (some_symptoms))]);
    break;
  case 5:
    maker_nurse (maker, CHS_NURSE_ACK, roll (2) ? "" : "hypotension", NAN);
    break;
  case 6:
    maker_nurse (maker, CHS_NURSE_AUDIO_PAUSE, "", roll (300));
    break;
  case 7:
    maker->rate_ml_h = roll (900);
    break;
  case 8:
    maker->pump_state = roll (2) ? CHS_PUMP_INFUSING : CHS_PUMP_PAUSED;
    break;
  case 9:
    maker->monitor_talks = roll (3) != 0;
    break;
  case 10:
    maker->temp = 34 + roll (70) / 10.0;
    break;
  case 11:
    maker_nurse (maker, CHS_NURSE_BREAK, "", roll (2));
    break;
  case 12:
    maker->hr = maker->pr = 75, maker->spo2 = 98, maker->rr = 14, maker->temp = 36.7;
    break;
  default:
    break;
  }
  maker_second (maker);
}

/* clause 6.8.1 (row 20): no active, un-acknowledged HIGH without sound, unless paused for less than 120 s. */
static void
check_invariant (const Maker *maker)
{
  const ChsAnnunciation *sound = sound_of (maker);
  guint n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (maker->engine, &n);

  for (guint i = 0; i < n; i++) {
    bool waits = alarms[i].alarm.priority == CHS_PRIORITY_HIGH && alarms[i].state != CHS_ALARM_STATE_ACKNOWLEDGED;
    bool paused = sound->audio == CHS_AUDIO_PAUSED && sound->paused_until_us - maker->t_s * CHS_SECOND <= 120 * CHS_SECOND;

    if (waits && sound->priority != CHS_PRIORITY_HIGH)
      ck_assert_msg (paused && alarms[i].silenced, "second %d: %s is HIGH and silent", (int) maker->t_s,
                     chs_label_id ((ChsLabel) alarms[i].alarm.label));
    if (i > 0)
      ck_assert_int_ge (alarms[i - 1].alarm.priority, alarms[i].alarm.priority);
  }
}

START_TEST (clause_6_8_1_no_high_is_silent)
{
  Maker maker;

  dice = (guint32) _i * 7919u + 1;
  maker_init_running (&maker, "therapy.mg_mmol_per_ml", "0.05");
  for (int t = 0; t < 3000; t++) {
    random_second (&maker);
    check_invariant (&maker);
  }
  ck_assert_uint_gt (maker.said->len, 0);
  maker_clear (&maker);
}
END_TEST

/* Every log is lawful: raise first, escalate up, clear ends; ids stay. */
START_TEST (transitions_are_lawful)
{
  Maker maker;
  int level[CHS_N_LABELS] = { 0 };

  dice = (guint32) _i * 104729u + 3;
  maker_init_running (&maker, NULL, NULL);
  memset (level, -1, sizeof level);
  for (int t = 0; t < 3000; t++)
    random_second (&maker);
  for (guint i = 0; i < maker.said->len; i++) {
    const ChsAlarm *alarm = &g_array_index (maker.said, ChsEvent, i).alarm;
    int *now = &level[alarm->label];

    ck_assert_msg (*now != 0 || alarm->action == CHS_ALARM_RAISE, "%s: %s of nothing", alarm->rule, chs_alarm_action_id (alarm->action));
    ck_assert_msg (alarm->action != CHS_ALARM_ESCALATE || *now < alarm->priority, "%s: escalates up", alarm->rule);
    ck_assert_msg (alarm->action != CHS_ALARM_DEESCALATE || (*now != CHS_PRIORITY_HIGH && *now != 0), "%s: never out of HIGH", alarm->rule);
    ck_assert_uint_gt (alarm->id, 0);
    *now = alarm->action == CHS_ALARM_CLEAR ? 0 : alarm->priority;
  }
  maker_clear (&maker);
}
END_TEST

/* A snapshot goes on exactly as the one that was never interrupted. */
START_TEST (save_and_restore_change_nothing)
{
  Maker a, b;
  g_autofree gpointer state = g_malloc (chs_engine_state_size ());
  guint32 then;

  dice = (guint32) _i + 11;
  maker_init_running (&a, "therapy.mg_mmol_per_ml", "0.05");
  for (int t = 0; t < 1000; t++)
    random_second (&a);
  chs_engine_save (a.engine, state);
  b = a;
  b.profile = maker_profile ();
  b.engine = chs_engine_new (b.profile);
  b.said = g_array_new (FALSE, FALSE, sizeof (ChsEvent));
  chs_engine_restore (b.engine, state);
  g_array_set_size (a.said, 0);
  then = dice;
  for (int t = 0; t < 1000; t++)
    random_second (&a);
  dice = then;
  for (int t = 0; t < 1000; t++)
    random_second (&b);
  ck_assert_uint_eq (a.said->len, b.said->len);
  ck_assert_int_eq (memcmp (a.said->data, b.said->data, a.said->len * sizeof (ChsEvent)), 0);
  chs_engine_save (a.engine, state);
  ck_assert_int_eq (memcmp (state, &b.engine->state, chs_engine_state_size ()), 0);
  maker_clear (&a);
  maker_clear (&b);
}
END_TEST

/* Ticks that come twice as often, or half as often, move an alarm by little and lose none. */
START_TEST (the_tick_is_not_a_clock)
{
  int64_t raised_s[3];

  for (int every = 1; every <= 3; every++) {
    Maker maker;

    maker_init_running (&maker, NULL, NULL);
    for (int t = 0; t < 90; t++) {
      ChsEvent tick = { .type = CHS_EVENT_TICK };

      maker.t_s++;
      maker_numeric (&maker, CHS_PARAM_HR, 140);
      for (int k = 0; k < (every == 2 ? 2 : t % every == 0); k++)
        maker_feed (&maker, &tick, CHS_SOURCE_MONITOR);
    }
    ck_assert (maker_heard (&maker, CHS_LABEL_TACHYCARDIA));
    raised_s[every - 1] = maker_condition (&maker, CHS_LABEL_TACHYCARDIA)->raised_us / CHS_SECOND;
    maker_clear (&maker);
  }
  ck_assert_int_le (llabs (raised_s[0] - raised_s[1]), 1);
  ck_assert_int_le (llabs (raised_s[0] - raised_s[2]), 1);
}
END_TEST

/* Waves, raw bytes and old alarms of a recording pass without a trace. */
START_TEST (a_recording_can_be_fed_as_it_is)
{
  Maker maker;
  g_autofree gpointer before = g_malloc (chs_engine_state_size ()), after = g_malloc (chs_engine_state_size ());
  static const ChsEventType types[] = { CHS_EVENT_WAVE, CHS_EVENT_RAW, CHS_EVENT_ALARM, CHS_EVENT_CONFIG };

  maker_init_running (&maker, NULL, NULL);
  chs_engine_save (maker.engine, before);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    ChsEvent event = { .type = (uint8_t) types[i] };

    maker_feed (&maker, &event, MAKER_MONITOR);
  }
  chs_engine_save (maker.engine, after);
  ck_assert_int_eq (memcmp (before, after, chs_engine_state_size ()), 0);
  maker_clear (&maker);
}
END_TEST

static Suite *
engine_suite (void)
{
  Suite *suite = suite_create ("engine");
  TCase *tc = tcase_create ("states"), *properties = tcase_create ("properties");

  tcase_set_timeout (tc, 60);
  tcase_add_test (tc, a_medium_is_raised_and_clears);
  tcase_add_test (tc, a_medium_signals_for_a_minute);
  tcase_add_test (tc, clause_6_10_a_high_latches_until_acknowledged);
  tcase_add_test (tc, another_episode_under_a_latched_high_is_raised);
  tcase_add_test (tc, clause_6_9_acknowledging_does_not_end_what_is_true);
  tcase_add_test (tc, clause_6_8_2_reminder_and_end_of_an_acknowledgement);
  tcase_add_loop_test (tc, clause_6_8_every_silence_is_broken, 0, G_N_ELEMENTS (silences));
  tcase_add_loop_test (tc, clause_6_8_5_a_pause_is_timed, 0, G_N_ELEMENTS (pauses));
  tcase_add_test (tc, clause_6_8_4_a_pause_ends_by_one_touch);
  tcase_add_test (tc, clause_6_8_1_one_is_silenced_the_other_sounds);
  tcase_add_test (tc, clause_6_10_missing_data_clear_nothing);
  tcase_add_test (tc, waiting_makes_urgent);
  tcase_add_test (tc, flapping_is_held_down);
  tcase_add_test (tc, an_alarm_tells_how_long_it_is_held);
  tcase_add_test (tc, recurring_soon_is_the_same_condition);
  tcase_add_test (tc, a_second_pump_breaks_an_acknowledgement);
  tcase_add_test (tc, a_reaction_outranks_and_is_named_beside);
  tcase_add_test (tc, a_pressure_alarm_names_the_rate_change);
  tcase_add_test (tc, missing_signals_are_named);
  tcase_add_test (tc, a_symptom_can_be_taken_back);
  tcase_add_test (tc, the_moved_time_of_a_symptom_counts);
  suite_add_tcase (suite, tc);
  tcase_set_timeout (properties, 120);
  tcase_add_loop_test (properties, clause_6_8_1_no_high_is_silent, 0, 20);
  tcase_add_loop_test (properties, transitions_are_lawful, 0, 20);
  tcase_add_loop_test (properties, save_and_restore_change_nothing, 0, 5);
  tcase_add_test (properties, the_tick_is_not_a_clock);
  tcase_add_test (properties, a_recording_can_be_fed_as_it_is);
  suite_add_tcase (suite, properties);
  return suite;
}

CHS_CHECK_MAIN (engine_suite)

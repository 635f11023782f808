/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/command-check.h"
#include "tests/engine-maker.h"

/* AUDIO OFF, ALARM PAUSED, ALARM OFF (shared/alarm-standard.md 5, rows 18, 19, 21 of its table): what each silences, who
 * may, what ends it, and what breaks through it. Pauses and acknowledgements are in test-engine.c. */

static const ChsAnnunciation *
sound_of (const Maker *maker)
{
  return chs_engine_get_annunciation (maker->engine);
}

static ChsAlarmState
state_of (const Maker *maker, ChsLabel label)
{
  return (ChsAlarmState) maker_condition (maker, label)->state;
}

/* A clinic that offers both, and its running patient. */
static void
allow (Maker *maker)
{
  maker->engine->profile->value[CHS_KEY_ALARM_AUDIO_OFF] = 1;
  maker->engine->profile->value[CHS_KEY_ALARM_ALARM_OFF] = 1;
}

static void
init_allowed (Maker *maker)
{
  maker_init_running (maker, NULL, NULL);
  allow (maker);
}

/* Nobody treated yet: sensors are on, the pulse is @hr. */
static void
init_before_session (Maker *maker, double hr)
{
  maker_init (maker);
  allow (maker);
  maker_nurse (maker, CHS_NURSE_PHASE, "prepared", NAN);
  maker->hr = maker->pr = hr;
  maker->spo2 = 98;
  maker->pi = 2.5;
  maker->rr = 14;
  maker_run (maker, 90);
}

static void
pulse (Maker *maker, double hr, int seconds)
{
  maker->hr = maker->pr = hr;
  maker_run (maker, seconds);
}

/* ---- AUDIO OFF ---- */

START_TEST (clause_6_7_nothing_is_switched_off_where_the_clinic_says_no)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  pulse (&maker, 140, 60);
  maker_nurse (&maker, CHS_NURSE_AUDIO_OFF, "", 1);
  maker_nurse (&maker, CHS_NURSE_ALARM_OFF, "HR", 1);
  ck_assert_int_eq (sound_of (&maker)->audio, CHS_AUDIO_ON);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_MEDIUM);
  ck_assert (!chs_engine_is_alarm_off (maker.engine, CHS_PARAM_HR));
  maker_clear (&maker);
}
END_TEST

START_TEST (clause_6_8_3_audio_off_is_seen_and_not_heard)
{
  Maker maker;

  init_allowed (&maker);
  pulse (&maker, 140, 60);
  maker_nurse (&maker, CHS_NURSE_AUDIO_OFF, "", 1);
  ck_assert_int_eq (sound_of (&maker)->audio, CHS_AUDIO_OFF);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_NONE);
  ck_assert_uint_eq (sound_of (&maker)->n_silenced, 1);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACTIVE);
  maker.rr = 34; /* a new MEDIUM too, as long as it lasts */
  maker_run (&maker, 1200);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_RESP_RATE_HIGH), CHS_ALARM_STATE_ACTIVE);
  ck_assert_int_eq (sound_of (&maker)->audio, CHS_AUDIO_OFF);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_NONE);
  maker_clear (&maker);
}
END_TEST

/* Row 21: a reminder every 2 min for as long as it is off, whether something is silent or not. */
START_TEST (clause_6_8_2_audio_off_reminds)
{
  Maker maker;
  int64_t first_us;

  init_allowed (&maker);
  maker_nurse (&maker, CHS_NURSE_AUDIO_OFF, "", 1);
  ck_assert (sound_of (&maker)->reminder);
  first_us = sound_of (&maker)->reminder_us;
  ck_assert_int_eq (first_us - maker.t_s * CHS_SECOND, 120 * CHS_SECOND);
  maker_run (&maker, 121);
  ck_assert_int_eq (sound_of (&maker)->reminder_us - first_us, 121 * CHS_SECOND);
  maker_nurse (&maker, CHS_NURSE_AUDIO_OFF, "", 0);
  ck_assert (!sound_of (&maker)->reminder);
  maker_clear (&maker);
}
END_TEST

/* ---- what breaks through ---- */

typedef void (*Step) (Maker *maker);

static void
audio_off (Maker *maker)
{
  maker_nurse (maker, CHS_NURSE_AUDIO_OFF, "", 1);
}

static void
alarm_off_hr (Maker *maker)
{
  maker_nurse (maker, CHS_NURSE_ALARM_OFF, "HR", 1);
}

static void
become_extreme (Maker *maker)
{
  pulse (maker, 170, 60);
}

static void
reaction (Maker *maker)
{
  maker_symptom (maker, "throat_tightness");
  maker_symptom (maker, "hives");
  maker_cuff (maker, 75);
}

static void
pressure_falls (Maker *maker)
{
  maker_cuff (maker, 68);
  maker_run (maker, 3);
}

static const struct {
  const char *name;
  Step        silence, breakthrough;
} breakthroughs[] = {
  { "AUDIO OFF, the same condition becomes HIGH", audio_off, become_extreme },
  { "AUDIO OFF, a new HIGH", audio_off, reaction },
  { "AUDIO OFF, an extreme pressure", audio_off, pressure_falls },
  { "ALARM OFF of the pulse, it becomes extreme", alarm_off_hr, become_extreme },
  { "ALARM OFF of the pulse, a hazard", alarm_off_hr, reaction },
  { "ALARM OFF of the pulse, another parameter", alarm_off_hr, pressure_falls },
};

START_TEST (clause_6_8_every_inactivation_is_broken)
{
  Maker maker;

  init_allowed (&maker);
  pulse (&maker, 140, 60);
  breakthroughs[_i].silence (&maker);
  maker_run (&maker, 2);
  ck_assert_msg (sound_of (&maker)->priority == CHS_PRIORITY_NONE, "%s: silent", breakthroughs[_i].name);
  breakthroughs[_i].breakthrough (&maker);
  ck_assert_msg (sound_of (&maker)->priority == CHS_PRIORITY_HIGH, "%s: sounds as %d", breakthroughs[_i].name,
                 sound_of (&maker)->priority);
  maker_clear (&maker);
}
END_TEST

/* LOW becomes MEDIUM while the sound is off: what rises is heard, until it is acknowledged. */
START_TEST (clause_6_8_an_escalation_below_high_breaks_audio_off)
{
  Maker maker;

  init_allowed (&maker);
  maker_device (&maker, CHS_DEVICE_ALARM, 1, "ALARM");
  audio_off (&maker);
  maker_second (&maker);
  maker.engine->state.conditions[CHS_LABEL_MONITOR_ALARM].loud = true; /* what change_priority() sets when it rises */
  maker_second (&maker);
  maker.engine->state.rules_us = 0;
  maker_second (&maker);
  ck_assert_int_eq (sound_of (&maker)->label, CHS_LABEL_MONITOR_ALARM);
  maker_nurse (&maker, CHS_NURSE_ACK, "", NAN);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_NONE);
  maker_clear (&maker);
}
END_TEST

/* ---- ALARM OFF ---- */

START_TEST (clause_6_8_5_alarm_off_is_neither_seen_nor_heard)
{
  Maker maker;
  guint n;

  init_allowed (&maker);
  pulse (&maker, 140, 60);
  alarm_off_hr (&maker);
  ck_assert (chs_engine_is_alarm_off (maker.engine, CHS_PARAM_HR));
  ck_assert (!chs_engine_is_alarm_off (maker.engine, CHS_PARAM_RR));
  ck_assert (sound_of (&maker)->any_alarm_off);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_PENDING);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_SUSPEND), 1);
  chs_engine_get_alarms (maker.engine, &n);
  ck_assert_uint_eq (n, 0);
  maker_run (&maker, 600);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_RAISE), 1);
  /* row 19: when a state ends, signals of what is still there start again */
  maker_nurse (&maker, CHS_NURSE_ALARM_OFF, "HR", 0);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACTIVE);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_MEDIUM);
  maker_clear (&maker);
}
END_TEST

static const struct {
  const char *name;
  ChsLabel    label;
  const char *param;
} offs[] = {
  { "a fast pulse", CHS_LABEL_TACHYCARDIA, "HR" },        { "a slow pulse", CHS_LABEL_BRADYCARDIA, "HR" },
  { "no ECG", CHS_LABEL_ECG_OFF, "HR" },                  { "little oxygen", CHS_LABEL_DESATURATION, "SPO2" },
  { "finger clip off", CHS_LABEL_SENSOR_OFF_SPO2, "SPO2" }, { "slow breathing", CHS_LABEL_RESP_RATE_LOW, "RR" },
  { "fast breathing", CHS_LABEL_RESP_RATE_HIGH, "RR" },   { "low pressure", CHS_LABEL_HYPOTENSION, "NIBP_SYS" },
  { "high pressure", CHS_LABEL_HYPERTENSION, "NIBP_SYS" }, { "cuff fails", CHS_LABEL_NIBP_FAILED, "NIBP_SYS" },
  { "fever", CHS_LABEL_TEMP_HIGH, "TEMP" },
  /* never off: hazards and our own equipment */
  { "a reaction", CHS_LABEL_INFUSION_REACTION, NULL },    { "a faint", CHS_LABEL_VASOVAGAL, NULL },
  { "magnesium", CHS_LABEL_MG_HYPOTENSION, NULL },        { "lidocaine", CHS_LABEL_LIDOCAINE_TOXICITY, NULL },
  { "the cable", CHS_LABEL_LINK_MONITOR, NULL },          { "no sound", CHS_LABEL_NO_ALARM_SOUND, NULL },
  { "no recording", CHS_LABEL_RECORDING_FAILED, NULL },   { "a refused file", CHS_LABEL_SETTINGS_REFUSED, NULL },
  { "full storage", CHS_LABEL_STORAGE_FULL, NULL },        { "no clock", CHS_LABEL_CLOCK_NOT_SET, NULL },
};

START_TEST (clause_6_8_5_what_belongs_to_a_parameter)
{
  static const char *const params[] = { "HR", "SPO2", "RR", "NIBP_SYS", "TEMP" };
  Maker maker;

  init_allowed (&maker);
  for (guint i = 0; i < G_N_ELEMENTS (params); i++) {
    bool is_own = g_strcmp0 (offs[_i].param, params[i]) == 0;

    maker_nurse (&maker, CHS_NURSE_ALARM_OFF, params[i], 1);
    ck_assert_msg (chs_engine_inhibits (maker.engine, offs[_i].label, CHS_PRIORITY_MEDIUM) == is_own, "%s and %s", offs[_i].name, params[i]);
    ck_assert_msg (!chs_engine_inhibits (maker.engine, offs[_i].label, CHS_PRIORITY_HIGH), "%s: never HIGH", offs[_i].name);
    maker_nurse (&maker, CHS_NURSE_ALARM_OFF, params[i], 0);
  }
  maker_clear (&maker);
}
END_TEST

/* ---- ALARM PAUSED ---- */

START_TEST (clause_6_8_5_alarm_pause_before_a_session)
{
  Maker maker;

  init_before_session (&maker, 140);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACTIVE);
  maker_nurse (&maker, CHS_NURSE_ALARM_PAUSE, "", 3600);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_PENDING);
  ck_assert_int_eq (sound_of (&maker)->alarm_pause_until_us - maker.t_s * CHS_SECOND, 10 * CHS_MINUTE);
  maker_run (&maker, 599);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_NONE);
  maker_run (&maker, 2); /* bounded, and then what is still true is told again */
  ck_assert_int_eq (sound_of (&maker)->alarm_pause_until_us, CHS_TIME_NONE);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_MEDIUM);
  maker_clear (&maker);
}
END_TEST

static void
touch (Maker *maker)
{
  maker_nurse (maker, CHS_NURSE_ALARM_PAUSE, "", 0);
}

static void
begin_baseline (Maker *maker)
{
  maker_nurse (maker, CHS_NURSE_PHASE, "baseline", NAN);
}

static void
start_pump (Maker *maker)
{
  maker->pump_talks = true;
  maker->pump_state = CHS_PUMP_INFUSING;
  maker->rate_ml_h = 100;
  maker_run (maker, 2);
}

static void
collapse (Maker *maker)
{
  maker_cuff (maker, 65);
  maker_run (maker, 3);
}

static void
lose_screen (Maker *maker)
{
  maker_state (maker, CHS_STATE_SCREEN, 0);
}

static void
restart (Maker *maker)
{
  ChsEvent event = { .type = CHS_EVENT_CLOCK, .clock = { .code = CHS_CLOCK_RESUME, .step_us = CHS_SECOND } };

  maker_feed (maker, &event, CHS_SOURCE_MONITOR);
}

static void
next_patient (Maker *maker)
{
  maker_nurse (maker, CHS_NURSE_PHASE, "closed", NAN);
  maker_nurse (maker, CHS_NURSE_PHASE, "idle", NAN);
}

static const struct {
  const char *name;
  Step        end;
} ends[] = {
  { "one touch", touch },          { "the session begins", begin_baseline }, { "the pump runs", start_pump },
  { "a HIGH", collapse },          { "the screen is lost", lose_screen },    { "a restart", restart },
  { "the next patient", next_patient },
};

START_TEST (clause_6_8_4_what_ends_an_alarm_pause)
{
  Maker maker;

  init_before_session (&maker, 75);
  maker_nurse (&maker, CHS_NURSE_ALARM_PAUSE, "", 600);
  maker_second (&maker);
  ck_assert_int_ne (sound_of (&maker)->alarm_pause_until_us, CHS_TIME_NONE);
  ends[_i].end (&maker);
  maker_second (&maker);
  ck_assert_msg (sound_of (&maker)->alarm_pause_until_us == CHS_TIME_NONE, "%s ends it", ends[_i].name);
  maker_clear (&maker);
}
END_TEST

START_TEST (clause_6_8_a_high_breaks_an_alarm_pause)
{
  Maker maker;

  init_before_session (&maker, 140);
  maker_nurse (&maker, CHS_NURSE_ALARM_PAUSE, "", 600);
  collapse (&maker);
  ck_assert_int_eq (sound_of (&maker)->priority, CHS_PRIORITY_HIGH);
  ck_assert_msg (state_of (&maker, CHS_LABEL_TACHYCARDIA) == CHS_ALARM_STATE_ACTIVE, "and what it held is told again");
  maker_clear (&maker);
}
END_TEST

START_TEST (clause_6_8_our_own_equipment_is_never_paused)
{
  Maker maker;

  init_before_session (&maker, 75);
  maker_nurse (&maker, CHS_NURSE_ALARM_PAUSE, "", 600);
  maker_state (&maker, CHS_STATE_SOUND, 0);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_NO_ALARM_SOUND), CHS_ALARM_STATE_ACTIVE);
  maker_clear (&maker);
}
END_TEST

START_TEST (clause_6_8_no_alarm_pause_while_something_flows)
{
  Maker maker;

  init_allowed (&maker);
  ck_assert (!chs_engine_can_pause_alarms (maker.engine));
  maker_nurse (&maker, CHS_NURSE_ALARM_PAUSE, "", 600);
  ck_assert_int_eq (sound_of (&maker)->alarm_pause_until_us, CHS_TIME_NONE);
  maker_clear (&maker);
}
END_TEST

/* Rows 15 and 19: none of them is carried over a restart, to another patient, or past a lost screen. */
static const Step ending[] = { restart, next_patient, lose_screen };

START_TEST (clause_6_8_no_inactivation_is_carried_on)
{
  Maker maker;

  init_allowed (&maker);
  pulse (&maker, 140, 60);
  audio_off (&maker);
  maker_nurse (&maker, CHS_NURSE_AUDIO_PAUSE, "", 100);
  maker_nurse (&maker, CHS_NURSE_ALARM_OFF, "RR", 1);
  ending[_i](&maker);
  maker_second (&maker);
  ck_assert_int_eq (sound_of (&maker)->audio, CHS_AUDIO_ON);
  ck_assert (!sound_of (&maker)->any_alarm_off);
  ck_assert (!chs_engine_is_alarm_off (maker.engine, CHS_PARAM_RR));
  maker_clear (&maker);
}
END_TEST

/* An acknowledgement is no inactivation of ours: what the nurse knows she need not be told again after a restart. */
START_TEST (states_of_alarms_outlive_a_restart)
{
  Maker maker;

  init_allowed (&maker);
  pulse (&maker, 140, 60);
  maker_nurse (&maker, CHS_NURSE_ACK, "", NAN);
  restart (&maker);
  maker_second (&maker);
  ck_assert_int_eq (state_of (&maker, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACKNOWLEDGED);
  maker_clear (&maker);
}
END_TEST

START_TEST (a_condition_waits_as_pending)
{
  Maker maker;

  maker_init_running (&maker, NULL, NULL);
  ck_assert_int_eq (chs_engine_get_state (maker.engine, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_IDLE);
  pulse (&maker, 140, 15); /* above the limit, not yet for its hold */
  ck_assert_int_eq (chs_engine_get_state (maker.engine, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_PENDING);
  ck_assert_uint_eq (maker_count (&maker, CHS_LABEL_TACHYCARDIA, CHS_ALARM_RAISE), 0);
  pulse (&maker, 75, 20); /* and it was nothing */
  ck_assert_int_eq (chs_engine_get_state (maker.engine, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_IDLE);
  pulse (&maker, 140, 60);
  ck_assert_int_eq (chs_engine_get_state (maker.engine, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACTIVE);
  maker_nurse (&maker, CHS_NURSE_ACK, "", NAN);
  ck_assert_int_eq (chs_engine_get_state (maker.engine, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_ACKNOWLEDGED);
  pulse (&maker, 75, 120);
  ck_assert_int_eq (chs_engine_get_state (maker.engine, CHS_LABEL_TACHYCARDIA), CHS_ALARM_STATE_IDLE);
  maker_clear (&maker);
}
END_TEST

/* ---- who may ---- */

static const struct {
  const char *name;
  uint8_t     action;
  const char *what;
  double      value;
  bool        allowed, asks;
  const char *phase;
  const char *refusal; /* NULL = may */
} commands[] = {
  { "AUDIO OFF", CHS_NURSE_AUDIO_OFF, "", 1, true, true, "infusing", NULL },
  { "AUDIO OFF, not offered", CHS_NURSE_AUDIO_OFF, "", 1, false, true, "infusing", "not offered here: the alarm profile says alarm.audio_off = 0" },
  { "sound on again", CHS_NURSE_AUDIO_OFF, "", 0, false, false, "infusing", NULL },
  { "ALARM OFF", CHS_NURSE_ALARM_OFF, "HR", 1, true, true, "infusing", NULL },
  { "ALARM OFF, not offered", CHS_NURSE_ALARM_OFF, "HR", 1, false, true, "infusing", "alarm.alarm_off = 0" },
  { "alarm on again", CHS_NURSE_ALARM_OFF, "HR", 0, false, false, "infusing", NULL },
  { "ALARM PAUSED before", CHS_NURSE_ALARM_PAUSE, "", 600, false, false, "prepared", NULL },
  { "ALARM PAUSED in a session", CHS_NURSE_ALARM_PAUSE, "", 600, true, false, "infusing", "only before a session" },
  { "ALARM PAUSED ends", CHS_NURSE_ALARM_PAUSE, "", 0, false, false, "infusing", NULL },
  { "any other", CHS_NURSE_AUDIO_PAUSE, "", 60, false, false, "infusing", NULL },
};

START_TEST (clause_6_7_who_may)
{
  ChsNurse nurse = { .action = commands[_i].action, .value = commands[_i].value, .at_us = CHS_TIME_NONE };
  g_autoptr (GError) error = NULL;
  gboolean may;
  Maker maker;

  maker_init (&maker);
  if (commands[_i].allowed)
    allow (&maker);
  maker_nurse (&maker, CHS_NURSE_PHASE, commands[_i].phase, NAN);
  chs_text_copy (nurse.what, sizeof nurse.what, commands[_i].what);
  ck_assert (chs_command_needs_pin (&nurse) == commands[_i].asks);
  ck_assert (chs_command_check_nurse (&nurse, 0, &error));
  may = chs_command_check_silence (&nurse, maker.engine->profile, maker.engine, &error);
  ck_assert_msg (may == (commands[_i].refusal == NULL), "%s: %s", commands[_i].name, error != NULL ? error->message : "taken");
  if (!may)
    ck_assert_msg (strstr (error->message, commands[_i].refusal) != NULL, "%s: %s", commands[_i].name, error->message);
  maker_clear (&maker);
}
END_TEST

static Suite *
engine_silence_suite (void)
{
  Suite *suite = suite_create ("engine-silence");
  TCase *tc = tcase_create ("engine-silence");

  tcase_set_timeout (tc, 30);
  tcase_add_test (tc, clause_6_7_nothing_is_switched_off_where_the_clinic_says_no);
  tcase_add_test (tc, clause_6_8_3_audio_off_is_seen_and_not_heard);
  tcase_add_test (tc, clause_6_8_2_audio_off_reminds);
  tcase_add_loop_test (tc, clause_6_8_every_inactivation_is_broken, 0, G_N_ELEMENTS (breakthroughs));
  tcase_add_test (tc, clause_6_8_an_escalation_below_high_breaks_audio_off);
  tcase_add_test (tc, clause_6_8_5_alarm_off_is_neither_seen_nor_heard);
  tcase_add_loop_test (tc, clause_6_8_5_what_belongs_to_a_parameter, 0, G_N_ELEMENTS (offs));
  tcase_add_test (tc, clause_6_8_5_alarm_pause_before_a_session);
  tcase_add_loop_test (tc, clause_6_8_4_what_ends_an_alarm_pause, 0, G_N_ELEMENTS (ends));
  tcase_add_test (tc, clause_6_8_a_high_breaks_an_alarm_pause);
  tcase_add_test (tc, clause_6_8_our_own_equipment_is_never_paused);
  tcase_add_test (tc, clause_6_8_no_alarm_pause_while_something_flows);
  tcase_add_loop_test (tc, clause_6_8_no_inactivation_is_carried_on, 0, G_N_ELEMENTS (ending));
  tcase_add_test (tc, states_of_alarms_outlive_a_restart);
  tcase_add_test (tc, a_condition_waits_as_pending);
  tcase_add_loop_test (tc, clause_6_7_who_may, 0, G_N_ELEMENTS (commands));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (engine_silence_suite)

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/command-check.h"

#include <math.h>
#include <string.h>

#define NOW_US G_GINT64_CONSTANT (60000000)

static const struct {
  guint8 action;
  const char *what;
  double value;
  gint64 at_us;
  const char *refused; /* word of the message; NULL = taken */
} actions[] = {
  { CHS_NURSE_ACK, "", NAN, CHS_TIME_NONE, NULL },
  { CHS_NURSE_ACK, "hypotension", NAN, CHS_TIME_NONE, NULL },
  { CHS_NURSE_ACK, "hypotention", NAN, CHS_TIME_NONE, "hypotention" },
  { CHS_NURSE_SYMPTOM, "hives", NAN, CHS_TIME_NONE, NULL },
  { CHS_NURSE_SYMPTOM, "hives", NAN, 0, NULL },
  { CHS_NURSE_SYMPTOM, "hives", NAN, NOW_US, NULL },
  { CHS_NURSE_SYMPTOM, "hives", NAN, NOW_US + 1, "time" },
  { CHS_NURSE_SYMPTOM, "hives", NAN, -1, "time" },
  { CHS_NURSE_SYMPTOM, "", NAN, CHS_TIME_NONE, "symptom" },
  { CHS_NURSE_AUDIO_PAUSE, "", 120, CHS_TIME_NONE, NULL },
  { CHS_NURSE_AUDIO_PAUSE, "", 0, CHS_TIME_NONE, "audio_pause" },
  { CHS_NURSE_AUDIO_PAUSE, "", NAN, CHS_TIME_NONE, "audio_pause" },
  { CHS_NURSE_AUDIO_PAUSE, "", INFINITY, CHS_TIME_NONE, "audio_pause" },
  { CHS_NURSE_AUDIO_PAUSE, "for ever", 120, CHS_TIME_NONE, "for ever" },
  { CHS_NURSE_BREAK, "", 1, CHS_TIME_NONE, NULL },
  { CHS_NURSE_BREAK, "", 2, CHS_TIME_NONE, "break" },
  { CHS_NURSE_PHASE, "infusing", NAN, CHS_TIME_NONE, NULL },
  { CHS_NURSE_PHASE, "infused", NAN, CHS_TIME_NONE, "infused" },
  { CHS_NURSE_DONE, "legs_raised", NAN, CHS_TIME_NONE, NULL },
  { CHS_NURSE_DONE, "", NAN, CHS_TIME_NONE, "missing" },
  { CHS_NURSE_CORRECTION, "", 17, CHS_TIME_NONE, NULL },
  { CHS_NURSE_CORRECTION, "", 0, CHS_TIME_NONE, "correction" },
  { CHS_NURSE_NOTE, "", NAN, CHS_TIME_NONE, NULL },
  { 0, "", NAN, CHS_TIME_NONE, "no action 0" },
  { CHS_NURSE_ALARM_OFF + 1, "", NAN, CHS_TIME_NONE, "no action" },
  { 255, "", NAN, CHS_TIME_NONE, "no action 255" },
  { CHS_NURSE_MARK, "\xFF", NAN, CHS_TIME_NONE, "UTF-8" },
};

START_TEST (actions_are_taken_or_refused_by_name)
{
  ChsNurse nurse = { .action = actions[_i].action, .value = actions[_i].value, .at_us = actions[_i].at_us };
  g_autoptr (GError) error = NULL;
  gboolean good;

  g_strlcpy (nurse.what, actions[_i].what, sizeof nurse.what);
  good = chs_command_check_nurse (&nurse, NOW_US, &error);
  ck_assert_msg (good == (actions[_i].refused == NULL), "row %d: %s", _i, error != NULL ? error->message : "taken");
  if (!good)
    ck_assert_msg (strstr (error->message, actions[_i].refused) != NULL, "row %d: %s", _i, error->message);
}
END_TEST

START_TEST (unended_text_is_refused)
{
  ChsNurse nurse = { .action = CHS_NURSE_MARK, .value = NAN, .at_us = CHS_TIME_NONE };

  memset (nurse.text, 'x', sizeof nurse.text);
  ck_assert (!chs_command_check_nurse (&nurse, NOW_US, NULL));
}
END_TEST

static const struct {
  const char *key, *value;
  gboolean good;
} keys[] = {
  { "patient.id", "A-17", TRUE },
  { "patient.weight_kg", "70", TRUE },
  { "patient.weight_kg", "", TRUE },
  { "patient.weight_kg", "7000", FALSE },
  { "patient.weight_kg", "-1", FALSE },
  { "patient.weight_kg", "70 lb", FALSE },
  { "patient.weight_kg", "nan", FALSE },
  { "patient.wieght_kg", "70", FALSE },
  { "patient.sex", "F", TRUE },
  { "patient.sex", "female", FALSE },
  { "therapy.mg_mmol_per_ml", "0.08", TRUE },
  { "therapy.nosuch", "1", FALSE },
  { "pump.2.0.mg_mmol_per_ml", "0.08", TRUE },
  { "pump.2.0.nosuch", "1", FALSE },
  { "pump.0.0.name", "x", FALSE },
  { "pump.251.0.name", "x", FALSE },
  { "pump.2.0", "x", FALSE },
  /* 6.6 of IEC 60601-1-8, row 16 of alarm-standard.md: no absurd limit */
  { "limit.HR.low", "50", TRUE },
  { "limit.HR.low", "20", FALSE },
  { "limit.HR.low", "130", FALSE },
  { "limit.HR.high", "120", TRUE },
  { "limit.HR.high", "250", FALSE },
  { "limit.SPO2.low", "60", FALSE },
  { "limit.SPO2.high", "99", FALSE },
  { "limit.TEMP.high", "50", FALSE },
  { "limit.NIBP_SYS.low", "90", TRUE },
  { "limit.NIBP_SYS.low", "", TRUE },
  { "limit.NIBP_SYS.low", "ninety", FALSE },
  { "limit.NIBP_SYS.middle", "90", FALSE },
  { "limit.NOSUCH.low", "90", FALSE },
  { "", "", FALSE },
};

START_TEST (keys_are_taken_or_refused_by_name)
{
  ChsSession session;
  ChsSetup setup[2] = { { .key = "patient.age", .value = "50" } };
  g_autofree char *path = chs_profile_dup_default_path ();
  g_autoptr (ChsProfile) profile = chs_profile_load (path, NULL);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_nonnull (profile);
  chs_session_init (&session);
  g_strlcpy (setup[1].key, keys[_i].key, sizeof setup[1].key);
  g_strlcpy (setup[1].value, keys[_i].value, sizeof setup[1].value);
  ck_assert_msg (chs_command_check_setup (&session, profile, setup, 2, &error) == keys[_i].good, "%s=%s: %s",
                 keys[_i].key, keys[_i].value, error != NULL ? error->message : "taken");
  if (!keys[_i].good)
    ck_assert_msg (strstr (error->message, keys[_i].key) != NULL, "%s", error->message);
  ck_assert_msg (isnan (session.age), "the session was changed");
}
END_TEST

START_TEST (no_keys_are_refused)
{
  ChsSession session;

  chs_session_init (&session);
  ck_assert (!chs_command_check_setup (&session, NULL, NULL, 0, NULL));
}
END_TEST

static Suite *
command_check_suite (void)
{
  Suite *suite = suite_create ("command-check");
  TCase *tc = tcase_create ("commands");

  tcase_add_loop_test (tc, actions_are_taken_or_refused_by_name, 0, G_N_ELEMENTS (actions));
  tcase_add_test (tc, unended_text_is_refused);
  tcase_add_loop_test (tc, keys_are_taken_or_refused_by_name, 0, G_N_ELEMENTS (keys));
  tcase_add_test (tc, no_keys_are_refused);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (command_check_suite)

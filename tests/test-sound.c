/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/fake-player.h"
#include "tests/sound-analysis.h"

#include "app/sound.h"

#include <glib/gstdio.h>

/* The machine on a clock that is moved from step to step: minutes of sound in milliseconds. */

static ChsStepClock clock_;
static ChsSound *sound;
static ChsSoundSettings settings;
static ChsAnnunciation target;

static void
setup (void)
{
  memset (&fake, 0, sizeof fake);
  memset (&target, 0, sizeof target);
  chs_step_clock_init (&clock_, 0, 0);
  fake.clock = &clock_.clock;
  fake.first_us = CHS_TIME_NONE;
  fake.played = g_byte_array_new ();
  chs_sound_settings_init (&settings);
}

static void
teardown (void)
{
  g_clear_pointer (&sound, chs_sound_free);
  g_clear_pointer (&fake.played, g_byte_array_unref);
}

static void
start (const ChsPlayerClass *klass)
{
  sound = chs_sound_new (&settings, klass);
}

/* Steps as the thread would, each as late as a busy machine may be. */
static guint
run (double seconds)
{
  gint64 end_us = clock_.t_us + (gint64) (seconds * 1e6);
  guint steps = 0;

  while (clock_.t_us < end_us) {
    gint64 next_us = chs_sound_step (sound, clock_.t_us);

    ck_assert (next_us > clock_.t_us);
    clock_.t_us = MIN (next_us, end_us);
    steps++;
  }
  return steps;
}

static void
want (ChsPriority priority, guint32 id)
{
  target.priority = (uint8_t) priority;
  target.newest_id = id;
  chs_burst_target (chs_sound_get_burst (sound), &target, false, clock_.t_us);
}

static ChsSoundView
view (void)
{
  ChsSoundView v;

  chs_sound_get_view (sound, &v);
  return v;
}

/* ---- what is played ---- */

static void
check_high_burst (const gint16 *x, gsize n, double at_s)
{
  static const double onsets[] = { 0, 250, 500, 1000, 1250, 2100, 2350, 2600, 3100, 3350 };
  gsize from = (gsize) (at_s * SOUND_RATE_HZ);
  SoundPulse p[SOUND_PULSES];
  unsigned found;

  ck_assert_uint_le (from + 4 * SOUND_RATE_HZ, n);
  found = sound_pulses (x + from, 4 * SOUND_RATE_HZ, 261.63, p);
  ck_assert_uint_eq (found, 10);
  for (unsigned i = 0; i < found; i++)
    ck_assert_double_eq_tol (p[i].onset_ms - p[0].onset_ms, onsets[i], 1.0);
}

START_TEST (bursts_reach_the_loudspeaker_whole)
{
  settings.keep_awake = _i;
  start (&fake_player);
  run (1);
  want (CHS_PRIORITY_HIGH, 1);
  run (13.5);
  check_high_burst ((const gint16 *) fake.played->data, fake.played->len / 2, 0.95);
  check_high_burst ((const gint16 *) fake.played->data, fake.played->len / 2, 8.45);
  ck_assert_uint_eq (view ().n_gaps, 0);
  ck_assert_uint_eq (view ().n_tones, 2);
}
END_TEST

/* The same through ALSA's file plugin, on a device that swallows at once: paced by our clock. */
START_TEST (bursts_reach_a_file_through_alsa)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("chairside-sound-XXXXXX", &error), *path = NULL;
  g_autofree char *wav = NULL;
  gsize n;

  g_assert_no_error (error);
  path = g_build_filename (dir, "a.wav", NULL);
  g_snprintf (settings.device, sizeof settings.device, "file:FILE=%s,FORMAT=wav", path);
  settings.keep_awake = TRUE;
  settings.accept_unheard = TRUE;
  start (&chs_player_alsa);
  run (1);
  ck_assert_msg (view ().usable, "%s", view ().why);
  want (CHS_PRIORITY_HIGH, 1);
  run (13.5);
  want (CHS_PRIORITY_NONE, 0);
  run (0.5);
  g_clear_pointer (&sound, chs_sound_free);
  ck_assert_msg (g_file_get_contents (path, &wav, &n, &error), "%s", error != NULL ? error->message : "");
  ck_assert_mem_eq (wav, "RIFF", 4);
  check_high_burst ((const gint16 *) (wav + 44), (n - 44) / 2, 0.9);
  check_high_burst ((const gint16 *) (wav + 44), (n - 44) / 2, 8.4);
  g_unlink (path);
  g_rmdir (dir);
}
END_TEST

/* What a nurse hears of an interruption: no more of the old tone than was handed over, then the new one. */
START_TEST (an_interruption_is_heard_within_100_ms)
{
  SoundPulse p[SOUND_PULSES];
  unsigned found;

  start (&fake_player);
  run (1);
  want (CHS_PRIORITY_MEDIUM, 1);
  run (0.1 + 0.013 * _i);
  fake.first_us = CHS_TIME_NONE;
  want (CHS_PRIORITY_HIGH, 2);
  run (5);
  ck_assert_uint_eq (view ().n_gaps, 0);
  found = sound_pulses ((const gint16 *) fake.played->data, fake.played->len / 2, 261.63, p);
  ck_assert_uint_ge (found, 10);
  ck_assert_double_le (p[found - 10].onset_ms, 1000 + 100 + 13 * _i + 50 + 40); /* 40 ms: its own rise to 90 % */
}
END_TEST

/* ---- whether it can be heard ---- */

static double
seconds_until (gboolean usable)
{
  gint64 from_us = clock_.t_us;

  for (unsigned i = 0; i < 100 && view ().usable != usable; i++)
    run (0.1);
  ck_assert_msg (view ().usable == usable, "still \"%s\" after 10 s", view ().why);
  return (double) (clock_.t_us - from_us) / 1e6;
}

START_TEST (a_good_device_is_usable_at_once)
{
  start (&fake_player);
  run (0.1);
  ck_assert (view ().usable);
  ck_assert_str_eq (view ().why, "");
}
END_TEST

static const struct {
  const char *name, *why;
  int         fault; /* 0 unplugged, 1 hangs, 2 instant, 3 muted, 4 below the floor */
  gboolean    while_sounding;
} faults[] = {
  { "unplugged", "no such device", 0, FALSE },
  { "unplugged in an alarm", "no such device", 0, TRUE },
  { "hangs", "does not play it", 1, FALSE },
  { "hangs in an alarm", "does not play it", 1, TRUE },
  { "plays to nowhere", "plays to nowhere", 2, FALSE },
  { "muted", "muted", 3, FALSE },
  { "muted in an alarm", "muted", 3, TRUE },
  { "turned down", "volume is 40.0 dB", 4, FALSE },
};

static void
break_it (int fault, gboolean broken)
{
  fake.gone = fake.absent = fault == 0 && broken;
  fake.hangs = fault == 1 && broken;
  fake.instant = fault == 2 && broken;
  fake.controls[0] = (ChsMixerControl) { "Master", true, !(fault == 3 && broken), fault == 4 && broken ? 40 : 0 };
  fake.n_controls = 1;
}

START_TEST (a_fault_is_known_within_5_s_and_so_is_its_end)
{
  double seconds;

  start (&fake_player);
  run (3.3);
  ck_assert (view ().usable);
  if (faults[_i].while_sounding)
    want (CHS_PRIORITY_HIGH, 1);
  run (0.3);
  break_it (faults[_i].fault, TRUE);
  seconds = seconds_until (FALSE);
  ck_assert_msg (seconds <= 5, "%s: %.1f s", faults[_i].name, seconds);
  for (unsigned i = 0; i < 150; i++) {
    run (0.1);
    ck_assert_msg (!view ().usable, "%s: usable again after %.1f s", faults[_i].name, 0.1 * i);
  }
  ck_assert_msg (strstr (view ().why, faults[_i].why) != NULL, "%s: \"%s\"", faults[_i].name, view ().why);
  break_it (faults[_i].fault, FALSE);
  seconds = seconds_until (TRUE);
  ck_assert_msg (seconds <= 5, "%s: back after %.1f s", faults[_i].name, seconds);
}
END_TEST

START_TEST (an_alarm_sounds_as_soon_as_there_is_a_device)
{
  fake.absent = TRUE;
  start (&fake_player);
  run (3);
  ck_assert (!view ().usable);
  want (CHS_PRIORITY_HIGH, 1);
  run (2);
  fake.absent = FALSE;
  run (1.1);
  ck_assert (fake.first_us != CHS_TIME_NONE);
  ck_assert_uint_eq (view ().n_opens, 1);
}
END_TEST

static const struct {
  const char *device, *why;
  gboolean    accept, usable;
} devices[] = {
  { "null", "plays to nowhere", FALSE, FALSE },
  { "null", "", TRUE, TRUE },
  { "no-such-device", "no sound device", FALSE, FALSE },
  { "no-such-device", "no sound device", TRUE, FALSE }, /* nothing to accept */
};

START_TEST (alsa_devices_are_judged)
{
  g_strlcpy (settings.device, devices[_i].device, sizeof settings.device);
  settings.accept_unheard = devices[_i].accept;
  start (&chs_player_alsa);
  run (3);
  ck_assert_msg (view ().usable == devices[_i].usable, "%s: \"%s\"", devices[_i].device, view ().why);
  ck_assert_msg (strstr (view ().why, devices[_i].why) != NULL, "%s: \"%s\"", devices[_i].device, view ().why);
}
END_TEST

START_TEST (silence_is_cheap)
{
  guint steps;

  start (&fake_player);
  run (5);
  steps = run (60);
  ck_assert_uint_le (steps, 61);
}
END_TEST

static Suite *
sound_suite (void)
{
  Suite *suite = suite_create ("sound");
  TCase *tc = tcase_create ("machine");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, bursts_reach_the_loudspeaker_whole, 0, 2);
  tcase_add_test (tc, bursts_reach_a_file_through_alsa);
  tcase_add_loop_test (tc, an_interruption_is_heard_within_100_ms, 0, 20);
  tcase_add_test (tc, a_good_device_is_usable_at_once);
  tcase_add_loop_test (tc, a_fault_is_known_within_5_s_and_so_is_its_end, 0, G_N_ELEMENTS (faults));
  tcase_add_test (tc, an_alarm_sounds_as_soon_as_there_is_a_device);
  tcase_add_loop_test (tc, alsa_devices_are_judged, 0, G_N_ELEMENTS (devices));
  tcase_add_test (tc, silence_is_cheap);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (sound_suite)

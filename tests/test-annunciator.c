/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/fake-player.h"

#include "app/annunciator.h"

/* The thread on the system's clock, with a loudspeaker of our own. What it plays and what it notices is tested in
 * test-sound.c and test-burst.c; here: hand-over, waking, telling, ending. */

static ChsSystemClock clock_;
static ChsAnnunciator *annunciator;
static GMainContext *context;
static guint n_told;
static gboolean told_usable;
static char told_why[96];

static void
on_sound_changed (ChsAnnunciator *self, gboolean usable, const char *why, gpointer user_data)
{
  ck_assert_ptr_eq (user_data, &n_told);
  n_told++;
  told_usable = usable;
  g_strlcpy (told_why, why, sizeof told_why);
}

static void
setup (void)
{
  memset (&fake, 0, sizeof fake);
  chs_system_clock_init (&clock_, g_get_monotonic_time ());
  fake.clock = &clock_.clock;
  fake.first_us = CHS_TIME_NONE;
  context = g_main_context_new ();
  n_told = 0;
}

static void
start (void)
{
  ChsSoundSettings settings;

  chs_sound_settings_init (&settings);
  annunciator = chs_annunciator_new (&settings, &fake_player, &clock_.clock, context, on_sound_changed, &n_told);
}

static void
teardown (void)
{
  g_assert_finalize_object (annunciator);
  ck_assert (!fake.is_open);
  g_main_context_unref (context);
}

static gint64
now (void)
{
  return clock_.clock.now_us (&clock_.clock);
}

static void
set (ChsPriority priority, guint32 id)
{
  const ChsAnnunciation target = { .priority = (uint8_t) priority, .newest_id = id, .paused_until_us = CHS_TIME_NONE };

  chs_annunciator_set (annunciator, &target);
}

/* Waits until @cond, for at most 10 s: a busy machine makes the test slow, not red. */
#define WAIT_FOR(cond)                                                                                                  \
  for (unsigned wait_ = 0; wait_ < 1000 && !(cond); wait_++) {                                                          \
    g_main_context_iteration (context, FALSE);                                                                          \
    g_usleep (10000);                                                                                                   \
  }                                                                                                                     \
  ck_assert (cond)

static guint64
n_tones (void)
{
  ChsSoundView view;

  chs_annunciator_get_view (annunciator, &view);
  return view.n_tones;
}

START_TEST (a_target_is_heard)
{
  start ();
  WAIT_FOR (n_told == 1);
  ck_assert_msg (told_usable, "%s", told_why);
  set (CHS_PRIORITY_MEDIUM, 1);
  WAIT_FOR (n_tones () == 1);
  set (CHS_PRIORITY_HIGH, 2);
  WAIT_FOR (n_tones () == 2);
  set (CHS_PRIORITY_NONE, 0);
}
END_TEST

START_TEST (a_lost_device_is_told_and_so_is_its_return)
{
  fake.absent = TRUE;
  start ();
  WAIT_FOR (n_told == 1 && !told_usable && strstr (told_why, "no such device") != NULL);
  fake.absent = FALSE;
  WAIT_FOR (n_told == 2 && told_usable);
}
END_TEST

START_TEST (clause_62304_a_frozen_engine_is_heard)
{
  start ();
  set (CHS_PRIORITY_NONE, 0);
  chs_annunciator_watch (annunciator, G_USEC_PER_SEC / 5);
  WAIT_FOR (n_tones () == 1);
  chs_annunciator_watch (annunciator, 0);
}
END_TEST

START_TEST (clause_62304_a_lost_monitor_is_heard_until_it_is_back)
{
  start ();
  chs_annunciator_set_lost (annunciator, TRUE);
  WAIT_FOR (n_tones () == 1);
  chs_annunciator_set_lost (annunciator, FALSE);
}
END_TEST

START_TEST (the_self_test_is_heard)
{
  start ();
  chs_annunciator_play (annunciator, CHS_TONE_SELF_TEST);
  WAIT_FOR (n_tones () == 1);
}
END_TEST

/* A sound system that takes the thread and does not give it back. */
static GMutex stuck;
static gsize
stuck_controls (ChsPlayer *self, ChsMixerControl *controls, gsize size)
{
  g_mutex_lock (&stuck);
  g_mutex_unlock (&stuck);
  return 0;
}

START_TEST (a_sound_system_that_hangs_is_told)
{
  static ChsPlayerClass klass;
  ChsSoundSettings settings;
  gint64 from_us;

  klass = fake_player;
  klass.controls = stuck_controls;
  chs_sound_settings_init (&settings);
  annunciator = chs_annunciator_new (&settings, &klass, &clock_.clock, context, on_sound_changed, &n_told);
  WAIT_FOR (n_told == 1 && told_usable);
  g_mutex_lock (&stuck);
  from_us = now ();
  WAIT_FOR (n_told == 2 && !told_usable);
  ck_assert_str_eq (told_why, "sound system does not answer");
  ck_assert_msg (now () - from_us <= 5 * G_USEC_PER_SEC, "after %.1f s", (double) (now () - from_us) / 1e6);
  g_mutex_unlock (&stuck);
  WAIT_FOR (n_told == 3 && told_usable);
}
END_TEST

static Suite *
annunciator_suite (void)
{
  Suite *suite = suite_create ("annunciator");
  TCase *tc = tcase_create ("thread");

  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_set_timeout (tc, 60);
  tcase_add_test (tc, a_target_is_heard);
  tcase_add_test (tc, a_lost_device_is_told_and_so_is_its_return);
  tcase_add_test (tc, clause_62304_a_frozen_engine_is_heard);
  tcase_add_test (tc, clause_62304_a_lost_monitor_is_heard_until_it_is_back);
  tcase_add_test (tc, the_self_test_is_heard);
  tcase_add_test (tc, a_sound_system_that_hangs_is_told);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (annunciator_suite)

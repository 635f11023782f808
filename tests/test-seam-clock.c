/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/seam-clock.h"

#define S G_GINT64_CONSTANT (1000000)
/* 2026-10-25 01:00:00 UTC, the end of summer time in the zone below. */
#define DST_END G_GINT64_CONSTANT (1792890000)

/* What the machine's clocks do in one second, and the seam that follows. */
static const struct {
  const char *name;
  gint64 wall_us; /* by how much UTC moves */
  int code;       /* 0 = no seam */
  gint64 step_us;
  int offset_min;
} rows[] = {
  { "nothing", S, 0, 0, 0 },
  { "slew", S + S / 2000, 0, 0, 0 },
  { "just below", 2 * S - 1, 0, 0, 0 },
  { "NTP forward", 2 * S, CHS_CLOCK_STEP, S, 120 },
  { "NTP back", S - 7200 * S, CHS_CLOCK_STEP, -7200 * S, 120 },
  { "into winter time", 61 * S, CHS_CLOCK_STEP, 60 * S, 60 },
};

static ChsStepClock machine;
static ChsSeamClock seamed;

static void
set_up (void)
{
  /* POSIX form: no zone files needed. */
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("CET-1CEST,M3.5.0,M10.5.0/3");

  ck_assert_ptr_nonnull (zone);
  chs_step_clock_init (&machine, 500 * S, (DST_END - 30) * S - 500 * S);
  chs_seam_clock_init (&seamed, &machine.clock, zone, 100 * S);
}

static void
tear_down (void)
{
  chs_seam_clock_clear (&seamed);
}

START_TEST (a_step_is_a_seam_and_time_goes_on)
{
  ChsClockSeam seam;
  gint64 before_us = seamed.clock.wall_us (&seamed.clock);

  ck_assert_int_eq (seamed.clock.now_us (&seamed.clock), 400 * S);
  ck_assert_int_eq (seamed.utc_offset_min, 120);
  machine.t_us += S;
  machine.offset_us += rows[_i].wall_us - S;
  ck_assert_msg (chs_seam_clock_check (&seamed, &seam) == (rows[_i].code != 0), "%s", rows[_i].name);
  ck_assert_int_eq (seamed.clock.now_us (&seamed.clock), 401 * S);
  ck_assert_int_eq (seamed.clock.wall_us (&seamed.clock) - before_us, S + rows[_i].step_us);
  if (rows[_i].code == 0)
    return;
  ck_assert_int_eq (seam.code, rows[_i].code);
  ck_assert_int_eq (seam.step_us, rows[_i].step_us);
  ck_assert_int_eq (seam.utc_offset_min, rows[_i].offset_min);
  ck_assert (!chs_seam_clock_check (&seamed, &seam));
}
END_TEST

START_TEST (daylight_saving_moves_only_the_offset)
{
  ChsClockSeam seam;
  int seams = 0;

  for (int s = 0; s < 60; s++) {
    machine.t_us += S;
    if (!chs_seam_clock_check (&seamed, &seam))
      continue;
    seams++;
    ck_assert_int_eq (seam.code, CHS_CLOCK_ZONE);
    ck_assert_int_eq (seam.utc_offset_min, 60);
    ck_assert_int_eq (seam.step_us, 0);
    ck_assert_int_eq (machine.clock.wall_us (&machine.clock), DST_END * S);
  }
  ck_assert_int_eq (seams, 1);
}
END_TEST

static Suite *
seam_clock_suite (void)
{
  Suite *suite = suite_create ("seam-clock");
  TCase *tc = tcase_create ("seams");

  tcase_add_checked_fixture (tc, set_up, tear_down);
  tcase_add_loop_test (tc, a_step_is_a_seam_and_time_goes_on, 0, G_N_ELEMENTS (rows));
  tcase_add_test (tc, daylight_saving_moves_only_the_offset);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (seam_clock_suite)

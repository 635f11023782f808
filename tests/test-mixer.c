/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/mixer.h"

#include <math.h>
#include <string.h>

/* alarm-standard.md section 4.4 and requirement 10; hazard H02. */
static const struct {
  const char     *name;
  ChsMixerControl controls[4];
  size_t          n;
  double          gain_db;
  bool            usable;
  const char     *why; /* part of it */
} rows[] = {
  { "no mixer", { { "" } }, 0, 0, true, "" },
  { "all open", { { "Master", true, true, 0 }, { "PCM", false, true, 0 } }, 2, 0, true, "" },
  { "master muted", { { "Master", true, false, 0 } }, 1, 0, false, "\"Master\" is muted" },
  { "at the floor", { { "Master", true, true, 30 } }, 1, 0, true, "" },
  { "below the floor", { { "Master", true, true, 30.5 } }, 1, 0, false, "volume is 30.5 dB" },
  { "levels add up", { { "Master", true, true, 16 }, { "PCM", false, true, 15 } }, 2, 0, false, "volume is 31.0 dB" },
  { "own volume counts", { { "Master", true, true, 16 } }, 1, -15, false, "volume is 31.0 dB" },
  { "own volume counts without a mixer", { { "" } }, 0, -31, false, "volume is 31.0 dB" },
  { "one output is enough", { { "Speaker", true, false, 0 }, { "Headphone", true, true, 0 } }, 2, 0, true, "" },
  { "no output left", { { "Master", true, true, 0 }, { "Speaker", true, false, 0 }, { "Headphone", true, false, 0 } }, 3, 0, false, "is muted" },
  { "loudest output counts", { { "Speaker", true, true, 46 }, { "Headphone", true, true, 3 } }, 2, 0, true, "" },
  { "HDMI off", { { "IEC958", true, false, NAN } }, 1, 0, false, "\"IEC958\" is muted" },
  { "switch without level", { { "Master", true, true, NAN } }, 1, 0, true, "" },
  { "level without switch", { { "PCM", false, false, 2 } }, 1, 0, true, "" },
  { "others are not ours", { { "Mic", true, false, 60 }, { "Beep", true, false, 60 } }, 2, 0, true, "" },
};

START_TEST (clause_6_3_3_2_controls_are_judged)
{
  char why[96];
  double below;
  bool usable = chs_mixer_judge (rows[_i].controls, rows[_i].n, rows[_i].gain_db, -30, &below, why, sizeof why);

  ck_assert_msg (usable == rows[_i].usable, "%s: %s", rows[_i].name, why);
  ck_assert_msg (strstr (why, rows[_i].why) != NULL && (why[0] == '\0') == usable, "%s: \"%s\"", rows[_i].name, why);
}
END_TEST

static Suite *
mixer_suite (void)
{
  Suite *suite = suite_create ("mixer");
  TCase *tc = tcase_create ("judge");

  tcase_add_loop_test (tc, clause_6_3_3_2_controls_are_judged, 0, (int) (sizeof rows / sizeof rows[0]));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (mixer_suite)

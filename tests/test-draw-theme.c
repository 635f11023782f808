/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/draw/draw.h"

#include <math.h>
#include <stddef.h>

/* ---- flashing: sampled as a screen would, 10 s at 1 ms ---- */

static const struct {
  ChsPriority priority;
  double hz, share;
} flashes[] = { { CHS_PRIORITY_HIGH, 2.0, 0.5 }, { CHS_PRIORITY_MEDIUM, 0.6, 0.5 }, { CHS_PRIORITY_LOW, 0.0, 1.0 } };

START_TEST (clause_6_3_2_2_flashes_as_the_standard_asks)
{
  const int n = 100000;
  int lit = 0, rises = 0;

  for (int ms = 1; ms < n; ms++) {
    bool is_on = chs_flash_is_on (flashes[_i].priority, ms * 1000), was_on = chs_flash_is_on (flashes[_i].priority, (ms - 1) * 1000);

    lit += is_on;
    rises += is_on && !was_on;
  }
  ck_assert_double_eq_tol (rises / (n / 1000.0), flashes[_i].hz, 0.1);
  ck_assert_double_eq_tol ((double) lit / n, flashes[_i].share, 0.05);
}
END_TEST

/* ---- contrast: WCAG 2 relative luminance ---- */

static double
linear (double v)
{
  return v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
}

static double
luminance (ChsColour c)
{
  return 0.2126 * linear (c.r) + 0.7152 * linear (c.g) + 0.0722 * linear (c.b);
}

static double
ratio (ChsColour a, ChsColour b)
{
  double la = luminance (a), lb = luminance (b);

  return (fmax (la, lb) + 0.05) / (fmin (la, lb) + 0.05);
}

#define AT(palette, offset) (*(const ChsColour *) (const void *) ((const char *) (palette) + (offset)))
#define PAIR(text, ground, least) { #text " on " #ground, offsetof (ChsPalette, text), offsetof (ChsPalette, ground), least }

static const struct {
  const char *name;
  size_t text, ground;
  double least;
} pairs[] = {
  PAIR (text, background, 7), PAIR (text, panel, 7),      PAIR (text, flag, 4.5), PAIR (label, panel, 4.5), PAIR (label, background, 4.5),
  PAIR (stale, panel, 4.5),   PAIR (good, background, 4.5), PAIR (good, panel, 4.5),    PAIR (replay, background, 4.5),
  /* numbers of tiles */
  PAIR (nibp, panel, 7),      PAIR (hr, panel, 4.5),      PAIR (spo2, panel, 4.5),      PAIR (rr, panel, 4.5),    PAIR (temp, panel, 4.5),
  PAIR (co2, panel, 4.5),     PAIR (pump[0], panel, 4.5), PAIR (pump[1], panel, 4.5),   PAIR (pump[2], panel, 4.5),
  /* alarms: 7 in tiles, where the numbers stand */
  PAIR (alarm_text[1], alarm_tile[1], 7),   PAIR (alarm_text[2], alarm_tile[2], 7),   PAIR (alarm_text[3], alarm_tile[3], 7),
  /* also the ring of the focus: text on the background around a key, the row's text on its fill; 3 would do */
  PAIR (alarm_text[1], alarm_fill[1], 4.5), PAIR (alarm_text[2], alarm_fill[2], 4.5), PAIR (alarm_text[3], alarm_fill[3], 4.5),
};

/* Primary numbers: what must be read from three metres. */
static const size_t primary[] = { offsetof (ChsPalette, nibp), offsetof (ChsPalette, hr), offsetof (ChsPalette, spo2),
                                  offsetof (ChsPalette, rr), offsetof (ChsPalette, temp), offsetof (ChsPalette, pump[0]),
                                  offsetof (ChsPalette, pump[1]), offsetof (ChsPalette, pump[2]) };

START_TEST (every_text_can_be_read)
{
  for (int look = 0; look < CHS_N_LOOKS; look++) {
    ChsTheme theme;
    double got;

    chs_theme_init (&theme, (ChsLook) look, 5.83);
    got = ratio (AT (&theme.palette, pairs[_i].text), AT (&theme.palette, pairs[_i].ground));
    ck_assert_msg (got >= pairs[_i].least, "look %d: %s is %.2f, at least %.1f", look, pairs[_i].name, got, pairs[_i].least);
  }
}
END_TEST

START_TEST (primary_numbers_stand_out)
{
  for (int look = 0; look < CHS_N_LOOKS; look++) {
    ChsTheme theme;
    double got;

    chs_theme_init (&theme, (ChsLook) look, 5.83);
    got = ratio (AT (&theme.palette, primary[_i]), theme.palette.panel);
    ck_assert_msg (got >= 7.0, "look %d: number %d is %.2f, at least 7", look, _i, got);
  }
}
END_TEST

/* ---- alarm colours belong to alarms ---- */

static void
to_hsv (ChsColour c, double *hue, double *saturation, double *value)
{
  double most = fmax (c.r, fmax (c.g, c.b)), least = fmin (c.r, fmin (c.g, c.b)), span = most - least;

  *value = most;
  *saturation = most > 0.0 ? span / most : 0.0;
  if (span <= 0.0)
    *hue = 0.0;
  else if (most <= c.r)
    *hue = fmod (60.0 * (c.g - c.b) / span + 360.0, 360.0);
  else if (most <= c.g)
    *hue = 60.0 * (c.b - c.r) / span + 120.0;
  else
    *hue = 60.0 * (c.r - c.g) / span + 240.0;
}

/* Near the hue of an alarm, and strong enough to be taken for one. */
static bool
looks_like_alarm (ChsColour c)
{
  static const double hues[] = { 357.0, 50.0, 191.0 };
  double hue, saturation, value;

  to_hsv (c, &hue, &saturation, &value);
  for (size_t i = 0; i < sizeof hues / sizeof hues[0]; i++) {
    double away = fabs (hue - hues[i]);

    if (fmin (away, 360.0 - away) < 12.0 && saturation > 0.5 && value > 0.4)
      return true;
  }
  return false;
}

START_TEST (nothing_else_wears_an_alarm_colour)
{
  static const size_t quiet[] = {
    offsetof (ChsPalette, background), offsetof (ChsPalette, panel), offsetof (ChsPalette, panel_edge), offsetof (ChsPalette, grid), offsetof (ChsPalette, flag),
    offsetof (ChsPalette, text), offsetof (ChsPalette, label), offsetof (ChsPalette, stale), offsetof (ChsPalette, hr),
    offsetof (ChsPalette, spo2), offsetof (ChsPalette, nibp), offsetof (ChsPalette, rr), offsetof (ChsPalette, temp),
    offsetof (ChsPalette, co2), offsetof (ChsPalette, pump[0]), offsetof (ChsPalette, pump[1]), offsetof (ChsPalette, pump[2]),
    offsetof (ChsPalette, replay), offsetof (ChsPalette, good),
  };
  ChsTheme theme;

  chs_theme_init (&theme, (ChsLook) _i, 5.83);
  for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++)
    ck_assert_msg (!looks_like_alarm (AT (&theme.palette, quiet[i])), "look %d: colour %zu looks like an alarm", _i, i);
  for (int priority = CHS_PRIORITY_LOW; priority <= CHS_PRIORITY_HIGH; priority++)
    ck_assert_msg (looks_like_alarm (theme.palette.alarm_fill[priority]), "look %d: priority %d", _i, priority);
}
END_TEST

/* Night dims everything but the alarms. */
START_TEST (night_is_darker_than_day)
{
  ChsTheme day, night;

  chs_theme_init (&day, CHS_LOOK_DAY, 5.83);
  chs_theme_init (&night, CHS_LOOK_NIGHT, 5.83);
  for (size_t i = 0; i < sizeof primary / sizeof primary[0]; i++)
    ck_assert_double_lt (luminance (AT (&night.palette, primary[i])), 0.85 * luminance (AT (&day.palette, primary[i])));
  ck_assert_double_le (luminance (night.palette.panel), 0.15 * luminance (day.palette.panel));
  for (int priority = 0; priority <= CHS_PRIORITY_HIGH; priority++)
    ck_assert_double_eq (luminance (night.palette.alarm_fill[priority]), luminance (day.palette.alarm_fill[priority]));
}
END_TEST

static Suite *
theme_suite (void)
{
  Suite *suite = suite_create ("draw-theme");
  TCase *tc = tcase_create ("looks");

  tcase_add_loop_test (tc, clause_6_3_2_2_flashes_as_the_standard_asks, 0, sizeof flashes / sizeof flashes[0]);
  tcase_add_loop_test (tc, every_text_can_be_read, 0, sizeof pairs / sizeof pairs[0]);
  tcase_add_loop_test (tc, primary_numbers_stand_out, 0, sizeof primary / sizeof primary[0]);
  tcase_add_loop_test (tc, nothing_else_wears_an_alarm_colour, 0, CHS_N_LOOKS);
  tcase_add_test (tc, night_is_darker_than_day);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (theme_suite)

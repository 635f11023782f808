/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/sound-settings.h"

#include <string.h>

static const struct {
  const char *key, *value;
  gboolean    good;
} keys[] = {
  { "device", "plughw:1", TRUE },     { "device", "", FALSE },
  { "melodies", "category", TRUE },   { "melodies", "none", FALSE },
  { "low_bursts", "3", TRUE },        { "low_bursts", "4", FALSE },
  { "low_bursts", "", FALSE },        { "low_bursts", "-1", FALSE },
  { "volume_db", "-12.5", TRUE },     { "volume_db", "3", FALSE },
  { "volume_db", "-12,5", FALSE },    { "volume_db", "nan", FALSE },
  { "volume_db", "-31", FALSE },      { "floor_db", "-60", TRUE },
  { "keep_awake", "yes", TRUE },      { "keep_awake", "1", FALSE },
  { "accept_unheard", "yes", TRUE },  { "volume", "0", FALSE },
};

START_TEST (settings_are_checked)
{
  g_autoptr (GError) error = NULL;
  ChsSoundSettings settings, before;
  gboolean good;

  chs_sound_settings_init (&settings);
  before = settings;
  good = chs_sound_settings_set (&settings, keys[_i].key, keys[_i].value, &error);

  ck_assert_msg (good == keys[_i].good, "%s = \"%s\"", keys[_i].key, keys[_i].value);
  ck_assert ((error == NULL) == good);
  ck_assert_int_eq (memcmp (&settings, &before, sizeof before) != 0, good);
  if (!good)
    ck_assert_msg (strstr (error->message, keys[_i].key) != NULL, "%s", error->message);
}
END_TEST

static Suite *
sound_settings_suite (void)
{
  Suite *suite = suite_create ("sound-settings");
  TCase *tc = tcase_create ("keys");

  tcase_add_loop_test (tc, settings_are_checked, 0, G_N_ELEMENTS (keys));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (sound_settings_suite)

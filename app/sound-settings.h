/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* How alarms sound at one chair: the group [sound] of its configuration. */

typedef struct {
  char   device[64];      /* ALSA's name */
  bool   melodies;        /* category melodies */
  guint8 low_bursts;      /* 0..3 bursts of LOW; 0 = LOW is silent */
  double volume_db;       /* -60..0, own volume */
  double floor_db;        /* -60..0: least that must arrive, dB below everything at its loudest */
  bool   keep_awake;      /* feed silence all the time: for HDMI and USB loudspeakers that sleep and then cut off
                           * the beginning */
  bool   accept_unheard;  /* a device that is known to play to nowhere counts as usable: demonstrations and tests */
} ChsSoundSettings;

/**
 * chs_sound_settings_init:
 * @self: (out): defaults: "default", general melody, LOW silent (hazard H42), full volume, floor -30 dB
 */
void chs_sound_settings_init (ChsSoundSettings *self);

/**
 * chs_sound_settings_set:
 * @self: settings
 * @key: "device", "melodies" (general, category), "low_bursts", "volume_db", "floor_db", "keep_awake", "accept_unheard"
 *   (yes, no)
 * @value: text; numbers in the C locale
 * @error: return location; %CHS_INI_ERROR with KEY or VALUE
 *
 * Sets one key of the group [sound] of the chair's configuration. A volume below the floor is refused.
 *
 * Returns: whether it was set
 */
gboolean chs_sound_settings_set (ChsSoundSettings *self, const char *key, const char *value, GError **error);

const char *const *chs_sound_settings_keys (void); /* (array zero-terminated=1): the keys of chs_sound_settings_set() */

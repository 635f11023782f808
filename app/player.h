/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/mixer.h"

#include <glib.h>

/* Players: where samples go. ALSA is the one in the product, and its own devices
 * cover the rest: "default", "plughw:1", "null", "file:FILE=/tmp/x.wav,FORMAT=wav".
 * Tests bring players of their own.
 *
 * Mono, 16 bit, CHS_TONE_RATE_HZ. Nothing here blocks longer than the sound
 * system itself does; a player belongs to the thread that opened it. */

#define CHS_SOUND_ERROR (chs_sound_error_quark ())
GQuark chs_sound_error_quark (void);

typedef enum {
  CHS_SOUND_ERROR_OPEN, /* no device, busy, not allowed, refuses the format */
  CHS_SOUND_ERROR_LOST, /* was open, is gone: unplugged, sound server stopped */
} ChsSoundError;

#define CHS_PLAYER_CONTROLS 16

typedef struct _ChsPlayer ChsPlayer;

typedef struct {
  const char *name; /* "alsa" */
  /* @device: name as the sound system knows it. */
  ChsPlayer *(*open) (const char *device, GError **error);
  /* How many frames are handed over and not played yet, and how many more can be taken now. FALSE with
   * CHS_SOUND_ERROR_LOST when the device is gone. */
  gboolean (*room) (ChsPlayer *self, gsize *queued, gsize *free, GError **error);
  /* Hands over @n frames, at most the free room. Starts the device when it stands. */
  gboolean (*play) (ChsPlayer *self, const gint16 *frames, gsize n, GError **error);
  /* Reads the volume controls of the path; returns how many, 0 when there are none to be seen. May be NULL. */
  gsize (*controls) (ChsPlayer *self, ChsMixerControl *controls, gsize size);
  void (*close) (ChsPlayer *self);
} ChsPlayerClass;

struct _ChsPlayer {
  const ChsPlayerClass *klass; /* each player's own struct begins with this one */
};

extern const ChsPlayerClass chs_player_alsa;

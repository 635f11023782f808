/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Judges the volume controls between us and the loudspeaker. Pure; ALSA's mixer
 * is read in app/player-alsa.c. C library only. */

typedef struct {
  char   name[44];    /* "Master", "Speaker" */
  bool   has_switch;  /* can be muted */
  bool   is_on;
  double below_db;    /* how far below its loudest, 0 or positive; NAN = it has no level */
} ChsMixerControl;

/**
 * chs_mixer_judge:
 * @controls: (array length=n): playback controls of one card
 * @n: how many; 0 = the card has none, which is accepted: the level is then set at the loudspeaker
 * @gain_db: our own volume, 0 or negative
 * @floor_db: least that must arrive, negative, dB below everything at its loudest
 * @below_db: (out) (optional): how far below its loudest the path is, all together; 0 when nothing is known
 * @why: (out caller-allocates): what is wrong, in English; "" when usable
 * @size: room in @why
 *
 * Controls in series (Master, PCM, ...) each must be on, and their attenuations add. Of the outputs in parallel
 * (Speaker, Headphone, ...) one must be on, and the loudest counts. Controls of other names are not ours to judge.
 *
 * Returns: whether an alarm can be heard as far as the controls tell
 */
bool chs_mixer_judge (const ChsMixerControl *controls,
                      size_t                 n,
                      double                 gain_db,
                      double                 floor_db,
                      double                *below_db,
                      char                  *why,
                      size_t                 size);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/chair-model.h"

/* The newest seconds of one wave, and where samples are missing in it.
 *
 * A block carries the time at which it came, and a busy bus or computer delivers a block late and the next ones
 * at once after it: that is no hole, and drawing one would be a lie about the patient. So samples are counted
 * against time. What is short by more than half a second is a hole once it has stayed so for a second, and at once when it
 * is more than one and a half. A device whose clock runs slower than ours by less than 2 per mille is followed.
 *
 * Thread: any, one at a time. */

typedef struct {
  ChsWaveView view;
  int16_t    *ring;      /* owned; NULL = empty */
  int64_t     anchor_us; /* at this time ... */
  double      anchor_n;  /* ... so many samples were here */
  int64_t     late_us;   /* since when samples are short; CHS_TIME_NONE = they are not */
  guint64     late_n;    /* samples there were before */
} ChsWaveRing;

/**
 * chs_wave_ring_feed:
 * @self: a ring, zeroed before its first block
 * @wave: a block: rate above 0, at least one sample; another size of ring than before begins anew
 * @t_us: session time at which it came
 * @size: of the ring, samples
 */
void chs_wave_ring_feed (ChsWaveRing *self, const ChsWave *wave, int64_t t_us, guint size);

void chs_wave_ring_clear (ChsWaveRing *self);

/* @copy: (out caller-allocates): gets a ring of its own. */
void chs_wave_ring_copy (const ChsWaveRing *self, ChsWaveRing *copy);

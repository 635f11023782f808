/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"
#include "app/tone.h"

/* The burst schedule: which tone is due when, and its samples. Pure: the target
 * and the time go in, samples come out; no clock, no thread, no device.
 *
 * - A tone is repeated with its interburst interval until the target says otherwise; a higher one interrupts it at
 *   once; a lower one waits for the least interval, so that two bursts are never one.
 * - A new condition of the same priority (newest_id rises) sounds at once, or after the least interval.
 * - LOW sounds @low_bursts times, then it is visual only.
 * - Silence (pause, acknowledgement, end) takes effect within the current pulse, with a fall of 10 ms.
 * - A reminder is one pulse at reminder_us, when nothing else sounds.
 * - One-shot tones (self-test, commissioning) play when no alarm sounds and give way to any. */

#define CHS_BURST_LOW_MAX 3

typedef struct {
  bool    melodies;   /* category melodies instead of the general one */
  uint8_t low_bursts; /* 0..CHS_BURST_LOW_MAX; 0 = LOW is silent (hazard H42) */
  double  gain_db;    /* -60..0 */
} ChsBurstSettings;

typedef struct {
  ChsBurstSettings settings;
  ChsAnnunciation  target;
  bool     lost;      /* the alarm system has failed: CHS_TONE_MONITOR_LOST outranks the target */
  uint8_t  once;      /* ChsTone asked for by chs_burst_once() */
  uint8_t  tone;      /* ChsTone that plays now; NONE = silence */
  bool     is_once;   /* @tone is one of chs_burst_once() */
  uint8_t  melody;    /* its ChsMelody */
  uint8_t  repeating; /* ChsTone that is being repeated; NONE = no alarm sounds */
  uint8_t  n_bursts;  /* of @repeating, finished or begun, for the newest condition; stops at 255 */
  uint32_t at;        /* next sample of @tone */
  uint32_t fall_left; /* samples left of an early end; 0 = @tone runs its course */
  bool     fresh;     /* the next burst waits only for the least interval */
  int64_t  end_us;    /* end of the last burst; CHS_TIME_NONE = the next may begin at once */
  int64_t  reminded_us; /* reminder_us of the last reminder given */
  uint64_t n_played;  /* tones begun, for technicians */
} ChsBurst;

/**
 * chs_burst_init:
 * @self: (out): a silent schedule
 * @settings: copied; values out of range are brought into it
 */
void chs_burst_init (ChsBurst *self, const ChsBurstSettings *settings);

/**
 * chs_burst_target:
 * @self: a schedule
 * @target: what should be heard from now on
 * @lost: the alarm system has failed, whatever @target says
 * @now_us: session time
 */
void chs_burst_target (ChsBurst *self, const ChsAnnunciation *target, bool lost, int64_t now_us);

/**
 * chs_burst_once:
 * @self: a schedule
 * @tone: a tone to be played once, when no alarm sounds; %CHS_TONE_NONE ends the one that plays
 */
void chs_burst_once (ChsBurst *self, ChsTone tone);

/**
 * chs_burst_restart:
 * @self: a schedule
 *
 * The sound device is new: what was being played is forgotten, and an alarm that is due sounds at once.
 */
void chs_burst_restart (ChsBurst *self);

/**
 * chs_burst_fill:
 * @self: a schedule
 * @start_us: session time at which the first sample will be heard; not before the end of the last fill
 * @out: (out caller-allocates) (array length=n): samples
 * @n: room
 * @next_us: (out): when the next tone is due, if the target stays; INT64_MAX = never
 *
 * Returns: samples made: @n while a tone lasts, less when it ends, 0 in silence
 */
size_t chs_burst_fill (ChsBurst *self, int64_t start_us, int16_t *out, size_t n, int64_t *next_us);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/alarm.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tones: what alarms sound like. Bursts of pulses as IEC 60601-1-8 shapes them
 * (shared/alarm-standard.md section 4 gives every figure), computed sample by
 * sample. A sample is a function of its place alone: any split of a burst into
 * pieces gives the same samples, and nothing is kept between calls.
 *
 * Mono, 16 bit, 48 kHz. Each pulse is six partials in sine phase under a raised
 * cosine rise and fall, so that it begins and ends at zero and carries no DC.
 *
 * The program must not claim compliance with the standard (alarm-standard.md).
 *
 * C library only. Thread: any. */

#define CHS_TONE_RATE_HZ 48000
#define CHS_TONE_PULSES 10 /* most pulses in a burst */
#define CHS_TONE_PARTIALS 6

/* In rising rank: a tone of higher rank interrupts one of lower rank. */
typedef enum {
  CHS_TONE_NONE = 0,
  CHS_TONE_COMMISSIONING, /* 10 s at the level of HIGH, steady, for a sound level meter */
  CHS_TONE_SELF_TEST,     /* "Did you hear it?": at the level of the quietest alarm that must be heard, MEDIUM */
  CHS_TONE_REMINDER,      /* one pulse: a silenced condition is still true */
  CHS_TONE_LOW,
  CHS_TONE_MEDIUM,
  CHS_TONE_HIGH,
  CHS_TONE_MONITOR_LOST, /* the alarm system itself has failed: burst of HIGH, always the equipment melody */
  CHS_N_TONES
} ChsTone;

/* Melodies by category (Annex F of the standard). The default is the general one for all: published tests found the
 * others hard to learn (alarm-standard.md section 4.3). */
typedef enum {
  CHS_MELODY_GENERAL = 0,
  CHS_MELODY_CARDIOVASCULAR,
  CHS_MELODY_OXYGENATION,
  CHS_MELODY_VENTILATION,
  CHS_MELODY_DRUG,
  CHS_MELODY_TEMPERATURE,
  CHS_MELODY_EQUIPMENT,
  CHS_N_MELODIES
} ChsMelody;

/* One row of the table. Times are between the points of 90 % amplitude, as the standard measures. */
typedef struct {
  const char *id;            /* "high"; stable, for the command line */
  uint8_t  n_pulses;
  uint16_t pulse_ms;         /* duration of a pulse, td */
  uint16_t rise_ms;          /* 10 to 90 % of amplitude, and the fall alike */
  uint16_t onset_ms[CHS_TONE_PULSES]; /* of each pulse after the first one's */
  uint16_t interburst_ms;    /* end of a burst to the beginning of the next; 0 = the tone is not repeated */
  uint16_t urgent_ms;        /* the same for a condition that nobody has attended to for long */
  float    peak_dbfs;        /* level at full volume */
} ChsToneSpec;

/* Shortest interval between two bursts that the standard allows, HIGH and MEDIUM alike: what a new condition waits for. */
#define CHS_TONE_MIN_INTERBURST_MS 2500

/**
 * chs_tone_spec:
 * @tone: a tone
 *
 * Source:  alarm-standard.md section 4.1, 4.4
 *
 * Returns: (transfer none): its row; that of %CHS_TONE_NONE outside the enum
 */
const ChsToneSpec *chs_tone_spec (ChsTone tone);

/**
 * chs_tone_from_id:
 * @id: "high", "medium", "low", "reminder", "self-test", "commissioning" or "monitor-lost"
 *
 * Returns: the tone, or %CHS_TONE_NONE
 */
ChsTone chs_tone_from_id (const char *id);

/**
 * chs_tone_for_priority:
 * @priority: a priority
 *
 * Returns: its tone; %CHS_TONE_NONE for none
 */
ChsTone chs_tone_for_priority (ChsPriority priority);

/**
 * chs_tone_length:
 * @tone: a tone
 *
 * Returns: samples of one burst; 0 for %CHS_TONE_NONE
 */
uint32_t chs_tone_length (ChsTone tone);

/**
 * chs_tone_note_hz:
 * @tone: a tone
 * @melody: used by HIGH and MEDIUM alone
 * @pulse: 0 .. n_pulses - 1
 *
 * Source:  alarm-standard.md section 4.2 (equal temperament), 4.3
 *
 * Returns: fundamental of that pulse in Hz; 0 outside the burst
 */
double chs_tone_note_hz (ChsTone tone, ChsMelody melody, unsigned pulse);

/**
 * chs_tone_render:
 * @tone: a tone
 * @melody: used by HIGH and MEDIUM alone
 * @gain_db: -60..0, volume
 * @from: first sample wanted, 0 = the beginning of the burst
 * @out: (out caller-allocates) (array length=n): samples; zero outside the burst
 * @n: how many
 *
 * Range:   the peak of a burst is peak_dbfs + @gain_db, never above -1 dBFS
 */
void chs_tone_render (ChsTone tone, ChsMelody melody, double gain_db, uint32_t from, int16_t *out, size_t n);

/**
 * chs_melody_id:
 * @melody: a melody
 *
 * Returns: "general", "cardiovascular" ...; "" outside the enum
 */
const char *chs_melody_id (ChsMelody melody);

/**
 * chs_melody_from_id:
 * @id: as chs_melody_id() gives it
 * @melody: (out): set only on %TRUE
 *
 * Returns: whether there is such a melody
 */
bool chs_melody_from_id (const char *id, ChsMelody *melody);

/**
 * chs_melody_for_label:
 * @label: an alarm condition
 *
 * Source:  alarm-standard.md section 4.3, last column
 *
 * Returns: the melody of its category
 */
ChsMelody chs_melody_for_label (ChsLabel label);

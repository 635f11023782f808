/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/* Measures sound as a laboratory would: from the samples alone, knowing nothing of how they were made.
 *
 * The envelope is the RMS over one period of the fundamental that is looked for; for a sum of harmonics it does not
 * depend on their phases. Times are of the middle of that window. */

#define SOUND_RATE_HZ 48000
#define SOUND_PULSES 64

typedef struct {
  double onset_ms, end_ms; /* 90 % of amplitude on the rise and on the fall */
  double rise_ms, fall_ms; /* 10 to 90 % */
  double level;            /* RMS of the plateau, full scale sine = 0.707 */
} SoundPulse;

static inline double
sound_rms (const int16_t *x, size_t n, size_t at, size_t window)
{
  size_t from = at > window / 2 ? at - window / 2 : 0;
  double sum = 0;

  for (size_t i = from; i < from + window && i < n; i++)
    sum += (double) x[i] * x[i];
  return sqrt (sum / (double) window) / 32768.0;
}

/* Amplitude of one frequency over @n samples, Hann window; full scale sine = 1. */
static inline double
sound_amplitude (const int16_t *x, size_t n, double hz)
{
  double re = 0, im = 0, sum = 0;

  for (size_t i = 0; i < n; i++) {
    double w = 0.5 - 0.5 * cos (2 * M_PI * (double) i / (double) (n - 1));
    double a = 2 * M_PI * hz * (double) i / SOUND_RATE_HZ;

    re += w * x[i] * cos (a);
    im += w * x[i] * sin (a);
    sum += w;
  }
  return 2 * sqrt (re * re + im * im) / sum / 32768.0;
}

/* Walks from @at in steps of @step to the first sample where the envelope is below @level. */
static inline size_t
sound_edge (const int16_t *x, size_t n, size_t at, int step, double level, size_t window)
{
  while (at > 0 && at < n - 1 && sound_rms (x, n, at, window) >= level)
    at = (size_t) ((ptrdiff_t) at + step);
  return at;
}

/* Finds pulses louder than -46 dBFS and separated by at least 8 ms of silence. Returns how many. */
static inline unsigned
sound_pulses (const int16_t *x, size_t n, double period_hz, SoundPulse *out)
{
  size_t window = (size_t) lround (SOUND_RATE_HZ / period_hz);
  const size_t gap = SOUND_RATE_HZ * 8 / 1000;
  unsigned found = 0;

  for (size_t i = 0; i < n && found < SOUND_PULSES;) {
    size_t end, quiet = 0, mid;
    SoundPulse *p = &out[found];

    if (fabs ((double) x[i]) < 160) {
      i++;
      continue;
    }
    for (end = i; end < n && quiet < gap; end++)
      quiet = fabs ((double) x[end]) < 160 ? quiet + 1 : 0;
    mid = (i + end - quiet) / 2;
    p->level = sound_rms (x, n, mid, window);
    p->onset_ms = (double) sound_edge (x, n, mid, -1, 0.9 * p->level, window) * 1000 / SOUND_RATE_HZ;
    p->end_ms = (double) sound_edge (x, n, mid, 1, 0.9 * p->level, window) * 1000 / SOUND_RATE_HZ;
    p->rise_ms = p->onset_ms - (double) sound_edge (x, n, mid, -1, 0.1 * p->level, window) * 1000 / SOUND_RATE_HZ;
    p->fall_ms = (double) sound_edge (x, n, mid, 1, 0.1 * p->level, window) * 1000 / SOUND_RATE_HZ - p->end_ms;
    found++;
    i = end;
  }
  return found;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/burst.h"

#include <math.h>
#include <string.h>

/* Short enough for "at once", long enough not to click: 2.6 periods of the lowest note. */
#define FALL_SAMPLES (CHS_TONE_RATE_HZ / 100)

static int64_t
us_of_samples (size_t n)
{
  return (int64_t) n * 1000000 / CHS_TONE_RATE_HZ;
}

void
chs_burst_init (ChsBurst *self, const ChsBurstSettings *settings)
{
  memset (self, 0, sizeof *self);
  self->settings = *settings;
  if (self->settings.low_bursts > CHS_BURST_LOW_MAX)
    self->settings.low_bursts = CHS_BURST_LOW_MAX;
  self->settings.gain_db = fmax (-60, fmin (0, settings->gain_db));
  self->end_us = CHS_TIME_NONE;
  self->reminded_us = CHS_TIME_NONE;
}

static void
fall_silent (ChsBurst *self)
{
  if (self->tone != CHS_TONE_NONE && self->fall_left == 0)
    self->fall_left = FALL_SAMPLES;
}

static ChsTone
wanted_tone (const ChsBurst *self)
{
  ChsTone tone = chs_tone_for_priority ((ChsPriority) self->target.priority);

  if (self->lost)
    return CHS_TONE_MONITOR_LOST;
  return tone == CHS_TONE_LOW && self->settings.low_bursts == 0 ? CHS_TONE_NONE : tone;
}

/* Another condition of the priority that sounds already. */
static void
join (ChsBurst *self)
{
  self->fresh = true;
  self->n_bursts = 0;
  if (self->tone < self->repeating)
    fall_silent (self);
}

void
chs_burst_target (ChsBurst *self, const ChsAnnunciation *target, bool lost, int64_t now_us)
{
  bool joined = target->newest_id > self->target.newest_id;
  ChsTone before = (ChsTone) self->repeating, wanted;

  self->target = *target;
  self->lost = lost;
  wanted = wanted_tone (self);
  self->repeating = (uint8_t) wanted;
  if (wanted == before) {
    if (joined)
      join (self);
    return;
  }
  if (self->tone != CHS_TONE_NONE && (wanted != CHS_TONE_NONE || self->tone == before))
    fall_silent (self);
  self->n_bursts = 0;
  self->fresh = wanted < before;
  self->end_us = wanted < before ? now_us : CHS_TIME_NONE;
}

void
chs_burst_once (ChsBurst *self, ChsTone tone)
{
  if (self->is_once)
    fall_silent (self);
  self->once = (uint8_t) tone;
}

void
chs_burst_restart (ChsBurst *self)
{
  self->tone = CHS_TONE_NONE;
  self->is_once = false;
  self->fall_left = 0;
  self->end_us = CHS_TIME_NONE;
}

/* When the alarm that is being repeated is due; INT64_MAX = none is. */
static int64_t
repeat_due_us (const ChsBurst *self)
{
  const ChsToneSpec *spec = chs_tone_spec ((ChsTone) self->repeating);
  int64_t wait_ms = self->target.urgent && !self->lost ? spec->urgent_ms : spec->interburst_ms;

  if (self->repeating == CHS_TONE_NONE)
    return INT64_MAX;
  if (self->repeating == CHS_TONE_LOW && self->n_bursts >= self->settings.low_bursts)
    return INT64_MAX;
  if (self->end_us == CHS_TIME_NONE)
    return INT64_MIN;
  return self->end_us + (self->fresh ? CHS_TONE_MIN_INTERBURST_MS : wait_ms) * 1000;
}

static int64_t
reminder_due_us (const ChsBurst *self)
{
  bool is_due = self->target.reminder && self->target.reminder_us != self->reminded_us;

  return is_due ? self->target.reminder_us : INT64_MAX;
}

static void
begin (ChsBurst *self, ChsTone tone)
{
  self->tone = (uint8_t) tone;
  self->is_once = false;
  self->at = 0;
  self->fall_left = 0;
  self->melody = self->settings.melodies ? (uint8_t) chs_melody_for_label ((ChsLabel) self->target.label)
                                         : CHS_MELODY_GENERAL;
  self->n_played++;
}

/* Begins what is due at @t_us; tells in @next_us when something will be. */
static bool
begin_due (ChsBurst *self, int64_t t_us, int64_t *next_us)
{
  int64_t repeat_us = repeat_due_us (self), reminder_us = reminder_due_us (self);

  *next_us = INT64_MAX;
  if (repeat_us <= t_us) {
    begin (self, (ChsTone) self->repeating);
    self->fresh = false;
    if (self->n_bursts < UINT8_MAX)
      self->n_bursts++;
    return true;
  }
  *next_us = repeat_us;
  if (repeat_us != INT64_MAX)
    return false;
  if (reminder_us <= t_us) {
    begin (self, CHS_TONE_REMINDER);
    self->reminded_us = self->target.reminder_us;
    return true;
  }
  *next_us = reminder_us;
  if (self->once == CHS_TONE_NONE)
    return false;
  begin (self, (ChsTone) self->once);
  self->is_once = true;
  self->once = CHS_TONE_NONE;
  return true;
}

/* An early end: what is left of the tone under a raised cosine fall. */
static void
fall (ChsBurst *self, int16_t *out, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    double left = (double) (self->fall_left - i) / FALL_SAMPLES;

    out[i] = (int16_t) lround (out[i] * (0.5 - 0.5 * cos (M_PI * left)));
  }
  self->fall_left -= (uint32_t) n;
}

static size_t
play (ChsBurst *self, int16_t *out, size_t n)
{
  uint32_t left = chs_tone_length ((ChsTone) self->tone) - self->at;

  if (self->fall_left > 0 && self->fall_left < left)
    left = self->fall_left;
  if (n > left)
    n = left;
  chs_tone_render ((ChsTone) self->tone, (ChsMelody) self->melody, self->settings.gain_db, self->at, out, n);
  if (self->fall_left > 0)
    fall (self, out, n);
  self->at += (uint32_t) n;
  return n;
}

size_t
chs_burst_fill (ChsBurst *self, int64_t start_us, int16_t *out, size_t n, int64_t *next_us)
{
  size_t done = 0;

  *next_us = INT64_MAX;
  while (done < n) {
    uint32_t before = self->fall_left;

    if (self->tone == CHS_TONE_NONE && !begin_due (self, start_us + us_of_samples (done), next_us))
      break;
    done += play (self, out + done, n - done);
    if (self->at == chs_tone_length ((ChsTone) self->tone) || (before > 0 && self->fall_left == 0)) {
      /* An interval is counted from the end of the alarm that is being repeated, and of no other tone. */
      if (self->tone == self->repeating && before == 0)
        self->end_us = start_us + us_of_samples (done);
      self->tone = CHS_TONE_NONE;
      self->is_once = false;
      self->fall_left = 0;
    }
  }
  return done;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/tone.h"

#include <math.h>
#include <string.h>

/* The table. Ranges of the standard and the choice inside them: alarm-standard.md section 4.1.
 *
 * Rise: 10-20 % of td is allowed. Patients who startle sit here, so slow is right (H42); 18 % rather than 20 %, so
 * that no way of measuring puts it outside.
 * Levels: HIGH >= MEDIUM >= LOW (section 4.4), 3 dB apart: the order is heard, and MEDIUM is not lost in a noisy room.
 * Urgent: half the interval, but MEDIUM stays above HIGH's and HIGH above the least of 2.5 s. */
static const ChsToneSpec specs[CHS_N_TONES] = {
  [CHS_TONE_NONE] = { .id = "none" },
  [CHS_TONE_COMMISSIONING] = { .id = "commissioning",
    .n_pulses = 1, .pulse_ms = 10000, .rise_ms = 100, .onset_ms = { 0 }, .peak_dbfs = -1.5f },
  [CHS_TONE_SELF_TEST] = { .id = "self-test",
    .n_pulses = 4, .pulse_ms = 200, .rise_ms = 36, .onset_ms = { 0, 300, 600, 900 }, .peak_dbfs = -4.5f },
  [CHS_TONE_REMINDER] = { .id = "reminder",
    .n_pulses = 1, .pulse_ms = 200, .rise_ms = 36, .onset_ms = { 0 }, .peak_dbfs = -7.5f },
  [CHS_TONE_LOW] = { .id = "low",
    .n_pulses = 2, .pulse_ms = 200, .rise_ms = 36, .onset_ms = { 0, 400 },
    .interburst_ms = 25000, .urgent_ms = 25000, .peak_dbfs = -7.5f },
  [CHS_TONE_MEDIUM] = { .id = "medium",
    .n_pulses = 3, .pulse_ms = 200, .rise_ms = 36, .onset_ms = { 0, 400, 800 },
    .interburst_ms = 10000, .urgent_ms = 5000, .peak_dbfs = -4.5f },
  [CHS_TONE_HIGH] = { .id = "high",
    .n_pulses = 10, .pulse_ms = 150, .rise_ms = 27,
    .onset_ms = { 0, 250, 500, 1000, 1250, 2100, 2350, 2600, 3100, 3350 },
    .interburst_ms = 4000, .urgent_ms = 2500, .peak_dbfs = -1.5f },
  [CHS_TONE_MONITOR_LOST] = { .id = "monitor-lost",
    .n_pulses = 10, .pulse_ms = 150, .rise_ms = 27,
    .onset_ms = { 0, 250, 500, 1000, 1250, 2100, 2350, 2600, 3100, 3350 },
    .interburst_ms = 4000, .urgent_ms = 2500, .peak_dbfs = -1.5f },
};

/* Partials at 0, -3, -5, -7, -9, -11 dB (section 4.2). The signs are chosen so that the peaks of the partials do not
 * meet: for the same peak the tone is 3.4 dB louder than with all of them positive. Found by trying all 32. */
static const double partials[CHS_TONE_PARTIALS] = { 1.0, -0.707946, -0.562341, -0.446684, -0.354813, 0.281838 };
#define PARTIALS_PEAK 1.607 /* largest absolute value of their sum */

/* A raised cosine runs from 10 to 90 % in this part of its length, and from 0 to 90 % in that one. */
#define RISE_10_90 0.590334
#define RISE_0_90 0.795167

typedef enum { C4, D4, E4, F4, FS4, G4, A4, B4, C5 } Note;

static const double note_hz[] = { 261.63, 293.66, 329.63, 349.23, 369.99, 392.00, 440.00, 493.88, 523.25 };

/* Section 4.3. MEDIUM is the first three notes of HIGH; HIGH plays its five twice. */
static const struct {
  const char *id;
  uint8_t     notes[CHS_TONE_PULSES / 2];
} melodies[CHS_N_MELODIES] = {
  [CHS_MELODY_GENERAL] = { "general", { C4, C4, C4, C4, C4 } },
  [CHS_MELODY_CARDIOVASCULAR] = { "cardiovascular", { C4, E4, G4, G4, C5 } },
  [CHS_MELODY_OXYGENATION] = { "oxygenation", { C5, B4, A4, G4, F4 } },
  [CHS_MELODY_VENTILATION] = { "ventilation", { C4, A4, F4, A4, F4 } },
  [CHS_MELODY_DRUG] = { "drug", { C5, D4, G4, C5, D4 } },
  [CHS_MELODY_TEMPERATURE] = { "temperature", { C4, D4, E4, F4, G4 } },
  [CHS_MELODY_EQUIPMENT] = { "equipment", { C5, C4, C4, C5, C4 } },
};

static const uint8_t low_notes[] = { E4, C4 };
static const uint8_t self_test_notes[] = { C4, G4, C5, G4 }; /* rises and comes back: like none of the alarms */

/* Section 4.3, last column. A label that is not here is general. */
static const uint8_t label_melodies[CHS_N_LABELS] = {
  [CHS_LABEL_VASOVAGAL] = CHS_MELODY_CARDIOVASCULAR,
  [CHS_LABEL_HYPOTENSION] = CHS_MELODY_CARDIOVASCULAR,
  [CHS_LABEL_HYPERTENSION] = CHS_MELODY_CARDIOVASCULAR,
  [CHS_LABEL_KETAMINE_HYPERTENSION] = CHS_MELODY_CARDIOVASCULAR,
  [CHS_LABEL_TACHYCARDIA] = CHS_MELODY_CARDIOVASCULAR,
  [CHS_LABEL_BRADYCARDIA] = CHS_MELODY_CARDIOVASCULAR,
  [CHS_LABEL_ARRHYTHMIA] = CHS_MELODY_CARDIOVASCULAR,
  [CHS_LABEL_CHECK_PULSE] = CHS_MELODY_CARDIOVASCULAR,
  [CHS_LABEL_DESATURATION] = CHS_MELODY_OXYGENATION,
  [CHS_LABEL_KETAMINE_SEDATION] = CHS_MELODY_VENTILATION,
  [CHS_LABEL_RESP_RATE_LOW] = CHS_MELODY_VENTILATION,
  [CHS_LABEL_RESP_RATE_HIGH] = CHS_MELODY_VENTILATION,
  [CHS_LABEL_DYSPNOEA] = CHS_MELODY_VENTILATION,
  [CHS_LABEL_MG_HYPOTENSION] = CHS_MELODY_DRUG,
  [CHS_LABEL_HYPERMAGNESAEMIA] = CHS_MELODY_DRUG,
  [CHS_LABEL_MG_RATE] = CHS_MELODY_DRUG,
  [CHS_LABEL_LIDOCAINE_TOXICITY] = CHS_MELODY_DRUG,
  [CHS_LABEL_RATE_LIMIT] = CHS_MELODY_DRUG,
  [CHS_LABEL_VOLUME_LIMIT] = CHS_MELODY_DRUG,
  [CHS_LABEL_DOSE_LIMIT] = CHS_MELODY_DRUG,
  [CHS_LABEL_OCCLUSION] = CHS_MELODY_DRUG,
  [CHS_LABEL_INFILTRATION] = CHS_MELODY_DRUG,
  [CHS_LABEL_FLUID_OVERLOAD] = CHS_MELODY_DRUG,
  [CHS_LABEL_PUMP_ALARM] = CHS_MELODY_DRUG,
  [CHS_LABEL_PUMP_PAUSED] = CHS_MELODY_DRUG,
  [CHS_LABEL_PUMP_MISMATCH] = CHS_MELODY_DRUG,
  [CHS_LABEL_INFUSION_DONE] = CHS_MELODY_DRUG,
  [CHS_LABEL_TEMP_HIGH] = CHS_MELODY_TEMPERATURE,
  [CHS_LABEL_TEMP_LOW] = CHS_MELODY_TEMPERATURE,
  [CHS_LABEL_LINK_MONITOR] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_LINK_PUMP] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_FROZEN_DATA] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_DEVICE_CHANGED] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_NO_ALARM_SOUND] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_SCREEN_LOST] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_RECORDING_FAILED] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_ENGINE_LAG] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_SETTINGS_REFUSED] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_STORAGE_LOW] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_STORAGE_FULL] = CHS_MELODY_EQUIPMENT,
  [CHS_LABEL_CLOCK_NOT_SET] = CHS_MELODY_EQUIPMENT,
};

const ChsToneSpec *
chs_tone_spec (ChsTone tone)
{
  return &specs[(unsigned) tone < CHS_N_TONES ? tone : CHS_TONE_NONE];
}

ChsTone
chs_tone_from_id (const char *id)
{
  for (unsigned i = CHS_TONE_NONE + 1; i < CHS_N_TONES; i++)
    if (strcmp (specs[i].id, id) == 0)
      return (ChsTone) i;
  return CHS_TONE_NONE;
}

ChsTone
chs_tone_for_priority (ChsPriority priority)
{
  switch (priority) {
  case CHS_PRIORITY_HIGH:
    return CHS_TONE_HIGH;
  case CHS_PRIORITY_MEDIUM:
    return CHS_TONE_MEDIUM;
  case CHS_PRIORITY_LOW:
    return CHS_TONE_LOW;
  case CHS_PRIORITY_NONE:
    break;
  }
  return CHS_TONE_NONE;
}

static uint32_t
samples_of_ms (double ms)
{
  return (uint32_t) lround (ms * CHS_TONE_RATE_HZ / 1000.0);
}

static uint32_t
ramp_samples (const ChsToneSpec *spec)
{
  return samples_of_ms (spec->rise_ms / RISE_10_90);
}

/* From the first sample to the last: td lies between the 90 % points, the ramps reach beyond both. */
static uint32_t
pulse_samples (const ChsToneSpec *spec)
{
  return samples_of_ms (spec->pulse_ms) + (uint32_t) lround (2 * RISE_0_90 * ramp_samples (spec));
}

uint32_t
chs_tone_length (ChsTone tone)
{
  const ChsToneSpec *spec = chs_tone_spec (tone);

  return spec->n_pulses == 0 ? 0 : samples_of_ms (spec->onset_ms[spec->n_pulses - 1]) + pulse_samples (spec);
}

double
chs_tone_note_hz (ChsTone tone, ChsMelody melody, unsigned pulse)
{
  if (pulse >= chs_tone_spec (tone)->n_pulses || (unsigned) melody >= CHS_N_MELODIES)
    return 0;
  switch (tone) {
  case CHS_TONE_HIGH:
  case CHS_TONE_MEDIUM:
    return note_hz[melodies[melody].notes[pulse % (CHS_TONE_PULSES / 2)]];
  case CHS_TONE_MONITOR_LOST:
    return note_hz[melodies[CHS_MELODY_EQUIPMENT].notes[pulse % (CHS_TONE_PULSES / 2)]];
  case CHS_TONE_LOW:
    return note_hz[low_notes[pulse]];
  case CHS_TONE_SELF_TEST:
    return note_hz[self_test_notes[pulse]];
  case CHS_TONE_REMINDER:
  case CHS_TONE_COMMISSIONING:
  case CHS_TONE_NONE:
  case CHS_N_TONES:
    break;
  }
  return note_hz[C4];
}

/* 0..1, @i samples into a pulse of @length. */
static double
envelope (uint32_t i, uint32_t length, uint32_t ramp)
{
  uint32_t edge = i < length - 1 - i ? i : length - 1 - i;

  return edge >= ramp ? 1.0 : 0.5 - 0.5 * cos (M_PI * edge / ramp);
}

/* Sum of the partials at @phase radians of the fundamental; sines of multiples by recurrence, one sincos a sample. */
static double
complex_tone (double phase)
{
  double twice_cos = 2 * cos (phase), before = 0, now = sin (phase), sum = 0;

  for (unsigned k = 0; k < CHS_TONE_PARTIALS; k++) {
    double next = twice_cos * now - before;

    sum += partials[k] * now;
    before = now;
    now = next;
  }
  return sum / PARTIALS_PEAK;
}

/* One pulse into the window of @n samples that begins at @from of the burst. */
static void
render_pulse (const ChsToneSpec *spec,
              unsigned           pulse,
              double             hz,
              double             peak,
              uint32_t           from,
              int16_t           *out,
              size_t             n)
{
  uint32_t start = samples_of_ms (spec->onset_ms[pulse]), length = pulse_samples (spec), ramp = ramp_samples (spec);
  uint32_t first = start > from ? start - from : 0;

  for (size_t i = first; i < n && from + i < start + length; i++) {
    uint32_t at = (uint32_t) (from + i - start);
    double   cycles = at * hz / CHS_TONE_RATE_HZ;

    out[i] = (int16_t) lround (peak * envelope (at, length, ramp) * complex_tone (2 * M_PI * (cycles - floor (cycles))));
  }
}

void
chs_tone_render (ChsTone tone, ChsMelody melody, double gain_db, uint32_t from, int16_t *out, size_t n)
{
  const ChsToneSpec *spec = chs_tone_spec (tone);
  double peak = 32767 * pow (10, ((double) spec->peak_dbfs + fmin (gain_db, 0)) / 20);

  memset (out, 0, n * sizeof *out);
  for (unsigned i = 0; i < spec->n_pulses; i++)
    render_pulse (spec, i, chs_tone_note_hz (tone, melody, i), peak, from, out, n);
}

const char *
chs_melody_id (ChsMelody melody)
{
  return (unsigned) melody < CHS_N_MELODIES ? melodies[melody].id : "";
}

bool
chs_melody_from_id (const char *id, ChsMelody *melody)
{
  for (unsigned i = 0; i < CHS_N_MELODIES; i++) {
    if (strcmp (melodies[i].id, id) == 0) {
      *melody = (ChsMelody) i;
      return true;
    }
  }
  return false;
}

ChsMelody
chs_melody_for_label (ChsLabel label)
{
  return (unsigned) label < CHS_N_LABELS ? (ChsMelody) label_melodies[label] : CHS_MELODY_GENERAL;
}

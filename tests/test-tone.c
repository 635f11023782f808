/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"
#include "tests/sound-analysis.h"

#include "app/tone.h"

#include <string.h>

/* Renders each burst and measures it against alarm-standard.md section 4 (requirements 8, 9 and 10 of its table,
 * hazard H42). The ranges here are the standard's; the table in app/tone.c is a choice inside them. */

static const struct {
  ChsTone  tone;
  unsigned pulses;
  double   spacing_min, spacing_max; /* x or y, ms */
  double   td_min, td_max;           /* ms */
} bursts[] = {
  { CHS_TONE_HIGH, 10, 50, 125, 75, 200 },
  { CHS_TONE_MEDIUM, 3, 125, 250, 125, 250 },
  { CHS_TONE_LOW, 2, 125, 250, 125, 250 },
  { CHS_TONE_MONITOR_LOST, 10, 50, 125, 75, 200 },
};
#define N_BURSTS ((int) (sizeof bursts / sizeof bursts[0]))

static int16_t *
render (ChsTone tone, ChsMelody melody, double gain_db, size_t *n)
{
  int16_t *x;

  *n = chs_tone_length (tone);
  x = malloc (*n * sizeof *x);
  chs_tone_render (tone, melody, gain_db, 0, x, *n);
  return x;
}

/* Spacing from 90 % of the fall to 90 % of the rise. */
static double
spacing (const SoundPulse *p, unsigned after)
{
  return p[after].onset_ms - p[after - 1].end_ms;
}

START_TEST (clause_6_3_3_1_bursts_are_shaped_as_the_standard_asks)
{
  const ChsTone tone = bursts[_i].tone;
  SoundPulse p[SOUND_PULSES];
  size_t n;
  int16_t *x = render (tone, CHS_MELODY_GENERAL, 0, &n);
  unsigned found = sound_pulses (x, n, 261.63, p);

  ck_assert_msg (found == bursts[_i].pulses, "%s: %u pulses", chs_tone_spec (tone)->id, found);
  for (unsigned i = 0; i < found; i++) {
    double td = p[i].end_ms - p[i].onset_ms;

    ck_assert_msg (td >= bursts[_i].td_min && td <= bursts[_i].td_max, "pulse %u lasts %.1f ms", i, td);
    ck_assert_msg (p[i].rise_ms / td >= 0.10 && p[i].rise_ms / td <= 0.20, "pulse %u rises %.1f of %.1f ms", i, p[i].rise_ms, td);
    ck_assert_msg (fabs (20 * log10 (p[i].level / p[0].level)) <= 10, "pulse %u is off in level", i);
  }
  for (unsigned i = 1; i < found; i++) {
    double ts = spacing (p, i), td = p[i].end_ms - p[i].onset_ms;

    ck_assert_msg (p[i - 1].fall_ms <= ts - p[i].rise_ms, "fall of pulse %u reaches into the next rise", i - 1);
    if (i == 5)
      ck_assert_msg (ts >= 350 && ts <= 1300, "gap 5-6 is %.1f ms", ts);
    else if (i == 3 || i == 8)
      ck_assert_msg (fabs (ts - (2 * spacing (p, 1) + td)) <= 0.05 * ts, "spacing %u is %.1f ms, not 2x + td", i, ts);
    else
      ck_assert_msg (ts >= bursts[_i].spacing_min && ts <= bursts[_i].spacing_max
                     && fabs (ts - spacing (p, 1)) <= 0.05 * ts, "spacing %u is %.1f ms", i, ts);
  }
  free (x);
}
END_TEST

/* The chosen figures, measured: td, x or y to half a millisecond. */
START_TEST (bursts_are_as_chosen)
{
  static const double want[][2] = { { 150, 100 }, { 200, 200 }, { 200, 200 }, { 150, 100 } };
  SoundPulse p[SOUND_PULSES];
  size_t n;
  int16_t *x = render (bursts[_i].tone, CHS_MELODY_GENERAL, 0, &n);

  sound_pulses (x, n, 261.63, p);
  ck_assert_double_eq_tol (p[0].end_ms - p[0].onset_ms, want[_i][0], 1.0);
  ck_assert_double_eq_tol (spacing (p, 1), want[_i][1], 1.0);
  free (x);
}
END_TEST

/* Both editions: harmonics of 2006 (four in 300-4000 Hz within 15 dB of the fundamental), peaks of the amendments
 * (four largest within 15 dB of each other in 150-4000 Hz, one of them in 150-1000 Hz). Each note of each melody. */
START_TEST (every_note_has_its_partials)
{
  SoundPulse p[SOUND_PULSES];
  size_t n;
  int16_t *x = render (CHS_TONE_HIGH, (ChsMelody) _i, 0, &n);
  unsigned found = sound_pulses (x, n, 261.63, p);

  ck_assert_uint_eq (found, 10);
  for (unsigned i = 0; i < found; i++) {
    double f0 = chs_tone_note_hz (CHS_TONE_HIGH, (ChsMelody) _i, i), fundamental;
    size_t from = (size_t) (p[i].onset_ms * SOUND_RATE_HZ / 1000), len = SOUND_RATE_HZ * 140 / 1000;
    unsigned harmonics = 0, peaks = 0;

    ck_assert (f0 >= 150 && f0 <= 1000);
    fundamental = sound_amplitude (x + from, len, f0);
    ck_assert_msg (fundamental > 2 * sound_amplitude (x + from, len, f0 * 1.0595)
                   && fundamental > 2 * sound_amplitude (x + from, len, f0 / 1.0595), "pulse %u is not the note", i);
    for (unsigned k = 1; k * f0 <= 4000; k++) {
      double db = 20 * log10 (sound_amplitude (x + from, len, k * f0) / fundamental);

      peaks += db >= -15 && db <= 15;
      harmonics += db >= -15 && db <= 15 && k * f0 >= 300;
    }
    ck_assert_msg (harmonics >= 4 && peaks >= 4, "pulse %u: %u harmonics", i, harmonics);
    ck_assert_msg (sound_amplitude (x + from, len, 9.5 * f0) < fundamental / 300, "pulse %u: noise between partials", i);
  }
  free (x);
}
END_TEST

START_TEST (samples_are_clean)
{
  ChsTone tone = (ChsTone) _i;
  size_t n;
  int16_t *x = render (tone, CHS_MELODY_DRUG, 0, &n);
  double sum = 0, peak = 0, step = 0;

  for (size_t i = 0; i < n; i++) {
    sum += x[i];
    peak = fmax (peak, fabs ((double) x[i]) / 32768);
    step = fmax (step, i > 0 && (i < 100 || i > n - 100) ? abs (x[i] - x[i - 1]) : 0);
  }
  ck_assert_msg (20 * log10 (peak) <= -1.0, "%s: peak %.2f dBFS", chs_tone_spec (tone)->id, 20 * log10 (peak));
  ck_assert_msg (20 * log10 (peak) >= (double) chs_tone_spec (tone)->peak_dbfs - 0.3, "peak %.2f dBFS is too low", 20 * log10 (peak));
  ck_assert_msg (fabs (sum / (double) n) < 0.5, "DC of %.2f", sum / (double) n);
  ck_assert_msg (x[0] == 0 && x[n - 1] == 0 && step < 40, "clicks: first %d, last %d, step %.0f", x[0], x[n - 1], step);
  free (x);
}
END_TEST

static double
plateau_level (ChsTone tone)
{
  SoundPulse p[SOUND_PULSES];
  size_t n;
  int16_t *x = render (tone, CHS_MELODY_GENERAL, 0, &n);

  ck_assert_uint_gt (sound_pulses (x, n, 261.63, p), 0);
  free (x);
  return p[0].level;
}

START_TEST (clause_6_3_3_1_levels_and_intervals_are_in_order)
{
  const ChsToneSpec *high = chs_tone_spec (CHS_TONE_HIGH), *medium = chs_tone_spec (CHS_TONE_MEDIUM),
                    *low = chs_tone_spec (CHS_TONE_LOW);

  ck_assert_double_gt (plateau_level (CHS_TONE_HIGH), plateau_level (CHS_TONE_MEDIUM));
  ck_assert_double_gt (plateau_level (CHS_TONE_MEDIUM), plateau_level (CHS_TONE_LOW));
  ck_assert_double_ge (plateau_level (CHS_TONE_MONITOR_LOST), plateau_level (CHS_TONE_HIGH));
  ck_assert (high->interburst_ms >= 2500 && high->interburst_ms <= 15000);
  ck_assert (medium->interburst_ms >= 2500 && medium->interburst_ms <= 30000);
  ck_assert_uint_gt (low->interburst_ms, 15000);
  ck_assert (medium->interburst_ms >= high->interburst_ms && low->interburst_ms >= medium->interburst_ms);
  ck_assert (high->urgent_ms >= 2500 && medium->urgent_ms >= high->interburst_ms);
  ck_assert_uint_le (medium->urgent_ms, medium->interburst_ms);
}
END_TEST

START_TEST (volume_lowers_the_level)
{
  size_t n;
  int16_t *loud = render (CHS_TONE_HIGH, CHS_MELODY_GENERAL, 0, &n), *soft = render (CHS_TONE_HIGH, CHS_MELODY_GENERAL, -20, &n),
          *over = render (CHS_TONE_HIGH, CHS_MELODY_GENERAL, 12, &n);

  ck_assert_double_eq_tol (sound_rms (soft, n, 6000, 4800) / sound_rms (loud, n, 6000, 4800), 0.1, 0.001);
  ck_assert_mem_eq (over, loud, n * sizeof *loud);
  free (loud);
  free (soft);
  free (over);
}
END_TEST

START_TEST (pieces_give_the_same_samples)
{
  size_t n;
  int16_t *whole = render (CHS_TONE_HIGH, CHS_MELODY_OXYGENATION, 0, &n), piece[7];

  for (size_t i = 0; i + 7 <= n; i += 7) {
    chs_tone_render (CHS_TONE_HIGH, CHS_MELODY_OXYGENATION, 0, (uint32_t) i, piece, 7);
    ck_assert_mem_eq (piece, whole + i, sizeof piece);
  }
  chs_tone_render (CHS_TONE_HIGH, CHS_MELODY_GENERAL, 0, (uint32_t) n, piece, 7);
  for (unsigned i = 0; i < 7; i++)
    ck_assert_int_eq (piece[i], 0);
  free (whole);
}
END_TEST

START_TEST (ids_are_found_again)
{
  ChsMelody melody;

  ck_assert_int_eq (chs_tone_from_id (chs_tone_spec ((ChsTone) _i)->id), _i);
  if (_i < CHS_N_MELODIES) {
    ck_assert (chs_melody_from_id (chs_melody_id ((ChsMelody) _i), &melody));
    ck_assert_int_eq (melody, _i);
  }
  ck_assert (!chs_melody_from_id ("none", &melody));
  ck_assert_int_eq (chs_tone_from_id ("none"), CHS_TONE_NONE);
}
END_TEST

static const struct {
  ChsLabel  label;
  ChsMelody melody;
} categories[] = {
  { CHS_LABEL_INFUSION_REACTION, CHS_MELODY_GENERAL },   { CHS_LABEL_FEBRILE_REACTION, CHS_MELODY_GENERAL },
  { CHS_LABEL_CHECK_PATIENT, CHS_MELODY_GENERAL },       { CHS_LABEL_VASOVAGAL, CHS_MELODY_CARDIOVASCULAR },
  { CHS_LABEL_HYPOTENSION, CHS_MELODY_CARDIOVASCULAR },  { CHS_LABEL_DESATURATION, CHS_MELODY_OXYGENATION },
  { CHS_LABEL_KETAMINE_SEDATION, CHS_MELODY_VENTILATION }, { CHS_LABEL_MG_HYPOTENSION, CHS_MELODY_DRUG },
  { CHS_LABEL_LIDOCAINE_TOXICITY, CHS_MELODY_DRUG },     { CHS_LABEL_FLUID_OVERLOAD, CHS_MELODY_DRUG },
  { CHS_LABEL_TEMP_HIGH, CHS_MELODY_TEMPERATURE },       { CHS_LABEL_LINK_MONITOR, CHS_MELODY_EQUIPMENT },
  { CHS_LABEL_RECORDING_FAILED, CHS_MELODY_EQUIPMENT },
  { CHS_LABEL_STORAGE_FULL, CHS_MELODY_EQUIPMENT },
};

START_TEST (labels_have_the_melody_of_their_category)
{
  ck_assert_msg (chs_melody_for_label (categories[_i].label) == categories[_i].melody, "%s", chs_label_id (categories[_i].label));
}
END_TEST

static Suite *
tone_suite (void)
{
  Suite *suite = suite_create ("tone");
  TCase *tc = tcase_create ("measured");

  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, clause_6_3_3_1_bursts_are_shaped_as_the_standard_asks, 0, N_BURSTS);
  tcase_add_loop_test (tc, bursts_are_as_chosen, 0, N_BURSTS);
  tcase_add_loop_test (tc, every_note_has_its_partials, 0, CHS_N_MELODIES);
  tcase_add_loop_test (tc, samples_are_clean, CHS_TONE_NONE + 1, CHS_N_TONES);
  tcase_add_test (tc, clause_6_3_3_1_levels_and_intervals_are_in_order);
  tcase_add_test (tc, volume_lowers_the_level);
  tcase_add_test (tc, pieces_give_the_same_samples);
  tcase_add_loop_test (tc, ids_are_found_again, CHS_TONE_NONE + 1, CHS_N_TONES);
  tcase_add_loop_test (tc, labels_have_the_melody_of_their_category, 0, (int) (sizeof categories / sizeof categories[0]));
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (tone_suite)

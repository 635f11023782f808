/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/evidence.h"

#include "app/engine-private.h"

#include <math.h>

/* Evidence from vital signs (shared/clinical.md 4). Every number is the profile's. */

#define HR8_US (8 * CHS_SECOND)
#define HR15_US (15 * CHS_SECOND)
#define HR60_FROM_US (75 * CHS_SECOND)
#define HR60_TO_US (60 * CHS_SECOND)
#define HRREF_FROM_US (330 * CHS_SECOND)
#define HRREF_TO_US (75 * CHS_SECOND)
#define SPO2_US (15 * CHS_SECOND)
#define RR_US (60 * CHS_SECOND)
#define RR_LEAST 3 /* values for a spread */

#define EVIDENCE_ROW(index, name, in, key, words) [CHS_E_##index] = { .id = name, .input = CHS_INPUT_##in, .hold = CHS_KEY_##key, .text = words },
static const ChsEvidenceInfo infos[CHS_N_EVIDENCE] = { [CHS_E_NONE] = { .id = "", .text = "" }, CHS_EVIDENCE (EVIDENCE_ROW) };

static const char *const input_ids[CHS_N_INPUTS] = {
  "", "HR", "SPO2", "RR", "TEMP", "NIBP", "PUMP", "WEIGHT", "BASELINE", "THERAPY",
};

const ChsEvidenceInfo *
chs_evidence_info (ChsEvidence evidence)
{
  return &infos[(unsigned) evidence < CHS_N_EVIDENCE ? evidence : CHS_E_NONE];
}

const char *
chs_input_id (ChsInput input)
{
  return input_ids[(unsigned) input < CHS_N_INPUTS ? input : CHS_INPUT_NONE];
}

/* True a moment ago and not to be told now: what has held goes on holding for a while, and does not begin. */
static bool
is_carried (ChsEngine *self, ChsEvidence evidence)
{
  ChsState *s = &self->state;

  if (infos[evidence].hold == CHS_KEY_NONE || s->since_us[evidence] == CHS_TIME_NONE)
    return false;
  if (s->unknown_us[evidence] == CHS_TIME_NONE)
    s->unknown_us[evidence] = s->now_us;
  return s->now_us - s->unknown_us[evidence] < K_S (STALE_CARRY);
}

/* It becomes evidence when it has held. */
void
chs_evidence_change (ChsEngine *self, ChsEvidence evidence, ChsTruth truth)
{
  ChsState *s = &self->state;
  bool was_yes = chs_evidence_has (&s->yes, evidence), was_unknown = chs_evidence_has (&s->unknown, evidence);
  bool is_yes = false;

  s->steady[evidence] = CHS_UNSTEADY;
  if (truth == CHS_UNKNOWN && is_carried (self, evidence))
    return;
  s->unknown_us[evidence] = CHS_TIME_NONE;
  if (truth != CHS_TRUE) {
    s->since_us[evidence] = CHS_TIME_NONE;
  } else {
    int64_t hold_us = self->key_us[infos[evidence].hold];

    if (s->since_us[evidence] == CHS_TIME_NONE)
      s->since_us[evidence] = s->now_us;
    is_yes = was_yes || s->now_us - s->since_us[evidence] >= hold_us;
  }
  if (truth != CHS_TRUE || is_yes)
    s->steady[evidence] = (uint8_t) truth;
  if (is_yes == was_yes && (truth == CHS_UNKNOWN) == was_unknown)
    return;
  chs_evidence_put (&s->yes, evidence, is_yes);
  chs_evidence_put (&s->unknown, evidence, truth == CHS_UNKNOWN);
  chs_evidence_put (&s->changed, evidence, true);
}

/* ---- comparisons in which a missing number gives "unknown" ---- */

static ChsTruth
above (double value, double limit)
{
  if (isnan (value) || isnan (limit))
    return CHS_UNKNOWN;
  return value > limit ? CHS_TRUE : CHS_FALSE;
}

static ChsTruth
at_least (double value, double limit)
{
  if (isnan (value) || isnan (limit))
    return CHS_UNKNOWN;
  return value >= limit ? CHS_TRUE : CHS_FALSE;
}

static ChsTruth
below (double value, double limit)
{
  return above (limit, value);
}

static ChsTruth
at_most (double value, double limit)
{
  return at_least (limit, value);
}

static ChsTruth
both (ChsTruth a, ChsTruth b)
{
  if (a == CHS_FALSE || b == CHS_FALSE)
    return CHS_FALSE;
  return a == CHS_TRUE && b == CHS_TRUE ? CHS_TRUE : CHS_UNKNOWN;
}

static ChsTruth
either (ChsTruth a, ChsTruth b)
{
  if (a == CHS_TRUE || b == CHS_TRUE)
    return CHS_TRUE;
  return a == CHS_FALSE && b == CHS_FALSE ? CHS_FALSE : CHS_UNKNOWN;
}

/* What a limit is widened by while its alarm stands, so that a value at the edge does not switch it on and off. */
static double
margin (const ChsEngine *self, ChsEvidence evidence, double by)
{
  return chs_evidence_has (&self->state.yes, evidence) ? by : 0.0;
}

static double
known_or (double value, double otherwise)
{
  return isnan (value) ? otherwise : value;
}

/* ---- pressure ---- */

/* Pressure that may speak now: fresh, not doubtful, not of a faint. */
static double
fresh_sbp (const ChsEngine *self)
{
  const ChsState *s = &self->state;
  int64_t span_us = (int64_t) (chs_engine_cuff_interval_s (self) * 1e6) + K_S (STALE_NIBP_SLACK);

  if (!chs_within (s->now_us, s->last.t_us, span_us) || s->last.consumed || s->last.doubtful)
    return (double) NAN;
  return (double) s->last.sbp;
}

/* The baseline that limits are tied to: one that is still being taken moves with the patient and ties nothing. */
static double
settled (const ChsEngine *self, double value)
{
  return self->state.frozen ? value : (double) NAN;
}

static double
abs_low (const ChsEngine *self)
{
  double tied = K (BP_ABS_LOW_SHARE) * known_or (settled (self, self->state.baseline.sbp), K (BASELINE_POPULATION_SBP));

  return known_or ((double) self->state.limit_low[CHS_PARAM_NIBP_SYS], fmin (K (BP_ABS_LOW), tied));
}

static double
map_low (const ChsEngine *self)
{
  double population = K (BASELINE_POPULATION_DBP) + K (GATE_MAP_SHARE) * (K (BASELINE_POPULATION_SBP) - K (BASELINE_POPULATION_DBP));
  double tied = K (BP_ABS_LOW_SHARE) * known_or (settled (self, self->state.baseline.map), population);

  return known_or ((double) self->state.limit_low[CHS_PARAM_NIBP_MEAN], fmin (K (BP_MAP_LOW), tied));
}

static double
extreme_low (const ChsEngine *self)
{
  return fmin (K (BP_EXTREME_SBP), K (BP_EXTREME_TIED) * known_or (settled (self, self->state.baseline.sbp), K (BASELINE_POPULATION_SBP)));
}

static double
gradual_floor (const ChsEngine *self)
{
  return fmin (K (BP_GRADUAL_FLOOR), K (BP_GRADUAL_TIED) * known_or (settled (self, self->state.baseline.sbp), K (BASELINE_POPULATION_SBP)));
}

static double
sys_high (const ChsEngine *self)
{
  double tied = fmax (K (LIMIT_SYS_HIGH), K (LIMIT_SYS_HIGH_SHARE) * known_or (settled (self, self->state.baseline.sbp), K (BASELINE_POPULATION_SBP)));

  return known_or ((double) self->state.limit_high[CHS_PARAM_NIBP_SYS], tied);
}

static double
dia_high (const ChsEngine *self)
{
  return known_or ((double) self->state.limit_high[CHS_PARAM_NIBP_DIA], K (LIMIT_DIA_HIGH));
}

static void
look_at_falls (ChsEngine *self, double sbp, double map)
{
  const ChsState *s = &self->state;
  double b = settled (self, s->baseline.sbp);
  ChsTruth low30 = either (below (sbp, abs_low (self)), at_most (sbp, K (BP_FALL_30) * b));
  ChsTruth low20 = both (at_most (sbp, K (BP_FALL_20) * b), below (sbp, K (BP_FALL_20_BELOW)));
  ChsTruth low15 = both (at_most (sbp, K (BP_FALL_15) * b), below (sbp, K (BP_FALL_15_BELOW)));

  low20 = either (low30, either (low20, isnan (map) ? CHS_FALSE : below (map, map_low (self))));
  low15 = either (low20, low15);
  chs_evidence_set (self, CHS_E_BPABS, below (sbp, abs_low (self)));
  chs_evidence_set (self, CHS_E_BP30, low30);
  chs_evidence_set (self, CHS_E_BP20, low20);
  chs_evidence_set (self, CHS_E_BP15, low15);
  chs_evidence_set (self, CHS_E_BPDROP, isnan (s->last.before_fall) && !isnan (sbp) ? CHS_FALSE : at_most (sbp, K (BP_FALL_20) * b));
  chs_evidence_set (self, CHS_E_BPX, either (below (sbp, extreme_low (self)), at_most (sbp, K (BP_EXTREME_SHARE) * b)));
  chs_evidence_set (self, CHS_E_BP72, below (sbp, K (MAGNESIUM_SEVERE_SBP)));
  chs_evidence_set (self, CHS_E_BPSLOW, isnan (sbp) ? CHS_UNKNOWN : !isnan (s->last.before_fall) ? CHS_FALSE : at_least (sbp, abs_low (self)));
  chs_evidence_set (self, CHS_E_BPGRADUAL, isnan (sbp) ? CHS_UNKNOWN : !isnan (s->last.before_fall) ? CHS_FALSE : at_least (sbp, gradual_floor (self)));
  chs_evidence_set (self, CHS_E_BPMILD, above (sbp, isnan (b) ? K (BP_FALL_30) * K (BASELINE_POPULATION_SBP) : K (BP_FALL_20) * b));
  chs_evidence_set (self, CHS_E_BPEASE, chs_evidence_has (&s->yes, CHS_E_CALM) ? at_least (sbp, K (BP_CONFIRM_BELOW)) : CHS_FALSE);
  chs_evidence_set (self, CHS_E_BP110, at_least (sbp, K (BP_CONFIRM_BELOW)));
}

static void
look_at_pairs (ChsEngine *self, double sbp)
{
  const ChsState *s = &self->state;
  double b = known_or (settled (self, s->baseline.sbp), K (BASELINE_POPULATION_SBP));
  bool has_before = chs_within (s->now_us, s->before.t_us, K_MIN (BP_CONFIRM_AGE)) && !s->before.consumed && !s->before.doubtful;
  double before = has_before ? (double) s->before.sbp : (double) NAN, dia = isnan (sbp) ? (double) NAN : (double) s->last.dbp;
  double dia_before = has_before ? (double) s->before.dbp : (double) NAN;
  double twice = K (MAGNESIUM_TWICE_SHARE) * b;
  bool was_low = has_before && (!isnan (s->before.before_fall) || before < abs_low (self));

  chs_evidence_set (self, CHS_E_CONF, was_low ? both (at_most (before, K (BP_CONFIRM_SHARE) * b), below (before, K (BP_CONFIRM_BELOW))) : CHS_FALSE);
  chs_evidence_set (self, CHS_E_BPLOW2, has_before ? below (before, abs_low (self)) : CHS_FALSE);
  chs_evidence_set (self, CHS_E_BPTWICE, was_low ? both (at_most (fmax (before, sbp), twice), below (fmax (before, sbp), K (BP_CONFIRM_BELOW))) : CHS_FALSE);
  chs_evidence_set (self, CHS_E_BPHI,
                    has_before ? both (either (at_least (sbp, sys_high (self)), at_least (dia, dia_high (self))),
                                       either (at_least (before, sys_high (self)), at_least (dia_before, dia_high (self))))
                               : CHS_FALSE);
  chs_evidence_set (self, CHS_E_KETBP,
                    has_before ? both (either (at_least (sbp, K (KETAMINE_HYPERTENSION)), at_least (dia, K (KETAMINE_HYPERTENSION_DIA))),
                                       either (at_least (before, K (KETAMINE_HYPERTENSION)),
                                               at_least (dia_before, K (KETAMINE_HYPERTENSION_DIA))))
                               : CHS_FALSE);
}

static void
look_at_rises (ChsEngine *self, double sbp)
{
  const ChsState *s = &self->state;
  double b = s->baseline.sbp, pp = isnan (sbp) ? (double) NAN : sbp - (double) s->last.dbp;

  chs_evidence_set (self, CHS_E_BPDN, both (at_most (sbp, K (BP_DOWN_SHARE) * b), at_least ((double) s->last.pulse, s->baseline.hr + K (BP_DOWN_PULSE))));
  chs_evidence_set (self, CHS_E_BPUP, both (at_least (sbp, K (BP_UP_SHARE) * b), at_least (sbp, b + K (BP_UP))));
  chs_evidence_set (self, CHS_E_PPW,
                    chs_evidence_has (&s->yes, CHS_E_HRUPP) /* wide and fast is no overload */
                      ? CHS_FALSE
                      : both (at_least (sbp, b), both (at_least (pp, s->baseline.pp + K (BP_PULSE_PRESSURE)),
                                                       at_least (pp, K (BP_PULSE_PRESSURE_SHARE) * s->baseline.pp))));
  chs_evidence_set (self, CHS_E_BPHIX, at_least (sbp, K (LIMIT_SYS_EXTREME)));
  chs_evidence_set (self, CHS_E_KETBP1, at_least (sbp, K (KETAMINE_HYPERTENSION)));
}

/* The faint looks at the reading itself, whoever else may not. */
static void
look_at_faint (ChsEngine *self)
{
  const ChsState *s = &self->state;
  bool is_recent = chs_within (s->now_us, s->last.t_us, K_S (VASOVAGAL_BP_WINDOW)) && !s->last.doubtful;
  double sbp = is_recent ? (double) s->last.sbp : (double) NAN;

  bool is_slow = isnan (s->last.before_fall) && !isnan (sbp) && sbp >= abs_low (self);

  chs_evidence_set (self, CHS_E_VVBP,
                    is_slow ? CHS_FALSE : at_most (sbp, K (VASOVAGAL_BP_SHARE) * known_or (s->baseline.sbp, K (BASELINE_POPULATION_SBP))));
  chs_evidence_set (self, CHS_E_VVBPX, below (sbp, K (BP_EXTREME_SBP)));
}

/* ---- scores ---- */

#define DROWSY_AT 1.5f /* sedation score: 2 answers to voice only, 3 hardly that */

static int
alert_now (const ChsEngine *self)
{
  const ChsState *s = &self->state;
  static const uint8_t signs[] = { CHS_E_LOC, CHS_E_COLLAPSE, CHS_E_UNRESPONSIVE, CHS_E_LASEVERE };

  for (unsigned i = 0; i < G_N_ELEMENTS (signs); i++)
    if (chs_evidence_has (&s->yes, signs[i]))
      return 0;
  if (!chs_within (s->now_us, s->sedation_us, K_MIN (NEWS2_CONSCIOUS_AGE)))
    return -1;
  return s->sedation < DROWSY_AT;
}

/* Once a reading; a doubtful one is no reading. */
static void
score (ChsEngine *self)
{
  ChsState *s = &self->state;
  ChsNews2Input in;

  if (s->last.t_us == CHS_TIME_NONE || s->last.doubtful || s->last.t_us == s->scores.t_us)
    return;
  in = (ChsNews2Input) { .rr = s->rr_now, .spo2 = s->spo2_now, .sbp = (double) s->last.sbp, .pulse = s->hr15_now, .temp_c = s->temp_now,
                         .oxygen = s->session.on_oxygen, .alert = alert_now (self), .scale_2 = (s->session.risks & CHS_RISK_COPD) != 0 };
  s->scores.t_us = s->last.t_us;
  s->scores.shock_index = s->hr15_now / (double) s->last.sbp;
  chs_news2_score (self->profile, &in, &s->scores.news2);
}

static void
look_at_scores (ChsEngine *self, bool is_fresh)
{
  const ChsNews2 *news2 = &self->state.scores.news2;
  bool is_low;

  score (self);
  is_low = news2->total >= K (NEWS2_LOW) || news2->has_three;
  chs_evidence_set (self, CHS_E_NEWSLOW, !is_fresh ? CHS_UNKNOWN : is_low ? CHS_TRUE : CHS_FALSE);
  chs_evidence_set (self, CHS_E_NEWSMED, !is_fresh ? CHS_UNKNOWN : news2->total >= K (NEWS2_MEDIUM) ? CHS_TRUE : CHS_FALSE);
}

static void
look_at_pressure (ChsEngine *self)
{
  const ChsState *s = &self->state;
  double sbp = fresh_sbp (self), map = isnan (sbp) ? (double) NAN : (double) s->last.map;
  bool is_doubt = s->last.doubtful && chs_within (s->now_us, s->last.t_us, (int64_t) (chs_engine_cuff_interval_s (self) * 1e6));
  double doubtful = is_doubt ? (double) s->last.sbp : (double) NAN;

  look_at_falls (self, sbp, map);
  look_at_pairs (self, sbp);
  look_at_rises (self, sbp);
  look_at_faint (self);
  look_at_scores (self, !isnan (sbp));
  chs_evidence_set (self, CHS_E_BPDOUBT,
                    is_doubt ? either (below (doubtful, abs_low (self)), at_most (doubtful, K (BP_FALL_30) * settled (self, s->baseline.sbp))) : CHS_FALSE);
}

/* ---- heart rate ---- */

static double
age_of (const ChsEngine *self)
{
  return known_or (self->state.session.age, 0.0);
}

/* The three presets of shared/clinical.md 7 differ by age only. */
static double
by_age (const ChsEngine *self, double adult, double from_65, double from_80)
{
  return age_of (self) >= 80 ? from_80 : age_of (self) >= 65 ? from_65 : adult;
}

static double
hr_high (const ChsEngine *self)
{
  double preset = by_age (self, K (LIMIT_HR_HIGH), K (LIMIT_HR_HIGH_65), K (LIMIT_HR_HIGH_80));
  double b = known_or (self->state.baseline.hr, K (BASELINE_POPULATION_HR));

  if (!self->state.frozen)
    b = fmin (b, K (BASELINE_POPULATION_HR)); /* it may be lower already, it may not be higher yet */
  return known_or ((double) self->state.limit_high[CHS_PARAM_HR], fmax (preset, fmin (K (LIMIT_HR_HIGH_CAP), K (LIMIT_HR_HIGH_SHARE) * b)));
}

static double
hr_low (const ChsEngine *self)
{
  double b = known_or (self->state.baseline.hr, K (BASELINE_POPULATION_HR));
  double low = fmin (K (LIMIT_HR_LOW), K (LIMIT_HR_LOW_SHARE) * b);

  if (self->state.session.risks & CHS_RISK_DIGOXIN)
    low += K (LIMIT_HR_LOW_DIGOXIN);
  return known_or ((double) self->state.limit_low[CHS_PARAM_HR], low);
}

static double
window_or_newest (const ChsEngine *self, const ChsWindow *window, const ChsSeries *series)
{
  if (window->n > 0)
    return chs_window_quantile (window, 0.5);
  return chs_within (self->state.now_us, chs_series_last_us (series), K_S (STALE_HR_VALUE)) ? (double) chs_series_last (series) : (double) NAN;
}

static void
look_at_rise_of_rate (ChsEngine *self, double hr15, double ref)
{
  double b = self->state.baseline.hr;
  bool beta = (self->state.session.risks & CHS_RISK_BETA_BLOCKER) != 0;
  double up = beta ? K (HR_UP_BETA) : K (HR_UP), share = beta ? K (HR_UP_BETA_SHARE) : K (HR_UP_SHARE);

  chs_evidence_set (self, CHS_E_HRUP, both (at_least (hr15, b + up), at_least (hr15, share * b)));
  chs_evidence_set (self, CHS_E_HRUPP, both (at_least (hr15, b + K (HR_HIGH_RISE)), at_least (hr15, K (HR_HIGH_RISE_SHARE) * b)));
  chs_evidence_set (self, CHS_E_HRRISE, both (at_least (hr15, ref + K (HR_SUDDEN)), at_least (hr15, K (HR_SUDDEN_SHARE) * ref)));
  chs_evidence_set (self, CHS_E_HRHI, above (hr15, hr_high (self) - margin (self, CHS_E_HRHI, K (LIMIT_HR_MARGIN))));
  chs_evidence_set (self, CHS_E_HRHIX, above (hr15, K (LIMIT_HR_EXTREME)));
}

/* Sleep and training: slow, come slowly, and nothing else is amiss. What cannot be told is no rest. */
static bool
is_resting (const ChsEngine *self, double hr15, double ref)
{
  const ChsState *s = &self->state;
  bool has_spo2 = !s->latest[CHS_PARAM_SPO2].seen || chs_within (s->now_us, chs_series_last_us (&s->spo2), K_S (GATE_CUFF_LONGEST));
  bool is_known = !isnan (fresh_sbp (self)) && has_spo2;
  double floor = fmin (K (LIMIT_HR_REST), K (LIMIT_HR_REST_BASELINE) * known_or (s->baseline.hr, K (BASELINE_POPULATION_HR)));
  bool is_amiss = chs_evidence_has (&s->yes, CHS_E_BP15) || chs_evidence_has (&s->yes, CHS_E_SPO2M);

  return is_known && !is_amiss && hr15 >= floor && hr15 >= K (LIMIT_HR_REST_SHARE) * ref;
}

/* Has most of the way down from HRref been gone within the last minute? */
static ChsTruth
is_sudden (const ChsEngine *self, double hr8, double ref)
{
  double before = chs_window_quantile (&self->state.hr60, 0.5);

  return both (below (hr8, ref), at_least (before - hr8, K (HR_DROP_SUDDEN) * (ref - hr8)));
}

static void
look_at_fall_of_rate (ChsEngine *self, double hr8, double hr15, double ref)
{
  ChsState *s = &self->state;
  double b = s->baseline.hr;
  bool beta = (s->session.risks & CHS_RISK_BETA_BLOCKER) != 0;
  double drop = beta ? K (HR_DROP_BETA) : K (HR_DROP), share = beta ? K (HR_DROP_BETA_SHARE) : K (HR_DROP_SHARE);

  chs_evidence_set (self, CHS_E_VDROP,
                    both (both (both (at_most (hr8, ref - drop), at_most (hr8, share * ref)), at_most (hr8, K (HR_DROP_BASELINE_SHARE) * b)),
                          at_most (hr8, fmax (K (HR_DROP_CEILING), K (HR_DROP_DEEP) * ref))));
  if (chs_evidence_has (&s->yes, CHS_E_VDROP))
    s->drop_us = s->now_us;
  chs_evidence_set (self, CHS_E_VDROPPED, chs_within (s->now_us, s->drop_us, K_S (VASOVAGAL_BP_WINDOW)) ? CHS_TRUE : CHS_FALSE);
  chs_evidence_set (self, CHS_E_HR50,
                    both (at_most (hr8, K (VASOVAGAL_SLOW_SHARE) * ref),
                          either (both (below (hr8, K (VASOVAGAL_SLOW)), at_most (hr8, K (VASOVAGAL_SLOW_BASELINE) * b)),
                                  at_most (hr8, K (VASOVAGAL_DEEP_SHARE) * b))));
  chs_evidence_set (self, CHS_E_SUDDEN, is_sudden (self, hr8, ref));
  chs_evidence_set (self, CHS_E_HR40, below (hr8, K (VASOVAGAL_VERY_SLOW)));
  chs_evidence_set (self, CHS_E_HRDNMG,
                    both (at_most (hr15, b - K (MAGNESIUM_SLOW_PULSE)), at_most (hr15, K (MAGNESIUM_SLOW_PULSE_SHARE) * b)));
  chs_evidence_set (self, CHS_E_HRDNLA,
                    either (both (at_most (hr15, b - K (LIDOCAINE_SLOW_PULSE)), at_most (hr15, K (LIDOCAINE_SLOW_PULSE_SHARE) * b)),
                            below (hr15, K (LIDOCAINE_SLOW_PULSE_ABS))));
  chs_evidence_set (self, CHS_E_HRLO, below (hr15, hr_low (self) + margin (self, CHS_E_HRLO, K (LIMIT_HR_MARGIN))));
  chs_evidence_set (self, CHS_E_HRREST, is_resting (self, hr15, ref) ? CHS_TRUE : CHS_FALSE);
  chs_evidence_set (self, CHS_E_HRLOX, below (hr15, K (LIMIT_HR_LOW_EXTREME)));
}

/* Rate, perfusion and saturation gone together after they were good together: not a loose sensor. */
static void
look_at_pulse (ChsEngine *self)
{
  ChsState *s = &self->state;
  const ChsLatest *hr = &s->latest[CHS_PARAM_HR], *pi = &s->latest[CHS_PARAM_PI], *spo2 = &s->latest[CHS_PARAM_SPO2];
  int64_t fresh_us = K_S (LIMIT_PULSE_HOLD) / 2;
  bool has_hr = chs_within (s->now_us, hr->good_us, fresh_us), has_pi = chs_within (s->now_us, pi->good_us, fresh_us);
  bool has_spo2 = chs_within (s->now_us, spo2->good_us, fresh_us);
  bool is_told = chs_within (s->now_us, hr->t_us, fresh_us); /* the monitor still talks */
  bool no_rate = has_hr ? (double) hr->value < K (LIMIT_PULSE_MIN) : is_told;
  bool no_flow = (!has_pi || (double) pi->value < K (GATE_PI_LOW)) && !has_spo2;

  if (has_hr && !no_rate && has_spo2 && has_pi && (double) pi->value >= K (GATE_PI_LOW))
    s->good_signal_us = s->now_us;
  chs_evidence_set (self, CHS_E_NOPULSE, no_rate && no_flow && chs_within (s->now_us, s->good_signal_us, CHS_MINUTE) ? CHS_TRUE : CHS_FALSE);
}

static void
look_at_rate (ChsEngine *self)
{
  ChsState *s = &self->state;

  chs_window_move (&s->hr8, &s->hr, s->now_us - HR8_US, s->now_us);
  chs_window_move (&s->hr15, &s->hr, s->now_us - HR15_US, s->now_us);
  chs_window_move (&s->hr60, &s->hr, s->now_us - HR60_FROM_US, s->now_us - HR60_TO_US);
  chs_window_move (&s->hrref, &s->hr, s->now_us - HRREF_FROM_US, s->now_us - HRREF_TO_US);
  s->hr8_now = window_or_newest (self, &s->hr8, &s->hr);
  s->hr15_now = window_or_newest (self, &s->hr15, &s->hr);
  s->hrref_now = chs_window_quantile (&s->hrref, 0.5);
  look_at_rise_of_rate (self, s->hr15_now, s->hrref_now);
  look_at_fall_of_rate (self, s->hr8_now, s->hr15_now, s->hrref_now);
  look_at_pulse (self);
}

/* ---- oxygen ---- */

static double
spo2_low (const ChsEngine *self)
{
  double low = self->state.session.risks & CHS_RISK_COPD ? K (LIMIT_SPO2_LOW_COPD) : K (LIMIT_SPO2_LOW);

  return known_or ((double) self->state.limit_low[CHS_PARAM_SPO2], low);
}

static void
look_at_oxygen (ChsEngine *self)
{
  ChsState *s = &self->state;
  double b = s->baseline.spo2, population = known_or (b, K (BASELINE_POPULATION_SPO2)), limit = (double) s->limit_low[CHS_PARAM_SPO2];
  double now, calm;
  bool is_weak = chs_within (s->now_us, s->weak_us, CHS_MINUTE / 12);

  chs_window_move (&s->spo2_15, &s->spo2, s->now_us - SPO2_US, s->now_us);
  now = s->spo2_now = window_or_newest (self, &s->spo2_15, &s->spo2);
  calm = chs_window_unrest (&s->spo2_15, &s->spo2) > K (SPO2_UNREST) ? (double) NAN : now;
  chs_evidence_set (self, CHS_E_SPO2, either (at_most (calm, b - K (SPO2_FALL)), below (calm, fmin (K (SPO2_ABS_LOW), population - K (SPO2_ABS_FALL)))));
  chs_evidence_set (self, CHS_E_SPO2D, at_most (calm, b - K (SPO2_SMALL_FALL)));
  chs_evidence_set (self, CHS_E_SPO2M, at_most (calm, b - K (SPO2_MILD_FALL)));
  chs_evidence_set (self, CHS_E_SPO2P, below (now, fmin (K (SPO2_SEVERE_LOW), population - K (SPO2_SEVERE_FALL)) + margin (self, CHS_E_SPO2P, K (LIMIT_SPO2_MARGIN))));
  chs_evidence_set (self, CHS_E_SPO2X, below (now, K (LIMIT_SPO2_EXTREME)));
  chs_evidence_set (self, CHS_E_SPO2LIM, isnan (limit) ? CHS_FALSE : below (now, limit + margin (self, CHS_E_SPO2LIM, K (LIMIT_SPO2_MARGIN))));
  chs_evidence_set (self, CHS_E_SPO2WEAK, is_weak ? below ((double) s->latest[CHS_PARAM_SPO2].value, spo2_low (self)) : CHS_FALSE);
}

/* ---- breathing ---- */

static void
look_at_breathing (ChsEngine *self)
{
  ChsState *s = &self->state;
  double b = s->baseline.rr, now, quiet, low = by_age (self, K (LIMIT_RR_LOW), K (LIMIT_RR_LOW), K (LIMIT_RR_LOW_80));
  double high = by_age (self, K (LIMIT_RR_HIGH), K (LIMIT_RR_HIGH_65), K (LIMIT_RR_HIGH_65));
  bool is_unquiet;
  ChsTruth mild;

  chs_window_move (&s->rr60, &s->rr, s->now_us - RR_US, s->now_us);
  now = s->rr_now = window_or_newest (self, &s->rr60, &s->rr);
  is_unquiet = s->rr60.n >= RR_LEAST && chs_window_quantile (&s->rr60, 0.9) - chs_window_quantile (&s->rr60, 0.1) > K (GATE_RR_SPREAD);
  quiet = is_unquiet ? (double) NAN : now;
  chs_evidence_set (self, CHS_E_RRUP, both (at_least (quiet, b + K (RR_UP)), at_least (quiet, K (RR_UP_MIN))));
  mild = both (at_least (quiet, b + K (RR_MILD)), at_least (quiet, K (RR_MILD_MIN)));
  chs_evidence_set (self, CHS_E_RRUPM, mild);
  chs_evidence_set (self, CHS_E_RRUPS, mild);
  chs_evidence_set (self, CHS_E_RRUPR, at_least (quiet, b + K (RR_MILD)));
  chs_evidence_set (self, CHS_E_CALM, both (at_most (s->hr15_now, K (HR_CALM) * s->baseline.hr), at_most (now, b + K (RR_CALM))));
  chs_evidence_set (self, CHS_E_RRDN, below (now, K (RR_SLOW) + margin (self, CHS_E_RRDN, K (LIMIT_RR_MARGIN))));
  chs_evidence_set (self, CHS_E_RRDNM, both (at_most (now, K (RR_SLOWING) + margin (self, CHS_E_RRDNM, K (LIMIT_RR_MARGIN))),
                         at_most (now, b - K (RR_SLOWING_FALL) + margin (self, CHS_E_RRDNM, K (LIMIT_RR_MARGIN)))));
  chs_evidence_set (self, CHS_E_RRLO, below (now, known_or ((double) s->limit_low[CHS_PARAM_RR], low) + margin (self, CHS_E_RRLO, K (LIMIT_RR_MARGIN))));
  chs_evidence_set (self, CHS_E_RRHI, above (quiet, known_or ((double) s->limit_high[CHS_PARAM_RR], high) - margin (self, CHS_E_RRHI, K (LIMIT_RR_MARGIN))));
}

/* ---- temperature ---- */

/* A probe's values are smoothed; one that a nurse took by hand stands for itself, whatever was taken a quarter of an hour ago. */
static double
temp_of (const ChsEngine *self)
{
  const ChsState *s = &self->state;
  float values[CHS_MAX_TEMPS];
  unsigned kept = MIN (s->n_temps, CHS_MAX_TEMPS), n = 0;
  int64_t newer_us = s->now_us;

  for (uint32_t i = s->n_temps; i > s->n_temps - kept; i--) {
    int64_t t_us = s->temps_us[(i - 1) % CHS_MAX_TEMPS];

    if (newer_us - t_us > (n == 0 ? K_MIN (STALE_TEMP) : K_S (GATE_TEMP_PERSIST)))
      break;
    values[n++] = s->temps[(i - 1) % CHS_MAX_TEMPS];
    newer_us = t_us;
  }
  return chs_median (values, n);
}

static void
look_at_temperature (ChsEngine *self)
{
  ChsState *s = &self->state;
  double b = known_or (s->baseline.temp_c, K (BASELINE_POPULATION_TEMP)), now = s->temp_now = temp_of (self);

  chs_evidence_set (self, CHS_E_TEMP,
                    either (both (at_least (now, known_or ((double) s->limit_high[CHS_PARAM_TEMP], K (TEMP_FEVER))), at_least (now, b + K (TEMP_RISE))),
                            at_least (now, K (TEMP_FEVER_ALONE))));
  chs_evidence_set (self, CHS_E_TEMPX, at_least (now, K (TEMP_HIGH)));
  chs_evidence_set (self, CHS_E_TEMPLO, below (now, known_or ((double) s->limit_low[CHS_PARAM_TEMP], K (LIMIT_TEMP_LOW))));
}

void
chs_evidence_vitals (ChsEngine *self, uint32_t dirty)
{
  if (dirty & CHS_DIRTY_HR)
    look_at_rate (self);
  if (dirty & CHS_DIRTY_SPO2)
    look_at_oxygen (self);
  if (dirty & CHS_DIRTY_RR)
    look_at_breathing (self);
  if (dirty & CHS_DIRTY_TEMP)
    look_at_temperature (self);
  if (dirty & CHS_DIRTY_BP)
    look_at_pressure (self);
}

/* ---- limits in force, for screens ---- */

ChsLimits
chs_engine_get_limits (const ChsEngine *self, ChsParam param)
{
  const ChsState *s = &self->state;
  ChsLimits limits = { .low = NAN, .high = NAN };

  if (param <= CHS_PARAM_NONE || param >= CHS_N_PARAMS)
    return limits;
  limits.changed = !isnan (s->limit_low[param]) || !isnan (s->limit_high[param]);
  switch ((int) param) {
  case CHS_PARAM_HR:
  case CHS_PARAM_PR:
    limits.low = hr_low (self);
    limits.high = hr_high (self);
    break;
  case CHS_PARAM_SPO2:
    limits.low = spo2_low (self);
    break;
  case CHS_PARAM_RR:
    limits.low = known_or ((double) s->limit_low[param], by_age (self, K (LIMIT_RR_LOW), K (LIMIT_RR_LOW), K (LIMIT_RR_LOW_80)));
    limits.high = known_or ((double) s->limit_high[param], by_age (self, K (LIMIT_RR_HIGH), K (LIMIT_RR_HIGH_65), K (LIMIT_RR_HIGH_65)));
    break;
  case CHS_PARAM_NIBP_SYS:
  case CHS_PARAM_ABP_SYS:
    limits.low = abs_low (self);
    limits.high = sys_high (self);
    break;
  case CHS_PARAM_NIBP_DIA:
  case CHS_PARAM_ABP_DIA:
    limits.high = dia_high (self);
    break;
  case CHS_PARAM_NIBP_MEAN:
  case CHS_PARAM_ABP_MEAN:
    limits.low = map_low (self);
    break;
  case CHS_PARAM_TEMP:
    limits.low = known_or ((double) s->limit_low[param], K (LIMIT_TEMP_LOW));
    limits.high = known_or ((double) s->limit_high[param], K (TEMP_FEVER));
    break;
  default:
    break;
  }
  return limits;
}

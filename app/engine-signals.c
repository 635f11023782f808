/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-private.h"

#include <math.h>

/* Accept gates (shared/clinical.md 2.1, 2.4): a value outside is discarded, never
 * moved; a jump that no body makes is believed when it persists. */

#define DISAGREE_MEDIAN_US (30 * CHS_SECOND)
#define HR_STEP_US (5 * CHS_SECOND / 2)
#define SPO2_FALL_SLOW_US (10 * CHS_SECOND)
#define SPO2_FALL_FAST_US (2 * CHS_SECOND) /* two seconds' worth of samples of a 1 Hz monitor */
#define RR_STEP_US (10 * CHS_SECOND)
#define TEMP_SPACING_US (10 * CHS_SECOND)
#define CUFF_GAP_US (2 * CHS_SECOND) /* parts of one reading come together */
#define BASELINE_ROLL_US (30 * CHS_SECOND)

static bool
is_inside (double value, double least, double most)
{
  return value >= least && value <= most;
}

/* Is a value that differs too much from the last accepted one to be believed yet? */
static bool
believe (ChsSuspect *jump, int64_t now_us, double value, double near, int64_t persist_us)
{
  if (jump->since_us == CHS_TIME_NONE || fabs (value - (double) jump->value) > near) {
    jump->since_us = now_us;
    jump->value = (float) value;
  }
  if (now_us - jump->since_us < persist_us)
    return false;
  jump->since_us = CHS_TIME_NONE;
  return true;
}

/* What has jumped stays a jump until it is back or has persisted. */
static bool
is_in_doubt (ChsSuspect *jump, int64_t now_us, double value, bool is_jump, bool is_back, double near, int64_t persist_us)
{
  if (is_back)
    jump->since_us = CHS_TIME_NONE;
  return !is_back && (is_jump || jump->since_us != CHS_TIME_NONE) && !believe (jump, now_us, value, near, persist_us);
}

static double
last_within (const ChsSeries *series, int64_t now_us, int64_t span_us)
{
  return chs_within (now_us, chs_series_last_us (series), span_us) ? (double) chs_series_last (series) : (double) NAN;
}

/* ---- heart rate: ECG, else oximeter ---- */

/* ECG and oximeter have disagreed for long: whichever is nearer to what was. */
static double
settle_disagreement (ChsEngine *self, double hr, double pr)
{
  ChsState *s = &self->state;
  unsigned n;
  double before;

  if (fabs (hr - pr) <= K (GATE_HR_DISAGREE)) {
    s->disagree_us = CHS_TIME_NONE;
    return hr;
  }
  if (s->disagree_us == CHS_TIME_NONE)
    s->disagree_us = s->now_us;
  if (s->now_us - s->disagree_us < K_S (GATE_HR_DISAGREE_HOLD))
    return hr;
  before = chs_series_median (&s->hr, s->now_us - DISAGREE_MEDIAN_US, s->now_us, &n);
  return n > 0 && fabs (pr - before) < fabs (hr - before) ? pr : hr;
}

static void
accept_hr (ChsEngine *self, double value)
{
  ChsState *s = &self->state;
  double last = last_within (&s->hr, s->now_us, CHS_MINUTE), newest = last_within (&s->hr, s->now_us, HR_STEP_US);

  bool is_back = fabs (value - last) <= K (GATE_HR_STEP) || fabs (value - s->hr15_now) <= K (GATE_HR_STEP);
  bool is_jump = fabs (value - last) > K (GATE_HR_JUMP) || fabs (value - newest) > K (GATE_HR_STEP);

  /* Of two rates in the first seconds neither is the one that was: begin with the newer one. */
  if (is_jump && s->hr.n > 0 && s->now_us - s->hr_first_us < K_S (GATE_HR_PERSIST)) {
    s->hr.n = 0;
    s->hr8 = s->hr15 = s->hr60 = s->hrref = (ChsWindow) { .n = 0 };
  }
  if (s->hr.n == 0)
    s->hr_first_us = s->now_us;
  if (s->hr.n > 0 && is_in_doubt (&s->hr_jump, s->now_us, value, is_jump, is_back, K (GATE_HR_JUMP), K_S (GATE_HR_PERSIST)))
    return;
  chs_series_add (&s->hr, s->now_us, (float) value);
  s->dirty |= CHS_DIRTY_HR;
}

static bool
is_fresh (const ChsState *s, ChsParam param)
{
  return chs_within (s->now_us, s->latest[param].good_us, 5 * CHS_SECOND);
}

/* During inflation on the oximeter's arm the pulse there is cut off. */
bool
chs_engine_cuff_on_oximeter (const ChsEngine *self)
{
  const ChsState *s = &self->state;

  if (s->session.cuff_arm == '\0' || s->session.cuff_arm != s->session.spo2_arm)
    return false;
  return chs_within (s->now_us, s->inflate_us, K_S (GATE_CUFF_LONGEST)) || chs_within (s->now_us, s->deflate_us, K_S (GATE_CUFF_ARM_HOLD));
}

static void
accept_rate (ChsEngine *self, const ChsNumeric *numeric)
{
  ChsState *s = &self->state;
  bool cut_off = chs_engine_cuff_on_oximeter (self);

  if (numeric->quality > CHS_QUALITY_QUESTIONABLE || !is_inside (numeric->value, K (GATE_HR_MIN), K (GATE_HR_MAX)))
    return;
  if (numeric->param == CHS_PARAM_PR && (is_fresh (s, CHS_PARAM_HR) || cut_off))
    return;
  if (numeric->param == CHS_PARAM_HR && is_fresh (s, CHS_PARAM_PR) && !cut_off)
    accept_hr (self, settle_disagreement (self, numeric->value, (double) s->latest[CHS_PARAM_PR].value));
  else
    accept_hr (self, numeric->value);
}

/* ---- oximeter ---- */

static bool
is_low_signal (const ChsEngine *self, const ChsNumeric *numeric)
{
  const ChsLatest *pi = &self->state.latest[CHS_PARAM_PI];

  return (numeric->flags & CHS_FLAG_LOW_SIGNAL) != 0 ||
         (chs_within (self->state.now_us, pi->good_us, K_S (STALE_HR_VALUE)) && (double) pi->value < K (GATE_PI_LOW));
}

static void
accept_spo2 (ChsEngine *self, const ChsNumeric *numeric)
{
  ChsState *s = &self->state;
  double fast = last_within (&s->spo2, s->now_us, SPO2_FALL_FAST_US);
  double slow = last_within (&s->spo2, s->now_us, SPO2_FALL_SLOW_US), last = last_within (&s->spo2, s->now_us, CHS_MINUTE);
  bool is_fall = fast - numeric->value > K (GATE_SPO2_FALL_1S) || slow - numeric->value > K (GATE_SPO2_FALL_10S);
  bool is_back = !(last - numeric->value > K (GATE_SPO2_FALL_1S)); /* also where there is nothing to fall from */
  double seen = numeric->value;

  if (numeric->quality > CHS_QUALITY_QUESTIONABLE || !is_inside (numeric->value, K (GATE_SPO2_MIN), 100.0))
    return;
  if (chs_engine_cuff_on_oximeter (self))
    return;
  s->dirty |= CHS_DIRTY_SPO2;
  if (is_low_signal (self, numeric)) {
    s->weak_us = s->now_us;
    return;
  }
  if (s->spo2_jump.since_us != CHS_TIME_NONE)
    seen = fmax (seen, (double) s->spo2_jump.value); /* that it goes on falling is no reason to doubt the fall */
  if (is_in_doubt (&s->spo2_jump, s->now_us, seen, is_fall, is_back, K (GATE_SPO2_FALL_10S), K_S (GATE_SPO2_PERSIST)))
    return;
  chs_series_add (&s->spo2, s->now_us, (float) numeric->value);
}

/* ---- breathing, temperature ---- */

static void
accept_rr (ChsEngine *self, const ChsNumeric *numeric)
{
  ChsState *s = &self->state;
  double last = last_within (&s->rr, s->now_us, CHS_MINUTE), newest = last_within (&s->rr, s->now_us, RR_STEP_US);
  bool is_jump = fabs (numeric->value - newest) > K (GATE_RR_JUMP), is_back = !(fabs (numeric->value - last) > K (GATE_RR_JUMP));

  if (numeric->quality > CHS_QUALITY_QUESTIONABLE || !is_inside (numeric->value, K (GATE_RR_MIN), K (GATE_RR_MAX)))
    return;
  if (numeric->param == CHS_PARAM_RR && is_fresh (s, CHS_PARAM_CO2_RR))
    return; /* capnography counts breaths, impedance guesses them */
  if (is_in_doubt (&s->rr_jump, s->now_us, numeric->value, is_jump, is_back, K (GATE_RR_JUMP), K_S (GATE_RR_PERSIST)))
    return;
  chs_series_add (&s->rr, s->now_us, (float) numeric->value);
  s->dirty |= CHS_DIRTY_RR;
}

static void
accept_temp (ChsEngine *self, const ChsNumeric *numeric)
{
  ChsState *s = &self->state;
  uint32_t last = s->n_temps > 0 ? (s->n_temps - 1) % CHS_MAX_TEMPS : 0;
  int64_t since_us = s->n_temps > 0 ? s->now_us - s->temps_us[last] : INT64_MAX;

  if (numeric->quality > CHS_QUALITY_QUESTIONABLE || !is_inside (numeric->value, K (GATE_TEMP_MIN), K (GATE_TEMP_MAX)))
    return;
  if (since_us < TEMP_SPACING_US)
    return;
  if (since_us <= CHS_MINUTE && fabs (numeric->value - (double) s->temps[last]) > K (GATE_TEMP_JUMP) &&
      !believe (&s->temp_jump, s->now_us, numeric->value, K (GATE_TEMP_JUMP), K_S (GATE_TEMP_PERSIST)))
    return;
  s->temps[s->n_temps % CHS_MAX_TEMPS] = (float) numeric->value;
  s->temps_us[s->n_temps % CHS_MAX_TEMPS] = s->now_us;
  s->n_temps++;
  s->dirty |= CHS_DIRTY_TEMP;
}

/* ---- pressure ---- */

double
chs_engine_cuff_interval_s (const ChsEngine *self)
{
  double told = self->state.session.cuff_interval_s;

  return isnan (told) ? K (STALE_CUFF_INTERVAL) : told;
}

/* Could the three numbers be one pressure wave? */
static bool
is_doubtful (const ChsEngine *self, const ChsCuff *cuff)
{
  double pp = (double) (cuff->sbp - cuff->dbp);
  double fit = (double) cuff->dbp + K (GATE_MAP_SHARE) * pp;

  if (isnan (cuff->map))
    return false;
  return !(cuff->map > cuff->dbp && cuff->map < cuff->sbp) ||
         fabs ((double) cuff->map - fit) > K (GATE_MAP_SLACK) * pp + K (GATE_MAP_SLACK_MMHG);
}

static bool
is_plausible (const ChsEngine *self, const ChsCuff *cuff)
{
  return is_inside ((double) cuff->sbp, K (GATE_SYS_MIN), K (GATE_SYS_MAX)) &&
         is_inside ((double) cuff->dbp, K (GATE_DIA_MIN), K (GATE_DIA_MAX)) &&
         is_inside ((double) (cuff->sbp - cuff->dbp), K (GATE_PP_MIN), K (GATE_PP_MAX));
}

static bool
is_same (const ChsCuff *a, const ChsCuff *b)
{
  return fabsf (a->sbp - b->sbp) < 0.5f && fabsf (a->dbp - b->dbp) < 0.5f && (isnan (a->map) || isnan (b->map) || fabsf (a->map - b->map) < 0.5f);
}

/* A monitor may show one reading again and again; it was taken once. */
static bool
is_repeated (ChsEngine *self, const ChsCuff *cuff)
{
  ChsState *s = &self->state;

  if (s->last.t_us == CHS_TIME_NONE || !is_same (cuff, &s->last))
    return false;
  if (cuff->t_us != s->last.t_us && !chs_within (s->now_us, s->shown_us, K_S (GATE_NIBP_REPEAT)))
    return false;
  s->shown_us = s->now_us;
  return true;
}

static void
keep_for_baseline (ChsState *s, const ChsCuff *cuff)
{
  if (cuff->doubtful || cuff->consumed)
    return;
  s->cuffs[s->n_cuffs++ % CHS_MAX_CUFFS] = *cuff;
}

/* What the pressure has fallen from in minutes, until it has recovered from that; the slow way down of white coat,
 * rest and sleep is no fall. */
static float
before_fall (const ChsEngine *self, const ChsCuff *cuff)
{
  const ChsState *s = &self->state;
  int64_t interval_us = (int64_t) (chs_engine_cuff_interval_s (self) * 1e6);
  int64_t window_us = MAX (K_MIN (BP_SLOW_WINDOW), 2 * interval_us + K_S (STALE_NIBP_SLACK));
  unsigned kept = MIN (s->n_cuffs, CHS_MAX_CUFFS);
  float highest = 0;

  if (s->last.t_us != CHS_TIME_NONE && (double) cuff->sbp <= K (BP_SLOW_RECOVERED) * (double) s->last.before_fall)
    return s->last.before_fall;
  for (unsigned i = 0; i < kept; i++)
    if (chs_within (s->now_us, s->cuffs[i].t_us, window_us))
      highest = fmaxf (highest, s->cuffs[i].sbp);
  return (double) cuff->sbp < K (BP_SLOW_SHARE) * (double) highest ? highest : NAN;
}

static void
accept_cuff (ChsEngine *self, ChsCuff *cuff)
{
  ChsState *s = &self->state;

  s->n_fails = 0;
  s->shown_us = s->now_us;
  cuff->doubtful = cuff->doubtful || is_doubtful (self, cuff);
  /* A reading taken in a faint belongs to the faint. */
  cuff->consumed = s->conditions[CHS_LABEL_INFUSION_REACTION].state < CHS_ALARM_STATE_ACTIVE &&
                   (chs_evidence_has (&s->yes, CHS_E_VVACT) ||
                    (chs_evidence_has (&s->yes, CHS_E_VDROPPED) && !chs_evidence_has (&s->yes, CHS_E_SPO2) &&
                     !chs_evidence_has (&s->yes, CHS_E_LIDO)));
  cuff->pulse = (float) s->hr15_now;
  cuff->before_fall = before_fall (self, cuff);
  s->before = s->last;
  s->last = *cuff;
  keep_for_baseline (s, cuff);
  s->dirty |= CHS_DIRTY_BP | CHS_DIRTY_CONTEXT;
}

void
chs_engine_cuff_settle (ChsEngine *self)
{
  ChsState *s = &self->state;
  ChsCuff cuff = s->pending;

  s->pending.t_us = CHS_TIME_NONE;
  s->deflate_us = s->now_us;
  s->inflate_us = CHS_TIME_NONE;
  if (!isnan (cuff.sbp) && !isnan (cuff.dbp) && is_plausible (self, &cuff) && !is_repeated (self, &cuff))
    accept_cuff (self, &cuff);
}

static void
accept_nibp (ChsEngine *self, const ChsNumeric *numeric)
{
  ChsState *s = &self->state;
  int64_t at_us = numeric->meas_us == CHS_TIME_NONE ? s->now_us : MIN (numeric->meas_us, s->now_us);

  if (numeric->quality >= CHS_QUALITY_INVALID || numeric->time_mark == CHS_TIME_MARK_UNKNOWN)
    return;
  if (s->pending.t_us != CHS_TIME_NONE && (at_us - s->pending.t_us > CUFF_GAP_US || numeric->param == CHS_PARAM_NIBP_SYS))
    chs_engine_cuff_settle (self);
  if (s->pending.t_us == CHS_TIME_NONE)
    s->pending = (ChsCuff) { .t_us = at_us, .sbp = NAN, .dbp = NAN, .map = NAN };
  s->pending.doubtful |= (numeric->flags & CHS_FLAG_MOTION) != 0;
  s->pending.demo |= (numeric->flags & CHS_FLAG_DEMO) != 0;
  if (numeric->param == CHS_PARAM_NIBP_SYS)
    s->pending.sbp = (float) numeric->value;
  else if (numeric->param == CHS_PARAM_NIBP_DIA)
    s->pending.dbp = (float) numeric->value;
  else
    s->pending.map = (float) numeric->value;
  if (!isnan (s->pending.sbp) && !isnan (s->pending.dbp) && !isnan (s->pending.map))
    chs_engine_cuff_settle (self);
}

/* An arterial line is read every half minute as if it were a cuff; damped, flushed or zeroing it is no pressure. */
static void
accept_abp (ChsEngine *self, const ChsNumeric *numeric)
{
  ChsState *s = &self->state;
  const ChsLatest *sys = &s->latest[CHS_PARAM_ABP_SYS], *dia = &s->latest[CHS_PARAM_ABP_DIA];
  ChsCuff cuff = { .t_us = s->now_us, .sbp = sys->value, .dbp = dia->value, .map = (float) numeric->value,
                   .demo = (numeric->flags & CHS_FLAG_DEMO) != 0 };
  bool good;

  if (numeric->param != CHS_PARAM_ABP_MEAN || !chs_within (s->now_us, sys->good_us, CUFF_GAP_US) ||
      !chs_within (s->now_us, dia->good_us, CUFF_GAP_US))
    return;
  good = (double) (cuff.sbp - cuff.dbp) >= K (GATE_ABP_DAMPED) && numeric->value <= K (GATE_ABP_FLUSH) && is_plausible (self, &cuff) &&
         !is_doubtful (self, &cuff) && (numeric->flags & CHS_FLAG_CALIBRATING) == 0;
  if (!good) {
    if (s->abp_bad_us == CHS_TIME_NONE)
      s->abp_bad_us = s->now_us;
    return;
  }
  if (s->abp_bad_us != CHS_TIME_NONE)
    s->abp_us = s->now_us; /* the first value after a flush is not taken at its word */
  s->abp_bad_us = CHS_TIME_NONE;
  if (chs_within (s->now_us, s->abp_us, K_S (GATE_ABP_PERIOD) - 1))
    return;
  s->abp_us = s->now_us;
  accept_cuff (self, &cuff);
}

/* ---- everything that a monitor sends ---- */

static void
note_latest (ChsState *s, const ChsNumeric *numeric)
{
  ChsLatest *latest = &s->latest[numeric->param];

  latest->t_us = s->now_us;
  latest->quality = numeric->quality;
  latest->flags = numeric->flags;
  if (numeric->quality > CHS_QUALITY_QUESTIONABLE || isnan (numeric->value))
    return;
  if (!latest->seen || fabs (numeric->value - (double) latest->value) > 1e-4)
    latest->changed_us = s->now_us;
  latest->seen = true;
  latest->good_us = s->now_us;
  latest->value = (float) numeric->value;
}

void
chs_engine_numeric (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;
  const ChsNumeric *numeric = &event->numeric;

  if (numeric->param <= CHS_PARAM_NONE || numeric->param >= CHS_N_PARAMS)
    return;
  s->is_demo = (numeric->flags & CHS_FLAG_DEMO) != 0;
  note_latest (s, numeric);
  switch ((int) numeric->param) {
  case CHS_PARAM_HR:
  case CHS_PARAM_PR:
    accept_rate (self, numeric);
    break;
  case CHS_PARAM_SPO2:
    accept_spo2 (self, numeric);
    break;
  case CHS_PARAM_RR:
  case CHS_PARAM_CO2_RR:
    accept_rr (self, numeric);
    break;
  case CHS_PARAM_TEMP:
    accept_temp (self, numeric);
    break;
  case CHS_PARAM_NIBP_SYS:
  case CHS_PARAM_NIBP_DIA:
  case CHS_PARAM_NIBP_MEAN:
    accept_nibp (self, numeric);
    break;
  case CHS_PARAM_ABP_SYS:
  case CHS_PARAM_ABP_DIA:
  case CHS_PARAM_ABP_MEAN:
    accept_abp (self, numeric);
    break;
  default:
    break;
  }
}

void
chs_engine_device (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;
  bool on = event->device.value > 0;

  switch ((ChsDeviceCode) event->device.code) {
  case CHS_DEVICE_NIBP_START:
    s->inflate_us = s->inflated_us = s->now_us;
    break;
  case CHS_DEVICE_NIBP_FAILED:
    s->inflate_us = CHS_TIME_NONE;
    s->deflate_us = s->fail_us = s->now_us;
    s->n_fails++;
    break;
  case CHS_DEVICE_ALARM:
    s->monitor_alarm = on ? MAX (event->device.priority, CHS_PRIORITY_LOW) : CHS_PRIORITY_NONE;
    break;
  case CHS_DEVICE_FROZEN:
    s->frozen_us = on || isnan (event->device.value) ? s->now_us : CHS_TIME_NONE;
    break;
  case CHS_DEVICE_IDENTITY:
  case CHS_DEVICE_DEMO:
  case CHS_DEVICE_SENSOR_OFF:
  case CHS_DEVICE_RESTART:
  case CHS_DEVICE_REMOVED:
  case CHS_DEVICE_TEXT:
  case CHS_DEVICE_BENCH:
    break;
  }
  s->dirty |= CHS_DIRTY_CONTEXT;
}

/* ---- baseline ---- */

/* The last accepted readings, far enough apart, newest first. */
static unsigned
pick_cuffs (const ChsEngine *self, ChsCuff *picked)
{
  const ChsState *s = &self->state;
  unsigned kept = MIN (s->n_cuffs, CHS_MAX_CUFFS), n = 0;

  for (unsigned i = 0; i < kept && n < (unsigned) K (BASELINE_CUFFS); i++) {
    const ChsCuff *cuff = &s->cuffs[(s->n_cuffs - 1 - i) % CHS_MAX_CUFFS];

    if (!chs_within (s->now_us, cuff->t_us, K_MIN (BASELINE_WINDOW)))
      break;
    if (n == 0 || picked[n - 1].t_us - cuff->t_us >= K_S (BASELINE_CUFF_GAP))
      picked[n++] = *cuff;
  }
  return n;
}

static void
take_pressure (ChsEngine *self, ChsBaseline *b)
{
  ChsCuff picked[CHS_MAX_CUFFS];
  float sys[CHS_MAX_CUFFS], dia[CHS_MAX_CUFFS], mean[CHS_MAX_CUFFS];
  float lowest = INFINITY, highest = 0;
  unsigned n = pick_cuffs (self, picked), n_mean = 0;

  for (unsigned i = 0; i < n; i++) {
    sys[i] = picked[i].sbp;
    lowest = fminf (lowest, sys[i]);
    highest = fmaxf (highest, sys[i]);
    dia[i] = picked[i].dbp;
    if (!isnan (picked[i].map))
      mean[n_mean++] = picked[i].map;
  }
  b->n_cuffs = (uint8_t) n;
  if (n == 0)
    return;
  b->sbp = chs_median (sys, n);
  b->dbp = chs_median (dia, n);
  b->map = n_mean > 0 ? chs_median (mean, n_mean) : b->dbp + K (GATE_MAP_SHARE) * (b->sbp - b->dbp);
  b->pp = b->sbp - b->dbp;
  b->quality = n >= 2 && (double) (highest - lowest) <= K (BASELINE_SPREAD) ? CHS_BASELINE_GOOD : CHS_BASELINE_PROVISIONAL;
}

static double
take_vital (const ChsEngine *self, const ChsSeries *series)
{
  unsigned n;
  double median = chs_series_median (series, self->state.now_us - K_MIN (BASELINE_VITALS_WINDOW), self->state.now_us, &n);

  return n > 0 && chs_within (self->state.now_us, chs_series_last_us (series), K_MIN (BASELINE_VITALS_WINDOW)) ? median : (double) NAN;
}

static double
take_temp (const ChsEngine *self)
{
  const ChsState *s = &self->state;
  float values[CHS_MAX_TEMPS];
  unsigned n = MIN (s->n_temps, CHS_MAX_TEMPS);

  for (unsigned i = 0; i < n; i++)
    values[i] = s->temps[i];
  return chs_median (values, n);
}

/* NAN in a field: never measured; only absolute limits can be watched there. */
static void
take_all (ChsEngine *self, ChsBaseline *b)
{
  ChsState *s = &self->state;

  *b = (ChsBaseline) { .taken_us = s->now_us, .sbp = NAN, .dbp = NAN, .map = NAN, .pp = NAN };
  take_pressure (self, b);
  b->hr = take_vital (self, &s->hr);
  b->rr = take_vital (self, &s->rr);
  b->spo2 = fmin (take_vital (self, &s->spo2), K (BASELINE_SPO2_CAP));
  if (isnan (take_vital (self, &s->spo2)))
    b->spo2 = (double) NAN;
  b->temp_c = take_temp (self);
}

void
chs_engine_baseline_roll (ChsEngine *self)
{
  ChsState *s = &self->state;

  if (s->frozen || chs_within (s->now_us, s->baseline_us, BASELINE_ROLL_US - 1))
    return;
  s->baseline_us = s->now_us;
  if (chs_evidence_has (&s->yes, CHS_E_VVACT) || chs_evidence_has (&s->yes, CHS_E_VDROPPED))
    return;
  take_all (self, &s->baseline);
  s->dirty |= CHS_DIRTY_ALL;
}

bool
chs_engine_baseline_take (ChsEngine *self)
{
  ChsState *s = &self->state;
  ChsBaseline taken;

  take_all (self, &taken);
  if (taken.quality == CHS_BASELINE_NONE)
    return false;
  taken.confirmed = true;
  if (isnan (taken.temp_c))
    taken.temp_c = s->baseline.temp_c;
  s->baseline = taken;
  s->frozen = true;
  s->dirty |= CHS_DIRTY_ALL;
  return true;
}

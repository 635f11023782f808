/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-model-private.h"

#include <math.h>
#include <string.h>

/* Bounds of memory, own choice: 9 h of seconds per trend before thinning. */
#define MAX_POINTS 32768
#define WAVE_S     30    /* seconds of wave kept: the slowest sweep of the widest screen */
#define MAX_WAVE   16384 /* samples; 30 s of 500 Hz */

/* The same reading told twice (two parameters of it, or again after a reconnect) differs by less than this. */
#define SAME_CUFF_US (2 * CHS_CHAIR_US_PER_S)

/* ---- trends ---- */

/* Which of @n points stand for all of them: the lowest, the highest and the first gap. */
static void
pick_points (const ChsPoint *points, guint n, bool *is_kept)
{
  guint low = n, high = n, gap = n;

  for (guint k = 0; k < n; k++) {
    if (isnan (points[k].value)) {
      gap = MIN (gap, k);
      continue;
    }
    low = low == n || points[k].value < points[low].value ? k : low;
    high = high == n || points[k].value > points[high].value ? k : high;
  }
  for (guint k = 0; k < n; k++)
    is_kept[k] = k == low || k == high || k == gap;
}

/* A day at one point a second does not fit: of each four old points the lowest and the highest stay, and gaps. */
static void
thin_older_half (GArray *points)
{
  const guint half = points->len / 2;
  ChsPoint *all = (ChsPoint *) (gpointer) points->data;
  bool is_kept[4];
  guint kept = 0;

  for (guint i = 0; i < half; i += 4) {
    guint n = MIN (4, half - i);

    pick_points (&all[i], n, is_kept);
    for (guint k = 0; k < n; k++)
      if (is_kept[k])
        all[kept++] = all[i + k];
  }
  g_array_remove_range (points, kept, half - kept);
}

static void
append_point (ChsChairModel *self, ChsParam param, const ChsPoint *point)
{
  GArray *points = self->trends[param];
  ChsPoint *last;

  if (points == NULL)
    points = self->trends[param] = g_array_new (FALSE, FALSE, sizeof (ChsPoint));
  last = points->len > 0 ? &g_array_index (points, ChsPoint, points->len - 1) : NULL;
  if (last != NULL && isnan (last->value) && isnan (point->value))
    return;
  if (last != NULL && last->t_us / CHS_CHAIR_US_PER_S == point->t_us / CHS_CHAIR_US_PER_S && isnan (last->value) == isnan (point->value)) {
    *last = *point;
    return;
  }
  if (points->len >= MAX_POINTS)
    thin_older_half (points);
  g_array_append_val (points, *point);
}

void
chs_chair_model_begin_trend_gap (ChsChairModel *self, ChsParam param)
{
  GArray *points = self->trends[param];

  if (points == NULL || points->len == 0)
    return;
  append_point (self, param,
                &(ChsPoint) { g_array_index (points, ChsPoint, points->len - 1).t_us, NAN, CHS_QUALITY_ABSENT, 0 });
}

/* ---- how values age ---- */

/* The profile's staleness group: when a value is dimmed, and when it gives way to dashes. */
static const struct {
  ChsParam    param;
  const char *dim_key, *gone_key;
} staleness[] = {
  { CHS_PARAM_HR, "staleness.hr_dim_s", "staleness.hr_gone_s" },
  { CHS_PARAM_PR, "staleness.pr_dim_s", "staleness.pr_gone_s" },
  { CHS_PARAM_SPO2, "staleness.spo2_dim_s", "staleness.spo2_gone_s" },
  { CHS_PARAM_PI, "staleness.spo2_dim_s", "staleness.spo2_gone_s" },
  { CHS_PARAM_NIBP_SYS, "staleness.nibp_dim_s", "staleness.nibp_gone_s" },
  { CHS_PARAM_NIBP_DIA, "staleness.nibp_dim_s", "staleness.nibp_gone_s" },
  { CHS_PARAM_NIBP_MEAN, "staleness.nibp_dim_s", "staleness.nibp_gone_s" },
  { CHS_PARAM_NIBP_PR, "staleness.nibp_dim_s", "staleness.nibp_gone_s" },
  { CHS_PARAM_RR, "staleness.rr_dim_s", "staleness.rr_gone_s" },
  { CHS_PARAM_CO2_RR, "staleness.rr_dim_s", "staleness.rr_gone_s" },
  { CHS_PARAM_TEMP, "staleness.temp_dim_s", "staleness.temp_gone_s" },
  { CHS_PARAM_TEMP2, "staleness.temp_dim_s", "staleness.temp_gone_s" },
  { CHS_PARAM_NONE, "staleness.other_dim_s", "staleness.other_gone_s" },
};

/* Seconds of the profile as microseconds; a profile without the number never lets a value age. */
static int64_t
age_of (const ChsProfile *profile, const char *key)
{
  double seconds = chs_profile_get (profile, key);

  return isnan (seconds) ? INT64_MAX : (int64_t) (seconds * (double) CHS_CHAIR_US_PER_S);
}

/* Asked for with each value: worked out once. */
void
chs_chair_model_take_staleness (ChsChairModel *self)
{
  for (guint param = 0; param < CHS_N_PARAMS; param++) {
    guint row = 0;

    while (staleness[row].param != param && staleness[row].param != CHS_PARAM_NONE)
      row++;
    self->dim_us[param] = age_of (self->profile, staleness[row].dim_key);
    self->gone_us[param] = age_of (self->profile, staleness[row].gone_key);
  }
}

/* ---- numerics ---- */

static bool
is_cuff_part (ChsParam param)
{
  return param == CHS_PARAM_NIBP_SYS || param == CHS_PARAM_NIBP_DIA || param == CHS_PARAM_NIBP_MEAN;
}

static ChsCuffReading *
cuff_of (ChsChairModel *self, int64_t t_us)
{
  ChsCuffReading fresh = { .t_us = t_us, .sys = NAN, .dia = NAN, .mean = NAN };

  for (guint i = self->cuffs->len; i > 0; i--) {
    ChsCuffReading *cuff = &g_array_index (self->cuffs, ChsCuffReading, i - 1);

    if (!cuff->failed && ABS (cuff->t_us - t_us) < SAME_CUFF_US)
      return cuff;
    if (cuff->t_us < t_us - SAME_CUFF_US)
      break;
  }
  return chs_chair_rows_append (self->cuffs, &fresh, CHS_CHAIR_MAX_ROWS);
}

static void
feed_cuff (ChsChairModel *self, const ChsNumeric *numeric, int64_t t_us)
{
  ChsCuffReading *cuff;
  float value = numeric->quality == CHS_QUALITY_INVALID ? NAN : (float) numeric->value;

  if (isnan (value))
    return;
  cuff = cuff_of (self, t_us);
  if (numeric->param == CHS_PARAM_NIBP_SYS)
    cuff->sys = value;
  else if (numeric->param == CHS_PARAM_NIBP_DIA)
    cuff->dia = value;
  else
    cuff->mean = value;
  cuff->quality = MAX (cuff->quality, numeric->quality);
  cuff->flags |= numeric->flags;
  cuff->time_mark = numeric->time_mark;
}

void
chs_chair_model_feed_numeric (ChsChairModel *self, const ChsEvent *event)
{
  const ChsNumeric *numeric = &event->numeric;
  int64_t t_us = numeric->meas_us != CHS_TIME_NONE ? numeric->meas_us : event->t_us;
  bool is_absent = numeric->quality >= CHS_QUALITY_INVALID || isnan (numeric->value);
  ChsLatest *latest;

  if (numeric->param == CHS_PARAM_NONE || numeric->param >= CHS_N_PARAMS)
    return;
  latest = &self->latest[numeric->param];
  chs_chair_model_ensure_link (self, event, CHS_KIND_MONITOR);
  if (is_cuff_part (numeric->param)) {
    feed_cuff (self, numeric, t_us);
    if (is_absent) /* a cuff reading stays until the next one, with its age */
      return;
  } else {
    if (latest->is_present && t_us - latest->t_us > self->dim_us[numeric->param])
      chs_chair_model_begin_trend_gap (self, numeric->param);
    append_point (self, numeric->param,
                  &(ChsPoint) { t_us, is_absent ? NAN : (float) numeric->value, numeric->quality, numeric->flags });
  }
  *latest = (ChsLatest) { *numeric, t_us, event->source, latest->is_present || !is_absent };
}

/* ---- waves ---- */

void
chs_chair_model_feed_wave (ChsChairModel *self, const ChsEvent *event)
{
  const ChsWave *in = &event->wave;
  guint size = (guint) CLAMP (in->rate_hz * WAVE_S, 64, MAX_WAVE), i = 0;

  if (in->n == 0 || in->samples == NULL || !(in->rate_hz > 0.0f) || !chs_param_info (in->param)->is_wave)
    return;
  while (i < self->n_waves && self->waves[i].view.param != in->param)
    i++;
  if (i == CHS_CHAIR_MAX_WAVES)
    return;
  chs_wave_ring_feed (&self->waves[i], in, event->t_us, size);
  self->n_waves = MAX (self->n_waves, i + 1);
  self->wave_views[i] = self->waves[i].view;
}

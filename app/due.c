/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/due.h"

#include "app/profile.h"

#include <math.h>
#include <string.h>

static int64_t
seconds_us (const ChsChairModel *model, const char *key)
{
  return (int64_t) (chs_profile_get (chs_chair_model_get_profile (model), key) * 1e6);
}

static int64_t
minutes_us (const ChsChairModel *model, const char *key)
{
  return 60 * seconds_us (model, key);
}

static const ChsSession *
get_session (const ChsChairModel *model)
{
  return chs_engine_get_session (chs_chair_model_get_engine (model));
}

/* When the first pump began to run; CHS_TIME_NONE = none has. */
static int64_t
get_begin_us (const ChsChairModel *model)
{
  guint n;
  const ChsPumpView *pumps = chs_chair_model_get_pumps (model, &n);
  int64_t begin = CHS_TIME_NONE;

  for (guint i = 0; i < n; i++)
    for (guint k = 0; k < pumps[i].n_steps; k++)
      if (pumps[i].steps[k].flow_ml_h > 0) {
        begin = begin == CHS_TIME_NONE ? pumps[i].steps[k].t_us : MIN (begin, pumps[i].steps[k].t_us);
        break;
      }
  return begin;
}

/* ---- the cuff ---- */

static double
shorter (double a, double b)
{
  return fmin (a, b); /* fmin leaves a NAN aside */
}

/* As the nurse said; else the shortest that one of the bags wants; else the profile's; and closer in the first minutes. */
static int64_t
cuff_interval_us (const ChsChairModel *model, int64_t now_us)
{
  const ChsSession *session = get_session (model);
  guint n;
  const ChsDose *doses = chs_engine_get_doses (chs_chair_model_get_engine (model), &n);
  double wanted_s = session->therapy.cuff_interval_s;
  int64_t begin = get_begin_us (model), interval;

  if (!isnan (session->cuff_interval_s))
    return (int64_t) (session->cuff_interval_s * 1e6);
  for (guint i = 0; i < n; i++)
    wanted_s = shorter (wanted_s, doses[i].therapy->cuff_interval_s);
  interval = isnan (wanted_s) ? seconds_us (model, "stale.cuff_interval") : (int64_t) (wanted_s * 1e6);
  if (begin != CHS_TIME_NONE && now_us - begin < minutes_us (model, "due.close_watch"))
    interval = MIN (interval, seconds_us (model, "due.close_cuff"));
  return interval;
}

static gboolean
get_cuff (const ChsChairModel *model, int64_t now_us, ChsDue *out)
{
  guint n;
  const ChsCuffReading *cuffs = chs_chair_model_get_cuffs (model, &n);
  ChsTileValue line = chs_chair_model_get_value (model, CHS_PARAM_ABP_SYS, now_us);

  if (line.freshness <= CHS_FRESH_DIM && !isnan (line.value))
    return FALSE;
  while (n > 0 && cuffs[n - 1].failed)
    n--;
  out->at_us = n > 0 ? cuffs[n - 1].t_us + cuff_interval_us (model, now_us) : get_session (model)->phase_us;
  return TRUE;
}

/* ---- the IV site ---- */

static int64_t
last_look_us (const ChsChairModel *model)
{
  guint n;
  const ChsMark *marks = chs_chair_model_get_marks (model, &n);

  while (n-- > 0)
    if (marks[n].kind == CHS_MARK_NURSE && marks[n].action == CHS_NURSE_SITE_CHECK && !marks[n].undone)
      return marks[n].t_us;
  return CHS_TIME_NONE;
}

static gboolean
get_site (const ChsChairModel *model, int64_t now_us, ChsDue *out)
{
  int64_t begin = get_begin_us (model), last = last_look_us (model), first = minutes_us (model, "due.site_first");

  if (begin == CHS_TIME_NONE)
    return FALSE;
  if (last == CHS_TIME_NONE || last < begin - first)
    out->at_us = begin;
  else if (last < begin + first / 2) /* the look at the beginning */
    out->at_us = begin + first;
  else
    out->at_us = last + minutes_us (model, "due.site");
  return TRUE;
}

/* ---- sedation ---- */

static gboolean
get_sedation (const ChsChairModel *model, int64_t now_us, ChsDue *out)
{
  const ChsEngine *engine = chs_chair_model_get_engine (model);
  guint n;
  const ChsDose *doses = chs_engine_get_doses (engine, &n);
  int64_t last = chs_engine_get_sedation_us (engine), begin = get_begin_us (model);
  gboolean is_given = FALSE;

  for (guint i = 0; i < n; i++)
    is_given |= doses[i].ketamine_mg_total > 0;
  if (!is_given || begin == CHS_TIME_NONE)
    return FALSE;
  out->at_us = (last == CHS_TIME_NONE ? begin : MAX (last, begin)) + minutes_us (model, "due.sedation");
  return TRUE;
}

/* ---- planned steps ---- */

/* The newest entry about a reaction is not its end (CHS_NURSE_REACTION). */
static gboolean
is_reacting (const ChsChairModel *model)
{
  guint n;
  const ChsMark *marks = chs_chair_model_get_marks (model, &n);

  while (n-- > 0)
    if (marks[n].kind == CHS_MARK_REACTION && !marks[n].undone)
      return strcmp (marks[n].what, "end") != 0;
  return FALSE;
}

/* Nobody is told to turn a pump up while something is wrong with the patient or the drip. */
static gboolean
is_no_time_for_steps (const ChsChairModel *model)
{
  guint n;
  const ChsActiveAlarm *alarms = chs_engine_get_alarms (chs_chair_model_get_engine (model), &n);
  gboolean is_bad = is_reacting (model) || get_session (model)->phase != CHS_PHASE_INFUSING;

  for (guint i = 0; i < n; i++)
    is_bad |= alarms[i].state >= CHS_ALARM_STATE_ACTIVE && alarms[i].alarm.priority >= CHS_PRIORITY_MEDIUM;
  return is_bad;
}

gboolean
chs_due_get_step (const ChsChairModel *model, const ChsDose *dose, int64_t now_us, ChsDue *out)
{
  const ChsTherapy *t = dose->therapy;
  double minutes = (double) dose->run_us / 60e6, next;
  double planned = chs_therapy_planned_ml_h (t, minutes, &next);
  double slack = 1.0 - chs_profile_get (chs_chair_model_get_profile (model), "dose.plan_slack") / 100.0;

  if (t->n_steps == 0 || !(dose->flow_ml_h > 0) || is_no_time_for_steps (model))
    return FALSE;
  *out = (ChsDue) { .kind = CHS_DUE_STEP, .rate_ml_h = planned, .source = dose->source, .channel = dose->channel };
  if (dose->flow_ml_h < planned * slack) {
    for (unsigned i = 0; i < t->n_steps && (double) t->steps[i].from_min <= minutes; i++)
      out->at_us = now_us - (int64_t) ((minutes - (double) t->steps[i].from_min) * 60e6);
    return TRUE;
  }
  if (isnan (next))
    return FALSE;
  out->rate_ml_h = chs_therapy_planned_ml_h (t, next, NULL);
  out->at_us = now_us + (int64_t) ((next - minutes) * 60e6);
  return TRUE;
}

static gboolean
get_step (const ChsChairModel *model, int64_t now_us, ChsDue *out)
{
  guint n;
  const ChsDose *doses = chs_engine_get_doses (chs_chair_model_get_engine (model), &n);
  gboolean is_due = FALSE;
  ChsDue one;

  for (guint i = 0; i < n; i++)
    if (chs_due_get_step (model, &doses[i], now_us, &one) && (!is_due || one.at_us < out->at_us)) {
      *out = one;
      is_due = TRUE;
    }
  return is_due;
}

gboolean
chs_due_get (const ChsChairModel *model, ChsDueKind kind, int64_t now_us, ChsDue *out)
{
  static gboolean (*const getters[CHS_N_DUES]) (const ChsChairModel *, int64_t, ChsDue *) = {
    [CHS_DUE_CUFF] = get_cuff, [CHS_DUE_SITE] = get_site, [CHS_DUE_SEDATION] = get_sedation, [CHS_DUE_STEP] = get_step,
  };
  guint8 phase = get_session (model)->phase;
  ChsDue due = { .kind = (uint8_t) kind, .rate_ml_h = (double) NAN };

  if (phase < CHS_PHASE_INFUSING || phase > CHS_PHASE_OBSERVE || !getters[kind](model, now_us, &due))
    return FALSE;
  *out = due;
  return TRUE;
}

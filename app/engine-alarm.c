/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-private.h"

#include <math.h>
#include <string.h>

/* From evidence to alarms: rules with their delays, arbitration between labels, the
 * state machine of each condition (shared/alarm-standard.md 5), what should sound.
 *
 *   idle -> pending -> active <-> acknowledged -> cleared        LOW, MEDIUM, technical
 *                      active -> latched -> cleared              HIGH of the patient: signals stay until acknowledged
 *                      active -> pending                         suspended by ALARM PAUSED or ALARM OFF (engine-silence.c)
 *
 * Missing data clears nothing: a rule that can no longer be told stays on. */

/* What the rules want of one label now. */
typedef struct {
  uint8_t  priority, rule;
  bool     pending; /* some rule holds and waits for its delay */
  uint16_t pumps;
} Want;

typedef struct {
  Want    want[CHS_N_LABELS];
  uint8_t also[CHS_N_LABELS][4];
} Wants;

static bool
is_technical (const ChsRule *rule)
{
  return (rule->flags & CHS_RULE_TECHNICAL) != 0;
}

static const ChsRule *
rule_at (unsigned i)
{
  unsigned n;

  return &chs_rules (&n)[i];
}

/* ---- rules ---- */

static void
run_rule (ChsEngine *self, unsigned i, const ChsRule *rule)
{
  ChsState *s = &self->state;
  ChsTruth truth = chs_rule_eval (&self->sets[i], &s->yes, &s->unknown);
  int64_t delay_us = (int64_t) (self->profile->value[rule->delay] * 1e6);
  int64_t sustain_us = (int64_t) (self->profile->value[rule->sustain] * 1e6);

  s->rule_carried[i] = truth == CHS_UNKNOWN;
  if (truth == CHS_TRUE) {
    if (s->rule_since_us[i] == CHS_TIME_NONE)
      s->rule_since_us[i] = s->now_us;
    s->rule_on[i] = s->rule_on[i] || s->now_us - s->rule_since_us[i] >= delay_us;
    s->rule_until_us[i] = CHS_TIME_NONE;
    if (!s->rule_on[i])
      chs_engine_wake_at (s, s->rule_since_us[i] + delay_us);
    return;
  }
  if (truth == CHS_UNKNOWN && s->rule_on[i])
    return;
  s->rule_since_us[i] = CHS_TIME_NONE;
  if (s->rule_on[i] && s->rule_until_us[i] == CHS_TIME_NONE)
    s->rule_until_us[i] = s->now_us + sustain_us;
  s->rule_on[i] = s->rule_on[i] && s->now_us < s->rule_until_us[i];
  if (s->rule_on[i])
    chs_engine_wake_at (s, s->rule_until_us[i]);
}

/* Only rules whose evidence has changed, or whose delay or stand is running. */
static void
run_rules (ChsEngine *self)
{
  ChsState *s = &self->state;
  const ChsRule *rules;
  unsigned n;

  rules = chs_rules (&n);
  for (unsigned i = 0; i < n; i++) {
    bool timed = s->rule_on[i] ? s->rule_until_us[i] != CHS_TIME_NONE : s->rule_since_us[i] != CHS_TIME_NONE;

    if (timed || chs_evidence_meets (&self->sets[i].uses, &s->changed))
      run_rule (self, i, &rules[i]);
  }
  memset (&s->changed, 0, sizeof s->changed);
}

/* ---- arbitration ---- */

static uint16_t
pumps_of_rule (const ChsState *s, const ChsRule *rule)
{
  uint16_t pumps = 0;

  for (unsigned i = 0; i < CHS_RULE_CLAUSES; i++)
    for (unsigned k = 0; k < CHS_RULE_TERMS && rule->all[i][k] != CHS_E_NONE; k++)
      pumps |= s->pumps_of[rule->all[i][k]];
  return pumps;
}

static void
collect (const ChsEngine *self, Wants *wants)
{
  const ChsState *s = &self->state;
  const ChsRule *rules;
  unsigned n;

  rules = chs_rules (&n);
  for (unsigned i = 0; i < n; i++) {
    Want *want = &wants->want[rules[i].label];
    uint8_t state = s->conditions[rules[i].label].state;

    /* What can no longer be told keeps an alarm, and begins none: not even when the hazard that covered it is over. */
    if (s->rule_on[i] && s->rule_carried[i] && state != CHS_ALARM_STATE_ACTIVE && state != CHS_ALARM_STATE_ACKNOWLEDGED)
      continue;
    if (!s->rule_on[i]) {
      want->pending |= s->rule_since_us[i] != CHS_TIME_NONE;
      continue;
    }
    want->pumps |= pumps_of_rule (s, &rules[i]);
    if (self->sets[i].priority > want->priority) {
      want->priority = self->sets[i].priority;
      want->rule = (uint8_t) i;
    }
  }
}

static bool
is_any (const ChsState *s, const uint8_t *terms)
{
  for (unsigned i = 0; i < CHS_RULE_TERMS && terms[i] != 0; i++)
    if (chs_evidence_has (&s->yes, (ChsEvidence) terms[i]))
      return true;
  return false;
}

/* Only hazards are worth considering: a limit is no explanation. */
static void
add_also (Wants *wants, ChsLabel label, ChsLabel other)
{
  if (other >= CHS_LABEL_HYPOTENSION || (other >= CHS_LABEL_MG_RATE && other <= CHS_LABEL_DOSE_LIMIT))
    return;
  for (unsigned i = 0; i < G_N_ELEMENTS (wants->also[label]); i++)
    if (wants->also[label][i] == 0 || wants->also[label][i] == other) {
      wants->also[label][i] = (uint8_t) other;
      return;
    }
}

static bool
is_raised (const ChsState *s, ChsLabel label)
{
  return s->conditions[label].state >= CHS_ALARM_STATE_ACTIVE;
}

static void
apply_guards (const ChsState *s, Wants *wants)
{
  const ChsGuard *guards;
  unsigned n;

  guards = chs_guards (&n);
  for (unsigned i = 0; i < n; i++)
    if (wants->want[guards[i].label].priority != 0 && !is_raised (s, guards[i].label) && !is_any (s, guards[i].unless) &&
        (is_any (s, guards[i].when) || wants->want[guards[i].by].priority >= CHS_PRIORITY_MEDIUM)) {
      wants->want[guards[i].label].priority = CHS_PRIORITY_NONE;
      for (unsigned k = 0; k < CHS_N_LABELS; k++)
        if (wants->want[k].priority != 0 && k < CHS_LABEL_HYPOTENSION)
          add_also (wants, (ChsLabel) k, (ChsLabel) guards[i].label);
    }
}

/* Priority at which a hazard sounds already, whether its evidence goes on or is gone and it waits to be acknowledged. */
static uint8_t
sounding (const ChsState *s, ChsLabel label)
{
  const ChsCondition *condition = &s->conditions[label];
  bool sounds = condition->state == CHS_ALARM_STATE_ACTIVE || condition->state == CHS_ALARM_STATE_LATCHED;

  return sounds ? condition->priority : CHS_PRIORITY_NONE;
}

/* The hazard that explains a general label takes its place and never its lower priority. One that only sounds on covers
 * what is not worse. */
static void
apply_covers (const ChsState *s, Wants *wants)
{
  const ChsCover *covers;
  unsigned n;

  covers = chs_covers (&n);
  for (unsigned i = 0; i < n; i++) {
    Want *primary = &wants->want[covers[i].label];
    uint8_t heard = sounding (s, (ChsLabel) covers[i].label);

    if (MAX (primary->priority, heard) < CHS_PRIORITY_MEDIUM)
      continue;
    for (unsigned k = 0; k < G_N_ELEMENTS (covers[i].covered) && covers[i].covered[k] != 0; k++) {
      Want *covered = &wants->want[covers[i].covered[k]];

      if (covered->priority == CHS_PRIORITY_NONE || (primary->priority == CHS_PRIORITY_NONE && covered->priority > heard))
        continue;
      add_also (wants, (ChsLabel) covers[i].label, (ChsLabel) covers[i].covered[k]);
      if (primary->priority != CHS_PRIORITY_NONE && covered->priority > primary->priority && !is_technical (rule_at (covered->rule)))
        primary->priority = covered->priority;
      covered->priority = is_raised (s, (ChsLabel) covers[i].covered[k]) ? MIN (covered->priority, s->conditions[covers[i].covered[k]].priority)
                                                                         : CHS_PRIORITY_NONE;
    }
  }
}

/* ---- what an alarm tells ---- */

static void
append_id (char *text, size_t size, const char *id)
{
  size_t used = strlen (text);

  if (used + strlen (id) + 2 > size)
    return;
  if (used > 0)
    text[used++] = ',';
  strcpy (text + used, id);
}

static void
tell_evidence (const ChsEngine *self, unsigned rule, ChsAlarm *alarm)
{
  alarm->evidence[0] = '\0';
  for (unsigned e = 1; e < CHS_N_EVIDENCE; e++)
    if (chs_evidence_has (&self->sets[rule].uses, (ChsEvidence) e) && chs_evidence_has (&self->state.yes, (ChsEvidence) e))
      append_id (alarm->evidence, sizeof alarm->evidence, chs_evidence_info ((ChsEvidence) e)->id);
}

/* Is the quantity there, so that it is the baseline that lacks? */
static bool
is_input_there (const ChsState *s, ChsInput input)
{
  switch (input) {
  case CHS_INPUT_HR:
    return !isnan (s->hr15_now);
  case CHS_INPUT_SPO2:
    return !isnan (s->spo2_now);
  case CHS_INPUT_RR:
    return !isnan (s->rr_now);
  case CHS_INPUT_NIBP:
    return s->last.t_us != CHS_TIME_NONE && (!s->frozen || isnan (s->baseline.sbp));
  case CHS_INPUT_NONE:
  case CHS_INPUT_TEMP:
  case CHS_INPUT_PUMP:
  case CHS_INPUT_WEIGHT:
  case CHS_INPUT_BASELINE:
  case CHS_INPUT_THERAPY:
  case CHS_N_INPUTS:
    break;
  }
  return false;
}

/* What any rule of the label looks at and cannot tell. */
static ChsEvidenceSet
unknown_of (const ChsEngine *self, ChsLabel label)
{
  ChsEvidenceSet unknown = { .word = { 0 } };
  const ChsRule *rules;
  unsigned n;

  rules = chs_rules (&n);
  for (unsigned i = 0; i < n; i++)
    for (unsigned w = 0; w < CHS_EVIDENCE_WORDS && rules[i].label == label; w++)
      unknown.word[w] |= self->sets[i].uses.word[w] & self->state.unknown.word[w];
  return unknown;
}

static void
tell_missing (const ChsEngine *self, ChsLabel label, unsigned rule, ChsAlarm *alarm)
{
  const ChsState *s = &self->state;
  ChsEvidenceSet unknown = unknown_of (self, label);
  bool missing[CHS_N_INPUTS] = { false };

  alarm->missing[0] = '\0';
  for (unsigned e = 1; e < CHS_N_EVIDENCE; e++) {
    ChsInput input = chs_evidence_info ((ChsEvidence) e)->input;

    if (chs_evidence_has (&unknown, (ChsEvidence) e))
      missing[is_input_there (s, input) ? CHS_INPUT_BASELINE : input] = true;
  }
  if (isnan (s->session.weight_kg) && s->ran && (rule_at (rule)->param == CHS_PARAM_PUMP_RATE || rule_at (rule)->param == CHS_PARAM_PUMP_VOLUME))
    missing[CHS_INPUT_WEIGHT] = true;
  if ((s->baseline.quality == CHS_BASELINE_NONE || !s->frozen) && rule_at (rule)->param == CHS_PARAM_NIBP_SYS)
    missing[CHS_INPUT_BASELINE] = true; /* judged by fixed limits alone */
  for (unsigned i = 1; i < CHS_N_INPUTS; i++)
    if (missing[i])
      append_id (alarm->missing, sizeof alarm->missing, chs_input_id ((ChsInput) i));
}

static void
tell_also (const Wants *wants, ChsLabel label, ChsAlarm *alarm)
{
  alarm->also[0] = '\0';
  for (unsigned i = 0; i < G_N_ELEMENTS (wants->also[label]) && wants->also[label][i] != 0; i++)
    append_id (alarm->also, sizeof alarm->also, chs_label_id ((ChsLabel) wants->also[label][i]));
  if (alarm->also[0] == '\0')
    append_id (alarm->also, sizeof alarm->also, chs_label_id (chs_label_differential (label)));
}

static const ChsPump *
first_pump (const ChsState *s, uint16_t pumps)
{
  for (unsigned i = 0; i < s->n_pumps; i++)
    if (pumps >> i & 1)
      return &s->pumps[i];
  return NULL;
}

/* Value, baseline and limit of the parameter that the rule shows. */
static void
tell_value (const ChsEngine *self, ChsParam param, const ChsPump *pump, ChsAlarm *alarm)
{
  const ChsState *s = &self->state;
  ChsLimits limits = chs_engine_get_limits (self, param);

  alarm->param = (uint8_t) param;
  alarm->value = alarm->baseline = alarm->limit = NAN;
  switch ((int) param) {
  case CHS_PARAM_HR:
    alarm->value = s->hr15_now;
    alarm->baseline = s->baseline.hr;
    alarm->limit = alarm->value < alarm->baseline ? limits.low : limits.high;
    break;
  case CHS_PARAM_SPO2:
    alarm->value = s->spo2_now;
    alarm->baseline = s->baseline.spo2;
    alarm->limit = limits.low;
    break;
  case CHS_PARAM_RR:
    alarm->value = s->rr_now;
    alarm->baseline = s->baseline.rr;
    alarm->limit = alarm->value < alarm->baseline ? limits.low : limits.high;
    break;
  case CHS_PARAM_TEMP:
    alarm->value = s->temp_now;
    alarm->baseline = s->baseline.temp_c;
    alarm->limit = limits.high;
    break;
  case CHS_PARAM_NIBP_DIA:
    alarm->value = (double) s->last.dbp;
    alarm->baseline = s->baseline.quality != CHS_BASELINE_NONE ? s->baseline.dbp : (double) NAN;
    alarm->limit = limits.high;
    break;
  case CHS_PARAM_NIBP_SYS:
    alarm->value = s->last.t_us != CHS_TIME_NONE ? (double) s->last.sbp : (double) NAN;
    alarm->baseline = s->baseline.quality != CHS_BASELINE_NONE ? s->baseline.sbp : (double) NAN;
    alarm->limit = alarm->value < alarm->baseline || alarm->value < limits.low ? limits.low : limits.high;
    break;
  case CHS_PARAM_PUMP_RATE:
    alarm->value = pump != NULL ? pump->flow_ml_h : (double) NAN;
    break;
  case CHS_PARAM_PUMP_VOLUME:
    alarm->value = s->infused_ml;
    break;
  case CHS_PARAM_PUMP_PRESSURE:
    alarm->value = pump != NULL ? pump->p60 : (double) NAN;
    alarm->baseline = pump != NULL ? pump->reference : (double) NAN;
    break;
  default:
    break;
  }
}

/* The rule's own parameter if one of its true statements is read from it, else that of the first true one. */
static ChsParam
param_of (const ChsEngine *self, unsigned i)
{
  static const uint8_t params[CHS_N_INPUTS] = {
    [CHS_INPUT_HR] = CHS_PARAM_HR,
    [CHS_INPUT_SPO2] = CHS_PARAM_SPO2,
    [CHS_INPUT_RR] = CHS_PARAM_RR,
    [CHS_INPUT_TEMP] = CHS_PARAM_TEMP,
    [CHS_INPUT_NIBP] = CHS_PARAM_NIBP_SYS,
  };
  const ChsRule *rule = rule_at (i);
  uint8_t first = CHS_PARAM_NONE;

  for (unsigned e = 1; e < CHS_N_EVIDENCE; e++) {
    uint8_t param = params[chs_evidence_info ((ChsEvidence) e)->input];

    if (param == CHS_PARAM_NONE || !chs_evidence_has (&self->sets[i].uses, (ChsEvidence) e) || !chs_evidence_has (&self->state.yes, (ChsEvidence) e))
      continue;
    if (param == rule->param)
      return (ChsParam) param;
    first = first == CHS_PARAM_NONE ? param : first;
  }
  return (ChsParam) (first != CHS_PARAM_NONE ? first : rule->param);
}

/* A high pressure that is high by its diastolic alone shows that. */
static ChsParam
shown_param (const ChsEngine *self, ChsLabel label, unsigned rule)
{
  const ChsState *s = &self->state;
  ChsParam param = param_of (self, rule);
  bool is_high = label == CHS_LABEL_HYPERTENSION || label == CHS_LABEL_KETAMINE_HYPERTENSION;

  if (is_high && param == CHS_PARAM_NIBP_SYS && s->last.t_us != CHS_TIME_NONE &&
      (double) s->last.sbp < chs_engine_get_limits (self, CHS_PARAM_NIBP_SYS).high)
    return CHS_PARAM_NIBP_DIA;
  return param;
}

/* The infusion change that preceded: the newest rise, else the newest change. */
static const ChsPump *
find_cause (const ChsEngine *self, const ChsPump *pump, ChsChange *cause)
{
  const ChsState *s = &self->state;
  const ChsPump *found = NULL;

  cause->t_us = CHS_TIME_NONE;
  for (unsigned rises = 2; rises-- > 0 && found == NULL;)
    for (unsigned i = 0; i < s->n_pumps; i++) {
      const ChsChange *change = rises ? &s->pumps[i].rise : &s->pumps[i].change;

      if ((pump != NULL && pump != &s->pumps[i]) || !chs_within (s->now_us, change->t_us, K_MIN (ALARM_CAUSE_WINDOW)))
        continue;
      if (cause->t_us == CHS_TIME_NONE || change->t_us > cause->t_us) {
        *cause = *change;
        found = &s->pumps[i];
      }
    }
  return found;
}

static void
tell_cause (const ChsEngine *self, const ChsRule *rule, const ChsPump *pump, ChsAlarm *alarm)
{
  bool wanted = rule->param == CHS_PARAM_NIBP_SYS || rule->param == CHS_PARAM_PUMP_RATE || rule->label == CHS_LABEL_FLUID_OVERLOAD ||
                rule->label == CHS_LABEL_INFUSION_REACTION || rule->label == CHS_LABEL_MG_HYPOTENSION;
  ChsChange cause = { .t_us = CHS_TIME_NONE };
  const ChsPump *found = wanted ? find_cause (self, pump, &cause) : NULL;

  alarm->cause_us = cause.t_us;
  alarm->cause_from_ml_h = found != NULL ? cause.from_ml_h : (double) NAN;
  alarm->cause_to_ml_h = found != NULL ? cause.to_ml_h : (double) NAN;
  alarm->cause_source = found != NULL ? found->source : 0;
  alarm->cause_channel = found != NULL ? found->channel : 0;
}

/* When everything that the rule rests on had begun, before holds and delays. */
static int64_t
onset_of (const ChsEngine *self, unsigned rule)
{
  const ChsState *s = &self->state;
  int64_t onset_us = CHS_TIME_NONE;

  for (unsigned k = 0; k < self->sets[rule].n_all; k++) {
    int64_t first_us = INT64_MAX;

    for (unsigned e = 1; e < CHS_N_EVIDENCE; e++)
      if (chs_evidence_has (&self->sets[rule].all[k], (ChsEvidence) e) && chs_evidence_has (&s->yes, (ChsEvidence) e))
        first_us = MIN (first_us, s->since_us[e]);
    if (first_us != INT64_MAX)
      onset_us = MAX (onset_us, first_us);
  }
  return onset_us == CHS_TIME_NONE ? s->now_us : onset_us;
}

static void
emit (ChsEngine *self, ChsCondition *condition, ChsAlarmAction action)
{
  ChsState *s = &self->state;
  ChsEvent event = { .t_us = s->now_us, .wall_us = s->wall_us, .type = CHS_EVENT_ALARM, .source = CHS_SOURCE_MONITOR };

  condition->changed_us = s->now_us;
  condition->alarm.action = (uint8_t) action;
  condition->alarm.priority = condition->priority;
  condition->alarm.id = condition->id;
  event.alarm = condition->alarm;
  if (self->func != NULL)
    self->func (&event, self->user_data);
}

static void
describe (ChsEngine *self, const Wants *wants, ChsLabel label)
{
  ChsState *s = &self->state;
  ChsCondition *condition = &s->conditions[label];
  const Want *want = &wants->want[label];
  const ChsRule *rule = rule_at (want->rule);
  const ChsPump *pump = first_pump (s, want->pumps);
  ChsAlarm *alarm = &condition->alarm;

  memset (alarm, 0, sizeof *alarm);
  condition->rule = want->rule;
  alarm->label = (uint8_t) label;
  alarm->demo = s->is_demo;
  alarm->onset_us = condition->onset_us = onset_of (self, want->rule);
  chs_text_copy (alarm->rule, sizeof alarm->rule, rule->id);
  tell_evidence (self, want->rule, alarm);
  tell_missing (self, label, want->rule, alarm);
  tell_also (wants, label, alarm);
  tell_value (self, shown_param (self, label, want->rule), pump, alarm);
  tell_cause (self, rule, pump, alarm);
}

/* ---- transitions ---- */

static void
resume_condition (ChsEngine *self, ChsCondition *condition)
{
  condition->state = CHS_ALARM_STATE_ACTIVE;
  condition->changed_us = self->state.now_us;
  condition->false_us = condition->lower_us = CHS_TIME_NONE;
}

static void
raise_condition (ChsEngine *self, const Wants *wants, ChsLabel label)
{
  ChsState *s = &self->state;
  ChsCondition *condition = &s->conditions[label];
  bool same = condition->id != 0 &&
              (condition->state == CHS_ALARM_STATE_LATCHED || chs_within (s->now_us, condition->cleared_us, K_S (ALARM_SAME)));

  if (condition->state == CHS_ALARM_STATE_LATCHED && !condition->paused && wants->want[label].priority < condition->priority) {
    condition->resumed = condition->false_us != CHS_TIME_NONE && s->now_us - condition->false_us >= K_MIN (ALARM_EPISODE);
    resume_condition (self, condition); /* its HIGH still sounds: nothing begins */
    return;
  }
  condition->resumed = false;
  if (!same)
    condition->id = ++s->next_id;
  condition->loud = false;
  condition->state = CHS_ALARM_STATE_ACTIVE;
  condition->priority = MAX (wants->want[label].priority, same && condition->cleared_us == CHS_TIME_NONE ? condition->priority : 0);
  condition->pumps = wants->want[label].pumps;
  condition->paused = false;
  condition->raised_us = s->now_us;
  condition->acked_us = condition->false_us = condition->lower_us = condition->cleared_us = CHS_TIME_NONE;
  condition->raises_us[condition->n_raises++ % G_N_ELEMENTS (condition->raises_us)] = s->now_us;
  describe (self, wants, label);
  emit (self, condition, CHS_ALARM_RAISE);
}

static void
change_priority (ChsEngine *self, const Wants *wants, ChsLabel label, bool up)
{
  ChsCondition *condition = &self->state.conditions[label];

  condition->priority = wants->want[label].priority;
  condition->lower_us = CHS_TIME_NONE;
  if (up) {
    condition->state = CHS_ALARM_STATE_ACTIVE;
    condition->paused = false;
    condition->loud = true; /* whatever was silent about it is over */
    condition->acked_us = CHS_TIME_NONE;
    condition->raised_us = self->state.now_us;
  }
  describe (self, wants, label);
  emit (self, condition, up ? CHS_ALARM_ESCALATE : CHS_ALARM_DEESCALATE);
}

static bool
is_latching (const ChsCondition *condition)
{
  return condition->priority == CHS_PRIORITY_HIGH && !is_technical (rule_at (condition->rule));
}

static void
clear_condition (ChsEngine *self, ChsCondition *condition)
{
  condition->state = CHS_ALARM_STATE_IDLE;
  condition->paused = condition->loud = false;
  condition->cleared_us = self->state.now_us;
  emit (self, condition, CHS_ALARM_CLEAR);
}

/* Sounds again: true long after it was acknowledged, or another pump has joined. */
static void
expire_ack (ChsEngine *self, ChsCondition *condition)
{
  condition->state = CHS_ALARM_STATE_ACTIVE;
  condition->acked_us = CHS_TIME_NONE;
  condition->paused = false;
  condition->raised_us = self->state.now_us;
  emit (self, condition, CHS_ALARM_ACK_EXPIRED);
}

/* Acknowledged long ago and still true. A LOW needs no second word. */
static bool
is_ack_over (ChsEngine *self, const ChsCondition *condition)
{
  int64_t end_us = condition->acked_us + K_MIN (ALARM_ACK_EXPIRE);

  if (condition->priority < CHS_PRIORITY_MEDIUM)
    return false;
  chs_engine_wake_at (&self->state, end_us);
  return self->state.now_us >= end_us;
}

static void
stay (ChsEngine *self, const Wants *wants, ChsLabel label)
{
  ChsState *s = &self->state;
  ChsCondition *condition = &s->conditions[label];
  const Want *want = &wants->want[label];
  bool joined = (want->pumps & ~condition->pumps) != 0;
  int64_t end_us;

  condition->false_us = CHS_TIME_NONE;
  condition->pumps = want->pumps;
  if (want->priority > condition->priority) {
    change_priority (self, wants, label, true);
    return;
  }
  if (condition->state == CHS_ALARM_STATE_ACKNOWLEDGED && (joined || is_ack_over (self, condition)))
    expire_ack (self, condition);
  if (want->priority == condition->priority && condition->resumed) {
    raise_condition (self, wants, label); /* it has come back: another episode, with evidence of its own */
    return;
  }
  if (want->priority == condition->priority || is_latching (condition)) {
    condition->lower_us = CHS_TIME_NONE;
    return;
  }
  if (condition->lower_us == CHS_TIME_NONE)
    condition->lower_us = s->now_us;
  end_us = MAX (condition->lower_us + K_S (ALARM_CLEAR_HOLD), condition->raised_us + K_S (ALARM_MEDIUM_MIN));
  if (s->now_us >= end_us)
    change_priority (self, wants, label, false);
  else
    chs_engine_wake_at (s, end_us);
}

int64_t
chs_engine_clear_hold_us (const ChsEngine *self, const ChsCondition *condition)
{
  const ChsState *s = &self->state;
  unsigned n = 0;
  int64_t hold_us = is_latching (condition) ? K_S (ALARM_HIGH_CLEAR_HOLD) : K_S (ALARM_CLEAR_HOLD);

  for (unsigned i = 0; i < MIN (condition->n_raises, G_N_ELEMENTS (condition->raises_us)); i++)
    n += chs_within (s->now_us, condition->raises_us[i], K_MIN (ALARM_FLAP_WINDOW));
  return n >= (unsigned) K (ALARM_FLAP_COUNT) ? MAX (hold_us, K_S (ALARM_FLAP_HOLD)) : hold_us;
}

static void
leave (ChsEngine *self, ChsCondition *condition)
{
  ChsState *s = &self->state;
  int64_t end_us;

  if (condition->false_us == CHS_TIME_NONE)
    condition->false_us = s->now_us;
  end_us = condition->false_us + chs_engine_clear_hold_us (self, condition);
  if (condition->priority == CHS_PRIORITY_MEDIUM)
    end_us = MAX (end_us, condition->raised_us + K_S (ALARM_MEDIUM_MIN));
  if (s->now_us < end_us) {
    chs_engine_wake_at (s, end_us);
    return;
  }
  if (is_latching (condition) && condition->state == CHS_ALARM_STATE_ACTIVE) {
    condition->state = CHS_ALARM_STATE_LATCHED;
    emit (self, condition, CHS_ALARM_LATCH);
    return;
  }
  clear_condition (self, condition);
}

/* ALARM PAUSED or ALARM OFF: neither seen nor heard. The condition itself goes on being determined. */
static void
suspend (ChsEngine *self, ChsCondition *condition)
{
  condition->state = CHS_ALARM_STATE_PENDING;
  condition->paused = condition->loud = false;
  condition->acked_us = CHS_TIME_NONE;
  condition->cleared_us = self->state.now_us;
  emit (self, condition, CHS_ALARM_SUSPEND);
}

static void
step (ChsEngine *self, const Wants *wants, ChsLabel label)
{
  ChsCondition *condition = &self->state.conditions[label];
  const Want *want = &wants->want[label];
  bool wanted = want->priority != CHS_PRIORITY_NONE, is_up = condition->state >= CHS_ALARM_STATE_ACTIVE;
  bool inhibited = chs_engine_inhibits (self, label, (ChsPriority) MAX (want->priority, is_up ? condition->priority : 0));

  switch ((ChsAlarmState) condition->state) {
  case CHS_ALARM_STATE_IDLE:
  case CHS_ALARM_STATE_PENDING:
    if (wanted && !inhibited)
      raise_condition (self, wants, label);
    else
      condition->state = wanted || want->pending ? CHS_ALARM_STATE_PENDING : CHS_ALARM_STATE_IDLE;
    break;
  case CHS_ALARM_STATE_LATCHED:
    if (wanted)
      raise_condition (self, wants, label);
    break;
  case CHS_ALARM_STATE_ACTIVE:
  case CHS_ALARM_STATE_ACKNOWLEDGED:
    if (inhibited)
      suspend (self, condition);
    else if (wanted)
      stay (self, wants, label);
    else
      leave (self, condition);
    break;
  }
}

/* A HIGH of the patient or an instrument ends ALARM PAUSED for all. */
static void
break_through (ChsEngine *self, const Wants *wants)
{
  for (unsigned i = 1; i < CHS_N_LABELS && self->state.alarm_pause_until_us != CHS_TIME_NONE; i++)
    if (wants->want[i].priority == CHS_PRIORITY_HIGH)
      chs_engine_alarm_pause (self, 0);
}

/* Rules that others ask about. */
static void
note_hazards (ChsState *s)
{
  const ChsCondition *vaso = &s->conditions[CHS_LABEL_VASOVAGAL], *overload = &s->conditions[CHS_LABEL_FLUID_OVERLOAD];
  const ChsCondition *reaction = &s->conditions[CHS_LABEL_INFUSION_REACTION];
  bool vaso_on = vaso->state == CHS_ALARM_STATE_ACTIVE || vaso->state == CHS_ALARM_STATE_ACKNOWLEDGED;

  if (vaso_on && s->vaso_us == CHS_TIME_NONE)
    s->vaso_us = s->now_us;
  if (vaso_on)
    s->vaso_end_us = s->now_us;
  else
    s->vaso_us = CHS_TIME_NONE;
  if (overload->state == CHS_ALARM_STATE_ACTIVE || overload->state == CHS_ALARM_STATE_ACKNOWLEDGED)
    s->overload_us = s->now_us;
  if (reaction->state >= CHS_ALARM_STATE_ACTIVE && reaction->priority == CHS_PRIORITY_HIGH)
    s->reaction_us = s->now_us;
}

/* ---- the work ---- */

static void
wipe (ChsEngine *self)
{
  ChsState *s = &self->state;

  for (unsigned i = 1; i < CHS_N_LABELS; i++)
    if (s->conditions[i].state >= CHS_ALARM_STATE_ACTIVE && !is_technical (rule_at (s->conditions[i].rule)))
      clear_condition (self, &s->conditions[i]);
  memset (s->rule_on, 0, sizeof s->rule_on);
  s->wipe = false;
}

void
chs_engine_alarms (ChsEngine *self)
{
  ChsState *s = &self->state;
  bool changed = (s->changed.word[0] | s->changed.word[1] | s->changed.word[2]) != 0;
  Wants wants;

  if (s->wipe)
    wipe (self);
  note_hazards (s);
  if (!changed && s->now_us < s->rules_us)
    return;
  memset (&wants, 0, sizeof wants);
  s->rules_us = INT64_MAX;
  chs_engine_end_timed (self);
  run_rules (self);
  collect (self, &wants);
  apply_guards (s, &wants);
  apply_covers (s, &wants);
  break_through (self, &wants);
  for (unsigned i = 1; i < CHS_N_LABELS; i++)
    step (self, &wants, (ChsLabel) i);
  chs_engine_annunciate (self);
}

/* ---- what the nurse does ---- */

void
chs_engine_ack (ChsEngine *self, const char *label)
{
  ChsState *s = &self->state;
  ChsLabel only = chs_label_from_id (label);

  for (unsigned i = 1; i < CHS_N_LABELS; i++) {
    ChsCondition *condition = &s->conditions[i];

    if (label[0] != '\0' && i != only)
      continue;
    if (condition->state == CHS_ALARM_STATE_LATCHED) {
      emit (self, condition, CHS_ALARM_ACK);
      clear_condition (self, condition);
    } else if (condition->state == CHS_ALARM_STATE_ACTIVE) {
      condition->state = CHS_ALARM_STATE_ACKNOWLEDGED;
      condition->loud = false;
      condition->acked_us = s->now_us;
      emit (self, condition, CHS_ALARM_ACK);
    }
  }
  s->rules_us = s->now_us;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine.h"

#include "app/engine-private.h"
#include "app/alarm-limits.h"

#include "devices/driver.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A monitor that talks again after so long has begun anew: what it has not sent yet is not missing. */
#define SILENCE_US (5 * CHS_SECOND)

/* Evidence is looked at again after this long even when nothing new came, so that windows and readings age. */
#define LOOK_US (CHS_SECOND * 9 / 10)
#define LOOK_SLOWLY_US (2 * CHS_SECOND)

static void
clear_times (int64_t *times, size_t n)
{
  for (size_t i = 0; i < n; i++)
    times[i] = CHS_TIME_NONE;
}

/* All that belongs to one patient. Links, sound, storage and screen stay as they are. */
static void
reset_patient (ChsEngine *self)
{
  ChsState *s = &self->state;

  for (unsigned i = 0; i < CHS_N_PARAMS; i++) {
    s->latest[i] = (ChsLatest) { .t_us = CHS_TIME_NONE, .good_us = CHS_TIME_NONE, .changed_us = CHS_TIME_NONE, .value = NAN };
    s->limit_low[i] = s->limit_high[i] = NAN;
  }
  s->hr = s->spo2 = s->rr = (ChsSeries) { .n = 0 };
  s->hr8 = s->hr15 = s->hr60 = s->hrref = s->spo2_15 = s->rr60 = (ChsWindow) { .n = 0 };
  s->hr_jump = s->spo2_jump = s->rr_jump = s->temp_jump = (ChsSuspect) { .since_us = CHS_TIME_NONE };
  s->n_temps = s->n_cuffs = s->n_fails = s->n_pumps = 0;
  s->hr8_now = s->hr15_now = s->hrref_now = s->spo2_now = s->rr_now = s->temp_now = NAN;
  s->pending.t_us = s->last.t_us = s->before.t_us = CHS_TIME_NONE;
  s->disagree_us = s->weak_us = s->drop_us = s->good_signal_us = s->shown_us = s->inflate_us = s->deflate_us = s->inflated_us = s->hr_first_us = CHS_TIME_NONE;
  s->fail_us = s->abp_us = s->abp_bad_us = s->baseline_us = CHS_TIME_NONE;
  s->baseline = (ChsBaseline) { .taken_us = CHS_TIME_NONE };
  s->frozen = s->ran = false;
  memset (s->ticks, 0, sizeof s->ticks);
  s->scores = (ChsScores) { .t_us = CHS_TIME_NONE, .shock_index = NAN };
  s->sedation_us = CHS_TIME_NONE;
  clear_times (s->symptom_us, CHS_MAX_SYMPTOMS);
  memset (s->symptom_entries, 0, sizeof s->symptom_entries);
  s->n_phase_steps = 0;
  s->has_symptoms = true; /* what the one before said is taken back */
  clear_times (s->since_us, CHS_N_EVIDENCE);
  clear_times (s->unknown_us, CHS_N_EVIDENCE);
  memset (s->steady, CHS_UNSTEADY, sizeof s->steady);
  clear_times (s->rule_since_us, CHS_MAX_RULES);
  clear_times (s->rule_until_us, CHS_MAX_RULES);
  s->first_run_us = s->last_run_us = s->mg_us = s->ketamine_us = s->lidocaine_us = s->mg_bucket_us = CHS_TIME_NONE;
  memset (s->mg_buckets, 0, sizeof s->mg_buckets);
  s->infused_ml = s->rate_max_ml_h = 0;
  s->break_us = s->break_until_us = CHS_TIME_NONE;
  chs_engine_end_silences (self);
  s->vaso_us = s->vaso_end_us = s->overload_us = s->reaction_us = s->reminder_us = CHS_TIME_NONE;
  s->session_us = s->monitor_up_us = s->now_us;
  s->wipe = true;
  s->dirty = CHS_DIRTY_ALL;
}

ChsEngine *
chs_engine_new (const ChsProfile *profile)
{
  ChsEngine *self = g_new0 (ChsEngine, 1);
  const ChsRule *rules;
  unsigned n;

  self->profile = chs_profile_copy (profile);
  rules = chs_rules (&n);
  for (unsigned i = 0; i < n; i++)
    chs_rule_compile (&rules[i], &self->sets[i]);
  for (unsigned i = 0; i < CHS_N_KEYS; i++)
    self->key_us[i] = (int64_t) (self->profile->value[i] * (chs_key_info ((ChsKey) i)->unit == CHS_UNIT_MIN ? 60e6 : 1e6));
  chs_session_init (&self->state.session);
  self->state.frozen_us = self->state.clock_us = CHS_TIME_NONE;
  for (unsigned i = 0; i < CHS_N_LABELS; i++) {
    ChsCondition *condition = &self->state.conditions[i];

    condition->pending_us = condition->onset_us = condition->raised_us = condition->changed_us = CHS_TIME_NONE;
    condition->false_us = condition->lower_us = condition->acked_us = condition->cleared_us = CHS_TIME_NONE;
  }
  self->state.annunciation.paused_until_us = self->state.annunciation.reminder_us = CHS_TIME_NONE;
  self->state.annunciation.break_until_us = self->state.annunciation.alarm_pause_until_us = CHS_TIME_NONE;
  reset_patient (self);
  return self;
}

void
chs_engine_free (ChsEngine *self)
{
  chs_profile_free (self->profile);
  g_free (self);
}

gsize
chs_engine_state_size (void)
{
  return sizeof (ChsState);
}

void
chs_engine_save (const ChsEngine *self, gpointer state)
{
  memcpy (state, &self->state, sizeof self->state);
}

void
chs_engine_restore (ChsEngine *self, gconstpointer state)
{
  memcpy (&self->state, state, sizeof self->state);
}

/* ---- links ---- */

static ChsLinkWatch *
find_link (ChsState *s, uint8_t source, uint8_t kind)
{
  ChsLinkWatch *link;

  for (unsigned i = 0; i < s->n_links; i++)
    if (s->links[i].source == source)
      return &s->links[i];
  if (s->n_links == CHS_MAX_LINKS)
    return NULL;
  link = &s->links[s->n_links++];
  *link = (ChsLinkWatch) { .known = true, .source = source, .kind = kind, .heard_us = CHS_TIME_NONE, .since_us = s->now_us };
  return link;
}

static void
hear (ChsState *s, uint8_t source, uint8_t kind)
{
  ChsLinkWatch *link = find_link (s, source, kind);

  if (link == NULL)
    return;
  if (kind == CHS_KIND_MONITOR && !chs_within (s->now_us, link->heard_us, SILENCE_US))
    s->monitor_up_us = s->now_us;
  link->heard_us = s->now_us;
  link->state = CHS_LINK_UP;
}

static void
feed_link (ChsEngine *self, const ChsEvent *event)
{
  ChsLinkWatch *link = find_link (&self->state, event->source, event->link.kind);

  if (link == NULL)
    return;
  link->kind = event->link.kind;
  link->state = event->link.state;
  if (event->link.state == CHS_LINK_UP)
    hear (&self->state, event->source, event->link.kind);
  self->state.dirty |= CHS_DIRTY_CONTEXT;
}

static void
feed_identity (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;
  ChsLinkWatch *link = find_link (s, event->source, CHS_KIND_MONITOR);
  char text[sizeof link->identity];

  if (link == NULL)
    return;
  chs_text_copy (text, sizeof text, event->device.text);
  if (text[0] == '\0')
    return;
  if (link->identity[0] != '\0' && strcmp (link->identity, text) != 0)
    link->changed = true;
  memcpy (link->identity, text, sizeof link->identity);
  s->dirty |= CHS_DIRTY_CONTEXT;
}

/* ---- what people do ---- */

static bool
is_alarming (const ChsState *s)
{
  for (unsigned i = CHS_LABEL_NONE + 1; i < CHS_LABEL_SENSOR_OFF_SPO2; i++)
    if (s->conditions[i].state >= CHS_ALARM_STATE_ACTIVE && s->conditions[i].priority >= CHS_PRIORITY_MEDIUM)
      return true;
  return false;
}

static void
feed_symptom (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;
  unsigned i = chs_symptom_index (event->nurse.what);
  int64_t at_us = event->nurse.at_us;

  if (i == CHS_MAX_SYMPTOMS)
    return;
  s->has_symptoms = true;
  s->symptom_entries[i].seq = event->nurse.action == CHS_NURSE_SYMPTOM_UNDO ? 0 : event->seq;
  s->symptom_entries[i].was_us = s->symptom_us[i];
  s->symptom_entries[i].began = event->nurse.action == CHS_NURSE_SYMPTOM;
  if (event->nurse.action == CHS_NURSE_SYMPTOM)
    s->symptom_us[i] = at_us == CHS_TIME_NONE || at_us > s->now_us ? s->now_us : at_us;
  else
    s->symptom_us[i] = CHS_TIME_NONE;
  s->dirty |= CHS_DIRTY_SYMPTOM | CHS_DIRTY_CONTEXT;
}

static void
keep_phase (ChsState *s, uint64_t seq)
{
  if (s->n_phase_steps == CHS_MAX_PHASE_STEPS)
    memmove (s->phase_steps, s->phase_steps + 1, sizeof s->phase_steps[0] * --s->n_phase_steps);
  s->phase_steps[s->n_phase_steps++] = (ChsPhaseStep) { .seq = seq, .from_us = s->session.phase_us, .from = s->session.phase };
}

static void
feed_phase (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;
  ChsPhase phase = chs_phase_from_id (event->nurse.what);

  if (phase == CHS_N_PHASES)
    return;
  if (s->session.phase == CHS_PHASE_CLOSED && phase != CHS_PHASE_CLOSED) {
    chs_session_init (&s->session);
    reset_patient (self);
  } else if (event->seq != 0) {
    keep_phase (s, event->seq);
  }
  s->session.phase = phase;
  s->session.phase_us = s->now_us;
  if (s->alarm_pause_until_us != CHS_TIME_NONE)
    s->rules_us = s->now_us; /* the session begins: the pause is over */
  s->dirty = CHS_DIRTY_ALL;
}

static void
feed_break (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;
  bool begins = !(event->nurse.value <= 0);

  if (begins)
    s->break_us = s->now_us;
  s->break_until_us = begins ? s->now_us + K_MIN (ALARM_BREAK_MAX) : CHS_TIME_NONE;
  s->dirty |= CHS_DIRTY_CONTEXT;
}

/* A pre-check, ticked or taken back. More than there is room for stay open, which is the careful side. */
static void
feed_tick (ChsState *s, const ChsEvent *event)
{
  for (unsigned i = 0; i < CHS_MAX_TICKS; i++)
    if (s->ticks[i].seq == 0 && event->seq != 0) {
      chs_text_copy (s->ticks[i].id, sizeof s->ticks[i].id, event->nurse.what);
      s->ticks[i].seq = event->seq;
      break;
    }
  s->dirty |= CHS_DIRTY_CONTEXT;
}

/* The phase before goes on as if nothing had been touched; or this one began at another time. */
static void
correct_phase (ChsState *s, uint64_t seq, int64_t at_us)
{
  const ChsPhaseStep *step = s->n_phase_steps > 0 ? &s->phase_steps[s->n_phase_steps - 1] : NULL;

  if (step == NULL || step->seq != seq)
    return;
  if (at_us != CHS_TIME_NONE) {
    s->session.phase_us = CLAMP (at_us, step->from_us, s->now_us);
  } else {
    s->session.phase = step->from;
    s->session.phase_us = step->from_us;
    s->n_phase_steps--;
  }
  s->dirty = CHS_DIRTY_ALL;
}

static void
correct_symptom (ChsState *s, unsigned i, int64_t at_us)
{
  if (at_us == CHS_TIME_NONE) {
    s->symptom_us[i] = s->symptom_entries[i].was_us;
    s->symptom_entries[i].seq = 0;
  } else if (s->symptom_entries[i].began) {
    s->symptom_us[i] = MIN (at_us, s->now_us);
  }
  s->has_symptoms = true;
  s->dirty |= CHS_DIRTY_SYMPTOM | CHS_DIRTY_CONTEXT;
}

static void
feed_correction (ChsState *s, const ChsEvent *event)
{
  const uint64_t seq = event->nurse.value >= 1 ? (uint64_t) event->nurse.value : 0;
  const int64_t at_us = event->nurse.at_us;

  if (seq == 0)
    return;
  correct_phase (s, seq, at_us);
  for (unsigned i = 0; i < CHS_MAX_SYMPTOMS; i++)
    if (s->symptom_entries[i].seq == seq)
      correct_symptom (s, i, at_us);
  for (unsigned i = 0; i < CHS_MAX_TICKS; i++)
    if (s->ticks[i].seq == seq && at_us == CHS_TIME_NONE)
      s->ticks[i].seq = 0;
  s->dirty |= CHS_DIRTY_CONTEXT;
}

static void
feed_nurse (ChsEngine *self, const ChsEvent *event)
{
  switch ((ChsNurseAction) event->nurse.action) {
  case CHS_NURSE_ACK:
    chs_engine_ack (self, event->nurse.what);
    break;
  case CHS_NURSE_AUDIO_PAUSE:
    chs_engine_audio_pause (self, event->nurse.value);
    break;
  case CHS_NURSE_AUDIO_RESUME:
    chs_engine_audio_resume (self);
    break;
  case CHS_NURSE_SYMPTOM:
  case CHS_NURSE_SYMPTOM_CLEAR:
  case CHS_NURSE_SYMPTOM_UNDO:
    feed_symptom (self, event);
    break;
  case CHS_NURSE_BREAK:
    feed_break (self, event);
    break;
  case CHS_NURSE_BASELINE:
    if (!is_alarming (&self->state))
      chs_engine_baseline_take (self);
    break;
  case CHS_NURSE_PHASE:
    feed_phase (self, event);
    break;
  case CHS_NURSE_DONE:
    if (strcmp (event->nurse.what, "bag_change") == 0)
      chs_engine_pump_new_bag (self);
    feed_tick (&self->state, event);
    break;
  case CHS_NURSE_SCORE:
    if (strcmp (event->nurse.what, "sedation") == 0) {
      self->state.sedation_us = self->state.now_us;
      self->state.sedation = (float) event->nurse.value;
    }
    break;
  case CHS_NURSE_CORRECTION:
    feed_correction (&self->state, event);
    break;
  case CHS_NURSE_AUDIO_OFF:
    chs_engine_audio_off (self, event->nurse.value > 0);
    break;
  case CHS_NURSE_ALARM_PAUSE:
    chs_engine_alarm_pause (self, event->nurse.value);
    break;
  case CHS_NURSE_ALARM_OFF:
    chs_engine_alarm_off (self, chs_param_from_name (event->nurse.what), event->nurse.value > 0);
    break;
  case CHS_NURSE_MARK:
  case CHS_NURSE_REACTION:
  case CHS_NURSE_SITE_CHECK:
  case CHS_NURSE_ALARM_USEFUL:
  case CHS_NURSE_NOTE:
  case CHS_NURSE_SELF_TEST:
    break; /* for the record and the screen */
  }
}

bool
chs_engine_find_phase_step (const ChsEngine *self, uint64_t seq, ChsPhaseStep *step, bool *is_last)
{
  const ChsState *s = &self->state;

  *step = (ChsPhaseStep) { .from_us = CHS_TIME_NONE };
  *is_last = false;
  for (unsigned i = 0; seq != 0 && i < s->n_phase_steps; i++)
    if (s->phase_steps[i].seq == seq) {
      *step = s->phase_steps[i];
      *is_last = i + 1 == s->n_phase_steps;
    }
  return step->seq != 0;
}

/* ---- setup ---- */

/* "limit.HR.low": a limit of this session. One outside the safe range changes nothing, whoever wrote it. */
static void
setup_limit (ChsEngine *self, const char *key, const char *value)
{
  const ChsLimitInfo *info = chs_limit_find (key);
  double number, bound;

  if (chs_limit_judge (self->profile, key, value, &number, &bound) != CHS_LIMIT_GOOD)
    return;
  if (info->is_high)
    self->state.limit_high[info->param] = (float) number;
  else
    self->state.limit_low[info->param] = (float) number;
}

/* "pump.<source>.<channel>.<key>": the therapy of one pump. */
static void
setup_pump (ChsEngine *self, const char *key, const char *value)
{
  unsigned source, channel;
  int n = 0;
  ChsPump *pump;

  if (sscanf (key, "pump.%3u.%3u.%n", &source, &channel, &n) != 2 || n == 0)
    return;
  pump = chs_engine_pump_find (self, (uint8_t) source, (uint8_t) channel);
  if (pump == NULL)
    return;
  if (!pump->has_therapy)
    chs_therapy_clear (&pump->therapy);
  pump->has_therapy = true;
  chs_therapy_setup (&pump->therapy, key + n, value);
}

static void
feed_setup (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;
  const char *key = event->setup.key, *value = event->setup.value;
  char patient[sizeof s->session.patient_id];

  chs_engine_pump_totals (self); /* what ran so far ran under the setup of before */
  memcpy (patient, s->session.patient_id, sizeof patient);
  if (g_str_has_prefix (key, "limit."))
    setup_limit (self, key, value);
  else if (g_str_has_prefix (key, "pump."))
    setup_pump (self, key, value);
  else
    chs_session_setup (&s->session, key, value);
  if (patient[0] != '\0' && strcmp (patient, s->session.patient_id) != 0)
    reset_patient (self); /* another patient: nothing is carried over */
  s->dirty = CHS_DIRTY_ALL;
}

static void
feed_state (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;
  bool good = event->state.value > 0;

  switch ((ChsStateCode) event->state.code) {
  case CHS_STATE_SOUND:
    s->no_sound = !good;
    break;
  case CHS_STATE_STORAGE:
    s->no_store = !good;
    break;
  case CHS_STATE_SCREEN:
    s->no_screen = !good;
    if (!good)
      chs_engine_end_silences (self); /* nobody could see them, nobody could end them */
    break;
  case CHS_STATE_PROFILE:
    s->no_profile = !good;
    break;
  case CHS_STATE_LIBRARY:
    s->no_library = !good;
    break;
  case CHS_STATE_ROOM:
    s->no_room = !good;
    s->low_room = good && event->state.value < 2;
    break;
  case CHS_STATE_CLOCK:
    s->no_clock = !good;
    break;
  case CHS_STATE_LAG:
    s->lag_s = (float) event->state.value;
    break;
  }
  s->dirty |= CHS_DIRTY_CONTEXT;
}

static void
feed_clock (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;

  if (event->clock.code == CHS_CLOCK_STEP && fabs ((double) event->clock.step_us) > (double) K_S (STALE_CLOCK_STEP))
    s->clock_us = s->now_us;
  if (event->clock.code == CHS_CLOCK_RESUME) {
    chs_engine_end_silences (self);
    for (unsigned i = 0; i < s->n_links; i++)
      s->links[i].since_us = s->now_us;
  }
  s->dirty |= CHS_DIRTY_CONTEXT;
}

/* ---- the work of one event ---- */

static void
take_in (ChsEngine *self, const ChsEvent *event)
{
  ChsState *s = &self->state;

  switch ((ChsEventType) event->type) {
  case CHS_EVENT_NUMERIC:
    hear (s, event->source, CHS_KIND_MONITOR);
    chs_engine_numeric (self, event);
    break;
  case CHS_EVENT_PUMP:
    hear (s, event->source, CHS_KIND_PUMP);
    chs_engine_pump (self, event);
    break;
  case CHS_EVENT_LINK:
    feed_link (self, event);
    break;
  case CHS_EVENT_DEVICE:
    if (event->device.code == CHS_DEVICE_IDENTITY)
      feed_identity (self, event);
    else
      chs_engine_device (self, event);
    break;
  case CHS_EVENT_NURSE:
    feed_nurse (self, event);
    break;
  case CHS_EVENT_SETUP:
    feed_setup (self, event);
    break;
  case CHS_EVENT_TICK:
    s->dirty |= CHS_DIRTY_CONTEXT;
    break;
  case CHS_EVENT_CLOCK:
    feed_clock (self, event);
    break;
  case CHS_EVENT_STATE:
    feed_state (self, event);
    break;
  case CHS_EVENT_NONE:
  case CHS_EVENT_WAVE:
  case CHS_EVENT_CONFIG:
  case CHS_EVENT_ALARM:
  case CHS_EVENT_RAW:
  case CHS_N_EVENTS:
    break;
  }
}

/* On a tick everything that ages is looked at, unless a sample has just done so. */
static void
age (ChsEngine *self)
{
  ChsState *s = &self->state;

  for (unsigned i = 0; i < CHS_N_DIRTY; i++)
    if (s->now_us - s->looked_us[i] >= (i <= CHS_LOOK_RR ? LOOK_US : LOOK_SLOWLY_US))
      s->dirty |= 1u << i;
  chs_engine_pump_totals (self);
  chs_engine_baseline_roll (self);
}

void
chs_engine_feed (ChsEngine *self, const ChsEvent *event, ChsEngineFunc func, gpointer user_data)
{
  ChsState *s = &self->state;

  if (event->type == CHS_EVENT_WAVE || event->type == CHS_EVENT_RAW || event->type == CHS_EVENT_ALARM ||
      event->type == CHS_EVENT_CONFIG)
    return;
  self->func = func;
  self->user_data = user_data;
  s->now_us = MAX (s->now_us, event->t_us);
  s->wall_us = event->wall_us;
  if (s->pending.t_us != CHS_TIME_NONE)
    if (event->type != CHS_EVENT_NUMERIC || event->numeric.param < CHS_PARAM_NIBP_SYS || event->numeric.param > CHS_PARAM_NIBP_PR)
      chs_engine_cuff_settle (self);
  take_in (self, event);
  if (event->type == CHS_EVENT_TICK)
    age (self);
  for (uint32_t left = s->dirty; left != 0; left &= left - 1)
    s->looked_us[__builtin_ctz (left)] = s->now_us;
  if (s->dirty & ~(uint32_t) (CHS_DIRTY_SYMPTOM | CHS_DIRTY_CONTEXT))
    chs_evidence_vitals (self, s->dirty);
  if (s->dirty & CHS_DIRTY_SYMPTOM)
    chs_evidence_symptoms (self);
  if (s->dirty & CHS_DIRTY_CONTEXT)
    chs_evidence_context (self);
  s->dirty = 0;
  chs_engine_alarms (self);
}

/* ---- what others may ask ---- */

static int
compare_active (const void *a, const void *b)
{
  const ChsActiveAlarm *x = a, *y = b;

  if (x->alarm.priority != y->alarm.priority)
    return (int) y->alarm.priority - (int) x->alarm.priority;
  if (x->raised_us != y->raised_us)
    return x->raised_us > y->raised_us ? -1 : 1;
  return (int) x->alarm.label - (int) y->alarm.label;
}

const ChsActiveAlarm *
chs_engine_get_alarms (const ChsEngine *self, guint *n)
{
  ChsEngine *view = (ChsEngine *) self; /* the view is made on demand; the state is not touched */

  *n = 0;
  for (unsigned i = CHS_LABEL_NONE + 1; i < CHS_N_LABELS; i++) {
    const ChsCondition *condition = &self->state.conditions[i];

    if (condition->state < CHS_ALARM_STATE_ACTIVE)
      continue;
    view->active[(*n)++] = (ChsActiveAlarm) {
      .alarm = condition->alarm,
      .state = condition->state,
      .silenced = !chs_engine_is_audible (self, condition),
      .raised_us = condition->raised_us,
      .changed_us = condition->changed_us,
      .is_over = condition->false_us != CHS_TIME_NONE,
      .hold_s = (double) chs_engine_clear_hold_us (self, condition) / 1e6,
    };
  }
  qsort (view->active, *n, sizeof view->active[0], compare_active);
  return view->active;
}

/* Does any rule of the label still hold, or is it at least not known that it does not? */
static bool
is_upheld (const ChsEngine *self, ChsLabel label)
{
  const ChsState *s = &self->state;
  const ChsRule *rules;
  unsigned n;

  rules = chs_rules (&n);
  for (unsigned i = 0; i < n; i++)
    if (rules[i].label == label && chs_rule_eval (&self->sets[i], &s->yes, &s->unknown) != CHS_FALSE)
      return true;
  return false;
}

/* Statements whose condition is true, held long enough or not. */
static ChsEvidenceSet
held_or_true (const ChsState *s)
{
  ChsEvidenceSet set = s->yes;

  for (unsigned e = CHS_E_NONE + 1; e < CHS_N_EVIDENCE; e++)
    if (s->since_us[e] != CHS_TIME_NONE)
      chs_evidence_put (&set, e, true);
  return set;
}

ChsAlarmState
chs_engine_get_state (const ChsEngine *self, ChsLabel label)
{
  const ChsState *s = &self->state;
  ChsAlarmState state = (ChsAlarmState) s->conditions[label].state;
  ChsEvidenceSet held = held_or_true (s);
  const ChsRule *rules;
  unsigned n;

  rules = chs_rules (&n);
  for (unsigned i = 0; i < n && state == CHS_ALARM_STATE_IDLE; i++)
    if (rules[i].label == label && chs_rule_eval (&self->sets[i], &held, &s->unknown) == CHS_TRUE)
      state = CHS_ALARM_STATE_PENDING;
  return state;
}

guint
chs_engine_ask_limit (const ChsEngine *self, const char *key, const char *value, ChsLabel *labels, guint n)
{
  g_autoptr (ChsEngine) trial = chs_engine_new (self->profile);
  ChsEvent event = { .type = CHS_EVENT_SETUP, .t_us = self->state.now_us, .wall_us = self->state.wall_us, .source = CHS_SOURCE_NURSE };
  guint found = 0;

  memcpy (&trial->state, &self->state, sizeof trial->state);
  chs_text_copy (event.setup.key, sizeof event.setup.key, key);
  chs_text_copy (event.setup.value, sizeof event.setup.value, value);
  chs_engine_feed (trial, &event, NULL, NULL);
  for (unsigned i = CHS_LABEL_NONE + 1; i < CHS_N_LABELS && found < n; i++)
    if (self->state.conditions[i].state >= CHS_ALARM_STATE_ACTIVE && is_upheld (self, (ChsLabel) i) && !is_upheld (trial, (ChsLabel) i))
      labels[found++] = (ChsLabel) i;
  return found;
}

const ChsSession *
chs_engine_get_session (const ChsEngine *self)
{
  return &self->state.session;
}

const ChsScores *
chs_engine_get_scores (const ChsEngine *self)
{
  return &self->state.scores;
}

int64_t
chs_engine_get_sedation_us (const ChsEngine *self)
{
  return self->state.sedation_us;
}

const ChsBaseline *
chs_engine_get_baseline (const ChsEngine *self)
{
  return &self->state.baseline;
}

const ChsDose *
chs_engine_get_doses (const ChsEngine *self, guint *n)
{
  ChsEngine *view = (ChsEngine *) self;

  *n = self->state.n_pumps;
  for (unsigned i = 0; i < self->state.n_pumps; i++)
    chs_engine_dose (self, &self->state.pumps[i], &view->doses[i]);
  return view->doses;
}

const ChsAnnunciation *
chs_engine_get_annunciation (const ChsEngine *self)
{
  return &self->state.annunciation;
}

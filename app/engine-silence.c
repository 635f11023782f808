/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-private.h"

#include <string.h>

/* What should be heard and what is held silent (shared/alarm-standard.md 5; IEC 60601-1-8, 6.8).
 *
 *   state          visual  sound  ends                                        breaks through
 *   ACKNOWLEDGED   yes     no     condition over; 10 min when it lasts        escalation, another pump
 *   AUDIO PAUSED   yes     no     time; one touch                             a new condition, an escalation, a re-occurrence
 *   AUDIO OFF      yes     no     one touch; with a reminder meanwhile        HIGH always, an escalation
 *   ALARM PAUSED   no      no     time; one touch; the session begins         HIGH (ends it for all), our own equipment
 *   ALARM OFF      no      no     one touch; plain limits of one parameter    HIGH, every hazard
 *
 * AUDIO OFF and ALARM OFF are offered only where the clinic's alarm profile says so. None of the four is carried to
 * another patient, over a restart, or past the loss of the screen that shows it. */

/* ALARM OFF of a parameter: the conditions that are about nothing else. */
#define SILENCE_LABELS 5
static const struct {
  uint8_t param; /* ChsParam */
  uint8_t labels[SILENCE_LABELS];
} families[] = {
  { CHS_PARAM_HR, { CHS_LABEL_TACHYCARDIA, CHS_LABEL_BRADYCARDIA, CHS_LABEL_ECG_OFF } },
  { CHS_PARAM_SPO2, { CHS_LABEL_DESATURATION, CHS_LABEL_SENSOR_OFF_SPO2 } },
  { CHS_PARAM_RR, { CHS_LABEL_RESP_RATE_LOW, CHS_LABEL_RESP_RATE_HIGH, CHS_LABEL_RR_OFF } },
  { CHS_PARAM_NIBP_SYS, { CHS_LABEL_HYPOTENSION, CHS_LABEL_HYPERTENSION, CHS_LABEL_NIBP_FAILED, CHS_LABEL_NIBP_OVERDUE } },
  { CHS_PARAM_TEMP, { CHS_LABEL_TEMP_HIGH, CHS_LABEL_TEMP_LOW } },
};

static uint8_t
family_bit (ChsParam param)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (families); i++)
    if (families[i].param == param)
      return (uint8_t) (1u << i);
  return 0;
}

bool
chs_engine_can_switch_off (ChsParam param)
{
  return family_bit (param) != 0;
}

bool
chs_engine_is_alarm_off (const ChsEngine *self, ChsParam param)
{
  return (self->state.alarms_off & family_bit (param)) != 0;
}

static bool
is_label_off (const ChsState *s, ChsLabel label)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (families); i++)
    if ((s->alarms_off >> i & 1) && memchr (families[i].labels, (int) label, sizeof families[i].labels) != NULL)
      return true;
  return false;
}

bool
chs_engine_is_own (ChsLabel label)
{
  return (label >= CHS_LABEL_NO_ALARM_SOUND && label <= CHS_LABEL_CLOCK_STEP) || label == CHS_LABEL_SETTINGS_REFUSED
         || (label >= CHS_LABEL_STORAGE_LOW && label <= CHS_LABEL_CLOCK_NOT_SET);
}

bool
chs_engine_inhibits (const ChsEngine *self, ChsLabel label, ChsPriority priority)
{
  const ChsState *s = &self->state;

  if (priority == CHS_PRIORITY_HIGH || priority == CHS_PRIORITY_NONE || chs_engine_is_own (label))
    return false;
  return s->alarm_pause_until_us != CHS_TIME_NONE || (s->alarms_off != 0 && is_label_off (s, label));
}

/* ---- what should be heard ---- */

bool
chs_engine_is_audible (const ChsEngine *self, const ChsCondition *condition)
{
  if ((condition->state != CHS_ALARM_STATE_ACTIVE && condition->state != CHS_ALARM_STATE_LATCHED) || condition->paused)
    return false;
  return !self->state.audio_off || condition->loud || condition->priority == CHS_PRIORITY_HIGH;
}

static bool
is_urgent (ChsEngine *self, const ChsCondition *condition)
{
  int64_t at_us = condition->raised_us + (condition->priority == CHS_PRIORITY_HIGH ? K_S (ALARM_HIGH_URGENT) : K_S (ALARM_MEDIUM_URGENT));

  if (condition->priority < CHS_PRIORITY_MEDIUM)
    return false;
  if (self->state.now_us < at_us)
    chs_engine_wake_at (&self->state, at_us);
  return self->state.now_us >= at_us;
}

static void
remind (ChsEngine *self, bool wanted)
{
  ChsState *s = &self->state;

  if (!wanted)
    s->reminder_us = CHS_TIME_NONE;
  else if (s->reminder_us == CHS_TIME_NONE || s->now_us > s->reminder_us)
    s->reminder_us = s->now_us + K_S (ALARM_REMINDER);
  if (wanted)
    chs_engine_wake_at (s, s->reminder_us + 1);
  s->annunciation.reminder = wanted;
  s->annunciation.reminder_us = s->reminder_us;
}

/* A condition that joins those of @priority sounds at once: the annunciator knows it by its number. */
static uint32_t
newest_id (const ChsEngine *self, uint8_t priority)
{
  uint32_t newest = 0;

  for (unsigned i = 1; i < CHS_N_LABELS; i++) {
    const ChsCondition *condition = &self->state.conditions[i];

    if (condition->state >= CHS_ALARM_STATE_ACTIVE && chs_engine_is_audible (self, condition) &&
        condition->priority == priority && condition->alarm.id > newest)
      newest = condition->alarm.id;
  }
  return newest;
}

static void
tell_silences (ChsState *s)
{
  s->annunciation.audio = s->audio_off ? CHS_AUDIO_OFF : s->pause_until_us != CHS_TIME_NONE ? CHS_AUDIO_PAUSED : CHS_AUDIO_ON;
  s->annunciation.paused_until_us = s->pause_until_us;
  s->annunciation.break_until_us = s->break_until_us;
  s->annunciation.alarm_pause_until_us = s->alarm_pause_until_us;
  s->annunciation.any_alarm_off = s->alarms_off != 0;
}

void
chs_engine_annunciate (ChsEngine *self)
{
  ChsState *s = &self->state;
  const ChsCondition *loudest = NULL;
  bool has_acked_high = false;
  uint16_t n_silenced = 0;

  for (unsigned i = 1; i < CHS_N_LABELS; i++) {
    const ChsCondition *condition = &s->conditions[i];

    if (condition->state < CHS_ALARM_STATE_ACTIVE)
      continue;
    has_acked_high |= condition->state == CHS_ALARM_STATE_ACKNOWLEDGED && condition->priority == CHS_PRIORITY_HIGH;
    if (!chs_engine_is_audible (self, condition))
      n_silenced++;
    else if (loudest == NULL || condition->priority > loudest->priority ||
             (condition->priority == loudest->priority && condition->raised_us > loudest->raised_us))
      loudest = condition;
  }
  s->annunciation.priority = loudest != NULL ? loudest->priority : CHS_PRIORITY_NONE;
  s->annunciation.label = loudest != NULL ? loudest->alarm.label : CHS_LABEL_NONE;
  s->annunciation.newest_id = loudest != NULL ? newest_id (self, loudest->priority) : 0;
  s->annunciation.urgent = loudest != NULL && is_urgent (self, loudest);
  s->annunciation.n_silenced = n_silenced;
  tell_silences (s);
  remind (self, has_acked_high || s->audio_off);
}

/* ---- beginning and ending ---- */

static void
end_pause (ChsState *s)
{
  s->pause_until_us = CHS_TIME_NONE;
  for (unsigned i = 0; i < CHS_N_LABELS; i++)
    s->conditions[i].paused = false;
}

/* ALARM PAUSED is for the time before the session: sensors are being put on, nothing flows. */
bool
chs_engine_can_pause_alarms (const ChsEngine *self)
{
  const ChsState *s = &self->state;

  for (unsigned i = 0; i < s->n_pumps; i++)
    if (chs_pump_is_delivering (&s->pumps[i].status))
      return false;
  return s->session.phase == CHS_PHASE_IDLE || s->session.phase == CHS_PHASE_PREPARED;
}

void
chs_engine_end_timed (ChsEngine *self)
{
  ChsState *s = &self->state;

  if (s->pause_until_us != CHS_TIME_NONE && s->now_us >= s->pause_until_us)
    end_pause (s);
  if (s->break_until_us != CHS_TIME_NONE && s->now_us >= s->break_until_us)
    s->break_until_us = CHS_TIME_NONE;
  if (s->alarm_pause_until_us != CHS_TIME_NONE && (s->now_us >= s->alarm_pause_until_us || !chs_engine_can_pause_alarms (self)))
    s->alarm_pause_until_us = CHS_TIME_NONE;
  if (s->pause_until_us != CHS_TIME_NONE)
    chs_engine_wake_at (s, s->pause_until_us);
  if (s->break_until_us != CHS_TIME_NONE)
    chs_engine_wake_at (s, s->break_until_us);
  if (s->alarm_pause_until_us != CHS_TIME_NONE)
    chs_engine_wake_at (s, s->alarm_pause_until_us);
}

void
chs_engine_end_silences (ChsEngine *self)
{
  ChsState *s = &self->state;

  end_pause (s);
  s->audio_off = false;
  s->alarm_pause_until_us = CHS_TIME_NONE;
  s->alarms_off = 0;
  s->rules_us = s->now_us;
}

/* ---- what the nurse and the technician do ---- */

void
chs_engine_audio_pause (ChsEngine *self, double seconds)
{
  ChsState *s = &self->state;
  double most = K (ALARM_AUDIO_PAUSE);

  s->pause_until_us = s->now_us + (int64_t) ((seconds > 0 && seconds < most ? seconds : most) * 1e6);
  for (unsigned i = 1; i < CHS_N_LABELS; i++)
    s->conditions[i].paused = s->conditions[i].state >= CHS_ALARM_STATE_ACTIVE;
  s->rules_us = s->now_us;
}

void
chs_engine_audio_resume (ChsEngine *self)
{
  end_pause (&self->state);
  self->state.audio_off = false;
  self->state.rules_us = self->state.now_us;
}

void
chs_engine_audio_off (ChsEngine *self, bool off)
{
  ChsState *s = &self->state;

  if (off && K (ALARM_AUDIO_OFF) < 1)
    return; /* the clinic does not offer it */
  s->audio_off = off;
  for (unsigned i = 1; i < CHS_N_LABELS; i++)
    s->conditions[i].loud = false;
  s->rules_us = s->now_us;
}

void
chs_engine_alarm_pause (ChsEngine *self, double seconds)
{
  ChsState *s = &self->state;
  double most = K (ALARM_BREAK_MAX) * 60;

  s->alarm_pause_until_us = CHS_TIME_NONE;
  if (seconds > 0 && chs_engine_can_pause_alarms (self))
    s->alarm_pause_until_us = s->now_us + (int64_t) (MIN (seconds, most) * 1e6);
  s->rules_us = s->now_us;
}

void
chs_engine_alarm_off (ChsEngine *self, ChsParam param, bool off)
{
  ChsState *s = &self->state;

  if (off && K (ALARM_ALARM_OFF) < 1)
    return; /* the clinic does not offer it */
  if (off)
    s->alarms_off |= family_bit (param);
  else
    s->alarms_off &= (uint8_t) ~family_bit (param);
  s->rules_us = s->now_us;
}

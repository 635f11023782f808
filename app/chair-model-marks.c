/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/chair-model-private.h"

#include <math.h>
#include <string.h>

void
chs_chair_model_add_mark (ChsChairModel *self, const ChsMark *mark)
{
  guint at;

  chs_chair_rows_append (self->marks, mark, CHS_CHAIR_MAX_ROWS);
  for (at = self->marks->len - 1; at > 0 && g_array_index (self->marks, ChsMark, at - 1).t_us > mark->t_us; at--)
    g_array_index (self->marks, ChsMark, at) = g_array_index (self->marks, ChsMark, at - 1);
  g_array_index (self->marks, ChsMark, at) = *mark;
}

static void
undo_symptom (ChsChairModel *self, const char *what)
{
  for (guint i = self->marks->len; i > 0; i--) {
    ChsMark *mark = &g_array_index (self->marks, ChsMark, i - 1);

    if (mark->kind == CHS_MARK_SYMPTOM && mark->action == CHS_NURSE_SYMPTOM && !mark->undone
        && strcmp (mark->what, what) == 0) {
      mark->undone = true;
      return;
    }
  }
}

static void
correct_mark (ChsChairModel *self, guint i, const ChsNurse *nurse)
{
  ChsMark mark = g_array_index (self->marks, ChsMark, i);

  chs_text_copy (mark.why, sizeof mark.why, nurse->text[0] != '\0' ? nurse->text : nurse->what);
  if (nurse->at_us == CHS_TIME_NONE) {
    mark.undone = true;
    g_array_index (self->marks, ChsMark, i) = mark;
    return;
  }
  mark.was_us = mark.was_us == CHS_TIME_NONE ? mark.t_us : mark.was_us;
  mark.t_us = nurse->at_us;
  g_array_remove_index (self->marks, i);
  chs_chair_model_add_mark (self, &mark);
}

static void
feed_correction (ChsChairModel *self, const ChsNurse *nurse)
{
  for (guint i = 0; i < self->marks->len; i++) {
    const ChsMark *mark = &g_array_index (self->marks, ChsMark, i);

    if (mark->kind != CHS_MARK_ALARM && fabs ((double) mark->seq - nurse->value) < 0.5) {
      correct_mark (self, i, nurse);
      return;
    }
  }
}

/* Which actions leave a mark on the chart, and which of their texts stands there. */
static const struct {
  ChsNurseAction action;
  ChsMarkKind    kind;
  bool           is_free_text;
} mark_rows[] = {
  { CHS_NURSE_MARK, CHS_MARK_NURSE, true },         { CHS_NURSE_NOTE, CHS_MARK_NURSE, true },
  { CHS_NURSE_DONE, CHS_MARK_NURSE, false },        { CHS_NURSE_BASELINE, CHS_MARK_NURSE, false },
  { CHS_NURSE_SITE_CHECK, CHS_MARK_NURSE, false },  { CHS_NURSE_SYMPTOM, CHS_MARK_SYMPTOM, false },
  { CHS_NURSE_SYMPTOM_CLEAR, CHS_MARK_SYMPTOM, false }, { CHS_NURSE_PHASE, CHS_MARK_PHASE, false },
  { CHS_NURSE_REACTION, CHS_MARK_REACTION, false },
};

static void
feed_score (ChsOutcome *outcome, const ChsNurse *nurse)
{
  const struct {
    const char *what;
    double     *into;
  } scores[] = {
    { "pain_before", &outcome->pain_before },       { "pain_after", &outcome->pain_after },
    { "fatigue_before", &outcome->fatigue_before }, { "fatigue_after", &outcome->fatigue_after },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    if (strcmp (scores[i].what, nurse->what) == 0)
      *scores[i].into = nurse->value;
}

void
chs_chair_model_feed_nurse (ChsChairModel *self, const ChsEvent *event)
{
  const ChsNurse *nurse = &event->nurse;
  ChsMark mark = { .t_us = nurse->at_us != CHS_TIME_NONE ? nurse->at_us : event->t_us, .seq = event->seq,
                   .action = nurse->action, .was_us = CHS_TIME_NONE };

  if (nurse->action == CHS_NURSE_SYMPTOM_UNDO)
    undo_symptom (self, nurse->what);
  else if (nurse->action == CHS_NURSE_CORRECTION)
    feed_correction (self, nurse);
  else if (nurse->action == CHS_NURSE_SCORE)
    feed_score (&self->outcome, nurse);
  for (guint i = 0; i < G_N_ELEMENTS (mark_rows); i++)
    if (mark_rows[i].action == (ChsNurseAction) nurse->action) {
      mark.kind = (uint8_t) mark_rows[i].kind;
      chs_text_copy (mark.what, sizeof mark.what, mark_rows[i].is_free_text ? nurse->text : nurse->what);
      chs_text_copy (mark.text, sizeof mark.text, nurse->text);
      chs_chair_model_add_mark (self, &mark);
    }
}

/* ---- alarms ---- */

static void
add_entry (ChsChairModel *self, const ChsAlarm *alarm, int64_t t_us)
{
  const ChsAlarmEntry entry = { .alarm = *alarm, .raised_us = t_us, .escalated_us = CHS_TIME_NONE, .seen_us = CHS_TIME_NONE,
                                .gone_us = CHS_TIME_NONE, .over_us = CHS_TIME_NONE };

  chs_chair_rows_append (self->alarm_log, &entry, CHS_CHAIR_MAX_ENTRIES);
}

static ChsAlarmEntry *
find_entry (ChsChairModel *self, guint32 id)
{
  for (guint i = self->alarm_log->len; i > 0; i--) {
    ChsAlarmEntry *entry = &g_array_index (self->alarm_log, ChsAlarmEntry, i - 1);

    if (entry->alarm.id == id)
      return entry;
  }
  return NULL;
}

static void
log_alarm (ChsChairModel *self, const ChsAlarm *alarm, int64_t t_us)
{
  ChsAlarmEntry *entry = alarm->action == CHS_ALARM_RAISE ? NULL : find_entry (self, alarm->id);

  if (alarm->action == CHS_ALARM_RAISE)
    add_entry (self, alarm, t_us);
  if (entry == NULL)
    return;
  switch ((ChsAlarmAction) alarm->action) {
  case CHS_ALARM_ESCALATE:
    entry->alarm = *alarm;
    entry->escalated_us = t_us;
    entry->gone_us = CHS_TIME_NONE;
    break;
  case CHS_ALARM_ACK:
    if (entry->seen_us == CHS_TIME_NONE)
      entry->seen_us = t_us;
    break;
  case CHS_ALARM_LATCH:
    entry->gone_us = t_us;
    break;
  case CHS_ALARM_CLEAR:
  case CHS_ALARM_SUSPEND:
    entry->over_us = t_us;
    break;
  case CHS_ALARM_RAISE:
  case CHS_ALARM_DEESCALATE:
  case CHS_ALARM_ACK_EXPIRED:
  default:
    break;
  }
}

void
chs_chair_model_on_output (const ChsEvent *output, gpointer model)
{
  ChsChairModel *self = model;
  const ChsAlarm *alarm = &output->alarm;
  ChsMark mark = { .t_us = output->t_us, .seq = self->feeding_seq, .kind = CHS_MARK_ALARM, .priority = alarm->priority,
                   .label = alarm->label, .action = alarm->action, .param = alarm->param, .was_us = CHS_TIME_NONE };

  if (output->type != CHS_EVENT_ALARM)
    return;
  log_alarm (self, alarm, output->t_us);
  if (alarm->action != CHS_ALARM_RAISE && alarm->action != CHS_ALARM_ESCALATE)
    return;
  chs_text_copy (mark.what, sizeof mark.what, chs_label_id ((ChsLabel) alarm->label));
  chs_chair_model_add_mark (self, &mark);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"
#include "data/event.h"

#include <glib.h>

/* What a chair's screen shows, folded from a journal: live or recorded, the screen
 * does not know which. Holds trends, marks, gaps, pumps, links and an engine of its
 * own (the same pure function on the same events, so it knows baseline, doses and
 * alarm states without asking the monitor).
 *
 * Drawing reads it; nothing here draws. Thread: the caller's. */

typedef struct _ChsChairModel ChsChairModel;

/**
 * chs_chair_model_new:
 * @profile: numbers and texts; copied
 *
 * Returns: (transfer full): an empty model
 */
ChsChairModel *chs_chair_model_new (const ChsProfile *profile) G_GNUC_WARN_UNUSED_RESULT;
void           chs_chair_model_free (ChsChairModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsChairModel, chs_chair_model_free)

/**
 * chs_chair_model_feed:
 * @self: a model
 * @event: next event of the journal
 */
void chs_chair_model_feed (ChsChairModel *self, const ChsEvent *event);

/**
 * chs_chair_model_copy:
 * @self: a model
 *
 * A copy goes on by itself from the same state: what a replay keeps to jump back to.
 *
 * Returns: (transfer full): a copy
 */
ChsChairModel *chs_chair_model_copy (const ChsChairModel *self) G_GNUC_WARN_UNUSED_RESULT;

/* Empties it, as after a change of patient or a jump back in a replay. */
void chs_chair_model_reset (ChsChairModel *self);

/* ---- values of tiles ---- */

typedef enum {
  CHS_FRESH = 0,  /* as new as its kind should be */
  CHS_FRESH_DIM,  /* older than T1: shown dimmed */
  CHS_FRESH_GONE, /* older than T2: dashes */
  CHS_FRESH_NEVER, /* nothing since the session began */
} ChsFreshness;

typedef struct {
  double   value;     /* last one, NAN when absent */
  uint8_t  quality;   /* ChsQuality */
  uint8_t  flags;     /* CHS_FLAG_* */
  uint8_t  time_mark; /* ChsTimeMark */
  uint8_t  freshness; /* ChsFreshness, at @now_us */
  int64_t  t_us;      /* when it was measured; CHS_TIME_NONE = never */
  uint8_t  source;
} ChsTileValue;

/**
 * chs_chair_model_get_value:
 * @self: a model
 * @param: a numeric
 * @now_us: session time of the question
 *
 * A value whose instrument cannot be heard is never fresh.
 *
 * Returns: the last value with its age class (T1/T2 from the profile's staleness group)
 */
ChsTileValue chs_chair_model_get_value (const ChsChairModel *self, ChsParam param, int64_t now_us);

/**
 * chs_chair_model_is_present:
 * @self: a model
 * @param: a parameter
 *
 * Returns: whether a source of this session ever delivered it (tiles of parameters that nobody delivers are not shown)
 */
gboolean chs_chair_model_is_present (const ChsChairModel *self, ChsParam param);

/* ---- trends ---- */

typedef struct {
  int64_t t_us;
  float   value;   /* NAN begins a gap */
  uint8_t quality; /* ChsQuality */
  uint8_t flags;   /* CHS_FLAG_* */
} ChsPoint;

/**
 * chs_chair_model_get_scores:
 * @self: a model
 * @n: (out): how many
 *
 * NEWS2 and shock index at each accepted pressure reading, oldest first.
 *
 * Returns: (transfer none) (array length=n): the rows; valid until the next feed
 */
const ChsScores *chs_chair_model_get_scores (const ChsChairModel *self, guint *n);

/**
 * chs_chair_model_get_trend:
 * @self: a model
 * @param: a numeric
 * @n: (out): how many
 *
 * At most one point a second and parameter, oldest first; a gap (absent, invalid, link down, no sample for longer
 * than T1) is a point of NAN. Memory is bounded: after 9 h at one a second the older half keeps only the lowest and
 * the highest of each four, and every gap.
 *
 * Returns: (transfer none) (array length=n): the points; valid until the next feed
 */
const ChsPoint *chs_chair_model_get_trend (const ChsChairModel *self, ChsParam param, guint *n);

typedef struct {
  int64_t t_us;       /* when it was measured */
  float   sys, dia, mean; /* mmHg, NAN = absent */
  uint8_t quality;
  uint8_t time_mark;
  uint8_t flags;
  bool    failed;     /* a determination that gave nothing */
} ChsCuffReading;

/* (transfer none) (array length=n): oldest first; valid until the next feed */
const ChsCuffReading *chs_chair_model_get_cuffs (const ChsChairModel *self, guint *n);

typedef struct {
  int64_t t_us;
  float   flow_ml_h; /* from here on; NAN = unknown (link down) */
} ChsFlowStep;

typedef struct {
  uint8_t       source, channel;
  ChsPumpStatus status;   /* last one */
  int64_t       t_us;     /* when it came */
  char          name[24]; /* link name, with the slot where a rack has several */
  const ChsFlowStep *steps; /* each change of the flow, oldest first */
  guint         n_steps;
} ChsPumpView;

/* (transfer none) (array length=n): in the order of appearance; valid until the next feed */
const ChsPumpView *chs_chair_model_get_pumps (const ChsChairModel *self, guint *n);

/**
 * chs_chair_model_find_dose:
 * @self: a model
 * @source: of a pump
 * @channel: likewise
 *
 * Returns: (transfer none) (nullable): what its engine knows of the doses of that pump; valid until the next feed
 */
const ChsDose *chs_chair_model_find_dose (const ChsChairModel *self, uint8_t source, uint8_t channel);

/* ---- marks, gaps, links ---- */

typedef enum {
  CHS_MARK_NURSE,   /* mark, note, action done */
  CHS_MARK_SYMPTOM,
  CHS_MARK_ALARM,   /* raise or escalate; @priority */
  CHS_MARK_PHASE,
  CHS_MARK_CLOCK,   /* seam */
  CHS_MARK_REACTION,
} ChsMarkKind;

typedef struct {
  int64_t  t_us;
  uint64_t seq;
  uint8_t  kind;     /* ChsMarkKind */
  uint8_t  priority; /* ChsPriority, for alarms */
  uint8_t  label;    /* ChsLabel, for alarms */
  uint8_t  action;   /* ChsNurseAction, ChsAlarmAction or ChsClockCode */
  uint8_t  param;    /* ChsParam that an alarm is about; NONE = none */
  bool     undone;   /* taken back: shown struck out, never removed */
  int64_t  was_us;   /* when it was entered as, before its time was corrected; CHS_TIME_NONE = it was not */
  char     why[64];  /* of a correction: id of a reason (app/correction.h), or what was typed; "" = not told */
  char     what[40]; /* id: symptom, action, phase, or free text */
  char     text[96]; /* words that stood on what was touched, English; "" = the id says it */
} ChsMark;

/* In the order of their times (a symptom can be dated back). Alarm marks come from the model's own engine, so that
 * a what-if shows its own alarms; their seq is that of the event that caused them. */
const ChsMark *chs_chair_model_get_marks (const ChsChairModel *self, guint *n);

/* One key of the session as it was entered: what was corrected is still there. */
typedef struct {
  int64_t  t_us;
  uint8_t  source; /* CHS_SOURCE_NURSE, or who else wrote it */
  ChsSetup setup;
} ChsSetupEntry;

/**
 * chs_chair_model_get_setups:
 * @self: a model
 * @n: (out): how many
 *
 * What was entered of patient, therapy and limits; of more than a thousand the oldest go.
 *
 * Returns: (transfer none) (array length=n): oldest first; valid until the next feed
 */
const ChsSetupEntry *chs_chair_model_get_setups (const ChsChairModel *self, guint *n);

/* One alarm from its raise to its end. CHS_TIME_NONE = not (yet). */
typedef struct {
  ChsAlarm alarm;        /* as at its highest priority: the values and the evidence of then */
  int64_t  raised_us;    /* session times from here on */
  int64_t  escalated_us; /* when it last became worse */
  int64_t  seen_us;      /* first acknowledgement */
  int64_t  gone_us;      /* the condition had ended, the signals stayed (latched) */
  int64_t  over_us;      /* cleared */
} ChsAlarmEntry;

/**
 * chs_chair_model_get_alarm_log:
 * @self: a model
 * @n: (out): how many
 *
 * Every alarm of the session, from the model's own engine; of more than a thousand the oldest go.
 *
 * Returns: (transfer none) (array length=n): oldest first; valid until the next feed
 */
const ChsAlarmEntry *chs_chair_model_get_alarm_log (const ChsChairModel *self, guint *n);

#define CHS_GAP_BOTH 255 /* in ChsGap.kind: the monitor program itself was away */

typedef struct {
  int64_t from_us, to_us; /* to_us = CHS_TIME_NONE while it lasts */
  uint8_t source;
  uint8_t kind;     /* ChsDeviceKind of the link, or CHS_GAP_BOTH: which half of the chart it shades */
  uint8_t param;    /* ChsParam whose sensor is off; NONE = the whole link */
  char    why[48];  /* "link lost", "silent", "sensor off", "monitor restarted"; marked for translation */
} ChsGap;

/* (transfer none) (array length=n): oldest first; valid until the next feed */
const ChsGap *chs_chair_model_get_gaps (const ChsChairModel *self, guint *n);

typedef struct {
  uint8_t       source;
  ChsLinkStatus status;
  int64_t       t_us; /* since when */
  char          identity[96];
  char          label[24]; /* what the configuration calls it; "" = it does not say */
  bool          demo;
  bool          bench; /* a laboratory instrument, or none that is a medical device */
} ChsLinkInfo;

/* (transfer none) (array length=n): by source; valid until the next feed */
const ChsLinkInfo *chs_chair_model_get_links (const ChsChairModel *self, guint *n);
bool               chs_chair_model_is_bench (const ChsChairModel *self, uint8_t source); /* whether the values of this source are to be marked so */

/* ---- waves: the newest seconds only ---- */

typedef struct {
  uint8_t  param;
  float    rate_hz, scale, offset;
  const int16_t *samples; /* ring */
  guint    size;          /* of the ring */
  guint64  n;             /* samples ever; newest is samples[(n - 1) % size] */
  int64_t  t_us;          /* time of the newest */
} ChsWaveView;

/* (transfer none) (array length=n): in the order of appearance; valid until the next feed */
const ChsWaveView *chs_chair_model_get_waves (const ChsChairModel *self, guint *n);

/* Pain and fatigue, 0 to 10, as last entered; NAN = not entered. */
typedef struct {
  double pain_before, pain_after, fatigue_before, fatigue_after;
} ChsOutcome;

ChsOutcome chs_chair_model_get_outcome (const ChsChairModel *self); /* a copy, as it stands now */

/* ---- the rest ---- */

/* (transfer none): the same function on the same events as the monitor's */
const ChsEngine *chs_chair_model_get_engine (const ChsChairModel *self);
/* (transfer none): as given to chs_chair_model_new() */
const ChsProfile *chs_chair_model_get_profile (const ChsChairModel *self);
int64_t  chs_chair_model_get_now_us (const ChsChairModel *self);    /* session time of the newest event */
int64_t  chs_chair_model_get_wall_offset_us (const ChsChairModel *self); /* wall_us - t_us in force */
int      chs_chair_model_get_utc_offset_min (const ChsChairModel *self);
uint64_t chs_chair_model_get_serial (const ChsChairModel *self);    /* goes up whenever something visible changed */

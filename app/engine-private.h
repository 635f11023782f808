/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"
#include "app/evidence.h"
#include "app/profile-private.h"
#include "app/rules.h"
#include "app/series.h"

/* The inside of the engine, shared by its files:
 *
 *   engine.c          events in, order of work, the public face
 *   engine-signals.c  accept gates, cuff readings, baseline
 *   engine-pump.c     pumps, dose watch, line pressure
 *   evidence.c        evidence from vital signs; how statements hold
 *   evidence-context.c  evidence from symptoms, doses, equipment
 *   engine-alarm.c    rules, arbitration, the state machine of alarms
 *   engine-silence.c  what should be heard; what is paused or switched off
 *
 * ChsState is flat: no pointer, so that a snapshot is a copy of its bytes. All times
 * are session microseconds, CHS_TIME_NONE = never. */

#define CHS_MAX_PUMPS 12
#define CHS_MAX_LINKS 16
#define CHS_MAX_SYMPTOMS 64
#define CHS_MAX_CUFFS 8
#define CHS_MAX_TEMPS 5
#define CHS_PRESS_SIZE 96
#define CHS_RATE_BUCKETS 91 /* thirds of a minute in the longest magnesium.window, 30 min, and the one that runs */
#define CHS_PEAKS 8
#define CHS_MAX_TICKS 24
#define CHS_MAX_PHASE_STEPS 16 /* changes of phase that can be taken back, one after the other */

#define CHS_SECOND INT64_C (1000000)
#define CHS_MINUTE (60 * CHS_SECOND)

/* Which evidence must be looked at again. */
enum { CHS_LOOK_HR, CHS_LOOK_SPO2, CHS_LOOK_RR, CHS_LOOK_TEMP, CHS_LOOK_BP, CHS_LOOK_SYMPTOM, CHS_LOOK_CONTEXT, CHS_N_DIRTY };

enum {
  CHS_DIRTY_HR = 1 << CHS_LOOK_HR,
  CHS_DIRTY_SPO2 = 1 << CHS_LOOK_SPO2,
  CHS_DIRTY_RR = 1 << CHS_LOOK_RR,
  CHS_DIRTY_TEMP = 1 << CHS_LOOK_TEMP,
  CHS_DIRTY_BP = 1 << CHS_LOOK_BP,
  CHS_DIRTY_SYMPTOM = 1 << CHS_LOOK_SYMPTOM,
  CHS_DIRTY_CONTEXT = 1 << CHS_LOOK_CONTEXT,
  CHS_DIRTY_ALL = (1 << CHS_N_DIRTY) - 1,
};

#define CHS_UNSTEADY UINT8_MAX

/* A value that jumped, waiting to be believed. */
typedef struct {
  int64_t since_us; /* CHS_TIME_NONE: nothing waits */
  float   value;
} ChsSuspect;

/* The newest value of one numeric, and since when it has not changed. */
typedef struct {
  int64_t t_us, good_us, changed_us;
  float   value;
  uint8_t quality, flags;
  bool    seen; /* ever, with a value */
} ChsLatest;

typedef struct {
  int64_t t_us; /* CHS_TIME_NONE: there is none */
  float   sbp, dbp, map; /* mmHg; map NAN = not told */
  bool    doubtful, consumed, demo;
  float   pulse;       /* HR15 when it was taken; NAN = unknown */
  float   before_fall; /* mmHg it fell from, in minutes and not by rest; NAN = it did not */
} ChsCuff;

typedef struct {
  int64_t t_us;
  double  from_ml_h, to_ml_h;
} ChsChange;

typedef struct {
  uint8_t       source, channel;
  bool          ran, has_therapy, estimated;
  ChsPumpStatus status;
  ChsTherapy    therapy;   /* of its own, when has_therapy */
  int64_t       status_us; /* newest event */
  int64_t       totals_us; /* up to here the totals are counted */
  double        flow_ml_h; /* NAN = unknown */
  int64_t       paused_us; /* since when it stands in the middle */
  double        infused_ml, mg_mmol, ketamine_mg, lidocaine_mg;
  double        estimated_ml; /* of @infused_ml: while nobody told the rate */
  int64_t       run_us;    /* how long it has run, without pauses */
  double        ran_ml_h;  /* the flow before this one, pauses left out; NAN = this is the first */
  int64_t       first_us;  /* when it first ran */
  ChsChange     change;    /* last change of the flow that matters */
  ChsChange     rise;      /* last one that went up */
  double        bag_used_ml; /* since the bag was hung */
  /* pump's own volume against our integral */
  int64_t       compare_us;
  double        compare_volume_ml, compare_infused_ml;
  int64_t       mismatch_us; /* CHS_TIME_NONE: they agree */
  /* line pressure */
  int64_t       press_us[CHS_PRESS_SIZE];
  float         press[CHS_PRESS_SIZE];
  uint32_t      n_press;
  int64_t       p60_us;       /* when it was worked out */
  double        p60;          /* at the present flow; NAN = too few values */
  double        reference, reference_ml_h; /* lowest P60 of the first minutes, and the flow it belongs to */
  int64_t       learn_until_us;
  double        p60_before, flow_before; /* at the flow before this one */
  int64_t       rate_us;      /* when the present flow began */
  bool          resist_done, resist_high;
  int64_t       peak_us[CHS_PEAKS], peak_since_us;
  uint32_t      n_peaks;
} ChsPump;

typedef struct {
  bool    known;
  uint8_t kind, state;   /* ChsDeviceKind, ChsLinkState */
  uint8_t source;
  int64_t heard_us;      /* last word from the instrument; CHS_TIME_NONE = not yet */
  int64_t since_us;      /* when we began to listen */
  char    identity[48];
  bool    changed;
} ChsLinkWatch;

typedef struct {
  uint8_t  state;     /* ChsAlarmState */
  uint8_t  priority;  /* ChsPriority */
  uint8_t  rule;      /* index into the table, of the row that decided */
  bool     paused;    /* covered by the audio pause */
  bool     loud;      /* escalated: heard in spite of AUDIO OFF */
  uint16_t pumps;     /* bit set of the pumps that it is about */
  uint32_t id;
  int64_t  pending_us, onset_us, raised_us, changed_us;
  int64_t  false_us;  /* since when the condition is gone */
  int64_t  lower_us;  /* since when only a lower priority is true */
  int64_t  acked_us, cleared_us;
  bool     resumed;   /* its HIGH was long gone and sounds on, latched, over what is now a lower priority */
  int64_t  raises_us[4]; /* the last raises, for flapping */
  uint32_t n_raises;
  ChsAlarm alarm;     /* as last emitted */
} ChsCondition;

typedef struct {
  /* time */
  int64_t  now_us, wall_us, offset_us;
  uint32_t dirty;
  int64_t  looked_us[CHS_N_DIRTY]; /* when each kind of evidence was last looked at */
  int64_t  rules_us;  /* next time a rule or an alarm must be looked at without a change of evidence */
  uint32_t next_id;
  bool     is_demo;
  bool     wipe;       /* another patient: alarms about the one before are over */

  ChsSession session;
  ChsPhaseStep phase_steps[CHS_MAX_PHASE_STEPS]; /* of this patient, the newest last */
  uint32_t     n_phase_steps;
  struct {
    char     id[28];
    uint64_t seq; /* of the event that ticked it; 0 = free */
  } ticks[CHS_MAX_TICKS];
  float      limit_low[CHS_N_PARAMS], limit_high[CHS_N_PARAMS]; /* of this session; NAN = as the profile */

  /* vital signs */
  ChsLatest  latest[CHS_N_PARAMS];
  ChsSeries  hr, spo2, rr;
  ChsWindow  hr8, hr15, hr60, hrref, spo2_15, rr60;
  int64_t    hr_first_us; /* of the rates that are kept */
  ChsSuspect hr_jump, spo2_jump, rr_jump, temp_jump;
  int64_t    disagree_us, weak_us;
  float      temps[CHS_MAX_TEMPS];
  int64_t    temps_us[CHS_MAX_TEMPS];
  uint32_t   n_temps;
  double     hr8_now, hr15_now, hrref_now, spo2_now, rr_now, temp_now; /* NAN = unknown */
  int64_t    drop_us;      /* when E-VDROP was last true */
  int64_t    good_signal_us; /* when pulse, perfusion and SpO2 were last good together */

  /* pressure */
  ChsCuff  pending, last, before; /* reading being put together, newest, the one before */
  ChsCuff  cuffs[CHS_MAX_CUFFS];  /* accepted before the infusion or for a new baseline */
  uint32_t n_cuffs;
  int64_t  shown_us;      /* when the newest reading was last repeated by the monitor */
  int64_t  inflate_us, deflate_us, inflated_us; /* inflation that runs, end and begin of the last one */
  uint32_t n_fails;
  int64_t  fail_us;
  int64_t  abp_us, abp_bad_us;

  ChsBaseline baseline;
  int64_t     baseline_us;   /* last time the rolling one was worked out */
  bool        frozen;        /* the baseline no longer moves */

  ChsScores scores;
  int64_t   sedation_us; /* when consciousness was last looked at */
  float     sedation;    /* 0 awake .. 3 hard to rouse */

  /* symptoms: time of the entry that counts; CHS_TIME_NONE = none */
  int64_t symptom_us[CHS_MAX_SYMPTOMS];
  struct {
    uint64_t seq;    /* of the newest entry; 0 = none */
    int64_t  was_us; /* symptom_us before it: what stands again when it is taken back */
    bool     began;  /* it began, or went */
  } symptom_entries[CHS_MAX_SYMPTOMS];
  bool    has_symptoms; /* one of them counts, or did when they were last looked at */

  /* pumps */
  ChsPump  pumps[CHS_MAX_PUMPS];
  uint32_t n_pumps;
  bool     ran;
  int64_t  first_run_us, last_run_us, mg_us, ketamine_us, lidocaine_us;
  double   mg_buckets[CHS_RATE_BUCKETS]; /* highest mmol/min by third of a minute */
  int64_t  mg_bucket_us;
  double   infused_ml, rate_max_ml_h;

  /* links and the monitor itself */
  ChsLinkWatch links[CHS_MAX_LINKS];
  uint32_t     n_links;
  int64_t      monitor_up_us; /* when the monitor last began to talk */
  int64_t      frozen_us; /* told by the device; CHS_TIME_NONE = no */
  uint8_t      monitor_alarm;
  int64_t      clock_us;
  float        lag_s;
  bool         no_sound, no_screen, no_store, no_profile, no_library, low_room, no_room, no_clock;
  int64_t      break_us, break_until_us;
  int64_t      pause_until_us;
  int64_t      alarm_pause_until_us; /* ALARM PAUSED; CHS_TIME_NONE = no */
  uint8_t      alarms_off;           /* ALARM OFF: a bit for each family of engine-silence.c */
  bool         audio_off;            /* AUDIO OFF */
  int64_t      session_us;

  /* evidence */
  int64_t        since_us[CHS_N_EVIDENCE];   /* condition true since */
  int64_t        unknown_us[CHS_N_EVIDENCE]; /* true before, unknown since */
  ChsEvidenceSet yes, unknown, changed;
  uint8_t        steady[CHS_N_EVIDENCE]; /* ChsTruth that would change nothing if it were told again; CHS_UNSTEADY: none */
  uint16_t       pumps_of[CHS_N_EVIDENCE]; /* which pumps a statement is about */

  /* rules and alarms */
  int64_t      rule_since_us[CHS_MAX_RULES]; /* expression true since */
  int64_t      rule_until_us[CHS_MAX_RULES]; /* expression no longer true; stands until */
  bool         rule_on[CHS_MAX_RULES], rule_carried[CHS_MAX_RULES]; /* on; and only because it cannot be told */
  ChsCondition conditions[CHS_N_LABELS];
  int64_t      vaso_us, vaso_end_us;     /* begin and end of vasovagal */
  int64_t      overload_us, reaction_us; /* fluid overload, severe reaction last active */
  int64_t      reminder_us;
  ChsAnnunciation annunciation;
} ChsState;

struct _ChsEngine {
  ChsProfile  *profile;
  ChsRuleSets  sets[CHS_MAX_RULES];
  int64_t      key_us[CHS_N_KEYS]; /* the profile's times, ready for use */
  ChsState     state;
  /* during a feed */
  ChsEngineFunc func;
  gpointer      user_data;
  /* views, made when asked for */
  ChsActiveAlarm active[CHS_N_LABELS];
  ChsDose        doses[CHS_MAX_PUMPS];
};

/* The number of a key. */
#define K(key) (self->profile->value[CHS_KEY_##key])
/* The number of a key in s or min, as microseconds. */
#define K_S(key) (self->key_us[CHS_KEY_##key])
#define K_MIN(key) (self->key_us[CHS_KEY_##key])

/* Nothing needs to be looked at before the earliest of these. */
static inline void
chs_engine_wake_at (ChsState *s, int64_t t_us)
{
  s->rules_us = MIN (s->rules_us, t_us);
}

/* Is @t_us known and less than @span_us ago? */
static inline bool
chs_within (int64_t now_us, int64_t t_us, int64_t span_us)
{
  return t_us != CHS_TIME_NONE && now_us - t_us <= span_us;
}

/* engine-signals.c */
void   chs_engine_numeric (ChsEngine *self, const ChsEvent *event);
void   chs_engine_device (ChsEngine *self, const ChsEvent *event);
void   chs_engine_cuff_settle (ChsEngine *self);       /* a reading whose parts stopped coming is complete */
void   chs_engine_baseline_roll (ChsEngine *self);     /* keeps the baseline fresh until the pump runs */
bool   chs_engine_baseline_take (ChsEngine *self);     /* the nurse accepts the present values */
double chs_engine_cuff_interval_s (const ChsEngine *self);
bool   chs_engine_cuff_on_oximeter (const ChsEngine *self); /* it cuts the pulse of the oximeter off now, or just did */

/* engine-pump.c */
void     chs_engine_pump (ChsEngine *self, const ChsEvent *event);
void     chs_engine_pump_totals (ChsEngine *self);     /* counts doses up to now */
void     chs_engine_pump_new_bag (ChsEngine *self);    /* a full bag hangs */
ChsPump *chs_engine_pump_find (ChsEngine *self, uint8_t source, uint8_t channel);
/* For how long the condition must not be true before its alarm ends, us; longer for one that comes and goes. */
int64_t chs_engine_clear_hold_us (const ChsEngine *self, const ChsCondition *condition);

const ChsTherapy *chs_engine_pump_therapy (const ChsEngine *self, const ChsPump *pump);
double   chs_engine_weight_kg (const ChsEngine *self, const ChsTherapy *therapy, bool *is_assumed);
double   chs_engine_mg_max (const ChsEngine *self);    /* mmol/min within the window */
bool     chs_engine_has_risk (const ChsEngine *self);  /* heart failure, renal, old, or nobody asked */
void     chs_engine_dose (const ChsEngine *self, const ChsPump *pump, ChsDose *dose);

/* evidence.c */
void chs_evidence_change (ChsEngine *self, ChsEvidence evidence, ChsTruth truth);

/* A condition as it is now. Most stay what they are: those cost one look. */
static inline void
chs_evidence_set (ChsEngine *self, ChsEvidence evidence, ChsTruth truth)
{
  if (self->state.steady[evidence] != truth)
    chs_evidence_change (self, evidence, truth);
}

void chs_evidence_vitals (ChsEngine *self, uint32_t dirty);

/* evidence-context.c */
void     chs_evidence_context (ChsEngine *self);
void     chs_evidence_symptoms (ChsEngine *self);
unsigned chs_symptom_index (const char *id); /* CHS_MAX_SYMPTOMS when there is none of that id */

/* engine-alarm.c */
void chs_engine_alarms (ChsEngine *self);
void chs_engine_ack (ChsEngine *self, const char *label);

/* engine-silence.c */
bool chs_engine_is_own (ChsLabel label); /* a condition of the monitor itself: never held back */
void chs_engine_audio_pause (ChsEngine *self, double seconds); /* what sounds now is silent so long, at most as the profile says */
void chs_engine_audio_resume (ChsEngine *self);                /* ends AUDIO PAUSED and AUDIO OFF */
void chs_engine_audio_off (ChsEngine *self, bool off);
void chs_engine_alarm_pause (ChsEngine *self, double seconds); /* 0 ends it */
void chs_engine_alarm_off (ChsEngine *self, ChsParam param, bool off);
void chs_engine_end_silences (ChsEngine *self);                /* all four: another patient, a restart, no screen to show them */
void chs_engine_end_timed (ChsEngine *self);                   /* those whose time is over */
bool chs_engine_inhibits (const ChsEngine *self, ChsLabel label, ChsPriority priority); /* neither seen nor heard now */
bool chs_engine_is_audible (const ChsEngine *self, const ChsCondition *condition);
void chs_engine_annunciate (ChsEngine *self);                  /* works out what should be heard */

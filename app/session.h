/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <stdbool.h>
#include <stdint.h>

/* The session: who sits in the chair, what is ordered, which phase it is in.
 * A plain value, a fold over SETUP and NURSE events; part of the engine's state.
 *
 * Keys of SETUP events (numbers in the C locale; an empty value means "unknown",
 * which is a value of its own and never counts as normal):
 *
 *   session.id  session.chair  session.cuff_interval_s
 *   session.checks (ids of the pre-checks that a start needs, comma list; a NURSE DONE of that id ticks one)
 *   patient.id  patient.age (years)  patient.sex (F, M, X)  patient.weight_kg  patient.height_cm
 *   patient.flags (comma list of the ids of shared/clinical.md section 10; "none" when there is none; "" or "unknown" when nobody
 *     asked)
 *   patient.course_planned (how many sessions the plan has; which one this is, is counted: app/course.h)
 *   patient.oxygen (1 breathes oxygen, 0 air)
 *   sensors.ecg  sensors.abp (0, 1)  sensors.temp (spot, cont)  sensors.cuff_arm  sensors.spo2_arm  sensors.iv_arm (left, right)
 *   therapy.<key> as in app/therapy.h, for every pump without keys of its own
 *   pump.<source>.<channel>.<key> the same for one pump
 *   limit.<PARAM>.low  limit.<PARAM>.high  for this session
 */

typedef enum {
  CHS_PHASE_IDLE = 0, /* nobody in the chair */
  CHS_PHASE_PREPARED, /* patient and therapy chosen */
  CHS_PHASE_BASELINE, /* sensors on, baseline being taken */
  CHS_PHASE_INFUSING,
  CHS_PHASE_HELD,    /* infusion interrupted */
  CHS_PHASE_OBSERVE, /* infusion over, patient watched */
  CHS_PHASE_CLOSED,
  CHS_N_PHASES
} ChsPhase;

/* Risk flags, a bit set; ids as in shared/clinical.md section 10. */
typedef enum {
  CHS_RISK_HEART_FAILURE = 1u << 0,
  CHS_RISK_RENAL = 1u << 1,
  CHS_RISK_HEPATIC = 1u << 2,
  CHS_RISK_HYPERTENSION = 1u << 3,
  CHS_RISK_BETA_BLOCKER = 1u << 4,
  CHS_RISK_DIGOXIN = 1u << 5,
  CHS_RISK_COPD = 1u << 6,
  CHS_RISK_ASTHMA = 1u << 7,
  CHS_RISK_OSA = 1u << 8,
  CHS_RISK_AF = 1u << 9,
  CHS_RISK_PACEMAKER = 1u << 10,
  CHS_RISK_DIABETES = 1u << 11,
  CHS_RISK_G6PD = 1u << 12,
  CHS_RISK_PREGNANCY = 1u << 13,
  CHS_RISK_SEIZURE = 1u << 14,
  CHS_RISK_GLAUCOMA_ICP = 1u << 15,
  CHS_RISK_PSYCHOSIS = 1u << 16,
  CHS_RISK_ANTICOAGULANT = 1u << 17,
  CHS_RISK_ALLERGY = 1u << 18,   /* any allergy:* */
  CHS_RISK_SENSITIVE = 1u << 19, /* only shortens the cuff interval */
  CHS_RISK_UNKNOWN = 1u << 31,   /* nobody asked; counts as a risk for volume */
} ChsRisk;

#define CHS_THERAPY_STEPS 6

/* What is in one bag, as far as the dose watch needs it. NAN = unknown, 0 = none in the bag. */
typedef struct {
  char   id[32];   /* library id, "" = not from the library: no dose check */
  char   name[64];
  double bag_volume_ml;
  double ordered_rate_ml_h;
  double mg_mmol_per_ml;       /* magnesium */
  double ketamine_mg_per_ml;
  double lidocaine_mg_per_ml;
  double vitc_mg_per_ml;       /* ascorbic acid */
  double glutathione_mg_per_ml;
  double osm_mosm_l;           /* osmolarity of the mix */
  double planned_min;          /* planned duration */
  double cuff_interval_s;      /* how often the pressure is wanted while it runs */
  double observe_min;          /* observation after the end */
  double mg_soft_mmol_min, mg_hard_mmol_min;
  double ketamine_soft_mg_kg_h, ketamine_hard_mg_kg_h;
  double lidocaine_soft_mg_kg_h, lidocaine_hard_mg_kg_h;
  double vitc_soft_g_min, vitc_hard_g_min;
  double glutathione_soft_mg_min, glutathione_hard_mg_min;
  double rate_soft_ml_h, rate_hard_ml_h; /* of the entry itself; the weight limits of the fluid rule come on top */
  double ketamine_max_mg_kg;      /* of the whole session */
  double lidocaine_max_mg_kg, lidocaine_max_mg;
  double lidocaine_loading_mg_kg; /* up to here the loading rate is allowed; 0 = no loading phase */
  double lidocaine_max_mg_h;      /* NAN = none */
  int8_t ideal_weight;            /* 1: doses by ideal body weight, 0: by the actual one, -1 not told */
  int8_t irritant;                /* 1: harms tissue when it leaks; 0 no, -1 not told */
  int8_t unchecked;               /* 1: holds an additive that the library does not know: no dose check for it */
  uint8_t n_steps;                /* planned rate steps; 0 = one rate */
  struct {
    float from_min; /* since the start of the infusion */
    float rate_ml_h;
  } steps[CHS_THERAPY_STEPS];
} ChsTherapy;

typedef struct {
  char     id[40];    /* session.id */
  char     chair[24];
  char     patient_id[24];
  char     sex;       /* 'F', 'M', 'X', 0 = unknown */
  double   age;       /* years; NAN */
  double   weight_kg; /* NAN */
  double   height_cm; /* NAN */
  double   course_planned; /* sessions of the plan; NAN = no plan */
  uint32_t risks;     /* ChsRisk */
  double   cuff_interval_s; /* NAN = not told */
  int8_t   on_oxygen;          /* breathes oxygen: 1, air: 0, -1 unknown */
  int8_t   has_ecg, has_abp;   /* 1, 0, -1 unknown */
  int8_t   temp_continuous;    /* 1, 0, -1 unknown */
  char     cuff_arm, spo2_arm, iv_arm; /* 'l', 'r', 0 unknown */
  char     checks[120]; /* pre-checks that a start needs, by id, comma separated; "" = none known */
  uint8_t  phase;     /* ChsPhase */
  int64_t  phase_us;  /* when it began */
  ChsTherapy therapy; /* for every pump without its own */
} ChsSession;

/**
 * chs_session_init:
 * @self: (out): an idle session with everything unknown
 */
void chs_session_init (ChsSession *self);

/**
 * chs_session_setup:
 * @self: a session
 * @key: see the page above
 * @value: text; "" = unknown
 *
 * Applies one key. Keys beginning with "limit." and "pump." belong to the engine and are left alone.
 *
 * Returns: whether the key is one of ours and the value could be understood; on %FALSE nothing changed
 */
bool chs_session_setup (ChsSession *self, const char *key, const char *value);

/**
 * chs_therapy_clear:
 * @self: (out): a therapy of which nothing is known
 */
void chs_therapy_clear (ChsTherapy *self);

/**
 * chs_therapy_setup:
 * @self: a therapy
 * @key: name of a field, without "therapy.": "id", "mg_mmol_per_ml", "steps" ("0 100; 15 200": minute and mL/h) ...
 * @value: text, numbers in the C locale; "" = unknown
 *
 * Returns: whether the key is known and the value could be understood; on %FALSE nothing changed
 */
bool chs_therapy_setup (ChsTherapy *self, const char *key, const char *value);

/**
 * chs_therapy_planned_ml_h:
 * @self: a therapy
 * @minutes: for how long its pump has run, pauses left out
 * @next_min: (out) (nullable): when the step after that begins, in the same minutes; NAN = there is none
 *
 * Returns: the rate of the planned step in force in mL/h; NAN without planned steps
 */
double chs_therapy_planned_ml_h (const ChsTherapy *self, double minutes, double *next_min);

/**
 * chs_therapy_highest_ml_h:
 * @self: a therapy
 *
 * Returns: the highest rate that is planned or ordered, in mL/h; NAN when neither is known
 */
double chs_therapy_highest_ml_h (const ChsTherapy *self);

/**
 * chs_therapy_minutes:
 * @self: a therapy
 *
 * Returns: how long the bag lasts at the planned steps, or at the ordered rate, in minutes; NAN when that is not known
 */
double chs_therapy_minutes (const ChsTherapy *self);

/**
 * chs_session_weight_kg:
 * @self: a session
 * @therapy: (nullable): what is dosed
 *
 * Ideal body weight (Devine 1974) where the therapy asks for it and height and sex are known, never more than the actual.
 *
 * Returns: the weight for doses in kg; NAN when unknown
 */
double chs_session_weight_kg (const ChsSession *self, const ChsTherapy *therapy);

/**
 * chs_risk_from_id:
 * @id: "heart_failure", "allergy:latex" ...
 *
 * Returns: its bit; 0 for an id that is not known
 */
uint32_t chs_risk_from_id (const char *id);

/**
 * chs_phase_id:
 * @phase: a phase
 *
 * Returns: "idle", "prepared", "baseline", "infusing", "held", "observe" or "closed"
 */
const char *chs_phase_id (ChsPhase phase);

/**
 * chs_phase_from_id:
 * @id: an id as above
 *
 * Returns: the phase, or %CHS_N_PHASES when there is none of that name
 */
ChsPhase chs_phase_from_id (const char *id);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/engine-private.h"

#include "devices/driver.h"

#include <math.h>
#include <string.h>

/* Evidence from what the nurse entered, from doses, and from the equipment. */

/* Groups a symptom belongs to, by the statement they make. */
#define G(x) CHS_E_##x

typedef struct {
  const char *id;     /* shared/clinical.md 10 */
  ChsKey      window; /* how long an entry counts */
  uint8_t     groups[4];
} Symptom;

#define W(x) CHS_KEY_SYMPTOM_##x

static const Symptom symptoms[] = {
  { "itching", W (WINDOW), { G (SKIN) } },
  { "hives", W (WINDOW), { G (SKIN) } },
  { "rash", W (WINDOW), { G (SKIN) } },
  { "flushing_face", W (WINDOW), { G (SKIN) } },
  { "angioedema", W (WINDOW), { G (SKIN) } },
  { "lip_swelling", W (WINDOW), { G (SKIN) } },
  { "heat", W (WINDOW), { G (FLUSH) } },
  { "flushing", W (WINDOW), { G (FLUSH) } },
  { "throat_tight", W (WINDOW), { G (AIRWAY) } },
  { "wheeze", W (WINDOW), { G (AIRWAY) } },
  { "stridor", W (WINDOW), { G (AIRWAY) } },
  { "hoarse", W (WINDOW), { G (AIRWAY) } },
  { "tongue_swelling", W (WINDOW), { G (AIRWAY) } },
  { "short_of_breath", W (WINDOW), { G (BREATH) } },
  { "cough", W (WINDOW), { G (BREATH) } },
  { "nausea", W (GI_WINDOW), { G (GI), G (VAGAL) } },
  { "vomiting", W (GI_WINDOW), { G (GI) } },
  { "abdominal_cramps", W (GI_WINDOW), { G (GI) } },
  { "diarrhoea", W (GI_WINDOW), { G (GI) } },
  { "lightheaded", W (FAINT_WINDOW), { G (FAINT), G (VAGAL), G (LIGHTHEAD) } },
  { "faint", W (FAINT_WINDOW), { G (FAINT), G (VAGAL), G (LIGHTHEAD) } },
  { "pallor", W (FAINT_WINDOW), { G (FAINT), G (VAGAL) } },
  { "sweating", W (FAINT_WINDOW), { G (FAINT), G (VAGAL), G (SWEAT) } },
  { "loss_of_consciousness", W (WINDOW), { G (LOC), G (VAGAL) } },
  { "collapse", W (WINDOW), { G (COLLAPSE) } },
  { "impending_doom", W (WINDOW), { G (DOOM) } },
  { "chest_pain", W (WINDOW), { G (CHEST), G (CHESTPAIN) } },
  { "palpitations", W (WINDOW), { G (CHEST) } },
  { "perioral_numbness", W (LA_WINDOW), { G (LASIGN) } },
  { "tinnitus", W (LA_WINDOW), { G (LASIGN) } },
  { "metallic_taste", W (LA_WINDOW), { G (LASIGN) } },
  { "visual_disturbance", W (LA_WINDOW), { G (LASIGN) } },
  { "slurred_speech", W (LA_WINDOW), { G (LASIGN) } },
  { "twitching", W (LA_WINDOW), { G (LASEVERE) } },
  { "confusion", W (LA_WINDOW), { G (LASEVERE) } },
  { "seizure", W (LA_WINDOW), { G (LASEVERE) } },
  { "floating", W (WINDOW), { 0 } },
  { "agitation", W (WINDOW), { G (AGITATION) } },
  { "unresponsive_to_voice", W (WINDOW), { G (UNRESPONSIVE) } },
  { "headache", W (WINDOW), { G (HEADACHE) } },
  { "weakness", W (WEAK_WINDOW), { G (WEAK), G (WEAKNESS) } },
  { "drowsy", W (WEAK_WINDOW), { G (WEAK), G (DROWSY) } },
  { "chills", W (CHILLS_WINDOW), { G (CHILLS) } },
  { "rigors", W (CHILLS_WINDOW), { G (CHILLS) } },
  { "body_aches", W (CHILLS_WINDOW), { 0 } },
  { "cold", W (WINDOW), { 0 } },
  { "site_burning", W (WINDOW), { G (SITE) } },
  { "site_tight", W (WINDOW), { G (SITE) } },
  { "site_swelling", W (WINDOW), { G (SITE) } },
  { "site_redness", W (WINDOW), { G (SITE) } },
  { "site_pain", W (WINDOW), { G (SITE) } },
  { "cold_arm", W (WINDOW), { 0 } },
  { "tingling", W (WINDOW), { 0 } },
  { "shaky", W (WINDOW), { G (SHAKY) } },
  { "anxious", W (WINDOW), { 0 } },
  { "cramps", W (WINDOW), { G (WEAKNESS) } },
};

_Static_assert (G_N_ELEMENTS (symptoms) <= CHS_MAX_SYMPTOMS, "room for every symptom in the engine's state");

static const uint8_t symptom_groups[] = {
  G (SKIN),    G (FLUSH),   G (AIRWAY), G (BREATH),    G (GI),     G (FAINT),     G (VAGAL),    G (LIGHTHEAD), G (LOC),  G (DOOM), G (COLLAPSE),
  G (CHEST),   G (CHESTPAIN), G (HEADACHE), G (LASIGN), G (LASEVERE), G (AGITATION), G (UNRESPONSIVE), G (WEAK), G (WEAKNESS),
  G (DROWSY),  G (CHILLS),  G (SITE),   G (SHAKY),     G (SWEAT),
};

unsigned
chs_symptom_index (const char *id)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (symptoms); i++)
    if (strcmp (symptoms[i].id, id) == 0)
      return i;
  return CHS_MAX_SYMPTOMS;
}

static void
say (ChsEngine *self, ChsEvidence evidence, bool is_true)
{
  chs_evidence_set (self, evidence, is_true ? CHS_TRUE : CHS_FALSE);
}

void
chs_evidence_symptoms (ChsEngine *self)
{
  ChsState *s = &self->state;
  ChsEvidenceSet now = { .word = { 0 } };
  bool has_any = false;

  if (!s->has_symptoms)
    return;
  for (unsigned i = 0; i < G_N_ELEMENTS (symptoms); i++) {
    int64_t window_us;

    if (s->symptom_us[i] == CHS_TIME_NONE)
      continue;
    window_us = self->key_us[symptoms[i].window];
    if (!chs_within (s->now_us, s->symptom_us[i], window_us)) {
      s->symptom_us[i] = CHS_TIME_NONE;
      continue;
    }
    has_any = true;
    for (unsigned k = 0; k < G_N_ELEMENTS (symptoms[i].groups) && symptoms[i].groups[k] != 0; k++)
      chs_evidence_put (&now, symptoms[i].groups[k], true);
  }
  for (unsigned i = 0; i < G_N_ELEMENTS (symptom_groups); i++)
    say (self, symptom_groups[i], chs_evidence_has (&now, symptom_groups[i]));
  s->has_symptoms = has_any;
}

/* ---- doses ---- */

static double
known_or (double value, double otherwise)
{
  return isnan (value) ? otherwise : value;
}

/* What the pumps together say about one statement: true if one does, unknown if one cannot tell. */
typedef struct {
  bool     any, unknown;
  uint16_t pumps;
} Poll;

static void
vote (Poll *poll, unsigned pump, double value, double limit)
{
  if (isnan (value) || isnan (limit)) {
    poll->unknown = true;
    return;
  }
  if (value > limit) {
    poll->any = true;
    poll->pumps |= (uint16_t) (1u << pump);
  }
}

static void
announce (ChsEngine *self, ChsEvidence evidence, const Poll *poll)
{
  ChsState *s = &self->state;

  if (s->pumps_of[evidence] != poll->pumps) {
    chs_evidence_put (&s->changed, evidence, true); /* another pump has joined, or left */
    s->pumps_of[evidence] = poll->pumps;
  }
  chs_evidence_set (self, evidence, poll->any ? CHS_TRUE : poll->unknown ? CHS_UNKNOWN : CHS_FALSE);
}

typedef struct {
  Poll mg_soft, mg_hard, mg_hard2, ket_hard, ket_hard2, lido_hard, lido_hard2, soft, hard, total, plan, jump, fluid, resist, trend, peaks;
  Poll occlusion, alarm, done, paused, mismatch;
  bool drug, runs, osm, unchecked, mg;
} Polls;

static void
poll_magnesium (const ChsEngine *self, Polls *p, unsigned i, const ChsPump *pump, const ChsTherapy *t)
{
  double rate = pump->flow_ml_h / 60.0 * t->mg_mmol_per_ml, hard = known_or (t->mg_hard_mmol_min, K (MAGNESIUM_HARD_RATE));

  vote (&p->mg_soft, i, rate, known_or (t->mg_soft_mmol_min, K (MAGNESIUM_SOFT_RATE)));
  vote (&p->mg_hard, i, rate, hard);
  vote (&p->mg_hard2, i, rate, K (MAGNESIUM_HARD_FACTOR) * hard);
}

static void
poll_ketamine (const ChsEngine *self, Polls *p, unsigned i, const ChsPump *pump, const ChsTherapy *t)
{
  bool assumed;
  double kg = chs_engine_weight_kg (self, t, &assumed), rate = pump->flow_ml_h * t->ketamine_mg_per_ml / kg;
  double hard = known_or (t->ketamine_hard_mg_kg_h, K (KETAMINE_HARD_RATE));

  vote (&p->soft, i, rate, known_or (t->ketamine_soft_mg_kg_h, K (KETAMINE_SOFT_RATE)));
  vote (&p->ket_hard, i, rate, hard);
  vote (&p->ket_hard2, i, rate, K (KETAMINE_HARD_FACTOR) * hard);
  if (!isnan (t->ketamine_max_mg_kg))
    vote (&p->total, i, pump->ketamine_mg / kg, t->ketamine_max_mg_kg);
}

/* Two phases where the entry has a loading dose; which one is told by what was infused, not by the clock. */
static void
poll_lidocaine (const ChsEngine *self, Polls *p, unsigned i, const ChsPump *pump, const ChsTherapy *t)
{
  bool assumed;
  double kg = chs_engine_weight_kg (self, t, &assumed), mg_h = pump->flow_ml_h * t->lidocaine_mg_per_ml, rate = mg_h / kg;
  bool loading = t->lidocaine_loading_mg_kg > 0 && pump->lidocaine_mg / kg < t->lidocaine_loading_mg_kg;
  double hard = loading ? K (LIDOCAINE_LOADING_RATE) : known_or (t->lidocaine_hard_mg_kg_h, K (LIDOCAINE_HARD_RATE));

  if (!loading)
    vote (&p->soft, i, rate, known_or (t->lidocaine_soft_mg_kg_h, K (LIDOCAINE_SOFT_RATE)));
  if (!loading && !isnan (t->lidocaine_max_mg_h))
    vote (&p->lido_hard, i, mg_h, t->lidocaine_max_mg_h);
  vote (&p->lido_hard, i, rate, hard);
  vote (&p->lido_hard2, i, rate, K (LIDOCAINE_HARD_FACTOR) * hard);
  if (!isnan (t->lidocaine_max_mg_kg))
    vote (&p->total, i, pump->lidocaine_mg / kg, t->lidocaine_max_mg_kg);
  if (!isnan (t->lidocaine_max_mg))
    vote (&p->total, i, pump->lidocaine_mg, t->lidocaine_max_mg);
}

static void
vote_if_known (Poll *poll, unsigned i, double value, double limit)
{
  if (!isnan (limit) && !isnan (value))
    vote (poll, i, value, limit);
}

static void
poll_others (const ChsEngine *self, Polls *p, unsigned i, const ChsPump *pump, const ChsTherapy *t)
{
  double vitc = pump->flow_ml_h * t->vitc_mg_per_ml / 60000.0, glutathione = pump->flow_ml_h * t->glutathione_mg_per_ml / 60.0;
  double planned = chs_therapy_planned_ml_h (t, (double) pump->run_us / 60e6, NULL); /* a pause puts the next step off: less has been given */

  vote_if_known (&p->soft, i, vitc, t->vitc_soft_g_min);
  vote_if_known (&p->soft, i, glutathione, t->glutathione_soft_mg_min);
  vote_if_known (&p->soft, i, pump->flow_ml_h, t->rate_soft_ml_h);
  vote_if_known (&p->hard, i, vitc, t->vitc_hard_g_min);
  vote_if_known (&p->hard, i, glutathione, t->glutathione_hard_mg_min);
  vote_if_known (&p->hard, i, pump->flow_ml_h, t->rate_hard_ml_h);
  vote_if_known (&p->plan, i, pump->flow_ml_h, planned * (1 + K (DOSE_PLAN_SLACK) / 100.0));
}

/* Ten times too fast, by the order or by what ran before. */
static void
poll_jump (const ChsEngine *self, Polls *p, unsigned i, const ChsPump *pump, const ChsTherapy *t)
{
  double least = K (DOSE_JUMP) - 1e-6; /* exactly the factor is a jump */

  vote_if_known (&p->jump, i, pump->flow_ml_h, least * t->ordered_rate_ml_h);
  if (pump->ran_ml_h >= K (DOSE_JUMP_FROM))
    vote_if_known (&p->jump, i, pump->flow_ml_h, least * pump->ran_ml_h);
}

static void
poll_doses (const ChsEngine *self, Polls *p, unsigned i, const ChsPump *pump)
{
  const ChsTherapy *t = chs_engine_pump_therapy (self, pump);
  bool has_mg = !(t->mg_mmol_per_ml <= 0), has_ket = !(t->ketamine_mg_per_ml <= 0), has_lido = !(t->lidocaine_mg_per_ml <= 0);

  if (!pump->ran)
    return;
  if (has_mg)
    poll_magnesium (self, p, i, pump, t);
  if (has_ket)
    poll_ketamine (self, p, i, pump, t);
  if (has_lido)
    poll_lidocaine (self, p, i, pump, t);
  poll_others (self, p, i, pump, t);
  poll_jump (self, p, i, pump, t);
  if (pump->flow_ml_h > 0) {
    p->runs = true;
    p->osm |= t->osm_mosm_l < K (OSM_LOW) || t->osm_mosm_l > K (OSM_HIGH);
    p->unchecked |= t->unchecked > 0;
    p->mg |= t->mg_mmol_per_ml > 0;
    p->drug |= t->mg_mmol_per_ml > 0 || t->ketamine_mg_per_ml > 0 || t->lidocaine_mg_per_ml > 0;
  }
}

/* ---- line pressure ---- */

static unsigned
recent_peaks (const ChsEngine *self, const ChsPump *pump)
{
  unsigned n = 0;

  for (unsigned i = 0; i < CHS_PEAKS; i++)
    if (chs_within (self->state.now_us, pump->peak_us[i], K_MIN (SITE_PEAK_WINDOW)))
      n++;
  return n;
}

static void
poll_line (const ChsEngine *self, Polls *p, unsigned i, const ChsPump *pump)
{
  double expected = pump->reference + K (SITE_SLOPE) * (pump->flow_ml_h - pump->reference_ml_h);

  vote_if_known (&p->resist, i, pump->resist_high && pump->flow_ml_h > 0 ? 1 : 0, 0);
  if (pump->flow_ml_h > 0)
    vote_if_known (&p->trend, i, pump->p60 - expected, K (SITE_TREND));
  vote_if_known (&p->peaks, i, recent_peaks (self, pump), K (SITE_PEAK_COUNT) - 1);
}

/* ---- the pump's own words ---- */

#define OCCLUSIONS (CHS_PUMP_ALARM_OCCLUSION | CHS_PUMP_ALARM_UPSTREAM)
#define ENDINGS (CHS_PUMP_ALARM_NEAR_END | CHS_PUMP_ALARM_END_VTBI | CHS_PUMP_ALARM_END_TIME | CHS_PUMP_ALARM_KVO_END)

static void
poll_words (const ChsEngine *self, Polls *p, unsigned i, const ChsPump *pump)
{
  uint32_t alarms = pump->status.alarms;
  bool occluded = (alarms & OCCLUSIONS) != 0, done = pump->status.state == CHS_PUMP_COMPLETE || (alarms & ENDINGS & ~CHS_PUMP_ALARM_NEAR_END) != 0;
  bool other = (alarms & ~(uint32_t) (OCCLUSIONS | ENDINGS)) != 0 || (pump->status.state == CHS_PUMP_ALARM && !occluded && !done);

  vote (&p->occlusion, i, occluded, 0);
  vote (&p->alarm, i, other, 0);
  vote (&p->done, i, done, 0);
  vote (&p->mismatch, i, pump->mismatch_us != CHS_TIME_NONE, 0);
  vote (&p->paused, i, pump->paused_us != CHS_TIME_NONE && !chs_within (self->state.now_us, pump->paused_us, K_MIN (STALE_PUMP_PAUSED)), 0);
}

/* ---- volume by weight ---- */

static void
look_at_volume (ChsEngine *self, Polls *p)
{
  ChsState *s = &self->state;
  bool assumed, risk = chs_engine_has_risk (self);
  double kg = chs_engine_weight_kg (self, NULL, &assumed), flow = 0;
  double soft_ml = kg * (risk ? K (FLUID_RISK_SOFT_VOLUME) : K (FLUID_SOFT_VOLUME));
  double hard_ml = kg * (risk ? K (FLUID_RISK_HARD_VOLUME) : K (FLUID_HARD_VOLUME));
  double soft_rate = kg * (risk ? K (FLUID_RISK_SOFT_RATE) : K (FLUID_SOFT_RATE));
  double hard_rate = kg * (risk ? K (FLUID_RISK_HARD_RATE) : K (FLUID_HARD_RATE));

  for (unsigned i = 0; i < s->n_pumps; i++)
    flow += known_or (s->pumps[i].flow_ml_h, 0);
  for (unsigned i = 0; i < s->n_pumps && flow > hard_rate; i++)
    if (s->pumps[i].flow_ml_h > 0)
      p->fluid.pumps |= (uint16_t) (1u << i);
  p->fluid.any = flow > hard_rate && s->infused_ml > K (FLUID_RATE_AFTER);
  announce (self, CHS_E_FLUIDHARD, &p->fluid);
  say (self, CHS_E_VOLHARD, s->infused_ml > hard_ml);
  say (self, CHS_E_VOL, s->infused_ml >= K (FLUID_CONTEXT_SHARE) * soft_ml || s->rate_max_ml_h >= soft_rate);
}

/* Is one of the wanted pre-checks not ticked? */
static bool
has_open_check (const ChsState *s)
{
  const char *at = s->session.checks;

  while (*at != '\0') {
    size_t n = strcspn (at, ",");
    bool ticked = false;

    for (unsigned i = 0; i < CHS_MAX_TICKS; i++)
      ticked |= s->ticks[i].seq != 0 && strlen (s->ticks[i].id) == n && memcmp (s->ticks[i].id, at, n) == 0;
    if (n > 0 && !ticked)
      return true;
    at += n + (at[n] == ',');
  }
  return false;
}

static void
look_at_pumps (ChsEngine *self)
{
  ChsState *s = &self->state;
  Polls p = { .drug = false };

  for (unsigned i = 0; i < s->n_pumps; i++) {
    poll_doses (self, &p, i, &s->pumps[i]);
    poll_line (self, &p, i, &s->pumps[i]);
    poll_words (self, &p, i, &s->pumps[i]);
  }
  announce (self, CHS_E_MGSOFT, &p.mg_soft);
  announce (self, CHS_E_MGHARD, &p.mg_hard);
  announce (self, CHS_E_MGHARDX, &p.mg_hard2);
  announce (self, CHS_E_KETHARD, &p.ket_hard);
  announce (self, CHS_E_KETHARDX, &p.ket_hard2);
  announce (self, CHS_E_LIDOHARD, &p.lido_hard);
  announce (self, CHS_E_LIDOHARDX, &p.lido_hard2);
  announce (self, CHS_E_DOSESOFT, &p.soft);
  announce (self, CHS_E_DOSEHARD, &p.hard);
  announce (self, CHS_E_DOSETOTAL, &p.total);
  announce (self, CHS_E_OFFPLAN, &p.plan);
  announce (self, CHS_E_JUMP, &p.jump);
  announce (self, CHS_E_RESIST, &p.resist);
  announce (self, CHS_E_PTREND, &p.trend);
  announce (self, CHS_E_PPEAKS, &p.peaks);
  announce (self, CHS_E_OCCLUSION, &p.occlusion);
  announce (self, CHS_E_PUMPALARM, &p.alarm);
  announce (self, CHS_E_PUMPDONE, &p.done);
  announce (self, CHS_E_PUMPPAUSED, &p.paused);
  announce (self, CHS_E_MISMATCH, &p.mismatch);
  say (self, CHS_E_DRUG, p.drug);
  say (self, CHS_E_NOBASE, p.runs && s->baseline.quality == CHS_BASELINE_NONE);
  say (self, CHS_E_NOSETUP, p.runs && (isnan (s->session.weight_kg) || (s->session.therapy.id[0] == '\0' && !s->pumps[0].has_therapy)));
  say (self, CHS_E_OSM, p.osm);
  say (self, CHS_E_UNCHECKED, p.unchecked);
  say (self, CHS_E_MGRISK, p.mg && (s->session.risks & (CHS_RISK_DIGOXIN | CHS_RISK_RENAL)) != 0);
  say (self, CHS_E_NOCHECK, p.runs && has_open_check (s));
  look_at_volume (self, &p);
}

/* ---- what was given ---- */

/* A drug of which nobody told whether it is in the bag: unknown once the pump ran. */
static ChsTruth
given (const ChsState *s, int64_t drug_us, int64_t window_us, double per_ml)
{
  if (chs_within (s->now_us, drug_us, window_us))
    return CHS_TRUE;
  return isnan (per_ml) && s->ran ? CHS_UNKNOWN : CHS_FALSE;
}

static void
look_at_drugs (ChsEngine *self)
{
  ChsState *s = &self->state;
  const ChsTherapy *t = &s->session.therapy;
  bool assumed, renal = (s->session.risks & CHS_RISK_RENAL) != 0;
  double mmol = 0, kg = chs_engine_weight_kg (self, NULL, &assumed);
  ChsTruth mg = given (s, s->mg_us, K_MIN (MAGNESIUM_WINDOW), t->mg_mmol_per_ml);

  for (unsigned i = 0; i < s->n_pumps; i++)
    mmol += s->pumps[i].mg_mmol;
  chs_evidence_set (self, CHS_E_MG, mg);
  chs_evidence_set (self, CHS_E_MGFAST, mg == CHS_UNKNOWN ? mg : chs_engine_mg_max (self) > K (MAGNESIUM_FAST_RATE) ? CHS_TRUE : CHS_FALSE);
  say (self, CHS_E_MGRISE, mmol / (K (MAGNESIUM_DISTRIBUTION) * kg) >= (renal ? K (MAGNESIUM_RISE_RENAL) : K (MAGNESIUM_RISE)));
  chs_evidence_set (self, CHS_E_KET, given (s, s->ketamine_us, K_MIN (KETAMINE_WINDOW), t->ketamine_mg_per_ml));
  chs_evidence_set (self, CHS_E_LIDO, given (s, s->lidocaine_us, K_MIN (LIDOCAINE_WINDOW), t->lidocaine_mg_per_ml));
}

/* ---- the session ---- */

static bool
is_vaso_long (const ChsEngine *self)
{
  const ChsState *s = &self->state;
  double share = K (VASOVAGAL_RECOVER_SHARE);
  bool is_read = s->last.t_us != CHS_TIME_NONE && s->vaso_us != CHS_TIME_NONE && s->last.t_us >= s->vaso_us;
  bool is_low = is_read && (double) s->last.sbp < share * s->baseline.sbp;
  /* A slow pulse with a pressure that is back is rest; without a reading it is the faint that goes on. */
  bool is_slow = s->hr15_now < share * s->baseline.hr && (!is_read || s->hr15_now < K (VASOVAGAL_VERY_SLOW));

  return s->vaso_us != CHS_TIME_NONE && !chs_within (s->now_us, s->vaso_us, K_S (VASOVAGAL_RECOVER)) && (is_slow || is_low);
}

static bool
is_active (const ChsState *s, ChsLabel label)
{
  return s->conditions[label].state == CHS_ALARM_STATE_ACTIVE || s->conditions[label].state == CHS_ALARM_STATE_ACKNOWLEDGED;
}

static bool
is_severe (const ChsState *s)
{
  const ChsCondition *reaction = &s->conditions[CHS_LABEL_INFUSION_REACTION];

  return reaction->state >= CHS_ALARM_STATE_ACTIVE && reaction->priority == CHS_PRIORITY_HIGH;
}

static void
look_at_session (ChsEngine *self)
{
  ChsState *s = &self->state;
  int64_t interval_us = (int64_t) (chs_engine_cuff_interval_s (self) * 1e6);
  int64_t cuff_us = s->last.t_us != CHS_TIME_NONE ? s->last.t_us : s->session_us;
  bool vaso = is_active (s, CHS_LABEL_VASOVAGAL);

  say (self, CHS_E_INF, chs_within (s->now_us, s->last_run_us, K_MIN (REACTION_WINDOW)) || s->reaction_us != CHS_TIME_NONE);
  say (self, CHS_E_RAN, s->ran);
  say (self, CHS_E_RISK, chs_engine_has_risk (self));
  say (self, CHS_E_BETA, (s->session.risks & CHS_RISK_BETA_BLOCKER) != 0);
  say (self, CHS_E_BREAK, chs_within (s->now_us, s->break_us, K_MIN (BP_BREAK_WINDOW)));
  say (self, CHS_E_PAUSE, s->break_until_us != CHS_TIME_NONE && s->now_us < s->break_until_us);
  say (self, CHS_E_ONSESSION, s->ran || (s->session.phase > CHS_PHASE_IDLE && s->session.phase < CHS_PHASE_CLOSED));
  say (self, CHS_E_VVACT, vaso);
  say (self, CHS_E_VVREC, vaso || chs_within (s->now_us, s->vaso_end_us, K_MIN (VASOVAGAL_WINDOW)));
  say (self, CHS_E_VVLONG, is_vaso_long (self));
  say (self, CHS_E_REACTED, is_severe (s) || chs_within (s->now_us, s->reaction_us, K_MIN (REACTION_AFTER)));
  say (self, CHS_E_OVERLOAD, chs_within (s->now_us, s->overload_us, K_MIN (FLUID_OVERLOAD_WINDOW)));
  say (self, CHS_E_HMGACT, is_active (s, CHS_LABEL_HYPERMAGNESAEMIA));
  say (self, CHS_E_LAACT, is_active (s, CHS_LABEL_LIDOCAINE_TOXICITY));
  say (self, CHS_E_WETLUNG,
       chs_evidence_has (&s->yes, CHS_E_VOL) && !isnan (s->hr15_now) && s->since_us[CHS_E_HRUP] == CHS_TIME_NONE);
  say (self, CHS_E_NOSPO2, !chs_within (s->now_us, s->latest[CHS_PARAM_SPO2].good_us, K_S (STALE_RR)));
  say (self, CHS_E_NORR, !chs_within (s->now_us, s->latest[CHS_PARAM_RR].good_us, K_S (STALE_RR)) &&
                           !chs_within (s->now_us, s->latest[CHS_PARAM_CO2_RR].good_us, K_S (STALE_RR)));
  say (self, CHS_E_NOCUFF, !chs_within (s->now_us, cuff_us, (int64_t) (K (REACTION_NO_CUFF) * (double) interval_us)));
}

/* ---- equipment ---- */

static bool
is_link_dead (const ChsEngine *self, const ChsLinkWatch *link)
{
  int64_t heard_us = link->heard_us != CHS_TIME_NONE ? MAX (link->heard_us, link->since_us) : link->since_us;

  return link->state != CHS_LINK_CLOSED && self->state.now_us - heard_us >= K_S (STALE_LINK);
}

static void
look_at_links (ChsEngine *self)
{
  ChsState *s = &self->state;
  bool monitor = false, pump = false, changed = false;

  for (unsigned i = 0; i < s->n_links; i++) {
    const ChsLinkWatch *link = &s->links[i];
    bool dead = is_link_dead (self, link);

    monitor |= dead && link->kind == CHS_KIND_MONITOR;
    pump |= dead && link->kind == CHS_KIND_PUMP;
    changed |= link->changed;
  }
  say (self, CHS_E_MONLINK, monitor);
  say (self, CHS_E_PUMPLINK, pump);
  say (self, CHS_E_DEVCHANGED, changed && (s->ran || s->session.phase > CHS_PHASE_PREPARED));
}

/* Seen once and gone for @span_us, while the monitor talks. */
static bool
is_gone (const ChsState *s, ChsParam param, int64_t span_us)
{
  return s->latest[param].seen && !chs_within (s->now_us, MAX (s->latest[param].good_us, s->monitor_up_us), span_us - 1);
}

/* The same for the oximeter: what its own arm's cuff takes away is not lost (shared/clinical.md 2.4). */
static bool
is_finger_gone (const ChsEngine *self, ChsParam param, int64_t span_us)
{
  const ChsState *s = &self->state;
  bool same_arm = s->session.cuff_arm != '\0' && s->session.cuff_arm == s->session.spo2_arm;
  bool by_cuff = same_arm && s->inflated_us != CHS_TIME_NONE && s->latest[param].good_us >= s->inflated_us - K_S (STALE_SPO2_KETAMINE) / 3;

  if (by_cuff && (chs_engine_cuff_on_oximeter (self) || chs_within (s->now_us, s->deflate_us, K_S (GATE_CUFF_ARM_HOLD) + span_us - 1)))
    return false;
  return is_gone (s, param, span_us);
}

/* Five numbers that all stand still: a frozen screen. A paced patient's others move. */
static bool
is_frozen (const ChsEngine *self)
{
  static const uint8_t params[] = { CHS_PARAM_HR, CHS_PARAM_PR, CHS_PARAM_SPO2, CHS_PARAM_PI, CHS_PARAM_RR };
  const ChsState *s = &self->state;

  for (unsigned i = 0; i < G_N_ELEMENTS (params); i++) {
    const ChsLatest *latest = &s->latest[params[i]];

    if (!chs_within (s->now_us, latest->good_us, K_S (STALE_HR_VALUE)) || chs_within (s->now_us, latest->changed_us, K_S (STALE_FROZEN) - 1))
      return false;
  }
  return true;
}

static void
look_at_sensors (ChsEngine *self)
{
  ChsState *s = &self->state;
  bool break_on = chs_evidence_has (&s->yes, CHS_E_PAUSE), infusing = false;
  int64_t interval_us = (int64_t) (chs_engine_cuff_interval_s (self) * 1e6);
  int64_t cuff_us = s->last.t_us != CHS_TIME_NONE ? MAX (s->last.t_us, s->session_us) : s->session_us;
  bool has_ecg = s->latest[CHS_PARAM_HR].seen;
  bool ecg = is_gone (s, CHS_PARAM_HR, K_S (STALE_HR)), pulse = is_finger_gone (self, CHS_PARAM_PR, has_ecg ? K_S (STALE_HR) : K_S (STALE_HR_OXIMETER));
  bool never_rate = !has_ecg && !s->latest[CHS_PARAM_PR].seen;

  for (unsigned i = 0; i < s->n_pumps; i++)
    infusing |= s->pumps[i].flow_ml_h > 0;
  say (self, CHS_E_SPO2OFF, !break_on && infusing && is_finger_gone (self, CHS_PARAM_SPO2, K_S (STALE_SPO2)));
  say (self, CHS_E_SPO2OFFK, !break_on && is_finger_gone (self, CHS_PARAM_SPO2, K_S (STALE_SPO2_KETAMINE)));
  say (self, CHS_E_NOHR, !break_on && !never_rate && (ecg || !has_ecg) && (pulse || !s->latest[CHS_PARAM_PR].seen));
  say (self, CHS_E_ECGOFF, !break_on && ecg);
  say (self, CHS_E_RROFF, !break_on && is_gone (s, CHS_PARAM_RR, K_S (STALE_RR)));
  say (self, CHS_E_NIBPLATE,
       !break_on && chs_evidence_has (&s->yes, CHS_E_ONSESSION) &&
         s->now_us - cuff_us >= (int64_t) (K (STALE_NIBP_OVERDUE) * (double) interval_us) + K_S (STALE_NIBP_SLACK));
  say (self, CHS_E_NIBPFAIL, s->n_fails >= (uint32_t) K (STALE_NIBP_FAILS));
  say (self, CHS_E_FROZEN, s->frozen_us != CHS_TIME_NONE || is_frozen (self));
  say (self, CHS_E_ABPBAD, s->abp_bad_us != CHS_TIME_NONE && chs_within (s->now_us, s->latest[CHS_PARAM_ABP_MEAN].good_us, K_S (STALE_HR_VALUE)) &&
                             !chs_within (s->now_us, s->abp_bad_us, K_S (GATE_ABP_BAD)));
}

static void
look_at_self (ChsEngine *self)
{
  ChsState *s = &self->state;

  say (self, CHS_E_MONALARM, s->monitor_alarm != CHS_PRIORITY_NONE);
  say (self, CHS_E_NOSOUND, s->no_sound);
  say (self, CHS_E_NOSCREEN, s->no_screen);
  say (self, CHS_E_NOSTORE, s->no_store);
  say (self, CHS_E_NOPROFILE, s->no_profile);
  say (self, CHS_E_NOLIBRARY, s->no_library);
  say (self, CHS_E_LOWROOM, s->low_room);
  say (self, CHS_E_NOROOM, s->no_room);
  say (self, CHS_E_NOCLOCK, s->no_clock);
  say (self, CHS_E_LAG, (double) s->lag_s > K (STALE_LAG));
  say (self, CHS_E_CLOCKSTEP, chs_within (s->now_us, s->clock_us, K_S (STALE_CLOCK_SHOWN)));
}

void
chs_evidence_context (ChsEngine *self)
{
  look_at_pumps (self);
  look_at_drugs (self);
  look_at_session (self);
  look_at_links (self);
  look_at_sensors (self);
  look_at_self (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/profile-private.h"

#include <stdbool.h>
#include <stdint.h>

/* Evidence: statements about the patient that are true, false or unknown. Rules
 * (app/rules.h) are expressions over them and see nothing else.
 *
 * Unknown is not normal: it never makes a clause of a rule true, and it never
 * excludes a hazard. What is unknown is named in the alarm.
 *
 * A statement becomes true when its condition has been true for its hold time
 * without a break. Numbers: data/share/alarms. Reasons: shared/clinical.md 4 and 5. */

#define CHS_EVIDENCE_WORDS 3

typedef struct {
  uint64_t word[CHS_EVIDENCE_WORDS]; /* one bit for each ChsEvidence */
} ChsEvidenceSet;

/* What a statement is read from; named in an alarm while it is unknown. */
typedef enum {
  CHS_INPUT_NONE = 0, /* never unknown: entered by a nurse, or known to the program itself */
  CHS_INPUT_HR,
  CHS_INPUT_SPO2,
  CHS_INPUT_RR,
  CHS_INPUT_TEMP,
  CHS_INPUT_NIBP,
  CHS_INPUT_PUMP,
  CHS_INPUT_WEIGHT,
  CHS_INPUT_BASELINE,
  CHS_INPUT_THERAPY,
  CHS_N_INPUTS
} ChsInput;

/* X (index, id, input, hold key, "meaning, with {keys of the profile}") */
/* clang-format off */
#define CHS_EVIDENCE_VITALS(X) \
  X (BP30, "E-BP30", NIBP, NONE, "fresh SBP below min({bp.abs_low}, {bp.abs_low_share} x baseline), or at most {bp.fall_30} x baseline") \
  X (BP20, "E-BP20", NIBP, NONE, "SBP at most {bp.fall_20} x baseline and below {bp.fall_20_below}; or MAP below min({bp.map_low}, {bp.abs_low_share} x baseline); or E-BP30") \
  X (BP15, "E-BP15", NIBP, NONE, "SBP at most {bp.fall_15} x baseline and below {bp.fall_15_below}; or E-BP20") \
  X (BPX, "E-BPX", NIBP, NONE, "SBP below min({bp.extreme_sbp}, {bp.extreme_tied} x baseline), or at most {bp.extreme_share} x baseline") \
  X (CONF, "E-CONF", NIBP, NONE, "the reading before, younger than {bp.confirm_age}, was at most {bp.confirm_share} x baseline and below {bp.confirm_below} too, and not by a slow way down") \
  X (BPABS, "E-BPABS", NIBP, NONE, "SBP below min({bp.abs_low}, {bp.abs_low_share} x baseline)") \
  X (BPLOW2, "E-LOWx2", NIBP, NONE, "the reading before, younger than {bp.confirm_age}, was below the absolute limit too") \
  X (BPMILD, "E-MILD", NIBP, NONE, "SBP above {bp.fall_20} x baseline; without a baseline, above {bp.fall_30} x population") \
  X (BP110, "E-BP110", NIBP, NONE, "SBP still at least {bp.confirm_below}") \
  X (BPTWICE, "E-BP22x2", NIBP, NONE, "two readings in a row at most {magnesium.twice_share} x baseline and below {bp.confirm_below}, not by a slow way down") \
  X (BP72, "E-BP72", NIBP, NONE, "SBP below {magnesium.severe_sbp}") \
  X (BPDOUBT, "E-BP?", NIBP, NONE, "a doubtful reading (mean does not fit, or motion) that would be E-BP30") \
  X (BPSLOW, "E-SLOW", NIBP, NONE, "SBP not below the absolute limit and come down slowly: at least {bp.slow_share} x the highest reading of {bp.slow_window}") \
  X (BPGRADUAL, "E-GRADUAL", NIBP, NONE, "SBP at least min({bp.gradual_floor}, {bp.gradual_tied} x baseline), and come down slowly as in E-SLOW") \
  X (BPDROP, "E-DROP", NIBP, NONE, "SBP at most {bp.fall_20} x baseline, however high it still is, and not come down slowly") \
  X (BPEASE, "E-EASE", NIBP, NONE, "SBP still at least {bp.confirm_below}, and E-CALM") \
  X (NEWSLOW, "N-NEWS2", NIBP, NONE, "NEWS2 at the last reading at least {news2.low}, or 3 points of one part") \
  X (NEWSMED, "N-NEWS2+", NIBP, NONE, "NEWS2 at the last reading at least {news2.medium}") \
  X (BPDN, "E-BPDN", NIBP, NONE, "SBP at most {bp.down_share} x baseline, in a reading at a pulse of at least {bp.down_pulse} above baseline") \
  X (BPUP, "E-BPUP", NIBP, NONE, "SBP at least {bp.up_share} x baseline and {bp.up} above it") \
  X (PPW, "E-PPW", NIBP, NONE, "pulse pressure at least {bp.pulse_pressure} above baseline and {bp.pulse_pressure_share} x baseline, SBP not below baseline, and not E-HRUP+") \
  X (BPHI, "E-BPHI2", NIBP, NONE, "two readings in a row at least max({limit.sys_high}, {limit.sys_high_share} x baseline), or diastolic at least {limit.dia_high}") \
  X (BPHIX, "E-BPHIX", NIBP, NONE, "SBP at least {limit.sys_extreme}") \
  X (KETBP, "E-KBP2", NIBP, NONE, "two readings in a row at least {ketamine.hypertension}, or diastolic at least {ketamine.hypertension_dia}") \
  X (KETBP1, "E-KBP", NIBP, NONE, "SBP at least {ketamine.hypertension}") \
  X (VVBP, "E-VBP", NIBP, NONE, "a reading within {vasovagal.bp_window} at most {vasovagal.bp_share} x baseline that did not come slowly") \
  X (VVBPX, "E-VBPX", NIBP, NONE, "a reading within {vasovagal.bp_window} below {bp.extreme_sbp}") \
  X (HRUP, "E-HRUP", HR, HR_UP_HOLD, "HR15 at least {hr.up} above baseline and {hr.up_share} x baseline (beta-blocker: {hr.up_beta}, {hr.up_beta_share})") \
  X (HRRISE, "E-HRRISE", HR, HR_UP_HOLD, "HR15 at least {hr.sudden} above HRref and {hr.sudden_share} x HRref") \
  X (HRUPP, "E-HRUP+", HR, HR_HIGH_RISE_HOLD, "HR15 at least {hr.high_rise} above baseline and {hr.high_rise_share} x baseline") \
  X (VDROP, "E-VDROP", HR, HR_DROP_HOLD, "HR8 at least {hr.drop} below HRref, at most {hr.drop_share} x HRref and {hr.drop_baseline_share} x baseline (beta-blocker: {hr.drop_beta}, {hr.drop_beta_share}), and at most {hr.drop_ceiling} or {hr.drop_deep} x HRref") \
  X (VDROPPED, "E-VDROP-", HR, NONE, "E-VDROP within {vasovagal.bp_window}") \
  X (HR50, "E-HR50", HR, NONE, "HR8 at most {vasovagal.slow_share} x HRref, and below {vasovagal.slow} and {vasovagal.slow_baseline} x baseline, or at most {vasovagal.deep_share} x baseline") \
  X (SUDDEN, "E-SUDDEN", HR, NONE, "of the way from HRref down to HR8 at least {hr.drop_sudden} within the last minute") \
  X (HR40, "E-HR40", HR, VASOVAGAL_VERY_SLOW_HOLD, "HR8 below {vasovagal.very_slow}") \
  X (HRDNMG, "E-HRDN", HR, MAGNESIUM_SLOW_PULSE_HOLD, "HR15 at least {magnesium.slow_pulse} below baseline and at most {magnesium.slow_pulse_share} x baseline") \
  X (HRDNLA, "E-HRDNL", HR, LIDOCAINE_SLOW_PULSE_HOLD, "HR15 at least {lidocaine.slow_pulse} below baseline and at most {lidocaine.slow_pulse_share} x baseline, or below {lidocaine.slow_pulse_abs}") \
  X (HRHI, "E-HRHI", HR, LIMIT_HR_HIGH_HOLD, "HR15 above max({limit.hr_high}, min({limit.hr_high_cap}, {limit.hr_high_share} x baseline)); by age {limit.hr_high_65}, {limit.hr_high_80}") \
  X (HRHIX, "E-HRHIX", HR, LIMIT_HR_EXTREME_HOLD, "HR15 above {limit.hr_extreme}") \
  X (HRLO, "E-HRLO", HR, LIMIT_HR_LOW_HOLD, "HR15 below min({limit.hr_low}, {limit.hr_low_share} x baseline)") \
  X (HRREST, "E-REST", HR, NONE, "HR15 at least {limit.hr_rest_share} x HRref and at least min({limit.hr_rest}, {limit.hr_rest_baseline} x baseline), with a fresh pressure that is not E-BP15 and, where there ever was one, a saturation that is not E-SPO2m") \
  X (HRLOX, "E-HRLOX", HR, LIMIT_HR_LOW_HOLD, "HR15 below {limit.hr_low_extreme}") \
  X (NOPULSE, "E-NOPULSE", HR, LIMIT_PULSE_HOLD, "after good signal: HR below {limit.pulse_min} or absent, perfusion and SpO2 lost at the same time") \
  X (SPO2, "E-SPO2", SPO2, SPO2_HOLD, "SpO2_15 at least {spo2.fall} below baseline, or below min({spo2.abs_low}, baseline - {spo2.abs_fall}); not with ups and downs of more than {spo2.unrest}") \
  X (SPO2M, "E-SPO2m", SPO2, SPO2_MILD_HOLD, "SpO2_15 at least {spo2.mild_fall} below baseline; not with ups and downs of more than {spo2.unrest}") \
  X (SPO2D, "E-SPO2s", SPO2, SPO2_SMALL_HOLD, "SpO2_15 at least {spo2.small_fall} below baseline; not with ups and downs of more than {spo2.unrest}") \
  X (SPO2P, "E-SPO2+", SPO2, SPO2_SEVERE_HOLD, "SpO2_15 below min({spo2.severe_low}, baseline - {spo2.severe_fall})") \
  X (SPO2X, "E-SPO2X", SPO2, LIMIT_SPO2_EXTREME_HOLD, "SpO2_15 below {limit.spo2_extreme}") \
  X (SPO2LIM, "E-SPO2LIM", SPO2, SPO2_SEVERE_HOLD, "SpO2_15 below the limit set for this session") \
  X (SPO2WEAK, "E-SPO2?", SPO2, SPO2_WEAK_HOLD, "SpO2 below {limit.spo2_low} (COPD {limit.spo2_low_copd}) at low signal") \
  X (RRUP, "E-RRUP", RR, RR_UP_HOLD, "RR60 at least {rr.up} above baseline and at least {rr.up_min}, quiet") \
  X (RRUPM, "E-RRUPm", RR, RR_MILD_HOLD, "RR60 at least {rr.mild} above baseline and at least {rr.mild_min}, quiet") \
  X (CALM, "E-CALM", RR, NONE, "HR15 at most {hr.calm} x baseline and RR60 at most {rr.calm} above baseline: asleep or at rest") \
  X (RRUPS, "E-RRUPs", RR, RR_EARLY_HOLD, "as E-RRUPm, held for a shorter time") \
  X (RRUPR, "E-RRUPr", RR, RR_EARLY_HOLD, "RR60 at least {rr.mild} above baseline, quiet, however slow it was at rest") \
  X (RRDN, "E-RRDN", RR, RR_SLOW_HOLD, "RR60 below {rr.slow}") \
  X (RRDNM, "E-RRDNm", RR, RR_SLOWING_HOLD, "RR60 at most {rr.slowing} and at least {rr.slowing_fall} below baseline") \
  X (RRLO, "E-RRLO", RR, LIMIT_RR_LOW_HOLD, "RR60 below {limit.rr_low} (age 80 and over {limit.rr_low_80})") \
  X (RRHI, "E-RRHI", RR, LIMIT_RR_HIGH_HOLD, "RR60 above {limit.rr_high} (age from 65 {limit.rr_high_65}), quiet") \
  X (TEMP, "E-TEMP", TEMP, NONE, "temperature, the newest by hand or the median of the last five of a probe, at least {temp.fever} and {temp.rise} above baseline, or at least {temp.fever_alone}") \
  X (TEMPX, "E-TEMPX", TEMP, NONE, "temperature at least {temp.high}") \
  X (TEMPLO, "E-TEMPLO", TEMP, NONE, "temperature below {limit.temp_low}")

#define CHS_EVIDENCE_SYMPTOMS(X) \
  X (SKIN, "S-SKIN", NONE, NONE, "itching, hives, rash, flushed face, angioedema or lip swelling") \
  X (FLUSH, "S-FLUSH", NONE, NONE, "warmth or flushing") \
  X (AIRWAY, "S-AIRWAY", NONE, NONE, "throat tight, wheeze, stridor, hoarse or swollen tongue") \
  X (BREATH, "S-BREATH", NONE, NONE, "short of breath or cough") \
  X (GI, "S-GI", NONE, NONE, "nausea, vomiting, cramps of the belly or diarrhoea") \
  X (FAINT, "S-FAINT", NONE, NONE, "light-headed, faint, pale or sweating") \
  X (VAGAL, "S-VAGAL", NONE, NONE, "pale, nausea, sweating, light-headed, faint or unconscious") \
  X (LIGHTHEAD, "S-LIGHTHEAD", NONE, NONE, "light-headed or faint") \
  X (LOC, "S-LOC", NONE, NONE, "loss of consciousness") \
  X (DOOM, "S-DOOM", NONE, NONE, "sense of doom") \
  X (COLLAPSE, "S-COLLAPSE", NONE, NONE, "collapse") \
  X (CHEST, "S-CHEST", NONE, NONE, "chest pain or palpitations") \
  X (CHESTPAIN, "S-CHESTPAIN", NONE, NONE, "chest pain") \
  X (HEADACHE, "S-HEADACHE", NONE, NONE, "headache") \
  X (LASIGN, "S-LASIGN", NONE, NONE, "numb lips, tinnitus, metallic taste, visual disturbance or slurred speech") \
  X (LASEVERE, "S-LASEVERE", NONE, NONE, "twitching, confusion or seizure") \
  X (AGITATION, "S-AGITATION", NONE, NONE, "agitation") \
  X (UNRESPONSIVE, "S-UNRESPONSIVE", NONE, NONE, "does not answer to voice") \
  X (WEAK, "S-WEAK", NONE, NONE, "weak or drowsy") \
  X (WEAKNESS, "S-WEAKNESS", NONE, NONE, "weak or muscle cramps") \
  X (DROWSY, "S-DROWSY", NONE, NONE, "drowsy") \
  X (CHILLS, "S-CHILLS", NONE, NONE, "chills or rigors") \
  X (SITE, "S-SITE", NONE, NONE, "IV site burning, tight, swollen, red or painful") \
  X (SHAKY, "S-SHAKY", NONE, NONE, "shaky") \
  X (SWEAT, "S-SWEAT", NONE, NONE, "sweating")

#define CHS_EVIDENCE_CONTEXT(X) \
  X (INF, "C-INF", PUMP, NONE, "the pump ran within {reaction.window}, or there was a severe reaction in this session (it may come back hours later)") \
  X (RAN, "C-RAN", NONE, NONE, "the pump ran in this session") \
  X (MG, "C-MG", THERAPY, NONE, "magnesium given within {magnesium.window}") \
  X (MGFAST, "C-MGFAST", THERAPY, NONE, "magnesium faster than {magnesium.fast_rate} within {magnesium.window}") \
  X (MGRISE, "C-MGRISE", THERAPY, NONE, "magnesium given so far raises the level by an estimated {magnesium.rise} (renal {magnesium.rise_renal})") \
  X (KET, "C-KET", THERAPY, NONE, "ketamine given within {ketamine.window}") \
  X (LIDO, "C-LIDO", THERAPY, NONE, "lidocaine given within {lidocaine.window}") \
  X (DRUG, "C-DRUG", THERAPY, NONE, "magnesium, ketamine or lidocaine is running") \
  X (VOL, "C-VOL", PUMP, NONE, "infused at least {fluid.context_share} of the soft volume, or a rate ever at the soft rate") \
  X (RISK, "C-RISK", NONE, NONE, "heart failure, renal, age from {fluid.risk_age}, or risks not asked") \
  X (BETA, "C-BETA", NONE, NONE, "beta-blocker") \
  X (BREAK, "C-BREAK", NONE, NONE, "within {bp.break_window} of a break") \
  X (PAUSE, "C-PAUSE", NONE, NONE, "a break is running") \
  X (ONSESSION, "C-SESSION", NONE, NONE, "somebody sits in the chair: a session was begun, or the pump ran") \
  X (VVACT, "A-VASO", NONE, NONE, "vasovagal is active") \
  X (VVREC, "A-VASO10", NONE, NONE, "vasovagal was active within {vasovagal.window}") \
  X (VVLONG, "A-VASO+", NONE, NONE, "vasovagal for {vasovagal.recover} and rate or pressure not back at {vasovagal.recover_share} of baseline") \
  X (REACTED, "A-REACTION", NONE, NONE, "infusion_reaction stands, or stood within {reaction.after}") \
  X (OVERLOAD, "A-OVERLOAD", NONE, NONE, "fluid_overload was active within {fluid.overload_window}") \
  X (HMGACT, "A-HYPERMG", NONE, NONE, "hypermagnesaemia is active") \
  X (LAACT, "A-LIDO", NONE, NONE, "lidocaine_toxicity is active") \
  X (WETLUNG, "C-WET", HR, NONE, "C-VOL, and the pulse is known and not E-HRUP") \
  X (NOSPO2, "C-NOSPO2", NONE, NONE, "no SpO2 for {stale.rr}, or never one") \
  X (NORR, "C-NORR", NONE, NONE, "no respiratory rate for {stale.rr}, or never one") \
  X (NOCUFF, "C-NOCUFF", NONE, NONE, "no cuff reading within {reaction.no_cuff} intervals")

#define CHS_EVIDENCE_DOSE(X) \
  X (MGSOFT, "D-MGSOFT", THERAPY, MAGNESIUM_RATE_HOLD, "magnesium above the soft rate of the therapy ({magnesium.soft_rate} without one)") \
  X (MGHARD, "D-MGHARD", THERAPY, MAGNESIUM_RATE_HOLD, "magnesium above the hard rate of the therapy ({magnesium.hard_rate} without one)") \
  X (MGHARDX, "D-MGHARDx2", THERAPY, MAGNESIUM_RATE_HOLD, "magnesium above {magnesium.hard_factor} x the hard rate") \
  X (KETHARD, "D-KETHARD", THERAPY, KETAMINE_RATE_HOLD, "ketamine above the hard rate ({ketamine.hard_rate} without one)") \
  X (KETHARDX, "D-KETHARDx2", THERAPY, KETAMINE_RATE_HOLD, "ketamine above {ketamine.hard_factor} x the hard rate") \
  X (LIDOHARD, "D-LIDOHARD", THERAPY, LIDOCAINE_RATE_HOLD, "lidocaine above the hard rate of its phase ({lidocaine.hard_rate} without one)") \
  X (LIDOHARDX, "D-LIDOHARDx2", THERAPY, LIDOCAINE_RATE_HOLD, "lidocaine above {lidocaine.hard_factor} x the hard rate") \
  X (DOSESOFT, "D-SOFT", THERAPY, MAGNESIUM_RATE_HOLD, "ketamine, lidocaine, vitamin C, glutathione or flow above its soft rate") \
  X (DOSEHARD, "D-HARD", THERAPY, MAGNESIUM_RATE_HOLD, "vitamin C, glutathione or flow above its hard rate") \
  X (DOSETOTAL, "D-TOTAL", THERAPY, NONE, "ketamine or lidocaine in all above the therapy's maximum") \
  X (FLUIDHARD, "D-FLUIDHARD", PUMP, FLUID_RATE_HOLD, "flow above the hard rate by weight ({fluid.hard_rate}, at risk {fluid.risk_hard_rate}) and more than {fluid.rate_after} in") \
  X (VOLHARD, "D-VOLHARD", PUMP, NONE, "infused more than the hard volume by weight ({fluid.hard_volume}, at risk {fluid.risk_hard_volume})") \
  X (OFFPLAN, "D-OFFPLAN", THERAPY, MAGNESIUM_RATE_HOLD, "flow more than {dose.plan_slack} above the planned step; steps go by the minutes that the pump ran") \
  X (JUMP, "D-JUMP", PUMP, DOSE_JUMP_HOLD, "flow at least {dose.jump} x the ordered one, or x the one before it of at least {dose.jump_from}") \
  X (OSM, "D-OSM", NONE, NONE, "the pump runs a mix below {osm.low} or above {osm.high}") \
  X (RESIST, "P-RESIST", PUMP, NONE, "resistance at a rate change above {site.resistance}") \
  X (PTREND, "P-TREND", PUMP, SITE_TREND_HOLD, "P60 more than {site.trend} above the reference at this rate") \
  X (PPEAKS, "P-PEAKS", PUMP, NONE, "{site.peak_count} short peaks of line pressure in {site.peak_window}")

#define CHS_EVIDENCE_TECHNICAL(X) \
  X (SPO2OFF, "T-SPO2OFF", NONE, NONE, "SpO2 absent for {stale.spo2} while infusing") \
  X (SPO2OFFK, "T-SPO2OFFK", NONE, NONE, "SpO2 absent for {stale.spo2_ketamine}") \
  X (NOHR, "T-NOHR", NONE, NONE, "neither HR nor PR for {stale.hr}, where there never was an ECG for {stale.hr_oximeter}") \
  X (ECGOFF, "T-ECGOFF", NONE, NONE, "ECG rate absent for {stale.hr}, pulse rate there") \
  X (RROFF, "T-RROFF", NONE, NONE, "RR absent for {stale.rr}") \
  X (NIBPLATE, "T-NIBPLATE", NONE, NONE, "no cuff reading for {stale.nibp_overdue} intervals and {stale.nibp_slack}") \
  X (NIBPFAIL, "T-NIBPFAIL", NONE, NONE, "{stale.nibp_fails} failed determinations in a row") \
  X (MONLINK, "T-MONLINK", NONE, NONE, "nothing from the monitor for {stale.link}") \
  X (PUMPLINK, "T-PUMPLINK", NONE, NONE, "nothing from a pump for {stale.link}") \
  X (FROZEN, "T-FROZEN", NONE, NONE, "HR, PR, SpO2, PI and RR identical for {stale.frozen}, or the device says so") \
  X (ABPBAD, "T-ABP", NONE, NONE, "arterial line damped or flushed for {gate.abp_bad}") \
  X (OCCLUSION, "T-OCCLUSION", NONE, NONE, "the pump's occlusion alarm") \
  X (PUMPALARM, "T-PUMPALARM", NONE, NONE, "another alarm of the pump") \
  X (PUMPDONE, "T-DONE", NONE, NONE, "the pump says complete") \
  X (PUMPPAUSED, "T-PAUSED", NONE, NONE, "pump paused for {stale.pump_paused}") \
  X (MISMATCH, "T-MISMATCH", NONE, NONE, "pump volume and integral of the rate differ by more than max({stale.mismatch_ml}, {stale.mismatch_share}) in {stale.mismatch_window}") \
  X (MONALARM, "T-MONALARM", NONE, NONE, "the monitor's own alarm") \
  X (DEVCHANGED, "T-DEVICE", NONE, NONE, "another identity answers on a link") \
  X (NOSOUND, "T-SOUND", NONE, NONE, "no usable sound") \
  X (NOSCREEN, "T-SCREEN", NONE, NONE, "no screen answers") \
  X (NOSTORE, "T-STORE", NONE, NONE, "recording fails") \
  X (LAG, "T-LAG", NONE, NONE, "engine more than {stale.lag} behind") \
  X (NOPROFILE, "T-PROFILE", NONE, NONE, "the alarm profile of the configuration was refused: the built-in one is in force") \
  X (NOLIBRARY, "T-LIBRARY", NONE, NONE, "the therapy library was refused: no therapy can be chosen") \
  X (LOWROOM, "T-ROOMLOW", NONE, NONE, "room for recordings ends in days (app/health.h)") \
  X (NOROOM, "T-ROOM", NONE, NONE, "no room for recordings is left (app/health.h)") \
  X (NOCLOCK, "T-NOCLOCK", NONE, NONE, "the wall clock is before this program was made: nobody has set it") \
  X (CLOCKSTEP, "T-CLOCK", NONE, NONE, "wall clock stepped by more than {stale.clock_step}, shown for {stale.clock_shown}") \
  X (NOBASE, "T-NOBASE", NONE, NONE, "the pump runs and there is no baseline") \
  X (NOSETUP, "T-NOSETUP", NONE, NONE, "the pump runs and weight or therapy is unknown") \
  X (NOCHECK, "T-NOCHECK", NONE, NONE, "the pump runs and a pre-check without which a start takes two touches is not ticked") \
  X (MGRISK, "T-MGRISK", NONE, NONE, "the pump runs magnesium, and the patient takes digoxin or has a renal flag") \
  X (UNCHECKED, "T-ADDITIVE", NONE, NONE, "the pump runs a mix with an additive that is not in the library: no dose check")

#define CHS_EVIDENCE(X) \
  CHS_EVIDENCE_VITALS (X) CHS_EVIDENCE_SYMPTOMS (X) CHS_EVIDENCE_CONTEXT (X) CHS_EVIDENCE_DOSE (X) CHS_EVIDENCE_TECHNICAL (X)
/* clang-format on */

#define CHS_E_ENUM(index, id, input, hold, text) CHS_E_##index,
typedef enum {
  CHS_E_NONE = 0,
  CHS_EVIDENCE (CHS_E_ENUM)
  CHS_N_EVIDENCE
} ChsEvidence;
#undef CHS_E_ENUM

_Static_assert (CHS_N_EVIDENCE <= 64 * CHS_EVIDENCE_WORDS, "evidence fits its set");

typedef enum { CHS_FALSE = 0, CHS_TRUE, CHS_UNKNOWN } ChsTruth;

typedef struct {
  const char *id;   /* "E-BP30" */
  ChsInput    input;
  ChsKey      hold; /* %CHS_KEY_NONE: at once */
  const char *text; /* for people, in English; {key} stands for the profile's number with its unit */
} ChsEvidenceInfo;

static inline bool
chs_evidence_has (const ChsEvidenceSet *self, ChsEvidence e)
{
  return (self->word[e >> 6] >> (e & 63) & 1) != 0;
}

static inline void
chs_evidence_put (ChsEvidenceSet *self, ChsEvidence e, bool in)
{
  uint64_t bit = UINT64_C (1) << (e & 63);

  self->word[e >> 6] = in ? self->word[e >> 6] | bit : self->word[e >> 6] & ~bit;
}

static inline bool
chs_evidence_meets (const ChsEvidenceSet *a, const ChsEvidenceSet *b)
{
  return ((a->word[0] & b->word[0]) | (a->word[1] & b->word[1]) | (a->word[2] & b->word[2])) != 0;
}

/**
 * chs_evidence_info:
 * @evidence: a statement
 *
 * Returns: (transfer none): its row
 */
const ChsEvidenceInfo *chs_evidence_info (ChsEvidence evidence);

/**
 * chs_input_id:
 * @input: an input
 *
 * Returns: "HR", "SPO2", "RR", "TEMP", "NIBP", "PUMP", "WEIGHT", "BASELINE" or "THERAPY"; "" outside the enum
 */
const char *chs_input_id (ChsInput input);

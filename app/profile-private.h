/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/profile.h"

#include "data/alarm.h"

/* The inside of an alarm profile, for the engine: every number has an index, so that
 * a rule reads profile->value[CHS_KEY_BP_ABS_LOW] and no name is looked up while it runs.
 *
 * X (index, "group.key", unit, least, most): the safe range is checked on load and
 * whenever a number is changed. Values and sources: data/share/alarms/adult.ini. */

/* clang-format off */
#define CHS_PROFILE_KEYS(X) \
  X (GATE_HR_MIN, "gate.hr_min", PER_MIN, 10, 40) \
  X (GATE_HR_MAX, "gate.hr_max", PER_MIN, 220, 350) \
  X (GATE_HR_JUMP, "gate.hr_jump", PER_MIN, 20, 100) \
  X (GATE_HR_STEP, "gate.hr_step", PER_MIN, 10, 60) \
  X (GATE_HR_PERSIST, "gate.hr_persist", S, 3, 30) \
  X (GATE_HR_DISAGREE, "gate.hr_disagree", PER_MIN, 10, 60) \
  X (GATE_HR_DISAGREE_HOLD, "gate.hr_disagree_hold", S, 1, 30) \
  X (GATE_SPO2_MIN, "gate.spo2_min", PERCENT, 30, 60) \
  X (GATE_SPO2_FALL_1S, "gate.spo2_fall_1s", PERCENT, 2, 10) \
  X (GATE_SPO2_FALL_10S, "gate.spo2_fall_10s", PERCENT, 5, 30) \
  X (GATE_SPO2_PERSIST, "gate.spo2_persist", S, 5, 60) \
  X (GATE_PI_LOW, "gate.pi_low", PERCENT, 0.1, 1) \
  X (GATE_CUFF_ARM_HOLD, "gate.cuff_arm_hold", S, 0, 60) \
  X (GATE_CUFF_LONGEST, "gate.cuff_longest", S, 90, 240) \
  X (GATE_RR_MIN, "gate.rr_min", PER_MIN, 1, 8) \
  X (GATE_RR_MAX, "gate.rr_max", PER_MIN, 40, 120) \
  X (GATE_RR_JUMP, "gate.rr_jump", PER_MIN, 8, 40) \
  X (GATE_RR_PERSIST, "gate.rr_persist", S, 5, 90) \
  X (GATE_RR_SPREAD, "gate.rr_spread", PER_MIN, 4, 20) \
  X (GATE_TEMP_MIN, "gate.temp_min", CEL, 25, 34) \
  X (GATE_TEMP_MAX, "gate.temp_max", CEL, 41.5, 45) \
  X (GATE_TEMP_JUMP, "gate.temp_jump", CEL, 0.2, 2) \
  X (GATE_TEMP_PERSIST, "gate.temp_persist", S, 10, 300) \
  X (GATE_SYS_MIN, "gate.sys_min", MMHG, 20, 60) \
  X (GATE_SYS_MAX, "gate.sys_max", MMHG, 220, 320) \
  X (GATE_DIA_MIN, "gate.dia_min", MMHG, 10, 40) \
  X (GATE_DIA_MAX, "gate.dia_max", MMHG, 150, 250) \
  X (GATE_PP_MIN, "gate.pp_min", MMHG, 5, 20) \
  X (GATE_PP_MAX, "gate.pp_max", MMHG, 100, 200) \
  X (GATE_MAP_SHARE, "gate.map_share", ONE, 0.3, 0.45) \
  X (GATE_MAP_SLACK, "gate.map_slack", ONE, 0.05, 0.3) \
  X (GATE_MAP_SLACK_MMHG, "gate.map_slack_mmhg", MMHG, 2, 15) \
  X (GATE_NIBP_REPEAT, "gate.nibp_repeat", S, 5, 60) \
  X (GATE_ABP_PERIOD, "gate.abp_period", S, 10, 120) \
  X (GATE_ABP_DAMPED, "gate.abp_damped", MMHG, 3, 15) \
  X (GATE_ABP_FLUSH, "gate.abp_flush", MMHG, 150, 300) \
  X (GATE_ABP_BAD, "gate.abp_bad", S, 20, 300) \
  X (GATE_RATE_MAX, "gate.rate_max", ML_H, 500, 3000) \
  X (GATE_RATE_PERSIST, "gate.rate_persist", S, 1, 10) \
  X (STALE_LINK, "stale.link", S, 5, 30) \
  X (STALE_HR, "stale.hr", S, 10, 60) \
  X (STALE_HR_OXIMETER, "stale.hr_oximeter", S, 30, 180) \
  X (STALE_HR_VALUE, "stale.hr_value", S, 3, 30) \
  X (STALE_SPO2, "stale.spo2", S, 30, 120) \
  X (STALE_SPO2_KETAMINE, "stale.spo2_ketamine", S, 15, 60) \
  X (STALE_RR, "stale.rr", S, 60, 300) \
  X (STALE_CARRY, "stale.carry", S, 0, 120) \
  X (STALE_NIBP_SLACK, "stale.nibp_slack", S, 30, 300) \
  X (STALE_NIBP_OVERDUE, "stale.nibp_overdue", ONE, 1.5, 4) \
  X (STALE_NIBP_FAILS, "stale.nibp_fails", ONE, 2, 6) \
  X (STALE_CUFF_INTERVAL, "stale.cuff_interval", S, 150, 1800) \
  X (STALE_TEMP, "stale.temp", MIN, 5, 60) \
  X (STALE_FROZEN, "stale.frozen", S, 60, 600) \
  X (STALE_PUMP_PAUSED, "stale.pump_paused", MIN, 2, 30) \
  X (STALE_MISMATCH_ML, "stale.mismatch_ml", ML, 1, 10) \
  X (STALE_MISMATCH_SHARE, "stale.mismatch_share", PERCENT, 2, 20) \
  X (STALE_MISMATCH_WINDOW, "stale.mismatch_window", MIN, 2, 30) \
  X (STALE_LAG, "stale.lag", S, 1, 10) \
  X (STALE_CLOCK_STEP, "stale.clock_step", S, 1, 600) \
  X (STALE_CLOCK_SHOWN, "stale.clock_shown", S, 10, 600) \
  X (STALENESS_HR_DIM_S, "staleness.hr_dim_s", S, 2, 3600) \
  X (STALENESS_HR_GONE_S, "staleness.hr_gone_s", S, 5, 7200) \
  X (STALENESS_PR_DIM_S, "staleness.pr_dim_s", S, 2, 3600) \
  X (STALENESS_PR_GONE_S, "staleness.pr_gone_s", S, 5, 7200) \
  X (STALENESS_SPO2_DIM_S, "staleness.spo2_dim_s", S, 2, 3600) \
  X (STALENESS_SPO2_GONE_S, "staleness.spo2_gone_s", S, 5, 7200) \
  X (STALENESS_RR_DIM_S, "staleness.rr_dim_s", S, 2, 3600) \
  X (STALENESS_RR_GONE_S, "staleness.rr_gone_s", S, 5, 7200) \
  X (STALENESS_NIBP_DIM_S, "staleness.nibp_dim_s", S, 2, 3600) \
  X (STALENESS_NIBP_GONE_S, "staleness.nibp_gone_s", S, 5, 7200) \
  X (STALENESS_TEMP_DIM_S, "staleness.temp_dim_s", S, 2, 3600) \
  X (STALENESS_TEMP_GONE_S, "staleness.temp_gone_s", S, 5, 7200) \
  X (STALENESS_OTHER_DIM_S, "staleness.other_dim_s", S, 2, 3600) \
  X (STALENESS_OTHER_GONE_S, "staleness.other_gone_s", S, 5, 7200) \
  X (BASELINE_WINDOW, "baseline.window", MIN, 10, 60) \
  X (BASELINE_CUFFS, "baseline.cuffs", ONE, 1, 5) \
  X (BASELINE_CUFF_GAP, "baseline.cuff_gap", S, 30, 300) \
  X (BASELINE_VITALS_WINDOW, "baseline.vitals_window", MIN, 2, 10) \
  X (BASELINE_SPREAD, "baseline.spread", MMHG, 5, 30) \
  X (BASELINE_SPO2_CAP, "baseline.spo2_cap", PERCENT, 96, 100) \
  X (BASELINE_POPULATION_SBP, "baseline.population_sbp", MMHG, 110, 130) \
  X (BASELINE_POPULATION_DBP, "baseline.population_dbp", MMHG, 65, 85) \
  X (BASELINE_POPULATION_HR, "baseline.population_hr", PER_MIN, 60, 90) \
  X (BASELINE_POPULATION_SPO2, "baseline.population_spo2", PERCENT, 95, 98) \
  X (BASELINE_POPULATION_TEMP, "baseline.population_temp", CEL, 36, 37.2) \
  X (BP_ABS_LOW, "bp.abs_low", MMHG, 80, 100) \
  X (BP_ABS_LOW_SHARE, "bp.abs_low_share", ONE, 0.7, 0.95) \
  X (BP_MAP_LOW, "bp.map_low", MMHG, 55, 75) \
  X (BP_FALL_30, "bp.fall_30", ONE, 0.6, 0.8) \
  X (BP_FALL_20, "bp.fall_20", ONE, 0.72, 0.88) \
  X (BP_FALL_20_BELOW, "bp.fall_20_below", MMHG, 100, 120) \
  X (BP_FALL_15, "bp.fall_15", ONE, 0.8, 0.9) \
  X (BP_FALL_15_BELOW, "bp.fall_15_below", MMHG, 105, 125) \
  X (BP_EXTREME_SBP, "bp.extreme_sbp", MMHG, 60, 80) \
  X (BP_EXTREME_TIED, "bp.extreme_tied", ONE, 0.55, 0.75) \
  X (BP_EXTREME_SHARE, "bp.extreme_share", ONE, 0.45, 0.65) \
  X (BP_CONFIRM_SHARE, "bp.confirm_share", ONE, 0.7, 0.9) \
  X (BP_CONFIRM_AGE, "bp.confirm_age", MIN, 5, 20) \
  X (BP_CONFIRM_BELOW, "bp.confirm_below", MMHG, 100, 120) \
  X (BP_DOWN_SHARE, "bp.down_share", ONE, 0.85, 0.98) \
  X (BP_DOWN_PULSE, "bp.down_pulse", PER_MIN, 0, 20) \
  X (BP_UP_SHARE, "bp.up_share", ONE, 1.08, 1.3) \
  X (BP_UP, "bp.up", MMHG, 10, 40) \
  X (BP_PULSE_PRESSURE, "bp.pulse_pressure", MMHG, 8, 30) \
  X (BP_PULSE_PRESSURE_SHARE, "bp.pulse_pressure_share", ONE, 1.1, 1.5) \
  X (BP_SLOW_SHARE, "bp.slow_share", ONE, 0.7, 0.95) \
  X (BP_SLOW_WINDOW, "bp.slow_window", MIN, 10, 40) \
  X (BP_SLOW_RECOVERED, "bp.slow_recovered", ONE, 0.75, 1) \
  X (BP_GRADUAL_FLOOR, "bp.gradual_floor", MMHG, 70, 90) \
  X (BP_GRADUAL_TIED, "bp.gradual_tied", ONE, 0.65, 0.85) \
  X (BP_BREAK_WINDOW, "bp.break_window", MIN, 5, 20) \
  X (HR_UP, "hr.up", PER_MIN, 10, 35) \
  X (HR_UP_SHARE, "hr.up_share", ONE, 1.1, 1.5) \
  X (HR_UP_BETA, "hr.up_beta", PER_MIN, 5, 20) \
  X (HR_UP_BETA_SHARE, "hr.up_beta_share", ONE, 1.05, 1.3) \
  X (HR_UP_HOLD, "hr.up_hold", S, 5, 60) \
  X (HR_HIGH_RISE, "hr.high_rise", PER_MIN, 15, 45) \
  X (HR_HIGH_RISE_SHARE, "hr.high_rise_share", ONE, 1.15, 1.6) \
  X (HR_HIGH_RISE_HOLD, "hr.high_rise_hold", S, 5, 60) \
  X (HR_SUDDEN, "hr.sudden", PER_MIN, 10, 30) \
  X (HR_SUDDEN_SHARE, "hr.sudden_share", ONE, 1.1, 1.4) \
  X (HR_CALM, "hr.calm", ONE, 0.85, 1) \
  X (HR_DROP, "hr.drop", PER_MIN, 8, 30) \
  X (HR_DROP_SHARE, "hr.drop_share", ONE, 0.65, 0.9) \
  X (HR_DROP_BASELINE_SHARE, "hr.drop_baseline_share", ONE, 0.75, 1) \
  X (HR_DROP_BETA, "hr.drop_beta", PER_MIN, 6, 20) \
  X (HR_DROP_BETA_SHARE, "hr.drop_beta_share", ONE, 0.7, 0.92) \
  X (HR_DROP_CEILING, "hr.drop_ceiling", PER_MIN, 55, 80) \
  X (HR_DROP_DEEP, "hr.drop_deep", ONE, 0.55, 0.8) \
  X (HR_DROP_SUDDEN, "hr.drop_sudden", ONE, 0.4, 0.9) \
  X (HR_DROP_HOLD, "hr.drop_hold", S, 3, 20) \
  X (SPO2_FALL, "spo2.fall", PERCENT, 2, 6) \
  X (SPO2_ABS_LOW, "spo2.abs_low", PERCENT, 86, 92) \
  X (SPO2_ABS_FALL, "spo2.abs_fall", PERCENT, 2, 6) \
  X (SPO2_HOLD, "spo2.hold", S, 10, 60) \
  X (SPO2_MILD_FALL, "spo2.mild_fall", PERCENT, 1.5, 4) \
  X (SPO2_MILD_HOLD, "spo2.mild_hold", S, 20, 180) \
  X (SPO2_SMALL_FALL, "spo2.small_fall", PERCENT, 1, 3) \
  X (SPO2_SMALL_HOLD, "spo2.small_hold", S, 10, 60) \
  X (SPO2_SEVERE_LOW, "spo2.severe_low", PERCENT, 80, 90) \
  X (SPO2_SEVERE_FALL, "spo2.severe_fall", PERCENT, 3, 8) \
  X (SPO2_SEVERE_HOLD, "spo2.severe_hold", S, 5, 30) \
  X (SPO2_UNREST, "spo2.unrest", PERCENT, 6, 30) \
  X (SPO2_WEAK_HOLD, "spo2.weak_hold", S, 30, 180) \
  X (RR_UP, "rr.up", PER_MIN, 4, 12) \
  X (RR_UP_MIN, "rr.up_min", PER_MIN, 18, 26) \
  X (RR_UP_HOLD, "rr.up_hold", S, 15, 120) \
  X (RR_MILD, "rr.mild", PER_MIN, 3, 8) \
  X (RR_MILD_MIN, "rr.mild_min", PER_MIN, 17, 24) \
  X (RR_MILD_HOLD, "rr.mild_hold", S, 30, 240) \
  X (RR_EARLY_HOLD, "rr.early_hold", S, 10, 100) \
  X (RR_CALM, "rr.calm", PER_MIN, 0, 3) \
  X (RR_SLOW, "rr.slow", PER_MIN, 6, 10) \
  X (RR_SLOW_HOLD, "rr.slow_hold", S, 10, 60) \
  X (RR_SLOWING, "rr.slowing", PER_MIN, 9, 12) \
  X (RR_SLOWING_FALL, "rr.slowing_fall", PER_MIN, 2, 8) \
  X (RR_SLOWING_HOLD, "rr.slowing_hold", S, 20, 180) \
  X (TEMP_FEVER, "temp.fever", CEL, 37.5, 38.5) \
  X (TEMP_RISE, "temp.rise", CEL, 0.7, 1.5) \
  X (TEMP_FEVER_ALONE, "temp.fever_alone", CEL, 38.0, 39.5) \
  X (TEMP_HIGH, "temp.high", CEL, 39, 41) \
  X (TEMP_CHILLS_HOLD, "temp.chills_hold", S, 20, 180) \
  X (SYMPTOM_WINDOW, "symptom.window", MIN, 5, 30) \
  X (SYMPTOM_GI_WINDOW, "symptom.gi_window", MIN, 3, 30) \
  X (SYMPTOM_FAINT_WINDOW, "symptom.faint_window", MIN, 2, 30) \
  X (SYMPTOM_CHILLS_WINDOW, "symptom.chills_window", MIN, 10, 60) \
  X (SYMPTOM_LA_WINDOW, "symptom.la_window", MIN, 5, 60) \
  X (SYMPTOM_WEAK_WINDOW, "symptom.weak_window", MIN, 10, 90) \
  X (REACTION_WINDOW, "reaction.window", MIN, 15, 120) \
  X (REACTION_AFTER, "reaction.after", MIN, 5, 60) \
  X (REACTION_NO_CUFF, "reaction.no_cuff", ONE, 1, 4) \
  X (MAGNESIUM_SOFT_RATE, "magnesium.soft_rate", MMOL_MIN, 0.05, 0.6) \
  X (MAGNESIUM_HARD_RATE, "magnesium.hard_rate", MMOL_MIN, 0.3, 0.61) \
  X (MAGNESIUM_HARD_FACTOR, "magnesium.hard_factor", ONE, 1.5, 3) \
  X (MAGNESIUM_FAST_RATE, "magnesium.fast_rate", MMOL_MIN, 0.1, 0.6) \
  X (MAGNESIUM_RATE_HOLD, "magnesium.rate_hold", S, 1, 30) \
  X (MAGNESIUM_WINDOW, "magnesium.window", MIN, 5, 30) \
  X (MAGNESIUM_TWICE_SHARE, "magnesium.twice_share", ONE, 0.7, 0.85) \
  X (MAGNESIUM_SEVERE_SBP, "magnesium.severe_sbp", MMHG, 65, 85) \
  X (MAGNESIUM_SLOW_PULSE, "magnesium.slow_pulse", PER_MIN, 5, 20) \
  X (MAGNESIUM_SLOW_PULSE_SHARE, "magnesium.slow_pulse_share", ONE, 0.75, 0.95) \
  X (MAGNESIUM_SLOW_PULSE_HOLD, "magnesium.slow_pulse_hold", S, 30, 300) \
  X (MAGNESIUM_RISE, "magnesium.rise", MMOL_L, 0.3, 1.5) \
  X (MAGNESIUM_RISE_RENAL, "magnesium.rise_renal", MMOL_L, 0.1, 1) \
  X (MAGNESIUM_DISTRIBUTION, "magnesium.distribution", ONE, 0.15, 0.4) \
  X (FLUID_SOFT_VOLUME, "fluid.soft_volume", ML_KG, 5, 15) \
  X (FLUID_HARD_VOLUME, "fluid.hard_volume", ML_KG, 10, 30) \
  X (FLUID_SOFT_RATE, "fluid.soft_rate", ML_KG_H, 5, 12) \
  X (FLUID_HARD_RATE, "fluid.hard_rate", ML_KG_H, 10, 25) \
  X (FLUID_RISK_SOFT_VOLUME, "fluid.risk_soft_volume", ML_KG, 2, 8) \
  X (FLUID_RISK_HARD_VOLUME, "fluid.risk_hard_volume", ML_KG, 4, 15) \
  X (FLUID_RISK_SOFT_RATE, "fluid.risk_soft_rate", ML_KG_H, 2, 6) \
  X (FLUID_RISK_HARD_RATE, "fluid.risk_hard_rate", ML_KG_H, 4, 12) \
  X (FLUID_CONTEXT_SHARE, "fluid.context_share", ONE, 0.3, 1) \
  X (FLUID_RISK_AGE, "fluid.risk_age", ONE, 65, 85) \
  X (FLUID_RATE_HOLD, "fluid.rate_hold", S, 1, 60) \
  X (FLUID_RATE_AFTER, "fluid.rate_after", ML, 0, 200) \
  X (FLUID_WEIGHT_UNKNOWN, "fluid.weight_unknown", KG, 35, 60) \
  X (FLUID_OVERLOAD_WINDOW, "fluid.overload_window", MIN, 5, 60) \
  X (KETAMINE_HYPERTENSION, "ketamine.hypertension", MMHG, 160, 200) \
  X (KETAMINE_HYPERTENSION_DIA, "ketamine.hypertension_dia", MMHG, 100, 125) \
  X (KETAMINE_SOFT_RATE, "ketamine.soft_rate", MG_KG_H, 0.2, 2) \
  X (KETAMINE_HARD_RATE, "ketamine.hard_rate", MG_KG_H, 0.5, 4) \
  X (KETAMINE_HARD_FACTOR, "ketamine.hard_factor", ONE, 1.5, 4) \
  X (KETAMINE_RATE_HOLD, "ketamine.rate_hold", S, 1, 30) \
  X (KETAMINE_WINDOW, "ketamine.window", MIN, 30, 240) \
  X (LIDOCAINE_SOFT_RATE, "lidocaine.soft_rate", MG_KG_H, 0.5, 7.5) \
  X (LIDOCAINE_HARD_RATE, "lidocaine.hard_rate", MG_KG_H, 1, 9) \
  X (LIDOCAINE_HARD_FACTOR, "lidocaine.hard_factor", ONE, 1.5, 4) \
  X (LIDOCAINE_LOADING_RATE, "lidocaine.loading_rate", MG_KG_H, 5, 12) \
  X (LIDOCAINE_RATE_HOLD, "lidocaine.rate_hold", S, 1, 30) \
  X (LIDOCAINE_WINDOW, "lidocaine.window", MIN, 30, 240) \
  X (LIDOCAINE_SLOW_PULSE, "lidocaine.slow_pulse", PER_MIN, 8, 25) \
  X (LIDOCAINE_SLOW_PULSE_SHARE, "lidocaine.slow_pulse_share", ONE, 0.7, 0.9) \
  X (LIDOCAINE_SLOW_PULSE_ABS, "lidocaine.slow_pulse_abs", PER_MIN, 35, 50) \
  X (LIDOCAINE_SLOW_PULSE_HOLD, "lidocaine.slow_pulse_hold", S, 10, 90) \
  X (DOSE_JUMP, "dose.jump", ONE, 4, 10) \
  X (DOSE_JUMP_FROM, "dose.jump_from", ML_H, 5, 60) \
  X (DOSE_JUMP_HOLD, "dose.jump_hold", S, 0, 2) \
  X (DUE_CLOSE_WATCH, "due.close_watch", MIN, 5, 60) \
  X (DUE_CLOSE_CUFF, "due.close_cuff", S, 150, 600) \
  X (DUE_SITE_FIRST, "due.site_first", MIN, 2, 60) \
  X (DUE_SITE, "due.site", MIN, 5, 120) \
  X (DUE_SEDATION, "due.sedation", MIN, 5, 60) \
  X (DOSE_PLAN_SLACK, "dose.plan_slack", PERCENT, 0, 30) \
  X (DOSE_SULFATE, "dose.sulfate", ONE, 246.4, 246.6) \
  X (OSM_LOW, "osm.low", MOSM_L, 150, 260) \
  X (OSM_HIGH, "osm.high", MOSM_L, 600, 1000) \
  X (OSM_WATCH_LOW, "osm.watch_low", MOSM_L, 200, 290) \
  X (OSM_WATCH_HIGH, "osm.watch_high", MOSM_L, 320, 900) \
  X (NEWS2_RR_3, "news2.rr_3", PER_MIN, 8, 8) \
  X (NEWS2_RR_1, "news2.rr_1", PER_MIN, 11, 11) \
  X (NEWS2_RR_0, "news2.rr_0", PER_MIN, 20, 20) \
  X (NEWS2_RR_2, "news2.rr_2", PER_MIN, 24, 24) \
  X (NEWS2_SPO2_3, "news2.spo2_3", PERCENT, 91, 91) \
  X (NEWS2_SPO2_2, "news2.spo2_2", PERCENT, 93, 93) \
  X (NEWS2_SPO2_1, "news2.spo2_1", PERCENT, 95, 95) \
  X (NEWS2_COPD_3, "news2.copd_3", PERCENT, 83, 83) \
  X (NEWS2_COPD_2, "news2.copd_2", PERCENT, 85, 85) \
  X (NEWS2_COPD_1, "news2.copd_1", PERCENT, 87, 87) \
  X (NEWS2_COPD_0, "news2.copd_0", PERCENT, 92, 92) \
  X (NEWS2_COPD_OXYGEN_1, "news2.copd_oxygen_1", PERCENT, 94, 94) \
  X (NEWS2_COPD_OXYGEN_2, "news2.copd_oxygen_2", PERCENT, 96, 96) \
  X (NEWS2_OXYGEN, "news2.oxygen", ONE, 2, 2) \
  X (NEWS2_SBP_3, "news2.sbp_3", MMHG, 90, 90) \
  X (NEWS2_SBP_2, "news2.sbp_2", MMHG, 100, 100) \
  X (NEWS2_SBP_1, "news2.sbp_1", MMHG, 110, 110) \
  X (NEWS2_SBP_0, "news2.sbp_0", MMHG, 219, 219) \
  X (NEWS2_PULSE_3, "news2.pulse_3", PER_MIN, 40, 40) \
  X (NEWS2_PULSE_1, "news2.pulse_1", PER_MIN, 50, 50) \
  X (NEWS2_PULSE_0, "news2.pulse_0", PER_MIN, 90, 90) \
  X (NEWS2_PULSE_1_HIGH, "news2.pulse_1_high", PER_MIN, 110, 110) \
  X (NEWS2_PULSE_2, "news2.pulse_2", PER_MIN, 130, 130) \
  X (NEWS2_CONSCIOUS, "news2.conscious", ONE, 3, 3) \
  X (NEWS2_TEMP_3, "news2.temp_3", CEL, 35, 35) \
  X (NEWS2_TEMP_1, "news2.temp_1", CEL, 36, 36) \
  X (NEWS2_TEMP_0, "news2.temp_0", CEL, 38, 38) \
  X (NEWS2_TEMP_1_HIGH, "news2.temp_1_high", CEL, 39, 39) \
  X (NEWS2_LOW, "news2.low", ONE, 3, 7) \
  X (NEWS2_MEDIUM, "news2.medium", ONE, 5, 9) \
  X (NEWS2_CONSCIOUS_AGE, "news2.conscious_age", MIN, 10, 240) \
  X (VASOVAGAL_BP_SHARE, "vasovagal.bp_share", ONE, 0.7, 0.9) \
  X (VASOVAGAL_BP_WINDOW, "vasovagal.bp_window", S, 60, 300) \
  X (VASOVAGAL_SLOW, "vasovagal.slow", PER_MIN, 40, 60) \
  X (VASOVAGAL_SLOW_SHARE, "vasovagal.slow_share", ONE, 0.6, 0.9) \
  X (VASOVAGAL_SLOW_BASELINE, "vasovagal.slow_baseline", ONE, 0.6, 0.9) \
  X (VASOVAGAL_DEEP_SHARE, "vasovagal.deep_share", ONE, 0.5, 0.8) \
  X (VASOVAGAL_ACTIVE, "vasovagal.active", S, 120, 600) \
  X (VASOVAGAL_VERY_SLOW, "vasovagal.very_slow", PER_MIN, 30, 45) \
  X (VASOVAGAL_VERY_SLOW_HOLD, "vasovagal.very_slow_hold", S, 2, 15) \
  X (VASOVAGAL_RECOVER, "vasovagal.recover", S, 90, 600) \
  X (VASOVAGAL_RECOVER_SHARE, "vasovagal.recover_share", ONE, 0.7, 0.95) \
  X (VASOVAGAL_WINDOW, "vasovagal.window", MIN, 5, 30) \
  X (SITE_RESISTANCE, "site.resistance", ONE, 100, 500) \
  X (SITE_RATE_CHANGE, "site.rate_change", ML_H, 20, 200) \
  X (SITE_SETTLE, "site.settle", S, 20, 180) \
  X (SITE_TREND, "site.trend", MMHG, 20, 100) \
  X (SITE_TREND_HOLD, "site.trend_hold", S, 20, 180) \
  X (SITE_REFERENCE, "site.reference", MIN, 2, 15) \
  X (SITE_SLOPE, "site.slope", ONE, 0.02, 0.2) \
  X (SITE_PEAK, "site.peak", MMHG, 30, 200) \
  X (SITE_PEAK_MAX, "site.peak_max", S, 10, 90) \
  X (SITE_PEAK_COUNT, "site.peak_count", ONE, 2, 6) \
  X (SITE_PEAK_WINDOW, "site.peak_window", MIN, 5, 30) \
  X (LIMIT_HR_HIGH, "limit.hr_high", PER_MIN, 100, 160) \
  X (LIMIT_HR_HIGH_65, "limit.hr_high_65", PER_MIN, 100, 160) \
  X (LIMIT_HR_HIGH_80, "limit.hr_high_80", PER_MIN, 100, 160) \
  X (LIMIT_HR_HIGH_SHARE, "limit.hr_high_share", ONE, 1.15, 1.6) \
  X (LIMIT_HR_HIGH_CAP, "limit.hr_high_cap", PER_MIN, 130, 180) \
  X (LIMIT_HR_HIGH_HOLD, "limit.hr_high_hold", S, 5, 60) \
  X (LIMIT_HR_EXTREME, "limit.hr_extreme", PER_MIN, 140, 200) \
  X (LIMIT_HR_EXTREME_HOLD, "limit.hr_extreme_hold", S, 5, 60) \
  X (LIMIT_HR_LOW, "limit.hr_low", PER_MIN, 35, 55) \
  X (LIMIT_HR_LOW_SHARE, "limit.hr_low_share", ONE, 0.65, 0.9) \
  X (LIMIT_HR_REST, "limit.hr_rest", PER_MIN, 36, 50) \
  X (LIMIT_HR_REST_BASELINE, "limit.hr_rest_baseline", ONE, 0.7, 0.9) \
  X (LIMIT_HR_REST_SHARE, "limit.hr_rest_share", ONE, 0.75, 0.95) \
  X (LIMIT_HR_LOW_HOLD, "limit.hr_low_hold", S, 5, 60) \
  X (LIMIT_HR_LOW_EXTREME, "limit.hr_low_extreme", PER_MIN, 30, 42) \
  X (LIMIT_HR_LOW_DIGOXIN, "limit.hr_low_digoxin", PER_MIN, 0, 10) \
  X (LIMIT_SPO2_LOW, "limit.spo2_low", PERCENT, 85, 95) \
  X (LIMIT_SPO2_LOW_COPD, "limit.spo2_low_copd", PERCENT, 85, 92) \
  X (LIMIT_SPO2_EXTREME, "limit.spo2_extreme", PERCENT, 70, 86) \
  X (LIMIT_SPO2_EXTREME_HOLD, "limit.spo2_extreme_hold", S, 5, 30) \
  X (LIMIT_SYS_HIGH, "limit.sys_high", MMHG, 150, 200) \
  X (LIMIT_SYS_HIGH_SHARE, "limit.sys_high_share", ONE, 1.1, 1.5) \
  X (LIMIT_SYS_EXTREME, "limit.sys_extreme", MMHG, 190, 240) \
  X (LIMIT_DIA_HIGH, "limit.dia_high", MMHG, 100, 125) \
  X (LIMIT_RR_LOW, "limit.rr_low", PER_MIN, 6, 10) \
  X (LIMIT_RR_LOW_80, "limit.rr_low_80", PER_MIN, 6, 11) \
  X (LIMIT_RR_LOW_HOLD, "limit.rr_low_hold", S, 20, 120) \
  X (LIMIT_RR_HIGH, "limit.rr_high", PER_MIN, 24, 40) \
  X (LIMIT_RR_HIGH_65, "limit.rr_high_65", PER_MIN, 24, 40) \
  X (LIMIT_RR_HIGH_HOLD, "limit.rr_high_hold", S, 20, 180) \
  X (LIMIT_TEMP_LOW, "limit.temp_low", CEL, 33, 35.5) \
  X (LIMIT_HR_MARGIN, "limit.hr_margin", PER_MIN, 0, 10) \
  X (LIMIT_RR_MARGIN, "limit.rr_margin", PER_MIN, 0, 5) \
  X (LIMIT_SPO2_MARGIN, "limit.spo2_margin", PERCENT, 0, 4) \
  X (LIMIT_PULSE_MIN, "limit.pulse_min", PER_MIN, 10, 30) \
  X (LIMIT_PULSE_HOLD, "limit.pulse_hold", S, 5, 20) \
  X (ALARM_AUDIO_PAUSE, "alarm.audio_pause", S, 30, 120) \
  X (ALARM_ACK_EXPIRE, "alarm.ack_expire", MIN, 2, 30) \
  X (ALARM_REMINDER, "alarm.reminder", S, 30, 300) \
  X (ALARM_MEDIUM_MIN, "alarm.medium_min", S, 10, 120) \
  X (ALARM_CLEAR_HOLD, "alarm.clear_hold", S, 5, 60) \
  X (ALARM_HIGH_CLEAR_HOLD, "alarm.high_clear_hold", S, 30, 300) \
  X (ALARM_SAME, "alarm.same", S, 20, 300) \
  X (ALARM_EPISODE, "alarm.episode", MIN, 5, 60) \
  X (ALARM_FLAP_COUNT, "alarm.flap_count", ONE, 2, 10) \
  X (ALARM_FLAP_WINDOW, "alarm.flap_window", MIN, 5, 120) \
  X (ALARM_FLAP_HOLD, "alarm.flap_hold", S, 30, 600) \
  X (ALARM_MEDIUM_URGENT, "alarm.medium_urgent", S, 60, 600) \
  X (ALARM_HIGH_URGENT, "alarm.high_urgent", S, 30, 300) \
  X (ALARM_BREAK_MAX, "alarm.break_max", MIN, 2, 10) \
  X (ALARM_AUDIO_OFF, "alarm.audio_off", ONE, 0, 1) \
  X (ALARM_ALARM_OFF, "alarm.alarm_off", ONE, 0, 1) \
  X (ALARM_CAUSE_WINDOW, "alarm.cause_window", MIN, 5, 60) \
  X (ALARM_CAUSE_CHANGE, "alarm.cause_change", PERCENT, 2, 50)
/* clang-format on */

#define CHS_KEY_ENUM(index, name, unit, least, most) CHS_KEY_##index,
typedef enum {
  CHS_KEY_NONE = 0, /* "no delay" in a rule; its value is 0 */
  CHS_PROFILE_KEYS (CHS_KEY_ENUM)
  CHS_N_KEYS
} ChsKey;
#undef CHS_KEY_ENUM

typedef struct {
  const char *name; /* "bp.abs_low" */
  ChsUnit     unit;
  double      least, most; /* safe range, inclusive */
} ChsKeyInfo;

/* Words of one label. title_high and action_high are those of its HIGH; "" = as the others. */
typedef struct {
  char title[64];
  char action[224];
  char title_high[64];
  char action_high[224];
} ChsLabelText;

struct _ChsProfile {
  double       value[CHS_N_KEYS]; /* in the key's unit */
  char         source[CHS_N_KEYS][120];
  ChsLabelText text[CHS_N_LABELS];
  char         name[64];
  char         version[24];
  char         reviewed_by[64]; /* "" = nobody yet */
  char        *file;            /* as read */
  gsize        n_file;
};

/**
 * chs_key_info:
 * @key: a key
 *
 * Returns: (transfer none): its row
 */
const ChsKeyInfo *chs_key_info (ChsKey key);

/**
 * chs_key_from_name:
 * @name: "group.key"
 *
 * Returns: the key, or %CHS_KEY_NONE
 */
ChsKey chs_key_from_name (const char *name);

/**
 * chs_key_is_retired:
 * @name: "group.key"
 *
 * Returns: whether an older version had this number and none of its rules read it: a clinic's copy that still has it is as good without
 */
bool chs_key_is_retired (const char *name);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/rules.h"

#define N_ELEMENTS(a) (sizeof (a) / sizeof ((a)[0]))

#define E(x) CHS_E_##x
#define DEATH_NOW .harm = CHS_HARM_DEATH, .onset = CHS_ONSET_IMMEDIATE       /* HIGH */
#define DEATH_SOON .harm = CHS_HARM_DEATH, .onset = CHS_ONSET_PROMPT         /* HIGH */
#define DEATH_LATER .harm = CHS_HARM_DEATH, .onset = CHS_ONSET_DELAYED       /* MEDIUM */
#define INJURY_NOW .harm = CHS_HARM_REVERSIBLE, .onset = CHS_ONSET_IMMEDIATE /* HIGH */
#define INJURY_SOON .harm = CHS_HARM_REVERSIBLE, .onset = CHS_ONSET_PROMPT   /* MEDIUM */
#define INJURY_LATER .harm = CHS_HARM_REVERSIBLE, .onset = CHS_ONSET_DELAYED /* LOW */
#define MINOR_NOW .harm = CHS_HARM_MINOR, .onset = CHS_ONSET_IMMEDIATE       /* MEDIUM */
#define MINOR_SOON .harm = CHS_HARM_MINOR, .onset = CHS_ONSET_PROMPT         /* LOW */

/* R (id, label, harm and onset, parameter shown, source, rest) */
#define R(name, lab, severity, par, src, ...) \
  { .id = name, .label = CHS_LABEL_##lab, severity, .param = CHS_PARAM_##par, .source = src, __VA_ARGS__ }
#define TECHNICAL .flags = CHS_RULE_TECHNICAL
#define SENSOR .flags = CHS_RULE_TECHNICAL | CHS_RULE_SENSOR

#define NOT_BP_UP .none = { E (BPUP), E (PPW) }
#define NOT_REACTION .none = { E (SPO2), E (RRUP), E (SKIN), E (HRUPP) }
#define NOT_REACTION_NOR_SLOW .none = { E (SPO2), E (RRUP), E (SKIN), E (HRUPP), E (BPSLOW) }

/* clang-format off */
static const ChsRule rules[] = {
  /* H1: infusion reaction, anaphylaxis. NIAID/FAAN 2006, WAO 2020, Brighton, Mertes/NAP6. */
  R ("reaction.skin_plus", INFUSION_REACTION, DEATH_NOW, NIBP_SYS, "NIAID 1, WAO 1; clinical H1",
     .all = { { E (INF) }, { E (SKIN) }, { E (BP20), E (SPO2), E (RRUP), E (HRUPP), E (AIRWAY), E (BREATH) } }),
  R ("reaction.pressure", INFUSION_REACTION, DEATH_NOW, NIBP_SYS, "WAO 2, Mertes 2; clinical H1",
     .all = { { E (INF) }, { E (BP30) }, { E (HRUP) } }, .none = { E (BPUP), E (PPW), E (MGFAST), E (BREAK), E (CHILLS), E (HRHIX) }),
  R ("reaction.pressure_plus", INFUSION_REACTION, DEATH_NOW, NIBP_SYS, "NIAID 2, WAO 2; clinical H1",
     .all = { { E (INF) }, { E (BP30) }, { E (RRUP), E (AIRWAY), E (GI) } }, NOT_BP_UP),
  R ("reaction.pressure_oxy", INFUSION_REACTION, DEATH_NOW, NIBP_SYS, "NIAID 2, WAO 2; clinical H1; the dips of a sleeper are none (6)",
     .all = { { E (INF) }, { E (BP30) }, { E (SPO2) } }, .none = { E (BPUP), E (PPW), E (CALM) }),
  R ("reaction.pressure_fast", INFUSION_REACTION, DEATH_NOW, NIBP_SYS, "clinical H1; not in the minutes after standing up",
     .all = { { E (INF) }, { E (BP30) }, { E (HRUPP) } }, .none = { E (BPUP), E (PPW), E (BREAK), E (HRHIX) }),
  R ("reaction.airway_plus", INFUSION_REACTION, DEATH_NOW, SPO2, "WAO 2, laryngeal; clinical H1",
     .all = { { E (INF) }, { E (AIRWAY) }, { E (SPO2), E (HRUP), E (RRUP), E (BP20) } }),
  R ("reaction.breathing", INFUSION_REACTION, DEATH_NOW, SPO2, "WAO 2, bronchospasm; clinical H1",
     .all = { { E (INF) }, { E (SPO2) }, { E (RRUP) }, { E (HRUP), E (HRRISE), E (BREATH), E (BETA) } },
     .none = { E (BPUP), E (PPW), E (WETLUNG) }),
  R ("reaction.breath_two", INFUSION_REACTION, INJURY_SOON, SPO2, "own choice: saturation and breathing without a third sign",
     .all = { { E (INF) }, { E (SPO2) }, { E (RRUP) } }, .none = { E (BPUP), E (PPW), E (WETLUNG) }),
  R ("reaction.breath_sudden", INFUSION_REACTION, INJURY_SOON, SPO2, "own choice: the pulse had come to rest below baseline",
     .all = { { E (INF) }, { E (SPO2) }, { E (RRUPM) }, { E (HRRISE) } }, .none = { E (BPUP), E (PPW), E (WETLUNG) }),
  R ("reaction.oxygen_pulse", INFUSION_REACTION, INJURY_SOON, SPO2, "own choice: where nobody counts the breaths",
     .all = { { E (INF) }, { E (SPO2) }, { E (HRUP) }, { E (NORR) } }, .none = { E (BPUP), E (PPW), E (WETLUNG) }),
  R ("reaction.collapse", INFUSION_REACTION, DEATH_NOW, NIBP_SYS, "clinical H1",
     .all = { { E (INF) }, { E (DOOM), E (COLLAPSE) }, { E (HRUPP), E (SPO2), E (BP20) } }),
  R ("reaction.soft_fall", INFUSION_REACTION, DEATH_NOW, NIBP_SYS, "NIAID 2; clinical H1",
     .all = { { E (INF) }, { E (BP20) }, { E (HRUP) }, { E (SPO2M), E (RRUPM), E (SKIN) } }),
  R ("reaction.soft_flush", INFUSION_REACTION, DEATH_NOW, NIBP_SYS, "clinical H1",
     .all = { { E (INF) }, { E (BP20) }, { E (HRUPP) }, { E (FLUSH) } }),
  R ("reaction.triad", INFUSION_REACTION, DEATH_NOW, HR, "clinical H1",
     .all = { { E (INF) }, { E (HRUPP) }, { E (SPO2M) }, { E (RRUPM) } }, NOT_BP_UP),
  R ("reaction.three_systems", INFUSION_REACTION, DEATH_NOW, SPO2, "NIAID 2; own choice: a resting breath of 12 need not reach 20 where pulse and saturation say the same",
     .all = { { E (INF) }, { E (HRUPP) }, { E (SPO2), E (SPO2M) }, { E (RRUPR) } }, .none = { E (BPUP), E (PPW), E (BREAK), E (CHILLS), E (HRHIX) }),
  R ("reaction.three_beta", INFUSION_REACTION, DEATH_NOW, SPO2, "NIAID 2; own choice: the same on a beta-blocker, which blunts the pulse",
     .all = { { E (INF) }, { E (BETA) }, { E (HRUP) }, { E (SPO2) }, { E (RRUPR) } }, .none = { E (BPUP), E (PPW), E (WETLUNG), E (BREAK), E (CHILLS) }),
  R ("reaction.oxygen_fast", INFUSION_REACTION, INJURY_SOON, SPO2, "own choice: a much faster pulse and a falling saturation, whatever the breathing",
     .all = { { E (INF) }, { E (HRUPP) }, { E (SPO2) } }, .none = { E (BPUP), E (PPW), E (BREAK), E (CHILLS), E (HRHIX) }),
  R ("reaction.early_three", INFUSION_REACTION, DEATH_NOW, HR, "own choice: fast pulse and three small changes the same way",
     .all = { { E (INF) }, { E (HRUPP) } }, .count = { E (RRUPS), E (SPO2D), E (BPDN) }, .count_min = 3, .none = { E (BREAK), E (CHILLS) }),
  R ("reaction.four_small", INFUSION_REACTION, DEATH_NOW, HR, "own choice: pulse, breathing, saturation and pressure all the same way",
     .all = { { E (INF) }, { E (HRUP) }, { E (SPO2M) } }, .count = { E (RRUPS), E (BPDN) }, .count_min = 2, .none = { E (BREAK), E (CHILLS) }),
  R ("reaction.early_two", INFUSION_REACTION, INJURY_SOON, HR, "own choice: fast pulse and two small changes the same way",
     .all = { { E (INF) }, { E (HRUPP) } }, .count = { E (RRUPS), E (SPO2D), E (BPDN) }, .count_min = 2,
     .none = { E (BPUP), E (PPW), E (BREAK), E (CHILLS) }),
  R ("reaction.skin", INFUSION_REACTION, INJURY_SOON, NONE, "Ring and Messmer I; clinical H1",
     .all = { { E (INF) }, { E (SKIN) } }),
  R ("reaction.airway", INFUSION_REACTION, INJURY_SOON, NONE, "clinical H1",
     .all = { { E (INF) }, { E (AIRWAY) } }),
  R ("reaction.doom", INFUSION_REACTION, INJURY_SOON, NONE, "clinical H1", .all = { { E (INF) }, { E (DOOM) } }),
  R ("reaction.pressure_pulse", INFUSION_REACTION, INJURY_SOON, NIBP_SYS, "Ring and Messmer II; clinical H1",
     .all = { { E (INF) }, { E (BP20) }, { E (HRUPP) } }, .none = { E (BREAK), E (HRHIX) }),
  R ("reaction.pressure_spo2", INFUSION_REACTION, INJURY_SOON, NIBP_SYS, "clinical H1",
     .all = { { E (INF) }, { E (BP20) }, { E (SPO2) } }, .none = { E (CALM) }),
  R ("reaction.dyspnoea", INFUSION_REACTION, INJURY_SOON, RR, "clinical H1",
     .all = { { E (INF) }, { E (BREATH) }, { E (HRUP), E (RRUP) } }, NOT_BP_UP),

  /* H2: febrile, pyrogenic. */
  R ("febrile.severe", FEBRILE_REACTION, DEATH_SOON, TEMP, "clinical H2", .all = { { E (RAN) }, { E (TEMP) }, { E (BP30) } }),
  R ("febrile.very_high", FEBRILE_REACTION, DEATH_SOON, TEMP, "clinical H2", .all = { { E (RAN) }, { E (TEMPX) } }),
  R ("febrile.temperature", FEBRILE_REACTION, INJURY_SOON, TEMP, "NHSN, haemovigilance; clinical H2",
     .all = { { E (RAN) }, { E (TEMP) } }),
  R ("febrile.chills", FEBRILE_REACTION, INJURY_SOON, HR, "clinical H2",
     .all = { { E (RAN) }, { E (CHILLS) }, { E (HRUP) } }, .delay = CHS_KEY_TEMP_CHILLS_HOLD),
  R ("febrile.check", FEBRILE_CHECK, INJURY_LATER, TEMP, "clinical H2", .all = { { E (RAN) }, { E (CHILLS) } }),

  /* H3: magnesium. */
  R ("magnesium.soft_rate", MG_RATE, MINOR_SOON, PUMP_RATE, "clinical H3", .all = { { E (MGSOFT) } }),
  R ("magnesium.hard_rate", RATE_LIMIT, INJURY_SOON, PUMP_RATE, "MgSO4 label 150 mg/min", .all = { { E (MGHARD) } }),
  R ("magnesium.hard_rate_2", RATE_LIMIT, DEATH_SOON, PUMP_RATE, "clinical H3", .all = { { E (MGHARDX) } }),
  R ("magnesium.fall", MG_HYPOTENSION, INJURY_SOON, NIBP_SYS, "clinical H3",
     .all = { { E (MG) }, { E (BP20) }, { E (BPTWICE), E (FLUSH), E (LIGHTHEAD), E (MGFAST) } }, NOT_REACTION_NOR_SLOW),
  R ("magnesium.drop", MG_HYPOTENSION, INJURY_SOON, NIBP_SYS, "own choice: a hypertensive patient falls far before 110 is reached",
     .all = { { E (MG) }, { E (BPDROP) }, { E (MGFAST) } }, NOT_REACTION),
  R ("magnesium.fall_severe", MG_HYPOTENSION, DEATH_SOON, NIBP_SYS, "clinical H3",
     .all = { { E (MG) }, { E (BP30) }, { E (BPTWICE), E (FLUSH), E (LIGHTHEAD), E (MGFAST) }, { E (BPABS), E (FAINT) }, { E (BPLOW2), E (FAINT), E (BP72) } },
     .none = { E (SPO2), E (RRUP), E (SKIN), E (HRUPP), E (BPSLOW), E (BPGRADUAL) }),
  R ("magnesium.warm", MG_HYPOTENSION, INJURY_SOON, NIBP_SYS, "clinical H3",
     .all = { { E (MG) }, { E (BP15) }, { E (FLUSH), E (LIGHTHEAD) }, { E (MGFAST), E (LIGHTHEAD), E (CONF) } }, NOT_REACTION),
  R ("magnesium.level", HYPERMAGNESAEMIA, DEATH_LATER, RR, "clinical H3",
     .all = { { E (MGRISE) }, { E (RRDNM), E (WEAK) } }, .count = { E (RRDNM), E (HRDNMG), E (BP15), E (WEAK) }, .count_min = 3),
  R ("magnesium.level_breath", HYPERMAGNESAEMIA, DEATH_SOON, RR, "clinical H3",
     .all = { { E (MGRISE) }, { E (RRDN) } }, .count = { E (RRDNM), E (HRDNMG), E (BP15), E (WEAK) }, .count_min = 3),

  /* H4: fluid overload. TACO 2018 (ISBT, IHN, AABB) as analogue. */
  R ("overload.established", FLUID_OVERLOAD, DEATH_SOON, SPO2, "TACO 2018; clinical H4",
     .all = { { E (VOL) }, { E (SPO2), E (SPO2P) }, { E (RRUP), E (BREATH) }, { E (BPUP), E (PPW) }, { E (BPUP), E (RISK), E (BREATH) } }),
  R ("overload.early", FLUID_OVERLOAD, DEATH_LATER, SPO2, "TACO 2018; clinical H4",
     /* Fast breathing and high pressure alone are fear: saturation or breathlessness must be there too. */
     .all = { { E (VOL) }, { E (SPO2), E (RRUP) }, { E (SPO2M), E (RRUPM), E (BREATH) }, { E (BPUP), E (PPW) },
              { E (SPO2D), E (BREATH) } }),
  R ("overload.early_blind", FLUID_OVERLOAD, DEATH_LATER, RR, "clinical H4; own choice: at risk, where nobody measures the saturation",
     .all = { { E (VOL) }, { E (BPUP), E (PPW) }, { E (RISK) }, { E (NOSPO2) } }, .count = { E (RRUP), E (RRUPM) }, .count_min = 2),
  R ("overload.mild", FLUID_OVERLOAD, DEATH_LATER, SPO2, "clinical H4",
     .all = { { E (VOL) }, { E (BPUP), E (PPW) }, { E (SPO2M), E (BREATH) }, { E (RRUPM), E (BREATH) } }),
  R ("overload.risk_severe", FLUID_OVERLOAD, DEATH_SOON, SPO2, "clinical H4",
     .all = { { E (VOL) }, { E (RISK) }, { E (SPO2P) }, { E (RRUP), E (BREATH) } }, .none = { E (BP15), E (SKIN), E (AIRWAY) }),
  R ("overload.risk", FLUID_OVERLOAD, DEATH_LATER, SPO2, "clinical H4",
     .all = { { E (VOL) }, { E (RISK) }, { E (SPO2), E (BREATH) }, { E (RRUP), E (BREATH) }, { E (SPO2), E (RRUP) } },
     .none = { E (BP15), E (SKIN), E (AIRWAY) }),
  R ("overload.quiet_pulse", FLUID_OVERLOAD, DEATH_LATER, SPO2, "own choice: much fluid, the pulse as it was (clinical H4, 6)",
     .all = { { E (WETLUNG) }, { E (SPO2) }, { E (RRUP) }, { E (BREATH) } }, .none = { E (BP15), E (SKIN), E (AIRWAY) }),
  R ("volume.hard_risk", VOLUME_LIMIT, INJURY_SOON, PUMP_VOLUME, "clinical H4", .all = { { E (VOLHARD) }, { E (RISK) } }),
  R ("volume.hard", VOLUME_LIMIT, MINOR_SOON, PUMP_VOLUME, "clinical H4", .all = { { E (VOLHARD) } }),
  R ("volume.rate", RATE_LIMIT, MINOR_SOON, PUMP_RATE, "clinical H4", .all = { { E (FLUIDHARD) } }),

  /* H5: ketamine. ASRA/AAPM/ASA 2018. */
  R ("ketamine.breath_spo2", KETAMINE_SEDATION, DEATH_NOW, RR, "clinical H5", .all = { { E (KET) }, { E (RRDN) }, { E (SPO2) } }),
  R ("ketamine.no_answer", KETAMINE_SEDATION, DEATH_NOW, RR, "clinical H5", .all = { { E (KET) }, { E (UNRESPONSIVE) } }),
  R ("ketamine.breath", KETAMINE_SEDATION, DEATH_LATER, RR, "clinical H5", .all = { { E (KET) }, { E (RRDN) } }),
  R ("ketamine.breath_slowing", KETAMINE_SEDATION, DEATH_LATER, RR, "own choice: slower, and the saturation falls",
     .all = { { E (KET) }, { E (RRDNM) }, { E (SPO2) } }),
  R ("ketamine.pressure_sign", KETAMINE_HYPERTENSION, DEATH_SOON, NIBP_SYS, "clinical H5",
     .all = { { E (KET) }, { E (KETBP1) }, { E (CHESTPAIN), E (HEADACHE) } }),
  R ("ketamine.pressure_high", KETAMINE_HYPERTENSION, DEATH_SOON, NIBP_SYS, "clinical H5",
     .all = { { E (KET) }, { E (BPHIX) } }),
  R ("ketamine.pressure", KETAMINE_HYPERTENSION, INJURY_SOON, NIBP_SYS, "clinical H5", .all = { { E (KET) }, { E (KETBP) } }),
  R ("ketamine.agitation", KETAMINE_AGITATION, INJURY_SOON, NONE, "seed 003; clinical 1", .all = { { E (KET) }, { E (AGITATION) } }),
  R ("ketamine.hard_rate_2", RATE_LIMIT, DEATH_SOON, PUMP_RATE, "clinical H5", .all = { { E (KETHARDX) } }),
  R ("ketamine.hard_rate", RATE_LIMIT, INJURY_SOON, PUMP_RATE, "clinical H5", .all = { { E (KETHARD) } }),

  /* H6: vasovagal. Australian Immunisation Handbook. Not on lidocaine: there a slow pulse is H7. */
  R ("vasovagal.very_slow", VASOVAGAL, INJURY_NOW, HR, "clinical H6",
     .all = { { E (VDROP) }, { E (HR40) } }, .none = { E (LIDO), E (SPO2) }, .sustain = CHS_KEY_VASOVAGAL_ACTIVE),
  R ("vasovagal.extreme", VASOVAGAL, INJURY_NOW, NIBP_SYS, "clinical H6",
     .all = { { E (VDROPPED) }, { E (VVBPX) } }, .none = { E (LIDO), E (SPO2) }, .sustain = CHS_KEY_VASOVAGAL_ACTIVE),
  R ("vasovagal.unconscious", VASOVAGAL, INJURY_NOW, HR, "clinical H6",
     .all = { { E (VDROPPED) }, { E (LOC) } }, .none = { E (LIDO), E (SPO2) }, .sustain = CHS_KEY_VASOVAGAL_ACTIVE),
  R ("vasovagal.persists", VASOVAGAL, INJURY_NOW, HR, "clinical H6", .all = { { E (VVACT) }, { E (VVLONG) } }),
  R ("vasovagal.pressure", VASOVAGAL, INJURY_SOON, NIBP_SYS, "clinical H6",
     .all = { { E (VDROPPED) }, { E (VVBP) } }, .none = { E (LIDO), E (SPO2), E (RRDNM) }, .sustain = CHS_KEY_VASOVAGAL_ACTIVE),
  R ("vasovagal.sign", VASOVAGAL, INJURY_SOON, HR, "clinical H6",
     .all = { { E (VDROP) }, { E (VAGAL) } }, .none = { E (LIDO), E (SPO2) }, .sustain = CHS_KEY_VASOVAGAL_ACTIVE),
  R ("vasovagal.slow", VASOVAGAL, INJURY_SOON, HR, "clinical H6",
     .all = { { E (VDROP) }, { E (HR50) }, { E (SUDDEN) } }, .none = { E (LIDO), E (SPO2), E (RRDNM) }, .sustain = CHS_KEY_VASOVAGAL_ACTIVE),

  /* H7: local anaesthetic toxicity. ASRA LAST 2020, Foo 2021. */
  R ("lidocaine.sign", LIDOCAINE_TOXICITY, DEATH_SOON, NONE, "ASRA LAST; clinical H7", .all = { { E (LIDO) }, { E (LASIGN) } }),
  R ("lidocaine.nerves", LIDOCAINE_TOXICITY, DEATH_SOON, NONE, "ASRA LAST; clinical H7", .all = { { E (LIDO) }, { E (LASEVERE) } }),
  R ("lidocaine.heart", LIDOCAINE_TOXICITY, DEATH_SOON, HR, "clinical H7",
     .all = { { E (LIDO) }, { E (HRDNLA) }, { E (BP15), E (LIGHTHEAD) } }),
  R ("lidocaine.vitals", LIDOCAINE_TOXICITY, DEATH_LATER, HR, "clinical H7",
     .all = { { E (LIDO) }, { E (HRUPP), E (SPO2P) } }, .none = { E (SKIN), E (AIRWAY) }),
  R ("lidocaine.pressure", LIDOCAINE_TOXICITY, DEATH_LATER, NIBP_SYS, "clinical H7; a single low reading is repeated first",
     .all = { { E (LIDO) }, { E (BP20) }, { E (CONF), E (LIGHTHEAD), E (HRUP), E (DROWSY) } }, .none = { E (SKIN), E (AIRWAY) }),
  R ("lidocaine.common", LIDOCAINE_TOXICITY, INJURY_LATER, NONE, "clinical H7",
     .all = { { E (LIDO) }, { E (LIGHTHEAD), E (DROWSY) } }),
  R ("lidocaine.hard_rate_2", RATE_LIMIT, DEATH_SOON, PUMP_RATE, "clinical H7", .all = { { E (LIDOHARDX) } }),
  R ("lidocaine.hard_rate", RATE_LIMIT, INJURY_SOON, PUMP_RATE, "Foo 2021; clinical H7", .all = { { E (LIDOHARD) } }),

  /* Doses of the other therapies, and the plan. */
  R ("dose.hard", RATE_LIMIT, INJURY_SOON, PUMP_RATE, "clinical 9", .all = { { E (DOSEHARD) } }),
  R ("dose.soft", RATE_LIMIT, MINOR_SOON, PUMP_RATE, "clinical 9", .all = { { E (DOSESOFT) } }),
  R ("dose.total", DOSE_LIMIT, INJURY_SOON, PUMP_VOLUME, "clinical 9", .all = { { E (DOSETOTAL) } }),
  R ("dose.jump", RATE_LIMIT, MINOR_NOW, PUMP_RATE, "issue 4 item 5; hazards H09, H11", .all = { { E (JUMP) } }),
  R ("dose.osmolarity", OSMOLARITY, MINOR_SOON, NONE, "INS standards; clinical 8", .all = { { E (OSM) } }),
  R ("dose.plan", RATE_LIMIT, MINOR_SOON, PUMP_RATE, "issue 4 item 5, titration plan", .all = { { E (OFFPLAN) } }),

  /* H8: the IV site and the line. ECRI, PA-PSRS 2007, Scott 1996. */
  R ("site.symptom", INFILTRATION, INJURY_SOON, NONE, "clinical H8", .all = { { E (SITE) } }),
  R ("site.trend", INFILTRATION, MINOR_SOON, PUMP_PRESSURE, "clinical H8", .all = { { E (PTREND) } }),
  R ("site.resistance", INFILTRATION, MINOR_SOON, PUMP_PRESSURE, "Scott 1996; clinical H8", .all = { { E (RESIST) } }),
  R ("line.occlusion", OCCLUSION, MINOR_NOW, PUMP_PRESSURE, "IEC 60601-2-24; clinical H8", .all = { { E (OCCLUSION) } }),
  R ("line.peaks", OCCLUSION, MINOR_SOON, PUMP_PRESSURE, "Open PCA; clinical H8", .all = { { E (PPEAKS) } }, .none = { E (PTREND) }),

  /* H9: plain limits. */
  R ("pressure.extreme", HYPOTENSION, DEATH_SOON, NIBP_SYS, "clinical 4", .all = { { E (BPX) } }),
  R ("pressure.confirmed", HYPOTENSION, DEATH_SOON, NIBP_SYS, "clinical 4",
     .all = { { E (BPABS) }, { E (CONF) } }, .none = { E (BP110), E (BPGRADUAL) }),
  R ("pressure.with_sign", HYPOTENSION, DEATH_SOON, NIBP_SYS, "clinical 4",
     .all = { { E (BP30) }, { E (FAINT), E (LOC), E (COLLAPSE) } }),
  R ("pressure.with_oxygen", HYPOTENSION, DEATH_SOON, NIBP_SYS, "clinical 4; the dips of a sleeper are none (6)",
     .all = { { E (BP30) }, { E (SPO2) } }, .none = { E (CALM) }),
  R ("pressure.with_pulse", HYPOTENSION, DEATH_SOON, NIBP_SYS, "clinical 4; not in the minutes after standing up",
     .all = { { E (BP30) }, { E (HRUP) } }, .none = { E (BREAK), E (HRHIX) }),
  R ("pressure.low", HYPOTENSION, INJURY_SOON, NIBP_SYS, "WAO 2020; clinical 4", .all = { { E (BP30) } }, .none = { E (BREAK), E (BPSLOW), E (BPMILD), E (BPEASE) }),
  R ("pressure.low_again", HYPOTENSION, INJURY_SOON, NIBP_SYS, "own choice: small fall, twice",
     .all = { { E (BP30) }, { E (BPLOW2) } }, .none = { E (BREAK) }),
  R ("pressure.low_doubtful", HYPOTENSION, INJURY_SOON, NIBP_SYS, "clinical 2.1", .all = { { E (BPDOUBT) } }, .none = { E (BREAK) }),
  R ("pressure.low_mild", HYPOTENSION, MINOR_SOON, NIBP_SYS, "clinical 4: standing up; own choice: a small or slow fall, once",
     .all = { { E (BP30), E (BPDOUBT) } }),
  R ("pressure.very_high", HYPERTENSION, DEATH_SOON, NIBP_SYS, "clinical H9", .all = { { E (BPHIX) }, { E (BPHI) } }),
  R ("pressure.very_high_once", HYPERTENSION, INJURY_SOON, NIBP_SYS, "clinical H9; one reading is repeated first", .all = { { E (BPHIX) } }),
  R ("pressure.high", HYPERTENSION, INJURY_SOON, NIBP_SYS, "clinical H9", .all = { { E (BPHI) } }),
  R ("pulse.very_fast", TACHYCARDIA, DEATH_SOON, HR, "clinical H9", .all = { { E (HRHIX) } }),
  R ("pulse.fast", TACHYCARDIA, INJURY_SOON, HR, "clinical H9", .all = { { E (HRHI) } }),
  R ("pulse.very_slow", BRADYCARDIA, DEATH_SOON, HR, "clinical H9", .all = { { E (HRLOX) } }),
  R ("pulse.slow", BRADYCARDIA, INJURY_SOON, HR, "clinical H9", .all = { { E (HRLO) } }, .none = { E (HRREST) }),
  R ("pulse.slow_rest", BRADYCARDIA, INJURY_LATER, HR, "own choice: the slow pulse of sleep and training (clinical 6)", .all = { { E (HRLO) }, { E (HRREST) } }),
  R ("pulse.none", CHECK_PULSE, DEATH_NOW, HR, "clinical H9", .all = { { E (NOPULSE) } }, .none = { E (PAUSE) }),
  R ("oxygen.very_low", DESATURATION, DEATH_SOON, SPO2, "clinical H9", .all = { { E (SPO2X) } }),
  R ("oxygen.low", DESATURATION, INJURY_SOON, SPO2, "clinical H9", .all = { { E (SPO2P), E (SPO2LIM) } }),
  R ("oxygen.low_weak", DESATURATION, INJURY_LATER, SPO2, "clinical 2.4", .all = { { E (SPO2WEAK) } }),
  R ("breath.slow", RESP_RATE_LOW, INJURY_SOON, RR, "clinical H9", .all = { { E (RRLO) } }),
  R ("breath.fast", RESP_RATE_HIGH, INJURY_SOON, RR, "clinical H9", .all = { { E (RRHI) } }),
  R ("temperature.high", TEMP_HIGH, INJURY_SOON, TEMP, "clinical 7", .all = { { E (TEMP) } }, .none = { E (RAN) }),
  R ("temperature.low", TEMP_LOW, MINOR_SOON, TEMP, "clinical H9", .all = { { E (TEMPLO) } }),

  /* NEWS2: what its authors ask for, and nothing else. */
  R ("news2.medium", NEWS2, INJURY_SOON, NONE, "RCP 2017; clinical 7", .all = { { E (NEWSMED) } }),
  R ("news2.low", NEWS2, INJURY_LATER, NONE, "RCP 2017; clinical 7", .all = { { E (NEWSLOW) } }),

  /* What the nurse entered, without a hazard to go with it. */
  R ("patient.unconscious", CHECK_PATIENT, DEATH_NOW, NONE, "clinical 10", .all = { { E (LOC), E (COLLAPSE) } }),
  R ("patient.chest", CHECK_PATIENT, INJURY_SOON, NONE, "clinical 10", .all = { { E (CHEST) } }),
  R ("patient.electrolytes", CHECK_PATIENT, INJURY_SOON, NONE, "seed 002", .all = { { E (WEAKNESS), E (LASEVERE) } }),
  R ("patient.breath", DYSPNOEA, INJURY_LATER, RR, "clinical H1", .all = { { E (BREATH) } }),
  R ("patient.anxious", ANXIETY, MINOR_SOON, HR, "clinical H1, anxiety guard",
     .all = { { E (INF) }, { E (HRUP) }, { E (RRUPM) } }, .none = { E (SPO2M), E (BP15), E (BPUP), E (SKIN), E (AIRWAY) }),
  R ("patient.sugar", GLUCOSE_CHECK, MINOR_SOON, NONE, "clinical 6", .all = { { E (SHAKY) }, { E (SWEAT), E (HRUP) } }),
  R ("patient.no_cuff", NIBP_OVERDUE, INJURY_SOON, HR, "clinical H1",
     .all = { { E (INF) }, { E (HRUPP) }, { E (NOCUFF) } }, .none = { E (BREAK) }, SENSOR),

  /* Technical conditions. */
  R ("monitor.link_idle", LINK_MONITOR, INJURY_LATER, NONE, "alarm-standard 2", .all = { { E (MONLINK) } }, TECHNICAL),
  R ("monitor.link", LINK_MONITOR, DEATH_LATER, NONE, "alarm-standard 2", .all = { { E (MONLINK) }, { E (ONSESSION) } }, TECHNICAL),
  R ("pump.link", LINK_PUMP, MINOR_SOON, NONE, "alarm-standard 2", .all = { { E (PUMPLINK) } }, TECHNICAL),
  R ("pump.link_drug", LINK_PUMP, INJURY_SOON, NONE, "clinical 2.3", .all = { { E (PUMPLINK) }, { E (DRUG) } }, TECHNICAL),
  R ("monitor.frozen", FROZEN_DATA, MINOR_SOON, NONE, "clinical 2.3", .all = { { E (FROZEN) } }, TECHNICAL),
  R ("sensor.spo2", SENSOR_OFF_SPO2, MINOR_SOON, SPO2, "clinical 2.3", .all = { { E (SPO2OFF) } }, SENSOR),
  R ("sensor.spo2_ketamine", SENSOR_OFF_SPO2, INJURY_SOON, SPO2, "clinical 2.3, H5", .all = { { E (SPO2OFFK) }, { E (KET) } }, SENSOR),
  R ("sensor.rate", ECG_OFF, INJURY_SOON, HR, "clinical 2.3", .all = { { E (NOHR) } }, SENSOR),
  R ("sensor.ecg", ECG_OFF, MINOR_SOON, HR, "clinical 2.3", .all = { { E (ECGOFF) } }, SENSOR),
  R ("sensor.breath", RR_OFF, MINOR_SOON, RR, "clinical 2.3", .all = { { E (RROFF) } }, SENSOR),
  R ("cuff.late", NIBP_OVERDUE, MINOR_SOON, NIBP_SYS, "clinical 2.3", .all = { { E (NIBPLATE) } }, SENSOR),
  R ("cuff.fails", NIBP_FAILED, MINOR_SOON, NIBP_SYS, "clinical 2.3", .all = { { E (NIBPFAIL) } }, SENSOR),
  R ("cuff.fails_drug", NIBP_FAILED, INJURY_SOON, NIBP_SYS, "clinical 2.3", .all = { { E (NIBPFAIL) }, { E (DRUG) } }, SENSOR),
  R ("line.abp", ARTEFACT, MINOR_SOON, ABP_SYS, "clinical 2.1", .all = { { E (ABPBAD) } }, SENSOR),
  R ("pump.alarm", PUMP_ALARM, MINOR_NOW, NONE, "alarm-standard 8.34", .all = { { E (PUMPALARM) } }, TECHNICAL),
  R ("pump.done", INFUSION_DONE, MINOR_SOON, PUMP_VOLUME, "hazards H17", .all = { { E (PUMPDONE) } }, TECHNICAL),
  R ("pump.paused", PUMP_PAUSED, MINOR_SOON, PUMP_RATE, "hazards H17", .all = { { E (PUMPPAUSED) } }, TECHNICAL),
  R ("pump.mismatch", PUMP_MISMATCH, MINOR_SOON, PUMP_VOLUME, "clinical 2.1, hazards H11, H12", .all = { { E (MISMATCH) } }, TECHNICAL),
  R ("monitor.alarm", MONITOR_ALARM, MINOR_SOON, NONE, "alarm-standard 8.24", .all = { { E (MONALARM) } }, TECHNICAL),
  R ("device.changed", DEVICE_CHANGED, INJURY_SOON, NONE, "hazards H08", .all = { { E (DEVCHANGED) } }, TECHNICAL),
  R ("self.sound", NO_ALARM_SOUND, INJURY_SOON, NONE, "alarm-standard 4.5", .all = { { E (NOSOUND) } }, TECHNICAL),
  R ("self.screen", SCREEN_LOST, INJURY_SOON, NONE, "alarm-standard 4.5", .all = { { E (NOSCREEN) }, { E (ONSESSION) } }, TECHNICAL),
  R ("self.recording", RECORDING_FAILED, MINOR_SOON, NONE, "alarm-standard 2", .all = { { E (NOSTORE) } }, TECHNICAL),
  R ("self.profile", SETTINGS_REFUSED, INJURY_SOON, NONE, "issue 4.4; alarm-standard 8.14", .all = { { E (NOPROFILE) } }, TECHNICAL),
  R ("self.library", SETTINGS_REFUSED, MINOR_SOON, NONE, "issue 4.4", .all = { { E (NOLIBRARY) } }, TECHNICAL),
  R ("self.room_low", STORAGE_LOW, MINOR_SOON, NONE, "issue 7; alarm-standard 8.27", .all = { { E (LOWROOM) } }, TECHNICAL),
  R ("self.room", STORAGE_FULL, INJURY_SOON, NONE, "issue 7; alarm-standard 8.27", .all = { { E (NOROOM) } }, TECHNICAL),
  R ("self.clock_not_set", CLOCK_NOT_SET, MINOR_SOON, NONE, "issue 7; alarm-standard 8.28", .all = { { E (NOCLOCK) } }, TECHNICAL),
  R ("self.lag", ENGINE_LAG, INJURY_SOON, NONE, "hazards H40", .all = { { E (LAG) } }, TECHNICAL),
  R ("self.clock", CLOCK_STEP, MINOR_SOON, NONE, "hazards H20", .all = { { E (CLOCKSTEP) } }, TECHNICAL),
  R ("setup.baseline", NO_BASELINE, MINOR_SOON, NONE, "clinical 3", .all = { { E (NOBASE) } }, TECHNICAL),
  R ("setup.incomplete", PRECHECK, MINOR_SOON, NONE, "hazards H09", .all = { { E (NOSETUP) } }, TECHNICAL),
  R ("setup.checks", PRECHECK, MINOR_SOON, NONE, "clinical 1 and 10; hazards H29", .all = { { E (NOCHECK) } }, TECHNICAL),
  R ("setup.magnesium_risk", PRECHECK, MINOR_SOON, NONE, "clinical H3; seed 004: the flag is shown all session", .all = { { E (MGRISK) } }, TECHNICAL),
  R ("setup.additive", PRECHECK, MINOR_SOON, NONE, "clinical 1: not in the library, no dose check", .all = { { E (UNCHECKED) } }, TECHNICAL),
};
/* clang-format on */

_Static_assert (N_ELEMENTS (rules) <= CHS_MAX_RULES, "room for every rule in the engine's state");

static const ChsGuard guards[] = {
  { CHS_LABEL_INFUSION_REACTION, CHS_LABEL_VASOVAGAL, { E (VVREC) }, { E (SKIN), E (AIRWAY), E (SPO2) }, "the faint explains it" },
  { CHS_LABEL_INFUSION_REACTION, CHS_LABEL_FLUID_OVERLOAD, { E (OVERLOAD) }, { E (SKIN), E (AIRWAY), E (BP20) }, "the overload explains it" },
  { CHS_LABEL_INFUSION_REACTION, CHS_LABEL_HYPERMAGNESAEMIA, { E (HMGACT) }, { E (SKIN), E (AIRWAY) }, "magnesium explains it" },
  { CHS_LABEL_INFUSION_REACTION, CHS_LABEL_LIDOCAINE_TOXICITY, { E (LAACT) }, { E (SKIN), E (AIRWAY), E (SPO2) }, "lidocaine explains it" },
  { CHS_LABEL_MG_HYPOTENSION, CHS_LABEL_VASOVAGAL, { E (VVREC) }, { 0 }, "the faint explains it" },
  { CHS_LABEL_MG_HYPOTENSION, CHS_LABEL_INFUSION_REACTION, { E (REACTED) }, { 0 }, "the reaction explains it" },
  { CHS_LABEL_VASOVAGAL, CHS_LABEL_INFUSION_REACTION, { E (REACTED) }, { 0 }, "a slow pulse in a reaction is not a faint" },
  { CHS_LABEL_FLUID_OVERLOAD, CHS_LABEL_NONE, { E (REACTED) }, { E (BPUP) }, "the reaction explains it" },
  { CHS_LABEL_HYPOTENSION, CHS_LABEL_VASOVAGAL, { E (VVACT) }, { 0 }, "the faint explains it; it escalates itself when it does not pass" },
  { CHS_LABEL_HYPOTENSION, CHS_LABEL_NONE, { E (VVREC) }, { E (HRUP), E (SPO2) }, "a reading soon after a faint" },
};

#define L(x) CHS_LABEL_##x

static const ChsCover covers[] = {
  { L (INFUSION_REACTION),
    { L (VASOVAGAL), L (MG_HYPOTENSION), L (HYPOTENSION), L (TACHYCARDIA), L (BRADYCARDIA), L (DESATURATION), L (RESP_RATE_HIGH),
      L (DYSPNOEA), L (ANXIETY), L (CHECK_PATIENT), L (NEWS2) } },
  { L (LIDOCAINE_TOXICITY),
    { L (VASOVAGAL), L (HYPOTENSION), L (TACHYCARDIA), L (BRADYCARDIA), L (DESATURATION), L (CHECK_PATIENT), L (ANXIETY), L (NEWS2) } },
  { L (FLUID_OVERLOAD),
    { L (DESATURATION), L (RESP_RATE_HIGH), L (HYPERTENSION), L (TACHYCARDIA), L (DYSPNOEA), L (ANXIETY), L (VOLUME_LIMIT), L (NEWS2) } },
  { L (HYPERMAGNESAEMIA), { L (MG_HYPOTENSION), L (HYPOTENSION), L (BRADYCARDIA), L (RESP_RATE_LOW), L (CHECK_PATIENT), L (NEWS2) } },
  { L (MG_HYPOTENSION), { L (HYPOTENSION), L (NEWS2) } },
  { L (VASOVAGAL), { L (BRADYCARDIA), L (HYPOTENSION), L (CHECK_PATIENT), L (NEWS2) } },
  { L (KETAMINE_SEDATION), { L (RESP_RATE_LOW), L (DESATURATION), L (NEWS2) } },
  { L (KETAMINE_HYPERTENSION), { L (HYPERTENSION) } },
  { L (FEBRILE_REACTION), { L (FEBRILE_CHECK), L (TEMP_HIGH), L (TACHYCARDIA), L (ANXIETY), L (NEWS2) } },
  { L (CHECK_PULSE), { L (BRADYCARDIA), L (DESATURATION), L (SENSOR_OFF_SPO2), L (ECG_OFF) } },
  { L (LINK_MONITOR), { L (SENSOR_OFF_SPO2), L (ECG_OFF), L (RR_OFF), L (NIBP_OVERDUE), L (FROZEN_DATA) } },
  { L (HYPOTENSION), { L (NEWS2) } },
  { L (DESATURATION), { L (NEWS2) } },
  { L (RATE_LIMIT), { L (MG_RATE) } },
};

static const uint8_t differentials[CHS_N_LABELS] = {
  [L (INFUSION_REACTION)] = L (VASOVAGAL),
  [L (MG_HYPOTENSION)] = L (INFUSION_REACTION),
  [L (HYPERMAGNESAEMIA)] = L (INFUSION_REACTION),
  [L (FLUID_OVERLOAD)] = L (INFUSION_REACTION),
  [L (FEBRILE_REACTION)] = L (INFUSION_REACTION),
  [L (VASOVAGAL)] = L (INFUSION_REACTION),
  [L (LIDOCAINE_TOXICITY)] = L (INFUSION_REACTION),
  [L (KETAMINE_SEDATION)] = L (INFUSION_REACTION),
  [L (HYPOTENSION)] = L (INFUSION_REACTION),
  [L (DESATURATION)] = L (INFUSION_REACTION),
  [L (TACHYCARDIA)] = L (INFUSION_REACTION),
  [L (ANXIETY)] = L (INFUSION_REACTION),
};

/* IEC 60601-1-8, 6.1.2, Table 1. */
static const uint8_t priorities[3][3] = {
  [CHS_HARM_DEATH] = { CHS_PRIORITY_HIGH, CHS_PRIORITY_HIGH, CHS_PRIORITY_MEDIUM },
  [CHS_HARM_REVERSIBLE] = { CHS_PRIORITY_HIGH, CHS_PRIORITY_MEDIUM, CHS_PRIORITY_LOW },
  [CHS_HARM_MINOR] = { CHS_PRIORITY_MEDIUM, CHS_PRIORITY_LOW, CHS_PRIORITY_LOW },
};

const ChsRule *
chs_rules (unsigned *n)
{
  *n = N_ELEMENTS (rules);
  return rules;
}

const ChsGuard *
chs_guards (unsigned *n)
{
  *n = N_ELEMENTS (guards);
  return guards;
}

const ChsCover *
chs_covers (unsigned *n)
{
  *n = N_ELEMENTS (covers);
  return covers;
}

ChsPriority
chs_rule_priority (ChsHarm harm, ChsOnset onset)
{
  return (ChsPriority) priorities[harm][onset];
}

static void
add_terms (ChsEvidenceSet *set, ChsEvidenceSet *uses, const uint8_t *terms)
{
  for (unsigned i = 0; i < CHS_RULE_TERMS && terms[i] != CHS_E_NONE; i++) {
    chs_evidence_put (set, terms[i], true);
    chs_evidence_put (uses, terms[i], true);
  }
}

void
chs_rule_compile (const ChsRule *rule, ChsRuleSets *sets)
{
  *sets = (ChsRuleSets) { .count_min = rule->count_min };
  for (unsigned i = 0; i < CHS_RULE_CLAUSES && rule->all[i][0] != CHS_E_NONE; i++)
    add_terms (&sets->all[sets->n_all++], &sets->uses, rule->all[i]);
  add_terms (&sets->none, &sets->uses, rule->none);
  add_terms (&sets->count, &sets->uses, rule->count);
  sets->priority = (uint8_t) chs_rule_priority (rule->harm, rule->onset);
}

static unsigned
count_of (const ChsEvidenceSet *a, const ChsEvidenceSet *b)
{
  unsigned n = 0;

  for (unsigned i = 0; i < CHS_EVIDENCE_WORDS; i++)
    n += (unsigned) __builtin_popcountll (a->word[i] & b->word[i]);
  return n;
}

ChsTruth
chs_rule_eval (const ChsRuleSets *sets, const ChsEvidenceSet *yes, const ChsEvidenceSet *unknown)
{
  ChsTruth result = CHS_TRUE;

  if (chs_evidence_meets (&sets->none, yes))
    return CHS_FALSE;
  for (unsigned i = 0; i < sets->n_all; i++) {
    if (chs_evidence_meets (&sets->all[i], yes))
      continue;
    if (!chs_evidence_meets (&sets->all[i], unknown))
      return CHS_FALSE;
    result = CHS_UNKNOWN;
  }
  if (sets->count_min > 0) {
    unsigned n = count_of (&sets->count, yes);

    if (n + count_of (&sets->count, unknown) < sets->count_min)
      return CHS_FALSE;
    if (n < sets->count_min)
      return CHS_UNKNOWN;
  }
  return result;
}

ChsLabel
chs_label_differential (ChsLabel label)
{
  return (ChsLabel) differentials[(unsigned) label < CHS_N_LABELS ? label : CHS_LABEL_NONE];
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/evidence.h"

/* Rules: one table, one row a rule. A row says from which evidence a condition is
 * determined, after which delay, how bad it is (harm, onset) and so with which
 * priority, and where that is from. The engine evaluates the rows; a label is
 * alarmed at the highest priority of its rows.
 *
 *   fires  when every clause of @all has a true statement,
 *          and at least @count_min statements of @count are true,
 *          and no statement of @none is true
 *   unsure when nothing contradicts it and something it needs is unknown: an alarm
 *          already raised stays, a new one is not raised
 *
 * Between labels: guards hold a label back while something else explains the same
 * evidence; covers replace a general label by the hazard that explains it. */

typedef enum { CHS_HARM_MINOR = 0, CHS_HARM_REVERSIBLE, CHS_HARM_DEATH } ChsHarm;
typedef enum { CHS_ONSET_IMMEDIATE = 0, CHS_ONSET_PROMPT, CHS_ONSET_DELAYED } ChsOnset;

typedef enum {
  CHS_RULE_TECHNICAL = 1 << 0, /* about the equipment; never latches */
  CHS_RULE_SENSOR = 1 << 1,    /* held during a break */
} ChsRuleFlags;

#define CHS_RULE_CLAUSES 5
#define CHS_RULE_TERMS 8

typedef struct {
  const char *id;
  uint8_t     label; /* ChsLabel */
  uint8_t     harm;  /* ChsHarm */
  uint8_t     onset; /* ChsOnset */
  uint8_t     param; /* ChsParam whose value the alarm shows */
  uint8_t     flags; /* ChsRuleFlags */
  uint8_t     all[CHS_RULE_CLAUSES][CHS_RULE_TERMS]; /* ChsEvidence, ended by 0: each clause needs one */
  uint8_t     none[CHS_RULE_TERMS];                  /* any of these true: no */
  uint8_t     count[CHS_RULE_TERMS];
  uint8_t     count_min;
  ChsKey      delay;   /* how long the expression must hold */
  ChsKey      sustain; /* how long it stands after the expression ended */
  const char *source;
} ChsRule;

/* A rule with its terms as sets, made once for an engine. */
typedef struct {
  ChsEvidenceSet all[CHS_RULE_CLAUSES];
  ChsEvidenceSet none, count;
  ChsEvidenceSet uses; /* every statement the rule looks at */
  uint8_t        n_all, count_min, priority;
} ChsRuleSets;

/* @label is not newly raised while one of @when is true or @by is about to be raised, unless one of @unless is true. */
typedef struct {
  uint8_t     label;
  uint8_t     by; /* ChsLabel, or 0 */
  uint8_t     when[CHS_RULE_TERMS];
  uint8_t     unless[CHS_RULE_TERMS];
  const char *why;
} ChsGuard;

/* While @label is alarmed, the @covered ones are not newly raised: it takes over their priority where that is higher. */
typedef struct {
  uint8_t label;
  uint8_t covered[12]; /* ChsLabel, ended by 0 */
} ChsCover;

#define CHS_MAX_RULES 192

/**
 * chs_rules:
 * @n: (out): how many, at most %CHS_MAX_RULES
 *
 * Returns: (transfer none): the table
 */
const ChsRule *chs_rules (unsigned *n);

const ChsGuard *chs_guards (unsigned *n); /* in the order in which they are asked */
const ChsCover *chs_covers (unsigned *n); /* in the order in which they are asked */

/**
 * chs_rule_priority:
 * @harm: result of not responding
 * @onset: how fast it comes
 *
 * Source: IEC 60601-1-8, 6.1.2, Table 1 (shared/alarm-standard.md 2)
 *
 * Returns: the priority
 */
ChsPriority chs_rule_priority (ChsHarm harm, ChsOnset onset);

/**
 * chs_rule_compile:
 * @rule: a row
 * @sets: (out): the same as sets
 */
void chs_rule_compile (const ChsRule *rule, ChsRuleSets *sets);

/**
 * chs_rule_eval:
 * @sets: a compiled rule
 * @yes: what is true
 * @unknown: what is unknown
 *
 * Returns: whether it fires, does not, or cannot be told
 */
ChsTruth chs_rule_eval (const ChsRuleSets *sets, const ChsEvidenceSet *yes, const ChsEvidenceSet *unknown);

/**
 * chs_label_differential:
 * @label: a hazard
 *
 * What it is most easily mistaken for, named in the alarm when the evidence names nothing else.
 *
 * Returns: a label, or %CHS_LABEL_NONE
 */
ChsLabel chs_label_differential (ChsLabel label);

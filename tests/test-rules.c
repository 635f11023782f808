/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/check-main.h"

#include "app/rules-text.h"
#include "tests/engine-maker.h"

static ChsRuleSets sets;
static ChsEvidenceSet yes, unknown;
static const ChsRule *rules;
static unsigned n_rules;

static void
look_at (int i)
{
  rules = chs_rules (&n_rules);
  chs_rule_compile (&rules[i], &sets);
  memset (&yes, 0, sizeof yes);
  memset (&unknown, 0, sizeof unknown);
}

static ChsTruth
eval (void)
{
  return chs_rule_eval (&sets, &yes, &unknown);
}

/* The least that makes a rule true: the k-th term of the given clause (or the first), of each other clause the first, and of a count the
 * first so many. Nothing else. */
static void
make_minimal (const ChsRule *rule, int clause, int term)
{
  memset (&yes, 0, sizeof yes);
  for (int i = 0; i < CHS_RULE_CLAUSES && rule->all[i][0] != CHS_E_NONE; i++)
    chs_evidence_put (&yes, (ChsEvidence) rule->all[i][i == clause ? term : 0], true);
  for (int i = 0; i < rule->count_min; i++)
    chs_evidence_put (&yes, (ChsEvidence) rule->count[i], true);
}

/* Is clause i still met by another statement of the set? */
static bool
is_met_without (const ChsRule *rule, int i, uint8_t evidence)
{
  for (int k = 0; k < CHS_RULE_TERMS && rule->all[i][k] != CHS_E_NONE; k++)
    if (rule->all[i][k] != evidence && chs_evidence_has (&yes, (ChsEvidence) rule->all[i][k]))
      return true;
  return false;
}

/* clause 6.2 (alarm-standard 8, row 4): each rule fires with its minimal evidence, whichever term of a clause it is. */
START_TEST (clause_6_2_fires_with_its_minimal_evidence)
{
  look_at (_i);
  for (int clause = 0; clause < CHS_RULE_CLAUSES && rules[_i].all[clause][0] != CHS_E_NONE; clause++)
    for (int term = 0; term < CHS_RULE_TERMS && rules[_i].all[clause][term] != CHS_E_NONE; term++) {
      make_minimal (&rules[_i], clause, term);
      ck_assert_msg (eval () == CHS_TRUE, "%s, clause %d, term %d", rules[_i].id, clause, term);
    }
}
END_TEST

START_TEST (clause_6_2_is_silent_with_one_piece_missing_or_unknown)
{
  look_at (_i);
  for (int clause = 0; clause < CHS_RULE_CLAUSES && rules[_i].all[clause][0] != CHS_E_NONE; clause++)
    for (int term = 0; term < CHS_RULE_TERMS && rules[_i].all[clause][term] != CHS_E_NONE; term++) {
      uint8_t piece = rules[_i].all[clause][term];

      make_minimal (&rules[_i], clause, term);
      memset (&unknown, 0, sizeof unknown);
      if (is_met_without (&rules[_i], clause, piece))
        continue;
      chs_evidence_put (&yes, (ChsEvidence) piece, false);
      ck_assert_msg (eval () == CHS_FALSE, "%s without %s", rules[_i].id, chs_evidence_info ((ChsEvidence) piece)->id);
      chs_evidence_put (&unknown, (ChsEvidence) piece, true);
      ck_assert_msg (eval () == CHS_UNKNOWN, "%s with %s unknown", rules[_i].id, chs_evidence_info ((ChsEvidence) piece)->id);
    }
}
END_TEST

START_TEST (a_count_needs_all_of_its_number)
{
  look_at (_i);
  if (rules[_i].count_min == 0)
    return;
  make_minimal (&rules[_i], -1, 0);
  ck_assert_int_eq (eval (), CHS_TRUE);
  for (int k = 0; k < rules[_i].count_min; k++) {
    bool in_clause = false;

    make_minimal (&rules[_i], -1, 0);
    for (int c = 0; c < CHS_RULE_CLAUSES; c++)
      for (int t = 0; t < CHS_RULE_TERMS; t++)
        in_clause |= rules[_i].all[c][t] == rules[_i].count[k];
    chs_evidence_put (&yes, (ChsEvidence) rules[_i].count[k], false);
    ck_assert_msg (eval () == CHS_FALSE || in_clause, "%s without its %d-th sign", rules[_i].id, k);
  }
}
END_TEST

/* Unknown never counts as normal: what is true excludes, what is unknown does not. */
START_TEST (exclusions_need_to_be_true)
{
  look_at (_i);
  for (int k = 0; k < CHS_RULE_TERMS && rules[_i].none[k] != CHS_E_NONE; k++) {
    make_minimal (&rules[_i], -1, 0);
    memset (&unknown, 0, sizeof unknown);
    chs_evidence_put (&unknown, (ChsEvidence) rules[_i].none[k], true);
    ck_assert_msg (eval () == CHS_TRUE, "%s with %s unknown", rules[_i].id, chs_evidence_info ((ChsEvidence) rules[_i].none[k])->id);
    chs_evidence_put (&unknown, (ChsEvidence) rules[_i].none[k], false);
    chs_evidence_put (&yes, (ChsEvidence) rules[_i].none[k], true);
    ck_assert_msg (eval () == CHS_FALSE, "%s with %s", rules[_i].id, chs_evidence_info ((ChsEvidence) rules[_i].none[k])->id);
  }
}
END_TEST

/* Table 1 written down a second time, from the page and not from the code. */
START_TEST (clause_6_1_2_priority_is_that_of_table_1)
{
  static const struct {
    ChsHarm     harm;
    ChsOnset    onset;
    ChsPriority want;
  } rows[] = {
    { CHS_HARM_DEATH, CHS_ONSET_IMMEDIATE, CHS_PRIORITY_HIGH },       { CHS_HARM_DEATH, CHS_ONSET_PROMPT, CHS_PRIORITY_HIGH },
    { CHS_HARM_DEATH, CHS_ONSET_DELAYED, CHS_PRIORITY_MEDIUM },       { CHS_HARM_REVERSIBLE, CHS_ONSET_IMMEDIATE, CHS_PRIORITY_HIGH },
    { CHS_HARM_REVERSIBLE, CHS_ONSET_PROMPT, CHS_PRIORITY_MEDIUM },   { CHS_HARM_REVERSIBLE, CHS_ONSET_DELAYED, CHS_PRIORITY_LOW },
    { CHS_HARM_MINOR, CHS_ONSET_IMMEDIATE, CHS_PRIORITY_MEDIUM },     { CHS_HARM_MINOR, CHS_ONSET_PROMPT, CHS_PRIORITY_LOW },
    { CHS_HARM_MINOR, CHS_ONSET_DELAYED, CHS_PRIORITY_LOW },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    ck_assert_int_eq (chs_rule_priority (rows[i].harm, rows[i].onset), rows[i].want);
  look_at (_i);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].harm == rules[_i].harm && rows[i].onset == rules[_i].onset)
      ck_assert_msg (sets.priority == rows[i].want, "%s", rules[_i].id);
}
END_TEST

/* Rules that shared/clinical.md 5 and alarm-standard.md 2 state with their priority. */
START_TEST (published_priorities)
{
  static const struct {
    const char *rule;
    ChsPriority want;
  } rows[] = {
    { "reaction.skin_plus", CHS_PRIORITY_HIGH },    { "reaction.skin", CHS_PRIORITY_MEDIUM },
    { "lidocaine.sign", CHS_PRIORITY_HIGH },        { "ketamine.breath_spo2", CHS_PRIORITY_HIGH },
    { "ketamine.breath", CHS_PRIORITY_MEDIUM },     { "overload.established", CHS_PRIORITY_HIGH },
    { "overload.early", CHS_PRIORITY_MEDIUM },      { "magnesium.fall", CHS_PRIORITY_MEDIUM },
    { "magnesium.fall_severe", CHS_PRIORITY_HIGH }, { "magnesium.level", CHS_PRIORITY_MEDIUM },
    { "magnesium.soft_rate", CHS_PRIORITY_LOW },    { "magnesium.hard_rate", CHS_PRIORITY_MEDIUM },
    { "magnesium.hard_rate_2", CHS_PRIORITY_HIGH }, { "vasovagal.pressure", CHS_PRIORITY_MEDIUM },
    { "vasovagal.very_slow", CHS_PRIORITY_HIGH },   { "febrile.temperature", CHS_PRIORITY_MEDIUM },
    { "site.symptom", CHS_PRIORITY_MEDIUM },        { "site.trend", CHS_PRIORITY_LOW },
    { "line.occlusion", CHS_PRIORITY_MEDIUM },      { "monitor.link", CHS_PRIORITY_MEDIUM },
    { "pump.link", CHS_PRIORITY_LOW },              { "pump.link_drug", CHS_PRIORITY_MEDIUM },
    { "self.sound", CHS_PRIORITY_MEDIUM },          { "self.recording", CHS_PRIORITY_LOW },
    { "pulse.none", CHS_PRIORITY_HIGH },            { "volume.rate", CHS_PRIORITY_LOW },
  };
  bool found = false;

  rules = chs_rules (&n_rules);
  for (unsigned i = 0; i < n_rules; i++) {
    if (strcmp (rules[i].id, rows[_i].rule) != 0)
      continue;
    found = true;
    ck_assert_msg (chs_rule_priority ((ChsHarm) rules[i].harm, (ChsOnset) rules[i].onset) == rows[_i].want, "%s", rows[_i].rule);
  }
  ck_assert_msg (found, "%s is in the table", rows[_i].rule);
}
END_TEST

START_TEST (ids_are_whole_and_used_once)
{
  rules = chs_rules (&n_rules);
  ck_assert_msg (strlen (rules[_i].id) < sizeof ((ChsAlarm *) 0)->rule, "%s fits an alarm", rules[_i].id);
  ck_assert_msg (rules[_i].source != NULL && rules[_i].source[0] != '\0', "%s has a source", rules[_i].id);
  for (unsigned i = 0; i < n_rules; i++)
    ck_assert_msg ((int) i == _i || strcmp (rules[i].id, rules[_i].id) != 0, "%s stands twice", rules[_i].id);
}
END_TEST

/* clause 6.1.1 (row 1): every label has a rule, words and a priority; the document names it. */
START_TEST (clause_6_1_1_every_label_is_disclosed)
{
  g_autoptr (ChsProfile) profile = maker_profile ();
  g_autoptr (GString) document = g_string_new (NULL);
  const char *id = chs_label_id ((ChsLabel) _i);
  g_autofree char *row = g_strdup_printf ("| %s | ", id);

  ck_assert_msg (profile->text[_i].title[0] != '\0' && profile->text[_i].action[0] != '\0', "%s has words", id);
  chs_rules_to_markdown (profile, document);
  ck_assert_msg (strstr (document->str, row) != NULL, "%s stands in the document", id);
}
END_TEST

/* clause 6.2 (row 4): the document tells every rule and statement with numbers filled in. */
START_TEST (clause_6_2_the_document_is_complete)
{
  g_autoptr (ChsProfile) profile = maker_profile ();
  g_autoptr (GString) document = g_string_new (NULL), json = g_string_new (NULL);

  chs_rules_to_markdown (profile, document);
  chs_rules_to_json (profile, json);
  ck_assert_ptr_null (strchr (document->str, '{'));
  ck_assert_ptr_null (strstr (document->str, "nan"));
  ck_assert_ptr_nonnull (strstr (document->str, "## Signals"));
  ck_assert_ptr_nonnull (strstr (json->str, "\"longest_delay_s\":"));
  rules = chs_rules (&n_rules);
  for (unsigned i = 0; i < n_rules; i++) {
    ck_assert_msg (strstr (document->str, rules[i].id) != NULL, "%s", rules[i].id);
    ck_assert_msg (strstr (json->str, rules[i].id) != NULL, "%s", rules[i].id);
  }
  for (unsigned e = 1; e < CHS_N_EVIDENCE; e++)
    ck_assert_msg (strstr (document->str, chs_evidence_info ((ChsEvidence) e)->id) != NULL, "%s", chs_evidence_info ((ChsEvidence) e)->id);
}
END_TEST

START_TEST (every_statement_is_used_and_named_once)
{
  const char *id = chs_evidence_info ((ChsEvidence) _i)->id;
  ChsEvidenceSet used = { .word = { 0 } };
  const ChsGuard *guards;
  unsigned n;

  rules = chs_rules (&n_rules);
  for (unsigned i = 0; i < n_rules; i++) {
    chs_rule_compile (&rules[i], &sets);
    for (unsigned w = 0; w < CHS_EVIDENCE_WORDS; w++)
      used.word[w] |= sets.uses.word[w];
  }
  guards = chs_guards (&n);
  for (unsigned i = 0; i < n; i++)
    for (unsigned k = 0; k < CHS_RULE_TERMS; k++) {
      chs_evidence_put (&used, (ChsEvidence) guards[i].when[k], true);
      chs_evidence_put (&used, (ChsEvidence) guards[i].unless[k], true);
    }
  ck_assert_msg (chs_evidence_has (&used, (ChsEvidence) _i), "%s is asked by nobody", id);
  for (unsigned e = 1; e < CHS_N_EVIDENCE; e++)
    ck_assert_msg ((int) e == _i || strcmp (chs_evidence_info ((ChsEvidence) e)->id, id) != 0, "%s stands twice", id);
}
END_TEST

/* ---- the table, rule by rule, through the engine ---- */

static int the_rule;

static bool
is_label_raised (const Maker *maker, uint8_t label)
{
  return maker_condition (maker, (ChsLabel) label)->state >= CHS_ALARM_STATE_ACTIVE;
}

/* The engine sees exactly the statements of @yes and @unknown, for as long as the rule wants; nothing else is looked at. */
static void
let_stand (Maker *maker)
{
  ChsState *s = &maker->engine->state;
  int64_t delay_us = (int64_t) (maker->engine->profile->value[rules[the_rule].delay] * 1e6);

  maker->engine->func = maker_on_said;
  maker->engine->user_data = maker;
  for (int i = 0; i < 2; i++) {
    s->yes = yes;
    s->unknown = unknown;
    memset (&s->changed, 0xff, sizeof s->changed);
    chs_engine_alarms (maker->engine);
    s->now_us += delay_us + CHS_SECOND;
  }
}

/* Raised itself, or stood for by a hazard of at least its priority that covers it. */
static bool
is_told (const Maker *maker, const ChsRule *rule)
{
  ChsPriority priority = chs_rule_priority ((ChsHarm) rule->harm, (ChsOnset) rule->onset);

  for (unsigned i = 1; i < CHS_N_LABELS; i++) {
    const ChsCondition *condition = maker_condition (maker, (ChsLabel) i);

    if (condition->state >= CHS_ALARM_STATE_ACTIVE && condition->priority >= priority && (i == rule->label || !is_label_raised (maker, rule->label)))
      return true;
  }
  return false;
}

/* Each rule of the table alarms with its least evidence; with one piece missing or unknown this rule does not. */
START_TEST (clause_6_2_the_engine_alarms_with_the_least_evidence)
{
  Maker maker;
  ChsEvidenceSet whole;

  look_at (_i);
  the_rule = _i;
  make_minimal (&rules[_i], -1, 0);
  whole = yes;
  maker_init (&maker);
  let_stand (&maker);
  ck_assert_msg (is_told (&maker, &rules[_i]), "%s", rules[_i].id);
  maker_clear (&maker);
  for (unsigned e = 1; e < CHS_N_EVIDENCE; e++)
    for (int is_unknown = 0; is_unknown < 2 && chs_evidence_has (&whole, (ChsEvidence) e); is_unknown++) {
      yes = whole;
      memset (&unknown, 0, sizeof unknown);
      chs_evidence_put (&yes, (ChsEvidence) e, false);
      chs_evidence_put (&unknown, (ChsEvidence) e, is_unknown != 0);
      maker_init (&maker);
      let_stand (&maker);
      ck_assert_msg (!maker.engine->state.rule_on[_i], "%s with %s %s", rules[_i].id, chs_evidence_info ((ChsEvidence) e)->id,
                     is_unknown ? "unknown" : "missing");
      maker_clear (&maker);
    }
}
END_TEST

/* What a rule looks at and cannot be told is named by what it is read from. */
START_TEST (what_is_unknown_is_named)
{
  Maker maker;

  look_at (_i);
  the_rule = _i;
  for (unsigned e = 1; e < CHS_N_EVIDENCE; e++) {
    ChsInput input = chs_evidence_info ((ChsEvidence) e)->input;

    make_minimal (&rules[_i], -1, 0);
    memset (&unknown, 0, sizeof unknown);
    if (!chs_evidence_has (&sets.uses, (ChsEvidence) e) || chs_evidence_has (&yes, (ChsEvidence) e) || input == CHS_INPUT_NONE)
      continue;
    chs_evidence_put (&unknown, (ChsEvidence) e, true);
    maker_init (&maker);
    let_stand (&maker);
    if (is_label_raised (&maker, rules[_i].label))
      ck_assert_msg (strstr (maker_last (&maker, (ChsLabel) rules[_i].label)->missing, chs_input_id (input)) != NULL, "%s: %s is unknown, told is \"%s\"",
                     rules[_i].id, chs_evidence_info ((ChsEvidence) e)->id, maker_last (&maker, (ChsLabel) rules[_i].label)->missing);
    maker_clear (&maker);
  }
}
END_TEST

/* An alarm stays when its evidence can no longer be told, and none begins by that: covered ones, when the cover is over. */
START_TEST (what_cannot_be_told_begins_nothing)
{
  Maker maker;

  look_at (_i);
  the_rule = _i;
  make_minimal (&rules[_i], -1, 0);
  maker_init (&maker);
  let_stand (&maker);
  if (is_label_raised (&maker, rules[_i].label)) {
    for (unsigned e = 1; e < CHS_N_EVIDENCE; e++)
      chs_evidence_put (&unknown, (ChsEvidence) e, chs_evidence_has (&yes, (ChsEvidence) e));
    memset (&yes, 0, sizeof yes);
    let_stand (&maker);
    ck_assert_msg (maker_condition (&maker, (ChsLabel) rules[_i].label)->state == CHS_ALARM_STATE_ACTIVE, "%s stays", rules[_i].id);
    maker.engine->state.conditions[rules[_i].label].state = CHS_ALARM_STATE_IDLE;
    let_stand (&maker);
    ck_assert_msg (maker_condition (&maker, (ChsLabel) rules[_i].label)->state == CHS_ALARM_STATE_IDLE, "%s does not begin", rules[_i].id);
  }
  maker_clear (&maker);
}
END_TEST

static Suite *
rules_suite (void)
{
  Suite *suite = suite_create ("rules");
  TCase *tc = tcase_create ("rules");
  unsigned n;

  chs_rules (&n);
  tcase_add_loop_test (tc, clause_6_2_fires_with_its_minimal_evidence, 0, (int) n);
  tcase_add_loop_test (tc, clause_6_2_is_silent_with_one_piece_missing_or_unknown, 0, (int) n);
  tcase_set_timeout (tc, 60);
  tcase_add_loop_test (tc, clause_6_2_the_engine_alarms_with_the_least_evidence, 0, (int) n);
  tcase_add_loop_test (tc, what_is_unknown_is_named, 0, (int) n);
  tcase_add_loop_test (tc, what_cannot_be_told_begins_nothing, 0, (int) n);
  tcase_add_loop_test (tc, a_count_needs_all_of_its_number, 0, (int) n);
  tcase_add_loop_test (tc, exclusions_need_to_be_true, 0, (int) n);
  tcase_add_loop_test (tc, clause_6_1_2_priority_is_that_of_table_1, 0, (int) n);
  tcase_add_loop_test (tc, published_priorities, 0, 26);
  tcase_add_loop_test (tc, ids_are_whole_and_used_once, 0, (int) n);
  tcase_add_loop_test (tc, clause_6_1_1_every_label_is_disclosed, CHS_LABEL_NONE + 1, CHS_N_LABELS);
  tcase_add_test (tc, clause_6_2_the_document_is_complete);
  tcase_add_loop_test (tc, every_statement_is_used_and_named_once, CHS_E_NONE + 1, CHS_N_EVIDENCE);
  suite_add_tcase (suite, tc);
  return suite;
}

CHS_CHECK_MAIN (rules_suite)

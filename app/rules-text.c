/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/rules-text.h"

#include "app/event-json.h"
#include "app/profile-private.h"
#include "app/rules.h"

#include <string.h>

static const char *const harms[] = { "minor injury or discomfort", "reversible injury", "death or irreversible injury" };
static const char *const onsets[] = { "immediate", "prompt", "delayed" };

static void
add_key (GString *out, const ChsProfile *profile, const char *name)
{
  ChsKey key = chs_key_from_name (name);
  const ChsKeyInfo *info = chs_key_info (key);
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%g", profile->value[key]);
  g_string_append (out, number);
  if (info->unit != CHS_UNIT_ONE)
    g_string_append_printf (out, " %s", chs_unit_info (info->unit)->label);
}

/* The words of a statement with the profile's numbers in them. */
static char *
dup_statement (const ChsProfile *profile, const ChsEvidenceInfo *info)
{
  GString *text = g_string_new (NULL);

  for (const char *p = info->text; *p != '\0'; p++) {
    const char *end = *p == '{' ? strchr (p, '}') : NULL;
    g_autofree char *name = end != NULL ? g_strndup (p + 1, (gsize) (end - p - 1)) : NULL;

    if (end == NULL) {
      g_string_append_c (text, *p);
      continue;
    }
    add_key (text, profile, name);
    p = end;
  }
  if (info->hold != CHS_KEY_NONE) {
    g_string_append (text, "; for ");
    add_key (text, profile, chs_key_info (info->hold)->name);
  }
  return g_string_free (text, FALSE);
}

static char *
dup_terms (const uint8_t *terms, const char *between)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < CHS_RULE_TERMS && terms[i] != CHS_E_NONE; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? between : "", chs_evidence_info ((ChsEvidence) terms[i])->id);
  return g_string_free (text, FALSE);
}

/* "C-INF and (E-BP20 or E-SPO2), not E-BPUP" */
static char *
dup_expression (const ChsRule *rule)
{
  GString *text = g_string_new (NULL);
  g_autofree char *none = dup_terms (rule->none, ", ");
  g_autofree char *count = dup_terms (rule->count, ", ");

  for (guint i = 0; i < CHS_RULE_CLAUSES && rule->all[i][0] != CHS_E_NONE; i++) {
    g_autofree char *clause = dup_terms (rule->all[i], " or ");
    gboolean many = rule->all[i][1] != CHS_E_NONE;

    g_string_append_printf (text, "%s%s%s%s", i > 0 ? " and " : "", many ? "(" : "", clause, many ? ")" : "");
  }
  if (rule->count_min > 0)
    g_string_append_printf (text, " and at least %u of (%s)", rule->count_min, count);
  if (none[0] != '\0')
    g_string_append_printf (text, ", not (%s)", none);
  return g_string_free (text, FALSE);
}

/* Longest that a rule waits from its condition to its alarm: holds run beside each other, then its own delay. The time that
 * a window of values needs to follow comes on top; it is in the words of the statement. */
static double
longest_delay_s (const ChsProfile *profile, const ChsRule *rule)
{
  double hold = 0;

  for (guint i = 0; i < CHS_RULE_CLAUSES; i++)
    for (guint k = 0; k < CHS_RULE_TERMS && rule->all[i][k] != CHS_E_NONE; k++)
      hold = MAX (hold, profile->value[chs_evidence_info ((ChsEvidence) rule->all[i][k])->hold]);
  for (guint k = 0; k < CHS_RULE_TERMS && rule->count[k] != CHS_E_NONE; k++)
    hold = MAX (hold, profile->value[chs_evidence_info ((ChsEvidence) rule->count[k])->hold]);
  return hold + profile->value[rule->delay];
}

/* A HIGH of the patient stays until it is acknowledged; what is about the equipment never does. */
static gboolean
is_latching (const ChsRule *rule)
{
  return chs_rule_priority ((ChsHarm) rule->harm, (ChsOnset) rule->onset) == CHS_PRIORITY_HIGH && !(rule->flags & CHS_RULE_TECHNICAL);
}

static char *
dup_delay (const ChsProfile *profile, const ChsRule *rule)
{
  GString *text = g_string_new (NULL);
  double delay_s = longest_delay_s (profile, rule);

  if (delay_s > 0)
    g_string_append_printf (text, "at most %d s", (int) (delay_s + 0.5));
  if (rule->sustain != CHS_KEY_NONE) {
    g_string_append (text, text->len > 0 ? "; stands " : "stands ");
    add_key (text, profile, chs_key_info (rule->sustain)->name);
  }
  return g_string_free (text, FALSE);
}

static const char *
priority_of (const ChsRule *rule)
{
  return chs_priority_id (chs_rule_priority ((ChsHarm) rule->harm, (ChsOnset) rule->onset));
}

/* ---- markdown ---- */

static void
add_rules (GString *out, const ChsProfile *profile)
{
  const ChsRule *rules;
  unsigned n;

  rules = chs_rules (&n);
  g_string_append (out, "## Rules\n\nA label is alarmed at the highest priority of its rules. Priority is that of IEC 60601-1-8, Table 1, for harm and onset.\n\n"
                        "| Rule | Label | Priority | Harm, onset | Latches | When | Delay | Source |\n|---|---|---|---|---|---|---|---|\n");
  for (guint i = 0; i < n; i++) {
    g_autofree char *expression = dup_expression (&rules[i]), *delay = dup_delay (profile, &rules[i]);

    g_string_append_printf (out, "| %s | %s | %s | %s, %s | %s | %s | %s | %s |\n", rules[i].id, chs_label_id ((ChsLabel) rules[i].label),
                            priority_of (&rules[i]), harms[rules[i].harm], onsets[rules[i].onset], is_latching (&rules[i]) ? "yes" : "no", expression, delay, rules[i].source);
  }
}

static void
add_statements (GString *out, const ChsProfile *profile)
{
  g_string_append (out, "\n## Evidence\n\nTrue, false or unknown. Unknown makes no rule true and excludes no hazard; the alarm names what is missing.\n\n"
                        "| Id | Read from | True when |\n|---|---|---|\n");
  for (guint e = CHS_E_NONE + 1; e < CHS_N_EVIDENCE; e++) {
    const ChsEvidenceInfo *info = chs_evidence_info ((ChsEvidence) e);
    g_autofree char *text = dup_statement (profile, info);

    g_string_append_printf (out, "| %s | %s | %s |\n", info->id, chs_input_id (info->input), text);
  }
}

static void
add_arbitration (GString *out)
{
  const ChsGuard *guards;
  const ChsCover *covers;
  unsigned n;

  g_string_append (out, "\n## Between labels\n\n| Held back | while | unless | because |\n|---|---|---|---|\n");
  guards = chs_guards (&n);
  for (guint i = 0; i < n; i++) {
    g_autofree char *when = dup_terms (guards[i].when, " or "), *unless = dup_terms (guards[i].unless, " or ");

    g_string_append_printf (out, "| %s | %s | %s | %s |\n", chs_label_id ((ChsLabel) guards[i].label), when, unless, guards[i].why);
  }
  g_string_append (out, "\n| Hazard | stands for, at their priority where it is higher |\n|---|---|\n");
  covers = chs_covers (&n);
  for (guint i = 0; i < n; i++) {
    g_string_append_printf (out, "| %s |", chs_label_id ((ChsLabel) covers[i].label));
    for (guint k = 0; k < G_N_ELEMENTS (covers[i].covered) && covers[i].covered[k] != 0; k++)
      g_string_append_printf (out, "%s %s", k > 0 ? "," : "", chs_label_id ((ChsLabel) covers[i].covered[k]));
    g_string_append (out, " |\n");
  }
}

static void
add_numbers (GString *out, const ChsProfile *profile)
{
  g_string_append (out, "\n## Numbers\n\n| Key | Value | Safe range | Source |\n|---|---|---|---|\n");
  for (guint key = CHS_KEY_NONE + 1; key < CHS_N_KEYS; key++) {
    const ChsKeyInfo *info = chs_key_info ((ChsKey) key);
    char least[G_ASCII_DTOSTR_BUF_SIZE], most[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf (out, "| %s | ", info->name);
    add_key (out, profile, info->name);
    g_string_append_printf (out, " | %s to %s | %s |\n", g_ascii_formatd (least, sizeof least, "%g", info->least),
                            g_ascii_formatd (most, sizeof most, "%g", info->most), profile->source[key]);
  }
}

static void
add_words (GString *out, const ChsProfile *profile)
{
  g_string_append (out, "\n## Words\n\n| Label | Reads | First actions |\n|---|---|---|\n");
  for (guint i = CHS_LABEL_NONE + 1; i < CHS_N_LABELS; i++) {
    const ChsLabelText *text = &profile->text[i];

    g_string_append_printf (out, "| %s | %s | %s |\n", chs_label_id ((ChsLabel) i), text->title, text->action);
    if (text->title_high[0] != '\0')
      g_string_append_printf (out, "| %s, HIGH | %s | %s |\n", chs_label_id ((ChsLabel) i), text->title_high, text->action_high);
  }
}

/* How conditions become signals: what holds for every rule. */
static void
add_signals (GString *out, const ChsProfile *profile)
{
  static const struct {
    const char *before, *key, *after;
  } lines[] = {
    { "A condition is shown, and sounds, with the event that determines it (generation delay below 1 s). It ends when it has been false for ", "alarm.clear_hold", "." },
    { "A HIGH that latches stays until it is acknowledged; it is gone when false for ", "alarm.high_clear_hold", "." },
    { "A MEDIUM signals for at least ", "alarm.medium_min", "." },
    { "True again within ", "alarm.same", ", it is the same condition." },
    { "Raised often, it is held for ", "alarm.flap_hold", " before it ends." },
    { "AUDIO PAUSED: what sounds now, for at most ", "alarm.audio_pause", "; a new condition, an escalation and a re-occurrence sound at once." },
    { "An acknowledgement of MEDIUM or HIGH ends when the condition lasts for ", "alarm.ack_expire", "; an escalation ends it at once." },
    { "Reminder while a HIGH is acknowledged or AUDIO OFF is on, every ", "alarm.reminder", "." },
    { "AUDIO OFF (LOW and MEDIUM; technician's PIN) is offered: ", "alarm.audio_off", " (0 no, 1 yes)." },
    { "ALARM OFF (LOW and MEDIUM limits of one parameter; technician's PIN) is offered: ", "alarm.alarm_off", " (0 no, 1 yes)." },
    { "ALARM PAUSED before a session, and a break of sensor alarms, for at most ", "alarm.break_max", "; a HIGH breaks through." },
    { "Not acknowledged, a MEDIUM sounds more often after ", "alarm.medium_urgent", "." },
    { "Not acknowledged, a HIGH sounds more often after ", "alarm.high_urgent", "." },
  };

  g_string_append (out, "\n## Signals\n\n");
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_string_append_printf (out, "- %s", lines[i].before);
    add_key (out, profile, lines[i].key);
    g_string_append_printf (out, "%s\n", lines[i].after);
  }
}

void
chs_rules_to_markdown (const ChsProfile *profile, GString *out)
{
  g_string_append_printf (out, "# Alarm rules of Chairside: profile %s, version %s\n\nReviewed by: %s. Generated by `chairside-tool rules`.\n\n",
                          profile->name, profile->version, profile->reviewed_by[0] != '\0' ? profile->reviewed_by : "nobody yet");
  add_rules (out, profile);
  add_statements (out, profile);
  add_arbitration (out);
  add_signals (out, profile);
  add_numbers (out, profile);
  add_words (out, profile);
}

/* ---- JSON lines ---- */

static void
add_rule_json (GString *out, const ChsProfile *profile, const ChsRule *rule)
{
  g_autofree char *expression = dup_expression (rule);

  g_string_append_c (out, '{');
  chs_json_text (out, "type", "rule");
  chs_json_text (out, "rule", rule->id);
  chs_json_text (out, "label", chs_label_id ((ChsLabel) rule->label));
  chs_json_text (out, "priority", priority_of (rule));
  chs_json_text (out, "harm", harms[rule->harm]);
  chs_json_text (out, "onset", onsets[rule->onset]);
  chs_json_text (out, "when", expression);
  chs_json_number (out, "delay_s", profile->value[rule->delay]);
  chs_json_number (out, "sustain_s", profile->value[rule->sustain]);
  chs_json_number (out, "longest_delay_s", longest_delay_s (profile, rule));
  chs_json_number (out, "latching", is_latching (rule));
  chs_json_text (out, "source", rule->source);
  g_string_append (out, "}\n");
}

static void
add_statement_json (GString *out, const ChsProfile *profile, const ChsEvidenceInfo *info)
{
  g_autofree char *text = dup_statement (profile, info);

  g_string_append_c (out, '{');
  chs_json_text (out, "type", "evidence");
  chs_json_text (out, "id", info->id);
  chs_json_text (out, "input", chs_input_id (info->input));
  chs_json_number (out, "hold_s", profile->value[info->hold]);
  chs_json_text (out, "text", text);
  g_string_append (out, "}\n");
}

static void
add_number_json (GString *out, const ChsProfile *profile, ChsKey key)
{
  const ChsKeyInfo *info = chs_key_info (key);

  g_string_append_c (out, '{');
  chs_json_text (out, "type", "number");
  chs_json_text (out, "key", info->name);
  chs_json_number (out, "value", profile->value[key]);
  chs_json_text (out, "unit", chs_unit_info (info->unit)->ucum);
  chs_json_number (out, "least", info->least);
  chs_json_number (out, "most", info->most);
  chs_json_text (out, "source", profile->source[key]);
  g_string_append (out, "}\n");
}

void
chs_rules_to_json (const ChsProfile *profile, GString *out)
{
  const ChsRule *rules;
  unsigned n;

  rules = chs_rules (&n);
  for (guint i = 0; i < n; i++)
    add_rule_json (out, profile, &rules[i]);
  for (guint e = CHS_E_NONE + 1; e < CHS_N_EVIDENCE; e++)
    add_statement_json (out, profile, chs_evidence_info ((ChsEvidence) e));
  for (guint key = CHS_KEY_NONE + 1; key < CHS_N_KEYS; key++)
    add_number_json (out, profile, (ChsKey) key);
}

const char *
chs_rules_title (const ChsProfile *profile, const char *id)
{
  unsigned n;
  const ChsRule *rules = chs_rules (&n);

  for (unsigned i = 0; i < n; i++)
    if (strcmp (rules[i].id, id) == 0)
      return chs_profile_title (profile, (ChsLabel) rules[i].label, chs_rule_priority (rules[i].harm, rules[i].onset));
  return "";
}

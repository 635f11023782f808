/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/profile.h"

/* The disclosure that IEC 60601-1-8 asks of an intelligent alarm system, generated
 * from the same tables that run: every rule with its evidence, delays, priority and
 * source, every statement with the numbers in force. */

/**
 * chs_rules_to_markdown:
 * @profile: numbers and words
 * @out: a document is appended
 */
void chs_rules_to_markdown (const ChsProfile *profile, GString *out);

/**
 * chs_rules_to_json:
 * @profile: numbers and words
 * @out: one line for each statement, rule, guard, cover and number is appended
 */
void chs_rules_to_json (const ChsProfile *profile, GString *out);

/**
 * chs_rules_title:
 * @profile: whose words
 * @id: of a rule, "bp.drop"
 *
 * Returns: (transfer none): what its alarm says, English, marked for translation; "" when there is no such rule
 */
const char *chs_rules_title (const ChsProfile *profile, const char *id);

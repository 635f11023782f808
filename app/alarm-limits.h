/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/profile.h"

/* Alarm limits that a session may have of its own: SETUP keys "limit.<PARAM>.<low|high>".
 *
 * The safe range is that of the profile key which the limit stands in for
 * (app/profile-private.h): no nurse and no screen can set a limit that a profile could
 * not have. It is asked twice: before a command is journalled (app/command-check.h), and by
 * the engine itself, so that a recording made elsewhere cannot switch an alarm off by an
 * absurd number either (IEC 60601-1-8, 6.6.2.3).
 *
 * An empty value gives the limit back to the profile. */

typedef struct {
  const char *key;         /* "limit.HR.high" */
  const char *profile_key; /* whose safe range bounds it, "limit.hr_high" */
  uint8_t     param;       /* ChsParam */
  bool        is_high;
} ChsLimitInfo;

typedef enum {
  CHS_LIMIT_GOOD = 0,
  CHS_LIMIT_UNKNOWN,   /* there is no such limit */
  CHS_LIMIT_NO_NUMBER, /* text that is no number */
  CHS_LIMIT_TOO_LOW,   /* below the safe range; bound: its lower end */
  CHS_LIMIT_TOO_HIGH,  /* above it; bound: its upper end */
  CHS_LIMIT_CROSSED,   /* in the range, but beyond the extreme limit that alarms in HIGH; bound: that limit */
} ChsLimitVerdict;

/**
 * chs_limit_infos:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): every limit that can be set for a session, in the order of a limits page
 */
const ChsLimitInfo *chs_limit_infos (unsigned *n);

/**
 * chs_limit_find:
 * @key: "limit.HR.high"
 *
 * Returns: (transfer none) (nullable): its row
 */
const ChsLimitInfo *chs_limit_find (const char *key);

/**
 * chs_limit_range:
 * @info: a limit
 * @least: (out): lower end of the safe range, inclusive
 * @most: (out): upper end, inclusive
 *
 * Units:   the parameter's
 * Source:  safe ranges in app/profile-private.h
 */
void chs_limit_range (const ChsLimitInfo *info, double *least, double *most);

/**
 * chs_limit_judge:
 * @profile: (nullable): in force; NULL = extreme limits are not looked at
 * @key: a key
 * @value: text in the C locale; "" = as the profile says
 * @number: (out): the number; NAN for ""; untouched unless GOOD
 * @bound: (out): what it offends against, NAN where there is no such number
 *
 * Thread:  any; no allocation
 *
 * Returns: whether the limit can be set, or why not
 */
ChsLimitVerdict chs_limit_judge (const ChsProfile *profile, const char *key, const char *value, double *number, double *bound);

/**
 * chs_limit_dup_reason:
 * @key: as judged
 * @value: as judged
 * @verdict: of chs_limit_judge(), not GOOD
 * @bound: of chs_limit_judge()
 *
 * English, for commands and logs: what cannot be, why, and what can be. The screen says it in its own language with
 * chs_say_limit_refusal().
 *
 * Returns: (transfer full): "limit.HR.high cannot be 580 /min: the safe range is 100 to 160 /min"
 */
char *chs_limit_dup_reason (const char *key, const char *value, ChsLimitVerdict verdict, double bound) G_GNUC_WARN_UNUSED_RESULT;

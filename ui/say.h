/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"
#include "app/due.h"
#include "app/alarm-limits.h"
#include "ui/scene.h"

/* What the screen says in words, in the language of the nurse: states, links,
 * alarms, pumps. For labels, keys, pages and the accessible tree; the drawing
 * functions have their own words for what they draw.
 *
 * All texts returned are translated. */

const char *chs_say_phase (guint8 phase);      /* ChsPhase: "Infusing" */
const char *chs_say_priority (guint8 priority); /* ChsPriority: "high priority" */
const char *chs_say_priority_word (guint8 priority); /* the same in one word, for a narrow field; "" for none */
const char *chs_say_link_state (guint8 state); /* ChsLinkState: "silent" */

/* "monitor ●" while it is up, otherwise its state in a word: "pump 1 ✗ lost". Returns: (transfer full) */
char *chs_say_link (const ChsLinkInfo *link, const ChsTheme *theme);

/* "sound ●", or the pause counting down: "paused 1:47". Returns: (transfer full) */
char *chs_say_audio (const ChsAnnunciation *heard, int64_t now_us);

/* "1:47", "12:05", "1:02:03". Returns: (transfer full) */
char *chs_say_countdown (int64_t left_us);

/* "40 s", "3 min", "1 h 05 min". Returns: (transfer full) */
char *chs_say_age (int64_t age_us);

/* What is due next but the look at the site (app/due.h): "cuff in 2:10", "cuff due 1:05 ago", "250 mL/h in 4:00". Returns:
 * (transfer full) (nullable): NULL before an infusion and after the observation */
char *chs_say_due (ChsScene *scene);

/* The same of one kind. Returns: (transfer full) (nullable) */
char *chs_say_due_of (ChsScene *scene, ChsDueKind kind);

/* The planned steps of the rate: "150 mL/h, 250 from 15 min". Returns: (transfer full) (nullable): NULL without steps */
char *chs_say_plan (const ChsTherapy *therapy);

/* The words of a symptom id; the id itself when it is not in the table. */
const char *chs_say_symptom (const char *id);

/* Whether a condition of this label is active, acknowledged or latched. */
gboolean chs_say_has_alarm (const ChsEngine *engine, ChsLabel label);

/* ---- limits of the session ---- */

/* "Heart rate, high limit". Returns: (transfer full) */
char *chs_say_limit (const ChsLimitInfo *info);

/* Why a limit cannot be set, and what can be (as chs_limit_judge() found it). Returns: (transfer full) */
char *chs_say_limit_refusal (const char *key, const char *value, ChsLimitVerdict verdict, double bound);

/* ---- what the monitor says ---- */

/**
 * chs_say_reason:
 * @text: in English, as the monitor refuses something, a link tells why it is down, or an old recording has it
 *
 * What is not known of it (addresses, names, numbers) stays as it is.
 *
 * Returns: (transfer full): the same in the language of the screen
 */
char *chs_say_reason (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* What became of a question to the monitor: why it was refused, else @done, which is translated. Returns: (transfer full) */
char *chs_say_outcome (const char *refused, const char *done) G_GNUC_WARN_UNUSED_RESULT;

/* ---- alarms ---- */

/* The title of an alarm: "Fast pulse". Returns: (transfer full) */
char *chs_say_alarm_title (ChsScene *scene, const ChsActiveAlarm *active);

/* All of it in one breath, for the accessible tree: "high priority: Fast pulse. 134 /min. Look at the patient."
 * Returns: (transfer full) */
char *chs_say_alarm (ChsScene *scene, const ChsActiveAlarm *active);

/* A number of an alarm in the unit of its parameter, "" when it is absent. Returns: (transfer full) */
char *chs_say_alarm_value (const ChsAlarm *alarm, double value);

/* The evidence of an alarm, a comma list of ids, in words. Returns: (transfer full) */
char *chs_say_evidence (const char *ids);

/* What would end this alarm, with the numbers in force. Returns: (transfer full) */
char *chs_say_clearing (ChsScene *scene, const ChsActiveAlarm *active);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/alarm-track.h"

/* What alarms cost a ward: how many conditions an hour of a chair, by rule and by priority, and how many of them were
 * acknowledged in time; over many sessions, and beside another set of numbers over the same sessions. */

#define CHS_BURDEN_ACK_US (30 * G_USEC_PER_SEC) /* IEC 60601-1-8 has no number; own choice: somebody was there */

typedef struct _ChsBurden ChsBurden;

ChsBurden *chs_burden_new (void) G_GNUC_WARN_UNUSED_RESULT; /* of no session yet */
void       chs_burden_free (ChsBurden *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsBurden, chs_burden_free)

/**
 * chs_burden_add:
 * @self: a burden
 * @track: alarms of one session
 * @compared: (nullable): alarms of the same session with the other numbers; given for every session or for none
 */
void chs_burden_add (ChsBurden *self, const ChsAlarmTrack *track, const ChsAlarmTrack *compared);

/**
 * chs_burden_print:
 * @self: a burden
 * @out: JSON lines are appended
 *
 *   {"type":"burden","rule":"bp.fall","alarms":3,"per_h":0.4,"high":1,"medium":2,"low":0}   each rule, by name
 *   {"type":"burden","priority":"high","alarms":1,"per_h":0.1,"acknowledged_30s":0.5}       each priority, and "all"
 *
 * and where there is something to compare with, in each line "compared" and "compared_per_h".
 */
void chs_burden_print (const ChsBurden *self, GString *out);

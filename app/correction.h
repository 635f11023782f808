/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"
#include "data/event.h"

/* Corrections: everything can be corrected, nothing is erased. A NURSE CORRECTION event names the entry by its seq:
 *
 *   at_us = CHS_TIME_NONE   the entry is taken back; of phases only the newest one that stands, and the phase before goes on as if
 *                           nothing had been touched, its time included
 *   at_us                   the entry stands, but of that time
 *
 * what is the id of a reason below, or "" where none was asked (an item of a checklist unticked); text is what was typed.
 * Engine, screen and report all fold the same event, so a replay is as the session was. */

typedef struct {
  const char *id;
  const char *label; /* English, marked for translation */
} ChsReason;

/**
 * chs_reasons:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): why an entry can have been wrong, the most frequent first
 */
const ChsReason *chs_reasons (unsigned *n);

/**
 * chs_reason_label:
 * @id: of a reason
 *
 * Returns: its words, English, marked for translation; @id itself when there is none of that name
 */
const char *chs_reason_label (const char *id);

/**
 * chs_correction_check:
 * @engine: of the session
 * @nurse: a CORRECTION
 * @why: (out): when it cannot be, why, in English, marked for translation
 *
 * Refused: a phase that is not the newest one, a phase moved to before the one that it followed, a reason that is none.
 *
 * Returns: whether it can be taken
 */
bool chs_correction_check (const ChsEngine *engine, const ChsNurse *nurse, const char **why);

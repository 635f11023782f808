/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene.h"

/* Reactions, as the journal tells of them: NURSE REACTION with "begin" and "end". */

typedef struct {
  int64_t begin_us; /* CHS_TIME_NONE = there was none */
  int64_t end_us;   /* CHS_TIME_NONE = it goes on */
} ChsReaction;

/**
 * chs_reaction_find_last:
 * @model: a model
 *
 * Returns: the last reaction of the session that was not taken back
 */
ChsReaction chs_reaction_find_last (const ChsChairModel *model);

gboolean chs_reaction_is_on (const ChsReaction *self); /* it began and goes on */

/* Both return whether it could be handed over. */
gboolean chs_reaction_begin (ChsScene *scene);
gboolean chs_reaction_end (ChsScene *scene);

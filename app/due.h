/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/chair-model.h"

/* What is due next at the chair while something is infused: a pressure by cuff, a look at the IV site, a sedation
 * score, the next planned step of the rate. Worked out from the model each time: nothing is kept, so a screen that
 * was started again says the same. No alarm comes of it; what is overdue by much is the engine's business.
 *
 * Intervals: the therapy's and the group "due" of the alarm profile. */

typedef enum {
  CHS_DUE_CUFF,     /* from the infusion to the end of the observation; not with an arterial line */
  CHS_DUE_SITE,     /* from the infusion to the end of the observation: looked at when it begins, after a while, then regularly */
  CHS_DUE_SEDATION, /* once ketamine was given */
  CHS_DUE_STEP,     /* while a pump with planned steps runs */
  CHS_N_DUES
} ChsDueKind;

typedef struct {
  uint8_t kind;       /* ChsDueKind */
  int64_t at_us;      /* session time; in the past: overdue since then */
  double  rate_ml_h;  /* of the step; NAN otherwise */
  uint8_t source, channel; /* pump of the step; 0 otherwise */
} ChsDue;

/**
 * chs_due_get:
 * @model: a chair
 * @kind: what is asked for
 * @now_us: session time of the question
 * @out: (out): set only on %TRUE
 *
 * Of several pumps with steps the earliest counts. A step is overdue while its pump runs slower than planned by more
 * than `dose.plan_slack`; one that runs faster is an alarm, and not due. No step is due in a reaction, while the
 * infusion is held, or under an alarm of MEDIUM or HIGH priority: nobody is told to turn a pump up then.
 *
 * Thread:  the model's
 *
 * Returns: whether something of this kind is due at all
 */
gboolean chs_due_get (const ChsChairModel *model, ChsDueKind kind, int64_t now_us, ChsDue *out);

/**
 * chs_due_get_step:
 * @model: a chair
 * @dose: a pump of it, from chs_engine_get_doses()
 * @now_us: session time of the question
 * @out: (out): set only on %TRUE
 *
 * Returns: whether a planned step of this pump is due, now or later
 */
gboolean chs_due_get_step (const ChsChairModel *model, const ChsDose *dose, int64_t now_us, ChsDue *out);

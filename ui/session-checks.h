/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session-step.h"

/* What is asked before an infusion, and before the patient goes home: the list of every session and those of the
 * therapy. From the observation on the second one is shown; a touch shows the other. A tick is a NURSE DONE event; a
 * second touch takes it back. */

typedef enum {
  CHS_CHECKS_BEFORE,    /* app/checklist.h: prechecks */
  CHS_CHECKS_DISCHARGE, /* and discharge */
  CHS_N_CHECKS
} ChsChecks;

#define CHS_TYPE_SESSION_CHECKS (chs_session_checks_get_type ())
G_DECLARE_FINAL_TYPE (ChsSessionChecks, chs_session_checks, CHS, SESSION_CHECKS, ChsSessionStep)

/**
 * chs_session_checks_dup_missing:
 * @self: the step
 * @which: of the two lists
 *
 * Returns: (transfer full) (nullable): names of the items that should stop a start, or a close, and are not ticked; NULL when all are
 */
char *chs_session_checks_dup_missing (ChsSessionChecks *self, ChsChecks which);

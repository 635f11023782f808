/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session-step.h"

/* What is asked before an infusion: the list of every session and those of the
 * therapy. A tick is a NURSE DONE event; a second touch takes it back. */

#define CHS_TYPE_SESSION_CHECKS (chs_session_checks_get_type ())
G_DECLARE_FINAL_TYPE (ChsSessionChecks, chs_session_checks, CHS, SESSION_CHECKS, ChsSessionStep)

/**
 * chs_session_checks_dup_missing:
 * @self: the step
 *
 * Returns: (transfer full) (nullable): names of the items that should stop a start and are not ticked; NULL when all are
 */
char *chs_session_checks_dup_missing (ChsSessionChecks *self);

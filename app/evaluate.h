/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Judging the engine: scenarios are replayed and their alarms held against what
 * really happened (ID.truth.ini, shared/cases/scenarios/README.md). Recordings are
 * replayed, too: nobody knows what really happened there, but how many alarms there
 * were an hour and how soon somebody came counts (app/burden.h).
 *
 *   in time    an alarm of a right label, at least of the wanted priority, not before CHS_EVALUATE_EARLY_S
 *              of the onset and not after the deadline
 *   false      HIGH or MEDIUM raised outside every event (with CHS_EVALUATE_AFTER_S behind its end) and not allowed there
 *   wrong HIGH HIGH raised inside an event with a label that is neither right nor generic for it
 *
 * Only what begins to sound counts: raise and escalate. */

#define CHS_EVALUATE_EARLY_S 30.0
#define CHS_EVALUATE_AFTER_S 300.0

typedef struct {
  const char *truth_dir;    /* (nullable): where the truth files are; NULL = beside the scenarios */
  const char *profile_path; /* (nullable) */
  guint       jobs;         /* sessions at a time */
  gboolean    findings;     /* also one line for each miss, false alarm and wrong HIGH */
  gboolean    compare;      /* every session as recorded (or with the default profile), and beside it with @profile_path */
} ChsEvaluateOptions;

/**
 * chs_evaluate_run:
 * @paths: (array zero-terminated=1): scenarios, recordings, or folders of them
 * @options: how
 * @out: JSON lines are appended: "hazard", "chair", "rule", "burden", with findings "miss", "false", "wrong"; "damaged" for a
 *   recording of which a part could not be read; last "summary"
 * @error: return location: a scenario, truth file or profile that cannot be used
 *
 * The lines do not depend on the number of jobs.
 *
 * Returns: whether every session could be judged
 */
gboolean chs_evaluate_run (const char *const *paths, const ChsEvaluateOptions *options, GString *out, GError **error);

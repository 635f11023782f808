/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/checklist.h"
#include "app/command-check.h"
#include "app/engine.h"
#include "app/therapy.h"

/**
 * chs_setup_expand:
 * @library: the therapies of the clinic
 * @checks: (nullable): the pre-checks of the clinic
 * @session: as it is; not changed
 * @engine: (nullable): for the pumps that have a therapy of their own
 * @keys: (array length=n): keys to be set, good for chs_command_check_setup()
 * @n: how many
 * @error: return location, %CHS_COMMAND_ERROR_UNKNOWN: a therapy that is not in the library,
 *   %CHS_COMMAND_ERROR_DENIED: one that the clinic does not use (chs_therapy_library_offer()) and the session has not yet
 *
 * Whoever chooses a therapy by its id ("therapy.id", "pump.<source>.<channel>.id") means all that the library says
 * of it: concentrations, limits, durations. So that no bag is watched by its name alone, those keys are put in behind
 * the id; keys that were given themselves stand, because the clinic may have ordered otherwise. Concentrations by body
 * weight use the weight among @keys, else that of @session; without one they stay unknown.
 *
 * Returns: (transfer full) (nullable) (element-type ChsSetup): the keys to journal, in order
 */
GArray *chs_setup_expand (const ChsTherapyLibrary *library,
                          const ChsChecklist      *checks,
                          const ChsSession        *session,
                          const ChsEngine         *engine,
                          const ChsSetup          *keys,
                          gsize                    n,
                          GError                 **error) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"
#include "app/profile.h"
#include "app/session.h"

#include <gio/gio.h>

/* What may be asked of the monitor. Whoever is on the socket may be wrong or of
 * another version: an unknown action, id, key or an impossible value is refused by
 * name, before anything is journalled. */

#define CHS_COMMAND_ERROR (chs_command_error_quark ())
GQuark chs_command_error_quark (void);

typedef enum {
  CHS_COMMAND_ERROR_UNKNOWN, /* no such action, id or key */
  CHS_COMMAND_ERROR_VALUE,   /* a value that cannot be */
  CHS_COMMAND_ERROR_DENIED,  /* not offered here, not now, or not by this person */
} ChsCommandError;

/**
 * chs_command_check_nurse:
 * @nurse: an action
 * @now_us: session time
 * @error: return location
 *
 * Returns: whether it can be journalled
 */
gboolean chs_command_check_nurse (const ChsNurse *nurse, gint64 now_us, GError **error);

/**
 * chs_command_check_silence:
 * @nurse: an action that chs_command_check_nurse() took
 * @profile: in force: whether the clinic offers AUDIO OFF and ALARM OFF
 * @engine: as it is: whether alarms can be paused now
 * @error: return location: why not, and who can change it
 *
 * What may be switched off here and now (IEC 60601-1-8, 6.7). Ending anything is everybody's.
 *
 * Returns: whether it may be done; TRUE for every other action
 */
gboolean chs_command_check_silence (const ChsNurse   *nurse,
                                    const ChsProfile *profile,
                                    const ChsEngine  *engine,
                                    GError          **error);

/**
 * chs_command_needs_pin:
 * @nurse: an action
 *
 * Returns: whether the action's text carries the technician's PIN, to be checked and to be blanked before the action is
 *   journalled: AUDIO OFF and ALARM OFF begin
 */
gboolean chs_command_needs_pin (const ChsNurse *nurse);

/**
 * chs_command_check_setup:
 * @session: as it is; not changed
 * @profile: (nullable): a limit of the session must lie in the safe range of the profile's own; NULL = not looked at
 * @keys: (array length=n): keys and values, in order
 * @n: how many
 * @error: return location: the first that cannot be
 *
 * Returns: whether all can be journalled
 */
gboolean chs_command_check_setup (const ChsSession *session,
                                  const ChsProfile *profile,
                                  const ChsSetup   *keys,
                                  gsize             n,
                                  GError          **error);

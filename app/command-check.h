/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

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

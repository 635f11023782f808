/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is shipped beside the programs: data/share in the source tree, DATADIR/chairside
 * where they are installed. */

/**
 * chs_share_dup_path:
 * @folder: "scenarios", "therapies", "alarms" ...; "" = data/share itself
 * @name: a file in it, as shipped: "demo-magnesium.ini"
 *
 * Looks in $CHAIRSIDE_SHARE, then in the source tree that the program was built from, then in the place of
 * installation.
 *
 * Returns: (transfer full) (nullable): path of a file that exists; NULL when there is none, or when @name has a folder in it
 */
char *chs_share_dup_path (const char *folder, const char *name) G_GNUC_WARN_UNUSED_RESULT;

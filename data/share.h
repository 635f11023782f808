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

/**
 * chs_share_dup_clinic_folder:
 * @variable: of the environment, that names it: "CHAIRSIDE_THERAPIES"
 * @name: "therapies", "profiles"
 * @to_write: where something is to be saved
 *
 * Where a clinic keeps its own: $@variable, else /etc/chairside/NAME. To write, where that cannot be written:
 * "chairside/NAME" in the user's data folder. May not be there.
 *
 * Returns: (transfer full): a folder
 */
char *chs_share_dup_clinic_folder (const char *variable, const char *name, gboolean to_write) G_GNUC_WARN_UNUSED_RESULT;

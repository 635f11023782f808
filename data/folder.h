/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Who may read what is made in a folder. What Chairside makes is for its own user
 * alone (0600), with one exception that the administrator decides: a folder with the
 * setgid bit says "what is made here is for this group, too". At the chair so are
 * /var/lib/chairside/sessions and /run/chairside, because the screen runs as another
 * user than the monitor (data/share/kiosk/README.md). */

/**
 * chs_folder_is_shared:
 * @folder: a folder
 *
 * Returns: whether it is there, has the setgid bit, and its group may enter it
 */
gboolean chs_folder_is_shared (const char *folder);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* The monitor as a child of the screen, on a machine where no service runs it. It
 * is asked to end when the screen ends; when the screen dies it goes on, with sound
 * and recording, and the next screen attaches to it. */

typedef struct _ChsMonitorChild ChsMonitorChild;

/**
 * chs_monitor_child_find_config:
 *
 * Looks for a chair's configuration: $CHAIRSIDE_CONFIG, chairside/chair.ini in the user's configuration folder, then
 * /etc/chairside/chair.ini.
 *
 * Returns: (transfer full) (nullable): a file that exists
 */
char *chs_monitor_child_find_config (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_monitor_child_new:
 * @config_path: the chair's configuration
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a monitor that is starting
 */
ChsMonitorChild *chs_monitor_child_new (const char *config_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void             chs_monitor_child_free (ChsMonitorChild *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsMonitorChild, chs_monitor_child_free)

/**
 * chs_monitor_answers:
 * @socket_path: (nullable): NULL = the usual one
 *
 * Returns: whether something listens there now
 */
gboolean chs_monitor_answers (const char *socket_path);

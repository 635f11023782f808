/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/monitor.h"

/* The chair as a machine, for its screen and the technician: PIN, settings,
 * provisioning, health, sound test, power. On the monitor's socket beside
 * org.chairside.Monitor1: data/share/dbus/org.chairside.Admin1.xml.
 *
 * What takes time (hashing a PIN, a slow stick, a synced log) is done in a thread, one
 * thing at a time: the engine never waits for a technician. What changes the chair is in
 * the audit log before it is done. What ends the monitor is refused while somebody sits
 * in the chair.
 *
 * It also looks after what comes by itself: the retention at the start and each hour, the
 * sound test that is due at the start and at each shift, the clock. */

typedef struct _ChsAdmin     ChsAdmin;
typedef struct _ChsAdminPeer ChsAdminPeer;

/**
 * chs_admin_new:
 * @monitor: (transfer none): that is started; must outlive the admin
 * @config: (transfer none): of the monitor; its screen and sound follow what is set
 * @restart: called when a new configuration was taken: the monitor should end and begin anew with it
 * @user_data: for @restart
 *
 * Works in the thread-default context of the caller.
 *
 * Returns: (transfer full): an admin
 */
ChsAdmin *chs_admin_new (ChsMonitor *monitor, ChsChairConfig *config, void (*restart) (gpointer user_data), gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_admin_free:
 * @self: (nullable) (transfer full): an admin
 *
 * Notes a proper end. A thing that is being done is ended in its thread and answered no more.
 */
void chs_admin_free (ChsAdmin *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsAdmin, chs_admin_free)

/**
 * chs_admin_attach:
 * @self: an admin
 * @connection: of a caller that may come in
 * @path: of the object
 * @error: return location
 *
 * Each caller has an object of its own, so that a PIN opens for one and not for all.
 *
 * Returns: (transfer full) (nullable): until chs_admin_detach()
 */
ChsAdminPeer *chs_admin_attach (ChsAdmin *self, GDBusConnection *connection, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void          chs_admin_detach (ChsAdminPeer *peer); /* (nullable) (transfer full) */

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/admin.h"
#include "app/monitor.h"

/* The monitor on a Unix socket: peer-to-peer D-Bus, interface
 * data/share/dbus/org.chairside.Monitor1.xml.
 *
 * Who may come in: processes of the monitor's own user and root, at most
 * CHS_SERVICE_MAX_PEERS at a time; a caller that does not authenticate within 3 s is
 * sent away. (Accepted by hand and not by GDBusServer, which gives each silent caller a
 * thread for ever.)
 *
 * What goes out: the journal without raw bytes, packed, batched for at most 40 ms, an
 * alarm or a nurse's action at once. Each subscribed peer calls Alive every second with
 * the last event it has received. One that does not is dropped, with a message, when it
 * has not been heard for 10 s or CHS_SERVICE_MAX_QUEUE bytes wait for it.
 *
 * A peer may say of itself that it is the chair's screen. The last screen being silent
 * for 5 s, or its connection dying, is told to the monitor (chs_monitor_set_screen). */

#define CHS_SERVICE_MAX_PEERS 16
#define CHS_SERVICE_MAX_QUEUE (4 * 1024 * 1024)

typedef struct _ChsMonitorService ChsMonitorService;

/**
 * chs_monitor_service_new:
 * @monitor: (transfer none): must outlive the service
 * @path: of the socket
 * @error: return location; G_IO_ERROR_ADDRESS_IN_USE when another monitor has it
 *
 * Works in the thread-default context of the caller.
 *
 * Returns: (transfer full) (nullable): a service, listening
 */
ChsMonitorService *chs_monitor_service_new (ChsMonitor *monitor, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_monitor_service_set_admin:
 * @self: a service
 * @admin: (nullable) (transfer none): offered to callers that come from now on; must outlive the service
 */
void chs_monitor_service_set_admin (ChsMonitorService *self, ChsAdmin *admin);

/**
 * chs_monitor_service_free:
 * @self: (nullable) (transfer full): a service
 *
 * Sends what waits, for at most 0.2 s, and closes.
 */
void chs_monitor_service_free (ChsMonitorService *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsMonitorService, chs_monitor_service_free)

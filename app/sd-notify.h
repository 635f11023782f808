/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Telling systemd, by its documented datagram protocol (sd_notify(3)) and without
 * its library: $NOTIFY_SOCKET is the address, "@" for an abstract one. Where there
 * is none, nothing happens. */

/**
 * chs_sd_notify:
 * @state: "READY=1", "WATCHDOG=1", "STOPPING=1", "STATUS=..."; several with newlines between
 *
 * Never waits; a message that cannot be sent is lost.
 */
void chs_sd_notify (const char *state);

/**
 * chs_sd_watchdog_us:
 *
 * Returns: half of $WATCHDOG_USEC, the interval in which "WATCHDOG=1" is due; 0 when nobody watches this process
 */
guint64 chs_sd_watchdog_us (void);

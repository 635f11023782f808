/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/pty-peer.h"

/* Ptys that the real libserialport opens: a program that links pty-serial.c answers the questions that a pty cannot. */

extern int      pty_serial_modem_lines;   /* TIOCM_*, of all ptys */
extern gboolean pty_serial_modem_is_dead; /* as after an unplug */

/**
 * pty_serial_dup_address:
 * @peer: a pty that is plugged in
 * @line: (nullable): line settings; NULL: the driver's own
 *
 * Raises the modem lines, too.
 *
 * Returns: (transfer full): "serial:/dev/pts/N?LINE". It does not follow the peer when that is plugged in again
 */
char *pty_serial_dup_address (const PtyPeer *peer, const char *line);

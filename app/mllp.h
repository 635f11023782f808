/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Sending HL7 messages: MLLP over TCP, one message in flight, each acknowledged before the next. Plain text: across
 * more than a closed network use a tunnel. */

typedef struct {
  guint accepted;
  guint rejected; /* the receiver said CE, CR, AE or AR: told, and not sent again */
} ChsMllpResult;

/**
 * chs_mllp_send:
 * @address: "HOST:PORT", "[::1]:2575"; without a port 2575
 * @messages: messages that each begin with "MSH" and whose segments end with CR
 * @n: bytes of @messages
 * @timeout_s: how long to wait for an acknowledgement, 1..30; then once more on a new connection, with the same MSH-10
 * @result: (out): what the receiver said, as far as it got
 * @cancellable: (nullable): stops between messages
 * @error: return location
 *
 * Thread:  blocks; not on a main loop
 *
 * Returns: whether every message was answered
 */
gboolean chs_mllp_send (const char    *address,
                        const char    *messages,
                        gsize          n,
                        guint          timeout_s,
                        ChsMllpResult *result,
                        GCancellable  *cancellable,
                        GError       **error);

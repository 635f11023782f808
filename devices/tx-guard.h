/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/transport.h"

/* The one way out. Every byte that Chairside ever sends to an instrument passes
 * chs_tx_guard_send(); it is the only caller of ChsTransportClass.write outside
 * simulators and tests (a lint test greps for that). */

/**
 * chs_tx_guard_match:
 * @query: a row of a driver's table
 * @payload: bytes before wrapping
 * @n: how many
 *
 * Pure. The whole payload must match the whole pattern.
 *
 * Returns: whether @payload is an instance of @query
 */
bool chs_tx_guard_match (const ChsQuery *query, const uint8_t *payload, size_t n);

/**
 * chs_tx_guard_send:
 * @driver: whose table counts
 * @state: the driver's state, for its wrap function
 * @query: row of the table
 * @payload: bytes before wrapping
 * @n: how many, at most 2048
 * @transport: where to
 * @frame: (out caller-allocates) (array length=size): the bytes sent, for the ledger and the recording
 * @size: room in @frame
 * @sent: (out): bytes of @frame handed to the transport
 * @error: return location; %CHS_LINK_ERROR_TX when the payload is not in the table: nothing was sent
 *
 * Returns: whether the whole frame went out
 */
gboolean chs_tx_guard_send (const ChsDriver *driver,
                            const void      *state,
                            unsigned         query,
                            const guint8    *payload,
                            gsize            n,
                            ChsTransport    *transport,
                            guint8          *frame,
                            gsize            size,
                            gsize           *sent,
                            GError         **error);

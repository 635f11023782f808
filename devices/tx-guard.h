/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/transport.h"

/* The one way out. Every byte that Chairside ever sends to an instrument passes
 * chs_tx_guard_send(); devices/tx-guard.c is the only caller of
 * ChsTransportClass.write outside simulators and tests (a lint test greps for that).
 *
 * A guard belongs to one link. It holds what a port would not take at once, so that
 * nobody else ever has bytes to send in the hand. */

#define CHS_TX_PAYLOAD_MAX 2048 /* bytes of one request before wrapping */
#define CHS_TX_FRAME_MAX 4096   /* bytes of one frame, and of all that waits for the port */

typedef struct _ChsTxGuard ChsTxGuard;

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
 * chs_tx_guard_new:
 * @driver: whose table counts; must outlive the guard
 *
 * Returns: (transfer full): a guard with nothing waiting
 */
ChsTxGuard *chs_tx_guard_new (const ChsDriver *driver) G_GNUC_WARN_UNUSED_RESULT;
void        chs_tx_guard_free (ChsTxGuard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsTxGuard, chs_tx_guard_free)

/**
 * chs_tx_guard_reset:
 * @self: a guard
 *
 * The port was closed: what still waited is dropped. The count of refusals stays.
 */
void chs_tx_guard_reset (ChsTxGuard *self);

/**
 * chs_tx_guard_send:
 * @self: a guard
 * @state: the driver's state, for its wrap function
 * @query: row of the table
 * @payload: bytes before wrapping
 * @n: how many, at most %CHS_TX_PAYLOAD_MAX
 * @transport: where to
 * @bytes: (out) (transfer none): the bytes that the port took now, for the recording; valid until the next call
 * @sent: (out): how many, also on %FALSE
 * @error: return location; %CHS_LINK_ERROR_TX when the payload is not in the table, the frame cannot be made, the port
 *   listens only or does not keep up (nothing of the frame was sent); %CHS_LINK_ERROR_LOST when the port is gone
 *
 * A refusal for the table's sake is a defect of the driver: counted, and warned of once a guard.
 *
 * Returns: whether the frame was taken: sent, or waiting for chs_tx_guard_flush()
 */
gboolean chs_tx_guard_send (ChsTxGuard    *self,
                            const void    *state,
                            unsigned       query,
                            const guint8  *payload,
                            gsize          n,
                            ChsTransport  *transport,
                            const guint8 **bytes,
                            gsize         *sent,
                            GError       **error);

/**
 * chs_tx_guard_flush:
 * @self: a guard
 * @transport: where to; the same as the frames were meant for
 * @bytes: (out) (transfer none): the bytes that the port took now; valid until the next call
 * @sent: (out): how many
 * @error: return location; as for chs_tx_guard_send()
 *
 * Sends what the port would not take before. To be called now and then.
 *
 * Returns: %FALSE when the port is gone
 */
gboolean chs_tx_guard_flush (ChsTxGuard *self, ChsTransport *transport, const guint8 **bytes, gsize *sent, GError **error);

/**
 * chs_tx_guard_get_refused:
 * @self: a guard
 *
 * Returns: how many requests were not in the table
 */
guint64 chs_tx_guard_get_refused (const ChsTxGuard *self);

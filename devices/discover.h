/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/clock.h"
#include "devices/driver.h"

#include <gio/gio.h>

/* What is talking there? Recognition by listening alone: the port is opened
 * read-only, nothing is ever sent, so an instrument that must be asked stays
 * unrecognised. Each driver's probe judges what was heard. */

#define CHS_DISCOVER_SURE 60 /* own choice: a score from here on is worth telling a technician */

typedef struct {
  const ChsDriver *driver;
  int              score;    /* 1..100 */
  char             line[32]; /* line settings at which it was heard, "" = the transport has none */
} ChsDiscovery;

/**
 * chs_discover_rank:
 * @bytes: what was heard
 * @n: how many
 * @found: (out caller-allocates) (array length=size): drivers with a score, best first; line is ""
 * @size: room in @found
 *
 * Pure.
 *
 * Returns: how many were found
 */
guint chs_discover_rank (const guint8 *bytes, gsize n, ChsDiscovery *found, guint size);

/**
 * chs_discover_listen:
 * @address: where; with line settings only those are tried, else every driver's own
 * @listen_ms: how long to listen at each line setting
 * @clock: to measure that with
 * @cancellable: (nullable): stops early
 * @n_heard: (out): bytes heard altogether
 * @error: return location; the port could not be opened, or was lost
 *
 * Blocks. Ends before its time as soon as a driver is certain (90 or more).
 *
 * Thread:  any but the engine's
 *
 * Returns: (transfer full) (nullable) (element-type ChsDiscovery): each driver at most once, best first; empty when nothing
 *   that was heard is known
 */
GArray *chs_discover_listen (const char   *address,
                             guint         listen_ms,
                             ChsClock     *clock,
                             GCancellable *cancellable,
                             gsize        *n_heard,
                             GError      **error) G_GNUC_WARN_UNUSED_RESULT;

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/import.h"

/* Where the events of an import wait until their order is known. A file without a name: it is gone with the process. */

typedef struct _ChsSpool ChsSpool;

/**
 * chs_spool_new:
 * @beside: a file in whose folder there is room
 * @error: return location
 *
 * Returns: (transfer full) (nullable): an empty spool
 */
ChsSpool *chs_spool_new (const char *beside, GError **error);
void      chs_spool_free (ChsSpool *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsSpool, chs_spool_free)

/**
 * chs_spool_add:
 * @self: a spool
 * @event: an event; borrowed bytes are copied. Its place in time is wall_us
 *
 * Returns: whether it was taken; %FALSE: full (%CHS_IMPORT_EVENTS_MAX), or it cannot be written
 */
gboolean chs_spool_add (ChsSpool *self, const ChsEvent *event);

/**
 * chs_spool_sort:
 * @self: a spool
 * @error: return location
 *
 * Ends adding. Events of equal time keep the order in which they were added.
 *
 * Returns: the number of events; 0 with @error when something could not be written
 */
gsize chs_spool_sort (ChsSpool *self, GError **error);

/**
 * chs_spool_get:
 * @self: a sorted spool
 * @i: 0 .. number - 1, best in rising order
 * @event: (out): a copy; what it borrows is valid until the next call
 */
void chs_spool_get (ChsSpool *self, gsize i, ChsEvent *event);

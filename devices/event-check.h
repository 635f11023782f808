/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

/* Drivers decode hostile bytes. What leaves a link has been looked at once more here,
 * so that no reader of the journal needs to: enums inside their range, absent values
 * absent, texts terminated and clean, blocks bounded. C library only. */

#define CHS_EVENT_CHECK_WAVE_MAX 4096 /* samples of one block: 8 s of a 500 Hz ECG is far more than any protocol packs */

/**
 * chs_event_check:
 * @event: (inout): an event as a driver made it
 *
 * Mends what has one right reading (a value that is not finite is absent, a text gets its end) and refuses the rest.
 *
 * Returns: whether @event may go into the journal
 */
bool chs_event_check (ChsEvent *event);

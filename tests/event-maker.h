/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event-codec.h"

#include <glib.h>

/* Random but reproducible events of every type, for property tests. */

typedef struct {
  GRand  *rand;
  guint64 seq;
  gint64  t_us;
  gint64  offset_us;
  gint16  samples[CHS_WAVE_MAX];
  guint8  bytes[4096];
} ChsEventMaker;

void chs_event_maker_init (ChsEventMaker *self, guint32 seed);
void chs_event_maker_clear (ChsEventMaker *self);

/**
 * chs_event_maker_next:
 * @self: a maker
 * @type: type wanted; NONE = any
 * @event: (out): an event with the next number; borrows from @self until the next call
 */
void chs_event_maker_next (ChsEventMaker *self, ChsEventType type, ChsEvent *event);

/**
 * chs_events_equal:
 *
 * Returns: whether all that an event carries is the same, NAN being equal to NAN
 */
gboolean chs_events_equal (const ChsEvent *a, const ChsEvent *b);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event-codec.h"

#include <glib.h>

/* Events gathered into packed blocks for the socket (data/event-codec.h). */

#define CHS_BATCH_BYTES (32 * 1024) /* a block is handed on when it has grown to this */

/* @last_seq: number of the last event in the block */
typedef void (*ChsBatchFunc) (GBytes *block, guint64 last_seq, gpointer user_data);

typedef struct {
  ChsPackState state;
  guint64      last_seq;
  GByteArray  *bytes;
  ChsBatchFunc func;
  gpointer     user_data;
} ChsEventBatch;

/**
 * chs_event_batch_init:
 * @self: (out): an empty batch
 * @func: given each full block
 * @user_data: for @func
 */
void chs_event_batch_init (ChsEventBatch *self, ChsBatchFunc func, gpointer user_data);
void chs_event_batch_clear (ChsEventBatch *self);

/**
 * chs_event_batch_add:
 * @self: a batch
 * @event: an event; copied
 *
 * May hand on a block first.
 */
void chs_event_batch_add (ChsEventBatch *self, const ChsEvent *event);

/**
 * chs_event_batch_flush:
 * @self: a batch
 *
 * Hands on what there is; nothing when it is empty.
 */
void chs_event_batch_flush (ChsEventBatch *self);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Events as bytes: the one serial form, used by the recording's blocks and by the
 * socket between monitor and screen. A block is decodable by itself: it begins
 * with absolute times and every delta state begins anew. A calm numeric costs at
 * most 5 bytes.
 *
 * The packed form is hostile input when read: every length is bounded before it
 * is trusted, and a reader stops at the first byte that makes no sense.
 *
 * C library only. Format: data/README.md, "Blocks". */

#define CHS_BLOCK_VERSION 1

typedef struct {
  uint64_t      seq;     /* of the event before */
  int64_t       t_us;    /* of the event before */
  int64_t       offset;  /* wall_us - t_us in force */
  double        last[CHS_N_PARAMS][4]; /* last value of each parameter for sources 0..3, else 0 */
  ChsPumpStatus pump[8]; /* last status by (source, channel) hash; for field deltas */
  uint16_t      pump_key[8];
  bool          started;
} ChsPackState;

/**
 * chs_event_pack:
 * @state: delta state, zeroed before the first event of a block
 * @event: what; borrowed bytes of waves, raw and config are copied into @buf
 * @buf: where
 * @size: room
 *
 * Returns: bytes written; 0 when it does not fit, and then @state is as before
 */
size_t chs_event_pack (ChsPackState *state, const ChsEvent *event, uint8_t *buf, size_t size);

/**
 * chs_event_pack_bound:
 * @event: what
 *
 * Returns: room that chs_event_pack() can need for it
 */
size_t chs_event_pack_bound (const ChsEvent *event);

typedef enum {
  CHS_UNPACK_EVENT, /* one event came out */
  CHS_UNPACK_END,   /* the block is over */
  CHS_UNPACK_BAD,   /* damaged from here on */
} ChsUnpack;

/**
 * chs_event_unpack:
 * @state: delta state, zeroed before the first event of a block
 * @bytes: (inout): next byte to read; moved on
 * @end: first byte behind the block
 * @event: (out): the event; wave samples, raw bytes and config texts point into the block, or for wave samples
 *   into @samples
 * @samples: (out caller-allocates): room for the samples of a wave
 * @n_samples: room in @samples; 4096 is enough for any block that chs_event_pack() wrote
 *
 * Returns: what happened
 */
ChsUnpack chs_event_unpack (ChsPackState   *state,
                            const uint8_t **bytes,
                            const uint8_t  *end,
                            ChsEvent       *event,
                            int16_t        *samples,
                            size_t          n_samples);

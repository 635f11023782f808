/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Events as bytes: the one serial form, used by the recording's blocks and by the
 * socket between monitor and screen. A block is decodable by itself: it begins
 * with absolute times and every delta state begins anew. A calm numeric (known
 * track, regular interval, small change) costs at most 5 bytes with its time.
 *
 * The packed form is hostile input when read: every length is bounded before it
 * is trusted, every enum is checked against its range, texts come out as clean
 * UTF-8, and a reader stops at the first byte that makes no sense.
 *
 * Numbers come back bit for bit (every NAN as the same NAN), times to the
 * microsecond.
 *
 * C library only. Format: data/README.md, "Blocks". */

#define CHS_BLOCK_VERSION 2 /* 1 had samples of waves as varints; it was never released */

#define CHS_WAVE_MAX 4096          /* samples in one wave event */
#define CHS_BYTES_MAX (1024 * 1024) /* bytes in one raw event or configuration text */

#define CHS_PACK_TRACKS 64 /* tracks whose deltas are remembered in a block */
#define CHS_PACK_PUMPS 16  /* pump channels likewise */

/* What is remembered of one track: all numerics of one (source, channel, parameter). */
typedef struct {
  int64_t  t_us;        /* of its last value */
  int64_t  interval_us; /* between its last two values */
  int64_t  steps;       /* last value in steps of 10^-decimals; valid when @decimal */
  double   value;       /* last value */
  uint8_t  source, channel, param;
  uint8_t  decimals;
  uint8_t  quality, flags, time_mark;
  uint8_t  next; /* the track that came after this one the last time */
  bool     decimal;
} ChsPackTrack;

typedef struct {
  uint64_t      seq;    /* of the event before */
  int64_t       t_us;   /* of the event before */
  int64_t       offset; /* wall_us - t_us in force */
  int64_t       meas_us; /* last time of measurement told */
  ChsPackTrack  track[CHS_PACK_TRACKS];
  struct {
    int64_t t_us, interval_us; /* of the last event of this type, and before it */
    uint8_t source, channel;
  } type[CHS_N_EVENTS];
  ChsPumpStatus pump[CHS_PACK_PUMPS]; /* last status; for field deltas */
  uint16_t      pump_key[CHS_PACK_PUMPS];
  uint8_t       n_tracks, next_track; /* in use; the one to be replaced when all are */
  uint8_t       n_pumps, next_pump;
  uint8_t       last_track;
  bool          started;
} ChsPackState;

/**
 * chs_event_pack:
 * @state: delta state, zeroed before the first event of a block
 * @event: what; borrowed bytes of waves, raw and config are copied into @buf
 * @buf: where
 * @size: room; at least chs_event_pack_bound() of @event is asked for
 *
 * Returns: bytes written; 0 when @size is less than the bound or the event cannot be packed (its seq is not above
 *   that of the event before, an enum is outside its range, a wave has more than %CHS_WAVE_MAX samples, raw bytes
 *   or a text more than %CHS_BYTES_MAX), and then @state is as before
 */
size_t chs_event_pack (ChsPackState *state, const ChsEvent *event, uint8_t *buf, size_t size);

/**
 * chs_event_pack_bound:
 * @event: what
 *
 * Returns: room in bytes that chs_event_pack() asks for
 */
size_t chs_event_pack_bound (const ChsEvent *event);

/**
 * chs_event_text:
 * @type: a type
 * @i: 0 for its first text
 * @at: (out): where it stands in #ChsEvent, set when there is one
 * @size: (out): bytes of its array
 *
 * Every text that events of a type have, for whoever has to look at all of them; that of CONFIG is borrowed and not here.
 *
 * Returns: (nullable): its name, "nurse.text"; NULL behind the last
 */
const char *chs_event_text (ChsEventType type, unsigned i, size_t *at, size_t *size);

/**
 * chs_event_size:
 * @event: what
 *
 * Returns: bytes from the start of @event that carry its type's content: all that a copy needs, borrowed bytes
 *   apart
 */
size_t chs_event_size (const ChsEvent *event);

/**
 * chs_event_borrowed:
 * @event: what
 * @n: (out): bytes
 *
 * Returns: (nullable): the bytes that the event borrows: samples, raw bytes or text; %NULL for the other types
 */
const void *chs_event_borrowed (const ChsEvent *event, size_t *n);

/**
 * chs_event_set_borrowed:
 * @event: (inout): a copy
 * @bytes: where the copy's own bytes are; aligned for int16_t
 *
 * Makes a copy borrow from its new owner. Nothing happens for types that borrow nothing.
 */
void chs_event_set_borrowed (ChsEvent *event, const void *bytes);

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
 * @event: (out): the event; raw bytes and config texts point into the block, wave samples into @samples. Only the
 *   members of its own type are written (chs_event_size() bytes)
 * @samples: (out caller-allocates): room for the samples of a wave
 * @n_samples: room in @samples; %CHS_WAVE_MAX is enough for any block that chs_event_pack() wrote
 *
 * Returns: what happened
 */
ChsUnpack chs_event_unpack (ChsPackState   *state,
                            const uint8_t **bytes,
                            const uint8_t  *end,
                            ChsEvent       *event,
                            int16_t        *samples,
                            size_t          n_samples);

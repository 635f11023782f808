/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/bytes.h"
#include "devices/driver.h"
#include "devices/feed.h"

/* Pumps that are asked in text, one constant question after the other, and answer
 * each with one framed line: Graseby, Baxter, Orchestra, NeuroWave, New Era, Harvard.
 * What they share is here: the framer, the round of questions, the pairing of an
 * answer with its question, the complete status at the end of a round. A driver of
 * the family is a table of questions, a check of its frames and a reader of its
 * answers.
 *
 * An answer counts only while its question waits. One that comes after its time-out
 * is dropped, and a quiet time follows each time-out, so that a late answer is never
 * taken for the next one.
 *
 * C library only. */

#define CHS_TEXT_FRAME_MAX 1200

typedef struct {
  uint8_t     start;   /* first byte of a frame; inside a frame it begins a new one */
  uint8_t     end;     /* byte that ends its text */
  uint8_t     tail;    /* bytes behind that: a checksum of any values; at most 4 */
  const char *between; /* bytes that may stand between frames and mean nothing: line ends, prompts */
} ChsTextFraming;

typedef struct {
  uint8_t  frame[CHS_TEXT_FRAME_MAX];
  uint32_t n;
  uint8_t  tail;    /* bytes still to come behind the end */
  bool     in_tail;
  bool     is_done; /* the frame was handed out */
} ChsTextFramer;

/**
 * chs_text_framer_feed:
 * @self: a framer, zeroed before its first use
 * @framing: what a frame looks like
 * @check: whether a frame holds
 * @p: bytes, in any split
 * @n: how many
 * @used: (out): how many were taken; call again with the rest
 * @skipped: (inout): counts bytes that belong to no frame
 *
 * Returns: %CHS_FEED_FRAME with the frame in @self->frame[0..@self->n), valid until the next call
 */
ChsFeed chs_text_framer_feed (ChsTextFramer        *self,
                              const ChsTextFraming *framing,
                              bool                (*check) (const uint8_t *frame, size_t n),
                              const uint8_t        *p,
                              size_t                n,
                              size_t               *used,
                              uint64_t             *skipped);

typedef enum {
  CHS_ANSWER_GOOD,    /* understood */
  CHS_ANSWER_OTHER,   /* well-formed, but no answer to this question: counted as unknown, the question goes on waiting */
  CHS_ANSWER_REFUSED, /* the pump says that it cannot answer: the question is over */
  CHS_ANSWER_BAD,     /* cannot be read: counted as a bad frame, the question is over */
} ChsAnswer;

typedef struct _ChsTextPump ChsTextPump;

typedef struct {
  ChsTextFraming framing;
  bool (*check) (const uint8_t *frame, size_t n); /* checksum */
  /* Reads the answer to question @query (index of the driver's queries; -1 = nothing was asked: spontaneous) into
   * @self->status or into the driver's own state behind it. */
  ChsAnswer (*answer) (ChsTextPump *self, int query, const uint8_t *frame, size_t n, int64_t now_us, ChsSink *sink);
  /* (nullable): a byte outside frames that means something. Returns whether it was one. */
  bool (*control) (ChsTextPump *self, uint8_t byte, int64_t now_us, ChsSink *sink);
  const ChsQuery *queries;
  const uint8_t  *once;  /* queries asked after each opening; ended by CHS_TEXT_PUMP_END */
  const uint8_t  *round; /* queries asked in turn for ever; ended by CHS_TEXT_PUMP_END */
  uint32_t round_ms;     /* from the beginning of a round to the next */
  uint32_t timeout_ms;   /* of one answer */
  uint32_t quiet_ms;     /* after a time-out, before the next question */
} ChsTextPumpSpec;

#define CHS_TEXT_PUMP_END 0xFF

/* First member of the state of each driver of the family. */
struct _ChsTextPump {
  ChsTextFramer framer;
  ChsCounters   counters;
  ChsPumpStatus status;   /* of the round under way */
  ChsPumpStatus identity; /* model and serial, once told; copied into each status */
  int           waiting;  /* query that waits, -1 = none */
  bool          is_open, has_begun, in_round;
  bool          answered; /* something came in this round */
  uint8_t       next;     /* place in once or round */
  int64_t       asked_us, round_us, quiet_us;
};

void chs_text_pump_opened (ChsTextPump *self, int64_t now_us); /* a new connection: nothing waits, the first questions are next */
void chs_text_pump_feed (ChsTextPump *self, const ChsTextPumpSpec *spec, const uint8_t *p, size_t n, int64_t now_us, ChsSink *sink); /* bytes from the pump */
void chs_text_pump_tick (ChsTextPump *self, const ChsTextPumpSpec *spec, int64_t now_us, ChsSink *sink); /* asks what is due, ends rounds and waits */

/* The hooks of a driver whose state begins with a ChsTextPump, and their row in its descriptor. */
#define CHS_TEXT_PUMP_HOOKS(spec)                                                                                       \
  static void opened (void *state, int64_t now_us, ChsSink *sink)                                                       \
  {                                                                                                                     \
    chs_text_pump_opened (state, now_us);                                                                               \
  }                                                                                                                     \
  static void feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)                         \
  {                                                                                                                     \
    chs_text_pump_feed (state, &(spec), bytes, n, now_us, sink);                                                        \
  }                                                                                                                     \
  static void tick (void *state, int64_t now_us, ChsSink *sink)                                                         \
  {                                                                                                                     \
    chs_text_pump_tick (state, &(spec), now_us, sink);                                                                  \
  }                                                                                                                     \
  static const ChsCounters *counters (const void *state)                                                                \
  {                                                                                                                     \
    return &((const ChsTextPump *) state)->counters;                                                                    \
  }

#define CHS_TEXT_PUMP_HOOKED .opened = opened, .feed = feed, .tick = tick, .counters = counters

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ivy Biomedical 450C, "ANSAR-B" output: one message a second, unasked.
 *
 *   FF "ANSAR-B " | 400 bytes of waves | lines "NAME=n;field;..." each ended by CR | FE
 *
 * There is no checksum. What stands in for one: neither FF nor FE occurs inside, the
 * waves have a fixed length, each known line has a fixed number of fields, each number
 * a range, pressures an order. A message in which anything does not fit is refused whole.
 *
 * Source: shared/protocols/ivy-450c-ansarb.md (one recording of 27 s; no vendor document is public).
 * C library only. */

#define CHS_IVY_ECG_N 200 /* samples a message, at 200/s */
#define CHS_IVY_SLOW_N 50 /* samples a message of each other wave, at 50/s */
#define CHS_IVY_WAVE_OFF 251
#define CHS_IVY_VALUES 4
#define CHS_IVY_TEXT 32
#define CHS_IVY_MAX_BYTES 1024 /* own choice: the recorded messages have 562 */

typedef enum {
  CHS_IVY_HR, /* value 0: rate */
  CHS_IVY_RR,
  CHS_IVY_ETCO2,
  CHS_IVY_SPO2, /* 0: saturation in percent, 1: pulse rate */
  CHS_IVY_NIBP, /* 0: systolic, 1: diastolic, 2: mean (mmHg), 3: pulse rate */
  CHS_IVY_P1,   /* 0: systolic, 1: diastolic, 2: mean (mmHg) */
  CHS_IVY_P2,
  CHS_IVY_T1, /* degrees Celsius, presumed */
  CHS_IVY_T2,
  CHS_N_IVY_LINES
} ChsIvyLineId;

typedef struct {
  bool   present;               /* the line is in the message */
  double value[CHS_IVY_VALUES]; /* NAN = the field is empty */
  char   label[CHS_IVY_TEXT];   /* lead, mode, or why there is no value; "" = none */
  char   alarm[CHS_IVY_TEXT];   /* the monitor's own alarm; "" = none */
} ChsIvyLine;

typedef struct {
  uint8_t    ecg[CHS_IVY_ECG_N];
  uint8_t    resp[CHS_IVY_SLOW_N];
  uint8_t    pleth[CHS_IVY_SLOW_N];
  uint8_t    p1[CHS_IVY_SLOW_N];
  uint8_t    p2[CHS_IVY_SLOW_N];
  ChsIvyLine line[CHS_N_IVY_LINES];
} ChsIvyMessage;

/* Zeroed before use; counters survive chs_ivy_reset(). */
typedef struct {
  ChsCounters counters;
  size_t      n; /* bytes in @bytes; 0 = waiting for FF */
  bool        lost; /* bytes were skipped since the last good message */
  size_t      frame_n; /* length of the message given out last; its bytes stand in @bytes until the next feed */
  uint8_t     bytes[CHS_IVY_MAX_BYTES];
} ChsIvy;

/**
 * chs_ivy_reset:
 * @ivy: a decoder
 *
 * Forgets the message that was begun.
 */
void chs_ivy_reset (ChsIvy *ivy);

/**
 * chs_ivy_feed:
 * @ivy: a decoder
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the message, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_ivy_feed (ChsIvy *ivy, const uint8_t *bytes, size_t n, size_t *used, ChsIvyMessage *out);

/**
 * chs_ivy_encode:
 * @message: what to send; absent lines are left out
 * @bytes: (out caller-allocates): where
 * @size: room; %CHS_IVY_MAX_BYTES is always enough
 *
 * For the simulator and the tests.
 *
 * Returns: length of the frame, 0 when it does not fit
 */
size_t chs_ivy_encode (const ChsIvyMessage *message, uint8_t *bytes, size_t size);

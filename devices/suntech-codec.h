/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SunTech OEM cuff modules (Advantage family), what the module says:
 *
 *   3E | length of the whole packet | data | checksum      the sum of all bytes is 0 mod 256
 *
 * 3E occurs inside too. The kind of packet is told by its length.
 *
 * Source: shared/protocols/suntech-nibp.md (two public implementations that agree). C library only. */

#define CHS_SUNTECH_MAX_BYTES 67
#define CHS_SUNTECH_NO_PRESSURE 0xFFFF

typedef enum {
  CHS_SUNTECH_STATUS = 4,    /* one letter */
  CHS_SUNTECH_PRESSURE = 5,  /* of the cuff; after power-on: result of the self-test */
  CHS_SUNTECH_RESULT = 24,
} ChsSuntechLength;

typedef struct {
  uint8_t  length;   /* ChsSuntechLength; others are framed and not read */
  char     status;   /* STATUS: 'O' received, 'K' done, 'A' aborted, 'B' busy, 'E' error ... */
  uint16_t pressure; /* PRESSURE: mmHg; CHS_SUNTECH_NO_PRESSURE */
  uint16_t sys, dia, mean; /* RESULT: mmHg */
  uint8_t  beats, rate;    /* RESULT: beats counted, beats a minute */
  uint8_t  error;          /* RESULT: 0 = good; else the pressures mean nothing */
} ChsSuntechPacket;

typedef struct {
  ChsCounters counters;
  size_t      n;
  bool        lost;
  uint8_t     bytes[CHS_SUNTECH_MAX_BYTES];
} ChsSuntech;

/**
 * chs_suntech_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the packet, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_suntech_feed (ChsSuntech *self, const uint8_t *bytes, size_t n, size_t *used, ChsSuntechPacket *out);

/**
 * chs_suntech_encode:
 * @packet: STATUS, PRESSURE or RESULT
 * @bytes: (out caller-allocates): where
 *
 * Returns: length; 0 for another kind
 */
size_t chs_suntech_encode (const ChsSuntechPacket *packet, uint8_t bytes[CHS_SUNTECH_MAX_BYTES]);

/**
 * chs_suntech_error_words:
 * @error: code of a result
 *
 * Returns: what it means, in English
 */
const char *chs_suntech_error_words (uint8_t error);

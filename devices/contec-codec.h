/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Contec CMS50D+, CMS50E, CMS50F, CMS60, protocol V7.0. A package is
 *
 *   type | bits 7 of the data | data, each with bit 7 set
 *
 * The type is the only byte with bit 7 clear; it implies the length. No checksum. The
 * device is silent until it is asked, and wants to be told every 5 s that we are there.
 *
 * Source: shared/protocols/contec-cms50.md. C library only. */

#define CHS_CONTEC_MAX_BYTES 9
#define CHS_CONTEC_REQUEST_BYTES 9

typedef enum {
  CHS_CONTEC_REALTIME = 0x01,
  CHS_CONTEC_FEEDBACK = 0x0B,
  CHS_CONTEC_FREE = 0x0C, /* real-time data have stopped */
  CHS_CONTEC_REASON = 0x0D,
} ChsContecType;

/* Commands of the host; the data behind them are zero. */
enum {
  CHS_CONTEC_START = 0xA1,
  CHS_CONTEC_STOP = 0xA2,
  CHS_CONTEC_ALIVE = 0xAF,
};

#define CHS_CONTEC_REASON_SHUT_DOWN 0x01

typedef struct {
  uint8_t type;    /* ChsContecType, or another known one whose content is not used */
  uint8_t data[7]; /* decoded, for types other than REALTIME */
  /* REALTIME */
  uint8_t  signal; /* 0..8 */
  bool     is_searching_long, is_falling, beep, is_off, is_searching, has_pi;
  uint8_t  pleth;  /* 0..127; 64 while off */
  uint8_t  bar;    /* 0..15 */
  uint8_t  rate;   /* 255 = none */
  uint8_t  spo2;   /* 127 = none */
  uint16_t pi;     /* hundredths of a percent; FFFF = none */
} ChsContecPackage;

typedef struct {
  ChsCounters counters;
  size_t      n; /* bytes in @bytes; 0 = waiting for a type */
  size_t      frame_n; /* length of the package given out last; its bytes stand in @bytes until the next feed */
  bool        lost;
  uint8_t     bytes[CHS_CONTEC_MAX_BYTES];
} ChsContec;

/**
 * chs_contec_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the package, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_contec_feed (ChsContec *self, const uint8_t *bytes, size_t n, size_t *used, ChsContecPackage *out);

/**
 * chs_contec_encode:
 * @package: what the device sends; REALTIME, or another type with its data
 * @bytes: (out caller-allocates): where
 *
 * Returns: length; 0 for an unknown type
 */
size_t chs_contec_encode (const ChsContecPackage *package, uint8_t bytes[CHS_CONTEC_MAX_BYTES]);

/**
 * chs_contec_request:
 * @command: CHS_CONTEC_START, STOP or ALIVE
 * @bytes: (out caller-allocates): the request
 */
void chs_contec_request (uint8_t command, uint8_t bytes[CHS_CONTEC_REQUEST_BYTES]);

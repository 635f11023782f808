/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* B. Braun fm system, Perfusor and Infusomat compact ("dianet star").
 *
 *   7E addr seg data... CRChi CRClo 7E
 *
 * Inside a frame 7E, 7D and 80 are sent as 7D and the byte XOR 20. The CRC is
 * CRC-16/CCITT-FALSE of addr, seg and data. A reply has a code behind seg: 06 good,
 * 15 refused and why. Numbers are big-endian; all ones is "not available".
 *
 * Source: shared/protocols/bbraun-fm.md (other people's programs; no vendor document is public). C library only. */

#define CHS_FM_MAX_BYTES 256 /* the longest layout has under 70 */

typedef enum {
  CHS_FM_IDENT = 0x01,
  CHS_FM_STATUS = 0x02,
  CHS_FM_ACTUAL = 0x03, /* ISTWERT */
  CHS_FM_SET = 0x04,    /* SOLLWERT; read only here */
} ChsFmSegment;

enum {
  CHS_FM_ACK = 0x06,
  CHS_FM_NAK = 0x15,
};

/* Reasons of a refusal. */
enum {
  CHS_FM_ERROR_CRC = 0x01,
  CHS_FM_ERROR_SEGMENT = 0x03,
  CHS_FM_ERROR_ADDRESS = 0x08,
  CHS_FM_ERROR_MODE = 0x09,
};

typedef struct {
  uint8_t        address;
  uint8_t        segment;
  const uint8_t *data; /* borrowed from the decoder until the next feed */
  size_t         n;
} ChsFmFrame;

/* Zeroed before use; counters survive chs_fm_reset(). */
typedef struct {
  ChsCounters counters;
  bool        lost;
  bool        escaped; /* the last byte was 7D */
  bool        broken;  /* what came since the last 7E is none of ours */
  bool        crc_failed; /* the frame refused last had a wrong CRC, not a wrong shape */
  size_t      n;       /* bytes in @bytes, without stuffing */
  size_t      wire_n;  /* bytes since the last 7E */
  size_t      frame_n; /* length of the frame given out last, unstuffed; it stands in @bytes until the next feed */
  uint8_t     bytes[CHS_FM_MAX_BYTES];
} ChsFm;

typedef struct {
  uint32_t type, serial;
} ChsFmIdent;

typedef struct {
  uint8_t  request; /* bits of what changed */
  uint32_t alarms, state;
  double   rate_ml_h, left_ml, left_s; /* NAN = not available */
} ChsFmStatus;

typedef struct {
  double pressure_pct, volume_ml, battery_min; /* NAN = not available */
} ChsFmActual;

typedef struct {
  double rate_ml_h, vtbi_ml;
  char   drug[21]; /* "" = none */
} ChsFmSet;

/**
 * chs_fm_reset:
 * @fm: a decoder
 *
 * Forgets the frame that was begun.
 */
void chs_fm_reset (ChsFm *fm);

/**
 * chs_fm_feed:
 * @fm: a decoder
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the frame, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_fm_feed (ChsFm *fm, const uint8_t *bytes, size_t n, size_t *used, ChsFmFrame *out);

/**
 * chs_fm_wrap:
 * @payload: addr, seg and data
 * @n: bytes of it
 * @frame: (out caller-allocates): where
 * @size: room
 *
 * Returns: length of the frame, 0 when it does not fit
 */
size_t chs_fm_wrap (const uint8_t *payload, size_t n, uint8_t *frame, size_t size);

/* The data of a reply behind its code. Each returns whether it is long enough and sets @out only then. */
bool chs_fm_read_ident (const uint8_t *data, size_t n, ChsFmIdent *out);
bool chs_fm_read_status (const uint8_t *data, size_t n, ChsFmStatus *out);
bool chs_fm_read_actual (const uint8_t *data, size_t n, ChsFmActual *out);
bool chs_fm_read_set (const uint8_t *data, size_t n, ChsFmSet *out);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* B. Braun Space and Compactplus racks, "Bedside Communication Controller" (BCC).
 *
 *   SOH len5 STX bed "/1/1>" information (ETX | ETB) check5 EOT
 *
 * len5 and check5 are decimal digits: the length of the whole message, and the sum of
 * the bytes SOH .. ETX modulo 256, both before stuffing. Stuffing (a setting of the
 * rack) writes D, E, d, e as EX, EE, ex, ee. Information is quadruples
 * "time,address,name,value" with RS between them. ETB: more messages follow.
 *
 * Source: manufacturer's interface specification, shared/protocols/bbraun-space.md.
 * C library only. */

#define CHS_BCC_SOH 0x01
#define CHS_BCC_STX 0x02
#define CHS_BCC_ETX 0x03
#define CHS_BCC_EOT 0x04
#define CHS_BCC_ACK 0x06
#define CHS_BCC_NAK 0x15
#define CHS_BCC_ETB 0x17
#define CHS_BCC_RS 0x1E

#define CHS_BCC_BED 16           /* room for a bed name of 15 characters */
#define CHS_BCC_MAX_BYTES 8192   /* own choice; recorded messages have about 1150 */
#define CHS_BCC_PILLARS 3
#define CHS_BCC_SLOTS 24

typedef enum {
  CHS_BCC_STUFFING_AUTO = 0, /* not known yet; the first good message tells */
  CHS_BCC_STUFFING_OFF,
  CHS_BCC_STUFFING_ON,
} ChsBccStuffing;

typedef struct {
  char        bed[CHS_BCC_BED];
  bool        last; /* ETX: nothing follows */
  const char *info; /* borrowed from the decoder until the next feed */
  size_t      n;
} ChsBccFrame;

/* Zeroed before use; counters and @stuffing survive chs_bcc_reset(). */
typedef struct {
  ChsCounters    counters;
  ChsBccStuffing stuffing; /* as set, or as found */
  bool           fixed;    /* @stuffing was set and is not to be found out */
  bool           lost;     /* bytes were skipped since the last good message */
  size_t         n;        /* bytes in @wire; 0 = waiting for SOH */
  size_t         frame_n;  /* length of the message given out last; it stands in @wire until the next feed */
  uint8_t        wire[CHS_BCC_MAX_BYTES];
  uint8_t        plain[CHS_BCC_MAX_BYTES]; /* without stuffing */
} ChsBcc;

/**
 * chs_bcc_reset:
 * @bcc: a decoder
 *
 * Forgets the message that was begun.
 */
void chs_bcc_reset (ChsBcc *bcc);

/**
 * chs_bcc_feed:
 * @bcc: a decoder
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the message, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_bcc_feed (ChsBcc *bcc, const uint8_t *bytes, size_t n, size_t *used, ChsBccFrame *out);

/**
 * chs_bcc_encode:
 * @bed: name of the bed; "1" until it is known
 * @info: information
 * @n: bytes of it
 * @last: ETX, else ETB
 * @stuffed: whether D, E, d and e are stuffed
 * @bytes: (out caller-allocates): where
 * @size: room
 *
 * Returns: length of the message, 0 when it does not fit
 */
size_t chs_bcc_encode (const char *bed, const char *info, size_t n, bool last, bool stuffed, uint8_t *bytes, size_t size);

/* One quadruple. */
typedef struct {
  uint32_t    time_s; /* since the rack was switched on */
  uint8_t     pillar; /* 1..3, from the left; 0 = the rack itself */
  uint8_t     slot;   /* 1..24, from the bottom; 0 = the rack itself */
  const char *name;   /* borrowed, not NUL terminated; "" in the answer to ADMIN:VERSION */
  size_t      n_name;
  const char *value;
  size_t      n_value;
} ChsBccQuad;

/**
 * chs_bcc_next:
 * @info: (inout): what is left of the information
 * @n: (inout): bytes of it
 * @quad: (out): the next quadruple; @quad->name is NULL when it makes no sense
 *
 * Returns: %false at the end
 */
bool chs_bcc_next (const char **info, size_t *n, ChsBccQuad *quad);

/**
 * chs_bcc_is:
 * @quad: a quadruple
 * @name: a name
 *
 * Returns: whether it is of this name
 */
bool chs_bcc_is (const ChsBccQuad *quad, const char *name);

/**
 * chs_bcc_has_value:
 * @quad: a quadruple
 *
 * Returns: %false for "_NV" (no value) and "_NA" (not available now), which are not zero
 */
bool chs_bcc_has_value (const ChsBccQuad *quad);

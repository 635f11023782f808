/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The five-byte package of cheap finger oximeters: Berry "BCI" and old Contec, which
 * give some bits another meaning. Bit 7 stands in the first byte and in no other; there
 * is no checksum.
 *
 * Source: shared/protocols/berry-bci.md and contec-cms50.md section 5. C library only. */

#define CHS_BCI_BYTES 5
#define CHS_BCI_NO_RATE 255
#define CHS_BCI_NO_SPO2 127

typedef struct {
  uint8_t signal;  /* 0..8 */
  bool    bit4;    /* Berry: no signal; Contec: searching too long */
  bool    bit5;    /* Berry: probe unplugged; Contec: saturation falls */
  bool    beep;
  uint8_t pleth;   /* 0..127; Berry: 0 = none */
  uint8_t bar;     /* 0..15 */
  bool    is_off;  /* no finger, or probe error */
  bool    is_searching;
  uint8_t rate;    /* beats a minute; CHS_BCI_NO_RATE */
  uint8_t spo2;    /* percent; CHS_BCI_NO_SPO2 */
} ChsBciPackage;

typedef struct {
  ChsCounters counters;
  size_t      n; /* bytes in @bytes; 0 = waiting for a first byte */
  bool        lost;
  uint8_t     bytes[CHS_BCI_BYTES];
} ChsBci;

/**
 * chs_bci_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the package, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_bci_feed (ChsBci *self, const uint8_t *bytes, size_t n, size_t *used, ChsBciPackage *out);

/**
 * chs_bci_encode:
 * @package: what to send
 * @bytes: (out caller-allocates): where
 */
void chs_bci_encode (const ChsBciPackage *package, uint8_t bytes[CHS_BCI_BYTES]);

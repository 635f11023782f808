/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/text-line.h"

/* Nellcor NPB-290/295, N-560, N-595: a table printed to the data port, unasked. A line
 * every 2 s, headings after every 25 of them or when a limit changes.
 *
 *   N-560    VERSION 1.61.00    CRC:XXXX  SpO2 Limit: 95-100%    PR Limit: 59-148BPM
 *   TIME                 %SpO2   BPM     PA     Status
 *   07-Jan-04 11:24:50   100     105      88                   AO
 *
 * There is no checksum: a line of data fits from end to end, or it is refused. Lines
 * that do not begin with a date are headings or menus.
 *
 * Source: shared/protocols/masimo-ascii.md, section 2. C library only. */

/* Two-letter codes of the status column. */
enum {
  CHS_NELLCOR_AO = 1u << 0,  /* alarm off */
  CHS_NELLCOR_AS = 1u << 1,  /* alarm silenced */
  CHS_NELLCOR_LB = 1u << 2,  /* low battery */
  CHS_NELLCOR_LM = 1u << 3,  /* loss of pulse with motion */
  CHS_NELLCOR_LP = 1u << 4,  /* loss of pulse */
  CHS_NELLCOR_MO = 1u << 5,  /* motion, interference */
  CHS_NELLCOR_PH = 1u << 6,  /* pulse rate above its limit */
  CHS_NELLCOR_PL = 1u << 7,
  CHS_NELLCOR_PS = 1u << 8,  /* pulse search */
  CHS_NELLCOR_SH = 1u << 9,  /* saturation above its limit */
  CHS_NELLCOR_SL = 1u << 10,
  CHS_NELLCOR_SD = 1u << 11, /* sensor disconnected */
  CHS_NELLCOR_SO = 1u << 12, /* sensor off */
};

typedef enum {
  CHS_NELLCOR_DATA,
  CHS_NELLCOR_HEADING, /* names the instrument and its alarm limits */
  CHS_NELLCOR_OTHER,   /* second heading, menus, "Output Complete": of no use */
} ChsNellcorKind;

typedef struct {
  ChsNellcorKind kind;
  char     clock[19];   /* "07-Jan-04 11:24:50"; DATA */
  double   spo2, pr;    /* NAN = "---"; DATA */
  double   amplitude;   /* of the pulse, 0..255; NAN; DATA */
  uint32_t status;      /* CHS_NELLCOR_*; DATA */
  char     model[32];   /* "N-560 1.61.00"; HEADING */
  unsigned spo2_low, spo2_high, pr_low, pr_high; /* its own limits; HEADING */
} ChsNellcorLine;

typedef struct {
  ChsCounters counters;
  ChsTextLine line;
  bool        lost; /* a line was refused since the last good one */
} ChsNellcor;

/**
 * chs_nellcor_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the line, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_nellcor_feed (ChsNellcor *self, const uint8_t *bytes, size_t n, size_t *used, ChsNellcorLine *out);

/**
 * chs_nellcor_encode:
 * @line: what to print; a line of kind HEADING gives both headings
 * @bytes: (out caller-allocates): where
 * @size: room
 *
 * For the simulator and the tests.
 *
 * Returns: length with CR LF, 0 when it does not fit
 */
size_t chs_nellcor_encode (const ChsNellcorLine *line, uint8_t *bytes, size_t size);

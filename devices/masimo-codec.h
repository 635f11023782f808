/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/text-line.h"

/* Masimo "ASCII 1" (Rad-8, Rad-87, Radical-5, Radical-7): a line of KEY=VALUE words a
 * second, unasked. Which keys there are differs by model and software.
 *
 *   02/22/16 22:47:45 SN=0000056661 SPO2=098% BPM=097 PI=03.60% ... ALARM=0000 EXC=000800
 *
 * There is no checksum. What stands in for one: the line begins with date and time,
 * SPO2, BPM, ALARM and EXC are there, each known key stands once and its value has
 * exactly the form that the instrument prints. ALARM and EXC have as many digits as in
 * the line before (models differ, and EXC=000800 less one digit would be a fault). A line
 * in which anything does not fit is refused whole.
 *
 * Source: shared/protocols/masimo-ascii.md. C library only. */

/* Bits of EXC, the vendor's. */
enum {
  CHS_MASIMO_NO_SENSOR = 0x001,
  CHS_MASIMO_DEFECTIVE_SENSOR = 0x002,
  CHS_MASIMO_LOW_PERFUSION = 0x004,
  CHS_MASIMO_PULSE_SEARCH = 0x008,
  CHS_MASIMO_INTERFERENCE = 0x010,
  CHS_MASIMO_SENSOR_OFF = 0x020,
  CHS_MASIMO_AMBIENT_LIGHT = 0x040,
  CHS_MASIMO_UNKNOWN_SENSOR = 0x080,
  CHS_MASIMO_LOW_SIGNAL_IQ = 0x400,
  CHS_MASIMO_SET = 0x800, /* the algorithm runs normally: no fault */
};

typedef enum {
  CHS_MASIMO_SPO2, /* percent */
  CHS_MASIMO_BPM,  /* beats a minute */
  CHS_MASIMO_PI,   /* percent */
  CHS_MASIMO_SPCO,
  CHS_MASIMO_SPMET,
  CHS_MASIMO_SPHB, /* g/dL */
  CHS_MASIMO_PVI,
  CHS_N_MASIMO_VALUES
} ChsMasimoValue;

typedef struct {
  char     clock[18];  /* "02/22/16 22:47:45", the instrument's own */
  char     serial[11]; /* "" = not told */
  double   value[CHS_N_MASIMO_VALUES]; /* NAN = dashes, or the key is not there */
  uint32_t alarm;      /* meaning not public; 0x20 = silenced, seen by one user */
  uint32_t exceptions; /* CHS_MASIMO_* */
} ChsMasimoLine;

typedef struct {
  ChsCounters counters;
  ChsTextLine line;
  uint16_t    layout; /* digits of ALARM and EXC in the last good line, 0 = none so far */
  uint16_t    refused_layout; /* in a line that was refused for it; the second in a row is right */
  bool        lost; /* a line was refused since the last good one */
} ChsMasimo;

/**
 * chs_masimo_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the line, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_masimo_feed (ChsMasimo *self, const uint8_t *bytes, size_t n, size_t *used, ChsMasimoLine *out);

/**
 * chs_masimo_encode:
 * @line: what to print; as a Rad-8 does: SPHB and PVI are not printed
 * @bytes: (out caller-allocates): where
 * @size: room
 *
 * For the simulator and the tests.
 *
 * Returns: length with CR LF, 0 when it does not fit
 */
size_t chs_masimo_encode (const ChsMasimoLine *line, uint8_t *bytes, size_t size);

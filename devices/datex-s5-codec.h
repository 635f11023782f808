/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/bytes.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* GE / Datex-Ohmeda S/5 record interface (AS/3, CS/3, S/5, B20..B125, CARESCAPE).
 * Wire format: shared/protocols/datex-s5-dri.md (sections are cited below).
 *
 * Two steps: the framer turns wire bytes into records whose checksum holds; the
 * readers walk a record without copying it, every offset bounded. Everything is
 * little-endian. C library only; no allocation, no static state. */

#define CHS_S5_RECORD_MAX 1490 /* section 3 */
#define CHS_S5_HEADER 40

typedef struct {
  uint8_t  data[CHS_S5_RECORD_MAX + 1]; /* and the checksum */
  uint32_t n;
  bool     escaped;
  bool     overflow;
  uint64_t frames_ok, frames_bad, bytes_skipped;
} ChsS5Framer;

void chs_s5_framer_reset (ChsS5Framer *self); /* forgets the frame under way; keeps counters */

/**
 * chs_s5_framer_feed:
 * @self: a framer, zeroed before its first use
 * @p: wire bytes, in any split
 * @n: how many
 * @used: (out): how many were taken; call again with the rest
 * @record: (out): a record without its checksum, valid until the next call
 * @record_n: (out): its length, at least 40
 *
 * Returns: what came of it
 */
ChsFeed chs_s5_framer_feed (ChsS5Framer    *self,
                            const uint8_t  *p,
                            size_t          n,
                            size_t         *used,
                            const uint8_t **record,
                            size_t         *record_n);

/**
 * chs_s5_frame_write:
 * @record: a record without its checksum
 * @n: at most 1490
 * @frame: (out caller-allocates): wire bytes
 * @size: room; 2 * @n + 4 is always enough
 *
 * Returns: bytes of the frame, 0 when it does not fit
 */
size_t chs_s5_frame_write (const uint8_t *record, size_t n, uint8_t *frame, size_t size);

/* ---- records (section 3) ---- */

enum {
  CHS_S5_MAIN_PHYSIOLOGICAL = 0,
  CHS_S5_MAIN_WAVE = 1,
  CHS_S5_MAIN_ALARM = 4,
};

enum {
  CHS_S5_SUB_DISPLAYED = 1,
  CHS_S5_SUB_TREND_10S = 2,
  CHS_S5_SUB_TREND_60S = 3,
  CHS_S5_SUB_AUXILIARY = 4,
};

#define CHS_S5_CLASS_OFFSET 4    /* of the class data in a physiological subrecord */
#define CHS_S5_CLASS_SIZE 270
#define CHS_S5_SUB_SIZE 278
#define CHS_S5_AUX_SIZE 114

typedef struct {
  uint8_t  number;    /* counts up: loss detection */
  uint8_t  level;     /* DRI level of the monitor */
  uint16_t plug_id;   /* which monitor */
  uint32_t time_s;    /* monitor's clock, seconds since 1970 in an unknown time zone: for differences only */
  int16_t  main_type; /* CHS_S5_MAIN_* */
  unsigned n_subs;
  struct {
    uint8_t  type;
    ChsBytes data; /* from its offset to the next one, or to the end */
  } subs[8];
} ChsS5Record;

/**
 * chs_s5_record_read:
 * @data: a record
 * @n: its length
 * @record: (out): its header and subrecords; borrows from @data
 *
 * Returns: whether the header holds and every subrecord lies inside
 */
bool chs_s5_record_read (const uint8_t *data, size_t n, ChsS5Record *record);

/* A value of a group: NAN where it is one of the markers (section 5: nothing at or below -32001 is a number). */
double chs_s5_value (int16_t wire, double divisor);

static inline int16_t
chs_s5_i16 (const uint8_t *p)
{
  return (int16_t) (p[1] << 8 | p[0]);
}

static inline uint32_t
chs_s5_u32 (const uint8_t *p)
{
  return (uint32_t) p[3] << 24 | (uint32_t) p[2] << 16 | (uint32_t) p[1] << 8 | p[0];
}

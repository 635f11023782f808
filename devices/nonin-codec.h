/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Nonin pulse oximeters (OEM III, Xpod, Avant, 9560, WristOx2): three binary formats,
 * all sent unasked. Source: shared/protocols/nonin.md. C library only.
 *
 *   #2, #7  packets of 25 frames of 5 bytes, 75 frames a second, each frame with a checksum
 *   #1, #8  groups of 3 or 4 bytes once a second; bit 7 marks the first byte; no checksum
 *   #13     spot measurements with a time, framed, with a checksum
 */

#define CHS_NONIN_FRAMES 25
#define CHS_NONIN_FRAME_BYTES 5
#define CHS_NONIN_RATE_HZ 75.0
#define CHS_NONIN_NO_HR 511
#define CHS_NONIN_NO_SPO2 127

/* Status of a frame of #2 and #7. Bit 7 is always set. */
enum {
  CHS_NONIN_DISCONNECTED = 0x40, /* OEM III; reserved in others, where it is 0 */
  CHS_NONIN_ARTIFACT = 0x20,     /* in this pulse */
  CHS_NONIN_OUT_OF_TRACK = 0x10, /* sustained artifact */
  CHS_NONIN_SENSOR_ALARM = 0x08, /* finger off, signal unusable */
  CHS_NONIN_RED = 0x04,          /* with GREEN: yellow. Perfusion of a pulse, set for 12 frames */
  CHS_NONIN_GREEN = 0x02,
  CHS_NONIN_SYNC = 0x01,         /* first frame of a packet */
};

/* ---- formats #2 and #7, told apart by themselves ---- */

typedef struct {
  bool     is_format7;
  uint8_t  status[CHS_NONIN_FRAMES];
  uint16_t pleth[CHS_NONIN_FRAMES];
  uint16_t hr, hr_display;     /* 4-beat average; CHS_NONIN_NO_HR. The display values are held for 10 s after */
  uint8_t  spo2, spo2_display; /* the finger has gone; CHS_NONIN_NO_SPO2 */
  uint8_t  firmware;
  uint16_t timer;              /* thirds of a second, 14 bits */
  bool     is_high_quality, is_battery_low;
} ChsNoninPacket;

typedef struct {
  ChsCounters counters;
  size_t      n;        /* bytes in @group */
  size_t      n_frames; /* of the packet; 0 = waiting for SYNC; all = waiting for the bytes that prove it whole */
  bool        has_next; /* @group is the first frame of the next packet */
  bool        lost;     /* bytes were skipped since the last good packet */
  uint8_t     group[CHS_NONIN_FRAME_BYTES];
  uint8_t     frames[CHS_NONIN_FRAMES][CHS_NONIN_FRAME_BYTES];
} ChsNoninPackets;

/**
 * chs_nonin_packets_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the packet, set only on %CHS_FEED_FRAME
 *
 * A packet is given out 13 ms after its end, when the next five bytes are known: with a SYNC they begin the next packet;
 * without one they show that this one was patched together from two torn ones. Only the first packet of a stream that
 * begins with it is given out at once.
 *
 * Returns: what came of it
 */
ChsFeed chs_nonin_packets_feed (ChsNoninPackets *self, const uint8_t *bytes, size_t n, size_t *used, ChsNoninPacket *out);

/**
 * chs_nonin_packet_encode:
 * @packet: what to send; SYNC and bit 7 of the status are set here; fast and extended averages are those of @hr and @spo2
 * @bytes: (out caller-allocates): 125 bytes
 */
void chs_nonin_packet_encode (const ChsNoninPacket *packet, uint8_t bytes[CHS_NONIN_FRAMES * CHS_NONIN_FRAME_BYTES]);

/* ---- formats #1 and #8, told apart by the length between two first bytes ---- */

enum {
  CHS_NONIN_GROUP_DISCONNECTED = 0x40, /* #1 only */
  CHS_NONIN_GROUP_OUT_OF_TRACK = 0x20,
  CHS_NONIN_GROUP_LOW_PERFUSION = 0x10,
  CHS_NONIN_GROUP_MARGINAL_PERFUSION = 0x08,
  CHS_NONIN_GROUP_ARTIFACT = 0x04,
  CHS_NONIN_GROUP_HIGH_QUALITY = 0x20, /* of the second status, #8 */
  CHS_NONIN_GROUP_SENSOR_ALARM = 0x08,
  CHS_NONIN_GROUP_BATTERY_LOW = 0x01,
};

typedef struct {
  uint16_t hr;      /* CHS_NONIN_NO_HR = none */
  uint8_t  spo2;    /* CHS_NONIN_NO_SPO2 = none */
  uint8_t  status;  /* CHS_NONIN_GROUP_*, first byte */
  uint8_t  status2; /* fourth byte; 0 in #1 */
} ChsNoninGroup;

typedef struct {
  ChsCounters counters;
  size_t      length;  /* of a group, 3 or 4; 0 = not known yet */
  size_t      pending; /* length seen once */
  size_t      n;       /* bytes in @bytes; 0 = waiting for a first byte */
  bool        lost;
  uint8_t     bytes[4];
} ChsNoninGroups;

/**
 * chs_nonin_groups_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the group, set only on %CHS_FEED_FRAME
 *
 * The first two groups only teach the length.
 *
 * Returns: what came of it
 */
ChsFeed chs_nonin_groups_feed (ChsNoninGroups *self, const uint8_t *bytes, size_t n, size_t *used, ChsNoninGroup *out);

/**
 * chs_nonin_group_encode:
 * @group: what to send
 * @is_format8: #8, else #1
 * @bytes: (out caller-allocates): where
 *
 * Returns: 3 or 4
 */
size_t chs_nonin_group_encode (const ChsNoninGroup *group, bool is_format8, uint8_t bytes[4]);

/* ---- format #13 ---- */

#define CHS_NONIN_SPOT_BYTES 22

typedef struct {
  char     clock[20];      /* "2026-11-20 14:45:07", the instrument's own */
  uint16_t hr;             /* CHS_NONIN_NO_HR = none */
  uint8_t  spo2;           /* CHS_NONIN_NO_SPO2 = none */
  bool     is_high_quality, is_empty, is_from_memory, is_battery_low;
} ChsNoninSpot;

typedef struct {
  ChsCounters counters;
  size_t      n;
  bool        lost;
  uint8_t     bytes[64]; /* own choice: the vendor allows for longer data than the 14 bytes known */
} ChsNoninSpots;

/**
 * chs_nonin_spots_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the measurement, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_nonin_spots_feed (ChsNoninSpots *self, const uint8_t *bytes, size_t n, size_t *used, ChsNoninSpot *out);

/**
 * chs_nonin_spot_encode:
 * @spot: what to send
 * @bytes: (out caller-allocates): where
 */
void chs_nonin_spot_encode (const ChsNoninSpot *spot, uint8_t bytes[CHS_NONIN_SPOT_BYTES]);

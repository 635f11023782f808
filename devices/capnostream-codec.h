/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Oridion/Medtronic Capnostream 20 and 20p.
 *
 *   85 | length | code | payload | checksum
 *
 * Length counts code and payload; the checksum is the XOR of length, code and payload.
 * 85 occurs nowhere else: inside, 85 is sent as 80 05 and 80 as 80 00.
 *
 * Source: shared/protocols/capnostream20.md (one public implementation, tried on a real
 * unit; the vendor's paper is not public). C library only. */

typedef enum {
  /* host */
  CHS_CAPNO_ENABLE = 1,
  CHS_CAPNO_DISABLE = 2,
  CHS_CAPNO_START = 4,
  CHS_CAPNO_STOP = 5,
  CHS_CAPNO_ALIVE = 6,
} ChsCapnoCommand;

typedef enum {
  /* device */
  CHS_CAPNO_WAVE = 0,
  CHS_CAPNO_NUMERICS = 1,
  CHS_CAPNO_PATIENT_ID = 2,
  CHS_CAPNO_DEVICE_ID = 4,
  CHS_CAPNO_PATIENT_ID_UNICODE = 12,
  CHS_CAPNO_NEW_PATIENT = 57,
  CHS_CAPNO_NEW_PATIENT_UNICODE = 58,
} ChsCapnoCode;

#define CHS_CAPNO_MAX_PAYLOAD 254
#define CHS_CAPNO_MAX_FRAME (3 + 2 * (CHS_CAPNO_MAX_PAYLOAD + 2))
#define CHS_CAPNO_NONE 255 /* no value */

/* Fast status, with each sample of the wave. */
enum {
  CHS_CAPNO_INVALID = 0x01,
  CHS_CAPNO_INITIALISING = 0x02,
  CHS_CAPNO_OCCLUSION = 0x04,
  CHS_CAPNO_END_OF_BREATH = 0x08,
  CHS_CAPNO_PURGING = 0x20,
  CHS_CAPNO_NO_FILTERLINE = 0x40,
  CHS_CAPNO_MALFUNCTION = 0x80,
};

typedef struct {
  uint8_t number; /* counts up with each */
  double  co2;    /* in the unit of the numerics */
  uint8_t status; /* fast status */
} ChsCapnoWave;

typedef struct {
  uint8_t etco2, fico2, rr, spo2, pulse; /* CHS_CAPNO_NONE */
  uint8_t slow_status; /* 0x08 high priority alarm sounds */
  uint8_t co2_alarms;  /* 01 no breath, 02/04 etCO2 high/low, 08/10 rate high/low, 20 FiCO2 high */
  uint8_t spo2_alarms; /* 01 pulse not found, 02/04 SpO2 high/low, 08/10 pulse high/low, 20 sensor off, 40 disconnected */
  uint8_t unit;        /* 1 mmHg, 2 kPa (times ten, presumed), 3 percent by volume */
  uint8_t extended;    /* 01 check calibration, 02 check flow, 04 pump off, 80 battery low */
} ChsCapnoNumerics;

typedef struct {
  uint8_t          code;
  ChsCapnoWave     wave;     /* code WAVE */
  ChsCapnoNumerics numerics; /* code NUMERICS */
  char             text[64]; /* code DEVICE_ID; blanks at the end cut off */
} ChsCapnoMessage;

typedef struct {
  ChsCounters counters;
  bool        is_begun, is_escaped;
  bool        lost;
  size_t      n; /* unescaped bytes behind 85 */
  uint8_t     bytes[CHS_CAPNO_MAX_PAYLOAD + 3];
} ChsCapno;

/**
 * chs_capno_feed:
 * @self: a decoder; zeroed at first
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the message, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_capno_feed (ChsCapno *self, const uint8_t *bytes, size_t n, size_t *used, ChsCapnoMessage *out);

/**
 * chs_capno_frame:
 * @body: code and payload
 * @n: how many, 1..255
 * @frame: (out caller-allocates): where
 * @size: room; %CHS_CAPNO_MAX_FRAME is always enough
 *
 * Returns: length of the frame, 0 when it does not fit
 */
size_t chs_capno_frame (const uint8_t *body, size_t n, uint8_t *frame, size_t size);

/**
 * chs_capno_encode:
 * @message: what the device sends: WAVE, NUMERICS or DEVICE_ID
 * @frame: (out caller-allocates): where
 * @size: room
 *
 * For the simulator and the tests.
 *
 * Returns: length of the frame, 0 when it does not fit
 */
size_t chs_capno_encode (const ChsCapnoMessage *message, uint8_t *frame, size_t size);

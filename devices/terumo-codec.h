/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"
#include "devices/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Terumo Terufusion pumps, "external communication": XML over a serial line.
 *
 *   STX <?xml version="1.0"?><REP><DEVID>id</DEVID><CMD>base64</CMD></REP> CCCC ETX
 *
 * CCCC is the CRC-16/XMODEM of the text. The only command documented is "basic
 * status". There is no XML parser here: the shape is fixed, and anything else is
 * refused. Source: instruction manuals of TE-SS730 and TE-SS830(P),
 * shared/protocols/terumo-terufusion.md. C library only. */

#define CHS_TERUMO_TEXT_MAX 1024
#define CHS_TERUMO_ID 25 /* room for 24 hexadecimal digits */
#define CHS_TERUMO_DATA_MAX 512

typedef struct {
  bool    is_reply; /* REP, else REQ */
  char    id[CHS_TERUMO_ID]; /* "" = whoever is there */
  bool    has_command;
  size_t  n;
  uint8_t data[CHS_TERUMO_DATA_MAX]; /* the command, out of base64 */
} ChsTerumoMessage;

/* Zeroed before use; counters survive chs_terumo_reset(). */
typedef struct {
  ChsCounters counters;
  bool        lost;
  size_t      n;       /* bytes in @frame; 0 = waiting for STX */
  size_t      frame_n; /* length of the message given out last; it stands in @frame until the next feed */
  uint8_t     frame[CHS_TERUMO_TEXT_MAX + 8];
} ChsTerumo;

typedef enum {
  CHS_TERUMO_STOPPED = 0,
  CHS_TERUMO_INFUSING = 1,
  CHS_TERUMO_STANDBY = 2,
  CHS_TERUMO_PURGE = 3,
  CHS_TERUMO_BOLUS_HANDS_ON = 4,
  CHS_TERUMO_BOLUS_HANDS_FREE = 5,
} ChsTerumoState;

/* Answer to "basic status". */
typedef struct {
  uint8_t  state;       /* ChsTerumoState; others are undocumented */
  uint32_t alarms;      /* 24 bits as on the wire */
  bool     on_mains;
  uint8_t  occlusion;   /* 0..3: quarters of the limit */
  double   rate_ml_h;
  double   volume_ml;
  double   vtbi_ml;     /* NAN = unlimited, or the function is off */
} ChsTerumoStatus;

/**
 * chs_terumo_reset:
 * @terumo: a decoder
 *
 * Forgets the message that was begun.
 */
void chs_terumo_reset (ChsTerumo *terumo);

/**
 * chs_terumo_feed:
 * @terumo: a decoder
 * @bytes: what arrived
 * @n: how many
 * @used: (out): bytes used; feed the rest again
 * @out: (out): the message, set only on %CHS_FEED_FRAME
 *
 * Returns: what came of it
 */
ChsFeed chs_terumo_feed (ChsTerumo *terumo, const uint8_t *bytes, size_t n, size_t *used, ChsTerumoMessage *out);

/**
 * chs_terumo_wrap:
 * @text: XML
 * @n: bytes of it
 * @frame: (out caller-allocates): where
 * @size: room
 *
 * Returns: length of the frame, 0 when it does not fit
 */
size_t chs_terumo_wrap (const uint8_t *text, size_t n, uint8_t *frame, size_t size);

/**
 * chs_terumo_encode:
 * @message: what to send
 * @frame: (out caller-allocates): where
 * @size: room
 *
 * Returns: length of the frame, 0 when it does not fit
 */
size_t chs_terumo_encode (const ChsTerumoMessage *message, uint8_t *frame, size_t size);

/**
 * chs_terumo_read_status:
 * @message: a reply
 * @status: (out): its content
 *
 * Returns: whether it is a good answer to "basic status"
 */
bool chs_terumo_read_status (const ChsTerumoMessage *message, ChsTerumoStatus *status);

/**
 * chs_terumo_write_status:
 * @status: what the pump tells
 * @seq: number of the request
 * @message: (out): the reply, without its id
 */
void chs_terumo_write_status (const ChsTerumoStatus *status, uint8_t seq, ChsTerumoMessage *message);

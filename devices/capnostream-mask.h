/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/capnostream-codec.h"

/* A Capnostream tells unasked who the patient is (codes 2, 12, 57, 58) if that was typed in.
 * The recording must not keep it: this writes '*' over the payload of these messages as the
 * bytes go to the journal and sets the checksum right, so that a message that was good stays
 * good and one that was bad stays bad. C library only. */

/* Zeroed before use. */
typedef struct {
  bool     is_begun;   /* 85 was seen */
  bool     is_escaped; /* 80 was seen, and held back while the message is personal */
  bool     is_personal;
  uint8_t  length;     /* of code and payload */
  uint8_t  delta;      /* what masking does to the XOR */
  uint16_t n;          /* bytes of the message so far, without 85 and escapes */
} ChsCapnoMask;

/**
 * chs_capno_mask:
 * @mask: of this stream
 * @bytes: as they came
 * @n: how many; 0 = the stream ends: what was held back comes out
 * @out: (out caller-allocates): room for CHS_MASK_ROOM (@n) bytes
 *
 * Returns: how many bytes were written
 */
size_t chs_capno_mask (ChsCapnoMask *mask, const uint8_t *bytes, size_t n, uint8_t *out);

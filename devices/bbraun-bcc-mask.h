/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/bbraun-bcc-codec.h"

/* A rack may send personal data: PATID, PATIDBADGE, PATW, PATAGE, INPATW, NURSEID,
 * DRUGORDERNO. The driver passes them over, and the recording must not keep them
 * either. This writes '*' over their values as the bytes go to the journal and sets
 * the checksum right, so that a recording decodes as the line did: a message that
 * was good stays good, one that was bad stays bad.
 *
 * Names are looked for wherever a comma ends one, whether or not a message was seen to
 * begin. What stands before the first separator of a stream begun in the middle belongs to
 * a name that nobody heard: masked too, CHS_BCC_MASK_BLIND bytes at most.
 *
 * Limits: a name that the line has garbled is not known. Until the first message
 * has shown whether the rack stuffs, D, E, d and e of a value can be told from its other letters.
 *
 * C library only. */

#define CHS_BCC_MASK_BLIND 64 /* own choice; the longest value of the note has 25 characters */
#define CHS_BCC_MASK_NAME 24  /* room for a name; the longest known has 15 characters, and stuffing doubles few of them */

/* What a message sums up to, before and after, if it is (not) stuffed. */
typedef struct {
  uint8_t sum;   /* as it came */
  uint8_t delta; /* what masking adds */
} ChsBccMaskSum;

/* Zeroed before use. */
typedef struct {
  ChsBccMaskSum plain, stuffed;
  uint8_t       held[6];    /* a letter that may begin an escape, or digits of the checksum */
  uint8_t       n_held;
  uint8_t       n_name;
  bool          in_message; /* SOH was seen */
  bool          in_check;   /* behind ETX: @held takes the checksum */
  bool          in_value;   /* of a personal field */
  bool          is_pair;    /* @stuffed: the byte before began an escape */
  bool          is_begun;   /* a separator was seen */
  uint8_t       n_blind;    /* bytes masked before it */
  char          name[CHS_BCC_MASK_NAME]; /* since the last separator, the newest */
} ChsBccMask;

/**
 * chs_bcc_mask:
 * @mask: of this stream
 * @stuffing: as far as it is known
 * @bytes: as they came
 * @n: how many; 0 = the stream ends: what was held back comes out
 * @out: (out caller-allocates): room for CHS_MASK_ROOM (@n) bytes
 *
 * Returns: how many bytes were written
 */
size_t chs_bcc_mask (ChsBccMask *mask, ChsBccStuffing stuffing, const uint8_t *bytes, size_t n, uint8_t *out);

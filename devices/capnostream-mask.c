/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/capnostream-mask.h"

#include "devices/bytes.h"

#define START 0x85
#define ESCAPE 0x80
#define MASK '*'

static bool
is_personal (uint8_t code)
{
  return code == CHS_CAPNO_PATIENT_ID || code == CHS_CAPNO_PATIENT_ID_UNICODE || code == CHS_CAPNO_NEW_PATIENT
         || code == CHS_CAPNO_NEW_PATIENT_UNICODE;
}

static void
put_escaped (ChsBytesOut *out, uint8_t byte)
{
  if (byte == START || byte == ESCAPE) {
    chs_bytes_put_u8 (out, ESCAPE);
    byte &= 0x7F;
  }
  chs_bytes_put_u8 (out, byte);
}

/* One byte of a message, without escapes: length, code, payload, checksum. Returns what is to be kept. */
static uint8_t
mask_byte (ChsCapnoMask *mask, uint8_t byte)
{
  uint16_t at = mask->n++;

  if (at == 0)
    mask->length = byte;
  else if (at == 1)
    mask->is_personal = is_personal (byte);
  else if (mask->is_personal && at <= mask->length) {
    mask->delta ^= byte ^ MASK;
    byte = MASK;
  } else if (at > mask->length) {
    byte ^= mask->delta;
    mask->is_begun = false;
  }
  return byte;
}

static void
push (ChsCapnoMask *mask, uint8_t byte, ChsBytesOut *out)
{
  if (byte == START) {
    *mask = (ChsCapnoMask) { .is_begun = true };
    chs_bytes_put_u8 (out, byte);
  } else if (!mask->is_begun)
    chs_bytes_put_u8 (out, byte);
  else if (byte == ESCAPE && !mask->is_escaped)
    mask->is_escaped = true;
  else {
    bool is_odd = mask->is_escaped && byte != (START & 0x7F) && byte != (ESCAPE & 0x7F);

    if (is_odd)
      chs_bytes_put_u8 (out, ESCAPE); /* what the codec refuses stays refused */
    byte = mask_byte (mask, mask->is_escaped && !is_odd ? byte | 0x80 : byte);
    mask->is_escaped = false;
    put_escaped (out, byte);
  }
}

size_t
chs_capno_mask (ChsCapnoMask *mask, const uint8_t *bytes, size_t n, uint8_t *out)
{
  ChsBytesOut written = chs_bytes_out (out, CHS_MASK_ROOM (n));

  for (size_t i = 0; i < n; i++)
    push (mask, bytes[i], &written);
  if (n == 0 && mask->is_begun && mask->is_escaped) {
    chs_bytes_put_u8 (&written, ESCAPE);
    mask->is_escaped = false;
  }
  return chs_bytes_out_used (&written);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/bbraun-bcc-mask.h"

#include "devices/ascii.h"
#include "devices/bytes.h"

#include <string.h>

#define MASK '*'
#define CHECK_DIGITS 5
#define CHECK_NEVER 999 /* a sum modulo 256 is never this: a message that was bad stays bad */

/* Parts of the names that no other name has, and that stuffing leaves as they are ("EXRUGOREXEERNO"). */
static const char *const personal[] = { "PAT", "NURSE", "RUGOR" };

static bool
is_personal (const ChsBccMask *mask)
{
  for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
    if (memmem (mask->name, mask->n_name, personal[i], strlen (personal[i])) != NULL)
      return true;
  return false;
}

static void
keep_name (ChsBccMask *mask, uint8_t byte)
{
  if (mask->n_name == sizeof mask->name)
    memmove (mask->name, mask->name + 1, --mask->n_name);
  mask->name[mask->n_name++] = (char) byte;
}

static bool
is_separator (uint8_t byte)
{
  return byte == CHS_BCC_RS || byte == CHS_BCC_ETX || byte == CHS_BCC_ETB || byte == CHS_BCC_EOT || byte == CHS_BCC_SOH;
}

/* ---- the sums ---- */

static uint8_t
second_of_pair (uint8_t byte)
{
  return byte == 'X' ? 'D' : byte == 'x' ? 'd' : byte;
}

static void
count (ChsBccMask *mask, uint8_t byte)
{
  mask->plain.sum = (uint8_t) (mask->plain.sum + byte);
  if (mask->is_pair) {
    mask->stuffed.sum = (uint8_t) (mask->stuffed.sum + second_of_pair (byte));
    mask->is_pair = false;
  } else if (byte == 'E' || byte == 'e')
    mask->is_pair = true;
  else
    mask->stuffed.sum = (uint8_t) (mask->stuffed.sum + byte);
}

static void
change (ChsBccMaskSum *sum, unsigned from, unsigned to)
{
  sum->delta = (uint8_t) (sum->delta + to - from);
}

/* ---- a value ---- */

static void
put_masked (ChsBccMask *mask, uint8_t byte, ChsBytesOut *out)
{
  change (&mask->plain, byte, MASK);
  change (&mask->stuffed, byte, MASK);
  chs_bytes_put_u8 (out, MASK);
}

/* An escape is one letter of the value; if it is one. As long as that is not known it stays as long as it is. */
static void
put_pair (ChsBccMask *mask, ChsBccStuffing stuffing, uint8_t first, uint8_t second, ChsBytesOut *out)
{
  if (stuffing == CHS_BCC_STUFFING_ON) {
    change (&mask->stuffed, second_of_pair (second), MASK);
    chs_bytes_put_u8 (out, MASK);
    return;
  }
  change (&mask->plain, second, first);
  change (&mask->stuffed, second_of_pair (second), first);
  chs_bytes_put_u8 (out, first);
  chs_bytes_put_u8 (out, first);
}

static void
let_held_letter_go (ChsBccMask *mask, ChsBytesOut *out)
{
  if (mask->n_held > 0)
    put_masked (mask, mask->held[0], out);
  mask->n_held = 0;
}

static void
push_value (ChsBccMask *mask, ChsBccStuffing stuffing, uint8_t byte, ChsBytesOut *out)
{
  uint8_t first = mask->held[0], escaped = first == 'E' ? 'X' : 'x';

  if (mask->n_held > 0 && (byte == first || byte == escaped)) {
    mask->n_held = 0;
    put_pair (mask, stuffing, first, byte, out);
    return;
  }
  let_held_letter_go (mask, out);
  if (stuffing != CHS_BCC_STUFFING_OFF && (byte == 'E' || byte == 'e'))
    mask->held[mask->n_held++] = byte;
  else
    put_masked (mask, byte, out);
}

/* ---- the checksum ---- */

static void
let_check_go (ChsBccMask *mask, ChsBccStuffing stuffing, ChsBytesOut *out)
{
  uint32_t check;

  mask->in_check = false;
  if (mask->n_held == CHECK_DIGITS && (mask->plain.delta != 0 || mask->stuffed.delta != 0)) {
    (void) chs_ascii_unsigned ((const char *) mask->held, CHECK_DIGITS, &check);
    if (stuffing != CHS_BCC_STUFFING_ON && check == mask->plain.sum)
      check = (uint8_t) (check + mask->plain.delta);
    else if (stuffing != CHS_BCC_STUFFING_OFF && check == mask->stuffed.sum)
      check = (uint8_t) (check + mask->stuffed.delta);
    else
      check = CHECK_NEVER;
    chs_ascii_put_digits (out, check, CHECK_DIGITS);
  } else
    chs_bytes_put (out, mask->held, mask->n_held);
  mask->n_held = 0;
}

/* ---- the stream ---- */

static void
push_separator (ChsBccMask *mask, uint8_t byte, ChsBytesOut *out)
{
  bool in_message = mask->in_message;

  let_held_letter_go (mask, out);
  mask->in_value = false;
  mask->is_begun = true;
  mask->n_name = 0;
  if (byte == CHS_BCC_SOH)
    *mask = (ChsBccMask) { .is_begun = true, .in_message = true };
  count (mask, byte);
  mask->in_check = in_message && (byte == CHS_BCC_ETX || byte == CHS_BCC_ETB);
  mask->in_message = mask->in_message && !mask->in_check;
  chs_bytes_put_u8 (out, byte);
}

static void
push_text (ChsBccMask *mask, uint8_t byte, ChsBytesOut *out)
{
  if (byte == ',') {
    mask->in_value = is_personal (mask);
    mask->n_name = 0;
  } else if (byte == '>')
    mask->n_name = 0; /* the end of the bed's name */
  else
    keep_name (mask, byte);
  chs_bytes_put_u8 (out, byte);
}

static void
push_blind (ChsBccMask *mask, uint8_t byte, ChsBytesOut *out)
{
  mask->n_blind++;
  mask->is_begun = mask->n_blind == CHS_BCC_MASK_BLIND;
  chs_bytes_put_u8 (out, byte < ' ' ? byte : MASK);
}

static void
push (ChsBccMask *mask, ChsBccStuffing stuffing, uint8_t byte, ChsBytesOut *out)
{
  if (mask->in_check) {
    bool is_digit = byte >= '0' && byte <= '9';

    if (is_digit)
      mask->held[mask->n_held++] = byte;
    if (!is_digit || mask->n_held == CHECK_DIGITS)
      let_check_go (mask, stuffing, out);
    if (is_digit)
      return;
  }
  if (is_separator (byte)) {
    push_separator (mask, byte, out);
    return;
  }
  count (mask, byte);
  if (mask->in_value)
    push_value (mask, stuffing, byte, out);
  else if (!mask->is_begun)
    push_blind (mask, byte, out);
  else
    push_text (mask, byte, out);
}

size_t
chs_bcc_mask (ChsBccMask *mask, ChsBccStuffing stuffing, const uint8_t *bytes, size_t n, uint8_t *out)
{
  ChsBytesOut written = chs_bytes_out (out, CHS_MASK_ROOM (n));

  for (size_t i = 0; i < n; i++)
    push (mask, stuffing, bytes[i], &written);
  if (n == 0 && mask->in_check)
    let_check_go (mask, stuffing, &written);
  else if (n == 0)
    let_held_letter_go (mask, &written);
  return chs_bytes_out_used (&written);
}

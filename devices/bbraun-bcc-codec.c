/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/bbraun-bcc-codec.h"

#include "devices/ascii.h"

#include <string.h>

#define LEN_AT 1
#define STX_AT 6
#define TEXT_AT 7
#define TAIL 7 /* ETX, check5, EOT */
#define LOCATION "/1/1"
#define LOCATION_N 4
#define MIN_BYTES (TEXT_AT + 1 + LOCATION_N + 1 + TAIL)

/* ---- stuffing ---- */

/* One pass from the left: "EEX" means "EX". Returns the length, 0 when an escape makes no sense. */
static size_t
destuff (const uint8_t *wire, size_t n, uint8_t *plain)
{
  size_t out = 0;

  for (size_t i = 0; i < n; i++) {
    uint8_t byte = wire[i];
    bool upper = byte == 'E';

    if (byte == 'D' || byte == 'd')
      return 0; /* never occurs in a stuffed stream */
    if (byte == 'E' || byte == 'e') {
      if (++i == n || (wire[i] != (upper ? 'X' : 'x') && wire[i] != byte))
        return 0;
      plain[out++] = wire[i] == byte ? byte : upper ? 'D' : 'd';
    } else
      plain[out++] = byte;
  }
  return out;
}

static void
put_stuffed (ChsBytesOut *out, uint8_t byte)
{
  switch (byte) {
  case 'D':
    chs_bytes_put (out, "EX", 2);
    break;
  case 'E':
    chs_bytes_put (out, "EE", 2);
    break;
  case 'd':
    chs_bytes_put (out, "ex", 2);
    break;
  case 'e':
    chs_bytes_put (out, "ee", 2);
    break;
  default:
    chs_bytes_put_u8 (out, byte);
    break;
  }
}

/* ---- one message ---- */

static unsigned
sum_of (const uint8_t *bytes, size_t n)
{
  unsigned sum = 0;

  for (size_t i = 0; i < n; i++)
    sum += bytes[i];
  return sum % 256;
}

static bool
is_bed_character (char c)
{
  return (c >= '/' && c <= '9') || (c >= 'A' && c <= 'z');
}

/* "CHAIR1/1/1>information" */
static bool
read_text (const char *text, size_t n, ChsBccFrame *out)
{
  const char *end = memchr (text, '>', n);
  size_t n_bed;

  if (end == NULL || end - text < LOCATION_N + 1)
    return false;
  n_bed = (size_t) (end - text) - LOCATION_N;
  if (n_bed >= CHS_BCC_BED || memcmp (end - LOCATION_N, LOCATION, LOCATION_N) != 0)
    return false;
  for (size_t i = 0; i < n_bed; i++)
    if (!is_bed_character (text[i]))
      return false;
  memcpy (out->bed, text, n_bed);
  out->bed[n_bed] = '\0';
  out->info = end + 1;
  out->n = n - (size_t) (end + 1 - text);
  return true;
}

/* An unstuffed message, SOH .. EOT. Everything that can be checked is. */
static bool
read_message (const uint8_t *bytes, size_t n, ChsBccFrame *out)
{
  uint32_t length, check;
  size_t end = n - TAIL; /* of ETX or ETB */

  if (n < MIN_BYTES || bytes[STX_AT] != CHS_BCC_STX || (bytes[end] != CHS_BCC_ETX && bytes[end] != CHS_BCC_ETB))
    return false;
  if (!chs_ascii_unsigned ((const char *) bytes + LEN_AT, 5, &length) || length != n)
    return false;
  if (!chs_ascii_unsigned ((const char *) bytes + end + 1, 5, &check) || check != sum_of (bytes, end + 1))
    return false;
  out->last = bytes[end] == CHS_BCC_ETX;
  return read_text ((const char *) bytes + TEXT_AT, end - TEXT_AT, out);
}

static bool
read_as (ChsBcc *bcc, ChsBccStuffing stuffing, ChsBccFrame *out)
{
  size_t n;

  if (stuffing == CHS_BCC_STUFFING_OFF)
    return read_message (bcc->wire, bcc->n, out);
  n = destuff (bcc->wire, bcc->n, bcc->plain);
  return n > 0 && read_message (bcc->plain, n, out);
}

/* Without the setting, the way in which length and checksum come out right is the way in which it was sent. */
static bool
read_any (ChsBcc *bcc, ChsBccFrame *out)
{
  ChsBccStuffing first = bcc->stuffing != CHS_BCC_STUFFING_AUTO ? bcc->stuffing : CHS_BCC_STUFFING_OFF;
  ChsBccStuffing other = first == CHS_BCC_STUFFING_OFF ? CHS_BCC_STUFFING_ON : CHS_BCC_STUFFING_OFF;

  if (read_as (bcc, first, out)) {
    /* A message without any D, E, d, e proves nothing. */
    if (bcc->stuffing == CHS_BCC_STUFFING_AUTO && !read_as (bcc, other, out))
      bcc->stuffing = first;
    return read_as (bcc, first, out);
  }
  if (bcc->fixed || !read_as (bcc, other, out))
    return false;
  bcc->stuffing = other;
  return true;
}

/* ---- the stream ---- */

void
chs_bcc_reset (ChsBcc *bcc)
{
  bcc->n = 0;
  bcc->lost = false;
}

static void
skip (ChsBcc *bcc, size_t n)
{
  bcc->counters.bytes_skipped += n;
  bcc->lost = true;
}

static ChsFeed
abandon (ChsBcc *bcc)
{
  skip (bcc, bcc->n);
  bcc->n = 0;
  bcc->counters.frames_bad++;
  return CHS_FEED_BAD;
}

static ChsFeed
finish (ChsBcc *bcc, ChsBccFrame *out)
{
  if (!read_any (bcc, out))
    return abandon (bcc);
  bcc->counters.frames_ok++;
  if (bcc->lost && bcc->counters.frames_ok > 1)
    bcc->counters.resyncs++;
  bcc->frame_n = bcc->n;
  chs_bcc_reset (bcc);
  return CHS_FEED_FRAME;
}

/* Neither SOH nor EOT occurs inside a message: each of them is a place to begin anew. */
static ChsFeed
push (ChsBcc *bcc, uint8_t byte, ChsBccFrame *out)
{
  ChsFeed result = CHS_FEED_MORE;

  if (byte == CHS_BCC_SOH) {
    result = bcc->n > 0 ? abandon (bcc) : CHS_FEED_MORE;
    bcc->wire[bcc->n++] = byte;
    return result;
  }
  if (bcc->n == 0) {
    skip (bcc, 1);
    return CHS_FEED_MORE;
  }
  bcc->wire[bcc->n++] = byte;
  if (byte == CHS_BCC_EOT)
    return finish (bcc, out);
  return bcc->n == sizeof bcc->wire ? abandon (bcc) : CHS_FEED_MORE;
}

ChsFeed
chs_bcc_feed (ChsBcc *bcc, const uint8_t *bytes, size_t n, size_t *used, ChsBccFrame *out)
{
  for (size_t i = 0; i < n; i++) {
    ChsFeed result = push (bcc, bytes[i], out);

    if (result == CHS_FEED_MORE)
      continue;
    *used = i + 1;
    return result;
  }
  *used = n;
  return CHS_FEED_MORE;
}

/* ---- encoder ---- */

size_t
chs_bcc_encode (const char *bed, const char *info, size_t n, bool last, bool stuffed, uint8_t *bytes, size_t size)
{
  uint8_t plain[CHS_BCC_MAX_BYTES];
  ChsBytesOut message = chs_bytes_out (plain, sizeof plain), out = chs_bytes_out (bytes, size);
  size_t n_plain;

  chs_bytes_put_u8 (&message, CHS_BCC_SOH);
  chs_ascii_put_digits (&message, TEXT_AT + strlen (bed) + LOCATION_N + 1 + n + TAIL, 5);
  chs_bytes_put_u8 (&message, CHS_BCC_STX);
  chs_ascii_put (&message, bed);
  chs_ascii_put (&message, LOCATION ">");
  chs_bytes_put (&message, info, n);
  chs_bytes_put_u8 (&message, last ? CHS_BCC_ETX : CHS_BCC_ETB);
  chs_ascii_put_digits (&message, sum_of (plain, chs_bytes_out_used (&message)), 5);
  chs_bytes_put_u8 (&message, CHS_BCC_EOT);
  n_plain = chs_bytes_out_used (&message);
  for (size_t i = 0; i < n_plain; i++)
    if (stuffed)
      put_stuffed (&out, plain[i]);
    else
      chs_bytes_put_u8 (&out, plain[i]);
  return chs_bytes_out_used (&out);
}

/* ---- quadruples ---- */

/* "50100" the rack; "501" pillar slot: slot 1..9, A..O, or two decimal digits from 10 (seen on racks of version 3.30). */
static bool
read_address (const char *text, size_t n, ChsBccQuad *quad)
{
  uint32_t slot;

  quad->pillar = quad->slot = 0;
  if (n < 5 || n > 6 || memcmp (text, "501", 3) != 0)
    return false;
  if (n == 5 && text[3] == '0' && text[4] == '0')
    return true;
  if (text[3] < '1' || text[3] > '0' + CHS_BCC_PILLARS)
    return false;
  if (n == 5 && text[4] >= 'A' && text[4] <= 'O')
    slot = (uint32_t) (text[4] - 'A' + 10);
  else if (!chs_ascii_unsigned (text + 4, n - 4, &slot) || (n == 6 && slot < 10))
    return false;
  if (slot < 1 || slot > CHS_BCC_SLOTS)
    return false;
  quad->pillar = (uint8_t) (text[3] - '0');
  quad->slot = (uint8_t) slot;
  return true;
}

/* Cuts the next field off, at a comma or at the end. */
static size_t
cut (const char **text, size_t *n, const char **field)
{
  const char *comma = memchr (*text, ',', *n);
  size_t length = comma != NULL ? (size_t) (comma - *text) : *n;

  *field = *text;
  *text += length + (comma != NULL ? 1 : 0);
  *n -= length + (comma != NULL ? 1 : 0);
  return length;
}

static bool
read_quad (const char *text, size_t n, ChsBccQuad *quad)
{
  const char *field;
  size_t length = cut (&text, &n, &field);

  if (!chs_ascii_unsigned (field, length, &quad->time_s))
    return false;
  length = cut (&text, &n, &field);
  if (!read_address (field, length, quad) || n == 0)
    return false;
  /* The answer to ADMIN:VERSION has three fields: the value stands where else the name does. */
  quad->name = "";
  if (memchr (text, ',', n) != NULL)
    quad->n_name = cut (&text, &n, &quad->name);
  quad->value = text; /* whatever follows, commas too */
  quad->n_value = n;
  return true;
}

bool
chs_bcc_next (const char **info, size_t *n, ChsBccQuad *quad)
{
  const char *end;
  size_t length;

  if (*n == 0)
    return false;
  end = memchr (*info, CHS_BCC_RS, *n);
  length = end != NULL ? (size_t) (end - *info) : *n;
  memset (quad, 0, sizeof *quad);
  if (!read_quad (*info, length, quad))
    quad->name = NULL;
  *info += length + (end != NULL ? 1 : 0);
  *n -= length + (end != NULL ? 1 : 0);
  return true;
}

bool
chs_bcc_is (const ChsBccQuad *quad, const char *name)
{
  return quad->n_name == strlen (name) && memcmp (quad->name, name, quad->n_name) == 0;
}

bool
chs_bcc_has_value (const ChsBccQuad *quad)
{
  return quad->n_value != 3 || (memcmp (quad->value, "_NV", 3) != 0 && memcmp (quad->value, "_NA", 3) != 0);
}

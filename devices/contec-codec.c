/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/contec-codec.h"

#include <string.h>

#define HEAD 2 /* type and the bits 7 */

/* Length of a whole package by type; 0 = unknown. */
static const uint8_t lengths[] = {
  [0x01] = 9, [0x04] = 9, [0x05] = 9, [0x07] = 8, [0x08] = 8, [0x09] = 6, [0x0A] = 4, [0x0B] = 4, [0x0C] = 2,
  [0x0D] = 3, [0x0E] = 3, [0x0F] = 8, [0x10] = 3, [0x11] = 9, [0x12] = 8, [0x15] = 9,
};

static size_t
length_of (uint8_t type)
{
  return type < sizeof lengths ? lengths[type] : 0;
}

static void
decode_realtime (const uint8_t *d, ChsContecPackage *out)
{
  out->signal = d[0] & 0x0F;
  out->is_searching_long = (d[0] & 0x10) != 0;
  out->is_falling = (d[0] & 0x20) != 0;
  out->beep = (d[0] & 0x40) != 0;
  out->is_off = (d[0] & 0x80) != 0;
  out->pleth = d[1] & 0x7F;
  out->is_searching = (d[1] & 0x80) != 0;
  out->bar = d[2] & 0x0F;
  out->has_pi = (d[2] & 0x10) == 0; /* the bit says that there is none */
  out->rate = d[3];
  out->spo2 = d[4];
  out->pi = (uint16_t) (d[6] << 8 | d[5]);
}

static void
decode (const uint8_t *bytes, size_t n, ChsContecPackage *out)
{
  *out = (ChsContecPackage) { .type = bytes[0] };
  for (size_t i = 0; i + HEAD < n; i++)
    out->data[i] = (uint8_t) ((bytes[HEAD + i] & 0x7F) | (bytes[1] >> i & 1) << 7);
  if (out->type == CHS_CONTEC_REALTIME)
    decode_realtime (out->data, out);
}

static ChsFeed
abandon (ChsContec *self)
{
  bool was_begun = self->n > 0;

  self->counters.bytes_skipped += self->n;
  self->counters.frames_bad += was_begun;
  self->lost = self->lost || was_begun;
  self->n = 0;
  return was_begun ? CHS_FEED_BAD : CHS_FEED_MORE;
}

static void
skip (ChsContec *self)
{
  self->counters.bytes_skipped++;
  self->lost = true;
}

static ChsFeed
push (ChsContec *self, uint8_t byte, ChsContecPackage *out)
{
  bool is_type = (byte & 0x80) == 0;
  ChsFeed result = is_type ? abandon (self) : CHS_FEED_MORE;

  if (is_type && length_of (byte) == 0) {
    self->counters.unknown++;
    skip (self);
    return result;
  }
  if (!is_type && self->n == 0) {
    skip (self);
    return CHS_FEED_MORE;
  }
  self->bytes[self->n++] = byte;
  if (self->n < length_of (self->bytes[0]))
    return result;
  decode (self->bytes, self->n, out);
  self->frame_n = self->n;
  self->n = 0;
  chs_counters_good (&self->counters, &self->lost);
  return CHS_FEED_FRAME;
}

ChsFeed
chs_contec_feed (ChsContec *self, const uint8_t *bytes, size_t n, size_t *used, ChsContecPackage *out)
{
  ChsFeed result = CHS_FEED_MORE;

  for (size_t i = 0; i < n && result == CHS_FEED_MORE; i++) {
    result = push (self, bytes[i], out);
    *used = i + 1;
  }
  return result;
}

static void
encode_realtime (const ChsContecPackage *p, uint8_t d[7])
{
  d[0] = (uint8_t) ((p->signal & 0x0F) | (p->is_searching_long ? 0x10 : 0) | (p->is_falling ? 0x20 : 0) | (p->beep ? 0x40 : 0)
                    | (p->is_off ? 0x80 : 0));
  d[1] = (uint8_t) ((p->pleth & 0x7F) | (p->is_searching ? 0x80 : 0));
  d[2] = (uint8_t) ((p->bar & 0x0F) | (p->has_pi ? 0 : 0x10));
  d[3] = p->rate;
  d[4] = p->spo2;
  d[5] = (uint8_t) p->pi;
  d[6] = (uint8_t) (p->pi >> 8);
}

static void
put (uint8_t type, const uint8_t *data, size_t n, uint8_t *bytes)
{
  bytes[0] = type;
  bytes[1] = 0x80;
  for (size_t i = 0; i < n; i++) {
    bytes[1] |= (uint8_t) (data[i] >> 7 << i);
    bytes[HEAD + i] = data[i] | 0x80;
  }
}

size_t
chs_contec_encode (const ChsContecPackage *package, uint8_t bytes[CHS_CONTEC_MAX_BYTES])
{
  size_t n = length_of (package->type);
  uint8_t data[7];

  if (n == 0)
    return 0;
  memcpy (data, package->data, sizeof data);
  if (package->type == CHS_CONTEC_REALTIME)
    encode_realtime (package, data);
  put (package->type, data, n - HEAD, bytes);
  return n;
}

void
chs_contec_request (uint8_t command, uint8_t bytes[CHS_CONTEC_REQUEST_BYTES])
{
  const uint8_t data[7] = { command };

  put (0x7D, data, sizeof data, bytes);
}

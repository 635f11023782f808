/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/suntech-codec.h"

#include <string.h>

#define START 0x3E
#define LEAST 4

/* Some codes are printed in decimal by one implementation and compared as if they were hexadecimal: both are taken
 * (suntech-nibp.md, section 4). */
static const struct {
  uint8_t     code, other;
  const char *words;
} errors[] = {
  { 1, 1, "weak or no pulse" },         { 2, 2, "artefact" },
  { 3, 3, "out of range" },             { 4, 4, "time limit" },
  { 85, 0x85, "pneumatic blockage" },   { 86, 0x86, "ended by a person" },
  { 87, 0x87, "leak or loose cuff" },   { 88, 0x88, "safety time limit" },
  { 89, 0x89, "overpressure" },         { 90, 0x90, "hardware or power" },
  { 91, 0x91, "autozero" },             { 97, 0x97, "transducer out of range" },
  { 99, 0x99, "calibration data lost" },
};

const char *
chs_suntech_error_words (uint8_t error)
{
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    if (errors[i].code == error || errors[i].other == error)
      return errors[i].words;
  return "unknown error";
}

static uint16_t
u16 (const uint8_t *p)
{
  return (uint16_t) (p[1] << 8 | p[0]);
}

static void
decode (const uint8_t *p, ChsSuntechPacket *out)
{
  *out = (ChsSuntechPacket) { .length = p[1] };
  if (out->length == CHS_SUNTECH_STATUS) {
    out->status = (char) p[2];
  } else if (out->length == CHS_SUNTECH_PRESSURE) {
    out->pressure = u16 (p + 2);
  } else if (out->length == CHS_SUNTECH_RESULT) {
    out->sys = u16 (p + 2);
    out->dia = u16 (p + 4);
    out->beats = p[6];
    out->rate = p[16];
    out->mean = u16 (p + 18);
    out->error = p[20];
  }
}

static bool
may_begin (const ChsSuntech *self)
{
  return self->bytes[0] == START && (self->n < 2 || (self->bytes[1] >= LEAST && self->bytes[1] <= CHS_SUNTECH_MAX_BYTES));
}

static bool
has_sum (const ChsSuntech *self)
{
  uint8_t sum = 0;

  for (size_t i = 0; i < self->bytes[1]; i++)
    sum = (uint8_t) (sum + self->bytes[i]);
  return sum == 0;
}

static void
shift (ChsSuntech *self)
{
  memmove (self->bytes, self->bytes + 1, --self->n);
  self->counters.bytes_skipped++;
  self->lost = true;
}

/* One byte of a refused packet goes; the rest is looked at again. */
static ChsFeed
find (ChsSuntech *self, ChsSuntechPacket *out)
{
  while (self->n > 0) {
    if (!may_begin (self)) {
      shift (self);
      continue;
    }
    if (self->n < 2 || self->n < self->bytes[1])
      return CHS_FEED_MORE;
    if (has_sum (self)) {
      decode (self->bytes, out);
      self->n -= out->length;
      memmove (self->bytes, self->bytes + out->length, self->n);
      chs_counters_good (&self->counters, &self->lost);
      self->counters.unknown
          += out->length != CHS_SUNTECH_STATUS && out->length != CHS_SUNTECH_PRESSURE && out->length != CHS_SUNTECH_RESULT;
      return CHS_FEED_FRAME;
    }
    self->counters.frames_bad++;
    shift (self);
  }
  return CHS_FEED_MORE;
}

ChsFeed
chs_suntech_feed (ChsSuntech *self, const uint8_t *bytes, size_t n, size_t *used, ChsSuntechPacket *out)
{
  for (size_t i = 0; i < n; i++) {
    self->bytes[self->n++] = bytes[i];
    *used = i + 1;
    if (find (self, out) == CHS_FEED_FRAME)
      return CHS_FEED_FRAME;
  }
  *used = n;
  return CHS_FEED_MORE;
}

static void
put_u16 (uint8_t *p, uint16_t value)
{
  p[0] = (uint8_t) value;
  p[1] = (uint8_t) (value >> 8);
}

size_t
chs_suntech_encode (const ChsSuntechPacket *packet, uint8_t bytes[CHS_SUNTECH_MAX_BYTES])
{
  uint8_t sum = 0;

  memset (bytes, 0, CHS_SUNTECH_MAX_BYTES);
  bytes[0] = START;
  bytes[1] = packet->length;
  if (packet->length == CHS_SUNTECH_STATUS) {
    bytes[2] = (uint8_t) packet->status;
  } else if (packet->length == CHS_SUNTECH_PRESSURE) {
    put_u16 (bytes + 2, packet->pressure);
  } else if (packet->length == CHS_SUNTECH_RESULT) {
    put_u16 (bytes + 2, packet->sys);
    put_u16 (bytes + 4, packet->dia);
    bytes[6] = packet->beats;
    bytes[16] = packet->rate;
    put_u16 (bytes + 18, packet->mean);
    bytes[20] = packet->error;
  } else {
    return 0;
  }
  for (unsigned i = 0; i + 1 < packet->length; i++)
    sum = (uint8_t) (sum + bytes[i]);
  bytes[packet->length - 1] = (uint8_t) -sum;
  return packet->length;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/bci-codec.h"

static void
decode (const uint8_t *b, ChsBciPackage *out)
{
  *out = (ChsBciPackage) {
    .signal = b[0] & 0x0F,
    .bit4 = (b[0] & 0x10) != 0,
    .bit5 = (b[0] & 0x20) != 0,
    .beep = (b[0] & 0x40) != 0,
    .pleth = b[1],
    .bar = b[2] & 0x0F,
    .is_off = (b[2] & 0x10) != 0,
    .is_searching = (b[2] & 0x20) != 0,
    .rate = (uint8_t) ((b[2] & 0x40) << 1 | b[3]),
    .spo2 = b[4],
  };
}

static ChsFeed
abandon (ChsBci *self)
{
  bool was_begun = self->n > 0;

  self->counters.bytes_skipped += self->n;
  self->counters.frames_bad += was_begun;
  self->lost = self->lost || was_begun;
  self->n = 0;
  return was_begun ? CHS_FEED_BAD : CHS_FEED_MORE;
}

static ChsFeed
push (ChsBci *self, uint8_t byte, ChsBciPackage *out)
{
  bool is_first = (byte & 0x80) != 0;
  ChsFeed result = is_first ? abandon (self) : CHS_FEED_MORE;

  if (!is_first && self->n == 0) {
    self->counters.bytes_skipped++;
    self->lost = true;
    return CHS_FEED_MORE;
  }
  self->bytes[self->n++] = byte;
  if (self->n < CHS_BCI_BYTES)
    return result;
  decode (self->bytes, out);
  self->n = 0;
  chs_counters_good (&self->counters, &self->lost);
  return CHS_FEED_FRAME;
}

ChsFeed
chs_bci_feed (ChsBci *self, const uint8_t *bytes, size_t n, size_t *used, ChsBciPackage *out)
{
  ChsFeed result = CHS_FEED_MORE;

  for (size_t i = 0; i < n && result == CHS_FEED_MORE; i++) {
    result = push (self, bytes[i], out);
    *used = i + 1;
  }
  return result;
}

void
chs_bci_encode (const ChsBciPackage *package, uint8_t bytes[CHS_BCI_BYTES])
{
  bytes[0] = (uint8_t) (0x80 | (package->beep ? 0x40 : 0) | (package->bit5 ? 0x20 : 0) | (package->bit4 ? 0x10 : 0)
                        | (package->signal & 0x0F));
  bytes[1] = package->pleth & 0x7F;
  bytes[2] = (uint8_t) ((package->rate & 0x80) >> 1 | (package->is_searching ? 0x20 : 0) | (package->is_off ? 0x10 : 0)
                        | (package->bar & 0x0F));
  bytes[3] = package->rate & 0x7F;
  bytes[4] = package->spo2 & 0x7F;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/datex-s5-codec.h"

#include <math.h>
#include <string.h>

enum {
  FLAG = 0x7E,
  ESC = 0x7D,
  ESC_BIT = 0x20, /* cleared on the wire, set again on arrival */
};

void
chs_s5_framer_reset (ChsS5Framer *self)
{
  self->n = 0;
  self->escaped = self->overflow = false;
}

static ChsFeed
finish (ChsS5Framer *self, const uint8_t **record, size_t *record_n)
{
  size_t n = self->n;
  uint8_t sum = 0;
  bool good = !self->overflow && !self->escaped && n > CHS_S5_HEADER && (size_t) chs_s5_i16 (self->data) == n - 1;

  for (size_t i = 0; good && i + 1 < n; i++)
    sum = (uint8_t) (sum + self->data[i]);
  good = good && sum == self->data[n - 1];
  chs_s5_framer_reset (self);
  if (!good) {
    self->frames_bad++;
    self->bytes_skipped += n;
    return CHS_FEED_BAD;
  }
  self->frames_ok++;
  *record = self->data;
  *record_n = n - 1;
  return CHS_FEED_FRAME;
}

ChsFeed
chs_s5_framer_feed (ChsS5Framer    *self,
                    const uint8_t  *p,
                    size_t          n,
                    size_t         *used,
                    const uint8_t **record,
                    size_t         *record_n)
{
  for (size_t i = 0; i < n; i++) {
    uint8_t c = p[i];

    if (c == FLAG) {
      if (self->n == 0 && !self->escaped && !self->overflow)
        continue; /* two flags between records are normal */
      *used = i + 1;
      return finish (self, record, record_n);
    }
    if (c == ESC) {
      self->escaped = true;
      continue;
    }
    if (self->escaped)
      c |= ESC_BIT;
    self->escaped = false;
    if (self->n < sizeof self->data)
      self->data[self->n++] = c;
    else
      self->overflow = true;
  }
  *used = n;
  return CHS_FEED_MORE;
}

static void
put_stuffed (ChsBytesOut *out, uint8_t c)
{
  if (c == FLAG || c == ESC) {
    chs_bytes_put_u8 (out, ESC);
    c &= (uint8_t) ~ESC_BIT;
  }
  chs_bytes_put_u8 (out, c);
}

size_t
chs_s5_frame_write (const uint8_t *record, size_t n, uint8_t *frame, size_t size)
{
  ChsBytesOut out = chs_bytes_out (frame, size);
  uint8_t sum = 0;

  if (n > CHS_S5_RECORD_MAX)
    return 0;
  chs_bytes_put_u8 (&out, FLAG);
  for (size_t i = 0; i < n; i++) {
    sum = (uint8_t) (sum + record[i]);
    put_stuffed (&out, record[i]);
  }
  put_stuffed (&out, sum);
  chs_bytes_put_u8 (&out, FLAG);
  return chs_bytes_out_used (&out);
}

bool
chs_s5_record_read (const uint8_t *data, size_t n, ChsS5Record *record)
{
  size_t offsets[9];

  memset (record, 0, sizeof *record);
  if (n < CHS_S5_HEADER || (size_t) chs_s5_i16 (data) != n)
    return false;
  record->number = data[2];
  record->level = data[3];
  record->plug_id = (uint16_t) chs_s5_i16 (data + 4);
  record->time_s = chs_s5_u32 (data + 6);
  record->main_type = chs_s5_i16 (data + 14);
  /* Descriptors: offset and type, ended by type FF; what follows it is not cleared by the monitor. */
  for (unsigned i = 0; i < 8 && data[16 + 3 * i + 2] != 0xFF; i++) {
    int offset = chs_s5_i16 (data + 16 + 3 * i);

    if (offset < 0 || (size_t) offset > n - CHS_S5_HEADER || (i > 0 && (size_t) offset <= offsets[i - 1]))
      return false;
    offsets[i] = (size_t) offset;
    record->subs[i].type = data[16 + 3 * i + 2];
    record->n_subs = i + 1;
  }
  offsets[record->n_subs] = n - CHS_S5_HEADER;
  for (unsigned i = 0; i < record->n_subs; i++)
    record->subs[i].data = chs_bytes (data + CHS_S5_HEADER + offsets[i], offsets[i + 1] - offsets[i]);
  return true;
}

double
chs_s5_value (int16_t wire, double divisor)
{
  return wire <= -32001 ? (double) NAN : wire / divisor;
}

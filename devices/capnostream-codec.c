/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/capnostream-codec.h"

#include "devices/bytes.h"

#include <math.h>
#include <string.h>

#define START 0x85
#define ESCAPE 0x80
#define NUMERICS_BYTES 27 /* at least; what stands behind is not known */

static bool
read_wave (ChsBytes *b, ChsCapnoWave *out)
{
  uint8_t whole, fraction;

  out->number = chs_bytes_u8 (b);
  whole = chs_bytes_u8 (b);
  fraction = chs_bytes_u8 (b);
  out->status = chs_bytes_u8 (b);
  out->co2 = whole + fraction / 256.0;
  return !b->bad;
}

static bool
read_numerics (const uint8_t *p, size_t n, ChsCapnoNumerics *out)
{
  if (n < NUMERICS_BYTES)
    return false;
  *out = (ChsCapnoNumerics) {
    .etco2 = p[4], .fico2 = p[5], .rr = p[6], .spo2 = p[7], .pulse = p[8], .slow_status = p[9],
    .co2_alarms = p[13], .spo2_alarms = p[14], .unit = p[25], .extended = p[26],
  };
  return true;
}

static void
read_text (const uint8_t *p, size_t n, char text[64])
{
  if (n > 63)
    n = 63;
  while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\0'))
    n--;
  for (size_t i = 0; i < n; i++)
    text[i] = p[i] >= ' ' && p[i] <= '~' ? (char) p[i] : '?';
  text[n] = '\0';
}

/* @bytes: length, code, payload, checksum. */
static bool
decode (const uint8_t *bytes, ChsCapnoMessage *out)
{
  const uint8_t *payload = bytes + 2;
  size_t n = (size_t) bytes[0] - 1;
  ChsBytes b = chs_bytes (payload, n);
  uint8_t sum = 0;

  for (size_t i = 0; i <= bytes[0]; i++)
    sum ^= bytes[i];
  *out = (ChsCapnoMessage) { .code = bytes[1] };
  if (sum != bytes[bytes[0] + 1])
    return false;
  if (out->code == CHS_CAPNO_WAVE)
    return read_wave (&b, &out->wave);
  if (out->code == CHS_CAPNO_NUMERICS)
    return read_numerics (payload, n, &out->numerics);
  if (out->code == CHS_CAPNO_DEVICE_ID)
    read_text (payload, n, out->text);
  return true;
}

static ChsFeed
abandon (ChsCapno *self)
{
  bool was_begun = self->is_begun;

  self->counters.frames_bad += was_begun;
  self->counters.bytes_skipped += was_begun ? self->n + 1 : 0;
  self->lost = self->lost || was_begun;
  self->is_begun = self->is_escaped = false;
  self->n = 0;
  return was_begun ? CHS_FEED_BAD : CHS_FEED_MORE;
}

static ChsFeed
finish (ChsCapno *self, ChsCapnoMessage *out)
{
  if (!decode (self->bytes, out))
    return abandon (self);
  self->is_begun = false;
  self->n = 0;
  self->counters.unknown += out->code != CHS_CAPNO_WAVE && out->code != CHS_CAPNO_NUMERICS && out->code != CHS_CAPNO_DEVICE_ID;
  chs_counters_good (&self->counters, &self->lost);
  return CHS_FEED_FRAME;
}

static ChsFeed
push (ChsCapno *self, uint8_t byte, ChsCapnoMessage *out)
{
  if (byte == START) {
    ChsFeed result = abandon (self);

    self->is_begun = true;
    return result;
  }
  if (!self->is_begun) {
    self->counters.bytes_skipped++;
    self->lost = true;
    return CHS_FEED_MORE;
  }
  if (byte == ESCAPE && !self->is_escaped) {
    self->is_escaped = true;
    return CHS_FEED_MORE;
  }
  if (self->is_escaped && byte != (START & 0x7F) && byte != (ESCAPE & 0x7F))
    return abandon (self);
  self->bytes[self->n++] = self->is_escaped ? byte | 0x80 : byte;
  self->is_escaped = false;
  if (self->bytes[0] == 0)
    return abandon (self);
  return self->n == (size_t) self->bytes[0] + 2 ? finish (self, out) : CHS_FEED_MORE;
}

ChsFeed
chs_capno_feed (ChsCapno *self, const uint8_t *bytes, size_t n, size_t *used, ChsCapnoMessage *out)
{
  ChsFeed result = CHS_FEED_MORE;

  for (size_t i = 0; i < n && result == CHS_FEED_MORE; i++) {
    result = push (self, bytes[i], out);
    *used = i + 1;
  }
  return result;
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

size_t
chs_capno_frame (const uint8_t *body, size_t n, uint8_t *frame, size_t size)
{
  ChsBytesOut out = chs_bytes_out (frame, size);
  uint8_t sum = (uint8_t) n;

  if (n == 0 || n > CHS_CAPNO_MAX_PAYLOAD + 1)
    return 0;
  chs_bytes_put_u8 (&out, START);
  put_escaped (&out, (uint8_t) n);
  for (size_t i = 0; i < n; i++) {
    sum ^= body[i];
    put_escaped (&out, body[i]);
  }
  put_escaped (&out, sum);
  return chs_bytes_out_used (&out);
}

size_t
chs_capno_encode (const ChsCapnoMessage *message, uint8_t *frame, size_t size)
{
  const ChsCapnoNumerics *v = &message->numerics;
  uint8_t body[1 + CHS_CAPNO_MAX_PAYLOAD] = { message->code }, *p = body + 1;
  size_t n = strlen (message->text);

  if (message->code == CHS_CAPNO_WAVE) {
    p[0] = message->wave.number;
    p[1] = (uint8_t) floor (message->wave.co2);
    p[2] = (uint8_t) floor (fmod (message->wave.co2, 1) * 256);
    p[3] = message->wave.status;
    n = 4;
  } else if (message->code == CHS_CAPNO_NUMERICS) {
    p[4] = v->etco2, p[5] = v->fico2, p[6] = v->rr, p[7] = v->spo2, p[8] = v->pulse, p[9] = v->slow_status;
    p[13] = v->co2_alarms, p[14] = v->spo2_alarms, p[25] = v->unit, p[26] = v->extended;
    n = NUMERICS_BYTES;
  } else {
    memcpy (p, message->text, n);
  }
  return chs_capno_frame (body, 1 + n, frame, size);
}

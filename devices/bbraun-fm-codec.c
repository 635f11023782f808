/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/bbraun-fm-codec.h"

#include "devices/bytes.h"
#include "devices/crc16.h"

#include <math.h>
#include <string.h>

#define FLAG 0x7E
#define ESCAPE 0x7D
#define TOGGLE 0x20
#define MONITOR 0x80 /* never stuffed inside a frame; alone it means something that is not for us */

#define CRC_N 2
#define MIN_BYTES (2 + CRC_N)

void
chs_fm_reset (ChsFm *fm)
{
  fm->n = fm->wire_n = 0;
  fm->escaped = fm->broken = fm->lost = false;
}

static void
begin (ChsFm *fm)
{
  fm->n = fm->wire_n = 0;
  fm->escaped = fm->broken = false;
}

/* What stood between two flags was no frame. */
static ChsFeed
abandon (ChsFm *fm)
{
  bool noise = fm->n < MIN_BYTES && !fm->broken;

  fm->counters.bytes_skipped += fm->wire_n;
  fm->lost = true;
  fm->crc_failed = !noise && !fm->broken;
  begin (fm);
  if (noise)
    return CHS_FEED_MORE;
  fm->counters.frames_bad++;
  return CHS_FEED_BAD;
}

/* A flag ends one frame and may begin the next. */
static ChsFeed
finish (ChsFm *fm, ChsFmFrame *out)
{
  size_t n = fm->n;

  if (fm->wire_n == 0)
    return CHS_FEED_MORE;
  if (n < MIN_BYTES || fm->broken || fm->escaped
      || chs_crc16 (fm->bytes, n - CRC_N, 0x1021, 0xFFFF) != (fm->bytes[n - 2] << 8 | fm->bytes[n - 1]))
    return abandon (fm);
  *out = (ChsFmFrame) { .address = fm->bytes[0], .segment = fm->bytes[1], .data = fm->bytes + 2, .n = n - MIN_BYTES };
  fm->counters.frames_ok++;
  if (fm->lost && fm->counters.frames_ok > 1)
    fm->counters.resyncs++;
  fm->frame_n = n;
  chs_fm_reset (fm);
  return CHS_FEED_FRAME;
}

static ChsFeed
push (ChsFm *fm, uint8_t byte, ChsFmFrame *out)
{
  if (byte == FLAG)
    return finish (fm, out);
  fm->wire_n++;
  if (byte == MONITOR || (fm->escaped && byte == ESCAPE) || (fm->n == sizeof fm->bytes && !fm->broken)) {
    fm->broken = true;
    return CHS_FEED_MORE;
  }
  if (fm->broken)
    return fm->wire_n >= 2 * CHS_FM_MAX_BYTES ? abandon (fm) : CHS_FEED_MORE; /* a stream that is not ours is told, too */
  if (byte == ESCAPE) {
    fm->escaped = true;
    return CHS_FEED_MORE;
  }
  fm->bytes[fm->n++] = fm->escaped ? byte ^ TOGGLE : byte;
  fm->escaped = false;
  return CHS_FEED_MORE;
}

ChsFeed
chs_fm_feed (ChsFm *fm, const uint8_t *bytes, size_t n, size_t *used, ChsFmFrame *out)
{
  for (size_t i = 0; i < n; i++) {
    ChsFeed result = push (fm, bytes[i], out);

    if (result == CHS_FEED_MORE)
      continue;
    *used = i + 1;
    return result;
  }
  *used = n;
  return CHS_FEED_MORE;
}

static void
put_stuffed (ChsBytesOut *out, uint8_t byte)
{
  if (byte == FLAG || byte == ESCAPE || byte == MONITOR) {
    chs_bytes_put_u8 (out, ESCAPE);
    byte ^= TOGGLE;
  }
  chs_bytes_put_u8 (out, byte);
}

size_t
chs_fm_wrap (const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  uint16_t crc = chs_crc16 (payload, n, 0x1021, 0xFFFF);
  ChsBytesOut out = chs_bytes_out (frame, size);

  chs_bytes_put_u8 (&out, FLAG);
  for (size_t i = 0; i < n; i++)
    put_stuffed (&out, payload[i]);
  put_stuffed (&out, (uint8_t) (crc >> 8));
  put_stuffed (&out, (uint8_t) crc);
  chs_bytes_put_u8 (&out, FLAG);
  return chs_bytes_out_used (&out);
}

/* ---- layouts ---- */

static double
u16_or_nan (ChsBytes *bytes, double scale)
{
  uint16_t value = chs_bytes_u16be (bytes);

  return value == 0xFFFF ? (double) NAN : value * scale;
}

static double
u32_or_nan (ChsBytes *bytes, double scale)
{
  uint32_t value = chs_bytes_u32be (bytes);

  return value == 0xFFFFFFFFu ? (double) NAN : value * scale;
}

bool
chs_fm_read_ident (const uint8_t *data, size_t n, ChsFmIdent *out)
{
  ChsBytes bytes = chs_bytes (data, n);
  uint32_t ident = chs_bytes_u32be (&bytes);

  if (bytes.bad)
    return false;
  *out = (ChsFmIdent) { .type = ident >> 18, .serial = ident & 0x3FFFF };
  return true;
}

bool
chs_fm_read_status (const uint8_t *data, size_t n, ChsFmStatus *out)
{
  ChsBytes bytes = chs_bytes (data, n);
  ChsFmStatus status = { 0 };

  status.request = chs_bytes_u8 (&bytes);
  status.alarms = chs_bytes_u32be (&bytes);
  status.state = chs_bytes_u32be (&bytes);
  status.rate_ml_h = u32_or_nan (&bytes, 0.01);
  status.left_ml = u32_or_nan (&bytes, 0.1);
  status.left_s = u16_or_nan (&bytes, 60.0);
  if (bytes.bad)
    return false;
  *out = status;
  return true;
}

bool
chs_fm_read_actual (const uint8_t *data, size_t n, ChsFmActual *out)
{
  ChsBytes bytes = chs_bytes (data, n);
  ChsFmActual actual = { 0 };
  uint8_t pressure = chs_bytes_u8 (&bytes);

  actual.pressure_pct = pressure == 0xFF ? (double) NAN : pressure;
  actual.volume_ml = u32_or_nan (&bytes, 0.1);
  chs_bytes_skip (&bytes, 4); /* infusion time, rest of the interval bolus */
  actual.battery_min = u16_or_nan (&bytes, 1.0);
  if (bytes.bad)
    return false;
  *out = actual;
  return true;
}

bool
chs_fm_read_set (const uint8_t *data, size_t n, ChsFmSet *out)
{
  ChsBytes bytes = chs_bytes (data, n);
  ChsFmSet set = { 0 };
  const uint8_t *drug;

  set.rate_ml_h = u32_or_nan (&bytes, 0.01);
  set.vtbi_ml = u32_or_nan (&bytes, 0.1);
  chs_bytes_skip (&bytes, 2 + 4 + 2 + 1 + 2); /* time, bolus rate and volume, pressure level, standby */
  if (!chs_bytes_take (&bytes, 20, &drug))
    return false;
  for (size_t i = 0; i < 20 && drug[i] != 0xFF && drug[i] != '\0'; i++)
    set.drug[i] = (char) drug[i];
  for (size_t end = strlen (set.drug); end > 0 && set.drug[end - 1] == ' '; end--)
    set.drug[end - 1] = '\0';
  *out = set;
  return true;
}

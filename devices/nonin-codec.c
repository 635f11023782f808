/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/nonin-codec.h"

#include <stdio.h>
#include <string.h>

/* ---- #2 and #7 ---- */

/* What the fourth byte means in which frame, counted from 0. Frames that are not here are reserved. */
enum {
  AT_HR = 0, /* two frames */
  AT_SPO2 = 2,
  AT_FIRMWARE = 3,
  AT_TIMER = 5, /* two frames */
  AT_STATUS2 = 7,
  AT_SPO2_DISPLAY = 8,
  AT_SPO2_FAST = 9,
  AT_SPO2_BEAT = 10,
  AT_E_HR = 13, /* two frames */
  AT_E_SPO2 = 15,
  AT_E_SPO2_DISPLAY = 16,
  AT_HR_DISPLAY = 19, /* two frames */
  AT_E_HR_DISPLAY = 21, /* two frames */
};

#define STATUS2_HIGH_QUALITY 0x20
#define STATUS2_BATTERY_LOW 0x01
#define FORMAT2_MARK 0x01

static bool
is_format7 (const uint8_t *group)
{
  return (group[0] & 0x80) != 0;
}

static uint8_t
status_of (const uint8_t *group)
{
  return is_format7 (group) ? group[0] : group[1];
}

static bool
is_group (const uint8_t *g)
{
  bool has_head = is_format7 (g) || (g[0] == FORMAT2_MARK && (g[1] & 0x80) != 0);

  return has_head && (g[3] & 0x80) == 0 && (uint8_t) (g[0] + g[1] + g[2] + g[3]) == g[4];
}

static uint16_t
rate_at (const ChsNoninPackets *self, unsigned frame)
{
  return (uint16_t) ((self->frames[frame][3] & 3) << 7 | (self->frames[frame + 1][3] & 0x7F));
}

static void
decode_packet (const ChsNoninPackets *self, ChsNoninPacket *out)
{
  const uint8_t (*f)[CHS_NONIN_FRAME_BYTES] = self->frames;

  *out = (ChsNoninPacket) {
    .is_format7 = is_format7 (f[0]),
    .hr = rate_at (self, AT_HR),
    .hr_display = rate_at (self, AT_HR_DISPLAY),
    .spo2 = f[AT_SPO2][3] & 0x7F,
    .spo2_display = f[AT_SPO2_DISPLAY][3] & 0x7F,
    .firmware = f[AT_FIRMWARE][3],
    .timer = (uint16_t) ((f[AT_TIMER][3] & 0x7F) << 7 | (f[AT_TIMER + 1][3] & 0x7F)),
    .is_high_quality = (f[AT_STATUS2][3] & STATUS2_HIGH_QUALITY) != 0,
    .is_battery_low = (f[AT_STATUS2][3] & STATUS2_BATTERY_LOW) != 0,
  };
  for (unsigned i = 0; i < CHS_NONIN_FRAMES; i++) {
    out->status[i] = status_of (f[i]);
    out->pleth[i] = out->is_format7 ? (uint16_t) (f[i][1] << 8 | f[i][2]) : f[i][2];
  }
}

/* The frames gathered so far belong to no whole packet. */
static bool
drop_frames (ChsNoninPackets *self)
{
  bool was_packet = self->n_frames > 0;

  self->counters.frames_bad += was_packet;
  self->counters.bytes_skipped += self->n_frames * CHS_NONIN_FRAME_BYTES;
  self->lost = self->lost || was_packet;
  self->n_frames = 0;
  return was_packet;
}

static ChsFeed
give_packet (ChsNoninPackets *self, ChsNoninPacket *out)
{
  decode_packet (self, out);
  self->n_frames = 0;
  chs_counters_good (&self->counters, &self->lost);
  return CHS_FEED_FRAME;
}

static void
begin_packet (ChsNoninPackets *self)
{
  memcpy (self->frames[0], self->group, CHS_NONIN_FRAME_BYTES);
  self->n_frames = 1;
  self->n = 0;
  self->has_next = false;
}

static ChsFeed
add_sync_frame (ChsNoninPackets *self, ChsNoninPacket *out)
{
  ChsFeed result;

  if (self->n_frames == CHS_NONIN_FRAMES) {
    self->has_next = true;
    return give_packet (self, out);
  }
  result = drop_frames (self) ? CHS_FEED_BAD : CHS_FEED_MORE;
  begin_packet (self);
  return result;
}

/* A valid group. SYNC stands in the first frame of a packet and in no other; the format does not change inside. */
static ChsFeed
add_frame (ChsNoninPackets *self, ChsNoninPacket *out)
{
  bool is_at_start = self->counters.frames_ok == 0 && !self->lost;

  if ((status_of (self->group) & CHS_NONIN_SYNC) != 0)
    return add_sync_frame (self, out);
  self->n = 0;
  if (self->n_frames == 0 || self->n_frames == CHS_NONIN_FRAMES || is_format7 (self->group) != is_format7 (self->frames[0])) {
    self->counters.bytes_skipped += CHS_NONIN_FRAME_BYTES;
    self->lost = true;
    return drop_frames (self) ? CHS_FEED_BAD : CHS_FEED_MORE;
  }
  memcpy (self->frames[self->n_frames++], self->group, CHS_NONIN_FRAME_BYTES);
  return self->n_frames == CHS_NONIN_FRAMES && is_at_start ? give_packet (self, out) : CHS_FEED_MORE;
}

/* One byte goes; the other four may begin a group. */
static ChsFeed
shift_group (ChsNoninPackets *self, ChsNoninPacket *out)
{
  ChsFeed result = self->n_frames == CHS_NONIN_FRAMES ? give_packet (self, out)
                   : drop_frames (self) ? CHS_FEED_BAD : CHS_FEED_MORE;

  self->counters.bytes_skipped++;
  self->lost = true;
  memmove (self->group, self->group + 1, --self->n);
  return result;
}

ChsFeed
chs_nonin_packets_feed (ChsNoninPackets *self, const uint8_t *bytes, size_t n, size_t *used, ChsNoninPacket *out)
{
  ChsFeed result = CHS_FEED_MORE;

  if (self->has_next)
    begin_packet (self);
  for (size_t i = 0; i < n && result == CHS_FEED_MORE; i++) {
    self->group[self->n++] = bytes[i];
    *used = i + 1;
    if (self->n == CHS_NONIN_FRAME_BYTES)
      result = is_group (self->group) ? add_frame (self, out) : shift_group (self, out);
  }
  return result;
}

static void
put_rate (uint8_t floats[CHS_NONIN_FRAMES], unsigned at, uint16_t rate)
{
  floats[at] = rate >> 7 & 3;
  floats[at + 1] = rate & 0x7F;
}

static void
fill_floats (const ChsNoninPacket *packet, uint8_t floats[CHS_NONIN_FRAMES])
{
  memset (floats, 0, CHS_NONIN_FRAMES);
  put_rate (floats, AT_HR, packet->hr);
  put_rate (floats, AT_E_HR, packet->hr);
  put_rate (floats, AT_HR_DISPLAY, packet->hr_display);
  put_rate (floats, AT_E_HR_DISPLAY, packet->hr_display);
  floats[AT_SPO2] = floats[AT_SPO2_FAST] = floats[AT_SPO2_BEAT] = floats[AT_E_SPO2] = packet->spo2;
  floats[AT_SPO2_DISPLAY] = floats[AT_E_SPO2_DISPLAY] = packet->spo2_display;
  floats[AT_FIRMWARE] = packet->firmware;
  floats[AT_TIMER] = packet->timer >> 7 & 0x7F;
  floats[AT_TIMER + 1] = packet->timer & 0x7F;
  floats[AT_STATUS2] = (uint8_t) ((packet->is_high_quality ? STATUS2_HIGH_QUALITY : 0)
                                  | (packet->is_battery_low ? STATUS2_BATTERY_LOW : 0));
}

void
chs_nonin_packet_encode (const ChsNoninPacket *packet, uint8_t bytes[CHS_NONIN_FRAMES * CHS_NONIN_FRAME_BYTES])
{
  uint8_t floats[CHS_NONIN_FRAMES];

  fill_floats (packet, floats);
  for (unsigned i = 0; i < CHS_NONIN_FRAMES; i++) {
    uint8_t *g = bytes + i * CHS_NONIN_FRAME_BYTES;
    uint8_t status = (uint8_t) (0x80 | (packet->status[i] & ~CHS_NONIN_SYNC) | (i == 0 ? CHS_NONIN_SYNC : 0));

    g[0] = packet->is_format7 ? status : FORMAT2_MARK;
    g[1] = packet->is_format7 ? (uint8_t) (packet->pleth[i] >> 8) : status;
    g[2] = (uint8_t) packet->pleth[i];
    g[3] = floats[i];
    g[4] = (uint8_t) (g[0] + g[1] + g[2] + g[3]);
  }
}

/* ---- #1 and #8 ---- */

/* A first byte has come. A length other than the one that is known is a torn group; twice in a row it is the truth. */
static ChsFeed
end_group (ChsNoninGroups *self)
{
  size_t n = self->n;
  bool was_known = self->length != 0;

  self->n = 0;
  if (n == 0 || n == self->length)
    return CHS_FEED_MORE;
  self->counters.bytes_skipped += n;
  self->lost = true;
  if (n >= 3 && n == self->pending)
    self->length = n;
  self->pending = n;
  self->counters.frames_bad += was_known;
  return was_known ? CHS_FEED_BAD : CHS_FEED_MORE;
}

static ChsFeed
take_group (ChsNoninGroups *self, ChsNoninGroup *out)
{
  const uint8_t *b = self->bytes;

  if (self->n != self->length)
    return CHS_FEED_MORE;
  *out = (ChsNoninGroup) {
    .status = b[0] & 0x7C,
    .hr = (uint16_t) ((b[0] & 3) << 7 | b[1]),
    .spo2 = b[2],
    .status2 = self->length == 4 ? b[3] : 0,
  };
  chs_counters_good (&self->counters, &self->lost);
  return CHS_FEED_FRAME;
}

/* More bytes than a group has: the length that was learnt is not true any more. */
static ChsFeed
overflow (ChsNoninGroups *self)
{
  bool was_known = self->length != 0;

  self->counters.bytes_skipped++;
  self->counters.frames_bad += was_known;
  self->lost = true;
  self->length = self->pending = self->n = 0;
  return was_known ? CHS_FEED_BAD : CHS_FEED_MORE;
}

static ChsFeed
push_group (ChsNoninGroups *self, uint8_t byte, ChsNoninGroup *out)
{
  ChsFeed result;

  if ((byte & 0x80) != 0) {
    result = end_group (self);
    self->bytes[self->n++] = byte;
    return result;
  }
  if (self->n == 0) {
    self->counters.bytes_skipped++;
    self->lost = true;
    return CHS_FEED_MORE;
  }
  if (self->n == (self->length != 0 ? self->length : sizeof self->bytes))
    return overflow (self);
  self->bytes[self->n++] = byte;
  return take_group (self, out);
}

ChsFeed
chs_nonin_groups_feed (ChsNoninGroups *self, const uint8_t *bytes, size_t n, size_t *used, ChsNoninGroup *out)
{
  ChsFeed result = CHS_FEED_MORE;

  for (size_t i = 0; i < n && result == CHS_FEED_MORE; i++) {
    result = push_group (self, bytes[i], out);
    *used = i + 1;
  }
  return result;
}

size_t
chs_nonin_group_encode (const ChsNoninGroup *group, bool is_format8, uint8_t bytes[4])
{
  bytes[0] = (uint8_t) (0x80 | (group->status & 0x7C) | (group->hr >> 7 & 3));
  bytes[1] = group->hr & 0x7F;
  bytes[2] = group->spo2 & 0x7F;
  bytes[3] = group->status2 & 0x7F;
  return is_format8 ? 4 : 3;
}

/* ---- #13 ---- */

static const uint8_t spot_head[] = { 0x00, 0x02, 0x00, 0x0D };

#define SPOT_LENGTH 14  /* of the data that are known; there may be more */
#define SPOT_DATA_AT 6
#define SPOT_END 0x03
#define SPOT_AROUND (SPOT_DATA_AT + 2)

static unsigned
from_bcd (uint8_t byte)
{
  return (unsigned) (byte >> 4) * 10 + (byte & 15);
}

/* How long the frame at the start of @bytes is; 0 = it is none; @n + 1 or more = not all there. */
static size_t
spot_length (const uint8_t *bytes, size_t n)
{
  size_t length;

  if (memcmp (bytes, spot_head, n < sizeof spot_head ? n : sizeof spot_head) != 0)
    return 0;
  if (n < SPOT_DATA_AT)
    return SPOT_DATA_AT;
  length = (size_t) (bytes[4] << 8 | bytes[5]);
  return length < SPOT_LENGTH || length + SPOT_AROUND > sizeof ((ChsNoninSpots *) NULL)->bytes ? 0 : length + SPOT_AROUND;
}

static bool
is_spot (const uint8_t *bytes, size_t n)
{
  uint8_t sum = 0;

  for (size_t i = SPOT_DATA_AT; i < n - 2; i++)
    sum = (uint8_t) (sum + bytes[i]);
  return bytes[n - 2] == sum && bytes[n - 1] == SPOT_END;
}

static void
decode_spot (const uint8_t *d, ChsNoninSpot *out)
{
  *out = (ChsNoninSpot) {
    .hr = (uint16_t) ((d[10] & 1) << 8 | d[11]), /* 16-bit layout here, not 7-bit */
    .spo2 = d[13] & 0x7F,
    .is_high_quality = (d[8] & 2) != 0,
    .is_empty = (d[8] & 1) != 0,
    .is_from_memory = (d[9] & 0x10) != 0,
    .is_battery_low = (d[9] & 1) != 0,
  };
  snprintf (out->clock, sizeof out->clock, "%02u%02u-%02u-%02u %02u:%02u:%02u", from_bcd (d[0]) % 100, from_bcd (d[1]) % 100,
            from_bcd (d[2]) % 100, from_bcd (d[3]) % 100, from_bcd (d[4]) % 100, from_bcd (d[5]) % 100, from_bcd (d[6]) % 100);
}

/* Gives back all but the first byte until what is left may begin a frame. */
static void
shift_spot (ChsNoninSpots *self)
{
  do {
    memmove (self->bytes, self->bytes + 1, --self->n);
    self->counters.bytes_skipped++;
  } while (self->n > 0 && spot_length (self->bytes, self->n) == 0);
  self->lost = true;
}

/* A refused frame may hold a good one: what is left of it is looked at again. */
static ChsFeed
find_spot (ChsNoninSpots *self, ChsNoninSpot *out)
{
  size_t length;

  while (self->n > 0 && self->n >= (length = spot_length (self->bytes, self->n))) {
    if (length != 0 && is_spot (self->bytes, length)) {
      decode_spot (self->bytes + SPOT_DATA_AT, out);
      memmove (self->bytes, self->bytes + length, self->n - length);
      self->n -= length;
      chs_counters_good (&self->counters, &self->lost);
      return CHS_FEED_FRAME;
    }
    self->counters.frames_bad += length != 0;
    shift_spot (self);
  }
  return CHS_FEED_MORE;
}

ChsFeed
chs_nonin_spots_feed (ChsNoninSpots *self, const uint8_t *bytes, size_t n, size_t *used, ChsNoninSpot *out)
{
  ChsFeed result = CHS_FEED_MORE;

  for (size_t i = 0; i < n && result == CHS_FEED_MORE; i++) {
    self->bytes[self->n++] = bytes[i];
    result = find_spot (self, out);
    *used = i + 1;
  }
  return result;
}

static uint8_t
bcd_of (const char *digits)
{
  return (uint8_t) ((digits[0] - '0') << 4 | (digits[1] - '0'));
}

void
chs_nonin_spot_encode (const ChsNoninSpot *spot, uint8_t bytes[CHS_NONIN_SPOT_BYTES])
{
  static const uint8_t at[] = { 0, 2, 5, 8, 11, 14, 17 }; /* century, year, month, day, hour, minute, second in the text */
  uint8_t *d = bytes + SPOT_DATA_AT, sum = 0;

  memset (bytes, 0, CHS_NONIN_SPOT_BYTES);
  memcpy (bytes, spot_head, sizeof spot_head);
  bytes[5] = SPOT_LENGTH;
  for (unsigned i = 0; i < sizeof at; i++)
    d[i] = bcd_of (spot->clock + at[i]);
  d[8] = (uint8_t) ((spot->is_high_quality ? 2 : 0) | (spot->is_empty ? 1 : 0));
  d[9] = (uint8_t) ((spot->is_from_memory ? 0x10 : 0) | (spot->is_battery_low ? 1 : 0));
  d[10] = (uint8_t) (spot->hr >> 8);
  d[11] = (uint8_t) spot->hr;
  d[13] = spot->spo2;
  for (unsigned i = 0; i < SPOT_LENGTH; i++)
    sum = (uint8_t) (sum + d[i]);
  d[SPOT_LENGTH] = sum;
  d[SPOT_LENGTH + 1] = SPOT_END;
}

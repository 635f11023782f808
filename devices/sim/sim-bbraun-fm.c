/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/bbraun-fm-codec.h"
#include "devices/bytes.h"
#include "devices/simulator.h"

#include <math.h>
#include <string.h>

/* An Infusomat fmS. Options (--set):
 *
 *   session=needed   answers IDENT only: everything else wants a session
 *   address=A        has been given an address
 *   checksum=N       every N-th reply has a wrong checksum */

#define TYPE_INFUSOMAT_FMS 202u
#define SERIAL 51234u
#define FIRST_WRITE 0x0A

typedef struct {
  ChsFm    codec;
  uint8_t  address;
  bool     needs_session;
  uint32_t bad_checksum, replies;
  double   told_rate; /* what the host has read by now */
} State;

static const uint32_t alarm_bits[] = {
  CHS_PUMP_ALARM_SYRINGE, 0, CHS_PUMP_ALARM_EMPTY, CHS_PUMP_ALARM_OCCLUSION, CHS_PUMP_ALARM_AIR, CHS_PUMP_ALARM_DROP,
  CHS_PUMP_ALARM_BATTERY_EMPTY, CHS_PUMP_ALARM_BATTERY_LOW, CHS_PUMP_ALARM_DOOR, 0, 0, CHS_PUMP_ALARM_STANDBY_END,
  CHS_PUMP_ALARM_END_VTBI, CHS_PUMP_ALARM_END_TIME, 0, CHS_PUMP_ALARM_KVO_END, 0, CHS_PUMP_ALARM_NEAR_END,
};

static uint32_t
tenths (double value)
{
  return isnan (value) ? 0xFFFFFFFFu : (uint32_t) lround (fmax (0.0, value) * 10.0);
}

static uint32_t
hundredths (double value)
{
  return (uint32_t) lround (fmax (0.0, value) * 100.0);
}

static double
left_min (const ChsSimPump *pump)
{
  return pump->rate_ml_h > 0.0 ? fmin (65534.0, fmax (0.0, pump->vtbi_ml - pump->volume_ml) / pump->rate_ml_h * 60.0) : (double) NAN;
}

static uint32_t
state_bits (const ChsSimPump *pump)
{
  uint32_t bits = 1u << 1 | 1u << 4; /* documentation mode, mains */

  bits |= pump->state == CHS_PUMP_INFUSING ? 1u << 7 : 0;
  bits |= pump->state == CHS_PUMP_BOLUS ? 1u << 7 | 1u << 10 : 0;
  bits |= pump->state == CHS_PUMP_KVO ? 1u << 7 | 1u << 13 : 0;
  bits |= pump->state == CHS_PUMP_STANDBY ? 1u << 5 : 0;
  bits |= pump->state == CHS_PUMP_PRIMING ? 1u << 19 : 0;
  bits |= pump->state == CHS_PUMP_READY || pump->state == CHS_PUMP_PAUSED ? 1u << 6 : 0;
  return bits;
}

static void
put_status (State *self, const ChsSimPump *pump, ChsBytesOut *out)
{
  uint32_t alarms = 0;

  for (unsigned bit = 0; bit < sizeof alarm_bits / sizeof alarm_bits[0]; bit++)
    alarms |= (pump->alarms & alarm_bits[bit]) != 0 ? 1u << bit : 0;
  chs_bytes_put_u8 (out, islessgreater (self->told_rate, pump->rate_ml_h) ? 1 : 0);
  chs_bytes_put_u32be (out, alarms);
  chs_bytes_put_u32be (out, state_bits (pump));
  chs_bytes_put_u32be (out, hundredths (pump->rate_ml_h));
  chs_bytes_put_u32be (out, tenths (pump->vtbi_ml - pump->volume_ml));
  chs_bytes_put_u16be (out, isnan (left_min (pump)) ? 0xFFFF : (uint16_t) left_min (pump));
}

static void
put_actual (const ChsSimPump *pump, ChsBytesOut *out)
{
  chs_bytes_put_u8 (out, (uint8_t) fmin (100.0, fmax (0.0, pump->pressure_mmhg) / 7.5));
  chs_bytes_put_u32be (out, tenths (pump->volume_ml));
  chs_bytes_put_u16be (out, 15);
  chs_bytes_put_u16be (out, 0xFFFF);
  chs_bytes_put_u16be (out, 240); /* battery */
  chs_bytes_put_u16be (out, 0);
  chs_bytes_put_u16be (out, 0xFFFF); /* no syringe */
  chs_bytes_put_u16be (out, 0xFFFF);
  chs_bytes_put_u16be (out, 0xFFFF);
  chs_bytes_put_u16be (out, 0);
}

static void
put_set (State *self, const ChsSimPump *pump, ChsBytesOut *out)
{
  char drug[20];

  memset (drug, ' ', sizeof drug);
  memcpy (drug, pump->drug, strnlen (pump->drug, sizeof drug));
  self->told_rate = pump->rate_ml_h;
  chs_bytes_put_u32be (out, hundredths (pump->rate_ml_h));
  chs_bytes_put_u32be (out, tenths (pump->vtbi_ml));
  chs_bytes_put_u16be (out, 0xFFFF);
  chs_bytes_put_u32be (out, 80000);
  chs_bytes_put_u16be (out, 0);
  chs_bytes_put_u8 (out, 5);
  chs_bytes_put_u16be (out, 0);
  chs_bytes_put (out, drug, sizeof drug);
}

static void
put_ident (ChsBytesOut *out)
{
  chs_bytes_put_u32be (out, TYPE_INFUSOMAT_FMS << 18 | SERIAL);
  chs_bytes_put_u16be (out, 0x000E);
  chs_bytes_put (out, "FMS 1.0   ", 10);
  chs_bytes_put_u32be (out, 0xFFFFFFFFu);
}

/* 0: answer; else why not. */
static uint8_t
refusal (const State *self, const ChsFmFrame *frame)
{
  if (frame->segment == CHS_FM_IDENT)
    return 0;
  if (frame->segment >= FIRST_WRITE || self->needs_session)
    return CHS_FM_ERROR_MODE;
  return frame->segment > CHS_FM_SET ? CHS_FM_ERROR_SEGMENT : 0;
}

static void
reply_with (State *self, ChsBytesOut *payload, ChsSimOut *out)
{
  uint8_t frame[2 * CHS_FM_MAX_BYTES];
  size_t n = chs_fm_wrap (payload->start, chs_bytes_out_used (payload), frame, sizeof frame);

  if (self->bad_checksum > 0 && ++self->replies % self->bad_checksum == 0)
    frame[3] ^= 1;
  out->write (out, frame, n);
}

static void
on_request (State *self, const ChsSimPump *pump, const ChsFmFrame *frame, ChsSimOut *out)
{
  uint8_t bytes[CHS_FM_MAX_BYTES], reason = refusal (self, frame);
  ChsBytesOut payload = chs_bytes_out (bytes, sizeof bytes);

  if (frame->address != self->address)
    return; /* for another pump on this line */
  chs_bytes_put_u8 (&payload, frame->address);
  chs_bytes_put_u8 (&payload, frame->segment);
  chs_bytes_put_u8 (&payload, reason == 0 ? CHS_FM_ACK : CHS_FM_NAK);
  if (reason != 0)
    chs_bytes_put_u8 (&payload, reason);
  else if (frame->segment == CHS_FM_IDENT)
    put_ident (&payload);
  else if (frame->segment == CHS_FM_STATUS)
    put_status (self, pump, &payload);
  else if (frame->segment == CHS_FM_ACTUAL)
    put_actual (pump, &payload);
  else
    put_set (self, pump, &payload);
  reply_with (self, &payload, out);
}

static void
refuse_crc (State *self, ChsSimOut *out)
{
  const uint8_t bytes[] = { self->address, self->codec.bytes[1], CHS_FM_NAK, CHS_FM_ERROR_CRC };
  uint8_t frame[16];

  out->write (out, frame, chs_fm_wrap (bytes, sizeof bytes, frame, sizeof frame));
}

static bool
fm_option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "checksum") == 0)
    return chs_ascii_unsigned (value, strlen (value), &self->bad_checksum);
  if (strcmp (key, "session") == 0)
    return self->needs_session = strcmp (value, "needed") == 0;
  if (strcmp (key, "address") != 0 || value[0] < 'A' || value[0] > 'Z' || value[1] != '\0')
    return false;
  self->address = (uint8_t) value[0];
  return true;
}

static void
fm_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  ((State *) state)->told_rate = (double) NAN;
}

static void
fm_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
}

static void
fm_feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;
  ChsFmFrame frame;
  size_t used;

  for (; n > 0; bytes += used, n -= used) {
    ChsFeed result = chs_fm_feed (&self->codec, bytes, n, &used, &frame);

    if (!patient->pump_on || !patient->pumps[0].present)
      continue;
    if (result == CHS_FEED_FRAME)
      on_request (self, &patient->pumps[0], &frame, out);
    else if (result == CHS_FEED_BAD && self->codec.crc_failed)
      refuse_crc (self, out);
  }
}

const ChsSimulator chs_simulator_bbraun_fm = {
  .driver_id = "bbraun-fm",
  .label = "B. Braun Infusomat fmS",
  .state_size = sizeof (State),
  .option = fm_option,
  .start = fm_start,
  .tick = fm_tick,
  .feed = fm_feed,
};

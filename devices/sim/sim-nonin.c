/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/nonin-codec.h"
#include "devices/simulator.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HOLD_US 10000000  /* display values after the finger has gone */
#define PERFUSION_FRAMES 12
#define SPOT_EVERY_S 10
#define FIRMWARE 48       /* seen in a public fixture */
#define PACKET_BYTES (CHS_NONIN_FRAMES * CHS_NONIN_FRAME_BYTES)

/* What all formats share: the last values before the finger went. */
typedef struct {
  int64_t  start_us;
  uint32_t random;
  int64_t  off_us; /* since when there is no finger; CHS_TIME_NONE = there is one */
  uint16_t hr;     /* held */
  uint8_t  spo2;
} Finger;

static void
start_finger (Finger *self, uint32_t seed, int64_t now_us)
{
  *self = (Finger) { .start_us = now_us, .random = seed | 1, .off_us = CHS_TIME_NONE, .hr = CHS_NONIN_NO_HR, .spo2 = CHS_NONIN_NO_SPO2 };
}

static bool
follow_finger (Finger *self, const ChsSimPatient *patient, int64_t now_us)
{
  bool is_on = !isnan (patient->spo2) && !isnan (patient->pr);

  if (is_on) {
    self->off_us = CHS_TIME_NONE;
    self->hr = (uint16_t) lround (fmin (321, fmax (0, patient->pr)));
    self->spo2 = (uint8_t) lround (fmin (100, fmax (0, patient->spo2)));
  } else if (self->off_us == CHS_TIME_NONE) {
    self->off_us = now_us;
  } else if (now_us - self->off_us > HOLD_US) {
    self->hr = CHS_NONIN_NO_HR;
    self->spo2 = CHS_NONIN_NO_SPO2;
  }
  return is_on;
}

static uint32_t
next_random (Finger *self)
{
  self->random = self->random * 1664525u + 1013904223u;
  return self->random >> 8;
}

/* ---- #2 and #7 ---- */

typedef struct {
  Finger   finger;
  bool     is_format7, is_frozen;
  uint16_t timer;
  unsigned frame;      /* of the packet, 0..24 */
  uint64_t n_frames;   /* since the start */
  unsigned perfusion;  /* frames that the bits of this pulse still last */
  double   beat;
  uint8_t  bytes[PACKET_BYTES];
} PacketState;

static bool
packets_option (void *state, const char *key, const char *value)
{
  PacketState *self = state;
  bool is_format = strcmp (key, "format") == 0 && (strcmp (value, "2") == 0 || strcmp (value, "7") == 0);
  bool is_frozen = strcmp (key, "frozen") == 0 && (strcmp (value, "yes") == 0 || strcmp (value, "no") == 0);

  if (is_format)
    self->is_format7 = value[0] == '7';
  if (is_frozen)
    self->is_frozen = value[0] == 'y';
  return is_format || is_frozen;
}

static void
packets_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  PacketState *self = state;

  start_finger (&self->finger, seed, now_us);
  self->frame = 11; /* the listener comes in the middle of a packet */
}

static uint8_t
frame_status (PacketState *self, const ChsSimPatient *patient, bool is_on)
{
  uint8_t colour = patient->pi < 0.5 ? CHS_NONIN_RED : CHS_NONIN_GREEN;

  self->beat += is_on ? patient->pr / 60 / CHS_NONIN_RATE_HZ : 0;
  if (self->beat >= 1) {
    self->beat = fmod (self->beat, 1);
    self->perfusion = PERFUSION_FRAMES;
  }
  if (!is_on)
    return CHS_NONIN_SENSOR_ALARM;
  if (self->perfusion == 0)
    return 0;
  self->perfusion--;
  return colour;
}

/* The values without "display" go at once. Reserved places hold anything. */
static void
begin_packet (PacketState *self, const ChsSimPatient *patient, int64_t now_us)
{
  static const uint8_t reserved[] = { 4, 11, 12, 17, 18, 23, 24 };
  bool is_on = follow_finger (&self->finger, patient, now_us);
  ChsNoninPacket packet = {
    .is_format7 = self->is_format7,
    .hr = is_on ? self->finger.hr : CHS_NONIN_NO_HR,
    .spo2 = is_on ? self->finger.spo2 : CHS_NONIN_NO_SPO2,
    .hr_display = self->finger.hr,
    .spo2_display = self->finger.spo2,
    .firmware = FIRMWARE,
    .timer = self->timer,
    .is_high_quality = is_on,
  };

  self->timer = (uint16_t) ((self->timer + (self->is_frozen ? 0 : 1)) & 0x3FFF);
  for (unsigned i = 0; i < CHS_NONIN_FRAMES; i++) {
    double pleth = chs_sim_pleth (patient, self->beat);

    packet.status[i] = frame_status (self, patient, is_on);
    packet.pleth[i] = (uint16_t) lround (is_on ? pleth * (self->is_format7 ? 50000 : 200) : 0);
  }
  chs_nonin_packet_encode (&packet, self->bytes);
  for (unsigned i = 0; i < sizeof reserved; i++) {
    uint8_t *g = self->bytes + reserved[i] * CHS_NONIN_FRAME_BYTES;

    g[3] = next_random (&self->finger) & 0x7F;
    g[4] = (uint8_t) (g[0] + g[1] + g[2] + g[3]);
  }
}

static void
packets_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  PacketState *self = state;
  uint64_t due = (uint64_t) (now_us - self->finger.start_us) * 75 / 1000000;

  for (; self->n_frames < due; self->n_frames++) {
    if (self->frame == 0 || self->n_frames == 0)
      begin_packet (self, patient, now_us);
    if (patient->monitor_on)
      out->write (out, self->bytes + self->frame * CHS_NONIN_FRAME_BYTES, CHS_NONIN_FRAME_BYTES);
    self->frame = (self->frame + 1) % CHS_NONIN_FRAMES;
  }
}

const ChsSimulator chs_simulator_nonin_2 = {
  .driver_id = "nonin-2",
  .label = "Nonin OEM III (formats 2 and 7)",
  .state_size = sizeof (PacketState),
  .option = packets_option,
  .start = packets_start,
  .tick = packets_tick,
};

/* ---- once a second: #1, #8 and the printed line ---- */

typedef struct {
  Finger  finger;
  int64_t due_us;
  bool    is_format1;
  bool    is_on;
} SlowState;

static bool
groups_option (void *state, const char *key, const char *value)
{
  SlowState *self = state;

  if (strcmp (key, "format") != 0 || (strcmp (value, "1") != 0 && strcmp (value, "8") != 0))
    return false;
  self->is_format1 = value[0] == '1';
  return true;
}

static void
slow_start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  SlowState *self = state;

  start_finger (&self->finger, seed, now_us);
  self->due_us = now_us;
}

/* Display values: held after the finger has gone, with the bit that says so. */
static void
send_group (SlowState *self, const ChsSimPatient *patient, ChsSimOut *out)
{
  const ChsNoninGroup group = {
    .hr = self->finger.hr,
    .spo2 = self->finger.spo2,
    .status = (uint8_t) ((patient->pi < 0.5 ? CHS_NONIN_GROUP_LOW_PERFUSION : 0)
                         | (!self->is_on && self->is_format1 ? CHS_NONIN_GROUP_DISCONNECTED : 0)),
    .status2 = self->is_on ? CHS_NONIN_GROUP_HIGH_QUALITY : CHS_NONIN_GROUP_SENSOR_ALARM,
  };
  uint8_t bytes[4];

  out->write (out, bytes, chs_nonin_group_encode (&group, !self->is_format1, bytes));
}

static void
send_line (SlowState *self, const ChsSimPatient *patient, ChsSimOut *out)
{
  char text[32];
  size_t torn = self->due_us == self->finger.start_us ? 7 : 0; /* the listener comes in the middle */

  if (self->is_on)
    snprintf (text, sizeof text, "SPO2=%03u HR=%03u\r\n", self->finger.spo2, self->finger.hr);
  else
    snprintf (text, sizeof text, "SPO2=--- HR=---\r\n");
  out->write (out, (const uint8_t *) text + torn, strlen (text) - torn);
}

/* A spot check now and then while a finger is in: the device measures when it is put on. */
static void
send_spot (SlowState *self, const ChsSimPatient *patient, ChsSimOut *out)
{
  ChsNoninSpot spot = { .hr = self->finger.hr, .spo2 = self->finger.spo2, .is_high_quality = true };
  uint32_t s = (uint32_t) ((self->due_us - self->finger.start_us) / 1000000);
  uint8_t bytes[CHS_NONIN_SPOT_BYTES];

  snprintf (spot.clock, sizeof spot.clock, "2009-01-01 %02u:%02u:%02u", s / 3600 % 24, s / 60 % 60, s % 60);
  spot.is_from_memory = s == 0; /* what it had stored comes first */
  chs_nonin_spot_encode (&spot, bytes);
  if (self->is_on && s % SPOT_EVERY_S == 0)
    out->write (out, bytes, sizeof bytes);
}

static void
slow_tick (SlowState *self,
           const ChsSimPatient *patient,
           int64_t now_us,
           ChsSimOut *out,
           void (*speak) (SlowState *self, const ChsSimPatient *patient, ChsSimOut *out))
{
  for (; self->due_us <= now_us; self->due_us += 1000000) {
    self->is_on = follow_finger (&self->finger, patient, now_us);
    if (patient->monitor_on)
      speak (self, patient, out);
  }
}

static void
groups_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  slow_tick (state, patient, now_us, out, send_group);
}

static void
line_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  slow_tick (state, patient, now_us, out, send_line);
}

static void
spots_tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  slow_tick (state, patient, now_us, out, send_spot);
}

const ChsSimulator chs_simulator_nonin_8 = {
  .driver_id = "nonin-8",
  .label = "Nonin Xpod (formats 1 and 8)",
  .state_size = sizeof (SlowState),
  .option = groups_option,
  .start = slow_start,
  .tick = groups_tick,
};

const ChsSimulator chs_simulator_nonin_13 = {
  .driver_id = "nonin-13",
  .label = "Nonin Onyx II (format 13)",
  .state_size = sizeof (SlowState),
  .start = slow_start,
  .tick = spots_tick,
};

const ChsSimulator chs_simulator_nonin_ascii = {
  .driver_id = "nonin-ascii",
  .label = "Nonin Avant (printed line)",
  .state_size = sizeof (SlowState),
  .start = slow_start,
  .tick = line_tick,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/simulator.h"

#include "devices/datex-s5-codec.h"

#include <math.h>
#include <string.h>

/* A GE / Datex-Ohmeda S/5 monitor on its record interface: silent until asked, then one record an interval. Section
 * numbers are those of shared/protocols/datex-s5-dri.md.
 *
 * Options: level=2..11 (DRI level), auxiliary=on|off (answered or ignored), cuff=keep|blank (what stands in the NIBP
 * group while the cuff works), flag=on|off (leave out the flag that ends a record, now and then). */

#define S_US INT64_C (1000000)
#define DISPLAYED_LEAST_S 5
#define WAVE_EVERY_US (S_US / 5)
#define ALARM_EVERY_US (2 * S_US) /* at most one change in 2 s; section 7 */
#define FIRST_TIME_S 1767600000   /* 2026-01-05 08:00:00 on the monitor's clock */
#define INVALID -32767
#define NOT_UPDATED -32766

typedef struct {
  ChsS5Framer framer;
  uint8_t  level;
  bool     no_auxiliary, blank_cuff, lose_flags;
  uint8_t  number;
  uint32_t seed;
  int64_t  start_us;
  unsigned displayed_s, auxiliary_s; /* intervals; 0 = not asked for */
  uint32_t classes;
  int64_t  displayed_us, auxiliary_us, wave_us, alarm_us; /* when the next is due */
  uint8_t  waves[8];
  unsigned n_waves;
  bool     wave_gap; /* the first block after a request says that something is missing before it */
  bool     has_alarms;
  char     alarm[40];
  uint32_t nibp_count;
  int64_t  nibp_us;
  double   beat, breath;
} State;

static bool
option (void *state, const char *key, const char *value)
{
  State *self = state;
  const struct {
    const char *key, *yes, *no;
    bool       *flag;
  } options[] = {
    { "auxiliary", "off", "on", &self->no_auxiliary },
    { "cuff", "blank", "keep", &self->blank_cuff },
    { "flag", "off", "on", &self->lose_flags },
  };

  if (strcmp (key, "level") == 0 && value[0] >= '2' && value[0] <= '9' && value[1] == '\0') {
    self->level = (uint8_t) (value[0] - '0');
    return true;
  }
  if (strcmp (key, "level") == 0 && (strcmp (value, "10") == 0 || strcmp (value, "11") == 0)) {
    self->level = (uint8_t) (10 + value[1] - '0');
    return true;
  }
  for (unsigned i = 0; i < sizeof options / sizeof options[0]; i++)
    if (strcmp (key, options[i].key) == 0) {
      *options[i].flag = strcmp (value, options[i].yes) == 0;
      return *options[i].flag || strcmp (value, options[i].no) == 0;
    }
  return false;
}

static void
start (void *state, const ChsSimPatient *patient, uint32_t seed, int64_t now_us)
{
  State *self = state;

  self->start_us = now_us;
  self->seed = seed;
  if (self->level == 0)
    self->level = 10;
}

/* ---- writing records ---- */

static uint32_t
clock_s (const State *self, int64_t t_us)
{
  return (uint32_t) (FIRST_TIME_S + (t_us - self->start_us) / S_US);
}

static void
put_i16 (ChsBytesOut *b, int value)
{
  chs_bytes_put_u16le (b, (uint16_t) (int16_t) value);
}

static void
put_zeros (ChsBytesOut *b, unsigned n)
{
  while (n-- > 0)
    chs_bytes_put_u8 (b, 0);
}

static void
put_value (ChsBytesOut *b, double value, double factor)
{
  put_i16 (b, isnan (value) ? INVALID : (int) lround (value * factor));
}

/* A header whose length is filled in at the end. The list of descriptors is ended with FF; what is behind it is
 * whatever was there, and here it is not zero. */
static void
record_begin (ChsBytesOut *b, State *self, unsigned main_type, const unsigned *offsets, const uint8_t *types, unsigned n,
              int64_t now_us)
{
  chs_bytes_put_u16le (b, 0);
  chs_bytes_put_u8 (b, ++self->number);
  chs_bytes_put_u8 (b, self->level);
  chs_bytes_put_u16le (b, 0x7E55);
  chs_bytes_put_u32le (b, clock_s (self, now_us));
  put_zeros (b, 4);
  chs_bytes_put_u16le (b, (uint16_t) main_type);
  for (unsigned i = 0; i < 8; i++) {
    put_i16 (b, i < n ? (int) offsets[i] : 0x0102);
    chs_bytes_put_u8 (b, i < n ? types[i] : i == n ? 0xFF : 3);
  }
}

static void
record_end (State *self, ChsBytesOut *b, ChsSimOut *out)
{
  uint8_t frame[2 * CHS_S5_RECORD_MAX + 4];
  size_t n = chs_bytes_out_used (b);

  if (n == 0)
    return;
  b->start[0] = (uint8_t) n;
  b->start[1] = (uint8_t) (n >> 8);
  n = chs_s5_frame_write (b->start, n, frame, sizeof frame);
  if (self->lose_flags && self->number % 7 == 0)
    n--;
  out->write (out, frame, n);
}

static void
put_group (ChsBytesOut *b, bool in_use, unsigned extra_status, unsigned label)
{
  chs_bytes_put_u32le (b, (in_use ? 3u : 1u) | extra_status);
  chs_bytes_put_u16le (b, (uint16_t) label);
}

static void
put_nibp (ChsBytesOut *b, const State *self, const ChsSimPatient *p, int64_t now_us)
{
  bool blank = p->nibp_inflating && self->blank_cuff;
  unsigned label = 0x0003u | (p->nibp_inflating ? 1u << 5 : 0)
                   | (self->nibp_count > 0 && now_us - self->nibp_us > 60 * S_US ? 1u << 8 : 0);

  put_group (b, true, 0, label);
  if (blank)
    for (unsigned i = 0; i < 4; i++)
      put_i16 (b, NOT_UPDATED);
  else {
    put_value (b, p->nibp_sys, 100);
    put_value (b, p->nibp_dia, 100);
    put_value (b, p->nibp_mean, 100);
    put_value (b, isnan (p->nibp_sys) ? (double) NAN : p->hr, 1);
  }
}

static void
put_basic (ChsBytesOut *b, const State *self, const ChsSimPatient *p, int64_t now_us)
{
  size_t begin = (size_t) (b->p - b->start);
  double etco2 = p->etco2_mmhg / 760.0 * 1e4;

  chs_bytes_put_u32le (b, clock_s (self, now_us));
  put_group (b, true, 1u << 3, 0x0200); /* source: ECG */
  put_value (b, round (p->hr), 1);
  for (unsigned i = 0; i < 3; i++)
    put_i16 (b, 0);
  put_value (b, round (p->rr), 1);
  put_group (b, !isnan (p->abp_sys), 0, 1); /* P1: ART */
  put_value (b, p->abp_sys, 100);
  put_value (b, p->abp_dia, 100);
  put_value (b, p->abp_mean, 100);
  put_value (b, round (p->hr), 1);
  for (unsigned i = 0; i < 3; i++) { /* P2 to P4: no module */
    put_zeros (b, 6);
    for (unsigned k = 0; k < 4; k++)
      put_i16 (b, NOT_UPDATED);
  }
  put_nibp (b, self, p, now_us);
  put_group (b, true, 0, 6);
  put_value (b, p->temp_c, 100);
  put_zeros (b, 24);
  put_group (b, true, 0, 0);
  put_value (b, p->spo2, 100);
  put_value (b, round (p->pr), 1);
  put_value (b, p->pi, 100);
  put_i16 (b, INVALID);
  put_group (b, !isnan (p->etco2_mmhg), 0, 1);
  put_i16 (b, isnan (etco2) ? INVALID : (int) lround (etco2));
  put_i16 (b, 0);
  put_value (b, isnan (etco2) ? (double) NAN : round (p->rr), 1);
  put_i16 (b, 7600);
  put_zeros (b, 226 - 146); /* O2 to NMT: no modules */
  put_value (b, round (p->hr), 1);
  put_zeros (b, (unsigned) (begin + 4 + CHS_S5_CLASS_SIZE - (size_t) (b->p - b->start)));
  put_zeros (b, 2);
  chs_bytes_put_u16le (b, 0x0081);
}

static void
put_other_class (ChsBytesOut *b, const State *self, unsigned class_number, int64_t now_us)
{
  chs_bytes_put_u32le (b, clock_s (self, now_us));
  put_zeros (b, CHS_S5_CLASS_SIZE + 2);
  chs_bytes_put_u16le (b, (uint16_t) (class_number << 8 | 0x81));
}

static void
send_displayed (State *self, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  static const uint8_t types[4] = { 1, 1, 1, 1 };
  unsigned offsets[4] = { 0 }, classes[4], n = 0;
  uint8_t bytes[CHS_S5_RECORD_MAX];
  ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);

  for (unsigned k = 0; k < 4; k++) { /* bit 0 denies the basic class, the others ask for theirs */
    if (k == 0 ? (self->classes & 1) != 0 : (self->classes >> k & 1) == 0)
      continue;
    classes[n] = k;
    offsets[n] = n * CHS_S5_SUB_SIZE;
    n++;
  }
  record_begin (&b, self, CHS_S5_MAIN_PHYSIOLOGICAL, offsets, types, n, now_us);
  for (unsigned i = 0; i < n; i++)
    if (classes[i] == 0)
      put_basic (&b, self, patient, now_us);
    else
      put_other_class (&b, self, classes[i], now_us);
  record_end (self, &b, out);
}

static void
send_auxiliary (State *self, int64_t now_us, ChsSimOut *out)
{
  static const uint8_t types[1] = { 4 };
  static const unsigned offsets[1] = { 0 };
  uint8_t bytes[256];
  ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);

  record_begin (&b, self, CHS_S5_MAIN_PHYSIOLOGICAL, offsets, types, 1, now_us);
  chs_bytes_put_u32le (&b, self->nibp_count > 0 ? clock_s (self, self->nibp_us) : 0);
  put_zeros (&b, CHS_S5_AUX_SIZE - 4);
  record_end (self, &b, out);
}

/* ---- waves ---- */

static const struct {
  uint8_t  id;
  unsigned n; /* samples in 200 ms */
} wave_specs[] = { { 1, 60 }, { 4, 20 }, { 8, 20 }, { 9, 5 }, { 15, 5 } };

static int
wave_sample (const ChsSimPatient *p, uint8_t id, double beat, double breath)
{
  switch (id) {
  case 1:
    return isnan (p->hr) ? -32001 : (int) lround (1000 * chs_sim_ecg_mv (p, beat));
  case 4:
    return isnan (p->abp_sys) ? -32001 : (int) lround (100 * (p->abp_dia + (p->abp_sys - p->abp_dia) * chs_sim_pleth (p, beat)));
  case 8:
    return isnan (p->spo2) ? -32001 : (int) lround (100 * p->pi * chs_sim_pleth (p, beat));
  case 9:
    return isnan (p->etco2_mmhg) ? -32001
                                 : (int) lround (chs_sim_resp (p, breath) > 0 ? 1e4 * p->etco2_mmhg / 760 : 0);
  default:
    return isnan (p->rr) ? -32001 : (int) lround (50 * chs_sim_resp (p, breath));
  }
}

static void
send_waves (State *self, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  unsigned offsets[8] = { 0 }, at = 0, n = 0, kinds[8];
  uint8_t types[8] = { 0 }, bytes[CHS_S5_RECORD_MAX];
  ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);
  double beat_step = isnan (patient->hr) ? 0 : patient->hr / 60, breath_step = isnan (patient->rr) ? 0 : patient->rr / 60;

  for (unsigned i = 0; i < self->n_waves; i++)
    for (unsigned k = 0; k < sizeof wave_specs / sizeof wave_specs[0]; k++)
      if (wave_specs[k].id == self->waves[i]) {
        kinds[n] = k;
        types[n] = wave_specs[k].id;
        offsets[n++] = at;
        at += 6 + 2 * wave_specs[k].n;
      }
  record_begin (&b, self, CHS_S5_MAIN_WAVE, offsets, types, n, now_us);
  for (unsigned i = 0; i < n; i++) {
    unsigned samples = wave_specs[kinds[i]].n;

    put_i16 (&b, (int) samples);
    chs_bytes_put_u16le (&b, self->wave_gap ? 0x2C91 : 0x2C90); /* the upper bits are not zero on a real one; section 6 */
    put_i16 (&b, 0);
    for (unsigned k = 0; k < samples; k++) {
      double seconds = 0.2 * k / samples;

      put_i16 (&b, wave_sample (patient, types[i], fmod (self->beat + seconds * beat_step, 1.0),
                                fmod (self->breath + seconds * breath_step, 1.0)));
    }
  }
  self->wave_gap = false;
  self->beat = fmod (self->beat + 0.2 * beat_step, 1.0);
  self->breath = fmod (self->breath + 0.2 * breath_step, 1.0);
  record_end (self, &b, out);
}

static void
send_alarms (State *self, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  static const uint8_t types[1] = { 1 };
  static const unsigned offsets[1] = { 0 };
  uint8_t bytes[1024];
  ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);
  size_t length = strlen (patient->monitor_alarm);

  memcpy (self->alarm, patient->monitor_alarm, sizeof self->alarm);
  record_begin (&b, self, CHS_S5_MAIN_ALARM, offsets, types, 1, now_us);
  put_zeros (&b, 2);
  put_i16 (&b, 1);
  put_zeros (&b, 6);
  chs_bytes_put (&b, patient->monitor_alarm, length);
  put_zeros (&b, 80 - (unsigned) length + 2);
  put_i16 (&b, length > 0 ? 2 : 0);
  put_zeros (&b, 14 + 4 * 98 + 10);
  record_end (self, &b, out);
}

/* ---- being asked ---- */

static void
asked_physiological (State *self, ChsBytes body, int64_t now_us)
{
  unsigned type = chs_bytes_u8 (&body);
  int interval = (int16_t) chs_bytes_u16le (&body);
  uint32_t classes = chs_bytes_u32le (&body);

  if (body.bad || interval < -1)
    return;
  if (type == CHS_S5_SUB_DISPLAYED) {
    self->displayed_s = interval == 0 ? 0 : interval < DISPLAYED_LEAST_S ? DISPLAYED_LEAST_S : (unsigned) interval;
    self->classes = classes;
    self->displayed_us = now_us + S_US;
  } else if (type == CHS_S5_SUB_AUXILIARY && !self->no_auxiliary) {
    self->auxiliary_s = interval > 0 ? (unsigned) interval : 0;
    self->auxiliary_us = now_us + S_US;
  }
}

static void
asked_waves (State *self, ChsBytes body, int64_t now_us)
{
  unsigned stop = chs_bytes_u16le (&body);

  chs_bytes_skip (&body, 2);
  self->n_waves = 0;
  for (unsigned i = 0; stop == 0 && i < 8; i++) {
    uint8_t id = chs_bytes_u8 (&body);

    if (body.bad || id == 0xFF)
      break;
    self->waves[self->n_waves++] = id;
  }
  self->wave_gap = true;
  self->wave_us = now_us + S_US;
}

static void
feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  while (n > 0) {
    const uint8_t *data;
    size_t used, length;
    ChsBytes body;

    if (chs_s5_framer_feed (&self->framer, bytes, n, &used, &data, &length) == CHS_FEED_FRAME && patient->monitor_on) {
      body = chs_bytes (data + CHS_S5_HEADER, length - CHS_S5_HEADER);
      if (data[14] == CHS_S5_MAIN_PHYSIOLOGICAL)
        asked_physiological (self, body, now_us);
      else if (data[14] == CHS_S5_MAIN_WAVE)
        asked_waves (self, body, now_us);
      else if (data[14] == CHS_S5_MAIN_ALARM && self->level >= 10) {
        self->has_alarms = chs_bytes_u16le (&body) == 2;
        self->alarm_us = now_us;
        self->alarm[0] = '\x01'; /* status once, whatever it is */
      }
    }
    bytes += used;
    n -= used;
  }
}

static void
tick (void *state, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  if (patient->nibp_count != self->nibp_count) {
    self->nibp_count = patient->nibp_count;
    self->nibp_us = now_us;
  }
  if (!patient->monitor_on) {
    self->displayed_s = self->auxiliary_s = self->n_waves = 0;
    self->has_alarms = false;
    return;
  }
  if (self->displayed_s > 0 && now_us >= self->displayed_us) {
    self->displayed_us += self->displayed_s * S_US;
    send_displayed (self, patient, now_us, out);
  }
  if (self->auxiliary_s > 0 && now_us >= self->auxiliary_us) {
    self->auxiliary_us += self->auxiliary_s * S_US;
    send_auxiliary (self, now_us, out);
  }
  if (self->n_waves > 0 && now_us >= self->wave_us) {
    self->wave_us += WAVE_EVERY_US;
    send_waves (self, patient, now_us, out);
  }
  if (self->has_alarms && now_us >= self->alarm_us && strcmp (self->alarm, patient->monitor_alarm) != 0) {
    self->alarm_us = now_us + ALARM_EVERY_US;
    send_alarms (self, patient, now_us, out);
  }
}

const ChsSimulator chs_simulator_datex_s5 = {
  .driver_id = "datex-s5",
  .label = "GE / Datex-Ohmeda S/5",
  .state_size = sizeof (State),
  .option = option,
  .start = start,
  .tick = tick,
  .feed = feed,
};

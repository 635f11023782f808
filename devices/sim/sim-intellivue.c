/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/simulator.h"

#include "devices/intellivue-codec.h"

#include <math.h>
#include <string.h>

/* A Philips IntelliVue on its serial line: speaks only when spoken to, on a beat of 1.024 s. Section numbers are those
 * of shared/protocols/intellivue-mib.md.
 *
 * Options: demo=on|off (default on: it is a simulator), absent=state|omit (how a sensor that is off is told),
 * pressure=mmHg|kPa, linked=on|off (split each numerics reply), busy=on|off (refuse the association). */

#define S_US INT64_C (1000000)
#define BEAT_US 1024000         /* everything periodic leaves on this beat; section 11 */
#define CREATE_EVERY_US (3 * S_US) /* an unconfirmed introduction is repeated; section 7 */
#define CREATE_GIVE_UP_US (10 * S_US)
#define CLIENT_TIMEOUT_US (120 * S_US) /* 3 times the 40 s poll period our client asks for; section 4 */
#define POLL_DEFAULT_US (10 * S_US)
/* 2026-01-05 08:00:00, the monitor's own idea of the time when it was switched on. */
#define DAY_START_S (8 * 3600)

enum {
  H_HR = 0x82B3,
  H_RR = 0x82BA,
  H_NBP = 0x826A,
  H_NBP_PULSE = 0x826D,
  H_SPO2 = 0x83D5,
  H_PULSE = 0x83DC,
  H_PERF = 0x83E3,
  H_ABP = 0x891A,
  H_TEMP = 0x8646,
  H_CO2 = 0x8660,
  H_ECG = 0x02AE,
  H_PLETH = 0x03DA,
  H_ABP_WAVE = 0x091C,
  H_RESP = 0x02B8,
  H_ALERT = 0x0003,
};

typedef struct {
  uint16_t action;
  uint16_t invoke, number, group;
  uint16_t sequence;
  int64_t  until_us; /* 0 = not asked for */
} Poll;

typedef struct {
  ChsIvFramer framer;
  bool     is_real;      /* option demo=off */
  bool     omit_absent;  /* option absent=omit */
  bool     in_kpa;       /* option pressure=kPa */
  bool     is_linked;    /* option linked=on */
  bool     is_busy;      /* option busy=on */
  bool     associated, confirmed, has_wave_list;
  int64_t  associated_us, created_us, heard_us, beat_us, start_us;
  uint16_t invoke;
  Poll     numerics, waves, alerts;
  uint32_t nibp_count;
  int64_t  nibp_us;
  double   beat_phase, breath_phase;
  unsigned beats; /* multiplexes one wave's context a beat */
} State;

static bool
option (void *state, const char *key, const char *value)
{
  State *self = state;
  const struct {
    const char *key, *yes, *no;
    bool       *flag;
  } options[] = {
    { "demo", "off", "on", &self->is_real },     { "absent", "omit", "state", &self->omit_absent },
    { "pressure", "kPa", "mmHg", &self->in_kpa }, { "linked", "on", "off", &self->is_linked },
    { "busy", "on", "off", &self->is_busy },
  };

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

  chs_iv_framer_init (&self->framer);
  self->start_us = now_us;
  self->beat_us = now_us + BEAT_US + seed % 1000 * 1000;
}

static void
send_data (ChsSimOut *out, const ChsBytesOut *b)
{
  uint8_t frame[4200];
  size_t n = chs_iv_frame_write (b->start, chs_bytes_out_used (b), frame, sizeof frame);

  if (n > 0)
    out->write (out, frame, n);
}

static uint32_t
ticks (const State *self, int64_t t_us)
{
  return (uint32_t) ((t_us - self->start_us) * CHS_IV_TICKS_S / S_US);
}

static void
put_bcd_time (ChsBytesOut *b, const State *self, int64_t t_us)
{
  int64_t s = (t_us - self->start_us) / S_US + DAY_START_S;
  const unsigned fields[] = { 20, 26, 1, 5 + (unsigned) (s / 86400), (unsigned) (s / 3600 % 24), (unsigned) (s / 60 % 60),
                              (unsigned) (s % 60), 0 };

  for (unsigned i = 0; i < 8; i++)
    chs_bytes_put_u8 (b, (uint8_t) (fields[i] / 10 << 4 | fields[i] % 10));
}

/* ---- association ---- */

static void
send_association_response (const State *self, ChsSimOut *out)
{
  static const uint8_t head[] = {
    0x0E, 0xCE, 0x05, 0x08, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02, 0x80, 0x00, 0x14, 0x02, 0x00, 0x02, 0xC1, 0xBE, 0x31, 0x80,
    0xA0, 0x80, 0x80, 0x01, 0x01, 0x00, 0x00, 0xA2, 0x80, 0xA0, 0x03, 0x00, 0x00, 0x01, 0xA5, 0x80, 0x30, 0x80, 0x80, 0x01,
    0x00, 0x81, 0x02, 0x51, 0x01, 0x00, 0x00, 0x30, 0x80, 0x80, 0x01, 0x00, 0x81, 0x0C, 0x2A, 0x86, 0x48, 0xCE, 0x14, 0x02,
    0x01, 0x00, 0x00, 0x00, 0x02, 0x01, 0x00, 0x00, 0x00, 0x00, 0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xA0, 0x80, 0x61,
    0x80, 0xA1, 0x80, 0x06, 0x0C, 0x2A, 0x86, 0x48, 0xCE, 0x14, 0x02, 0x01, 0x00, 0x00, 0x00, 0x03, 0x01, 0x00, 0x00, 0xA2,
    0x03, 0x02, 0x01, 0x00, 0xA3, 0x05, 0xA1, 0x03, 0x02, 0x01, 0x00, 0xBE, 0x80, 0x28, 0x80, 0x02, 0x01, 0x02, 0x81, 0x48,
  };
  uint8_t bytes[256];
  ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);

  chs_bytes_put (&b, head, sizeof head);
  chs_bytes_put_u32be (&b, 0x80000000); /* protocol version */
  chs_bytes_put_u32be (&b, 0x40000000); /* nomenclature version */
  chs_bytes_put_u32be (&b, 0);
  chs_bytes_put_u32be (&b, 0x00800000); /* server */
  chs_bytes_put_u32be (&b, 0x80000000); /* hot start, whatever was asked */
  chs_bytes_put_u32be (&b, 0);          /* no options */
  chs_bytes_put_u32be (&b, 0x0001002C); /* one profile ... */
  chs_bytes_put_u32be (&b, 0x00010028); /* ... to poll */
  chs_bytes_put_u32be (&b, 0x80000000);
  chs_bytes_put_u32be (&b, 0x0004E200); /* 40 s */
  chs_bytes_put_u32be (&b, 1456);
  chs_bytes_put_u32be (&b, 1456);
  chs_bytes_put_u32be (&b, 0xFFFFFFFF);
  chs_bytes_put_u32be (&b, 0x60000000);
  chs_bytes_put_u32be (&b, 0x0001000C);
  chs_bytes_put_u32be (&b, 0xF0010008);
  chs_bytes_put_u32be (&b, 0x8C000000); /* granted: 1 s numerics, waves, enumerations */
  chs_bytes_put_u32be (&b, 0);
  for (unsigned i = 0; i < 4; i++)
    chs_bytes_put_u32be (&b, 0);
  send_data (out, &b);
}

static void
send_abort (ChsSimOut *out)
{
  static const uint8_t abort_[] = {
    0x19, 0x2E, 0x11, 0x01, 0x03, 0xC1, 0x29, 0xA0, 0x80, 0xA0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0x06, 0x02, 0x51, 0x01,
    0x00, 0x00, 0x00, 0x00, 0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xA0, 0x80, 0x64, 0x80, 0x80, 0x01, 0x01, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
  };
  uint8_t bytes[sizeof abort_];
  ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);

  chs_bytes_put (&b, abort_, sizeof abort_);
  send_data (out, &b);
}

static void
send_create (State *self, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  static const uint8_t id[8] = { 0x00, 0x08, 0x00, 0x09, 0xFB, 0x5A, 0x11, 0x07 };
  uint8_t bytes[512];
  ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);
  size_t ro, op, event, list;

  chs_bytes_put_u32be (&b, 0xE1000002);
  chs_bytes_put_u16be (&b, 1);
  ro = chs_bytes_hole_u16 (&b);
  chs_bytes_put_u16be (&b, 1); /* invoke number */
  chs_bytes_put_u16be (&b, 1); /* confirmed event report */
  op = chs_bytes_hole_u16 (&b);
  chs_bytes_put (&b, "\x00\x21\x00\x00\x00\x00", 6);
  chs_bytes_put_u32be (&b, ticks (self, now_us));
  chs_bytes_put_u16be (&b, 0x0D06);
  event = chs_bytes_hole_u16 (&b);
  chs_bytes_put (&b, "\x00\x21\x00\x00\x00\x00", 6);
  chs_bytes_put_u16be (&b, 5); /* attributes */
  list = chs_bytes_hole_u16 (&b);
  chs_bytes_put_u32be (&b, CHS_IV_ATTR_SYSTEM_ID << 16 | 8);
  chs_bytes_put (&b, id, 8);
  chs_bytes_put_u32be (&b, (uint32_t) CHS_IV_ATTR_MODEL << 16 | 20);
  chs_bytes_put_u16be (&b, 8);
  chs_bytes_put (&b, "Philips ", 8);
  chs_bytes_put_u16be (&b, 8);
  chs_bytes_put (&b, "SIM8000\0", 8);
  chs_bytes_put_u32be (&b, CHS_IV_ATTR_MODE << 16 | 2);
  chs_bytes_put_u16be (&b, self->is_real && !patient->demo ? 0x4000 : CHS_IV_MODE_DEMO);
  chs_bytes_put_u32be (&b, CHS_IV_ATTR_DATE_TIME << 16 | 8);
  put_bcd_time (&b, self, now_us);
  chs_bytes_put_u32be (&b, CHS_IV_ATTR_REL_TIME << 16 | 4);
  chs_bytes_put_u32be (&b, ticks (self, now_us));
  chs_bytes_fill_u16be (&b, list);
  chs_bytes_fill_u16be (&b, event);
  chs_bytes_fill_u16be (&b, op);
  chs_bytes_fill_u16be (&b, ro);
  send_data (out, &b);
  self->created_us = now_us;
}

/* ---- poll results ---- */

typedef struct {
  ChsBytesOut b;
  size_t      ro, op, action, contexts, observations;
  size_t      n_observations_at;
  uint16_t    n;
} Reply;

static void
reply_begin (Reply *r, uint8_t *bytes, size_t size, const State *self, const Poll *poll, uint16_t polled_class, uint8_t linked,
             int64_t now_us)
{
  r->b = chs_bytes_out (bytes, size);
  r->n = 0;
  chs_bytes_put_u32be (&r->b, 0xE1000002);
  chs_bytes_put_u16be (&r->b, linked != 0 ? 5 : 2);
  r->ro = chs_bytes_hole_u16 (&r->b);
  if (linked != 0) {
    chs_bytes_put_u8 (&r->b, linked);
    chs_bytes_put_u8 (&r->b, linked == 1 ? 1 : 2);
  }
  chs_bytes_put_u16be (&r->b, poll->invoke);
  chs_bytes_put_u16be (&r->b, 7);
  r->op = chs_bytes_hole_u16 (&r->b);
  chs_bytes_put (&r->b, "\x00\x21\x00\x00\x00\x00", 6);
  chs_bytes_put_u16be (&r->b, poll->action);
  r->action = chs_bytes_hole_u16 (&r->b);
  chs_bytes_put_u16be (&r->b, poll->number);
  if (poll->action == CHS_IV_ACTION_POLL_EXT)
    chs_bytes_put_u16be (&r->b, poll->sequence);
  chs_bytes_put_u32be (&r->b, ticks (self, now_us));
  chs_bytes_put (&r->b, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8);
  chs_bytes_put_u16be (&r->b, 1);
  chs_bytes_put_u16be (&r->b, polled_class);
  chs_bytes_put_u16be (&r->b, poll->group);
  chs_bytes_put_u16be (&r->b, 1); /* one context */
  r->contexts = chs_bytes_hole_u16 (&r->b);
  chs_bytes_put_u16be (&r->b, 1);
  r->n_observations_at = chs_bytes_hole_u16 (&r->b);
  r->observations = chs_bytes_hole_u16 (&r->b);
}

static void
reply_end (Reply *r, ChsSimOut *out)
{
  chs_bytes_fill_u16be (&r->b, r->observations);
  chs_bytes_fill_u16be (&r->b, r->contexts);
  chs_bytes_fill_u16be (&r->b, r->action);
  chs_bytes_fill_u16be (&r->b, r->op);
  chs_bytes_fill_u16be (&r->b, r->ro);
  if (!r->b.bad) {
    r->b.start[r->n_observations_at] = (uint8_t) (r->n >> 8);
    r->b.start[r->n_observations_at + 1] = (uint8_t) r->n;
  }
  send_data (out, &r->b);
}

static size_t
object_begin (Reply *r, uint16_t handle, uint16_t n_attributes)
{
  r->n++;
  chs_bytes_put_u16be (&r->b, handle);
  chs_bytes_put_u16be (&r->b, n_attributes);
  return chs_bytes_hole_u16 (&r->b);
}

static uint16_t
state_bits (const State *self, const ChsSimPatient *patient, double value)
{
  return (uint16_t) ((self->is_real && !patient->demo ? 0 : CHS_IV_STATE_DEMO)
                     | (isnan (value) ? CHS_IV_STATE_UNAVAILABLE | CHS_IV_STATE_INVALID : 0));
}

static void
put_value (ChsBytesOut *b, uint16_t physio, uint16_t state, uint16_t unit, double value, int exponent)
{
  chs_bytes_put_u16be (b, physio);
  chs_bytes_put_u16be (b, state);
  chs_bytes_put_u16be (b, unit);
  chs_bytes_put_u32be (b, chs_iv_float_write (value, exponent));
}

static void
put_simple (Reply *r, const State *self, const ChsSimPatient *patient, uint16_t handle, uint16_t physio, uint16_t unit,
            double value, int exponent)
{
  bool omit = isnan (value) && self->omit_absent;
  size_t object = object_begin (r, handle, omit ? 0 : 1);

  if (!omit) {
    chs_bytes_put_u32be (&r->b, CHS_IV_ATTR_NU_VALUE << 16 | 10);
    put_value (&r->b, physio, state_bits (self, patient, value), unit, value, exponent);
  }
  chs_bytes_fill_u16be (&r->b, object);
}

static void
put_pressure (Reply *r, const State *self, const ChsSimPatient *patient, uint16_t handle, uint16_t physio_sys,
              const double value[3], int64_t measured_us)
{
  size_t object;

  if (isnan (value[0])) {
    chs_bytes_fill_u16be (&r->b, object_begin (r, handle, 0));
    return;
  }
  object = object_begin (r, handle, measured_us != CHS_TIME_NONE ? 2 : 1);
  if (measured_us != CHS_TIME_NONE) {
    chs_bytes_put_u32be (&r->b, CHS_IV_ATTR_TIME_ABS << 16 | 8);
    put_bcd_time (&r->b, self, measured_us);
  }
  chs_bytes_put_u32be (&r->b, CHS_IV_ATTR_NU_COMPOUND << 16 | 34);
  chs_bytes_put_u16be (&r->b, 3);
  chs_bytes_put_u16be (&r->b, 30);
  for (uint16_t k = 0; k < 3; k++)
    put_value (&r->b, (uint16_t) (physio_sys + k), state_bits (self, patient, value[k]), self->in_kpa ? 0x0F03 : 0x0F20,
               self->in_kpa ? value[k] / 7.50062 : value[k], self->in_kpa ? -1 : 0);
  chs_bytes_fill_u16be (&r->b, object);
}

static void
put_first_half (Reply *r, const State *self, const ChsSimPatient *p)
{
  const double nibp[3] = { p->nibp_sys, p->nibp_dia, p->nibp_mean };
  const double abp[3] = { p->abp_sys, p->abp_dia, p->abp_mean };

  put_simple (r, self, p, H_HR, 0x4182, 0x0AA0, round (p->hr), 0);
  put_simple (r, self, p, H_RR, 0x500A, 0x0AE0, round (p->rr), 0);
  put_pressure (r, self, p, H_NBP, 0x4A05, nibp, self->nibp_us);
  put_pressure (r, self, p, H_ABP, 0x4A15, abp, CHS_TIME_NONE);
}

static void
put_second_half (Reply *r, const State *self, const ChsSimPatient *p)
{
  put_simple (r, self, p, H_SPO2, 0x4BB8, 0x0220, p->spo2, -1);
  put_simple (r, self, p, H_PULSE, 0x4822, 0x0AA0, round (p->pr), 0);
  put_simple (r, self, p, H_PERF, 0x4BB0, 0x0200, p->pi, -1);
  put_simple (r, self, p, H_TEMP, 0x4B48, 0x17A0, p->temp_c, -1);
  put_simple (r, self, p, H_CO2, 0x50B0, 0x0F20, p->etco2_mmhg, 0);
}

static void
send_numerics (State *self, const ChsSimPatient *patient, Poll *poll, int64_t now_us, ChsSimOut *out)
{
  uint8_t bytes[1456];
  Reply r;

  reply_begin (&r, bytes, sizeof bytes, self, poll, CHS_IV_CLASS_NUMERIC, self->is_linked ? 1 : 0, now_us);
  put_first_half (&r, self, patient);
  if (self->is_linked) {
    /* A series: first, last linked, and one empty result that ends it; section 5. */
    reply_end (&r, out);
    reply_begin (&r, bytes, sizeof bytes, self, poll, CHS_IV_CLASS_NUMERIC, 3, now_us);
    put_second_half (&r, self, patient);
    reply_end (&r, out);
    reply_begin (&r, bytes, sizeof bytes, self, poll, CHS_IV_CLASS_NUMERIC, 0, now_us);
  } else
    put_second_half (&r, self, patient);
  reply_end (&r, out);
  poll->sequence++;
}

/* ---- waves ---- */

typedef struct {
  uint16_t handle, physio, unit;
  uint16_t n, period; /* samples a block of 256 ms; ticks */
  double   lower, upper;
  uint16_t raw_lower, raw_upper;
  uint8_t  significant;
} WaveSpec;

static const WaveSpec wave_specs[] = {
  { H_ECG, 0x0102, 0x10B2, 128, 16, -40.96, 40.955, 0, 0x3FFF, 14 },
  { H_PLETH, 0x4BB4, 0x0200, 32, 64, (double) NAN, (double) NAN, 0, 0x0FFF, 12 },
  { H_ABP_WAVE, 0x4A14, 0x0F20, 32, 64, -40.0, 520.0, 0x00A0, 0x23A0, 14 },
  { H_RESP, 0x5000, 0x10C0, 16, 128, -0.6, 1.9, 0, 0x0FFF, 12 },
};

static double
wave_value (const ChsSimPatient *p, unsigned wave, double beat, double breath)
{
  switch (wave) {
  case 0:
    return chs_sim_ecg_mv (p, beat);
  case 1:
    return chs_sim_pleth (p, beat);
  case 2:
    return isnan (p->abp_sys) ? (double) NAN : p->abp_dia + (p->abp_sys - p->abp_dia) * chs_sim_pleth (p, beat);
  default:
    return 0.6 + 0.6 * chs_sim_resp (p, breath);
  }
}

static void
put_wave_context (Reply *r, const WaveSpec *spec)
{
  chs_bytes_put_u32be (&r->b, CHS_IV_ATTR_SA_SPEC << 16 | 6);
  chs_bytes_put_u16be (&r->b, spec->n);
  chs_bytes_put_u8 (&r->b, 16);
  chs_bytes_put_u8 (&r->b, spec->significant);
  chs_bytes_put_u16be (&r->b, 0x3000);
  chs_bytes_put_u32be (&r->b, CHS_IV_ATTR_SA_PERIOD << 16 | 4);
  chs_bytes_put_u32be (&r->b, spec->period);
  chs_bytes_put_u32be (&r->b, CHS_IV_ATTR_SA_SCALE << 16 | 12);
  chs_bytes_put_u32be (&r->b, chs_iv_float_write (spec->lower, -3));
  chs_bytes_put_u32be (&r->b, chs_iv_float_write (spec->upper, -3));
  chs_bytes_put_u16be (&r->b, spec->raw_lower);
  chs_bytes_put_u16be (&r->b, spec->raw_upper);
}

static void
put_wave (Reply *r, const State *self, const ChsSimPatient *patient, unsigned wave, double beat, double breath, bool with_context)
{
  const WaveSpec *spec = &wave_specs[wave];
  double lower = isnan (spec->lower) ? 0.0 : spec->lower, upper = isnan (spec->upper) ? 1.0 : spec->upper;
  double first = wave_value (patient, wave, beat, breath);
  size_t object = object_begin (r, spec->handle, with_context ? 4 : 1);

  if (with_context)
    put_wave_context (r, spec);
  chs_bytes_put_u16be (&r->b, CHS_IV_ATTR_SA_VALUE);
  chs_bytes_put_u16be (&r->b, (uint16_t) (6 + 2 * spec->n));
  chs_bytes_put_u16be (&r->b, spec->physio);
  chs_bytes_put_u16be (&r->b, state_bits (self, patient, first));
  chs_bytes_put_u16be (&r->b, (uint16_t) (2 * spec->n));
  for (unsigned i = 0; i < spec->n; i++) {
    double seconds = (double) (i * spec->period) / CHS_IV_TICKS_S;
    double value = wave_value (patient, wave, fmod (beat + seconds * (isnan (patient->hr) ? 0 : patient->hr) / 60, 1.0),
                               fmod (breath + seconds * (isnan (patient->rr) ? 0 : patient->rr) / 60, 1.0));
    double raw = isnan (value) ? spec->raw_lower
                               : spec->raw_lower + (value - lower) / (upper - lower) * (spec->raw_upper - spec->raw_lower);

    chs_bytes_put_u16be (&r->b, (uint16_t) lround (raw));
  }
  chs_bytes_fill_u16be (&r->b, object);
}

/* Four messages of 256 ms in one burst each beat; the context of one wave a beat where it was asked for (group 0). */
static void
send_waves (State *self, const ChsSimPatient *patient, Poll *poll, int64_t now_us, ChsSimOut *out)
{
  uint8_t bytes[1456];

  for (unsigned part = 0; part < 4; part++) {
    Reply r;

    reply_begin (&r, bytes, sizeof bytes, self, poll, CHS_IV_CLASS_WAVE, 0, now_us - BEAT_US + part * (BEAT_US / 4));
    for (unsigned wave = 0; self->has_wave_list && wave < sizeof wave_specs / sizeof wave_specs[0]; wave++)
      if (wave != 2 || !isnan (patient->abp_sys))
        put_wave (&r, self, patient, wave, self->beat_phase, self->breath_phase,
                  part == 0 && poll->group == 0 && self->beats % 4 == wave);
    reply_end (&r, out);
    if (!isnan (patient->hr))
      self->beat_phase = fmod (self->beat_phase + 0.256 * patient->hr / 60, 1.0);
    if (!isnan (patient->rr))
      self->breath_phase = fmod (self->breath_phase + 0.256 * patient->rr / 60, 1.0);
  }
  poll->sequence++;
}

static void
send_alerts (const State *self, const ChsSimPatient *patient, Poll *poll, int64_t now_us, ChsSimOut *out)
{
  size_t length = strlen (patient->monitor_alarm);
  uint8_t bytes[512];
  size_t object, attribute;
  Reply r;

  reply_begin (&r, bytes, sizeof bytes, self, poll, CHS_IV_CLASS_ALERT, 0, now_us);
  object = object_begin (&r, H_ALERT, 2);
  chs_bytes_put_u16be (&r.b, CHS_IV_ATTR_ALERT_P);
  attribute = chs_bytes_hole_u16 (&r.b);
  chs_bytes_put_u16be (&r.b, length > 0 ? 1 : 0);
  if (length > 0) {
    chs_bytes_put_u16be (&r.b, (uint16_t) (18 + 12 + 2 * length + 4));
    chs_bytes_put_u16be (&r.b, 0x4182);
    chs_bytes_put_u16be (&r.b, 40);
    chs_bytes_put_u16be (&r.b, 0x0200);
    chs_bytes_put_u16be (&r.b, 0);
    chs_bytes_put (&r.b, "\x00\x36\x00\x01\x00\x03", 6);
    chs_bytes_put_u16be (&r.b, 516);
    chs_bytes_put_u16be (&r.b, (uint16_t) (10 + 4 + 2 * length));
    chs_bytes_put_u16be (&r.b, 0);
    chs_bytes_put_u32be (&r.b, 0x80000001);
    chs_bytes_put_u32be (&r.b, 0x00004000);
    chs_bytes_put_u16be (&r.b, (uint16_t) (2 * length + 2));
    for (size_t i = 0; i <= length; i++)
      chs_bytes_put_u16be (&r.b, (uint16_t) (unsigned char) patient->monitor_alarm[i]);
  } else
    chs_bytes_put_u16be (&r.b, 0);
  chs_bytes_fill_u16be (&r.b, attribute);
  chs_bytes_put_u32be (&r.b, CHS_IV_ATTR_ALERT_T << 16 | 4);
  chs_bytes_put_u32be (&r.b, 0);
  chs_bytes_fill_u16be (&r.b, object);
  reply_end (&r, out);
  poll->sequence++;
}

/* ---- being asked ---- */

static void
accept_poll (Poll *poll, const ChsIvMessage *m, int64_t now_us)
{
  ChsBytes attributes = m->body;
  ChsIvAttribute a;

  *poll = (Poll) { .action = m->action, .invoke = m->invoke_id, .number = m->poll_number, .group = m->polled_group,
                   .until_us = now_us + POLL_DEFAULT_US };
  while (m->action == CHS_IV_ACTION_POLL_EXT && chs_iv_attribute_next (&attributes, &a))
    if (a.id == 0xF13E && a.n == 4) {
      ChsBytes value = chs_bytes (a.value, a.n);

      poll->until_us = now_us + (int64_t) chs_bytes_u32be (&value) * S_US / CHS_IV_TICKS_S;
    }
}

static void
asked_poll (State *self, const ChsSimPatient *patient, const ChsIvMessage *m, int64_t now_us, ChsSimOut *out)
{
  static const struct {
    uint16_t polled_class;
    size_t   at;
  } polls[] = {
    { CHS_IV_CLASS_NUMERIC, offsetof (State, numerics) },
    { CHS_IV_CLASS_WAVE, offsetof (State, waves) },
    { CHS_IV_CLASS_ALERT, offsetof (State, alerts) },
  };

  if (m->action == CHS_IV_ACTION_POLL) { /* answered once, at once */
    Poll once;

    accept_poll (&once, m, now_us);
    if (m->polled_class == CHS_IV_CLASS_NUMERIC)
      send_numerics (self, patient, &once, now_us, out);
    else
      send_alerts (self, patient, &once, now_us, out);
    return;
  }
  for (unsigned i = 0; i < sizeof polls / sizeof polls[0]; i++)
    if (polls[i].polled_class == m->polled_class)
      accept_poll ((Poll *) ((char *) self + polls[i].at), m, now_us);
}

static void
asked_association (State *self, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  if (self->associated || self->is_busy) {
    uint8_t bytes[8];
    ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);

    chs_bytes_put (&b, "\x0C\x03\x32\x01\x00", 5);
    send_data (out, &b);
    return;
  }
  self->associated = true;
  self->confirmed = self->has_wave_list = false;
  self->associated_us = self->heard_us = now_us;
  self->numerics.until_us = self->waves.until_us = self->alerts.until_us = 0;
  send_association_response (self, out);
  send_create (self, patient, now_us, out);
}

static void
asked_set (State *self, const ChsIvMessage *m, ChsSimOut *out)
{
  uint8_t bytes[128];
  ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);
  size_t ro, op;

  self->has_wave_list = true;
  chs_bytes_put_u32be (&b, 0xE1000002);
  chs_bytes_put_u16be (&b, 2);
  ro = chs_bytes_hole_u16 (&b);
  chs_bytes_put_u16be (&b, m->invoke_id);
  chs_bytes_put_u16be (&b, 5);
  op = chs_bytes_hole_u16 (&b);
  chs_bytes_put (&b, "\x00\x21\x00\x00\x00\x00", 6);
  chs_bytes_put_u32be (&b, 0);
  chs_bytes_fill_u16be (&b, op);
  chs_bytes_fill_u16be (&b, ro);
  send_data (out, &b);
}

static void
heard (State *self, const ChsSimPatient *patient, const uint8_t *data, size_t n, int64_t now_us, ChsSimOut *out)
{
  static const uint8_t released[] = {
    0x0A, 0x18, 0xC1, 0x16, 0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xA0, 0x80,
    0x63, 0x80, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
  };
  ChsIvMessage m;

  if (!chs_iv_message_read (data, n, &m))
    return;
  if (m.kind == CHS_IV_ASSOC_REQUEST) {
    asked_association (self, patient, now_us, out);
    return;
  }
  if (!self->associated)
    return; /* speaks only when spoken to properly */
  self->heard_us = now_us;
  if (m.kind == CHS_IV_RELEASE_REQUEST) {
    uint8_t bytes[sizeof released];
    ChsBytesOut b = chs_bytes_out (bytes, sizeof bytes);

    chs_bytes_put (&b, released, sizeof released);
    send_data (out, &b);
    self->associated = false;
  } else if (m.kind == CHS_IV_ABORT)
    self->associated = false;
  else if (m.kind == CHS_IV_MDS_CREATE_RESULT)
    self->confirmed = true;
  else if (m.kind == CHS_IV_POLL && self->confirmed)
    asked_poll (self, patient, &m, now_us, out);
  else if (m.kind == CHS_IV_SET && self->confirmed)
    asked_set (self, &m, out);
}

static void
feed (void *state, const ChsSimPatient *patient, const uint8_t *bytes, size_t n, int64_t now_us, ChsSimOut *out)
{
  State *self = state;

  while (n > 0) {
    const uint8_t *data;
    size_t used, length;

    if (chs_iv_framer_feed (&self->framer, bytes, n, &used, &data, &length) == CHS_FEED_FRAME && patient->monitor_on)
      heard (self, patient, data, length, now_us, out);
    bytes += used;
    n -= used;
  }
}

static void
watch_client (State *self, const ChsSimPatient *patient, int64_t now_us, ChsSimOut *out)
{
  if (!self->confirmed) {
    if (now_us - self->associated_us >= CREATE_GIVE_UP_US) {
      send_abort (out);
      self->associated = false;
    } else if (now_us - self->created_us >= CREATE_EVERY_US)
      send_create (self, patient, now_us, out);
  } else if (now_us - self->heard_us >= CLIENT_TIMEOUT_US) {
    send_abort (out);
    self->associated = false;
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
  if (!patient->monitor_on) { /* switched off: it forgets its client */
    self->associated = false;
    return;
  }
  if (self->associated)
    watch_client (self, patient, now_us, out);
  if (now_us < self->beat_us)
    return;
  while (self->beat_us <= now_us)
    self->beat_us += BEAT_US;
  self->beats++;
  if (!self->associated || !self->confirmed)
    return;
  if (now_us < self->numerics.until_us)
    send_numerics (self, patient, &self->numerics, now_us, out);
  if (now_us < self->alerts.until_us)
    send_alerts (self, patient, &self->alerts, now_us, out);
  if (now_us < self->waves.until_us)
    send_waves (self, patient, &self->waves, now_us, out);
}

const ChsSimulator chs_simulator_intellivue = {
  .driver_id = "intellivue",
  .label = "Philips IntelliVue",
  .state_size = sizeof (State),
  .option = option,
  .start = start,
  .tick = tick,
  .feed = feed,
};

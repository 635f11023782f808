/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/driver.h"

#include "devices/intellivue-codec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Philips IntelliVue over MIB/RS232. Section numbers are those of shared/protocols/intellivue-mib.md.
 *
 * Option: waves=on|off (default on). */

#define S_US INT64_C (1000000)
#define ASSOCIATE_EVERY_US (2 * S_US)  /* section 12.1 */
#define NO_ANSWER_US (10 * S_US)       /* section 12.1: tell what to look at */
#define REFUSED_PAUSE_US (5 * S_US)    /* another client holds the only association */
#define CREATE_TIMEOUT_US (12 * S_US)  /* section 7: the monitor gives up after about 10 s */
#define DATA_TIMEOUT_US (5 * S_US)     /* section 12.5 */
#define RENEW_US (50 * S_US)           /* polls are asked for 60 s at a time; section 12.3 */
#define ALIVE_US (10 * S_US)           /* a third of the shortest time-out of section 4; ours is 120 s */

/* ---- what may be sent: one table, from which the payloads are also built ---- */

/* In the order in which they are sent when several are due. */
typedef enum {
  QUERY_RELEASE,
  QUERY_ASSOCIATE,
  QUERY_MDS_RESULT,
  QUERY_ALIVE,
  QUERY_NUMERICS,
  QUERY_ALERTS,
  QUERY_WAVE_LIST,
  QUERY_WAVES,
  N_QUERIES
} Query;

#define BYTES(s) { CHS_PART_BYTES, s, sizeof s - 1, 0 }
#define NUMBER { CHS_PART_ANY, NULL, 2, 0 }
#define MDS "\x00\x21\x00\x00\x00\x00"
#define NO_SCOPE "\x00\x00\x00\x00"
#define FOR_60_S "\x00\x01\x00\x08\xF1\x3E\x00\x04\x00\x07\x53\x00"
#define EXTENDED_POLL(class_and_group)                                                                                  \
  BYTES ("\xE1\x00\x00\x02\x00\x01\x00\x28"), NUMBER, BYTES ("\x00\x07\x00\x22" MDS NO_SCOPE "\xF1\x3B\x00\x14"), NUMBER, \
    BYTES ("\x00\x01" class_and_group FOR_60_S)

static const ChsQuery queries[N_QUERIES] = {
  [QUERY_RELEASE] = {
    "Release Request", "ends our own association; section 4",
    { BYTES ("\x09\x18\xC1\x16\x61\x80\x30\x80\x02\x01\x01\xA0\x80\x62\x80\x80\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00") },
  },
  [QUERY_ASSOCIATE] = {
    /* Minimum poll period 40 s: the monitor then waits 120 s for us before it gives up. */
    "Association Request", "asks to listen: 1 s numerics, waves, enumerations; the bytes a real monitor accepted; section 4",
    { BYTES ("\x0D\xEC\x05\x08\x13\x01\x00\x16\x01\x02\x80\x00\x14\x02\x00\x02\xC1\xDC\x31\x80\xA0\x80\x80\x01\x01\x00\x00\xA2"
             "\x80\xA0\x03\x00\x00\x01\xA4\x80\x30\x80\x02\x01\x01\x06\x04\x52\x01\x00\x01\x30\x80\x06\x02\x51\x01\x00\x00\x00"
             "\x00\x30\x80\x02\x01\x02\x06\x0C\x2A\x86\x48\xCE\x14\x02\x01\x00\x00\x00\x01\x01\x30\x80\x06\x0C\x2A\x86\x48\xCE"
             "\x14\x02\x01\x00\x00\x00\x02\x01\x00\x00\x00\x00\x00\x00\x61\x80\x30\x80\x02\x01\x01\xA0\x80\x60\x80\xA1\x80\x06"
             "\x0C\x2A\x86\x48\xCE\x14\x02\x01\x00\x00\x00\x03\x01\x00\x00\xBE\x80\x28\x80\x06\x0C\x2A\x86\x48\xCE\x14\x02\x01"
             "\x00\x00\x00\x01\x01\x02\x01\x02\x81\x48\x80\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00\x80\x00\x00\x00\x20\x00"
             "\x00\x00\x00\x00\x00\x00\x00\x01\x00\x2C\x00\x01\x00\x28\x80\x00\x00\x00\x00\x04\xE2\x00\x00\x00\x05\xB0\x00\x00"
             "\x05\xB0\x00\x00\x00\x00\x60\x00\x00\x00\x00\x01\x00\x0C\xF0\x01\x00\x08\x8C\x00\x00\x00\x00\x00\x00\x00\x00\x00"
             "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00") },
  },
  [QUERY_MDS_RESULT] = {
    "MDS Create Result", "confirms the monitor's introduction; any: its invoke number; section 5",
    { BYTES ("\xE1\x00\x00\x02\x00\x02\x00\x14"), NUMBER, BYTES ("\x00\x01\x00\x0E" MDS "\x00\x00\x00\x00\x0D\x06\x00\x00") },
  },
  [QUERY_ALIVE] = {
    "Poll, alert monitor (keep-alive)", "reads static facts of the alert monitor; any: invoke and poll numbers; section 5",
    { BYTES ("\xE1\x00\x00\x02\x00\x01\x00\x1C"), NUMBER, BYTES ("\x00\x07\x00\x16" MDS NO_SCOPE "\x0C\x16\x00\x08"), NUMBER,
      BYTES ("\x00\x01\x00\x36\x08\x11") },
  },
  [QUERY_NUMERICS] = {
    "Extended poll, numerics, 60 s", "reads observed values; any: invoke and poll numbers; section 5",
    { EXTENDED_POLL ("\x00\x06\x08\x03") },
  },
  [QUERY_ALERTS] = {
    "Extended poll, alerts, 60 s", "reads the lists of active alarms; any: invoke and poll numbers; section 9",
    { EXTENDED_POLL ("\x00\x36\x08\x01") },
  },
  [QUERY_WAVE_LIST] = {
    "Set of the wave priority list", "chooses which waves THIS association is sent (ECG II, pleth, ABP, resp, CO2): a setting of the "
    "data export session only, nothing at the bedside changes; any: invoke number; section 10",
    { BYTES ("\xE1\x00\x00\x02\x00\x01\x00\x32"), NUMBER,
      BYTES ("\x00\x05\x00\x2C" MDS NO_SCOPE "\x00\x01\x00\x1E\x00\x00\xF2\x3A\x00\x18\x00\x05\x00\x14"
             "\x00\x02\x01\x02\x00\x02\x4B\xB4\x00\x02\x4A\x14\x00\x02\x50\x00\x00\x02\x50\xAC") },
  },
  [QUERY_WAVES] = {
    "Extended poll, waves, 60 s", "reads wave samples with their scales; any: invoke and poll numbers; section 10",
    { EXTENDED_POLL ("\x00\x09\x00\x00") },
  },
};

/* ---- what is understood ---- */

/* Sections 8 and 10. Several temperature sites share TEMP: the first one seen keeps it, another becomes TEMP2. */
static const struct {
  uint16_t physio;
  uint8_t  param;
} numerics[] = {
  { 0x4182, CHS_PARAM_HR },       { 0x4BB8, CHS_PARAM_SPO2 },      { 0x4822, CHS_PARAM_PR },
  { 0x4BB0, CHS_PARAM_PI },       { 0x4A05, CHS_PARAM_NIBP_SYS },  { 0x4A06, CHS_PARAM_NIBP_DIA },
  { 0x4A07, CHS_PARAM_NIBP_MEAN }, { 0xF0E5, CHS_PARAM_NIBP_PR },  { 0x4A15, CHS_PARAM_ABP_SYS },
  { 0x4A16, CHS_PARAM_ABP_DIA },  { 0x4A17, CHS_PARAM_ABP_MEAN },  { 0x4A11, CHS_PARAM_ABP_SYS },
  { 0x4A12, CHS_PARAM_ABP_DIA },  { 0x4A13, CHS_PARAM_ABP_MEAN },  { 0x500A, CHS_PARAM_RR },
  { 0x5012, CHS_PARAM_CO2_RR },   { 0x50B0, CHS_PARAM_ETCO2 },     { 0x4B48, CHS_PARAM_TEMP },
  { 0x4B60, CHS_PARAM_TEMP },     { 0x4B78, CHS_PARAM_TEMP },      { 0xE004, CHS_PARAM_TEMP },
  { 0xF108, CHS_PARAM_TEMP },     { 0xF10C, CHS_PARAM_TEMP },      { 0x4B74, CHS_PARAM_TEMP2 },
};

/* A block of samples covers 256 ms, whatever the wave: so its rate is known before the monitor tells it. */
#define BLOCK_TICKS 2048

/* Section 10. The scale stands in until the monitor has told its own, which takes one beat a wave. */
static const struct {
  uint16_t physio;
  uint8_t  param;
  double   lower, upper;
  uint16_t raw_lower, raw_upper;
} waves[] = {
  { 0x0102, CHS_PARAM_ECG_WAVE, -40.96, 40.955, 0, 0x3FFF },
  { 0x4BB4, CHS_PARAM_PLETH_WAVE, (double) NAN, (double) NAN, 0, 0x0FFF },
  { 0x4A14, CHS_PARAM_ABP_WAVE, -40.0, 520.0, 0x00A0, 0x23A0 },
  { 0x4A10, CHS_PARAM_ABP_WAVE, -40.0, 520.0, 0x00A0, 0x23A0 },
  { 0x5000, CHS_PARAM_RESP_WAVE, -0.6, 1.9, 0, 0x0FFF },
  { 0x50AC, CHS_PARAM_CO2_WAVE, 0.0, 0.0, 0, 0 }, /* no stand-in is known: nothing is shown before the scale */
};

static const struct {
  uint16_t    code;
  const char *words;
} alert_words[] = {
  { 40, "high" },           { 62, "low" },           { 61830, "extremely high" },  { 61832, "extremely low" },
  { 3246, "desaturation" }, { 3072, "apnoea" },      { 3076, "asystole" },         { 3086, "extreme bradycardia" },
  { 3122, "extreme tachycardia" }, { 61444, "ventricular fibrillation or tachycardia" }, { 22, "disconnected" },
  { 268, "lead off" },      { 274, "leads off" },    { 308, "sensor disconnected" }, { 312, "sensor problem" },
  { 356, "measurement failed" }, { 362, "measurement interrupted" }, { 230, "cuff not deflated" }, { 232, "cuff over-pressure" },
  { 380, "signal low" },    { 6226, "off" },         { 6228, "standby" },
};

typedef enum {
  STEP_CLOSED = 0,
  STEP_RELEASE,   /* a stale association of ours may be left from before */
  STEP_ASSOCIATE, /* asking every 2 s */
  STEP_CREATE,    /* accepted; the monitor introduces itself */
  STEP_RUNNING,
  STEP_REFUSED,   /* another client holds the association */
} Step;

static const char *const step_names[] = { "closed", "release", "associate", "wait for MDS create", "running", "refused" };

#define N_SEEN 64
#define N_WAVES 16
#define N_ALERTS 24

/* How one value of an object was read last time; monitors send the same objects in the same order for hours. */
typedef struct {
  uint16_t physio, unit;
  uint8_t  param; /* ChsParam; NONE = not one of ours */
  double   scale, offset; /* NAN: a unit that the parameter never has */
} Reading;

#define N_READINGS 4

typedef struct {
  uint32_t id;     /* of the ChsIvObject */
  uint64_t params; /* bit set of the ChsParam this object gave: absent when it comes without a value */
  Reading  readings[N_READINGS];
} SeenObject;

typedef struct {
  uint32_t id;           /* of the ChsIvObject */
  uint16_t period_ticks; /* 0 = not told */
  uint16_t mask;         /* significant bits; 15 until told */
  bool     has_spec;
  uint16_t invalid;      /* bits that mark an invalid sample */
  bool     has_scale;
  double   lower, upper;
  uint16_t raw_lower, raw_upper;
} WaveContext;

typedef struct {
  uint16_t source, code, type;
  bool     still; /* seen in the list being read */
  char     text[64];
} Alert;

typedef struct {
  ChsIvFramer framer;
  ChsCounters counters;
  bool        no_waves; /* option waves=off */
  uint8_t     step;
  int64_t     step_us;  /* when it began */
  int64_t     asked_us; /* last association request */
  int64_t     data_us;  /* last valid frame */
  int64_t     alive_us, renewed_us;
  bool        told_no_answer;
  uint32_t    due;      /* bit set of Query to be sent, one a tick */
  uint16_t    invoke, poll;
  uint16_t    confirm;  /* invoke number of the MDS create event */
  bool        demo, has_demo;
  bool        has_clock; /* the pair of section 6 */
  int64_t     clock_us;  /* monitor's local time ... */
  uint32_t    clock_ticks; /* ... at this relative time */
  uint16_t    sequence[2]; /* of numerics and waves, for loss */
  bool        has_sequence[2];
  uint64_t    lost_periods;
  uint16_t    temp_physio; /* who owns TEMP */
  int64_t     nibp_at;     /* the monitor's time of the last cuff reading; 0 = none yet */
  double      nibp_last[4]; /* where no time is told, a change tells */
  SeenObject  seen[N_SEEN];
  unsigned    n_seen, next_seen; /* the object that is likely to come next */
  WaveContext waves[N_WAVES];
  unsigned    n_waves;
  Alert       alerts[N_ALERTS];
  unsigned    n_alerts;
} State;

static bool
option (void *state, const char *key, const char *value)
{
  State *self = state;

  if (strcmp (key, "waves") != 0 || (strcmp (value, "on") != 0 && strcmp (value, "off") != 0))
    return false;
  self->no_waves = strcmp (value, "off") == 0;
  return true;
}

/* ---- sending ---- */

/* A payload is its pattern with the numbers filled in: first the invoke number, then the poll number. */
static void
send_query (State *self, Query query, uint16_t invoke, ChsSink *sink)
{
  uint8_t payload[256];
  ChsBytesOut out = chs_bytes_out (payload, sizeof payload);
  unsigned numbers = 0;

  for (const ChsPart *part = queries[query].parts; part->kind != CHS_PART_END; part++)
    if (part->kind == CHS_PART_BYTES)
      chs_bytes_put (&out, part->bytes, part->n);
    else
      chs_bytes_put_u16be (&out, numbers++ == 0 ? invoke : ++self->poll);
  sink->request (sink, query, payload, chs_bytes_out_used (&out));
}

static size_t
wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  return chs_iv_frame_write (payload, n, frame, size);
}

static void
enter (State *self, Step step, int64_t now_us, ChsSink *sink)
{
  if (sink->frame != NULL && step != self->step)
    sink->frame (sink, NULL, 0, step_names[step]);
  self->step = (uint8_t) step;
  self->step_us = now_us;
  if (step == STEP_ASSOCIATE) {
    self->asked_us = now_us - ASSOCIATE_EVERY_US;
    self->told_no_answer = false;
    self->has_clock = false;
  }
}

static void
opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (self->framer.fcs_table[0][1] == 0)
    chs_iv_framer_init (&self->framer);
  chs_iv_framer_reset (&self->framer);
  self->due = 0;
  self->has_sequence[0] = self->has_sequence[1] = false;
  enter (self, STEP_RELEASE, now_us, sink);
  send_query (self, QUERY_RELEASE, 0, sink);
}

static void
closing (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (self->step == STEP_RUNNING || self->step == STEP_CREATE)
    send_query (self, QUERY_RELEASE, 0, sink);
  enter (self, STEP_CLOSED, now_us, sink);
}

static void
tick_associate (State *self, int64_t now_us, ChsSink *sink)
{
  if (now_us - self->asked_us >= ASSOCIATE_EVERY_US) {
    self->asked_us = now_us;
    send_query (self, QUERY_ASSOCIATE, 0, sink);
  }
  if (!self->told_no_answer && now_us - self->step_us >= NO_ANSWER_US && now_us - self->data_us >= NO_ANSWER_US) {
    self->told_no_answer = true;
    chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN,
                     "no answer: is the monitor's MIB/RS232 port set to data out, fixed baud rate?");
  }
}

static void
tick_running (State *self, int64_t now_us, ChsSink *sink)
{
  if (now_us - self->data_us >= DATA_TIMEOUT_US) {
    enter (self, STEP_ASSOCIATE, now_us, sink);
    return;
  }
  if (now_us - self->renewed_us >= RENEW_US) {
    self->renewed_us = now_us;
    self->due |= 1u << QUERY_NUMERICS | 1u << QUERY_ALERTS;
    if (!self->no_waves)
      self->due |= 1u << QUERY_WAVES;
  }
  if (now_us - self->alive_us >= ALIVE_US) {
    self->alive_us = now_us;
    self->due |= 1u << QUERY_ALIVE;
  }
}

static void
tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  switch ((Step) self->step) {
  case STEP_CLOSED:
    return;
  case STEP_RELEASE:
    if (now_us - self->step_us >= S_US / 5)
      enter (self, STEP_ASSOCIATE, now_us, sink);
    break;
  case STEP_ASSOCIATE:
    tick_associate (self, now_us, sink);
    break;
  case STEP_CREATE:
    if (now_us - self->step_us >= CREATE_TIMEOUT_US)
      enter (self, STEP_ASSOCIATE, now_us, sink);
    break;
  case STEP_RUNNING:
    tick_running (self, now_us, sink);
    break;
  case STEP_REFUSED:
    if (now_us - self->step_us >= REFUSED_PAUSE_US)
      enter (self, STEP_ASSOCIATE, now_us, sink);
    break;
  }
  /* One frame a tick keeps well below 4 frames in 128 ms (section 2). */
  for (unsigned q = 0; q < N_QUERIES; q++)
    if (self->due & 1u << q) {
      self->due &= ~(1u << q);
      send_query (self, (Query) q, ++self->invoke, sink);
      break;
    }
}

/* ---- numerics ---- */

static void
quality_of (uint16_t state, ChsQuality *quality, unsigned *flags)
{
  *flags = 0;
  *quality = CHS_QUALITY_OK;
  if (state & CHS_IV_STATE_DEMO)
    *flags |= CHS_FLAG_DEMO;
  if (state & CHS_IV_STATE_CALIBRATING) {
    *flags |= CHS_FLAG_CALIBRATING;
    *quality = CHS_QUALITY_QUESTIONABLE;
  }
  if (state & CHS_IV_STATE_QUESTIONABLE)
    *quality = CHS_QUALITY_QUESTIONABLE;
  if (state & (CHS_IV_STATE_INVALID | CHS_IV_STATE_TEST))
    *quality = CHS_QUALITY_INVALID;
  if (state & CHS_IV_STATE_UNAVAILABLE)
    *quality = CHS_QUALITY_ABSENT;
}

/* Units on the wire (MDC, partition 4) and the way into ours. */
static const struct {
  uint8_t  unit; /* ChsUnit of the parameter */
  uint16_t wire;
  double   scale, offset;
} wire_units[] = {
  { CHS_UNIT_PER_MIN, 0x0AA0, 1, 0 },
  { CHS_UNIT_PER_MIN, 0x0AE0, 1, 0 },
  { CHS_UNIT_PERCENT, 0x0220, 1, 0 },
  { CHS_UNIT_PERCENT, 0x0200, 1, 0 }, /* the perfusion index comes without a dimension */
  { CHS_UNIT_MMHG, 0x0F20, 1, 0 },
  { CHS_UNIT_MMHG, 0x0F03, 7.50062, 0 }, /* kPa, a setting of the monitor */
  { CHS_UNIT_CEL, 0x17A0, 1, 0 },
  { CHS_UNIT_CEL, 0x1140, 1 / 1.8, -32 / 1.8 }, /* Fahrenheit */
};

static ChsParam
param_of (State *self, uint16_t physio)
{
  for (unsigned i = 0; i < sizeof numerics / sizeof numerics[0]; i++)
    if (numerics[i].physio == physio) {
      if (numerics[i].param != CHS_PARAM_TEMP)
        return (ChsParam) numerics[i].param;
      if (self->temp_physio == 0)
        self->temp_physio = physio;
      return self->temp_physio == physio ? CHS_PARAM_TEMP : CHS_PARAM_TEMP2;
    }
  return CHS_PARAM_NONE;
}

/* NAN where the unit is none that the parameter can have: a number in an unknown unit is no number. */
static Reading
reading_of (State *self, uint16_t physio, uint16_t unit)
{
  Reading reading = { .physio = physio, .unit = unit, .param = (uint8_t) param_of (self, physio), .scale = (double) NAN };

  for (unsigned i = 0; i < sizeof wire_units / sizeof wire_units[0]; i++)
    if (wire_units[i].wire == unit && wire_units[i].unit == chs_param_info ((ChsParam) reading.param)->unit) {
      reading.scale = wire_units[i].scale;
      reading.offset = wire_units[i].offset;
    }
  return reading;
}

static const Reading *
find_reading (State *self, SeenObject *seen, uint16_t physio, uint16_t unit)
{
  unsigned k = 0;

  while (k < N_READINGS && seen->readings[k].physio != 0 && (seen->readings[k].physio != physio || seen->readings[k].unit != unit))
    k++;
  if (k == N_READINGS || seen->readings[k].physio == 0)
    seen->readings[k %= N_READINGS] = reading_of (self, physio, unit);
  return &seen->readings[k];
}

/* Always an object: when there are more than we keep, the last place is used again. */
static SeenObject *
seen_object (State *self, const ChsIvObject *object)
{
  unsigned i = self->next_seen < self->n_seen ? self->next_seen : 0;

  for (unsigned tried = 0; tried < self->n_seen; tried++, i = i + 1 < self->n_seen ? i + 1 : 0)
    if (self->seen[i].id == object->id) {
      self->next_seen = i + 1;
      return &self->seen[i];
    }
  if (self->n_seen < N_SEEN)
    self->n_seen++;
  self->seen[self->n_seen - 1] = (SeenObject) { .id = object->id };
  return &self->seen[self->n_seen - 1];
}

/* The cuff reading of one object. It is repeated in every poll for hours: it is new when its own time is new, or,
 * where the monitor tells none, when a number changed. */
static void
nibp (State *self, const double value[4], ChsQuality quality, unsigned flags, const uint8_t *bcd, uint32_t rel_time,
      int64_t now_us, ChsSink *sink)
{
  int64_t at = 0, meas_us = CHS_TIME_NONE;
  ChsTimeMark mark = CHS_TIME_MARK_UNKNOWN;

  if (bcd != NULL && chs_iv_abs_time (bcd, &at)) {
    if (at == self->nibp_at)
      return;
    if (self->has_clock) {
      /* Only differences of the monitor's clock are trusted. A reading of the future is one whose clock was set. */
      int64_t monitor_now = self->clock_us + (int64_t) (int32_t) (rel_time - self->clock_ticks) * S_US / CHS_IV_TICKS_S;
      int64_t age = monitor_now - at;

      if (age >= -2 * S_US && age < 24 * 3600 * S_US) {
        meas_us = now_us - (age > 0 ? age : 0);
        mark = CHS_TIME_MARK_EXACT;
      }
    }
    if (mark == CHS_TIME_MARK_UNKNOWN && self->nibp_at != 0)
      mark = CHS_TIME_MARK_ESTIMATED;
    self->nibp_at = at;
  } else {
    if (memcmp (value, self->nibp_last, sizeof self->nibp_last) == 0)
      return;
    mark = self->nibp_last[0] > 0 ? CHS_TIME_MARK_ESTIMATED : CHS_TIME_MARK_UNKNOWN;
  }
  memcpy (self->nibp_last, value, sizeof self->nibp_last);
  chs_sink_nibp (sink, value[0], value[1], value[2], value[3], quality, flags, mark, meas_us);
}

typedef struct {
  double      nibp[4]; /* sys, dia, mean, pulse */
  bool        has_nibp;
  ChsQuality  nibp_quality;
  unsigned    nibp_flags;
  uint8_t     nibp_bcd[8];
  bool        has_bcd;
} Poll;

static void
nibp_value (Poll *poll, ChsParam param, double value, ChsQuality quality, unsigned flags, const uint8_t *bcd)
{
  poll->nibp[param - CHS_PARAM_NIBP_SYS] = value;
  if (param == CHS_PARAM_NIBP_PR)
    return;
  poll->has_nibp = true;
  poll->nibp_quality = quality;
  poll->nibp_flags = flags;
  if (bcd != NULL) {
    memcpy (poll->nibp_bcd, bcd, sizeof poll->nibp_bcd);
    poll->has_bcd = true;
  }
}

static void
observed (State *self, Poll *poll, SeenObject *seen, ChsBytes *value, const uint8_t *bcd, ChsSink *sink)
{
  const Reading *reading;
  ChsIvNumeric nu;
  ChsQuality quality;
  unsigned flags;
  double converted;

  if (!chs_iv_numeric_read (value, &nu))
    return;
  reading = find_reading (self, seen, nu.physio, nu.unit);
  if (reading->param == CHS_PARAM_NONE) {
    self->counters.unknown++;
    return;
  }
  quality_of (nu.state, &quality, &flags);
  if (isnan (reading->scale))
    self->counters.unknown++;
  converted = isfinite (nu.value) && quality != CHS_QUALITY_ABSENT ? nu.value * reading->scale + reading->offset : (double) NAN;
  seen->params |= UINT64_C (1) << reading->param;
  if (reading->param >= CHS_PARAM_NIBP_SYS && reading->param <= CHS_PARAM_NIBP_PR) {
    if (!isnan (converted))
      nibp_value (poll, (ChsParam) reading->param, converted, quality, flags, bcd);
    return;
  }
  chs_sink_numeric (sink, 0, (ChsParam) reading->param, converted, quality, flags);
}

/* An object that comes without its value has none now: every parameter it used to give is absent. A cuff reading that
 * left the monitor's screen stays what it was. */
static void
absent (const SeenObject *seen, ChsSink *sink)
{
  for (unsigned p = 1; p < CHS_N_PARAMS && p < 64; p++)
    if (seen->params & UINT64_C (1) << p && !(p >= CHS_PARAM_NIBP_SYS && p <= CHS_PARAM_NIBP_PR))
      chs_sink_numeric (sink, 0, (ChsParam) p, (double) NAN, CHS_QUALITY_ABSENT, 0);
}

static void
numeric_object (State *self, Poll *poll, ChsIvObject *object, ChsSink *sink)
{
  SeenObject *seen = seen_object (self, object);
  const uint8_t *bcd = NULL;
  ChsIvAttribute a;
  bool any = false;

  while (chs_iv_attribute_next (&object->attributes, &a)) {
    ChsBytes value = chs_bytes (a.value, a.n);

    if (a.id == CHS_IV_ATTR_TIME_ABS && a.n >= 8)
      bcd = a.value;
    else if (a.id == CHS_IV_ATTR_NU_VALUE) {
      any = true;
      observed (self, poll, seen, &value, bcd, sink);
    } else if (a.id == CHS_IV_ATTR_NU_COMPOUND) {
      any = true;
      chs_bytes_skip (&value, 4);
      while (chs_bytes_left (&value) >= 10)
        observed (self, poll, seen, &value, bcd, sink);
    }
  }
  if (!any)
    absent (seen, sink);
}

/* ---- waves ---- */

static WaveContext *
wave_context (State *self, const ChsIvObject *object)
{
  for (unsigned i = 0; i < self->n_waves; i++)
    if (self->waves[i].id == object->id)
      return &self->waves[i];
  if (self->n_waves == N_WAVES)
    return NULL;
  self->waves[self->n_waves] = (WaveContext) { .id = object->id, .mask = 0x7FFF };
  return &self->waves[self->n_waves++];
}

static void
learn_wave (WaveContext *wave, const ChsIvAttribute *a)
{
  ChsBytes b = chs_bytes (a->value, a->n);

  switch (a->id) {
  case CHS_IV_ATTR_SA_SPEC: {
    uint8_t significant;

    chs_bytes_skip (&b, 3); /* array size, sample size */
    significant = chs_bytes_u8 (&b);
    if (!b.bad && significant >= 1 && significant <= 16) {
      wave->mask = (uint16_t) ((1u << significant) - 1);
      wave->has_spec = true;
    }
    break;
  }
  case CHS_IV_ATTR_SA_PERIOD: {
    uint32_t ticks = chs_bytes_u32be (&b);

    if (!b.bad && ticks >= 1 && ticks <= 0xFFFF)
      wave->period_ticks = (uint16_t) ticks;
    break;
  }
  case CHS_IV_ATTR_SA_SCALE: {
    double lower = chs_iv_float (chs_bytes_u32be (&b)), upper = chs_iv_float (chs_bytes_u32be (&b));
    uint16_t raw_lower = chs_bytes_u16be (&b), raw_upper = chs_bytes_u16be (&b);

    if (!b.bad && raw_upper > raw_lower) {
      wave->lower = lower;
      wave->upper = upper;
      wave->raw_lower = raw_lower;
      wave->raw_upper = raw_upper;
      wave->has_scale = true;
    }
    break;
  }
  case CHS_IV_ATTR_SA_FIXED:
    chs_bytes_skip (&b, 4);
    while (chs_bytes_left (&b) >= 4) {
      uint16_t id = chs_bytes_u16be (&b), value = chs_bytes_u16be (&b);

      if (id == 1)
        wave->invalid = value;
    }
    break;
  default:
    break;
  }
}

static void
wave_block (State *self, const WaveContext *wave, ChsBytes *b, ChsSink *sink)
{
  uint16_t physio = chs_bytes_u16be (b), state = chs_bytes_u16be (b);
  ChsBytes samples = chs_bytes_sub (b, chs_bytes_u16be (b));
  int16_t out[512];
  ChsEvent event = { .type = CHS_EVENT_WAVE };
  /* Sixteen significant bits do not fit a signed sample: then the last one is given up. */
  unsigned shift = wave->mask > 0x7FFF && wave->has_spec ? 1 : 0;
  double lower, upper, scale;
  unsigned raw_lower, raw_upper, k;
  float ticks;

  for (k = 0; k < sizeof waves / sizeof waves[0] && waves[k].physio != physio; k++)
    ;
  if (b->bad || k == sizeof waves / sizeof waves[0]) {
    self->counters.unknown++;
    return;
  }
  lower = wave->has_scale ? wave->lower : waves[k].lower;
  upper = wave->has_scale ? wave->upper : waves[k].upper;
  raw_lower = wave->has_scale ? wave->raw_lower : waves[k].raw_lower;
  raw_upper = wave->has_scale ? wave->raw_upper : waves[k].raw_upper;
  if (raw_upper <= raw_lower)
    return;
  if (isnan (lower) || isnan (upper)) { /* no physical unit: shown from 0 to 1 */
    lower = 0.0;
    upper = 1.0;
  }
  while (chs_bytes_left (&samples) >= 2 && event.wave.n < 512) {
    unsigned raw = chs_bytes_u16be (&samples);
    bool invalid = (wave->invalid != 0 && (raw & wave->invalid) == wave->invalid)
                   || state & (CHS_IV_STATE_INVALID | CHS_IV_STATE_UNAVAILABLE);

    out[event.wave.n++] = invalid ? CHS_WAVE_ABSENT : (int16_t) ((int) (raw & wave->mask) >> shift);
  }
  if (event.wave.n == 0)
    return;
  scale = (upper - lower) / (raw_upper - raw_lower);
  event.wave.param = waves[k].param;
  event.wave.flags = state & CHS_IV_STATE_DEMO ? CHS_FLAG_DEMO : 0;
  ticks = wave->period_ticks != 0 ? (float) wave->period_ticks : (float) BLOCK_TICKS / (float) event.wave.n;
  event.wave.rate_hz = (float) CHS_IV_TICKS_S / ticks;
  event.wave.scale = (float) (scale * (1u << shift));
  event.wave.offset = (float) (lower - scale * raw_lower);
  event.wave.samples = out;
  sink->event (sink, &event);
}

static void
wave_object (State *self, const ChsIvObject *object, ChsSink *sink)
{
  WaveContext *wave = wave_context (self, object);
  ChsBytes attributes = object->attributes;
  ChsIvAttribute a;

  if (wave == NULL)
    return;
  while (chs_iv_attribute_next (&attributes, &a))
    learn_wave (wave, &a);
  attributes = object->attributes;
  while (chs_iv_attribute_next (&attributes, &a)) {
    ChsBytes value = chs_bytes (a.value, a.n);

    if (a.id == CHS_IV_ATTR_SA_VALUE)
      wave_block (self, wave, &value, sink);
    else if (a.id == CHS_IV_ATTR_SA_COMPOUND) {
      chs_bytes_skip (&value, 4);
      while (chs_bytes_left (&value) >= 6)
        wave_block (self, wave, &value, sink);
    }
  }
}

/* ---- alerts ---- */

static ChsPriority
alert_priority (uint16_t type)
{
  return type & 0x0404 ? CHS_PRIORITY_HIGH : type & 0x0202 ? CHS_PRIORITY_MEDIUM : CHS_PRIORITY_LOW;
}

static void
tell_alert (const Alert *alert, bool on, ChsSink *sink)
{
  ChsEvent event = {
    .type = CHS_EVENT_DEVICE,
    .device = { .code = CHS_DEVICE_ALARM, .priority = (uint8_t) alert_priority (alert->type), .value = on ? 1.0 : 0.0 },
  };

  for (unsigned i = 0; i < sizeof numerics / sizeof numerics[0]; i++)
    if (numerics[i].physio == alert->source)
      event.device.param = numerics[i].param;
  chs_text_copy (event.device.text, sizeof event.device.text, alert->text);
  sink->event (sink, &event);
}

static void
alert_text (const Alert *alert, ChsBytes *string, char *text, size_t size)
{
  const char *words = NULL, *what = "";

  if (string != NULL) {
    chs_iv_string (string, text, size);
    if (text[0] != '\0')
      return;
  }
  for (unsigned i = 0; i < sizeof alert_words / sizeof alert_words[0]; i++)
    if (alert_words[i].code == (alert->code & 0xFFFE))
      words = alert_words[i].words;
  for (unsigned i = 0; i < sizeof numerics / sizeof numerics[0]; i++)
    if (numerics[i].physio == alert->source)
      what = chs_param_info ((ChsParam) numerics[i].param)->name;
  if (words != NULL)
    snprintf (text, size, "%s%s%s", what, what[0] != '\0' ? " " : "", words);
  else
    snprintf (text, size, "alert %u of %04X", alert->code, alert->source);
}

static void
alert_entry (State *self, ChsBytes *b, ChsSink *sink)
{
  Alert alert = { .still = true };
  uint16_t info;
  ChsBytes details;

  alert.source = chs_bytes_u16be (b);
  alert.code = chs_bytes_u16be (b);
  alert.type = chs_bytes_u16be (b);
  chs_bytes_skip (b, 2 + 6); /* state, object */
  info = chs_bytes_u16be (b);
  details = chs_bytes_sub (b, chs_bytes_u16be (b));
  if (b->bad)
    return;
  for (unsigned i = 0; i < self->n_alerts; i++)
    if (self->alerts[i].source == alert.source && self->alerts[i].code == alert.code && self->alerts[i].type == alert.type) {
      self->alerts[i].still = true;
      return;
    }
  chs_bytes_skip (&details, 2 + 4 + 2 + 2);
  alert_text (&alert, info == 516 && !details.bad ? &details : NULL, alert.text, sizeof alert.text);
  if (self->n_alerts < N_ALERTS)
    self->alerts[self->n_alerts++] = alert;
  tell_alert (&alert, true, sink);
}

static void
alert_object (State *self, ChsIvObject *object, ChsSink *sink)
{
  ChsIvAttribute a;
  bool any = false;

  for (unsigned i = 0; i < self->n_alerts; i++)
    self->alerts[i].still = false;
  while (chs_iv_attribute_next (&object->attributes, &a)) {
    ChsBytes list = chs_bytes (a.value, a.n);

    if (a.id != CHS_IV_ATTR_ALERT_P && a.id != CHS_IV_ATTR_ALERT_T)
      continue;
    any = true;
    chs_bytes_skip (&list, 4);
    while (chs_bytes_left (&list) > 0 && !list.bad)
      alert_entry (self, &list, sink);
  }
  for (unsigned i = 0; any && i < self->n_alerts;)
    if (self->alerts[i].still)
      i++;
    else {
      tell_alert (&self->alerts[i], false, sink);
      self->alerts[i] = self->alerts[--self->n_alerts];
    }
}

/* ---- messages ---- */

static void
mds_create (State *self, const ChsIvMessage *m, int64_t now_us, ChsSink *sink)
{
  ChsBytes attributes = m->body;
  ChsIvAttribute a;
  char identity[96] = "", maker[32] = "", model[32] = "";
  const uint8_t *id = NULL;
  bool demo = false, has_mode = false;

  self->clock_ticks = m->rel_time;
  while (chs_iv_attribute_next (&attributes, &a)) {
    ChsBytes value = chs_bytes (a.value, a.n);

    if (a.id == CHS_IV_ATTR_MODEL) {
      /* Two strings of one byte a character. */
      for (unsigned k = 0; k < 2; k++) {
        ChsBytes text = chs_bytes_sub (&value, chs_bytes_u16be (&value));
        char *out = k == 0 ? maker : model;
        size_t n = chs_bytes_left (&text) < 31 ? chs_bytes_left (&text) : 31;

        memcpy (out, text.p, n);
        while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\0'))
          n--;
        out[n] = '\0';
      }
    } else if (a.id == CHS_IV_ATTR_SYSTEM_ID && a.n == 8)
      id = a.value + 2;
    else if (a.id == CHS_IV_ATTR_MODE && a.n >= 2) {
      has_mode = true;
      demo = (chs_bytes_u16be (&value) & CHS_IV_MODE_DEMO) != 0;
    } else if (a.id == CHS_IV_ATTR_DATE_TIME && a.n >= 8)
      self->has_clock = chs_iv_abs_time (a.value, &self->clock_us);
    else if (a.id == CHS_IV_ATTR_REL_TIME && a.n >= 4)
      self->clock_ticks = chs_bytes_u32be (&value);
  }
  snprintf (identity, sizeof identity, "%s %s", maker[0] != '\0' ? maker : "Philips", model);
  if (id != NULL) {
    size_t n = strlen (identity);

    snprintf (identity + n, sizeof identity - n, " %02X%02X%02X%02X%02X%02X", id[0], id[1], id[2], id[3], id[4], id[5]);
  }
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, identity);
  if (has_mode && (!self->has_demo || demo != self->demo)) {
    self->has_demo = true;
    self->demo = demo;
    chs_sink_device (sink, CHS_DEVICE_DEMO, CHS_PARAM_NONE, demo ? 1.0 : 0.0, "");
  }
  self->n_waves = 0;
  if (self->step == STEP_CLOSED)
    return; /* decoding a file: nobody to answer */
  send_query (self, QUERY_MDS_RESULT, m->invoke_id, sink);
  enter (self, STEP_RUNNING, now_us, sink);
  self->renewed_us = self->alive_us = now_us;
  self->due = 1u << QUERY_NUMERICS | 1u << QUERY_ALERTS;
  if (!self->no_waves)
    self->due |= 1u << QUERY_WAVE_LIST | 1u << QUERY_WAVES;
}

/* The sequence goes up by one a period; linked parts of one period share it. */
static void
count_lost (State *self, const ChsIvMessage *m)
{
  unsigned k = m->polled_class == CHS_IV_CLASS_NUMERIC ? 0 : 1;
  uint16_t step;

  if (!m->has_sequence)
    return;
  step = (uint16_t) (m->sequence - self->sequence[k]);
  if (self->has_sequence[k] && m->sequence != 0 && step > 1 && step < 1000)
    self->lost_periods += step - 1u;
  self->sequence[k] = m->sequence;
  self->has_sequence[k] = true;
}

static void
poll_result (State *self, ChsIvMessage *m, int64_t now_us, ChsSink *sink)
{
  ChsIvObjectIter iter;
  ChsIvObject object;
  Poll poll = { .nibp = { (double) NAN, (double) NAN, (double) NAN, (double) NAN } };

  if (m->polled_class == CHS_IV_CLASS_NUMERIC || m->polled_class == CHS_IV_CLASS_WAVE)
    count_lost (self, m);
  chs_iv_object_iter_init (&iter, m);
  while (chs_iv_object_next (&iter, &object))
    switch (m->polled_class) {
    case CHS_IV_CLASS_NUMERIC:
      numeric_object (self, &poll, &object, sink);
      break;
    case CHS_IV_CLASS_WAVE:
      wave_object (self, &object, sink);
      break;
    case CHS_IV_CLASS_ALERT:
      if (m->polled_group == 0x0801 || m->polled_group == 0)
        alert_object (self, &object, sink);
      break;
    default: /* demographics and enumerations are not kept: nothing of a patient is stored unasked */
      break;
    }
  if (iter.list->bad)
    self->counters.unknown++;
  if (poll.has_nibp)
    nibp (self, poll.nibp, poll.nibp_quality, poll.nibp_flags, poll.has_bcd ? poll.nibp_bcd : NULL, m->rel_time, now_us, sink);
}

static void
describe (const ChsIvMessage *m, const uint8_t *data, size_t n, ChsSink *sink)
{
  static const char *const kinds[] = {
    "?", "association request", "association accepted", "association refused", "release request", "released", "abort",
    "MDS create event", "MDS create result", "poll", "poll result", "get", "get result", "set", "set result", "error",
  };
  char words[96];

  if (m->kind == CHS_IV_POLL_RESULT)
    snprintf (words, sizeof words, "poll result, class %04X, group %04X, sequence %u, %u contexts", m->polled_class,
              m->polled_group, m->sequence, m->n_contexts);
  else if (m->kind == CHS_IV_ERROR)
    snprintf (words, sizeof words, "error %u to request %u", m->error, m->invoke_id);
  else
    snprintf (words, sizeof words, "%s", kinds[m->kind]);
  sink->frame (sink, data, n, words);
}

static bool
user_data (State *self, const uint8_t *data, size_t n, int64_t now_us, ChsSink *sink)
{
  ChsIvMessage m;

  if (!chs_iv_message_read (data, n, &m)) {
    self->counters.unknown++;
    return false;
  }
  self->data_us = now_us;
  if (sink->frame != NULL)
    describe (&m, data, n, sink);
  switch (m.kind) {
  case CHS_IV_ASSOC_RESPONSE:
    if (self->step == STEP_ASSOCIATE)
      enter (self, STEP_CREATE, now_us, sink);
    break;
  case CHS_IV_ASSOC_REFUSE:
    if (self->step == STEP_ASSOCIATE) {
      chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN,
                       "refused: another client is connected to the monitor");
      enter (self, STEP_REFUSED, now_us, sink);
    }
    break;
  case CHS_IV_MDS_CREATE:
    mds_create (self, &m, now_us, sink);
    break;
  case CHS_IV_POLL_RESULT:
    poll_result (self, &m, now_us, sink);
    break;
  case CHS_IV_ABORT:
    chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN, "the monitor ended the association");
    if (self->step != STEP_CLOSED)
      enter (self, STEP_ASSOCIATE, now_us, sink);
    break;
  case CHS_IV_ERROR:
    chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, m.error, "the monitor refused a request");
    break;
  case CHS_IV_RELEASE_RESPONSE:
  case CHS_IV_SET_RESULT:
  case CHS_IV_GET_RESULT:
  case CHS_IV_UNKNOWN:
  case CHS_IV_ASSOC_REQUEST:
  case CHS_IV_RELEASE_REQUEST:
  case CHS_IV_MDS_CREATE_RESULT:
  case CHS_IV_POLL:
  case CHS_IV_GET:
  case CHS_IV_SET:
    break;
  }
  return true;
}

static void
copy_counters (State *self)
{
  self->counters.resyncs += self->framer.frames_bad - self->counters.frames_bad;
  self->counters.frames_ok = self->framer.frames_ok;
  self->counters.frames_bad = self->framer.frames_bad;
  self->counters.bytes_skipped = self->framer.bytes_skipped;
}

static void
feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  while (n > 0) {
    const uint8_t *data;
    size_t used, length;

    if (chs_iv_framer_feed (&self->framer, bytes, n, &used, &data, &length) == CHS_FEED_FRAME)
      user_data (self, data, length, now_us, sink);
    bytes += used;
    n -= used;
  }
  copy_counters (self);
}

/* A datagram of the LAN interface, or a serial frame whose escapes somebody has removed. */
static bool
message (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  bool good;

  if (n > 8 && bytes[0] == 0xC0 && bytes[n - 1] == 0xC1 && (size_t) (bytes[3] << 8 | bytes[4]) == n - 8
      && chs_iv_fcs (&self->framer, bytes + 1, n - 2) == 0xF0B8) {
    bytes += 5;
    n -= 8;
  }
  good = user_data (self, bytes, n, now_us, sink);
  self->framer.frames_ok += good;
  self->framer.frames_bad += !good;
  copy_counters (self);
  return good;
}

static const ChsCounters *
counters (const void *state)
{
  return &((const State *) state)->counters;
}

/* A monitor speaks only when asked, but one that is still associated with another client goes on talking. */
static int
probe (const uint8_t *bytes, size_t n)
{
  ChsIvFramer framer;

  chs_iv_framer_init (&framer);
  while (n > 0) {
    const uint8_t *data;
    size_t used, length;

    (void) chs_iv_framer_feed (&framer, bytes, n, &used, &data, &length);
    bytes += used;
    n -= used;
  }
  return framer.frames_ok >= 2 ? 100 : framer.frames_ok == 1 ? 90 : 0;
}

const ChsDriver chs_driver_intellivue = {
  .id = "intellivue",
  .label = "Philips IntelliVue (MIB/RS232)",
  .kind = CHS_KIND_MONITOR,
  .line = "115200/8n1", /* section 1; the port must be set to "data out, fixed baud rate" */
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_RECORDING,
  .gives = "HR PR SPO2 PI NIBP ABP RR CO2_RR ETCO2 TEMP waves alarms",
  .source = "Philips 4535 642 59271 as cited by public implementations; recordings of an M8000 and an MX800",
  .queries = queries,
  .n_queries = N_QUERIES,
  .silence_ms = 3100, /* three beats of 1.024 s */
  .state_size = sizeof (State),
  .option = option,
  .opened = opened,
  .feed = feed,
  .message = message,
  .tick = tick,
  .closing = closing,
  .counters = counters,
  .probe = probe,
  .wrap = wrap,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/driver.h"

#include "devices/datex-s5-codec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* GE / Datex-Ohmeda S/5 record interface. Section numbers are those of shared/protocols/datex-s5-dri.md.
 *
 * Option: waves=on|off (default on). */

#define S_US INT64_C (1000000)
#define ASK_AGAIN_US (15 * S_US)  /* section 4: nothing is acknowledged; ask again when nothing came */
#define ASK_PAUSE_US (S_US / 2)   /* between requests, so that the monitor can take them one by one */
#define WAVE_PAUSE_US (5 * S_US)  /* waves that stopped (handshake, another client) are asked for again */
#define FIRST_NIBP_US (12 * S_US) /* the first cuff reading waits so long for the auxiliary record that dates it */
#define NIBP_NEAR_S 60            /* an auxiliary time so near to a reading already told belongs to it */
#define NIBP_OLD_S 86400

/* ---- what may be sent ---- */

enum { QUERY_DISPLAYED, QUERY_AUXILIARY, QUERY_WAVES, QUERY_ALARMS, QUERY_STOP_WAVES, QUERY_STOP_ALARMS, QUERY_STOP_DISPLAYED, N_QUERIES };

#define ZERO4 "\x00\x00\x00\x00"
#define ZERO8 ZERO4 ZERO4
/* Header: length, number, level 0, plug id, time, reserved, main type, first descriptor, end of the list, padding. */
#define HEADER(length, main_type) length ZERO8 ZERO4 main_type "\x00" "\x00\x00\x00" "\x00\x00\xFF" ZERO8 ZERO8 "\x00\x00"
#define EXACT(s) { { CHS_PART_BYTES, s, sizeof s - 1, 0 } }

static const ChsQuery queries[N_QUERIES] = {
  [QUERY_DISPLAYED] = { "displayed values, every 5 s, all classes", "reads what is on the screen; section 4",
                        EXACT (HEADER ("\x31\x00", "\x00") "\x01\x05\x00\x0E\x00\x00\x00\x00\x00") },
  [QUERY_AUXILIARY] = { "auxiliary record, every 10 s", "reads the time of the last cuff reading; section 4",
                        EXACT (HEADER ("\x31\x00", "\x00") "\x04\x0A\x00\x00\x00\x00\x00\x00\x00") },
  [QUERY_WAVES] = { "waves: ECG1, pleth, CO2", "reads samples; section 4",
                    EXACT (HEADER ("\x48\x00", "\x01") "\x00\x00\x00\x00\x01\x08\x09\xFF" ZERO8 ZERO8 ZERO8) },
  [QUERY_ALARMS] = { "alarms, status and changes", "reads the list of active alarms; CARESCAPE only; section 4",
                     EXACT (HEADER ("\x34\x00", "\x04") "\x02\x00" ZERO8 "\x00\x00") },
  [QUERY_STOP_WAVES] = { "stop sending waves", "ends our own request; section 4",
                         EXACT (HEADER ("\x48\x00", "\x01") "\x01\x00\x00\x00\xFF\x00\x00\x00" ZERO8 ZERO8 ZERO8) },
  [QUERY_STOP_ALARMS] = { "stop sending alarms", "ends our own request; section 4",
                          EXACT (HEADER ("\x34\x00", "\x04") "\x03\x00" ZERO8 "\x00\x00") },
  [QUERY_STOP_DISPLAYED] = { "stop sending displayed values", "ends our own request; section 4",
                             EXACT (HEADER ("\x31\x00", "\x00") "\x01\x00\x00\x00\x00\x00\x00\x00\x00") },
};

/* ---- what is understood ---- */

#define STATUS_IN_USE 3u /* module present and measurement active */

/* Sections 5: group offsets inside the class data. */
enum {
  AT_ECG = 0,
  AT_P1 = 16,
  AT_NIBP = 72,
  AT_T1 = 86,
  AT_SPO2 = 118,
  AT_CO2 = 132,
  AT_ECG_EXTRA = 226,
};

enum {
  ECG_NOISE = 1u << 7,
  ECG_ARTEFACT = 1u << 8,
  ECG_LEARNING = 1u << 9,
  PRESSURE_ZEROING = 1u << 2,
  CO2_CALIBRATING = 1u << 3,
  CO2_ZEROING = 1u << 4,
  NIBP_MEASURING = 1u << 5,
  NIBP_OVER_60S = 1u << 8,
};

/* Section 6. Divisors bring samples to the parameter's unit; CO2 comes in percent and needs the ambient pressure. */
static const struct {
  uint8_t id, param;
  float   rate_hz, scale;
} waves[] = {
  { 1, CHS_PARAM_ECG_WAVE, 300, 0.001F },   { 2, CHS_PARAM_ECG2_WAVE, 300, 0.001F }, { 4, CHS_PARAM_ABP_WAVE, 100, 0.01F },
  { 5, CHS_PARAM_IBP2_WAVE, 100, 0.01F },   { 8, CHS_PARAM_PLETH_WAVE, 100, 0.01F }, { 9, CHS_PARAM_CO2_WAVE, 25, 0 },
  { 15, CHS_PARAM_RESP_WAVE, 25, 0.01F },
};

#define N_ALARMS 5
#define ALARM_SIZE 98
#define ALARM_TEXT 80
#define AMBIENT_MMHG 760.0 /* until the monitor tells its own */

typedef struct {
  char    text[ALARM_TEXT + 1];
  uint8_t priority;
} Alarm;

typedef struct {
  ChsS5Framer framer;
  ChsCounters counters;
  bool        no_waves; /* option waves=off */
  bool        is_open;
  uint8_t     due;      /* bit set of requests */
  int64_t     asked_us, displayed_us, wave_us; /* last request, last displayed record, last waves */
  bool        has_number;
  uint8_t     number;
  uint64_t    lost;     /* records missing by their counter */
  bool        has_plug;
  uint16_t    plug_id;
  double      ambient_mmhg;
  int         art_label;  /* pressure channel (0..5) that is the arterial line, -1 = none; IBP2 is the first other one */
  /* the cuff: section 5, "NIBP age, in order of trust" */
  double      nibp[4];      /* last values seen; NAN */
  bool        has_nibp;     /* a reading was seen */
  bool        nibp_waits;   /* the first one waits for its time */
  bool        measuring;
  int64_t     nibp_seen_us; /* when it was first seen */
  uint32_t    nibp_told_s;  /* monitor's time of the reading told last */
  uint32_t    aux_s;        /* nibp_time of the last auxiliary record */
  Alarm       alarms[N_ALARMS];
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

static void
ask (unsigned query, ChsSink *sink)
{
  const ChsPart *part = queries[query].parts;

  sink->request (sink, query, (const uint8_t *) part->bytes, part->n);
}

static size_t
wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  return chs_s5_frame_write (payload, n, frame, size);
}

static void
ask_all (State *self)
{
  self->due = 1u << QUERY_DISPLAYED | 1u << QUERY_AUXILIARY | 1u << QUERY_ALARMS;
  if (!self->no_waves)
    self->due |= 1u << QUERY_WAVES;
}

static void
opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_s5_framer_reset (&self->framer);
  self->is_open = true;
  self->has_number = false;
  self->displayed_us = self->wave_us = now_us;
  self->asked_us = now_us - ASK_PAUSE_US;
  if (self->ambient_mmhg < 1.0) {
    self->ambient_mmhg = AMBIENT_MMHG;
    for (unsigned i = 0; i < 4; i++)
      self->nibp[i] = (double) NAN;
  }
  ask_all (self);
}

static void
closing (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  self->is_open = false;
  for (unsigned query = QUERY_STOP_WAVES; query < N_QUERIES; query++)
    if (query != QUERY_STOP_WAVES || !self->no_waves)
      ask (query, sink);
}

/* ---- the cuff ---- */

static void
tell_nibp (State *self, ChsTimeMark mark, int64_t age_s, uint32_t at_s, int64_t now_us, ChsSink *sink)
{
  self->nibp_waits = false;
  self->nibp_told_s = at_s;
  chs_sink_nibp (sink, self->nibp[0], self->nibp[1], self->nibp[2], self->nibp[3], CHS_QUALITY_OK, 0, mark,
                 mark == CHS_TIME_MARK_UNKNOWN ? CHS_TIME_NONE : now_us - age_s * S_US);
}

/* The auxiliary record dates the reading exactly. One that was told already with an estimated time is not told again. */
static void
date_nibp (State *self, uint32_t nibp_s, uint32_t record_s, int64_t now_us, ChsSink *sink)
{
  int64_t age_s = (int64_t) record_s - nibp_s;

  if (nibp_s == 0 || nibp_s == self->aux_s || age_s < 0 || age_s > NIBP_OLD_S)
    return;
  self->aux_s = nibp_s;
  if (!self->has_nibp)
    return;
  if (!self->nibp_waits && self->nibp_told_s != 0 && llabs ((long long) nibp_s - self->nibp_told_s) <= NIBP_NEAR_S)
    return;
  tell_nibp (self, CHS_TIME_MARK_EXACT, age_s, nibp_s, now_us, sink);
}

static void
group_nibp (State *self, const uint8_t *g, uint32_t record_s, int64_t now_us, ChsSink *sink)
{
  unsigned label = (uint16_t) chs_s5_i16 (g + 4);
  bool measuring = (label & NIBP_MEASURING) != 0;
  double values[4];
  bool ended, changed = false;

  if ((chs_s5_u32 (g) & STATUS_IN_USE) != STATUS_IN_USE)
    return;
  for (unsigned i = 0; i < 4; i++)
    values[i] = chs_s5_value (chs_s5_i16 (g + 6 + 2 * i), i < 3 ? 100.0 : 1.0);
  if (measuring && !self->measuring)
    chs_sink_device (sink, CHS_DEVICE_NIBP_START, CHS_PARAM_NIBP_SYS, (double) NAN, "");
  ended = self->measuring && !measuring;
  self->measuring = measuring;
  if (measuring)
    return; /* old values, or none: nothing new while the cuff works */
  if (isnan (values[0]) && isnan (values[2])) {
    if (ended)
      chs_sink_device (sink, CHS_DEVICE_NIBP_FAILED, CHS_PARAM_NIBP_SYS, (double) NAN, "no result");
    return;
  }
  for (unsigned i = 0; i < 3; i++)
    changed = changed || isnan (self->nibp[i]) != isnan (values[i]) || fabs (self->nibp[i] - values[i]) > 0.001;
  if (!ended && !changed)
    return;
  memcpy (self->nibp, values, sizeof self->nibp);
  if (self->has_nibp || ended) {
    self->has_nibp = true;
    tell_nibp (self, CHS_TIME_MARK_ESTIMATED, 0, record_s, now_us, sink);
    return;
  }
  self->has_nibp = self->nibp_waits = true;
  self->nibp_seen_us = now_us;
  if ((label & NIBP_OVER_60S) == 0) /* younger than a minute */
    tell_nibp (self, CHS_TIME_MARK_ESTIMATED, 0, record_s, now_us, sink);
}

static void
tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  if (self->nibp_waits && now_us - self->nibp_seen_us >= FIRST_NIBP_US)
    tell_nibp (self, CHS_TIME_MARK_UNKNOWN, 0, 0, now_us, sink);
  if (!self->is_open)
    return;
  /* Waves alone prove nothing: a monitor that was switched off and on has forgotten the other requests. */
  if (now_us - self->displayed_us >= ASK_AGAIN_US) {
    self->displayed_us = now_us;
    ask_all (self);
  } else if (!self->no_waves && now_us - self->wave_us >= WAVE_PAUSE_US) {
    self->wave_us = now_us;
    self->due |= 1u << QUERY_WAVES;
  }
  if (self->due == 0 || now_us - self->asked_us < ASK_PAUSE_US)
    return;
  for (unsigned query = 0; query < N_QUERIES; query++)
    if (self->due & 1u << query) {
      self->due &= (uint8_t) ~(1u << query);
      self->asked_us = now_us;
      ask (query, sink);
      return;
    }
}

/* ---- groups of the basic class ---- */

typedef struct {
  uint8_t offset; /* in the group */
  uint8_t param;
  double  divisor;
} Value;

static void
group_values (const uint8_t *g, const Value *values, unsigned n, ChsQuality quality, unsigned flags, ChsSink *sink)
{
  if ((chs_s5_u32 (g) & STATUS_IN_USE) != STATUS_IN_USE)
    return;
  for (unsigned i = 0; i < n; i++)
    chs_sink_numeric (sink, 0, (ChsParam) values[i].param, chs_s5_value (chs_s5_i16 (g + values[i].offset), values[i].divisor),
                      quality, flags);
}

/* "hr" is of whatever source the monitor chose; a pulse is no heart rate. The ECG's own is in a group further on. */
static void
group_ecg (const uint8_t *basic, ChsSink *sink)
{
  const uint8_t *g = basic + AT_ECG;
  unsigned status = chs_s5_u32 (g), source = status >> 3 & 15;
  ChsQuality quality = status & (ECG_NOISE | ECG_ARTEFACT | ECG_LEARNING) ? CHS_QUALITY_QUESTIONABLE : CHS_QUALITY_OK;
  double hr = chs_s5_value (chs_s5_i16 (source == 1 || source == 9 ? g + 6 : basic + AT_ECG_EXTRA), 1);

  if ((status & STATUS_IN_USE) != STATUS_IN_USE)
    return;
  chs_sink_numeric (sink, 0, CHS_PARAM_HR, hr, quality, status & ECG_ARTEFACT ? CHS_FLAG_MOTION : 0);
  chs_sink_numeric (sink, 0, CHS_PARAM_RR, chs_s5_value (chs_s5_i16 (g + 14), 1), CHS_QUALITY_OK, 0);
}

static bool
is_arterial (int label)
{
  return label == 1 || label == 8 || label == 16 || label == 17; /* ART, ABP, FEM, UAC */
}

static void
groups_pressure (const uint8_t *basic, ChsSink *sink)
{
  static const uint8_t at[] = { AT_P1, AT_P1 + 14, AT_P1 + 28, AT_P1 + 42, 240, 254 };
  static const Value abp[] = { { 6, CHS_PARAM_ABP_SYS, 100 }, { 8, CHS_PARAM_ABP_DIA, 100 }, { 10, CHS_PARAM_ABP_MEAN, 100 } };
  static const Value other[] = { { 6, CHS_PARAM_IBP2_SYS, 100 }, { 8, CHS_PARAM_IBP2_DIA, 100 }, { 10, CHS_PARAM_IBP2_MEAN, 100 } };
  bool has_art = false, has_other = false;

  for (unsigned i = 0; i < sizeof at; i++) {
    const uint8_t *g = basic + at[i];
    unsigned status = chs_s5_u32 (g);
    bool zeroing = (status & PRESSURE_ZEROING) != 0;
    bool arterial = is_arterial (chs_s5_i16 (g + 4));
    bool *has = arterial ? &has_art : &has_other;

    /* One of each kind: two arterial lines are never merged. */
    if ((status & STATUS_IN_USE) != STATUS_IN_USE || *has)
      continue;
    *has = true;
    group_values (g, arterial ? abp : other, 3, zeroing ? CHS_QUALITY_QUESTIONABLE : CHS_QUALITY_OK,
                  zeroing ? CHS_FLAG_CALIBRATING : 0, sink);
  }
}

static void
groups_temperature (const uint8_t *basic, ChsSink *sink)
{
  ChsParam next = CHS_PARAM_TEMP;

  for (unsigned i = 0; i < 4 && next != CHS_PARAM_NONE; i++) {
    const uint8_t *g = basic + AT_T1 + 8 * i;
    int label = chs_s5_i16 (g + 4);

    if ((chs_s5_u32 (g) & STATUS_IN_USE) != STATUS_IN_USE || label == 8 || label == 9)
      continue; /* airway and room are not the patient */
    chs_sink_numeric (sink, 0, next, chs_s5_value (chs_s5_i16 (g + 6), 100), CHS_QUALITY_OK, 0);
    next = next == CHS_PARAM_TEMP ? CHS_PARAM_TEMP2 : CHS_PARAM_NONE;
  }
}

static void
group_co2 (State *self, const uint8_t *g, ChsSink *sink)
{
  unsigned status = chs_s5_u32 (g);
  bool busy = (status & (CO2_CALIBRATING | CO2_ZEROING)) != 0;
  ChsQuality quality = busy ? CHS_QUALITY_QUESTIONABLE : CHS_QUALITY_OK;
  unsigned flags = busy ? CHS_FLAG_CALIBRATING : 0;
  double ambient = chs_s5_value (chs_s5_i16 (g + 12), 10);

  if ((status & STATUS_IN_USE) != STATUS_IN_USE)
    return;
  if (ambient > 300 && ambient < 900)
    self->ambient_mmhg = ambient;
  chs_sink_numeric (sink, 0, CHS_PARAM_ETCO2, chs_s5_value (chs_s5_i16 (g + 6), 1e4) * self->ambient_mmhg, quality, flags);
  chs_sink_numeric (sink, 0, CHS_PARAM_FICO2, chs_s5_value (chs_s5_i16 (g + 8), 1e4) * self->ambient_mmhg, quality, flags);
  if ((chs_s5_i16 (g + 4) & 7) == 1)
    chs_sink_numeric (sink, 0, CHS_PARAM_CO2_RR, chs_s5_value (chs_s5_i16 (g + 10), 1), quality, flags);
}

static void
basic_class (State *self, const uint8_t *basic, uint32_t record_s, int64_t now_us, ChsSink *sink)
{
  static const Value spo2[] = { { 6, CHS_PARAM_SPO2, 100 }, { 8, CHS_PARAM_PR, 1 }, { 10, CHS_PARAM_PI, 100 } };

  group_ecg (basic, sink);
  groups_pressure (basic, sink);
  group_nibp (self, basic + AT_NIBP, record_s, now_us, sink);
  groups_temperature (basic, sink);
  group_values (basic + AT_SPO2, spo2, 3, CHS_QUALITY_OK, 0, sink);
  group_co2 (self, basic + AT_CO2, sink);
}

/* ---- records ---- */

static void
physiological (State *self, const ChsS5Record *record, int64_t now_us, ChsSink *sink)
{
  for (unsigned i = 0; i < record->n_subs; i++) {
    const ChsBytes *sub = &record->subs[i].data;
    const uint8_t *class_data = sub->p + CHS_S5_CLASS_OFFSET;

    if (record->subs[i].type == CHS_S5_SUB_AUXILIARY && chs_bytes_left (sub) >= CHS_S5_AUX_SIZE)
      date_nibp (self, chs_s5_u32 (sub->p), record->time_s, now_us, sink);
    else if (record->subs[i].type == CHS_S5_SUB_DISPLAYED && chs_bytes_left (sub) >= CHS_S5_SUB_SIZE) {
      self->displayed_us = now_us;
      /* Class word behind the mark number: bits 8 to 11, 0 = basic. The other classes are stepped over. */
      if ((chs_s5_i16 (class_data + CHS_S5_CLASS_SIZE + 2) >> 8 & 15) == 0)
        basic_class (self, class_data, record->time_s, now_us, sink);
    } else
      self->counters.unknown++; /* trends hold old values; a short subrecord holds nothing */
  }
}

static void
wave_block (State *self, uint8_t id, ChsBytes data, ChsSink *sink)
{
  int16_t out[512];
  ChsEvent event = { .type = CHS_EVENT_WAVE, .wave = { .samples = out } };
  unsigned n = chs_bytes_u16le (&data), status = chs_bytes_u16le (&data), k;

  chs_bytes_skip (&data, 2); /* label */
  for (k = 0; k < sizeof waves / sizeof waves[0] && waves[k].id != id; k++)
    ;
  if (k == sizeof waves / sizeof waves[0] || data.bad || n > 512 || chs_bytes_left (&data) < 2 * (size_t) n || n == 0) {
    self->counters.unknown++;
    return;
  }
  for (unsigned i = 0; i < n; i++) {
    int16_t sample = (int16_t) chs_bytes_u16le (&data);

    out[i] = sample <= -32000 || status & 8 ? CHS_WAVE_ABSENT : sample; /* bit 3: lead off */
  }
  event.wave.param = waves[k].param;
  event.wave.n = (uint16_t) n;
  event.wave.rate_hz = waves[k].rate_hz;
  event.wave.scale = id == 9 ? (float) (1e-4 * self->ambient_mmhg) : waves[k].scale;
  sink->event (sink, &event);
}

static void
tell_alarm (const Alarm *alarm, bool on, ChsSink *sink)
{
  ChsEvent event = {
    .type = CHS_EVENT_DEVICE,
    .device = { .code = CHS_DEVICE_ALARM, .priority = alarm->priority, .value = on ? 1.0 : 0.0 },
  };

  chs_text_copy (event.device.text, sizeof event.device.text, alarm->text);
  sink->event (sink, &event);
}

static bool
has_alarm (const Alarm *alarms, const Alarm *alarm)
{
  for (unsigned i = 0; i < N_ALARMS; i++)
    if (alarms[i].priority == alarm->priority && strcmp (alarms[i].text, alarm->text) == 0)
      return true;
  return false;
}

/* The text is in the monitor's language: carried verbatim, never matched on. */
static void
alarm_list (State *self, ChsBytes data, ChsSink *sink)
{
  static const uint8_t priorities[] = { CHS_PRIORITY_NONE, CHS_PRIORITY_LOW, CHS_PRIORITY_MEDIUM, CHS_PRIORITY_HIGH };
  Alarm now[N_ALARMS];

  memset (now, 0, sizeof now);
  chs_bytes_skip (&data, 10);
  for (unsigned i = 0; i < N_ALARMS; i++) {
    ChsBytes entry = chs_bytes_sub (&data, ALARM_SIZE);
    unsigned colour;

    if (data.bad) {
      self->counters.unknown++;
      return;
    }
    memcpy (now[i].text, entry.p, ALARM_TEXT);
    colour = (uint16_t) chs_s5_i16 (entry.p + ALARM_TEXT + 2);
    now[i].priority = priorities[colour < 4 ? colour : 0];
  }
  for (unsigned i = 0; i < N_ALARMS; i++)
    if (self->alarms[i].text[0] != '\0' && !has_alarm (now, &self->alarms[i]))
      tell_alarm (&self->alarms[i], false, sink);
  for (unsigned i = 0; i < N_ALARMS; i++)
    if (now[i].text[0] != '\0' && !has_alarm (self->alarms, &now[i]))
      tell_alarm (&now[i], true, sink);
  memcpy (self->alarms, now, sizeof now);
}

static void
identify (State *self, const ChsS5Record *record, ChsSink *sink)
{
  char text[64];

  if (self->has_plug && self->plug_id == record->plug_id)
    return;
  self->has_plug = true;
  self->plug_id = record->plug_id;
  snprintf (text, sizeof text, "GE S/5 DRI level %u, plug %u", record->level, record->plug_id);
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, text);
}

static void
describe (const ChsS5Record *record, const uint8_t *data, size_t n, ChsSink *sink)
{
  char words[96];

  snprintf (words, sizeof words, "record %u, main type %d, %u subrecords, first of type %u", record->number, record->main_type,
            record->n_subs, record->n_subs > 0 ? record->subs[0].type : 255);
  sink->frame (sink, data, n, words);
}

static bool
take_record (State *self, const uint8_t *data, size_t n, int64_t now_us, ChsSink *sink)
{
  ChsS5Record record;

  if (!chs_s5_record_read (data, n, &record)) {
    self->counters.unknown++;
    return false;
  }
  if (sink->frame != NULL)
    describe (&record, data, n, sink);
  if (record.level == 0)
    return true; /* our own request come back: a loop in the cable */
  if (self->has_number)
    self->lost += (uint8_t) (record.number - self->number - 1);
  self->number = record.number;
  self->has_number = true;
  identify (self, &record, sink);
  switch (record.main_type) {
  case CHS_S5_MAIN_PHYSIOLOGICAL:
    physiological (self, &record, now_us, sink);
    break;
  case CHS_S5_MAIN_WAVE:
    self->wave_us = now_us;
    for (unsigned i = 0; i < record.n_subs; i++)
      wave_block (self, record.subs[i].type, record.subs[i].data, sink);
    break;
  case CHS_S5_MAIN_ALARM:
    for (unsigned i = 0; i < record.n_subs; i++)
      alarm_list (self, record.subs[i].data, sink);
    break;
  default:
    self->counters.unknown++;
    break;
  }
  return true;
}

static void
copy_counters (State *self)
{
  chs_counters_follow (&self->counters, self->framer.frames_ok, self->framer.frames_bad, self->framer.bytes_skipped);
}

static void
feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  while (n > 0) {
    const uint8_t *record;
    size_t used, length;

    if (chs_s5_framer_feed (&self->framer, bytes, n, &used, &record, &length) == CHS_FEED_FRAME)
      take_record (self, record, length, now_us, sink);
    bytes += used;
    n -= used;
  }
  copy_counters (self);
}

/* A record that somebody stored without flags and checksum. */
static bool
message (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  bool good = take_record (self, bytes, n, now_us, sink);

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

static int
probe (const uint8_t *bytes, size_t n)
{
  ChsS5Framer framer = { 0 };

  while (n > 0) {
    const uint8_t *record;
    size_t used, length;

    (void) chs_s5_framer_feed (&framer, bytes, n, &used, &record, &length);
    bytes += used;
    n -= used;
  }
  return framer.frames_ok >= 2 ? 100 : framer.frames_ok == 1 ? 85 : 0;
}

const ChsDriver chs_driver_datex_s5 = {
  .id = "datex-s5",
  .label = "GE / Datex-Ohmeda S/5, B20 to B125, CARESCAPE",
  .kind = CHS_KIND_MONITOR,
  .line = "19200/8e1/rts=1/dtr=1", /* section 1: even parity; both lines stay raised */
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_RECORDING,
  .gives = "HR PR SPO2 PI NIBP ABP IBP2 RR CO2_RR ETCO2 FICO2 TEMP waves alarms",
  .source = "GE M1017617 12th ed. and 8005313 12th ed., 2020; records of real monitors",
  .queries = queries,
  .n_queries = N_QUERIES,
  .silence_ms = 15000, /* section 4: the fastest interval of displayed values is 5 s */
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

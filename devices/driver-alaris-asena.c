/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/crc16.h"
#include "devices/text-pump.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Alaris (IVAC) Asena GH, CC, PK syringe pumps: shared/protocols/alaris-asena.md.
 *
 * "!" body "|" CRC CR, fields separated by "^". The same words with arguments are
 * commands: so each request is one constant string, checksum and all, and nothing is
 * ever put together. Other programs begin a remote-control session before they read;
 * Chairside never does. A pump that tells nothing without it is reported. */

#define N_(s) (s)

#define MAX_FIELDS 20
#define CRC_N 4
#define INF_FIELDS 12          /* the command and the eleven that are used */
#define REFUSED_US 6000000     /* who it is, and for so long not how it is: telemetry refused; three rounds of time-outs */
#define VOLUME_STEP_ML 0.0005  /* half of the last digit: the counter has moved */

enum {
  QUERY_SERIAL,
  QUERY_PROTOCOL,
  QUERY_SYRINGE,
  QUERY_INF,
  QUERY_ALARM,
  QUERY_VTBI,
  N_QUERIES
};

#define EXACT(s) { { CHS_PART_BYTES, s, sizeof s - 1, 0 } }

static const ChsQuery queries[N_QUERIES] = {
  [QUERY_SERIAL] = { "INST_SERIALNO", "reads the serial number", EXACT ("!INST_SERIALNO|457D\r") },
  [QUERY_PROTOCOL] = { "COMMS_PROTOCOL", "reads the version of the protocol", EXACT ("!COMMS_PROTOCOL|E8DA\r") },
  [QUERY_SYRINGE] = { "SYRINGE_STATUS", "reads brand and size of the syringe", EXACT ("!SYRINGE_STATUS|4102\r") },
  [QUERY_INF] = { "INF", "reads the status line", EXACT ("!INF|4961\r") },
  [QUERY_ALARM] = { "ALARM", "reads the code of the alarm", EXACT ("!ALARM|50B2\r") },
  [QUERY_VTBI] = { "INF_VTBI", "reads the volume to be infused; with arguments it would set it: it has none", EXACT ("!INF_VTBI|8456\r") },
};

typedef struct {
  ChsTextPump pump; /* first */
  int64_t     inf_round_us;  /* beginning of the round in which INF was answered last */
  bool        ever_inf;      /* since the port was opened */
  bool        knows_serial;  /* the same */
  int64_t     serial_us;     /* when it was told */
  bool        told_refused, told_unit;
  double      volume_ml;     /* of the status before; NAN = none */
  char        mode[8];
  bool        flag;          /* the status says alarm */
  uint32_t    alarms;
  bool        stops;         /* the alarm code is one that stops the pump */
  bool        kvo, complete;
  char        code[16];
  char        identity[64];
} State;

typedef struct {
  const char *text;
  size_t      n;
} Field;

static const struct {
  const char *code;
  uint32_t    alarm;
  bool        stops, kvo, complete;
} codes[] = {
  { "AL_OCCLU", CHS_PUMP_ALARM_OCCLUSION, .stops = true },
  { "AL_EMBAT", CHS_PUMP_ALARM_BATTERY_EMPTY, .stops = true },
  { "AL_LWBAT", CHS_PUMP_ALARM_BATTERY_LOW },
  { "AL_LBTAC", CHS_PUMP_ALARM_BATTERY_LOW },
  { "AL_ACDIS", CHS_PUMP_ALARM_OTHER },
  { "AL_VTBIC", CHS_PUMP_ALARM_END_VTBI },
  { "AL_VTBIK", CHS_PUMP_ALARM_END_VTBI, .kvo = true },
  { "AL_VTBIS", CHS_PUMP_ALARM_END_VTBI, .complete = true },
  { "AL_EOIKV", CHS_PUMP_ALARM_END_VTBI, .kvo = true },
  { "AL_EOIST", CHS_PUMP_ALARM_END_VTBI, .complete = true },
  { "AL_NEOIN", CHS_PUMP_ALARM_NEAR_END },
  { "AL_DRDIS", CHS_PUMP_ALARM_SYRINGE, .stops = true },
  { "AL_SYRCO", CHS_PUMP_ALARM_SYRINGE, .stops = true },
  { "AL_LDSCN", CHS_PUMP_ALARM_SYRINGE, .stops = true },
  { "AL_PRDSC", CHS_PUMP_ALARM_SYRINGE, .stops = true },
  { "AL_COMTO", CHS_PUMP_ALARM_COMMUNICATION, .stops = true },
  { "AL_FAULT", CHS_PUMP_ALARM_FAULT, .stops = true },
};

/* ---- fields ---- */

static bool
check (const uint8_t *frame, size_t n)
{
  size_t bar = n - 2 - CRC_N; /* '!' body '|' CCCC CR */
  uint32_t crc;

  return n > 3 + CRC_N && frame[bar] == '|' && chs_ascii_hex ((const char *) frame + bar + 1, CRC_N, &crc)
         && crc == chs_crc16 (frame + 1, bar - 1, 0x1021, 0xFFFF);
}

static size_t
split (const char *text, size_t n, Field fields[MAX_FIELDS])
{
  size_t count = 0, from = 0;

  for (size_t i = 0; i <= n && count < MAX_FIELDS; i++)
    if (i == n || text[i] == '^') {
      fields[count++] = (Field) { text + from, i - from };
      from = i + 1;
    }
  return count;
}

static Field
trim (Field field)
{
  while (field.n > 0 && field.text[0] == ' ')
    field = (Field) { field.text + 1, field.n - 1 };
  while (field.n > 0 && field.text[field.n - 1] == ' ')
    field.n--;
  return field;
}

static bool
is (Field field, const char *word)
{
  return field.n == strlen (word) && memcmp (field.text, word, field.n) == 0;
}

static void
copy (char *text, size_t size, Field field)
{
  char buffer[96];

  field = trim (field);
  if (field.n >= sizeof buffer)
    field.n = sizeof buffer - 1;
  memcpy (buffer, field.text, field.n);
  buffer[field.n] = '\0';
  chs_text_copy (text, size, buffer);
}

/* A number with its unit. Another unit is not converted: it is not understood. */
static bool
read_value (State *self, Field number, Field unit, const char *want, double high, double *value, ChsSink *sink)
{
  number = trim (number);
  *value = (double) NAN;
  if (number.n == 0)
    return true;
  if (!chs_ascii_number (number.text, number.n, value) || *value > high)
    return false;
  if (is (trim (unit), want))
    return true;
  *value = (double) NAN;
  if (!self->told_unit)
    chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN, "unit not understood");
  self->told_unit = true;
  return true;
}

/* HH:MM:SS; "24+" is longer than the pump tells. */
static double
read_time (Field field)
{
  uint32_t h, m, s;

  field = trim (field);
  if (field.n != 8 || !chs_ascii_unsigned (field.text, 2, &h) || !chs_ascii_unsigned (field.text + 3, 2, &m)
      || !chs_ascii_unsigned (field.text + 6, 2, &s))
    return (double) NAN;
  return h * 3600.0 + m * 60.0 + s;
}

/* ---- answers ---- */

/* SET is seen with a rate on a pump that stands still: there the counter decides. */
static ChsPumpState
state_of (const State *self, const ChsPumpStatus *pump, bool moved)
{
  bool flows = pump->rate_ml_h > 0.0 && strcmp (self->mode, "HLD") != 0 && (strcmp (self->mode, "SET") != 0 || moved);

  if (flows)
    return self->kvo ? CHS_PUMP_KVO : CHS_PUMP_INFUSING;
  if (self->complete)
    return CHS_PUMP_COMPLETE;
  if (self->stops || (self->flag && self->alarms == CHS_PUMP_ALARM_OTHER))
    return CHS_PUMP_ALARM;
  if (strcmp (self->mode, "HLD") == 0)
    return CHS_PUMP_PAUSED;
  return pump->volume_ml > 0.0 ? CHS_PUMP_PAUSED : CHS_PUMP_READY;
}

static void
forget_alarm (State *self)
{
  self->alarms = 0;
  self->stops = self->kvo = self->complete = false;
  self->code[0] = '\0';
}

static void
judge (State *self, bool moved)
{
  ChsPumpStatus *pump = &self->pump.status;

  pump->alarms = self->alarms;
  chs_text_copy (pump->text, sizeof pump->text, self->code);
  if (self->ever_inf && self->inf_round_us == self->pump.round_us)
    pump->state = (uint8_t) state_of (self, pump, moved);
  pump->rate_kind = pump->state == CHS_PUMP_READY ? CHS_RATE_KIND_PROGRAMMED : CHS_RATE_KIND_DELIVERED;
}

static bool
take_inf (State *self, const Field *fields, size_t n, ChsSink *sink)
{
  ChsPumpStatus *pump = &self->pump.status;
  double rate, volume, pressure;
  bool moved;

  if (n < INF_FIELDS || !(is (fields[2], "-") || is (fields[2], "A"))
      || !read_value (self, fields[4], fields[5], "ml/h", 2000.0, &rate, sink)
      || !read_value (self, fields[7], fields[8], "ml", 99999.0, &volume, sink)
      || !read_value (self, fields[9], fields[10], "mmHg", 2000.0, &pressure, sink))
    return false;
  self->flag = fields[2].text[0] == 'A';
  if (!self->flag)
    forget_alarm (self);
  else if (self->alarms == 0)
    self->alarms = CHS_PUMP_ALARM_OTHER; /* until the code is read */
  copy (self->mode, sizeof self->mode, fields[3]);
  copy (pump->drug, sizeof pump->drug, fields[6]);
  pump->rate_ml_h = rate;
  pump->volume_ml = volume;
  pump->pressure = pressure;
  pump->pressure_unit = CHS_UNIT_MMHG;
  pump->remaining_s = read_time (fields[11]);
  moved = volume - self->volume_ml > VOLUME_STEP_ML;
  self->volume_ml = volume;
  self->ever_inf = true;
  self->inf_round_us = self->pump.round_us;
  judge (self, moved);
  return true;
}

static bool
take_alarm (State *self, const Field *fields, size_t n)
{
  if (n < 2 || fields[1].n != 8)
    return false;
  forget_alarm (self);
  if (!is (fields[1], "AL_NOALM")) {
    copy (self->code, sizeof self->code, fields[1]);
    self->alarms = CHS_PUMP_ALARM_OTHER;
    self->code[2] = '_'; /* one source spells it with a blank */
  }
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
    if (strcmp (codes[i].code, self->code) == 0) {
      self->alarms = codes[i].alarm;
      self->stops = codes[i].stops;
      self->kvo = codes[i].kvo;
      self->complete = codes[i].complete;
    }
  judge (self, self->pump.status.state == CHS_PUMP_INFUSING);
  return true;
}

static bool
take_serial (State *self, const Field *fields, size_t n, int64_t now_us, ChsSink *sink)
{
  char identity[sizeof self->identity];

  if (n < 2 || trim (fields[1]).n == 0)
    return false;
  self->knows_serial = true;
  self->serial_us = now_us;
  copy (self->pump.identity.serial, sizeof self->pump.identity.serial, fields[1]);
  chs_text_copy (self->pump.identity.model, sizeof self->pump.identity.model, "Asena");
  snprintf (identity, sizeof identity, "Alaris Asena %s", self->pump.identity.serial);
  if (strcmp (identity, self->identity) != 0) {
    memcpy (self->identity, identity, sizeof identity);
    chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, identity);
  }
  return true;
}

/* Worth keeping once: version, syringe. */
static bool
take_words (const Field *fields, size_t n, ChsSink *sink)
{
  char text[96], word[32];

  text[0] = '\0';
  for (size_t i = 0; i < n; i++) {
    copy (word, sizeof word, fields[i]);
    if (strlen (text) + strlen (word) + 2 > sizeof text)
      break;
    if (i > 0)
      strcat (text, " ");
    strcat (text, word);
  }
  chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN, text);
  return n >= 2;
}

static bool
take_vtbi (State *self, const Field *fields, size_t n)
{
  Field field = n > 2 ? trim (fields[2]) : (Field) { "", 0 };

  if (field.n == 0)
    return n > 2;
  return chs_ascii_number (field.text, field.n, &self->pump.status.vtbi_ml);
}

static bool
take_rate (State *self, const Field *fields, size_t n, ChsSink *sink)
{
  return n >= 3 && read_value (self, fields[1], fields[2], "ml/h", 2000.0, &self->pump.status.rate_ml_h, sink);
}

/* A reply names what it answers, so it is read whatever was asked last. */
static ChsAnswer
answer (ChsTextPump *pump, int query, const uint8_t *frame, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = (State *) pump;
  Field fields[MAX_FIELDS] = { { NULL, 0 } };
  size_t count = split ((const char *) frame + 1, n - 3 - CRC_N, fields);
  bool good, known = true;

  if (is (fields[0], "INF"))
    good = take_inf (self, fields, count, sink);
  else if (is (fields[0], "ALARM"))
    good = take_alarm (self, fields, count);
  else if (is (fields[0], "INST_SERIALNO"))
    good = take_serial (self, fields, count, now_us, sink);
  else if (is (fields[0], "INF_VTBI"))
    good = take_vtbi (self, fields, count);
  else if (is (fields[0], "INF_RATE"))
    good = take_rate (self, fields, count, sink);
  else if (is (fields[0], "COMMS_PROTOCOL") || is (fields[0], "COMMS_RESPONSE_MAX") || is (fields[0], "SYRINGE_STATUS"))
    good = take_words (fields, count, sink);
  else
    good = known = false;
  if (!good)
    return known ? CHS_ANSWER_BAD : CHS_ANSWER_OTHER;
  pump->answered = true;
  return query < 0 || is (fields[0], queries[query].name) ? CHS_ANSWER_GOOD : CHS_ANSWER_OTHER;
}

static const uint8_t first_questions[] = { QUERY_SERIAL, QUERY_PROTOCOL, QUERY_SYRINGE, CHS_TEXT_PUMP_END };
static const uint8_t round_of_questions[] = { QUERY_INF, QUERY_ALARM, QUERY_VTBI, CHS_TEXT_PUMP_END };

static const ChsTextPumpSpec spec = {
  .framing = { .start = '!', .end = '\r', .tail = 0, .between = "\n" },
  .check = check,
  .answer = answer,
  .queries = queries,
  .once = first_questions,
  .round = round_of_questions,
  .round_ms = 1000, /* section 6 */
  .timeout_ms = 800,
  .quiet_ms = 200,
};

/* ---- hooks ---- */

static void
asena_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_text_pump_opened (&self->pump, now_us);
  forget_alarm (self);
  self->ever_inf = self->knows_serial = self->told_refused = false;
  self->volume_ml = (double) NAN;
}

static void
asena_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  chs_text_pump_feed (state, &spec, bytes, n, now_us, sink);
}

/* A pump that tells who it is and not how it is wants to be controlled first. */
static void
follow_refusal (State *self, int64_t now_us, ChsSink *sink)
{
  if (self->told_refused || self->ever_inf || !self->knows_serial || now_us - self->serial_us < REFUSED_US)
    return;
  self->told_refused = true;
  chs_sink_device (sink, CHS_DEVICE_TEXT, CHS_PARAM_NONE, (double) NAN,
                   "pump identified, telemetry refused: it wants a remote-control session, which is never opened");
}

static void
asena_tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_text_pump_tick (&self->pump, &spec, now_us, sink);
  follow_refusal (self, now_us, sink);
}

/* A file of replies has no rounds. */
static void
asena_closing (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  ChsEvent event = { .type = CHS_EVENT_PUMP, .pump = self->pump.status };

  if (!self->pump.answered)
    return;
  memcpy (event.pump.model, self->pump.identity.model, sizeof event.pump.model);
  memcpy (event.pump.serial, self->pump.identity.serial, sizeof event.pump.serial);
  sink->event (sink, &event);
}

static const ChsCounters *
asena_counters (const void *state)
{
  return &((const State *) state)->pump.counters;
}

const ChsDriver chs_driver_alaris_asena = {
  .id = "alaris-asena",
  .label = N_ ("Alaris (IVAC) Asena syringe pump"),
  .kind = CHS_KIND_PUMP,
  .line = "38400/8n1",
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_RECORDING,
  .gives = "rate, volume, VTBI, time left, line pressure in mmHg, state, alarms",
  .source = "replies of a real pump kept in public programs (OpenICE); whether it answers without a control session is not known",
  .queries = queries,
  .n_queries = N_QUERIES,
  .silence_ms = 5000,
  .state_size = sizeof (State),
  .opened = asena_opened,
  .feed = asena_feed,
  .tick = asena_tick,
  .closing = asena_closing,
  .counters = asena_counters,
};

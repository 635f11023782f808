/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/driver.h"

#include "devices/intellivue-alerts.h"
#include "devices/intellivue-codec.h"
#include "devices/intellivue-numerics.h"
#include "devices/intellivue-waves.h"

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

/* ---- steps ---- */

typedef enum {
  STEP_CLOSED = 0,
  STEP_RELEASE,   /* a stale association of ours may be left from before */
  STEP_ASSOCIATE, /* asking every 2 s */
  STEP_CREATE,    /* accepted; the monitor introduces itself */
  STEP_RUNNING,
  STEP_REFUSED,   /* another client holds the association */
} Step;

static const char *const step_names[] = { "closed", "release", "associate", "wait for MDS create", "running", "refused" };

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
  uint16_t    sequence[2]; /* of numerics and waves, for loss */
  bool        has_sequence[2];
  uint64_t    lost_periods;
  ChsIvNumerics numerics;
  ChsIvWaves  waves;
  ChsIvAlerts alerts;
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
    self->numerics.has_clock = false;
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

/* ---- messages ---- */

/* Maker and model: two strings of one byte a character. */
static void
read_model (ChsBytes *value, char maker[32], char model[32])
{
  for (unsigned k = 0; k < 2; k++) {
    ChsBytes text = chs_bytes_sub (value, chs_bytes_u16be (value));
    char *out = k == 0 ? maker : model;
    size_t n = chs_bytes_left (&text) < 31 ? chs_bytes_left (&text) : 31;

    memcpy (out, text.p, n);
    while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '\0'))
      n--;
    out[n] = '\0';
  }
}

/* @id: (nullable): six bytes, that no other monitor has. */
static void
tell_identity (const char *maker, const char *model, const uint8_t *id, ChsSink *sink)
{
  char identity[96];
  int n = snprintf (identity, sizeof identity, "%s %s", maker[0] != '\0' ? maker : "Philips", model);

  if (id != NULL)
    snprintf (identity + n, sizeof identity - (size_t) n, " %02X%02X%02X%02X%02X%02X", id[0], id[1], id[2], id[3], id[4], id[5]);
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, identity);
}

static void
tell_demo (State *self, bool demo, ChsSink *sink)
{
  if (self->has_demo && demo == self->demo)
    return;
  self->has_demo = true;
  self->demo = demo;
  chs_sink_device (sink, CHS_DEVICE_DEMO, CHS_PARAM_NONE, demo ? 1.0 : 0.0, "");
}

/* What the monitor says of itself. */
static void
take_mds (State *self, const ChsIvMessage *m, ChsSink *sink)
{
  ChsBytes attributes = m->body;
  ChsIvAttribute a;
  char maker[32] = "", model[32] = "";
  const uint8_t *id = NULL;
  bool demo = false, has_mode = false;

  self->numerics.clock_ticks = m->rel_time;
  while (chs_iv_attribute_next (&attributes, &a)) {
    ChsBytes value = chs_bytes (a.value, a.n);

    if (a.id == CHS_IV_ATTR_MODEL)
      read_model (&value, maker, model);
    else if (a.id == CHS_IV_ATTR_SYSTEM_ID && a.n == 8)
      id = a.value + 2;
    else if (a.id == CHS_IV_ATTR_MODE && a.n >= 2) {
      has_mode = true;
      demo = (chs_bytes_u16be (&value) & CHS_IV_MODE_DEMO) != 0;
    } else if (a.id == CHS_IV_ATTR_DATE_TIME && a.n >= 8)
      self->numerics.has_clock = chs_iv_abs_time (a.value, &self->numerics.clock_us);
    else if (a.id == CHS_IV_ATTR_REL_TIME && a.n >= 4)
      self->numerics.clock_ticks = chs_bytes_u32be (&value);
  }
  tell_identity (maker, model, id, sink);
  if (has_mode)
    tell_demo (self, demo, sink);
}

static void
mds_create (State *self, const ChsIvMessage *m, int64_t now_us, ChsSink *sink)
{
  take_mds (self, m, sink);
  self->waves.n_waves = 0;
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
  ChsIvPoll poll;

  chs_iv_poll_init (&poll);
  if (m->polled_class == CHS_IV_CLASS_NUMERIC || m->polled_class == CHS_IV_CLASS_WAVE)
    count_lost (self, m);
  chs_iv_object_iter_init (&iter, m);
  while (chs_iv_object_next (&iter, &object))
    switch (m->polled_class) {
    case CHS_IV_CLASS_NUMERIC:
      chs_iv_numerics_object (&self->numerics, &poll, &object, &self->counters, sink);
      break;
    case CHS_IV_CLASS_WAVE:
      chs_iv_waves_object (&self->waves, &object, &self->counters, sink);
      break;
    case CHS_IV_CLASS_ALERT:
      if (m->polled_group == 0x0801 || m->polled_group == 0)
        chs_iv_alerts_object (&self->alerts, &object, sink);
      break;
    default: /* demographics and enumerations are not kept: nothing of a patient is stored unasked */
      break;
    }
  if (iter.list->bad)
    self->counters.unknown++;
  chs_iv_numerics_end (&self->numerics, &poll, m->rel_time, now_us, sink);
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
  chs_counters_follow (&self->counters, self->framer.frames_ok, self->framer.frames_bad, self->framer.bytes_skipped);
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

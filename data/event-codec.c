/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/event-codec.h"

#include "data/wave-codec.h"

#include <math.h>
#include <string.h>

/* Format: data/README.md, "Blocks". Invariants:
 *  - packing and unpacking make the same changes to ChsPackState (the note_* functions are shared);
 *  - all sums of times are made in uint64_t, where they may wrap: a hostile block must not reach undefined behaviour;
 *  - the writer asks for the bound before it begins, so it cannot run out of room half-way. */

#define N_ELEMENTS(a) (sizeof (a) / sizeof ((a)[0]))

/* First byte of a numeric. */
#define NUMERIC 0x80
#define NUMERIC_VALUE_SHIFT 3
#define NUMERIC_GAP 0x04
#define NUMERIC_TRACK 0x02  /* not the predicted track */
#define NUMERIC_STATUS 0x01 /* quality, flags or time of measurement differ from the track's last */

/* First byte of any other event: type in the low four bits. */
#define OTHER_ORIGIN 0x10 /* source and channel follow */
#define OTHER_TYPE 0x0F

/* Both have two bits of time. */
#define TIME_SHIFT 5
enum { TIME_SAME, TIME_DELTA, TIME_PREDICTED };

/* Type NONE: not an event, but a change of the ground that the next one stands on. */
#define SKIP_SEQ 0x00
#define SKIP_WALL 0x10

enum { VALUE_SAME, VALUE_STEPS, VALUE_DECIMALS, VALUE_DOUBLE };

enum { MEAS_NONE, MEAS_SAME, MEAS_DELTA };

#define TRACK_NEW 0xFF
#define MAX_DECIMALS 4
#define MAX_STEPS 9007199254740992.0 /* 2^53: whole numbers are exact up to here */
#define MAX_SEQ ((uint64_t) 1 << 62) /* SQLite's integers are signed */
#define VARINT_MAX 10
#define HEAD_BOUND (1 + 3 * VARINT_MAX)                /* version, seq, time, wall offset */
#define SKIP_BOUND (2 * (1 + VARINT_MAX))
#define NUMERIC_BOUND (1 + 2 * VARINT_MAX + 4 + 2 + VARINT_MAX + 1 + VARINT_MAX)
#define OTHER_BOUND (1 + VARINT_MAX + 2 + VARINT_MAX)  /* first byte, time, origin, mask of fields */
#define NUMBER_BOUND (VARINT_MAX + 8)

/* Enums are stored by number. Whoever puts a new member anywhere but at the end makes old recordings lie. */
_Static_assert (CHS_PARAM_NIBP_SYS == 5 && CHS_PARAM_TEMP2 == 21 && CHS_PARAM_CO2_WAVE == 32 && CHS_PARAM_OTHER_WAVE == 39,
                "parameters are stored by number: append only");
_Static_assert (CHS_LABEL_MG_RATE == 7 && CHS_LABEL_OCCLUSION == 17 && CHS_LABEL_NO_BASELINE == 35 && CHS_LABEL_SETTINGS_REFUSED == 56 && CHS_LABEL_CLOCK_NOT_SET == 61,
                "labels are stored by number: append only");
_Static_assert (CHS_EVENT_STATE == 13 && CHS_NURSE_ALARM_OFF == 21 && CHS_STATE_LIBRARY == 6 && CHS_STATE_CLOCK == 8 && CHS_DEVICE_BENCH == 11 && CHS_PUMP_REMOVED == 11,
                "events, actions, codes and states are stored by number: append only");

static const double powers[MAX_DECIMALS + 1] = { 1, 10, 100, 1000, 10000 };

/* ---- numbers as bytes ---- */

typedef struct {
  const uint8_t *p, *end;
  bool bad; /* sticky: something was not there or made no sense */
} Reader;

static uint64_t
zigzag (int64_t v)
{
  return ((uint64_t) v << 1) ^ (uint64_t) (v >> 63);
}

static int64_t
unzigzag (uint64_t v)
{
  return (int64_t) ((v >> 1) ^ (~(v & 1) + 1));
}

static int64_t
plus (int64_t a, int64_t b)
{
  return (int64_t) ((uint64_t) a + (uint64_t) b);
}

static int64_t
minus (int64_t a, int64_t b)
{
  return (int64_t) ((uint64_t) a - (uint64_t) b);
}

static uint8_t *
put_varint (uint8_t *p, uint64_t v)
{
  while (v >= 0x80) {
    *p++ = (uint8_t) (v | 0x80);
    v >>= 7;
  }
  *p++ = (uint8_t) v;
  return p;
}

static uint64_t
get_varint (Reader *r)
{
  uint64_t v = 0;

  for (unsigned shift = 0; shift < 64; shift += 7) {
    uint8_t byte;

    if (r->p >= r->end)
      break;
    byte = *r->p++;
    if (shift == 63 && byte > 1)
      break;
    v |= (uint64_t) (byte & 0x7F) << shift;
    if (byte < 0x80)
      return v;
  }
  r->bad = true;
  return 0;
}

static int64_t
get_zigzag (Reader *r)
{
  return unzigzag (get_varint (r));
}

static uint8_t
get_u8 (Reader *r)
{
  if (r->p < r->end)
    return *r->p++;
  r->bad = true;
  return 0;
}

static const uint8_t *
get_bytes (Reader *r, size_t n)
{
  const uint8_t *p = r->p;

  if ((size_t) (r->end - r->p) < n) {
    r->bad = true;
    return NULL;
  }
  r->p += n;
  return p;
}

static uint8_t *
put_double (uint8_t *p, double v)
{
  uint64_t bits;

  memcpy (&bits, &v, 8);
  for (unsigned i = 0; i < 8; i++)
    *p++ = (uint8_t) (bits >> (8 * i));
  return p;
}

static double
get_double (Reader *r)
{
  const uint8_t *p = get_bytes (r, 8);
  uint64_t bits = 0;
  double v;

  if (p == NULL)
    return NAN;
  for (unsigned i = 0; i < 8; i++)
    bits |= (uint64_t) p[i] << (8 * i);
  memcpy (&v, &bits, 8);
  return isnan (v) ? (double) NAN : v;
}

static uint8_t *
put_float (uint8_t *p, float v)
{
  uint32_t bits;

  memcpy (&bits, &v, 4);
  for (unsigned i = 0; i < 4; i++)
    *p++ = (uint8_t) (bits >> (8 * i));
  return p;
}

static float
get_float (Reader *r)
{
  const uint8_t *p = get_bytes (r, 4);
  uint32_t bits;
  float v;

  if (p == NULL)
    return NAN;
  bits = p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
  memcpy (&v, &bits, 4);
  return isnan (v) ? NAN : v;
}

static bool
same_double (double a, double b)
{
  return memcmp (&a, &b, sizeof a) == 0 || (isnan (a) && isnan (b));
}

/* Whether @v is exactly a whole number of 10^-decimals. */
static bool
steps_of (double v, unsigned decimals, int64_t *steps)
{
  double scaled = v * powers[decimals];

  if (!(fabs (scaled) < MAX_STEPS))
    return false;
  *steps = (int64_t) nearbyint (scaled);
  return same_double ((double) *steps / powers[decimals], v);
}

/* A lone number: a varint whose two low bits tell 0, 1 or 2 decimals, or 3 = special. */
#define NUMBER_SPECIAL 3u
#define NUMBER_DOUBLE 3u
#define NUMBER_NAN 7u

static uint8_t *
put_number (uint8_t *p, double v)
{
  int64_t steps;

  if (isnan (v))
    return put_varint (p, NUMBER_NAN);
  for (unsigned decimals = 0; decimals < NUMBER_SPECIAL; decimals++)
    if (steps_of (v, decimals, &steps))
      return put_varint (p, zigzag (steps) << 2 | decimals);
  return put_double (put_varint (p, NUMBER_DOUBLE), v);
}

static double
get_number (Reader *r)
{
  uint64_t v = get_varint (r);

  if ((v & 3) != NUMBER_SPECIAL)
    return (double) unzigzag (v >> 2) / powers[v & 3];
  if (v == NUMBER_DOUBLE)
    return get_double (r);
  if (v != NUMBER_NAN)
    r->bad = true;
  return NAN;
}

/* ---- the events that are plain structs: tables of fields ---- */

typedef enum {
  FIELD_U8,     /* @limit: largest value allowed */
  FIELD_I8,     /* -1 .. @limit */
  FIELD_I16,
  FIELD_U32,
  FIELD_I64,
  FIELD_TIME,   /* session time, CHS_TIME_NONE allowed */
  FIELD_NUMBER, /* double */
  FIELD_TEXT,   /* @limit: bytes of the array */
} FieldKind;

typedef struct {
  uint16_t    at; /* offset in ChsEvent */
  uint8_t     kind;
  uint8_t     limit;
  const char *name; /* of a text */
} Field;

#define FIELD(member, field_kind, limit) { offsetof (ChsEvent, member), FIELD_##field_kind, limit, NULL }
#define TEXT(member) { offsetof (ChsEvent, member), FIELD_TEXT, sizeof (((ChsEvent *) 0)->member), #member }

/* What changes most stands first: the mask of changed fields is then one byte. Order is part of the format. */
static const Field pump_fields[] = {
  FIELD (pump.volume_ml, NUMBER, 0), FIELD (pump.remaining_s, NUMBER, 0), FIELD (pump.rate_ml_h, NUMBER, 0),
  FIELD (pump.state, U8, CHS_N_PUMP_STATES - 1), FIELD (pump.pressure, NUMBER, 0), FIELD (pump.alarms, U32, 0),
  FIELD (pump.vtbi_ml, NUMBER, 0), FIELD (pump.battery_min, NUMBER, 0), FIELD (pump.on_mains, I8, 1),
  FIELD (pump.rate_kind, U8, CHS_RATE_KIND_PROGRAMMED), FIELD (pump.time_kind, U8, 1),
  FIELD (pump.pressure_unit, U8, CHS_N_UNITS - 1), TEXT (pump.text), TEXT (pump.drug), TEXT (pump.slot),
  TEXT (pump.model), TEXT (pump.serial),
};

static const Field link_fields[] = {
  FIELD (link.state, U8, CHS_LINK_FAILED), FIELD (link.kind, U8, UINT8_MAX), TEXT (link.name), TEXT (link.driver),
  TEXT (link.reason),
};

static const Field device_fields[] = {
  FIELD (device.code, U8, CHS_DEVICE_BENCH), FIELD (device.param, U8, CHS_N_PARAMS - 1),
  FIELD (device.priority, U8, CHS_PRIORITY_HIGH), FIELD (device.value, NUMBER, 0), TEXT (device.text),
};

static const Field nurse_fields[] = {
  FIELD (nurse.action, U8, CHS_NURSE_ALARM_OFF), FIELD (nurse.at_us, TIME, 0), FIELD (nurse.value, NUMBER, 0),
  TEXT (nurse.what), TEXT (nurse.who), TEXT (nurse.text),
};

static const Field setup_fields[] = { TEXT (setup.key), TEXT (setup.value) };

static const Field alarm_fields[] = {
  FIELD (alarm.action, U8, CHS_ALARM_SUSPEND), FIELD (alarm.label, U8, CHS_N_LABELS - 1),
  FIELD (alarm.priority, U8, CHS_PRIORITY_HIGH), FIELD (alarm.param, U8, CHS_N_PARAMS - 1),
  FIELD (alarm.demo, U8, 1), FIELD (alarm.cause_source, U8, UINT8_MAX), FIELD (alarm.cause_channel, U8, UINT8_MAX),
  FIELD (alarm.id, U32, 0), FIELD (alarm.onset_us, TIME, 0), FIELD (alarm.value, NUMBER, 0),
  FIELD (alarm.baseline, NUMBER, 0), FIELD (alarm.limit, NUMBER, 0), FIELD (alarm.cause_us, TIME, 0),
  FIELD (alarm.cause_from_ml_h, NUMBER, 0), FIELD (alarm.cause_to_ml_h, NUMBER, 0), TEXT (alarm.rule),
  TEXT (alarm.evidence), TEXT (alarm.missing), TEXT (alarm.also),
};

static const Field clock_fields[] = {
  FIELD (clock.code, U8, CHS_CLOCK_ZONE), FIELD (clock.utc_offset_min, I16, 0), FIELD (clock.step_us, I64, 0),
};

static const Field state_fields[] = {
  FIELD (state.code, U8, CHS_STATE_CLOCK), FIELD (state.value, NUMBER, 0), TEXT (state.text),
};

#define PAYLOAD(member, table) { table, N_ELEMENTS (table), offsetof (ChsEvent, member), sizeof (((ChsEvent *) 0)->member) }
#define PLAIN(member) { NULL, 0, offsetof (ChsEvent, member), sizeof (((ChsEvent *) 0)->member) }

/* One row for each type: its fields, where its struct lies. Types without fields have code of their own. */
static const struct {
  const Field *fields;
  size_t n_fields, at, size;
} payloads[CHS_N_EVENTS] = {
  [CHS_EVENT_NUMERIC] = PLAIN (numeric),
  [CHS_EVENT_WAVE] = PLAIN (wave),
  [CHS_EVENT_PUMP] = PAYLOAD (pump, pump_fields),
  [CHS_EVENT_LINK] = PAYLOAD (link, link_fields),
  [CHS_EVENT_DEVICE] = PAYLOAD (device, device_fields),
  [CHS_EVENT_NURSE] = PAYLOAD (nurse, nurse_fields),
  [CHS_EVENT_SETUP] = PAYLOAD (setup, setup_fields),
  [CHS_EVENT_CONFIG] = PLAIN (config),
  [CHS_EVENT_ALARM] = PAYLOAD (alarm, alarm_fields),
  [CHS_EVENT_TICK] = { NULL, 0, offsetof (ChsEvent, numeric), 0 },
  [CHS_EVENT_CLOCK] = PAYLOAD (clock, clock_fields),
  [CHS_EVENT_RAW] = PLAIN (raw),
  [CHS_EVENT_STATE] = PAYLOAD (state, state_fields),
};

const char *
chs_event_text (ChsEventType type, unsigned i, size_t *at, size_t *size)
{
  for (size_t k = 0; (unsigned) type < CHS_N_EVENTS && k < payloads[type].n_fields; k++)
    if (payloads[type].fields[k].kind == FIELD_TEXT && i-- == 0) {
      *at = payloads[type].fields[k].at;
      *size = payloads[type].fields[k].limit;
      return payloads[type].fields[k].name;
    }
  return NULL;
}

static size_t
field_bound (const Field *field)
{
  return field->kind == FIELD_TEXT ? field->limit : field->kind == FIELD_NUMBER ? NUMBER_BOUND : VARINT_MAX;
}

static bool
field_is_same (const Field *field, const void *a, const void *b)
{
  switch ((FieldKind) field->kind) {
  case FIELD_U8:
  case FIELD_I8:
    return *(const uint8_t *) a == *(const uint8_t *) b;
  case FIELD_I16:
    return memcmp (a, b, 2) == 0;
  case FIELD_U32:
    return memcmp (a, b, 4) == 0;
  case FIELD_I64:
  case FIELD_TIME:
    return memcmp (a, b, 8) == 0;
  case FIELD_NUMBER:
    return same_double (*(const double *) a, *(const double *) b);
  case FIELD_TEXT:
    return strncmp (a, b, field->limit) == 0;
  }
  return false;
}

static bool
field_is_allowed (const Field *field, const void *value)
{
  if (field->kind == FIELD_U8)
    return *(const uint8_t *) value <= field->limit;
  if (field->kind == FIELD_I8)
    return *(const int8_t *) value >= -1 && *(const int8_t *) value <= field->limit;
  return true;
}

/* A time costs little when it is near the event's own; 0 means not known. */
static uint8_t *
put_time (uint8_t *p, int64_t t_us, int64_t base_us)
{
  return put_varint (p, t_us == CHS_TIME_NONE ? 0 : zigzag (minus (t_us, base_us)) + 1);
}

static int64_t
get_time (Reader *r, int64_t base_us)
{
  uint64_t v = get_varint (r);

  return v == 0 ? CHS_TIME_NONE : plus (base_us, unzigzag (v - 1));
}

static uint8_t *
put_text (uint8_t *p, const char *text, size_t size)
{
  size_t n = strnlen (text, size - 1);

  *p++ = (uint8_t) n;
  memcpy (p, text, n);
  return p + n;
}

static void
get_text (Reader *r, char *text, size_t size)
{
  size_t n = get_u8 (r);
  const uint8_t *p = get_bytes (r, n);
  char buf[UINT8_MAX + 1];

  if (p == NULL || n >= size) {
    r->bad = true;
    return;
  }
  memcpy (buf, p, n);
  buf[n] = '\0';
  chs_text_copy (text, size, buf);
}

static uint8_t *
put_field (uint8_t *p, const Field *field, const void *value, int64_t t_us)
{
  switch ((FieldKind) field->kind) {
  case FIELD_U8:
  case FIELD_I8:
    *p++ = *(const uint8_t *) value;
    return p;
  case FIELD_I16:
    return put_varint (p, zigzag (*(const int16_t *) value));
  case FIELD_U32:
    return put_varint (p, *(const uint32_t *) value);
  case FIELD_I64:
    return put_varint (p, zigzag (*(const int64_t *) value));
  case FIELD_TIME:
    return put_time (p, *(const int64_t *) value, t_us);
  case FIELD_NUMBER:
    return put_number (p, *(const double *) value);
  case FIELD_TEXT:
    return put_text (p, value, field->limit);
  }
  return p;
}

static void
get_field (Reader *r, const Field *field, void *value, int64_t t_us)
{
  int64_t v;

  switch ((FieldKind) field->kind) {
  case FIELD_U8:
  case FIELD_I8:
    *(uint8_t *) value = get_u8 (r);
    break;
  case FIELD_I16:
    v = get_zigzag (r);
    r->bad |= v < INT16_MIN || v > INT16_MAX;
    *(int16_t *) value = (int16_t) v;
    break;
  case FIELD_U32:
    v = (int64_t) get_varint (r);
    r->bad |= v < 0 || v > UINT32_MAX;
    *(uint32_t *) value = (uint32_t) v;
    break;
  case FIELD_I64:
    *(int64_t *) value = get_zigzag (r);
    break;
  case FIELD_TIME:
    *(int64_t *) value = get_time (r, t_us);
    break;
  case FIELD_NUMBER:
    *(double *) value = get_number (r);
    break;
  case FIELD_TEXT:
    get_text (r, value, field->limit);
    break;
  }
  r->bad |= !field_is_allowed (field, value);
}

/* Writes the fields that differ from @before (NULL: from all zero). */
static uint8_t *
put_fields (uint8_t *p, const ChsEvent *event, const void *before)
{
  static const ChsEvent zero;
  const Field *fields = payloads[event->type].fields;
  size_t at = payloads[event->type].at;
  const char *now = (const char *) event;
  const char *then = before != NULL ? before : (const char *) &zero + at;
  uint32_t mask = 0;

  for (unsigned i = 0; i < payloads[event->type].n_fields; i++)
    if (!field_is_same (&fields[i], now + fields[i].at, then + (fields[i].at - at)))
      mask |= 1u << i;
  p = put_varint (p, mask);
  for (unsigned i = 0; i < payloads[event->type].n_fields; i++)
    if (mask & 1u << i)
      p = put_field (p, &fields[i], now + fields[i].at, event->t_us);
  return p;
}

static void
get_fields (Reader *r, ChsEvent *event, const void *before)
{
  const Field *fields = payloads[event->type].fields;
  size_t n = payloads[event->type].n_fields;
  char *now = (char *) event;
  uint64_t mask = get_varint (r);

  if (before != NULL)
    memcpy (now + payloads[event->type].at, before, payloads[event->type].size);
  else
    memset (now + payloads[event->type].at, 0, payloads[event->type].size);
  r->bad |= mask >> n != 0;
  for (unsigned i = 0; i < n && !r->bad; i++)
    if (mask & (uint64_t) 1 << i)
      get_field (r, &fields[i], now + fields[i].at, event->t_us);
}

/* ---- the ground that events stand on: seq, time, wall ---- */

static uint8_t *
put_ground (ChsPackState *state, const ChsEvent *event, uint8_t *p)
{
  int64_t offset = minus (event->wall_us, event->t_us);

  if (!state->started) {
    *p++ = CHS_BLOCK_VERSION;
    p = put_varint (p, event->seq);
    p = put_varint (p, zigzag (event->t_us));
    p = put_varint (p, zigzag (offset));
    state->seq = event->seq - 1;
    state->t_us = event->t_us;
    state->started = true;
  } else if (offset != state->offset) {
    *p++ = SKIP_WALL;
    p = put_varint (p, zigzag (minus (offset, state->offset)));
  }
  state->offset = offset;
  return p;
}

static void
get_start (ChsPackState *state, Reader *r)
{
  r->bad |= get_u8 (r) != CHS_BLOCK_VERSION;
  state->seq = get_varint (r) - 1;
  state->t_us = get_zigzag (r);
  state->offset = get_zigzag (r);
  state->started = true;
  r->bad |= state->seq >= MAX_SEQ || r->p >= r->end;
}

static uint64_t
get_gap (ChsPackState *state, Reader *r)
{
  uint64_t gap = get_varint (r);

  r->bad |= gap > MAX_SEQ || state->seq + gap > MAX_SEQ;
  return r->bad ? 0 : gap;
}

/* Chooses the shorter of the two ways of telling the time; @predicted_us is where this kind was expected. */
static uint8_t
pick_time (const ChsPackState *state, int64_t t_us, int64_t predicted_us, uint64_t *code)
{
  uint64_t from_last = zigzag (minus (t_us, state->t_us)), from_prediction = zigzag (minus (t_us, predicted_us));

  if (from_last == 0)
    return TIME_SAME;
  *code = from_last < from_prediction ? from_last : from_prediction;
  return from_last < from_prediction ? TIME_DELTA : TIME_PREDICTED;
}

static int64_t
get_event_time (const ChsPackState *state, Reader *r, unsigned how, int64_t predicted_us)
{
  if (how == TIME_SAME)
    return state->t_us;
  if (how == TIME_DELTA)
    return plus (state->t_us, get_zigzag (r));
  r->bad |= how != TIME_PREDICTED;
  return plus (predicted_us, get_zigzag (r));
}

static void
note_ground (ChsPackState *state, const ChsEvent *event)
{
  state->seq = event->seq;
  state->t_us = event->t_us;
}

/* ---- numerics ---- */

static bool
is_track (const ChsPackTrack *track, const ChsEvent *event)
{
  return track->param == event->numeric.param && track->source == event->source && track->channel == event->channel;
}

static unsigned
find_track (const ChsPackState *state, const ChsEvent *event)
{
  for (unsigned i = 0; i < state->n_tracks; i++)
    if (is_track (&state->track[i], event))
      return i;
  return TRACK_NEW;
}

static unsigned
new_track (ChsPackState *state, uint8_t source, uint8_t channel, uint8_t param)
{
  unsigned i = state->n_tracks;

  if (state->n_tracks < CHS_PACK_TRACKS)
    state->n_tracks++;
  else {
    i = state->next_track;
    state->next_track = (uint8_t) ((i + 1) % CHS_PACK_TRACKS);
  }
  state->track[i] = (ChsPackTrack) { .source = source, .channel = channel, .param = param };
  return i;
}

static void
note_numeric (ChsPackState *state, unsigned i, const ChsEvent *event)
{
  ChsPackTrack *track = &state->track[i];

  track->interval_us = track->t_us != 0 ? minus (event->t_us, track->t_us) : 0;
  track->t_us = event->t_us;
  track->value = event->numeric.value;
  track->quality = event->numeric.quality;
  track->flags = event->numeric.flags;
  track->time_mark = event->numeric.time_mark;
  state->track[state->last_track].next = (uint8_t) i;
  state->last_track = (uint8_t) i;
  note_ground (state, event);
}

static uint8_t *
put_value (uint8_t *p, ChsPackTrack *track, double value, uint8_t *how)
{
  int64_t steps;

  *how = VALUE_SAME;
  if (same_double (value, track->value))
    return p;
  *how = VALUE_STEPS;
  if (track->decimal && steps_of (value, track->decimals, &steps)) {
    p = put_varint (p, zigzag (steps - track->steps));
    track->steps = steps;
    return p;
  }
  for (uint8_t decimals = 0; decimals <= MAX_DECIMALS; decimals++)
    if (steps_of (value, decimals, &steps)) {
      *how = VALUE_DECIMALS;
      *p++ = decimals;
      track->decimal = true;
      track->decimals = decimals;
      track->steps = steps;
      return put_varint (p, zigzag (steps));
    }
  *how = VALUE_DOUBLE;
  return put_double (p, value);
}

static double
get_value (Reader *r, ChsPackTrack *track, unsigned how)
{
  if (how == VALUE_SAME)
    return track->value;
  if (how == VALUE_DOUBLE)
    return get_double (r);
  if (how == VALUE_DECIMALS) {
    track->decimals = get_u8 (r);
    track->decimal = true;
    track->steps = get_zigzag (r);
  } else
    track->steps = plus (track->steps, get_zigzag (r));
  if (!track->decimal || track->decimals > MAX_DECIMALS) {
    r->bad = true;
    return NAN;
  }
  return (double) track->steps / powers[track->decimals];
}

static bool
is_status_same (const ChsPackTrack *track, const ChsNumeric *numeric)
{
  return track->quality == numeric->quality && track->flags == numeric->flags && track->time_mark == numeric->time_mark
         && numeric->meas_us == CHS_TIME_NONE;
}

static uint8_t *
put_status (ChsPackState *state, uint8_t *p, const ChsEvent *event)
{
  const ChsNumeric *numeric = &event->numeric;
  unsigned meas = numeric->meas_us == CHS_TIME_NONE    ? MEAS_NONE
                  : numeric->meas_us == state->meas_us ? MEAS_SAME
                                                       : MEAS_DELTA;

  *p++ = (uint8_t) (numeric->quality | numeric->time_mark << 2 | meas << 4);
  *p++ = numeric->flags;
  if (meas == MEAS_DELTA)
    p = put_varint (p, zigzag (minus (numeric->meas_us, event->t_us)));
  if (meas != MEAS_NONE)
    state->meas_us = numeric->meas_us;
  return p;
}

static void
get_status (ChsPackState *state, Reader *r, ChsEvent *event)
{
  uint8_t bits = get_u8 (r);
  unsigned meas = bits >> 4;

  event->numeric.quality = bits & 3;
  event->numeric.time_mark = (bits >> 2) & 3;
  event->numeric.flags = get_u8 (r);
  event->numeric.meas_us = meas == MEAS_NONE ? CHS_TIME_NONE : state->meas_us;
  if (meas == MEAS_DELTA)
    event->numeric.meas_us = plus (event->t_us, get_zigzag (r));
  if (meas != MEAS_NONE)
    state->meas_us = event->numeric.meas_us;
  r->bad |= meas > MEAS_DELTA;
}

static uint8_t *
put_numeric (ChsPackState *state, const ChsEvent *event, uint8_t *p)
{
  uint8_t *tag = p++, how_value, how_time;
  unsigned i = state->track[state->last_track].next;
  uint64_t code = 0, gap = event->seq - state->seq - 1;
  ChsPackTrack *track;

  *tag = NUMERIC;
  if (gap > 0) {
    *tag |= NUMERIC_GAP;
    p = put_varint (p, gap);
  }
  if (state->n_tracks == 0 || !is_track (&state->track[i], event)) {
    *tag |= NUMERIC_TRACK;
    i = find_track (state, event);
    *p++ = (uint8_t) i;
    if (i == TRACK_NEW) {
      i = new_track (state, event->source, event->channel, event->numeric.param);
      *p++ = event->source;
      *p++ = event->channel;
      *p++ = event->numeric.param;
    }
  }
  track = &state->track[i];
  how_time = pick_time (state, event->t_us, plus (track->t_us, track->interval_us), &code);
  if (how_time != TIME_SAME)
    p = put_varint (p, code);
  if (!is_status_same (track, &event->numeric)) {
    *tag |= NUMERIC_STATUS;
    p = put_status (state, p, event);
  }
  p = put_value (p, track, event->numeric.value, &how_value);
  *tag |= (uint8_t) (how_time << TIME_SHIFT | how_value << NUMERIC_VALUE_SHIFT);
  note_numeric (state, i, event);
  return p;
}

static void
get_numeric (ChsPackState *state, Reader *r, uint8_t tag, ChsEvent *event)
{
  unsigned i = state->track[state->last_track].next;
  ChsPackTrack *track;

  event->type = CHS_EVENT_NUMERIC;
  event->seq = state->seq + 1;
  if (tag & NUMERIC_GAP)
    event->seq += get_gap (state, r);
  if (tag & NUMERIC_TRACK) {
    i = get_u8 (r);
    if (i == TRACK_NEW) {
      const uint8_t *key = get_bytes (r, 3);

      if (key == NULL || key[2] >= CHS_N_PARAMS) {
        r->bad = true;
        return;
      }
      i = new_track (state, key[0], key[1], key[2]);
    }
  }
  if (i >= state->n_tracks) {
    r->bad = true;
    return;
  }
  track = &state->track[i];
  event->source = track->source;
  event->channel = track->channel;
  event->numeric.param = track->param;
  event->t_us = get_event_time (state, r, (tag >> TIME_SHIFT) & 3, plus (track->t_us, track->interval_us));
  event->wall_us = plus (event->t_us, state->offset);
  if (tag & NUMERIC_STATUS)
    get_status (state, r, event);
  else {
    event->numeric.quality = track->quality;
    event->numeric.flags = track->flags;
    event->numeric.time_mark = track->time_mark;
    event->numeric.meas_us = CHS_TIME_NONE;
  }
  event->numeric.value = get_value (r, track, (tag >> NUMERIC_VALUE_SHIFT) & 3);
  note_numeric (state, i, event);
}

/* ---- waves, raw bytes, texts ---- */

static uint8_t *
put_wave (uint8_t *p, const ChsWave *wave)
{
  *p++ = wave->param;
  *p++ = wave->flags;
  p = put_varint (p, wave->n);
  p = put_float (p, wave->rate_hz);
  p = put_float (p, wave->scale);
  p = put_float (p, wave->offset);
  return chs_wave_codec_put (p, wave->samples, wave->n);
}

static void
get_wave (Reader *r, ChsWave *wave, int16_t *samples, size_t n_samples)
{
  const uint8_t *behind;
  uint64_t n;

  wave->param = get_u8 (r);
  wave->flags = get_u8 (r);
  n = get_varint (r);
  wave->rate_hz = get_float (r);
  wave->scale = get_float (r);
  wave->offset = get_float (r);
  wave->samples = samples;
  r->bad |= wave->param >= CHS_N_PARAMS || n > n_samples || n > CHS_WAVE_MAX;
  wave->n = r->bad ? 0 : (uint16_t) n;
  behind = r->bad ? NULL : chs_wave_codec_get (r->p, r->end, samples, wave->n);
  if (behind != NULL)
    r->p = behind;
  else
    r->bad = true;
}

static uint8_t *
put_raw (uint8_t *p, const ChsRaw *raw)
{
  *p++ = raw->from_host;
  p = put_varint (p, raw->n);
  if (raw->n > 0)
    memcpy (p, raw->bytes, raw->n);
  return p + raw->n;
}

static uint32_t
get_length (Reader *r)
{
  uint64_t n = get_varint (r);

  r->bad |= n > CHS_BYTES_MAX || n > (size_t) (r->end - r->p);
  return r->bad ? 0 : (uint32_t) n;
}

static void
get_raw (Reader *r, ChsRaw *raw)
{
  raw->from_host = get_u8 (r);
  raw->n = get_length (r);
  raw->bytes = get_bytes (r, raw->n);
  r->bad |= raw->from_host > 1;
}

static uint8_t *
put_config (uint8_t *p, const ChsConfigText *config)
{
  p = put_text (p, config->name, sizeof config->name);
  p = put_varint (p, config->n);
  if (config->n > 0)
    memcpy (p, config->text, config->n);
  return p + config->n;
}

static void
get_config (Reader *r, ChsConfigText *config)
{
  memset (config->name, 0, sizeof config->name);
  get_text (r, config->name, sizeof config->name);
  config->n = get_length (r);
  config->text = (const char *) get_bytes (r, config->n);
}

/* ---- every event but numerics ---- */

static ChsPumpStatus *
find_pump (ChsPackState *state, const ChsEvent *event)
{
  uint16_t key = (uint16_t) (event->source << 8 | event->channel);
  unsigned i;

  for (i = 0; i < state->n_pumps; i++)
    if (state->pump_key[i] == key)
      return &state->pump[i];
  if (state->n_pumps < CHS_PACK_PUMPS)
    state->n_pumps++;
  else {
    i = state->next_pump;
    state->next_pump = (uint8_t) ((i + 1) % CHS_PACK_PUMPS);
  }
  state->pump_key[i] = key;
  state->pump[i] = (ChsPumpStatus) { 0 };
  return &state->pump[i];
}

static void
note_other (ChsPackState *state, const ChsEvent *event)
{
  int64_t last = state->type[event->type].t_us;

  state->type[event->type].interval_us = last != 0 ? minus (event->t_us, last) : 0;
  state->type[event->type].t_us = event->t_us;
  state->type[event->type].source = event->source;
  state->type[event->type].channel = event->channel;
  note_ground (state, event);
}

static int64_t
predict_other (const ChsPackState *state, unsigned type)
{
  return plus (state->type[type].t_us, state->type[type].interval_us);
}

static uint8_t *
put_payload (ChsPackState *state, const ChsEvent *event, uint8_t *p)
{
  ChsPumpStatus *pump;

  switch ((ChsEventType) event->type) {
  case CHS_EVENT_WAVE:
    return put_wave (p, &event->wave);
  case CHS_EVENT_RAW:
    return put_raw (p, &event->raw);
  case CHS_EVENT_CONFIG:
    return put_config (p, &event->config);
  case CHS_EVENT_PUMP:
    pump = find_pump (state, event);
    p = put_fields (p, event, pump);
    *pump = event->pump;
    return p;
  case CHS_EVENT_LINK:
  case CHS_EVENT_DEVICE:
  case CHS_EVENT_NURSE:
  case CHS_EVENT_SETUP:
  case CHS_EVENT_ALARM:
  case CHS_EVENT_CLOCK:
  case CHS_EVENT_STATE:
    return put_fields (p, event, NULL);
  case CHS_EVENT_NONE:
  case CHS_EVENT_NUMERIC:
  case CHS_EVENT_TICK:
  case CHS_N_EVENTS:
    break;
  }
  return p;
}

static void
get_payload (ChsPackState *state, Reader *r, ChsEvent *event, int16_t *samples, size_t n_samples)
{
  ChsPumpStatus *pump;

  switch ((ChsEventType) event->type) {
  case CHS_EVENT_WAVE:
    get_wave (r, &event->wave, samples, n_samples);
    break;
  case CHS_EVENT_RAW:
    get_raw (r, &event->raw);
    break;
  case CHS_EVENT_CONFIG:
    get_config (r, &event->config);
    break;
  case CHS_EVENT_PUMP:
    pump = find_pump (state, event);
    get_fields (r, event, pump);
    *pump = event->pump;
    break;
  case CHS_EVENT_LINK:
  case CHS_EVENT_DEVICE:
  case CHS_EVENT_NURSE:
  case CHS_EVENT_SETUP:
  case CHS_EVENT_ALARM:
  case CHS_EVENT_CLOCK:
  case CHS_EVENT_STATE:
    get_fields (r, event, NULL);
    break;
  case CHS_EVENT_TICK:
    break;
  case CHS_EVENT_NONE:
  case CHS_EVENT_NUMERIC:
  case CHS_N_EVENTS:
    r->bad = true;
    break;
  }
}

static uint8_t *
put_other (ChsPackState *state, const ChsEvent *event, uint8_t *p)
{
  uint64_t code = 0, gap = event->seq - state->seq - 1;
  uint8_t how;
  bool moved = event->source != state->type[event->type].source || event->channel != state->type[event->type].channel;

  if (gap > 0) {
    *p++ = SKIP_SEQ;
    p = put_varint (p, gap);
  }
  how = pick_time (state, event->t_us, predict_other (state, event->type), &code);
  *p++ = (uint8_t) (event->type | how << TIME_SHIFT | (moved ? OTHER_ORIGIN : 0));
  if (how != TIME_SAME)
    p = put_varint (p, code);
  if (moved) {
    *p++ = event->source;
    *p++ = event->channel;
  }
  p = put_payload (state, event, p);
  note_other (state, event);
  return p;
}

static void
get_other (ChsPackState *state, Reader *r, uint8_t tag, ChsEvent *event, int16_t *samples, size_t n_samples)
{
  unsigned type = tag & OTHER_TYPE;

  if (type >= CHS_N_EVENTS) {
    r->bad = true;
    return;
  }
  event->type = (uint8_t) type;
  event->seq = state->seq + 1;
  event->t_us = get_event_time (state, r, tag >> TIME_SHIFT, predict_other (state, type));
  event->wall_us = plus (event->t_us, state->offset);
  event->source = tag & OTHER_ORIGIN ? get_u8 (r) : state->type[type].source;
  event->channel = tag & OTHER_ORIGIN ? get_u8 (r) : state->type[type].channel;
  get_payload (state, r, event, samples, n_samples);
  if (!r->bad)
    note_other (state, event);
}

/* ---- the two ways in ---- */

static bool
is_packable (const ChsPackState *state, const ChsEvent *event)
{
  if (event->type <= CHS_EVENT_NONE || event->type >= CHS_N_EVENTS || event->seq == 0 || event->seq > MAX_SEQ
      || (state->started && event->seq <= state->seq))
    return false;
  if (event->type == CHS_EVENT_NUMERIC)
    return event->numeric.param < CHS_N_PARAMS && event->numeric.quality <= CHS_QUALITY_ABSENT
           && event->numeric.time_mark <= CHS_TIME_MARK_UNKNOWN;
  if (event->type == CHS_EVENT_WAVE)
    return event->wave.param < CHS_N_PARAMS && event->wave.n <= CHS_WAVE_MAX;
  if (event->type == CHS_EVENT_RAW)
    return event->raw.n <= CHS_BYTES_MAX && event->raw.from_host <= 1;
  if (event->type == CHS_EVENT_CONFIG)
    return event->config.n <= CHS_BYTES_MAX;
  for (unsigned i = 0; i < payloads[event->type].n_fields; i++)
    if (!field_is_allowed (&payloads[event->type].fields[i],
                           (const char *) event + payloads[event->type].fields[i].at))
      return false;
  return true;
}

size_t
chs_event_pack (ChsPackState *state, const ChsEvent *event, uint8_t *buf, size_t size)
{
  uint8_t *p = buf;

  if (!is_packable (state, event) || size < chs_event_pack_bound (event))
    return 0;
  p = put_ground (state, event, p);
  p = event->type == CHS_EVENT_NUMERIC ? put_numeric (state, event, p) : put_other (state, event, p);
  return (size_t) (p - buf);
}

size_t
chs_event_pack_bound (const ChsEvent *event)
{
  size_t bound = HEAD_BOUND + SKIP_BOUND;

  if (event->type >= CHS_N_EVENTS)
    return bound;
  if (event->type == CHS_EVENT_NUMERIC)
    return bound + NUMERIC_BOUND;
  bound += OTHER_BOUND;
  if (event->type == CHS_EVENT_WAVE)
    return bound + 2 + VARINT_MAX + 12 + chs_wave_codec_bound (event->wave.n);
  if (event->type == CHS_EVENT_RAW)
    return bound + 1 + VARINT_MAX + event->raw.n;
  if (event->type == CHS_EVENT_CONFIG)
    return bound + sizeof event->config.name + VARINT_MAX + event->config.n;
  for (unsigned i = 0; i < payloads[event->type].n_fields; i++)
    bound += field_bound (&payloads[event->type].fields[i]);
  return bound;
}

size_t
chs_event_size (const ChsEvent *event)
{
  return event->type < CHS_N_EVENTS && payloads[event->type].at != 0
           ? payloads[event->type].at + payloads[event->type].size
           : offsetof (ChsEvent, numeric);
}

const void *
chs_event_borrowed (const ChsEvent *event, size_t *n)
{
  *n = event->type == CHS_EVENT_WAVE     ? event->wave.n * sizeof (int16_t)
       : event->type == CHS_EVENT_RAW    ? event->raw.n
       : event->type == CHS_EVENT_CONFIG ? event->config.n
                                         : 0;
  return event->type == CHS_EVENT_WAVE     ? (const void *) event->wave.samples
         : event->type == CHS_EVENT_RAW    ? (const void *) event->raw.bytes
         : event->type == CHS_EVENT_CONFIG ? (const void *) event->config.text
                                           : NULL;
}

void
chs_event_set_borrowed (ChsEvent *event, const void *bytes)
{
  if (event->type == CHS_EVENT_WAVE)
    event->wave.samples = bytes;
  else if (event->type == CHS_EVENT_RAW)
    event->raw.bytes = bytes;
  else if (event->type == CHS_EVENT_CONFIG)
    event->config.text = bytes;
}

ChsUnpack
chs_event_unpack (ChsPackState   *state,
                  const uint8_t **bytes,
                  const uint8_t  *end,
                  ChsEvent       *event,
                  int16_t        *samples,
                  size_t          n_samples)
{
  Reader r = { *bytes, end, false };

  if (r.p >= end)
    return CHS_UNPACK_END;
  if (!state->started)
    get_start (state, &r);
  while (r.p < end && !r.bad) {
    uint8_t tag = *r.p++;

    if (tag == SKIP_SEQ)
      state->seq += get_gap (state, &r);
    else if (tag == SKIP_WALL)
      state->offset = plus (state->offset, get_zigzag (&r));
    else {
      r.bad |= state->seq >= MAX_SEQ; /* its number would be one that cannot be written */
      if (tag & NUMERIC)
        get_numeric (state, &r, tag, event);
      else
        get_other (state, &r, tag, event, samples, n_samples);
      break;
    }
    r.bad |= r.p >= end;
  }
  if (r.bad)
    return CHS_UNPACK_BAD;
  *bytes = r.p;
  return CHS_UNPACK_EVENT;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/text-pump.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_(s) (s)

/* New Era NE-1000, WPI Aladdin: laboratory pumps; shared/protocols/new-era-ne1000.md.
 *
 * Basic mode, address 0. Answers do not say what they answer. Reading acknowledges an alarm at the pump (section 4), so
 * an alarm is kept here until the pump runs again or says that it is paused or stopped without one, twice. */

enum { QUERY_VERSION, QUERY_RATE, QUERY_VOLUME, QUERY_DISPENSED, N_QUERIES };

#define EXACT(s) { { CHS_PART_BYTES, s, sizeof s - 1, 0 } }
#define ALARM_ROUNDS 10 /* an alarm that polling has cleared at the pump is shown so long; 10 rounds = 10 s */

static const ChsQuery queries[N_QUERIES] = {
  [QUERY_VERSION] = { "VER", "reads model and version; section 4", EXACT ("VER\r") },
  [QUERY_RATE] = { "RAT", "reads the rate; no argument, so nothing is set; section 4", EXACT ("RAT\r") },
  [QUERY_VOLUME] = { "VOL", "reads the volume to be dispensed; no argument; section 4", EXACT ("VOL\r") },
  [QUERY_DISPENSED] = { "DIS", "reads the volume dispensed; section 4", EXACT ("DIS\r") },
};

static const struct {
  char    letter;
  uint8_t state;
} states[] = {
  { 'I', CHS_PUMP_INFUSING }, { 'W', CHS_PUMP_READY /* withdrawing gives the patient nothing */ },
  { 'S', CHS_PUMP_READY },    { 'P', CHS_PUMP_PAUSED },
  { 'T', CHS_PUMP_PAUSED },   { 'U', CHS_PUMP_PAUSED },
  { 'X', CHS_PUMP_PRIMING },
};

static const struct {
  char        letter;
  uint32_t    alarms;
  const char *words;
} alarms[] = {
  { 'R', CHS_PUMP_ALARM_OTHER, "power was interrupted" }, { 'S', CHS_PUMP_ALARM_OCCLUSION, "motor stalled" },
  { 'T', CHS_PUMP_ALARM_COMMUNICATION, "safe mode time-out" }, { 'E', CHS_PUMP_ALARM_FAULT, "program error" },
  { 'O', CHS_PUMP_ALARM_FAULT, "phase out of range" },
};

static const struct {
  const char *unit;
  double      ml_h;
} rate_units[] = { { "UM", 0.06 }, { "MM", 60.0 }, { "UH", 0.001 }, { "MH", 1.0 } };

typedef struct {
  ChsTextPump pump;
  unsigned    alarm; /* 1 + row of alarms that is kept, 0 = none */
  unsigned    rounds_left;
} State;

static bool
check (const uint8_t *frame, size_t n)
{
  return n >= 5 && frame[1] >= '0' && frame[1] <= '9' && frame[2] >= '0' && frame[2] <= '9';
}

/* A number with its unit behind it: "12.50MH", "0.000ML". */
static bool
quantity (const char *text, size_t n, double *value, char unit[3])
{
  if (n < 3 || !chs_ascii_number (text, n - 2, value))
    return false;
  memcpy (unit, text + n - 2, 2);
  unit[2] = '\0';
  return true;
}

static bool
volume (const char *text, size_t n, const char *unit, double *ml)
{
  return chs_ascii_number (text, n, ml) && (strcmp (unit, "ML") == 0 || strcmp (unit, "UL") == 0)
         && ((*ml *= unit[0] == 'U' ? 0.001 : 1.0), true);
}

static bool
take_rate (ChsPumpStatus *status, const char *text, size_t n)
{
  char unit[3];
  double value;

  if (!quantity (text, n, &value, unit))
    return false;
  for (unsigned i = 0; i < sizeof rate_units / sizeof rate_units[0]; i++)
    if (strcmp (unit, rate_units[i].unit) == 0) {
      status->rate_ml_h = value * rate_units[i].ml_h;
      status->rate_kind = CHS_RATE_KIND_PROGRAMMED;
      return true;
    }
  return false;
}

/* "I<infused>W<withdrawn>" and the unit. */
static bool
take_dispensed (ChsPumpStatus *status, const char *text, size_t n)
{
  const char *w = memchr (text, 'W', n);
  char unit[3];
  double withdrawn;

  return n > 5 && text[0] == 'I' && w != NULL && quantity (w + 1, (size_t) (text + n - w - 1), &withdrawn, unit)
         && volume (text + 1, (size_t) (w - text - 1), unit, &status->volume_ml);
}

static bool
take_vtbi (ChsPumpStatus *status, const char *text, size_t n)
{
  char unit[3];
  double value;

  if (!quantity (text, n, &value, unit) || !volume (text, n - 2, unit, &value))
    return false;
  status->vtbi_ml = value > 0.0 ? value : (double) NAN; /* 0: goes on until it is stopped */
  return true;
}

static bool
take_version (ChsTextPump *pump, const char *text, size_t n, ChsSink *sink)
{
  char words[24];

  if (n < 4 || memcmp (text, "NE", 2) != 0)
    return false;
  snprintf (words, sizeof words, "%.*s", (int) n, text);
  chs_text_copy (pump->identity.model, sizeof pump->identity.model, words);
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, words);
  return true;
}

static void
take_alarm (State *self, char letter)
{
  for (unsigned i = 0; i < sizeof alarms / sizeof alarms[0]; i++)
    if (alarms[i].letter == letter)
      self->alarm = i + 1;
  self->rounds_left = ALARM_ROUNDS;
}

static void
show_alarm (State *self)
{
  if (self->alarm == 0)
    return;
  self->pump.status.state = CHS_PUMP_ALARM;
  self->pump.status.alarms = alarms[self->alarm - 1].alarms;
  chs_text_copy (self->pump.status.text, sizeof self->pump.status.text, alarms[self->alarm - 1].words);
}

static ChsAnswer
answer (ChsTextPump *pump, int query, const uint8_t *frame, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = (State *) pump;
  const char *text = (const char *) frame + 3, *data = text + 1;
  size_t length = n - 4, data_n = length - 1;
  bool good = false;

  if (query < 0)
    return CHS_ANSWER_OTHER; /* nothing in an answer says what it answers */
  if (length >= 3 && text[0] == 'A' && text[1] == '?') {
    take_alarm (self, text[2]);
    show_alarm (self);
    return CHS_ANSWER_REFUSED;
  }
  for (unsigned i = 0; i < sizeof states / sizeof states[0]; i++)
    if (states[i].letter == text[0]) {
      pump->status.state = states[i].state;
      good = true;
    }
  if (!good)
    return CHS_ANSWER_BAD;
  if (pump->status.state == CHS_PUMP_INFUSING)
    self->alarm = 0;
  show_alarm (self);
  if (data_n > 0 && data[0] == '?')
    return CHS_ANSWER_REFUSED;
  switch (query) {
  case QUERY_VERSION:
    good = take_version (pump, data, data_n, sink);
    break;
  case QUERY_RATE:
    good = take_rate (&pump->status, data, data_n);
    if (self->alarm != 0 && self->rounds_left-- == 0)
      self->alarm = 0;
    break;
  case QUERY_VOLUME:
    good = take_vtbi (&pump->status, data, data_n);
    break;
  default:
    good = take_dispensed (&pump->status, data, data_n);
    break;
  }
  return good ? CHS_ANSWER_GOOD : CHS_ANSWER_BAD;
}

static const uint8_t first_questions[] = { QUERY_VERSION, CHS_TEXT_PUMP_END };
static const uint8_t round_of_questions[] = { QUERY_RATE, QUERY_VOLUME, QUERY_DISPENSED, CHS_TEXT_PUMP_END };

static const ChsTextPumpSpec spec = {
  .framing = { .start = 0x02, .end = 0x03, .tail = 0, .between = "" },
  .check = check,
  .answer = answer,
  .queries = queries,
  .once = first_questions,
  .round = round_of_questions,
  .round_ms = 1000,
  .timeout_ms = 500, /* section 6 */
  .quiet_ms = 300,
};

CHS_TEXT_PUMP_HOOKS (spec)

const ChsDriver chs_driver_new_era_ne1000 = {
  .id = "new-era-ne1000",
  .label = N_ ("New Era NE-1000, WPI Aladdin (laboratory)"),
  .is_bench = true,
  .kind = CHS_KIND_PUMP,
  .line = "19200/8n1",
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_IMPLEMENTATION,
  .gives = "rate, volume, VTBI, stall; reading clears its alarms at the pump",
  .source = "New Era NE-1000 user manual; nesp-lib, Micro-Manager, source code",
  .queries = queries,
  .n_queries = N_QUERIES,
  .silence_ms = 4000,
  .state_size = sizeof (State),
  CHS_TEXT_PUMP_HOOKED,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/text-pump.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N_(s) (s)

/* Harvard 11 Elite, PHD Ultra, KDS Legato: laboratory pumps, family C of shared/protocols/harvard-phd.md.
 *
 * One question, "status", tells everything in integers. A bare carriage return is never sent: it stops the pumps of
 * another family. */

enum { QUERY_VERSION, QUERY_STATUS, N_QUERIES };

#define EXACT(s) { { CHS_PART_BYTES, s, sizeof s - 1, 0 } }
#define FL_ML 1e12 /* femtolitres a millilitre */

static const ChsQuery queries[N_QUERIES] = {
  [QUERY_VERSION] = { "version", "reads firmware, address, serial number; section C", EXACT ("version\r") },
  [QUERY_STATUS] = { "status", "reads rate, time, volume and flags; section C", EXACT ("status\r") },
};

static bool
check (const uint8_t *frame, size_t n)
{
  return n >= 3;
}

static bool
take_integer (const char **text, const char *end, double *value)
{
  const char *start = *text;
  double sum = 0;

  while (*text < end && **text >= '0' && **text <= '9')
    sum = sum * 10 + (*(*text)++ - '0');
  if (*text == start || *text - start > 19 || *text == end || **text != ' ')
    return false;
  (*text)++;
  *value = sum;
  return true;
}

/* "rate time volume flags": fl/s, 1/56,000,000 s, fl, six characters. */
static bool
take_status (ChsPumpStatus *status, const char *text, const char *end)
{
  double rate_fl_s, time, volume_fl;

  if (!take_integer (&text, end, &rate_fl_s) || !take_integer (&text, end, &time) || !take_integer (&text, end, &volume_fl)
      || end - text != 6 || strchr ("IWiw", text[0]) == NULL)
    return false;
  /* One fl/s is 3.6e-9 mL/h: what is behind the sixth digit is the rounding of the wire. */
  status->rate_ml_h = round (rate_fl_s * 3600 / FL_ML * 1e6) / 1e6;
  status->volume_ml = volume_fl / FL_ML;
  if (text[2] == 'S') {
    status->state = CHS_PUMP_ALARM;
    status->alarms = CHS_PUMP_ALARM_OCCLUSION;
    chs_text_copy (status->text, sizeof status->text, "stalled");
  } else if (text[5] == 'T') {
    status->state = CHS_PUMP_COMPLETE;
    status->alarms = CHS_PUMP_ALARM_END_VTBI;
  } else
    status->state = text[0] == 'I' ? CHS_PUMP_INFUSING : CHS_PUMP_READY;
  return true;
}

static bool
begins (const char **text, const char *end, const char *word)
{
  size_t n = strlen (word);

  if ((size_t) (end - *text) < n || memcmp (*text, word, n) != 0)
    return false;
  for (*text += n; *text < end && **text == ' '; (*text)++)
    ;
  return true;
}

static ChsAnswer
take_version (ChsTextPump *self, const char *text, const char *end, ChsSink *sink)
{
  char words[96], value[32];

  if (begins (&text, end, "Firmware:")) {
    snprintf (value, sizeof value, "%.*s", (int) (end - text < 20 ? end - text : 20), text);
    chs_text_copy (self->identity.model, sizeof self->identity.model, value);
    return CHS_ANSWER_OTHER; /* the serial number comes last and ends the answer */
  }
  if (begins (&text, end, "Pump address:"))
    return CHS_ANSWER_OTHER;
  if (!begins (&text, end, "Serial number:"))
    return CHS_ANSWER_OTHER;
  snprintf (value, sizeof value, "%.*s", (int) (end - text < 19 ? end - text : 19), text);
  chs_text_copy (self->identity.serial, sizeof self->identity.serial, value);
  snprintf (words, sizeof words, "Harvard/KDS firmware %s serial %s", self->identity.model, self->identity.serial);
  chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, words);
  return CHS_ANSWER_GOOD;
}

/* A frame is LF, a line, CR. A pump with an address puts it in front: "02:". */
static ChsAnswer
answer (ChsTextPump *self, int query, const uint8_t *frame, size_t n, int64_t now_us, ChsSink *sink)
{
  const char *text = (const char *) frame + 1, *end = (const char *) frame + n - 1;

  if (end - text > 3 && text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9' && text[2] == ':')
    text += 3;
  if (memmem (text, (size_t) (end - text), "error", 5) != NULL)
    return CHS_ANSWER_REFUSED;
  if (take_status (&self->status, text, end))
    return query == QUERY_VERSION ? CHS_ANSWER_OTHER : CHS_ANSWER_GOOD;
  if (query == QUERY_STATUS && text < end && *text >= '0' && *text <= '9')
    return CHS_ANSWER_BAD;
  return take_version (self, text, end, sink);
}

static const uint8_t first_questions[] = { QUERY_VERSION, CHS_TEXT_PUMP_END };
static const uint8_t round_of_questions[] = { QUERY_STATUS, CHS_TEXT_PUMP_END };

static const ChsTextPumpSpec spec = {
  .framing = { .start = '\n', .end = '\r', .tail = 0, .between = "\r\n\x11:<>*T0123456789" },
  .check = check,
  .answer = answer,
  .queries = queries,
  .once = first_questions,
  .round = round_of_questions,
  .round_ms = 1000,
  .timeout_ms = 700,
  .quiet_ms = 300,
};

CHS_TEXT_PUMP_HOOKS (spec)

const ChsDriver chs_driver_harvard_phd = {
  .id = "harvard-phd",
  .label = N_ ("Harvard 11 Elite, PHD Ultra, KDS Legato (laboratory)"),
  .is_bench = true,
  .kind = CHS_KIND_PUMP,
  .line = "115200/8n1",
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_RECORDING,
  .gives = "rate, volume, stall, target reached",
  .source = "Harvard 5420-002 Rev C; answers recorded from a KDS Legato 100",
  .queries = queries,
  .n_queries = N_QUERIES,
  .silence_ms = 4000,
  .state_size = sizeof (ChsTextPump),
  CHS_TEXT_PUMP_HOOKED,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/crc16.h"
#include "devices/text-pump.h"

#include <math.h>
#include <string.h>

#define N_(s) (s)

/* Baxter AS50 syringe pump: shared/protocols/baxter-as50.md.
 *
 * What the pump calls its primary rate may be the programmed one; the contents of its status answer are not public and
 * are carried as text. So the state stays unknown. */

enum { QUERY_DEVICE, QUERY_RATE, QUERY_BOLUS_RATE, QUERY_BOLUS_SIZE, QUERY_LAST_BOLUS, QUERY_STATUS, QUERY_RESEND, N_QUERIES };

#define EXACT(s) { { CHS_PART_BYTES, s, sizeof s - 1, 0 } }

static const ChsQuery queries[N_QUERIES] = {
  [QUERY_DEVICE] = { "DEV?", "reads the identity", EXACT ("[DEV?]") },
  [QUERY_RATE] = { "PRIRATE?", "reads the primary rate", EXACT ("[PRIRATE?]") },
  [QUERY_BOLUS_RATE] = { "BOLRAT?", "reads the bolus rate", EXACT ("[BOLRAT?]") },
  [QUERY_BOLUS_SIZE] = { "BOLSIZ?", "reads the bolus size", EXACT ("[BOLSIZ?]") },
  [QUERY_LAST_BOLUS] = { "LBOLUS?", "reads the last bolus", EXACT ("[LBOLUS?]") },
  [QUERY_STATUS] = { "STATUS?", "reads the status text", EXACT ("[STATUS?]") },
  [QUERY_RESEND] = { "RESEND", "has the last answer repeated", EXACT ("[RESEND]") },
};

static bool
check (const uint8_t *frame, size_t n)
{
  return n > 4 && chs_crc16_xmodem (frame, n - 2) == (uint16_t) (frame[n - 2] << 8 | frame[n - 1]);
}

static bool
is_text (const char *text, size_t n, const char *word)
{
  return n == strlen (word) && memcmp (text, word, n) == 0;
}

static ChsAnswer
answer (ChsTextPump *self, int query, const uint8_t *frame, size_t n, int64_t now_us, ChsSink *sink)
{
  const char *text = (const char *) frame + 1;
  size_t length = n - 4, name;
  const char *equals = memchr (text, '=', length);
  char value[64] = "";
  double number;

  if (is_text (text, length, "RESEND") || (length >= 6 && memcmp (text, "REJECT", 6) == 0))
    return CHS_ANSWER_REFUSED;
  if (equals == NULL)
    return CHS_ANSWER_OTHER;
  name = (size_t) (equals - text);
  if (length - name - 1 >= sizeof value)
    return CHS_ANSWER_BAD;
  memcpy (value, equals + 1, length - name - 1);
  /* The name in the answer says what it answers. */
  if (query >= 0 && (strlen (queries[query].name) != name + 1 || memcmp (queries[query].name, text, name) != 0))
    return CHS_ANSWER_OTHER;
  if (is_text (text, name, "PRIRATE")) {
    if (!chs_ascii_number (value, strlen (value), &number))
      return CHS_ANSWER_BAD;
    self->status.rate_ml_h = number;
    self->status.rate_kind = CHS_RATE_KIND_PROGRAMMED;
  } else if (is_text (text, name, "STATUS"))
    chs_text_copy (self->status.text, sizeof self->status.text, value);
  else if (is_text (text, name, "DEV")) {
    chs_text_copy (self->identity.model, sizeof self->identity.model, value);
    chs_sink_device (sink, CHS_DEVICE_IDENTITY, CHS_PARAM_NONE, (double) NAN, value);
  } else
    return CHS_ANSWER_OTHER;
  return CHS_ANSWER_GOOD;
}

static const uint8_t first_questions[] = { QUERY_DEVICE, CHS_TEXT_PUMP_END };
static const uint8_t round_of_questions[] = { QUERY_RATE, QUERY_STATUS, CHS_TEXT_PUMP_END };

static const ChsTextPumpSpec spec = {
  .framing = { .start = '[', .end = ']', .tail = 2, .between = "" },
  .check = check,
  .answer = answer,
  .queries = queries,
  .once = first_questions,
  .round = round_of_questions,
  .round_ms = 5000, /* as the implementation does that operates this pump */
  .timeout_ms = 2000,
  .quiet_ms = 500,
};

CHS_TEXT_PUMP_HOOKS (spec)

static size_t
wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  ChsBytesOut out = chs_bytes_out (frame, size);

  chs_bytes_put (&out, payload, n);
  chs_bytes_put_u16be (&out, chs_crc16_xmodem (payload, n));
  return chs_bytes_out_used (&out);
}

const ChsDriver chs_driver_baxter_as50 = {
  .id = "baxter-as50",
  .label = N_ ("Baxter AS50 syringe pump"),
  .kind = CHS_KIND_PUMP,
  .line = "9600/8n1",
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_IMPLEMENTATION,
  .gives = "rate as set, status text",
  .source = "OpenICE, source code; CRC examples recomputed",
  .queries = queries,
  .n_queries = N_QUERIES,
  .silence_ms = 30000,
  .state_size = sizeof (ChsTextPump),
  CHS_TEXT_PUMP_HOOKED,
  .wrap = wrap,
};

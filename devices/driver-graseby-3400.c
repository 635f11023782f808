/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/text-pump.h"

#include <math.h>
#include <string.h>

#define N_(s) (s)

/* Graseby 3400 syringe pump: shared/protocols/graseby-3400.md.
 *
 * Pressing START on the pump switches its serial interface off: silence also means "the nurse has started it". */

enum { QUERY_CHECK, QUERY_RATE, QUERY_TOTAL, N_QUERIES };

#define EXACT(s) { { CHS_PART_BYTES, s, sizeof s - 1, 0 } }

static const ChsQuery queries[N_QUERIES] = {
  [QUERY_CHECK] = { "CHCK", "reads the state; section 3", EXACT ("CHCK") },
  [QUERY_RATE] = { "GETR", "reads the rate; section 3", EXACT ("GETR") },
  [QUERY_TOTAL] = { "TOTL", "reads the volume delivered; section 3", EXACT ("TOTL") },
};

static const struct {
  const char *word;
  uint8_t     state;
  uint32_t    alarms;
} states[] = {
  { "STBY", CHS_PUMP_STANDBY, 0 },
  { "INFS", CHS_PUMP_INFUSING, 0 },
  { "ALRM", CHS_PUMP_ALARM, CHS_PUMP_ALARM_OTHER }, /* no detail is told */
};

static uint8_t
sum8 (const uint8_t *p, size_t n)
{
  uint8_t sum = 0;

  while (n-- > 0)
    sum = (uint8_t) (sum + *p++);
  return sum;
}

static bool
check (const uint8_t *frame, size_t n)
{
  uint32_t sum;

  return n > 4 && chs_ascii_hex ((const char *) frame + n - 2, 2, &sum) && sum == sum8 (frame, n - 2);
}

/* Acknowledgement (2), command (4), state (4), then digits. */
static ChsAnswer
answer (ChsTextPump *self, int query, const uint8_t *frame, size_t n, int64_t now_us, ChsSink *sink)
{
  const char *text = (const char *) frame + 1;
  size_t length = n - 4, k;
  uint32_t tenths = 0;

  if (length < 10)
    return CHS_ANSWER_BAD;
  for (k = 0; k < sizeof states / sizeof states[0] && memcmp (text + 6, states[k].word, 4) != 0; k++)
    ;
  if (k == sizeof states / sizeof states[0])
    return CHS_ANSWER_BAD;
  if (query >= 0 && memcmp (text + 2, queries[query].name, 4) != 0)
    return CHS_ANSWER_OTHER;
  self->status.state = states[k].state;
  self->status.alarms = states[k].alarms;
  if (memcmp (text, "OK", 2) != 0)
    return CHS_ANSWER_REFUSED;
  if (length > 10 && !chs_ascii_unsigned (text + 10, length - 10, &tenths))
    return CHS_ANSWER_BAD;
  if (length > 10 && memcmp (text + 2, "GETR", 4) == 0) {
    self->status.rate_ml_h = tenths / 10.0;
    self->status.rate_kind = CHS_RATE_KIND_PROGRAMMED;
  } else if (length > 10 && memcmp (text + 2, "TOTL", 4) == 0)
    self->status.volume_ml = tenths / 10.0;
  return CHS_ANSWER_GOOD;
}

static const uint8_t round_of_questions[] = { QUERY_CHECK, QUERY_RATE, QUERY_TOTAL, CHS_TEXT_PUMP_END };

static const ChsTextPumpSpec spec = {
  .framing = { .start = '<', .end = '>', .tail = 2, .between = "\r\n" },
  .check = check,
  .answer = answer,
  .queries = queries,
  .round = round_of_questions,
  .round_ms = 2000,
  .timeout_ms = 3000, /* section 4 */
  .quiet_ms = 500,
};

CHS_TEXT_PUMP_HOOKS (spec)

static size_t
wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  static const char digits[] = "0123456789ABCDEF";
  ChsBytesOut out = chs_bytes_out (frame, size);
  uint8_t sum = (uint8_t) ('<' + sum8 (payload, n) + '>');

  chs_bytes_put_u8 (&out, '<');
  chs_bytes_put (&out, payload, n);
  chs_bytes_put_u8 (&out, '>');
  chs_bytes_put_u8 (&out, (uint8_t) digits[sum >> 4]);
  chs_bytes_put_u8 (&out, (uint8_t) digits[sum & 15]);
  chs_bytes_put_u8 (&out, '\r');
  return chs_bytes_out_used (&out);
}

const ChsDriver chs_driver_graseby_3400 = {
  .id = "graseby-3400",
  .label = N_ ("Graseby 3400 syringe pump"),
  .kind = CHS_KIND_PUMP,
  .line = "9600/8n1/rts=1",
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_IMPLEMENTATION,
  .gives = "rate (scale unverified), volume, three states; silent after START at the pump",
  .source = "STANPUMP, source code",
  .queries = queries,
  .n_queries = N_QUERIES,
  .silence_ms = 8000,
  .state_size = sizeof (ChsTextPump),
  CHS_TEXT_PUMP_HOOKED,
  .wrap = wrap,
};

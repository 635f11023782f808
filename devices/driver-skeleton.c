/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"
#include "devices/driver.h"
#include "devices/text-line.h"

#include <math.h>
#include <string.h>

/* The driver of an instrument that does not exist, to copy when a real one is added.
 * It is compiled, so that it stays true, and listed nowhere, so that nobody can choose
 * it. Steps: devices/README.md, "Adding an instrument".
 *
 * The imaginary "Example 1000" is asked "?NN\r", where NN is a number of our choice,
 * and answers "NN PULSE SATURATION STATUS\r"; status 0 good, 1 finger out. A real
 * protocol has a codec in files of its own (see ivy-450c-codec.h): bytes to a struct
 * shaped like the protocol document. This one is a line of text, and text-line.h is
 * all the codec it needs. */

/* Marks for translation without pulling gettext in: a driver is C library only. */
#define N_(s) (s)

/* Numbers of the manual, with a name and where they are from. */
#define POLL_US 1000000  /* manual 3.1: at most one request a second */
#define REPLY_US 500000  /* manual 3.2: answers within 0.3 s */
#define MAX_PULSE 300.0  /* manual 5: range of the display */

/* ---- what may be sent ----
 * The only frames that ever go out. A pattern describes the payload part by part; the
 * whole payload must match. Say in @note what is read and why it changes nothing at the
 * instrument: a reviewer and `chairside-tool tx-ledger` read it. An instrument that
 * talks unasked has no table, access LISTEN, and its port is opened read-only. One
 * that cannot be read without commanding it gets access NEVER: decoder and simulator,
 * and no link. */
enum {
  QUERY_VALUES,
};

static const ChsQuery queries[] = {
  [QUERY_VALUES] = { "?", "reads pulse and saturation; NN is a number that comes back, so that a late answer is known as late",
                     { { CHS_PART_BYTES, "?", 1, 0 }, { CHS_PART_DIGITS, NULL, 2, 2 } } },
};

/* ---- state ----
 * One struct, zeroed by the link before option() and opened(). No pointer into it
 * leaves a call. Everything is in it: a driver has no static variables. */
typedef struct {
  ChsCounters counters;
  ChsTextLine line;
  int64_t     due_us;   /* when something is to be done next */
  uint32_t    number;   /* of the request that waits for its answer */
  bool        waiting;
  bool        finger_out; /* as told; conditions are told on change */
} State;

/* ---- bytes to events ---- */

/* Start from failure and earn success: only a line that fits from end to end is an answer. */
static bool
read_answer (const char *text, uint32_t *number, double *pulse, double *spo2, bool *finger_out)
{
  ChsWord words[4];
  uint32_t status;

  for (unsigned i = 0; i < 4; i++)
    words[i] = chs_text_word (&text);
  if (chs_text_word (&text).n > 0)
    return false;
  if (!chs_ascii_unsigned (words[0].text, words[0].n, number) || !chs_ascii_number (words[1].text, words[1].n, pulse)
      || !chs_ascii_number (words[2].text, words[2].n, spo2) || !chs_ascii_unsigned (words[3].text, words[3].n, &status))
    return false;
  *finger_out = status == 1;
  /* What is outside the range of the display is not a value, whatever the checksum says. */
  return status <= 1 && *pulse >= 0.0 && *pulse <= MAX_PULSE && *spo2 >= 0.0 && *spo2 <= 100.0;
}

/* Validity before value: with the finger out the digits on the line count for nothing. Absent is NAN, never 0. */
static void
emit (State *self, double pulse, double spo2, bool finger_out, ChsSink *sink)
{
  chs_sink_numeric (sink, 0, CHS_PARAM_PR, finger_out ? (double) NAN : pulse, CHS_QUALITY_OK, 0);
  chs_sink_numeric (sink, 0, CHS_PARAM_SPO2, finger_out ? (double) NAN : spo2, CHS_QUALITY_OK, 0);
  if (finger_out != self->finger_out)
    chs_sink_device (sink, CHS_DEVICE_SENSOR_OFF, CHS_PARAM_SPO2, finger_out ? 1.0 : 0.0, "finger out");
  self->finger_out = finger_out;
}

static void
on_line (State *self, ChsSink *sink)
{
  uint32_t number;
  double pulse, spo2;
  bool finger_out;

  if (!read_answer (self->line.text, &number, &pulse, &spo2, &finger_out)) {
    self->counters.frames_bad++;
    return;
  }
  self->counters.frames_ok++;
  /* For the technician's view: the bytes, and what they are in words. May be NULL. */
  if (sink->frame != NULL)
    sink->frame (sink, (const uint8_t *) self->line.text, self->line.n, "pulse and saturation");
  if (self->waiting && number != self->number)
    return; /* a reply after its time-out is not the answer to the next request */
  self->waiting = false;
  emit (self, pulse, spo2, finger_out, sink);
}

/* ---- hooks ---- */

/* One "key=value" of the chair's configuration. False for what is not known: the configuration is refused with it. */
static bool
skeleton_option (void *state, const char *key, const char *value)
{
  return false;
}

/* The port is open (again). Framing begins anew; what belongs to the instrument and not to the line is kept. */
static void
skeleton_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  chs_text_line_reset (&self->line);
  self->waiting = false;
  self->due_us = now_us;
}

/* Bytes, in any split: one at a time must give the same events as all at once. Time comes as an argument. */
static void
skeleton_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    switch (chs_text_line_feed (&self->line, bytes, n, &used)) {
    case CHS_FEED_FRAME:
      on_line (self, sink);
      break;
    case CHS_FEED_BAD:
      /* Nothing is lost silently: the technician sees the counters. */
      self->counters.frames_bad++;
      self->counters.bytes_skipped += self->line.n;
      break;
    case CHS_FEED_MORE:
    default:
      break;
    }
}

/* At least every 100 ms. The dialogue keeps its time here; a dialogue of several steps is an enum of steps with a due
 * time each (driver-bbraun-bcc.c). NULL for an instrument that talks unasked. */
static void
skeleton_tick (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;
  uint8_t payload[3];
  ChsBytesOut out = chs_bytes_out (payload, sizeof payload);

  if (now_us < self->due_us)
    return;
  self->number = (self->number + 1) % 100;
  self->waiting = true;
  self->due_us = now_us + (POLL_US > REPLY_US ? POLL_US : REPLY_US);
  chs_bytes_put_u8 (&out, '?');
  chs_ascii_put_digits (&out, self->number, 2);
  /* Goes to the guard, which matches it against the row, wraps it and sends it. There is no other way out. */
  sink->request (sink, QUERY_VALUES, payload, chs_bytes_out_used (&out));
}

/* Before the port is closed on purpose, and at the end of a decoded file: a polite release if the protocol has one,
 * and what waits for more bytes waits no longer. May be NULL. */
static void
skeleton_closing (void *state, int64_t now_us, ChsSink *sink)
{
}

static const ChsCounters *
skeleton_counters (const void *state)
{
  return &((const State *) state)->counters;
}

/* How much do these bytes look like ours, 0..100? From listening alone: nothing is ever sent to find out. NULL where
 * it cannot be known. */
static int
skeleton_probe (const uint8_t *bytes, size_t n)
{
  return 0;
}

/* Makes the frame of a payload: here the CR, elsewhere length, checksum, escapes. Pure. Returns 0 when it does not fit.
 * NULL: the payload is the frame. */
static size_t
skeleton_wrap (const void *state, const uint8_t *payload, size_t n, uint8_t *frame, size_t size)
{
  ChsBytesOut out = chs_bytes_out (frame, size);

  chs_bytes_put (&out, payload, n);
  chs_bytes_put_u8 (&out, '\r');
  return chs_bytes_out_used (&out);
}

extern const ChsDriver chs_driver_skeleton; /* listed drivers are declared by drivers.c */

const ChsDriver chs_driver_skeleton = {
  .id = "skeleton",                     /* stable: it stands in recordings */
  .label = N_ ("Example 1000"),         /* what a technician calls it */
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",                   /* as printed in the manual */
  .access = CHS_ACCESS_QUERY,
  .proof = CHS_PROOF_IMPLEMENTATION,    /* the honest grade */
  .gives = "SPO2 PR",
  .source = "nothing: it does not exist",
  .queries = queries,
  .n_queries = sizeof queries / sizeof queries[0],
  .silence_ms = 5000,                   /* five requests without an answer */
  .state_size = sizeof (State),
  .option = skeleton_option,
  .opened = skeleton_opened,
  .feed = skeleton_feed,
  .tick = skeleton_tick,
  .closing = skeleton_closing,
  .counters = skeleton_counters,
  .message = NULL, /* a capture without the line's framing, for chairside-tool decode; rarely needed */
  .probe = skeleton_probe,
  .wrap = skeleton_wrap,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/driver.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The smallest instrument there could be, for tests of what lies under a driver:
 * "H72\n" is a heart rate, "X\n" makes nonsense events, "Q7\n" makes the driver ask a
 * permitted question "GET 7\n", "Z\n" a forbidden one "SET 1\n". Everything else is bad. */
typedef struct {
  ChsCounters counters;
  char        line[16];
  size_t      n;
  unsigned    opened, closing, ticks;
} LineState;

static inline void
line_driver_nonsense (ChsSink *sink)
{
  ChsEvent event = { .type = CHS_EVENT_NURSE };

  sink->event (sink, &event);
  event = chs_numeric ((ChsParam) 250, 1.0);
  sink->event (sink, &event);
  event = (ChsEvent) { .type = CHS_EVENT_WAVE, .wave = { .param = CHS_PARAM_HR, .n = 60000, .rate_hz = 1, .scale = 1 } };
  sink->event (sink, &event);
  event = chs_numeric (CHS_PARAM_HR, 1.0);
  event.numeric.value = INFINITY;
  sink->event (sink, &event);
  event = (ChsEvent) { .type = CHS_EVENT_DEVICE, .device = { .code = CHS_DEVICE_TEXT } };
  memset (event.device.text, 'A', sizeof event.device.text);
  sink->event (sink, &event);
}

static inline void
line_driver_line (LineState *self, ChsSink *sink)
{
  self->line[self->n] = '\0';
  self->counters.frames_ok++;
  if (self->line[0] == 'H')
    chs_sink_numeric (sink, 0, CHS_PARAM_HR, atof (self->line + 1), CHS_QUALITY_OK, 0);
  else if (self->line[0] == 'X')
    line_driver_nonsense (sink);
  else if (self->line[0] == 'Q')
    sink->request (sink, 0, (const uint8_t *) (char[]) { 'G', 'E', 'T', ' ', self->line[1], '\n' }, 6);
  else if (self->line[0] == 'Z')
    sink->request (sink, 0, (const uint8_t *) "SET 1\n", 6);
  else {
    self->counters.frames_ok--;
    self->counters.frames_bad++;
    return;
  }
  sink->frame (sink, (const uint8_t *) self->line, self->n, self->line);
}

static inline void
line_driver_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  LineState *self = state;

  (void) now_us;
  for (size_t i = 0; i < n; i++) {
    if (bytes[i] == '\n') {
      line_driver_line (self, sink);
      self->n = 0;
    } else if (self->n < sizeof self->line - 1) {
      self->line[self->n++] = (char) bytes[i];
    } else {
      self->counters.bytes_skipped++;
    }
  }
}

static inline void
line_driver_opened (void *state, int64_t now_us, ChsSink *sink)
{
  LineState *self = state;

  (void) now_us;
  (void) sink;
  self->n = 0;
  self->opened++;
}

static inline void
line_driver_tick (void *state, int64_t now_us, ChsSink *sink)
{
  (void) now_us;
  (void) sink;
  ((LineState *) state)->ticks++;
}

static inline void
line_driver_closing (void *state, int64_t now_us, ChsSink *sink)
{
  (void) now_us;
  ((LineState *) state)->closing++;
  sink->request (sink, 0, (const uint8_t *) "GET 0\n", 6);
}

static inline bool
line_driver_option (void *state, const char *key, const char *value)
{
  (void) state;
  return strcmp (key, "case") == 0 && strcmp (value, "upper") == 0;
}

static inline const ChsCounters *
line_driver_counters (const void *state)
{
  return &((const LineState *) state)->counters;
}

static const ChsQuery line_driver_queries[] = {
  { "GET", "reads value n; a test's own",
    { { CHS_PART_BYTES, "GET ", 4, 0 }, { CHS_PART_DIGITS, NULL, 1, 3 }, { CHS_PART_BYTES, "\n", 1, 0 } } },
};

static const ChsDriver line_driver_query = {
  .id = "line-query",
  .label = "Line instrument, polled",
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",
  .access = CHS_ACCESS_QUERY,
  .queries = line_driver_queries,
  .n_queries = 1,
  .silence_ms = 1000,
  .state_size = sizeof (LineState),
  .option = line_driver_option,
  .opened = line_driver_opened,
  .feed = line_driver_feed,
  .tick = line_driver_tick,
  .closing = line_driver_closing,
  .counters = line_driver_counters,
};

static const ChsDriver line_driver_listen = {
  .id = "line-listen",
  .label = "Line instrument, unasked",
  .kind = CHS_KIND_MONITOR,
  .line = "9600/8n1",
  .access = CHS_ACCESS_LISTEN,
  .silence_ms = 1000,
  .state_size = sizeof (LineState),
  .opened = line_driver_opened,
  .feed = line_driver_feed,
  .counters = line_driver_counters,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/text-pump.h"

#include <string.h>

/* ---- frames ---- */

static void
restart (ChsTextFramer *self)
{
  self->n = self->tail = 0;
  self->in_tail = self->is_done = false;
}

static void
skip (const ChsTextFraming *framing, const uint8_t *p, size_t n, uint64_t *skipped)
{
  for (size_t i = 0; i < n; i++)
    *skipped += p[i] == '\0' || strchr (framing->between, p[i]) == NULL;
}

/* One byte. Returns whether a frame is complete, good or not. */
static bool
push (ChsTextFramer *self, const ChsTextFraming *framing, uint8_t c, uint64_t *skipped)
{
  if (self->n == 0 && c != framing->start) {
    skip (framing, &c, 1, skipped);
    return false;
  }
  /* A frame begins inside a frame: the old one lost its end. In the tail any byte may come. */
  if (self->n == sizeof self->frame || (self->n > 0 && c == framing->start && !self->in_tail)) {
    skip (framing, self->frame + 1, self->n - 1, skipped);
    restart (self);
    return push (self, framing, c, skipped);
  }
  self->frame[self->n++] = c;
  if (self->in_tail)
    self->tail--;
  else if (c == framing->end && self->n > 1) {
    self->in_tail = true;
    self->tail = framing->tail;
  }
  return self->in_tail && self->tail == 0;
}

/* A frame that does not hold may have taken the beginning of a good one for its tail; nowhere else can one be in it.
 * The few bytes are too short to be a frame themselves. */
static void
give_back (ChsTextFramer *self, const ChsTextFraming *framing, uint64_t *skipped)
{
  uint8_t tail[4];
  size_t n = framing->tail;

  memcpy (tail, self->frame + self->n - n, n);
  *skipped += self->n - n;
  restart (self);
  for (size_t i = 0; i < n; i++)
    (void) push (self, framing, tail[i], skipped);
}

ChsFeed
chs_text_framer_feed (ChsTextFramer        *self,
                      const ChsTextFraming *framing,
                      bool                (*check) (const uint8_t *frame, size_t n),
                      const uint8_t        *p,
                      size_t                n,
                      size_t               *used,
                      uint64_t             *skipped)
{
  if (self->is_done)
    restart (self);
  for (size_t i = 0; i < n; i++)
    if (push (self, framing, p[i], skipped)) {
      *used = i + 1;
      if (check (self->frame, self->n)) {
        self->is_done = true;
        return CHS_FEED_FRAME;
      }
      give_back (self, framing, skipped);
      return CHS_FEED_BAD;
    }
  *used = n;
  return CHS_FEED_MORE;
}

/* ---- questions and answers ---- */

static void
begin_round (ChsTextPump *self, int64_t now_us)
{
  self->in_round = true;
  self->answered = false;
  self->next = 0;
  self->round_us = now_us;
  chs_pump_status_init (&self->status);
}

static void
end_round (ChsTextPump *self, ChsSink *sink)
{
  ChsEvent event = { .type = CHS_EVENT_PUMP };

  self->in_round = false;
  if (!self->answered)
    return;
  event.pump = self->status;
  memcpy (event.pump.model, self->identity.model, sizeof event.pump.model);
  memcpy (event.pump.serial, self->identity.serial, sizeof event.pump.serial);
  sink->event (sink, &event);
}

void
chs_text_pump_opened (ChsTextPump *self, int64_t now_us)
{
  restart (&self->framer);
  chs_pump_status_init (&self->status);
  self->waiting = -1;
  self->next = 0;
  self->is_open = true;
  self->in_round = self->has_begun = false;
  self->quiet_us = now_us;
}

static void
ask (ChsTextPump *self, const ChsTextPumpSpec *spec, unsigned query, int64_t now_us, ChsSink *sink)
{
  const ChsPart *part = spec->queries[query].parts;

  self->waiting = (int) query;
  self->asked_us = now_us;
  sink->request (sink, query, (const uint8_t *) part->bytes, part->n);
}

/* The next question, or the end of the round. */
static void
go_on (ChsTextPump *self, const ChsTextPumpSpec *spec, int64_t now_us, ChsSink *sink)
{
  if (!self->has_begun) {
    if (spec->once != NULL && spec->once[self->next] != CHS_TEXT_PUMP_END) {
      ask (self, spec, spec->once[self->next++], now_us, sink);
      return;
    }
    self->has_begun = true;
    begin_round (self, now_us);
  } else if (!self->in_round) {
    if (now_us - self->round_us < (int64_t) spec->round_ms * 1000)
      return;
    begin_round (self, now_us);
  }
  if (spec->round[self->next] == CHS_TEXT_PUMP_END)
    end_round (self, sink);
  else
    ask (self, spec, spec->round[self->next++], now_us, sink);
}

void
chs_text_pump_tick (ChsTextPump *self, const ChsTextPumpSpec *spec, int64_t now_us, ChsSink *sink)
{
  if (!self->is_open)
    return;
  if (self->waiting >= 0) {
    if (now_us - self->asked_us < (int64_t) spec->timeout_ms * 1000)
      return;
    self->waiting = -1;
    self->quiet_us = now_us + (int64_t) spec->quiet_ms * 1000;
  }
  if (now_us >= self->quiet_us)
    go_on (self, spec, now_us, sink);
}

static void
take_frame (ChsTextPump *self, const ChsTextPumpSpec *spec, int64_t now_us, ChsSink *sink)
{
  char words[120];

  if (sink->frame != NULL) {
    size_t n = self->framer.n < sizeof words - 1 ? self->framer.n : sizeof words - 1;

    memcpy (words, self->framer.frame, n);
    words[n] = '\0';
    sink->frame (sink, self->framer.frame, self->framer.n, words);
  }
  switch (spec->answer (self, self->waiting, self->framer.frame, self->framer.n, now_us, sink)) {
  case CHS_ANSWER_GOOD:
    self->counters.frames_ok++;
    self->answered = true;
    break;
  case CHS_ANSWER_REFUSED:
    self->counters.frames_ok++;
    break;
  case CHS_ANSWER_OTHER:
    self->counters.frames_ok++;
    self->counters.unknown++;
    return;
  case CHS_ANSWER_BAD:
    self->counters.frames_bad++;
    break;
  }
  if (self->waiting < 0)
    return;
  self->waiting = -1;
  if (self->is_open)
    go_on (self, spec, now_us, sink);
}

void
chs_text_pump_feed (ChsTextPump *self, const ChsTextPumpSpec *spec, const uint8_t *p, size_t n, int64_t now_us, ChsSink *sink)
{
  while (n > 0) {
    size_t used;

    if (spec->control != NULL && (self->framer.n == 0 || self->framer.is_done) && spec->control (self, *p, now_us, sink)) {
      p++;
      n--;
      continue;
    }
    switch (chs_text_framer_feed (&self->framer, &spec->framing, spec->check, p, n, &used, &self->counters.bytes_skipped)) {
    case CHS_FEED_FRAME:
      take_frame (self, spec, now_us, sink);
      break;
    case CHS_FEED_BAD:
      self->counters.frames_bad++;
      self->counters.resyncs++;
      break;
    case CHS_FEED_MORE:
      break;
    }
    p += used;
    n -= used;
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/wave-ring.h"

/* Seconds: what a stall of a bus or a computer takes, and no longer. */
#define HOLE_S 0.5
#define SURE_S 1.0
#define AT_ONCE_S 1.5

#define FOLLOW 0.002 /* of time: quartz clocks, with room to spare */

static void
begin (ChsWaveRing *self, const ChsWave *wave, guint size)
{
  g_free (self->ring);
  self->ring = g_new (int16_t, size);
  for (guint i = 0; i < size; i++)
    self->ring[i] = CHS_WAVE_ABSENT;
  self->view = (ChsWaveView) { .param = wave->param, .size = size, .samples = self->ring, .t_us = CHS_TIME_NONE };
  self->late_us = CHS_TIME_NONE;
}

static void
push (ChsWaveRing *self, int16_t sample)
{
  self->ring[self->view.n % self->view.size] = sample;
  self->view.n++;
}

static void
anchor (ChsWaveRing *self, int64_t t_us)
{
  self->anchor_us = t_us;
  self->anchor_n = (double) self->view.n;
  self->late_us = CHS_TIME_NONE;
}

/* Samples that time has gone on for and that are not here. */
static double
shortage (const ChsWaveRing *self, int64_t t_us)
{
  return (double) (t_us - self->anchor_us) / 1e6 * (double) self->view.rate_hz - ((double) self->view.n - self->anchor_n);
}

/* Puts @n absent samples before those from @at on. */
static void
insert_hole (ChsWaveRing *self, guint64 at, guint n)
{
  guint    n_tail = (guint) MIN (self->view.n - at, self->view.size);
  int16_t *tail = g_new (int16_t, MAX (1, n_tail));

  for (guint i = 0; i < n_tail; i++)
    tail[i] = self->ring[(self->view.n - n_tail + i) % self->view.size];
  self->view.n -= n_tail;
  for (guint i = 0; i < n; i++)
    push (self, CHS_WAVE_ABSENT);
  for (guint i = 0; i < n_tail; i++)
    push (self, tail[i]);
  g_free (tail);
}

static void
watch_for_hole (ChsWaveRing *self, guint64 n_before, int64_t before_us, int64_t t_us)
{
  double rate = (double) self->view.rate_hz, missing;

  if (self->late_us == CHS_TIME_NONE)
    self->anchor_n -= (double) (t_us - before_us) / 1e6 * rate * FOLLOW;
  missing = shortage (self, t_us);
  if (missing <= 0.0) {
    anchor (self, t_us);
    return;
  }
  if (missing < HOLE_S * rate) {
    self->late_us = CHS_TIME_NONE;
    return;
  }
  if (self->late_us == CHS_TIME_NONE) {
    self->late_us = t_us;
    self->late_n = n_before;
  }
  if (missing < AT_ONCE_S * rate && t_us - self->late_us < (int64_t) (SURE_S * 1e6))
    return;
  insert_hole (self, self->late_n, (guint) (MIN (missing, (double) self->view.size) + 0.5));
  anchor (self, t_us);
}

void
chs_wave_ring_feed (ChsWaveRing *self, const ChsWave *wave, int64_t t_us, guint size)
{
  guint64  n_before;
  int64_t  before_us;
  gboolean is_new = self->ring == NULL || self->view.size != size;

  if (is_new)
    begin (self, wave, size);
  n_before = self->view.n;
  before_us = self->view.t_us;
  for (guint i = 0; i < wave->n; i++)
    push (self, wave->samples[i]);
  self->view.rate_hz = wave->rate_hz;
  self->view.scale = wave->scale;
  self->view.offset = wave->offset;
  self->view.t_us = t_us;
  if (is_new)
    anchor (self, t_us);
  else
    watch_for_hole (self, n_before, before_us, t_us);
}

void
chs_wave_ring_clear (ChsWaveRing *self)
{
  g_clear_pointer (&self->ring, g_free);
  self->view = (ChsWaveView) { 0 };
}

void
chs_wave_ring_copy (const ChsWaveRing *self, ChsWaveRing *copy)
{
  *copy = *self;
  copy->ring = g_memdup2 (self->ring, self->view.size * sizeof (int16_t));
  copy->view.samples = copy->ring;
}

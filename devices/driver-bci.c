/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/bci-codec.h"
#include "devices/oximeter.h"

#include <math.h>
#include <string.h>

#define N_(s) (s)

#define CONTEC_HZ 60
#define BERRY_HZ 100

/* No checksum: numbers count when two packages say the same, and only behind so many that came whole, with nothing between
 * them. A line at the wrong parity gives packages that look whole and say the same wrong number for seconds, but every
 * few of them one is torn. 0.2 s of a Berry, 0.33 s of a Contec. */
#define WHOLE_IN_A_ROW 20

typedef struct {
  ChsBci      codec;
  ChsOximeter oximeter;
  ChsBciPackage last;
  uint64_t    skipped; /* bytes, when the last package came */
  unsigned    n_whole; /* packages in a row */
} State;

static bool
same_numbers (const ChsBciPackage *a, const ChsBciPackage *b)
{
  return a->rate == b->rate && a->spo2 == b->spo2 && a->is_off == b->is_off && a->is_searching == b->is_searching
         && a->bit4 == b->bit4 && a->bit5 == b->bit5;
}

static double
rate_value (uint8_t rate)
{
  return rate == CHS_BCI_NO_RATE || rate == 0 ? (double) NAN : rate;
}

static double
saturation_value (uint8_t spo2)
{
  return spo2 > 100 || spo2 == 0 ? (double) NAN : spo2;
}

/* Bits beat digits: with no finger, no signal or in a search nothing counts. */
static ChsOximeterReading
berry_reading (const ChsBciPackage *p)
{
  return (ChsOximeterReading) {
    .spo2 = saturation_value (p->spo2),
    .pr = rate_value (p->rate),
    .quality = p->bit4 || p->is_searching ? CHS_QUALITY_INVALID : CHS_QUALITY_OK,
    .is_off = p->bit5 || p->is_off,
    .why = p->bit5 ? "probe unplugged" : "no finger",
  };
}

static ChsOximeterReading
contec_reading (const ChsBciPackage *p)
{
  return (ChsOximeterReading) {
    .spo2 = saturation_value (p->spo2),
    .pr = rate_value (p->rate),
    .quality = p->is_searching ? CHS_QUALITY_INVALID : CHS_QUALITY_OK,
    .is_off = p->is_off,
    .why = "no finger",
  };
}

static void
on_package (State *self, const ChsBciPackage *p, ChsOximeterReading reading, int16_t pleth, unsigned rate_hz, ChsSink *sink)
{
  chs_oximeter_wave (&self->oximeter, reading.is_off ? CHS_WAVE_ABSENT : pleth, rate_hz, rate_hz / 2, sink);
  self->n_whole = self->codec.counters.bytes_skipped != self->skipped ? 1 : self->n_whole + 1;
  self->skipped = self->codec.counters.bytes_skipped;
  if (same_numbers (p, &self->last) && self->n_whole >= WHOLE_IN_A_ROW)
    chs_oximeter_read (&self->oximeter, &reading, rate_hz, sink);
  self->last = *p;
  if (sink->frame != NULL)
    sink->frame (sink, self->codec.bytes, CHS_BCI_BYTES, "package of five");
}

static void
bci_opened (void *state, int64_t now_us, ChsSink *sink)
{
  State *self = state;

  self->codec.n = 0;
  self->n_whole = 0;
  chs_oximeter_lost (&self->oximeter);
}

static void
feed (State *self, const uint8_t *bytes, size_t n, bool is_berry, ChsSink *sink)
{
  ChsBciPackage p;
  size_t used;

  for (; n > 0; bytes += used, n -= used) {
    ChsFeed result = chs_bci_feed (&self->codec, bytes, n, &used, &p);

    if (result == CHS_FEED_BAD)
      chs_oximeter_lost (&self->oximeter);
    else if (result == CHS_FEED_FRAME && is_berry)
      on_package (self, &p, berry_reading (&p), p.pleth == 0 ? CHS_WAVE_ABSENT : p.pleth, BERRY_HZ, sink);
    else if (result == CHS_FEED_FRAME)
      on_package (self, &p, contec_reading (&p), p.pleth, CONTEC_HZ, sink);
  }
}

static void
berry_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  feed (state, bytes, n, true, sink);
}

static void
contec_feed (void *state, const uint8_t *bytes, size_t n, int64_t now_us, ChsSink *sink)
{
  feed (state, bytes, n, false, sink);
}

static const ChsCounters *
bci_counters (const void *state)
{
  return &((const State *) state)->codec.counters;
}

/* Packages of five and nothing else between them. Which of the two it is only the line settings tell. */
static int
bci_probe (const uint8_t *bytes, size_t n)
{
  ChsBci codec = { 0 };
  ChsBciPackage p;
  size_t used;

  for (; n > 0; bytes += used, n -= used)
    (void) chs_bci_feed (&codec, bytes, n, &used, &p);
  return codec.counters.frames_ok >= 20 && codec.counters.frames_bad == 0 ? 60 : 0;
}

const ChsDriver chs_driver_berry_bci = {
  .id = "berry-bci",
  .label = N_ ("Berry BM1000, BM2000 (BCI protocol)"),
  .kind = CHS_KIND_MONITOR,
  .line = "115200/8n1", /* old BCI boards: 4800 */
  .access = CHS_ACCESS_LISTEN,
  .proof = CHS_PROOF_DOCUMENT,
  .gives = "SPO2 PR; wave PLETH",
  .source = "Berry Medical, BCI protocol V1.2 (2017)",
  .silence_ms = 2000,
  .state_size = sizeof (State),
  .opened = bci_opened,
  .feed = berry_feed,
  .counters = bci_counters,
  .probe = bci_probe,
};

const ChsDriver chs_driver_contec_cms50_old = {
  .id = "contec-cms50-old",
  .label = N_ ("Contec CMS50D+, CMS50E of before 2011"),
  .kind = CHS_KIND_MONITOR,
  .line = "19200/8o1",
  .access = CHS_ACCESS_LISTEN,
  .proof = CHS_PROOF_IMPLEMENTATION,
  .gives = "SPO2 PR; wave PLETH",
  .source = "several public programs that agree",
  .silence_ms = 2000,
  .state_size = sizeof (State),
  .opened = bci_opened,
  .feed = contec_feed,
  .counters = bci_counters,
  .probe = bci_probe,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IntelliVue: framed, checked and decoded, against computing the frame check sequence alone over the same bytes in the
 * same run: byte by byte through one table, as RFC 1662 prints it and as one finds it everywhere, and by our own slicing.
 * Each frame is an 872-byte extended-poll reply with 12 numerics, as a monitor sends it when every attribute of its
 * objects is polled. The frames are 52 MB, more than a core's caches hold: each round is over bytes that are not there.
 * The first pass is told for itself; of each round the ratios, then the middle one. */
#include "devices/driver.h"
#include "devices/intellivue-codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N_FRAMES 60000
#define FRAME_BYTES 872
#define N_NUMERICS 12
#define ROUNDS 7

extern const ChsDriver chs_driver_intellivue;

static uint64_t n_events;
static double sum;

static void
on_event (ChsSink *sink, const ChsEvent *event)
{
  n_events++;
  sum += event->numeric.value;
}

static void
on_request (ChsSink *sink, unsigned query, const uint8_t *payload, size_t n)
{
}

/* What this thread has used: others on the machine do not count. */
static double
cpu_s (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec + 1e-9 * (double) t.tv_nsec;
}

/* One reply; @filler bytes of an attribute that the driver steps over bring it to its length. */
static size_t
make_reply (uint8_t *data, size_t size, unsigned k, unsigned filler)
{
  static const struct {
    uint16_t physio, unit;
  } numerics[N_NUMERICS] = {
    { 0x4182, 0x0AA0 }, { 0x4BB8, 0x0220 }, { 0x4822, 0x0AA0 }, { 0x4BB0, 0x0200 }, { 0x4A15, 0x0F20 }, { 0x4A16, 0x0F20 },
    { 0x4A17, 0x0F20 }, { 0x500A, 0x0AE0 }, { 0x5012, 0x0AE0 }, { 0x50B0, 0x0F20 }, { 0x4B48, 0x17A0 }, { 0x4B74, 0x17A0 },
  };
  ChsBytesOut b = chs_bytes_out (data, size);
  size_t holes[5];

  chs_bytes_put (&b, "\xE1\x00\x00\x02\x00\x02", 6);
  holes[0] = chs_bytes_hole_u16 (&b);
  chs_bytes_put (&b, "\x00\x02\x00\x07", 4);
  holes[1] = chs_bytes_hole_u16 (&b);
  chs_bytes_put (&b, "\x00\x21\x00\x00\x00\x00\xF1\x3B", 8);
  holes[2] = chs_bytes_hole_u16 (&b);
  chs_bytes_put_u16be (&b, 2);
  chs_bytes_put_u16be (&b, (uint16_t) k);
  chs_bytes_put_u32be (&b, k * 8192);
  chs_bytes_put (&b, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00\x01\x00\x06\x08\x03\x00\x01", 16);
  holes[3] = chs_bytes_hole_u16 (&b);
  chs_bytes_put (&b, "\x00\x01\x00\x0C", 4);
  holes[4] = chs_bytes_hole_u16 (&b);
  for (unsigned i = 0; i < N_NUMERICS; i++) {
    unsigned extra = i + 1 < N_NUMERICS ? 30 : filler;
    size_t object;

    chs_bytes_put_u16be (&b, (uint16_t) (0x8200 + i));
    chs_bytes_put_u16be (&b, 2);
    object = chs_bytes_hole_u16 (&b);
    chs_bytes_put_u16be (&b, 0x0927);
    chs_bytes_put_u16be (&b, (uint16_t) extra);
    for (unsigned n = 0; n < extra; n++)
      chs_bytes_put_u8 (&b, (uint8_t) (rand () % 0x7D));
    chs_bytes_put (&b, "\x09\x50\x00\x0A", 4);
    chs_bytes_put_u16be (&b, numerics[i].physio);
    chs_bytes_put_u16be (&b, 0);
    chs_bytes_put_u16be (&b, numerics[i].unit);
    chs_bytes_put_u32be (&b, chs_iv_float_write (30 + rand () % 70, -1));
    chs_bytes_fill_u16be (&b, object);
  }
  for (unsigned i = 5; i-- > 0;)
    chs_bytes_fill_u16be (&b, holes[i]);
  return chs_bytes_out_used (&b);
}

static size_t
make_frame (uint8_t *frame, unsigned k)
{
  uint8_t data[2048];
  size_t length = 0;

  /* Escapes make the length vary: fill up until it is right. */
  for (unsigned filler = 100, tries = 0; tries < 20 && length != FRAME_BYTES; tries++) {
    length = chs_iv_frame_write (data, make_reply (data, sizeof data, k, filler), frame, 2048);
    filler += FRAME_BYTES - (unsigned) length;
  }
  return length;
}

static uint16_t
plain_fcs (const ChsIvFramer *framer, const uint8_t *p, size_t n)
{
  uint16_t fcs = 0xFFFF;

  while (n-- > 0)
    fcs = (uint16_t) (fcs >> 8 ^ framer->fcs_table[0][(fcs ^ *p++) & 0xFF]);
  return fcs;
}

static double
time_fcs (uint16_t (*fcs) (const ChsIvFramer *framer, const uint8_t *p, size_t n), const ChsIvFramer *framer, const uint8_t *wire,
          size_t n, unsigned *check)
{
  double start = cpu_s ();

  for (size_t done = 0; done < n; done += FRAME_BYTES)
    *check += fcs (framer, wire + done, FRAME_BYTES);
  return cpu_s () - start;
}

static double
time_decode (void *state, const uint8_t *wire, size_t n, ChsSink *sink)
{
  double start = cpu_s ();

  for (size_t done = 0; done < n; done += 4096)
    chs_driver_intellivue.feed (state, wire + done, n - done < 4096 ? n - done : 4096, (int64_t) done, sink);
  return cpu_s () - start;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
median (double *values)
{
  qsort (values, ROUNDS, sizeof values[0], compare);
  return values[ROUNDS / 2];
}

static uint8_t *
make_wire (size_t *n)
{
  uint8_t *wire = malloc ((size_t) N_FRAMES * FRAME_BYTES + 2048);

  srand (1);
  *n = 0;
  while (*n < (size_t) N_FRAMES * FRAME_BYTES)
    if (make_frame (wire + *n, (unsigned) (*n / FRAME_BYTES)) == FRAME_BYTES)
      *n += FRAME_BYTES;
  return wire;
}

int
main (void)
{
  size_t n;
  uint8_t *wire = make_wire (&n);
  void *state = calloc (1, chs_driver_intellivue.state_size);
  static ChsIvFramer framer;
  ChsSink sink = { .event = on_event, .request = on_request };
  unsigned check = 0;
  double decode_s[ROUNDS], plain_s[ROUNDS], sliced_s[ROUNDS], to_plain[ROUNDS], to_sliced[ROUNDS];
  double first_s, first_plain, first_sliced; /* median() sorts */

  chs_iv_framer_init (&framer);
  chs_driver_intellivue.opened (state, 0, &sink);
  for (unsigned i = 0; i < ROUNDS; i++) {
    decode_s[i] = time_decode (state, wire, n, &sink);
    plain_s[i] = time_fcs (plain_fcs, &framer, wire, n, &check);
    sliced_s[i] = time_fcs (chs_iv_fcs, &framer, wire, n, &check);
    to_plain[i] = plain_s[i] / decode_s[i];
    to_sliced[i] = sliced_s[i] / decode_s[i];
  }
  if (chs_driver_intellivue.counters (state)->frames_ok != ROUNDS * N_FRAMES || n_events != (uint64_t) ROUNDS * N_FRAMES * N_NUMERICS) {
    fprintf (stderr, "decoded %llu of %d frames, %llu values\n",
             (unsigned long long) chs_driver_intellivue.counters (state)->frames_ok, ROUNDS * N_FRAMES, (unsigned long long) n_events);
    return EXIT_FAILURE;
  }
  first_s = decode_s[0];
  first_plain = to_plain[0];
  first_sliced = to_sliced[0];
  printf ("intellivue: %.0f frames/s framed, checked, decoded (%u, %g); first pass %.0f\n", N_FRAMES / median (decode_s), check, sum,
          N_FRAMES / first_s);
  printf ("  FCS alone, one table: %.0f frames/s, ratio %.2f; first pass %.2f\n", N_FRAMES / median (plain_s), median (to_plain), first_plain);
  printf ("  FCS alone, our slicing by eight: %.0f frames/s, ratio %.2f; first pass %.2f\n", N_FRAMES / median (sliced_s), median (to_sliced),
          first_sliced);
  free (state);
  free (wire);
  return EXIT_SUCCESS;
}

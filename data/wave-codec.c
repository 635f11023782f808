/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/wave-codec.h"

#include "data/event-codec.h"

#include <string.h>

/* First byte: 0, or 1 and then a bit a sample, 1 = absent, low bit first. Then the samples that are there, in groups of
 * GROUP: a byte with the order of the difference (0 the sample, 1 from the one before, 2 from the line through the two
 * before) above WIDTH_BITS bits of width, then zigzag differences of so many bits each, low bits first, filled up to
 * a byte. Before the first sample stand zeros. */

#define GROUP 32u
#define WIDTH_BITS 5
#define WIDTH_MASK 31u
#define WIDTH_MAX 18u /* second differences of 16 bits, zigzag */
#define N_ORDERS 3u

/* All three differences of a sample, the history before it. */
static void
differences (const int32_t *x, int32_t d[N_ORDERS])
{
  d[0] = x[0];
  d[1] = x[0] - x[-1];
  d[2] = d[1] - (x[-1] - x[-2]);
}

static uint32_t
zigzag (int32_t v)
{
  return ((uint32_t) v << 1) ^ (uint32_t) (v >> 31);
}

static int32_t
unzigzag (uint32_t v)
{
  return (int32_t) ((v >> 1) ^ (~(v & 1) + 1));
}

static unsigned
width_of (uint32_t bits)
{
  return bits == 0 ? 0 : 32 - (unsigned) __builtin_clz (bits);
}

/* The order that needs the fewest bits. */
static unsigned
choose_order (const int32_t *x, size_t n, unsigned *width)
{
  uint32_t bits[N_ORDERS] = { 0 };
  unsigned best = 0;

  for (size_t i = 0; i < n; i++) {
    int32_t d[N_ORDERS];

    differences (x + i, d);
    for (unsigned order = 0; order < N_ORDERS; order++)
      bits[order] |= zigzag (d[order]);
  }
  for (unsigned order = 1; order < N_ORDERS; order++)
    if (width_of (bits[order]) < width_of (bits[best]))
      best = order;
  *width = width_of (bits[best]);
  return best;
}

static uint8_t *
put_group (uint8_t *p, const int32_t *x, size_t n)
{
  unsigned width, order = choose_order (x, n, &width), n_acc = 0;
  uint64_t acc = 0;

  *p++ = (uint8_t) (order << WIDTH_BITS | width);
  for (size_t i = 0; i < n; i++) {
    int32_t d[N_ORDERS];

    differences (x + i, d);
    acc |= (uint64_t) zigzag (d[order]) << n_acc;
    for (n_acc += width; n_acc >= 8; n_acc -= 8, acc >>= 8)
      *p++ = (uint8_t) acc;
  }
  if (n_acc > 0)
    *p++ = (uint8_t) acc;
  return p;
}

static size_t
count_absent (const int16_t *samples, size_t n)
{
  size_t absent = 0;

  for (size_t i = 0; i < n; i++)
    absent += samples[i] == CHS_WAVE_ABSENT;
  return absent;
}

static uint8_t *
put_mask (uint8_t *p, const int16_t *samples, size_t n)
{
  memset (p, 0, (n + 7) / 8);
  for (size_t i = 0; i < n; i++)
    p[i / 8] |= (uint8_t) ((samples[i] == CHS_WAVE_ABSENT) << i % 8);
  return p + (n + 7) / 8;
}

size_t
chs_wave_codec_bound (size_t n)
{
  return 1 + (n + 7) / 8 + (n / GROUP + 1) * 2 + (n * WIDTH_MAX + 7) / 8;
}

uint8_t *
chs_wave_codec_put (uint8_t *p, const int16_t *samples, size_t n)
{
  int32_t history[2 + CHS_WAVE_MAX] = { 0 }, *x = history + 2;
  size_t absent = count_absent (samples, n), there = 0;

  *p++ = absent > 0;
  if (absent > 0)
    p = put_mask (p, samples, n);
  for (size_t i = 0; i < n; i++)
    if (samples[i] != CHS_WAVE_ABSENT)
      x[there++] = samples[i];
  for (size_t i = 0; i < there; i += GROUP)
    p = put_group (p, x + i, there - i < GROUP ? there - i : GROUP);
  return p;
}

/* ---- back ---- */

/* Reads @n samples behind @x[-1]. */
static const uint8_t *
get_group (const uint8_t *p, const uint8_t *end, int32_t *x, size_t n)
{
  unsigned width, order, n_acc = 0;
  int32_t beyond = 0;
  uint64_t acc = 0;
  uint32_t mask;

  if (p >= end)
    return NULL;
  order = *p >> WIDTH_BITS;
  width = *p++ & WIDTH_MASK;
  mask = ((uint32_t) 1 << width) - 1;
  if (order >= N_ORDERS || width > WIDTH_MAX || (size_t) (end - p) < (n * width + 7) / 8)
    return NULL;
  for (size_t i = 0; i < n; i++) {
    int32_t predicted = order == 0 ? 0 : order == 1 ? x[(ptrdiff_t) i - 1] : 2 * x[(ptrdiff_t) i - 1] - x[(ptrdiff_t) i - 2];

    for (; n_acc < width; n_acc += 8)
      acc |= (uint64_t) *p++ << n_acc;
    x[i] = predicted + unzigzag ((uint32_t) acc & mask);
    acc >>= width;
    n_acc -= width;
    beyond |= x[i] > INT16_MAX || x[i] <= CHS_WAVE_ABSENT;
    x[i] = (int16_t) x[i]; /* sums stay bounded also when they make no sense */
  }
  return beyond != 0 ? NULL : p;
}

static const uint8_t *
get_mask (const uint8_t *p, const uint8_t *end, size_t n, uint8_t mask[CHS_WAVE_MAX / 8 + 1])
{
  memset (mask, 0, CHS_WAVE_MAX / 8 + 1);
  if (p >= end || *p > 1)
    return NULL;
  if (*p++ == 0)
    return p;
  if ((size_t) (end - p) < (n + 7) / 8)
    return NULL;
  memcpy (mask, p, (n + 7) / 8);
  return p + (n + 7) / 8;
}

const uint8_t *
chs_wave_codec_get (const uint8_t *p, const uint8_t *end, int16_t *samples, size_t n)
{
  int32_t history[2 + CHS_WAVE_MAX], *x = history + 2;
  uint8_t mask[CHS_WAVE_MAX / 8 + 1];
  size_t there = 0;

  history[0] = history[1] = 0;
  if (n > CHS_WAVE_MAX || (p = get_mask (p, end, n, mask)) == NULL)
    return NULL;
  for (size_t i = 0; i < n; i++)
    there += !(mask[i / 8] >> i % 8 & 1);
  for (size_t i = 0; i < there && p != NULL; i += GROUP)
    p = get_group (p, end, x + i, there - i < GROUP ? there - i : GROUP);
  there = 0;
  for (size_t i = 0; i < n && p != NULL; i++)
    samples[i] = mask[i / 8] >> i % 8 & 1 ? CHS_WAVE_ABSENT : (int16_t) x[there++];
  return p;
}

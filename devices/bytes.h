/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bounded reading and writing of wire bytes, with a sticky failure flag: read on,
 * test @bad once at the end. A read that does not fit yields 0 and sets the flag;
 * nothing outside [p, end) is ever touched. */

typedef struct {
  const uint8_t *p, *end;
  bool           bad;
} ChsBytes;

static inline ChsBytes
chs_bytes (const uint8_t *p, size_t n)
{
  return (ChsBytes) { .p = p, .end = p + n };
}

static inline size_t
chs_bytes_left (const ChsBytes *b)
{
  return (size_t) (b->end - b->p);
}

static inline bool
chs_bytes_take (ChsBytes *b, size_t n, const uint8_t **out)
{
  if (b->bad || chs_bytes_left (b) < n) {
    b->bad = true;
    b->p = b->end;
    return false;
  }
  *out = b->p;
  b->p += n;
  return true;
}

static inline void
chs_bytes_skip (ChsBytes *b, size_t n)
{
  const uint8_t *unused;

  (void) chs_bytes_take (b, n, &unused);
}

/* The next @n bytes as a reader of their own. */
static inline ChsBytes
chs_bytes_sub (ChsBytes *b, size_t n)
{
  const uint8_t *p;

  if (!chs_bytes_take (b, n, &p))
    return (ChsBytes) { .p = b->end, .end = b->end, .bad = true };
  return chs_bytes (p, n);
}

/* Nothing after the next @n bytes is for this reader. */
static inline void
chs_bytes_narrow (ChsBytes *b, size_t n)
{
  if (b->bad || chs_bytes_left (b) < n) {
    b->bad = true;
    b->p = b->end;
    return;
  }
  b->end = b->p + n;
}

/* Of a record of fixed length that was taken whole: its fields need no test of their own. */
static inline uint16_t
chs_u16be (const uint8_t *p)
{
  return (uint16_t) (p[0] << 8 | p[1]);
}

static inline uint32_t
chs_u32be (const uint8_t *p)
{
  return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3];
}

static inline uint8_t
chs_bytes_u8 (ChsBytes *b)
{
  const uint8_t *p;

  return chs_bytes_take (b, 1, &p) ? p[0] : 0;
}

static inline uint16_t
chs_bytes_u16be (ChsBytes *b)
{
  const uint8_t *p;

  return chs_bytes_take (b, 2, &p) ? chs_u16be (p) : 0;
}

static inline uint32_t
chs_bytes_u32be (ChsBytes *b)
{
  const uint8_t *p;

  return chs_bytes_take (b, 4, &p) ? chs_u32be (p) : 0;
}

static inline uint16_t
chs_bytes_u16le (ChsBytes *b)
{
  const uint8_t *p;

  return chs_bytes_take (b, 2, &p) ? (uint16_t) (p[1] << 8 | p[0]) : 0;
}

static inline uint32_t
chs_bytes_u32le (ChsBytes *b)
{
  const uint8_t *p;

  return chs_bytes_take (b, 4, &p) ? (uint32_t) p[3] << 24 | (uint32_t) p[2] << 16 | (uint32_t) p[1] << 8 | p[0] : 0;
}

/* Writing: the same the other way round. @bad when it did not fit. */
typedef struct {
  uint8_t *start, *p, *end;
  bool     bad;
} ChsBytesOut;

static inline ChsBytesOut
chs_bytes_out (uint8_t *p, size_t n)
{
  return (ChsBytesOut) { .start = p, .p = p, .end = p + n };
}

static inline size_t
chs_bytes_out_used (const ChsBytesOut *b)
{
  return b->bad ? 0 : (size_t) (b->p - b->start);
}

static inline void
chs_bytes_put (ChsBytesOut *b, const void *src, size_t n)
{
  if (b->bad || (size_t) (b->end - b->p) < n) {
    b->bad = true;
    return;
  }
  memcpy (b->p, src, n);
  b->p += n;
}

static inline void
chs_bytes_put_u8 (ChsBytesOut *b, uint8_t v)
{
  chs_bytes_put (b, &v, 1);
}

static inline void
chs_bytes_put_u16be (ChsBytesOut *b, uint16_t v)
{
  const uint8_t bytes[] = { (uint8_t) (v >> 8), (uint8_t) v };

  chs_bytes_put (b, bytes, sizeof bytes);
}

static inline void
chs_bytes_put_u32be (ChsBytesOut *b, uint32_t v)
{
  const uint8_t bytes[] = { (uint8_t) (v >> 24), (uint8_t) (v >> 16), (uint8_t) (v >> 8), (uint8_t) v };

  chs_bytes_put (b, bytes, sizeof bytes);
}

static inline void
chs_bytes_put_u16le (ChsBytesOut *b, uint16_t v)
{
  const uint8_t bytes[] = { (uint8_t) v, (uint8_t) (v >> 8) };

  chs_bytes_put (b, bytes, sizeof bytes);
}

static inline void
chs_bytes_put_u32le (ChsBytesOut *b, uint32_t v)
{
  const uint8_t bytes[] = { (uint8_t) v, (uint8_t) (v >> 8), (uint8_t) (v >> 16), (uint8_t) (v >> 24) };

  chs_bytes_put (b, bytes, sizeof bytes);
}

/* Room for a length that is known later; returns where it is. */
static inline size_t
chs_bytes_hole_u16 (ChsBytesOut *b)
{
  size_t at = (size_t) (b->p - b->start);

  chs_bytes_put_u16be (b, 0);
  return at;
}

/* Fills the hole with the number of bytes written since. */
static inline void
chs_bytes_fill_u16be (ChsBytesOut *b, size_t at)
{
  size_t n = (size_t) (b->p - b->start) - at - 2;

  if (b->bad)
    return;
  b->start[at] = (uint8_t) (n >> 8);
  b->start[at + 1] = (uint8_t) n;
}

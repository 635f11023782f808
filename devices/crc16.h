/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* CRC-16 of the protocols that have one. Frames are short: a bit at a time is fast
 * enough and needs no table. C library only. */

/**
 * chs_crc16:
 * @p: bytes
 * @n: how many
 * @polynomial: most significant bit first, 0x1021
 * @start: register before the first byte
 *
 * Returns: the register after the last byte; not reflected, not complemented
 */
static inline uint16_t
chs_crc16 (const uint8_t *p, size_t n, uint16_t polynomial, uint16_t start)
{
  uint16_t crc = start;

  while (n-- > 0) {
    crc = (uint16_t) (crc ^ *p++ << 8);
    for (unsigned bit = 0; bit < 8; bit++)
      crc = (uint16_t) (crc & 0x8000 ? crc << 1 ^ polynomial : crc << 1);
  }
  return crc;
}

/* CRC-16/XMODEM: polynomial 0x1021, register 0. "123456789" gives 31C3. */
static inline uint16_t
chs_crc16_xmodem (const uint8_t *p, size_t n)
{
  return chs_crc16 (p, n, 0x1021, 0);
}

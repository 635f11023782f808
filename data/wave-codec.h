/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Samples of waves as bytes, without loss: differences of first or second order, or none, packed in as few bits as the
 * largest of 32 of them needs. Five times as fast as zlib over the same samples and no larger (data/README.md, "Blocks").
 *
 * C library only. Read bytes are hostile: every width, order and sum is checked. */

/**
 * chs_wave_codec_bound:
 * @n: samples
 *
 * Returns: most bytes that chs_wave_codec_put() writes for so many
 */
size_t chs_wave_codec_bound (size_t n);

/**
 * chs_wave_codec_put:
 * @p: room for chs_wave_codec_bound() bytes
 * @samples: (array length=n): samples; %CHS_WAVE_ABSENT = absent
 * @n: 0..%CHS_WAVE_MAX
 *
 * Returns: first byte behind what was written
 */
uint8_t *chs_wave_codec_put (uint8_t *p, const int16_t *samples, size_t n);

/**
 * chs_wave_codec_get:
 * @p: bytes
 * @end: first byte behind them
 * @samples: (out) (array length=n): samples
 * @n: 0..%CHS_WAVE_MAX, as was put
 *
 * Returns: (nullable): first byte behind the samples; %NULL when they make no sense
 */
const uint8_t *chs_wave_codec_get (const uint8_t *p, const uint8_t *end, int16_t *samples, size_t n);

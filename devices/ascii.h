/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers in text protocols, read strictly and without a locale: strtod() would
 * take "0x1p3", "nan", leading blanks and a decimal comma. C library only. */

/**
 * chs_ascii_number:
 * @text: characters; need not be NUL terminated
 * @n: how many
 * @value: (out): the number, set only on %true
 *
 * "12", "-3", "0.50", ".5", "7."; at most 15 digits; nothing before or behind.
 *
 * Returns: whether @text is a plain decimal number
 */
bool chs_ascii_number (const char *text, size_t n, double *value);

/**
 * chs_ascii_unsigned:
 * @text: characters
 * @n: how many, 1..9
 * @value: (out): the number, set only on %true
 *
 * Returns: whether @text is digits alone
 */
bool chs_ascii_unsigned (const char *text, size_t n, uint32_t *value);

/**
 * chs_ascii_hex:
 * @text: characters
 * @n: how many, 1..8
 * @value: (out): the number, set only on %true
 *
 * Returns: whether @text is hexadecimal digits alone, of either case
 */
bool chs_ascii_hex (const char *text, size_t n, uint32_t *value);

/**
 * chs_ascii_put_fixed:
 * @out: where
 * @value: finite, |value| < 1e9
 * @decimals: 0..3 digits behind the point; rounded half away from zero
 */
void chs_ascii_put_fixed (ChsBytesOut *out, double value, unsigned decimals);

/**
 * chs_ascii_put_digits:
 * @out: where
 * @value: a number
 * @width: filled up with zeros to so many digits; more are written where the number has more
 */
void chs_ascii_put_digits (ChsBytesOut *out, uint64_t value, unsigned width);

/**
 * chs_ascii_put:
 * @out: where
 * @text: NUL terminated
 */
void chs_ascii_put (ChsBytesOut *out, const char *text);

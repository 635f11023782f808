/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/**
 * chs_number_parse:
 * @text: as somebody typed it
 * @value: (out): set only on %TRUE
 *
 * Comma or point, digits of any script, blanks around it. No sign, no exponent, no thousands: "1,234" may mean 1234 to
 * one nurse and 1.234 to another, so it is refused; "0,125" means one thing.
 *
 * Returns: whether @text is a number and nothing else
 */
bool chs_number_parse (const char *text, double *value);

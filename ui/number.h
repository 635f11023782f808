/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/**
 * chs_number_parse:
 * @text: as somebody typed it
 * @value: (out): set only on %TRUE
 *
 * Comma or point, Western or Arabic-Indic digits, blanks around it. No thousands, no sign, no exponent: "1,234" is
 * 1.234, which the range of a field then refuses, and never 1234.
 *
 * Returns: whether @text is a number and nothing else
 */
bool chs_number_parse (const char *text, double *value);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/ascii.h"

#include <math.h>
#include <string.h>

#define MAX_DIGITS 15 /* exact in a double */

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

bool
chs_ascii_number (const char *text, size_t n, double *value)
{
  double number = 0.0, unit = 1.0;
  unsigned digits = 0;
  bool negative = n > 0 && text[0] == '-', point = false;

  for (size_t i = negative ? 1 : 0; i < n; i++) {
    if (text[i] == '.' && !point) {
      point = true;
      continue;
    }
    if (!is_digit (text[i]) || ++digits > MAX_DIGITS)
      return false;
    number = number * 10.0 + (text[i] - '0');
    if (point)
      unit *= 10.0;
  }
  if (digits == 0)
    return false;
  *value = (negative ? -number : number) / unit;
  return true;
}

bool
chs_ascii_unsigned (const char *text, size_t n, uint32_t *value)
{
  uint32_t number = 0;

  if (n < 1 || n > 9)
    return false;
  for (size_t i = 0; i < n; i++) {
    if (!is_digit (text[i]))
      return false;
    number = number * 10 + (uint32_t) (text[i] - '0');
  }
  *value = number;
  return true;
}

bool
chs_ascii_hex (const char *text, size_t n, uint32_t *value)
{
  static const char digits[] = "0123456789ABCDEF";
  uint32_t number = 0;

  if (n < 1 || n > 8)
    return false;
  for (size_t i = 0; i < n; i++) {
    char upper = text[i] >= 'a' && text[i] <= 'f' ? (char) (text[i] - 'a' + 'A') : text[i];
    const char *at = upper != '\0' ? strchr (digits, upper) : NULL;

    if (at == NULL)
      return false;
    number = number << 4 | (uint32_t) (at - digits);
  }
  *value = number;
  return true;
}

void
chs_ascii_put_digits (ChsBytesOut *out, uint64_t value, unsigned width)
{
  char text[20];
  unsigned n = 0;

  do {
    text[sizeof text - ++n] = (char) ('0' + value % 10);
    value /= 10;
  } while (value > 0 || (n < width && n < sizeof text));
  chs_bytes_put (out, text + sizeof text - n, n);
}

void
chs_ascii_put_fixed (ChsBytesOut *out, double value, unsigned decimals)
{
  static const uint64_t units[] = { 1, 10, 100, 1000 };
  uint64_t unit = units[decimals < 3 ? decimals : 3];
  uint64_t scaled = (uint64_t) llround (fabs (value) * (double) unit);

  if (value < 0.0 && scaled > 0)
    chs_bytes_put_u8 (out, '-');
  chs_ascii_put_digits (out, scaled / unit, 1);
  if (unit > 1) {
    chs_bytes_put_u8 (out, '.');
    chs_ascii_put_digits (out, scaled % unit, decimals);
  }
}

void
chs_ascii_put (ChsBytesOut *out, const char *text)
{
  chs_bytes_put (out, text, strlen (text));
}

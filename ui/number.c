/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/number.h"

#include <glib.h>
#include <string.h>

#define MAX_LETTERS 12

/* The ASCII letter that a typed one stands for; '\0' = none. */
static char
plain (gunichar c)
{
  if (c == ',' || c == '.' || c == 0x066B) /* Arabic decimal separator */
    return '.';

  return g_unichar_isdigit (c) ? (char) ('0' + g_unichar_digit_value (c)) : '\0';
}

/* "1.234" or "12,500": what stands before the point is no zero, and exactly three digits follow. */
static bool
may_be_thousands (const char *digits)
{
  const char *point = strchr (digits, '.');

  return point && point > digits && strlen (point) == 4 && strspn (digits, "0") < (size_t) (point - digits);
}

bool
chs_number_parse (const char *text, double *value)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  char             digits[MAX_LETTERS + 1] = "";
  guint            n = 0, n_points = 0;

  for (const char *p = trimmed; *p; p = g_utf8_next_char (p)) {
    char c = plain (g_utf8_get_char (p));

    if (c == '\0' || n == MAX_LETTERS || (c == '.' && n_points++ > 0))
      return false;
    digits[n++] = c;
  }
  if (n == n_points || may_be_thousands (digits))
    return false;

  *value = g_ascii_strtod (digits, NULL);

  return true;
}

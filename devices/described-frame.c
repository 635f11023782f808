/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "devices/described-private.h"

#include "devices/crc16.h"

#include <math.h>
#include <string.h>

gboolean
chs_described_unescape (const char *text, guint8 *bytes, gsize *n)
{
  static const char letters[] = "rnt\\", meanings[] = "\r\n\t\\";

  *n = 0;
  for (const char *p = text; *p != '\0'; p++) {
    const char *letter;

    if (*p != '\\') {
      bytes[(*n)++] = (guint8) *p;
      continue;
    }
    p++;
    letter = *p != '\0' ? strchr (letters, *p) : NULL;
    if (letter != NULL)
      bytes[(*n)++] = (guint8) meanings[letter - letters];
    else if (*p == 'x' && g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2])) {
      bytes[(*n)++] = (guint8) (g_ascii_xdigit_value (p[1]) << 4 | g_ascii_xdigit_value (p[2]));
      p += 2;
    } else
      return FALSE;
  }
  return TRUE;
}

/* Modbus takes the least significant bit first. */
static guint16
crc16_modbus (const guint8 *p, gsize n)
{
  guint16 crc = 0xFFFF;

  while (n-- > 0) {
    crc ^= *p++;
    for (guint bit = 0; bit < 8; bit++)
      crc = (guint16) (crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1);
  }
  return crc;
}

static guint
compute (ChsSum sum, const guint8 *p, gsize n)
{
  guint total = 0, xored = 0;

  for (gsize i = 0; i < n; i++) {
    total += p[i];
    xored ^= p[i];
  }
  switch (sum) {
  case CHS_SUM_SUM8:
    return total & 0xFF;
  case CHS_SUM_XOR8:
    return xored;
  case CHS_SUM_FF_SUM8:
    return (0xFF - (total & 0xFF)) & 0xFF;
  case CHS_SUM_SUM16:
    return total & 0xFFFF;
  case CHS_SUM_CCITT_FALSE:
    return chs_crc16 (p, n, 0x1021, 0xFFFF);
  case CHS_SUM_XMODEM:
    return chs_crc16_xmodem (p, n);
  case CHS_SUM_MODBUS:
    return crc16_modbus (p, n);
  case CHS_SUM_NONE:
  default:
    return 0;
  }
}

static gboolean
is_wide (const ChsFrameRule *rule)
{
  return rule->sum >= CHS_SUM_SUM16;
}

gsize
chs_described_sum_size (const ChsFrameRule *rule)
{
  static const gsize sizes[] = { [CHS_SUM_HEX2] = 2, [CHS_SUM_HEX4] = 4, [CHS_SUM_DEC5] = 5 };

  if (rule->sum == CHS_SUM_NONE)
    return 0;
  return rule->sum_form == CHS_SUM_RAW ? (is_wide (rule) ? 2 : 1) : sizes[rule->sum_form];
}

gsize
chs_described_sum (const ChsFrameRule *rule, const guint8 *bytes, gsize n, guint8 *out)
{
  static const char *const forms[] = { [CHS_SUM_HEX2] = "%02X", [CHS_SUM_HEX4] = "%04X", [CHS_SUM_DEC5] = "%05u" };
  gsize size = chs_described_sum_size (rule), skip = rule->sum_from == 1 ? rule->start.n : 0;
  char text[8];
  guint sum;

  if (size == 0)
    return 0;
  sum = compute ((ChsSum) rule->sum, bytes + skip, n - skip);
  if (rule->sum_form != CHS_SUM_RAW) {
    g_snprintf (text, sizeof text, forms[rule->sum_form], sum);
    memcpy (out, text, size);
    return size;
  }
  /* The high byte first, but for Modbus, whose wire is the other way round. */
  for (gsize i = 0; i < size; i++)
    out[i] = (guint8) (sum >> 8 * (rule->sum == CHS_SUM_MODBUS ? i : size - 1 - i));
  return size;
}

double
chs_described_factor (const ChsFieldRule *rule, double drop_factor)
{
  if (rule->unit == NULL)
    return 1.0;
  return rule->unit->is_drops ? rule->unit->factor / drop_factor : rule->unit->factor;
}

gboolean
chs_described_read_drop_factor (const char *text, double *drops_ml)
{
  static const int sets[] = { 10, 15, 20, 60 }; /* macro drip 10, 15, 20; micro drip 60 (generic-ascii.md, 4) */

  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++) {
    g_autofree char *set = g_strdup_printf ("%d", sets[i]);

    if (strcmp (set, text) == 0) {
      *drops_ml = sets[i];
      return TRUE;
    }
  }
  return FALSE;
}

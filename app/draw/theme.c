/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/draw/draw-private.h"

#include <math.h>

/* Colours: shared/design.md "Sizes". The looks are checked by tests/test-draw-theme.c: every text on its ground has a
 * WCAG ratio of 4.5, primary numbers 7, and nothing but an alarm wears alarm red, yellow or cyan. */

#define RGB(hex)                                                                                                        \
  {                                                                                                                     \
    (double) (((hex) >> 16) & 0xFF) / 255.0, (double) (((hex) >> 8) & 0xFF) / 255.0, (double) ((hex) & 0xFF) / 255.0    \
  }

/* Alarms are the same in every look: night dims everything else. White on the bar's red has 5.5; the number in a
 * tile needs 7, so a tile is filled with a deeper red and framed with the bar's. */
#define ALARMS                                                                                                          \
  .alarm_fill = { RGB (0x000000), RGB (0x20C5E8), RGB (0xFFD400), RGB (0xD3121B) },                                     \
  .alarm_tile = { RGB (0x000000), RGB (0x20C5E8), RGB (0xFFD400), RGB (0xB00F18) },                                     \
  .alarm_text = { RGB (0xFFFFFF), RGB (0x101010), RGB (0x101010), RGB (0xFFFFFF) }

static const ChsPalette palettes[CHS_N_LOOKS] = {
  [CHS_LOOK_DAY] = {
    .background = RGB (0x0B0E12), .panel = RGB (0x12161C), .panel_edge = RGB (0x242B34), .flag = RGB (0x2A323D), .grid = RGB (0x2A313B),
    .text = RGB (0xF2F4F7), .label = RGB (0xA8B3C2), .stale = RGB (0x7C8796),
    .hr = RGB (0x3DDC6B), .spo2 = RGB (0x7FB2FF), .nibp = RGB (0xF2F4F7), .rr = RGB (0xC9D6B0), .temp = RGB (0xB79CFF),
    .co2 = RGB (0xD8BFA8), .pump = { RGB (0xFF9F45), RGB (0x2EC4A6), RGB (0xE58FCB) },
    ALARMS, .replay = RGB (0xB79CFF), .good = RGB (0x3DDC6B), .caution = RGB (0xE8AE5C),
  },
  [CHS_LOOK_NIGHT] = {
    .background = RGB (0x000000), .panel = RGB (0x030304), .panel_edge = RGB (0x15181C), .flag = RGB (0x15181C), .grid = RGB (0x1A1D21),
    .text = RGB (0xA39C93), .label = RGB (0x857F77), .stale = RGB (0x7E7870),
    .hr = RGB (0x38B05C), .spo2 = RGB (0x6F9ADB), .nibp = RGB (0xA39C93), .rr = RGB (0x98A086), .temp = RGB (0xA58FE0),
    .co2 = RGB (0xAB9785), .pump = { RGB (0xCE8A48), RGB (0x31AB92), RGB (0xCB84B5) },
    ALARMS, .replay = RGB (0xA58FE0), .good = RGB (0x38B05C), .caution = RGB (0xC0904C),
  },
  [CHS_LOOK_CONTRAST] = {
    .background = RGB (0x000000), .panel = RGB (0x000000), .panel_edge = RGB (0x9AA4B0), .flag = RGB (0x2A2F36), .grid = RGB (0x5A626C),
    .text = RGB (0xFFFFFF), .label = RGB (0xE4E9F0), .stale = RGB (0xB4BDC9),
    .hr = RGB (0x58FF8A), .spo2 = RGB (0xA8CCFF), .nibp = RGB (0xFFFFFF), .rr = RGB (0xE6F2CC), .temp = RGB (0xD2C0FF),
    .co2 = RGB (0xF3DCC6), .pump = { RGB (0xFFB366), RGB (0x4FE8C8), RGB (0xFFB3E2) },
    ALARMS, .replay = RGB (0xD2C0FF), .good = RGB (0x58FF8A), .caution = RGB (0xFFC680),
  },
  [CHS_LOOK_PAPER] = {
    .background = RGB (0xFFFFFF), .panel = RGB (0xFFFFFF), .panel_edge = RGB (0xB9C0C8), .flag = RGB (0xE4E8EC), .grid = RGB (0xDADFE5),
    .text = RGB (0x000000), .label = RGB (0x454C55), .stale = RGB (0x6A717A),
    .hr = RGB (0x0B5E2A), .spo2 = RGB (0x1B4B96), .nibp = RGB (0x111111), .rr = RGB (0x46531C), .temp = RGB (0x5333A0),
    .co2 = RGB (0x5C4A38), .pump = { RGB (0x834000), RGB (0x075A4B), RGB (0x872763) },
    ALARMS, .replay = RGB (0x5333A0), .good = RGB (0x0B5E2A), .caution = RGB (0x7A4A00),
  },
};

void
chs_theme_init (ChsTheme *theme, ChsLook look, double px_mm)
{
  *theme = (ChsTheme) {
    .look = look,
    .palette = palettes[(guint) look < CHS_N_LOOKS ? look : CHS_LOOK_DAY],
    .px_mm = px_mm,
    .text_scale = 1.0,
    .font = "Inter",
  };
}

bool
chs_flash_is_on (ChsPriority priority, int64_t now_us)
{
  /* half periods: 2.0 Hz and 0.6 Hz at 50 % */
  const int64_t half_us = priority == CHS_PRIORITY_HIGH ? 250000 : 833333;

  return priority < CHS_PRIORITY_MEDIUM || (MAX (now_us, 0) / half_us) % 2 == 0;
}

const char *
chs_tr (const ChsTheme *theme, const char *msgid)
{
  return theme->tr != NULL && msgid[0] != '\0' ? theme->tr (msgid) : msgid;
}

ChsColour
chs_param_colour (const ChsTheme *theme, ChsParam param)
{
  const ChsPalette *p = &theme->palette;

  switch ((int) param) {
  case CHS_PARAM_HR:
  case CHS_PARAM_PR:
  case CHS_PARAM_ECG_WAVE:
  case CHS_PARAM_ECG2_WAVE:
    return p->hr;
  case CHS_PARAM_SPO2:
  case CHS_PARAM_PI:
  case CHS_PARAM_PLETH_WAVE:
    return p->spo2;
  case CHS_PARAM_RR:
  case CHS_PARAM_CO2_RR:
  case CHS_PARAM_RESP_WAVE:
    return p->rr;
  case CHS_PARAM_ETCO2:
  case CHS_PARAM_FICO2:
  case CHS_PARAM_CO2_WAVE:
    return p->co2;
  case CHS_PARAM_TEMP:
  case CHS_PARAM_TEMP2:
    return p->temp;
  default:
    return p->nibp;
  }
}

ChsColour
chs_pump_colour (const ChsTheme *theme, guint index)
{
  ChsColour colour = theme->palette.pump[index % G_N_ELEMENTS (theme->palette.pump)];

  /* a fourth pump is a pale sister of the first */
  return index < G_N_ELEMENTS (theme->palette.pump) ? colour : chs_mix (colour, theme->palette.text, 0.55);
}

void
chs_theme_set_words (ChsTheme *theme, const char *(*tr) (const char *msgid))
{
  GUnicodeScript script;

  theme->tr = tr;
  script = g_unichar_get_script (g_utf8_get_char (chs_tr (theme, N_ ("Alarms"))));
  theme->rtl = script == G_UNICODE_SCRIPT_ARABIC || script == G_UNICODE_SCRIPT_HEBREW;
}

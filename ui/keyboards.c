/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/keyboards.h"

#include "ui/language.h"

#include <glib/gi18n.h>

static const ChsKeyboard accents = {
  "accents", "ÀÇÑ", { "ÀÁÂÃÄÅÆÇÑ", "ÈÉÊËÌÍÎÏÝ", "ÒÓÔÕÖŒØß", "ÙÚÛÜŸ'’´-␣⌫" },
};

static const ChsKeyboard arabic = {
  "arabic", "أبت", { "1234567890", "ضصثقفغعهخحجد", "شسيبلاتنمكطذ", "ئءؤرىةوزظأإ␣⌫" },
};

void
chs_keyboards (ChsKeyboard boards[CHS_KEYBOARDS])
{
  const ChsKeyboard latin = {
    "latin", "ABC",
    /* Translators: rows of a keyboard, top to bottom; every character is a key */
    { "1234567890", C_("keyboard", "QWERTYUIOP"), C_("keyboard", "ASDFGHJKL-"), C_("keyboard", "ZXCVBNM./␣⌫") },
  };
  gboolean is_arabic = chs_language_is_rtl ();

  boards[0] = is_arabic ? arabic : latin;
  boards[1] = is_arabic ? latin : accents;
  boards[2] = is_arabic ? accents : arabic;
}

const char *
chs_keyboards_note (void)
{
  if (!chs_language_is ("zh_CN"))
    return "";

  /* Translators: for languages whose letters have no keys here (Chinese) */
  return _("Type Latin letters (pinyin). A real keyboard with an input method types characters.");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Boards of letters for names and notes: Latin as the language has it, letters with
 * accents, Arabic. The first is that of the language; a key leads on to the next. For
 * scripts that cannot be laid on keys (Chinese) chs_keyboards_note() says what
 * stands instead. Pure tables, no GTK. */

#define CHS_KEYBOARD_ROWS 4
#define CHS_KEYBOARDS 3

/* Keys whose name is not what they type. */
#define CHS_KEY_ERASE "⌫"
#define CHS_KEY_SPACE "␣"

typedef struct {
  const char *id;
  const char *name; /* on the key that leads to it, in its own letters */
  const char *rows[CHS_KEYBOARD_ROWS]; /* each character is a key */
} ChsKeyboard;

/**
 * chs_keyboards:
 * @boards: (out): all, the one of the language in force first
 */
void chs_keyboards (ChsKeyboard boards[CHS_KEYBOARDS]);

/**
 * chs_keyboards_note:
 *
 * Returns: (transfer none): what to do where the letters of the language have no board, translated; "" = they have one
 */
const char *chs_keyboards_note (void);

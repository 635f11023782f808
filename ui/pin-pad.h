/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Digits of a PIN: twelve keys, and a dot for each digit typed. What was typed is in no
 * text widget (nothing to select, copy or read aloud), is handed over once, and wiped.
 *
 * "entered" (char *pin): OK was touched; the text is wiped when the handlers are done. */

#define CHS_TYPE_PIN_PAD (chs_pin_pad_get_type ())
G_DECLARE_FINAL_TYPE (ChsPinPad, chs_pin_pad, CHS, PIN_PAD, GtkWidget)

/**
 * chs_pin_pad_new:
 *
 * Thread:  main
 *
 * Returns: (transfer floating): a pad without digits
 */
GtkWidget *chs_pin_pad_new (void) G_GNUC_WARN_UNUSED_RESULT;
void       chs_pin_pad_clear (ChsPinPad *self); /* digits are wiped, words go */
void       chs_pin_pad_tell (ChsPinPad *self, const char *text); /* under the dots, translated: why it was refused */

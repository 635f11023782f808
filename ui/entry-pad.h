/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Our own keypad and keyboard: a kiosk has none. A real keyboard works as well.
 * Numbers are taken with comma or point and refused, with the reason, outside their
 * range. Hands the answer to a function; "closed" is emitted after an answer and
 * after a cancel. */

#define CHS_TYPE_ENTRY_PAD (chs_entry_pad_get_type ())
G_DECLARE_FINAL_TYPE (ChsEntryPad, chs_entry_pad, CHS, ENTRY_PAD, GtkWidget)

/* @value: numbers in the C locale, text without blanks around it; "" = unknown. */
typedef void (*ChsEntryFunc) (const char *value, gpointer user_data);

/**
 * chs_entry_pad_new:
 *
 * Thread:  main
 *
 * Returns: (transfer floating): a pad that asks nothing yet
 */
GtkWidget *chs_entry_pad_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_entry_pad_ask_number:
 * @self: a pad
 * @title: what is asked, translated
 * @unit: its unit, translated; "" = none
 * @low: least that is accepted
 * @high: most that is accepted
 * @func: called with the answer
 * @user_data: for @func
 */
void chs_entry_pad_ask_number (ChsEntryPad *self,
                               const char  *title,
                               const char  *unit,
                               double       low,
                               double       high,
                               ChsEntryFunc func,
                               gpointer     user_data);

/**
 * chs_entry_pad_ask_text:
 * @self: a pad
 * @title: what is asked, translated
 * @present: what stands there now
 * @max_length: letters
 * @func: called with the answer
 * @user_data: for @func
 */
void chs_entry_pad_ask_text (ChsEntryPad *self,
                             const char  *title,
                             const char  *present,
                             guint        max_length,
                             ChsEntryFunc func,
                             gpointer     user_data);

/* Why a value in the range cannot be taken all the same, translated; NULL = it can. Returns: (transfer full) (nullable) */
typedef char *(*ChsEntryCheck) (const char *value, gpointer user_data);

/**
 * chs_entry_pad_set_check:
 * @self: a pad that is asking
 * @check: asked before the answer is given, with the user_data of the question; good for this question
 */
void chs_entry_pad_set_check (ChsEntryPad *self, ChsEntryCheck check);

/**
 * chs_entry_pad_offer_none:
 * @self: a pad that is asking
 * @title: of a further key that answers "", translated; good for this question
 */
void chs_entry_pad_offer_none (ChsEntryPad *self, const char *title);

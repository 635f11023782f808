/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* What is wrong with the words of a screen, whatever they say. First a language that nobody speaks, to find the words that are in none: each part of a text that went through the catalogue stands
 * in ⟦brackets⟧, and whatever a format was filled with stands outside of them. So everything with letters outside of brackets
 * was never translated. The catalogue has the texts that the German one has, no more.
 *
 * What is drawn is seen too: every text that pango lays out in this process goes through here, whoever asked for it. */

typedef enum {
  PSEUDO_WORDS,  /* the pseudo language */
  PSEUDO_ARABIC, /* Arabic: what is looked for are lines that run from left to right, and numbers that were turned round by one
                    that runs from right to left: "48+", "mL/h 375 → 150", "160–90" */
  PSEUDO_N
} PseudoLanguage;

/**
 * pseudo_begin:
 * @language: that of all texts from here on
 *
 * First in a test, before anything of GTK.
 */
void pseudo_begin (PseudoLanguage language);

/**
 * pseudo_allow:
 * @words: with blanks between them: what people have typed, names of files, ids that a page shows as they are
 *
 * For this test alone; after pseudo_begin().
 */
void pseudo_allow (const char *words);

/**
 * pseudo_look:
 * @state: what is on the screen: "limits of a quiet chair"
 * @window: a window
 *
 * Notes what is wrong: of all texts laid out since the last look, and of labels and descriptions in the accessible tree of what
 * is in sight.
 */
void pseudo_look (const char *state, GtkWidget *window);

/**
 * pseudo_end:
 *
 * Fails the test with all that pseudo_look() noted, if there was anything.
 */
void pseudo_end (void);

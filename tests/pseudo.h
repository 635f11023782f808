/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* A language that nobody speaks, to find the words that are in none: each part of a text that went through the catalogue stands
 * in ⟦brackets⟧, and whatever a format was filled with stands outside of them. So everything with letters outside of brackets
 * was never translated. The catalogue has the texts that the German one has, no more.
 *
 * What is drawn is seen too: every text that pango lays out in this process goes through here, whoever asked for it. */

/**
 * pseudo_begin:
 *
 * First in a test, before anything of GTK: from here on the texts are the pseudo language's.
 */
void pseudo_begin (void);

/**
 * pseudo_check:
 * @text: (nullable): shown to somebody, or told to a screen reader
 *
 * Returns: (transfer full) (nullable): what of it is in no language; NULL = nothing
 */
char *pseudo_check (const char *text);

/**
 * pseudo_look:
 * @state: what is on the screen: "limits of a quiet chair"
 * @window: a window
 *
 * Notes what is in no language: of all texts laid out since the last look, and of labels and descriptions in the accessible
 * tree of what is in sight.
 */
void pseudo_look (const char *state, GtkWidget *window);

/**
 * pseudo_end:
 *
 * Fails the test with all that pseudo_look() noted, if there was anything.
 */
void pseudo_end (void);

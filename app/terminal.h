/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The terminal that a command shows something live in: raw keys, the alternate
 * screen, and everything put back as it was however the command ends. Without a
 * terminal (a pipe, a log) frames are printed plainly, one after the other.
 *
 * One at a time; works in the default context. */

typedef struct _ChsTerminal ChsTerminal;

typedef void (*ChsTerminalKeyFunc) (char key, gpointer user_data);

/**
 * chs_terminal_new:
 * @func: called for each key typed; Ctrl-C is a signal as ever
 * @user_data: for @func
 *
 * Returns: (transfer full): the terminal, or what stands for one
 */
ChsTerminal *chs_terminal_new (ChsTerminalKeyFunc func, gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_terminal_free:
 * @self: (nullable) (transfer full): the terminal
 *
 * Puts everything back as it was.
 */
void chs_terminal_free (ChsTerminal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsTerminal, chs_terminal_free)

gboolean chs_terminal_is_live (const ChsTerminal *self); /* somebody sees it and can type */

/**
 * chs_terminal_get_size:
 * @self: the terminal
 * @width: (out): columns
 * @height: (out): lines
 *
 * As it is now; 100 by 30 without a terminal, or as $COLUMNS and $LINES say.
 */
void chs_terminal_get_size (const ChsTerminal *self, int *width, int *height);

/**
 * chs_terminal_show:
 * @self: the terminal
 * @frame: lines, each ended by "\n" but the last
 *
 * In place of what was shown; without a terminal below it.
 */
void chs_terminal_show (ChsTerminal *self, const char *frame);

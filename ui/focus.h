/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/**
 * chs_focus_keep:
 * @window: a window whose parts are views
 *
 * Whoever works with a keyboard never loses the focus: when what has it goes away (a key that has done its work, the row of an
 * alarm), the nearest view around it that is still in sight gets it. Not the next key: a second Return must not press what
 * nobody has chosen. The next Tab comes to the first key of that view.
 *
 * Thread: main
 */
void chs_focus_keep (GtkWindow *window);

/**
 * chs_focus_lend:
 * @view: a view in a window with a keeper, whose parts are about to go or to mean something else
 *
 * If the focus is on a part of @view, it goes to @view itself.
 */
void chs_focus_lend (GtkWidget *view);

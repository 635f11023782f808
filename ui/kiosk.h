/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* No way out of the screen at a chair (--kiosk): not by keys, not by touch, not by the
 * toolkit's own tools. What is let through is listed; everything else is swallowed. */

/**
 * chs_kiosk_prepare:
 * @argc: of main
 * @argv: of main
 *
 * With --kiosk: forgets the environment by which GTK would open its inspector or load modules, and gives up core dumps
 * and tracing (app/lockdown.h). Without it nothing happens. Before GTK is initialised.
 */
void chs_kiosk_prepare (int argc, char **argv);

/**
 * chs_kiosk_guard:
 * @window: the window of a kiosk
 *
 * Refuses to be closed and inspected, opens no menu of the toolkit, and takes no key with Alt, Super or Ctrl but the
 * shortcuts of the pages and Ctrl+Z.
 */
void chs_kiosk_guard (GtkWindow *window);

/**
 * chs_kiosk_lets_through:
 * @key: GDK_KEY_…
 * @state: modifiers
 *
 * Returns: whether a kiosk takes this key
 */
gboolean chs_kiosk_lets_through (guint key, GdkModifierType state);

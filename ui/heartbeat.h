/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/**
 * chs_heartbeat_start:
 * @window: the window of the chair
 *
 * Tells systemd (app/sd-notify.h) that the screen is ready as soon as @window is on the display, and from then on that
 * it is alive, by a timer of the main loop that also draws: a screen that stands still is started again. Nothing
 * happens where nobody asked to be told.
 */
void chs_heartbeat_start (GtkWindow *window);

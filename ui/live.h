/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window.h"

/* A live chair: the monitor's journal into the scene, the nurse's touches back to
 * the monitor. When the monitor is lost, the window says so in red, with a sound of
 * its own, until it is back; its history then comes again as a whole. */

typedef struct _ChsLive ChsLive;

/**
 * chs_live_new:
 * @scene: a live scene
 * @window: its window
 * @socket_path: (nullable): the monitor's socket; NULL = the usual one
 *
 * Returns: (transfer full): attached, or trying to
 */
ChsLive *chs_live_new (ChsScene *scene, ChsWindow *window, const char *socket_path) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_live_set_window:
 * @self: a live chair
 * @window: takes the place of the present one: the same scene in another language
 */
void chs_live_set_window (ChsLive *self, ChsWindow *window);
void chs_live_free (ChsLive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsLive, chs_live_free)

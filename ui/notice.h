/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* A line over the foot of a page that says what was just entered, with a key to
 * undo it for ten seconds; or why something could not be done. Never over alarms. */

#define CHS_TYPE_NOTICE (chs_notice_get_type ())
G_DECLARE_FINAL_TYPE (ChsNotice, chs_notice, CHS, NOTICE, GtkWidget)

typedef void (*ChsNoticeUndo) (gpointer user_data);

/**
 * chs_notice_show:
 * @self: a notice
 * @text: translated
 * @undo: (nullable): called when the key is touched in time; NULL: no key
 * @user_data: (transfer full) (nullable): for @undo
 * @destroy: (nullable): frees @user_data
 */
void chs_notice_show (ChsNotice     *self,
                      const char    *text,
                      ChsNoticeUndo  undo,
                      gpointer       user_data,
                      GDestroyNotify destroy);

/**
 * chs_notice_hide:
 * @self: a notice
 *
 * Away at once; what it could undo stays done.
 */
void chs_notice_hide (ChsNotice *self);

/**
 * chs_notice_undo:
 * @self: a notice
 *
 * As if its key had been touched (Ctrl+Z).
 *
 * Returns: whether there was something to undo
 */
gboolean chs_notice_undo (ChsNotice *self);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* A place that scrolls where what is in it needs more room than there is, and says so: a strip under it reads
 * "▼ More below", at the end "▲ More above", and a touch on it goes on by a page. Half a key is no hint by itself.
 * Where everything fits there is no strip. */

#define CHS_TYPE_SCROLLER (chs_scroller_get_type ())
G_DECLARE_FINAL_TYPE (ChsScroller, chs_scroller, CHS, SCROLLER, GtkWidget)

/**
 * chs_scroller_new:
 * @child: (transfer floating): what is in it
 *
 * Takes the height there is, never asks for more.
 *
 * Returns: (transfer floating): a scroller
 */
GtkWidget *chs_scroller_new (GtkWidget *child) G_GNUC_WARN_UNUSED_RESULT;

/* To its beginning: a page that is opened again. */
void chs_scroller_rewind (ChsScroller *self);

/* A page on; from the end to the beginning. */
void chs_scroller_go_on (ChsScroller *self);

/* Whether there is a strip: not everything fits. As of the last layout. */
gboolean chs_scroller_has_more (ChsScroller *self);

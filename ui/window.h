/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"
#include "ui/scene.h"

#include <gtk/gtk.h>

/* The window: header, alarm bar, pages, keys; in a replay the transport in place of
 * the keys and a frame that says so. Header and alarm bar are over every page.
 *
 * Actions (win.): reaction, symptom, mark, site, session, review, more, silence, ack(s),
 * why(u), page(s), back, undo, look, awake (somebody is there). Pages: ui/pages.h. Keys of a keyboard: ui/README.md. */

#define CHS_TYPE_WINDOW (chs_window_get_type ())
G_DECLARE_FINAL_TYPE (ChsWindow, chs_window, CHS, WINDOW, GtkApplicationWindow)

/**
 * chs_window_new:
 * @application: the application
 * @scene: what it shows
 * @width: of the window, pixels; where it fills the screen: of the screen
 * @height: likewise
 * @diagonal_in: of the panel as told by the administrator, inches; 0 = not told
 *
 * Returns: (transfer floating): a window
 */
ChsWindow *chs_window_new (GtkApplication *application,
                           ChsScene       *scene,
                           int             width,
                           int             height,
                           double          diagonal_in) G_GNUC_WARN_UNUSED_RESULT;

ChsScene *chs_window_get_scene (ChsWindow *self); /* (transfer none) */

/**
 * chs_window_set_transport:
 * @self: a window
 * @transport: (transfer floating): keys and slider of a replay; take the place of the key bar
 */
void chs_window_set_transport (ChsWindow *self, GtkWidget *transport);

/* Returns: (transfer floating): the page; called once, when it is first opened. */
typedef ChsPage *(*ChsPageMaker) (gpointer user_data);

/**
 * chs_window_add_page:
 * @self: a window
 * @name: (transfer none): that opens it: "what-if"; a static string
 * @make: makes a page that is not of the registry (ui/pages.h), because it needs more than the scene
 * @user_data: (transfer full): for @make
 * @destroy: for @user_data
 *
 * Nothing is made before somebody opens it: the first frame of a window has no page in it.
 */
void chs_window_add_page (ChsWindow *self, const char *name, ChsPageMaker make, gpointer user_data, GDestroyNotify destroy);

/**
 * chs_window_set_home:
 * @self: a window that watches no chair
 * @name: of the page where it begins and where "Back" leads; there are no keys of a chair
 */
void chs_window_set_home (ChsWindow *self, const char *name);

/**
 * chs_window_set_stopped:
 * @self: a window
 * @why: (nullable): the monitor is lost, translated reason: full red, over everything; NULL: it is back
 */
void     chs_window_set_stopped (ChsWindow *self, const char *why);
void     chs_window_follow_hours (ChsWindow *self, gboolean follow); /* day and night as the chair's configuration says; not where somebody chose */
gboolean chs_window_is_stopped (ChsWindow *self);

/**
 * chs_window_tell:
 * @self: a window
 * @text: translated; shown for a few seconds at the foot of the page
 */
void chs_window_tell (ChsWindow *self, const char *text);

/**
 * chs_window_open_page:
 * @self: a window
 * @name: id of a page (ui/pages.h, or chs_window_add_page()), or "chair"; an unknown one is ignored
 * @target: (nullable): for the page; floating is taken: "why" wants the alarm's id (u)
 */
void        chs_window_open_page (ChsWindow *self, const char *name, GVariant *target);
const char *chs_window_get_page (ChsWindow *self); /* (transfer none): name of the page that is shown */

/**
 * chs_window_set_diagonal:
 * @self: a window
 * @diagonal_in: of the panel, inches; everything is measured anew
 */
void chs_window_set_diagonal (ChsWindow *self, double diagonal_in);

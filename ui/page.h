/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* A page of the window, under header and alarm bar, which it can never cover: a
 * title, a way back, and a body that the subclass fills. "Back" is action win.back.
 *
 * Returning to the chair by itself after a while without a touch is the window's
 * business; a page that holds half-typed things says so with "keeps-open". */

#define CHS_TYPE_PAGE (chs_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChsPage, chs_page, CHS, PAGE, ChsView)

struct _ChsPageClass {
  ChsViewClass parent_class;

  void (*opened) (ChsPage *self, GVariant *target); /* shown now; @target as given to the window, or NULL */
};

void       chs_page_set_title (ChsPage *self, const char *title); /* translated; copied */
void       chs_page_hide_top (ChsPage *self, const char *title); /* a page that brings its own way back */
void       chs_page_hide_back (ChsPage *self); /* a page that is where its window begins */
void       chs_page_show_top (ChsPage *self, gboolean is_shown); /* away while a pad, which has its own way back, needs the room */
gboolean   chs_page_has_top (ChsPage *self);
GtkWidget *chs_page_get_notice_place (ChsPage *self); /* (nullable): what a notice may cover; NULL: the title, else the foot */
void       chs_page_set_notice_place (ChsPage *self, GtkWidget *place); /* within the page */
GtkWidget *chs_page_get_body (ChsPage *self); /* a vertical box */
void       chs_page_add_key (ChsPage *self, GtkWidget *key); /* beside "Back" */
void       chs_page_open (ChsPage *self, GVariant *target);
gboolean   chs_page_get_keeps_open (ChsPage *self);
void       chs_page_set_keeps_open (ChsPage *self, gboolean keeps_open);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/entry-pad.h"
#include "ui/page.h"
#include "ui/replayer.h"

/* Base of the technician's pages over a recording: holds the replayer, asks with the keypad in its own place, and stays
 * open as long as it is wanted, whatever alarms the recording has. */

#define CHS_TYPE_WORK_PAGE (chs_work_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChsWorkPage, chs_work_page, CHS, WORK_PAGE, ChsPage)

struct _ChsWorkPageClass {
  ChsPageClass parent_class;

  void (*moved) (ChsWorkPage *self); /* position, loop or markers of the replay changed, and the page is shown */
};

ChsReplayer *chs_work_page_get_replayer (gpointer self); /* (transfer none) (nullable): NULL where no recording is open */
void         chs_work_page_set_replayer (gpointer self, ChsReplayer *replayer); /* (nullable) (transfer none): a reference is taken */
GtkWidget   *chs_work_page_get_content (gpointer self);  /* (transfer none): a vertical box, in which a subclass builds */
ChsEntryPad *chs_work_page_ask (gpointer self);          /* (transfer none): shows the pad; ask it. The content comes back by itself */

/* @text: translated; a line at the foot of the window for a few seconds. */
void chs_work_page_tell (gpointer self, const char *text);

/**
 * chs_work_page_add_key:
 * @self: a page
 * @box: a row of keys of the workbench; the key goes to its end
 * @title: translated
 * @hint: (nullable): translated
 * @callback: for a touch: void (*) (gpointer self)
 *
 * Returns: (transfer none): the key
 */
GtkWidget *chs_work_page_add_key (gpointer self, GtkWidget *box, const char *title, const char *hint, GCallback callback);

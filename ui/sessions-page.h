/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/work-page.h"

/* The recordings of a folder, newest first: date, patient, therapy, length, alarms, what is wrong with them; found by
 * words, a page at a time. A touch opens one; "Import" makes one of another file. What the index does not know is read
 * behind the list, one by one (app/session-list.h).
 *
 * Signals: "chosen" (char *path) this recording is to be opened. */

#define CHS_TYPE_SESSIONS_PAGE (chs_sessions_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsSessionsPage, chs_sessions_page, CHS, SESSIONS_PAGE, ChsWorkPage)

/* Whose recordings are shown; to be set before it is opened. */
void chs_sessions_page_set_folder (ChsSessionsPage *self, const char *folder);

/**
 * chs_sessions_page_import:
 * @self: a page
 * @path: a file of another make
 *
 * Makes a recording of it in the folder, in a thread, with progress and a key that stops it; what became of it is told in
 * words. Does nothing while another import runs.
 */
void chs_sessions_page_import (ChsSessionsPage *self, const char *path);

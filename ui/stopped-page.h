/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* The whole screen in red: the monitor does not answer, nobody watches the patient.
 * Nothing else is shown, because nothing else on the screen is true any more. */

#define CHS_TYPE_STOPPED_PAGE (chs_stopped_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsStoppedPage, chs_stopped_page, CHS, STOPPED_PAGE, GtkWidget)

/**
 * chs_stopped_page_set_why:
 * @self: the page
 * @why: translated reason, in small letters under what to do; copied
 */
void chs_stopped_page_set_why (ChsStoppedPage *self, const char *why);

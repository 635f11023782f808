/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* The program: what the command line asks for becomes a window with a live chair or a replay. */

#define CHS_TYPE_APPLICATION (chs_application_get_type ())
G_DECLARE_FINAL_TYPE (ChsApplication, chs_application, CHS, APPLICATION, GtkApplication)

/**
 * chs_application_new:
 *
 * Thread:  main
 *
 * Returns: (transfer full): the program, not running yet
 */
ChsApplication *chs_application_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_application_run:
 * @self: the application
 * @argc: of main
 * @argv: of main
 *
 * Returns: exit status: 0 done, 2 usage, 3 input refused
 */
int chs_application_run (ChsApplication *self, int argc, char **argv);

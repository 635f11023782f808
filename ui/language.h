/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Which language the screen speaks: --language=de, else the environment's. Works
 * on a machine without generated locales, as a kiosk often is. */

/**
 * chs_language_init:
 * @argc: of main
 * @argv: of main; --language=LL is looked for before anything is translated
 *
 * Sets locale and text domain. Numbers in files and on the wire stay in the C locale: nothing here uses setlocale()
 * for them.
 */
void chs_language_init (int argc, char **argv);

/**
 * chs_language_is_rtl:
 *
 * Returns: whether the catalogue in force is of a language that is written from right to left
 */
gboolean chs_language_is_rtl (void);

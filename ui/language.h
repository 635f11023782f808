/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Which language the screen speaks: --language=de, else the environment's. Works
 * on a machine without generated locales, as a kiosk often is. */

/**
 * chs_language_init:
 * @argc: of main
 * @argv: of main; --language=LL is looked for before anything is translated
 * @chosen: on the settings page, where the command line says nothing; "" = nothing
 *
 * Sets locale and text domain. Numbers in files and on the wire stay in the C locale: nothing here uses setlocale()
 * for them.
 */
void chs_language_init (int argc, char **argv, const char *chosen);

/**
 * chs_language_is_rtl:
 *
 * Returns: whether the catalogue in force is of a language that is written from right to left
 */
gboolean chs_language_is_rtl (void);

/**
 * chs_language_isolate:
 * @text: a number with sign and unit, a time, a path: what reads from left to right in every language
 *
 * Returns: (transfer full): the same, so marked that a line which runs from right to left leaves it as it is
 */
char *chs_language_isolate (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* A language that Chairside knows of. */
typedef struct {
  const char *id;   /* "pt_BR" */
  const char *name; /* in its own words and letters */
} ChsLanguage;

/**
 * chs_languages:
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): English first
 */
const ChsLanguage *chs_languages (guint *n);

gboolean chs_language_is_there (const char *id); /* whether its catalogue is installed; English always is */
gboolean chs_language_is (const char *id); /* whether it is the one in force */

/**
 * chs_language_set:
 * @id: of a language that is there
 *
 * From here on texts are translated into it; what is on the screen already must be made anew.
 */
void chs_language_set (const char *id);

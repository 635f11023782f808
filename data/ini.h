/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/* Reading the ini files of Chairside, line by line, so that every refusal can name
 * file and line (GKeyFile forgets where a key stood).
 *
 *   # or ; begins a comment line      [group.sub]      key = value, to the end of the line
 *
 * Groups are unique, keys are unique in their group. Values are UTF-8 without control characters;
 * nothing is escaped, blanks around key and value are dropped. A file is hostile
 * input: at most CHS_INI_MAX_BYTES, lines of at most CHS_INI_MAX_LINE bytes. */

#define CHS_INI_MAX_BYTES (1024 * 1024)
#define CHS_INI_MAX_LINE 4096

#define CHS_INI_ERROR (chs_ini_error_quark ())
GQuark chs_ini_error_quark (void);

typedef enum {
  CHS_INI_ERROR_READ,   /* the file cannot be read, or is too large */
  CHS_INI_ERROR_SYNTAX, /* a line that is neither group, key nor comment; bad UTF-8 */
  CHS_INI_ERROR_TWICE,  /* a group, or a key in its group, stands twice */
  CHS_INI_ERROR_KEY,    /* unknown group or key */
  CHS_INI_ERROR_VALUE,  /* a value that cannot be, or is missing */
} ChsIniError;

/**
 * ChsIniFunc:
 * @line: number of the line, from 1
 * @group: (not nullable): its group; "" before the first one
 * @key: (nullable): the key; NULL: the group begins here
 * @value: (nullable): its value, may be ""; NULL with @key
 * @user_data: as given
 * @error: return location; the caller puts "FILE:LINE: " before the message
 *
 * Returns: %FALSE with @error to refuse the file
 */
typedef gboolean (*ChsIniFunc) (guint line, const char *group, const char *key, const char *value, gpointer user_data, GError **error);

/**
 * chs_ini_parse:
 * @text: the file's text, not necessarily NUL terminated
 * @n: bytes
 * @name: name of the file, for messages
 * @func: called for each group and key, in order
 * @user_data: for @func
 * @error: return location; message is "FILE:LINE: what, why"
 *
 * Returns: whether the whole text was understood and accepted
 */
gboolean chs_ini_parse (const char *text, gsize n, const char *name, ChsIniFunc func, gpointer user_data, GError **error);

/**
 * chs_ini_load:
 * @path: a file
 * @func: called for each group and key, in order
 * @user_data: for @func
 * @error: return location
 *
 * Reads the file and calls chs_ini_parse().
 *
 * Returns: whether the whole file was understood and accepted
 */
gboolean chs_ini_load (const char *path, ChsIniFunc func, gpointer user_data, GError **error);

/**
 * chs_ini_dup_set:
 * @text: text of an ini file that can be read
 * @group: a group
 * @key: a key
 * @value: its new value
 *
 * Sets one key and leaves every other line, comments too, as it is: in its own place where it stands, behind its example
 * "#key = " where there is one in the group, else at the end of the group, which is added when it is missing.
 *
 * Returns: (transfer full): the new text
 */
char *chs_ini_dup_set (const char *text, const char *group, const char *key, const char *value) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_ini_suggest:
 * @word: a word that is not known
 * @words: (array zero-terminated=1): those that are
 *
 * Finds the known word that was probably meant: few letters differ, are missing, too many or swapped.
 *
 * Returns: (nullable): one of @words; NULL when none is near
 */
const char *chs_ini_suggest (const char *word, const char *const *words);

/**
 * chs_ini_unknown:
 * @error: return location, set to %CHS_INI_ERROR_KEY
 * @what: "key", "group", "driver" ...
 * @word: the unknown one
 * @words: (array zero-terminated=1): the known ones
 *
 * Words the refusal of an unknown word, with the suggestion, else with the list of the known ones.
 *
 * Returns: %FALSE
 */
gboolean chs_ini_unknown (GError **error, const char *what, const char *word, const char *const *words);

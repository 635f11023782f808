/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw.h"

#include <gio/gio.h>

/* What was chosen on this screen's settings page: look, text size, language, size of
 * the panel. A small ini file of the user the screen runs as. The command line goes
 * before it, the chair's configuration comes after it. */

typedef struct {
  int    look;         /* ChsLook; -1 = not chosen */
  double text_scale;   /* 1.0 .. 1.3; 0 = not chosen */
  char   language[16]; /* "de", "pt_BR"; "" = not chosen */
  double diagonal_in;  /* of the panel, inches; 0 = not chosen */
} ChsPreferences;

/* Ends of the text size. */
#define CHS_TEXT_SCALE_MIN 1.0
#define CHS_TEXT_SCALE_MAX 1.3

/* Ends of what a panel can be: a handheld, a wall. */
#define CHS_DIAGONAL_MIN_IN 5.0
#define CHS_DIAGONAL_MAX_IN 60.0

/**
 * chs_preferences_dup_path:
 *
 * Returns: (transfer full): the file of this user
 */
char *chs_preferences_dup_path (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_preferences_load:
 * @self: (out): filled; what the file does not tell, or tells wrongly, is not chosen
 * @path: the file, which may not be there
 */
void chs_preferences_load (ChsPreferences *self, const char *path);

/**
 * chs_preferences_save:
 * @self: preferences
 * @path: the file; its folder is made
 * @error: return location
 *
 * Returns: whether they are kept
 */
gboolean chs_preferences_save (const ChsPreferences *self, const char *path, GError **error);

/**
 * chs_preferences_merge:
 * @first: what counts: the command line, then this screen's own
 * @then: what counts where @first chose nothing: the chair's configuration
 *
 * Returns: each of them by itself
 */
ChsPreferences chs_preferences_merge (const ChsPreferences *first, const ChsPreferences *then);

const char *chs_look_id (ChsLook look); /* "day", "night", "contrast" */

/**
 * chs_look_from_id:
 * @id: (nullable): "day", "night", "contrast"
 *
 * Returns: ChsLook, -1 when it is none of them
 */
int chs_look_from_id (const char *id);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* A key to touch with a glove: a title, and under it a short hint (what it does,
 * when it is due). Acts on release inside, ignores a second touch within 150 ms
 * (shared/alarm-standard.md section 9), has a name for screen readers: title and hint.
 * While it has the focus, a hint that differs in its digits only (a countdown) is not
 * told: a reader speaks each change of what has the focus. Its size is in the style sheet: "key" is 15 mm, class "large" 20 mm. */

#define CHS_TYPE_KEY (chs_key_get_type ())
G_DECLARE_FINAL_TYPE (ChsKey, chs_key, CHS, KEY, GtkButton)

/**
 * chs_key_new:
 * @title: (nullable): translated
 * @action: (nullable): detailed action name, "win.mark"
 *
 * Returns: (transfer floating): a key
 */
GtkWidget  *chs_key_new (const char *title, const char *action) G_GNUC_WARN_UNUSED_RESULT;
const char *chs_key_get_title (ChsKey *self);
void        chs_key_set_title (ChsKey *self, const char *title);
const char *chs_key_get_hint (ChsKey *self);
void        chs_key_set_hint (ChsKey *self, const char *hint); /* (nullable): no second line */

/**
 * chs_key_set_spoken:
 * @self: a key
 * @name: what a screen reader says instead of title and hint
 */
void chs_key_set_spoken (ChsKey *self, const char *name);

/**
 * chs_key_set_active:
 * @self: a ChsKey
 * @is_active: it is the one that is chosen among several, or what it stands for is entered
 *
 * Framed and darker; "chosen" for a screen reader.
 */
void chs_key_set_active (gpointer self, gboolean is_active);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/scene.h"

#include <gtk/gtk.h>

/* Makes GTK look like the scene: style sheet, colours of the look, millimetres, text size. */

typedef struct _ChsLookProvider ChsLookProvider;

/**
 * chs_look_provider_new:
 * @display: where to
 * @scene: followed from now on
 *
 * Returns: (transfer full): keeps the display's style in step with @scene until freed
 */
ChsLookProvider *chs_look_provider_new (GdkDisplay *display, ChsScene *scene) G_GNUC_WARN_UNUSED_RESULT;
void             chs_look_provider_free (ChsLookProvider *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsLookProvider, chs_look_provider_free)

/**
 * chs_look_dup_colours:
 * @theme: a theme
 *
 * Returns: (transfer full): its palette as "@define-color" lines, with what a style sheet needs beside it
 */
char *chs_look_dup_colours (const ChsTheme *theme);

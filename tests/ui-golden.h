/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/ui-test.h"
#include "ui/language.h"

/* Whole windows as golden pictures: each state of a table in each language, look and size. The pictures are kept at a
 * half (full HD: a third) of their size, each pixel the mean of those it stands for: what is cut, moved, missing or
 * of another colour is seen, and the repository stays small. Fonts are those of tests/fonts. */

typedef struct {
  const char *name;
  int         width, height;
  double      diagonal_in;
  int         part; /* of the size the golden has: 2 = a half */
} UiGoldenSize;

typedef struct {
  const char  *language; /* "en" is the source */
  ChsLook      look;
  UiGoldenSize size;
} UiGoldenSetting;

/* Languages x looks x sizes. */
#define UI_GOLDEN_N_SETTINGS 12

/**
 * ui_golden_begin:
 * @index: 0 .. UI_GOLDEN_N_SETTINGS - 1
 * @setting: (out): what it stands for
 *
 * First in a test, before anything of GTK: language, direction and fonts of this process.
 *
 * Returns: %FALSE: CHS_GOLDEN_SETTING ("en-day-small") asks for another one alone
 */
gboolean ui_golden_begin (guint index, UiGoldenSetting *setting);

/**
 * ui_golden_dress:
 * @scene: a scene
 * @setting: as begun
 *
 * Returns: (transfer full): the style of the display; free it after the window is gone
 */
ChsLookProvider *ui_golden_dress (ChsScene *scene, const UiGoldenSetting *setting);

/**
 * ui_golden_check:
 * @window: presented, of @setting's size
 * @state: first part of the golden's name
 * @setting: as begun
 *
 * Waits for a frame in which no alarm row is in the dark half of its flashing.
 *
 * Returns: whether the window looks as the golden does
 */
gboolean ui_golden_check (ChsWindow *window, const char *state, const UiGoldenSetting *setting);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/draw-cases.h"

/* One drawing function on one chair in one dress: what the golden pictures show and what the measuring tests measure. */

typedef enum { SHOT_CHART, SHOT_TRENDS, SHOT_TILE, SHOT_PUMP, SHOT_BAR, SHOT_WAVE } ShotKind;

typedef struct {
  const char *name, *chair;
  ShotKind    kind;
  int         width, height;
  guint       what;       /* parameter of a tile, index of a pump, priority that is unlit in a bar */
  ChsLook     look;
  double      text_scale; /* 0 = 1.0 */
  double      px_mm;      /* 0 = the design panel */
  const char *language;   /* NULL = English, "de", "ar" */
  int         minutes;    /* 0 = 60 */
  int         cursor, cursor2; /* minute of the session, 0 = none */
} DrawShot;

extern const DrawShot draw_shots[];
extern const guint n_draw_shots;

/* The theme of a shot, its language with it. */
void draw_shot_theme (const DrawShot *shot, ChsTheme *theme);

/* Draws it over the whole of @cr. */
void draw_shot (cairo_t *cr, const DrawShot *shot, const ChsChairModel *model, const ChsTheme *theme);

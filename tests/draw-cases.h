/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/draw/draw.h"
#include "tests/draw-fonts.h"

/* Chairs to draw: each is a journal made here and fed into a model over the fake engine. */

#define CASE_S G_GINT64_CONSTANT (1000000)
#define CASE_MIN (60 * CASE_S)
#define CASE_NOW (45 * CASE_MIN) /* session time at which every case is drawn */

typedef struct {
  const char *name;
  void (*set_up) (ChsChairModel *model); /* feeds events and fills fake_engine */
} DrawCase;

extern const DrawCase draw_cases[];
extern const guint n_draw_cases;

/* A model in the state of a case by name; aborts when there is none. */
ChsChairModel *draw_case_new (const char *name);

/* The last @minutes before CASE_NOW. */
ChsTimeWindow draw_case_window (int minutes);

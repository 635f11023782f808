/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* Base of the widgets that are shells around a drawing function of app/draw: asks
 * for a redraw only when what it shows has changed, and says in words to the
 * accessible tree what it draws. */

#define CHS_TYPE_PANE (chs_pane_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChsPane, chs_pane, CHS, PANE, ChsView)

struct _ChsPaneClass {
  ChsViewClass parent_class;

  /* Draws into the whole widget. */
  void (*draw) (ChsPane *self, cairo_t *cr, const ChsRect *rect);

  /* What is shown, in words: becomes the accessible name. NULL: none. */
  char *(*text) (ChsPane *self);

  /* More of it, for whoever asks for more: becomes the accessible description; once a minute while the pane has the
   * focus, where a reader speaks each change. NULL: none. */
  char *(*describe) (ChsPane *self);

  /* A number that differs when the picture differs; NULL: a redraw at each refresh. Is combined with the text. */
  guint64 (*fingerprint) (ChsPane *self);
};

/* Redraws although nothing in the scene changed. */
void chs_pane_redraw (ChsPane *self);

/* How often this pane asked for a redraw, for tests and for the technician's page. */
guint chs_pane_get_n_redraws (ChsPane *self);

/**
 * chs_fingerprint:
 * @seed: fingerprint so far; start with 0
 * @data: bytes
 * @n: how many
 *
 * Returns: FNV-1a over @data, going on from @seed
 */
guint64 chs_fingerprint (guint64 seed, gconstpointer data, gsize n);

/* The same for a value as it is shown: numbers that print alike are alike. */
guint64 chs_fingerprint_double (guint64 seed, double value, double step);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/entry-pad.h"
#include "ui/view.h"

/* Base of the steps of the session page: patient, therapy, checks, baseline, run.
 * A step shows what the engine's session knows and sends what is entered at once:
 * nothing is held back in the page, everything can be corrected, and the steps can
 * be taken in any order. */

#define CHS_TYPE_SESSION_STEP (chs_session_step_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChsSessionStep, chs_session_step, CHS, SESSION_STEP, ChsView)

struct _ChsSessionStepClass {
  ChsViewClass parent_class;

  /* One line under the step's name: what is there, or what is missing. */
  char *(*summary) (ChsSessionStep *self);
};

/**
 * chs_session_step_dup_summary:
 * @self: a step
 *
 * Returns: (transfer full): its line
 */
char *chs_session_step_dup_summary (ChsSessionStep *self);

/* The pad to ask with; showing it is the page's business ("ask" is emitted). */
ChsEntryPad      *chs_session_step_ask (ChsSessionStep *self);
void              chs_session_step_set_pad (ChsSessionStep *self, ChsEntryPad *pad);
const ChsSession *chs_session_step_get_session (gpointer self);

/* ---- small parts that all steps are made of ---- */

/* A key that shows a field and its value, and asks for it. */
GtkWidget *chs_session_step_add_field (gpointer self, GtkWidget *box, const char *name, GCallback clicked);

/* A heading. */
void chs_session_step_add_heading (GtkWidget *box, const char *text);

/* A grid for keys in a scroller (ui/scroller.h) at the end of @box. Returns the grid. */
GtkWidget *chs_session_step_add_grid (GtkWidget *box);

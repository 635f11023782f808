/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pane.h"
#include "ui/replayer.h"

/* The whole recording as one line: alarms, entries, gaps, and where the replay stands. Drag or touch to go there. */

#define CHS_TYPE_SCRUB_BAR (chs_scrub_bar_get_type ())
G_DECLARE_FINAL_TYPE (ChsScrubBar, chs_scrub_bar, CHS, SCRUB_BAR, ChsPane)

/**
 * chs_scrub_bar_new:
 * @replayer: what it shows and moves; a reference is kept
 *
 * Thread:  main
 *
 * Returns: (transfer floating): its line
 */
GtkWidget *chs_scrub_bar_new (ChsReplayer *replayer) G_GNUC_WARN_UNUSED_RESULT;

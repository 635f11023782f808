/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/replayer.h"
#include "ui/window.h"

/* The technician's workbench: a window over a recording with its transport and its pages, or over a folder of
 * recordings with their list alone. */

typedef void (*ChsOpenFunc) (const char *path, gpointer user_data);

/**
 * chs_workbench_fill:
 * @window: a window over a replay scene
 * @replayer: (nullable): of that scene; NULL: only the list of recordings
 * @folder: (nullable): of the list; NULL: that of the recording
 * @open: called when another recording is chosen
 * @user_data: for @open
 */
void chs_workbench_fill (ChsWindow *window, ChsReplayer *replayer, const char *folder, ChsOpenFunc open, gpointer user_data);

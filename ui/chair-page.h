/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* The chair: chart, trends and waves beside (or under) the tiles. */

#define CHS_TYPE_CHAIR_PAGE (chs_chair_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsChairPage, chs_chair_page, CHS, CHAIR_PAGE, ChsView)

/**
 * chs_chair_page_show_keys:
 * @self: the page
 * @show: whether the chart's keys (time windows, back to live) are there
 */
void chs_chair_page_show_keys (ChsChairPage *self, gboolean show);

/* As the keys "Back to live" and "Close": the chart follows what comes in, without cursors and keys. */
void chs_chair_page_back_to_live (ChsChairPage *self);

/* Whether it does so already. */
gboolean chs_chair_page_is_live (ChsChairPage *self);

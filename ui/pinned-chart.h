/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pane.h"

/* The chart of one stretch of time that stays where it is, going on to now. */

#define CHS_TYPE_PINNED_CHART (chs_pinned_chart_get_type ())
G_DECLARE_FINAL_TYPE (ChsPinnedChart, chs_pinned_chart, CHS, PINNED_CHART, ChsPane)

/**
 * chs_pinned_chart_set_range:
 * @self: a chart
 * @from_us: session time of its left edge
 * @least_us: how wide it is at least; it grows with what comes
 */
void chs_pinned_chart_set_range (ChsPinnedChart *self, int64_t from_us, int64_t least_us);

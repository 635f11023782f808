/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pane.h"

/* Trends of heart rate, saturation and respiration, NEWS2 and shock index on the chart's time axis (chs_draw_trends). */

#define CHS_TYPE_TREND_VIEW (chs_trend_view_get_type ())
G_DECLARE_FINAL_TYPE (ChsTrendView, chs_trend_view, CHS, TREND_VIEW, ChsPane)

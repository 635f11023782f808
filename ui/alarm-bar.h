/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* All active conditions, highest priority first, never rotating. At most three rows
 * on the smallest panel; what does not fit is counted and one touch away. Under them
 * the pause, counting down. Above everything else in the window: no page covers it. */

#define CHS_TYPE_ALARM_BAR (chs_alarm_bar_get_type ())
G_DECLARE_FINAL_TYPE (ChsAlarmBar, chs_alarm_bar, CHS, ALARM_BAR, ChsView)

/**
 * chs_alarm_bar_set_compact:
 * @self: a bar
 * @is_compact: a page needs the room: the first condition keeps a row (HIGH its large one), the others are counted
 */
void chs_alarm_bar_set_compact (ChsAlarmBar *self, gboolean is_compact);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* One alarm condition in the bar: priority as shape and colour, what, values with
 * cause and first actions, and its two keys: Why? and Seen. The fill flashes, the
 * letters do not (shared/alarm-standard.md section 3). */

#define CHS_TYPE_ALARM_ROW (chs_alarm_row_get_type ())
G_DECLARE_FINAL_TYPE (ChsAlarmRow, chs_alarm_row, CHS, ALARM_ROW, ChsView)

/**
 * chs_alarm_row_new:
 *
 * Thread:  main
 *
 * Returns: (transfer floating): a row that shows nothing yet
 */
GtkWidget *chs_alarm_row_new (void) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_alarm_row_show:
 * @self: a row
 * @alarm: condition to show; copied
 * @is_first: the uppermost one is large and says what to do
 */
void chs_alarm_row_show (ChsAlarmRow *self, const ChsActiveAlarm *alarm, gboolean is_first);

/**
 * chs_alarm_row_fit:
 * @self: a row that was laid out
 *
 * Makes a title smaller that does not fit one line: a line more of chart is worth more than the largest letters, and the
 * smaller ones are still read from three metres.
 *
 * Returns: whether it changed, so that the row must be laid out again
 */
gboolean chs_alarm_row_fit (ChsAlarmRow *self);

/**
 * chs_alarm_row_flash:
 * @self: a row
 * @now_us: monotonic time
 *
 * Lights or dims the fill, by priority and state.
 *
 * Returns: whether this row flashes at all
 */
gboolean chs_alarm_row_flash (ChsAlarmRow *self, gint64 now_us);

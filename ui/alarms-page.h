/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* Alarm history: every alarm of the session, newest first, with the times of raise,
 * answer and end, how long the answer took, and why it came. A row leads to its place
 * on the chart and to its "Why?". */

#define CHS_TYPE_ALARMS_PAGE (chs_alarms_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsAlarmsPage, chs_alarms_page, CHS, ALARMS_PAGE, ChsPage)

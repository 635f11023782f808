/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* What a screen does that nobody looks at: a dark cover with the chair's name and the
 * time, which wander, against burn-in; and the look of the night by the hour.
 *
 * The cover comes only over an idle chair: no session, no alarm, no recording that is
 * shown, and not over a lost monitor. Any alarm, a session and a touch take it away, and
 * the touch that wakes does nothing else. */

#define CHS_TYPE_REST (chs_rest_get_type ())
G_DECLARE_FINAL_TYPE (ChsRest, chs_rest, CHS, REST, ChsView)

/**
 * chs_rest_look:
 * @self: the cover, a child of the window's overlay
 * @untouched_s: seconds since the last touch or key
 * @minute: of the day, local time
 *
 * Called each second. Covers, uncovers, wanders, and changes between day and night.
 */
void chs_rest_look (ChsRest *self, gint64 untouched_s, int minute);

void chs_rest_follow_hours (ChsRest *self, gboolean follow); /* day and night by the configuration; at first not */

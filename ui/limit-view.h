/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/alarm-limits.h"
#include "ui/pane.h"

/* The picture between the two limits of a vital sign (chs_draw_limit_bar()), and what
 * the limits page asks of the scene about a limit. */

#define CHS_TYPE_LIMIT_VIEW (chs_limit_view_get_type ())
G_DECLARE_FINAL_TYPE (ChsLimitView, chs_limit_view, CHS, LIMIT_VIEW, ChsPane)

/**
 * chs_limit_view_new:
 * @param: a vital sign that has limits
 *
 * Thread:  main
 *
 * Returns: (transfer floating): a picture of its limits; empty until it has a scene
 */
GtkWidget *chs_limit_view_new (ChsParam param) G_GNUC_WARN_UNUSED_RESULT;

/* The limit in force, in the unit of its parameter; NAN = there is none now. */
double chs_limit_in_force (ChsScene *scene, const ChsLimitInfo *info);

/**
 * chs_limit_find_change:
 * @scene: a scene
 * @key: "limit.HR.high"
 *
 * Returns: (transfer none) (nullable): the entry that set this limit for the session; NULL while it is the profile's
 */
const ChsSetupEntry *chs_limit_find_change (ChsScene *scene, const char *key);

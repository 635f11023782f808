/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/pane.h"

/* A bar of 50 mm and the outline of a bank card, as large as they are when the panel is
 * what it is thought to be. */

#define CHS_TYPE_RULER_VIEW (chs_ruler_view_get_type ())
G_DECLARE_FINAL_TYPE (ChsRulerView, chs_ruler_view, CHS, RULER_VIEW, ChsPane)

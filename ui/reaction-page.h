/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* Reaction: a running time, the clinic's own list of what to do, each tap with its
 * time, the ten minutes before pinned beside it. When it is over: the report. */

#define CHS_TYPE_REACTION_PAGE (chs_reaction_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsReactionPage, chs_reaction_page, CHS, REACTION_PAGE, ChsPage)

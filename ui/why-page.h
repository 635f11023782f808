/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* Why this alarm: what was seen, against which baseline and limit, which evidence,
 * what is missing, since when, which change of the infusion came before, and what
 * would end it. Opened with the alarm's id ("u"). */

#define CHS_TYPE_WHY_PAGE (chs_why_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsWhyPage, chs_why_page, CHS, WHY_PAGE, ChsPage)

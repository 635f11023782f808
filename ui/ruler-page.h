/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* Checks the millimetres of this panel: a bar of 50 mm and the outline of a bank card,
 * keys to set the diagonal (action app.diagonal keeps it), and two targets of 15 and
 * 20 mm to try with a glove. */

#define CHS_TYPE_RULER_PAGE (chs_ruler_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsRulerPage, chs_ruler_page, CHS, RULER_PAGE, ChsPage)

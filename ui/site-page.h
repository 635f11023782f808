/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* The IV site: looks good, or what was found. A finding is also a symptom, so that the rules hear of it. */

#define CHS_TYPE_SITE_PAGE (chs_site_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsSitePage, chs_site_page, CHS, SITE_PAGE, ChsPage)

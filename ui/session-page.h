/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* A session in five steps that can be taken in any order: patient, therapy, checks, baseline, course. */

#define CHS_TYPE_SESSION_PAGE (chs_session_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsSessionPage, chs_session_page, CHS, SESSION_PAGE, ChsPage)

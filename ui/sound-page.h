/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/page.h"

/* The sound test: a tone, and a person who says whether it was heard. Not in a session, where
 * the tone could be taken for an alarm. */

#define CHS_TYPE_SOUND_PAGE (chs_sound_page_get_type ())
G_DECLARE_FINAL_TYPE (ChsSoundPage, chs_sound_page, CHS, SOUND_PAGE, ChsPage)

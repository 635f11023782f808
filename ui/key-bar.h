/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view.h"

/* The keys at the foot of the screen, at the same place on every page: Reaction,
 * Symptom, Mark, Site check, Session, More, Silence. */

#define CHS_TYPE_KEY_BAR (chs_key_bar_get_type ())
G_DECLARE_FINAL_TYPE (ChsKeyBar, chs_key_bar, CHS, KEY_BAR, ChsView)

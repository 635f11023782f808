/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session-step.h"

/* What is infused: an entry of the library, its ingredients and limits spelled out, the ordered rate. */

#define CHS_TYPE_SESSION_THERAPY (chs_session_therapy_get_type ())
G_DECLARE_FINAL_TYPE (ChsSessionTherapy, chs_session_therapy, CHS, SESSION_THERAPY, ChsSessionStep)

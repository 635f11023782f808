/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session-step.h"

/* The patient's own normal: what was measured so far, how good it is, and the nurse's word that it is right. */

#define CHS_TYPE_SESSION_BASELINE (chs_session_baseline_get_type ())
G_DECLARE_FINAL_TYPE (ChsSessionBaseline, chs_session_baseline, CHS, SESSION_BASELINE, ChsSessionStep)

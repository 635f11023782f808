/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session-step.h"

/* Who sits here: short number, weight, age, sex, height, risks. */

#define CHS_TYPE_SESSION_PATIENT (chs_session_patient_get_type ())
G_DECLARE_FINAL_TYPE (ChsSessionPatient, chs_session_patient, CHS, SESSION_PATIENT, ChsSessionStep)

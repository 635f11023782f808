/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/sim/patient.h"

#include <glib.h>

/* A scenario: what happens to the simulated patient and pumps over time. Two forms,
 * told apart by content:
 *
 *   an ini file of keyframes (devices/README.md, "Scenarios"; data/share/scenarios)
 *   a CSV of one row a second, the form of recorded and judged sessions
 *
 * It moves only when chs_scenario_advance() is called, in steps of its own, so the
 * same seed and the same times give the same patient whoever asks and how often. */

typedef struct _ChsScenario ChsScenario;

/**
 * ChsScenarioCueFunc:
 * @t_us: scenario time
 * @kind: "say": words for whoever watches; "nurse": what the nurse does now, "symptom:heat" or "nurse:rate_reduced"
 * @text: the words
 * @user_data: as given
 */
typedef void (*ChsScenarioCueFunc) (gint64 t_us, const char *kind, const char *text, gpointer user_data);

/**
 * chs_scenario_new:
 * @seed: of the noise
 *
 * A calm adult, one idle pump, a cuff every five minutes; it goes on for ever.
 *
 * Returns: (transfer full): a scenario at time 0
 */
ChsScenario *chs_scenario_new (guint32 seed) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_scenario_load:
 * @name: path of a file, or name of a shipped one without ".ini": "demo-magnesium"
 * @seed: of the noise; the CSV form has none
 * @error: return location; %CHS_INI_ERROR, message "FILE:LINE: what, why"
 *
 * Returns: (transfer full): a scenario at time 0
 */
ChsScenario *chs_scenario_load (const char *name, guint32 seed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void chs_scenario_free (ChsScenario *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsScenario, chs_scenario_free)

/**
 * chs_scenario_advance:
 * @self: a scenario
 * @t_us: scenario time to go to; an earlier one than now does nothing
 * @func: (nullable): called for each cue on the way
 * @user_data: for @func
 *
 * After its end the patient stays as the scenario left it.
 */
void chs_scenario_advance (ChsScenario *self, gint64 t_us, ChsScenarioCueFunc func, gpointer user_data);

/**
 * chs_scenario_get_patient:
 * @self: a scenario
 *
 * Returns: (transfer none): the patient now
 */
const ChsSimPatient *chs_scenario_get_patient (const ChsScenario *self);

/**
 * chs_scenario_get_duration_us:
 * @self: a scenario
 *
 * Returns: length; %G_MAXINT64 when it has no end
 */
gint64 chs_scenario_get_duration_us (const ChsScenario *self);

/**
 * chs_scenario_get_session:
 * @self: a scenario
 *
 * What the nurse would have entered: keys of app/session.h, for whoever starts a demonstration.
 *
 * Returns: (transfer none) (array zero-terminated=1): "patient.weight_kg=70" ...
 */
const char *const *chs_scenario_get_session (const ChsScenario *self);

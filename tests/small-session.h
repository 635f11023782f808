/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/export.h"

/* A recording of twelve minutes with a little of everything that goes out of the house: a patient, a magnesium
 * infusion, two cuff readings, an absent and a doubtful value, a lost link, a piece of a wave, a symptom, an alarm with its
 * acknowledgement, and texts that a spreadsheet or a message must not stumble over. */

#define SMALL_SESSION_START_WALL_US G_GINT64_CONSTANT (1767621600000000) /* 2026-01-05T14:00:00Z */
#define SMALL_SESSION_ID "6f1c9d7e-0000-4000-8000-000000000001"

/**
 * small_session_write:
 * @path: recording to create
 */
void small_session_write (const char *path);

/**
 * small_session_export:
 * @exporter: how
 *
 * Writes the session to a file of its own, exports it and removes it again.
 *
 * Returns: (transfer full): what came out, with a NUL behind its end
 */
GBytes *small_session_export (const ChsExporter *exporter);

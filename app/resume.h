/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/engine.h"
#include "data/store.h"

#include <gio/gio.h>

/* Recordings of one chair in a folder: naming a new one, finding the one that an
 * interrupted session can go on in, and bringing the engine to where it was.
 *
 * Names: "<chair>-<UTC date>-<UTC time>.chairside", chair in a-z, 0-9 and "-"; no
 * patient data in a file's name. Sorted by name they are sorted by time; a second one of the same
 * second has "_2" behind it. */

/* An interrupted session, ready to go on. */
typedef struct {
  char       *path;
  ChsProfile *profile; /* as recorded: a changed profile file counts from the next session on */
  ChsEngine  *engine;  /* after the last event that was recorded */
  guint64     last_seq;
  gint64      last_us;   /* session time of the last event */
  gint64      now_us;    /* session time now: the hole is between the two */
  GArray     *sources;   /* ChsStoreSource: an instrument keeps its number */
  GArray     *unwritten; /* ChsEvent: alarms of the last recorded event that were not written any more */
  gboolean    had_screen; /* a screen was there */
} ChsResume;

/* The machine's clocks at the moment of resuming. */
typedef struct {
  gint64      mono_us;
  gint64      wall_us;
  const char *boot_id; /* is mono_us on the same clock as in the recording? */
  GTimeZone  *zone;    /* "the same day" is of the people at the chair */
} ChsResumeNow;

/**
 * chs_recording_dup_new_path:
 * @folder: where
 * @chair: name of the chair
 * @wall_us: UTC
 *
 * Returns: (transfer full): a path at which no file is
 */
char *chs_recording_dup_new_path (const char *folder, const char *chair, gint64 wall_us);

/**
 * chs_resume_find:
 * @folder: where the recordings of the chair are
 * @chair: name of the chair
 * @now: clocks
 * @resume_s: how long after a proper end a session in the middle of a treatment is still gone on with, in seconds
 *
 * Looks at the newest recording of the chair. It is gone on with when
 * - it was not closed (crash, power cut) and its last event is of today, or
 * - it was closed, but neither before nor after a treatment, and not longer ago than @resume_s.
 *
 * Returns: (transfer full) (nullable): the session; NULL when a new one has to begin
 */
ChsResume *chs_resume_find (const char *folder, const char *chair, const ChsResumeNow *now, gint64 resume_s);

void chs_resume_free (ChsResume *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsResume, chs_resume_free)

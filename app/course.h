/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "data/store.h"

/* The course of treatment: the sessions of one patient, by the short id that a clinic gives, over a folder of
 * recordings. Pain and fatigue (0..10) before and after each session, and at the call 24 to 48 h later.
 *
 * A closed recording is not opened again for a telephone call: it may have been exported, signed or copied, and the
 * chair may be treating somebody else when the call is made. Calls stand beside the recordings in CHS_COURSE_CALLS, one
 * line each, only ever appended and synced; a correction is a later line, and the newest counts.
 *
 * Of a recording that changes hands only what was entered while this patient's id stood counts: patients are never
 * mixed, and a session without an id belongs to nobody. */

#define CHS_COURSE_ERROR (chs_course_error_quark ())
GQuark chs_course_error_quark (void);

typedef enum {
  CHS_COURSE_ERROR_FOLDER,  /* cannot be read or written */
  CHS_COURSE_ERROR_VALUE,   /* no such patient id, session or score */
  CHS_COURSE_ERROR_DAMAGED, /* a line of the calls cannot be understood */
} ChsCourseError;

#define CHS_COURSE_CALLS "calls.tsv"
#define CHS_COURSE_CALL_FROM (24 * G_TIME_SPAN_HOUR) /* seed 000: energy within 24-48 h; after the end of the session */
#define CHS_COURSE_CALL_TO (48 * G_TIME_SPAN_HOUR)

/* Scores 0..10; NAN = not entered. */
typedef struct {
  double pain, fatigue;
} ChsCourseScores;

typedef struct {
  char            patient_id[24];
  char            session_id[48];
  char            therapy[64];    /* name, or id; "" = none chosen */
  gint64          start_wall_us, end_wall_us; /* UTC */
  gboolean        is_complete;    /* closed properly */
  guint           planned;        /* of how many the plan spoke then; 0 = not told */
  ChsCourseScores before, after, call;
  gint64          call_wall_us;   /* when it was entered; 0 = not yet */
  char            call_by[24];
} ChsCourseSession;

typedef struct {
  char    patient_id[24];
  guint   planned;  /* of the newest session that told; 0 = no plan */
  guint   unreadable; /* recordings of the folder that could not be read: the course may lack some */
  GArray *sessions; /* of ChsCourseSession, oldest first: session k is number k - 1 */
} ChsCourse;

/**
 * chs_course_read:
 * @folder: of recordings (*.chairside)
 * @patient_id: short id, as in patient.id
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the course; with no sessions when the folder knows none of that patient
 */
ChsCourse *chs_course_read (const char *folder, const char *patient_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void       chs_course_free (ChsCourse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsCourse, chs_course_free)

/**
 * chs_course_due:
 * @folder: of recordings
 * @now_us: wall time, UTC
 * @error: return location
 *
 * Sessions that ended at least CHS_COURSE_CALL_FROM ago and have no call yet, the most urgent first. Those that ended
 * before CHS_COURSE_CALL_TO are overdue; after two weeks nobody is called any more.
 *
 * Returns: (transfer full) (nullable) (element-type ChsCourseSession): the calls to make
 */
GArray *chs_course_due (const char *folder, gint64 now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * chs_course_add_call:
 * @folder: of recordings
 * @patient_id: who was called
 * @session_id: after which session; must be one of that patient
 * @scores: 0..10, NAN = not asked; at least one
 * @by: (nullable): who called
 * @now_us: wall time, UTC
 * @error: return location
 *
 * Returns: whether it is on the disk
 */
gboolean chs_course_add_call (const char            *folder,
                              const char            *patient_id,
                              const char            *session_id,
                              const ChsCourseScores *scores,
                              const char            *by,
                              gint64                 now_us,
                              GError               **error);

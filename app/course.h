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

typedef enum {
  CHS_CALL_NONE = 0,    /* nobody has called yet */
  CHS_CALL_REACHED,
  CHS_CALL_NOT_REACHED, /* stays due */
  CHS_CALL_DECLINED,    /* the patient does not want to be called: not due any more */
  CHS_N_CALL_OUTCOMES
} ChsCallOutcome;

typedef enum {
  CHS_CALL_HOW_NONE = 0, /* not asked */
  CHS_CALL_BETTER,       /* than before the session */
  CHS_CALL_SAME,
  CHS_CALL_WORSE,
  CHS_N_CALL_HOWS
} ChsCallHow;

/* What is entered of one call. The newest entry of a session counts; earlier ones stay in the file. */
typedef struct {
  ChsCourseScores scores;
  ChsCallOutcome  outcome;
  ChsCallHow      how;
  char            note[96]; /* without tabs and line ends; "" = none */
} ChsCourseCall;

#define CHS_COURSE_CALL_EMPTY ((ChsCourseCall){ .scores = { NAN, NAN } })

typedef struct {
  char            patient_id[24];
  char            session_id[48];
  char            therapy[64];    /* name, or id; "" = none chosen */
  gint64          start_wall_us, end_wall_us; /* UTC */
  gboolean        is_complete;    /* closed properly */
  gboolean        is_treated;     /* something was infused, or somebody said so: only then there is a call to make */
  guint           planned;        /* of how many the plan spoke then; 0 = not told */
  ChsCourseScores before, after, call; /* call: of the newest entry */
  ChsCallOutcome  call_outcome;   /* of the newest entry */
  ChsCallHow      call_how;
  char            call_note[96];
  gint64          call_wall_us;   /* when it was entered; 0 = not yet */
  guint           call_tries;     /* entries that say "not reached" */
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

/* Ids as they are stored: "reached", "worse"; "" for none. */
const char    *chs_call_outcome_id (ChsCallOutcome outcome);
const char    *chs_call_how_id (ChsCallHow how);
ChsCallOutcome chs_call_outcome_from_id (const char *id); /* CHS_N_CALL_OUTCOMES = there is none of that name */
ChsCallHow     chs_call_how_from_id (const char *id);     /* CHS_N_CALL_HOWS likewise */

/**
 * chs_course_recent:
 * @folder: of recordings
 * @now_us: wall time, UTC
 * @error: return location
 *
 * Sessions with an infusion that ended at least CHS_COURSE_CALL_FROM ago and not more than two weeks, after which nobody is called any more;
 * with and without a call. Recordings that nobody wrote to in that time are not opened.
 *
 * Returns: (transfer full) (nullable) (element-type ChsCourseSession): oldest first, which is most urgent first
 */
GArray *chs_course_recent (const char *folder, gint64 now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether that session's patient is still to be called: never, or only without being reached. */
gboolean chs_course_is_due (const ChsCourseSession *row);

/* Whether CHS_COURSE_CALL_TO has passed since its end. */
gboolean chs_course_is_overdue (const ChsCourseSession *row, gint64 now_us);

/**
 * chs_course_add_call:
 * @folder: of recordings
 * @patient_id: who was called
 * @session_id: after which session; must be one of that patient
 * @call: what was said. Reached: at least one of pain, fatigue (0..10) and how; otherwise none of them
 * @by: (nullable): who called
 * @now_us: wall time, UTC
 * @error: return location
 *
 * Returns: whether it is on the disk
 */
gboolean chs_course_add_call (const char          *folder,
                              const char          *patient_id,
                              const char          *session_id,
                              const ChsCourseCall *call,
                              const char          *by,
                              gint64               now_us,
                              GError             **error);

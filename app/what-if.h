/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/alarm-track.h"
#include "app/profile.h"

#include <gio/gio.h>

/* What would the alarms of a recorded session have been, had a limit, a delay or a value of the therapy been another?
 *
 * The journal is taken in once, packed to what the engine looks at (32 bytes a value); each question is the same pure
 * engine run over it from the start. Rows are generated: every number of the alarm profile in force, and every number
 * that was set for this session (limits, therapy, weight, cuff interval). A value outside its safe range is refused
 * with the reason, by the same checks as a profile file and a nurse's entry.
 *
 * Thread: the caller's; only chs_what_if_task_run() may run in another one. */

typedef struct _ChsWhatIf ChsWhatIf;

typedef struct {
  const char *key;         /* "limit.hr_high" of the profile; "therapy.mg_soft_mmol_min" of the session */
  const char *group;       /* "limit"; that of all the session's own is "session" */
  const char *unit;        /* UCUM; "" = none */
  const char *source;      /* where the profile has its number from; "" of the session's own */
  double      least, most; /* safe range */
  double      step;        /* that a slider should take */
  double      recorded;    /* as it was in force */
  double      value;       /* as it is asked for */
  gboolean    is_session;  /* set in the session, not in the profile */
  gboolean    is_therapy;  /* a number of an entry of the therapy library, which can be saved as one */
} ChsWhatIfRow;

/**
 * chs_what_if_new:
 * @profile: that of the recording; copied
 *
 * Returns: (transfer full): a question without a session
 */
ChsWhatIf *chs_what_if_new (const ChsProfile *profile) G_GNUC_WARN_UNUSED_RESULT;
ChsWhatIf *chs_what_if_ref (ChsWhatIf *self);
void       chs_what_if_unref (ChsWhatIf *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsWhatIf, chs_what_if_unref)

/**
 * chs_what_if_add:
 * @self: before its first run
 * @event: the next event of the journal; what the engine does not look at is left out
 */
void chs_what_if_add (ChsWhatIf *self, const ChsEvent *event);

guint chs_what_if_get_n_events (const ChsWhatIf *self); /* that a run feeds to the engine */
int64_t chs_what_if_get_end_us (const ChsWhatIf *self); /* session time of the last event */

/**
 * chs_what_if_get_rows:
 * @self: with its session
 * @n: (out): how many
 *
 * Returns: (transfer none) (array length=n): what can be changed; the session's own first, then the profile in its
 *   order. Pointers stay; values change with chs_what_if_set()
 */
const ChsWhatIfRow *chs_what_if_get_rows (ChsWhatIf *self, guint *n);

/**
 * chs_what_if_set:
 * @self: with its session
 * @key: of a row
 * @value: in the row's unit
 * @error: return location: outside the safe range, or against another value (soft above hard)
 *
 * Returns: whether it is asked for now; on %FALSE nothing changed
 */
gboolean chs_what_if_set (ChsWhatIf *self, const char *key, double value, GError **error);

void  chs_what_if_revert (ChsWhatIf *self); /* everything as recorded */

typedef enum {
  CHS_WHAT_IF_ALL,
  CHS_WHAT_IF_PROFILE, /* what chs_what_if_save_profile() saves */
  CHS_WHAT_IF_THERAPY, /* what chs_what_if_save_therapy() saves */
} ChsWhatIfPart;

guint chs_what_if_get_n_changed (ChsWhatIf *self, ChsWhatIfPart part); /* rows that are not as recorded */

/* ---- running ---- */

typedef struct _ChsWhatIfTask ChsWhatIfTask;

/**
 * chs_what_if_task_new:
 * @self: with its session
 * @as_recorded: without the changes
 *
 * Returns: (transfer full): what is asked now, to be run in any thread while @self goes on to change
 */
ChsWhatIfTask *chs_what_if_task_new (ChsWhatIf *self, gboolean as_recorded) G_GNUC_WARN_UNUSED_RESULT;
void           chs_what_if_task_free (ChsWhatIfTask *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChsWhatIfTask, chs_what_if_task_free)

/**
 * chs_what_if_task_run:
 * @self: a task
 * @cancellable: (nullable): looked at every few thousand events
 *
 * Thread:  any
 *
 * Returns: (transfer full) (nullable): the alarms; NULL when cancelled
 */
ChsAlarmTrack *chs_what_if_task_run (const ChsWhatIfTask *self, GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

/* What is saved says who changed it and why; none of them may be empty. */
typedef struct {
  const char *name;    /* of the new profile or therapy, up to 63 bytes; file and id are made of it */
  const char *author;
  const char *reason;
  const char *session; /* the recording over which it was tried */
} ChsWhatIfLabel;

/**
 * chs_what_if_save_profile:
 * @self: with changes to the profile
 * @folder: made when it is not there
 * @label: who, why
 * @path: (out) (optional) (transfer full): the file
 * @error: return location: a text is empty, the name is taken, the profile is refused, the folder cannot be written
 *
 * Writes the profile as recorded with the changed numbers, their old values kept in the source, and nobody's review.
 * What was written has passed chs_profile_parse(), the check of `chairside-tool check`. Changes to the session's own
 * values are no part of a profile.
 *
 * Returns: whether it is there
 */
gboolean chs_what_if_save_profile (
  ChsWhatIf *self, const char *folder, const ChsWhatIfLabel *label, char **path, GError **error);

/**
 * chs_what_if_save_therapy:
 * @self: with changes to a therapy
 * @folder: made when it is not there; never that of the shipped ones
 * @label: who, why
 * @path: (out) (optional) (transfer full): the file
 * @error: return location: as of a profile; or the recorded therapy is in no library; or its id is taken
 *
 * Writes an entry of the therapy library: the one that the session had, with the changed numbers, and nobody's review.
 * Where pumps had therapies of their own, one entry for each that was changed. What was written has passed the library,
 * together with all that is in it. Concentrations follow from ingredients and volume and are in no entry.
 *
 * Returns: whether it is there
 */
gboolean chs_what_if_save_therapy (
  ChsWhatIf *self, const char *folder, const ChsWhatIfLabel *label, char **path, GError **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How long recordings stay at the chair.
 *
 * Only closed sessions that ended more than a day ago are ever looked at: the running one, and one that may still be
 * gone on with, stay. A file that cannot be read as a recording stays, too, and is told. Removal goes from the oldest
 * on; each is in the audit log (app/audit.h) before it happens, and when it cannot be logged it does not happen.
 *
 * What counts as exported: an "export" line of the audit log with the session's id (chs_retention_note_export()).
 *
 * The wall clock decides about age. A clock that was never set, or stands before the last session, removes nothing by age. */

typedef struct {
  guint    keep_days;       /* sessions that ended longer ago go; 0 = age removes nothing */
  guint    min_free_mib;    /* with less free on the disk the oldest go until there is so much; 0 = never */
  gboolean keep_unexported; /* what was never exported is never removed */
} ChsRetention;

#define CHS_RETENTION_DEFAULT { .keep_days = 0, .min_free_mib = 0, .keep_unexported = TRUE } /* removes nothing */

/**
 * chs_retention_set:
 * @self: a policy
 * @key: of group [retention] of the chair's configuration: keep_days (0..36500), min_free_mib (0..1000000),
 *   keep_unexported (yes, no)
 * @value: its text
 * @error: return location, %CHS_INI_ERROR
 *
 * Returns: whether it was taken
 */
gboolean chs_retention_set (ChsRetention *self, const char *key, const char *value, GError **error);

const char *const *chs_retention_keys (void); /* (array zero-terminated=1): the keys of chs_retention_set() */

typedef enum {
  CHS_RETENTION_KEPT,            /* young enough */
  CHS_RETENTION_KEPT_RUNNING,    /* is being recorded, may be gone on with, or was not closed and not a day old */
  CHS_RETENTION_KEPT_UNEXPORTED, /* would go, but was never exported */
  CHS_RETENTION_KEPT_UNREADABLE, /* not a recording that can be read */
  CHS_RETENTION_REMOVED_AGE,     /* older than keep_days */
  CHS_RETENTION_REMOVED_SPACE,   /* the disk was short of room */
  CHS_RETENTION_FAILED,          /* should go and could not: see the message */
} ChsRetentionFate;

/* One recording of the folder, oldest first. */
typedef struct {
  char   *name;       /* of the file */
  char   *session_id; /* NULL = unreadable */
  gint64  end_us;     /* UTC of its last event */
  guint64 bytes;
  gboolean exported;
  ChsRetentionFate fate;
  char   *message;    /* why, in English, for the technician; "" = nothing to say */
} ChsRetentionItem;

typedef struct {
  GPtrArray *items;        /* of ChsRetentionItem */
  guint      n_removed;
  guint64    bytes_removed;
  guint64    bytes_free;   /* on the disk, at the end */
  double     bytes_day;    /* what the sessions of the last 30 days took a day, as a mean; 0 = there were none */
  double     days_left;    /* until the disk has less than min_free_mib, if it goes on so and nothing is removed; INFINITY = none known */
} ChsRetentionResult;

void chs_retention_result_clear (ChsRetentionResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChsRetentionResult, chs_retention_result_clear)

/* Bytes that are free for us on the disk of @folder. */
typedef guint64 (*ChsRetentionSpaceFunc) (const char *folder, gpointer user_data);

/**
 * chs_retention_run:
 * @self: a policy
 * @folder: of the recordings
 * @now_us: UTC
 * @dry: only look: the fates say what would happen
 * @space: (nullable): NULL = ask the file system
 * @user_data: for @space
 * @result: (out): what was found and done; chs_retention_result_clear() it, also on %FALSE
 * @error: return location
 *
 * For a monitor: call it at start and once an hour, not from the engine's thread (a GTask): it reads the head and the
 * end of each recording, some 1 ms each.
 *
 * Thread:  any; blocks
 * Returns: whether the folder could be read and nothing failed
 */
gboolean chs_retention_run (const ChsRetention   *self,
                            const char           *folder,
                            gint64                now_us,
                            gboolean              dry,
                            ChsRetentionSpaceFunc space,
                            gpointer              user_data,
                            ChsRetentionResult   *result,
                            GError              **error);

/**
 * chs_retention_fate_id:
 * @fate: a fate
 *
 * Returns: "kept", "running", "unexported", "unreadable", "removed_age", "removed_space" or "failed"
 */
const char *chs_retention_fate_id (ChsRetentionFate fate);

/**
 * chs_retention_note_export:
 * @session_path: a recording
 * @now_us: UTC
 * @who: who exported it
 * @format: "edf", "chairside" for a copy of the recording itself ...
 * @out: (nullable): where it went
 * @error: return location
 *
 * To be called once all of a session is somewhere else. Lines go to the audit log beside the recording; where there
 * is none (a folder that no monitor records into), nothing is written and that is no error.
 *
 * Returns: whether there is nothing left to note
 */
gboolean chs_retention_note_export (const char *session_path,
                                    gint64      now_us,
                                    const char *who,
                                    const char *format,
                                    const char *out,
                                    GError    **error);

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The audit log: who did what to the chair, its settings and its recordings. One file, "audit.jsonl" beside the
 * recordings, one JSON object a line, only ever appended to:
 *
 *   {"time":"2026-11-20T14:05:00.123Z","who":"retention","action":"remove","what":"a.chairside","why":"...","hash":"..."}
 *
 * "hash" is the SHA-256, in hexadecimal, of the hash of the line before (of the first: 64 zeros) and of the line up to
 * and without ,"hash". A line that was changed, taken out or put in shows in chs_audit_check(); nobody signs the chain.
 *
 * Mode 0600. A line is synced before the call returns. Several processes may append at once. Room for more lines is
 * kept on the disk, so that a full one can still be told about, and cleared. Lines hold no patient data beyond the
 * identity of a session. */

#define CHS_AUDIT_NAME "audit.jsonl"

#define CHS_AUDIT_ERROR (chs_audit_error_quark ())
GQuark chs_audit_error_quark (void);

typedef enum {
  CHS_AUDIT_ERROR_WRITE, /* cannot be written; what was to be logged must not be done */
  CHS_AUDIT_ERROR_READ,
  CHS_AUDIT_ERROR_CHAIN, /* a line was changed, lost or put in; the message says which */
} ChsAuditError;

/**
 * chs_audit_append:
 * @folder: where the log is, or is to be made
 * @wall_us: UTC, microseconds since 1970
 * @who: "retention", "technician", "nurse ab", a program
 * @action: a stable word: "remove", "export", "setting", "pin_wrong", "start" ...
 * @what: what it was done to: name of a file, key of a setting
 * @why: (nullable): in English, whatever explains it; never a PIN or a patient's name
 * @error: return location
 *
 * To be called before the deed, so that nothing happens unlogged. A half line, from a power cut, is ended first.
 *
 * Thread:  any; blocks until the line is on the disk
 * Returns: whether it is
 */
gboolean chs_audit_append (const char *folder,
                           gint64      wall_us,
                           const char *who,
                           const char *action,
                           const char *what,
                           const char *why,
                           GError    **error);

/* One line. Texts are valid during the call. Returns FALSE to stop. */
typedef struct {
  guint       line; /* from 1 */
  const char *time, *who, *action, *what, *why;
} ChsAuditLine;
typedef gboolean (*ChsAuditFunc) (const ChsAuditLine *line, gpointer user_data);

/**
 * chs_audit_foreach:
 * @folder: where the log is
 * @func: (nullable): called for each line that can be read, oldest first
 * @user_data: for @func
 * @error: return location; %CHS_AUDIT_ERROR_CHAIN after all lines were given
 *
 * Returns: whether the chain is whole; also when there is no log yet
 */
gboolean chs_audit_foreach (const char *folder, ChsAuditFunc func, gpointer user_data, GError **error);
